//! Figures of a scenario's brief.

mod by_year;

use super::readings::Readings;
use super::{Place, SUMS, Subject};
use crate::brief::book::inside;
use crate::brief::common::{change_grid, head, words};
use crate::brief::content::{Block, Grid, GridRow, View};
use crate::brief::prose::Prose;
use crate::brief::sectors::Sectors;
use crate::brief::shapes::{TITLE, fitting};
use crate::brief::speech::Facts;
use crate::figure::Figure;
use crate::figure::fan::{Bands, FanChart, Middle, Series, Shows, YearBand};
use crate::figure::names::Named;
use crate::figure::net_bars::{NetBars, Panel, Row};
use crate::figure::quadrant::{self, Quadrant};
use crate::figure::tornado::{End, Input, Tornado};
use crate::numerals::{Cited, Estimate, Measure};
use crate::tidy::Column;

/// Steps of a scenario, of which all but the trend make up the difference to the baseline.
const STEPS: [&str; 6] =
    ["trend", "relocation", "supply_chain", "technology", "agglomeration", "spillover"];
/// So many states of a figure stay below the size of a page.
const MOST_VIEWS: usize = 9;
/// Figures of this scenario, those that say most of it first.
pub(super) fn blocks(subject: &Subject<'_>) -> Vec<Block> {
    let found = [
        subject.bars(),
        subject.fan(),
        subject.steps(),
        subject.tornado(),
        subject.sectors(),
        subject.by_year(),
        subject.quadrant(),
    ];
    found.into_iter().flatten().collect()
}

