//! `init`: the sample runs at once, and whatever files look like, the scorecard proposed from them parses and shows.
//!
//! What a new user gets is in `tests/golden/init`: `UPDATE=1 cargo test init::` rewrites it; read it as one would.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use goldthread::draft::{ROWS, Sampled, draft};
use goldthread::observe::{matching, survey};
use goldthread::scorecard::{load, resolve};
use proptest::prelude::{Just, ProptestConfig, Strategy, prop, prop_oneof, proptest};
use serde_json::Value;

use crate::session::{Session, compare, folder, goldthread_in, root};

/// The rules of `check` whose findings are decisions that only a person can take.
const DECISIONS: [&str; 7] = [
    "averaged-ratio",
    "goal-without-sponsor",
    "link-without-reason",
    "missing-target",
    "no-leading-driver",
    "siloed-thread",
    "unowned-metric",
];
/// The rules whose findings are what the files themselves are like: where they end, and what targets they hold.
const OF_THE_FILES: [&str; 2] = ["stale-data", "target-always-met"];

/// Begins a scorecard from files and answers its text, having seen that it shows figures and that `check` finds
/// nothing but decisions.
fn proposed(folder: &Path, from: &[&str]) -> String {
    let run = goldthread_in(folder, &[&["init", "--from"], from].concat());
    assert_eq!(run.exit, 0, "{}{}", run.stdout, run.stderr);
    shows(folder);
    std::fs::read_to_string(folder.join("scorecard.toml")).expect("the scorecard")
}

fn shows(folder: &Path) {
    let text = std::fs::read_to_string(folder.join("scorecard.toml")).expect("the scorecard");
    let show = goldthread_in(folder, &["show", "-O", "json"]);
    assert_eq!((show.exit, show.stderr.as_str()), (0, ""), "{text}");
    let json: Value = serde_json::from_str(&show.stdout).expect("JSON");
    let rows = json["rows"].as_array().expect("rows");
    assert!(rows.iter().any(|row| row["actual"].is_number()), "no figure:\n{}\n{text}", show.stdout);
    // Targets are left to a person, but for those that the files have.
    assert!(text.contains("\ntarget = ") || rows.iter().all(|row| row["target"].is_null()), "{text}");
    let check = goldthread_in(folder, &["check", "--color", "never"]);
    assert!(check.exit <= 1, "{}{}\n{text}", check.stdout, check.stderr);
    let codes: BTreeSet<&str> = check.stdout.lines().filter_map(code).collect();
    let others: Vec<&&str> =
        codes.iter().filter(|code| !DECISIONS.contains(code) && !OF_THE_FILES.contains(code)).collect();
    assert!(others.is_empty(), "{others:?}\n{}\n{text}", check.stdout);
}

/// The code of a finding's first line.
fn code(line: &str) -> Option<&str> {
    let rest = ["error[", "warning[", "note["].iter().find_map(|level| line.strip_prefix(level))?;
    Some(rest.split_once(']')?.0)
}

fn figure(folder: &Path, id: &str) -> (String, Option<String>, Option<String>) {
    let text = goldthread_in(folder, &["show", id, "-O", "json"]).done();
    let json: Value = serde_json::from_str(&text).expect("JSON");
    let row = &json["rows"][0];
    let number = |key: &str| row[key].as_number().map(ToString::to_string);
    (number("actual").expect("an actual"), number("numerator"), number("denominator"))
}

fn packed(path: &Path, text: &str) {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(text.as_bytes()).expect("in memory");
    std::fs::write(path, out.finish().expect("in memory")).expect("a file");
}

#[test]
fn the_sample_runs_at_once() {
    let folder = folder(&[]);
    let run = goldthread_in(folder.path(), &["init", "new/here", "--sample"]).done();
    for line in ["new/here/scorecard.toml", "new/here/data/calls.csv", "cd new/here", "goldthread thread churn"] {
        assert!(run.contains(line), "{run}");
    }
    let here = folder.path().join("new/here");
    assert!(goldthread_in(&here, &["show"]).done().contains("Monthly churn"));
    assert!(goldthread_in(&here, &["thread", "churn"]).done().contains("First-contact resolution"));
    let check = goldthread_in(&here, &["check"]);
    assert_eq!((check.exit, check.stdout.as_str(), check.stderr.as_str()), (0, "", ""));
    for file in ["scorecard.toml", "data/billing.csv", "data/calls.csv", "data/network.csv"] {
        let shipped = std::fs::read(root().join("examples/sample").join(file)).expect("the sample");
        assert_eq!(std::fs::read(here.join(file)).expect("written"), shipped, "{file}");
    }
}

