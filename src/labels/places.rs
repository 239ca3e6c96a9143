//! Places that results have sums of: the regions, groups of them, then all together, in this order.

use super::{Axis, RegionGroup, comparable};

/// What results call all regions together.
pub const ALL: &str = "all";

/// Codes of every place.
pub fn codes<'a>(regions: &'a Axis, groups: &'a [RegionGroup]) -> Vec<&'a str> {
    let regions = regions.labels().iter().map(|label| label.code.as_str());
    regions.chain(groups.iter().map(|group| group.label.code.as_str())).chain([ALL]).collect()
}

/// Values by region as values of every place.
///
/// # Examples
/// ```
/// use irio::labels::{Label, RegionGroup, places};
/// let west = RegionGroup { label: Label::code("west"), inside: vec![true, false, true] };
/// assert_eq!(places::sums(&[west], &[1.0, 5.0, 2.0]), [1.0, 5.0, 2.0, 3.0, 8.0]);
/// ```
pub fn sums(groups: &[RegionGroup], by_region: &[f64]) -> Vec<f64> {
    let of_groups = groups.iter().map(|group| sum(group.values(by_region)));
    let regions = by_region.iter().copied();
    regions.chain(of_groups).chain([sum(by_region.iter().copied())]).collect()
}

/// A sum of changes; one that is lost in the rounding of what it is a sum of is 0.
pub fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, size) = values.fold((0.0, 0.0), |(sum, size), v| (sum + v, size + f64::abs(v)));
    clean(sum, size)
}

/// A difference, or 0 where it is lost in the rounding of what it is a difference of: rounding has no
/// sign.
pub fn clean(difference: f64, size: f64) -> f64 {
    if difference.abs() <= 1e-12 * size { 0.0 } else { difference }
}

/// Why a group may not have a name beside regions and groups that there are, if so: results tell places
/// apart by it.
pub fn refused_name(name: &str, groups: &[RegionGroup], regions: &Axis) -> Option<String> {
    let own = comparable(name);
    if own.is_empty() {
        Some("a group without a name".to_owned())
    } else if own == ALL {
        Some("a group called all: that is the sum of every region".to_owned())
    } else if regions.position(name).is_ok() {
        Some(format!("the group {name:?} has the name of a region"))
    } else if groups.iter().any(|group| comparable(&group.label.code) == own) {
        Some(format!("two groups are called {name:?}"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_in_rounding_has_no_sign() {
        assert_eq!(sum([0.1 + 0.2, 0.0, -0.3].into_iter()), 0.0);
        assert_eq!(sum([1e-9, 0.0].into_iter()), 1e-9);
    }
}
