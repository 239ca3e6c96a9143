//! Results folders read back: whole, or every reason why not, with the place of each.

#[path = "common/program.rs"]
mod program;
#[path = "mocks/provincial.rs"]
mod provincial;

use std::fs;
use std::path::Path;

use irio::input::recorded::read;
use irio::recorded::{Recorded, SCHEMA_VERSION, sealed, sha256, unsealed};
use program::Place;

const SCENARIO: &str = "irio_scenario = 1\nname = \"s\"\ntable = \"table-1\"\n[groups]\nboth = [\"B\", \"H\"]\n\
    [[relocate]]\nsector = \"M\"\nfrom = \"B\"\nto = \"H\"\nshare = 0.3\n";

/// A folder `r` with the results of a transfer.
fn transfer() -> Place {
    let place = Place::new();
    let run = place.irio(&["transfer", "table-0", "table-1", "--out", "r", "--threads", "1"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    place
}

/// What reading `r` says, with the place cut off and hashes as HASH.
fn refusal(place: &Place) -> String {
    let text = read(&place.path("r")).unwrap_err().to_string();
    let text = text.replace(&place.path("r").display().to_string(), "r");
    let hash = |word: &str| word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words = |line: &str| {
        let words = line.split(' ').map(|word| if hash(word) { "HASH" } else { word });
        words.collect::<Vec<_>>().join(" ")
    };
    text.lines().map(words).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn whole(folder: &Path) -> Recorded {
    let found = read(folder).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(found.summary.schema_version, SCHEMA_VERSION);
    for file in &found.files {
        let text = fs::read_to_string(folder.join(&file.name)).unwrap();
        assert_eq!(file.text, text);
        assert_eq!(file.sha256.as_deref(), Some(sha256(text.as_bytes()).as_str()));
        let Some(tidy) = &file.tidy else { continue };
        assert_eq!(tidy.to_csv(), text);
        let lines: Vec<&str> = text.lines().collect();
        for row in (0..tidy.len()).step_by(7) {
            let value = lines[file.line(row) as usize - 1].rsplit(',').next().unwrap();
            assert_eq!(value.parse::<f64>().unwrap(), tidy.value(row), "{} {row}", file.name);
        }
    }
    found
}

#[test]
fn what_a_transfer_and_a_run_wrote_reads_back() {
    let place = transfer();
    let found = whole(&place.path("r"));
    assert_eq!(found.summary.command, "transfer");
    assert_eq!(found.summary.again(), "irio transfer table-0 table-1");
    assert_eq!(found.summary.tables.len(), 2);
    assert_eq!(found.summary.named("quantities", "co2").unwrap().unit.as_deref(), Some("t"));
    let effects = found.file("effects.csv").unwrap();
    assert!(effects.caveats.contains(&"depends_on_detail".to_owned()));
    place.write("s.toml", SCENARIO);
    assert_eq!(place.irio(&["run", "s.toml", "--out", "s"]).code, 0);
    let found = whole(&place.path("s"));
    assert_eq!(found.summary.named("groups", "both").unwrap().members, ["B", "H"]);
}

/// Every region, sector, group and quantity of every file of every command can be named.
#[test]
fn every_code_is_named() {
    use irio::tidy::Column;
    let place = transfer();
    place.write("s.toml", SCENARIO);
    assert_eq!(place.irio(&["run", "s.toml", "--grid", "--out", "s"]).code, 0);
    assert_eq!(place.irio(&["transfer", "table-1", "table-0", "--out", "r2"]).code, 0);
    assert_eq!(place.irio(&["compare", "s", "--out", "c"]).code, 0);
    assert_eq!(place.irio(&["compare", "r", "r2", "--out", "p"]).code, 0);
    assert_eq!(place.irio(&["footprint", "table-1", "--out", "f"]).code, 0);
    provincial::workbook().unwrap().save(place.path("provinces.xlsx")).unwrap();
    place.write("places.csv", "region,lon,lat\nBJ,116.4,39.9\nTJ,117.2,39.1\nHE,114.5,38\n");
    place.write(
        "build.toml",
        "irio_build = 1\nname = \"b\"\nsource = \"invented\"\ntables = \"provinces.xlsx\"\n\
         costs = \"places.csv\"\n[gravity]\nexponent = 1.5\n",
    );
    let run = place.irio(&["build", "build.toml", "--out", "t", "--report", "b"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for folder in ["r", "s", "f", "b", "c", "p"] {
        let found = whole(&place.path(folder));
        let known = |code: &str, kinds: &[&str]| {
            ["", "all", "households", "all_sectors"].contains(&code)
                || kinds.iter().any(|kind| found.summary.named(kind, code).is_some())
        };
        for file in &found.files {
            let Some(tidy) = &file.tidy else { continue };
            for row in 0..tidy.len() {
                for (column, kinds) in [
                    (Column::Region, &["regions", "groups", "users"][..]),
                    (Column::Sector, &["sectors", "classes"]),
                    (Column::Product, &["sectors", "classes"]),
                    (Column::Scenario, &["scenarios", "periods"]),
                ] {
                    let code = tidy.text(row, column);
                    // Of one run these are words, not names.
                    if column == Column::Scenario && !["c", "p"].contains(&folder) {
                        continue;
                    }
                    assert!(known(code, kinds), "{folder}/{}: {code:?}", file.name);
                }
            }
        }
    }
}

#[test]
fn what_is_no_folder_of_results_is_refused() {
    let place = Place::new();
    insta::assert_snapshot!("nothing_there", refusal(&place));
    fs::create_dir(place.path("r")).unwrap();
    insta::assert_snapshot!("empty_folder", refusal(&place));
    place.write("r/summary.json", "[1, 2]");
    insta::assert_snapshot!("another_json", refusal(&place));
    let place = Place::new();
    place.write("r", "a file");
    insta::assert_snapshot!("a_file", refusal(&place));
}

#[test]
fn a_folder_that_was_changed_is_refused() {
    let place = transfer();
    place.patch("r/summary.json", "\"shapley\"", "\"polar\"");
    insta::assert_snapshot!("summary_edited", refusal(&place));

    let place = transfer();
    let half = place.read("r/summary.json");
    place.write("r/summary.json", &half[..half.len() / 2]);
    let told = refusal(&place);
    assert!(told.contains("ends too early, half-written: EOF while parsing"), "{told}");
    assert!(told.contains("help: run the command again"), "{told}");
    place.write("r/summary.json", half.trim_end());
    insta::assert_snapshot!("summary_without_its_end", refusal(&place));

    let place = transfer();
    fs::remove_file(place.path("r/pairs.csv")).unwrap();
    place.patch("r/effects.csv", "0.", "1.");
    let cut = place.read("r/transfers.csv");
    place.write("r/transfers.csv", &cut[..cut.len() - 3]);
    place.patch("r/rivals.csv", "B,M", "B,M,M");
    insta::assert_snapshot!("files_missing_edited_cut_and_torn", refusal(&place));
}

/// Whoever edits a summary and seals it again may name what does not belong to the folder.
#[test]
fn a_summary_may_not_lead_out_of_its_folder() {
    for (other, name) in [("../table-0/flows.csv", "file_outside"), ("effects.csv", "file_twice")] {
        let place = transfer();
        place.patch("r/summary.json", "\"pairs.csv\"", &format!("{other:?}"));
        let text = place.read("r/summary.json");
        let (body, _) = unsealed(&text).unwrap();
        place.write("r/summary.json", sealed(&format!("{body}\n}}")));
        insta::assert_snapshot!(name, refusal(&place));
    }
}

#[test]
fn results_of_another_version_are_refused() {
    let place = transfer();
    let now = format!("\"schema_version\": {SCHEMA_VERSION}");
    place.patch("r/summary.json", &now, "\"schema_version\": 1");
    let version = concat!("\"irio_version\": \"", env!("CARGO_PKG_VERSION"), "\"");
    place.patch("r/summary.json", version, "\"irio_version\": \"0.0.1\"");
    insta::assert_snapshot!("older_version", refusal(&place));
    place.patch("r/summary.json", "\"schema_version\": 1", "\"schema_version\": 99");
    insta::assert_snapshot!("newer_version", refusal(&place));
}

/// A caveat of a code that this irio does not know is kept.
#[test]
fn an_unknown_caveat_is_kept() {
    let place = transfer();
    place.patch(
        "r/summary.json",
        "\"gross_transfer\",\n      \"message\"",
        "\"code_of_tomorrow\",\n      \"message\"",
    );
    let text = place.read("r/summary.json");
    let (body, _) = unsealed(&text).unwrap();
    place.write("r/summary.json", sealed(&format!("{body}\n}}")));
    let found = read(&place.path("r")).unwrap();
    assert!(found.summary.notes.iter().any(|note| note.code == "code_of_tomorrow"));
}
