//! `[names]`: what readers call the scenario and its groups, in both languages.

use crate::fault::Fault;
use crate::input::document::{Located, Section};
use crate::labels::{Label, RegionGroup};

/// Reads the names of a scenario and of its groups; what has none is called by its code.
pub(super) fn names(
    root: &Section<'_>,
    scenario: Option<&Located<String>>,
    groups: &mut [RegionGroup],
) -> Label {
    let mut label = Label::code(scenario.map(|name| name.value.clone()).unwrap_or_default());
    let Some(section) = root.section("names") else { return label };
    for (code, names) in section.named_sections() {
        let text = |key| names.text(key).map(|text| text.value).unwrap_or_default();
        let named = Label::new(code.value.clone(), text("en"), text("zh"));
        names.finish();
        if named == label {
            label = named;
        } else if let Some(group) = groups.iter_mut().find(|group| group.label == named) {
            group.label = named;
        } else if scenario.is_some() {
            let mut known = vec![label.code.as_str()];
            known.extend(groups.iter().map(|group| group.label.code.as_str()));
            let text = format!("{:?} is neither this scenario nor one of its groups", code.value);
            let help = format!("names here are of {}", known.join(", "));
            section.document().push(Fault::new(code.at, text).help(help));
        }
    }
    label
}
