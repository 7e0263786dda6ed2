//! Arguments of `rollup`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use clap_complete::engine::ArgValueCompleter;

use super::{ReportArgs, complete};

/// Arguments of `rollup`.
#[derive(Debug, Args)]
pub struct RollupArgs {
    /// Which metrics; all of them where none is named
    #[arg(value_name = "SEL", add = ArgValueCompleter::new(complete::selectors))]
    pub selectors: Vec<String>,
    /// Period and rows.
    #[command(flatten)]
    pub report: ReportArgs,
    /// A row for each value of this dimension; several by comma or by repeating, the first one the coarsest
    #[arg(long, value_name = "DIM", value_delimiter = ',', add = ArgValueCompleter::new(complete::dimensions))]
    pub by: Vec<String>,
    /// With --by, also a row for each total and subtotal that has a meaning; the column `level` tells them apart
    #[arg(long, requires = "by")]
    pub totals: bool,
    /// One row a metric, segment and period; or one a metric and segment, with a column a period
    #[arg(long, value_enum, default_value_t, value_name = "LAYOUT")]
    pub layout: Layout,
    /// Which number stands in the columns of --layout wide
    #[arg(long, value_enum, default_value_t, value_name = "FIGURE")]
    pub figure: Figure,
    /// Round every number to so many decimals, half away from zero; else every digit is kept
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=12))]
    pub decimals: Option<u32>,
    /// Add columns with actual, target and variance as people read them
    #[arg(long)]
    pub display: bool,
    /// Tell, on standard error, what was read and left out, and whether parts equal wholes; end with 1 where they do not
    #[arg(long)]
    pub reconcile: bool,
    /// The form of the output; else by the extension of -o, else CSV
    #[arg(short = 'O', long, value_enum, value_name = "FORMAT")]
    pub format: Option<RollupFormat>,
    /// Who reads a CSV
    #[arg(long = "for", value_enum, default_value_t, value_name = "READER")]
    pub reader: CsvReader,
    /// Write to this file, whole or not at all, and a manifest beside it
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}

/// What stands in rows and what in columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Layout {
    /// One row a metric, segment and period
    #[default]
    Tidy,
    /// Metrics down, periods across
    Wide,
}

/// A number of a metric.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Figure {
    /// What was read
    #[default]
    Actual,
    /// What was promised
    Target,
    /// Actual minus target
    Variance,
    /// Actual minus the period before
    Change,
    /// Fiscal year to date
    Ytd,
    /// Own score
    Score,
}

impl Figure {
    /// The column of a tidy rollup it stands in.
    pub fn column(self) -> &'static str {
        match self {
            Figure::Actual => "actual",
            Figure::Target => "target",
            Figure::Variance => "variance",
            Figure::Change => "change",
            Figure::Ytd => "ytd",
            Figure::Score => "score",
        }
    }
}

/// The form of a rollup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RollupFormat {
    /// For programs and spreadsheets
    Csv,
    /// For programs
    Json,
    /// A workbook: typed cells, formats, statuses in colour
    Xlsx,
    /// For programs that load much: numbers as doubles
    Parquet,
}

impl RollupFormat {
    /// As it is typed.
    pub fn word(self) -> &'static str {
        match self {
            RollupFormat::Csv => "csv",
            RollupFormat::Json => "json",
            RollupFormat::Xlsx => "xlsx",
            RollupFormat::Parquet => "parquet",
        }
    }
}

/// Who reads a CSV.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CsvReader {
    /// Programs: comma, LF, no byte order mark
    #[default]
    Machine,
    /// Excel where the decimal sign is a point: comma, CRLF, byte order mark
    Excel,
    /// Excel where it is a comma: semicolon, decimal comma, CRLF, byte order mark
    ExcelEu,
}

impl CsvReader {
    /// As it is typed.
    pub fn word(self) -> &'static str {
        match self {
            CsvReader::Machine => "machine",
            CsvReader::Excel => "excel",
            CsvReader::ExcelEu => "excel-eu",
        }
    }
}
