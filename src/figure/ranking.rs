//! Ranking: in what share of the draws one scenario is better than another, as a triangle.
//!
//! Scenarios run from the one that is better most often; a cell says how often its row is better than its column.
//! On a phone columns carry the numbers of the rows.

use super::canvas::{Alt, Anchor, Canvas, Drawing, Fill, Rect, Type};
use super::ink::Ink;
use super::names::Named;
use super::rows::{Head, NameColumn};
use super::{Figure, Style, Width};
use crate::numerals::{Cited, Measure};

/// How often scenarios are better than each other.
#[derive(Debug, Clone)]
pub struct Ranking {
    /// By what they are compared, such as `national emissions, less is better`.
    pub head: String,
    /// Scenarios in any order; the six that are better most often are drawn, the others told as dropped.
    pub scenarios: Vec<Named>,
    /// `shares[a][b]`: the share of the draws, from 0 to 1, in which `a` is better than `b`; nothing where it was
    /// not computed. What stands at `shares[a][a]` is not read.
    pub shares: Vec<Vec<Option<Cited>>>,
}

/// Scenarios of a triangle.
const MOST: usize = 6;
/// From this share on a cell is bold: the sign of the difference holds.
const FIRM: f64 = 0.9;
/// Shares from which on a cell is a class darker.
const BREAKS: [f64; 5] = [0.6, 0.7, 0.8, 0.9, 0.95];
const CELL: f64 = 34.0;
const WIDEST: f64 = 132.0;
const LINE: f64 = 15.6;
const BETWEEN: f64 = 2.0;
const NONE: &str = "—";

impl Ranking {
    fn share(&self, a: usize, b: usize) -> Option<&Cited> {
        self.shares.get(a)?.get(b)?.as_ref()?.known()
    }

    /// Indices of the scenarios, the one that is better most often first; equal ones in their own order.
    fn order(&self) -> Vec<usize> {
        let count = self.scenarios.len();
        let wins = |a: usize| -> f64 {
            let against = |b: usize| match (self.share(a, b), self.share(b, a)) {
                (Some(own), _) => own.value,
                (None, Some(theirs)) => 1.0 - theirs.value,
                (None, None) => 0.5,
            };
            (0..count).filter(|b| *b != a).map(against).sum()
        };
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by(|a, b| wins(*b).total_cmp(&wins(*a)));
        order
    }

    /// A share in percent; what is not all is not printed as all, what is not nothing not as nothing.
    fn percent(style: &Style, share: f64) -> String {
        let measure = Measure::of_figure("share", 1.0, style.language);
        match share {
            share if share > 0.0 && share < 0.005 => "<1%".to_owned(),
            share if share < 1.0 && share > 0.995 => ">99%".to_owned(),
            share => measure.with_unit(&measure.level(share)),
        }
    }

    fn draw_cell(&self, canvas: &mut Canvas, style: &Style, (a, b): (usize, usize), cell: Rect) {
        let middle = (cell.x + cell.w / 2.0, cell.y + cell.h / 2.0 + 4.5);
        let how = Type::LABEL.anchor(Anchor::Middle);
        let Some(share) = self.share(a, b) else {
            canvas.text(NONE, middle.0, middle.1, how.ink(Ink::Ink3));
            return;
        };
        let class = BREAKS.iter().filter(|limit| share.value >= **limit).count() as u8;
        let percent = Self::percent(style, share.value);
        let names = [a, b].map(|at| self.scenarios[at].full());
        canvas.mark(&style.words.better_of(&names[0], &names[1], &percent), |canvas| {
            canvas.rect(cell, Fill::Ink(Ink::Sequential(class)), None);
            let weight = if share.value >= FIRM { Type::VALUE } else { Type::LABEL };
            let how = weight.ink(Ink::OnSequential(class)).anchor(Anchor::Middle);
            canvas.number(&percent, middle.0, middle.1, how, share);
        });
    }

    /// Names of rows: on a phone with their numbers, which stand over the columns.
    fn row_names(&self, order: &[usize], width: Width) -> Vec<Named> {
        let numbered = |(at, own): (usize, &usize)| {
            let name = &self.scenarios[*own];
            let with = |text: &str| match text.is_empty() {
                true => String::new(),
                false => format!("{} {text}", at + 1),
            };
            let marked =
                Named { name: with(&name.name), short: with(&name.short), code: with(&name.code) };
            width.pick(name.clone(), marked)
        };
        order.iter().enumerate().map(numbered).collect()
    }
}

impl Figure for Ranking {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let all = self.order();
        let order = &all[..all.len().min(MOST)];
        let shown = self.row_names(order, width);
        let names = NameColumn::of(shown.iter(), Type::LABEL, width, 2);
        let columns = order.len().saturating_sub(1);
        let room = width.px() - names.width();
        let side = (room / columns.max(1) as f64).min(WIDEST);

