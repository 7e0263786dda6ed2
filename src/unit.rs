//! Units: what a number counts, and how many decimals people are shown.
//!
//! Owns the words a scorecard may use for a unit. Formats nothing: that is the renderer's.

use std::fmt;

/// What a number is a number of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A share, held as a fraction: 0.8 is shown as 80.0 %.
    Percent,
    /// Things counted.
    Count,
    /// Money in this ISO 4217 currency.
    Currency(String),
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Points on a scale.
    Score,
    /// A quotient of like things.
    Ratio,
    /// A noun of the scorecard's own.
    Noun(String),
}

/// Active ISO 4217 codes.
const CURRENCIES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";
const WITHOUT_CENTS: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
const WITH_MILS: &str = "BHD IQD JOD KWD LYD OMR TND";

fn listed(list: &str, code: &str) -> bool {
    list.split(' ').any(|entry| entry == code)
}

/// Whether `code` is a currency in use.
pub fn is_currency(code: &str) -> bool {
    listed(CURRENCIES, code)
}

/// The signs currencies are written with; some stand for several.
pub const CURRENCY_SIGNS: [char; 13] = ['$', '€', '£', '¥', '₹', '₩', '₺', '₽', '₪', '฿', '₫', '₴', '₦'];

/// The currencies named in a text, each as a code or a sign: alone, or with a letter for a thousand or a million.
fn currencies_in(text: &str) -> Vec<&str> {
    let is_part = |c: char| c.is_alphanumeric() || CURRENCY_SIGNS.contains(&c);
    let words = text.split(|c: char| !is_part(c)).filter(|word| !word.is_empty());
    let named = |word: &'_ str| -> Option<std::ops::Range<usize>> {
        if let Some((at, sign)) = word.char_indices().find(|(_, c)| CURRENCY_SIGNS.contains(c)) {
            return Some(at..at + sign.len_utf8());
        }
        let at = usize::from(word.len() == 4 && word.starts_with(['k', 'K', 'm', 'M', 't', 'T']));
        is_currency(&word[at..]).then_some(at..word.len())
    };
    words.filter_map(|word| named(word).map(|at| &word[at])).collect()
}

impl Unit {
    /// The unit a scorecard's word means; any other word is a noun of its own.
    pub fn parse(word: &str) -> Option<Unit> {
        Some(match word {
            "percent" => Unit::Percent,
            "count" => Unit::Count,
            "minutes" => Unit::Minutes,
            "hours" => Unit::Hours,
            "days" => Unit::Days,
            "score" => Unit::Score,
            "ratio" => Unit::Ratio,
            code if is_currency(code) => Unit::Currency(code.to_owned()),
            noun if noun.trim().is_empty() || noun.contains(char::is_control) => return None,
            noun => Unit::Noun(noun.trim().to_owned()),
        })
    }

    /// The word that another one was most likely meant for: in other letters (`Percent`, `eur`), or `percent` misspelt, which
    /// as a noun would show 0.8 for 80 %.
    pub fn meant(word: &str) -> Option<String> {
        let (word, lower, upper) = (word.trim(), word.trim().to_lowercase(), word.trim().to_uppercase());
        let words = ["percent", "count", "minutes", "hours", "days", "score", "ratio"];
        if words.contains(&word) || is_currency(word) {
            return None;
        }
        // `all`, `try` and `top` are currencies in capitals, and words of one's own otherwise.
        if ["EUR", "USD", "GBP", "CHF", "JPY"].contains(&upper.as_str()) {
            return Some(upper);
        }
        let known = words.into_iter().find(|known| *known == lower);
        let misspelt = || strsim::damerau_levenshtein(&lower, "percent") <= 2;
        known.or_else(|| misspelt().then_some("percent")).map(str::to_owned)
    }

    /// How many decimals people are shown unless the scorecard says otherwise. For percent: of the
    /// percentage.
    pub fn usual_decimals(&self) -> u32 {
        match self {
            Unit::Percent | Unit::Minutes | Unit::Hours | Unit::Days | Unit::Score | Unit::Noun(_) => 1,
            Unit::Count => 0,
            Unit::Ratio => 2,
            Unit::Currency(code) if listed(WITHOUT_CENTS, code) => 0,
            Unit::Currency(code) if listed(WITH_MILS, code) => 3,
            Unit::Currency(_) => 2,
        }
    }

