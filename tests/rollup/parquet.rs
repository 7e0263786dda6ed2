//! Parquet, read back with its own library and by the program.

use parquet::basic::Type;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

use super::{columns, desk, rollup, rows};
use crate::session::{folder, run_in};

fn made(folder: &std::path::Path, options: &[&str]) -> SerializedFileReader<std::fs::File> {
    let session = rollup(folder, &[options, &["-o", "out.parquet"]].concat());
    assert_eq!((session.exit, session.stderr.as_str()), (0, ""));
    SerializedFileReader::new(std::fs::File::open(folder.join("out.parquet")).expect("a file")).expect("Parquet")
}

#[test]
fn cells_are_those_of_the_csv_as_doubles_and_texts() {
    let folder = desk();
    for layout in ["tidy", "wide"] {
        let options = ["--by", "region,channel", "--totals", "--layout", layout];
        let reader = made(folder.path(), &options);
        let expected = rows(&rollup(folder.path(), &options).stdout);
        let mut kinds = [0; 3];
        let mut count = 0;
        for (row, expected) in reader.get_row_iter(None).expect("rows").zip(&expected) {
            count += 1;
            for (name, field) in row.expect("a row").get_column_iter() {
                let text = &expected[name];
                match field {
                    Field::Null => kinds[0] += usize::from(text.is_empty()),
                    Field::Double(number) => kinds[1] += usize::from(text.parse() == Ok(*number)),
                    Field::Str(string) => kinds[2] += usize::from(string == text.trim_start_matches('\'')),
                    other => panic!("{other:?}"),
                }
            }
        }
        assert_eq!(count, expected.len());
        assert_eq!(kinds.iter().sum::<usize>(), count * expected[0].len(), "every cell is the same in both");
        assert!(kinds.iter().all(|count| *count > 10), "{kinds:?}");
    }
}

#[test]
fn types_are_those_of_the_columns_whatever_their_cells_hold() {
    let folder = desk();
    // A metric without a target: most columns of numbers are empty, and are of numbers all the same.
    let reader = made(folder.path(), &["share"]);
    let schema = reader.metadata().file_metadata().schema_descr().clone();
    assert_eq!(schema.columns().len(), columns().count());
    for (column, (name, is_number)) in schema.columns().iter().zip(columns()) {
        let expected = if is_number { Type::DOUBLE } else { Type::BYTE_ARRAY };
        assert_eq!((column.name(), column.physical_type()), (name, expected));
    }
    let reader = made(folder.path(), &["share", "--layout", "wide"]);
    for column in reader.metadata().file_metadata().schema_descr().columns() {
        let expected = if column.name().starts_with("2026") { Type::DOUBLE } else { Type::BYTE_ARRAY };
        assert_eq!(column.physical_type(), expected, "{}", column.name());
    }
}

#[test]
fn the_program_reads_its_own_file() {
    let desk = desk();
    let reading = |path: &str| {
        format!(
            "[scorecard]\ntitle = \"x\"\n[sources.s]\npath = \"{path}\"\nperiod = \"period\"\n\
             where = \"id = 'revenue' and level = 'region/channel'\"\ndimensions = [\"region\", \"channel\"]\n\
             [goals.g]\nname = \"G\"\nsource = \"s\"\nvalue = \"sum(actual)\"\nunit = \"EUR\"\nsponsor = \"y\"\n"
        )
    };
    let options = ["--by", "region,channel", "--totals"];
    let expected = rollup(desk.path(), &[&["revenue"], &options[..]].concat()).stdout;
    let actuals = |text: &str| -> Vec<(String, String, String)> {
        let rows = rows(text);
        rows.iter().map(|row| (row["level"].clone(), row["period"].clone(), row["actual"].clone())).collect()
    };
    for name in ["out.parquet", "out.csv", "out.xlsx"] {
        assert_eq!(rollup(desk.path(), &[&options[..], &["-o", name]].concat()).exit, 0);
        let again = folder(&[("scorecard.toml", &reading(name))]);
        std::fs::copy(desk.path().join(name), again.path().join(name)).expect("a copy");
        let arguments = [&["rollup", "-p", "2026-09..2026-10"], &options[..]].concat();
        assert_eq!(actuals(&run_in(again.path(), &arguments).done()), actuals(&expected), "{name}");
    }
}

/// Where there is `script`, which runs a command on a terminal.
#[test]
fn a_terminal_gets_no_bytes_that_are_no_text() {
    let folder = desk();
    let program = env!("CARGO_BIN_EXE_goldthread");
    let on_terminal = |form: &str| {
        let line = format!("'{program}' rollup revenue -O {form}");
        let mut script = std::process::Command::new("script");
        let output = script.args(["-q", "-e", "-c", &line, "/dev/null"]).current_dir(folder.path()).output();
        output.ok().map(|output| (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned()))
    };
    let (Some(parquet), Some(csv), Some(json)) = (on_terminal("parquet"), on_terminal("csv"), on_terminal("json"))
    else {
        return;
    };
    assert_eq!((parquet.0, parquet.1.contains("PAR1")), (Some(2), false), "{}", parquet.1);
    assert!(csv.1.contains(",revenue,Revenue,") && json.1.contains("\"actual\":230.31"), "{} {}", csv.1, json.1);
}
