//! Libraries that panic on a damaged file, held to an error.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is reading with a library that may panic on a damaged file; such a panic is told as an error, and
/// is no matter for a panic hook.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Reads a part of a file; where the library panics the file is damaged.
///
/// Nothing that was read in part is used: the caller ends with the error.
pub(super) fn guarded<T>(read: impl FnOnce() -> std::io::Result<T>) -> std::io::Result<T> {
    let before = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(before);
    result.unwrap_or_else(|_| Err(std::io::Error::other("the file is damaged")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        assert!(guarded(|| Ok(1)).is_ok());
        // Quiet in the test's own output too.
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let caught: std::io::Result<()> = guarded(|| panic!("as libraries do"));
        std::panic::set_hook(hook);
        assert!(caught.is_err() && !is_guarded());
    }
}
