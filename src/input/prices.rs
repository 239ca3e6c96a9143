//! Prices of a table's products relative to a base year: a CSV with one price a line.
//!
//! ```text
//! region,sector,price
//! BJ,M,1.08            price of M made in BJ
//! ,S,1.15              price of S wherever it is made and no line of its own says otherwise
//! BJ,,1.05             GDP deflator of BJ, for products without any price above
//! imports,M,1.03       price of imported M; without a sector, of all imports
//! ```
//!
//! 1 is the price of the base year. A line without region and sector is the price level of all that
//! no other line is about. Prices of the table's own year are all 1; one that is tenfold the others is told, one that
//! looks like an index among relatives refused. The columns `region` and `sector` may be left out where they are empty.

use std::collections::HashMap;

use super::sheet::Sheet;
use crate::fault::{Fault, Faults, Location};
use crate::labels::{Axis, comparable, suggestion};
use crate::table::prices::{ImportPrices, PriceSource, Prices, is_price};
use crate::table::{Imports, NATIONAL, Table};
use crate::text::{exact, human};

/// Word in the column `region` for the prices of imports.
pub const IMPORTS: &str = "imports";

/// From here on a file of prices looks like one of indices with 100 in the base year.
const INDEX_FROM: f64 = 20.0;

/// So many times the others, a price is an index with 100 in the base year; from the second on it is odd.
const INDEX_TIMES: f64 = 30.0;
const ODD_TIMES: f64 = 10.0;

/// Prices that are believed at all.
const BELIEVED: std::ops::RangeInclusive<f64> = 1e-6..=1e6;

/// How many names a fault lists.
const NAMED: usize = 20;

/// What a line is the price of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Industry(usize),
    National(usize),
    Region(usize),
    General,
    Import(usize),
    AllImports,
}

struct Reader<'a> {
    sheet: &'a Sheet,
    table: &'a Table,
    base_year: i32,
    region: Option<usize>,
    sector: Option<usize>,
    /// Price and row of each key.
    found: HashMap<Key, (f64, usize)>,
    faults: Faults,
}

/// Reads the prices of a table; `base_year` is the year in which they are 1.
///
/// # Errors
/// A header that is not known, every unknown region or sector, every price that is not above zero,
/// every second price of one thing, and a list of all that has no price.
pub fn read(sheet: &Sheet, table: &Table, base_year: i32) -> Result<Prices, Faults> {
    let (region, sector) = (sheet.column(0, &["region"]), sheet.column(0, &["sector"]));
    let (found, faults) = (HashMap::new(), Faults::default());
    let mut reader = Reader { sheet, table, base_year, region, sector, found, faults };
    sheet.check_list(&mut reader.faults);
    reader.header();
    if let (Some(price), true) = (sheet.column(0, &["price"]), reader.faults.is_empty()) {
        (1..sheet.rows()).for_each(|row| reader.line(row, price));
        if sheet.rows() < 2 {
            reader.faults.push(Fault::new(sheet.line(0), "no line below the header"));
        }
    }
    if !reader.faults.is_empty() {
        return Err(reader.faults);
    }
    reader.refuse_indices();
    let caveats = reader.apart();
    let (output, sources) = reader.output();
    let imports = reader.imports();
    let faults = reader.faults;
    if !faults.is_empty() {
        return Err(faults);
    }
    Prices::new(base_year, output, sources, imports)
        .map(|prices| prices.with_caveats(caveats))
        .map_err(|error| Fault::new(Location::whole(sheet.path()), error.to_string()).into())
}

