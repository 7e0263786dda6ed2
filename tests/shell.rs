//! What shells are given: scripts, proposals while a command is typed, help and the manual.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::session::{compare, folder, goldthread, goldthread_in, root};

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];
const COMMANDS: [&str; 12] =
    ["chart", "close", "diff", "rollup", "show", "thread", "trace", "check", "init", "schema", "completions", "man"];

fn sample() -> std::path::PathBuf {
    root().join("examples/sample")
}

/// What the program proposes for the last of some words, asked as the script of a shell asks.
fn asked(shell: &str, folder: &Path, words: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_goldthread"))
        .arg("--")
        .args(words)
        .env("COMPLETE", shell)
        .env("_CLAP_COMPLETE_INDEX", (words.len() - 1).to_string())
        .env("_CLAP_IFS", "\n")
        .env_remove("GOLDTHREAD_SCORECARD")
        .current_dir(folder)
        .output()
        .expect("the program starts");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""), "{words:?}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(str::to_owned).collect()
}

fn proposed(words: &[&str]) -> Vec<String> {
    asked("bash", &sample(), &[&["goldthread"], words].concat())
}

#[test]
fn every_shell_has_a_script_that_calls_the_program() {
    for shell in SHELLS {
        let script = goldthread(&["completions", shell]).done();
        assert!(script.contains("goldthread") && script.contains("COMPLETE"), "{shell}: {script}");
        assert!(script.ends_with('\n') && !script.contains(env!("CARGO_MANIFEST_DIR")), "{shell}: {script}");
        assert_eq!(script, goldthread(&["completions", shell]).done());
    }
    assert_eq!(goldthread(&["completions", "tcsh"]).exit, 2);
}

#[test]
fn selectors_are_those_of_the_scorecard() {
    let ids = ["clv", "churn", "arpu", "fcr", "bill_questions", "repair_in_time", "fault_rate"];
    for command in ["show", "thread", "trace"] {
        let all = proposed(&[command, ""]);
        assert_eq!(all[..7], ids, "{command}");
        assert_eq!(all[7..11], ["dept:", "stage:", "owner:", "status:"], "{command}");
        assert!(all.iter().any(|word| word == "--period"), "{command}");
    }
    assert_eq!(proposed(&["show", "c"]), ["clv", "churn"]);
    assert_eq!(proposed(&["show", "clv", "f"]), ["fcr", "fault_rate"]);
    assert_eq!(proposed(&["show", "+c"]), ["+clv", "+churn"]);
    assert_eq!(proposed(&["show", "churn"]), ["churn", "churn+"]);
    assert_eq!(proposed(&["show", "churn+"]), ["churn+"]);
    assert_eq!(proposed(&["show", "+churn+"]), ["+churn+"]);
    assert_eq!(proposed(&["show", "de"]), ["dept:finance", "dept:service", "dept:network"]);
    assert_eq!(proposed(&["show", "dept:s"]), ["dept:service"]);
    assert_eq!(proposed(&["show", "stage:"]), ["stage:use", "stage:get help"]);
    assert_eq!(proposed(&["show", "owner:\"Head of S"]), ["owner:Head of Service"]);
    assert_eq!(proposed(&["show", "status:o"]), ["status:on-target", "status:off-target"]);
    assert_eq!(proposed(&["show", "zzz"]), Vec::<String>::new());
}

#[test]
fn options_complete_what_they_take() {
    assert_eq!(proposed(&["show", "--by", ""]), ["region"]);
    assert_eq!(proposed(&["show", "--by", "region,r"]), ["region,region"]);
    assert_eq!(proposed(&["show", "--fail-on", "o"]), ["off-target"]);
    let rules: Vec<&str> = goldthread::lint::RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(proposed(&["check", "--explain", ""]), rules);
    assert_eq!(proposed(&["-s", "sc"]), ["scorecard.toml"]);
    assert_eq!(proposed(&["check", "--against", "sc"]), ["scorecard.toml"]);
    assert_eq!(proposed(&["show", "-o", "da"]), ["data/"]);
    assert_eq!(proposed(&["man", "da"]), ["data/"]);
    assert_eq!(proposed(&["sch"]), ["schema"]);
    assert_eq!(proposed(&["completions", ""])[..5], SHELLS);
}

