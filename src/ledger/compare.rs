//! Two reports of one period held against each other: restated history, moved targets and changed definitions told apart.

use std::collections::{BTreeMap, BTreeSet};

use super::definition::{MEASURED, Meaning};
use super::meaning::{Meanings, meaning};
use super::{Definition, Figure, Input, Report, number};
use crate::number::Number;

/// What kind of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A number is another, and what it means is the same: the data changed, or a program that reads them otherwise.
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
    /// That a period cannot be split any more as it was.
    pub fn of_dimensions(period: &str, old: &[String], new: &[String]) -> Change {
        let told = |names: &[String]| Some(names.join(", ")).filter(|names| !names.is_empty());
        let what = "dimensions".to_owned();
        Change { what, old: told(old), new: told(new), ..Change::of_period(Kind::ChangedDefinition, period) }
    }

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
        match comparison.meanings.old.get(definition.id.as_str()) {
            Some(old) => changes.extend(comparison.metric(old, definition)),
            None => changes.push(comparison.whole(Kind::NewMetric, &definition.id)),
        }
    }
    let gone = before.definitions.iter().filter(|old| !comparison.meanings.new.contains_key(old.id.as_str()));
    changes.extend(gone.map(|old| comparison.whole(Kind::GoneMetric, &old.id)));
    changes
}

/// A metric's part: `None` for the whole.
type Part<'c> = Option<&'c [String]>;

struct Comparison<'c> {
    period: &'c str,
    before: &'c Report,
    after: &'c Report,
    meanings: Meanings<'c>,
    old_figures: BTreeMap<&'c str, BTreeMap<Part<'c>, &'c Figure>>,
    new_figures: BTreeMap<&'c str, BTreeMap<Part<'c>, &'c Figure>>,
}

/// The numbers that are read from data, as they are looked for: what is told is the first that differs.
const OF_DATA: [&str; 3] = ["actual", "numerator", "denominator"];

