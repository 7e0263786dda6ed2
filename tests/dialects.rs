//! One law: how a table is written changes nothing that is observed.
//!
//! A random clean table is written plainly (UTF-8, commas, ISO periods) and in a random dialect, beside a scorecard that
//! declares whatever the dialect leaves open. Both ways into the file must observe what the plain file says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use goldthread::diagnostic::Files;
use goldthread::observe::{Manner, Moment, Observations, Way, observe};
use goldthread::period::Period;
use goldthread::plan::plan;
use goldthread::render::{Palette, diagnostics};
use goldthread::scorecard::{load, resolve};
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_assert_eq, prop_oneof, proptest};

/// A period and a region, both by position.
type Key = (u16, usize);

/// An amount and a number of pieces, in hundredths; `None` is missing.
type Cells = (Option<i64>, Option<i64>);

/// A table: what stands where, whichever way it is written.
#[derive(Clone, Debug)]
struct Table {
    by_day: bool,
    /// Amount and pieces in hundredths, by period and region, each once.
    rows: BTreeMap<Key, Cells>,
}

/// Names with accents, delimiters, quotes and a line break in them; all of Windows-1252.
const REGIONS: [&str; 9] =
    ["north", "Zürich", "Köln, Mitte", "a;b|c", "say \"no\"", "Côte d’Or", "two\nlines", "12,5", "Zone €"];

fn tables() -> impl Strategy<Value = Table> {
    let cents = || {
        let usual = prop_oneof![3 => -99_999i64..99_999, 2 => -1_000_000_000i64..1_000_000_000, 1 => Just(0)];
        (0..20u8, usual).prop_map(|(chance, cents)| (chance > 0).then_some(cents))
    };
    let rows = prop::collection::btree_map((0..90u16, 0..REGIONS.len()), (cents(), cents()), 1..25);
    (any::<bool>(), rows).prop_map(|(by_day, rows)| Table { by_day, rows })
}

/// Whether amount and pieces stand side by side, or each row has one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    SideBySide,
    OneARow,
    /// One a row of the plain file, periods across in the other.
    Wide,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf8Mark,
    Windows1252,
    Utf16Le,
    Utf16Be,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Container {
    Text,
    Gzip,
    /// Whether numbers and dates are kept as texts.
    Workbook {
        texts: bool,
    },
    Parquet(Column),
}

/// How parquet keeps the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Text,
    Double,
    Decimal,
}

/// How a table is written.
#[derive(Clone, Debug)]
struct Dialect {
    container: Container,
    encoding: Encoding,
    delimiter: char,
    line_end: &'static str,
    number: Numbers,
    date: usize,
    header: Header,
    above: &'static str,
    blank_rows: bool,
    quote_all: bool,
    last_line_ends: bool,
    missing: &'static str,
    /// Declares what could be found out as well.
    declare_all: bool,
    choice: u64,
}

