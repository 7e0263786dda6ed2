//! The manifest beside a file, and the reconciliation: what was read and left out, and whether parts equal wholes.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{COSTS, INDEX, SALES, SCORECARD, desk, rollup};
use crate::session::{compare, folder, root, run_in};

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn manifest(folder: &std::path::Path, options: &[&str]) -> Value {
    let session = rollup(folder, &[options, &["-o", "out.csv"]].concat());
    assert_eq!(session.exit, 0, "{}", session.stderr);
    let text = std::fs::read_to_string(folder.join("out.csv.manifest.json")).expect("a manifest");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn a_manifest_is_what_it_was() {
    let folder = desk();
    let options = ["revenue", "ticket", "--by", "region", "--totals", "-o", "out.csv"];
    assert_eq!(rollup(folder.path(), &options).exit, 0);
    let text = std::fs::read_to_string(folder.path().join("out.csv.manifest.json")).expect("a manifest");
    compare(&root().join("tests/golden/rollup/manifest.json"), &text);
}

#[test]
fn hashes_are_those_of_the_files() {
    let folder = desk();
    for options in [vec![], vec!["--layout", "wide"]] {
        let manifest = manifest(folder.path(), &options);
        let of = |name: &str, path: &str| {
            let bytes = std::fs::read(folder.path().join(name)).expect("the file");
            json!({ "path": path, "sha256": sha256(&bytes), "bytes": bytes.len() })
        };
        assert_eq!(manifest["output"], of("out.csv", "out.csv"));
        assert_eq!(manifest["scorecard_files"], json!([of("scorecard.toml", "scorecard.toml")]));
        for (input, name) in manifest["inputs"].as_array().expect("inputs").iter().zip(["sales", "costs", "index"]) {
            let file = of(&format!("{name}.csv"), &format!("{name}.csv"));
            assert_eq!(
                (&input["sha256"], &input["bytes"], &input["path"]),
                (&file["sha256"], &file["bytes"], &file["path"])
            );
            assert_eq!(input["source"], *name);
        }
        assert_eq!(manifest["inputs"].as_array().map(Vec::len), Some(3));
        let rows = std::fs::read_to_string(folder.path().join("out.csv")).expect("rows").lines().count() - 1;
        assert_eq!(manifest["rows"], json!(rows));
    }
}

#[test]
fn paths_are_as_the_scorecard_names_them_wherever_it_is_run() {
    let folder = desk();
    let above = folder.path().parent().expect("a parent");
    let name = folder.path().file_name().expect("a name").to_str().expect("text");
    let here = manifest(folder.path(), &[]);
    for scorecard in [format!("{name}/scorecard.toml"), folder.path().join("scorecard.toml").display().to_string()] {
        let out = format!("{name}/out.csv");
        let session = run_in(above, &["-s", &scorecard, "rollup", "-p", "2026-09..2026-10", "-o", &out]);
        assert_eq!(session.exit, 0, "{}", session.stderr);
        let text = std::fs::read_to_string(folder.path().join("out.csv.manifest.json")).expect("a manifest");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), here);
    }
}

#[test]
fn a_command_can_be_typed_again() {
    let folder = desk();
    let options = [
        "revenue",
        "owner:Bob",
        "--by",
        "region",
        "--totals",
        "--decimals",
        "3",
        "--display",
        "--where",
        "region <> 'it''s'",
    ];
    let manifest = manifest(folder.path(), &options);
    let command = manifest["command"].as_str().expect("a command");
    assert_eq!(
        command,
        "goldthread rollup revenue owner:Bob -p 2026-09..2026-10 --where 'region <> '\\''it'\\'''\\''s'\\''' --by region \
         --decimals 3 --totals --display"
    );
    let first = std::fs::read(folder.path().join("out.csv")).expect("rows");
    // Through a shell, so that its quotes hold.
    let program = env!("CARGO_BIN_EXE_goldthread");
    let typed = command.replacen("goldthread", program, 1);
    let output = std::process::Command::new("sh").args(["-c", &typed]).current_dir(folder.path()).output();
    assert_eq!(output.expect("a shell").stdout, first);
}

