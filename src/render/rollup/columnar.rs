//! A rollup as Parquet: texts as UTF-8, numbers as doubles, nothing where nothing is.

use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use crate::view::Field;

/// Rows a row group holds.
const GROUP: usize = 100_000;

/// The bytes of a file of these rows, some of whose columns are of numbers: by their names, not by what this month's cells
/// happen to hold, so that the files of two months can be read as one table.
///
/// # Errors
/// The rows cannot be packed.
pub fn parquet(
    columns: &[String],
    numeric: &[bool],
    rows: &[Vec<Field<'_>>],
    version: &str,
) -> Result<Vec<u8>, String> {
    write(columns, numeric, rows, version).map_err(|error| error.to_string())
}

fn write(
    columns: &[String],
    numeric: &[bool],
    rows: &[Vec<Field<'_>>],
    version: &str,
) -> Result<Vec<u8>, ParquetError> {
    let field = |(name, is_number): (&String, &bool)| {
        let (physical, logical) =
            if *is_number { (Physical::DOUBLE, None) } else { (Physical::BYTE_ARRAY, Some(LogicalType::String)) };
        let built = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        built.with_logical_type(logical).build().map(Arc::new)
    };
    let fields = columns.iter().zip(numeric).map(field).collect::<Result<Vec<_>, _>>()?;
    let schema = Arc::new(Type::group_type_builder("rollup").with_fields(fields).build()?);
    let properties = WriterProperties::builder()
        .set_created_by(format!("goldthread {version}"))
        .set_compression(Compression::SNAPPY)
        .build();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties))?;
    for group in rows.chunks(GROUP) {
        let mut row_group = writer.next_row_group()?;
        for (column, is_number) in numeric.iter().enumerate() {
            let Some(mut cells) = row_group.next_column()? else { break };
            let levels: Vec<i16> = group.iter().map(|row| i16::from(row[column] != Field::Absent)).collect();
            if *is_number {
                let number = |row: &Vec<Field<'_>>| match &row[column] {
                    Field::Number(number) => Some(number.to_f64()),
                    _ => None,
                };
                let values: Vec<f64> = group.iter().filter_map(number).collect();
                cells.typed::<DoubleType>().write_batch(&values, Some(&levels), None)?;
            } else {
                let text = |row: &Vec<Field<'_>>| match &row[column] {
                    Field::Text(text) => Some(ByteArray::from(text.as_bytes().to_vec())),
                    _ => None,
                };
                let values: Vec<ByteArray> = group.iter().filter_map(text).collect();
                cells.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
            }
            cells.close()?;
        }
        row_group.close()?;
    }
    writer.close()?;
    Ok(bytes)
}
