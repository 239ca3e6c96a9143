//! Ellison and Glaeser's index of agglomeration beyond the lumpiness of plants, and of groups of sectors.
//! METHODS C1.
//!
//! ```text
//! G_i = Σ_r (s_ri − w_r)²
//! γ_i = [G_i / (1 − Σ w²) − H_i] / (1 − H_i)          H_i = Σ of squared shares of the plants of i
//! γ^c_ij = Σ_r (s_ri − w_r)(s_rj − w_r) / (1 − Σ w²)
//! γ^c = [G / (1 − Σ w²) − H − Σ_j γ_j ω_j² (1 − H_j)] / (1 − Σ ω_j²)
//! ```
//!
//! with ω_j the share of sector j in its group, `G` of the shares of the group as a whole, `H = Σ ω_j² H_j`. Under random
//! siting with probabilities w the expectation of γ and γ^c is 0; Ellison and Glaeser call 0.02 to 0.05 moderate.
//! Source: Ellison & Glaeser (1997); with mean shares as w, the pair's form is that of Ellison, Glaeser & Kerr (2010).

use super::activity::{Activity, Reference};

/// Why an index of Ellison and Glaeser has no value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// A sector of it has no activity.
    #[error("sector {sector} has no activity")]
    NoActivity {
        /// The sector.
        sector: usize,
    },
    /// The plants' Herfindahl index is not between 0 and 1.
    #[error("a plant Herfindahl index of {herfindahl}: it lies above 0 and below 1")]
    Herfindahl {
        /// The sector.
        sector: usize,
        /// The index.
        herfindahl: f64,
    },
    /// All activity is in one region.
    #[error("all activity is in one region")]
    OneRegion,
    /// A group has fewer than two sectors with activity.
    #[error("a group needs at least two sectors")]
    NoGroup,
}

/// Herfindahl index of plants by size: `Σ (z / Σ z)²`; none where their sizes sum to nothing.
pub fn plant_herfindahl(sizes: &[f64]) -> Option<f64> {
    let all: f64 = sizes.iter().sum();
    (all > 0.0 && all.is_finite()).then(|| sizes.iter().map(|z| (z / all).powi(2)).sum())
}

/// Indices of an activity against one set of reference shares.
#[derive(Debug, Clone)]
pub struct EllisonGlaeser<'a> {
    activity: &'a Activity,
    w: Vec<f64>,
    /// 1 − Σ w²
    spread: f64,
}

impl<'a> EllisonGlaeser<'a> {
    /// Takes the reference shares of an activity.
    ///
    /// # Errors
    /// If one region has all of them.
    pub fn of(activity: &'a Activity, reference: Reference) -> Result<Self, IndexError> {
        let w = activity.region_shares(reference);
        let spread = 1.0 - w.iter().map(|w| w * w).sum::<f64>();
        if spread <= 1e-12 {
            return Err(IndexError::OneRegion);
        }
        Ok(EllisonGlaeser { activity, w, spread })
    }

    fn gaps(&self, sector: usize) -> Result<Vec<f64>, IndexError> {
        let shares = self.activity.sector_shares(sector);
        let shares = shares.ok_or(IndexError::NoActivity { sector })?;
        Ok(shares.iter().zip(&self.w).map(|(s, w)| s - w).collect())
    }

    /// Raw concentration, `G_i = Σ_r (s_ri − w_r)²`.
    ///
    /// # Errors
    /// If the sector has no activity.
    pub fn raw(&self, sector: usize) -> Result<f64, IndexError> {
        Ok(self.gaps(sector)?.iter().map(|gap| gap * gap).sum())
    }

    /// `γ_i` of a sector whose plants have a Herfindahl index.
    ///
    /// # Errors
    /// If the sector has no activity, or the index is not between 0 and 1.
    pub fn gamma(&self, sector: usize, herfindahl: f64) -> Result<f64, IndexError> {
        if !(herfindahl > 0.0 && herfindahl < 1.0) {
            return Err(IndexError::Herfindahl { sector, herfindahl });
        }
        Ok((self.raw(sector)? / self.spread - herfindahl) / (1.0 - herfindahl))
    }

    /// Co-agglomeration of a pair of sectors, `γ^c_ij`; needs no plants.
    ///
    /// # Errors
    /// If one of them has no activity.
    pub fn pair(&self, a: usize, b: usize) -> Result<f64, IndexError> {
        let (a, b) = (self.gaps(a)?, self.gaps(b)?);
        Ok(a.iter().zip(&b).map(|(a, b)| a * b).sum::<f64>() / self.spread)
    }

