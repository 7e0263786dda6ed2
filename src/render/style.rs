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
        CaveatKind::Restated => '≠',
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
    if text.contains(is_hostile) {
        text.chars().map(|c| if is_hostile(c) { '\u{fffd}' } else { c }).collect()
    } else {
        text.to_owned()
    }
}

/// Whether a character acts on a terminal or a page instead of standing on it: controls, line separators, marks of
/// direction, what has no width, and what is no character or no XML may hold. The joiners stay: scripts and emoji are written with them.
pub(super) fn is_hostile(c: char) -> bool {
    // The last two of every plane, and 32 more, will never be characters.
    let is_none = u32::from(c) & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}');
    c.is_control()
        || is_none
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
