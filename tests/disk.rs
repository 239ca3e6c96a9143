//! A full disk or a place that cannot be written to: every command says so, exits with 2, and leaves
//! everything as it was.
#![cfg(unix)]

#[path = "common/program.rs"]
mod program;
#[path = "mocks/provincial.rs"]
mod provincial;

use std::process::{Command, Stdio};

use program::{Place, Run, contents};

/// Every command that writes, with the place it writes to as `OUT`.
const WRITERS: [&str; 17] = [
    "footprint table-0 --out OUT",
    "matrices table-0 --out OUT",
    "convert table-0 --to pymrio --out OUT",
    "convert table-0 --to npy --out OUT",
    "impact table-0 --demand demand.csv --out OUT",
    "transfer table-0 table-1 --out OUT",
    "run scenario.toml --out OUT",
    "aggregate table-0 --out OUT",
    "deflate table-1 --prices prices.csv --base-year 2000 --out OUT",
    "update table-0 --controls controls.csv --out OUT",
    "build build.toml --out OUT --report OUT-report",
    "balance matrix.csv --rows rows.csv --columns columns.csv --out OUT",
    "locate game.toml --out OUT",
    "init table OUT",
    "init scenario OUT --table table-0",
    "init controls OUT --table table-0",
    "init game OUT",
];

/// A folder with everything that the writers read.
fn prepared() -> Place {
    let place = Place::new();
    provincial::workbook().unwrap().save(place.path("provinces.xlsx")).unwrap();
    place
        .write("demand.csv", "region,sector,value\nB,M,10\n")
        .write("prices.csv", "region,sector,price\n,,1.1\nimports,,1.2\n")
        .write("controls.csv", "quantity,region,sector,category,value,sigma\noutput,B,M,,180,5\n")
        .write("matrix.csv", "x,a,b\np,1,2\nq,3,4\n")
        .write("rows.csv", "name,value\np,4\nq,6\n")
        .write("columns.csv", "name,value\na,5\nb,5\n")
        .write("places.csv", "region,lon,lat\nBJ,116.4,39.9\nTJ,117.2,39.1\nHE,114.5,38\n")
        .write(
            "build.toml",
            "irio_build = 1\nname = \"b\"\nsource = \"invented\"\ntables = \"provinces.xlsx\"\n\
             costs = \"places.csv\"\n[gravity]\nexponent = 1.5\n",
        )
        .write(
            "scenario.toml",
            "irio_scenario = 1\nname = \"s\"\ntable = \"table-1\"\n[[relocate]]\nsector = \"M\"\n\
             from = \"B\"\nto = \"H\"\nshare = 0.3\n[uncertainty]\ndraws = 20\nemission_factors = 0.1\n",
        );
    assert_eq!(place.irio(&["init", "game", "game.toml"]).code, 0);
    place
}

