//! Files of sums, end to end: every number of a place is that of its parts, and ranges hold their values.

mod common;
#[path = "common/program.rs"]
mod program;
#[path = "mocks/provincial.rs"]
mod provincial;

use std::collections::BTreeMap;
use std::path::Path;

use common::close;
use irio::tidy::{Column, Tidy};
use program::Place;

fn tidy(place: &Place, file: &str) -> Tidy {
    Tidy::from_csv(&place.read(file)).unwrap()
}

fn shipped(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path).display().to_string()
}

/// The one line with these texts.
#[track_caller]
fn only(tidy: &Tidy, wanted: &[(Column, &str)]) -> f64 {
    let rows: Vec<usize> = tidy.rows_where(wanted).collect();
    assert_eq!(rows.len(), 1, "{wanted:?}");
    tidy.value(rows[0])
}

fn texts(tidy: &Tidy, column: Column) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for row in 0..tidy.len() {
        let text = tidy.text(row, column);
        if !found.iter().any(|known| known == text) {
            found.push(text.to_owned());
        }
    }
    found
}

/// Folder `r` with the results of a transfer between the shipped tables; groups `north` and `rest`.
fn transfer() -> Place {
    let place = Place::new();
    let regions = irio::input::table::read(Path::new(&shipped("tables/china-2002")), None).unwrap();
    let mut groups = "region,group,en\n".to_owned();
    for (at, label) in regions.industries().regions.labels().iter().enumerate() {
        let group = if at < 3 { "north" } else { "rest" };
        groups.push_str(&format!("{},{group},\n", label.code));
    }
    place.write("g.csv", groups);
    let (base, target) = (shipped("tables/china-2002"), shipped("tables/china-2007"));
    let arguments = ["transfer", &base, &target, "--range", "--groups", "g.csv", "--out", "r"];
    let run = place.irio(&arguments);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    place
}

/// Regions of each place, by its code.
fn members(place: &Place) -> BTreeMap<String, Vec<String>> {
    let found = irio::input::recorded::read(&place.path("r")).unwrap();
    let labels = &found.summary.labels;
    let regions: Vec<String> = labels["regions"].iter().map(|one| one.code.clone()).collect();
    let mut all: BTreeMap<String, Vec<String>> =
        regions.iter().map(|code| (code.clone(), vec![code.clone()])).collect();
    all.insert("all".to_owned(), regions);
    let groups = labels.get("groups").into_iter().flatten();
    all.extend(groups.map(|one| (one.code.clone(), one.members.clone())));
    all
}

#[test]
fn sums_of_a_transfer_are_those_of_its_effects() {
    use Column::{Factor, Part, Quantity, Region, Statistic};
    let place = transfer();
    let (sums, effects) = (tidy(&place, "r/sums.csv"), tidy(&place, "r/effects.csv"));
    let places = members(&place);
    for quantity in texts(&sums, Quantity) {
        for (code, regions) in &places {
            let number = |factor: &str, statistic: &str| {
                let wanted = [
                    (Quantity, &*quantity),
                    (Region, code),
                    (Factor, factor),
                    (Statistic, statistic),
                ];
                only(&sums, &wanted)
            };
            let of_effects = |factor: &str, part: &str, statistic: &str| -> f64 {
                let one = |region: &String| {
                    effects.sum_where(&[
                        (Quantity, &*quantity),
                        (Region, region),
                        (Factor, factor),
                        (Part, part),
                        (Statistic, statistic),
                    ])
                };
                regions.iter().map(one).sum()
            };
            let scale = number("base", "value").abs();
            let near = |a: f64, b: f64| assert!((a - b).abs() <= 1e-9 * scale, "{code}: {a} {b}");
            let mut all = 0.0;
            for factor in texts(&effects, Factor) {
                if effects
                    .rows_where(&[(Quantity, &*quantity), (Factor, &*factor)])
                    .next()
                    .is_none()
                {
                    continue;
                }
                let value = number(&factor, "value");
                all += value;
                near(value, of_effects(&factor, "total", "value"));
                let [low, high] = ["min", "max"].map(|end| number(&factor, end));
                assert!(low <= value && value <= high, "{factor} {code}: {low} {value} {high}");
                assert!(low >= of_effects(&factor, "total", "min") - 1e-9 * scale);
                assert!(high <= of_effects(&factor, "total", "max") + 1e-9 * scale);
                let signs = ["share_positive", "share_negative"].map(|sign| number(&factor, sign));
                assert!(signs[0] + signs[1] <= 1.0 + 1e-12);
                assert_eq!(signs[0] == 0.0, high <= 0.0, "{factor} {code}");
                assert_eq!(signs[1] == 0.0, low >= 0.0, "{factor} {code}");
                close("of_base", &[number(&factor, "of_base") * number("base", "value")], &[value]);
            }
            near(all, number("change", "value"));
            near(number("target", "value") - number("base", "value"), number("change", "value"));
            for factor in ["sourcing", "export_origin"] {
                for part in ["direct", "upstream"] {
                    near(number(factor, part), of_effects(factor, part, "value"));
                }
                near(number(factor, "in") - number(factor, "out"), number(factor, "net"));
            }
            if quantity == "output" {
                near(number("sourcing", "net"), number("sourcing", "direct"));
            }
        }
    }
}

