//! Localisation of an industry from distances between its plants. METHODS C1.
//!
//! ```text
//! K(d) = 1/(h Σ_{i<j} w_ij) · Σ_{i<j} w_ij [φ((d − d_ij)/h) + φ((d + d_ij)/h)]       w_ij = 1, or e_i e_j
//! h    = 0.9 · min(sd, IQR/1.34) · m^(−1/5)                                         over the m = n(n−1)/2 distances
//! ```
//!
//! φ is the standard normal density; the second term reflects at 0, so that K integrates to one on [0, ∞). With w_ij = 1 the
//! constant is 2/(n(n−1)h). `d` runs from 0 to the median distance between all plants of all industries. The null draws n
//! sites without replacement from those of all plants, so overall concentration is controlled for; the industry's own
//! sizes stay with it, which controls for concentration of size.
//!
//! Nothing of the size of the number of pairs is kept: distances pass by in rows and are gathered in bins with their first
//! moments ([`kernel`]), which is right to 10⁻⁶ of the largest K and better. Draws are keyed by seed and number alone, and one
//! draw is computed by one thread in one order, so results are the same bits on any number of threads.
//!
//! Source: Duranton & Overman (2005); Silverman (1986), eq. 3.31.

pub mod bands;
pub mod distances;
pub mod kernel;

use rayon::prelude::*;

use crate::draws::{Stream, parameter};
use crate::progress::Progress;

pub use bands::{Band, Bands, GlobalRule};
pub use distances::{Metric, Sites};
pub use kernel::{Curve, KernelError, Points};

/// Fewest plants of an industry: three pairs, so that their spread has a meaning.
pub const FEWEST_PLANTS: usize = 3;

/// How the bandwidth of drawn samples comes about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Bandwidth {
    /// From the distances of each sample, as for the industry itself.
    #[default]
    Recomputed,
    /// That of the industry for every sample.
    Kept,
}

/// Switches of a test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Number of draws.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Bandwidth of drawn samples.
    pub bandwidth: Bandwidth,
    /// Share of draws outside each band: on each side at each distance for the local one, on each side anywhere for the
    /// global one by levels, on both sides together for the one by dropping curves.
    pub level: f64,
}

/// The plants of one industry among all.
#[derive(Debug, Clone, PartialEq)]
pub struct Industry {
    /// Positions of its plants among all sites.
    pub plants: Vec<usize>,
    /// Size of each of them, above zero; none for a density that counts plants.
    pub sizes: Option<Vec<f64>>,
}

/// What a test finds about an industry.
#[derive(Debug, Clone, PartialEq)]
pub struct Localisation {
    /// K of the industry at every point.
    pub curve: Curve,
    /// Bands of the draws.
    pub bands: Bands,
    /// Draws without a bandwidth of their own (all distances alike), which took the industry's.
    pub without_bandwidth: u32,
}

impl Localisation {
    /// Local indices at every point: `max(K − U, 0)` of localisation, `max(L − K, 0)` of dispersion.
    pub fn local(&self) -> Vec<[f64; 2]> {
        excess(&self.curve.values, &self.bands.local)
    }

    /// Global indices `Γ = Σ_d max(K − Ū, 0)` and `Ψ = Σ_d max(L̲ − K, 0)` over the points; Ψ counts only
    /// where Γ is 0.
    pub fn global(&self, rule: GlobalRule) -> [f64; 2] {
        let excess = excess(&self.curve.values, self.bands.global(rule));
        let sum = |side: usize| excess.iter().map(|pair| pair[side]).sum::<f64>();
        let gamma = sum(0);
        [gamma, if gamma > 0.0 { 0.0 } else { sum(1) }]
    }
}

fn excess(values: &[f64], band: &Band) -> Vec<[f64; 2]> {
    let bounds = band.lower.iter().zip(&band.upper);
    values.iter().zip(bounds).map(|(k, (l, u))| [(k - u).max(0.0), (l - k).max(0.0)]).collect()
}

