//! The careful way into any file: every cell with its place, formats found out, totals compared, rows told apart.
//!
//! A source is read in passes, each over pieces, so that memory stays bounded, but for the keys of rows that must not come
//! twice. What a pass finds out (a decimal comma, a
//! longer fraction, a total, a row that repeats another) is heeded by the next. Most sources need one.

mod cells;
mod faults;
mod groups;
mod periods;
mod rates;
mod tallies;
mod text;
mod twins;
mod work;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use self::faults::{Faults, REJECTS, SHOWN};
use self::twins::{COPIES, PAIRS, RowPlace, Twins};
use self::work::{Pass, Work, Yield};
use super::OnFault;
use super::convert;
use super::decode;
use super::files::{self, InputFile};
use super::findings::{Findings, FormKind, Formats, settle};
use super::locus::in_record;
use super::pieces::{self, Piece};
use super::rates::Rates;
use super::shape::{record_length, without_line_end};
use super::table::{FileFacts, SourceTable, Told};
use super::threads_for;
use super::totals::Running;
use crate::diagnostic::{Code, Diagnostic, Label, Locus, Warned};
use crate::formula::{NumberFormat, Scale};
use crate::in_order::in_order;
use crate::metric::{Scorecard, Source};
use crate::period::{Grain, Period};
use crate::plan::Scan;
use crate::prose;
use crate::unit::Unit;

/// A pass may call for another: for formats, for the scale, for totals and copies, for an encoding.
const PASSES: usize = 8;

/// Reads all files of a source.
///
/// # Errors
/// All that is wrong with them: the first places, and how many more.
pub(super) fn read(
    mut files: Vec<InputFile>,
    scorecard: &Scorecard,
    scan: &Scan,
    on_fault: OnFault,
    rates: Option<&Rates>,
) -> Result<Warned<SourceTable>, Vec<Diagnostic>> {
    let source = scorecard.source(scan.source);
    let currency = currency_of(scorecard, scan);
    let mut formats = first_formats(source, &files);
    let (mut scale, mut tallies, mut skip) = (Scale::USUAL, false, HashSet::new());
    let mut guessed: BTreeSet<usize> = BTreeSet::new();
    let mut passes = 0;
    loop {
        passes += 1;
        let calendar = &scorecard.calendar;
        let pass = Pass {
            source,
            scan,
            calendar,
            currency: currency.as_deref(),
            rates,
            scale,
            on_fault,
            tallies,
            skip: &skip,
        };
        if passes == 1 {
            formats = rehearse(&files, pass, &formats);
        }
        let mut gathered = one_pass(&files, pass, &formats);
        let encodings = other_encodings(&files, source, &gathered, &guessed);
        if !encodings.is_empty() && passes < PASSES {
            for (index, encoding) in encodings {
                guessed.insert(index);
                files[index] = files::open(&files[index].path, scorecard, scan, Some(encoding))?;
            }
            formats = first_formats(source, &files);
            continue;
        }
        let forms: Vec<FormKind> = files.iter().map(form_kind).collect();
        let settled = settle(source, currency.as_deref(), &gathered.findings, &forms);
        let again = (settled.problems.is_empty() && settled.formats != formats)
            || (gathered.faults.too_fine && scale == Scale::USUAL)
            || (gathered.totals > 0 && !tallies)
            || (gathered.twins.copies != skip && gathered.twins.copies.len() <= COPIES);
        if again && passes < PASSES {
            if settled.problems.is_empty() {
                formats = settled.formats;
            }
            if gathered.faults.too_fine {
                scale = Scale::FINE;
            }
            tallies |= gathered.totals > 0;
            skip = std::mem::take(&mut gathered.twins.copies);
            continue;
        }
        if again {
            let message = format!("the files of `{}` show no format in which all of them can be read", source.id);
            let problem = Diagnostic::error(Code::AmbiguousNumber, message).at(&source.path_place, "");
            gathered.problems.push(problem.help("say how numbers are written: `numbers = \"1,234.5\"`"));
        }
        if let Some(rates) = rates {
            let unrated = gathered.unrated(source, rates);
            gathered.problems.extend(unrated);
        }
        return gathered.conclude(&files, source, scan, &formats, settled.problems, on_fault);
    }
}

