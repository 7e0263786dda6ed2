//! The columns, in their order, and the layouts.

use super::{cells, columns, desk, rollup, rows};
use crate::session::run_in;

fn header(options: &[&str]) -> Vec<String> {
    let text = rollup(desk().path(), options).stdout;
    text.lines().next().expect("a header").split(',').map(str::to_owned).collect()
}

#[test]
fn columns_stand_in_an_order_that_only_grows_at_its_end() {
    let (found, promised) = (header(&[]), columns().map(|(name, _)| name).collect::<Vec<_>>());
    assert!(found.len() >= promised.len() && promised.len() >= 35);
    assert_eq!(found[..promised.len()], promised);
    // Dimensions stand between the stage and the unit, in the order asked for.
    let split = header(&["--by", "channel,region"]);
    let with_dimensions = [&promised[..12], &["channel", "region"], &promised[12..]].concat();
    assert_eq!(split[..with_dimensions.len()], with_dimensions);
    // What people read is added last.
    let displayed = header(&["--display"]);
    assert_eq!(displayed[..found.len()], found);
    assert_eq!(displayed[found.len()..], ["actual_display", "target_display", "variance_display"]);
    // The same rows in every format have the same columns.
    let json: serde_json::Value =
        serde_json::from_str(&rollup(desk().path(), &["-O", "json", "--by", "channel,region"]).stdout).expect("JSON");
    let keys: Vec<&String> = json["rows"][0].as_object().expect("a row").keys().collect();
    assert_eq!(keys, split.iter().collect::<Vec<_>>());
}

#[test]
fn a_dimension_named_like_a_column_is_told_apart() {
    let folder = crate::session::folder(&[
        (
            "scorecard.toml",
            "[scorecard]\ntitle = \"x\"\n[sources.s]\npath = \"s.csv\"\nperiod = \"month\"\ndimensions = [\"status\"]\n\
             [goals.g]\nname = \"G\"\nsource = \"s\"\nvalue = \"sum(x)\"\nunit = \"EUR\"\nsponsor = \"y\"\n",
        ),
        ("s.csv", "month,status,x\n2026-10,open,1\n"),
    ]);
    let text = run_in(folder.path(), &["rollup", "--by", "status"]).done();
    assert_eq!(cells(&rows(&text), &["dim_status", "status", "actual"]), [["open", "no-target", "1"]]);
}

/// A scorecard of one source with some dimensions, and data of one row in which each has its own name as a value.
fn named(dimensions: &[&str]) -> tempfile::TempDir {
    let source = format!("[sources.s]\npath = \"s.csv\"\nperiod = \"month\"\ndimensions = {dimensions:?}\n");
    let goal = "[goals.g]\nname = \"G\"\nsource = \"s\"\nvalue = \"sum(x)\"\nunit = \"percent\"\nsponsor = \"y\"\n";
    let names = dimensions.join(",");
    crate::session::folder(&[
        ("scorecard.toml", &format!("[scorecard]\ntitle = \"x\"\n{source}{goal}")),
        ("s.csv", &format!("month,{names},x\n2026-10,{names},0.5\n")),
    ])
}

#[test]
fn no_two_columns_have_one_name() {
    let dimensions = ["status", "dim_status", "actual_display", "dim_dim_level", "level"];
    let expected = ["dim_dim_status", "dim_status", "dim_actual_display", "dim_dim_level", "dim_level"];
    let folder = named(&dimensions);
    let split = ["rollup", "-p", "2026-10", "--by", &dimensions.join(",")];
    for options in [&[][..], &["--display"]] {
        let run = |more: &[&str]| run_in(folder.path(), &[&split[..], options, more].concat());
        let text = run(&[]).done();
        let header: Vec<&str> = text.lines().next().expect("a header").split(',').collect();
        assert_eq!(header[12..17], expected);
        assert_eq!(header.iter().collect::<std::collections::BTreeSet<_>>().len(), header.len());
        // A row of JSON has all of them, each with its own value.
        let json: serde_json::Value = serde_json::from_str(&run(&["-O", "json"]).done()).expect("JSON");
        let row = json["rows"][0].as_object().expect("a row");
        assert_eq!(row.keys().collect::<Vec<_>>(), header.iter().collect::<Vec<_>>());
        for (column, dimension) in expected.iter().zip(dimensions) {
            assert_eq!(row[*column], dimension);
        }
        assert_eq!((&row["status"], &row["actual"]), (&"no-target".into(), &serde_json::json!(0.5)));
        if !options.is_empty() {
            assert_eq!(row["actual_display"], "50.0 %");
        }
    }
    // Which others are asked for makes no difference, and neither does the command.
    for command in ["rollup", "show"] {
        let text = run_in(folder.path(), &[command, "-p", "2026-10", "--by", "status", "-O", "csv"]).done();
        let whole = usize::from(command == "show");
        assert_eq!(cells(&rows(&text)[whole..], &["dim_dim_status", "status"]), [["status", "no-target"]]);
    }
    // A wide table has columns of its own.
    let folder = named(&["2026-10", "figure"]);
    let split = ["rollup", "-p", "2026-10", "--by", "2026-10,figure", "--layout", "wide"];
    let text = run_in(folder.path(), &split).done();
    assert_eq!(
        cells(&rows(&text), &["dim_2026-10", "dim_figure", "unit", "2026-10", "figure"]),
        [["2026-10", "figure", "percent", "0.5", "actual"]]
    );
}

