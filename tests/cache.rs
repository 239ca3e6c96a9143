//! The cache beside a large table: the same results with it, without it and whatever happens to it.

#[path = "common/program.rs"]
mod program;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use irio::input::{cache, table::read};
use irio::labels::{Axis, Industries, Label};
use irio::linalg::{Dense, Matrix};
use irio::report::{folder, npy, table};
use irio::table::{
    Category, DemandColumn, Extension, FinalDemand, Imports, Meta, RawTable, Role, ValueAdded,
};
use program::Place;

/// A table with a number in every third cell, kept sparse if large.
fn raw(regions: usize, sectors: usize) -> RawTable {
    let labels = |word: &str, count: usize| {
        (0..count)
            .map(|at| Label::new(format!("{word}{at}"), format!("{word} {at}"), "名"))
            .collect::<Vec<_>>()
    };
    let industries = Industries {
        regions: Axis::new("region", labels("r", regions)).unwrap(),
        sectors: Axis::new("sector", labels("s", sectors)).unwrap(),
    };
    let n = industries.len();
    let value = |at: usize| if at.is_multiple_of(3) { 1.0 / (1 + at % 1013) as f64 } else { 0.0 };
    let flows = Matrix::compact(Dense::new(n, n, (0..n * n).map(value).collect::<Vec<_>>()));
    let demand =
        Dense::new(n, regions, (0..n * regions).map(|at| 1.5 + value(at)).collect::<Vec<_>>());
    let output: Vec<f64> = flows
        .row_sums()
        .iter()
        .zip(flows.column_sums())
        .zip(demand.row_sums())
        .map(|((sold, bought), used)| (sold + used).max(bought) + 1.0)
        .collect();
    let added: Vec<f64> = output.iter().zip(flows.column_sums()).map(|(x, b)| x - b).collect();
    let columns = (0..regions).map(|r| DemandColumn { region: Some(r), category: 0 }).collect();
    RawTable {
        meta: Meta::new("drawn", 2020, "10^4 yuan".parse().unwrap()),
        final_demand: FinalDemand {
            categories: vec![Category { label: Label::code("final"), role: Role::Consumption }],
            columns,
            values: Matrix::compact(demand),
        },
        imports: Imports::None,
        value_added: ValueAdded {
            rows: vec![Label::code("value_added")],
            values: Dense::from_rows(&[added]),
        },
        extensions: vec![Extension {
            label: Label::code("co2"),
            unit: "Mt".parse().unwrap(),
            values: output.iter().map(|x| x * 0.1).collect(),
            households: vec![0.25; regions],
            inventory: None,
            by_demand: None,
            origin: None,
        }],
        population: None,
        output,
        flows,
        industries,
    }
}

/// Writes the table `t` of a place.
fn write(place: &Place, as_text: bool) {
    let raw = raw(20, 27);
    let toml = table::toml(&raw, "Drawn.") + "\n";
    let out = place.path("t");
    if as_text {
        folder::write(&out, folder::Kind::Table, &table::files(&raw, &toml)).unwrap();
    } else {
        let (files, matrices) = npy::files(&raw, &toml);
        folder::write_streamed(&out, folder::Kind::Table, &files, &matrices).unwrap();
    }
}

/// Lets the clock pass what the cache holds for too new to be believed.
fn settle() {
    std::thread::sleep(Duration::from_millis(3100));
}

fn irio(place: &Place, arguments: &[&str]) -> program::Run {
    let run = place.irio(arguments);
    assert_eq!(run.code, 0, "{}", run.stderr);
    run
}

/// Every file of a folder of results.
fn results(place: &Place, name: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(place.path(name)).unwrap();
    let mut all: Vec<(String, String)> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|file| (file.clone(), place.read(&format!("{name}/{file}"))))
        .collect();
    all.sort();
    all
}

/// Which file it is, and when it was written: another one after it was replaced.
fn identity(path: &Path) -> (SystemTime, u64) {
    let found = fs::metadata(path).unwrap();
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&found);
    #[cfg(not(unix))]
    let number = 0;
    (found.modified().unwrap(), number)
}

