//! The JSON Schema held against the program: what the program takes, the schema takes; what it refuses for its form, the
//! schema refuses; and of every other refusal it is said why a schema cannot know.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use boon::{Compiler, ErrorKind, SchemaIndex, Schemas, ValidationError};
use goldthread::scorecard::{load, resolve};
use serde_json::Value;

use crate::session::{compare, folder, goldthread, goldthread_in, root};

/// Codes whose samples are refused for their form.
const STRUCTURAL: [&str; 7] =
    ["ambiguous-target", "bad-period", "bad-setting", "bad-type", "missing-key", "missing-unit", "unknown-key"];

const DATA: &str = "it is about data, which a schema of the scorecard never sees";
const OPTION: &str = "it is about the command line";
const PICTURE: &str = "it is about what a picture can hold";
const NUMBERS: &str = "it compares two values of the scorecard";
const IDS: &str = "it takes to know which ids there are";
const FORMULA: &str = "it is inside a formula, which is a text to a schema";
const FILES: &str = "it takes to look for files";
const LEDGER: &str = "it is about the file of a closed period";
const TOML: &str = "it is no TOML, of which the editor itself tells";

/// What no schema of one file can know, by code or by sample, and why.
const BEYOND: &[(&str, &str)] = &[
    ("ambiguous-date", DATA),
    ("ambiguous-number", DATA),
    ("ambiguous-percent", DATA),
    ("bad-cell", DATA),
    ("bad-column", DATA),
    ("bad-file", FILES),
    ("bad-ledger", LEDGER),
    ("bad-formula", FORMULA),
    ("bad-period-backwards", OPTION),
    ("bad-period-option", OPTION),
    ("bad-period-range-of-two-grains", OPTION),
    ("bad-period-rebase", NUMBERS),
    ("bad-period-same-day", NUMBERS),
    ("bad-period-too-many", OPTION),
    ("bad-row", DATA),
    ("bad-setting-control", NUMBERS),
    ("bad-setting-target", NUMBERS),
    ("bare-column", FORMULA),
    ("cycle", IDS),
    ("duplicate-id", IDS),
    ("duplicate-row", DATA),
    ("held-back", DATA),
    ("input-and-driver", IDS),
    ("missing-glyph", PICTURE),
    ("missing-key-empty-scorecard", "an included file may be empty, and both have one schema"),
    ("missing-key-no-metric", "an included file may hold no metric, and both have one schema"),
    ("missing-key-rates", NUMBERS),
    ("missing-rate", DATA),
    ("missing-threshold", NUMBERS),
    ("mixed-currency", IDS),
    ("mixed-grain", DATA),
    ("nested-aggregate", FORMULA),
    ("no-picture", PICTURE),
    ("no-rows", DATA),
    ("syntax", TOML),
    ("threshold-side", NUMBERS),
    ("too-coarse", DATA),
    ("too-large", DATA),
    ("total-mismatch", DATA),
    ("unknown-id", IDS),
    ("usage", OPTION),
];

/// The schema the program prints, ready to validate.
struct Validator {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Validator {
    fn new() -> Validator {
        let schema = serde_json::from_str(&goldthread(&["schema"]).done()).expect("JSON");
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource("mem:scorecard.json", schema).expect("a resource");
        let index = compiler.compile("mem:scorecard.json", &mut schemas).expect("a schema");
        Validator { schemas, index }
    }

    /// Where a document is not as the schema says, and how; nothing where it is.
    fn problems(&self, document: &Value) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        if let Err(error) = self.schemas.validate(document, self.index) {
            told(&error, &mut found);
        }
        found
    }
}

/// The innermost problems; of alternatives that all fail, that they do, and of a name, whose it is.
fn told(error: &ValidationError<'_, '_>, found: &mut BTreeSet<String>) {
    let is_whole = matches!(error.kind, ErrorKind::AnyOf | ErrorKind::OneOf(_) | ErrorKind::PropertyName { .. });
    if error.causes.is_empty() || is_whole {
        found.insert(format!("{}: {}", error.instance_location, error.kind));
    } else {
        error.causes.iter().for_each(|cause| told(cause, found));
    }
}