#[derive(Clone, Debug)]
struct Numbers {
    example: &'static str,
    grouped: bool,
    padded: bool,
    negative: usize,
    currency: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Header {
    Same,
    Capitals,
    Blanks,
    Mapped,
}

const EXAMPLES: [&str; 8] = ["1234.5", "1,234.5", "1 234.5", "1'234.5", "1234,5", "1.234,5", "1 234,5", "1'234,5"];
const NEGATIVE: [(&str, &str); 4] = [("-", ""), ("\u{2212}", ""), ("", "-"), ("(", ")")];
const CURRENCY: [(&str, &str); 4] = [("", ""), ("€", ""), ("EUR ", ""), ("", " €")];
const DAYS: usize = 9;
const MONTHS: usize = 7;

fn dialects() -> impl Strategy<Value = Dialect> {
    let container = prop_oneof![
        6 => Just(Container::Text),
        1 => Just(Container::Gzip),
        2 => any::<bool>().prop_map(|texts| Container::Workbook { texts }),
        2 => prop_oneof![Just(Column::Text), Just(Column::Double), Just(Column::Decimal)].prop_map(Container::Parquet),
    ];
    let encoding = prop_oneof![
        Just(Encoding::Utf8),
        Just(Encoding::Utf8Mark),
        Just(Encoding::Windows1252),
        Just(Encoding::Utf16Le),
        Just(Encoding::Utf16Be)
    ];
    let number = (
        prop::sample::select(&EXAMPLES[..]),
        any::<bool>(),
        any::<bool>(),
        0..NEGATIVE.len(),
        prop_oneof![2 => Just(0), 1 => 0..CURRENCY.len()],
    );
    let number = number.prop_map(|(example, grouped, padded, negative, currency)| Numbers {
        example,
        grouped,
        padded,
        negative,
        currency,
    });
    let header = prop_oneof![Just(Header::Same), Just(Header::Capitals), Just(Header::Blanks), Just(Header::Mapped)];
    let above = prop_oneof![
        3 => Just(""),
        1 => Just("Quarterly report\n\n"),
        1 => Just("Quarterly report@@@\n@@@\n"),
        1 => Just("# written by hand\n"),
        1 => Just("\n\n"),
    ];
    let text = (
        encoding,
        prop::sample::select(vec![',', ';', '\t', '|']),
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
        number,
        0..DAYS * MONTHS,
    );
    let around = (
        header,
        above,
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        prop::sample::select(vec!["", "n/a", "-", "NULL", "k.A."]),
    );
    (container, text, around, any::<bool>(), any::<u64>()).prop_map(|(container, text, around, declare_all, choice)| {
        let (encoding, delimiter, line_end, number, date) = text;
        let (header, above, blank_rows, quote_all, last_line_ends, missing) = around;
        Dialect {
            container,
            encoding,
            delimiter,
            line_end,
            number,
            date,
            header,
            above,
            blank_rows,
            quote_all,
            last_line_ends,
            missing,
            declare_all,
            choice,
        }
    })
}

/// Year, month and day of a row's period: days of early 2024, months from 2018 on.
fn date_of(table: &Table, index: u16) -> (i16, u8, u8) {
    let index = i16::try_from(index).expect("small");
    if !table.by_day {
        return (2018 + index / 12, u8::try_from(index % 12 + 1).expect("a month"), 1);
    }
    let (month, day) = match index {
        0..31 => (1, index + 1),
        31..60 => (2, index - 30),
        _ => (3, index - 59),
    };
    (2024, month, u8::try_from(day).expect("a day"))
}

fn iso(table: &Table, index: u16) -> String {
    let (year, month, day) = date_of(table, index);
    if table.by_day { format!("{year}-{month:02}-{day:02}") } else { format!("{year}-{month:02}") }
}

fn plain(cents: i64) -> String {
    format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100)
}

impl Dialect {
    /// Whether the file is one of letters, to which encodings and line ends mean something.
    fn is_text(&self) -> bool {
        matches!(self.container, Container::Text | Container::Gzip)
    }

    fn holds_any_letter(&self) -> bool {
        !self.is_text() || self.encoding != Encoding::Windows1252
    }

    fn period(&self, table: &Table, index: u16) -> String {
        const NAMES: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        const GERMAN: [&str; 12] = [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ];
        let (year, month, day) = date_of(table, index);
        let (name, german) = (NAMES[usize::from(month) - 1], GERMAN[usize::from(month) - 1]);
        let short = &name[..3];
        if table.by_day {
            return match self.date % DAYS {
                0 => format!("{year}-{month:02}-{day:02}"),
                1 => format!("{year}/{month:02}/{day:02}"),
                2 => format!("{day:02}/{month:02}/{year}"),
                3 => format!("{month}/{day}/{year}"),
                4 => format!("{day}.{month}.{:02}", year % 100),
                5 => format!("{day:02}-{short}-{year}"),
                6 => format!("{short} {day}, {year}"),
                7 => format!("{year}-{month:02}-{day:02} 00:00:00"),
                _ => format!("{day}. {german} {year}"),
            };
        }
        match self.date % MONTHS {
            0 => format!("{year}-{month:02}"),
            1 => format!("{short}-{:02}", year % 100),
            2 => format!("{name} {year}"),
            3 => format!("{month:02}/{year}"),
            4 => format!("{year}/{month:02}"),
            5 => format!("{short} '{:02}", year % 100),
            _ => format!("{german} {year}"),
        }
    }

