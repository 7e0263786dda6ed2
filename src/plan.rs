//! What to read: which columns of which sources, which base aggregates of their rows, split by what.
//!
//! A measured metric is split into base aggregates, the only things that touch rows, and arithmetic
//! on them. Sources that no metric needs are not planned. A plan reads nothing and prints itself.

use std::fmt;

use crate::formula::{Aggregate, Formula, Function, Predicate, RowExpr, quoted_name};
use crate::metric::{Conversion, Duplicates, MetricId, Schedule, Scorecard, SourceId};
use crate::unit::Unit;

/// What to observe, and how each metric follows from it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// One a source that is needed, in file order.
    pub scans: Vec<Scan>,
    /// For each metric, in file order.
    pub metrics: Vec<Option<PlannedMetric>>,
    /// The dimensions asked for.
    pub by: Vec<String>,
    /// The condition asked for.
    pub asked: Option<Predicate<String>>,
}

/// What to read of one source.
#[derive(Clone, Debug)]
pub struct Scan {
    /// Which source.
    pub source: SourceId,
    /// The columns read, the period's first; each once.
    pub columns: Vec<String>,
    /// The columns the rows are split by: the dimensions asked for that the source has, then the roster's, then the
    /// currency's.
    pub keys: Vec<String>,
    /// How many of [`Scan::keys`] were asked for.
    pub split: usize,
    /// The position among [`Scan::keys`] of the roster's column.
    pub roster: Option<usize>,
    /// What of its amounts is converted, where any base is of amounts.
    pub conversion: Option<Conversion>,
    /// The position among [`Scan::keys`] of the column that says the currency of each row.
    pub currency: Option<usize>,
    /// Where its rows are rates: the currency they are in. Then currencies are told apart by their codes.
    pub rates_in: Option<String>,
    /// The columns that, with the period, tell rows apart; `None` where rows with one key are two events.
    pub identity: Option<Vec<String>>,
    /// Columns that are added up as they stand: what a total row must agree with.
    pub summed: Vec<String>,
    /// A column the asked condition needs and the source does not have: nothing can be said of its rows.
    pub lacks: Option<String>,
    /// Which rows belong to the source.
    pub filter: Option<Predicate<String>>,
    /// Which of them the report was asked for. Part of every base's own condition, so that the source's
    /// periods are known from all its rows.
    pub asked: Option<Predicate<String>>,
    /// What is aggregated.
    pub bases: Vec<Base>,
}

/// A base aggregate: additive over any split of the rows, so partial results merge exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    /// What is kept of each cell.
    pub kind: BaseKind,
    /// Of what; `None` counts rows.
    pub argument: Option<RowExpr<String>>,
    /// Of which rows.
    pub filter: Option<Predicate<String>>,
    /// Whether its cells, as they stand, are a percent metric's value: then one beyond 1 may be a percentage.
    pub is_share: bool,
    /// Whether it is of amounts that are converted into the scorecard's currency.
    pub converts: bool,
}

impl Base {
    /// Every row of the source, whatever was asked for.
    const ALL: Base = Base { kind: BaseKind::Rows, argument: None, filter: None, is_share: false, converts: false };

    /// A column added up over every row, in the file's own numbers.
    fn control(column: &str) -> Base {
        let argument = Some(RowExpr::Column(column.to_owned()));
        Base { kind: BaseKind::Sum, argument, filter: None, is_share: false, converts: false }
    }
}

/// What a base aggregate keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseKind {
    /// Exact sum and number of values.
    Sum,
    /// Number of rows.
    Rows,
    /// Number of cells that are not blank.
    Filled,
    /// Smallest value.
    Min,
    /// Largest value.
    Max,
    /// Every value, with how often it occurs.
    Values,
    /// Every different text.
    Texts,
}

/// How one metric follows from a scan.
#[derive(Clone, Debug)]
pub struct PlannedMetric {
    /// Index into [`Plan::scans`].
    pub scan: usize,
    /// Its value.
    pub value: Formula<BoundAggregate>,
    /// Its measured target, threshold and stretch, by the same index as in their `by_grain`.
    pub target: Vec<Option<Formula<BoundAggregate>>>,
    /// See `target`.
    pub threshold: Vec<Option<Formula<BoundAggregate>>>,
    /// See `target`.
    pub stretch: Vec<Option<Formula<BoundAggregate>>>,
}