/// Ranges of sums are those that agreement.csv has of single regions, found there in another way.
#[test]
fn ranges_of_sums_are_those_beside_the_other_measures() {
    use Column::{Factor, Part, Quantity, Region, Sector, Statistic};
    let place = transfer();
    let (sums, other) = (tidy(&place, "r/sums.csv"), tidy(&place, "r/agreement.csv"));
    let mut seen = 0;
    for row in other.rows_where(&[(Part, "sourcing"), (Sector, "all_sectors")]) {
        let statistic = other.text(row, Statistic);
        if !["value", "min", "max"].contains(&statistic) {
            continue;
        }
        let own = only(
            &sums,
            &[
                (Quantity, other.text(row, Quantity)),
                (Region, other.text(row, Region)),
                (Factor, "sourcing"),
                (Statistic, statistic),
            ],
        );
        close(statistic, &[own], &[other.value(row)]);
        seen += 1;
    }
    assert_eq!(seen, 3 * 3 * members(&place)["all"].len());
}

#[test]
fn exchanges_and_contrasts_are_ratios_of_the_sums() {
    use Column::{Factor, From, Part, Quantity, Region, Statistic, To};
    let place = transfer();
    let sums = tidy(&place, "r/sums.csv");
    let sourcing = |quantity: &str, region: &str, statistic: &str| {
        let wanted =
            [(Quantity, quantity), (Region, region), (Factor, "sourcing"), (Statistic, statistic)];
        only(&sums, &wanted)
    };
    let found = tidy(&place, "r/exchange.csv");
    let mut intensities = 0;
    for row in found.rows_where(&[(Statistic, "value")]) {
        let (quantity, region) = (found.text(row, Quantity), found.text(row, Region));
        let gross = |quantity: &str| -> f64 {
            let regions = members(&place)["all"].clone();
            regions.iter().map(|region| sourcing(quantity, region, "value").max(0.0)).sum()
        };
        let share = |quantity: &str| sourcing(quantity, region, "value") / gross(quantity);
        let expected = match found.text(row, Part) {
            "intensity" => {
                intensities += 1;
                let [low, high] = ["min", "max"].map(|end| sourcing("value_added", region, end));
                assert!(low * high > 0.0, "{region}: a denominator of one sign");
                sourcing(quantity, region, "value") / sourcing("value_added", region, "value")
            }
            "share_of_gross" => share(quantity),
            "mismatch" => share(quantity) - share("value_added"),
            other => panic!("{other}"),
        };
        close(found.text(row, Part), &[found.value(row)], &[expected]);
        let end = |end: &str| {
            let texts = [Quantity, Region, Factor, Part].map(|c| (c, found.text(row, c)));
            only(&found, &[&texts[..], &[(Statistic, end)]].concat())
        };
        assert!(end("min") <= found.value(row) && found.value(row) <= end("max"));
    }
    assert!(intensities > 3);
    let contrasts = tidy(&place, "r/contrasts.csv");
    let mut seen = 0;
    for row in contrasts.rows_where(&[(Statistic, "value"), (Part, "effect")]) {
        let quantity = contrasts.text(row, Quantity);
        let [from, to] = [From, To].map(|column| contrasts.text(row, column));
        let expected = sourcing(quantity, from, "value") / sourcing(quantity, to, "value");
        close("contrast", &[contrasts.value(row)], &[expected]);
        let back = only(
            &contrasts,
            &[(Quantity, quantity), (From, to), (To, from), (Part, "effect"), (Statistic, "min")],
        );
        let high = only(
            &contrasts,
            &[(Quantity, quantity), (From, from), (To, to), (Part, "effect"), (Statistic, "max")],
        );
        // The largest of a positive ratio is one over the smallest of its inverse.
        if back > 0.0 {
            close("turned round", &[high], &[1.0 / back]);
        }
        seen += 1;
    }
    assert!(seen > 3);
}

