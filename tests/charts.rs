//! Charts: specifications against numbers computed elsewhere, layouts against their laws, pictures against their bytes.

mod bullet;
mod heatmap;
mod scorecard;
mod subject;
mod tree;
mod trend;
