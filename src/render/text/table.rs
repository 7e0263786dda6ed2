//! The scorecard as a table, fitted to a width. The only home of comfy-table.
//!
//! A narrow terminal loses whole columns in a stated order, never a part of a number: owner, weakest
//! link, trend, mark, the marks of limits, change, variance, worst, target; names are shortened before the third of them
//! goes.

use comfy_table::{Attribute, Cell, Color, ContentArrangement, LineStyle, Table, presets};
use unicode_width::UnicodeWidthStr;

use super::super::number::{NOTHING, Shown, score, sparkline};
use super::super::steadiness;
use super::super::style::{Palette, Tone, harmless, marks, paint, shape, status};
use super::notes::footer;
use crate::prose;
use crate::render::wrap::wrapped;
use crate::view::{Promised, Quantity, Row, Show, segment_name};

/// One column before it is fitted.
struct Column {
    head: String,
    cells: Vec<(String, Tone)>,
    /// Lower goes first when space runs out; `None` stays.
    leaves: Option<u8>,
}

/// Space between columns.
const GAP: usize = 2;
/// What a name is shortened to before more columns go.
const COMFORTABLE_NAME: usize = 40;
/// What a name is shortened to before the marks of limits, change, variance and worst go.
const FAIR_NAME: usize = 30;
/// What a name is shortened to before the target goes.
const SHORT_NAME: usize = 22;
/// The least a name is shortened to.
const LEAST_NAME: usize = 14;
/// When the columns of a report leave: lower goes first.
const OWNER: u8 = 0;
const WEAKEST_LINK: u8 = 1;
const TREND: u8 = 2;
const MARK: u8 = 3;
const LIMITS: u8 = 4;
const CHANGE: u8 = 5;
const VARIANCE: u8 = 6;
const WORST: u8 = 7;
const TARGET: u8 = 8;
const FIRST_PERIOD: u8 = 10;

/// The scorecard as text, at most `width` columns wide where that is possible.
pub fn show(show: &Show, width: Option<usize>, palette: Palette) -> String {
    let mut out = format!("{}\n", paint(palette, Tone::Strong, &harmless(&show.title)));
    out.push_str(&paint(palette, Tone::Faint, &heading(show)));
    out.push_str("\n\n");
    if show.rows.is_empty() {
        out.push_str("No metric is selected.\n");
        return out;
    }
    let mut columns = if show.periods.len() > 1 { columns_of_periods(show) } else { columns_of_one(show) };
    let gone = fit(&mut columns, width);
    out.push_str(&table(&columns, show, palette));
    if let Some(told) = left_out(&gone, width).filter(|_| show.periods.len() > 1) {
        out.push('\n');
        out.push_str(&paint(palette, Tone::Faint, told.trim_end()));
        out.push('\n');
    }
    let marked = columns.iter().any(|column| column.leaves == Some(LIMITS));
    if let Some(key) = steadiness::key(show).filter(|_| marked) {
        out.push('\n');
        out.push_str(&paint(palette, Tone::Faint, wrapped(&key, width, steadiness::HEAD.len() + 2).trim_end()));
        out.push('\n');
    }
    out.push_str(&footer(show, width, palette));
    out
}

fn heading(show: &Show) -> String {
    let condition = show.condition.as_ref().map_or(String::new(), |c| format!("  only where {}", harmless(c)));
    let periods = match show.periods.as_slice() {
        [one] => format!("{one}  ({})", show.days),
        periods => {
            format!("{} to {}, {}", periods[0], periods[periods.len() - 1], prose::count(periods.len(), "period"))
        }
    };
    format!("{periods}{condition}")
}

