//! Stages of the journey by departments: the score in every cell, and where no one measures.
//!
//! A cell's score is the plain mean of the own scores (0 at the threshold, 100 at the target) of the metrics of that stage
//! and department; the worst of them always stands beside it, since a mean hides it. A metric without a value of its own is
//! scored from others, which stand in cells of their own: it measures nothing and is left out. There are no totals: a mean
//! of means would weigh a cell of one metric like one of ten.

use super::words::points;
use super::{Heading, Refusal, Subject};
use crate::evaluate::Evaluation;
use crate::metric::{DepartmentId, MetricId, Scorecard, Value};
use crate::prose;
use crate::status::{Status, thread_status};

/// Blind spots are named one by one up to so many.
const MOST_NAMED: usize = 3;

/// What binary fractions lose makes no difference between two scores.
const EQUAL: f64 = 1e-9;

/// Stages of the journey by departments: the score in every cell, and where no one measures.
#[derive(Clone, Debug, PartialEq)]
pub struct Heatmap {
    /// What stands around it.
    pub heading: Heading,
    /// The columns, in the order of the journey; last, if any metric has none, that of no stage.
    pub stages: Vec<HeatHead>,
    /// The rows, in file order; last, if any metric has none, that of no department.
    pub departments: Vec<HeatHead>,
    /// One, or one a segment.
    pub panels: Vec<HeatPanel>,
    /// From which score on a cell is on-target, and at-risk.
    pub cut_offs: (f64, f64),
    /// Whether only metrics that the user named are shown, so that a blank cell is no blind spot.
    pub is_chosen: bool,
}

/// The head of a row or column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeatHead {
    /// The stage or department; `None` for metrics that have none.
    pub name: Option<String>,
    /// How many metrics there are.
    pub metrics: usize,
}

/// The cells of the whole or of one segment.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatPanel {
    /// The segment.
    pub name: Option<String>,
    /// Rows of cells, in the order of departments and stages.
    pub cells: Vec<Vec<HeatCell>>,
}

/// What is known of one stage in one department.
#[derive(Clone, Debug, PartialEq)]
pub enum HeatCell {
    /// No one measures.
    Blind,
    /// No metric lacks a stage or department here, so there is nothing to say.
    Void,
    /// There are metrics, and no score.
    Unscored {
        /// How many have no data.
        no_data: usize,
        /// How many have nothing to hold them against.
        no_target: usize,
    },
    /// There are scores.
    Scored {
        /// Their mean, 0 to 100.
        score: f64,
        /// What it stands for, by the cut-offs of threads.
        status: Status,
        /// How many metrics there are, with a score or without.
        metrics: usize,
        /// How many have none.
        unscored: usize,
        /// The worst one's name; of equals the first in file order.
        worst: String,
        /// How many others are as bad.
        as_bad: usize,
        /// Its score.
        worst_score: f64,
    },
}

impl Heatmap {
    /// The chart of the metrics selected.
    ///
    /// # Errors
    /// The journey has no stages, or none of the metrics has a value of its own.
    pub fn of(subject: &Subject<'_>) -> Result<Heatmap, Refusal> {
        let scorecard = subject.scorecard();
        if scorecard.stages.is_empty() {
            return Err(Refusal::new(
                "the journey has no stages",
                "declare them, `[journey] stages = [\"discover\", \"buy\"]`, and give each metric its `stage = \"buy\"`",
            ));
        }
        let has_value = |id: &MetricId| !matches!(scorecard.metric(*id).value, Value::FromDrivers);
        let (metrics, without): (Vec<MetricId>, Vec<MetricId>) = subject.selected.iter().partition(|id| has_value(id));
        if metrics.is_empty() {
            return Err(Refusal::new("none of these metrics has a value of its own", "name others, or none for all"));
        }
        let grid = Grid::of(subject, &metrics);
        let panels = match subject.segments {
            [] => vec![grid.panel(subject.evaluation)],
            segments => segments.iter().map(|segment| grid.panel(segment)).collect(),
        };
        let mut chart = Heatmap {
            heading: Heading { subtitle: subject.subtitle(), notes: notes(without.len()), ..Heading::default() },
            stages: grid.stages.iter().map(|stage| grid.head(stage.clone(), |at| at.0 == *stage)).collect(),
            departments: grid.departments.iter().map(|department| grid.department(*department)).collect(),
            panels,
            cut_offs: (scorecard.scoring.on_target, scorecard.scoring.at_risk),
            is_chosen: subject.is_chosen,
        };
        chart.heading.title = chart.title(&scorecard.calendar.name(subject.evaluation.period));
        chart.heading.description = chart.description();
        Ok(chart)
    }
}

fn notes(without: usize) -> Vec<String> {
    let mut notes = vec![
        "Each cell: the mean of its metrics' own scores, 0 at the threshold and 100 at the target, and the worst of them"
            .to_owned(),
    ];
    if without > 0 {
        let verb = if without == 1 { "is" } else { "are" };
        notes.push(format!(
            "{} without a value of {} own {verb} left out: what {} scored from stands in its own cell",
            prose::count(without, "metric"),
            if without == 1 { "its" } else { "their" },
            if without == 1 { "it is" } else { "they are" },
        ));
    }
    notes
}