    fn number(&self, cents: i64) -> String {
        let (negative, hundredths) = (cents < 0, cents.unsigned_abs());
        let mut integer = (hundredths / 100).to_string();
        let decimal = if self.number.example.ends_with(".5") { '.' } else { ',' };
        let mark = self.number.example.chars().nth(1).expect("a second character");
        if self.number.grouped && mark != '2' {
            let mark = match mark {
                ' ' => [' ', '\u{a0}', '\u{202f}'][self.choose(if self.holds_any_letter() { 3 } else { 2 })],
                '\'' => ['\'', '\u{2019}'][self.choose(2)],
                mark => mark,
            };
            let mut at = integer.len();
            while at > 3 {
                at -= 3;
                integer.insert(at, mark);
            }
        }
        let mut fraction = format!("{:02}", hundredths % 100);
        if !self.number.padded {
            fraction.truncate(fraction.trim_end_matches('0').len());
        }
        if !fraction.is_empty() {
            write!(integer, "{decimal}{fraction}").expect("a text");
        }
        let (before, after) = CURRENCY[self.number.currency];
        let written = format!("{before}{integer}{after}");
        let style = match self.number.negative {
            1 if !self.holds_any_letter() => 0,
            style => style,
        };
        let (before, after) = NEGATIVE[style];
        if negative { format!("{before}{written}{after}") } else { written }
    }

    fn choose(&self, among: usize) -> usize {
        usize::try_from(self.choice % u64::try_from(among).expect("small")).expect("small")
    }

    fn name(&self, name: &str) -> String {
        match self.header {
            Header::Same => name.to_owned(),
            Header::Capitals => name.to_uppercase(),
            Header::Blanks => format!(" {}\u{a0}", name.replace('_', " ")),
            Header::Mapped => mapped(name),
        }
    }

    /// The table's cells as texts, header first; a blank cell is missing.
    fn grid(&self, table: &Table, shape: Shape) -> Vec<Vec<String>> {
        let name = |name: &str| self.name(name);
        let cell = |cents: Option<i64>| cents.map_or_else(|| self.missing.to_owned(), |cents| self.number(cents));
        let rows = table.rows.iter();
        match shape {
            Shape::SideBySide => {
                let header = vec!["note".to_owned(), name("when"), name("net_amount"), name("region"), name("pieces")];
                let row = |((period, region), (amount, pieces)): (&Key, &Cells)| {
                    let note = ["", "late", "1.234,5", "x\ny"][(usize::from(*period) + region) % 4].to_owned();
                    vec![note, self.period(table, *period), cell(*amount), REGIONS[*region].to_owned(), cell(*pieces)]
                };
                std::iter::once(header).chain(rows.map(row)).collect()
            }
            Shape::OneARow => {
                let header = vec![name("region"), name("indicator"), name("when"), name("value")];
                let row = |(period, region, indicator, cents): (u16, usize, &str, i64)| {
                    let cells = [REGIONS[region], indicator, &self.period(table, period), &self.number(cents)];
                    cells.map(str::to_owned).to_vec()
                };
                std::iter::once(header).chain(one_a_row(table).into_iter().map(row)).collect()
            }
            Shape::Wide => {
                let one_a_row = one_a_row(table);
                let periods: BTreeSet<u16> = one_a_row.iter().map(|row| row.0).collect();
                let mut header = vec![name("region"), name("indicator")];
                header.extend(periods.iter().map(|period| self.period(table, *period)));
                let mut lines: BTreeMap<(usize, &str), BTreeMap<u16, i64>> = BTreeMap::new();
                for (period, region, indicator, cents) in one_a_row {
                    lines.entry((region, indicator)).or_default().insert(period, cents);
                }
                let line = |((region, indicator), cells): ((usize, &str), BTreeMap<u16, i64>)| {
                    let mut line = vec![REGIONS[region].to_owned(), indicator.to_owned()];
                    line.extend(
                        periods.iter().map(|at| cells.get(at).map_or_else(String::new, |cents| self.number(*cents))),
                    );
                    line
                };
                std::iter::once(header).chain(lines.into_iter().map(line)).collect()
            }
        }
    }

