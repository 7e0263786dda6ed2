//! What a reader remembers: readings, merged cells, members seen, tilings of stretches of time.
//!
//! Segments are known by numbers, so that a key is a handful of bytes whatever the names of regions are. Readings lie on
//! pages, one a window: a report asks for every metric in the same few windows, and what is on one page does not move for
//! what is on others.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::absence::Absence;
use super::caveat::Figure;
use super::reading::Reading;
use super::scope::Members;
use super::window::Window;
use crate::metric::{MetricId, SourceId};
use crate::number::Fault;
use crate::observe::{Cell, Segment};
use crate::period::{Days, Grain, Period};

/// A segment's number; 0 is the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Tag(u32);

/// When, where, and in which other window the same members must have reported too.
type PageKey = (Window, Tag, Option<Window>);
/// The readings of one window, by metric, as far as they are known.
type Page = Vec<Option<Result<Reading, Absence>>>;
/// A base aggregate over some days, of a segment.
type CellKey = (SourceId, usize, Days, Tag);
/// Cells put together, where there are some and 128 bits hold them.
type Merged = Result<Option<Cell>, Fault>;
/// Members of a source that have filled some of its base aggregates in some days, of a segment.
type SeenKey = (SourceId, Days, Tag, Vec<usize>);
/// A metric over two windows, for a segment and a figure.
type OthersKey = (MetricId, Window, Window, Tag, Figure);

/// The periods of a grain that lie in some days.
type Tilings = FxHashMap<(Grain, Days), Rc<[Period]>>;

/// Everything remembered.
#[derive(Default)]
pub(super) struct Memo {
    tags: RefCell<FxHashMap<Segment, Tag>>,
    /// The segment asked for last, which mostly is the one asked for next.
    latest: RefCell<Option<(Segment, Tag)>>,
    readings: RefCell<FxHashMap<PageKey, Page>>,
    cells: RefCell<FxHashMap<CellKey, Merged>>,
    /// The same of some members only: their names are part of the key.
    cells_of: RefCell<HashMap<(CellKey, Members), Merged>>,
    seen: RefCell<FxHashMap<SeenKey, Members>>,
    others: RefCell<FxHashMap<OthersKey, bool>>,
    tilings: RefCell<Tilings>,
}

impl Memo {
    fn tag(&self, segment: Option<&Segment>) -> Tag {
        let Some(segment) = segment else { return Tag(0) };
        if let Some((latest, tag)) = &*self.latest.borrow()
            && latest == segment
        {
            return *tag;
        }
        let mut tags = self.tags.borrow_mut();
        let next = Tag(tags.len() as u32 + 1);
        let tag = *tags.entry(segment.clone()).or_insert(next);
        *self.latest.borrow_mut() = Some((segment.clone(), tag));
        tag
    }

    /// A metric's reading.
    pub(super) fn reading(
        &self,
        (id, window, segment, other): (MetricId, Window, Option<&Segment>, Option<Window>),
        read: impl FnOnce() -> Result<Reading, Absence>,
    ) -> Result<Reading, Absence> {
        let key = (window, self.tag(segment), other);
        if let Some(Some(known)) = self.readings.borrow().get(&key).and_then(|page| page.get(id.index())) {
            return known.clone();
        }
        let found = read();
        let mut readings = self.readings.borrow_mut();
        let page = readings.entry(key).or_default();
        if page.len() <= id.index() {
            page.resize_with(id.index() + 1, || None);
        }
        page[id.index()] = Some(found.clone());
        found
    }

    /// A base aggregate over some days, of the members given or of all.
    pub(super) fn cell(
        &self,
        (source, base, days, segment): (SourceId, usize, Days, Option<&Segment>),
        members: Option<&Members>,
        merge: impl FnOnce() -> Merged,
    ) -> Merged {
        let key = (source, base, days, self.tag(segment));
        match members {
            None => remembered(&self.cells, key, merge),
            Some(members) => remembered(&self.cells_of, (key, Rc::clone(members)), merge),
        }
    }

    /// The members that have filled some base aggregates in some days.
    pub(super) fn seen(
        &self,
        (source, days, segment): (SourceId, Days, Option<&Segment>),
        needed: &[usize],
        look: impl FnOnce() -> BTreeSet<String>,
    ) -> Members {
        remembered(&self.seen, (source, days, self.tag(segment), needed.to_vec()), || Rc::new(look()))
    }

    /// Whether an earlier window is of other members.
    pub(super) fn others(
        &self,
        (id, window, earlier, segment, figure): (MetricId, Window, Window, Option<&Segment>, Figure),
        look: impl FnOnce() -> bool,
    ) -> bool {
        remembered(&self.others, (id, window, earlier, self.tag(segment), figure), look)
    }

    /// The periods of a grain in some days.
    pub(super) fn tiling(&self, grain: Grain, days: Days, tile: impl FnOnce() -> Vec<Period>) -> Rc<[Period]> {
        remembered(&self.tilings, (grain, days), || tile().into())
    }
}

/// What is known of a key, else found out. Nothing is borrowed while that happens: it may ask for other keys.
fn remembered<K: Eq + Hash, V: Clone, S: std::hash::BuildHasher>(
    known: &RefCell<HashMap<K, V, S>>,
    key: K,
    find_out: impl FnOnce() -> V,
) -> V {
    if let Some(known) = known.borrow().get(&key) {
        return known.clone();
    }
    let found = find_out();
    known.borrow_mut().insert(key, found.clone());
    found
}