/// An aggregate and the base it is computed from.
#[derive(Clone, Debug)]
pub struct BoundAggregate {
    /// What is asked.
    pub aggregate: Aggregate,
    /// Index into the scan's [`Scan::bases`].
    pub base: usize,
}

/// Plans the reading for `wanted` metrics (and all that feeds them).
///
/// `by` are dimensions to split by; `filter` chooses rows of every source that has its columns.
pub fn plan(scorecard: &Scorecard, wanted: &[MetricId], by: &[String], filter: Option<&Predicate<String>>) -> Plan {
    let needed = scorecard.graph.below_any(wanted);
    let mut plan = Plan { scans: Vec::new(), metrics: Vec::new(), by: by.to_vec(), asked: filter.cloned() };
    for id in scorecard.ids() {
        let planned = needed.contains(&id).then(|| plan_metric(scorecard, id, by, filter, &mut plan.scans)).flatten();
        plan.metrics.push(planned);
    }
    // In file order whatever metric came first.
    plan.in_source_order();
    for scan in &mut plan.scans {
        scan.identity = identity(scorecard, scan.source);
        scan.split_by_currency(scorecard.source(scan.source).conversion.as_ref());
        scan.collect_columns(&scorecard.source(scan.source).period);
    }
    plan
}

fn plan_metric(
    scorecard: &Scorecard,
    id: MetricId,
    by: &[String],
    filter: Option<&Predicate<String>>,
    scans: &mut Vec<Scan>,
) -> Option<PlannedMetric> {
    let metric = scorecard.metric(id);
    let measurement = metric.measurement()?;
    let index = match scans.iter().position(|scan| scan.source == measurement.source) {
        Some(index) => index,
        None => {
            scans.push(Scan::new(scorecard, measurement.source, by, filter));
            scans.len() - 1
        }
    };
    let scan = &mut scans[index];
    let is_percent = metric.unit == Some(Unit::Percent);
    let (filter, conversion) = (measurement.filter.as_ref(), scorecard.source(measurement.source).conversion.as_ref());
    let mut bind = |formula: &Formula<Aggregate>| scan.bind(formula, filter, conversion, is_percent);
    let value = bind(&measurement.formula);
    let mut measured = |bars: &Option<crate::metric::Bars>| -> Vec<Option<Formula<BoundAggregate>>> {
        let schedules = bars.iter().flat_map(|bars| &bars.by_grain);
        schedules
            .map(|(_, schedule)| match schedule {
                Schedule::Measured(formula) => Some(bind(formula)),
                Schedule::Always(_) | Schedule::From(_) => None,
            })
            .collect()
    };
    let (target, threshold, stretch) =
        (measured(&metric.target), measured(&metric.threshold), measured(&metric.stretch));
    Some(PlannedMetric { scan: index, value, target, threshold, stretch })
}

impl Plan {
    /// The same plan, which also adds up the columns that have a control total: every row of the source, whatever
    /// was asked for. Of sources that are planned; a report compares no control totals and reads none of this.
    #[must_use]
    pub fn with_controls(mut self, scorecard: &Scorecard) -> Plan {
        for scan in &mut self.scans {
            let source = scorecard.source(scan.source);
            for control in &source.controls {
                if scan.control(&control.column).is_none() {
                    scan.bases.push(Base::control(&control.column));
                }
            }
            scan.collect_columns(&source.period);
        }
        self
    }

    fn in_source_order(&mut self) {
        let mut order: Vec<usize> = (0..self.scans.len()).collect();
        order.sort_by_key(|index| self.scans[*index].source);
        let rank = |old: usize| order.iter().position(|index| *index == old).unwrap_or(old);
        for planned in self.metrics.iter_mut().flatten() {
            planned.scan = rank(planned.scan);
        }
        self.scans.sort_by_key(|scan| scan.source);
    }
}

