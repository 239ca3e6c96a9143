//! `irio run --grid`: each point is a run of a scenario that says what its stops say, to the bit.

#[macro_use]
#[path = "common/program.rs"]
mod program;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use irio::input::{self, recorded};
use irio::leontief::Leontief;
use irio::progress::{Progress, Silent};
use irio::recorded::Recorded;
use irio::recorded::grid::{GRID, RecordedGrid};
use irio::run::RunError;
use irio::run::grid::turn;
use irio::tidy::{Column, Tidy};
use program::{Place, contents};

/// A shipped scenario with its tables where they are, as `name.toml` of a place; some of its texts replaced.
fn scenario(place: &Place, name: &str, file: &str, replaced: &[(&str, &str)]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join(format!("scenarios/{file}.toml"))).unwrap();
    let mut text = text.replace("\"../tables", &format!("\"{}/tables", root.display()));
    for (from, to) in replaced {
        assert!(text.contains(from), "{file} has no {from:?}");
        text = text.replace(from, to);
    }
    place.write(&format!("{name}.toml"), text);
}

fn read(place: &Place, out: &str) -> Recorded {
    recorded::read(&place.path(out)).unwrap_or_else(|faults| panic!("{faults}"))
}

fn grid(found: &Recorded) -> &RecordedGrid {
    found.summary.grid.as_ref().unwrap()
}

/// Numbers of a point by quantity, region and statistic.
fn of_point(grid: &Tidy, point: &str) -> Vec<(String, String, String, f64)> {
    let wanted = [(Column::Point, point)];
    let rows = grid.rows_where(&wanted);
    let text = |row, column| grid.text(row, column).to_owned();
    rows.map(|row| {
        let (quantity, region) = (text(row, Column::Quantity), text(row, Column::Region));
        (quantity, region, text(row, Column::Statistic), grid.value(row))
    })
    .collect()
}

/// Holds a point of a grid against a run of its own: every difference of the headline by place, and the indicators.
#[track_caller]
fn same_as_a_run(points: &Tidy, point: &str, run: &Recorded) {
    let found = of_point(points, point);
    assert!(!found.is_empty(), "{point}");
    let year = run.summary.headline["year"].to_string();
    let sums = run.tidy("sums.csv").unwrap();
    let mut differences = 0;
    let wanted = [(Column::Year, year.as_str()), (Column::Factor, "difference")];
    for row in sums.rows_where(&wanted) {
        let [quantity, region] = [Column::Quantity, Column::Region].map(|c| sums.text(row, c));
        let own = found.iter().find(|(q, r, statistic, _)| {
            (q.as_str(), r.as_str(), statistic.as_str()) == (quantity, region, "difference")
        });
        let expected = sums.value(row);
        assert_eq!(own.unwrap().3.to_bits(), expected.to_bits(), "{point} {quantity} {region}");
        differences += 1;
    }
    let indicators = run.tidy("indicators.csv").unwrap();
    let mut ratios = 0;
    for row in indicators.rows_where(&[(Column::Year, &year)]) {
        let wanted =
            ["emission_transfer_ratio", "break_even_intensity", "break_even_technology_share"];
        let statistic = indicators.text(row, Column::Statistic);
        if !wanted.contains(&statistic) {
            continue;
        }
        let quantity = indicators.text(row, Column::Quantity);
        let own = found.iter().find(|(q, r, s, _)| {
            (q.as_str(), r.as_str(), s.as_str()) == (quantity, "all", statistic)
        });
        assert_eq!(
            own.unwrap().3.to_bits(),
            indicators.value(row).to_bits(),
            "{point} {statistic}"
        );
        ratios += 1;
    }
    assert_eq!(found.len(), differences + ratios, "{point}: no line but these");
}

