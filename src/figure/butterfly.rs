//! Butterfly: what went out and what came in by sector, on one scale from the middle, with the net as a dot.
//!
//! Names stand in the gutter between the two sides, on a phone above the bars. Rows run from the largest net to
//! the smallest, the sum of the sectors that are not named last.

use super::canvas::{Alt, Anchor, Canvas, Drawing, Fill, Piece, Rect, Stroke, Type};
use super::ink::Ink;
use super::names::Named;
use super::net_bars::number_type;
use super::rows::{self, Head, centred, told};
use super::scale::ticks;
use super::{Figure, Style, Width};
use crate::numerals::{Cited, Estimate, Language, Measure, SPACE};

/// What moved, as levels that are not negative, and their difference.
#[derive(Debug, Clone)]
pub struct Flows {
    /// What came in.
    pub inward: Cited,
    /// What went out.
    pub outward: Cited,
    /// What came in less what went out.
    pub net: Estimate,
}

/// A sector.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its name.
    pub name: Named,
    /// What moved.
    pub flows: Flows,
}

/// Transfer-out against transfer-in by sector.
#[derive(Debug, Clone)]
pub struct Butterfly {
    /// Name of the quantity.
    pub head: String,
    /// Its unit.
    pub measure: Measure,
    /// Sectors in any order; the caller names [`NAMED`](super::NAMED) at most.
    pub rows: Vec<Row>,
    /// How many sectors are not named, and what moved in all of them.
    pub other: Option<(usize, Flows)>,
}

const ROW: f64 = 26.0;
/// Where a name takes two lines.
const TALL_ROW: f64 = 33.0;
/// On a phone a name stands above its bars.
const NAME_LINE: f64 = 20.0;
const NARROW_BARS: f64 = 22.0;
const COLUMN_HEADS: f64 = 22.0;
const FOOT: f64 = 26.0;
const GUTTER: f64 = 150.0;
const BAR: f64 = 15.0;
/// From a bar to its number.
const GAP: f64 = 6.0;
const GROSS: Type = Type::AXIS.ink(Ink::Ink2).halo();
const RANGE: Type = Type::AXIS.halo();

/// Where the two sides start and how long a number of the printed unit is.
struct Sides {
    /// Where bars to the left start.
    left: f64,
    /// Where bars to the right start.
    right: f64,
    /// Px for one of the printed unit.
    unit: f64,
    /// Px that each side has.
    room: f64,
}

impl Sides {
    /// Place of a difference: on the right if something is gained.
    fn at(&self, value: f64) -> f64 {
        if value < 0.0 { self.left + value * self.unit } else { self.right + value * self.unit }
    }
}

/// Widths of the column of nets: of the numbers, and of the ranges with their distance.
struct NetColumn {
    numbers: f64,
    ranges: f64,
}

impl Butterfly {
    /// Rows as they are drawn.
    fn sorted(&self, style: &Style) -> Vec<Row> {
        let net = |row: &Row| row.flows.net.known().map_or(f64::NEG_INFINITY, |net| net.value());
        let mut rows = self.rows.clone();
        rows.sort_by(|a, b| net(b).total_cmp(&net(a)));
        rows.extend(self.other.iter().map(|(count, flows)| Row {
            name: Named::new(style.words.other_of(*count)),
            flows: flows.clone(),
        }));
        rows
    }

    fn net_number(&self, style: &Style, net: &Estimate) -> String {
        let number = self.measure.change(net.value());
        match net.unclear() {
            true => format!("{number} {}", style.words.unclear),
            false => number,
        }
    }

    /// The range of a net as pieces of one text.
    fn net_range(&self, net: &Estimate) -> Option<[String; 3]> {
        let [low, high] = net.range.as_ref()?;
        let between = match self.measure.language() {
            Language::Chinese => "\u{2060}～\u{2060}".to_owned(),
            Language::English => format!("{SPACE}to{SPACE}"),
        };
        Some([self.measure.change(low.value), between, self.measure.change(high.value)])
    }

