//! Two exports against each other: rollups as CSV in tidy layout, files or folders of them. No scorecard is read, so that
//! of definitions only a changed unit is known.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Compared, between};
use crate::diagnostic::{Code, Diagnostic};
use crate::ledger::{Change, Definition, Figure, NUMBERS, Report};
use crate::period::{Grain, Period};
use crate::prose::io_error;
use crate::run::{Findings, usage};
use crate::view::diff::Diff;

/// The figures of one way to split, period by period.
type Side = BTreeMap<Vec<String>, BTreeMap<Period, (String, Report)>>;

/// What differs between two exports.
pub(super) fn compared(from: &Path, to: &Path) -> Result<Compared, Findings> {
    let (before, mut read) = side(from)?;
    let (after, others) = side(to)?;
    read.extend(others);
    let splits: std::collections::BTreeSet<&Vec<String>> = before.keys().chain(after.keys()).collect();
    let empty = BTreeMap::new();
    let (mut changes, mut periods) = (Vec::<Change>::new(), BTreeMap::new());
    for by in splits {
        let (old, new) = (before.get(by).unwrap_or(&empty), after.get(by).unwrap_or(&empty));
        changes.extend(between(old, new));
        periods.extend(
            old.iter()
                .filter(|(period, _)| new.contains_key(period))
                .map(|(period, (name, _))| (*period, name.clone())),
        );
    }
    let diff = Diff {
        before: from.display().to_string(),
        after: to.display().to_string(),
        periods: periods.into_values().collect(),
        changes,
        ..Diff::default()
    };
    Ok(Compared { diff, read, warnings: Findings::new() })
}

fn side(path: &Path) -> Result<(Side, Vec<PathBuf>), Findings> {
    let (mut side, mut read) = (Side::new(), Vec::new());
    let paths = paths(path)?;
    for path in &paths {
        // In a folder, what is no rollup is left alone.
        if gather(path, &mut side)? {
            read.push(path.clone());
        }
    }
    if read.is_empty() {
        let message = format!("`{}` holds no rollup as CSV in tidy layout", path.display());
        return Err(usage(message, "write one: `goldthread rollup -o FOLDER/rollup.csv`"));
    }
    Ok((side, read))
}

fn paths(path: &Path) -> Result<Vec<PathBuf>, Findings> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = std::fs::read_dir(path).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut paths: Vec<PathBuf> = entries.map_err(|error| unreadable(path, &error))?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")));
    paths.sort();
    Ok(paths)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Findings {
    vec![Diagnostic::error(Code::BadFile, format!("cannot read `{}`: {}", path.display(), io_error(error)))]
}

/// Adds the rows of a rollup; `false` where a file is none.
fn gather(path: &Path, side: &mut Side) -> Result<bool, Findings> {
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let header = text.lines().next().unwrap_or_default();
    // The form for Excel where the decimal sign is a comma.
    let delimiter = if header.contains(';') && !header.contains(',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let bad = |line: u64, what: String| {
        let message = format!("`{}` is no rollup, line {line}: {what}", path.display());
        vec![Diagnostic::error(Code::BadFile, message).help("take it as `goldthread rollup` wrote it")]
    };
    let header = reader.headers().map_err(|error| bad(1, error.to_string()))?.clone();
    let Some(columns) = Columns::of(&header) else { return Ok(false) };
    for (index, record) in reader.records().enumerate() {
        let line = index as u64 + 2;
        let record =
            record.map_err(|error| bad(error.position().map_or(line, csv::Position::line), error.to_string()))?;
        let line = record.position().map_or(line, csv::Position::line);
        let get = |column: usize| record.get(column).unwrap_or_default();
        let period = grain_of(get(columns.grain)).zip(get(columns.first).parse().ok());
        let period = period.and_then(|(grain, first)| Period::beginning(grain, first));
        let period = period.ok_or_else(|| bad(line, "its period is none".to_owned()))?;
        let report = side.entry(columns.by.clone()).or_default().entry(period);
        let (_, report) = report.or_insert_with(|| {
            (get(columns.period).to_owned(), Report { by: columns.by.clone(), ..Report::default() })
        });
        let figure = columns.figure(&record, delimiter);
        if report.definitions.iter().all(|definition| definition.id != figure.id) {
            report.definitions.push(columns.definition(&record));
        }
        let twin = report.figures.iter().find(|other| other.id == figure.id && other.segment == figure.segment);
        match twin {
            Some(twin) if *twin == figure => {}
            Some(_) => {
                return Err(bad(
                    line,
                    format!("`{}` stands twice for {}, with different numbers", figure.id, get(columns.period)),
                ));
            }
            None => report.figures.push(figure),
        }
    }
    Ok(true)
}

fn grain_of(word: &str) -> Option<Grain> {
    [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Year].into_iter().find(|grain| grain.word() == word)
}

/// Where the columns of a rollup stand.
struct Columns {
    period: usize,
    first: usize,
    grain: usize,
    level: usize,
    id: usize,
    name: usize,
    unit: usize,
    status: usize,
    reason: usize,
    /// The dimensions stand between stage and unit.
    segment: std::ops::Range<usize>,
    by: Vec<String>,
    numbers: [Option<usize>; NUMBERS.len()],
}

impl Columns {
    fn of(header: &csv::StringRecord) -> Option<Columns> {
        let at = |name: &str| header.iter().position(|column| column == name);
        let (stage, unit) = (at("stage")?, at("unit")?);
        let segment = stage + 1..unit;
        let columns = Columns {
            period: at("period")?,
            first: at("period_start")?,
            grain: at("grain")?,
            level: at("level")?,
            id: at("id")?,
            name: at("name")?,
            unit,
            status: at("status")?,
            reason: at("reason")?,
            by: segment.clone().filter_map(|column| header.get(column)).map(str::to_owned).collect(),
            segment,
            numbers: NUMBERS.map(at),
        };
        columns.numbers[0].map(|_| columns)
    }

    fn figure(&self, record: &csv::StringRecord, delimiter: u8) -> Figure {
        let get = |column: usize| record.get(column).unwrap_or_default().to_owned();
        let some = |column: usize| Some(get(column)).filter(|text| !text.is_empty());
        let plain = |text: String| if delimiter == b';' { text.replace(',', ".") } else { text };
        let level = get(self.level);
        // A subtotal is a part too: what it is not split by is blank.
        let is_part = !self.by.is_empty() && level != "total";
        Figure {
            id: get(self.id),
            segment: is_part.then(|| self.segment.clone().map(get).collect()),
            numbers: self.numbers.map(|column| column.and_then(some).map(plain)),
            status: get(self.status),
            reason: some(self.reason),
            caveat: None,
        }
    }

    fn definition(&self, record: &csv::StringRecord) -> Definition {
        let get = |column: usize| record.get(column).unwrap_or_default().to_owned();
        Definition {
            id: get(self.id),
            name: get(self.name),
            sources: Vec::new(),
            inputs: Vec::new(),
            aspects: vec![("unit".to_owned(), get(self.unit))],
        }
    }
}
