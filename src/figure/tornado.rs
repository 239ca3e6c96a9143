//! Tornado: what the answer hangs on, one input at a time.
//!
//! A bar runs from the main result to the result with the input low and with it high; both ends say the input's
//! value. Where both lie on one side of the main result, the bar runs from one to the other and does not reach it.

use super::axis::{self, Axis};
use super::canvas::{Alt, Anchor, Canvas, Drawing, Fill, Piece, Rect, Stroke, Type};
use super::ink::Ink;
use super::names::Named;
use super::rows::{Beside, Head, NameColumn, centred, fitted, printed, told};
use super::scale::Scale;
use super::{Figure, NAMED, Style, Width};
use crate::numerals::{Cited, Measure, SPACE};

/// The result at one value of an input.
#[derive(Debug, Clone)]
pub struct End {
    /// The input's value as it is printed, such as `θ 20%`; may be empty.
    pub input: String,
    /// The result.
    pub result: Cited,
}

/// An input of the result.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its name.
    pub name: Named,
    /// At its low value.
    pub low: End,
    /// At its high value.
    pub high: End,
}

impl Input {
    /// Whether the result has one sign at the low value and the other at the high one.
    pub fn flips(&self) -> bool {
        let (low, high) = (self.low.result.value, self.high.result.value);
        low.min(high) < 0.0 && low.max(high) > 0.0
    }
}

/// A result and the inputs that it hangs on.
#[derive(Debug, Clone)]
pub struct Tornado {
    /// Name of the result.
    pub head: String,
    /// Its unit.
    pub measure: Measure,
    /// Whether it is a change, printed with its sign.
    pub change: bool,
    /// The main result.
    pub base: Cited,
    /// Inputs in any order; the [`NAMED`] widest are drawn, the others told as dropped.
    pub inputs: Vec<Input>,
}

const ROW: f64 = 32.0;
/// On a phone a name stands above its bar.
const NAME_LINE: f64 = 20.0;
const LINE: f64 = 20.0;
const FOOT: f64 = 26.0;
const BAR: f64 = 16.0;
const LOW: Fill = Fill::Ink(Ink::Context);
const HIGH: Fill = Fill::Ink(Ink::Ink2);
const KEY: Type = Type::AXIS.ink(Ink::Ink2);
const INPUT: Type = Type::AXIS.ink(Ink::Ink2).halo();
const NUMBER: Type = Type::VALUE.halo();
/// From a bar, or from the line of the main result, to a label.
const APART: f64 = 8.0;
/// What a label keeps clear of that line at the least.
const CLEAR: f64 = 4.0;
/// A space between two of its texts.
const SPACE_WIDTH: f64 = 4.0;

/// What stands at an end of a bar: the result, and the input's value behind it in brackets or below it.
struct EndLabel<'a> {
    number: String,
    cited: &'a Cited,
    input: EndInput,
}

/// Where the value of the input stands.
enum EndInput {
    Absent,
    /// Brackets included.
    Behind(String),
    Below(String),
    /// There is no room.
    Dropped(String),
}

impl<'a> EndLabel<'a> {
    fn of(figure: &Tornado, style: &Style, end: &'a End, room: f64) -> Self {
        let number = printed(&figure.measure, figure.change, end.result.value);
        let behind = style.words.bracketed(&end.input);
        let input = match &end.input {
            text if text.is_empty() => EndInput::Absent,
            _ if NUMBER.width(&number) + INPUT.width(&behind) <= room => EndInput::Behind(behind),
            text if INPUT.width(text) <= room => EndInput::Below(text.clone()),
            text => EndInput::Dropped(text.clone()),
        };
        EndLabel { number, cited: &end.result, input }
    }

    fn width(&self) -> f64 {
        let number = NUMBER.width(&self.number);
        match &self.input {
            EndInput::Absent | EndInput::Dropped(_) => number,
            EndInput::Behind(input) => number + INPUT.width(input) + SPACE_WIDTH,
            EndInput::Below(input) => number.max(INPUT.width(input)),
        }
    }

