//! What the inputs of a definition make of its value: arithmetic over unlike figures is refused or marked.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::absence::Absence;
use super::caveat::{Caveat, Provisional, gather};
use super::reading::{Reader, Reading};
use crate::formula::Term;
use crate::metric::MetricId;

/// The inputs of one definition, as they were read.
#[derive(Default)]
pub(super) struct Inputs {
    read: Vec<(Term<MetricId>, Vec<Caveat>)>,
}

impl Inputs {
    pub(super) fn add(&mut self, term: &Term<MetricId>, reading: &Reading) {
        if self.read.iter().all(|(known, _)| known != term) {
            self.read.push((term.clone(), reading.caveats.clone()));
        }
    }

    /// The caveats of the value.
    ///
    /// # Errors
    /// The inputs cannot go into one number.
    pub(super) fn caveats(&self, reader: &Reader<'_>) -> Result<Vec<Caveat>, Absence> {
        self.look_back(reader)?;
        self.same_days(reader)?;
        let mut caveats = Vec::new();
        for (term, own) in &self.read {
            let grows = !reader.nature(*term.metric()).is_intensive;
            let mixed = grows && self.mixes_members(reader);
            gather(&mut caveats, own.iter().map(|caveat| caveat.handed_on(mixed)));
        }
        Ok(caveats)
    }

    /// Arithmetic across two periods is a comparison too.
    fn look_back(&self, reader: &Reader<'_>) -> Result<(), Absence> {
        let looks_back = |(term, _): &&(Term<MetricId>, Vec<Caveat>)| matches!(term, Term::Previous(_));
        let back = self.read.iter().filter(looks_back).count();
        if back == 0 || back == self.read.len() {
            return Ok(());
        }
        let unlike = self.read.iter().find_map(|(term, caveats)| {
            let nature = reader.nature(*term.metric());
            Some((term, caveats.iter().find(|caveat| caveat.forbids_comparison(nature))?))
        });
        match unlike {
            None => Ok(()),
            Some((term, caveat)) => Err(Absence::LooksBack {
                metric: reader.scorecard().metric(*term.metric()).name.clone(),
                because: Box::new(caveat.handed_on(false)),
            }),
        }
    }

    /// Flows of twelve days and flows of a month make no quotient and no sum.
    fn same_days(&self, reader: &Reader<'_>) -> Result<(), Absence> {
        let flows: Vec<(MetricId, Option<&Caveat>, Ends)> = self
            .read
            .iter()
            .filter(|(term, _)| reader.nature(*term.metric()).is_flow)
            .map(|(term, caveats)| {
                let partial = caveats.iter().find(|caveat| matches!(caveat, Caveat::Partial { .. }));
                (*term.metric(), partial, ends(term, partial))
            })
            .collect();
        let Some((_, _, first)) = flows.first() else { return Ok(()) };
        let Some(other) = flows.iter().find(|(_, _, ends)| ends != first) else { return Ok(()) };
        let partial = if other.1.is_some() { other } else { &flows[0] };
        let whole = if other.1.is_some() { &flows[0] } else { other };
        let name = |id: MetricId| reader.scorecard().metric(id).name.clone();
        match partial.1 {
            None => Ok(()),
            Some(caveat) => Err(Absence::DifferentDays {
                metric: name(partial.0),
                other: name(whole.0),
                because: Box::new(caveat.clone()),
            }),
        }
    }

    /// Whether numbers that grow with those who report are not all of the same ones.
    fn mixes_members(&self, reader: &Reader<'_>) -> bool {
        let grow = self.read.iter().filter(|(term, _)| !reader.nature(*term.metric()).is_intensive);
        let members = |caveats: &Vec<Caveat>| -> BTreeSet<(String, Vec<String>)> {
            let provisional = caveats.iter().filter_map(|caveat| match caveat {
                Caveat::Provisional(Provisional { source, late, .. }) => Some((source.clone(), late.clone())),
                _ => None,
            });
            provisional.collect()
        };
        let all: BTreeSet<_> = grow.map(|(_, caveats)| members(caveats)).collect();
        all.len() > 1
    }
}

/// Where an input begins late and stops early.
type Ends = (Option<Date>, Option<Date>);

fn ends(term: &Term<MetricId>, partial: Option<&Caveat>) -> Ends {
    match partial {
        Some(Caveat::Partial { days, of, .. }) => {
            // A trailing window begins where it begins.
            let is_now = matches!(term, Term::Metric(_));
            let begins = Some(days.first).filter(|first| is_now && *first > of.first);
            (begins, Some(days.last).filter(|last| *last < of.last))
        }
        _ => (None, None),
    }
}
