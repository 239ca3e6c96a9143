//! Data-quality panel: which identities a table meets, by how much it misses the others, where, and what to do.
//!
//! Gaps are shares of their lines, on a logarithmic axis with the tolerance as a line. What is not met comes first.

use super::axis;
use super::canvas::{Alt, Anchor, Canvas, Drawing, Fill, Rect, Stroke, Type};
use super::ink::Ink;
use super::names::wrapped;
use super::phrase::{self, Part};
use super::scale::{Scale, log_ticks};
use super::{Figure, Style, Width};
use crate::numerals::{Cited, Language, decimals_that_matter, number};

/// What was found of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// It is met.
    Pass,
    /// It should be looked at.
    Warn,
    /// It is not met.
    Fail,
}

impl Grade {
    /// All, in the order of [`Words::grades`](super::words::Words::grades).
    pub const ALL: [Grade; 3] = [Grade::Pass, Grade::Warn, Grade::Fail];

    fn word(self, style: &Style) -> &str {
        &style.words.grades[self as usize]
    }

    fn ink(self) -> Ink {
        match self {
            Grade::Pass => Ink::Ink2,
            Grade::Warn => Ink::Warn,
            Grade::Fail => Ink::Out,
        }
    }

    /// Its shape: a dot, a triangle, a square.
    fn draw(self, canvas: &mut Canvas, (x, y): (f64, f64)) {
        let fill = Fill::Ink(self.ink());
        match self {
            Grade::Pass => canvas.dot((x, y), 5.0, fill, None),
            Grade::Warn => {
                let corners = [(x, y - 6.0), (x + 6.0, y + 5.0), (x - 6.0, y + 5.0)];
                canvas.polygon(&corners, fill, None);
            }
            Grade::Fail => canvas.rect(Rect::new(x - 5.0, y - 5.0, 10.0, 10.0), fill, None),
        }
    }
}

/// One identity.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The identity in words.
    pub name: String,
    /// What was found.
    pub grade: Grade,
    /// The largest gap, as a share of the line's total.
    pub gap: Option<Cited>,
    /// The line that has it; may be empty.
    pub place: String,
    /// What to do about it; may be empty.
    pub advice: String,
}

impl Identity {
    /// The size of the gap, if it is a number.
    fn known(&self) -> Option<(f64, &Cited)> {
        let gap = self.gap.as_ref().filter(|gap| gap.value.is_finite())?;
        Some((gap.value.abs(), gap))
    }
}

/// Identities of a table.
#[derive(Debug, Clone)]
pub struct QualityPanel {
    /// What was checked.
    pub head: String,
    /// The identities, in any order.
    pub rows: Vec<Identity>,
    /// The largest gap that is let pass, as a share.
    pub tolerance: Cited,
}

const SMALL: Type = Type::AXIS.ink(Ink::Ink2);
const LINE: f64 = 16.0;
/// Room of a grade's shape and word.
const GRADE: f64 = 72.0;
const NAME: f64 = 196.0;
const GAPS: f64 = 200.0;
const BETWEEN: f64 = 18.0;
const FOOT: f64 = 26.0;
/// Space above and below the words of a row.
const PADDING: f64 = 10.0;
/// Gaps from here on are told as more than this.
const MOST: f64 = 1e3;
/// Room at the left of a logarithmic axis for what is nothing, or too small for it.
const NOTHING: f64 = 46.0;
/// Height of a strip below its words.
const STRIP: f64 = 24.0;

/// Words of a row, by lines.
struct RowWords {
    name: Vec<String>,
    place: Vec<String>,
    advice: Vec<String>,
}

