//! Amounts in several currencies: converted as if row by row, never rounded, whatever way and order they are read in.

use std::collections::BTreeMap;

use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_assert_eq, prop_oneof, proptest};
use serde_json::Value;

use crate::session::{Session, folder, goldthread_in};

/// A scorecard in euros of a daily source of sales in the currencies of its rows.
const SCORECARD: &str = r#"
[scorecard]
currency = "EUR"
[currencies]
rates = "rates*.csv"
period = "month"
[sources.sales]
path = "sales*.csv"
period = "day"
dimensions = ["region"]
duplicates = "sum"
currency = { column = "currency", amounts = ["amount"] }
[metrics]
sales = { source = "sales", value = "sum(amount)", unit = "EUR", decimals = 2 }
worth = { source = "sales", value = "sum(amount * pieces)", unit = "EUR" }
least = { source = "sales", value = "min(amount)", unit = "EUR" }
most = { source = "sales", value = "max(amount)", unit = "EUR" }
middle = { source = "sales", value = "median(amount)", unit = "EUR" }
lines = { source = "sales", value = "count(amount)", unit = "count" }
pieces = { source = "sales", value = "sum(pieces)", unit = "count" }
"#;

const RATES: &str = "month,currency,rate\n2026-01,USD,0.9213\n2026-01,GBP,1.15\n";
const HEADER: &str = "day,region,currency,amount,pieces\n";

fn show(files: &[(&str, &str)], arguments: &[&str]) -> Session {
    let folder = folder(files);
    goldthread_in(folder.path(), &[&["-s", "scorecard.toml", "show", "-O", "json"], arguments].concat())
}

/// The digits of every actual, by metric, period and region; a total has none.
fn actuals(json: &str) -> BTreeMap<(String, String, String), String> {
    let report: Value = serde_json::from_str(json).expect("JSON");
    let text = |row: &Value, key: &str| row.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    let rows = report["rows"].as_array().expect("rows");
    let number = |row: &Value| row["actual"].as_number().map(ToString::to_string);
    let entry = |row: &Value| Some(((text(row, "id"), text(row, "period"), text(row, "region")), number(row)?));
    rows.iter().filter_map(entry).collect()
}

fn actual(json: &str, id: &str) -> String {
    let of = |(key, _): &(&(String, String, String), &String)| key.0 == id && key.2.is_empty();
    actuals(json).iter().find(of).map(|(_, value)| value.clone()).unwrap_or_else(|| panic!("no {id} in {json}"))
}

/// Decimals of the oracle: two of amounts, ten of rates, one of a median's halves.
const DECIMALS: u32 = 13;

/// A count of `10^-DECIMALS` as plain decimal text without trailing zeros.
fn plain(value: i128) -> String {
    let one = 10i128.pow(DECIMALS);
    let (whole, rest) = (value.abs() / one, value.abs() % one);
    let digits = format!("{whole}.{rest:0width$}", width = DECIMALS as usize);
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", digits.trim_end_matches('0').trim_end_matches('.'))
}

/// `mantissa / 10^decimals` as text.
fn decimal(mantissa: i128, decimals: usize) -> String {
    let digits = format!("{:0width$}", mantissa.abs(), width = decimals + 1);
    let (whole, rest) = digits.split_at(digits.len() - decimals);
    format!("{}{whole}.{rest}", if mantissa < 0 { "-" } else { "" })
}

#[derive(Clone, Debug)]
struct Line {
    /// 0 to 89: a day of the first quarter.
    day: u16,
    region: &'static str,
    currency: usize,
    cents: i128,
    pieces: i128,
}

const CURRENCIES: [&str; 3] = ["EUR", "USD", "GBP"];

impl Line {
    fn month(&self) -> usize {
        [31, 59, 90].iter().position(|end| self.day < *end).expect("a day of the quarter")
    }

    fn csv(&self) -> String {
        let day = self.day - [0, 31, 59][self.month()] + 1;
        let (month, currency) = (self.month() + 1, CURRENCIES[self.currency]);
        let amount = decimal(self.cents, 2);
        format!("2026-{month:02}-{day:02},{},{currency},{amount},{}\n", self.region, self.pieces)
    }
}

