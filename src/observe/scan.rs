//! One piece of a file through polars: split, project, filter, group, aggregate.
//!
//! The only file that names polars. Every column is read as text; numbers are read by
//! [`parse_cell`](crate::formula::parse_cell) inside the query, as 128-bit fixed-point integers, so that
//! sums are exact, independent of order, and the same as the careful way's. polars' own reader of
//! decimals rounds in silence, its float sums depend on the order of rows.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use polars::error::polars_bail;
use polars::io::csv::read::_csv_read_internal::read_chunk;
use polars::prelude::{
    BooleanChunked, Column, CsvParseOptions, DataFrame, DataType, Engine, Expr, Field, Int128Chunked, IntoColumn,
    IntoLazy, LazyFrame, PolarsDataType, PolarsResult, Schema, Series, StringChunked, StringType, col, len,
};

use super::clean::{Dialect, Shape, measure};
use super::files::{InputFile, TextForm};
use super::header::At;
use super::row::{RowBase, position};
use super::shape::{record_length, without_line_end};
use super::table::{Cell, Moment, Segment};
use super::totals::TotalWords;
use crate::formula::{CellFault, Cells, DecimalMark, Predicate, Proof, RowFault, Scale, WrittenNumber, parse_cell};
use crate::metric::{Missing, Source};
use crate::period::Period;
use crate::plan::{BaseKind, Scan};

/// What to compute of each piece of one file.
pub(super) struct Query {
    dialect: Dialect,
    schema: Arc<Schema>,
    scale: Scale,
    period: Expr,
    keys: Vec<Expr>,
    /// Position in the file of each of the scan's columns.
    positions: Vec<usize>,
    /// Names of the columns read, by position among the scan's columns.
    names: Vec<String>,
    filter: Option<Predicate<usize>>,
    bases: Vec<RowBase>,
    cells: CellRules,
    totals: TotalWords,
    /// The columns that tell rows apart, among the scan's, the period's first.
    identity: Option<Vec<usize>>,
}

/// What one piece holds, or that it is not clean.
#[derive(Default)]
pub(super) struct Aggregated {
    pub(super) rows: u64,
    /// What is wrong, each kind once; where there is anything, the numbers are not to be used.
    pub(super) flaws: BTreeSet<Flaw>,
    pub(super) moments: BTreeMap<Period, Moment>,
    /// Of each row, what tells it apart; empty where nothing does.
    pub(super) identities: Vec<u64>,
}

/// Why a piece is not clean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Flaw {
    /// Rows of the wrong shape, or bytes that are no UTF-8.
    Shape,
    /// A row that is a total of others.
    Total,
    /// A period in no ISO form.
    Period,
    /// A cell.
    Cell(CellFault),
}

type Shared = Arc<Mutex<BTreeSet<Flaw>>>;

/// The cells of a column, in one run.
type Texts = <StringType as PolarsDataType>::Array;

impl Query {
    pub(super) fn new(source: &Source, scan: &Scan, file: &InputFile, form: &TextForm, scale: Scale) -> Query {
        let name = |position: usize| format!("c{position}");
        let fields = (0..file.fields()).map(|position| Field::new(name(position).into(), DataType::String));
        // A long file has every column in a field.
        let fields_of =
            file.columns.at.iter().filter_map(|at| if let At::Field(field) = at { Some(*field) } else { None });
        let positions: Vec<usize> = fields_of.collect();
        let key = |column: &String| col(name(positions[position(scan, column)]));
        let identity = scan
            .identity
            .as_ref()
            .map(|columns| std::iter::once(0).chain(columns.iter().map(|column| position(scan, column))).collect());
        Query {
            dialect: Dialect { delimiter: form.delimiter, fields: file.fields() },
            schema: Arc::new(fields.collect()),
            scale,
            // The plan puts the period's column first.
            period: col(name(positions[0])),
            keys: scan.keys.iter().map(key).collect(),
            names: positions.iter().map(|position| name(*position)).collect(),
            positions,
            filter: scan.filter.as_ref().map(|filter| filter.map(&mut |column| position(scan, column))),
            bases: RowBase::of(scan),
            cells: CellRules::of(source, form),
            totals: TotalWords::of(source, file),
            identity,
        }
    }

