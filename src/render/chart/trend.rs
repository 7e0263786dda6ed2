//! Metrics over time as panels in a grid: where each stands, its header, what it says where nothing can be drawn.
//!
//! What is inside a panel's axes is `plot`'s, the labels at the ends of its lines are `ends`'.

mod ends;
mod plot;
mod spread;

use super::axis::ValueAxis;
use super::frame::{Frame, LEADING, MARGIN, TITLE};
use super::marks;
use super::scene::{Area, Pen, Scene, Shape, Text, Weight, at};
use super::theme::Ink;
use super::{Layout, Refusal};
use crate::render::number;
use crate::status::Status;
use crate::view::chart::{Footing, Trend, TrendPanel, TrendScale};

/// The page where no size is asked for; higher where notes or panels need it.
const PAGE: (f64, f64) = (1600.0, 900.0);
/// Between panels.
const GAP: (f64, f64) = (36.0, 30.0);
/// The least width of a panel, and the least height of its plot with its axes.
const LEAST: (f64, f64) = (320.0, 180.0);
/// The most lines of the title that a frame draws.
const TITLE_LINES: usize = 2;
/// By how much a page is made wider until it holds its title.
const WIDER: f64 = 8.0;
/// The most lines of a panel's name.
const NAME_LINES: usize = 2;
const VALUE: f64 = 15.0;
const WORD: f64 = 13.0;

/// Lays a chart out.
pub(super) fn paint(chart: &Trend, layout: &Layout<'_>) -> Result<Scene, Refusal> {
    let room = match layout.size {
        Some((width, _)) => Room::of(chart, layout, width),
        None => Room::of(chart, layout, width_for(chart, layout, PAGE.0)),
    };
    let width = room.width;
    let height = layout.size.map_or(PAGE.1.max(room.needed), |size| size.1);
    if room.panel_width < LEAST.0 || height < room.needed || !holds_title(chart, layout, width) {
        let wide = width_for(chart, layout, width.max(LEAST.0 + 2.0 * MARGIN)).ceil();
        let high = Room::of(chart, layout, wide).needed.max(height).ceil();
        let what = match holds_title(chart, layout, width) {
            true => crate::prose::count(chart.panels.len(), "panel"),
            false => "its title".to_owned(),
        };
        return Err(Refusal::new(
            format!("{width} x {height} has no room for {what}"),
            format!("ask for `--size {wide}x{high}`, or draw fewer panels"),
        ));
    }
    let Room { frame, names, panel_width, columns, rows, .. } = room;
    let mut scene = Scene::new(width, height);
    let body = frame.draw(&mut scene);
    let panel_height = (body.height - (rows - 1) as f64 * GAP.1) / rows as f64;
    let axes = axes(chart, panel_height - names.height);
    let gutters = gutters(chart, &axes, columns, panel_width, layout);
    for (index, panel) in chart.panels.iter().enumerate() {
        let (column, row) = (index % columns, index / columns);
        let place = Area::new(
            body.left + column as f64 * (panel_width + GAP.0),
            body.top + row as f64 * (panel_height + GAP.1),
            panel_width,
            panel_height,
        );
        let mut shapes = header(panel, &names, index, place, layout);
        let below = Area::new(place.left, place.top + names.height, place.width, place.height - names.height);
        shapes.extend(match &axes[index] {
            Some(axis) => plot::shapes(chart, panel, axis, (below, gutters[column]), layout),
            None => nothing(panel, below, layout),
        });
        scene.add(Shape::Group { title: panel.name.clone(), shapes });
    }
    Ok(scene)
}

/// How a page of some width is divided, and the least height that it takes.
struct Room {
    width: f64,
    frame: Frame,
    names: Names,
    columns: usize,
    rows: usize,
    panel_width: f64,
    needed: f64,
}

