//! Moran scatter: each region against the mean of its neighbours, and which of them are local clusters.
//!
//! The slope of the line is Moran's I. Clusters stand in a list beside the scatter; [`MoranScatter::draw_scatter`] draws
//! the scatter alone, for a map beside it.

use super::axis::{self, Axis};
use super::canvas::{Alt, Anchor, Canvas, Drawing, Fill, Rect, Stroke, Type};
use super::ink::Ink;
use super::key::{self, Swatch};
use super::names::{Named, wrapped};
use super::phrase::{self, Part};
use super::place::{self, Labelled, Obstacles};
use super::scale::Scale;
use super::{Figure, NAMED, Style, Width};
use crate::numerals::{Cited, Measure, number};

/// What a region is among its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cluster {
    /// High among high.
    HighHigh,
    /// Low among low.
    LowLow,
    /// High among low.
    HighLow,
    /// Low among high.
    LowHigh,
}

impl Cluster {
    /// All, in the order of [`Words::clusters`](super::words::Words::clusters).
    pub const ALL: [Cluster; 4] =
        [Cluster::HighHigh, Cluster::LowLow, Cluster::HighLow, Cluster::LowHigh];

    /// Its words.
    pub fn words(self, style: &Style) -> &str {
        let at = Cluster::ALL.iter().position(|own| *own == self).unwrap_or(0);
        &style.words.clusters[at]
    }

    /// Colour and filling: high ones in one hue, low ones in another, outliers hatched.
    pub fn paint(self) -> (Ink, Fill) {
        match self {
            Cluster::HighHigh => (Ink::Out, Fill::Ink(Ink::Out)),
            Cluster::LowLow => (Ink::In, Fill::Ink(Ink::In)),
            Cluster::HighLow => (Ink::Out, Fill::Hatch(Ink::Out)),
            Cluster::LowHigh => (Ink::In, Fill::Hatch(Ink::In)),
        }
    }
}

/// One region.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Its name.
    pub name: Named,
    /// Its value, standardized.
    pub value: f64,
    /// The mean of its neighbours' values.
    pub lag: f64,
    /// Its local value of Moran's I.
    pub local: Option<Cited>,
    /// Probability of that.
    pub p: Option<Cited>,
    /// What it is, if that is significant; the note of the figure says by which rule.
    pub cluster: Option<Cluster>,
}

impl Unit {
    fn known(&self) -> bool {
        self.value.is_finite() && self.lag.is_finite()
    }

    /// Of two clusters the one with the larger local value is named first.
    fn weight(&self) -> f64 {
        let own = self.local.as_ref().map_or(self.value * self.lag, |local| local.value);
        if own.is_finite() { own.abs() } else { 0.0 }
    }
}

/// Regions against their neighbours.
#[derive(Debug, Clone)]
pub struct MoranScatter {
    /// What is drawn.
    pub head: String,
    /// What the values are of.
    pub variable: String,
    /// Moran's I.
    pub statistic: Cited,
    /// Its probability.
    pub p: Option<Cited>,
    /// The regions.
    pub units: Vec<Unit>,
}

/// Height of the drawing on laptops.
const HEIGHT: f64 = 372.0;
/// Height of the scatter on phones.
const NARROW: f64 = 330.0;
/// Width of the scatter on laptops, and of the gap behind it.
const SCATTER: f64 = 470.0;
const GAP: f64 = 32.0;
const SLOPE: Stroke = Stroke::of(Ink::Ink2, 1.6);
const STEP: f64 = 17.0;

