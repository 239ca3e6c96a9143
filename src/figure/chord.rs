//! Chords of transfers: regions round a circle, each flow a ribbon from who gives to who receives.
//!
//! For up to eight regions on a laptop; a phone, and more regions, get the Sankey of the same flows. A ribbon begins at
//! the rim and ends short of it, so its direction is seen.

use std::f64::consts::{PI, TAU};

use super::canvas::{Alt, Anchor, Canvas, Drawing, Fill, LINE, Path, Rect, Stroke, Type};
use super::head::Head;
use super::ink::Ink;
use super::names::Named;
use super::sankey::{self, Flow, Sankey};
use super::{Figure, Style, Width};

/// Transfers between regions, as ribbons.
#[derive(Debug, Clone)]
pub struct Chord {
    /// The transfers; the twelve largest are drawn, the rest is told.
    pub flows: Sankey,
}

/// At most so many regions.
const REGIONS: usize = 8;
const HEIGHT: f64 = 480.0;
/// Lower end of the circle and its names.
const BOTTOM: f64 = 456.0;
const CENTRE: (f64, f64) = (372.0, 252.0);
/// Radii of the rim, of the beginnings of ribbons and of their ends.
const RIM: [f64; 2] = [186.0, 196.0];
const BEGIN: f64 = 184.0;
const END: f64 = 172.0;
/// Between two regions, in radians.
const GAP: f64 = 0.07;
/// Thinnest ribbon, in radians: 1.5 px at the rim.
const THINNEST: f64 = 1.5 / BEGIN;

/// A stretch of the circle, in radians clockwise from the top.
#[derive(Debug, Clone, Copy, Default)]
struct Arc {
    from: f64,
    to: f64,
}

impl Arc {
    fn middle(&self) -> f64 {
        (self.from + self.to) / 2.0
    }
}

/// A point of the circle.
fn at(angle: f64, radius: f64) -> (f64, f64) {
    (CENTRE.0 + radius * angle.sin(), CENTRE.1 - radius * angle.cos())
}

/// Stretches of regions and of the two ends of each flow.
struct Circle<'a> {
    regions: Vec<(usize, Arc)>,
    flows: Vec<(&'a Flow, Arc, Arc)>,
}

/// A region's name, and the middle of its stretch of the rim.
struct Name {
    region: usize,
    lines: Vec<String>,
    rim: (f64, f64),
}

impl Name {
    fn height(&self) -> f64 {
        LINE * Type::LABEL.size * self.lines.len() as f64 + 6.0
    }
}

impl Figure for Chord {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let circle = circle(&self.flows);
        match circle.filter(|circle| width == Width::Wide && circle.regions.len() <= REGIONS) {
            Some(circle) => self.draw_circle(style, &circle),
            None => self.flows.draw(style, width),
        }
    }

    fn alt(&self, style: &Style) -> Alt {
        let alt = self.flows.alt(style);
        let title = style.language.pick("转移弦图", "Chord of transfers");
        let head = &self.flows.panel.head;
        Alt { title: format!("{title}{}{head}", style.words.colon), ..alt }
    }
}

impl Chord {
    fn draw_circle(&self, style: &Style, circle: &Circle<'_>) -> Drawing {
        let mut canvas = Canvas::new(Width::Wide.px());
        let flows = &self.flows;
        // The rest of the line is free: the circle begins lower.
        Head::of(&flows.panel, canvas.width()).draw(&mut canvas, 0.0, 14.0);
        for (region, arc) in &circle.regions {
            let ink = self.rim_ink(*region);
            canvas.path(&ring(arc), Fill::Ink(ink), None);
        }
        // The largest lie below.
        for (flow, from, to) in &circle.flows {
            canvas.mark(&flows.says(style, flow), |canvas| {
                let border = Stroke::of(Ink::Paper, 0.7);
                let fill = Fill::Faint(flows.ink(flow), 0.5);
                canvas.path(&ribbon(from, to), fill, Some(border));
            });
        }
        self.draw_names(&mut canvas, circle);
        self.draw_numbers(&mut canvas, circle);
        self.draw_rest(&mut canvas, style);
        let classes = flows.classes_height(canvas.width());
        flows.draw_classes(&mut canvas, BOTTOM + 16.0);
        for flow in flows.left_out() {
            canvas.drop_label(&flows.route(flow, Named::brief));
        }
        canvas.finish(HEIGHT.max(BOTTOM + classes))
    }

