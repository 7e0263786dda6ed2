//! Where the labels of points stand, so that none covers another, a point or what else is there; and points that would
//! cover one another, side by side.
//!
//! Knows places and sizes alone: what a label says is asked elsewhere. The same places give the same answer.

use super::scene::{Area, Point, at};

/// Between a mark and its label.
const GAPS: [f64; 11] = [4.0, 9.0, 16.0, 24.0, 34.0, 46.0, 60.0, 78.0, 98.0, 122.0, 150.0];
/// From here on a line leads from the mark to its label.
const FAR: f64 = 12.0;
/// The directions that are tried, best first, in thirty-seconds of a turn from the right, clockwise.
const DIRECTIONS: [u8; 32] = [
    0, 16, 24, 8, 30, 2, 18, 14, 28, 4, 20, 12, 26, 6, 22, 10, 31, 1, 17, 15, 29, 3, 19, 13, 27, 5, 21, 11, 25, 7, 23,
    9,
];
/// How much farther every other mark is from a label without a line than its own.
const NEARER: f64 = 1.5;
/// Between labels and whatever else there is.
const CLEAR: f64 = 3.0;
/// Between marks that stand side by side.
const APART: f64 = 2.0;
/// How often labels are placed anew for those that found no room.
const RETRIES: usize = 4;
/// How often labels far from their marks change places with those near by.
const ROUNDS: usize = 3;
/// With how many of these, and how far from the mark they are at most.
const NEIGHBOURS: usize = 8;
const NEAR: f64 = 120.0;
/// What it costs to have no label, more than any has.
const NONE: f64 = 1e6;
/// What a line costs, beside its length.
const LEADER: f64 = 12.0;
/// From one circle of places that are tried for a mark to the next.
const STEP: f64 = 3.0;

/// A mark: what may not be covered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spot {
    pub(super) centre: Point,
    pub(super) radius: f64,
}

impl Spot {
    fn covers(&self, area: &Area) -> bool {
        let nearest = nearest(area, self.centre);
        apart(nearest, self.centre) < self.radius + CLEAR
    }
}

/// A label's place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Label {
    pub(super) area: Area,
    /// From the mark to the label, where it is not beside it.
    pub(super) leader: Option<(Point, Point)>,
}

impl Label {
    /// How hard it is to find from its mark.
    fn cost(&self, spot: Spot) -> f64 {
        let line = if self.leader.is_some() { LEADER } else { 0.0 };
        apart(nearest(&self.area, spot.centre), spot.centre) - spot.radius + line
    }
}

/// Places labels of some width and height beside their spots, inside `page` and clear of `taken`; the first matter most.
/// `None` where there is no room.
pub(super) fn place(spots: &[Spot], sizes: &[(f64, f64)], taken: &[Area], page: Area) -> Vec<Option<Label>> {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    let mut best = in_order(&order, spots, sizes, taken, page);
    for _ in 0..RETRIES {
        let left_out = |labels: &[Option<Label>]| labels.iter().position(Option::is_none);
        let Some(first) = left_out(&best) else { break };
        // What found no room comes first: those in its way may have others. (A stable sort: the rest keeps its order.)
        order.sort_by_key(|index| best[*index].is_some());
        let next = in_order(&order, spots, sizes, taken, page);
        let count = |labels: &[Option<Label>]| labels.iter().flatten().count();
        if count(&next) > count(&best) && left_out(&next).is_none_or(|other| other >= first) {
            best = next;
        }
    }
    drawn_nearer(&mut best, spots, sizes, taken, page);
    best
}