    /// What the scorecard must say of the file.
    fn declared(&self, table: &Table, shape: Shape) -> String {
        let mut out = String::new();
        let mut say = |line: &str| {
            out.push_str(line);
            out.push('\n');
        };
        let everything = self.declare_all;
        let numbers_are_texts = self.is_text()
            || matches!(self.container, Container::Workbook { texts: true } | Container::Parquet(Column::Text));
        let groups_are_open = self.number.grouped && matches!(self.number.example, "1,234.5" | "1.234,5");
        if numbers_are_texts && (everything || groups_are_open) {
            say(&format!("numbers = \"{}\"", self.number.example));
        }
        if self.is_text() {
            match self.encoding {
                Encoding::Windows1252 => say("encoding = \"windows-1252\""),
                Encoding::Utf8 | Encoding::Utf8Mark if everything => say("encoding = \"utf-8\""),
                Encoding::Utf16Le if everything => say("encoding = \"utf-16le\""),
                Encoding::Utf16Be if everything => say("encoding = \"utf-16be\""),
                _ => {}
            }
            if everything {
                say(&format!(
                    "delimiter = \"{}\"",
                    if self.delimiter == '\t' { "tab".to_owned() } else { self.delimiter.to_string() }
                ));
                say(&format!("header = {}", 1 + self.above.matches('\n').count()));
            }
        }
        match self.date % DAYS {
            2 | 4 if table.by_day => say("date_order = \"dmy\""),
            3 if table.by_day => say("date_order = \"mdy\""),
            _ => {}
        }
        if self.missing == "k.A." {
            say("missing = [\"K.a.\"]");
        }
        if self.header == Header::Mapped {
            let names: &[&str] = match shape {
                Shape::SideBySide => &["when", "region", "net_amount", "pieces"],
                Shape::OneARow => &["when", "region", "indicator", "value"],
                Shape::Wide => &["region", "indicator"],
            };
            let names: Vec<String> = names.iter().map(|name| format!("{name} = \"{}\"", mapped(name))).collect();
            say(&format!("columns = {{ {} }}", names.join(", ")));
        }
        if matches!(self.container, Container::Workbook { .. }) {
            say("sheet = \"Data\"");
        }
        out
    }

    /// The text of the file.
    fn text(&self, grid: &[Vec<String>]) -> String {
        let quoted = |cell: &String| {
            let must = cell.contains([self.delimiter, '"', '\n', '\r']) || self.quote_all;
            if must { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
        };
        let delimiter = self.delimiter.to_string();
        let mut out = self.above.replace('@', &delimiter).replace('\n', self.line_end);
        for (index, row) in grid.iter().enumerate() {
            if self.blank_rows && index == 2 {
                out.push_str(&delimiter.repeat(row.len() - 1));
                out.push_str(self.line_end);
            }
            out.push_str(&row.iter().map(quoted).collect::<Vec<_>>().join(&delimiter));
            if index + 1 < grid.len() || self.last_line_ends {
                out.push_str(self.line_end);
            }
        }
        out
    }

    fn encoded(&self, text: &str) -> Vec<u8> {
        let units = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes);
        match self.encoding {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Utf8Mark => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            Encoding::Windows1252 => {
                let (bytes, _, lost) = encoding_rs::WINDOWS_1252.encode(text);
                assert!(!lost, "not of Windows-1252: {text}");
                bytes.into_owned()
            }
            Encoding::Utf16Le => [0xff, 0xfe].into_iter().chain(units(u16::to_le_bytes)).collect(),
            Encoding::Utf16Be => [0xfe, 0xff].into_iter().chain(units(u16::to_be_bytes)).collect(),
        }
    }

