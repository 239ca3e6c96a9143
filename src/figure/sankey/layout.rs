//! Heights and places of the flows of a Sankey.

use super::super::canvas::Type;
use super::super::head::Head;
use super::super::names::Named;
use super::super::{Style, Width};
use super::{BAR, Flow, Sankey};

pub(super) const NAME_STEP: f64 = 15.6;
/// Room of a number, so of a flow at its beginning.
const SLOT: f64 = 16.0;
/// Between two regions.
const GAP: f64 = 8.0;
/// Thinnest flow.
const THINNEST: f64 = 1.5;
const TOP: f64 = 48.0;
const FOOT: f64 = 8.0;
/// From more regions at one side on, names have one line.
const CROWD: usize = 8;

/// A flow: its upper border at both ends, and how thick it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Band {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) thick: f64,
}

impl Band {
    /// Its middle at the beginning.
    pub(super) fn middle(&self) -> f64 {
        self.from + self.thick / 2.0
    }
}

/// A region at one side, or the rest.
#[derive(Debug, Clone)]
pub(super) struct End {
    pub(super) region: Option<usize>,
    pub(super) lines: Vec<String>,
    pub(super) middle: f64,
}

/// Places of everything.
pub(super) struct Layout<'a> {
    /// Left borders of the bars on both sides.
    pub(super) bars: [f64; 2],
    pub(super) flows: Vec<(&'a Flow, Band)>,
    pub(super) rest: Option<Band>,
    pub(super) left: Vec<End>,
    pub(super) right: Vec<End>,
    pub(super) left_out: Vec<&'a Flow>,
    /// Upper end of the flows, and the lower one.
    pub(super) top: f64,
    pub(super) bottom: f64,
    pub(super) height: f64,
}

/// One side: its regions in their order (nothing for the rest), each with the flows that it has, by index.
struct Side {
    ends: Vec<(Option<usize>, Vec<String>)>,
    flows: Vec<Vec<usize>>,
    /// Least height of a flow.
    slot: f64,
}

/// Regions at one end of some flows, the one with most first.
fn order(regions: usize, flows: &[&Flow], receive: bool) -> Vec<usize> {
    let mut totals = vec![0.0; regions];
    flows.iter().for_each(|flow| totals[flow.end(receive)] += flow.value.value());
    let mut found: Vec<usize> = (0..regions).filter(|region| totals[*region] > 0.0).collect();
    found.sort_by(|a, b| totals[*b].total_cmp(&totals[*a]));
    found
}

impl Side {
    /// The regions `own` at one side, facing `other`; `rest` is the name of what is not drawn one by one.
    fn of(
        figure: &Sankey,
        flows: &[&Flow],
        [own, other]: [&[usize]; 2],
        receives: bool,
        rest: Option<&str>,
        room: f64,
    ) -> Side {
        let most = if own.len() > CROWD { 1 } else { 2 };
        let (mut ends, mut of_ends) = (Vec::new(), Vec::new());
        for region in own {
            let how = figure.name_type(Some(*region), receives);
            ends.push((Some(*region), figure.regions[*region].fit(how, room, most)));
            let mut mine: Vec<usize> =
                (0..flows.len()).filter(|at| flows[*at].end(receives) == *region).collect();
            // In the order of the other side, so that they cross as little as can be.
            mine.sort_by_key(|at| other.iter().position(|one| *one == flows[*at].end(!receives)));
            of_ends.push(mine);
        }
        if let Some(rest) = rest {
            ends.push((None, Named::new(rest).fit(Type::LABEL, room, 2)));
            of_ends.push(vec![flows.len()]);
        }
        Side { ends, flows: of_ends, slot: if receives { 0.0 } else { SLOT } }
    }

    /// Width of its names.
    fn width(&self, figure: &Sankey) -> f64 {
        let lines = self.ends.iter().flat_map(|(region, lines)| {
            let how = figure.name_type(*region, true);
            lines.iter().map(move |line| how.width(line))
        });
        lines.fold(0.0, f64::max)
    }

    /// Height of an end for flows of these thicknesses.
    fn end(&self, at: usize, thick: &[f64]) -> f64 {
        let flows: f64 = self.flows[at].iter().map(|flow| thick[*flow].max(self.slot)).sum();
        flows.max(NAME_STEP * self.ends[at].1.len() as f64 + 1.0)
    }

