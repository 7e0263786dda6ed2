//! `01_rollup.json`: each section as a small scorecard and a CSV file, through the whole program.

use goldthread::evaluate::{Absence, Caveat};
use goldthread::number::Number;

use super::program::{Folder, Fraction, close, double, evaluation, list, run, stdout, text, vectors};

/// A scorecard of one monthly source `data.csv` with these metrics: id, value, unit.
fn monthly(metrics: &[(&str, &str, &str)]) -> String {
    let head = "[scorecard]\ntitle = \"rollup\"\ngrain = \"month\"\n\
        [sources.data]\npath = \"data.csv\"\nperiod = \"month\"\nduplicates = \"sum\"\n";
    let metric = |(id, value, unit): &(&str, &str, &str)| {
        format!("[metrics.{id}]\nsource = \"data\"\nvalue = \"{value}\"\nunit = \"{unit}\"\n")
    };
    metrics.iter().map(metric).fold(head.to_owned(), |text, metric| text + &metric)
}

fn with_dimension(scorecard: &str, dimension: &str) -> String {
    scorecard.replace("period = \"month\"\n", &format!("period = \"month\"\ndimensions = [\"{dimension}\"]\n"))
}

#[test]
fn a_ratio_is_one_of_sums() {
    let case = &vectors("01_rollup.json")["ratio_of_sums"];
    let mut csv = "month,dept,resolved_first,contacts\n".to_owned();
    for row in list(&case["rows"]) {
        csv += &format!("2025-01,{},{},{}\n", text(&row["dept"]), row["resolved_first"], row["contacts"]);
    }
    let scorecard = with_dimension(&monthly(&[("fcr", "sum(resolved_first) / sum(contacts)", "percent")]), "dept");
    let folder = Folder::with(&scorecard).file("data.csv", &csv);
    let rows = folder.show(&["--by", "dept"]);
    assert_eq!(rows.number("fcr", "numerator"), Some(case["numerator"].to_string()));
    assert_eq!(rows.number("fcr", "denominator"), Some(case["denominator"].to_string()));
    Fraction::new(125, 165).assert_is(&rows.number("fcr", "actual").unwrap(), "total");
    let actual: f64 = rows.number("fcr", "actual").unwrap().parse().unwrap();
    assert!(close(actual, double(&case["ratio_of_sums"]), 1e-15));
    for row in list(&case["rows"]) {
        let found = rows.find(&[("dept", text(&row["dept"]))]).expect("a row a department");
        assert_eq!(double(&found["actual"]), double(&row["rate"]), "{row}");
    }
}

#[test]
fn every_part_may_rise_while_the_whole_falls() {
    let case = &vectors("01_rollup.json")["simpson"];
    let mut csv = "month,dept,good,cases\n".to_owned();
    for (month, period) in [("2025-01", "p0"), ("2025-02", "p1")] {
        for (dept, pair) in ["one", "two"].iter().zip(list(&case[period])) {
            csv += &format!("{month},{dept},{},{}\n", pair[0], pair[1]);
        }
    }
    let scorecard = with_dimension(&monthly(&[("rate", "sum(good) / sum(cases)", "percent")]), "dept");
    let rows = Folder::with(&scorecard).file("data.csv", &csv).show(&["-p", "2025-02", "--by", "dept"]);
    assert_eq!(rows.number("rate", "actual"), Some(case["total1"].to_string()));
    assert_eq!(rows.number("rate", "prior"), Some(case["total0"].to_string()));
    for (index, dept) in ["one", "two"].iter().enumerate() {
        let row = rows.find(&[("dept", dept)]).expect("a row a department");
        let (actual, prior) = (double(&row["actual"]), double(&row["prior"]));
        assert!(close(actual, double(&case["rates1"][index]), 1e-15), "{dept}: {actual}");
        assert!(close(prior, double(&case["rates0"][index]), 1e-15), "{dept}: {prior}");
        assert!(double(&row["change"]) > 0.0, "{dept}");
    }
    assert!(double(&rows.total("rate")["change"]) < 0.0);
}