impl<'c> Comparison<'c> {
    fn new(period: &'c str, before: &'c Report, after: &'c Report) -> Comparison<'c> {
        let (old_figures, new_figures) = (by_part(before), by_part(after));
        Comparison { period, before, after, meanings: Meanings::new(before, after), old_figures, new_figures }
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
        let told = |(name, old, new)| self.change(Kind::ChangedDefinition, "", None, name, Some(old), Some(new));
        self.meanings.settings().into_iter().map(told).collect()
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
        let empty = BTreeMap::new();
        let id = new.id.as_str();
        let before = self.old_figures.get(id).unwrap_or(&empty);
        let after = self.new_figures.get(id).unwrap_or(&empty);
        let parts: BTreeSet<Part<'_>> = before.keys().chain(after.keys()).copied().collect();
        let pair = |part: &Part<'_>| (before.get(part).copied(), after.get(part).copied());
        let figures: Vec<Change> =
            parts.into_iter().flat_map(|part| self.figures(old, new, part, pair(&part))).collect();
        let is_open = figures.iter().any(|change| OF_DATA.contains(&&change.what[..]) && change.files.is_empty());
        let is_told = |name: &str| match meaning(name) {
            Meaning::Promise => false,
            Meaning::Rarely => is_open,
            Meaning::Number | Meaning::Judgement => true,
        };
        let names = old.aspects.iter().chain(&new.aspects).map(|(name, _)| name.as_str());
        let mut seen = BTreeSet::new();
        let names = names.filter(|name| seen.insert(*name) && is_told(name) && self.meanings.differs(old, new, name));
        let told = |name| self.change(Kind::ChangedDefinition, id, None, name, old.aspect(name), new.aspect(name));
        names.map(told).chain(figures).collect()
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
        // What is defined over others is worked out in doubles, and its numerator is told of them.
        let is_defined = !old.inputs.is_empty() && !new.inputs.is_empty();
        let is_told = |what: &&str| !is_defined || (*what == "actual" && !is_noise(pair(what)));
        let of_data = OF_DATA.into_iter().find(|what| differs(what) && is_told(what));
        if let Some(what) = of_data {
            let files = self.files(old, new);
            let kind = self.kind_of_number(id, &files);
            changes.push(Change { files, ..told(kind, what) });
        }
        let is_derived = old.aspect("threshold").is_none() && new.aspect("threshold").is_none();
        let targets: Vec<&str> = ["target", "target_high"].into_iter().filter(|what| differs(what)).collect();
        // What was derived moves with what it is derived from: that is told once.
        let thresholds = ["threshold", "threshold_high"].into_iter().filter(|what| differs(what));
        let thresholds: Vec<&str> = thresholds.filter(|_| !is_derived || targets.is_empty()).collect();
        // A promise that was not held against an absent actual is not moved.
        let both = before.is_some() && after.is_some();
        // What is provisional now, or was, has another promise for that alone, or none.
        let was = before.and_then(|figure| figure.caveat.as_deref());
        let is = after.and_then(|figure| figure.caveat.as_deref());
        let is_recast = both && was.is_some() != is.is_some();
        let is_of_recast = |what: &&str| is_recast && (pair(what).0.is_none() || pair(what).1.is_none());
        let promises = targets.into_iter().chain(thresholds).filter(|what| both && !is_of_recast(what));
        let promises: Vec<&str> = promises.collect();
        if is_recast {
            let files = self.files(old, new);
            let kind = self.kind_of_number(id, &files);
            changes.push(Change { files, ..self.change(kind, id, part, "caveat", was, is) });
        }
        changes.extend(promises.iter().map(|what| {
            let name = what.trim_end_matches("_high");
            let is_measured =
                [old, new].iter().any(|side| side.aspect(name).is_some_and(|text| text.contains(MEASURED)));
            let files = if is_measured { self.files(old, new) } else { Vec::new() };
            Change { files, ..told(self.kind_of_promise(old, new, name), what) }
        }));
        let is_rescored = |what: &str| differs(what) && !is_same_score(pair(what));
        if is_rescored("score") && of_data.is_none() && promises.is_empty() && both {
            changes.push(told(Kind::Rescored, "score"));
        }
        if is_rescored("thread_score") {
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

    /// What another number of a metric is, that rests on these changed files.
    fn kind_of_number(&self, id: &str, files: &[FileChange]) -> Kind {
        let is_redefined =
            self.meanings.redefined.contains(id) || files.is_empty() && self.meanings.redefined_perhaps.contains(id);
        if is_redefined { Kind::ChangedDefinition } else { Kind::Restated }
    }

    /// What another target or threshold is: nobody moved what is promised in the same words, or follows from the target, and
    /// comes to another number because of another definition.
    fn kind_of_promise(&self, old: &Definition, new: &Definition, name: &str) -> Kind {
        let follows = match (old.aspect(name), new.aspect(name)) {
            (Some(was), Some(is)) => was == is && self.meanings.redefined.contains(new.id.as_str()),
            (None, None) => name == "threshold" && self.meanings.is_told(old, new, name),
            _ => false,
        };
        if follows { Kind::ChangedDefinition } else { Kind::MovedTarget }
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

/// Whether two scores, of 0 to 100, differ only by how doubles round.
fn is_same_score((old, new): (Option<&str>, Option<&str>)) -> bool {
    let double = |text: Option<&str>| text.and_then(|text| text.parse::<f64>().ok());
    double(old).zip(double(new)).is_some_and(|(old, new)| (old - new).abs() <= 1e-9)
}

/// Whether two numbers that are worked out of others, in doubles, differ only by how those round.
pub fn is_noise((old, new): (Option<&str>, Option<&str>)) -> bool {
    let double = |text: Option<&str>| text.and_then(|text| text.parse::<f64>().ok());
    double(old).zip(double(new)).is_some_and(|(old, new)| (old - new).abs() <= 1e-12 * old.abs().max(new.abs()))
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
        let told = ["value", "weights", "target", "threshold"].map(str::to_owned).to_vec();
        Report { aspects: told, definitions: vec![definition], figures: vec![figure], ..Report::default() }
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

    /// As a ledger that was written before its aspects were known.
    #[test]
    fn an_aspect_that_a_side_does_not_know_is_no_change() {
        let now = report(&[("value", "sum(a)"), ("missing", "x")], "0.84", "0.8");
        let now = Report { aspects: vec!["value".into(), "missing".into()], ..now };
        let earlier = report(&[("value", "sum(a)")], "0.84", "0.8");
        assert_eq!(told(&earlier, &now), []);
        assert_eq!(told(&now, &earlier), []);
        let known = Report { aspects: now.aspects.clone(), ..earlier };
        assert_eq!(told(&known, &now), [(Kind::ChangedDefinition, "missing".into(), None)]);
        let settings = |value: &str| vec![("grain".to_owned(), value.to_owned())];
        let (by_day, none) = (Report { settings: settings("day"), ..known.clone() }, known);
        assert_eq!(told(&by_day, &none), []);
        let by_month = Report { settings: settings("month"), ..by_day.clone() };
        assert_eq!(told(&by_day, &by_month), [(Kind::ChangedDefinition, "grain".into(), None)]);
    }

    #[test]
    fn what_nobody_moved_is_no_moved_target() {
        let with_threshold = |aspects: &[(&str, &str)], threshold: &str| {
            let mut report = report(aspects, "0.84", "0.8");
            report.figures[0].numbers[5] = Some(threshold.into());
            report
        };
        let of = |aspects: &[(&str, &str)]| told(&with_threshold(aspects, "0.72"), &with_threshold(aspects, "0.64"));
        let difference = Some("-0.08".to_owned());
        let told = |kind: Kind| [(kind, "threshold".to_owned(), difference.clone())];
        assert_eq!(of(&[]), told(Kind::ChangedDefinition), "it is derived, from a target that is the same");
        assert_eq!(of(&[("threshold", "measured: only(least)")]), told(Kind::MovedTarget), "the rows promise another");
        let declared = with_threshold(&[("threshold", "month: 0.64")], "0.64");
        assert_eq!(super::tests::told(&with_threshold(&[], "0.72"), &declared), told(Kind::MovedTarget));
    }

    #[test]
    fn metrics_come_and_go() {
        let (one, none) = (report(&[], "0.84", "0.8"), Report::default());
        assert_eq!(told(&one, &none), [(Kind::GoneMetric, "actual".into(), None)]);
        assert_eq!(told(&none, &one), [(Kind::NewMetric, "actual".into(), None)]);
    }
}
