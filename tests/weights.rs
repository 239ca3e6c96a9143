//! Weights from files, as a section of a model file describes them: what is read, and what is said to bad inputs.

use std::path::Path;

use irio::fault::{Faults, Note};
use irio::input::TextFile;
use irio::input::document::Document;
use irio::input::table::Finder;
use irio::input::weights::{ReadWeights, gal, section};
use irio::report;
use irio::weights::Weights;

/// A folder with a model file and what it names.
struct Place(tempfile::TempDir);

impl Place {
    fn new(model: &str) -> Self {
        let place = Place(tempfile::tempdir().unwrap());
        place.write("model.toml", format!("[weights]\n{model}"))
    }

    fn write(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.0.path().join(name), text).unwrap();
        self
    }

    fn file(&self, name: &str) -> TextFile {
        TextFile::read(&self.0.path().join(name)).unwrap()
    }

    fn read(&self) -> Result<ReadWeights, Faults> {
        let path = self.0.path().join("model.toml");
        let file = TextFile::read(&path)?;
        let document = Document::new(&file);
        let root = document.root()?;
        let plan = section(&root.section("weights").unwrap(), &Finder::new(&path, None));
        let faults = document.take_faults();
        match plan {
            Some(plan) if faults.is_empty() => plan.read(),
            Some(_) => Err(faults),
            None => {
                assert!(!faults.is_empty(), "nothing was said");
                Err(faults)
            }
        }
    }

    fn all(&self) -> (Weights, Vec<Note>) {
        let read = self.read().unwrap_or_else(|faults| panic!("{faults}"));
        read.among(read.weights.units()).unwrap_or_else(|faults| panic!("{faults}"))
    }

    /// What is said, with paths as seen from the folder.
    fn refusal(&self, labels: &[&str]) -> String {
        let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        let said = match self.read() {
            Err(faults) => faults.to_string(),
            Ok(read) => {
                let units = read.weights.units();
                let labels = if labels.is_empty() { units } else { &labels };
                read.among(labels).unwrap_err().to_string()
            }
        };
        let folder = format!("{}{}", self.0.path().display(), std::path::MAIN_SEPARATOR);
        said.replace(&folder, "")
    }
}

const ROW: &str = "standardize = \"row\"\n";

fn model(text: &str) -> Place {
    Place::new(&format!("{text}{ROW}"))
}

fn matrix(csv: &str) -> Place {
    model("kind = \"matrix\"\nfile = \"w.csv\"\n").write("w.csv", csv)
}

fn list(csv: &str) -> Place {
    model("kind = \"list\"\nfile = \"w.csv\"\n").write("w.csv", csv)
}

fn gal_of(text: &str) -> Place {
    model("kind = \"gal\"\nfile = \"w.gal\"\n").write("w.gal", text)
}

fn gwt_of(text: &str) -> Place {
    model("kind = \"gwt\"\nfile = \"w.gwt\"\n").write("w.gwt", text)
}

fn polygons(json: &str) -> Place {
    model("kind = \"contiguity\"\nfile = \"m.json\"\nid = \"name\"\nrule = \"queen\"\n")
        .write("m.json", json)
}

fn nearest(metric: &str, csv: &str) -> Place {
    model(&format!("kind = \"nearest\"\nfile = \"p.csv\"\nk = 2\nmetric = \"{metric}\"\n"))
        .write("p.csv", csv)
}

fn inverse(keys: &str, csv: &str) -> Place {
    let keys =
        format!("kind = \"inverse_distance\"\nfile = \"p.csv\"\nmetric = \"euclidean\"\n{keys}\n");
    model(&keys).write("p.csv", csv)
}

fn economic(keys: &str, csv: &str) -> Place {
    let keys =
        format!("kind = \"economic_distance\"\nfile = \"v.csv\"\nvariable = \"gdp\"\n{keys}\n");
    model(&keys).write("v.csv", csv)
}

