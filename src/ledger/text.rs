//! A closed period as text: one record a line, fields between tabs, so that a change of it reads well in git.
//!
//! Strict: what this file did not write is damage, with its line. Nothing is guessed or mended.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::definition::FIRST;
use super::{Closed, Definition, Figure, HEAD, Input, NUMBERS, Report, Version, number};
use crate::period::{Grain, Period};
use crate::status::Status;

/// The hash of some bytes, in hexadecimal.
pub type Hash = fn(&[u8]) -> String;

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The line, from 1.
    pub line: usize,
    /// Its text.
    pub text: String,
    /// What is wrong, worded as messages are.
    pub message: String,
}

/// The text of a period with one more version below those it has.
pub fn appended(before: Option<&str>, period: Period, name: &str, version: &Version, hash: Hash) -> String {
    let mut out = before.map_or_else(|| begun(period, name), str::to_owned);
    let count = out.lines().filter(|line| line.starts_with("version\t")).count();
    out.push('\n');
    write_version(&mut out, count + 1, version);
    let seal = hash(sealed(&out).as_bytes());
    line(&mut out, &["seal", &seal]);
    out
}

/// What is sealed: lines, whichever way a checkout ends them.
fn sealed(text: &str) -> String {
    text.lines().fold(String::new(), |out, line| out + line + "\n")
}

fn begun(period: Period, name: &str) -> String {
    let mut out = format!(
        "{HEAD}1\n# What was reported of {name} when it was closed. `goldthread close --reopen` appends; nothing else \
         changes this file.\n"
    );
    line(&mut out, &["period", name, period.grain().word(), &period.first().to_string()]);
    out
}

fn write_version(out: &mut String, count: usize, version: &Version) {
    let report = &version.report;
    line(out, &["version", &count.to_string(), version.reason.as_deref().unwrap_or_default()]);
    line(out, &["program", &version.program]);
    line(out, &["as_of", &report.as_of]);
    for (name, value) in &report.settings {
        line(out, &["setting", name, value]);
    }
    for file in &report.files {
        let rows = file.rows.map(|(rows, kept)| (rows.to_string(), kept.to_string())).unwrap_or_default();
        let source = file.source.as_deref().unwrap_or_default();
        line(out, &["file", source, &file.path, &file.sha256, &file.bytes.to_string(), &rows.0, &rows.1]);
    }
    if !report.aspects.is_empty() {
        line(out, &std::iter::once("aspects").chain(report.aspects.iter().map(String::as_str)).collect::<Vec<_>>());
    }
    for definition in &report.definitions {
        let (sources, inputs) = (definition.sources.join(" "), definition.inputs.join(" "));
        line(out, &["metric", &definition.id, &definition.name, &sources, &inputs]);
        for (name, text) in &definition.aspects {
            line(out, &["aspect", name, text]);
        }
    }
    let by = report.by.iter().map(String::as_str);
    let columns = ["level", "id"].into_iter().chain(by).chain(NUMBERS).chain(["status", "reason", "caveat"]);
    line(out, &["columns"].into_iter().chain(columns).collect::<Vec<_>>());
    for figure in &report.figures {
        write_figure(out, figure, &report.by);
    }
}

/// How the level of a subtotal begins; how many of the dimensions it is split by follows.
const SUBTOTAL: &str = "subtotal-";

fn write_figure(out: &mut String, figure: &Figure, by: &[String]) {
    let values = figure.segment.as_deref().unwrap_or_default();
    let level = match values.len() {
        0 => "total".to_owned(),
        all if all == by.len() => "part".to_owned(),
        some => format!("{SUBTOTAL}{some}"),
    };
    let mut fields = vec!["figure", &level, &figure.id];
    fields.extend((0..by.len()).map(|at| values.get(at).map_or("", String::as_str)));
    fields.extend(figure.numbers.iter().map(|number| number.as_deref().unwrap_or_default()));
    let texts = [Some(&figure.status), figure.reason.as_ref(), figure.caveat.as_ref()];
    fields.extend(texts.map(|text| text.map_or("", String::as_str)));
    line(out, &fields);
}

fn line(out: &mut String, fields: &[&str]) {
    let fields: Vec<String> = fields.iter().map(|field| escaped(field)).collect();
    let _ = writeln!(out, "{}", fields.join("\t"));
}

