//! Changes by sector and place, and what figures show as one line: all sectors but the largest.

use crate::figure::NAMED;
use crate::labels::places::sums;
use crate::labels::{Industries, RegionGroup};

/// Code of the sum of all sectors but the `NAMED − 1` in which most changes.
pub(super) const OTHERS: &str = "others";

/// Values by industry as sums of every place for each sector, and for [`OTHERS`] where there are more sectors than a
/// figure names.
pub(super) fn by_sector(
    industries: &Industries,
    groups: &[RegionGroup],
    values: &[f64],
) -> Vec<(String, Vec<f64>)> {
    let (regions, sectors) = (industries.regions.len(), industries.sectors.len());
    let of = |sector: usize| -> Vec<f64> {
        (0..regions).map(|region| values[industries.index(region, sector)]).collect()
    };
    let mut found: Vec<(String, Vec<f64>)> = (0..sectors)
        .map(|sector| (industries.sectors.code(sector).to_owned(), sums(groups, &of(sector))))
        .collect();
    if sectors > NAMED {
        let mut order: Vec<(usize, f64)> = (0..sectors)
            .map(|sector| (sector, of(sector).iter().map(|value| value.abs()).sum()))
            .collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut rest = vec![0.0; regions];
        for (sector, _) in &order[NAMED - 1..] {
            rest.iter_mut().zip(of(*sector)).for_each(|(sum, value)| *sum += value);
        }
        found.push((OTHERS.to_owned(), sums(groups, &rest)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::{Axis, Label};

    #[test]
    fn others_are_all_but_the_eleven_largest() {
        let axis = |letter: &str, count: usize| {
            let labels = (0..count).map(|at| Label::code(format!("{letter}{at}")));
            Axis::new("region", labels).unwrap()
        };
        let industries = Industries { regions: axis("r", 2), sectors: axis("s", 14) };
        let values: Vec<f64> = (0..28).map(|at| f64::from(at % 14)).collect();
        let found = by_sector(&industries, &[], &values);
        assert_eq!(found.len(), 15);
        // Sectors 0, 1 and 2 are the smallest.
        assert_eq!(found[14], (OTHERS.to_owned(), vec![3.0, 3.0, 6.0]));
        let few = Industries { regions: axis("r", 2), sectors: axis("s", 12) };
        assert_eq!(by_sector(&few, &[], &values[..24]).len(), 12);
    }
}
