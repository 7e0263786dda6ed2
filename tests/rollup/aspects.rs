//! Every key of the scorecard language, and what the ledger makes of it: each changes an aspect of the metrics it touches or
//! a setting of the whole, or nothing that was reported. Whichever it is, another setting is never told as other data.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::session::{folder, goldthread_in, root, run_in};

/// Every key is in it, or can be put into it.
const SCORECARD: &str = r#"
[scorecard]
title = "Desk"
grain = "month"
currency = "EUR"
[journey]
stages = ["join", "use"]
[currencies]
rates = "rates.csv"
[departments.desk]
name = "Desk"
lead = "Ann"
[departments.shop]
[sources.calls]
path = "calls.csv"
period = "month"
dimensions = ["region"]
department = "desk"
[sources.sales]
path = "sales.csv"
period = "month"
currency = { column = "currency", amounts = ["amount"] }
[sources.wide]
path = "wide.csv"
layout = "wide"
[goals.happy]
name = "Happy"
value = "sales / pieces"
unit = "ratio"
better = "higher"
target = 2
sponsor = "Chief"
[metrics.handled]
source = "calls"
value = "sum(handled)"
unit = "count"
better = "lower"
target = 220
owner = "Head"
department = "desk"
stage = "join"
drives = [{ to = "happy", weight = 1, because = "survey" }]
[metrics.solved]
source = "calls"
value = "sum(solved)"
unit = "count"
better = "higher"
target = 150
drives = ["happy"]
[metrics.sales]
source = "sales"
value = "sum(amount)"
unit = "EUR"
[metrics.pieces]
source = "sales"
value = "sum(pieces)"
unit = "count"
[metrics.wide]
source = "wide"
value = "sum(value)"
unit = "count"
"#;

const FILES: [(&str, &str); 4] = [
    (
        "calls.csv",
        "month,region,handled,solved,other\n2026-09,north,120,100,1\n2026-10,north,140,108,1\n2026-10,south,100,60,1\n",
    ),
    ("sales.csv", "month,currency,amount,pieces\n2026-09,USD,50,5\n2026-10,USD,100,10\n2026-10,EUR,30,20\n"),
    ("rates.csv", "period,currency,rate,per\n2026-09,USD,0.9,0.9\n2026-10,USD,0.9,0.9\n"),
    ("wide.csv", "item,2026-09,2026-10\nx,1,2\n"),
];

fn office() -> tempfile::TempDir {
    let mut files = vec![("scorecard.toml", SCORECARD)];
    files.extend(FILES);
    files.push(("calls-2.csv", FILES[0].1));
    files.push(("more.toml", "[departments.more]\nname = \"More\"\n"));
    files.push(("rates-2.csv", FILES[2].1));
    folder(&files)
}

/// A file, a text in it, and what that becomes.
type Edit = (&'static str, &'static str, &'static str);

/// A key; edits after which it says something else; and what is told then: `metric aspect`, `setting`, or `moved metric
/// target`. Nothing, where nothing that is reported depends on it.
type Case = (&'static str, &'static [Edit], &'static [&'static str]);

const TOML: &str = "scorecard.toml";

const CALLS: &str = "department = \"desk\"\n[sources.sales]";
const HANDLED: &str = "drives = [{ to = \"happy\", weight = 1, because = \"survey\" }]";
const SALES: &str = "amounts = [\"amount\"] }";
const RATES: &str = "rates = \"rates.csv\"";
const TABLE: &str = "[journey]\n";

/// By day, with daily data that come to the same.
const GRAIN: &[Edit] = &[
    (TOML, "grain = \"month\"", "grain = \"day\""),
    ("calls.csv", "2026-09", "2026-09-30"),
    ("calls.csv", "2026-10", "2026-10-31"),
    ("sales.csv", "2026-09", "2026-09-30"),
    ("sales.csv", "2026-10", "2026-10-31"),
    ("wide.csv", "2026-09,2026-10", "2026-09-30,2026-10-31"),
];

/// What was promised for the month is promised for each day then, and no day is closed.
const BY_DAY: &[&str] =
    &["grain", "moved handled target", "moved happy target", "moved solved target", "new-period  period"];

