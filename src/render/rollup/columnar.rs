//! A rollup as Parquet: texts as UTF-8, numbers as doubles, nothing where nothing is. Rows are written group by group, so
//! that memory holds one group, as columns.

use std::io::Write;
use std::mem::take;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use crate::view::Field;

/// Rows a row group holds: so many whatever blocks they come in, that the same rows make the same bytes.
const GROUP: usize = 100_000;

/// Rows on their way to a file.
pub struct Parquet<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    cells: Columns,
}

impl<W: Write + Send> Parquet<W> {
    /// No rows yet, of columns some of which are of numbers: by their names, not by what this month's cells happen to hold, so
    /// that the files of two months can be read as one table.
    ///
    /// # Errors
    /// The file cannot be begun.
    pub fn new(columns: &[String], numeric: &[bool], version: &str, to: W) -> Result<Parquet<W>, String> {
        let begun = || {
            let schema = Arc::new(schema(columns, numeric)?);
            let properties = WriterProperties::builder()
                .set_created_by(format!("goldthread {version}"))
                .set_compression(Compression::SNAPPY)
                .build();
            SerializedFileWriter::new(to, schema, Arc::new(properties))
        };
        Ok(Parquet { writer: begun().map_err(|error| error.to_string())?, cells: Columns::new(numeric) })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// A group cannot be written.
    pub fn add(&mut self, rows: &Columns) -> Result<(), String> {
        let mut from = 0;
        while from < rows.rows {
            let count = (GROUP - self.cells.rows).min(rows.rows - from);
            self.cells.extend(rows, from, count);
            from += count;
            if self.cells.rows == GROUP {
                self.write_group()?;
            }
        }
        Ok(())
    }

    /// Ends the file, and answers what it was written to.
    ///
    /// # Errors
    /// What is left cannot be written.
    pub fn finish(mut self) -> Result<W, String> {
        if self.cells.rows > 0 {
            self.write_group()?;
        }
        self.writer.into_inner().map_err(|error| error.to_string())
    }
}

impl<W: Write + Send> Parquet<W> {
    fn write_group(&mut self) -> Result<(), String> {
        let mut write = || {
            let mut group = self.writer.next_row_group()?;
            for column in &mut self.cells.columns {
                let Some(mut cells) = group.next_column()? else { break };
                column.write(&mut cells)?;
                cells.close()?;
            }
            group.close().map(drop)
        };
        self.cells.rows = 0;
        write().map_err(|error| error.to_string())
    }
}

/// Rows as columns.
pub struct Columns {
    rows: usize,
    columns: Vec<Column>,
}

/// The cells of a column: a one for each that is there and a zero for each that is not, and the values of those there.
struct Column {
    there: Vec<i16>,
    values: Values,
}

enum Values {
    Numbers(Vec<f64>),
    Texts(Vec<ByteArray>),
}

impl Columns {
    /// No rows yet, of columns some of which are of numbers.
    pub fn new(numeric: &[bool]) -> Columns {
        let values = |is_number: bool| if is_number { Values::Numbers(Vec::new()) } else { Values::Texts(Vec::new()) };
        let column = |is_number: &bool| Column { there: Vec::new(), values: values(*is_number) };
        Columns { rows: 0, columns: numeric.iter().map(column).collect() }
    }

