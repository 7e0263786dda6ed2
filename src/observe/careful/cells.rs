//! What the cells of one row mean, under the formats of their file, and what they show of those formats.

use std::cell::RefCell;

use rust_decimal::Decimal;

use crate::diagnostic::Locus;
use crate::formula::{CellFault, Cells, DecimalMark, Proof, Scale, WrittenNumber, is_written, parse_cell};
use crate::metric::{Missing, Source};
use crate::observe::findings::{Findings, Formats, Sight};
use crate::observe::header::At;
use crate::observe::rates::code;
use crate::observe::record::{Field, Kind};
use crate::observe::row::position;
use crate::plan::Scan;

/// How the cells of one file are understood.
pub(super) struct Rules<'r> {
    pub(super) formats: Formats,
    pub(super) missing: &'r Missing,
    pub(super) currency: Option<&'r str>,
    /// The column that says the currency of each row's amounts.
    pub(super) of_row: Option<usize>,
    /// For each of the scan's columns, whether its cells are such amounts.
    amounts: Vec<bool>,
    /// For each of the scan's columns, what its numbers are multiplied by.
    pub(super) factors: Vec<Option<Decimal>>,
    /// Whether the number format is declared, so that nothing is to be found out of it.
    pub(super) numbers_are_declared: bool,
}

impl<'r> Rules<'r> {
    pub(super) fn of(source: &'r Source, scan: &Scan, formats: Formats, currency: Option<&'r str>) -> Rules<'r> {
        let column = scan.conversion.as_ref().and_then(|conversion| conversion.column());
        let is_amount = |name: &String| {
            column.is_some() && scan.conversion.as_ref().is_some_and(|conversion| conversion.is_amount(name))
        };
        Rules {
            formats,
            missing: &source.written.missing,
            currency,
            of_row: column.map(|column| position(scan, column)),
            amounts: scan.columns.iter().map(is_amount).collect(),
            factors: scan.columns.iter().map(|column| source.scale_of(column)).collect(),
            numbers_are_declared: source.written.numbers.is_some(),
        }
    }
}

/// One row: the fields of a record, read as one period.
pub(super) struct CellRow<'r> {
    pub(super) fields: &'r [Field<'r>],
    pub(super) at: &'r [At],
    /// The names of the fields.
    pub(super) headers: &'r [String],
    /// The period, as ISO has it; texts are compared with that.
    pub(super) when: Option<&'r str>,
    /// The field of a wide file that is being read.
    pub(super) across: usize,
    pub(super) rules: &'r Rules<'r>,
    pub(super) notes: &'r Notes<'r>,
}

/// Where what cells show is kept, and how to say where a field stands.
pub(super) struct Notes<'n> {
    pub(super) findings: &'n RefCell<Findings>,
    pub(super) place: &'n dyn Fn(Option<usize>) -> Locus,
    pub(super) names: &'n [String],
}

impl Notes<'_> {
    pub(super) fn sight(&self, text: &str, field: Option<usize>, column: usize) -> Sight {
        Sight { text: text.to_owned(), column: self.names[column].clone(), locus: (self.place)(field) }
    }
}

