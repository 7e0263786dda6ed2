//! The closed month: what `close` freezes, what `diff` tells apart, what `show` and `check` make of it.

use std::path::Path;

use serde_json::Value;

use crate::session::{compare, folder, goldthread_in, root, run_in};

const SCORECARD: &str = r#"
[scorecard]
title = "Calls"
grain = "month"

[sources.calls]
path = "calls*.csv"
period = "month"
dimensions = ["region"]

[goals.fcr]
name = "First-contact resolution"
source = "calls"
value = "sum(resolved) / sum(handled)"
unit = "percent"
better = "higher"
target = 0.75
threshold = 0.5
sponsor = "Chief"

[metrics.handled]
name = "Calls handled"
source = "calls"
value = "sum(handled)"
unit = "count"
better = "lower"
target = 220
owner = "Head"
drives = ["fcr"]
"#;

/// 200 handled and 150 resolved in September, 240 and 168 in October.
const CALLS: &str = "month,region,handled,resolved\n\
    2026-09,north,120,100\n2026-09,south,80,50\n\
    2026-10,north,140,108\n2026-10,south,100,60\n";

pub(super) fn office() -> tempfile::TempDir {
    folder(&[("scorecard.toml", SCORECARD), ("calls.csv", CALLS)])
}

/// Replaces a text in a file, which must hold it.
pub(super) fn change(folder: &Path, file: &str, old: &str, new: &str) {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).expect("a file");
    assert!(text.contains(old), "{file} lacks {old}");
    std::fs::write(path, text.replace(old, new)).expect("it is written");
}

fn closed(folder: &Path, arguments: &[&str]) -> String {
    goldthread_in(folder, &[&["close"], arguments].concat()).done()
}

/// Asserts that a command is refused, and answers what it says.
pub(super) fn refused(folder: &Path, arguments: &[&str]) -> String {
    let session = goldthread_in(folder, arguments);
    assert_eq!((session.exit, session.stdout.as_str()), (2, ""), "{}", session.stderr);
    session.stderr
}

fn diff(folder: &Path) -> String {
    goldthread_in(folder, &["diff"]).done()
}

fn changes(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let text = goldthread_in(folder, &[&["diff", "-O", "json"], arguments].concat()).done();
    let json: Value = serde_json::from_str(&text).expect("JSON");
    json["changes"].as_array().expect("changes").clone()
}

/// Kind, period, id and figure of each difference.
fn kinds(changes: &[Value]) -> Vec<String> {
    let text = |change: &Value, key: &str| change[key].as_str().unwrap_or("-").to_owned();
    changes.iter().map(|change| ["kind", "period", "id", "what"].map(|key| text(change, key)).join(" ")).collect()
}

#[test]
fn a_closed_period_reads_as_it_was_reported() {
    let office = office();
    let said = closed(office.path(), &["-p", "2026-10", "--by", "region"]);
    assert_eq!(said, "closed 2026-10: 6 figures of 2 metrics in scorecard.ledger/2026-10.txt\n");
    let text = std::fs::read_to_string(office.path().join("scorecard.ledger/2026-10.txt")).expect("a ledger");
    // 168 / 240 = 0.7.
    assert!(text.contains("figure\ttotal\tfcr\t-\t0.7\t168\t240\t0.75\t-\t0.5\t-\t"), "{text}");
    assert!(text.contains("figure\tpart\thandled\tsouth\t100\t"), "{text}");
    assert!(text.contains("aspect\tvalue\tsum(resolved) / sum(handled)\n"), "{text}");
    assert!(text.lines().all(|line| line.trim_end() == line), "a blank at the end of a line does not last");
    // What depends on the program's version is left out.
    let kept: Vec<&str> =
        text.lines().filter(|line| !line.starts_with("program") && !line.starts_with("seal")).collect();
    compare(&root().join("tests/golden/ledger/2026-10.txt"), &(kept.join("\n") + "\n"));
    // The same once more, elsewhere.
    let other = self::office();
    closed(other.path(), &["-p", "2026-10", "--by", "region"]);
    assert_eq!(std::fs::read_to_string(other.path().join("scorecard.ledger/2026-10.txt")).expect("a ledger"), text);
    assert_eq!(
        diff(office.path()),
        "Calls: now against what was closed\n2026-10\n\nNothing that was reported differs.\n"
    );
    // From another folder, and by its whole path.
    std::fs::create_dir(office.path().join("below")).expect("a folder");
    let path = office.path().join("scorecard.toml");
    let named = ["-s", path.to_str().expect("UTF-8"), "diff", "--exit-code"];
    assert_eq!(goldthread_in(&office.path().join("below"), &named).exit, 0);
    assert_eq!(goldthread_in(&office.path().join("below"), &["diff", "--exit-code"]).exit, 0);
}