    /// The number is next to the bar on either side.
    fn draw(&self, canvas: &mut Canvas, x: f64, middle: f64, anchor: Anchor) {
        let number = Piece::number(&self.number, NUMBER, self.cited);
        match &self.input {
            EndInput::Absent => canvas.pieces(&[number], x, middle + 4.5, anchor),
            EndInput::Behind(input) => {
                let input = match anchor {
                    // Brackets may begin with a space, which belongs between the two.
                    Anchor::End if input.starts_with(' ') => format!("{}{SPACE}", input.trim()),
                    _ => input.clone(),
                };
                let mut pieces = [number, Piece::words(&input, INPUT)];
                if anchor == Anchor::End {
                    pieces.reverse();
                }
                canvas.pieces(&pieces, x, middle + 4.5, anchor);
            }
            EndInput::Below(input) => {
                canvas.pieces(&[number], x, middle - 2.5, anchor);
                canvas.text(input, x, middle + 12.5, INPUT.anchor(anchor));
            }
            EndInput::Dropped(input) => {
                canvas.drop_label(input);
                canvas.pieces(&[number], x, middle + 4.5, anchor);
            }
        }
    }
}

/// Results of an input, the smaller one first.
struct Span<'a> {
    ends: [&'a End; 2],
    /// Fillings in the same order.
    fills: [Fill; 2],
}

impl<'a> Span<'a> {
    /// Nothing if a result is no number.
    fn of(input: &'a Input) -> Option<Self> {
        let (low, high) = (input.low.result.known()?.value, input.high.result.known()?.value);
        Some(match low <= high {
            true => Span { ends: [&input.low, &input.high], fills: [LOW, HIGH] },
            false => Span { ends: [&input.high, &input.low], fills: [HIGH, LOW] },
        })
    }

    /// Lowest and highest of the two results and the main one.
    fn reach(&self, base: f64) -> [f64; 2] {
        let [less, more] = self.ends.map(|end| end.result.value);
        [less.min(base), more.max(base)]
    }
}

/// A line of a name above its bar, from the left edge to `right`.
struct Gap {
    top: f64,
    bottom: f64,
    right: f64,
}

impl Tornado {
    fn base(&self) -> f64 {
        self.base.known().map_or(0.0, |base| base.value)
    }

    /// Inputs by how far they move the result, the widest first; equal ones in their own order.
    fn sorted(&self) -> Vec<&Input> {
        let width = |input: &Input| {
            Span::of(input).map_or(-1.0, |span| {
                let [less, more] = span.reach(self.base());
                more - less
            })
        };
        let mut inputs: Vec<&Input> = self.inputs.iter().collect();
        inputs.sort_by(|a, b| width(b).total_cmp(&width(a)));
        inputs
    }

    /// A name as it is drawn: with a word where the sign changes.
    fn display(&self, style: &Style, input: &Input) -> (Named, Type) {
        if !input.flips() {
            return (input.name.clone(), Type::LABEL);
        }
        let word = style.words.bracketed(&style.words.flips);
        let marked = |text: &str| match text.is_empty() {
            true => String::new(),
            false => format!("{text}{word}"),
        };
        let name = Named {
            name: marked(&input.name.name),
            short: marked(&input.name.short),
            code: marked(&input.name.code),
        };
        (name, Type::VALUE)
    }

    fn scale(&self, style: &Style, frame: [f64; 2], inputs: &[&Input], label_room: f64) -> Scale {
        let scaled = |value: f64| self.measure.scaled(value);
        let base = self.base();
        let mut domain = [scaled(base); 2];
        let (mut left, mut right): (Vec<Beside>, Vec<Beside>) = (Vec::new(), Vec::new());
        for span in inputs.iter().filter_map(|input| Span::of(input)) {
            let [less, more] = span.reach(base).map(scaled);
            domain = [domain[0].min(less), domain[1].max(more)];
            let wants =
                span.ends.map(|end| EndLabel::of(self, style, end, label_room).width() + APART);
            // A label that would stand on the line of the main result stands on its other side.
            left.push((less, wants[0]));
            right.push((more, wants[1]));
        }
        fitted(domain, frame, &left, &right)
    }

