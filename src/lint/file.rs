//! Rules about the scorecard's text.

pub(super) mod unused_silence;
