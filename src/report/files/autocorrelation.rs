//! Files of measures of neighbours.

use crate::econometrics::autocorrelation::{Alternative, Global};
use crate::estimation::MeasuredVariable;
use crate::report::results::Results;
use crate::tidy::{Column, Tidy};

/// Adds the files of what was measured, if anything was.
pub fn autocorrelation(results: &mut Results, measured: &[MeasuredVariable]) {
    if measured.is_empty() {
        return;
    }
    results.file(
        "autocorrelation.csv",
        "whether neighbours are alike, by variable (scenario) and period (year): Moran's I and Geary's C (factor), what is expected of \
         them, z and two-sided p where values are shuffled and where they are normal, and pseudo p of the shuffles",
        global(measured),
    );
    results.file(
        "local_autocorrelation.csv",
        "local Moran's I of each unit (region), z and two-sided p by its conditional moments, pseudo p of the shuffles, the \
         quadrant (1 high among high, 2 low among high, 3 low among low, 4 high among low), and the two coordinates of Moran's \
         scatter: the unit's deviation from the mean in standard deviations, and that of its neighbours (lag)",
        local(measured),
    );
}

fn push(tidy: &mut Tidy, texts: &[&str], value: f64) {
    if value.is_finite() {
        tidy.push(texts, value);
    }
}

fn global(measured: &[MeasuredVariable]) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Scenario, Column::Year, Column::Factor, Column::Statistic]);
    for own in measured {
        let name = &own.asked.name;
        for one in &own.periods {
            let mut add = |factor: &str, found: &Global| {
                let (shuffled, normal) = (&found.randomisation, &found.normality);
                for (word, value) in [
                    ("value", found.statistic),
                    ("expectation", shuffled.expectation),
                    ("variance", shuffled.variance),
                    ("z", shuffled.z),
                    ("p", shuffled.p(Alternative::TwoSided)),
                    ("variance_normal", normal.variance),
                    ("z_normal", normal.z),
                    ("p_normal", normal.p(Alternative::TwoSided)),
                ] {
                    push(&mut tidy, &[name, &one.period, factor, word], value);
                }
            };
            add("moran", &one.moran);
            add("geary", &one.geary);
            push(&mut tidy, &[name, &one.period, "", "units"], one.units.len() as f64);
            if let Some(shuffled) = &one.shuffled {
                push(&mut tidy, &[name, &one.period, "moran", "p_shuffled"], shuffled.p);
            }
        }
    }
    tidy
}

fn local(measured: &[MeasuredVariable]) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Scenario, Column::Year, Column::Region, Column::Statistic]);
    for own in measured {
        for one in &own.periods {
            for (at, unit) in one.units.iter().enumerate() {
                let found = &one.local[at];
                let shuffled = one.local_shuffled.as_ref().map_or(f64::NAN, |own| own[at].p);
                for (word, value) in [
                    ("value", found.statistic),
                    ("z", found.moments.z),
                    ("p", found.moments.p(Alternative::TwoSided)),
                    ("p_shuffled", shuffled),
                    ("quadrant", f64::from(found.quadrant.number())),
                    ("deviation", found.deviation),
                    ("lag", found.lag),
                ] {
                    push(&mut tidy, &[&own.asked.name, &one.period, unit, word], value);
                }
            }
        }
    }
    tidy
}
