//! Conditions on a row: the `where` of sources, metrics and the command line.

use rust_decimal::Decimal;
use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator, Value};

use super::{Errors, FormulaError, Reader};
use crate::diagnostic::Code;
use crate::formula::{Comparison, Predicate};

impl Reader<'_> {
    pub(super) fn predicate(
        &self,
        expression: &Expr,
        errors: &mut Errors,
    ) -> Result<Option<Predicate<String>>, FormulaError> {
        Ok(self.condition(expression, errors))
    }

    fn condition(&self, expression: &Expr, errors: &mut Errors) -> Option<Predicate<String>> {
        let boxed = Box::new;
        match expression {
            Expr::Nested(inner) => self.condition(inner, errors),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
                Some(Predicate::Not(boxed(self.condition(expr, errors)?)))
            }
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                let (a, b) = (self.condition(left, errors), self.condition(right, errors));
                Some(Predicate::And(boxed(a?), boxed(b?)))
            }
            Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
                let (a, b) = (self.condition(left, errors), self.condition(right, errors));
                Some(Predicate::Or(boxed(a?), boxed(b?)))
            }
            Expr::BinaryOp { left, op, right } if comparison(op).is_some() => {
                self.compare(left, comparison(op)?, right, errors)
            }
            Expr::Between { expr, negated, low, high } => {
                let (low, high) = (
                    self.compare(expr, Comparison::AtLeast, low, errors),
                    self.compare(expr, Comparison::AtMost, high, errors),
                );
                Some(negate(Predicate::And(boxed(low?), boxed(high?)), *negated))
            }
            Expr::InList { expr, list, negated } => self.in_list(expr, list, errors).map(|p| negate(p, *negated)),
            Expr::Like { negated, any: false, expr, pattern, escape_char: None } => {
                let column = self.column(expr, errors)?;
                let Some(pattern) = text_literal(pattern) else {
                    errors.push(self.error(
                        Code::BadFormula,
                        "`like` takes a text in single quotes",
                        self.span_of(pattern),
                    ));
                    return None;
                };
                Some(negate(Predicate::Like(column, pattern), *negated))
            }
            Expr::IsNull(inner) => Some(Predicate::IsNull(self.column(inner, errors)?)),
            Expr::IsNotNull(inner) => Some(Predicate::Not(boxed(Predicate::IsNull(self.column(inner, errors)?)))),
            other => {
                let error = self.error(Code::BadFormula, "this is not a condition", self.span_of(other));
                errors.push(error.with_help("`where` takes = <> < <= > >= and or not in between like is null"));
                None
            }
        }
    }

    fn compare(
        &self,
        left: &Expr,
        comparison: Comparison,
        right: &Expr,
        errors: &mut Errors,
    ) -> Option<Predicate<String>> {
        match (text_literal(left), text_literal(right)) {
            (None, Some(text)) => Some(Predicate::Text(self.column(left, errors)?, comparison, text)),
            (Some(text), None) => Some(Predicate::Text(self.column(right, errors)?, comparison.mirrored(), text)),
            (None, None) => {
                let (a, b) = (self.row(left, errors), self.row(right, errors));
                Some(Predicate::Numbers(a?, comparison, b?))
            }
            (Some(_), Some(_)) => {
                errors.push(self.error(Code::BadFormula, "two texts are compared, and no column", self.span_of(left)));
                None
            }
        }
    }

    fn in_list(&self, expression: &Expr, list: &[Expr], errors: &mut Errors) -> Option<Predicate<String>> {
        let texts: Option<Vec<String>> = list.iter().map(text_literal).collect();
        if let Some(texts) = texts {
            return Some(Predicate::TextIn(self.column(expression, errors)?, texts));
        }
        let numbers: Option<Vec<Decimal>> = list.iter().map(number_literal).collect();
        let Some(numbers) = numbers else {
            errors.push(self.error(
                Code::BadFormula,
                "a list after `in` holds either texts or numbers",
                self.span_of(expression),
            ));
            return None;
        };
        Some(Predicate::NumberIn(self.row(expression, errors)?, numbers))
    }

    pub(super) fn column(&self, expression: &Expr, errors: &mut Errors) -> Option<String> {
        match expression {
            Expr::Nested(inner) => self.column(inner, errors),
            Expr::Identifier(name) => Some(name.value.clone()),
            call @ Expr::Function(_) => {
                errors.push(self.foreign(call));
                None
            }
            other => {
                errors.push(self.error(
                    Code::BadFormula,
                    "a text is compared with a column, not with arithmetic",
                    self.span_of(other),
                ));
                None
            }
        }
    }
}

impl Comparison {
    /// The comparison with its sides exchanged.
    fn mirrored(self) -> Comparison {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::AtMost => Comparison::AtLeast,
            Comparison::Greater => Comparison::Less,
            Comparison::AtLeast => Comparison::AtMost,
            same => same,
        }
    }
}

fn negate(predicate: Predicate<String>, negated: bool) -> Predicate<String> {
    if negated { Predicate::Not(Box::new(predicate)) } else { predicate }
}

fn comparison(operator: &BinaryOperator) -> Option<Comparison> {
    Some(match operator {
        BinaryOperator::Eq => Comparison::Equal,
        BinaryOperator::NotEq => Comparison::Differs,
        BinaryOperator::Lt => Comparison::Less,
        BinaryOperator::LtEq => Comparison::AtMost,
        BinaryOperator::Gt => Comparison::Greater,
        BinaryOperator::GtEq => Comparison::AtLeast,
        _ => return None,
    })
}

fn text_literal(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn number_literal(expression: &Expr) -> Option<Decimal> {
    match expression {
        Expr::Value(value) => match &value.value {
            Value::Number(text, _) => Decimal::from_str_exact(text).ok(),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => number_literal(expr).map(|decimal| -decimal),
        _ => None,
    }
}
