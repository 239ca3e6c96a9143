//! Rows of names with marks beside them: what figures of that build share.

use super::Style;
use super::Width;
use super::canvas::{Anchor, Canvas, LINE, Piece, Stroke, Type};
use super::ink::Ink;
use super::names::Named;
use super::scale::Scale;
use crate::numerals::{Estimate, Measure, SPACE};

/// Distance between names and marks.
const NAME_GAP: f64 = 12.0;

/// A column of names that end at one line.
#[derive(Debug, Clone, Copy)]
pub struct NameColumn {
    how: Type,
    lines: usize,
    room: f64,
    tallest: usize,
}

impl NameColumn {
    /// As wide as its names need, at most 30 % of a wide drawing and 34 % of a narrow one; longer names take up
    /// to `lines` lines.
    pub fn of<'a>(
        names: impl Iterator<Item = &'a Named>,
        how: Type,
        width: Width,
        lines: usize,
    ) -> Self {
        let most = width.px() * width.pick(0.30, 0.34);
        let (mut room, mut tallest) = (0.0, 1);
        for name in names {
            let own = name.fit(how, most, lines);
            tallest = tallest.max(own.len());
            room = own.iter().map(|line| how.width(line)).fold(room, f64::max);
        }
        NameColumn { how, lines, room, tallest }
    }

    /// Most lines that one of its names takes.
    pub fn tallest(&self) -> usize {
        self.tallest
    }

    /// Its width, with the distance to the marks.
    pub fn width(&self) -> f64 {
        self.room + NAME_GAP
    }

    /// A name in its row, in a colour.
    pub fn draw(&self, canvas: &mut Canvas, name: &Named, middle: f64, ink: Ink) {
        self.draw_as(canvas, name, middle, self.how.ink(ink));
    }

    /// A name in its row, in a type no wider than that of the column.
    pub fn draw_as(&self, canvas: &mut Canvas, name: &Named, middle: f64, how: Type) {
        let lines = name.fit(self.how, self.room, self.lines);
        centred(canvas, &lines, self.room, middle, how.anchor(Anchor::End));
    }
}

/// Lines of text whose middle is at a height.
pub fn centred(canvas: &mut Canvas, lines: &[String], x: f64, middle: f64, how: Type) {
    let step = LINE * how.size;
    let first = middle + 0.35 * how.size - step / 2.0 * (lines.len() as f64 - 1.0);
    canvas.lines(lines, x, first, step, how);
}

/// What stands over a figure or a panel: the quantity in bold, its unit behind it or below.
#[derive(Debug, Clone)]
pub struct Head {
    lines: Vec<String>,
    /// The unit, with its distance where it stands behind the last line.
    unit: String,
    beside: bool,
}

impl Head {
    const STEP: f64 = 18.0;
    const UNIT: Type = Type::AXIS.ink(Ink::Ink2);

    /// A head in a room.
    pub fn of(head: &str, measure: &Measure, room: f64) -> Self {
        let lines = Named::new(head).fit(Type::HEAD, room, 3);
        let mut unit = measure.unit().to_owned();
        let last = lines.last().map_or(0.0, |line| Type::HEAD.width(line));
        let behind = format!("{SPACE}{SPACE}{unit}");
        let beside = unit.is_empty() || last + Self::UNIT.width(&behind) <= room;
        if beside && !unit.is_empty() {
            unit = behind;
        }
        Head { lines, unit, beside }
    }

    /// Its height: 24 px for one line.
    pub fn height(&self) -> f64 {
        Self::STEP * (self.lines.len() + usize::from(!self.beside)) as f64 + 6.0
    }

    /// Width of its last line.
    pub fn last_width(&self) -> f64 {
        let line = self.lines.last().filter(|_| self.beside);
        line.map_or(0.0, |line| Type::HEAD.width(line)) + Self::UNIT.width(&self.unit)
    }

    /// Draws it below `top`.
    pub fn draw(&self, canvas: &mut Canvas, x: f64, top: f64) {
        let baseline = |at: usize| top + 13.0 + Self::STEP * at as f64;
        for (at, line) in self.lines.iter().enumerate() {
            let mut pieces = vec![Piece::words(line, Type::HEAD)];
            if self.beside && at + 1 == self.lines.len() {
                pieces.push(Piece::words(&self.unit, Self::UNIT));
            }
            canvas.pieces(&pieces, x, baseline(at), Anchor::Start);
        }
        if !self.beside {
            canvas.text(&self.unit, x, baseline(self.lines.len()), Self::UNIT);
        }
    }
}

/// A range as a thin line with caps, on a border of the ground's colour that keeps it readable on a bar.
pub fn whisker(canvas: &mut Canvas, [low, high]: [f64; 2], middle: f64) {
    canvas.line((low, middle), (high, middle), Stroke::of(Ink::Paper, 4.5));
    let line = Stroke::of(Ink::Ink2, 1.4);
    canvas.line((low, middle), (high, middle), line);
    for end in [low, high] {
        canvas.line((end, middle - 4.0), (end, middle + 4.0), line);
    }
}

