//! Sankey of transfers: who gives on the left, who receives on the right, the width of a flow is what moves.
//!
//! Gross transfers grow with the detail of a table; the note of the figure has to say so. At most twelve flows are
//! drawn and have their number at their beginning; the rest is one grey flow with its share.

mod layout;

use self::layout::{End, Layout};
use super::canvas::{Alt, Anchor, Canvas, Drawing, Fill, Path, Rect, Type};
use super::classes::{self, Kind};
use super::head::Head;
use super::ink::Ink;
use super::names::Named;
use super::net_bars::Panel;
use super::{Figure, NAMED, Style, Width};
use crate::numerals::{Cited, Estimate, Measure};

/// A transfer from one region to another.
#[derive(Debug, Clone)]
pub struct Flow {
    /// Which region gives.
    pub from: usize,
    /// Which region receives.
    pub to: usize,
    /// How much; what is not more than nothing is not drawn.
    pub value: Estimate,
}

/// Transfers that are not drawn one by one.
#[derive(Debug, Clone)]
pub struct Rest {
    /// How many they are.
    pub count: usize,
    /// Their sum.
    pub value: Cited,
    /// Its share in all transfers, between 0 and 1.
    pub share: Cited,
}

/// What colours of flows mean.
#[derive(Debug, Clone, Default)]
pub enum Colours {
    /// Nothing: all are grey.
    #[default]
    None,
    /// The largest flow, which the title speaks of; the others are grey.
    Largest,
    /// One region: what it gives and what it receives.
    Highlight(usize),
    /// Classes of the giving regions.
    Classes {
        /// Class of each region.
        of: Vec<usize>,
        /// Names of at most five classes.
        names: Vec<String>,
    },
}

/// Transfers between regions.
#[derive(Debug, Clone)]
pub struct Sankey {
    /// The quantity.
    pub panel: Panel,
    /// Regions.
    pub regions: Vec<Named>,
    /// Transfers; the twelve largest are drawn.
    pub flows: Vec<Flow>,
    /// The sum of all others.
    pub rest: Option<Rest>,
    /// What colours mean.
    pub colours: Colours,
}

/// Width of the bars at both ends.
const BAR: f64 = 8.0;
pub(super) const NUMBER: Type = Type::VALUE.size(12.0);

impl Figure for Sankey {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let layout = Layout::of(self, style, width);
        self.draw_heads(&mut canvas, style, &layout);
        self.draw_nodes(&mut canvas, &layout);
        if let Some(band) = &layout.rest {
            self.draw_rest(&mut canvas, style, &layout, band);
        }
        for (flow, band) in &layout.flows {
            let says = self.says(style, flow);
            canvas.mark(&says, |canvas| {
                self.draw_band(canvas, &layout, band, self.ink(flow), 0.75);
                let text = self.panel.measure.level(flow.value.value());
                draw_number(canvas, &layout, band, &text, &flow.value.point);
            });
        }
        for (ends, right) in [(&layout.left, false), (&layout.right, true)] {
            ends.iter().for_each(|end| self.draw_name(&mut canvas, &layout, end, right));
        }
        for flow in &layout.left_out {
            canvas.drop_label(&self.route(flow, Named::brief));
        }
        self.draw_classes(&mut canvas, layout.bottom + 18.0);
        canvas.finish(layout.height)
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let drawn = self.drawn();
        let values: Vec<(String, &Estimate)> =
            drawn.iter().map(|flow| (self.route(flow, Named::brief), &flow.value)).collect();
        let said = classes::tells(style, &self.panel, Kind::Level, &values);
        let mut said = said.unwrap_or_else(|| words.no_data.clone());
        if let Some(rest) = self.known_rest() {
            let share = words.share_of_all(&share(style, rest));
            let others = words.other_flows_of(rest.count);
            said += &format!("{}{others}{}{share}", words.semicolon, words.comma);
        }
        let title = style.language.pick("转移桑基图", "Sankey of transfers");
        Alt::new(format!("{title}{}{}", words.colon, self.panel.head), &said)
    }
}

impl Flow {
    /// The region at one of its ends.
    fn end(&self, receives: bool) -> usize {
        if receives { self.to } else { self.from }
    }
}

impl Sankey {
    /// The flows that can be drawn, the largest first.
    fn sorted(&self) -> Vec<&Flow> {
        let known = |flow: &&Flow| {
            let regions = 0..self.regions.len();
            let inside = regions.contains(&flow.from) && regions.contains(&flow.to);
            inside
                && flow.from != flow.to
                && classes::finite(&flow.value)
                && flow.value.value() > 0.0
        };
        let mut found: Vec<&Flow> = self.flows.iter().filter(known).collect();
        found.sort_by(|a, b| b.value.value().total_cmp(&a.value.value()));
        found
    }

