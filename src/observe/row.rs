//! What a base aggregate takes from one row: the same for both ways into a file.

use crate::formula::{Predicate, RowExpr, RowFault, Scale};
use crate::plan::{BaseKind, Scan};

/// A base aggregate over column positions.
#[derive(Clone)]
pub(super) struct RowBase {
    kind: BaseKind,
    argument: Option<RowExpr<usize>>,
    filter: Option<Predicate<usize>>,
}

impl RowBase {
    /// The bases of a scan, over positions among its columns.
    pub(super) fn of(scan: &Scan) -> Vec<RowBase> {
        let mut index = |column: &String| position(scan, column);
        let base = |base: &crate::plan::Base| RowBase {
            kind: base.kind,
            argument: base.argument.as_ref().map(|argument| argument.map(&mut index)),
            filter: base.filter.as_ref().map(|filter| filter.map(&mut |column| position(scan, column))),
        };
        scan.bases.iter().map(base).collect()
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

    /// Whether it takes 1 from every row.
    pub(super) fn counts_all_rows(&self) -> bool {
        self.kind == BaseKind::Rows && self.filter.is_none()
    }

    /// The number it takes from a row; `None` where the row does not count.
    pub(super) fn value<'r>(
        &self,
        cell: &impl Fn(usize) -> Option<&'r str>,
        scale: Scale,
    ) -> Result<Option<i128>, RowFault<usize>> {
        if let Some(filter) = &self.filter
            && filter.holds(cell, scale)? != Some(true)
        {
            return Ok(None);
        }
        match (self.kind, &self.argument) {
            (BaseKind::Rows, _) | (_, None) => Ok(Some(1)),
            (BaseKind::Filled | BaseKind::Texts, _) => {
                let filled = self.column().and_then(cell).is_some_and(|text| !text.trim().is_empty());
                Ok(filled.then_some(1))
            }
            (_, Some(argument)) => argument.evaluate(cell, scale),
        }
    }
}

/// A column's position among the scan's columns; the plan put every column there.
pub(super) fn position(scan: &Scan, column: &str) -> usize {
    scan.columns.iter().position(|known| known == column).unwrap_or_default()
}
