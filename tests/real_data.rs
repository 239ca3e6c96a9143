//! Real tables, where they are: `IRIO_TEST_DATA`, else `../shared/data`. Absent, these tests are
//! reported as ignored; present but incomplete, they fail.

mod common;

use std::collections::HashMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use common::{Outcome, on_real_data};
use irio::decomposition::shares::FactorPair;
use irio::decomposition::transfer::{SectorSet, TransferOptions, decompose};
use irio::decomposition::{Average, Factor};
use irio::fault::NoteCode;
use irio::input::table::read;
use irio::labels::{Axis, Label};
use irio::progress::Silent;
use irio::rivals::{Measure, Rivals};
use irio::table::accounts::CheckReport;
use irio::table::aggregate::{aggregate, in_unit};
use irio::table::concordance::{Concordance, Entry};
use irio::table::{Role, Table};
use libtest_mimic::{Arguments, Failed};

const SIC: &str = "china_sic_irio_2002_2007";

fn main() {
    let trials = on_real_data(&[
        ("sic_tables_meet_the_totals_of_their_source", totals),
        ("clean_and_native_layouts_are_one_table", layouts),
        ("the_official_eight_sectors_are_met_by_aggregation", eight_sectors),
        ("ceads_carbon_meets_its_known_totals", carbon),
        ("transfer_is_that_of_an_independent_program", transfer),
        ("other_measures_stand_beside_the_transfer", rivals),
        ("shipped_tables_are_the_aggregates_of_their_sources", shipped),
        ("shipped_elasticities_are_the_published_ones", elasticities),
        ("a_system_in_the_layout_of_exiobase_meets_its_output", exiobase),
    ]);
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// pymrio's sample in the layout of EXIOBASE 3 has its test system's numbers: flows come from
/// coefficients and the inverse, output is the same.
fn exiobase(data: &Path) -> Outcome {
    let table = read(&data.join("format_samples/exio3_mock"), None)?;
    let test = data.join("pymrio_test_mrio/trade_flows_Z.txt");
    within("industries", table.industries().len() as f64, 48.0, 0.0)?;
    let text = std::fs::read_to_string(test)?;
    let mut largest = 0.0f64;
    for (row, line) in text.lines().skip(2).enumerate() {
        for (column, cell) in line.split('\t').skip(3).enumerate() {
            let expected: f64 = cell.trim().parse()?;
            let found = table.flows().get(row, column);
            largest = largest.max((found - expected).abs() / expected.abs().max(1.0));
        }
    }
    // Coefficients are printed with 12 digits.
    within("largest gap of a flow", largest, 0.0, 1e-6)?;
    let households: f64 = table.extensions().iter().flat_map(|e| &e.households).sum();
    within("direct emissions", households / 2_008_640_000.0, 1.0, 1e-3)
}

fn sic(data: &Path, file: &str) -> Result<Table, Failed> {
    read(&data.join(SIC).join(file), None).map_err(|faults| faults.to_string().into())
}

fn within(name: &str, found: f64, expected: f64, slack: f64) -> Outcome {
    if (found - expected).abs() <= slack {
        return Ok(());
    }
    Err(format!("{name}: found {found}, expected {expected} within {slack}").into())
}

/// The shipped published elasticities, cell by cell, against the copy beside the data; then that the
/// reader takes every coefficient from them.
fn elasticities(data: &Path) -> Outcome {
    let reference = data.join("../reference/elasticities/tang_peng_yang_2022.csv");
    let cells = |path: &Path| -> Result<Vec<Vec<String>>, Failed> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path)?;
        let rows = reader.records().map(|row| {
            let row = row?;
            Ok::<_, csv::Error>(row.iter().map(str::to_owned).collect())
        });
        Ok(rows.collect::<Result<_, _>>()?)
    };
    let shipped = cells(Path::new("tables/elasticities/tang-peng-yang-2022.csv"))?;
    let published = cells(&reference)?;
    if shipped.len() < 100 || shipped.len() != published.len() {
        return Err(format!("{} lines, published {}", shipped.len(), published.len()).into());
    }
    for (line, (a, b)) in shipped.iter().zip(&published).enumerate() {
        if a != b {
            return Err(format!("line {}: {a:?}, published {b:?}", line + 1).into());
        }
    }
    let path = Path::new("tables/elasticities/tang-peng-yang-2022.toml");
    let (read, _) = irio::input::elasticities::read(path, None).map_err(|f| f.to_string())?;
    for row in &published[1..] {
        let [_, group, measure, variable, value, _] = row.as_slice() else {
            return Err("a line of another width".into());
        };
        let value: f64 = value.parse()?;
        let own = read
            .estimates
            .iter()
            .find(|e| e.group == *group && e.measure.word() == measure)
            .ok_or_else(|| Failed::from(format!("no estimate of {measure} {group}")))?;
        let lag =
            |name: &str| own.lags[name.strip_prefix("_lag").map_or(0, |l| l.parse().unwrap())];
        let found = match variable.strip_prefix(&format!("ln{measure}")) {
            Some(lagged) => lag(lagged),
            None if variable == "rho" => own.spatial_lag,
            None if ["adj_r2", "loglik"].contains(&variable.as_str()) => continue,
            None => own
                .controls
                .iter()
                .find(|(control, _)| control.word() == variable)
                .map_or(f64::NAN, |(_, value)| *value),
        };
        if found != value {
            return Err(format!("{measure} {group} {variable}: {found}, published {value}").into());
        }
    }
    Ok(())
}

