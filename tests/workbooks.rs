//! Real workbooks, where they are: `IRIO_TEST_DATA`, else `../shared/data`. Absent, these tests are
//! reported as ignored.

mod common;

use std::path::Path;

use common::real_data;
use irio::input::provincial::{self, Options};
use irio::table::regional::RegionalTables;
use irio::table::regional::split::{
    Columns, Quality, Side, SplitOptions, notes, odd_trade, settle,
};
use libtest_mimic::{Arguments, Failed, Trial};

type Outcome = Result<(), Failed>;
type Test = fn(&Path) -> Outcome;

const PROVINCES: &str = "china_30_provinces_io_2007/original_China31_province_io_2007.xls";

fn main() {
    let arguments = Arguments::from_args();
    let data = real_data();
    let tests: [(&str, Test); 3] = [
        ("all_31_provincial_sheets_meet_the_totals_of_their_source", provinces),
        ("provincial_sheets_are_the_long_table_cell_by_cell", provinces_cell_by_cell),
        ("foreign_and_domestic_trade_is_settled_by_the_rule", trade),
    ];
    let trials = tests
        .into_iter()
        .map(|(name, test)| {
            let data = data.clone();
            let run = move || data.map_or_else(|| Err("no data".into()), |data| test(&data));
            Trial::test(name, run).with_ignored_flag(real_data().is_none())
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn within(name: &str, found: f64, expected: f64, slack: f64) -> Outcome {
    if (found - expected).abs() <= slack {
        return Ok(());
    }
    Err(format!("{name}: found {found}, expected {expected} within {slack}").into())
}

fn provincial_tables(data: &Path) -> Result<RegionalTables, Failed> {
    provincial::read(&data.join(PROVINCES), &Options::default())
        .map_err(|faults| faults.to_string().into())
}

/// SOURCE.md: row residual at most 1.5e-8, column residual 0.47, and the GDP of five provinces.
fn provinces(data: &Path) -> Outcome {
    let tables = provincial_tables(data)?;
    assert_eq!((tables.regions.len(), tables.sectors.len(), tables.meta.year), (30, 42, 2007));
    assert_eq!(tables.meta.unit.factor_to(&"yuan".parse()?), Some(1e4));
    let codes: Vec<&str> = tables.regions.iter().map(|table| table.region.code.as_str()).collect();
    assert_eq!(codes[..5], ["BJ", "TJ", "HE", "SX", "NM"]);
    let nation = tables.national.as_ref().ok_or("no national table")?;
    let (mut row, mut column) = (0.0f64, 0.0f64);
    for table in tables.regions.iter().chain([nation]) {
        row = table.row_gaps().iter().fold(row, |most, gap| most.max(gap.abs()));
        column = table.column_gaps().iter().fold(column, |most, gap| most.max(gap.abs()));
    }
    // The largest is 1.5e-8 added in the source's order; ours may round elsewhere.
    within("rows", row, 0.0, 1e-6)?;
    within("columns", column, 0.47, 0.005)?;
    let gdp = |code: &str| {
        tables
            .regions
            .iter()
            .chain([nation])
            .find(|table| table.region.code == code)
            .map_or(f64::NAN, |table| table.value_added_by_sector().iter().sum())
    };
    for (code, known) in [
        ("BJ", 95_794_160.0),
        ("TJ", 50_503_861.0),
        ("HE", 137_783_157.0),
        ("SH", 121_888_499.0),
        ("SD", 255_754_982.0),
        ("CN", 2_660_438_111.0),
    ] {
        within(code, gdp(code), known, 0.5)?;
    }
    within("national output", nation.output.iter().sum(), 8_188_589_620.0, 0.5)?;
    // A product of which more flows out than is made also flows in more than it is used.
    let odd = tables.regions.iter().flat_map(odd_trade);
    let outflows = odd.filter(|one| one.side == Side::Outflow).count();
    within("cells of odd outflow", outflows as f64, 33.0, 0.0)?;
    let told = |text: &str| tables.meta.notes.iter().any(|note| note.message.contains(text));
    for text in ["15Shandong!BL:BL: a copy of the output", "18Hunan!AX34: an empty cell", "Tibet"] {
        if !told(text) {
            return Err(format!("not told: {text}; {:#?}", tables.meta.notes).into());
        }
    }
    assert_eq!(tables.sectors.position("建筑业")?, 25);
    assert_eq!(tables.sectors.position("construction")?, 25);
    Ok(())
}

/// The long table was made by another program from the same workbook.
fn provinces_cell_by_cell(data: &Path) -> Outcome {
    let tables = provincial_tables(data)?;
    let nation = tables.national.as_ref().ok_or("no national table")?;
    let file = std::fs::File::open(
        data.join("china_30_provinces_io_2007/province_io_2007_42sectors_long.csv.gz"),
    )?;
    let mut reader = csv::Reader::from_reader(flate2::read::MultiGzDecoder::new(file));
    let mut compared = 0;
    for record in reader.records() {
        let record = record?;
        let name = record[0].trim_start_matches(|c: char| c.is_ascii_digit());
        let province = irio::china::province_named(name).ok_or("an unknown province")?;
        let table = tables
            .regions
            .iter()
            .chain([nation])
            .find(|table| table.region.code == province.code)
            .ok_or_else(|| format!("no table of {name}"))?;
        let value: f64 = record[4].parse()?;
        let sector = |text: &str| text.parse::<f64>().ok().map(|code| code as usize - 1);
        let found = match (sector(&record[1]), sector(&record[3])) {
            (Some(i), Some(j)) => table.flows[(i, j)],
            (Some(i), None) => match &record[3] {
                "FU101" => table.final_demand[(i, 0)],
                "FU102" => table.final_demand[(i, 1)],
                "FU103" => table.final_demand[(i, 2)],
                "FU201" => table.final_demand[(i, 3)],
                "FU202" => table.final_demand[(i, 4)],
                "OUT" | "EX" => table.trade.outflow[i],
                "IN" | "IM" => table.trade.inflow[i],
                "ERR" => table.error[i],
                "GO" => table.output[i],
                _ => continue,
            },
            (None, Some(j)) => match &record[1] {
                "VA001" => table.value_added[(0, j)],
                "VA002" => table.value_added[(1, j)],
                "VA003" => table.value_added[(2, j)],
                "VA004" => table.value_added[(3, j)],
                _ => continue,
            },
            _ => continue,
        };
        if found != value {
            return Err(format!("{record:?}: found {found}").into());
        }
        compared += 1;
    }
    if compared < 59_000 {
        return Err(format!("only {compared} cells compared").into());
    }
    Ok(())
}

/// The rule finds the provinces that SOURCE.md names as certain or almost certain, and no other;
/// Hainan, "probably (by level only)", is told as doubtful.
fn trade(data: &Path) -> Outcome {
    let tables = provincial_tables(data)?;
    let settled = settle(&tables, &SplitOptions::default())?;
    let with = |columns: Columns| -> Vec<&str> {
        let pairs = tables.regions.iter().zip(&settled);
        pairs.filter(|(_, s)| s.columns == columns).map(|(t, _)| t.region.code.as_str()).collect()
    };
    assert_eq!(with(Columns::Exchanged), ["GD", "GS", "QH"]);
    assert_eq!(with(Columns::Doubtful), ["HI"]);
    let quality = |quality: fn(&Quality) -> bool| -> Vec<&str> {
        let pairs = tables.regions.iter().zip(&settled);
        pairs.filter(|(_, s)| quality(&s.outflow)).map(|(t, _)| t.region.code.as_str()).collect()
    };
    let missing = quality(|q| *q == Quality::Missing);
    assert_eq!(missing, ["HL", "SD", "HA", "HB", "HN", "SC", "GZ", "SN"]);
    assert_eq!(quality(|q| *q == Quality::AllDomestic), ["SX", "NM", "JL", "JX"]);
    let of = |code: &str| {
        let at = tables.regions.iter().position(|table| table.region.code == code);
        &settled[at.expect("a province")]
    };
    let sum = |values: &Option<Vec<f64>>| values.as_ref().map_or(f64::NAN, |v| v.iter().sum());
    // 10^8 yuan: Guangdong's exports of 2007 by the customs are about 28,100, Gansu's 126; of Gansu's
    // 121 in the column, 5 are above the total outflow of their product.
    within("exports of Guangdong", sum(&of("GD").exports) / 1e4, 28_666.0, 1.0)?;
    within("exports of Gansu", sum(&of("GS").exports) / 1e4, 116.0, 1.0)?;
    for (table, one) in tables.regions.iter().zip(&settled) {
        if let (Some(exports), Some(domestic)) = (&one.exports, &one.domestic_outflow) {
            for ((e, d), total) in exports.iter().zip(domestic).zip(&table.trade.outflow) {
                within(&table.sheet, e + d, *total, 1e-6 * total.abs().max(1.0))?;
            }
        }
    }
    let told = notes(&tables, &settled);
    assert!(
        told.iter()
            .any(|note| note.message.contains("Guangdong") && note.message.contains("exchanged"))
    );
    let overruled = SplitOptions {
        exchanged: vec!["HI".into()],
        not_exchanged: vec!["QH".into()],
        ..SplitOptions::default()
    };
    let again = settle(&tables, &overruled)?;
    let exchanged: Vec<usize> =
        (0..30).filter(|&at| again[at].columns == Columns::Exchanged).collect();
    assert_eq!(exchanged, [18, 20, 26]);
    Ok(())
}
