//! Closer realism through a scenario file: one hand-computed case for each switch on the table of its
//! module's own tests, and the headline to the bit whatever is switched on.
//!
//! Sectors m and p of regions a and b, in the order am ap bm bp: `A = u v'` with
//!
//! ```text
//! u = (1/4, 1/8, 1/8, 1/16)   v = (1, 1, 1/2, 1)   L = I + 2 u v'   x = (32, 16, 32, 16)
//! ```
//!
//! Output 8 of m moves from a to b with its technology and its suppliers, so that the headline is
//! Δx = (−8, 0, 8, 0) exactly; CO2 is (1/2, 2, 1/4, 1/2) and jobs are (2, 1, 1, 2) per unit of output.

mod common;
#[path = "common/program.rs"]
mod program;

use irio::input;
use irio::labels::{Axis, Industries, Label};
use irio::linalg::{Dense, Matrix};
use irio::progress::Silent;
use irio::realism::construction::Payback;
use irio::report::{self, folder};
use irio::run::realism::{RealismYear, Switch};
use irio::run::{Outcome, RunError, run};
use irio::table::{
    Category, DemandColumn, Extension, FinalDemand, Imports, Meta, Quantity, RawTable, Role, Table,
    ValueAdded,
};
use program::Place;

fn axis(kind: &'static str, codes: &[&str]) -> Axis {
    Axis::new(kind, codes.iter().map(|code| Label::code(*code))).unwrap()
}

fn extension(code: &str, unit: &str, values: [f64; 4], households: [f64; 2]) -> Extension {
    Extension {
        label: Label::code(code),
        unit: unit.parse().unwrap(),
        values: values.to_vec(),
        households: households.to_vec(),
        inventory: None,
        by_demand: None,
        origin: None,
    }
}

fn two_by_two() -> RawTable {
    let category = |code: &str, role| Category { label: Label::code(code), role };
    let column = |region, category| DemandColumn { region, category };
    let dense = |rows: &[&[f64]]| {
        Dense::from_rows(&rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>())
    };
    RawTable {
        meta: Meta::new("two-by-two", 2007, "10^8 yuan".parse().unwrap()),
        industries: Industries {
            regions: axis("region", &["a", "b"]),
            sectors: axis("sector", &["m", "p"]),
        },
        flows: Matrix::Dense(dense(&[
            &[8.0, 4.0, 4.0, 4.0],
            &[4.0, 2.0, 2.0, 2.0],
            &[4.0, 2.0, 2.0, 2.0],
            &[2.0, 1.0, 1.0, 1.0],
        ])),
        final_demand: FinalDemand {
            categories: vec![
                category("households", Role::Consumption),
                category("investment", Role::Investment),
                category("exports", Role::Export),
            ],
            columns: vec![
                column(Some(0), 0),
                column(Some(1), 0),
                column(Some(0), 1),
                column(Some(1), 1),
                column(None, 2),
            ],
            values: Matrix::Dense(dense(&[
                &[4.0, 2.0, 2.0, 2.0, 2.0],
                &[2.0, 1.0, 0.0, 0.0, 3.0],
                &[2.0, 8.0, 2.0, 6.0, 4.0],
                &[0.0, 5.0, 0.0, 0.0, 6.0],
            ])),
        },
        imports: Imports::None,
        value_added: ValueAdded {
            rows: ["compensation", "taxes", "surplus"].map(Label::code).to_vec(),
            values: dense(&[&[8.0, 4.0, 16.0, 4.0], &[4.0, 1.0, 2.0, 1.0], &[2.0, 2.0, 5.0, 2.0]]),
        },
        output: vec![32.0, 16.0, 32.0, 16.0],
        population: None,
        extensions: vec![
            extension("co2", "Mt", [16.0, 32.0, 8.0, 8.0], [4.0, 2.0]),
            extension("employment", "person", [64.0, 16.0, 32.0, 32.0], [0.0, 0.0]),
        ],
    }
}

const TABLE: &str = "# A small table; invented numbers.\nirio_table = 1\nname = \"two-by-two\"\nyear = 2007\n\
    unit = \"10^8 yuan\"\nprices = \"current\"\nimports = \"none\"\n";

