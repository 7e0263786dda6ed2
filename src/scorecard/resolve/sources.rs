//! One `[sources.*]` table to a [`Source`]: where its files are and how they are written.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_spanned::Spanned;

use super::super::load::Loaded;
use super::super::raw::{Entry, RawScorecard, RawSource};
use super::{Resolver, decimal, place};
use crate::diagnostic::{Code, Diagnostic, FileId, Placed};
use crate::formula::NumberFormat;
use crate::metric::{
    Conversion, Department, Layout, Metric, Missing, Roster, Schedule, Source, SourceId, Totals, Written,
};
use crate::prose;

impl Resolver<'_> {
    pub(super) fn sources(&mut self, raw: &RawScorecard, departments: &[Department], loaded: &Loaded) -> Vec<Source> {
        raw.sources.iter().map(|entry| self.source(entry, departments, loaded)).collect()
    }

    fn source(&mut self, entry: &Entry<RawSource>, departments: &[Department], loaded: &Loaded) -> Source {
        let (table, file) = (&entry.table, entry.id.place.file);
        let path = self.required(
            entry,
            table.path.as_ref(),
            "path",
            "write where its files are: `path = \"data/calls-*.csv\"`",
        );
        let period = self.period(entry);
        let dimensions: Vec<String> = texts(table.dimensions.as_ref());
        let (currency, conversion) = self.currency_of_source(table.currency.as_ref(), file);
        Source {
            id: entry.id.value.clone(),
            path: loaded.folders[file.index()].join(&path.value),
            written_path: path.value,
            path_place: path.place,
            folder: loaded.folders[file.index()].clone(),
            department: table.department.as_ref().and_then(|name| self.department(name, file, departments)),
            period: period.value,
            period_place: period.place,
            filter: table.filter.as_ref().and_then(|text| self.predicate(text, file)),
            required: table.required.unwrap_or(true),
            written: self.written(entry, &dimensions, currency),
            conversion,
            controls: table.control.as_ref().map_or(Vec::new(), |value| self.controls(value, file)),
            dimensions,
            place: entry.id.place.clone(),
        }
    }

    /// The column that says when; in a wide file the headers do.
    fn period(&mut self, entry: &Entry<RawSource>) -> Placed<String> {
        let (table, file) = (&entry.table, entry.id.place.file);
        let Some(layout) = table.layout.as_ref().filter(|layout| *layout.get_ref() == Layout::Wide) else {
            let help = "name the column that says when: `period = \"day\"`";
            return self.required(entry, table.period.as_ref(), "period", help);
        };
        if let Some(period) = &table.period {
            let message = format!("`{}` is wide: its headers say when, no column does", entry.id.value);
            let problem = Diagnostic::error(Code::BadSetting, message).at(&place(period, file), "");
            self.problems.push(problem.at(&place(layout, file), "wide").help("drop `period`, or `layout`"));
        }
        Placed { value: "period".to_owned(), place: place(layout, file) }
    }

    fn written(&mut self, entry: &Entry<RawSource>, dimensions: &[String], currency: Option<String>) -> Written {
        let (table, file) = (&entry.table, entry.id.place.file);
        let placed = |text: &Spanned<String>| Placed { value: text.get_ref().clone(), place: place(text, file) };
        let folded = |list: &Vec<Spanned<String>>| -> Vec<String> {
            list.iter().map(|text| text.get_ref().trim().to_lowercase()).filter(|text| !text.is_empty()).collect()
        };
        Written {
            encoding: table.encoding.as_ref().map(placed),
            delimiter: table.delimiter.as_ref().and_then(|text| self.delimiter(text, file)),
            header: table.header.as_ref().and_then(|line| self.header_line(line, file)),
            comment: table.comment.as_ref().map(|text| text.get_ref().clone()).filter(|text| !text.is_empty()),
            columns: self.renamed(table.columns.as_ref(), file),
            numbers: table.numbers.as_ref().and_then(|text| self.numbers(text, file)),
            scale: self.scale(table.scale.as_ref(), file),
            currency,
            missing: table.missing.as_ref().map(|list| Missing(folded(list))).unwrap_or_default(),
            date_order: table.date_order,
            quarters: table.quarters,
            grain: table.grain,
            layout: table.layout.as_ref().map(|layout| *layout.get_ref()).unwrap_or_default(),
            totals: table.totals.as_ref().map(|list| Totals(folded(list))).unwrap_or_default(),
            key: table.key.as_ref().map(|key| texts(Some(key))),
            duplicates: table.duplicates.unwrap_or_default(),
            sheet: table.sheet.as_ref().map(placed),
            roster: table.roster.as_ref().and_then(|value| self.roster(value, file, dimensions)),
        }
    }

    fn delimiter(&mut self, text: &Spanned<String>, file: FileId) -> Option<u8> {
        let found = match text.get_ref().as_str() {
            "," | "comma" => b',',
            ";" | "semicolon" => b';',
            "\t" | "tab" => b'\t',
            "|" | "pipe" => b'|',
            other => {
                let problem = Diagnostic::error(Code::BadSetting, format!("`{other}` is no delimiter"));
                let problem = problem.at(&place(text, file), "");
                self.problems.push(problem.help("write \"comma\", \"semicolon\", \"tab\" or \"pipe\""));
                return None;
            }
        };
        Some(found)
    }

    fn header_line(&mut self, line: &Spanned<i64>, file: FileId) -> Option<usize> {
        let found = usize::try_from(*line.get_ref()).ok().filter(|line| (1..=100_000).contains(line));
        if found.is_none() {
            let problem = Diagnostic::error(Code::BadSetting, "`header` is the line of the header, counted from 1");
            self.problems.push(problem.at(&place(line, file), ""));
        }
        found
    }

    pub(super) fn numbers(&mut self, text: &Spanned<String>, file: FileId) -> Option<NumberFormat> {
        let found = NumberFormat::like(text.get_ref());
        if found.is_none() {
            let problem =
                Diagnostic::error(Code::BadSetting, format!("`{}` is no way to write numbers", text.get_ref()));
            let help = "write one as the file does: \"1,234.5\", \"1.234,5\", \"1 234,5\", \"1'234.5\", \"1234.5\" or \"1234,5\"";
            self.problems.push(problem.at(&place(text, file), "").help(help));
        }
        found
    }

    /// `columns = { resolved = "Resolved first time" }`.
    fn renamed(&mut self, columns: Option<&Spanned<toml::Table>>, file: FileId) -> Vec<(String, String)> {
        let Some(columns) = columns else { return Vec::new() };
        let mut found = Vec::new();
        for (name, header) in columns.get_ref() {
            match header.as_str().filter(|header| !header.trim().is_empty()) {
                Some(header) => found.push((name.clone(), header.to_owned())),
                None => {
                    let at = self.word_in(&place(columns, file), name);
                    let problem = Diagnostic::error(Code::BadType, format!("the header of `{name}` must be a text"));
                    self.problems
                        .push(problem.at(&at, "").help(format!("write `{name} = \"its header in the file\"`")));
                }
            }
        }
        found
    }

    /// `scale = { otp = 0.01 }`.
    fn scale(&mut self, scale: Option<&Spanned<toml::Table>>, file: FileId) -> Vec<(String, Decimal)> {
        let Some(scale) = scale else { return Vec::new() };
        let mut found = Vec::new();
        for (name, value) in scale.get_ref() {
            let number = value.as_float().or_else(|| value.as_integer().map(|n| n as f64)).and_then(decimal);
            match number.filter(|number| *number > Decimal::ZERO && number.scale() <= 9) {
                Some(number) => found.push((name.clone(), number)),
                None => {
                    let at = self.word_in(&place(scale, file), name);
                    let message = format!("the scale of `{name}` must be a number above 0 of at most 9 decimals");
                    let help = "write what its cells are multiplied by: 0.01 for percentages, 1 for fractions, 1000 for thousands";
                    self.problems.push(Diagnostic::error(Code::BadSetting, message).at(&at, "").help(help));
                }
            }
        }
        found
    }

    /// `roster = "region"` or `roster = { region = ["north", "south"] }`.
    fn roster(&mut self, value: &Spanned<toml::Value>, file: FileId, dimensions: &[String]) -> Option<Roster> {
        let whole = place(value, file);
        let text = |value: &toml::Value| value.as_str().map(str::to_owned);
        let found = match value.get_ref() {
            toml::Value::String(column) => Some(Roster { column: column.clone(), expected: Vec::new() }),
            toml::Value::Table(table) if table.len() == 1 => table.iter().next().and_then(|(column, expected)| {
                let expected = expected.as_array()?.iter().map(text).collect::<Option<Vec<String>>>()?;
                Some(Roster { column: column.clone(), expected })
            }),
            _ => None,
        };
        let Some(roster) = found else {
            let problem = Diagnostic::error(Code::BadType, "`roster` must name one dimension").at(&whole, "");
            let help = "write `roster = \"region\"`, or `roster = { region = [\"north\", \"south\"] }`";
            self.problems.push(problem.help(help));
            return None;
        };
        if !dimensions.contains(&roster.column) {
            let message = format!("the roster's `{}` is no dimension of the source", roster.column);
            let at = self.word_in(&whole, &roster.column);
            let problem = Diagnostic::error(Code::UnknownId, message).at(&at, "");
            let help = prose::did_you_mean(&roster.column, dimensions.iter().map(String::as_str));
            self.problems.push(problem.help(help.unwrap_or_else(|| "add it to `dimensions`".to_owned())));
            return None;
        }
        Some(roster)
    }

    /// A name in `scale`, `columns` or `key` that no formula reads is a misspelt one: its cells would be taken as
    /// they are.
    pub(super) fn names_of_columns(&mut self, raw: &RawScorecard, sources: &[Source], metrics: &[Option<Metric>]) {
        // Where a metric is broken it is not known what it reads.
        let Some(metrics) = metrics.iter().map(Option::as_ref).collect::<Option<Vec<&Metric>>>() else { return };
        for (index, (entry, source)) in raw.sources.iter().zip(sources).enumerate() {
            let used = columns_of(SourceId(index), source, &metrics);
            let tables = [("scale", &entry.table.scale), ("columns", &entry.table.columns)];
            for (key, table) in tables.into_iter().filter_map(|(key, table)| Some((key, table.as_ref()?))) {
                for name in table.get_ref().keys().filter(|name| !used.contains(name.as_str())) {
                    let at = self.word_in(&place(table, entry.id.place.file), name);
                    let message = format!("`{key}` names the column `{name}`, which nothing of `{}` reads", source.id);
                    let problem = Diagnostic::error(Code::UnknownId, message).at(&at, "");
                    let help = prose::did_you_mean(name, used.iter().copied());
                    self.problems.push(problem.help(help.unwrap_or_else(|| "drop it".to_owned())));
                }
            }
        }
    }
}