impl Reader<'_> {
    /// Every column must be known: one that is misspelt would make its prices national.
    fn header(&mut self) {
        const KNOWN: [&str; 3] = ["region", "sector", "price"];
        let help = "the header is: region,sector,price";
        self.sheet.check_known(&KNOWN, help, &mut self.faults);
        if self.sheet.column(0, &["price"]).is_none() {
            let fault = Fault::new(self.sheet.line(0), "no column \"price\" in the header");
            self.faults.push(fault.help(help));
        }
    }

    fn line(&mut self, row: usize, column: usize) {
        let price = self.sheet.number(row, column);
        let price = price.and_then(|price| {
            let told = self.refused(price).map_or(Ok(price), Err);
            told.map_err(|text| {
                let fault = Fault::new(self.sheet.at(row, column), text);
                fault.help("1 is the price of the base year")
            })
        });
        let price = self.faults.keep(price);
        let key = self.key(row);
        let (Some(price), Some(key)) = (price, key) else { return };
        if let Some((_, before)) = self.found.get(&key) {
            let text = format!(
                "a second price for {}; the first is {}",
                self.name(key),
                self.sheet.line(*before)
            );
            self.faults.push(Fault::new(self.sheet.line(row), text).help("keep one of them"));
            return;
        }
        self.found.insert(key, (price, row));
    }

    /// Why a number is no price of this table.
    fn refused(&self, price: f64) -> Option<String> {
        let told = exact(price);
        if !is_price(price) {
            return Some(format!("a price of {told}, expected a number above 0"));
        }
        if !BELIEVED.contains(&price) {
            return Some(format!("a price of {told}, expected one from 1e-6 to 1e6"));
        }
        let own = self.table.meta().year;
        (own == self.base_year && (price - 1.0).abs() > 1e-9).then(|| {
            format!(
                "a price of {told}, but the base year {own} is the table's own: all prices are 1"
            )
        })
    }

    /// What a line is the price of.
    fn key(&mut self, row: usize) -> Option<Key> {
        let industries = self.table.industries();
        let text = |column: Option<usize>| column.map_or("", |column| self.sheet.cell(row, column));
        let (region, sector) = (text(self.region), text(self.sector));
        let mut position = |axis: &Axis, text: &str, column: Option<usize>| {
            let found = axis.position(text).map_err(|error| {
                let at = self.sheet.at(row, column.unwrap_or(0));
                let near = suggestion(text, std::iter::once(IMPORTS));
                let help = match near.filter(|_| axis.kind() == industries.regions.kind()) {
                    Some(near) => format!("did you mean {near:?}, for the prices of imports?"),
                    None => error.help(),
                };
                Fault::new(at, error.to_string()).help(help)
            });
            self.faults.keep(found)
        };
        let product =
            (!sector.is_empty()).then(|| position(&industries.sectors, sector, self.sector));
        if comparable(region) == IMPORTS {
            return Some(match product {
                Some(product) => Key::Import(product?),
                None => Key::AllImports,
            });
        }
        let everywhere = region.is_empty() || comparable(region) == NATIONAL || region == "全国";
        let place = (!everywhere).then(|| position(&industries.regions, region, self.region));
        Some(match (place, product) {
            (Some(place), Some(product)) => Key::Industry(industries.index(place?, product?)),
            (Some(place), None) => Key::Region(place?),
            (None, Some(product)) => Key::National(product?),
            (None, None) => Key::General,
        })
    }

    fn name(&self, key: Key) -> String {
        let industries = self.table.industries();
        match key {
            Key::Industry(at) => industries.name(at),
            Key::National(sector) => format!("{} of all regions", industries.sectors.code(sector)),
            Key::Region(region) => format!("all of {}", industries.regions.code(region)),
            Key::General => "everything".to_owned(),
            Key::Import(sector) => format!("imports of {}", industries.sectors.code(sector)),
            Key::AllImports => "all imports".to_owned(),
        }
    }

    /// A table deflated by 108 where 1.08 was meant would look like a real one.
    fn refuse_indices(&mut self) {
        let mut prices: Vec<f64> = self.found.values().map(|(price, _)| *price).collect();
        prices.sort_by(f64::total_cmp);
        if let Some(smallest) = prices.first().filter(|smallest| **smallest >= INDEX_FROM) {
            let text = format!(
                "every price is {} or more: these look like indices with 100 in the base year",
                exact(*smallest)
            );
            let fault = Fault::new(Location::whole(self.sheet.path()), text);
            self.faults.push(fault.help("divide them by 100: 1 is the price of the base year"));
        }
    }

    /// Prices far from all others: a fault where only indices among relatives are, else a caveat.
    fn apart(&mut self) -> Vec<String> {
        let mut lines: Vec<(usize, Key, f64)> =
            self.found.iter().map(|(key, (price, row))| (*row, *key, *price)).collect();
        lines.sort_by_key(|line| line.0);
        let mut prices: Vec<f64> = lines.iter().map(|line| line.2).collect();
        prices.sort_by(f64::total_cmp);
        let mut caveats = Vec::new();
        for (row, key, price) in lines {
            let Some(usual) = median_without(&prices, price) else { continue };
            let times = (price / usual).max(usual / price);
            let text = format!(
                "the price of {} is {}, and the others are about {}",
                self.name(key),
                exact(price),
                human(usual)
            );
            if times >= INDEX_TIMES {
                let fault = Fault::new(self.sheet.line(row), text);
                self.faults.push(fault.help(
                    "1 is the price of the base year: divide an index of 100 by 100, and give every line alike",
                ));
            } else if times >= ODD_TIMES {
                caveats.push(format!("{} ({text})", self.sheet.line(row)));
            }
        }
        caveats
    }

    fn price(&self, key: Key) -> Option<f64> {
        self.found.get(&key).map(|(price, _)| *price)
    }

    /// Price of each industry and what it is taken from; those that sell nothing need none.
    fn output(&mut self) -> (Vec<f64>, Vec<PriceSource>) {
        let (table, industries) = (self.table, self.table.industries());
        let sold = table.flows().row_sums();
        let used = table.total_final_demand();
        let idle = |at: usize| table.output()[at] == 0.0 && sold[at] == 0.0 && used[at] == 0.0;
        let mut missing = Vec::new();
        let found = (0..industries.len()).map(|at| {
            let (region, sector) = industries.split(at);
            let keys = [
                (Key::Industry(at), PriceSource::Own),
                (Key::National(sector), PriceSource::National),
                (Key::Region(region), PriceSource::Region),
                (Key::General, PriceSource::General),
            ];
            let known =
                keys.into_iter().find_map(|(key, source)| self.price(key).map(|p| (p, source)));
            known.unwrap_or_else(|| {
                if !idle(at) {
                    missing.push(industries.name(at));
                }
                (1.0, PriceSource::Own)
            })
        });
        let found = found.unzip();
        self.missing(
            &missing,
            ["industry", "industries"],
            "add a line for each; or one for the sector (region left empty), or the deflator of the region (sector left \
             empty)",
        );
        found
    }

    fn imports(&mut self) -> ImportPrices {
        let sectors = &self.table.industries().sectors;
        let one = self.price(Key::AllImports);
        let at = |sheet: &Sheet| Location::whole(sheet.path());
        match self.table.imports() {
            Imports::None => ImportPrices::None,
            Imports::OneRow { .. } => {
                if one.is_none() {
                    let fault = Fault::new(
                        at(self.sheet),
                        "the table has one row of imports, and no price for all imports",
                    );
                    self.faults.push(fault.help(format!("add a line: {IMPORTS},,PRICE")));
                }
                one.map_or(ImportPrices::None, ImportPrices::One)
            }
            Imports::ByProduct { intermediate, final_demand } => {
                let any = |product: usize| {
                    let rows = [intermediate.row(product), final_demand.row(product)];
                    rows.iter().any(|row| row.iter().any(|value| *value != 0.0))
                };
                let mut missing = Vec::new();
                let price = |product: usize| {
                    self.price(Key::Import(product)).or(one).unwrap_or_else(|| {
                        if any(product) {
                            missing.push(sectors.code(product).to_owned());
                        }
                        1.0
                    })
                };
                let prices = (0..sectors.len()).map(price).collect();
                let help = format!(
                    "add lines like {IMPORTS},SECTOR,PRICE; or one for all imports: {IMPORTS},,PRICE"
                );
                self.missing(&missing, ["imported product", "imported products"], &help);
                ImportPrices::ByProduct(prices)
            }
        }
    }

    fn missing(&mut self, names: &[String], what: [&str; 2], help: &str) {
        if names.is_empty() {
            return;
        }
        let more = if names.len() > NAMED { ", ..." } else { "" };
        let shown = names[..names.len().min(NAMED)].join(", ");
        let text = match names.len() {
            1 => format!("1 {} has no price: {shown}", what[0]),
            count => format!("{count} {} have no price: {shown}{more}", what[1]),
        };
        self.faults.push(Fault::new(Location::whole(self.sheet.path()), text).help(help));
    }
}

/// The median of sorted prices but for one of them; none where it is the only one.
fn median_without(prices: &[f64], one: f64) -> Option<f64> {
    let at = prices.partition_point(|price| *price < one);
    let place = prices.len().checked_sub(2)? / 2;
    prices.get(if place < at { place } else { place + 1 }).copied()
}