    /// The flows that are drawn, the largest first.
    pub(super) fn drawn(&self) -> Vec<&Flow> {
        let mut found = self.sorted();
        found.truncate(NAMED);
        found
    }

    /// The flows that have no room.
    pub(super) fn left_out(&self) -> Vec<&Flow> {
        self.sorted().into_iter().skip(NAMED).collect()
    }

    /// The rest, if it is something.
    pub(super) fn known_rest(&self) -> Option<&Rest> {
        self.rest.as_ref().filter(|rest| {
            let numbers = [rest.value.value, rest.share.value];
            numbers.iter().all(|number| number.is_finite() && *number > 0.0)
        })
    }

    /// Where a flow goes, in names of one kind.
    pub(super) fn route(&self, flow: &Flow, name: fn(&Named) -> String) -> String {
        format!("{} → {}", name(&self.regions[flow.from]), name(&self.regions[flow.to]))
    }

    /// What a flow says.
    pub(super) fn says(&self, style: &Style, flow: &Flow) -> String {
        let route = self.route(flow, Named::full);
        classes::says(style, &self.panel, Kind::Level, &route, Some(&flow.value))
    }

    /// What the rest says.
    pub(super) fn rest_says(&self, style: &Style, rest: &Rest) -> String {
        let (words, measure) = (&style.words, &self.panel.measure);
        format!(
            "{}{}{} {}{}{}",
            words.other_flows_of(rest.count),
            words.colon,
            self.panel.head,
            measure.with_unit(&measure.level(rest.value.value)),
            words.comma,
            words.share_of_all(&share(style, rest))
        )
    }

    /// Colour of a flow.
    pub(super) fn ink(&self, flow: &Flow) -> Ink {
        match &self.colours {
            Colours::Highlight(region) if flow.from == *region => Ink::Out,
            Colours::Highlight(region) if flow.to == *region => Ink::In,
            Colours::Classes { of, .. } => class_ink(of.get(flow.from).copied()),
            Colours::Largest if self.is_largest(flow) => Ink::Category(0),
            _ => Ink::Baseline,
        }
    }

    /// Whether no flow is larger, and none of the same size stands before it.
    fn is_largest(&self, flow: &Flow) -> bool {
        self.sorted().first().is_some_and(|first| std::ptr::eq(*first, flow))
    }

    /// How the name of a region is written at an end of its flows.
    pub(super) fn name_type(&self, region: Option<usize>, receives: bool) -> Type {
        match (&self.colours, region) {
            (Colours::Highlight(own), Some(region)) if *own == region => {
                Type::VALUE.ink(if receives { Ink::In } else { Ink::Out })
            }
            (_, None) => Type::LABEL.ink(Ink::Ink2),
            _ => Type::LABEL,
        }
    }

    fn draw_heads(&self, canvas: &mut Canvas, style: &Style, layout: &Layout) {
        Head::of(&self.panel, canvas.width()).draw(canvas, 0.0, 14.0);
        let (from, to) = (&style.words.from, &style.words.to);
        let (left, right) = (layout.bars[0] + BAR, layout.bars[1]);
        canvas.text(from, left, layout.top - 10.0, Type::AXIS.anchor(Anchor::End));
        canvas.text(to, right, layout.top - 10.0, Type::AXIS);
    }

    fn draw_band(
        &self,
        canvas: &mut Canvas,
        layout: &Layout,
        band: &layout::Band,
        ink: Ink,
        opacity: f64,
    ) {
        let (start, end) = (layout.bars[0] + BAR, layout.bars[1]);
        let middle = (start + end) / 2.0;
        let (from, to, thick) = (band.from, band.to, band.thick);
        let path = Path::new()
            .move_to(start, from)
            .curve_to((middle, from), (middle, to), (end, to))
            .line_to(end, to + thick)
            .curve_to((middle, to + thick), (middle, from + thick), (start, from + thick))
            .close();
        canvas.path(&path, Fill::Faint(ink, opacity), None);
        canvas.rect(Rect::new(layout.bars[0], from, BAR, thick), Fill::Ink(ink), None);
        canvas.rect(Rect::new(layout.bars[1], to, BAR, thick), Fill::Ink(ink), None);
    }

