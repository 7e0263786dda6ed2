//! What must hold of any input, one function a target: the fuzzer and the tests over its corpus call the same.
#![allow(dead_code, reason = "a fuzz target calls one of them")]

use std::path::Path;
use std::sync::OnceLock;

use goldthread::diagnostic::{Diagnostic, Files, Locus};
use goldthread::formula::{
    CellFault, DecimalMark, FormulaError, Groups, NumberFormat, Proof, Scale, Term, WrittenNumber, parse_cell,
    parse_definition, parse_measure, parse_predicate,
};
use goldthread::number::{Fault, Number};
use goldthread::period::{Calendar, DateOrder, Grain, Period, PeriodRequest, WrittenPeriod};
use goldthread::plan::{PrintedPlan, plan};
use goldthread::render::{Palette, diagnostics};
use goldthread::scorecard::{load, resolve};

/// A target: what is asserted of an input.
pub(crate) type Target = fn(&[u8]);

/// Every target by name.
pub(crate) const TARGETS: [(&str, Target); 4] =
    [("scorecard", scorecard), ("formula", formula), ("period", period), ("cell", cell)];

/// A scorecard resolves, or every problem has a message and a place inside the text; its plan prints.
pub(crate) fn scorecard(data: &[u8]) {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    // Files are looked for below the folder, of which there are none; what else the disk holds is not the input.
    if data.windows(7).any(|word| word == b"include") {
        return;
    }
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().expect("a folder"));
    let path = folder.path().join(format!("{:?}.toml", std::thread::current().id()));
    std::fs::write(&path, data).expect("a file");
    let loaded = load(&path);
    match resolve(&loaded) {
        Err(problems) => {
            assert!(!problems.is_empty(), "refused without a reason");
            problems.iter().for_each(|problem| well_placed(problem, &loaded.files));
            let told = diagnostics(&problems, &loaded.files, Palette::Plain);
            assert!(problems.iter().all(|problem| told.contains(&format!("[{}]", problem.code))), "{told}");
            assert_eq!(
                resolve(&loaded).expect_err("refused before"),
                problems,
                "the same text is refused in another way"
            );
        }
        Ok(scorecard) => {
            let ids: Vec<_> = scorecard.ids().collect();
            assert!(!ids.is_empty(), "a scorecard without a metric");
            for id in &ids {
                assert_eq!(scorecard.find(&scorecard.metric(*id).id), Some(*id));
                assert!(scorecard.graph.below(*id).contains(id) && scorecard.graph.above(*id).contains(id));
            }
            for source in &scorecard.sources {
                let sizes = plan(&scorecard, &ids, &source.dimensions, source.filter.as_ref());
                assert!(
                    !PrintedPlan { plan: &sizes, scorecard: &scorecard }.to_string().contains('\0')
                        || data.contains(&0)
                );
            }
            let whole = plan(&scorecard, &ids, &[], None);
            assert_eq!(whole.metrics.len(), ids.len());
            assert!(whole.scans.iter().all(|scan| !scan.bases.is_empty() && !scan.columns.is_empty()));
        }
    }
}

fn well_placed(problem: &Diagnostic, files: &Files) {
    assert!(!problem.message.trim().is_empty(), "{problem:?}");
    for label in &problem.labels {
        match &label.locus {
            Locus::Scorecard(place) => {
                assert!(files.get(place.file).text.get(place.span.clone()).is_some(), "outside the text: {problem:?}");
            }
            Locus::Data { .. } => panic!("no data were read: {problem:?}"),
        }
    }
}

/// A formula prints as what it parses from; a refusal points into the text.
pub(crate) fn formula(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    printed(text, parse_measure);
    printed(text, parse_predicate);
    if let Some(definition) = printed(text, parse_definition) {
        let values = [0, 1, -7, 12_345].map(Number::from);
        for shift in 0..values.len() {
            let mut next = shift;
            let value = definition.evaluate(&mut |_: &Term| {
                next += 1;
                Ok::<Number, Fault>(values[next % values.len()])
            });
            if let Ok(number) = value {
                assert!(number.to_f64().is_finite(), "{text}");
            }
        }
        definition.derivative(&|_| Some(1.5), &|_| 1.0);
    }
}

fn printed<F: PartialEq + std::fmt::Debug + std::fmt::Display>(
    text: &str,
    parse: impl Fn(&str) -> Result<F, Vec<FormulaError>>,
) -> Option<F> {
    match parse(text) {
        Ok(formula) => {
            let shown = formula.to_string();
            let again = parse(&shown).unwrap_or_else(|errors| panic!("`{text}` prints as `{shown}`: {errors:?}"));
            assert_eq!(again.to_string(), shown, "`{text}` prints in two ways");
            assert_eq!(again, formula, "`{text}` prints as `{shown}`");
            Some(formula)
        }
        Err(errors) => {
            assert!(!errors.is_empty(), "refused without a reason: {text}");
            for error in errors {
                assert!(!error.message.is_empty(), "{text}");
                assert!(text.get(error.span.clone()).is_some(), "{text}: {error:?}");
            }
            None
        }
    }
}

