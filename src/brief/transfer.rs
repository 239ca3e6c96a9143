//! The brief of a transfer: who received and who gave, what moved with it, and how sure that is.

mod contested;
mod flows;
mod gaps;
mod table;
#[cfg(test)]
mod tests;

use contested::{contested, disputed};

use super::book::{Book, at_start, inside};
use super::common::{Parts, as_in_figure, card_in, change_grid, figure_measure, main_stressor};
use super::content::{Block, Grid, View};
use super::maps::{Mapped, map};
use super::prose::Prose;
use super::shapes::{HEADLINE, TITLE, fitting};
use super::speech::Facts;
use crate::figure::Figure;
use crate::figure::classes::Kind;
use crate::figure::ink::Quantity;
use crate::figure::names::Named;
use crate::figure::net_bars::{NetBars, Panel, Row};
use crate::figure::quadrant::{self, Quadrant};
use crate::figure::waterfall::{self, Waterfall};
use crate::numerals::{Estimate, Measure};
use crate::tidy::Column;

/// File of sums by region.
const SUMS: &str = "sums.csv";
/// Statistics of a point and of its range over orders.
const ORDERS: [&str; 3] = ["value", "min", "max"];
/// The effect that a transfer is.
const SOURCING: &str = "sourcing";

/// A region with what moved.
#[derive(Debug, Clone)]
struct Place {
    code: String,
    name: Named,
    /// Effect of sourcing on value added.
    value_added: Estimate,
    /// Effect of sourcing on the stressor.
    stressor: Option<Estimate>,
}

/// What a transfer's brief is about.
struct Subject<'b> {
    book: &'b Book<'b>,
    years: [i32; 2],
    stressor: Option<String>,
    units: [String; 2],
    /// Regions, the one that gained most value added first.
    places: Vec<Place>,
    all: Place,
}

/// What is missing where a results folder does not have what a brief needs.
pub(super) fn compose(book: &Book<'_>) -> Result<Parts, super::BriefError> {
    let subject = Subject::of(book)?;
    Ok(Parts {
        subject: subject.say("transfer_subject", &subject.facts()),
        headline: fitting(book, "transfer_headline", &subject.facts(), HEADLINE),
        deck: subject.say("transfer_deck", &subject.facts()),
        cards: subject.cards(),
        blocks: [
            subject.map(),
            subject.bars(),
            subject.quadrant(),
            subject.waterfall(),
            subject.sectors(),
            subject.butterfly(),
            subject.routes(),
        ]
        .into_iter()
        .flatten()
        .chain(subject.main_routes())
        .collect(),
        dials: None,
        table: Some(subject.table()),
        method: ["transfer_method_1", "transfer_method_2", "transfer_method_3"]
            .map(|key| subject.say(key, &subject.facts()))
            .to_vec(),
    })
}

/// Effect of sourcing on a quantity of a place, with its unit; disputed where another measure has the opposite sign.
fn effect(book: &Book<'_>, code: &str, quantity: &str) -> Option<(Estimate, String)> {
    let question =
        [(Column::Quantity, quantity), (Column::Region, code), (Column::Factor, SOURCING)];
    let (mut estimate, unit) = book.estimate(SUMS, &question, ORDERS)?;
    estimate.disputed = disputed(book, code, quantity);
    Some((estimate, unit))
}

impl Place {
    /// A region, a group of regions or all of them; nothing if the results do not have it.
    fn of(book: &Book<'_>, code: &str, stressor: Option<&str>) -> Option<Self> {
        let effect = |quantity: &str| Some(effect(book, code, quantity)?.0);
        Some(Place {
            code: code.to_owned(),
            name: book.place(code),
            value_added: effect("value_added")?,
            stressor: stressor.and_then(effect),
        })
    }

    /// Whether what moved of one quantity has no settled direction, so that their quotient has none either.
    fn unclear(&self) -> bool {
        self.value_added.unclear() || self.stressor.as_ref().is_some_and(Estimate::unclear)
    }
}