#[test]
fn nothing_that_exists_is_overwritten() {
    let folder = folder(&[("data/calls.csv", "mine"), ("old/scorecard.toml", "mine"), ("file", "mine")]);
    let path = folder.path();
    let sample = goldthread_in(path, &["init", "--sample"]);
    assert_eq!((sample.exit, sample.stdout.as_str()), (2, ""));
    assert!(
        sample.stderr.contains("`./data/calls.csv` exists") && sample.stderr.contains("help:"),
        "{}",
        sample.stderr
    );
    assert!(!path.join("scorecard.toml").exists() && !path.join("data/billing.csv").exists());
    std::fs::write(path.join("data/network.csv"), "mine").expect("a file");
    let both = goldthread_in(path, &["init", "--sample"]).stderr;
    assert!(both.contains("data/calls.csv` and `./data/network.csv` exist"), "{both}");
    let from = goldthread_in(path, &["init", "old", "--from", "../data/*.csv"]);
    assert_eq!(from.exit, 2);
    assert!(
        from.stderr.contains("choose another folder") && from.stderr.contains("old/scorecard.toml"),
        "{}",
        from.stderr
    );
    let file = goldthread_in(path, &["init", "file/below", "--sample"]);
    assert_eq!(file.exit, 2);
    assert!(file.stderr.contains("`file` is not a folder"), "{}", file.stderr);
    for mine in ["data/calls.csv", "old/scorecard.toml", "file"] {
        assert_eq!(std::fs::read_to_string(path.join(mine)).expect("still there"), "mine");
    }
}

#[test]
fn one_of_both_ways_is_chosen() {
    let folder = folder(&[]);
    for arguments in [&["init"][..], &["init", "--sample", "--from", "a.csv"]] {
        assert_eq!(goldthread_in(folder.path(), arguments).exit, 2, "{arguments:?}");
    }
}

/// Copies of shipped data: a proposal is written beside what it is made from.
fn copies(shipped: &str) -> tempfile::TempDir {
    let copy = folder(&[]);
    for file in std::fs::read_dir(root().join(shipped)).expect("shipped data") {
        let file = file.expect("an entry").path();
        if file.extension().is_some_and(|extension| extension == "csv") {
            std::fs::copy(&file, copy.path().join(file.file_name().expect("a name"))).expect("a copy");
        }
    }
    copy
}

#[test]
fn shipped_data_come_to_the_figures_that_adding_up_gives() {
    let copy = copies("examples/subscription/data");
    let text = proposed(copy.path(), &["*.csv"]);
    for line in ["[goals.churn]", "path = \"calls-*.csv\"", "path = \"billing-*.csv\"", "key = [\"complaint\"]"] {
        assert!(text.contains(line), "no {line}\n{text}");
    }
    let mut sums = (0u64, 0u64);
    let mut reader = csv::Reader::from_path(copy.path().join("calls-2026.csv")).expect("the calls");
    for row in reader.records().map(|row| row.expect("a row")).filter(|row| row[0].starts_with("2026-10")) {
        sums = (sums.0 + row[5].parse::<u64>().expect("a number"), sums.1 + row[4].parse::<u64>().expect("a number"));
    }
    let (_, answered, handled) = figure(copy.path(), "answered_20s_rate");
    assert_eq!((answered, handled), (Some(sums.0.to_string()), Some(sums.1.to_string())));
}

#[test]
fn one_indicator_a_row_is_a_metric_each() {
    let copy = copies("examples/transit");
    let text = proposed(copy.path(), &["kpi_values.csv"]);
    assert!(text.contains("where = \"indicator = 'Collisions with Injury Rate'\""), "{text}");
    assert!(text.contains("\ntarget = \"only(monthly_target)\""), "{text}");
    let csv = std::fs::read_to_string(copy.path().join("kpi_values.csv")).expect("the values");
    let (actual, ..) = figure(copy.path(), "collisions_with_injury_rate");
    let row = csv.lines().rfind(|line| line.contains(",Collisions with Injury Rate,2011-05,")).expect("the last");
    assert_eq!(row.split(',').nth(4), Some(actual.as_str()), "{row}");
}

