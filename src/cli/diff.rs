//! Arguments of `diff`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// A revision of the git repository, such as HEAD~1: against what is here, or against a second one
    #[arg(value_name = "REV", num_args = 0..=2)]
    pub revisions: Vec<String>,
    /// Only these periods
    #[arg(short, long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// Compare a rollup, or a folder of them, as CSV in tidy layout ...
    #[arg(long, value_name = "PATH", requires = "to", conflicts_with_all = ["revisions", "period"], value_hint = ValueHint::AnyPath)]
    pub from: Option<PathBuf>,
    /// ... with this one: no scorecard is read
    #[arg(long, value_name = "PATH", requires = "from", value_hint = ValueHint::AnyPath)]
    pub to: Option<PathBuf>,
    /// The form of the differences; else by the extension of -o (.json, .csv), else human
    #[arg(short = 'O', long, value_enum, value_name = "FORMAT")]
    pub format: Option<DiffFormat>,
    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// End with 1 where anything differs but periods that are new
    #[arg(long)]
    pub exit_code: bool,
}

/// The form of differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people: by kind, each with the figures and files behind it
    Human,
    /// For programs
    Json,
    /// For programs, one row a difference
    Csv,
}
