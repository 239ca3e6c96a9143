//! Places of plants and the distances between them, row by row.

use std::cmp;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::earth::RADIUS;

/// Distances that pass by together.
const BLOCK: usize = 512;
/// Parts that a range is cut into when a rank is looked for in it.
const PARTS: usize = 1 << 14;

/// How far two places are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Coordinates in a plane; distances are in their unit.
    Plane,
    /// Longitude and latitude in degrees; distances over the earth in km.
    GreatCircle,
}

impl Metric {
    /// The word of files and results.
    pub fn word(self) -> &'static str {
        match self {
            Metric::Plane => "plane",
            Metric::GreatCircle => "great_circle",
        }
    }
}

/// Places of plants: coordinates in a plane, or directions from the centre of the earth.
#[derive(Debug, Clone, PartialEq)]
pub struct Sites {
    metric: Metric,
    x: Vec<f64>,
    y: Vec<f64>,
    z: Vec<f64>,
}

impl Sites {
    /// Places by their two coordinates (longitude first), finite and within what the metric allows.
    ///
    /// # Panics
    /// If there are more than `u32::MAX`.
    #[track_caller]
    pub fn new(metric: Metric, places: &[[f64; 2]]) -> Self {
        assert!(u32::try_from(places.len()).is_ok(), "too many sites");
        let one = |[a, b]: &[f64; 2]| match metric {
            Metric::Plane => [*a, *b, 0.0],
            Metric::GreatCircle => {
                let (lon, lat) = (a.to_radians(), b.to_radians());
                [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
            }
        };
        let all: Vec<[f64; 3]> = places.iter().map(one).collect();
        let axis = |k: usize| all.iter().map(|place| place[k]).collect();
        Sites { metric, x: axis(0), y: axis(1), z: axis(2) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.x.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.x.is_empty()
    }

    /// How distances are measured.
    pub fn metric(&self) -> Metric {
        self.metric
    }

    /// Order of two sites by their places.
    pub fn compare(&self, a: usize, b: usize) -> cmp::Ordering {
        let x = self.x[a].total_cmp(&self.x[b]);
        x.then(self.y[a].total_cmp(&self.y[b])).then(self.z[a].total_cmp(&self.z[b]))
    }

    /// Every site, in the order of places.
    pub fn order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_by(|a, b| self.compare(*a as usize, *b as usize));
        order
    }

    /// Some of the sites, in the order given.
    ///
    /// # Panics
    /// If one of them is not there.
    #[track_caller]
    pub fn sample(&self, chosen: &[usize]) -> Sites {
        let of = |values: &[f64]| chosen.iter().map(|at| values[*at]).collect();
        Sites { metric: self.metric, x: of(&self.x), y: of(&self.y), z: of(&self.z) }
    }

    /// How many pairs there are.
    pub fn pairs(&self) -> u64 {
        let n = self.len() as u64;
        n * n.saturating_sub(1) / 2
    }

    /// Distance between two sites.
    pub fn distance(&self, a: usize, b: usize) -> f64 {
        let mut out = [0.0];
        self.stretch(a, b, &mut out);
        out[0]
    }

    /// No distance is larger than this.
    pub fn reach(&self) -> f64 {
        match self.metric {
            Metric::GreatCircle => {
                let [x, y, z] = [&self.x, &self.y, &self.z].map(|axis| width(axis));
                let chord = (x * x + y * y + z * z).sqrt().min(2.0);
                2.0 * RADIUS * (chord / 2.0).asin() * (1.0 + 1e-12)
            }
            Metric::Plane => width(&self.x).hypot(width(&self.y)) * (1.0 + 1e-12),
        }
    }

    /// Shows the distances of one site to those behind it, a block at a time with the first of them.
    pub fn row(&self, site: usize, mut see: impl FnMut(usize, &[f64])) {
        let mut block = [0.0; BLOCK];
        let mut from = site + 1;
        while from < self.len() {
            let length = BLOCK.min(self.len() - from);
            self.stretch(site, from, &mut block[..length]);
            see(from, &block[..length]);
            from += length;
        }
    }

    /// Distances of a site to consecutive ones; plain loops, so that they are computed several at a time.
    fn stretch(&self, site: usize, from: usize, out: &mut [f64]) {
        let end = from + out.len();
        let (x, y) = (&self.x[from..end], &self.y[from..end]);
        let (x0, y0) = (self.x[site], self.y[site]);
        match self.metric {
            Metric::Plane => {
                for (out, (x, y)) in out.iter_mut().zip(x.iter().zip(y)) {
                    let (dx, dy) = (x - x0, y - y0);
                    *out = (dx * dx + dy * dy).sqrt();
                }
            }
            Metric::GreatCircle => {
                let (z, z0) = (&self.z[from..end], self.z[site]);
                for (out, (x, (y, z))) in out.iter_mut().zip(x.iter().zip(y.iter().zip(z))) {
                    let (dx, dy, dz) = (x - x0, y - y0, z - z0);
                    *out = 2.0 * RADIUS * arc(0.25 * (dx * dx + dy * dy + dz * dz));
                }
            }
        }
    }

    /// The distances of given ranks, counted from 0 in ascending order.
    ///
    /// Exact where ties leave few distances alike, else to 10⁻¹² of the reach; memory is in proportion to the sites.
    ///
    /// # Panics
    /// If a rank is not below the number of pairs.
    pub fn order_statistics(&self, ranks: &[u64]) -> Vec<f64> {
        assert!(ranks.iter().all(|rank| *rank < self.pairs()), "ranks are below the pairs");
        let cells = Cells::new(0.0, self.reach(), PARTS);
        self.select(cells, &self.counts(&[], cells), ranks)
    }

    /// The distances of given ranks, where the distances in each cell have been counted.
    pub(super) fn select(&self, cells: Cells, counts: &[u64], ranks: &[u64]) -> Vec<f64> {
        self.narrow(&mut Vec::new(), cells, counts, ranks)
    }

    /// Goes into the cells that hold the ranks, together where they share one.
    fn narrow(
        &self,
        chain: &mut Vec<(Cells, usize)>,
        cells: Cells,
        counts: &[u64],
        ranks: &[u64],
    ) -> Vec<f64> {
        let places: Vec<(usize, u64)> = ranks.iter().map(|rank| part_of(counts, *rank)).collect();
        let mut found = Vec::with_capacity(ranks.len());
        while found.len() < ranks.len() {
            let (part, before) = places[found.len()];
            let inner: Vec<u64> = ranks[found.len()..]
                .iter()
                .zip(&places[found.len()..])
                .take_while(|(_, place)| place.0 == part)
                .map(|(rank, _)| rank - before)
                .collect();
            chain.push((cells, part));
            found.extend(self.inside(chain, &inner));
            chain.pop();
        }
        found
    }

    /// Distances of given ranks among those inside every cell of a chain: cut further until few enough are
    /// left to be sorted.
    fn inside(&self, chain: &mut Vec<(Cells, usize)>, ranks: &[u64]) -> Vec<f64> {
        let &(cells, part) = &chain[chain.len() - 1];
        let (low, high) = cells.range(part);
        if let Some(mut found) = self.collect(chain, (8 * self.len()).max(1 << 16)) {
            found.sort_unstable_by(f64::total_cmp);
            let at = |rank: &u64| (*rank as usize).min(found.len().saturating_sub(1));
            return ranks.iter().map(|rank| found.get(at(rank)).copied().unwrap_or(low)).collect();
        }
        if high - low <= 1e-12 * self.reach() {
            return vec![low; ranks.len()];
        }
        let finer = Cells::new(low, high, PARTS);
        let counts = self.counts(chain, finer);
        self.narrow(chain, finer, &counts, ranks)
    }

    /// Distances inside every cell of a chain; none if there are more than `most`. Whether there are is known
    /// as soon as that many are found, whoever found them.
    fn collect(&self, chain: &[(Cells, usize)], most: usize) -> Option<Vec<f64>> {
        let all = AtomicUsize::new(0);
        let one = |sites: std::ops::Range<usize>| {
            let mut found = Vec::new();
            for site in sites {
                let before = found.len();
                self.row(site, |_, block| {
                    found.extend(block.iter().filter(|distance| inside(chain, **distance)));
                });
                let added = found.len() - before;
                if all.fetch_add(added, Ordering::Relaxed) + added > most {
                    return None;
                }
            }
            Some(found)
        };
        let parts: Vec<Vec<f64>> =
            self.stretches().into_par_iter().map(one).collect::<Option<_>>()?;
        Some(parts.concat())
    }

    /// The sites in stretches, for the threads.
    fn stretches(&self) -> Vec<std::ops::Range<usize>> {
        let step = self.len().div_ceil(64).max(1);
        let starts = (0..self.len()).step_by(step);
        starts.map(|start| start..(start + step).min(self.len())).collect()
    }

    /// How many distances inside every cell of a chain lie in each finer cell; counted on all threads, whole
    /// numbers whatever their order.
    fn counts(&self, chain: &[(Cells, usize)], finer: Cells) -> Vec<u64> {
        let one = |sites: std::ops::Range<usize>| {
            let mut counts = vec![0u64; finer.parts];
            for site in sites {
                self.row(site, |_, block| {
                    for distance in block.iter().filter(|distance| inside(chain, **distance)) {
                        counts[finer.of(*distance)] += 1;
                    }
                });
            }
            counts
        };
        self.stretches()
            .into_par_iter()
            .map(one)
            .reduce_with(|mut a, b| {
                a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
                a
            })
            .unwrap_or_else(|| vec![0; finer.parts])
    }

    /// A quantile of all distances, linear between neighbours (type 7); none without a pair.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let pairs = self.pairs();
        (pairs > 0).then(|| {
            let (low, part) = rank_of(pairs, share);
            let found = self.order_statistics(&[low, (low + 1).min(pairs - 1)]);
            found[0] + part * (found[1] - found[0])
        })
    }
}

