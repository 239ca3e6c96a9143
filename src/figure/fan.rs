//! Fan chart: a scenario over years with the bands of its draws, beside its baseline, the history before, targets and
//! peaks; or the difference of the two by the same draws.
//!
//! One year is drawn as dots with ranges. Numbers of the last year stand at the ends of the lines, on a phone above
//! the drawing.

mod labels;
mod marks;
mod plot;

use super::axis;
use super::canvas::{Alt, Canvas, Drawing, Fill, Stroke, Type};
use super::ink::Ink;
use super::key::{self, Entry, Swatch};
use super::names::{Named, wrapped};
use super::phrase;
use super::{Figure, Style, Width};
use crate::numerals::{Cited, Estimate, Measure};

/// What the numbers are, and where the vertical axis starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// Levels, from zero on.
    Levels,
    /// Levels, from near the least of them on; the figure says so.
    CutLevels,
    /// Changes against the baseline, with signs, about zero.
    Difference,
}

/// Whether the bands of a series are drawn; its numbers are printed with their range in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bands {
    /// They are.
    Drawn,
    /// Only its line is.
    Hidden,
}

/// What the line in the middle of the bands is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Middle {
    /// The median of the draws.
    Median,
    /// The run in which nothing is drawn.
    MainRun,
}

/// One year of a series.
#[derive(Debug, Clone)]
pub struct YearBand {
    /// The year.
    pub year: i32,
    /// The middle: the median of the draws, or the main run ([`Middle`]); the one value where nothing is drawn.
    pub median: Cited,
    /// 5 and 95 % of the draws.
    pub outer: Option<[Cited; 2]>,
    /// 25 and 75 % of the draws.
    pub inner: Option<[Cited; 2]>,
}

impl YearBand {
    /// The middle with its range of 90 %.
    pub fn estimate(&self) -> Estimate {
        let range = finite(&self.outer).cloned();
        Estimate { point: self.median.clone(), range, disputed: false }
    }

    /// Its ranges of 90 and 50 %, where both of their ends are numbers.
    fn ranges(&self) -> [Option<&[Cited; 2]>; 2] {
        [finite(&self.outer), finite(&self.inner)]
    }
}

/// A line with its bands.
#[derive(Debug, Clone)]
pub struct Series {
    /// Its name.
    pub name: Named,
    /// Its years, in any order; years between them are joined by straight lines.
    pub years: Vec<YearBand>,
    /// Whether its bands are drawn.
    pub bands: Bands,
    /// The year in which it is highest and the range of that, as numbers; nothing if it has no peak.
    pub peak: Option<Estimate>,
}

impl Series {
    /// A line without bands and peak.
    pub fn line(name: Named, years: Vec<YearBand>) -> Self {
        Series { name, years, bands: Bands::Hidden, peak: None }
    }

    /// Years whose middle is a number, rising.
    fn sorted(&self) -> Vec<&YearBand> {
        let mut years: Vec<&YearBand> =
            self.years.iter().filter(|one| one.median.value.is_finite()).collect();
        years.sort_by_key(|one| one.year);
        years
    }

    /// The peak, if its year is a number.
    fn known_peak(&self) -> Option<&Estimate> {
        self.peak.as_ref().filter(|peak| peak.value().is_finite())
    }

    fn last(&self) -> Option<&YearBand> {
        self.sorted().pop()
    }
}

/// A limit that is set for a year.
#[derive(Debug, Clone)]
pub struct Target {
    /// The year.
    pub year: i32,
    /// Its name.
    pub name: Named,
    /// The limit.
    pub limit: Cited,
    /// Who set it, and where; told below the drawing.
    pub source: String,
}

