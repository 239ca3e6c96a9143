//! Factors are used again: its own program, because the counter is of the whole process.

use std::path::Path;

use irio::input::scenario::read;
use irio::linalg::factor::factorised;
use irio::progress::Silent;
use irio::run::{draws, run};

#[test]
fn a_shipped_scenario_factors_its_table_once_whatever_is_drawn() {
    for name in ["heavy-industry-density", "targets-2015"] {
        let path = format!("scenarios/{name}.toml");
        let read = read(Path::new(&path), None).unwrap();
        let mut scenario = read.scenario;
        let uncertainty = scenario.uncertainty.as_mut().unwrap();
        uncertainty.draws = 200;
        assert!(uncertainty.elasticities && uncertainty.technology.is_some());
        let before = factorised();
        let outcome = run(&read.table, &scenario, &Silent).unwrap();
        assert_eq!(factorised() - before, 1, "{name}");
        let found = outcome.ensemble.unwrap();
        assert_eq!((found.draws, found.failed, found.factorisations), (200, 0, 0), "{name}");
        // The same draws in two halves and one by one.
        let of = |range| draws(&read.table, &scenario, range, &Silent).unwrap();
        let bits = |values: Vec<Option<Vec<f64>>>| -> Vec<Vec<u64>> {
            let one = |v: Vec<f64>| v.iter().map(|value| value.to_bits()).collect();
            values.into_iter().map(|v| one(v.unwrap())).collect()
        };
        let whole = bits(of(0..40));
        assert_eq!(whole, [bits(of(0..17)), bits(of(17..40))].concat(), "{name}");
        for at in [39, 3] {
            assert_eq!(whole[at as usize..][..1], bits(of(at..at + 1)), "{name}");
        }
    }
}