#[test]
fn a_tidy_folder_as_a_new_user_sees_it() {
    let months = ["2026-07", "2026-08", "2026-09", "2026-10"];
    let mut billing = "month,region,opening,joined,lost,closing,revenue\n".to_owned();
    let mut calls = "day,region,offered,handled,resolved\n".to_owned();
    let mut survey = "month,nps,answers\n".to_owned();
    for (at, month) in months.iter().enumerate() {
        for (offset, region) in ["north", "south"].iter().enumerate() {
            let (opening, joined, lost) = (1000 + 10 * at, 30 + at * at, 20 + at + offset);
            let closing = opening + joined - lost;
            billing +=
                &format!("{month},{region},{opening},{joined},{lost},{closing},\u{20ac} {}.50\n", 9000 + at * 35);
            for day in [1, 15, if month.ends_with("09") { 30 } else { 31 }] {
                calls += &format!("{month}-{day:02},{region},{},{},{}\n", 90 + day + at, 80 + day, 50 + day - at);
            }
        }
        survey += &format!("{month},{},{}\n", 31 + at * 3 % 5, 200 + at * 7);
    }
    let folder = folder(&[
        ("data/billing.csv", &billing),
        ("data/calls-2026.csv", &calls),
        ("data/calls-2025.csv", &calls.replace("2026-", "2025-")),
        ("data/survey.csv", &survey),
    ]);
    let run = goldthread_in(folder.path(), &["init", "--from", "data/*.csv"]).done();
    assert!(run.starts_with("wrote ./scorecard.toml: 8 metrics from 3 sources\n"), "{run}");
    shows(folder.path());
    let text = std::fs::read_to_string(folder.path().join("scorecard.toml")).expect("the scorecard");
    // The folder's name is the title, and another at each run.
    let title = text.lines().position(|line| line.starts_with("title = ")).expect("a title");
    let lines = text.lines().enumerate().map(|(at, line)| if at == title { "title = ..." } else { line });
    compare(&root().join("tests/golden/init/tidy.toml"), &(lines.collect::<Vec<_>>().join("\n") + "\n"));
    // October: 20+3 and 21+3 lost of twice 1030.
    assert_eq!(figure(folder.path(), "churn").1, Some("47".to_owned()));
}

#[test]
fn files_as_departments_send_them() {
    let folder = folder(&[
        (
            "wide.csv",
            "indicator,Jan-26,Feb-26,Mar-26\nchurn,1.5%,1.4%,1.3%\nNPS,31,35,33\n\"It's \"\"odd\"\"\",1,2,4\n",
        ),
        ("open.csv", "date,cost,share %\n01/02/2026,\"1,234\",80\n01/03/2026,\"1,334\",70\n"),
        ("broken.csv", "a,b\n1,2\n"),
        ("empty.csv", ""),
        (
            "tickets.csv",
            "opened,ticket,topic,hours\n2026-02-03,T1,bill,2\n2026-02-03,T2,bill,3\n2026-03-31,T3,line,4\n",
        ),
    ]);
    let kosten = "Bericht \u{fc}ber Kosten;;;\n\nMonat;Region;Kosten \u{80};Anteil %\n2026-02;S\u{fc}d;1.234,50;81,5\n\
                  2026-02;Nord;934,10;79,5\n2026-03;S\u{fc}d;1.134,50;82,5\n2026-03;Nord;834,10;80,5\nTotal;;4.137,20;\n";
    let bytes: Vec<u8> = kosten.chars().map(|c| u8::try_from(u32::from(c)).expect("latin")).collect();
    std::fs::write(folder.path().join("kosten.csv"), bytes).expect("a file");
    let days = (1..=31).map(|day| format!("2026-03-{day:02},north,{},{}\n", 100 + day, 80 + day % 7));
    packed(
        &folder.path().join("calls.csv.gz"),
        &("day,region,offered,handled\n".to_owned() + &days.collect::<String>()),
    );
    std::fs::copy(root().join("tests/inputs/xlsx-plain/data.xlsx"), folder.path().join("book.xlsx")).expect("a copy");
    std::fs::copy(root().join("tests/inputs/parquet-plain/data.parquet"), folder.path().join("t.parquet"))
        .expect("a copy");
    let run = goldthread_in(
        folder.path(),
        &["init", ".", "--from", "*.csv", "--from", "*.gz", "*.xlsx", "--from", "t.parquet", "none-*"],
    );
    assert_eq!(run.exit, 0, "{}", run.stderr);
    for said in [
        "`broken.csv` has no column whose cells all read as periods",
        "`empty.csv` is empty",
        "`none-*` matches no file",
    ] {
        assert!(run.stderr.contains(said) && run.stderr.contains("help:"), "{}", run.stderr);
    }
    assert!(!run.stderr.contains("error"), "{}", run.stderr);
    shows(folder.path());
    let text = std::fs::read_to_string(folder.path().join("scorecard.toml")).expect("the scorecard");
    let title = text.lines().position(|line| line.starts_with("title = ")).expect("a title");
    let lines = text.lines().enumerate().map(|(at, line)| if at == title { "title = ..." } else { line });
    compare(&root().join("tests/golden/init/messy.toml"), &(lines.collect::<Vec<_>>().join("\n") + "\n"));
    let at = |id: &str, period: &str| {
        let json = goldthread_in(folder.path(), &["show", id, "-p", period, "-O", "json"]).done();
        serde_json::from_str::<Value>(&json).expect("JSON")["rows"][0]["actual"].to_string()
    };
    // 1134.50 + 834.10, in EUR by the header's sign; and the mean of 82.5 % and 80.5 %.
    assert_eq!((at("kosten", "2026-03"), at("anteil_pct", "2026-03")), ("1968.6".to_owned(), "0.815".to_owned()));
    assert_eq!((at("tickets_count", "2026-02"), at("hours", "2026-02")), ("2".to_owned(), "2.5".to_owned()));
    assert_eq!((at("churn", "2026-02"), at("cost", "2026-02")), ("0.014".to_owned(), "1234".to_owned()));
}

