//! Formulas over a source: aggregates, and the arithmetic of a row inside them.

use rust_decimal::Decimal;
use sqlparser::ast::{Expr, Function as Call, Spanned, UnaryOperator};

use super::{Errors, FormulaError, Reader, name_of, operator};
use crate::diagnostic::Code;
use crate::formula::{Aggregate, Formula, Function, RowExpr, quoted_name};
use crate::prose;

impl Reader<'_> {
    pub(super) fn measure(
        &self,
        expression: &Expr,
        errors: &mut Errors,
    ) -> Result<Option<Formula<Aggregate>>, FormulaError> {
        Ok(self.arithmetic(expression, errors, &mut |leaf, errors| match leaf {
            Expr::Identifier(name) => {
                let error = self.error(
                    Code::BareColumn,
                    format!("the column `{}` stands outside an aggregate", name.value),
                    self.range(name.span),
                );
                errors.push(error.with_help(format!(
                    "say how its rows combine: `sum({0})`, `avg({0})`, `last({0})` or `only({0})`",
                    quoted_name(&name.value)
                )));
                None
            }
            Expr::Function(call) => self.aggregate(call, errors).map(Formula::Leaf),
            other => {
                errors.push(self.foreign(other));
                None
            }
        }))
    }

    fn aggregate(&self, call: &Call, errors: &mut Errors) -> Option<Aggregate> {
        let span = self.range(call.name.span());
        let name = name_of(call);
        let Some(function) = Function::ALL.into_iter().find(|function| function.name() == name) else {
            let known = Function::ALL.map(Function::name);
            let help = if name == "previous" || name == "trailing" {
                Some(format!("`{name}` works on metrics: define a metric over this one"))
            } else if ["mean", "average", "mittelwert", "moyenne"].contains(&name.as_str()) {
                Some("did you mean `avg`?".to_owned())
            } else {
                prose::did_you_mean(&name, known)
            };
            errors.push(FormulaError {
                code: Code::BadFormula,
                message: format!("there is no aggregate `{name}`"),
                span,
                help,
            });
            return None;
        };
        if self.is_star(call) && function == Function::Count {
            return Some(Aggregate { function, argument: None, share: None });
        }
        let Some(arguments) = self.arguments(call) else {
            let distinct = function == Function::Count && call.args.to_string().to_lowercase().contains("distinct");
            let help = if distinct { "write `count_distinct(column)`".to_owned() } else { usage(function) };
            let error = self.error(Code::BadFormula, format!("`{name}` takes plain arguments only"), span);
            errors.push(error.with_help(help));
            return None;
        };
        let (argument, share) = match (function, arguments.as_slice()) {
            (Function::Quantile, [argument, share]) => (argument, Some(self.share(share, errors)?)),
            (Function::Quantile, _) | (_, [] | [_, _, ..]) => {
                let message = format!("`{name}` with {}", prose::count(arguments.len(), "argument"));
                errors.push(self.error(Code::BadFormula, message, span).with_help(usage(function)));
                return None;
            }
            (_, [argument]) => (argument, None),
        };
        let argument = self.row(argument, errors)?;
        if function.takes_text() && !matches!(argument, RowExpr::Column(_)) {
            errors.push(
                self.error(Code::BadFormula, format!("`{name}` takes one column"), span).with_help(usage(function)),
            );
            return None;
        }
        Some(Aggregate { function, argument: Some(argument), share })
    }

    fn share(&self, expression: &Expr, errors: &mut Errors) -> Option<Decimal> {
        let share = match expression {
            Expr::Value(value) => self.number(&value.value, value.span, errors)?,
            _ => Decimal::MAX,
        };
        if share < Decimal::ZERO || share > Decimal::ONE {
            errors.push(
                self.error(
                    Code::BadFormula,
                    "the share of `quantile` is a number from 0 to 1",
                    self.span_of(expression),
                )
                .with_help(usage(Function::Quantile)),
            );
            return None;
        }
        Some(share)
    }

    pub(super) fn row(&self, expression: &Expr, errors: &mut Errors) -> Option<RowExpr<String>> {
        match expression {
            Expr::Nested(inner) => self.row(inner, errors),
            Expr::Identifier(name) => Some(RowExpr::Column(name.value.clone())),
            Expr::Value(value) => self.number(&value.value, value.span, errors).map(RowExpr::Number),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => {
                Some(RowExpr::Negated(Box::new(self.row(expr, errors)?)))
            }
            Expr::UnaryOp { op: UnaryOperator::Plus, expr } => self.row(expr, errors),
            Expr::BinaryOp { left, op, right } if operator(op).is_some() => {
                let (a, b) = (self.row(left, errors), self.row(right, errors));
                Some(RowExpr::Binary(operator(op)?, Box::new(a?), Box::new(b?)))
            }
            Expr::Function(call) if Function::ALL.into_iter().any(|function| function.name() == name_of(call)) => {
                let message = format!("the aggregate `{}` stands inside an aggregate", name_of(call));
                errors.push(
                    self.error(Code::NestedAggregate, message, self.range(call.name.span()))
                        .with_help("aggregate once, over the arithmetic of a row: `sum(minutes * calls)`"),
                );
                None
            }
            other => {
                errors.push(self.foreign(other));
                None
            }
        }
    }
}

fn usage(function: Function) -> String {
    match function {
        Function::Quantile => "write `quantile(column, 0.9)`".to_owned(),
        Function::Count => "write `count(*)` for rows or `count(column)` for rows whose cell is not blank".to_owned(),
        _ => format!("write `{}(column)`", function.name()),
    }
}
