//! Actuals against their targets, as a scene.
//!
//! Owns the page: groups, heads and columns. What is drawn on a scale is `track`'s, what a row says beside it `row`'s.

mod row;
mod track;

use super::figures::{Figures, Promises, short, signed};
use super::frame::{Frame, MARGIN};
use super::legend::{Key, legend};
use super::letters::Letters;
use super::scene::{Anchor, Area, Pen, Point, Scene, Shape, Text, Weight, at};
use super::theme::Ink;
use super::{Layout, Refusal, footnotes};
use crate::prose;
use crate::render::number;
use crate::render::style::{self, harmless};
use crate::view::chart::{Bullet, BulletForm, BulletGroup, BulletRow, Heading};
use crate::view::{Promised, Quantity};

/// The width where none is asked for and no more is needed.
const WIDTH: f64 = 1600.0;
/// The longest side of a page.
const MOST_SIDE: f64 = 16_384.0;
/// Sizes of letters, from what is wanted down to what can be read.
const LETTERS: [f64; 3] = [15.0, 13.0, 12.0];
const LEAST_LETTERS: f64 = LETTERS[2];
/// The height of a row where there is room, and the least, in ems.
const ROW: f64 = 3.0;
const LEAST_ROW: f64 = 2.4;
const QUIET: f64 = 12.0;
const HEAD: f64 = 26.0;
const GROUP_HEAD: f64 = 36.0;
const AXIS: f64 = 28.0;
const GAP: f64 = 26.0;
const MOST_NAME: f64 = 330.0;
const LEAST_NAME: f64 = 170.0;
const LEAST_TRACK: f64 = 160.0;

/// Lays a chart out.
pub(super) fn paint(chart: &Bullet, layout: &Layout<'_>) -> Result<Scene, Refusal> {
    let page = Page::fitted(chart, layout)?;
    let mut scene = Scene::new(page.width, page.height);
    let body = page.frame.draw(&mut scene);
    let (shapes, height) = legend(&keys(chart), (body.left, body.top), body.width, layout.letters);
    shapes.into_iter().for_each(|shape| scene.add(shape));
    let places = page.columns.places(body);
    let mut top = body.top + height;
    page.columns.head(&mut scene, Area::new(body.left, top, body.width, HEAD), &places);
    top += HEAD;
    for group in &chart.groups {
        top = page.group(&mut scene, group, at(body.left, top), &places, layout.letters);
    }
    Ok(scene)
}

/// What is written beside the tracks, measured.
struct Columns {
    size: f64,
    name: f64,
    actual: Figures,
    target: Promises,
    variance: Figures,
    status: f64,
}

/// Where each column begins, and the track between name and actual.
struct Places {
    name: (f64, f64),
    track: (f64, f64),
    actual: f64,
    target: f64,
    variance: f64,
    status: f64,
    right: f64,
}

impl Columns {
    fn of(chart: &Bullet, size: f64, letters: &Letters) -> Columns {
        let rows = || chart.groups.iter().flat_map(|group| &group.rows);
        let head = |text: &str| letters.width(text, QUIET, Weight::Regular);
        let names = rows().map(|row| letters.width(&harmless(&row.name), size, Weight::Regular));
        let actuals: Vec<_> = rows().filter_map(actual).collect();
        let targets = rows().filter_map(|row| Some((row.target.as_ref()?, String::new())));
        let variances: Vec<_> = rows().filter_map(|row| row.variance.as_ref().map(signed)).collect();
        let statuses = rows().map(|row| letters.width(row.status.word(), size, Weight::Regular));
        let hints = rows().flat_map(|row| row::hints(row).into_iter().map(|hint| head(&hint)));
        Columns {
            size,
            name: names.chain(hints).fold(LEAST_NAME, f64::max).min(MOST_NAME) + 1.0,
            actual: Figures::of(&actuals, size, Weight::Strong, letters).at_least(head("Actual")),
            target: Promises::of(targets, size, letters).at_least(head("Target")),
            variance: Figures::of(&variances, size, Weight::Regular, letters).at_least(head("Variance")),
            status: statuses.fold(0.0, f64::max) + size * 1.4,
        }
    }

    /// Everything but name and track, with the gaps before each.
    fn beside(&self) -> f64 {
        self.actual.width() + self.target.figures().width() + self.variance.width() + self.status + 5.0 * GAP
    }

