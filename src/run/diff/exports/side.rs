//! The rows of an export, kept small: a rollup of millions of rows is held twice. Knows neither files nor CSV.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;
use std::path::PathBuf;
use std::rc::Rc;

use crate::ledger::{Definition, Figure, NUMBERS};
use crate::period::Period;
use crate::prose;

/// Values by their place, each kept once.
#[derive(Debug)]
pub(super) struct Pool<T: ?Sized> {
    places: HashMap<Rc<T>, u32>,
    values: Vec<Rc<T>>,
}

impl<T: ?Sized + Hash + Eq> Default for Pool<T> {
    fn default() -> Pool<T> {
        Pool { places: HashMap::new(), values: Vec::new() }
    }
}

impl<T: ?Sized + Hash + Eq> Pool<T>
where
    Rc<T>: for<'v> From<&'v T>,
{
    /// The place of a value, in the order in which values were first seen.
    pub(super) fn place(&mut self, value: &T) -> u32 {
        if let Some(place) = self.places.get(value) {
            return *place;
        }
        // Memory ends long before four thousand million different values.
        let (place, value) = (self.values.len() as u32, Rc::<T>::from(value));
        self.places.insert(Rc::clone(&value), place);
        self.values.push(value);
        place
    }

    fn get(&self, place: u32) -> &T {
        &self.values[place as usize]
    }
}

/// What two exports have in common: what their rows refer to.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) texts: Pool<str>,
    /// The values of dimensions, as places of texts.
    pub(super) segments: Pool<[u32]>,
    cuts: Vec<Cut>,
}

/// Which figures stand in a row: split by which dimensions, of which rows of the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// The dimensions; none for wholes.
    pub(super) by: Vec<String>,
    /// The text of `--where`; blank without.
    pub(super) condition: String,
}

impl Cut {
    /// In words: in total, by `region` and `plan`; where some condition holds.
    pub(super) fn told(&self) -> String {
        let by = match self.by.as_slice() {
            [] => "in total".to_owned(),
            by => format!("by {}", prose::list(by)),
        };
        if self.condition.is_empty() { by } else { format!("{by} where {}", self.condition) }
    }
}

impl Shared {
    /// The place of a cut. Dimensions in another order are the same cut: they keep the order in which they came first.
    pub(super) fn cut(&mut self, by: &[String], condition: &str) -> usize {
        let set = |by: &[String]| by.iter().cloned().collect::<BTreeSet<String>>();
        let wanted = set(by);
        let known = self.cuts.iter().position(|cut| cut.condition == condition && set(&cut.by) == wanted);
        known.unwrap_or_else(|| {
            self.cuts.push(Cut { by: by.to_vec(), condition: condition.to_owned() });
            self.cuts.len() - 1
        })
    }

    pub(super) fn cut_at(&self, place: usize) -> &Cut {
        &self.cuts[place]
    }

    pub(super) fn text(&self, place: u32) -> &str {
        self.texts.get(place)
    }

    /// The figure of a row, of a cut into parts or not.
    pub(super) fn figure(&self, row: &Row, cut: &Cut) -> Figure {
        let mut numbers = row.numbers.split('\t').map(|text| Some(text.to_owned()).filter(|text| !text.is_empty()));
        let values = || self.segments.get(row.segment).iter().map(|value| self.text(*value).to_owned());
        Figure {
            id: self.text(row.id).to_owned(),
            segment: (!cut.by.is_empty()).then(|| values().collect()),
            numbers: NUMBERS.map(|_| numbers.next().flatten()),
            status: self.text(row.status).to_owned(),
            reason: Some(self.text(row.reason).to_owned()).filter(|text| !text.is_empty()),
            caveat: None,
        }
    }

    /// What an export tells of a metric's meaning: no more than its unit.
    pub(super) fn definition(&self, id: u32, unit: u32) -> Definition {
        Definition {
            id: self.text(id).to_owned(),
            name: self.text(id).to_owned(),
            sources: Vec::new(),
            inputs: Vec::new(),
            aspects: vec![("unit".to_owned(), self.text(unit).to_owned())],
        }
    }
}