/// A folder with the table, the files that switches name and a scenario.
fn place(horizon: &str, amount: &str, switches: &str) -> Place {
    let place = Place::new();
    let files = report::table::files(&two_by_two(), TABLE);
    folder::write(&place.path("two"), folder::Kind::Table, &files).unwrap();
    place
        .write("flow.csv", "from,to,value\na,a,0.75\na,b,0.25\nb,a,0.25\nb,b,0.75\n")
        .write("far.csv", "from,to,value\na,a,1\na,b,2\nb,b,4\n")
        .write("water.csv", "region,sector,value\na,m,0.25\na,p,0.25\nb,m,0.25\nb,p,0.25\n")
        .write(
            "s.toml",
            format!(
                "irio_scenario = 1\nname = \"s\"\ntable = \"two\"\n{horizon}\n[[relocate]]\nsector = \"m\"\nfrom = \"a\"\n\
                 to = \"b\"\n{amount}\ntechnology = \"origin\"\nsourcing = \"origin\"\nexports = false\n{switches}"
            ),
        );
    place
}

fn read(place: &Place) -> (Table, Result<Outcome, RunError>) {
    let read = input::scenario::read(&place.path("s.toml"), None).unwrap_or_else(|e| panic!("{e}"));
    let outcome = run(&read.table, &read.scenario, &Silent);
    (read.table, outcome)
}

fn outcome(switches: &str) -> Outcome {
    read(&place("", "amount = 8", switches)).1.unwrap()
}

/// The realism of the table's year.
fn year(switches: &str) -> RealismYear {
    outcome(switches).years.remove(0).realism.unwrap()
}

#[track_caller]
fn close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{found:?} against {expected:?}");
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() < 1e-12, "{found:?} against {expected:?}");
    }
}

/// What a switch adds to a quantity by region.
#[track_caller]
fn added(found: &RealismYear, switch: Switch, quantity: Quantity) -> Vec<f64> {
    let outcome = found.switches.iter().find(|outcome| outcome.switch == switch).unwrap();
    outcome.change(quantity).unwrap()
}

const CO2: Quantity = Quantity::Stressor(0);

const BACKFILL: &str = "[realism.backfill]\nsector = \"p\"\nshare = 0.5\n";

/// Half of 8 is filled by p: Δx = 4 L_{·ap} = (2, 5, 1, 1/2), as in the module; value added is
/// (7/16, 7/16, 23/32, 7/16) of output.
#[test]
fn another_sector_fills_the_place() {
    let found = year(BACKFILL);
    close(&added(&found, Switch::Backfill, Quantity::Output), &[7.0, 1.5]);
    close(&added(&found, Switch::Backfill, CO2), &[11.0, 0.5]);
    let value_added = added(&found, Switch::Backfill, Quantity::ValueAdded);
    close(&value_added, &[49.0 / 16.0, 23.0 / 32.0 + 7.0 / 32.0]);
    close(&found.with_switches(CO2, &[-4.0, 4.0]), &[7.0, 4.5]);
}

const WAGES: &str = "[realism.households]\ncompensation = \"compensation\"\nspent = { a = 0.5, others = 0 }\n\
    categories = \"households\"\n";

/// U_a = (1/4, 1/8, 1/8, 0), L U_a = (15/32, 15/64, 15/64, 7/128), which earns 45/256 in a: all
/// rounds of the 2 that a loses are 512/211, so Δx = −(240, 120, 120, 28)/211.
#[test]
fn wages_that_leave_are_not_spent() {
    let found = year(WAGES);
    close(&added(&found, Switch::Households, Quantity::Output), &[-360.0 / 211.0, -148.0 / 211.0]);
    close(&added(&found, Switch::Households, CO2), &[-360.0 / 211.0, -44.0 / 211.0]);
    assert_eq!(found.switches.len(), 1, "nobody follows");
}

