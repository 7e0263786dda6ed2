//! Rows that are totals of others: never data, but a check that the rows above add up to them.

use std::collections::BTreeMap;

use super::files::InputFile;
use crate::diagnostic::{Code, Diagnostic, Locus};
use crate::metric::Source;
use crate::number::Number;
use crate::period::Period;

/// The words that make a row a total, and the fields they are looked for in.
#[derive(Clone, Debug)]
pub(super) struct TotalWords {
    pub(super) words: Vec<String>,
    /// Fields, and whether the word may stand beside others there: `North Total`.
    fields: Vec<(usize, bool)>,
}

impl TotalWords {
    pub(super) fn of(source: &Source, file: &InputFile) -> TotalWords {
        TotalWords { words: source.written.totals.0.clone(), fields: file.columns.marked.clone() }
    }

    /// The field that makes a row a total, where one does.
    pub(super) fn mark(&self, field: impl Fn(usize) -> Option<String>) -> Option<usize> {
        let marks = |(index, beside): &&(usize, bool)| field(*index).is_some_and(|text| self.is_total(&text, *beside));
        self.fields.iter().find(marks).map(|(index, _)| *index)
    }

    fn is_total(&self, text: &str, beside: bool) -> bool {
        let text = text.trim().trim_end_matches(':').trim_end();
        if text.len() < 3 {
            return false;
        }
        let text = text.to_lowercase();
        self.words.iter().any(|word| {
            let rest = || text.strip_prefix(word.as_str()).filter(|rest| rest.starts_with(char::is_whitespace));
            let before = || text.strip_suffix(word.as_str()).filter(|before| before.ends_with(char::is_whitespace));
            text == *word || beside && (rest().is_some() || before().is_some())
        })
    }
}

/// A row that is a total, as a piece met it.
#[derive(Clone, Debug)]
pub(super) struct TotalRow {
    pub(super) locus: Locus,
    /// Of the field that makes it one.
    pub(super) text: String,
    /// What it says: once, or for each period of a wide file.
    pub(super) claims: Vec<Claim>,
}

/// What a total says of the rows above it.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    /// Of which period, where it says so.
    pub(super) period: Option<Period>,
    /// For each of the summed columns.
    pub(super) values: Vec<Option<i128>>,
    /// For each of the summed columns, where its cell stands.
    pub(super) cells: Vec<Locus>,
}

/// What rows add up to, for each of the summed columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    /// Of all rows.
    all: Vec<i128>,
    /// Of those the source keeps.
    kept: Vec<i128>,
}

impl Sums {
    pub(super) fn add(&mut self, values: &[Option<i128>], kept: bool) {
        let add = |sums: &mut Vec<i128>| {
            sums.resize(values.len(), 0);
            // A sum that leaves 128 bits is found where it is aggregated; here it only fails to tie.
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum = sum.saturating_add(value.unwrap_or_default()));
        };
        add(&mut self.all);
        if kept {
            add(&mut self.kept);
        }
    }

    fn merge(&mut self, other: &Sums) {
        let merge = |mine: &mut Vec<i128>, other: &[i128]| {
            mine.resize(mine.len().max(other.len()), 0);
            mine.iter_mut().zip(other).for_each(|(sum, more)| *sum = sum.saturating_add(*more));
        };
        merge(&mut self.all, &other.all);
        merge(&mut self.kept, &other.kept);
    }

    fn ties(&self, column: usize, value: i128) -> bool {
        self.of(&self.all, column) == value || self.of(&self.kept, column) == value
    }

    fn of(&self, sums: &[i128], column: usize) -> i128 {
        sums.get(column).copied().unwrap_or_default()
    }
}

/// A run of rows: what they add up to, and those of each period.
#[derive(Clone, Debug, Default)]
struct Run {
    sums: Sums,
    by_period: BTreeMap<Period, Sums>,
}

impl Run {
    fn merge(&mut self, other: &Run) {
        self.sums.merge(&other.sums);
        for (period, sums) in &other.by_period {
            self.by_period.entry(*period).or_default().merge(sums);
        }
    }
}

/// What a piece adds to the running sums of its file: runs of rows, and the totals that end them.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    run: Run,
    totals: Vec<(Run, TotalRow)>,
}

impl Tally {
    pub(super) fn row(&mut self, period: Option<Period>, values: &[Option<i128>], kept: bool) {
        self.run.sums.add(values, kept);
        if let Some(period) = period {
            self.run.by_period.entry(period).or_default().add(values, kept);
        }
    }

    pub(super) fn total(&mut self, row: TotalRow) {
        self.totals.push((std::mem::take(&mut self.run), row));
    }
}

