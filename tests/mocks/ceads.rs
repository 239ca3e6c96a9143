//! Writes mocks of the inter-provincial workbooks of CEADs: real layout, drawn numbers.
//!
//! ```text
//! cargo run --example ceads_mock -- DIR [--regions BJ,TJ,HE,SD] [--sectors 6] [--seed 1]
//! ```

#[path = "ceads/book.rs"]
mod book;
#[path = "ceads/numbers.rs"]
mod numbers;

use std::path::PathBuf;

use numbers::{Numbers, Wanted};

const USAGE: &str = "usage: ceads_mock [DIR] [--regions BJ,TJ,HE,SD] [--sectors 6] [--seed 1]";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut folder = PathBuf::from(".");
    let (mut regions, mut sectors, mut seed) = (None, 42, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--regions" => regions = Some(value()?),
            "--sectors" => sectors = value()?.parse()?,
            "--seed" => seed = Some(value()?.parse()?),
            "--help" | "-h" => {
                println!("{USAGE}");
                return Ok(());
            }
            other if other.starts_with('-') => {
                return Err(format!("unknown option {other}; {USAGE}").into());
            }
            _ => folder = argument.into(),
        }
    }
    std::fs::create_dir_all(&folder)?;
    for year in [2012, 2015, 2017] {
        let mut wanted = match &regions {
            Some(codes) => Wanted::small(year, &codes.split(',').collect::<Vec<_>>(), sectors),
            None => Wanted { sectors, ..Wanted::full(year) },
        };
        wanted.seed = seed.unwrap_or(wanted.seed);
        let path = folder.join(format!("MRIO {year}.xlsx"));
        book::workbook(&Numbers::of(wanted))?.save(&path)?;
        println!("{}", path.display());
    }
    Ok(())
}