impl Subject<'_> {
    fn block(&self, id: &str, key: &str, facts: &Facts, views: Vec<View>) -> Block {
        Block {
            id: id.to_owned(),
            title: match key {
                // Names of regions may be long.
                "bars" => fitting(self.book, "run_bars_title", facts, TITLE),
                key => self.say(&format!("run_{key}_title"), facts),
            },
            text: vec![self.say(&format!("run_{key}_text"), facts)],
            views,
            note: self.say(&format!("run_{key}_note"), facts),
        }
    }

    fn region_grid(&self, caption: &Prose) -> Grid {
        let rows: Vec<(String, Vec<Option<Estimate>>)> = (self.regions().into_iter())
            .chain(self.places.iter().filter(|place| place.sum))
            .chain([&self.all])
            .map(|place| (place.name.full(), self.estimates(place)))
            .collect();
        let head = self.word("region");
        change_grid(self.book, caption.plain(), &head, &self.quantities(), &rows)
    }

    /// Who gains and who loses, in both quantities.
    fn bars(&self) -> Option<Block> {
        let facts = self.facts();
        let panel = |(head, measure)| Panel { head, measure };
        let row = |place: &Place| Row { name: place.name.clone(), values: self.estimates(place) };
        let figure = NetBars {
            panels: self.quantities().into_iter().map(panel).collect(),
            rows: self.regions().into_iter().chain([&self.all]).map(row).collect(),
        };
        let description = self.say("run_bars_drawn", &facts);
        let view = View {
            choice: String::new(),
            grid: self.region_grid(&description),
            description,
            figure: Box::new(figure),
            file: SUMS.to_owned(),
        };
        let mut block = self.block("regions", "bars", &facts, vec![view]);
        let moves = self.say("run_bars_moves", &facts);
        if !moves.is_empty() {
            block.text.insert(0, moves);
        }
        let ways = self.say("run_bars_ways", &facts);
        if !ways.is_empty() {
            block.text.push(ways);
        }
        Some(block)
    }

    /// Level of a place in a year: by the sums of the run.
    pub(super) fn level(
        &self,
        quantity: &str,
        code: &str,
        year: &str,
        factor: &str,
    ) -> Option<crate::brief::book::Found> {
        self.book.find(
            SUMS,
            &[
                (Column::Year, year),
                (Column::Quantity, quantity),
                (Column::Region, code),
                (Column::Factor, factor),
            ],
        )
    }

    /// How emissions go on, if the run has more years than one: for all regions, then for each.
    fn fan(&self) -> Option<Block> {
        let stressor = self.stressor.as_deref()?;
        if self.years.len() < 2 {
            return None;
        }
        let places = [&self.all].into_iter().chain(self.regions()).take(MOST_VIEWS);
        let views: Vec<View> = places.filter_map(|place| self.fan_of(stressor, place)).collect();
        let mut facts = self.facts();
        facts.word("first_year", self.years.first()?.clone());
        facts.flag("with_targets", !self.target_marks(stressor).is_empty());
        let mut block = self.block("years", "fan", &facts, views);
        block.text.extend(self.targets_told());
        (!block.views.is_empty()).then_some(block)
    }

    fn fan_of(&self, stressor: &str, place: &Place) -> Option<View> {
        let table = self.book.recorded.summary.tables.first()?;
        let series = |scenario: &str| -> Vec<YearBand> {
            let one = |year: &String| {
                let point = self.level(stressor, &place.code, year, scenario)?.cited;
                let end = |statistic: &str| {
                    let question = [
                        (Column::Scenario, scenario),
                        (Column::Year, year.as_str()),
                        (Column::Quantity, stressor),
                        (Column::Region, place.code.as_str()),
                        (Column::Factor, self.reading.as_str()),
                        (Column::Statistic, statistic),
                    ];
                    Some(self.book.find("bands.csv", &question)?.cited)
                };
                Some(YearBand {
                    year: year.parse().ok()?,
                    median: point,
                    outer: end("p05").zip(end("p95")).map(|(low, high)| [low, high]),
                    inner: end("p25").zip(end("p75")).map(|(low, high)| [low, high]),
                })
            };
            self.years.iter().filter_map(one).collect()
        };
        let base = self.level(stressor, &place.code, &self.years[0], "base");
        let unit = base.as_ref().map(|found| found.unit.clone())?;
        let (scenario, baseline) = (series("scenario"), series("baseline"));
        let largest = scenario.iter().chain(&baseline).map(|one| one.median.value.abs());
        let largest = largest.fold(0.0, f64::max);
        let of_all = self.levels_measure().map(|levels| levels.for_figure(largest));
        let measure = of_all.unwrap_or_else(|| self.book.figure_measure(&unit, largest));
        let mut facts = self.facts();
        facts.word("who", self.in_words(&place.code, &place.name));
        let description = self.say("run_fan_drawn", &facts);
        let grid = self.fan_grid(&description, &scenario, &baseline, &measure);
        let named = |key: &str| Named::new(self.word(key));
        let figure = FanChart {
            head: format!("{} {}", place.name.full(), self.stressor_name().full()),
            measure,
            shows: Shows::CutLevels,
            middle: Middle::MainRun,
            scenario: Series {
                name: named("scenario"),
                years: scenario,
                bands: Bands::Drawn,
                peak: None,
            },
            baseline: Some(Series::line(named("baseline"), baseline)),
            history: base.into_iter().map(|found| (table.year, found.cited)).collect(),
            data_end: Some(table.year),
            targets: if place.code == "all" { self.target_marks(stressor) } else { Vec::new() },
        };
        Some(View {
            choice: place.name.brief(),
            description,
            figure: Box::new(figure),
            grid,
            file: SUMS.to_owned(),
        })
    }

    fn fan_grid(
        &self,
        caption: &Prose,
        scenario: &[YearBand],
        baseline: &[YearBand],
        measure: &Measure,
    ) -> Grid {
        let number = |cited: Option<&Cited>| crate::brief::common::level_cell(cited, measure);
        let mut heads = vec![head(self.word("year_head"), "", false)];
        let drawn = scenario.iter().any(|one| one.outer.is_some());
        let ranges = ["lowest", "quarter", "three_quarters", "highest"].into_iter();
        let ranges = ranges.filter(|_| drawn);
        for key in ["scenario"].into_iter().chain(ranges).chain(["baseline"]) {
            heads.push(head(self.word(key), measure.unit(), true));
        }
        let row = |one: &YearBand| {
            let other = baseline.iter().find(|other| other.year == one.year);
            let (ends, half) = (one.outer.as_ref(), one.inner.as_ref());
            let range = [
                ends.map(|ends| &ends[0]),
                half.map(|half| &half[0]),
                half.map(|half| &half[1]),
                ends.map(|ends| &ends[1]),
            ];
            let mut cells = vec![words(one.year.to_string()), number(Some(&one.median))];
            cells.extend(range.into_iter().filter(|_| drawn).map(&number));
            cells.push(number(other.map(|other| &other.median)));
            GridRow { cells, total: false }
        };
        Grid { caption: caption.plain(), heads, rows: scenario.iter().map(row).collect() }
    }

    /// What the change of emissions is made of, for all regions and for each.
    fn steps(&self) -> Option<Block> {
        let stressor = self.stressor.as_deref()?;
        let groups = self.places.iter().filter(|place| place.sum);
        let places = [&self.all].into_iter().chain(groups).chain(self.regions()).take(MOST_VIEWS);
        let views: Vec<((View, Facts), Vec<&str>)> =
            places.filter_map(|place| self.steps_of(stressor, place)).collect();
        let mut facts = views.first()?.0.1.clone();
        // The note explains the steps of the view that is shown first, and on paper alone.
        for step in STEPS {
            facts.flag(&format!("with_{step}"), views[0].1.contains(&step));
        }
        let views = views.into_iter().map(|((view, _), _)| view).collect();
        Some(self.block("decomposition", "steps", &facts, views))
    }

    /// A view, what its title speaks of, and the steps in it.
    fn steps_of(
        &self,
        stressor: &str,
        place: &Place,
    ) -> Option<((View, Facts), Vec<&'static str>)> {
        let of = |factor: &str| self.level(stressor, &place.code, &self.year, factor);
        let difference = of("difference")?;
        // A step that nothing takes is not a part of the answer.
        let steps: Vec<(&'static str, Estimate)> = (STEPS.into_iter())
            .filter(|step| *step != "trend")
            .filter_map(|step| Some((step, Estimate::bare(of(step)?.cited))))
            .filter(|(_, effect)| effect.value() != 0.0)
            .collect();
        let disputed = place.stressor.as_ref().is_some_and(|change| change.estimate.unclear());
        let whole = Estimate { disputed, ..Estimate::bare(difference.cited) };
        let measure = self.stressor_measure(
            steps.iter().map(|(_, effect)| effect).chain([&whole]),
            &difference.unit,
        );
        let mut facts = self.facts();
        self.add(&mut facts, "who", place);
        let mut order: Vec<&(&str, Estimate)> = steps.iter().collect();
        order.sort_by(|a, b| b.1.value().abs().total_cmp(&a.1.value().abs()));
        facts.count("n_steps", order.len() as i64).word("where", self.whereabouts(place));
        for (key, at) in [("first", 0), ("second", 1)] {
            if let Some((step, effect)) = order.get(at) {
                let name = self.book.word_of(&["steps"], step).full();
                facts.word(&format!("{key}_name"), name.clone());
                facts.word(key, inside(&name, self.book.language()));
                facts.change(&format!("{key}_effect"), effect, None, &measure);
            }
        }
        let description = self.say("run_steps_drawn", &facts);
        let taken: Vec<&str> = steps.iter().map(|(step, _)| *step).collect();
        let named = steps
            .into_iter()
            .map(|(step, effect)| (self.book.word_of(&["steps"], step), vec![Some(effect)]));
        let sum = Named::new(self.word("difference"));
        let rows: Vec<(Named, Vec<Option<Estimate>>)> =
            named.chain([(sum, vec![Some(whole)])]).collect();
        let texts: Vec<(String, Vec<Option<Estimate>>)> =
            rows.iter().map(|(name, values)| (name.full(), values.clone())).collect();
        let quantity = [(self.stressor_name().full(), measure.clone())];
        let factor = self.word("factor");
        let grid = change_grid(self.book, description.plain(), &factor, &quantity, &texts);
        let figure = NetBars {
            panels: vec![Panel { head: self.stressor_name().full(), measure }],
            rows: rows.into_iter().map(|(name, values)| Row { name, values }).collect(),
        };
        let view = View {
            choice: place.name.brief(),
            description,
            figure: Box::new(figure),
            grid,
            file: SUMS.to_owned(),
        };
        Some(((view, facts), taken))
    }

    /// Where something changes, behind it in a sentence.
    fn whereabouts(&self, place: &Place) -> String {
        let mut facts = Facts::new();
        facts.word("who", self.in_words(&place.code, &place.name));
        facts.flag("nationwide", place.code == "all");
        self.say("run_where", &facts).plain()
    }

    /// What the answer hangs on: one uncertainty at a time.
    fn tornado(&self) -> Option<Block> {
        let stressor = self.stressor.as_deref()?;
        let groups = self.places.iter().filter(|place| place.sum);
        let places = [&self.all].into_iter().chain(groups).chain(self.regions()).take(MOST_VIEWS);
        let views: Vec<(View, Facts)> =
            places.filter_map(|place| self.tornado_of(stressor, place)).collect();
        let facts = views.first()?.1.clone();
        let views = views.into_iter().map(|(view, _)| view).collect();
        Some(self.block("what-it-hangs-on", "tornado", &facts, views))
    }

    /// The main reading in the middle of a sentence.
    fn reading_name(&self) -> String {
        inside(&self.book.word_of(&["readings"], &self.reading).full(), self.book.language())
    }

    fn tornado_of(&self, stressor: &str, place: &Place) -> Option<(View, Facts)> {
        let change = place.stressor.as_ref()?;
        let of = |factor: &str| {
            let question = [
                (Column::Quantity, stressor),
                (Column::Region, place.code.as_str()),
                (Column::Factor, factor),
                (Column::Part, self.reading.as_str()),
            ];
            Some(self.book.estimate("tornado.csv", &question, ["p50", "p05", "p95"])?.0)
        };
        let mut inputs: Vec<(&str, Estimate)> = self
            .book
            .texts("tornado.csv", Column::Factor)
            .into_iter()
            .filter_map(|factor| Some((factor, of(factor)?)))
            .collect();
        let width = |estimate: &Estimate| estimate.span()[1] - estimate.span()[0];
        inputs.sort_by(|a, b| width(&b.1).total_cmp(&width(&a.1)));
        let mut facts = self.facts();
        self.add(&mut facts, "who", place);
        facts.count("n_inputs", inputs.len() as i64).word("where", self.whereabouts(place));
        let readings = Readings::of(self, stressor, place);
        let (widest, estimate) = inputs.first()?;
        facts.word("reading_in", self.reading_name());
        facts.flag("other_readings", false).flag("readings_disagree", false);
        if let Some(readings) = &readings {
            readings.facts(self, &change.unit, change.estimate.value(), &mut facts);
        }
        let wider = |readings: &Readings| readings.width() > width(estimate);
        facts.flag("readings_wider", readings.as_ref().is_some_and(wider));
        facts.word("widest", inside(&self.book.parameter(widest).full(), self.book.language()));
        let line = readings.as_ref().and_then(Readings::line);
        let estimates = inputs.iter().map(|(_, estimate)| estimate).chain(&line);
        let measure = self.stressor_measure(estimates.chain([&change.estimate]), &change.unit);
        facts.change("widest_effect", estimate, None, &measure);
        let description = self.say("run_tornado_drawn", &facts);
        let rows: Vec<(String, Vec<Option<Estimate>>)> = (inputs.iter())
            .map(|(factor, estimate)| {
                (self.book.parameter(factor).full(), vec![Some(estimate.clone())])
            })
            .chain(line.map(|line| (self.word("run_readings"), vec![Some(line)])))
            .collect();
        let quantity = [(self.stressor_name().full(), measure.clone())];
        let grid =
            change_grid(self.book, description.plain(), &self.word("factor"), &quantity, &rows);
        // Which end it is, the key says.
        let end = |cited: &Cited| End { input: String::new(), result: cited.clone() };
        let input = |(factor, estimate): &(&str, Estimate)| {
            let [low, high] = estimate.range.as_ref()?;
            Some(Input { name: self.book.parameter(factor), low: end(low), high: end(high) })
        };
        let figure = Tornado {
            head: self.stressor_name().full(),
            measure,
            change: true,
            base: change.estimate.point.clone(),
            inputs: (readings.iter().filter_map(|readings| readings.input(self)))
                .chain(inputs.iter().filter_map(input))
                .collect(),
        };
        let view = View {
            choice: place.name.brief(),
            description,
            figure: Box::new(figure),
            grid,
            file: "tornado.csv".to_owned(),
        };
        Some((view, facts))
    }

    /// In which sectors, for each quantity.
    fn sectors(&self) -> Option<Block> {
        const FILE: &str = "sector_differences.csv";
        let mut quantities = vec!["value_added".to_owned()];
        quantities.extend(self.stressor.clone());
        let places: Vec<(String, Named)> = (self.regions().into_iter())
            .map(|place| (place.code.clone(), place.name.clone()))
            .collect();
        let mut views = Vec::new();
        let mut first: Option<Facts> = None;
        for quantity in &quantities {
            let of = |region: &str, sector: &str| {
                self.book.find(
                    FILE,
                    &[
                        (Column::Year, self.year.as_str()),
                        (Column::Quantity, quantity),
                        (Column::Region, region),
                        (Column::Sector, sector),
                    ],
                )
            };
            let Some(mut cells) = Sectors::of(self.book, &places, of) else { continue };
            if Some(quantity) == self.stressor.as_ref() && self.levels_measure().is_some() {
                // In the unit of the other figures.
                cells.measure = self.quantities().pop().map_or(cells.measure, |(_, own)| own);
            }
            let mut facts = self.facts();
            let what = self.book.quantity(quantity);
            facts.word("what", what.full()).word("file", FILE);
            cells.largest(self.book, &mut facts, None);
            let description = self.say("run_sectors_drawn", &facts);
            views.push(View {
                choice: what.full(),
                grid: cells.grid(self.book, description.plain()),
                description,
                figure: Box::new(cells.figure(self.book, what.full())) as Box<dyn Figure>,
                file: FILE.to_owned(),
            });
            first.get_or_insert(facts);
        }
        Some(self.block("sectors", "sectors", &first?, views))
    }

    /// How clean: value added against the stressor.
    fn quadrant(&self) -> Option<Block> {
        self.stressor.as_ref()?;
        let quantities = self.quantities();
        let [(x_head, x), (y_head, y)] = quantities.as_slice() else { return None };
        let mut facts = self.facts();
        let point = |place: &Place| {
            Some(quadrant::Point {
                name: place.name.clone(),
                x: place.value_added.as_ref()?.estimate.clone(),
                y: place.stressor.as_ref()?.estimate.clone(),
            })
        };
        let points: Vec<quadrant::Point> = self.regions().into_iter().filter_map(point).collect();
        facts.flag("hollow", points.iter().any(|one| one.x.unclear() || one.y.unclear()));
        let figure = Quadrant {
            x: Panel { head: x_head.clone(), measure: x.clone() },
            y: Panel { head: y_head.clone(), measure: y.clone() },
            points,
            ray: None,
        };
        let description = self.say("run_quadrant_drawn", &facts);
        let view = View {
            choice: String::new(),
            grid: self.region_grid(&description),
            description,
            figure: Box::new(figure),
            file: SUMS.to_owned(),
        };
        Some(self.block("quadrant", "quadrant", &facts, vec![view]))
    }
}
