//! From raw tables to a checked scorecard, keeping every problem.
//!
//! After this stage ids resolve, formulas parse, units and targets are there where they must be, and
//! the graph has no loop. No later stage checks any of it again.

mod amounts;
mod bars;
mod checks;
mod controls;
mod currencies;
mod deprecated;
mod links;
mod metrics;
mod rebase;
mod sources;

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_spanned::Spanned;

use super::load::Loaded;
use super::raw::{Entry, RawScorecard};
use crate::diagnostic::{Code, Diagnostic, FileId, Files, Locus, Place, Placed};
use crate::formula::{FormulaError, Predicate, parse_predicate};
use crate::metric::{Department, DepartmentId, Include, Scorecard, Scoring};
use crate::period::{Calendar, Grain};
use crate::prose;
use crate::unit::is_currency;

/// Checks what was loaded.
///
/// # Errors
/// Every problem found, in file order; the scorecard exists only when there is none.
pub fn resolve(loaded: &Loaded) -> Result<Scorecard, Vec<Diagnostic>> {
    let mut resolver = Resolver { files: &loaded.files, problems: loaded.problems.clone() };
    let scorecard = resolver.scorecard(loaded);
    let mut problems = resolver.problems;
    match scorecard {
        Some(scorecard) if problems.is_empty() => Ok(scorecard),
        _ => {
            problems.sort_by_key(|problem| match problem.labels.first().map(|label| &label.locus) {
                Some(Locus::Scorecard(place)) => (place.file.index(), place.span.start),
                _ => (usize::MAX, 0),
            });
            problems.dedup();
            Err(problems)
        }
    }
}

