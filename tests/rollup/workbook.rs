//! The workbook: typed cells with formats, read back with another library, and what only its XML tells.

use std::io::Read;
use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};

use super::{desk, rollup, rows};
use crate::session::folder;

fn made(folder: &Path, options: &[&str]) -> Vec<u8> {
    let session = rollup(folder, &[options, &["-o", "out.xlsx"]].concat());
    assert_eq!(session.exit, 0, "{}", session.stderr);
    std::fs::read(folder.join("out.xlsx")).expect("a workbook")
}

fn sheet(folder: &Path, name: &str) -> Vec<Vec<Data>> {
    let mut workbook: Xlsx<_> = open_workbook(folder.join("out.xlsx")).expect("a workbook");
    assert_eq!(workbook.sheet_names(), ["Rollup", "Origin"]);
    let range = workbook.worksheet_range(name).expect("a sheet");
    range.rows().map(<[Data]>::to_vec).collect()
}

/// A part of a packed file, by its central directory.
fn part(bytes: &[u8], wanted: &str) -> String {
    let number =
        |at: usize, long: usize| bytes[at..at + long].iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    let end = bytes.windows(4).rposition(|four| four == b"PK\x05\x06").expect("an end");
    let mut at = number(end + 16, 4);
    for _ in 0..number(end + 10, 2) {
        let (packed, name, extra, comment) =
            (number(at + 20, 4), number(at + 28, 2), number(at + 30, 2), number(at + 32, 2));
        if &bytes[at + 46..at + 46 + name] == wanted.as_bytes() {
            let local = number(at + 42, 4);
            let data = local + 30 + number(local + 26, 2) + number(local + 28, 2);
            let mut text = String::new();
            let packed = &bytes[data..data + packed];
            if number(at + 10, 2) == 0 {
                return String::from_utf8(packed.to_vec()).expect("text");
            }
            flate2::read::DeflateDecoder::new(packed).read_to_string(&mut text).expect("text");
            return text;
        }
        at += 46 + name + extra + comment;
    }
    panic!("no {wanted}");
}

#[test]
fn cells_are_those_of_the_csv_with_their_types() {
    let folder = desk();
    for layout in [vec![], vec!["--layout", "wide"], vec!["--decimals", "1"]] {
        let options = [&["--by", "region,channel", "--totals"], &layout[..]].concat();
        made(folder.path(), &options);
        let text = rollup(folder.path(), &options).stdout;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let expected: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        let found = sheet(folder.path(), "Rollup");
        assert_eq!(found.len(), expected.len());
        let mut kinds = [0; 3];
        for (cells, texts) in found.iter().zip(&expected) {
            for (at, text) in texts.iter().enumerate() {
                match cells.get(at).unwrap_or(&Data::Empty) {
                    Data::Empty => kinds[0] += usize::from(text.is_empty()),
                    Data::Float(number) => kinds[1] += usize::from(text.parse() == Ok(*number)),
                    Data::Int(number) => kinds[1] += usize::from(text.parse() == Ok(*number)),
                    Data::String(string) => kinds[2] += usize::from(string == text.trim_start_matches('\'')),
                    other => panic!("{other:?}"),
                }
            }
        }
        assert_eq!(kinds.iter().sum::<usize>(), expected.len() * expected[0].len(), "every cell is the same in both");
        assert!(kinds.iter().all(|count| *count > 10), "{kinds:?}");
    }
}

#[test]
fn formats_and_colours_and_the_header_are_in_the_file() {
    let folder = desk();
    let scorecard = super::SCORECARD.replace("value = \"only(index)\"", "value = \"last(index)\"");
    std::fs::write(folder.path().join("scorecard.toml"), scorecard).expect("a file");
    let bytes = made(folder.path(), &[]);
    let styles = part(&bytes, "xl/styles.xml");
    for format in ["#,##0.00\\ &quot;EUR&quot;", "0.0%", "0.0", "#,##0.######"] {
        assert!(styles.contains(&format!("formatCode=\"{format}\"")), "{format} is not in {styles}");
    }
    // On target in blue, off target in vermilion; the words stand in the cells.
    for colour in ["FF0B5CAD", "FFB33605"] {
        assert!(styles.contains(&format!("<color rgb=\"{colour}\"/>")), "{colour} is not in {styles}");
    }
    let words: Vec<Data> = sheet(folder.path(), "Rollup").iter().map(|row| row[25].clone()).collect();
    assert_eq!(words[0], Data::String("status".into()));
    assert!(words.contains(&Data::String("on-target".into())) && words.contains(&Data::String("off-target".into())));
    let xml = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(
        xml.contains("<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>"),
        "{xml}"
    );
    // 35 columns, and a header above ten rows.
    assert!(xml.contains("<autoFilter ref=\"A1:AI11\"/>"), "{xml}");
}