impl Room {
    fn of(chart: &Trend, layout: &Layout<'_>, width: f64) -> Room {
        let frame = Frame::new(&chart.heading, &layout.signature, layout.letters, width);
        let inner = width - 2.0 * MARGIN;
        let (columns, rows) = grid(chart.panels.len(), inner);
        let panel_width = (inner - (columns - 1) as f64 * GAP.0) / columns as f64;
        let names = Names::of(chart, panel_width, layout);
        let needed = frame.height() + rows as f64 * (names.height + LEAST.1) + (rows - 1) as f64 * GAP.1;
        Room { width, frame, names, columns, rows, panel_width, needed }
    }
}

/// Whether a page of some width has its title whole: one that ends in an ellipsis has lost its numbers.
fn holds_title(chart: &Trend, layout: &Layout<'_>, width: f64) -> bool {
    let lines = layout.letters.wrapped(&chart.heading.title, TITLE, Weight::Strong, width - 2.0 * MARGIN, usize::MAX);
    lines.len() <= TITLE_LINES
}

/// The width from some width on that holds the title whole.
fn width_for(chart: &Trend, layout: &Layout<'_>, least: f64) -> f64 {
    let whole = layout.letters.width(&chart.heading.title, TITLE, Weight::Strong);
    let fair = (whole / TITLE_LINES as f64 + 2.0 * MARGIN).floor();
    let wider = |step: u32| if step == 0 { least } else { least.max(fair) + f64::from(step) * WIDER };
    let most = (whole / WIDER).ceil() as u32 + 1;
    (0..most).map(wider).find(|width| holds_title(chart, layout, *width)).unwrap_or_else(|| wider(most))
}

/// Columns and rows that fill a page, as many columns as are wide enough.
fn grid(panels: usize, width: f64) -> (usize, usize) {
    let wanted = match panels {
        0 | 1 => 1,
        2..=4 => 2,
        5..=9 => 3,
        _ => 4,
    };
    let fits = |columns: usize| (width - (columns - 1) as f64 * GAP.0) / columns as f64 >= LEAST.0;
    let columns = (1..=wanted).rev().find(|columns| fits(*columns)).unwrap_or(1);
    (columns, panels.max(1).div_ceil(columns))
}

/// The names of panels on their lines; all take the same height, so that plots are aligned.
struct Names {
    lines: Vec<Vec<String>>,
    size: f64,
    /// Of the header: the name and the line below it.
    height: f64,
}

impl Names {
    fn of(chart: &Trend, width: f64, layout: &Layout<'_>) -> Names {
        let size = if chart.panels.len() > 4 { 15.0 } else { 17.0 };
        let wrapped = |panel: &TrendPanel| layout.letters.wrapped(&panel.name, size, Weight::Strong, width, NAME_LINES);
        let lines: Vec<Vec<String>> = chart.panels.iter().map(wrapped).collect();
        let most = lines.iter().map(Vec::len).max().unwrap_or(1).max(1);
        Names { height: most as f64 * size * LEADING + VALUE * LEADING + 10.0, lines, size }
    }
}

/// The name of a panel; below it the shape of its status, its value, the word of its status.
fn header(panel: &TrendPanel, names: &Names, index: usize, place: Area, layout: &Layout<'_>) -> Vec<Shape> {
    let mut shapes = Vec::new();
    shapes.push(Shape::Line {
        points: vec![at(place.left, place.top), at(place.right(), place.top)],
        pen: Pen::new(Ink::Rule, 1.0),
    });
    let mut baseline = place.top + 4.0;
    for line in &names.lines[index] {
        baseline += names.size * LEADING;
        shapes.push(Shape::Text(Text::new(at(place.left, baseline - 3.0), line, names.size, Ink::Text).strong()));
    }
    baseline += VALUE * LEADING;
    let status = Ink::Status(panel.status);
    shapes.extend(marks::status(at(place.left + 6.0, baseline - 8.0), 11.0, panel.status));
    let mut left = place.left + 20.0;
    if let Some(actual) = panel.points.last().and_then(|point| point.actual.as_ref()) {
        let value = number::inline(actual);
        let width = layout.letters.width(&value, VALUE, Weight::Strong);
        shapes.push(Shape::Text(Text::new(at(left, baseline - 3.0), value, VALUE, status).strong()));
        left += width + 10.0;
    }
    let word = layout.letters.fitted(&word(panel), WORD, Weight::Regular, place.right() - left);
    shapes.push(Shape::Text(Text::new(at(left, baseline - 3.0), word, WORD, status)));
    shapes
}

