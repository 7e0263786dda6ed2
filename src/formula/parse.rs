//! From text to formulas: `sqlparser` reads, this file keeps what belongs to the language.
//!
//! `measure`, `definition` and `condition` read the three kinds of text; this file is what they share.
//! Owns the messages for everything that does not belong. All problems of a text that parses are reported at
//! once. Spans are byte ranges of the text given.

mod condition;
mod definition;
mod measure;

use std::ops::Range;

use rust_decimal::Decimal;
use sqlparser::ast::{
    BinaryOperator, Expr, Function as Call, FunctionArg, FunctionArgExpr, FunctionArguments, ObjectNamePart, Spanned,
    UnaryOperator, Value,
};
use sqlparser::dialect::Dialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Span, Token, Tokenizer};

use super::{Aggregate, Formula, Operator, Predicate, Term};
use crate::diagnostic::Code;
use crate::prose;

/// The longest formula read, in bytes.
const MAX_LENGTH: usize = 20_000;
/// The most operations of one formula: each may be a level of recursion.
const MAX_OPERATIONS: usize = 300;

/// A formula that is not one.
#[derive(Clone, Debug, PartialEq)]
pub struct FormulaError {
    /// What kind.
    pub code: Code,
    /// One line.
    pub message: String,
    /// Which bytes of the formula's text.
    pub span: Range<usize>,
    /// What to write instead.
    pub help: Option<String>,
}

/// Reads a formula over a source: arithmetic over aggregates.
pub fn parse_measure(text: &str) -> Result<Formula<Aggregate>, Vec<FormulaError>> {
    let reader = Reader { text };
    reader.finish(|errors| reader.measure(&reader.expression()?, errors))
}

/// Reads a formula over metrics.
pub fn parse_definition(text: &str) -> Result<Formula<Term>, Vec<FormulaError>> {
    let reader = Reader { text };
    reader.finish(|errors| reader.definition(&reader.expression()?, errors))
}

/// Reads a `where` condition.
pub fn parse_predicate(text: &str) -> Result<Predicate<String>, Vec<FormulaError>> {
    let reader = Reader { text };
    reader.finish(|errors| reader.predicate(&reader.expression()?, errors))
}

/// The part of SQL's lexis the language uses: names of letters, digits and underscores of any script.
#[derive(Debug)]
struct ScorecardDialect;

impl Dialect for ScorecardDialect {
    fn is_identifier_start(&self, c: char) -> bool {
        c.is_alphabetic() || c == '_'
    }

    fn is_identifier_part(&self, c: char) -> bool {
        c.is_alphanumeric() || c == '_'
    }

    fn is_delimited_identifier_start(&self, c: char) -> bool {
        c == '"'
    }
}

type Errors = Vec<FormulaError>;

struct Reader<'t> {
    text: &'t str,
}

