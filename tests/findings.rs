//! The forms of `check`'s findings: a golden file each, and each held to what its readers publish.

mod hostile;
mod program;
mod runner;
mod xsd;

use std::collections::BTreeSet;

use goldthread::diagnostic::{Code, Diagnostic, FileId, Files, Locus, Name, Place, Severity};
use goldthread::lint::{RULES, Strictness, Verdict, find};
use goldthread::observe::{FileFacts, Told};
use goldthread::render::Palette;
use goldthread::render::findings::{Findings, Home, Reading, github, gitlab, human, json, junit, short, summary, told};
use serde_json::Value;

use crate::session::{compare, root};

/// What the forms are made of, owned.
#[derive(Debug)]
struct Case {
    verdict: Verdict,
    files: Files,
    scorecard: String,
    title: String,
    home: Home,
    reading: Reading,
}

impl Case {
    fn findings(&self, strictness: Strictness) -> Findings<'_> {
        Findings {
            verdict: &self.verdict,
            files: &self.files,
            scorecard: &self.scorecard,
            title: Some(&self.title),
            home: &self.home,
            reading: &self.reading,
            strictness,
        }
    }
}

const TEXT: &str = r#"[scorecard]
title = "Café"

[goals.clv]
name = "Où, où?"    # a comment long enough to leave a narrow terminal, so that it is cut at the end of the line
sponsor = []

[[check.ignore]]
rule = "constant-series"
because = "x"

[[check.ignore]]
rule = "constant-series"
because = "y"
"#;

/// The place of the n-th occurrence of a stretch of `TEXT`.
fn place(file: FileId, stretch: &str, nth: usize) -> Place {
    let start = TEXT.match_indices(stretch).nth(nth).expect("it occurs").0;
    Place { file, span: start..start + stretch.len() }
}

fn rule(name: &'static str, severity: Severity, message: &str) -> Diagnostic {
    Diagnostic { severity, ..Diagnostic::error(Name::Rule(name), message) }
}

/// Errors, warnings, a note, one without a place, one in a data file, a fault.
fn broken() -> Case {
    let mut files = Files::default();
    let file = files.add("kpi/scorecard.toml", TEXT);
    let cell = Locus::Data { path: "kpi/data/calls.csv".into(), line: 4, text: "2025-02,n/a,3".into(), span: 8..11 };
    let unused = |nth: usize| {
        rule("unused-silence", Severity::Warning, "nothing is found by `constant-series`")
            .at(&place(file, "\"constant-series\"", nth), "")
            .about("constant-series")
            .help("remove this silence")
    };
    let findings = vec![
        Diagnostic::error(Code::BadCell, "`n/a` is not a number").at_locus(cell, "here").help("leave it blank"),
        rule("goal-without-sponsor", Severity::Error, "the goal `clv` has 0 sponsors: 100 % of it is nobody's")
            .at(&place(file, "sponsor = []", 0), "nobody")
            .at(&place(file, "\"Où, où?\"", 0), "this goal")
            .about("clv")
            .note("a goal that everyone owns is owned by no one")
            .help("name one person"),
        Diagnostic::warning(Code::HeldBack, "the report waits for `calls`"),
        unused(0),
        unused(1),
        rule("unused-silence", Severity::Note, "worth a thought").at(&place(file, TEXT, 0), ""),
    ];
    let named = |name: &str| find(name).expect("a rule");
    let (ran, skipped) = (vec![named("goal-without-sponsor"), named("unused-silence")], vec![named("constant-series")]);
    let calls = FileFacts {
        path: "kpi/data/calls.csv".into(),
        bytes: 1_234,
        encoding: Some(Told::new("UTF-8", false)),
        delimiter: Some(Told::new("semicolon", true)),
        renamed: vec![("handled".into(), "Handled ".into())],
        rows: 1_200,
        kept: 1_000,
        copies: 2,
        ..FileFacts::default()
    };
    Case {
        verdict: Verdict { findings, ran, skipped, idle: Vec::new(), silenced: 2 },
        files,
        scorecard: "kpi/scorecard.toml".into(),
        title: "Café".into(),
        home: Home { folder: "/repository/reports".into(), repository: Some("/repository".into()) },
        reading: Reading { as_of: Some("2026-10".into()), files: vec![calls] },
    }
}

/// JUnit lists every rule there is: a golden of the rules that pass would change with each new one.
fn without_passes(text: &str) -> String {
    let is_pass = |line: &str| line.trim_start().starts_with("<testcase") && line.ends_with("/>");
    let counted = |line: &str| match line.find(" tests=\"") {
        Some(at) => {
            let rest = &line[at + 8..];
            format!("{}{}", &line[..at], &rest[rest.find('"').map_or(0, |end| end + 1)..])
        }
        None => line.to_owned(),
    };
    text.lines().filter(|line| !is_pass(line)).map(|line| counted(line) + "\n").collect()
}

