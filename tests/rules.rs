//! Every rule of `check` held to its own documentation: its example fires it and only it, its remedy fires nothing.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use goldthread::diagnostic::{Code, Severity};
use goldthread::lint::{Example, Group, RULES, Rule};

use crate::session::{Session, compare, folder, goldthread_in, root};

/// The sample scorecard with the tables and files of an example in place of its own, in a folder of a folder: an example
/// may lead out of it.
pub(crate) fn changed(example: &Example) -> (tempfile::TempDir, PathBuf) {
    let sample = root().join("examples/sample");
    let read = |path: &Path| std::fs::read_to_string(path).expect("a file of the sample");
    let base = read(&sample.join("scorecard.toml"));
    let outer = folder(&[("kestrel/scorecard.toml", &overlaid(&base, example.tables))]);
    let folder = outer.path().join("kestrel");
    if let Some(earlier) = example.earlier {
        std::fs::write(folder.join("earlier.toml"), overlaid(&base, earlier)).expect("a file");
    }
    // The sample lies in a repository: some rules ask.
    std::fs::create_dir(folder.join(".git")).expect("a folder");
    std::fs::create_dir(folder.join("data")).expect("a folder");
    for entry in std::fs::read_dir(sample.join("data")).expect("the sample's data") {
        let path = entry.expect("an entry").path();
        std::fs::copy(&path, folder.join("data").join(path.file_name().expect("a name"))).expect("a copy");
    }
    for (path, text) in example.files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    (outer, folder)
}

/// A scorecard's text without the tables that `tables` has, and then those. The rest keeps its lines.
fn overlaid(base: &str, tables: &str) -> String {
    let is_header = |line: &str| line.starts_with('[');
    let name = |line: &str| line.split('#').next().unwrap_or_default().trim().to_owned();
    let replaced: BTreeSet<String> = tables.lines().filter(|line| is_header(line)).map(name).collect();
    let (mut out, mut is_kept) = (String::new(), true);
    for line in base.lines() {
        if is_header(line) {
            is_kept = !replaced.contains(&name(line));
        }
        if is_kept {
            let _ = writeln!(out, "{line}");
        }
    }
    out + tables
}

fn check(example: &Example, format: &str) -> Session {
    let (_outer, folder) = changed(example);
    let mut arguments = vec!["check", "-O", format];
    if example.earlier.is_some() {
        arguments.extend(["--against", "earlier.toml"]);
    }
    goldthread_in(&folder, &arguments)
}

#[test]
fn the_sample_is_clean() {
    let session = check(&Example { tables: "", files: &[], earlier: None }, "human");
    assert_eq!((session.exit, session.stdout.as_str(), session.stderr.as_str()), (0, "", ""));
}

/// What is found there is mended or accepted, with a reason.
#[test]
fn the_shipped_scorecards_are_clean() {
    for scorecard in ["scorecards/subscription.toml", "scorecards/transit.toml"] {
        let session = goldthread_in(&root(), &["-s", scorecard, "check", "--strict"]);
        assert_eq!((session.exit, session.stdout.as_str(), session.stderr.as_str()), (0, "", ""), "{scorecard}");
    }
}

/// What is found, in full, is in `tests/rules/NAME.txt`.
#[test]
fn every_example_fires_its_rule_and_no_other() {
    let mut failed = Vec::new();
    for rule in RULES {
        let session = check(&rule.example, "human");
        let found: BTreeSet<&str> = session
            .stdout
            .lines()
            .filter_map(|line| line.split_once('[').filter(|(word, _)| ["error", "warning", "note"].contains(word)))
            .filter_map(|(_, rest)| rest.split_once(']').map(|(name, _)| name))
            .collect();
        let exit = if rule.severity == Severity::Error { 1 } else { 0 };
        if found != BTreeSet::from([rule.name]) || session.exit != exit {
            failed.push(format!("{}: exit {}\n{}{}", rule.name, session.exit, session.stdout, session.stderr));
            continue;
        }
        compare(&root().join(format!("tests/rules/{}.txt", rule.name)), &session.stdout);
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn no_remedy_fires_anything() {
    for rule in RULES {
        let session = check(&rule.instead, "human");
        assert_eq!(
            (session.exit, session.stdout.as_str(), session.stderr.as_str()),
            (0, "", ""),
            "the remedy of {}",
            rule.name
        );
    }
}

#[test]
fn every_rule_is_documented() {
    let mut listed = String::new();
    for rule in RULES {
        let Rule { name, group, severity, summary, what, why, example, instead, .. } = rule;
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{name}");
        assert!(!summary.ends_with('.') && !summary.starts_with(char::is_uppercase), "{name}: {summary}");
        for text in [what, why] {
            assert!(text.len() > 40 && text.ends_with('.') && text.starts_with(char::is_uppercase), "{name}: {text}");
        }
        assert!(example.tables != instead.tables || example.files != instead.files, "{name}: no remedy");
        let told = goldthread_in(&root(), &["check", "--explain", name]).done();
        for heading in ["## What it does", "## Why it matters", "## Example", "## Use instead"] {
            assert!(told.contains(heading), "{told}");
        }
        let _ = writeln!(listed, "{name} {} {}", severity.word(), group.word());
    }
    compare(&root().join("tests/rules/names"), &listed);
}

#[test]
fn names_are_unique_and_sorted() {
    let names: Vec<(Group, &str)> = RULES.iter().map(|rule| (rule.group, rule.name)).collect();
    assert!(names.is_sorted(), "by group, then by name: {names:?}");
    let unique: BTreeSet<&str> =
        RULES.iter().map(|rule| rule.name).chain(Code::ALL.iter().map(|code| code.name())).collect();
    assert_eq!(unique.len(), RULES.len() + Code::ALL.len());
}
