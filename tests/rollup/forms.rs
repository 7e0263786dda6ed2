//! CSV for programs and for spreadsheets, and JSON.

use super::{cells, desk, rollup, rows};
use crate::session::run_in;

/// What is written without its byte order mark.
fn written(options: &[&str]) -> (bool, String) {
    let text = rollup(desk().path(), options).stdout;
    match text.strip_prefix('\u{feff}') {
        Some(rest) => (true, rest.to_owned()),
        None => (false, text),
    }
}

#[test]
fn programs_get_commas_and_line_feeds() {
    for options in [vec!["ticket"], vec!["ticket", "--for", "machine"], vec!["ticket", "--layout", "wide"]] {
        let (has_mark, text) = written(&options);
        assert!(!has_mark && !text.contains('\r') && !text.contains(';'), "{text}");
        assert!(text.ends_with('\n') && text.contains(",5.005,"));
    }
}

#[test]
fn excel_gets_a_mark_and_its_line_ends() {
    for layout in ["tidy", "wide"] {
        let (has_mark, text) = written(&["--for", "excel", "--layout", layout]);
        assert!(has_mark);
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        assert_eq!(text.replace("\r\n", "\n"), written(&["--layout", layout]).1);
    }
}

#[test]
fn excel_of_decimal_commas_gets_semicolons_and_bare_numbers() {
    for layout in ["tidy", "wide"] {
        let (has_mark, text) = written(&["--for", "excel-eu", "--layout", layout, "--by", "region,channel"]);
        assert!(has_mark && text.ends_with("\r\n"));
        // Nothing here needs quotes, and a quoted number would be one all the same, but not to every reader.
        assert!(!text.contains('"'), "{text}");
        let machine = written(&["--layout", layout, "--by", "region,channel"]).1;
        let mut ours = csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(text.as_bytes());
        let mut theirs = csv::ReaderBuilder::new().has_headers(false).from_reader(machine.as_bytes());
        let mut numbers = 0;
        for (ours, theirs) in ours.records().zip(theirs.records()) {
            let (ours, theirs) = (ours.expect("a row"), theirs.expect("a row"));
            assert_eq!(ours.len(), theirs.len());
            for (ours, theirs) in ours.iter().zip(theirs.iter()) {
                let is_fraction = theirs.parse::<f64>().is_ok() && theirs.contains('.');
                numbers += usize::from(is_fraction);
                assert_eq!(ours, if is_fraction { theirs.replace('.', ",") } else { theirs.to_owned() });
            }
        }
        assert!(numbers >= 6, "{numbers} numbers with decimals");
    }
    assert!(written(&["revenue", "--for", "excel-eu"]).1.contains(";-139,94;"));
}

#[test]
fn a_text_with_the_separator_is_quoted_and_no_other() {
    let folder = desk();
    let scorecard = super::SCORECARD.replace("\"Ann\"", "\"Ann; Head, \\\"Sales\\\"\"");
    std::fs::write(folder.path().join("scorecard.toml"), scorecard).expect("a file");
    let text = |options: &[&str]| rollup(folder.path(), &[&["revenue", "-p", "2026-10"], options].concat()).stdout;
    assert!(text(&[]).contains(",\"Ann; Head, \"\"Sales\"\"\",,EUR,230.31,"));
    assert!(text(&["--for", "excel-eu"]).contains(";\"Ann; Head, \"\"Sales\"\"\";;EUR;230,31;"));
    assert_eq!(cells(&rows(&text(&[])), &["owner"]), [["Ann; Head, \"Sales\""]]);
}

#[test]
fn json_has_the_rows_of_csv_with_their_types() {
    let folder = desk();
    for layout in ["tidy", "wide"] {
        let options = ["--layout", layout, "--by", "region,channel", "--totals"];
        let json: serde_json::Value =
            serde_json::from_str(&rollup(folder.path(), &[&options[..], &["-O", "json"]].concat()).stdout)
                .expect("JSON");
        let rows = rows(&rollup(folder.path(), &options).stdout);
        let json = json["rows"].as_array().expect("rows");
        assert_eq!(json.len(), rows.len());
        assert!(rows.len() > 10);
        let mut kinds = [0; 3];
        for (row, object) in rows.iter().zip(json) {
            for (column, text) in row {
                match &object[column] {
                    serde_json::Value::Null => kinds[0] += usize::from(text.is_empty()),
                    serde_json::Value::Number(number) => kinds[1] += usize::from(number.to_string() == *text),
                    serde_json::Value::String(value) => {
                        kinds[2] += usize::from(value == text.trim_start_matches('\''));
                    }
                    other => panic!("{column}: {other}"),
                }
            }
        }
        assert_eq!(kinds.iter().sum::<usize>(), rows.len() * rows[0].len(), "every cell is the same in both");
        assert!(kinds.iter().all(|count| *count > 10), "{kinds:?}");
    }
}

