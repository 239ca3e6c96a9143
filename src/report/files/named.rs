//! What codes of results stand for, where no table says so.

use crate::china::{self, Province};
use crate::labels::{Axis, RegionGroup, SectorClasses};
use crate::panel::Panel;
use crate::recorded::NamedCode;
use crate::report::results::Results;

/// More units than these are firms or households, whose numbers no reader looks for by name.
const MOST_UNITS: usize = 1000;

/// Groups of regions, with their regions.
pub(super) fn groups(results: &mut Results, groups: &[RegionGroup], regions: &Axis) {
    let members = |group: &RegionGroup| {
        let codes: Vec<&str> = group.members().map(|region| regions.code(region)).collect();
        NamedCode::of(&group.label).made_of(codes)
    };
    results.names("groups", groups.iter().map(members));
}

/// Classes of sectors, with their sectors.
pub(super) fn classes(results: &mut Results, classes: &SectorClasses, sectors: &Axis) {
    let of = |class: usize| (0..sectors.len()).filter(move |at| classes.of[*at] == class);
    let named =
        classes.labels.iter().enumerate().map(|(class, label)| {
            NamedCode::of(label).made_of(of(class).map(|at| sectors.code(at)))
        });
    results.names("classes", named);
}

/// Units of a panel; those of a panel of China's provinces by both their names.
pub(super) fn units(results: &mut Results, panel: &Panel) {
    let labels = &panel.units().labels;
    if labels.len() > MOST_UNITS {
        return;
    }
    let provinces: Option<Vec<&Province>> =
        labels.iter().map(|label| china::province_named(label)).collect();
    let named = |(at, label): (usize, &String)| {
        let names = provinces.as_ref().map(|all| all[at].label()).unwrap_or_default();
        NamedCode { code: label.clone(), ..NamedCode::of(&names) }
    };
    results.names("units", labels.iter().enumerate().map(named));
}