fn feature(name: &str, kind: &str, coordinates: &str) -> String {
    format!(
        "{{\"type\":\"Feature\",\"properties\":{{\"name\":{name}}},\n \"geometry\":{{\"type\":\"{kind}\",\"coordinates\":{coordinates}}}}}"
    )
}

fn collection(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", features.join(",\n"))
}

fn square(x: i32, y: i32) -> String {
    let (a, b) = (x + 1, y + 1);
    format!("[[[{x},{y}],[{a},{y}],[{a},{b}],[{x},{b}],[{x},{y}]]]")
}

const ABC: &str = "id,A,B,C\nA,0,1,0\nB,1,0,1\nC,0,1,0\n";
const POINTS: &str = "id,x,y\nA,0,0\nB,1,0\nC,0,2\nD,5,5\n";

macro_rules! bad {
    ($($name:ident: $place:expr $(, $labels:expr)?;)*) => { $(
        #[test]
        fn $name() {
            #[allow(unused_mut, unused_assignments)]
            let mut labels: &[&str] = &[];
            $( labels = &$labels; )?
            let said = $place.refusal(labels);
            insta::assert_snapshot!(stringify!($name), said);
        }
    )* };
}

bad! {
    section_without_its_keys: Place::new("name = \"w\"\n");
    section_of_unknown_words: Place::new("kind = \"contiguety\"\nfile = \"w.csv\"\nstandardize = \"rows\"\nislands = \"drop\"\n");
    section_with_keys_of_another_kind: model("kind = \"matrix\"\nfile = \"w.csv\"\nk = 3\npower = 2\n").write("w.csv", ABC);
    section_with_impossible_numbers: inverse("power = -1\ncutoff = \"far\"", POINTS);
    section_with_no_neighbours: model("kind = \"nearest\"\nfile = \"p.csv\"\nk = 0\nmetric = \"euclidean\"\n").write("p.csv", POINTS);
    file_that_is_not_there: model("kind = \"gal\"\nfile = \"w.gal\"\n");
    file_that_is_not_text: gal_of("0 1 \u{1}\n").write("w.gal", b"0 1 a b\nA\xff 0\n");
    matrix_of_odd_cells: matrix("id,A,B,C\nA,0,x,-1\nB,1,2,\nC,0,inf,0\n");
    matrix_of_odd_labels: matrix("id,Ab,B,C\nAB,0,1,0\nB,1,0,1\nB,0,1,0\n");
    matrix_with_a_column_twice: matrix("id,A,B,A\nA,0,1,0\nB,1,0,1\n");
    matrix_without_a_row: matrix("id,A,B,C\nA,0,1,0\nC,0,1,0\n");
    matrix_with_lines_of_other_lengths: matrix("id,A,B\nA,0,1,1\nB,1\n");
    matrix_with_an_island: matrix("id,A,B,C\nA,0,1,0\nB,1,0,0\nC,0,0,0\n");
    matrix_with_semicolons: matrix("id;A;B\nA;0;1\nB;1;0\n");
    list_without_its_columns: list("from,to\nA,B\n");
    list_with_a_misspelt_column: list("id,neighbour,wieght\nA,B,1\nB,A,2\n");
    list_with_a_short_line: list("id,neighbour\nA,B\nB,A\nC\nD,\n");
    list_with_an_open_quotation_mark: list("id,neighbour,weight\nA,B,1\n\"B,A,1\nC,A,1\nA,\"C\",1\n");
    list_of_odd_pairs: list("id,neighbour,weight\nA,B,1\nA,B,2\nB,B,1\nC,A,-1\n,A,1\nC,,1\nB,A,x\n");
    panel_of_other_units: matrix(ABC), ["a", "B", "D", "Beijing"];
    panel_of_one_unit_twice: matrix("id,01,02,03\n01,0,1,0\n02,1,0,1\n03,0,1,0\n"), ["1", "01"];
    gal_without_its_first_line: gal_of("A 1\nB\nB 1\nA\n");
    gal_that_claims_more_than_there_is: gal_of("18446744073709551615\nA 1\nB\nB 1\nA\n");
    gal_with_a_missing_neighbour: gal_of("2\nA 99999999999\nB\nB 1\nA\n");
    gal_of_odd_neighbours: gal_of("0 3 map NAME\nA 2\nA Bb\nBB 2\nA A\nC 0\n");
    gal_with_a_unit_twice: gal_of("3\nA 0\n\nA 1\nB\nB 0\n");
    gal_that_ends_early: gal_of("2\nA 1\nB\nB 1\n");
    gwt_with_an_island: gwt_of("0 3 map NAME\nA B 1\nB A 1\n");
    gwt_of_odd_lines: gwt_of("0 3 map NAME\nA B one\nA C\nC C 2\nA B 1\nA B 1\nB C nan\n");
    polygons_that_are_no_json: polygons("{\"type\":\"FeatureCollection\",\n\"features\":[}");
    polygons_of_a_bare_geometry: polygons("{\"type\":\"Polygon\",\"coordinates\":[]}");
    polygons_without_the_property: polygons(&collection(&[
        feature("\"A\"", "Polygon", &square(0, 0)).replace("name", "Name"),
        feature("null", "Polygon", &square(1, 0)),
        "{\"type\":\"Feature\",\"properties\":null,\"geometry\":null}".to_owned(),
    ]));
    polygons_of_odd_shapes: polygons(&collection(&[
        feature("\"A\"", "Point", "[1,2]"),
        feature("\"B\"", "Polygon", "[[[0,0],[1,0],[1,1],[0,1]]]"),
        feature("\"C\"", "Polygon", "[[[0,0],[1,\"x\"],[1,1],[0,0]]]"),
        feature("\"D\"", "MultiPolygon", "[[],[]]"),
        feature("\"E\"", "Polygon", "[[[0],[1,0],[1,1],[0]]]"),
        feature("\"F\"", "Polygon", "[[[1e999,0],[1,0],[1,1],[0,0]]]"),
    ]));
    polygons_that_stand_twice: polygons(&collection(&[
        feature("\"A\"", "Polygon", &square(0, 0)),
        feature("\"A\"", "Polygon", &square(1, 0)),
    ]));
    polygons_of_a_topology: polygons(&collection(&[feature("\"A\"", "Polygon", &square(0, 0))]).replace("FeatureCollection", "Topology"));
    polygons_in_utf_16: polygons("").write("m.json", b"\xff\xfe{\0}\0");
    polygons_that_are_the_same: polygons(&collection(&[
        feature("\"A\"", "Polygon", &square(0, 0)),
        feature("\"B\"", "Polygon", "[[[1,0],[1,1],[0,1],[0,0],[1,0]]]"),
    ]));
    polygons_that_cross_themselves: polygons(&collection(&[
        feature("\"A\"", "Polygon", "[[[0,0],[1,0],[0,1],[1,1],[0,0]]]"),
        feature("\"B\"", "Polygon", "[[[2,0],[3,0],[2.5,1],[3,2],[2,2],[2.5,1],[2,0]]]"),
    ]));
    polygons_for_distances: nearest("euclidean", &collection(&[feature("\"A\"", "Polygon", &square(0, 0))]));
    polygons_that_do_not_touch: polygons(&collection(&[
        feature("\"A\"", "Polygon", &square(0, 0)),
        feature("\"B\"", "Polygon", &square(5, 0)),
        feature("3", "Polygon", &square(9, 0)),
    ]));
    points_without_their_columns: nearest("great_circle", POINTS);
    points_that_are_no_place: nearest("great_circle", "id,lon,lat\nA,10,95\nB,400,0\nC,0,0\nA,0,1\n");
    points_of_odd_cells: nearest("euclidean", "id,x,y\nA,0,x\n,1,0\nC,0,2\nD,5,\n");
    points_fewer_than_neighbours: nearest("euclidean", "id,x,y\nA,0,0\nB,1,0\n");
    points_at_one_place: inverse("", "id,x,y\nA,0,0\nB,1,0\nC,0,0\n");
    points_beyond_numbers: inverse("power = 400", "id,x,y\nA,0,0\nB,1e3,0\nC,1,0\n");
    means_that_are_one: economic("", "id,gdp\nA,1\nB,2\nC,1\n");
    means_of_nothing: economic("", "id,gdp\nA,1\nB,\nC,x\n");
    means_without_their_places: economic("coordinates = \"p.csv\"\nmetric = \"euclidean\"", "id,gdp\nA,1\nB,2\nE,1\n").write("p.csv", POINTS);
}

