//! Finding the delimiter and the header where no scorecard names the columns yet: the header is the first line that is
//! as long as the rows below it and reads as names.
//!
//! A scorecard's own columns find a header better: that is `dialect`'s. Works on the head of a file.

use super::dialect::DELIMITERS;
use super::shape::{field_spans, line_length, record_length, unquoted, without_line_end};
use crate::formula::WrittenNumber;
use crate::period::WrittenPeriod;

/// So many records are looked at.
pub(super) const RECORDS: usize = 200;

/// Above a line of names there are not more titles than these.
const TITLES: usize = 20;

/// So far below the names the first numbers stand.
const ROWS_BELOW: usize = 5;

/// A line of a file, taken apart.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// From 1.
    pub(super) line: usize,
    pub(super) cells: Vec<String>,
}

/// The delimiter of a text and the line of its header; `None` where no two lines look like a table.
pub(super) fn text(head: &str) -> Option<(u8, usize)> {
    let mut best: Option<((usize, usize), (u8, usize))> = None;
    for (delimiter, _) in DELIMITERS {
        let records = records(head, delimiter);
        let Some((fields, agreeing)) = usual_length(&records).filter(|(fields, _)| *fields > 1) else { continue };
        let Some(header) = header(&records) else { continue };
        if best.as_ref().is_none_or(|(most, _)| (agreeing, fields) > *most) {
            best = Some(((agreeing, fields), (delimiter, records[header].line)));
        }
    }
    best.map(|(_, found)| found)
}

/// The position of the header among the first records of a table.
pub(super) fn header(records: &[Record]) -> Option<usize> {
    let (fields, _) = usual_length(records)?;
    let long_enough = |record: &&Record| record.cells.len() == fields;
    let named = |record: &Record| record.cells.iter().filter(|cell| !cell.is_empty()).count();
    // Names and nothing else; periods across are for what has no such line.
    let is_plain = |record: &Record| {
        let is_cell = |cell: &String| is_number(cell) || WrittenPeriod::parse(cell).is_some();
        named(record) == fields && !record.cells.iter().any(is_cell)
    };
    let is_header = |record: &Record| {
        let numbers = record.cells.iter().filter(|cell| is_number(cell)).count();
        named(record) >= 2.max(fields.div_ceil(2)) && numbers * 2 < named(record)
    };
    let is_comment = |record: &Record| record.cells.first().is_some_and(|cell| cell.starts_with(['#', '/']));
    let first = |most: usize, wanted: &dyn Fn(&Record) -> bool| {
        let mut near = records.iter().take(most);
        near.position(|record| long_enough(&record) && !is_comment(record) && wanted(record))
    };
    // A workbook has no cells for what is blank at the end of a row: the names may reach beyond most rows.
    let usual_reach = usual(records.iter().map(reach)).map_or(fields, |(reach, _)| reach);
    let has_values = |record: &Record| record.cells.iter().any(|cell| is_number(cell));
    let is_above_values = |at: usize| records.iter().skip(at + 1).take(ROWS_BELOW).any(has_values);
    let beyond = || {
        let mut near = records.iter().take(TITLES).enumerate();
        near.position(|(at, record)| {
            let named = record.cells.iter().take(reach(record));
            let are_names = named.clone().all(|cell| !cell.is_empty() && !is_number(cell));
            reach(record) >= usual_reach.max(2) && are_names && !is_comment(record) && is_above_values(at)
        })
    };
    first(TITLES, &is_plain)
        .or_else(beyond)
        .or_else(|| first(RECORDS, &is_header))
        .or_else(|| first(RECORDS, &|_| true))
}

/// The number of its cells, without the blank ones at its end.
fn reach(record: &Record) -> usize {
    record.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1)
}

/// A year is a period and may head a column; any other number is a cell.
fn is_number(cell: &str) -> bool {
    WrittenNumber::parse(cell).is_some() && WrittenPeriod::parse(cell).is_none()
}

/// The number of fields that most records have, and how many have it; the greater where two do.
fn usual_length(records: &[Record]) -> Option<(usize, usize)> {
    usual(records.iter().map(|record| record.cells.len()))
}

/// The length that is met most often, and how often.
fn usual(lengths: impl Iterator<Item = usize>) -> Option<(usize, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    lengths.for_each(|length| *counts.entry(length).or_insert(0) += 1);
    counts.into_iter().max_by_key(|(fields, count)| (*count, *fields))
}

fn records(head: &str, delimiter: u8) -> Vec<Record> {
    let (mut at, mut line, mut records) = (0, 1, Vec::new());
    while at < head.len() && records.len() < RECORDS {
        let rest = &head.as_bytes()[at..];
        let mut length = record_length(&rest[..rest.len().min(1 << 16)]);
        let record = without_line_end(&rest[..length]);
        let cells = match (std::str::from_utf8(record), field_spans(record, delimiter)) {
            (Ok(text), Ok(spans)) => spans.into_iter().map(|span| unquoted(&text[span]).trim().to_owned()).collect(),
            _ => {
                // A title with a quote in it stands for itself.
                length = line_length(rest);
                Vec::new()
            }
        };
        if cells.iter().any(|cell: &String| !cell.is_empty()) {
            records.push(Record { line, cells });
        }
        line += memchr::memchr_iter(b'\n', &rest[..length]).count();
        at += length;
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_as_long_as_its_rows_and_reads_as_names() {
        assert_eq!(text("month,calls\n2026-01,5\n"), Some((b',', 1)));
        assert_eq!(text("Monat;Kosten;Anteil\n2026-01;1,5;2,5\n2026-02;2,5;1,5\n"), Some((b';', 1)));
        assert_eq!(text("Report, by hand\n\nmonth\tcalls\n2026-01\t5\n2026-02\t6\n"), Some((b'\t', 3)));
        assert_eq!(text("Report;;\nmonth;a;b\n2026-01;1;2\n"), Some((b';', 2)));
        assert_eq!(text("as of,2026-03-01,\nmonth,a,b\n2026-01,1,2\n"), Some((b',', 2)));
        assert_eq!(text("# month,calls: see below\nmonth,calls\n2026-01,1\n"), Some((b',', 2)));
        assert_eq!(text("indicator,2024,2025\nchurn,1,2\n"), Some((b',', 1)));
        assert_eq!(text("\"a\nb\",c\n1,2\n"), Some((b',', 1)));
        assert_eq!(text("one\ntwo\n"), None);
        assert_eq!(text("\n\n"), None);
    }
}