    /// The words for the two colours, at the right of a line.
    fn draw_key(&self, canvas: &mut Canvas, style: &Style, baseline: f64) {
        let mut x = canvas.width() - self.key_width(style);
        for (fill, word) in [(LOW, &style.words.low_input), (HIGH, &style.words.high_input)] {
            canvas.rect(Rect::new(x, baseline - 9.5, 10.0, 10.0), fill, None);
            canvas.text(word, x + 15.0, baseline, KEY);
            x += 15.0 + KEY.width(word) + 12.0;
        }
    }

    fn key_width(&self, style: &Style) -> f64 {
        let words = [&style.words.low_input, &style.words.high_input];
        words.iter().map(|word| KEY.width(word) + 15.0).sum::<f64>() + 12.0
    }

    fn draw_bar(&self, canvas: &mut Canvas, scale: &Scale, span: &Span<'_>, middle: f64) {
        let at = |value: f64| scale.at(self.measure.scaled(value));
        let base = at(self.base());
        let ends = span.ends.map(|end| at(end.result.value));
        let mut bar = |from: f64, to: f64, fill: Fill| {
            let rect = Rect::new(from.min(to), middle - BAR / 2.0, (from - to).abs(), BAR);
            canvas.rect(rect, fill, None);
        };
        if (ends[0] - base) * (ends[1] - base) > 0.0 {
            // One shade, that of the end farther away: there is no main result inside where another could begin.
            let farther = usize::from((ends[1] - base).abs() > (ends[0] - base).abs());
            bar(ends[0], ends[1], span.fills[farther]);
        } else {
            bar(ends[0], base, span.fills[0]);
            bar(base, ends[1], span.fills[1]);
        }
    }

    fn draw_input(
        &self,
        canvas: &mut Canvas,
        style: &Style,
        input: &Input,
        scale: &Scale,
        (middle, label_room): (f64, f64),
    ) {
        let at = |value: f64| scale.at(self.measure.scaled(value));
        let Some(span) = Span::of(input) else {
            canvas.text(&style.words.no_data, at(self.base()) + 8.0, middle + 4.5, Type::AXIS);
            return;
        };
        canvas.mark(&self.says(style, input), |canvas| {
            self.draw_bar(canvas, scale, &span, middle);
            let [less, more] = span.ends.map(|end| at(end.result.value));
            let labels = span.ends.map(|end| EndLabel::of(self, style, end, label_room));
            let line = self.base.known().map(|base| at(base.value));
            let touched = |from: f64, to: f64| line.filter(|x| from < x + CLEAR && x - CLEAR < to);
            let ends = [less - APART, more + APART];
            let left = touched(ends[0] - labels[0].width(), ends[0]);
            labels[0].draw(canvas, left.map_or(ends[0], |x| x - APART), middle, Anchor::End);
            let right = touched(ends[1], ends[1] + labels[1].width());
            labels[1].draw(canvas, right.map_or(ends[1], |x| x + APART), middle, Anchor::Start);
        });
    }

    /// The line at the main result, its number above; it leaves out the `gaps` of names that reach it.
    fn draw_base(
        &self,
        canvas: &mut Canvas,
        style: &Style,
        scale: &Scale,
        [top, bottom]: [f64; 2],
        gaps: &[Gap],
    ) {
        let Some(base) = self.base.known() else { return };
        let x = scale.at(self.measure.scaled(base.value));
        upright(canvas, x, [top - 4.0, bottom], Stroke::of(Ink::Ink2, 1.2), gaps);
        let word = format!("{}{SPACE}", style.words.main_result);
        let number = printed(&self.measure, self.change, base.value);
        let pieces = [Piece::words(&word, INPUT), Piece::number(&number, Type::VALUE, base)];
        let half = Piece::width(&pieces) / 2.0;
        let centre = x.min(canvas.width() - half).max(half);
        canvas.pieces(&pieces, centre, top - 8.0, Anchor::Middle);
    }