#[test]
fn a_matrix_a_list_a_gal_and_a_gwt_are_one() {
    let (of_matrix, notes) = matrix(ABC).all();
    assert!(notes.is_empty() && of_matrix.is_row_standardized());
    assert_eq!(of_matrix.row(1).collect::<Vec<_>>(), [(0, 0.5), (2, 0.5)]);
    for place in [
        list("id,neighbour\nA,B\nB,A\nB,C\nC,B\n"),
        list("id,neighbour,weight\nA,B,2\nB,A,2\nB,C,2\nC,B,1\n"),
        gal_of("3\nA 1\nB\nB 2\nC A\nC 1\nB\n"),
        gal_of("0 3 map NAME\r\nA 1\r\nB\r\n\r\nB 2\r\nA C\r\nC 1\r\nB\r\n"),
        gwt_of("0 3 map NAME\nA B 3\nB A 0.25\nB C 0.25\nC B 1e3\n"),
    ] {
        assert_eq!(place.all().0, of_matrix);
    }
    // Rows in another order than columns.
    assert_eq!(matrix("id,A,B,C\nC,0,1,0\nA,0,1,0\nB,1,0,1\n").all().0, of_matrix);
}

#[test]
fn a_pair_listed_once_counts_in_both_directions_where_asked() {
    let one_way = "id,neighbour\nA,B\nB,C\nD,\n";
    let keys = "kind = \"list\"\nfile = \"w.csv\"\nislands = \"allow\"\nsymmetric = \"union\"\n";
    let (weights, _) = model(keys).write("w.csv", one_way).all();
    assert_eq!(weights.units(), ["A", "B", "C", "D"]);
    assert_eq!(weights.row(1).collect::<Vec<_>>(), [(0, 0.5), (2, 0.5)]);
    assert_eq!(weights.islands(), ["D"]);
}

