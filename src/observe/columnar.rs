//! Parquet files, batch by batch: only the columns needed, each cell as the plain text of its value. The only home of
//! parquet.
//!
//! A double is read as the decimal that was meant: see [`record`](super::record). An instant that is midnight is a day;
//! the day of any other depends on the time zone, which the file does not tell: it is no day here. Lists, maps and
//! structs are not read, so that no two rows of a file that has them can be called copies.

use std::fs::File;
use std::path::Path;

use jiff::civil::{Date, date};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::column::reader::ColumnReader;
use parquet::data_type::ByteArray;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use super::record::{Field, Kind, TableRow, decimal as plain, short_decimal};

/// Stands behind a time whose day is not known.
const NO_DAY: &str = ", day by time zone";
/// Rows handed on at a time.
const BATCH: usize = 4096;

/// The names of the columns that are no lists, maps or structs; those are blank.
pub(super) fn names(path: &Path) -> Result<Vec<String>> {
    let reader = SerializedFileReader::new(File::open(path)?)?;
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    Ok(schema
        .columns()
        .iter()
        .map(|column| if is_flat(column) { column.name().to_owned() } else { String::new() })
        .collect())
}

fn is_flat(column: &ColumnDescriptor) -> bool {
    column.max_rep_level() == 0 && column.path().parts().len() == 1
}

/// Hands on all rows in batches until `take` wants no more. Fields that are not `needed` are blank.
pub(super) fn each_batch(
    path: &Path,
    needed: &dyn Fn(usize) -> bool,
    take: &mut dyn FnMut(Vec<TableRow>) -> bool,
) -> std::io::Result<()> {
    read(path, needed, take).map_err(|error| std::io::Error::other(error.to_string()))
}

fn read(path: &Path, needed: &dyn Fn(usize) -> bool, take: &mut dyn FnMut(Vec<TableRow>) -> bool) -> Result<()> {
    let reader = SerializedFileReader::new(File::open(path)?)?;
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let width = schema.num_columns();
    let shown = path.strip_prefix(".").unwrap_or(path).display();
    let unread = (0..width).find(|index| !is_flat(&schema.column(*index)));
    let mut number = 0;
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group)?;
        let columns = (0..width).filter(|index| is_flat(&schema.column(*index)) && needed(*index));
        let mut columns: Vec<(usize, ColumnReader)> =
            columns.map(|index| Ok((index, group.get_column_reader(index)?))).collect::<Result<_>>()?;
        let mut rest = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        while rest > 0 {
            let height = rest.min(BATCH);
            let mut batch: Vec<TableRow> = (1..=height as u64)
                .map(|row| TableRow { number: number + row, fields: vec![Field::default(); width] })
                .collect();
            for (index, column) in &mut columns {
                let cells = cells(column, &schema.column(*index), height)?;
                for (row, cell) in batch.iter_mut().zip(cells) {
                    row.fields[*index] = cell;
                }
            }
            if let Some(unread) = unread {
                // What it holds may be all that tells two rows apart. A row of nothing else stays blank.
                for row in batch.iter_mut().filter(|row| row.fields.iter().any(|field| !field.text.is_empty())) {
                    let text = format!("(row {} of {shown})", row.number);
                    row.fields[unread] = Field::owned(text, Kind::Typed);
                }
            }
            number += height as u64;
            rest -= height;
            if !take(batch) {
                return Ok(());
            }
        }
    }
    Ok(())
}

macro_rules! values {
    ($reader:expr, $descriptor:expr, $height:expr, $text:expr) => {{
        let (mut values, mut levels) = (Vec::new(), Vec::new());
        let mut read = 0;
        while read < $height {
            let (records, ..) = $reader.read_records($height - read, Some(&mut levels), None, &mut values)?;
            if records == 0 {
                return Err(ParquetError::EOF(format!("the column `{}` ends early", $descriptor.name())));
            }
            read += records;
        }
        let mut values = values.into_iter();
        let optional = $descriptor.max_def_level() > 0;
        (0..$height)
            .map(|row| {
                let there = !optional || levels[row] == $descriptor.max_def_level();
                // A cell that is not there has no value in the run of values either.
                match if there { values.next() } else { None } {
                    Some(value) => $text(value),
                    None => Ok(Field::default()),
                }
            })
            .collect()
    }};
}

