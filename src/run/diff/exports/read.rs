//! Rollups as CSV in tidy layout, read row by row: nothing is taken for a number, a level or a period that is none.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::side::{Row, Shared, Side};
use crate::diagnostic::{Code, Diagnostic};
use crate::ledger::NUMBERS;
use crate::number::Number;
use crate::period::{Grain, Period};
use crate::prose::io_error;
use crate::run::{Findings, usage};

/// How much of a file is looked at to tell its delimiter.
const HEAD: usize = 1 << 16;

/// A rollup, or those of a folder.
///
/// # Errors
/// A file that cannot be read, or a row of a rollup that is not as it was written.
pub(super) fn side(path: &Path, shared: &mut Shared) -> Result<Side, Findings> {
    let mut side = Side::default();
    for path in paths(path)? {
        let rows = Rows { path: &path, file: side.files.len() as u32 };
        // In a folder, what is no rollup is left alone.
        if rows.gather(&mut side, shared)? {
            side.files.push(path);
        }
    }
    if side.files.is_empty() {
        let message = format!("`{}` holds no rollup as CSV in tidy layout", path.display());
        return Err(usage(message, "write one: `goldthread rollup -o FOLDER/rollup.csv`"));
    }
    side.settle().map_err(|(row, period)| {
        let what = format!("`{}` stands twice for {period}, with different numbers", shared.text(row.id));
        bad(&side.files[row.file as usize], row.line, &what)
    })?;
    Ok(side)
}

fn paths(path: &Path) -> Result<Vec<PathBuf>, Findings> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = std::fs::read_dir(path).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut paths: Vec<PathBuf> = entries.map_err(|error| unreadable(path, &error))?;
    let is_csv = |path: &Path| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    paths.retain(|path| is_csv(path) && !path.is_dir());
    paths.sort();
    Ok(paths)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Findings {
    vec![Diagnostic::error(Code::BadFile, format!("cannot read `{}`: {}", path.display(), io_error(error)))]
}

fn bad(path: &Path, line: u64, what: &str) -> Findings {
    let message = format!("`{}` is no rollup, line {line}: {what}", path.display());
    vec![Diagnostic::error(Code::BadFile, message).help("take it as `goldthread rollup` wrote it")]
}

/// A file and its place among those of its side.
struct Rows<'p> {
    path: &'p Path,
    file: u32,
}

impl Rows<'_> {
    /// Adds the rows of a rollup; `false` where the file is none.
    fn gather(&self, side: &mut Side, shared: &mut Shared) -> Result<bool, Findings> {
        let (mut reader, form) = self.opened()?;
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            // What is no text is no rollup.
            Err(error) if matches!(error.kind(), csv::ErrorKind::Utf8 { .. }) => return Ok(false),
            Err(error) => return Err(self.broken(error, 1)),
        };
        let Some(columns) = Columns::of(&header, form) else { return Ok(false) };
        let (mut levels, mut record, mut scratch) = (Vec::new(), csv::StringRecord::new(), Scratch::default());
        loop {
            let next = reader.position().line();
            if !reader.read_record(&mut record).map_err(|error| self.broken(error, next))? {
                return Ok(true);
            }
            let line = record.position().map_or(next, csv::Position::line);
            let read = columns.row(&record, shared, &mut levels, &mut scratch);
            let (period, cut, row) = read.map_err(|what| bad(self.path, line, &what))?;
            let name = record.get(columns.period).unwrap_or_default();
            side.add(period, name, cut, Row { file: self.file, line, ..row });
        }
    }

    fn opened(&self) -> Result<(csv::Reader<BufReader<File>>, Form), Findings> {
        let failed = |error: std::io::Error| unreadable(self.path, &error);
        let mut file = BufReader::with_capacity(HEAD, File::open(self.path).map_err(failed)?);
        let head = file.fill_buf().map_err(failed)?;
        let header = head.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
        let form = if header.contains(&b';') && !header.contains(&b',') { Form::DecimalComma } else { Form::Plain };
        let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        file.consume(mark);
        let delimiter = if form == Form::DecimalComma { b';' } else { b',' };
        Ok((csv::ReaderBuilder::new().delimiter(delimiter).from_reader(file), form))
    }

    fn broken(&self, error: csv::Error, line: u64) -> Findings {
        let line = error.position().map_or(line, csv::Position::line);
        match error.into_kind() {
            csv::ErrorKind::Io(error) => unreadable(self.path, &error),
            csv::ErrorKind::Utf8 { .. } => bad(self.path, line, "it is not UTF-8"),
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                bad(self.path, line, &format!("it has {len} cells, and the header {expected_len}"))
            }
            _ => bad(self.path, line, "it is no CSV"),
        }
    }
}

