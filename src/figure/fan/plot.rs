//! Where years and numbers of a fan chart lie.

use super::{Bands, FanChart, Shows, labels};
use crate::figure::axis::{self, Axis};
use crate::figure::canvas::{Canvas, Rect, Stroke};
use crate::figure::ink::Ink;
use crate::figure::scale::Scale;
use crate::figure::{Style, Width};
use crate::numerals::Measure;

/// Where years and numbers lie.
pub(super) struct Plot {
    pub frame: Rect,
    pub x: Scale,
    pub y: Scale,
    /// Whether the series have one year only.
    pub single: bool,
    /// How far their dots then stand aside.
    pub aside: f64,
}

impl Plot {
    pub fn at(&self, measure: &Measure, year: i32, value: f64) -> (f64, f64) {
        (self.x.at(f64::from(year)), self.y.at(measure.scaled(value)))
    }
}

impl FanChart {
    pub(super) fn plot(&self, style: &Style, width: Width, [top, bottom]: [f64; 2]) -> Plot {
        let [low, high] = self.levels();
        let axis = Axis { measure: &self.measure, change: self.change(), most: LEVELS };
        let left = axis::room_beside(axis, low, high);
        let right = match width {
            Width::Wide => width.px() - labels::column(self, style) - 22.0,
            Width::Narrow => width.px() - 10.0,
        };
        let frame = Rect::new(left, top, (right - left).max(60.0), bottom - top);
        let years = self.all_years();
        let (first, last) = match (years.first(), years.last()) {
            (Some(first), Some(last)) => (f64::from(*first), f64::from(*last)),
            _ => (0.0, 0.0),
        };
        let single = self.single();
        let inset = if single { 24.0 } else { 8.0 };
        // Without years before, dots of one year have the frame for themselves.
        let aside = match (single, self.baseline.is_some(), first < last) {
            (true, true, true) => 8.0,
            (true, true, false) => frame.w / 6.0,
            _ => 0.0,
        };
        Plot {
            x: Scale::new([first, last], [frame.x + inset, frame.right() - inset]),
            y: Scale::new([low, high], [bottom, top + self.headroom()]),
            frame,
            single,
            aside,
        }
    }

    /// Every number that is drawn, in the unit of the figure.
    fn scaled(&self) -> Vec<f64> {
        let mut values: Vec<f64> = self.history.iter().map(|(_, value)| value.value).collect();
        values.extend(self.targets.iter().map(|target| target.limit.value));
        for drawn in self.drawn() {
            for one in drawn.series.sorted() {
                values.push(one.median.value);
                if drawn.series.bands == Bands::Drawn {
                    let ends = one.ranges().into_iter().flatten().flatten();
                    values.extend(ends.map(|end| end.value));
                }
            }
        }
        values.retain(|value| value.is_finite());
        values.iter().map(|value| self.measure.scaled(*value)).collect()
    }

    /// Lowest and highest number of the vertical axis, in its unit.
    fn levels(&self) -> [f64; 2] {
        let values = self.scaled();
        let mut low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let mut high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if values.is_empty() {
            return [0.0, 1.0];
        }
        if self.shows != Shows::CutLevels {
            (low, high) = (low.min(0.0), high.max(0.0));
        }
        // Room beyond the numbers, but none beyond a zero at which the axis ends.
        let room = match high > low {
            true => 0.06 * (high - low),
            false if low == 0.0 => 1.0,
            false => 0.1 * low.abs(),
        };
        let ends_at_zero = |end: f64| end == 0.0 && high > low;
        let below = if ends_at_zero(low) { 0.0 } else { room };
        let above = if ends_at_zero(high) { 0.0 } else { room };
        match self.shows {
            Shows::Levels if low == 0.0 => [0.0, high + above],
            _ => [low - below, high + above],
        }
    }

    /// Room at the top of the frame for the words at the end of the data and for peaks that are brackets.
    fn headroom(&self) -> f64 {
        let data_end = self.data_end.is_some() && !self.history.is_empty();
        let drawn = self.drawn();
        let peaks = drawn.iter().filter_map(|drawn| drawn.series.known_peak());
        let brackets = peaks.filter(|peak| labels::bracket(peak).is_some()).count();
        6.0 + if data_end { 14.0 } else { 0.0 } + if brackets > 0 { 26.0 } else { 0.0 }
    }

    pub(super) fn draw_frame(&self, canvas: &mut Canvas, plot: &Plot, width: Width) {
        let axis = Axis { measure: &self.measure, change: self.change(), most: LEVELS };
        axis::beside(canvas, axis, &plot.y, plot.frame.x, plot.frame.right());
        let bottom = plot.frame.bottom();
        if self.shows != Shows::Difference {
            let stroke = match self.shows {
                Shows::Levels => Stroke::ZERO,
                _ => Stroke::of(Ink::Rule, 1.0),
            };
            let foot = plot.y.at(plot.y.domain()[0].max(0.0)).min(bottom);
            canvas.line((plot.frame.x, foot), (plot.frame.right(), foot), stroke);
        }
        let years = year_ticks(&self.all_years(), width.pick(7, 5));
        let texts: Vec<(f64, String)> =
            years.iter().map(|year| (plot.x.at(f64::from(*year)), year.to_string())).collect();
        for (x, _) in &texts {
            canvas.line((*x, bottom), (*x, bottom + 4.0), Stroke::of(Ink::Rule, 1.0));
        }
        axis::texts_below(canvas, &texts, bottom + 2.0);
    }
}

/// Most numbers of the vertical axis.
const LEVELS: usize = 6;

/// Years that an axis names: all where they are few, else round ones.
fn year_ticks(years: &[i32], most: usize) -> Vec<i32> {
    let (Some(first), Some(last)) = (years.first(), years.last()) else { return Vec::new() };
    if years.len() <= most {
        return years.to_vec();
    }
    let (first, last) = (i64::from(*first), i64::from(*last));
    let span = |step: i64| {
        (first.div_euclid(step) + i64::from(first.rem_euclid(step) > 0), last.div_euclid(step))
    };
    let steps = (0..10).flat_map(|power| [1, 2, 5].map(|factor| factor * 10_i64.pow(power)));
    let fits = |step: &i64| {
        let (from, to) = span(*step);
        to - from < most as i64
    };
    let Some(step) = steps.into_iter().find(fits) else { return Vec::new() };
    let (from, to) = span(step);
    let mut found: Vec<i64> = (from..=to).map(|at| at * step).collect();
    // The last year, which the numbers are of, is named in any case.
    found.retain(|year| *year == last || 10 * (last - year) >= 7 * step);
    if found.last() != Some(&last) {
        found.push(last);
    }
    found.into_iter().filter_map(|year| i32::try_from(year).ok()).collect()
}