#[test]
fn a_figure_is_shown_as_what_it_is_whatever_column_it_stands_in() {
    let folder = desk();
    let share = "value = \"last(index)\"\ntarget = 0.5\nbetter = \"higher\"";
    let scorecard = super::SCORECARD.replace("value = \"only(index)\"", share);
    std::fs::write(folder.path().join("scorecard.toml"), scorecard).expect("a file");
    let money = "#,##0.00\\ &quot;EUR&quot;";
    for (figure, revenue, share) in [("actual", money, "0.0%"), ("target", money, "0.0%"), ("score", "0.0", "0.0")] {
        let options = ["revenue", "share", "--layout", "wide", "--figure", figure];
        let bytes = made(folder.path(), &options);
        let (styles, xml) = (part(&bytes, "xl/styles.xml"), part(&bytes, "xl/worksheets/sheet1.xml"));
        // The formats of the program's own have numbers from 164 on; a cell names one of the `cellXfs`.
        let after = |text: &str, mark: &str| text.split_once(mark).map(|(_, after)| after.to_owned());
        let number = |text: &str| text.split('"').next().and_then(|number| number.parse::<usize>().ok());
        let xfs: Vec<usize> = after(&styles, "<cellXfs")
            .expect("cell formats")
            .split("<xf numFmtId=\"")
            .skip(1)
            .filter_map(number)
            .collect();
        let shown = |cell: &str| -> Option<String> {
            let style = number(&after(&xml, &format!("<c r=\"{cell}\" s=\""))?)?;
            let code = after(&styles, &format!("<numFmt numFmtId=\"{}\" formatCode=\"", xfs[style]))?;
            code.split("\"/>").next().map(str::to_owned)
        };
        // The ninth column is the unit, the next two are of periods; then there is the figure.
        assert_eq!(shown("K2").as_deref(), Some(revenue), "{figure}: {styles} {xml}");
        assert_eq!(shown("K3").as_deref(), Some(share), "{figure}: {styles} {xml}");
        let cells = sheet(folder.path(), "Rollup");
        let text = |text: &str| if text.is_empty() { Data::Empty } else { Data::String(text.into()) };
        let names: Vec<String> = cells[0].iter().map(ToString::to_string).collect();
        assert_eq!(names[8..], ["unit", "2026-09", "2026-10", "figure"]);
        assert_eq!([&cells[1][8], &cells[1][11]], [&text(if figure == "score" { "" } else { "EUR" }), &text(figure)]);
    }
}

#[test]
fn the_second_sheet_tells_where_the_first_came_from() {
    let folder = desk();
    made(folder.path(), &["--by", "region"]);
    let text = std::fs::read_to_string(folder.path().join("out.xlsx.manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let hash = |file: &serde_json::Value| format!("sha256 {}", file["sha256"].as_str().expect("a hash"));
    let mut expected = vec![
        ("program".to_owned(), manifest["program"].as_str().expect("a program").to_owned()),
        ("command".to_owned(), "goldthread rollup -p 2026-09..2026-10 --by region -O xlsx".to_owned()),
        ("scorecard".to_owned(), "Desk".to_owned()),
        ("as of".to_owned(), "2026-10".to_owned()),
        ("periods".to_owned(), "2026-09 to 2026-10".to_owned()),
        ("scorecard.toml".to_owned(), hash(&manifest["scorecard_files"][0])),
    ];
    for (at, name) in ["sales.csv", "costs.csv", "index.csv"].into_iter().enumerate() {
        expected.push((name.to_owned(), hash(&manifest["inputs"][at])));
    }
    let found = sheet(folder.path(), "Origin");
    let found: Vec<_> = found.iter().map(|row| (row[0].to_string(), row[1].to_string())).collect();
    assert_eq!(found, expected);
}

#[test]
fn two_runs_give_the_same_bytes() {
    let folder = desk();
    let first = made(folder.path(), &["--by", "region", "--totals"]);
    // A workbook's times are whole seconds, or two.
    std::thread::sleep(std::time::Duration::from_millis(2100));
    assert_eq!(made(folder.path(), &["--by", "region", "--totals"]), first);
}

#[test]
fn a_text_that_looks_like_a_formula_is_a_text() {
    let folder = folder(&[
        (
            "scorecard.toml",
            "[scorecard]\ntitle = \"=1+1\"\n[sources.s]\npath = \"s.csv\"\nperiod = \"month\"\ndimensions = [\"region\"]\n\
             [goals.g]\nname = \"=2+3\"\nsource = \"s\"\nvalue = \"sum(x)\"\nunit = \"EUR\"\nsponsor = \"http://x.y/\"\n",
        ),
        ("s.csv", "month,region,x\n2026-10,=HYPERLINK(x),-5\n2026-10,007,0.1\n2026-10,1E5,0.2\n"),
    ]);
    let bytes = made(folder.path(), &["-p", "2026-10", "--by", "region"]);
    for sheet in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"] {
        let xml = part(&bytes, sheet);
        assert!(!xml.contains("<f>") && !xml.contains("<f ") && !xml.contains("hyperlink"), "{xml}");
    }
    let cells = sheet(folder.path(), "Rollup");
    let regions: Vec<&Data> = cells[1..].iter().map(|row| &row[12]).collect();
    for region in ["007", "1E5"] {
        assert!(regions.contains(&&Data::String(region.into())), "{regions:?}");
    }
    assert_eq!(cells[1][7], Data::String("=2+3".into()));
    let actuals: Vec<&Data> = cells[1..].iter().map(|row| &row[14]).collect();
    assert!(actuals.contains(&&Data::Float(-5.0)) && actuals.contains(&&Data::Float(0.1)), "{actuals:?}");
}

#[test]
fn what_a_sheet_has_no_room_for_is_an_error() {
    let folder = desk();
    let long = "x".repeat(32_768);
    let scorecard = super::SCORECARD.replace("owner = \"Ann\"", &format!("owner = \"{long}\""));
    std::fs::write(folder.path().join("scorecard.toml"), scorecard).expect("a file");
    let session = rollup(folder.path(), &["-o", "out.xlsx"]);
    assert_eq!((session.exit, folder.path().join("out.xlsx").exists()), (2, false), "{}", session.stderr);
    assert!(session.stderr.contains("-O csv"), "{}", session.stderr);
    assert_eq!(rows(&rollup(folder.path(), &["revenue", "-O", "csv"]).stdout)[0]["owner"], long);
}