/// Finds room for labels that have none, and brings those with lines nearer to their marks, where that costs others less: by
/// themselves, or in turn with one that stands near by. No label is given up for another.
fn drawn_nearer(labels: &mut [Option<Label>], spots: &[Spot], sizes: &[(f64, f64)], taken: &[Area], page: Area) {
    let cost = |index: usize, label: &Option<Label>| label.as_ref().map_or(NONE, |label| label.cost(spots[index]));
    let found = |index: usize, labels: &[Option<Label>]| {
        candidates(spots[index], sizes[index]).find(|label| is_free(label, index, spots, labels, taken, page))
    };
    for _ in 0..ROUNDS {
        let mut far: Vec<usize> =
            (0..labels.len()).filter(|index| labels[*index].is_none_or(|label| label.leader.is_some())).collect();
        far.sort_by(|a, b| cost(*b, &labels[*b]).total_cmp(&cost(*a, &labels[*a])));
        let mut better = false;
        for index in far {
            for other in neighbours(index, spots, labels) {
                let before = (labels[index], labels[other]);
                let known = cost(index, &before.0) + if other == index { 0.0 } else { cost(other, &before.1) };
                (labels[index], labels[other]) = (None, None);
                labels[index] = found(index, labels);
                if other != index {
                    labels[other] = found(other, labels);
                }
                let now = cost(index, &labels[index]) + if other == index { 0.0 } else { cost(other, &labels[other]) };
                if labels[index].is_some() && labels[other].is_some() && now + 1.0 < known {
                    better = true;
                    break;
                }
                labels[index] = before.0;
                labels[other] = before.1;
            }
        }
        if !better {
            break;
        }
    }
}

/// A mark's own label, then those nearest to it.
fn neighbours(own: usize, spots: &[Spot], labels: &[Option<Label>]) -> Vec<usize> {
    let distance = |label: &Label| apart(nearest(&label.area, spots[own].centre), spots[own].centre);
    let mut near: Vec<(f64, usize)> = labels
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != own)
        .filter_map(|(index, label)| Some((distance(label.as_ref()?), index)))
        .filter(|(distance, _)| *distance < NEAR)
        .collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    std::iter::once(own).chain(near.into_iter().take(NEIGHBOURS).map(|(_, index)| index)).collect()
}

fn in_order(order: &[usize], spots: &[Spot], sizes: &[(f64, f64)], taken: &[Area], page: Area) -> Vec<Option<Label>> {
    let mut placed: Vec<Option<Label>> = vec![None; sizes.len()];
    for index in order.iter().copied() {
        let fits = |label: &Label| is_free(label, index, spots, &placed, taken, page);
        placed[index] = candidates(spots[index], sizes[index]).find(fits);
    }
    placed
}

/// Every place of a label by its spot, best first.
fn candidates(spot: Spot, size: (f64, f64)) -> impl Iterator<Item = Label> {
    GAPS.into_iter()
        .flat_map(move |gap| DIRECTIONS.into_iter().map(move |direction| beside(spot, size, gap, direction)))
}

fn beside(spot: Spot, (width, height): (f64, f64), gap: f64, direction: u8) -> Label {
    let (sine, cosine) = (f64::from(direction) / 32.0 * std::f64::consts::TAU).sin_cos();
    let reach = spot.radius + gap;
    let begin = at(spot.centre.x + reach * cosine, spot.centre.y + reach * sine);
    // A label right of its mark begins there, one above it is centred, those between stand between.
    let lean = |part: f64| (part * 1.6).clamp(-1.0, 1.0) / 2.0 - 0.5;
    let area = Area::new(begin.x + width * lean(cosine), begin.y + height * lean(sine), width, height);
    let end = nearest(&area, spot.centre);
    let length = apart(spot.centre, end).max(1e-9);
    let edge = |from: f64, to: f64| from + (to - from) * spot.radius / length;
    let edge = at(edge(spot.centre.x, end.x), edge(spot.centre.y, end.y));
    Label { area, leader: (gap > FAR).then_some((edge, end)) }
}

