//! Sessions: a command in, exact output out.

use std::path::Path;

use crate::session::{folder, goldthread, goldthread_in, root};

const SMALL: &str = r#"
[scorecard]
title = "Small"
fiscal_year = { starts = "april" }

[departments.desk]
name = "Service desk"
lead = "Head of Service"

[sources.calls]
path = "calls.csv"
department = "desk"
period = "month"
dimensions = ["region"]

[goals.churn]
name = "Churn"
source = "calls"
value = "sum(lost) / first(opening)"
unit = "percent"
decimals = 2
better = "lower"
target = 0.02
threshold = 0.03
sponsor = "Chief Customer Officer"

[metrics.fcr]
name = "First-contact resolution"
source = "calls"
value = "sum(resolved) / sum(handled)"
unit = "percent"
better = "higher"
target = 0.8
threshold = 0.7
critical = true
owner = "Head of Service"
drives = [{ to = "churn", weight = 3, lag = 1, because = "exit survey" }]

[metrics.handled]
name = "Calls handled"
source = "calls"
value = "sum(handled)"
unit = "count"
better = "higher"
target = { "2025-01" = 90, "2026-02" = 110 }
owner = "Head of Service"
drives = ["churn"]
"#;

const CALLS: &str = "month,region,handled,resolved,lost,opening
2026-01,north,60,48,1,100
2026-01,south,40,30,2,80
2026-02,north,70,50,2,99
2026-02,south,38,30,1,78
";

fn small() -> tempfile::TempDir {
    folder(&[("scorecard.toml", SMALL), ("calls.csv", CALLS)])
}

fn run(arguments: &[&str]) -> String {
    goldthread_in(small().path(), arguments).done()
}

/// Compares with a file beside this one; `UPDATE=1` rewrites it.
pub(crate) fn golden(name: &str, actual: &str) {
    let path = root().join("tests/golden").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(&path, actual).expect("a golden file");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(!expected.trim().is_empty(), "{name} is empty: an empty golden proves nothing");
    assert_eq!(actual, expected, "{name}; UPDATE=1 rewrites it");
}

#[test]
fn show_in_every_format() {
    golden("small/show.txt", &run(&["show", "--width", "160"]));
    golden("small/show-80.txt", &run(&["show", "--width", "80"]));
    golden("small/show.csv", &run(&["show", "-O", "csv"]));
    golden("small/show.json", &run(&["show", "-O", "json"]));
    golden("small/show.md", &run(&["show", "-O", "markdown"]));
    golden("small/show-color.txt", &run(&["show", "--color", "always", "--width", "120"]));
}

#[test]
fn show_over_periods_and_parts() {
    golden("small/show-range.txt", &run(&["show", "-p", "2026-01..2026-02", "--width", "120"]));
    golden("small/show-by.txt", &run(&["show", "--by", "region", "--width", "140"]));
    golden("small/show-by.csv", &run(&["show", "--by", "region", "-p", "2026-01..2026-02", "-O", "csv"]));
    golden("small/show-where.csv", &run(&["show", "--where", "region = 'north'", "-O", "csv"]));
    golden("small/show-quarter.txt", &run(&["show", "-Q", "--as-of", "2026-03", "--width", "120"]));
}

#[test]
fn thread_and_trace() {
    golden("small/thread-churn.txt", &run(&["thread", "churn"]));
    golden("small/thread-fcr.txt", &run(&["thread", "fcr"]));
    golden("small/trace-churn.txt", &run(&["trace", "churn"]));
    golden("small/trace-handled.txt", &run(&["trace", "handled"]));
    golden("small/plan.txt", &run(&["trace", "--plan"]));
}

