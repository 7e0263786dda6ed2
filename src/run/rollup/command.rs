//! The command of a rollup as it could be typed again, for its manifest: what decides the numbers, and no paths.

use crate::cli::RollupArgs;

/// The command, without the scorecard's and the output's path.
pub(super) fn written(args: &RollupArgs, by: &[String]) -> String {
    let mut words = vec!["goldthread".to_owned(), "rollup".to_owned()];
    words.extend(args.selectors.iter().map(|selector| quoted(selector)));
    let report = &args.report;
    let mut option = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            words.push(name.to_owned());
            words.push(quoted(value));
        }
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
    if args.layout == crate::cli::Layout::Wide {
        words.extend(["--layout", "wide", "--figure", args.figure.column()].map(str::to_owned));
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