    /// Colour of a region's stretch: that of its flows where colours are classes of givers.
    fn rim_ink(&self, region: usize) -> Ink {
        match &self.flows.colours {
            sankey::Colours::Classes { of, .. } => sankey::class_ink(of.get(region).copied()),
            sankey::Colours::Highlight(own) if *own == region => Ink::Ink2,
            _ => Ink::Context,
        }
    }

    /// Names outside the rim, on each side moved apart where they would touch, with lines to their stretches.
    fn draw_names(&self, canvas: &mut Canvas, circle: &Circle<'_>) {
        for right in [true, false] {
            let mut names: Vec<Name> = (circle.regions.iter())
                .filter(|(_, arc)| (arc.middle() < PI) == right)
                .map(|(region, arc)| Name {
                    region: *region,
                    lines: self.flows.regions[*region].fit(Type::LABEL, 130.0, 2),
                    rim: at(arc.middle(), RIM[1]),
                })
                .collect();
            names.sort_by(|a, b| a.rim.1.total_cmp(&b.rim.1));
            let wanted: Vec<(f64, f64)> =
                names.iter().map(|name| (name.rim.1, name.height())).collect();
            for (name, y) in names.iter().zip(apart(&wanted, 24.0, BOTTOM)) {
                self.draw_name(canvas, name, y, right);
            }
        }
    }

    fn draw_name(&self, canvas: &mut Canvas, name: &Name, y: f64, right: bool) {
        let (side, anchor) = if right { (1.0, Anchor::Start) } else { (-1.0, Anchor::End) };
        // Beside the rim at the height of the name, so that no name lies on it.
        let reach = (RIM[1] + 14.0).powi(2) - (y - CENTRE.1).powi(2);
        let out = (reach.max(0.0).sqrt() + 4.0).max(side * (name.rim.0 - CENTRE.0) + 12.0);
        let x = CENTRE.0 + side * out;
        canvas.line(name.rim, (x - side * 3.0, y), Stroke::of(Ink::Ink3, 1.0));
        let how = self.flows.name_type(Some(name.region), false).ink(Ink::Ink).anchor(anchor);
        let step = LINE * how.size;
        let first = y + 4.5 - step / 2.0 * (name.lines.len() as f64 - 1.0);
        canvas.lines(&name.lines, x, first, step, how);
    }

    /// The number of each flow on its ribbon, near the beginning, where it hides no other.
    fn draw_numbers(&self, canvas: &mut Canvas, circle: &Circle<'_>) {
        let how = sankey::NUMBER.halo().anchor(Anchor::Middle);
        let mut taken: Vec<Rect> = canvas.texts().iter().map(|text| text.rect).collect();
        for (flow, from, to) in &circle.flows {
            let text = self.flows.panel.measure.level(flow.value.value());
            let place = (2..12).map(|step| {
                let (x, y) = along(from.middle(), to.middle(), f64::from(step) * 0.05);
                (x, y + 4.2, how.rect(&text, x, y + 4.2))
            });
            let inside = |rect: &Rect| {
                Rect::new(CENTRE.0 - BEGIN, CENTRE.1 - BEGIN, 2.0 * BEGIN, 2.0 * BEGIN).holds(rect)
            };
            let free = |(_, _, rect): &(f64, f64, Rect)| {
                inside(rect) && taken.iter().all(|other| !other.overlaps(&rect.grown(1.0)))
            };
            let mut place = place;
            match place.find(free) {
                Some((x, y, rect)) => {
                    canvas.number(&text, x, y, how, &flow.value.point);
                    taken.push(rect);
                }
                None => canvas.drop_label(&self.flows.route(flow, Named::brief)),
            }
        }
    }