impl<'b> Subject<'b> {
    fn of(book: &'b Book<'b>) -> Result<Self, super::BriefError> {
        let missing = |what: &str| super::BriefError::Missing { what: what.to_owned() };
        let tables = &book.recorded.summary.tables;
        let [base, target, ..] = tables.as_slice() else { return Err(missing("two tables")) };
        let stressor = main_stressor(&book.texts(SUMS, Column::Quantity));
        let place = |code: &str| Place::of(book, code, stressor.as_deref());
        let all = place("all").ok_or_else(|| missing("sums.csv: sourcing of value added"))?;
        let mut places: Vec<Place> =
            base.regions.iter().filter_map(|label| place(&label.code)).collect();
        places.sort_by(|a, b| b.value_added.value().total_cmp(&a.value_added.value()));
        let unit =
            |quantity: &str| effect(book, "all", quantity).map_or(String::new(), |found| found.1);
        let units = [unit("value_added"), stressor.as_deref().map_or(String::new(), unit)];
        Ok(Subject { book, years: [base.year, target.year], stressor, units, places, all })
    }

    fn say(&self, key: &str, facts: &Facts) -> Prose {
        self.book.speaker.say(key, facts)
    }

    /// Regions whose value added moved one way in all orders and by all measures, the one that moved most first.
    fn side(&self, sign: f64) -> Vec<&Place> {
        let settled =
            |place: &&Place| !place.value_added.unclear() && place.value_added.value() * sign > 0.0;
        let mut found: Vec<&Place> = self.places.iter().filter(settled).collect();
        if sign < 0.0 {
            found.reverse();
        }
        found
    }

    fn names(&self, places: &[&Place]) -> Prose {
        let mut facts = Facts::new();
        let names: Vec<String> =
            places.iter().map(|place| self.book.place_inside(&place.code)).collect();
        facts.count("n", names.len() as i64);
        facts.word("first", names.first().cloned().unwrap_or_default());
        facts.word("second", names.get(1).cloned().unwrap_or_default());
        facts.word("third", names.get(2).cloned().unwrap_or_default());
        self.say("list_of_regions", &facts)
    }

    fn stressor_name(&self) -> Named {
        self.book.quantity(self.stressor.as_deref().unwrap_or("co2"))
    }

    /// What the sentences at the top speak of, in the units of the figures wherever these show a number.
    fn facts(&self) -> Facts {
        self.facts_in(false)
    }

    /// The same for sentences beside a figure, all in the units of the figure.
    fn figure_facts(&self) -> Facts {
        self.facts_in(true)
    }

    fn facts_in(&self, figure: bool) -> Facts {
        let mut facts = Facts::new();
        let (receivers, givers) = (self.side(1.0), self.side(-1.0));
        facts
            .word("base", self.years[0].to_string())
            .word("target", self.years[1].to_string())
            .count("years", i64::from(self.years[1] - self.years[0]))
            .count("regions", self.places.len() as i64)
            .count("n_receive", receivers.len() as i64)
            .count("n_give", givers.len() as i64)
            .word("all_regions", self.all.name.full())
            .word("stressor", self.stressor_name().full())
            .word("stressor_short", self.stressor_name().brief())
            .word("receivers", self.names(&receivers).plain())
            .word("receivers_start", at_start(&self.names(&receivers).plain()))
            .word("givers", self.names(&givers).plain())
            .word("givers_start", at_start(&self.names(&givers).plain()));
        let unclear: Vec<&Place> =
            self.places.iter().filter(|place| place.value_added.holds_zero()).collect();
        facts.count("n_unclear", unclear.len() as i64).prose("unclear", self.names(&unclear));
        let crosses = |place: &&Place| place.stressor.as_ref().is_some_and(Estimate::holds_zero);
        let unclear: Vec<&Place> = self.places.iter().filter(crosses).collect();
        facts
            .count("n_unclear_stressor", unclear.len() as i64)
            .prose("unclear_stressor", self.names(&unclear))
            .flag("ranged", self.all.value_added.range.is_some())
            .flag("with_stressor", self.all.stressor.is_some())
            .flag("nominal", self.noted("nominal_change"));
        self.add_contested(&mut facts);
        let why = self.say("transfer_why_unclear", &facts);
        facts
            .flag("any_unclear", self.places.iter().any(Place::unclear))
            .prose("why_unclear", why)
            .flag("dotted", self.places.len() > crate::figure::net_bars::BARS);
        let measures = self.measures();
        let measures = figure.then_some(&measures);
        let (top, next, bottom) = self.ends();
        facts.flag("top_settled", !receivers.is_empty()).flag("bottom_settled", !givers.is_empty());
        for (key, place) in
            [("all", Some(&self.all)), ("top", top), ("next", next), ("bottom", bottom)]
        {
            if let Some(place) = place {
                self.add(&mut facts, key, place, measures);
            }
        }
        facts
    }

