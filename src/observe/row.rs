//! What a base aggregate takes from one row: the same for both ways into a file.

use crate::formula::{Cells, Predicate, RowExpr, RowFault, Scale};
use crate::plan::{BaseKind, Scan};

/// A base aggregate over column positions.
#[derive(Clone)]
pub(super) struct RowBase {
    kind: BaseKind,
    argument: Option<RowExpr<usize>>,
    filter: Option<Predicate<usize>>,
    is_share: bool,
    converts: bool,
    /// The columns its argument reads.
    columns: Vec<usize>,
}

impl RowBase {
    /// The bases of a scan, over positions among its columns.
    pub(super) fn of(scan: &Scan) -> Vec<RowBase> {
        let mut index = |column: &String| position(scan, column);
        let base = |base: &crate::plan::Base| RowBase {
            kind: base.kind,
            argument: base.argument.as_ref().map(|argument| argument.map(&mut index)),
            filter: base.filter.as_ref().map(|filter| filter.map(&mut |column| position(scan, column))),
            is_share: base.is_share,
            converts: base.converts,
            columns: columns(scan, base),
        };
        scan.bases.iter().map(base).collect()
    }

    /// Of which rows; all where there is none.
    #[cfg(feature = "polars")]
    pub(super) fn filter(&self) -> Option<&Predicate<usize>> {
        self.filter.as_ref()
    }

    pub(super) fn kind(&self) -> BaseKind {
        self.kind
    }

    /// The column whose texts are told apart.
    pub(super) fn column(&self) -> Option<usize> {
        match self.argument {
            Some(RowExpr::Column(column)) => Some(column),
            _ => None,
        }
    }

    /// Whether its cells are a percent metric's value as they stand.
    pub(super) fn is_share(&self) -> bool {
        self.is_share
    }

    /// Whether it is of amounts that are converted.
    pub(super) fn converts(&self) -> bool {
        self.converts
    }

    /// The columns it reads numbers from.
    pub(super) fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// The number it takes from a row; `None` where the row does not count.
    pub(super) fn value(&self, row: &impl Cells<usize>, scale: Scale) -> Result<Option<i128>, RowFault<usize>> {
        if let Some(filter) = &self.filter
            && filter.holds(row, scale)? != Some(true)
        {
            return Ok(None);
        }
        match (self.kind, &self.argument) {
            (BaseKind::Rows, _) | (_, None) => Ok(Some(1)),
            (BaseKind::Filled | BaseKind::Texts, _) => {
                let filled = self.column().and_then(|column| row.text(column)).is_some();
                Ok(filled.then_some(1))
            }
            (_, Some(argument)) => argument.evaluate(row, scale),
        }
    }
}

fn columns(scan: &Scan, base: &crate::plan::Base) -> Vec<usize> {
    let mut columns = Vec::new();
    if let (Some(argument), false) = (&base.argument, matches!(base.kind, BaseKind::Filled | BaseKind::Texts)) {
        argument.visit(&mut |column| columns.push(position(scan, column)));
    }
    columns
}

/// A column's position among the scan's columns; the plan put every column there.
pub(super) fn position(scan: &Scan, column: &str) -> usize {
    scan.columns.iter().position(|known| known == column).unwrap_or_default()
}