    /// Aggregates a piece of whole records.
    pub(super) fn run(&self, mut piece: Vec<u8>) -> Result<Aggregated, String> {
        let mut aggregated = Aggregated::default();
        let shape = measure(&piece, self.dialect);
        if shape.faulty > 0 || std::str::from_utf8(&piece).is_err() {
            aggregated.flaws.insert(Flaw::Shape);
            return Ok(aggregated);
        }
        if self.totals.may_stand_in(&piece) && self.totals.stand_in(&piece, self.dialect) {
            aggregated.flaws.insert(Flaw::Total);
            return Ok(aggregated);
        }
        if shape.records == 0 {
            return Ok(aggregated);
        }
        if shape.blank > 0 {
            piece = without_blank_lines(&piece);
        }
        let found: Shared = Shared::default();
        aggregated.rows = shape.records;
        let rows = self.rows(&piece, &shape).map_err(|error| error.to_string())?;
        aggregated.identities = self.identities(&rows).map_err(|error| error.to_string())?;
        let frame = self.frame(rows, &shape, &found).map_err(|error| error.to_string())?;
        self.collect(&frame, &mut aggregated).map_err(|error| error.to_string())?;
        // A closure that panicked has ended the query already.
        let mut found = found.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        aggregated.flaws.append(&mut found);
        Ok(aggregated)
    }

    /// A hash of what tells each row apart.
    fn identities(&self, rows: &DataFrame) -> PolarsResult<Vec<u64>> {
        let Some(identity) = &self.identity else { return Ok(Vec::new()) };
        let columns: Vec<StringChunked> = identity
            .iter()
            .map(|column| Ok(rows.column(&self.names[*column])?.str()?.rechunk().into_owned()))
            .collect::<PolarsResult<_>>()?;
        let arrays: Vec<&Texts> = columns.iter().map(StringChunked::downcast_as_array).collect();
        let hash = |row: usize| {
            let mut hasher = DefaultHasher::new();
            for array in &arrays {
                self.cells.text(array.get(row)).unwrap_or_default().hash(&mut hasher);
            }
            hasher.finish()
        };
        Ok((0..rows.height()).map(hash).collect())
    }

    fn frame(&self, rows: DataFrame, shape: &Shape, found: &Shared) -> PolarsResult<DataFrame> {
        // No sum of so many values up to this can leave 128 bits, in which polars would wrap around.
        let limit = i128::MAX.unsigned_abs() / u128::from(shape.records.max(1));
        let rows = rows.lazy();
        let cells = self.cells.of_piece(shape);
        let rows = match &self.filter {
            Some(filter) => rows.filter(self.holds(filter.clone(), &cells, found)),
            None => rows,
        };
        let mut columns = vec![self.period.clone().alias("period")];
        columns.extend(self.keys.iter().enumerate().map(|(index, key)| key.clone().alias(format!("k{index}"))));
        columns.extend(
            self.bases
                .iter()
                .enumerate()
                .filter(|(_, base)| !counts_all_rows(base))
                .map(|(index, base)| self.value(base, limit, &cells, found).alias(format!("v{index}"))),
        );
        let mut groups = vec![col("period")];
        groups.extend((0..self.keys.len()).map(|index| col(format!("k{index}"))));
        Ok(aggregate(rows.select(columns), groups, &self.bases).collect_with_engine(Engine::Streaming)?.unwrap_single())
    }

    /// The columns read, as texts.
    ///
    /// polars' own parser, without the counting of lines its lazy scan does first: [`measure`] has found every
    /// record already, and counting them again costs a quarter of the time of a large file.
    fn rows(&self, piece: &[u8], shape: &Shape) -> PolarsResult<DataFrame> {
        let options = CsvParseOptions {
            separator: self.dialect.delimiter,
            quote_char: shape.quoted.then_some(b'"'),
            missing_is_null: true,
            ..CsvParseOptions::default()
        };
        let mut projection = self.positions.clone();
        projection.sort_unstable();
        let records = usize::try_from(shape.records).unwrap_or(usize::MAX);
        let length = piece.len();
        let rows =
            read_chunk(piece, &options, &self.schema, false, &projection, 0, records, None, records, length, Some(0))?;
        if rows.height() != records {
            polars_bail!(ComputeError: "{} rows were read where {records} stand", rows.height());
        }
        Ok(rows)
    }

