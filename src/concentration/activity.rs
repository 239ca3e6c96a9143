//! A quantity by region and sector, and the measures that need nothing else. METHODS C1.

/// A quantity by region and sector, none of it negative.
///
/// - at least two regions and one sector;
/// - every value [`measurable`], so that no sum or product of shares overflows;
/// - some activity somewhere.
///
/// Only [`Activity::new`] makes one, so measures have nothing to check.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    regions: usize,
    sectors: usize,
    values: Vec<f64>,
    by_region: Vec<f64>,
    by_sector: Vec<f64>,
    total: f64,
}

/// Whether measures can be taken of a number: 0, or from 10⁻¹⁰⁰ to 10¹⁰⁰, so that sums of any number of them, and
/// quotients of those, are numbers too.
pub fn measurable(value: f64) -> bool {
    value == 0.0 || (1e-100..=1e100).contains(&value)
}

/// Why numbers are no activity.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ActivityError {
    /// A value is negative, not finite or out of all proportion.
    #[error("a value of {value:e}: shares need 0 or numbers from 1e-100 to 1e100")]
    Value {
        /// Region of the value.
        region: usize,
        /// Sector of the value.
        sector: usize,
        /// The value.
        value: f64,
    },
    /// Too few regions or sectors.
    #[error(
        "{regions} region(s) and {sectors} sector(s): at least two regions and one sector are needed"
    )]
    TooFew {
        /// How many regions there are.
        regions: usize,
        /// How many sectors there are.
        sectors: usize,
    },
    /// Everything is zero.
    #[error("every value is 0: there must be some activity")]
    Nothing,
}

/// What shares of a sector are held against.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reference {
    /// Shares in all activity, `w_r = Σ_i x_ri / Σ x` (Ellison & Glaeser 1997).
    #[default]
    Aggregate,
    /// Mean over sectors of their shares, `w_r = Σ_i s_ri / N` (Ellison, Glaeser & Kerr 2010).
    Mean,
}

impl Reference {
    /// The word of files and results.
    pub fn word(self) -> &'static str {
        match self {
            Reference::Aggregate => "aggregate",
            Reference::Mean => "mean",
        }
    }
}

impl Activity {
    /// Checks values, one for each region and within it each sector.
    ///
    /// # Errors
    /// Every value that is not [`measurable`]; too few regions or sectors; no activity at all.
    ///
    /// # Panics
    /// If there is not one value for each pair.
    #[track_caller]
    pub fn new(
        regions: usize,
        sectors: usize,
        values: Vec<f64>,
    ) -> Result<Self, Vec<ActivityError>> {
        assert_eq!(values.len(), regions * sectors, "one value for each region and sector");
        if regions < 2 || sectors < 1 {
            return Err(vec![ActivityError::TooFew { regions, sectors }]);
        }
        let wrong: Vec<ActivityError> = values
            .iter()
            .enumerate()
            .filter(|(_, value)| !measurable(**value))
            .map(|(at, value)| ActivityError::Value {
                region: at / sectors,
                sector: at % sectors,
                value: *value,
            })
            .collect();
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let by_region: Vec<f64> = values.chunks(sectors).map(|row| row.iter().sum()).collect();
        let by_sector: Vec<f64> =
            (0..sectors).map(|i| values.iter().skip(i).step_by(sectors).sum()).collect();
        let total: f64 = by_region.iter().sum();
        if total <= 0.0 {
            return Err(vec![ActivityError::Nothing]);
        }
        Ok(Activity { regions, sectors, values, by_region, by_sector, total })
    }

    /// How many regions there are.
    pub fn regions(&self) -> usize {
        self.regions
    }

    /// How many sectors there are.
    pub fn sectors(&self) -> usize {
        self.sectors
    }

    /// Every value, one for each region and within it each sector.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The quantity of a region's sector.
    pub fn value(&self, region: usize, sector: usize) -> f64 {
        self.values[region * self.sectors + sector]
    }

    /// The quantity of a sector in all regions.
    pub fn of_sector(&self, sector: usize) -> f64 {
        self.by_sector[sector]
    }

    /// The quantity of a region in all sectors.
    pub fn of_region(&self, region: usize) -> f64 {
        self.by_region[region]
    }

    /// Shares of the regions in a sector, `s_ri`; none where the sector has no activity.
    pub fn sector_shares(&self, sector: usize) -> Option<Vec<f64>> {
        let all = self.by_sector[sector];
        (all > 0.0).then(|| (0..self.regions).map(|r| self.value(r, sector) / all).collect())
    }

