//! `irio matrices`: the numbers of pymrio and of a textbook, both formats, and what is said of bad questions.
#![allow(non_snake_case)]

mod common;
#[macro_use]
#[path = "common/program.rs"]
mod program;

use common::{close, matrix, vector};
use program::Place;
use serde_json::Value;

/// A system of invented numbers, saved by pymrio.
const SYSTEM: &str = "tests/data/published/pymrio_system.zip";

fn golden() -> Value {
    serde_json::from_str(include_str!("data/published/pymrio_system.json")).unwrap()
}

/// A place with the system of pymrio in it.
fn place() -> Place {
    let place = Place::new();
    place.write("s_2014.zip", std::fs::read(SYSTEM).unwrap());
    place
}

/// A matrix under two lines of header and two columns of labels.
struct Grid {
    heads: Vec<[String; 2]>,
    labels: Vec<[String; 2]>,
    cells: Vec<Vec<f64>>,
}

fn grid(place: &Place, name: &str) -> Grid {
    let text = place.read(name);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let pair = |a: &str, b: &str| [a.to_owned(), b.to_owned()];
    let heads = rows[0].iter().zip(&rows[1]).skip(2).map(|(a, b)| pair(a, b)).collect();
    let labels = rows[2..].iter().map(|row| pair(&row[0], &row[1])).collect();
    let number = |cell: &str| cell.parse::<f64>().unwrap();
    let cells = rows[2..].iter().map(|row| row.iter().skip(2).map(number).collect()).collect();
    Grid { heads, labels, cells }
}

/// Shape and numbers of an array that numpy would read.
fn array(place: &Place, name: &str) -> (String, Vec<f64>) {
    let bytes = std::fs::read(place.path(name)).unwrap();
    assert_eq!(&bytes[..8], b"\x93NUMPY\x01\x00");
    let start = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    assert_eq!(start % 64, 0);
    let head = std::str::from_utf8(&bytes[10..start]).unwrap();
    let shape = head.split("'shape': ").nth(1).unwrap().split(", }").next().unwrap();
    let numbers = bytes[start..].chunks_exact(8);
    (shape.to_owned(), numbers.map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect())
}

