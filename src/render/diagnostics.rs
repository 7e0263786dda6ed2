//! Findings with the text they point at, in the look of rustc. The only home of annotate-snippets.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::Palette;
use super::style::harmless;
use crate::diagnostic::{Diagnostic, Files, Label, Locus, Severity};

/// All findings, each followed by a blank line.
pub fn diagnostics(found: &[Diagnostic], files: &Files, palette: Palette) -> String {
    let renderer = match palette {
        Palette::Plain => Renderer::plain(),
        Palette::Colour => Renderer::styled(),
    };
    found.iter().map(|diagnostic| format!("{}\n\n", one(diagnostic, files, &renderer))).collect()
}

fn one(diagnostic: &Diagnostic, files: &Files, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let message = harmless(&diagnostic.message);
    let mut group = Group::with_title(level.primary_title(message.as_str()).id(diagnostic.code.as_str()));
    for (index, label) in diagnostic.labels.iter().enumerate() {
        // Labels of one file share a snippet, begun at the first of them.
        let first = diagnostic.labels[..index].iter().all(|earlier| !same_file(earlier, label));
        if first {
            let together: Vec<(usize, &Label)> =
                diagnostic.labels.iter().enumerate().skip(index).filter(|(_, other)| same_file(label, other)).collect();
            group = group.element(snippet(&together, files));
        }
    }
    let notes: Vec<String> = diagnostic.notes.iter().map(|note| harmless(note)).collect();
    for note in &notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    let help = diagnostic.help.as_deref().map(harmless);
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group]).to_string()
}

fn same_file(a: &Label, b: &Label) -> bool {
    match (&a.locus, &b.locus) {
        (Locus::Scorecard(a), Locus::Scorecard(b)) => a.file == b.file,
        // Of a long line each label may show another stretch.
        (Locus::Data { path: a, line: one, text, .. }, Locus::Data { path: b, line: other, text: shown, .. }) => {
            a == b && one == other && text == shown
        }
        _ => false,
    }
}

fn snippet<'f>(labels: &[(usize, &'f Label)], files: &'f Files) -> Snippet<'f, Annotation<'f>> {
    let (source, path, line) = match &labels[0].1.locus {
        Locus::Scorecard(place) => {
            let file = files.get(place.file);
            (file.text.as_str(), file.path.as_str(), 1)
        }
        Locus::Data { path, line, text, .. } => (text.as_str(), path.as_str(), *line),
    };
    let mut snippet = Snippet::source(source).path(path).line_start(line);
    for (index, label) in labels {
        let span = match &label.locus {
            Locus::Scorecard(place) => place.span.clone(),
            Locus::Data { span, .. } => span.clone(),
        };
        let kind = if *index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let annotation = kind.span(span);
        snippet =
            snippet.annotation(if label.text.is_empty() { annotation } else { annotation.label(label.text.as_str()) });
    }
    snippet
}
