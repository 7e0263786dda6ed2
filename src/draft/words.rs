//! What names say: the words in a header, an id made of them, and what kind of thing they hint at.
//!
//! Knows words only; a hint is never more than a guess, and every guess is marked for a person to decide.

use crate::observe::dialect::fold;

/// What the words of a name hint at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// It says when.
    When,
    /// Read at the opening of a period.
    Opening,
    /// Read at the close of a period.
    Stock,
    /// A share in hundredths.
    Percent,
    /// A quotient.
    Rate,
    /// Points of a survey or an index.
    Score,
    /// An average or a speed: adding it up means nothing.
    Mean,
    /// Money.
    Money,
    /// What was promised, or a sum of earlier periods: no actual of its own.
    NoActual,
    /// It names things and counts nothing.
    Label,
    /// It names a row.
    Id,
    /// Its cells name what is measured.
    Indicator,
    /// A part of something that was counted.
    Part,
    /// Something that parts are counted of.
    Whole,
    /// Customers who left.
    Lost,
    /// More of it is worse.
    Worse,
}

fn list(hint: Hint) -> &'static str {
    match hint {
        Hint::When => {
            "period date day week month quarter year when monat datum tag woche quartal jahr mois jour semaine annee \
             trimestre mes fecha dia mese data periode zeitraum"
        }
        Hint::Opening => "opening start beginning",
        Hint::Stock => {
            "closing balance headcount open backlog stock subscribers inventory outstanding members accounts \
             customers base end fte bestand kunden mitarbeiter abonnenten mitglieder lager effectif \
             effectifs clients abonnes adherents"
        }
        Hint::Percent => "percent pct percentage share prozent anteil quote",
        Hint::Rate => "rate ratio taux",
        Hint::Score => "score nps csat ces rating index satisfaction ranking zufriedenheit bewertung punkte note notes",
        Hint::Mean => {
            "avg average mean median speed mbps per price arpu age temperature durchschnitt mittelwert moyenne mediane preis prix dauer duree"
        }
        Hint::Money => {
            "revenue cost costs spend spending amount price fee fees turnover income profit discount expense expenses \
             salary wages arpu margin budget umsatz kosten preis betrag chiffre montant erlos erlose ertrag gewinn aufwand cout \
             couts recettes depenses eur usd gbp chf sek nok dkk pln jpy cad aud euro euros"
        }
        Hint::NoActual => {
            "target targets plan planned budget forecast goal ytd cumulative benchmark ziel soll objectif cible"
        }
        Hint::Label => {
            "severity priority level grade class category rank lat lon latitude longitude year jahr version decimals parent"
        }
        Hint::Id => {
            "id ids uuid key no nr num number seq sequence code ref reference ticket zip postcode plz phone account \
             row line"
        }
        Hint::Indicator => "indicator indicators metric metrics kpi measure kennzahl indicateur indicador",
        Hint::Part => {
            "resolved answered repaired returned disputed renewed reached dropped lost settled early late missed \
             abandoned cancelled converted solved accepted rejected delivered passed failed within time same first \
             orders valid used ontime closed won churned joined defective faulty handled offered gelost"
        }
        Hint::Whole => {
            "handled offered total all attempts calls visits activations bills due contracts lines customers opening \
             orders offers cases tickets contacts requests deliveries shipments trips repairs minutes newcomers \
             scheduled eligible invited sent surveyed units population base anrufe"
        }
        Hint::Lost => {
            "lost churned churn left terminated leavers departed disconnected kundigungen abgange resiliations"
        }
        Hint::Worse => {
            "churn churned cost costs complaint complaints fault faults wait waiting lost loss losses dropped returned \
             returns disputed down error errors defect defects overdue late delay delays delayed injury injuries \
             collision collisions failure failures failed cancelled absent sick absence spend spending days hours \
             minutes seconds backlog open abandoned missed leavers expense expenses crime breakdowns repairs disputes \
             rejected incidents outage outages refunds kosten beschwerden reklamationen fehler \
             storungen ausfalle kundigungen wartezeit krankheit plaintes reclamations retards pannes attente couts"
        }
    }
}

/// Whether one of the words hints so.
pub(super) fn hints(words: &[String], hint: Hint) -> bool {
    words.iter().any(|word| list(hint).split(' ').any(|known| known == word))
}

/// How much a name sounds like a customer goal; the least is the best.
pub(super) fn goal_rank(words: &[String]) -> Option<usize> {
    const GOALS: [&str; 6] = [
        "churn churned abwanderung",
        "lifetime clv ltv",
        "retention retained loyalty",
        "renewal renewals renewed",
        "loss losses leavers",
        "satisfaction csat nps recommend recommendation zufriedenheit",
    ];
    GOALS.iter().position(|goal| words.iter().any(|word| goal.split(' ').any(|known| known == word)))
}

