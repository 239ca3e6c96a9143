//! The density of distances: bandwidth, exact evaluation, and evaluation from bins.
//!
//! A bin keeps the first four moments of its distances around its middle, and a kernel is expanded around there:
//!
//! ```text
//! Σ_i φ((d − c − u_i)/h) ≈ φ(z) Σ_{p=0..3} He_p(z) M_p / p!      z = (d − c)/h,  M_p = Σ_i (u_i/h)^p
//! ```
//!
//! He_p are Hermite's polynomials. With bins of h/16 a pair's rest is at most `(1/32)⁴/24 · |He₄(ζ)| φ(ζ)` with ζ in its bin,
//! and `|He₄(z)| φ(z) ≤ 3 (φ(z) + φ(z − 2.3) + φ(z + 2.3))` everywhere, so that over all pairs it is at most
//! `(1/32)⁴/24 · 3 (K(d) + K(d − 2.3 h) + K(d + 2.3 h))`: 3.6 · 10⁻⁷ of the largest K.

use super::distances::{Cells, Sites, part_of, rank_of};

/// Bins to a bandwidth.
const FINENESS: f64 = 16.0;
/// Most bins; with bandwidths that small few points are near any pair, and exact evaluation is quick.
const MOST_BINS: f64 = (1 << 18) as f64;
/// Sites that the first guess is made from.
const ROUGH: usize = 128;
/// Bandwidths beyond which a kernel is nothing in double precision.
const TAIL: f64 = 9.0;

/// The points at which a density is wanted: equal steps from 0 on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Points {
    /// Distance between two of them.
    pub step: f64,
    /// How many there are.
    pub count: usize,
}

impl Points {
    /// Points from 0 to `last` in so many steps.
    pub fn up_to(last: f64, steps: usize) -> Self {
        Points { step: last / steps as f64, count: steps + 1 }
    }

    /// The distance of a point.
    pub fn at(&self, point: usize) -> f64 {
        self.step * point as f64
    }

    fn last(&self) -> f64 {
        self.at(self.count.saturating_sub(1))
    }
}

/// A density of distances.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// K at every point, per unit of distance.
    pub values: Vec<f64>,
    /// The bandwidth, in units of distance.
    pub bandwidth: f64,
}

/// Why distances have no density.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum KernelError {
    /// All distances are the same, so there is no bandwidth.
    #[error("all distances between its plants are {0}, so no bandwidth follows from them")]
    NoSpread(f64),
}

/// Silverman's bandwidth (1986, eq. 3.31) of the distances between sites.
///
/// ```text
/// h = 0.9 · min(sd, IQR/1.34) · m^(−1/5)
/// ```
///
/// sd has the divisor m − 1, quartiles are of type 7. Where one of the two spreads is 0 the other counts.
///
/// # Errors
/// If both are 0.
pub fn bandwidth(sites: &Sites) -> Result<f64, KernelError> {
    Pass::over(sites, None, 1024.0).bandwidth(sites)
}

/// K of all pairs of sites, exact or from bins, whichever is less work; `bandwidth` overrides Silverman's.
///
/// # Errors
/// If the distances have no bandwidth.
pub fn curve(
    sites: &Sites,
    sizes: Option<&[f64]>,
    points: &Points,
    bandwidth: Option<f64>,
) -> Result<Curve, KernelError> {
    let pairs = sites.pairs() as f64;
    let bins_for = |h: f64| (sites.reach() / h * FINENESS).ceil().max(1.0);
    let guess = bandwidth.unwrap_or_else(|| 0.75 * rough_spread(sites) * pairs.powf(-0.2));
    let mut pass = Pass::over(sites, sizes, bins_for(guess).min(MOST_BINS));
    let h = match bandwidth {
        Some(h) => h,
        None => pass.bandwidth(sites)?,
    };
    let needed = bins_for(h);
    if needed > MOST_BINS || pairs <= needed {
        return Ok(Curve { values: exact(sites, sizes, points, h), bandwidth: h });
    }
    if needed > pass.cells.parts() as f64 {
        pass = Pass::over(sites, sizes, needed);
    }
    Ok(Curve { values: pass.density(points, h), bandwidth: h })
}