impl Figure for MoranScatter {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let head = (self.head.as_str(), "");
        let top = phrase::draw_head(&mut canvas, head, (0.0, 0.0), width.px()) + 4.0;
        match width {
            Width::Wide => {
                let height = (HEIGHT - top).max(220.0);
                self.draw_scatter(&mut canvas, style, Rect::new(0.0, top, SCATTER, height));
                let left = SCATTER + GAP;
                let end = self.draw_list(&mut canvas, style, (left, top), width.px() - left);
                canvas.finish((top + height).max(end))
            }
            Width::Narrow => {
                self.draw_scatter(&mut canvas, style, Rect::new(0.0, top, width.px(), NARROW));
                let at = (0.0, top + NARROW + 16.0);
                let end = self.draw_list(&mut canvas, style, at, width.px());
                canvas.finish(end)
            }
        }
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let mut said = vec![format!(
            "{}{}{}",
            self.variable,
            words.colon,
            phrase::joined(&self.statistic_parts(style))
        )];
        for cluster in Cluster::ALL {
            let names: Vec<String> =
                self.members(cluster).iter().map(|unit| unit.name.brief()).collect();
            if !names.is_empty() {
                said.push(format!("{}{}{}", cluster.words(style), words.colon, words.list(&names)));
            }
        }
        let kind = style.language.pick("莫兰散点图", "Moran scatter");
        Alt::new(format!("{kind}{}{}", words.colon, self.head), &said.join(&words.stop))
    }
}

impl MoranScatter {
    /// Regions of a cluster, those with the largest local values first.
    fn members(&self, cluster: Cluster) -> Vec<&Unit> {
        let mut units: Vec<&Unit> =
            self.units.iter().filter(|unit| unit.cluster == Some(cluster)).collect();
        units.sort_by(|a, b| b.weight().total_cmp(&a.weight()));
        units
    }

    /// Moran's I and its probability.
    fn statistic_parts(&self, style: &Style) -> Vec<Part> {
        let words = &style.words;
        if !self.statistic.value.is_finite() {
            return vec![Part::words(format!("{} {}", words.moran, words.no_data))];
        }
        let decimals = if self.statistic.value.abs() < 100.0 { 3 } else { 0 };
        let text = number(self.statistic.value, decimals, false, style.language);
        let mut parts = vec![
            Part::words(format!("{} = ", words.moran)),
            Part::Number(text, self.statistic.clone()),
        ];
        if let Some(p) = self.p.as_ref().filter(|p| p.value.is_finite()) {
            parts.push(Part::words(words.brackets[0].as_str()));
            parts.extend(phrase::probability(p, style.language));
            parts.push(Part::words(words.brackets[1].as_str()));
        }
        parts
    }

    /// Draws the scatter with its axes and labels inside a rectangle.
    pub fn draw_scatter(&self, canvas: &mut Canvas, style: &Style, area: Rect) {
        let words = &style.words;
        let how = Type::AXIS.ink(Ink::Ink2);
        key::sample(canvas, Swatch::Line(SLOPE), area.x, area.y + 9.0);
        canvas.phrase(&self.statistic_parts(style), area.x + 28.0, area.y + 13.0, Type::VALUE);
        canvas.text(&words.of_neighbours, area.x, area.y + 34.0, how);
        let below = wrapped(&words.standardized.replace("{name}", &self.variable), area.w, how);
        let foot = 26.0 + 16.0 * below.len() as f64;
        let measure = Measure::of_figure("1", 1.0, style.language);
        let axis = Axis { measure: &measure, change: true, most: 6 };
        let [x, y] = [|unit: &Unit| unit.value, |unit: &Unit| unit.lag].map(|of| self.domain(of));
        let left = area.x + axis::room_beside(axis, y[0], y[1]);
        let (top, bottom) = (area.y + 47.0, (area.bottom() - foot).max(area.y + 107.0));
        let frame = Rect::new(left, top, area.right() - left, bottom - top);
        let x = Scale::new(x, [frame.x, frame.right()]);
        let y = Scale::new(y, [frame.bottom(), frame.y]);
        axis::below(canvas, axis, &x, frame.y, frame.bottom() + 2.0);
        axis::beside(canvas, axis, &y, frame.x, frame.right());
        axis::zero_line(canvas, &x, frame.y, frame.bottom());
        axis::zero_level(canvas, &y, frame.x, frame.right());
        canvas.lines(&below, area.right(), bottom + 37.0, 16.0, how.anchor(Anchor::End));
        let slope = self.draw_slope(canvas, (&x, &y), frame);
        let mut obstacles =
            Obstacles { marks: draw_corners(canvas, style, frame), ..Obstacles::default() };
        obstacles.lines.extend(slope);
        let zero = (x.at(0.0), y.at(0.0));
        obstacles.axes.push(Rect::new(zero.0 - 0.5, frame.y, 1.0, frame.h));
        obstacles.axes.push(Rect::new(frame.x, zero.1 - 0.5, frame.w, 1.0));
        self.draw_units(canvas, style, (&x, &y));
        self.draw_labels(canvas, (&x, &y), frame, &mut obstacles);
    }