impl Scan {
    fn new(scorecard: &Scorecard, id: SourceId, by: &[String], filter: Option<&Predicate<String>>) -> Scan {
        let source = scorecard.source(id);
        let has = |column: &String| source.dimensions.contains(column);
        let mut lacks = None;
        if let Some(filter) = filter {
            filter.visit(&mut |column| {
                if !has(column) && lacks.is_none() {
                    lacks = Some(column.clone());
                }
            });
        }
        let mut keys: Vec<String> = by.iter().filter(|column| has(column)).cloned().collect();
        let split = keys.len();
        let roster = source.written.roster.as_ref().map(|roster| {
            keys.iter().position(|key| *key == roster.column).unwrap_or_else(|| {
                keys.push(roster.column.clone());
                keys.len() - 1
            })
        });
        Scan {
            source: id,
            columns: Vec::new(),
            keys,
            split,
            roster,
            conversion: None,
            currency: None,
            rates_in: None,
            identity: None,
            summed: Vec::new(),
            filter: source.filter.clone(),
            asked: filter.filter(|_| lacks.is_none()).cloned(),
            lacks,
            bases: Vec::new(),
        }
    }

    /// The position of the base that adds up a column over every row of the source, where it is planned.
    pub fn control(&self, column: &str) -> Option<usize> {
        let base = Base::control(column);
        self.bases.iter().position(|known| *known == base)
    }

    fn bind(
        &mut self,
        formula: &Formula<Aggregate>,
        filter: Option<&Predicate<String>>,
        conversion: Option<&Conversion>,
        is_percent: bool,
    ) -> Formula<BoundAggregate> {
        let is_bare = matches!(formula, Formula::Leaf(_));
        let bound = formula.try_map(&mut |aggregate: &Aggregate| {
            let filter = both(filter.cloned(), self.asked.clone());
            let column = match &aggregate.argument {
                Some(RowExpr::Column(column)) if !aggregate.function.takes_text() => Some(column),
                _ => None,
            };
            // Of several currencies, nobody's total adds up.
            let is_mixed = |column: &String| {
                conversion.is_some_and(|conversion| conversion.column().is_some() && conversion.is_amount(column))
            };
            if let (Function::Sum, Some(column)) = (aggregate.function, column)
                && !self.summed.contains(column)
                && !is_mixed(column)
            {
                self.summed.push(column.clone());
            }
            let base = Base {
                kind: base_of(aggregate),
                argument: aggregate.argument.clone(),
                filter,
                is_share: is_percent && is_bare && column.is_some(),
                converts: conversion.is_some_and(|conversion| converts(aggregate, conversion)),
            };
            let index = self.bases.iter().position(|known| *known == base).unwrap_or_else(|| {
                self.bases.push(base);
                self.bases.len() - 1
            });
            Ok::<_, std::convert::Infallible>(BoundAggregate { aggregate: aggregate.clone(), base: index })
        });
        bound.unwrap_or_else(|never| match never {})
    }

    /// The position of the base that counts the rows of each currency, where it is planned.
    pub fn all_rows(&self) -> Option<usize> {
        self.bases.iter().position(|known| *known == Base::ALL)
    }

    /// Whether the currency's column is the last key and nobody asked for it: then it goes once amounts are converted.
    pub fn hides_currency(&self) -> bool {
        self.currency.is_some_and(|column| column >= self.split && self.roster != Some(column))
    }

    /// A rate holds for all amounts of one currency in one period, so that sums of each currency are all it takes.
    fn split_by_currency(&mut self, conversion: Option<&Conversion>) {
        self.conversion = conversion.filter(|_| self.bases.iter().any(|base| base.converts)).cloned();
        let Some(column) = self.conversion.as_ref().and_then(Conversion::column) else { return };
        self.currency = Some(self.keys.iter().position(|key| key == column).unwrap_or_else(|| {
            self.keys.push(column.clone());
            self.keys.len() - 1
        }));
        if self.all_rows().is_none() {
            self.bases.push(Base::ALL);
        }
    }

    fn collect_columns(&mut self, period: &str) {
        let mut columns = vec![period.to_owned()];
        let mut add = |column: &String| {
            if !columns.contains(column) {
                columns.push(column.clone());
            }
        };
        self.keys.iter().for_each(&mut add);
        self.identity.iter().flatten().for_each(&mut add);
        if let Some(filter) = &self.filter {
            filter.visit(&mut add);
        }
        for base in &self.bases {
            if let Some(argument) = &base.argument {
                argument.visit(&mut add);
            }
            if let Some(filter) = &base.filter {
                filter.visit(&mut add);
            }
        }
        self.columns = columns;
    }
}