    /// Writes the table; answers the file's name.
    fn write(&self, table: &Table, shape: Shape, folder: &Path) -> &'static str {
        let grid = self.grid(table, shape);
        match self.container {
            Container::Text => {
                std::fs::write(folder.join("data.csv"), self.encoded(&self.text(&grid))).expect("a file");
                "data.csv"
            }
            Container::Gzip => {
                let file = std::fs::File::create(folder.join("data.csv.gz")).expect("a file");
                let mut packer = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
                packer.write_all(&self.encoded(&self.text(&grid))).expect("a file");
                packer.finish().expect("a file");
                "data.csv.gz"
            }
            Container::Workbook { texts } => {
                self.workbook(table, shape, &grid, texts, &folder.join("data.xlsx"));
                "data.xlsx"
            }
            Container::Parquet(column) => {
                self.parquet(table, shape, &grid, column, &folder.join("data.parquet"));
                "data.parquet"
            }
        }
    }

    fn workbook(&self, table: &Table, shape: Shape, grid: &[Vec<String>], texts: bool, path: &Path) {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().set_name("Notes").expect("a name").write(0, 0, "region").expect("a cell");
        let sheet = book.add_worksheet().set_name("Data").expect("a name");
        let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
        let values = values(table, shape);
        for (index, row) in grid.iter().enumerate() {
            for (at, text) in row.iter().enumerate() {
                let (line, column) = (u32::try_from(index).expect("small"), u16::try_from(at).expect("small"));
                match index.checked_sub(1).map(|index| &values[index][at]) {
                    Some(Value::Cents(Some(cents))) if !texts => {
                        sheet.write(line, column, *cents as f64 / 100.0).expect("a cell");
                    }
                    Some(Value::Period(period)) if !texts && table.by_day => {
                        let (year, month, day) = date_of(table, *period);
                        let year = u16::try_from(year).expect("a year");
                        let day = rust_xlsxwriter::ExcelDateTime::from_ymd(year, month, day).expect("a date");
                        sheet.write_with_format(line, column, &day, &date).expect("a cell");
                    }
                    _ if text.is_empty() => {}
                    _ => {
                        sheet.write(line, column, text).expect("a cell");
                    }
                }
            }
        }
        book.save(path).expect("a workbook");
    }

    fn parquet(&self, table: &Table, shape: Shape, grid: &[Vec<String>], column: Column, path: &Path) {
        let values = values(table, shape);
        let kind = |at: usize| match values[0][at] {
            Value::Cents(_) => column,
            Value::Period(_) | Value::Text => Column::Text,
        };
        // A period may be a date where it is a day.
        let is_date = |at: usize| table.by_day && column != Column::Text && matches!(values[0][at], Value::Period(_));
        let fields: String = (0..grid[0].len())
            .map(|at| {
                let name = &grid[0][at];
                let field = if is_date(at) {
                    "OPTIONAL INT32 @ (DATE);"
                } else {
                    match kind(at) {
                        Column::Text => "OPTIONAL BYTE_ARRAY @ (UTF8);",
                        Column::Double => "OPTIONAL DOUBLE @;",
                        Column::Decimal => "OPTIONAL INT64 @ (DECIMAL(18, 2));",
                    }
                };
                // A name with blanks cannot be written in the text form of a schema: it is put in below.
                field.replace(
                    '@',
                    &format!("c{at}_{}", name.chars().filter(char::is_ascii_alphanumeric).collect::<String>()),
                )
            })
            .collect();
        let parsed = parse_message_type(&format!("message data {{ {fields} }}")).expect("a schema");
        let named = parsed.get_fields().iter().zip(&grid[0]).map(|(field, name)| Arc::new(renamed(field, name)));
        let schema = parquet::schema::types::Type::group_type_builder("data").with_fields(named.collect()).build();
        let compression = [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::ZSTD(Default::default()),
            Compression::LZ4_RAW,
        ];
        let properties = WriterProperties::builder().set_compression(compression[self.choose(4)]).build();
        let file = std::fs::File::create(path).expect("a file");
        let mut writer = SerializedFileWriter::new(file, Arc::new(schema.expect("a schema")), Arc::new(properties))
            .expect("a writer");
        let group = 1 + self.choose(7);
        for lines in (1..grid.len()).collect::<Vec<_>>().chunks(group) {
            let mut rows = writer.next_row_group().expect("a row group");
            for at in 0..grid[0].len() {
                let mut column = rows.next_column().expect("a column").expect("a column");
                let filled: Vec<usize> = lines
                    .iter()
                    .copied()
                    .filter(|line| match values[line - 1][at] {
                        Value::Cents(None) => kind(at) == Column::Text && !grid[*line][at].is_empty(),
                        _ => !grid[*line][at].is_empty(),
                    })
                    .collect();
                let levels: Vec<i16> = lines.iter().map(|line| i16::from(filled.contains(line))).collect();
                let cents = |line: &usize| match values[line - 1][at] {
                    Value::Cents(Some(cents)) => cents,
                    _ => unreachable!("filled"),
                };
                if is_date(at) {
                    let day = |line: &usize| match values[line - 1][at] {
                        // 2024-01-01 is day 19723 of the epoch.
                        Value::Period(period) => 19_723 + i32::from(period),
                        _ => unreachable!("a period"),
                    };
                    let days: Vec<i32> = filled.iter().map(day).collect();
                    column.typed::<Int32Type>().write_batch(&days, Some(&levels), None).expect("a batch");
                } else {
                    match kind(at) {
                        Column::Text => {
                            let texts: Vec<ByteArray> =
                                filled.iter().map(|line| grid[*line][at].as_str().into()).collect();
                            column.typed::<ByteArrayType>().write_batch(&texts, Some(&levels), None).expect("a batch");
                        }
                        Column::Double => {
                            let doubles: Vec<f64> = filled.iter().map(|line| cents(line) as f64 / 100.0).collect();
                            column.typed::<DoubleType>().write_batch(&doubles, Some(&levels), None).expect("a batch");
                        }
                        Column::Decimal => {
                            let units: Vec<i64> = filled.iter().map(cents).collect();
                            column.typed::<Int64Type>().write_batch(&units, Some(&levels), None).expect("a batch");
                        }
                    }
                }
                column.close().expect("a column");
            }
            rows.close().expect("a row group");
        }
        writer.close().expect("a file");
    }
}