    /// Whether each row is meant, as a column.
    fn holds(&self, filter: Predicate<usize>, cells: &CellRules, found: &Shared) -> Expr {
        let (scale, found, cells) = (self.scale, found.clone(), cells.clone());
        self.over_rows(DataType::Boolean, move |texts, height| {
            let kept = (0..height).map(|row| {
                filter.holds(&TextRow { texts, row, cells: &cells }, scale).unwrap_or_else(|fault| {
                    note(&found, fault);
                    None
                })
            });
            Column::new("".into(), kept.map(|kept| kept == Some(true)).collect::<BooleanChunked>())
        })
    }

    /// What a base aggregates of each row, as a column; null where there is nothing.
    fn value(&self, base: &RowBase, limit: u128, cells: &CellRules, found: &Shared) -> Expr {
        let (scale, found, base, cells) = (self.scale, found.clone(), base.clone(), cells.clone());
        if base.kind() == BaseKind::Texts {
            return self.over_rows(DataType::String, move |texts, height| {
                let text = |row: usize| {
                    let row = TextRow { texts, row, cells: &cells };
                    let counted = number(&base, &row, scale, &found)?;
                    base.column().filter(|_| counted == 1).and_then(|column| row.text(column)).map(str::to_owned)
                };
                (0..height).map(text).collect::<StringChunked>().into_column()
            });
        }
        let limit = if base.kind() == BaseKind::Sum { limit } else { u128::MAX };
        let one = 10i128.pow(scale.decimals()).unsigned_abs();
        self.over_rows(DataType::Int128, move |texts, height| {
            let values: Int128Chunked = (0..height)
                .map(|row| match number(&base, &TextRow { texts, row, cells: &cells }, scale, &found) {
                    Some(value) if value.unsigned_abs() > limit => {
                        note(&found, RowFault::Result(CellFault::TooLarge));
                        None
                    }
                    Some(value) if base.is_share() && value.unsigned_abs() > one => {
                        note(&found, RowFault::Result(CellFault::BeyondOne));
                        None
                    }
                    value => value,
                })
                .collect();
            values.into_column()
        })
    }

    /// A column computed row by row from the texts of all columns read.
    fn over_rows(&self, out: DataType, compute: impl Fn(&[&Texts], usize) -> Column + Send + Sync + 'static) -> Expr {
        let inputs: Vec<Expr> = self.names.iter().map(|name| col(name.as_str())).collect();
        let function = move |columns: &mut [Column]| -> PolarsResult<Column> {
            let texts: Vec<StringChunked> =
                columns.iter().map(|column| Ok(column.str()?.rechunk().into_owned())).collect::<PolarsResult<_>>()?;
            let height = columns.first().map_or(0, Column::len);
            let arrays: Vec<&Texts> = texts.iter().map(StringChunked::downcast_as_array).collect();
            Ok(compute(&arrays, height))
        };
        inputs[0]
            .clone()
            .map_many(function, &inputs[1..], move |_, fields| Ok(Field::new(fields[0].name().clone(), out.clone())))
    }

