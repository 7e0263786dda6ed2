//! Rules about how metrics, goals, departments and stages hang together; and the walks they share.

pub(super) mod counted_twice;
pub(super) mod department_without_thread;
pub(super) mod empty_stage;
pub(super) mod goal_without_sponsor;
pub(super) mod link_without_reason;
pub(super) mod no_leading_driver;
pub(super) mod one_department_stage;
pub(super) mod several_sponsors;
pub(super) mod siloed_thread;
pub(super) mod too_many_drivers;
pub(super) mod too_many_metrics;
pub(super) mod unlinked_metric;
pub(super) mod unowned_metric;
pub(super) mod unreached_goal;
pub(super) mod weightless_link;

use crate::metric::{DepartmentId, Link, MetricId, Scorecard};

/// Of each metric, in file order: whether it is a goal or feeds one.
fn reaching(scorecard: &Scorecard) -> Vec<bool> {
    let mut reaching = vec![false; scorecard.metrics.len()];
    // Parents first.
    for id in scorecard.graph.children_first().iter().rev() {
        let fed = scorecard.graph.parents(*id).iter().any(|parent| reaching[parent.index()]);
        reaching[id.index()] = fed || scorecard.metric(*id).is_goal();
    }
    reaching
}

/// Of each department, in file order: whether it has metrics and none of them reaches a goal.
fn adrift(scorecard: &Scorecard, reaching: &[bool]) -> Vec<bool> {
    let mut adrift = vec![None; scorecard.departments.len()];
    for id in scorecard.ids() {
        if let Some(department) = scorecard.department_id_of(id) {
            let known: &mut Option<bool> = &mut adrift[department.index()];
            *known = Some(known.unwrap_or(true) && !reaching[id.index()]);
        }
    }
    adrift.into_iter().map(|adrift| adrift == Some(true)).collect()
}

/// The metrics of a department, in file order.
fn metrics_of(scorecard: &Scorecard, department: DepartmentId) -> impl Iterator<Item = MetricId> + use<'_> {
    scorecard.ids().filter(move |id| scorecard.department_id_of(*id) == Some(department))
}

/// Every link, by what it leads to.
fn links(scorecard: &Scorecard) -> impl Iterator<Item = &Link> {
    scorecard.ids().flat_map(|id| scorecard.graph.links_into(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scorecard::{load, resolve};

    /// A checked scorecard from its text.
    pub(super) fn scorecard(text: &str) -> Scorecard {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("scorecard.toml");
        std::fs::write(&path, text).expect("a file");
        resolve(&load(&path)).expect("a sound scorecard")
    }

    #[test]
    fn an_input_of_what_reaches_a_goal_reaches_it() {
        let scorecard = scorecard(
            "[departments.a]\n[departments.b]\n[departments.c]\n[goals.goal]\n\
             [metrics.ratio]\nvalue = \"up / down\"\nunit = \"x\"\ndrives = [\"goal\"]\n\
             [metrics.up]\nsource = \"s\"\nvalue = \"sum(x)\"\nunit = \"x\"\ndepartment = \"a\"\n\
             [metrics.down]\nsource = \"s\"\nvalue = \"sum(y)\"\nunit = \"x\"\n\
             [metrics.aside]\nsource = \"s\"\nvalue = \"sum(z)\"\nunit = \"x\"\ndepartment = \"b\"\n\
             [sources.s]\npath = \"s.csv\"\nperiod = \"month\"\n",
        );
        let reaching = reaching(&scorecard);
        assert_eq!(reaching, [true, true, true, true, false]);
        // `a` reaches the goal, `b` does not, and `c` has nothing that could.
        assert_eq!(adrift(&scorecard, &reaching), [false, true, false]);
    }
}