fn set_modified(path: &Path, time: SystemTime) {
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

#[test]
fn results_are_the_same_with_and_without_and_the_second_start_reads_no_source() {
    for as_text in [true, false] {
        let place = Place::new();
        write(&place, as_text);
        let cached = place.path("t.irio-cache");
        irio(&place, &["footprint", "t", "--out", "none", "--no-cache"]);
        assert!(!cached.exists(), "--no-cache writes none");
        irio(&place, &["footprint", "t", "--out", "first"]);
        assert!(cached.exists());
        irio(&place, &["footprint", "t", "--out", "second"]);
        settle();
        // Renews the stamps, which were too new.
        irio(&place, &["footprint", "t", "--out", "third"]);
        let before = identity(&cached);
        irio(&place, &["footprint", "t", "--out", "fourth"]);
        assert_eq!(identity(&cached), before, "a cache that holds is not written again");
        let expected = results(&place, "none");
        for name in ["first", "second", "third", "fourth"] {
            assert!(results(&place, name) == expected, "{name}");
        }
        let found = irio(&place, &["--json", "check", "t"]).stdout;
        assert_eq!(found, irio(&place, &["--json", "check", "t", "--no-cache"]).stdout);
        // From another folder and by another name of the same place.
        fs::create_dir(place.path("inside")).unwrap();
        for (from, table) in [("inside", "../t"), ("t", "."), (".", "t/table.toml"), (".", "./t/")]
        {
            let run = |arguments: &[&str]| {
                let output = Command::new(env!("CARGO_BIN_EXE_irio"))
                    .args(arguments)
                    .current_dir(place.path(from))
                    .output()
                    .unwrap();
                String::from_utf8(output.stdout).unwrap()
            };
            let found = run(&["--json", "check", table]);
            assert!(
                !found.is_empty() && found == run(&["--json", "check", table, "--no-cache"]),
                "{table}"
            );
            assert_eq!(identity(&cached), before, "{table}");
        }
    }
}

/// Whether reading `t` now uses the cache: it is not written again.
fn is_used(place: &Place) -> bool {
    let cached = place.path("t.irio-cache");
    let before = identity(&cached);
    irio(place, &["check", "t"]);
    identity(&cached) == before
}

/// A place with a table and a cache whose stamps are believed.
fn settled(as_text: bool) -> Place {
    let place = Place::new();
    write(&place, as_text);
    settle();
    irio(&place, &["check", "t"]);
    assert!(is_used(&place));
    place
}

#[test]
fn a_change_of_any_file_is_noticed() {
    let place = settled(false);
    let total = |place: &Place| irio(place, &["--json", "check", "t"]).stdout;
    let before = total(&place);
    // A value of the same size, with the time of the file set back.
    let path = place.path("t/output.npy");
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.len() - 8;
    let last = f64::from_le_bytes(*bytes[at..].first_chunk().unwrap());
    bytes[at..].copy_from_slice(&(last + 1.0).to_le_bytes());
    fs::write(&path, &bytes).unwrap();
    if cfg!(unix) {
        set_modified(&path, time);
    }
    assert!(!is_used(&place));
    let after = total(&place);
    assert_ne!(after, before);
    assert_eq!(after, irio(&place, &["--json", "check", "t", "--no-cache"]).stdout);
    // A label, a file that goes and one that comes.
    place.patch("t/sectors.csv", "s 3", "s three");
    assert!(!is_used(&place));
    let households = place.read("t/households.csv");
    fs::remove_file(place.path("t/households.csv")).unwrap();
    assert!(!is_used(&place));
    place.write("t/households.csv", households);
    assert!(!is_used(&place));
    // A file that would make the table wrong: the cache must not hide it.
    place.write("t/flows.csv", "x");
    assert_eq!(place.irio(&["check", "t"]).code, 2);
}

#[test]
fn a_touched_source_and_a_copied_folder_are_hashed_and_still_hold() {
    let place = settled(false);
    set_modified(&place.path("t/flows.npy"), SystemTime::now() - Duration::from_secs(3600));
    let first = identity(&place.path("t.irio-cache"));
    irio(&place, &["check", "t"]);
    assert!(is_used(&place));
    // The system's own time of change is new, so the stamps were not worth writing down yet.
    settle();
    irio(&place, &["check", "t"]);
    if cfg!(unix) {
        assert_ne!(identity(&place.path("t.irio-cache")), first, "the new stamps are written down");
    }
    assert!(is_used(&place));
    fs::create_dir(place.path("u")).unwrap();
    for entry in fs::read_dir(place.path("t")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), place.path("u").join(entry.file_name())).unwrap();
    }
    fs::copy(place.path("t.irio-cache"), place.path("u.irio-cache")).unwrap();
    let copied = identity(&place.path("u.irio-cache"));
    assert!(irio(&place, &["--json", "check", "u"]).stdout.contains("\"u/flows.npy\""));
    assert_eq!(identity(&place.path("u.irio-cache")), copied);
}