const CASES: &[Case] = &[
    ("scorecard.title", &[(TOML, "title = \"Desk\"", "title = \"Shop\"")], &[]),
    ("scorecard.grain", GRAIN, BY_DAY),
    (
        "scorecard.currency",
        &[(TOML, "EUR", "USD"), ("rates.csv", "USD,0.9,0.9", "EUR,1.1,1.1")],
        &["currency", "sales currency", "sales unit"],
    ),
    (
        "scorecard.fiscal_year.starts",
        &[(TOML, "[journey]", "fiscal_year = { starts = \"april\" }\n[journey]")],
        &["fiscal_year"],
    ),
    ("scorecard.include", &[(TOML, "[journey]", "include = [\"more.toml\"]\n[journey]")], &[]),
    ("scoring.tolerance", &[(TOML, TABLE, "[scoring]\ntolerance = 0.2\n[journey]\n")], &["tolerance"]),
    ("scoring.min_coverage", &[(TOML, TABLE, "[scoring]\nmin_coverage = 0.5\n[journey]\n")], &["min_coverage"]),
    ("scoring.on_target", &[(TOML, TABLE, "[scoring]\non_target = 90\n[journey]\n")], &["on_target"]),
    ("scoring.at_risk", &[(TOML, TABLE, "[scoring]\nat_risk = 60\n[journey]\n")], &["at_risk"]),
    ("journey.stages", &[(TOML, "[\"join\", \"use\"]", "[\"use\", \"join\"]")], &[]),
    ("check.most_drivers", &[(TOML, TABLE, "[check]\nmost_drivers = 1\n[journey]\n")], &[]),
    ("check.most_metrics", &[(TOML, TABLE, "[check]\nmost_metrics = 1\n[journey]\n")], &[]),
    ("check.severity", &[(TOML, TABLE, "[check]\nseverity = { constant-series = \"note\" }\n[journey]\n")], &[]),
    (
        "check.ignore",
        &[(TOML, TABLE, "[[check.ignore]]\nrule = \"constant-series\"\nbecause = \"known\"\n[journey]\n")],
        &[],
    ),
    ("currencies.rates", &[(TOML, RATES, "rates = \"rates-2.csv\"")], &["sales rates"]),
    (
        "currencies.period",
        &[(TOML, RATES, "rates = \"rates.csv\"\nperiod = \"month\""), ("rates.csv", "period", "month")],
        &["sales rates"],
    ),
    (
        "currencies.currency",
        &[(TOML, RATES, "rates = \"rates.csv\"\ncurrency = \"code\""), ("rates.csv", "currency", "code")],
        &["sales rates"],
    ),
    ("currencies.rate", &[(TOML, RATES, "rates = \"rates.csv\"\nrate = \"per\"")], &["sales rates"]),
    ("currencies.numbers", &[(TOML, RATES, "rates = \"rates.csv\"\nnumbers = \"1234.5\"")], &["sales rates"]),
    ("currencies.date_order", &[(TOML, RATES, "rates = \"rates.csv\"\ndate_order = \"dmy\"")], &["sales rates"]),
    ("currencies.quarters", &[(TOML, RATES, "rates = \"rates.csv\"\nquarters = \"fiscal\"")], &["sales rates"]),
    ("departments.*.name", &[(TOML, "name = \"Desk\"", "name = \"Service\"")], &[]),
    ("departments.*.lead", &[(TOML, "lead = \"Ann\"", "lead = \"Bob\"")], &[]),
    ("sources.*.path", &[(TOML, "\"calls.csv\"", "\"calls-2.csv\"")], &["handled path", "solved path"]),
    ("sources.*.department", &[(TOML, CALLS, "department = \"shop\"\n[sources.sales]")], &[]),
    (
        "sources.*.period",
        &[(TOML, "period = \"month\"\ndimensions", "period = \"when\"\ndimensions"), ("calls.csv", "month", "when")],
        &["handled period", "solved period"],
    ),
    ("sources.*.dimensions", &[(TOML, "dimensions = [\"region\"]", "dimensions = [\"region\", \"other\"]")], &[]),
    (
        "sources.*.where",
        &[(TOML, CALLS, "where = \"region <> 'lab'\"\n[sources.sales]")],
        &["handled rows of the source", "solved rows of the source"],
    ),
    ("sources.*.required", &[(TOML, CALLS, "required = false\n[sources.sales]")], &[]),
    (
        "sources.*.encoding",
        &[(TOML, CALLS, "encoding = \"utf-8\"\n[sources.sales]")],
        &["handled encoding", "solved encoding"],
    ),
    (
        "sources.*.delimiter",
        &[(TOML, CALLS, "delimiter = \"comma\"\n[sources.sales]")],
        &["handled delimiter", "solved delimiter"],
    ),
    ("sources.*.header", &[(TOML, CALLS, "header = 1\n[sources.sales]")], &["handled header", "solved header"]),
    ("sources.*.comment", &[(TOML, CALLS, "comment = \"#\"\n[sources.sales]")], &["handled comment", "solved comment"]),
    // The one that reads the column, and no other.
    ("sources.*.columns", &[(TOML, CALLS, "columns = { handled = \"other\" }\n[sources.sales]")], &["handled columns"]),
    (
        "sources.*.numbers",
        &[(TOML, CALLS, "numbers = \"1234.5\"\n[sources.sales]")],
        &["handled numbers", "solved numbers"],
    ),
    ("sources.*.scale", &[(TOML, CALLS, "scale = { solved = 1000 }\n[sources.sales]")], &["solved scale"]),
    (
        "sources.*.currency",
        &[(TOML, CALLS, "currency = \"USD\"\n[sources.sales]")],
        &["handled currency", "solved currency"],
    ),
    (
        "sources.*.currency.column",
        &[(TOML, SALES, "amounts = [\"amount\", \"pieces\"] }")],
        &["pieces currency", "pieces rates", "sales currency"],
    ),
    (
        "sources.*.currency.amounts",
        &[(TOML, SALES, "amounts = [\"amount\", \"pieces\"] }")],
        &["pieces currency", "pieces rates", "sales currency"],
    ),
    (
        "sources.*.currency.is",
        &[(TOML, "currency = { column = \"currency\",", "key = [\"currency\"]\ncurrency = { is = \"USD\",")],
        &["sales currency"],
    ),
    (
        "sources.*.missing",
        &[(TOML, CALLS, "missing = [\"100\"]\n[sources.sales]")],
        &["handled missing", "solved missing"],
    ),
    (
        "sources.*.date_order",
        &[(TOML, CALLS, "date_order = \"dmy\"\n[sources.sales]")],
        &["handled date_order", "solved date_order"],
    ),
    ("sources.*.grain", &[(TOML, CALLS, "grain = \"month\"\n[sources.sales]")], &["handled grain", "solved grain"]),
    (
        "sources.*.quarters",
        &[(TOML, CALLS, "quarters = \"calendar\"\n[sources.sales]")],
        &["handled quarters", "solved quarters"],
    ),
    (
        "sources.*.layout",
        &[
            (TOML, "layout = \"wide\"", "period = \"month\""),
            ("wide.csv", "item,2026-09,2026-10\nx,1,2\n", "month,value\n2026-09,1\n2026-10,2\n"),
        ],
        &["wide layout", "wide period"],
    ),
    ("sources.*.totals", &[(TOML, CALLS, "totals = [\"lab\"]\n[sources.sales]")], &["handled totals", "solved totals"]),
    ("sources.*.key", &[(TOML, "layout = \"wide\"", "layout = \"wide\"\nkey = [\"item\"]")], &["wide duplicates"]),
    (
        "sources.*.duplicates",
        &[(TOML, CALLS, "duplicates = \"sum\"\n[sources.sales]")],
        &["handled duplicates", "solved duplicates"],
    ),
    ("sources.*.sheet", &[(TOML, CALLS, "sheet = \"Calls\"\n[sources.sales]")], &["handled sheet", "solved sheet"]),
    (
        "sources.*.roster",
        &[(TOML, CALLS, "roster = { region = [\"north\", \"south\", \"west\"] }\n[sources.sales]")],
        // Somebody on it is late.
        &["handled caveat", "handled roster", "solved caveat", "solved roster"],
    ),
    ("sources.*.control", &[(TOML, CALLS, "control = { column = \"handled\", equals = 1 }\n[sources.sales]")], &[]),
    (
        "sources.*.control.column",
        &[(TOML, CALLS, "control = { column = \"handled\", equals = 1 }\n[sources.sales]")],
        &[],
    ),
    (
        "sources.*.control.equals",
        &[(TOML, CALLS, "control = { column = \"handled\", equals = 1 }\n[sources.sales]")],
        &[],
    ),
    ("metrics.*.name", &[(TOML, "owner = \"Head\"", "owner = \"Head\"\nname = \"Calls\"")], &[]),
    (
        "metrics.*.source",
        &[(
            TOML,
            "[metrics.pieces]\nsource = \"sales\"\nvalue = \"sum(pieces)\"",
            "[metrics.pieces]\nsource = \"calls\"\nvalue = \"sum(other)\"",
        )],
        &["pieces dimensions", "pieces path", "pieces source", "pieces value"],
    ),
    ("metrics.*.value", &[(TOML, "\"sum(handled)\"", "\"sum(handled) - sum(other)\"")], &["handled value"]),
    ("metrics.*.where", &[(TOML, HANDLED, "where = \"other = 1\"")], &["handled where", "happy weights"]),
    ("metrics.*.unit", &[(TOML, "unit = \"ratio\"", "unit = \"score\"")], &["happy unit"]),
    (
        "metrics.*.decimals",
        &[(TOML, HANDLED, "decimals = 2\ndrives = [{ to = \"happy\", weight = 1, because = \"survey\" }]")],
        &[],
    ),
    ("metrics.*.better", &[(TOML, "better = \"lower\"", "better = \"higher\"")], &["handled better"]),
    ("metrics.*.target", &[(TOML, "target = 220", "target = 230")], &["moved handled target"]),
    ("metrics.*.threshold", &[(TOML, "target = 150", "target = 150\nthreshold = 140")], &["moved solved threshold"]),
    ("metrics.*.critical", &[(TOML, "owner = \"Head\"", "owner = \"Head\"\ncritical = true")], &["handled critical"]),
    ("metrics.*.stretch", &[(TOML, "owner = \"Head\"", "owner = \"Head\"\nstretch = 200")], &[]),
    ("metrics.*.benchmark", &[(TOML, "owner = \"Head\"", "owner = \"Head\"\nbenchmark = 100")], &[]),
    ("metrics.*.owner", &[(TOML, "owner = \"Head\"", "owner = \"Bob\"")], &[]),
    (
        "metrics.*.department",
        &[(TOML, "owner = \"Head\"\ndepartment = \"desk\"", "owner = \"Head\"\ndepartment = \"shop\"")],
        &[],
    ),
    ("metrics.*.stage", &[(TOML, "stage = \"join\"", "stage = \"use\"")], &[]),
    (
        "metrics.*.rebase.at",
        &[(TOML, "owner = \"Head\"", "owner = \"Head\"\nrebase = [{ at = \"2026-10\", because = \"new\" }]")],
        &[],
    ),
    (
        "metrics.*.rebase.because",
        &[(TOML, "owner = \"Head\"", "owner = \"Head\"\nrebase = [{ at = \"2026-10\", because = \"new\" }]")],
        &[],
    ),
    ("metrics.*.drives", &[(TOML, "drives = [\"happy\"]", "")], &["happy weights"]),
    (
        "metrics.*.drives.to",
        &[(TOML, "drives = [\"happy\"]", "drives = [\"sales\"]")],
        &["happy weights", "sales weights"],
    ),
    ("metrics.*.drives.weight", &[(TOML, "weight = 1", "weight = 3")], &["happy weights"]),
    ("metrics.*.drives.lag", &[(TOML, "weight = 1", "lag = 1")], &["happy weights"]),
    ("metrics.*.drives.because", &[(TOML, "survey", "interviews")], &[]),
    (
        "metrics.*.rollup",
        &[(TOML, "sponsor = \"Chief\"", "sponsor = \"Chief\"\nrollup = \"weakest\"")],
        &["happy rollup"],
    ),
    (
        "metrics.*.input_weights",
        &[(TOML, "sponsor = \"Chief\"", "sponsor = \"Chief\"\ninput_weights = { pieces = 2 }")],
        &["happy weights"],
    ),
    (
        "metrics.*.weights",
        &[(TOML, "sponsor = \"Chief\"", "sponsor = \"Chief\"\nweights = { pieces = 2 }")],
        &["happy weights"],
    ),
    ("metrics.*.sponsor", &[(TOML, "sponsor = \"Chief\"", "sponsor = \"Ann\"")], &[]),
    ("metrics.*.lens", &[(TOML, "sponsor = \"Chief\"", "sponsor = \"Chief\"\nlens = \"customer\"")], &[]),
];