/// Rows of months, teams, calls, those resolved and a score, below a header with one column more: comments, each
/// where `comment` has one.
fn workbook(path: &Path, title: Option<&str>, comment: &dyn Fn(u32) -> bool) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    let mut at = 0;
    if let Some(title) = title {
        sheet.write(0, 0, title).expect("a cell");
        at = 2;
    }
    for (column, name) in (0..).zip(["Month", "Team", "Calls", "Resolved", "CSAT", "Comment"]) {
        sheet.write(at, column, name).expect("a cell");
    }
    for row in 0..8u32 {
        let month = u8::try_from(row / 2 + 1).expect("a month");
        let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2025, month, 1).expect("a date");
        let line = at + 1 + row;
        sheet.write_with_format(line, 0, &day, &date).expect("a cell");
        sheet.write(line, 1, ["A", "B"][row as usize % 2]).expect("a cell");
        sheet.write(line, 2, 103 + row).expect("a cell");
        sheet.write(line, 3, 71 + row % 3).expect("a cell");
        sheet.write(line, 4, 4.5 - f64::from(row) / 10.0).expect("a cell");
        if comment(row) {
            sheet.write(line, 5, "late data").expect("a cell");
        }
    }
    book.save(path).expect("a workbook");
}

#[test]
fn a_blank_last_column_of_a_sheet_does_not_hide_its_header() {
    let blank: [(&str, &dyn Fn(u32) -> bool); 4] = [
        ("wholly", &|_| false),
        ("mostly", &|row| row == 3),
        ("partly", &|row| row % 2 == 0),
        ("last", &|row| row < 7),
    ];
    for (name, comment) in blank {
        for title in [None, Some("Service report, by hand")] {
            let folder = folder(&[]);
            workbook(&folder.path().join("calls.xlsx"), title, comment);
            let text = proposed(folder.path(), &["calls.xlsx"]);
            assert!(text.contains("period = \"month\"") && text.contains("\"team\""), "{name} {title:?}\n{text}");
            // March, the last that is whole: 72 and 73 resolved of 107 and 108 calls.
            let march = figure(folder.path(), "resolved_rate");
            assert_eq!(
                (march.1, march.2),
                (Some("145".to_owned()), Some("215".to_owned())),
                "{name} {title:?}\n{text}"
            );
            let first = goldthread_in(folder.path(), &["show", "resolved_rate", "-p", "2025-01", "-O", "json"]).done();
            let first: Value = serde_json::from_str(&first).expect("JSON");
            // January, in the first rows: 71 and 72 of 103 and 104.
            assert_eq!(first["rows"][0]["numerator"].to_string(), "143", "{name} {title:?}");
            assert_eq!(first["rows"][0]["denominator"].to_string(), "207", "{name} {title:?}");
        }
    }
}

/// Begins a scorecard from files beside a sound one: what is said of the others, none of which is in it.
fn left_out(files: &[(&str, &str)]) -> String {
    let sound = ("sound.csv", "month,calls\n2026-01,10\n2026-02,14\n2026-03,12\n");
    let folder = folder(&[files, &[sound]].concat());
    let run = goldthread_in(folder.path(), &["init", "--from", "*.csv"]);
    assert_eq!(run.exit, 0, "{}", run.stderr);
    shows(folder.path());
    let text = std::fs::read_to_string(folder.path().join("scorecard.toml")).expect("the scorecard");
    assert_eq!(text.matches("[sources.").count(), 1, "{text}");
    assert!(text.contains("path = \"sound.csv\"") && run.stdout.contains("from 1 source"), "{text}");
    run.stderr
}

#[test]
fn a_file_without_a_header_is_told_and_left_out() {
    for data in
        ["2026-01-01,3,5\n2026-01-02,4,6\n2026-01-03,5,9\n", "north,2026-01,5\nsouth,2026-01,6\nnorth,2026-02,8\n"]
    {
        let said = left_out(&[("bare.csv", data)]);
        assert!(said.contains("`bare.csv` has no header") && said.contains("help: put a line of names"), "{said}");
    }
}

#[test]
fn a_period_of_two_columns_is_told_and_left_out() {
    for header in ["year,month,amount", "Jahr,Monat,Betrag", "year,m,amount", "year,quarter,amount"] {
        let rows: String = (0..8).map(|at| format!("{},{},{}\n", 2024 + at / 4, 1 + at % 4, 90 + at * 7 % 5)).collect();
        let said = left_out(&[("two.csv", &format!("{header}\n{rows}"))]);
        assert!(said.contains("`two.csv` says when in two columns") && said.contains("such as 2025-01"), "{said}");
    }
    let said = left_out(&[("two.csv", "year,month,amount\n2025,Jan,4\n2025,Feb,7\n2025,Mar,2\n")]);
    assert!(said.contains("`year` and `month`"), "{said}");
}

