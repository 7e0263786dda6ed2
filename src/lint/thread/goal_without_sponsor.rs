//! Goals that everyone and so no one owns.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::Role;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "goal-without-sponsor",
    group: Group::Thread,
    severity: Severity::Error,
    summary: "a goal has no one person accountable for it",
    what: "Finds goals without a `sponsor`, or with an empty one, and goals whose `sponsor` names several: \"A and B\", \
           \"A & B\", \"A / B\", \"A; B\", \"A, B\". One office over two fields (\"Head of Sales and Marketing\") is one \
           person, and so is a name beside its office (\"Ada Lovelace, Chief Customer Officer\").",
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
        let Role::Goal { sponsor, .. } = &metric.role else { continue };
        let help = "name the one person who decides: `sponsor = \"Chief Customer Officer\"`";
        match sponsor.as_deref().map(str::trim).filter(|sponsor| !sponsor.is_empty()) {
            None => {
                let message = format!("the goal `{}` has no sponsor", metric.id);
                findings.push(RULE.finding(&metric.id, message).at(&metric.place, "").help(help));
            }
            Some(sponsor) if several(sponsor) => {
                let message = format!("the goal `{}` has more than one sponsor: {sponsor}", metric.id);
                findings.push(RULE.finding(&metric.id, message).at(&metric.place, "").help(help));
            }
            Some(_) => {}
        }
    }
    findings
}

/// Whether a text names more than one person. "Head of Sales and Marketing" and "Ada Lovelace, Chief Customer Officer" are
/// one; so "Ada and Grace" and "Head of Service, Head of Network" are two.
fn several(sponsor: &str) -> bool {
    let persons = sponsor.split([';', '/']).filter(|person| !person.trim().is_empty());
    let persons: Vec<&str> = persons.collect();
    persons.len() > 1 || persons.iter().any(|person| is_list(person))
}

/// The same, of what commas and `and` join.
fn is_list(sponsor: &str) -> bool {
    let joined = |text: &'_ str| text.split('&').flat_map(|part| part.split(" and ")).map(str::to_owned).collect();
    let groups: Vec<Vec<String>> = sponsor.split(',').map(joined).collect();
    let parts: Vec<&String> = groups.iter().flatten().filter(|part| !part.trim().is_empty()).collect();
    let offices = parts.iter().filter(|part| part.split_whitespace().any(is_office)).count();
    // A name joined to an office by `and` is a second person; by a comma it is whose office it is.
    let is_joined = |group: &Vec<String>| {
        let begins = |part: &String| part.split_whitespace().next().is_some_and(is_office);
        group.len() > 1 && !begins(&group[0]) && group[1..].iter().any(begins)
    };
    parts.len() > 1 && (offices != 1 || groups.iter().any(is_joined))
}

fn is_office(word: &str) -> bool {
    let acronym = word.len() == 3 && word.starts_with('C') && word.ends_with('O');
    let word = word.to_lowercase();
    let offices = [
        "chief",
        "head",
        "director",
        "vice",
        "vp",
        "president",
        "manager",
        "lead",
        "officer",
        "partner",
        "commissioner",
    ];
    acronym || offices.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::several;

    #[test]
    fn one_office_over_two_fields_is_one_person() {
        for one in [
            "Chief Customer Officer",
            "Head of Sales and Marketing",
            "Sales & Marketing Director",
            "VP Research and Development",
            "Ada Lovelace",
            "Ada Lovelace, Chief Customer Officer",
            "CFO, Grace Hopper",
            "Finance partner, Customer Base",
            "Chief Customer Officer, ",
            "Alexandra Anderson",
            "Lan Cao",
        ] {
            assert!(!several(one), "{one}");
        }
    }

    #[test]
    fn two_names_or_two_offices_are_two_persons() {
        for two in [
            "Head of Service and Head of Network",
            "Head of Service, Head of Network",
            "Ada & Grace",
            "Ada Lovelace, Grace Hopper",
            "CEO/CFO",
            "Ada Lovelace; Grace Hopper",
            "Ada Lovelace and Head of Service",
            "Ada, Grace and Mary",
        ] {
            assert!(several(two), "{two}");
        }
    }
}
