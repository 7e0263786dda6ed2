//! Base aggregates of rows, row by row, by period and segment.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::formula::Cells;
use crate::observe::row::RowBase;
use crate::observe::table::{Cell, Moment, Overflow, Segment};
use crate::period::Period;
use crate::plan::BaseKind;

/// What was aggregated so far.
#[derive(Default)]
pub(super) struct Groups {
    /// By period and segment; the key is their texts.
    index: HashMap<String, usize>,
    groups: Vec<Group>,
    key: String,
}

struct Group {
    period: Period,
    segment: Segment,
    rows: u64,
    cells: Vec<Cell>,
    rejected: BTreeMap<usize, u64>,
    is_unrated: bool,
}

impl Groups {
    /// The group of a row, counted in. Of a new one it is asked whether its amounts have no rate.
    pub(super) fn of(
        &mut self,
        (period, when): (Period, &str),
        keys: &[usize],
        row: &impl Cells<usize>,
        bases: &[RowBase],
        is_unrated: &dyn Fn() -> bool,
    ) -> usize {
        self.key.clear();
        self.key.push_str(when);
        for key in keys {
            let text = row.text(*key).unwrap_or_default();
            // With its length before it, no text runs into the next.
            self.key.push_str(&text.len().to_string());
            self.key.push(':');
            self.key.push_str(text);
        }
        let group = match self.index.get(&self.key) {
            Some(group) => *group,
            None => {
                let segment = keys.iter().map(|key| row.text(*key).unwrap_or_default().to_owned()).collect();
                let cells = bases.iter().map(empty).collect();
                let (rejected, is_unrated) = (BTreeMap::new(), is_unrated());
                self.groups.push(Group { period, segment, rows: 0, cells, rejected, is_unrated });
                self.index.insert(self.key.clone(), self.groups.len() - 1);
                self.groups.len() - 1
            }
        };
        self.groups[group].rows += 1;
        group
    }

    /// Adds what a base takes from a row.
    ///
    /// # Errors
    /// The sum leaves 128 bits.
    pub(super) fn add(
        &mut self,
        group: usize,
        index: usize,
        base: &RowBase,
        value: i128,
        row: &impl Cells<usize>,
    ) -> Result<(), Overflow> {
        match &mut self.groups[group].cells[index] {
            Cell::Sum { sum, count } => {
                *sum = sum.checked_add(value).ok_or(Overflow)?;
                *count += 1;
            }
            Cell::Count(count) => *count += 1,
            Cell::Min(least) => *least = Some(least.map_or(value, |least| least.min(value))),
            Cell::Max(most) => *most = Some(most.map_or(value, |most| most.max(value))),
            Cell::Values(values) => *values.entry(value).or_default() += 1,
            Cell::Texts(texts) => {
                if let Some(text) = base.column().and_then(|column| row.text(column))
                    && !texts.contains(text)
                {
                    texts.insert(text.to_owned());
                }
            }
        }
        Ok(())
    }

    /// Whether the amounts of a group have no rate.
    pub(super) fn is_unrated(&self, group: usize) -> bool {
        self.groups[group].is_unrated
    }

    /// A base lost this row to a cell that cannot be read.
    pub(super) fn reject(&mut self, group: usize, base: usize) {
        *self.groups[group].rejected.entry(base).or_default() += 1;
    }

    /// All groups as moments.
    pub(super) fn moments(self) -> Result<BTreeMap<Period, Moment>, Overflow> {
        let mut moments: BTreeMap<Period, Moment> = BTreeMap::new();
        for group in self.groups {
            let mut part = Moment { rows: group.rows, ..Moment::default() };
            if !group.rejected.is_empty() {
                part.rejected.insert(group.segment.clone(), group.rejected);
            }
            part.segments.insert(group.segment, group.cells);
            moments.entry(group.period).or_default().merge(part)?;
        }
        Ok(moments)
    }
}

fn empty(base: &RowBase) -> Cell {
    match base.kind() {
        BaseKind::Sum => Cell::Sum { sum: 0, count: 0 },
        BaseKind::Rows | BaseKind::Filled => Cell::Count(0),
        BaseKind::Min => Cell::Min(None),
        BaseKind::Max => Cell::Max(None),
        BaseKind::Values => Cell::Values(BTreeMap::new()),
        BaseKind::Texts => Cell::Texts(BTreeSet::new()),
    }
}
