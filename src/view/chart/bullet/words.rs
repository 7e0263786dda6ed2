//! What bullets say in words: the message of the title, the notes, the description.

use super::super::words::{FURTHEST_AWAY, furthest};
use super::{BulletForm, BulletGroup, BulletRow, BulletScale};
use crate::number::Number;
use crate::prose;
use crate::status::Status;

/// One row with the metric it belongs to, where rows are parts.
struct Said<'s> {
    row: &'s BulletRow,
    metric: Option<&'s str>,
}

impl Said<'_> {
    fn name(&self) -> String {
        match self.metric {
            Some(metric) => format!("{metric} in {}", self.row.name),
            None => self.row.name.clone(),
        }
    }

    fn is_judged(&self) -> bool {
        matches!(self.row.status, Status::OnTarget | Status::AtRisk | Status::OffTarget)
    }

    fn misses(&self) -> bool {
        matches!(self.row.status, Status::AtRisk | Status::OffTarget)
    }

    /// By how much of the target it is missed, 0 and more.
    fn shortfall(&self) -> Option<f64> {
        let (actual, variance) = (self.row.actual.as_ref().ok()?.number, self.row.variance.as_ref()?.number);
        // Of a range, of the edge that is missed.
        let edge = actual.to_f64() - variance.to_f64();
        let share = (variance.to_f64() / edge).abs();
        share.is_finite().then_some(share)
    }
}

/// The rows of a group, those of one metric among several with its name.
fn said(group: &BulletGroup, one_metric: bool) -> impl Iterator<Item = Said<'_>> {
    let metric = group.whole.as_ref().and(group.head.as_deref()).filter(|_| !one_metric);
    group.rows.iter().map(move |row| Said { row, metric })
}

/// Who meets its target, who does not, and who is furthest from it; with the note that such a title needs.
pub(super) fn title(groups: &[BulletGroup], by: &[String]) -> (String, Option<&'static str>) {
    let one_metric = matches!(groups, [BulletGroup { whole: Some(_), .. }]);
    let rows: Vec<Said<'_>> = groups.iter().flat_map(|group| said(group, one_metric)).collect();
    let judged: Vec<&Said<'_>> = rows.iter().filter(|row| row.is_judged()).collect();
    let missing: Vec<&Said<'_>> = judged.iter().copied().filter(|row| row.misses()).collect();
    let noun = match by {
        [] => "metric",
        [dimension] => dimension.as_str(),
        _ => "part",
    };
    let others = Others::of(&rows);
    let whose = match groups {
        [BulletGroup { head: Some(head), whole: Some(_), .. }] => format!("the target of {head}"),
        _ if judged.len() == 1 || missing.len() == 1 => "its target".to_owned(),
        _ => "their target".to_owned(),
    };
    // The same region may stand below several metrics.
    let noun = if by.is_empty() || one_metric { noun } else { "part" };
    let title = match (judged.as_slice(), missing.as_slice()) {
        ([], _) => match rows.as_slice() {
            [one] => format!("{} cannot be held against a target", one.name()),
            several => format!("None of {} can be held against a target", prose::count(several.len(), noun)),
        },
        ([one], []) => format!("{} meets {whose}", one.name()),
        (all, []) => others.told(all.len(), noun, "meet", &whose, ""),
        ([one], _) => format!("{} misses {whose}{}", one.name(), by_how_much(one)),
        (all, [one]) => {
            format!("1 of {} misses {whose}: {}{}", prose::count(all.len(), noun), one.name(), by_how_much(one))
        }
        (all, missing) => {
            let most = furthest(missing.iter().map(|row| (*row, row.row.steps_short)));
            let furthest = most.map_or_else(String::new, |most| format!("; {} is furthest away", most.name()));
            let message = if missing.len() == all.len() {
                others.told(all.len(), noun, "miss", &whose, &furthest)
            } else {
                format!("{} of {} miss {whose}{furthest}", missing.len(), prose::count(all.len(), noun))
            };
            return (message, most.map(|_| FURTHEST_AWAY));
        }
    };
    (title, None)
}