#[test]
fn numbers_of_rows_are_not_measured() {
    let rows: String =
        (0..8).map(|at| format!("2026-0{},{},{},{}\n", at + 1, 1 + at, at + 1, 40 + at * 7 % 5)).collect();
    let folder = folder(&[("calls.csv", &format!("period,entry,month,calls\n{rows}"))]);
    let text = proposed(folder.path(), &["calls.csv"]);
    assert!(text.contains("sum(calls)") && !text.contains("(entry)") && !text.contains("(month)"), "{text}");
}

#[test]
fn a_file_that_would_stop_a_report_is_left_out() {
    let said = left_out(&[("erp.csv", "month,calls\n2026-01,10\n2026-02,14\nSource: ERP\n")]);
    assert!(said.contains("line 4 of `erp.csv` has 1 field, the header 2") && said.contains("is left out"), "{said}");
}

#[test]
fn no_name_breaks_out_of_the_file() {
    let many = |cell: &dyn Fn(usize) -> String| (0..300).map(cell).collect::<Vec<_>>().join(",");
    let wide = format!(
        "month,{}\n2026-01,{}\n2026-02,{}\n",
        many(&|at| format!("c{at}")),
        many(&|at| (at * 7 % 13).to_string()),
        many(&|at| (at * 5 % 17).to_string())
    );
    let odd = "day,\"a \"\"b\"\" c\",\"x\ny\",,\"]; #\",dup,dup,\u{9867}\u{5ba2}\u{6570},order,\"\u{1b}[31m\u{202e}'''\",\"\\\"\n\
               2026-01-01,1,2,3,4,5,6,7,8,9,3\n2026-01-31,2,3,4,5,6,7,8,10,3,1\n";
    let files = [
        ("\"; [x].csv", odd),
        ("we're [in]\n# DECIDE.csv", odd),
        ("\u{fc}\u{20ac} *?.csv", odd),
        ("many.csv", wide.as_str()),
    ];
    for (name, data) in files {
        let folder = folder(&[(name, data)]);
        let text = proposed(folder.path(), &[name]);
        assert!(text.lines().all(|line| !line.contains(['\u{1b}', '\u{202e}'])), "{text}");
        assert!(text.matches("[metrics.").count() <= 9, "modest:\n{text}");
    }
}

#[test]
fn files_whose_headers_differ_by_an_added_column_are_one_source() {
    let folder = folder(&[
        ("calls-2024.csv", "month,region,calls,solved\n2024-11,N,10,7\n2024-12,N,12,9\n"),
        ("calls-2025.csv", "month,region,channel,solved,calls\n2025-01,N,web,8,11\n2025-02,N,web,9,15\n"),
    ]);
    let text = proposed(folder.path(), &["*.csv"]);
    assert_eq!((text.matches("[sources.").count(), text.matches("[departments.").count()), (1, 1), "{text}");
    assert!(text.contains("path = \"calls-*.csv\"") && text.contains("left out: channel"), "{text}");
    let seen = figure(folder.path(), "solved_rate");
    assert_eq!((seen.1.as_deref(), seen.2.as_deref()), (Some("9"), Some("15")), "{text}");
    let past = goldthread_in(folder.path(), &["show", "solved_rate", "-p", "2024-11", "-O", "json"]).done();
    assert_eq!(serde_json::from_str::<Value>(&past).expect("JSON")["rows"][0]["denominator"].to_string(), "10");
}

#[test]
fn years_of_months_across_are_one_source() {
    let year = |year: u32, last: u32| {
        let months: Vec<String> = (1..=last).map(|month| format!("{year}-{month:02}")).collect();
        let cells = |from: u32| (1..=last).map(|at| (from + at * 7 % 5).to_string()).collect::<Vec<_>>().join(",");
        format!("measure,site,{}\nvisits,A,{}\nwaiting days,A,{}\n", months.join(","), cells(year - 2000), cells(3))
    };
    let folder = folder(&[
        ("clinic-2024.csv", &year(2024, 12)),
        ("clinic-2025.csv", &year(2025, 12)),
        ("clinic-2026.csv", &year(2026, 3)),
    ]);
    let text = proposed(folder.path(), &["*.csv"]);
    assert_eq!((text.matches("[sources.").count(), text.matches("[departments.").count()), (1, 1), "{text}");
    assert!(text.contains("path = \"clinic-*.csv\"") && text.contains("layout = \"wide\""), "{text}");
    assert!(!text.contains("duplicates"), "{text}");
    // March 2026 and December 2024: 26 + 21 % 5 and 24 + 84 % 5.
    for (period, visits) in [("2026-03", "27"), ("2024-12", "28")] {
        let json = goldthread_in(folder.path(), &["show", "visits", "-p", period, "-O", "json"]).done();
        assert_eq!(serde_json::from_str::<Value>(&json).expect("JSON")["rows"][0]["actual"].to_string(), visits);
    }
}