/// A scenario over years.
#[derive(Debug, Clone)]
pub struct FanChart {
    /// What is drawn: quantity and place.
    pub head: String,
    /// Its unit.
    pub measure: Measure,
    /// What the numbers are.
    pub shows: Shows,
    /// What the middle line is.
    pub middle: Middle,
    /// The scenario, or its difference to the baseline.
    pub scenario: Series,
    /// The baseline.
    pub baseline: Option<Series>,
    /// Years before, up to that of the table.
    pub history: Vec<(i32, Cited)>,
    /// Last year of the data, marked where there is a history.
    pub data_end: Option<i32>,
    /// Targets.
    pub targets: Vec<Target>,
}

const FOOT: f64 = 28.0;
/// Up to so many years each is a dot on the line.
const DOTS: usize = 8;
const NOTE: Type = Type::AXIS;
const NOTE_STEP: f64 = 16.0;

/// The middle line of the scenario.
const MEDIAN: Stroke = Stroke::of(Ink::Scenario, 2.5);
/// That of the baseline.
const BASELINE: Stroke = Stroke::of(Ink::Baseline, 2.0).dash("6 4");
/// That of years before.
const HISTORY: Stroke = Stroke::of(Ink::Ink, 2.0);
/// Opacity of the bands of 90 and 50 %.
const OPACITY: [f64; 2] = [0.15, 0.3];

/// A range whose ends are numbers.
fn finite(range: &Option<[Cited; 2]>) -> Option<&[Cited; 2]> {
    range.as_ref().filter(|ends| ends.iter().all(|end| end.value.is_finite()))
}

/// A series with how it is drawn.
struct Drawn<'a> {
    series: &'a Series,
    ink: Ink,
    stroke: Stroke,
    /// On which side its dots stand where there is only one year.
    side: f64,
}

impl Drawn<'_> {
    /// The dot of a single year.
    fn dot(&self) -> Swatch {
        let fill = if self.ink == Ink::Scenario { self.ink } else { Ink::Paper };
        Swatch::Dot(6.0, Fill::Ink(fill), Some(Stroke::of(self.ink, 2.0)))
    }
}

impl Figure for FanChart {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let unit = self.unit_told(style);
        let head = (self.head.as_str(), unit.as_str());
        let mut top = phrase::draw_head(&mut canvas, head, (0.0, 0.0), width.px()) + 4.0;
        if width == Width::Narrow {
            top = labels::above(self, &mut canvas, style, top);
        }
        let entries = self.entries(style);
        key::draw(&mut canvas, &entries, 0.0, top, width.px());
        top += key::height(&entries, width.px()) + 10.0;
        let bottom = width.pick(400.0_f64, 340.0).max(top + 230.0) - FOOT;
        let plot = self.plot(style, width, [top, bottom]);
        self.draw_frame(&mut canvas, &plot, width);
        if plot.single {
            labels::targets(self, &mut canvas, style, &plot);
        }
        for drawn in self.drawn().iter().rev() {
            self.draw_bands(&mut canvas, &plot, drawn);
        }
        let history = self.draw_history(&mut canvas, &plot);
        for drawn in self.drawn().iter().rev() {
            self.draw_line(&mut canvas, &plot, drawn, history);
        }
        if self.shows == Shows::Difference {
            axis::zero_level(&mut canvas, &plot.y, plot.frame.x, plot.frame.right());
        }
        self.draw_years(&mut canvas, style, &plot);
        if !plot.single {
            labels::targets(self, &mut canvas, style, &plot);
        }
        self.draw_data_end(&mut canvas, style, &plot);
        labels::inside(self, &mut canvas, style, &plot, width);
        if width == Width::Wide {
            labels::beside(self, &mut canvas, style, &plot);
        }
        let end = self.draw_sources(&mut canvas, style, bottom + FOOT);
        canvas.finish(end)
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let mut said = Vec::new();
        for drawn in self.drawn() {
            let Some(last) = drawn.series.last() else { continue };
            let mut text = format!("{}{}", words.year_of(last.year), words.colon);
            text += &self.told(style, drawn.series, last);
            if let Some(peak) = drawn.series.known_peak() {
                let peak = phrase::joined(&labels::peak_parts(style, peak));
                text += &format!("{}{peak}", words.comma);
            }
            said.push(text);
        }
        for target in self.limits() {
            said.push(self.told_target(style, target));
        }
        if said.is_empty() {
            said.push(words.no_data.clone());
        }
        let kind = style.language.pick("扇形图", "Fan chart");
        Alt::new(format!("{kind}{}{}", words.colon, self.head), &said.join(&words.stop))
    }
}

