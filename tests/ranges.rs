//! `show` over several periods: parts have their figure in every one of them, and a period without a figure stays and says why.

use crate::session::{folder, goldthread_in, run_in};

const SCORECARD: &str = "[scorecard]\ntitle = \"Range\"\n[sources.s]\npath = \"s.csv\"\nperiod = \"month\"\n\
                         dimensions = [\"w\"]\n[goals.g]\nname = \"G\"\nsource = \"s\"\nvalue = \"sum(a)\"\n\
                         unit = \"EUR\"\ndecimals = 0\nbetter = \"higher\"\ntarget = 5\nthreshold = 4\nsponsor = \"CFO\"\n";

fn ranged(data: &str) -> tempfile::TempDir {
    folder(&[("scorecard.toml", SCORECARD), ("s.csv", &format!("month,w,a\n{data}"))])
}

/// The words of the line that begins with a name, after branches of the tree.
fn line<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let own = |line: &&str| line.trim_start_matches(['├', '└', '│', '─', ' ']).starts_with(name);
    let line = text.lines().find(own).unwrap_or_else(|| panic!("no line of {name} in\n{text}"));
    line.split_whitespace().skip_while(|word| *word != name).skip(1).collect()
}

const TWO_PARTS: &str = "2026-01,k,1\n2026-01,l,10\n2026-02,k,2\n2026-02,l,7\n2026-03,k,3\n2026-03,l,11\n";

#[test]
fn parts_have_their_figure_in_every_period() {
    let folder = ranged(TWO_PARTS);
    let table = goldthread_in(folder.path(), &["show", "-p", "2026-01..2026-03", "--by", "w"]).done();
    assert_eq!(line(&table, "Metric")[..3], ["2026-01", "2026-02", "2026-03"]);
    assert_eq!(line(&table, "G")[..4], ["11", "9", "14", "EUR"]);
    assert_eq!(line(&table, "k")[..4], ["1", "2", "3", "EUR"]);
    assert_eq!(line(&table, "l")[..4], ["10", "7", "11", "EUR"]);
    let markdown = ["show", "-p", "2026-01..2026-03", "--by", "w", "-O", "markdown"];
    let markdown = goldthread_in(folder.path(), &markdown).done();
    assert!(markdown.contains("| &emsp;k | 1 EUR | 2 EUR | 3 EUR |"), "{markdown}");
    assert!(markdown.contains("| &emsp;l | 10 EUR | 7 EUR | 11 EUR |"), "{markdown}");
}

#[test]
fn a_part_that_is_not_there_in_every_period_has_its_row_all_the_same() {
    // k is gone after the first, n comes in the last.
    let folder = ranged("2026-01,k,1\n2026-01,l,10\n2026-02,l,7\n2026-03,l,11\n2026-03,n,4\n");
    let table = goldthread_in(folder.path(), &["show", "-p", "2026-01..2026-03", "--by", "w"]).done();
    assert_eq!(line(&table, "k"), ["1", "—", "—", "·", "no-data", "CFO"]);
    assert_eq!(line(&table, "l")[..4], ["10", "7", "11", "EUR"]);
    assert_eq!(line(&table, "n")[..4], ["—", "—", "4", "EUR"]);
    assert!(table.contains("\n— G: not every part has rows in every period\n"), "{table}");
    // Of one period it has none.
    let one = goldthread_in(folder.path(), &["show", "-p", "2026-03", "--by", "w"]).done();
    assert!(!one.contains("─ k"), "{one}");
}

const GAP: &str = "2026-01,k,1\n2026-02,k,2\n2026-04,k,4\n";

#[test]
fn a_period_without_a_figure_stays_and_says_why() {
    let folder = ranged(GAP);
    for width in ["80", "100", "160"] {
        let table = goldthread_in(folder.path(), &["show", "-p", "2026-01..2026-04", "--width", width]).done();
        assert_eq!(line(&table, "Metric")[..4], ["2026-01", "2026-02", "2026-03", "2026-04"], "{table}");
        assert_eq!(line(&table, "G")[..5], ["1", "2", "—", "4", "EUR"], "{table}");
        assert!(table.contains("\n— G: in 2026-03 no rows in `s`, last seen 2026-02\n"), "{table}");
    }
    let markdown = goldthread_in(folder.path(), &["show", "-p", "2026-01..2026-04", "-O", "markdown"]).done();
    assert!(markdown.contains("\n- G: in 2026-03 no rows in \\`s\\`, last seen 2026-02\n"), "{markdown}");
}

#[test]
fn periods_that_lack_a_figure_for_one_reason_are_told_together() {
    let folder = ranged("2026-01,k,1\n2026-05,k,2\n2026-07,k,4\n");
    let table = goldthread_in(folder.path(), &["show", "-p", "2025-11..2026-07"]).done();
    for told in [
        "\n— G: in 2025-11 and 2025-12 no rows in `s`\n",
        "\n— G: in 2026-02 to 2026-04 no rows in `s`, last seen 2026-01\n",
        "\n— G: in 2026-06 no rows in `s`, last seen 2026-05\n",
    ] {
        assert!(table.contains(told), "{told}{table}");
    }
}

#[test]
fn what_a_narrow_terminal_leaves_out_is_named() {
    let folder = ranged(GAP);
    let table = run_in(folder.path(), &["show", "-p", "2026-01..2026-04", "--width", "50"]).done();
    assert_eq!(line(&table, "Metric"), ["2026-03", "2026-04", "Status", "Thread"], "{table}");
    let words: Vec<&str> = table.split_whitespace().collect();
    let told = "Owner, 2026-01 and 2026-02 left out for width; a wider terminal or -O csv shows all";
    assert!(words.join(" ").contains(told), "{table}");
    let narrower = run_in(folder.path(), &["show", "-p", "2025-11..2026-04", "--width", "50"]).done();
    assert!(narrower.contains("Owner and 2025-11 to 2026-02 left out for width;"), "{narrower}");
}
