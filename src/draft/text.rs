//! A proposal as the text of a scorecard, with comments for someone who has never seen the language.
//!
//! Whatever a header, a cell or a file is called: a text is quoted, and a comment stays on its line.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::column::Table;
use super::metrics::{Key, Metric};
use super::source::{Rows, Source};
use super::tree::{Area, Department, Goal, Tree};
use super::words;
use crate::observe::dialect::fold;
use crate::period::Grain;

/// What marks every decision that only a person can take.
pub(super) const MARK: &str = "# DECIDE:";

/// All that is written.
pub(super) struct Proposal<'p> {
    pub(super) title: String,
    pub(super) grain: Grain,
    pub(super) rows: usize,
    pub(super) sources: Vec<Source<'p>>,
    pub(super) tree: Tree,
}

/// The scorecard.
pub(super) fn text(proposal: &Proposal<'_>) -> String {
    let Proposal { sources, tree, .. } = proposal;
    let mut out = Text(String::new());
    head(proposal, &mut out);
    out.section(
        "who",
        &["A department is whoever runs the work that metrics measure. `lead = \"...\"` says who leads it."],
    );
    tree.departments.iter().for_each(|department| department_table(department, &mut out));
    let about = [
        "A source is one file, or several of one kind. `period` is the column that says when; `--by` and `--where` use",
        "`dimensions`. How numbers, dates and columns are written is found by looking, unless it is said here.",
    ];
    out.section("where the numbers come from", &about);
    sources.iter().for_each(|source| source_table(source, &tree.departments[source.department].id, &mut out));
    out.section("the goal", &["Where every thread ends: something a customer would notice, with one sponsor."]);
    goal(proposal, &mut out);
    let about = [
        "`value` is measured from a source's rows: `sum` adds them up, `first` and `last` read an opening and a closing,",
        "and a ratio is divided last, so that it holds for any region and any year. A target is written as the number is",
        "held: 0.8 for 80 %; without one a metric has figures and no status. `drives` is a claim: when this gets better,",
        "that gets better.",
    ];
    out.section("what drives it", &about);
    areas(tree, &mut out);
    for (at, department) in tree.departments.iter().enumerate() {
        node(department, tree.is_crowded, &mut out);
        sources.iter().filter(|source| source.department == at).for_each(|source| metrics(source, proposal, &mut out));
    }
    out.0
}

fn head(proposal: &Proposal<'_>, out: &mut Text) {
    let goal = &proposal.tree.top;
    out.comment("A first scorecard, proposed from the headers of your files and the first rows of each");
    out.comment(&format!("(at most {}). It runs as it stands:", crate::prose::grouped(&proposal.rows.to_string())));
    out.comment(&format!("  goldthread show            where do we stand?\n  goldthread thread {goal:<8} what does the goal rest on?\n  goldthread check           what is missing or odd?"));
    out.comment(
        "What only a person can know is marked DECIDE: decide it, then delete the mark. Delete what nobody needs:",
    );
    out.comment("a few metrics that somebody answers for are worth more than all that could be counted.");
    out.blank();
    out.line("[scorecard]");
    out.key("title", &quoted(&proposal.title), Some("what it is called"));
    out.key("grain", &quoted(proposal.grain.word()), None);
}

fn department_table(department: &Department, out: &mut Text) {
    out.blank();
    out.line(&format!("[departments.{}]", department.id));
    out.key("name", &quoted(&department.name), None);
}

fn source_table(source: &Source<'_>, department: &str, out: &mut Text) {
    let table = &source.table;
    let name = |at: &usize| quoted(&table.columns[*at].name);
    out.blank();
    out.line(&format!("[sources.{}]", source.id));
    out.key("path", &quoted(&source.path), None);
    out.key("department", &quoted(department), None);
    match &source.when.column {
        Some(column) => out.key("period", &name(column), None),
        None => {
            out.said("layout", "\"wide\"", "periods stand across, in the header; formulas call their cells `value`");
        }
    }
    if !source.dimensions.is_empty() {
        out.key("dimensions", &list(source.dimensions.iter().map(name)), None);
    }
    let columns = renamed(source);
    if !columns.is_empty() {
        out.said("columns", &inline(&columns), "what formulas call a column, and its header");
    }
    formats(source, out);
    kinds_of_rows(source, out);
    if !source.added.is_empty() {
        let added = crate::prose::shortened(&source.added.join(", "), 90);
        out.comment(&format!("not in every file, and left out: {added}"));
    }
    if !source.left_out.is_empty() {
        out.comment(&format!("not measured yet: {}", crate::prose::shortened(&source.left_out.join(", "), 90)));
    }
}

