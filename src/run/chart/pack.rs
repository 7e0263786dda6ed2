//! `chart --all`: every kind, and the trends of goals and of what costs them most, into a folder with a page that shows
//! them. Data are read once; pictures are drawn beside one another, and told in one order.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Findings, Output, Run, colours, letters, missing, provenance::provenance, series, specified};
use crate::cli::{ChartArgs, ChartKind, PictureForm};
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluate::{Evaluation, Reader, drags, evaluate};
use crate::metric::{MetricId, Scorecard};
use crate::prose::{io_error, list};
use crate::render::chart::{Listed, Picture, PictureFormat, Provenance, Room, Style, Undrawn, draw, index, listed};
use crate::run::{outputs, usage};
use crate::view::chart::{Chart, Refusal, Subject};

/// The page that shows the folder.
const INDEX: &str = "index.md";
/// The most that is drawn at once: a picture as lines takes some megabytes; its pixels are counted, and wait for room.
const AT_ONCE: usize = 8;

/// One picture of the folder.
struct Sheet {
    /// Of its file, without the extension.
    name: String,
    kind: ChartKind,
    /// Which metrics, where not all.
    about: Option<MetricId>,
}

pub(super) fn pack(scorecard: &Scorecard, files: &[&Path], args: &ChartArgs) -> Result<Output, Findings> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(AT_ONCE);
    by_workers(scorecard, files, args, workers)
}

/// The same whatever the number of those who draw.
fn by_workers(scorecard: &Scorecard, files: &[&Path], args: &ChartArgs, workers: usize) -> Result<Output, Findings> {
    let folder = args.output.as_deref().ok_or_else(|| usage("a pack needs a folder", "name one: `-o pack`"))?;
    let earlier = earlier(folder)?;
    let letters = letters(args)?;
    let run = Run::prepare(scorecard, &args.report, &[])?;
    let reader = Reader::new(scorecard, &run.plan, &run.observations, run.closed);
    let evaluation = evaluate(&reader, run.last(), None);
    let periods = series(&scorecard.calendar, &run.periods);
    let sheets = sheets(scorecard, &evaluation);
    let subject = |sheet: &Sheet| Subject {
        reader: &reader,
        evaluation: &evaluation,
        segments: &[],
        by: &[],
        periods: &periods,
        selected: sheet.about.map_or_else(|| scorecard.ids().collect(), |id| BTreeSet::from([id])),
        is_chosen: sheet.about.is_some(),
        condition: run.plan.asked.as_ref().map(ToString::to_string),
    };
    let charts: Vec<Result<Chart, Refusal>> =
        sheets.iter().map(|sheet| specified(sheet.kind, &subject(sheet))).collect();
    let (format, extension) = match args.format {
        Some(PictureForm::Svg) => (PictureFormat::Svg, "svg"),
        Some(PictureForm::Png) | None => (PictureFormat::Png, "png"),
    };
    let room = Room::new();
    let style = Style { size: args.size, scale: args.scale, colours: colours(args), letters: &letters, room: &room };
    let provenance = provenance(scorecard, &run, files)?;
    let pictures = drawn(&charts, workers, &|chart| draw(chart, format, &style, &provenance));
    let mut made = Made::default();
    for ((sheet, chart), picture) in sheets.iter().zip(&charts).zip(pictures) {
        let both = picture.and_then(|picture| Ok((chart.as_ref().map_err(Clone::clone)?, picture)));
        match both {
            Ok((chart, picture)) => made.pictures.push((format!("{}.{extension}", sheet.name), chart, picture)),
            Err(refusal) => made.undrawn.push((sheet.name.as_str(), refusal)),
        }
    }
    let mut output = Output { diagnostics: run.warnings.clone(), ..Output::default() };
    outputs::of_reading(&args.report, &run.observations, &mut output);
    output.read.extend(args.font.clone());
    made.written(folder, &earlier, scorecard, &provenance, output)
}

/// What came of the sheets.
#[derive(Default)]
struct Made<'m> {
    /// File, chart and picture.
    pictures: Vec<(String, &'m Chart, Picture)>,
    undrawn: Vec<(&'m str, Refusal)>,
}

impl Made<'_> {
    /// The files to write, and what to say of them.
    ///
    /// # Errors
    /// Nothing could be drawn, or a file of the same name is not of an earlier run.
    fn written(
        self,
        folder: &Path,
        earlier: &[String],
        scorecard: &Scorecard,
        provenance: &Provenance,
        mut output: Output,
    ) -> Result<Output, Findings> {
        if self.pictures.is_empty() {
            return Err(self.undrawn.iter().map(|(name, refusal)| refused(name, refusal)).collect());
        }
        self.replace_nobodys(folder, earlier)?;
        let shown: Vec<Listed<'_>> =
            self.pictures.iter().map(|(file, chart, _)| Listed { file, heading: chart.heading() }).collect();
        let undrawn: Vec<Undrawn<'_>> = self.undrawn.iter().map(|(name, refusal)| Undrawn { name, refusal }).collect();
        let page = index(&scorecard.title, &shown, &undrawn, provenance);
        if !self.undrawn.is_empty() {
            let names = list(self.undrawn.iter().map(|(name, _)| name));
            output.messages.push(format!("not drawn: {names}; `{}` says why", folder.join(INDEX).display()));
        }
        let is_stale = |file: &&String| {
            !self.pictures.iter().any(|(written, _, _)| written == *file) && folder.join(file.as_str()).is_file()
        };
        let stale: Vec<&String> = earlier.iter().filter(is_stale).collect();
        if !stale.is_empty() {
            let names = list(stale.iter().map(|file| folder.join(file.as_str()).display().to_string()));
            output.messages.push(format!("of an earlier run, and left as it was: {names}"));
        }
        output.diagnostics.extend(missing(self.pictures.iter().flat_map(|(_, _, picture)| &picture.missing)));
        output.folders.push(folder.to_owned());
        for (file, _, picture) in self.pictures {
            output.beside.push((folder.join(file), picture.bytes));
        }
        output.beside.push((folder.join(INDEX), page.into()));
        Ok(output)
    }

    /// That each file is new, or was made by an earlier run.
    fn replace_nobodys(&self, folder: &Path, earlier: &[String]) -> Result<(), Findings> {
        // A link that leads nowhere is there as well.
        let is_strange =
            |file: &&String| !earlier.contains(file) && folder.join(file.as_str()).symlink_metadata().is_ok();
        let strange: Vec<&String> = self.pictures.iter().map(|(file, _, _)| file).filter(is_strange).collect();
        if strange.is_empty() {
            return Ok(());
        }
        let names = list(strange.iter().map(|file| folder.join(file.as_str()).display().to_string()));
        let (is, it) = if strange.len() == 1 { ("is", "it is") } else { ("are", "they are") };
        Err(usage(
            format!("{names} {is} there, and no `{INDEX}` of `chart --all` shows that {it} its own to replace"),
            "name another folder, or move what is there away",
        ))
    }
}

