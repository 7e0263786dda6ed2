//! Arguments of `chart`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use clap_complete::engine::ArgValueCompleter;

use super::{ReportArgs, complete};

/// Arguments of `chart`.
#[derive(Debug, Args)]
pub struct ChartArgs {
    /// What to draw
    #[arg(value_enum, value_name = "KIND", required_unless_present = "all")]
    pub kind: Option<ChartKind>,
    /// Which metrics; those the kind is about where none is named
    #[arg(value_name = "SEL", add = ArgValueCompleter::new(complete::selectors))]
    pub selectors: Vec<String>,
    /// Draw every kind into the folder of -o, with an index.md that shows them
    #[arg(long, conflicts_with_all = ["kind", "title", "by"], requires = "output")]
    pub all: bool,
    /// Period and rows.
    #[command(flatten)]
    pub report: ReportArgs,
    /// One panel for each value of this dimension, on shared scales; several by comma or by repeating
    #[arg(long, value_name = "DIM", value_delimiter = ',', add = ArgValueCompleter::new(complete::dimensions))]
    pub by: Vec<String>,
    /// The form of the picture; else by the extension of -o, and PNG with --all
    #[arg(short = 'O', long, value_enum, value_name = "FORMAT")]
    pub format: Option<PictureForm>,
    /// Write to this file, whole or not at all; with --all to this folder
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub output: Option<PathBuf>,
    /// Width and height, such as 1600x900; else what the chart needs
    #[arg(long, value_name = "WxH", value_parser = size)]
    pub size: Option<(u32, u32)>,
    /// Pixels of a PNG for each pixel of its size
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = scale)]
    pub scale: f64,
    /// Dark on light, or light on dark
    #[arg(long, value_enum, default_value_t, value_name = "THEME")]
    pub theme: ThemeName,
    /// The colours of statuses
    #[arg(long, value_enum, default_value_t, value_name = "PALETTE")]
    pub palette: PaletteName,
    /// Another title
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// A TrueType or OpenType font to write with; the embedded one writes what it lacks
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub font: Option<PathBuf>,
}

/// What to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ChartKind {
    /// The golden thread: goals, what feeds them, where most is lost
    Tree,
    /// Metrics over time, with target, prior year and process limits
    Trend,
    /// Actuals against targets
    Bullet,
    /// Stages by departments
    Heatmap,
    /// The table of `show`, for a slide
    Scorecard,
    /// Influence on customer goals against influence on business goals
    Sweetspot,
}

impl ChartKind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            ChartKind::Tree => "tree",
            ChartKind::Trend => "trend",
            ChartKind::Bullet => "bullet",
            ChartKind::Heatmap => "heatmap",
            ChartKind::Scorecard => "scorecard",
            ChartKind::Sweetspot => "sweetspot",
        }
    }
}

/// The form of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PictureForm {
    /// Pixels
    Png,
    /// Lines and letters, which scale
    Svg,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ThemeName {
    /// Dark on light, for paper and slides
    #[default]
    Light,
    /// Light on dark
    Dark,
}

/// The colours of statuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum PaletteName {
    /// Blue for good, vermillion for bad: safe for colour-blind readers
    #[default]
    Safe,
    /// Red, amber, green
    Rag,
}

/// The most units a side: pixels of a PNG at scale 1, whose number all together is held by who draws it.
const MOST: u32 = 16_384;

fn size(text: &str) -> Result<(u32, u32), String> {
    let sides = text.split_once(['x', 'X', '×']);
    let side = |text: &str| text.trim().parse::<u32>().ok().filter(|side| (200..=MOST).contains(side));
    let both = sides.and_then(|(width, height)| Some((side(width)?, side(height)?)));
    both.ok_or_else(|| format!("write width and height such as 1600x900, each from 200 to {MOST}"))
}

fn scale(text: &str) -> Result<f64, String> {
    let scale = text.parse::<f64>().ok().filter(|scale| (0.25..=8.0).contains(scale));
    scale.ok_or_else(|| "write a number from 0.25 to 8".to_owned())
}