/// Half follow: Δf = (−3/16, −3/32, 1/8, 5/32), L Δf = (−7/32, −7/64, 7/64, 19/128) earns −21/256 in a.
/// With them Δx = L Δf − (256 + 21)/211 L U_a; direct emissions (−1/3, 1/10) as in the module.
#[test]
fn those_who_follow_take_their_spending_and_their_homes_along() {
    let found = year(&format!("{WAGES}follow = 0.5\n"));
    let response = [15.0 / 32.0, 15.0 / 64.0, 15.0 / 64.0, 7.0 / 128.0];
    let demand = [-7.0 / 32.0, -7.0 / 64.0, 7.0 / 64.0, 19.0 / 128.0];
    let x: Vec<f64> =
        response.iter().zip(demand).map(|(u, f)| f + (512.0 - 277.0) / 211.0 * u).collect();
    let followers = added(&found, Switch::Followers, Quantity::Output);
    close(&followers, &[x[0] + x[1], x[2] + x[3]]);
    let direct = [-1.0 / 3.0, 0.1];
    let co2 = [0.5 * x[0] + 2.0 * x[1] + direct[0], 0.25 * x[2] + 0.5 * x[3] + direct[1]];
    close(&added(&found, Switch::Followers, CO2), &co2);
    // The first switch is as it was without them.
    close(&added(&found, Switch::Households, CO2), &[-360.0 / 211.0, -44.0 / 211.0]);
}

/// t = 1/8 of output in am, and of the plants that brought its technology: 1 leaves a for b, half of
/// it comes back, all of it would make a whole.
#[test]
fn taxes_are_shared() {
    let tax = "[realism.tax]\nrows = [\"taxes\"]\nshare = 0.5\nyears = 3\n";
    let found = year(tax).tax.unwrap();
    close(&found.unshared, &[-1.0, 1.0]);
    close(&found.shared, &[-0.5, 0.5]);
    close(&found.paid_back, &[0.5]);
    assert_eq!(found.break_even, [Some(1.0), Some(0.0)]);
    // Sharing ends after three years.
    let place = place("[horizon]\nend = 2012\n", "amount = { 2008 = 8 }", tax);
    let years = read(&place).1.unwrap().years;
    let paid: Vec<f64> = years
        .iter()
        .map(|year| year.realism.as_ref().unwrap().tax.as_ref().unwrap().paid_back[0])
        .collect();
    close(&paid, &[0.0, 0.5, 0.5, 0.5, 0.0, 0.0]);
}

const CONSTRUCTION: &str = "[realism.construction]\ncapital_per_output = 2\nyears = 2\n";

/// 16 invested in two years call for (9/2, 5/4, 29/4, 5/8) each year, 55/8 of CO2, as in the module.
#[test]
fn plants_are_built_in_the_years_before() {
    let place = place("[horizon]\nend = 2010\n", "amount = { 2009 = 8 }", CONSTRUCTION);
    let outcome = read(&place).1.unwrap();
    let building = outcome.building.unwrap();
    assert_eq!(building.years.iter().map(|year| year.year).collect::<Vec<_>>(), [2007, 2008]);
    assert_eq!(building.first, Some(2009));
    close(&building.years[0].invested, &[0.0, 8.0]);
    for (at, year) in outcome.years.iter().enumerate() {
        let found = year.realism.as_ref().unwrap();
        assert_eq!(found.switches.len(), usize::from(at < 2));
        if at < 2 {
            close(&added(found, Switch::Construction, CO2), &[19.0 / 4.0, 17.0 / 8.0]);
        }
    }
    // A move with its technology saves nothing.
    close(&[building.paybacks[0].owed], &[55.0 / 4.0]);
    assert_eq!(building.paybacks[0].headline, Payback::Never);
}

/// Without a horizon building falls into 2005 and 2006, and 55/4 are paid back by the 3/2 that half new
/// plants save each year: within ten years of running, 2007 to 2016.
#[test]
fn building_is_paid_back_by_what_the_switches_save() {
    let outcome = outcome(&format!("{CONSTRUCTION}{VINTAGE}"));
    let building = outcome.building.unwrap();
    assert_eq!(building.years.iter().map(|year| year.year).collect::<Vec<_>>(), [2005, 2006]);
    assert_eq!(building.paybacks[0].headline, Payback::Never);
    assert_eq!(building.paybacks[0].with_switches, Payback::In(2016));
    let notes: Vec<&str> = outcome.notes.iter().map(|note| note.message.as_str()).collect();
    assert!(notes.iter().any(|note| note.starts_with("plants are built in 2005, 2006")));
}

