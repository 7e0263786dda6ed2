//! The fuzzer's corpus, without the fuzzer: every input that once found something, and the lines it started from, are fed
//! to the same functions.

use std::panic::catch_unwind;

use crate::invariants::{TARGETS, corpus};
use crate::session::root;

#[test]
fn what_the_fuzzer_knows_holds() {
    let mut failed = Vec::new();
    for (target, holds) in TARGETS {
        let inputs = corpus(target, &root());
        assert!(inputs.len() > 10, "{} inputs of `{target}`", inputs.len());
        for path in inputs {
            let data = std::fs::read(&path).expect("an input");
            let name = format!("{target}/{}", path.file_name().expect("a name").display());
            if catch_unwind(|| holds(&data)).is_err() {
                failed.push(name);
            }
        }
    }
    assert!(failed.is_empty(), "of tests/fuzz/corpus: {failed:#?}");
}