    fn says(&self, style: &Style, input: &Input) -> String {
        let words = &style.words;
        let end = |word: &str, end: &End| {
            let input = match end.input.is_empty() {
                true => String::new(),
                false => words.bracketed(&end.input),
            };
            format!("{word}{input} {}", told(&self.measure, self.change, end.result.value))
        };
        let low = end(&words.low_end, &input.low);
        let high = end(&words.high_end, &input.high);
        let mut text = format!("{}{}{low}{}{high}", input.name.full(), words.colon, words.comma);
        if input.flips() {
            text += &format!("{}{}", words.comma, words.flips);
        }
        text
    }
}

/// An upright line that leaves out the names which reach it.
fn upright(canvas: &mut Canvas, x: f64, [top, bottom]: [f64; 2], stroke: Stroke, gaps: &[Gap]) {
    let mut from = top;
    for gap in gaps.iter().filter(|gap| gap.right + CLEAR > x) {
        if gap.top > from {
            canvas.line((x, from), (x, gap.top), stroke);
        }
        from = gap.bottom;
    }
    canvas.line((x, from), (x, bottom), stroke);
}

fn widest_line(lines: &[String]) -> f64 {
    lines.iter().map(|line| Type::VALUE.width(line)).fold(0.0, f64::max)
}

impl Figure for Tornado {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let sorted = self.sorted();
        let inputs = &sorted[..sorted.len().min(NAMED)];
        let shown: Vec<(Named, Type)> =
            inputs.iter().map(|input| self.display(style, input)).collect();
        let names = NameColumn::of(shown.iter().map(|(name, _)| name), Type::VALUE, width, 2);
        let (left, name_line) = width.pick((names.width(), 0.0), (0.0, NAME_LINE));
        let label_room = (width.px() - left) * 0.32;

        let head = Head::of(&self.head, &self.measure, width.px());
        let key_below = head.last_width() + self.key_width(style) + 12.0 > width.px();
        let key = head.height() + if key_below { LINE } else { 0.0 };
        let top = key + LINE;
        let row = ROW + name_line;
        let bottom = top + row * inputs.len() as f64;
        let scale = self.scale(style, [left, width.px()], inputs, label_room);

        head.draw(&mut canvas, 0.0, 0.0);
        self.draw_key(&mut canvas, style, key - 11.0);
        let axis = Axis { measure: &self.measure, change: self.change, most: width.pick(6, 5) };
        axis::below(&mut canvas, axis, &scale, top, bottom);
        let start = |at: usize| top + row * at as f64;
        let gap = |(at, (name, _)): (usize, &(Named, Type))| Gap {
            top: start(at),
            bottom: start(at) + name_line + CLEAR,
            right: widest_line(&name.fit(Type::VALUE, width.px(), 1)),
        };
        let gaps: Vec<Gap> = match width {
            Width::Wide => Vec::new(),
            Width::Narrow => shown.iter().enumerate().map(gap).collect(),
        };
        let [low, high] = scale.domain();
        if low <= 0.0 && high >= 0.0 {
            upright(&mut canvas, scale.at(0.0), [top, bottom], Stroke::ZERO, &gaps);
        }
        // Bars and labels stand before the line of the main result.
        self.draw_base(&mut canvas, style, &scale, [top, bottom], &gaps);
        for (at, input) in inputs.iter().enumerate() {
            let middle = start(at) + name_line + ROW / 2.0;
            self.draw_input(&mut canvas, style, input, &scale, (middle, label_room));
        }
        for (at, (name, how)) in shown.iter().enumerate() {
            match width {
                Width::Wide => names.draw_as(&mut canvas, name, start(at) + row / 2.0, *how),
                Width::Narrow => {
                    let lines = name.fit(Type::VALUE, width.px(), 1);
                    centred(&mut canvas, &lines, 0.0, start(at) + 13.0, how.halo());
                }
            }
        }
        for input in &sorted[inputs.len()..] {
            canvas.drop_label(&input.name.brief());
        }
        canvas.finish(bottom + FOOT)
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let base = match self.base.known() {
            Some(base) => told(&self.measure, self.change, base.value),
            None => words.no_data.clone(),
        };
        let mut said = vec![format!("{} {base}", words.main_result)];
        let sorted = self.sorted();
        let first = sorted.iter().filter(|input| Span::of(input).is_some()).take(3);
        said.extend(first.map(|input| self.says(style, input)));
        let flips: Vec<String> =
            (sorted.iter().filter(|input| input.flips())).map(|input| input.name.brief()).collect();
        if !flips.is_empty() {
            said.push(format!("{}{}{}", words.flips, words.colon, words.list(&flips)));
        }
        let title = style.language.pick("龙卷风图", "Tornado");
        Alt::new(format!("{title}{}{}", words.colon, self.head), &said.join(&words.stop))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::testing;
    use crate::numerals::Language;

