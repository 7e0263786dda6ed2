//! What metrics make of amounts that are converted: in a way that a rate goes with, and under a unit that says what comes
//! out.
//!
//! Knows no rate. A converted amount is money of the scorecard's currency; whatever else stands in a row is a number, of
//! which nobody knows whether it is money of some currency. What a formula is measured in is its degree: how many factors
//! of money it has.

use super::super::raw::RawScorecard;
use super::{Resolver, place};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::formula::{Aggregate, Formula, Operator, RowExpr, is_written};
use crate::metric::{Conversion, CurrencyOf, Metric, Schedule, Source, SourceId};
use crate::prose;
use crate::unit::Unit;

/// A metric of a source whose amounts are converted, with its unit.
struct Measured<'m> {
    metric: &'m Metric,
    unit: &'m Unit,
    source: &'m Source,
    conversion: &'m Conversion,
}

/// What is wrong with a unit, given what a formula comes out in.
enum Misnomer<'f> {
    /// This part of the formula puts money together with what is none.
    Mixture(&'f Formula<Aggregate>),
    /// Money, under a unit that names this other currency.
    OtherCurrency(&'f str),
    /// Under a currency: this many factors of money.
    NoAmount(i32),
    /// Under a percentage or a ratio: money against what is none.
    NoShare,
    /// Under a currency: a column as it stands, which is not converted.
    Unconverted(&'f String),
}

impl Resolver<'_> {
    /// What is measured from converted amounts: a rate can be taken out of a sum of them, and of nothing else; and what
    /// comes out is in the scorecard's currency.
    pub(super) fn amounts(&mut self, raw: &RawScorecard, sources: &[Source], metrics: &[Option<Metric>]) {
        let own = raw.header.currency.as_ref().zip(raw.main.as_ref());
        let own = own.map(|(code, main)| (code.get_ref().clone(), place(code, main.file)));
        for (index, source) in sources.iter().enumerate() {
            let Some(conversion) = &source.conversion else { continue };
            self.controls_of_amounts(source, conversion);
            for metric in metrics.iter().flatten() {
                let of_source = metric.measurement().filter(|one| one.source == SourceId(index));
                let Some((measurement, unit)) = of_source.zip(metric.unit.as_ref()) else { continue };
                let measured = Measured { metric, unit, source, conversion };
                let mut formulas = vec![(&measurement.formula, &measurement.place)];
                for bars in [&metric.target, &metric.threshold, &metric.stretch].into_iter().flatten() {
                    formulas.extend(bars.by_grain.iter().filter_map(|(_, schedule)| match schedule {
                        Schedule::Measured(formula) => Some((formula, &bars.place)),
                        Schedule::Always(_) | Schedule::From(_) => None,
                    }));
                }
                for (formula, at) in formulas {
                    if self.linear(formula, conversion, at)
                        && let Some(misnomer) = measured.misnomer(formula, own.as_ref().map(|(code, _)| code.as_str()))
                    {
                        self.problems.push(measured.told(&misnomer, formula, at, own.as_ref()));
                    }
                }
            }
        }
    }

    fn controls_of_amounts(&mut self, source: &Source, conversion: &Conversion) {
        let Some(column) = conversion.column() else { return };
        for control in source.controls.iter().filter(|control| conversion.is_amount(&control.column)) {
            let message = format!(
                "`{}` is in the currencies that `{column}` says: it has no total before it is converted",
                control.column
            );
            let help = "drop the control, or declare a source for each currency: `where = \"currency = 'USD'\"` and \
                        `currency = { is = \"USD\", amounts = [...] }`";
            self.problems.push(Diagnostic::error(Code::BadSetting, message).at(&control.place, "").help(help));
        }
    }

    /// Whether every aggregate is linear in amounts, or of none; tells which is not.
    fn linear(&mut self, formula: &Formula<Aggregate>, conversion: &Conversion, at: &Place) -> bool {
        let found_before = self.problems.len();
        formula.visit(&mut |aggregate| {
            let Some(argument) = aggregate.argument.as_ref().filter(|_| !aggregate.function.takes_text()) else {
                return;
            };
            let (message, help) = match argument.degree(&|column: &String| conversion.is_amount(column)) {
                Ok(0 | 1) => return,
                Ok(degree) if degree > 1 => (
                    format!("`{aggregate}` multiplies amounts with each other, and no rate goes with that"),
                    "multiply an amount with what is no money",
                ),
                Ok(_) => (
                    format!("`{aggregate}` divides by an amount, and no rate goes with that"),
                    "divide one aggregate by another: `sum(pieces) / sum(amount)`",
                ),
                Err(_) => (
                    format!("`{aggregate}` puts amounts together with what is none, and no rate goes with that"),
                    "name every column of money in `amounts`, and measure what is no money in a metric of its own",
                ),
            };
            self.problems.push(Diagnostic::error(Code::BadFormula, message).at(at, "").help(help));
        });
        self.problems.len() == found_before
    }
}

impl Measured<'_> {
    fn is_amount(&self) -> impl Fn(&String) -> bool {
        |column| self.conversion.is_amount(column)
    }

    /// What a unit calls a formula that it is not.
    fn misnomer<'f>(&'f self, formula: &'f Formula<Aggregate>, own: Option<&str>) -> Option<Misnomer<'f>> {
        let named = self.unit.currencies();
        let is_share = matches!(self.unit, Unit::Percent | Unit::Ratio);
        if named.is_empty() && !is_share {
            return None;
        }
        let degree = match formula.degree(&self.is_amount()) {
            Ok(degree) => degree,
            Err(part) => return Some(Misnomer::Mixture(part)),
        };
        let other = |own: &str| named.iter().copied().find(|code| !is_written(code, own));
        match degree {
            0 => {
                let currency = self.unit.currency()?;
                let column = self.as_it_stands(formula)?;
                let is_known = matches!(&self.conversion.of, CurrencyOf::Always(code) if is_written(currency, code));
                (!is_known).then_some(Misnomer::Unconverted(column))
            }
            _ if is_share => Some(Misnomer::NoShare),
            degree => match own.and_then(other) {
                Some(code) => Some(Misnomer::OtherCurrency(code)),
                None if degree == 1 || !matches!(self.unit, Unit::Currency(_)) => None,
                None => Some(Misnomer::NoAmount(degree)),
            },
        }
    }

    /// Whether rows are of several currencies: then one number is no rate for all of them.
    fn is_mixed(&self) -> bool {
        matches!(self.conversion.of, CurrencyOf::Column(_))
    }

    /// A column that is no amount and of which the values themselves come out: alone, in a sum, over a number of things, or
    /// times a number where no number is a rate. What columns are multiplied may be pieces at a price.
    fn as_it_stands<'f>(&self, formula: &'f Formula<Aggregate>) -> Option<&'f String> {
        match formula {
            Formula::Number(_) => None,
            Formula::Leaf(aggregate) if aggregate.function.takes_text() => None,
            Formula::Leaf(aggregate) => aggregate.argument.as_ref().and_then(|argument| self.of_a_row(argument)),
            Formula::Negated(a) | Formula::Abs(a) | Formula::Binary(Operator::Over, a, _) => self.as_it_stands(a),
            Formula::Binary(Operator::Times, a, b) => match (&**a, &**b) {
                (Formula::Number(_), other) | (other, Formula::Number(_)) if self.is_mixed() => {
                    self.as_it_stands(other)
                }
                _ => None,
            },
            Formula::Binary(_, a, b) => self.as_it_stands(a).or_else(|| self.as_it_stands(b)),
        }
    }

    /// The same of a row, where what is divided by a column may be divided by a rate.
    fn of_a_row<'f>(&self, argument: &'f RowExpr<String>) -> Option<&'f String> {
        match argument {
            RowExpr::Number(_) => None,
            RowExpr::Binary(Operator::Times, a, b) => match (&**a, &**b) {
                (RowExpr::Number(_), other) | (other, RowExpr::Number(_)) if self.is_mixed() => self.of_a_row(other),
                _ => None,
            },
            RowExpr::Binary(Operator::Over, a, b) if self.is_mixed() && matches!(**b, RowExpr::Number(_)) => {
                self.of_a_row(a)
            }
            RowExpr::Binary(Operator::Over, ..) => None,
            RowExpr::Column(column) => Some(column).filter(|column| !self.conversion.is_amount(column)),
            RowExpr::Negated(a) => self.of_a_row(a),
            RowExpr::Binary(_, a, b) => self.of_a_row(a).or_else(|| self.of_a_row(b)),
        }
    }

    /// The columns of a formula that are no amounts, each once: those of the side that is no money, where it is a sum.
    fn others<'f>(&self, formula: &'f Formula<Aggregate>) -> Vec<&'f String> {
        let is_money = |side: &&Formula<Aggregate>| side.degree(&self.is_amount()) == Ok(1);
        let sides = match formula {
            Formula::Binary(_, a, b) => [&**a, &**b].into_iter().filter(|side| !is_money(side)).collect(),
            whole => vec![whole],
        };
        let mut found: Vec<&String> = Vec::new();
        for side in sides {
            side.visit(&mut |aggregate| {
                let argument = aggregate.argument.as_ref().filter(|_| !aggregate.function.takes_text());
                argument.into_iter().for_each(|argument| {
                    argument.visit(&mut |column| {
                        if !self.conversion.is_amount(column) && !found.contains(&column) {
                            found.push(column);
                        }
                    });
                });
            });
        }
        found
    }

    /// The unit as a message names it.
    fn called(&self) -> String {
        match self.unit {
            Unit::Percent => "a percentage".to_owned(),
            Unit::Ratio => "a ratio".to_owned(),
            unit => format!("in {unit}"),
        }
    }

    fn told(
        &self,
        misnomer: &Misnomer<'_>,
        formula: &Formula<Aggregate>,
        at: &Place,
        own: Option<&(String, Place)>,
    ) -> Diagnostic {
        let (id, unit, called) = (&self.metric.id, self.unit, self.called());
        let problem = |what: String| Diagnostic::error(Code::MixedCurrency, format!("`{id}` is {called}, and {what}"));
        let written = own.map_or("the scorecard's currency", |(code, _)| code.as_str());
        match misnomer {
            Misnomer::Mixture(part) => {
                let found = problem(format!("`{part}` puts amounts together with what is none")).at(at, "");
                self.unlisted(
                    found,
                    &self.others(part),
                    "measure the amounts alone, and the rest in a metric of its own",
                )
            }
            Misnomer::NoShare => {
                let found = problem(format!("`{formula}` holds amounts against what is none")).at(at, "");
                self.unlisted(
                    found,
                    &self.others(formula),
                    "divide amounts by amounts, or write the unit that comes out",
                )
            }
            Misnomer::OtherCurrency(code) => {
                let what = format!("amounts of `{}` are converted into {written}", self.source.id);
                let found = problem(what).at(&self.metric.place, format!("in {code}"));
                let found = match own {
                    Some((code, at)) => found.at(at, format!("in {code}")),
                    None => found,
                };
                found.help(format!("write `unit = \"{}\"`", unit.word().replace(code, written)))
            }
            Misnomer::NoAmount(degree) => {
                let what = if *degree > 1 { "multiplies amounts with each other" } else { "divides by amounts" };
                let found = problem(format!("`{formula}` {what}")).at(at, "");
                found.help("write the unit that comes out, in words of your own: `unit = \"pieces/EUR\"`")
            }
            Misnomer::Unconverted(column) => {
                let what = match &self.conversion.of {
                    CurrencyOf::Column(_) => format!("`{column}` is in the currency of each row"),
                    CurrencyOf::Always(code) => format!("`{column}` is in {code}"),
                };
                let found = problem(what).at(at, "").at(&self.conversion.place, "not among these");
                found.help(format!(
                    "add `{column}` to `amounts`; what is no money is measured by itself, and has its price in a definition"
                ))
            }
        }
    }

    /// A finding about columns that may be money nobody converts.
    fn unlisted(&self, found: Diagnostic, columns: &[&String], otherwise: &str) -> Diagnostic {
        if columns.is_empty() {
            return found.help(otherwise);
        }
        let (verb, list) = (if columns.len() == 1 { "is" } else { "are" }, prose::list(columns.iter().copied()));
        let stands = format!("{list} {verb} not among these");
        let help = format!("add {list} to `amounts` if {} money; else {otherwise}", it(columns.len(), verb));
        found.at(&self.conversion.place, stands).help(help)
    }
}

/// What a sentence calls some columns again.
fn it(count: usize, verb: &str) -> String {
    format!("{} {verb}", if count == 1 { "it" } else { "they" })
}