#[test]
fn matrices_are_those_that_pymrio_computes() {
    let (place, golden) = (place(), golden());
    let run = place.irio(&["matrices", "s_2014.zip", "--out", "r"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let industries: Vec<[String; 2]> = ["AT", "中国", "RoW"]
        .iter()
        .flat_map(|r| ["farms", "mines", "plants, all", "trade"].map(|s| [r, s].map(str::to_owned)))
        .collect();
    for name in ["A", "L"] {
        let found = grid(&place, &format!("r/{name}.csv"));
        assert_eq!((&found.heads, &found.labels), (&industries, &industries));
        close(name, &found.cells.concat(), &matrix(&golden[name]).concat());
    }
    for name in ["S", "M"] {
        let found = grid(&place, &format!("r/{name}.csv"));
        assert_eq!(found.heads, industries);
        let of = |code: &str| {
            let at = found.labels.iter().position(|label| label[0] == code).unwrap();
            found.cells[at].clone()
        };
        let accounts = golden["coefficients"].as_object().unwrap();
        accounts.iter().for_each(|(code, known)| close(code, &of(code), &vector(&known[name])));
        let known = |code: &str| vector(&accounts[code][name]);
        let added: Vec<f64> =
            known("wages").iter().zip(known("surplus")).map(|(a, b)| a + b).collect();
        close("value_added", &of("value_added"), &added);
        let L = matrix(&golden["L"]);
        let sums: Vec<f64> = (0..12).map(|j| L.iter().map(|row| row[j]).sum()).collect();
        close("output", &of("output"), if name == "S" { &[1.0; 12] } else { &sums });
    }
    let units: Vec<[String; 2]> = grid(&place, "r/M.csv").labels;
    assert_eq!(units[0], ["output", "M.EUR per M.EUR"]);
    assert_eq!(units[2], ["CO2 | air", "kg per M.EUR"]);
}

/// Miller & Blair (2009), ch. 2: two sectors and labour; numbers as pymrio's own tests have them.
#[test]
fn the_textbook_inverse_and_its_multipliers() {
    let place = Place::new();
    for (name, text) in [
        (
            "table.toml",
            "irio_table = 1\nname = \"book\"\nyear = 2009\nunit = \"USD\"\nimports = \"none\"\n",
        ),
        ("regions.csv", "code,en,zh\nR,,\n"),
        ("sectors.csv", "code,en,zh\n1,,\n2,,\n"),
        ("categories.csv", "code,en,zh,role\nf,,,consumption\n"),
        ("flows.csv", ",,R,R\nregion,sector,1,2\nR,1,150,500\nR,2,200,100\n"),
        ("final_demand.csv", ",,R\nregion,sector,f\nR,1,350\nR,2,1700\n"),
        ("output.csv", "region,sector,output\nR,1,1000\nR,2,2000\n"),
        ("value_added.csv", ",,,R,R\ncode,en,zh,1,2\nv,,,650,1400\n"),
        ("extensions.csv", ",,,,R,R\ncode,en,zh,unit,1,2\nlabour,,,jobs,300,500\n"),
    ] {
        place.write(&format!("book/{name}"), text);
    }
    let run = place.irio(&["matrices", "book"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let cells = |name: &str| grid(&place, &format!("results/matrices-book/{name}.csv")).cells;
    assert_eq!(cells("A"), [[0.15, 0.25], [0.2, 0.05]]);
    let printed = [1.25412541, 0.330033, 0.2640264, 1.12211221];
    let L = cells("L").concat();
    assert!(L.iter().zip(printed).all(|(a, b)| (a - b).abs() < 5e-7), "{L:?}");
    // With A as it is here the inverse is these fractions of 303.
    close("L", &L, &[380.0, 100.0, 80.0, 340.0].map(|part| part / 303.0));
    let M = cells("M");
    close("output", &M[0], &[460.0 / 303.0, 440.0 / 303.0]);
    // All that is not bought is value added, so a unit of demand ends there whole.
    close("value added", &M[1], &[1.0, 1.0]);
    close("labour", &M[2], &[(0.3 * 380.0 + 0.25 * 80.0) / 303.0, 115.0 / 303.0]);
    // Demand of (600, 1500) needs these jobs in all (374.25 and 460.4 in the two sectors).
    assert!((600.0 * M[2][0] + 1500.0 * M[2][1] - (374.25 + 460.4)).abs() < 0.05);
}

#[test]
fn arrays_hold_the_same_bits_as_the_text() {
    let place = place();
    for out in ["csv", "npy"] {
        let arguments = ["matrices", "s_2014.zip", "--format", out, "--out", out, "--quiet"];
        let run = place.irio(&arguments);
        assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    }
    for (name, shape) in [("A", "(12, 12)"), ("L", "(12, 12)"), ("S", "(7, 12)"), ("M", "(7, 12)")]
    {
        let (found, numbers) = array(&place, &format!("npy/{name}.npy"));
        assert_eq!(found, shape);
        assert_eq!(numbers, grid(&place, &format!("csv/{name}.csv")).cells.concat());
    }
    for list in ["industries.csv", "quantities.csv"] {
        assert_eq!(place.read(&format!("npy/{list}")), place.read(&format!("csv/{list}")));
    }
    let industries = place.read("npy/industries.csv");
    assert!(industries.contains("\n中国,\"plants, all\",,,,,M.EUR\n"), "{industries}");
    // The other format takes the place of this one, whole.
    let run = place.irio(&["matrices", "s_2014.zip", "--only", "m,a", "--out", "npy"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let mut names: Vec<String> = std::fs::read_dir(place.path("npy"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let expected =
        ["A.csv", "M.csv", "README.md", "industries.csv", "quantities.csv", "summary.json"];
    assert_eq!(names, expected);
    assert_eq!(place.read("npy/M.csv"), place.read("csv/M.csv"), "with or without L");
    assert!(place.read("npy/summary.json").contains("\"A\",\n      \"M\""));
}

/// Multipliers of an impact are the stressors' own, weighed by the factors of the file.
#[test]
fn multipliers_of_impacts() {
    let place = Place::new();
    place.write("f.csv", "stressor,impact,factor,impact_unit\nco2,warming,2.5,kt CO2e\n");
    let ask = ["matrices", "table-0", "--only", "S,M", "--characterise", "f.csv"];
    let run = place.irio(&[&ask[..], &["--out", "all"]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let run =
        place.irio(&[&ask[..], &["--quantities", "warming,output", "--out", "some"]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for name in ["S.csv", "M.csv"] {
        let (all, some) =
            (grid(&place, &format!("all/{name}")), grid(&place, &format!("some/{name}")));
        let row = |grid: &Grid, quantity: &str| {
            let at = grid.labels.iter().position(|[code, _]| code == quantity).unwrap();
            grid.cells[at].clone()
        };
        let weighed: Vec<f64> = row(&all, "co2").iter().map(|value| 2.5 * value).collect();
        close(name, &row(&all, "warming"), &weighed);
        let codes: Vec<&str> = some.labels.iter().map(|[code, _]| code.as_str()).collect();
        assert_eq!(codes, ["output", "warming"]);
        assert_eq!(row(&some, "warming"), row(&all, "warming"));
    }
    let summary = place.read("some/summary.json");
    assert!(summary.contains("f.csv") && summary.contains("warming"), "{summary}");
    let run = place.irio(&[&ask[..], &["--quantities", "heat"]].concat());
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("the table has no quantity \"heat\""), "{}", run.stderr);
}

#[test]
fn what_matrices_print() {
    let place = Place::new();
    let run = place.irio(&["matrices", "table-0", "--lang", "zh"]);
    insta::assert_snapshot!("matrices", format!("{}---\n{}", run.stderr, run.stdout));
    let readme = place.read("results/matrices-two-region-0/README.md");
    let readme = readme.split("## Sources").next().unwrap();
    insta::assert_snapshot!("matrices_readme", readme);
    let summary: Value =
        serde_json::from_str(&place.read("results/matrices-two-region-0/summary.json")).unwrap();
    assert_eq!(summary["files"][0]["name"], "A.csv");
    assert_eq!(summary["files"][1]["shape"], serde_json::json!([4, 4]));
    assert!(summary["inputs"].as_array().unwrap().len() > 5);
    for (name, gap) in summary["residuals"].as_object().unwrap() {
        assert!(gap.as_f64().unwrap() < 1e-12, "{name}: {gap}");
    }
    insta::assert_snapshot!("matrices_quantities", {
        place.read("results/matrices-two-region-0/quantities.csv")
    });
}

/// A table-0 whose first industry uses up all it makes.
fn singular(place: &Place) {
    place.write(
        "table-0/flows.csv",
        ",,B,B,H,H\nregion,sector,M,S,M,S\nB,M,170,0,0,0\nB,S,0,0,0,0\nH,M,0,0,0,0\nH,S,0,0,0,0\n",
    );
}

bad! {
    matrices_that_are_not_known: |_p| {} => ["matrices", "table-0", "--only", "A,G"];
    matrices_in_another_format: |_p| {} => ["matrices", "table-0", "--format", "xlsx"];
    matrices_of_nothing: |_p| {} => ["matrices", "table-9"];
    matrices_into_a_file: |p| { p.write("r", "mine"); } => ["matrices", "table-0", "--out", "r"];
    matrices_into_a_folder_of_somebody: |p| { p.write("r/thesis.docx", "mine"); } => ["matrices", "table-0", "--out", "r"];
    matrices_beside_a_file_of_the_user: |p| {
        assert_eq!(p.irio(&["matrices", "table-0", "--out", "r"]).code, 0);
        p.write("r/NOTES.md", "mine");
    } => ["matrices", "table-0", "--out", "r"];
    matrices_onto_the_table: |_p| {} => ["matrices", "table-0", "--out", "table-0"];
    matrices_of_a_faulty_table: |p| { p.patch("table-0/output.csv", "B,M,170", "B,M,n/a"); } => ["matrices", "table-0"];
    matrices_of_a_singular_table: |p| { singular(&p); } => ["matrices", "table-0", "--only", "L"];
    matrices_beyond_all_numbers: |p| { p.patch("table-0/extensions.csv", "68", "1e308").patch("table-0/output.csv", "B,M,170", "B,M,1e-9"); } => ["matrices", "table-0", "--only", "S"];
}
