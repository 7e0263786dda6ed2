//! Names, paths and texts that would be commands, tags, cells, lines or escape codes, through every form.

use goldthread::diagnostic::{Code, Diagnostic, Files, Locus, Place};
use goldthread::lint::{RULES, Strictness, Verdict, find};
use goldthread::observe::{FileFacts, Told};
use goldthread::render::Palette;
use goldthread::render::findings::{Home, Reading, github, gitlab, human, json, junit, short, summary, told};
use proptest::prelude::*;

use super::{Case, fingerprints, gitlab_problems, parsed, runner, xsd};

/// What the forms are attacked with, beside random characters.
const BAITS: [&str; 28] = [
    "::error::pwned",
    "\n::error file=x::pwned",
    "::stop-commands::x",
    "%0A::error::pwned",
    "##[error]pwned",
    "%",
    "%25",
    "|",
    "\\",
    "\\|",
    "`",
    "``",
    "<script>alert(1)</script>",
    "]]>",
    "&amp;",
    "\"",
    "'",
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]0;title\u{7}",
    "\u{9b}31m",
    "\r\n",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{2028}",
    "\u{85}",
    "=,:",
    "\u{fffe}",
];

fn bait() -> impl Strategy<Value = String> {
    let one = prop_oneof![
        (0..BAITS.len()).prop_map(|at| BAITS[at].to_owned()),
        any::<char>().prop_map(String::from),
        "[a-zé€ ]{0,6}",
    ];
    proptest::collection::vec(one, 0..6).prop_map(|parts| parts.concat())
}

/// A finding of any kind in which every text is bait.
fn finding(text: String) -> impl Strategy<Value = Diagnostic> {
    let texts = (bait(), bait(), bait(), bait(), bait(), bait());
    let places = (0..=text.len(), 0..=text.len(), any::<bool>());
    (texts, places, 0..5_usize).prop_map(
        move |((message, about, note, help, label, path), (one, other, is_data), kind)| {
            let names = ["goal-without-sponsor", "unused-silence", "constant-series"];
            let begun = match kind {
                3 => Diagnostic::error(Code::BadCell, message),
                4 => Diagnostic::warning(Code::HeldBack, message),
                rule => Diagnostic::warning(goldthread::diagnostic::Name::Rule(names[rule]), message),
            };
            let floor = |mut at: usize, text: &str| {
                at = at.min(text.len());
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                at
            };
            let span = |text: &str| floor(one.min(other), text)..floor(one.max(other), text);
            let mut files = Files::default();
            let locus = if is_data {
                Locus::Data { path, line: one, text: label.replace('\n', ""), span: span(&label.replace('\n', "")) }
            } else {
                Locus::Scorecard(Place { file: files.add("", ""), span: span(&text) })
            };
            begun.at_locus(locus, label).about(about).note(note).help(help)
        },
    )
}

fn case() -> impl Strategy<Value = Case> {
    let source = proptest::collection::vec(bait(), 1..4).prop_map(|lines| lines.join("\n"));
    source
        .prop_flat_map(|text| {
            (Just(text.clone()), proptest::collection::vec(finding(text), 0..5), bait(), bait(), bait())
        })
        .prop_map(|(text, findings, path, title, column)| {
            let mut files = Files::default();
            files.add(path.as_str(), text);
            let file = FileFacts {
                path: path.clone(),
                encoding: Some(Told::new(title.as_str(), false)),
                renamed: vec![(column.clone(), title.clone())],
                ..FileFacts::default()
            };
            Case {
                verdict: Verdict { findings, ran: RULES.to_vec(), silenced: 0, ..Verdict::default() },
                files,
                scorecard: path,
                title,
                home: Home { folder: "/repository".into(), repository: Some("/repository".into()) },
                reading: Reading { as_of: Some("2026-10".into()), files: vec![file] },
            }
        })
}

/// What must not reach a terminal or a page: written down again, not taken from the program.
fn is_acting(c: char) -> bool {
    let code = u32::from(c);
    (code < 0x20 && c != '\n')
        || (0x7f..=0x9f).contains(&code)
        || [0x61c, 0x200b, 0x200e, 0x200f, 0xfeff].contains(&code)
        || (0x2028..=0x202e).contains(&code)
        || (0x2066..=0x2069).contains(&code)
}

