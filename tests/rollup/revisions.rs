//! Two revisions of a repository against each other. Silent where there is no git.

use std::path::Path;
use std::process::Command;

use crate::session::{folder, goldthread_in};

const SCORECARD: &str = "[scorecard]\ngrain = \"month\"\n[sources.s]\npath = \"../data/s.csv\"\nperiod = \"month\"\n\
    [metrics.m]\nsource = \"s\"\nvalue = \"sum(a)\"\nunit = \"count\"\nbetter = \"higher\"\ntarget = 10\n";

/// Runs git, with no configuration but the repository's own; `false` where there is none.
fn git(folder: &Path, arguments: &[&str]) -> bool {
    let nowhere = folder.join("no-such-configuration");
    let mut command = Command::new("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.org"]).args(arguments).current_dir(folder);
    command.env("GIT_CONFIG_GLOBAL", &nowhere).env("GIT_CONFIG_SYSTEM", &nowhere);
    command.output().is_ok_and(|output| output.status.success())
}

fn write(folder: &Path, file: &str, text: &str) {
    std::fs::write(folder.join(file), text).expect("it is written");
}

#[test]
fn revisions_are_compared_with_each_other_and_with_what_is_here() {
    let outer = folder(&[("board/scorecard.toml", SCORECARD), ("data/s.csv", "month,a\n2026-01,5\n2026-02,7\n")]);
    let (top, board) = (outer.path(), outer.path().join("board"));
    if !git(top, &["init", "--quiet"]) {
        return;
    }
    let commit = |message: &str| assert!(git(top, &["add", "."]) && git(top, &["commit", "--quiet", "-m", message]));
    commit("one");
    write(top, "data/s.csv", "month,a\n2026-01,5\n2026-02,8\n2026-03,9\n");
    commit("two");
    write(&board, "scorecard.toml", &SCORECARD.replace("target = 10", "target = 12"));
    let index = std::fs::read(top.join(".git/index")).expect("an index");
    let between = goldthread_in(&board, &["diff", "HEAD~1", "HEAD"]).done();
    assert_eq!(
        between,
        "scorecard.toml: HEAD against HEAD~1\n2026-01 to 2026-02, 2 periods\n\nRestated history\n  2026-02  m: actual 8, was 7 (+1)\n    \
         ../data/s.csv changed: 3 rows, was 2\n\nNew periods\n  2026-03  is reported and not among these\n"
    );
    let here = goldthread_in(&board, &["diff", "HEAD", "-p", "2026-03", "-O", "csv"]).done();
    assert!(here.contains("moved-target,2026-03,m,,target,10,12,2,\n"), "{here}");
    assert!(!here.contains("2026-02"), "{here}");
    assert_eq!(goldthread_in(&board, &["diff", "--exit-code", "HEAD", "HEAD"]).exit, 0);
    assert_eq!(goldthread_in(&board, &["diff", "--exit-code", "HEAD"]).exit, 1);
    for (revision, said) in [
        ("nowhere", "`nowhere` is no revision of this repository"),
        ("--all", "unexpected argument"),
        ("-x", "unexpected argument"),
    ] {
        let session = goldthread_in(&board, &["diff", revision]);
        assert_eq!((session.exit, session.stdout.as_str()), (2, ""));
        assert!(session.stderr.contains(said), "{}", session.stderr);
    }
    assert_eq!(std::fs::read(top.join(".git/index")).expect("an index"), index, "the repository stays as it is");
    let plain = folder(&[("scorecard.toml", &SCORECARD.replace("../data/", "")), ("s.csv", "month,a\n2026-01,5\n")]);
    let session = goldthread_in(plain.path(), &["diff", "HEAD"]);
    assert_eq!((session.exit, session.stdout.as_str()), (2, ""));
    assert!(session.stderr.contains("compare two exports instead"), "{}", session.stderr);
}
