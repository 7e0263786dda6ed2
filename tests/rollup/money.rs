//! What money is called: what is measured from converted amounts is in the scorecard's currency, and nothing else is.

use crate::session::{Session, folder, goldthread_in};

const SALES: &str = "doc,month,region,cur,amount,refund,units\n1,2026-01,north,EUR,100,0,2\n\
                     2,2026-01,north,JPY,100000,50000,3\n";
const RATES: &str = "period,currency,rate\n2026-01,JPY,0.006\n";

/// One metric of sales in the currencies of their rows.
fn scorecard(amounts: &str, metric: &str) -> String {
    format!(
        r#"
[scorecard]
currency = "EUR"
[currencies]
rates = "rates.csv"
[sources.sales]
path = "sales.csv"
period = "month"
dimensions = ["region"]
key = ["doc"]
currency = {{ column = "cur", amounts = [{amounts}] }}
[metrics.m]
source = "sales"
better = "higher"
{metric}
"#
    )
}

fn run(scorecard: &str, arguments: &[&str]) -> Session {
    let folder = folder(&[("scorecard.toml", scorecard), ("sales.csv", SALES), ("rates.csv", RATES)]);
    goldthread_in(folder.path(), &[&["-s", "scorecard.toml"], arguments].concat())
}

fn of(amounts: &str, value: &str, unit: &str) -> Session {
    let metric = format!("value = \"{value}\"\nunit = \"{unit}\"\n");
    run(&scorecard(amounts, &metric), &["show", "m", "-O", "json"])
}

/// The first line of what stops a metric.
fn stopped(amounts: &str, value: &str, unit: &str) -> String {
    let said = of(amounts, value, unit);
    assert_eq!((said.exit, said.stdout.as_str()), (2, ""), "{value} in {unit}: {}", said.stderr);
    let title = said.stderr.lines().next().unwrap_or_default();
    title.strip_prefix("error[mixed-currency]: ").unwrap_or_else(|| panic!("{}", said.stderr)).to_owned()
}

fn actual(amounts: &str, value: &str, unit: &str) -> String {
    let said = of(amounts, value, unit);
    assert_eq!((said.exit, said.stderr.as_str()), (0, ""), "{value} in {unit}");
    let report: serde_json::Value = serde_json::from_str(&said.stdout).expect("JSON");
    report["rows"][0]["actual"].to_string()
}

const ONE: &str = "\"amount\"";
const BOTH: &str = "\"amount\", \"refund\"";

#[test]
fn nothing_that_is_not_converted_is_added_to_money() {
    // 100 + 600 - 300, by hand.
    assert_eq!(actual(BOTH, "sum(amount) - sum(refund)", "EUR"), "400");
    for value in ["sum(amount) - sum(refund)", "sum(amount) + sum(refund)", "max(sum(amount), sum(refund))"] {
        for unit in ["EUR", "EUR/unit", "kEUR", "€", "USD", "percent", "ratio"] {
            let said = stopped(ONE, value, unit);
            assert!(said.ends_with(&format!("`{value}` puts amounts together with what is none")), "{unit}: {said}");
        }
    }
    for value in ["sum(amount) - 100", "sum(amount) + count(*)", "sum(amount) / sum(units) - sum(units)"] {
        let said = stopped(ONE, value, "EUR");
        assert_eq!(said, format!("`m` is in EUR, and `{value}` puts amounts together with what is none"));
    }
    // Only a part of it is unlike.
    let said = stopped(ONE, "(sum(amount) - sum(refund)) / count(*)", "EUR");
    assert!(said.contains("`sum(amount) - sum(refund)` puts"), "{said}");
    // A remedy for what may be money, and one for what cannot be.
    let said = of(ONE, "sum(amount) - sum(refund)", "EUR").stderr;
    assert!(said.contains("help: add `refund` to `amounts` if it is money; else"), "{said}");
    assert!(!of(ONE, "sum(amount) - 100", "EUR").stderr.contains("add "), "a constant is in no file");
}

