//! Two exports against each other: how they were asked for is no difference, and what is no number is not compared.

use serde_json::Value;
use tempfile::TempDir;

use crate::session::{Session, folder, goldthread_in};

/// A metric by region and plan, one by region alone. Some rows name no plan.
const SCORECARD: &str = "[scorecard]\ngrain = \"month\"\n\
    [sources.calls]\npath = \"calls.csv\"\nperiod = \"month\"\ndimensions = [\"region\", \"plan\"]\n\
    [sources.staff]\npath = \"staff.csv\"\nperiod = \"month\"\ndimensions = [\"region\"]\n\
    [metrics.handled]\nsource = \"calls\"\nvalue = \"sum(handled)\"\nunit = \"count\"\nbetter = \"higher\"\ntarget = 200\n\
    [metrics.share]\nsource = \"calls\"\nvalue = \"sum(solved) / sum(handled)\"\nunit = \"percent\"\nbetter = \"higher\"\n\
    target = 0.75\n\
    [metrics.agents]\nsource = \"staff\"\nvalue = \"sum(agents)\"\nunit = \"count\"\nbetter = \"higher\"\ntarget = 3\n";

/// 240 handled in the north (150 without a plan) and 100 in the south.
const CALLS: &str = "month,region,plan,handled,solved\n2026-10,north,,150,75\n2026-10,north,basic,90,60\n\
    2026-10,south,basic,60,30\n2026-10,south,gold,40,30\n";

fn office() -> TempDir {
    folder(&[
        ("scorecard.toml", SCORECARD),
        ("calls.csv", CALLS),
        ("staff.csv", "month,region,agents\n2026-10,north,2\n2026-10,south,1\n"),
    ])
}

/// Writes a rollup, without its manifest.
fn export(office: &TempDir, file: &str, arguments: &[&str]) {
    let session = goldthread_in(office.path(), &[&["rollup", "-o", file], arguments].concat());
    assert_eq!(session.exit, 0, "{}", session.stderr);
    std::fs::remove_file(office.path().join(format!("{file}.manifest.json"))).expect("a manifest");
}

fn change(office: &TempDir, file: &str, old: &str, new: &str) {
    let path = office.path().join(file);
    let text = std::fs::read_to_string(&path).expect("a file");
    assert!(text.contains(old), "{file} lacks {old}:\n{text}");
    std::fs::write(path, text.replacen(old, new, 1)).expect("it is written");
}

fn diff(office: &TempDir, from: &str, to: &str, more: &[&str]) -> Session {
    goldthread_in(office.path(), &[&["diff", "--exit-code", "--from", from, "--to", to], more].concat())
}

/// Asserts that nothing differs, and answers what else is told.
fn same(office: &TempDir, from: &str, to: &str) -> String {
    let session = diff(office, from, to, &[]);
    assert_eq!((session.exit, session.stderr.as_str()), (0, ""), "{}", session.stdout);
    session.stdout
}

/// The differences, a line each: kind, period, id, segment, figure, old, new.
fn changes(office: &TempDir, from: &str, to: &str) -> Vec<String> {
    let session = diff(office, from, to, &["-O", "csv"]);
    assert_eq!(session.exit, 1, "{}", session.stderr);
    session.stdout.lines().skip(1).map(|line| line.split(',').take(7).collect::<Vec<_>>().join(",")).collect()
}

#[test]
fn an_export_is_no_other_than_itself_however_it_was_cut() {
    let office = office();
    for arguments in [
        &[][..],
        &["--totals", "--by", "region,plan"],
        &["--by", "plan,region"],
        &["--by", "plan", "--where", "region = 'north'"],
        &["--where", "region = 'north' and plan = 'basic'"],
        &["--by", "region,plan", "--totals", "--for", "excel-eu"],
        &["--by", "region", "--for", "excel", "--display", "--decimals", "2"],
    ] {
        export(&office, "one.csv", arguments);
        let text = same(&office, "one.csv", "one.csv");
        assert_eq!(text, "one.csv against one.csv\n2026-10\n\nNothing that was reported differs.\n", "{arguments:?}");
    }
}

