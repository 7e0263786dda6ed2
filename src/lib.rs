//! goldthread: a golden-thread KPI scorecard for the command line.
//!
//! A scorecard is a small language: departments' metrics, measured from CSV files, linked through a
//! tree up to the enterprise's customer goals. This crate is its compiler and its report writer. It has
//! one shape, a chain of named values; each stage is a pure function between two of them, and one stage
//! reads data:
//!
//! ```text
//! scorecard.toml ─load→ Loaded ─resolve→ Scorecard ─plan→ Plan
//!                                                          │      (polars: the only stage that reads data)
//! CSV files ───────────────────────────────── observe ←────┘
//!                                                │
//!                                          Observations ─evaluate→ Evaluation ─view→ Show, ThreadView, Trace, Records
//!                                                                                        │ render
//!                                                                                      text, Markdown, CSV, JSON
//! ```
//!
//! # Modules, in the order in which they may use each other
//!
//! | module | owns |
//! |---|---|
//! | [`in_order`] | work that threads share, its results in order |
//! | [`number`] | exact decimals and doubles, rounding, the machine's way of writing a number |
//! | [`period`] | grains, periods, calendars, what a user types for a period |
//! | [`unit`] | the words for units, decimals for people |
//! | [`prose`] | the grammar of messages |
//! | [`diagnostic`] | findings: codes, places, remedies |
//! | [`stats`] | statistics of plain series; knows no metric |
//! | [`formula`] | the expression language: parse, evaluate, differentiate, print; the one reader of cells |
//! | [`graph`] | children, parents, loops, order |
//! | [`metric`] | the checked scorecard: metrics, goals, targets, sources |
//! | [`status`] | every cut-off: scores, statuses, how children's scores combine, shares of a shortfall |
//! | [`scorecard`] | TOML to the checked scorecard, all problems at once; the only home of `toml` |
//! | [`plan`] | which columns to read, which base aggregates to keep |
//! | [`observe`] | files to base aggregates; the only home of `polars` |
//! | [`evaluate`] | base aggregates to readings, standings, thread scores, drag |
//! | [`ledger`] | closed periods: what was reported of them, as text, and what differs now |
//! | [`lint`] | the rules of `check`, one a file |
//! | [`draft`] | a first scorecard from what files show |
//! | [`select`] | selectors |
//! | [`view`] | evaluations to what a report says, as meaning |
//! | [`render`] | views to text; one file a format; the only home of `comfy-table` |
//! | [`cli`] | what the user typed; the only home of `clap` beside `main` |
//! | [`run`] | one short function a command |
//!
//! A test reads the sources and keeps that order.
//!
//! # Invariants
//!
//! - **Unchecked and checked are different types.** Behind [`scorecard::resolve`] ids resolve, formulas
//!   parse, units and targets are there, the graph has no loop. No later stage checks it again.
//! - **Arithmetic is never confused with belief.** A definition and a link are two variants
//!   ([`graph::Tie`]) and two line styles.
//! - **Absence is a variant with a reason** ([`evaluate::Absence`]): never zero, NaN or a blank.
//! - **Like is held against like.** What is partial, provisional or rests on rejected cells carries an
//!   [`evaluate::Caveat`], and no target, change, trend or score takes it for what it is not.
//! - **Sums are exact.** Cells are read as 128-bit fixed-point integers, so neither threads nor the order
//!   of rows and files can change a digit; ratios are divided last.
//! - **Nothing is rolled up but base aggregates.** A quarter, a year to date, a total are merged from the
//!   same cells as a month of one region; a definition is recomputed from its rolled-up inputs.
//! - **Only `main` prints and ends; nothing reads a clock.** The same input gives the same bytes.

pub mod cli;
pub mod diagnostic;
pub mod draft;
pub mod evaluate;
pub mod formula;
pub mod graph;
pub mod in_order;
pub mod ledger;
pub mod lint;
pub mod metric;
pub mod number;
pub mod observe;
pub mod period;
pub mod plan;
pub mod prose;
pub mod render;
pub mod run;
pub mod scorecard;
pub mod select;
pub mod stats;
pub mod status;
pub mod unit;
pub mod view;