    /// The regions that sentences name: the one that gained most and the next, and the one that gave most, of those
    /// whose direction is settled; where none is, the ends of the order.
    fn ends(&self) -> (Option<&Place>, Option<&Place>, Option<&Place>) {
        let (receivers, givers) = (self.side(1.0), self.side(-1.0));
        let top = receivers.first().copied().or(self.places.first());
        let bottom = givers.first().copied().or(self.places.last());
        (top, receivers.get(1).copied(), bottom)
    }

    fn noted(&self, code: &str) -> bool {
        self.book.recorded.summary.notes.iter().any(|note| note.code == code)
    }

    /// A region under `key`, `key_va` and `key_stressor`, in given units or those of sentences; whether measures
    /// disagree about them under `key_va_contested` and `key_stressor_contested`.
    fn add(&self, facts: &mut Facts, key: &str, place: &Place, measures: Option<&[Measure; 2]>) {
        let name = self.book.place_inside(&place.code);
        facts.word(&format!("{key}_start"), at_start(&name)).word(key, name);
        let stressor = place.stressor.as_ref().map(|stressor| ("stressor", stressor));
        for (at, (part, value)) in
            [Some(("va", &place.value_added)), stressor].into_iter().flatten().enumerate()
        {
            let measure = match measures {
                Some(measures) => measures[at].clone(),
                None => self.measure(value, at),
            };
            facts.change(&format!("{key}_{part}"), value, None, &measure);
            facts.flag(&format!("{key}_{part}_contested"), contested(value));
        }
    }

    /// The unit of a number in a sentence: that of figures and tables, so that value added, and the stressor, are
    /// read in one unit throughout.
    fn measure(&self, value: &Estimate, at: usize) -> Measure {
        as_in_figure(self.book, value, &self.units[at], &self.measures()[at])
    }

    /// Units of figures and tables: of value added, and of the stressor.
    fn measures(&self) -> [Measure; 2] {
        let value_added = self.places.iter().map(|place| &place.value_added);
        let stressor = self.places.iter().filter_map(|place| place.stressor.as_ref());
        [
            figure_measure(self.book, value_added, &self.units[0]),
            figure_measure(self.book, stressor, &self.units[1]),
        ]
    }

    /// Names and units of the quantities that are told.
    fn quantities(&self) -> Vec<(String, Measure)> {
        let [value_added, stressor] = self.measures();
        let mut found = vec![(self.book.quantity("value_added").full(), value_added)];
        if self.stressor.is_some() {
            found.push((self.stressor_name().full(), stressor));
        }
        found
    }

    fn values(&self, place: &Place) -> Vec<Option<Estimate>> {
        let mut values = vec![Some(place.value_added.clone())];
        if self.stressor.is_some() {
            values.push(place.stressor.clone());
        }
        values
    }