    fn height(&self, thick: &[f64]) -> f64 {
        let ends: f64 = (0..self.ends.len()).map(|at| self.end(at, thick)).sum();
        ends + GAP * self.ends.len().saturating_sub(1) as f64
    }

    /// Upper border of each flow, and the middle of each end, when the side is `room` high from `top` on.
    fn places(&self, thick: &[f64], top: f64, room: f64) -> (Vec<f64>, Vec<f64>) {
        let mut y = top + (room - self.height(thick)) / 2.0;
        let (mut borders, mut middles) = (vec![0.0; thick.len()], Vec::new());
        for (at, flows) in self.flows.iter().enumerate() {
            let height = self.end(at, thick);
            let own: f64 = flows.iter().map(|flow| thick[*flow].max(self.slot)).sum();
            let mut inside = y + (height - own) / 2.0;
            for flow in flows {
                let slot = thick[*flow].max(self.slot);
                borders[*flow] = inside + (slot - thick[*flow]) / 2.0;
                inside += slot;
            }
            middles.push(y + height / 2.0);
            y += height + GAP;
        }
        (borders, middles)
    }
}

impl<'a> Layout<'a> {
    pub(super) fn of(figure: &'a Sankey, style: &Style, width: Width) -> Layout<'a> {
        let flows = figure.drawn();
        let rest = figure.known_rest();
        let mut values: Vec<f64> = flows.iter().map(|flow| flow.value.value()).collect();
        values.extend(rest.map(|rest| rest.value.value));
        let rest_name = rest.map(|rest| style.words.other_flows_of(rest.count));
        let regions = figure.regions.len();
        let (givers, receivers) = (order(regions, &flows, false), order(regions, &flows, true));
        let side = |own: &[usize], other: &[usize], receives: bool| {
            let room = width.px() * width.pick(0.30, 0.27);
            Side::of(figure, &flows, [own, other], receives, rest_name.as_deref(), room)
        };
        let left = side(&givers, &receivers, false);
        let right = side(&receivers, &givers, true);
        let classes = figure.classes_height(width.px());
        let top = TOP + Head::of(&figure.panel, width.px()).more();
        let free = width.pick(480.0, 420.0) - top - FOOT - classes;
        let thick = thicknesses(&values, [&left, &right], free);
        let room = free.max(left.height(&thick)).max(right.height(&thick));
        let heads = [&style.words.from, &style.words.to].map(|word| Type::AXIS.width(word));
        let bars = [
            (left.width(figure) + 6.0).max(heads[0] - BAR),
            width.px() - BAR - (right.width(figure) + 6.0).max(heads[1] - BAR),
        ];
        let (from, left_middles) = left.places(&thick, top, room);
        let (to, right_middles) = right.places(&thick, top, room);
        let band = |at: usize| Band { from: from[at], to: to[at], thick: thick[at] };
        let ends = |side: Side, middles: Vec<f64>| {
            let pairs = side.ends.into_iter().zip(middles);
            pairs.map(|((region, lines), middle)| End { region, lines, middle }).collect()
        };
        Layout {
            bars,
            top,
            rest: rest.map(|_| band(flows.len())),
            flows: flows.iter().enumerate().map(|(at, flow)| (*flow, band(at))).collect(),
            left: ends(left, left_middles),
            right: ends(right, right_middles),
            left_out: figure.left_out(),
            bottom: top + room,
            height: top + room + FOOT + classes,
        }
    }
}

/// Thicknesses in proportion to the values, as large as the room allows.
fn thicknesses(values: &[f64], sides: [&Side; 2], room: f64) -> Vec<f64> {
    let largest = values.iter().copied().fold(0.0, f64::max);
    let of = |widest: f64| -> Vec<f64> {
        values.iter().map(|value| (value / largest * widest).max(THINNEST)).collect()
    };
    let (mut low, mut high) = (0.0, room);
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        let thick = of(middle);
        match sides.iter().all(|side| side.height(&thick) <= room) {
            true => low = middle,
            false => high = middle,
        }
    }
    of(low)
}