fn calendars() -> impl Iterator<Item = Calendar> {
    (1..=12).filter_map(Calendar::starting)
}

/// A written period settles in one way only, and its name is read as the same period.
pub(crate) fn period(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(written) = WrittenPeriod::parse(text) {
        let orders = [DateOrder::DayFirst, DateOrder::MonthFirst];
        let plain = Calendar::default();
        let settled = orders.map(|order| written.settle(Some(order), &plain));
        if written.is_open() {
            assert_eq!(written.settle(None, &plain), None, "{text}");
            assert!(settled[0].is_some() && settled[1].is_some() && settled[0] != settled[1], "{text}: {settled:?}");
        }
        if let Some(order) = written.proves() {
            let possible = orders.map(|order| written.settle(Some(order), &plain).is_some());
            assert_eq!(possible, orders.map(|other| other == order), "{text} proves {order:?}");
        }
        if let Some(period) = written.settle(None, &plain) {
            assert_eq!(settled, [Some(period); 2], "{text}");
        }
        for calendar in calendars() {
            for period in orders.into_iter().filter_map(|order| written.settle(Some(order), &calendar)) {
                is_a_period(period, &calendar, text);
            }
        }
    }
    if let Some(period) = Period::parse(text) {
        assert_eq!(WrittenPeriod::parse(text), Some(WrittenPeriod::Known(period)), "{text}");
        assert_eq!(Calendar::default().name(period), text);
    }
    if let Ok(request) = PeriodRequest::parse(text) {
        for calendar in calendars() {
            for as_of in
                ["2024-02", "2024-W05", "0001-01-01", "9998-12-31"].map(|text| Period::parse(text).expect("a period"))
            {
                let Ok(periods) = request.resolve(&calendar, as_of) else { continue };
                assert!((1..=3_660).contains(&periods.len()), "{text}: {} periods", periods.len());
                assert!(periods.iter().all(|period| period.grain() == request.grain()), "{text}");
                assert!(periods.is_sorted_by(|a, b| a.last() < b.first()), "{text}");
                for pair in periods.windows(2) {
                    assert_eq!(calendar.shift(pair[0], 1), Some(pair[1]), "{text}");
                }
            }
        }
    }
}

fn is_a_period(period: Period, calendar: &Calendar, text: &str) {
    assert_eq!(Period::beginning(period.grain(), period.first()), Some(period), "{text}");
    let name = calendar.name(period);
    let request = PeriodRequest::parse(&name).unwrap_or_else(|error| panic!("{text}: {name}: {error}"));
    let any = Period::beginning(Grain::Day, period.first()).expect("a day");
    assert_eq!(request.resolve(calendar, any), Ok(vec![period]), "{text}: {name}");
    for steps in [1, -1, 7] {
        if let Some(other) = calendar.shift(period, steps) {
            assert_eq!(calendar.shift(other, -steps), Some(period), "{text}");
        }
    }
}

const GROUPS: [Groups; 5] = [Groups::None, Groups::Mark, Groups::Blank, Groups::Apostrophe, Groups::Any];
const SCALES: [Scale; 2] = [Scale::USUAL, Scale::FINE];

