//! What must hold of any input, one function a target: the fuzzer and the tests over its corpus call the same.
#![allow(dead_code, reason = "a fuzz target calls one of them")]

use std::path::Path;
use std::sync::OnceLock;

use goldthread::diagnostic::{Diagnostic, Files, Locus, Warned};
use goldthread::formula::{
    CellFault, Cells, DecimalMark, FormulaError, Groups, NumberFormat, Predicate, Proof, Scale, Term, WrittenNumber,
    parse_cell, parse_definition, parse_measure, parse_predicate,
};
use goldthread::number::{Fault, Number};
use goldthread::observe::dialect::{Wanted, find, fold};
use goldthread::observe::{Manner, Observations, OnFault, SourceTable, Way, observe};
use goldthread::period::{Calendar, DateOrder, Grain, Period, PeriodRequest, WrittenPeriod};
use goldthread::plan::{PrintedPlan, plan};
use goldthread::render::{Palette, diagnostics};
use goldthread::scorecard::{load, resolve};

/// A target: what is asserted of an input.
pub(crate) type Target = fn(&[u8]);

/// Every target by name.
pub(crate) const TARGETS: [(&str, Target); 6] = [
    ("scorecard", scorecard),
    ("formula", formula),
    ("period", period),
    ("cell", cell),
    ("dialect", dialect),
    ("file", file),
];