#[test]
fn a_command_typed_again_gives_the_bytes_that_were_hashed() {
    let folder = desk();
    let others: [&[&str]; 7] = [
        &["-o", "out.json"],
        &["-o", "out.xlsx"],
        &["-o", "out.parquet"],
        &["-o", "out.bin", "-O", "json", "--layout", "wide", "--figure", "score"],
        &["-o", "out.csv", "--for", "excel"],
        &["-o", "out.CSV", "--for", "excel-eu", "--where=-1 < 0 and region = 'north'"],
        // Said to be CSV, which is what the command alone gives.
        &["-o", "out.txt", "-O", "csv", "-Q", "-p", "2026-Q3", "--as-of", "2026-Q3"],
    ];
    for options in others {
        assert_eq!(rollup(folder.path(), &[&["revenue", "--by", "region"], options].concat()).exit, 0);
        let text = std::fs::read_to_string(folder.path().join(format!("{}.manifest.json", options[1])));
        let manifest: Value = serde_json::from_str(&text.expect("a manifest")).expect("JSON");
        let typed = manifest["command"].as_str().expect("a command");
        let typed = typed.replacen("goldthread", env!("CARGO_BIN_EXE_goldthread"), 1);
        let output = std::process::Command::new("sh").args(["-c", &typed]).current_dir(folder.path()).output();
        let output = output.expect("a shell");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(manifest["output"]["sha256"], sha256(&output.stdout), "{typed}: {told}");
    }
}

#[test]
fn rows_left_out_are_counted_with_their_reasons() {
    let scorecard = SCORECARD.replace("path = \"sales.csv\"", "path = \"sales.csv\"\nwhere = \"n < 90\"");
    // A copy, a row the condition leaves out, a cell that is no number, a row of no month, a total.
    let sales = format!(
        "{SALES}2026-10,south,web,110.16,7\n2026-10,west,web,1000.00,99\n2026-10,west,web,abc,1\nnever,west,web,5.00,1\n\
         Total,,,290.37,1\n"
    );
    let folder =
        folder(&[("scorecard.toml", &scorecard), ("sales.csv", &sales), ("costs.csv", COSTS), ("index.csv", INDEX)]);
    let session = rollup(folder.path(), &["--lenient", "--reconcile", "-o", "out.csv"]);
    let text = std::fs::read_to_string(folder.path().join("out.csv.manifest.json")).unwrap_or_default();
    let manifest: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("no manifest: {}", session.stderr));
    let input = &manifest["inputs"][0];
    let (read, kept) = (input["rows_read"].as_u64().expect("a count"), input["rows_kept"].as_u64().expect("a count"));
    assert_eq!((read, kept), (11, 7));
    let dropped = input["rows_dropped"].as_object().expect("reasons");
    assert_eq!(Value::from(dropped.clone()), json!({ "where": 1, "totals": 1, "copies": 1, "rejected": 1 }));
    assert_eq!(input["cells_rejected"], 1);
    let line = "  sales: sales.csv: 11 rows in, 7 kept, 4 dropped (1 where, 1 totals, 1 copies, 1 rejected); \
                1 cell of rows kept rejected";
    assert!(session.stderr.lines().any(|found| found == line), "{}", session.stderr);
}

