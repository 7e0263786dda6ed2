//! Currencies: `[currencies]`, what of a source is converted, and that what is not converted is in one currency.

use serde_spanned::Spanned;

use super::super::load::Loaded;
use super::super::raw::RawScorecard;
use super::{Resolver, place};
use crate::diagnostic::{Code, Diagnostic, FileId, Place, Placed};
use crate::formula::{Formula, RowExpr};
use crate::metric::{Conversion, CurrencyOf, Metric, Rates, Source, SourceId, Totals, Written};
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
        let amounts = amounts.into_iter().map(|name| Placed { place: self.word_in(whole, &name), value: name });
        Some(Conversion { of, amounts: amounts.collect(), place: whole.clone() })
    }

    fn unfit(&mut self, code: Code, message: &str, at: &Place) -> Option<Conversion> {
        self.problems.push(Diagnostic::error(code, message).at(at, "").help(HELP));
        None
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

    /// Amounts that are added up as they stand are in the currency of their source: in one.
    pub(super) fn one_currency(&mut self, raw: &RawScorecard, sources: &[Source], metrics: &[Option<Metric>]) {
        let each = raw.sources.iter().zip(sources).enumerate();
        for (index, (entry, source)) in each.filter(|(_, (_, source))| source.conversion.is_none()) {
            let declared = source.written.currency.as_ref();
            let mut first: Option<(String, Place)> = declared
                .zip(entry.table.currency.as_ref())
                .map(|(code, value)| (code.clone(), place(value, entry.id.place.file)));
            for metric in metrics.iter().flatten() {
                if !takes_amounts(metric, SourceId(index)) {
                    continue;
                }
                let Some(Unit::Currency(code)) = &metric.unit else { continue };
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
}

/// Whether a metric takes the amounts of a column as they stand.
fn takes_amounts(metric: &Metric, source: SourceId) -> bool {
    let measurement = metric.measurement().filter(|measurement| measurement.source == source);
    measurement.is_some_and(|measurement| match &measurement.formula {
        Formula::Leaf(aggregate) => {
            !aggregate.function.takes_text() && matches!(aggregate.argument, Some(RowExpr::Column(_)))
        }
        _ => false,
    })
}
