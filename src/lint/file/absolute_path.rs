//! Paths that hold on one machine only.

use super::paths;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "absolute-path",
    group: Group::File,
    severity: Severity::Warning,
    summary: "a path begins at the root of one machine",
    what: "Finds the `path` of a source, the `rates` of `[currencies]`, and patterns of `include`, that begin at the root of a machine: with `/`, with a \
           drive letter such as `C:/` or `C:\\`, or with `\\\\server`, whichever kind of machine `check` runs on.",
    why: "On the next machine (a colleague's, or the one that makes the monthly report) there is no such folder, or one with \
          other data in it. Paths are relative to the file they stand in, so a copy of the folder is all it takes.",
    example: Example::with(
        r#"
[sources.survey]
path = "C:/Users/ada/survey.csv"
department = "service"
period = "month"

[metrics.satisfied]
name = "Callers who were satisfied"
source = "survey"
value = "sum(satisfied) / sum(asked)"
unit = "percent"
better = "higher"
target = 0.80
threshold = 0.70
owner = "Head of Service"
drives = [{ to = "churn", lag = 1, because = "exit survey: the last call decides" }]
"#,
        &[("C:/Users/ada/survey.csv", SURVEY)],
    ),
    instead: Example::with(
        r#"
[sources.survey]
path = "data/survey.csv"
department = "service"
period = "month"

[metrics.satisfied]
name = "Callers who were satisfied"
source = "survey"
value = "sum(satisfied) / sum(asked)"
unit = "percent"
better = "higher"
target = 0.80
threshold = 0.70
owner = "Head of Service"
drives = [{ to = "churn", lag = 1, because = "exit survey: the last call decides" }]
"#,
        &[("data/survey.csv", SURVEY)],
    ),
    check: Check::Design(check),
};

const SURVEY: &str = "month,asked,satisfied\n2026-07,412,330\n2026-08,398,299\n2026-09,405,316\n2026-10,421,345\n";

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let finding = |path: super::WrittenPath<'_>| {
        let message = format!("`{}` is a path of one machine", path.text);
        let help = "write it relative to this file, and keep the files beside it";
        RULE.finding(path.about, message).at(path.place, "").help(help)
    };
    paths(design.scorecard).filter(super::WrittenPath::is_absolute).map(finding).collect()
}
