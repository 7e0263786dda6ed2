//! What a tree says in words: the title, the description for those who cannot see it, how it is read.

use super::{Loss, Tied, Tree, TreeNode};
use crate::metric::{MetricId, Scorecard};
use crate::prose;
use crate::status::Status;
use crate::view::chart::Subject;
use crate::view::chart::words::{Culprits, points};

/// Of a name in a title, so that the numbers behind it are not what is left out.
const LONGEST_NAME: usize = 60;

/// The message that the numbers give.
pub(super) fn title(subject: &Subject<'_>, tree: &Tree, heads: &[MetricId], worst: Option<&Culprits>) -> String {
    let scorecard = subject.scorecard();
    let heads = Heads::of(scorecard, tree, heads);
    let all_on_target = heads.nodes.iter().all(|node| node.status == Status::OnTarget);
    match worst {
        Some(worst) if all_on_target => format!("{}, yet {}", heads.all(), worst.sentence(scorecard)),
        Some(worst) => worst.sentence(scorecard),
        None if all_on_target => heads.all(),
        None => heads.without_loss(),
    }
}

/// Goals, or what stands in their place.
struct Heads<'h> {
    nodes: Vec<&'h TreeNode>,
    /// Whether these are all the goals there are.
    complete: bool,
    are_goals: bool,
}

impl<'h> Heads<'h> {
    fn of(scorecard: &Scorecard, tree: &'h Tree, heads: &[MetricId]) -> Heads<'h> {
        let nodes: Vec<&TreeNode> = tree.nodes.iter().filter(|node| heads.contains(&node.id)).collect();
        let goals = scorecard.ids().filter(|id| scorecard.metric(*id).is_goal()).count();
        let are_goals = nodes.iter().any(|node| node.is_goal);
        // Without goals it is about all that is drawn.
        let nodes = if are_goals { nodes } else { tree.nodes.iter().collect() };
        Heads { complete: are_goals && nodes.len() == goals, are_goals, nodes }
    }

    fn noun(&self) -> &'static str {
        if self.are_goals { "goal" } else { "metric" }
    }

    fn all(&self) -> String {
        match self.nodes.as_slice() {
            [one] => format!("{} is on target", prose::shortened(&one.name, LONGEST_NAME)),
            _ if self.complete => format!("Every {} is on target", self.noun()),
            _ => format!("Every {} shown is on target", self.noun()),
        }
    }

    /// Where no thread loses anything, and yet not all is well.
    fn without_loss(&self) -> String {
        let at_odds = |node: &&&TreeNode| node.status != Status::OnTarget && node.thread.is_some();
        if let Some((node, (score, _))) = self.nodes.iter().find(at_odds).and_then(|node| Some((node, node.thread?))) {
            return format!("{} is {}, although its thread scores {}", node.name, node.status.word(), points(score));
        }
        let is_judged = |node: &&&TreeNode| !matches!(node.status, Status::NoData | Status::NoTarget);
        let on_target = self.nodes.iter().filter(|node| node.status == Status::OnTarget).count();
        match self.nodes.as_slice() {
            [one] if one.status == Status::NoData => format!("{} has no score: too little has data", one.name),
            [one] => format!("{} is {}", one.name, one.status.word()),
            nodes if !nodes.iter().any(|node| is_judged(&node)) => {
                format!("No {} has a score: too little has both data and a target", self.noun())
            }
            nodes => {
                let verb = if on_target == 1 { "is" } else { "are" };
                let shown = if self.complete { "" } else { " shown" };
                format!("{on_target} of {}{shown} {verb} on target", prose::count(nodes.len(), self.noun()))
            }
        }
    }
}

/// The picture in words.
pub(super) fn description(scorecard: &Scorecard, tree: &Tree, heads: &[MetricId], worst: Option<&Loss>) -> String {
    let definitions = tree.edges.iter().filter(|edge| edge.tied == Tied::Definition).count();
    let links = tree.edges.iter().filter(|edge| matches!(edge.tied, Tied::Link { .. })).count();
    let mut text = format!(
        "A tree of {}, goals left, what feeds them to their right, tied by {} of definitions and {}.",
        prose::count(tree.nodes.len(), "metric"),
        prose::count(definitions, "input"),
        prose::count(links, "link"),
    );
    for node in tree.nodes.iter().filter(|node| heads.contains(&node.id)) {
        text.push_str(&format!(" {}: {}", node.name, node.status.word()));
        if let Some((score, _)) = node.thread {
            text.push_str(&format!(", thread score {}", points(score)));
        }
        text.push('.');
    }
    if let Some(loss) = worst {
        let names: Vec<&str> = loss.path.iter().map(|id| scorecard.metric(*id).name.as_str()).collect();
        text.push_str(&format!(" The weakest path, from goal to leaf: {}.", names.join(", ")));
    }
    text
}

/// How it is to be read.
pub(super) fn notes(tree: &Tree) -> Vec<String> {
    let mut sentences = Vec::new();
    if tree.nodes.iter().any(|node| node.variance.is_some()) {
        sentences.push("Signed numbers: actual minus target.");
    }
    if tree.nodes.iter().any(|node| node.thread.is_some()) {
        sentences
            .push("Thread: what the far ends of the thread say of a metric, 0 to 100; points: what is lost of 100.");
    }
    if sentences.is_empty() { Vec::new() } else { vec![sentences.join(" ")] }
}
