//! What the inputs of a definition make of its value: arithmetic over unlike figures is refused or marked.

use std::collections::BTreeSet;

use super::absence::Absence;
use super::caveat::{Caveat, CaveatKind, gather};
use super::reading::{Reader, Reading};
use super::window::Stretches;
use crate::formula::Term;
use crate::metric::MetricId;

/// One input of a definition: which, what its reading rests on, and the days it is measured over.
struct Input {
    term: Term<MetricId>,
    caveats: Vec<Caveat>,
    days: Stretches,
}

impl Input {
    /// The caveat of a part of the period or of a part of those who report.
    fn unlike(&self) -> Option<&Caveat> {
        let unlike = |caveat: &&Caveat| matches!(caveat.kind(), CaveatKind::Partial | CaveatKind::Provisional);
        self.caveats.iter().find(unlike)
    }

    fn partial(&self) -> Option<&Caveat> {
        self.caveats.iter().find(|caveat| caveat.kind() == CaveatKind::Partial)
    }
}

/// The inputs of one definition, as they were read.
#[derive(Default)]
pub(super) struct Inputs {
    read: Vec<Input>,
}

impl Inputs {
    /// Adds an input, once.
    pub(super) fn add(&mut self, term: &Term<MetricId>, reading: &Reading) {
        if self.read.iter().all(|known| known.term != *term) {
            let (caveats, days) = (reading.caveats.clone(), reading.days.clone());
            self.read.push(Input { term: term.clone(), caveats, days });
        }
    }

    /// The days that they are measured over.
    pub(super) fn days(&self) -> Stretches {
        let mut days = Stretches::default();
        self.read.iter().flat_map(|input| input.days.iter()).for_each(|stretch| days.add(stretch));
        days
    }

    /// The caveats of the value.
    ///
    /// # Errors
    /// The inputs cannot go into one number.
    pub(super) fn caveats(&self, reader: &Reader<'_>) -> Result<Vec<Caveat>, Absence> {
        self.same_window(reader)?;
        self.same_days(reader)?;
        let mut caveats = Vec::new();
        for input in &self.read {
            let grows = !reader.nature(*input.term.metric()).is_intensive;
            let mixed = grows && self.mixes_members(reader);
            gather(&mut caveats, input.caveats.iter().map(|caveat| caveat.handed_on(mixed)));
        }
        Ok(caveats)
    }

    /// Arithmetic across two stretches of time is a comparison, of rates too: each must be whole and of all.
    fn same_window(&self, reader: &Reader<'_>) -> Result<(), Absence> {
        if self.days().count() < 2 {
            return Ok(());
        }
        let unlike = self.read.iter().find_map(|input| Some((input, input.unlike()?)));
        let Some((input, caveat)) = unlike else { return Ok(()) };
        let of_two = |input: &Input| !matches!(input.term, Term::Trailing(..)) && input.days.count() == 1;
        let looks_back = self.read.iter().all(of_two);
        Err(Absence::LooksBack {
            metric: reader.scorecard().metric(*input.term.metric()).name.clone(),
            with: if looks_back { "the period before" } else { "other periods" },
            because: Box::new(caveat.handed_on(false)),
        })
    }

    /// What adds up over twelve days and what adds up over a month make no quotient and no sum.
    fn same_days(&self, reader: &Reader<'_>) -> Result<(), Absence> {
        let accumulates = |input: &&Input| reader.nature(*input.term.metric()).accumulates;
        let mut sums = self.read.iter().filter(accumulates);
        let Some(first) = sums.next() else { return Ok(()) };
        let ends = |input: &Input| input.partial().and_then(Caveat::missing_ends);
        let Some(other) = sums.find(|input| ends(input) != ends(first)) else { return Ok(()) };
        let (partial, whole) = if other.partial().is_some() { (other, first) } else { (first, other) };
        let name = |input: &Input| reader.scorecard().metric(*input.term.metric()).name.clone();
        match partial.partial() {
            None => Ok(()),
            Some(caveat) => Err(Absence::DifferentDays {
                metric: name(partial),
                other: name(whole),
                because: Box::new(caveat.clone()),
            }),
        }
    }

    /// Whether numbers that grow with those who report are not all of the same ones.
    fn mixes_members(&self, reader: &Reader<'_>) -> bool {
        let grow = self.read.iter().filter(|input| !reader.nature(*input.term.metric()).is_intensive);
        let all: BTreeSet<_> = grow.map(|input| lacking(reader, &input.caveats)).collect();
        all.len() > 1
    }
}

/// Who is lacking, whichever source they are lacking from: the column of its roster, the names, how many reports.
fn lacking<'c>(reader: &'c Reader<'_>, caveats: &'c [Caveat]) -> BTreeSet<(Option<&'c str>, &'c [String], usize)> {
    let column = |id: &str| {
        let source = reader.scorecard().sources.iter().find(|source| source.id == id)?;
        source.written.roster.as_ref().map(|roster| roster.column.as_str())
    };
    let provisional = caveats.iter().filter_map(|caveat| match caveat {
        Caveat::Provisional(own) => Some((column(&own.source), &own.late[..], own.expected - own.reported)),
        _ => None,
    });
    provisional.collect()
}