/// How the CSV is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Commas between cells, points in numbers.
    Plain,
    /// For Excel where the decimal sign is a comma: semicolons between cells.
    DecimalComma,
}

/// Where the columns of a rollup stand.
struct Columns {
    form: Form,
    period: usize,
    first: usize,
    grain: usize,
    level: usize,
    id: usize,
    unit: usize,
    status: usize,
    reason: usize,
    condition: usize,
    numbers: [usize; NUMBERS.len()],
    /// The dimensions stand between stage and unit.
    dimensions: Vec<(usize, String)>,
}

/// A level that was met, and where it leads.
struct Level {
    level: String,
    condition: String,
    cut: usize,
    /// The columns of its dimensions, in the order of the cut.
    columns: Vec<usize>,
}

/// Room that is used again for each row.
#[derive(Default)]
struct Scratch {
    numbers: String,
    segment: Vec<u32>,
}

impl Columns {
    /// `None` where the header is not that of a rollup.
    fn of(header: &csv::StringRecord, form: Form) -> Option<Columns> {
        let at = |name: &str| header.iter().position(|column| column == name);
        let (stage, unit) = (at("stage")?, at("unit")?);
        let mut numbers = [0; NUMBERS.len()];
        for (place, name) in numbers.iter_mut().zip(NUMBERS) {
            *place = at(name)?;
        }
        let dimensions = stage + 1..unit;
        Some(Columns {
            form,
            period: at("period")?,
            first: at("period_start")?,
            grain: at("grain")?,
            level: at("level")?,
            id: at("id")?,
            unit,
            status: at("status")?,
            reason: at("reason")?,
            condition: at("where")?,
            numbers,
            dimensions: dimensions.filter_map(|at| header.get(at).map(|name| (at, name.to_owned()))).collect(),
        })
    }

    /// A row with its period and cut; or what is wrong with it.
    fn row(
        &self,
        record: &csv::StringRecord,
        shared: &mut Shared,
        levels: &mut Vec<Level>,
        scratch: &mut Scratch,
    ) -> Result<(Period, usize, Row), String> {
        let get = |column: usize| record.get(column).unwrap_or_default();
        let period = grain_of(get(self.grain)).zip(get(self.first).parse().ok());
        let period = period.and_then(|(grain, first)| Period::beginning(grain, first));
        let period = period.ok_or_else(|| format!("`{}` is no period", get(self.period)))?;
        let level = self.level(record, shared, levels)?;
        scratch.segment.clear();
        scratch.segment.extend(level.columns.iter().map(|column| shared.texts.place(get(*column))));
        self.numbers(record, &mut scratch.numbers)?;
        let mut text = |column: usize| shared.texts.place(get(column));
        let row = Row {
            id: text(self.id),
            unit: text(self.unit),
            status: text(self.status),
            reason: text(self.reason),
            segment: shared.segments.place(&scratch.segment),
            numbers: scratch.numbers.as_str().into(),
            file: 0,
            line: 0,
        };
        Ok((period, level.cut, row))
    }

