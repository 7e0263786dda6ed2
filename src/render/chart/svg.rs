//! A scene as SVG, drawn with plotters on a page of eight times the units, so that places are kept to an eighth of a pixel.
//!
//! Every text carries the length that the embedded font gives it: where a viewer has another font, letters are squeezed
//! into their place instead of running over their neighbour. The only place that draws with plotters.

use plotters::coord::Shift;
use plotters::prelude::{
    Circle, DrawingArea, IntoDrawingArea, IntoFont, PathElement, Polygon, SVGBackend, ShapeStyle, TextStyle,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, RGBColor};

use super::letters::Letters;
use super::scene::{Anchor, Pen, Point, Scene, Shape, Text, Weight};
use super::theme::{Colours, Ink};
use super::{Entry, Provenance};
use crate::render::style::harmless;
use crate::view::chart::Heading;

/// Parts of a unit that a place is rounded to.
const FINE: f64 = 8.0;
/// What plotters divides the size of letters by before it writes it.
const PLOTTERS_EM: f64 = 1.24;
/// Where plotters puts the baseline below the top of a text, in ems.
const PLOTTERS_TOP: f64 = 0.76;

/// A scene as the text of an SVG file.
pub(super) fn svg(
    scene: &Scene,
    heading: &Heading,
    colours: Colours,
    letters: &Letters,
    provenance: &Provenance,
) -> String {
    let pencil = Pencil { size: (fine(scene.size.0) as u32, fine(scene.size.1) as u32), colours, letters };
    let (width, height) = scene.size;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {} {}\" role=\"img\" \
         aria-labelledby=\"title desc\">\n<title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n",
        pencil.size.0,
        pencil.size.1,
        escaped(&heading.title),
        escaped(&heading.description),
    );
    text.push_str("<metadata>\n");
    for Entry { key, lines } in provenance.entries() {
        lines.iter().for_each(|line| text.push_str(&format!("{key}: {}\n", escaped(line))));
    }
    text.push_str("</metadata>\n");
    let page = super::scene::filled(super::scene::Area::new(0.0, 0.0, width, height), Ink::Page);
    text.push_str(&pencil.drawn(std::slice::from_ref(&page)));
    text.push_str(&pencil.drawn(&scene.shapes));
    text.push_str("</svg>\n");
    text
}

fn fine(length: f64) -> i32 {
    (length * FINE).round() as i32
}

fn places(points: &[Point]) -> Vec<(i32, i32)> {
    points.iter().map(|point| (fine(point.x), fine(point.y))).collect()
}

/// A line with dashes and gaps of these lengths: one element, where plotters would write one for each dash.
fn dashed(line: &str, (dash, gap): (f64, f64)) -> String {
    let dashes = format!("<polyline stroke-dasharray=\"{},{}\" ", fine(dash).max(1), fine(gap).max(1));
    line.replacen("<polyline ", &dashes, 1)
}

struct Pencil<'p> {
    size: (u32, u32),
    colours: Colours,
    letters: &'p Letters,
}

impl Pencil<'_> {
    /// Shapes as elements, without the page around them.
    fn drawn(&self, shapes: &[Shape]) -> String {
        let mut text = String::new();
        let mut simple: Vec<&Shape> = Vec::new();
        for shape in shapes {
            match shape {
                Shape::Group { title, shapes } => {
                    text.push_str(&self.fragment(&std::mem::take(&mut simple)));
                    text.push_str(&format!("<g>\n<title>{}</title>\n{}</g>\n", escaped(title), self.drawn(shapes)));
                }
                Shape::Text(letters) => {
                    text.push_str(&self.fragment(&std::mem::take(&mut simple)));
                    text.push_str(&self.text(letters));
                }
                Shape::Line { pen: Pen { dash: Some(dash), .. }, .. } => {
                    text.push_str(&self.fragment(&std::mem::take(&mut simple)));
                    text.push_str(&dashed(&self.fragment(&[shape]), *dash));
                }
                _ => simple.push(shape),
            }
        }
        text.push_str(&self.fragment(&simple));
        text
    }

    /// What plotters writes for shapes, without its page.
    fn fragment(&self, shapes: &[&Shape]) -> String {
        self.on_page(&|page| shapes.iter().for_each(|shape| self.shape(page, shape)))
    }

    fn on_page(&self, draw: &dyn Fn(&DrawingArea<SVGBackend<'_>, Shift>)) -> String {
        let mut buffer = String::new();
        {
            let page = SVGBackend::with_string(&mut buffer, self.size).into_drawing_area();
            draw(&page);
            // Writing to memory does not fail.
            let presented = page.present();
            debug_assert!(presented.is_ok());
        }
        let begin = buffer.find(">\n").map_or(0, |at| at + 2);
        let end = buffer.rfind("</svg>").unwrap_or(buffer.len());
        buffer.get(begin..end).unwrap_or_default().to_owned()
    }

    fn shape(&self, page: &DrawingArea<SVGBackend<'_>, Shift>, shape: &Shape) {
        let drawn = match shape {
            Shape::Line { points, pen } => page.draw(&PathElement::new(places(points), self.stroke(*pen))),
            Shape::Surface { points, ink } => page.draw(&Polygon::new(places(points), self.fill(*ink))),
            Shape::Disc { centre, radius, ink } => {
                page.draw(&Circle::new((fine(centre.x), fine(centre.y)), fine(*radius), self.fill(*ink)))
            }
            Shape::Text(_) | Shape::Group { .. } => Ok(()),
        };
        debug_assert!(drawn.is_ok());
    }

    fn text(&self, text: &Text) -> String {
        let colour = self.colour(text.ink);
        let size = text.size * FINE;
        let style = if text.weight == Weight::Strong { FontStyle::Bold } else { FontStyle::Normal };
        let horizontal = match text.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let family = self.letters.family();
        let style = TextStyle::from((family.as_str(), size * PLOTTERS_EM, style).into_font())
            .color(&colour)
            .pos(Pos::new(horizontal, VPos::Top));
        let place = (fine(text.at.x), (fine(text.at.y) - (size * PLOTTERS_TOP).round() as i32));
        let drawn = self.on_page(&|page| {
            let written = page.draw(&plotters::element::Text::new(harmless(&text.text), place, style.clone()));
            debug_assert!(written.is_ok());
        });
        let length = (self.letters.width(&text.text, text.size, text.weight) * FINE).round();
        // How wide a viewer draws what no font here has, nobody knows: nothing is squeezed for it.
        let is_measured = text.text.chars().all(|c| self.letters.writes(c));
        let measured = match is_measured {
            true => format!("<text textLength=\"{length}\" lengthAdjust=\"spacingAndGlyphs\" "),
            false => "<text ".to_owned(),
        };
        let exact =
            |text: &str| text.replacen(&format!("\"{}\"", size * PLOTTERS_EM / PLOTTERS_EM), &format!("\"{size}\""), 1);
        exact(&drawn).replacen("<text ", &measured, 1)
    }

    fn stroke(&self, pen: Pen) -> ShapeStyle {
        ShapeStyle { color: self.colour(pen.ink).to_rgba(), filled: false, stroke_width: fine(pen.width).max(1) as u32 }
    }

    fn fill(&self, ink: Ink) -> ShapeStyle {
        ShapeStyle { color: self.colour(ink).to_rgba(), filled: true, stroke_width: 0 }
    }

    fn colour(&self, ink: Ink) -> RGBColor {
        let colour = self.colours.of(ink);
        RGBColor(colour.0, colour.1, colour.2)
    }
}

/// Text of an element: no markup, and no character that XML may not hold or that acts on the text around it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in harmless(text).chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}
