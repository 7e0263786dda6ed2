//! Charts: what each kind says held against numbers computed here, what it refuses, and one picture of each.

mod trend;
