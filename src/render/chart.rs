//! Charts as pictures: a chart is laid out as a scene, a scene is drawn as SVG, an SVG is rasterised as PNG.
//!
//! One file a kind lays out (`tree`, `trend`, ...), in units and meanings; `theme` alone knows colours, `letters` alone
//! knows fonts, `svg` alone draws with plotters (`axis` asks it for ticks), `raster` alone draws with resvg (`letters` tells
//! it the fonts). The same chart gives the same bytes everywhere: fonts are embedded, nothing is taken from the system.

mod axis;
mod bullet;
#[cfg(test)]
mod extents;
mod figures;
mod footnotes;
mod frame;
mod heatmap;
mod index;
mod labels;
#[cfg(test)]
mod laws;
mod legend;
mod letters;
mod marks;
mod raster;
mod room;
mod scene;
mod scorecard;
mod shares;
mod svg;
mod sweetspot;
mod theme;
mod tree;
mod trend;

use crate::render::style::harmless;
use crate::view::chart::{Chart, Heading, Refusal};

pub use index::{Listed, Undrawn, index, listed};
pub use letters::Letters;
pub use room::Room;
pub use theme::{Colours, Ink, Rgb, StatusPalette, Theme};

/// How a picture is to be made.
pub struct Style<'s> {
    /// Width and height in units, where they are asked for; else what the chart needs.
    pub size: Option<(u32, u32)>,
    /// Pixels a unit, for PNG.
    pub scale: f64,
    /// Its colours.
    pub colours: Colours,
    /// Its fonts.
    pub letters: &'s Letters,
    /// Room for its pixels, for PNG; one for all that are drawn at once.
    pub room: &'s Room,
}

/// Where a picture came from: written into the file, for those who find it later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The program's version.
    pub version: String,
    /// The as-of, as a period's name.
    pub as_of: String,
    /// Path and SHA-256 of every file it rests on, in order of reading.
    pub inputs: Vec<(String, String)>,
}

/// One thing that a file carries of where it came from.
struct Entry {
    /// A word of ours.
    key: &'static str,
    /// Of scorecards and names of files, and so harmless: none can pass for two.
    lines: Vec<String>,
}

impl Provenance {
    /// What a file carries: the program, the as-of, and a line for each input.
    fn entries(&self) -> [Entry; 3] {
        let inputs = self.inputs.iter().map(|(path, hash)| harmless(&format!("sha256:{hash} {path}")));
        [
            Entry { key: "Software", lines: vec![harmless(&format!("goldthread {}", self.version))] },
            Entry { key: "As-of", lines: vec![harmless(&self.as_of)] },
            Entry { key: "Inputs", lines: inputs.collect() },
        ]
    }

    /// The line below every picture.
    fn signature(&self) -> String {
        format!("goldthread {} · as of {}", self.version, self.as_of)
    }
}

/// The form of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    /// Pixels.
    Png,
    /// Lines and letters.
    Svg,
}

/// A picture drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The bytes of its file.
    pub bytes: Vec<u8>,
    /// Characters that no font has, each with the text it stands in first.
    pub missing: Vec<(char, String)>,
}

/// What a kind of chart is laid out for.
struct Layout<'l> {
    size: Option<(f64, f64)>,
    letters: &'l Letters,
    signature: String,
}

/// Draws a chart.
///
/// # Errors
/// It does not fit the size asked for, or no size at all.
pub fn draw(
    chart: &Chart,
    format: PictureFormat,
    style: &Style<'_>,
    provenance: &Provenance,
) -> Result<Picture, Refusal> {
    let layout = Layout {
        size: style.size.map(|(width, height)| (f64::from(width), f64::from(height))),
        letters: style.letters,
        signature: provenance.signature(),
    };
    let scene = match chart {
        Chart::Tree(chart) => tree::paint(chart, &layout)?,
        Chart::Trend(chart) => trend::paint(chart, &layout)?,
        Chart::Bullet(chart) => bullet::paint(chart, &layout)?,
        Chart::Heatmap(chart) => heatmap::paint(chart, &layout)?,
        Chart::Scorecard(chart) => scorecard::paint(chart, &layout)?,
        Chart::Sweetspot(chart) => sweetspot::paint(chart, &layout)?,
    };
    let missing = missing(&scene.shapes, style.letters);
    let svg = svg::svg(&scene, chart.heading(), style.colours, style.letters, provenance);
    let bytes = match format {
        PictureFormat::Svg => svg.into_bytes(),
        PictureFormat::Png => {
            raster::png(&svg, style.scale, scene.size, chart.heading(), style.letters, provenance, style.room)?
        }
    };
    Ok(Picture { bytes, missing })
}

/// Every character that no font has, once, with the first text it stands in.
fn missing(shapes: &[scene::Shape], letters: &Letters) -> Vec<(char, String)> {
    let mut found: Vec<(char, String)> = Vec::new();
    for shape in shapes {
        match shape {
            scene::Shape::Text(text) => {
                for c in text.text.chars().filter(|c| !letters.writes(*c)) {
                    if found.iter().all(|(known, _)| *known != c) {
                        found.push((c, text.text.clone()));
                    }
                }
            }
            scene::Shape::Group { shapes, .. } => {
                for (c, text) in missing(shapes, letters) {
                    if found.iter().all(|(known, _)| *known != c) {
                        found.push((c, text));
                    }
                }
            }
            _ => {}
        }
    }
    found
}
