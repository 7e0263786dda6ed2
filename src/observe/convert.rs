//! Amounts of other currencies, converted in the table they were added up in.
//!
//! A rate holds for all amounts of one currency in one period, and the sum of products is the product of the sum: a table
//! that is split by currency is converted cell by cell, exactly, as if each row had been. The table's scale grows by as
//! many decimals as the products need; what 128 bits do not hold is refused, never rounded. What numbers of 28 digits do not
//! hold is refused where it is read, figure by figure.

use std::collections::{BTreeMap, BTreeSet};

use super::rates::{Found, Rate, Rates, code};
use super::table::{Cell, Exchange, Moment, Overflow, Segment, SourceTable};
use crate::diagnostic::{Code, Diagnostic};
use crate::formula::Scale;
use crate::metric::{CurrencyOf, Source};
use crate::period::{Grain, Period};
use crate::plan::Scan;
use crate::prose;
use crate::unit::is_currency;

/// Missing rates told a source.
const SHOWN: usize = 20;

/// Why a table is not converted.
#[derive(Debug)]
pub(super) enum Unconverted {
    /// These currencies have no rate for these periods, or amounts have no currency.
    Missing(BTreeSet<(Period, String)>),
    /// Its periods are coarser than those of the rates.
    Coarser {
        /// Of its rows.
        rows: Grain,
        /// Of the rates.
        rates: Grain,
    },
    /// A product or a sum of products.
    TooLarge,
}

impl From<Overflow> for Unconverted {
    fn from(_: Overflow) -> Unconverted {
        Unconverted::TooLarge
    }
}

/// Converts what of a table is amounts, and folds the key away by which it was split for that.
pub(super) fn convert(table: &mut SourceTable, scan: &Scan, rates: &Rates) -> Result<(), Unconverted> {
    let Some(conversion) = &scan.conversion else { return Ok(()) };
    let work = Work { scan, rates, of: &conversion.of };
    table.exchanges = work.exchanges(table)?;
    let needed = work.decimals(table)?;
    let scale = table.scale.holding(needed).ok_or(Unconverted::TooLarge)?;
    for (period, moment) in &mut table.moments {
        for (segment, cells) in &mut moment.segments {
            for (base, cell) in scan.bases.iter().zip(cells) {
                let rate = if base.converts { work.rate(segment, *period) } else { None };
                each(cell, &mut |value| fixed(value, rate, table.scale, scale))?;
            }
        }
    }
    table.scale = scale;
    if scan.hides_currency() {
        for moment in table.moments.values_mut() {
            *moment = folded(std::mem::take(moment))?;
        }
    }
    Ok(())
}

/// Whether a currency stands in two spellings, `USD` and `usd`: then rows that repeat each other differ in their texts.
pub(super) fn is_spelt_differently(table: &SourceTable, scan: &Scan) -> bool {
    let Some(column) = scan.currency else { return false };
    let segments = table.moments.values().flat_map(|moment| moment.segments.keys());
    let spelt: BTreeSet<&str> = segments.map(|segment| segment[column].as_str()).collect();
    spelt.iter().map(|text| code(text)).collect::<BTreeSet<_>>().len() < spelt.len()
}

struct Work<'w> {
    scan: &'w Scan,
    rates: &'w Rates,
    of: &'w CurrencyOf,
}

impl Work<'_> {
    fn code(&self, segment: &Segment) -> String {
        match self.of {
            CurrencyOf::Always(code) => code.clone(),
            CurrencyOf::Column(_) => self.scan.currency.map_or_else(String::new, |column| code(&segment[column])),
        }
    }

    /// The rate of a segment's amounts; `None` where there are none.
    fn rate(&self, segment: &Segment, period: Period) -> Option<Rate> {
        match self.rates.find(&self.code(segment), period) {
            Found::Rate(rate, _) => Some(rate),
            Found::Missing(_) | Found::Coarser(_) => None,
        }
    }

    /// What was converted at which rate, or all that cannot be.
    fn exchanges(&self, table: &SourceTable) -> Result<Vec<Exchange>, Unconverted> {
        let (mut found, mut missing) = (BTreeMap::new(), BTreeSet::new());
        for (period, moment) in &table.moments {
            for (segment, cells) in &moment.segments {
                let mut converted = self.scan.bases.iter().zip(cells).filter(|(base, _)| base.converts);
                if !converted.any(|(_, cell)| cell.is_filled().unwrap_or(false)) {
                    continue;
                }
                let code = self.code(segment);
                match self.rates.find(&code, *period) {
                    Found::Rate(rate, of) => {
                        let rows = found.entry((*period, code)).or_insert((rate, of, 0));
                        rows.2 += match self.scan.currency.and(self.scan.all_rows()).map(|base| &cells[base]) {
                            Some(Cell::Count(count)) => *count,
                            _ => 0,
                        };
                    }
                    Found::Missing(of) => {
                        missing.insert((of, code));
                    }
                    Found::Coarser(rates) => return Err(Unconverted::Coarser { rows: period.grain(), rates }),
                }
            }
        }
        if !missing.is_empty() {
            return Err(Unconverted::Missing(missing));
        }
        let exchange = |((period, code), (rate, of, rows))| {
            // A source of one currency has no rows of another.
            let all = table.moments.get(&period).map_or(0, |moment: &Moment| moment.rows);
            let rows = if self.scan.currency.is_some() { rows } else { all };
            Exchange { period, code, rate, of, rows }
        };
        Ok(found.into_iter().map(exchange).collect())
    }

    /// How many decimals the products need.
    fn decimals(&self, table: &mut SourceTable) -> Result<u32, Unconverted> {
        let (mut needed, scale) = (0, table.scale);
        for (period, moment) in &mut table.moments {
            for (segment, cells) in &mut moment.segments {
                let Some(rate) = self.rate(segment, *period) else { continue };
                for (_, cell) in self.scan.bases.iter().zip(cells).filter(|(base, _)| base.converts) {
                    each(cell, &mut |value| {
                        needed = needed.max(product(value, rate, scale)?.1);
                        Some(value)
                    })?;
                }
            }
        }
        Ok(needed)
    }
}