    fn least(&self) -> f64 {
        self.beside() + LEAST_NAME + LEAST_TRACK
    }

    fn places(&self, body: Area) -> Places {
        let room = body.width - self.beside();
        let name = self.name.min((room * 0.45).max(LEAST_NAME));
        let status = body.right() - self.status;
        let variance = status - GAP - self.variance.width();
        let target = variance - GAP - self.target.figures().width();
        let actual = target - GAP - self.actual.width();
        let track = body.left + name + GAP;
        Places {
            name: (body.left, name),
            track: (track, actual - GAP - track),
            actual,
            target,
            variance,
            status,
            right: body.right(),
        }
    }

    fn head(&self, scene: &mut Scene, area: Area, places: &Places) {
        let y = area.bottom() - 9.0;
        let ends = [
            ("Actual", places.actual + self.actual.digits()),
            ("Target", places.target + self.target.figures().digits()),
            ("Variance", places.variance + self.variance.digits()),
        ];
        for (word, x) in ends {
            scene.text(Text::new(at(x, y), word, QUIET, Ink::Muted).anchored(Anchor::End));
        }
        scene.text(Text::new(at(places.status, y), "Status", QUIET, Ink::Muted));
        scene.line(at(area.left, area.bottom()), at(area.right(), area.bottom()), Pen::new(Ink::Rule, 1.5));
    }
}

/// A chart fitted to its page.
struct Page {
    width: f64,
    height: f64,
    row: f64,
    columns: Columns,
    frame: Frame,
}

impl Page {
    /// The largest letters that fit.
    fn fitted(chart: &Bullet, layout: &Layout<'_>) -> Result<Page, Refusal> {
        let columns = |letters| Columns::of(chart, letters, layout.letters);
        let Some((width, height)) = layout.size else {
            let columns = columns(LETTERS[0]);
            let width = WIDTH.max(columns.least() + 2.0 * MARGIN).ceil();
            let page = Page::of(chart, layout, columns, width, LETTERS[0] * ROW);
            if width > MOST_SIDE || page.height > MOST_SIDE {
                return Err(Refusal::new("the bars are too many for a page", "name fewer metrics"));
            }
            return Ok(page);
        };
        for letters in LETTERS {
            let columns = columns(letters);
            if columns.least() > width - 2.0 * MARGIN {
                continue;
            }
            let tight = Page::of(chart, layout, columns, width, letters * LEAST_ROW);
            if tight.height <= height {
                let row = tight.row + (height - tight.height) / rows(chart) as f64;
                return Ok(Page { row: row.min(letters * ROW), height, ..tight });
            }
        }
        let columns = columns(LEAST_LETTERS);
        let wide = width.max(columns.least() + 2.0 * MARGIN).ceil();
        let high = height.max(Page::of(chart, layout, columns, wide, LEAST_LETTERS * LEAST_ROW).height).ceil();
        Err(Refusal::new(
            format!("{} do not fit {width}x{height} in letters that can be read", prose::count(rows(chart), "bar")),
            format!("ask for `--size {wide}x{high}`, leave `--size` out, or name fewer metrics"),
        ))
    }

    /// A page as high as it needs to be.
    fn of(chart: &Bullet, layout: &Layout<'_>, columns: Columns, width: f64, row: f64) -> Page {
        let mut heading: Heading = chart.heading.clone();
        heading.notes.extend(footnotes::of_remarks(&chart.remarks));
        let frame = Frame::new(&heading, &layout.signature, layout.letters, width);
        let above = legend(&keys(chart), (0.0, 0.0), width - 2.0 * MARGIN, layout.letters).1 + HEAD;
        let heads: f64 = chart.groups.iter().map(|group| head_height(group) + axis_height(group)).sum();
        let height = frame.height() + above + heads + rows(chart) as f64 * row;
        Page { width, height, row, columns, frame }
    }

