//! The command of a rollup as it could be typed again, for its manifest: what decides the bytes, and no paths.

use crate::cli::{CsvReader, Layout, RollupArgs, RollupFormat};

/// The command, without the scorecard's and the output's path; with the format, which that path may have said.
pub(super) fn written(args: &RollupArgs, format: RollupFormat, by: &[String]) -> String {
    let mut words = vec!["goldthread".to_owned(), "rollup".to_owned()];
    words.extend(args.selectors.iter().map(|selector| quoted(selector)));
    let report = &args.report;
    let mut option = |name: &str, value: Option<&str>| match value {
        // What begins with a dash is taken for an option where it stands alone.
        Some(value) if value.starts_with('-') => words.push(format!("{name}={}", quoted(value))),
        Some(value) => words.extend([name.to_owned(), quoted(value)]),
        None => {}
    };
    option("-p", report.period.as_deref());
    option("--as-of", report.as_of.as_deref());
    option("--where", report.filter.as_deref());
    option("--by", Some(by.join(",")).as_deref().filter(|by| !by.is_empty()));
    option("--decimals", args.decimals.map(|decimals| decimals.to_string()).as_deref());
    let flags = [
        ("-M", report.monthly),
        ("-Q", report.quarterly),
        ("-Y", report.yearly),
        ("--lenient", report.lenient),
        ("--totals", args.totals),
        ("--display", args.display),
    ];
    words.extend(flags.into_iter().filter(|(_, is_set)| *is_set).map(|(flag, _)| flag.to_owned()));
    let mut choice = |options: &[&str]| words.extend(options.iter().map(|word| (*word).to_owned()));
    if args.layout == Layout::Wide {
        choice(&["--layout", "wide", "--figure", args.figure.column()]);
    }
    if format != RollupFormat::Csv {
        choice(&["-O", format.word()]);
    }
    if args.reader != CsvReader::Machine {
        choice(&["--for", args.reader.word()]);
    }
    words.join(" ")
}

/// In single quotes where a shell would take it apart.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_.,:+/=".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
