//! Keeps the direction of dependencies and the one home of each library, by reading the sources.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The modules of the crate docs' table, in the order in which they may use each other.
const ORDER: [&str; 23] = [
    "in_order",
    "number",
    "period",
    "unit",
    "prose",
    "diagnostic",
    "stats",
    "formula",
    "graph",
    "metric",
    "status",
    "scorecard",
    "plan",
    "observe",
    "evaluate",
    "ledger",
    "lint",
    "draft",
    "select",
    "view",
    "render",
    "cli",
    "run",
];

/// A library, and the files (by beginning of their path) that may name it.
const HOMES: [(&str, &[&str]); 24] = [
    ("polars", &["observe/scan.rs"]),
    ("calamine", &["observe/workbook.rs"]),
    ("parquet", &["observe/columnar.rs", "render/rollup/columnar.rs"]),
    ("encoding_rs", &["observe/decode.rs"]),
    ("chardetng", &["observe/decode.rs"]),
    ("flate2", &["observe/decode.rs"]),
    ("comfy_table", &["render/text/table.rs"]),
    ("annotate_snippets", &["render/diagnostics.rs"]),
    ("toml", &["scorecard/"]),
    // Beside the document and its tables, where the words of the language are declared.
    ("schemars", &["scorecard/", "metric.rs", "metric/source.rs", "period.rs", "period/written.rs", "diagnostic.rs"]),
    ("clap", &["cli.rs", "cli/", "main.rs"]),
    ("clap_complete", &["cli.rs", "cli/"]),
    ("clap_mangen", &["cli/man.rs"]),
    ("sqlparser", &["formula/parse"]),
    (
        "serde_json",
        &[
            "render/json.rs",
            "render/diff/json.rs",
            "render/rollup/manifest.rs",
            "render/findings/json.rs",
            "render/findings/gitlab.rs",
        ],
    ),
    ("quick_junit", &["render/findings/junit.rs"]),
    ("plotters", &["render/chart/svg.rs", "render/chart/axis.rs"]),
    ("resvg", &["render/chart/raster.rs", "render/chart/letters.rs"]),
    ("png", &["render/chart/raster.rs"]),
    ("ttf_parser", &["render/chart/letters.rs"]),
    ("sha2", &["run/"]),
    ("rust_xlsxwriter", &["render/rollup/xlsx.rs"]),
    ("rustc_hash", &["evaluate/memo.rs"]),
    ("anstream", &["main.rs"]),
];

fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a source folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                walk(&entry, found);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                found.push(entry);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    paths.sort();
    let named = |path: &PathBuf| path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
    paths.iter().map(|path| (named(path), std::fs::read_to_string(path).expect("a source file"))).collect()
}

/// Lines of code: no comments, nothing from the test module on.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().take_while(|line| *line != "#[cfg(test)]").filter(|line| !line.trim_start().starts_with("//"))
}

/// Whether `word` stands alone before `::` or `.` in a line.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(&format!("{word}::"))
        .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

#[test]
fn dependencies_point_one_way() {
    let mut seen = 0;
    for (path, text) in sources() {
        let module = path.split(['/', '.']).next().expect("a module");
        let Some(own) = ORDER.iter().position(|name| *name == module) else { continue };
        for line in code(&text) {
            for (at, _) in line.match_indices("crate::") {
                let used = line[at + 7..].split(|c: char| !c.is_alphanumeric() && c != '_').next().expect("a name");
                let Some(other) = ORDER.iter().position(|name| *name == used) else {
                    panic!("{path} uses crate::{used}, which is in no order")
                };
                assert!(other <= own, "{path} uses `{used}`, which comes after `{module}`:\n{line}");
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "the test reads the sources: {seen} uses seen");
}

#[test]
fn every_library_has_one_home() {
    for (library, homes) in HOMES {
        let users: BTreeSet<String> = sources()
            .into_iter()
            .filter(|(_, text)| code(text).any(|line| names(line, library)))
            .map(|(path, _)| path)
            .collect();
        assert!(!users.is_empty(), "nothing uses {library}");
        for user in users {
            assert!(homes.iter().any(|home| user.starts_with(home)), "{user} names {library}, whose home is {homes:?}");
        }
    }
}

#[test]
fn only_main_prints_and_ends() {
    for (path, text) in sources().into_iter().filter(|(path, _)| path != "main.rs") {
        for word in
            ["println!", "eprintln!", "print!(", "process::exit", "stdout()", "stderr()", "SystemTime", "Instant::now"]
        {
            assert!(!code(&text).any(|line| line.contains(word)), "{path} has {word}");
        }
    }
}

#[test]
fn every_file_says_what_it_owns_and_fits_a_reader() {
    for (path, text) in sources() {
        assert!(text.starts_with("//! "), "{path} does not open with //!");
        assert!(
            text.lines().count() <= 500,
            "{path} has {} lines: is there a name for its other half?",
            text.lines().count()
        );
    }
}

#[test]
fn the_crate_docs_name_every_module() {
    let docs = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("lib.rs");
    let rows: Vec<&str> = docs.lines().filter_map(|line| line.strip_prefix("//! | [`")?.split('`').next()).collect();
    assert_eq!(rows, ORDER);
}
