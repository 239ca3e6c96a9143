//! A cache whose sums are right whatever it holds: the input is its head, a zero byte, its data.
//!
//! `IRIO_FUZZ_SEED=FILE target` writes the worked example as such an input.
#![no_main]

use irio::input::cache::fuzzing;
use libfuzzer_sys::fuzz_target;

fn seed() {
    if let Some(path) = std::env::var_os("IRIO_FUZZ_SEED") {
        let (head, data) = fuzzing::taken_apart(irio_fuzz::table()).expect("the example is plain");
        std::fs::write(path, [&head[..], &[0], &data].concat()).expect("the seed can be written");
        std::process::exit(0);
    }
}

fuzz_target!(
    init: seed(),
    |bytes: &[u8]| irio_fuzz::measured(bytes, || {
        let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        let (head, data) = bytes.split_at(end);
        let sealed = fuzzing::sealed(head, data.get(1..).unwrap_or_default());
        let place = irio_fuzz::folder(&[]);
        let _ = fuzzing::read(&place.write("table.irio-cache", &sealed));
    })
);
