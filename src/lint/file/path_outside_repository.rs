//! Paths that lead out of the scorecard's repository.

use std::path::{Component, Path, PathBuf};

use super::{WrittenPath, paths};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "path-outside-repository",
    group: Group::File,
    severity: Severity::Warning,
    summary: "a path leads out of the scorecard's repository",
    what: "Finds the `path` of a source, the `rates` of `[currencies]`, and patterns of `include`, that leave the repository in which the scorecard lies: \
           upwards over `..`, even where they come back in by the name of its folder, or over a symbolic link that is \
           there (of a pattern, the part before its first `*`, `?` or `[`). Absolute paths are `absolute-path`. Silent where \
           the scorecard lies in no repository, and about the paths of an included file that itself lies outside.",
    why: "Who clones the repository does not get these files: the report cannot be made from what was reviewed, and the \
          same commit gives other numbers on another machine.",
    example: Example::with(
        r#"
[sources.survey]
path = "../elsewhere/survey.csv"
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
        &[("../elsewhere/survey.csv", SURVEY)],
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
    check: Check::Repository(check),
};

const SURVEY: &str = "month,asked,satisfied\n2026-07,412,330\n2026-08,398,299\n2026-09,405,316\n2026-10,421,345\n";

fn check(design: &Design<'_>, repository: &Path) -> Vec<Diagnostic> {
    let relative = paths(design.scorecard).filter(|path| !path.is_absolute());
    relative.filter_map(|path| Some(finding(&path, leaves(repository, path.folder, path.text)?))).collect()
}

fn finding(path: &WrittenPath<'_>, exit: Exit) -> Diagnostic {
    let message = match exit {
        Exit::Upwards => format!("`{}` leaves the repository", path.text),
        Exit::ByLink => format!("`{}` leaves the repository over a symbolic link", path.text),
    };
    RULE.finding(path.about, message).at(path.place, "").help("keep the files in the repository, beside the scorecard")
}

/// How a path leaves.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Exit {
    Upwards,
    ByLink,
}

/// Whether a path, relative to a folder of the repository, leaves it on its way. `repository` has no symbolic link in it.
fn leaves(repository: &Path, folder: &Path, written: &str) -> Option<Exit> {
    let folder = folder.canonicalize().ok().filter(|folder| folder.starts_with(repository))?;
    let mut here = folder.clone();
    for component in Path::new(written).components() {
        match component {
            Component::ParentDir if here == repository => return Some(Exit::Upwards),
            Component::ParentDir => {
                here.pop();
            }
            Component::Normal(name) => here.push(name),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    let real = folder.join(before_pattern(written)).canonicalize().ok()?;
    (!real.starts_with(repository)).then_some(Exit::ByLink)
}

/// The part of a path that is no pattern.
fn before_pattern(written: &str) -> PathBuf {
    let is_plain = |component: &Component<'_>| !component.as_os_str().to_string_lossy().contains(['*', '?', '[']);
    Path::new(written).components().take_while(is_plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_may_go_up_within_the_repository_and_no_further() {
        let folder = tempfile::tempdir().expect("a folder");
        let repository = folder.path().canonicalize().expect("it is there").join("kestrel");
        let departments = repository.join("departments");
        std::fs::create_dir_all(&departments).expect("a folder");
        let from = |written| leaves(&repository, &departments, written);
        assert_eq!(from("../data/calls-*.csv"), None);
        assert_eq!(from("../departments/../data/calls.csv"), None);
        assert_eq!(from("../../calls.csv"), Some(Exit::Upwards));
        assert_eq!(from("*/../../../calls.csv"), Some(Exit::Upwards));
        // It holds only where the clone's folder has this name.
        assert_eq!(from("../../kestrel/data/calls.csv"), Some(Exit::Upwards));
        assert_eq!(leaves(&repository, folder.path(), "../calls.csv"), None, "the folder itself lies outside");
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_out_of_the_repository_is_seen() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().canonicalize().expect("it is there");
        let (repository, elsewhere) = (folder.join("kestrel"), folder.join("elsewhere"));
        for made in [&repository, &elsewhere, &repository.join("data")] {
            std::fs::create_dir(made).expect("a folder");
        }
        std::os::unix::fs::symlink(&elsewhere, repository.join("out")).expect("a link");
        std::os::unix::fs::symlink(repository.join("data"), repository.join("in")).expect("a link");
        assert_eq!(leaves(&repository, &repository, "out/calls-*.csv"), Some(Exit::ByLink));
        assert_eq!(leaves(&repository, &repository, "in/calls-*.csv"), None);
    }
}
