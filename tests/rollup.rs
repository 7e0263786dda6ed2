//! What finance is promised of a rollup: every digit, in any order, from any file.

mod currency;
