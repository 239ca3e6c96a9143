//! Dumbbell: what regions produce against what their demand calls for.
//!
//! Two dots a row, hollow for production and solid for consumption, and the gap as a number with its sign. Years
//! are small panels with one scale and one order of rows.

use super::axis::{self, Axis};
use super::canvas::{Alt, Anchor, Canvas, Drawing, Fill, Stroke, Type};
use super::ink::{Ink, Quantity};
use super::names::Named;
use super::rows::{self, Head, NameColumn, told, with_zero};
use super::scale::Scale;
use super::{Figure, Style, Width};
use crate::numerals::{Cited, Measure};

/// The two accounts of a region in a year.
#[derive(Debug, Clone)]
pub struct Pair {
    /// What is produced in the region.
    pub production: Cited,
    /// What its demand calls for.
    pub consumption: Cited,
    /// Their difference.
    pub gap: Cited,
}

/// A region.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its name.
    pub name: Named,
    /// Its accounts by year; nothing where there are no data.
    pub pairs: Vec<Option<Pair>>,
}

/// Production against consumption by region.
#[derive(Debug, Clone)]
pub struct Dumbbell {
    /// Name of the quantity.
    pub head: String,
    /// Its unit.
    pub measure: Measure,
    /// Which colour its levels have.
    pub quantity: Quantity,
    /// What the gap is, such as `production − consumption`.
    pub gap: String,
    /// Names of the years, one a panel.
    pub years: Vec<String>,
    /// Regions in any order.
    pub rows: Vec<Row>,
}

/// From more rows than this on, rows are lower and names take one line.
const ROOMY: usize = 20;
const ROW: f64 = 30.0;
/// Where a name takes two lines.
const TALL_ROW: f64 = 32.0;
const DENSE_ROW: f64 = 22.0;
const PANEL_HEAD: f64 = 26.0;
const FOOT: f64 = 26.0;
/// Between panels.
const GAP: f64 = 24.0;
/// Panels beside each other.
const ABREAST: usize = 3;
const HOLLOW: f64 = 5.5;
const SOLID: f64 = 4.6;
const KEY_LINE: f64 = 20.0;
const KEY: Type = Type::AXIS.ink(Ink::Ink2);

/// Where a panel stands: its sides, the top and height of its rows, and where its numbers begin.
#[derive(Clone, Copy)]
struct Frame {
    left: f64,
    right: f64,
    top: f64,
    step: f64,
    numbers: f64,
}

impl Dumbbell {
    fn known(pair: Option<&Pair>) -> Option<&Pair> {
        pair.filter(|pair| {
            [&pair.production, &pair.consumption, &pair.gap].iter().all(|own| own.known().is_some())
        })
    }

    /// Rows by their gap in the last year, the largest first, those without one at the end.
    fn sorted(&self) -> Vec<&Row> {
        let gap = |row: &Row| {
            let last = self.years.len().checked_sub(1)?;
            Some(Self::known(row.pairs.get(last)?.as_ref())?.gap.value)
        };
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by(|a, b| match (gap(a), gap(b)) {
            (Some(a), Some(b)) => b.total_cmp(&a),
            (a, b) => b.is_some().cmp(&a.is_some()),
        });
        rows
    }

    fn pairs(&self) -> impl Iterator<Item = &Pair> {
        self.rows.iter().flat_map(|row| &row.pairs).filter_map(|pair| Self::known(pair.as_ref()))
    }

    /// Width of the numbers at the right of a panel, with their distance to the dots.
    fn number_column(&self, style: &Style) -> f64 {
        let gaps = self.pairs().map(|pair| Type::VALUE.width(&self.measure.change(pair.gap.value)));
        gaps.fold(Type::AXIS.width(&style.words.gap), f64::max) + 14.0
    }

    /// Texts of the key with the filling of the dot before them, on lines no longer than `room`.
    fn key(&self, style: &Style, room: f64) -> Vec<Vec<(Option<Fill>, String)>> {
        let words = &style.words;
        let ink = self.quantity.ink();
        let items = [
            (Some(Fill::Ink(Ink::Paper)), words.production.clone()),
            (Some(Fill::Ink(ink)), words.consumption.clone()),
            (None, format!("{}{}{}", words.gap, words.colon, self.gap)),
        ];
        let mut lines: Vec<Vec<(Option<Fill>, String)>> = vec![Vec::new()];
        let mut used = 0.0;
        for item in items {
            let width = key_width(&item);
            if used > 0.0 && used + width > room {
                lines.push(Vec::new());
                used = 0.0;
            }
            used += width;
            if let Some(line) = lines.last_mut() {
                line.push(item);
            }
        }
        lines
    }

    fn draw_key_line(
        &self,
        canvas: &mut Canvas,
        items: &[(Option<Fill>, String)],
        (mut x, baseline): (f64, f64),
    ) {
        for item in items {
            let mut text_at = x;
            if let Some(fill) = item.0 {
                let radius = if fill == Fill::Ink(Ink::Paper) { HOLLOW } else { SOLID };
                let ring = Stroke::of(self.quantity.ink(), 2.0);
                canvas.dot((x + 6.5, baseline - 4.5), radius, fill, Some(ring));
                text_at += 18.0;
            }
            canvas.text(&item.1, text_at, baseline, KEY);
            x += key_width(item);
        }
    }