/// What a cell of the grid means.
enum Value {
    Text,
    Period(u16),
    Cents(Option<i64>),
}

/// What the cells below the header mean, by row and column of [`Dialect::grid`].
fn values(table: &Table, shape: Shape) -> Vec<Vec<Value>> {
    match shape {
        Shape::SideBySide => {
            let row = |((period, _), (amount, pieces)): (&Key, &Cells)| {
                vec![Value::Text, Value::Period(*period), Value::Cents(*amount), Value::Text, Value::Cents(*pieces)]
            };
            table.rows.iter().map(row).collect()
        }
        Shape::OneARow => {
            let row = |(period, _, _, cents)| {
                vec![Value::Text, Value::Text, Value::Period(period), Value::Cents(Some(cents))]
            };
            one_a_row(table).into_iter().map(row).collect()
        }
        Shape::Wide => {
            let one_a_row = one_a_row(table);
            let periods: BTreeSet<u16> = one_a_row.iter().map(|row| row.0).collect();
            let lines: BTreeSet<(usize, &str)> = one_a_row.iter().map(|row| (row.1, row.2)).collect();
            let cells: BTreeMap<(usize, &str, u16), i64> =
                one_a_row.iter().map(|row| ((row.1, row.2, row.0), row.3)).collect();
            let line = |(region, indicator): (usize, &'static str)| {
                let mut line = vec![Value::Text, Value::Text];
                line.extend(periods.iter().map(|at| Value::Cents(cells.get(&(region, indicator, *at)).copied())));
                line
            };
            lines.into_iter().map(line).collect()
        }
    }
}

