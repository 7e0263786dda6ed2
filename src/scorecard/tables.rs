//! From TOML text to raw tables, keeping every problem.
//!
//! serde stops at the first problem of a table; so a key that fails is reported, taken out, and the
//! table is read again, until it reads.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::raw::{Entry, RawMetric, RawScorecard};
use crate::diagnostic::{Code, Diagnostic, FileId, Place, Placed};
use crate::prose;

pub(super) const SECTIONS: [&str; 9] =
    ["scorecard", "scoring", "journey", "check", "currencies", "departments", "sources", "goals", "metrics"];
const SECTIONS_OF_AN_INCLUDED_FILE: [&str; 4] = ["departments", "sources", "goals", "metrics"];

/// Reads one file's tables into `into`; `included` files may hold no settings of their own.
pub(super) fn read_tables(
    text: &str,
    file: FileId,
    included: bool,
    into: &mut RawScorecard,
    problems: &mut Vec<Diagnostic>,
) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let reader = Reader { file, text };
    problems.extend(errors.iter().map(|error| reader.syntax(error)));
    // A table that broke off would only bring problems that are not there.
    if !errors.is_empty() {
        return;
    }
    let known: &[&str] = if included { &SECTIONS_OF_AN_INCLUDED_FILE } else { &SECTIONS };
    for (key, value) in in_file_order(document.into_inner()) {
        let place = reader.place(key.span());
        let Some(section) = known.iter().find(|name| **name == key.get_ref().as_ref()) else {
            problems.push(reader.unknown_section(key.get_ref(), included, &place, known));
            continue;
        };
        match *section {
            "scorecard" => into.header = reader.table(value, "scorecard", problems),
            "scoring" => into.scoring = reader.table(value, "scoring", problems),
            "journey" => into.journey = reader.table(value, "journey", problems),
            "check" => into.check = reader.table(value, "check", problems),
            "currencies" => into.currencies = Some(reader.table(value, "currencies", problems)),
            "departments" => into.departments.extend(reader.entries(value, "departments", problems)),
            "sources" => into.sources.extend(reader.entries(value, "sources", problems)),
            group => into.metrics.extend(reader.entries(value, group, problems).into_iter().map(
                |entry: Entry<RawMetric>| Entry {
                    table: RawMetric { is_goal: group == "goals", ..entry.table },
                    ..entry
                },
            )),
        }
    }
    // Goals and metrics may alternate; the order of the file is the order of every output.
    into.metrics.sort_by_key(|entry| (entry.id.place.file, entry.id.place.span.start));
}

type Pair<'i> = (Spanned<std::borrow::Cow<'i, str>>, Spanned<DeValue<'i>>);

fn in_file_order(table: DeTable<'_>) -> Vec<Pair<'_>> {
    let mut pairs: Vec<Pair<'_>> = table.into_iter().collect();
    pairs.sort_by_key(|(key, _)| key.span().start);
    pairs
}

struct Reader<'t> {
    file: FileId,
    text: &'t str,
}