#[test]
fn only_a_complete_period_of_the_scorecards_grain_is_closed() {
    let office = office();
    let said = refused(office.path(), &["close", "-p", "2026-11"]);
    assert!(
        said.starts_with("error[usage]: 2026-11 is not complete: every required source completes 2026-10"),
        "{said}"
    );
    let said = refused(office.path(), &["close", "-p", "2026-09..2026-10"]);
    assert!(said.contains("`close` closes one period, and `2026-09..2026-10` is 2"), "{said}");
    let said = refused(office.path(), &["close", "-p", "2026-Q3"]);
    assert!(said.contains("`2026-Q3` is a quarter, and the scorecard reports by month"), "{said}");
    assert!(refused(office.path(), &["close", "-p", "2026-10", "--by", "regio"]).contains("did you mean `region`?"));
    assert!(refused(office.path(), &["close", "-p", "2026-10", "--reopen", "late"]).contains("nothing to reopen"));
    assert!(!office.path().join("scorecard.ledger").exists(), "nothing is left behind");
    assert!(refused(office.path(), &["diff"]).starts_with("error[usage]: nothing is closed yet"));
}

#[test]
fn what_is_provisional_is_closed_on_demand_and_says_so() {
    let office = office();
    let roster = "dimensions = [\"region\"]\nroster = { region = [\"north\", \"south\", \"west\"] }";
    change(office.path(), "scorecard.toml", "dimensions = [\"region\"]", roster);
    let session = goldthread_in(office.path(), &["close", "-p", "2026-10"]);
    assert_eq!(session.exit, 2);
    assert!(session.stderr.contains("2026-10 is not final: 2 figures partial or provisional"), "{}", session.stderr);
    assert!(session.stderr.contains("`handled`: provisional: 2 of 3 reported in `calls`"), "{}", session.stderr);
    let session = goldthread_in(office.path(), &["close", "-p", "2026-10", "--provisional"]);
    assert_eq!(session.exit, 0, "{}", session.stderr);
    let text = std::fs::read_to_string(office.path().join("scorecard.ledger/2026-10.txt")).expect("a ledger");
    assert_eq!(text.matches("provisional: 2 of 3 reported in `calls`").count(), 2, "{text}");
}

#[test]
fn a_closed_period_is_reopened_for_a_reason_and_nothing_is_lost() {
    let office = office();
    closed(office.path(), &["-p", "2026-10"]);
    let file = office.path().join("scorecard.ledger/2026-10.txt");
    let first = std::fs::read_to_string(&file).expect("a ledger");
    change(office.path(), "calls.csv", "2026-10,south,100,60", "2026-10,south,100,66");
    assert!(refused(office.path(), &["close", "-p", "2026-10"]).contains("2026-10 is closed"));
    assert!(refused(office.path(), &["close", "-p", "2026-10", "--reopen", " "]).contains("`--reopen` has no reason"));
    assert_eq!(std::fs::read_to_string(&file).expect("a ledger"), first);
    // 174 / 240 = 0.725.
    assert!(diff(office.path()).contains("2026-10  fcr: actual 0.725, was 0.7 (+0.025)\n"));
    closed(office.path(), &["-p", "2026-10", "--reopen", "six calls came late"]);
    let second = std::fs::read_to_string(&file).expect("a ledger");
    assert!(second.starts_with(&first), "the earlier version stays, byte for byte");
    assert!(second[first.len()..].contains("version\t2\tsix calls came late\n"), "{second}");
    assert_eq!(
        diff(office.path()),
        "Calls: now against what was closed\n2026-10\n2026-10 was closed again: six calls came late\n\n\
         Nothing that was reported differs.\n"
    );
    // A note is one line, whatever was typed.
    closed(office.path(), &["-p", "2026-10", "--reopen", "two\nlines"]);
    assert!(diff(office.path()).contains("\n2026-10 was closed again: two lines\n"));
}