/// The word of a status; of a value held against nothing why.
fn word(panel: &TrendPanel) -> String {
    let footing = panel.points.last().map(|point| point.footing);
    let caveat = |kind: crate::evaluate::CaveatKind| match kind {
        crate::evaluate::CaveatKind::Partial => "partial",
        crate::evaluate::CaveatKind::Provisional => "provisional",
        crate::evaluate::CaveatKind::Rejected => "rows rejected",
        crate::evaluate::CaveatKind::Restated => "restated",
    };
    match (panel.status, footing) {
        // It may have a target, for wholes.
        (Status::NoTarget, Some(Footing::Unlike(kind))) => caveat(kind).to_owned(),
        (Status::NoData, _) | (_, Some(Footing::Whole) | None) => panel.status.word().to_owned(),
        (status, Some(Footing::Noted(kind) | Footing::Unlike(kind))) => format!("{}, {}", status.word(), caveat(kind)),
    }
}

/// The scale of each panel that has a value: its own, or one for all.
fn axes(chart: &Trend, height: f64) -> Vec<Option<ValueAxis>> {
    let shared = match chart.scale {
        TrendScale::Shared => plot::axis(chart.panels.iter(), height),
        TrendScale::Own => None,
    };
    let axis = |panel: &TrendPanel| match chart.scale {
        _ if panel.absence.is_some() => None,
        TrendScale::Shared => shared.clone(),
        TrendScale::Own => plot::axis(std::iter::once(panel), height),
    };
    chart.panels.iter().map(axis).collect()
}

/// What stands beside the plots of each column: the widest of it, so that plots above one another are aligned.
fn gutters(
    chart: &Trend,
    axes: &[Option<ValueAxis>],
    columns: usize,
    width: f64,
    layout: &Layout<'_>,
) -> Vec<(f64, f64)> {
    let mut widest = vec![(0.0_f64, 0.0_f64); columns];
    for (index, (panel, axis)) in chart.panels.iter().zip(axes).enumerate() {
        let Some(axis) = axis else { continue };
        let (left, right) = plot::gutters(chart, panel, axis, width, layout.letters);
        let known = &mut widest[index % columns];
        *known = (known.0.max(left), known.1.max(right));
    }
    widest
}

