//! Every aggregate function against plain integers, over 3,000 pseudo-random rows with blanks.
//!
//! The expected values know no date type, no decimal type and no data frame: days are text, amounts
//! are cents, and a window is two months compared as text. For every function, month, quarter, year to
//! date, the period before and the year before are compared, as a whole and by each dimension.

use std::collections::BTreeSet;

use super::program::{Folder, Fraction, Rows, digits, evaluation, stdout};
use goldthread::evaluate::Absence;

/// A linear congruential generator (Knuth's MMIX constants); the high bits are good enough.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[derive(Clone)]
struct Row {
    day: String,
    region: &'static str,
    channel: &'static str,
    /// In cents.
    amount: Option<i128>,
    units: Option<i128>,
    code: Option<String>,
    /// In cents.
    stock: Option<i128>,
}

const REGIONS: [&str; 3] = ["north", "south", "west"];
const CHANNELS: [&str; 2] = ["shop", "web"];

/// November 2024 to December 2025.
fn ledger() -> Vec<Row> {
    let mut dice = Dice(20_241_101);
    let mut rows = Vec::new();
    for month in (11..=12).map(|month| (2024, month)).chain((1..=12).map(|month| (2025, month))) {
        let days = match month.1 {
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        for day in 1..=days {
            for region in REGIONS {
                for channel in CHANNELS {
                    // Most segments have a row a day, some have two, some have none.
                    let times = match dice.below(10) {
                        0 => 0,
                        1..=7 => 1,
                        _ => 2,
                    };
                    for _ in 0..times {
                        rows.push(row(&mut dice, format!("{}-{:02}-{day:02}", month.0, month.1), region, channel));
                    }
                }
            }
        }
    }
    rows
}

fn row(dice: &mut Dice, day: String, region: &'static str, channel: &'static str) -> Row {
    let mut maybe = |blank: u64, value: i128| (dice.below(100) >= blank).then_some(value);
    let filled = [maybe(7, 1), maybe(9, 1), maybe(5, 1), maybe(12, 1)];
    let amount = dice.below(2_000_000) as i128 - 600_000;
    let units = dice.below(9) as i128;
    let code = format!("{}{}", ["A", "B", "C"][dice.below(3) as usize], dice.below(40));
    let stock = dice.below(50_000_000) as i128;
    Row {
        day,
        region,
        channel,
        amount: filled[0].map(|_| amount),
        units: filled[1].map(|_| units),
        code: filled[2].map(|_| code),
        stock: filled[3].map(|_| stock),
    }
}

/// Cents as text, with as many decimals as they need: `-12.30` is `-12.3`.
fn money(cents: i128) -> String {
    let text = format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn csv(rows: &[Row]) -> String {
    let mut text = "day,region,channel,amount,units,code,stock\n".to_owned();
    for row in rows {
        let cells = [
            row.day.clone(),
            row.region.to_owned(),
            row.channel.to_owned(),
            row.amount.map(money).unwrap_or_default(),
            row.units.map(|units| units.to_string()).unwrap_or_default(),
            row.code.clone().unwrap_or_default(),
            row.stock.map(money).unwrap_or_default(),
        ];
        text += &cells.join(",");
        text.push('\n');
    }
    text
}

/// What a metric should be for the rows of a segment, the source's rows as a whole, and a window.
type Expectation = fn(&Asked) -> Option<Fraction>;

struct Asked<'a> {
    /// All rows of the source.
    all: &'a [Row],
    region: Option<&'a str>,
    channel: Option<&'a str>,
    /// `2025-04` to `2025-11`.
    months: Vec<String>,
}

impl Asked<'_> {
    fn rows(&self) -> impl Iterator<Item = &Row> {
        let (first, last) = (&self.months[0], &self.months[self.months.len() - 1]);
        let inside = move |row: &&Row| row.day[..7] >= **first && row.day[..7] <= **last;
        self.all.iter().filter(inside).filter(|row| self.in_segment(row))
    }

    fn in_segment(&self, row: &Row) -> bool {
        self.region.is_none_or(|region| region == row.region)
            && self.channel.is_none_or(|channel| channel == row.channel)
    }

    /// The values, where every month has one.
    fn values(&self, value: impl Fn(&Row) -> Option<i128>) -> Option<Vec<i128>> {
        let filled = |month: &String| self.rows().any(|row| row.day[..7] == **month && value(row).is_some());
        self.months.iter().all(filled).then(|| self.rows().filter_map(value).collect())
    }

    /// How many rows fit, where the source has a row in every month.
    fn counted(&self, fits: impl Fn(&Row) -> bool) -> Option<Fraction> {
        let has_rows = |month: &String| self.all.iter().any(|row| row.day[..7] == **month);
        let count = self.rows().filter(|row| fits(row)).count();
        self.months.iter().all(has_rows).then(|| Fraction::new(count as i128, 1))
    }

    /// The sum of stocks on one day of the source.
    fn stock_on(&self, day: Option<&str>) -> Option<Fraction> {
        let day = day?;
        let stocks: Vec<i128> = self.rows().filter(|row| row.day == day).filter_map(|row| row.stock).collect();
        (!stocks.is_empty()).then(|| Fraction::new(stocks.iter().sum(), 100))
    }

    /// Whether the source has rows in every month.
    fn is_whole(&self) -> bool {
        self.months.iter().all(|month| self.days_of(month).next().is_some())
    }

    fn days_of(&self, month: &str) -> impl Iterator<Item = &str> {
        self.all.iter().map(|row| row.day.as_str()).filter(move |day| day[..7] == *month)
    }

    /// The value at the share `p / q` of the sorted amounts, linear between neighbours.
    fn quantile(&self, p: i128, q: i128) -> Option<Fraction> {
        let mut values = self.values(|row| row.amount)?;
        values.sort_unstable();
        let position = p * (values.len() as i128 - 1);
        let (rank, rest) = ((position / q) as usize, position % q);
        let (low, high) = (values[rank], values[(rank + 1).min(values.len() - 1)]);
        Some(Fraction::new(low * q + (high - low) * rest, q * 100))
    }
}