/// A cell reads as one value: printed and read again it is the same, in every format, and with its sign turned it is the
/// opposite. What a number proves of its format, no other format reads.
pub(crate) fn cell(data: &[u8]) {
    let Some((choice, rest)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let decimal = if choice & 1 == 0 { DecimalMark::Point } else { DecimalMark::Comma };
    let format = NumberFormat { decimal, groups: GROUPS[usize::from(choice >> 1) % GROUPS.len()] };
    for scale in SCALES {
        plain_cell(text, scale);
        if let Some(number) = WrittenNumber::parse(text) {
            written_cell(text, &number, format, scale);
        }
    }
    if let (Ok(Some(usual)), fine) = (parse_cell(text, Scale::USUAL), parse_cell(text, Scale::FINE)) {
        let same = usual.checked_mul(1_000_000_000);
        assert!(
            fine == Err(CellFault::TooLarge) || same.is_some_and(|same| fine == Ok(Some(same))),
            "{text}: {usual}, {fine:?}"
        );
    }
    if let Some(number) = WrittenNumber::parse(text) {
        proof_excludes(text, &number);
    }
    if let Some(format) = NumberFormat::like(text) {
        assert_eq!(NumberFormat::like(format.example()), Some(format), "{text}");
    }
}

fn plain_cell(text: &str, scale: Scale) {
    match parse_cell(text, scale) {
        Ok(None) => assert!(text.trim_ascii().is_empty(), "{text:?}"),
        Ok(Some(value)) => {
            assert_eq!(parse_cell(&shown(value, scale, NumberFormat::PLAIN), scale), Ok(Some(value)), "{text}");
            let trimmed = text.trim_ascii();
            if !trimmed.starts_with(['-', '+']) {
                assert_eq!(parse_cell(&format!("-{trimmed}"), scale), Ok(Some(-value)), "{text}");
            }
            // Whatever the machine's way reads, people's way reads as the same.
            if text.len() <= 128 {
                let number = WrittenNumber::parse(text).unwrap_or_else(|| panic!("{text} is a number"));
                assert_eq!(number.value(NumberFormat::PLAIN, scale), Ok(value), "{text}");
                assert!(!number.percent && number.currency.is_none(), "{text}");
            }
        }
        Err(_) => assert!(!text.trim_ascii().is_empty(), "{text:?}"),
    }
}

fn written_cell(text: &str, number: &WrittenNumber<'_>, format: NumberFormat, scale: Scale) {
    assert!(text.contains(number.digits) && number.currency.is_none_or(|currency| text.contains(currency)), "{text}");
    let Ok(value) = number.value(format, scale) else { return };
    assert!(if number.negative { value <= 0 } else { value >= 0 }, "{text}: {value}");
    let printed = shown(value, scale, format);
    let again = WrittenNumber::parse(&printed).unwrap_or_else(|| panic!("{text} prints as {printed}"));
    assert_eq!(again.value(format, scale), Ok(value), "{text} prints as {printed}");
    // Signs and surroundings may change places.
    let (sign, magnitude) = if value < 0 { ("-", &printed[1..]) } else { ("", &*printed) };
    for other in [format!("{magnitude}{sign}"), format!("{sign}\u{20ac} {magnitude}"), format!("{sign}{magnitude} EUR")]
    {
        let other_number = WrittenNumber::parse(&other).unwrap_or_else(|| panic!("{other}"));
        assert_eq!(other_number.value(format, scale), Ok(value), "{other}");
    }
}

fn proof_excludes(text: &str, number: &WrittenNumber<'_>) {
    let read = |mark| number.value(NumberFormat::found(mark), Scale::FINE);
    let (point, comma) = (read(DecimalMark::Point), read(DecimalMark::Comma));
    match number.proof() {
        Proof::Nothing => assert_eq!(point, comma, "{text} proves nothing"),
        Proof::Decimal(DecimalMark::Point) => {
            assert!(comma.is_err(), "{text} proves the point, and is {comma:?} without")
        }
        Proof::Decimal(DecimalMark::Comma) => {
            assert!(point.is_err(), "{text} proves the comma, and is {point:?} without")
        }
        Proof::Open(_) => assert!(
            point.is_err() == comma.is_err() && (point.is_err() || point != comma),
            "{text} is open: {point:?}, {comma:?}"
        ),
    }
}

/// A value as a format writes it, grouped where the format groups.
fn shown(value: i128, scale: Scale, format: NumberFormat) -> String {
    let decimals = usize::try_from(scale.decimals()).expect("small");
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = decimals + 1);
    let (integer, fraction) = digits.split_at(digits.len() - decimals);
    let (point, mark) = match format.decimal {
        DecimalMark::Point => ('.', ','),
        DecimalMark::Comma => (',', '.'),
    };
    let group = match format.groups {
        Groups::None => None,
        Groups::Mark | Groups::Any => Some(mark),
        Groups::Blank => Some(' '),
        Groups::Apostrophe => Some('\''),
    };
    let mut out = if value < 0 { "-".to_owned() } else { String::new() };
    for (index, digit) in integer.chars().enumerate() {
        if let Some(group) = group.filter(|_| index > 0 && (integer.len() - index) % 3 == 0) {
            out.push(group);
        }
        out.push(digit);
    }
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        out.push(point);
        out.push_str(fraction);
    }
    out
}

// The reader's own eyes: whatever bytes a file begins with, finding its dialect ends, and a dialect that was found parts
// the header into the columns it says. Waits for a public function that takes bytes and answers a dialect.
//
// pub(crate) fn dialect(data: &[u8]) {
//     let found = goldthread::observe::find_dialect(data, &["month", "region", "amount"]);
// }

/// Where the inputs of a target are kept.
pub(crate) fn corpus(of: &str, root: &Path) -> Vec<std::path::PathBuf> {
    let folder = root.join("tests/fuzz/corpus").join(of);
    let mut found: Vec<_> =
        std::fs::read_dir(folder).expect("a corpus").map(|entry| entry.expect("an input").path()).collect();
    found.sort();
    found
}