#[test]
fn every_form_is_as_it_was_looked_at() {
    let case = broken();
    let found = case.findings(Strictness::Errors);
    for (name, text) in [
        ("human.txt", human(found, None, Palette::Plain)),
        ("human-colour.txt", human(found, None, Palette::Colour)),
        ("human-60.txt", human(found, Some(60), Palette::Plain)),
        ("short.txt", short(found)),
        ("findings.json", json(found)),
        ("github.txt", github(found)),
        ("gitlab.json", gitlab(found)),
        ("junit.xml", without_passes(&junit(found))),
        ("junit-strict.xml", without_passes(&junit(case.findings(Strictness::Warnings)))),
        ("summary.md", summary(found)),
        ("verbose.txt", told(found).join("\n") + "\n"),
    ] {
        compare(&root().join("tests/golden/findings").join(name), &text);
    }
}

#[test]
fn nothing_found_is_a_valid_document_too() {
    let case = Case {
        verdict: Verdict { ran: RULES.to_vec(), ..Verdict::default() },
        files: Files::default(),
        reading: Reading::default(),
        ..broken()
    };
    let found = case.findings(Strictness::Warnings);
    assert_eq!((human(found, None, Palette::Colour), short(found), github(found)), Default::default());
    assert_eq!(gitlab(found), "[]\n");
    assert_eq!(parsed(&json(found))["findings"], Value::Array(Vec::new()));
    assert_eq!(xsd::junit(&junit(found)), Ok(()));
    assert_eq!(junit(found).matches("<testcase").count(), RULES.len());
    let expected = format!("## Café\n\nAll is well\n\n{} rules looked.\n", RULES.len());
    assert_eq!(summary(found), expected);
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// JSON tells what the findings hold, and where: lines and columns counted by hand in `TEXT`.
#[test]
fn json_tells_everything() {
    let case = broken();
    let value = parsed(&json(case.findings(Strictness::Errors)));
    let found = &value["findings"];
    let stretch = |finding: &Value| {
        ["line", "column", "end_line", "end_column"].map(|key| finding[key].as_u64().map_or(0, |number| number))
    };
    assert_eq!(stretch(&found[1]), [6, 1, 6, 13]);
    assert_eq!(stretch(&found[1]["labels"][1]), [5, 8, 5, 17], "`\"Où, où?\"` has nine characters and eleven bytes");
    assert_eq!(stretch(&found[0]), [4, 0, 4, 0], "of a data file no more than the line");
    assert_eq!(stretch(&found[2]), [0; 4]);
    assert_eq!(found[2]["path"], "kpi/scorecard.toml");
    assert_eq!(stretch(&found[5]), [1, 1, 15, 1]);
    for (finding, told) in case.verdict.findings.iter().zip(found.as_array().expect("an array")) {
        assert_eq!(told["message"], Value::from(finding.message.clone()));
        assert_eq!(told["about"], Value::from(finding.about.clone()));
        assert_eq!(told["help"], Value::from(finding.help.clone()));
        assert_eq!(told["notes"], Value::from(finding.notes.clone()));
    }
    let summary = &value["summary"];
    let counts = ["errors", "warnings", "notes", "accepted", "looked", "could_not_look"].map(|key| &summary[key]);
    assert_eq!(counts, [2, 3, 1, 2, 2, 1].map(Value::from).each_ref());
}

/// What GitLab checks, and what its documentation asks.
fn gitlab_problems(text: &str) -> Vec<String> {
    let read = |schema: &str| serde_json::from_str(schema).expect("a schema");
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    let (one, all) = ("http://schemas/codeclimate.json", "http://schemas/code-quality.json");
    compiler.add_resource(one, read(include_str!("schemas/codeclimate.json"))).expect("a resource");
    compiler.add_resource(all, read(include_str!("schemas/code-quality.json"))).expect("a resource");
    let one = compiler.compile(one, &mut schemas).expect("a schema");
    let all = compiler.compile(all, &mut schemas).expect("a schema");
    let report = parsed(text);
    let mut problems: Vec<String> = schemas.validate(&report, all).err().iter().map(ToString::to_string).collect();
    for finding in report.as_array().into_iter().flatten() {
        problems.extend(schemas.validate(finding, one).err().iter().map(ToString::to_string));
    }
    problems
}

fn fingerprints(text: &str) -> Vec<String> {
    let report = parsed(text);
    let all = report.as_array().expect("an array");
    all.iter().map(|finding| finding["fingerprint"].as_str().expect("a text").to_owned()).collect()
}

#[test]
fn a_gitlab_report_is_what_gitlab_publishes() {
    let case = broken();
    let text = gitlab(case.findings(Strictness::Errors));
    assert_eq!(gitlab_problems(&text), Vec::<String>::new());
    let prints = fingerprints(&text);
    assert_eq!((prints.len(), prints.iter().collect::<BTreeSet<_>>().len()), (6, 6));
    for (broken, whole) in [
        ("\"severity\": \"critical\"", "\"severity\": \"error\""),
        ("\"begin\": 6", "\"begin\": \"6\""),
        ("\"path\": \"reports/", "\"path\": \"./reports/"),
        ("\"check_name\"", "\"check\""),
    ] {
        assert!(text.contains(broken), "{broken}");
        assert!(!gitlab_problems(&text.replacen(broken, whole, 1)).is_empty(), "{whole} is rejected");
    }
}

#[test]
fn a_fingerprint_does_not_know_the_line() {
    let case = broken();
    let mut moved = broken();
    let mut files = Files::default();
    let shift = "# a new line\n# and another\n";
    files.add("kpi/scorecard.toml", format!("{shift}{TEXT}"));
    for label in moved.verdict.findings.iter_mut().flat_map(|finding| &mut finding.labels) {
        match &mut label.locus {
            Locus::Scorecard(place) => place.span = place.span.start + shift.len()..place.span.end + shift.len(),
            Locus::Data { line, .. } => *line += 2,
        }
    }
    moved.files = files;
    let (before, after) = (gitlab(case.findings(Strictness::Errors)), gitlab(moved.findings(Strictness::Errors)));
    assert_eq!(fingerprints(&before), fingerprints(&after));
    assert_ne!(before, after, "the lines did move");
}

#[test]
fn junit_is_what_jenkins_publishes() {
    let case = broken();
    for (strictness, failures, errors) in [(Strictness::Errors, 1, 1), (Strictness::Warnings, 4, 1)] {
        let text = junit(case.findings(strictness));
        assert_eq!(xsd::junit(&text), Ok(()), "{text}");
        assert_eq!(text, junit(case.findings(strictness)));
        let document = roxmltree::Document::parse(&text).expect("XML");
        let count = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
        assert_eq!((count("failure"), count("error"), count("skipped")), (failures, errors, 1));
        let root = document.root_element();
        let told = ["tests", "failures", "errors"].map(|name| root.attribute(name).and_then(|n| n.parse().ok()));
        assert_eq!(told, [count("testcase"), failures, errors].map(Some));
    }
}

/// What the runner reads is what was meant.
#[test]
fn a_workflow_reads_what_was_meant() {
    let case = broken();
    let text = github(case.findings(Strictness::Errors));
    let read: Vec<runner::Command> = text.lines().map(|line| runner::command(line).expect("a command")).collect();
    let names: Vec<&str> = read.iter().map(|command| command.name.as_str()).collect();
    assert_eq!(names, ["error", "error", "warning", "warning", "warning", "notice"]);
    let property = |at: usize, name: &str| read[at].properties.get(name).map(String::as_str);
    let all = |at: usize| ["file", "line", "endLine", "col", "endColumn", "title"].map(|name| property(at, name));
    let kpi = Some("reports/kpi/scorecard.toml");
    assert_eq!(all(0), [Some("reports/kpi/data/calls.csv"), Some("4"), Some("4"), None, None, Some("bad-cell")]);
    assert_eq!(all(1), [kpi, Some("6"), Some("6"), Some("1"), Some("13"), Some("goal-without-sponsor")]);
    assert_eq!(all(2), [kpi, None, None, None, None, Some("held-back")]);
    assert_eq!(all(5), [kpi, Some("1"), Some("15"), None, None, Some("unused-silence")], "columns of one line only");
    let data = "the goal `clv` has 0 sponsors: 100 % of it is nobody's\nnote: a goal that everyone owns is owned by no \
                one\nhelp: name one person";
    assert_eq!(read[1].data, data);
}

/// A step keeps ten annotations of each type.
#[test]
fn no_annotation_is_dropped_in_silence() {
    let mut case = broken();
    let many = |severity, count| (0..count).map(move |n| rule("unused-silence", severity, &format!("finding {n}")));
    case.verdict.findings =
        many(Severity::Error, 25).chain(many(Severity::Warning, 10)).chain(many(Severity::Note, 11)).collect();
    let text = github(case.findings(Strictness::Errors));
    let of = |name: &str| -> Vec<String> {
        let commands = text.lines().map(|line| runner::command(line).expect("a command"));
        commands.filter(|command| command.name == name).map(|command| command.data).collect()
    };
    assert_eq!((of("error").len(), of("warning").len(), of("notice").len()), (10, 10, 10));
    assert_eq!((of("error")[8].as_str(), of("warning")[9].as_str()), ("finding 8", "finding 9"));
    assert!(of("error")[9].starts_with("16 more errors;") && of("notice")[9].starts_with("2 more notes;"), "{text}");
}

/// A page holds 1 MiB; the worst is a character that takes the most bytes once it is escaped.
#[test]
fn a_summary_is_bounded() {
    let mut case = broken();
    let long = "&".repeat(5_000);
    case.scorecard.clone_from(&long);
    case.title.clone_from(&long);
    case.verdict.findings = (0..1_000).map(|_| rule("unused-silence", Severity::Note, &long)).collect();
    case.reading.files =
        vec![FileFacts { path: long.clone(), renamed: vec![(long.clone(), long)], ..FileFacts::default() }; 1_000];
    let text = summary(case.findings(Strictness::Errors));
    assert_eq!(text.matches("\n| note |").count(), 100);
    assert!(text.contains("\nAnd 900 more findings.\n") && text.ends_with("- and 900 more files\n"));
    assert!(text.len() < 900_000, "{}", text.len());
}
