//! What one must know to read a trend right: signals in words, doubts about limits, what is missing or not whole.

use super::panel::Drawn;
use crate::evaluate::{Doubt, LEAST_VALUES, NoLimits, Phase, Process};
use crate::prose;
use crate::stats::xmr::{RUN, Side, Signal};

/// The most periods a note names.
const MOST_NAMED: usize = 3;
/// The most runs of a kind that are told one by one.
const MOST_RUNS: usize = 2;
/// The most figures of a panel whose caveats are told in full.
const MOST_CAVEATS: usize = 2;

/// The notes of some panels over periods of these names.
pub(super) fn of(drawn: &[Drawn], periods: &[String]) -> Vec<String> {
    let mut notes = Vec::new();
    let has_signals =
        |drawn: &Drawn| drawn.process.as_ref().is_ok_and(|process| process.signals.iter().any(Option::is_some));
    if drawn.iter().any(has_signals) {
        notes.push(
            "Diamonds lie beyond the limits of their process (the band); rings and small dots are part of a pattern that noise hardly makes."
                .to_owned(),
        );
    }
    for drawn in drawn {
        let name = &drawn.panel.name;
        let mut said: Vec<String> = Vec::new();
        if let Ok(process) = &drawn.process {
            said.extend(rebases(process, periods));
            said.extend(signals(process, periods));
            said.extend(process.doubts.iter().map(|doubt| doubted(*doubt)));
        }
        said.extend(gaps(drawn, periods));
        if !said.is_empty() {
            notes.push(format!("{name}: {}", said.join("; ")));
        }
        notes.extend(caveats(drawn, periods));
    }
    notes.extend(without_limits(drawn));
    notes
}