    /// Draws a group from a place on; answers where the next one begins.
    fn group(&self, scene: &mut Scene, group: &BulletGroup, from: Point, places: &Places, letters: &Letters) -> f64 {
        if let Some(head) = &group.head {
            group_head(scene, group, head, from, places, letters);
        }
        let mut top = from.y + head_height(group);
        for one in &group.rows {
            let area = Area::new(from.x, top, places.right - from.x, self.row);
            let is_part = group.whole.is_some();
            let shapes = row::shapes(one, is_part, area, places, &self.columns, letters);
            scene.add(Shape::Group { title: row::spoken(one), shapes });
            top += self.row;
        }
        if axis_height(group) > 0.0
            && let Some(scale) = group.rows.iter().find_map(|row| row.scale.as_ref())
        {
            let area = Area::new(places.track.0, top, places.track.1, AXIS);
            track::axis(scale, area, letters).into_iter().for_each(|shape| scene.add(shape));
        }
        top + axis_height(group)
    }
}

fn rows(chart: &Bullet) -> usize {
    chart.groups.iter().map(|group| group.rows.len()).sum()
}

fn head_height(group: &BulletGroup) -> f64 {
    if group.head.is_some() { GROUP_HEAD } else { 8.0 }
}

/// Rows that share a scale have it below them.
fn axis_height(group: &BulletGroup) -> f64 {
    let is_shared = group.whole.is_some() && group.rows.iter().any(|row| row.scale.is_some());
    if is_shared { AXIS } else { 0.0 }
}

/// The name of a group; of a metric with parts also how it stands as a whole.
fn group_head(scene: &mut Scene, group: &BulletGroup, head: &str, from: Point, places: &Places, letters: &Letters) {
    let y = from.y + GROUP_HEAD - 11.0;
    let room = places.right - from.x;
    let Some(whole) = &group.whole else {
        let head = letters.fitted(&harmless(head), 13.0, Weight::Strong, room);
        scene.text(Text::new(at(from.x, y), head, 13.0, Ink::Muted).strong());
        return;
    };
    let name = letters.fitted(&harmless(head), 15.0, Weight::Strong, room * 0.6);
    let after = from.x + letters.width(&name, 15.0, Weight::Strong) + 14.0;
    let mut words = vec![match &whole.actual {
        Ok(actual) => format!("whole {}", harmless(&number::inline(actual))),
        Err(reason) => format!("whole: {}", harmless(reason)),
    }];
    words.extend(whole.target.as_ref().map(|target| format!("target {}", harmless(&number::promised(target)))));
    words.push(whole.status.word().to_owned());
    words.extend(group.rows.iter().find(|row| row.scale.is_some()).into_iter().flat_map(row::hints));
    let words = letters.fitted(&words.join(" · "), 13.0, Weight::Regular, places.right - after);
    scene.add(Shape::Group {
        title: head.to_owned(),
        shapes: vec![
            Shape::Text(Text::new(at(from.x, y), name, 15.0, Ink::Text).strong()),
            Shape::Text(Text::new(at(after, y), words, 13.0, Ink::Muted)),
        ],
    });
}

fn actual(row: &BulletRow) -> Option<number::Shown> {
    row.actual.as_ref().ok().map(|actual: &Quantity| short(actual).marked(&style::marks(&row.marks)))
}

/// What is meant by what is drawn, of what is there.
fn keys(chart: &Bullet) -> Vec<Key> {
    let rows = || chart.groups.iter().flat_map(|group| &group.rows);
    let scales = || rows().filter_map(|row| row.scale.as_ref());
    let mut keys = Vec::new();
    if scales().any(|scale| scale.form == BulletForm::Bar) {
        keys.push(Key::new("actual, from zero", track::sample_bar));
    }
    if scales().any(|scale| scale.form == BulletForm::Dot) {
        keys.push(Key::new("actual, on a cut scale", track::sample_dot));
    }
    if rows().any(|row| row.scale.is_some() && row.target.is_some()) {
        let is_range = rows().any(|row| matches!(row.target, Some(Promised::Range(..))));
        keys.push(Key::new(if is_range { "target, or its two ends" } else { "target" }, track::sample_target));
    }
    if rows().any(|row| row.scale.is_some() && row.benchmark.is_some()) {
        keys.push(Key::new("benchmark", track::sample_benchmark));
    }
    let shades = [(0, "beyond the threshold"), (1, "short of the target"), (2, "target met")];
    for (shade, word) in shades {
        if scales().any(|scale| scale.bands.iter().any(|band| band.shade == shade)) {
            keys.push(Key::new(word, move |area| vec![super::scene::filled(area, Ink::Range(shade))]));
        }
    }
    keys
}
