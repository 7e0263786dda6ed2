//! The expression language: a formula is arithmetic over leaves.
//!
//! Owns evaluation, printing, inputs and derivatives of arithmetic. What a leaf is differs: over a
//! source it is an aggregate of rows ([`Aggregate`]), over metrics it is a [`Term`]. Parsing is in
//! `parse`; the arithmetic of one row is in `row`. Knows no data frame and no metric's value.

mod aggregate;
mod cell;
mod degree;
mod parse;
mod row;
mod written;

use std::fmt;

use rust_decimal::Decimal;

use crate::number::{Fault, Number};

pub use aggregate::{Aggregate, Function, OverTime};
pub use cell::{CellFault, Scale, parse_cell};
pub use degree::MixedDegrees;
pub use parse::{FormulaError, parse_definition, parse_measure, parse_predicate};
pub use row::{Cells, Comparison, Predicate, RowExpr, RowFault};
pub use written::{DecimalMark, Groups, NumberFormat, Proof, WrittenNumber, is_written};

/// Arithmetic over leaves of type `L`.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula<L> {
    /// A literal.
    Number(Decimal),
    /// A leaf.
    Leaf(L),
    /// `-a`.
    Negated(Box<Formula<L>>),
    /// `|a|`.
    Abs(Box<Formula<L>>),
    /// `a op b`.
    Binary(Operator, Box<Formula<L>>, Box<Formula<L>>),
}

/// An operation on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `a + b`.
    Plus,
    /// `a - b`.
    Minus,
    /// `a * b`.
    Times,
    /// `a / b`.
    Over,
    /// `min(a, b)`.
    Min,
    /// `max(a, b)`.
    Max,
}

/// A leaf of a definition: a metric, now or over a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Term<M = String> {
    /// The metric in the same period.
    Metric(M),
    /// The metric one period earlier.
    Previous(M),
    /// The metric recomputed over the last so many periods.
    Trailing(M, u32),
}

impl<M> Term<M> {
    /// Which metric it reads.
    pub fn metric(&self) -> &M {
        match self {
            Term::Metric(metric) | Term::Previous(metric) | Term::Trailing(metric, _) => metric,
        }
    }
}

impl Operator {
    /// Applies it.
    pub fn apply(self, a: Number, b: Number) -> Result<Number, Fault> {
        match self {
            Operator::Plus => a.plus(b),
            Operator::Minus => a.minus(b),
            Operator::Times => a.times(b),
            Operator::Over => a.divided_by(b),
            Operator::Min => Ok(if b < a { b } else { a }),
            Operator::Max => Ok(if b > a { b } else { a }),
        }
    }

    fn symbol(self) -> &'static str {
        match self {
            Operator::Plus => "+",
            Operator::Minus => "-",
            Operator::Times => "*",
            Operator::Over => "/",
            Operator::Min => "min",
            Operator::Max => "max",
        }
    }

    /// How tightly it binds; the printer adds parentheses by it.
    fn binding(self) -> u8 {
        match self {
            Operator::Plus | Operator::Minus => 1,
            Operator::Times | Operator::Over => 2,
            Operator::Min | Operator::Max => 4,
        }
    }
}

impl<L> Formula<L> {
    /// The value, given the leaves' values.
    ///
    /// # Errors
    /// The first leaf that has none, or an arithmetic fault turned into the caller's error.
    pub fn evaluate<E: From<Fault>>(&self, leaf: &mut impl FnMut(&L) -> Result<Number, E>) -> Result<Number, E> {
        match self {
            Formula::Number(decimal) => Ok(Number::Exact(*decimal)),
            Formula::Leaf(l) => leaf(l),
            Formula::Negated(a) => Ok(a.evaluate(leaf)?.negated()),
            Formula::Abs(a) => Ok(a.evaluate(leaf)?.abs()),
            Formula::Binary(operator, a, b) => {
                let (a, b) = (a.evaluate(leaf)?, b.evaluate(leaf)?);
                Ok(operator.apply(a, b)?)
            }
        }
    }

