//! `rebase`: from which periods on a metric's limits begin anew, each with what changed.

use serde_spanned::Spanned;

use super::super::raw::{Entry, RawMetric, RawRebase};
use super::metrics::Names;
use super::{Resolver, place};
use crate::diagnostic::{Code, Diagnostic, FileId};
use crate::metric::Rebase;
use crate::period::Period;

impl Resolver<'_> {
    /// A metric's rebases, oldest first.
    pub(super) fn rebases(&mut self, entry: &Entry<RawMetric>, names: &Names<'_>) -> Vec<Rebase> {
        let file = entry.id.place.file;
        let written = entry.table.rebase.as_deref().unwrap_or_default();
        if let (Some(first), None, false) = (written.first(), &entry.table.value, self.told(&entry.id.place, "value")) {
            let message = format!("`{}` has a rebase and no `value` whose limits it could move", entry.id.value);
            let problem = Diagnostic::error(Code::BadSetting, message).at(&place(first, file), "");
            self.problems.push(problem.help("drop it, or say what its value is"));
        }
        let mut rebases: Vec<Rebase> = written.iter().filter_map(|rebase| self.rebase(rebase, file, names)).collect();
        rebases.sort_by_key(|rebase| (rebase.at, rebase.place.span.start));
        for pair in rebases.windows(2).filter(|pair| pair[0].at == pair[1].at) {
            let message = format!("`{}` is rebased twice at {}", entry.id.value, names.calendar.name(pair[0].at));
            let problem = Diagnostic::error(Code::BadPeriod, message);
            let problem = problem.at(&pair[1].place, "again here").at(&pair[0].place, "first here");
            self.problems.push(problem.help("keep one of them, and let it say all that changed"));
        }
        rebases
    }

    fn rebase(&mut self, rebase: &Spanned<RawRebase>, file: FileId, names: &Names<'_>) -> Option<Rebase> {
        let RawRebase { at, because } = rebase.get_ref();
        if because.get_ref().trim().is_empty() {
            let problem = Diagnostic::error(Code::MissingKey, "this rebase gives no reason");
            let help = "say what changed: limits that move without a reason hide what they are there to show";
            self.problems.push(problem.at(&place(because, file), "").help(help));
        }
        let (grain, calendar) = (names.grain, names.calendar);
        // A fiscal year or quarter is named by the month it begins with, as targets name it.
        let begins =
            |period: Period| calendar.containing(grain, period.first()).filter(|own| own.first() == period.first());
        let is_named =
            |period: &Period| period.grain() == grain || (!calendar.is_plain() && period.grain().nests_in(grain));
        let found = Period::parse(at.get_ref()).filter(is_named).and_then(begins);
        if found.is_none() {
            let message = format!("`{}` is no {grain} of this scorecard, which reports by {grain}", at.get_ref());
            let example = names.example();
            let problem = Diagnostic::error(Code::BadPeriod, message).at(&place(at, file), "");
            self.problems.push(problem.help(format!("write the first {grain} after the change: `at = \"{example}\"`")));
        }
        Some(Rebase { at: found?, because: because.get_ref().clone(), place: place(at, file) })
    }
}
