//! What a check is about and what it leaves alone: the as-of, silences, severities, files that are not its own.

use std::path::Path;

use goldthread::lint::Example;

use crate::bounds::found;
use crate::rules::changed;
use crate::session::{Session, goldthread_in};

fn sample(tables: &'static str) -> (tempfile::TempDir, std::path::PathBuf) {
    changed(&Example { tables, files: &[], earlier: None })
}

fn check(folder: &Path, arguments: &[&str]) -> Session {
    goldthread_in(folder, &[&["check"], arguments].concat())
}

fn silent(session: &Session) {
    assert_eq!((session.exit, session.stdout.as_str(), session.stderr.as_str()), (0, "", ""));
}

/// Takes the rows of a month out of a file of the sample.
fn without(folder: &Path, file: &str, month: &str) {
    let path = folder.join("data").join(file);
    let text = std::fs::read_to_string(&path).expect("a file of the sample");
    let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with(month)).collect();
    assert_eq!(kept.len() + 2, text.lines().count(), "a row of each region");
    std::fs::write(path, kept.join("\n") + "\n").expect("a file");
}

#[test]
fn nothing_after_the_as_of_is_looked_at() {
    let (_outer, folder) = sample("");
    without(&folder, "network.csv", "2026-05");
    assert_eq!(found(&check(&folder, &[]), "missing-periods"), ["`network` has no row in 2026-05"]);
    silent(&check(&folder, &["--as-of", "2026-03"]));
    // What stopped is told by what went on until then.
    const MAY_LACK: &str = "[sources.network]\npath = \"data/network.csv\"\ndepartment = \"network\"\n\
        period = \"month\"\ndimensions = [\"region\"]\nrequired = false\n";
    let (_outer, folder) = sample(MAY_LACK);
    for month in ["2026-07", "2026-08", "2026-09", "2026-10"] {
        without(&folder, "network.csv", month);
    }
    let stale = found(&check(&folder, &["--as-of", "2026-08"]), "stale-data");
    assert_eq!(stale, ["`network` ends 2026-06, while other sources go on to 2026-08"]);
    assert_eq!(found(&check(&folder, &["--as-of", "2026-07"]), "stale-data"), [""; 0]);
}

#[test]
fn an_as_of_outside_the_data_is_told() {
    let (_outer, folder) = sample("");
    let late = found(&check(&folder, &["--as-of", "2027-06"]), "stale-data");
    let ends = |source: &str| format!("`{source}` ends 2026-10, and the as-of is 2027-06");
    assert_eq!(late, ["billing", "calls", "network"].map(ends));
    let early = check(&folder, &["--as-of", "2020-01"]);
    assert_eq!(early.exit, 2);
    assert!(early.stdout.contains("no source has a row up to `--as-of 2020-01`"), "{}", early.stdout);
    assert!(early.stdout.contains("the data begin in 2025-01"), "{}", early.stdout);
}

/// A silence is unused only where what it silences was looked for.
#[test]
fn silences_of_what_did_not_look_are_not_unused() {
    const SILENCES: &str = "\n[[check.ignore]]\nrule = \"target-changed-late\"\nbecause = \"a\"\n\
        \n[[check.ignore]]\nrule = \"path-outside-repository\"\nbecause = \"b\"\n\
        \n[[check.ignore]]\nrule = \"held-back\"\nbecause = \"c\"\n";
    let (_outer, folder) = sample(SILENCES);
    let unused = |arguments: &[&str]| found(&check(&folder, arguments), "unused-silence");
    let nothing = |rule: &str| format!("nothing is found by `{rule}`");
    assert_eq!(unused(&[]), ["path-outside-repository", "held-back"].map(nothing));
    assert_eq!(unused(&["--as-of", "2026-10"]), ["path-outside-repository"].map(nothing));
    assert_eq!(
        unused(&["--against", "scorecard.toml"]),
        ["target-changed-late", "path-outside-repository", "held-back"].map(nothing)
    );
    std::fs::remove_dir_all(folder.parent().expect("a parent").join(".git")).ok();
    std::fs::remove_dir_all(folder.join(".git")).ok();
    assert_eq!(unused(&["--as-of", "2026-10"]), [""; 0]);
}

