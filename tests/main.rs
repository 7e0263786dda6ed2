//! The one test binary: each further one would link polars again.
//!
//! `architecture` reads the sources; `sessions` runs commands and compares exact output; `laws` are
//! properties of random input; `oracles` compares with numbers computed elsewhere; `errors` has a sample
//! for every diagnostic; `inputs` has a file for everything departments really send;
//! `dialects` writes one table in many ways; `completeness` is about what is partial, late, rejected or no
//! longer reported; `findings` is about the forms of what `check` finds; `rules` holds every rule of `check` to its
//! documentation, `bounds` to the bounds it states, `checks` to what a check is about;
//! `processes` is about limits, signals and rebases; `schema` holds the JSON Schema against the program; `shell` is about completions, help and the manual; `init` begins
//! scorecards from all sorts of files; `large` is about files of several pieces; `fuzz_seeds` feeds the fuzzer's corpus to
//! the fuzzer's functions; `charts` is about pictures; `ranges` is about
//! `show` over several periods; `rollup` is about what finance is promised.

mod architecture;
mod bounds;
mod charts;
mod checks;
mod completeness;
mod dialects;
mod errors;
mod findings;
mod fuzz_seeds;
mod init;
mod inputs;
#[path = "fuzz/invariants.rs"]
mod invariants;
mod large;
mod laws;
mod oracles;
mod picture;
mod processes;
mod ranges;
mod rollup;
mod rules;
mod schema;
mod session;
mod sessions;
mod shell;
mod standings;
