//! What one must know to read a trend right: signals in words, doubts about limits, what is missing or not whole.

use std::ops::Range;

use super::panel::{Drawn, Seen};
use crate::evaluate::{LEAST_VALUES, NoLimits, Phase};
use crate::period::Grain;
use crate::prose;
use crate::stats::xmr::{RUN, Side, Signal};
use crate::view::doubted;

/// The most periods a note names.
const MOST_NAMED: usize = 3;
/// The most runs of a kind that are told one by one.
const MOST_RUNS: usize = 2;
/// The most figures of a panel whose caveats are told in full.
const MOST_CAVEATS: usize = 2;

/// The notes of some panels over periods of one grain and of these names.
pub(super) fn of(drawn: &[Drawn], periods: &[String], grain: Grain) -> Vec<String> {
    let mut notes: Vec<String> = key(drawn).into_iter().chain(memory(drawn, grain)).collect();
    for drawn in drawn {
        let name = &drawn.panel.name;
        let mut said: Vec<String> = Vec::new();
        if let Some(Ok(seen)) = &drawn.process {
            said.extend(rebases(seen));
            said.extend(signals(seen));
            said.extend(seen.process.doubts.iter().map(|doubt| doubted(*doubt)));
        }
        said.extend(gaps(drawn, periods));
        if !said.is_empty() {
            notes.push(format!("{name}: {}", said.join("; ")));
        }
        notes.extend(caveats(drawn, periods));
        notes.extend(of_both(drawn, periods));
    }
    notes.extend(without_limits(drawn));
    notes
}

/// What is drawn around signals, of which there are some.
fn key(drawn: &[Drawn]) -> Option<String> {
    let signals = || drawn.iter().flat_map(|drawn| &drawn.panel.points).filter_map(|point| point.signal);
    let is_outside = |signal: &Signal| matches!(signal, Signal::Outside(_));
    let outside = signals().any(|signal| is_outside(&signal)).then_some("diamonds lie beyond the limits (the band)");
    let pattern =
        signals().any(|signal| !is_outside(&signal)).then_some("rings are part of a pattern that noise hardly makes");
    let said: Vec<&str> = [outside, pattern].into_iter().flatten().collect();
    (!said.is_empty()).then(|| prose::capitalised(&said.join("; ")))
}

/// What limits rest on, where that is not what is drawn.
fn memory(drawn: &[Drawn], grain: Grain) -> Option<String> {
    let seen = drawn.iter().filter_map(|drawn| drawn.process.as_ref()?.as_ref().ok());
    let is_other = |seen: &Seen| {
        let is_longer = seen.process.values[..seen.visible().start].iter().any(Option::is_some);
        is_longer || seen.drawn > seen.process.values.len()
    };
    let seen = seen.into_iter().find(|seen| is_other(seen))?;
    let periods = prose::count(seen.process.values.len(), grain.word());
    Some(format!("Process limits rest on the {periods} up to {}", seen.names.last()?))
}