impl Reader<'_> {
    /// Runs one reading; a value counts only when nothing was found wrong on the way.
    fn finish<T>(&self, read: impl FnOnce(&mut Errors) -> Result<Option<T>, FormulaError>) -> Result<T, Errors> {
        let mut errors = Errors::new();
        match read(&mut errors) {
            Ok(Some(value)) if errors.is_empty() => Ok(value),
            Ok(_) => Err(errors),
            Err(error) => {
                errors.push(error);
                Err(errors)
            }
        }
    }

    fn expression(&self) -> Result<Expr, FormulaError> {
        if self.text.trim().is_empty() {
            return Err(self
                .error(Code::BadFormula, "the formula is empty", 0..self.text.len())
                .with_help("write for example `sum(amount)`"));
        }
        if self.text.len() > MAX_LENGTH {
            let message = format!("the formula is longer than {MAX_LENGTH} bytes");
            return Err(self
                .error(Code::BadFormula, message, 0..self.text.len())
                .with_help("define parts of it as metrics of their own"));
        }
        let tokens = Tokenizer::new(&ScorecardDialect, self.text).tokenize_with_location();
        let tokens = tokens.map_err(|error| self.syntax(&error.into()))?;
        if tokens.iter().filter(|token| is_operation(&token.token)).count() > MAX_OPERATIONS {
            let message = format!("the formula has more than {MAX_OPERATIONS} operations");
            let error = self.error(Code::BadFormula, message, 0..self.text.len());
            return Err(
                error.with_help("define parts of it as metrics of their own; for many alternatives write `in (...)`")
            );
        }
        let mut parser = Parser::new(&ScorecardDialect).with_tokens_with_locations(tokens);
        let expression = parser.parse_expr().map_err(|error| self.syntax(&error))?;
        let rest = parser.peek_token();
        match rest.token {
            Token::EOF => Ok(expression),
            token => {
                let error =
                    self.error(Code::BadFormula, format!("`{token}` does not belong here"), self.range(rest.span));
                Err(error.with_help(if token == Token::RParen {
                    "nothing opens it: drop it"
                } else {
                    "an operator may be missing before it"
                }))
            }
        }
    }

    /// Arithmetic common to both kinds of formula; `leaf` reads what is not arithmetic.
    fn arithmetic<L>(
        &self,
        expression: &Expr,
        errors: &mut Errors,
        leaf: &mut dyn FnMut(&Expr, &mut Errors) -> Option<Formula<L>>,
    ) -> Option<Formula<L>> {
        match expression {
            Expr::Nested(inner) => self.arithmetic(inner, errors, leaf),
            Expr::Value(value) => self.number(&value.value, value.span, errors).map(Formula::Number),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => {
                Some(Formula::Negated(Box::new(self.arithmetic(expr, errors, leaf)?)))
            }
            Expr::UnaryOp { op: UnaryOperator::Plus, expr } => self.arithmetic(expr, errors, leaf),
            Expr::BinaryOp { left, op, right } if operator(op).is_some() => {
                let (a, b) = (self.arithmetic(left, errors, leaf), self.arithmetic(right, errors, leaf));
                Some(Formula::Binary(operator(op)?, Box::new(a?), Box::new(b?)))
            }
            Expr::Function(call) => match (name_of(call).as_str(), self.arguments(call).as_deref()) {
                ("abs", Some([a])) => Some(Formula::Abs(Box::new(self.arithmetic(a, errors, leaf)?))),
                (name @ ("min" | "max"), Some([a, b])) => {
                    let operator = if name == "min" { Operator::Min } else { Operator::Max };
                    let (a, b) = (self.arithmetic(a, errors, leaf), self.arithmetic(b, errors, leaf));
                    Some(Formula::Binary(operator, Box::new(a?), Box::new(b?)))
                }
                _ => leaf(expression, errors),
            },
            other => leaf(other, errors),
        }
    }

    fn number(&self, value: &Value, span: Span, errors: &mut Errors) -> Option<Decimal> {
        let error = match value {
            Value::Number(text, _) => match Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)) {
                Ok(decimal) => return Some(decimal),
                Err(_) => self.error(
                    Code::BadFormula,
                    format!("`{text}` has more digits than the 28 a number may have"),
                    self.range(span),
                ),
            },
            Value::SingleQuotedString(_) => self
                .error(Code::BadFormula, "a text stands where a number is needed", self.range(span))
                .with_help("single quotes hold a text; the name of a column takes none, or double ones"),
            other => self.error(Code::BadFormula, format!("`{other}` is not a number"), self.range(span)),
        };
        errors.push(error);
        None
    }

    /// The plain positional arguments of a call; `None` where it has anything else (`distinct`, `over`).
    fn arguments<'c>(&self, call: &'c Call) -> Option<Vec<&'c Expr>> {
        let plain = call.filter.is_none()
            && call.over.is_none()
            && call.within_group.is_empty()
            && call.null_treatment.is_none()
            && call.parameters == FunctionArguments::None;
        let FunctionArguments::List(list) = &call.args else { return None };
        if !plain || list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
            return None;
        }
        let plain = |argument: &'c FunctionArg| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => Some(expression),
            _ => None,
        };
        list.args.iter().map(plain).collect()
    }

    fn is_star(&self, call: &Call) -> bool {
        matches!(&call.args, FunctionArguments::List(list) if matches!(list.args.as_slice(), [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)]))
            && call.over.is_none()
            && call.filter.is_none()
    }

    fn foreign(&self, expression: &Expr) -> FormulaError {
        if let Expr::Function(call) = expression {
            let message = format!("there is no function `{}` here", name_of(call));
            let error = self.error(Code::BadFormula, message, self.range(call.name.span()));
            return error.with_help("rows and conditions are computed with + - * / and parentheses only");
        }
        let span = self.span_of(expression);
        // As written, on one line.
        let written = self.text[span.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
        let message = format!("`{}` is not part of the language", prose::shortened(&written, 40));
        let error = self.error(Code::BadFormula, message, span);
        match expression {
            Expr::BinaryOp { .. } => {
                error.with_help("a value takes + - * / and parentheses; conditions belong in `where`")
            }
            Expr::Case { .. } => error.with_help("split the rows with `where` instead"),
            _ => error,
        }
    }

    fn syntax(&self, error: &ParserError) -> FormulaError {
        let message = match error {
            ParserError::TokenizerError(message) | ParserError::ParserError(message) => {
                message.trim_start_matches("sql parser error: ").to_owned()
            }
            ParserError::RecursionLimitExceeded => "the formula is nested too deeply".to_owned(),
        };
        // The crate puts its place into the words: " at Line: 1, Column: 7".
        let (words, place) =
            message.split_once(" at Line: ").map_or((message.as_str(), None), |(words, place)| (words, Some(place)));
        let offset = place.and_then(|place| {
            let (line, column) = place.split_once(", Column: ")?;
            let column: String = column.chars().take_while(char::is_ascii_digit).collect();
            Some(self.offset(line.parse().ok()?, column.parse().ok()?))
        });
        let end = self.text.trim_end().len();
        if words.ends_with("found: EOF") {
            let error = self.error(Code::BadFormula, in_plain_words(words), end..end);
            return error.with_help("the formula breaks off here: complete it");
        }
        let Some(start) = offset.filter(|start| *start < self.text.len()) else {
            return self.error(Code::BadFormula, in_plain_words(words), 0..self.text.len());
        };
        let rest = &self.text[start..];
        if words.starts_with("Unterminated") {
            let error = self.error(Code::BadFormula, "a quote opens here and is never closed", start..start + 1);
            return error.with_help("close the quote, or remove it");
        }
        let sign = rest.find(|c: char| !c.is_ascii_punctuation() || "()'\"".contains(c)).unwrap_or(rest.len());
        if words.starts_with("No infix parser") && sign > 0 {
            let error =
                self.error(Code::BadFormula, format!("there is no operator `{}`", &rest[..sign]), start..start + sign);
            return match &rest[..sign] {
                "&&" => error.with_help("write `and`"),
                "||" => error.with_help("write `or`"),
                _ => error
                    .with_help("there is + - * / and in a condition = <> < <= > >= and or not in between like is null"),
            };
        }
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let length = length.max(rest.chars().next().map_or(0, char::len_utf8));
        self.error(Code::BadFormula, in_plain_words(words), start..start + length)
    }

    fn error(&self, code: Code, message: impl Into<String>, span: Range<usize>) -> FormulaError {
        FormulaError { code, message: message.into(), span, help: None }
    }

    fn span_of(&self, expression: &Expr) -> Range<usize> {
        self.range(expression.span())
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = self.offset(span.start.line, span.start.column);
        let end = self.offset(span.end.line, span.end.column);
        if span.start.line == 0 || end <= start { 0..self.text.len() } else { start..end }
    }

    /// Byte offset of a 1-based line and a 1-based column counted in characters.
    fn offset(&self, line: u64, column: u64) -> usize {
        let before: usize = self.text.split_inclusive('\n').take((line.max(1) - 1) as usize).map(str::len).sum();
        let rest = &self.text[before.min(self.text.len())..];
        before + rest.char_indices().nth((column.max(1) - 1) as usize).map_or(rest.len(), |(index, _)| index)
    }
}