/// A subtotal of all plans is not the part without a plan.
#[test]
fn a_blank_value_is_no_subtotal() {
    let office = office();
    let by = ["--by", "region,plan", "--totals"];
    export(&office, "old.csv", &by);
    change(&office, "calls.csv", "2026-10,north,,150,75", "2026-10,north,,160,75");
    export(&office, "new.csv", &by);
    let found: Vec<String> = changes(&office, "old.csv", "new.csv")
        .into_iter()
        .filter(|line| line.contains("restated,2026-10,handled"))
        .collect();
    // The whole, the north, and the north without a plan: each 10 more.
    let wanted = [
        "restated,2026-10,handled,,actual,340,350",
        "restated,2026-10,handled,region=north,actual,240,250",
        "restated,2026-10,handled,region=north; plan=,actual,150,160",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn figures_that_one_side_was_not_asked_for_are_told_and_not_compared() {
    let office = office();
    export(&office, "parts.csv", &["--by", "region,plan"]);
    export(&office, "all.csv", &["--by", "region,plan", "--totals"]);
    export(&office, "regions.csv", &["--by", "region", "--totals"]);
    export(&office, "turned.csv", &["--by", "plan,region"]);
    let text = same(&office, "parts.csv", "all.csv");
    // The staff have no plan: they stand by region in both.
    let told = "all.csv against parts.csv\n2026-10\n\
        not compared: `handled`, `share` and `agents` in total, which `all.csv` alone has, in 1 period\n\
        not compared: `handled` and `share` by `region`, which `all.csv` alone has, in 1 period\n\n\
        Nothing that was compared differs.\n";
    assert_eq!(text, told);
    let session = diff(&office, "all.csv", "regions.csv", &["-O", "json"]);
    let json: Value = serde_json::from_str(&session.stdout).expect("JSON");
    let told = "not compared: `handled` and `share` by `region` and `plan`, which `all.csv` alone has, in 1 period";
    assert_eq!(
        (session.exit, &json["not_compared"], &json["changes"]),
        (0, &serde_json::json!([told]), &Value::Array(Vec::new()))
    );
    // Of a CSV every row is a difference, so notes go to standard error.
    let session = diff(&office, "all.csv", "regions.csv", &["-O", "csv"]);
    assert_eq!((session.exit, session.stderr), (0, format!("{told}\n")));
    assert_eq!(session.stdout, "kind,period,id,segment,what,old,new,difference,files\n");
    // The order of dimensions is no difference.
    let text = same(&office, "parts.csv", "turned.csv");
    // The staff have no plan, so that turned they stand as a whole.
    let told = "turned.csv against parts.csv\n2026-10\n\
        not compared: `agents` by `region`, which `parts.csv` alone has, in 1 period\n\
        not compared: `agents` in total, which `turned.csv` alone has, in 1 period\n\n\
        Nothing that was compared differs.\n";
    assert_eq!(text, told);
    change(&office, "calls.csv", "2026-10,south,gold,40,30", "2026-10,south,gold,40,31");
    export(&office, "turned.csv", &["--by", "plan,region"]);
    let found = changes(&office, "all.csv", "turned.csv");
    assert_eq!(found[0], "restated,2026-10,share,plan=gold; region=south,actual,0.75,0.775");
}

#[test]
fn rows_of_a_condition_are_not_held_against_all_rows() {
    let office = office();
    export(&office, "all.csv", &[]);
    export(&office, "south.csv", &["--where", "region = 'south'"]);
    export(&office, "parts.csv", &["--by", "region"]);
    for (from, to, said) in [
        ("all.csv", "south.csv", "`all.csv` is in total, `south.csv` is in total where region = 'south'"),
        ("all.csv", "parts.csv", "`all.csv` is in total, `parts.csv` is by `region`"),
    ] {
        let session = diff(&office, from, to, &[]);
        assert_eq!((session.exit, session.stdout.as_str()), (2, ""));
        assert!(session.stderr.contains(said), "{}", session.stderr);
        assert!(session.stderr.contains("with the same `--where` and `--by`"), "{}", session.stderr);
    }
    change(&office, "calls.csv", "2026-10,south,gold,40,30", "2026-10,south,gold,44,30");
    export(&office, "later.csv", &["--where", "region = 'south'"]);
    // 60 + 40 and 60 + 44.
    assert_eq!(
        changes(&office, "south.csv", "later.csv")[0],
        "restated,2026-10,handled,where=region = 'south',actual,100,104"
    );
    let text = diff(&office, "south.csv", "later.csv", &[]).stdout;
    assert!(text.contains("  2026-10  handled (region = 'south'): actual 104, was 100 (+4)\n"), "{text}");
}

#[test]
fn numbers_are_compared_as_numbers_and_nothing_else_passes_for_one() {
    let office = office();
    export(&office, "old.csv", &[]);
    let text = std::fs::read_to_string(office.path().join("old.csv")).expect("an export");
    let row = text.lines().position(|line| line.contains(",handled,")).expect("a row") + 1;
    let put = |old: &str, new: &str| {
        assert!(text.contains(old), "{old}\n{text}");
        std::fs::write(office.path().join("new.csv"), text.replacen(old, new, 1)).expect("it is written");
    };
    // 195 of 340 were solved; the target is three quarters.
    put(",count,340,", ",count,340.0,");
    same(&office, "old.csv", "new.csv");
    put(",0.75,", ",0.750,");
    same(&office, "old.csv", "new.csv");
    for wrong in ["oops", "1 340", "NaN", "inf", "0x10", "\"1,340\""] {
        put(",count,340,", &format!(",count,{wrong},"));
        let session = diff(&office, "old.csv", "new.csv", &[]);
        assert_eq!((session.exit, session.stdout.as_str()), (2, ""), "{wrong}");
        let cell = wrong.trim_matches('"');
        let said = format!("`new.csv` is no rollup, line {row}: `{cell}` in column 14 (`actual`) is no number");
        assert!(session.stderr.contains(&said), "{said}\n{}", session.stderr);
    }
    put(",total,handled,", ",everything,handled,");
    let session = diff(&office, "old.csv", "new.csv", &[]);
    assert!(session.stderr.contains(&format!("line {row}: `everything` is none of its levels")), "{}", session.stderr);
    // What was there and is not is a difference.
    put(",count,340,", ",count,,");
    assert_eq!(changes(&office, "old.csv", "new.csv")[0], "restated,2026-10,handled,,actual,340,");
}

#[test]
fn a_row_or_a_metric_that_is_gone_is_a_difference() {
    let office = office();
    export(&office, "old.csv", &["--by", "region"]);
    let text = std::fs::read_to_string(office.path().join("old.csv")).expect("an export");
    let without = |what: &[&str]| -> String {
        let keep = |line: &&str| !what.iter().all(|what| line.contains(what));
        text.lines().filter(keep).map(|line| format!("{line}\n")).collect()
    };
    std::fs::write(office.path().join("new.csv"), without(&[",handled,", ",south,"])).expect("it is written");
    assert_eq!(changes(&office, "old.csv", "new.csv")[0], "restated,2026-10,handled,region=south,actual,100,");
    std::fs::write(office.path().join("new.csv"), without(&[",agents,"])).expect("it is written");
    let session = diff(&office, "old.csv", "new.csv", &[]);
    assert_eq!(session.exit, 1);
    assert!(session.stdout.ends_with("\n2026-10\n\nGone metrics\n  2026-10  agents\n"), "{}", session.stdout);
    // With its whole, where it has one; the parts go with it.
    export(&office, "all.csv", &["--by", "region", "--totals"]);
    export(&office, "some.csv", &["handled", "share", "--by", "region", "--totals"]);
    assert_eq!(changes(&office, "all.csv", "some.csv"), ["gone-metric,2026-10,agents,,actual,3,"]);
    assert_eq!(changes(&office, "some.csv", "all.csv"), ["new-metric,2026-10,agents,,actual,,3"]);
}

#[test]
fn in_a_folder_what_is_no_rollup_is_left_alone() {
    let office = office();
    std::fs::create_dir_all(office.path().join("old/folder.csv")).expect("a folder");
    export(&office, "old/a.csv", &[]);
    export(&office, "new.csv", &[]);
    std::fs::write(office.path().join("old/latin.csv"), b"Stra\xdfe,a\n1,2\n").expect("it is written");
    std::fs::write(office.path().join("old/later.csv"), b"street,a\nStra\xdfe,2\n").expect("it is written");
    std::fs::write(office.path().join("old/empty.csv"), "").expect("it is written");
    same(&office, "old", "new.csv");
    let session = diff(&office, "old/latin.csv", "new.csv", &[]);
    assert!(session.exit == 2 && session.stderr.contains("`old/latin.csv` holds no rollup"), "{}", session.stderr);
    // The same export twice is one; another one of the same figures is not.
    std::fs::copy(office.path().join("new.csv"), office.path().join("old/b.csv")).expect("a copy");
    same(&office, "old", "new.csv");
    change(&office, "old/b.csv", ",count,340,", ",count,341,");
    let said = diff(&office, "old", "new.csv", &[]).stderr;
    std::fs::remove_file(office.path().join("old/b.csv")).expect("it is gone");
    assert!(
        said.contains("`old/b.csv` is no rollup, line 2: `handled` stands twice for 2026-10, with different numbers"),
        "{said}"
    );
    // A row that is no text is one of a rollup all the same.
    let text = std::fs::read_to_string(office.path().join("new.csv")).expect("an export");
    let mut bytes = text.into_bytes();
    let at = bytes.windows(7).position(|window| window == b"percent").expect("a unit");
    bytes[at] = 0xff;
    std::fs::write(office.path().join("old/z.csv"), bytes).expect("it is written");
    let said = diff(&office, "old", "new.csv", &[]).stderr;
    assert!(said.contains("`old/z.csv` is no rollup, line 3: it is not UTF-8"), "{said}");
}
