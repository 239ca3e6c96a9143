//! The matrices of a table under its own labels, as CSV or in numpy's `.npy` format.
//!
//! | file | rows | columns |
//! |---|---|---|
//! | `A`, `L` | industries | industries |
//! | `S`, `M` | quantities | industries |
//! | `industries.csv` | industries, in the order of rows and columns | codes, names, unit |
//! | `quantities.csv` | quantities, in the order of rows | code, names, unit |
//!
//! A CSV has the layout of irio's own `flows.csv`: two lines of header, two columns of labels, zeros written. All are
//! written row by row while the folder is made, so no second copy of a matrix exists.

#![allow(non_snake_case)]

use std::io::{self, Write};

use rayon::prelude::*;

use super::results::{GridFile, Results};
use super::table::{Lines, industry, industry_header};
use super::{Streamed, npy};
use crate::labels::Label;
use crate::linalg::Dense;
use crate::linalg::scaled::Scaled;
use crate::table::{Quantity, Table};

/// How matrices are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text under labels, each number the shortest that reads back as the same bits.
    Csv,
    /// Arrays of float64 by rows, as `numpy.save` writes them; labels stand in the lists beside them.
    Npy,
}

impl Format {
    /// The word for it, which is also how its files end.
    pub fn word(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Npy => "npy",
        }
    }
}

/// Matrices of a table; those that were not asked for are none.
#[derive(Debug)]
pub struct Matrices<'a> {
    /// The table.
    pub table: &'a Table,
    /// Rows of `S` and `M`.
    pub quantities: &'a [Quantity],
    /// Input coefficients, industries × industries.
    pub A: Option<&'a Scaled>,
    /// The Leontief inverse, industries × industries.
    pub L: Option<&'a Dense>,
    /// Quantities per unit of output, quantities × industries.
    pub S: Option<&'a Dense>,
    /// Multipliers, quantities × industries.
    pub M: Option<&'a Dense>,
}

/// Cells of a matrix, wherever they are kept.
#[derive(Clone, Copy)]
enum Cells<'a> {
    Scaled(&'a Scaled),
    Dense(&'a Dense),
}

impl Cells<'_> {
    fn shape(self) -> (usize, usize) {
        match self {
            Cells::Scaled(scaled) => scaled.shape(),
            Cells::Dense(dense) => dense.shape(),
        }
    }

    fn row_into(self, row: usize, into: &mut [f64]) {
        match self {
            Cells::Scaled(scaled) => scaled.row_into(row, into),
            Cells::Dense(dense) => into.copy_from_slice(dense.row(row)),
        }
    }
}

/// What the rows of a matrix are; its columns are industries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    Industries,
    Quantities,
}

/// A matrix with its letter, its rows and what it is.
type Lettered<'a> = (&'static str, Rows, Cells<'a>, &'static str);

/// Lines of text that are made at once, on all threads.
const AT_ONCE: usize = 256;

impl<'a> Matrices<'a> {
    fn wanted(&self) -> Vec<Lettered<'a>> {
        let A = self.A.map(Cells::Scaled);
        let [L, S, M] = [self.L, self.S, self.M].map(|dense| dense.map(Cells::Dense));
        let all = [
            (
                "A",
                Rows::Industries,
                A,
                "input coefficients `A = Z x̂⁻¹`: what an industry (column) buys of each product (row) per unit of its output",
            ),
            (
                "L",
                Rows::Industries,
                L,
                "Leontief inverse `L = (I − A)⁻¹`: output of each industry (row) per unit of final demand for a product \
                 (column)",
            ),
            (
                "S",
                Rows::Quantities,
                S,
                "coefficients `S = F x̂⁻¹`: each quantity (row) per unit of output of an industry (column)",
            ),
            (
                "M",
                Rows::Quantities,
                M,
                "multipliers `M = S L`: each quantity (row) per unit of final demand for a product (column), suppliers \
                 included; of output, the column sums of `L`",
            ),
        ];
        let present = |(letter, rows, cells, what): (_, _, Option<Cells<'a>>, _)| {
            cells.map(|cells| (letter, rows, cells, what))
        };
        all.into_iter().filter_map(present).collect()
    }

    /// Tells the results of every file that [`files`](Matrices::files) writes.
    pub fn record(&self, results: &mut Results, format: Format) {
        let mut add = |name: String, what: &str, (rows, columns): (usize, usize)| {
            results.grids.push(GridFile { name, what: what.to_owned(), rows, columns });
        };
        let wanted = self.wanted();
        for (letter, _, cells, what) in &wanted {
            add(format!("{letter}.{}", format.word()), what, cells.shape());
        }
        let n = self.table.industries().len();
        add(
            "industries.csv".to_owned(),
            "industries in the order of rows and columns: codes, names, unit of money",
            (n, INDUSTRY_COLUMNS.len()),
        );
        if wanted.iter().any(|(_, rows, ..)| *rows == Rows::Quantities) {
            add(
                "quantities.csv".to_owned(),
                "quantities in the order of the rows of `S` and `M`: code, names, unit",
                (self.quantities.len(), QUANTITY_COLUMNS.len()),
            );
        }
    }

    /// A cell that is no finite number, if there is one.
    pub fn overflow(&self) -> Option<String> {
        let industries = self.table.industries();
        let mut cells = vec![0.0; industries.len()];
        for (letter, rows, matrix, _) in self.wanted() {
            for row in 0..matrix.shape().0 {
                matrix.row_into(row, &mut cells);
                if let Some(column) = cells.iter().position(|value| !value.is_finite()) {
                    let row = match rows {
                        Rows::Industries => industries.name(row),
                        Rows::Quantities => {
                            self.table.quantity_code(self.quantities[row]).to_owned()
                        }
                    };
                    return Some(format!("{letter} of {row} and {}", industries.name(column)));
                }
            }
        }
        None
    }

    /// The files, written by [`super::folder::write_streamed`].
    pub fn files(&self, format: Format) -> Vec<Streamed<'a>> {
        let (table, quantities) = (self.table, self.quantities);
        let wanted = self.wanted();
        let lists_quantities = wanted.iter().any(|(_, rows, ..)| *rows == Rows::Quantities);
        let mut files: Vec<Streamed<'a>> = wanted
            .into_iter()
            .map(|(letter, rows, cells, _)| {
                let name = format!("{letter}.{}", format.word());
                Streamed::new(name, move |out| match format {
                    Format::Npy => array(out, cells),
                    Format::Csv => text(out, table, quantities, rows, cells),
                })
            })
            .collect();
        files.push(Streamed::new("industries.csv", move |out| {
            out.write_all(industry_list(table).as_bytes())
        }));
        if lists_quantities {
            files.push(Streamed::new("quantities.csv", move |out| {
                out.write_all(quantity_list(table, quantities).as_bytes())
            }));
        }
        files
    }
}