#[test]
fn small_tables_have_none_and_a_place_that_cannot_be_written_is_no_error() {
    let place = Place::new();
    irio(&place, &["check", "table-0"]);
    assert!(!place.path("table-0.irio-cache").exists());
    write(&place, false);
    // A folder of that name can be neither read nor replaced, whoever tries.
    fs::create_dir(place.path("t.irio-cache")).unwrap();
    place.write("t.irio-cache/mine", "x");
    irio(&place, &["check", "t"]);
    assert_eq!(place.read("t.irio-cache/mine"), "x");
    let left: Vec<PathBuf> = fs::read_dir(place.path("."))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(".irio"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    let run = Command::new(env!("CARGO_BIN_EXE_irio"))
        .args(["check", "../t"])
        .current_dir(place.path("table-0"))
        .env("IRIO_NO_CACHE", "1")
        .output()
        .unwrap();
    assert!(run.status.success());
}

#[test]
fn a_data_folder_and_a_sheet_have_caches_of_their_own() {
    let place = Place::new();
    write(&place, false);
    irio(&place, &["check", "t"]);
    irio(&place, &["check", "t", "--data", "table-0"]);
    let caches = || {
        let entries = fs::read_dir(place.path(".")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.ends_with(".irio-cache")).count()
    };
    assert_eq!(caches(), 2);
    irio(&place, &["check", "t", "--data", "./table-0"]);
    assert_eq!(caches(), 2);
}

/// Deterministic numbers, so that a failure can be looked at again.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

#[test]
fn whatever_happens_to_a_cache_the_table_is_the_same() {
    cache::allow();
    let place = Place::new();
    write(&place, false);
    let (path, cached) = (place.path("t"), place.path("t.irio-cache"));
    let fingerprint = || {
        let table = read(&path, None).unwrap();
        let raw = table.parts();
        let mut text = format!("{:?}{:?}{:?}", raw.meta, raw.final_demand.columns, raw.extensions);
        text +=
            &format!("{:?}{:?}", raw.industries.regions.labels(), raw.industries.sectors.labels());
        text += &format!("{:?}{:?}", raw.final_demand.categories, raw.value_added.rows);
        let matrices = [&raw.flows, &raw.final_demand.values].map(|matrix| matrix.to_dense());
        let numbers = [
            matrices[0].values(),
            matrices[1].values(),
            raw.value_added.values.values(),
            &raw.output,
        ];
        // The text of a number tells its bits.
        irio::input::hash(format!("{text}{numbers:?}{:?}", table.discrepancy()).as_bytes())
    };
    let expected = fingerprint();
    let whole = fs::read(&cached).unwrap();
    assert_eq!(fingerprint(), expected, "from the cache");
    // The head and what is before it are a small part of the file, where most can go wrong.
    let head = 128 + u64::from_le_bytes(*whole[16..].first_chunk().unwrap());
    let mut state = 7;
    for turn in 0..500 {
        let mut bytes = whole.clone();
        match random(&mut state) % 8 {
            0 => bytes.truncate((random(&mut state) % whole.len() as u64) as usize),
            1 => bytes.extend([0; 5]),
            2 => bytes.rotate_left(1 + (random(&mut state) % 64) as usize),
            kind => {
                let end = if kind < 6 { head } else { whole.len() as u64 };
                for _ in 0..=random(&mut state) % 3 {
                    let at = (random(&mut state) % end) as usize;
                    bytes[at] ^= 1 << (random(&mut state) % 8);
                }
            }
        }
        // As a new file: the old one may be mapped.
        fs::remove_file(&cached).unwrap();
        fs::write(&cached, &bytes).unwrap();
        assert_eq!(fingerprint(), expected, "turn {turn}");
    }
    fs::remove_file(&cached).unwrap();
    assert_eq!(fingerprint(), expected, "deleted");
    assert_eq!(fs::read(&cached).unwrap().len(), whole.len());
}

#[test]
fn processes_that_start_together_agree() {
    let place = Place::new();
    write(&place, false);
    let start = || {
        Command::new(env!("CARGO_BIN_EXE_irio"))
            .args(["--json", "check", "t"])
            .current_dir(place.path("."))
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap()
    };
    let running: Vec<_> = (0..6).map(|_| start()).collect();
    let texts: Vec<Vec<u8>> =
        running.into_iter().map(|child| child.wait_with_output().unwrap().stdout).collect();
    assert!(!texts[0].is_empty() && texts.iter().all(|text| *text == texts[0]));
}

#[test]
fn systems_of_pymrio_have_one_too_and_a_new_file_among_theirs_is_noticed() {
    let place = Place::new();
    write(&place, true);
    irio(&place, &["convert", "t", "--to", "pymrio", "--out", "p", "--no-cache"]);
    settle();
    let shown = irio(&place, &["check", "p"]).stdout;
    let before = identity(&place.path("p.irio-cache"));
    assert_eq!(irio(&place, &["check", "p"]).stdout, shown);
    assert_eq!(identity(&place.path("p.irio-cache")), before, "the cache was used");
    assert_eq!(irio(&place, &["check", "p", "--no-cache"]).stdout, shown);
    // Another number in a file that was there; and a file that was not.
    let before = identity(&place.path("p.irio-cache"));
    let x = place.read("p/x.txt");
    let at = x.rfind(|c: char| c.is_ascii_digit()).unwrap();
    let other = if x[at..].starts_with('1') { "2" } else { "1" };
    place.write("p/x.txt", format!("{}{other}{}", &x[..at], &x[at + 1..]));
    assert_eq!(place.irio(&["check", "p"]).code, 0);
    let changed = identity(&place.path("p.irio-cache"));
    assert_ne!(changed, before);
    settle();
    irio(&place, &["check", "p"]);
    let before = identity(&place.path("p.irio-cache"));
    place.write("p/notes.txt", "mine");
    irio(&place, &["check", "p"]);
    assert_ne!(identity(&place.path("p.irio-cache")), before, "a new file is looked at");
}