fn refused(name: &str, refusal: &Refusal) -> Diagnostic {
    Diagnostic::error(Code::NoPicture, format!("{name}: {}", refusal.reason)).help(refusal.help.clone())
}

/// The pictures that an earlier run left in the folder, by its page.
///
/// # Errors
/// The folder is none, or has a page of that name which is not ours to replace.
fn earlier(folder: &Path) -> Result<Vec<String>, Findings> {
    if folder.exists() && !folder.is_dir() {
        let message = format!("`{}` is a file, and pictures need a folder", folder.display());
        return Err(usage(message, "name a folder: `-o pack`; it is made where it is not there"));
    }
    let page = folder.join(INDEX);
    if !page.exists() {
        return Ok(Vec::new());
    }
    let bytes = std::fs::read(&page).map_err(|error| {
        vec![Diagnostic::error(Code::BadFile, format!("cannot read `{}`: {}", page.display(), io_error(&error)))]
    })?;
    match listed(&String::from_utf8_lossy(&bytes)) {
        Some(files) => Ok(files.into_iter().map(str::to_owned).collect()),
        None => Err(usage(
            format!("`{}` was not made by `chart --all`, and is not replaced", page.display()),
            "name another folder, or move it away",
        )),
    }
}

/// What is drawn, in the order of the page. Ids are of `a-z`, `0-9` and `_`, so names of files are safe, and as unique
/// as ids are wherever case is not told.
fn sheets(scorecard: &Scorecard, evaluation: &Evaluation) -> Vec<Sheet> {
    let kinds = [ChartKind::Tree, ChartKind::Scorecard, ChartKind::Bullet, ChartKind::Heatmap, ChartKind::Sweetspot];
    let mut sheets: Vec<Sheet> = kinds.map(|kind| Sheet { name: kind.word().to_owned(), kind, about: None }).into();
    let mut trends: Vec<MetricId> = Vec::new();
    for goal in scorecard.ids().filter(|id| scorecard.metric(*id).is_goal()) {
        let weakest = drags(scorecard, evaluation, goal).first().map(|drag| drag.leaf);
        for id in std::iter::once(goal).chain(weakest) {
            if !trends.contains(&id) {
                trends.push(id);
            }
        }
    }
    sheets.extend(trends.into_iter().map(|id| {
        let name = format!("{}-{}", ChartKind::Trend.word(), scorecard.metric(id).id);
        Sheet { name, kind: ChartKind::Trend, about: Some(id) }
    }));
    sheets
}

/// Each chart drawn, in their order, by so many at once.
fn drawn(
    charts: &[Result<Chart, Refusal>],
    workers: usize,
    draw: &(dyn Fn(&Chart) -> Result<Picture, Refusal> + Sync),
) -> Vec<Result<Picture, Refusal>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            let Some(chart) = charts.get(turn) else { return done };
            done.push((turn, chart.as_ref().map_err(Clone::clone).and_then(draw)));
        }
    };
    let workers = workers.clamp(1, charts.len().max(1));
    let mut pictures: Vec<(usize, Result<Picture, Refusal>)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let joined = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
        joined.flat_map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    pictures.sort_by_key(|(turn, _)| *turn);
    pictures.into_iter().map(|(_, picture)| picture).collect()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};
    use crate::scorecard::{load, resolve};

    #[test]
    fn however_many_draw_the_bytes_are_the_same() {
        let scorecard = Path::new(env!("CARGO_MANIFEST_DIR")).join("scorecards/transit.toml");
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("pack");
        let cli = Cli::parse_from(["goldthread", "chart", "--all", "--scale", "0.25", "-o", to.to_str().unwrap()]);
        let Command::Chart(args) = &cli.command else { panic!("a chart is asked for") };
        let loaded = load(&scorecard);
        let files: Vec<&Path> = loaded.files.paths().collect();
        let scorecard = resolve(&loaded).unwrap();
        let packed = |workers| by_workers(&scorecard, &files, args, workers).unwrap();
        let alone = packed(1);
        assert!(alone.beside.len() > 4, "{} files", alone.beside.len());
        for workers in [2, 5] {
            let several = packed(workers);
            let differ = alone.beside.iter().zip(&several.beside).filter(|(a, b)| a != b).map(|(a, _)| &a.0);
            let differ: Vec<_> = differ.collect();
            assert!(differ.is_empty() && alone.beside.len() == several.beside.len(), "{workers}: {differ:?}");
            assert_eq!(alone.messages, several.messages);
        }
    }
}
