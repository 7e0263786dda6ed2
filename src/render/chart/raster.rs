//! An SVG as PNG, with the embedded font alone: the same pixels on every machine. The only home of resvg and png.

use std::sync::Arc;

use resvg::{tiny_skia, usvg};

use super::Provenance;
use super::letters::{FAMILY, Letters};
use crate::render::style::harmless;
use crate::view::chart::{Heading, Refusal};

/// Pixels of one inch of a picture at scale 1, by which programs know how large it is meant to be.
const PIXELS_AN_INCH: f64 = 96.0;
const INCHES_A_METRE: f64 = 39.370_078_740_157_48;

/// The bytes of a PNG file, `scale` pixels a unit.
///
/// # Errors
/// It is too large for memory.
pub(super) fn png(
    svg: &str,
    scale: f64,
    heading: &Heading,
    letters: &Letters,
    provenance: &Provenance,
) -> Result<Vec<u8>, Refusal> {
    let options = usvg::Options {
        fontdb: Arc::clone(letters.database()),
        font_family: FAMILY.to_owned(),
        ..usvg::Options::default()
    };
    let failed = |problem: String| Refusal::new(format!("the picture cannot be drawn: {problem}"), "draw it as SVG");
    let tree = usvg::Tree::from_str(svg, &options).map_err(|error| failed(error.to_string()))?;
    let (width, height) = (pixels(tree.size().width(), scale), pixels(tree.size().height(), scale));
    let mut pixmap = tiny_skia::Pixmap::new(width, height).ok_or_else(|| {
        Refusal::new(format!("{width} x {height} pixels are too many"), "ask for a smaller `--scale`")
    })?;
    let transform = tiny_skia::Transform::from_scale(scale as f32, scale as f32);
    resvg::render(&tree, transform, &mut pixmap.as_mut());
    encoded(&pixmap, scale, heading, provenance).map_err(|error| failed(error.to_string()))
}

fn pixels(length: f32, scale: f64) -> u32 {
    (f64::from(length) * scale).round() as u32
}

/// Without transparency: the page is opaque.
fn encoded(
    pixmap: &tiny_skia::Pixmap,
    scale: f64,
    heading: &Heading,
    provenance: &Provenance,
) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixmap.width(), pixmap.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let density = (PIXELS_AN_INCH * scale * INCHES_A_METRE).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: density, yppu: density, unit: png::Unit::Meter }));
    encoder.add_itxt_chunk("Title".to_owned(), harmless(&heading.title))?;
    encoder.add_itxt_chunk("Description".to_owned(), harmless(&heading.description))?;
    for (key, value) in provenance.entries() {
        encoder.add_itxt_chunk(key, value)?;
    }
    let mut writer = encoder.write_header()?;
    let opaque: Vec<u8> = pixmap.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
    writer.write_image_data(&opaque)?;
    writer.finish()?;
    Ok(bytes)
}