/// Keys whose own keys say how they are written, and nothing else.
const WRITTEN: [&str; 5] =
    ["check.severity", "check.ignore", "metrics.*.target", "metrics.*.threshold", "metrics.*.stretch"];

/// What the ledger told of a case, `restated` included.
fn told(folder: &Path) -> Result<BTreeSet<String>, String> {
    let session = run_in(folder, &["diff", "-O", "json"]);
    if session.exit != 0 {
        return Err(session.stderr);
    }
    let json: Value = serde_json::from_str(&session.stdout).expect("JSON");
    let text = |change: &Value, key: &str| change[key].as_str().unwrap_or_default().to_owned();
    let line = |change: &Value| {
        let (kind, id, what) = (text(change, "kind"), text(change, "id"), text(change, "what"));
        // A number of a metric that is told to be another one follows.
        let is_number = ["actual", "numerator", "denominator", "target", "threshold"].contains(&&what[..]);
        match &kind[..] {
            "changed-definition" if is_number => None,
            "rescored" => None,
            "changed-definition" => Some(format!("{id} {what}").trim().to_owned()),
            "moved-target" => Some(format!("moved {id} {what}")),
            _ => Some(format!("{kind} {id} {what}")),
        }
    };
    Ok(json["changes"].as_array().expect("changes").iter().filter_map(line).collect())
}