fn total(values: &[i128], scale: i128) -> Fraction {
    Fraction::new(values.iter().sum(), scale)
}

/// Id, value, `where`, and what it should be.
const METRICS: [(&str, &str, &str, Expectation); 21] = [
    ("total", "sum(amount)", "", |asked| Some(total(&asked.values(|row| row.amount)?, 100))),
    ("product", "sum(amount * units)", "", |asked| {
        Some(total(&asked.values(|row| Some(row.amount? * row.units?))?, 100))
    }),
    ("mean", "avg(amount)", "", |asked| {
        let values = asked.values(|row| row.amount)?;
        let count = values.len() as i128;
        Some(total(&values, 100 * count))
    }),
    ("least", "min(amount)", "", |asked| Some(Fraction::new(asked.values(|row| row.amount)?.into_iter().min()?, 100))),
    ("most", "max(amount)", "", |asked| Some(Fraction::new(asked.values(|row| row.amount)?.into_iter().max()?, 100))),
    ("rows", "count(*)", "", |asked| asked.counted(|_| true)),
    ("filled", "count(amount)", "", |asked| asked.counted(|row| row.amount.is_some())),
    ("codes", "count_distinct(code)", "", |asked| {
        asked.counted(|_| true)?;
        let codes: BTreeSet<&String> = asked.rows().filter_map(|row| row.code.as_ref()).collect();
        Some(Fraction::new(codes.len() as i128, 1))
    }),
    ("middle", "median(amount)", "", |asked| asked.quantile(1, 2)),
    ("nine_in_ten", "quantile(amount, 0.9)", "", |asked| asked.quantile(9, 10)),
    ("a_third", "quantile(amount, 0.333)", "", |asked| asked.quantile(333, 1000)),
    ("opening", "first(stock)", "", |asked| {
        asked.is_whole().then(|| asked.stock_on(asked.days_of(&asked.months[0]).min()))?
    }),
    ("closing", "last(stock)", "", |asked| {
        asked.is_whole().then(|| asked.stock_on(asked.days_of(asked.months.last()?).max()))?
    }),
    ("rate", "sum(amount) / sum(units)", "", |asked| {
        let (top, bottom) = (asked.values(|row| row.amount)?, asked.values(|row| row.units)?);
        Some(total(&top, 100 * bottom.iter().sum::<i128>()))
    }),
    ("web_total", "sum(amount)", "channel = 'web'", |asked| {
        Some(total(&asked.values(|row| row.amount.filter(|_| row.channel == "web"))?, 100))
    }),
    ("losses", "count(*)", "amount < 0 or channel = 'web'", |asked| {
        asked.counted(|row| row.amount.is_some_and(|amount| amount < 0) || row.channel == "web")
    }),
    // A blank makes `units > 3` unknown, and what is not known to be false is not `not` true.
    ("few", "count(*)", "not (units > 3)", |asked| asked.counted(|row| row.units.is_some_and(|units| units <= 3))),
    ("unnamed", "count(*)", "code is null", |asked| asked.counted(|row| row.code.is_none())),
    ("some_codes", "count(*)", "code in ('A1', 'B22') or code like 'C%'", |asked| {
        let fits = |code: &String| code == "A1" || code == "B22" || code.starts_with('C');
        asked.counted(|row| row.code.as_ref().is_some_and(fits))
    }),
    ("between", "sum(units)", "units between 2 and 4 and region <> 'west'", |asked| {
        let fits = |row: &Row| row.units.filter(|units| (2..=4).contains(units) && row.region != "west");
        Some(total(&asked.values(fits)?, 1))
    }),
    ("spread", "max(amount) - min(amount)", "", |asked| {
        let values = asked.values(|row| row.amount)?;
        Some(Fraction::new(values.iter().max()? - values.iter().min()?, 100))
    }),
];