    fn cards(&self) -> Vec<super::content::Card> {
        let mut cards = Vec::new();
        let mut add = |place: &Place, estimate: Option<&Estimate>, quantity: &str, at: usize| {
            if let Some(estimate) = estimate {
                let mut facts = Facts::new();
                let who = match place.code.as_str() {
                    "all" => self.book.place_inside("all"),
                    _ => place.name.full(),
                };
                facts.word("who", who).word("what", self.book.quantity(quantity).full());
                let label = self.say("card_label", &facts);
                let made = card_in(self.book, label, estimate, &self.measure(estimate, at));
                let mut made = self.marked(made, estimate);
                if quantity != "value_added" {
                    made.label.0.extend(self.gap_mark(place).0);
                }
                cards.push(made);
            }
        };
        let stressor = self.stressor.as_deref().unwrap_or_default();
        let (top, _, bottom) = self.ends();
        for place in [top, bottom.filter(|_| self.places.len() > 1)].into_iter().flatten() {
            add(place, Some(&place.value_added), "value_added", 0);
        }
        add(&self.all, self.all.stressor.as_ref(), stressor, 1);
        add(&self.all, Some(&self.all.value_added), "value_added", 0);
        cards
    }

    fn word(&self, key: &str) -> String {
        self.book.speaker.template().word(key, self.book.language())
    }

    fn region_grid(&self, caption: Prose) -> Grid {
        let rows: Vec<(String, Vec<Option<Estimate>>)> =
            (self.places.iter()).map(|place| (place.name.full(), self.values(place))).collect();
        let head = self.word("region");
        change_grid(self.book, caption.plain(), &head, &self.quantities(), &rows)
    }

    fn block(&self, id: &str, key: &str, facts: &Facts, views: Vec<View>) -> Block {
        let mut text = self.say(&format!("transfer_{key}_text"), facts);
        // These show the stressor of all regions.
        if ["map", "bars", "quadrant"].contains(&key) {
            text.0.extend(self.gap_mark(&self.all).0);
        }
        Block {
            id: id.to_owned(),
            title: match key {
                // The only title that lists regions.
                "map" => fitting(self.book, "transfer_map_title", facts, TITLE),
                _ => self.say(&format!("transfer_{key}_title"), facts),
            },
            text: vec![text],
            views,
            note: self.say(&format!("transfer_{key}_note"), facts),
        }
    }

    fn view(&self, key: &str, facts: &Facts, figure: Box<dyn Figure>, grid: Grid) -> View {
        View {
            choice: String::new(),
            description: self.say(&format!("transfer_{key}_drawn"), facts),
            figure,
            grid,
            file: SUMS.to_owned(),
        }
    }

    fn panels(&self) -> Vec<Panel> {
        let panel = |(head, measure)| Panel { head, measure };
        self.quantities().into_iter().map(panel).collect()
    }

    /// Where: a map of tiles, if the regions are made of provinces of China.
    fn map(&self) -> Option<Block> {
        let region = |place: &Place| Mapped {
            code: place.code.clone(),
            name: place.name.clone(),
            values: self.values(place),
        };
        let regions: Vec<Mapped> = self.places.iter().map(region).collect();
        let map = map(self.book, Kind::Change, &self.panels(), &regions)?;
        let mut facts = self.figure_facts();
        map.tell(&mut facts);
        let grid = self.region_grid(self.say("transfer_map_drawn", &facts));
        let view = self.view("map", &facts, map.figure, grid);
        Some(self.block("map", "map", &facts, vec![view]))
    }

    /// Who: bars with ranges.
    fn bars(&self) -> Option<Block> {
        let row = |place: &Place| Row { name: place.name.clone(), values: self.values(place) };
        let figure = NetBars { panels: self.panels(), rows: self.places.iter().map(row).collect() };
        let facts = self.figure_facts();
        let grid = self.region_grid(self.say("transfer_bars_drawn", &facts));
        let view = self.view("bars", &facts, Box::new(figure), grid);
        Some(self.block("net-transfer", "bars", &facts, vec![view]))
    }

