//! The forms as the program writes them: to files, to standard output, beside messages.

use std::path::Path;

use super::{fingerprints, gitlab_problems, parsed, runner, xsd};
use crate::session::{Session, folder, goldthread_in, root};

/// A scorecard in a repository, in a folder of its own, with lines put before it and data changed.
fn scorecard(first: &str, tables: &str, calls: Option<&str>) -> tempfile::TempDir {
    let sample = root().join("examples/sample");
    let read = |path: &str| std::fs::read_to_string(sample.join(path)).expect("a file of the sample");
    let text = format!("{first}{}{tables}", read("scorecard.toml"));
    let calls = calls.map_or_else(|| read("data/calls.csv"), str::to_owned);
    let folder = folder(&[
        ("kpi/scorecard.toml", &text),
        ("kpi/data/billing.csv", &read("data/billing.csv")),
        ("kpi/data/calls.csv", &calls),
        ("kpi/data/network.csv", &read("data/network.csv")),
    ]);
    std::fs::create_dir(folder.path().join(".git")).expect("a folder");
    folder
}

/// Lines of the sample, which stand before the tables of a test.
fn sample_lines() -> u64 {
    let text = read(&root().join("examples/sample/scorecard.toml"));
    text.lines().count().try_into().expect("a number")
}

/// Two findings in the same words, in the third and the seventh line.
const SILENCES: &str = "
[[check.ignore]]
rule = \"goal-without-sponsor\"
because = \"one\"

[[check.ignore]]
rule = \"goal-without-sponsor\"
because = \"two\"
";

const BAD_CELL: &str = "month,region,handled,resolved,about_bill\n2026-10,north,much,3,4\n";

fn check(folder: &Path, arguments: &[&str]) -> Session {
    goldthread_in(&folder.join("kpi"), &[&["check"], arguments].concat())
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a file")
}

#[test]
fn all_is_well_in_silence_and_in_valid_documents() {
    let folder = scorecard("", "", None);
    for (format, is_silent) in
        [("human", true), ("short", true), ("github", true), ("json", false), ("gitlab", false), ("junit", false)]
    {
        let session = check(folder.path(), &["-O", format, "--strict"]);
        assert_eq!((session.exit, session.stderr.as_str(), session.stdout.is_empty()), (0, "", is_silent), "{format}");
        match format {
            "json" => assert_eq!(parsed(&session.stdout)["summary"]["errors"], 0),
            "gitlab" => assert_eq!(session.stdout, "[]\n"),
            "junit" => assert_eq!(xsd::junit(&session.stdout), Ok(())),
            _ => {}
        }
    }
}

#[test]
fn findings_go_to_standard_output_and_their_number_to_standard_error() {
    let folder = scorecard("", SILENCES, None);
    for (arguments, exit) in [(&["-O", "short"][..], 0), (&["-O", "short", "--strict"], 1)] {
        let session = check(folder.path(), arguments);
        assert_eq!((session.exit, session.stderr.as_str()), (exit, "2 warnings\n"));
        let lines: Vec<&str> = session.stdout.lines().collect();
        assert_eq!(lines.len(), 2);
        for (told, own) in lines.iter().zip([3, 7]) {
            let line = sample_lines() + own;
            let what = "warning[unused-silence]: nothing is found by `goal-without-sponsor`";
            assert_eq!(*told, format!("scorecard.toml:{line}:8: {what}"));
        }
    }
}

/// On a terminal both streams are one.
#[test]
fn the_number_of_findings_comes_last_and_what_was_read_first() {
    let folder = scorecard("", SILENCES, None);
    let path = folder.path().join("terminal");
    let terminal = std::fs::File::create(&path).expect("a file");
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_goldthread"))
        .args(["check", "-v", "-O", "short", "--color", "never"])
        .current_dir(folder.path().join("kpi"))
        .stdout(terminal.try_clone().expect("a second handle"))
        .stderr(terminal)
        .status();
    assert!(status.expect("the program starts").success());
    let text = read(&path);
    let begins = ["as of ", "read ", "read ", "read ", "", "scorecard.toml:", "scorecard.toml:", "2 warnings"];
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), begins.len(), "{text}");
    assert!(lines.iter().zip(begins).all(|(line, begin)| line.starts_with(begin)), "{text}");
    assert!(lines[4].ends_with(" rules looked"), "{text}");
}

