//! Actuals against their targets: one bar a metric, each on its own scale.

use super::frame::{Frame, MARGIN};
use super::scene::{Area, Scene, Shape, Text, Weight, at, filled};
use super::theme::Ink;
use super::{Layout, Refusal};
use crate::render::number;
use crate::view::chart::{Bullet, BulletBar};

/// The width where none is asked for.
const WIDTH: f64 = 1600.0;
/// The height of one bar with its surroundings.
const ROW: f64 = 44.0;
const NAME: f64 = 16.0;

/// Lays a chart out.
pub(super) fn paint(chart: &Bullet, layout: &Layout<'_>) -> Result<Scene, Refusal> {
    let width = layout.size.map_or(WIDTH, |size| size.0);
    let frame = Frame::new(&chart.heading, &layout.signature, layout.letters, width);
    let needed = frame.height() + chart.bars.len() as f64 * ROW;
    let height = layout.size.map_or(needed, |size| size.1);
    if height < needed {
        return Err(Refusal::new(
            format!("{} bars do not fit {width} x {height}", chart.bars.len()),
            format!("ask for `--size {width}x{}`, or name fewer metrics", needed.ceil()),
        ));
    }
    let mut scene = Scene::new(width, height);
    let body = frame.draw(&mut scene);
    for (index, bar) in chart.bars.iter().enumerate() {
        let row = Area::new(body.left, body.top + index as f64 * ROW, body.width, ROW);
        scene.add(Shape::Group { title: bar.name.clone(), shapes: shapes(bar, row, layout) });
    }
    Ok(scene)
}

fn shapes(bar: &BulletBar, row: Area, layout: &Layout<'_>) -> Vec<Shape> {
    let names = row.width * 0.3;
    let name = layout.letters.fitted(&bar.name, NAME, Weight::Regular, names - MARGIN / 2.0);
    let actual = bar.actual.number.to_f64();
    let track = Area::new(row.left + names, row.top + 8.0, row.width * 0.5, ROW - 20.0);
    vec![
        Shape::Text(Text::new(at(row.left, row.top + 28.0), name, NAME, Ink::Text)),
        filled(track, Ink::Range(2)),
        filled(
            Area::new(track.left, track.top + 7.0, track.width * actual.abs().min(1.0), track.height - 14.0),
            Ink::Actual,
        ),
        Shape::Text(
            Text::new(
                at(track.right() + 16.0, row.top + 28.0),
                number::inline(&bar.actual),
                NAME,
                Ink::Status(bar.status),
            )
            .strong(),
        ),
    ]
}