    fn collect(&self, frame: &DataFrame, into: &mut Aggregated) -> PolarsResult<()> {
        let periods = frame.column("period")?.str()?.clone();
        let keys: Vec<StringChunked> = (0..self.keys.len())
            .map(|index| Ok(frame.column(&format!("k{index}"))?.str()?.clone()))
            .collect::<PolarsResult<_>>()?;
        let rows = frame.column("rows")?.cast(&DataType::UInt64)?;
        let rows = rows.u64()?;
        let bases: Vec<Vec<Cell>> = self
            .bases
            .iter()
            .enumerate()
            .map(|(index, base)| cells(base, frame, index))
            .collect::<PolarsResult<_>>()?;
        let mut bases: Vec<_> = bases.into_iter().map(Vec::into_iter).collect();
        for row in 0..frame.height() {
            // Every base has one cell a row of the frame.
            let cells: Vec<Cell> = bases.iter_mut().filter_map(Iterator::next).collect();
            let Some(period) = periods.get(row).and_then(|text| Period::parse(text.trim())) else {
                into.flaws.insert(Flaw::Period);
                continue;
            };
            let text = |key: &StringChunked| self.cells.text(key.get(row)).unwrap_or_default().to_owned();
            let segment: Segment = keys.iter().map(text).collect();
            let part = Moment {
                rows: rows.get(row).unwrap_or_default(),
                segments: BTreeMap::from([(segment, cells)]),
                ..Moment::default()
            };
            // Texts that differ in blanks only are one key; sums of one piece cannot overflow.
            if into.moments.entry(period).or_default().merge(part).is_err() {
                into.flaws.insert(Flaw::Cell(CellFault::TooLarge));
            }
        }
        Ok(())
    }
}

fn aggregate(rows: LazyFrame, groups: Vec<Expr>, bases: &[RowBase]) -> LazyFrame {
    let mut aggregates = vec![len().alias("rows")];
    for (index, base) in bases.iter().enumerate() {
        let value = || col(format!("v{index}"));
        match base.kind() {
            BaseKind::Sum => aggregates
                .extend([value().sum().alias(format!("s{index}")), value().count().alias(format!("n{index}"))]),
            BaseKind::Rows if counts_all_rows(base) => {}
            BaseKind::Rows | BaseKind::Filled => aggregates.push(value().count().alias(format!("n{index}"))),
            BaseKind::Min => aggregates.push(value().min().alias(format!("s{index}"))),
            BaseKind::Max => aggregates.push(value().max().alias(format!("s{index}"))),
            BaseKind::Values | BaseKind::Texts => {
                aggregates.push(value().drop_nulls().implode(true).alias(format!("s{index}")));
            }
        }
    }
    rows.group_by(groups).agg(aggregates)
}

fn number(base: &RowBase, row: &TextRow<'_>, scale: Scale, found: &Shared) -> Option<i128> {
    base.value(row, scale).unwrap_or_else(|fault| {
        note(found, fault);
        None
    })
}

fn note(found: &Shared, fault: RowFault<usize>) {
    let fault = match fault {
        RowFault::Cell(_, fault) | RowFault::Result(fault) => fault,
        RowFault::ZeroDenominator => CellFault::NotANumber,
    };
    // A closure that panicked has ended the query already.
    found.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(Flaw::Cell(fault));
}

/// How the cells of a clean file are understood.
#[derive(Clone)]
struct CellRules {
    missing: Arc<Missing>,
    /// Whether a text that stands for a missing cell is a number, such as -999.
    missing_is_number: bool,
    /// Whether no number format is declared.
    is_open: bool,
    /// Whether `1.005` is two numbers until another cell proves one.
    is_wary: bool,
    point_is_proven: Arc<AtomicBool>,
}

impl CellRules {
    /// Where fields are parted by anything but commas, or stand in quotes, the comma may be a decimal mark and the point
    /// no such thing.
    fn of(source: &Source, form: &TextForm) -> CellRules {
        let is_open = source.written.numbers.is_none();
        let is_wary = is_open && form.delimiter != b',';
        let missing = Arc::new(source.written.missing.clone());
        let missing_is_number = missing.0.iter().any(|text| parse_cell(text, Scale::FINE).is_ok());
        CellRules { missing, missing_is_number, is_open, is_wary, point_is_proven: Arc::default() }
    }

    fn of_piece(&self, shape: &Shape) -> CellRules {
        CellRules { is_wary: self.is_wary || self.is_open && shape.quoted, ..self.clone() }
    }