impl Figure for QualityPanel {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let top = phrase::draw_head(&mut canvas, (&self.head, ""), (0.0, 0.0), width.px()) + 6.0;
        if self.rows.is_empty() {
            canvas.text(&style.words.no_data, 0.0, top + 14.0, Type::LABEL);
            return canvas.finish(top + FOOT);
        }
        let left = width.pick(GRADE + NAME + BETWEEN, 10.0);
        let gaps = if self.tells_where() { GAPS } else { width.px() - left - 2.0 * BETWEEN };
        let right = width.pick(left + gaps, width.px() - 10.0);
        let nothing = if self.any_nothing() { NOTHING } else { 0.0 };
        let scale = self.scale([left + nothing, right]);
        let end = match width {
            Width::Wide => self.draw_wide(&mut canvas, style, &scale, top),
            Width::Narrow => self.draw_narrow(&mut canvas, style, &scale, top),
        };
        axis::texts_below(&mut canvas, &self.ticks(&scale, style.language), end);
        canvas.finish(end + FOOT)
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let of = |grade: Grade| self.rows.iter().filter(move |row| row.grade == grade);
        let mut said = Vec::new();
        for grade in [Grade::Fail, Grade::Warn] {
            let names: Vec<String> = of(grade)
                .map(|row| match row.known() {
                    Some(_) => {
                        format!("{} {}", row.name, phrase::joined(&self.gap_parts(style, row)))
                    }
                    None => row.name.clone(),
                })
                .collect();
            if !names.is_empty() {
                said.push(format!("{}{}{}", grade.word(style), words.colon, words.list(&names)));
            }
        }
        let passed = of(Grade::Pass).count();
        said.push(format!(
            "{}{}{passed}/{}",
            Grade::Pass.word(style),
            words.colon,
            self.rows.len()
        ));
        let kind = style.language.pick("数据质量", "Data quality");
        Alt::new(format!("{kind}{}{}", words.colon, self.head), &said.join(&words.stop))
    }
}

/// A share as a percentage with the digits that matter.
fn percent(share: f64, language: Language) -> String {
    let value = 100.0 * share;
    let decimals = if value >= 100.0 { 0 } else { decimals_that_matter(value) };
    number(value, decimals, false, language) + "%"
}

/// A round share, such as that of a tick: "0.10" would be read as a claim of two digits.
fn round_percent(share: f64, language: Language) -> String {
    let text = percent(share, language);
    let text = text.trim_end_matches('%').to_owned();
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    };
    text + "%"
}

impl QualityPanel {
    /// Rows in their order: fail, warn, pass, in each the largest gap first.
    fn sorted(&self) -> Vec<&Identity> {
        let mut rows: Vec<&Identity> = self.rows.iter().collect();
        let size = |row: &Identity| row.known().map_or(-1.0, |(gap, _)| gap);
        rows.sort_by(|a, b| b.grade.cmp(&a.grade).then(size(b).total_cmp(&size(a))));
        rows
    }

    /// The tolerance, if it is a share.
    fn tolerance(&self) -> Option<f64> {
        Some(self.tolerance.value).filter(|value| *value > 1e-12 && *value <= MOST)
    }

    /// Ends of the axis: whole powers of ten, two below the tolerance to beyond the largest gap.
    fn ends(&self) -> [f64; 2] {
        let tolerance = self.tolerance().unwrap_or(1e-4);
        let low = 10f64.powf(tolerance.log10().floor() - 2.0);
        let gaps = self.rows.iter().filter_map(Identity::known).map(|(gap, _)| gap);
        let largest = gaps.fold(100.0 * tolerance, f64::max).min(MOST);
        [low, 10f64.powf((largest.log10() - 1e-9).ceil())]
    }

    /// Whether a row says where its gap is, or what to do.
    fn tells_where(&self) -> bool {
        self.rows.iter().any(|row| !row.place.is_empty() || !row.advice.is_empty())
    }

    /// Whether a gap is zero or smaller than the axis shows.
    fn any_nothing(&self) -> bool {
        let low = self.ends()[0];
        self.rows.iter().filter_map(Identity::known).any(|(gap, _)| gap < low)
    }

    /// Places of logarithms of gaps.
    fn scale(&self, range: [f64; 2]) -> Scale {
        Scale::new(self.ends().map(f64::log10), range)
    }

    fn ticks(&self, scale: &Scale, language: Language) -> Vec<(f64, String)> {
        let [low, high] = self.ends();
        let powers = log_ticks(low, high, 6).into_iter().filter(|(value, _)| {
            let power = value.log10();
            (power - power.round()).abs() < 1e-6
        });
        // Zero has no place on a logarithmic axis: marks at its left end have their number beside them.
        let nothing = self.any_nothing().then(|| (scale.range()[0] - NOTHING, String::new()));
        let powers =
            powers.map(|(value, _)| (scale.at(value.log10()), round_percent(value, language)));
        nothing.into_iter().chain(powers).collect()
    }

