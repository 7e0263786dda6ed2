//! Statistics of plain series of numbers. Knows no metric, no target and no period.

pub mod correlation;
pub mod xmr;
