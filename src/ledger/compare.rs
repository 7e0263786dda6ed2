//! Two reports of one period held against each other: restated history, moved targets and changed definitions told apart.

use std::collections::{BTreeMap, BTreeSet};

use super::{Definition, Figure, Input, Report, number};
use crate::number::Number;

/// What kind of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A number is another, and what it means is the same: the data changed.
    Restated,
    /// What was promised is another.
    MovedTarget,
    /// What a metric means is another, or a number is because of that.
    ChangedDefinition,
    /// A metric that was not there.
    NewMetric,
    /// A metric that is there no more.
    GoneMetric,
    /// A score or status that follows from other differences.
    Rescored,
    /// A period that is reported and was not.
    NewPeriod,
    /// A period that was reported and is not.
    GonePeriod,
}

impl Kind {
    /// All of them, in the order they are told.
    pub const ALL: [Kind; 8] = [
        Kind::Restated,
        Kind::MovedTarget,
        Kind::ChangedDefinition,
        Kind::NewMetric,
        Kind::GoneMetric,
        Kind::Rescored,
        Kind::GonePeriod,
        Kind::NewPeriod,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Restated => "restated",
            Kind::MovedTarget => "moved-target",
            Kind::ChangedDefinition => "changed-definition",
            Kind::NewMetric => "new-metric",
            Kind::GoneMetric => "gone-metric",
            Kind::Rescored => "rescored",
            Kind::NewPeriod => "new-period",
            Kind::GonePeriod => "gone-period",
        }
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What kind.
    pub kind: Kind,
    /// The period's name.
    pub period: String,
    /// The metric's id; blank for what is of the whole scorecard.
    pub id: String,
    /// The dimensions and their values; none for the whole.
    pub segment: Vec<(String, String)>,
    /// Which figure or aspect.
    pub what: String,
    /// What it was; `None` where there was none.
    pub old: Option<String>,
    /// What it is; `None` where there is none.
    pub new: Option<String>,
    /// New minus old, where both are numbers.
    pub difference: Option<Number>,
    /// The files it rests on that changed, where its data did.
    pub files: Vec<FileChange>,
}

impl Change {
    /// A difference of a whole period.
    pub fn of_period(kind: Kind, period: &str) -> Change {
        let what = "period".to_owned();
        Change {
            kind,
            period: period.to_owned(),
            id: String::new(),
            segment: Vec::new(),
            what,
            old: None,
            new: None,
            difference: None,
            files: Vec::new(),
        }
    }
}

/// A file that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// As the scorecard would name it.
    pub path: String,
    /// What it was; `None` where it was not there.
    pub old: Option<Input>,
    /// What it is; `None` where it is not there.
    pub new: Option<Input>,
}

/// What differs between two reports of a period: by metric in the newer order, the scorecard's settings first.
pub fn compare(period: &str, before: &Report, after: &Report) -> Vec<Change> {
    let comparison = Comparison::new(period, before, after);
    let mut changes = comparison.settings();
    for definition in &after.definitions {
        match comparison.old.get(definition.id.as_str()) {
            Some(old) => changes.extend(comparison.metric(old, definition)),
            None => changes.push(comparison.whole(Kind::NewMetric, &definition.id)),
        }
    }
    let gone = before.definitions.iter().filter(|old| !comparison.new.contains_key(old.id.as_str()));
    changes.extend(gone.map(|old| comparison.whole(Kind::GoneMetric, &old.id)));
    changes
}

/// A metric's part: `None` for the whole.
type Part<'c> = Option<&'c [String]>;

struct Comparison<'c> {
    period: &'c str,
    before: &'c Report,
    after: &'c Report,
    old: BTreeMap<&'c str, &'c Definition>,
    new: BTreeMap<&'c str, &'c Definition>,
    /// The metrics that are computed in another way than before.
    redefined: BTreeSet<&'c str>,
    old_figures: BTreeMap<&'c str, BTreeMap<Part<'c>, &'c Figure>>,
    new_figures: BTreeMap<&'c str, BTreeMap<Part<'c>, &'c Figure>>,
}

/// Aspects that change a number; the others change what is made of it.
const COMPUTING: [&str; 6] = ["value", "source", "where", "rows of the source", "scale", "unit"];
/// Aspects that are told by the numbers they come to.
const PROMISES: [&str; 2] = ["target", "threshold"];