/// How the cells of a source are written, where that must be said.
fn formats(source: &Source<'_>, out: &mut Text) {
    match source.when.periods.order {
        Some((order, true)) => out.key("date_order", &quoted(order.word()), None),
        Some((_, false)) => {
            out.key("date_order", "\"dmy\"", Some("day first, or \"mdy\"? No date has a number over 12"));
        }
        None => {}
    }
    match numbers(source) {
        Some((example, true)) => out.key("numbers", &quoted(example), None),
        Some((example, false)) => {
            out.key("numbers", &quoted(example), Some("so written? A cell here can be read as two numbers"));
        }
        None => {}
    }
    scale(source, out);
}

/// Which of its lines are rows, and what they are told apart by.
fn kinds_of_rows(source: &Source<'_>, out: &mut Text) {
    match source.rows {
        Rows::Dimensions => {}
        Rows::Named(column) => {
            let name = quoted(&source.table.columns[column].name);
            out.said("key", &format!("[{name}]"), "what tells rows apart");
        }
        Rows::Events => {
            out.said("duplicates", "\"sum\"", "rows are events: several may share a period and its dimensions");
        }
    }
    if let Some(comment) = source.comment {
        out.said("comment", &quoted(comment), "lines that begin so are no rows");
    }
    if source.table.may_have_totals {
        out.key("totals", "[]", Some("a row says Total beside another word, and is taken as data; is it?"));
    }
    if let Some(sheet) = &source.sheet {
        out.key("sheet", &quoted(sheet), Some("the workbook has several"));
    }
    if let Some(others) = &source.ends_before {
        out.key(
            "required",
            "false",
            Some(&format!("it ends before others, which go on to {others}: should reports wait?")),
        );
    }
}

/// The columns that formulas call by another name than their header's own words.
fn renamed(source: &Source<'_>) -> Vec<(String, String)> {
    let columns = &source.table.columns;
    let mut used: BTreeSet<usize> = source.when.column.iter().chain(&source.dimensions).copied().collect();
    used.extend(source.metrics.iter().flat_map(|metric| &metric.columns));
    if let Rows::Named(column) = source.rows {
        used.insert(column);
    }
    let odd = used.into_iter().map(|at| &columns[at]).filter(|column| fold(&column.name) != fold(&column.header));
    odd.map(|column| (column.name.clone(), quoted(&column.header))).collect()
}

fn numbers(source: &Source<'_>) -> Option<(&'static str, bool)> {
    let table: &Table<'_> = &source.table;
    let read = source.metrics.iter().flat_map(|metric| &metric.columns).chain(&source.when.across).copied();
    table.declared_numbers(&read.collect())
}

fn scale(source: &Source<'_>, out: &mut Text) {
    let scaled = source.metrics.iter().filter_map(|metric| metric.scaled.as_ref());
    let factor = |beyond: bool| if beyond { "0.01".to_owned() } else { "1".to_owned() };
    let scaled: Vec<(String, String)> = scaled.map(|(name, beyond)| (name.clone(), factor(*beyond))).collect();
    if !scaled.is_empty() {
        out.key("scale", &inline(&scaled), Some("0.01 where cells are percentages, 1 where they are fractions"));
    }
}

fn goal(proposal: &Proposal<'_>, out: &mut Text) {
    out.blank();
    match &proposal.tree.goal {
        Goal::Measured { source, metric } => {
            let (source, metric) = (&proposal.sources[*source], &proposal.sources[*source].metrics[*metric]);
            out.line(&format!("[goals.{}]", metric.id));
            out.key("name", &quoted(&metric.name), Some("is this what the enterprise is for?"));
            measured(source, metric, out);
        }
        Goal::Placeholder(id) => {
            out.line(&format!("[goals.{id}]"));
            out.key("name", "\"Customer goal\"", Some("what is it all for? Lifetime value, churn, satisfaction, ..."));
            out.comment("no value: it is scored from what drives it. With one: value = \"a / b\", over metrics");
        }
    }
    out.later("sponsor", "the one person accountable for it");
    out.comment("DECIDE: what happens first? With `lag = 1` in its link it warns of the goal a period before");
    if proposal.tree.departments.len() < 2 {
        out.comment("DECIDE: who else has a part in it? Add the sources and metrics of other departments");
    }
}