    /// Value and derivative by the leaves that `seed` answers 1 for, in one pass over the tree
    /// (forward mode). `seed` answers how much each leaf moves.
    ///
    /// `None` where the formula has no value or is not finite there. At a kink (`min`, `max`, `abs`)
    /// it is the derivative of the branch taken.
    pub fn derivative(&self, leaf: &impl Fn(&L) -> Option<f64>, seed: &impl Fn(&L) -> f64) -> Option<(f64, f64)> {
        let (value, slope) = match self {
            Formula::Number(decimal) => (Number::Exact(*decimal).to_f64(), 0.0),
            Formula::Leaf(l) => (leaf(l)?, seed(l)),
            Formula::Negated(a) => {
                let (value, slope) = a.derivative(leaf, seed)?;
                (-value, -slope)
            }
            Formula::Abs(a) => {
                let (value, slope) = a.derivative(leaf, seed)?;
                if value < 0.0 { (-value, -slope) } else { (value, slope) }
            }
            Formula::Binary(operator, a, b) => {
                let ((a, da), (b, db)) = (a.derivative(leaf, seed)?, b.derivative(leaf, seed)?);
                match operator {
                    Operator::Plus => (a + b, da + db),
                    Operator::Minus => (a - b, da - db),
                    Operator::Times => (a * b, da * b + a * db),
                    Operator::Over => (a / b, (da * b - a * db) / (b * b)),
                    Operator::Min => {
                        if b < a {
                            (b, db)
                        } else {
                            (a, da)
                        }
                    }
                    Operator::Max => {
                        if b > a {
                            (b, db)
                        } else {
                            (a, da)
                        }
                    }
                }
            }
        };
        (value.is_finite() && slope.is_finite()).then_some((value, slope))
    }

    /// Calls `visit` on every leaf, left to right.
    pub fn visit<'a>(&'a self, visit: &mut impl FnMut(&'a L)) {
        match self {
            Formula::Number(_) => {}
            Formula::Leaf(leaf) => visit(leaf),
            Formula::Negated(a) | Formula::Abs(a) => a.visit(visit),
            Formula::Binary(_, a, b) => {
                a.visit(visit);
                b.visit(visit);
            }
        }
    }

    /// The same arithmetic over other leaves.
    ///
    /// # Errors
    /// The first one `change` answers.
    pub fn try_map<M, E>(&self, change: &mut impl FnMut(&L) -> Result<M, E>) -> Result<Formula<M>, E> {
        Ok(match self {
            Formula::Number(decimal) => Formula::Number(*decimal),
            Formula::Leaf(leaf) => Formula::Leaf(change(leaf)?),
            Formula::Negated(a) => Formula::Negated(Box::new(a.try_map(change)?)),
            Formula::Abs(a) => Formula::Abs(Box::new(a.try_map(change)?)),
            Formula::Binary(operator, a, b) => {
                Formula::Binary(*operator, Box::new(a.try_map(change)?), Box::new(b.try_map(change)?))
            }
        })
    }

    /// Numerator and denominator, where the formula is a quotient at its top.
    ///
    /// A formula over a number (`only(x) / 100`) is a scaling, and a scaled quotient is not one at its top.
    pub fn quotient(&self) -> Option<(&Formula<L>, &Formula<L>)> {
        match self {
            Formula::Binary(Operator::Over, a, b) if !matches!(**b, Formula::Number(_)) => Some((a, b)),
            _ => None,
        }
    }

    /// Whether the formula is a sum or difference of `additive` leaves, possibly scaled by numbers:
    /// what rolls up by addition.
    pub fn is_additive(&self, additive: &impl Fn(&L) -> bool) -> bool {
        let constant = |f: &Formula<L>| matches!(f, Formula::Number(_));
        match self {
            Formula::Number(_) | Formula::Abs(_) => false,
            Formula::Leaf(leaf) => additive(leaf),
            Formula::Negated(a) => a.is_additive(additive),
            Formula::Binary(Operator::Plus | Operator::Minus, a, b) => {
                a.is_additive(additive) && b.is_additive(additive)
            }
            Formula::Binary(Operator::Times, a, b) => {
                (constant(a) && b.is_additive(additive)) || (constant(b) && a.is_additive(additive))
            }
            Formula::Binary(Operator::Over, a, b) => constant(b) && a.is_additive(additive),
            Formula::Binary(Operator::Min | Operator::Max, ..) => false,
        }
    }

    fn binding(&self) -> u8 {
        match self {
            Formula::Binary(operator, ..) => operator.binding(),
            Formula::Negated(_) => 3,
            _ => 4,
        }
    }
}