#[test]
fn control_totals_and_parts_decide_the_exit_code() {
    // 230.31 + 60.06
    for (equals, ties) in [("290.37", true), ("290.38", false), ("290.3700000001", false)] {
        let control = format!("path = \"sales.csv\"\ncontrol = {{ column = \"amount\", equals = {equals} }}");
        let scorecard = SCORECARD.replace("path = \"sales.csv\"", &control);
        let folder =
            folder(&[("scorecard.toml", &scorecard), ("sales.csv", SALES), ("costs.csv", COSTS), ("index.csv", INDEX)]);
        let session = rollup(folder.path(), &["--by", "region", "--reconcile", "-O", "json"]);
        assert_eq!(session.exit, i32::from(!ties), "{}", session.stderr);
        let line = if ties {
            "  control total of amount in sales: 290.37, as declared".to_owned()
        } else {
            format!("  control total of amount in sales: 290.37, and should be {equals}")
        };
        assert!(session.stderr.lines().any(|found| found == line), "{line}\n{}", session.stderr);
        assert!(session.stderr.contains("  parts equal the whole, to the last digit, in 6 figures of 3 metrics\n"));
        assert!(session.stderr.contains("  do not add up over parts, and are not meant to: ticket, share\n"));
        // Told unasked where it does not tie; the answer is then no reason to stop.
        let unasked = rollup(folder.path(), &["revenue", "-O", "json"]);
        assert_eq!((unasked.exit, unasked.stderr.contains("control total")), (0, !ties));
        assert_eq!(
            manifest(folder.path(), &[])["control_totals"],
            json!([{
                "source": "sales", "column": "amount",
                "equals": equals.parse::<serde_json::Number>().expect("a number"), "found": 290.37, "ties": ties,
            }])
        );
    }
}

#[test]
fn parts_that_lack_something_of_the_whole_are_named() {
    let folder = desk();
    // A region that has revenue and no cost has no margin, and its revenue is in the margin of the whole.
    std::fs::write(folder.path().join("sales.csv"), format!("{SALES}2026-10,west,web,50.10,1\n")).expect("a file");
    let session = rollup(folder.path(), &["--by", "region", "--reconcile", "-O", "json"]);
    assert_eq!(session.exit, 1);
    // 280.41 - 24.35 = 256.06; without the 50.10 it is 205.96.
    let line = "  margin in 2026-10: the parts add up to 205.96, the whole is 256.06";
    assert!(session.stderr.lines().any(|found| found == line), "{}", session.stderr);
}

#[test]
fn what_is_divided_is_compared_as_far_as_doubles_go() {
    let scorecard = SCORECARD.replace("value = \"sum(cost)\"", "value = \"sum(cost) / 7\"");
    let costs: String = (0..50).map(|at| format!("2026-10,r{at},{}.{:02}\n", at * 37 % 101, at * 13 % 100)).collect();
    let costs = format!("month,region,cost\n2026-09,north,1\n{costs}");
    let folder =
        folder(&[("scorecard.toml", &scorecard), ("sales.csv", SALES), ("costs.csv", &costs), ("index.csv", INDEX)]);
    let session = rollup(folder.path(), &["cost", "--by", "region", "--reconcile", "-O", "json"]);
    assert_eq!(session.exit, 0, "{}", session.stderr);
    assert!(
        session.stderr.contains("to twelve digits since it is divided, in 2 figures of 1 metric"),
        "{}",
        session.stderr
    );
}

/// Ids, the level at which parts are compared, and the periods in which they equal the whole.
fn compared(manifest: &Value) -> Vec<(String, Value, u64, usize)> {
    let parts = manifest["parts"].as_array().expect("parts");
    let of = |parts: &Value| {
        let unequal = parts["unequal"].as_array().expect("a list").len();
        let equal =
            parts["periods_equal"].as_u64().expect("a count") + parts["periods_close"].as_u64().expect("a count");
        (parts["metric"].as_str().expect("an id").to_owned(), parts["level"].clone(), equal, unequal)
    };
    parts.iter().map(of).collect()
}

