//! Lines of a job's log as `actions/runner` reads them: written after the grammar in `ActionCommand.TryParseV2`
//! and, for the older form, `ActionCommand.TryParse`.

use std::collections::BTreeMap;

/// What the runner obeys, whoever prints it.
const REGISTERED: [&str; 15] = [
    "add-mask",
    "add-matcher",
    "add-path",
    "debug",
    "echo",
    "endgroup",
    "error",
    "group",
    "notice",
    "remove-matcher",
    "save-state",
    "set-env",
    "set-output",
    "stop-commands",
    "warning",
];

/// A command.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) name: String,
    pub(super) properties: BTreeMap<String, String>,
    pub(super) data: String,
}

/// Whether the runner obeys a line in any of its two forms; the older may begin anywhere.
pub(super) fn obeys(line: &str) -> bool {
    let info = line.split_once("##[").and_then(|(_, rest)| rest.split_once(']')).map(|(info, _)| info);
    let older = info.is_some_and(|info| is_registered(info.split(' ').next().unwrap_or_default()));
    older || command(line).is_some()
}

fn is_registered(name: &str) -> bool {
    REGISTERED.contains(&name.to_ascii_lowercase().as_str())
}

/// The command of a line, if the runner takes it for one.
pub(super) fn command(line: &str) -> Option<Command> {
    let rest = line.trim_start().strip_prefix("::")?;
    let (info, data) = rest.split_once("::")?;
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    if !is_registered(name) {
        return None;
    }
    let pairs = properties.trim().split(',').filter_map(|pair| {
        // .NET leaves empty parts out before it counts to two, so signs that begin a value go too.
        let (key, value) = pair.trim_start_matches('=').split_once('=')?;
        let value = value.trim_start_matches('=');
        (!value.is_empty()).then(|| (key.to_owned(), unescaped(value, true)))
    });
    Some(Command { name: name.to_owned(), properties: pairs.collect(), data: unescaped(data, false) })
}

/// One replacement after the other, `%25` last, as the runner does it.
fn unescaped(text: &str, is_property: bool) -> String {
    let text = text.replace("%0D", "\r").replace("%0A", "\n");
    let text = if is_property { text.replace("%3A", ":").replace("%2C", ",") } else { text };
    text.replace("%25", "%")
}

#[test]
fn commands_are_read_as_the_runner_reads_them() {
    let read = command("  ::error file=a%2Cb.toml,line=3,,title=x%3Ay%250A::one%0Atwo::three%25").expect("a command");
    let properties = [("file", "a,b.toml"), ("line", "3"), ("title", "x:y%0A")];
    assert_eq!(read.name, "error");
    assert_eq!(read.properties, properties.map(|(key, value)| (key.to_owned(), value.to_owned())).into());
    assert_eq!(read.data, "one\ntwo::three%");
    for text in ["error::x", "a ::error::x", "::unknown::x", "::error", ":: error::x"] {
        assert!(!obeys(text), "{text}");
    }
    for text in ["::error::x", "a ##[add-mask x=y]b", "##[Group]"] {
        assert!(obeys(text), "{text}");
    }
}
