//! What may be closed, what a period that is closed again keeps, and what is told when a scorecard changed around what was
//! closed: its definitions, rates, calendar and dimensions.

use std::path::Path;

use serde_json::Value;

use super::ledger::{change, refused};
use crate::session::{folder, goldthread_in};

const SCORECARD: &str = r#"
[scorecard]
title = "Calls"
[sources.calls]
path = "calls.csv"
period = "month"
dimensions = ["region", "plan"]
[metrics.handled]
name = "Calls handled"
source = "calls"
value = "sum(handled)"
unit = "count"
better = "lower"
target = 220
[metrics.solved]
source = "calls"
value = "sum(solved)"
unit = "count"
"#;

/// 240 handled and 180 solved in October.
const CALLS: &str = "month,region,plan,handled,solved,h2\n\
    2026-09,north,a,100,80,1\n\
    2026-10,north,a,120,90,100\n2026-10,north,b,20,18,40\n2026-10,south,a,100,72,120\n";

fn office() -> tempfile::TempDir {
    folder(&[("scorecard.toml", SCORECARD), ("calls.csv", CALLS)])
}

/// Runs what must succeed, and answers both outputs.
fn run(folder: &Path, arguments: &[&str]) -> String {
    let session = goldthread_in(folder, arguments);
    assert_eq!(session.exit, 0, "{arguments:?}: {}", session.stderr);
    session.stdout + &session.stderr
}

/// Kind, id and figure of each difference.
fn kinds(folder: &Path) -> Vec<String> {
    let json: Value = serde_json::from_str(&goldthread_in(folder, &["diff", "-O", "json"]).stdout).expect("JSON");
    let text = |change: &Value, key: &str| change[key].as_str().unwrap_or("-").to_owned();
    let changes = json["changes"].as_array().expect("changes");
    changes.iter().map(|change| ["kind", "id", "what"].map(|key| text(change, key)).join(" ")).collect()
}

fn differs(folder: &Path) -> i32 {
    goldthread_in(folder, &["diff", "--exit-code"]).exit
}

#[test]
fn another_column_is_a_changed_definition_and_show_says_so() {
    let office = office();
    run(office.path(), &["close", "-p", "2026-10"]);
    change(office.path(), "scorecard.toml", "period = ", "columns = { handled = \"h2\" }\nperiod = ");
    // 100 + 40 + 120.
    let text = run(office.path(), &["diff"]);
    assert!(text.contains("  2026-10  handled: columns `handled = h2`, was absent\n"), "{text}");
    assert!(text.contains("  2026-10  handled: actual 260, was 240 (+20)\n"), "{text}");
    assert!(!text.contains("Restated") && !text.contains("solved"), "{text}");
    let shown = run(office.path(), &["show"]);
    assert!(shown.contains("≠ Calls handled: defined otherwise than when it was closed: 260 was 240"), "{shown}");
    assert!(!shown.contains("restated"), "{shown}");
}