        let head = Head::of(&self.head, &Measure::of_figure("", 1.0, style.language), width.px());
        head.draw(&mut canvas, 0.0, 0.0);
        let what = Named::new(style.words.ranking.as_str()).fit(Type::AXIS, width.px(), 3);
        canvas.lines(&what, 0.0, head.height() + 10.0, LINE, Type::AXIS.ink(Ink::Ink2));
        let heads: Vec<Vec<String>> = (order.iter().enumerate().skip(1))
            .map(|(at, own)| match width {
                Width::Wide => self.scenarios[*own].fit(Type::AXIS, side - 8.0, 3),
                Width::Narrow => vec![(at + 1).to_string()],
            })
            .collect();
        let tallest = heads.iter().map(Vec::len).max().unwrap_or(0) as f64;
        let top = head.height() + LINE * what.len() as f64 + 10.0 + LINE * tallest + 6.0;
        let how = Type::AXIS.ink(Ink::Ink).anchor(Anchor::Middle);
        for (column, lines) in heads.iter().enumerate() {
            let middle = names.width() + side * (column as f64 + 0.5);
            let first = top - 8.0 - LINE * (lines.len() as f64 - 1.0);
            canvas.lines(lines, middle, first, LINE, how);
        }
        for (row, name) in shown.iter().enumerate() {
            let start = top + CELL * row as f64;
            // Over the columns stands the last one's name already, on a phone only its number.
            if row < columns || width == Width::Narrow || columns == 0 {
                names.draw(&mut canvas, name, start + CELL / 2.0, Ink::Ink);
            }
            for column in row..columns {
                let x = names.width() + side * column as f64;
                let cell = Rect::new(x, start, side - BETWEEN, CELL - BETWEEN);
                self.draw_cell(&mut canvas, style, (order[row], order[column + 1]), cell);
            }
        }
        for own in &all[order.len()..] {
            canvas.drop_label(&self.scenarios[*own].brief());
        }
        let rows = width.pick(columns.max(1), order.len());
        canvas.finish(top + CELL * rows as f64)
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let all = self.order();
        let order = &all[..all.len().min(MOST)];
        let mut said = Vec::new();
        for (at, a) in order.iter().enumerate() {
            for b in &order[at + 1..] {
                let Some(share) = self.share(*a, *b) else { continue };
                let names = [a, b].map(|own| self.scenarios[*own].brief());
                let percent = Self::percent(style, share.value);
                said.push(words.better_of(&names[0], &names[1], &percent));
            }
        }
        if said.is_empty() {
            said.push(words.no_data.clone());
        }
        let title = style.language.pick("情景排序", "Ranking of scenarios");
        Alt::new(format!("{title}{}{}", words.colon, self.head), &said.join(&words.semicolon))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::testing;
    use crate::numerals::Language;

    /// Scenarios of which the k-th is better than those before it, more often the farther they are apart.
    fn of_scenarios(count: usize, language: Language) -> Ranking {
        let share = |a: usize, b: usize| {
            let share = 0.5 + 0.49 * (a as f64 - b as f64) / count as f64;
            (a != b).then(|| Cited::new(share, "ranking.csv", (count * a + b) as u64 + 2))
        };
        Ranking {
            head: language
                .pick("全国排放，越少越好", "National emissions, less is better")
                .to_owned(),
            scenarios: testing::names(count, language),
            shares: (0..count).map(|a| (0..count).map(|b| share(a, b)).collect()).collect(),
        }
    }

    fn small() -> Ranking {
        let mut figure = of_scenarios(3, Language::English);
        let names = ["As today", "Best technology", "Clean power"];
        figure.scenarios = names.map(Named::new).to_vec();
        figure.shares[2][1] = Some(Cited::new(0.998, "ranking.csv", 9));
        figure
    }

    #[test]
    fn texts_are_inside_and_apart_for_1_to_40_scenarios() {
        for count in 1..=40 {
            for language in Language::BOTH {
                testing::assert_readable(&of_scenarios(count, language), language);
            }
        }
    }

    #[test]
    fn who_is_better_most_often_is_first() {
        let figure = small();
        assert_eq!(figure.order(), [2, 1, 0]);
        let svg = testing::lines(&figure, Language::English, Width::Wide);
        assert!(svg.contains("data-value=\"0.998\" data-src=\"ranking.csv:9\">&gt;99%</text>"));
        assert!(svg.contains("Clean power is better than As today in 83% of draws"));
        // A triangle: three pairs, no pair twice.
        assert_eq!(svg.matches("data-value").count(), 3);
    }

    #[test]
    fn scenarios_beyond_the_sixth_are_told() {
        let drawing =
            of_scenarios(8, Language::Chinese).draw(&Style::of(Language::Chinese), Width::Wide);
        assert_eq!(drawing.dropped.len(), 2);
    }

    #[test]
    fn drawings_stay_as_they_are() {
        let figure = small();
        for (name, width) in [("ranking_wide", Width::Wide), ("ranking_narrow", Width::Narrow)] {
            insta::assert_snapshot!(name, testing::lines(&figure, Language::English, width));
        }
    }

    #[test]
    fn missing_and_extreme_shares_are_drawn() {
        for value in [0.0, 1.0, 1e-9, 1e15, f64::NAN, f64::INFINITY] {
            for count in [0, 1, 2, 6] {
                let mut figure = of_scenarios(count, Language::Chinese);
                for share in figure.shares.iter_mut().flatten().flatten() {
                    share.value = value;
                }
                testing::assert_numbers(&figure, Language::Chinese);
                figure.shares.truncate(1);
                testing::assert_numbers(&figure, Language::Chinese);
            }
        }
    }
}
