//! Changes by sector and region: their order, a table, a heatmap, and what is largest.

use super::book::{Book, Found, at_start, inside};
use super::common::{as_in_figure, head, words};
use super::content::{Cell, Grid, GridRow};
use super::prose::Prose;
use super::speech::Facts;
use crate::figure::NAMED;
use crate::figure::classes::Kind;
use crate::figure::heatmap::{Heatmap, Matrix};
use crate::figure::names::Named;
use crate::figure::net_bars::Panel;
use crate::numerals::{Estimate, Measure};

/// Sectors by regions, the sector in which most moves first.
pub(super) struct Sectors {
    places: Vec<Named>,
    codes: Vec<String>,
    /// Their names inside sentences.
    inside: Vec<String>,
    rows: Vec<(String, Vec<Option<Found>>)>,
    /// Unit of the figure.
    pub measure: Measure,
    /// All but the first eleven together, if there are more than twelve.
    rest: Option<(String, Vec<Option<Found>>)>,
}

/// Code of the sum of all sectors but the eleven in which most moves.
const REST: &str = "others";

impl Sectors {
    /// Those of the places in their order; `find` has the number of a place and a sector. Nothing if there is
    /// none.
    pub fn of(
        book: &Book<'_>,
        places: &[(String, Named)],
        find: impl Fn(&str, &str) -> Option<Found>,
    ) -> Option<Self> {
        let table = book.recorded.summary.tables.first()?;
        let row = |sector: &str| {
            let cells = places.iter().map(|(place, _)| find(place, sector)).collect();
            (sector.to_owned(), cells)
        };
        let mut rows: Vec<(String, Vec<Option<Found>>)> =
            table.sectors.iter().map(|label| row(&label.code)).collect();
        let size = |cells: &[Option<Found>]| -> f64 {
            cells.iter().flatten().map(|found| found.cited.value.abs()).sum()
        };
        rows.sort_by(|a, b| size(&b.1).total_cmp(&size(&a.1)));
        let found = || rows.iter().flat_map(|(_, cells)| cells.iter().flatten());
        let unit = found().next()?.unit.clone();
        let largest = found().map(|one| one.cited.value.abs()).fold(0.0, f64::max);
        let measure = book.figure_measure(&unit, largest);
        let rest = row(REST);
        let inside = places.iter().map(|(code, _)| book.place_inside(code)).collect();
        let codes = places.iter().map(|(code, _)| code.clone()).collect();
        let places = places.iter().map(|(_, name)| name.clone()).collect();
        let rest =
            Some(rest).filter(|(_, cells)| rows.len() > NAMED && cells.iter().any(Option::is_some));
        Some(Sectors { places, codes, inside, rows, measure, rest })
    }

    /// Largest gain and largest loss of a place and sector: `gain`, `gain_place` (inside a sentence `gain_place_in`, at its
    /// start `gain_place_start`), `gain_sector`; `loss` likewise; and
    /// whether sectors are `folded` into one line. Numbers are in the given unit or that of sentences.
    pub fn largest(&self, book: &Book<'_>, facts: &mut Facts, measure: Option<&Measure>) {
        facts.flag("folded", self.rest.is_some());
        for (key, sign) in [("gain", 1.0), ("loss", -1.0)] {
            let Some((sector, place, found)) = self.most(sign) else {
                facts.flag(&format!("with_{key}"), false);
                continue;
            };
            let estimate = Estimate::bare(found.cited.clone());
            let own = || as_in_figure(book, &estimate, &found.unit, &self.measure);
            let measure = measure.cloned().unwrap_or_else(own);
            facts.flag(&format!("with_{key}"), true);
            facts.word(&format!("{key}_place_in"), self.inside[place].clone());
            facts.word(&format!("{key}_place_start"), at_start(&self.inside[place]));
            facts.word(&format!("{key}_place"), book.spoken(&self.places[place]));
            let name = inside(&book.sector(sector).brief(), book.language());
            facts.word(&format!("{key}_sector"), name);
            facts.change(key, &estimate, None, &measure);
        }
    }

    /// The largest gain, or by a negative sign the largest loss: sector, at which place, and the number.
    fn most(&self, sign: f64) -> Option<(&str, usize, &Found)> {
        let cells = self.rows.iter().flat_map(|(sector, cells)| {
            cells
                .iter()
                .enumerate()
                .filter_map(move |(at, cell)| Some((sector.as_str(), at, cell.as_ref()?)))
        });
        let most =
            cells.max_by(|a, b| (sign * a.2.cited.value).total_cmp(&(sign * b.2.cited.value)));
        most.filter(|(_, _, found)| found.cited.value * sign > 0.0)
    }

    /// Codes of the place and the sector of the largest gain, or by a negative sign of the largest loss.
    pub fn end(&self, sign: f64) -> Option<[&str; 2]> {
        self.most(sign).map(|(sector, place, _)| [self.codes[place].as_str(), sector])
    }

    /// All numbers.
    pub fn grid(&self, book: &Book<'_>, caption: String) -> Grid {
        let word = book.speaker.template().word("sector", book.language());
        let mut heads = vec![head(word, "", false)];
        heads.extend(self.places.iter().map(|name| head(name.brief(), self.measure.unit(), true)));
        let number = |found: &Option<Found>| match found {
            Some(found) => Cell {
                main: Prose::number(self.measure.change(found.cited.value), &found.cited),
                sort: Some(found.cited.value),
                ..Cell::default()
            },
            None => words("—"),
        };
        let line = |(sector, cells): &(String, Vec<Option<Found>>)| {
            let name = words(book.sector(sector).full());
            let cells = std::iter::once(name).chain(cells.iter().map(number)).collect();
            GridRow { cells, total: false }
        };
        Grid { caption, heads, rows: self.rows.iter().map(line).collect() }
    }

    /// The heatmap of the sectors in which most moves, and of the others together if the file has their sum.
    pub fn figure(&self, book: &Book<'_>, head: String) -> Heatmap {
        let shown = self.shown();
        let estimate =
            |cell: &Option<Found>| cell.as_ref().map(|found| Estimate::bare(found.cited.clone()));
        let cells =
            |(_, cells): &&(String, Vec<Option<Found>>)| cells.iter().map(estimate).collect();
        Heatmap {
            matrix: Matrix::Cross,
            kind: Kind::Change,
            panel: Panel { head, measure: self.measure.clone() },
            rows: shown.iter().map(|(sector, _)| self.name(book, sector)).collect(),
            columns: self.places.clone(),
            cells: shown.iter().map(cells).collect(),
        }
    }

    /// Rows of the figure: all sectors, or those that are named and the rest.
    fn shown(&self) -> Vec<&(String, Vec<Option<Found>>)> {
        match &self.rest {
            Some(rest) => self.rows.iter().take(NAMED - 1).chain([rest]).collect(),
            None => self.rows.iter().take(NAMED).collect(),
        }
    }

    fn name(&self, book: &Book<'_>, sector: &str) -> Named {
        if sector != REST {
            return book.sector(sector);
        }
        let mut facts = Facts::new();
        facts.count("n", (self.rows.len() + 1 - NAMED) as i64);
        Named::new(book.speaker.say("other_sectors", &facts).plain())
    }
}
