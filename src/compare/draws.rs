//! Draws of scenarios that are the same draws.

use std::collections::HashMap;

use serde_json::Value;

use crate::draws::quantile;
use crate::recorded::{Recorded, Summary};
use crate::tidy::{Column, Tidy};

/// The shares of draws that the three numbers of a range stand at.
const BAND: [f64; 3] = [0.05, 0.5, 0.95];

/// 5, 50 and 95 % of some numbers; none where there is none.
pub(super) fn band(mut values: Vec<f64>) -> Option<[f64; 3]> {
    values.retain(|value| value.is_finite());
    values.sort_unstable_by(f64::total_cmp);
    (!values.is_empty()).then(|| BAND.map(|share| quantile(&values, share)))
}

/// Differences of the last year of a run, draw by draw.
#[derive(Default)]
pub(super) struct Draws {
    /// By quantity and place: number of the draw and difference, numbers rising.
    of: HashMap<(String, String), Vec<(u32, f64)>>,
}

impl Draws {
    /// Of the lines of `draws.csv`; nothing where there are none.
    pub(super) fn of(tidy: Option<&Tidy>) -> Self {
        let mut draws = Draws::default();
        let Some(tidy) = tidy else { return draws };
        for row in 0..tidy.len() {
            let text = |column| tidy.text(row, column);
            let Ok(number) = text(Column::Point).parse::<u32>() else { continue };
            let key = (text(Column::Quantity).to_owned(), text(Column::Region).to_owned());
            draws.of.entry(key).or_default().push((number, tidy.value(row)));
        }
        draws.of.values_mut().for_each(|values| values.sort_unstable_by_key(|(at, _)| *at));
        draws
    }

    /// Whether nothing is drawn.
    pub(super) fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Differences of a quantity and place, numbers of draws rising; none where nothing is drawn.
    pub(super) fn numbered(&self, quantity: &str, place: &str) -> &[(u32, f64)] {
        self.of.get(&(quantity.to_owned(), place.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// The same without the numbers.
    pub(super) fn values(&self, quantity: &str, place: &str) -> Vec<f64> {
        self.numbered(quantity, place).iter().map(|(_, value)| *value).collect()
    }

    /// Sums of a quantity over some places, draw by draw.
    pub(super) fn sums(&self, quantity: &str, places: &[&str]) -> Vec<f64> {
        let mut sums: Vec<f64> = Vec::new();
        for place in places {
            let values = self.values(quantity, place);
            sums.resize(values.len(), 0.0);
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
        sums
    }
}

/// Differences of several scenarios in the draws that all of them have: by draw, then scenario.
pub(super) fn common(all: &[&[(u32, f64)]]) -> Vec<Vec<f64>> {
    let Some((first, others)) = all.split_first() else { return Vec::new() };
    let in_others = |(number, value): &(u32, f64)| {
        let found = others.iter().map(|other| {
            let at = other.binary_search_by_key(number, |(own, _)| *own).ok()?;
            Some(other[at].1)
        });
        std::iter::once(Some(*value)).chain(found).collect::<Option<Vec<f64>>>()
    };
    first.iter().filter_map(in_others).collect()
}

/// Why draws of two runs are not the same draws, if so.
pub(super) fn apart(a: (&str, &Recorded), b: (&str, &Recorded)) -> Option<String> {
    let ((a, of_a), (b, of_b)) = (a, b);
    let (of_a, of_b) = (&of_a.summary, &of_b.summary);
    let drawn =
        |summary: &Summary| summary.switches.get("uncertainty").is_some_and(Value::is_object);
    match (drawn(of_a), drawn(of_b)) {
        (false, false) => return Some(format!("nothing is drawn in {a} and {b}")),
        (false, true) => return Some(format!("nothing is drawn in {a}")),
        (true, false) => return Some(format!("nothing is drawn in {b}")),
        (true, true) => {}
    }
    if let (Some(x), Some(y)) = (of_a.seed, of_b.seed)
        && x != y
    {
        return Some(format!("{a} draws with seed {x}, {b} with seed {y}"));
    }
    let (x, y) = (&of_a.switches["uncertainty"], &of_b.switches["uncertainty"]);
    if x["draws"] != y["draws"] {
        return Some(format!("{a} has {} draws, {b} has {}", x["draws"], y["draws"]));
    }
    let keys = x.as_object().into_iter().flatten().map(|(key, _)| key);
    if let Some(key) = keys.filter(|key| x[*key] != y[*key]).min() {
        let what = key.replace('_', " ");
        return Some(format!("{a} and {b} do not draw the same {what}"));
    }
    // Elasticities are drawn from what [density] says of them.
    let drawn = x["elasticities"] == Value::Bool(true);
    let estimates = |summary: &Summary| {
        let density = summary.switches.get("density").unwrap_or(&Value::Null);
        ["measure", "groups", "spillover", "dependent"].map(|key| density[key].clone())
    };
    (drawn && estimates(of_a) != estimates(of_b))
        .then(|| format!("{a} and {b} draw other elasticities"))
}

/// Whether two runs say something else of the technology of plants that move the same product between the same
/// regions, while draws take the place of what they say.
pub(super) fn drawn_over(a: &Summary, b: &Summary) -> bool {
    let moves = |summary: &Summary| -> Vec<Value> {
        summary.switches.get("relocate").and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let same = |x: &Value, y: &Value| ["sector", "from", "to"].iter().all(|key| x[*key] == y[*key]);
    let drawn = !a.switches["uncertainty"]["technology"].is_null();
    let others = moves(b);
    drawn
        && moves(a).iter().any(|own| {
            let pair = others.iter().find(|other| same(own, other));
            pair.is_some_and(|other| own["technology"] != other["technology"])
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_draws_that_all_have_are_common() {
        let (a, b) = ([(0, 1.0), (1, 2.0), (3, 4.0)], [(1, 20.0), (2, 30.0), (3, 40.0)]);
        assert_eq!(common(&[&a, &b]), [[2.0, 20.0], [4.0, 40.0]]);
        assert!(common(&[&a, &[]]).is_empty());
    }

    #[test]
    fn draws_are_found_by_quantity_and_place() {
        let columns = [Column::Quantity, Column::Region, Column::Point];
        let mut tidy = Tidy::new(&columns);
        for (number, b, h) in [("1", 2.0, 5.0), ("0", 1.0, 4.0)] {
            tidy.push(&["co2", "B", number], b);
            tidy.push(&["co2", "H", number], h);
        }
        let draws = Draws::of(Some(&tidy));
        assert_eq!(draws.numbered("co2", "B"), [(0, 1.0), (1, 2.0)]);
        assert_eq!(draws.sums("co2", &["B", "H"]), [5.0, 7.0]);
        assert!(draws.values("co2", "X").is_empty());
    }

    #[test]
    fn a_band_stands_at_five_fifty_and_ninety_five_percent() {
        let values: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        assert_eq!(band(values), Some([5.0, 50.0, 95.0]));
        assert_eq!(band(vec![f64::NAN]), None);
    }
}
