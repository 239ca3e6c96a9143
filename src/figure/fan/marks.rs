//! Bands, lines and dots of a fan chart, and the columns of years that say their numbers.

use super::plot::Plot;
use super::{Bands, DOTS, Drawn, FanChart, HISTORY, OPACITY, YearBand};
use crate::figure::Style;
use crate::figure::canvas::{Canvas, Fill, Rect, Stroke, Type};
use crate::figure::ink::Ink;
use crate::numerals::Cited;

impl FanChart {
    pub(super) fn draw_bands(&self, canvas: &mut Canvas, plot: &Plot, drawn: &Drawn<'_>) {
        if drawn.series.bands == Bands::Hidden || plot.single {
            return;
        }
        let years = drawn.series.sorted();
        for (at, opacity) in OPACITY.into_iter().enumerate() {
            let range = |one: &YearBand| one.ranges()[at].cloned();
            // A year without the range parts the band.
            for run in years.chunk_by(|a, b| range(a).is_some() == range(b).is_some()) {
                let ends: Vec<(i32, [Cited; 2])> =
                    run.iter().filter_map(|one| Some((one.year, range(one)?))).collect();
                if ends.len() < 2 {
                    continue;
                }
                let side =
                    |at: usize| ends.iter().map(move |(year, range)| (*year, range[at].value));
                let place = |(year, value): (i32, f64)| plot.at(&self.measure, year, value);
                let points: Vec<(f64, f64)> =
                    side(1).map(place).chain(side(0).rev().map(place)).collect();
                canvas.polygon(&points, Fill::Faint(drawn.ink, opacity), None);
            }
        }
    }

    /// Draws the years before and gives the last of them.
    pub(super) fn draw_history(&self, canvas: &mut Canvas, plot: &Plot) -> Option<(i32, f64)> {
        let mut years: Vec<(i32, f64)> =
            self.history.iter().map(|(year, value)| (*year, value.value)).collect();
        years.retain(|(_, value)| value.is_finite());
        years.sort_by_key(|(year, _)| *year);
        let points: Vec<(f64, f64)> =
            years.iter().map(|(year, value)| plot.at(&self.measure, *year, *value)).collect();
        if points.len() > 1 {
            canvas.polyline(&points, HISTORY);
        }
        if points.len() <= DOTS {
            for point in points {
                canvas.dot(point, 3.0, Fill::Ink(Ink::Ink), None);
            }
        }
        years.pop()
    }

    pub(super) fn draw_line(
        &self,
        canvas: &mut Canvas,
        plot: &Plot,
        drawn: &Drawn<'_>,
        history: Option<(i32, f64)>,
    ) {
        let years = drawn.series.sorted();
        if plot.single {
            for one in years {
                self.draw_single(canvas, plot, drawn, one);
            }
            return;
        }
        // The year before the first is joined to it, years farther away are not.
        let before =
            history.filter(|(year, _)| years.first().is_some_and(|one| one.year == year + 1));
        let all = before.into_iter().chain(years.iter().map(|one| (one.year, one.median.value)));
        let points: Vec<(f64, f64)> =
            all.map(|(year, value)| plot.at(&self.measure, year, value)).collect();
        if points.len() > 1 {
            canvas.polyline(&points, drawn.stroke);
        }
        if years.len() <= DOTS {
            for point in points.iter().rev().take(years.len()) {
                let fill = if drawn.ink == Ink::Scenario { drawn.ink } else { Ink::Paper };
                canvas.dot(*point, 3.5, Fill::Ink(fill), Some(Stroke::of(drawn.ink, 1.6)));
            }
        }
    }

    /// One year: a dot with its ranges.
    fn draw_single(&self, canvas: &mut Canvas, plot: &Plot, drawn: &Drawn<'_>, one: &YearBand) {
        let (x, y) = plot.at(&self.measure, one.year, one.median.value);
        let x = x + drawn.side * plot.aside;
        if drawn.series.bands == Bands::Drawn {
            for (range, width) in one.ranges().into_iter().zip([2.0, 6.0]) {
                if let Some([low, high]) = range {
                    let ends = [low, high].map(|end| plot.y.at(self.measure.scaled(end.value)));
                    canvas.line((x, ends[0]), (x, ends[1]), Stroke::of(drawn.ink, width));
                }
            }
        }
        let hollow = drawn.ink != Ink::Scenario || (self.change() && one.estimate().unclear());
        let fill = Fill::Ink(if hollow { Ink::Paper } else { drawn.ink });
        canvas.dot((x, y), 6.0, fill, Some(Stroke::of(drawn.ink, 2.0)));
    }

    /// A column for each year, which says its numbers.
    pub(super) fn draw_years(&self, canvas: &mut Canvas, style: &Style, plot: &Plot) {
        let years = self.all_years();
        let place = |at: usize| plot.x.at(f64::from(years[at]));
        for (at, year) in years.iter().enumerate() {
            let mut told: Vec<String> = Vec::new();
            for (_, value) in
                self.history.iter().filter(|(own, value)| own == year && value.value.is_finite())
            {
                told.push(self.measure.with_unit(&self.number(value.value)));
            }
            for drawn in self.drawn() {
                let own = drawn.series.sorted().into_iter().filter(|one| one.year == *year);
                told.extend(own.map(|one| self.told(style, drawn.series, one)));
            }
            if told.is_empty() {
                continue;
            }
            let left = if at == 0 { plot.frame.x } else { (place(at - 1) + place(at)) / 2.0 };
            let right = match at + 1 < years.len() {
                true => (place(at) + place(at + 1)) / 2.0,
                false => plot.frame.right(),
            };
            let words = &style.words;
            let says =
                format!("{}{}{}", words.year_of(*year), words.colon, told.join(&words.semicolon));
            let column = Rect::new(left, plot.frame.y, right - left, plot.frame.h);
            canvas.mark(&says, |canvas| canvas.rect(column, Fill::Faint(Ink::Paper, 0.0), None));
        }
    }

    /// The line at the last year of the data, with its words.
    pub(super) fn draw_data_end(&self, canvas: &mut Canvas, style: &Style, plot: &Plot) {
        let Some(year) = self.data_end.filter(|_| !self.history.is_empty()) else { return };
        let x = plot.x.at(f64::from(year));
        if x < plot.frame.x || x > plot.frame.right() {
            return;
        }
        canvas.line((x, plot.frame.y), (x, plot.frame.bottom()), Stroke::of(Ink::Ink3, 1.0));
        let text = style.words.data_end.replace("{year}", &year.to_string());
        let how = Type::AXIS.halo();
        let fits = x + 6.0 + how.width(&text) <= plot.frame.right();
        let left = if fits { x + 6.0 } else { x - 6.0 - how.width(&text) };
        canvas.text(&text, left, plot.frame.y + 10.0, how);
    }
}
