//! Base aggregates of rows, row by row, by period and segment.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::formula::{Cells, Scale};
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
}

impl Groups {
    /// The group of a row, counted in.
    pub(super) fn of(
        &mut self,
        period: Period,
        when: &str,
        keys: &[usize],
        row: &impl Cells<usize>,
        bases: &[RowBase],
    ) -> usize {
        self.key.clear();
        self.key.push_str(when);
        for key in keys {
            self.key.push('\u{1f}');
            self.key.push_str(row.text(*key).unwrap_or_default());
        }
        let group = match self.index.get(&self.key) {
            Some(group) => *group,
            None => {
                let segment = keys.iter().map(|key| row.text(*key).unwrap_or_default().to_owned()).collect();
                let cells = bases.iter().map(empty).collect();
                self.groups.push(Group { period, segment, rows: 0, cells, rejected: BTreeMap::new() });
                self.index.insert(self.key.clone(), self.groups.len() - 1);
                self.groups.len() - 1
            }
        };
        self.groups[group].rows += 1;
        group
    }

    /// Adds what a base takes from a row.
    pub(super) fn add(&mut self, group: usize, base: usize, value: i128) -> Result<(), Overflow> {
        match &mut self.groups[group].cells[base] {
            Cell::Sum { sum, count } => {
                *sum = sum.checked_add(value).ok_or(Overflow)?;
                *count += 1;
            }
            Cell::Count(count) => *count += 1,
            Cell::Min(least) => *least = Some(least.map_or(value, |least| least.min(value))),
            Cell::Max(most) => *most = Some(most.map_or(value, |most| most.max(value))),
            Cell::Values(values) => *values.entry(value).or_default() += 1,
            // Texts are added as texts.
            Cell::Texts(_) => {}
        }
        Ok(())
    }

    pub(super) fn add_text(&mut self, group: usize, base: usize, text: &str) {
        if let Cell::Texts(texts) = &mut self.groups[group].cells[base]
            && !texts.contains(text)
        {
            texts.insert(text.to_owned());
        }
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

/// Takes what every base takes from a row; the bases that cannot are answered with the fault.
pub(super) fn aggregate<R: Cells<usize>>(
    groups: &mut Groups,
    group: usize,
    bases: &[RowBase],
    row: &R,
    scale: Scale,
    mut fault: impl FnMut(usize, crate::formula::RowFault<usize>),
    mut counted: impl FnMut(usize, i128),
) -> Result<(), Overflow> {
    for (index, base) in bases.iter().enumerate() {
        match base.value(row, scale) {
            Err(found) => fault(index, found),
            Ok(None) => {}
            Ok(Some(value)) => {
                if base.kind() == BaseKind::Texts {
                    if let Some(text) = base.column().and_then(|column| row.text(column)) {
                        groups.add_text(group, index, text);
                    }
                } else {
                    groups.add(group, index, value)?;
                }
                counted(index, value);
            }
        }
    }
    Ok(())
}
