//! Which files make one source: those of one folder and one header, whose names differ by a year, a month or a number.

use std::collections::BTreeSet;

use super::Sampled;
use super::words;

/// Files that are read as one source.
pub(super) struct Group<'s> {
    /// A path or pattern, as the scorecard writes it.
    pub(super) path: String,
    /// What it may be called.
    pub(super) id: String,
    /// Its folder; empty where it is the scorecard's own.
    pub(super) folder: String,
    pub(super) files: Vec<&'s Sampled>,
}

/// Groups files; `matching` answers which files a pattern meets, as they are written.
pub(super) fn groups<'s>(files: &'s [Sampled], matching: &dyn Fn(&str) -> Vec<String>) -> Vec<Group<'s>> {
    let mut groups: Vec<Group<'s>> = Vec::new();
    let mut done: BTreeSet<usize> = BTreeSet::new();
    for (index, file) in files.iter().enumerate() {
        if done.contains(&index) {
            continue;
        }
        let (folder, name) = parts(&file.written);
        let alike: Vec<usize> = (index..files.len())
            .filter(|other| !done.contains(other) && is_alike(file, &files[*other], (folder, name)))
            .collect();
        let members: Vec<&Sampled> = alike.iter().map(|at| &files[*at]).collect();
        match pattern(&members, matching).filter(|_| members.len() > 1) {
            Some((path, stem)) => {
                done.extend(alike);
                groups.push(Group { path, id: stem, folder: folder.to_owned(), files: members });
            }
            None => {
                done.insert(index);
                let path = glob::Pattern::escape(&file.written);
                groups.push(Group { path, id: stem(name).to_owned(), folder: folder.to_owned(), files: vec![file] });
            }
        }
    }
    groups
}

/// Folder and name.
fn parts(written: &str) -> (&str, &str) {
    written.rsplit_once('/').unwrap_or(("", written))
}

/// A name without what says how it is written.
fn stem(name: &str) -> &str {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Whether two files have one header and names that differ by what counts.
fn is_alike(file: &Sampled, other: &Sampled, (folder, name): (&str, &str)) -> bool {
    let (other_folder, other_name) = parts(&other.written);
    let same =
        folder == other_folder && file.survey.names == other.survey.names && file.survey.sheet == other.survey.sheet;
    same && (name == other_name || skeleton(name) == skeleton(other_name))
}

/// A name with every number and month in it left out.
fn skeleton(name: &str) -> String {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let lower = name.to_lowercase();
    let mut out = String::new();
    let mut word = String::new();
    let mut close = |word: &mut String| {
        if !MONTHS.iter().any(|month| word.starts_with(month) && word.len() <= 9) {
            out.push_str(word);
        }
        word.clear();
    };
    for c in lower.chars().filter(|c| !c.is_ascii_digit()) {
        if !c.is_alphabetic() {
            close(&mut word);
        }
        word.push(c);
        if !c.is_alphabetic() {
            close(&mut word);
        }
    }
    close(&mut word);
    out
}

/// A pattern that meets these files and no other, and the id it suggests.
fn pattern(files: &[&Sampled], matching: &dyn Fn(&str) -> Vec<String>) -> Option<(String, String)> {
    let (folder, first) = parts(&files.first()?.written);
    let names: Vec<&str> = files.iter().map(|file| parts(&file.written).1).collect();
    let is_shared = |at: usize| first.is_char_boundary(at) && names.iter().all(|name| name.starts_with(&first[..at]));
    let prefix = &first[..(0..=first.len()).rev().find(|at| is_shared(*at))?];
    let rest: Vec<&str> = names.iter().map(|name| &name[prefix.len()..]).collect();
    let is_end = |at: usize| first.is_char_boundary(at) && rest.iter().all(|rest| rest.ends_with(&first[at..]));
    let suffix = &first[(prefix.len()..=first.len()).find(|at| is_end(*at))?..];
    let word_end = prefix
        .rfind(|c: char| !c.is_alphanumeric())
        .map_or(0, |at| at + prefix[at..].chars().next().map_or(1, char::len_utf8));
    let extension = suffix.find('.').map_or("", |at| &suffix[at..]);
    let before = if folder.is_empty() { String::new() } else { format!("{}/", glob::Pattern::escape(folder)) };
    let wanted: BTreeSet<&str> = files.iter().map(|file| file.written.as_str()).collect();
    for (prefix, suffix) in [(&prefix[..word_end], extension), (prefix, suffix)] {
        let escaped = |text: &str| glob::Pattern::escape(text);
        let pattern = format!("{before}{}*{}", escaped(prefix), escaped(suffix));
        let met = matching(&pattern);
        if met.iter().map(String::as_str).collect::<BTreeSet<_>>() == wanted {
            let id = words::slug(prefix);
            let folder = folder.rsplit('/').next().unwrap_or_default();
            return Some((pattern, if id.is_empty() { folder.to_owned() } else { id }));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_but_for_numbers_and_months() {
        assert_eq!(skeleton("calls-2025.csv"), skeleton("calls-2026.csv"));
        assert_eq!(skeleton("calls_jan.csv"), skeleton("calls_February.csv"));
        assert_ne!(skeleton("north.csv"), skeleton("south.csv"));
        assert_ne!(skeleton("calls-north-2025.csv"), skeleton("calls-south-2025.csv"));
    }
}