#[test]
fn routes_and_sectors_add_up_to_pairs_and_effects() {
    use Column::{Factor, From, Part, Quantity, Region, Sector, Statistic, To};
    let place = transfer();
    let (routes, pairs) = (tidy(&place, "r/routes.csv"), tidy(&place, "r/pairs.csv"));
    let places = members(&place);
    let north = &places["north"];
    let mut seen = 0;
    for row in 0..routes.len() {
        let [quantity, from, to, factor, part] =
            [Quantity, From, To, Factor, Part].map(|column| routes.text(row, column));
        if !places["all"].contains(&from.to_owned()) || quantity == "output" {
            continue;
        }
        let expected = pairs
            .rows_where(&[
                (Quantity, quantity),
                (From, from),
                (To, to),
                (Factor, factor),
                (Part, "total"),
            ])
            .filter(|pair| {
                let region = pairs.text(*pair, Region);
                match part {
                    "received" => region == to,
                    "given" => region == from,
                    _ => region != from && region != to,
                }
            })
            .map(|pair| pairs.value(pair))
            .sum::<f64>();
        assert!((routes.value(row) - expected).abs() < 1e-9 * expected.abs().max(1.0));
        seen += 1;
    }
    assert!(seen > 100);
    // Into the group and out of it: what groups.csv has by region.
    let groups = tidy(&place, "r/groups.csv");
    let of = |kind: &str| -> f64 {
        let wanted = [(Quantity, "co2"), (Factor, "sourcing"), (Part, kind)];
        let rows = groups.rows_where(&wanted);
        rows.filter(|row| {
            north.contains(&groups.text(*row, Region).to_owned())
                && [groups.text(*row, From), groups.text(*row, To)].contains(&"north")
        })
        .map(|row| groups.value(row))
        .sum()
    };
    let overall = only(
        &routes,
        &[
            (Quantity, "co2"),
            (Factor, "sourcing"),
            (From, "not_north"),
            (To, "north"),
            (Part, "overall"),
        ],
    );
    close("overall", &[overall], &[of("inward") + of("outward")]);
    let (sectors, effects) = (tidy(&place, "r/sector_sums.csv"), tidy(&place, "r/effects.csv"));
    for sector in texts(&sectors, Sector) {
        let wanted = [(Quantity, "co2"), (Sector, &*sector), (Factor, "sourcing"), (Part, "total")];
        let own = only(&sectors, &[&wanted[..], &[(Region, "all")]].concat());
        let all = effects.sum_where(&[&wanted[..], &[(Statistic, "value")]].concat());
        assert!((own - all).abs() < 1e-9 * all.abs().max(1.0), "{sector}");
    }
}

#[test]
fn a_group_may_not_have_the_name_of_another_place() {
    let place = Place::new();
    place.write("g.csv", "region,group\nB,all\nH,B\n");
    let told = place.refusal(&["transfer", "table-0", "table-1", "--groups", "g.csv"]);
    assert!(told.contains("g.csv:2:2 (cell B2): a group called all"), "{told}");
    assert!(
        told.contains("g.csv:3:2 (cell B3): the group \"B\" has the name of a region"),
        "{told}"
    );
}

