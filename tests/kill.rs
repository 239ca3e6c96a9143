//! Kills the program at random moments: earlier results stay whole, nothing is left over, and a run that
//! is gone on with comes to the same bits. `tests/kill.sh 1000` kills it a thousand times.

#[path = "common/program.rs"]
mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use irio::draws::{Stream, parameter};
use program::{Contents, contents};

/// Seed of the moments.
const SEED: u64 = 20_261;

/// How often the program is killed: `IRIO_KILLS`, else few enough for an ordinary test.
fn kills() -> u32 {
    std::env::var("IRIO_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(30)
}

/// Two ways to write the same place, and what each comes to when nobody disturbs it.
struct Subject {
    place: tempfile::TempDir,
    arguments: [Vec<String>; 2],
    /// Whole contents of the results by way.
    whole: [Contents; 2],
    /// How long the slower one takes.
    takes: Duration,
}

impl Subject {
    fn of(arguments: [&[&str]; 2]) -> Self {
        let place = tempfile::tempdir().unwrap();
        let words = |own: &[&str]| own.iter().map(|word| (*word).to_owned()).collect();
        let arguments: [Vec<String>; 2] = arguments.map(words);
        let (mut whole, mut takes) = (Vec::new(), Duration::ZERO);
        for way in &arguments {
            let began = Instant::now();
            let status = start(way, place.path()).wait().unwrap();
            assert!(status.success(), "{way:?}");
            takes = takes.max(began.elapsed());
            whole.push(contents(&out(&place)));
        }
        let whole: [Contents; 2] = whole.try_into().unwrap();
        assert!(whole[0] != whole[1], "the two ways are told apart by what they write");
        let subject = Subject { place, arguments, whole, takes };
        subject.clean();
        subject
    }

    /// Starts a way and kills it after a while; whether it was alive then.
    fn disturbed(&self, way: usize, after: Duration) -> bool {
        let mut child = start(&self.arguments[way], self.place.path());
        std::thread::sleep(after);
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{:?}", self.arguments[way]);
            return false;
        }
        child.kill().unwrap();
        !child.wait().unwrap().success()
    }

    /// The way whose results stand there: those of one, whole, and never a mixture.
    fn found(&self) -> usize {
        let found = contents(&out(&self.place));
        let way = self.whole.iter().position(|whole| *whole == found);
        way.unwrap_or_else(|| panic!("neither of the results: {:?}", found.keys()))
    }

    /// Nothing but the results is there.
    fn clean(&self) {
        let entries = fs::read_dir(self.place.path()).unwrap();
        let names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["out"], "{:?}", self.arguments[0]);
    }
}

fn out(place: &tempfile::TempDir) -> PathBuf {
    place.path().join("out")
}

fn start(arguments: &[String], place: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_irio"));
    command.args(arguments).arg("--quiet").arg("--out").arg(place.join("out"));
    command.stdout(Stdio::null()).spawn().unwrap()
}

/// A number between 0 and 1 for a kill.
fn moment(what: &str, kill: u32) -> f64 {
    Stream::new(SEED, kill, parameter(what)).uniform(0)
}

/// A run is killed again and again and gone on with, until it is through; then the other one begins.
#[test]
fn a_run_that_is_killed_goes_on_to_the_same_bits() {
    let path = "scenarios/heavy-industry-density.toml";
    let run = |draws| ["run", path, "--threads", "2", "--draws", draws, "--resume", "--grid"];
    let subject = Subject::of([&run("200"), &run("201")]);
    let (mut killed, mut through, mut way) = (0, 0, 0);
    while killed < kills().div_ceil(2) {
        let after = subject.takes.mul_f64(0.05 + 0.9 * moment("run", killed + through));
        let before = subject.found();
        if subject.disturbed(way, after) {
            killed += 1;
            // What stood there before is still there, or the new results if it died after its last step.
            let now = subject.found();
            assert!(now == before || now == way);
        } else {
            assert_eq!(subject.found(), way, "gone on with, it comes to the same bits");
            subject.clean();
            through += 1;
            way = 1 - way;
        }
    }
    let mut end = start(&subject.arguments[way], subject.place.path());
    assert!(end.wait().unwrap().success());
    assert_eq!(subject.found(), way, "gone on with, it comes to the same bits");
    subject.clean();
    println!("runs: {killed} kills, {} gone on with to the end", through + 1);
}

