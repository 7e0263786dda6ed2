#![no_main]

#[path = "../invariants.rs"]
mod invariants;

use std::sync::Once;

static QUIET: Once = Once::new();

// The fuzzer ends at every panic; one that the program catches and tells as a damaged file is no finding.
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    QUIET.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !goldthread::observe::is_guarded() {
                usual(panic);
            }
        }));
    });
    invariants::file(data);
});