/// The declared formats; the plain one where none is.
fn first_formats(source: &Source, files: &[InputFile]) -> Vec<Formats> {
    let numbers = source.written.numbers.unwrap_or(NumberFormat::found(crate::formula::DecimalMark::Point));
    files.iter().map(|_| Formats { numbers, order: source.written.date_order }).collect()
}

/// The currency of a source: declared, the only one its metrics are in, or the scorecard's.
fn currency_of(scorecard: &Scorecard, scan: &Scan) -> Option<String> {
    if let Some(declared) = &scorecard.source(scan.source).written.currency {
        return Some(declared.clone());
    }
    let measured = scorecard
        .metrics
        .iter()
        .filter(|metric| metric.measurement().is_some_and(|measurement| measurement.source == scan.source));
    let codes: BTreeSet<&String> = measured
        .filter_map(|metric| match &metric.unit {
            Some(Unit::Currency(code)) => Some(code),
            _ => None,
        })
        .collect();
    match codes.len() {
        0 => scorecard.currency.clone(),
        1 => codes.first().map(|code| (*code).clone()),
        _ => None,
    }
}

fn form_kind(file: &InputFile) -> FormKind {
    let delimiter = file.text().map(|form| form.delimiter);
    let encoding = file.text().map(|form| form.bytes.encoding_name());
    FormKind { by_commas: delimiter == Some(b','), delimiter, encoding }
}

/// The formats the first rows of each file show, so that the first pass is most likely the last.
fn rehearse(files: &[InputFile], pass: Pass<'_>, formats: &[Formats]) -> Vec<Formats> {
    const ENOUGH: usize = 1 << 16;
    let mut findings = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let work = Work::new(pass, index, file, formats[index]);
        let mut found = Findings::default();
        // What cannot be read is told by the pass.
        let _ = pieces::each(file, &|field| work.needs(field), &mut |piece| {
            let piece = match piece {
                Piece::Text { mut bytes, line } => {
                    let cut = bytes.len().min(ENOUGH);
                    bytes.truncate(memchr::memrchr(b'\n', &bytes[..cut]).map_or(cut, |at| at + 1));
                    Piece::Text { bytes, line }
                }
                rows => rows,
            };
            found = work.read(&piece).findings;
            false
        });
        findings.push(found);
    }
    let forms: Vec<FormKind> = files.iter().map(form_kind).collect();
    settle(pass.source, pass.currency, &findings, &forms).formats
}

/// What a pass over all files came to.
struct Gathered {
    table: SourceTable,
    facts: Vec<Counts>,
    faults: Faults,
    findings: Vec<Findings>,
    twins: Twins,
    running: Vec<Running>,
    grains: BTreeMap<Grain, Locus>,
    problems: Vec<Diagnostic>,
    not_utf8: BTreeSet<usize>,
    totals: u64,
    too_large: BTreeSet<usize>,
    /// The first row of each currency that has no rate for its period.
    unrated: BTreeMap<(Period, String), Locus>,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    rows: u64,
    kept: u64,
    totals: u64,
    copies: u64,
    rejected_rows: u64,
    rejected_cells: u64,
}