    /// Co-agglomeration of a group of sectors, each with the Herfindahl index of its plants.
    ///
    /// # Errors
    /// If there are fewer than two sectors, one has no activity, or an index is not between 0 and 1.
    pub fn group(&self, sectors: &[(usize, f64)]) -> Result<f64, IndexError> {
        if sectors.len() < 2 {
            return Err(IndexError::NoGroup);
        }
        let activity = self.activity;
        let all: f64 = sectors.iter().map(|(j, _)| activity.of_sector(*j)).sum();
        if all <= 0.0 {
            return Err(IndexError::NoActivity { sector: sectors[0].0 });
        }
        let raw: f64 = (0..activity.regions())
            .map(|r| {
                let here: f64 = sectors.iter().map(|(j, _)| activity.value(r, *j)).sum();
                (here / all - self.w[r]).powi(2)
            })
            .sum();
        let (mut plants, mut own, mut squares) = (0.0, 0.0, 0.0);
        for (j, herfindahl) in sectors {
            let weight = (activity.of_sector(*j) / all).powi(2);
            plants += weight * herfindahl;
            own += self.gamma(*j, *herfindahl)? * weight * (1.0 - herfindahl);
            squares += weight;
        }
        if 1.0 - squares <= 1e-12 {
            return Err(IndexError::NoGroup);
        }
        Ok((raw / self.spread - plants - own) / (1.0 - squares))
    }
}

#[cfg(test)]
mod tests {
    use super::super::activity::tests::{close, three_region};
    use super::*;
    use crate::draws::{Stream, parameter};

    /// METHODS C1, case `agglomeration`.
    #[test]
    fn indices_are_those_of_the_worked_example() {
        let x = three_region();
        let index = EllisonGlaeser::of(&x, Reference::Aggregate).unwrap();
        close(index.raw(0).unwrap(), 0.0307818690416418);
        close(index.raw(1).unwrap(), 0.0231403145167748);
        close(index.gamma(0, 0.05).unwrap(), -0.0033245298187521);
        close(index.gamma(1, 0.02).unwrap(), 0.0155237889149175);
        close(index.pair(0, 1).unwrap(), -0.0406134378348866);
        // Both sectors together are all activity: G = 0, and what is left is what the pair says.
        close(index.group(&[(0, 0.05), (1, 0.02)]).unwrap(), index.pair(0, 1).unwrap());
    }

    /// The group's form is the pairs' mean by ω_i ω_j, for any plants and either reference.
    #[test]
    fn a_group_is_the_weighted_mean_of_its_pairs() {
        let values: Vec<f64> = (0..20).map(|at| f64::from((at * 7 + 3) % 11) + 0.5).collect();
        let x = Activity::new(5, 4, values).unwrap();
        for reference in [Reference::Aggregate, Reference::Mean] {
            let index = EllisonGlaeser::of(&x, reference).unwrap();
            let sectors = [(0, 0.3), (2, 0.01), (3, 0.12)];
            let (mut sum, mut weights) = (0.0, 0.0);
            for (a, _) in sectors {
                for (b, _) in sectors {
                    if a != b {
                        let weight = x.of_sector(a) * x.of_sector(b);
                        sum += weight * index.pair(a, b).unwrap();
                        weights += weight;
                    }
                }
            }
            close(index.group(&sectors).unwrap(), sum / weights);
        }
    }

    #[test]
    fn what_has_no_index_says_why() {
        let x = Activity::new(2, 2, vec![1.0, 0.0, 2.0, 0.0]).unwrap();
        let index = EllisonGlaeser::of(&x, Reference::Aggregate).unwrap();
        assert_eq!(index.gamma(1, 0.1), Err(IndexError::NoActivity { sector: 1 }));
        assert!(matches!(index.gamma(0, 1.0), Err(IndexError::Herfindahl { .. })));
        assert_eq!(index.group(&[(0, 0.1)]), Err(IndexError::NoGroup));
        let one = Activity::new(2, 1, vec![1.0, 0.0]).unwrap();
        assert!(matches!(
            EllisonGlaeser::of(&one, Reference::Aggregate),
            Err(IndexError::OneRegion)
        ));
        assert_eq!(plant_herfindahl(&[1.0, 1.0, 2.0]), Some(0.375));
        assert_eq!(plant_herfindahl(&[]), None);
    }

    /// Plants that fall on regions by chance, in proportion to activity: γ is 0 on average, whatever their
    /// sizes. A sector that is all others, a thousand times as large, holds w where it is.
    #[test]
    fn random_siting_has_no_agglomeration_on_average() {
        let w = [0.4, 0.3, 0.2, 0.1];
        let sizes: Vec<f64> = (1..=25).map(f64::from).collect();
        let herfindahl = plant_herfindahl(&sizes).unwrap();
        let (count, mut sum, mut squares) = (4000, 0.0, 0.0);
        for draw in 0..count {
            let stream = Stream::new(11, draw, parameter("siting"));
            let mut values: Vec<f64> = w.iter().flat_map(|w| [0.0, w * 1e7]).collect();
            for (plant, size) in sizes.iter().enumerate() {
                let u = stream.uniform(plant as u32);
                let region = (0..3).find(|r| u < w[..=*r].iter().sum()).unwrap_or(3);
                values[2 * region] += size;
            }
            let x = Activity::new(4, 2, values).unwrap();
            let gamma = EllisonGlaeser::of(&x, Reference::Aggregate).unwrap();
            let gamma = gamma.gamma(0, herfindahl).unwrap();
            sum += gamma;
            squares += gamma * gamma;
        }
        let mean = sum / f64::from(count);
        let error = (squares / f64::from(count)).sqrt() / f64::from(count).sqrt();
        assert!(mean.abs() < 3.5 * error && error < 1e-3, "{mean} ± {error}");
    }
}
