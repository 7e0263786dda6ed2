//! What the user typed, what a shell proposes while it is typed, and the manual of it. The only home of clap.

mod chart;
mod close;
mod complete;
mod diff;
mod man;
mod rollup;

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::engine::ArgValueCompleter;

use crate::view::Order;

pub use chart::{ChartArgs, ChartKind, PaletteName, PictureForm, ThemeName};
pub use close::CloseArgs;
pub use complete::{engine, registration};
pub use diff::{DiffArgs, DiffFormat};
pub use man::{manual, pages};
pub use rollup::{CsvReader, Figure, Layout, RollupArgs, RollupFormat};

/// A golden-thread KPI scorecard: from department metrics up to customer goals.
#[derive(Debug, Parser)]
#[command(name = "goldthread", version, about, max_term_width = 100, after_help = AFTER_HELP)]
pub struct Cli {
    /// The scorecard; else ./scorecard.toml here or in a folder above
    #[arg(short, long, value_name = "FILE", env = SCORECARD, global = true, help_heading = GLOBAL, value_hint = ValueHint::FilePath)]
    pub scorecard: Option<PathBuf>,
    /// When to colour; NO_COLOR and CLICOLOR_FORCE are respected
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", global = true, help_heading = GLOBAL)]
    pub color: ColorWhen,
    /// Lay text out for so many columns; else the terminal's width
    #[arg(long, value_name = "COLUMNS", global = true, help_heading = GLOBAL, value_parser = clap::value_parser!(u16).range(40..))]
    pub width: Option<u16>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The variable that names the scorecard where `-s` does not.
const SCORECARD: &str = "GOLDTHREAD_SCORECARD";

/// Where `--help` lists the options that every command takes: below its own.
const GLOBAL: &str = "Options of every command";

const AFTER_HELP: &str = "\
Exit codes: 0 done; 1 done, and the answer is no (check, --fail-on, --reconcile, --exit-code); 2 could not do it.";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The scorecard as a tree: actual, target, variance, change, trend, status, thread score
    #[command(after_help = SELECTORS)]
    Show(ShowArgs),
    /// One golden thread: up to its goals and down to its leaves, and where it loses the most
    #[command(after_help = SELECTORS)]
    Thread(ThreadArgs),
    /// Pictures for the monthly pack: PNG and SVG, the same bytes on every machine
    #[command(after_help = SELECTORS)]
    Chart(ChartArgs),
    /// The numbers for other programs: one row a metric, segment and period
    #[command(after_help = SELECTORS)]
    Rollup(RollupArgs),
    /// Freeze what is reported of a complete period into the ledger beside the scorecard
    #[command(after_help = CLOSE)]
    Close(CloseArgs),
    /// What is reported now against what was closed: restated history, moved targets, changed definitions
    #[command(after_help = DIFF)]
    Diff(DiffArgs),
    /// How a number came about: formula, parts, rows, files, target, status rule
    #[command(after_help = SELECTORS)]
    Trace(TraceArgs),
    /// What is wrong with the scorecard and its data, before the report: silent when all is well
    Check(CheckArgs),
    /// Begin a scorecard: from the headers of your files, or a sample that runs at once
    Init(InitArgs),
    /// The JSON Schema of the scorecard file, by which editors complete and explain it
    #[command(after_help = SCHEMA)]
    Schema,
    /// What a shell needs to complete commands, options and the ids of the scorecard
    #[command(after_help = COMPLETIONS)]
    Completions(CompletionsArgs),
    /// The manual: one page to standard output, or a page a command into a folder
    #[command(after_help = MAN)]
    Man(ManArgs),
}

impl Command {
    /// The file of `-o`.
    pub fn output(&self) -> Option<&Path> {
        match self {
            Command::Show(args) => args.output.as_deref(),
            Command::Rollup(args) => args.output.as_deref(),
            Command::Chart(args) => args.output.as_deref(),
            Command::Diff(args) => args.output.as_deref(),
            Command::Check(args) => args.output.as_deref(),
            _ => None,
        }
    }
}

const SELECTORS: &str = "\
Selectors: an id; a glob call_*; +clv all that feeds it; fcr+ all that it feeds; dept:support; stage:renew; \
owner:\"Head of Service\"; status:off-target. Several are a union.

Periods: 2026-10, 2026-Q3, 2026, FY2026, FY2026-Q2, 2026-W41, 2026-10-31, last-month, last-4-months, \
2025-11..2026-10 (both ends included).";

