//! Currencies: `[currencies]`, what of a source is converted, and that metrics read amounts in a way a rate goes with.

use std::collections::BTreeSet;

use serde_spanned::Spanned;

use super::super::load::Loaded;
use super::super::raw::RawScorecard;
use super::{Resolver, place};
use crate::diagnostic::{Code, Diagnostic, FileId, Place};
use crate::formula::{Aggregate, Formula, RowExpr};
use crate::metric::{Conversion, CurrencyOf, Metric, Rates, Schedule, Source, SourceId, Totals, Written};
use crate::prose;
use crate::unit::{Unit, is_currency};

const KEYS: [&str; 3] = ["column", "is", "amounts"];
const HELP: &str = "write `currency = \"USD\"`, `{ column = \"currency\", amounts = [\"amount\"] }`, or \
                    `{ is = \"USD\", amounts = [\"amount\"] }`";

impl Resolver<'_> {
    /// The one currency of a source, and what of it is converted.
    pub(super) fn currency_of_source(
        &mut self,
        value: Option<&Spanned<toml::Value>>,
        file: FileId,
    ) -> (Option<String>, Option<Conversion>) {
        let Some(value) = value else { return (None, None) };
        let whole = place(value, file);
        match value.get_ref() {
            toml::Value::String(code) => (self.code(code, &whole), None),
            toml::Value::Table(table) => {
                let conversion = self.conversion(table, &whole);
                let one = conversion.as_ref().and_then(|conversion| match &conversion.of {
                    CurrencyOf::Always(code) => Some(code.clone()),
                    CurrencyOf::Column(_) => None,
                });
                (one, conversion)
            }
            _ => {
                let problem = Diagnostic::error(Code::BadType, "`currency` must be a text or a table");
                self.problems.push(problem.at(&whole, "").help(HELP));
                (None, None)
            }
        }
    }

    fn code(&mut self, code: &str, at: &Place) -> Option<String> {
        if is_currency(code) {
            return Some(code.to_owned());
        }
        let problem = Diagnostic::error(Code::BadSetting, format!("`{code}` is not an ISO 4217 currency in use"));
        self.problems.push(problem.at(at, "").help("write for example \"EUR\" or \"USD\""));
        None
    }

    fn conversion(&mut self, table: &toml::Table, whole: &Place) -> Option<Conversion> {
        for key in table.keys().filter(|key| !KEYS.contains(&key.as_str())) {
            let at = self.word_in(whole, key);
            let problem = Diagnostic::error(Code::UnknownKey, format!("a currency has no key `{key}`")).at(&at, "");
            self.problems.push(problem.help(prose::did_you_mean(key, KEYS).unwrap_or_else(|| HELP.to_owned())));
        }
        let text = |key: &str| table.get(key).map(|value| value.as_str().filter(|text| !text.trim().is_empty()));
        let of = match (text("column"), text("is")) {
            (Some(Some(column)), None) => CurrencyOf::Column(column.to_owned()),
            (None, Some(Some(code))) => CurrencyOf::Always(self.code(code, &self.word_in(whole, code))?),
            (None, None) => return self.unfit(Code::MissingKey, "`currency` lacks `column` or `is` here", whole),
            (Some(_), Some(_)) => {
                let message = "`currency` says both which column tells and which one currency it is";
                return self.unfit(Code::BadSetting, message, whole);
            }
            _ => return self.unfit(Code::BadType, "`column` and `is` must be texts", whole),
        };
        let Some(amounts) = table.get("amounts") else {
            return self.unfit(Code::MissingKey, "`currency` lacks `amounts` here", whole);
        };
        let name = |name: &toml::Value| name.as_str().filter(|name| !name.trim().is_empty()).map(str::to_owned);
        let amounts = amounts.as_array().and_then(|list| list.iter().map(name).collect::<Option<Vec<String>>>());
        let Some(amounts) = amounts.filter(|amounts| !amounts.is_empty()) else {
            return self.unfit(Code::BadType, "`amounts` must be a list of columns", whole);
        };
        Some(Conversion { of, amounts, place: whole.clone() })
    }

    fn unfit(&mut self, code: Code, message: &str, at: &Place) -> Option<Conversion> {
        self.problems.push(Diagnostic::error(code, message).at(at, "").help(HELP));
        None
    }

    /// A name among the amounts that no formula reads is a misspelt one: the column meant would be added up unconverted.
    pub(super) fn unread_amount(&mut self, name: &str, source: &Source, used: &BTreeSet<&str>) {
        let Some(conversion) = &source.conversion else { return };
        let at = self.word_in(&conversion.place, name);
        let message = format!("`amounts` names the column `{name}`, which nothing of `{}` reads", source.id);
        let problem = Diagnostic::error(Code::UnknownId, message).at(&at, "");
        let help = prose::did_you_mean(name, used.iter().copied());
        self.problems.push(problem.help(help.unwrap_or_else(|| "drop it".to_owned())));
    }

    /// `[currencies]`, which a source that is converted needs, and the currency to convert into.
    pub(super) fn rates(
        &mut self,
        raw: &RawScorecard,
        sources: &[Source],
        main: &Place,
        loaded: &Loaded,
    ) -> Option<Rates> {
        let first = sources.iter().find_map(|source| Some((source, source.conversion.as_ref()?)));
        if let (Some((source, conversion)), None) = (first, &raw.header.currency) {
            let message = format!("amounts of `{}` are converted, and the scorecard has no currency", source.id);
            let problem = Diagnostic::error(Code::MissingKey, message).at(&conversion.place, "");
            self.problems.push(problem.help("say into which: `[scorecard] currency = \"EUR\"`"));
        }
        let table = raw.currencies.as_ref();
        let Some((table, path)) = table.and_then(|table| Some((table, table.rates.as_ref()?))) else {
            if let Some((source, conversion)) = first {
                let message = format!("amounts of `{}` are converted, and there are no rates", source.id);
                let problem = Diagnostic::error(Code::MissingKey, message).at(&conversion.place, "");
                self.problems
                    .push(problem.help("name the file they stand in: `[currencies] rates = \"data/rates.csv\"`"));
            } else if table.is_some() {
                let problem = Diagnostic::error(Code::MissingKey, "`[currencies]` lacks `rates`").at(main, "");
                self.problems.push(problem.help("name the file they stand in: `rates = \"data/rates.csv\"`"));
            }
            return None;
        };
        let named = |key: &Option<Spanned<String>>, usual: &str| {
            key.as_ref().map_or_else(|| usual.to_owned(), |name| name.get_ref().clone())
        };
        let at = place(path, main.file);
        let currency = named(&table.currency, "currency");
        let folder = loaded.folders[main.file.index()].clone();
        let source = Source {
            id: "currencies".to_owned(),
            path: folder.join(path.get_ref()),
            written_path: path.get_ref().clone(),
            path_place: at.clone(),
            folder,
            department: None,
            period: named(&table.period, "period"),
            period_place: table.period.as_ref().map_or_else(|| at.clone(), |period| place(period, main.file)),
            dimensions: vec![currency.clone()],
            filter: None,
            required: true,
            written: Written {
                numbers: table.numbers.as_ref().and_then(|text| self.numbers(text, main.file)),
                date_order: table.date_order,
                quarters: table.quarters,
                totals: Totals(Vec::new()),
                ..Written::default()
            },
            conversion: None,
            controls: Vec::new(),
            place: at,
        };
        Some(Rates { source, currency, rate: named(&table.rate, "rate") })
    }

    /// Amounts are read in a way that a rate goes with: a rate can be taken out of a sum of them, and of nothing else.
    pub(super) fn amounts(&mut self, sources: &[Source], metrics: &[Option<Metric>]) {
        for (index, source) in sources.iter().enumerate() {
            let Some(conversion) = &source.conversion else { continue };
            for control in source.controls.iter().filter(|control| conversion.is_amount(&control.column)) {
                if let Some(column) = conversion.column() {
                    let message = format!(
                        "`{}` is in the currencies that `{column}` says: it has no total before it is converted",
                        control.column
                    );
                    let help = "drop the control, or declare a source for each currency: `where = \"currency = 'USD'\"` and \
                                `currency = { is = \"USD\", amounts = [...] }`";
                    self.problems.push(Diagnostic::error(Code::BadSetting, message).at(&control.place, "").help(help));
                }
            }
            for metric in metrics.iter().flatten() {
                let Some(measurement) = metric.measurement().filter(|one| one.source == SourceId(index)) else {
                    continue;
                };
                self.linear(&measurement.formula, conversion, &measurement.place);
                for bars in [&metric.target, &metric.threshold, &metric.stretch].into_iter().flatten() {
                    for (_, schedule) in &bars.by_grain {
                        if let Schedule::Measured(formula) = schedule {
                            self.linear(formula, conversion, &bars.place);
                        }
                    }
                }
            }
        }
    }

    fn linear(&mut self, formula: &Formula<Aggregate>, conversion: &Conversion, at: &Place) {
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
                    "name every column of money in `amounts`, or aggregate each apart: `sum(amount) + sum(pieces)`",
                ),
            };
            self.problems.push(Diagnostic::error(Code::BadFormula, message).at(at, "").help(help));
        });
    }

    /// Amounts that are added up as they stand are in the currency of their source: in one. What is converted is in the
    /// scorecard's.
    pub(super) fn one_currency(&mut self, raw: &RawScorecard, sources: &[Source], metrics: &[Option<Metric>]) {
        let own = raw.header.currency.as_ref().zip(raw.main.as_ref());
        let own = own.map(|(code, main)| (code.get_ref().clone(), place(code, main.file)));
        for (index, (entry, source)) in raw.sources.iter().zip(sources).enumerate() {
            let declared = source.written.currency.as_ref().filter(|_| source.conversion.is_none());
            let mut first: Option<(String, Place)> = declared
                .zip(entry.table.currency.as_ref())
                .map(|(code, value)| (code.clone(), place(value, entry.id.place.file)));
            for metric in metrics.iter().flatten() {
                let Some(column) = amount_read(metric, SourceId(index)) else { continue };
                let Some(Unit::Currency(code)) = &metric.unit else { continue };
                if self.in_converted(metric, (column, code), source, own.as_ref()) {
                    continue;
                }
                match &first {
                    None => first = Some((code.clone(), metric.place.clone())),
                    Some((known, at)) if known != code => {
                        let message =
                            format!("`{}` is in {code}, and amounts of `{}` are in {known}", metric.id, source.id);
                        let problem =
                            Diagnostic::error(Code::MixedCurrency, message).at(&metric.place, format!("in {code}"));
                        let help = "declare a source for each currency, or convert: `sum(amount * rate)`";
                        self.problems.push(problem.at(at, format!("in {known}")).help(help));
                    }
                    Some(_) => {}
                }
            }
        }
    }

    /// Whether a metric in a currency reads a column of a source that is converted; tells where that is another one.
    fn in_converted(
        &mut self,
        metric: &Metric,
        (column, code): (&String, &String),
        source: &Source,
        own: Option<&(String, Place)>,
    ) -> bool {
        let Some(conversion) = &source.conversion else { return false };
        if conversion.is_amount(column) {
            if let Some((known, at)) = own.filter(|(known, _)| known != code) {
                let message =
                    format!("`{}` is in {code}, and amounts of `{}` are converted into {known}", metric.id, source.id);
                let problem = Diagnostic::error(Code::MixedCurrency, message).at(&metric.place, format!("in {code}"));
                let problem = problem.at(at, format!("in {known}"));
                self.problems.push(problem.help(format!("write `unit = \"{known}\"`")));
            }
            return true;
        }
        if conversion.column().is_none() {
            return false;
        }
        let message = format!("`{}` is in {code}, and `{column}` is in the currency of each row", metric.id);
        let problem = Diagnostic::error(Code::MixedCurrency, message).at(&metric.place, "");
        let problem = problem.at(&conversion.place, "not among these");
        self.problems.push(problem.help(format!("add `{column}` to `amounts`")));
        true
    }
}

/// The column whose amounts a metric takes as they stand.
fn amount_read(metric: &Metric, source: SourceId) -> Option<&String> {
    let measurement = metric.measurement().filter(|measurement| measurement.source == source)?;
    match &measurement.formula {
        Formula::Leaf(aggregate) if !aggregate.function.takes_text() => match &aggregate.argument {
            Some(RowExpr::Column(column)) => Some(column),
            _ => None,
        },
        _ => None,
    }
}
