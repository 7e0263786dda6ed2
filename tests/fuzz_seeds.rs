//! The fuzzer's corpus, without the fuzzer: every input that once found something, and the lines it started from, are fed
//! to the same functions.

use std::panic::catch_unwind;

use crate::invariants::{TARGETS, corpus};
use crate::session::root;

#[test]
fn what_the_fuzzer_knows_holds() {
    let mut failed = Vec::new();
    for (name, target) in TARGETS {
        let inputs = corpus(name, &root());
        assert!(inputs.len() > 10, "{} inputs of `{name}`", inputs.len());
        for path in inputs {
            let data = std::fs::read(&path).expect("an input");
            if catch_unwind(|| target(&data)).is_err() {
                failed.push(path.strip_prefix(root()).expect("below the checkout").display().to_string());
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}
