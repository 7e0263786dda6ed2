//! What departments really send: `tests/inputs/CASE`, each a folder with a small scorecard, a file as someone might
//! send it, and what must become of it. `tests/inputs/README.md` says what each case stands for and how it is laid out.
//!
//! Every case is run in a copy of its folder, the usual way and with `--careful`, and must come to the same.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::session::{Session, goldthread_in, root};

fn folder() -> PathBuf {
    root().join("tests/inputs")
}

/// Every case, in name order.
fn cases() -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder()).expect("the cases").map(|entry| entry.expect("a case").path());
    let name = |path: PathBuf| path.file_name().expect("a name").to_str().expect("UTF-8").to_owned();
    entries.filter(|path| path.is_dir()).map(name).collect()
}

/// What must become of a case.
struct Expectation {
    /// Metric, period and actual; none where the run must stop.
    answers: Vec<[String; 3]>,
    /// What standard error must say, each somewhere.
    said: Vec<String>,
    /// Further arguments.
    arguments: Vec<String>,
    /// The name of the list of bad cells, and what must stand in it.
    rejects: Vec<String>,
    /// Whether the run must stop with 2.
    stops: bool,
}

impl Expectation {
    fn read(case: &Path) -> Result<Expectation, String> {
        let lines = |name: &str| -> Vec<String> {
            std::fs::read_to_string(case.join(name))
                .map_or_else(|_| Vec::new(), |text| text.lines().map(str::to_owned).collect())
        };
        let answers = case.join("answers.csv");
        let stops = case.join("error").exists();
        if stops == answers.exists() {
            return Err("has neither or both of `answers.csv` and `error`".to_owned());
        }
        let said = lines(if stops { "error" } else { "warning" });
        let (arguments, rejects) = (lines("args"), lines("rejects"));
        if said.iter().chain(&arguments).chain(&rejects).any(|line| line.trim().is_empty()) || stops && said.is_empty()
        {
            return Err("expects an empty line, which anything holds".to_owned());
        }
        let mut found = Vec::new();
        if !stops {
            let mut reader = csv::Reader::from_path(&answers).map_err(|error| error.to_string())?;
            if reader.headers().is_ok_and(|header| header != ["metric", "period", "actual"].as_slice()) {
                return Err("`answers.csv` begins with another header".to_owned());
            }
            for record in reader.records() {
                let record = record.map_err(|error| error.to_string())?;
                found.push([0, 1, 2].map(|index| record[index].to_owned()));
            }
            if found.is_empty() {
                return Err("has no answer".to_owned());
            }
        }
        Ok(Expectation { answers: found, said, arguments, rejects, stops })
    }

    /// The periods to ask for; the default one where the run must stop.
    fn periods(&self) -> Vec<Option<&str>> {
        let mut periods: Vec<Option<&str>> = Vec::new();
        for [_, period, _] in &self.answers {
            if !periods.contains(&Some(period.as_str())) {
                periods.push(Some(period));
            }
        }
        if periods.is_empty() { vec![None] } else { periods }
    }

    /// Everything about a run that is not as expected.
    fn differences(&self, session: &Session, period: Option<&str>, ran_in: &Path) -> Vec<String> {
        let mut found = Vec::new();
        let exit = if self.stops { 2 } else { 0 };
        if session.exit != exit {
            found.push(format!("ended with {}, not {exit}", session.exit));
        }
        if session.stderr.contains("panicked") {
            found.push("panicked".to_owned());
        }
        found.extend(
            self.said
                .iter()
                .filter(|text| !session.stderr.contains(*text))
                .map(|text| format!("does not say `{text}`")),
        );
        if self.stops && !session.stdout.is_empty() {
            found.push("stopped and wrote to standard output".to_owned());
        }
        if self.said.is_empty() && !session.stderr.is_empty() {
            found.push("is not silent".to_owned());
        }
        if session.exit == 0 {
            let actuals = actuals(&session.stdout);
            for [metric, of, actual] in self.answers.iter().filter(|[_, of, _]| Some(of.as_str()) == period) {
                let read = actuals.get(&(metric.clone(), of.clone()));
                if read != Some(actual) {
                    found.push(format!(
                        "{metric} of {of} is {}, not `{actual}`",
                        read.map_or("not there".to_owned(), |read| format!("`{read}`"))
                    ));
                }
            }
        }
        if let Some((name, expected)) = self.rejects.split_first() {
            let list = std::fs::read_to_string(ran_in.join(name)).unwrap_or_default();
            found.extend(
                expected
                    .iter()
                    .filter(|text| !list.contains(*text))
                    .map(|text| format!("`{name}` does not hold `{text}`:\n{list}")),
            );
        } else if ran_in.join("rejects.csv").exists() {
            found.push("wrote rejects.csv".to_owned());
        }
        found
    }
}

/// The actual of every metric and period, of the whole.
fn actuals(shown: &str) -> BTreeMap<(String, String), String> {
    let mut reader = csv::Reader::from_reader(shown.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let at = |name: &str| header.iter().position(|column| column == name).expect("a column of the report");
    let (level, id, period, actual) = (at("level"), at("id"), at("period"), at("actual"));
    let records = reader.records().map(|record| record.expect("a record of the report"));
    records
        .filter(|record| &record[level] == "total")
        .map(|record| ((record[id].to_owned(), record[period].to_owned()), record[actual].to_owned()))
        .collect()
}

fn copied(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let target = to.join(entry.file_name().expect("a name"));
        if entry.is_dir() {
            std::fs::create_dir(&target).expect("a folder");
            copied(&entry, &target);
        } else {
            std::fs::copy(&entry, &target).expect("a copy");
        }
    }
}

