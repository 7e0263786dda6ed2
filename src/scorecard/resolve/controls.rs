//! `control` of a source: what its columns must add up to.

use std::collections::BTreeMap;
use std::ops::Range;

use rust_decimal::Decimal;
use serde_spanned::Spanned;

use super::{Resolver, decimal, place};
use crate::diagnostic::{Code, Diagnostic, FileId, Place};
use crate::metric::Control;
use crate::prose;

const KEYS: [&str; 2] = ["column", "equals"];
const HELP: &str = "write `control = { column = \"tickets\", equals = 18432 }`, or a list of such tables";

impl Resolver<'_> {
    /// One table, or a list of them.
    pub(super) fn controls(&mut self, value: &Spanned<toml::Value>, file: FileId) -> Vec<Control> {
        let whole = place(value, file);
        match value.get_ref() {
            toml::Value::Array(list) if !list.is_empty() => {
                let text = &self.files.get(file).text[whole.span.clone()];
                let tables = tables_in(text);
                let place = |at: usize| match tables.get(at) {
                    Some(table) => Place { file, span: whole.span.start + table.start..whole.span.start + table.end },
                    None => whole.clone(),
                };
                let places: Vec<Place> = (0..list.len()).map(place).collect();
                list.iter().zip(places).filter_map(|(one, place)| self.control(one, &place)).collect()
            }
            one => self.control(one, &whole).into_iter().collect(),
        }
    }

    fn control(&mut self, value: &toml::Value, whole: &Place) -> Option<Control> {
        let Some(table) = value.as_table() else {
            let message = "`control` must say which column adds up to what";
            self.problems.push(Diagnostic::error(Code::BadType, message).at(whole, "").help(HELP));
            return None;
        };
        for key in table.keys().filter(|key| !KEYS.contains(&key.as_str())) {
            let at = self.word_in(whole, key);
            let problem = Diagnostic::error(Code::UnknownKey, format!("a control has no key `{key}`")).at(&at, "");
            self.problems.push(problem.help(prose::did_you_mean(key, KEYS).unwrap_or_else(|| HELP.to_owned())));
        }
        let mut there = |key: &str| {
            let found = table.get(key);
            if found.is_none() {
                let problem = Diagnostic::error(Code::MissingKey, format!("a control lacks `{key}`"));
                self.problems.push(problem.at(whole, "").help(HELP));
            }
            found
        };
        let (column, equals) = (there("column"), there("equals"));
        let (column, equals) = (column?, equals?);
        let Some(column) = column.as_str().filter(|column| !column.trim().is_empty()) else {
            let at = self.word_in(whole, KEYS[0]);
            let message = "the `column` of a control must be the name of a column";
            self.problems.push(Diagnostic::error(Code::BadType, message).at(&at, "").help(HELP));
            return None;
        };
        let text = &self.files.get(whole.file).text[whole.span.clone()];
        let written = written(text, KEYS[1]);
        let equals_place = match &written {
            Some(span) => Place { file: whole.file, span: whole.span.start + span.start..whole.span.start + span.end },
            None => self.word_in(whole, KEYS[1]),
        };
        let equals = match exactly(equals, written.map(|span| &text[span])) {
            Ok(equals) => equals,
            Err(Inexact::NoNumber) => {
                let message = format!("what `{column}` adds up to must be a number of at most 28 digits");
                let help =
                    "write it as it is printed: `18432`, `18432.1`, or in quotes to keep its zeros: `\"18432.10\"`";
                self.problems.push(Diagnostic::error(Code::BadType, message).at(&equals_place, "").help(help));
                return None;
            }
            Err(Inexact::TooLong) => {
                let message = format!("what `{column}` adds up to has more digits than are kept without quotes");
                let help = "put it in quotes: `equals = \"12345678901234567.89\"`";
                self.problems.push(Diagnostic::error(Code::BadType, message).at(&equals_place, "").help(help));
                return None;
            }
        };
        let place = self.word_in(whole, column);
        Some(Control { column: column.to_owned(), equals, place, equals_place })
    }
}