fn is_free(label: &Label, own: usize, spots: &[Spot], placed: &[Option<Label>], taken: &[Area], page: Area) -> bool {
    let area = label.area.inset(-CLEAR);
    let is_inside = area.left >= page.left
        && area.right() <= page.right()
        && area.top >= page.top
        && area.bottom() <= page.bottom();
    let crosses = |other: &Area| label.leader.is_some_and(|(from, to)| meets(from, to, other));
    // Without a line, a label is taken for that of the nearest mark.
    let distance = |spot: &Spot| apart(nearest(&label.area, spot.centre), spot.centre) - spot.radius;
    let claims = |spot: &Spot| label.leader.is_none() && distance(spot) < distance(&spots[own]) * NEARER;
    let others = || spots.iter().enumerate().filter(|(index, _)| *index != own).map(|(_, spot)| spot);
    is_inside
        && !spots.iter().any(|spot| spot.covers(&label.area))
        && !taken.iter().any(|other| area.meets(other) || crosses(other))
        && !others().any(|spot| claims(spot) || crosses(&square(spot).inset(-CLEAR)))
        && !placed.iter().flatten().any(|other| {
            area.meets(&other.area)
                || crosses(&other.area.inset(-CLEAR))
                || other.leader.is_some_and(|(from, to)| meets(from, to, &area))
                || label.leader.zip(other.leader).is_some_and(|(one, two)| cross(one, two))
        })
}

fn square(spot: &Spot) -> Area {
    Area::new(spot.centre.x - spot.radius, spot.centre.y - spot.radius, 2.0 * spot.radius, 2.0 * spot.radius)
}

/// The place of an area that is nearest to a point.
fn nearest(area: &Area, point: Point) -> Point {
    at(point.x.clamp(area.left, area.right()), point.y.clamp(area.top, area.bottom()))
}

fn apart(a: Point, b: Point) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}

/// Whether two lines cross or touch: the ends of each are not on one side of the other.
fn cross(one: (Point, Point), two: (Point, Point)) -> bool {
    let side = |(from, to): (Point, Point), point: Point| {
        (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x)
    };
    let parts = |line: (Point, Point), (from, to): (Point, Point)| side(line, from) * side(line, to) <= 0.0;
    parts(one, two) && parts(two, one)
}

/// Whether a line from point to point has any inner point of an area (Liang and Barsky).
fn meets(from: Point, to: Point, area: &Area) -> bool {
    let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
    let sides = [
        (from.x - to.x, from.x - area.left),
        (to.x - from.x, area.right() - from.x),
        (from.y - to.y, from.y - area.top),
        (to.y - from.y, area.bottom() - from.y),
    ];
    for (step, room) in sides {
        if step == 0.0 {
            if room <= 0.0 {
                return false;
            }
        } else if step < 0.0 {
            enters = enters.max(room / step);
        } else {
            leaves = leaves.min(room / step);
        }
    }
    enters < leaves
}

/// Marks side by side that would cover one another: the first stay where they are, each further one stands in the nearest
/// free place, within an area for their centres.
///
/// `None` where there is no room for them.
pub(super) fn side_by_side(spots: &[Spot], within: Area) -> Option<Vec<Spot>> {
    let mut placed: Vec<Spot> = Vec::new();
    for spot in spots {
        let is_free = |centre: &Point| {
            // What stands on the edge is inside, whatever its last digit.
            let page = within.inset(-1e-6);
            let is_inside =
                page.left <= centre.x && centre.x <= page.right() && page.top <= centre.y && centre.y <= page.bottom();
            is_inside && placed.iter().all(|other| apart(other.centre, *centre) >= other.radius + spot.radius + APART)
        };
        let centre = around(spot.centre, within.width.hypot(within.height)).find(is_free)?;
        placed.push(Spot { centre, ..*spot });
    }
    Some(placed)
}

