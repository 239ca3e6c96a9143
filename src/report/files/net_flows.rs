//! Net flows between places, and what a figure draws as one of them: all but the largest.

use crate::figure::NAMED;

/// The sum of all flows of more than nothing but the largest, and its share in all; nothing if a figure can draw
/// all of them.
pub(super) fn others(nets: impl Iterator<Item = f64>) -> Option<[f64; 2]> {
    let mut nets: Vec<f64> = nets.filter(|net| *net > 0.0).collect();
    nets.sort_by(|a, b| b.total_cmp(a));
    let rest: f64 = nets.get(NAMED..)?.iter().sum();
    (nets.len() > NAMED).then(|| [rest, rest / nets.iter().sum::<f64>()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_all_but_the_twelve_largest() {
        assert_eq!(others((1..=12).map(f64::from)), None);
        let [rest, share] = others((-3..=14).map(f64::from)).unwrap();
        assert_eq!(rest, 3.0);
        assert!((share - 3.0 / 105.0).abs() < 1e-15);
    }
}