/// Lines of every month and region, and the rates of dollars and pounds in each month, in tenths of billionths.
fn ledger() -> impl Strategy<Value = (Vec<Line>, Vec<[i128; 2]>)> {
    let line = (0..90u16, prop_oneof![Just("n"), Just("s")], 0..3usize, -99_999_999i128..99_999_999, 1..40i128);
    let line = line.prop_map(|(day, region, currency, cents, pieces)| Line { day, region, currency, cents, pieces });
    let rate = || prop_oneof![1..90_000_000_000i128, (1..9_999i128).prop_map(|rate| rate * 1_000_000)];
    let every = |month: u16| {
        ["n", "s"].map(|region| Line { day: month * 31, region, currency: usize::from(month), cents: 101, pieces: 1 })
    };
    (prop::collection::vec(line, 1..60), prop::collection::vec((rate(), rate()).prop_map(|(a, b)| [a, b]), 3))
        .prop_map(move |(lines, rates)| ((0..3).flat_map(every).chain(lines).collect(), rates))
}

fn csv_of_rates(rates: &[[i128; 2]]) -> String {
    let row = |(month, [usd, gbp]): (usize, &[i128; 2])| {
        let month = month + 1;
        format!("2026-{month:02},USD,{}\n2026-{month:02},GBP,{}\n", decimal(*usd, 10), decimal(*gbp, 10))
    };
    "month,currency,rate\n".to_owned() + &rates.iter().enumerate().map(row).collect::<String>()
}

/// What every metric is, in integers alone: each row is converted, then put together.
fn oracle(lines: &[Line], rates: &[[i128; 2]]) -> BTreeMap<(String, String, String), String> {
    let mut groups: BTreeMap<(usize, &str), Vec<(i128, &Line)>> = BTreeMap::new();
    for line in lines {
        let rate = match line.currency {
            0 => 10i128.pow(10),
            other => rates[line.month()][other - 1],
        };
        let worth = line.cents * rate * 10;
        for region in ["", line.region] {
            groups.entry((line.month(), region)).or_default().push((worth, line));
        }
    }
    let mut found = BTreeMap::new();
    for ((month, region), group) in groups {
        let mut sorted: Vec<i128> = group.iter().map(|(worth, _)| *worth).collect();
        sorted.sort_unstable();
        let middle = (sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2]) / 2;
        let one = 10i128.pow(DECIMALS);
        let values = [
            ("sales", sorted.iter().sum()),
            ("worth", group.iter().map(|(worth, line)| worth * line.pieces).sum()),
            ("least", sorted[0]),
            ("most", sorted[sorted.len() - 1]),
            ("middle", middle),
            ("lines", group.len() as i128 * one),
            ("pieces", group.iter().map(|(_, line)| line.pieces * one).sum()),
        ];
        for (id, value) in values {
            found.insert((id.to_owned(), format!("2026-{:02}", month + 1), region.to_owned()), plain(value));
        }
    }
    found
}

fn shuffled<T: Clone>(items: &[T], seed: u64) -> Vec<T> {
    let mut items = items.to_vec();
    let mut state = seed | 1;
    for index in (1..items.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        items.swap(index, (state >> 33) as usize % (index + 1));
    }
    items
}

const QUARTER: [&str; 4] = ["-p", "2026-01..2026-03", "--by", "region"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_number_is_that_of_rows_converted_one_by_one((lines, rates) in ledger(), seed in any::<u64>()) {
        let rates_csv = csv_of_rates(&rates);
        let csv = |lines: &[Line]| HEADER.to_owned() + &lines.iter().map(Line::csv).collect::<String>();
        let whole = csv(&lines);
        let files = [("scorecard.toml", SCORECARD), ("rates.csv", rates_csv.as_str()), ("sales.csv", whole.as_str())];
        let careful = show(&files, &[&QUARTER[..], &["--careful"]].concat()).done();
        prop_assert_eq!(actuals(&careful), oracle(&lines, &rates));
        prop_assert_eq!(&careful, &show(&files, &[&QUARTER[..], &["--fast"]].concat()).done());
        let mixed = shuffled(&lines, seed);
        let (a, b) = mixed.split_at(mixed.len() / 3);
        let (a, b) = (csv(a), csv(b));
        let rates_rows: Vec<&str> = rates_csv.lines().skip(1).collect();
        let again = shuffled(&rates_rows, seed).join("\n");
        let again = format!("month,currency,rate\n{again}\n");
        let files = [
            ("scorecard.toml", SCORECARD), ("rates-1.csv", again.as_str()),
            ("sales-1.csv", a.as_str()), ("sales-2.csv", b.as_str()),
        ];
        prop_assert_eq!(&careful, &show(&files, &QUARTER).done());
    }
}