/// Which panels have no limits: parts never, of metrics those with too few values; where none has any, those of the
/// commonest count need no names.
fn without_limits(drawn: &[Drawn]) -> Option<String> {
    if drawn.iter().any(|drawn| drawn.process.is_none()) {
        return Some("Parts have no process limits: each would add false alarms of its own".to_owned());
    }
    let with_values: Vec<&Drawn> = drawn.iter().filter(|drawn| drawn.panel.absence.is_none()).collect();
    let mut found: Vec<(usize, Vec<&str>)> = Vec::new();
    for drawn in &with_values {
        let Some(Err(NoLimits::TooFew(count))) = &drawn.process else { continue };
        match found.iter_mut().find(|(known, _)| known == count) {
            Some((_, names)) => names.push(&drawn.panel.name),
            None => found.push((*count, vec![&drawn.panel.name])),
        }
    }
    found.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
    let has_none = found.iter().map(|(_, names)| names.len()).sum::<usize>() == with_values.len();
    let said = found.iter().enumerate().map(|(at, (count, names))| {
        let of = if at == 0 { format!("{count} of {LEAST_VALUES} values") } else { count.to_string() };
        if at == 0 && has_none { of } else { format!("{of} ({})", names.join(", ")) }
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| format!("No process limits: {}", said.join(", ")))
}

/// In which periods from the first value on there is none, and why in the last of them.
fn gaps(drawn: &Drawn, periods: &[String]) -> Option<String> {
    let because = drawn.because.as_ref().map_or(String::new(), |reason| format!(": {reason}"));
    match drawn.missing.as_slice() {
        [] => None,
        [one] => Some(format!("no value in {}{because}", periods[*one])),
        [.., last] => {
            let missing = prose::count(drawn.missing.len(), "period");
            Some(format!("no value in {missing}, last in {}{because}", periods[*last]))
        }
    }
}

/// What hollow points rest on.
fn caveats(drawn: &Drawn, periods: &[String]) -> Option<String> {
    let mut last = drawn.caveats.iter().rev();
    let told: Vec<String> =
        last.by_ref().take(MOST_CAVEATS).map(|(index, words)| format!("{} {words}", periods[*index])).collect();
    let more = match last.count() {
        0 => String::new(),
        more => format!("; and {} before", prose::count(more, "period")),
    };
    (!told.is_empty()).then(|| format!("{}, hollow: {}{more}", drawn.panel.name, told.join("; ")))
}

/// Of whom the year before is, where it is of some only.
fn of_both(drawn: &Drawn, periods: &[String]) -> Option<String> {
    let at = drawn.panel.points.iter().position(|point| point.prior_year_is_of_both)?;
    Some(format!("{}: the year before {} is of those who reported in both", drawn.panel.name, periods[at]))
}

/// Since when limits are what they are, and why; of a phase of which nothing is drawn nothing.
fn rebases(seen: &Seen) -> Vec<String> {
    let phases = seen.process.phases.iter().filter(|phase| phase.points.end > seen.visible().start);
    let because = |phase: &Phase| Some((phase.points.start, phase.because.as_ref()?.clone()));
    phases
        .filter_map(because)
        .map(|(at, because)| format!("limits anew since {} ({because})", seen.names[at]))
        .collect()
}

/// Every signal that is drawn in words, in the order of time.
fn signals(seen: &Seen) -> Vec<String> {
    let mut said: Vec<(usize, String)> = Vec::new();
    for side in [Side::High, Side::Low] {
        said.extend(scattered(seen, Signal::Outside(side)));
        said.extend(scattered(seen, Signal::TwoOfThree(side)));
        said.extend(runs(seen, Signal::Trend(side)));
        said.extend(runs(seen, Signal::Shift(side)));
    }
    said.sort();
    said.into_iter().map(|(_, words)| words).collect()
}

/// Signals that are single points.
fn scattered(seen: &Seen, signal: Signal) -> Option<(usize, String)> {
    let found: Vec<usize> = seen.visible().filter(|at| seen.process.signals[*at] == Some(signal)).collect();
    let first = *found.first()?;
    let words = match signal {
        Signal::Outside(Side::High) => "above its upper limit",
        Signal::Outside(_) => "below its lower limit",
        _ if signal.side() == Side::High => "two of three near its upper limit",
        _ => "two of three near its lower limit",
    };
    Some((first, format!("{words} in {}", named(&found, &seen.names))))
}

/// The names of periods; of many how many, and the last.
fn named(found: &[usize], periods: &[String]) -> String {
    let names: Vec<String> = found.iter().map(|index| periods[*index].clone()).collect();
    match names.as_slice() {
        [.., last] if names.len() > MOST_NAMED => {
            format!("{}, last in {last}", prose::count(names.len(), "period"))
        }
        names => prose::join(names, "and"),
    }
}

/// Signals that are runs of points, each run whole: even where a stronger signal lies in it, and where it begins before
/// what is drawn.
fn runs(seen: &Seen, signal: Signal) -> Vec<(usize, String)> {
    let Seen { process, names, .. } = seen;
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in seen.visible().filter(|at| process.signals[*at] == Some(signal)) {
        if found.last().is_none_or(|run| at >= run.end) {
            found.push(process.run_at(at));
        }
    }
    let what = match signal {
        Signal::Trend(Side::High) => "rising",
        Signal::Trend(_) => "falling",
        _ if signal.side() == Side::High => "above its centre",
        _ => "below its centre",
    };
    let when = |run: &Range<usize>| {
        if run.end == process.values.len() {
            format!("since {}", names[run.start])
        } else {
            format!("from {} to {}", names[run.start], names[run.end - 1])
        }
    };
    let words = |run: &Range<usize>| (run.start, format!("{} points {what} {}", run.len(), when(run)));
    match found.as_slice() {
        [first, .., latest] if found.len() > MOST_RUNS => {
            let count = found.len();
            vec![(first.start, format!("{count} runs of {RUN} points or more {what}, the last {}", when(latest)))]
        }
        few => few.iter().map(words).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::Series;

    /// A process of these values of which the last so many are drawn; periods are called p1, p2, ...
    fn seen(values: &[Option<f64>], drawn: usize) -> Seen {
        let series = Series { values: values.to_vec(), begun: Vec::new(), grain: Grain::Year, target: None };
        let names = (1..=values.len()).map(|index| format!("p{index}")).collect();
        Seen { process: series.process(None).unwrap(), names, drawn }
    }

    #[test]
    fn a_run_is_told_whole_though_a_stronger_signal_lies_in_it() {
        let low = [10.0, 11.0, 10.0, 11.0, 10.0, 11.0, 10.0];
        let high = [14.0, 15.0, 14.0, 30.0, 14.0, 15.0, 14.0, 15.0];
        let values: Vec<Option<f64>> = low.iter().chain(&high).map(|value| Some(*value)).collect();
        let seen_whole = seen(&values, values.len());
        assert_eq!(seen_whole.process.signals[10], Some(Signal::Outside(Side::High)));
        let words = signals(&seen_whole);
        assert!(words.contains(&"above its upper limit in p11".to_owned()), "{words:?}");
        assert!(words.contains(&"8 points above its centre since p8".to_owned()), "{words:?}");
        assert!(words.contains(&"7 points below its centre from p1 to p7".to_owned()), "{words:?}");
        // Of four periods drawn only what they are signals of is told, and that whole.
        assert_eq!(signals(&seen(&values, 4)), ["8 points above its centre since p8"]);
        // What lies before the process has no signals: the same as if it were not there.
        assert_eq!(signals(&seen(&values, 40)), words);
    }

    #[test]
    fn a_trend_names_its_direction_and_ends_at_a_gap() {
        let rising = (0..9).map(|step| Some(f64::from(step)));
        let values: Vec<Option<f64>> = rising.chain([None, Some(4.0), Some(4.5), Some(4.0)]).collect();
        let words = signals(&seen(&values, values.len()));
        assert!(words.contains(&"9 points rising from p1 to p9".to_owned()), "{words:?}");
    }
}