/// Equal cells of a range; what lies beyond its ends counts with the outermost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cells {
    low: f64,
    scale: f64,
    parts: usize,
}

impl Cells {
    /// Cuts a range into parts.
    pub(super) fn new(low: f64, high: f64, parts: usize) -> Self {
        let width = high - low;
        // A range without width has everything in its first cell.
        let scale = if width > 0.0 { parts as f64 / width } else { 0.0 };
        Cells { low, scale, parts }
    }

    /// The cell of a distance.
    pub(super) fn of(&self, distance: f64) -> usize {
        (((distance - self.low) * self.scale) as usize).min(self.parts - 1)
    }

    /// Where a cell begins and ends, up to rounding.
    pub(super) fn range(&self, part: usize) -> (f64, f64) {
        let end = |part: usize| {
            if self.scale > 0.0 { self.low + part as f64 / self.scale } else { self.low }
        };
        (end(part), end(part + 1))
    }

    /// Width of a cell; 1 where everything is in the first.
    pub(super) fn width(&self) -> f64 {
        if self.scale > 0.0 { 1.0 / self.scale } else { 1.0 }
    }

    /// How many there are.
    pub(super) fn parts(&self) -> usize {
        self.parts
    }

    /// Cell of a distance from 0, and its place in the cell from −1/2 to 1/2.
    pub(super) fn place(&self, distance: f64) -> (usize, f64) {
        let place = (distance - self.low) * self.scale;
        let cell = (place as u32).min(self.parts as u32 - 1);
        (cell as usize, place - f64::from(cell) - 0.5)
    }
}

