//! Lines, columns and units that stand twice, are of nothing, or are left out.

use super::{CHECK, Place, read, tiny, with};

bad! {
    direct_emissions_without_a_stressor: |p| { with(&p, "air/F_Y.txt", "CH4\t7\t0\t6\n", "") } => CHECK;
    direct_emissions_of_a_stressor_twice: |p| { with(&p, "air/F_Y.txt", "CH4\t7\t0\t6\n", "CH4\t7\t0\t6\nCO2\t1\t1\t1\n") } => CHECK;
    direct_emissions_of_a_column_twice: |p| { with(&p, "air/F_Y.txt", "households\tstocks", "households\thouseholds") } => CHECK;
    units_of_stressors_twice_and_of_nobody: |p| { with(&p, "air/unit.txt", "CH4\tkg\n", "CH4\tkg\nCO2\tkg\nCH5\tkg\nSF6\tkg\n") } => CHECK;
    units_of_industries_twice_and_of_nobody: |p| { with(&p, "unit.txt", "B\ts\tM.EUR", "A\tm\tM.EUR\nB\tq\tM.EUR") } => CHECK;
    population_of_a_region_twice: |p| { tiny(&p); p.write("t2010/population.txt", "\tA\tB\tA\npopulation\t1\t2\t3\n"); } => CHECK;
}

/// A unit that is not stated is a caveat of every result.
#[test]
fn units_that_are_left_out_are_told() {
    let told = |name: &str, from: &str, to: &str| -> Vec<String> {
        let place = Place::new();
        with(&place, name, from, to);
        let table = read(&place.path("t2010"), None).unwrap_or_else(|faults| panic!("{faults}"));
        let notes = table.notes().into_iter().map(|note| note.message);
        notes.filter(|text| text.contains("states no unit")).collect()
    };
    for missing in ["", "CH4\tnan\n", "CH4\t\n"] {
        let text = "tiny: the account \"air\" states no unit of CH4 (unit.txt): it is shown as \"unknown\"";
        assert_eq!(told("air/unit.txt", "CH4\tkg\n", missing), [text]);
    }
    for missing in ["", "B\ts\tnan\n", "B\ts\t\n"] {
        let notes = told("unit.txt", "B\ts\tM.EUR\n", missing);
        let text = "unit.txt states no unit of B:s: that of the others is taken";
        assert!(notes.len() == 1 && notes[0].ends_with(text), "{notes:?}");
    }
    assert!(told("air/unit.txt", "kg", "t").is_empty());
}