#[test]
fn three_times_a_dollar_and_a_cent_is_rounded_once() {
    // 3 x (1.01 x 1.0837) = 3.283611; rounded row by row it would be 3 x 1.09 = 3.27.
    let sales = HEADER.to_owned() + &"2026-01-31,n,USD,1.01,1\n".repeat(3);
    let rates = "month,currency,rate\n2026-01,USD,1.0837\n";
    let files = [("scorecard.toml", SCORECARD), ("rates.csv", rates), ("sales.csv", sales.as_str())];
    assert_eq!(actual(&show(&files, &[]).done(), "sales"), "3.283611");
    let folder = folder(&files);
    let text = goldthread_in(folder.path(), &["-s", "scorecard.toml", "show", "sales"]).done();
    assert!(text.contains("3.28"), "{text}");
    assert!(!text.contains("3.27") && !text.contains("3.283"), "{text}");
}

#[test]
fn nothing_is_split_by_a_currency_nobody_asked_for() {
    let sales = HEADER.to_owned() + "2026-01-01,n,USD,10,1\n2026-01-02,n,GBP,10,1\n2026-01-31,s,EUR,10,1\n";
    let files = [("scorecard.toml", SCORECARD), ("rates.csv", RATES), ("sales.csv", sales.as_str())];
    let by_region = actuals(&show(&files, &["sales", "--by", "region"]).done());
    let of = |region: &str| by_region[&("sales".to_owned(), "2026-01".to_owned(), region.to_owned())].clone();
    // 10 x 0.9213 + 10 x 1.15 and 10: a region a row.
    assert_eq!((of("n"), of("s"), of("")), ("20.713".into(), "10".into(), "30.713".into()));
    assert_eq!(by_region.len(), 3);
    // Where it is a dimension, each part is in the scorecard's currency too.
    let with_dimension = SCORECARD.replace(r#"["region"]"#, r#"["region", "currency"]"#);
    let files = [("scorecard.toml", with_dimension.as_str()), ("rates.csv", RATES), ("sales.csv", sales.as_str())];
    let json: Value = serde_json::from_str(&show(&files, &["sales", "--by", "currency"]).done()).expect("JSON");
    let rows = json["rows"].as_array().expect("rows");
    let part = |row: &Value| Some((row["currency"].as_str()?.to_owned(), row["actual"].to_string()));
    let parts: Vec<(String, String)> = rows.iter().filter_map(part).filter(|(code, _)| !code.is_empty()).collect();
    let expected = [("EUR", "10"), ("GBP", "11.5"), ("USD", "9.213")];
    assert_eq!(parts, expected.map(|(code, value)| (code.to_owned(), value.to_owned())));
}

#[test]
fn a_rate_holds_for_the_period_that_holds_the_row() {
    let sales = HEADER.to_owned() + "2026-01-04,n,USD,1,1\n2026-01-05,n,USD,1,1\n2026-01-31,n,USD,1,1\n";
    let cases = [
        // By day.
        ("2026-01-04,USD,2\n2026-01-05,USD,3\n2026-01-31,USD,5\n", "10"),
        // By week: the fifth is a Monday.
        ("2026-W01,USD,2\n2026-W02,USD,3\n2026-W05,USD,5\n", "10"),
        ("2026-Q1,USD,2\n", "6"),
        ("2026,USD,7\n", "21"),
    ];
    for (rates, expected) in cases {
        let rates = format!("month,currency,rate\n{rates}");
        let files = [("scorecard.toml", SCORECARD), ("rates.csv", rates.as_str()), ("sales.csv", sales.as_str())];
        assert_eq!(actual(&show(&files, &[]).done(), "sales"), expected, "{rates}");
    }
}

#[test]
fn a_source_may_be_in_one_other_currency_and_wide() {
    let scorecard = r#"
[scorecard]
currency = "EUR"
[currencies]
rates = "rates.csv"
period = "when"
currency = "code"
rate = "euros"
numbers = "1234,5"
[sources.costs]
path = "costs.csv"
layout = "wide"
dimensions = ["region"]
currency = { is = "USD", amounts = ["value"] }
control = { column = "value", equals = "17.50" }
[metrics.cost]
source = "costs"
value = "sum(value)"
unit = "EUR"
better = "lower"
"#;
    let rates = "when;code;euros\n2026-01;usd;0,9\n2026-02;USD;0,8\n2026-02;EUR;1\n";
    // The total is of the file's own numbers: the rows above it are dollars, and so is it.
    let costs = "region;2026-01;2026-02\nnorth;$5.25;10\nsouth;;2.25\nTotal;5.25;12.25\n";
    let files = [("scorecard.toml", scorecard), ("rates.csv", rates), ("costs.csv", costs)];
    let found = actuals(&show(&files, &["-p", "2026-01..2026-02"]).done());
    let of = |period: &str| found[&("cost".to_owned(), period.to_owned(), String::new())].clone();
    assert_eq!((of("2026-01"), of("2026-02")), ("4.725".into(), "9.8".into()));
    // A control total is in the file's own numbers too: 17.50 dollars.
    let folder = folder(&files);
    let said = goldthread_in(folder.path(), &["-s", "scorecard.toml", "rollup", "--reconcile"]);
    assert_eq!(said.exit, 0, "{}", said.stderr);
    assert!(said.stderr.contains("control total of value in costs: 17.5, as declared"), "{}", said.stderr);
}

#[test]
fn workbooks_and_tables_of_columns_are_converted_too() {
    let sums = r#"
[sources.books]
path = "books.csv"
period = "month"
[metrics]
a = { source = "books", value = "sum(a)", unit = "USD" }
b = { source = "books", value = "sum(b * 1)", unit = "GBP" }
"#;
    let books = "month,a,b\n2026-01,1.01,2.02\n2026-02,3,4\n";
    let rates = "month,currency,rate\n2026-01,USD,0.9213\n2026-01,GBP,1.15\n2026-02,USD,0.5\n2026-02,GBP,2\n";
    for file in ["export.xlsx", "export.parquet"] {
        let again = format!(
            r#"
[scorecard]
currency = "EUR"
[currencies]
rates = "rates.csv"
period = "month"
[sources.export]
path = "{file}"
period = "period"
key = ["id"]
totals = []
currency = {{ column = "unit", amounts = ["actual"] }}
[metrics.all]
source = "export"
value = "sum(actual)"
unit = "EUR"
"#
        );
        let files = [("sums.toml", sums), ("books.csv", books), ("rates.csv", rates), ("again.toml", again.as_str())];
        let folder = folder(&files);
        let periods = ["-p", "2026-01..2026-02"];
        let export = goldthread_in(folder.path(), &[&["-s", "sums.toml", "rollup", "-o", file], &periods[..]].concat());
        assert_eq!(export.exit, 0, "{}", export.stderr);
        let json = goldthread_in(folder.path(), &[&["-s", "again.toml", "show", "-O", "json"], &periods[..]].concat());
        assert_eq!((json.exit, json.stderr.as_str()), (0, ""), "{file}");
        let found = actuals(&json.stdout);
        let of = |period: &str| found[&("all".to_owned(), period.to_owned(), String::new())].clone();
        // 1.01 x 0.9213 + 2.02 x 1.15, and 3 x 0.5 + 4 x 2.
        assert_eq!((of("2026-01"), of("2026-02")), ("3.253513".into(), "9.5".into()), "{file}");
    }
}

#[test]
fn a_wide_file_may_say_the_currency_of_each_row() {
    let scorecard =
        SCORECARD.split("[metrics]").next().expect("a head").replace("period = \"day\"\n", "layout = \"wide\"\n");
    let scorecard = scorecard.replace("duplicates = \"sum\"\n", "").replace("[\"amount\"]", "[\"value\"]")
        + "[metrics.sales]\nsource = \"sales\"\nvalue = \"sum(value)\"\nunit = \"EUR\"\n";
    let sales = "region,currency,2026-01,2026-02\nn,USD,10,\nn,GBP,10,1\nn,EUR,10,2\n";
    let rates = RATES.to_owned() + "2026-02,GBP,1.25\n";
    let files = [("scorecard.toml", scorecard.as_str()), ("rates.csv", rates.as_str()), ("sales.csv", sales)];
    let found = actuals(&show(&files, &["-p", "2026-01..2026-02", "--by", "region"]).done());
    let of = |period: &str, region: &str| found[&("sales".to_owned(), period.to_owned(), region.to_owned())].clone();
    // 10 x 0.9213 + 10 x 1.15 + 10, and 1.25 + 2.
    for region in ["", "n"] {
        assert_eq!((of("2026-01", region), of("2026-02", region)), ("30.713".into(), "3.25".into()));
    }
}

#[test]
fn what_was_rejected_is_lost_to_the_part_it_belongs_to() {
    let sales = HEADER.to_owned() + "2026-01-30,n,USD,10,1\n2026-01-31,n,GBP,x,1\n2026-01-31,s,EUR,4,1\n";
    let files = [("scorecard.toml", SCORECARD), ("rates.csv", RATES), ("sales.csv", sales.as_str())];
    let said = show(&files, &["sales", "--by", "region", "--lenient", "--rejects", "left-out.csv"]);
    assert_eq!(said.exit, 0, "{}", said.stderr);
    let report: Value = serde_json::from_str(&said.stdout).expect("JSON");
    let rows = report["rows"].as_array().expect("rows");
    let told = |row: &Value| {
        let caveat = row["caveat"].as_str().unwrap_or("");
        (row["region"].as_str().unwrap_or("").to_owned(), row["actual"].to_string(), caveat.contains("1 row"))
    };
    let mut found: Vec<_> = rows.iter().map(told).collect();
    found.sort();
    let expected = [("", "13.213", true), ("n", "9.213", true), ("s", "4", false)];
    let expected = expected.map(|(region, value, is_lost)| (region.to_owned(), value.to_owned(), is_lost));
    assert_eq!(found, expected, "{}", said.stdout);
}

#[test]
fn targets_are_measured_from_converted_amounts_and_fiscal_quarters_have_rates() {
    let scorecard = r#"
[scorecard]
currency = "EUR"
fiscal_year = { starts = "april" }
[currencies]
rates = "rates.csv"
quarters = "fiscal"
[sources.sales]
path = "sales.csv"
period = "month"
currency = { column = "currency", amounts = ["amount", "planned"] }
[metrics.sales]
source = "sales"
value = "sum(amount)"
target = "sum(planned)"
unit = "EUR"
better = "higher"
"#;
    // The fourth quarter of the year that ends in March 2026 begins in January.
    let rates = "period,currency,rate\n2026-Q4,USD,0.5\n";
    let sales = "month,currency,amount,planned\n2026-01,USD,10,11\n2026-01,EUR,1,2\n";
    let files = [("scorecard.toml", scorecard), ("rates.csv", rates), ("sales.csv", sales)];
    let report: Value = serde_json::from_str(&show(&files, &[]).done()).expect("JSON");
    let row = &report["rows"][0];
    assert_eq!((row["actual"].to_string(), row["target"].to_string()), ("6".into(), "7.5".into()));
}

#[test]
fn rows_that_differ_in_their_currency_alone_are_two_rows() {
    let scorecard = SCORECARD.replace("duplicates = \"sum\"\n", "");
    let sales = HEADER.to_owned() + "2026-01-31,n,USD,10,1\n2026-01-31,n,GBP,10,1\n";
    let files = [("scorecard.toml", scorecard.as_str()), ("rates.csv", RATES), ("sales.csv", sales.as_str())];
    assert_eq!(actual(&show(&files, &[]).done(), "sales"), "20.713");
}

#[test]
fn a_cell_may_show_the_symbol_of_its_rows_currency_and_no_other() {
    let sales = |cell: &str| format!("{HEADER}2026-01-30,n,USD,{cell},1\n2026-01-31,n,EUR,\u{20ac}10,1\n");
    let fits = sales("$10");
    let files = [("scorecard.toml", SCORECARD), ("rates.csv", RATES), ("sales.csv", fits.as_str())];
    assert_eq!(actual(&show(&files, &[]).done(), "sales"), "19.213");
    let other = sales("\u{a3}10");
    let files = [("scorecard.toml", SCORECARD), ("rates.csv", RATES), ("sales.csv", other.as_str())];
    let said = show(&files, &[]);
    assert_eq!(said.exit, 2);
    assert!(said.stderr.contains("`\u{a3}10` is not in USD"), "{}", said.stderr);
}

#[test]
fn a_missing_rate_is_an_error_that_names_the_row_whatever_the_way() {
    let sales = HEADER.to_owned() + "2026-01-30,n,USD,10,1\n2026-01-31,n,CHF,,1\n2026-01-31,s,CHF,4,1\n";
    let files = [("scorecard.toml", SCORECARD), ("rates.csv", RATES), ("sales.csv", sales.as_str())];
    for way in [&["--careful"][..], &["--fast"], &[], &["--lenient"]] {
        let said = show(&files, way);
        assert_eq!((said.exit, said.stdout.as_str()), (2, ""), "{way:?}");
        assert!(said.stderr.contains("`rates*.csv` has no rate of CHF for 2026-01"), "{}", said.stderr);
        // The row above has no amount: it needs none.
        assert!(said.stderr.contains("sales.csv:4:14"), "{}", said.stderr);
    }
    // Where no amount needs it, there is nothing to miss.
    let blank = sales.replace(",4,1", ",,1");
    let files = [("scorecard.toml", SCORECARD), ("rates.csv", RATES), ("sales.csv", blank.as_str())];
    assert_eq!(actual(&show(&files, &[]).done(), "sales"), "9.213");
}

#[test]
fn a_row_that_repeats_another_in_another_spelling_of_its_currency_is_told() {
    let strict = SCORECARD.replace("duplicates = \"sum\"", "duplicates = \"error\"");
    let rows = |second: &str| format!("{HEADER}2026-01-31,n,USD,800,3\n2026-01-31,n,{second},800,3\n");
    for second in ["USD", "usd", " Usd "] {
        let files = [("scorecard.toml", strict.as_str()), ("rates.csv", RATES), ("sales.csv", &rows(second))];
        let said = show(&files, &["sales"]);
        let is_told = said.stderr.contains("duplicate");
        assert!(is_told, "{second}: {}{}", said.stderr, said.stdout);
    }
}

#[test]
fn a_total_row_over_several_currencies_is_compared_with_nothing() {
    let rows = "2026-01-31,n,GBP,1000,1\n2026-01-31,n,USD,800,3\n2026-01-31,s,EUR,5,5\n";
    for total in ["2612.04", "1805"] {
        let sales = format!("{HEADER}{rows}Total,,EUR,{total},9\n");
        let files = [("scorecard.toml", SCORECARD), ("rates.csv", RATES), ("sales.csv", sales.as_str())];
        let said = show(&files, &["sales"]);
        // 1000 x 1.15 + 800 x 0.9213 + 5.
        assert_eq!(actual(&said.done(), "sales"), "1892.04", "{total}");
    }
    // What is no money is compared as ever.
    let sales = format!("{HEADER}{rows}Total,,EUR,2612.04,10\n");
    let files = [("scorecard.toml", SCORECARD), ("rates.csv", RATES), ("sales.csv", sales.as_str())];
    let said = show(&files, &["pieces"]);
    assert!(said.stderr.contains("[total-mismatch]"), "{}", said.stderr);
}

#[test]
fn a_quotient_of_rows_does_not_stand_in_the_way_of_plain_sums() {
    let both = format!("{SCORECARD}monthly = {{ source = \"sales\", value = \"sum(amount / 7)\", unit = \"EUR\" }}\n");
    let sales = format!("{HEADER}2026-01-31,n,USD,98765432109.87,1\n");
    let files = [("scorecard.toml", both.as_str()), ("rates.csv", RATES), ("sales.csv", sales.as_str())];
    let report = show(&files, &["sales", "monthly"]).done();
    // 9876543210987 x 9213, by hand in integers.
    assert_eq!(actual(&report, "sales"), decimal(9_876_543_210_987 * 9213, 6));
    let monthly: f64 = actual(&report, "monthly").parse().expect("a number");
    assert!((monthly / (98_765_432_109.87 * 0.9213 / 7.0) - 1.0).abs() < 1e-14, "{monthly}");
}

#[test]
fn a_rate_is_in_the_currency_of_the_scorecard() {
    let sales = format!("{HEADER}2026-01-31,n,USD,100,1\n");
    let said = |rate: &str| {
        let rates = format!("month,currency,rate\n2026-01,USD,{rate}\n");
        show(&[("scorecard.toml", SCORECARD), ("rates.csv", rates.as_str()), ("sales.csv", &sales)], &["sales"])
    };
    for rate in ["0.9", "€0.9", "EUR 0.9"] {
        assert_eq!(actual(&said(rate).done(), "sales"), "90", "{rate}");
    }
    // Dollars for a euro are the other way round.
    let other = said("$1.11");
    assert_eq!(other.exit, 2, "{}", other.stdout);
    assert!(other.stderr.contains("`$1.11` is not in EUR") && other.stderr.contains("rates.csv:2"), "{}", other.stderr);
}

#[test]
fn digits_that_do_not_fit_are_refused() {
    let rates = "month,currency,rate\n2026-01,USD,0.123456789123\n";
    let sales = |amount: &str| format!("{HEADER}2026-01-31,n,USD,{amount},1\n");
    let fits = sales("9876543210123.45");
    let files = [("scorecard.toml", SCORECARD), ("rates.csv", rates), ("sales.csv", fits.as_str())];
    // 987654321012345 x 123456789123, by hand in integers.
    let exact = 987_654_321_012_345i128 * 123_456_789_123;
    assert_eq!(actual(&show(&files, &["sales"]).done(), "sales"), decimal(exact, 14));
    let too_long = sales("98765432101234567.45");
    let files = [("scorecard.toml", SCORECARD), ("rates.csv", rates), ("sales.csv", too_long.as_str())];
    let said = show(&files, &["sales"]);
    assert!(actuals(&said.done()).is_empty());
    // What cannot be multiplied in 128 bits at all ends the run.
    let endless = sales("150000000000000000000.12");
    let files = [
        ("scorecard.toml", SCORECARD),
        ("rates.csv", "month,currency,rate\n2026-01,USD,1.23\n"),
        ("sales.csv", endless.as_str()),
    ];
    let said = show(&files, &["sales"]);
    assert_eq!(said.exit, 2);
    assert!(said.stderr.contains("[too-large]"), "{}", said.stderr);
}

#[test]
fn the_rates_are_among_what_is_read() {
    let sales = HEADER.to_owned() + "2026-01-30,n,USD,10,1\n2026-01-31,n,USD,10,1\n2026-01-31,s,EUR,4,1\n";
    let files = [("scorecard.toml", SCORECARD), ("rates.csv", RATES), ("sales.csv", sales.as_str())];
    let folder = folder(&files);
    let run = |arguments: &[&str]| goldthread_in(folder.path(), &[&["-s", "scorecard.toml"], arguments].concat());
    let trace = run(&["trace", "sales"]).done();
    let lines: Vec<&str> = trace.lines().map(str::trim).collect();
    assert!(lines.contains(&"converted into EUR   EUR: 1 row, as they stand"), "{trace}");
    assert!(lines.contains(&"USD: 2 rows, at 0.9213 in 2026-01"), "{trace}");
    assert!(lines.contains(&"rates                rates.csv"), "{trace}");
    assert!(!run(&["trace", "pieces"]).done().contains("converted"), "pieces are no money");
    assert_eq!(run(&["rollup", "-o", "out.csv"]).exit, 0);
    let manifest = std::fs::read_to_string(folder.path().join("out.csv.manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    let inputs = manifest["inputs"].as_array().expect("inputs");
    let rates = inputs.iter().find(|input| input["path"] == "rates.csv").expect("the rates");
    assert_eq!(rates["bytes"].as_u64(), Some(RATES.len() as u64));
    assert_eq!(rates["rows_kept"].as_u64(), Some(2));
    assert_eq!(rates["sha256"].as_str().map(str::len), Some(64));
    for arguments in [&["rollup", "-o", "rates.csv"][..], &["show", "-o", "rates.csv"]] {
        let said = run(arguments);
        assert_eq!(said.exit, 2);
        assert!(said.stderr.contains("`rates.csv` is one of the files that are read"), "{}", said.stderr);
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("rates.csv")).expect("it is there"), RATES);
}