    fn net_column(&self, style: &Style, rows: &[Row]) -> NetColumn {
        let nets = || rows.iter().filter_map(|row| row.flows.net.known());
        let number = |net: Estimate| number_type(&net).width(&self.net_number(style, &net));
        let range = |net: Estimate| {
            self.net_range(&net).map_or(0.0, |texts| RANGE.width(&texts.concat()) + 8.0)
        };
        NetColumn {
            numbers: nets().map(number).fold(Type::HEAD.width(&style.words.net), f64::max),
            ranges: nets().map(range).fold(0.0, f64::max),
        }
    }

    /// The longest scale at which every bar and its number have the room of a side.
    fn unit(&self, rows: &[Row], room: f64) -> f64 {
        let cited = rows.iter().flat_map(|row| [&row.flows.inward, &row.flows.outward]);
        let own = |cited: &Cited| {
            let value = self.measure.scaled(cited.known()?.value);
            let number = GROSS.width(&self.measure.level(cited.value)) + GAP;
            (value > 0.0).then(|| (room - number).max(1.0) / value)
        };
        let nets = rows.iter().filter_map(|row| row.flows.net.known());
        let of_net = |net: Estimate| {
            let value = self.measure.scaled(net.value()).abs();
            (value > 0.0).then_some((room - 6.0) / value)
        };
        let units = cited.filter_map(own).chain(nets.filter_map(of_net));
        units.reduce(f64::min).unwrap_or(0.0)
    }

    /// Grid lines and numbers of both sides, as levels.
    fn draw_axis(&self, canvas: &mut Canvas, sides: &Sides, top: f64, bottom: f64) {
        if sides.unit <= 0.0 {
            return;
        }
        let found = ticks(0.0, sides.room / sides.unit, 4);
        let how = Type::AXIS.anchor(Anchor::Middle);
        let mut free_from = f64::NEG_INFINITY;
        let left = found.values.iter().rev().map(|value| (sides.left - value * sides.unit, *value));
        let right = found.values.iter().map(|value| (sides.right + value * sides.unit, *value));
        for (x, value) in left.chain(right) {
            if value > 0.0 {
                canvas.line((x, top), (x, bottom), Stroke::GRID);
            }
            let text = self.measure.tick(value, found.step, false);
            let half = how.width(&text) / 2.0;
            let centre = x.max(half).min(canvas.width() - half);
            if centre - half >= free_from {
                canvas.text(&text, centre, bottom + 17.0, how);
                free_from = centre + half + 6.0;
            }
        }
    }

    fn draw_bars(&self, canvas: &mut Canvas, sides: &Sides, flows: &Flows, middle: f64) {
        let top = middle - BAR / 2.0;
        if let Some(outward) = flows.outward.known() {
            let length = (self.measure.scaled(outward.value) * sides.unit).max(0.0);
            let bar = Rect::new(sides.left - length, top, length, BAR);
            canvas.rect(bar, Fill::Ink(Ink::Out), None);
            let how = GROSS.anchor(Anchor::End);
            let number = self.measure.level(outward.value);
            canvas.number(&number, bar.x - GAP, middle + 4.3, how, outward);
        }
        if let Some(inward) = flows.inward.known() {
            let length = (self.measure.scaled(inward.value) * sides.unit).max(0.0);
            let bar = Rect::new(sides.right, top, length, BAR);
            canvas.rect(bar, Fill::Ink(Ink::In), None);
            let number = self.measure.level(inward.value);
            canvas.number(&number, bar.right() + GAP, middle + 4.3, GROSS, inward);
        }
        if let Some(net) = flows.net.known() {
            let at = (sides.at(self.measure.scaled(net.value())), middle);
            canvas.dot(at, 5.4, Fill::Ink(Ink::Paper), None);
            let fill = Fill::Ink(if net.unclear() { Ink::Paper } else { Ink::Ink });
            canvas.dot(at, 3.6, fill, Some(Stroke::of(Ink::Ink, 1.6)));
        }
    }