#[test]
fn a_silence_that_names_nothing_says_what_was_meant() {
    let (_outer, folder) =
        sample("\n[[check.ignore]]\nrule = \"unowned-metric\"\nat = \"fcrr\"\nbecause = \"the post is vacant\"\n");
    let session = check(&folder, &[]);
    assert_eq!(found(&session, "unused-silence"), ["nothing is called `fcrr`, so the silence fits nothing"]);
    assert!(session.stdout.contains("did you mean `fcr`?"), "{}", session.stdout);
    let (_outer, folder) =
        sample("\n[[check.ignore]]\nrule = \"unowned-metric\"\nat = \"[fcr\"\nbecause = \"the post is vacant\"\n");
    let session = check(&folder, &[]);
    assert_eq!(session.exit, 2);
    assert!(session.stdout.contains("error[bad-setting]: `[fcr` is not a pattern"), "{}", session.stdout);
}

/// The roster is as it was declared, whatever the as-of.
#[test]
fn who_never_reports_is_told_with_an_as_of_too() {
    const ROSTER: &str = "[sources.network]\npath = \"data/network.csv\"\ndepartment = \"network\"\nperiod = \"month\"\n\
        dimensions = [\"region\"]\nroster = { region = [\"north\", \"south\", \"eest\"] }\n";
    let (_outer, folder) = sample(ROSTER);
    for arguments in [&[][..], &["--as-of", "2026-10"]] {
        let told = found(&check(&folder, arguments), "unknown-id");
        assert_eq!(told, ["`eest` is on the roster of `network`, which has no row of it"]);
    }
}

/// A warning that the scorecard takes for an error ends the check with 1: it could be done.
#[test]
fn a_fault_that_is_raised_stops_nothing() {
    let (_outer, folder) = sample("\n[check]\nseverity = { duplicate-row = \"error\" }\n");
    let path = folder.join("data/billing.csv");
    let text = std::fs::read_to_string(&path).expect("the billing data");
    let last = text.lines().last().expect("a row");
    std::fs::write(&path, format!("{text}{last}\n")).expect("a file");
    let session = check(&folder, &[]);
    assert_eq!(session.exit, 1, "{}", session.stdout);
    assert!(session.stdout.starts_with("error[duplicate-row]: "), "{}", session.stdout);
}

/// Not even by a check that met a fault before it had read anything: nothing the scorecard names is replaced.
#[test]
fn no_input_is_replaced_whatever_is_wrong() {
    let (_outer, folder) = sample("[sources.unused]\npath = \"data/extra.txt\"\nperiod = \"month\"\n");
    let read = |file: &str| std::fs::read(folder.join(file)).expect("a file");
    std::fs::write(folder.join("data/extra.txt"), "month,a\n2026-10,1\n").expect("a file");
    #[cfg(unix)]
    std::fs::hard_link(folder.join("data/network.csv"), folder.join("hard.txt")).expect("a link");
    for row in ["", "a bad row\n"] {
        let path = folder.join("data/network.csv");
        let mut text = std::fs::read_to_string(&path).expect("the network data");
        text.push_str(row);
        // Written through: the link stays one.
        std::fs::write(&path, text).expect("a file");
        for file in ["data/calls.csv", "data/network.csv", "data/extra.txt", "hard.txt", "scorecard.toml"] {
            if !folder.join(file).exists() {
                continue;
            }
            for option in ["-o", "--summary"] {
                let before = read(file);
                let session = check(&folder, &["-O", "short", option, file]);
                assert_eq!(session.exit, 2, "{option} {file}");
                assert!(session.stderr.contains("would be replaced"), "{option} {file}: {}", session.stderr);
                assert_eq!(read(file), before, "{option} {file}");
            }
        }
    }
    // A scorecard that does not parse cannot even say what it includes.
    std::fs::write(folder.join("part.toml"), "[metrics.a]\n").expect("a file");
    std::fs::write(folder.join("scorecard.toml"), "[scorecard\n").expect("a file");
    let session = check(&folder, &["-o", "part.toml"]);
    assert_eq!((session.exit, read("part.toml")), (2, b"[metrics.a]\n".to_vec()));
    assert!(session.stderr.contains("holds no findings"), "{}", session.stderr);
}

#[test]
fn the_extension_says_the_form() {
    let (_outer, folder) = sample("[goals.churn]\nsource = \"billing\"\nvalue = \"sum(lost)\"\nunit = \"count\"\n");
    for (file, begin) in [("a.json", "{"), ("a.xml", "<?xml"), ("a.txt", "error[")] {
        let session = check(&folder, &["-o", file]);
        assert_eq!(session.exit, 1, "{}", session.stderr);
        let text = std::fs::read_to_string(folder.join(file)).expect("the findings");
        assert!(text.starts_with(begin), "{file}: {text}");
    }
}