/// Runs a case both ways; what is wrong with it, if anything.
fn check(name: &str) -> Result<(), String> {
    let case = folder().join(name);
    let expectation = Expectation::read(&case)?;
    let mut problems = Vec::new();
    for period in expectation.periods() {
        let mut sessions = Vec::new();
        for way in ["--fast", "--careful"] {
            let copy = tempfile::tempdir().expect("a temporary folder");
            copied(&case, copy.path());
            let mut arguments = vec!["-s", "scorecard.toml", "--color", "never", "show", "-O", "csv"];
            arguments.extend(period.iter().flat_map(|period| ["-p", period]));
            arguments.extend(expectation.arguments.iter().map(String::as_str));
            arguments.push(way);
            let session = goldthread_in(copy.path(), &arguments);
            let differences = expectation.differences(&session, period, copy.path());
            if !differences.is_empty() {
                let period = period.map(|period| format!(", {period}")).unwrap_or_default();
                problems.push(format!("{way}{period}: {}\n{}", differences.join("; "), session.stderr));
            }
            sessions.push(session);
        }
        if sessions[0].stdout != sessions[1].stdout {
            problems.push(format!("the two ways differ:\n{}\n{}", sessions[0].stdout, sessions[1].stdout));
        }
        if sessions[0].stderr != sessions[1].stderr {
            problems
                .push(format!("the two ways say different things:\n{}\n{}", sessions[0].stderr, sessions[1].stderr));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

#[test]
fn every_case_comes_to_what_is_expected_both_ways() {
    let cases: Vec<String> = cases().into_iter().collect();
    assert!(cases.len() >= 60, "{} cases found", cases.len());
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let work = || {
        while let Some(name) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(problem) = check(name) {
                failed.lock().expect("no panic").insert(name, problem);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    let failed = failed.into_inner().expect("no panic");
    let told: String = failed.iter().map(|(name, problem)| format!("== {name}\n{problem}\n")).collect();
    let names: Vec<&str> = failed.keys().map(|name| name.as_str()).collect();
    assert!(failed.is_empty(), "{told}\n{} of {} cases fail: {}", failed.len(), cases.len(), names.join(" "));
}

#[test]
fn every_case_has_an_expectation_and_data() {
    for name in cases() {
        let case = folder().join(&name);
        if let Err(problem) = Expectation::read(&case) {
            panic!("{name} {problem}");
        }
        assert!(case.join("scorecard.toml").exists(), "{name} has no scorecard.toml");
        let known = ["scorecard.toml", "answers.csv", "error", "warning", "args", "rejects"];
        let entries = std::fs::read_dir(&case).expect("the case").map(|entry| entry.expect("an entry").file_name());
        assert!(entries.filter(|file| known.iter().all(|known| file != known)).count() > 0, "{name} has no data");
    }
}

#[test]
fn the_table_lists_every_case_and_no_other() {
    let readme = std::fs::read_to_string(folder().join("README.md")).expect("the README");
    let row = |line: &str| -> Option<(String, String)> {
        let mut cells = line.strip_prefix("| [")?.split('|').map(str::trim);
        let (name, link) = cells.next()?.split_once("](")?;
        assert_eq!(link, format!("{name})"), "the link of {name}");
        let (stands_for, shows) = (cells.next()?.to_owned(), cells.next()?);
        assert!(!stands_for.is_empty() && !shows.is_empty(), "{name} stands for nothing");
        Some((name.to_owned(), stands_for))
    };
    let rows: Vec<(String, String)> = readme.lines().filter_map(row).collect();
    let listed: BTreeSet<String> = rows.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(listed.len(), rows.len(), "a case is listed twice");
    assert_eq!(listed, cases());
    let kinds: BTreeSet<&str> = rows.iter().map(|(_, stands_for)| stands_for.as_str()).collect();
    assert_eq!(kinds.len(), 17, "{kinds:?}");
}

/// An accent that comes after megabytes of plain letters is read like one at the top.
#[test]
fn the_first_accent_may_come_late() {
    let copy = tempfile::tempdir().expect("a temporary folder");
    copied(&folder().join("encoding-windows-1252-found"), copy.path());
    let data = copy.path().join("data.csv");
    let text = std::fs::read(&data).expect("the data");
    let (header, rows) = text.split_at(text.iter().position(|byte| *byte == b'\n').expect("a line") + 1);
    let mut file = std::io::BufWriter::new(std::fs::File::create(&data).expect("the data"));
    file.write_all(header).expect("a header");
    for number in 0..120_000 {
        write!(file, "2024-01,plain region {number},1\r\n").expect("a row");
    }
    file.write_all(rows).expect("the rows");
    drop(file);
    for way in ["--fast", "--careful"] {
        let shown = goldthread_in(copy.path(), &["show", "-O", "csv", "-p", "2024-01", way]).done();
        let actuals = actuals(&shown);
        let of = |metric: &str| actuals[&(metric.to_owned(), "2024-01".to_owned())].as_str();
        assert_eq!((of("amount"), of("zurich"), of("koln")), ("120035", "10", "20"));
    }
}