#[test]
fn every_folder_is_a_department_where_there_are_several() {
    let data = "month,calls,solved\n2026-01,10,7\n2026-02,12,8\n";
    let folder = folder(&[("service/calls.csv", data), ("service/chats.csv", data), ("field/visits.csv", data)]);
    let text = proposed(folder.path(), &["*/*.csv"]);
    assert_eq!(text.matches("[departments.").count(), 2, "{text}");
    assert_eq!(text.matches("department = \"service\"").count(), 2, "{text}");
}

#[test]
fn many_sources_make_a_tree_that_can_be_weighed() {
    let data = |seed: u32| {
        // No two files alike.
        let noise = |at: u32, of: u32| (seed * 2_654_435 + at * 40_503 + of * 9_973 + at * at * (seed + 7) * 31) % 97;
        let row = |at: u32| format!("2026-0{at},{},{},{}\n", 40 + noise(at, 1), 160 + noise(at, 2), 5 + noise(at, 3));
        (1..9).map(row).fold("month,visits,calls,waiting days\n".to_owned(), |text, row| text + &row)
    };
    for (departments, each) in [(9, 1), (3, 9), (20, 1), (55, 1)] {
        let files: Vec<(String, String)> = (0..departments * each)
            .map(|at| {
                let name = if each == 1 {
                    format!("data/{}.csv", word(at))
                } else {
                    format!("d{}/{}.csv", at % departments, word(at))
                };
                (name, data(u32::try_from(at).expect("few")))
            })
            .collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(name, data)| (name.as_str(), data.as_str())).collect();
        let folder = folder(&files);
        let text = proposed(folder.path(), &["*/*.csv"]);
        assert_eq!(text.matches("[sources.").count(), departments * each, "{text}");
        assert!(!text.contains("\"Area "), "{text}");
    }
}

/// A word of its own for each number.
fn word(number: usize) -> String {
    let letter = |at: usize| char::from(b'a' + u8::try_from(at % 26).expect("a letter"));
    [letter(number * 7), letter(number / 26 + 3), letter(number)].iter().collect::<String>() + "ing"
}

#[test]
fn rows_of_which_each_period_has_one_are_not_counted() {
    let rows: String = (1..9).map(|at| format!("2026-0{at},{}\n", ["good", "bad"][at % 2])).collect();
    let said = left_out(&[("words.csv", &format!("month,state\n{rows}"))]);
    assert!(said.contains("`words.csv` has no column of numbers that can be measured"), "{said}");
}

#[test]
fn names_say_the_unit_and_what_may_be_added_up() {
    let rows: String = (1..9)
        .map(|at| {
            format!("2026-0{at},{},{},{},{}\n", 900 + at * 37 % 19, 70 + at * 3 % 7, 400 + at * 11 % 23, 3 + at % 2)
        })
        .collect();
    let folder =
        folder(&[("sales.csv", &format!("Monat,\"Sales \"\"net\"\" [EUR]\",Zufriedenheit,Bestand,Cost ($)\n{rows}"))]);
    let text = proposed(folder.path(), &["sales.csv"]);
    let unit = |of: &str| {
        let at = text.find(of).unwrap_or_else(|| panic!("no {of}\n{text}"));
        text[at..].lines().find_map(|line| line.strip_prefix("unit = \"")?.split('"').next()).map(str::to_owned)
    };
    assert_eq!(unit("sum(sales_net_eur)"), Some("EUR".to_owned()), "{text}");
    // A source has amounts of one currency.
    assert!(!text.contains("(cost)"), "{text}");
    assert_eq!(
        (unit("only(zufriedenheit)"), unit("last(bestand)")),
        (Some("score".to_owned()), Some("count".to_owned()))
    );
}

#[test]
fn a_column_of_targets_is_the_target_of_what_it_stands_beside() {
    let rows: String =
        (1..9).map(|at| format!("2026-0{at},{},{},{}\n", 90 + at * 37 % 19, 100 + at % 2, 7 + at * 5 % 11)).collect();
    let folder = folder(&[("calls.csv", &format!("month,Calls,Target,visits\n{rows}"))]);
    let text = proposed(folder.path(), &["calls.csv"]);
    let line = text.lines().find(|line| line.starts_with("target = ")).unwrap_or_else(|| panic!("{text}"));
    assert!(line.starts_with("target = \"sum(target)\"") && line.contains("# DECIDE:"), "{text}");
    let json = goldthread_in(folder.path(), &["show", "calls", "-O", "json"]).done();
    // August: 100 and the rest of 8 by 2.
    assert_eq!(serde_json::from_str::<Value>(&json).expect("JSON")["rows"][0]["target"].to_string(), "100", "{json}");
}