impl FanChart {
    /// The series with how they are drawn, the scenario first.
    fn drawn(&self) -> Vec<Drawn<'_>> {
        let scenario =
            Drawn { series: &self.scenario, ink: Ink::Scenario, stroke: MEDIAN, side: -1.0 };
        let baseline = self.baseline.iter().map(|series| Drawn {
            series,
            ink: Ink::Baseline,
            stroke: BASELINE,
            side: 1.0,
        });
        std::iter::once(scenario).chain(baseline).collect()
    }

    /// Targets whose limit is a number.
    fn limits(&self) -> impl Iterator<Item = &Target> {
        self.targets.iter().filter(|target| target.limit.value.is_finite())
    }

    fn change(&self) -> bool {
        self.shows == Shows::Difference
    }

    /// The unit, and that the axis is cut where it is.
    fn unit_told(&self, style: &Style) -> String {
        let cut = (self.shows == Shows::CutLevels).then_some(style.words.cut.as_str());
        let unit = Some(self.measure.unit()).filter(|unit| !unit.is_empty());
        unit.into_iter().chain(cut).collect::<Vec<_>>().join(&style.words.comma)
    }

    /// A number with its sign where it is a change.
    fn number(&self, value: f64) -> String {
        if self.change() { self.measure.change(value) } else { self.measure.level(value) }
    }

    /// A year of a series in words: name, number with unit, range.
    fn told(&self, style: &Style, series: &Series, one: &YearBand) -> String {
        let value = one.estimate();
        let number = self.measure.with_unit(&self.number(value.value()));
        let mut text = format!("{} {number}", series.name.full());
        if let Some([low, high]) = &value.range {
            let ends = match self.change() {
                true => self.measure.changes(low.value, high.value),
                false => self.measure.levels(low.value, high.value),
            };
            text += &style.words.bracketed(&ends);
        }
        if self.change() && value.unclear() {
            text += &format!("{}{}", style.words.comma, style.words.unclear_full);
        }
        text
    }

    fn told_target(&self, style: &Style, target: &Target) -> String {
        let words = &style.words;
        let limit = self.measure.with_unit(&self.measure.level(target.limit.value));
        let (year, name) = (words.year_of(target.year), target.name.full());
        // A target that has no other name is not called one twice.
        let named = Some(name).filter(|name| *name != words.target);
        let told: Vec<String> = named.into_iter().chain([year, limit]).collect();
        format!("{}{}{}", words.target, words.colon, told.join(&words.comma))
    }

    fn middle_word(&self, style: &Style) -> String {
        match self.middle {
            Middle::Median => style.words.median.clone(),
            Middle::MainRun => style.words.main_run.clone(),
        }
    }

    /// What the marks mean that are not labelled themselves.
    fn entries(&self, style: &Style) -> Vec<Entry> {
        let words = &style.words;
        let has = |at: usize| self.scenario.years.iter().any(|one| one.ranges()[at].is_some());
        let bands = [(has(1), "50%"), (has(0), "90%")];
        let shares = bands.into_iter().zip([(6.0, OPACITY[1] + OPACITY[0]), (2.0, OPACITY[0])]);
        let mut entries = Vec::new();
        for ((_, share), (width, opacity)) in shares.filter(|((there, _), _)| *there) {
            let fill = Fill::Faint(Ink::Scenario, opacity);
            let share = words.of_draws.replace("{share}", share);
            let entry = match (self.single(), entries.is_empty()) {
                (true, _) => (Swatch::Line(Stroke::of(Ink::Scenario, width)), share),
                (false, true) => (
                    Swatch::LineInBox(MEDIAN, fill),
                    format!("{}{}{share}", self.middle_word(style), words.enumeration),
                ),
                (false, false) => (Swatch::Box(fill), share),
            };
            entries.push(Entry::new(entry.0, entry.1));
        }
        if self.scenario.bands == Bands::Hidden {
            entries.clear();
        }
        if self.single() && !entries.is_empty() {
            let dot = Swatch::Dot(6.0, Fill::Ink(Ink::Scenario), None);
            entries.insert(0, Entry::new(dot, self.middle_word(style)));
        }
        if !self.targets.is_empty() {
            let bar = Swatch::Line(Stroke::of(Ink::Ink, 3.5));
            entries.push(Entry::new(bar, words.target.clone()));
        }
        entries
    }

    /// Whether no series has more than one year.
    fn single(&self) -> bool {
        self.drawn().iter().all(|drawn| drawn.series.sorted().len() <= 1)
    }

    /// Every year that is drawn, rising.
    fn all_years(&self) -> Vec<i32> {
        let history = self.history.iter().filter(|(_, value)| value.value.is_finite());
        let mut years: Vec<i32> = history.map(|(year, _)| *year).collect();
        years.extend(self.targets.iter().map(|target| target.year));
        for drawn in self.drawn() {
            years.extend(drawn.series.sorted().iter().map(|one| one.year));
        }
        years.sort_unstable();
        years.dedup();
        years
    }

    /// Who set the targets; the end of what is drawn.
    fn draw_sources(&self, canvas: &mut Canvas, style: &Style, mut y: f64) -> f64 {
        for target in self.targets.iter().filter(|target| !target.source.is_empty()) {
            let text = target.name.full() + &style.words.bracketed(&target.source);
            let lines = wrapped(&text, canvas.width(), NOTE);
            canvas.lines(&lines, 0.0, y + 12.0, NOTE_STEP, NOTE);
            y += NOTE_STEP * lines.len() as f64;
        }
        y
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::testing;
    use crate::numerals::Language;

    fn cited(value: f64) -> Cited {
        Cited::new(value, "bands.csv", 2)
    }

    fn band(year: i32, median: f64, half: f64) -> YearBand {
        let range = |half: f64| Some([cited(median - half), cited(median + half)]);
        YearBand { year, median: cited(median), outer: range(half), inner: range(half / 2.5) }
    }

    /// A scenario of so many years with everything that a fan can have.
    fn of_years(count: usize, size: f64, language: Language) -> FanChart {
        let names = testing::names(40, language);
        let path = |k: usize| size * (1.0 + 0.1 * k as f64 - 0.004 * (k * k) as f64);
        let series = |at: usize, shift: f64, bands| Series {
            name: names[(count + at) % 40].clone(),
            years: (0..count)
                .map(|k| {
                    band(2008 + k as i32, path(k) + shift * size, 0.02 * size * (k + 1) as f64)
                })
                .collect(),
            bands,
            peak: Some(Estimate {
                point: cited(2010.0),
                range: Some([cited(2009.0), cited(2010.0 + (count % 8) as f64)]),
                disputed: false,
            }),
        };
        let target = |at: usize| Target {
            year: 2008 + (3 * at) as i32,
            name: names[(count + 7 * at) % 40].clone(),
            limit: cited(size * (0.7 + 0.2 * at as f64)),
            source: names[(count + 3 * at) % 40].name.clone(),
        };
        FanChart {
            head: language.pick("二氧化碳排放，全国", "CO₂ emissions, all regions").to_owned(),
            measure: Measure::of_figure("Mt", 1.5 * size, language),
            shows: [Shows::Levels, Shows::CutLevels, Shows::Difference][count % 3],
            middle: [Middle::Median, Middle::MainRun][count % 2],
            scenario: series(0, 0.0, Bands::Drawn),
            baseline: (!count.is_multiple_of(4)).then(|| series(1, 0.03, Bands::Hidden)),
            history: (0..count % 7).map(|k| (2007 - k as i32, cited(size * 0.9))).collect(),
            data_end: Some(2007),
            targets: (0..count % 5).map(target).collect(),
        }
    }

    #[test]
    fn texts_are_inside_and_apart_for_0_to_40_years() {
        for count in 0..=40 {
            for language in Language::BOTH {
                testing::assert_readable(&of_years(count, 6000.0, language), language);
            }
        }
    }

    #[test]
    fn any_size_is_drawn() {
        for size in [0.0, 1e-9, -3.0, 1e15] {
            for count in [1, 2, 23] {
                for language in Language::BOTH {
                    testing::assert_readable(&of_years(count, size, language), language);
                }
            }
        }
    }

    #[test]
    fn what_is_no_number_is_left_out() {
        let mut figure = of_years(6, 6000.0, Language::English);
        figure.scenario.years[2].median.value = f64::NAN;
        figure.scenario.years[3].outer = Some([cited(f64::NAN), cited(f64::INFINITY)]);
        figure.scenario.peak = Some(Estimate::bare(cited(f64::NAN)));
        figure.history = vec![(2007, cited(f64::NAN)), (2006, cited(5000.0))];
        figure.targets[0].limit.value = f64::INFINITY;
        testing::assert_readable(&figure, Language::English);
        for year in &mut figure.scenario.years {
            year.median.value = f64::NAN;
        }
        testing::assert_readable(&figure, Language::English);
    }

    #[test]
    fn a_difference_whose_band_holds_zero_is_unclear() {
        let figure = FanChart {
            head: "Scenario less baseline".to_owned(),
            measure: Measure::of_figure("Mt", 40.0, Language::English),
            shows: Shows::Difference,
            middle: Middle::Median,
            scenario: Series {
                bands: Bands::Drawn,
                ..Series::line(
                    Named::new("Difference"),
                    vec![band(2015, 9.0, 3.0), band(2020, 17.0, 20.0)],
                )
            },
            baseline: None,
            history: Vec::new(),
            data_end: None,
            targets: Vec::new(),
        };
        let style = Style::of(Language::English);
        let svg = figure.draw(&style, Width::Wide).svg("f", "Arial", &figure.alt(&style));
        assert!(svg.contains("</tspan> unclear</text>"), "{svg}");
        assert!(svg.contains("2020: Difference +17.0\u{a0}Mt (−3.0 to +37.0), direction unclear"));
        assert!(!svg.contains("2015: Difference +9.0\u{a0}Mt (+6.0 to +12.0), direction"));
    }

    #[test]
    fn a_peak_is_marked_only_where_its_year_is_known() {
        let style = Style::of(Language::Chinese);
        let peak = |low: f64, high: f64| {
            let range = Some([cited(low), cited(high)]);
            let peak = Estimate { point: cited(2031.0), range, disputed: false };
            phrase::joined(&labels::peak_parts(&style, &peak)).replace('\u{2060}', "")
        };
        assert_eq!(peak(2031.0, 2031.0), "峰值 2031 年");
        assert_eq!(peak(2029.0, 2033.0), "峰值 2031 年（2029～2033）");
        assert_eq!(peak(2028.0, 2034.0), "峰值 2028～2034 年");
    }

    #[test]
    fn drawings_stay_as_they_were() {
        for (language, width, name) in [
            (Language::Chinese, Width::Narrow, "fan_narrow"),
            (Language::English, Width::Wide, "fan_wide"),
        ] {
            let mut figure = of_years(7, 6000.0, language);
            figure.shows = Shows::Levels;
            let style = Style::of(language);
            let drawing = figure.draw(&style, width);
            insta::assert_snapshot!(name, drawing.svg("f", "sans-serif", &figure.alt(&style)));
        }
    }
}
