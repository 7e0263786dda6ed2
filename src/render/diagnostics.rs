//! Findings with the text they point at, in the look of rustc. The only home of annotate-snippets.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::Palette;
use super::style::{harmless, is_hostile};
use super::wrap::wrapped;
use crate::diagnostic::{Diagnostic, Files, Label, Locus, Severity};

/// All findings, each followed by a blank line.
pub fn diagnostics(found: &[Diagnostic], files: &Files, palette: Palette) -> String {
    annotated(found, files, palette, None)
}

/// The same for so many columns: a longer line of source is cut around what is meant.
pub(super) fn annotated(found: &[Diagnostic], files: &Files, palette: Palette, width: Option<usize>) -> String {
    let renderer = match palette {
        Palette::Plain => Renderer::plain(),
        Palette::Colour => Renderer::styled(),
    };
    let renderer = match width {
        Some(width) => renderer.term_width(width),
        None => renderer,
    };
    found.iter().map(|diagnostic| format!("{}\n\n", one(diagnostic, files, &renderer, width))).collect()
}

fn one(diagnostic: &Diagnostic, files: &Files, renderer: &Renderer, width: Option<usize>) -> String {
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
    // The library sets the lines of a message below each other; beside it stand a line's number and the word for it.
    let room = width.map(|width| width.saturating_sub(16));
    let fitted = |text: &str| wrapped(&harmless(text), room, 0).trim_end().to_owned();
    let notes: Vec<String> = diagnostic.notes.iter().map(|note| fitted(note)).collect();
    for note in &notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    let help = diagnostic.help.as_deref().map(fitted);
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
    let spans: Vec<Range<usize>> = labels.iter().map(|(_, label)| span(label)).collect();
    let (text, path, line, window) = match &labels[0].1.locus {
        Locus::Scorecard(place) => {
            let file = files.get(place.file);
            let window = lines_of(&file.text, &spans);
            (&file.text[window.clone()], file.path.as_str(), file.line_at(window.start).0, window)
        }
        Locus::Data { path, line, text, .. } => (text.as_str(), path.as_str(), *line, 0..text.len()),
    };
    let mut snippet = Snippet::source(harmless_source(text)).path(harmless(path)).line_start(line);
    for ((index, label), span) in labels.iter().zip(spans) {
        let kind = if *index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let moved = |at: usize| moved(text, at.saturating_sub(window.start));
        let annotation = kind.span(moved(span.start)..moved(span.end));
        snippet = snippet.annotation(match label.text.as_str() {
            "" => annotation,
            text => annotation.label(harmless(text)),
        });
    }
    snippet
}

fn span(label: &Label) -> Range<usize> {
    match &label.locus {
        Locus::Scorecard(place) => place.span.clone(),
        Locus::Data { span, .. } => span.clone(),
    }
}

/// The whole lines that hold these spans: a long scorecard is not laid out again for each finding.
fn lines_of(text: &str, spans: &[Range<usize>]) -> Range<usize> {
    let first = spans.iter().map(|span| span.start).min().unwrap_or(0).min(text.len());
    let last = spans.iter().map(|span| span.end).max().unwrap_or(0).min(text.len());
    // What points behind the last line is shown at its end.
    let first = if first == text.len() { first.saturating_sub(1) } else { first };
    let begin = text.as_bytes()[..first].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let end = text.as_bytes()[last..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| last + at + 1);
    begin..end
}

/// Source whose hostile characters are replaced where the library does not: it shows ASCII controls itself.
fn harmless_source(text: &str) -> String {
    text.chars().map(|c| if !c.is_ascii() && is_hostile(c) { '\u{fffd}' } else { c }).collect()
}

/// Where a byte of the source stands once that is harmless; what lies behind the end stays as far behind it.
fn moved(text: &str, at: usize) -> usize {
    let before = text.char_indices().take_while(|(start, _)| *start < at).map(|(_, c)| c);
    let now: usize = before.map(|c| harmless_source(c.encode_utf8(&mut [0; 4])).len()).sum();
    now + at.saturating_sub(text.len())
}