    /// The bar of each region on both sides, from its first flow to its last: what is thin and stands apart for its
    /// number still hangs on it.
    fn draw_nodes(&self, canvas: &mut Canvas, layout: &Layout) {
        for region in 0..self.regions.len() {
            let ends = |of: fn(&Flow) -> usize, at: fn(&layout::Band) -> f64| {
                let own = layout.flows.iter().filter(move |(flow, _)| of(flow) == region);
                own.map(|(_, band)| [at(band), at(band) + band.thick])
                    .reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])])
            };
            let sides =
                [ends(|flow| flow.from, |band| band.from), ends(|flow| flow.to, |band| band.to)];
            for (left, ends) in layout.bars.iter().zip(sides) {
                if let Some([top, bottom]) = ends {
                    let bar = Rect::new(*left, top, BAR, bottom - top);
                    canvas.rect(bar, Fill::Ink(Ink::Context), None);
                }
            }
        }
    }

    /// The grey flow of all that are not drawn.
    fn draw_rest(&self, canvas: &mut Canvas, style: &Style, layout: &Layout, band: &layout::Band) {
        let Some(rest) = self.known_rest() else { return };
        canvas.mark(&self.rest_says(style, rest), |canvas| {
            self.draw_band(canvas, layout, band, Ink::Context, 0.35);
            let number = self.panel.measure.level(rest.value.value);
            let x = draw_number(canvas, layout, band, &number, &rest.value) + 8.0;
            let text = style.words.share_of_all(&share(style, rest));
            let how = Type::AXIS.ink(Ink::Ink2).halo();
            canvas.number(&text, x, band.middle() + 4.2, how, &rest.share);
        });
    }

    fn draw_name(&self, canvas: &mut Canvas, layout: &Layout, end: &End, right: bool) {
        let how = self.name_type(end.region, right);
        let (x, anchor) = match right {
            true => (layout.bars[1] + BAR + 6.0, Anchor::Start),
            false => (layout.bars[0] - 6.0, Anchor::End),
        };
        let first = end.middle + 4.5 - layout::NAME_STEP / 2.0 * (end.lines.len() as f64 - 1.0);
        canvas.lines(&end.lines, x, first, layout::NAME_STEP, how.anchor(anchor));
    }

    /// The key of classes, in a line.
    pub(super) fn draw_classes(&self, canvas: &mut Canvas, y: f64) {
        let Colours::Classes { names, .. } = &self.colours else { return };
        for (class, (x, line, name)) in
            placed_classes(names, canvas.width()).into_iter().enumerate()
        {
            let y = y + CLASS_STEP * line as f64;
            canvas.rect(
                Rect::new(x, y - 10.0, 12.0, 12.0),
                Fill::Ink(class_ink(Some(class))),
                None,
            );
            canvas.text(&name, x + 18.0, y, Type::AXIS.ink(Ink::Ink2));
        }
    }

    /// Height of the key of classes.
    pub(super) fn classes_height(&self, width: f64) -> f64 {
        let Colours::Classes { names, .. } = &self.colours else { return 0.0 };
        let lines = placed_classes(names, width).last().map_or(0, |(_, line, _)| line + 1);
        CLASS_STEP * lines as f64 + 6.0
    }
}

/// From one line of the key of classes to the next.
const CLASS_STEP: f64 = 18.0;

/// Place, line and name of each class of a key.
fn placed_classes(names: &[String], width: f64) -> Vec<(f64, usize, String)> {
    let (mut x, mut line) = (0.0, 0);
    let mut found = Vec::new();
    for name in names {
        let name = Named::new(name.clone()).fit(Type::AXIS, width - 20.0, 1).concat();
        let wide = 18.0 + Type::AXIS.width(&name);
        if x > 0.0 && x + wide > width {
            (x, line) = (0.0, line + 1);
        }
        found.push((x, line, name));
        x += wide + 18.0;
    }
    found
}

/// Colour of a class; there are five.
pub(super) fn class_ink(class: Option<usize>) -> Ink {
    match class {
        Some(class) if class < 5 => Ink::Category(class as u8),
        _ => Ink::Context,
    }
}

/// The share of the rest, as a percentage.
pub(super) fn share(style: &Style, rest: &Rest) -> String {
    let measure = Measure::of_prose("share", rest.share.value, style.language);
    measure.with_unit(&measure.level(rest.share.value))
}

/// Thinner flows begin behind their numbers: a stub before a number would read as a minus.
const HOLDS_NUMBER: f64 = 18.0;

/// A number at the beginning of its flow; gives its right end.
fn draw_number(
    canvas: &mut Canvas,
    layout: &Layout,
    band: &layout::Band,
    text: &str,
    cited: &Cited,
) -> f64 {
    let x = layout.bars[0] + BAR + 6.0;
    let right = x + NUMBER.width(text);
    if band.thick < HOLDS_NUMBER {
        let start = layout.bars[0] + BAR;
        let high = (band.thick + 1.0).max(14.0);
        let ground = Rect::new(start, band.middle() - high / 2.0, right + 4.0 - start, high);
        canvas.rect(ground, Fill::Ink(Ink::Paper), None);
    }
    canvas.number(text, x, band.middle() + 4.2, NUMBER, cited);
    right
}

#[cfg(test)]
pub(super) mod tests;