const VINTAGE: &str =
    "[realism.vintage]\nbest_times = 0.5\nreplaced_at_move = 0.5\nreplaced_yearly = 0.25\n";

/// 1/2 of the best is 1/8: 8 (5/16 − 1/2) at the move, 8 (59/256 − 1/2) two years later.
#[test]
fn equipment_is_renewed() {
    let place = place("[horizon]\nend = 2010\n", "amount = { 2008 = 8 }", VINTAGE);
    let years = read(&place).1.unwrap().years;
    let of = |at: usize| added(years[at].realism.as_ref().unwrap(), Switch::Vintage, CO2);
    assert_eq!(of(0), [0.0, 0.0]);
    close(&of(1), &[0.0, -1.5]);
    close(&of(3), &[0.0, -69.0 / 32.0]);
}

/// Half of what is not sold abroad moves (15), as in the module: −87/8 and −66/8 of hauls from a,
/// 84/8 and 312/8 from b. In no sum.
#[test]
fn goods_are_hauled_from_elsewhere() {
    let freight = "[realism.freight]\nfactor = 500000\nunit = \"t\"\ndistances = \"far.csv\"\n\
                   tonnes_per_money = { m = 2 }\n";
    let place = place("", "share = 0.5", freight);
    let outcome = read(&place).1.unwrap();
    close(&outcome.years[0].relocated, &[15.0]);
    let found = outcome.years[0].realism.as_ref().unwrap();
    let pairs = found.freight.as_ref().unwrap();
    close(pairs.emissions.values(), &[-87.0 / 8.0, -66.0 / 8.0, 84.0 / 8.0, 312.0 / 8.0]);
    close(&added(found, Switch::Freight, CO2), &[-153.0 / 8.0, 396.0 / 8.0]);
    assert_eq!(found.with_switches(CO2, &[1.0, 2.0]), [1.0, 2.0]);
}

/// Power is 3/16 of the moved output: −3 MWh in a and 6 in b at 2 and 4 MWh per money. With the flow of
/// the module a generates −3/4, b 15/8; direct emissions are 4 each way, the power sectors' none.
#[test]
fn scopes_stand_apart() {
    let power = "[realism.electricity]\nsector = \"p\"\nmwh_per_money = { a = 2, b = 4 }\n\
                 factors = { a = 1, b = 0.5 }\n";
    let found = year(&format!("{power}flow = \"flow.csv\"\n")).scopes.unwrap();
    close(&found.scope_1, &[-4.0, 4.0]);
    close(&found.electricity, &[-3.0, 6.0]);
    close(&found.scope_2, &[-21.0 / 8.0, 15.0 / 4.0]);
    close(&found.generation, &[-0.75, 1.875]);
    close(&found.monetary, &[0.0, 0.0]);
    let grid = year(power).scopes.unwrap();
    close(&grid.scope_2, &[-3.0, 3.0]);
}

/// 4 of growth are allowed where 8 come; 14 of 16 are used; 20 of CO2 on 67/2 of value added.
#[test]
fn limits_are_told() {
    let capacity = "[[realism.capacity]]\nregion = \"b\"\nsector = \"m\"\ngrowth = 0.125\n\
                    [[realism.capacity]]\nname = \"water\"\nregion = \"b\"\nquota = 16\n\
                    coefficients = \"water.csv\"\nunit = \"m3\"\n\
                    [[realism.capacity]]\nregion = [\"b\"]\nintensity = 0.6\n";
    let outcome = outcome(capacity);
    let found = &outcome.years[0].realism.as_ref().unwrap().headroom;
    assert_eq!((found[0].limit, found[0].used, found[0].exceeded), (4.0, Some(8.0), true));
    assert_eq!((found[1].before, found[1].used), (Some(12.0), Some(14.0)));
    close(&[found[2].used.unwrap()], &[20.0 / 33.5]);
    assert!(!found[2].exceeded);
    let told = outcome.notes.iter().filter(|note| note.message.starts_with("limit exceeded"));
    assert_eq!(told.count(), 1);
}