struct Resolver<'l> {
    files: &'l Files,
    problems: Vec<Diagnostic>,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl Resolver<'_> {
    fn scorecard(&mut self, loaded: &Loaded) -> Option<Scorecard> {
        let raw = &loaded.raw;
        let main = raw.main.clone()?;
        self.unique_ids(raw);
        let grain = raw.header.grain.unwrap_or(Grain::Month);
        let departments = self.departments(raw);
        let stages = self.stages(raw, &main);
        let sources = self.sources(raw, &departments, loaded);
        let scoring = self.scoring(raw);
        let calendar = self.calendar(raw, &main);
        let names = metrics::Names {
            departments: &departments,
            stages: &stages,
            sources: &sources,
            grain,
            calendar: &calendar,
            tolerance: scoring.tolerance,
        };
        let metrics: Vec<_> = raw.metrics.iter().map(|entry| self.metric(entry, raw, &names)).collect();
        self.names_of_columns(raw, &sources, &metrics);
        self.one_currency(raw, &sources, &metrics);
        self.amounts(raw, &sources, &metrics);
        let graph = self.graph(raw, &metrics);
        if metrics.is_empty() && self.problems.is_empty() {
            self.problems.push(
                Diagnostic::error(Code::MissingKey, "the scorecard has no metric")
                    .at(&main, "")
                    .help("add a `[metrics.ID]` table with a `source`, a `value` and a `unit`"),
            );
        }
        let title = raw.header.title.clone().unwrap_or_else(|| self.files.get(main.file).path.clone());
        let currency = self.currency(raw, &main);
        let rates = self.rates(raw, &sources, &main, loaded);
        let checks = self.checks(raw);
        let metrics = metrics.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Scorecard {
            title,
            grain,
            currency,
            rates,
            calendar,
            scoring,
            checks,
            departments,
            stages,
            includes: includes(raw, loaded),
            deprecated: self.deprecated(raw),
            sources,
            metrics,
            graph: graph?,
        })
    }

    /// Ids are snake_case; goals and metrics share one namespace, departments and sources have their own.
    fn unique_ids(&mut self, raw: &RawScorecard) {
        self.unique(raw.departments.iter().map(|entry| &entry.id), "department");
        self.unique(raw.sources.iter().map(|entry| &entry.id), "source");
        self.unique(raw.metrics.iter().map(|entry| &entry.id), "metric");
    }

    fn unique<'i>(&mut self, ids: impl Iterator<Item = &'i Placed<String>>, what: &str) {
        let mut seen: BTreeMap<&str, &Place> = BTreeMap::new();
        for id in ids {
            let snake = id.value.starts_with(|c: char| c.is_ascii_lowercase())
                && id.value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            if !snake {
                let problem = Diagnostic::error(Code::BadSetting, format!("the id `{}` is not snake_case", id.value))
                    .at(&id.place, "");
                self.problems.push(problem.help("ids are small letters, digits and `_`, and begin with a letter"));
            }
            match seen.get(id.value.as_str()) {
                Some(first) => {
                    let problem =
                        Diagnostic::error(Code::DuplicateId, format!("the {what} `{}` is declared twice", id.value));
                    self.problems
                        .push(problem.at(&id.place, "again here").at(first, "first here").help("rename one of them"));
                }
                None => {
                    seen.insert(&id.value, &id.place);
                }
            }
        }
    }

    fn departments(&mut self, raw: &RawScorecard) -> Vec<Department> {
        let department = |entry: &Entry<super::raw::RawDepartment>| Department {
            id: entry.id.value.clone(),
            name: entry.table.name.clone().unwrap_or_else(|| entry.id.value.clone()),
            lead: entry.table.lead.clone(),
            place: entry.id.place.clone(),
        };
        raw.departments.iter().map(department).collect()
    }

    fn stages(&mut self, raw: &RawScorecard, main: &Place) -> Vec<Placed<String>> {
        let mut stages: Vec<&Spanned<String>> = Vec::new();
        for stage in raw.journey.stages.iter().flatten() {
            match stages.iter().find(|known| known.get_ref() == stage.get_ref()) {
                Some(first) => {
                    let problem =
                        Diagnostic::error(Code::DuplicateId, format!("the stage `{}` stands twice", stage.get_ref()));
                    let problem =
                        problem.at(&place(stage, main.file), "again here").at(&place(first, main.file), "first here");
                    self.problems.push(problem.help("keep one of them"));
                }
                None => stages.push(stage),
            }
        }
        let placed =
            |stage: &Spanned<String>| Placed { value: stage.get_ref().clone(), place: place(stage, main.file) };
        stages.into_iter().map(placed).collect()
    }

    /// A key that must be there; an empty text stands in once its absence is reported.
    fn required<T>(
        &mut self,
        entry: &Entry<T>,
        value: Option<&Spanned<String>>,
        key: &str,
        help: &str,
    ) -> Placed<String> {
        match value {
            Some(value) => {
                let at = place(value, entry.id.place.file);
                if value.get_ref().trim().is_empty() {
                    let problem =
                        Diagnostic::error(Code::BadSetting, format!("the `{key}` of `{}` is empty", entry.id.value));
                    self.problems.push(problem.at(&at, "").help(help));
                }
                Placed { value: value.get_ref().clone(), place: at }
            }
            None => {
                if !self.told(&entry.id.place, key) {
                    let problem = Diagnostic::error(Code::MissingKey, format!("`{}` has no `{key}`", entry.id.value));
                    self.problems.push(problem.at(&entry.id.place, "").help(help));
                }
                Placed { value: String::new(), place: entry.id.place.clone() }
            }
        }
    }

    fn department(&mut self, name: &Spanned<String>, file: FileId, departments: &[Department]) -> Option<DepartmentId> {
        let found = departments.iter().position(|department| department.id == *name.get_ref());
        if found.is_none() {
            self.unknown("department", name, file, departments.iter().map(|department| department.id.as_str()));
        }
        found.map(DepartmentId)
    }

    fn unknown<'c>(&mut self, what: &str, name: &Spanned<String>, file: FileId, known: impl Iterator<Item = &'c str>) {
        let problem = Diagnostic::error(Code::UnknownId, format!("there is no {what} `{}`", name.get_ref()))
            .at(&place(name, file), "");
        self.problems.push(match prose::did_you_mean(name.get_ref(), known) {
            Some(help) => problem.help(help),
            None => problem.help(format!("declare the {what} first")),
        });
    }

    fn predicate(&mut self, text: &Spanned<String>, file: FileId) -> Option<Predicate<String>> {
        self.formula(text, file, parse_predicate)
    }

    fn formula<T>(
        &mut self,
        text: &Spanned<String>,
        file: FileId,
        parse: impl Fn(&str) -> Result<T, Vec<FormulaError>>,
    ) -> Option<T> {
        let errors = match parse(text.get_ref()) {
            Ok(formula) => return Some(formula),
            Err(errors) => errors,
        };
        for error in errors {
            let problem = Diagnostic::error(error.code, error.message).at(&self.inside(text, file, error.span), "");
            self.problems.push(match error.help {
                Some(help) => problem.help(help),
                None => problem,
            });
        }
        None
    }

    /// The place of a part of a string value; the whole value where escapes make the two differ.
    fn inside(&self, text: &Spanned<String>, file: FileId, span: std::ops::Range<usize>) -> Place {
        let whole = place(text, file);
        let written = &self.files.get(file).text[whole.span.clone()];
        let at = if text.get_ref().is_empty() { Some(written.len() / 2) } else { written.find(text.get_ref()) };
        match at.map(|at| whole.span.start + at) {
            Some(start) => Place { file, span: start + span.start..start + span.end },
            None => whole,
        }
    }

    /// The place of a word in a value; the whole value where it is not found.
    fn word_in(&self, whole: &Place, word: &str) -> Place {
        let written = &self.files.get(whole.file).text[whole.span.clone()];
        let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let alone =
            |at: usize| !part(written[..at].chars().next_back()) && !part(written[at + word.len()..].chars().next());
        let quoted = written.find(&format!("\"{word}\"")).map(|at| at..at + word.len() + 2);
        let found = quoted.or_else(|| {
            let at = written.match_indices(word).map(|(at, _)| at).find(|at| alone(*at))?;
            Some(at..at + word.len())
        });
        let start = whole.span.start;
        found.map_or_else(|| whole.clone(), |at| Place { file: whole.file, span: start + at.start..start + at.end })
    }

    /// Whether a key of a table was reported as misspelt or of the wrong type: then it is not missing.
    fn told(&self, id: &Place, key: &str) -> bool {
        let text = &self.files.get(id.file).text;
        let end = text[id.span.end..].find("\n[").map_or(text.len(), |at| id.span.end + at);
        let misspelt = format!("did you mean `{key}`?");
        self.problems.iter().any(|problem| match problem.labels.first().map(|label| &label.locus) {
            Some(Locus::Scorecard(place)) if covers(place, id) => problem.code == Code::BadType,
            Some(Locus::Scorecard(place))
                if place.file == id.file && (id.span.start..end).contains(&place.span.start) =>
            {
                let line = text[..place.span.start].rfind('\n').map_or(0, |at| at + 1);
                let before = text[line..place.span.start].trim_start().strip_prefix(key);
                problem.help.as_ref() == Some(&misspelt)
                    || before.is_some_and(|rest| rest.trim_start().starts_with('='))
            }
            _ => false,
        })
    }

    fn scoring(&mut self, raw: &RawScorecard) -> Scoring {
        let usual = Scoring::default();
        let Some(file) = raw.main.as_ref().map(|main| main.file) else { return usual };
        let raw = &raw.scoring;
        let on_target = self.between(raw.on_target.as_ref(), file, "on_target", 0.0, 100.0).unwrap_or(usual.on_target);
        let at_risk = self.between(raw.at_risk.as_ref(), file, "at_risk", 0.0, 100.0).unwrap_or(usual.at_risk);
        if let (true, Some(value)) = (at_risk > on_target, raw.at_risk.as_ref().or(raw.on_target.as_ref())) {
            let problem = Diagnostic::error(
                Code::BadSetting,
                format!("`at_risk` ({at_risk}) is above `on_target` ({on_target})"),
            );
            self.problems.push(
                problem.at(&place(value, file), "").help("statuses fall from on-target over at-risk to off-target"),
            );
        }
        Scoring {
            tolerance: self
                .between(raw.tolerance.as_ref(), file, "tolerance", 0.0, 1.0)
                .and_then(decimal)
                .unwrap_or(usual.tolerance),
            min_coverage: self
                .between(raw.min_coverage.as_ref(), file, "min_coverage", 0.0, 1.0)
                .unwrap_or(usual.min_coverage),
            on_target,
            at_risk,
        }
    }

    fn between(&mut self, value: Option<&Spanned<f64>>, file: FileId, key: &str, low: f64, high: f64) -> Option<f64> {
        let value = value?;
        let number = *value.get_ref();
        if !(low..=high).contains(&number) {
            self.problems.push(
                Diagnostic::error(Code::BadSetting, format!("`{key}` must be from {low} to {high}"))
                    .at(&place(value, file), ""),
            );
            return None;
        }
        Some(number)
    }

    fn currency(&mut self, raw: &RawScorecard, main: &Place) -> Option<String> {
        let code = raw.header.currency.as_ref()?;
        if !is_currency(code.get_ref()) {
            let problem =
                Diagnostic::error(Code::BadSetting, format!("`{}` is not an ISO 4217 currency in use", code.get_ref()));
            self.problems.push(problem.at(&place(code, main.file), "").help("write for example \"EUR\" or \"USD\""));
        }
        Some(code.get_ref().clone())
    }

    fn calendar(&mut self, raw: &RawScorecard, main: &Place) -> Calendar {
        let Some(year) = &raw.header.fiscal_year else { return Calendar::default() };
        let month = MONTHS.iter().position(|month| year.starts.get_ref().eq_ignore_ascii_case(month));
        match month.and_then(|index| Calendar::starting(index as i8 + 1)) {
            Some(calendar) => calendar,
            None => {
                let problem =
                    Diagnostic::error(Code::BadSetting, format!("`{}` is not a month", year.starts.get_ref()))
                        .at(&place(&year.starts, main.file), "");
                self.problems.push(problem.help("write a month's English name: `starts = \"april\"`"));
                Calendar::default()
            }
        }
    }
}

/// The further files the main one asks for.
fn includes(raw: &RawScorecard, loaded: &Loaded) -> Vec<Include> {
    let Some(file) = raw.main.as_ref().map(|main| main.file) else { return Vec::new() };
    let include = |pattern: &Spanned<String>| Include {
        written_path: pattern.get_ref().clone(),
        place: place(pattern, file),
        folder: loaded.folders[file.index()].clone(),
    };
    raw.header.include.iter().flatten().map(include).collect()
}

/// Whether a finding is about all of a table.
fn covers(place: &Place, id: &Place) -> bool {
    place.file == id.file && place.span.start <= id.span.start && id.span.end <= place.span.end
}

fn place<T>(value: &Spanned<T>, file: FileId) -> Place {
    Place { file, span: value.span() }
}

/// A double as the decimal its shortest text shows.
fn decimal(value: f64) -> Option<Decimal> {
    value.to_string().parse().ok()
}