/// The spread of distances between some of the sites, so that the bins are right at the first passing.
fn rough_spread(sites: &Sites) -> f64 {
    let step = sites.len().div_ceil(ROUGH).max(1);
    let some: Vec<usize> = (0..sites.len()).step_by(step).collect();
    let mut found = Vec::with_capacity(ROUGH * ROUGH / 2);
    for (at, site) in some.iter().enumerate() {
        found.extend(some[at + 1..].iter().map(|other| sites.distance(*site, *other)));
    }
    found.sort_by(f64::total_cmp);
    if found.is_empty() {
        return sites.reach();
    }
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    let sd = (found.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / found.len() as f64).sqrt();
    let iqr = (found[found.len() * 3 / 4] - found[found.len() / 4]) / 1.34;
    // Ties may leave a small sample no spread at all.
    if iqr > 0.0 { sd.min(iqr) } else { sd }.max(1e-3 * sites.reach())
}

/// K by its definition, pair by pair; kernels further than nine bandwidths away are nothing.
pub fn exact(sites: &Sites, sizes: Option<&[f64]>, points: &Points, h: f64) -> Vec<f64> {
    let mut values = vec![0.0; points.count];
    let mut weights = 0.0;
    let near = |from: f64, to: f64| {
        let index = |d: f64| if points.step > 0.0 { d / points.step } else { 0.0 };
        let first = index(from).ceil().max(0.0) as usize;
        let last = index(to).floor().min(points.count as f64 - 1.0);
        (first, last)
    };
    for site in 0..sites.len() {
        sites.row(site, |from, block| {
            for (at, distance) in block.iter().enumerate() {
                let weight = sizes.map_or(1.0, |e| e[site] * e[from + at]);
                weights += weight;
                let (first, last) = near(distance - TAIL * h, distance + TAIL * h);
                for (point, value) in values.iter_mut().enumerate().skip(first) {
                    if point as f64 > last {
                        break;
                    }
                    *value += weight * phi((points.at(point) - distance) / h);
                }
                if *distance < TAIL * h {
                    for (point, value) in values.iter_mut().enumerate() {
                        let z = (points.at(point) + distance) / h;
                        if z > TAIL {
                            break;
                        }
                        *value += weight * phi(z);
                    }
                }
            }
        });
    }
    values.iter_mut().for_each(|value| *value /= weights * h);
    values
}

fn phi(z: f64) -> f64 {
    const ROOT: f64 = 0.398_942_280_401_432_7;
    ROOT * (-0.5 * z * z).exp()
}

/// What is kept of all distances after one passing.
struct Pass {
    cells: Cells,
    reach: f64,
    /// Sums of w, wv, wv², wv³, where v is the place in the bin from −1/2 to 1/2.
    moments: Vec<[f64; 4]>,
    /// Distances in each bin.
    counts: Vec<u64>,
    /// Sums of the distances' gaps to the middle of the reach, and of their squares.
    sums: [f64; 2],
}

impl Pass {
    fn over(sites: &Sites, sizes: Option<&[f64]>, bins: f64) -> Pass {
        let cells = Cells::new(0.0, sites.reach(), bins.max(1.0) as usize);
        let mut moments = vec![[0.0; 4]; cells.parts()];
        let mut counts = vec![0; cells.parts()];
        let sums = match sizes {
            None => {
                let sums = gather(sites, cells, |_, _, bin, powers| {
                    moments[bin].iter_mut().zip(powers).for_each(|(sum, one)| *sum += one);
                });
                // Ones sum exactly.
                let counted = counts.iter_mut().zip(&moments);
                counted.for_each(|(count, moments)| *count = moments[0] as u64);
                sums
            }
            Some(e) => gather(sites, cells, |site, other, bin, powers| {
                let weight = e[site] * e[other];
                moments[bin].iter_mut().zip(powers).for_each(|(sum, one)| *sum += weight * one);
                counts[bin] += 1;
            }),
        };
        Pass { cells, reach: sites.reach(), moments, counts, sums }
    }

