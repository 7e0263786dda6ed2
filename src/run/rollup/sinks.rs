//! What a rollup's rows become: CSV, JSON and Parquet as they come, the rest from rows that are held.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;

use super::blocks::{Export, Sink, Tally};
use super::{Written, too_much};
use crate::cli::{CsvReader, Figure, Layout, RollupArgs, RollupFormat};
use crate::metric::MetricId;
use crate::period::{Calendar, Period};
use crate::render::rollup::{Columns, MOST_ROWS, Origin, Parquet, Xlsx};
use crate::render::{CsvForm, CsvRows, JSON_TAIL, JsonRows, json_head};
use crate::run::hashes::Hashing;
use crate::run::{Content, Findings, outputs};
use crate::view::manifest::Manifest;
use crate::view::{Field, number_named};

/// Every row, in the form asked for.
pub(super) fn written(
    export: &Export<'_>,
    args: &RollupArgs,
    format: RollupFormat,
    manifest: &Manifest,
    tally: &mut Tally,
) -> Result<Written, Findings> {
    match (args.layout, format) {
        (Layout::Tidy, RollupFormat::Csv) => csv(export, args, tally),
        (Layout::Tidy, RollupFormat::Json) => json(export, args, manifest, tally),
        (Layout::Tidy, RollupFormat::Parquet) => parquet(export, args, tally),
        (layout, format) => {
            let mut table = held(export, tally);
            if layout == Layout::Wide {
                table = table.pivoted(export, args.figure);
            }
            of_table(&table, export, form(args), format, manifest)
        }
    }
}

fn form(args: &RollupArgs) -> CsvForm {
    match args.reader {
        CsvReader::Machine => CsvForm::Machine,
        CsvReader::Excel => CsvForm::Excel,
        CsvReader::ExcelEu => CsvForm::ExcelEu,
    }
}