#[test]
fn sums_of_a_scenario_are_those_of_its_years_and_steps() {
    use Column::{Factor, Quantity, Region, Scenario, Sector, Year};
    let place = Place::new();
    let scenario = shipped("scenarios/targets-2015.toml");
    let run = place.irio(&["run", &scenario, "--draws", "40", "--out", "r"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let (sums, years) = (tidy(&place, "r/sums.csv"), tidy(&place, "r/years.csv"));
    let steps = tidy(&place, "r/decomposition.csv");
    let places = members(&place);
    let last = texts(&sums, Year).pop().unwrap();
    let base = years.text(0, Year).to_owned();
    for quantity in texts(&sums, Quantity) {
        for (code, regions) in &places {
            let number = |factor: &str| {
                let wanted =
                    [(Year, &*last), (Quantity, &*quantity), (Region, code), (Factor, factor)];
                only(&sums, &wanted)
            };
            let level = |scenario: &str, year: &str| -> f64 {
                let one = |region: &String| {
                    years.sum_where(&[
                        (Scenario, scenario),
                        (Year, year),
                        (Quantity, &*quantity),
                        (Region, region),
                    ])
                };
                regions.iter().map(one).sum()
            };
            close("base", &[number("base")], &[level("base", &base)]);
            for scenario in ["baseline", "scenario"] {
                close(scenario, &[number(scenario)], &[level(scenario, &last)]);
            }
            let scale = number("base");
            let near = |a: f64, b: f64| assert!((a - b).abs() <= 1e-9 * scale, "{code}: {a} {b}");
            near(number("scenario") - number("baseline"), number("difference"));
            let all: f64 = texts(&steps, Factor).iter().map(|step| number(step)).sum();
            near(number("base") + all, number("scenario"));
        }
    }
    let differences = tidy(&place, "r/sector_differences.csv");
    for code in places.keys() {
        let sectors = differences.sum_where(&[(Year, &last), (Quantity, "co2"), (Region, code)]);
        let whole = only(
            &sums,
            &[(Year, &last), (Quantity, "co2"), (Region, code), (Factor, "difference")],
        );
        assert!((sectors - whole).abs() < 1e-6, "{code}: {sectors} {whole}");
    }
    assert!(!texts(&differences, Sector).contains(&"households".to_owned()));
}

/// Bands of sides and of bands.csv are quantiles of the draws in draws.csv.
#[test]
fn draws_are_told_one_by_one() {
    use Column::{Factor, Part, Point, Quantity, Region, Scenario, Statistic, Year};
    let place = Place::new();
    let scenario = shipped("scenarios/heavy-industry-density.toml");
    let run = place.irio(&["run", &scenario, "--draws", "40", "--out", "r"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let (draws, bands) = (tidy(&place, "r/draws.csv"), tidy(&place, "r/bands.csv"));
    let (sides, sums) = (tidy(&place, "r/sides.csv"), tidy(&place, "r/sums.csv"));
    let year = texts(&draws, Year).pop().unwrap();
    assert_eq!(texts(&draws, Point).len(), 40);
    let drawn = |quantity: &str, region: &str| -> Vec<f64> {
        let wanted = [(Quantity, quantity), (Region, region)];
        let rows = draws.rows_where(&wanted);
        rows.map(|row| draws.value(row)).collect()
    };
    let fan = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        [0.05, 0.25, 0.5, 0.75, 0.95].map(|share| irio::draws::quantile(&values, share))
    };
    let band = |values: Vec<f64>| {
        let [low, _, mid, _, high] = fan(values);
        [low, mid, high]
    };
    let names = ["p05", "p50", "p95"];
    let reading = draws.text(0, Factor).to_owned();
    for region in texts(&draws, Region) {
        let known = ["p05", "p25", "p50", "p75", "p95"].map(|name| {
            only(
                &bands,
                &[
                    (Scenario, "difference"),
                    (Year, &year),
                    (Quantity, "co2"),
                    (Region, &region),
                    (Factor, &reading),
                    (Statistic, name),
                ],
            )
        });
        close(&region, &fan(drawn("co2", &region)), &known);
    }
    let mut ratios = 0;
    for region in texts(&sides, Region) {
        let all = [(Quantity, "co2"), (Region, &*region)];
        let rows: Vec<usize> = sides
            .rows_where(&[&all[..], &[(Factor, "intensity_of_change")]].concat())
            .filter(|row| region != "all" || sides.text(*row, Part) == "all")
            .collect();
        let Some(row) = rows.iter().find(|row| sides.text(**row, Statistic) == "value") else {
            continue;
        };
        let change = |quantity: &str| {
            let wanted =
                [(Year, &*year), (Quantity, quantity), (Region, &*region), (Factor, "difference")];
            only(&sums, &wanted)
        };
        close("intensity", &[sides.value(*row)], &[change("co2") / change("value_added")]);
        let of_draws = drawn("co2", &region).into_iter().zip(drawn("value_added", &region));
        let expected = band(of_draws.map(|(a, b)| a / b).collect());
        let found: Vec<f64> = names
            .iter()
            .map(|name| {
                let own = rows.iter().find(|row| sides.text(**row, Statistic) == *name).unwrap();
                sides.value(*own)
            })
            .collect();
        close(&region, &found, &expected);
        ratios += 1;
    }
    assert!(ratios > 1);
    let part = |side: &str, factor: &str| {
        only(
            &sides,
            &[
                (Quantity, "output"),
                (Region, "all"),
                (Part, side),
                (Factor, factor),
                (Statistic, "value"),
            ],
        )
    };
    close("moved", &[part("giving", "moved_output")], &[part("all", "moved_output")]);
    let of_sides = ["giving", "receiving", "elsewhere"].map(|side| part(side, "change"));
    close("sides", &[of_sides.iter().sum()], &[part("all", "change")]);
}

#[test]
fn sums_of_a_build_are_those_of_its_trade() {
    use Column::{From, Product, Quantity, Region, Sector, To};
    let place = Place::new();
    provincial::workbook().unwrap().save(place.path("provinces.xlsx")).unwrap();
    place.write("places.csv", "region,lon,lat\nBJ,116.4,39.9\nTJ,117.2,39.1\nHE,114.5,38\n");
    place.write(
        "build.toml",
        "irio_build = 1\nname = \"b\"\nsource = \"invented\"\ntables = \"provinces.xlsx\"\n\
         costs = \"places.csv\"\n[gravity]\nexponent = 1.5\n",
    );
    let run = place.irio(&["build", "build.toml", "--out", "t", "--report", "r"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let (sums, trade) = (tidy(&place, "r/sums.csv"), tidy(&place, "r/trade.csv"));
    let (routes, sectors) = (tidy(&place, "r/routes.csv"), tidy(&place, "r/sector_sums.csv"));
    let table = irio::input::table::read(&place.path("t"), None).unwrap();
    let of = |quantity: &str, region: &str| only(&sums, &[(Quantity, quantity), (Region, region)]);
    let output = table.industries().by_region(table.output());
    for (label, output) in table.industries().regions.labels().iter().zip(&output) {
        let code = &label.code;
        close("output", &[of("output", code)], &[*output]);
        close("out", &[of("outflow", code)], &[trade.sum_where(&[(From, code)])]);
        close("in", &[of("inflow", code)], &[trade.sum_where(&[(To, code)])]);
        let sent = [(Quantity, "trade"), (From, code.as_str())];
        close("routes", &[routes.sum_where(&sent)], &[of("outflow", code)]);
        let share = of("error", code) / of("output", code);
        close("error", &[of("error_share_of_output", code)], &[share]);
    }
    close("all", &[of("outflow", "all")], &[of("inflow", "all")]);
    for sector in texts(&sectors, Sector) {
        let traded = only(&sectors, &[(Quantity, "traded"), (Sector, &sector)]);
        close(&sector, &[traded], &[trade.sum_where(&[(Product, &sector)])]);
    }
}

#[test]
fn sums_of_a_footprint_are_those_of_its_accounts() {
    use Column::{Part, Quantity, Region};
    let place = Place::new();
    let run = place.irio(&["footprint", "table-1", "--detail", "imports", "--out", "r"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let (sums, accounts) = (tidy(&place, "r/sums.csv"), tidy(&place, "r/accounts.csv"));
    for region in texts(&accounts, Region) {
        for part in ["production", "consumption", "exports", "imports"] {
            let wanted = [(Quantity, "co2"), (Region, &*region), (Part, part)];
            if accounts.rows_where(&wanted).next().is_some() {
                close(part, &[only(&sums, &wanted)], &[accounts.sum_where(&wanted)]);
            }
        }
    }
    let of = |part: &str| only(&sums, &[(Quantity, "co2"), (Region, "B"), (Part, part)]);
    close("net", &[of("net")], &[of("production") - of("consumption")]);
}