    fn bandwidth(&self, sites: &Sites) -> Result<f64, KernelError> {
        let m = sites.pairs() as f64;
        let mean = self.sums[0] / m;
        let variance = (self.sums[1] - m * mean * mean) / (m - 1.0);
        // What rounding leaves of equal distances is no spread.
        let sd = if variance > 1e-24 * self.reach * self.reach { variance.sqrt() } else { 0.0 };
        let quartiles = self.interquartile(sites, sd * 1.34);
        let spread = match (sd, quartiles / 1.34) {
            (sd, iqr) if iqr > 0.0 && sd > 0.0 => sd.min(iqr),
            (sd, iqr) => sd.max(iqr),
        };
        if spread > 0.0 && spread.is_finite() {
            Ok(0.9 * spread * m.powf(-0.2))
        } else {
            Err(KernelError::NoSpread(mean + self.reach / 2.0))
        }
    }

    /// The distance between the quartiles, or anything above `enough` where it is certainly more.
    fn interquartile(&self, sites: &Sites, enough: f64) -> f64 {
        let pairs = sites.pairs();
        let [low, high] = [0.25, 0.75].map(|share| rank_of(pairs, share));
        let bin = |rank: u64| part_of(&self.counts, rank);
        let last = pairs - 1;
        let bins = bin(high.0).0 as f64 - bin((low.0 + 1).min(last)).0 as f64 - 1.0;
        let least = bins * self.cells.width();
        if least > enough {
            return least;
        }
        let at = |(rank, part): (u64, f64)| {
            let found = sites.select(self.cells, &self.counts, &[rank, (rank + 1).min(last)]);
            found[0] + part * (found[1] - found[0])
        };
        at(high) - at(low)
    }

    /// K from the bins.
    fn density(&self, points: &Points, h: f64) -> Vec<f64> {
        let width = self.cells.width();
        let ratio = width / h;
        let factor = [1.0, ratio, ratio * ratio / 2.0, ratio.powi(3) / 6.0];
        let weights: f64 = self.moments.iter().map(|cell| cell[0]).sum();
        let end = points.last() + TAIL * h;
        let last = ((end / width).ceil() as usize).min(self.cells.parts());
        let scaled: Vec<[f64; 4]> = self.moments[..last]
            .iter()
            .map(|cell| std::array::from_fn(|p| cell[p] * factor[p]))
            .collect();
        let kernel = |z: f64, m: &[f64; 4], side: f64| {
            let square = z * z;
            let odd = m[1] * z + m[3] * (square - 3.0) * z;
            phi(z) * (m[0] + m[2] * (square - 1.0) + side * odd)
        };
        let one = |point: usize| {
            let d = points.at(point);
            let first = (((d - TAIL * h) / width).floor().max(0.0)) as usize;
            let mut sum = 0.0;
            for (bin, moments) in scaled.iter().enumerate().skip(first) {
                let middle = (bin as f64 + 0.5) * width;
                let z = (d - middle) / h;
                if z < -TAIL {
                    break;
                }
                if moments[0] != 0.0 {
                    sum += kernel(z, moments, 1.0);
                }
            }
            for (bin, moments) in scaled.iter().enumerate() {
                let z = (d + (bin as f64 + 0.5) * width) / h;
                if z > TAIL {
                    break;
                }
                if moments[0] != 0.0 {
                    sum += kernel(z, moments, -1.0);
                }
            }
            sum / (weights * h)
        };
        (0..points.count).map(one).collect()
    }
}

/// Shows every pair with its bin and the powers 0 to 3 of its place there; sums of gaps to the middle and of
/// their squares, taken around it so that nothing cancels in a variance.
fn gather(
    sites: &Sites,
    cells: Cells,
    mut see: impl FnMut(usize, usize, usize, [f64; 4]),
) -> [f64; 2] {
    let middle = sites.reach() / 2.0;
    let mut sums = [0.0; 2];
    for site in 0..sites.len() {
        let mut row = [0.0; 2];
        sites.row(site, |from, block| {
            for (at, distance) in block.iter().enumerate() {
                let gap = distance - middle;
                row[0] += gap;
                row[1] += gap * gap;
                let (bin, v) = cells.place(*distance);
                see(site, from + at, bin, [1.0, v, v * v, v * v * v]);
            }
        });
        sums[0] += row[0];
        sums[1] += row[1];
    }
    sums
}
