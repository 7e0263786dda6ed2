//! Two revisions of a repository against each other. Silent where there is no git, but not where everything is tested.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use crate::session::{folder, goldthread_in, run_in};

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

/// Makes a folder a repository; `false` where there is no git, which is no excuse where a machine runs the tests.
fn is_repository(folder: &Path) -> bool {
    let is_made = git(folder, &["init", "--quiet"]);
    assert!(is_made || std::env::var_os("CI").is_none(), "`git` is missing, so revisions are not tested");
    is_made
}

fn commit(folder: &Path, message: &str) {
    assert!(git(folder, &["add", "."]) && git(folder, &["commit", "--quiet", "-m", message]), "{message}");
}

/// A scorecard beside its data, which count from 1, one a period.
fn counted(periods: &[String], grain: &str) -> (String, String) {
    let scorecard = SCORECARD.replace("../data/", "").replace("grain = \"month\"", &format!("grain = \"{grain}\""));
    let mut rows = "month,a\n".to_owned();
    for (index, period) in periods.iter().enumerate() {
        writeln!(rows, "{period},{}", index + 1).expect("a text grows");
    }
    (scorecard, rows)
}

#[test]
fn revisions_are_compared_with_each_other_and_with_what_is_here() {
    let outer = folder(&[("board/scorecard.toml", SCORECARD), ("data/s.csv", "month,a\n2026-01,5\n2026-02,7\n")]);
    let (top, board) = (outer.path(), outer.path().join("board"));
    if !is_repository(top) {
        return;
    }
    commit(top, "one");
    write(top, "data/s.csv", "month,a\n2026-01,5\n2026-02,8\n2026-03,9\n");
    commit(top, "two");
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

/// However far back: the number of periods is that of the data, and the same for both sides.
#[test]
fn all_of_history_is_compared_and_one_more_period_loses_none() {
    let months: Vec<String> = (0..36).map(|index| format!("{}-{:02}", 2023 + index / 12, index % 12 + 1)).collect();
    let days: Vec<String> = (0..60).map(|index| format!("2026-{:02}-{:02}", 9 + index / 30, index % 30 + 1)).collect();
    for (periods, grain, next) in [(months, "month", "2026-01"), (days, "day", "2026-10-31")] {
        let (scorecard, rows) = counted(&periods, grain);
        let office = folder(&[("scorecard.toml", &scorecard), ("s.csv", &rows)]);
        if !is_repository(office.path()) {
            return;
        }
        commit(office.path(), "one");
        let more = format!("{rows}{next},99\n");
        write(office.path(), "s.csv", &more);
        let head = |what: &str| {
            let (first, last) = (&periods[0], &periods[periods.len() - 1]);
            format!("scorecard.toml: now against HEAD\n{first} to {last}, {} periods\n{what}", periods.len())
        };
        let new = format!("\nNew periods\n  {next}  is reported and not among these\n");
        let session = goldthread_in(office.path(), &["diff", "HEAD", "--exit-code"]);
        assert_eq!((session.exit, session.stderr.as_str()), (0, ""));
        assert_eq!(session.stdout, head(&format!("{new}\nNothing that was reported differs.\n")));
        // The third one, long ago.
        let third = format!("{},3\n", periods[2]);
        assert!(more.contains(&third));
        write(office.path(), "s.csv", &more.replace(&third, &format!("{},5\n", periods[2])));
        let session = goldthread_in(office.path(), &["diff", "HEAD", "--exit-code"]);
        let restated = format!("\nRestated history\n  {}  m: actual 5, was 3 (+2)\n", periods[2]);
        let files = format!("    s.csv changed: {} rows, was {}\n", periods.len() + 1, periods.len());
        assert_eq!((session.exit, session.stdout), (1, head(&format!("{restated}{files}{new}"))));
    }
}

/// Periods without data are not gone through one by one.
#[test]
fn a_date_that_is_centuries_off_costs_no_time() {
    let days = ["0016-01-01", "2026-09-01", "2026-09-02", "2026-09-04"].map(str::to_owned);
    let (scorecard, rows) = counted(&days, "day");
    let office = folder(&[("scorecard.toml", &scorecard), ("s.csv", &rows)]);
    if !is_repository(office.path()) {
        return;
    }
    commit(office.path(), "one");
    let text = goldthread_in(office.path(), &["diff", "HEAD"]).done();
    assert!(text.contains("\n0016-01-01, 2026-09-01 to 2026-09-02, 2026-09-04, 4 periods\n"), "{text}");
}

#[test]
fn a_period_is_gone_where_nothing_of_it_is_left() {
    let scorecard = SCORECARD.replace("../data/", "")
        + "[sources.t]\npath = \"t.csv\"\nperiod = \"month\"\n[metrics.n]\nsource = \"t\"\nvalue = \"sum(b)\"\n\
           unit = \"count\"\nbetter = \"higher\"\ntarget = 10\n";
    let (both, other) = ("month,a\n2026-01,5\n2026-02,6\n2026-03,7\n", "month,b\n2026-01,1\n2026-02,2\n2026-03,3\n");
    let office = folder(&[("scorecard.toml", &scorecard), ("s.csv", both), ("t.csv", other)]);
    if !is_repository(office.path()) {
        return;
    }
    commit(office.path(), "one");
    // The last month of one source is lost: it is not complete any more, and still what was reported of it is compared.
    write(office.path(), "t.csv", "month,b\n2026-01,1\n2026-02,2\n");
    let text = goldthread_in(office.path(), &["diff", "HEAD"]).done();
    assert!(text.contains("\nRestated history\n  2026-03  n: actual absent, was 3\n"), "{text}");
    assert!(!text.contains("Gone periods"), "{text}");
    // All of a month in between.
    write(office.path(), "t.csv", "month,b\n2026-01,1\n2026-03,3\n");
    write(office.path(), "s.csv", "month,a\n2026-01,5\n2026-03,7\n");
    let session = goldthread_in(office.path(), &["diff", "HEAD", "--exit-code"]);
    let gone = "\n2026-01, 2026-03, 2 periods\n\nGone periods\n  2026-02  is not reported any more\n";
    assert!(session.exit == 1 && session.stdout.ends_with(gone), "{}", session.stdout);
    // What nobody reports on is no answer.
    let session = goldthread_in(office.path(), &["diff", "HEAD", "-p", "2030-01"]);
    assert_eq!((session.exit, session.stdout.as_str()), (2, ""));
    assert!(session.stderr.contains("neither `HEAD` nor now reports on `2030-01`"), "{}", session.stderr);
}

#[test]
fn another_grain_is_compared_in_the_coarser_one() {
    let (scorecard, rows) = counted(&["2026-01", "2026-02", "2026-03"].map(str::to_owned), "month");
    let office = folder(&[("scorecard.toml", &scorecard), ("s.csv", &rows)]);
    if !is_repository(office.path()) {
        return;
    }
    commit(office.path(), "one");
    write(office.path(), "scorecard.toml", &scorecard.replace("grain = \"month\"", "grain = \"quarter\""));
    let text = goldthread_in(office.path(), &["diff", "HEAD"]).done();
    assert!(text.contains("\n2026-Q1\n") && text.contains("scorecard: grain `quarter`, was `month`\n"), "{text}");
    assert!(!text.contains("Gone") && !text.contains("Restated"), "{text}");
}

/// What lies outside of the repository is what is there now, whatever the revision.
#[test]
fn data_that_no_revision_holds_are_no_difference_of_zero() {
    let elsewhere =
        folder(&[("s.csv", "month,a\n2026-01,5\n"), ("rates.csv", "currency,period,rate\nUSD,2026-01,0.5\n")]);
    let outside = |name: &str| elsewhere.path().join(name).canonicalize().expect("a file").display().to_string();
    let plain = SCORECARD.replace("../data/", "");
    let named = plain.replace("\"s.csv\"", &format!("{:?}", outside("s.csv")));
    let converted = plain
        .replace("grain", "currency = \"EUR\"\ngrain")
        .replace("period = \"month\"", "period = \"month\"\ncurrency = { column = \"code\", amounts = [\"a\"] }")
        + &format!("[currencies]\nrates = {:?}\n", outside("rates.csv"));
    for (scorecard, data, said) in [
        (
            &named,
            "",
            format!("`HEAD` does not hold: the source `s` reads `{}`, whatever the revision", outside("s.csv")),
        ),
        (
            &converted,
            "month,a,code\n2026-01,5,USD\n",
            format!("`HEAD` does not hold: `[currencies]` reads `{}`, whatever the revision", outside("rates.csv")),
        ),
        #[cfg(unix)]
        (&plain, "link", format!("the source `s` reads `{}`, whatever the revision", outside("s.csv"))),
    ] {
        let office = folder(&[("scorecard.toml", scorecard)]);
        if !is_repository(office.path()) {
            return;
        }
        match data {
            "" => {}
            #[cfg(unix)]
            "link" => std::os::unix::fs::symlink(outside("s.csv"), office.path().join("s.csv")).expect("a link"),
            text => write(office.path(), "s.csv", text),
        }
        commit(office.path(), "one");
        // Here it is read wherever it lies.
        goldthread_in(office.path(), &["show"]).done();
        let session = goldthread_in(office.path(), &["diff", "HEAD"]);
        assert_eq!((session.exit, session.stdout.as_str()), (2, ""), "{scorecard}");
        assert!(session.stderr.contains(&said), "{said}\n{}", session.stderr);
    }
}

/// A hook is told of the repository that it was started for.
#[test]
fn the_repository_is_the_one_that_holds_the_scorecard() {
    let (scorecard, rows) = counted(&["2026-01".to_owned()], "month");
    let outer = folder(&[("sub/scorecard.toml", &scorecard), ("sub/s.csv", &rows)]);
    if !is_repository(outer.path()) {
        return;
    }
    commit(outer.path(), "one");
    let mut command = Command::new(env!("CARGO_BIN_EXE_goldthread"));
    command.args(["-s", "sub/scorecard.toml", "diff", "HEAD"]).current_dir(outer.path());
    command.env("GIT_DIR", ".git").env("GIT_WORK_TREE", ".").env("GIT_PREFIX", "sub/");
    let output = command.output().expect("the program starts");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.ends_with("Nothing that was reported differs.\n"), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn what_a_report_warns_of_is_told_of_a_revision_too() {
    let scorecard = SCORECARD.replace("../data/", "")
        + "[sources.t]\npath = \"t.csv\"\nperiod = \"month\"\n[metrics.n]\nsource = \"t\"\nvalue = \"sum(b)\"\n\
           unit = \"count\"\nbetter = \"higher\"\ntarget = 10\n";
    let data = "month,a\n2026-01,5\n2026-02,6\n2026-03,7\n2026-04,7\n";
    let office = folder(&[("scorecard.toml", &scorecard), ("s.csv", data), ("t.csv", "month,b\n2026-01,1\n")]);
    if !is_repository(office.path()) {
        return;
    }
    commit(office.path(), "one");
    let warned = run_in(office.path(), &["show"]).stderr;
    let said = "`t` ends 2026-01, other required sources 2026-04: the report waits for it";
    assert!(warned.starts_with(&format!("warning[held-back]: {said}\n")), "{warned}");
    let between = run_in(office.path(), &["diff", "HEAD", "HEAD"]);
    let told = format!("warning[held-back]: in `HEAD` {said} (scorecard.toml:13)\n");
    assert_eq!((between.exit, between.stderr.matches(&told).count()), (0, 2), "{}", between.stderr);
    let here = run_in(office.path(), &["diff", "HEAD"]).stderr;
    assert!(here.starts_with(&told) && here.ends_with(&warned), "{here}");
}

/// The clone of a job has no history, and a broken revision is broken somewhere.
#[test]
fn what_keeps_a_revision_from_being_read_is_told_with_its_remedy() {
    let sound = SCORECARD.replace("../data/", "data/");
    let office = folder(&[
        ("scorecard.toml", &sound.replace("\"count\"", "= \"count\"")),
        ("data/s.csv", "month,a\n2026-01,5\n"),
    ]);
    if !is_repository(office.path()) {
        return;
    }
    commit(office.path(), "broken scorecard");
    write(office.path(), "scorecard.toml", &sound);
    write(office.path(), "data/s.csv", "month,a\n2026-01,5\n2026-02,x\n");
    commit(office.path(), "broken data");
    write(office.path(), "data/s.csv", "month,a\n2026-01,5\n");
    commit(office.path(), "sound");
    let said = |folder: &Path, revision: &str| {
        let session = run_in(folder, &["diff", revision]);
        assert_eq!((session.exit, session.stdout.as_str()), (2, ""));
        session.stderr
    };
    let scorecard = said(office.path(), "HEAD~2");
    assert!(scorecard.contains("`HEAD~2` does not hold: ") && scorecard.contains("(scorecard.toml:9)"), "{scorecard}");
    let data = said(office.path(), "HEAD~1");
    assert!(data.contains("`HEAD~1` does not hold: `x` is not a number") && data.contains("(data/s.csv:3)"), "{data}");
    let url = format!("file://{}", office.path().display());
    let clone = office.path().join("clone");
    assert!(git(office.path(), &["clone", "--quiet", "--depth", "1", &url, "clone"]), "a shallow clone");
    assert_eq!(run_in(&clone, &["diff", "HEAD"]).exit, 0);
    let shallow = said(&clone, "HEAD~1");
    assert!(shallow.contains("`HEAD~1` is no revision") && shallow.contains("fetch-depth: 0"), "{shallow}");
}
