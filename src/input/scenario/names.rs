//! `[names]`: what readers call the scenario, its groups and its targets with their sources, in both languages.

use crate::fault::Fault;
use crate::input::document::{Located, Section};
use crate::labels::{Label, RegionGroup};
use crate::scenario::target::Target;

/// Reads the names of a scenario, of its groups and of its targets; what has none is called by its code.
pub(super) fn names(
    root: &Section<'_>,
    scenario: Option<&Located<String>>,
    groups: &mut [RegionGroup],
    targets: &mut [Target],
) -> Label {
    let mut label = Label::code(scenario.map(|name| name.value.clone()).unwrap_or_default());
    let Some(section) = root.section("names") else { return label };
    for (code, names) in section.named_sections() {
        let text = |key| names.text(key).map(|text| text.value).unwrap_or_default();
        let named = Label::new(code.value.clone(), text("en"), text("zh"));
        names.finish();
        let groups = groups.iter_mut().map(|group| &mut group.label);
        let targets = targets.iter_mut().flat_map(|target| [&mut target.name, &mut target.source]);
        let mut labels: Vec<&mut Label> =
            std::iter::once(&mut label).chain(groups).chain(targets).collect();
        if labels.iter().any(|label| **label == named) {
            // Targets may share a source.
            let own = labels.iter_mut().filter(|label| ***label == named);
            own.for_each(|label| **label = named.clone());
        } else if scenario.is_some() {
            let known: Vec<&str> = labels.iter().map(|label| label.code.as_str()).collect();
            let text = format!(
                "{:?} is neither this scenario nor one of its groups, targets or their sources",
                code.value
            );
            let help = format!("names here are of {}", known.join(", "));
            section.document().push(Fault::new(code.at, text).help(help));
        }
    }
    label
}
