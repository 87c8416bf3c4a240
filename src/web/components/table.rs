//! Rows and columns. A wide one goes into a `scroll_region`.

use maud::{Markup, html};

use super::{Content, classes};

/// The head of a column. `sorted` says it to those who cannot see the arrow: `ascending`, `descending` or `none`.
#[derive(Debug, Clone, Default)]
pub struct Column<'a> {
    pub text: Content,
    pub numeric: bool,
    pub classes: &'a str,
    pub sorted: Option<&'a str>,
    pub colspan: Option<u16>,
    pub rowspan: Option<u16>,
}

/// One cell.
#[derive(Debug, Clone, Default)]
pub struct Cell<'a> {
    pub text: Content,
    pub numeric: bool,
    pub classes: &'a str,
    pub colspan: Option<u16>,
    pub rowspan: Option<u16>,
}

/// The table. `row_headers` makes the first cell of each row its header.
#[derive(Debug, Clone, Default)]
pub struct Table<'a> {
    pub caption: Content,
    pub caption_classes: &'a str,
    pub head: Vec<Column<'a>>,
    pub rows: Vec<Vec<Cell<'a>>>,
    pub row_headers: bool,
    pub classes: &'a str,
}

impl From<Content> for Cell<'_> {
    fn from(text: Content) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
}

/// The table.
#[must_use]
pub fn table(table: &Table) -> Markup {
    html! {
        table class=(classes(&["govuk-table", table.classes])) {
            @if !table.caption.is_empty() {
                caption class=(classes(&["govuk-table__caption", table.caption_classes])) { (table.caption) }
            }
            @if !table.head.is_empty() {
                thead class="govuk-table__head" {
                    tr class="govuk-table__row" { @for column in &table.head { (head(column)) } }
                }
            }
            tbody class="govuk-table__body" {
                @for row in &table.rows {
                    tr class="govuk-table__row" {
                        @for (index, item) in row.iter().enumerate() { (cell(item, table.row_headers && index == 0)) }
                    }
                }
            }
        }
    }
}

fn head(column: &Column) -> Markup {
    let format = if column.numeric {
        "govuk-table__header--numeric"
    } else {
        ""
    };
    html! {
        th scope="col" class=(classes(&["govuk-table__header", format, column.classes])) colspan=[column.colspan]
            rowspan=[column.rowspan] aria-sort=[column.sorted] { (column.text) }
    }
}

fn cell(cell: &Cell, header: bool) -> Markup {
    let format = if cell.numeric {
        "govuk-table__cell--numeric"
    } else {
        ""
    };
    html! {
        @if header {
            th scope="row" class=(classes(&["govuk-table__header", cell.classes])) colspan=[cell.colspan]
                rowspan=[cell.rowspan] { (cell.text) }
        } @else {
            td class=(classes(&["govuk-table__cell", format, cell.classes])) colspan=[cell.colspan]
                rowspan=[cell.rowspan] { (cell.text) }
        }
    }
}
