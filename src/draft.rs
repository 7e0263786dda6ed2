//! A first scorecard from what files show: sources, metrics, a tree, and every decision that only a person can take.
//!
//! Proposes, and says what it is not sure of. Reads no file and writes none; knows how the language is written
//! (`text`), how files are surveyed is [`observe`](crate::observe)'s.

mod column;
mod group;
mod metrics;
mod pairs;
mod source;
mod text;
mod tree;
mod words;

use std::collections::BTreeSet;

use self::source::Source;
use self::text::Proposal;
use crate::diagnostic::{Code, Diagnostic, Severity, Warned};
use crate::evaluate::last_within;
use crate::observe::Survey;
use crate::period::{Calendar, Grain, Period};

/// Rows of a file that are looked at.
pub const ROWS: usize = 10_000;

/// Metrics proposed at most: of all sources together, as far as each may have one.
const METRICS: usize = 36;

/// A file and what it shows.
#[derive(Clone, Debug)]
pub struct Sampled {
    /// Its path from the scorecard's folder, parted by `/`.
    pub written: String,
    /// Its header and first rows.
    pub survey: Survey,
}

/// A scorecard as text, and what it holds.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The scorecard.
    pub text: String,
    /// How many sources it has.
    pub sources: usize,
    /// How many metrics, goals included.
    pub metrics: usize,
    /// How many decisions are left to a person.
    pub decisions: usize,
    /// The id of its goal.
    pub goal: String,
}

/// Proposes a scorecard called `title` for files; `matching` answers which files a pattern meets, as they are written.
///
/// Warns of files and sources that are left out; there is no draft where all are.
pub fn draft(title: &str, files: &[Sampled], matching: &dyn Fn(&str) -> Vec<String>) -> Warned<Option<Draft>> {
    let mut warnings: Vec<Diagnostic> = Vec::new();
    let mut sources: Vec<Source<'_>> = Vec::new();
    let mut taken = BTreeSet::new();
    let groups = group::groups(files, matching);
    for group in &groups {
        let slug = words::slug(&group.id);
        let mut tried = taken.clone();
        let id = words::untaken(if slug.is_empty() { "source" } else { &slug }, &mut tried);
        match source::source(group, id) {
            Ok(source) => {
                taken = tried;
                sources.push(source);
            }
            Err(problems) => warnings
                .extend(problems.into_iter().map(|problem| Diagnostic { severity: Severity::Warning, ..problem })),
        }
    }
    let grain = grain(&mut sources, &mut warnings);
    let mut departments = tree::departments(&mut sources);
    for at in 0..sources.len() {
        let beside = sources.iter().filter(|other| other.department == sources[at].department).count();
        let most = (METRICS / sources.len()).clamp(1, tree::MOST_DRIVERS).min((tree::MOST_DRIVERS / beside).max(1));
        metrics::propose(&mut sources[at], grain, most);
    }
    let nothing = sources.iter().filter(|source| source.metrics.is_empty());
    warnings.extend(nothing.map(|source| {
        let problem = Diagnostic::warning(
            Code::BadColumn,
            format!("`{}` has no column of numbers that can be measured", source.path),
        );
        problem.help("write all cells of a column alike: numbers, without words between them")
    }));
    if sources.iter().any(|source| source.metrics.is_empty()) {
        sources.retain(|source| !source.metrics.is_empty());
        departments = tree::departments(&mut sources);
    }
    if sources.is_empty() {
        return Warned { value: None, warnings };
    }
    wait_for_none(&mut sources, grain);
    let tree = tree::tree(&mut sources, departments);
    let proposal = Proposal { title: words::title(title), grain, rows: ROWS, sources, tree };
    let text = text::text(&proposal);
    let value = Draft {
        sources: proposal.sources.len(),
        metrics: proposal.sources.iter().map(|source| source.metrics.len()).sum(),
        decisions: text.matches(text::MARK).count(),
        goal: proposal.tree.top.clone(),
        text,
    };
    Warned { value: Some(value), warnings }
}

/// The grain all sources can be read at: months, or the coarser one that some send; days and weeks where there is no
/// whole month. What does not nest in it is left out.
fn grain(sources: &mut Vec<Source<'_>>, warnings: &mut Vec<Diagnostic>) -> Grain {
    let weeks = sources.iter().filter(|source| source.grain() == Grain::Week).count();
    let coarser = sources.iter().filter(|source| source.grain() > Grain::Week).count();
    let is_weekly = weeks > coarser;
    let mut keep = |source: &Source<'_>| {
        let fits = if is_weekly { source.grain() <= Grain::Week } else { source.grain() != Grain::Week };
        if !fits {
            let other = if is_weekly { "week" } else { "month" };
            let message = format!("`{}` reports by {}, which does not nest in a {other}", source.path, source.grain());
            let problem = Diagnostic::warning(Code::TooCoarse, message);
            warnings.push(problem.help("begin a scorecard of its own for it, or send it by day"));
        }
        fits
    };
    sources.retain(|source| keep(source));
    if is_weekly {
        return Grain::Week;
    }
    let coarsest = sources.iter().map(Source::grain).max().unwrap_or(Grain::Month).max(Grain::Month);
    let is_daily = sources.iter().all(|source| source.grain() == Grain::Day);
    let fine = [Grain::Week, Grain::Day].into_iter().filter(|_| is_daily);
    std::iter::once(coarsest).chain(fine).find(|grain| completes(sources, *grain)).unwrap_or(coarsest)
}

/// Whether the rows seen complete a period of a grain, in every source.
fn completes(sources: &[Source<'_>], grain: Grain) -> bool {
    let calendar = Calendar::default();
    let ends = || sources.iter().filter_map(|source| last_within(&calendar, grain, source.last()?.last()));
    let Some(end) = ends().min_by_key(Period::last) else { return false };
    sources.iter().any(|source| source.first().is_some_and(|first| first.first() <= end.first()))
}

/// Lets no source that ended hold the others back: a person decides whether reports wait for it.
fn wait_for_none(sources: &mut [Source<'_>], grain: Grain) {
    let calendar = Calendar::default();
    let end = |source: &Source<'_>| last_within(&calendar, grain, source.last()?.last());
    let Some(furthest) = sources.iter().filter_map(end).max_by_key(Period::last) else { return };
    for source in sources.iter_mut().filter(|source| source.is_whole) {
        let behind = end(source).and_then(|end| calendar.shift(end, 2));
        if behind.is_some_and(|reached| reached.first() <= furthest.first()) {
            source.ends_before = Some(calendar.name(furthest));
        }
    }
}
