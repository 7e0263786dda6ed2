//! The scorecard file: from TOML text to a checked [`Scorecard`](crate::metric::Scorecard).
//!
//! `load` reads the file and what it includes, `raw` is the shape of the language as it is written,
//! `tables` turns TOML into that shape and keeps every problem, `resolve` turns the shape into checked
//! types. `schema` says the same shape to editors. The only home of `toml`.

mod load;
mod raw;
mod resolve;
mod schema;
mod tables;

pub use load::{Loaded, find_upwards, load};
pub use resolve::resolve;
pub use schema::schema;