    /// Least and largest of some numbers with zero and some room.
    fn domain(&self, of: fn(&Unit) -> f64) -> [f64; 2] {
        let values = self.units.iter().filter(|unit| unit.known()).map(of);
        let (low, high) =
            values.fold((0.0_f64, 0.0_f64), |(low, high), v| (low.min(v), high.max(v)));
        if low == high {
            return [-1.0, 1.0];
        }
        // Every quadrant has room for its words.
        let (low, high) = (low.min(-0.3 * high), high.max(-0.3 * low));
        let room = 0.12 * (high - low);
        [low - room, high + room]
    }

    /// The line through zero whose slope is the statistic, cut at the frame.
    fn draw_slope(
        &self,
        canvas: &mut Canvas,
        (x, y): (&Scale, &Scale),
        frame: Rect,
    ) -> Option<[(f64, f64); 2]> {
        let slope = self.statistic.value;
        if !slope.is_finite() {
            return None;
        }
        let [low, high] = y.domain();
        let ends = x.domain().map(|value| {
            let inside = (slope * value).clamp(low, high);
            // Where the line leaves the frame above or below, it does so at another x.
            let value = if inside == slope * value { value } else { inside / slope };
            (x.at(value), y.at(inside))
        });
        debug_assert!(ends.iter().all(|end| end.1 >= frame.y - 1.0));
        canvas.line(ends[0], ends[1], SLOPE);
        Some(ends)
    }

    fn draw_units(&self, canvas: &mut Canvas, style: &Style, (x, y): (&Scale, &Scale)) {
        let known = || self.units.iter().filter(|unit| unit.known());
        // Clusters lie above the others.
        let others = known().filter(|unit| unit.cluster.is_none());
        for unit in others.chain(known().filter(|unit| unit.cluster.is_some())) {
            let at = (x.at(unit.value), y.at(unit.lag));
            canvas.mark(&self.says(style, unit), |canvas| match unit.cluster {
                Some(cluster) => {
                    let (ink, fill) = cluster.paint();
                    canvas.dot(at, 6.0, Fill::Ink(Ink::Paper), None);
                    canvas.dot(at, 6.0, fill, Some(Stroke::of(ink, 1.6)));
                }
                None => {
                    let outline = Some(Stroke::of(Ink::Unclear, 1.3));
                    canvas.dot(at, 4.0, Fill::Ink(Ink::Paper), outline);
                }
            });
        }
    }

    fn draw_labels(
        &self,
        canvas: &mut Canvas,
        (x, y): (&Scale, &Scale),
        frame: Rect,
        obstacles: &mut Obstacles,
    ) {
        let at = |unit: &Unit| (x.at(unit.value), y.at(unit.lag));
        let mut named: Vec<&Unit> =
            Cluster::ALL.iter().flat_map(|own| self.members(*own)).collect();
        named.retain(|unit| unit.known());
        named.sort_by(|a, b| b.weight().total_cmp(&a.weight()));
        let others = named.split_off(named.len().min(NAMED));
        let unnamed = self.units.iter().filter(|unit| unit.known() && unit.cluster.is_none());
        for (unit, radius) in
            others.into_iter().map(|own| (own, 7.0)).chain(unnamed.map(|own| (own, 4.5)))
        {
            let (x, y) = at(unit);
            obstacles.marks.push(Rect::new(x, y, 0.0, 0.0).grown(radius));
        }
        let points: Vec<Labelled> = (named.iter())
            .map(|unit| Labelled {
                at: at(unit),
                radius: 6.0,
                lines: unit.name.fit(Type::LABEL, 110.0, 2),
                weight: unit.weight(),
            })
            .collect();
        let placed = place::place(&points, frame, obstacles, Type::LABEL);
        for ((unit, point), placed) in named.iter().zip(&points).zip(placed) {
            match placed {
                Some(placed) => placed.draw(canvas, point, Type::LABEL.halo()),
                None => canvas.drop_label(&unit.name.full()),
            }
        }
    }