/// Period, region, indicator and value of each cell that is there.
fn one_a_row(table: &Table) -> Vec<(u16, usize, &'static str, i64)> {
    let both = table.rows.iter().flat_map(|((period, region), (amount, pieces))| {
        [("amount", *amount), ("pieces", *pieces)].map(|(indicator, cents)| Some((*period, *region, indicator, cents?)))
    });
    both.flatten().collect()
}

fn mapped(name: &str) -> String {
    format!("The {name} (%)")
}

/// The same field by another name.
fn renamed(field: &parquet::schema::types::Type, name: &str) -> parquet::schema::types::Type {
    let basic = field.get_basic_info();
    let mut builder = parquet::schema::types::Type::primitive_type_builder(name, field.get_physical_type())
        .with_repetition(basic.repetition())
        .with_converted_type(basic.converted_type())
        .with_logical_type(basic.logical_type_ref().cloned());
    if field.is_primitive() && basic.converted_type() == parquet::basic::ConvertedType::DECIMAL {
        builder = builder.with_precision(18).with_scale(2);
    }
    builder.build().expect("a field")
}

fn scorecard(table: &Table, shape: Shape, file: &str, declared: &str) -> String {
    let grain = if table.by_day { "day" } else { "month" };
    let when = if shape == Shape::Wide { "layout = \"wide\"" } else { "period = \"when\"" };
    let metrics = match shape {
        Shape::SideBySide => {
            "a = { source = \"data\", unit = \"EUR\", value = \"sum(net_amount) / count(pieces)\" }
b = { source = \"data\", unit = \"EUR\", value = \"min(net_amount) + max(pieces) + median(pieces)\" }
c = { source = \"data\", unit = \"EUR\", value = \"sum(net_amount * pieces)\", where = \"net_amount > 12.5\" }
d = { source = \"data\", unit = \"count\", value = \"count_distinct(region) + count(*)\", where = \"pieces is not null\" }
e = { source = \"data\", unit = \"count\", value = \"sum(pieces)\", where = \"region in ('Zürich', 'Côte d’Or', '12,5') or region like '%;%'\" }
"
        }
        Shape::OneARow | Shape::Wide => {
            "a = { source = \"data\", unit = \"EUR\", value = \"sum(value)\", where = \"indicator = 'amount'\" }
b = { source = \"data\", unit = \"EUR\", value = \"median(value) + count(*)\", where = \"indicator = 'pieces'\" }
c = { source = \"data\", unit = \"EUR\", value = \"min(value) + max(value)\", where = \"value < 100.25\" }
"
        }
    };
    format!(
        "[scorecard]\ngrain = \"{grain}\"\ncurrency = \"EUR\"\n[sources.data]\npath = \"{file}\"\n{when}\ndimensions = [\"region\"]\n{declared}[metrics]\n{metrics}"
    )
}

type Seen = (u32, BTreeMap<Period, (u64, BTreeMap<Vec<String>, Vec<goldthread::observe::Cell>>)>);

/// What is observed of the scorecard of a folder, by region.
fn observed(folder: &Path, way: Way) -> Result<Seen, String> {
    let loaded = load(&folder.join("scorecard.toml"));
    let told = |found: &[goldthread::diagnostic::Diagnostic], files: &Files| diagnostics(found, files, Palette::Plain);
    let scorecard = resolve(&loaded).map_err(|found| told(&found, &loaded.files))?;
    let plan = plan(&scorecard, &scorecard.ids().collect::<Vec<_>>(), &["region".to_owned()], None);
    let manner = Manner { way, ..Manner::default() };
    let seen = observe(&scorecard, &plan, manner).map_err(|found| told(&found, &loaded.files))?;
    if !seen.warnings.is_empty() {
        return Err(told(&seen.warnings, &loaded.files));
    }
    let Observations { tables, .. } = seen.value;
    let [table] = tables.as_slice() else { return Err(format!("{} tables", tables.len())) };
    let of = |moment: &Moment| (moment.rows, moment.segments.clone());
    Ok((table.scale.decimals(), table.moments.iter().map(|(period, moment)| (*period, of(moment))).collect()))
}

/// Writes the plain file and the other one, and compares.
fn holds(table: &Table, shape: Shape, dialect: &Dialect) -> Result<(), String> {
    let (simple, odd) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let reference = if shape == Shape::Wide { Shape::OneARow } else { shape };
    let (mut plainly, mut first) = (String::new(), true);
    let (as_they_are, meant) = (Dialect::plain(), values(table, reference));
    for (index, mut row) in as_they_are.grid(table, reference).into_iter().enumerate() {
        for (at, cell) in row.iter_mut().enumerate() {
            if let Some(value) = index.checked_sub(1).map(|index| &meant[index][at]) {
                match value {
                    Value::Text => {}
                    Value::Period(period) => *cell = iso(table, *period),
                    Value::Cents(cents) => *cell = cents.map_or_else(String::new, plain),
                }
            }
        }
        let quoted: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        write!(plainly, "{}{}", if first { "" } else { "\n" }, quoted.join(",")).expect("a text");
        first = false;
    }
    plainly.push('\n');
    std::fs::write(simple.path().join("data.csv"), plainly).expect("a file");
    std::fs::write(simple.path().join("scorecard.toml"), scorecard(table, reference, "data.csv", "")).expect("a file");
    let file = dialect.write(table, shape, odd.path());
    let written = scorecard(table, shape, file, &dialect.declared(table, shape));
    std::fs::write(odd.path().join("scorecard.toml"), &written).expect("a file");
    let shown = || {
        let text = if dialect.is_text() {
            dialect.text(&dialect.grid(table, shape))
        } else {
            format!("{:?}", dialect.grid(table, shape))
        };
        format!("{dialect:?}\n{written}\n{text:?}")
    };
    let expected = observed(simple.path(), Way::Fast).map_err(|told| format!("the plain file: {told}"))?;
    for (folder, way, what) in [
        (&simple, Way::Careful, "the plain file, carefully"),
        (&odd, Way::Fast, "either way"),
        (&odd, Way::Careful, "carefully"),
    ] {
        let seen = observed(folder.path(), way).map_err(|told| format!("{what}: {told}\n{}", shown()))?;
        if seen != expected {
            return Err(format!("{what}:\nseen     {seen:?}\nexpected {expected:?}\n{}", shown()));
        }
    }
    Ok(())
}

impl Dialect {
    fn plain() -> Dialect {
        Dialect {
            container: Container::Text,
            encoding: Encoding::Utf8,
            delimiter: ',',
            line_end: "\n",
            number: Numbers { example: "1234.5", grouped: false, padded: true, negative: 0, currency: 0 },
            date: 0,
            header: Header::Same,
            above: "",
            blank_rows: false,
            quote_all: false,
            last_line_ends: true,
            missing: "",
            declare_all: false,
            choice: 0,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn how_a_table_is_written_changes_nothing(
        table in tables(),
        shape in prop_oneof![3 => Just(Shape::SideBySide), 1 => Just(Shape::OneARow), 2 => Just(Shape::Wide)],
        dialect in dialects(),
    ) {
        // Without a single value there is no period across.
        let shape = if one_a_row(&table).is_empty() { Shape::SideBySide } else { shape };
        prop_assert_eq!(holds(&table, shape, &dialect), Ok(()));
    }
}