/// Value added by region and its sum, gross output and row gaps, as SOURCE.md has them.
fn totals(data: &Path) -> Outcome {
    let known: [(i32, [f64; 9], f64); 2] = [
        (
            2002,
            [
                115_832_631.0,
                63_232_147.0,
                167_260_879.0,
                241_520_505.0,
                188_137_142.0,
                237_326_572.0,
                76_645_984.0,
                128_633_177.0,
                1_218_589_038.0,
            ],
            2.3e-7,
        ),
        (
            2007,
            [
                228_618_174.0,
                139_548_746.0,
                381_597_620.0,
                549_424_009.0,
                392_056_168.0,
                508_107_618.0,
                190_955_018.0,
                270_130_724.0,
                2_660_438_077.0,
            ],
            1.7e-5,
        ),
    ];
    for (year, value_added, largest_gap) in known {
        let table = sic(data, &format!("sic_irio_{year}_17sectors.csv"))?;
        if table.meta().year != year {
            return Err(format!("the year is {}", table.meta().year).into());
        }
        let report = CheckReport::of(&table);
        for ((code, found), known) in report.value_added_by_region.iter().zip(value_added) {
            within(code, *found, known, 0.51)?;
        }
        within("GDP", report.gdp_income, value_added[8], 0.51)?;
        within("GDP by expenditure", report.gdp_expenditure, value_added[8], 1.0)?;
        let gap = table.discrepancy().rows.iter().map(|gap| gap.abs()).fold(0.0, f64::max);
        within("largest gap of a row", gap, 0.0, largest_gap)?;
        let negative = if year == 2002 { 3 } else { 5 };
        within(
            "negative value-added cells",
            report.odd_cells.negative_value_added_cells as f64,
            f64::from(negative),
            0.0,
        )?;
        if report.odd_cells.negative_flows + report.odd_cells.negative_demand > 0 {
            return Err("a negative flow or demand".into());
        }
        if year == 2007 {
            within("gross output", report.output, 8_188_589_547.0, 0.51)?;
        }
    }
    Ok(())
}

