//! The rates of other currencies: read as any source is, by the careful way, and found by currency and period.
//!
//! Knows no amount; what a rate may be is asked while its place is known, in `careful`.

use std::collections::BTreeMap;

use super::table::{Cell, FileFacts};
use super::{OnFault, careful, files};
use crate::diagnostic::{Code, Diagnostic, Locus, Name, Warned};
use crate::formula::{RowExpr, Scale};
use crate::metric::{self, Scorecard, SourceId};
use crate::number::Number;
use crate::period::{Calendar, Grain, Period};
use crate::plan::{Base, BaseKind, Scan};

/// What one unit of a currency is worth: `mantissa / 10^decimals` units of the scorecard's, above 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub(super) mantissa: i128,
    pub(super) decimals: u32,
}

impl Rate {
    /// What the scorecard's own currency is worth.
    const ONE: Rate = Rate { mantissa: 1, decimals: 0 };

    fn of(mut mantissa: i128, scale: Scale) -> Rate {
        let mut decimals = scale.decimals();
        while decimals > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            decimals -= 1;
        }
        Rate { mantissa, decimals }
    }

    /// As a number.
    pub fn number(self) -> Number {
        Number::from_scaled(self.mantissa, self.decimals)
    }
}

/// All rates of a scorecard.
pub(super) struct Rates {
    /// The scorecard's own currency.
    pub(super) own: String,
    pub(super) declared: metric::Rates,
    pub(super) calendar: Calendar,
    /// The size of the periods rates hold for; `None` where there is no rate.
    grain: Option<Grain>,
    by: BTreeMap<Period, BTreeMap<String, Rate>>,
    pub(super) files: Vec<FileFacts>,
}

/// What is known of a currency in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Its rate, and the time that holds for; `None` for the scorecard's own.
    Rate(Rate, Option<Period>),
    /// It has none in this period.
    Missing(Period),
    /// Rates hold for periods of this size, in which the period asked for does not lie.
    Coarser(Grain),
}

impl Rates {
    /// The rate at which an amount of a period is converted.
    pub(super) fn find(&self, code: &str, period: Period) -> Found {
        if code == self.own {
            return Found::Rate(Rate::ONE, None);
        }
        let Some(grain) = self.grain else { return Found::Missing(period) };
        if !period.grain().nests_in(grain) {
            return Found::Coarser(grain);
        }
        let Some(of) = self.calendar.containing(grain, period.first()) else { return Found::Missing(period) };
        match self.by.get(&of).and_then(|rates| rates.get(code)) {
            Some(rate) => Found::Rate(*rate, Some(of)),
            None => Found::Missing(of),
        }
    }
}

/// A currency as it is looked up: codes are capitals, however they are typed.
pub(super) fn code(text: &str) -> String {
    text.trim().to_uppercase()
}

/// Reads the rates of a scorecard that has a currency.
pub(super) fn read(scorecard: &Scorecard, declared: &metric::Rates) -> Result<Warned<Rates>, Vec<Diagnostic>> {
    // A scorecard of one source and no metric: what the reader is told of others does not matter to rates, which are in its
    // currency and in no other.
    let alone =
        Scorecard { sources: vec![declared.source.clone()], metrics: Vec::new(), rates: None, ..scorecard.clone() };
    let own = scorecard.currency.clone().unwrap_or_default();
    let scan = scan(declared, &own);
    let found = files::find(&alone, &scan).and_then(|files| careful::read(files, &alone, &scan, OnFault::Stop, None));
    let table = found.map_err(|problems| problems.into_iter().map(as_of_rates).collect::<Vec<_>>())?;
    let warnings = table.warnings.into_iter().map(as_of_rates).collect();
    let table = table.value;
    let mut rates = Rates {
        own,
        declared: declared.clone(),
        calendar: scorecard.calendar,
        grain: table.moments.keys().next().map(Period::grain),
        by: BTreeMap::new(),
        files: table.files,
    };
    for (period, moment) in table.moments {
        for (segment, cells) in moment.segments {
            let (Some(text), Some(Cell::Sum { sum, count: 1.. })) = (segment.first(), cells.first()) else { continue };
            // Two of one currency in one period are told where they stand.
            rates.by.entry(period).or_default().insert(code(text), Rate::of(*sum, table.scale));
        }
    }
    if rates.by.is_empty() {
        let message = format!("`{}` has no rate", declared.source.written_path);
        let problem = Diagnostic::error(Code::NoRows, message).at(&declared.source.path_place, "");
        return Err(vec![problem.help("it has a row for each currency in each period")]);
    }
    Ok(Warned { value: rates, warnings })
}

/// The rate of each currency, each row of its own.
fn scan(rates: &metric::Rates, own: &str) -> Scan {
    let period = rates.source.period.clone();
    Scan {
        source: SourceId(0),
        columns: vec![period, rates.currency.clone(), rates.rate.clone()],
        keys: vec![rates.currency.clone()],
        split: 1,
        roster: None,
        conversion: None,
        currency: None,
        rates_in: Some(own.to_owned()),
        identity: Some(vec![rates.currency.clone()]),
        summed: Vec::new(),
        lacks: None,
        filter: None,
        asked: None,
        bases: vec![Base {
            kind: BaseKind::Sum,
            argument: Some(RowExpr::Column(rates.rate.clone())),
            filter: None,
            is_share: false,
            converts: false,
        }],
    }
}

/// A finding about a source that is none: its remedies are others.
fn as_of_rates(mut problem: Diagnostic) -> Diagnostic {
    const NAMES: &str = "`[currencies]` says which columns are meant: `period = \"month\"`, `currency = \"code\"`, \
                         `rate = \"euros\"`";
    for label in &mut problem.labels {
        if matches!(label.locus, Locus::Scorecard(_)) && label.text.ends_with(" of `currencies`") {
            label.text = "read here".to_owned();
        }
    }
    let names = [
        ("the source `currencies` mixes", "the rates mix"),
        ("the source `currencies`", "the rates"),
        ("`currencies`", "the rates"),
        ("[sources.currencies]", "[currencies]"),
    ];
    for (of_source, of_rates) in names {
        problem.message = problem.message.replace(of_source, of_rates);
        problem.help = problem.help.map(|help| help.replace(of_source, of_rates));
        problem.notes.iter_mut().for_each(|note| *note = note.replace(of_source, of_rates));
    }
    let declares = problem.help.as_ref().is_some_and(|help| help.contains("`missing = "));
    match problem.code {
        _ if declares => problem.help("numbers are written 1234.5; leave a missing rate blank"),
        Name::Fault(Code::BadColumn) => problem.help(NAMES),
        Name::Fault(Code::DuplicateRow) => problem.help("remove one of them"),
        Name::Fault(Code::MixedGrain) => problem.help("write all periods of the rates alike"),
        _ => problem,
    }
}