/// The escape codes of colour taken out.
fn without_colour(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('m').expect("a code of colour");
        assert!(code.chars().all(|c| c.is_ascii_digit() || c == ';'), "{code:?}");
        out.push_str(rest);
    }
    out
}

/// How many cells a row of a Markdown table has: pipes without a backslash divide them.
fn cells(row: &str) -> usize {
    let mut is_escaped = false;
    let divides = |c: char| {
        let divides = c == '|' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        divides
    };
    row.chars().map(divides).filter(|divides| *divides).count() - 1
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_name_breaks_a_form(case in case()) {
        let found = case.findings(Strictness::Warnings);
        let all = &case.verdict.findings;
        let colour = human(found, Some(80), Palette::Colour);
        prop_assert_eq!(without_colour(&colour), human(found, Some(80), Palette::Plain));
        let verbose = told(found);
        for text in [
            human(found, None, Palette::Plain), short(found), json(found), github(found), gitlab(found), junit(found),
            summary(found), verbose.join("\n"),
        ] {
            prop_assert!(!text.contains(is_acting), "{:?}", text);
        }
        // What is printed to a job's log holds no command, and a form of lines has one a finding.
        let read = [human(found, None, Palette::Plain), short(found), json(found), gitlab(found), junit(found), verbose.join("\n")].join("\n");
        prop_assert!(!read.lines().any(runner::obeys), "{}", read);
        prop_assert_eq!(short(found).lines().count(), all.len());
        prop_assert_eq!(verbose.len(), 3);
    }

    #[test]
    fn programs_read_what_was_meant(case in case()) {
        let found = case.findings(Strictness::Warnings);
        let all = &case.verdict.findings;
        let value = parsed(&json(found));
        prop_assert_eq!(value["scorecard"].as_str(), Some(case.title.as_str()));
        prop_assert_eq!(value["findings"].as_array().map(Vec::len), Some(all.len()));
        for (told, finding) in value["findings"].as_array().into_iter().flatten().zip(all) {
            prop_assert_eq!(told["message"].as_str(), Some(finding.message.as_str()));
            prop_assert_eq!(told["about"].as_str(), finding.about.as_deref());
            prop_assert_eq!(told["labels"][0]["text"].as_str(), Some(finding.labels[0].text.as_str()));
        }
        let text = gitlab(found);
        prop_assert_eq!(fingerprints(&text).iter().collect::<std::collections::BTreeSet<_>>().len(), all.len());
        // An empty path or message is nothing a scorecard can have.
        let has_all = all.iter().all(|finding| !finding.message.is_empty()) && !text.contains("\"path\": \"\"");
        prop_assert!(!has_all || gitlab_problems(&text).is_empty(), "{}\n{:?}", text, gitlab_problems(&text));
        let text = junit(found);
        prop_assert_eq!(xsd::junit(&text), Ok(()));
        let document = roxmltree::Document::parse(&text).expect("XML");
        let failed = document.descendants().filter(|node| node.has_tag_name("failure") || node.has_tag_name("error"));
        prop_assert_eq!(failed.count(), all.len());
        let names: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testcase"))
            .map(|node| (node.attribute("classname"), node.attribute("name"))).collect();
        prop_assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), names.len());
    }

    #[test]
    fn a_workflow_obeys_no_name(case in case()) {
        let found = case.findings(Strictness::Warnings);
        let text = github(found);
        prop_assert_eq!(text.lines().count(), case.verdict.findings.len());
        let safe = |text: &str| text.chars().map(|c| if is_acting(c) || c == '\n' { '\u{fffd}' } else { c }).collect::<String>();
        let mut expected: Vec<&Diagnostic> = case.verdict.findings.iter().collect();
        expected.sort_by_key(|finding| finding.severity);
        for (line, finding) in text.lines().zip(expected) {
            let command = runner::command(line).expect("a command");
            prop_assert_eq!(&command.name, finding.severity.word());
            prop_assert_eq!(command.properties.get("title").map(String::as_str), Some(finding.code.as_str()));
            let known = ["file", "line", "endLine", "col", "endColumn", "title"];
            prop_assert!(command.properties.keys().all(|key| known.contains(&key.as_str())));
            let is_simple = |text: &str| text.chars().all(|c| c.is_ascii() || c.is_alphabetic());
            let path = match &finding.labels[0].locus {
                Locus::Scorecard(_) => &case.scorecard,
                Locus::Data { path, .. } => path,
            };
            if is_simple(path) && !path.is_empty() && !path.contains(['/', '.', '[']) && !path.starts_with('=') {
                prop_assert_eq!(command.properties.get("file"), Some(&safe(path)));
            }
            let (message, rest) = command.data.split_once("\nnote: ").expect("a note");
            // Characters without width are written down in the program alone.
            let visible = |text: &str| text.chars().filter(|c| !c.is_control() && *c != '\u{fffd}').collect::<String>();
            if is_simple(&finding.message) {
                prop_assert_eq!(message, &safe(&finding.message));
            }
            prop_assert!(rest.contains("\nhelp: ") && visible(message).len() <= finding.message.len());
        }
    }

    #[test]
    fn a_table_keeps_its_cells(case in case()) {
        let text = summary(case.findings(Strictness::Errors));
        prop_assert!(!text.contains('<') && !text.contains('>'), "{}", text);
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
        let all = case.verdict.findings.len();
        prop_assert_eq!(rows.len(), if all == 0 { 0 } else { all + 2 });
        prop_assert!(rows.iter().all(|row| cells(row) == 4 && row.ends_with(" |")), "{}", text);
        // Heading, counts, the table, the rules, what was read: blank lines between.
        let lines = text.lines().count();
        prop_assert_eq!(lines, 4 + if all == 0 { 0 } else { rows.len() + 1 } + 5, "{}", text);
        // What stands between marks that are not escaped is code, and holds nothing but plain characters.
        for line in text.lines() {
            let (mut is_escaped, mut parts) = (false, vec![String::new()]);
            for c in line.chars() {
                if c == '`' && !is_escaped { parts.push(String::new()) } else { parts.last_mut().expect("a part").push(c) }
                is_escaped = c == '\\' && !is_escaped;
            }
            prop_assert!(parts.len() % 2 == 1, "{}", line);
            let is_plain = |part: &String| part.chars().all(|c| c.is_alphanumeric() || " _-./:".contains(c));
            prop_assert!(parts.iter().skip(1).step_by(2).all(is_plain), "{}", line);
        }
    }
}