const CLOSE: &str = "\
The ledger is a folder beside the scorecard: scorecard.toml has scorecard.ledger/2026-10.txt. Keep it in git. A closed \
period is never rewritten: --reopen appends what is reported now, with the reason, and the earlier versions stay above it.";

const DIFF: &str = "\
Without revisions, --from and --to: every closed period as it was last closed, against what is reported of it now. With \
one revision of the repository: the scorecard and its data there against those here; with two, the one against the other.

With --exit-code: 1 where anything differs but periods that are new.";

const SCHEMA: &str = "\
Write it beside the scorecard, and name it in the scorecard's first line:

  goldthread schema > .goldthread.schema.json
  #:schema ./.goldthread.schema.json

Editors with a TOML language server (Even Better TOML, taplo, tombi) then complete keys and words, explain them, and \
mark what no scorecard may hold. Files that the scorecard includes take the same line, with the path from where they lie.";

const INIT_USAGE: &str = "\
goldthread init [DIR] --sample
       goldthread init [DIR] --from <GLOB>...";

const INIT: &str = "\
A pattern in quotes is looked for below DIR: `goldthread init board --from 'data/*.csv'` reads board/data. Without quotes \
the shell replaces it by what lies where you are; such paths are found too, and written as seen from DIR.";

const COMPLETIONS: &str = "\
Add one line to the file your shell reads when it begins:

  ~/.bashrc                     source <(goldthread completions bash)
  ~/.config/elvish/rc.elv       eval (goldthread completions elvish | slurp)
  ~/.config/fish/config.fish    goldthread completions fish | source
  $PROFILE                      goldthread completions powershell | Out-String | Invoke-Expression
  ~/.zshrc, below compinit      source <(goldthread completions zsh)

Ids are those of the scorecard that -s or GOLDTHREAD_SCORECARD names, or of ./scorecard.toml here or in a folder above.";

const MAN: &str = "\
To read it, or to install a page a command into a folder that is there, for `man goldthread-show`:

  goldthread man | man -l -
  goldthread man ~/.local/share/man/man1";

/// Which period and which rows.
#[derive(Debug, Default, Args)]
pub struct ReportArgs {
    /// The period or periods to report on; else the last complete one
    #[arg(short, long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// The period to count back from, which counts as closed; else the last one every required source completes
    #[arg(long, value_name = "PERIOD")]
    pub as_of: Option<String>,
    /// Report by month
    #[arg(short = 'M', long, group = "grain")]
    pub monthly: bool,
    /// Report by quarter
    #[arg(short = 'Q', long, group = "grain")]
    pub quarterly: bool,
    /// Report by year
    #[arg(short = 'Y', long, group = "grain")]
    pub yearly: bool,
    /// Only rows that meet this condition on declared dimensions: "region = 'north'"
    #[arg(long = "where", value_name = "CONDITION")]
    pub filter: Option<String>,
    /// Take cells and rows that cannot be read as missing, mark what rests on them, and list them in --rejects
    #[arg(long)]
    pub lenient: bool,
    /// Where --lenient lists what it left out
    #[arg(long, value_name = "FILE", default_value = "rejects.csv", requires = "lenient", value_hint = ValueHint::FilePath)]
    pub rejects: PathBuf,
    /// Read every file the careful way: slower, with the same result
    #[arg(long)]
    pub careful: bool,
    /// Read clean files the fast way whatever their size, with the same result: for tests
    #[arg(long, hide = true, conflicts_with = "careful")]
    pub fast: bool,
}

/// Arguments of `show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Which metrics; all of them where none is named
    #[arg(value_name = "SEL", add = ArgValueCompleter::new(complete::selectors))]
    pub selectors: Vec<String>,
    /// Period and rows.
    #[command(flatten)]
    pub report: ReportArgs,
    /// Split by this dimension; several by comma or by repeating
    #[arg(long, value_name = "DIM", value_delimiter = ',', add = ArgValueCompleter::new(complete::dimensions))]
    pub by: Vec<String>,
    /// The form of the output; else by the extension of -o, else a table
    #[arg(short = 'O', long, value_enum, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Show so many levels of the tree
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub depth: Option<u16>,
    /// The order of rows
    #[arg(long, value_enum, default_value_t, value_name = "ORDER")]
    pub sort: SortBy,
    /// End with 1 where a metric selected stands so, in any period or part; several by comma
    #[arg(long, value_enum, value_name = "STATUS", value_delimiter = ',')]
    pub fail_on: Vec<FailOn>,
}