#[test]
fn a_metric_without_the_last_dimension_is_compared_at_the_levels_it_has() {
    let folder = desk();
    // A region that only the source without channels knows.
    std::fs::write(folder.path().join("costs.csv"), format!("{COSTS}2026-10,west,7.00\n")).expect("a file");
    let selected = ["revenue", "cost", "margin", "ticket"];
    for totals in [&[][..], &["--totals"]] {
        let by = manifest(folder.path(), &[&selected[..], &["--by", "region,channel"], totals].concat());
        let expected = [
            // Revenue is there by channel, cost by region: the margin of 2026-10 lacks what west cost, so no part of it has it.
            ("margin", json!("region"), 1, 1),
            ("revenue", json!("region/channel"), 2, 0),
            ("cost", json!("region"), 2, 0),
            ("ticket", Value::Null, 0, 0),
        ];
        let expected: Vec<_> = expected.into_iter().map(|(id, level, e, u)| (id.to_owned(), level, e, u)).collect();
        assert_eq!(compared(&by), expected, "{totals:?}");
    }
    let session = rollup(folder.path(), &["cost", "--by", "region,channel", "--reconcile", "-O", "json"]);
    assert_eq!(session.exit, 0, "{}", session.stderr);
    assert!(session.stderr.contains("  compared by region, for there is no channel: cost\n"), "{}", session.stderr);
    // Where the first dimension is the one that is missing, there are no rows to compare.
    let session = rollup(folder.path(), &["cost", "--by", "channel,region", "--reconcile", "-o", "out.csv"]);
    assert_eq!(session.exit, 0, "{}", session.stderr);
    assert!(session.stderr.contains("  not compared, for there is no channel: cost\n"), "{}", session.stderr);
    let text = std::fs::read_to_string(folder.path().join("out.csv.manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(manifest["parts"][0]["level"], Value::Null);
    assert_eq!(manifest["parts"][0]["lacks"], "channel");
    // The rows of --totals have the region that only costs know.
    let session = rollup(folder.path(), &["cost", "--by", "region,channel", "--totals"]);
    let all = super::rows(&session.stdout);
    let october: Vec<_> = all.iter().filter(|row| row["period"] == "2026-10").collect();
    let cells: Vec<_> =
        october.iter().map(|row| [&row["level"], &row["region"], &row["actual"]].map(String::as_str)).collect();
    let expected =
        [["total", "", "31.35"], ["region", "north", "11.1"], ["region", "south", "13.25"], ["region", "west", "7"]];
    assert_eq!(cells, expected);
}

#[test]
fn a_whole_of_which_no_part_has_a_figure_does_not_tie() {
    let folder = desk();
    // Revenue in the west, cost in the east: no region has a margin, and the whole has one.
    std::fs::write(folder.path().join("sales.csv"), "month,region,channel,amount,n\n2026-10,west,web,50.10,1\n")
        .expect("a file");
    std::fs::write(folder.path().join("costs.csv"), "month,region,cost\n2026-10,east,20.00\n").expect("a file");
    let session = rollup(folder.path(), &["margin", "-p", "2026-10", "--by", "region", "--reconcile", "-o", "out.csv"]);
    assert_eq!(session.exit, 1, "{}", session.stderr);
    let line = "  margin in 2026-10: no part has a figure, the whole is 30.1";
    assert!(session.stderr.lines().any(|found| found == line), "{}", session.stderr);
    let text = std::fs::read_to_string(folder.path().join("out.csv.manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(manifest["parts"][0]["unequal"], json!([{ "period": "2026-10", "whole": 30.1, "parts": null }]));
}

#[test]
fn a_condition_asked_for_is_named_beside_the_rows_it_does_not_count() {
    let folder = desk();
    let asked = ["revenue", "--where", "region = 'north'"];
    let with = manifest(folder.path(), &asked);
    assert_eq!(with["where"], "region = 'north'");
    assert_eq!((&with["inputs"][0]["rows_read"], &with["inputs"][0]["rows_kept"]), (&json!(6), &json!(6)));
    assert_eq!(manifest(folder.path(), &["revenue"])["where"], Value::Null);
    let session = rollup(folder.path(), &[&asked[..], &["--reconcile", "-O", "json"]].concat());
    let line = "  figures are of the rows where region = 'north'; those kept are counted before that";
    assert!(session.stderr.lines().any(|found| found == line), "{}", session.stderr);
}
