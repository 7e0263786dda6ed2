//! Charts: specifications against numbers computed elsewhere, layouts against their laws, pictures against their bytes.

mod pack;
mod pictures;
mod sweetspot;
mod theme;