/// A TOML document as JSON, as editors hand it to a schema: dates as texts, and no number for what is none.
fn document(text: &str) -> Option<Value> {
    fn json(value: toml::Value) -> Value {
        match value {
            toml::Value::String(text) => text.into(),
            toml::Value::Integer(number) => number.into(),
            toml::Value::Float(number) => number.into(),
            toml::Value::Boolean(truth) => truth.into(),
            toml::Value::Datetime(date) => date.to_string().into(),
            toml::Value::Array(list) => list.into_iter().map(json).collect(),
            toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, json(value))).collect(),
        }
    }
    toml::from_str::<toml::Table>(text.trim_start_matches('\u{feff}')).ok().map(|table| json(table.into()))
}

fn read(path: &Path) -> Option<Value> {
    document(&std::fs::read_to_string(path).ok()?)
}

fn folders(of: &str) -> BTreeMap<String, PathBuf> {
    let entries = std::fs::read_dir(root().join(of)).expect("a folder").map(|entry| entry.expect("an entry").path());
    let named = |path: PathBuf| (path.file_name().expect("a name").to_string_lossy().into_owned(), path);
    entries.filter(|path| path.is_dir()).map(named).collect()
}

/// A scorecard file and all it includes.
fn files_of(scorecard: &Path) -> Vec<PathBuf> {
    load(scorecard).files.paths().map(Path::to_owned).collect()
}

