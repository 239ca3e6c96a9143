//! Classes of numbers: a colour for each, a key with the numbers at the class boundaries, and words for what a
//! coloured thing says.
//!
//! Changes have nine classes around zero, levels up to six. A change whose range holds zero has no class: it is
//! hatched, so that no colour claims a direction.

use super::Style;
use super::canvas::{Anchor, Canvas, Fill, Rect, Stroke, Type};
use super::ink::Ink;
use super::net_bars::Panel;
use super::scale::{diverging_breaks, diverging_class, sequential_breaks};
use crate::numerals::{Estimate, Measure};

/// What numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Changes: of either sign, shown with it.
    Change,
    /// Levels: nothing or more.
    Level,
    /// Quotients that are compared with one, such as location quotients: classes of fixed boundaries on both sides
    /// of one.
    Quotient,
}

/// Boundaries between classes, in the printed unit.
#[derive(Debug, Clone, PartialEq)]
enum Breaks {
    Diverging([f64; 4]),
    Sequential(Vec<f64>),
    /// Those of [`AROUND_ONE`].
    AroundOne,
}

/// Boundaries of quotients with how they are printed, each above one beside its inverse below.
const AROUND_ONE: [(f64, &str); 8] = [
    (1.0 / 3.0, "0.33"),
    (0.5, "0.5"),
    (2.0 / 3.0, "0.67"),
    (0.9, "0.9"),
    (1.0 / 0.9, "1.1"),
    (1.5, "1.5"),
    (2.0, "2"),
    (3.0, "3"),
];

/// The classes of one quantity of a figure.
#[derive(Debug, Clone)]
pub struct Classes {
    breaks: Breaks,
    measure: Measure,
}

/// Sides of the key: height of its colours, and where the numbers stand below them.
const COLOURS: f64 = 9.0;
const NUMBERS: f64 = 24.0;
/// Widest class of a key.
const WIDEST: f64 = 38.0;

/// Height that a key takes.
pub const KEY: f64 = 28.0;