    /// The number of a net that ends at `x`, and its range behind it.
    fn draw_net(&self, canvas: &mut Canvas, style: &Style, net: &Estimate, x: f64, baseline: f64) {
        let how = number_type(net).anchor(Anchor::End).halo();
        canvas.number(&self.net_number(style, net), x, baseline, how, &net.point);
        if let (Some([low, between, high]), Some(ends)) = (self.net_range(net), &net.range) {
            let pieces = [
                Piece::number(&low, RANGE, &ends[0]),
                Piece::words(&between, RANGE),
                Piece::number(&high, RANGE, &ends[1]),
            ];
            canvas.pieces(&pieces, x + 8.0, baseline, Anchor::Start);
        }
    }

    /// Heads of the sides beside the middle, and of the nets.
    fn draw_heads(&self, canvas: &mut Canvas, style: &Style, sides: &Sides, baseline: f64) {
        let words = &style.words;
        let gives = Type::AXIS.ink(Ink::Out).anchor(Anchor::End);
        let shift = if sides.left < sides.right { 0.0 } else { 8.0 };
        canvas.text(&words.gives, sides.left - shift, baseline, gives);
        canvas.text(&words.receives, sides.right + shift, baseline, Type::AXIS.ink(Ink::In));
    }

    /// What the dot is, behind the head of the figure or where its nets stand.
    fn draw_dot_key(&self, canvas: &mut Canvas, style: &Style, x: f64, baseline: f64) {
        canvas.dot((x - 11.0, baseline - 4.5), 3.6, Fill::Ink(Ink::Ink), None);
        canvas.text(&style.words.net, x, baseline, Type::AXIS.ink(Ink::Ink2));
    }

    fn draw_wide(&self, style: &Style, rows: &[Row]) -> Drawing {
        let px = Width::Wide.px();
        let mut canvas = Canvas::new(px);
        let head = Head::of(&self.head, &self.measure, px);
        head.draw(&mut canvas, 0.0, 0.0);
        let names: Vec<Vec<String>> =
            rows.iter().map(|row| row.name.fit(Type::LABEL, GUTTER - 14.0, 2)).collect();
        let step = if names.iter().any(|lines| lines.len() > 1) { TALL_ROW } else { ROW };
        let column = self.net_column(style, rows);
        let room = ((px - GUTTER - column.numbers - column.ranges - 20.0) / 2.0).max(20.0);
        let unit = self.unit(rows, room);
        let sides = Sides { left: room, right: room + GUTTER, unit, room };
        let top = head.height() + COLUMN_HEADS;
        let bottom = top + step * rows.len() as f64;

        self.draw_heads(&mut canvas, style, &sides, top - 8.0);
        let numbers_end = px - column.ranges;
        let net_head = Type::AXIS.ink(Ink::Ink2).width(&style.words.net);
        self.draw_dot_key(&mut canvas, style, numbers_end - net_head, top - 8.0);
        self.draw_axis(&mut canvas, &sides, top, bottom);
        for x in [sides.left, sides.right] {
            canvas.line((x, top), (x, bottom), Stroke::ZERO);
        }
        for (at, (row, lines)) in rows.iter().zip(&names).enumerate() {
            let middle = top + step * (at as f64 + 0.5);
            let how = Type::LABEL.anchor(Anchor::Middle);
            centred(&mut canvas, lines, room + GUTTER / 2.0, middle, how);
            canvas.mark(&self.says(style, row), |canvas| {
                self.draw_bars(canvas, &sides, &row.flows, middle);
                if let Some(net) = row.flows.net.known() {
                    self.draw_net(canvas, style, &net, numbers_end, middle + 4.5);
                }
            });
        }
        canvas.finish(bottom + FOOT)
    }