/// Changes every fixed-point value of a cell.
fn each(cell: &mut Cell, change: &mut dyn FnMut(i128) -> Option<i128>) -> Result<(), Unconverted> {
    let mut change = |value: i128| change(value).ok_or(Unconverted::TooLarge);
    match cell {
        Cell::Sum { sum, .. } => *sum = change(*sum)?,
        Cell::Min(Some(value)) | Cell::Max(Some(value)) => *value = change(*value)?,
        Cell::Values(values) => {
            let mut changed: BTreeMap<i128, u64> = BTreeMap::new();
            for (value, count) in std::mem::take(values) {
                *changed.entry(change(value)?).or_default() += count;
            }
            *values = changed;
        }
        Cell::Min(None) | Cell::Max(None) | Cell::Count(_) | Cell::Texts(_) => {}
    }
    Ok(())
}

/// A fixed-point value times a rate, as its digits without trailing zeros and how many of them are decimals.
fn product(value: i128, rate: Rate, scale: Scale) -> Option<(i128, u32)> {
    if value == 0 {
        return Some((0, 0));
    }
    let trimmed = |mut value: i128, mut decimals: u32| {
        while decimals > 0 && value % 10 == 0 {
            value /= 10;
            decimals -= 1;
        }
        (value, decimals)
    };
    let (value, decimals) = trimmed(value, scale.decimals());
    Some(trimmed(value.checked_mul(rate.mantissa)?, decimals + rate.decimals))
}

/// A value at another scale, times a rate where it has one; exact or nothing.
fn fixed(value: i128, rate: Option<Rate>, from: Scale, to: Scale) -> Option<i128> {
    let (value, decimals) = match rate {
        Some(rate) => product(value, rate, from)?,
        None => (value, from.decimals()),
    };
    value.checked_mul(10i128.checked_pow(to.decimals().checked_sub(decimals)?)?)
}

/// A moment without its last key.
fn folded(moment: Moment) -> Result<Moment, Overflow> {
    let without = |mut segment: Segment| {
        segment.pop();
        segment
    };
    let mut whole = Moment { rows: moment.rows, ..Moment::default() };
    for (segment, cells) in moment.segments {
        let segments = BTreeMap::from([(without(segment), cells)]);
        whole.merge(Moment { segments, ..Moment::default() })?;
    }
    for (segment, lost) in moment.rejected {
        let rejected = BTreeMap::from([(without(segment), lost)]);
        whole.merge(Moment { rejected, ..Moment::default() })?;
    }
    Ok(whole)
}

impl Unconverted {
    /// What is wrong, without the places of rows.
    pub(super) fn told(self, source: &Source, rates: &Rates) -> Vec<Diagnostic> {
        match self {
            Unconverted::Missing(missing) => {
                let one = |(period, code): &(Period, String)| no_rate(*period, code, source, rates);
                several(missing.iter().map(one).collect(), source)
            }
            Unconverted::Coarser { rows, rates: finer } => {
                let message = format!("`{}` has amounts by {rows}, and rates are by {finer}", source.id);
                let problem = Diagnostic::error(Code::TooCoarse, message)
                    .at(&source.period_place, format!("by {rows}"))
                    .at(&rates.declared.source.path_place, format!("by {finer}"));
                vec![problem.help(format!("send rows by {finer}, or rates by {rows}, such as its average"))]
            }
            Unconverted::TooLarge => {
                let message = format!("a converted sum over `{}` has more digits than are exact", source.written_path);
                let problem = Diagnostic::error(Code::TooLarge, message).at(&source.path_place, "");
                vec![problem.help("measure in a larger unit, or write rates with fewer decimals")]
            }
        }
    }
}

/// A currency that has no rate for a period.
pub(super) fn no_rate(period: Period, code: &str, source: &Source, rates: &Rates) -> Diagnostic {
    let (path, when) = (&rates.declared.source.written_path, rates.calendar.name(period));
    let place = source.conversion.as_ref().map_or(&source.place, |conversion| &conversion.place);
    if code.is_empty() {
        let message = format!("`{}` has an amount without a currency in {when}", source.id);
        let problem = Diagnostic::error(Code::MissingRate, message).at(place, "");
        return problem.help("fill the currency in, or leave such rows out with `where`");
    }
    let shown = prose::shortened(code, 20);
    let is_known = is_currency(code);
    let what = if is_known { String::new() } else { format!(", and `{shown}` is no ISO 4217 currency in use") };
    let message = format!("`{path}` has no rate of {shown} for {when}{what}");
    let problem = Diagnostic::error(Code::MissingRate, message)
        .at(place, format!("amounts of `{}` need it", source.id))
        .at(&rates.declared.source.path_place, "rates are read here");
    problem.help(if is_known {
        "add the rate to the file, or leave such rows out with `where`"
    } else {
        "mend the currency of the row, or add its rate to the file"
    })
}

/// The first of several findings of one kind, the last of which counts the rest.
pub(super) fn several(mut problems: Vec<Diagnostic>, source: &Source) -> Vec<Diagnostic> {
    let more = problems.len().saturating_sub(SHOWN);
    problems.truncate(SHOWN);
    if let (Some(last), 1..) = (problems.last_mut(), more) {
        last.notes.push(format!("and {} like these in the source `{}`", prose::count(more, "more rate"), source.id));
    }
    problems
}