fn layouts(data: &Path) -> Outcome {
    for year in [2002, 2007] {
        let clean = sic(data, &format!("sic_irio_{year}_17sectors.csv"))?;
        let native = sic(data, &format!("native_layout_{year}-17.csv.gz"))?;
        for (kind, a, b) in [
            ("regions", &clean.industries().regions, &native.industries().regions),
            ("sectors", &clean.industries().sectors, &native.industries().sectors),
        ] {
            for (a, b) in a.labels().iter().zip(b.labels()) {
                if (&a.code, &a.en, &a.zh) != (&b.code, &b.en, &b.zh) || a.zh.is_empty() {
                    return Err(format!("{kind}: {a:?} and {b:?}").into());
                }
            }
        }
        let same = clean.flows().to_dense().values() == native.flows().to_dense().values()
            && clean.final_demand().values.to_dense().values()
                == native.final_demand().values.to_dense().values()
            && clean.value_added_rows().values.values()
                == native.value_added_rows().values.values()
            && clean.output() == native.output();
        if !same {
            return Err(format!("{year}: the two layouts differ in numbers").into());
        }
        for text in ["京津区域", "Beijing-Tianjin", "B", " 京津 区域 "] {
            if native.industries().regions.position(text).ok() != Some(1) {
                return Err(format!("{text:?} is not found").into());
            }
        }
    }
    Ok(())
}

fn map(axis: &Axis, to: impl Fn(usize) -> usize) -> Concordance {
    let entries: Vec<Entry> = (0..axis.len())
        .map(|at| Entry {
            from: axis.code(at).to_owned(),
            to: Label::code(format!("{:03}", to(at) + 1)),
            weight: 1.0,
        })
        .collect();
    Concordance::new(axis, &entries).expect("every sector has a target")
}

/// 17 → 8: 1; 2; 3–6; 7–13; 14; 15; 16; 17. Flows and final demand within 1.7; inventories and error
/// differ, because the publisher limited the error again.
fn eight_sectors(data: &Path) -> Outcome {
    let (fine, official) =
        (sic(data, "sic_irio_2002_17sectors.csv")?, sic(data, "sic_irio_2002_8sectors.csv")?);
    let target = [0, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 4, 5, 6, 7];
    let sectors = map(&fine.industries().sectors, |at| target[at]);
    let coarse = aggregate(&fine, &Concordance::identity(&fine.industries().regions), &sectors);
    let largest =
        |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    let flows = largest(coarse.flows.to_dense().values(), official.flows().to_dense().values());
    within("flows", flows, 0.0, 1.7)?;
    let (a, b) = (coarse.final_demand.values.to_dense(), official.final_demand().values.to_dense());
    for column in official.final_demand().columns_where(Role::is_domestic) {
        for row in 0..official.output().len() {
            within("final demand", a[(row, column)], b[(row, column)], 1.7)?;
        }
    }
    Ok(())
}

/// A table's file for a SIC table with CEADs carbon and the concordances of its folder.
fn manifest(data: &Path, year: i32, folder: &Path) -> PathBuf {
    let ceads = "china_ceads_provincial_co2_1997_2015";
    let text = format!(
        "layout = \"sic\"\nname = \"sic-{year}\"\nyear = {year}\nunit = \"10^4 yuan\"\n\
         file = \"{SIC}/sic_irio_{year}_17sectors.csv\"\n[[extension]]\ncode = \"co2\"\nunit = \"Mt\"\n\
         file = \"{ceads}/ceads_co2_by_province_sector_total_1997_2015.csv.gz\"\nvalue = \"co2_mt\"\n\
         where = {{ year = \"{year}\" }}\nregion = \"province\"\nsector = \"sector\"\n\
         region_map = \"{ceads}/concordance_province_to_sic8.csv\"\n\
         sector_map = \"{ceads}/concordance_ceads_sector_to_sic17.csv\"\nhouseholds = [\"HH_urban\", \"HH_rural\"]\n"
    );
    let path = folder.join(format!("sic-{year}.toml"));
    std::fs::File::create(&path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .expect("a temporary file");
    assert!(data.is_dir());
    path
}

fn with_carbon(data: &Path, year: i32) -> Result<Table, Failed> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    read(&manifest(data, year, folder.path()), Some(data))
        .map_err(|faults| faults.to_string().into())
}