    fn draw_narrow(&self, style: &Style, rows: &[Row]) -> Drawing {
        let px = Width::Narrow.px();
        let mut canvas = Canvas::new(px);
        let head = Head::of(&self.head, &self.measure, px);
        head.draw(&mut canvas, 0.0, 0.0);
        let column = self.net_column(style, rows);
        let room = px / 2.0;
        let unit = self.unit(rows, room);
        let sides = Sides { left: room, right: room, unit, room };
        let top = head.height() + COLUMN_HEADS;
        let step = NAME_LINE + NARROW_BARS;
        let bottom = top + step * rows.len() as f64;
        let numbers_end = px - column.ranges;

        self.draw_heads(&mut canvas, style, &sides, top - 8.0);
        let net_head = Type::AXIS.ink(Ink::Ink2).width(&style.words.net);
        self.draw_dot_key(&mut canvas, style, px - net_head, top - 8.0);
        self.draw_axis(&mut canvas, &sides, top, bottom);
        canvas.line((room, top), (room, bottom), Stroke::ZERO);
        for (at, row) in rows.iter().enumerate() {
            let start = top + step * at as f64;
            let for_name = (numbers_end - column.numbers - 8.0).max(60.0);
            let lines = row.name.fit(Type::LABEL, for_name, 1);
            centred(&mut canvas, &lines, 0.0, start + 11.0, Type::LABEL.halo());
            canvas.mark(&self.says(style, row), |canvas| {
                self.draw_bars(canvas, &sides, &row.flows, start + NAME_LINE + BAR / 2.0);
                if let Some(net) = row.flows.net.known() {
                    self.draw_net(canvas, style, &net, numbers_end, start + 15.5);
                }
            });
        }
        canvas.finish(bottom + FOOT)
    }

    fn says(&self, style: &Style, row: &Row) -> String {
        let words = &style.words;
        let level = |word: &str, cited: &Cited| match cited.known() {
            Some(known) => format!("{word} {}", told(&self.measure, false, known.value)),
            None => format!("{word} {}", words.no_data),
        };
        let mut said = vec![
            format!("{}{}{}", row.name.full(), words.colon, self.head),
            level(&words.inward, &row.flows.inward),
            level(&words.outward, &row.flows.outward),
        ];
        if let Some(net) = row.flows.net.known() {
            let number = told(&self.measure, true, net.value());
            let range = net.range.as_ref().map_or(String::new(), |[low, high]| {
                let ends = self.measure.changes(low.value, high.value);
                words.bracketed(&format!("{}{ends}", words.range))
            });
            said.push(format!("{} {number}{range}", words.net));
            said.extend(net.unclear().then(|| words.unclear_full.clone()));
        }
        said.join(&words.comma)
    }
}