/// A field on one line, in which nothing acts on a terminal; nothing is a dash, so that no line ends in a blank.
fn escaped(text: &str) -> String {
    match text {
        "" => return "-".to_owned(),
        "-" => return "\\-".to_owned(),
        _ => {}
    }
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            c if is_hidden(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn unescaped(field: &str) -> Option<String> {
    match field {
        "-" => return Some(String::new()),
        "\\-" => return Some("-".to_owned()),
        _ => {}
    }
    let (mut out, mut chars) = (String::new(), field.chars());
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next()? {
            '\\' => out.push('\\'),
            't' => out.push('\t'),
            'n' => out.push('\n'),
            'u' => {
                let digits: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                out.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?);
            }
            _ => return None,
        }
    }
    // One text has one form.
    (escaped(&out) == field).then_some(out)
}

/// Reads the text of a closed period.
///
/// # Errors
/// The first line that this program did not write so.
pub fn parse(text: &str, hash: Hash) -> Result<Closed, Damage> {
    let mut lines = Lines { all: text.lines().collect(), at: 0 };
    if lines.all.first() != Some(&format!("{HEAD}1").as_str()) {
        return Err(lines.damage(1, format!("a ledger begins with `{HEAD}1`")));
    }
    lines.at = 1;
    let (name, period) = named_period(&mut lines)?;
    let mut versions = Vec::new();
    while versions.is_empty() || lines.peeked().is_some() {
        versions.push(version(&mut lines, versions.len() + 1, hash)?);
    }
    Ok(Closed { period, name, versions })
}

/// The period of a text of which the first lines are there; `None` where they are not as a ledger begins.
pub fn period_of(begin: &str) -> Option<Period> {
    let mut lines = Lines { all: begin.lines().collect(), at: 1 };
    let is_ledger = lines.all.first()?.starts_with(HEAD);
    named_period(&mut lines).ok().filter(|_| is_ledger).map(|(_, period)| period)
}

/// The name a period had when it was closed, and which it is.
fn named_period(lines: &mut Lines<'_>) -> Result<(String, Period), Damage> {
    let [name, grain, first] = lines.wanted("period")?;
    let period = grain_of(&grain).zip(first.parse::<Date>().ok());
    let period = period.and_then(|(grain, first)| Period::beginning(grain, first));
    let period = period.ok_or_else(|| lines.damage(lines.at, "no period is of this size and begins on this day"))?;
    Ok((name, period))
}

fn version(lines: &mut Lines<'_>, count: usize, hash: Hash) -> Result<Version, Damage> {
    let [written, reason] = lines.wanted("version")?;
    let reason = some(reason);
    if written != count.to_string() || reason.is_some() != (count > 1) {
        let what = format!("this is version {count}; every version but the first has a reason");
        return Err(lines.damage(lines.at, what));
    }
    let ([program], [as_of]) = (lines.wanted("program")?, lines.wanted("as_of")?);
    let mut report = Report { as_of, ..Report::default() };
    while let Some([name, value]) = lines.maybe("setting")? {
        report.settings.push((name, value));
    }
    while let Some(fields) = lines.maybe("file")? {
        let file = input(fields).ok_or_else(|| lines.damage(lines.at, "this is no file with its hash and size"))?;
        report.files.push(file);
    }
    report.aspects = match lines.keyword() {
        Some("aspects") => lines.fields("aspects")?,
        _ => FIRST.map(str::to_owned).to_vec(),
    };
    while let Some([id, name, sources, inputs]) = lines.maybe("metric")? {
        let ids = |text: String| text.split(' ').filter(|id| !id.is_empty()).map(str::to_owned).collect();
        let mut aspects = Vec::new();
        while let Some([name, text]) = lines.maybe("aspect")? {
            aspects.push((name, text));
        }
        report.definitions.push(Definition { id, name, sources: ids(sources), inputs: ids(inputs), aspects });
    }
    report.by = dimensions(lines)?;
    while lines.keyword() == Some("figure") {
        let fields = lines.fields("figure")?;
        let figure = figure(&fields, report.by.len());
        report.figures.push(figure.ok_or_else(|| lines.damage(lines.at, "this is no figure of a ledger"))?);
    }
    let [seal] = lines.wanted("seal")?;
    let above = lines.all[..lines.at - 1].iter().fold(String::new(), |out, line| out + line + "\n");
    if hash(above.as_bytes()) != seal {
        return Err(lines.damage(lines.at, format!("what stands above is not what was sealed as version {count}")));
    }
    Ok(Version { reason, program, report })
}

