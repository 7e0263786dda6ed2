//! A rollup block by block: one segment in every period, with a reader of its own, so that memory holds as many segments as
//! there are threads, and their order decides the output's. A metric has rows at the finest level it knows, and at those above
//! where totals are asked for.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use crate::evaluate::{Evaluation, Reader, Trends, Window, evaluate_with};
use crate::in_order::in_order;
use crate::metric::{MetricId, Scorecard};
use crate::observe::Segment;
use crate::period::Days;
use crate::render::rollup::{DecimalSign, displayed, rounded};
use crate::run::Run;
use crate::run::levels::{Levels, segments};
use crate::view::manifest::Sums;
use crate::view::{DISPLAYED, Field, Recorder};

/// What is rolled up.
pub(super) struct Export<'e> {
    pub(super) scorecard: &'e Scorecard,
    pub(super) run: &'e Run,
    pub(super) recorder: &'e Recorder<'e>,
    pub(super) by: &'e [String],
    pub(super) selected: &'e BTreeSet<MetricId>,
    pub(super) totals: Totals,
    pub(super) levels: &'e Levels,
    pub(super) decimals: Option<u32>,
    /// The decimal sign of columns for people, where there are some.
    pub(super) display: Option<DecimalSign>,
    /// How many blocks are worked on at once: a matter of time alone.
    pub(super) at_once: NonZeroUsize,
}

/// Whether totals and subtotals stand beside the parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Totals {
    Shown,
    Left,
}

/// What becomes of rows.
pub(super) trait Sink {
    /// Takes the row of a metric.
    fn row(&mut self, row: &[Field<'_>], id: MetricId);
}

/// A block and its place: the whole, a subtotal, or a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    segment: Option<Segment>,
    /// Whether it has rows; else it is only compared.
    is_shown: bool,
}

impl Block {
    /// By how many dimensions it is split off.
    fn level(&self) -> usize {
        self.segment.as_ref().map_or(0, Vec::len)
    }
}

/// Sums of parts, and wholes, in each period.
pub(super) struct Tally {
    pub(super) wholes: Sums,
    pub(super) parts: Sums,
}

impl Export<'_> {
    fn reader(&self) -> Reader<'_> {
        Reader::new(self.scorecard, &self.run.plan, &self.run.observations, self.run.closed)
    }

    pub(super) fn columns(&self) -> Vec<String> {
        let mut columns = self.recorder.columns();
        if self.display.is_some() {
            columns.extend(DISPLAYED.map(str::to_owned));
        }
        columns
    }

    /// The blocks in the order of the output: a total before what it is the total of.
    ///
    /// The whole is always one of them, shown or not: parts are compared with it.
    pub(super) fn blocks(&self) -> Vec<Block> {
        let levels: BTreeSet<usize> = self.selected.iter().map(|id| self.levels.finest(*id)).collect();
        let is_shown = self.totals == Totals::Shown || levels.contains(&0);
        let lengths: BTreeSet<usize> = match self.totals {
            Totals::Shown => (1..=levels.last().copied().unwrap_or(0)).collect(),
            Totals::Left => levels.into_iter().filter(|level| *level > 0).collect(),
        };
        let days = Days { first: self.run.periods[0].first(), last: self.run.last().last() };
        let segments = segments(self.scorecard, self.run, &lengths, days);
        let block = |segment: Segment| Block { segment: Some(segment), is_shown: true };
        std::iter::once(Block { segment: None, is_shown }).chain(segments.into_iter().map(block)).collect()
    }

    pub(super) fn tally(&self) -> Tally {
        let empty = || Sums::new(self.scorecard.metrics.len(), self.run.periods.len());
        Tally { wholes: empty(), parts: empty() }
    }

    /// Hands the rows of a block to a sink, and counts them.
    pub(super) fn write(&self, block: &Block, sink: &mut dyn Sink, tally: &mut Tally) -> usize {
        let (reader, mut rows) = (self.reader(), 0);
        if !block.is_shown {
            self.add_up(&reader, tally);
            return 0;
        }
        for (at, period) in self.run.periods.iter().enumerate() {
            let evaluation = evaluate_with(&reader, *period, block.segment.as_ref(), Trends::Left);
            let head = self.recorder.head(&evaluation);
            for id in self.selected {
                let standing = evaluation.standing(*id);
                if let Ok(reading) = &standing.actual {
                    match &block.segment {
                        None => tally.wholes.add(id.index(), at, reading.value),
                        Some(_) if self.is_finest(block, *id) => tally.parts.add(id.index(), at, reading.value),
                        Some(_) => {}
                    }
                }
                if !self.is_row(block, &evaluation, *id) {
                    continue;
                }
                let mut row = self.recorder.record(&head, &evaluation, *id);
                if let Some(decimals) = self.decimals {
                    rounded(&mut row, decimals);
                }
                if let Some(sign) = self.display {
                    row.extend(displayed(self.scorecard.metric(*id), standing, sign));
                }
                sink.row(&row, *id);
                rows += 1;
            }
        }
        rows
    }

    /// The wholes that parts are compared with, where they are no rows: only what was read, and only of what adds up.
    fn add_up(&self, reader: &Reader<'_>, tally: &mut Tally) {
        for (at, period) in self.run.periods.iter().enumerate() {
            for id in self.selected.iter().filter(|id| reader.nature(**id).adds_over_parts) {
                if let Ok(reading) = reader.read(*id, Window::of(*period), None) {
                    tally.wholes.add(id.index(), at, reading.value);
                }
            }
        }
    }

    /// Whether a metric cannot be split further: the parts that add up to the whole are such.
    fn is_finest(&self, block: &Block, id: MetricId) -> bool {
        self.levels.finest(id) == block.level()
    }

    /// A part in which the metric has nothing is no row, and neither is a total that has no meaning. A metric that has only
    /// its whole always has that row, which says why it is empty.
    fn is_row(&self, block: &Block, evaluation: &Evaluation, id: MetricId) -> bool {
        let standing = evaluation.standing(id);
        let meant = standing.actual.as_ref().err().is_none_or(|reason| !reason.is_without_total());
        let is_finest = self.is_finest(block, id);
        match &block.segment {
            _ if !is_finest && self.totals == Totals::Left => false,
            None => is_finest || meant,
            Some(_) => standing.is_part() && meant,
        }
    }

    /// Writes every block into a sink of its own, some at once, and hands the sinks on in the
    /// order of the blocks. Answers the rows written.
    pub(super) fn write_all<S: Sink + Send>(
        &self,
        sink: &(dyn Fn() -> S + Sync),
        tally: &mut Tally,
        take: &mut dyn FnMut(S),
    ) -> usize {
        let write = |block: Block| {
            let (mut sink, mut tally) = (sink(), self.tally());
            let rows = self.write(&block, &mut sink, &mut tally);
            (sink, tally, rows)
        };
        let mut blocks = self.blocks().into_iter();
        let mut read = |give: &mut dyn FnMut(Block) -> bool| {
            blocks.all(give);
            Ok(())
        };
        let mut rows = 0;
        // Naming blocks cannot fail.
        _ = in_order(self.at_once, &mut read, write, |(sink, own, count): (S, Tally, usize)| {
            tally.wholes.merge(&own.wholes);
            tally.parts.merge(&own.parts);
            rows += count;
            take(sink);
            true
        });
        rows
    }
}