/// The columns that, with the period, tell rows of a source apart; `None` where rows with one key are two events: the
/// declared key; else the dimensions, and the kinds that conditions of the source and its metrics tell apart.
pub fn identity(scorecard: &Scorecard, id: SourceId) -> Option<Vec<String>> {
    let source = scorecard.source(id);
    if source.written.duplicates == Duplicates::Sum {
        return None;
    }
    if let Some(key) = &source.written.key {
        return Some(key.clone());
    }
    let mut columns = source.dimensions.clone();
    // Two amounts that differ in nothing but their currency are two.
    let currency = source.conversion.as_ref().and_then(Conversion::column).filter(|column| !columns.contains(column));
    columns.extend(currency.cloned());
    let measurements = scorecard.metrics.iter().filter_map(|metric| metric.measurement());
    let filters = measurements.filter(|measurement| measurement.source == id).filter_map(|m| m.filter.as_ref());
    for filter in source.filter.iter().chain(filters) {
        filter.visit_kinds(&mut |column| {
            if !columns.contains(column) {
                columns.push(column.clone());
            }
        });
    }
    Some(columns)
}

fn both(a: Option<Predicate<String>>, b: Option<Predicate<String>>) -> Option<Predicate<String>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(Predicate::And(Box::new(a), Box::new(b))),
        (a, b) => a.or(b),
    }
}

/// Whether an aggregate is of amounts: linear in them, which is known of a scorecard that holds.
pub fn converts(aggregate: &Aggregate, conversion: &Conversion) -> bool {
    let degree = |argument: &RowExpr<String>| argument.degree(&|column: &String| conversion.is_amount(column));
    !aggregate.function.takes_text() && aggregate.argument.as_ref().is_some_and(|argument| degree(argument) == Ok(1))
}

fn base_of(aggregate: &Aggregate) -> BaseKind {
    match aggregate.function {
        Function::Sum | Function::Avg | Function::First | Function::Last | Function::Only => BaseKind::Sum,
        Function::Count if aggregate.argument.is_none() => BaseKind::Rows,
        Function::Count => BaseKind::Filled,
        Function::Min => BaseKind::Min,
        Function::Max => BaseKind::Max,
        Function::Median | Function::Quantile => BaseKind::Values,
        Function::CountDistinct => BaseKind::Texts,
    }
}

impl BoundAggregate {
    /// How it reads in messages.
    pub fn written(&self) -> String {
        self.aggregate.to_string()
    }
}

impl fmt::Display for BoundAggregate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.aggregate)
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = match self.kind {
            BaseKind::Sum => "sum and count of",
            BaseKind::Rows => "rows",
            BaseKind::Filled => "filled cells of",
            BaseKind::Min => "minimum of",
            BaseKind::Max => "maximum of",
            BaseKind::Values => "all values of",
            BaseKind::Texts => "different texts of",
        };
        f.write_str(kept)?;
        if let Some(argument) = &self.argument {
            write!(f, " {argument}")?;
        }
        if self.converts {
            f.write_str(", converted")?;
        }
        if let Some(filter) = &self.filter {
            write!(f, "  where {filter}")?;
        }
        Ok(())
    }
}

/// A plan with the names of the scorecard it was made for; what `trace --plan` prints.
pub struct PrintedPlan<'p> {
    /// The plan.
    pub plan: &'p Plan,
    /// Its scorecard.
    pub scorecard: &'p Scorecard,
}

impl fmt::Display for PrintedPlan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scan) in self.plan.scans.iter().enumerate() {
            let source = self.scorecard.source(scan.source);
            if index > 0 {
                writeln!(f)?;
            }
            writeln!(f, "scan {}", source.id)?;
            writeln!(f, "  files    {}", source.written_path)?;
            let columns: Vec<String> = scan.columns.iter().map(|column| quoted_name(column)).collect();
            writeln!(f, "  columns  {}", columns.join(", "))?;
            let keys: Vec<String> =
                std::iter::once(&source.period).chain(&scan.keys).map(|column| quoted_name(column)).collect();
            writeln!(f, "  by       {}", keys.join(", "))?;
            if let Some(filter) = &scan.filter {
                writeln!(f, "  where    {filter}")?;
            }
            for (number, base) in scan.bases.iter().enumerate() {
                writeln!(f, "  base {:<3} {base}", number + 1)?;
            }
        }
        Ok(())
    }
}
