//! `[groups]`: regions that results look at as one.

use super::Context;
use crate::fault::Fault;
use crate::input::document::{Located, Section};
use crate::labels::places::refused_name;
use crate::labels::{Axis, Label, RegionGroup};

/// Reads the groups of a scenario.
pub(super) fn groups(root: &Section<'_>, context: Option<&Context<'_>>) -> Vec<RegionGroup> {
    let mut groups: Vec<RegionGroup> = Vec::new();
    let (Some(section), Some(context)) = (root.section("groups"), context) else { return groups };
    let regions = &context.table.industries().regions;
    for (name, members) in section.entries() {
        refuse_name(&name, &groups, regions, &section);
        let mut inside = vec![false; regions.len()];
        for member in &members {
            let Some(region) = context.position(regions, member, &section) else { continue };
            if std::mem::replace(&mut inside[region], true) {
                let text = format!("{} is twice in the group {:?}", member.value, name.value);
                let fault = Fault::new(member.at.clone(), text);
                section.document().push(fault.help("a group is a sum: name each region once"));
            }
        }
        if members.is_empty() {
            let text = format!("the group {:?} has no region", name.value);
            let fault = Fault::new(name.at.clone(), text);
            section.document().push(fault.help("name at least one, or delete the group"));
        }
        groups.push(RegionGroup { label: Label::code(name.value), inside });
    }
    groups
}

/// Names of groups stand beside those of regions in results, so no two may be the same.
fn refuse_name(
    name: &Located<String>,
    groups: &[RegionGroup],
    regions: &Axis,
    section: &Section<'_>,
) {
    let Some(why) = refused_name(&name.value, groups, regions) else { return };
    let fault = Fault::new(name.at.clone(), why);
    section.document().push(fault.help("results tell places apart by name: choose another"));
}