#[test]
fn another_rate_names_its_file_and_other_rates_are_another_definition() {
    let scorecard = "[scorecard]\ncurrency = \"EUR\"\n[currencies]\nrates = \"rates.csv\"\n[sources.sales]\npath = \"sales.csv\"\n\
        period = \"month\"\ncurrency = { is = \"USD\", amounts = [\"amount\"] }\n[metrics]\n\
        sales = { source = \"sales\", value = \"sum(amount)\", unit = \"EUR\" }\n\
        lines = { source = \"sales\", value = \"count(*)\", unit = \"count\" }\n\
        ticket = { value = \"sales / lines\", unit = \"EUR\" }\n";
    let rates = "period,currency,rate\n2026-10,USD,0.9\n";
    let files = [
        ("scorecard.toml", scorecard),
        ("sales.csv", "month,amount\n2026-10,100\n"),
        ("rates.csv", rates),
        ("other.csv", rates),
    ];
    let office = folder(&files);
    run(office.path(), &["close", "-p", "2026-10"]);
    change(office.path(), "rates.csv", "0.9", "0.8");
    let text = run(office.path(), &["diff"]);
    for line in [
        "Restated history\n",
        "  2026-10  sales: actual 80, was 90 (-10)\n",
        "  2026-10  ticket: actual 80, was 90 (-10)\n",
        "    rates.csv changed: 1 row as before\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    change(office.path(), "scorecard.toml", "rates.csv", "other.csv");
    assert_eq!(
        kinds(office.path()),
        ["changed-definition sales rates"],
        "the same rates elsewhere, and no count of rows"
    );
}

/// As they stand in a file, metrics and drivers mean the same in any order.
#[test]
fn another_order_in_the_file_is_no_difference() {
    let drivers = "[goals.happy]\nname = \"Happy\"\nsponsor = \"Chief\"\n\
        [metrics.a]\nsource = \"calls\"\nvalue = \"sum(handled)\"\nunit = \"count\"\ndrives = [\"happy\"]\n";
    let other = "[metrics.b]\nsource = \"calls\"\nvalue = \"sum(solved)\"\nunit = \"count\"\ndrives = [\"happy\"]\n";
    let office = folder(&[("scorecard.toml", &format!("{SCORECARD}{drivers}{other}")), ("calls.csv", CALLS)]);
    run(office.path(), &["close", "-p", "2026-10"]);
    std::fs::write(office.path().join("scorecard.toml"), format!("{SCORECARD}{other}{drivers}"))
        .expect("it is written");
    assert_eq!((kinds(office.path()), differs(office.path())), (Vec::new(), 0));
}

/// Rows that are the same word for word count once whatever tells them apart, and others stop the run: another key or a
/// condition of another metric is no other definition. The cells of a wide file are held against each other alone.
#[test]
fn another_key_is_another_definition_where_it_makes_other_numbers() {
    let office = office();
    run(office.path(), &["close", "-p", "2026-10"]);
    change(office.path(), "scorecard.toml", "period = ", "key = [\"region\", \"plan\", \"h2\"]\nperiod = ");
    assert_eq!(kinds(office.path()), Vec::<String>::new());
    let scorecard = "[sources.calls]\npath = \"calls.csv\"\nlayout = \"wide\"\n\
        [metrics.handled]\nsource = \"calls\"\nvalue = \"sum(value)\"\nunit = \"count\"\n";
    let office = folder(&[("scorecard.toml", scorecard), ("calls.csv", "item,2026-10\na,5\nb,5\n")]);
    assert!(run(office.path(), &["close", "-p", "2026-10"]).contains("warning[duplicate-row]"));
    change(office.path(), "scorecard.toml", "layout = ", "key = [\"item\"]\nlayout = ");
    let text = run(office.path(), &["diff"]);
    assert!(text.contains("  2026-10  handled: duplicates `error by item`, was `error`\n"), "{text}");
    assert!(text.contains("  2026-10  handled: actual 10, was 5 (+5)\n") && !text.contains("Restated"), "{text}");
}

/// `North Total` is a total where its column is a dimension, and a place like others where it is none.
#[test]
fn another_dimension_is_told_where_it_makes_another_number() {
    let calls = CALLS.replace("region", "place").replace("2026-10,south,a,100,72", "2026-10,North Total,b,140,108");
    let scorecard = SCORECARD.replace("dimensions = [\"region\", \"plan\"]", "key = [\"place\", \"plan\"]");
    let office = folder(&[("scorecard.toml", &scorecard), ("calls.csv", &calls)]);
    run(office.path(), &["close", "-p", "2026-10"]);
    change(office.path(), "scorecard.toml", "key = ", "dimensions = [\"plan\"]\nkey = ");
    assert_eq!((kinds(office.path()), differs(office.path())), (Vec::new(), 0));
    change(office.path(), "scorecard.toml", "dimensions = [", "dimensions = [\"place\", ");
    // 120 and 20 are 140, which counted as rows of their own.
    let text = run(office.path(), &["diff"]);
    assert!(text.contains("  2026-10  handled: dimensions `place, plan`, was absent\n"), "{text}");
    assert!(text.contains("  2026-10  handled: actual 140, was 280 (-140)\n") && !text.contains("Restated"), "{text}");
    change(office.path(), "calls.csv", "h2", "h3");
    assert!(kinds(office.path()).contains(&"restated handled actual".to_owned()), "a file explains it");
}

#[test]
fn what_follows_from_another_setting_is_no_moved_target() {
    let office = office();
    run(office.path(), &["close", "-p", "2026-10"]);
    change(office.path(), "scorecard.toml", "better = \"lower\"", "better = \"higher\"");
    // 10 % above 220, and below.
    let text = run(office.path(), &["diff"]);
    assert!(text.contains("Changed definitions\n  2026-10  handled: better `higher`, was `lower`\n"), "{text}");
    assert!(text.contains("  2026-10  handled: threshold 198, was 242 (-44)\n"), "{text}");
    assert!(!text.contains("Moved targets"), "{text}");
    change(office.path(), "scorecard.toml", "better = \"higher\"", "better = \"lower\"");
    change(office.path(), "scorecard.toml", "[sources.calls]", "[scoring]\ntolerance = 0.2\n[sources.calls]");
    let wanted = ["changed-definition - tolerance", "changed-definition handled threshold"];
    assert_eq!(kinds(office.path())[..2], wanted);
    change(office.path(), "scorecard.toml", "tolerance = 0.2", "tolerance = 0.1");
    change(office.path(), "scorecard.toml", "target = 220", "target = 220\nthreshold = 250");
    assert_eq!(kinds(office.path())[0], "moved-target handled threshold", "a declared one was moved");
}

#[test]
fn a_ledger_from_before_an_aspect_was_known_is_read_and_told_of_nothing() {
    use sha2::{Digest, Sha256};
    let office = office();
    run(office.path(), &["close", "-p", "2026-10"]);
    let file = office.path().join("scorecard.ledger/2026-10.txt");
    let text = std::fs::read_to_string(&file).expect("a ledger");
    let first = ["value", "source", "where", "unit", "better", "target", "threshold", "weights", "rollup", "critical"];
    let is_kept = |line: &&str| {
        let mut fields = line.split('\t');
        match (fields.next(), fields.next()) {
            (Some("aspects" | "seal"), _) => false,
            (Some("aspect"), name) => name.is_some_and(|name| first.contains(&name)),
            (Some("setting"), name) => !["fiscal_year", "currency"].contains(&name.unwrap_or_default()),
            _ => true,
        }
    };
    let write = |change: &dyn Fn(&str) -> String| {
        let kept: String = text.lines().filter(is_kept).map(|line| format!("{}\n", change(line))).collect();
        let seal: String = Sha256::digest(kept.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        std::fs::write(&file, format!("{kept}seal\t{seal}\n")).expect("it is written");
    };
    write(&str::to_owned);
    assert_eq!((kinds(office.path()), differs(office.path())), (Vec::new(), 0));
    // What it does tell is compared.
    change(
        office.path(),
        "scorecard.toml",
        "unit = \"count\"\nbetter",
        "where = \"plan = 'a'\"\nunit = \"count\"\nbetter",
    );
    assert!(kinds(office.path()).contains(&"changed-definition handled where".to_owned()));
    change(office.path(), "scorecard.toml", "where = \"plan = 'a'\"\n", "");
    // Another number of the same files, by another program.
    let other =
        |line: &str| line.replace("\tsolved\t-\t180\t", "\tsolved\t-\t181\t").replace("goldthread 0", "goldthread 0.0");
    let other = |line: &str| other(line).replace("\tsolved\t180\t", "\tsolved\t181\t");
    write(&other);
    let text = run(office.path(), &["diff"]);
    assert!(text.contains("solved: actual 180, was 181 (-1)"), "{text}");
    let note = "2026-10: no file behind `solved` changed, and nothing the ledger tells of its meaning: goldthread 0.0";
    assert!(text.contains(note), "{text}");
}

#[test]
fn a_period_that_is_closed_again_keeps_its_parts() {
    let office = office();
    run(office.path(), &["close", "-p", "2026-10", "--by", "region,plan"]);
    let said = run(office.path(), &["close", "-p", "2026-10", "--reopen", "once more"]);
    // 2 metrics: whole, in 2 regions, and in 3 parts.
    assert_eq!(said, "closed 2026-10: 12 figures of 2 metrics in scorecard.ledger/2026-10.txt\n");
    // A call that moves between regions changes no whole.
    change(office.path(), "calls.csv", "north,a,120", "north,a,119");
    change(office.path(), "calls.csv", "south,a,100", "south,a,101");
    // The two parts and their two regions.
    assert_eq!(kinds(office.path()), ["restated handled actual"; 4]);
    // Fewer parts are frozen where that is said.
    let said = run(office.path(), &["close", "-p", "2026-10", "--reopen", "by region", "--by", "region"]);
    assert!(said.contains("it was closed by region, plan: its parts by `plan` are not frozen any more"), "{said}");
    assert!(said.starts_with("closed 2026-10: 6 figures of 2 metrics"), "{said}");
    let said = run(office.path(), &["close", "-p", "2026-10", "--reopen", "wholes", "--by", ""]);
    assert!(said.contains("its parts by `region` are not frozen any more"), "{said}");
    assert!(said.starts_with("closed 2026-10: 2 figures of 2 metrics"), "{said}");
    let said = run(office.path(), &["close", "-p", "2026-10", "--reopen", "parts", "--by", "plan"]);
    assert!(said.starts_with("closed 2026-10: 6 figures of 2 metrics") && !said.contains("any more"), "{said}");
}

#[test]
fn parts_are_marked_in_whichever_order_they_were_closed() {
    let office = office();
    run(office.path(), &["close", "-p", "2026-10", "--by", "region,plan"]);
    change(office.path(), "calls.csv", "north,b,20", "north,b,21");
    for (by, part) in [("region,plan", "north / b"), ("plan,region", "b / north")] {
        let text = run(office.path(), &["show", "--by", by]);
        assert!(text.contains(&format!("≠ Calls handled ({part}): restated since it was closed: 21 was 20")), "{text}");
        let csv = run(office.path(), &["show", "--by", by, "-O", "csv"]);
        let closed: Vec<&str> = csv.lines().filter(|line| line.contains("handled")).collect();
        let closed: Vec<&str> = closed.iter().filter_map(|line| line.rsplit(',').next()).collect();
        assert_eq!(closed.iter().filter(|cell| **cell == "20").count(), 1, "{csv}");
        assert_eq!(closed.len(), 4, "{csv}");
    }
    // The subtotals were closed by the first dimension, and not by the second.
    let csv = run(office.path(), &["show", "--by", "region", "-O", "csv"]);
    assert_eq!(csv.lines().filter(|line| line.ends_with(",240") || line.ends_with(",180")).count(), 2, "{csv}");
    assert_eq!(csv.lines().skip(1).filter(|line| line.ends_with(',')).count(), 0, "{csv}");
    let csv = run(office.path(), &["show", "--by", "plan", "-O", "csv"]);
    assert_eq!(csv.lines().skip(1).filter(|line| line.ends_with(',')).count(), 4, "{csv}");
}

#[test]
fn a_dimension_that_is_gone_hides_no_period() {
    let office = office();
    run(office.path(), &["close", "-p", "2026-09"]);
    run(office.path(), &["close", "-p", "2026-10", "--by", "region,plan"]);
    change(office.path(), "scorecard.toml", "[\"region\", \"plan\"]", "[\"region\"]\nkey = [\"region\", \"plan\"]");
    change(office.path(), "calls.csv", "2026-09,north,a,100", "2026-09,north,a,101");
    let text = run(office.path(), &["diff"]);
    assert!(text.contains("  2026-10  scorecard: dimensions `region`, was `region, plan`\n"), "{text}");
    assert!(text.contains("  2026-09  handled: actual 101, was 100 (+1)\n"), "{text}");
    assert!(!text.contains("was 240"), "the wholes of October are as they were\n{text}");
    let said = refused(office.path(), &["close", "-p", "2026-10", "--reopen", "fewer"]);
    assert!(said.contains("it was closed by `plan`, which no source has any more"), "{said}");
    assert!(said.contains("`--by 'region'`"), "{said}");
    run(office.path(), &["close", "-p", "2026-10", "--reopen", "fewer", "--by", "region"]);
    assert!(!run(office.path(), &["diff", "-p", "2026-10"]).contains("dimensions"));
}

#[test]
fn a_period_is_found_by_its_days_after_a_change_of_the_fiscal_year() {
    let scorecard = SCORECARD.replace("title = \"Calls\"", "title = \"Calls\"\ngrain = \"quarter\"");
    let months = ["2026-07", "2026-08", "2026-09"].map(|month| format!("{month},north,a,10,8,1\n")).concat();
    let calls = format!("month,region,plan,handled,solved,h2\n{months}");
    let office = folder(&[("scorecard.toml", &scorecard), ("calls.csv", &calls)]);
    run(office.path(), &["close", "-p", "2026-Q3"]);
    let file = office.path().join("scorecard.ledger/2026-Q3.txt");
    change(office.path(), "scorecard.toml", "grain = ", "fiscal_year = { starts = \"april\" }\ngrain = ");
    change(office.path(), "calls.csv", "2026-08,north,a,10", "2026-08,north,a,11");
    let shown = run(office.path(), &["show"]);
    assert!(shown.contains("FY2027-Q2"), "{shown}");
    assert!(shown.contains("≠ Calls handled: restated since it was closed: 31 was 30"), "{shown}");
    let csv = run(office.path(), &["rollup", "-p", "FY2027-Q2"]);
    assert!(csv.lines().any(|line| line.contains(",handled,") && line.ends_with(",30")), "{csv}");
    let said = refused(office.path(), &["close", "-p", "FY2027-Q2"]);
    assert!(said.contains("FY2027-Q2 is closed, and a closed period is not rewritten"), "{said}");
    let text = run(office.path(), &["diff"]);
    assert!(text.contains("  2026-Q3  scorecard: fiscal year `april`, was `january`\n"), "{text}");
    assert!(text.contains("  2026-Q3  handled: actual 31, was 30 (+1)\n"), "{text}");
    assert!(
        text.contains("Restated history\n") && text.contains("    calls.csv changed: 3 rows as before\n"),
        "{text}"
    );
    let said = run(office.path(), &["close", "-p", "FY2027-Q2", "--reopen", "a call came late"]);
    assert_eq!(said, "closed FY2027-Q2: 2 figures of 2 metrics in scorecard.ledger/2026-Q3.txt\n");
    assert_eq!(std::fs::read_dir(office.path().join("scorecard.ledger")).expect("a folder").count(), 1);
    assert!(!run(office.path(), &["show"]).contains('≠'));
    assert_eq!(differs(office.path()), 0);
    // Two files of one period, as two branches would make them.
    let text = std::fs::read_to_string(&file).expect("a ledger");
    std::fs::write(file.with_file_name("FY2027-Q2.txt"), text).expect("it is written");
    assert!(refused(office.path(), &["show"]).contains("FY2027-Q2.txt` holds the period 2026-Q3"));
}

#[test]
fn a_period_without_any_actual_is_not_closed() {
    let office = office();
    for period in ["2001-01", "0001-01"] {
        let said = refused(office.path(), &["close", "-p", period, "--provisional"]);
        assert!(said.contains(&format!("nothing is reported of {period}: no metric has an actual")), "{said}");
    }
    assert!(!office.path().join("scorecard.ledger").exists());
}

#[test]
fn a_figure_that_is_late_is_not_frozen_in_silence() {
    let survey = "[sources.survey]\npath = \"survey.csv\"\nperiod = \"month\"\nrequired = false\n\
        [metrics.nps]\nsource = \"survey\"\nvalue = \"avg(nps)\"\nunit = \"score\"\n";
    let files = [
        ("scorecard.toml", &format!("{SCORECARD}{survey}")[..]),
        ("calls.csv", CALLS),
        ("survey.csv", "month,nps\n2026-09,31\n"),
    ];
    let office = folder(&files);
    run(office.path(), &["close", "-p", "2026-09"]);
    let said = refused(office.path(), &["close", "-p", "2026-10"]);
    assert!(said.contains("2026-10 is not final: 1 figure absent that had a value before"), "{said}");
    assert!(said.contains("`nps`: no rows in `survey` for 2026-10-01 to 2026-10-31, last seen 2026-09"), "{said}");
    run(office.path(), &["close", "-p", "2026-10", "--provisional"]);
    let text = std::fs::read_to_string(office.path().join("scorecard.ledger/2026-10.txt")).expect("a ledger");
    assert!(
        text.contains("\tno-data\tno rows in `survey` for 2026-10-01 to 2026-10-31, last seen 2026-09\t"),
        "{text}"
    );
    // What began later is not late.
    let office = folder(&files);
    change(office.path(), "survey.csv", "2026-09,31", "2026-10,31");
    run(office.path(), &["close", "-p", "2026-09"]);
}

#[test]
fn periods_that_are_no_neighbours_are_listed() {
    let more: String = ["2026-06", "2026-07", "2026-08"].map(|month| format!("{month},north,a,100,80,1\n")).concat();
    let office = folder(&[("scorecard.toml", SCORECARD), ("calls.csv", &format!("{CALLS}{more}"))]);
    for period in ["2026-06", "2026-08", "2026-09", "2026-10"] {
        run(office.path(), &["close", "-p", period]);
    }
    change(office.path(), "scorecard.toml", "better = \"lower\"", "better = \"higher\"");
    let text = run(office.path(), &["diff"]);
    assert!(text.contains("  2026-06, 2026-08 to 2026-10  handled: better `higher`, was `lower`\n"), "{text}");
}

#[test]
fn a_ledger_that_is_no_utf_8_is_damaged_in_a_line() {
    let office = office();
    run(office.path(), &["close", "-p", "2026-10"]);
    let file = office.path().join("scorecard.ledger/2026-10.txt");
    let text = std::fs::read_to_string(&file).expect("a ledger");
    let line = 1 + text.lines().position(|line| line.contains("Calls handled")).expect("a metric");
    let mut bytes = text.into_bytes();
    let at = bytes.windows(13).position(|window| window == b"Calls handled").expect("a name");
    bytes[at] = 0xe9;
    std::fs::write(&file, bytes).expect("it is written");
    for command in [&["show"][..], &["diff"], &["close", "-p", "2026-10", "--reopen", "mended"]] {
        let said = refused(office.path(), command);
        assert!(said.contains("a closed period is not as `close` wrote it"), "{said}");
        assert!(said.contains(&format!("2026-10.txt:{line}")) && said.contains("this is no UTF-8"), "{said}");
        assert!(said.contains("git checkout"), "{said}");
    }
}