/// Writers of results and of tables are killed, half of the times near their end, where they write.
#[test]
fn a_write_that_is_killed_leaves_one_result_or_the_other() {
    let table = "tables/china-2007";
    let aggregate = |unit| ["aggregate", table, "--unit", unit];
    let subjects = [
        Subject::of([&["footprint", "tables/china-2002"], &["footprint", table]]),
        Subject::of([&aggregate("10^6 yuan"), &aggregate("10^8 yuan")]),
    ];
    let (mut killed, mut tried, mut replaced) = (0, 0, 0);
    while killed < kills() / 2 {
        let subject = &subjects[tried as usize % 2];
        let u = moment("write", tried);
        let share = if tried % 4 < 2 { u } else { 0.6 + 0.5 * u };
        let before = subject.found();
        let dead = subject.disturbed(1 - before, subject.takes.mul_f64(share));
        let now = subject.found();
        killed += u32::from(dead);
        replaced += u32::from(dead && now != before);
        assert!(dead || now != before);
        tried += 1;
    }
    for subject in &subjects {
        let way = 1 - subject.found();
        assert!(start(&subject.arguments[way], subject.place.path()).wait().unwrap().success());
        assert_eq!(subject.found(), way);
        subject.clean();
    }
    println!(
        "writes: {killed} kills, {replaced} of them after the new results had taken their place"
    );
}

/// Ctrl-C stops a run at its next step; it says how to go on, and what is wrong with a checkpoint.
#[test]
#[cfg(unix)]
fn a_run_that_is_stopped_says_how_to_go_on() {
    let place = program::Place::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/heavy-industry-density.toml");
    let path = path.display().to_string();
    let run = |draws: &str, more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_irio"));
        command.args(["run", &path, "--out", "out", "--draws", draws]).args(more);
        command.current_dir(place.path(".")).stdout(Stdio::null()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let said = |child: Child| {
        let output = child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let child = run("1000", &[]);
    let checkpoint = place.path("out.irio-part");
    let began = Instant::now();
    while !fs::metadata(&checkpoint).is_ok_and(|found| found.len() > 10_000) {
        assert!(began.elapsed() < Duration::from_secs(60), "draws are kept");
        std::thread::sleep(Duration::from_millis(5));
    }
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let (code, text) = said(child);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("with --resume goes on from them"), "{text}");
    assert!(!place.path("out").exists());
    // Other draws: refused, and nothing is dropped.
    let kept = fs::read(&checkpoint).unwrap();
    let (code, text) = said(run("1001", &["--resume"]));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("cannot be gone on from: it is of another scenario"), "{text}");
    assert!(fs::read(&checkpoint).unwrap() == kept);
    // Begun anew, with the same draws and with others: told. Both end at once by a kill, so the
    // checkpoint is laid back.
    for (draws, told) in [
        ("1000", "--resume would go on from them"),
        ("1001", "are dropped: it is of another scenario"),
    ] {
        let mut child = run(draws, &[]);
        std::thread::sleep(Duration::from_millis(150));
        child.kill().unwrap();
        let (_, text) = said(child);
        assert!(text.contains(told), "{text}");
        fs::write(&checkpoint, &kept).unwrap();
    }
    let (code, text) = said(run("1000", &["--resume"]));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("going on from"), "{text}");
    let resumed = contents(&place.path("out"));
    assert!(!checkpoint.exists());
    let (code, text) = said(run("1000", &["--quiet"]));
    assert_eq!((code, text.as_str()), (Some(0), ""));
    assert!(contents(&place.path("out")) == resumed, "the same bits");
}