#[test]
fn the_shipped_scorecards() {
    for (name, arguments) in [
        ("transit/expected/show.txt", vec!["-s", "scorecards/transit.toml", "show", "--width", "160"]),
        ("transit/expected/show.json", vec!["-s", "scorecards/transit.toml", "show", "-O", "json"]),
        ("transit/expected/show.csv", vec!["-s", "scorecards/transit.toml", "show", "-O", "csv"]),
        ("transit/expected/show.md", vec!["-s", "scorecards/transit.toml", "show", "-O", "markdown"]),
        ("transit/expected/thread.txt", vec!["-s", "scorecards/transit.toml", "thread", "otp_subway"]),
        ("transit/expected/trace.txt", vec!["-s", "scorecards/transit.toml", "trace", "riders_subway"]),
        ("subscription/expected/show.txt", vec!["-s", "scorecards/subscription.toml", "show", "--width", "160"]),
        ("subscription/expected/show.json", vec!["-s", "scorecards/subscription.toml", "show", "-O", "json"]),
        ("subscription/expected/show.csv", vec!["-s", "scorecards/subscription.toml", "show", "-O", "csv"]),
        ("subscription/expected/show.md", vec!["-s", "scorecards/subscription.toml", "show", "-O", "markdown"]),
        ("subscription/expected/thread.txt", vec!["-s", "scorecards/subscription.toml", "thread", "clv"]),
        ("subscription/expected/trace.txt", vec!["-s", "scorecards/subscription.toml", "trace", "fcr"]),
    ] {
        golden(&format!("../../examples/{name}"), &goldthread(&arguments).done());
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let arguments = ["-s", "scorecards/subscription.toml", "show", "--by", "region", "-O", "csv"];
    let first = goldthread(&arguments).done();
    assert_eq!(first, goldthread(&arguments).done());
    let mut one_thread = std::process::Command::new(env!("CARGO_BIN_EXE_goldthread"));
    let output = one_thread
        .args(arguments)
        .current_dir(root())
        .env("POLARS_MAX_THREADS", "1")
        .output()
        .expect("the program starts");
    assert_eq!(first.as_bytes(), output.stdout);
}

#[test]
fn selectors_name_what_they_say() {
    let folder = small();
    let ids = |selectors: &[&str]| -> Vec<String> {
        let arguments = [&["show", "-O", "csv"], selectors].concat();
        let csv = goldthread_in(folder.path(), &arguments).done();
        csv.lines().skip(1).map(|line| line.split(',').nth(6).expect("an id").to_owned()).collect()
    };
    assert_eq!(ids(&["fcr"]), ["fcr"]);
    assert_eq!(ids(&["f*"]), ["fcr"]);
    assert_eq!(ids(&["+churn"]), ["churn", "fcr", "handled"]);
    assert_eq!(ids(&["fcr+"]), ["churn", "fcr"]);
    assert_eq!(ids(&["dept:desk"]), ["churn", "fcr", "handled"]);
    assert_eq!(ids(&["owner:head of service"]), ["fcr", "handled"]);
    assert_eq!(ids(&["status:at-risk"]), ["fcr", "handled"]);
    assert_eq!(ids(&["handled", "status:on-target"]), ["churn", "handled"]);
}

#[test]
fn exit_codes_are_as_documented() {
    let folder = small();
    let exit = |arguments: &[&str]| goldthread_in(folder.path(), arguments).exit;
    assert_eq!(exit(&["show"]), 0);
    assert_eq!(exit(&["show", "--fail-on", "off-target"]), 0);
    assert_eq!(exit(&["show", "--fail-on", "at-risk"]), 1);
    assert_eq!(exit(&["show", "churn", "--fail-on", "at-risk"]), 0);
    assert_eq!(exit(&["show", "--fail-on", "no-data,watermelon"]), 0);
    assert_eq!(exit(&["show", "no_such_metric"]), 2);
    assert_eq!(exit(&["show", "--no-such-option"]), 2);
    assert_eq!(exit(&["-s", "missing.toml", "show"]), 2);
    assert_eq!(exit(&["--help"]), 0);
    let failed = goldthread_in(folder.path(), &["show", "--fail-on", "at-risk"]);
    assert_eq!(failed.stderr, "2 metrics matched --fail-on: fcr, handled\n");
}

#[test]
fn a_file_is_written_whole_in_the_format_of_its_extension() {
    let folder = small();
    for (name, begins) in [
        ("out.csv", "as_of,period"),
        ("out.json", "{\n  \"schema_version\": 1"),
        ("out.md", "# Small"),
        ("out.txt", "Small\n"),
    ] {
        let session = goldthread_in(folder.path(), &["show", "-o", name]);
        assert_eq!((session.exit, session.stdout.as_str(), session.stderr.as_str()), (0, "", ""));
        let text = std::fs::read_to_string(folder.path().join(name)).expect("the file");
        assert!(text.starts_with(begins), "{name}: {text}");
    }
    let refused = goldthread_in(folder.path(), &["show", "-o", "out.docx"]);
    assert_eq!(refused.exit, 2);
    assert!(!folder.path().join("out.docx").exists());
    let nowhere = goldthread_in(folder.path(), &["show", "-o", "no/such/folder/out.csv"]);
    assert_eq!(nowhere.exit, 2);
    assert!(nowhere.stderr.starts_with("error: cannot write `no/such/folder/out.csv`: "), "{}", nowhere.stderr);
}

#[test]
fn nothing_that_is_read_is_replaced() {
    let bad = CALLS.replace("2026-02,south,38,30,1,78", "2026-02,south,38,thirty,1,78");
    let folder = folder(&[("scorecard.toml", SMALL), ("calls.csv", &bad)]);
    for arguments in [
        ["show", "--lenient", "--rejects", "calls.csv"],
        ["show", "--lenient", "--rejects", "scorecard.toml"],
        ["show", "--lenient", "-o", "rejects.csv"],
        ["show", "--lenient", "-o", "./calls.csv"],
    ] {
        let session = goldthread_in(folder.path(), &arguments);
        assert_eq!((session.exit, session.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(session.stderr.starts_with("error[usage]: `"), "{}", session.stderr);
        assert!(!folder.path().join("rejects.csv").exists());
    }
    let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("a file");
    assert_eq!((text("calls.csv"), text("scorecard.toml")), (bad.clone(), SMALL.to_owned()));
    // A list of rejects that a pattern meets is no data.
    std::fs::write(folder.path().join("scorecard.toml"), SMALL.replace("calls.csv", "*.csv")).expect("a scorecard");
    for _ in 0..2 {
        assert_eq!(goldthread_in(folder.path(), &["show", "--lenient"]).exit, 0);
        assert!(folder.path().join("rejects.csv").exists());
    }
}

#[test]
fn fail_on_answers_alike_in_every_format() {
    let folder = small();
    for format in ["table", "markdown", "csv", "json"] {
        let arguments =
            ["show", "handled", "-p", "2026-01..2026-02", "--by", "region", "--fail-on", "no-data", "-O", format];
        assert_eq!(goldthread_in(folder.path(), &arguments).exit, 0);
        let earlier = ["show", "fcr", "-p", "2026-01..2026-02", "--by", "region", "--fail-on", "at-risk", "-O", format];
        assert_eq!(goldthread_in(folder.path(), &earlier).exit, 1, "{format}");
    }
}

#[test]
fn the_scorecard_is_found_upwards() {
    let folder = small();
    let below = folder.path().join("a/b");
    std::fs::create_dir_all(&below).expect("folders");
    assert_eq!(
        goldthread_in(&below, &["show", "-O", "csv"]).done(),
        goldthread_in(folder.path(), &["show", "-O", "csv"]).done()
    );
    let nowhere = tempfile::tempdir().expect("a folder");
    let lost = goldthread_in(nowhere.path(), &["show"]);
    assert_eq!(lost.exit, 2);
    assert!(lost.stderr.contains("no `scorecard.toml` here or in a folder above"), "{}", lost.stderr);
}

#[test]
fn a_closed_pipe_is_success() {
    use std::io::Read;
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_goldthread"))
        .args(["-s", "scorecards/subscription.toml", "show", "-p", "2024-01..2026-10", "--by", "region", "-O", "csv"])
        .current_dir(root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut first = [0; 10];
    child.stdout.take().expect("a pipe").read_exact(&mut first).expect("ten bytes");
    let mut stderr = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("text");
    assert_eq!((child.wait().expect("an end").code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn the_readme_commands_run() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    let (mut ran, pictures) = (0, tempfile::tempdir().expect("a folder"));
    for line in readme.lines().filter_map(|line| line.strip_prefix("$ goldthread ")) {
        let mut words = split(line);
        // Pictures go to a folder of their own.
        if let Some(option) = words.iter().position(|word| word == "-o").filter(|_| words.contains(&"chart".to_owned()))
        {
            words[option + 1] = pictures.path().join(&words[option + 1]).to_string_lossy().into_owned();
        }
        let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        let session = goldthread(&arguments);
        assert!(session.exit < 2, "`goldthread {line}` ends with {}:\n{}", session.exit, session.stderr);
        ran += 1;
    }
    assert!(ran >= 8, "{ran} commands found");
    for file in ["pack/index.md", "pack/sweetspot.png", "sweetspot.png", "bullet.svg"] {
        assert!(pictures.path().join(file).is_file(), "{file}");
    }
}

/// The jobs to copy, in the order in which they stand there.
fn readme_jobs() -> Vec<String> {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    let jobs = readme.split("```yaml").skip(1).filter_map(|rest| rest.split_once("```"));
    jobs.map(|(job, _)| job.to_owned()).collect()
}

/// What the jobs to copy do, on the sample scorecard: every command is done, and every file is there.
#[test]
fn the_readme_jobs_run() {
    let jobs = readme_jobs();
    assert_eq!(jobs.len(), 3, "a GitHub workflow and a GitLab job; the month end has a test of its own");
    for job in &jobs[..2] {
        let folder = tempfile::tempdir().expect("a folder");
        copy_tree(&root().join("examples/sample"), folder.path());
        std::fs::create_dir(folder.path().join("pack")).expect("a folder");
        let lines = job.lines().map(|line| line.trim().trim_start_matches("- ").trim_start_matches("run: "));
        let commands: Vec<&str> = lines.filter_map(|line| line.strip_prefix("goldthread ")).collect();
        assert!(commands.len() >= 3, "{commands:?}");
        for line in commands {
            let line = line
                .split(" >> ")
                .flat_map(|line| line.split(" || "))
                .next()
                .expect("a command")
                .replace("$GITHUB_STEP_SUMMARY", "summary.md");
            let words = split(&line);
            let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
            let session = goldthread_in(folder.path(), &arguments);
            // A small scorecard need not have something to show of every kind.
            let told: Vec<&str> = session.stderr.lines().filter(|line| !line.starts_with("not drawn: ")).collect();
            assert_eq!((session.exit, told.concat().as_str()), (0, ""), "goldthread {line}");
        }
        let page = std::fs::read_to_string(folder.path().join("pack/charts/index.md")).expect("the page of the charts");
        assert!(page.contains("](sweetspot.png)"), "{page}");
        for file in job.split_whitespace().filter(|word| word.starts_with("pack/") && word.contains('.')) {
            let file = folder.path().join(file.trim_end_matches([',', '}']));
            assert!(std::fs::metadata(&file).is_ok_and(|metadata| metadata.len() > 0), "{}", file.display());
        }
    }
}

/// The month end as it stands there, in a repository with somewhere to push to: it closes a month once, and stops where a
/// closed month is no longer what was reported.
#[test]
#[cfg(unix)]
fn the_readme_month_end_runs() {
    let job = readme_jobs().pop().expect("a job");
    let indent = " ".repeat(10);
    // What is run is all that stands so deep, beside the lines of no shell.
    let script: Vec<&str> = job.lines().filter_map(|line| line.strip_prefix(&indent)).collect();
    assert_eq!(script.iter().filter(|line| line.contains("goldthread ")).count(), 4, "{script:?}");
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("copy");
    std::fs::create_dir(&copy).expect("a folder");
    copy_tree(&root().join("examples/sample"), &copy);
    let git = "git -c user.name=a -c user.email=a@localhost -c init.defaultBranch=main";
    let shell = |text: &str, month: &str| {
        let program = Path::new(env!("CARGO_BIN_EXE_goldthread")).parent().expect("its folder").to_path_buf();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(program).chain(std::env::split_paths(&path));
        let mut command = std::process::Command::new("sh");
        command.args(["-e", "-c", text]).current_dir(&copy).env("MONTH", month);
        let output = command.env("PATH", std::env::join_paths(paths).expect("paths")).output().expect("a shell");
        let told = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&told).into_owned())
    };
    let begun = format!(
        "{git} init -q --bare ../far.git && {git} init -q && {git} add . && {git} commit -qm Begin && \
         git remote add origin ../far.git && git push -q -u origin HEAD"
    );
    assert_eq!(shell(&begun, "").0, Some(0));
    let script = script.join("\n");
    for month in ["2026-09", "2026-10"] {
        let (exit, told) = shell(&script, month);
        assert_eq!(exit, Some(0), "{told}");
    }
    let (_, far) = shell("git --git-dir=../far.git ls-tree -r --name-only HEAD", "");
    for file in ["scorecard.ledger/2026-09.txt", "scorecard.ledger/2026-10.txt"] {
        assert!(far.lines().any(|name| name == file), "{file} is pushed: {far}");
    }
    assert!(copy.join("pack/rollup.xlsx").is_file());
    let (exit, told) = shell(&script, "2026-10");
    assert_eq!(exit, Some(2), "{told}");
    assert!(told.contains("2026-10 is closed, and a closed period is not rewritten"), "{told}");
    let calls = std::fs::read_to_string(copy.join("data/calls.csv")).expect("data");
    let row = calls.lines().find(|line| line.starts_with("2026-09,north,")).expect("a row");
    let restated = calls.replace(row, &row.replacen("2026-09,north,", "2026-09,north,1", 1));
    std::fs::write(copy.join("data/calls.csv"), restated).expect("it is written");
    std::fs::remove_file(copy.join("scorecard.ledger/2026-10.txt")).expect("it is open again");
    let (exit, told) = shell(&script, "2026-10");
    assert_eq!(exit, Some(1), "{told}");
    assert!(told.contains("Restated history"), "`diff` is what stops it: {told}");
    assert!(!copy.join("scorecard.ledger/2026-10.txt").exists(), "nothing is closed on top of restated history");
}

fn copy_tree(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let to = to.join(entry.file_name().expect("a name"));
        if entry.is_dir() {
            std::fs::create_dir_all(&to).expect("a folder");
            copy_tree(&entry, &to);
        } else {
            std::fs::copy(&entry, &to).expect("a copy");
        }
    }
}

/// Words of a command line with double quotes.
fn split(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn goldens_are_not_empty() {
    fn walk(folder: &Path, seen: &mut usize) {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                walk(&entry, seen);
            } else {
                assert!(entry.metadata().expect("metadata").len() > 0, "{} is empty", entry.display());
                *seen += 1;
            }
        }
    }
    let mut seen = 0;
    for folder in ["tests/golden", "examples/transit/expected", "examples/subscription/expected"] {
        walk(&root().join(folder), &mut seen);
    }
    assert!(seen >= 20, "{seen} golden files");
}