    /// A gap in words; one beyond the ends of the axis is told against them.
    fn gap_parts(&self, style: &Style, row: &Identity) -> Vec<Part> {
        let words = &style.words;
        let Some((gap, cited)) = row.known() else {
            return vec![Part::words(words.no_data.clone())];
        };
        let [low, high] = self.ends();
        let language = style.language;
        // What is beyond the axis is told against its end, which is not the number itself.
        vec![match gap {
            0.0 => Part::Number("0".to_owned(), cited.clone()),
            gap if gap < low => {
                Part::words(words.less_than.replace("{value}", &round_percent(low, language)))
            }
            gap if gap > high => {
                Part::words(words.more_than.replace("{value}", &round_percent(high, language)))
            }
            gap => Part::Number(percent(gap, language), cited.clone()),
        }]
    }

    fn tolerance_parts(&self, style: &Style) -> Vec<Part> {
        let words = &style.words;
        match self.tolerance() {
            Some(value) => vec![
                Part::words(format!("{} ", words.tolerance)),
                Part::Number(round_percent(value, style.language), self.tolerance.clone()),
            ],
            None => Vec::new(),
        }
    }

    fn draw_wide(&self, canvas: &mut Canvas, style: &Style, scale: &Scale, top: f64) -> f64 {
        let words = &style.words;
        let left = GRADE + NAME + BETWEEN;
        let right = scale.range()[1];
        let aside = right + BETWEEN;
        let room = canvas.width() - aside;
        let mut heads =
            vec![(GRADE, NAME, &words.identity), (left, right - left, &words.largest_gap)];
        if self.tells_where() {
            heads.push((aside, room, &words.where_and_what));
        }
        let heads: Vec<(f64, Vec<String>)> =
            (heads.into_iter()).map(|(x, room, text)| (x, wrapped(text, room, SMALL))).collect();
        let lines = heads.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
        let last = top + 12.0 + LINE * (lines as f64 - 1.0);
        for (x, text) in &heads {
            canvas.lines(text, *x, last - LINE * (text.len() as f64 - 1.0), LINE, SMALL);
        }
        let mut y = self.draw_tolerance(canvas, style, scale, last + 6.0);
        let from = y;
        let rows: Vec<(&Identity, RowWords)> =
            (self.sorted().into_iter()).map(|row| (row, row_words(row, NAME, room))).collect();
        let height = |own: &RowWords| {
            let lines = own.name.len().max(own.place.len() + own.advice.len()).max(1);
            LINE * lines as f64 + 2.0 * PADDING
        };
        let end = from + rows.iter().map(|(_, own)| height(own)).sum::<f64>();
        self.draw_grid(canvas, style, scale, [from, end]);
        for (row, own) in &rows {
            let first = y + PADDING + 12.5;
            canvas.line((0.0, y), (canvas.width(), y), Stroke::GRID);
            canvas.mark(&self.says(style, row), |canvas| {
                draw_grade(canvas, style, row.grade, first);
                canvas.lines(&own.name, GRADE, first, LINE, Type::LABEL);
                self.draw_gap(canvas, style, row, scale, first - 4.5);
                canvas.lines(&own.place, aside, first, LINE, Type::LABEL);
                let below = first + LINE * own.place.len() as f64;
                canvas.lines(&own.advice, aside, below, LINE, SMALL);
            });
            y += height(own);
        }
        end
    }