#[test]
fn a_file_gets_the_findings_of_a_check_that_was_stopped_too() {
    let folder = scorecard("", "", Some(BAD_CELL));
    let file = folder.path().join("report");
    for format in ["human", "short", "json", "github", "gitlab", "junit"] {
        let printed = check(folder.path(), &["-O", format]);
        let session = check(folder.path(), &["-O", format, "-o", "../report"]);
        assert_eq!((printed.exit, session.exit, session.stdout.as_str()), (2, 2, ""), "{format}");
        assert_eq!(session.stderr, printed.stderr);
        assert!(session.stderr.starts_with("1 error; "), "{}", session.stderr);
        assert!(!printed.stdout.is_empty() && read(&file) == printed.stdout, "{format}");
    }
    assert_eq!(xsd::junit(&read(&file)), Ok(()));
}

/// Nothing to look at is a finding as well: a job that reads the document learns of it.
#[test]
fn a_scorecard_that_is_not_there_or_does_not_hold_is_told_in_every_form() {
    let bare = folder(&[("kpi/broken.toml", "[scorecard\n")]);
    for named in ["missing.toml", "broken.toml"] {
        for format in ["human", "short", "json", "github", "gitlab", "junit"] {
            let session = check(bare.path(), &["-s", named, "-O", format]);
            assert_eq!(session.exit, 2, "{format}");
            match format {
                "json" => assert_eq!(parsed(&session.stdout)["summary"]["errors"], 1),
                "gitlab" => assert_eq!(gitlab_problems(&session.stdout), Vec::<String>::new()),
                "junit" => assert_eq!(xsd::junit(&session.stdout), Ok(())),
                _ => assert!(session.stdout.contains("error"), "{format}: {}", session.stdout),
            }
        }
    }
}