impl CellRow<'_> {
    /// The field a column stands in; `None` for the period of a wide file.
    pub(super) fn field_of(&self, column: usize) -> Option<usize> {
        match self.at[column] {
            At::Field(field) => Some(field),
            At::Value => Some(self.across),
            At::Across => None,
        }
    }

    pub(super) fn field(&self, column: usize) -> Option<&Field<'_>> {
        self.fields.get(self.field_of(column)?)
    }

    /// The name of a column, for people; of a wide file, the header of the field being read.
    pub(super) fn name(&self, column: usize) -> String {
        match self.at[column] {
            At::Value => self.headers[self.across].clone(),
            At::Field(_) | At::Across => self.notes.names[column].clone(),
        }
    }

    /// The text of a cell as it stands.
    pub(super) fn raw(&self, column: usize) -> &str {
        self.field(column).map_or(self.when.unwrap_or_default(), |field| &field.text)
    }

    /// Whether a number is shown as a percentage.
    pub(super) fn is_percent(&self, column: usize) -> bool {
        self.field(column).is_some_and(|field| {
            matches!(field.kind, Kind::Percent | Kind::Hundredths) || field.text.trim_end().ends_with('%')
        })
    }

    fn written(&self, column: usize, text: &str, scale: Scale) -> Result<i128, CellFault> {
        let format = self.rules.formats.numbers;
        let has_mark = text.contains(['.', ',']);
        if format.decimal == DecimalMark::Point || !has_mark {
            match parse_cell(text, scale) {
                Ok(Some(value)) => {
                    if has_mark {
                        self.note_mark(column, text);
                    }
                    return Ok(value);
                }
                Err(fault @ (CellFault::TooFine | CellFault::TooLarge)) => return Err(fault),
                _ => {}
            }
        }
        let number = WrittenNumber::parse(text).ok_or(CellFault::NotANumber)?;
        self.note_proof(column, text, number.proof());
        self.notes.findings.borrow_mut().is_styled = true;
        if let Some(currency) = number.currency {
            self.note_currency(column, text, currency)?;
        }
        number.value(format, scale)
    }

    /// A plain decimal shows the point, until one has.
    fn note_mark(&self, column: usize, text: &str) {
        if self.rules.numbers_are_declared || self.notes.findings.borrow().point.is_some() {
            return;
        }
        if let Some(number) = WrittenNumber::parse(text) {
            self.note_proof(column, text, number.proof());
        }
    }

    /// What a cell that does not count proves of its file's numbers; what it leaves open is nobody's matter.
    pub(super) fn note_unread(&self, column: usize) {
        if self.notes.findings.borrow().shows_a_mark() {
            return;
        }
        let Some(field) = self.field(column).filter(|field| field.kind == Kind::Written) else { return };
        if self.rules.numbers_are_declared || !field.text.contains(['.', ',']) {
            return;
        }
        let text = field.text.trim();
        if let Some(proof @ Proof::Decimal(_)) = WrittenNumber::parse(text).map(|number| number.proof()) {
            self.note_proof(column, text, proof);
        }
    }

    fn note_proof(&self, column: usize, text: &str, proof: Proof) {
        if let Some(slot) = self.notes.findings.borrow_mut().of_number(proof) {
            *slot = Some(self.notes.sight(text, self.field_of(column), column));
        }
    }

    fn note_currency(&self, column: usize, text: &str, currency: &str) -> Result<(), CellFault> {
        if let Some(of_row) = self.rules.of_row.filter(|_| self.rules.amounts[column]) {
            // Without a currency it has no rate either, which is told then.
            let is_other = self.text(of_row).is_some_and(|text| !is_written(currency, &code(text)));
            return if is_other { Err(CellFault::OtherCurrency) } else { Ok(()) };
        }
        if self.rules.currency.is_some_and(|declared| !is_written(currency, declared)) {
            return Err(CellFault::OtherCurrency);
        }
        let mut findings = self.notes.findings.borrow_mut();
        if !findings.currencies.contains_key(currency) {
            findings.currencies.insert(currency.to_owned(), self.notes.sight(text, self.field_of(column), column));
        }
        Ok(())
    }
}

impl Cells<usize> for CellRow<'_> {
    fn text(&self, column: usize) -> Option<&str> {
        // The plan puts the period's column first.
        if column == 0 && self.when.is_some() {
            return self.when;
        }
        let text = self.raw(column).trim();
        (!self.rules.missing.holds(text)).then_some(text)
    }

    fn number(&self, column: usize, scale: Scale) -> Result<Option<i128>, CellFault> {
        let Some(field) = self.field(column) else { return Err(CellFault::NotANumber) };
        let text = field.text.trim();
        if self.rules.missing.holds(text) {
            return Ok(None);
        }
        let value = match field.kind {
            Kind::Written => self.written(column, text, scale)?,
            Kind::Typed | Kind::Percent => parse_cell(text, scale)?.ok_or(CellFault::NotANumber)?,
            // Two digits to the right, exactly.
            Kind::Hundredths => parse_cell(&format!("{text}e-2"), scale)?.ok_or(CellFault::NotANumber)?,
            Kind::Money(currency) => {
                self.note_currency(column, &format!("{text} {}", currency.as_str()), currency.as_str())?;
                parse_cell(text, scale)?.ok_or(CellFault::NotANumber)?
            }
        };
        match self.rules.factors[column] {
            None => Ok(Some(value)),
            // A percent sign has said it already.
            Some(factor) if self.is_percent(column) => {
                if factor == Decimal::new(1, 2) {
                    Ok(Some(value))
                } else {
                    Err(CellFault::SignBesideScale)
                }
            }
            Some(factor) => times(value, factor).map(Some),
        }
    }
}

/// A fixed-point value times a factor, exactly.
fn times(value: i128, factor: Decimal) -> Result<i128, CellFault> {
    let factor = factor.normalize();
    let product = value.checked_mul(factor.mantissa()).ok_or(CellFault::TooLarge)?;
    let divisor = 10i128.pow(factor.scale());
    if product % divisor == 0 { Ok(product / divisor) } else { Err(CellFault::TooFine) }
}