fn columns_of_one(show: &Show) -> Vec<Column> {
    let rows = &show.rows;
    let actual = |row: &Row| {
        let shown = row.actuals.last().and_then(Option::as_ref).map(Shown::of)?;
        Some(shown.marked(&row.marks.actuals.last().map(marks).unwrap_or_default()))
    };
    let status_tone = |row: &Row| Tone::of(row.status);
    let short = |quantity: &Option<Quantity>| quantity.as_ref().map(|quantity| Shown::of(quantity).short());
    vec![
        names(rows),
        numeric("Actual", rows, actual, |_| Tone::Strong, None),
        targets(rows),
        numeric(
            "Variance",
            rows,
            |row| short(&row.variance),
            |row| if row.variance.is_some() { status_tone(row) } else { Tone::Faint },
            Some(VARIANCE),
        ),
        numeric(
            "Change",
            rows,
            |row| Some(short(&row.change)?.marked(&marks(&row.marks.change))),
            |row| Tone::of_direction(row.change_is_good),
            Some(CHANGE),
        ),
        text("Trend", rows, |row| (sparkline(&row.trend), Tone::Plain), Some(TREND)),
        text("Status", rows, |row| (status(row.status), status_tone(row)), None),
        limits(rows),
        threads(rows),
        worst(rows),
        text(
            "Mark",
            rows,
            |row| (row.mark.map_or(String::new(), |mark| mark.word().to_owned()), Tone::Gold),
            Some(MARK),
        ),
        text(
            "Weakest link",
            rows,
            |row| {
                (row.weakest.as_deref().map_or(String::new(), |name| prose::shortened(&harmless(name), 28)), Tone::Gold)
            },
            Some(WEAKEST_LINK),
        ),
        text(
            "Owner",
            rows,
            |row| {
                (
                    row.owner.as_deref().map_or(String::new(), |owner| prose::shortened(&harmless(owner), 24)),
                    Tone::Faint,
                )
            },
            Some(OWNER),
        ),
    ]
}

fn columns_of_periods(show: &Show) -> Vec<Column> {
    let rows = &show.rows;
    let mut columns = vec![names(rows)];
    for (index, period) in show.periods.iter().enumerate() {
        let last = index + 1 == show.periods.len();
        let marks = |row: &Row| row.marks.actuals.get(index).map(marks);
        let leaves = if last { None } else { Some(u8::try_from(index.min(200)).unwrap_or(200) + FIRST_PERIOD) };
        columns.push(numeric(
            period,
            rows,
            |row| {
                let shown = row.actuals[index].as_ref().map(Shown::of)?;
                let shown = if last { shown } else { shown.short() };
                Some(shown.marked(&marks(row).unwrap_or_default()))
            },
            |_| Tone::Plain,
            leaves,
        ));
    }
    columns.push(text("Status", rows, |row| (status(row.status), Tone::of(row.status)), None));
    columns.push(limits(rows));
    columns.push(threads(rows));
    columns.push(text(
        "Owner",
        rows,
        |row| (row.owner.as_deref().map_or(String::new(), harmless), Tone::Faint),
        Some(OWNER),
    ));
    columns
}

fn names(rows: &[Row]) -> Column {
    let cell = |row: &Row| {
        let mut name = String::new();
        for (level, follows) in row.follows.iter().enumerate().skip(1) {
            let own = level + 1 == row.follows.len();
            name.push_str(match (own, follows) {
                (true, true) => "├─ ",
                (true, false) => "└─ ",
                (false, true) => "│  ",
                (false, false) => "   ",
            });
        }
        match &row.segment {
            Some(segment) => {
                name.push_str(&harmless(&segment_name(&segment.values)));
                (name, Tone::Faint)
            }
            None => {
                name.push_str(&harmless(&row.name));
                if row.seen_above {
                    name.push_str(" ↑");
                }
                (name, if row.is_goal { Tone::Strong } else { Tone::Plain })
            }
        }
    };
    Column { head: "Metric".into(), cells: rows.iter().map(cell).collect(), leaves: None }
}

fn text(head: &str, rows: &[Row], cell: impl Fn(&Row) -> (String, Tone), leaves: Option<u8>) -> Column {
    Column { head: head.into(), cells: rows.iter().map(cell).collect(), leaves }
}

