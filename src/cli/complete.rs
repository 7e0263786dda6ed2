//! What a shell proposes while a command is typed: the words of clap, and the ids of the scorecard at hand.
//!
//! The shell's script calls the program back; so what is proposed is as new as the scorecard. Reads the scorecard and no
//! data. Where the scorecard is missing or does not hold there is nothing to propose, and nothing is said: who types is
//! asked nothing.

mod bash;
mod words;

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::CommandFactory;
use clap_complete::CompleteEnv;
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::{Elvish, EnvCompleter, Fish, Powershell, Shells, Zsh};

use super::{Cli, SCORECARD, Shell};
use crate::lint;
use crate::metric::Scorecard;
use crate::scorecard::{find_upwards, load, resolve};
use crate::status::Status;

/// The variable by which a script says that it wants proposals, and in which form.
const VARIABLE: &str = "COMPLETE";

/// The engine that answers a shell: nothing but itself runs where `COMPLETE` is set.
pub fn engine() -> CompleteEnv<'static, fn() -> clap::Command> {
    const SHELLS: Shells<'static> = Shells(&[&bash::Bash, &Elvish, &Fish, &Powershell, &Zsh]);
    CompleteEnv::with_factory(Cli::command as fn() -> clap::Command).var(VARIABLE).shells(SHELLS)
}

/// The script that makes a shell ask.
pub fn registration(shell: Shell) -> String {
    let shell: &dyn EnvCompleter = match shell {
        Shell::Bash => &bash::Bash,
        Shell::Elvish => &Elvish,
        Shell::Fish => &Fish,
        Shell::PowerShell => &Powershell,
        Shell::Zsh => &Zsh,
    };
    let mut script = Vec::new();
    // Writing to memory does not fail.
    let written = shell.write_registration(VARIABLE, "goldthread", "goldthread", "goldthread", &mut script);
    debug_assert!(written.is_ok());
    format!("{}\n", String::from_utf8_lossy(&script).trim())
}

/// Ids, and what else selects metrics.
pub(super) fn selectors(current: &OsStr) -> Vec<CompletionCandidate> {
    let current = words::unquoted(current);
    scorecard().map(|scorecard| selectors_of(&scorecard, &current)).unwrap_or_default()
}

/// The dimensions of every source.
pub(super) fn dimensions(current: &OsStr) -> Vec<CompletionCandidate> {
    let current = words::unquoted(current);
    let Some(scorecard) = scorecard() else { return Vec::new() };
    let mut found: Vec<(String, Vec<&str>)> = Vec::new();
    for source in &scorecard.sources {
        for dimension in &source.dimensions {
            match found.iter_mut().find(|(known, _)| known == dimension) {
                Some((_, sources)) => sources.push(&source.id),
                None => found.push((dimension.clone(), vec![&source.id])),
            }
        }
    }
    let found = found.into_iter().filter(|(dimension, _)| dimension.starts_with(&current));
    found.filter_map(|(dimension, sources)| candidate(dimension, &format!("of {}", sources.join(", ")))).collect()
}

/// The rules of `check`.
pub(super) fn rules(current: &OsStr) -> Vec<CompletionCandidate> {
    let current = words::unquoted(current);
    let rules = lint::RULES.iter().filter(|rule| rule.name.starts_with(&current));
    rules.filter_map(|rule| candidate(rule.name.to_owned(), rule.summary)).collect()
}

/// Selectors by what they say of a metric.
const FIELDS: [(&str, &str); 4] = [
    ("dept:", "the metrics of a department"),
    ("stage:", "the metrics of a step of the journey"),
    ("owner:", "the metrics someone answers for"),
    ("status:", "the metrics that stand so"),
];

fn selectors_of(scorecard: &Scorecard, current: &str) -> Vec<CompletionCandidate> {
    let below = current.strip_prefix('+');
    let mut found = Vec::new();
    for metric in &scorecard.metrics {
        let plain = below.unwrap_or(current);
        let (id, sign) = (&metric.id, if below.is_some() { "+" } else { "" });
        if id.starts_with(plain) {
            found.extend(candidate(format!("{sign}{id}"), &metric.name));
        }
        // Whoever has typed an id may want what it feeds.
        if plain.strip_suffix('+').unwrap_or(plain) == id {
            found.extend(candidate(format!("{sign}{id}+"), &format!("{}, and all that it feeds", metric.name)));
        }
    }
    for (field, meaning) in FIELDS {
        if current.is_empty() {
            found.extend(candidate(field.to_owned(), meaning));
        } else if field.starts_with(current) || current.starts_with(field) {
            let values = values(scorecard, field).into_iter();
            let fitting = values.map(|(value, help)| (format!("{field}{value}"), help));
            let fitting = fitting.filter(|(selector, _)| selector.starts_with(current));
            found.extend(fitting.filter_map(|(selector, help)| candidate(selector, &help)));
        }
    }
    found
}

/// What may stand behind a field, with a word on each.
fn values(scorecard: &Scorecard, field: &str) -> Vec<(String, String)> {
    match field {
        "dept:" => {
            scorecard.departments.iter().map(|department| (department.id.clone(), department.name.clone())).collect()
        }
        "stage:" => scorecard.stages.iter().map(|stage| (stage.value.clone(), String::new())).collect(),
        "owner:" => {
            let mut owners: Vec<(String, String)> = Vec::new();
            for owner in scorecard.metrics.iter().filter_map(|metric| metric.answerable()) {
                if !owners.iter().any(|(known, _)| known == owner) {
                    owners.push((owner.to_owned(), String::new()));
                }
            }
            owners
        }
        _ => Status::ALL.iter().map(|status| (status.word().to_owned(), String::new())).collect(),
    }
}

/// A proposal; none where its text would break the shell's line, as no one could type it.
fn candidate(text: String, help: &str) -> Option<CompletionCandidate> {
    let help: String = help.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let proposal = (!text.contains(char::is_control)).then(|| CompletionCandidate::new(text))?;
    Some(proposal.help((!help.is_empty()).then(|| help.into())))
}

/// The scorecard the command line names, the environment's, or the one found upwards.
fn scorecard() -> Option<Scorecard> {
    let named = words::scorecard(std::env::args_os().skip_while(|word| word != "--").skip(1));
    let known = named.or_else(|| std::env::var_os(SCORECARD).map(PathBuf::from));
    resolve(&load(&known.or_else(find_upwards)?)).ok()
}