impl<'c> Comparison<'c> {
    fn new(period: &'c str, before: &'c Report, after: &'c Report) -> Comparison<'c> {
        let by_id = |report: &'c Report| -> BTreeMap<&'c str, &'c Definition> {
            report.definitions.iter().map(|definition| (definition.id.as_str(), definition)).collect()
        };
        let (old, new) = (by_id(before), by_id(after));
        let is_redefined = |id: &str| match (old.get(id), new.get(id)) {
            (Some(old), Some(new)) => COMPUTING.iter().any(|name| old.aspect(name) != new.aspect(name)),
            _ => true,
        };
        let rests = |definition: &Definition| {
            std::iter::once(&definition.id).chain(&definition.inputs).any(|id| is_redefined(id))
        };
        let redefined = new.values().filter(|definition| rests(definition)).map(|definition| definition.id.as_str());
        let redefined = redefined.collect();
        let (old_figures, new_figures) = (by_part(before), by_part(after));
        Comparison { period, before, after, old, new, redefined, old_figures, new_figures }
    }

    fn change(&self, kind: Kind, id: &str, part: Part<'_>, what: &str, old: Option<&str>, new: Option<&str>) -> Change {
        let by = if self.after.by.is_empty() { &self.before.by } else { &self.after.by };
        let segment = part.map_or(Vec::new(), |part| by.iter().cloned().zip(part.iter().cloned()).collect());
        let numbers = old.and_then(number).zip(new.and_then(number));
        Change {
            id: id.to_owned(),
            segment,
            what: what.to_owned(),
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
            difference: numbers.and_then(|(old, new)| new.difference(old)),
            ..Change::of_period(kind, self.period)
        }
    }

    fn settings(&self) -> Vec<Change> {
        let value = |report: &'c Report, name: &str| {
            report.settings.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
        };
        let names = self.before.settings.iter().chain(&self.after.settings).map(|(name, _)| name.as_str());
        let (mut changes, mut seen) = (Vec::new(), BTreeSet::new());
        for name in names.filter(|name| seen.insert(*name)) {
            let (old, new) = (value(self.before, name), value(self.after, name));
            if old != new {
                changes.push(self.change(Kind::ChangedDefinition, "", None, name, old, new));
            }
        }
        changes
    }

    /// A metric that is on one side only, with its whole.
    fn whole(&self, kind: Kind, id: &str) -> Change {
        let actual = |figures: &BTreeMap<&str, BTreeMap<Part<'c>, &'c Figure>>| {
            figures.get(id).and_then(|parts| parts.get(&None)).and_then(|figure| figure.number("actual"))
        };
        let (old, new) = (actual(&self.old_figures), actual(&self.new_figures));
        self.change(kind, id, None, "actual", old, new)
    }

    fn metric(&self, old: &Definition, new: &Definition) -> Vec<Change> {
        let names = old.aspects.iter().chain(&new.aspects).map(|(name, _)| name.as_str());
        let (mut changes, mut seen) = (Vec::new(), BTreeSet::new());
        for name in names.filter(|name| !PROMISES.contains(name) && seen.insert(*name)) {
            let (was, is) = (old.aspect(name), new.aspect(name));
            if was != is {
                changes.push(self.change(Kind::ChangedDefinition, &new.id, None, name, was, is));
            }
        }
        let empty = BTreeMap::new();
        let id = new.id.as_str();
        let before = self.old_figures.get(id).unwrap_or(&empty);
        let after = self.new_figures.get(id).unwrap_or(&empty);
        let parts: BTreeSet<Part<'_>> = before.keys().chain(after.keys()).copied().collect();
        for part in parts {
            let pair = (before.get(&part).copied(), after.get(&part).copied());
            changes.extend(self.figures(old, new, part, pair));
        }
        changes
    }

    /// What differs between two figures; a part that is on one side only has all of its numbers there.
    fn figures(
        &self,
        old: &Definition,
        new: &Definition,
        part: Part<'_>,
        (before, after): (Option<&Figure>, Option<&Figure>),
    ) -> Vec<Change> {
        let id = new.id.as_str();
        let mut changes = Vec::new();
        let pair =
            |what: &str| (before.and_then(|figure| figure.number(what)), after.and_then(|figure| figure.number(what)));
        let differs = |what: &str| pair(what).0 != pair(what).1;
        let told = |kind: Kind, what: &str| self.change(kind, id, part, what, pair(what).0, pair(what).1);
        let of_data = ["actual", "numerator", "denominator"].into_iter().find(|what| differs(what));
        if let Some(what) = of_data {
            let kind = if self.redefined.contains(id) { Kind::ChangedDefinition } else { Kind::Restated };
            changes.push(Change { files: self.files(old, new), ..told(kind, what) });
        }
        let is_derived = old.aspect("threshold").is_none() && new.aspect("threshold").is_none();
        let targets: Vec<&str> = ["target", "target_high"].into_iter().filter(|what| differs(what)).collect();
        // What was derived moves with what it is derived from: that is told once.
        let thresholds = ["threshold", "threshold_high"].into_iter().filter(|what| differs(what));
        let thresholds: Vec<&str> = thresholds.filter(|_| !is_derived || targets.is_empty()).collect();
        // A promise that was not held against an absent actual is not moved.
        let both = before.is_some() && after.is_some();
        let promises: Vec<&str> = targets.into_iter().chain(thresholds).filter(|_| both).collect();
        changes.extend(promises.iter().map(|what| told(Kind::MovedTarget, what)));
        if differs("score") && of_data.is_none() && promises.is_empty() && both {
            changes.push(told(Kind::Rescored, "score"));
        }
        if differs("thread_score") {
            changes.push(told(Kind::Rescored, "thread_score"));
        }
        if let (Some(before), Some(after)) = (before, after)
            && before.status != after.status
        {
            let (old, new) = (before.status.as_str(), after.status.as_str());
            changes.push(self.change(Kind::Rescored, id, part, "status", Some(old), Some(new)));
        }
        changes
    }

    /// The files that a metric rests on, then or now, and that are not what they were.
    fn files(&self, old: &Definition, new: &Definition) -> Vec<FileChange> {
        let sources: BTreeSet<&str> = old.sources.iter().chain(&new.sources).map(String::as_str).collect();
        let of = |report: &'c Report| {
            let files =
                report.files.iter().filter(|file| file.source.as_deref().is_some_and(|id| sources.contains(id)));
            files.map(|file| (file.path.as_str(), file)).collect::<BTreeMap<&str, &Input>>()
        };
        let (before, after) = (of(self.before), of(self.after));
        let paths: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
        let change = |path: &str| {
            let (old, new) = (before.get(path).copied(), after.get(path).copied());
            let is_same = old.map(|file| &file.sha256) == new.map(|file| &file.sha256);
            (!is_same).then(|| FileChange { path: path.to_owned(), old: old.cloned(), new: new.cloned() })
        };
        paths.into_iter().filter_map(change).collect()
    }
}

