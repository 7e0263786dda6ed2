//! The words of a command line as a shell hands them on: not yet unquoted, not yet parsed.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// A word without its quotes and escapes. One that is open, as it is still being typed, ends with the word.
pub(super) fn unquoted(word: &OsStr) -> String {
    let (mut text, mut open, mut escaped) = (String::new(), None, false);
    for c in word.to_string_lossy().chars() {
        match c {
            c if escaped => {
                text.push(c);
                escaped = false;
            }
            // On Windows it parts folders.
            '\\' if cfg!(unix) && open != Some('\'') => escaped = true,
            '"' | '\'' if open == Some(c) => open = None,
            '"' | '\'' if open.is_none() => open = Some(c),
            c => text.push(c),
        }
    }
    text
}

/// The value of the last `-s` or `--scorecard`, in any of its forms.
pub(super) fn scorecard(words: impl Iterator<Item = OsString>) -> Option<PathBuf> {
    let (mut found, mut is_next) = (None, false);
    for word in words.map(|word| unquoted(&word)) {
        if std::mem::take(&mut is_next) {
            found = Some(word);
        } else if word == "-s" || word == "--scorecard" {
            is_next = true;
        } else if let Some(path) = word.strip_prefix("--scorecard=") {
            found = Some(path.to_owned());
        } else if let Some(path) = word.strip_prefix("-s").filter(|_| !word.starts_with("--")) {
            found = Some(path.strip_prefix('=').unwrap_or(path).to_owned());
        }
    }
    found.map(|path| match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_their_quotes() {
        for (word, plain) in [
            ("clv", "clv"),
            ("owner:\"Head of Service\"", "owner:Head of Service"),
            ("owner:\"Head o", "owner:Head o"),
            ("owner:Head\\ of\\ Service", "owner:Head of Service"),
            ("'it\\s'", "it\\s"),
            ("\"it's\"", "it's"),
            ("", ""),
        ] {
            assert_eq!(unquoted(OsStr::new(word)), plain, "{word}");
        }
    }

    #[test]
    fn the_scorecard_is_named_in_every_form() {
        let named = |line: &str| scorecard(line.split(' ').map(OsString::from));
        for line in ["show -s a.toml x", "-sa.toml show", "show --scorecard a.toml", "--scorecard=a.toml", "-s=a.toml"]
        {
            assert_eq!(named(line), Some(PathBuf::from("a.toml")), "{line}");
        }
        assert_eq!(named("-s b.toml show -s a.toml"), Some(PathBuf::from("a.toml")));
        for line in ["show", "show -s", "show --strict", "show x"] {
            assert_eq!(named(line), None, "{line}");
        }
    }
}