    /// Shares of the regions that sectors are held against, `w_r`.
    pub fn region_shares(&self, reference: Reference) -> Vec<f64> {
        match reference {
            Reference::Aggregate => self.by_region.iter().map(|x| x / self.total).collect(),
            Reference::Mean => {
                let known: Vec<Vec<f64>> =
                    (0..self.sectors).filter_map(|i| self.sector_shares(i)).collect();
                (0..self.regions)
                    .map(|r| known.iter().map(|s| s[r]).sum::<f64>() / known.len() as f64)
                    .collect()
            }
        }
    }

    /// Location quotient: how much larger the sector is in the region than in the nation.
    ///
    /// ```text
    /// LQ_ri = b_ir / b_i
    /// ```
    ///
    /// A pure number; none where the region or the sector has no activity.
    pub fn location_quotient(&self, region: usize, sector: usize) -> Option<f64> {
        let (r, i) = (self.by_region[region], self.by_sector[sector]);
        (r > 0.0 && i > 0.0).then(|| (self.value(region, sector) / r) / (i / self.total))
    }

    /// Herfindahl index of a sector over regions, `Σ_r s_ri²`; from one over their number to one.
    pub fn herfindahl(&self, sector: usize) -> Option<f64> {
        Some(self.sector_shares(sector)?.iter().map(|s| s * s).sum())
    }

    /// Locational Gini coefficient of a sector: one less twice the area under the Lorenz curve of Σs
    /// against Σw, regions ordered by s/w. 0 where the sector lies as all activity does.
    pub fn gini(&self, sector: usize) -> Option<f64> {
        let s = self.sector_shares(sector)?;
        let w = self.region_shares(Reference::Aggregate);
        // A region without any activity is a point on the curve, not a step.
        let mut order: Vec<usize> = (0..self.regions).filter(|r| w[*r] > 0.0).collect();
        order.sort_by(|a, b| (s[*a] / w[*a]).total_cmp(&(s[*b] / w[*b])));
        let (mut below, mut area) = (0.0, 0.0);
        for r in order {
            area += w[r] * (below + s[r] / 2.0);
            below += s[r];
        }
        Some(1.0 - 2.0 * area)
    }

    /// Theil index of a sector over regions, `Σ_r s ln(s/w)`; 0 where it lies as all activity does.
    pub fn theil(&self, sector: usize) -> Option<f64> {
        let s = self.sector_shares(sector)?;
        let w = self.region_shares(Reference::Aggregate);
        Some(s.iter().zip(&w).filter(|(s, _)| **s > 0.0).map(|(s, w)| s * (s / w).ln()).sum())
    }

    /// Krugman's index of a region's specialisation against the nation.
    ///
    /// ```text
    /// K_r = Σ_i |b_ir − b_i|
    /// ```
    ///
    /// From 0 to below 2; none where the region has no activity.
    pub fn krugman(&self, region: usize) -> Option<f64> {
        let all = self.by_region[region];
        (all > 0.0).then(|| {
            (0..self.sectors)
                .map(|i| (self.value(region, i) / all - self.by_sector[i] / self.total).abs())
                .sum()
        })
    }

    /// The same of every region against all *other* regions together; none also where these have no activity.
    pub fn krugman_against_others(&self) -> Vec<Option<f64>> {
        let others = sums_of_others(&self.by_region);
        let mut gaps = vec![0.0; self.regions];
        for i in 0..self.sectors {
            let own: Vec<f64> = (0..self.regions).map(|r| self.value(r, i)).collect();
            for (r, other) in sums_of_others(&own).into_iter().enumerate() {
                if self.by_region[r] > 0.0 && others[r] > 0.0 {
                    gaps[r] += (own[r] / self.by_region[r] - other / others[r]).abs();
                }
            }
        }
        let known = |r: usize| self.by_region[r] > 0.0 && others[r] > 0.0;
        gaps.into_iter().enumerate().map(|(r, gap)| known(r).then_some(gap)).collect()
    }
}

/// For each value the sum of all others, from both ends: nothing cancels where one outweighs the rest.
fn sums_of_others(values: &[f64]) -> Vec<f64> {
    let running = |sum: &mut f64, value: &f64| {
        let before = *sum;
        *sum += value;
        Some(before)
    };
    let mut found: Vec<f64> = values.iter().rev().scan(0.0, running).collect();
    found.reverse();
    found.iter_mut().zip(values.iter().scan(0.0, running)).for_each(|(sum, before)| *sum += before);
    found
}

#[cfg(test)]
pub(super) mod tests {
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    use super::*;

    /// Output of the worked example's three regions and two sectors in year 0.
    pub fn three_region() -> Activity {
        Activity::new(3, 2, vec![124.0, 326.0, 183.0, 173.0, 319.0, 223.0]).unwrap()
    }

