//! Keys under a name they no longer have: still read, but not beside the new name.

use super::super::raw::RawScorecard;
use super::{Resolver, place};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::metric::Deprecated;

const OLD: &str = "weights";
const NEW: &str = "input_weights";

impl Resolver<'_> {
    /// The keys that are still read under an old name; both names at once are a problem.
    pub(super) fn deprecated(&mut self, raw: &RawScorecard) -> Vec<Deprecated> {
        let mut found = Vec::new();
        for entry in &raw.metrics {
            let (file, about) = (entry.id.place.file, entry.id.value.clone());
            let Some(weights) = &entry.table.weights else { continue };
            if let Some(current) = &entry.table.input_weights {
                let message = format!("`{about}` has both `{NEW}` and `{OLD}`, the name it had");
                let problem = Diagnostic::error(Code::BadSetting, message)
                    .at(&self.key_of(OLD, &place(weights, file)), "")
                    .at(&self.key_of(NEW, &place(current, file)), "this one is read");
                self.problems.push(problem.help(format!("drop `{OLD}`")));
            }
            let place = self.key_of(OLD, &place(weights, file));
            found.push(Deprecated { about, old: OLD, new: NEW, place });
        }
        found
    }

    /// The key before (or, in a table's header, at) a value; the value itself where it is written in some other way.
    fn key_of(&self, key: &str, value: &Place) -> Place {
        let text = &self.files.get(value.file).text;
        let line = text[..value.span.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[value.span.start..].find('\n').map_or(text.len(), |at| value.span.start + at);
        let found = self.word_in(&Place { file: value.file, span: line..end }, key);
        if found.span.len() == key.len() { found } else { value.clone() }
    }
}
