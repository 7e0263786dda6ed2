//! A runnable sample for every diagnostic: `tests/errors/CODE` or `tests/errors/CODE-VARIANT`, each a
//! folder with a broken scorecard or broken data, and `expected.txt`, what the program says to it.
//!
//! Beside a sample may stand `args` (the arguments, one a line; else `show`) and `exit` (the exit code;
//! else 2). `UPDATE=1 cargo test errors::` rewrites what is expected.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use goldthread::diagnostic::Code;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors")
}

fn updating() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// Every sample by name, with the code it is for: the longest whose name it begins with.
fn samples() -> BTreeMap<String, Code> {
    let entries = std::fs::read_dir(root()).expect("the samples").map(|entry| entry.expect("a sample").path());
    let name = |path: PathBuf| path.file_name().expect("a name").to_str().expect("UTF-8").to_owned();
    let code = |name: &str| {
        let begun =
            |code: &&Code| name.strip_prefix(code.name()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        *Code::ALL
            .iter()
            .filter(begun)
            .max_by_key(|code| code.name().len())
            .unwrap_or_else(|| panic!("{name} begins with no code"))
    };
    entries.filter(|path| path.is_dir()).map(name).map(|name| (name.clone(), code(&name))).collect()
}

/// What is wrong with a sample, if anything.
fn check(folder: &Path, code: Code) -> Result<(), String> {
    let optional = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let arguments = optional("args").unwrap_or_else(|| "show".to_owned());
    let exit: i32 = optional("exit").map_or(Ok(2), |text| text.trim().parse()).map_err(|_| "`exit` is not a number")?;
    let output = Command::new(env!("CARGO_BIN_EXE_goldthread"))
        .current_dir(folder)
        .args(["-s", "scorecard.toml", "--color", "never"])
        .args(arguments.lines())
        .output()
        .map_err(|error| error.to_string())?;
    let said = String::from_utf8(output.stderr).map_err(|_| "stderr is not UTF-8")?;
    if output.status.code() != Some(exit) {
        return Err(format!("ended with {:?}, not {exit}\n{said}", output.status.code()));
    }
    if exit == 2 && !output.stdout.is_empty() {
        return Err("wrote to stdout and failed".to_owned());
    }
    if !said.contains(&format!("[{}]", code.name())) {
        return Err(format!("does not say [{}]\n{said}", code.name()));
    }
    if let Some(problem) = said.lines().find_map(|line| misworded(line, folder)) {
        return Err(problem);
    }
    if updating() {
        return std::fs::write(folder.join("expected.txt"), said).map_err(|error| error.to_string());
    }
    let expected = optional("expected.txt").ok_or("has no expected.txt")?;
    if said == expected { Ok(()) } else { Err(format!("--- expected\n{expected}\n+++ said\n{said}")) }
}

/// What no line of any message may be.
fn misworded(line: &str, folder: &Path) -> Option<String> {
    if line.contains(&*folder.to_string_lossy()) {
        return Some(format!("an absolute path: {line}"));
    }
    let message = ["error[", "warning["].iter().find_map(|level| line.strip_prefix(level))?;
    let (_, message) = message.split_once("]: ")?;
    let first = message.chars().next()?;
    let bad = first.is_uppercase()
        || message.ends_with('.')
        || message.contains("invalid type")
        || message.contains("struct ");
    bad.then(|| format!("not worded as messages are: {line}"))
}

#[test]
fn every_sample_says_what_is_expected() {
    let failed: Vec<String> = samples()
        .into_iter()
        .filter_map(|(name, code)| check(&root().join(&name), code).err().map(|problem| format!("{name}: {problem}")))
        .collect();
    assert!(
        failed.is_empty(),
        "{} samples differ; `UPDATE=1 cargo test errors::` rewrites them\n\n{}",
        failed.len(),
        failed.join("\n")
    );
}

#[test]
fn every_code_has_a_sample() {
    let sampled: BTreeSet<Code> = samples().into_values().collect();
    let missing: Vec<&str> = Code::ALL.iter().filter(|code| !sampled.contains(code)).map(|code| code.name()).collect();
    assert!(missing.is_empty(), "no sample for {missing:?}");
}

#[test]
fn no_expected_text_is_empty() {
    if updating() {
        return;
    }
    for name in samples().into_keys() {
        let expected = std::fs::read_to_string(root().join(&name).join("expected.txt")).unwrap_or_default();
        assert!(!expected.trim().is_empty(), "{name}");
    }
}

#[test]
fn code_names_are_sorted_unique_and_kebab_case() {
    let names: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    for name in names {
        let kebab = name.split('-').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()));
        assert!(kebab, "{name}");
    }
}

/// Scripts match on the names, so a change of the list is a change of the program's interface.
#[test]
fn the_list_of_codes_is_as_published() {
    let list: String = Code::ALL.iter().map(|code| format!("{}\t{}\n", code.name(), code.meaning())).collect();
    let path = root().join("codes.txt");
    if updating() {
        std::fs::write(&path, &list).expect("codes.txt");
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), list);
}