    /// How clean: value added against the stressor.
    fn quadrant(&self) -> Option<Block> {
        self.stressor.as_ref()?;
        let [x, y] = self.measures();
        let points = self.places.iter().filter_map(|place| {
            Some(quadrant::Point {
                name: place.name.clone(),
                x: place.value_added.clone(),
                y: place.stressor.clone()?,
            })
        });
        let mut facts = self.figure_facts();
        let intensity = |code: &str| {
            let question = [
                (Column::Quantity, self.stressor.as_deref().unwrap_or_default()),
                (Column::Region, code),
                (Column::Factor, SOURCING),
                (Column::Part, "intensity"),
            ];
            self.book.estimate("exchange.csv", &question, ORDERS)
        };
        let of_side = |sign: f64| {
            let mut settled = self.side(sign).into_iter().filter(|place| !place.unclear());
            settled.find_map(|place| Some((place, intensity(&place.code)?)))
        };
        let pair = of_side(1.0).zip(of_side(-1.0));
        facts.flag("pair", pair.is_some());
        if let Some(((one, (a, unit)), (other, (b, _)))) = &pair {
            for (key, place) in [("one", one), ("other", other)] {
                facts.word(key, self.book.place_inside(&place.code));
            }
            let measure = self.book.prose_measure(unit, a.value().max(b.value()));
            facts.ranged_level("one_intensity", a, &measure);
            facts.ranged_level("other_intensity", b, &measure);
            self.contrast(&mut facts, &one.code, &other.code);
        }
        let ray = pair.map(|(_, (giver, (value, unit)))| quadrant::Ray {
            label: giver.name.full(),
            measure: self.book.prose_measure(&unit, value.value()),
            slope: value.point,
        });
        let figure = Quadrant {
            x: Panel { head: self.book.quantity("value_added").full(), measure: x },
            y: Panel { head: self.stressor_name().full(), measure: y },
            points: points.collect(),
            ray,
        };
        let grid = self.region_grid(self.say("transfer_quadrant_drawn", &facts));
        let view = self.view("quadrant", &facts, Box::new(figure), grid);
        Some(self.block("quadrant", "quadrant", &facts, vec![view]))
    }

    /// How the intensities of two regions compare: only where their ratio is on one side of one in all orders is
    /// one of them lower.
    fn contrast(&self, facts: &mut Facts, one: &str, other: &str) {
        let of = |from: &str, to: &str| {
            let question = [
                (Column::Quantity, self.stressor.as_deref().unwrap_or_default()),
                (Column::From, from),
                (Column::To, to),
                (Column::Factor, SOURCING),
                (Column::Part, "intensity"),
            ];
            self.book.estimate("contrasts.csv", &question, ORDERS)
        };
        // The file has each pair once, in the order of the table.
        let (found, turned) = (of(one, other), of(other, one));
        let ratio = found.as_ref().or(turned.as_ref()).map(|(estimate, _)| estimate);
        let span = ratio.filter(|ratio| ratio.range.is_some()).map(Estimate::span);
        let (below, above) = match span {
            Some([low, high]) => (high < 1.0, low > 1.0),
            None => (false, false),
        };
        let cleaner = if found.is_some() { below } else { above };
        facts.flag("apart", below || above).flag("cleaner", cleaner);
        facts.flag("with_ratio", ratio.is_some());
        if let Some(ratio) = ratio {
            let measure = Measure::of_prose("1", ratio.value(), self.book.language());
            facts.ranged_level("ratio", ratio, &measure);
            let (over, under) = if found.is_some() { (one, other) } else { (other, one) };
            facts.word("over", self.book.place_inside(over));
            facts.word("under", self.book.place_inside(under));
        }
    }

    /// Why: what the change of the stressor is made of, for every region.
    fn waterfall(&self) -> Option<Block> {
        let stressor = self.stressor.as_deref()?;
        // The region whose emissions the transfer moved most comes first.
        let mut order: Vec<&Place> = self.places.iter().collect();
        let size = |place: &Place| place.stressor.as_ref().map_or(0.0, |value| value.value().abs());
        order.sort_by(|a, b| size(b).total_cmp(&size(a)));
        order.truncate(MOST_VIEWS - 1);
        let mut views: Vec<(View, Facts)> =
            order.into_iter().filter_map(|place| self.waterfall_of(stressor, place)).collect();
        views.extend(self.waterfall_of(stressor, &self.all));
        let facts = views.first()?.1.clone();
        let views = views.into_iter().map(|(view, _)| view).collect();
        Some(self.block("decomposition", "waterfall", &facts, views))
    }