impl Classes {
    /// Classes for numbers; those of unclear direction have no say in the boundaries.
    pub fn of<'a>(
        kind: Kind,
        measure: &Measure,
        values: impl Iterator<Item = &'a Estimate>,
    ) -> Self {
        let clear = values.filter(|value| kind != Kind::Change || !value.unclear());
        let scaled: Vec<f64> = clear.map(|value| measure.scaled(value.value())).collect();
        let high = scaled.iter().fold(0.0_f64, |high, value| high.max(value.abs()));
        let breaks = match kind {
            Kind::Change => {
                Breaks::Diverging(diverging_breaks(if high > 0.0 { high } else { 1.0 }))
            }
            Kind::Level => {
                let low = scaled.iter().copied().fold(f64::INFINITY, f64::min);
                Breaks::Sequential(sequential_breaks(low, high))
            }
            Kind::Quotient => Breaks::AroundOne,
        };
        Classes { breaks, measure: measure.clone() }
    }

    /// What the numbers are.
    pub fn kind(&self) -> Kind {
        match self.breaks {
            Breaks::Diverging(_) => Kind::Change,
            Breaks::Sequential(_) => Kind::Level,
            Breaks::AroundOne => Kind::Quotient,
        }
    }

    /// How many classes there are.
    pub fn count(&self) -> usize {
        match &self.breaks {
            Breaks::Diverging(_) | Breaks::AroundOne => 9,
            Breaks::Sequential(breaks) => breaks.len() + 1,
        }
    }

    /// Colour of the k-th class, and of text on it.
    fn inks(&self, class: usize) -> (Ink, Ink) {
        match &self.breaks {
            Breaks::Diverging(_) | Breaks::AroundOne => {
                (Ink::Diverging(class as u8), Ink::OnDiverging(class as u8))
            }
            Breaks::Sequential(breaks) => {
                // Few classes are spread over the colours.
                let colour = (class * 5).div_ceil(breaks.len().max(1)).min(5) as u8;
                (Ink::Sequential(colour), Ink::OnSequential(colour))
            }
        }
    }

    fn class(&self, value: f64) -> usize {
        // By the number that is printed, so that equal ones have one colour.
        let places = 10f64.powi(self.measure.decimals() as i32);
        let scaled = (self.measure.scaled(value) * places).round() / places;
        match &self.breaks {
            Breaks::Diverging(breaks) => usize::from(diverging_class(scaled, breaks)),
            Breaks::Sequential(breaks) => breaks.iter().filter(|limit| scaled >= **limit).count(),
            Breaks::AroundOne => AROUND_ONE.iter().filter(|(limit, _)| scaled >= *limit).count(),
        }
    }

    /// Whether a number has no class because its direction is unclear.
    pub fn unclear(&self, value: &Estimate) -> bool {
        self.kind() == Kind::Change && value.unclear()
    }

    /// Colour of a number's class, and of text on it; hatched ones have ink on the colour of boxes.
    pub fn colour(&self, value: &Estimate) -> (Ink, Ink) {
        match self.unclear(value) {
            true => (Ink::Panel, Ink::Ink),
            false => self.inks(self.class(value.value())),
        }
    }

    /// The number as it is printed.
    pub fn shown(&self, value: &Estimate) -> String {
        match self.kind() {
            Kind::Change => self.measure.change(value.value()),
            Kind::Level | Kind::Quotient => self.measure.level(value.value()),
        }
    }

    /// The boundary from which on numbers are large: the second of four, or the middle one. In the file's unit.
    pub fn large(&self) -> Option<f64> {
        let found = match &self.breaks {
            Breaks::Diverging(breaks) => Some(breaks[1]),
            Breaks::Sequential(breaks) => breaks.get(breaks.len() / 2).copied(),
            Breaks::AroundOne => Some(1.5),
        };
        found.map(|scaled| self.measure.unscaled(scaled))
    }

    /// Boundaries with the numbers to print there, by groups of which all are printed or none, the most telling
    /// group first.
    fn boundaries(&self) -> Vec<Vec<(usize, String)>> {
        let tick = |at: f64, change| self.measure.tick(at, at.abs(), change);
        match &self.breaks {
            // The two ends, the two beside the middle, then the rest: always on both arms.
            Breaks::Diverging(breaks) => [3, 0, 2, 1]
                .map(|k| vec![(3 - k, tick(-breaks[k], true)), (4 + k, tick(breaks[k], true))])
                .to_vec(),
            Breaks::Sequential(breaks) => {
                let end = |k: usize| k == 0 || k + 1 == breaks.len();
                let mut all: Vec<usize> = (0..breaks.len()).collect();
                all.sort_by_key(|k| !end(*k));
                all.into_iter().map(|k| vec![(k, tick(breaks[k], false))]).collect()
            }
            Breaks::AroundOne => [0, 3, 1, 2]
                .map(|k| [k, 7 - k].map(|at| (at, AROUND_ONE[at].1.to_owned())).to_vec())
                .to_vec(),
        }
    }

    /// Draws the key with its left upper corner at a place, no wider than `room`; `hatched` is the word for the
    /// hatch, if there is any.
    pub fn key(&self, canvas: &mut Canvas, left: f64, top: f64, room: f64, hatched: Option<&str>) {
        let word = hatched.map_or(0.0, |word| 16.0 + 20.0 + Type::AXIS.width(word));
        let count = self.count();
        let step = ((room - word) / count as f64).clamp(8.0, WIDEST);
        for class in 0..count {
            let rect = Rect::new(left + step * class as f64, top, step - 1.0, COLOURS);
            canvas.rect(rect, Fill::Ink(self.inks(class).0), None);
        }
        let how = Type::AXIS.anchor(Anchor::Middle);
        let mut taken: Vec<Rect> = Vec::new();
        for group in self.boundaries() {
            let place = |(at, _): &(usize, String)| left + step * (*at + 1) as f64 - 0.5;
            let boxes: Vec<Rect> = (group.iter())
                .map(|one| how.rect(&one.1, place(one), top + NUMBERS).grown(0.5))
                .collect();
            let inside = |one: &Rect| one.x >= -0.5 && one.right() <= left + room + 0.5;
            let free = |(k, one): (usize, &Rect)| {
                inside(one) && !taken.iter().chain(&boxes[..k]).any(|other| other.overlaps(one))
            };
            if boxes.iter().enumerate().all(free) {
                group.iter().for_each(|one| canvas.text(&one.1, place(one), top + NUMBERS, how));
                taken.extend(boxes);
            }
        }
        if let Some(word) = hatched {
            let from = left + step * count as f64 + 15.0;
            hatch(canvas, Rect::new(from, top, 14.0, COLOURS));
            canvas.text(word, from + 20.0, top + COLOURS, Type::AXIS);
        }
    }
}

/// Hatches a rectangle.
pub fn hatch(canvas: &mut Canvas, rect: Rect) {
    canvas.rect(rect, Fill::Ink(Ink::Panel), None);
    canvas.rect(rect, Fill::Hatch(Ink::Unclear), Some(Stroke::of(Ink::Rule, 0.8)));
}

/// Whether every number of an estimate is one.
pub fn finite(value: &Estimate) -> bool {
    let ends = value.range.iter().flatten().all(|end| end.value.is_finite());
    value.value().is_finite() && ends
}

/// The estimate if there is one and all its numbers are finite.
pub fn known(value: Option<&Option<Estimate>>) -> Option<&Estimate> {
    value.and_then(Option::as_ref).filter(|value| finite(value))
}