#[test]
fn what_cannot_be_proposed_is_told_with_a_remedy() {
    let folder = folder(&[("data/words.csv", "a,b\nx,y\n"), ("data/sub/x.txt", "")]);
    for (from, said) in [
        ("data/*.csv", "`data/words.csv` has no column whose cells all read as periods"),
        ("data", "`data` is a folder"),
        (".", "`.` is a folder, and read as a pattern"),
        ("nothing/*.csv", "`nothing/*.csv` matches no file"),
        ("gone.csv", "cannot read `gone.csv`"),
        ("[", "`[` is not a path pattern"),
    ] {
        let run: Session = goldthread_in(folder.path(), &["init", "--from", from]);
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{from}");
        assert!(run.stderr.contains(said) && run.stderr.contains("nothing to propose"), "{from}: {}", run.stderr);
        assert!(run.stderr.matches("help:").count() >= 2, "{}", run.stderr);
        assert!(!folder.path().join("scorecard.toml").exists());
    }
}

#[test]
fn paths_are_written_as_seen_from_the_folder() {
    let folder = folder(&[("data/a.csv", "month,calls\n2026-01,10\n2026-02,12\n")]);
    // As a shell expands it where the user stands, and as the program does from the folder.
    for (target, from) in [("one", "data/a.csv"), ("two", "../data/*.csv")] {
        let run = goldthread_in(folder.path(), &["init", target, "--from", from]);
        assert_eq!(run.exit, 0, "{}", run.stderr);
        let there = folder.path().join(target);
        let text = std::fs::read_to_string(there.join("scorecard.toml")).expect("the scorecard");
        assert!(text.contains("path = \"../data/a.csv\""), "{text}");
        shows(&there);
    }
}

#[test]
fn whole_paths_are_written_as_seen_from_the_folder() {
    let folder = folder(&[("a/calls.csv", "month,calls\n2026-01,10\n2026-02,12\n"), ("b/here", "")]);
    let whole = folder.path().join("a/calls.csv");
    for (target, written) in
        [(".", "a/calls.csv"), ("a", "calls.csv"), ("b", "../a/calls.csv"), ("new", "../a/calls.csv")]
    {
        let pattern = folder.path().join("a/*.csv");
        for from in [&whole, &pattern] {
            let there = folder.path().join(target);
            // A whole pattern, and a whole path as a shell expands it.
            std::fs::remove_file(there.join("scorecard.toml")).ok();
            let run = goldthread_in(folder.path(), &["init", target, "--from", &from.display().to_string()]);
            assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{target} {from:?}");
            let text = std::fs::read_to_string(there.join("scorecard.toml")).expect("the scorecard");
            assert!(text.contains(&format!("path = \"{written}\"")), "{target} {from:?}\n{text}");
            shows(&there);
        }
    }
}

#[test]
fn a_folder_named_behind_the_patterns_is_told() {
    let folder = folder(&[("data/a.csv", "month,calls\n2026-01,10\n2026-02,12\n")]);
    let run = goldthread_in(folder.path(), &["init", "--from", "data/*.csv", "."]);
    assert_eq!(run.exit, 0, "{}", run.stderr);
    assert!(run.stderr.contains("`.` is a folder") && run.stderr.contains("before `--from`"), "{}", run.stderr);
    let help = goldthread_in(folder.path(), &["init", "--help"]).done();
    let usage = "Usage: goldthread init [DIR] --sample\n       goldthread init [DIR] --from <GLOB>...\n";
    assert!(help.contains(usage) && help.contains("in quotes"), "{help}");
}

#[test]
fn a_large_file_is_not_read_to_its_end() {
    let rows = (0..ROWS).map(|row| format!("2026-01-{:02},{row},{}\n", 1 + row % 31, row % 7)).collect::<String>();
    // Beyond what is looked at, a cell that would make the column none of numbers.
    let folder = folder(&[("long.csv", &format!("day,ref,calls\n{rows}2026-01-01,x,many\n"))]);
    let seen = survey(&folder.path().join("long.csv"), "long.csv", ROWS).expect("a survey");
    assert_eq!((seen.rows.len(), seen.is_whole), (ROWS, false));
    let run = goldthread_in(folder.path(), &["init", "--from", "long.csv"]).done();
    assert!(run.contains("from 1 source"), "{run}");
    let text = std::fs::read_to_string(folder.path().join("scorecard.toml")).expect("the scorecard");
    assert!(text.contains("(at most 10,000)") && text.contains("sum(calls)"), "{text}");
}