/// The cells of one column as plain text.
fn cells(reader: &mut ColumnReader, descriptor: &ColumnDescriptor, height: usize) -> Result<Vec<Field<'static>>> {
    let typed = |text: String| Ok(Field::owned(text, Kind::Typed));
    match reader {
        ColumnReader::BoolColumnReader(reader) => {
            values!(reader, descriptor, height, |value: bool| Ok(Field::owned(value.to_string(), Kind::Written)))
        }
        ColumnReader::Int32ColumnReader(reader) => {
            values!(reader, descriptor, height, |value: i32| integer(i64::from(value), descriptor))
        }
        ColumnReader::Int64ColumnReader(reader) => {
            values!(reader, descriptor, height, |value: i64| integer(value, descriptor))
        }
        ColumnReader::Int96ColumnReader(reader) => {
            // As instants, which is what Spark wrote.
            values!(reader, descriptor, height, |value: parquet::data_type::Int96| instant(
                value.to_millis(),
                86_400_000
            ))
        }
        ColumnReader::FloatColumnReader(reader) => {
            values!(reader, descriptor, height, |value: f32| typed(short_decimal(value)))
        }
        ColumnReader::DoubleColumnReader(reader) => {
            values!(reader, descriptor, height, |value: f64| typed(plain(value)))
        }
        ColumnReader::ByteArrayColumnReader(reader) => {
            values!(reader, descriptor, height, |value: ByteArray| bytes(value.data(), descriptor))
        }
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            values!(reader, descriptor, height, |value: parquet::data_type::FixedLenByteArray| bytes(
                value.data(),
                descriptor
            ))
        }
    }
}

fn integer(value: i64, descriptor: &ColumnDescriptor) -> Result<Field<'static>> {
    const DAY: i64 = 86_400;
    let text = match (descriptor.logical_type_ref(), descriptor.converted_type()) {
        (Some(LogicalType::Timestamp(timestamp)), _) => {
            let per_day = match timestamp.unit {
                TimeUnit::MILLIS => DAY * 1000,
                TimeUnit::MICROS => DAY * 1_000_000,
                TimeUnit::NANOS => DAY * 1_000_000_000,
            };
            // Without the flag it is what the clock on the wall said.
            return if timestamp.is_adjusted_to_u_t_c {
                instant(value, per_day)
            } else {
                day(value.div_euclid(per_day))
            };
        }
        (_, ConvertedType::DATE) => return day(value),
        (_, ConvertedType::TIMESTAMP_MILLIS) => return instant(value, DAY * 1000),
        (_, ConvertedType::TIMESTAMP_MICROS) => return instant(value, DAY * 1_000_000),
        (_, ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS) | (Some(LogicalType::Time(_)), _) => {
            return unknown(descriptor);
        }
        (_, ConvertedType::DECIMAL) => decimal(i128::from(value), descriptor.type_scale()),
        // Unsigned numbers are kept in the bits of signed ones.
        (_, ConvertedType::UINT_64) => (value as u64).to_string(),
        (_, ConvertedType::UINT_32) => (value as u32).to_string(),
        _ => value.to_string(),
    };
    Ok(Field::owned(text, Kind::Typed))
}

/// Time since 1970 in Greenwich as a date, where it is midnight; else as what is none.
fn instant(value: i64, per_day: i64) -> Result<Field<'static>> {
    let date = day(value.div_euclid(per_day))?;
    let seconds = i128::from(value.rem_euclid(per_day)) * 86_400 / i128::from(per_day);
    if value.rem_euclid(per_day) == 0 {
        return Ok(date);
    }
    let (hour, minute) = (seconds / 3600, seconds / 60 % 60);
    Ok(Field::owned(format!("{} {hour:02}:{minute:02} UTC{NO_DAY}", date.text), Kind::Typed))
}

/// Days since 1970 as a date.
fn day(days: i64) -> Result<Field<'static>> {
    let epoch: Date = date(1970, 1, 1);
    let found = jiff::Span::new().try_days(days).ok().and_then(|span| epoch.checked_add(span).ok());
    let found = found.ok_or_else(|| ParquetError::General(format!("{days} days after 1970 is no date")))?;
    Ok(Field::owned(found.to_string(), Kind::Typed))
}

fn bytes(value: &[u8], descriptor: &ColumnDescriptor) -> Result<Field<'static>> {
    if descriptor.converted_type() == ConvertedType::DECIMAL {
        if value.len() > 16 {
            return unknown(descriptor);
        }
        // Big-endian two's complement, of as many bytes as it needs.
        let negative = value.first().is_some_and(|byte| byte & 0x80 != 0);
        let start = if negative { -1 } else { 0 };
        let unscaled = value.iter().fold(start, |all: i128, byte| (all << 8) | i128::from(*byte));
        return Ok(Field::owned(decimal(unscaled, descriptor.type_scale()), Kind::Typed));
    }
    if descriptor.physical_type() == Physical::FIXED_LEN_BYTE_ARRAY {
        return unknown(descriptor);
    }
    Ok(Field::owned(String::from_utf8_lossy(value), Kind::Written))
}

fn decimal(unscaled: i128, scale: i32) -> String {
    let scale = usize::try_from(scale).unwrap_or(0);
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if unscaled < 0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

fn unknown<T>(descriptor: &ColumnDescriptor) -> Result<T> {
    let kind = descriptor
        .logical_type_ref()
        .map_or_else(|| descriptor.physical_type().to_string(), |kind| format!("{kind:?}"));
    Err(ParquetError::General(format!(
        "the column `{}` holds values of type {kind}, which have no number or text",
        descriptor.name()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_every_digit() {
        assert_eq!(decimal(-5, 2), "-0.05");
        assert_eq!(decimal(123_456, 2), "1234.56");
        assert_eq!(decimal(7, 0), "7");
    }
}
