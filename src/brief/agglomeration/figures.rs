//! Figures of agglomeration.

use super::{Activity, DENSITIES, Density, QUOTIENTS, REGIONS, SECTORS, Subject, index};
use crate::brief::common::{head, level_cell};
use crate::brief::content::{Block, Grid, GridRow, View};
use crate::brief::maps::{Map, Mapped, map};
use crate::brief::prose::Prose;
use crate::brief::shapes::{self, Numbers, number_grid};
use crate::brief::speech::Facts;
use crate::figure::classes::Kind;
use crate::figure::concentration::{ConcentrationCurves, Index, Panel as CurvePanel, Point};
use crate::figure::heatmap::{Heatmap, Matrix};
use crate::figure::level_bars::{LevelBars, Row};
use crate::figure::names::Named;
use crate::figure::net_bars::Panel;
use crate::figure::{Figure, NAMED};
use crate::numerals::{Cited, Estimate, Measure};
use crate::tidy::Column;

/// Curves of distances.
const CURVES: &str = "curves.csv";
/// Rows of bars that fit on half a page.
const MOST_ROWS: usize = 16;
/// Points of a curve that stand in its table.
const TABLED: usize = 12;

/// Figures of these measures, those that say most of them first.
pub(super) fn blocks(subject: &Subject<'_>, facts: &Facts) -> Vec<Block> {
    let found = [
        subject.sectors(facts),
        subject.quotients(facts),
        subject.curves(facts),
        subject.density(facts),
        subject.regions(facts),
    ];
    found.into_iter().flatten().collect()
}

/// A number by name.
type Line = (String, Named, Cited);