    /// Adds a row; a cell that is not of its column's kind is not there.
    pub fn row(&mut self, row: &[Field<'_>]) {
        self.rows += 1;
        for (column, field) in self.columns.iter_mut().zip(row) {
            let is_there = match (&mut column.values, field) {
                (Values::Numbers(numbers), Field::Number(number)) => {
                    numbers.push(number.to_f64());
                    true
                }
                (Values::Texts(texts), Field::Text(text)) => {
                    // Most texts are those of the row before, and share their bytes.
                    let known = texts.last().filter(|last| last.data() == text.as_bytes()).cloned();
                    texts.push(known.unwrap_or_else(|| text.as_bytes().to_vec().into()));
                    true
                }
                _ => false,
            };
            column.there.push(i16::from(is_there));
        }
    }

    /// Adds some rows of others.
    fn extend(&mut self, others: &Columns, from: usize, count: usize) {
        self.rows += count;
        for (own, other) in self.columns.iter_mut().zip(&others.columns) {
            let there = |range: &[i16]| range.iter().filter(|there| **there == 1).count();
            let first = there(&other.there[..from]);
            let values = first..first + there(&other.there[from..from + count]);
            own.there.extend(&other.there[from..from + count]);
            match (&mut own.values, &other.values) {
                (Values::Numbers(own), Values::Numbers(other)) => own.extend(&other[values]),
                (Values::Texts(own), Values::Texts(other)) => own.extend_from_slice(&other[values]),
                // Both were made of the same columns.
                _ => {}
            }
        }
    }
}

impl Column {
    /// Writes the cells and forgets them.
    fn write(&mut self, to: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let there = take(&mut self.there);
        match &mut self.values {
            Values::Numbers(numbers) => to.typed::<DoubleType>().write_batch(&take(numbers), Some(&there), None)?,
            Values::Texts(texts) => to.typed::<ByteArrayType>().write_batch(&take(texts), Some(&there), None)?,
        };
        Ok(())
    }
}

fn schema(columns: &[String], numeric: &[bool]) -> Result<Type, ParquetError> {
    let field = |(name, is_number): (&String, &bool)| {
        let (physical, logical) =
            if *is_number { (Physical::DOUBLE, None) } else { (Physical::BYTE_ARRAY, Some(LogicalType::String)) };
        let built = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        built.with_logical_type(logical).build().map(Arc::new)
    };
    let fields = columns.iter().zip(numeric).map(field).collect::<Result<Vec<_>, _>>()?;
    Type::group_type_builder("rollup").with_fields(fields).build()
}

#[cfg(test)]
mod tests {
    use parquet::file::metadata::RowGroupMetaData;
    use parquet::file::reader::{FileReader, SerializedFileReader};

    use super::*;
    use crate::number::Number;

    #[test]
    fn groups_are_as_large_whatever_blocks_rows_come_in() {
        let (names, numeric) = (["name".to_owned(), "actual".to_owned()], [false, true]);
        // 2.5 groups, in which every third text and every seventh number is missing.
        let count = GROUP * 5 / 2;
        let row = |at: usize| {
            let text = if at.is_multiple_of(3) { Field::Absent } else { Field::text(format!("r{}", at / 4)) };
            let number = if at.is_multiple_of(7) { Field::Absent } else { Field::Number(Number::from(at as i64)) };
            [text, number]
        };
        let written = |size: usize| {
            let mut file = Parquet::new(&names, &numeric, "0", Vec::new()).expect("a file");
            for from in (0..count).step_by(size) {
                let mut block = Columns::new(&numeric);
                (from..count.min(from + size)).for_each(|at| block.row(&row(at)));
                file.add(&block).expect("room");
            }
            file.finish().expect("an end")
        };
        let whole = written(count);
        for size in [GROUP, 37_001] {
            assert!(written(size) == whole, "{size}");
        }
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(&whole).expect("room");
        let reader = SerializedFileReader::new(file).expect("Parquet");
        let groups: Vec<i64> = reader.metadata().row_groups().iter().map(RowGroupMetaData::num_rows).collect();
        assert_eq!(groups, [100_000, 100_000, 50_000]);
        for (at, found) in reader.get_row_iter(None).expect("rows").enumerate() {
            let found = found.expect("a row");
            let cell = |at: usize| found.get_column_iter().nth(at).map(|(_, field)| field.to_string());
            let expected = row(at).map(|field| match field {
                Field::Text(text) => format!("\"{text}\""),
                Field::Number(number) => format!("{number}.0"),
                Field::Absent => "null".to_owned(),
            });
            assert_eq!([cell(0), cell(1)], expected.map(Some), "{at}");
        }
    }
}