/// A metric's place: its stage and department.
type Spot = (Option<String>, Option<DepartmentId>);

/// Which metrics stand where.
struct Grid<'g> {
    scorecard: &'g Scorecard,
    stages: Vec<Option<String>>,
    departments: Vec<Option<DepartmentId>>,
    metrics: Vec<(MetricId, Spot)>,
}

impl<'g> Grid<'g> {
    fn of(subject: &'g Subject<'_>, metrics: &[MetricId]) -> Grid<'g> {
        let scorecard = subject.scorecard();
        let spot = |id: &MetricId| (scorecard.metric(*id).stage.clone(), scorecard.department_id_of(*id));
        let metrics: Vec<(MetricId, Spot)> = metrics.iter().map(|id| (*id, spot(id))).collect();
        let named = |department: &DepartmentId| {
            !subject.is_chosen || metrics.iter().any(|(_, spot)| spot.1 == Some(*department))
        };
        let mut stages: Vec<Option<String>> = scorecard.stages.iter().map(|stage| Some(stage.value.clone())).collect();
        let mut departments: Vec<Option<DepartmentId>> = scorecard.department_ids().filter(named).map(Some).collect();
        if metrics.iter().any(|(_, spot)| spot.0.is_none()) {
            stages.push(None);
        }
        if metrics.iter().any(|(_, spot)| spot.1.is_none()) {
            departments.push(None);
        }
        Grid { scorecard, stages, departments, metrics }
    }

    fn head(&self, name: Option<String>, is_here: impl Fn(&Spot) -> bool) -> HeatHead {
        HeatHead { name, metrics: self.metrics.iter().filter(|(_, spot)| is_here(spot)).count() }
    }

    fn department(&self, id: Option<DepartmentId>) -> HeatHead {
        let name = id.map(|id| self.scorecard.departments[id.index()].name.clone());
        self.head(name, |spot| spot.1 == id)
    }

    fn panel(&self, evaluation: &Evaluation) -> HeatPanel {
        let row = |department: &Option<DepartmentId>| {
            self.stages.iter().map(|stage| self.cell(evaluation, stage.as_ref(), *department)).collect()
        };
        HeatPanel {
            name: evaluation.segment.as_ref().map(|values| crate::view::segment_name(values)),
            cells: self.departments.iter().map(row).collect(),
        }
    }

    fn cell(&self, evaluation: &Evaluation, stage: Option<&String>, department: Option<DepartmentId>) -> HeatCell {
        let here: Vec<MetricId> = self
            .metrics
            .iter()
            .filter(|(_, spot)| spot.0.as_ref() == stage && spot.1 == department)
            .map(|(id, _)| *id)
            .collect();
        if here.is_empty() {
            return if stage.is_some() && department.is_some() { HeatCell::Blind } else { HeatCell::Void };
        }
        let scored: Vec<(MetricId, f64)> =
            here.iter().filter_map(|id| Some((*id, evaluation.standing(*id).score?))).collect();
        // The first of equals.
        let worst = scored.iter().copied().reduce(|worst, one| if one.1 < worst.1 { one } else { worst });
        let Some((worst, worst_score)) = worst else {
            let no_data = here.iter().filter(|id| evaluation.standing(**id).status() == Status::NoData).count();
            return HeatCell::Unscored { no_data, no_target: here.len() - no_data };
        };
        let score = scored.iter().map(|(_, score)| score).sum::<f64>() / scored.len() as f64;
        // As in a thread: nothing is on-target that holds a critical metric off-target.
        let is_critical = scored.iter().any(|(id, _)| {
            self.scorecard.metric(*id).critical && evaluation.standing(*id).status() == Status::OffTarget
        });
        HeatCell::Scored {
            score,
            status: thread_status(Some(score), is_critical, &self.scorecard.scoring),
            metrics: here.len(),
            unscored: here.len() - scored.len(),
            worst: self.scorecard.metric(worst).name.clone(),
            as_bad: scored.iter().filter(|(_, score)| score - worst_score <= EQUAL).count() - 1,
            worst_score,
        }
    }
}

impl Heatmap {
    fn title(&self, period: &str) -> String {
        let message = [self.blind(), self.weakest()].into_iter().flatten().collect::<Vec<_>>().join("; ");
        if message.is_empty() {
            format!("No metric here has a score in {period}")
        } else {
            prose::capitalised(&message)
        }
    }