    fn level<'l>(
        &self,
        record: &csv::StringRecord,
        shared: &mut Shared,
        levels: &'l mut Vec<Level>,
    ) -> Result<&'l Level, String> {
        let get = |column: usize| record.get(column).unwrap_or_default();
        let (level, condition) = (get(self.level), get(self.condition));
        let known = levels.iter().position(|known| known.level == level && known.condition == condition);
        let at = match known {
            Some(at) => at,
            None => {
                let depth = self.depth(level).ok_or_else(|| format!("`{level}` is none of its levels"))?;
                let by: Vec<String> = self.dimensions[..depth].iter().map(|(_, name)| name.clone()).collect();
                let cut = shared.cut(&by, condition);
                let column = |name: &String| self.dimensions.iter().find(|(_, known)| known == name);
                let columns = shared.cut_at(cut).by.iter().filter_map(column).map(|(at, _)| *at).collect();
                levels.push(Level { level: level.to_owned(), condition: condition.to_owned(), cut, columns });
                levels.len() - 1
            }
        };
        Ok(&levels[at])
    }

    /// By how many of the dimensions the rows of a level are split.
    fn depth(&self, level: &str) -> Option<usize> {
        let mut rest = level;
        for (index, (_, column)) in self.dimensions.iter().enumerate() {
            // A dimension that is named like another column has a prefix there, and none in a level.
            let own = column.strip_prefix("dim_").and_then(|name| rest.strip_prefix(name));
            let Some(after) = rest.strip_prefix(column.as_str()).or(own) else { break };
            if after.is_empty() {
                return Some(index + 1);
            }
            let Some(next) = after.strip_prefix('/') else { break };
            rest = next;
        }
        ["total", "part"].contains(&level).then_some(0)
    }

    /// Writes the numbers as [`Row::numbers`] has them; or what is no number.
    fn numbers(&self, record: &csv::StringRecord, out: &mut String) -> Result<(), String> {
        use std::fmt::Write;
        out.clear();
        for (index, column) in self.numbers.iter().enumerate() {
            if index > 0 {
                out.push('\t');
            }
            let cell = record.get(*column).unwrap_or_default();
            if !cell.is_empty() {
                let number = self.form.number(cell);
                let number = number
                    .ok_or_else(|| format!("`{cell}` in column {} (`{}`) is no number", column + 1, NUMBERS[index]))?;
                // A text grows without failing.
                _ = write!(out, "{number}");
            }
        }
        Ok(())
    }
}

impl Form {
    /// A number as a rollup or a spreadsheet that saved it writes it: `0.750` is `0.75`.
    fn number(self, cell: &str) -> Option<Number> {
        let comma = match self {
            Form::Plain => None,
            // A point is no decimal sign here, and a rollup has no other signs.
            Form::DecimalComma if cell.contains('.') => return None,
            Form::DecimalComma => cell.contains(',').then(|| cell.replace(',', ".")),
        };
        let text = comma.as_deref().unwrap_or(cell);
        // Words such as `inf` are numbers to a parser.
        if !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) {
            return None;
        }
        let exact = rust_decimal::Decimal::from_str_exact(text).ok().map(Number::Exact);
        exact.or_else(|| text.parse().ok().and_then(Number::approx))
    }
}

fn grain_of(word: &str) -> Option<Grain> {
    [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Year].into_iter().find(|grain| grain.word() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_by_what_it_says_and_not_by_how() {
        let number = |form: Form, cell: &str| form.number(cell).map(|number| number.to_string());
        for (cell, wanted) in [
            ("240.0", "240"),
            ("0.750", "0.75"),
            ("-0.00", "0"),
            ("0.3333333333333333", "0.3333333333333333"),
            ("1.5E+3", "1500"),
            ("12345678901234567890123456789012", "12345678901234567000000000000000"),
        ] {
            assert_eq!(number(Form::Plain, cell).as_deref(), Some(wanted), "{cell}");
        }
        assert_eq!(number(Form::DecimalComma, "-1250,50").as_deref(), Some("-1250.5"));
        for cell in ["oops", "inf", "NaN", "1,5", "1 5", "-", ".", "1e999", "1_000", "--1"] {
            assert_eq!(number(Form::Plain, cell), None, "{cell}");
        }
        assert_eq!(number(Form::DecimalComma, "1.234"), None, "a thousand and more, or one and less");
    }

    #[test]
    fn a_level_is_as_many_dimensions_as_it_names() {
        let names = "period,period_start,grain,level,id,stage,region,dim_unit,unit,status,reason,where";
        let header = names.split(',').chain(NUMBERS).collect::<csv::StringRecord>();
        let columns = Columns::of(&header, Form::Plain).expect("a rollup");
        let depth = |level: &str| columns.depth(level);
        assert_eq!(["total", "part", "region", "region/unit"].map(depth), [Some(0), Some(0), Some(1), Some(2)]);
        assert_eq!(["", "unit", "region/", "regions", "region/unit/x"].map(depth), [None; 5]);
    }
}