#[test]
fn converted_amounts_are_called_by_the_scorecards_currency() {
    let values = [
        "sum(amount)",
        "sum(amount)*1",
        "-sum(amount)",
        "sum(amount)/2",
        "sum(amount)/count(doc)",
        "sum(amount)/sum(units)",
        "sum(amount*units)",
        "avg(amount)",
        "max(amount)",
        "median(amount)",
        "sum(amount) - min(amount)",
        "max(sum(amount), 0)",
        "abs(sum(amount))",
    ];
    for value in values {
        for unit in ["USD", "USD/unit", "USD per unit", "kUSD", "$", "$/unit"] {
            let said = stopped(ONE, value, unit);
            assert!(said.ends_with("and amounts of `sales` are converted into EUR"), "{value} in {unit}: {said}");
        }
        for unit in ["EUR", "EUR/unit", "EUR per unit", "kEUR", "€", "units"] {
            assert_eq!(of(ONE, value, unit).exit, 0, "{value} in {unit}");
        }
    }
    for (unit, remedy) in [("USD", "EUR"), ("USD/unit", "EUR/unit"), ("$/unit", "EUR/unit")] {
        let said = of(ONE, "sum(amount) / sum(units)", unit).stderr;
        assert!(said.contains(&format!("help: write `unit = \"{remedy}\"`")), "{said}");
    }
    // (100 + 600) / 5.
    assert_eq!(actual(ONE, "sum(amount) / sum(units)", "EUR/unit"), "140");
    assert!(stopped(ONE, "sum(units) / sum(amount)", "units/USD").contains("converted into EUR"));
    assert_eq!(actual(ONE, "sum(units) / sum(amount)", "units/EUR"), "0.007142857142857143");
}

#[test]
fn a_share_is_of_amounts_or_of_none() {
    // 300 / 700 and 5 / 2.
    assert_eq!(actual(BOTH, "sum(refund) / sum(amount)", "percent"), "0.42857142857142855");
    assert_eq!(actual(BOTH, "1 - sum(refund) / sum(amount)", "ratio"), "0.5714285714285714");
    assert_eq!(actual(ONE, "sum(units) / count(*)", "ratio"), "2.5");
    for value in ["sum(refund) / sum(amount)", "sum(amount) / sum(refund)", "sum(amount) / count(*)"] {
        for (unit, called) in [("percent", "a percentage"), ("ratio", "a ratio")] {
            let said = stopped(ONE, value, unit);
            assert_eq!(said, format!("`m` is {called}, and `{value}` holds amounts against what is none"));
        }
    }
    assert_eq!(
        stopped(ONE, "sum(units) / sum(amount)", "EUR"),
        "`m` is in EUR, and `sum(units) / sum(amount)` divides by amounts"
    );
    assert_eq!(
        stopped(BOTH, "sum(amount) * sum(refund)", "EUR"),
        "`m` is in EUR, and `sum(amount) * sum(refund)` multiplies amounts with each other"
    );
}

#[test]
fn a_column_in_the_currency_of_each_row_is_in_none() {
    for value in ["sum(refund)", "-sum(refund)", "sum(refund) / 2", "avg(refund)", "sum(refund) - sum(units)"] {
        let said = stopped(ONE, value, "EUR");
        assert_eq!(said, "`m` is in EUR, and `refund` is in the currency of each row", "{value}");
    }
    assert!(stopped(ONE, "sum(refund) / count(*)", "EUR/doc").ends_with("`refund` is in the currency of each row"));
    // No number is the rate of several currencies.
    for value in ["sum(refund) * 1", "0.006 * sum(refund)", "sum(refund * 1)", "sum(refund / 100)", "max(refund * 2)"] {
        let said = stopped(ONE, value, "EUR");
        assert_eq!(said, "`m` is in EUR, and `refund` is in the currency of each row", "{value}");
    }
    // Pieces at their prices, and what is not called money.
    assert_eq!(actual(ONE, "count(*) * 25", "EUR"), "50");
    assert_eq!(actual(ONE, "sum(units * refund)", "points"), "150000");
    assert_eq!(actual(ONE, "sum(refund)", "points"), "50000");
    // Where all of a source is in one currency, so is what is not converted.
    let in_yen = |unit: &str| {
        let metric = format!("value = \"-sum(refund)\"\nunit = \"{unit}\"\n");
        let scorecard = scorecard(ONE, &metric).replace("column = \"cur\"", "is = \"JPY\"");
        run(&scorecard, &["show", "m"])
    };
    assert_eq!(in_yen("JPY").exit, 0);
    // A rate of one's own.
    let own =
        scorecard(ONE, "value = \"sum(refund * 0.006)\"\nunit = \"EUR\"\n").replace("column = \"cur\"", "is = \"JPY\"");
    assert_eq!(run(&own, &["show", "m"]).exit, 0);
    assert!(in_yen("EUR").stderr.starts_with("error[mixed-currency]: `m` is in EUR, and `refund` is in JPY\n"));
}