#[test]
fn the_schema_is_as_committed_and_a_schema() {
    let text = goldthread(&["schema"]).done();
    assert_eq!(text, goldthread(&["schema"]).done());
    assert!(text.ends_with("}\n") && !text.contains('\t'));
    compare(&root().join("scorecards/scorecard.schema.json"), &text);
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    let metaschema = compiler.compile("http://json-schema.org/draft-07/schema", &mut schemas).expect("the metaschema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    schemas.validate(&schema, metaschema).unwrap_or_else(|error| panic!("{error}"));
    // That the metaschema refuses something shows that it looks.
    assert!(schemas.validate(&serde_json::json!({ "type": "fancy" }), metaschema).is_err());
}

/// Every key can be explained where it is written: a table without a description, or keys that nobody named, would show
/// an editor's user nothing.
#[test]
fn every_key_is_explained() {
    fn walk(schema: &Value, at: &str, explained: &mut usize) {
        for (key, value) in schema["properties"].as_object().into_iter().flatten() {
            let at = format!("{at}/{key}");
            let is_named = value["$ref"].is_string();
            let text = value["description"].as_str().unwrap_or_default();
            assert!(is_named || text.ends_with('.') || !text.contains(". "), "{at}: {text}");
            assert!(is_named || text.len() > 10, "{at} is not explained: {text}");
            *explained += 1;
            walk(value, &at, explained);
        }
        for inner in ["additionalProperties", "items"] {
            if schema[inner].is_object() {
                walk(&schema[inner], &format!("{at}/*"), explained);
            }
        }
        for (index, one) in schema["anyOf"].as_array().into_iter().flatten().enumerate() {
            walk(one, &format!("{at}/{index}"), explained);
        }
    }
    let schema: Value = serde_json::from_str(&goldthread(&["schema"]).done()).expect("JSON");
    let mut explained = 0;
    walk(&schema, "", &mut explained);
    assert!(explained > 80, "{explained} keys");
    let weights = &schema["properties"]["metrics"]["additionalProperties"]["properties"]["weights"];
    assert_eq!(weights["deprecated"], true);
}

#[test]
fn what_is_shipped_validates_and_says_where_its_schema_lies() {
    let validator = Validator::new();
    let mut seen = 0;
    for main in ["scorecards/subscription.toml", "scorecards/transit.toml", "examples/sample/scorecard.toml"] {
        for path in files_of(&root().join(main)) {
            let found = validator.problems(&read(&path).expect("TOML"));
            assert!(found.is_empty(), "{}: {found:#?}", path.display());
            seen += 1;
            let text = std::fs::read_to_string(&path).expect("a file");
            let Some(schema) = text.lines().next().and_then(|line| line.strip_prefix("#:schema ")) else {
                // Wherever the sample is written, no schema lies beside it.
                assert_eq!(main, "examples/sample/scorecard.toml", "{} names no schema", path.display());
                continue;
            };
            assert!(schema.starts_with('.'), "{schema} is relative");
            let named = path.parent().expect("a folder").join(schema).canonicalize().expect("the schema");
            assert_eq!(named, root().join("scorecards/scorecard.schema.json").canonicalize().expect("the schema"));
        }
    }
    assert_eq!(seen, 4);
}

/// What the program takes, the schema takes: the inputs, the fuzzer's seeds, the samples whose fault lies elsewhere.
#[test]
fn what_resolves_validates() {
    let validator = Validator::new();
    let mut seen = 0;
    let mut check = |name: &str, scorecard: &Path| {
        let loaded = load(scorecard);
        if resolve(&loaded).is_err() {
            return;
        }
        for path in loaded.files.paths() {
            let found = validator.problems(&read(path).expect("TOML"));
            assert!(found.is_empty(), "{name}: {found:#?}");
            seen += 1;
        }
    };
    for (name, path) in folders("tests/inputs").into_iter().chain(folders("tests/errors")) {
        check(&name, &path.join("scorecard.toml"));
    }
    assert!(seen > 350, "{seen} files");
}

#[test]
fn seeds_of_the_fuzzer_that_resolve_validate() {
    let validator = Validator::new();
    let mut seen = 0;
    for entry in std::fs::read_dir(root().join("tests/fuzz/corpus/scorecard")).expect("the corpus") {
        let path = entry.expect("an entry").path();
        if resolve(&load(&path)).is_ok() {
            let found = validator.problems(&read(&path).expect("TOML"));
            assert!(found.is_empty(), "{}: {found:#?}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen} seeds");
}

/// Every sample of a fault is accounted for: refused, with what is said of it in a golden file, or beyond a schema.
#[test]
fn every_sample_is_refused_or_beyond_a_schema() {
    let validator = Validator::new();
    let covers =
        |name: &str, code: &str| name.strip_prefix(code).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    let (mut refused, mut excused) = (String::new(), BTreeSet::new());
    for (name, path) in folders("tests/errors") {
        let mut found = BTreeSet::new();
        for file in files_of(&path.join("scorecard.toml")) {
            let of = file.file_name().expect("a name").to_string_lossy().into_owned();
            let problems = read(&file).map(|document| validator.problems(&document)).unwrap_or_default();
            found.extend(problems.into_iter().map(|problem| format!("  {of} {problem}\n")));
        }
        let reason = BEYOND.iter().filter(|(code, _)| covers(&name, code)).max_by_key(|(code, _)| code.len());
        let is_structural = STRUCTURAL.iter().any(|code| covers(&name, code));
        match reason {
            Some((code, _)) => drop(excused.insert(*code)),
            None => assert!(is_structural, "{name} is neither structural nor excused"),
        }
        assert!(reason.is_some() == found.is_empty() || !is_structural, "{name}: {reason:?}, and found {found:#?}");
        if !found.is_empty() {
            refused.push_str(&format!("{name}\n{}", found.into_iter().collect::<String>()));
        }
    }
    let idle: Vec<_> = BEYOND.iter().filter(|(code, _)| !excused.contains(code)).collect();
    assert!(idle.is_empty(), "excuses for no sample: {idle:?}");
    compare(&root().join("tests/schema/refused.txt"), &refused);
}

/// One change at a time to a scorecard that validates: each is refused, and where it was made.
#[test]
fn each_change_of_form_is_refused_where_it_was_made() {
    let sound = r#"
[scorecard]
grain = "month"
[departments.desk]
name = "Desk"
[sources.calls]
path = "calls.csv"
period = "month"
[goals.happy]
sponsor = "Someone"
[metrics.fcr]
source = "calls"
value = "sum(resolved) / sum(handled)"
unit = "percent"
better = "higher"
target = 0.8
drives = [{ to = "happy", weight = 3 }]
[[check.ignore]]
rule = "constant-series"
because = "known"
"#;
    let validator = Validator::new();
    assert_eq!(validator.problems(&document(sound).expect("TOML")), BTreeSet::new());
    // The validator places a bad name at the root.
    let changes = [
        ("grain = \"month\"", "grain = \"fortnight\"", "/scorecard/grain"),
        ("grain = \"month\"", "currency = \"Euro\"", "/scorecard/currency"),
        ("grain = \"month\"", "fiscal_year = { starts = \"Apr\" }", "/scorecard/fiscal_year/starts"),
        ("grain = \"month\"", "fiscal_year = {}", "/scorecard/fiscal_year"),
        ("[departments.desk]", "[departments.Desk]", ""),
        ("[departments.desk]", "[departments.desk]\nboss = \"x\"", "/departments/desk"),
        ("path = \"calls.csv\"", "", "/sources/calls"),
        ("path = \"calls.csv\"", "path = \" \"", "/sources/calls/path"),
        ("period = \"month\"", "", "/sources/calls"),
        ("period = \"month\"", "period = \"month\"\nlayout = \"wide\"", "/sources/calls/period"),
        ("period = \"month\"", "period = \"month\"\nroster = { a = [], b = [] }", "/sources/calls/roster"),
        ("period = \"month\"", "period = \"month\"\nnumbers = \"1.234.5\"", "/sources/calls/numbers"),
        ("period = \"month\"", "period = \"month\"\nscale = { handled = 0 }", "/sources/calls/scale/handled"),
        ("value = \"sum(resolved) / sum(handled)\"", "", "/metrics/fcr"),
        ("unit = \"percent\"", "", "/metrics/fcr"),
        ("unit = \"percent\"", "unit = \"%\"", "/metrics/fcr/unit"),
        ("better = \"higher\"", "", "/metrics/fcr"),
        ("better = \"higher\"", "better = \"between\"", "/metrics/fcr/target"),
        ("better = \"higher\"", "better = \"higher\"\nsponsor = \"x\"", "/metrics/fcr"),
        ("better = \"higher\"", "better = \"higher\"\nlens = \"customer\"", "/metrics/fcr"),
        ("source = \"calls\"", "where = \"a = 1\"", "/metrics/fcr"),
        ("target = 0.8", "threshold = 0.8", "/metrics/fcr"),
        ("target = 0.8", "stretch = 0.8", "/metrics/fcr"),
        ("target = 0.8", "target = true", "/metrics/fcr/target"),
        ("target = 0.8", "target = {}", "/metrics/fcr/target"),
        ("target = 0.8", "target = \"\"", "/metrics/fcr/target"),
        ("target = 0.8", "target = { low = 1, high = 2 }", "/metrics/fcr/target"),
        ("target = 0.8", "target = { \"2025-13\" = 1 }", "/metrics/fcr/target"),
        ("target = 0.8", "target = { \"2025-1\" = 1 }", "/metrics/fcr/target"),
        ("target = 0.8", "target = { month = 1, \"2025-01\" = 2 }", "/metrics/fcr/target"),
        ("target = 0.8", "target = { month = { quarter = 1 } }", "/metrics/fcr/target"),
        ("weight = 3", "weight = 0", "/metrics/fcr/drives/0"),
        ("weight = 3", "lag = -1", "/metrics/fcr/drives/0"),
        ("weight = 3", "wait = 1", "/metrics/fcr/drives/0"),
        ("to = \"happy\", ", "", "/metrics/fcr/drives/0"),
        ("because = \"known\"", "", "/check/ignore/0"),
        ("because = \"known\"", "because = \"\"", "/check/ignore/0/because"),
        ("rule = \"constant-series\"", "rule = \"no-such-rule\"", "/check/ignore/0/rule"),
        ("[[check.ignore]]", "[check.severity]\nconstant = \"note\"\n[[check.ignore]]", ""),
        (
            "[[check.ignore]]",
            "[check.severity]\nconstant-series = \"off\"\n[[check.ignore]]",
            "/check/severity/constant-series",
        ),
        ("[[check.ignore]]", "[checks]\n[[check.ignore]]", ""),
    ];
    for (from, to, at) in changes {
        assert_eq!(sound.matches(from).count(), 1, "{from}");
        let changed = sound.replace(from, to);
        let found = validator.problems(&document(&changed).expect("TOML"));
        assert!(found.iter().any(|problem| problem.starts_with(&format!("{at}: "))), "{to} at {at}: {found:#?}");
        // The schema is no stricter than the program: it refuses each of them too.
        let folder =
            folder(&[("scorecard.toml", &changed), ("calls.csv", "month,resolved,handled,a\n2026-01,1,2,1\n")]);
        let session = goldthread_in(folder.path(), &["check", "--as-of", "2026-01"]);
        assert_eq!(session.exit, 2, "{to}: {}{}", session.stdout, session.stderr);
    }
}

/// What may be written in more than one way validates in every one.
#[test]
fn every_form_of_a_value_validates() {
    let validator = Validator::new();
    let metric = |better: &str, target: &str| {
        format!(
            "[sources.calls]\npath = \"calls.csv\"\nperiod = \"month\"\n[metrics.fcr]\nsource = \"calls\"\n\
             value = \"sum(a)\"\nunit = \"calls\"\nbetter = \"{better}\"\ntarget = {target}\nthreshold = {target}\n"
        )
    };
    let forms = [
        ("higher", "8"),
        ("higher", "0.8"),
        ("lower", "\"only(planned)\""),
        ("higher", "{ \"2025\" = 1, \"2025-Q2\" = 2, \"2025-W40\" = 3, \"2025-11\" = 4, \"2025-12-24\" = 5 }"),
        ("higher", "{ month = 1, quarter = { \"2025-Q1\" = 3, \"2026-Q1\" = 4 }, year = \"only(planned)\" }"),
        ("between", "{ low = 1, high = 2 }"),
        ("between", "{ \"2025-01\" = { low = 1, high = 2 }, \"2026-01\" = { low = 2, high = 3.5 } }"),
        ("between", "{ month = { low = 1, high = 2 }, year = { \"2025\" = { low = 12, high = 24 } } }"),
    ];
    for (better, target) in forms {
        let text = metric(better, target);
        assert_eq!(validator.problems(&document(&text).expect("TOML")), BTreeSet::new(), "{target}");
        // The program takes each: the oracle of this test.
        let folder = folder(&[("scorecard.toml", &text)]);
        let problems = resolve(&load(&folder.path().join("scorecard.toml"))).err();
        assert!(problems.is_none(), "{target}: {problems:#?}");
    }
    let settings = "[scorecard]\nfiscal_year = { starts = \"APRIL\" }\n[sources.calls]\npath = \"x.csv\"\nlayout = \"wide\"\n\
        delimiter = \"\\t\"\nnumbers = \" 1\u{a0}234,50\"\ndimensions = [\"region\"]\nroster = { region = [] }\n\
        [metrics.a]\nsource = \"calls\"\nvalue = \"sum(value)\"\nunit = \"°C\"\n";
    assert_eq!(validator.problems(&document(settings).expect("TOML")), BTreeSet::new());
    let folder = folder(&[("scorecard.toml", settings)]);
    assert!(resolve(&load(&folder.path().join("scorecard.toml"))).is_ok());
}