/// Runs a line of a shell in a place; `irio` is the program.
fn shell(place: &Place, line: &str) -> Run {
    let output = Command::new("bash")
        .args(["-c", &line.replace("irio", env!("CARGO_BIN_EXE_irio"))])
        .current_dir(place.path("."))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// The line refuses, says that a place could not be written and why, and leaves everything as it was.
#[track_caller]
fn unwritten(place: &Place, line: &str, why: &str) {
    let before = contents(&place.path("."));
    let run = shell(place, line);
    assert_eq!(run.code, 2, "{line}: {}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("could not be written"), "{line}: {}", run.stderr);
    assert!(run.stderr.contains("out") && run.stderr.contains(why), "{line}: {}", run.stderr);
    assert!(contents(&place.path(".")) == before, "{line}: everything is as it was");
}

/// No file may grow beyond a limit: what a disk does that fills up while it is written.
#[test]
fn files_that_cannot_grow() {
    let place = prepared();
    for writer in WRITERS {
        let full = |blocks| format!("trap '' XFSZ; ulimit -f {blocks}; exec irio {writer}");
        let full = |blocks| full(blocks).replace("OUT", "out");
        unwritten(&place, &full(0), "File too large");
        let whole = place.irio(&writer.replace("OUT", "out").split(' ').collect::<Vec<_>>());
        assert_eq!(whole.code, 0, "{writer}: {}", whole.stderr);
        if !writer.starts_with("init") {
            unwritten(&place, &full(0), "File too large");
        }
        for out in ["out", "out-report"] {
            let path = place.path(out);
            let _ = std::fs::remove_file(&path).or_else(|_| std::fs::remove_dir_all(&path));
        }
    }
}

/// A place below a file is nobody's to write, root's neither.
#[test]
fn a_place_that_cannot_be() {
    let place = prepared();
    place.write("out", "a file");
    for writer in WRITERS {
        let line = format!("exec irio {writer}").replace("OUT", "out/below");
        unwritten(&place, &line, "out is a file, not a folder");
    }
}

/// What stands there and is no folder stays what it is; a pipe of a name like a temporary one is in nobody's way.
#[test]
fn a_place_that_is_a_pipe() {
    let place = prepared();
    for name in ["pipe", ".irio-writing-pipe"] {
        assert!(Command::new("mkfifo").arg(place.path(name)).status().unwrap().success());
    }
    for writer in WRITERS {
        let line = format!("exec irio {writer}").replace("OUT", "pipe");
        let run = shell(&place, &line);
        let told = ["is a device or a pipe, not a f", "is there already and is left as it is"];
        let refused = run.code == 2 && told.iter().any(|told| run.stderr.contains(told));
        assert!(refused, "{line}: {}", run.stderr);
        assert_eq!(shell(&place, "exec test -p pipe").code, 0, "{line}");
    }
}

/// Mounts a file system of its own for a line; none where mounting is not permitted.
fn mounted(place: &Place, options: &str, line: &str) -> Option<Run> {
    let mount = format!("mount -t tmpfs -o {options} none small");
    let tried = shell(place, &format!("mkdir -p small; exec unshare -m bash -c '{mount}'"));
    let line = format!("exec unshare -m bash -c '{mount} && {line}'");
    (tried.code == 0).then(|| shell(place, &line))
}

#[test]
fn a_file_system_that_is_full_or_read_only() {
    let place = prepared();
    for writer in WRITERS {
        // What is left behind is counted where it can still be seen.
        let line = |prepare: &str| {
            let writer = writer.replace("OUT", "small/out");
            format!(
                "{prepare}; irio {writer} >said 2>&1; code=$?; cat said; ls -A small; exit $code"
            )
        };
        let fill = "head -c 65536 /dev/zero 2>/dev/null >small/filler";
        let Some(full) = mounted(&place, "size=64k", &line(fill)) else { return };
        let told = format!("{writer}: {}", full.stdout);
        assert_eq!(full.code, 2, "{told}");
        assert!(full.stdout.contains("No space left"), "{told}");
        assert!(full.stdout.ends_with("filler\n") && !full.stdout.contains("\nout\n"), "{told}");
        let sealed = mounted(&place, "size=64k", &line("mount -o remount,ro small")).unwrap();
        assert_eq!(sealed.code, 2, "{writer}: {}", sealed.stdout);
        assert!(sealed.stdout.contains("Read-only file system"), "{writer}: {}", sealed.stdout);
    }
}

/// Finished draws that cannot be kept are no trouble of the run.
#[test]
fn a_checkpoint_that_cannot_be_written() {
    let place = prepared();
    place.write("out.irio-part", "mine");
    let run = place.irio(&["run", "scenario.toml", "--out", "out", "--resume"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("is no checkpoint of irio; it is left alone"), "{}", run.stderr);
    assert_eq!(place.read("out.irio-part"), "mine");
}

#[test]
fn standard_output_that_is_full() {
    let place = prepared();
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let run = shell(&place, "irio footprint table-0 --out out >/dev/full");
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("standard output: No space left"), "{}", run.stderr);
    for line in ["irio --help >/dev/full", "irio check table-0 >/dev/full 2>/dev/full"] {
        let run = shell(&place, line);
        assert!(!run.stderr.contains("panicked") && run.code != 101, "{line}: {}", run.stderr);
    }
}
