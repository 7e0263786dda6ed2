//! One thread as two trees. A definition is a solid line, a link a dotted one, everywhere.

use super::super::number::{NOTHING, score};
use super::super::steadiness::{of_variation, sentence};
use super::super::style::{Palette, Tone, harmless, paint, shape, status};
use super::notes::{promise_line, quantity_line};
use crate::prose;
use crate::render::wrap::wrapped;
use crate::view::{Branch, Steadiness, ThreadView, TieShown};

/// The thread as text.
pub fn thread(view: &ThreadView, width: Option<usize>, palette: Palette) -> String {
    let mut writer = Writer { out: String::new(), width, palette, grain: view.grain.word() };
    writer.head(view);
    writer.section("Up to its goals", &view.up, "nothing: the thread ends here");
    writer.section("Down to its leaves", &view.down, "nothing feeds it: it is a leaf");
    writer.losses(view);
    writer.out.push_str(&paint(palette, Tone::Faint, "\n── input of a definition (arithmetic)   ┄┄ link (a claim)\n"));
    writer.out
}

struct Writer {
    out: String,
    width: Option<usize>,
    palette: Palette,
    grain: &'static str,
}

impl Writer {
    fn paint(&self, tone: Tone, text: &str) -> String {
        paint(self.palette, tone, text)
    }

    fn head(&mut self, view: &ThreadView) {
        let head = &view.head;
        self.out.push_str(&format!(
            "{}  {}\n",
            self.paint(Tone::Strong, &harmless(&head.name)),
            self.paint(Tone::Faint, &view.period)
        ));
        let target = view.target.as_ref().map_or(String::new(), |target| format!(", target {}", promise_line(target)));
        self.out.push_str(&format!(
            "  {}{target}  {}\n",
            self.paint(Tone::Strong, &actual(head)),
            self.paint(Tone::of(head.status), &status(head.status))
        ));
        self.remarks(head.absent.as_ref().map(|absent| format!("{NOTHING} {}", harmless(absent))));
        if let (Some((points, standing)), false) = (head.thread, view.down.is_empty()) {
            self.out.push_str(&format!(
                "  thread score {}\n",
                self.paint(Tone::of(standing), &format!("{} {}", score(points), status(standing)))
            ));
        }
        let steadiness = view.steadiness.as_ref();
        let marked =
            |steadiness: &Steadiness| Some(format!("{} {}", of_variation(steadiness.variation), sentence(steadiness)?));
        self.remarks(steadiness.and_then(marked));
        self.remarks(head.caveats.iter().map(|caveat| harmless(caveat)));
        if let Some(definition) = &view.definition {
            self.out.push_str(&format!("  = {}\n", harmless(definition)));
        }
        let whose: Vec<String> = view.department.iter().chain(&view.owner).map(|name| harmless(name)).collect();
        if !whose.is_empty() {
            self.out.push_str(&format!("  {}\n", self.paint(Tone::Faint, &whose.join(", "))));
        }
    }

    /// Lines below the head, indented like it.
    fn remarks(&mut self, texts: impl IntoIterator<Item = String>) {
        let room = self.width.map(|width| width.saturating_sub(2));
        for text in texts {
            wrapped(&text, room, 2).lines().for_each(|line| self.out.push_str(&format!("  {line}\n")));
        }
    }

    fn section(&mut self, title: &str, branches: &[Branch], none: &str) {
        self.out.push_str(&format!("\n{}\n", self.paint(Tone::Strong, title)));
        if branches.is_empty() {
            self.out.push_str(&format!("  {}\n", self.paint(Tone::Faint, none)));
        }
        self.branches(branches, "  ");
    }

    fn branches(&mut self, branches: &[Branch], indent: &str) {
        for (index, branch) in branches.iter().enumerate() {
            let last = index + 1 == branches.len();
            let dotted = matches!(branch.tie, Some(TieShown::Link { .. }));
            let corner = match (last, dotted) {
                (false, false) => "├──",
                (true, false) => "└──",
                (false, true) => "├┄┄",
                (true, true) => "└┄┄",
            };
            let (line, remarks) = self.line(branch);
            self.out.push_str(&format!("{indent}{corner} {line}\n"));
            let deeper = format!("{indent}{}", if last { "    " } else { "│   " });
            for remark in remarks {
                let margin = format!("{deeper}{} ", if branch.next.is_empty() { " " } else { "│" });
                let room = self.width.map(|width| width.saturating_sub(margin.chars().count()).max(20));
                for line in wrapped(&remark, room, 0).lines() {
                    self.out.push_str(&format!("{margin}{}\n", self.paint(Tone::Faint, line)));
                }
            }
            self.branches(&branch.next, &deeper);
        }
    }

    /// A branch on its own line, and what is said of it below.
    fn line(&self, branch: &Branch) -> (String, Vec<String>) {
        let mut parts = vec![self.paint(Tone::Plain, &harmless(&branch.name))];
        if branch.actual.is_some() || branch.absent.is_some() {
            parts.push(self.paint(Tone::Strong, &actual(branch)));
        }
        let points = branch.thread.map_or(String::new(), |(points, _)| format!(" {}", score(points)));
        parts.push(self.paint(Tone::of(branch.status), &format!("{}{points}", shape(branch.status))));
        let mut remarks = Vec::new();
        match &branch.tie {
            Some(TieShown::Definition { percent }) => {
                parts.push(self.paint(Tone::Faint, &format!("input ({percent} %)")));
            }
            Some(TieShown::Link { weight, percent, lag, because: reason }) => {
                let lag =
                    if *lag > 0 { format!(", lag {}", prose::count(*lag as usize, self.grain)) } else { String::new() };
                parts.push(self.paint(Tone::Faint, &format!("weight {weight} ({percent} %){lag}")));
                remarks.extend(reason.as_ref().map(|reason| format!("“{}”", harmless(reason))));
            }
            None => {}
        }
        if let Some(drag) = branch.drag {
            parts.push(self.paint(Tone::Gold, &format!("costs {}", score(drag))));
        }
        if branch.seen_above {
            parts.push(self.paint(Tone::Faint, "(shown above)"));
        }
        // Shown again, a node is only named.
        if !branch.seen_above {
            remarks.extend(branch.caveats.iter().map(|caveat| harmless(caveat)));
        }
        (parts.join("  "), remarks)
    }

    fn losses(&mut self, view: &ThreadView) {
        if let Some((points, lost)) = view.loss {
            let path: Vec<String> = view.path.iter().rev().map(|name| harmless(name)).collect();
            let text = format!(
                "Loses the most at {}: {} of {} points ({})",
                path[0],
                score(points),
                score(lost),
                path.join(" → ")
            );
            self.out.push_str(&format!("\n{}\n", self.paint(Tone::Gold, wrapped(&text, self.width, 2).trim_end())));
        }
        if view.costs.is_empty() {
            return;
        }
        self.out.push('\n');
        for cost in &view.costs {
            let text = format!(
                "Costs {} {} of the {} points it loses",
                harmless(&cost.goal),
                score(cost.points),
                score(cost.lost)
            );
            self.out.push_str(&format!("{}\n", self.paint(Tone::Gold, wrapped(&text, self.width, 2).trim_end())));
        }
    }
}

fn actual(branch: &Branch) -> String {
    branch.actual.as_ref().map_or_else(|| NOTHING.to_owned(), quantity_line)
}