impl FormulaError {
    fn with_help(mut self, help: impl Into<String>) -> FormulaError {
        self.help = Some(help.into());
        self
    }
}

/// `Expected: ), found: x` as a message of the program's own.
fn in_plain_words(words: &str) -> String {
    let wanted = |wanted: &str| {
        let plain = wanted.contains(' ') || wanted.chars().all(char::is_lowercase);
        if plain { wanted.to_owned() } else { format!("`{wanted}`") }
    };
    match words.strip_prefix("Expected: ").and_then(|rest| rest.split_once(", found: ")) {
        Some(("an expression", "EOF")) => "something is missing at the end".to_owned(),
        Some((expected, "EOF")) => format!("{} is missing at the end", wanted(expected)),
        Some((expected, found)) => format!("{} is missing before `{found}`", wanted(expected)),
        None => {
            let rest: String = words.chars().skip(1).collect();
            words.chars().take(1).flat_map(char::to_lowercase).chain(rest.chars()).collect()
        }
    }
}

/// Whether a token may nest the expression one level deeper.
fn is_operation(token: &Token) -> bool {
    match token {
        Token::Word(word) => {
            word.quote_style.is_none()
                && ["and", "or", "not", "between", "is"].contains(&word.value.to_lowercase().as_str())
        }
        Token::Whitespace(_) | Token::Comma | Token::RParen => false,
        Token::Number(..) | Token::SingleQuotedString(_) | Token::EOF => false,
        _ => true,
    }
}