    fn text<'t>(&self, cell: Option<&'t str>) -> Option<&'t str> {
        cell.map(str::trim).filter(|text| !self.missing.holds(text))
    }
}

/// One row of texts.
struct TextRow<'t> {
    texts: &'t [&'t Texts],
    row: usize,
    cells: &'t CellRules,
}

impl Cells<usize> for TextRow<'_> {
    fn text(&self, column: usize) -> Option<&str> {
        self.cells.text(self.texts[column].get(self.row))
    }

    fn number(&self, column: usize, scale: Scale) -> Result<Option<i128>, CellFault> {
        let Some(text) = self.texts[column].get(self.row) else { return Ok(None) };
        if self.cells.missing_is_number && self.cells.missing.holds(text.trim()) {
            return Ok(None);
        }
        match parse_cell(text, scale) {
            Err(CellFault::NotANumber) if self.cells.missing.holds(text.trim()) => Ok(None),
            value if self.cells.is_wary && text.contains('.') => {
                match WrittenNumber::parse(text).map(|number| number.proof()) {
                    Some(Proof::Open(_)) if !self.cells.point_is_proven.load(Ordering::Relaxed) => {
                        Err(CellFault::Ambiguous)
                    }
                    Some(Proof::Decimal(DecimalMark::Point)) => {
                        self.cells.point_is_proven.store(true, Ordering::Relaxed);
                        value
                    }
                    _ => value,
                }
            }
            value => value,
        }
    }
}

/// Whether a base takes 1 from every row: then polars counts them.
fn counts_all_rows(base: &RowBase) -> bool {
    base.kind() == BaseKind::Rows && base.filter().is_none()
}

/// The cells of one base, one a row of the aggregated frame.
fn cells(base: &RowBase, frame: &DataFrame, index: usize) -> PolarsResult<Vec<Cell>> {
    let counts = |name: &str| -> PolarsResult<Vec<u64>> {
        let column = frame.column(name)?.cast(&DataType::UInt64)?;
        Ok(column.u64()?.iter().map(Option::unwrap_or_default).collect())
    };
    let numbers =
        || -> PolarsResult<Vec<Option<i128>>> { Ok(frame.column(&format!("s{index}"))?.i128()?.iter().collect()) };
    Ok(match base.kind() {
        BaseKind::Sum => {
            let counts = counts(&format!("n{index}"))?;
            numbers()?
                .into_iter()
                .zip(counts)
                .map(|(sum, count)| Cell::Sum { sum: sum.unwrap_or_default(), count })
                .collect()
        }
        BaseKind::Rows if counts_all_rows(base) => counts("rows")?.into_iter().map(Cell::Count).collect(),
        BaseKind::Rows | BaseKind::Filled => counts(&format!("n{index}"))?.into_iter().map(Cell::Count).collect(),
        BaseKind::Min => numbers()?.into_iter().map(Cell::Min).collect(),
        BaseKind::Max => numbers()?.into_iter().map(Cell::Max).collect(),
        BaseKind::Values => lists(frame, index, |values| {
            let mut counted: BTreeMap<i128, u64> = BTreeMap::new();
            values.i128()?.iter().flatten().for_each(|value| *counted.entry(value).or_default() += 1);
            Ok(Cell::Values(counted))
        })?,
        BaseKind::Texts => {
            lists(frame, index, |values| Ok(Cell::Texts(values.str()?.iter().flatten().map(str::to_owned).collect())))?
        }
    })
}

fn lists(frame: &DataFrame, index: usize, cell: impl Fn(&Series) -> PolarsResult<Cell>) -> PolarsResult<Vec<Cell>> {
    let column = frame.column(&format!("s{index}"))?;
    let lists = column.list()?;
    (0..lists.len()).map(|row| cell(&lists.get_as_series(row).unwrap_or_default())).collect()
}

fn without_blank_lines(piece: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(piece.len());
    let mut rest = piece;
    while !rest.is_empty() {
        let (record, next) = rest.split_at(record_length(rest));
        if !without_line_end(record).is_empty() {
            out.extend_from_slice(record);
        }
        rest = next;
    }
    out
}