/// Every file the reader is tested with that a report can read makes a scorecard that shows.
#[test]
fn whatever_the_reader_understands_can_be_proposed_from() {
    let (mut proposed, mut refused) = (0, BTreeSet::new());
    for case in std::fs::read_dir(root().join("tests/inputs")).expect("the cases") {
        let case = case.expect("a case").path();
        let name = case.file_name().expect("a name").to_string_lossy().into_owned();
        let data = ["data.csv", "data.csv.gz", "data.xlsx", "data.parquet"];
        let Some(data) = data.into_iter().find(|data| case.join(data).is_file()) else { continue };
        // A file that is broken is told by `show` with its place.
        if !case.join("answers.csv").exists() {
            continue;
        }
        let copy = folder(&[]);
        std::fs::copy(case.join(data), copy.path().join(data)).expect("a copy");
        if goldthread_in(copy.path(), &["init", "--from", data]).exit == 0 {
            let show = goldthread_in(copy.path(), &["show"]);
            if show.exit != 0 {
                refused.insert(format!("{name} shows {}", show.exit));
            }
            proposed += 1;
        } else {
            refused.insert(name);
        }
    }
    assert!(proposed > 150, "{proposed} proposed");
    let expected: Vec<&String> = refused.iter().collect();
    compare(&root().join("tests/golden/init/refused.txt"), &(format!("{expected:#?}\n")));
}

/// A header as nobody would choose it.
fn header() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}(_[a-z]{1,6})?",
        "[A-Za-z \"';#\\[\\]=.%\u{20ac}\u{e9}\u{4e2d}-]{0,12}",
        Just("rate".to_owned()),
        Just("closing balance".to_owned()),
        Just("handled".to_owned()),
        Just("Total".to_owned()),
        Just("value".to_owned()),
        Just("period".to_owned()),
        Just("2026-01".to_owned()),
        Just("indicator".to_owned()),
    ]
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => (0..2000u32).prop_map(|number| number.to_string()),
        2 => (0..2000u32).prop_map(|number| format!("{}.{:02}", number / 7, number % 100)),
        1 => Just("12.5%".to_owned()),
        1 => Just("1,005".to_owned()),
        1 => Just(String::new()),
        1 => "[a-z\"' ;]{0,6}",
        1 => Just("\u{20ac} 5".to_owned()),
        1 => Just("Total".to_owned()),
    ]
}

fn quoted(cells: impl Iterator<Item = String>) -> String {
    cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect::<Vec<_>>().join(",")
}

/// Tables tried, and those of which something was proposed.
static TRIED: AtomicUsize = AtomicUsize::new(0);
static PROPOSED: AtomicUsize = AtomicUsize::new(0);
const CASES: u32 = 300;

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_table_makes_a_scorecard_that_holds(
        headers in prop::collection::vec(header(), 1..7),
        columns in prop::collection::vec(prop::collection::vec(cell(), 5), 6),
        kinds in prop::collection::vec(0..4usize, 6),
        name in "[a-z\"'; #\\[\\]]{1,8}",
    ) {
        let mut text = quoted(std::iter::once("month".to_owned()).chain(headers.iter().cloned())) + "\n";
        for row in 0..5 {
            // Most columns hold one kind of cell, as columns do.
            let of = |column: usize| match kinds[column] {
                0 => columns[column][row].clone(),
                1 => (row * 37 % 11 + column).to_string(),
                2 => ["north", "south"][row % 2].to_owned(),
                _ => columns[column][0].clone(),
            };
            text += &(quoted(std::iter::once(format!("2026-0{}", row + 1)).chain((0..headers.len()).map(of))) + "\n");
        }
        let name = format!("{name}.csv");
        let folder = folder(&[(&name, &text)]);
        let path = folder.path().join(&name);
        if let Ok(survey) = survey(&path, &name, ROWS) {
            let met = |pattern: &str| {
                let paths = matching(folder.path(), pattern).unwrap_or_default();
                paths.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect()
            };
            let files = [Sampled { written: name.clone(), survey }];
            if let Some(draft) = draft("\"; [x] \u{1b}", &files, &met).value {
                let scorecard = folder.path().join("scorecard.toml");
                std::fs::write(&scorecard, &draft.text).expect("written");
                let loaded = load(&scorecard);
                let problems = resolve(&loaded).err();
                assert!(problems.is_none(), "{problems:#?}\n{text}\n{}", draft.text);
                PROPOSED.fetch_add(1, Ordering::Relaxed);
            }
        }
        // A law of tables of which nothing is proposed would be none.
        let tried = TRIED.fetch_add(1, Ordering::Relaxed) + 1;
        let proposed = PROPOSED.load(Ordering::Relaxed);
        assert!(tried < CASES as usize || proposed > tried / 2, "{proposed} of {tried}");
    }
}
