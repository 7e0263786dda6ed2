//! Rows that are totals: told from data, and compared with what the rows above them add up to.

use super::cells::{CellRow, Notes};
use super::periods::Known;
use super::work::{Gathered, Record, Work};
use crate::formula::Cells;
use crate::metric::Layout;
use crate::observe::totals::{Claim, Sureness, Tally, TotalRow};

impl Work<'_> {
    /// The field that makes a record a total, where one does.
    pub(super) fn mark(&self, record: &Record<'_>) -> Option<(usize, Sureness)> {
        self.words.mark(|field| record.fields.get(field).map(|field| field.text.as_ref().into()))
    }

    /// Adds a row to what the next total must agree with.
    pub(super) fn tally(&self, row: &CellRow<'_>, when: Option<&Known>, kept: bool, tally: &mut Tally) {
        let values: Vec<_> = self.summed.iter().map(|column| row.number(*column, self.scale)).collect();
        if self.is_rejecting() && values.iter().any(Result::is_err) {
            tally.flaw();
        }
        let values: Vec<Option<i128>> = values.into_iter().map(|value| value.ok().flatten()).collect();
        tally.row(when.map(|known| known.period), &values, kept);
    }

    /// A total row of a wide file, unless the source's condition leaves it out.
    pub(super) fn total_of_wide(&self, record: &Record<'_>, gathered: &mut Gathered) {
        let across = self.file.columns.across.first().map_or(0, |(field, _)| *field);
        let is_left_out = {
            let notes = Notes { findings: &gathered.findings, place: record.place, names: &self.scan.columns };
            let row = self.cells(record, across, None, &notes);
            let holds = self.filter.as_ref().map(|filter| filter.holds(&row, self.scale));
            holds.is_some_and(|holds| matches!(holds, Ok(Some(false) | None)))
        };
        if !is_left_out {
            self.total(record, gathered);
        }
    }

    /// A row that is a total: never data, only compared.
    pub(super) fn total(&self, record: &Record<'_>, gathered: &mut Gathered) {
        gathered.out.totals += 1;
        if !self.tallies {
            return;
        }
        let Some((mark, sureness)) = self.mark(record) else { return };
        let across: Vec<(usize, Option<&String>)> = match self.source.written.layout {
            Layout::Long => vec![(0, None)],
            Layout::Wide => self.file.columns.across.iter().map(|(field, header)| (*field, Some(header))).collect(),
        };
        let mut claims = Vec::new();
        for (field, header) in across {
            let (text, kind) = self.period_text(record, header);
            let understood = self.when(text, kind, gathered);
            let notes = Notes { findings: &gathered.findings, place: record.place, names: &self.scan.columns };
            let row = self.cells(record, field, None, &notes);
            claims.push(Claim {
                period: understood.when.known().map(|known| known.period),
                values: self.summed.iter().map(|column| row.number(*column, self.scale).ok().flatten()).collect(),
                cells: self.summed.iter().map(|column| (record.place)(row.field_of(*column))).collect(),
            });
        }
        let text = record.fields[mark].text.trim().to_owned();
        gathered.out.tally.total(TotalRow { locus: (record.place)(Some(mark)), text, sureness, claims });
    }
}
