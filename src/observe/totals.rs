//! Rows that are totals of others: never data, but a check that the rows above add up to them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::files::InputFile;
use crate::diagnostic::{Code, Diagnostic, Locus};
use crate::metric::{Source, Totals};
use crate::number::Number;
use crate::period::Period;

/// The words that make a row a total, and the fields they are looked for in.
#[derive(Clone, Debug)]
pub(super) struct TotalWords {
    /// Each as its parts, in small letters.
    words: Vec<Vec<String>>,
    /// Whether they are those that are looked for where none are declared.
    are_usual: bool,
    /// Fields, and whether the word may stand beside others there: `North Total`.
    fields: Vec<(usize, bool)>,
}

impl TotalWords {
    pub(super) fn of(source: &Source, file: &InputFile) -> TotalWords {
        let words = &source.written.totals;
        let parts = |word: &String| word.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
        TotalWords {
            words: words.0.iter().map(parts).collect(),
            are_usual: *words == Totals::default(),
            fields: file.columns.marked.clone(),
        }
    }

    /// The usual words, before it is known which fields matter.
    pub(super) fn usual() -> TotalWords {
        let parts = |word: &String| word.split(' ').map(str::to_owned).collect();
        TotalWords { words: Totals::default().0.iter().map(parts).collect(), are_usual: true, fields: Vec::new() }
    }

    /// Whether a piece holds the letters of one of the words at all.
    pub(super) fn may_stand_in(&self, piece: &[u8]) -> bool {
        const LETTERS: [&str; 4] = ["otal", "OTAL", "esamt", "umme"];
        // Little enough to stay in the processor's nearest cache while it is searched for each.
        const BLOCK: usize = 1 << 14;
        if !self.are_usual {
            return !self.words.is_empty();
        }
        // All the usual words have one of these in them, in the ways people write them.
        let finders = LETTERS.map(memchr::memmem::Finder::new);
        let blocks = (0..piece.len()).step_by(BLOCK).map(|at| &piece[at..piece.len().min(at + BLOCK + 8)]);
        let mut found = blocks.filter(|block| finders.iter().any(|finder| finder.find(block).is_some()));
        found.next().is_some()
    }

    /// The field that makes a row a total, where one does, and how sure that is.
    pub(super) fn mark<'t>(&self, field: impl Fn(usize) -> Option<Cow<'t, str>>) -> Option<(usize, Sureness)> {
        let sureness = |index: usize, beside: bool| {
            let sureness = self.sureness(&field(index)?)?;
            (beside || sureness == Sureness::Alone).then_some((index, sureness))
        };
        self.fields.iter().find_map(|(index, beside)| sureness(*index, *beside))
    }

    /// Whether a text is one of the words, or has one at its beginning or end.
    pub(super) fn sureness(&self, text: &str) -> Option<Sureness> {
        if text.len() > 200 || !self.may_stand_in(text.as_bytes()) {
            return None;
        }
        // `Grand-Total:` and `** Total **` are the words without what stands around them.
        let parts: Vec<String> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).map(str::to_lowercase).collect();
        let whole = parts.concat();
        let word = |word: &&Vec<String>| word.concat() == whole;
        let edge = |word: &&Vec<String>| parts.starts_with(word) || parts.ends_with(word);
        if self.words.iter().any(|known| word(&known)) {
            Some(Sureness::Alone)
        } else if self.words.iter().any(|known| edge(&known)) {
            Some(Sureness::Beside)
        } else {
            None
        }
    }
}

/// How sure it is that a row is a total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sureness {
    /// A field says so and nothing else.
    Alone,
    /// A word stands beside others, as in `North Total` and `Total Care`: only what it adds up to tells.
    Beside,
}

/// A row that is a total, as a piece met it.
#[derive(Clone, Debug)]
pub(super) struct TotalRow {
    pub(super) locus: Locus,
    /// Of the field that makes it one.
    pub(super) text: String,
    pub(super) sureness: Sureness,
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
    rows: u64,
    /// Of all rows.
    all: Vec<i128>,
    /// Of those the source keeps.
    kept: Vec<i128>,
}

impl Sums {
    pub(super) fn add(&mut self, values: &[Option<i128>], kept: bool) {
        self.rows += 1;
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
        self.rows += other.rows;
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
    /// Whether a cell of it was rejected: then it adds up to nothing that is known.
    is_flawed: bool,
    sums: Sums,
    by_period: BTreeMap<Period, Sums>,
}

impl Run {
    fn merge(&mut self, other: &Run) {
        self.is_flawed |= other.is_flawed;
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

    /// A cell or a row of the run was rejected.
    pub(super) fn flaw(&mut self) {
        self.run.is_flawed = true;
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
            let is_checked = filled && !self.since_start.is_flawed;
            if is_checked {
                self.checked += 1;
            } else {
                self.unchecked += 1;
            }
            if !filled && total.sureness == Sureness::Beside {
                problems.push(unsure(total));
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
        // One row alone may have the same numbers by chance.
        let enough = if total.sureness == Sureness::Alone { 0 } else { 2 };
        let ties = |sums: &Sums| sums.rows >= enough && filled.iter().all(|(column, value)| sums.ties(*column, *value));
        if filled.is_empty() || self.since_start.is_flawed {
            return None;
        }
        if candidates.into_iter().flatten().any(ties) {
            return None;
        }
        let Some((column, value)) = filled.iter().copied().find(|(column, value)| !nearest.ties(*column, *value))
        else {
            return Some(unsure(total));
        };
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

/// A row that may be a total or data, with nothing to tell by.
fn unsure(total: &TotalRow) -> Diagnostic {
    let message = format!("`{}` may be a total of the rows above or one of them, and no sum tells", total.text);
    Diagnostic::error(Code::TotalMismatch, message)
        .at_locus(total.locus.clone(), "")
        .help("if it is data, set `totals = []`; if it is a total, leave it out with `where`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> TotalWords {
        let parts = |word: &String| word.split(' ').map(str::to_owned).collect();
        let words = Totals::default().0.iter().map(parts).collect();
        TotalWords { words, are_usual: true, fields: vec![(0, true), (1, false)] }
    }

    #[test]
    fn a_total_is_told_by_its_words() {
        use Sureness::{Alone, Beside};
        let mark = |first: &str, second: &str| words().mark(|field| Some([first, second][field].into()));
        for text in
            ["Total", "TOTAL:", "GRAND-TOTAL", "Grand total", "** Total **", "Sub-totals", "Total*", "Gesamt", "Summe"]
        {
            assert_eq!(mark(text, "x"), Some((0, Alone)), "{text}");
            assert_eq!(mark("x", text), Some((1, Alone)), "{text}");
        }
        for text in ["North Total:", "TOTAL 2024", "Total Care", "Total: north"] {
            assert_eq!(mark(text, "x"), Some((0, Beside)), "{text}");
            assert_eq!(mark("x", text), None, "{text}");
        }
        assert_eq!(mark("Totally", "Subtotally"), None);
        assert_eq!(mark("2024-01", "north"), None);
    }

    #[test]
    fn a_total_ties_to_the_rows_since_the_last_or_to_all() {
        let locus = Locus::Data { path: String::new(), line: 1, text: String::new(), span: 0..0 };
        let claim = |value: i128| Claim { period: None, values: vec![Some(value)], cells: vec![locus.clone()] };
        let total = |value: i128| TotalRow {
            locus: locus.clone(),
            text: "Total".into(),
            sureness: Sureness::Alone,
            claims: vec![claim(value)],
        };
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
