//! A run of the program as a user sees it: arguments in, exact output, exit code and files out.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) exit: i32,
}

/// The checkout.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the program in the checkout.
pub(crate) fn goldthread(arguments: &[&str]) -> Session {
    goldthread_in(&root(), arguments)
}

/// Runs the program in a folder; a report also with the fast way into files of any size, which must come to the same.
pub(crate) fn goldthread_in(folder: &Path, arguments: &[&str]) -> Session {
    let session = run_in(folder, arguments);
    let is_report = arguments.iter().any(|argument| ["show", "thread", "trace"].contains(argument));
    let chooses = arguments.iter().any(|argument| ["--fast", "--careful", "--plan", "--help", "-h"].contains(argument));
    // A command line that does not parse reads nothing.
    let parses = session.exit != 2 || session.stderr.starts_with("error[");
    if is_report && !chooses && parses {
        let fast = run_in(folder, &[arguments, &["--fast"]].concat());
        assert_eq!((session.exit, &session.stdout, &session.stderr), (fast.exit, &fast.stdout, &fast.stderr));
    }
    session
}

/// Runs the program in a folder, with no environment that could change its output.
pub(crate) fn run_in(folder: &Path, arguments: &[&str]) -> Session {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goldthread"));
    for name in ["GOLDTHREAD_SCORECARD", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    let output = command.args(arguments).current_dir(folder).output().expect("the program starts");
    Session {
        stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        exit: output.status.code().expect("the program ends by itself"),
    }
}

impl Session {
    /// Asserts success in silence and answers standard output.
    pub(crate) fn done(self) -> String {
        assert_eq!((self.exit, self.stderr.as_str()), (0, ""), "stdout: {}", self.stdout);
        assert!(!self.stdout.is_empty());
        self.stdout
    }
}

/// A folder with these files, gone when dropped.
pub(crate) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

/// Asserts that a text is what a golden file holds; `UPDATE=1` writes it. An empty golden would assert nothing.
pub(crate) fn compare(golden: &Path, text: &str) {
    assert!(!text.is_empty(), "nothing to compare with {}", golden.display());
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(golden.parent().expect("a parent")).expect("a folder");
        std::fs::write(golden, text).expect("the golden is written");
    }
    let known = std::fs::read_to_string(golden).unwrap_or_default();
    assert_eq!(text, known, "{} differs; `UPDATE=1` writes it", golden.display());
}