/// Where each inline table of a list stands in its text.
fn tables_in(text: &str) -> Vec<Range<usize>> {
    let (mut tables, mut begun, mut quote) = (Vec::new(), None, None);
    for (at, c) in text.char_indices() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(c),
            ('{', None) => begun = Some(at),
            ('}', None) => tables.extend(begun.take().map(|from| from..at + 1)),
            _ => {}
        }
    }
    tables
}

/// Where the value of a key stands in the text of an inline table; `None` where the text is none.
fn written(text: &str, key: &str) -> Option<Range<usize>> {
    const BEFORE: &str = "table = ";
    let read: BTreeMap<String, BTreeMap<String, Spanned<toml::Value>>> =
        toml::from_str(&format!("{BEFORE}{text}")).ok()?;
    let span = read.values().next()?.get(key)?.span();
    Some(span.start.checked_sub(BEFORE.len())?..span.end.checked_sub(BEFORE.len())?)
}

/// Why a number is not taken.
enum Inexact {
    NoNumber,
    /// A double does not hold its digits, and its text is not known.
    TooLong,
}

/// How many digits any double keeps.
const KEPT: usize = 15;

/// The decimal as it is written, digit for digit. A TOML float is a double: its text says more.
fn exactly(value: &toml::Value, written: Option<&str>) -> Result<Decimal, Inexact> {
    match (value, written) {
        (toml::Value::Integer(integer), _) => Ok(Decimal::from(*integer)),
        (toml::Value::String(text), _) => Decimal::from_str_exact(text.trim()).map_err(|_| Inexact::NoNumber),
        (toml::Value::Float(_), Some(text)) if !text.contains(['e', 'E']) => {
            let digits = text.replace('_', "");
            Decimal::from_str_exact(digits.trim_start_matches('+')).map_err(|_| Inexact::NoNumber)
        }
        (toml::Value::Float(float), _) => {
            let exact = decimal(*float).ok_or(Inexact::NoNumber)?;
            let digits = exact.normalize().mantissa().unsigned_abs().to_string().len();
            if digits > KEPT { Err(Inexact::TooLong) } else { Ok(exact) }
        }
        _ => Err(Inexact::NoNumber),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `{ equals = TEXT }` is read as.
    fn read(text: &str) -> Option<String> {
        let table = format!("{{ column = \"equals = 1\", equals = {text} }}");
        let value: toml::Table = toml::from_str(&format!("control = {table}")).expect("a table");
        let span = written(&table, KEYS[1]).expect("a place");
        assert_eq!(&table[span.clone()], text);
        exactly(&value["control"][KEYS[1]], Some(&table[span])).ok().map(|decimal| decimal.to_string())
    }

    #[test]
    fn a_number_keeps_every_digit_it_is_written_with() {
        assert_eq!(read("12345678901234567.89").as_deref(), Some("12345678901234567.89"));
        assert_eq!(read("+1_000.10").as_deref(), Some("1000.10"));
        assert_eq!(read("\"18432.10\"").as_deref(), Some("18432.10"));
        assert_eq!(read("-18432").as_deref(), Some("-18432"));
        assert_eq!(read("1.5e3").as_deref(), Some("1500"));
        assert_eq!(read("0.1234567890123456789012345678901"), None, "more digits than a decimal holds");
        assert_eq!((read("inf"), read("true")), (None, None));
    }

    #[test]
    fn a_float_whose_text_is_not_known_must_be_short() {
        let kept = |float: f64| exactly(&toml::Value::Float(float), None).ok().map(|decimal| decimal.to_string());
        assert_eq!(kept(49_414_590.04).as_deref(), Some("49414590.04"));
        assert_eq!(kept(12_345_678_901_234_568.0), None);
    }
}