    fn draw_panel(
        &self,
        canvas: &mut Canvas,
        style: &Style,
        (rows, year): (&[&Row], usize),
        frame: Frame,
    ) {
        let bottom = frame.top + frame.step * rows.len() as f64;
        let ends = [frame.left + HOLLOW + 1.0, frame.numbers - HOLLOW - 1.0];
        let values = self.pairs().flat_map(|pair| [pair.production.value, pair.consumption.value]);
        let domain = with_zero(values.map(|value| self.measure.scaled(value)));
        let scale = rows::fitted(domain, ends, &[], &[]);
        let most = ((frame.numbers - frame.left) / 70.0).clamp(4.0, 6.0) as usize;
        let axis = Axis { measure: &self.measure, change: false, most };
        canvas.text(&self.years[year], frame.left, frame.top - 9.0, Type::HEAD);
        let gap = Type::AXIS.anchor(Anchor::End);
        canvas.text(&style.words.gap, frame.right, frame.top - 9.0, gap);
        axis::below(canvas, axis, &scale, frame.top, bottom);
        axis::zero_line(canvas, &scale, frame.top, bottom);
        for (at, row) in rows.iter().enumerate() {
            let middle = frame.top + frame.step * (at as f64 + 0.5);
            match Self::known(row.pairs.get(year).and_then(Option::as_ref)) {
                Some(pair) => {
                    let says = self.says(style, &row.name, year, pair);
                    canvas.mark(&says, |canvas| self.draw_pair(canvas, &scale, pair, middle));
                    let text = self.measure.change(pair.gap.value);
                    let how = Type::VALUE.anchor(Anchor::End);
                    canvas.number(&text, frame.right, middle + 4.5, how, &pair.gap);
                }
                None => {
                    let how = Type::AXIS.anchor(Anchor::End);
                    canvas.text(&style.words.no_data, frame.right, middle + 4.0, how);
                }
            }
        }
    }

    fn draw_pair(&self, canvas: &mut Canvas, scale: &Scale, pair: &Pair, middle: f64) {
        let ink = self.quantity.ink();
        let at = |cited: &Cited| (scale.at(self.measure.scaled(cited.value)), middle);
        let (production, consumption) = (at(&pair.production), at(&pair.consumption));
        let ring = Stroke::of(ink, 2.0);
        canvas.line(production, consumption, ring);
        canvas.dot(production, HOLLOW, Fill::Ink(Ink::Paper), Some(ring));
        // Where the two meet, the ring is still seen around the smaller dot.
        canvas.dot(consumption, SOLID, Fill::Ink(ink), Some(Stroke::of(ink, 1.0)));
    }

    fn says(&self, style: &Style, name: &Named, year: usize, pair: &Pair) -> String {
        let words = &style.words;
        let level = |word: &str, cited: &Cited| {
            format!("{word} {}", told(&self.measure, false, cited.value))
        };
        let year = match self.years[year].as_str() {
            "" => String::new(),
            year => format!("{}{year}", words.comma),
        };
        [
            format!("{}{year}{}{}", name.full(), words.colon, self.head),
            level(&words.production, &pair.production),
            level(&words.consumption, &pair.consumption),
            format!("{} {}", words.gap, told(&self.measure, true, pair.gap.value)),
        ]
        .join(&words.comma)
    }
}

/// Width of a text of the key with its dot and the distance to the next.
fn key_width((dot, text): &(Option<Fill>, String)) -> f64 {
    KEY.width(text) + if dot.is_some() { 18.0 } else { 0.0 } + 14.0
}

impl Figure for Dumbbell {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let rows = self.sorted();
        let lines = if rows.len() > ROOMY { 1 } else { 2 };
        let names = NameColumn::of(rows.iter().map(|row| &row.name), Type::LABEL, width, lines);
        let step = match names.tallest() {
            _ if rows.len() > ROOMY => DENSE_ROW,
            1 => ROW,
            _ => TALL_ROW,
        };

        let head = Head::of(&self.head, &self.measure, width.px());
        head.draw(&mut canvas, 0.0, 0.0);
        let mut top = head.height();
        for line in self.key(style, width.px()) {
            self.draw_key_line(&mut canvas, &line, (0.0, top + 12.0));
            top += KEY_LINE;
        }