/// 8 of money at 1/4 are 32 t of 256, two plants of 16; half of a plant of 64 is odd, and so is a price
/// that has all regions make eight times what is known.
#[test]
fn moves_in_tonnes() {
    let product = "[[realism.products]]\nsector = \"m\"\nprice = 0.25\n";
    let found = &year(&format!("{product}plant_size = 16\n")).physical[0];
    assert_eq!((found.tonnes, found.national_tonnes), (32.0, 256.0));
    assert_eq!((found.plants, found.national_share), (Some(2.0), Some(0.125)));
    let odd = outcome(&format!("{product}plant_size = 64\nknown_tonnes = 32\n"));
    let told = odd.notes.iter().filter(|n| n.code == irio::fault::NoteCode::Implausible);
    assert_eq!(told.count(), 2);
}

/// 16 jobs leave a for b; productivity that doubles in ten years leaves 8 of them.
#[test]
fn jobs_drift() {
    let ln2 = std::f64::consts::LN_2 / 10.0;
    let text =
        format!("[realism.employment]\njobs = \"employment\"\ndrift = {{ m = {ln2}, p = 0 }}\n");
    let place = place("[horizon]\nstart = 2017\nend = 2017\n", "amount = 8", &text);
    let found = read(&place).1.unwrap().years.remove(0).realism.unwrap().jobs.unwrap();
    close(&found.change.drifted, &[-8.0, 8.0]);
    close(&found.change.constant, &[-16.0, 16.0]);
    close(&found.baseline.drifted, &[48.0, 48.0]);
    // Compensation by pay: 8/32 of output at a pay of 1/8 in a are two jobs a unit.
    let by_pay = "[realism.employment]\njobs = \"value_added:compensation\"\n\
                  pay = { a = 0.125, b = 0.5 }\ndrift = 0\n";
    let found = year(by_pay).jobs.unwrap();
    close(&found.baseline.constant, &[96.0, 40.0]);
    close(&found.change.constant, &[-16.0, 16.0]);
}

/// Every switch that needs no file, all at once.
fn all() -> String {
    format!(
        "{BACKFILL}{WAGES}follow = 0.5\n{CONSTRUCTION}{VINTAGE}\
         [realism.tax]\nrows = \"taxes\"\nshare = 0.5\nyears = 3\n\
         [realism.employment]\njobs = \"employment\"\ndrift = 0.05\n\
         [[realism.capacity]]\nregion = \"b\"\nquota = 17\n\
         [[realism.products]]\nsector = \"m\"\nprice = 0.25\n"
    )
}

#[test]
fn the_headline_is_the_same_bits_whatever_is_switched_on() {
    let (with, without) = (outcome(&all()), outcome(""));
    assert!(without.years[0].realism.is_none() && without.building.is_none());
    for (a, b) in with.years.iter().zip(&without.years) {
        for (a, b) in a.quantities.iter().zip(&b.quantities) {
            assert_eq!((&a.baseline, &a.scenario, &a.steps), (&b.baseline, &b.scenario, &b.steps));
        }
        assert_eq!(format!("{:?}", a.indicators), format!("{:?}", b.indicators));
        assert_eq!(
            (&a.relocated, &a.shares, &a.households),
            (&b.relocated, &b.shares, &b.households)
        );
    }
    let notes = |outcome: &Outcome| outcome.notes.len();
    assert!(notes(&with) > notes(&without));
    let off = outcome("[realism]\n");
    assert!(off.years[0].realism.is_none());
    assert_eq!(off.notes, without.notes);
}