#[test]
fn restated_history_is_named_with_its_files() {
    let office = office();
    // Two reports of one region and month add up.
    change(office.path(), "scorecard.toml", "period = \"month\"", "period = \"month\"\nduplicates = \"sum\"");
    closed(office.path(), &["-p", "2026-09", "--by", "region"]);
    change(office.path(), "calls.csv", "2026-09,south,80,50\n", "2026-09,south,80,40\n");
    std::fs::write(office.path().join("calls-late.csv"), "month,region,handled,resolved\n2026-09,south,20,10\n")
        .expect("a file");
    // 150 of 220 were 150 of 200; in the south 50 of 100 were 50 of 80.
    let text = diff(office.path());
    for line in [
        "2026-09  fcr: actual 0.6818181818181818, was 0.75 (-0.0681818181818182)",
        "2026-09  fcr (south): actual 0.5, was 0.625 (-0.125)",
        "2026-09  handled: actual 220, was 200 (+20)",
        "2026-09  handled (south): actual 100, was 80 (+20)",
        "  calls-late.csv is new: 1 row",
        "  calls.csv changed: 4 rows as before",
        "2026-10  is reported and not among these",
    ] {
        assert!(text.contains(&format!("  {line}\n")), "{line}\n{text}");
    }
    assert!(!text.contains("(north)") && !text.contains("Moved") && !text.contains("definitions"), "{text}");
    compare(&root().join("tests/golden/ledger/restated.txt"), &text);
    let json = goldthread_in(office.path(), &["diff", "-O", "json"]).done();
    compare(&root().join("tests/golden/ledger/restated.json"), &json);
    let csv = goldthread_in(office.path(), &["diff", "-O", "csv"]).done();
    compare(&root().join("tests/golden/ledger/restated.csv"), &csv);
    assert!(
        csv.contains("restated,2026-09,fcr,region=south,actual,0.625,0.5,-0.125,calls-late.csv; calls.csv\n"),
        "{csv}"
    );
}

/// That what was divided changed is told where the quotient is the same.
#[test]
fn other_rows_of_the_same_ratio_are_restated_history() {
    let office = office();
    closed(office.path(), &["-p", "2026-09"]);
    change(
        office.path(),
        "calls.csv",
        "2026-09,north,120,100\n2026-09,south,80,50",
        "2026-09,north,120,100\n2026-09,south,280,200",
    );
    let found = kinds(&changes(office.path(), &[]));
    assert_eq!(found[..1], ["restated 2026-09 fcr numerator"], "300 / 400 is 150 / 200: {found:?}");
}

#[test]
fn moved_targets_are_no_restated_history() {
    let office = office();
    closed(office.path(), &["-p", "2026-10"]);
    change(office.path(), "scorecard.toml", "target = 0.75", "target = { \"2026-01\" = 0.75, \"2026-11\" = 0.8 }");
    assert_eq!(kinds(&changes(office.path(), &[])), Vec::<String>::new(), "a target of later periods moves nothing");
    change(office.path(), "scorecard.toml", "\"2026-11\" = 0.8", "\"2026-10\" = 0.6");
    let found = changes(office.path(), &[]);
    let wanted = ["moved-target 2026-10 fcr target", "rescored 2026-10 fcr status"].map(str::to_owned);
    assert_eq!(kinds(&found), wanted);
    assert_eq!((found[0]["old"].to_string(), found[0]["new"].to_string()), ("0.75".into(), "0.6".into()));
    // The derived threshold, 10 % above, moves with its target and is told by it.
    change(office.path(), "scorecard.toml", "target = 220", "target = 250");
    let found = kinds(&changes(office.path(), &[]));
    assert!(found.contains(&"moved-target 2026-10 handled target".to_owned()), "{found:?}");
    assert!(!found.iter().any(|line| line.contains("threshold")), "{found:?}");
}

#[test]
fn changed_definitions_are_no_restated_history() {
    let office = office();
    closed(office.path(), &["-p", "2026-09"]);
    closed(office.path(), &["-p", "2026-10"]);
    change(office.path(), "scorecard.toml", "value = \"sum(handled)\"", "value = \"sum(handled) - sum(resolved)\"");
    change(office.path(), "scorecard.toml", "better = \"lower\"", "better = \"higher\"");
    let text = diff(office.path());
    assert!(
        text.contains("  2026-09 to 2026-10  handled: value `sum(handled) - sum(resolved)`, was `sum(handled)`\n"),
        "{text}"
    );
    assert!(text.contains("  2026-09 to 2026-10  handled: better `higher`, was `lower`\n"), "{text}");
    assert!(text.contains("  2026-10  handled: actual 72, was 240 (-168)\n"), "{text}");
    assert!(!text.contains("Restated history"), "{text}");
    // What is left alone is left alone.
    assert!(!text.contains("fcr: actual"), "{text}");
}

