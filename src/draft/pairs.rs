//! Which columns are parts of which: no row has more of the part than of the whole, and their names agree.

use super::column::{Column, Numbers};
use super::words::{Hint, hints};

/// A part and the whole it is of, by position.
pub(super) struct Pair {
    pub(super) part: usize,
    pub(super) whole: usize,
}

/// How much names must agree before a part is believed.
const ENOUGH: u32 = 3;

/// The parts among these columns, each with its likeliest whole.
pub(super) fn pairs(columns: &[Column], numeric: &[usize]) -> Vec<Pair> {
    let counts: Vec<usize> = numeric.iter().copied().filter(|at| is_count(&columns[*at])).collect();
    let whole_of = |part: &usize| {
        let likely = counts.iter().filter(|whole| *whole != part);
        let likely = likely.filter_map(|whole| Some((agreement(columns, *part, *whole)?, *whole)));
        let (_, whole) = likely.filter(|(agreement, _)| *agreement >= ENOUGH).max_by_key(|(agreement, whole)| {
            // Where two do equally well, the nearest before it.
            (*agreement, *whole < *part, if whole < part { *whole as i64 } else { -(*whole as i64) })
        })?;
        Some(Pair { part: *part, whole })
    };
    let found: Vec<Pair> = counts.iter().filter_map(whole_of).collect();
    // Two columns that are each other's part are equal, and neither is a part.
    let is_mutual = |pair: &Pair| found.iter().any(|other| other.part == pair.whole && other.whole == pair.part);
    let kept: Vec<bool> = found.iter().map(|pair| !is_mutual(pair)).collect();
    found.into_iter().zip(kept).filter_map(|(pair, kept)| kept.then_some(pair)).collect()
}

/// Whether a column counts things: no shares, no money, nothing below 0.
fn is_count(column: &Column) -> bool {
    let Some(numbers) = &column.numbers else { return false };
    let is_other = [Hint::Percent, Hint::Rate, Hint::Score, Hint::Mean, Hint::Money]
        .iter()
        .any(|hint| hints(&column.words, *hint));
    !is_other
        && numbers.currencies.is_empty()
        && numbers.percent == super::column::Signs::None
        && numbers.filled().all(|value| value >= 0)
        && numbers.is_whole()
}

/// How well a part and a whole go together; `None` where they do not.
fn agreement(columns: &[Column], part: usize, whole: usize) -> Option<u32> {
    let (of, on) = (&columns[part], &columns[whole]);
    let is_stock = |column: &Column| hints(&column.words, Hint::Stock) || hints(&column.words, Hint::Opening);
    if is_stock(of) || !is_within(of.numbers.as_ref()?, on.numbers.as_ref()?) {
        return None;
    }
    let is_prefix = !on.words.is_empty() && of.words.len() > on.words.len() && of.words.starts_with(&on.words);
    let shared = of.words.iter().any(|word| word.len() > 3 && on.words.contains(word));
    let points = [
        (is_prefix, 5),
        (shared, 3),
        (hints(&of.words, Hint::Part), 2),
        (hints(&of.words, Hint::Lost) && is_stock(on), 3),
        (hints(&of.words, Hint::Worse), 1),
        (hints(&on.words, Hint::Whole), 2),
        (whole < part, 1),
    ];
    let named = is_prefix
        || shared
        || hints(&on.words, Hint::Whole)
            && (hints(&of.words, Hint::Part) || hints(&of.words, Hint::Lost) || hints(&of.words, Hint::Worse));
    named.then(|| points.iter().filter(|(holds, _)| *holds).map(|(_, points)| points).sum())
}

/// Whether no row has more of the part, and some have less.
fn is_within(part: &Numbers, whole: &Numbers) -> bool {
    let rows = || part.values.iter().zip(&whole.values).filter_map(|(part, whole)| Some(((*part)?, (*whole)?)));
    let is_moving = rows().any(|(part, whole)| part < whole) && rows().any(|(part, _)| part > 0);
    is_moving && rows().all(|(part, whole)| part <= whole)
}