#[test]
fn a_quarter_of_flows_stocks_and_rates() {
    let case = &vectors("01_rollup.json")["additivity_q1"];
    let (mut csv, mut opening) =
        ("month,revenue,opening,closing,churned\n".to_owned(), case["opening_customers"].to_string());
    for row in list(&case["rows"]) {
        let closing = row["customers_end"].to_string();
        csv += &format!("{},{},{opening},{closing},{}\n", text(&row["month"]), row["revenue"], row["churned"]);
        opening = closing;
    }
    let scorecard = monthly(&[
        ("revenue", "sum(revenue)", "count"),
        ("customers", "last(closing)", "count"),
        ("churn", "sum(churned) / first(opening)", "percent"),
        ("monthly_churn", "sum(churned) / sum(opening)", "percent"),
        ("average_end", "avg(closing)", "count"),
    ]);
    let folder = Folder::with(&scorecard).file("data.csv", &csv);
    let quarter = folder.show(&["-Q", "-p", "2025-Q1"]);
    assert_eq!(quarter.number("revenue", "actual"), Some(case["quarter_revenue_sum"].to_string()));
    assert_eq!(quarter.number("customers", "actual"), Some(case["quarter_customers_last"].to_string()));
    let near = |id: &str, name: &str| {
        let found = double(&quarter.total(id)["actual"]);
        assert!(close(found, double(&case[name]), 1e-15), "{id}: {found}");
    };
    near("churn", "quarter_churn_rate_churned_over_opening");
    near("monthly_churn", "sum_churned_over_sum_openings_is_a_MONTHLY_rate");
    // A month end is a row here, so the plain average of rows is that of month ends.
    near("average_end", "quarter_customers_avg_of_month_ends");
    Fraction::new(93, 995).assert_is(&quarter.number("churn", "actual").unwrap(), "churn");
    // The year to date of March is the quarter, whatever the grain it is asked at.
    let march = folder.show(&["-p", "2025-03"]);
    for id in ["revenue", "customers", "churn", "monthly_churn", "average_end"] {
        assert_eq!(march.number(id, "ytd"), quarter.number(id, "actual"), "{id}");
        assert_eq!(quarter.number(id, "ytd"), quarter.number(id, "actual"), "{id}");
    }
    let months = ["2025-01", "2025-02", "2025-03"];
    for (month, rate) in months.iter().zip(list(&case["monthly_churn_rates"])) {
        let found = double(&folder.show(&["-p", month]).total("churn")["actual"]);
        assert!(close(found, double(rate), 1e-15), "{month}: {found}");
    }
}

#[test]
fn a_stock_without_its_last_month_is_missing() {
    let case = &vectors("01_rollup.json")["semi_additive_missing_last"];
    assert!(case["strict_last"].is_null());
    let mut csv = "month,closing,other\n".to_owned();
    for row in list(&case["rows"]) {
        let closing = row[1].as_i64().map_or_else(String::new, |closing| closing.to_string());
        csv += &format!("{},{closing},1\n", text(&row[0]));
    }
    let scorecard = monthly(&[("customers", "last(closing)", "count"), ("other", "sum(other)", "count")]);
    let folder = Folder::with(&scorecard).file("data.csv", &csv);
    for period in ["2025-Q1", "2025-03"] {
        let rows = folder.show(&["-p", period]);
        assert_eq!(rows.number("customers", "actual"), None, "{period}");
        assert_eq!(rows.number("customers", "ytd"), None, "{period}");
        let reason = text(&rows.total("customers")["reason"]);
        assert!(reason.contains(text(&case["as_of"])), "names the month last seen: {reason}");
    }
    let february = folder.show(&["-p", text(&case["as_of"])]);
    assert_eq!(february.number("customers", "actual"), Some(case["last_non_missing"].to_string()));
    evaluation(&folder.scorecard(), "2025-03", |scorecard, evaluation| {
        let standing = evaluation.standing(scorecard.find("customers").expect("the metric"));
        let known = standing.last_known.expect("a month in which it was known");
        assert_eq!(known.value.to_string(), case["last_non_missing"].to_string());
        assert_eq!(scorecard.calendar.name(known.period), text(&case["as_of"]));
        assert_eq!(text(&case["flag"]), format!("stale:{} period", known.ago));
    });
}

