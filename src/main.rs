//! The process boundary; the commands come with the stages they call.

fn main() {}