fn dimensions(lines: &mut Lines<'_>) -> Result<Vec<String>, Damage> {
    let columns = lines.fields("columns")?;
    let after = NUMBERS.len() + 3;
    let by = columns.get(2..columns.len().saturating_sub(after));
    by.map(<[String]>::to_vec).ok_or_else(|| lines.damage(lines.at, "columns are missing"))
}

fn input([source, path, sha256, bytes, rows, kept]: [String; 6]) -> Option<Input> {
    let rows = match (rows.as_str(), kept.as_str()) {
        ("", "") => None,
        (rows, kept) => Some((rows.parse().ok()?, kept.parse().ok()?)),
    };
    let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then_some(Input { source: some(source), path, sha256, bytes: bytes.parse().ok()?, rows })
}

fn figure(fields: &[String], dimensions: usize) -> Option<Figure> {
    let (head, rest) = fields.split_at_checked(2 + dimensions)?;
    let (numbers, texts) = rest.split_at_checked(NUMBERS.len())?;
    let [status, reason, caveat] = texts else { return None };
    let length = match head[0].as_str() {
        "total" => 0,
        "part" if dimensions > 0 => dimensions,
        level => level.strip_prefix(SUBTOTAL)?.parse().ok().filter(|length| (1..dimensions).contains(length))?,
    };
    let (values, rest) = head[2..].split_at(length);
    if !rest.iter().all(String::is_empty) {
        return None;
    }
    let segment = (length > 0).then(|| values.to_vec());
    if numbers.iter().any(|text| !text.is_empty() && number(text).is_none()) {
        return None;
    }
    Status::ALL.iter().find(|known| known.word() == status)?;
    let mut found: [Option<String>; NUMBERS.len()] = Default::default();
    for (to, text) in found.iter_mut().zip(numbers) {
        *to = some(text.clone());
    }
    let (reason, caveat) = (some(reason.clone()), some(caveat.clone()));
    Some(Figure { id: head[1].clone(), segment, numbers: found, status: status.clone(), reason, caveat })
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn grain_of(word: &str) -> Option<Grain> {
    [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Year].into_iter().find(|grain| grain.word() == word)
}

/// Lines on their way to records.
struct Lines<'t> {
    all: Vec<&'t str>,
    /// The next one.
    at: usize,
}

impl<'t> Lines<'t> {
    /// The next line that says something: comments and blank lines are sealed, and say nothing.
    fn peeked(&self) -> Option<(usize, &'t str)> {
        let said = |(_, line): &(usize, &&str)| !line.is_empty() && !line.starts_with('#');
        self.all.iter().enumerate().skip(self.at).find(said).map(|(at, line)| (at, *line))
    }

