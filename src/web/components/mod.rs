//! The parts that pages are made of: one file per GOV.UK component as a typed function, plus a few pieces of our own for case work.
//! No rule of a scheme, no wording of a page and no request handling here; this is the only place where `PreEscaped` may appear.
//! Start with [`content`], then `button` for the shape they all share; `tests/it/components.rs` proves each GOV.UK one against its fixtures.

pub mod back_link;
pub mod button;
pub mod character_count;
pub mod checkboxes;
pub mod clock_list;
pub mod content;
pub mod date_input;
pub mod details;
pub mod error_message;
pub mod error_summary;
pub mod exit_this_page;
pub mod explained;
pub mod fieldset;
mod form_group;
pub mod generic_header;
mod heading;
pub mod hint;
pub mod identity_bar;
pub mod input;
pub mod inset_text;
pub mod label;
pub mod language_navigation;
pub mod months_picture;
pub mod notification_banner;
pub mod pagination;
pub mod panel;
pub mod phase_banner;
pub mod qr_code;
pub mod radios;
pub mod scroll_region;
pub mod select;
pub mod service_navigation;
pub mod skip_link;
pub mod state_picture;
pub mod summary_list;
pub mod table;
pub mod tag;
pub mod textarea;
pub mod timeline;
pub mod unconfirmed;
pub mod warning_text;

pub use back_link::{BackLink, back_link};
pub use button::{Button, Kind, button};
pub use character_count::{CharacterCount, character_count};
pub use checkboxes::{Checkbox, Checkboxes, checkboxes};
pub use clock_list::{Clock, clock_list};
pub use content::Content;
pub use date_input::{DateInput, DatePart, date_input};
pub use details::{Details, details};
pub use error_message::{ErrorMessage, error_message};
pub use error_summary::{ErrorLink, ErrorSummary, error_summary};
pub use exit_this_page::{ExitThisPage, exit_this_page};
pub use explained::{contents, explained};
pub use fieldset::{Fieldset, Legend, fieldset};
pub use generic_header::{GenericHeader, generic_header};
pub use hint::{Hint, hint};
pub use identity_bar::{IdentityBar, identity_bar};
pub use input::{Affix, Input, input};
pub use inset_text::{InsetText, inset_text};
pub use label::{Label, label};
pub use language_navigation::{LanguageLink, LanguageNavigation, language_navigation};
pub use notification_banner::{NotificationBanner, notification_banner};
pub use pagination::{PageItem, PageLink, Pagination, pagination};
pub use panel::{Panel, panel};
pub use phase_banner::{PhaseBanner, phase_banner};
pub use qr_code::qr_code;
pub use radios::{Radio, Radios, radios};
pub use scroll_region::scroll_region;
pub use select::{Choice, Select, select};
pub use service_navigation::{NavLink, ServiceNavigation, service_navigation};
pub use skip_link::{SkipLink, skip_link};
pub use state_picture::state_picture;
pub use summary_list::{Action, Card, Row, SummaryList, summary_list};
pub use table::{Cell, Column, Table, table};
pub use tag::{Tag, tag};
pub use textarea::{Textarea, textarea};
pub use timeline::{TimelineItem, timeline};
pub use unconfirmed::{unconfirmed, unconfirmed_because};
pub use warning_text::{WarningText, warning_text};

/// Joins class names, leaving out the empty ones. Always one `class=(…)` per element: maud writes two `class`
/// attributes when `class="…"` and `.class[cond]` are mixed, and browsers ignore the second.
fn classes(names: &[&str]) -> String {
    names
        .iter()
        .filter(|name| !name.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join(" ")
}

/// An attribute that is left out when empty.
fn present(value: &str) -> Option<&str> {
    (!value.is_empty()).then_some(value)
}