#[test]
fn a_late_department_makes_the_total_provisional() {
    let case = &vectors("01_rollup.json")["late_department"];
    assert!(case["official_total"].is_null() && text(&case["status"]) == "provisional");
    let mut csv = "month,dept,amount\n".to_owned();
    for (dept, pair) in case["rows"].as_object().expect("departments") {
        for (month, amount) in ["2025-01", "2025-02"].iter().zip(list(pair)) {
            if !amount.is_null() {
                csv += &format!("{month},{dept},{amount}\n");
            }
        }
    }
    let plain = with_dimension(&monthly(&[("revenue", "sum(amount)", "count")]), "dept");
    let target = format!("{plain}better = \"higher\"\ntarget = 250\n");
    let scorecard = target.replace("[metrics.revenue]", "roster = \"dept\"\n[metrics.revenue]");
    let folder = Folder::with(&scorecard).file("data.csv", &csv);
    let rows = folder.show(&["-p", "2025-02"]);
    let found = |column: &str| double(&rows.total("revenue")[column]);
    assert_eq!(found("actual"), double(&case["like_for_like_cur"]));
    assert_eq!(found("prior"), double(&case["like_for_like_prev"]));
    assert_eq!(found("change"), found("actual") - found("prior"));
    // What is not official is held against no target.
    assert!(rows.total("revenue")["target"].is_null());
    evaluation(&folder.scorecard(), "2025-02", |scorecard, evaluation| {
        let standing = evaluation.standing(scorecard.find("revenue").expect("the metric"));
        let reading = standing.actual.as_ref().expect("a provisional total");
        let [Caveat::Provisional(provisional)] = &reading.caveats[..] else { panic!("{:?}", reading.caveats) };
        let units = list(&case["coverage_units"]);
        assert_eq!((provisional.reported as u64, provisional.expected as u64), (units[0].as_u64().unwrap(), 4));
        assert_eq!(units[1].as_u64(), Some(4));
        assert_eq!(provisional.late, ["b2b"]);
        let near = |share: Option<Number>, name: &str| {
            let found = share.expect("a share").to_f64();
            assert!(close(found, double(&case[name]), 1e-15), "{name}: {found}");
        };
        near(provisional.by_value, "coverage_by_prior_value");
        near(provisional.growth, "like_for_like_growth");
    });
    let january = folder.show(&["-p", "2025-01"]);
    assert_eq!(double(&january.total("revenue")["actual"]), double(&case["naive_total_prev"]));
    // Without a roster nobody is known to be late, and the total is what it is.
    let naive = Folder::with(&target).file("data.csv", &csv).show(&["-p", "2025-02"]);
    assert_eq!(double(&naive.total("revenue")["actual"]), double(&case["naive_total_cur_missing_as_zero"]));
}

#[test]
fn distinct_counts_are_taken_from_rows() {
    let case = &vectors("01_rollup.json")["distinct"];
    let mut csv = "month,customer\n".to_owned();
    let months = [("jan", "2025-01"), ("feb", "2025-02"), ("mar", "2025-03")];
    for (name, month) in months {
        for customer in list(&case["sets"][name]) {
            // Twice, so that rows and customers differ.
            csv += &format!("{month},{customer}\n{month},{customer}\n");
        }
    }
    let folder = Folder::with(&monthly(&[("users", "count_distinct(customer)", "count")])).file("data.csv", &csv);
    for (name, month) in months {
        let rows = folder.show(&["-p", month]);
        assert_eq!(rows.number("users", "actual"), Some(case["monthly"][name].to_string()), "{name}");
    }
    let quarter = folder.show(&["-p", "2025-Q1"]);
    assert_eq!(quarter.number("users", "actual"), Some(case["quarter_distinct"].to_string()));
}

/// The exact sum of a column, through the program.
fn summed(csv: &str) -> String {
    let folder = Folder::with(&monthly(&[("total", "sum(amount)", "count")])).file("data.csv", csv);
    folder.show(&["-p", "2025-01"]).number("total", "actual").expect("a sum")
}

fn column<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let mut csv = "month,amount\n".to_owned();
    for cell in cells {
        csv.push_str("2025-01,");
        csv.push_str(cell);
        csv.push('\n');
    }
    csv
}