/// What a mark says: name, quantity, number with unit, range, or that there are no data.
pub fn says(
    style: &Style,
    panel: &Panel,
    kind: Kind,
    name: &str,
    value: Option<&Estimate>,
) -> String {
    let (words, measure) = (&style.words, &panel.measure);
    let mut text = format!("{name}{}{}", words.colon, panel.head);
    let Some(value) = value else {
        return format!("{text} {}", words.no_data);
    };
    let (number, range) = match kind {
        Kind::Change => (
            measure.change(value.value()),
            value.range.as_ref().map(|[low, high]| measure.changes(low.value, high.value)),
        ),
        Kind::Level | Kind::Quotient => (
            measure.level(value.value()),
            value.range.as_ref().map(|[low, high]| measure.levels(low.value, high.value)),
        ),
    };
    text += &format!(" {}", measure.with_unit(&number));
    if let Some(range) = range {
        text += &words.bracketed(&format!("{}{range}", words.range));
    }
    if kind == Kind::Change && value.unclear() {
        text += &format!("{}{}", words.comma, words.unclear_full);
    }
    text
}

/// A sentence on a panel: the largest and the smallest number, and what is unclear. Nothing without numbers.
pub fn tells(
    style: &Style,
    panel: &Panel,
    kind: Kind,
    values: &[(String, &Estimate)],
) -> Option<String> {
    let (words, measure) = (&style.words, &panel.measure);
    let mut sorted: Vec<&(String, &Estimate)> = values.iter().collect();
    sorted.sort_by(|a, b| b.1.value().total_cmp(&a.1.value()));
    let tell = |(name, value): &(String, &Estimate)| {
        let number = match kind {
            Kind::Change => measure.change(value.value()),
            Kind::Level | Kind::Quotient => measure.level(value.value()),
        };
        format!("{name} {}", measure.with_unit(&number))
    };
    let ends: Vec<String> = match sorted.as_slice() {
        [] => return None,
        [one] => vec![tell(one)],
        [first, .., last] => vec![tell(first), tell(last)],
    };
    let mut text = format!("{}{}{}", panel.head, words.colon, ends.join(&words.comma));
    let unclear: Vec<String> = (values.iter())
        .filter(|(_, value)| kind == Kind::Change && value.unclear())
        .map(|(name, _)| name.clone())
        .collect();
    if !unclear.is_empty() {
        let list = words.list(&unclear);
        text += &format!("{}{}{}{list}", words.semicolon, words.unclear_full, words.colon);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::testing;
    use crate::numerals::{Cited, Language};

    fn bare(value: f64) -> Estimate {
        Estimate::bare(Cited::new(value, "sums.csv", 2))
    }

    #[test]
    fn an_unclear_change_has_no_class_and_no_say() {
        let measure = Measure::of_figure("Mt", 300.0, Language::English);
        let cited = |value| Cited::new(value, "sums.csv", 2);
        let range = Some([cited(-1.0), cited(2e6)]);
        let unclear = Estimate { point: cited(1e6), range, disputed: false };
        let values = [bare(300.0), bare(-20.0), unclear.clone()];
        let classes = Classes::of(Kind::Change, &measure, values.iter());
        assert_eq!(classes.large(), Some(50.0));
        assert_eq!(classes.colour(&bare(300.0)).0, Ink::Diverging(8));
        assert_eq!(classes.colour(&bare(-20.0)).0, Ink::Diverging(3));
        assert_eq!(classes.colour(&unclear).0, Ink::Panel);
    }

    #[test]
    fn few_levels_are_spread_over_the_colours() {
        let measure = Measure::of_figure("Mt", 70.0, Language::English);
        let values = [bare(30.0), bare(70.0)];
        let classes = Classes::of(Kind::Level, &measure, values.iter());
        assert_eq!(classes.count(), 4);
        assert_eq!(classes.colour(&bare(30.0)).0, Ink::Sequential(0));
        assert_eq!(classes.colour(&bare(70.0)).0, Ink::Sequential(5));
    }

    #[test]
    fn keys_of_any_numbers_keep_their_texts_apart() {
        for size in [0.0, 1e-9, 0.3, 17.0, 5988.0, 1e15] {
            for kind in [Kind::Change, Kind::Level, Kind::Quotient] {
                for room in [120.0, 250.0, 348.0] {
                    let measure = Measure::of_figure("10^8 yuan", size, Language::English);
                    let values = [bare(size), bare(size / 50.0)];
                    let classes = Classes::of(kind, &measure, values.iter());
                    let mut canvas = Canvas::new(350.0);
                    classes.key(&mut canvas, 1.0, 4.0, room, Some("unclear"));
                    testing::assert_apart(&canvas.finish(4.0 + KEY));
                }
            }
        }
    }
}