/// Why a panel has no plot.
fn nothing(panel: &TrendPanel, place: Area, layout: &Layout<'_>) -> Vec<Shape> {
    let reason = panel.absence.as_deref().unwrap_or("no value");
    let lines = layout.letters.wrapped(reason, WORD, Weight::Regular, place.width, 5);
    let line = |(index, line): (usize, String)| {
        let baseline = place.top + 24.0 + index as f64 * WORD * LEADING;
        Shape::Text(Text::new(at(place.left, baseline), line, WORD, Ink::Muted))
    };
    lines.into_iter().enumerate().map(line).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::evaluate::CaveatKind;
    use crate::number::Number;
    use crate::period::Grain;
    use crate::render::chart::Letters;
    use crate::render::chart::scene::{Anchor, Point};
    use crate::stats::xmr::{Side, Signal};
    use crate::unit::Unit;
    use crate::view::chart::{Heading, TrendLimits, TrendPoint};
    use crate::view::{Promised, Quantity};

    const NAMES: [&str; 5] = [
        "Churn",
        "Share of customers who would recommend us to family & friends",
        "Donaudampfschifffahrtsgesellschaftskapitänspatentinhaberquote",
        "Отток клиентов за месяц по всем регионам и всем каналам",
        "Tỷ lệ khách hàng hài lòng với dịch vụ",
    ];

    fn units() -> [Unit; 4] {
        [Unit::Percent, Unit::Currency("EUR".into()), Unit::Count, Unit::Noun("customers settled".into())]
    }

    fn panel(name: &str, unit: &Unit, values: &[Option<f64>], has_range: bool) -> TrendPanel {
        let of = |value: f64| Quantity {
            number: Number::approx(value).unwrap(),
            unit: unit.clone(),
            decimals: 2,
            is_difference: false,
        };
        let middle = values.iter().flatten().sum::<f64>() / values.len() as f64;
        let promised = |at: f64| match has_range {
            true => Promised::Range(of(at * 0.9), of(at * 1.1)),
            false => Promised::Level(of(at)),
        };
        let point = |(index, value): (usize, &Option<f64>)| TrendPoint {
            actual: value.map(of),
            footing: if index % 5 == 4 { Footing::Unlike(CaveatKind::Partial) } else { Footing::Whole },
            status: value.map_or(Status::NoData, |_| Status::ALL[index % 4]),
            target: Some(promised(middle)),
            threshold: (index % 7 != 3).then(|| promised(middle * 0.9)),
            prior_year: value.map(|value| of(value * 0.95)),
            prior_year_is_of_both: index % 5 == 4,
            signal: (index % 3 == 0).then_some(Signal::Outside(Side::High)),
        };
        let is_empty = values.iter().all(Option::is_none);
        let (lower, centre, upper) = (of(middle - middle.abs()), of(middle), of(middle + middle.abs()));
        TrendPanel {
            name: name.to_owned(),
            unit: unit.clone(),
            points: values.iter().enumerate().map(point).collect(),
            status: Status::OffTarget,
            limits: vec![TrendLimits { span: (0, values.len() - 1), centre, lower, upper }],
            absence: is_empty.then(|| "no rows in `calls` for 2026-11-01 to 2026-11-30, last seen 2026-10".to_owned()),
        }
    }

    fn chart(panels: Vec<TrendPanel>, scale: TrendScale) -> Trend {
        let count = panels[0].points.len();
        let periods = (0..count).map(|index| format!("{}-{:02}", 2000 + index / 12, index % 12 + 1)).collect();
        let notes = vec!["Churn: above its upper limit in 2026-09".to_owned(); 2];
        let heading =
            Heading { title: NAMES[1].to_owned(), subtitle: NAMES[3].to_owned(), notes, ..Heading::default() };
        Trend { heading, grain: Grain::Month, periods, panels, scale }
    }

    fn layout(letters: &Letters, size: Option<(f64, f64)>) -> Layout<'_> {
        Layout { size, letters, signature: "goldthread 0.1.0 · as of 2026-10".to_owned() }
    }

    fn texts(shapes: &[Shape]) -> Vec<&Text> {
        shapes
            .iter()
            .flat_map(|shape| match shape {
                Shape::Text(text) => vec![text],
                Shape::Group { shapes, .. } => texts(shapes),
                _ => Vec::new(),
            })
            .collect()
    }

    /// What a text covers, from the height of its letters to the depth of a comma.
    fn covered(text: &Text, letters: &Letters) -> Area {
        let width = letters.width(&text.text, text.size, text.weight);
        let left = match text.anchor {
            Anchor::Start => text.at.x,
            Anchor::Middle => text.at.x - width / 2.0,
            Anchor::End => text.at.x - width,
        };
        Area::new(left, text.at.y - text.size * 0.72, width, text.size * 0.88)
    }

    fn points(shapes: &[Shape]) -> Vec<Point> {
        shapes
            .iter()
            .flat_map(|shape| match shape {
                Shape::Line { points, .. } | Shape::Surface { points, .. } => points.clone(),
                Shape::Disc { centre, .. } => vec![*centre],
                Shape::Group { shapes, .. } => points(shapes),
                Shape::Text(_) => Vec::new(),
            })
            .collect()
    }

    fn assert_lawful(scene: &Scene, letters: &Letters) {
        let texts = texts(&scene.shapes);
        let areas: Vec<Area> = texts.iter().map(|text| covered(text, letters)).collect();
        for (index, (text, area)) in texts.iter().zip(&areas).enumerate() {
            let inside = area.left >= 0.0 && area.right() <= scene.size.0 + 1e-6;
            assert!(
                inside && area.top >= 0.0 && area.bottom() <= scene.size.1,
                "{} leaves the page: {area:?}",
                text.text
            );
            assert!(text.size >= 12.0, "{} is too small", text.text);
            for (other, meant) in areas[..index].iter().zip(&texts) {
                assert!(!area.meets(other), "{} covers {}: {area:?} {other:?}", text.text, meant.text);
            }
        }
        for point in points(&scene.shapes) {
            let inside = (0.0..=scene.size.0).contains(&point.x) && (0.0..=scene.size.1).contains(&point.y);
            assert!(inside, "{point:?} leaves the page");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]
        #[test]
        fn no_text_covers_another_or_leaves_the_page(
            count in 1..=12usize, length in 0..6usize, power in -6..=12i32, sign in prop::bool::ANY, kind in 0..20usize,
            seed in 0..1000usize,
        ) {
            let letters = Letters::new(None).unwrap();
            let length = [1, 2, 7, 24, 60, 240][length];
            let size = 10f64.powi(power) * if sign { 1.0 } else { -1.0 };
            let panels = (0..count).map(|at| {
                let value = |index: usize| {
                    let noise = (index * 7919 + at * 31 + seed) % 17;
                    (noise != 3 && (at + seed) % 6 != 5).then_some(size * (1.0 + noise as f64 / 10.0))
                };
                let values: Vec<Option<f64>> = (0..length).map(value).collect();
                panel(NAMES[(at + kind) % 5], &units()[(at + kind) % 4], &values, (at + seed) % 3 == 1)
            });
            let chart = chart(panels.collect(), TrendScale::Own);
            let scene = paint(&chart, &layout(&letters, None)).unwrap();
            prop_assert!(scene.size.0 == 1600.0 && scene.size.1 >= 900.0);
            assert_lawful(&scene, &letters);
        }
    }

    #[test]
    fn panels_of_one_metric_share_a_scale_and_others_do_not() {
        let panels = || {
            vec![
                panel("north", &Unit::Count, &[Some(10.0), Some(20.0)], false),
                panel("south", &Unit::Count, &[Some(100.0), Some(300.0)], false),
                panel("nowhere", &Unit::Count, &[None, None], false),
            ]
        };
        let shared = axes(&chart(panels(), TrendScale::Shared), 300.0);
        assert_eq!(shared[0], shared[1]);
        let axis = shared[0].as_ref().unwrap();
        assert!(axis.low <= 9.5 && axis.high >= 300.0, "{axis:?}");
        assert_eq!(shared[2], None);
        let own = axes(&chart(panels(), TrendScale::Own), 300.0);
        assert!(own[0].as_ref().unwrap().high < 100.0 && own[1].as_ref().unwrap().low > -1.0);
    }

    /// Shapes drawn around or for signals: lines and surfaces in their ink that are closed round a point.
    fn signal_marks(shapes: &[Shape]) -> usize {
        let closed = |points: &[Point]| points.len() >= 4 && points.first() == points.last();
        let count = |shape: &Shape| match shape {
            Shape::Line { points, pen } if pen.ink == Ink::Process && (closed(points) || points.len() > 30) => 1,
            Shape::Surface { ink: Ink::Process, .. } => 1,
            Shape::Group { shapes, .. } => signal_marks(shapes),
            _ => 0,
        };
        shapes.iter().map(count).sum()
    }

    #[test]
    fn every_signal_has_its_mark_whether_there_is_one_period_or_many() {
        let letters = Letters::new(None).unwrap();
        for length in [1, 7, 60, 240] {
            // The last seven on one side, the last of them beyond its limit too.
            let values: Vec<Option<f64>> = (0..length).map(|at| Some(100.0 + (at % 2) as f64)).collect();
            let mut panel = panel("Churn", &Unit::Count, &values, false);
            for (index, point) in panel.points.iter_mut().enumerate() {
                point.signal = match length - index {
                    1 => Some(Signal::Outside(Side::High)),
                    2..=7 => Some(Signal::Shift(Side::High)),
                    _ => None,
                };
            }
            for panels in [1, 12] {
                let chart = chart(vec![panel.clone(); panels], TrendScale::Own);
                let scene = paint(&chart, &layout(&letters, None)).unwrap();
                assert_lawful(&scene, &letters);
                assert_eq!(signal_marks(&scene.shapes), length.min(7) * panels, "{length} periods, {panels} panels");
            }
        }
    }

    #[test]
    fn a_page_too_small_is_refused_with_the_size_it_takes() {
        let letters = Letters::new(None).unwrap();
        let panels = || (0..4).map(|_| panel("Churn", &Unit::Count, &[Some(1.0), Some(2.0)], false)).collect();
        let refusal = paint(&chart(panels(), TrendScale::Own), &layout(&letters, Some((700.0, 400.0)))).unwrap_err();
        assert_eq!(refusal.reason, "700 x 400 has no room for 4 panels");
        let size = refusal.help.split('`').nth(1).unwrap().trim_start_matches("--size 700x").parse().unwrap();
        let scene = paint(&chart(panels(), TrendScale::Own), &layout(&letters, Some((700.0, size)))).unwrap();
        assert_lawful(&scene, &letters);
        let narrow = paint(&chart(panels(), TrendScale::Own), &layout(&letters, Some((300.0, 900.0)))).unwrap_err();
        let wanted = narrow.help.split('`').nth(1).unwrap().trim_start_matches("--size ").split_once('x').unwrap();
        let wanted = (wanted.0.parse().unwrap(), wanted.1.parse().unwrap());
        assert_lawful(&paint(&chart(panels(), TrendScale::Own), &layout(&letters, Some(wanted))).unwrap(), &letters);
    }

    #[test]
    fn a_title_is_never_cut() {
        let letters = Letters::new(None).unwrap();
        let sizes = [None, Some((400.0, 900.0)), Some((700.0, 4000.0)), Some((1600.0, 900.0))];
        for title in [NAMES[1].to_owned(), NAMES.join(", "), NAMES[2].repeat(7), NAMES.join(" ").repeat(4)] {
            for size in sizes {
                let mut chart = chart(vec![panel("Churn", &Unit::Count, &[Some(1.0)], false)], TrendScale::Own);
                chart.heading.title.clone_from(&title);
                let scene = paint(&chart, &layout(&letters, size)).unwrap_or_else(|refusal| {
                    let size = refusal.help.split('`').nth(1).unwrap().trim_start_matches("--size ");
                    let (width, height) = size.split_once('x').unwrap();
                    let advised = (width.parse().unwrap(), height.parse().unwrap());
                    paint(&chart, &layout(&letters, Some(advised))).unwrap()
                });
                let lines = texts(&scene.shapes).into_iter().filter(|text| text.size == TITLE);
                let drawn: String = lines.flat_map(|line| line.text.split_whitespace()).collect();
                assert_eq!(drawn, title.split_whitespace().collect::<String>());
                assert_lawful(&scene, &letters);
            }
        }
    }

    #[test]
    fn panels_fill_a_page() {
        let grids: Vec<(usize, usize)> = [1, 2, 3, 4, 5, 6, 7, 9, 10, 12].map(|count| grid(count, 1528.0)).to_vec();
        let expected = [(1, 1), (2, 1), (2, 2), (2, 2), (3, 2), (3, 2), (3, 3), (3, 3), (4, 3), (4, 3)];
        assert_eq!(grids, expected);
        assert_eq!(grid(4, 400.0), (1, 4));
    }
}