    fn end(input: &str, result: f64, line: u64) -> End {
        End { input: input.to_owned(), result: Cited::new(result, "tornado.csv", line) }
    }

    fn of_values(base: f64, values: &[[f64; 2]], language: Language) -> Tornado {
        let names = testing::names(values.len(), language);
        let largest = values.iter().flatten().fold(base.abs(), |most, value| most.max(value.abs()));
        let inputs = names.into_iter().zip(values).enumerate().map(|(k, (name, [low, high]))| {
            let text = |value: usize| match k % 4 {
                0 => format!("θ {value}%"),
                1 => String::new(),
                2 => language.pick(format!("新厂排放强度 {value}"), format!("intensity {value} t")),
                _ => language
                    .pick(
                        "按参与系数与采购来源的上限取值",
                        "the upper limit of the sourcing shares",
                    )
                    .to_owned(),
            };
            let line = 2 * k as u64 + 3;
            Input { name, low: end(&text(20), *low, line), high: end(&text(60), *high, line + 1) }
        });
        Tornado {
            head: language.pick("全国排放变化", "Change of national emissions").to_owned(),
            measure: Measure::of_figure("Mt", largest, language),
            change: true,
            base: Cited::new(base, "tornado.csv", 2),
            inputs: inputs.collect(),
        }
    }

    fn small() -> Tornado {
        let input = |name: &str, low, high| Input { name: Named::new(name), low, high };
        Tornado {
            head: "全国二氧化碳变化".to_owned(),
            measure: Measure::of_figure("Mt", 42.0, Language::Chinese),
            change: true,
            base: Cited::new(14.0, "tornado.csv", 2),
            inputs: vec![
                input("移出比例", end("θ 20%", 9.0, 3), end("θ 60%", 26.0, 4)),
                input("新厂技术", end("本地平均", 42.0, 5), end("最优", -11.0, 6)),
                input("采购来源", end("不变", 18.0, 7), end("全部随迁", 16.0, 8)),
            ],
        }
    }

    #[test]
    fn texts_are_inside_and_apart_for_2_to_40_inputs() {
        for count in 2..=40 {
            let values: Vec<[f64; 2]> = (0..count)
                .map(|k| testing::estimate(k).span().map(|end| end / 3.0 + 900.0))
                .collect();
            for language in Language::BOTH {
                testing::assert_readable(&of_values(900.0, &values, language), language);
            }
        }
    }

    /// Where the lines of a class stand, and from where to where they run; in parts where names interrupt one.
    fn upright_lines(svg: &str, class: &str) -> Vec<Rect> {
        let attribute = |line: &str, name: &str| -> f64 {
            let from = line.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
            line[from..].split('"').next().unwrap().parse().unwrap()
        };
        let class = format!("class=\"{class}\"");
        let own = |line: &&str| line.starts_with("<line") && line.contains(&class);
        let place = |line: &str| {
            let [x, y, end] = ["x1", "y1", "y2"].map(|name| attribute(line, name));
            Rect::new(x - 1.0, y, 2.0, end - y)
        };
        svg.lines().filter(own).map(place).collect()
    }