/// The rows drawn that cannot be judged: a title about all of the others must not seem to be about them.
struct Others {
    count: usize,
    /// Whether every one of them lacks a target, and nothing else.
    lack_targets: bool,
}

impl Others {
    fn of(rows: &[Said<'_>]) -> Others {
        let others = || rows.iter().filter(|row| !row.is_judged());
        Others { count: others().count(), lack_targets: others().all(|row| row.row.target.is_none()) }
    }

    /// What all that are judged do: `Both metrics with a target miss it; 3 have none`.
    fn told(&self, judged: usize, noun: &str, verb: &str, whose: &str, further: &str) -> String {
        let all = prose::capitalised(&prose::all(judged, noun));
        match (self.count, self.lack_targets) {
            (0, _) => format!("{all} {verb} {whose}{further}"),
            (1, true) => format!("{all} with a target {verb} it{further}; 1 has none"),
            (count, true) => format!("{all} with a target {verb} it{further}; {count} have none"),
            (count, false) => format!("{all} that can be judged {verb} {whose}{further}; {count} cannot"),
        }
    }
}

/// ` by 5 %` of the target; nothing where the target is 0, of which nothing is a share.
fn by_how_much(row: &Said<'_>) -> String {
    row.shortfall().map_or_else(String::new, |share| format!(" by {}", percent(share)))
}

/// A share of the target as a percentage of few digits.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent < 0.1 {
        return "less than 0.1 %".to_owned();
    }
    let decimals = if percent < 9.95 { 1 } else { 0 };
    let digits = Number::approx(percent).map_or_else(String::new, |number| number.rounded(decimals));
    format!("{} %", prose::grouped(&digits))
}

/// How scales are to be read, and what is left out.
pub(super) fn notes(groups: &[BulletGroup], without: usize, not_parted: usize, by: &[String]) -> Vec<String> {
    let rows = || groups.iter().flat_map(|group| &group.rows);
    let mut notes = vec![if by.is_empty() {
        "Each row has a scale of its own; compare a bar with its target, not with other bars".to_owned()
    } else {
        "The rows of a metric share one scale".to_owned()
    }];
    if rows().any(|row| row.scale.as_ref().is_some_and(|scale| scale.form == BulletForm::Dot)) {
        notes.push(
            "A dot stands on a cut scale, whose ends its row names: from zero, the difference could not be seen"
                .to_owned(),
        );
    }
    if rows().filter_map(|row| row.scale.as_ref()).any(ends_early) {
        notes.push("Where a stretch is declared, the range of what meets the target ends at it".to_owned());
    }
    let left_out = |count: usize, why: &str| {
        let verb = if count == 1 { "is" } else { "are" };
        (count > 0).then(|| format!("{} {why} {verb} left out", prose::count(count, "metric")))
    };
    notes.extend(left_out(without, "without a value of its own").map(|note| match without {
        1 => note,
        _ => note.replace("its own", "their own"),
    }));
    notes.extend(left_out(not_parted, &format!("without parts by {}", prose::join(by, "and"))));
    notes
}

/// Whether the best range ends before the scale does.
fn ends_early(scale: &BulletScale) -> bool {
    let (low, high) = (scale.low.number.to_f64(), scale.high.number.to_f64());
    let covers = |end: f64| scale.bands.iter().any(|band| band.from <= end && end <= band.to);
    let has_some = !scale.bands.is_empty();
    has_some && (!covers(low) || !covers(high))
}

/// Every row and how it stands.
pub(super) fn description(groups: &[BulletGroup]) -> String {
    let group = |group: &BulletGroup| {
        let rows: Vec<String> = group.rows.iter().map(|row| format!("{} is {}", row.name, row.status.word())).collect();
        match &group.head {
            Some(head) => format!("{head}: {}.", rows.join(", ")),
            None => format!("{}.", rows.join(", ")),
        }
    };
    format!("Bars of actuals against targets. {}", groups.iter().map(group).collect::<Vec<_>>().join(" "))
}
