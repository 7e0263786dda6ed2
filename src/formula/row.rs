//! Arithmetic and conditions on the cells of one row.
//!
//! Evaluated in plain Rust by both ways into a file, with SQL's three-valued logic: a comparison with
//! a blank cell is unknown, and `where` keeps only what is true. Knows nothing of files.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};

use super::{CellFault, Operator, Scale, quoted_name};
use crate::number::{Fault, Number};
use crate::period::Period;

/// A number computed from one row; columns are of type `C` (a name, later an index).
#[derive(Clone, Debug, PartialEq)]
pub enum RowExpr<C> {
    /// A literal.
    Number(Decimal),
    /// A cell.
    Column(C),
    /// `-a`.
    Negated(Box<RowExpr<C>>),
    /// `a op b`.
    Binary(Operator, Box<RowExpr<C>>, Box<RowExpr<C>>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`.
    Equal,
    /// `<>`.
    Differs,
    /// `<`.
    Less,
    /// `<=`.
    AtMost,
    /// `>`.
    Greater,
    /// `>=`.
    AtLeast,
}

/// A condition on one row.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate<C> {
    /// Numbers are compared by value.
    Numbers(RowExpr<C>, Comparison, RowExpr<C>),
    /// Texts are compared by code point, so ISO dates by time.
    Text(C, Comparison, String),
    /// `column in ('a', 'b')`.
    TextIn(C, Vec<String>),
    /// `column in (1, 2)`.
    NumberIn(RowExpr<C>, Vec<Decimal>),
    /// `column like 'a%'`.
    Like(C, String),
    /// The cell is blank.
    IsNull(C),
    /// Not so; unknown stays unknown.
    Not(Box<Predicate<C>>),
    /// Both.
    And(Box<Predicate<C>>, Box<Predicate<C>>),
    /// Either.
    Or(Box<Predicate<C>>, Box<Predicate<C>>),
}

/// The cells of one row, as whoever read the file understands them.
pub trait Cells<C> {
    /// The text of a cell without the blanks around it; `None` where it is missing.
    fn text(&self, column: C) -> Option<&str>;

    /// The number in a cell as an integer count of `10^-scale`; `None` where it is missing.
    ///
    /// # Errors
    /// The cell holds something else.
    fn number(&self, column: C, scale: Scale) -> Result<Option<i128>, CellFault>;
}

/// Why a row has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFault<C> {
    /// This cell cannot be read.
    Cell(C, CellFault),
    /// The arithmetic of the row divides by zero.
    ZeroDenominator,
    /// The result of the row's arithmetic does not fit.
    Result(CellFault),
}

impl<C: Copy> RowExpr<C> {
    /// The value at `scale`; `None` where a cell it needs is blank.
    ///
    /// A quotient is rounded to the scale, half away from zero; nothing else is ever rounded.
    pub fn evaluate(&self, row: &impl Cells<C>, scale: Scale) -> Result<Option<i128>, RowFault<C>> {
        if let RowExpr::Column(column) = self {
            return read(*column, row, scale);
        }
        match self.number(row, scale)? {
            None => Ok(None),
            Some(number) => to_fixed(number, scale).map(Some).map_err(RowFault::Result),
        }
    }

    fn number(&self, row: &impl Cells<C>, scale: Scale) -> Result<Option<Number>, RowFault<C>> {
        match self {
            RowExpr::Number(decimal) => Ok(Some(Number::Exact(*decimal))),
            RowExpr::Column(column) => {
                read(*column, row, scale)?.map(|fixed| exact(Number::from_scaled(fixed, scale.decimals()))).transpose()
            }
            RowExpr::Negated(a) => Ok(a.number(row, scale)?.map(Number::negated)),
            RowExpr::Binary(operator, a, b) => {
                let (Some(a), Some(b)) = (a.number(row, scale)?, b.number(row, scale)?) else { return Ok(None) };
                let result = match operator {
                    Operator::Over => quotient(a, b, scale),
                    operator => operator.apply(a, b),
                };
                match result {
                    Ok(number) => exact(number).map(Some),
                    Err(Fault::ZeroDenominator | Fault::ZeroOfZero) => Err(RowFault::ZeroDenominator),
                    Err(Fault::TooLarge | Fault::TooLong) => Err(RowFault::Result(CellFault::TooLarge)),
                }
            }
        }
    }
}

/// A quotient rounded to the scale, half away from zero.
fn quotient(a: Number, b: Number, scale: Scale) -> Result<Number, Fault> {
    if b.is_zero() {
        return Err(if a.is_zero() { Fault::ZeroOfZero } else { Fault::ZeroDenominator });
    }
    let (a, b) = (a.to_decimal().ok_or(Fault::TooLarge)?, b.to_decimal().ok_or(Fault::TooLarge)?);
    let quotient = a.checked_div(b).ok_or(Fault::TooLarge)?;
    Ok(Number::Exact(quotient.round_dp_with_strategy(scale.decimals(), RoundingStrategy::MidpointAwayFromZero)))
}

/// Refuses a result whose digits no longer fit: a row's arithmetic is exact or a fault.
fn exact<C>(number: Number) -> Result<Number, RowFault<C>> {
    match number {
        Number::Exact(_) => Ok(number),
        Number::Approx(_) => Err(RowFault::Result(CellFault::TooLarge)),
    }
}

fn read<C: Copy>(column: C, row: &impl Cells<C>, scale: Scale) -> Result<Option<i128>, RowFault<C>> {
    row.number(column, scale).map_err(|fault| RowFault::Cell(column, fault))
}

fn to_fixed(number: Number, scale: Scale) -> Result<i128, CellFault> {
    match number {
        Number::Exact(decimal) => {
            let decimal = decimal.normalize();
            let shift = scale.decimals().checked_sub(decimal.scale()).ok_or(CellFault::TooFine)?;
            decimal.mantissa().checked_mul(10i128.pow(shift)).ok_or(CellFault::TooLarge)
        }
        Number::Approx(_) => Err(CellFault::TooLarge),
    }
}

impl<C: Copy> Predicate<C> {
    /// Whether the row is meant; `None` is unknown.
    ///
    /// # Errors
    /// A cell that must be a number to be compared and is not.
    pub fn holds(&self, row: &impl Cells<C>, scale: Scale) -> Result<Option<bool>, RowFault<C>> {
        let text = |column: C| row.text(column);
        Ok(match self {
            Predicate::Numbers(a, comparison, b) => {
                let (a, b) = (a.number(row, scale)?, b.number(row, scale)?);
                a.zip(b).and_then(|(a, b)| a.partial_cmp(&b)).map(|order| comparison.accepts(order))
            }
            Predicate::Text(column, comparison, literal) => match text(*column) {
                // Texts are ordered as dates only where all of them are written as ISO has it.
                Some(cell) if comparison.orders() && is_date(literal) && !is_date(cell) => {
                    return Err(RowFault::Cell(*column, CellFault::NotADate));
                }
                cell => cell.map(|cell| comparison.accepts(cell.cmp(literal))),
            },
            Predicate::TextIn(column, literals) => {
                text(*column).map(|cell| literals.iter().any(|literal| literal == cell))
            }
            Predicate::NumberIn(a, literals) => {
                a.number(row, scale)?.map(|a| literals.iter().any(|literal| Number::Exact(*literal) == a))
            }
            Predicate::Like(column, pattern) => text(*column).map(|cell| like(cell, pattern)),
            Predicate::IsNull(column) => Some(text(*column).is_none()),
            Predicate::Not(a) => a.holds(row, scale)?.map(|holds| !holds),
            Predicate::And(a, b) => match a.holds(row, scale)? {
                Some(false) => Some(false),
                a => match (a, b.holds(row, scale)?) {
                    (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                },
            },
            Predicate::Or(a, b) => match a.holds(row, scale)? {
                Some(true) => Some(true),
                a => match (a, b.holds(row, scale)?) {
                    (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                },
            },
        })
    }
}

fn is_date(text: &str) -> bool {
    Period::parse(text).is_some()
}

/// SQL `like`: `%` is any run of characters, `_` is one.
fn like(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    let (mut t, mut p) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('%') => {
                retry = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '_' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match &mut retry {
                None => return false,
                Some((star, from)) => {
                    *from += 1;
                    (p, t) = (*star + 1, *from);
                }
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '%')
}

impl Comparison {
    /// Whether it asks which comes first.
    fn orders(self) -> bool {
        !matches!(self, Comparison::Equal | Comparison::Differs)
    }

    fn accepts(self, order: std::cmp::Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::Differs => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::AtMost => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::AtLeast => order.is_ge(),
        }
    }

    fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::Differs => "<>",
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
            Comparison::Greater => ">",
            Comparison::AtLeast => ">=",
        }
    }
}

impl<C> RowExpr<C> {
    /// Calls `visit` on every column, left to right.
    pub fn visit<'a>(&'a self, visit: &mut impl FnMut(&'a C)) {
        match self {
            RowExpr::Number(_) => {}
            RowExpr::Column(column) => visit(column),
            RowExpr::Negated(a) => a.visit(visit),
            RowExpr::Binary(_, a, b) => {
                a.visit(visit);
                b.visit(visit);
            }
        }
    }

    /// The same expression over other columns.
    pub fn map<D>(&self, change: &mut impl FnMut(&C) -> D) -> RowExpr<D> {
        match self {
            RowExpr::Number(decimal) => RowExpr::Number(*decimal),
            RowExpr::Column(column) => RowExpr::Column(change(column)),
            RowExpr::Negated(a) => RowExpr::Negated(Box::new(a.map(change))),
            RowExpr::Binary(operator, a, b) => {
                RowExpr::Binary(*operator, Box::new(a.map(change)), Box::new(b.map(change)))
            }
        }
    }
}

impl<C> Predicate<C> {
    /// Calls `visit` on every column, left to right.
    pub fn visit<'a>(&'a self, visit: &mut impl FnMut(&'a C)) {
        match self {
            Predicate::Numbers(a, _, b) => {
                a.visit(visit);
                b.visit(visit);
            }
            Predicate::NumberIn(a, _) => a.visit(visit),
            Predicate::Text(column, ..)
            | Predicate::TextIn(column, _)
            | Predicate::Like(column, _)
            | Predicate::IsNull(column) => visit(column),
            Predicate::Not(a) => a.visit(visit),
            Predicate::And(a, b) | Predicate::Or(a, b) => {
                a.visit(visit);
                b.visit(visit);
            }
        }
    }

    /// Calls `visit` on every column whose values are told apart one by one: compared for equality, or as texts.
    ///
    /// A column compared by size (`days > 5`) is a quantity, not a kind.
    pub fn visit_kinds<'a>(&'a self, visit: &mut impl FnMut(&'a C)) {
        match self {
            Predicate::Numbers(a, Comparison::Equal | Comparison::Differs, b) => {
                a.visit(visit);
                b.visit(visit);
            }
            Predicate::Numbers(..) => {}
            Predicate::Not(a) => a.visit_kinds(visit),
            Predicate::And(a, b) | Predicate::Or(a, b) => {
                a.visit_kinds(visit);
                b.visit_kinds(visit);
            }
            other => other.visit(visit),
        }
    }

    /// The same condition over other columns.
    pub fn map<D>(&self, change: &mut impl FnMut(&C) -> D) -> Predicate<D> {
        match self {
            Predicate::Numbers(a, comparison, b) => Predicate::Numbers(a.map(change), *comparison, b.map(change)),
            Predicate::Text(column, comparison, literal) => {
                Predicate::Text(change(column), *comparison, literal.clone())
            }
            Predicate::TextIn(column, literals) => Predicate::TextIn(change(column), literals.clone()),
            Predicate::NumberIn(a, literals) => Predicate::NumberIn(a.map(change), literals.clone()),
            Predicate::Like(column, pattern) => Predicate::Like(change(column), pattern.clone()),
            Predicate::IsNull(column) => Predicate::IsNull(change(column)),
            Predicate::Not(a) => Predicate::Not(Box::new(a.map(change))),
            Predicate::And(a, b) => Predicate::And(Box::new(a.map(change)), Box::new(b.map(change))),
            Predicate::Or(a, b) => Predicate::Or(Box::new(a.map(change)), Box::new(b.map(change))),
        }
    }
}

impl fmt::Display for RowExpr<String> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RowExpr::Number(decimal) => write!(f, "{decimal}"),
            RowExpr::Column(column) => f.write_str(&quoted_name(column)),
            RowExpr::Negated(a) if !matches!(**a, RowExpr::Column(_)) => write!(f, "-({a})"),
            RowExpr::Negated(a) => write!(f, "-{a}"),
            RowExpr::Binary(operator, a, b) => {
                let own = operator.binding();
                let binding =
                    |e: &RowExpr<String>| if let RowExpr::Binary(inner, ..) = e { inner.binding() } else { 4 };
                if binding(a) < own {
                    write!(f, "({a})")?;
                } else {
                    write!(f, "{a}")?;
                }
                write!(f, " {} ", operator.symbol())?;
                if binding(b) <= own { write!(f, "({b})") } else { write!(f, "{b}") }
            }
        }
    }
}

impl fmt::Display for Predicate<String> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |literal: &str| format!("'{}'", literal.replace('\'', "''"));
        match self {
            Predicate::Numbers(a, comparison, b) => write!(f, "{a} {} {b}", comparison.symbol()),
            Predicate::Text(column, comparison, literal) => {
                write!(f, "{} {} {}", quoted_name(column), comparison.symbol(), text(literal))
            }
            Predicate::TextIn(column, literals) => {
                let literals: Vec<String> = literals.iter().map(|literal| text(literal)).collect();
                write!(f, "{} in ({})", quoted_name(column), literals.join(", "))
            }
            Predicate::NumberIn(a, literals) => {
                let literals: Vec<String> = literals.iter().map(Decimal::to_string).collect();
                write!(f, "{a} in ({})", literals.join(", "))
            }
            Predicate::Like(column, pattern) => write!(f, "{} like {}", quoted_name(column), text(pattern)),
            Predicate::IsNull(column) => write!(f, "{} is null", quoted_name(column)),
            Predicate::Not(a) => write!(f, "not ({a})"),
            Predicate::And(a, b) => write!(f, "({a}) and ({b})"),
            Predicate::Or(a, b) => write!(f, "({a}) or ({b})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse_predicate;
    use super::*;

    /// Cells by position, as texts.
    struct Texts<'t>(&'t dyn Fn(usize) -> Option<&'t str>);

    impl Cells<usize> for Texts<'_> {
        fn text(&self, column: usize) -> Option<&str> {
            self.0(column).map(str::trim).filter(|text| !text.is_empty())
        }

        fn number(&self, column: usize, scale: Scale) -> Result<Option<i128>, CellFault> {
            self.text(column).map_or(Ok(None), |text| crate::formula::parse_cell(text, scale))
        }
    }

    /// Evaluates a condition on cells `a=..., b=...`.
    fn holds(condition: &str, cells: &[(&str, &str)]) -> Option<bool> {
        let predicate = parse_predicate(condition).unwrap_or_else(|errors| panic!("{condition}: {errors:?}"));
        let mut names = Vec::new();
        let indexed = predicate.map(&mut |name| {
            names.push(name.clone());
            names.len() - 1
        });
        indexed
            .holds(
                &Texts(&|index: usize| cells.iter().find(|(name, _)| *name == names[index]).map(|(_, text)| *text)),
                Scale::USUAL,
            )
            .unwrap()
    }

    #[test]
    fn conditions_follow_sql_with_blank_as_unknown() {
        let row = [("channel", "ivr"), ("amount", "10.50"), ("note", "")];
        for (condition, expected) in [
            ("channel <> 'ivr'", Some(false)),
            ("channel = 'ivr' and amount > 10", Some(true)),
            ("amount between 10.5 and 11", Some(true)),
            ("amount not between 10.5 and 11", Some(false)),
            ("channel in ('web', 'ivr')", Some(true)),
            ("amount in (10.5, 3)", Some(true)),
            ("channel not in ('web')", Some(true)),
            ("note = 'x'", None),
            ("note <> 'x'", None),
            ("not (note = 'x')", None),
            ("note is null", Some(true)),
            ("note is not null", Some(false)),
            ("note = 'x' or channel = 'ivr'", Some(true)),
            ("note = 'x' and channel = 'web'", Some(false)),
            ("channel like 'i%r'", Some(true)),
            ("channel like '_v_'", Some(true)),
            ("channel not like '%x%'", Some(true)),
            ("amount * 2 = 21", Some(true)),
        ] {
            assert_eq!(holds(condition, &row), expected, "{condition}");
        }
    }

    #[test]
    fn a_quotient_within_a_row_is_rounded_once_to_the_scale() {
        let cells = ["5", "3"];
        let third = RowExpr::Binary(Operator::Over, Box::new(RowExpr::Column(0)), Box::new(RowExpr::Column(1)));
        let value = third.evaluate(&Texts(&|column: usize| Some(cells[column])), Scale::USUAL);
        assert_eq!(value, Ok(Some(1_666_666_666_666_666_667)));
        let fine = RowExpr::Binary(Operator::Times, Box::new(RowExpr::Column(0)), Box::new(RowExpr::Column(0)));
        let lost = fine.evaluate(&Texts(&|_: usize| Some("0.123456789012345678")), Scale::USUAL);
        assert!(lost.is_err(), "a product whose digits do not fit is a fault, never rounded: {lost:?}");
    }

    #[test]
    fn like_backtracks() {
        assert!(like("aabab", "%ab"));
        assert!(like("", "%"));
        assert!(!like("abc", "a_"));
        assert!(like("größe", "gr__e"));
    }
}
