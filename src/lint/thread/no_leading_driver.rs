//! Goals about which nothing warns beforehand.

use crate::diagnostic::{Diagnostic, Severity};
use crate::graph::Tie;
use crate::lint::{Check, Design, Example, Group, Rule};
use crate::metric::Scorecard;

/// See its `why`.
pub(in crate::lint) const RULE: Rule = Rule {
    name: "no-leading-driver",
    group: Group::Thread,
    severity: Severity::Note,
    summary: "no link on the way to a goal has a `lag`, so nothing warns beforehand",
    what: "Finds goals with at least one link below them, where no link on any path up to the goal has a `lag` above 0. A \
           definition passes on what comes before it, and has no lag itself. A goal without any link below it is not \
           found. Where all these links lie below another goal of the thread, that goal alone is found.",
    why: "When everything below a goal moves in the same month as the goal, the scorecard explains bad news and never warns \
          of it: by the time a driver is red, the customers have gone. Somewhere in the thread something happens first.",
    example: Example::of(
        r#"
[goals.growth]
name = "New customers"
source = "billing"
value = "sum(joined)"
unit = "customers"
better = "higher"
target = 1620
threshold = 1500
sponsor = "Chief Commercial Officer"

[metrics.arpu]
name = "Revenue per customer"
source = "billing"
value = "sum(revenue) / first(opening)"
unit = "EUR"
better = "higher"
target = 31.5
threshold = 30
owner = "Head of Pricing"
drives = [{ to = "growth", because = "the dearer the tariff, the more of our own sellers offer it" }]
"#,
    ),
    instead: Example::of(
        r#"
[goals.growth]
name = "New customers"
source = "billing"
value = "sum(joined)"
unit = "customers"
better = "higher"
target = 1620
threshold = 1500
sponsor = "Chief Commercial Officer"

[metrics.arpu]
name = "Revenue per customer"
source = "billing"
value = "sum(revenue) / first(opening)"
unit = "EUR"
better = "higher"
target = 31.5
threshold = 30
owner = "Head of Pricing"
drives = [{ to = "growth", lag = 1, because = "the dearer the tariff, the more of our own sellers offer it" }]
"#,
    ),
    check: Check::Design(check),
};

fn check(design: &Design<'_>) -> Vec<Diagnostic> {
    let below = below(design.scorecard);
    let mut findings = Vec::new();
    for (id, goal) in design.metrics().filter(|(_, metric)| metric.is_goal()) {
        let Below { has_own_link: true, has_lag: false } = below[id.index()] else { continue };
        let message = format!("no link on the way to `{}` has a `lag`, so nothing warns beforehand", goal.id);
        let help = "say after how many periods an effect is expected, `lag = 1`, or link what happens first";
        findings.push(RULE.finding(&goal.id, message).at(&goal.place, "").help(help));
    }
    findings
}

/// What is true of the links on the paths up to a node.
#[derive(Clone, Copy, Debug, Default)]
struct Below {
    /// There is one that does not lie below another goal.
    has_own_link: bool,
    /// There is one with a lag.
    has_lag: bool,
}

fn below(scorecard: &Scorecard) -> Vec<Below> {
    let mut below = vec![Below::default(); scorecard.metrics.len()];
    for id in scorecard.graph.children_first() {
        let mut here = Below::default();
        for edge in scorecard.graph.children(*id) {
            let child = below[edge.child.index()];
            here.has_lag |= child.has_lag || matches!(&edge.tie, Tie::Link(link) if link.lag > 0);
            here.has_own_link |=
                matches!(edge.tie, Tie::Link(_)) || (child.has_own_link && !scorecard.metric(edge.child).is_goal());
        }
        below[id.index()] = here;
    }
    below
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::thread::tests::scorecard;

    /// The goals found: `upper` is computed from `lower`, which `driver` drives over `middle`.
    fn found(into_lower: &str, into_upper: &str) -> Vec<String> {
        let scorecard = scorecard(&format!(
            "[goals.upper]\nvalue = \"lower\"\nunit = \"x\"\n\
             [goals.lower]\nvalue = \"middle\"\nunit = \"x\"\n\
             [metrics.middle]\n\
             [metrics.driver]\nsource = \"s\"\nvalue = \"sum(x)\"\nunit = \"x\"\ndrives = [{into_lower}]\n\
             [metrics.other]\nsource = \"s\"\nvalue = \"sum(y)\"\nunit = \"x\"\ndrives = [{into_upper}]\n\
             [sources.s]\npath = \"s.csv\"\nperiod = \"month\"\n"
        ));
        let findings = check(&Design { scorecard: &scorecard, repository: None });
        findings.into_iter().filter_map(|finding| finding.about).collect()
    }

    #[test]
    fn a_lag_passes_through_definitions_up_to_every_goal() {
        assert!(found("{ to = \"middle\", lag = 1 }", "").is_empty());
        assert!(found("{ to = \"middle\", lag = 1 }", "\"upper\"").is_empty());
    }

    #[test]
    fn links_below_another_goal_are_told_there() {
        assert_eq!(found("\"middle\"", ""), ["lower"]);
        assert_eq!(found("\"middle\"", "\"upper\""), ["upper", "lower"]);
        // What warns of the upper goal does not warn of the lower.
        assert_eq!(found("\"middle\"", "{ to = \"upper\", lag = 2 }"), ["lower"]);
    }
}
