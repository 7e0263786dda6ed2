//! Exactness: random ledgers against sums in whole cents, made here; any order of rows and files, any number of threads,
//! the same bytes.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::{Row, rows};
use crate::session::folder;

const SCORECARD: &str = r#"
[scorecard]
title = "Ledger"
[sources.ledger]
path = "ledger*.csv"
period = "day"
dimensions = ["region", "account"]
duplicates = "sum"
[goals.net]
name = "Net"
source = "ledger"
value = "sum(amount)"
unit = "EUR"
sponsor = "CFO"
[metrics.lines]
name = "Lines"
source = "ledger"
value = "count(*)"
unit = "count"
drives = ["net"]
[metrics.debits]
name = "Debits"
source = "ledger"
value = "sum(amount)"
where = "amount > 0"
unit = "EUR"
drives = ["net"]
"#;

/// Numbers that look random and are the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        // Knuth's constants; the low bits are the weak ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// A line of a ledger: month, region, account, cents.
type Line = (u64, u64, u64, i128);

fn ledger(random: &mut Random, lines: usize) -> Vec<Line> {
    let line = |random: &mut Random| {
        // From cents to hundred thousand billions, so that doubles would lose cents.
        let size = [100, 1_000_000, 10_000_000_000, 1_000_000_000_000_000_000][random.below(4) as usize];
        let cents = i128::from((random.below(1 << 31) << 31 | random.below(1 << 31)) % size);
        let sign = if random.below(3) == 0 { -1 } else { 1 };
        (random.below(3), random.below(5), random.below(4), sign * cents)
    };
    (0..lines).map(|_| line(random)).collect()
}

fn money(cents: i128) -> String {
    format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100)
}

fn text(line: &Line) -> String {
    let (month, region, account, cents) = line;
    format!("2026-{:02}-{:02},r{region},a{account},{}\n", month + 1, cents.rem_euclid(28) + 1, money(*cents))
}

/// Cents of a number as it is printed.
fn cents(text: &str) -> i128 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    assert!(part.len() <= 2, "{text} has more than cents");
    format!("{whole}{part:0<2}").parse().unwrap_or_else(|_| panic!("{text} is no amount"))
}

fn written(folder: &Path, lines: &[Line], files: usize) {
    for at in 0..4 {
        let path = folder.join(format!("ledger{at}.csv"));
        let own: Vec<String> = lines.iter().skip(at).step_by(files).map(text).collect();
        if at < files {
            std::fs::write(path, format!("day,region,account,amount\n{}", own.concat())).expect("a file");
        } else {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// The rollup of three months with so many threads and options.
fn rolled(folder: &Path, threads: &str, options: &[&str]) -> Vec<u8> {
    let arguments = ["rollup", "-p", "2026-01..2026-03", "--as-of", "2026-03", "--by", "region,account", "--totals"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_goldthread"));
    command.args(arguments).args(options).env("POLARS_MAX_THREADS", threads).current_dir(folder);
    let output = command.output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Sums, sums of debits and counts of every month, region and account, with blanks for totals.
fn oracle(lines: &[Line]) -> BTreeMap<(String, String, String), (i128, i128, i128)> {
    let mut sums = BTreeMap::new();
    for (month, region, account, cents) in lines {
        let (region, account) = (format!("r{region}"), format!("a{account}"));
        for (region, account) in [(region.clone(), account), (region, String::new()), (String::new(), String::new())] {
            let sum: &mut (i128, i128, i128) =
                sums.entry((format!("2026-{:02}", month + 1), region, account)).or_default();
            sum.0 += cents;
            sum.1 += (*cents).max(0);
            sum.2 += 1;
        }
    }
    sums
}

#[test]
fn segments_add_up_to_totals_to_the_cent_in_any_order_and_with_any_threads() {
    let folder = folder(&[("scorecard.toml", SCORECARD)]);
    for seed in 0..24u64 {
        let mut random = Random(seed);
        let mut lines = ledger(&mut random, 1000 + 100 * seed as usize);
        written(folder.path(), &lines, 1);
        let bytes = rolled(folder.path(), "1", &[]);
        let rows = rows(std::str::from_utf8(&bytes).expect("text"));
        let mut found = BTreeMap::new();
        for row in &rows {
            let key = (row["period"].clone(), row["region"].clone(), row["account"].clone());
            let entry: &mut (i128, i128, i128) = found.entry(key).or_default();
            match row["id"].as_str() {
                "net" => entry.0 = cents(&row["actual"]),
                // Where nothing is a debit, there is no sum, and the row says so.
                "debits" if !row["actual"].is_empty() => entry.1 = cents(&row["actual"]),
                "lines" => entry.2 = row["actual"].parse().expect("a count"),
                _ => {}
            }
        }
        assert_eq!(found, oracle(&lines), "seed {seed}");
        parts_equal_wholes(&rows);
        // Another order, several files, the other way of reading: the same bytes.
        for (files, threads, way) in [(1, "2", "--fast"), (3, "2", "--careful"), (4, "1", "--fast")] {
            for at in (1..lines.len()).rev() {
                lines.swap(at, random.below(at as u64 + 1) as usize);
            }
            written(folder.path(), &lines, files);
            assert_eq!(rolled(folder.path(), threads, &[way]), bytes, "seed {seed}, {files} files, {threads} threads");
        }
    }
}

/// From the printed rows alone, as a reader would add them up.
fn parts_equal_wholes(rows: &[Row]) {
    let mut sums: BTreeMap<(&str, &str, &str), i128> = BTreeMap::new();
    for row in rows.iter().filter(|row| row["id"] == "net") {
        *sums.entry((&row["period"], &row["level"], "")).or_default() += cents(&row["actual"]);
        let above = if row["level"] == "total" { "" } else { &row["region"] };
        *sums.entry((&row["period"], &row["level"], above)).or_default() +=
            if above.is_empty() { 0 } else { cents(&row["actual"]) };
    }
    for period in ["2026-01", "2026-02", "2026-03"] {
        let whole = sums[&(period, "total", "")];
        assert_eq!((sums[&(period, "region", "")], sums[&(period, "region/account", "")]), (whole, whole));
        for region in ["r0", "r1", "r2", "r3", "r4"] {
            assert_eq!(
                sums[&(period, "region", region)],
                sums[&(period, "region/account", region)],
                "{period} {region}"
            );
        }
    }
}

#[test]
fn every_format_gives_the_same_bytes_each_time() {
    let folder = folder(&[("scorecard.toml", SCORECARD)]);
    let mut random = Random(7);
    let mut lines = ledger(&mut random, 3000);
    let formats: [&[&str]; 5] = [
        &["-O", "csv"],
        &["-O", "json"],
        &["--layout", "wide"],
        &["-O", "xlsx", "-o", "x.xlsx"],
        &["-O", "parquet", "-o", "x.parquet"],
    ];
    let all = |threads: &str| -> Vec<Vec<u8>> {
        let one = |format: &&[&str]| {
            let printed = rolled(folder.path(), threads, format);
            let file = format.last().filter(|name| name.contains('.'));
            file.map_or(printed, |name| std::fs::read(folder.path().join(name)).expect("a file"))
        };
        formats.iter().map(one).collect()
    };
    written(folder.path(), &lines, 2);
    let first = all("1");
    assert!(first.iter().all(|bytes| bytes.len() > 3000));
    assert_eq!(all("2"), first, "threads");
    lines.reverse();
    written(folder.path(), &lines, 2);
    // The origin of a workbook names its inputs by their content, which is another now.
    assert_eq!(all("2")[..3], first[..3], "order");
}