/// What each switch adds and the headline make the sum; one file and the summary tell the same.
#[test]
fn results_tell_every_switch() {
    use irio::tidy::{Column, Tidy};
    let place = place("", "amount = 8", &all());
    let run = place.irio(&["run", "s.toml"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("realism", run.stdout);
    let tidy = Tidy::from_csv(&place.read("results/s/realism.csv")).unwrap();
    for quantity in ["output", "value_added", "co2"] {
        for region in ["a", "b"] {
            let of = |factor| {
                tidy.sum_where(&[
                    (Column::Year, "2007"),
                    (Column::Quantity, quantity),
                    (Column::Region, region),
                    (Column::Factor, factor),
                    (Column::Statistic, "change"),
                ])
            };
            let parts = ["headline", "backfill", "households", "followers", "vintage"];
            close(&[parts.iter().map(|factor| of(factor)).sum()], &[of("with_switches")]);
        }
    }
    let summary: serde_json::Value =
        serde_json::from_str(&place.read("results/s/summary.json")).unwrap();
    let switches = summary["switches"]["realism"].as_object().unwrap();
    let known: Vec<&str> = switches.keys().map(String::as_str).collect();
    let mut expected = vec![
        "backfill",
        "capacity",
        "construction",
        "employment",
        "households",
        "products",
        "tax",
        "vintage",
    ];
    expected.sort_unstable();
    assert_eq!(known, expected);
}

/// A table without consumption by region to copy has no answer, and says so.
#[test]
fn wages_without_consumption_to_copy_have_no_answer() {
    let text = WAGES.replace("\"households\"", "\"exports\"");
    let (_, outcome) = read(&place("", "amount = 8", &text));
    assert!(matches!(outcome, Err(RunError::Realism(_))));
}

/// The shipped scenario: without `[realism]` its other files are the same bytes, and with it they agree
/// with each other.
#[test]
fn the_shipped_scenario_tells_its_consequences() {
    use irio::tidy::{Column, Tidy};
    let place = Place::new();
    let root = std::env::current_dir().unwrap();
    let text = std::fs::read_to_string("scenarios/beijing-with-consequences.toml").unwrap();
    let tables = format!("table = \"{}\"", root.join("tables/china-2007").display());
    let text = text.replace("table = \"../tables/china-2007\"", &tables);
    place.write("with.toml", &text).write("bare.toml", &text[..text.find("[realism.").unwrap()]);
    for name in ["with", "bare"] {
        let run = place.irio(&["run", &format!("{name}.toml"), "--out", name, "--quiet"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{name}");
    }
    for file in ["years.csv", "decomposition.csv", "indicators.csv", "peaks.csv"] {
        let [with, bare] = ["with", "bare"].map(|name| place.read(&format!("{name}/{file}")));
        assert!(with == bare, "{file}");
    }
    assert!(!place.path("bare/realism.csv").exists());
    let tidy = Tidy::from_csv(&place.read("with/realism.csv")).unwrap();
    let of = |wanted: &[(Column, &str)]| tidy.sum_where(wanted);
    let co2 = [(Column::Year, "2015"), (Column::Quantity, "co2"), (Column::Statistic, "change")];
    let years = Tidy::from_csv(&place.read("with/years.csv")).unwrap();
    let total = |scenario| {
        years.sum_where(&[
            (Column::Scenario, scenario),
            (Column::Year, "2015"),
            (co2[1].0, co2[1].1),
        ])
    };
    let of_factor = |factor| of(&[&co2[..], &[(Column::Factor, factor)]].concat());
    assert!((of_factor("headline") - (total("scenario") - total("baseline"))).abs() < 1e-6);
    // Taxes change hands in three years for each share, and none is lost on the way.
    for year in ["2009", "2010", "2012", "2015"] {
        let tax = [(Column::Year, year), (Column::Factor, "tax")];
        let part = |part, region| {
            let own =
                [(Column::Part, part), (Column::Region, region), (Column::Statistic, "change")];
            of(&[&tax[..], &own[..]].concat())
        };
        let gain = part("shared", "BT") - part("unshared", "BT");
        let paid = of(&[&tax[..], &[(Column::Statistic, "paid_back")]].concat());
        assert!((gain - paid).abs() < 1e-9, "{year}");
        assert_eq!(paid > 0.0, ["2010", "2012"].contains(&year), "{year}");
    }
    let jobs = |part| {
        let wanted =
            [(Column::Year, "2015"), (Column::Factor, "employment"), (Column::Region, "BT")];
        of(&[&wanted[..], &[(Column::Part, part), (Column::Statistic, "change")]].concat())
    };
    // One drift for all sectors over eight years.
    assert!((jobs("with_drift") / jobs("without_drift") - (-0.64f64).exp()).abs() < 1e-9);
}