/// Places around a place, nearest first: itself, then circle by circle.
fn around(centre: Point, reach: f64) -> impl Iterator<Item = Point> {
    let circles = (reach / STEP) as u32;
    let circle = move |turn: u32| {
        let places = turn * 6;
        (0..places).map(move |place| {
            let (sine, cosine) = (f64::from(place) / f64::from(places) * std::f64::consts::TAU).sin_cos();
            let radius = f64::from(turn) * STEP;
            at(centre.x + radius * cosine, centre.y + radius * sine)
        })
    };
    std::iter::once(centre).chain((1..=circles).flat_map(circle))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAGE: Area = Area { left: 0.0, top: 0.0, width: 1400.0, height: 700.0 };

    fn spots() -> impl Strategy<Value = Vec<(Spot, (f64, f64))>> {
        // Many share a coordinate or a place, as metrics of one weight do.
        let coordinate = |most: f64| prop_oneof![Just(0.0), Just(most / 3.0), 0.0..most];
        let spot = (coordinate(1400.0), coordinate(700.0), 6.0..20.0, 20.0..260.0).prop_map(|(x, y, radius, width)| {
            let centre = at(40.0 + x / 1400.0 * 1320.0, 40.0 + y / 700.0 * 620.0);
            (Spot { centre, radius }, (width, 18.0))
        });
        proptest::collection::vec(spot, 5..80)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn nothing_covers_anything(drawn in spots()) {
            let (marks, sizes): (Vec<Spot>, Vec<(f64, f64)>) = drawn.into_iter().unzip();
            let marks = side_by_side(&marks, PAGE.inset(40.0)).expect("there is room");
            for (index, a) in marks.iter().enumerate() {
                prop_assert!(PAGE.left + a.radius < a.centre.x && a.centre.x < PAGE.right() - a.radius);
                for b in &marks[..index] {
                    prop_assert!(apart(a.centre, b.centre) >= a.radius + b.radius, "{a:?} covers {b:?}");
                }
            }
            let taken = [Area::new(10.0, 10.0, 120.0, 18.0), Area::new(1270.0, 10.0, 120.0, 18.0)];
            let labels = place(&marks, &sizes, &taken, PAGE);
            prop_assert_eq!(&labels, &place(&marks, &sizes, &taken, PAGE));
            let there: Vec<(usize, Label)> =
                labels.iter().enumerate().filter_map(|(index, label)| Some((index, (*label)?))).collect();
            prop_assert!(there.len() >= 5, "{} of {} have a label", there.len(), marks.len());
            for (turn, (index, label)) in there.iter().enumerate() {
                let area = label.area;
                prop_assert!(area.left >= 0.0 && area.right() <= 1400.0 && area.top >= 0.0 && area.bottom() <= 700.0);
                prop_assert!((area.width - sizes[*index].0).abs() < 1e-9);
                prop_assert!(!taken.iter().any(|other| other.meets(&area)));
                for (_, other) in &there[..turn] {
                    prop_assert!(!area.meets(&other.area), "{label:?} covers {other:?}");
                    if let Some((one, two)) = label.leader.zip(other.leader) {
                        prop_assert!(!share_a_point(one, two), "{label:?} crosses {other:?}");
                    }
                    for (line, over) in [(label.leader, other), (other.leader, label)] {
                        prop_assert!(line.is_none_or(|(from, to)| !meets(from, to, &over.area)));
                    }
                }
                for (other, mark) in marks.iter().enumerate() {
                    let near = apart(nearest(&area, mark.centre), mark.centre);
                    prop_assert!(near >= mark.radius, "{label:?} covers {mark:?}");
                    if label.leader.is_none() && other != *index {
                        let own = apart(nearest(&area, marks[*index].centre), marks[*index].centre);
                        prop_assert!(near - mark.radius > own - marks[*index].radius, "{label:?} is taken for that of {mark:?}");
                    }
                    if let Some((from, to)) = label.leader.filter(|_| other != *index) {
                        prop_assert!(!meets(from, to, &square(mark).inset(1e-6 - CLEAR)));
                    }
                }
            }
        }
    }

    /// Whether two lines share a point: where each is, as a share of its length, by Cramer's rule.
    fn share_a_point(one: (Point, Point), two: (Point, Point)) -> bool {
        let (a, b) = (at(one.1.x - one.0.x, one.1.y - one.0.y), at(two.1.x - two.0.x, two.1.y - two.0.y));
        let between = at(two.0.x - one.0.x, two.0.y - one.0.y);
        let determinant = a.x * b.y - a.y * b.x;
        let first = (between.x * b.y - between.y * b.x) / determinant;
        let second = (between.x * a.y - between.y * a.x) / determinant;
        (0.0..=1.0).contains(&first) && (0.0..=1.0).contains(&second)
    }

    #[test]
    fn lines_to_labels_do_not_cross() {
        let cross = |a: (f64, f64), b: (f64, f64), c: (f64, f64), d: (f64, f64)| {
            let point = |(x, y): (f64, f64)| at(x, y);
            super::cross((point(a), point(b)), (point(c), point(d)))
        };
        assert!(cross((0.0, 0.0), (10.0, 10.0), (0.0, 10.0), (10.0, 0.0)));
        assert!(!cross((0.0, 0.0), (10.0, 10.0), (6.0, 4.0), (10.0, 0.0)));
    }

    /// Two marks side by side, between two others, on a page that is low: each label could only be reached over the other.
    #[test]
    fn a_label_makes_room_for_one_that_stands_far() {
        let spot = |x: f64| Spot { centre: at(x, 60.0), radius: 6.0 };
        let marks = [380.0, 400.0, 418.0, 436.0, 500.0, 545.0].map(spot);
        let sizes = [(90.0, 18.0), (95.0, 18.0), (150.0, 18.0), (100.0, 18.0), (100.0, 18.0), (170.0, 18.0)];
        let labels = place(&marks, &sizes, &[], Area::new(0.0, 0.0, 1000.0, 110.0));
        for (label, mark) in labels.iter().zip(&marks) {
            let label = label.expect("there is room");
            assert!(label.cost(*mark) < LEADER + 30.0, "{label:?} stands far from {mark:?}");
        }
    }

    #[test]
    fn one_alone_has_its_label_at_its_right() {
        let spot = Spot { centre: at(100.0, 100.0), radius: 10.0 };
        let label = place(&[spot], &[(80.0, 18.0)], &[], PAGE)[0].expect("there is room");
        assert_eq!(label, Label { area: Area::new(114.0, 91.0, 80.0, 18.0), leader: None });
    }

    #[test]
    fn marks_that_cover_none_stay_where_they_are() {
        let spot = |x: f64, y: f64| Spot { centre: at(x, y), radius: 10.0 };
        let within = Area::new(0.1, 0.2, 0.7, 300.3);
        let marks = [spot(0.1 + 0.7 * 1.0, 0.2), spot(0.1, 0.2 + 300.3), spot(0.5, 100.0)];
        assert_eq!(side_by_side(&marks, within).as_deref(), Some(&marks[..]));
        let pair = side_by_side(&[spot(50.0, 50.0); 2], PAGE).expect("there is room");
        assert_eq!((pair[0].centre, pair[1].centre.y), (at(50.0, 50.0), 50.0), "the first stays");
        assert!((22.0..26.0).contains(&(pair[1].centre.x - 50.0)), "{pair:?}");
    }

    #[test]
    fn where_there_is_no_room_there_is_no_label() {
        let spot = Spot { centre: at(50.0, 50.0), radius: 10.0 };
        assert_eq!(place(&[spot], &[(80.0, 18.0)], &[], Area::new(0.0, 0.0, 60.0, 60.0)), [None]);
        assert_eq!(side_by_side(&[spot; 9], Area::new(40.0, 40.0, 20.0, 20.0)), None);
    }

    #[test]
    fn lines_meet_what_they_pass_through() {
        let area = Area::new(10.0, 10.0, 10.0, 10.0);
        assert!(meets(at(0.0, 0.0), at(30.0, 30.0), &area) && meets(at(15.0, 0.0), at(15.0, 12.0), &area));
        assert!(!meets(at(0.0, 0.0), at(9.0, 30.0), &area) && !meets(at(0.0, 10.0), at(30.0, 10.0), &area));
        assert!(!meets(at(0.0, 15.0), at(9.0, 15.0), &area));
    }
}