    fn keyword(&self) -> Option<&'t str> {
        self.peeked().and_then(|(_, line)| line.split('\t').next())
    }

    /// The fields of the next line, which must begin with a keyword.
    fn fields(&mut self, keyword: &str) -> Result<Vec<String>, Damage> {
        let Some((at, line)) = self.peeked() else {
            return Err(self.damage(self.all.len(), format!("the text ends where `{keyword}` should stand")));
        };
        self.at = at + 1;
        let mut fields = line.split('\t');
        if fields.next() != Some(keyword) {
            return Err(self.damage(at + 1, format!("`{keyword}` should stand here")));
        }
        let fields: Option<Vec<String>> = fields.map(unescaped).collect();
        fields.ok_or_else(|| self.damage(at + 1, "a field holds what a ledger writes in another way"))
    }

    fn wanted<const N: usize>(&mut self, keyword: &str) -> Result<[String; N], Damage> {
        let fields = self.fields(keyword)?;
        let found = fields.len();
        let wrong = |_| self.damage(self.at, format!("`{keyword}` has {found} fields here, and should have {N}"));
        <[String; N]>::try_from(fields).map_err(wrong)
    }

    fn maybe<const N: usize>(&mut self, keyword: &str) -> Result<Option<[String; N]>, Damage> {
        if self.keyword() == Some(keyword) { self.wanted(keyword).map(Some) } else { Ok(None) }
    }

    fn damage(&self, line: usize, message: impl Into<String>) -> Damage {
        let text = line.checked_sub(1).and_then(|at| self.all.get(at)).copied().unwrap_or_default();
        Damage { line: line.max(1), text: text.to_owned(), message: message.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Good enough to tell texts apart.
    fn length(bytes: &[u8]) -> String {
        format!("{}-{}", bytes.len(), bytes.iter().map(|byte| u64::from(*byte)).sum::<u64>())
    }

    fn closed(versions: &[Version]) -> (Closed, String) {
        let period = Period::beginning(Grain::Month, jiff::civil::date(2026, 10, 1)).expect("a month");
        let mut text: Option<String> = None;
        for version in versions {
            text = Some(appended(text.as_deref(), period, "2026-10", version, length));
        }
        (Closed { period, name: "2026-10".into(), versions: versions.to_vec() }, text.expect("a version"))
    }

    fn version(reason: Option<&str>, actual: &str) -> Version {
        let mut figure = Figure { id: "fcr".into(), status: "on-target".into(), ..Figure::default() };
        figure.numbers[0] = Some(actual.into());
        let part = Figure { segment: Some(vec!["a\tb\n\u{202e}\\".into()]), ..figure.clone() };
        let hash = "0123456789abcdef".repeat(4);
        let input = Input { source: None, path: "s.toml".into(), sha256: hash, bytes: 7, rows: None };
        Version {
            reason: reason.map(str::to_owned),
            program: "goldthread".into(),
            report: Report {
                as_of: "2026-10".into(),
                by: vec!["region".into()],
                settings: vec![("grain".into(), "month".into())],
                files: vec![Input { source: Some("calls".into()), rows: Some((4, 3)), ..input.clone() }, input],
                aspects: vec!["value".into()],
                definitions: vec![Definition {
                    id: "fcr".into(),
                    name: "First\r\u{1b}[31m".into(),
                    sources: vec!["calls".into()],
                    inputs: Vec::new(),
                    aspects: vec![("value".into(), "sum(a)".into())],
                }],
                figures: vec![figure, part],
            },
        }
    }

    #[test]
    fn what_is_written_is_read_and_older_versions_stay_byte_for_byte() {
        let (closed_once, first) = closed(&[version(None, "0.84")]);
        assert_eq!(parse(&first, length), Ok(closed_once));
        let (closed_twice, second) = closed(&[version(None, "0.84"), version(Some("late calls"), "0.85")]);
        assert_eq!(parse(&second, length), Ok(closed_twice));
        assert!(second.starts_with(&first), "{second}");
        assert!(!first.contains(['\u{202e}', '\u{1b}', '\r']), "{first}");
    }

    #[test]
    fn line_ends_of_another_system_are_no_damage() {
        let (closed, text) = closed(&[version(None, "0.84")]);
        assert_eq!(parse(&text.replace('\n', "\r\n"), length), Ok(closed));
    }

    /// Whatever line is lost, doubled or changed.
    #[test]
    fn every_damage_is_found() {
        let (_, text) = closed(&[version(None, "0.84"), version(Some("late"), "0.85")]);
        let lines: Vec<&str> = text.lines().collect();
        let first_seal = lines.iter().position(|line| line.starts_with("seal")).expect("a seal");
        for at in 0..lines.len() {
            let without: Vec<&str> = [&lines[..at], &lines[at + 1..]].concat();
            assert!(parse(&without.join("\n"), length).is_err(), "without line {}: {}", at + 1, lines[at]);
            let cut = parse(&lines[..at].join("\n"), length);
            assert_eq!(cut.is_ok(), at == first_seal + 1 || at == first_seal + 2, "cut before line {}", at + 1);
            let changed = lines[at].replacen(['4', 'e', 't'], "3", 1);
            if changed != lines[at] {
                let changed: Vec<&str> = [&lines[..at], &[changed.as_str()], &lines[at + 1..]].concat();
                assert!(parse(&changed.join("\n"), length).is_err(), "line {} changed", at + 1);
            }
        }
        let damage = parse(&text.replace("0.84\t", "0.8400\t"), length).expect_err("no number is written so");
        let line = lines.iter().position(|line| line.contains("0.84\t")).expect("a figure") + 1;
        assert_eq!((damage.line, damage.message.as_str()), (line, "this is no figure of a ledger"));
    }
}