/// Arguments of `thread`.
#[derive(Debug, Args)]
pub struct ThreadArgs {
    /// Which metrics
    #[arg(value_name = "SEL", required = true, add = ArgValueCompleter::new(complete::selectors))]
    pub selectors: Vec<String>,
    /// Period and rows.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Arguments of `trace`.
#[derive(Debug, Args)]
pub struct TraceArgs {
    /// Which metrics
    #[arg(value_name = "SEL", required_unless_present = "plan", add = ArgValueCompleter::new(complete::selectors))]
    pub selectors: Vec<String>,
    /// Period and rows.
    #[command(flatten)]
    pub report: ReportArgs,
    /// Print what would be read instead of reading it
    #[arg(long)]
    pub plan: bool,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// List the rules, and the faults that a report meets on its way
    #[arg(long, conflicts_with = "explain")]
    pub list: bool,
    /// Explain a rule: what it does, why it matters, an example, what to write instead; or a fault
    #[arg(long, value_name = "RULE", add = ArgValueCompleter::new(complete::rules))]
    pub explain: Option<String>,
    /// The form of the findings; else by the extension of -o (.json, .xml), else human
    #[arg(short = 'O', long, value_enum, value_name = "FORMAT")]
    pub format: Option<FindingsFormat>,
    /// Write the findings to this file, whole or not at all
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Append a summary in Markdown to this file, such as $GITHUB_STEP_SUMMARY
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub summary: Option<PathBuf>,
    /// End with 1 on warnings too
    #[arg(long)]
    pub strict: bool,
    /// Also tell, on standard error, what was read, and how it is written: detected or set
    #[arg(short, long)]
    pub verbose: bool,
    /// An earlier version of the scorecard, to find targets that were changed after their period
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub against: Option<PathBuf>,
    /// The period the check is about; else the last one every required source completes
    #[arg(long, value_name = "PERIOD")]
    pub as_of: Option<String>,
    /// Read every file the careful way: slower, with the same result
    #[arg(long)]
    pub careful: bool,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
#[command(override_usage = INIT_USAGE, after_help = INIT)]
pub struct InitArgs {
    /// The folder to begin it in
    #[arg(value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    /// Write a small scorecard with data that runs at once
    #[arg(long, conflicts_with = "from")]
    pub sample: bool,
    /// Propose a scorecard from the headers and types of these files, by path or pattern: name DIR before it
    #[arg(long, value_name = "GLOB", num_args = 1.., required_unless_present = "sample", value_hint = ValueHint::AnyPath)]
    pub from: Vec<String>,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Which shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: Shell,
}

/// Arguments of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Write a page a command into this folder
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: Option<PathBuf>,
}

/// A shell that completes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// Bash
    Bash,
    /// Elvish
    Elvish,
    /// Fish
    Fish,
    /// PowerShell
    #[value(name = "powershell")]
    PowerShell,
    /// Zsh
    Zsh,
}

/// The form of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FindingsFormat {
    /// For people: the text under a caret, the reason, the remedy
    Human,
    /// One line a finding: path:line:column: severity[rule]: message
    Short,
    /// For programs
    Json,
    /// Annotations of a GitHub workflow, at most ten a severity; paths from the root of the repository
    Github,
    /// A code quality report of a GitLab job; paths from the root of the repository
    Gitlab,
    /// JUnit XML: a test case a rule, or a finding of it
    Junit,
}

/// The form of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// For programs, numbers at full precision
    Json,
    /// For programs, one row a metric, segment and period
    Csv,
    /// For documents
    Markdown,
}

/// The order of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SortBy {
    /// The tree, in file order
    #[default]
    Tree,
    /// What costs a goal most first
    Drag,
    /// Lowest score first
    Score,
    /// Worst status first
    Status,
    /// By name
    Name,
}

impl From<SortBy> for Order {
    fn from(sort: SortBy) -> Order {
        match sort {
            SortBy::Tree => Order::Tree,
            SortBy::Drag => Order::Drag,
            SortBy::Score => Order::Score,
            SortBy::Status => Order::Status,
            SortBy::Name => Order::Name,
        }
    }
}

/// What ends a run with 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Off-target
    OffTarget,
    /// At-risk or off-target
    AtRisk,
    /// No data
    NoData,
    /// Thread on target, own actual not
    Watermelon,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
