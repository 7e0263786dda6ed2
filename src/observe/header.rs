//! Matching the columns a source needs with the names a file has, and saying which are not there.

use super::dialect::{fold, is_period};
use super::shape::field_spans;
use crate::diagnostic::{Code, Diagnostic, Locus, Place};
use crate::formula::quoted_name;
use crate::metric::{Layout, Schedule, Scorecard, Source};
use crate::plan::Scan;
use crate::prose;

/// Where a column of the scan stands in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// In this field.
    Field(usize),
    /// Nowhere: it is the period of a wide file, which its headers say.
    Across,
    /// In whichever field of a wide file is being read.
    Value,
}

/// The columns of one file.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    /// As the file names them.
    pub(super) names: Vec<String>,
    /// For each of the scan's columns, where it stands.
    pub(super) at: Vec<At>,
    /// The fields of a wide file that are periods, and their headers.
    pub(super) across: Vec<(usize, String)>,
    /// The fields in which a word such as `Total` makes the row one, and whether it may stand beside others there.
    pub(super) marked: Vec<(usize, bool)>,
    /// Columns found under another name than the scorecard's, with that name.
    pub(super) folded: Vec<(String, String)>,
    /// Where each field of the header stands.
    pub(super) headers: Vec<Locus>,
}

impl Columns {
    /// Whether a field has this header, in whatever letters.
    pub(super) fn has(&self, header: &str) -> bool {
        let wanted = fold(header);
        self.names.iter().any(|name| fold(name) == wanted)
    }
}

/// The header of one file, and what is known of it.
pub(super) struct HeaderLine<'h> {
    pub(super) names: &'h [String],
    pub(super) text: &'h str,
    pub(super) delimiter: Option<u8>,
    pub(super) shown: &'h str,
    pub(super) line: usize,
}

/// The headers a scan needs, as the files name them.
pub(super) fn needed<'s>(source: &'s Source, scan: &'s Scan) -> Vec<&'s str> {
    scan.columns.iter().filter(|column| !is_across(source, column)).map(|column| source.header_of(column)).collect()
}

fn is_across(source: &Source, column: &str) -> bool {
    source.written.layout == Layout::Wide && (column == source.period || column == Source::VALUE)
}