    /// Draws the clusters as a list, from a place on in a room; where it ends.
    pub fn draw_list(
        &self,
        canvas: &mut Canvas,
        style: &Style,
        (x, top): (f64, f64),
        room: f64,
    ) -> f64 {
        let words = &style.words;
        let mut y = phrase::draw_head(canvas, (&words.local_clusters, ""), (x, top), room) + 6.0;
        let counted = |text: &str, count: usize| format!("{text}\u{2002}{count}");
        for cluster in Cluster::ALL {
            let members = self.members(cluster);
            if members.is_empty() {
                continue;
            }
            let (ink, fill) = cluster.paint();
            key::sample(
                canvas,
                Swatch::Dot(6.0, fill, Some(Stroke::of(ink, 1.6))),
                x - 5.0,
                y + 8.0,
            );
            let text = counted(cluster.words(style), members.len());
            canvas.text(&text, x + 20.0, y + 13.0, Type::HEAD);
            y += STEP + 2.0;
            for line in wrapped(&self.listed(style, &members), room - 20.0, Type::LABEL) {
                canvas.text(&line, x + 20.0, y + 13.0, Type::LABEL);
                y += STEP;
            }
            y += 8.0;
        }
        let rest = self.units.iter().filter(|unit| unit.cluster.is_none()).count();
        if rest > 0 {
            let outline = Some(Stroke::of(Ink::Unclear, 1.3));
            key::sample(canvas, Swatch::Dot(4.0, Fill::Ink(Ink::Paper), outline), x - 4.0, y + 8.0);
            let how = Type::LABEL.ink(Ink::Ink2);
            canvas.text(&counted(&words.not_significant, rest), x + 20.0, y + 13.0, how);
            y += STEP + 4.0;
        }
        y
    }

    /// Names of a cluster, at most so many as figures name.
    fn listed(&self, style: &Style, members: &[&Unit]) -> String {
        let mut names: Vec<String> =
            members.iter().take(NAMED).map(|unit| unit.name.brief()).collect();
        if members.len() > NAMED {
            names.push(style.words.other_of(members.len() - NAMED));
        }
        names.join(&style.words.enumeration)
    }

    /// What a region says: name, cluster, local value, probability.
    fn says(&self, style: &Style, unit: &Unit) -> String {
        let words = &style.words;
        let what = unit.cluster.map_or(words.not_significant.as_str(), |own| own.words(style));
        let mut text = format!("{}{}{what}", unit.name.full(), words.colon);
        if let Some(local) = unit.local.as_ref().filter(|own| own.value.is_finite()) {
            let local = number(local.value, 2, false, style.language);
            text += &format!("{}{} {local}", words.comma, words.local_value);
        }
        if let Some(p) = unit.p.as_ref().filter(|own| own.value.is_finite()) {
            let p = phrase::joined(&phrase::probability(p, style.language));
            text += &format!("{}{p}", words.comma);
        }
        text
    }
}