#[test]
fn targets_are_measured_in_the_same_money() {
    let with = |target: &str| {
        let metric = format!("value = \"sum(amount)\"\nunit = \"EUR\"\ntarget = \"{target}\"\n");
        run(&scorecard(ONE, &metric), &["show", "m"])
    };
    assert_eq!(with("sum(amount) * 2").exit, 0);
    assert!(with("sum(refund)").stderr.contains("and `refund` is in the currency of each row"));
    assert!(with("sum(amount) - sum(refund)").stderr.contains("puts amounts together with what is none"));
}

#[test]
fn a_definition_in_another_currency_than_its_inputs_is_told() {
    let check = |definition: &str, unit: &str| {
        let metric = format!(
            "value = \"sum(amount)\"\nunit = \"EUR\"\n[metrics.d]\nbetter = \"higher\"\nvalue = \"{definition}\"\nunit = \"{unit}\"\n\
             [metrics.units]\nsource = \"sales\"\nvalue = \"sum(units)\"\nunit = \"count\"\n\
             [metrics.fx]\nsource = \"sales\"\nvalue = \"avg(units)\"\nunit = \"USD/EUR\"\n"
        );
        let said = run(&scorecard(ONE, &metric), &["check"]).stdout;
        said.lines().filter(|line| line.starts_with("warning[incomparable-unit]")).collect::<Vec<_>>().join("\n")
    };
    let definitions =
        ["m + m", "-m", "m / units", "m * units", "max(m, 0)", "m * 1", "m - 5", "previous(m)", "m * (m / m)"];
    for definition in definitions {
        for unit in ["USD", "USD/unit", "$"] {
            let expected =
                format!("warning[incomparable-unit]: `d` is in {unit}, and its definition comes out in `EUR`");
            assert_eq!(check(definition, unit), expected, "{definition}");
        }
        for unit in ["EUR", "EUR/unit", "points"] {
            assert_eq!(check(definition, unit), "", "{definition} in {unit}");
        }
    }
    for definition in ["m * fx", "m / fx", "units", "units * 25"] {
        assert_eq!(check(definition, "USD"), "", "{definition}");
    }
}

/// Without rates a plain number or a ratio may be one.
#[test]
fn a_definition_may_convert_where_nothing_else_does() {
    let check = |definition: &str| {
        let scorecard = format!(
            "[sources.sales]\npath = \"sales.csv\"\nperiod = \"month\"\nkey = [\"doc\"]\n[metrics]\n\
             m = {{ source = \"sales\", value = \"sum(amount)\", unit = \"EUR\" }}\n\
             fx = {{ source = \"sales\", value = \"avg(units)\", unit = \"ratio\" }}\n\
             d = {{ value = \"{definition}\", unit = \"USD\" }}\n"
        );
        run(&scorecard, &["check"]).stdout.contains("`d` is in USD")
    };
    assert!(!check("m * 1.08") && !check("m / 0.92") && !check("m * fx") && !check("(m + m) * fx"));
    assert!(check("m + m") && check("-m"));
}

#[test]
fn what_is_declared_money_need_not_be_read_but_be_there() {
    let sales = "value = \"sum(amount)\"\nunit = \"EUR\"\n";
    let read = |amounts: &str| run(&scorecard(amounts, sales), &["show", "m", "-O", "json"]);
    let whole = read(BOTH);
    assert_eq!((whole.exit, whole.stderr.as_str()), (0, ""));
    assert_eq!(whole.stdout, read(ONE).stdout);
    let misspelt = read("\"amount\", \"refunt\"");
    assert_eq!((misspelt.exit, misspelt.stdout.as_str()), (2, ""));
    for part in ["[bad-column]: `sales.csv` has no column `refunt`", "scorecard.toml:11:51", "did you mean `refund`?"] {
        assert!(misspelt.stderr.contains(part), "{}", misspelt.stderr);
    }
    // A column that has another name in the file is there under that.
    let columns = "columns = { back = \"refund\" }\n[metrics.m]\n";
    let renamed = scorecard("\"amount\", \"back\"", sales).replace("[metrics.m]\n", columns);
    assert_eq!(run(&renamed, &["show", "m", "-O", "json"]).stdout, whole.stdout);
    // One of two files may lack it.
    let two = scorecard(BOTH, sales).replace("path = \"sales.csv\"", "path = \"sales*.csv\"");
    let later = "doc,month,region,cur,amount\n3,2026-01,north,EUR,5\n";
    let files = [("scorecard.toml", two.as_str()), ("sales.csv", SALES), ("sales-2.csv", later), ("rates.csv", RATES)];
    let folder = folder(&files);
    assert_eq!(goldthread_in(folder.path(), &["-s", "scorecard.toml", "show", "m"]).exit, 0);
}