/// One row: places in what is shared.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: u32,
    /// No values for a whole.
    pub(super) segment: u32,
    pub(super) unit: u32,
    pub(super) status: u32,
    /// A blank text where there is none.
    pub(super) reason: u32,
    /// In the order of [`NUMBERS`], each as `Number` prints it or blank, with tabs between.
    pub(super) numbers: Box<str>,
    /// Among the files of its side.
    pub(super) file: u32,
    pub(super) line: u64,
}

impl Row {
    fn is_same(&self, other: &Row) -> bool {
        (self.status, self.reason, &self.numbers) == (other.status, other.reason, &other.numbers)
    }
}

/// One export.
#[derive(Debug, Default)]
pub(super) struct Side {
    /// The files it stands in.
    pub(super) files: Vec<PathBuf>,
    pub(super) periods: BTreeMap<Period, OfPeriod>,
    /// Every metric there is, in any period.
    pub(super) ids: BTreeSet<u32>,
    /// Every cut there is, in any period.
    pub(super) cuts: BTreeSet<usize>,
}

/// What an export holds of a period.
#[derive(Debug, Default)]
pub(super) struct OfPeriod {
    /// As it names the period.
    pub(super) name: String,
    /// The rows of each cut; by metric and segment once they are settled.
    pub(super) cuts: BTreeMap<usize, Vec<Row>>,
}

impl Side {
    pub(super) fn add(&mut self, period: Period, name: &str, cut: usize, row: Row) {
        self.ids.insert(row.id);
        self.cuts.insert(cut);
        let of_period = self.periods.entry(period).or_default();
        if of_period.name.is_empty() {
            name.clone_into(&mut of_period.name);
        }
        of_period.cuts.entry(cut).or_default().push(row);
    }

    /// Puts the rows in order, each figure once: two exports in one folder may hold the same.
    ///
    /// # Errors
    /// The first row that says of a figure something else than a row before, with the period's name.
    pub(super) fn settle(&mut self) -> Result<(), (Row, String)> {
        let mut contradicting: Option<(Row, String)> = None;
        for of_period in self.periods.values_mut() {
            for rows in of_period.cuts.values_mut() {
                // Stable, so what was read first stays first.
                rows.sort_by_key(|row| (row.id, row.segment));
                let is_twin = |a: &Row, b: &Row| (a.id, a.segment) == (b.id, b.segment);
                let pairs = rows.windows(2).filter(|pair| is_twin(&pair[0], &pair[1]) && !pair[0].is_same(&pair[1]));
                let first = pairs.map(|pair| &pair[1]).min_by_key(|row| (row.file, row.line));
                if let Some(row) = first
                    && contradicting.as_ref().is_none_or(|(known, _)| (row.file, row.line) < (known.file, known.line))
                {
                    contradicting = Some((row.clone(), of_period.name.clone()));
                }
                rows.dedup_by(|a, b| is_twin(a, b));
                rows.shrink_to_fit();
            }
        }
        contradicting.map_or(Ok(()), Err)
    }
}

impl OfPeriod {
    /// The cuts in which each metric stands.
    pub(super) fn cuts_of_metrics(&self) -> BTreeMap<u32, BTreeSet<usize>> {
        let mut found: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
        for (cut, rows) in &self.cuts {
            for group in rows.chunk_by(|a, b| a.id == b.id) {
                found.entry(group[0].id).or_default().insert(*cut);
            }
        }
        found
    }

    /// The rows of a metric in a cut.
    pub(super) fn rows(&self, cut: usize, id: u32) -> &[Row] {
        let rows = self.cuts.get(&cut).map_or(&[][..], Vec::as_slice);
        let (first, end) = (rows.partition_point(|row| row.id < id), rows.partition_point(|row| row.id <= id));
        &rows[first..end]
    }
}
