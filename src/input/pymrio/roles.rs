//! What a category of final demand is, by its name.

use crate::table::Role;

/// Words of names, the more telling ones first: "changes in inventories and valuables" is no consumption.
const WORDS: &[(Role, &[&str])] = &[
    (Role::Inventory, &["inventor", "stock", "valuable", "存货"]),
    (Role::Investment, &["capital formation", "gfcf", "gross fixed", "investment", "资本形成"]),
    (Role::Export, &["export", "出口"]),
    (Role::Error, &["discrepanc", "statistical", "error", "误差"]),
    (
        Role::Consumption,
        &["consumption", "household", "npish", "non-profit", "government", "hfce", "ggfc", "消费"],
    ),
];

/// The role that a name tells, if it tells one.
pub(super) fn role_of(name: &str) -> Option<Role> {
    let name = name.to_lowercase();
    let told = |words: &[&str]| words.iter().any(|word| name.contains(word));
    WORDS.iter().find(|(_, words)| told(words)).map(|(role, _)| *role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_usual_databases_tell_their_role() {
        for (name, role) in [
            ("Final consumption expenditure by households", Role::Consumption),
            (
                "Final consumption expenditure by non-profit organisations serving households (NPISH)",
                Role::Consumption,
            ),
            ("Gross fixed capital formation", Role::Investment),
            ("Changes in inventories", Role::Inventory),
            ("Changes in valuables", Role::Inventory),
            ("Exports: Total (fob)", Role::Export),
            ("GGFC", Role::Consumption),
        ] {
            assert_eq!(role_of(name), Some(role), "{name}");
        }
        assert_eq!(role_of("Y7"), None);
    }
}
