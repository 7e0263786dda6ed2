//! The `[check]` table: bounds, severities, and silences, each of which says why.

use serde_spanned::Spanned;

use super::super::raw::{RawCheck, RawScorecard, RawSilence};
use super::{Resolver, place};
use crate::diagnostic::{Code, Diagnostic, FileId, Placed};
use crate::metric::{Checks, Silence};

impl Resolver<'_> {
    pub(super) fn checks(&mut self, raw: &RawScorecard) -> Checks {
        let (usual, RawCheck { severity, ignore, most_drivers, most_metrics }) = (Checks::default(), &raw.check);
        let Some(file) = raw.main.as_ref().map(|main| main.file) else { return usual };
        let severity = severity.iter().flat_map(Spanned::get_ref);
        let severity = severity.map(|(rule, severity)| (placed(rule, file), *severity)).collect();
        Checks {
            severity,
            silences: ignore.iter().flatten().map(|silence| self.silence(silence, file)).collect(),
            most_drivers: self.bound(most_drivers.as_ref(), "most_drivers", file).unwrap_or(usual.most_drivers),
            most_metrics: self.bound(most_metrics.as_ref(), "most_metrics", file).unwrap_or(usual.most_metrics),
        }
    }

    fn silence(&mut self, silence: &Spanned<RawSilence>, file: FileId) -> Silence {
        let at = place(silence, file);
        let RawSilence { rule, at: id, because } = silence.get_ref();
        if because.get_ref().trim().is_empty() {
            let problem = Diagnostic::error(Code::BadSetting, "this silence gives no reason");
            let help = "say why the finding is accepted: whoever reads it next year will ask";
            self.problems.push(problem.at(&place(because, file), "").help(help));
        }
        Silence {
            rule: placed(rule, file),
            at: id.as_ref().map(|id| placed(id, file)),
            because: because.get_ref().clone(),
            place: at,
        }
    }

    fn bound(&mut self, bound: Option<&Spanned<i64>>, key: &str, file: FileId) -> Option<usize> {
        let bound = bound?;
        let number = usize::try_from(*bound.get_ref()).ok().filter(|number| (1..=1_000_000).contains(number));
        if number.is_none() {
            let problem = Diagnostic::error(Code::BadSetting, format!("`{key}` must be from 1 to 1000000"));
            self.problems.push(problem.at(&place(bound, file), ""));
        }
        number
    }
}

fn placed(text: &Spanned<String>, file: FileId) -> Placed<String> {
    Placed { value: text.get_ref().clone(), place: place(text, file) }
}
