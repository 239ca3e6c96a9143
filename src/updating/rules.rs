//! The rules that stood in for what no control is about, in words.

use super::growth::Growth;
use super::joint::Joint;
use super::{Control, Subject};
use crate::table::{Role, Table};

/// Where an updated table comes from, for its source.
pub fn origin(table: &Table, controls: &[Control], year: i32) -> String {
    let controls = counted(controls.len(), "control");
    format!("not a survey of {year}: the table of {} brought to {controls}", table.meta().year)
}

/// The rules that were used.
pub fn used(
    table: &Table,
    controls: &[Control],
    year: i32,
    growth: &Growth,
    joint: &Joint<'_>,
) -> Vec<String> {
    let mut rules = vec![format!(
        "{} brought to {} of {year}: the matrix of flows, final demand, imports and value added nearest (KRAS) to the \
         old one scaled to new output",
        table.meta().year,
        counted(controls.len(), "control")
    )];
    let mut rule = |when: bool, text: String| {
        if when {
            rules.push(text);
        }
    };
    let n = growth.output.len();
    let count = |test: &dyn Fn(usize) -> bool| (0..n).filter(|i| test(*i)).count();
    let by_added = count(&|i| !growth.by_output[i] && growth.by_value_added[i]);
    rule(
        by_added > 0,
        format!(
            "unknown output of {} starts from the growth of their value added",
            counted(by_added, "industry")
        ),
    );
    let by_others = count(&|i| !growth.by_output[i] && !growth.by_value_added[i]);
    rule(
        by_others > 0,
        format!(
            "unknown output of {} starts from the growth of all others",
            counted(by_others, "industry")
        ),
    );
    let added = count(&|i| !growth.by_value_added[i]);
    rule(
        added > 0,
        format!(
            "unknown value added of {} starts from its coefficient on new output",
            counted(added, "industry")
        ),
    );
    rule(
        true,
        "final demand starts from the growth of the region's value added, exports from their share of output, imports \
         from their coefficients on new output; controls and accounts move them from there"
            .into(),
    );
    let has = |role: Role| !table.final_demand().columns_where(|other| other == role).is_empty();
    rule(
        has(Role::Inventory) || has(Role::Error),
        "inventories and errors start from their share of output; controls on them are met by a shift in proportion to \
         output, and without any they take up, by their size, what other controls leave no room for"
            .into(),
    );
    rule(
        joint.set > 0,
        format!(
            "{} that were zero or of the other sign were set to their control",
            counted(joint.set, "cell")
        ),
    );
    extensions(table, controls, &mut rules);
    rules
}

fn extensions(table: &Table, controls: &[Control], rules: &mut Vec<String>) {
    for (at, extension) in table.extensions().iter().enumerate() {
        let on = |subject| controls.iter().filter(|control| control.subject == subject).count();
        let code = &extension.label.code;
        let known = match on(Subject::Stressor(at)) {
            0 => String::new(),
            some => format!(", brought to {}", counted(some, "control")),
        };
        rules.push(format!("{code} of industries by the old intensities{known}"));
        if extension.households.iter().any(|value| *value != 0.0)
            && on(Subject::Households(at)) == 0
        {
            rules.push(format!("{code} of households grows with the region's consumption"));
        }
    }
}

/// A number of things, in words.
fn counted(count: usize, word: &str) -> String {
    match (count, word.strip_suffix('y')) {
        (1, _) => format!("1 {word}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) => format!("{count} {word}s"),
    }
}