impl Reader<'_> {
    fn place(&self, span: Range<usize>) -> Place {
        let end = span.end.min(self.text.len());
        Place { file: self.file, span: span.start.min(end)..end }
    }

    fn syntax(&self, error: &toml::de::Error) -> Diagnostic {
        let place = self.place(error.span().unwrap_or_default());
        match &self.text[place.span.clone()] {
            key if error.message() == "duplicate key" && !key.is_empty() => {
                let problem = Diagnostic::error(Code::Syntax, format!("`{key}` is written twice"));
                problem.at(&place, "again here").help("keep one of them")
            }
            _ => Diagnostic::error(Code::Syntax, one_line(error.message())).at(&place, ""),
        }
    }

    fn unknown_section(&self, name: &str, included: bool, place: &Place, known: &[&str]) -> Diagnostic {
        let diagnostic = Diagnostic::error(Code::UnknownKey, format!("there is no section `{name}`")).at(place, "");
        if included && SECTIONS.contains(&name) {
            return diagnostic.help(format!("`[{name}]` belongs in the main scorecard file"));
        }
        match prose::did_you_mean(name, known.iter().copied()) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }

    /// The tables of a section, each with its id.
    fn entries<T: DeserializeOwned + Default>(
        &self,
        section: Spanned<DeValue<'_>>,
        name: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> Vec<Entry<T>> {
        let place = self.place(section.span());
        let DeValue::Table(tables) = section.into_inner() else {
            problems.push(self.not_a_table(&format!("[{name}.ID]"), &place));
            return Vec::new();
        };
        let mut entries = Vec::new();
        for (key, value) in in_file_order(tables) {
            let id = Placed { value: key.get_ref().to_string(), place: self.place(key.span()) };
            let table = self.table(value, &format!("{name}.{}", id.value), problems);
            entries.push(Entry { id, table });
        }
        entries
    }

    fn table<T: DeserializeOwned + Default>(
        &self,
        value: Spanned<DeValue<'_>>,
        name: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> T {
        let span = value.span();
        let DeValue::Table(mut table) = value.into_inner() else {
            problems.push(self.not_a_table(&format!("[{name}]"), &self.place(span)));
            return T::default();
        };
        loop {
            let attempt = Spanned::new(span.clone(), DeValue::Table(table.clone()));
            let error = match T::deserialize(ValueDeserializer::from(attempt)) {
                Ok(value) => return value,
                Err(error) => error,
            };
            let at = error.span().unwrap_or(span.clone());
            problems.push(self.rejected(error.message(), &at, name));
            let culprit = table
                .iter()
                .find(|(key, value)| holds(&key.span(), &at) || holds(&value.span(), &at))
                .map(|(key, _)| key.clone());
            match culprit {
                Some(key) => table.remove(&key),
                // The finding is about the whole table: nothing to take out.
                None => return T::default(),
            };
        }
    }

    /// Turns serde's words into the program's.
    fn rejected(&self, message: &str, span: &Range<usize>, table: &str) -> Diagnostic {
        let place = self.place(span.clone());
        let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        if message.starts_with("unknown field") {
            let (name, known) = (quoted.first().copied().unwrap_or_default(), quoted.get(1..).unwrap_or_default());
            let diagnostic =
                Diagnostic::error(Code::UnknownKey, format!("`[{table}]` has no key `{name}`")).at(&place, "");
            return match prose::did_you_mean(name, known.iter().copied()) {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            };
        }
        if message.starts_with("unknown variant") {
            let (name, known) = (quoted.first().copied().unwrap_or_default(), quoted.get(1..).unwrap_or_default());
            return Diagnostic::error(Code::BadSetting, format!("`{name}` is not one of the words this key takes"))
                .at(&place, "")
                .help(format!(
                    "write {}",
                    prose::join(&known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>(), "or")
                ));
        }
        if message.starts_with("missing field") {
            let name = quoted.first().copied().unwrap_or_default();
            let problem =
                Diagnostic::error(Code::MissingKey, format!("`[{table}]` lacks `{name}` here")).at(&place, "");
            return match name {
                "starts" => problem.help("write `fiscal_year = { starts = \"april\" }`"),
                "because" if table != "check" => problem.help("say what changed: `because = \"...\"`"),
                "at" => problem.help("say from which period on: `at = \"2025-06\"`"),
                "because" => problem.help("say why the finding is accepted: `because = \"...\"`"),
                "rule" => problem.help("say which rule is silenced: `goldthread check --list` lists them"),
                _ => problem,
            };
        }
        if message.starts_with("wanted string") {
            return Diagnostic::error(Code::BadType, format!("{} must be a text", self.key_before(&place)))
                .at(&place, "");
        }
        let Some((found, wanted)) = type_words(message) else {
            return Diagnostic::error(Code::BadType, one_line(message)).at(&place, "");
        };
        let found = if found == A_TABLE && self.text[place.span.clone()].starts_with(|c: char| c.is_ascii_digit()) {
            "a date"
        } else {
            found
        };
        let message = match (wanted, found) {
            (A_WHOLE_NUMBER, A_NUMBER) => format!("{} must be {wanted}", self.key_before(&place)),
            _ => format!("{} must be {wanted}, not {found}", self.key_before(&place)),
        };
        let problem = Diagnostic::error(Code::BadType, message).at(&place, "");
        match (wanted, found) {
            (A_LIST, A_TEXT) => problem.help(format!("write `[{}]`", &self.text[place.span.clone()])),
            (A_TEXT, A_NUMBER | A_WHOLE_NUMBER | A_BOOLEAN | "a date") => problem.help("put it in double quotes"),
            (A_NUMBER | A_WHOLE_NUMBER | A_BOOLEAN, A_TEXT) => problem.help("write it without quotes"),
            _ => problem,
        }
    }

    /// The key whose value stands at a place, for a message.
    fn key_before(&self, place: &Place) -> String {
        let before = self.text[..place.span.start].trim_end().strip_suffix('=').unwrap_or_default().trim_end();
        let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        match &before[before.trim_end_matches(part).len()..] {
            "" => "this".to_owned(),
            key => format!("`{key}`"),
        }
    }

    fn not_a_table(&self, written: &str, place: &Place) -> Diagnostic {
        let message = format!("{} must be a table", self.key_before(place));
        Diagnostic::error(Code::BadType, message).at(place, "").help(format!("begin it with `{written}`"))
    }
}

const A_TEXT: &str = "a text";
const A_LIST: &str = "a list";
const A_NUMBER: &str = "a number";
const A_WHOLE_NUMBER: &str = "a whole number";
const A_TABLE: &str = "a table";
const A_BOOLEAN: &str = "`true` or `false`";

/// What was found and what was wanted, out of serde's `invalid type: X, expected Y`.
fn type_words(message: &str) -> Option<(&'static str, &'static str)> {
    let (found, wanted) = message.strip_prefix("invalid type: ")?.rsplit_once(", expected ")?;
    let found = match found.split([' ', ',']).next()? {
        "integer" => A_WHOLE_NUMBER,
        "floating" => A_NUMBER,
        "string" => A_TEXT,
        "boolean" => A_BOOLEAN,
        "sequence" => A_LIST,
        "map" => A_TABLE,
        _ => return None,
    };
    let wanted = match wanted {
        "a string" => A_TEXT,
        "a sequence" => A_LIST,
        "a boolean" => A_BOOLEAN,
        "f64" => A_NUMBER,
        "i64" => A_WHOLE_NUMBER,
        words if words.starts_with("struct") || words.contains("map") => A_TABLE,
        _ => return None,
    };
    Some((found, wanted))
}

fn holds(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

fn one_line(message: &str) -> String {
    message.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")
}
