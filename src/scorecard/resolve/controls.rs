//! `control` of a source: what its columns must add up to.

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
        let Some(equals) = exactly(equals) else {
            let at = self.word_in(whole, KEYS[1]);
            let message = format!("what `{column}` adds up to must be a number");
            let help = "write it as it is printed: `18432`, `18432.1`, or in quotes to keep its zeros: `\"18432.10\"`";
            self.problems.push(Diagnostic::error(Code::BadType, message).at(&at, "").help(help));
            return None;
        };
        let place = self.word_in(whole, column);
        Some(Control { column: column.to_owned(), equals, place })
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

/// The decimal as it is written; a float is what its shortest text says.
fn exactly(value: &toml::Value) -> Option<Decimal> {
    match value {
        toml::Value::Integer(integer) => Some(Decimal::from(*integer)),
        toml::Value::Float(float) => decimal(*float),
        toml::Value::String(text) => Decimal::from_str_exact(text.trim()).ok(),
        _ => None,
    }
}
