//! The one test binary: each further one would link polars again.
//!
//! `architecture` reads the sources; `sessions` runs commands and compares exact output; `laws` are
//! properties of random input; `oracles` compares with numbers computed elsewhere; `errors` has a sample
//! for every diagnostic; `completeness` is about what is partial, late, rejected or no longer reported.

mod architecture;
mod completeness;
mod errors;
mod laws;
mod oracles;
mod picture;
mod session;
mod sessions;
mod standings;