#[test]
fn the_scorecard_is_the_one_named_or_found() {
    let transit = root().join("scorecards/transit.toml");
    let path = transit.to_str().expect("UTF-8");
    for named in [vec!["-s", path, "show"], vec!["show", "-s", path], vec!["show", &format!("--scorecard={path}")]] {
        let found = proposed(&[&named[..], &["otp_su"]].concat());
        assert_eq!(found, ["otp_subway"], "{named:?}");
    }
    let elsewhere = Command::new(env!("CARGO_BIN_EXE_goldthread"))
        .args(["--", "goldthread", "show", "otp_su"])
        .envs([("COMPLETE", "bash"), ("_CLAP_COMPLETE_INDEX", "2"), ("GOLDTHREAD_SCORECARD", path)])
        .current_dir(sample())
        .output()
        .expect("the program starts");
    assert_eq!(String::from_utf8_lossy(&elsewhere.stdout), "otp_subway");
    let below = asked("bash", &sample().join("data"), &["goldthread", "show", "cl"]);
    assert_eq!(below, ["clv"]);
}

/// Whoever types is told nothing: neither that there is no scorecard nor what is wrong with it.
#[test]
fn a_scorecard_that_does_not_hold_proposes_nothing_in_silence() {
    let broken = folder(&[("scorecard.toml", "[metrics.clv\n"), ("other.toml", "[metrics.clv]\nvalue = \"no\"\n")]);
    let empty = tempfile::tempdir().expect("a folder");
    for (folder, words) in [
        (broken.path(), vec!["show", "cl"]),
        (broken.path(), vec!["-s", "other.toml", "show", "cl"]),
        (broken.path(), vec!["show", "--by", "re"]),
        (empty.path(), vec!["show", "cl"]),
        (empty.path(), vec!["-s", "nowhere.toml", "show", "cl"]),
    ] {
        let words = [&["goldthread"], &words[..]].concat();
        assert_eq!(asked("bash", folder, &words), Vec::<String>::new(), "{words:?}");
    }
    assert_eq!(asked("bash", empty.path(), &["goldthread", "check", "--explain", "constant"]), ["constant-series"]);
}

#[test]
fn other_shells_are_told_names_too() {
    let words = ["goldthread", "show", "cl"];
    assert_eq!(asked("zsh", &sample(), &words), ["clv:Customer lifetime value"]);
    assert_eq!(asked("fish", &sample(), &words), ["clv\tCustomer lifetime value"]);
    assert_eq!(asked("zsh", &sample(), &["goldthread", "show", "dept:s"]), ["dept\\:service:Customer service"]);
    assert_eq!(asked("powershell", &sample(), &words), ["clv\tCustomer lifetime value"]);
    assert!(asked("elvish", &sample(), &words).concat().contains("clv"));
}

/// Names that would break a shell's line, or speak to its terminal.
#[test]
fn hostile_names_are_tame() {
    let scorecard = "[departments.d]\nname = \"a\\nb\\u001b[31m\\tc\"\n[sources.s]\npath = \"x.csv\"\nperiod = \"m\"\n\
        [metrics.evil]\nname = \"x\\ny\\u001b]0;z\\u0007\"\nsource = \"s\"\nvalue = \"sum(a)\"\nunit = \"count\"\n\
        owner = \"new\\nline\"\n[metrics.event]\nsource = \"s\"\nvalue = \"sum(a)\"\nunit = \"count\"\nowner = \"$(touch x); *\"\n";
    let folder = folder(&[("scorecard.toml", scorecard)]);
    let fish = |word: &str| asked("fish", folder.path(), &["goldthread", "show", word]);
    assert_eq!(fish("ev"), ["evil\tx y ]0;z ", "event\tevent"]);
    assert_eq!(fish("dept:"), ["dept:d\ta b [31m c"]);
    assert_eq!(fish("owner:"), ["owner:$(touch x); *"]);
}

/// The script in bash itself, where there is one: what stands in the line after the key is pressed.
#[test]
fn bash_inserts_what_it_can_read_again() {
    let Ok(version) = Command::new("bash").arg("--version").stdout(Stdio::null()).status() else { return };
    assert!(version.success());
    let script = goldthread(&["completions", "bash"]).done();
    let folder = folder(&[("completion.bash", &script)]);
    let path = folder.path().join("completion.bash");
    let checked = Command::new("bash").arg("-n").arg(&path).output().expect("bash runs");
    assert_eq!((checked.status.success(), String::from_utf8_lossy(&checked.stderr).as_ref()), (true, ""));
    // The line, what bash hands over as the word to replace, the words as bash parts them; and what replaces it.
    let lines: [(&str, &str, &[&str], &str); 10] = [
        ("goldthread sh", "sh", &["goldthread", "sh"], "show"),
        ("goldthread show cl", "cl", &["goldthread", "show", "cl"], "clv"),
        ("goldthread show dept:s", "s", &["goldthread", "show", "dept", ":", "s"], "service"),
        ("goldthread show dept:", "", &["goldthread", "show", "dept", ":"], "finance,service,network"),
        ("goldthread show stage:get", "get", &["goldthread", "show", "stage", ":", "get"], "get\\ help"),
        ("goldthread show stage:\"get", "get", &["goldthread", "show", "stage", ":", "\"get"], "get help"),
        ("goldthread show stage:get\\ h", "get\\ h", &["goldthread", "show", "stage", ":", "get\\ h"], "get\\ help"),
        ("goldthread show --by=re", "re", &["goldthread", "show", "--by", "=", "re"], "region"),
        ("goldthread show dept: cl", "cl", &["goldthread", "show", "dept", ":", "cl"], "clv"),
        ("goldthread show clv", "cl", &["goldthread", "show", "clv"], "clv"),
    ];
    for (line, word, words, wanted) in lines {
        let driver = "source \"$1\"; COMP_LINE=$2 two=$3; shift 3; COMP_POINT=${#COMP_LINE}; COMP_WORDS=(\"$@\"); \
            COMP_CWORD=$(($# - 1)); _goldthread goldthread \"$two\"; IFS=,; printf '%s' \"${COMPREPLY[*]}\"";
        let program = Path::new(env!("CARGO_BIN_EXE_goldthread")).parent().expect("a folder");
        let search =
            format!("{}:{}", program.display(), std::env::var_os("PATH").unwrap_or_default().to_string_lossy());
        let output = Command::new("bash")
            .args(["--norc", "-c", driver, "bash"])
            .arg(&path)
            .args([line, word])
            .args(words)
            .env("PATH", search)
            .env_remove("GOLDTHREAD_SCORECARD")
            .current_dir(sample())
            .output()
            .expect("bash runs");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{line}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), wanted, "{line}");
    }
}