#[test]
fn metrics_come_and_go() {
    let office = office();
    closed(office.path(), &["-p", "2026-10"]);
    change(office.path(), "scorecard.toml", "[metrics.handled]", "[metrics.answered]");
    let found = changes(office.path(), &[]);
    let wanted = ["new-metric 2026-10 answered actual", "gone-metric 2026-10 handled actual"];
    let found: Vec<String> = kinds(&found).into_iter().filter(|line| line.contains("-metric")).collect();
    assert_eq!(found, wanted);
}

#[test]
fn the_exit_code_says_whether_what_was_reported_differs() {
    let office = office();
    closed(office.path(), &["-p", "2026-09"]);
    let exit = |arguments: &[&str]| goldthread_in(office.path(), &[&["diff"], arguments].concat()).exit;
    assert_eq!(exit(&["--exit-code"]), 0, "a period that is new is no difference");
    change(office.path(), "calls.csv", "2026-09,south,80,50", "2026-09,south,80,51");
    assert_eq!((exit(&[]), exit(&["--exit-code"]), exit(&["--exit-code", "-p", "2026-09"])), (0, 1, 1));
    assert_eq!((exit(&["-p", "2026-10"]), exit(&["-p", "october"])), (2, 2));
    change(office.path(), "calls.csv", "2026-10,south,100,60", "2026-10,south,100,oops");
    assert_eq!(exit(&["--exit-code"]), 2);
}

