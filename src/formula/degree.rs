//! In how many factors of money arithmetic is: what decides whether a rate can be taken out of a sum of rows, and what the
//! numbers that come out are measured in.
//!
//! Knows neither currency nor rate: which columns are money is asked.

use super::{Aggregate, Formula, Operator, RowExpr};

/// Money added to what is no money, or to money times money: no rate can be taken out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MixedDegrees;

impl<C> RowExpr<C> {
    /// How many factors of money the result has: 1 for `amount * pieces`, 0 for `amount / refund`, -1 for `pieces / amount`.
    ///
    /// # Errors
    /// The two sides of a sum, a difference or a comparison have not the same number.
    pub fn degree(&self, is_amount: &impl Fn(&C) -> bool) -> Result<i32, MixedDegrees> {
        Ok(match self {
            RowExpr::Number(_) => 0,
            RowExpr::Column(column) => i32::from(is_amount(column)),
            RowExpr::Negated(a) => a.degree(is_amount)?,
            RowExpr::Binary(operator, a, b) => {
                let side = |a: &Self| Ok(Side { degree: a.degree(is_amount)?, is_zero: a.is_zero() });
                operator.degree(side(a)?, side(b)?).ok_or(MixedDegrees)?
            }
        })
    }

    fn is_zero(&self) -> bool {
        matches!(self, RowExpr::Number(number) if number.is_zero())
    }

    /// Whether it divides: then a row's value may have been rounded to the scale.
    pub fn divides(&self) -> bool {
        match self {
            RowExpr::Number(_) | RowExpr::Column(_) => false,
            RowExpr::Negated(a) => a.divides(),
            RowExpr::Binary(operator, a, b) => *operator == Operator::Over || a.divides() || b.divides(),
        }
    }
}

/// One side of an operation.
#[derive(Clone, Copy)]
struct Side {
    degree: i32,
    is_zero: bool,
}

impl Operator {
    /// The factors of money of its result; `None` where it puts unlike sides together.
    fn degree(self, a: Side, b: Side) -> Option<i32> {
        match self {
            Operator::Times => Some(a.degree.saturating_add(b.degree)),
            Operator::Over => Some(a.degree.saturating_sub(b.degree)),
            // Nothing is nothing in any currency. Rates are positive: the smaller of two amounts stays the smaller.
            Operator::Plus | Operator::Minus | Operator::Min | Operator::Max if a.is_zero => Some(b.degree),
            Operator::Plus | Operator::Minus | Operator::Min | Operator::Max => {
                (a.degree == b.degree || b.is_zero).then_some(a.degree)
            }
        }
    }
}

impl Formula<Aggregate> {
    /// How many factors of money the result has: 1 for `sum(amount) / count(*)`, 0 for `sum(refund) / sum(amount)`.
    ///
    /// # Errors
    /// The first part of it whose two sides have not the same number, or which aggregates such rows.
    pub fn degree(&self, is_amount: &impl Fn(&String) -> bool) -> Result<i32, &Self> {
        match self {
            Formula::Number(_) => Ok(0),
            Formula::Leaf(aggregate) if aggregate.function.takes_text() => Ok(0),
            Formula::Leaf(aggregate) => {
                aggregate.argument.as_ref().map_or(Ok(0), |argument| argument.degree(is_amount).map_err(|_| self))
            }
            Formula::Negated(a) | Formula::Abs(a) => a.degree(is_amount),
            Formula::Binary(operator, a, b) => {
                let is_zero = |a: &Self| matches!(a, Formula::Number(number) if number.is_zero());
                let (is_zero_a, is_zero_b) = (is_zero(a), is_zero(b));
                let a = Side { degree: a.degree(is_amount)?, is_zero: is_zero_a };
                let b = Side { degree: b.degree(is_amount)?, is_zero: is_zero_b };
                operator.degree(a, b).ok_or(self)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::{Formula, parse_measure};

    fn degree(argument: &str) -> Result<i32, MixedDegrees> {
        let formula = parse_measure(&format!("sum({argument})")).expect("a formula");
        let Formula::Leaf(aggregate) = formula else { panic!("one aggregate: {formula:?}") };
        aggregate.argument.expect("an argument").degree(&|column| column == "a" || column == "b")
    }

    #[test]
    fn factors_of_money_are_counted() {
        assert_eq!(degree("a"), Ok(1));
        assert_eq!(degree("-a * n"), Ok(1));
        assert_eq!(degree("(a - b) / n"), Ok(1));
        assert_eq!(degree("a * b / a"), Ok(1));
        assert_eq!(degree("n"), Ok(0));
        assert_eq!(degree("a / b"), Ok(0));
        assert_eq!(degree("n / a"), Ok(-1));
        assert_eq!(degree("a * b"), Ok(2));
        assert_eq!(degree("a + n"), Err(MixedDegrees));
        assert_eq!(degree("a - 1"), Err(MixedDegrees));
    }

    #[test]
    fn nothing_goes_with_money() {
        assert_eq!(degree("a + 0"), Ok(1));
        assert_eq!(degree("(0 - a) * n"), Ok(1));
        assert_eq!(degree("n - 0"), Ok(0));
    }

    /// The degree of a formula, or the part that has none.
    fn of(formula: &str) -> Result<i32, String> {
        let formula = parse_measure(formula).expect("a formula");
        formula.degree(&|column| column == "a" || column == "b").map_err(ToString::to_string)
    }

    #[test]
    fn formulas_have_a_degree_too() {
        for formula in ["sum(a)", "-sum(a)", "sum(a) * 1", "abs(avg(a) / 2)", "sum(a) - max(b)", "sum(a) / count(a)"] {
            assert_eq!(of(formula), Ok(1), "{formula}");
        }
        assert_eq!(of("sum(a * n) / sum(n)"), Ok(1));
        assert_eq!(of("max(sum(a) - sum(b), 0)"), Ok(1));
        assert_eq!(of("(sum(a) - sum(b)) / sum(a)"), Ok(0));
        assert_eq!(of("count_distinct(a) + count(*) + sum(n) - 1"), Ok(0));
        assert_eq!(of("sum(n) / sum(a)"), Ok(-1));
        assert_eq!(of("sum(a) * sum(b)"), Ok(2));
    }

    #[test]
    fn the_unlike_part_of_a_formula_is_named() {
        let unlike = |formula: &str, part: &str| assert_eq!(of(formula), Err(part.to_owned()), "{formula}");
        unlike("sum(a) - sum(n)", "sum(a) - sum(n)");
        unlike("2 * (sum(a) - 100) / sum(a)", "sum(a) - 100");
        unlike("sum(a) + sum(b) + count(*)", "sum(a) + sum(b) + count(*)");
        unlike("max(sum(a), 1)", "max(sum(a), 1)");
        unlike("sum(a) + sum(a + n)", "sum(a + n)");
    }
}