    /// The currencies it names, each as a code or a sign: one in `EUR`, `EUR/unit`, `units/EUR` and `k€`, two in `USD/EUR`.
    pub fn currencies(&self) -> Vec<&str> {
        match self {
            Unit::Currency(code) => vec![code],
            Unit::Noun(noun) => currencies_in(noun),
            _ => Vec::new(),
        }
    }

    /// The currency its numbers are amounts of: in `EUR`, `EUR/unit` and `EUR per call`; none in `units/EUR` and `USD/EUR`.
    pub fn currency(&self) -> Option<&str> {
        let [currency] = self.currencies()[..] else { return None };
        let noun = self.word();
        let over = [noun.find('/'), noun.find(" per ")].into_iter().flatten().min().unwrap_or(noun.len());
        (currencies_in(&noun[..over]).len() == 1).then_some(currency)
    }

    /// The scorecard's word for it.
    pub fn word(&self) -> &str {
        match self {
            Unit::Percent => "percent",
            Unit::Count => "count",
            Unit::Currency(code) => code,
            Unit::Minutes => "minutes",
            Unit::Hours => "hours",
            Unit::Days => "days",
            Unit::Score => "score",
            Unit::Ratio => "ratio",
            Unit::Noun(noun) => noun,
        }
    }

    /// What stands behind a number for people; empty for plain counts.
    pub fn suffix(&self) -> &str {
        match self {
            Unit::Percent => "%",
            Unit::Count | Unit::Ratio | Unit::Score => "",
            Unit::Currency(code) => code,
            Unit::Minutes => "min",
            Unit::Hours => "h",
            Unit::Days => "d",
            Unit::Noun(noun) => noun,
        }
    }

    /// What stands behind a difference: percentages differ by percentage points.
    pub fn difference_suffix(&self) -> &str {
        if *self == Unit::Percent { "pp" } else { self.suffix() }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_codes_and_nouns() {
        assert_eq!(Unit::parse("percent"), Some(Unit::Percent));
        assert_eq!(Unit::parse("EUR"), Some(Unit::Currency("EUR".into())));
        assert_eq!(Unit::parse("miles"), Some(Unit::Noun("miles".into())));
        assert_eq!(Unit::parse("GB"), Some(Unit::Noun("GB".into())));
        assert_eq!(Unit::parse(" "), None);
        assert_eq!(Unit::parse("JPY").unwrap().usual_decimals(), 0);
        assert_eq!(Unit::parse("KWD").unwrap().usual_decimals(), 3);
    }

    #[test]
    fn nouns_name_currencies() {
        let named = |word: &str| {
            let unit = Unit::parse(word).unwrap();
            (unit.currencies().join(" "), unit.currency().map(str::to_owned))
        };
        let amounts = [
            ("EUR", "EUR"),
            ("EUR/unit", "EUR"),
            ("EUR per call", "EUR"),
            ("thousand USD", "USD"),
            ("kEUR", "EUR"),
            ("$", "$"),
            ("k€", "€"),
            ("€/unit", "€"),
            ("US$", "$"),
        ];
        for (word, currency) in amounts {
            assert_eq!(named(word), (currency.to_owned(), Some(currency.to_owned())), "{word}");
        }
        for (word, currencies) in [("units/EUR", "EUR"), ("units per EUR", "EUR"), ("USD/EUR", "USD EUR")] {
            assert_eq!(named(word), (currencies.to_owned(), None), "{word}");
        }
        for word in ["count", "percent", "miles", "unit", "europeans", "EURO", "eur per call", "überEUR"] {
            assert_eq!(named(word), (String::new(), None), "{word}");
        }
    }

    #[test]
    fn every_word_prints_as_it_is_written() {
        for word in ["percent", "count", "EUR", "minutes", "hours", "days", "score", "ratio", "miles"] {
            assert_eq!(Unit::parse(word).unwrap().to_string(), word);
        }
    }
}