#[test]
fn show_marks_what_was_closed_as_another_figure() {
    let office = office();
    closed(office.path(), &["-p", "2026-09"]);
    closed(office.path(), &["-p", "2026-10", "--by", "region"]);
    let show = |arguments: &[&str]| goldthread_in(office.path(), &[&["show"], arguments].concat()).done();
    let before = show(&["-p", "2026-09..2026-10"]);
    assert!(!before.contains('≠'), "{before}");
    change(office.path(), "calls.csv", "2026-10,south,100,60", "2026-10,south,100,66");
    change(office.path(), "calls.csv", "2026-09,south,80,50", "2026-09,south,80,40");
    let text = show(&["-p", "2026-09..2026-10"]);
    // 140 / 200 and 174 / 240.
    for line in [
        "≠ First-contact resolution: in 2026-09 restated since it was closed: 0.7 was 0.75",
        "≠ First-contact resolution: restated since it was closed: 0.725 was 0.7",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(text.contains("72.5 % ≠"), "{text}");
    let parts = show(&["--by", "region"]);
    assert!(
        parts.contains("≠ First-contact resolution (south): restated since it was closed: 0.66 was 0.6"),
        "{parts}"
    );
    // Other rows were never closed.
    assert!(!show(&["--where", "region = 'south'"]).contains('≠'));
    assert!(show(&["-O", "markdown"]).contains("72.5 % ≠"));
    let csv = show(&["-O", "csv", "--by", "region"]);
    let mut lines = csv.lines().map(|line| (line.split(',').nth(6).unwrap_or_default(), line));
    assert!(lines.next().expect("a header").1.ends_with(",caveat,variation,signal,assurance,closed"));
    let last: Vec<(&str, &str)> = lines.map(|(id, line)| (id, line.rsplit(',').next().unwrap_or_default())).collect();
    // The whole, north, south: 108 / 140 is no short decimal.
    assert_eq!(last[..3], [("fcr", "0.7"), ("fcr", "0.7714285714285715"), ("fcr", "0.6")]);
    assert_eq!(last[3..], [("handled", "240"), ("handled", "140"), ("handled", "100")]);
    let rollup = goldthread_in(office.path(), &["rollup", "-p", "2026-08..2026-10"]).done();
    let last: Vec<&str> = rollup.lines().skip(1).map(|line| line.rsplit(',').next().unwrap_or_default()).collect();
    assert_eq!(last, ["", "", "0.75", "200", "0.7", "240"]);
}

#[test]
fn check_finds_a_target_moved_after_its_period_was_closed() {
    let office = office();
    closed(office.path(), &["-p", "2026-10"]);
    let late = |folder: &Path| {
        let text = goldthread_in(folder, &["check", "-O", "short"]).stdout;
        text.lines().filter(|line| line.contains("target-changed-late")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(late(office.path()), Vec::<String>::new());
    change(office.path(), "scorecard.toml", "target = 0.75", "target = { \"2026-01\" = 0.75, \"2026-11\" = 0.8 }");
    assert_eq!(late(office.path()), Vec::<String>::new());
    change(office.path(), "scorecard.toml", "\"2026-11\"", "\"2026-10\"");
    let found = late(office.path());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("the target of `fcr` was changed for a period that had ended: 2026-10"), "{found:?}");
}

#[test]
fn damage_is_an_error_with_its_file_and_line() {
    let office = office();
    closed(office.path(), &["-p", "2026-10"]);
    let file = office.path().join("scorecard.ledger/2026-10.txt");
    let text = std::fs::read_to_string(&file).expect("a ledger");
    let seal = text.lines().count();
    let line = 1 + text.lines().position(|line| line.starts_with("figure\ttotal\tfcr")).expect("a figure");
    for (old, new, at) in [
        // A figure that was mended by hand is still one: the seal tells.
        ("\t0.7\t168\t", "\t0.8\t192\t", seal),
        ("\t0.7\t168\t", "\t0.70\t168\t", line),
        ("\t0.7\t168\t", "\t", line),
        ("goldthread ledger 1", "goldthread ledger 2", 1),
    ] {
        assert!(text.contains(old), "{old}");
        std::fs::write(&file, text.replace(old, new)).expect("it is written");
        for command in [&["show"][..], &["diff"], &["check"], &["close", "-p", "2026-10", "--reopen", "mended"]] {
            let session = run_in(office.path(), command);
            let said = format!("{}{}", session.stdout, session.stderr);
            assert_eq!(session.exit, 2, "{command:?}: {said}");
            assert!(said.contains("error[bad-ledger]: a closed period is not as `close` wrote it"), "{said}");
            assert!(said.contains(&format!("2026-10.txt:{at}")), "{command:?}, line {at}: {said}");
        }
    }
    for mark in ["<<<<<<< HEAD", "=======", ">>>>>>> other"] {
        std::fs::write(&file, text.replace("figure\ttotal\tfcr", &format!("{mark}\nfigure\ttotal\tfcr")))
            .expect("written");
        let said = refused(office.path(), &["diff"]);
        assert!(said.starts_with("error[bad-ledger]: a closed period has a merge conflict"), "{said}");
        assert!(said.contains(&format!("2026-10.txt:{line}")) && said.contains("--theirs"), "{said}");
    }
    std::fs::write(&file, &text).expect("it is written");
    std::fs::copy(&file, file.with_file_name("2026-09.txt")).expect("a copy");
    assert!(refused(office.path(), &["diff"]).contains("2026-09.txt` holds the period 2026-10"));
    std::fs::remove_file(file.with_file_name("2026-09.txt")).expect("it is gone");
    // What a killed run or an editor leaves is no part of the ledger, and neither are line ends.
    std::fs::write(file.with_file_name(".tmpAbC123"), "half a led").expect("it is written");
    std::fs::write(&file, text.replace('\n', "\r\n")).expect("it is written");
    assert!(diff(office.path()).contains("Nothing that was reported differs"));
}

#[test]
fn names_that_act_on_a_terminal_or_a_line_are_harmless() {
    let office = office();
    change(
        office.path(),
        "scorecard.toml",
        "name = \"Calls handled\"",
        "name = \"a\\tb\\nfigure\\t\\u001b[31m\\u202e\"",
    );
    change(office.path(), "calls.csv", "2026-10,south,", "2026-10,\"so\tuth\n=cmd\u{1b}[2J\",");
    closed(office.path(), &["-p", "2026-10", "--by", "region"]);
    let text = std::fs::read_to_string(office.path().join("scorecard.ledger/2026-10.txt")).expect("a ledger");
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    assert!(text.contains("so\\tuth\\n=cmd\\u{1b}[2J"), "{text}");
    assert!(diff(office.path()).contains("Nothing that was reported differs"));
    change(office.path(), "calls.csv", ",100,60", ",100,61");
    let text = diff(office.path());
    assert!(text.contains("fcr (so\u{fffd}uth\u{fffd}=cmd\u{fffd}[2J): actual 0.61, was 0.6"), "{text:?}");
}

#[test]
fn the_ledger_is_no_data_and_nothing_replaces_it() {
    let text = SCORECARD.replace("calls*.csv", "data/*");
    let office = folder(&[("scorecard.toml", &text), ("data/calls.csv", CALLS)]);
    closed(office.path(), &["-p", "2026-10"]);
    let ledger = std::fs::read(office.path().join("scorecard.ledger/2026-10.txt")).expect("a ledger");
    // A pattern that meets a ledger, and the folder of one.
    let path = office.path().join("data/2026-10.txt");
    std::fs::write(&path, &ledger).expect("it is written");
    std::fs::create_dir(office.path().join("data/other.ledger")).expect("a folder");
    goldthread_in(office.path(), &["show"]).done();
    for arguments in [
        &["show", "-o", "data/2026-10.txt", "-O", "csv"][..],
        &["rollup", "-O", "csv", "-o", "data/2026-10.txt"],
        &["diff", "-o", "data/2026-10.txt"],
        &["diff", "-o", "scorecard.ledger/2026-10.txt"],
        &["check", "--summary", "data/2026-10.txt"],
    ] {
        let session = run_in(office.path(), arguments);
        assert_eq!(session.exit, 2, "{arguments:?}: {}", session.stdout);
        let said = format!("{}{}", session.stdout, session.stderr);
        let is_told = ["holds a closed period, and would be replaced", "is one of the files that are read"];
        assert!(is_told.iter().any(|words| said.contains(words)), "{said}");
        assert_eq!(std::fs::read(&path).expect("a ledger"), ledger, "{arguments:?}");
        let own = office.path().join("scorecard.ledger/2026-10.txt");
        assert_eq!(std::fs::read(own).expect("a ledger"), ledger, "{arguments:?}");
    }
}

#[test]
fn exports_are_compared_by_metric_part_and_period() {
    let office = office();
    let export = |folder: &str, arguments: &[&str]| {
        std::fs::create_dir_all(office.path().join(folder)).expect("a folder");
        let file = format!("{folder}/rollup.csv");
        let all = [&["rollup", "-p", "2026-09..2026-10", "--by", "region", "-o", &file], arguments].concat();
        assert_eq!(goldthread_in(office.path(), &all).exit, 0);
    };
    export("old", &[]);
    change(office.path(), "calls.csv", "2026-10,south,100,60", "2026-10,south,100,66");
    change(office.path(), "scorecard.toml", "target = 0.75", "target = 0.76");
    export("new", &["--for", "excel-eu"]);
    let sides = ["--from", "old", "--to", "new"];
    let found = changes(office.path(), &sides);
    let south: Vec<&Value> = found.iter().filter(|change| change["kind"] == "restated").collect();
    assert_eq!(south.len(), 1, "{found:?}");
    assert_eq!(south[0]["segment"]["region"], "south");
    assert_eq!(
        [&south[0]["old"], &south[0]["new"], &south[0]["difference"]].map(ToString::to_string),
        ["0.6", "0.66", "0.06"]
    );
    assert_eq!(found.iter().filter(|change| change["kind"] == "moved-target").count(), 4, "2 periods, 2 regions");
    assert_eq!(goldthread_in(office.path(), &[&["diff", "--exit-code"], &sides[..]].concat()).exit, 1);
    let same = ["diff", "--exit-code", "--from", "old", "--to", "old/rollup.csv"];
    assert_eq!(goldthread_in(office.path(), &same).exit, 0);
    // No scorecard is read: elsewhere it works alike.
    std::fs::rename(office.path().join("scorecard.toml"), office.path().join("gone.toml")).expect("it is moved");
    assert_eq!(goldthread_in(office.path(), &same).exit, 0);
    assert!(
        refused(office.path(), &["diff", "--from", "old", "--to", "calls.csv"]).contains("`calls.csv` holds no rollup")
    );
    assert!(refused(office.path(), &["diff", "--from", "old", "--to", "nowhere"]).contains("cannot read `nowhere`"));
    let before = std::fs::read(office.path().join("old/rollup.csv")).expect("an export");
    let said = refused(office.path(), &["diff", "--from", "old", "--to", "new", "-o", "old/rollup.csv"]);
    assert!(said.contains("is one of the files that are read"), "{said}");
    assert_eq!(std::fs::read(office.path().join("old/rollup.csv")).expect("an export"), before);
}
