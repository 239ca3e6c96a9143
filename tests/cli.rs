//! End to end through the program: the worked example, the shipped scenarios, what is printed.

mod common;
#[path = "common/program.rs"]
mod program;

use std::collections::HashMap;

use common::{close, matrix, vector, worked_example};
use irio::tidy::{Column, Tidy};
use program::Place;
use serde_json::Value;

fn tidy(place: &Place, file: &str) -> Tidy {
    Tidy::from_csv(&place.read(file)).unwrap()
}

/// Values of a file whose texts are those given, in order of lines.
fn values(tidy: &Tidy, wanted: &[(Column, &str)]) -> Vec<f64> {
    tidy.rows_where(wanted).map(|row| tidy.value(row)).collect()
}

#[test]
fn the_worked_example_through_the_program() {
    let (place, example) = (Place::new(), worked_example());
    place
        .write("groups.csv", "region,group\nB,core\n")
        .write("classes.csv", "sector,class\nM,goods\nS,services\n");
    let run = place.irio(&[
        "transfer",
        "table-0",
        "table-1",
        "--range",
        "--groups",
        "groups.csv",
        "--out",
        "r",
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let case = &example["two_region"];
    let effects = tidy(&place, "r/effects.csv");
    let letters: [(&str, &[&str]); 8] = [
        ("T", &["sourcing"]),
        ("TE", &["export_origin"]),
        ("D", &["import_share"]),
        ("H", &["technology"]),
        ("Y", &["final_demand"]),
        ("EX", &["exports"]),
        ("RX", &["inventories", "error"]),
        ("c", &["intensity"]),
    ];
    for (name, quantity) in [("x", "output"), ("va", "value_added"), ("co2", "co2")] {
        let of = |factor: &str, part: &str, statistic: &str| {
            let wanted = [
                (Column::Quantity, quantity),
                (Column::Factor, factor),
                (Column::Part, part),
                (Column::Statistic, statistic),
            ];
            values(&effects, &wanted)
        };
        let expected = &case[format!("shapley_{name}")];
        for (letter, factors) in letters.iter().filter(|(letter, _)| expected[*letter].is_array()) {
            let mut found = vec![0.0; 4];
            for factor in *factors {
                found.iter_mut().zip(of(factor, "total", "value")).for_each(|(sum, v)| *sum += v);
            }
            close(letter, &found, &vector(&expected[*letter]));
        }
        for part in ["direct", "upstream"] {
            close(part, &of("sourcing", part, "value"), &vector(&case[format!("T_{part}_{name}")]));
        }
        if name == "x" {
            for statistic in ["min", "max"] {
                let known = &case[format!("T_effect_{statistic}_over_all_orders")];
                close(statistic, &of("sourcing", "total", statistic), &vector(known));
            }
        }
    }
    pairs_of_the_worked_example(&place, case);
    let average = |average: &str| {
        let run = place.irio(&[
            "transfer",
            "table-0",
            "table-1",
            "--average",
            average,
            "--out",
            "a",
            "--quiet",
        ]);
        assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
        let effects = tidy(&place, "a/effects.csv");
        let wanted =
            [(Column::Quantity, "output"), (Column::Factor, "sourcing"), (Column::Part, "total")];
        values(&effects, &wanted)
    };
    close("polar", &average("polar"), &vector(&case["polar_x"]["T"]));
    close("base", &average("base"), &vector(&case["counterfactual_T_base_weights_x"]));
    close("end", &average("end"), &vector(&case["counterfactual_T_end_weights_x"]));
}

fn pairs_of_the_worked_example(place: &Place, case: &Value) {
    let pairs = tidy(place, "r/pairs.csv");
    let transfers = tidy(place, "r/transfers.csv");
    let groups = tidy(place, "r/groups.csv");
    for (key, known) in case["transfer_pairs_direct"].as_object().unwrap() {
        let (pair, product) = key.split_once(':').unwrap();
        let (from, to) = pair.split_once("->").unwrap();
        let wanted = [
            (Column::From, from),
            (Column::To, to),
            (Column::Product, product),
            (Column::Factor, "sourcing"),
            (Column::Quantity, "output"),
        ];
        let part =
            |part: &'static str| pairs.sum_where(&[&wanted[..], &[(Column::Part, part)]].concat());
        let known = vector(known);
        close(key, &[part("direct_intermediate"), part("direct_final")], &known[..2]);
        for (name, quantity) in [("x", "output"), ("va", "value_added"), ("co2", "co2")] {
            let full = vector(&case[format!("transfer_pairs_{name}")][key]);
            let wanted =
                [&wanted[..4], &[(Column::Quantity, quantity), (Column::Part, "total")]].concat();
            close(key, &values(&pairs, &wanted), &[full[0] + full[1], full[2] + full[3]]);
        }
    }
    for (part, known) in [("in", "transfer_in_direct"), ("out", "transfer_out_direct")] {
        let of = |region| {
            transfers.sum_where(&[
                (Column::Quantity, "output"),
                (Column::Factor, "sourcing"),
                (Column::Part, part),
                (Column::Region, region),
            ])
        };
        close(part, &[of("B"), of("H")], &vector(&case["region_T_effect"][known]));
    }
    // With one group of one region every move crosses its border.
    let crossing = |region| {
        groups.sum_where(&[
            (Column::Quantity, "co2"),
            (Column::Factor, "sourcing"),
            (Column::Region, region),
        ])
    };
    close("groups", &[crossing("B"), crossing("H")], &vector(&case["region_T_effect"]["co2"]));
    assert_eq!(
        groups
            .rows_where(&[
                (Column::From, "core"),
                (Column::To, "not_core"),
                (Column::Part, "outward")
            ])
            .count(),
        12
    );
}

#[test]
fn classes_add_up_to_the_pairs() {
    let place = Place::new();
    place.write("classes.csv", "sector,class\nM,goods\n");
    let run = place.irio(&[
        "transfer",
        "table-0",
        "table-1",
        "--classes",
        "classes.csv",
        "--out",
        "r",
        "--quiet",
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let (classes, pairs) = (tidy(&place, "r/classes.csv"), tidy(&place, "r/pairs.csv"));
    for quantity in ["output", "value_added", "co2"] {
        for (from, to) in [("B", "H"), ("H", "B")] {
            let of = [(Column::Quantity, quantity), (Column::From, from), (Column::To, to)];
            let all = pairs.sum_where(&[&of[..], &[(Column::Part, "total")]].concat());
            close("classes", &[classes.sum_where(&of)], &[all]);
        }
    }
    let sectors: Vec<&str> =
        (0..classes.len()).map(|row| classes.text(row, Column::Sector)).collect();
    assert!(
        sectors.contains(&"goods") && sectors.contains(&"other"),
        "a sector without a class is in other"
    );
}

#[test]
fn a_relocation_through_the_program() {
    let (place, example) = (Place::new(), worked_example());
    for (case, technology, sourcing, exports) in [
        ("dest_tech", "destination", "destination", "true"),
        ("orig_tech_dest_sourcing", "origin", "destination", "true"),
        ("orig_tech_orig_sourcing", "origin", "origin", "true"),
        ("dest_tech_no_exports", "destination", "destination", "false"),
    ] {
        place.write(
            "s.toml",
            format!(
                "irio_scenario = 1\nname = \"s\"\ntable = \"table-1\"\n[[relocate]]\nsector = \"M\"\nfrom = \"B\"\n\
                 to = \"H\"\nshare = 0.3\ntechnology = \"{technology}\"\nsourcing = \"{sourcing}\"\nexports = {exports}\n"
            ),
        );
        let run = place.irio(&["run", "s.toml", "--quiet"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        let known = &example[format!("relocation_{case}")];
        let years = tidy(&place, "results/s/years.csv");
        for (name, quantity) in [("dx_r", "output"), ("dv_r", "value_added"), ("de_r", "co2")] {
            let of = |scenario, region| {
                years.sum_where(&[
                    (Column::Scenario, scenario),
                    (Column::Quantity, quantity),
                    (Column::Region, region),
                ])
            };
            let change = ["B", "H"].map(|region| of("scenario", region) - of("baseline", region));
            close(name, &change, &vector(&known[name]));
        }
        let indicators = tidy(&place, "results/s/indicators.csv");
        let found: HashMap<&str, f64> = (0..indicators.len())
            .map(|row| (indicators.text(row, Column::Statistic), indicators.value(row)))
            .collect();
        for (name, key) in [
            ("emission_transfer_ratio", "leakage_ratio"),
            ("relocated_output", "relocated_output"),
            ("direct", "direct_co2"),
            ("upstream", "upstream_co2"),
        ] {
            close(name, &[found[name] + 1.0], &[known[key].as_f64().unwrap() + 1.0]);
        }
        let steps = tidy(&place, "results/s/decomposition.csv");
        let sum =
            ["B", "H"].map(|r| steps.sum_where(&[(Column::Quantity, "co2"), (Column::Region, r)]));
        close("steps", &sum, &vector(&known["de_r"]));
    }
}

#[test]
fn the_two_region_folders_are_the_worked_example() {
    let example = worked_example();
    for year in 0..2 {
        let folder = format!("tests/data/two-region-{year}");
        let table = irio::input::table::read(std::path::Path::new(&folder), None).unwrap();
        let part = |name: &str| &example["two_region"][format!("{name}{year}")];
        close("Z", table.flows().to_dense().values(), &matrix(part("Z")).concat());
        close("x", table.output(), &vector(part("x")));
        close("F", &table.extensions()[0].values, &vector(part("F")));
    }
}

#[test]
fn what_a_transfer_prints() {
    let place = Place::new();
    let run = place.irio(&["transfer", "table-0", "table-1"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!("transfer", run.stdout);
}

#[test]
fn what_a_check_prints() {
    let place = Place::new();
    place.patch("table-0/output.csv", "B,M,170", "B,M,171");
    let run = place.irio(&["check", "table-0"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!("check", run.stdout);
}

/// A check as a folder says what the terminal says, and its brief names what does not hold.
#[test]
fn a_check_is_a_folder_of_results_where_one_is_asked_for() {
    let place = Place::new();
    place.patch("table-0/output.csv", "B,M,170", "B,M,171");
    let plain = place.irio(&["check", "table-0"]);
    assert_eq!(plain.code, 0, "{}", plain.stderr);
    assert!(!place.path("results").exists(), "a check that nobody asked to be kept");
    let run = place.irio(&["check", "table-0", "--out", "checked"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(run.stdout, format!("{}\nResults: checked\n", plain.stdout));
    let identities = tidy(&place, "checked/identities.csv");
    let of = |part, statistic| {
        let wanted = [(Column::Part, part), (Column::Statistic, statistic)];
        identities.rows_where(&wanted).map(|row| identities.value(row)).collect::<Vec<_>>()
    };
    close("the gap", &of("rows", "absolute"), &[1.0]);
    close("its share", &of("rows", "relative"), &[1.0 / 171.0]);
    assert_eq!([of("rows", "above"), of("leontief", "above")], [[1.0], [0.0]]);
    let row = identities.rows_where(&[(Column::Part, "rows")]).next().unwrap();
    let place_of = [Column::Region, Column::Sector].map(|column| identities.text(row, column));
    assert_eq!(place_of, ["B", "M"]);
    let brief = place.irio(&["brief", "checked", "--lang", "en", "--out", "brief.html"]);
    assert_eq!(brief.code, 0, "{}", brief.stderr);
    assert!(brief.stdout.contains("identities do not hold"), "{}", brief.stdout);
}

#[test]
fn what_a_footprint_and_an_impact_print() {
    let place = Place::new();
    insta::assert_snapshot!("footprint", place.irio(&["footprint", "table-0"]).stdout);
    place.write("more.csv", "region,sector,value\nB,M,10\nH,S,-1\n");
    insta::assert_snapshot!(
        "impact",
        place.irio(&["impact", "table-0", "--demand", "more.csv"]).stdout
    );
    let flows = tidy(&place, "results/footprint-two-region-0/flows.csv");
    let from_b = flows.sum_where(&[(Column::Quantity, "co2"), (Column::From, "B")]);
    close("flows add up to the territorial total", &[from_b], &[68.0 + 37.0]);
}

#[test]
fn what_a_run_prints() {
    let place = Place::new();
    place.write("s.toml", SCENARIO);
    let run = place.irio(&["run", "s.toml", "--lang", "zh"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("run", run.stdout);
    insta::assert_snapshot!("run_readme", without_hashes(&place.read("results/s/README.md")));
}

const SCENARIO: &str = "irio_scenario = 1\nname = \"s\"\ndescription = \"Goods move.\"\ntable = \"table-1\"\n\
    [horizon]\nend = 2015\n[[baseline.demand]]\ngrowth = 0.05\n[[relocate]]\nsector = \"M\"\nfrom = \"B\"\nto = \"H\"\n\
    share = { 2003 = 0.1, 2010 = 0.3 }\n";

fn without_hashes(text: &str) -> String {
    let hash = |word: &str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let lines = text.lines().map(|line| {
        line.split(' ')
            .map(|word| if hash(word) { "HASH" } else { word })
            .collect::<Vec<_>>()
            .join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn json_is_the_summary_and_names_what_went_in() {
    let place = Place::new();
    let run = place.irio(&["transfer", "table-0", "table-1", "--json"]);
    let summary: Value = serde_json::from_str(&run.stdout).unwrap();
    let written: Value = serde_json::from_str(
        &place.read("results/transfer-two-region-0-two-region-1/summary.json"),
    )
    .unwrap();
    assert_eq!(summary, written);
    assert_eq!(summary["schema_version"], irio::recorded::SCHEMA_VERSION);
    assert_eq!(summary["command_line"], "irio transfer table-0 table-1");
    assert_eq!(summary["switches"]["average"], "shapley");
    let inputs = summary["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), 2 * 12, "every file of both tables");
    let flows = inputs.iter().find(|input| input["path"] == "table-0/flows.csv").unwrap();
    let bytes = std::fs::read(place.path("table-0/flows.csv")).unwrap();
    assert_eq!(flows["sha256"], irio::input::hash(&bytes));
    for file in summary["files"].as_array().unwrap() {
        let name = format!(
            "results/transfer-two-region-0-two-region-1/{}",
            file["name"].as_str().unwrap()
        );
        let read = tidy(&place, &name);
        assert_eq!(file["rows"], read.len());
        assert_eq!(
            read.to_csv(),
            place.read(&name),
            "reading back and writing again gives the same bytes"
        );
    }
}

/// One map serves tables that lack some of its labels; the lines that are passed over are told.
#[test]
fn a_map_may_have_more_than_the_table() {
    let place = Place::new();
    place.write("map.csv", "from,to,weight\nB,all,1\nXZ,west,1\nH,all,1\nXZ,west,0\n");
    let run = place.irio(&["aggregate", "table-0", "--regions", "map.csv", "--out", "small"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("small: 1 region ×"), "{}", run.stdout);
    let note = "map.csv: the table has no region XZ; passed over";
    assert!(run.stdout.contains(note), "{}", run.stdout);
    // A slip of the pen still leaves its label without a line.
    place.patch("map.csv", "H,all", "HH,all");
    let run = place.irio(&["aggregate", "table-0", "--regions", "map.csv", "--out", "small"]);
    assert_eq!(run.code, 2);
    for text in [
        "map.csv:4:1",
        "unknown region \"HH\"",
        "did you mean \"H\"?",
        "region \"H\" (H) goes nowhere",
    ] {
        assert!(run.stderr.contains(text), "{}", run.stderr);
    }
}

#[test]
fn aggregate_by_maps_with_weights_keeps_totals() {
    let place = Place::new();
    place.write("sectors.csv", "from,to,weight,en,zh\nM,g,0.4,Goods,货物\nM,h,0.6,,\nS,h,1,,\n");
    let run = place.irio(&[
        "aggregate",
        "table-0",
        "--sectors",
        "sectors.csv",
        "--unit",
        "10^2 yuan",
        "--out",
        "small",
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let [large, small] =
        ["table-0", "small"].map(|name| irio::input::table::read(&place.path(name), None).unwrap());
    let sum = |values: &[f64]| values.iter().sum::<f64>();
    close("output", &[100.0 * sum(small.output())], &[sum(large.output())]);
    close("value added", &[100.0 * sum(&small.value_added())], &[sum(&large.value_added())]);
    close("carbon", &[sum(&small.extensions()[0].values)], &[sum(&large.extensions()[0].values)]);
    assert_eq!(small.industries().sectors.labels()[0].zh, "货物");
    assert_eq!(place.irio(&["check", "small", "--strict", "--quiet"]).code, 0);
    // An earlier aggregate of the same table is replaced, any other table is not.
    place.write("small/README.md", "by hand");
    let again = ["aggregate", "table-0", "--sectors", "sectors.csv", "--out", "small", "--quiet"];
    assert_eq!(place.irio(&again).code, 0);
    assert_eq!(place.read("small/README.md"), "by hand");
    let before = place.read("table-1/flows.csv");
    assert_eq!(place.irio(&["aggregate", "table-0", "--out", "table-1"]).code, 2);
    assert_eq!(place.irio(&["aggregate", "table-1", "--out", "small"]).code, 2);
    assert_eq!(place.read("table-1/flows.csv"), before);
}

#[test]
fn an_unfinished_run_leaves_earlier_results() {
    let place = Place::new();
    place.write("s.toml", SCENARIO);
    assert_eq!(place.irio(&["run", "s.toml", "--quiet"]).code, 0);
    let before = place.read("results/s/summary.json");
    place.patch("s.toml", "0.3 }", "3.0 }");
    assert_eq!(place.irio(&["run", "s.toml", "--quiet"]).code, 2);
    assert_eq!(place.read("results/s/summary.json"), before);
}

#[test]
fn what_init_writes_loads_and_runs() {
    let place = Place::new();
    for arguments in [
        &["init", "table", "mine"][..],
        &["init", "scenario", "deep/er/mine.toml", "--table", "table-1"],
    ] {
        let run = place.irio(arguments);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{arguments:?}");
        assert_eq!(place.irio(arguments).code, 2, "what is there is not overwritten");
    }
    assert_eq!(place.irio(&["check", "mine", "--quiet"]).code, 0);
    let run = place.irio(&["run", "deep/er/mine.toml"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(place.irio(&["init", "table", "sic.toml", "--layout", "sic", "--quiet"]).code, 0);
    let run = place.irio(&["init", "game", "deep/game.toml"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let run = place.irio(&["locate", "deep/game.toml"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

/// Every shipped scenario runs on the shipped tables; the empty one equals its baseline.
#[test]
fn shipped_scenarios_run() {
    let place = Place::new();
    let root = std::env::current_dir().unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir("scenarios").unwrap() {
        let path = root.join(entry.unwrap().path());
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let run = place.irio(&["run", path.to_str().unwrap(), "--quiet"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{name}");
        let years = tidy(&place, &format!("results/{name}/years.csv"));
        let of = |scenario| values(&years, &[(Column::Scenario, scenario)]);
        assert_eq!(of("scenario") == of("baseline"), name == "nothing-moves", "{name}");
        seen += 1;
    }
    assert!(seen >= 4);
}

/// Years, firms and flips of the shipped game, and what it prints.
#[test]
fn the_shipped_game_flips_and_the_scenario_waits_for_it() {
    let place = Place::new();
    let root = std::env::current_dir().unwrap();
    let path = root.join("scenarios/games/steel-tangshan.toml");
    let run = place.irio(&["locate", path.to_str().unwrap()]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("locate", run.stdout);
    let of = |file: &str| tidy(&place, &format!("results/locate-steel-tangshan/{file}"));
    let firms = values(&of("path.csv"), &[(Column::Quantity, "firms_at_A")]);
    assert_eq!(firms, [0.0, 0.0, 0.0, 0.0, 0.0, 6.0, 6.0, 6.0, 6.0], "2005 to 2013");
    let filled = of("filled.csv");
    let part = |part| filled.sum_where(&[(Column::Factor, "mu"), (Column::Part, part)]);
    let made = part("coefficient") * part("price_product") / part("price_raw");
    close("mu", &[part("value")], &[made]);
    let summary: Value =
        serde_json::from_str(&place.read("results/locate-steel-tangshan/summary.json")).unwrap();
    assert_eq!(summary["headline"]["equilibria_firms_at_A"], serde_json::json!([0, 6]));
    assert_eq!(summary["switches"]["start"], "B");
    assert!(summary["residuals"].as_object().unwrap().values().all(|count| *count == 0));
    assert_eq!(summary["inputs"].as_array().unwrap().len(), 13, "the game and the table's files");
    let found = of("map.csv");
    let signs = values(&found, &[(Column::Quantity, "all_at_A")]);
    assert_eq!(signs.len(), 41 * 21);
    let scenario = root.join("scenarios/steel-when-it-pays.toml");
    let run = place.irio(&["run", scenario.to_str().unwrap()]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("its firms go to NC in 2010"), "{}", run.stdout);
    let years = tidy(&place, "results/steel-when-it-pays/years.csv");
    for year in 2007..=2015 {
        let year_text = year.to_string();
        let of =
            |scenario| values(&years, &[(Column::Scenario, scenario), (Column::Year, &year_text)]);
        assert_eq!(of("scenario") == of("baseline"), year < 2010, "{year}");
    }
}

#[test]
fn a_move_that_waits_in_vain_moves_nothing() {
    let place = Place::new();
    let game = "irio_game = 1\nname = \"g\"\n[game]\nA = \"B\"\nB = \"H\"\nn = 4\na = 100\nb = 1\nc0 = 20\nmu = 2\nw = 5\n\
        t_m = 1.5\ntau_A = 4\ntau_B = 0.5\ng_A = 1\ntheta_A = 0.8\ntheta_B = 1.2\n";
    let scenario = SCENARIO.replace("share", "game = \"g.toml\"\nshare");
    place.write("g.toml", game).write("s.toml", scenario);
    let told = || {
        let run = place.irio(&["run", "s.toml"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        let years = tidy(&place, "results/s/years.csv");
        let of = |scenario| values(&years, &[(Column::Scenario, scenario)]);
        (run.stdout, of("scenario") != of("baseline"))
    };
    // Both clusters last, so firms that are at B stay there.
    let (text, moves) = told();
    assert!(text.contains("its firms do not go to H, so nothing moves") && !moves, "{text}");
    // From 2008 on no firm gains by staying: they go, and leave again in 2012.
    place.patch(
        "g.toml",
        "tau_A = 4\n",
        "tau_A = { 2006 = 4, 2007 = 4, 2008 = 7, 2011 = 7, 2012 = 0 }\n",
    );
    let (text, moves) = told();
    assert!(
        text.contains("its firms go to H in 2008") && text.contains("in 2012 they leave again"),
        "{text}"
    );
    assert!(moves);
    let shares: Value = serde_json::from_str(&place.read("results/s/summary.json")).unwrap();
    let share = &shares["switches"]["relocate"][0]["share"];
    assert!(share["2003"].is_null() && share["2008"].as_f64().is_some(), "{share}");
    assert_eq!(shares["switches"]["games"][0], "g");
    // With the start at the destination all of it applies.
    place.patch("g.toml", "name", "start = \"B\"\nname");
    assert!(told().0.contains("its firms are in H from the start"));
}

/// A monopolist upstream, crowded places and markets without some of the firms are all told.
#[test]
fn what_unusual_games_print() {
    let place = Place::new();
    assert_eq!(place.irio(&["init", "game", "g.toml", "--quiet"]).code, 0);
    let text = place.read("g.toml");
    let map = text.find("[map]").unwrap();
    let game = &text[..map];
    let crowded = game
        .replace("w = 5 ", "monopoly = \"after\"\nc_u = 2 ")
        .replace("theta_A = 0.8", "theta_A = -1");
    place.write(
        "g.toml",
        crowded.replace("theta_B = 1.2", "theta_B = -1").replace("F = 100", "F = 0"),
    );
    let run = place.irio(&["locate", "g.toml", "--out", "r"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("locate_crowded", run.stdout);
    place.write("g.toml", game.replace("tau_A = 4 ", "tau_A = { 2020 = 4, 2024 = 60 } \n"));
    place.patch("g.toml", "start =", "year = 2024\nstart =");
    let run = place.irio(&["locate", "g.toml", "--out", "r"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("locate_corner", run.stdout);
    assert!(!place.path("r/statics.csv").exists(), "the closed form is not about this game");
    assert!(place.path("r/path.csv").exists());
}

#[test]
fn draws_are_the_same_bytes_on_any_number_of_threads() {
    let place = Place::new();
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/heavy-industry-density.toml");
    for threads in ["1", "2", "8"] {
        let run = place.irio(&[
            "run",
            scenario,
            "--draws",
            "200",
            "--threads",
            threads,
            "--quiet",
            "--out",
            threads,
        ]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    }
    for file in ["bands.csv", "grades.csv", "tornado.csv", "readings.csv", "years.csv"] {
        let of = |threads: &str| place.read(&format!("{threads}/{file}"));
        assert!(of("1").lines().count() > 10, "{file}");
        assert_eq!(of("1"), of("2"), "{file}");
        assert_eq!(of("1"), of("8"), "{file}");
    }
}

#[test]
fn every_headline_has_its_reading_its_band_and_its_grade() {
    let place = Place::new();
    for (name, drawn) in [("heavy-industry-density", true), ("heavy-industry-destination", false)] {
        let scenario = format!("{}/scenarios/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        let mut arguments = vec!["run", &scenario, "--quiet", "--out", name];
        if drawn {
            arguments.extend(["--draws", "50"]);
        }
        assert_eq!(place.irio(&arguments).code, 0);
        let summary: Value =
            serde_json::from_str(&place.read(&format!("{name}/summary.json"))).unwrap();
        for quantity in ["output", "value_added", "co2"] {
            for region in ["BT", "NC", "all"] {
                let one = &summary["headline"]["signs"][quantity][region];
                assert_eq!(one["reading"], "none");
                assert_eq!(one["band"].is_array(), drawn, "{one}");
                assert!(one["range"][0].as_f64().unwrap() <= one["range"][1].as_f64().unwrap());
                assert!(["A", "B", "C", "D"].contains(&one["sign_grade"].as_str().unwrap()));
            }
        }
        let readme = place.read(&format!("{name}/README.md"));
        assert!(readme.contains("## In short") && readme.contains("its sign has grade"));
    }
}

#[test]
fn every_file_of_numbers_carries_the_codes_of_its_caveats() {
    let place = Place::new();
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/heavy-industry-density.toml");
    assert_eq!(place.irio(&["run", scenario, "--draws", "120", "--quiet", "--out", "r"]).code, 0);
    assert_eq!(place.irio(&["transfer", "table-0", "table-1", "--quiet", "--out", "t"]).code, 0);
    let caveats = |folder: &str, file: &str| -> Vec<String> {
        let summary: Value =
            serde_json::from_str(&place.read(&format!("{folder}/summary.json"))).unwrap();
        let files = summary["files"].as_array().unwrap();
        let found = files.iter().find(|own| own["name"] == file).unwrap();
        let codes = found["caveats"].as_array().unwrap();
        codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect()
    };
    let has =
        |folder: &str, file: &str, code: &str| caveats(folder, file).contains(&code.to_owned());
    assert!(has("r", "bands.csv", "star_implied") && has("r", "bands.csv", "estimated_trade"));
    assert!(has("r", "readings.csv", "elasticity") && !has("r", "indicators.csv", "star_implied"));
    assert!(has("r", "years.csv", "estimated_trade"));
    assert!(
        has("t", "transfers.csv", "gross_transfer") && !has("t", "effects.csv", "gross_transfer")
    );
    assert!(has("t", "effects.csv", "nominal_change") && has("t", "pairs.csv", "nominal_change"));
}

/// Blank lines stand alone, single things in the singular, and every key of a described table is named.
#[test]
fn texts_are_tidy() {
    let place = Place::new();
    let run = place.irio(&["check", "table-1", "--backcast", "table-0"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("would have foretold"), "{}", run.stdout);
    assert!(!run.stdout.contains("\n\n\n"), "{}", run.stdout);
    place.write("c.csv", "quantity,value\noutput,800\n");
    let run = place.irio(&["update", "table-0", "--controls", "c.csv", "--out", "o"]);
    assert!(run.stdout.contains("The control is met."), "{}", run.stdout);
    assert!(!run.stdout.contains("1 rounds"), "{}", run.stdout);
    assert_eq!(place.irio(&["init", "table", "my.toml", "--layout", "sic"]).code, 0);
    assert!(place.read("my.toml").contains("# sheet = "));
}
