//! Factors are used again: its own program, because the counter is of the whole process.

use std::path::Path;

use irio::input::scenario::read;
use irio::linalg::factor::factorised;
use irio::progress::Silent;
use irio::run::run;

#[test]
fn a_shipped_scenario_factors_its_table_once_whatever_is_drawn() {
    let read = read(Path::new("scenarios/heavy-industry-density.toml"), None).unwrap();
    let mut scenario = read.scenario;
    if let Some(uncertainty) = &mut scenario.uncertainty {
        uncertainty.draws = 200;
        assert!(uncertainty.trade_shares.is_some() && uncertainty.elasticities);
    }
    let before = factorised();
    let outcome = run(&read.table, &scenario, &Silent).unwrap();
    assert_eq!(factorised() - before, 1);
    let found = outcome.ensemble.unwrap();
    assert_eq!((found.draws, found.failed, found.factorisations), (200, 0, 0));
}