#[test]
fn tidy_has_a_row_for_each_metric_and_period() {
    let folder = desk();
    let rows = rows(&rollup(folder.path(), &["margin", "revenue", "ticket"]).stdout);
    let columns = ["period", "period_start", "period_end", "grain", "level", "id", "actual", "target", "threshold"];
    assert_eq!(
        cells(&rows, &columns),
        [
            ["2026-09", "2026-09-01", "2026-09-30", "month", "total", "margin", "38.06", "100", "50"],
            ["2026-09", "2026-09-01", "2026-09-30", "month", "total", "revenue", "60.06", "200", "180"],
            ["2026-09", "2026-09-01", "2026-09-30", "month", "total", "ticket", "5.005", "5", "4"],
            ["2026-10", "2026-10-01", "2026-10-31", "month", "total", "margin", "205.96", "100", "50"],
            ["2026-10", "2026-10-01", "2026-10-31", "month", "total", "revenue", "230.31", "200", "180"],
            // 230.31 / 12 = 19.1925
            ["2026-10", "2026-10-01", "2026-10-31", "month", "total", "ticket", "19.1925", "5", "4"],
        ]
    );
    assert_eq!(
        cells(
            &rows[5..],
            &["numerator", "denominator", "target_high", "threshold_high", "variance", "prior", "change"]
        ),
        [["230.31", "12", "10", "12", "9.1925", "5.005", "14.1875"]]
    );
    assert_eq!(
        cells(&rows[3..5], &["parent", "department", "owner", "status", "score"]),
        [["", "", "CFO", "on-target", "100"], ["margin", "'=Finance", "Ann", "on-target", "100"],]
    );
}

#[test]
fn wide_has_a_column_for_each_period() {
    let folder = desk();
    let wide = |options: &[&str]| {
        let session = rollup(folder.path(), &[&["revenue", "share", "--layout", "wide"], options].concat());
        assert_eq!((session.exit, session.stderr.contains("error")), (0, false), "{}", session.stderr);
        session.stdout
    };
    assert_eq!(
        wide(&[]),
        "as_of,level,id,name,parent,department,owner,stage,unit,2026-09,2026-10,figure\n\
         2026-10,total,revenue,Revenue,margin,'=Finance,Ann,,EUR,60.06,230.31,actual\n\
         2026-10,total,share,Share answered,margin,Service desk,,,percent,,,actual\n"
    );
    let split = wide(&["--by", "region", "--figure", "change"]);
    let split = rows(&split);
    assert_eq!(
        cells(&split, &["region", "id", "2026-09", "2026-10"]),
        [
            ["north", "revenue", "", "70.15"],
            ["north", "share", "", "0.25"],
            ["south", "revenue", "", "100.1"],
            ["south", "share", "", "0.625"]
        ]
    );
    for (figure, value) in [("target", "200"), ("variance", "30.31"), ("score", "100"), ("ytd", "")] {
        let row = rows(&wide(&["--figure", figure])).remove(0);
        // A score is in no unit of the metric's.
        let unit = if figure == "score" { "" } else { "EUR" };
        assert_eq!([&row["2026-10"], &row["figure"], &row["unit"]], [value, figure, unit]);
    }
}

#[test]
fn periods_and_selectors_and_conditions_say_which_rows() {
    let folder = desk();
    let run = |options: &[&str]| rows(&run_in(folder.path(), &[&["rollup", "-O", "csv"], options].concat()).stdout);
    let periods = |options: &[&str]| -> Vec<String> {
        run(options).iter().map(|row| format!("{} {} {}", row["period"], row["grain"], row["id"])).collect()
    };
    assert_eq!(periods(&["cost"]), ["2026-10 month cost"]);
    assert_eq!(periods(&["cost", "-p", "2026-09"]), ["2026-09 month cost"]);
    assert_eq!(periods(&["cost", "-Q", "-p", "2026-Q3"]), ["2026-Q3 quarter cost"]);
    assert_eq!(periods(&["cost", "-Y", "-p", "2026"]), ["2026 year cost"]);
    assert_eq!(periods(&["cost", "-M", "-p", "2026-10"]), ["2026-10 month cost"]);
    assert_eq!(periods(&["dept:money"]), ["2026-10 month revenue", "2026-10 month ticket"]);
    assert_eq!(periods(&["+margin", "-p", "2026-10"]).len(), 5);
    let north = run(&["revenue", "--where", "region = 'north'"]);
    assert_eq!(cells(&north, &["level", "actual", "where"]), [["part", "120.2", "region = 'north'"]]);
    assert_eq!(run_in(folder.path(), &["rollup", "nothing"]).exit, 2);
    assert_eq!(run_in(folder.path(), &["rollup", "--totals"]).exit, 2);
    assert_eq!(run_in(folder.path(), &["rollup", "--figure", "score"]).exit, 2);
}
