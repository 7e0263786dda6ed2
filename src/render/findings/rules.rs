//! The list of rules, and the explanation of one.

use std::fmt::Write as _;

use crate::diagnostic::Code;
use crate::lint::{Example, Group, Rule};
use crate::render::wrap::wrapped;

/// Every rule with its severity and one line, by group, for so many columns.
pub fn list(rules: &[&Rule], columns: Option<usize>) -> String {
    let width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for group in Group::ALL {
        let _ = writeln!(out, "{}{}", if out.is_empty() { "" } else { "\n" }, group.word());
        for rule in rules.iter().filter(|rule| rule.group == group) {
            let indent = width + 13;
            let summary = wrapped(rule.summary, columns.map(|columns| columns.saturating_sub(indent)), 0);
            for (number, line) in summary.lines().enumerate() {
                let (name, severity) = if number == 0 { (rule.name, rule.severity.word()) } else { ("", "") };
                let _ = writeln!(out, "  {name:width$}  {severity:7}  {line}");
            }
        }
    }
    out
}

/// Every fault with what it means: no rules, for they are met on the way to any report.
pub fn faults(columns: Option<usize>) -> String {
    let width = Code::ALL.iter().map(|code| code.name().len()).max().unwrap_or(0);
    let mut out = "\nfaults, met on the way to any report; errors among them stop it\n".to_owned();
    for code in Code::ALL {
        let meaning = wrapped(code.meaning(), columns.map(|columns| columns.saturating_sub(width + 4)), 0);
        for (number, line) in meaning.lines().enumerate() {
            let _ = writeln!(out, "  {:width$}  {line}", if number == 0 { code.name() } else { "" });
        }
    }
    out
}

/// What a fault means.
pub fn fault(code: Code, columns: Option<usize>) -> String {
    let about = "A fault, met on the way to any report. As an error it stops the report, and `check` with 2; as a warning \
                 it can be weighed and silenced in `[check]` like a rule.";
    format!("# {code}\n\n{}\n{}", wrapped(code.meaning(), columns, 0), wrapped(about, columns, 0))
}

/// What a rule does, why it matters, an example, and what to write instead, in Markdown.
pub fn rule(rule: &Rule, columns: Option<usize>) -> String {
    let paragraph = |text: &str| wrapped(text, columns, 0).trim_end().to_owned();
    format!(
        "# {name}\n\n{summary}\n\n## What it does\n\n{what}\n\n## Why it matters\n\n{why}\n\n\
         ## Example\n\n{example}## Use instead\n\n{instead}\
         The examples replace tables and files of the sample scorecard (`goldthread init --sample`).\n",
        name = rule.name,
        summary = paragraph(&format!(
            "{}. ({}, {})",
            crate::prose::capitalised(rule.summary),
            rule.severity.word(),
            rule.group.word()
        )),
        what = paragraph(rule.what),
        why = paragraph(rule.why),
        example = example(&rule.example),
        instead = example(&rule.instead),
    )
}

fn example(example: &Example) -> String {
    let mut out = String::new();
    if let Some(earlier) = example.earlier {
        let _ = write!(out, "The earlier version:\n\n{}Now:\n\n", block("toml", earlier));
    }
    if !example.tables.trim().is_empty() {
        out.push_str(&block("toml", example.tables));
    }
    for (path, text) in example.files {
        let _ = write!(out, "`{path}`:\n\n{}", block("csv", text));
    }
    out
}

fn block(language: &str, text: &str) -> String {
    format!("```{language}\n{}\n```\n\n", text.trim())
}
