//! In how many factors of money a row's arithmetic is: what decides whether a rate can be taken out of a sum of rows.

use super::{Operator, RowExpr};

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
                let (a, b) = (a.degree(is_amount)?, b.degree(is_amount)?);
                match operator {
                    Operator::Times => a.saturating_add(b),
                    Operator::Over => a.saturating_sub(b),
                    // Rates are positive: the smaller of two amounts stays the smaller.
                    Operator::Plus | Operator::Minus | Operator::Min | Operator::Max if a == b => a,
                    Operator::Plus | Operator::Minus | Operator::Min | Operator::Max => return Err(MixedDegrees),
                }
            }
        })
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
}
