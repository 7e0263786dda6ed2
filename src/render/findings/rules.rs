//! The list of rules, and the explanation of one.

use std::fmt::Write as _;

use crate::lint::{Example, Group, Rule};

/// Every rule with its severity and one line, by group.
pub fn list(rules: &[&Rule]) -> String {
    let width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for group in Group::ALL {
        let _ = writeln!(out, "{}{}", if out.is_empty() { "" } else { "\n" }, group.word());
        for rule in rules.iter().filter(|rule| rule.group == group) {
            let _ = writeln!(out, "  {:width$}  {:7}  {}", rule.name, rule.severity.word(), rule.summary);
        }
    }
    out
}

/// What a rule does, why it matters, an example, and what to write instead, in Markdown.
pub fn rule(rule: &Rule) -> String {
    format!(
        "# {name}\n\n{summary}. ({severity}, {group})\n\n## What it does\n\n{what}\n\n## Why it matters\n\n{why}\n\n\
         ## Example\n\n{example}## Use instead\n\n{instead}\
         The examples replace tables and files of the sample scorecard (`goldthread init --sample`).\n",
        name = rule.name,
        summary = capitalised(rule.summary),
        severity = rule.severity.word(),
        group = rule.group.word(),
        what = rule.what,
        why = rule.why,
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

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