fn by_part(report: &Report) -> BTreeMap<&str, BTreeMap<Part<'_>, &Figure>> {
    let mut found: BTreeMap<&str, BTreeMap<Part<'_>, &Figure>> = BTreeMap::new();
    for figure in &report.figures {
        found.entry(figure.id.as_str()).or_default().insert(figure.segment.as_deref(), figure);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(aspects: &[(&str, &str)], actual: &str, target: &str) -> Report {
        let mut figure = Figure { id: "fcr".into(), status: "on-target".into(), ..Figure::default() };
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        (figure.numbers[0], figure.numbers[3]) = (some(actual), some(target));
        let aspects = aspects.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let (sources, inputs) = (vec!["calls".to_owned()], Vec::new());
        let definition = Definition { id: "fcr".into(), name: "First".into(), sources, inputs, aspects };
        Report { definitions: vec![definition], figures: vec![figure], ..Report::default() }
    }

    fn told(before: &Report, after: &Report) -> Vec<(Kind, String, Option<String>)> {
        let changes = compare("2026-10", before, after);
        changes.into_iter().map(|change| (change.kind, change.what, change.difference.map(|d| d.to_string()))).collect()
    }

    #[test]
    fn the_same_is_no_difference() {
        let one = report(&[("value", "sum(a)"), ("target", "month: 1")], "0.84", "0.8");
        assert_eq!(told(&one, &one), []);
        let again = report(&[("value", "sum(a)"), ("target", "month: 1; 2 from 2027-01-01")], "0.84", "0.8");
        assert_eq!(told(&one, &again), [], "a target of later periods is not a moved one");
    }

    #[test]
    fn data_promise_and_definition_are_told_apart() {
        let one = report(&[("value", "sum(a)")], "0.84", "0.8");
        let restated = report(&[("value", "sum(a)")], "0.9", "0.8");
        let difference = Some("0.06".to_owned());
        assert_eq!(told(&one, &restated), [(Kind::Restated, "actual".into(), difference.clone())]);
        let moved = report(&[("value", "sum(a)")], "0.84", "0.7");
        assert_eq!(told(&one, &moved), [(Kind::MovedTarget, "target".into(), Some("-0.1".to_owned()))]);
        let redefined = report(&[("value", "sum(b)")], "0.9", "0.8");
        let wanted = [
            (Kind::ChangedDefinition, "value".to_owned(), None),
            (Kind::ChangedDefinition, "actual".to_owned(), difference),
        ];
        assert_eq!(told(&one, &redefined), wanted);
        let weighed = report(&[("value", "sum(a)"), ("weights", "x 2")], "0.9", "0.8");
        assert_eq!(told(&one, &weighed)[1].0, Kind::Restated, "weights do not change an actual");
        assert_eq!(told(&one, &report(&[("value", "sum(a)")], "", "0.8"))[0].0, Kind::Restated);
    }

    #[test]
    fn metrics_come_and_go() {
        let (one, none) = (report(&[], "0.84", "0.8"), Report::default());
        assert_eq!(told(&one, &none), [(Kind::GoneMetric, "actual".into(), None)]);
        assert_eq!(told(&none, &one), [(Kind::NewMetric, "actual".into(), None)]);
    }
}