fn name_of(call: &Call) -> String {
    match call.name.0.as_slice() {
        [ObjectNamePart::Identifier(name)] => name.value.to_lowercase(),
        _ => call.name.to_string(),
    }
}

fn operator(operator: &BinaryOperator) -> Option<Operator> {
    Some(match operator {
        BinaryOperator::Plus => Operator::Plus,
        BinaryOperator::Minus => Operator::Minus,
        BinaryOperator::Multiply => Operator::Times,
        BinaryOperator::Divide => Operator::Over,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_read_as_they_print() {
        for text in [
            "sum(resolved) / sum(handled)",
            "sum(minutes * calls)",
            "count(*)",
            "quantile(wait, 0.9)",
            "only(\"Monthly Actual\") / 100",
            "max(sum(a), sum(b))",
            "sum(größe)",
        ] {
            assert_eq!(parse_measure(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}")).to_string(), text);
        }
        assert_eq!(parse_measure("SUM(a)").unwrap().to_string(), "sum(a)");
    }

    #[test]
    fn every_problem_of_a_formula_is_reported_with_its_span() {
        let text = "sum(sum(a)) + b - summ(c) * quantile(d, 2)";
        let found: Vec<(Code, &str)> =
            parse_measure(text).unwrap_err().into_iter().map(|error| (error.code, &text[error.span])).collect();
        assert_eq!(
            found,
            [
                (Code::NestedAggregate, "sum"),
                (Code::BareColumn, "b"),
                (Code::BadFormula, "summ"),
                (Code::BadFormula, "2")
            ]
        );
    }

    #[test]
    fn what_is_not_in_the_language_is_an_error_not_a_panic() {
        for text in [
            "",
            "sum(",
            "sum(a) over (partition by b)",
            "select 1",
            "sum(distinct a)",
            "case when a then b end",
            "a.b",
            "1 +",
            "'x'",
            "sum(a) filter (where b)",
            "((((",
            "count()",
            "count(a, b)",
            "sum(a) = 3",
            "\u{0}",
            "sum(a))",
            "exists(select 1)",
            "99999999999999999999999999999999",
        ] {
            let errors = parse_measure(text).expect_err(text);
            assert!(
                !errors.is_empty()
                    && errors.iter().all(|error| error.span.end <= text.len() && !error.message.is_empty()),
                "{text}: {errors:?}"
            );
        }
        let deep = format!("{}a{}", "(".repeat(1_900), ")".repeat(1_900));
        assert!(parse_definition(&deep).is_err());
        assert!(parse_definition(&vec!["a"; 300].join("+")).is_ok());
        assert!(parse_definition(&vec!["a"; 1_900].join("+")).is_err());
        let alternatives = vec!["'x'"; 1_000].join(",");
        assert!(parse_predicate(&format!("a in ({alternatives})")).is_ok());
    }

    #[test]
    fn an_aggregate_without_a_source_says_so() {
        let errors = parse_definition("sum(a)").unwrap_err();
        assert_eq!(errors[0].help.as_deref(), Some("an aggregate needs rows: name the metric's `source`"));
    }
}