/// The running sums of one file.
#[derive(Debug, Default)]
pub(super) struct Running {
    since_total: Run,
    since_start: Run,
    /// How many totals were compared, and how many had nothing to compare.
    pub(super) checked: u64,
    pub(super) unchecked: u64,
}

impl Running {
    /// Takes the next piece in; answers the totals that nothing ties to.
    pub(super) fn take(&mut self, tally: &Tally, columns: &[String], decimals: u32) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for (run, total) in &tally.totals {
            self.add(run);
            let filled = total.claims.iter().any(|claim| claim.values.iter().any(Option::is_some));
            if filled {
                self.checked += 1;
            } else {
                self.unchecked += 1;
            }
            problems.extend(total.claims.iter().filter_map(|claim| self.check(total, claim, columns, decimals)));
            self.since_total = Run::default();
        }
        self.add(&tally.run);
        problems
    }

    fn add(&mut self, run: &Run) {
        self.since_total.merge(run);
        self.since_start.merge(run);
    }

    /// All columns must tie to the same rows, else the claim is about none.
    fn check(&self, total: &TotalRow, claim: &Claim, columns: &[String], decimals: u32) -> Option<Diagnostic> {
        let filled: Vec<(usize, i128)> =
            claim.values.iter().enumerate().filter_map(|(column, value)| Some((column, (*value)?))).collect();
        let none = Sums::default();
        let of_period = |run: &'_ Run| claim.period.and_then(|period| run.by_period.get(&period).cloned());
        let (since, start) = (of_period(&self.since_total), of_period(&self.since_start));
        let nearest = if claim.period.is_some() { since.as_ref().unwrap_or(&none) } else { &self.since_total.sums };
        let candidates = [Some(nearest), start.as_ref(), Some(&self.since_total.sums), Some(&self.since_start.sums)];
        let ties = |sums: &Sums| filled.iter().all(|(column, value)| sums.ties(*column, *value));
        if candidates.into_iter().flatten().any(ties) {
            return None;
        }
        let (column, value) = *filled.iter().find(|(column, value)| !nearest.ties(*column, *value))?;
        let number = |fixed: i128| Number::from_scaled(fixed, decimals).to_string();
        let message = format!(
            "`{}` says {} is {}, and the rows above add up to {}",
            total.text,
            columns[column],
            number(value),
            number(nearest.of(&nearest.all, column))
        );
        let problem = Diagnostic::error(Code::TotalMismatch, message)
            .at_locus(claim.cells[column].clone(), format!("column `{}`", columns[column]))
            .at_locus(total.locus.clone(), "this makes the row a total");
        let note = format!(
            "all rows since the start add up to {}",
            number(self.since_start.sums.of(&self.since_start.sums.all, column))
        );
        let help = "send the missing rows, or leave the row out with `where`; if it is data, set `totals = []`";
        Some(problem.note(note).help(help))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> TotalWords {
        TotalWords { words: vec!["total".into(), "grand total".into()], fields: vec![(0, true), (1, false)] }
    }

    #[test]
    fn a_total_is_told_by_its_words() {
        let mark = |first: &str, second: &str| words().mark(|field| Some([first, second][field].to_owned()));
        assert_eq!(mark("Total", "x"), Some(0));
        assert_eq!(mark("North Total:", "x"), Some(0));
        assert_eq!(mark("TOTAL 2024", "x"), Some(0));
        assert_eq!(mark("x", "Grand total"), Some(1));
        assert_eq!(mark("x", "Total loss claim"), None);
        assert_eq!(mark("Totally", "Subtotally"), None);
        assert_eq!(mark("2024-01", "north"), None);
    }

    #[test]
    fn a_total_ties_to_the_rows_since_the_last_or_to_all() {
        let locus = Locus::Data { path: String::new(), line: 1, text: String::new(), span: 0..0 };
        let claim = |value: i128| Claim { period: None, values: vec![Some(value)], cells: vec![locus.clone()] };
        let total = |value: i128| TotalRow { locus: locus.clone(), text: "Total".into(), claims: vec![claim(value)] };
        let mut tally = Tally::default();
        tally.row(None, &[Some(10)], true);
        tally.row(None, &[Some(5)], false);
        tally.total(total(15));
        tally.row(None, &[Some(7)], true);
        tally.total(total(7));
        tally.total(total(22));
        let mut running = Running::default();
        let columns = ["amount".to_owned()];
        assert_eq!(running.take(&tally, &columns, 0), vec![]);
        let mut wrong = Tally::default();
        wrong.total(total(23));
        let problems = running.take(&wrong, &columns, 0);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].message.contains("says amount is 23"), "{}", problems[0].message);
        assert_eq!((running.checked, running.unchecked), (4, 0));
    }
}
