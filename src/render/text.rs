//! Text for a terminal: the scorecard's table, one thread, one trace.

mod notes;
mod table;
mod thread;
mod trace;

pub(super) use notes::weakest_line;
pub use table::show;
pub use thread::thread;
pub use trace::trace;