impl HeaderLine<'_> {
    /// Where each column the scan needs stands here.
    pub(super) fn columns(&self, scorecard: &Scorecard, scan: &Scan) -> Result<Columns, Vec<Diagnostic>> {
        let source = scorecard.source(scan.source);
        let needed = needed(source, scan);
        if let ([_], [_, _, ..]) = (self.names, needed.as_slice()) {
            let problem = Diagnostic::error(Code::BadColumn, format!("`{}` has only one column", self.shown));
            let problem = problem.at(&source.path_place, "").at_locus(self.locus(0..self.text.len()), "the header");
            return Err(vec![problem.help("put commas, semicolons, tabs or `|` between the columns")]);
        }
        let (mut at, mut folded, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        for column in &scan.columns {
            if is_across(source, column) {
                at.push(if *column == source.period { At::Across } else { At::Value });
                continue;
            }
            let header = source.header_of(column);
            match self.position(header) {
                Ok(Some(position)) => {
                    if self.names[position] != *header {
                        folded.push((column.clone(), self.names[position].clone()));
                    }
                    at.push(At::Field(position));
                }
                Ok(None) => problems.push(self.missing(column, scorecard, scan)),
                Err(second) => problems.push(self.twice(header, second, source)),
            }
        }
        let across = self.across(source);
        if source.written.layout == Layout::Wide && across.is_empty() && problems.is_empty() {
            problems.push(self.no_periods(source));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let marked = self.marked(source);
        let headers = self.field_loci();
        Ok(Columns { names: self.names.to_vec(), at, across, marked, folded, headers })
    }

    /// The field of a header: the same text, else the only one that folds to the same. `Err` is the second of two.
    fn position(&self, header: &str) -> Result<Option<usize>, usize> {
        let only = |same: &dyn Fn(&str) -> bool| {
            let mut found = self.names.iter().enumerate().filter(|(_, name)| same(name)).map(|(index, _)| index);
            match (found.next(), found.next()) {
                (_, Some(second)) => Err(second),
                (first, None) => Ok(first),
            }
        };
        match only(&|name| name == header)? {
            Some(position) => Ok(Some(position)),
            None => {
                let wanted = fold(header);
                only(&|name| fold(name) == wanted)
            }
        }
    }

    fn across(&self, source: &Source) -> Vec<(usize, String)> {
        if source.written.layout != Layout::Wide {
            return Vec::new();
        }
        let named = |name: &str| source.dimensions.iter().any(|column| fold(source.header_of(column)) == fold(name));
        let periods = self.names.iter().enumerate().filter(|(_, name)| is_period(name) && !named(name));
        periods.map(|(index, name)| (index, name.trim().to_owned())).collect()
    }

    /// All fields: in the period's and the dimensions' a word may stand beside others, in the rest it stands alone.
    fn marked(&self, source: &Source) -> Vec<(usize, bool)> {
        let columns = std::iter::once(&source.period).chain(&source.dimensions);
        let found = columns.filter_map(|column| self.position(source.header_of(column)).ok().flatten());
        let mut marked: Vec<(usize, bool)> = found.map(|position| (position, true)).collect();
        let others: Vec<usize> =
            (0..self.names.len()).filter(|index| marked.iter().all(|(position, _)| position != index)).collect();
        marked.extend(others.into_iter().map(|index| (index, false)));
        marked
    }

    /// Where each name stands.
    fn field_loci(&self) -> Vec<Locus> {
        let spans = self.delimiter.and_then(|delimiter| field_spans(self.text.as_bytes(), delimiter).ok());
        let mut after = 0;
        let parted = self.names.iter().map(|name| {
            // Cells of a table are shown side by side.
            let start = self.text[after..].find(name.as_str()).map_or(after, |at| after + at);
            after = start + name.len();
            start..after
        });
        let spans: Vec<std::ops::Range<usize>> = spans.unwrap_or_else(|| parted.collect());
        spans.into_iter().map(|span| self.locus(span)).collect()
    }

    fn no_periods(&self, source: &Source) -> Diagnostic {
        Diagnostic::error(Code::BadColumn, format!("no header of `{}` reads as a period", self.shown))
            .at_locus(self.locus(0..self.text.len()), "the header")
            .at(&source.period_place, "wide")
            .help("write the headers of periods 2024-01, Jan-24 or Q1 2024, or name the `header` line")
    }

    fn missing(&self, column: &str, scorecard: &Scorecard, scan: &Scan) -> Diagnostic {
        let source = scorecard.source(scan.source);
        let header = source.header_of(column);
        let (place, needs) = need_of(column, scorecard, scan);
        let in_condition = needs.starts_with("the `where`");
        let mut problem = Diagnostic::error(Code::BadColumn, format!("`{}` has no column `{header}`", self.shown))
            .at(place, needs)
            .at_locus(self.locus(0..self.text.len()), "the header");
        if in_condition {
            problem = problem.note(format!("if it is a text, write it in single quotes: '{column}'"));
        }
        match prose::nearest(header, self.names.iter().map(String::as_str)) {
            Some(near) => {
                let example = format!("columns = {{ {} = \"{}\" }}", quoted_name(column), near.replace('"', "\\\""));
                problem.help(format!("did you mean `{near}`? Then add `{example}` to `[sources.{}]`", source.id))
            }
            None => {
                let known: Vec<&String> = self.names.iter().filter(|name| !name.is_empty()).take(12).collect();
                let example = format!("columns = {{ {} = \"its header in the file\" }}", quoted_name(column));
                let source = &source.id;
                problem.help(format!(
                    "there is {}; where one of them is meant, add `{example}` to `[sources.{source}]`",
                    prose::list(known)
                ))
            }
        }
    }

    fn twice(&self, header: &str, second: usize, source: &Source) -> Diagnostic {
        let spans = self.delimiter.and_then(|delimiter| field_spans(self.text.as_bytes(), delimiter).ok());
        let span = spans.and_then(|spans| spans.get(second).cloned()).unwrap_or(0..self.text.len());
        Diagnostic::error(Code::BadColumn, format!("`{}` has the column `{header}` twice", self.shown))
            .at_locus(self.locus(span), "again here")
            .at(&source.path_place, "read here")
            .help("rename or remove one of them")
    }

    /// A stretch of the header, cut to a width for people.
    pub(super) fn locus(&self, span: std::ops::Range<usize>) -> Locus {
        let mut end = self.text.len().min(span.start + 200);
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let text = self.text[..end].lines().next().unwrap_or_default().to_owned();
        let span = span.start.min(text.len())..span.end.min(text.len());
        Locus::Data { path: self.shown.to_owned(), line: self.line, text, span }
    }
}

/// Who needs a column, and where it says so.
fn need_of<'s>(column: &str, scorecard: &'s Scorecard, scan: &Scan) -> (&'s Place, String) {
    let source = scorecard.source(scan.source);
    if column == source.period {
        return (&source.period_place, format!("the period of `{}`", source.id));
    }
    let mut found = None;
    let mut note = |name: &String, place: &'s Place, needs: String| {
        if name == column && found.is_none() {
            found = Some((place, needs));
        }
    };
    if let Some(filter) = &source.filter {
        filter.visit(&mut |name| note(name, &source.place, format!("the `where` of `{}` needs it", source.id)));
    }
    for control in &source.controls {
        note(&control.column, &control.place, format!("a control of `{}` needs it", source.id));
    }
    if let Some((column, conversion)) = source.conversion.as_ref().and_then(|c| Some((c.column()?, c))) {
        note(column, &conversion.place, format!("the currency of `{}`", source.id));
    }
    for metric in &scorecard.metrics {
        let Some(measurement) = metric.measurement().filter(|measurement| measurement.source == scan.source) else {
            continue;
        };
        let mut in_formula = |formula: &crate::formula::Formula<crate::formula::Aggregate>, place: &'s Place| {
            formula.visit(&mut |aggregate| {
                if let Some(argument) = &aggregate.argument {
                    argument.visit(&mut |name| note(name, place, format!("`{}` needs it", metric.id)));
                }
            });
        };
        in_formula(&measurement.formula, &measurement.place);
        for bars in [&metric.target, &metric.threshold, &metric.stretch].into_iter().flatten() {
            for (_, schedule) in &bars.by_grain {
                if let Schedule::Measured(formula) = schedule {
                    in_formula(formula, &bars.place);
                }
            }
        }
        if let Some(filter) = &measurement.filter {
            filter.visit(&mut |name| note(name, &metric.place, format!("the `where` of `{}` needs it", metric.id)));
        }
    }
    found.unwrap_or_else(|| (&source.place, format!("a dimension of `{}`", source.id)))
}
