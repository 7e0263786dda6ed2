//! `chart`: what is asked for as a chart, the chart as a picture.

mod pack;
mod provenance;

use std::collections::BTreeSet;
use std::path::Path;

use super::{Findings, Output, Run, dimensions, outputs, usage};
use crate::cli::{ChartArgs, ChartKind, PaletteName, PictureForm, ThemeName};
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluate::{Evaluation, Reader, evaluate, memory};
use crate::metric::{MetricId, Scorecard};
use crate::period::{Calendar, Days, Period};
use crate::prose::io_error;
use crate::render::chart::{Colours, Letters, PictureFormat, Room, StatusPalette, Style, Theme, draw};
use crate::select;
use crate::view::chart::{Bullet, Chart, Heatmap, Refusal, ScorecardTable, Subject, Sweetspot, Tree, Trend};

/// The most metrics or panels named when a character is missing.
const MISSING_SHOWN: usize = 10;

pub(super) fn chart(scorecard: &Scorecard, files: &[&Path], args: &ChartArgs) -> Result<Output, Findings> {
    if args.all {
        return pack::pack(scorecard, files, args);
    }
    let letters = letters(args)?;
    let (kind, format) = asked(args)?;
    let selectors = select::parse(scorecard, &args.selectors)?;
    let by = dimensions(scorecard, &args.by)?;
    let run = Run::prepare(scorecard, &args.report, &by)?;
    one_period_of_wholes(kind, &run, &by)?;
    let reader = Reader::new(scorecard, &run.plan, &run.observations, run.closed);
    let evaluation = evaluate(&reader, run.last(), None);
    let periods = series(&scorecard.calendar, &run.periods);
    let segments = segments(&reader, run.last(), &periods, &by);
    let selected = select::selected(scorecard, &selectors, |id| evaluation.standing(id).status());
    let subject = Subject {
        reader: &reader,
        evaluation: &evaluation,
        segments: &segments,
        by: &by,
        periods: &periods,
        selected: selected_or_goals(scorecard, kind, args, selected),
        is_chosen: !args.selectors.is_empty(),
        condition: run.plan.asked.as_ref().map(ToString::to_string),
    };
    let chart = specified(kind, &subject).map_err(|refusal| refused(&refusal))?;
    let chart = match &args.title {
        Some(title) => chart.titled(title),
        None => chart,
    };
    let style =
        Style { size: args.size, scale: args.scale, colours: colours(args), letters: &letters, room: &Room::new() };
    let provenance = provenance::provenance(scorecard, &run, files)?;
    let picture = draw(&chart, format, &style, &provenance).map_err(|refusal| refused(&refusal))?;
    let mut output = Output { file: args.output.clone(), diagnostics: run.warnings.clone(), ..Output::default() };
    outputs::of_reading(&args.report, &run.observations, &mut output);
    output.read.extend(args.font.clone());
    output.diagnostics.extend(missing(&picture.missing));
    output.content = picture.bytes.into();
    Ok(output)
}

/// What a kind would leave out in silence.
fn one_period_of_wholes(kind: ChartKind, run: &Run, by: &[String]) -> Result<(), Findings> {
    let word = kind.word();
    match run.periods.len() {
        1 => {}
        _ if kind == ChartKind::Trend => {}
        several => {
            return Err(usage(
                format!("`chart {word}` draws one period, and {several} are asked for"),
                "ask for one with `-p`; `chart trend` draws several",
            ));
        }
    }
    if kind == ChartKind::Tree && !by.is_empty() {
        let help =
            "draw a part alone, `--where \"region = 'north'\"`; trend, bullet, heatmap and scorecard take `--by`";
        return Err(usage("a tree is of the whole, and takes no `--by`", help));
    }
    Ok(())
}

/// The kind asked for, and the form of its picture.
fn asked(args: &ChartArgs) -> Result<(ChartKind, PictureFormat), Findings> {
    let Some(kind) = args.kind else {
        return Err(usage("no kind of chart is named", "name one: `chart tree -o tree.png`"));
    };
    let of_form = |form: PictureForm| match form {
        PictureForm::Png => PictureFormat::Png,
        PictureForm::Svg => PictureFormat::Svg,
    };
    if let Some(form) = args.format {
        return Ok((kind, of_form(form)));
    }
    let Some(path) = &args.output else {
        let word = kind.word();
        return Err(usage(
            "a picture needs a place to go",
            format!("name a file, `-o {word}.png` or `-o {word}.svg`; or say `-O svg` for standard output"),
        ));
    };
    match outputs::extension(path).as_str() {
        "png" => Ok((kind, PictureFormat::Png)),
        "svg" => Ok((kind, PictureFormat::Svg)),
        _ => Err(usage(
            format!("the extension of `{}` names no form of picture", path.display()),
            "end it in .png or .svg, or say `-O png`",
        )),
    }
}