impl<L: fmt::Display> fmt::Display for Formula<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Formula::Number(decimal) if decimal.is_sign_negative() => write!(f, "({decimal})"),
            Formula::Number(decimal) => write!(f, "{decimal}"),
            Formula::Leaf(leaf) => write!(f, "{leaf}"),
            Formula::Negated(a) if a.binding() < 4 => write!(f, "-({a})"),
            Formula::Negated(a) => write!(f, "-{a}"),
            Formula::Abs(a) => write!(f, "abs({a})"),
            Formula::Binary(operator @ (Operator::Min | Operator::Max), a, b) => {
                write!(f, "{}({a}, {b})", operator.symbol())
            }
            Formula::Binary(operator, a, b) => {
                let own = operator.binding();
                // Left-associative: an equal binding on the right needs its parentheses.
                if a.binding() < own {
                    write!(f, "({a})")?;
                } else {
                    write!(f, "{a}")?;
                }
                write!(f, " {} ", operator.symbol())?;
                if b.binding() <= own { write!(f, "({b})") } else { write!(f, "{b}") }
            }
        }
    }
}

impl<M: fmt::Display> fmt::Display for Term<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Term::Metric(metric) => f.write_str(&quoted_name(&metric.to_string())),
            Term::Previous(metric) => write!(f, "previous({})", quoted_name(&metric.to_string())),
            Term::Trailing(metric, periods) => write!(f, "trailing({}, {periods})", quoted_name(&metric.to_string())),
        }
    }
}

/// Words that begin something else in SQL, and so need quotes as names.
const RESERVED: [&str; 36] = [
    "all",
    "and",
    "any",
    "array",
    "between",
    "case",
    "cast",
    "ceil",
    "convert",
    "current_date",
    "current_time",
    "current_timestamp",
    "current_user",
    "distinct",
    "exists",
    "extract",
    "false",
    "floor",
    "in",
    "interval",
    "is",
    "like",
    "localtime",
    "localtimestamp",
    "map",
    "not",
    "null",
    "or",
    "overlay",
    "position",
    "select",
    "some",
    "struct",
    "substring",
    "trim",
    "true",
];

/// A name as the language writes it: bare where it can be, in double quotes elsewhere.
pub fn quoted_name(name: &str) -> String {
    let mut chars = name.chars();
    let plain =
        chars.next().is_some_and(|c| c.is_alphabetic() || c == '_') && chars.all(|c| c.is_alphanumeric() || c == '_');
    let bare = plain && !RESERVED.contains(&name.to_lowercase().as_str());
    if bare { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(text: &str) -> Formula<Term> {
        parse_definition(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
    }

    #[test]
    fn prints_what_it_parsed_with_the_fewest_parentheses() {
        for text in [
            "arpu * margin / churn",
            "a - (b - c)",
            "a / (b * c)",
            "(a + b) * c",
            "-(a + b)",
            "min(a, max(b, 2)) - abs(c)",
            "previous(a) + trailing(b, 12)",
            "a - b - c",
            r#""some" + previous("all")"#,
        ] {
            assert_eq!(definition(text).to_string(), text);
        }
    }

    #[test]
    fn elasticities_of_the_worked_example() {
        // CLV = arpu * margin / churn at (50, .7, .025): 1400, elasticities +1, +1, -1.
        let clv = definition("arpu * margin / churn");
        let at = |term: &Term| {
            Some(match term.metric().as_str() {
                "arpu" => 50.0,
                "margin" => 0.7,
                _ => 0.025,
            })
        };
        for (input, x, expected) in [("arpu", 50.0, 1.0), ("margin", 0.7, 1.0), ("churn", 0.025, -1.0)] {
            let (value, slope) = clv.derivative(&at, &|term| f64::from(u8::from(term.metric() == input))).unwrap();
            assert!((value - 1400.0).abs() < 1e-9);
            assert!((slope * x / value - expected).abs() < 1e-12, "{input}");
        }
    }

    #[test]
    fn what_adds_up_and_what_does_not() {
        let additive = |text: &str| definition(text).is_additive(&|_| true);
        assert!(additive("a + b - c"));
        assert!(additive("100 * (a - b) / 12"));
        assert!(!additive("a / b"));
        assert!(!additive("a + 1"));
        assert!(!additive("min(a, b)"));
    }
}