impl Sink for CsvRows {
    fn row(&mut self, row: &[Field<'_>], _: MetricId) {
        CsvRows::row(self, row);
    }
}

impl Sink for JsonRows {
    fn row(&mut self, row: &[Field<'_>], _: MetricId) {
        JsonRows::row(self, row);
    }
}

impl Sink for Columns {
    fn row(&mut self, row: &[Field<'_>], _: MetricId) {
        Columns::row(self, row);
    }
}

/// Bytes on their way to a temporary file, hashed as they go.
struct Spool<'s> {
    file: NamedTempFile,
    path: Option<&'s Path>,
    hashing: Hashing,
    /// The first thing that went wrong, after which nothing is written.
    failed: Option<std::io::Error>,
}

impl<'s> Spool<'s> {
    fn new(path: Option<&'s Path>) -> Result<Spool<'s>, Findings> {
        Ok(Spool { file: outputs::spool(path)?, path, hashing: Hashing::default(), failed: None })
    }

    fn add(&mut self, bytes: &[u8]) {
        if self.failed.is_none() {
            self.hashing.add(bytes);
            self.failed = self.file.write_all(bytes).err();
        }
    }

    fn written(self, rows: usize, guarded: usize) -> Result<Written, Findings> {
        match self.failed {
            Some(error) => Err(outputs::unwritable(self.path, &error)),
            None => Ok(Written::new(Content::Spooled(self.file), self.hashing, rows, guarded)),
        }
    }
}

impl Write for Spool<'_> {
    /// Never fails: what went wrong is told in the end, by the place it went wrong at.
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn csv(export: &Export<'_>, args: &RollupArgs, tally: &mut Tally) -> Result<Written, Findings> {
    let form = form(args);
    let mut header = CsvRows::new(form);
    header.header(&export.columns());
    let (header, mut guarded) = header.finish();
    let mut spool = Spool::new(args.output.as_deref())?;
    spool.add(form.mark());
    spool.add(&header);
    let rows = export.write_all(&|| CsvRows::new(form), tally, &mut |rows: CsvRows| {
        let (some, more) = rows.finish();
        spool.add(&some);
        guarded += more;
    });
    spool.written(rows, guarded)
}

fn json(export: &Export<'_>, args: &RollupArgs, manifest: &Manifest, tally: &mut Tally) -> Result<Written, Findings> {
    let (columns, grain) = (export.columns(), export.run.last().grain().word());
    let mut spool = Spool::new(args.output.as_deref())?;
    spool.add(json_head(&manifest.scorecard, &manifest.as_of, grain).as_bytes());
    let mut any = false;
    let rows = export.write_all(&|| JsonRows::new(&columns), tally, &mut |rows: JsonRows| {
        let some = rows.finish();
        if !some.is_empty() {
            spool.add(if any { b"," } else { b"" });
            spool.add(some.as_bytes());
            any = true;
        }
    });
    spool.add(JSON_TAIL.as_bytes());
    spool.written(rows, 0)
}

fn parquet(export: &Export<'_>, args: &RollupArgs, tally: &mut Tally) -> Result<Written, Findings> {
    let columns = export.columns();
    let numeric: Vec<bool> = columns.iter().map(|column| number_named(column).is_some()).collect();
    let spool = Spool::new(args.output.as_deref())?;
    let mut file = Parquet::new(&columns, &numeric, env!("CARGO_PKG_VERSION"), spool).map_err(too_much)?;
    let mut failed = None;
    let rows = export.write_all(&|| Columns::new(&numeric), tally, &mut |rows: Columns| {
        if failed.is_none() {
            failed = file.add(&rows).err();
        }
    });
    match failed {
        Some(problem) => Err(too_much(problem)),
        None => file.finish().map_err(too_much)?.written(rows, 0),
    }
}

/// Rows in memory, each with its metric.
#[derive(Default)]
struct Table {
    columns: Vec<String>,
    /// The number that each column is of, by its name in a tidy rollup; `None` for texts.
    numbers: Vec<Option<&'static str>>,
    ids: Vec<MetricId>,
    rows: Vec<Vec<Field<'static>>>,
}

impl Sink for Table {
    fn row(&mut self, row: &[Field<'_>], id: MetricId) {
        self.ids.push(id);
        self.rows.push(row.iter().map(owned).collect());
    }
}

fn owned(field: &Field<'_>) -> Field<'static> {
    match field {
        Field::Text(text) => Field::Text(Cow::Owned(text.clone().into_owned())),
        Field::Number(number) => Field::Number(*number),
        Field::Absent => Field::Absent,
    }
}

fn held(export: &Export<'_>, tally: &mut Tally) -> Table {
    let columns = export.columns();
    let numbers = columns.iter().map(|column| number_named(column)).collect();
    let mut table = Table { columns, numbers, ..Table::default() };
    export.write_all(&Table::default, tally, &mut |some: Table| {
        table.ids.extend(some.ids);
        table.rows.extend(some.rows);
    });
    table
}

/// What a wide row is about; the rest of a tidy row is about a period.
const KEPT: [&str; 8] = ["as_of", "level", "id", "name", "parent", "department", "owner", "stage"];

/// The column of a wide rollup that says which number stands in those of periods.
const FIGURE: &str = "figure";

/// The columns that a wide rollup has and a tidy one has not.
pub(super) fn wide_columns(periods: &[Period], calendar: &Calendar) -> Vec<String> {
    periods.iter().map(|period| calendar.name(*period)).chain([FIGURE.to_owned()]).collect()
}

impl Table {
    /// One row a metric and segment, one column a period, with one figure in them, which the last column names.
    fn pivoted(self, export: &Export<'_>, figure: Figure) -> Table {
        let position = |name: &str| self.columns.iter().position(|column| column == name);
        let (Some(shown), Some(period), Some(unit), Some(stage)) =
            (position(figure.column()), position("period"), position("unit"), position("stage"))
        else {
            return self;
        };
        // The dimensions stand between stage and unit.
        let kept: Vec<usize> = KEPT.iter().filter_map(|name| position(name)).chain(stage + 1..=unit).collect();
        let added = wide_columns(&export.run.periods, &export.scorecard.calendar);
        let mut table = Table {
            columns: kept.iter().map(|column| &self.columns[*column]).chain(&added).cloned().collect(),
            numbers: vec![None; kept.len()],
            ..Table::default()
        };
        table.numbers.extend(added.iter().map(|name| (name != FIGURE).then_some(figure.column())));
        let mut found: BTreeMap<(Vec<String>, MetricId), usize> = BTreeMap::new();
        for (row, id) in self.rows.iter().zip(&self.ids) {
            let key: Vec<String> = kept.iter().map(|column| text_of(&row[*column])).collect();
            let at = *found.entry((key, *id)).or_insert_with(|| {
                // Scores are in none of the metrics' units.
                let has_unit = figure != Figure::Score;
                let cell =
                    |column: &usize| if *column != unit || has_unit { row[*column].clone() } else { Field::Absent };
                let mut wide: Vec<Field<'static>> = kept.iter().map(cell).collect();
                wide.resize(table.columns.len() - 1, Field::Absent);
                wide.push(Field::text(figure.column()));
                table.ids.push(*id);
                table.rows.push(wide);
                table.rows.len() - 1
            });
            let name = text_of(&row[period]);
            if let Some(column) = added.iter().position(|period| *period == name) {
                table.rows[at][kept.len() + column] = row[shown].clone();
            }
        }
        table
    }
}

fn text_of(field: &Field<'_>) -> String {
    match field {
        Field::Text(text) => text.clone().into_owned(),
        Field::Number(_) | Field::Absent => String::new(),
    }
}

fn of_table(
    table: &Table,
    export: &Export<'_>,
    form: CsvForm,
    format: RollupFormat,
    manifest: &Manifest,
) -> Result<Written, Findings> {
    let count = table.rows.len();
    match format {
        RollupFormat::Csv => {
            let mut rows = CsvRows::new(form);
            rows.header(&table.columns);
            table.rows.iter().for_each(|row| rows.row(row));
            let (bytes, guarded) = rows.finish();
            Ok(Written::held([form.mark(), &bytes].concat(), count, guarded))
        }
        RollupFormat::Json => {
            let mut rows = JsonRows::new(&table.columns);
            table.rows.iter().for_each(|row| rows.row(row));
            let head = json_head(&manifest.scorecard, &manifest.as_of, export.run.last().grain().word());
            Ok(Written::held(format!("{head}{}{JSON_TAIL}", rows.finish()).into_bytes(), count, 0))
        }
        RollupFormat::Parquet => {
            let numeric: Vec<bool> = table.numbers.iter().map(Option::is_some).collect();
            let mut columns = Columns::new(&numeric);
            table.rows.iter().for_each(|row| columns.row(row));
            let file = Parquet::new(&table.columns, &numeric, env!("CARGO_PKG_VERSION"), Vec::new());
            let ended = file.and_then(|mut file| file.add(&columns).and_then(|()| file.finish()));
            let bytes = ended.map_err(too_much)?;
            Ok(Written::held(bytes, count, 0))
        }
        RollupFormat::Xlsx => {
            if count > MOST_ROWS {
                return Err(too_much(format!("a sheet has room for {MOST_ROWS} rows, and these are {count}")));
            }
            let mut sheet = Xlsx::new(&table.columns, &table.numbers).map_err(too_much)?;
            for (row, id) in table.rows.iter().zip(&table.ids) {
                sheet.row(row, export.scorecard.metric(*id)).map_err(too_much)?;
            }
            Ok(Written::held(sheet.finish(&origin(manifest)).map_err(too_much)?, count, 0))
        }
    }
}

/// Where a workbook came from, for the sheet that tells it.
fn origin(manifest: &Manifest) -> Origin {
    let entry = |name: &str, value: String| (name.to_owned(), value);
    let mut entries = vec![
        entry("program", manifest.program.clone()),
        entry("command", manifest.command.clone()),
        entry("scorecard", manifest.scorecard.clone()),
        entry("as of", manifest.as_of.clone()),
        entry("periods", format!("{} to {}", manifest.periods.0, manifest.periods.1)),
    ];
    let hashed = manifest.scorecards.iter().chain(manifest.inputs.iter().map(|input| &input.file));
    entries.extend(hashed.map(|file| (file.path.clone(), format!("sha256 {}", file.sha256))));
    Origin { entries }
}