/// What is most likely misspelt would show wrong figures under a unit of its own.
#[test]
fn units_and_targets_that_were_meant_otherwise_are_refused() {
    for (unit, meant) in [("Percent", "percent"), ("precent", "percent"), ("eur", "EUR"), ("Count", "count")] {
        let (_outer, folder) = sample("");
        let path = folder.join("scorecard.toml");
        let text = std::fs::read_to_string(&path).expect("the sample");
        std::fs::write(&path, text.replacen("unit = \"percent\"", &format!("unit = \"{unit}\""), 1)).expect("a file");
        let session = check(&folder, &[]);
        assert_eq!(session.exit, 2, "{unit}");
        assert!(session.stdout.contains(&format!("`{unit}` is not a unit")), "{}", session.stdout);
        assert!(session.stdout.contains(&format!("write `{meant}`")), "{}", session.stdout);
    }
    let (_outer, folder) = sample("");
    let path = folder.join("scorecard.toml");
    let text = std::fs::read_to_string(&path).expect("the sample");
    std::fs::write(&path, text.replacen("target = 0.75", "target = \"75 %\"", 1)).expect("a file");
    let session = check(&folder, &[]);
    assert!(session.stdout.contains("`75 %` is no number"), "{}", session.stdout);
    assert!(session.stdout.contains("= help: write 0.75"), "{}", session.stdout);
}

/// 75 for 75 %, in the value and in the target alike, ties with itself and is wrong.
#[test]
fn percentages_held_as_numbers_from_0_to_100_are_told() {
    const HUNDREDS: &str = "[metrics.fcr]\nname = \"First-contact resolution\"\nsource = \"calls\"\n\
        value = \"100 * sum(resolved) / sum(handled)\"\nunit = \"percent\"\nbetter = \"higher\"\ntarget = 75\n\
        threshold = 70\nowner = \"Head of Service\"\nstage = \"get help\"\n\
        drives = [{ to = \"churn\", weight = 2, lag = 1, because = \"exit survey\" }]\n";
    let (_outer, folder) = sample(HUNDREDS);
    let told = found(&check(&folder, &[]), "percent-out-of-range");
    assert_eq!(told, ["`fcr` was over 100.0 % in 22 of 22 periods"]);
}

#[test]
fn a_target_that_has_not_begun_is_told() {
    const LATER: &str = "[metrics.fcr]\nname = \"First-contact resolution\"\nsource = \"calls\"\n\
        value = \"sum(resolved) / sum(handled)\"\nunit = \"percent\"\nbetter = \"higher\"\n\
        target = { \"2027-04\" = 0.75 }\nowner = \"Head of Service\"\nstage = \"get help\"\n\
        drives = [{ to = \"churn\", weight = 2, lag = 1, because = \"exit survey\" }]\n";
    let (_outer, folder) = sample(LATER);
    let told = found(&check(&folder, &[]), "target-ended");
    assert_eq!(told, ["the target of `fcr` begins only after the as-of 2026-10"]);
}

/// Who sends thousands adds up thousands: 33,059 customers lost are what the file says, 33,059,000 what reports read.
#[test]
fn control_totals_are_the_files_own_numbers() {
    const THOUSANDS: &str = "[sources.billing]\npath = \"data/billing.csv\"\ndepartment = \"finance\"\n\
        period = \"month\"\ndimensions = [\"region\"]\nscale = { lost = 1000, opening = 1000, revenue = 1000 }\n\
        control = { column = \"lost\", equals = 33059 }\n";
    const OFF: &str = "[sources.billing]\npath = \"data/billing.csv\"\ndepartment = \"finance\"\n\
        period = \"month\"\ndimensions = [\"region\"]\nscale = { lost = 1000, opening = 1000, revenue = 1000 }\n\
        control = { column = \"lost\", equals = 33060 }\n";
    let (_outer, folder) = sample(THOUSANDS);
    assert_eq!(found(&check(&folder, &[]), "control-mismatch"), [""; 0]);
    let (_outer, folder) = sample(OFF);
    let told = found(&check(&folder, &[]), "control-mismatch");
    assert_eq!(told, ["`lost` of `billing` adds up to 33,059, and should to 33,060"]);
}
