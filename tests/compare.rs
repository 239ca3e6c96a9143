//! `irio compare`: numbers against the files of the runs, what is printed against the files, and what is refused.

#[macro_use]
#[path = "common/program.rs"]
mod program;

use std::collections::BTreeSet;
use std::path::Path;

use irio::draws::quantile;
use irio::input::recorded;
use irio::recorded::Recorded;
use irio::text::{human, signed};
use irio::tidy::{Column, Tidy};
use program::Place;

/// Moves of three scenarios on the worked example.
const MOVES: [(&str, &str); 3] = [
    (
        "as-there",
        "sector = \"M\"\nfrom = \"B\"\nto = \"H\"\nshare = 0.3\ntechnology = \"destination\"\n",
    ),
    (
        "as-they-were",
        "sector = \"M\"\nfrom = \"B\"\nto = \"H\"\nshare = 0.3\ntechnology = \"origin\"\n",
    ),
    ("services", "sector = \"S\"\nfrom = \"H\"\nto = \"B\"\nshare = 0.1\n"),
];

const DRAWN: &str = "[uncertainty]\ndraws = 41\nseed = 7\nemission_factors = 0.1\ntrade_shares = 20\ntechnology = [0.0, 1.0]\n";

/// Writes and runs the three scenarios, with what they have beside their move.
fn runs(place: &Place, beside: [&str; 3]) {
    for ((name, mv), beside) in MOVES.into_iter().zip(beside) {
        let text = format!(
            "irio_scenario = 1\nname = \"{name}\"\ndescription = \"What {name} is.\"\ntable = \"table-1\"\n\
             [groups]\nboth = [\"B\", \"H\"]\n[[relocate]]\n{mv}{beside}"
        );
        place.write(&format!("{name}.toml"), text);
        let run = place.irio(&["run", &format!("{name}.toml"), "--out", name, "--quiet"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{name}");
    }
}

fn compared(place: &Place, more: &[&str]) -> (String, Recorded) {
    let run = place.irio(&[&["compare"], more, &["--out", "c"]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    (run.stdout, read(place, "c"))
}

fn read(place: &Place, folder: &str) -> Recorded {
    recorded::read(&place.path(folder)).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The one number whose columns have these texts.
#[track_caller]
fn one(tidy: &Tidy, wanted: &[(Column, &str)]) -> f64 {
    let rows: Vec<usize> = tidy.rows_where(wanted).collect();
    assert_eq!(rows.len(), 1, "{wanted:?}");
    tidy.value(rows[0])
}

fn file<'a>(found: &'a Recorded, name: &str) -> &'a Tidy {
    found.tidy(name).unwrap_or_else(|| panic!("no {name}"))
}

/// Draws of a quantity and place, in order of their numbers.
fn draws(run: &Recorded, quantity: &str, place: &str) -> Vec<f64> {
    let tidy = file(run, "draws.csv");
    let wanted = [(Column::Quantity, quantity), (Column::Region, place)];
    let mut found: Vec<(u32, f64)> = tidy
        .rows_where(&wanted)
        .map(|row| (tidy.text(row, Column::Point).parse().unwrap(), tidy.value(row)))
        .collect();
    found.sort_by_key(|(number, _)| *number);
    assert_eq!(found.len(), 41);
    found.into_iter().map(|(_, value)| value).collect()
}

fn band(values: &[f64]) -> [f64; 3] {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    [0.05, 0.5, 0.95].map(|share| quantile(&sorted, share))
}

#[track_caller]
fn close(what: &str, found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-12 * expected.abs().max(1e-9),
        "{what}: {found} {expected}"
    );
}

/// Differences between scenarios, their bands and how often which is better, by hand from the files of the runs.
#[test]
fn scenarios_against_each_other_by_hand() {
    use Column::{Factor, From, Quantity, Region, Scenario, Statistic, To};
    let place = Place::new();
    runs(&place, [DRAWN; 3]);
    let names = MOVES.map(|(name, _)| name);
    let (_, found) = compared(&place, &names);
    let given = names.map(|name| read(&place, name));
    let (against, differences, ranking) =
        (file(&found, "against.csv"), file(&found, "differences.csv"), file(&found, "ranking.csv"));
    for (quantity, more) in [("value_added", true), ("co2", false)] {
        for region in ["B", "H", "both", "all"] {
            let sum = |run: &Recorded| {
                one(
                    file(run, "sums.csv"),
                    &[(Quantity, quantity), (Region, region), (Factor, "difference")],
                )
            };
            let own = given.each_ref().map(sum);
            let drawn = given.each_ref().map(|run| draws(run, quantity, region));
            for a in 0..3 {
                let at = |statistic| {
                    [
                        (Scenario, names[a]),
                        (Quantity, quantity),
                        (Region, region),
                        (Factor, "difference"),
                        (Statistic, statistic),
                    ]
                };
                assert_eq!(one(differences, &at("value")), own[a]);
                for (statistic, end) in ["p05", "p50", "p95"].into_iter().zip(band(&drawn[a])) {
                    close(statistic, one(differences, &at(statistic)), end);
                }
                for b in (a + 1..3).map(Some).chain([None]) {
                    let to = b.map_or("baseline", |b| names[b]);
                    let at = |statistic| {
                        [
                            (Quantity, quantity),
                            (Region, region),
                            (From, names[a]),
                            (To, to),
                            (Statistic, statistic),
                        ]
                    };
                    let apart: Vec<f64> = drawn[a]
                        .iter()
                        .enumerate()
                        .map(|(k, value)| value - b.map_or(0.0, |b| drawn[b][k]))
                        .collect();
                    close("value", one(against, &at("value")), own[a] - b.map_or(0.0, |b| own[b]));
                    for (statistic, end) in ["p05", "p50", "p95"].into_iter().zip(band(&apart)) {
                        close(statistic, one(against, &at(statistic)), end);
                    }
                    let better = apart.iter().filter(|v| if more { **v > 0.0 } else { **v < 0.0 });
                    let share = better.count() as f64 / 41.0;
                    assert_eq!(one(against, &at("share_better")), share);
                    let all = ["share_better", "share_worse", "share_equal"];
                    let whole: f64 = all.map(|statistic| one(against, &at(statistic))).iter().sum();
                    close("shares", whole, 1.0);
                    assert_eq!(one(against, &at("draws")), 41.0);
                }
                // Rank among the others and the baseline, in the headline and in every draw.
                let ahead = |values: &dyn Fn(usize) -> f64| {
                    let others = (0..3).map(values).chain([0.0]);
                    let own = values(a);
                    1 + others.filter(|v| if more { *v > own } else { *v < own }).count()
                };
                let at = |statistic| {
                    [
                        (Scenario, names[a]),
                        (Quantity, quantity),
                        (Region, region),
                        (Statistic, statistic),
                    ]
                };
                assert_eq!(one(ranking, &at("value")), ahead(&|k| own[k]) as f64);
                let ranks: Vec<f64> = (0..41).map(|k| ahead(&|b| drawn[b][k]) as f64).collect();
                for (statistic, end) in ["p05", "p50", "p95"].into_iter().zip(band(&ranks)) {
                    close("rank", one(ranking, &at(statistic)), end);
                }
                let first = ranks.iter().filter(|rank| **rank == 1.0).count();
                assert_eq!(one(ranking, &at("share_first")), first as f64 / 41.0);
            }
        }
    }
    let codes: Vec<&str> =
        found.summary.labels["scenarios"].iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, names);
    let better = &found.summary.switches["better"];
    assert_eq!(
        (better["co2"].as_str(), better["value_added"].as_str()),
        (Some("less"), Some("more"))
    );
    assert!(found.summary.notes.iter().all(|note| note.code != "no_shared_draws"));
}

/// Ratios between sides and what products come with, by hand.
#[test]
fn giving_against_receiving_by_hand() {
    use Column::{Factor, Part, Quantity, Region, Scenario, Sector, Statistic, Year};
    let place = Place::new();
    let priced = format!("{DRAWN}[[realism.products]]\nsector = \"M\"\nprice = 0.25\n");
    runs(&place, [&priced, DRAWN, DRAWN]);
    let (_, found) = compared(&place, &["as-there", "as-they-were"]);
    let run = read(&place, "as-there");
    let ratios = file(&found, "ratios.csv");
    let ratio = |name: &str, statistic: &str| {
        one(
            ratios,
            &[(Scenario, "as-there"), (Quantity, "co2"), (Factor, name), (Statistic, statistic)],
        )
    };
    let indicator =
        |name: &str| one(file(&run, "indicators.csv"), &[(Quantity, "co2"), (Statistic, name)]);
    let [co2_b, co2_h] = ["B", "H"].map(|region| draws(&run, "co2", region));
    let [va_b, va_h] = ["B", "H"].map(|region| draws(&run, "value_added", region));
    let each = |of: &dyn Fn(usize) -> f64| -> Vec<f64> { (0..41).map(of).collect() };
    let transfer = each(&|k| co2_h[k] / -co2_b[k]);
    let costs = each(&|k| (co2_h[k] / va_h[k]) / (co2_b[k] / va_b[k]));
    assert_eq!(ratio("emission_transfer_ratio", "value"), indicator("emission_transfer_ratio"));
    assert_eq!(ratio("break_even_intensity", "value"), indicator("break_even_intensity"));
    close("cost", ratio("carbon_cost_gained", "value"), indicator("carbon_cost_gained"));
    let expected = indicator("carbon_cost_gained") / indicator("carbon_cost_lost");
    close("costs", ratio("carbon_cost_ratio", "value"), expected);
    for (at, statistic) in ["p05", "p50", "p95"].into_iter().enumerate() {
        close("ratio", ratio("emission_transfer_ratio", statistic), band(&transfer)[at]);
        close("costs", ratio("carbon_cost_ratio", statistic), band(&costs)[at]);
    }
    // The plants' own stressor per output: 0.34 t per yuan where they leave, 1.02 where they arrive (the worked example).
    let products = file(&found, "products.csv");
    let product = |scenario: &str, basis: &str, part: &str| {
        one(products, &[(Scenario, scenario), (Sector, "M"), (Factor, basis), (Part, part)])
    };
    close("left", product("as-there", "per_output", "left"), 0.34e4);
    close("arrived", product("as-there", "per_output", "arrived"), 1.02e4);
    close("ratio", product("as-there", "per_output", "arrived_over_left"), 3.0);
    close("tonne", product("as-there", "per_tonne", "arrived"), 1.02 * 0.25);
    close("kept", product("as-they-were", "per_output", "arrived"), 0.34e4);
    assert!(
        products.rows_where(&[(Scenario, "as-they-were"), (Factor, "per_tonne")]).next().is_none()
    );
    // Sides are those of the run, number by number; quadrants have the signs of the bands.
    let (own, its) = (file(&found, "sides.csv"), file(&run, "sides.csv"));
    let mine: Vec<usize> = own.rows_where(&[(Scenario, "as-there")]).collect();
    assert_eq!(mine.len(), its.len());
    for (row, other) in mine.into_iter().zip(0..its.len()) {
        let columns = [Year, Quantity, Region, Factor, Part, Statistic];
        columns.iter().for_each(|c| assert_eq!(own.text(row, *c), its.text(other, *c)));
        assert_eq!(own.value(row), its.value(other));
    }
    let corner = |region: &str| {
        let quadrants = file(&found, "quadrants.csv");
        let wanted = [(Scenario, "as-there"), (Region, region), (Statistic, "value")];
        let row = quadrants.rows_where(&wanted).next().unwrap();
        quadrants.text(row, Part).to_owned()
    };
    assert_eq!([corner("B"), corner("H")], ["loses_emits_less", "gains_emits_more"]);
}

/// Draws count as the same only where seed, number and everything that is drawn are.
#[test]
fn no_share_is_given_where_draws_are_not_the_same() {
    let place = Place::new();
    let cases = [
        (
            DRAWN.replace("seed = 7", "seed = 8"),
            "as-there draws with seed 7, as-they-were with seed 8",
        ),
        (DRAWN.replace("draws = 41", "draws = 40"), "as-there has 41 draws, as-they-were has 40"),
        (
            DRAWN.replace("= 0.1", "= 0.2"),
            "as-there and as-they-were do not draw the same emission factors",
        ),
        (String::new(), "nothing is drawn in as-they-were"),
    ];
    for (other, why) in cases {
        runs(&place, [DRAWN, &other, DRAWN]);
        let (printed, found) = compared(&place, &["as-there", "as-they-were", "services"]);
        let note = found.summary.notes.iter().find(|note| note.code == "no_shared_draws").unwrap();
        assert!(note.message.contains(why), "{}", note.message);
        assert!(note.message.starts_with("2 of 3 pairs"), "{}", note.message);
        assert!(printed.contains("not told"), "{printed}");
        let against = file(&found, "against.csv");
        let pair = |from, to| {
            let wanted =
                [(Column::From, from), (Column::To, to), (Column::Statistic, "share_better")];
            against.rows_where(&wanted).count()
        };
        assert_eq!(pair("as-there", "as-they-were"), 0);
        assert!(pair("as-there", "services") > 0);
        let first = [(Column::Statistic, "share_first")];
        assert_eq!(file(&found, "ranking.csv").rows_where(&first).count(), 0);
    }
}

/// Two periods by hand: a year, the difference of periods, whether signs last.
#[test]
fn periods_against_each_other_by_hand() {
    use Column::{Factor, From, Part, Quantity, Region, Scenario, Statistic, To};
    let place = Place::new();
    place.patch("table-1/table.toml", "year = 2001", "year = 2004");
    for (base, target, out) in [("table-0", "table-1", "t1"), ("table-1", "table-0", "t2")] {
        assert_eq!(place.irio(&["transfer", base, target, "--out", out, "--quiet"]).code, 0);
    }
    let (printed, found) = compared(&place, &["t1", "t2"]);
    let given = ["t1", "t2"].map(|name| read(&place, name));
    let (periods, against) = (file(&found, "periods.csv"), file(&found, "against.csv"));
    for quantity in ["output", "value_added", "co2"] {
        for region in ["B", "H", "all"] {
            let sums = given.each_ref().map(|run| {
                ["value", "min", "max"].map(|statistic| {
                    one(
                        file(run, "sums.csv"),
                        &[
                            (Quantity, quantity),
                            (Region, region),
                            (Factor, "sourcing"),
                            (Statistic, statistic),
                        ],
                    )
                })
            });
            // Four years forwards, four years backwards.
            let per_year = [
                sums[0].map(|v| v / 4.0),
                [sums[1][0] / -4.0, sums[1][2] / -4.0, sums[1][1] / -4.0],
            ];
            for (period, (own, yearly)) in
                ["2000-2004", "2004-2000"].into_iter().zip(sums.iter().zip(per_year))
            {
                let at = |statistic| {
                    [
                        (Scenario, period),
                        (Quantity, quantity),
                        (Region, region),
                        (Factor, "sourcing"),
                        (Statistic, statistic),
                    ]
                };
                let names =
                    [("value", "value_per_year"), ("min", "min_per_year"), ("max", "max_per_year")];
                for (k, (name, a_year)) in names.into_iter().enumerate() {
                    assert_eq!(one(periods, &at(name)), own[k]);
                    close(name, one(periods, &at(a_year)), yearly[k]);
                }
            }
            let [a, b] = per_year;
            let at = |statistic| {
                [
                    (Quantity, quantity),
                    (Region, region),
                    (From, "2000-2004"),
                    (To, "2004-2000"),
                    (Statistic, statistic),
                ]
            };
            close("min", one(against, &at("min")), a[1] - b[2]);
            close("max", one(against, &at("max")), a[2] - b[1]);
            // What came in one period left in the other.
            let persistence = file(&found, "persistence.csv");
            let wanted = [(Quantity, quantity), (Region, region), (Statistic, "gaining")];
            let row = persistence.rows_where(&wanted).next().unwrap();
            let firm = sums[0][1] > 0.0 || sums[0][2] < 0.0;
            let verdict = if firm { "turns" } else { "unclear" };
            let zero = sums[0] == [0.0; 3];
            assert_eq!(
                persistence.text(row, Part),
                if zero { "unchanged" } else { verdict },
                "{quantity} {region}"
            );
        }
    }
    assert!(found.summary.labels.contains_key("periods"));
    insta::assert_snapshot!("periods", printed);
}

/// Words of a text that are numbers, without brackets and units.
fn numbers(text: &str) -> BTreeSet<String> {
    let plain = text.replace(['(', ')'], " ");
    let words = plain.split_whitespace().map(|word| word.trim_end_matches([',', ':']));
    let words = words.filter(|word| {
        word.bytes().any(|byte| byte.is_ascii_digit())
            && word.bytes().all(|byte| byte.is_ascii_digit() || b"+-.,e".contains(&byte))
    });
    words.map(str::to_owned).collect()
}

/// Every number of the tables is the value of a line of a file.
#[track_caller]
fn printed_numbers_stand_in_files(printed: &str, found: &Recorded) {
    let mut known = BTreeSet::new();
    for tidy in found.files.iter().filter_map(|file| file.tidy.as_ref()) {
        for row in 0..tidy.len() {
            let value = tidy.value(row);
            known.extend([human(value), signed(value), format!("{:.0}", 100.0 * value)]);
        }
    }
    // Years and units of the heads.
    let heads = ["2007", "2001", "10^4", "10^8", "1"].map(str::to_owned);
    known.extend(heads);
    let lines: Vec<&str> = printed.lines().skip_while(|line| !line.contains('─')).collect();
    let lines: Vec<&str> =
        lines.into_iter().take_while(|line| !line.contains("caveats of the results")).collect();
    let found = numbers(&lines.join("\n"));
    let missing: Vec<&String> = found.difference(&known).collect();
    assert!(found.len() > 20 && missing.is_empty(), "{missing:?}");
}

#[test]
fn the_terminal_tells_who_gives_and_who_receives() {
    let place = Place::new();
    runs(&place, [DRAWN; 3]);
    let (printed, found) = compared(&place, &MOVES.map(|(name, _)| name));
    // Two of them differ only in what is drawn in both.
    let alike = found.summary.notes.iter().find(|note| note.code == "drawn_alike").unwrap();
    assert!(alike.message.ends_with(": as-there and as-they-were"), "{}", alike.message);
    insta::assert_snapshot!("three_scenarios", printed);
    printed_numbers_stand_in_files(&printed, &found);
    let (printed, found) = compared(&place, &["as-there", "--lang", "zh"]);
    insta::assert_snapshot!("one_scenario", printed);
    printed_numbers_stand_in_files(&printed, &found);
    assert!(found.tidy("ranking.csv").is_none());
}

/// Runs shipped scenarios and compares them.
fn shipped(place: &Place, names: &[&str], draws: bool) -> (String, Recorded) {
    for name in names {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{name}.toml"));
        let path = path.display().to_string();
        let mut arguments = vec!["run", &path, "--quiet", "--out", name];
        if draws {
            arguments.extend(["--draws", "20"]);
        }
        let run = place.irio(&arguments);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{name}");
    }
    compared(place, names)
}

#[test]
fn shipped_scenarios_of_one_table_compare() {
    let place = Place::new();
    let names = ["bth-petroleum", "bth-metals", "bth-package", "bth-services"];
    let (printed, found) = shipped(&place, &names, true);
    printed_numbers_stand_in_files(&printed, &found);
    assert!(found.summary.notes.iter().all(|note| note.code != "no_shared_draws"));
    let ratios = file(&found, "ratios.csv");
    // Hebei gives and receives in the package, so nobody can tell what falls at its origin.
    let ratio = |name: &str| {
        let wanted = [(Column::Scenario, name), (Column::Factor, "emission_transfer_ratio")];
        ratios.rows_where(&wanted).count()
    };
    assert_eq!([ratio("bth-package"), ratio("bth-metals")], [0, 8]);
    // Every caveat of a run is one of the comparison.
    for name in names {
        for note in read(&place, name).summary.notes {
            let told = |own: &&irio::recorded::RecordedNote| {
                own.code == note.code && own.message.ends_with(&note.message)
            };
            assert!(found.summary.notes.iter().find(told).is_some(), "{}", note.message);
        }
    }
}

/// A horizon and comparative statics share the table's year; other baselines and missing parts are told.
#[test]
fn horizons_meet_in_their_last_common_year() {
    let place = Place::new();
    let names = ["heavy-industry-by-steps", "service-inflow", "nothing-moves"];
    let (_, found) = shipped(&place, &names, false);
    assert_eq!(found.summary.headline["year"], 2012);
    let codes: Vec<&str> = found.summary.notes.iter().map(|note| note.code.as_str()).collect();
    for code in ["other_baseline", "partly_compared", "no_shared_draws"] {
        assert!(codes.contains(&code), "{codes:?}");
    }
    let differences = file(&found, "differences.csv");
    let years: BTreeSet<&str> =
        (0..differences.len()).map(|row| differences.text(row, Column::Year)).collect();
    assert_eq!(
        years.into_iter().collect::<Vec<_>>(),
        ["2007", "2008", "2009", "2010", "2011", "2012"]
    );
    // nothing-moves ends in 2012, but nothing moves in it.
    assert!(found.tidy("sides.csv").is_none() && found.tidy("ratios.csv").is_none());
    let run = read(&place, "service-inflow");
    let wanted = [
        (Column::Year, "2012"),
        (Column::Quantity, "co2"),
        (Column::Region, "BT"),
        (Column::Factor, "difference"),
    ];
    let own = one(file(&run, "sums.csv"), &wanted);
    let its = [&wanted[..], &[(Column::Scenario, "service-inflow"), (Column::Statistic, "value")]];
    assert_eq!(one(differences, &its.concat()), own);
}

fn scenario(place: &Place, name: &str, table: &str) {
    place.write(
        &format!("{name}.toml"),
        format!(
            "irio_scenario = 1\nname = \"{name}\"\ntable = \"{table}\"\n[[relocate]]\n{}",
            MOVES[0].1
        ),
    );
    let run = place.irio(&["run", &format!("{name}.toml"), "--out", name, "--quiet"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
}

/// Scenarios with one name are told apart by their folders.
#[test]
fn scenarios_with_one_name_go_by_their_folders() {
    let place = Place::new();
    scenario(&place, "s", "table-1");
    assert_eq!(place.irio(&["run", "s.toml", "--out", "later/s2", "--quiet"]).code, 0);
    let (_, found) = compared(&place, &["s", "later/s2"]);
    let codes: Vec<&str> =
        found.summary.labels["scenarios"].iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["s", "s2"]);
}

bad! {
    one_folder_twice: |place| {
        scenario(&place, "s", "table-1");
    } => ["compare", "s", "./s", "--out", "c"];
    a_run_beside_a_transfer: |place| {
        scenario(&place, "s", "table-1");
        assert_eq!(place.irio(&["transfer", "table-0", "table-1", "--out", "t", "--quiet"]).code, 0);
    } => ["compare", "s", "t", "--out", "c"];
    results_that_are_not_compared: |place| {
        assert_eq!(place.irio(&["footprint", "table-1", "--out", "f", "--quiet"]).code, 0);
    } => ["compare", "f", "--out", "c"];
    one_period_alone: |place| {
        assert_eq!(place.irio(&["transfer", "table-0", "table-1", "--out", "t", "--quiet"]).code, 0);
    } => ["compare", "t", "--out", "c"];
    scenarios_on_other_tables: |place| {
        scenario(&place, "s0", "table-0");
        scenario(&place, "s1", "table-1");
    } => ["compare", "s1", "s0", "--out", "c"];
    scenarios_in_other_units: |place| {
        let arguments = ["aggregate", "table-1", "--unit", "10^4 yuan", "--out", "wan", "--quiet"];
        assert_eq!(place.irio(&arguments).code, 0);
        scenario(&place, "s0", "wan");
        scenario(&place, "s1", "table-1");
    } => ["compare", "s1", "s0", "--out", "c"];
    scenarios_of_other_regions: |place| {
        scenario(&place, "s1", "table-1");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/heavy-industry-origin.toml");
        let path = path.display().to_string();
        assert_eq!(place.irio(&["run", &path, "--out", "s0", "--quiet"]).code, 0);
    } => ["compare", "s1", "s0", "--out", "c"];
    folders_that_are_none: |place| {
        scenario(&place, "s", "table-1");
        place.patch("s/sums.csv", "difference", "differance");
    } => ["compare", "nowhere", "table-1", "s", "--out", "c"];
    a_comparison_in_place_of_its_results: |place| {
        scenario(&place, "s", "table-1");
    } => ["compare", "s", "--out", "s"];
}