fn one_pass(files: &[InputFile], pass: Pass<'_>, formats: &[Formats]) -> Gathered {
    let works: Vec<Work<'_>> =
        files.iter().enumerate().map(|(index, file)| Work::new(pass, index, file, formats[index])).collect();
    let mut gathered = Gathered::new(files.len(), pass.scale);
    gathered.problems.extend(works.iter().flat_map(Work::headers_twice));
    let mut failed: Option<(usize, std::io::Error)> = None;
    let mut read = |take: &mut dyn FnMut((usize, Piece)) -> bool| {
        for (index, file) in files.iter().enumerate() {
            let needs = |field: usize| works[index].needs(field);
            // One file that cannot be read to its end does not hide what is wrong with the next.
            if let Err(error) = pieces::each(file, &needs, &mut |piece| take((index, piece)))
                && failed.is_none()
            {
                failed = Some((index, error));
            }
        }
        Ok(())
    };
    let work = |(index, piece): (usize, Piece)| (index, works[index].read(&piece));
    let columns = &pass.scan.summed;
    // Reading answers its errors through `failed`.
    let _ = in_order(threads_for(files), &mut read, work, |(index, result)| {
        gathered.take(index, result, columns);
        true
    });
    if let Some((index, error)) = failed {
        let shown = &files[index].shown;
        let message = format!("cannot read `{shown}` to its end: {}", prose::io_error(&error));
        let problem = Diagnostic::error(Code::BadFile, message).at(&pass.source.path_place, "");
        gathered.problems.push(problem.help("it was cut off or damaged: send it again"));
    }
    gathered
}

/// Files that are no UTF-8 all through, with the encoding they are most likely in.
fn other_encodings(
    files: &[InputFile],
    source: &Source,
    gathered: &Gathered,
    guessed: &BTreeSet<usize>,
) -> Vec<(usize, &'static decode::Encoding)> {
    if source.written.encoding.is_some() {
        return Vec::new();
    }
    let open = gathered.not_utf8.iter().filter(|index| !guessed.contains(index));
    let other = open.filter_map(|index| {
        let form = files[*index].text()?;
        let encoding = decode::guessed(&files[*index].path, form.bytes.packed).ok()?;
        (encoding != decode::UTF_8).then_some((*index, encoding))
    });
    other.collect()
}

impl Gathered {
    fn new(files: usize, scale: Scale) -> Gathered {
        Gathered {
            table: SourceTable::new(scale),
            facts: vec![Counts::default(); files],
            faults: Faults::default(),
            findings: vec![Findings::default(); files],
            twins: Twins::default(),
            running: (0..files).map(|_| Running::default()).collect(),
            grains: BTreeMap::new(),
            problems: Vec::new(),
            not_utf8: BTreeSet::new(),
            totals: 0,
            too_large: BTreeSet::new(),
            unrated: BTreeMap::new(),
        }
    }

    /// Takes the next piece in, in the order of the files.
    fn take(&mut self, file: usize, found: Yield, summed: &[String]) {
        let copies = self.twins.copies.len();
        self.twins.take(file, &found.identities, PAIRS);
        let facts = &mut self.facts[file];
        facts.rows += found.rows;
        facts.kept += found.kept;
        facts.totals += found.totals;
        facts.copies += (self.twins.copies.len() - copies) as u64;
        facts.rejected_rows += found.unplaced;
        facts.rejected_cells += (found.faults.rejects.len() as u64).saturating_sub(found.unplaced);
        self.totals += found.totals;
        self.faults.merge(found.faults);
        self.findings[file].merge(found.findings);
        let room = SHOWN.saturating_sub(self.problems.len());
        let untied = self.running[file].take(&found.tally, summed, self.table.scale.decimals());
        self.problems.extend(untied.into_iter().take(room));
        for (grain, locus) in found.grains {
            self.grains.entry(grain).or_insert(locus);
        }
        for (what, locus) in found.unrated {
            self.unrated.entry(what).or_insert(locus);
        }
        self.table.unplaced += found.unplaced;
        if found.not_utf8 {
            self.not_utf8.insert(file);
        }
        let mut overflow = found.too_large;
        for (period, moment) in found.moments {
            overflow |= self.table.moments.entry(period).or_default().merge(moment).is_err();
        }
        if overflow {
            self.too_large.insert(file);
        }
    }