/// Which panels have no limits: where none has, those of the commonest count need no names.
fn without_limits(drawn: &[Drawn]) -> Option<String> {
    let with_values: Vec<&Drawn> = drawn.iter().filter(|drawn| drawn.panel.absence.is_none()).collect();
    let mut found: Vec<(usize, Vec<&str>)> = Vec::new();
    for drawn in &with_values {
        let Err(NoLimits::TooFew(count)) = &drawn.process else { continue };
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

fn doubted(doubt: Doubt) -> String {
    match doubt {
        Doubt::NoVariation => "every value is the same, so its limits say nothing".to_owned(),
        Doubt::Autocorrelated(correlation) => {
            format!("values follow their neighbours (correlation {correlation:.2}), so its limits are too narrow")
        }
        Doubt::Seasonal(correlation) => {
            format!(
                "values follow those of a year before (correlation {correlation:.2}): a season may look like a signal"
            )
        }
        Doubt::Trending(correlation) => {
            let way = if correlation > 0.0 { "rise" } else { "fall" };
            format!("values {way} all along, so limits say little of what is to come")
        }
        Doubt::Screening(share) => {
            format!("its limits would lie {:.0} % closer without its largest moving ranges", share * 100.0)
        }
    }
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

/// Since when limits are what they are, and why.
fn rebases(process: &Process, periods: &[String]) -> Vec<String> {
    let because = |phase: &Phase| Some((phase.points.start, phase.because.as_ref()?.clone()));
    let begun = process.phases.iter().filter_map(because);
    begun.map(|(at, because)| format!("limits anew since {} ({because})", periods[at])).collect()
}

/// Every signal of a process in words, in the order of time.
fn signals(process: &Process, periods: &[String]) -> Vec<String> {
    let mut said: Vec<(usize, String)> = Vec::new();
    for side in [Side::High, Side::Low] {
        said.extend(scattered(process, Signal::Outside(side), periods));
        said.extend(scattered(process, Signal::TwoOfThree(side), periods));
        said.extend(runs(process, Signal::Trend(side), periods));
        said.extend(runs(process, Signal::Shift(side), periods));
    }
    said.sort();
    said.into_iter().map(|(_, words)| words).collect()
}

/// Signals that are single points.
fn scattered(process: &Process, signal: Signal, periods: &[String]) -> Option<(usize, String)> {
    let found: Vec<usize> = (0..process.signals.len()).filter(|at| process.signals[*at] == Some(signal)).collect();
    let first = *found.first()?;
    let words = match signal {
        Signal::Outside(Side::High) => "above its upper limit",
        Signal::Outside(_) => "below its lower limit",
        _ if signal.side() == Side::High => "two of three near its upper limit",
        _ => "two of three near its lower limit",
    };
    Some((first, format!("{words} in {}", named(&found, periods))))
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

/// Signals that are runs of points, each run whole even where a stronger signal lies in it.
fn runs(process: &Process, signal: Signal, periods: &[String]) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for at in (0..process.signals.len()).filter(|at| process.signals[*at] == Some(signal)) {
        if found.last().is_none_or(|(_, to)| at > *to) {
            found.push(run(process, signal, at));
        }
    }
    let what = match signal {
        Signal::Trend(Side::High) => "rising",
        Signal::Trend(_) => "falling",
        _ if signal.side() == Side::High => "above its centre",
        _ => "below its centre",
    };
    let last = process.values.len().saturating_sub(1);
    let when = |(from, to): (usize, usize)| {
        if to == last {
            format!("since {}", periods[from])
        } else {
            format!("from {} to {}", periods[from], periods[to])
        }
    };
    let words = |run: &(usize, usize)| (run.0, format!("{} points {what} {}", run.1 - run.0 + 1, when(*run)));
    match found.as_slice() {
        [first, .., latest] if found.len() > MOST_RUNS => {
            let count = found.len();
            vec![(first.0, format!("{count} runs of {RUN} points or more {what}, the last {}", when(*latest)))]
        }
        few => few.iter().map(words).collect(),
    }
}

/// The first and the last point of the run that one point of it is in.
fn run(process: &Process, signal: Signal, at: usize) -> (usize, usize) {
    let values = &process.values;
    // A run ends where its phase does: the centre is another one beyond.
    let phase = process.phases.iter().find(|phase| phase.points.contains(&at));
    let points = phase.map_or(0..values.len(), |phase| phase.points.clone());
    let centre = phase.and_then(|phase| phase.limits).map_or(process.limits.centre, |limits| limits.centre);
    // Whether `next` belongs to the run that `before`, its neighbour, is in.
    let goes_on = |before: usize, next: usize| match (signal, values[before], values[next]) {
        (Signal::Trend(Side::High), Some(before), Some(next)) => next > before,
        (Signal::Trend(Side::Low), Some(before), Some(next)) => next < before,
        (_, Some(_), Some(next)) if signal.side() == Side::High => next > centre,
        (_, Some(_), Some(next)) => next < centre,
        _ => false,
    };
    let joined = |before: usize, next: usize| match signal {
        Signal::Trend(_) => goes_on(before, next),
        _ => goes_on(before, next) && goes_on(next, before),
    };
    let from =
        (points.start + 1..=at).rev().take_while(|next| joined(next - 1, *next)).last().map_or(at, |next| next - 1);
    let to = (at + 1..points.end).take_while(|next| joined(next - 1, *next)).last().unwrap_or(at);
    (from, to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::Variation;
    use crate::stats::xmr::{Centring, limits, signals as signals_of};

    fn process(values: &[Option<f64>]) -> Process {
        let limits = limits(values, Centring::Mean).unwrap();
        let signals = signals_of(values, &limits);
        let (variation, assurance) = (Variation::Common, None);
        let phases = vec![Phase { points: 0..values.len(), limits: Some(limits), because: None }];
        let values = values.to_vec();
        Process { values, limits, signals, variation, run: 0..0, assurance, doubts: Vec::new(), phases }
    }

    fn names(count: usize) -> Vec<String> {
        (1..=count).map(|index| format!("p{index}")).collect()
    }

    #[test]
    fn a_run_is_told_whole_though_a_stronger_signal_lies_in_it() {
        let low = [10.0, 11.0, 10.0, 11.0, 10.0, 11.0, 10.0];
        let high = [14.0, 15.0, 14.0, 30.0, 14.0, 15.0, 14.0, 15.0];
        let values: Vec<Option<f64>> = low.iter().chain(&high).map(|value| Some(*value)).collect();
        let process = process(&values);
        assert_eq!(process.signals[10], Some(Signal::Outside(Side::High)));
        let words = signals(&process, &names(values.len()));
        assert!(words.contains(&"above its upper limit in p11".to_owned()), "{words:?}");
        assert!(words.contains(&"8 points above its centre since p8".to_owned()), "{words:?}");
        assert!(words.contains(&"7 points below its centre from p1 to p7".to_owned()), "{words:?}");
    }

    #[test]
    fn a_trend_names_its_direction_and_ends_at_a_gap() {
        let rising = (0..9).map(|step| Some(f64::from(step)));
        let values: Vec<Option<f64>> = rising.chain([None, Some(4.0), Some(4.5), Some(4.0)]).collect();
        let words = signals(&process(&values), &names(values.len()));
        assert!(words.contains(&"9 points rising from p1 to p9".to_owned()), "{words:?}");
    }
}