/// What a user reads of each command; a change of it is seen.
#[test]
fn help_is_as_published() {
    for command in [&[][..]].into_iter().chain(COMMANDS.iter().map(std::slice::from_ref)) {
        let text = goldthread(&[command, &["--help"]].concat()).done();
        let name = command.first().unwrap_or(&"goldthread");
        compare(&root().join(format!("tests/golden/help/{name}.txt")), &text);
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{name} is too wide");
        for line in text.lines().filter(|line| line.trim_start().starts_with('-') && !line.contains(':')) {
            let after = &text[text.find(line).expect("it stands there") + line.len()..];
            assert!(after.starts_with("\n          "), "{name}: {line} is not explained");
        }
    }
}

#[test]
fn the_manual_has_every_command_and_option() {
    let whole = goldthread(&["man"]).done();
    assert_eq!(whole, goldthread(&["man"]).done());
    assert!(whole.contains(".TH goldthread 1 "), "{}", &whole[..200]);
    let pages = tempfile::tempdir().expect("a folder");
    let written = goldthread_in(pages.path(), &["man", "."]);
    assert_eq!((written.exit, written.stdout.as_str(), written.stderr.as_str()), (0, "", ""));
    let mut names: Vec<String> = std::fs::read_dir(pages.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let mut wanted: Vec<String> = COMMANDS.iter().map(|command| format!("goldthread-{command}.1")).collect();
    wanted.push("goldthread.1".to_owned());
    wanted.sort();
    assert_eq!(names, wanted);
    for command in COMMANDS {
        let page = std::fs::read_to_string(pages.path().join(format!("goldthread-{command}.1"))).expect("a page");
        assert!(page.contains(&format!(".TH goldthread-{command} 1 ")), "{command}");
        assert!(whole.contains(&format!(".SH \"GOLDTHREAD {}\"", command.to_uppercase())), "{command}");
        let help = goldthread(&[command, "--help"]).done();
        let options = help.split([' ', ',', '\n']).filter(|word| word.starts_with("--") && word.len() > 3);
        for option in options.filter(|word| word[2..].chars().all(|c| c.is_ascii_lowercase() || c == '-')) {
            let option = option.replace('-', "\\-");
            assert!(page.contains(&option), "{command} lacks {option}");
            assert!(whole.contains(&option), "the manual lacks {option}");
        }
    }
    let nowhere = goldthread_in(pages.path(), &["man", "no/such/folder"]);
    assert_eq!((nowhere.exit, nowhere.stdout.as_str()), (2, ""));
    assert!(nowhere.stderr.starts_with("error[usage]: there is no folder `no/such/folder`"), "{}", nowhere.stderr);
}

/// What the formatter warns of would show as gaps in the page.
#[test]
fn the_manual_is_sound_roff() {
    let pages = tempfile::tempdir().expect("a folder");
    goldthread_in(pages.path(), &["man", "."]);
    std::fs::write(pages.path().join("whole.1"), goldthread(&["man"]).done()).expect("a page");
    for entry in std::fs::read_dir(pages.path()).expect("a folder") {
        let path = entry.expect("an entry").path();
        let Ok(output) = Command::new("groff").args(["-man", "-Tascii", "-ww", "-P-c"]).arg(&path).output() else {
            return;
        };
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{}", path.display());
        assert!(output.stdout.len() > 500, "{}", path.display());
    }
}
