//! What is wrong, where, why, and what to do about it, as data.
//!
//! Owns the list of codes and the places they point at. Prints nothing: rendering is the renderer's,
//! deciding is the stage's that found it.

use std::fmt;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

/// Index of a scorecard file in [`Files`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(usize);

impl FileId {
    /// Its position in order of reading.
    pub fn index(self) -> usize {
        self.0
    }
}

/// The text of every scorecard file that was read, for carets.
#[derive(Clone, Debug, Default)]
pub struct Files {
    files: Vec<SourceFile>,
}

/// One scorecard file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// As a message shows it.
    pub path: String,
    /// Its whole text.
    pub text: String,
    /// Where each line begins, in bytes.
    begins: Vec<usize>,
}

impl SourceFile {
    /// The line of a byte, from 1, and where it begins.
    pub fn line_at(&self, byte: usize) -> (usize, usize) {
        let line = self.begins.partition_point(|begin| *begin <= byte).max(1);
        (line, self.begins[line - 1])
    }
}

impl Files {
    /// Keeps a file and answers its id.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let text = text.into();
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let begins = std::iter::once(0).chain(ends).collect();
        self.files.push(SourceFile { path: path.into(), text, begins });
        FileId(self.files.len() - 1)
    }

    /// The file of an id that [`Files::add`] gave out.
    pub fn get(&self, id: FileId) -> &SourceFile {
        &self.files[id.0]
    }

    /// The path of every file, in order of reading.
    pub fn paths(&self) -> impl Iterator<Item = &std::path::Path> {
        self.files.iter().map(|file| std::path::Path::new(&file.path))
    }

    /// Path and 1-based line of a place.
    pub fn line_of(&self, place: &Place) -> (&str, usize) {
        let file = self.get(place.file);
        (&file.path, file.line_at(place.span.start.min(file.text.len())).0)
    }
}

/// A stretch of a scorecard file, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which file.
    pub file: FileId,
    /// Which bytes.
    pub span: Range<usize>,
}

/// A value and where it was written.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

/// How bad it is; the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Severity {
    /// What is built on it is wrong: `check` ends with 1, and a fault stops the run with 2.
    Error,
    /// The report stands; the reader should know, and `check --strict` ends with 1.
    Warning,
    /// Worth a thought; never a reason to fail.
    Note,
}

impl Severity {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// What a finding is called: what stopped or bothered a stage, or a rule of `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Name {
    /// Found on the way to a report.
    Fault(Code),
    /// Found by the rule of this name.
    Rule(&'static str),
}

impl Name {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Name::Fault(code) => code.name(),
            Name::Rule(name) => name,
        }
    }
}

impl From<Code> for Name {
    fn from(code: Code) -> Name {
        Name::Fault(code)
    }
}

impl PartialEq<Code> for Name {
    fn eq(&self, code: &Code) -> bool {
        *self == Name::Fault(*code)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a finding points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Locus {
    /// A stretch of a scorecard file.
    Scorecard(Place),
    /// A stretch of one line of a data file, which is not kept in memory.
    Data {
        /// As a message shows it.
        path: String,
        /// 1-based; where the record begins.
        line: usize,
        /// The record's text, possibly shortened.
        text: String,
        /// The bytes of `text` in question.
        span: Range<usize>,
    },
}

/// A locus with what to say under its caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub locus: Locus,
    /// A few words; may be empty.
    pub text: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of finding.
    pub code: Name,
    /// How bad.
    pub severity: Severity,
    /// One line: lower case, names in backticks, no full stop.
    pub message: String,
    /// Where; the first is the place to mend.
    pub labels: Vec<Label>,
    /// What else is known.
    pub notes: Vec<String>,
    /// What to write instead.
    pub help: Option<String>,
    /// The id of the metric, department, source or stage it is about: what a silence names.
    pub about: Option<String>,
    /// Whether the scorecard gave it its severity.
    pub is_raised: bool,
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(code: impl Into<Name>, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code: code.into(),
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            about: None,
            is_raised: false,
        }
    }

