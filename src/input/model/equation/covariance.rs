//! With which covariance an equation is estimated.

use super::{Keys, Places};
use crate::econometrics::covariance::{Kernel, Leverage};
use crate::estimation::CovarianceKind;

#[derive(Clone, Copy)]
enum Covers {
    Classical,
    White(Leverage),
    Cluster,
    Jackknife,
    NeweyWest,
    DriscollKraay,
    BeckKatz,
    Conley,
}

impl Keys<'_, '_> {
    pub(super) fn covariance(&self, places: &mut Places) -> Option<CovarianceKind> {
        let words = [
            ("classical", Covers::Classical),
            ("HC0", Covers::White(Leverage::Hc0)),
            ("HC1", Covers::White(Leverage::Hc1)),
            ("HC2", Covers::White(Leverage::Hc2)),
            ("HC3", Covers::White(Leverage::Hc3)),
            ("cluster", Covers::Cluster),
            ("CR3", Covers::Jackknife),
            ("newey_west", Covers::NeweyWest),
            ("driscoll_kraay", Covers::DriscollKraay),
            ("beck_katz", Covers::BeckKatz),
            ("conley", Covers::Conley),
        ];
        let word = self.word("covariance", &words);
        // A word that is none has been told.
        let misspelt = word.is_none() && self.of("covariance").has("covariance");
        let word = word.map_or(Covers::Classical, |own| own.value);
        places.insert(("covariance", 0), self.of("covariance").at_key("covariance"));
        let mut cluster = self.texts("cluster", places);
        let lags = self.of("lags").integer("lags").map(|own| own.value);
        if lags.is_some_and(|lags| !(0..=10_000).contains(&lags)) {
            return self.wrong("lags", "lags are a whole number from 0", "lags = 2");
        }
        let lags = lags.map(|lags| lags as usize);
        let of_periods = self.word("beck_katz", &[("units", false), ("periods", true)]);
        let places_of = self.texts("coordinates", places);
        let cutoff = self.of("cutoff").number("cutoff").map(|own| own.value);
        let kernel =
            self.word("kernel", &[("uniform", Kernel::Uniform), ("bartlett", Kernel::Bartlett)]);
        if misspelt {
            return None;
        }
        Some(match word {
            Covers::Classical => CovarianceKind::Classical,
            Covers::White(leverage) => CovarianceKind::White(leverage),
            Covers::Cluster => {
                if cluster.is_empty() {
                    cluster.push("individual".to_owned());
                }
                if cluster.len() > 2 {
                    return self.wrong(
                        "cluster",
                        "clusters of at most two columns",
                        "cluster = [\"id\", \"year\"]",
                    );
                }
                CovarianceKind::Cluster(cluster)
            }
            Covers::Jackknife => CovarianceKind::Jackknife(
                cluster.into_iter().next().unwrap_or_else(|| "individual".to_owned()),
            ),
            Covers::NeweyWest => CovarianceKind::NeweyWest(lags),
            Covers::DriscollKraay => CovarianceKind::DriscollKraay(lags),
            Covers::BeckKatz => {
                CovarianceKind::BeckKatz { of_periods: of_periods.is_some_and(|own| own.value) }
            }
            Covers::Conley => {
                let Ok(places) = <[String; 2]>::try_from(places_of) else {
                    return self.wrong(
                        "coordinates",
                        "Conley's covariance needs two coordinates",
                        "coordinates = [\"lon\", \"lat\"]",
                    );
                };
                let Some(cutoff) = cutoff.filter(|own| *own > 0.0) else {
                    return self.wrong(
                        "cutoff",
                        "Conley's covariance needs a distance above 0",
                        "cutoff = 500, in km",
                    );
                };
                CovarianceKind::Conley {
                    places,
                    cutoff,
                    kernel: kernel.map_or(Kernel::Bartlett, |own| own.value),
                }
            }
        })
    }
}