fn specified(kind: ChartKind, subject: &Subject<'_>) -> Result<Chart, Refusal> {
    Ok(match kind {
        ChartKind::Tree => Chart::Tree(Tree::of(subject)?),
        ChartKind::Trend => Chart::Trend(Trend::of(subject)?),
        ChartKind::Bullet => Chart::Bullet(Bullet::of(subject)?),
        ChartKind::Heatmap => Chart::Heatmap(Heatmap::of(subject)?),
        ChartKind::Scorecard => Chart::Scorecard(ScorecardTable::of(subject)?),
        ChartKind::Sweetspot => Chart::Sweetspot(Sweetspot::of(subject)?),
    })
}

/// A trend of everything would be no picture: it is about the goals unless metrics are named.
fn selected_or_goals(
    scorecard: &Scorecard,
    kind: ChartKind,
    args: &ChartArgs,
    selected: BTreeSet<MetricId>,
) -> BTreeSet<MetricId> {
    if kind != ChartKind::Trend || !args.selectors.is_empty() {
        return selected;
    }
    let goals: BTreeSet<MetricId> = scorecard.ids().filter(|id| scorecard.metric(*id).is_goal()).collect();
    if goals.is_empty() { selected } else { goals }
}

/// The periods of a series: those asked for; where that is one, all that its limits are computed from.
fn series(calendar: &Calendar, periods: &[Period]) -> Vec<Period> {
    let [last] = periods else { return periods.to_vec() };
    (0..memory(last.grain()) as i64).rev().filter_map(|steps| calendar.shift(*last, -steps)).collect()
}

/// Every segment with data in any of the periods, as it stands in the last.
fn segments(reader: &Reader<'_>, last: Period, periods: &[Period], by: &[String]) -> Vec<Evaluation> {
    let (Some(from), false) = (periods.first(), by.is_empty()) else { return Vec::new() };
    let segments = reader.segments(Days { first: from.first(), last: last.last() });
    segments.iter().map(|segment| evaluate(reader, last, Some(segment))).collect()
}

/// A font of all the world's letters has a fraction of these bytes.
const LARGEST_FONT: u64 = 64 << 20;

fn letters(args: &ChartArgs) -> Result<Letters, Findings> {
    let bad = |path: &Path, problem: &str| {
        let finding = Diagnostic::error(Code::BadFile, format!("cannot write with `{}`: {problem}", path.display()));
        vec![finding.help("name a .ttf or .otf file with `--font`, or leave it out: a font is built in")]
    };
    let own = match &args.font {
        None => None,
        Some(path) if path.metadata().is_ok_and(|metadata| metadata.len() > LARGEST_FONT) => {
            return Err(bad(path, "it is larger than any font"));
        }
        Some(path) => Some(std::fs::read(path).map_err(|error| bad(path, &io_error(&error)))?),
    };
    Letters::new(own).map_err(|problem| bad(args.font.as_deref().unwrap_or(Path::new("the built-in font")), &problem))
}

fn colours(args: &ChartArgs) -> Colours {
    let theme = match args.theme {
        ThemeName::Light => Theme::Light,
        ThemeName::Dark => Theme::Dark,
    };
    let palette = match args.palette {
        PaletteName::Safe => StatusPalette::Safe,
        PaletteName::Rag => StatusPalette::Rag,
    };
    Colours { theme, palette }
}

fn refused(refusal: &Refusal) -> Findings {
    vec![Diagnostic::error(Code::NoPicture, refusal.reason.clone()).help(refusal.help.clone())]
}

/// A warning for each character that no font has, once.
fn missing<'m>(found: impl IntoIterator<Item = &'m (char, String)>) -> Findings {
    let mut once: Vec<&(char, String)> = Vec::new();
    for (c, text) in found.into_iter().map(|found| (found.0, found)) {
        if once.iter().all(|(known, _)| *known != c) {
            once.push(text);
        }
    }
    let finding = |(c, text): &&(char, String)| {
        let message = format!("no font has the character `{c}` (U+{:04X}), first in `{text}`", u32::from(*c));
        Diagnostic::warning(Code::MissingGlyph, message).help("name a font that has it: `--font FILE`")
    };
    let mut findings: Findings = once.iter().take(MISSING_SHOWN).map(finding).collect();
    if let Some(more) = once.len().checked_sub(MISSING_SHOWN).filter(|more| *more > 0) {
        let message = format!("no font has {} either", crate::prose::count(more, "further character"));
        findings
            .push(Diagnostic::warning(Code::MissingGlyph, message).help("name a font that has them: `--font FILE`"));
    }
    findings
}
