//! Answers that were not computed by the program, and the program's own beside them.
//!
//! Owns `tests/vectors/` and every expectation that stands on arithmetic done elsewhere: in Python for
//! the vectors, by a publisher for `examples/transit`, with exact fractions for
//! `examples/subscription`, and in plain integers here for the aggregates. What is expected is never
//! computed with code from `src/`.
//!
//! Sections of the vectors without a counterpart in the program, and so without a test:
//!
//! | file | section | why |
//! |---|---|---|
//! | calendar | `nrf_53_week_fiscal_years_1995_2035`, `nrf_year_bounds`, `retail_445_454_544_same_anchor` | fiscal years begin with a month; there is no retail calendar |
//! | calendar | `by_start` of `fiscal` | fiscal years are named by the year they end in, always |
//! | calendar | `mtd`, `prior_mtd` of `to_date_comparators` within a month | a report is about whole periods; a month to date is not one |
//! | rollup | `monthly_equivalent_geometric`, `quarter_churn_compounded_1_minus_prod`, averages of month ends and the trapezoid in `additivity_q1` | the language has no such aggregate; what a scorecard can say is tested |
//! | rollup | `bounds_without_row_level` of `distinct` | distinct counts are always taken from rows |
//! | rollup | `naive`, `kahan`, ... of `float_sum` | sums are exact; only the exact columns apply |
//! | rollup | `allocate_largest_remainder` | nothing is allocated |
//! | rollup | `half_even`, `python_f64_round` of `rounding` | numbers are rounded half away from zero, once |
//! | rollup | `pct` of `change`, `relative_pct` and `basis_points` of `pp_vs_pct` | a change is a difference, never a percentage of a percentage; only the growth of provisional totals is relative |
//! | scoring | `harmonic`, `power_p_minus2` of `aggregate` | rollups are the mean, the geometric mean and the weakest |
//! | scoring | `spider_goal_redflag`, `bsc_designer`, `clearpoint_first_match` | formulas of other products |

mod aggregates;
mod arithmetic;
mod calendar;
mod formats;
mod program;
mod rollup;
mod scoring;
mod subscription;
mod transit;
mod xmr;
