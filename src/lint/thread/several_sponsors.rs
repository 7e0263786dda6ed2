//! Goals that several, and so nobody, own.
//!
//! Names and titles are read by their words alone, so only what is beyond doubt is found.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::Role;

/// What joins two persons; a comma as often joins one to their office.
const JOINED: [&str; 8] = [" and ", " & ", " + ", " / ", " und ", " et ", " y ", ";"];

/// Offices that one person holds one of.
const OFFICES: [&str; 13] =
    ["chief", "head", "ceo", "cfo", "coo", "cmo", "cto", "cco", "cio", "cpo", "cro", "chro", "ciso"];

/// Ranks: with a field an office, and without one often part of another title ("President and CEO").
const RANKS: [&str; 9] = ["vp", "svp", "evp", "avp", "vice", "president", "director", "manager", "lead"];

/// Further words that stand in titles and in no name.
const TITLES: [&str; 5] = ["officer", "partner", "chair", "executive", "leader"];

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "several-sponsors",
    group: Group::Thread,
    severity: Severity::Warning,
    summary: "a goal has more than one sponsor",
    what: "Finds goals whose `sponsor` joins two by \"and\", \"&\", \"+\", \"/\", \";\", \"und\", \"et\" or \"y\", where what \
           stands on both sides is an office (\"Head of Service and Head of Network\", \"CEO + CFO\") or a name of two \
           words (\"Ada Lovelace & Grace Hopper\"). Ranks (director, manager, lead, president, VP) are offices where both \
           have a field: \"VP Sales and VP Service\". Anything else may be one person (\"President and CEO\", \"Head of \
           Sales and Marketing\", \"Lovelace, Ada\") and is left alone, as is what only commas join.",
    why: "A goal owned by everyone is owned by no one: each sponsor waits for the other, and no one decides between departments.",
    example: Example::of(
        r#"
[goals.churn]
name = "Monthly churn"
source = "billing"
value = "sum(lost) / first(opening)"
unit = "percent"
better = "lower"
target = 0.02
threshold = 0.025
lens = "customer"
sponsor = "Head of Service and Head of Network"
"#,
    ),
    instead: Example::of(
        r#"
[goals.churn]
name = "Monthly churn"
source = "billing"
value = "sum(lost) / first(opening)"
unit = "percent"
better = "lower"
target = 0.02
threshold = 0.025
lens = "customer"
sponsor = "Chief Customer Officer"
"#,
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (_, metric) in design.metrics() {
        let Role::Goal { sponsor: Some(sponsor), .. } = &metric.role else { continue };
        if are_several(sponsor) {
            let message = format!("the goal `{}` has more than one sponsor: {}", metric.id, sponsor.trim());
            let help = "name the one person who decides: `sponsor = \"Chief Customer Officer\"`";
            findings.push(RULE.finding(&metric.id, message).at(&metric.place, "").help(help));
        }
    }
    findings
}

/// Whether a text names more than one person beyond doubt.
fn are_several(sponsor: &str) -> bool {
    let mut parts = vec![sponsor];
    for joint in JOINED {
        parts = parts.into_iter().flat_map(|part| part.split(joint)).collect();
    }
    let kinds: Vec<Option<Kind>> = parts.into_iter().filter(|part| !part.trim().is_empty()).map(kind).collect();
    kinds.windows(2).any(|pair| pair[0].is_some() && pair[0] == pair[1])
}

/// What a part of a sponsor is beyond doubt.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Office,
    RankWithField,
    Name,
}

fn kind(part: &str) -> Option<Kind> {
    let words: Vec<&str> = part.split_whitespace().collect();
    let is_in = |list: &[&str], word: &str| {
        let word = word.trim_end_matches([',', '.']).to_lowercase();
        list.contains(&word.as_str())
    };
    let first = words.first()?;
    if is_in(&OFFICES, first) {
        return Some(Kind::Office);
    }
    if is_in(&RANKS, first) {
        let has_field = !words.iter().all(|word| is_in(&RANKS, word));
        return has_field.then_some(Kind::RankWithField);
    }
    let is_title = |word: &&str| [&OFFICES[..], &RANKS, &TITLES].iter().any(|list| is_in(list, word));
    let is_name = words.len() == 2 && words.iter().all(|word| is_capitalised(word)) && !words.iter().any(is_title);
    is_name.then_some(Kind::Name)
}

/// `Ada`, `Jean-Luc`, `O\u{2019}Neill`; not `HR`, nor `Lovelace,`.
fn is_capitalised(word: &str) -> bool {
    let is_of_letters = word.chars().all(|c| c.is_alphabetic() || ['-', '\'', '\u{2019}'].contains(&c));
    word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase) && is_of_letters
}

#[cfg(test)]
mod tests {
    use super::are_several;

    #[test]
    fn what_may_be_one_person_is_left_alone() {
        for one in [
            "Chief Customer Officer",
            "Head of Sales and Marketing",
            "Sales & Marketing Director",
            "SVP Sales and Marketing",
            "VP Research and Development",
            "Regional Operations and Sales Director",
            "Lovelace, Ada",
            "Ada Lovelace, PhD",
            "Ada Lovelace, Chief Customer and Digital Officer",
            "Ada Lovelace, Customer Service and Field Operations",
            "Ada Lovelace, Grace Hopper",
            "Gesch\u{e4}ftsf\u{fc}hrer, Vertrieb",
            "President and CEO",
            "SVP and Chief Financial Officer",
            "VP Finance and CFO",
            "Vice President and Director",
            "Chief Customer Officer; ",
            "Alexandra Anderson",
            "R&D Director",
            "",
        ] {
            assert!(!are_several(one), "{one}");
        }
    }

    #[test]
    fn two_offices_or_two_names_are_two_persons() {
        for two in [
            "Head of Service and Head of Network",
            "Chief Customer Officer and Head of Service",
            "CEO + CFO",
            "CEO / CFO",
            "VP Sales & VP Service",
            "Director of Sales, Director of Service and Director of Billing",
            "Ada Lovelace; Grace Hopper",
            "Ada Lovelace und Grace Hopper",
            "Ada Lovelace et Jean-Luc O\u{2019}Neill",
            "Ada Lovelace y Grace Hopper",
        ] {
            assert!(are_several(two), "{two}");
        }
    }
}
