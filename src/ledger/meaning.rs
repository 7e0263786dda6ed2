//! What metrics meant in one report and mean in another, and which of them are computed in another way.

use std::collections::{BTreeMap, BTreeSet};

use super::definition::{ASPECTS, Meaning, OF_CALENDAR, OF_NUMBERS};
use super::{Definition, Report};

/// The definitions of two reports, side by side.
pub(super) struct Meanings<'c> {
    before: &'c Report,
    after: &'c Report,
    /// The older ones, by id.
    pub(super) old: BTreeMap<&'c str, &'c Definition>,
    /// The newer ones, by id.
    pub(super) new: BTreeMap<&'c str, &'c Definition>,
    /// The ids of the newer ones that are computed in another way than before, by themselves or by an input.
    pub(super) redefined: BTreeSet<&'c str>,
    /// The ids of those that may be: where no file explains another number, they are.
    pub(super) redefined_perhaps: BTreeSet<&'c str>,
}

impl<'c> Meanings<'c> {
    pub(super) fn new(before: &'c Report, after: &'c Report) -> Meanings<'c> {
        let by_id = |report: &'c Report| -> BTreeMap<&'c str, &'c Definition> {
            report.definitions.iter().map(|definition| (definition.id.as_str(), definition)).collect()
        };
        let (old, new) = (by_id(before), by_id(after));
        let none = BTreeSet::new;
        let meanings = Meanings { before, after, old, new, redefined: none(), redefined_perhaps: none() };
        let is_other = |name: &str| meanings.settings().iter().any(|(other, ..)| *other == name);
        let redefined = meanings.others(Meaning::Number, is_other(OF_NUMBERS));
        let redefined_perhaps = meanings.others(Meaning::Rarely, is_other(OF_CALENDAR));
        Meanings { redefined, redefined_perhaps, ..meanings }
    }

    /// The ids of the newer definitions of which an aspect of this kind is another, or one of an input; or all.
    fn others(&self, kind: Meaning, all: bool) -> BTreeSet<&'c str> {
        let names = || ASPECTS.iter().filter(|(_, meaning)| *meaning == kind).map(|(name, _)| *name);
        let is_other = |id: &str| match (self.old.get(id), self.new.get(id)) {
            (Some(old), Some(new)) => names().any(|name| self.differs(old, new, name)),
            _ => true,
        };
        let rests = |definition: &&&'c Definition| {
            all || std::iter::once(&definition.id).chain(&definition.inputs).any(|id| is_other(id))
        };
        self.new.values().filter(rests).map(|definition| definition.id.as_str()).collect()
    }

    /// Whether both reports tell an aspect of a metric: what one of them knows nothing of is no change.
    pub(super) fn is_told(&self, old: &Definition, new: &Definition, name: &str) -> bool {
        let tells = |report: &Report, definition: &Definition| {
            definition.aspect(name).is_some() || report.aspects.iter().any(|known| known == name)
        };
        tells(self.before, old) && tells(self.after, new)
    }

    /// Whether an aspect of a metric is another.
    pub(super) fn differs(&self, old: &Definition, new: &Definition, name: &str) -> bool {
        old.aspect(name) != new.aspect(name) && self.is_told(old, new, name)
    }

    /// The settings that both reports tell, and tell otherwise: name, old and new value.
    pub(super) fn settings(&self) -> Vec<(&'c str, &'c str, &'c str)> {
        let other = |name: &str| self.after.settings.iter().find(|(known, _)| known == name);
        let pairs = self.before.settings.iter().filter_map(|(name, old)| Some((name, old, &other(name)?.1)));
        pairs.filter(|(_, old, new)| old != new).map(|(name, old, new)| (&name[..], &old[..], &new[..])).collect()
    }
}

/// What an aspect changes; the number, where nothing is known of it.
pub(super) fn meaning(name: &str) -> Meaning {
    ASPECTS.iter().find(|(known, _)| *known == name).map_or(Meaning::Number, |(_, meaning)| *meaning)
}
