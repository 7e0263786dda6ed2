//! One record of a file and its fields: what every form of file comes down to before it is understood.

use std::borrow::Cow;

/// One field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Field<'f> {
    /// Without quotes, as the file has it.
    pub(super) text: Cow<'f, str>,
    /// Whether the file itself says what it is: then its text is plain, whatever the format of written numbers.
    pub(super) kind: Kind,
}

/// What a file says of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text: what it means is to be found out.
    #[default]
    Written,
    /// A number or a date.
    Typed,
    /// A number shown as a percentage; its text is the fraction.
    Percent,
}

/// A record whose fields own their texts.
#[derive(Clone, Debug, Default)]
pub(super) struct TableRow {
    /// Its number in the file, from 1.
    pub(super) number: u64,
    pub(super) fields: Vec<Field<'static>>,
}

impl Field<'static> {
    pub(super) fn owned(text: impl Into<String>, kind: Kind) -> Field<'static> {
        Field { text: Cow::Owned(text.into()), kind }
    }
}

impl TableRow {
    /// The row as a line for people, and where in it a field stands.
    pub(super) fn line(&self, field: Option<usize>) -> (String, std::ops::Range<usize>) {
        let (mut line, mut span) = (String::new(), None);
        for (index, cell) in self.fields.iter().enumerate() {
            if index > 0 {
                line.push_str(" | ");
            }
            let start = line.len();
            line.push_str(&cell.text);
            if field == Some(index) {
                span = Some(start..line.len());
            }
        }
        let whole = 0..line.len();
        (line, span.unwrap_or(whole))
    }
}