/// Runs a shipped scenario with a grid, and for some points the scenario that they mean.
fn hold(file: &str, dials: &[&str], cases: &[(&str, &[(&str, &str)])]) {
    let place = Place::new();
    scenario(&place, "whole", file, &[]);
    let mut arguments = vec!["run", "whole.toml", "--draws", "2", "--out", "whole", "--quiet"];
    dials.iter().for_each(|dial| arguments.extend(["--grid", dial]));
    let run = place.irio(&arguments);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{file}");
    let whole = read(&place, "whole");
    let points = whole.tidy(GRID).unwrap();
    same_as_a_run(points, &grid(&whole).own, &whole);
    for (point, replaced) in cases {
        scenario(&place, "one", file, replaced);
        let run = place.irio(&["run", "one.toml", "--draws", "2", "--out", "one", "--quiet"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{point}");
        same_as_a_run(points, point, &read(&place, "one"));
    }
}

#[test]
fn a_point_is_a_run_with_readings_of_elasticities() {
    hold(
        "heavy-industry-density",
        &[
            "share=0.05,0.5",
            "technology=destination,origin,best,mix:0.25",
            "sourcing=destination,origin,mix:0.75",
            "reading=none,conditional,total",
        ],
        &[
            (
                "share=0.05/technology=origin/sourcing=origin/reading=total",
                &[
                    ("share = 0.3", "share = 0.05"),
                    ("technology = \"destination\"", "technology = \"origin\""),
                    ("sourcing = \"destination\"", "sourcing = \"origin\""),
                    ("reading = \"none\"", "reading = \"total\""),
                ],
            ),
            (
                "share=0.5/technology=best:co2/sourcing=mix:0.75/reading=conditional",
                &[
                    ("share = 0.3", "share = 0.5"),
                    ("technology = \"destination\"", "technology = \"best\"\nbest_for = \"co2\""),
                    ("sourcing = \"destination\"", "sourcing = \"mix\"\nsourcing_mix = 0.75"),
                    ("reading = \"none\"", "reading = \"conditional\""),
                ],
            ),
            (
                "share=0.3/technology=mix:0.25/sourcing=destination/reading=none",
                &[("technology = \"destination\"", "technology = \"mix\"\ntechnology_mix = 0.25")],
            ),
        ],
    );
}

/// A path by year keeps its shape and reaches the share of the stop in the last year.
#[test]
fn a_point_is_a_run_with_a_path_by_year() {
    let scaled = format!("share = {{ 2009 = {:?}, 2013 = 0.2 }}", 0.1 * (0.2 / 0.4));
    let path = ("share = { 2009 = 0.1, 2013 = 0.4 }", scaled.as_str());
    hold(
        "targets-2015",
        &["", "reading=conditional,net_of_scale"],
        &[(
            "share=0.2/technology=origin/sourcing=destination/reading=net_of_scale",
            &[
                path,
                ("technology = \"mix\" ", "technology = \"origin\" "),
                ("technology_mix = 0.5", "#"),
                ("lags = 2", "lags = 2\nreading = \"net_of_scale\""),
            ],
        )],
    );
}

/// Shares that differ from move to move are turned by a multiple.
#[test]
fn a_point_is_a_run_with_other_sizes() {
    hold(
        "bth-package",
        &[""],
        &[(
            "size=0.5/technology=origin/sourcing=origin",
            &[
                ("share = 0.3", "share = 0.15"),
                ("share = 0.1\n", "share = 0.05\n"),
                ("share = 0.01", "share = 0.005"),
                ("technology = \"destination\"", "technology = \"origin\""),
                ("sourcing = \"destination\"", "sourcing = \"origin\""),
            ],
        )],
    );
}

const SMALL: &str = "irio_scenario = 1\nname = \"small\"\ntable = \"table-1\"\n\
                     [[relocate]]\nsector = \"M\"\nfrom = \"B\"\nto = \"H\"\namount = 30\n";

#[test]
fn an_amount_is_turned_by_a_multiple() {
    let place = Place::new();
    place.write("small.toml", SMALL);
    let run = place.irio(&["run", "small.toml", "--grid", "--out", "r"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout);
    let whole = read(&place, "r");
    place.patch("small.toml", "amount = 30", "amount = 45");
    let run = place.irio(&["run", "small.toml", "--out", "one", "--quiet"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let one = read(&place, "one");
    let point = "size=1.5/technology=destination/sourcing=destination";
    same_as_a_run(whole.tidy(GRID).unwrap(), point, &one);
    assert!(one.summary.grid.is_none() && one.file(GRID).is_none(), "no grid unless it is asked");
}

/// What a reader of the folder needs to turn the dials.
#[test]
fn the_summary_tells_the_dials() {
    let place = Place::new();
    scenario(&place, "s", "heavy-industry-density", &[("draws = 10000", "draws = 2")]);
    let run = place.irio(&["run", "s.toml", "--grid", "--out", "r", "--lang", "zh"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let from = run.stdout.find("all, 2007, scenario less").unwrap();
    let to = run.stdout.find("Read with care").unwrap();
    insta::assert_snapshot!("dials_in_chinese", &run.stdout[from..to]);
    let whole = read(&place, "r");
    let found = grid(&whole);
    let tidy = whole.tidy(GRID).unwrap();
    // Every point that the dials make has its lines, and there are no others.
    let counts: Vec<usize> = found.dials.iter().map(|dial| dial.stops.len()).collect();
    let mut points = std::collections::BTreeSet::new();
    for at in 0..counts.iter().product() {
        let mut rest = at;
        let stops: Vec<usize> =
            counts.iter().map(|count| (rest % count, rest /= count).0).collect();
        let point = found.point(&stops).unwrap();
        assert!(!of_point(tidy, &point).is_empty(), "{point}");
        points.insert(point);
    }
    let written: std::collections::BTreeSet<String> =
        (0..tidy.len()).map(|row| tidy.text(row, Column::Point).to_owned()).collect();
    assert_eq!(points, written);
    let own: Vec<usize> = found.dials.iter().map(|dial| dial.own).collect();
    assert_eq!(found.point(&own).unwrap(), found.own);
    for dial in &found.dials {
        let all = std::iter::once(&dial.dial).chain(&dial.stops);
        all.for_each(|one| assert!(!one.en.is_empty() && !one.zh.is_empty(), "{one:?}"));
    }
}

/// Two moves that take from one row: a stop at which they would take more than all of it has no answer, and says so.
#[test]
fn points_without_an_answer_are_told() {
    let place = Place::new();
    let two = SMALL.replace("amount = 30", "share = 0.4")
        + "[[relocate]]\nsector = \"M\"\nfrom = \"B\"\nto = \"H\"\nshare = 0.4\ntechnology = \"origin\"\n";
    place.write("small.toml", two);
    let run = place.irio(&["run", "small.toml", "--grid", "share=0.5,0.6", "--out", "r"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("without an answer: 1, the first share=0.6/"), "{}", run.stdout);
    let found = read(&place, "r");
    let unanswered = &grid(&found).unanswered;
    let points: Vec<&str> = unanswered.iter().map(|one| one.point.as_str()).collect();
    assert_eq!(points, ["share=0.6/technology=scenario/sourcing=destination"]);
    assert!(unanswered[0].why.contains("at most 1 can move"), "{}", unanswered[0].why);
    assert!(of_point(found.tidy(GRID).unwrap(), points[0]).is_empty());
}

/// The grid is asked beside the draws; with and without it they are the same.
#[test]
fn a_grid_leaves_the_run_as_it_is() {
    let place = Place::new();
    scenario(&place, "s", "heavy-industry-density", &[("draws = 10000", "draws = 5")]);
    for (out, more) in [("plain", None), ("grid", Some("--grid"))] {
        let mut arguments = vec!["run", "s.toml", "--out", out, "--quiet"];
        arguments.extend(more);
        assert_eq!(place.irio(&arguments).code, 0);
    }
    let (plain, with) = (contents(&place.path("plain")), contents(&place.path("grid")));
    let csv = |path: &Path| path.extension().is_some_and(|extension| extension == "csv");
    let mut same = 0;
    for (path, bytes) in plain.iter().filter(|(path, _)| csv(path)) {
        let other = place.path("grid").join(path.file_name().unwrap());
        assert!(with[&other] == *bytes, "{}", path.display());
        same += 1;
    }
    assert_eq!(with.len(), plain.len() + 1);
    assert!(same > 5);
}

/// Asks to stop after some steps.
struct StopsAfter(AtomicU64, u64);

impl Progress for StopsAfter {
    fn begin(&self, _: &str, _: u64) {}
    fn step(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
    fn cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= self.1
    }
}

#[test]
fn a_grid_that_is_stopped_is_none() {
    let read = input::scenario::read(Path::new("scenarios/heavy-industry-density.toml"), None);
    let read = read.unwrap();
    let grid = input::grid::read(&[String::new()], &read.table, &read.scenario).unwrap();
    let leontief = Leontief::of(&read.table).unwrap();
    let turned =
        |progress: &dyn Progress| turn(&read.table, &leontief, &read.scenario, &grid, progress);
    let all = turned(&Silent).unwrap();
    assert_eq!(all.points.len(), grid.points());
    assert!(all.points.iter().all(Result::is_ok));
    let stopped = turned(&StopsAfter(AtomicU64::new(0), 3));
    assert!(matches!(stopped, Err(RunError::Cancelled)));
}

bad! {
    a_grid_without_moves: |place| {
        scenario(&place, "s", "nothing-moves", &[]);
    } => ["run", "s.toml", "--grid", "--out", "r"];
    a_share_of_an_amount: |place| {
        place.write("s.toml", SMALL);
    } => ["run", "s.toml", "--grid", "share=0.1", "--grid", "reading=none", "--out", "r"];
    a_technology_that_is_not_there: |place| {
        scenario(&place, "s", "heavy-industry-origin", &[]);
    } => ["run", "s.toml", "--grid", "technology=best:so2", "--out", "r"];
    a_scenario_behind_the_bare_option: |place| {
        place.write("s.toml", SMALL);
    } => ["run", "--grid", "s.toml", "--out", "r"];
    a_dial_that_there_is_not: |place| {
        place.write("s.toml", SMALL);
    } => ["run", "s.toml", "--grid", "tech=origin", "--out", "r"];
}