/// Numbers aligned on their point, units behind them.
fn numeric(
    head: &str,
    rows: &[Row],
    shown: impl Fn(&Row) -> Option<Shown>,
    tone: impl Fn(&Row) -> Tone,
    leaves: Option<u8>,
) -> Column {
    let shown: Vec<Option<Shown>> = rows.iter().map(shown).collect();
    let widest = |part: fn(&Shown) -> &str| shown.iter().flatten().map(|shown| part(shown).width()).max().unwrap_or(0);
    let (integer, fraction, suffix) = (widest(|s| &s.integer), widest(|s| &s.fraction), widest(|s| &s.suffix));
    let gap = if suffix > 0 { " " } else { "" };
    let cell = |shown: &Option<Shown>| match shown {
        Some(shown) => format!(
            "{}{}{gap}{}",
            left(&shown.integer, integer),
            right(&shown.fraction, fraction),
            right(&harmless(&shown.suffix), suffix)
        ),
        None => format!("{}{}", left(NOTHING, integer.max(1)), " ".repeat(fraction + gap.len() + suffix)),
    };
    let cells = rows
        .iter()
        .zip(&shown)
        .map(|(row, shown)| (cell(shown), if shown.is_some() { tone(row) } else { Tone::Faint }))
        .collect();
    // The head stands over the digits.
    let head = left(head, integer + fraction);
    Column { head, cells, leaves }
}

fn targets(rows: &[Row]) -> Column {
    let level = |row: &Row| match &row.target {
        // The unit stands beside the actual.
        Some(Promised::Level(level)) => Some(Shown::of(level).bare().marked(&marks(&row.marks.target))),
        _ => None,
    };
    let mut column = numeric("Target", rows, level, |_| Tone::Plain, Some(TARGET));
    for (row, cell) in rows.iter().zip(&mut column.cells) {
        if let Some(Promised::Range(low, high)) = &row.target {
            let (low, high) = (Shown::of(low).bare(), Shown::of(high).bare());
            *cell = (
                format!(
                    "{}{} – {}{} {}",
                    low.integer,
                    low.fraction,
                    high.integer,
                    high.fraction,
                    marks(&row.marks.target)
                )
                .trim_end()
                .to_owned(),
                Tone::Plain,
            );
        }
    }
    column
}

fn threads(rows: &[Row]) -> Column {
    let cell = |row: &Row| match row.thread {
        None => (String::new(), Tone::Plain),
        Some((points, status)) => {
            let covered = match row.coverage {
                Some(coverage) => format!(" {:>3} %", (coverage * 100.0).floor()),
                None => String::new(),
            };
            let marks = match marks(&row.marks.thread) {
                none if none.is_empty() => none,
                marks => format!(" {marks}"),
            };
            (format!("{} {}{covered}{marks}", left(&score(points), 5), shape(status)), Tone::of(status))
        }
    };
    text("Thread", rows, cell, None)
}

/// Whether the last figure is a signal, and what is to be expected of the target: quiet, for mostly it is noise.
fn limits(rows: &[Row]) -> Column {
    text(steadiness::HEAD, rows, |row| (steadiness::marks(row.steadiness.as_ref()), Tone::Plain), Some(LIMITS))
}

/// The worst child, always visible beside a mean.
fn worst(rows: &[Row]) -> Column {
    text(
        "Worst",
        rows,
        |row| (row.worst.map_or(String::new(), |points| left(&score(points), 5)), Tone::Plain),
        Some(WORST),
    )
}

