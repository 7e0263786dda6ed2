//! What limits say, as marks and in words. Shapes of their own, told apart from those of statuses without colour.

use std::collections::BTreeSet;

use crate::evaluate::{Assurance, Doubt, Season, Variation};
use crate::view::{Row, Show, Steadiness};

/// The head of the marks' column.
pub(super) const HEAD: &str = "XmR";

/// The mark of a variation; noise has none.
pub(super) fn of_variation(variation: Variation) -> &'static str {
    match variation {
        Variation::Common => "",
        Variation::Improvement(_) => "◇",
        Variation::Concern(_) => "◆",
        Variation::Neutral(_) => "◦",
    }
}

/// The mark of an assurance.
fn of_assurance(assurance: Assurance) -> &'static str {
    match assurance {
        Assurance::Passes => "✓",
        Assurance::HitOrMiss => "≈",
        Assurance::Fails => "✗",
    }
}

/// Both marks, each in its own place.
pub(super) fn marks(steadiness: Option<&Steadiness>) -> String {
    let Some(steadiness) = steadiness else { return String::new() };
    let (variation, assurance) = (of_variation(steadiness.variation), steadiness.assurance.map_or("", of_assurance));
    format!("{variation:1}{assurance}").trim_end().to_owned()
}

/// The variations that stand in a report as marks, one of each mark, with the word for what it tells.
pub(super) fn signals(show: &Show) -> Vec<(Variation, &'static str)> {
    let each = || show.rows.iter().filter_map(|row| row.steadiness.as_ref());
    let known = [("◇", "better"), ("◆", "worse"), ("◦", "neither")].into_iter();
    let first = |mark| each().map(|one| one.variation).find(|variation| of_variation(*variation) == mark);
    known.filter_map(|(mark, word)| Some((first(mark)?, word))).collect()
}

/// The assurances that stand in a report, with the words for what is to be expected of a target.
pub(super) fn assurances(show: &Show) -> Vec<(Assurance, &'static str)> {
    let each = || show.rows.iter().filter_map(|row| row.steadiness.as_ref());
    let known = [
        (Assurance::Passes, "will be met"),
        (Assurance::HitOrMiss, "met or missed by chance"),
        (Assurance::Fails, "will be missed"),
    ];
    known.into_iter().filter(|(assurance, _)| each().any(|one| one.assurance == Some(*assurance))).collect()
}

/// What the marks of a report mean: those that stand in it. `None` where none do.
pub(super) fn key(show: &Show) -> Option<String> {
    let signals = signals(show).into_iter().map(|(variation, word)| (of_variation(variation), word));
    let targets = assurances(show).into_iter().map(|(assurance, words)| (of_assurance(assurance), words));
    let told = |what: &str, marks: Vec<(&str, &str)>| {
        let marks: Vec<String> = marks.iter().map(|(mark, words)| format!("{mark} {words}")).collect();
        (!marks.is_empty()).then(|| format!("{what} {}", marks.join(", ")))
    };
    let signals = told("a signal, not noise:", signals.collect());
    let parts = [signals, told("target while nothing changes:", targets.collect())];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("{HEAD}  {}", parts.join("; ")))
}

/// One note a metric with a signal, concerns first: its mark, its name, the signal, what is to be expected of its target.
pub(super) fn notes(show: &Show) -> Vec<(&'static str, &str, String)> {
    let mut seen = BTreeSet::new();
    let told = |row: &'_ &Row| row.steadiness.is_some() && seen.insert(row.id);
    let note = |row| {
        let Row { name, steadiness, .. }: &Row = row;
        let steadiness = steadiness.as_ref()?;
        Some((of_variation(steadiness.variation), name.as_str(), sentence(steadiness)?))
    };
    let mut notes: Vec<_> = show.rows.iter().filter(told).filter_map(note).collect();
    notes.sort_by_key(|(mark, ..)| ["◆", "◇", "◦"].iter().position(|known| known == mark));
    notes
}

/// The signal, what it means, what is to be expected of the target, and the gravest doubt; `None` without a signal.
pub(super) fn sentence(steadiness: &Steadiness) -> Option<String> {
    let mut words = format!("{} ({})", steadiness.signal.as_ref()?, steadiness.variation.word());
    if let Some(assurance) = steadiness.assurance {
        words.push_str(&format!("; {}", expected(assurance)));
    }
    words.extend(steadiness.doubts.iter().filter_map(|doubt| in_short(*doubt)).map(|doubt| format!("; {doubt}")));
    Some(words)
}

/// What is to be expected of a target, in words.
pub(super) fn expected(assurance: Assurance) -> &'static str {
    match assurance {
        Assurance::Passes => "target lies beyond its limits: will be met while the process stays as it is",
        Assurance::HitOrMiss => "target lies within its limits: met or missed by chance",
        Assurance::Fails => "target lies beyond its limits: will be missed unless the process changes",
    }
}

/// A doubt that makes a signal less of one, behind the metric's name.
fn in_short(doubt: Doubt) -> Option<&'static str> {
    match doubt {
        Doubt::Autocorrelated(_) => Some("follows its neighbours"),
        Doubt::Seasonal(Season::Year, _) => Some("follows the year before"),
        Doubt::Seasonal(Season::Week, _) => Some("follows the week before"),
        Doubt::Trending(by) if by > 0.0 => Some("rises all along"),
        Doubt::Trending(_) => Some("falls all along"),
        Doubt::NoVariation | Doubt::Screening(_) => None,
    }
}