/// Room wanted beside a value: the value, and px beyond it.
pub type Beside = (f64, f64);

/// The widest scale from `domain` into `frame` at which texts to the left and to the right of some of its values
/// stay inside the frame.
///
/// # Examples
/// ```
/// use irio::figure::rows::fitted;
/// let scale = fitted([0.0, 10.0], [100.0, 200.0], &[], &[(10.0, 30.0), (2.0, 40.0)]);
/// assert!((scale.at(10.0) - 170.0).abs() < 1e-6);
/// ```
pub fn fitted(domain: [f64; 2], frame: [f64; 2], left: &[Beside], right: &[Beside]) -> Scale {
    let [low, high] = domain;
    let domain = if high > low { domain } else { [low - 0.5, low + 0.5] };
    let share = |value: f64| (value - domain[0]) / (domain[1] - domain[0]);
    let room = (frame[1] - frame[0]).max(0.0);
    // At a width of the domain, the least distance of its start from the frame, and the largest.
    let least = |width: f64| {
        left.iter().map(|(value, want)| want - share(*value) * width).fold(0.0, f64::max)
    };
    let most = |width: f64| {
        right
            .iter()
            .map(|(value, want)| room - share(*value) * width - want)
            .fold(room - width, f64::min)
    };
    // The difference of the two is convex in the width: what fits is an interval from nothing on.
    let (mut fits, mut fails) = (0.0, room);
    if least(room) <= most(room) {
        fits = room;
    }
    for _ in 0..48 {
        let middle = 0.5 * (fits + fails);
        if least(middle) <= most(middle) {
            fits = middle;
        } else {
            fails = middle;
        }
    }
    let start = frame[0] + least(fits).min(room - fits);
    Scale::new(domain, [start, start + fits])
}

/// Lowest and highest of some values and zero.
pub fn with_zero(values: impl Iterator<Item = f64>) -> [f64; 2] {
    values.fold([0.0, 0.0], |[low, high], value| [f64::min(low, value), f64::max(high, value)])
}

/// A change with its unit: `+300 Mt`; a level without a sign.
pub fn told(measure: &Measure, change: bool, value: f64) -> String {
    measure.with_unit(&printed(measure, change, value))
}

/// A number as it is printed: a change with its sign, a level without.
pub fn printed(measure: &Measure, change: bool, value: f64) -> String {
    if change { measure.change(value) } else { measure.level(value) }
}

/// What a mark says: name, quantity, number with unit, range.
pub fn says(
    style: &Style,
    head: &str,
    measure: &Measure,
    name: &Named,
    value: &Estimate,
) -> String {
    let words = &style.words;
    let number = told(measure, true, value.value());
    let mut text = format!("{}{}{head} {number}", name.full(), words.colon);
    if let Some([low, high]) = &value.range {
        let ends = measure.changes(low.value, high.value);
        text += &words.bracketed(&format!("{}{ends}", words.range));
    }
    if value.unclear() {
        text += &format!("{}{}", words.comma, words.unclear_full);
    }
    text
}

/// The largest and the smallest of some named numbers, in words.
pub fn ends(style: &Style, values: &[(String, f64)], tell: impl Fn(f64) -> String) -> String {
    let mut sorted: Vec<&(String, f64)> = values.iter().collect();
    sorted.sort_by(|a, b| b.1.total_cmp(&a.1));
    let one = |(name, value): &(String, f64)| format!("{name} {}", tell(*value));
    match sorted.as_slice() {
        [] => style.words.no_data.clone(),
        [only] => one(only),
        [first, .., last] => format!("{}{}{}", one(first), style.words.comma, one(last)),
    }
}

/// What follows on what is unclear; empty if nothing is.
pub fn unclear(style: &Style, names: &[String]) -> String {
    let words = &style.words;
    match names {
        [] => String::new(),
        names => {
            format!("{}{}{}{}", words.semicolon, words.unclear_full, words.colon, words.list(names))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_leaves_room_for_what_stands_beside_its_values() {
        let left = [(-3.0, 40.0), (0.0, 90.0)];
        let right = [(5.0, 60.0), (1.0, 160.0)];
        let scale = fitted([-3.0, 5.0], [10.0, 400.0], &left, &right);
        for (value, want) in left {
            assert!(scale.at(value) - want >= 10.0 - 1e-6);
        }
        for (value, want) in right {
            assert!(scale.at(value) + want <= 400.0 + 1e-6);
        }
        // It is the widest: at one text there is nothing to spare on either side.
        let spare = |(value, want): (f64, f64), end: f64| (scale.at(value) - end).abs() - want;
        assert!(left.iter().any(|one| spare(*one, 10.0) < 1e-6));
        assert!(right.iter().any(|one| spare(*one, 400.0) < 1e-6));
    }

    #[test]
    fn where_texts_need_all_the_room_the_scale_has_no_width() {
        let scale = fitted([0.0, 1.0], [0.0, 50.0], &[(0.0, 40.0)], &[(1.0, 40.0)]);
        assert!(scale.range()[1] - scale.range()[0] < 1e-6);
        assert!(scale.at(1.0).is_finite());
    }
}
