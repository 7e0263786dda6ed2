//! Charts: what their specifications say, against numbers computed elsewhere, and small pictures as goldens.

mod tree;
