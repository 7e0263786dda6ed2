//! An SVG as PNG, with the fonts of `letters` alone: the same pixels on every machine. The only place that draws with
//! resvg, and the only home of png. Holds pictures to a number of pixels before it takes memory for them.

use std::sync::Arc;

use resvg::{tiny_skia, usvg};

use super::letters::{FAMILY, Letters};
use super::room::{MOST_PIXELS, Room};
use super::{Entry, Provenance};
use crate::render::style::harmless;
use crate::view::chart::{Heading, Refusal};

/// Pixels of one inch of a picture at scale 1, by which programs know how large it is meant to be.
const PIXELS_AN_INCH: f64 = 96.0;
const INCHES_A_METRE: f64 = 39.370_078_740_157_48;

/// The bytes of a PNG file, `scale` pixels a unit; drawn when there is room.
///
/// # Errors
/// It is of more pixels than a picture may be, or of more elements than are drawn.
pub(super) fn png(
    svg: &str,
    scale: f64,
    size: (f64, f64),
    heading: &Heading,
    letters: &Letters,
    provenance: &Provenance,
    room: &Room,
) -> Result<Vec<u8>, Refusal> {
    let (width, height) = held(size, scale)?;
    let _place = room.take(u64::from(width) * u64::from(height));
    let options = usvg::Options {
        fontdb: Arc::clone(letters.database()),
        font_resolver: letters.resolver(),
        font_family: FAMILY.to_owned(),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(svg, &options).map_err(|error| refused(&error))?;
    let mut pixmap = tiny_skia::Pixmap::new(width, height).ok_or_else(|| {
        Refusal::new(format!("{width} x {height} pixels are too many"), "ask for a smaller `--scale`")
    })?;
    let transform = tiny_skia::Transform::from_scale(scale as f32, scale as f32);
    resvg::render(&tree, transform, &mut pixmap.as_mut());
    encoded(pixmap, scale, heading, provenance).map_err(|error| failed(&error.to_string()))
}

/// Pixels of width and height.
///
/// # Errors
/// They are too many together; the remedy is the largest scale at which they are not.
fn held(size: (f64, f64), scale: f64) -> Result<(u32, u32), Refusal> {
    let (width, height) = (pixels(size.0, scale), pixels(size.1, scale));
    let count = u64::from(width) * u64::from(height);
    if count <= MOST_PIXELS {
        return Ok((width, height));
    }
    // Rounded down, also where a side is rounded up to a whole pixel.
    let largest = (MOST_PIXELS as f64 / (size.0 * size.1)).sqrt();
    let largest = ((largest - 1.0 / size.0.min(size.1)) * 100.0).floor() / 100.0;
    let millions = |count: u64| count as f64 / 1e6;
    Err(Refusal::new(
        format!(
            "{width} x {height} is {:.0} million pixels, and a PNG holds at most {:.0} million",
            millions(count).ceil(),
            millions(MOST_PIXELS)
        ),
        format!("ask for `--scale {largest}` or less, or draw it as SVG, which has no pixels"),
    ))
}

fn refused(error: &usvg::Error) -> Refusal {
    match error {
        usvg::Error::ElementsLimitReached | usvg::Error::ParsingFailed(usvg::roxmltree::Error::NodesLimitReached) => {
            Refusal::new(
                "there is too much to draw in one picture",
                "narrow it: name fewer metrics, or ask for fewer periods or panels",
            )
        }
        other => failed(&other.to_string()),
    }
}

fn failed(problem: &str) -> Refusal {
    Refusal::new(format!("the picture cannot be drawn: {problem}"), "draw it as SVG: `-O svg`")
}

fn pixels(length: f64, scale: f64) -> u32 {
    (length * scale).round() as u32
}

/// Without transparency: the page is opaque.
fn encoded(
    pixmap: tiny_skia::Pixmap,
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
    for Entry { key, lines } in provenance.entries() {
        encoder.add_itxt_chunk(key.to_owned(), lines.join("\n"))?;
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&opaque(pixmap.take()))?;
    writer.finish()?;
    Ok(bytes)
}

/// Red, green and blue of pixels that have an opacity too, in the same memory.
fn opaque(mut pixels: Vec<u8>) -> Vec<u8> {
    let count = pixels.len() / 4;
    for index in 0..count {
        pixels.copy_within(4 * index..4 * index + 3, 3 * index);
    }
    pixels.truncate(3 * count);
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::chart::scene::{Pen, Scene, Text, at};
    use crate::render::chart::svg::svg;
    use crate::render::chart::{Colours, Ink};

    const SIDE: usize = 300;

    /// Whether each pixel of a drawn scene is dark, row by row.
    fn dark(scene: &Scene, letters: &Letters) -> Vec<Vec<bool>> {
        let (heading, provenance) = (Heading::default(), Provenance::default());
        let text = svg(scene, &heading, Colours::default(), letters, &provenance);
        let bytes = png(&text, 1.0, scene.size, &heading, letters, &provenance, &Room::new()).unwrap();
        let mut reader = ::png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; 3 * SIDE * SIDE];
        reader.next_frame(&mut pixels).unwrap();
        pixels.chunks(3 * SIDE).map(|row| row.chunks(3).map(|pixel| pixel[1] < 128).collect()).collect()
    }

    /// Left, top, right and bottom of what is dark, in pixels.
    fn extent(rows: &[Vec<bool>]) -> [f64; 4] {
        let columns: Vec<usize> = (0..SIDE).filter(|x| rows.iter().any(|row| row[*x])).collect();
        let lines: Vec<usize> = (0..SIDE).filter(|y| rows[*y].contains(&true)).collect();
        [columns[0], lines[0], columns[columns.len() - 1] + 1, lines[lines.len() - 1] + 1].map(|side| side as f64)
    }

    /// The same of a letter of 200 units at (40, 240), by the outline in a font's file.
    fn outline(font: &[u8], c: char) -> [f64; 4] {
        let face = ttf_parser::Face::parse(font, 0).unwrap();
        let glyph = face.glyph_bounding_box(face.glyph_index(c).unwrap()).unwrap();
        let unit = 200.0 / f64::from(face.units_per_em());
        let side = |length: i16| f64::from(length) * unit;
        [40.0 + side(glyph.x_min), 240.0 - side(glyph.y_max), 40.0 + side(glyph.x_max), 240.0 - side(glyph.y_min)]
    }

    #[test]
    fn letters_have_the_shapes_of_the_font_that_has_them() {
        const OWN: &[u8] = include_bytes!("../../../tests/charts/capitals.ttf");
        const REGULAR: &[u8] = include_bytes!("fonts/GoldthreadSans-Regular.ttf");
        const STRONG: &[u8] = include_bytes!("fonts/GoldthreadSans-SemiBold.ttf");
        let (own, usual) = (Letters::new(Some(OWN.to_vec())).unwrap(), Letters::new(None).unwrap());
        let near = |a: [f64; 4], b: [f64; 4]| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1.5);
        // The user's font has capitals and no small letters.
        for (letters, c, regular, strong) in
            [(&own, 'M', OWN, OWN), (&usual, 'M', REGULAR, STRONG), (&own, 'w', REGULAR, STRONG)]
        {
            let text = Text::new(at(40.0, 240.0), c, 200.0, Ink::Text);
            for (text, font) in [(text.clone(), regular), (text.strong(), strong)] {
                let mut scene = Scene::new(SIDE as f64, SIDE as f64);
                let weight = text.weight;
                scene.text(text);
                let (drawn, wanted) = (extent(&dark(&scene, letters)), outline(font, c));
                assert!(near(drawn, wanted), "{c} {weight:?}: {drawn:?} and not {wanted:?}");
            }
        }
        assert!(!near(outline(OWN, 'M'), outline(REGULAR, 'M')), "the fonts can be told apart");
    }

    #[test]
    fn a_dashed_line_is_one_element_of_dashes_and_gaps() {
        let mut scene = Scene::new(SIDE as f64, SIDE as f64);
        scene.line(at(20.0, 100.0), at(280.0, 100.0), Pen::new(Ink::Text, 4.0).dashed(12.0, 8.0));
        let letters = Letters::new(None).unwrap();
        let text = svg(&scene, &Heading::default(), Colours::default(), &letters, &Provenance::default());
        assert_eq!((text.matches("<polyline ").count(), text.matches("stroke-dasharray=\"96,64\"").count()), (1, 1));
        let row = &dark(&scene, &letters)[100];
        for (x, is_dark) in row.iter().enumerate().take(278).skip(22) {
            let turn = (x - 20) % 20;
            assert!([0, 11, 12, 19].contains(&turn) || *is_dark == (turn < 12), "pixel {x}");
        }
    }

    #[test]
    fn too_many_pixels_are_refused_before_any_memory_is_taken() {
        assert_eq!(held((16_384.0, 6_000.0), 1.0), Ok((16_384, 6_000)));
        assert_eq!(held((1600.0, 900.0), 8.0), Ok((12_800, 7_200)));
        for (size, scale) in [((16_384.0, 16_384.0), 8.0), ((16_384.0, 16_384.0), 1.0), ((200.0, 16_384.0), 8.0)] {
            let refusal = held(size, scale).unwrap_err();
            assert!(refusal.reason.ends_with("million pixels, and a PNG holds at most 100 million"), "{refusal:?}");
            let remedy = refusal.help.strip_prefix("ask for `--scale ").and_then(|rest| rest.split_once('`'));
            let remedy: f64 = remedy.expect("a scale").0.parse().expect("a number");
            assert!((0.25..scale).contains(&remedy) && held(size, remedy).is_ok(), "{size:?}: {remedy}");
            assert!(held(size, remedy * 1.05).is_err(), "{size:?}: {remedy} is far below what fits");
        }
    }

    #[test]
    fn what_is_too_much_to_draw_is_told_so_and_svg_is_no_way_out() {
        let nodes = usvg::Error::ParsingFailed(usvg::roxmltree::Error::NodesLimitReached);
        for error in [usvg::Error::ElementsLimitReached, nodes] {
            let refusal = refused(&error);
            assert_eq!(refusal.reason, "there is too much to draw in one picture");
            assert!(refusal.help.starts_with("narrow it: ") && !refusal.help.contains("SVG"), "{refusal:?}");
        }
    }

    #[test]
    fn opacity_is_left_out() {
        assert_eq!(opaque(vec![1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255]), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
}