    fn draw_narrow(&self, canvas: &mut Canvas, style: &Style, scale: &Scale, top: f64) -> f64 {
        let words = &style.words;
        let room = canvas.width();
        let mut text = words.largest_gap.clone();
        if self.tells_where() {
            text += &format!("{}{}", words.enumeration, words.where_and_what);
        }
        let lines = wrapped(&text, room, SMALL);
        canvas.lines(&lines, 0.0, top + 12.0, LINE, SMALL);
        let below = top + LINE * lines.len() as f64 + 6.0;
        let mut y = self.draw_tolerance(canvas, style, scale, below);
        for row in self.sorted() {
            let own = row_words(row, room - GRADE, room);
            let first = y + PADDING + 12.5;
            canvas.line((0.0, y), (room, y), Stroke::GRID);
            let strip = y + PADDING + LINE * own.name.len().max(1) as f64;
            let below = strip + STRIP + 15.0;
            self.draw_grid(canvas, style, scale, [strip + 2.0, strip + STRIP]);
            canvas.mark(&self.says(style, row), |canvas| {
                draw_grade(canvas, style, row.grade, first);
                canvas.lines(&own.name, GRADE, first, LINE, Type::LABEL);
                self.draw_gap(canvas, style, row, scale, strip + STRIP / 2.0 + 1.0);
                canvas.lines(&own.place, 0.0, below, LINE, Type::LABEL);
                let advice = below + LINE * own.place.len() as f64;
                canvas.lines(&own.advice, 0.0, advice, LINE, SMALL);
            });
            y = strip + STRIP + 2.0 + LINE * (own.place.len() + own.advice.len()) as f64 + PADDING;
        }
        y
    }

    /// The words of the tolerance over its line; where they end.
    fn draw_tolerance(&self, canvas: &mut Canvas, style: &Style, scale: &Scale, y: f64) -> f64 {
        let Some(value) = self.tolerance() else { return y };
        let parts = self.tolerance_parts(style);
        let how = Type::AXIS.ink(Ink::Ink).anchor(Anchor::Middle);
        let half = how.width(&phrase::joined(&parts)) / 2.0;
        let x = scale.at(value.log10()).clamp(half, (canvas.width() - half).max(half));
        canvas.phrase(&parts, x, y + 12.0, how);
        y + LINE + 2.0
    }

    /// Lines of the axis and of the tolerance.
    fn draw_grid(&self, canvas: &mut Canvas, style: &Style, scale: &Scale, [from, to]: [f64; 2]) {
        for (x, _) in self.ticks(scale, style.language) {
            canvas.line((x, from), (x, to), Stroke::GRID);
        }
        if let Some(value) = self.tolerance() {
            let x = scale.at(value.log10());
            canvas.line((x, from), (x, to), Stroke::of(Ink::Ink, 1.2));
        }
    }

    /// The mark of a gap with its number, which stands where the axis has room.
    fn draw_gap(&self, canvas: &mut Canvas, style: &Style, row: &Identity, scale: &Scale, y: f64) {
        let parts = self.gap_parts(style, row);
        let [left, right] = scale.range();
        let [low, high] = self.ends();
        let Some((gap, _)) = row.known() else {
            canvas.phrase(&parts, left, y + 4.5, SMALL.halo());
            return;
        };
        // A logarithmic axis has no zero: what is nothing, or too small for it, stands before its start.
        let x = match gap < low {
            true => left - NOTHING,
            false => scale.at(gap.min(high).log10()),
        };
        row.grade.draw(canvas, (x, y));
        let how = if row.grade == Grade::Pass { Type::LABEL } else { Type::VALUE };
        let how = how.ink(row.grade.ink()).halo();
        let width = how.width(&phrase::joined(&parts));
        let fits = |from: f64| from + width <= right + BETWEEN - 6.0;
        let line = self.tolerance().map(|value| scale.at(value.log10()));
        let crosses = |line: &f64| x + 11.0 < *line && *line < x + 11.0 + width;
        // Words do not stand on the line of the tolerance where there is room behind it.
        let behind = line.filter(crosses).map(|line| line + 6.0).filter(|from| fits(*from));
        let from = behind.unwrap_or(x + 11.0);
        match fits(from) {
            true => canvas.phrase(&parts, from, y + 4.5, how),
            false => canvas.phrase(&parts, x - 11.0, y + 4.5, how.anchor(Anchor::End)),
        }
    }