    #[track_caller]
    pub fn close(found: f64, known: f64) {
        assert_relative_eq!(found, known, epsilon = 1e-12, max_relative = 1e-9);
    }

    /// METHODS C1, case `agglomeration`.
    #[test]
    fn measures_are_those_of_the_worked_example() {
        let x = three_region();
        let quotients = [
            [0.593368832090877, 1.35256386580486],
            [1.10692106113365, 0.907295589654207],
            [1.26738030958584, 0.768171642935266],
        ];
        for (r, row) in quotients.iter().enumerate() {
            for (i, known) in row.iter().enumerate() {
                close(x.location_quotient(r, i).unwrap(), *known);
            }
        }
        let krugman = [0.377672271678206, 0.0993065048511319, 0.248338388428395];
        let others = [0.566928977975748, 0.134944726350127, 0.415335170721434];
        for r in 0..3 {
            close(x.krugman(r).unwrap(), krugman[r]);
            close(x.krugman_against_others()[r].unwrap(), others[r]);
        }
        let known = [
            [0.38437158693056, 0.1527834396716, 0.0470556159399175],
            [0.356684647907858, 0.132468744091996, 0.0315893415955527],
        ];
        for (i, [herfindahl, gini, theil]) in known.into_iter().enumerate() {
            close(x.herfindahl(i).unwrap(), herfindahl);
            close(x.gini(i).unwrap(), gini);
            close(x.theil(i).unwrap(), theil);
        }
    }

    #[test]
    fn nothing_has_no_measure_and_an_even_spread_has_none_to_speak_of() {
        let x = Activity::new(3, 2, vec![1.0, 0.0, 0.0, 0.0, 3.0, 0.0]).unwrap();
        assert_eq!((x.herfindahl(1), x.gini(1), x.theil(1)), (None, None, None));
        assert_eq!((x.krugman(1), x.location_quotient(1, 0)), (None, None));
        close(x.gini(0).unwrap(), 0.0);
        close(x.theil(0).unwrap(), 0.0);
        assert_eq!(x.krugman_against_others(), [Some(0.0), None, Some(0.0)]);
        let alone = Activity::new(2, 1, vec![5.0, 0.0]).unwrap();
        assert_eq!(alone.krugman_against_others(), [None, None]);
    }

    #[test]
    fn what_is_no_activity_is_refused_with_its_place() {
        let told = |values: Vec<f64>| {
            let errors = Activity::new(2, 2, values).unwrap_err();
            errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        };
        assert_eq!(
            told(vec![1.0, -2.0, f64::NAN, 0.0]),
            "a value of -2e0: shares need 0 or numbers from 1e-100 to 1e100; \
             a value of NaN: shares need 0 or numbers from 1e-100 to 1e100"
        );
        assert_eq!(told(vec![0.0; 4]), "every value is 0: there must be some activity");
        assert!(Activity::new(1, 2, vec![1.0, 1.0]).is_err());
        assert!(told(vec![1e200, 1e-200, 5e-324, 0.0]).matches("a value of").count() == 3);
    }

    proptest! {
        /// Other names for regions and sectors, and another unit, move results along and change none.
        #[test]
        fn relabelling_permutes_results(
            values in proptest::collection::vec(0.1..100.0f64, 12), unit in 1e-3..1e3f64,
        ) {
            let x = Activity::new(4, 3, values.clone()).unwrap();
            // Regions turned round, sectors 2 0 1.
            let turned: Vec<f64> = (0..12)
                .map(|at| unit * values[(3 - at / 3) * 3 + (at % 3 + 2) % 3])
                .collect();
            let y = Activity::new(4, 3, turned).unwrap();
            let same = |a: Option<f64>, b: Option<f64>| (a.unwrap() - b.unwrap()).abs() < 1e-12;
            for i in 0..3 {
                let j = (i + 2) % 3;
                prop_assert!(same(x.gini(j), y.gini(i)));
                prop_assert!(same(x.theil(j), y.theil(i)));
                prop_assert!(same(x.herfindahl(j), y.herfindahl(i)));
                prop_assert!((-1e-12..1.0).contains(&x.gini(i).unwrap()));
                prop_assert!(x.theil(i).unwrap() > -1e-12);
            }
            let (x_others, y_others) = (x.krugman_against_others(), y.krugman_against_others());
            for r in 0..4 {
                prop_assert!(same(x.krugman(3 - r), y.krugman(r)));
                prop_assert!(same(x_others[3 - r], y_others[r]));
                prop_assert!((0.0..2.0).contains(&x.krugman(r).unwrap()));
            }
        }
    }
}