/// Why an industry is not tested.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TestError {
    /// Too few plants.
    #[error("{0} plants are too few: distances need at least 3")]
    TooFew(usize),
    /// Its distances have no density.
    #[error(transparent)]
    Kernel(#[from] KernelError),
    /// Stopped by the user.
    #[error("stopped")]
    Stopped,
}

/// K of an industry at some points.
///
/// # Errors
/// If there are too few plants, or all their distances are the same.
pub fn curve(sites: &Sites, industry: &Industry, points: &Points) -> Result<Curve, TestError> {
    enough(industry)?;
    let (plants, sizes) = canonical(sites, industry);
    Ok(kernel::curve(&sites.sample(&plants), sizes.as_deref(), points, None)?)
}

/// Tests an industry against draws of as many sites.
///
/// # Errors
/// If there are too few plants, all their distances are the same, or the user stops it.
pub fn test(
    sites: &Sites,
    industry: &Industry,
    points: &Points,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Localisation, TestError> {
    enough(industry)?;
    let (plants, sizes) = canonical(sites, industry);
    let curve = kernel::curve(&sites.sample(&plants), sizes.as_deref(), points, None)?;
    // Sizes in an order of their own, so that which plant has which does not matter to the draws.
    let drawn_sizes = sizes.map(|mut sizes| {
        sizes.sort_by(f64::total_cmp);
        sizes
    });
    let all = sites.order();
    let kept = (options.bandwidth == Bandwidth::Kept).then_some(curve.bandwidth);
    let one = |draw: u32| {
        if progress.cancelled() {
            return Err(TestError::Stopped);
        }
        let drawn = draw_sites(&all, plants.len(), options.seed, draw);
        let sample = sites.sample(&drawn);
        let mut without = 0;
        let found = match kernel::curve(&sample, drawn_sizes.as_deref(), points, kept) {
            Ok(found) => found,
            Err(_) => {
                without = 1;
                kernel::curve(&sample, drawn_sizes.as_deref(), points, Some(curve.bandwidth))?
            }
        };
        progress.step();
        Ok((found.values, without))
    };
    let drawn: Vec<(Vec<f64>, u32)> =
        (0..options.draws).into_par_iter().map(one).collect::<Result<_, TestError>>()?;
    let without_bandwidth = drawn.iter().map(|(_, without)| without).sum();
    let curves: Vec<Vec<f64>> = drawn.into_iter().map(|(values, _)| values).collect();
    Ok(Localisation { curve, bands: Bands::of(&curves, options.level), without_bandwidth })
}

fn enough(industry: &Industry) -> Result<(), TestError> {
    match industry.plants.len() {
        few if few < FEWEST_PLANTS => Err(TestError::TooFew(few)),
        _ => Ok(()),
    }
}

/// Plants in the order of their places and sizes, so that the order of a file does not show in the last bits.
fn canonical(sites: &Sites, industry: &Industry) -> (Vec<usize>, Option<Vec<f64>>) {
    let size = |at: usize| industry.sizes.as_ref().map_or(1.0, |sizes| sizes[at]);
    let mut order: Vec<usize> = (0..industry.plants.len()).collect();
    order.sort_by(|a, b| {
        let places = sites.compare(industry.plants[*a], industry.plants[*b]);
        places.then(size(*a).total_cmp(&size(*b)))
    });
    let plants = order.iter().map(|at| industry.plants[*at]).collect();
    let sizes = industry.sizes.as_ref().map(|sizes| order.iter().map(|at| sizes[*at]).collect());
    (plants, sizes)
}

/// `n` of all sites without replacement: the first steps of a Fisher–Yates shuffle.
fn draw_sites(all: &[u32], n: usize, seed: u64, draw: u32) -> Vec<usize> {
    let stream = Stream::new(seed, draw, parameter("duranton_overman"));
    let mut sites = all.to_vec();
    for at in 0..n {
        let left = sites.len() - at;
        let step = (stream.uniform(at as u32) * left as f64) as usize;
        sites.swap(at, at + step.min(left - 1));
    }
    sites[..n].iter().map(|site| *site as usize).collect()
}

#[cfg(test)]
mod tests;