fn measured(source: &Source<'_>, metric: &Metric, out: &mut Text) {
    let doubt = |key: Key| metric.doubts.iter().find(|(of, _)| *of == key).map(|(_, doubt)| *doubt);
    out.key("source", &quoted(&source.id), None);
    out.key("value", &quoted(&metric.value), doubt(Key::Value));
    if let Some(filter) = &metric.filter {
        out.key("where", &quoted(filter), None);
    }
    out.key("unit", &quoted(&metric.unit), doubt(Key::Unit));
    if let Some(decimals) = metric.decimals {
        out.key("decimals", &decimals.to_string(), None);
    }
    let (better, other) = if metric.is_better_higher { ("higher", "lower") } else { ("lower", "higher") };
    out.key("better", &quoted(better), Some(&format!("or \"{other}\"?")));
    match &metric.target {
        // A share's scale is declared for its own column, and not for that of its targets.
        Some(target) if metric.scaled.is_some() => {
            out.beside(&format!("# target = {}", quoted(target)), &format!("{MARK} is this what is promised?"));
        }
        Some(target) => out.key("target", &quoted(target), Some("is this what is promised?")),
        None => out.later("target", "what is promised"),
    }
}

fn areas(tree: &Tree, out: &mut Text) {
    tree.areas.iter().for_each(|one| area(one, None, tree.is_crowded, out));
}

/// A node that stands for others, of a department or of several.
fn area(area: &Area, department: Option<&str>, is_crowded: bool, out: &mut Text) {
    out.blank();
    out.line(&format!("[metrics.{}]", area.id));
    out.key("name", &quoted(&area.name), Some("what do they have in common?"));
    if let Some(department) = department {
        out.key("department", &quoted(department), None);
    }
    rollup(is_crowded, out);
    out.later("owner", "the one person who runs it");
    drives(&area.drives, out);
}

/// The node that a department's metrics drive together, and its parts.
fn node(department: &Department, is_crowded: bool, out: &mut Text) {
    let Some(node) = &department.node else { return };
    out.blank();
    out.line(&format!("[metrics.{node}]"));
    out.said("name", &quoted(&department.name), "no value: scored from what drives it");
    out.key("department", &quoted(&department.id), None);
    rollup(is_crowded, out);
    out.later("owner", "the one person who runs it");
    drives(&department.drives, out);
    department.parts.iter().for_each(|part| area(part, Some(&department.id), is_crowded, out));
}

/// Where a mean of so many would hide each of them, the worst one decides.
fn rollup(is_crowded: bool, out: &mut Text) {
    if is_crowded {
        out.key(
            "rollup",
            "\"weakest\"",
            Some("the worst driver is its score; in a mean of so many none would be seen"),
        );
    }
}

fn metrics(source: &Source<'_>, proposal: &Proposal<'_>, out: &mut Text) {
    for metric in source.metrics.iter().filter(|metric| metric.id != proposal.tree.top) {
        out.blank();
        out.line(&format!("[metrics.{}]", metric.id));
        out.key("name", &quoted(&metric.name), None);
        measured(source, metric, out);
        out.later("owner", "the one person who runs it");
        drives(&metric.drives, out);
    }
}

fn drives(up: &str, out: &mut Text) {
    out.key("drives", &format!("[{{ to = {} }}]", quoted(up)), Some("why? Add because = \"...\""));
}

/// Lines of a scorecard.
struct Text(String);

impl Text {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn blank(&mut self) {
        self.0.push('\n');
    }

    fn comment(&mut self, text: &str) {
        for line in text.lines() {
            self.line(&format!("# {}", visible(line)));
        }
    }

    fn section(&mut self, name: &str, about: &[&str]) {
        self.blank();
        self.line(&format!("# {} {name}", "-".repeat(100 - name.len())));
        about.iter().for_each(|line| self.comment(line));
    }

    /// A key; with what there is to decide about it.
    fn key(&mut self, key: &str, value: &str, decide: Option<&str>) {
        match decide {
            Some(decide) => self.beside(&format!("{key} = {value}"), &format!("{MARK} {}", visible(decide))),
            None => self.line(&format!("{key} = {value}")),
        }
    }

    /// A key and what it means.
    fn said(&mut self, key: &str, value: &str, meaning: &str) {
        self.beside(&format!("{key} = {value}"), &format!("# {}", visible(meaning)));
    }

    /// A key that only a person can give a value.
    fn later(&mut self, key: &str, decide: &str) {
        self.beside(&format!("# {key} ="), &format!("{MARK} {decide}"));
    }

    fn beside(&mut self, line: &str, comment: &str) {
        let _ = writeln!(self.0, "{line:<45} {comment}");
    }
}

/// A text on one line, without what is not seen.
fn visible(text: &str) -> String {
    text.chars().map(|c| if words::is_hidden(c) { ' ' } else { c }).collect()
}

/// A TOML string.
fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) && !text.contains('\'') && !text.contains(words::is_hidden) {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if words::is_hidden(c) => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

fn inline(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    format!("{{ {} }}", pairs.join(", "))
}
