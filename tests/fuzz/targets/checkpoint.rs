//! Finished draws of a run that was stopped.
#![no_main]

use irio::progress::{Finished, Keep};
use irio::report::checkpoint::{Checkpoint, Subject};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    let place = irio_fuzz::folder(&[]);
    let path = place.write("run.irio-part", bytes);
    let subject =
        Subject { irio: "1".into(), machine: "m".into(), scenario: "s".into(), inputs: Vec::new() };
    let (checkpoint, _) = Checkpoint::open(path, subject, true);
    let found = checkpoint.earlier(0, 3);
    assert!(found.draws.iter().flatten().all(|draw| draw.len() == 3));
    checkpoint.keep(0, &Finished { draws: vec![None], factorised: 0 });
    checkpoint.save();
}));