impl Subject<'_> {
    fn block(&self, id: &str, key: &str, facts: &Facts, views: Vec<View>) -> Block {
        shapes::block(self.book, id, ("agglomeration", key), facts, views)
    }

    fn view(&self, drawn: Prose, figure: Box<dyn Figure>, grid: Grid, file: &str) -> View {
        let choice = String::new();
        View { choice, description: drawn, figure, grid, file: file.to_owned() }
    }

    fn bars(&self, head: String, measure: &Measure, lines: &[Line]) -> LevelBars {
        let row = |(at, (_, name, value)): (usize, &Line)| Row {
            name: name.clone(),
            value: Some(Estimate::bare(value.clone())),
            marked: at == 0 || at + 1 == lines.len(),
        };
        LevelBars {
            panel: Panel { head, measure: measure.clone() },
            rows: lines.iter().take(MOST_ROWS).enumerate().map(row).collect(),
        }
    }

    /// How unevenly sectors are spread.
    fn sectors(&self, facts: &Facts) -> Option<Block> {
        let activity = self.activity.as_ref()?;
        let lines: Vec<Line> = (activity.sectors.iter())
            .map(|own| (own.code.clone(), own.name.clone(), own.gini.clone()))
            .collect();
        let (name, measure) = (self.word("agglomeration_gini"), index(self.book));
        let drawn = self.say("agglomeration_sectors_drawn", facts);
        let grid = grid_of(&drawn, &self.word("sector"), (&name, &measure), &lines);
        let figure = self.bars(name, &measure, &lines);
        let mut facts = facts.clone();
        facts.count("left_out", lines.len().saturating_sub(MOST_ROWS) as i64);
        let view = self.view(drawn, Box::new(figure), grid, SECTORS);
        Some(self.block("sectors", "sectors", &facts, vec![view]))
    }

    /// Which sector weighs more in which region than in all.
    fn quotients(&self, facts: &Facts) -> Option<Block> {
        let activity = self.activity.as_ref()?;
        activity.sectors.iter().find_map(|own| own.home.as_ref())?;
        let rows: Vec<Vec<Option<Cited>>> =
            activity.sectors.iter().map(|own| self.quotients_of(activity, &own.code)).collect();
        let measure = index(self.book);
        let cell = |cited: &Option<Cited>| cited.clone().map(Estimate::bare);
        let figure = Heatmap {
            matrix: Matrix::Cross,
            kind: Kind::Quotient,
            panel: Panel { head: self.word("agglomeration_lq"), measure: measure.clone() },
            rows: activity.sectors.iter().take(NAMED).map(|own| own.name.clone()).collect(),
            columns: activity.regions.iter().map(|(_, name)| name.clone()).collect(),
            cells: rows.iter().take(NAMED).map(|row| row.iter().map(cell).collect()).collect(),
        };
        let drawn = self.say("agglomeration_quotients_drawn", facts);
        let columns: Vec<Numbers> = (activity.regions.iter())
            .map(|(_, name)| Numbers::levels(name.brief(), measure.clone()))
            .collect();
        let lines: Vec<(String, Vec<Option<Cited>>)> =
            activity.sectors.iter().map(|own| own.name.full()).zip(rows).collect();
        let grid = number_grid(&drawn, &self.word("sector"), &columns, &lines);
        let mut facts = facts.clone();
        facts.count("left_out", lines.len().saturating_sub(NAMED) as i64);
        let view = self.view(drawn, Box::new(figure), grid, QUOTIENTS);
        Some(self.block("quotients", "quotients", &facts, vec![view]))
    }

    fn quotients_of(&self, activity: &Activity, sector: &str) -> Vec<Option<Cited>> {
        let of = |(code, _): &(String, Named)| self.quotient(&activity.quantity, code, sector);
        activity.regions.iter().map(of).collect()
    }

    /// How far regions' structures are from that of all.
    fn regions(&self, facts: &Facts) -> Option<Block> {
        let activity = self.activity.as_ref()?;
        let of = |(code, name): &(String, Named)| {
            let question = [
                (Column::Year, self.year.as_str()),
                (Column::Quantity, activity.quantity.as_str()),
                (Column::Region, code.as_str()),
                (Column::Statistic, "krugman"),
            ];
            Some((code.clone(), name.clone(), self.book.find(REGIONS, &question)?.cited))
        };
        let mut lines: Vec<Line> = activity.regions.iter().filter_map(of).collect();
        lines.sort_by(|a, b| b.2.value.total_cmp(&a.2.value));
        lines.first()?;
        let (name, measure) = (self.word("agglomeration_krugman"), index(self.book));
        let drawn = self.say("agglomeration_regions_drawn", facts);
        let grid = grid_of(&drawn, &self.word("region"), (&name, &measure), &lines);
        let figure = self.placed(name, &measure, &lines);
        let view = self.view(drawn, figure, grid, REGIONS);
        let mut facts = facts.clone();
        self.tell_maps([lines.as_slice()], &mut facts);
        Some(self.block("regions", "regions", &facts, vec![view]))
    }

    /// A map of levels, if most regions have a place on one.
    fn map_of(&self, head: String, measure: &Measure, lines: &[Line]) -> Option<Map> {
        let region = |(code, name, value): &Line| Mapped {
            code: code.clone(),
            name: name.clone(),
            values: vec![Some(Estimate::bare(value.clone()))],
        };
        let panels = [Panel { head, measure: measure.clone() }];
        let regions: Vec<Mapped> = lines.iter().map(region).collect();
        map(self.book, Kind::Level, &panels, &regions)
    }

    /// Tells notes how to read the maps, as `map_key`; empty where there are none.
    fn tell_maps<'l>(&self, regions: impl IntoIterator<Item = &'l [Line]>, facts: &mut Facts) {
        let map = |lines| self.map_of(String::new(), &index(self.book), lines);
        let first = regions.into_iter().find_map(map);
        facts.prose("map_key", first.map_or(Prose::default(), |map| map.key));
    }

    /// A map if there can be one, else bars.
    fn placed(&self, head: String, measure: &Measure, lines: &[Line]) -> Box<dyn Figure> {
        match self.map_of(head.clone(), measure, lines) {
            Some(map) => map.figure,
            None => Box::new(self.bars(head, measure, lines)),
        }
    }

    /// Quantities per area, one after the other.
    fn density(&self, facts: &Facts) -> Option<Block> {
        let views: Vec<View> =
            self.densities.iter().filter_map(|one| self.density_of(one)).collect();
        let mut facts = facts.clone();
        self.tell_maps(self.densities.iter().map(|one| one.regions.as_slice()), &mut facts);
        (!views.is_empty()).then(|| self.block("densities", "density", &facts, views))
    }

    fn density_of(&self, density: &Density) -> Option<View> {
        let largest = density.regions.first()?.2.value;
        let measure = self.book.figure_measure(&density.unit, largest);
        // The sparsest region has a digit too.
        let sizes = density.regions.iter().map(|(.., cited)| measure.scaled(cited.value).abs());
        let least = sizes.filter(|size| *size > 0.0).fold(f64::INFINITY, f64::min);
        let digits = if least < 0.1 { 2 } else { usize::from(least < 1.0) };
        let measure = measure.with_decimals(measure.decimals().max(digits));
        let mut facts = Facts::new();
        self.add_density(&mut facts, density);
        facts.flag("chosen", density.part == "chosen");
        let drawn = self.say("agglomeration_density_drawn", &facts);
        let name = self.density_name(density);
        let grid =
            grid_of(&drawn, &self.word("region"), (&name.full(), &measure), &density.regions);
        let figure = self.placed(name.full(), &measure, &density.regions);
        Some(View { choice: name.brief(), ..self.view(drawn, figure, grid, DENSITIES) })
    }

    /// Distances between plants against those of random sites.
    fn curves(&self, facts: &Facts) -> Option<Block> {
        let switches = &self.book.recorded.summary.switches;
        let band = switches.get("plants.band").and_then(|band| band.as_str()).unwrap_or("levels");
        let level = switches.get("plants.level").and_then(serde_json::Value::as_f64);
        let points: Vec<Vec<Measured>> =
            self.industries.iter().map(|own| self.points(&own.code, band)).collect();
        let all = || points.iter().flatten();
        let largest = |of: fn(&Measured) -> f64| all().map(of).fold(0.0, f64::max);
        let units = self.units()?;
        let distance = self.book.figure_measure(&units[0], largest(|one| one.distance.value));
        let density = self.book.figure_measure(&units[1], largest(|one| one.density.value));
        // Near zero the band is what matters.
        let density = density.with_decimals(density.decimals() + 1);
        let panel = |(own, points): (&super::Industry, &Vec<Measured>)| CurvePanel {
            name: own.name.clone(),
            points: points.iter().map(Measured::drawn).collect(),
            index: match (own.localised.value > 0.0, own.dispersed.value > 0.0) {
                (true, _) => Index::Localised(own.localised.clone()),
                (false, true) => Index::Dispersed(own.dispersed.clone()),
                (false, false) => Index::Neither,
            },
        };
        let drawn = self.say("agglomeration_curves_drawn", facts);
        let grid = self.curve_grid(&drawn, points.first()?, [&distance, &density]);
        let figure = ConcentrationCurves {
            head: self.word("agglomeration_curves_head"),
            distance,
            density,
            index: index(self.book),
            share: 1.0 - level.unwrap_or(0.05),
            panels: self.industries.iter().zip(&points).map(panel).take(NAMED).collect(),
        };
        let view = self.view(drawn, Box::new(figure), grid, CURVES);
        Some(self.block("plants", "curves", facts, vec![view]))
    }

    /// Units of distances and of densities.
    fn units(&self) -> Option<[String; 2]> {
        let tidy = self.book.tidy(CURVES)?;
        let unit = |quantity: &str| {
            let row = (0..tidy.len()).find(|row| tidy.text(*row, Column::Quantity) == quantity)?;
            Some(tidy.text(row, Column::Unit).to_owned())
        };
        Some([unit("distance")?, unit("density")?])
    }

    fn points(&self, industry: &str, band: &str) -> Vec<Measured> {
        let number = |quantity: &str, at: usize, part: &str, statistic: &str| {
            let question = [
                (Column::Quantity, quantity),
                (Column::Sector, industry),
                (Column::Point, &at.to_string()),
                (Column::Part, part),
                (Column::Statistic, statistic),
            ];
            Some(self.book.find(CURVES, &question)?.cited)
        };
        let ends = |at: usize, part: &str| {
            number("band", at, part, "lower").zip(number("band", at, part, "upper"))
        };
        let point = |at: usize| {
            Some(Measured {
                distance: number("distance", at, "", "")?,
                density: number("density", at, "", "")?,
                local: ends(at, "local").map(|(low, high)| [low, high]),
                global: ends(at, band).map(|(low, high)| [low, high]),
            })
        };
        (1..).map_while(point).collect()
    }

    /// The curve of the first industry with its global band, at some of its points.
    fn curve_grid(
        &self,
        drawn: &Prose,
        points: &[Measured],
        [distance, density]: [&Measure; 2],
    ) -> Grid {
        let units = [distance, density, density, density];
        let words = ["agglomeration_distance", "agglomeration_density", "lowest", "highest"];
        let heads =
            words.iter().zip(units).map(|(key, own)| head(self.word(key), own.unit(), true));
        let every = points.len().div_ceil(TABLED).max(1);
        let row = |one: &Measured| {
            let ends = one.global.as_ref();
            let cells = vec![
                level_cell(Some(&one.distance), distance),
                level_cell(Some(&one.density), density),
                level_cell(ends.map(|ends| &ends[0]), density),
                level_cell(ends.map(|ends| &ends[1]), density),
            ];
            GridRow { cells, total: false }
        };
        let rows = points.iter().step_by(every).map(row).collect();
        Grid { caption: drawn.plain(), heads: heads.collect(), rows }
    }
}

/// A point of a curve with the lines of its numbers.
struct Measured {
    distance: Cited,
    density: Cited,
    local: Option<[Cited; 2]>,
    global: Option<[Cited; 2]>,
}

impl Measured {
    fn drawn(&self) -> Point {
        let values =
            |ends: &Option<[Cited; 2]>| ends.as_ref().map(|[low, high]| [low.value, high.value]);
        Point {
            distance: self.distance.value,
            density: self.density.value,
            local: values(&self.local),
            global: values(&self.global),
        }
    }
}

/// A table of one number by name.
fn grid_of(
    drawn: &Prose,
    name_head: &str,
    (name, measure): (&str, &Measure),
    lines: &[Line],
) -> Grid {
    let rows: Vec<(String, Vec<Option<Cited>>)> =
        (lines.iter()).map(|(_, name, value)| (name.full(), vec![Some(value.clone())])).collect();
    number_grid(drawn, name_head, &[Numbers::levels(name, measure.clone())], &rows)
}