/// Sectors and households add up to the sheets' totals within their rounding (0.7 Mt a province).
fn carbon(data: &Path) -> Outcome {
    for (year, capital, all) in [(2002, 77.9 + 65.1, 3515.8), (2007, 102.9 + 103.4, 6822.2)] {
        let table = with_carbon(data, year)?;
        let report = CheckReport::of(&table);
        let co2 = &report.extensions[0];
        within("Beijing and Tianjin", co2.by_region[1].1, capital, 1.4)?;
        within("30 provinces", co2.industries + co2.households, all, 0.7 * 30.0)?;
        let told = table.notes().iter().any(|note| {
            note.code == NoteCode::SourceRule && note.message.contains("Hainan, Ningxia")
        });
        if told != (year == 2002) {
            return Err(format!("{year}: provinces without data are told: {told}").into());
        }
    }
    Ok(())
}

/// `tests/data/published/sic_transfer.py` solves every coalition again from the definition.
fn transfer(data: &Path) -> Outcome {
    let (base, target) = (with_carbon(data, 2002)?, with_carbon(data, 2007)?);
    let pair = FactorPair::of(&base, &target).map_err(|error| error.to_string())?;
    let solve = |average| {
        decompose(&pair, TransferOptions { average, ..TransferOptions::default() }, &Silent)
            .map_err(|e| e.to_string())
    };
    let (shapley, polar) = (solve(Average::Shapley)?, solve(Average::Polar)?);
    let mut text = String::new();
    flate2::read::GzDecoder::new(&include_bytes!("data/published/sic_effects.csv.gz")[..])
        .read_to_string(&mut text)
        .map_err(|error| error.to_string())?;
    let mut known: HashMap<(String, String, String), Vec<f64>> = HashMap::new();
    for record in csv::Reader::from_reader(text.as_bytes()).records() {
        let record = record.map_err(|error| error.to_string())?;
        let key = (record[0].to_owned(), record[1].to_owned(), record[2].to_owned());
        // Lines stand in order of region and sector.
        known.entry(key).or_default().push(record[5].parse().map_err(|_| "a number")?);
    }
    let mut compared = 0;
    for (one, polar) in shapley.quantities.iter().zip(&polar.quantities) {
        let of_quantity = || known.iter().filter(|((quantity, _, _), _)| *quantity == one.code);
        let largest =
            of_quantity().flat_map(|(_, values)| values).map(|v| v.abs()).fold(0.0, f64::max);
        for ((_, factor, part), expected) in of_quantity() {
            let find = |effects: &irio::decomposition::transfer::QuantityEffects| {
                effects.effects.iter().find(|effect| effect.factor.word() == factor).cloned()
            };
            let effect = find(if part == "polar" { polar } else { one })
                .ok_or(format!("no factor {factor}"))?;
            let found = match part.as_str() {
                "direct" => effect.direct.ok_or("no direct part")?,
                "upstream" => effect.upstream().ok_or("no upstream part")?,
                _ => effect.total,
            };
            if found.len() != expected.len() {
                return Err(format!(
                    "{} values of {factor}, expected {}",
                    found.len(),
                    expected.len()
                )
                .into());
            }
            for (found, expected) in found.iter().zip(expected) {
                within(
                    &format!("{} {factor} {part}", one.code),
                    *found,
                    *expected,
                    1e-8 * largest,
                )?;
                compared += 1;
            }
        }
        let sourcing = one.effect(Factor::Sourcing).ok_or("no sourcing")?;
        assert!(sourcing.total.iter().any(|v| *v != 0.0));
    }
    within("numbers compared", f64::from(compared), 3944.0 + 3128.0, 0.0)
}

