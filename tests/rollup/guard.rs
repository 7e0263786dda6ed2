//! Texts a spreadsheet would take for formulas: guarded by type, so that no negative number is harmed.

use super::rollup;
use crate::session::folder;

/// What formulas begin with, and in the forms of full width.
const TRIGGERS: [&str; 10] = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"];

/// A scorecard whose metric and owners begin with a trigger, and data with a segment for each.
fn hostile() -> tempfile::TempDir {
    let metric = |(at, trigger): (usize, &&str)| {
        let name = format!("{trigger}metric").replace('\t', "\\t").replace('\r', "\\r");
        format!(
            "[metrics.m{at}]\nname = \"{name}\"\nowner = \"{name}\"\nsource = \"s\"\nvalue = \"sum(x)\"\nunit = \"EUR\"\n\
             drives = [\"g\"]\n"
        )
    };
    let metrics: String = TRIGGERS.iter().enumerate().map(metric).collect();
    let scorecard = format!(
        "[scorecard]\ntitle = \"=Title\"\n[sources.s]\npath = \"s.csv\"\nperiod = \"month\"\ndimensions = [\"region\"]\nduplicates = \"sum\"\n\
         [goals.g]\nname = \"G\"\nsource = \"s\"\nvalue = \"-sum(x)\"\nunit = \"EUR\"\nsponsor = \"-2+3\"\n{metrics}"
    );
    let rows: String = TRIGGERS.iter().map(|trigger| format!("2026-10,\"{trigger}cmd\",-12.50\n")).collect();
    folder(&[("scorecard.toml", &scorecard), ("s.csv", &format!("month,region,x\n{rows}"))])
}

#[test]
fn no_text_cell_begins_with_a_trigger_and_every_number_stays_one() {
    let folder = hostile();
    let forms = [
        vec!["--display"],
        vec!["--display", "--for", "excel"],
        vec!["--display", "--for", "excel-eu"],
        vec!["--layout", "wide"],
    ];
    for options in forms {
        let session = rollup(folder.path(), &[&["-p", "2026-10", "--by", "region", "--totals"], &options[..]].concat());
        assert_eq!(session.exit, 0, "{}", session.stderr);
        let delimiter = if options.contains(&"excel-eu") { b';' } else { b',' };
        let text = session.stdout.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(text.as_bytes());
        let (mut guarded, mut negative) = (0, 0);
        for row in reader.records() {
            for cell in row.expect("a row").iter() {
                // A text behind the apostrophe is as it was.
                let inner = cell.strip_prefix('\'').filter(|inner| TRIGGERS.iter().any(|at| inner.starts_with(at)));
                guarded += usize::from(inner.is_some());
                if TRIGGERS.iter().any(|trigger| cell.starts_with(trigger)) {
                    let number = cell.replace(',', ".").parse::<f64>();
                    assert!(number.is_ok_and(|number| number < 0.0), "`{cell}` would be taken for a formula");
                    negative += 1;
                }
            }
        }
        assert!(negative >= 50, "{negative} negative numbers");
        let told = format!("{guarded} text cells began like a formula and got a leading apostrophe");
        assert!(guarded >= 100 && session.stderr.lines().any(|line| line == told), "{told}\n{}", session.stderr);
    }
}

#[test]
fn formats_with_types_need_no_apostrophe() {
    let folder = hostile();
    let json = rollup(folder.path(), &["m0", "-p", "2026-10", "--by", "region", "-O", "json"]);
    assert_eq!((json.exit, json.stderr.as_str()), (0, ""));
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    let rows = json["rows"].as_array().expect("rows");
    // Texts of segments are as they were read: without blanks around them.
    let regions: Vec<&str> = rows.iter().map(|row| row["region"].as_str().expect("a text")).collect();
    assert!(regions.contains(&"=cmd") && regions.contains(&"－cmd"), "{regions:?}");
    assert!(rows.iter().all(|row| row["name"] == "=metric" && row["actual"].is_number()));
}