    /// What is not drawn, below the head.
    fn draw_rest(&self, canvas: &mut Canvas, style: &Style) {
        let Some(rest) = self.flows.known_rest() else { return };
        let (words, measure) = (&style.words, &self.flows.panel.measure);
        canvas.mark(&self.flows.rest_says(style, rest), |canvas| {
            let name = format!("{}{}", words.other_flows_of(rest.count), words.colon.trim_end());
            let how = Type::AXIS.ink(Ink::Ink2);
            canvas.text(&name, 0.0, 40.0, how);
            canvas.number(&measure.level(rest.value.value), 0.0, 58.0, sankey::NUMBER, &rest.value);
            let x = sankey::NUMBER.width(&measure.level(rest.value.value)) + 8.0;
            let share = words.share_of_all(&sankey::share(style, rest));
            canvas.number(&share, x, 58.0, how, &rest.share);
        });
    }
}

/// Stretches in proportion to what regions give and receive; nothing without flows.
fn circle(flows: &Sankey) -> Option<Circle<'_>> {
    let drawn = flows.drawn();
    let largest = drawn.first()?.value.value();
    let regions: Vec<usize> = (0..flows.regions.len())
        .filter(|region| drawn.iter().any(|flow| flow.from == *region || flow.to == *region))
        .collect();
    let room = TAU - GAP * regions.len() as f64;
    // Thin ribbons are wider than their share; the others make room for them.
    let widths = |scale: f64| -> Vec<f64> {
        drawn.iter().map(|flow| (flow.value.value() / largest * scale).max(THINNEST)).collect()
    };
    let (mut low, mut high) = (0.0, room);
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        match 2.0 * widths(middle).iter().sum::<f64>() <= room {
            true => low = middle,
            false => high = middle,
        }
    }
    let widths = widths(low);
    let mut arcs = vec![(Arc::default(), Arc::default()); drawn.len()];
    let mut found = Vec::new();
    let mut angle = GAP / 2.0;
    for (place, region) in regions.iter().enumerate() {
        let from = angle;
        // Round the circle the other way, so that ribbons of neighbours do not cross.
        let turn = |flow: &Flow| {
            let other = if flow.from == *region { flow.to } else { flow.from };
            let other = regions.iter().position(|one| *one == other).unwrap_or(place);
            (place + regions.len() - other) % regions.len()
        };
        let mut own: Vec<usize> = (0..drawn.len())
            .filter(|k| drawn[*k].from == *region || drawn[*k].to == *region)
            .collect();
        own.sort_by_key(|k| turn(drawn[*k]));
        for k in own {
            let arc = Arc { from: angle, to: angle + widths[k] };
            if drawn[k].from == *region {
                arcs[k].0 = arc;
            } else {
                arcs[k].1 = arc;
            }
            angle = arc.to;
        }
        found.push((*region, Arc { from, to: angle }));
        angle += GAP;
    }
    let flows = drawn.into_iter().zip(arcs).map(|(flow, (from, to))| (flow, from, to)).collect();
    Some(Circle { regions: found, flows })
}

/// A stretch of the rim.
fn ring(arc: &Arc) -> Path {
    let large = arc.to - arc.from > PI;
    let [inner, outer] = RIM;
    let (a, b) = (at(arc.from, outer), at(arc.to, outer));
    let (c, d) = (at(arc.to, inner), at(arc.from, inner));
    Path::new()
        .move_to(a.0, a.1)
        .arc_to(outer, large, true, b.0, b.1)
        .line_to(c.0, c.1)
        .arc_to(inner, large, false, d.0, d.1)
        .close()
}

