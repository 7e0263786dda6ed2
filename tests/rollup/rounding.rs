//! One rounding, half away from zero, when it is asked for; and columns for people beside those for programs.

use super::{cells, desk, rollup, rows};
use crate::session::folder;

#[test]
fn decimals_round_half_away_from_zero_and_never_to_a_negative_zero() {
    let values = ["2.665", "-2.665", "2.675", "-2.675", "0.005", "-0.005", "-0.004", "0.004", "1.005", "1234567.895"];
    let expected = ["2.67", "-2.67", "2.68", "-2.68", "0.01", "-0.01", "0", "0", "1.01", "1234567.9"];
    let data: String = values.iter().enumerate().map(|(at, value)| format!("2026-10,r{at},{value}\n")).collect();
    let folder = folder(&[
        (
            "scorecard.toml",
            "[scorecard]\ntitle = \"x\"\n[sources.s]\npath = \"s.csv\"\nperiod = \"month\"\ndimensions = [\"region\"]\n\
             [goals.g]\nname = \"G\"\nsource = \"s\"\nvalue = \"sum(x)\"\nunit = \"EUR\"\nsponsor = \"y\"\n\
             [metrics.third]\nname = \"T\"\nsource = \"s\"\nvalue = \"sum(x) / 3\"\nunit = \"EUR\"\ndrives = [\"g\"]\n",
        ),
        ("s.csv", &format!("month,region,x\n{data}")),
    ]);
    let run = |options: &[&str]| {
        let all = rollup(folder.path(), &[&["-p", "2026-10", "--by", "region"], options].concat());
        assert_eq!((all.exit, all.stderr.as_str()), (0, ""));
        all.stdout
    };
    let actuals = |text: &str, id: &str| -> Vec<String> {
        rows(text).iter().filter(|row| row["id"] == id).map(|row| row["actual"].clone()).collect()
    };
    assert_eq!(actuals(&run(&["--decimals", "2"]), "g"), expected);
    // Unasked, every digit is kept.
    assert_eq!(actuals(&run(&[]), "g"), values);
    // What is rounded is the number itself: 2.665 / 3 = 0.88833..., -0.004 / 3 = -0.00133...
    let thirds = actuals(&run(&["--decimals", "2"]), "third");
    assert_eq!(thirds, ["0.89", "-0.89", "0.89", "-0.89", "0", "0", "0", "0", "0.34", "411522.63"]);
    assert_eq!(actuals(&run(&["--decimals", "0"]), "third")[9], "411523");
    for format in ["json", "csv"] {
        let text = run(&["--decimals", "2", "-O", format]);
        assert!(!text.contains("-0,") && !text.contains(":-0}") && !text.contains("-0.00"), "{text}");
    }
}

#[test]
fn what_people_read_stands_in_columns_of_its_own() {
    let folder = desk();
    let all =
        rows(&rollup(folder.path(), &["revenue", "ticket", "share", "--by", "region", "--totals", "--display"]).stdout);
    let shown = cells(&all, &["actual", "actual_display", "target_display", "variance_display"]);
    assert_eq!(shown[0], ["60.06", "60.06 EUR", "200.00 EUR", "−139.94 EUR"]);
    assert!(shown.iter().any(|row| row[..2] == ["0.25", "25.0 %"]), "{shown:?}");
    // Rounded once: from the number itself, not from one rounded before.
    let folder = crate::session::folder(&[
        (
            "scorecard.toml",
            "[scorecard]\ntitle = \"x\"\n[sources.s]\npath = \"s.csv\"\nperiod = \"month\"\n\
             [goals.g]\nname = \"G\"\nsource = \"s\"\nvalue = \"sum(x)\"\nunit = \"EUR\"\ndecimals = 0\nsponsor = \"y\"\n",
        ),
        ("s.csv", "month,x\n2026-10,1.45\n"),
    ]);
    let all = rows(&rollup(folder.path(), &["-p", "2026-10", "--decimals", "1", "--display"]).stdout);
    assert_eq!(cells(&all, &["actual", "actual_display"]), [["1.5", "1 EUR"]]);
}

#[test]
fn digits_and_decimals_that_a_decimal_has_no_room_for_together_are_written_all_the_same() {
    // Twenty digits are what a cell may have before its point; with twelve behind it they are more than a decimal has.
    let values = ["12345678901234567890", "-99999999999999999999", "-0.5"];
    let data: String = values.iter().enumerate().map(|(at, value)| format!("2026-01,r{at},{value}\n")).collect();
    let scorecard = |decimals: u32| {
        format!(
            "[scorecard]\ntitle = \"x\"\n[sources.s]\npath = \"s.csv\"\nperiod = \"month\"\n\
             dimensions = [\"w\"]\n[goals.g]\nname = \"G\"\nsource = \"s\"\nvalue = \"max(a)\"\n\
             unit = \"EUR\"\ndecimals = {decimals}\nsponsor = \"y\"\ntarget = 5\nthreshold = 4\nbetter = \"higher\"\n\
             [metrics.p]\nname = \"P\"\nsource = \"s\"\nvalue = \"max(a) / 7\"\nunit = \"percent\"\n\
             decimals = {decimals}\ndrives = [\"g\"]\n"
        )
    };
    for decimals in [0, 9, 12] {
        let folder = folder(&[("scorecard.toml", &scorecard(decimals)), ("s.csv", &format!("month,w,a\n{data}"))]);
        let digits = decimals.to_string();
        let options = ["-p", "2026-01", "--by", "w", "--decimals", &digits, "--display"];
        for format in ["csv", "json", "xlsx", "parquet"] {
            let session = rollup(folder.path(), &[&options[..], &["-O", format, "-o", "out"]].concat());
            assert_eq!((session.exit, session.stderr.as_str()), (0, ""), "{format} {decimals}");
        }
        let all = rows(&rollup(folder.path(), &options).stdout);
        let goals: Vec<_> = all.iter().filter(|row| row["id"] == "g").collect();
        for (row, value) in goals.iter().zip(values) {
            let expected = if decimals == 0 && value == "-0.5" { "-1" } else { value };
            assert_eq!(row["actual"], expected);
            let shown: String = row["actual_display"].chars().filter(|c| *c != ',').collect();
            let zeros = match (decimals, value) {
                (0, _) => String::new(),
                (_, "-0.5") => "0".repeat(decimals as usize - 1),
                _ => format!(".{}", "0".repeat(decimals as usize)),
            };
            assert_eq!(shown, format!("{}{zeros} EUR", expected.replace('-', "−")));
        }
        for command in [&["show", "--by", "w"][..], &["show", "-O", "markdown"], &["thread", "g"], &["trace", "g"]] {
            let session = crate::session::run_in(folder.path(), &[command, &["--as-of", "2026-01"]].concat());
            assert_eq!((session.exit, session.stderr.as_str()), (0, ""), "{command:?} {decimals}");
        }
    }
}