    /// The table, or all that is wrong.
    fn conclude(
        mut self,
        files: &[InputFile],
        source: &Source,
        scan: &Scan,
        formats: &[Formats],
        open: Vec<Diagnostic>,
        on_fault: OnFault,
    ) -> Result<Warned<SourceTable>, Vec<Diagnostic>> {
        let mut problems = open;
        // Where the format is open, a cell in the other format is no second problem.
        let is_open = problems.iter().any(|problem| problem.code == Code::AmbiguousNumber);
        let mut faults = std::mem::take(&mut self.faults);
        faults.shown.retain(|fault| !(is_open && fault.message.ends_with("is not a number")));
        if faults.more > 0
            && let Some(last) = faults.shown.last_mut()
        {
            let more = prose::count(faults.more, "more problem");
            last.notes.push(format!("and {more} like these in the source `{}`", source.id));
        }
        problems.extend(faults.shown);
        problems.append(&mut self.problems);
        problems.extend(self.mixed_grains(source));
        problems.extend(self.clashes(files, source, scan));
        problems.extend(self.too_large.iter().map(|file| too_large(source, &files[*file])));
        if faults.too_many_rejects && on_fault == OnFault::Reject {
            problems.push(too_many(
                source,
                &format!("more than {} cells cannot be read", prose::grouped(&REJECTS.to_string())),
            ));
        }
        if self.twins.copies.len() > COPIES {
            problems.push(too_many(
                source,
                &format!("more than {} rows repeat others", prose::grouped(&COPIES.to_string())),
            ));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let warnings = self.copies(files, source).into_iter().collect();
        let dates: Vec<bool> = self.findings.iter().map(Findings::has_dates).collect();
        for (index, file) in files.iter().enumerate() {
            let counts = self.facts[index];
            let mut facts = FileFacts::of(file, source);
            facts.rows = counts.rows + counts.totals;
            facts.kept = counts.kept;
            facts.totals = (self.running[index].checked, self.running[index].unchecked);
            facts.copies = counts.copies;
            facts.rejected_rows = counts.rejected_rows;
            facts.rejected_cells = counts.rejected_cells;
            let shows_marks = self.findings[index].has_marks() || source.written.numbers.is_some();
            facts.numbers =
                shows_marks.then(|| Told::new(formats[index].numbers.example(), source.written.numbers.is_some()));
            let order = formats[index].order.filter(|_| dates[index]);
            facts.dates = order.map(|order| Told::new(order.word(), source.written.date_order.is_some()));
            self.table.files.push(facts);
        }
        self.table.rejects = faults.rejects;
        Ok(Warned { value: self.table, warnings })
    }

    fn unrated(&self, source: &Source, rates: &Rates) -> Vec<Diagnostic> {
        let found = self.unrated.iter().map(|((period, code), locus)| {
            let mut problem = convert::no_rate(*period, code, source, rates);
            let first = Label { locus: locus.clone(), text: "the first row that needs it".to_owned() };
            problem.labels.insert(0, first);
            problem
        });
        convert::several(found.collect(), source)
    }

    fn mixed_grains(&self, source: &Source) -> Option<Diagnostic> {
        let mut loci = self.grains.iter();
        let ((first, at), (second, other)) = (loci.next()?, loci.next()?);
        let message = format!("the source `{}` mixes periods by {first} and by {second}", source.id);
        let problem = Diagnostic::error(Code::MixedGrain, message)
            .at_locus(other.clone(), format!("by {second}"))
            .at_locus(at.clone(), format!("by {first}"));
        Some(problem.help("write all its periods alike, or declare a source for each"))
    }

    fn clashes(&self, files: &[InputFile], source: &Source, scan: &Scan) -> Vec<Diagnostic> {
        let lines = lines_of(files, self.twins.clashes.iter().flat_map(|(first, second)| [*first, *second]));
        let mut key = vec![source.period.clone()];
        key.extend(scan.identity.iter().flatten().cloned());
        let mut problems: Vec<Diagnostic> = Vec::new();
        for (first, second) in &self.twins.clashes {
            let message = format!("two rows of `{}` have the same {} and differ", source.id, prose::list(&key));
            problems.push(
                Diagnostic::error(Code::DuplicateRow, message)
                    .at_locus(lines.locus(files, *second), "again here")
                    .at_locus(lines.locus(files, *first), "first here")
                    .help(format!("remove one of them; if rows are events that add up, set `duplicates = \"sum\"` in `[sources.{}]`; if another column tells them apart, name it in `key = [...]`", source.id)),
            );
        }
        if self.twins.more > 0
            && let Some(last) = problems.last_mut()
        {
            let more = prose::count(self.twins.more, "more row");
            last.notes.push(format!("and {more} like these in the source `{}`", source.id));
        }
        problems
    }

    fn copies(&self, files: &[InputFile], source: &Source) -> Option<Diagnostic> {
        let (first, copy) = *self.twins.shown.first()?;
        let lines = lines_of(files, [first, copy].into_iter());
        let count = self.twins.copies.len();
        let verb = if count == 1 { "repeats an earlier one and is" } else { "repeat earlier ones and are" };
        let message = format!("{} of `{}` {verb} left out", prose::count(count, "row"), source.id);
        let problem = Diagnostic::warning(Code::DuplicateRow, message)
            .at_locus(lines.locus(files, copy), "again here")
            .at_locus(lines.locus(files, first), "first here");
        Some(problem.help(format!(
            "remove it; if each row is an event of its own, set `duplicates = \"sum\"` in `[sources.{}]`",
            source.id
        )))
    }
}

fn too_large(source: &Source, file: &InputFile) -> Diagnostic {
    let message = format!("a sum over `{}` is too large to be exact", file.shown);
    Diagnostic::error(Code::TooLarge, message).at(&source.path_place, "").help("measure in a larger unit")
}

fn too_many(source: &Source, what: &str) -> Diagnostic {
    let problem = Diagnostic::error(Code::BadFile, format!("{what} in `{}`", source.id)).at(&source.path_place, "");
    problem.help("that is no matter of a few cells: mend the file, or declare how it is written")
}

/// The text of some records.
struct Lines(BTreeMap<(usize, u64), String>);

impl Lines {
    fn locus(&self, files: &[InputFile], place: RowPlace) -> Locus {
        let text = self.0.get(&(place.0, place.1)).map_or("", String::as_str);
        in_record(&files[place.0].shown_place(), place.1, text, 0..text.len())
    }
}

/// Reads the files again for a few records, which were not kept.
fn lines_of(files: &[InputFile], places: impl Iterator<Item = RowPlace>) -> Lines {
    let mut wanted: BTreeMap<usize, BTreeSet<u64>> = BTreeMap::new();
    places.for_each(|(file, line, _)| {
        wanted.entry(file).or_default().insert(line);
    });
    let mut found = BTreeMap::new();
    for (file, lines) in wanted {
        let last = lines.last().copied().unwrap_or_default();
        // A place whose text can no longer be read is told without it.
        let _ = pieces::each(&files[file], &|_| true, &mut |piece| {
            let mut keep = |line: u64, text: String| {
                if lines.contains(&line) {
                    found.insert((file, line), text);
                }
                line < last
            };
            match piece {
                Piece::Rows(rows) => rows.iter().all(|row| keep(row.number, row.line(None).0)),
                Piece::Text { bytes, mut line } => {
                    let mut rest = bytes.as_slice();
                    let mut more = true;
                    while !rest.is_empty() && more {
                        let (record, next) = rest.split_at(record_length(rest));
                        more = !lines.contains(&line)
                            || keep(line, String::from_utf8_lossy(without_line_end(record)).into_owned());
                        line += memchr::memchr_iter(b'\n', record).count() as u64;
                        rest = next;
                    }
                    more
                }
            }
        });
    }
    Lines(found)
}
