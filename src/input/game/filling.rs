//! `[table]` of a game file: which numbers of a table fill the parameters that the file leaves out.

use std::path::Path;

use crate::fault::Fault;
use crate::input::document::{Located, Section};
use crate::input::table::{self, Finder};
use crate::labels::Axis;
use crate::location::filling::{FillError, Filled, Request, fill};
use crate::table::Table;
use crate::text::exact;

/// What the table gave.
#[derive(Debug, Default)]
pub(super) struct Filling {
    pub(super) filled: Vec<Filled>,
    pub(super) table: Option<Table>,
    /// There is a `[table]`, but it could not be used.
    pub(super) failed: bool,
}

/// Names of A and B in the file.
type Names = [Option<Located<String>>; 2];

/// Reads `[table]`, and the table it names.
pub(super) fn read(
    root: &Section<'_>,
    finder: &Finder,
    data: Option<&Path>,
    names: Option<&Names>,
) -> Filling {
    let Some(section) = root.section("table") else {
        return Filling { failed: root.has("table"), ..Filling::default() };
    };
    let document = root.document();
    let written = Written::of(&section);
    section.finish();
    let path = written.path.as_ref().and_then(|text| {
        let found = finder.find(text).map_err(|_| {
            let fault = Fault::new(text.at.clone(), format!("there is no table {:?}", text.value));
            fault.help("paths are relative to the game file")
        });
        document.keep(found)
    });
    let table = path.and_then(|path| document.absorb(table::read(&path, data)));
    let filled = table.as_ref().and_then(|table| {
        let request = written.request(&section, table, names)?;
        let fault = |error: FillError| {
            let fault = Fault::new(section.at(), error.to_string());
            fault.help("name other sectors or regions, or give the parameters themselves in [game]")
        };
        document.keep(fill(table, &request).map_err(fault))
    });
    Filling { failed: filled.is_none(), filled: filled.unwrap_or_default(), table }
}

/// The section as written.
struct Written {
    path: Option<Located<String>>,
    sector: Option<Located<String>>,
    raw: Option<Vec<Located<String>>>,
    transport: Option<Vec<Located<String>>>,
    rows: Option<Vec<Located<String>>>,
    distances: [Option<f64>; 3],
    mean_haul: Option<f64>,
    prices: [f64; 2],
}

impl Written {
    fn of(section: &Section<'_>) -> Self {
        let number = |key: &'static str, zero: bool| {
            let number = section.number(key)?;
            if number.value > 0.0 || zero && number.value == 0.0 {
                return Some(number.value);
            }
            let fault = Fault::new(number.at, format!("table.{key} is {}", exact(number.value)));
            section.document().push(fault.help(if zero { "0 or more" } else { "more than 0" }));
            None
        };
        let written = Written {
            path: section.required_text("path"),
            sector: section.required_text("sector"),
            raw: section.texts("raw_sector"),
            transport: section.texts("transport"),
            rows: section.texts("value_added"),
            distances: ["distance_raw", "distance_product_A", "distance_product_B"]
                .map(|key| number(key, true)),
            mean_haul: number("mean_haul", false),
            prices: ["price_raw", "price_product"].map(|key| number(key, false).unwrap_or(1.0)),
        };
        if section.has("transport") {
            section.require("mean_haul");
        }
        for key in ["distance_raw", "distance_product_A", "distance_product_B", "mean_haul"] {
            if section.has(key) && !section.has("transport") {
                let text = format!("table.{key} without transport has no effect");
                let fault = Fault::new(section.at_key(key), text);
                section
                    .document()
                    .push(fault.help("name the sector that carries: transport = \"...\""));
            }
        }
        written
    }

    /// Names looked up in the table; every one that is not there is told.
    fn request(
        &self,
        section: &Section<'_>,
        table: &Table,
        names: Option<&Names>,
    ) -> Option<Request> {
        let industries = table.industries();
        let look = |axis: &Axis, text: &Located<String>| {
            let found = axis
                .position(&text.value)
                .map_err(|error| Fault::new(text.at.clone(), error.to_string()).help(error.help()));
            section.document().keep(found)
        };
        let list = |axis: &Axis, texts: &Option<Vec<Located<String>>>| -> Vec<usize> {
            texts.iter().flatten().filter_map(|text| look(axis, text)).collect()
        };
        let rows = Axis::new("value-added row", table.value_added_rows().rows.iter().cloned());
        let rows = rows.unwrap_or_else(|_| Axis::empty("value-added row"));
        let sector = self.sector.as_ref().and_then(|text| look(&industries.sectors, text));
        let mut regions = [None; 2];
        for (at, letter) in ["A", "B"].into_iter().enumerate() {
            match names.map(|names| &names[at]) {
                Some(Some(text)) => regions[at] = look(&industries.regions, text),
                _ => {
                    let text =
                        format!("[table] needs the region of {letter}: [game] has no {letter}");
                    let fault = Fault::new(section.at(), text);
                    section
                        .document()
                        .push(fault.help(format!("write {letter} = \"REGION\" in [game]")));
                }
            }
        }
        let (raw, transport) =
            (list(&industries.sectors, &self.raw), list(&industries.sectors, &self.transport));
        let (rows, asked) = (list(&rows, &self.rows), [&self.raw, &self.transport, &self.rows]);
        let found = [raw.len(), transport.len(), rows.len()];
        if asked.iter().zip(found).any(|(texts, found)| texts.as_ref().map_or(0, Vec::len) != found)
        {
            return None;
        }
        let [Some(a), Some(b)] = regions else { return None };
        Some(Request {
            regions: [a, b],
            sector: sector?,
            raw,
            transport,
            rows,
            distance_raw: self.distances[0],
            distance_product: [self.distances[1], self.distances[2]],
            mean_haul: self.mean_haul,
            prices: self.prices,
        })
    }
}
