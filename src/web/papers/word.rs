//! A paper as a Word file. What the file says of itself (title, author, dates) is the same for every paper: such properties are shown in
//! folders and searches, where they would tell of a meeting or a person.

use std::io::Cursor;

use docx_rs::{
    BreakType, Docx, DocxError, Footer, Header, LineSpacing, NumPages, PageMargin, PageNum,
    Paragraph, Run, RunFonts, Style, StyleType, Table, TableCell, TableLayoutType, TableRow,
    WidthType,
};

use super::{Block, Paper, Sheet};
use crate::web::form::said::{Marks, Piece, Said};

/// A4 in twentieths of a point.
const PAGE: (u32, u32) = (11_906, 16_838);
/// 2 cm.
const MARGIN: i32 = 1_134;
/// The columns for what was asked and for what was answered.
const COLUMNS: [usize; 2] = [2_900, 6_738];

/// Style, size in half points, room before and after in twentieths of a point. The names are those that Word knows as headings, so
/// that a screen reader and the navigation pane find them.
const STYLES: [(&str, &str, usize, u32, u32); 4] = [
    ("Heading1", "heading 1", 36, 0, 160),
    ("Heading2", "heading 2", 30, 0, 120),
    ("Heading3", "heading 3", 26, 240, 80),
    ("Heading4", "heading 4", 23, 160, 40),
];
const GREY: &str = "484949";

/// The bytes of the file.
///
/// # Errors
/// When it cannot be written.
pub fn written(paper: &Paper) -> Result<Vec<u8>, DocxError> {
    let mut file = empty(&paper.made);
    file = file.add_paragraph(headed("Heading1", &paper.heading));
    for (place, sheet) in paper.sheets.iter().enumerate() {
        file = with(file, sheet, place > 0);
    }
    let mut bytes = Cursor::new(Vec::new());
    file.pack(&mut bytes)?;
    Ok(bytes.into_inner())
}

fn empty(made: &str) -> Docx {
    let edge = PageMargin {
        top: MARGIN,
        bottom: MARGIN,
        left: MARGIN,
        right: MARGIN,
        ..PageMargin::new()
    };
    let pages = Paragraph::new()
        .add_run(quiet("Page "))
        .add_page_num(PageNum::new())
        .add_run(quiet(" of "))
        .add_num_pages(NumPages::new());
    let mut file = Docx::new()
        .page_size(PAGE.0, PAGE.1)
        .page_margin(edge)
        .default_fonts(RunFonts::new().ascii("Arial").hi_ansi("Arial").cs("Arial"))
        .default_size(22)
        .header(Header::new().add_paragraph(Paragraph::new().add_run(quiet(made))))
        .footer(Footer::new().add_paragraph(pages));
    for (level, (id, name, size, before, after)) in STYLES.into_iter().enumerate() {
        let style = Style::new(id, StyleType::Paragraph)
            .name(name)
            .size(size)
            .bold()
            .outline_lvl(level)
            .line_spacing(LineSpacing::new().before(before).after(after));
        file = file.add_style(style);
    }
    file
}

fn with(mut file: Docx, sheet: &Sheet, own_page: bool) -> Docx {
    file = file.add_paragraph(headed("Heading2", &sheet.heading).page_break_before(own_page));
    for block in &sheet.blocks {
        file = match block {
            Block::Heading(text) => file.add_paragraph(headed("Heading3", text)),
            Block::Name(text) => file.add_paragraph(headed("Heading4", text)),
            Block::Line(pieces) => file.add_paragraph(line(pieces)),
            Block::Words(text) => file.add_paragraph(line(&[Piece::plain(text)])),
            Block::List(lines) => {
                let bullets = lines.iter().map(|pieces| bullet(pieces));
                bullets.fold(file, Docx::add_paragraph)
            }
            Block::Rows(rows) => file.add_table(table(rows)).add_paragraph(Paragraph::new()),
        };
    }
    file
}

fn headed(style: &str, text: &str) -> Paragraph {
    Paragraph::new()
        .style(style)
        .keep_next(true)
        .add_run(run(text))
}

fn spaced() -> Paragraph {
    Paragraph::new().line_spacing(LineSpacing::new().after(80))
}

fn line(pieces: &[Piece]) -> Paragraph {
    pieces
        .iter()
        .fold(spaced(), |paragraph, piece| paragraph.add_run(said(piece)))
}

fn bullet(pieces: &[Piece]) -> Paragraph {
    let mark = spaced()
        .indent(Some(360), None, None, None)
        .add_run(run("• "));
    pieces
        .iter()
        .fold(mark, |paragraph, piece| paragraph.add_run(said(piece)))
}

fn said(piece: &Piece) -> Run {
    match piece {
        Piece::Plain(text) => run(text),
        Piece::Strong(text) => run(text).bold(),
        Piece::Quiet(text) => quiet(text),
    }
}

fn quiet(text: &str) -> Run {
    run(text).size(18).color(GREY)
}

/// Text with its line breaks, and without what no XML may hold: one such character, pasted into a form, and Word would refuse the file.
fn run(text: &str) -> Run {
    let mut run = Run::new();
    for (place, line) in text.lines().enumerate() {
        if place > 0 {
            run = run.add_break(BreakType::TextWrapping);
        }
        let allowed =
            |c: &char| *c == '\t' || !(c.is_control() || ['\u{fffe}', '\u{ffff}'].contains(c));
        run = run.add_text(line.chars().filter(allowed).collect::<String>());
    }
    run
}

fn table(rows: &[(String, Said)]) -> Table {
    let rows = rows.iter().map(|(asked, answered)| {
        let asked = TableCell::new().add_paragraph(line(&[Piece::strong(asked)]));
        let answered = paragraphs(answered)
            .into_iter()
            .fold(TableCell::new(), TableCell::add_paragraph);
        let cells = [asked, answered].into_iter().zip(COLUMNS);
        let cells = cells.map(|(cell, width)| cell.width(width, WidthType::Dxa));
        TableRow::new(cells.collect()).cant_split()
    });
    Table::new(rows.collect())
        .set_grid(COLUMNS.to_vec())
        .width(COLUMNS.iter().sum(), WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
}

fn paragraphs(said: &Said) -> Vec<Paragraph> {
    match said {
        Said::Text(text) | Said::Lines(text) => vec![line(&[Piece::plain(text)])],
        // A cell without a paragraph is no cell.
        Said::List(_, items) if items.is_empty() => vec![Paragraph::new()],
        Said::List(Marks::Bullets, items) => items.iter().map(|pieces| bullet(pieces)).collect(),
        Said::List(_, items) => items.iter().map(|pieces| line(pieces)).collect(),
    }
}
