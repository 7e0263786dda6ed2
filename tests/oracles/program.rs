//! Running the program, and reading what it says as exact fractions.
//!
//! Owns temporary scorecards, the call of the binary, and comparison. Expects nothing itself.

use std::cmp::Ordering;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use goldthread::evaluate::{Evaluation, Reader, evaluate};
use goldthread::metric::Scorecard;
use goldthread::observe::{Manner, observe};
use goldthread::period::PeriodRequest;
use goldthread::plan::plan;
use goldthread::scorecard::{load, resolve};
use serde_json::{Map, Value};

/// The repository.
pub(super) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A file of `tests/vectors/`.
pub(super) fn vectors(name: &str) -> Value {
    let path = root().join("tests/vectors").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The elements of a list of a vector.
pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("not a list: {value}"))
}

/// A number of a vector, as a double.
pub(super) fn double(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("not a number: {value}"))
}

/// A text of a vector.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}"))
}

/// Whether two doubles agree to `tolerance`, relative to the larger of 1 and the expected one.
pub(super) fn close(actual: f64, expected: f64, tolerance: f64) -> bool {
    (actual - expected).abs() <= tolerance * expected.abs().max(1.0)
}

/// A scorecard with its data in a folder of its own.
pub(super) struct Folder(tempfile::TempDir);

impl Folder {
    /// A folder with this scorecard in it.
    pub(super) fn with(scorecard: &str) -> Folder {
        let folder = Folder(tempfile::tempdir().expect("a temporary folder"));
        folder.file("scorecard.toml", scorecard)
    }

    /// Adds or replaces a file.
    pub(super) fn file(self, name: &str, text: &str) -> Folder {
        fs::write(self.0.path().join(name), text).expect("a file in a temporary folder");
        self
    }

    /// The scorecard's path.
    pub(super) fn scorecard(&self) -> PathBuf {
        self.0.path().join("scorecard.toml")
    }

    /// The rows of `show -O json`.
    pub(super) fn show(&self, arguments: &[&str]) -> Rows {
        show(&self.scorecard(), arguments)
    }
}

/// Runs the binary.
pub(super) fn run(scorecard: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goldthread"));
    command.env_remove("GOLDTHREAD_SCORECARD").arg("--color=never").arg("-s").arg(scorecard).args(arguments);
    command.output().expect("the binary runs")
}

/// Runs the binary, which must succeed, and answers its standard output.
pub(super) fn stdout(scorecard: &Path, arguments: &[&str]) -> String {
    let output = run(scorecard, arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?} ended with {}: {stderr}", output.status);
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

/// The rows of `show -O json`.
pub(super) fn show(scorecard: &Path, arguments: &[&str]) -> Rows {
    let all: Vec<&str> = ["show", "-O", "json"].iter().chain(arguments).copied().collect();
    let report: Value = serde_json::from_str(&stdout(scorecard, &all)).expect("JSON");
    let row = |row: &Value| row.as_object().expect("a row is an object").clone();
    Rows(list(&report["rows"]).iter().map(row).collect())
}

/// The rows of a report.
pub(super) struct Rows(pub(super) Vec<Map<String, Value>>);

impl Rows {
    /// The row that has these texts in these columns; there must be at most one.
    pub(super) fn find(&self, keys: &[(&str, &str)]) -> Option<&Map<String, Value>> {
        let fits = |row: &&Map<String, Value>| keys.iter().all(|(column, value)| row[*column].as_str() == Some(value));
        let mut found = self.0.iter().filter(fits);
        let first = found.next();
        assert!(found.next().is_none(), "several rows for {keys:?}");
        first
    }

    /// The row of a metric as a whole, in a report of one period.
    pub(super) fn total(&self, id: &str) -> &Map<String, Value> {
        self.find(&[("id", id), ("level", "total")]).unwrap_or_else(|| panic!("no row of {id}"))
    }

    /// A number of a metric as a whole, in a report of one period.
    pub(super) fn number(&self, id: &str, column: &str) -> Option<String> {
        digits(&self.total(id)[column])
    }
}

/// The digits of a JSON number as they stand; `None` for null.
pub(super) fn digits(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Number(number) => Some(number.to_string()),
        other => panic!("neither a number nor null: {other}"),
    }
}

/// An exact fraction; the denominator is positive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fraction {
    pub(super) numerator: i128,
    pub(super) denominator: i128,
}

impl Fraction {
    pub(super) fn new(numerator: i128, denominator: i128) -> Fraction {
        assert!(denominator > 0, "{numerator}/{denominator}");
        let divisor = greatest_common_divisor(numerator.unsigned_abs(), denominator.unsigned_abs()) as i128;
        Fraction { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    /// Reads plain decimal text.
    pub(super) fn parse(text: &str) -> Fraction {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let mantissa = format!("{whole}{fraction}").parse().unwrap_or_else(|_| panic!("not a plain decimal: {text}"));
        Fraction::new(mantissa, 10i128.pow(fraction.len() as u32))
    }

    /// Whether its decimals end, and so whether a decimal can hold it exactly.
    fn ends(self) -> bool {
        let mut rest = self.denominator;
        for factor in [2, 5] {
            while rest % factor == 0 {
                rest /= factor;
            }
        }
        rest == 1
    }

    /// Asserts that plain decimal text is this number: exactly where its decimals end, elsewhere to
    /// one unit in the last place of a double.
    pub(super) fn assert_is(self, actual: &str, of: &str) {
        let found = Fraction::parse(actual);
        if self.ends() {
            let same = (found.numerator, found.denominator) == (self.numerator, self.denominator);
            assert!(same, "{of}: {actual} is not exactly {}/{}", self.numerator, self.denominator);
        } else {
            let expected = self.numerator as f64 / self.denominator as f64;
            let actual: f64 = actual.parse().expect("a number");
            assert!((actual - expected).abs() <= f64::EPSILON * expected.abs(), "{of}: {actual} is not {expected}");
        }
    }

    /// Rounds half away from zero to `decimals` places.
    pub(super) fn rounded(self, decimals: u32) -> String {
        let scaled = self.numerator.abs() * 10i128.pow(decimals);
        let (mut whole, rest) = (scaled / self.denominator, scaled % self.denominator);
        whole += i128::from(rest * 2 >= self.denominator);
        let mut text = format!("{whole:0width$}", width = decimals as usize + 1);
        if decimals > 0 {
            text.insert(text.len() - decimals as usize, '.');
        }
        if self.numerator < 0 && whole > 0 { format!("-{text}") } else { text }
    }

    pub(super) fn order(self, other: Fraction) -> Ordering {
        (self.numerator * other.denominator).cmp(&(other.numerator * self.denominator))
    }
}

fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// What the library evaluates of a period: for reasons, which the rows do not hold in full.
pub(super) fn evaluation<T>(scorecard: &Path, period: &str, look: impl FnOnce(&Scorecard, &Evaluation) -> T) -> T {
    let loaded = load(scorecard);
    let scorecard = resolve(&loaded).expect("a sound scorecard");
    let ids: Vec<_> = scorecard.ids().collect();
    let plan = plan(&scorecard, &ids, &[], None);
    let observations = observe(&scorecard, &plan, Manner::default()).expect("sound data").value;
    let reader = Reader::new(&scorecard, &plan, &observations, None);
    let any = goldthread::period::Period::parse("2000-01-01").expect("a day");
    let request = PeriodRequest::parse(period).expect("a period");
    let periods = request.resolve(&scorecard.calendar, any).expect("a period");
    assert_eq!(periods.len(), 1, "{period} is not one period");
    look(&scorecard, &evaluate(&reader, periods[0], None))
}
