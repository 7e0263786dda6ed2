//! Formulas over metrics: now, one period earlier, over the last periods.

use sqlparser::ast::{Expr, Function as Call, Spanned};

use super::{Errors, FormulaError, Reader, name_of};
use crate::diagnostic::Code;
use crate::formula::{Formula, Function, Term};
use crate::prose;

impl Reader<'_> {
    pub(super) fn definition(
        &self,
        expression: &Expr,
        errors: &mut Errors,
    ) -> Result<Option<Formula<Term>>, FormulaError> {
        Ok(self.arithmetic(expression, errors, &mut |leaf, errors| match leaf {
            Expr::Identifier(name) => Some(Formula::Leaf(Term::Metric(name.value.clone()))),
            Expr::Function(call) => self.term(call, errors).map(Formula::Leaf),
            other => {
                errors.push(self.foreign(other));
                None
            }
        }))
    }

    fn term(&self, call: &Call, errors: &mut Errors) -> Option<Term> {
        let (name, span) = (name_of(call), self.range(call.name.span()));
        let arguments = self.arguments(call);
        let metric = |expression: &Expr| match expression {
            Expr::Identifier(name) => Some(name.value.clone()),
            _ => None,
        };
        match (name.as_str(), arguments.as_deref()) {
            ("previous", Some([a])) if metric(a).is_some() => Some(Term::Previous(metric(a)?)),
            ("trailing", Some([a, Expr::Value(periods)])) if metric(a).is_some() => {
                let periods = self.number(&periods.value, periods.span, errors)?;
                match u32::try_from(periods).ok().filter(|n| (1..=1_000).contains(n) && periods.is_integer()) {
                    Some(periods) => Some(Term::Trailing(metric(a)?, periods)),
                    None => {
                        errors.push(self.error(
                            Code::BadFormula,
                            "`trailing` takes a whole number of periods from 1 to 1000",
                            span,
                        ));
                        None
                    }
                }
            }
            ("previous" | "trailing", _) => {
                let help = if name == "previous" { "write `previous(metric)`" } else { "write `trailing(metric, 12)`" };
                errors.push(
                    self.error(Code::BadFormula, format!("`{name}` takes the id of a metric"), span).with_help(help),
                );
                None
            }
            _ => {
                let aggregate = Function::ALL.into_iter().any(|function| function.name() == name);
                let help = if aggregate {
                    Some("an aggregate needs rows: name the metric's `source`".to_owned())
                } else {
                    prose::did_you_mean(&name, ["min", "max", "abs", "previous", "trailing"])
                };
                let message = if aggregate {
                    format!("`{name}` is an aggregate, and this metric has no source")
                } else {
                    format!("there is no function `{name}`")
                };
                errors.push(FormulaError { code: Code::BadFormula, message, span, help });
                None
            }
        }
    }
}