    /// Who does not measure what, where that is few enough to be a message.
    fn blind(&self) -> Option<String> {
        let is_named = |head: &&HeatHead| head.name.is_some();
        let stages: Vec<String> =
            self.stages.iter().filter(|head| head.metrics == 0).filter_map(|head| head.name.clone()).collect();
        if self.is_chosen {
            return None;
        }
        let all = self.stages.iter().filter(is_named).count();
        if !stages.is_empty() && stages.len() < all {
            let word = if stages.len() == 1 { "stage" } else { "stages" };
            return Some(format!("no one measures the {} {word}", prose::join(&stages, "and")));
        }
        let idle = self.departments.iter().filter(|head| head.metrics == 0).filter_map(|head| head.name.clone());
        let idle: Vec<String> = idle.collect();
        if !idle.is_empty() && idle.len() <= MOST_NAMED && stages.is_empty() {
            let verb = if idle.len() == 1 { "measures" } else { "measure" };
            return Some(format!("{} {verb} nothing", prose::join(&idle, "and")));
        }
        let panel = self.panels.first()?;
        let spots = self.departments.iter().zip(&panel.cells).flat_map(|(department, cells)| {
            let blind = self.stages.iter().zip(cells).filter(|(_, cell)| **cell == HeatCell::Blind);
            blind.filter_map(|(stage, _)| Some((department.name.clone()?, stage.name.clone()?)))
        });
        let spots: Vec<(String, String)> = spots.collect();
        let (department, _) = spots.first()?;
        if spots.len() > MOST_NAMED || spots.iter().any(|(other, _)| other != department) {
            return self.lonely(all);
        }
        let stages: Vec<String> = spots.iter().map(|(_, stage)| stage.clone()).collect();
        Some(format!("no one measures {} in {department}", prose::join(&stages, "and")))
    }

    /// How many stages one department measures alone.
    fn lonely(&self, all: usize) -> Option<String> {
        let panel = self.panels.first()?;
        let measures = |column: usize, is_named: bool| {
            let rows = self.departments.iter().zip(&panel.cells).filter(|(head, _)| head.name.is_some() == is_named);
            let cells = rows.filter_map(|(_, cells)| cells.get(column));
            cells.filter(|cell| !matches!(cell, HeatCell::Blind | HeatCell::Void)).count()
        };
        let lonely = (0..all).filter(|column| measures(*column, true) == 1 && measures(*column, false) == 0).count();
        let verb = if lonely == 1 { "is" } else { "are" };
        (lonely > 0)
            .then(|| format!("{lonely} of {} {verb} measured by one department alone", prose::count(all, "stage")))
    }

    /// The cell with the lowest mean; that all is well, where it is.
    fn weakest(&self) -> Option<String> {
        let mut scored = Vec::new();
        for panel in &self.panels {
            for (department, cells) in self.departments.iter().zip(&panel.cells) {
                for (stage, cell) in self.stages.iter().zip(cells) {
                    if let HeatCell::Scored { score, status, .. } = cell {
                        scored.push((*score, *status, department, stage, panel));
                    }
                }
            }
        }
        if scored.iter().all(|(_, status, ..)| *status == Status::OnTarget) {
            let all = match scored.len() {
                0 => return None,
                1 => "the one cell with a score is on-target".to_owned(),
                several => format!("{} with a score are on-target", prose::all(several, "cell")),
            };
            return Some(all);
        }
        let (score, _, department, stage, panel) =
            scored.iter().copied().reduce(|a, b| if b.0 < a.0 { b } else { a })?;
        let others = scored.iter().filter(|one| one.0 - score <= EQUAL).count() - 1;
        let stage_name = stage.name.as_deref();
        let spot = match (department.name.as_deref(), stage_name) {
            (Some(department), Some(stage)) => format!("{department} in the {stage} stage"),
            (Some(department), None) => format!("{department} without a stage"),
            (None, Some(stage)) => format!("the {stage} stage without a department"),
            (None, None) => "what has neither a department nor a stage".to_owned(),
        };
        let part = panel.name.as_ref().map_or_else(String::new, |part| format!(", {part}"));
        let score = points(score);
        Some(match others {
            0 => format!("the weakest spot is {spot}{part}: {score} of 100"),
            others => {
                format!(
                    "the weakest spots are {spot}{part}, and {}: {score} of 100 each",
                    prose::count(others, "other")
                )
            }
        })
    }

    fn description(&self) -> String {
        let panels: Vec<String> = self.panels.iter().map(|panel| self.described(panel)).collect();
        format!("A table of departments by stages of the journey. {}", panels.join(" "))
    }

    fn described(&self, panel: &HeatPanel) -> String {
        let mut sentences: Vec<String> = panel.name.iter().map(|name| format!("{name}:")).collect();
        for (department, cells) in self.departments.iter().zip(&panel.cells) {
            let mut words = Vec::new();
            for (stage, cell) in self.stages.iter().zip(cells) {
                let stage = stage.name.as_deref().unwrap_or("what has no stage");
                match cell {
                    HeatCell::Scored { score, status, .. } => {
                        words.push(format!("{stage} {} ({})", points(*score), status.word()));
                    }
                    HeatCell::Unscored { .. } => words.push(format!("{stage} has no score")),
                    HeatCell::Blind | HeatCell::Void => {}
                }
            }
            let name = department.name.as_deref().unwrap_or("What has no department");
            let words = if words.is_empty() { "nothing measured".to_owned() } else { words.join(", ") };
            sentences.push(format!("{name}: {words}."));
        }
        sentences.join(" ")
    }
}