    /// A warning without a place yet.
    pub fn warning(code: impl Into<Name>, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, message) }
    }

    /// Points at a stretch of a scorecard; the first call names the place to mend.
    pub fn at(self, place: &Place, text: impl Into<String>) -> Diagnostic {
        self.at_locus(Locus::Scorecard(place.clone()), text)
    }

    /// Points anywhere.
    pub fn at_locus(mut self, locus: Locus, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { locus, text: text.into() });
        self
    }

    /// Says what it is about.
    pub fn about(mut self, id: impl Into<String>) -> Diagnostic {
        self.about = Some(id.into());
        self
    }

    /// Adds what else is known.
    pub fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    /// Whether it stops a report: an error that was met on the way, not one that a rule found, and not a warning that a
    /// scorecard takes for an error.
    pub fn is_stop(&self) -> bool {
        matches!(self.code, Name::Fault(_)) && self.severity == Severity::Error && !self.is_raised
    }

    /// The same with the severity that the scorecard gives it.
    pub fn weighed(self, severity: Severity) -> Diagnostic {
        Diagnostic { severity, is_raised: true, ..self }
    }

    /// Says what to write instead.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }
}

macro_rules! codes {
    ($($variant:ident $name:literal $what:literal)*) => {
        /// Every kind of finding. Names are stable: scripts match on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $what] $variant,)* }

        impl Code {
            /// All of them, sorted by name.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The stable name.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// One sentence on what it means.
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$variant => $what,)* }
            }
        }
    };
}

codes! {
    AmbiguousDate "ambiguous-date" "A date is two days, depending on which number is the day, and nothing says which."
    AmbiguousNumber "ambiguous-number" "A number is two numbers, depending on the format, and nothing says which."
    AmbiguousPercent "ambiguous-percent" "A cell is a percentage or a fraction, and nothing says which."
    AmbiguousTarget "ambiguous-target" "A target does not fit the metric's direction: a range without `between`, or the reverse."
    BadCell "bad-cell" "A cell cannot be read as what the metric needs: a number or a period."
    BadColumn "bad-column" "A source names a column that its file does not have."
    BadFile "bad-file" "A data or scorecard file cannot be opened or is not what it should be."
    BadFormula "bad-formula" "A formula does not parse or uses what the language does not have."
    BadLedger "bad-ledger" "A closed period cannot be read from the ledger, or was changed there."
    BadPeriod "bad-period" "A period in a table or on the command line is not a period."
    BadRow "bad-row" "A row has more or fewer fields than the header."
    BadSetting "bad-setting" "A setting has a value outside what it may be."
    BadType "bad-type" "A key has a value of the wrong type."
    BareColumn "bare-column" "A formula over a source uses a column outside an aggregate."
    Cycle "cycle" "Metrics drive or define each other in a loop."
    DuplicateId "duplicate-id" "Two things share one id."
    DuplicateRow "duplicate-row" "Two rows of a source have the same period and key."
    HeldBack "held-back" "The report waits for a required source whose data end well before the others'."
    InputAndDriver "input-and-driver" "A metric is both an input of a definition and its driver: that is arithmetic."
    MissingGlyph "missing-glyph" "No font has a character that a picture shows."
    MissingKey "missing-key" "A key that must be there is not."
    MissingRate "missing-rate" "An amount is in a currency for whose period there is no rate."
    MissingThreshold "missing-threshold" "The target is 0 or a range, so no default threshold can be derived."
    MissingUnit "missing-unit" "A metric has a value or a target and no unit."
    MixedCurrency "mixed-currency" "A source has amounts in several currencies."
    MixedGrain "mixed-grain" "A source's periods are of different sizes."
    NestedAggregate "nested-aggregate" "An aggregate stands inside an aggregate."
    NoPicture "no-picture" "A chart would show nothing, or more than can be read."
    NoRows "no-rows" "A data file or a whole source holds no rows."
    Syntax "syntax" "The file is not TOML."
    ThresholdSide "threshold-side" "A threshold lies on the better side of its target."
    TooCoarse "too-coarse" "A source's periods are coarser than the scorecard's grain, or do not nest in it."
    TooLarge "too-large" "A sum leaves the range in which it can be exact."
    TotalMismatch "total-mismatch" "A row that says it is a total differs from what the rows above add up to."
    UnknownId "unknown-id" "A name refers to nothing in the scorecard, or nobody in the data."
    UnknownKey "unknown-key" "A key is not part of the scorecard language."
    Usage "usage" "The command line asks for something the scorecard or the data does not have."
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A value with the warnings found on the way to it.
#[derive(Clone, Debug)]
pub struct Warned<T> {
    /// The value.
    pub value: T,
    /// In the order found.
    pub warnings: Vec<Diagnostic>,
}