/// A scorecard resolves, or every problem has a message and a place inside the text; its plan prints.
pub(crate) fn scorecard(data: &[u8]) {
    // Files are looked for below the folder, of which there are none; what else the disk holds is not the input.
    if data.windows(7).any(|word| word == b"include") {
        return;
    }
    let path = scratch("scorecard.toml");
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
    if let Some(predicate) = printed(text, parse_predicate) {
        let known = predicate.map(&mut |name: &String| name.len() % ROW.len());
        for scale in SCALES {
            let holds = known.holds(&Row, scale);
            let not = Predicate::Not(Box::new(known.clone())).holds(&Row, scale);
            assert_eq!(not, holds.map(|holds| holds.map(|holds| !holds)), "{text}");
        }
    }
    // The names of a definition are ids, and are printed as they are: whatever else stands there is refused later.
    let is_id = |name: &String| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') && !name.is_empty();
    let mut ids = true;
    let definition = parsed(text, parse_definition).filter(|definition| {
        definition.visit(&mut |term| ids &= is_id(term.metric()));
        ids
    });
    if let Some(definition) = definition {
        assert_eq!(printed(text, parse_definition).as_ref(), Some(&definition));
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

/// Cells of many kinds, by the length of a column's name.
const ROW: [&str; 7] = ["", "1", "north", "-2.50", "1e5", "0", "2024-01-31"];

struct Row;

impl Cells<usize> for Row {
    fn text(&self, column: usize) -> Option<&str> {
        Some(ROW[column]).filter(|text| !text.is_empty())
    }

    fn number(&self, column: usize, scale: Scale) -> Result<Option<i128>, CellFault> {
        parse_cell(ROW[column], scale)
    }
}

fn printed<F: PartialEq + std::fmt::Debug + std::fmt::Display>(
    text: &str,
    parse: impl Fn(&str) -> Result<F, Vec<FormulaError>>,
) -> Option<F> {
    let formula = parsed(text, &parse)?;
    let shown = formula.to_string();
    let again = parse(&shown).unwrap_or_else(|errors| panic!("`{text}` prints as `{shown}`: {errors:?}"));
    assert_eq!(again.to_string(), shown, "`{text}` prints in two ways");
    assert_eq!(again, formula, "`{text}` prints as `{shown}`");
    Some(formula)
}

fn parsed<F>(text: &str, parse: impl Fn(&str) -> Result<F, Vec<FormulaError>>) -> Option<F> {
    let errors = match parse(text) {
        Ok(formula) => return Some(formula),
        Err(errors) => errors,
    };
    assert!(!errors.is_empty(), "refused without a reason: {text}");
    for error in errors {
        assert!(!error.message.is_empty(), "{text}");
        assert!(text.get(error.span.clone()).is_some(), "{text}: {error:?}");
    }
    None
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
            // Neither, where the year lies outside the calendar.
            let [day_first, month_first] = settled;
            assert!(
                day_first.is_some() == month_first.is_some() && (day_first.is_none() || day_first != month_first),
                "{text}: {settled:?}"
            );
        }
        if let Some(order) = written.proves() {
            let other = if order == DateOrder::DayFirst { DateOrder::MonthFirst } else { DateOrder::DayFirst };
            assert_eq!(written.settle(Some(other), &plain), None, "{text} proves {order:?}");
        }
        if let Some(period) = written.settle(None, &plain) {
            let may = |order| written.proves().is_none_or(|proved| proved == order);
            assert_eq!(settled, orders.map(|order| Some(period).filter(|_| may(order))), "{text}");
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
            assert!(comma.is_err(), "{text} proves the point, and is {comma:?} without");
        }
        Proof::Decimal(DecimalMark::Comma) => {
            assert!(point.is_err(), "{text} proves the comma, and is {point:?} without");
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

/// A header that was found is a line of the text, parted by the delimiter it names, and has what it counts.
pub(crate) fn dialect(data: &[u8]) {
    let Some((choice, rest)) = data.split_first() else { return };
    let Ok(head) = std::str::from_utf8(rest) else { return };
    let wanted = Wanted {
        headers: vec!["month", "Net amount", "r\u{e9}gion"],
        delimiter: [None, Some(b','), Some(b';'), Some(b'\t')][usize::from(choice & 3)],
        line: [None, None, Some(1), Some(3)][usize::from(choice >> 2 & 3)],
        is_wide: choice & 16 != 0,
    };
    let Some(header) = find(head, &wanted) else {
        assert!(
            wanted.line.is_some() || head.lines().take(100).all(|line| line.chars().all(|c| " ,;\t|\r".contains(c))),
            "{head:?}"
        );
        return;
    };
    assert!(wanted.delimiter.is_none_or(|declared| declared == header.delimiter), "{head:?}");
    assert!(wanted.line.is_none_or(|declared| declared == header.line), "{head:?}");
    let span = head.get(header.span.clone()).unwrap_or_else(|| panic!("{head:?}: {header:?}"));
    assert!(span.starts_with(&header.text), "{head:?}: {header:?}");
    assert_eq!(head[..header.span.start].matches('\n').count() + 1, header.line, "{head:?}");
    let known: Vec<String> = header.names.iter().map(|name| fold(name)).collect();
    let found = wanted.headers.iter().filter(|name| known.contains(&fold(name))).count();
    assert_eq!(found, header.found, "{head:?}: {header:?}");
    for name in &known {
        assert_eq!(fold(name), *name, "folded once more");
    }
}

/// A file is read to the same result both ways, again, leniently, and in another encoding; or every problem has a place
/// inside a line of it.
pub(crate) fn file(data: &[u8]) {
    let Some((choice, bytes)) = data.split_first() else { return };
    let path = scratch("data.csv");
    let scorecard = scratch("file.toml");
    std::fs::write(&scorecard, file_scorecard(*choice, &path)).expect("a file");
    std::fs::write(&path, bytes).expect("a file");
    let loaded = load(&scorecard);
    let resolved =
        resolve(&loaded).unwrap_or_else(|found| panic!("{}", diagnostics(&found, &loaded.files, Palette::Plain)));
    let plan = plan(&resolved, &resolved.ids().collect::<Vec<_>>(), &["region".to_owned()], None);
    let read = |way, on_fault| observe(&resolved, &plan, Manner { way, on_fault });
    let seen = read(Way::Careful, OnFault::Stop);
    match &seen {
        Err(problems) => {
            assert!(!problems.is_empty(), "refused without a reason");
            for problem in problems {
                assert!(!problem.message.trim().is_empty() && !problem.labels.is_empty(), "{problem:?}");
                for label in &problem.labels {
                    if let Locus::Data { line, text, span, .. } = &label.locus {
                        // A span may end beyond a line that was cut for people; the names of parquet's columns stand in no line.
                        assert!((*line > 0 || bytes.starts_with(b"PAR1")) && span.start <= span.end, "{problem:?}");
                        assert!(text.is_char_boundary(span.start.min(text.len())), "{problem:?}");
                    }
                }
            }
            assert!(!diagnostics(problems, &loaded.files, Palette::Plain).is_empty());
        }
        Ok(observed) => {
            let lenient = read(Way::Careful, OnFault::Reject).expect("read before");
            assert_eq!(moments(&lenient.value), moments(&observed.value), "leniently");
            assert!(lenient.value.tables.iter().all(|table| table.rejects.is_empty() && table.unplaced == 0));
        }
    }
    same(&seen, &read(Way::Fast, OnFault::Stop), "either way");
    let _ = read(Way::Careful, OnFault::Reject);
    if let Ok(text) = std::str::from_utf8(bytes)
        && choice & ENCODING_IS_SET == 0
        && text.is_ascii() == (choice & 64 == 0)
        && !bytes.starts_with(b"PK")
        && !bytes.starts_with(b"PAR1")
        && !text.starts_with('\u{feff}')
    {
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        std::fs::write(&path, [0xff, 0xfe].into_iter().chain(units).collect::<Vec<u8>>()).expect("a file");
        let again = read(Way::Careful, OnFault::Stop);
        match (&seen, &again) {
            (Ok(a), Ok(b)) => assert_eq!(moments(&a.value), moments(&b.value), "in UTF-16"),
            (Err(_), Err(_)) => {}
            (a, b) => panic!("in UTF-16: {:?}\n{:?}", a.as_ref().map(|_| ()), b.as_ref().map(|_| ())),
        }
    }
}

const ENCODING_IS_SET: u8 = 32;

fn file_scorecard(choice: u8, path: &Path) -> String {
    let is_wide = choice & 1 != 0;
    let set = |bit: u8, line: &'static str| if choice & bit != 0 { line } else { "" };
    let column = if is_wide { "value" } else { "amount" };
    format!(
        "[scorecard]\ngrain = \"{grain}\"\n[sources.data]\npath = '{path}'\ndimensions = [\"region\"]\n{layout}{numbers}{order}{duplicates}{encoding}\
         [metrics]\na = {{ source = \"data\", unit = \"EUR\", value = \"sum({column}) / avg({column})\" }}\n\
         b = {{ source = \"data\", unit = \"count\", value = \"median({column}) + count_distinct(region)\", where = \"region <> 'x'\" }}\n\
         c = {{ source = \"data\", unit = \"percent\", value = \"max({column})\", where = \"region = 'share'\" }}\n",
        grain = if choice & 2 == 0 { "month" } else { "day" },
        path = path.file_name().and_then(|name| name.to_str()).expect("a name"),
        layout = if is_wide { "layout = \"wide\"\n" } else { "period = \"month\"\n" },
        numbers = set(4, "numbers = \"1.234,5\"\n"),
        order = set(8, "date_order = \"dmy\"\n"),
        duplicates = set(16, "duplicates = \"sum\"\n"),
        encoding = set(ENCODING_IS_SET, "encoding = \"windows-1252\"\n"),
    )
}

type Seen = Result<Warned<Observations>, Vec<Diagnostic>>;

fn same(a: &Seen, b: &Seen, how: &str) {
    match (a, b) {
        (Ok(a), Ok(b)) => {
            assert_eq!(moments(&a.value), moments(&b.value), "{how}");
            assert_eq!(a.warnings, b.warnings, "{how}");
        }
        (Err(a), Err(b)) => assert_eq!(a, b, "{how}"),
        (a, b) => panic!("{how}: {a:?}\n{b:?}"),
    }
}

/// All that was observed, in a form that can be compared.
fn moments(observations: &Observations) -> String {
    let of = |table: &SourceTable| {
        let moments: Vec<String> = table
            .moments
            .iter()
            .map(|(period, moment)| format!("{period:?} {} {:?}", moment.rows, moment.segments))
            .collect();
        format!("{:?} {}", table.scale, moments.join("\n"))
    };
    observations.tables.iter().map(of).collect::<Vec<_>>().join("\n")
}

/// A file of this thread's own, in a folder that is empty but for such files.
fn scratch(name: &str) -> std::path::PathBuf {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let thread = format!("{:?}", std::thread::current().id()).replace(|c: char| !c.is_ascii_alphanumeric(), "");
    FOLDER.get_or_init(|| tempfile::tempdir().expect("a folder")).path().join(format!("{thread}-{name}"))
}

/// Where the inputs of a target are kept.
pub(crate) fn corpus(of: &str, root: &Path) -> Vec<std::path::PathBuf> {
    let folder = root.join("tests/fuzz/corpus").join(of);
    let mut found: Vec<_> =
        std::fs::read_dir(folder).expect("a corpus").map(|entry| entry.expect("an input").path()).collect();
    found.sort();
    found
}