fn inside(chain: &[(Cells, usize)], distance: f64) -> bool {
    chain.iter().all(|(cells, part)| cells.of(distance) == *part)
}

/// Rank below a quantile of type 7, and how far it lies towards the next.
pub(super) fn rank_of(pairs: u64, share: f64) -> (u64, f64) {
    let at = share * (pairs - 1) as f64;
    (at.floor() as u64, at - at.floor())
}

/// The part that holds a rank, and how many lie in those before it.
pub(super) fn part_of(counts: &[u64], rank: u64) -> (usize, u64) {
    let mut before = 0;
    for (part, count) in counts.iter().enumerate() {
        if before + count > rank {
            return (part, before);
        }
        before += count;
    }
    (counts.len() - 1, before - counts.last().copied().unwrap_or(0))
}

fn width(values: &[f64]) -> f64 {
    let (low, high) =
        values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
    if high > low { high - low } else { 0.0 }
}

/// `asin √s` for s from 0 to 1, without a branch, within two units of the last digit of the library's.
/// Source: the rational approximation of fdlibm's `e_asin.c` (Sun Microsystems 1993).
fn arc(s: f64) -> f64 {
    const P: [f64; 6] = [
        1.666_666_666_666_666_6e-1,
        -3.255_658_186_224_009e-1,
        2.012_125_321_348_629_3e-1,
        -4.005_553_450_067_941e-2,
        7.915_349_942_898_145e-4,
        3.479_331_075_960_212e-5,
    ];
    const Q: [f64; 4] = [
        -2.403_394_911_734_414,
        2.020_945_760_233_505_7,
        -6.882_839_716_054_533e-1,
        7.703_815_055_590_194e-2,
    ];
    let large = s > 0.25;
    // asin x = π/2 − 2 asin √((1 − x)/2), where x = √s.
    let z = if large { ((1.0 - s.sqrt()) * 0.5).max(0.0) } else { s };
    let p = z * (P[0] + z * (P[1] + z * (P[2] + z * (P[3] + z * (P[4] + z * P[5])))));
    let q = 1.0 + z * (Q[0] + z * (Q[1] + z * (Q[2] + z * Q[3])));
    let root = z.sqrt();
    let small = root + root * (p / q);
    if large { std::f64::consts::FRAC_PI_2 - 2.0 * small } else { small }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::great_circle;

    #[test]
    fn the_arc_is_that_of_the_library() {
        for step in 0..=10_000 {
            let x = f64::from(step) / 10_000.0;
            let (found, known) = (arc(x * x), x.asin());
            assert!((found - known).abs() <= 2e-15 * known.max(1e-3) + 3e-8 * f64::from(x == 1.0));
        }
    }

    #[test]
    fn distances_over_the_earth_are_those_of_the_haversine() {
        let places = [[116.41, 39.90], [121.47, 31.23], [87.62, 43.82], [-70.0, -33.0]];
        let sites = Sites::new(Metric::GreatCircle, &places);
        for (i, a) in places.iter().enumerate() {
            for (j, b) in places.iter().enumerate().skip(i + 1) {
                let known = great_circle(*a, *b);
                assert!((sites.distance(i, j) / known - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn ranks_are_exact_with_and_without_ties() {
        // A lattice: many distances alike; then places by a rule without any.
        let lattice: Vec<[f64; 2]> =
            (0..400).map(|at| [f64::from(at % 20), f64::from(at / 20)]).collect();
        let spiral: Vec<[f64; 2]> =
            (0..300).map(|at| [f64::from(at).sin() * f64::from(at), f64::from(at * at)]).collect();
        for places in [lattice, spiral] {
            let sites = Sites::new(Metric::Plane, &places);
            let mut all = Vec::new();
            (0..sites.len()).for_each(|site| sites.row(site, |_, block| all.extend(block)));
            all.sort_by(f64::total_cmp);
            assert_eq!(all.len() as u64, sites.pairs());
            let ranks = [0, 1, sites.pairs() / 4, sites.pairs() / 2, sites.pairs() - 1];
            for (rank, found) in ranks.iter().zip(sites.order_statistics(&ranks)) {
                assert!((found - all[*rank as usize]).abs() <= 1e-12 * sites.reach());
            }
        }
    }
}
