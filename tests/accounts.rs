//! `irio footprint` with everything asked for: accounts add up, impacts are weighed, and what is said of
//! faulty files of factors and population.

mod common;
#[macro_use]
#[path = "common/program.rs"]
mod program;

use common::close;
use irio::tidy::{Column, Tidy};
use program::Place;

const FACTORS: &str = "stressor,impact,factor,impact_unit,stressor_unit\nco2,warming,1.5,kg,t\n";
const PEOPLE: &str = "region,population\nB,50\nH,20\n";
const ALL: [&str; 8] = [
    "footprint",
    "table-0",
    "--detail",
    "imports",
    "--characterise",
    "f.csv",
    "--population",
    "p.csv",
];

fn place() -> Place {
    let place = Place::new();
    place.write("f.csv", FACTORS).write("p.csv", PEOPLE);
    place
}

fn tidy(place: &Place, name: &str) -> Tidy {
    Tidy::from_csv(&place.read(&format!("results/footprint-two-region-0/{name}"))).unwrap()
}

#[test]
fn accounts_of_a_region_add_up() {
    let place = place();
    let run = place.irio(&ALL);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let (accounts, flows) = (tidy(&place, "accounts.csv"), tidy(&place, "flows.csv"));
    for quantity in ["value_added", "co2", "warming"] {
        let sum = |region, part| {
            accounts.sum_where(&[
                (Column::Quantity, quantity),
                (Column::Region, region),
                (Column::Part, part),
            ])
        };
        let flow = |from, to| {
            flows.sum_where(&[(Column::Quantity, quantity), (Column::From, from), (Column::To, to)])
        };
        for (own, other) in [("B", "H"), ("H", "B")] {
            close("imports", &[sum(own, "imports")], &[flow(other, own)]);
            let consumed = flow(own, own) + flow(other, own);
            close("consumption", &[sum(own, "consumption")], &[consumed]);
            let exported = flow(own, other) + flow(own, "rest_of_world");
            close("exports", &[sum(own, "exports")], &[exported]);
        }
    }
    let of =
        |quantity, part| accounts.sum_where(&[(Column::Quantity, quantity), (Column::Part, part)]);
    for part in ["production", "consumption", "imports", "exports", "households"] {
        close(part, &[of("warming", part)], &[1.5 * of("co2", part)]);
    }
    let people = tidy(&place, "per_capita.csv");
    let of_b = [(Column::Quantity, "co2"), (Column::Region, "B"), (Column::Part, "production")];
    let produced = accounts.sum_where(&of_b)
        + accounts.sum_where(&[of_b[0], of_b[1], (Column::Part, "households")]);
    close("per person", &[people.sum_where(&of_b)], &[produced / 50.0]);
}

/// Sums, net flows and numbers per person are those of the accounts.
#[test]
fn sums_of_regions_are_those_of_their_accounts() {
    let place = place();
    assert_eq!(place.irio(&ALL).code, 0);
    let (sums, flows) = (tidy(&place, "sums.csv"), tidy(&place, "flows.csv"));
    let (routes, people) = (tidy(&place, "routes.csv"), tidy(&place, "per_capita.csv"));
    for quantity in ["value_added", "co2"] {
        let sum = |region, part| {
            sums.sum_where(&[
                (Column::Quantity, quantity),
                (Column::Region, region),
                (Column::Part, part),
            ])
        };
        let between = |of: &Tidy, from, to| {
            of.sum_where(&[(Column::Quantity, quantity), (Column::From, from), (Column::To, to)])
        };
        for (own, other, count) in [("B", "H", 50.0), ("H", "B", 20.0)] {
            let (to, from) = (between(&flows, own, other), between(&flows, other, own));
            close("to others", &[sum(own, "to_regions")], &[to]);
            close("from others", &[sum(own, "from_regions")], &[from]);
            close("net with others", &[sum(own, "net_regions")], &[to - from]);
            // A net flow stands once, from the region that produces more for the other.
            close("net flow", &[between(&routes, own, other)], &[(to - from).max(0.0)]);
            let net = sum(own, "production") - sum(own, "consumption");
            close("net", &[sum(own, "net")], &[net]);
            let of = [(Column::Quantity, quantity), (Column::Region, own), (Column::Part, "net")];
            close("net per person", &[people.sum_where(&of)], &[net / count]);
        }
    }
}

#[test]
fn less_detail_is_the_same_numbers() {
    let place = place();
    assert_eq!(place.irio(&ALL).code, 0);
    let whole = tidy(&place, "accounts.csv");
    let run =
        place.irio(&["footprint", "table-0", "--detail", "consumption", "--quantities", "co2"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let few = tidy(&place, "accounts.csv");
    assert!(!place.path("results/footprint-two-region-0/flows.csv").exists());
    let wanted = (0..whole.len()).filter(|row| {
        whole.text(*row, Column::Quantity) == "co2"
            && !["imports", "exports"].contains(&whole.text(*row, Column::Part))
    });
    let wanted: Vec<f64> = wanted.map(|row| whole.value(row)).collect();
    close("co2", &(0..few.len()).map(|row| few.value(row)).collect::<Vec<_>>(), &wanted);
}

bad! {
    factors_without_a_column: |p| { p.write("f.csv", "stressor,impact,factor\nco2,warming,1\n").write("p.csv", PEOPLE) } => ALL;
    factors_of_unknown_stressors: |p| { p.write("f.csv", FACTORS.replace("co2", "co3")).write("p.csv", PEOPLE) } => ALL;
    factors_for_another_unit: |p| { p.write("f.csv", FACTORS.replace(",t\n", ",kg\n")).write("p.csv", PEOPLE) } => ALL;
    factors_into_what_is_there: |p| { p.write("f.csv", FACTORS.replace("warming", "value_added")).write("p.csv", PEOPLE) } => ALL;
    factors_that_contradict: |p| {
        p.write("f.csv", format!("{FACTORS}co2,warming,x,t,t\nco2,warming,2,kg,t\n")).write("p.csv", PEOPLE)
    } => ALL;
    population_of_nobody: |p| { p.write("f.csv", FACTORS).write("p.csv", PEOPLE.replace("50", "0")) } => ALL;
    population_in_a_unit_of_its_own: |p| { p.write("f.csv", FACTORS).write("p.csv", "region,population,unit\nB,50,1000\nH,20,1\n") } => ALL;
    population_with_a_region_left_out: |p| { p.write("f.csv", FACTORS).write("p.csv", "region,population\nB,5\n") } => ALL;
    population_twice: |p| { p.write("f.csv", FACTORS).write("p.csv", PEOPLE.replace("H", "B")) } => ALL;
    quantity_that_is_not_there: |_p| {} => ["footprint", "table-0", "--quantities", "co2,ch4"];
}