impl Figure for Butterfly {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let rows = self.sorted(style);
        match width {
            Width::Wide => self.draw_wide(style, &rows),
            Width::Narrow => self.draw_narrow(style, &rows),
        }
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let nets: Vec<(String, Estimate)> = (self.rows.iter())
            .filter_map(|row| Some((row.name.brief(), row.flows.net.known()?)))
            .collect();
        let values: Vec<(String, f64)> =
            nets.iter().map(|(name, net)| (name.clone(), net.value())).collect();
        let open: Vec<String> =
            (nets.iter().filter(|(_, net)| net.unclear())).map(|(name, _)| name.clone()).collect();
        let ends = rows::ends(style, &values, |value| told(&self.measure, true, value));
        let text = format!("{}{}{ends}{}", words.net, words.colon, rows::unclear(style, &open));
        let title = style.language.pick("蝴蝶图", "Butterfly");
        let sides =
            words.bracketed(&format!("{}{}{}", words.inward, words.enumeration, words.outward));
        Alt::new(format!("{title}{}{}{sides}", words.colon, self.head), &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::testing;

    fn flows(inward: f64, outward: f64, spread: f64, line: u64) -> Flows {
        let cited = |value, at| Cited::new(value, "transfers.csv", line + at);
        let net = inward - outward;
        let range = Some([cited(net - spread, 3), cited(net + spread, 4)]);
        Flows {
            inward: cited(inward, 0),
            outward: cited(outward, 1),
            net: Estimate { point: cited(net, 2), range, disputed: false },
        }
    }

    fn of_values(values: &[[f64; 2]], language: Language) -> Butterfly {
        let largest = values.iter().flatten().fold(0.0_f64, |most, value| most.max(value.abs()));
        let names = testing::names(values.len(), language);
        let row = |(k, (name, [inward, outward])): (usize, (Named, &[f64; 2]))| {
            let spread = 0.3 * (inward - outward).abs() * (1.0 + (k % 4) as f64);
            Row { name, flows: flows(*inward, *outward, spread, 5 * k as u64 + 2) }
        };
        Butterfly {
            head: language.pick("增加值转移", "Transfer of value added").to_owned(),
            measure: Measure::of_figure("10^8 yuan", largest, language),
            rows: names.into_iter().zip(values).enumerate().map(row).collect(),
            other: values.first().map(|[a, b]| (6, flows(*a, *b, 1.0, 900))),
        }
    }

    fn small() -> Butterfly {
        let row = |name: &str, flows| Row { name: Named::new(name), flows };
        Butterfly {
            rows: vec![
                row("采选业", flows(420.0, 510.0, 30.0, 2)),
                row("金属冶炼及压延加工业", flows(1980.0, 1209.0, 380.0, 7)),
                row("农业", flows(1306.0, 242.0, 210.0, 12)),
                row("纺织服装", flows(310.0, 295.0, 60.0, 17)),
            ],
            other: Some((13, flows(610.0, 700.0, 20.0, 22))),
            ..of_values(&[[1980.0, 1209.0]], Language::Chinese)
        }
    }

    #[test]
    fn texts_are_inside_and_apart_for_2_to_40_sectors() {
        for count in 2..=40 {
            let values: Vec<[f64; 2]> =
                (0..count).map(|k| testing::estimate(k).span().map(f64::abs)).collect();
            for language in Language::BOTH {
                testing::assert_readable(&of_values(&values, language), language);
            }
        }
    }

    #[test]
    fn rows_are_sorted_by_their_net_and_the_rest_is_last() {
        let rows = small().sorted(&Style::of(Language::Chinese));
        let order: Vec<String> = rows.iter().map(|row| row.name.full()).collect();
        assert_eq!(order, ["农业", "金属冶炼及压延加工业", "纺织服装", "采选业", "其余 13 个"]);
    }

    /// A number is as long on the left as on the right.
    #[test]
    fn both_sides_have_one_scale() {
        let mut figure = small();
        figure.rows = vec![Row { name: Named::new("农业"), flows: flows(800.0, 800.0, 1.0, 2) }];
        figure.other = None;
        for width in Width::BOTH {
            let svg = testing::lines(&figure, Language::Chinese, width);
            let length = |ink: &str| -> f64 {
                let line = svg.lines().find(|line| line.contains("<rect") && line.contains(ink));
                let (_, rest) = line.unwrap().split_once(" width=\"").unwrap();
                rest.split_once('"').unwrap().0.parse().unwrap()
            };
            assert!(length("f-in") > 50.0);
            assert_eq!(length("f-in"), length("f-out"));
        }
    }

    #[test]
    fn drawings_stay_as_they_are() {
        let figure = small();
        for (name, width) in [("butterfly_wide", Width::Wide), ("butterfly_narrow", Width::Narrow)]
        {
            insta::assert_snapshot!(name, testing::lines(&figure, Language::Chinese, width));
        }
    }

    #[test]
    fn extreme_numbers_are_drawn() {
        for values in [
            vec![],
            vec![[0.0, 0.0]],
            vec![[1e-9, 2e-9], [3e-9, 0.0]],
            vec![[1e15, 3.0], [-4.0, 2.0]],
            vec![[f64::NAN, 1.0], [f64::INFINITY, 2.0]],
        ] {
            testing::assert_numbers(&of_values(&values, Language::English), Language::English);
        }
    }
}