/// Rows are standardized among the units of the panel, in its order, and what was left out is told.
#[test]
fn a_panel_decides_on_order_and_islands() {
    let read =
        matrix("id,01,02,03,04\n01,0,1,1,1\n02,1,0,0,1\n03,1,0,0,0\n04,1,1,0,0\n").read().unwrap();
    let labels = ["2", "1", "4"].map(str::to_owned);
    let (weights, notes) = read.among(&labels).unwrap();
    assert_eq!(weights.units(), labels);
    assert_eq!(weights.row(1).collect::<Vec<_>>(), [(0, 0.5), (2, 0.5)]);
    assert_eq!(notes.len(), 1);
    assert_eq!(
        notes[0].message,
        "1 unit of the weights that the panel does not have, left out: 03"
    );
    // Two that are no neighbours of one another.
    let islands = read.among(&["02", "03"].map(str::to_owned)).unwrap_err();
    assert!(islands.to_string().contains("units without a neighbour: 02, 03"), "{islands}");
}

#[test]
fn polygons_touch_at_corners_for_a_queen_and_along_edges_for_a_rook() {
    let map = collection(&[
        feature("\"A\"", "Polygon", &square(0, 0)),
        feature("2", "MultiPolygon", &format!("[{}]", square(1, 1))),
        feature("\"C\"", "Polygon", &square(1, 0).replace("[1,0]", "[1,0,7.5]")),
    ]);
    let (queen, _) = polygons(&map).all();
    assert_eq!(queen.units(), ["A", "2", "C"]);
    assert_eq!(queen.pairs(), 6);
    let keys = "kind = \"contiguity\"\nfile = \"m.json\"\nid = \"name\"\nrule = \"rook\"\ntolerance = 1e-6\n";
    let (rook, _) = model(keys).write("m.json", &map).all();
    assert_eq!(rook.pairs(), 4);
}

