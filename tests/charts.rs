//! Charts: specifications against numbers computed elsewhere, layouts against their laws, pictures against their bytes.

mod bullet;
mod heatmap;
mod pack;
mod pictures;
mod scorecard;
mod subject;
mod sweetspot;
mod theme;
mod tree;
mod trend;