/// The columns that the source itself and the metrics measured from it name.
fn columns_of<'s>(id: SourceId, source: &'s Source, metrics: &[&'s Metric]) -> BTreeSet<&'s str> {
    let mut used: BTreeSet<&str> = BTreeSet::from([source.period.as_str()]);
    used.extend(source.dimensions.iter().chain(source.written.key.iter().flatten()).map(String::as_str));
    used.extend(source.conversion.iter().filter_map(Conversion::column).map(String::as_str));
    // That these are there is seen in the files.
    let amounts = source.conversion.iter().flat_map(|conversion| &conversion.amounts);
    used.extend(amounts.map(|amount| amount.value.as_str()));
    used.extend(source.controls.iter().map(|control| control.column.as_str()));
    let mut add = |name: &'s String| {
        used.insert(name);
    };
    if let Some(filter) = &source.filter {
        filter.visit(&mut add);
    }
    for metric in metrics {
        let Some(measurement) = metric.measurement().filter(|measurement| measurement.source == id) else { continue };
        if let Some(filter) = &measurement.filter {
            filter.visit(&mut add);
        }
        let bars = [&metric.target, &metric.threshold, &metric.stretch].into_iter().flatten();
        let measured = bars.flat_map(|bars| &bars.by_grain).filter_map(|(_, schedule)| match schedule {
            Schedule::Measured(formula) => Some(formula),
            Schedule::Always(_) | Schedule::From(_) => None,
        });
        for formula in std::iter::once(&measurement.formula).chain(measured) {
            formula.visit(&mut |aggregate| {
                if let Some(argument) = &aggregate.argument {
                    argument.visit(&mut add);
                }
            });
        }
    }
    used
}

fn texts(list: Option<&Vec<Spanned<String>>>) -> Vec<String> {
    list.into_iter().flatten().map(|text| text.get_ref().clone()).collect()
}
