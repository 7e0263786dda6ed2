//! `control` of a source: what its columns must add up to.

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
                list.iter().filter_map(|one| self.control(one, &whole)).collect()
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
        let at = self.word_in(whole, column);
        let Some(equals) = exactly(equals) else {
            let message = format!("what `{column}` adds up to must be a number");
            let help = "write it as it is printed: `18432`, `18432.1`, or in quotes to keep its zeros: `\"18432.10\"`";
            self.problems.push(Diagnostic::error(Code::BadType, message).at(&at, "").help(help));
            return None;
        };
        Some(Control { column: column.to_owned(), equals, place: at })
    }
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
