//! The page that shows a folder of pictures: titles, pictures with their descriptions, notes, and what was not drawn.
//!
//! Markdown that any viewer of a repository shows. Knows its own pages again, and no other.

use super::{Heading, Provenance, Refusal};
use crate::render::markdown::escaped;

/// The first line of every such page.
const MADE: &str = "<!-- made by `goldthread chart --all`, and made anew by the next run -->";

/// A picture of the folder.
pub struct Listed<'l> {
    /// The name of its file.
    pub file: &'l str,
    /// What stands around it.
    pub heading: &'l Heading,
}

/// A picture that there is not.
pub struct Undrawn<'u> {
    /// What was asked for.
    pub name: &'u str,
    /// Why it says nothing.
    pub refusal: &'u Refusal,
}

/// The page, as Markdown: of what it is, the pictures in their order, what was not drawn.
pub fn index(title: &str, pictures: &[Listed<'_>], undrawn: &[Undrawn<'_>], provenance: &Provenance) -> String {
    let mut page = format!("{MADE}\n\n# {}\n\n{}\n", inline(title), inline(&provenance.signature()));
    for Listed { file, heading } in pictures {
        let description = if heading.description.is_empty() { &heading.title } else { &heading.description };
        page.push_str(&format!("\n## {}\n\n", inline(&heading.title)));
        page.push_str(&format!("{}\n\n![{}]({file})\n", inline(&heading.subtitle), inline(description)));
        if !heading.notes.is_empty() {
            page.push('\n');
        }
        for note in &heading.notes {
            page.push_str(&format!("- {}\n", inline(note)));
        }
    }
    if !undrawn.is_empty() {
        page.push_str("\n## Not drawn\n\n");
    }
    for Undrawn { name, refusal } in undrawn {
        page.push_str(&format!("- {}: {} ({})\n", inline(name), inline(&refusal.reason), inline(&refusal.help)));
    }
    page
}

/// The files that an earlier page shows; `None` where the text is no such page.
pub fn listed(page: &str) -> Option<Vec<&str>> {
    let rest = page.strip_prefix(MADE)?;
    let file = |line: &'_ str| -> Option<(usize, usize)> {
        let begin = line.strip_prefix("![").and_then(|_| line.rfind("]("))? + 2;
        line.ends_with(')').then_some((begin, line.len() - 1))
    };
    Some(rest.lines().filter_map(|line| file(line).and_then(|(begin, end)| line.get(begin..end))).collect())
}

/// A text on one line of Markdown, of which no markup comes.
fn inline(text: &str) -> String {
    escaped(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_tells_what_it_shows_whatever_names_are_in_it() {
        let heading = Heading {
            title: "A [b](c.png) <img>".to_owned(),
            subtitle: "Of\nwhat".to_owned(),
            notes: vec!["# one".to_owned()],
            description: "In words](x.png)\nand lines".to_owned(),
        };
        let refusal = Refusal::new("no stage is declared", "declare `stages`");
        let pictures = [Listed { file: "tree.png", heading: &heading }, Listed { file: "b-2.svg", heading: &heading }];
        let undrawn = [Undrawn { name: "heatmap", refusal: &refusal }];
        let page = index("T", &pictures, &undrawn, &Provenance::default());
        assert_eq!(listed(&page), Some(vec!["tree.png", "b-2.svg"]));
        assert!(page.contains(
            "\n## A \\[b\\](c.png) &lt;img&gt;\n\nOf what\n\n![In words\\](x.png) and lines](tree.png)\n\n- \\# one\n"
        ));
        assert!(page.ends_with("\n## Not drawn\n\n- heatmap: no stage is declared (declare \\`stages\\`)\n"), "{page}");
        assert_eq!(listed("# my own\n![a](b.png)\n"), None);
    }
}