/// The words of a name, in plain small letters; a sign of a currency is its code.
pub(super) fn words(name: &str) -> Vec<String> {
    let spelled = name.replace('\u{20ac}', " eur ").replace('\u{a3}', " gbp ").replace('$', " usd ");
    plain(&spelled).split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A name as an id: small letters, digits and `_`, or nothing where it has no such letters.
pub(super) fn slug(name: &str) -> String {
    const LONGEST: usize = 40;
    let mut slug = String::new();
    for word in plain(name).split('_').filter(|word| !word.is_empty()) {
        let is_first = slug.is_empty();
        if !is_first && slug.len() + word.len() >= LONGEST {
            break;
        }
        slug.push_str(if is_first { "" } else { "_" });
        slug.extend(word.chars().take(LONGEST));
    }
    if slug.starts_with(|c: char| c.is_ascii_digit()) { format!("n_{slug}") } else { slug }
}

/// Small letters and digits, all else as `_`.
fn plain(name: &str) -> String {
    let mut out = String::new();
    for c in fold(name).chars() {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            '%' => out.push_str("_pct"),
            _ => out.push('_'),
        }
    }
    out
}

/// A name that is not taken yet, noted as taken: the one wanted, else with a number.
pub(super) fn untaken(wanted: &str, taken: &mut std::collections::BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{wanted}_{number}"));
    let free = std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !taken.contains(name));
    let free = free.unwrap_or_else(|| wanted.to_owned());
    taken.insert(free.clone());
    free
}

/// Words that are written in capitals.
const ACRONYMS: [&str; 11] = ["nps", "csat", "ces", "clv", "ltv", "fcr", "aht", "sla", "kpi", "arpu", "mrr"];

/// A name for people: words with blanks between them, beginning with a capital, on one line.
pub(super) fn title(name: &str) -> String {
    let name: String =
        name.chars().map(|c| if c == '_' || c.is_whitespace() || is_hidden(c) { ' ' } else { c }).collect();
    let name = name.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let short = crate::prose::shortened(&name, 60);
    let first = short.split(' ').next().unwrap_or_default();
    if ACRONYMS.contains(&first) {
        return format!("{}{}", first.to_uppercase(), &short[first.len()..]);
    }
    let mut chars = short.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Whether a character is not seen, or turns what stands around it.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

/// The ISO code of a currency as cells have it.
pub(super) fn currency_code(written: &str) -> Option<String> {
    let code = match written {
        "€" => "EUR",
        "£" => "GBP",
        "$" => "USD",
        "¥" => "JPY",
        "₹" => "INR",
        "₩" => "KRW",
        "₺" => "TRY",
        "₽" => "RUB",
        "₪" => "ILS",
        "฿" => "THB",
        "₫" => "VND",
        "₴" => "UAH",
        "₦" => "NGN",
        code => code,
    };
    crate::unit::is_currency(code).then(|| code.to_owned())
}

/// The currency that a name says its numbers are in.
pub(super) fn currency_of(words: &[String]) -> Option<String> {
    const CODES: [&str; 11] = ["eur", "usd", "gbp", "chf", "sek", "nok", "dkk", "pln", "jpy", "cad", "aud"];
    let found = words.iter().find_map(|word| CODES.iter().find(|code| **code == word.as_str()));
    found.map(|code| code.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_an_id_and_words_for_people() {
        assert_eq!(slug("Résolu au 1er (appel)"), "resolu_au_1er_appel");
        assert_eq!(slug("Churn %"), "churn_pct");
        assert_eq!(slug("20s"), "n_20s");
        assert_eq!(slug("顧客数"), "");
        assert_eq!(title("answered_20s\u{202e}\n"), "Answered 20s");
        assert_eq!(title("nps_score"), "NPS score");
        assert_eq!(title("\"; [x]"), "\"; [x]");
    }

    #[test]
    fn words_hint() {
        assert!(hints(&words("Total calls"), Hint::Whole) && hints(&words("Days to close"), Hint::Worse));
        assert!(!hints(&words("cost_centre_name"), Hint::Id));
        assert!(goal_rank(&words("Monthly churn")) < goal_rank(&words("NPS")));
        assert_eq!(goal_rank(&words("handled")), None);
        assert_eq!(currency_of(&words("Sales \"net\" [EUR]")), Some("EUR".to_owned()));
        assert_eq!(currency_of(&words("Cost ($)")), Some("USD".to_owned()));
        assert_eq!(currency_of(&words("Europe")), None);
        assert!(hints(&words("Kunden"), Hint::Stock) && hints(&words("Zufriedenheit"), Hint::Score));
    }
}