/// Words of the quadrants in the corners of the frame, and the room they take.
fn draw_corners(canvas: &mut Canvas, style: &Style, frame: Rect) -> Vec<Rect> {
    let (left, right) = (frame.x + 6.0, frame.right() - 4.0);
    let (top, bottom) = (frame.y + 13.0, frame.bottom() - 6.0);
    let corners = [
        (Cluster::HighHigh, right, top, Anchor::End),
        (Cluster::LowLow, left, bottom, Anchor::Start),
        (Cluster::HighLow, right, bottom, Anchor::End),
        (Cluster::LowHigh, left, top, Anchor::Start),
    ];
    let draw = |(cluster, x, y, anchor): (Cluster, f64, f64, Anchor)| {
        let how = Type::AXIS.anchor(anchor).halo();
        canvas.text(cluster.words(style), x, y, how);
        how.rect(cluster.words(style), x, y)
    };
    corners.map(draw).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::testing;
    use crate::numerals::Language;

    fn cited(value: f64) -> Cited {
        Cited::new(value, "local_autocorrelation.csv", 2)
    }

    /// So many regions of which every second is a cluster or an outlier.
    fn of_regions(count: usize, size: f64, language: Language) -> MoranScatter {
        let names = testing::names(count, language);
        let unit = |(k, name): (usize, Named)| {
            let value = size * ((k * 37 % 41) as f64 / 20.0 - 1.0);
            let lag = size * ((k * 17 % 31) as f64 / 15.0 - 1.0);
            Unit {
                name,
                value,
                lag,
                local: Some(cited(value * lag)),
                p: Some(cited(0.03)),
                cluster: (k % 2 == 0).then_some(Cluster::ALL[k / 2 % 4]),
            }
        };
        MoranScatter {
            head: names[count - 1].full(),
            variable: names[count / 2].full(),
            statistic: cited(0.4),
            p: Some(cited(0.0004)),
            units: names.clone().into_iter().enumerate().map(unit).collect(),
        }
    }

    #[test]
    fn texts_are_inside_and_apart_for_1_to_40_regions() {
        for count in 1..=40 {
            for language in Language::BOTH {
                testing::assert_readable(&of_regions(count, 2.0, language), language);
            }
        }
    }

    #[test]
    fn any_numbers_are_drawn() {
        for size in [0.0, 1e-9, 1e15, f64::NAN, f64::INFINITY] {
            for language in Language::BOTH {
                let mut figure = of_regions(9, size, language);
                testing::assert_readable(&figure, language);
                figure.statistic.value = size;
                figure.p = Some(cited(size.min(1.0)));
                testing::assert_readable(&figure, language);
                figure.units.clear();
                testing::assert_readable(&figure, language);
            }
        }
    }

    #[test]
    fn outliers_are_hatched_and_what_is_not_significant_is_an_outline() {
        let figure = of_regions(8, 2.0, Language::English);
        let style = Style::of(Language::English);
        let svg = figure.draw(&style, Width::Wide).svg("f", "Arial", &figure.alt(&style));
        assert!(svg.contains("url(#f-h-out)") && svg.contains("url(#f-h-in)"));
        assert!(svg.contains("not significant\u{2002}4"));
        assert!(svg.contains("high–low, local value"));
        assert!(figure.alt(&style).text.contains("Moran's I = 0.400 (p < 0.001)"));
    }

    #[test]
    fn at_most_twelve_are_named_and_the_rest_is_counted() {
        let mut figure = of_regions(40, 2.0, Language::English);
        for unit in &mut figure.units {
            unit.cluster = Some(Cluster::HighHigh);
        }
        let style = Style::of(Language::English);
        let mut canvas = Canvas::new(744.0);
        figure.draw_list(&mut canvas, &style, (0.0, 0.0), 5000.0);
        let list = canvas.texts().iter().find(|text| text.text.ends_with("other 28"));
        assert_eq!(list.map(|text| text.text.matches(", ").count()), Some(12));
    }

    #[test]
    fn drawings_stay_as_they_were() {
        for (language, width, name) in [
            (Language::Chinese, Width::Narrow, "moran_narrow"),
            (Language::English, Width::Wide, "moran_wide"),
        ] {
            let figure = of_regions(6, 2.0, language);
            let style = Style::of(language);
            let drawing = figure.draw(&style, width);
            insta::assert_snapshot!(name, drawing.svg("f", "sans-serif", &figure.alt(&style)));
        }
    }
}