/// Every bait as the name of a file, as a message and as what it is about.
#[test]
fn a_workflow_reads_every_bait_as_text() {
    for bait in BAITS {
        let name = format!("a{bait}b");
        let finding = Diagnostic::warning(Code::HeldBack, name.as_str()).about(name.as_str());
        let case = Case {
            verdict: Verdict { findings: vec![finding], ..Verdict::default() },
            files: Files::default(),
            scorecard: name.clone(),
            title: name.clone(),
            home: Home { folder: "/repository".into(), repository: Some("/repository".into()) },
            reading: Reading::default(),
        };
        let safe = |c| if is_acting(c) || c == '\n' || c == '\u{fffe}' { '\u{fffd}' } else { c };
        let expected: String = name.chars().map(safe).collect();
        let text = github(case.findings(Strictness::Errors));
        let command = runner::command(text.strip_suffix('\n').expect("a line")).expect("a command");
        let properties = [("file".to_owned(), expected.clone()), ("title".to_owned(), "held-back".to_owned())];
        assert_eq!((command.name.as_str(), &command.data), ("warning", &expected), "{bait:?}");
        assert_eq!(command.properties, properties.into(), "{bait:?}");
        assert_eq!(text.lines().count(), 1, "{bait:?}");
    }
}

#[test]
fn the_rules_of_the_tests_are_rules() {
    assert!(["goal-without-sponsor", "unused-silence", "constant-series"].iter().all(|name| find(name).is_some()));
}