/// Demand pull adds up to the tables, shift–share to zero, and the range holds the effect; the
/// Northeast (A) and the South Coast (E) are where measures of output part.
fn rivals(data: &Path) -> Outcome {
    let (base, target) = (with_carbon(data, 2002)?, with_carbon(data, 2007)?);
    let pair = FactorPair::of(&base, &target).map_err(|error| error.to_string())?;
    let sets = [SectorSet { name: "all".into(), sectors: (0..17).collect() }];
    let options = TransferOptions { sourcing_orders: Some(&sets), ..TransferOptions::default() };
    let transfer = decompose(&pair, options, &Silent).map_err(|error| error.to_string())?;
    let rivals = Rivals::of(&base, &target, &pair, &transfer, &sets).map_err(|e| e.to_string())?;
    for (quantity, measured) in rivals.quantities.iter().zip(&pair.quantities) {
        let size: f64 = measured.observed[1].iter().map(|v| v.abs()).sum();
        for (year, observed) in measured.observed.iter().enumerate() {
            let users = &quantity.demand_pull.embodied[year];
            for (k, known) in observed.iter().enumerate() {
                let sum: f64 = users.iter().map(|user| user[k]).sum();
                within("demand pull of an industry", sum, *known, 1e-12 * size)?;
            }
            within("net", quantity.demand_pull.net(year).iter().sum(), 0.0, 1e-12 * size)?;
        }
        within("shift-share", quantity.shift_share.iter().sum(), 0.0, 1e-12 * size)?;
        for line in &quantity.lines {
            let (value, [low, high]) = (line.value(Measure::Sourcing), line.range);
            if !(low..=high).contains(&value) {
                return Err(format!("{value} is not between {low} and {high}").into());
            }
        }
    }
    let apart: Vec<(usize, Measure)> = rivals.quantities[0]
        .lines
        .iter()
        .flat_map(|line| line.disagreements.iter().map(|found| (line.region, found.measure)))
        .collect();
    if apart != [(0, Measure::ShiftShare), (4, Measure::DemandPull)] {
        return Err(format!("measures part in {apart:?}").into());
    }
    Ok(())
}

/// `tables/china-2002` and `tables/china-2007` follow from the sources named in `tables/sources`.
fn shipped(data: &Path) -> Outcome {
    for year in [2002, 2007] {
        let failed = |faults: irio::fault::Faults| Failed::from(faults.to_string());
        let source = read(Path::new(&format!("tables/sources/sic-{year}.toml")), Some(data))
            .map_err(failed)?;
        let shipped = read(Path::new(&format!("tables/china-{year}")), None).map_err(failed)?;
        let concordance = |file: &str, axis: &Axis| {
            let file =
                irio::input::TextFile::read(Path::new(file)).map_err(|fault| fault.to_string())?;
            let sheet = irio::input::sheet::Sheet::of(&file).map_err(|fault| fault.to_string())?;
            let map = irio::input::map::MapFile::of(sheet).map_err(|faults| faults.to_string())?;
            map.concordance(axis).map_err(|faults| faults.to_string())
        };
        let regions = concordance("tables/sources/regions.csv", &source.industries().regions)?;
        let sectors = concordance("tables/sources/sectors.csv", &source.industries().sectors)?;
        let made = in_unit(aggregate(&source, &regions, &sectors), &shipped.meta().unit)
            .map_err(|e| e.to_string())?;
        let same = made.flows.to_dense().values() == shipped.flows().to_dense().values()
            && made.output == shipped.output()
            && made.final_demand.values.to_dense().values()
                == shipped.final_demand().values.to_dense().values()
            && made.extensions[0].values == shipped.extensions()[0].values
            && made.extensions[0].households == shipped.extensions()[0].households;
        if !same {
            return Err(format!("tables/china-{year} is not what its sources give").into());
        }
    }
    Ok(())
}
