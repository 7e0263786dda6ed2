//! Which files make one source: those of one folder, whose names differ by a year, a month or a number, and whose
//! headers agree but for columns that only some have: a source is of the columns that all have. Where periods stand
//! across, each file has its own.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Sampled;
use super::words;
use crate::observe::dialect::fold;
use crate::observe::{SampleCell, SampleRow, Survey};
use crate::period::WrittenPeriod;

/// Files that are read as one source.
pub(super) struct Group<'s> {
    /// A path or pattern, as the scorecard writes it.
    pub(super) path: String,
    /// What it may be called.
    pub(super) id: String,
    /// Its folder; empty where it is the scorecard's own.
    pub(super) folder: String,
    /// With the same names in the same order.
    pub(super) files: Vec<Cow<'s, Sampled>>,
    /// Columns that only some of them have.
    pub(super) added: Vec<String>,
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
                let (files, added) = of_one_header(&members);
                groups.push(Group { path, id: stem, folder: folder.to_owned(), files, added });
            }
            None => {
                done.insert(index);
                let path = glob::Pattern::escape(&file.written);
                let (id, folder) = (stem(name).to_owned(), folder.to_owned());
                groups.push(Group { path, id, folder, files: vec![Cow::Borrowed(file)], added: Vec::new() });
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

/// Whether two files have headers that agree, and names that differ by what counts.
fn is_alike(file: &Sampled, other: &Sampled, (folder, name): (&str, &str)) -> bool {
    let (other_folder, other_name) = parts(&other.written);
    let same = folder == other_folder && file.survey.sheet == other.survey.sheet;
    same && (name == other_name || skeleton(name) == skeleton(other_name)) && agree(&file.survey, &other.survey)
}

/// Whether two headers are the same, or one has all that the other has but for periods across.
fn agree(one: &Survey, other: &Survey) -> bool {
    if one.names == other.names {
        return true;
    }
    let (Some(own), Some(others)) = (fixed(one), fixed(other)) else { return false };
    let (few, many) = if own.len() <= others.len() { (own, others) } else { (others, own) };
    let is_wide = |survey: &Survey| survey.names.iter().any(|name| is_period(name));
    let is_enough = match (is_wide(one), is_wide(other)) {
        (true, true) => !few.is_empty(),
        (false, false) => few.len() > 1,
        _ => false,
    };
    is_enough && few.is_subset(&many)
}

fn is_period(name: &str) -> bool {
    WrittenPeriod::parse(name).is_some()
}

/// The names of a header that are no periods; `None` where two names cannot be told from each other.
fn fixed(survey: &Survey) -> Option<BTreeSet<String>> {
    let all: BTreeSet<String> = survey.names.iter().map(|name| fold(name)).collect();
    let differ = all.len() == survey.names.len() && !all.contains("");
    differ.then(|| survey.names.iter().filter(|name| !is_period(name)).map(|name| fold(name)).collect())
}

/// Files with the same names in the same order: those that all have, and every period across; and the other names.
fn of_one_header<'s>(files: &[&'s Sampled]) -> (Vec<Cow<'s, Sampled>>, Vec<String>) {
    let first = &files[0].survey.names;
    if files.iter().all(|file| file.survey.names == *first) {
        return (files.iter().map(|file| Cow::Borrowed(*file)).collect(), Vec::new());
    }
    let place = |file: &Sampled, name: &str| file.survey.names.iter().position(|own| fold(own) == fold(name));
    let (mut names, mut added): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for name in files.iter().flat_map(|file| &file.survey.names) {
        if names.iter().chain(&added).any(|known| fold(known) == fold(name)) {
            continue;
        }
        let is_kept = is_period(name) || files.iter().all(|file| place(file, name).is_some());
        if is_kept { &mut names } else { &mut added }.push(name.clone());
    }
    let ordered = |file: &&Sampled| {
        let places: Vec<Option<usize>> = names.iter().map(|name| place(file, name)).collect();
        let cell =
            |row: &SampleRow, at: &Option<usize>| at.map_or_else(SampleCell::default, |at| row.cells[at].clone());
        let rows = file
            .survey
            .rows
            .iter()
            .map(|row| SampleRow { cells: places.iter().map(|at| cell(row, at)).collect(), total: row.total });
        let survey = Survey { rows: rows.collect(), names: names.clone(), ..head(&file.survey) };
        Cow::Owned(Sampled { written: file.written.clone(), survey })
    };
    (files.iter().map(ordered).collect(), added)
}

/// A survey without its rows.
fn head(survey: &Survey) -> Survey {
    Survey {
        shown: survey.shown.clone(),
        sheet: survey.sheet.clone(),
        odd: survey.odd.clone(),
        rows: Vec::new(),
        names: Vec::new(),
        ..*survey
    }
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
