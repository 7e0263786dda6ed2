//! The numbers for other programs, and the closed month.

mod ledger;
mod revisions;