#[test]
fn json_acts_on_no_terminal_and_no_log_and_says_what_was_meant() {
    let folder = desk();
    // A C1 control, a mark of direction, a delete, a character of two units, a command of a log.
    let hostile = "a\u{9b}31m\u{202e}b\u{7f}\u{e0041}##[error]é";
    let text = format!("\"{}\"", hostile.replace('\u{7f}', "\\u007f"));
    let scorecard = super::SCORECARD.replace("\"Ann\"", &text).replace("\"Desk\"", &text);
    std::fs::write(folder.path().join("scorecard.toml"), scorecard).expect("a file");
    for options in [&["rollup", "revenue"][..], &["rollup", "revenue", "--layout", "wide"], &["show", "revenue"]] {
        let text = run_in(folder.path(), &[options, &["-O", "json"]].concat()).done();
        assert!(!text.contains(['\u{9b}', '\u{202e}', '\u{7f}', '\u{e0041}']) && !text.contains("##["), "{text}");
        assert!(text.contains("\\u009b31m\\u202eb\\u007f\\udb40\\udc41#\\u0023[error]é"), "{text}");
        let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!((&json["scorecard"], &json["rows"][0]["owner"]), (&hostile.into(), &hostile.into()));
    }
}

#[test]
fn the_extension_says_the_format() {
    let folder = desk();
    for (name, begins) in [
        ("a.csv", &b"as_of,"[..]),
        ("a.json", b"{\n"),
        ("a.xlsx", b"PK\x03\x04"),
        ("a.parquet", b"PAR1"),
        ("b.CSV", b"as_of,"),
        ("b.Json", b"{\n"),
        ("b.XLSX", b"PK\x03\x04"),
        ("b.PARQUET", b"PAR1"),
    ] {
        let session = rollup(folder.path(), &["-o", name]);
        assert_eq!((session.exit, session.stdout.as_str()), (0, ""), "{}", session.stderr);
        let bytes = std::fs::read(folder.path().join(name)).expect("the file");
        assert!(bytes.starts_with(begins), "{name}");
        assert!(folder.path().join(format!("{name}.manifest.json")).exists());
    }
    for (name, begins) in [("c.CSV", "as_of,"), ("c.JSON", "{\n"), ("c.Md", "# Desk"), ("c.TXT", "Desk")] {
        let session = run_in(folder.path(), &["show", "-o", name]);
        assert_eq!(session.exit, 0, "{}", session.stderr);
        let text = std::fs::read_to_string(folder.path().join(name)).expect("the file");
        assert!(text.starts_with(begins), "{name}: {text}");
    }
    let session = rollup(folder.path(), &["-o", "a.txt"]);
    assert_eq!(session.exit, 2);
    assert!(session.stderr.contains("the extension of `a.txt` names no format"), "{}", session.stderr);
    let session = rollup(folder.path(), &["-O", "xlsx", "--for", "excel"]);
    assert_eq!(session.exit, 2);
    assert!(session.stderr.contains("`--for` is about CSV"), "{}", session.stderr);
}

#[test]
fn what_people_read_has_the_decimal_sign_of_the_numbers_beside_it() {
    let folder = desk();
    let scorecard = super::SCORECARD.replace(
        "unit = \"EUR\"\ndecimals = 2\nbetter = \"higher\"\ntarget = 200",
        "unit = \"St. Paul, Min.\"\ndecimals = 2\nbetter = \"higher\"\ntarget = 200000.5",
    );
    std::fs::write(folder.path().join("scorecard.toml"), scorecard).expect("a file");
    let text = |options: &[&str]| rollup(folder.path(), &[&["-p", "2026-10", "--display"], options].concat()).stdout;
    let shown = |text: &str| -> Vec<Vec<String>> {
        let text = text.trim_start_matches('\u{feff}');
        let delimiter = if text.starts_with("as_of;") { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
        let width = reader.headers().expect("a header").len();
        let last = |row: csv::StringRecord| row.iter().skip(width - 3).map(str::to_owned).collect();
        reader.records().map(|row| last(row.expect("a row"))).collect()
    };
    // 230.31 against 200000.5; a range of 5 to 10; what a unit is called is left as it is.
    let points = shown(&text(&["revenue", "ticket"]));
    assert_eq!(points[0], ["230.31 St. Paul, Min.", "200,000.50 St. Paul, Min.", "−199,770.19 St. Paul, Min."]);
    assert_eq!(points[1][1], "5.00 to 10.00 EUR");
    assert_eq!(shown(&text(&["revenue", "ticket", "--for", "excel"])), points);
    let commas = shown(&text(&["revenue", "ticket", "--for", "excel-eu"]));
    assert_eq!(commas[0], ["230,31 St. Paul, Min.", "200.000,50 St. Paul, Min.", "−199.770,19 St. Paul, Min."]);
    assert_eq!(commas[1][1], "5,00 to 10,00 EUR");
}

#[test]
fn columns_for_people_are_of_the_tidy_layout() {
    let session = rollup(desk().path(), &["--layout", "wide", "--display"]);
    assert_eq!((session.exit, session.stdout.as_str()), (2, ""));
    assert!(session.stderr.contains("`--display` is about `--layout tidy`"), "{}", session.stderr);
    assert!(session.stderr.contains("help: "), "{}", session.stderr);
}

#[test]
fn what_cannot_be_written_says_what_to_do() {
    let folder = desk();
    for options in [&["rollup"][..], &["rollup", "--layout", "wide"], &["show"]] {
        let all = [options, &["-p", "2026-10", "-o", "no/such/r.csv"]].concat();
        let session = crate::session::run_in(folder.path(), &all);
        assert_eq!((session.exit, session.stdout.as_str()), (2, ""));
        // Of what is not spooled the manifest is the first file.
        assert!(session.stderr.contains(": cannot write `no/such/r.csv"), "{}", session.stderr);
        assert!(session.stderr.contains("`: no such file or directory\n"), "{}", session.stderr);
        assert!(session.stderr.trim_end().ends_with("= help: make the folder first"), "{}", session.stderr);
    }
}