fn array(out: &mut dyn Write, matrix: Cells<'_>) -> io::Result<()> {
    let (rows, columns) = matrix.shape();
    npy::begin(out, &[rows, columns])?;
    let mut cells = vec![0.0; columns];
    (0..rows).try_for_each(|row| {
        matrix.row_into(row, &mut cells);
        npy::numbers(out, &cells)
    })
}

fn text(
    out: &mut dyn Write,
    table: &Table,
    quantities: &[Quantity],
    rows: Rows,
    matrix: Cells<'_>,
) -> io::Result<()> {
    let parts = table.parts();
    let mut head = Lines::default();
    let labels = match rows {
        Rows::Industries => ["region", "sector"],
        Rows::Quantities => ["quantity", "unit"],
    };
    industry_header(&mut head, parts, &labels);
    out.write_all(head.into_text().as_bytes())?;
    let line = |row: usize| {
        let mut line = Lines::default();
        match rows {
            Rows::Industries => industry(&mut line, parts, row),
            Rows::Quantities => {
                let quantity = quantities[row];
                line.text(table.quantity_code(quantity)).text(&unit(table, quantity));
            }
        }
        let mut cells = vec![0.0; matrix.shape().1];
        matrix.row_into(row, &mut cells);
        cells.iter().for_each(|value| {
            line.number(*value);
        });
        line.end();
        line.into_text()
    };
    let count = matrix.shape().0;
    for first in (0..count).step_by(AT_ONCE) {
        let made: Vec<String> =
            (first..count.min(first + AT_ONCE)).into_par_iter().map(line).collect();
        made.iter().try_for_each(|line| out.write_all(line.as_bytes()))?;
    }
    Ok(())
}

/// Unit of coefficients and multipliers of a quantity.
pub fn unit(table: &Table, quantity: Quantity) -> String {
    format!("{} per {}", table.quantity_unit(quantity), table.meta().unit)
}

const INDUSTRY_COLUMNS: [&str; 7] =
    ["region", "sector", "region_en", "region_zh", "sector_en", "sector_zh", "unit"];

fn industry_list(table: &Table) -> String {
    let industries = table.industries();
    let mut lines = Lines::of(&(INDUSTRY_COLUMNS.join(",") + "\n"));
    for at in 0..industries.len() {
        let (region, sector) = industries.split(at);
        let (region, sector) =
            (&industries.regions.labels()[region], &industries.sectors.labels()[sector]);
        lines.text(&region.code).text(&sector.code);
        lines.text(&region.en).text(&region.zh).text(&sector.en).text(&sector.zh);
        lines.text(table.meta().unit.text()).end();
    }
    lines.into_text()
}

const QUANTITY_COLUMNS: [&str; 4] = ["code", "en", "zh", "unit"];

fn quantity_list(table: &Table, quantities: &[Quantity]) -> String {
    let mut lines = Lines::of(&(QUANTITY_COLUMNS.join(",") + "\n"));
    for quantity in quantities {
        let label = match quantity {
            Quantity::Output => Label::new("output", "Output", "总产出"),
            Quantity::ValueAdded => Label::new("value_added", "Value added", "增加值"),
            Quantity::Stressor(at) => table.extensions()[*at].label.clone(),
        };
        lines.text(&label.code).text(&label.en).text(&label.zh);
        lines.text(&unit(table, *quantity)).end();
    }
    lines.into_text()
}