fn scorecard() -> String {
    let head = "[scorecard]\ntitle = \"aggregates\"\ngrain = \"month\"\nfiscal_year = { starts = \"april\" }\n\
        [sources.ledger]\npath = \"ledger*.csv\"\nperiod = \"day\"\ndimensions = [\"region\", \"channel\"]\nduplicates = \"sum\"\n";
    METRICS.iter().fold(head.to_owned(), |text, (id, value, filter, _)| {
        let filter = if filter.is_empty() { String::new() } else { format!("where = \"{filter}\"\n") };
        text + &format!("[metrics.{id}]\nsource = \"ledger\"\nvalue = \"{value}\"\n{filter}unit = \"count\"\n")
    })
}

/// `2025-04` and 3 is April to June 2025.
fn months(first: &str, count: u32) -> Vec<String> {
    let (year, month): (u32, u32) = (first[..4].parse().expect("a year"), first[5..].parse().expect("a month"));
    let name = |index: u32| format!("{}-{:02}", year + index / 12, index % 12 + 1);
    (month - 1..month - 1 + count).map(name).collect()
}

/// A period as asked for, and the first month and length of what its columns speak of.
struct Case {
    period: &'static str,
    actual: (&'static str, u32),
    prior: (&'static str, u32),
    prior_year: (&'static str, u32),
    ytd: (&'static str, u32),
}

const CASES: [Case; 4] = [
    Case {
        period: "2025-11",
        actual: ("2025-11", 1),
        prior: ("2025-10", 1),
        prior_year: ("2024-11", 1),
        ytd: ("2025-04", 8),
    },
    // A year before February 2025 there is nothing.
    Case {
        period: "2025-02",
        actual: ("2025-02", 1),
        prior: ("2025-01", 1),
        prior_year: ("2024-02", 1),
        ytd: ("2024-04", 11),
    },
    // October 2024 is missing, and with it the whole quarter.
    Case {
        period: "FY2026-Q3",
        actual: ("2025-10", 3),
        prior: ("2025-07", 3),
        prior_year: ("2024-10", 3),
        ytd: ("2025-04", 9),
    },
    // A year that is not over has no value, not even an opening.
    Case {
        period: "FY2026",
        actual: ("2025-04", 12),
        prior: ("2024-04", 12),
        prior_year: ("2024-04", 12),
        ytd: ("2025-04", 12),
    },
];

fn compare(rows: &Rows, all: &[Row], case: &Case, level: &str, region: Option<&str>, channel: Option<&str>) -> usize {
    let mut compared = 0;
    for (id, value, _, expected) in METRICS {
        let mut keys = vec![("id", id), ("level", level)];
        keys.retain(|(_, value)| !value.is_empty());
        let by = level.is_empty();
        keys.extend(region.filter(|_| by).map(|region| ("region", region)));
        keys.extend(channel.filter(|_| by).map(|channel| ("channel", channel)));
        let asked = |window: (&str, u32)| expected(&Asked { all, region, channel, months: months(window.0, window.1) });
        let Some(row) = rows.find(&keys) else {
            assert!(asked(case.actual).is_none(), "{keys:?} of {} has no row", case.period);
            continue;
        };
        let columns =
            [("actual", case.actual), ("prior", case.prior), ("prior_year", case.prior_year), ("ytd", case.ytd)];
        for (column, window) in columns {
            let what = format!("{column} of {id} = {value} in {} for {region:?} {channel:?}", case.period);
            match (digits(&row[column]), asked(window)) {
                (Some(found), Some(expected)) => expected.assert_is(&found, &what),
                (found, expected) => {
                    assert!(found.is_none() && expected.is_none(), "{what}: {found:?}, not {expected:?}");
                }
            }
            compared += 1;
        }
    }
    compared
}

#[test]
fn every_function_over_time() {
    let all = ledger();
    assert!((2_500..3_500).contains(&all.len()), "{} rows", all.len());
    let folder = Folder::with(&scorecard()).file("ledger.csv", &csv(&all));
    for case in &CASES {
        let rows = folder.show(&["-p", case.period]);
        assert_eq!(compare(&rows, &all, case, "total", None, None), METRICS.len() * 4);
    }
}

#[test]
fn every_function_by_dimension() {
    let all = ledger();
    let folder = Folder::with(&scorecard()).file("ledger.csv", &csv(&all));
    let mut compared = 0;
    for case in &CASES {
        let rows = folder.show(&["-p", case.period, "--by", "region"]);
        for region in REGIONS {
            compared += compare(&rows, &all, case, "", Some(region), None);
        }
        compared += compare(&rows, &all, case, "total", None, None);
        let rows = folder.show(&["-p", case.period, "--by", "channel"]);
        for channel in CHANNELS {
            compared += compare(&rows, &all, case, "", None, Some(channel));
        }
        let rows = folder.show(&["-p", case.period, "--by", "region,channel"]);
        for (region, channel) in REGIONS.iter().flat_map(|region| CHANNELS.map(|channel| (*region, channel))) {
            compared += compare(&rows, &all, case, "", Some(region), Some(channel));
        }
    }
    assert!(compared > 2_000, "{compared} numbers were compared");
}

/// `--where` and `--by` see the same rows.
#[test]
fn a_condition_is_a_segment() {
    let all = ledger();
    let folder = Folder::with(&scorecard()).file("ledger.csv", &csv(&all));
    let rows = folder.show(&["-p", "2025-11", "--where", "region = 'west'"]);
    assert_eq!(compare(&rows, &all, &CASES[0], "part", Some("west"), None), METRICS.len() * 4);
}

#[test]
fn neither_order_nor_files_change_a_byte() {
    let all = ledger();
    let ordered = Folder::with(&scorecard()).file("ledger.csv", &csv(&all));
    let mut shuffled = all.clone();
    let mut dice = Dice(7);
    for index in (1..shuffled.len()).rev() {
        shuffled.swap(index, dice.below(index as u64 + 1) as usize);
    }
    let (one, two) = shuffled.split_at(1_000);
    // One of the files as another program would write it.
    let split = Folder::with(&scorecard())
        .file("ledger-1.csv", &csv(one))
        .file("ledger-2.csv", &csv(two).replace('\n', "\r\n"));
    for arguments in [["-p", "2025-11", "--by", "region,channel"], ["-p", "FY2026-Q3", "--by", "region"]] {
        let arguments: Vec<&str> = ["show", "-O", "json"].into_iter().chain(arguments).collect();
        assert_eq!(stdout(&ordered.scorecard(), &arguments), stdout(&split.scorecard(), &arguments));
    }
}

#[test]
fn only_is_one_cell() {
    let scorecard = "[scorecard]\ntitle = \"only\"\ngrain = \"month\"\n\
        [sources.survey]\npath = \"survey.csv\"\nperiod = \"month\"\ndimensions = [\"region\"]\nduplicates = \"sum\"\n\
        [metrics.all]\nsource = \"survey\"\nvalue = \"only(score)\"\nunit = \"count\"\n\
        [metrics.north]\nsource = \"survey\"\nwhere = \"region = 'north'\"\nvalue = \"only(score)\"\nunit = \"count\"\n";
    let mut dice = Dice(3);
    let (mut csv, mut cells) = ("month,region,score\n".to_owned(), Vec::new());
    for month in months("2025-01", 6) {
        for region in REGIONS {
            let score = dice.below(100_000) as i128 - 20_000;
            csv += &format!("{month},{region},{}\n", money(score));
            cells.push((month.clone(), region, score));
        }
    }
    let folder = Folder::with(scorecard).file("survey.csv", &csv);
    for (month, region, score) in cells {
        let rows = folder.show(&["-p", &month, "--by", "region"]);
        let row = rows.find(&[("id", "all"), ("region", region)]).expect("a row a region");
        Fraction::new(score, 100).assert_is(&digits(&row["actual"]).expect("a score"), &format!("{month} {region}"));
        assert_eq!(rows.number("all", "actual"), None, "three regions are no one cell");
        assert_eq!(digits(&row["ytd"]), None, "{month} {region}");
        let whole = folder.show(&["-p", &month]);
        assert_eq!(whole.number("all", "actual"), None);
        if region == "north" {
            Fraction::new(score, 100).assert_is(&whole.number("north", "actual").expect("a score"), &month);
        }
    }
    for (period, id, several) in [("2025-03", "all", true), ("2025-Q2", "all", false), ("2025-Q2", "north", false)] {
        evaluation(&folder.scorecard(), period, |scorecard, evaluation| {
            let standing = evaluation.standing(scorecard.find(id).expect("the metric"));
            let reason = standing.actual.as_ref().expect_err("no value");
            let right = if several {
                matches!(reason, Absence::SeveralRows { count: 3, .. })
            } else {
                matches!(reason, Absence::NotRolledUp { .. })
            };
            assert!(right, "{id} in {period}: {reason}");
        });
    }
}