        // Four years are two and two, not three and one.
        let years = self.years.len().max(1);
        let abreast = width.pick(years.div_ceil(years.div_ceil(ABREAST)), 1);
        let room = width.px() - names.width();
        let panel = (room - GAP * (abreast - 1) as f64) / abreast as f64;
        let block = PANEL_HEAD + step * rows.len() as f64 + FOOT;
        for year in 0..self.years.len() {
            let (line, column) = (year / abreast, year % abreast);
            let left = names.width() + (panel + GAP) * column as f64;
            let right = left + panel;
            let rows_top = top + block * line as f64 + PANEL_HEAD;
            let numbers = right - self.number_column(style);
            if column == 0 {
                for (at, row) in rows.iter().enumerate() {
                    let middle = rows_top + step * (at as f64 + 0.5);
                    names.draw(&mut canvas, &row.name, middle, Ink::Ink);
                }
            }
            let frame = Frame { left, right, top: rows_top, step, numbers };
            self.draw_panel(&mut canvas, style, (&rows, year), frame);
        }
        canvas.finish(top + block * self.years.len().div_ceil(abreast) as f64)
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let mut said = vec![format!("{}{}{}", words.gap, words.colon, self.gap)];
        for (at, year) in self.years.iter().enumerate() {
            let gaps: Vec<(String, f64)> = (self.rows.iter())
                .filter_map(|row| {
                    let pair = Self::known(row.pairs.get(at)?.as_ref())?;
                    Some((row.name.brief(), pair.gap.value))
                })
                .collect();
            let ends = rows::ends(style, &gaps, |value| told(&self.measure, true, value));
            said.push(match year.as_str() {
                "" => ends,
                year => format!("{year}{}{ends}", words.colon),
            });
        }
        let title = format!(
            "{}{}{}{}",
            style.language.pick("哑铃图", "Dumbbell"),
            words.colon,
            self.head,
            words.bracketed(&format!(
                "{}{}{}",
                words.production, words.enumeration, words.consumption
            ))
        );
        Alt::new(title, &said.join(&words.stop))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::testing;
    use crate::numerals::Language;

    fn pair(production: f64, consumption: f64, line: u64) -> Pair {
        let cited = |value, line| Cited::new(value, "accounts.csv", line);
        Pair {
            production: cited(production, line),
            consumption: cited(consumption, line + 1),
            gap: cited(production - consumption, line + 2),
        }
    }

    fn of_values(values: &[[f64; 2]], years: usize, language: Language) -> Dumbbell {
        let largest = values.iter().flatten().fold(0.0_f64, |most, value| most.max(value.abs()));
        let names = testing::names(values.len(), language);
        let row = |(name, [production, consumption]): (Named, &[f64; 2])| {
            let at = |year: usize| {
                let growth = 1.0 + 0.1 * year as f64;
                (year != 1).then(|| pair(production * growth, *consumption, 3 * year as u64 + 2))
            };
            Row { name, pairs: (0..years).map(at).collect() }
        };
        Dumbbell {
            head: language.pick("二氧化碳排放", "Carbon dioxide emissions").to_owned(),
            measure: Measure::of_figure("Mt", largest, language),
            quantity: Quantity::Stressor,
            gap: language.pick("生产侧 − 消费侧", "production − consumption").to_owned(),
            years: (0..years).map(|year| format!("{}", 2002 + 5 * year)).collect(),
            rows: names.into_iter().zip(values).map(row).collect(),
        }
    }

    fn small() -> Dumbbell {
        let row = |name: &str, before: [f64; 2], after: [f64; 2], line: u64| Row {
            name: Named::new(name),
            pairs: vec![
                Some(pair(before[0], before[1], line)),
                Some(pair(after[0], after[1], line + 3)),
            ],
        };
        Dumbbell {
            rows: vec![
                row("East coast", [412.0, 455.0], [702.0, 811.0], 2),
                row("Northwest", [319.0, 270.0], [768.0, 575.0], 8),
                row("Central", [530.0, 495.0], [1015.0, 930.0], 14),
            ],
            ..of_values(&[[1015.0, 930.0]], 2, Language::English)
        }
    }

    #[test]
    fn texts_are_inside_and_apart_for_2_to_40_regions() {
        for count in 2..=40 {
            let values: Vec<[f64; 2]> =
                (0..count).map(|k| testing::estimate(k).span().map(f64::abs)).collect();
            for language in Language::BOTH {
                for years in [1, 2 + count % 4] {
                    testing::assert_readable(&of_values(&values, years, language), language);
                }
            }
        }
    }

    #[test]
    fn rows_are_sorted_by_their_gap_in_the_last_year() {
        let figure = small();
        let order: Vec<String> = figure.sorted().iter().map(|row| row.name.full()).collect();
        assert_eq!(order, ["Northwest", "Central", "East coast"]);
        let alt = figure.alt(&Style::of(Language::English));
        assert!(alt.text.contains("2007: Northwest +193\u{a0}Mt, East coast −109\u{a0}Mt"));
    }

    #[test]
    fn drawings_stay_as_they_are() {
        let figure = small();
        for (name, width) in [("dumbbell_wide", Width::Wide), ("dumbbell_narrow", Width::Narrow)] {
            insta::assert_snapshot!(name, testing::lines(&figure, Language::English, width));
        }
    }

    #[test]
    fn extreme_numbers_are_drawn() {
        for values in [
            vec![],
            vec![[0.0, 0.0]],
            vec![[1e-9, 2e-9], [3e-9, 0.0]],
            vec![[1e15, 3.0]],
            vec![[f64::NAN, 1.0], [f64::INFINITY, 2.0]],
        ] {
            for years in [0, 1, 2, 3] {
                let figure = of_values(&values, years, Language::Chinese);
                testing::assert_numbers(&figure, Language::Chinese);
            }
        }
    }
}
