//! The fuzzer's corpus, without the fuzzer: every input that once found something, and the lines it started from, are fed
//! to the same functions.

use std::panic::catch_unwind;

use crate::invariants::{TARGETS, corpus};
use crate::session::root;

/// Inputs whose fault is known and not yet mended; one that holds is taken off this list.
const OPEN: [&str; 7] = [
    // A declared format reads 01,005 as a thousand and five, while the number itself proves that the comma is decimal.
    "cell/leading-zero-before-a-group",
    // A column that has the name of a keyword is printed without the quotes it needs.
    "formula/keyword-in-a-condition",
    "formula/keyword-in-a-measure",
    // The arithmetic of a row prints a minus before a minus, which begins a comment.
    "formula/minus-twice",
    // A damaged file of parquet makes its reader panic.
    "file/parquet-damaged-footer",
    "file/parquet-damaged-page",
    // Of a long row only the beginning is kept for the message, and one of two places lies beyond it.
    "file/total-mismatch-of-a-long-row",
];

#[test]
fn what_the_fuzzer_knows_holds() {
    let (mut failed, mut mended) = (Vec::new(), Vec::new());
    for (target, holds) in TARGETS {
        let inputs = corpus(target, &root());
        assert!(inputs.len() > 10, "{} inputs of `{target}`", inputs.len());
        for path in inputs {
            let data = std::fs::read(&path).expect("an input");
            let name = format!("{target}/{}", path.file_name().expect("a name").display());
            match (catch_unwind(|| holds(&data)).is_ok(), OPEN.contains(&name.as_str())) {
                (true, true) => mended.push(name),
                (false, false) => failed.push(name),
                (true, false) | (false, true) => {}
            }
        }
    }
    assert!(failed.is_empty(), "of tests/fuzz/corpus: {failed:#?}");
    assert!(mended.is_empty(), "no longer open: {mended:#?}");
}