#[test]
fn every_key_that_changes_a_number_is_told_and_no_other() {
    let office = office();
    goldthread_in(office.path(), &["close", "-p", "2026-10"]).done();
    let originals: BTreeMap<&str, &str> = FILES.into_iter().chain([(TOML, SCORECARD)]).collect();
    assert_eq!(told(office.path()), Ok(BTreeSet::new()));
    let mut wrong = Vec::new();
    for (key, edits, wanted) in CASES {
        for (file, old, new) in *edits {
            let path = office.path().join(file);
            let text = std::fs::read_to_string(&path).expect("a file");
            assert!(text.contains(old), "{key}: {file} lacks {old}");
            std::fs::write(path, text.replace(old, new)).expect("it is written");
        }
        let wanted: BTreeSet<String> = wanted.iter().map(|text| (*text).to_owned()).collect();
        let found = told(office.path());
        if found.as_ref() != Ok(&wanted) {
            wrong.push(format!("{key}: {found:?}, and not {wanted:?}"));
        }
        for (file, text) in &originals {
            std::fs::write(office.path().join(file), text).expect("it is written");
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "{}", wrong.join("\n"));
}

/// Whoever adds a key says here what the ledger makes of it.
#[test]
fn every_key_of_the_language_is_classified() {
    let text = std::fs::read_to_string(root().join("scorecards/scorecard.schema.json")).expect("a schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let mut keys = BTreeSet::new();
    walk(&schema, "", &mut keys);
    assert!(keys.len() > 70, "the schema is read: {}", keys.len());
    let classified: BTreeSet<&str> = CASES.iter().map(|(key, ..)| *key).collect();
    let is_within =
        |key: &str| WRITTEN.iter().any(|whole| key.strip_prefix(whole).is_some_and(|rest| rest.starts_with('.')));
    // A table of tables has no value of its own.
    let is_table =
        |key: &str| keys.iter().any(|other| other.strip_prefix(key).is_some_and(|rest| rest.starts_with('.')));
    let open: Vec<&String> =
        keys.iter().filter(|key| !classified.contains(&key[..]) && !is_within(key) && !is_table(key)).collect();
    assert_eq!(open, Vec::<&String>::new(), "say what the ledger makes of these");
    let gone: Vec<&&str> = classified.iter().filter(|key| !keys.contains(**key)).collect();
    assert_eq!(gone, Vec::<&&str>::new(), "these are keys no more");
}

/// The paths of all keys below a part of the schema; those a goal shares with a metric as a metric's.
fn walk(part: &Value, path: &str, keys: &mut BTreeSet<String>) {
    match part {
        Value::Array(parts) => parts.iter().for_each(|part| walk(part, path, keys)),
        Value::Object(parts) => {
            for (name, below) in parts {
                match (&name[..], below) {
                    ("properties", Value::Object(properties)) => {
                        for (key, below) in properties {
                            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                            let path = path.replacen("goals", "metrics", 1);
                            walk(below, &path, keys);
                            keys.insert(path);
                        }
                    }
                    ("additionalProperties" | "patternProperties", _) => walk(below, &format!("{path}.*"), keys),
                    ("items" | "anyOf" | "oneOf" | "allOf" | "then" | "else", _) => walk(below, path, keys),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}