#[test]
fn distances_become_weights() {
    let (two, notes) = nearest("euclidean", POINTS).all();
    assert_eq!(two.row(3).collect::<Vec<_>>(), [(1, 0.5), (2, 0.5)]);
    assert!(notes.is_empty());
    let tied = "id,x,y\nA,0,0\nB,1,0\nC,0,1\nD,-1,0\n";
    let (_, notes) = nearest("euclidean", tied).all();
    assert_eq!(
        notes[0].message,
        "2 units with others as near as the last of the nearest: the first by label are taken (for A: B, C, not D)"
    );
    let (near, _) = inverse("cutoff = 2.5\nislands = \"allow\"", POINTS).all();
    assert_eq!(near.islands(), ["D"]);
    let raw = inverse("power = 2", POINTS).read().unwrap();
    assert_eq!(raw.weights.row(0).next(), Some((1, 1.0)));
    assert_eq!(raw.weights.row(0).nth(1), Some((2, 0.25)));
    assert_eq!(raw.inputs.len(), 1);
    let panel = "id,year,gdp\nA,2000,1\nA,2001,3\nB,2000,4\nB,2001,\nC,2000,10\nC,2001,10\n";
    let alone = economic("", panel).read().unwrap();
    assert_eq!(alone.weights.row(0).collect::<Vec<_>>(), [(1, 0.5), (2, 0.125)]);
    assert_eq!(alone.notes[0].message, "1 line without gdp do not count in its means");
    let keys = "coordinates = \"p.csv\"\nmetric = \"euclidean\"\npower = 2\n";
    let both = economic(keys, panel).write("p.csv", POINTS).read().unwrap();
    assert_eq!(both.weights.row(0).collect::<Vec<_>>(), [(1, 0.5), (2, 0.125 / 4.0)]);
    assert_eq!(both.inputs.len(), 2);
}

#[test]
fn gal_and_gwt_read_back_as_they_were() {
    let place = Place::new("");
    let (rows, _) = matrix("id,A,B,C\nA,0,1,0\nB,1,0,0\nC,0,0,0\n")
        .read()
        .map(|read| (read.weights, ()))
        .unwrap();
    let place = place.write("w.gal", report::weights::gal(&rows).unwrap());
    assert_eq!(gal::read(&place.file("w.gal")).unwrap(), rows, "an island too");
    let third = 1.0 / 3.0;
    let odd = matrix(&format!("id,A,B,C\nA,0,{third},1e-300\nB,7e10,0,1\nC,1,0.1,0\n"));
    let weights = odd.read().unwrap().weights;
    let place = place.write("w.gwt", report::weights::gwt(&weights).unwrap());
    assert_eq!(gal::read_gwt(&place.file("w.gwt")).unwrap(), weights);
    assert!(report::weights::gal(&weights).unwrap_err().to_string().contains("write a GWT"));
    assert!(report::weights::gwt(&rows).unwrap_err().to_string().contains("write a GAL"));
    let blank = rows.renamed(["A a", "B", "C"].map(str::to_owned).to_vec()).unwrap();
    assert!(report::weights::gal(&blank).unwrap_err().to_string().contains("A a"));
}

#[test]
fn the_file_is_remembered_by_its_hash() {
    let read = matrix(ABC).read().unwrap();
    assert_eq!(read.inputs[0].sha256, irio::input::hash(ABC.as_bytes()));
    assert_eq!(read.inputs[0].path.file_name(), Some(Path::new("w.csv").as_os_str()));
}