#[test]
fn nothing_that_was_read_is_replaced() {
    let folder = scorecard("", SILENCES, None);
    let before = read(&folder.path().join("kpi/scorecard.toml"));
    std::fs::copy(folder.path().join("kpi/scorecard.toml"), folder.path().join("kpi/old.toml")).expect("a copy");
    for arguments in [
        &["-o", "scorecard.toml"][..],
        &["-o", "data/calls.csv"],
        &["--summary", "data/calls.csv"],
        &["--against", "old.toml", "-o", "old.toml"],
        &["-o", "report", "--summary", "report"],
    ] {
        let session = check(folder.path(), arguments);
        assert_eq!((session.exit, session.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(session.stderr.starts_with("error[usage]: "), "{}", session.stderr);
    }
    assert_eq!(read(&folder.path().join("kpi/scorecard.toml")), before);
    assert!(!folder.path().join("kpi/report").exists());
}

#[test]
fn a_summary_is_appended() {
    let folder = scorecard("", SILENCES, None);
    let page = folder.path().join("page.md");
    let first = check(folder.path(), &["--summary", "../page.md"]);
    let once = read(&page);
    assert_eq!(first.exit, 0);
    assert!(once.starts_with("## Kestrel Broadband\n\n2 warnings\n\n| Severity |"), "{once}");
    assert!(once.contains("- data/calls.csv: UTF-8 (detected), comma (detected); rows: 44 read, 44 kept\n"), "{once}");
    check(folder.path(), &["--summary", "../page.md"]);
    assert_eq!(read(&page), format!("{once}\n\n{once}"));
    let nowhere = check(folder.path(), &["--summary", "../none/page.md"]);
    assert_eq!(
        (nowhere.exit, nowhere.stderr.as_str()),
        (2, "error: cannot write `../none/page.md`: no such file or directory\n  = help: make the folder first\n")
    );
}

#[test]
fn what_was_read_is_told_where_it_is_asked_for() {
    let folder = scorecard("", "", None);
    let session = check(folder.path(), &["-v"]);
    assert_eq!((session.exit, session.stdout.as_str()), (0, ""));
    let lines: Vec<&str> = session.stderr.lines().collect();
    let billing = "read `data/billing.csv`: UTF-8 (detected), comma (detected); rows: 44 read, 44 kept";
    assert_eq!((lines.len(), lines[0], lines[1]), (5, "as of 2026-10", billing));
    assert!(lines[4].ends_with(" rules looked"), "{}", lines[4]);
    let machine = check(folder.path(), &["-v", "-O", "json"]);
    assert_eq!(machine.stderr, session.stderr);
    assert_eq!(parsed(&machine.stdout)["files"][0]["rows"], 44);
}

#[test]
fn lines_put_before_change_no_fingerprint() {
    let report = |first: &str| {
        let folder = scorecard(first, SILENCES, None);
        check(folder.path(), &["-O", "gitlab"]).stdout
    };
    let (before, after) = (report(""), report("# one\n# two\n"));
    let lines = |text: &str| -> Vec<u64> {
        let report = parsed(text);
        let all = report.as_array().expect("an array").iter();
        all.map(|finding| finding["location"]["lines"]["begin"].as_u64().expect("a line")).collect()
    };
    let end = sample_lines();
    assert_eq!((lines(&before), lines(&after)), (vec![end + 3, end + 7], vec![end + 5, end + 9]));
    assert_eq!(fingerprints(&before), fingerprints(&after));
    assert_ne!(fingerprints(&before)[0], fingerprints(&before)[1]);
    assert_eq!(gitlab_problems(&before), Vec::<String>::new());
}

#[test]
fn a_workflow_gets_paths_from_the_root_of_its_repository() {
    let folder = scorecard("", SILENCES, None);
    let above = goldthread_in(folder.path(), &["check", "-O", "github", "-s", "kpi/scorecard.toml"]);
    let inside = check(folder.path(), &["-O", "github"]);
    let deeper = goldthread_in(&folder.path().join("kpi/data"), &["check", "-O", "github"]);
    for session in [above, inside, deeper] {
        let files: Vec<Option<String>> = session
            .stdout
            .lines()
            .map(|line| runner::command(line).and_then(|command| command.properties.get("file").cloned()))
            .collect();
        assert_eq!(files, vec![Some("kpi/scorecard.toml".to_owned()); 2], "{}", session.stdout);
    }
}

/// Files really named so, and a title and a department as well.
#[cfg(unix)]
#[test]
fn a_log_obeys_no_file_name() {
    let name = "::error::pwned\n::stop-commands::x\u{1b}[31m##[error]\u{202e}.toml";
    let sample = scorecard("", SILENCES, None);
    let text = read(&sample.path().join("kpi/scorecard.toml"));
    let hostile = r#""::error::pwned\n::error::\u001B[31m\u202E##[error]<script>|`""#;
    let text = text.replace("\"Kestrel Broadband\"", hostile).replace("\"Customer service\"", hostile);
    let csv = "data/::error::x\u{1b}c.csv";
    std::fs::rename(sample.path().join("kpi/data/calls.csv"), sample.path().join("kpi").join(csv)).expect("a new name");
    let text = text.replace("data/calls.csv", "data/::error::x\\u001Bc.csv");
    std::fs::write(sample.path().join("kpi").join(name), text).expect("a file");
    let page = sample.path().join("page.md");
    for format in ["human", "short", "json", "github", "gitlab", "junit"] {
        let session = check(sample.path(), &["-s", name, "-v", "-O", format, "--summary", "../page.md"]);
        assert_eq!(session.exit, 0, "{format}: {}{}", session.stdout, session.stderr);
        let said = session.stderr + if format == "github" { "" } else { &session.stdout };
        assert!(!said.lines().any(runner::obeys), "{format}: {said}");
        assert!(!format!("{said}{}", read(&page)).contains(['\u{1b}', '\u{202e}']), "{format}: {said}");
        if format == "github" {
            let files: Vec<String> =
                session.stdout.lines().filter_map(|line| runner::command(line)?.properties.remove("file")).collect();
            let shown = "kpi/::error::pwned\u{fffd}::stop-commands::x\u{fffd}[31m##[error]\u{fffd}.toml";
            assert_eq!(files, vec![shown.to_owned(); 2], "{}", session.stdout);
        }
    }
    assert!(!read(&page).contains('<'));
}
