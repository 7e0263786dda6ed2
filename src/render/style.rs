//! Colour and status marks. Colour only repeats what shape and word already say.

use std::collections::BTreeSet;

use crate::evaluate::CaveatKind;
use crate::status::Status;

/// Whether to write escape codes at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Palette {
    /// Plain text.
    Plain,
    /// Blue for good, red for bad, grey for neutral.
    Colour,
}

/// The mark of a status: a shape, told apart without colour.
pub(super) fn shape(status: Status) -> &'static str {
    match status {
        Status::OnTarget => "●",
        Status::AtRisk => "▲",
        Status::OffTarget => "■",
        Status::NoTarget => "○",
        Status::NoData => "·",
    }
}

/// Shape and word.
pub(super) fn status(status: Status) -> String {
    format!("{} {}", shape(status), status.word())
}

/// The mark of a figure that is not to be taken like others.
pub(super) fn caveat(kind: CaveatKind) -> char {
    match kind {
        CaveatKind::Partial => '~',
        CaveatKind::Provisional => '?',
        CaveatKind::Rejected => '!',
    }
}

/// All marks of a figure, mostly none.
pub(super) fn marks(kinds: &BTreeSet<CaveatKind>) -> String {
    kinds.iter().map(|kind| caveat(*kind)).collect()
}

/// What a piece of text means; colours follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Strong,
    Faint,
    Good,
    Fair,
    Bad,
    Gold,
}

impl Tone {
    pub(super) fn of(status: Status) -> Tone {
        match status {
            Status::OnTarget => Tone::Good,
            Status::AtRisk => Tone::Fair,
            Status::OffTarget => Tone::Bad,
            Status::NoTarget | Status::NoData => Tone::Faint,
        }
    }

    pub(super) fn of_direction(good: Option<bool>) -> Tone {
        match good {
            Some(true) => Tone::Good,
            Some(false) => Tone::Bad,
            None => Tone::Plain,
        }
    }
}

/// Text in a tone.
pub(super) fn paint(palette: Palette, tone: Tone, text: &str) -> String {
    use anstyle::{AnsiColor, Style};
    let style = match tone {
        _ if palette == Palette::Plain || text.is_empty() => return text.to_owned(),
        Tone::Plain => return text.to_owned(),
        Tone::Strong => Style::new().bold(),
        Tone::Faint => Style::new().dimmed(),
        Tone::Good => AnsiColor::Blue.on_default(),
        Tone::Fair => AnsiColor::Yellow.on_default(),
        Tone::Bad => AnsiColor::Red.on_default().bold(),
        Tone::Gold => AnsiColor::Yellow.on_default().bold(),
    };
    format!("{style}{text}{style:#}")
}

/// Text of a scorecard or a data file, made harmless for a terminal: no control or direction characters.
pub(super) fn harmless(text: &str) -> String {
    let hostile = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if text.contains(hostile) {
        text.chars().map(|c| if hostile(c) { '\u{fffd}' } else { c }).collect()
    } else {
        text.to_owned()
    }
}