    /// What a row says: identity, grade, gap, tolerance, place, advice.
    fn says(&self, style: &Style, row: &Identity) -> String {
        let words = &style.words;
        let mut text = format!("{}{}{}", row.name, words.colon, row.grade.word(style));
        text += &format!("{}{}", words.comma, phrase::joined(&self.gap_parts(style, row)));
        if self.tolerance().is_some() {
            text += &words.bracketed(&phrase::joined(&self.tolerance_parts(style)));
        }
        for part in [&row.place, &row.advice].into_iter().filter(|part| !part.is_empty()) {
            text += &format!("{}{part}", words.semicolon);
        }
        text
    }
}

fn row_words(row: &Identity, name: f64, aside: f64) -> RowWords {
    RowWords {
        name: wrapped(&row.name, name, Type::LABEL),
        place: wrapped(&row.place, aside, Type::LABEL),
        advice: wrapped(&row.advice, aside, SMALL),
    }
}

/// Shape and word of a grade, the word with its baseline at `y`.
fn draw_grade(canvas: &mut Canvas, style: &Style, grade: Grade, y: f64) {
    grade.draw(canvas, (7.0, y - 4.5));
    let how = if grade == Grade::Pass { Type::LABEL } else { Type::VALUE };
    canvas.text(grade.word(style), 20.0, y, how.ink(grade.ink()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::testing;

    fn cited(value: f64) -> Cited {
        Cited::new(value, "summary.json", 2)
    }

    /// So many identities with names and advice of all lengths, their gaps around the tolerance.
    fn of_identities(count: usize, tolerance: f64, language: Language) -> QualityPanel {
        let names = testing::names(40, language);
        let row = |k: usize| Identity {
            name: names[k].full(),
            grade: Grade::ALL[k % 3],
            gap: (k % 7 != 6).then(|| cited([0.0, 1e-9, 3e-5, 0.00234, 0.7, 12.0][k % 6])),
            place: names[(k + 5) % 40].full(),
            advice: if k.is_multiple_of(4) { String::new() } else { names[(k + 11) % 40].full() },
        };
        QualityPanel {
            head: names[count % 40].full(),
            rows: (0..count).map(row).collect(),
            tolerance: cited(tolerance),
        }
    }

    #[test]
    fn texts_are_inside_and_apart_for_0_to_40_identities() {
        for count in 0..=40 {
            for language in Language::BOTH {
                testing::assert_readable(&of_identities(count, 1e-4, language), language);
            }
        }
    }

    #[test]
    fn any_numbers_are_drawn() {
        for size in [0.0, 1e-15, 1e-9, 1.0, 1e15, -1.0, f64::NAN, f64::INFINITY] {
            for language in Language::BOTH {
                let mut figure = of_identities(6, size, language);
                figure.rows[0].gap = Some(cited(size));
                testing::assert_readable(&figure, language);
            }
        }
    }

    #[test]
    fn what_is_not_met_comes_first_and_shares_are_percentages() {
        let figure = of_identities(9, 1e-4, Language::English);
        let grades: Vec<Grade> = figure.sorted().iter().map(|row| row.grade).collect();
        assert!(grades.is_sorted_by(|a, b| a >= b) && grades[0] == Grade::Fail);
        let shown = |value: f64| {
            let style = Style::of(Language::English);
            let row = Identity { gap: Some(cited(value)), ..figure.rows[0].clone() };
            phrase::joined(&figure.gap_parts(&style, &row))
        };
        assert_eq!(shown(0.00234), "0.23%");
        assert_eq!(shown(-0.5), "50%");
        assert_eq!(shown(0.0), "0");
        assert_eq!(shown(1e-12), "<0.0001%");
        assert_eq!(shown(12.0), "1,200%");
        assert_eq!(shown(1e7), "more than 10,000%");
    }

    #[test]
    fn drawings_stay_as_they_were() {
        for (language, width, name) in [
            (Language::Chinese, Width::Narrow, "quality_narrow"),
            (Language::English, Width::Wide, "quality_wide"),
        ] {
            let figure = of_identities(4, 1e-4, language);
            let style = Style::of(language);
            let drawing = figure.draw(&style, width);
            insta::assert_snapshot!(name, drawing.svg("f", "sans-serif", &figure.alt(&style)));
        }
    }
}