    #[test]
    fn no_label_touches_the_line_of_the_main_result() {
        // Bars on one side of the main result and on both, at several distances from it.
        for count in 2..=12 {
            for far in [0.0, 1.0, 8.0, 30.0, 120.0, 400.0] {
                let one = |k: usize| match k % 3 {
                    0 => [900.0 + far, 960.0 + far * 2.0],
                    1 => [700.0 - far * 2.0, 900.0 - far],
                    _ => [900.0 - far, 1000.0 + far],
                };
                let values: Vec<[f64; 2]> = (0..count).map(one).collect();
                for language in Language::BOTH {
                    let figure = of_values(900.0, &values, language);
                    testing::assert_readable(&figure, language);
                    for width in Width::BOTH {
                        let drawing = figure.draw(&Style::of(language), width);
                        let lines =
                            upright_lines(&testing::lines(&figure, language, width), "s-ink2");
                        assert!(!lines.is_empty());
                        for text in &drawing.texts {
                            let touched = lines.iter().any(|line| line.overlaps(&text.rect));
                            assert!(!touched, "{far}, {width:?}: {text:?} touches {lines:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn no_name_above_a_bar_touches_the_line_at_zero() {
        for count in 2..=12 {
            // From far below the main result to far above zero, so that zero lies anywhere below the names.
            for low in [-2.0, -40.0, -300.0, -900.0] {
                let values: Vec<[f64; 2]> =
                    (0..count).map(|k| [low + f64::from(k), 100.0 + f64::from(k)]).collect();
                for language in Language::BOTH {
                    let figure = of_values(90.0, &values, language);
                    let drawing = figure.draw(&Style::of(language), Width::Narrow);
                    let svg = testing::lines(&figure, language, Width::Narrow);
                    let zero = upright_lines(&svg, "s-ink");
                    assert!(!zero.is_empty());
                    for text in drawing.texts.iter().filter(|text| text.rect.x < 1.0) {
                        let touched = zero.iter().any(|line| line.overlaps(&text.rect));
                        assert!(!touched, "{low}: {text:?} touches {zero:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_widest_is_first_and_what_changes_the_sign_is_told() {
        let (figure, style) = (small(), Style::of(Language::Chinese));
        let order: Vec<String> = figure.sorted().iter().map(|input| input.name.full()).collect();
        assert_eq!(order, ["新厂技术", "移出比例", "采购来源"]);
        let drawing = figure.draw(&style, Width::Wide);
        let texts: Vec<&str> = drawing.texts.iter().map(|text| text.text.as_str()).collect();
        assert!(texts.contains(&"新厂技术（变号）") && texts.contains(&"移出比例"), "{texts:?}");
        assert!(figure.alt(&style).text.ends_with("变号：新厂技术"));
    }

    #[test]
    fn inputs_beyond_the_twelfth_are_told() {
        let values: Vec<[f64; 2]> = (0..15).map(|k| [-f64::from(k), f64::from(k)]).collect();
        let mut figure = of_values(0.0, &values, Language::Chinese);
        for (k, input) in figure.inputs.iter_mut().enumerate() {
            input.name = Named::new(format!("输入{k}"));
            (input.low.input, input.high.input) = ("低".to_owned(), "高".to_owned());
        }
        let drawing = figure.draw(&Style::of(Language::Chinese), Width::Wide);
        assert_eq!(drawing.dropped, ["输入2", "输入1", "输入0"]);
    }

    #[test]
    fn drawings_stay_as_they_are() {
        let figure = small();
        for (name, width) in [("tornado_wide", Width::Wide), ("tornado_narrow", Width::Narrow)] {
            insta::assert_snapshot!(name, testing::lines(&figure, Language::Chinese, width));
        }
    }

    #[test]
    fn extreme_numbers_are_drawn() {
        for values in [
            vec![],
            vec![[0.0, 0.0], [0.0, 0.0]],
            vec![[-1e-9, 1e-9]],
            vec![[1e15, -3e15], [1.0, 2.0]],
            vec![[f64::NAN, 1.0], [f64::NEG_INFINITY, f64::INFINITY], [2.0, 3.0]],
        ] {
            for base in [0.0, 1e-9, 1e15, f64::NAN] {
                let figure = of_values(base, &values, Language::English);
                testing::assert_numbers(&figure, Language::English);
            }
        }
    }
}