fn left(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

fn right(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

impl Column {
    fn width(&self) -> usize {
        self.cells.iter().map(|(cell, _)| cell.width()).chain([self.head.width()]).max().unwrap_or(0)
    }

    fn is_empty(&self) -> bool {
        self.cells.iter().all(|(cell, _)| matches!(cell.trim(), "" | NOTHING))
    }
}

/// Drops columns until the rest fits; answers the heads of those that went. A period asked for is not dropped for being empty.
///
/// Owner and weakest link go first; then names are shortened a little; then further columns go; last,
/// names are shortened as far as it takes.
fn fit(columns: &mut Vec<Column>, width: Option<usize>) -> Vec<(u8, String)> {
    columns.retain(|column| column.leaves.is_none_or(|rank| rank >= FIRST_PERIOD) || !column.is_empty());
    let Some(width) = width else { return Vec::new() };
    let mut gone = Vec::new();
    let names = columns[0].cells.clone();
    while total(columns) > width {
        let first = columns.iter().enumerate().filter_map(|(index, column)| Some((column.leaves?, index))).min();
        let Some((rank, index)) = first else { break };
        let least = match rank {
            TARGET => SHORT_NAME,
            LIMITS | CHANGE | VARIANCE | WORST => FAIR_NAME,
            _ => COMFORTABLE_NAME,
        };
        if rank > WEAKEST_LINK && shorten_names(columns, width, least) {
            continue;
        }
        gone.push((rank, columns.remove(index).head.trim().to_owned()));
    }
    // Columns that went since may have left room for longer names.
    columns[0].cells = names;
    shorten_names(columns, width, LEAST_NAME);
    gone
}

/// What a report of several periods has no room for. One of a single period loses its columns in the order that is documented.
fn left_out(gone: &[(u8, String)], width: Option<usize>) -> Option<String> {
    let (periods, others): (Vec<_>, Vec<_>) = gone.iter().partition(|(rank, _)| *rank >= FIRST_PERIOD);
    let mut names: Vec<String> = others.into_iter().map(|(_, name)| name.clone()).collect();
    match periods.as_slice() {
        [(_, first), _, .., (_, last)] => names.push(format!("{first} to {last}")),
        few => names.extend(few.iter().map(|(_, name)| name.clone())),
    }
    let told = format!("{} left out for width; a wider terminal or -O csv shows all", prose::join(&names, "and"));
    (!names.is_empty()).then(|| wrapped(&told, width, 2))
}

fn total(columns: &[Column]) -> usize {
    columns.iter().map(|column| column.width() + GAP).sum::<usize>().saturating_sub(GAP)
}

/// Shortens names as far as needed, not below `least`; answers whether any became shorter.
fn shorten_names(columns: &mut [Column], width: usize, least: usize) -> bool {
    let over = total(columns).saturating_sub(width);
    let before = columns[0].width();
    let room = before.saturating_sub(over).max(least);
    for (cell, _) in &mut columns[0].cells {
        *cell = prose::shortened(cell, room);
    }
    columns[0].width() < before
}

fn table(columns: &[Column], show: &Show, palette: Palette) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─')));
    table.set_content_arrangement(ContentArrangement::Disabled);
    match palette {
        Palette::Plain => table.force_no_tty(),
        Palette::Colour => table.enforce_styling(),
    };
    table.set_header(columns.iter().map(|column| styled(&column.head, Tone::Faint)));
    for (index, row) in show.rows.iter().enumerate() {
        let begins_tree = index > 0 && row.follows.len() == 1 && show.rows.iter().any(|row| row.follows.len() > 1);
        if begins_tree {
            table.add_row(columns.iter().map(|_| Cell::new("")));
        }
        table.add_row(columns.iter().map(|column| styled(&column.cells[index].0, column.cells[index].1)));
    }
    let count = table.column_count();
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if index + 1 == count { 0 } else { GAP as u16 }));
    }
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn styled(text: &str, tone: Tone) -> Cell {
    let cell = Cell::new(text);
    match tone {
        Tone::Plain => cell,
        Tone::Strong => cell.add_attribute(Attribute::Bold),
        Tone::Faint => cell.add_attribute(Attribute::Dim),
        Tone::Good => cell.fg(Color::Blue),
        Tone::Fair => cell.fg(Color::DarkYellow),
        Tone::Bad => cell.fg(Color::Red).add_attribute(Attribute::Bold),
        Tone::Gold => cell.fg(Color::DarkYellow).add_attribute(Attribute::Bold),
    }
}