    fn waterfall_of(&self, stressor: &str, place: &Place) -> Option<(View, Facts)> {
        let of = |factor: &str| {
            let question = [
                (Column::Quantity, stressor),
                (Column::Region, place.code.as_str()),
                (Column::Factor, factor),
            ];
            let (mut found, unit) = self.book.estimate(SUMS, &question, ORDERS)?;
            found.disputed = factor == SOURCING && disputed(self.book, &place.code, stressor);
            Some((found, unit))
        };
        let (start, unit) = of("base")?;
        let (end, change) = (of("target")?.0, of("change")?.0);
        let steps: Vec<(&str, Estimate)> = (self.book.texts(SUMS, Column::Factor).into_iter())
            .filter(|factor| !["base", "target", "change"].contains(factor))
            .filter_map(|factor| Some((factor, of(factor)?.0)))
            .collect();
        let largest = [&start, &end].map(Estimate::value).into_iter().fold(0.0, f64::max);
        let measure = self.book.figure_measure(&unit, largest);
        let mut facts = self.figure_facts();
        self.add(&mut facts, "who", place, None);
        facts.change("who_change", &change, None, &measure);
        self.add_gap(&mut facts, place);
        let mut firm: Vec<&(&str, Estimate)> =
            steps.iter().filter(|(_, effect)| !effect.unclear()).collect();
        firm.sort_by(|a, b| b.1.value().abs().total_cmp(&a.1.value().abs()));
        let sizes = |at: usize| {
            let ends = firm.get(at)?.1.span().map(f64::abs);
            Some([ends[0].min(ends[1]), ends[0].max(ends[1])])
        };
        let overlap = sizes(0).zip(sizes(1)).is_some_and(|(first, second)| first[0] <= second[1]);
        facts.count("n_firm", firm.len() as i64).flag("overlap", overlap);
        for (key, at) in [("first", 0), ("second", 1)] {
            if let Some((factor, effect)) = firm.get(at) {
                facts.word(
                    key,
                    inside(&self.book.word_of(&["factors"], factor).full(), self.book.language()),
                );
                facts.change(&format!("{key}_effect"), effect, None, &measure);
            }
        }
        if let Some((_, effect)) = steps.iter().find(|(factor, _)| *factor == SOURCING) {
            facts.change("sourcing", effect, None, &measure);
        }
        let rows: Vec<(String, Vec<Option<Estimate>>)> = (steps.iter())
            .map(|(factor, effect)| {
                (self.book.word_of(&["factors"], factor).full(), vec![Some(effect.clone())])
            })
            .collect();
        let quantity = vec![(self.stressor_name().full(), measure.clone())];
        let drawn = self.say("transfer_waterfall_drawn", &facts);
        let grid = change_grid(self.book, drawn.plain(), &self.word("factor"), &quantity, &rows);
        let total = |year: i32, value: Estimate| {
            let mut facts = Facts::new();
            facts.word("year", year.to_string());
            let name = self.say("year", &facts).plain();
            waterfall::Total { name: Named::new(name), value: value.point }
        };
        let step = |(factor, effect): (&str, Estimate)| waterfall::Step {
            name: self.book.word_of(&["factors"], factor),
            effect,
            emphasised: factor == SOURCING,
            last: ["inventories", "error", "interaction"].contains(&factor),
        };
        let figure = Waterfall {
            head: self.stressor_name().full(),
            measure,
            quantity: Quantity::Stressor,
            start: total(self.years[0], start),
            steps: steps.into_iter().map(step).collect(),
            end: total(self.years[1], end),
        };
        let view = View {
            choice: place.name.brief(),
            description: drawn,
            figure: Box::new(figure),
            grid,
            file: SUMS.to_owned(),
        };
        Some((view, facts))
    }
}

/// So many states of a figure stay below the size of a page.
const MOST_VIEWS: usize = 9;