/// How far towards the centre the curve of a ribbon is drawn.
const PULL: f64 = 0.25;

/// A ribbon from one stretch to the other.
fn ribbon(from: &Arc, to: &Arc) -> Path {
    let (a, b) = (at(from.from, BEGIN), at(from.to, BEGIN));
    let (c, d) = (at(to.from, END), at(to.to, END));
    let pull = |angle: f64, radius: f64| at(angle, radius * PULL);
    Path::new()
        .move_to(a.0, a.1)
        .arc_to(BEGIN, from.to - from.from > PI, true, b.0, b.1)
        .curve_to(pull(from.to, BEGIN), pull(to.from, END), c)
        .arc_to(END, to.to - to.from > PI, true, d.0, d.1)
        .curve_to(pull(to.to, END), pull(from.from, BEGIN), a)
        .close()
}

/// A point of the middle line of a ribbon.
fn along(from: f64, to: f64, t: f64) -> (f64, f64) {
    let points = [at(from, BEGIN), at(from, BEGIN * PULL), at(to, END * PULL), at(to, END)];
    let s = 1.0 - t;
    let shares = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
    let sum = |of: fn(&(f64, f64)) -> f64| {
        points.iter().zip(shares).map(|(point, share)| of(point) * share).sum()
    };
    (sum(|point| point.0), sum(|point| point.1))
}

/// Middles of boxes near those wanted, given by middle and height from the top down, so that none touches the next.
fn apart(wanted: &[(f64, f64)], top: f64, bottom: f64) -> Vec<f64> {
    let mut found = Vec::new();
    let mut free = top;
    for (middle, height) in wanted {
        let y = middle.max(free + height / 2.0);
        found.push(y);
        free = y + height / 2.0;
    }
    // What was pushed out below moves up again, and pushes the others.
    let mut free = bottom;
    for (y, (_, height)) in found.iter_mut().zip(wanted).rev() {
        *y = y.min(free - height / 2.0);
        free = *y - height / 2.0;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::sankey::Colours;
    use crate::figure::sankey::tests::of_regions;
    use crate::figure::testing;
    use crate::numerals::Language;

    #[test]
    fn texts_are_inside_and_apart_for_2_to_40_regions() {
        for count in 2..=40 {
            for language in Language::BOTH {
                for colours in [Colours::None, Colours::Highlight(0)] {
                    let figure = Chord { flows: of_regions(count, colours, language) };
                    testing::assert_readable(&figure, language);
                }
            }
        }
    }

    #[test]
    fn phones_and_many_regions_get_the_sankey() {
        let style = Style::of(Language::English);
        for (count, width, circle) in
            [(6, Width::Wide, true), (6, Width::Narrow, false), (20, Width::Wide, false)]
        {
            let figure = Chord { flows: of_regions(count, Colours::None, Language::English) };
            let drawing = figure.draw(&style, width);
            assert_eq!(drawing != figure.flows.draw(&style, width), circle, "{count}");
        }
    }

    #[test]
    fn nothing_and_odd_numbers_do_no_harm() {
        let mut figure = Chord { flows: of_regions(5, Colours::None, Language::English) };
        for size in [1e-9, 1e15, f64::NAN] {
            figure.flows.flows[2].value.point.value = size;
            testing::assert_readable(&figure, Language::English);
            let style = Style::of(Language::English);
            let svg = figure.draw(&style, Width::Wide).svg("f", "Arial", &figure.alt(&style));
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
        figure.flows.flows.clear();
        testing::assert_readable(&figure, Language::English);
    }

    #[test]
    fn the_drawing_is_as_it_was() {
        let figure = Chord { flows: of_regions(4, Colours::Highlight(1), Language::English) };
        let style = Style::of(Language::English);
        let svg = figure.draw(&style, Width::Wide).svg("f", "sans-serif", &figure.alt(&style));
        insta::assert_snapshot!("wide", svg);
    }
}