#[test]
fn sums_are_exact() {
    let case = &vectors("01_rollup.json")["float_sum"];
    let sum_of = |name: &str, cell: &'static str| {
        let count = case[name]["n"].as_u64().expect("a count") as usize;
        let found = summed(&column(std::iter::repeat_n(cell, count)));
        let (found, expected) = (Fraction::parse(&found), Fraction::parse(text(&case[name]["exact_decimal"])));
        assert!(found.order(expected).is_eq(), "{name}: {found:?} is not {expected:?}");
    };
    sum_of("ten_dimes", "0.1");
    sum_of("million_cents", "0.01");
    sum_of("million_tenths", "0.1");
    // The correctly rounded sum of the doubles is also the exact one here.
    assert_eq!(summed(&column(["10000000000000000", "1", "-1e16"].into_iter())), "1");
    assert_eq!(text(&case["cancel"]["fsum_correctly_rounded_sum_of_the_f64s"]), "1.0");
}

/// A cell that a sum could not hold exactly is refused by name, not summed approximately.
#[test]
fn what_cannot_be_summed_exactly_is_refused() {
    let csv = column(["1", "1e100", "1", "-1e100"].into_iter());
    let folder = Folder::with(&monthly(&[("total", "sum(amount)", "count")])).file("data.csv", &csv);
    let output = run(&folder.scorecard(), &["show", "-p", "2025-01"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("data.csv:3") && stderr.contains("data.csv:5"), "{stderr}");
}

#[test]
fn a_ledger_of_a_third_of_a_million_lines_ties_to_the_cent() {
    let case = &vectors("01_rollup.json")["float_sum"]["ledger"];
    let count = case["n"].as_u64().expect("a count") as usize - 1;
    let csv = column(std::iter::repeat_n("19.99", count).chain(["-6666653.34"]));
    assert_eq!(summed(&csv), text(&case["exact_decimal"]));
}

#[test]
fn a_ledger_in_any_order_is_the_same_to_the_byte() {
    let case = &vectors("01_rollup.json")["float_sum"]["ledger_200k_order"];
    let mut random = Twister::seeded(20_250_101);
    let mut cents: Vec<u32> = (0..200_000).map(|_| 1 + random.below(9_999_999)).collect();
    let total: u64 = cents.iter().copied().map(u64::from).sum();
    assert_eq!(total.to_string(), case["exact_cents"].to_string(), "the ledger is the vector's");
    let mut reports = Vec::new();
    for turn in 0..3 {
        match turn {
            1 => cents.reverse(),
            2 => cents.sort_unstable(),
            _ => {}
        }
        let cells: Vec<String> = cents.iter().map(|cents| format!("{}.{:02}", cents / 100, cents % 100)).collect();
        let csv = column(cells.iter().map(String::as_str));
        let folder = Folder::with(&monthly(&[("total", "sum(amount)", "count")])).file("data.csv", &csv);
        assert_eq!(folder.show(&[]).number("total", "actual").as_deref(), Some(text(&case["exact"])));
        reports.push(stdout(&folder.scorecard(), &["show", "-O", "json"]));
    }
    assert!(reports.iter().all(|report| *report == reports[0]));
}

/// The generator the ledger was made with: Python's `random`, which is MT19937.
struct Twister {
    state: [u32; 624],
    index: usize,
}

impl Twister {
    fn plain(seed: u32) -> Twister {
        let mut state = [seed; 624];
        for i in 1..624 {
            state[i] = 1_812_433_253u32.wrapping_mul(state[i - 1] ^ (state[i - 1] >> 30)).wrapping_add(i as u32);
        }
        Twister { state, index: 624 }
    }

    /// Python seeds with the key `[seed]`.
    fn seeded(seed: u32) -> Twister {
        let mut state = Twister::plain(19_650_218).state;
        let mut i = 1;
        for _ in 0..624 {
            let mixed = (state[i - 1] ^ (state[i - 1] >> 30)).wrapping_mul(1_664_525);
            state[i] = (state[i] ^ mixed).wrapping_add(seed);
            i = if i == 623 {
                state[0] = state[623];
                1
            } else {
                i + 1
            };
        }
        for _ in 0..623 {
            let mixed = (state[i - 1] ^ (state[i - 1] >> 30)).wrapping_mul(1_566_083_941);
            state[i] = (state[i] ^ mixed).wrapping_sub(i as u32);
            i = if i == 623 {
                state[0] = state[623];
                1
            } else {
                i + 1
            };
        }
        state[0] = 0x8000_0000;
        Twister { state, index: 624 }
    }

    fn next(&mut self) -> u32 {
        if self.index == 624 {
            for i in 0..624 {
                let y = (self.state[i] & 0x8000_0000) | (self.state[(i + 1) % 624] & 0x7fff_ffff);
                let odd = if y & 1 == 1 { 0x9908_b0df } else { 0 };
                self.state[i] = self.state[(i + 397) % 624] ^ (y >> 1) ^ odd;
            }
            self.index = 0;
        }
        let mut y = self.state[self.index];
        self.index += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    /// Python's `_randbelow`: as many bits as `bound` has, drawn again until they are below it.
    fn below(&mut self, bound: u32) -> u32 {
        let bits = 32 - bound.leading_zeros();
        loop {
            let drawn = self.next() >> (32 - bits);
            if drawn < bound {
                return drawn;
            }
        }
    }
}

/// Converted row by row, summed unrounded, rounded once.
#[test]
fn conversion_is_rounded_once() {
    let case = &vectors("01_rollup.json")["fx"];
    let mut csv = "month,amount,rate\n".to_owned();
    for row in list(&case["rows"]) {
        csv += &format!("2025-01,{},{}\n", text(&row[1]), text(&row[2]));
    }
    let folder = Folder::with(&monthly(&[("dollars", "sum(amount * rate)", "USD")])).file("data.csv", &csv);
    assert_eq!(folder.show(&[]).number("dollars", "actual").as_deref(), Some(text(&case["sum_unrounded"])));
    let table = stdout(&folder.scorecard(), &["show"]);
    let line = table.lines().find(|line| line.starts_with("dollars")).expect("a line");
    let shown = line.split_whitespace().nth(1).expect("an actual");
    assert_eq!(shown, text(&case["round_once"]), "{line}");
}

#[test]
fn a_change_of_a_percentage_is_in_points() {
    let case = &vectors("01_rollup.json")["pp_vs_pct"];
    let csv = format!("month,lost,opening\n2025-01,{},1000\n2025-02,{},1000\n", 25, 21);
    let folder = Folder::with(&monthly(&[("churn", "sum(lost) / sum(opening)", "percent")])).file("data.csv", &csv);
    let rows = folder.show(&["-p", "2025-02"]);
    assert_eq!(rows.number("churn", "actual"), Some(case["current"].to_string()));
    assert_eq!(rows.number("churn", "prior"), Some(case["prior"].to_string()));
    let change = Fraction::parse(&rows.number("churn", "change").expect("a change"));
    let points = Fraction::new(change.numerator * 100, change.denominator);
    assert!(points.order(Fraction::parse(&case["pp"].to_string())).is_eq(), "{points:?}");
    let table = stdout(&folder.scorecard(), &["show", "-p", "2025-02"]);
    let line = table.lines().find(|line| line.starts_with("churn")).expect("a line");
    let words: Vec<&str> = line.split_whitespace().collect();
    assert!(words.windows(2).any(|pair| pair == ["−0.4", "pp"]), "{line}");
}

/// No period before, or nothing in it: no change, and a reason instead.
#[test]
fn there_is_no_change_from_or_to_nothing() {
    let vectors = vectors("01_rollup.json");
    let mut tested = 0;
    for case in list(&vectors["change"]) {
        let cell = |name: &str| case[name].as_i64().map_or_else(String::new, |value| value.to_string());
        let csv = format!("month,amount\n2025-01,{}\n2025-02,{}\n", cell("prior"), cell("current"));
        let folder = Folder::with(&monthly(&[("total", "sum(amount)", "count")])).file("data.csv", &csv);
        let rows = folder.show(&["-p", "2025-02"]);
        assert_eq!(rows.number("total", "change"), case["abs"].as_i64().map(|change| change.to_string()), "{case}");
        evaluation(&folder.scorecard(), "2025-02", |scorecard, evaluation| {
            let standing = evaluation.standing(scorecard.find("total").expect("the metric"));
            let blank =
                |reading: Option<&Absence>| reading.is_some_and(|reason| matches!(reason, Absence::Blank { .. }));
            assert_eq!(blank(standing.prior.as_ref().err()), case["prior"].is_null(), "{case}");
            assert_eq!(blank(standing.actual.as_ref().err()), case["current"].is_null(), "{case}");
        });
        tested += 1;
    }
    assert_eq!(tested, 9);
}
