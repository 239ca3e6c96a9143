//! Keys that an equation states and its estimator does not read, or cannot follow.

use super::Keys;
use crate::econometrics::covariance::Leverage;
use crate::estimation::{CovarianceKind, Estimator, SpatialModel, TestKind};
use crate::fault::Fault;

/// Keys of some estimators only, and whose they are.
const OF_ESTIMATORS: [(&str, &str); 17] = [
    ("constant", "estimator = \"pooled\" or \"first_differences\""),
    ("effects", "an estimator with effects, such as \"within\""),
    ("marginal", "estimator = \"pooled\", \"within\" or \"random\""),
    ("components", "estimator = \"random\""),
    ("instrument_method", "estimator = \"random\""),
    ("approach", "a spatial model by maximum likelihood with fixed effects, or moments"),
    ("disturbance", "estimator = \"spatial_error\" with random effects by maximum likelihood"),
    ("information", "a spatial model with random effects by maximum likelihood"),
    ("instrument_lags", "estimator = \"spatial_2sls\""),
    ("threshold", "estimator = \"threshold\""),
    ("regime", "estimator = \"threshold\""),
    ("trim", "estimator = \"threshold\""),
    ("grid", "estimator = \"threshold\""),
    ("thresholds", "estimator = \"threshold\""),
    ("mediator", "estimator = \"mediation\""),
    ("draws", DRAWING),
    ("seed", DRAWING),
];

/// Who draws.
const DRAWING: &str = "what draws: thresholds, mediation, effects of spatial models by maximum likelihood, the test wild_bootstrap";

/// Keys of some covariances only, and whose they are.
const OF_COVARIANCES: [(&str, &str); 6] = [
    ("cluster", "covariance = \"cluster\" or \"CR3\""),
    ("lags", "covariance = \"newey_west\" or \"driscoll_kraay\""),
    ("beck_katz", "covariance = \"beck_katz\""),
    ("coordinates", "covariance = \"conley\""),
    ("cutoff", "covariance = \"conley\""),
    ("kernel", "covariance = \"conley\""),
];

fn of_error(model: SpatialModel) -> bool {
    matches!(model, SpatialModel::Error | SpatialModel::DurbinError)
}

/// Keys that an estimator reads, of those that some do not.
fn read_by(estimator: &Estimator) -> &'static [&'static str] {
    match estimator {
        Estimator::Pooled { .. } => &["constant", "marginal"],
        Estimator::FirstDifferences { .. } => &["constant"],
        Estimator::Between => &[],
        Estimator::Within { .. } => &["effects", "marginal"],
        Estimator::SpatialRegressors { .. } => &["effects"],
        Estimator::Random { .. } => &["effects", "marginal", "components", "instrument_method"],
        Estimator::Threshold { .. } => {
            &["effects", "threshold", "regime", "trim", "grid", "thresholds", "draws", "seed"]
        }
        Estimator::Mediation { .. } => &["effects", "mediator", "draws", "seed"],
        Estimator::SpatialTwoStage { .. } => &["effects", "instrument_lags"],
        Estimator::SpatialMoments { .. } => &["effects", "approach"],
        Estimator::Spatial { .. } => &["effects", "approach", "draws", "seed"],
        Estimator::SpatialRandom { model, .. } if of_error(*model) => {
            &["effects", "disturbance", "information", "draws", "seed"]
        }
        Estimator::SpatialRandom { .. } => &["effects", "information", "draws", "seed"],
    }
}

/// The same of a covariance.
fn told_by(covariance: &CovarianceKind) -> &'static [&'static str] {
    match covariance {
        CovarianceKind::Classical | CovarianceKind::White(_) => &[],
        CovarianceKind::Cluster(_) | CovarianceKind::Jackknife(_) => &["cluster"],
        CovarianceKind::NeweyWest(_) | CovarianceKind::DriscollKraay(_) => &["lags"],
        CovarianceKind::BeckKatz { .. } => &["beck_katz"],
        CovarianceKind::Conley { .. } => &["coordinates", "cutoff", "kernel"],
    }
}

/// Whether errors follow from the likelihood or the moments, whatever `covariance` says.
fn has_its_own(estimator: &Estimator) -> bool {
    matches!(
        estimator,
        Estimator::Spatial { .. }
            | Estimator::SpatialRandom { .. }
            | Estimator::SpatialMoments { .. }
    )
}

fn is_spatial(estimator: &Estimator) -> bool {
    has_its_own(estimator)
        || matches!(
            estimator,
            Estimator::SpatialTwoStage { .. } | Estimator::SpatialRegressors { .. }
        )
}

impl Keys<'_, '_> {
    /// Says no to what the equation itself states for nothing; defaults are of all equations, and may.
    pub(super) fn refuse_idle(
        &self,
        estimator: &Estimator,
        covariance: &CovarianceKind,
        tests: &[TestKind],
    ) -> Option<()> {
        let mut idle = Vec::new();
        for (key, of) in OF_ESTIMATORS {
            if !read_by(estimator).contains(&key) {
                idle.push((key, of));
            }
        }
        for (key, of) in OF_COVARIANCES {
            if !told_by(covariance).contains(&key) || has_its_own(estimator) {
                idle.push((key, of));
            }
        }
        if tests.contains(&TestKind::Wild) {
            idle.retain(|(key, _)| !["draws", "seed"].contains(key));
        }
        if has_its_own(estimator) {
            let of =
                "least squares; errors of this estimator follow from its likelihood or moments";
            let weighted = "least squares: this estimator counts all observations alike";
            idle.extend([("covariance", of), ("small_sample", of), ("weights", weighted)]);
        }
        if !is_spatial(estimator) && !tests.iter().any(|kind| kind.is_spatial()) {
            idle.push(("weights_matrix", "spatial models and tests: name one in tests"));
        }
        // Error models have no effects to draw.
        if let Estimator::Spatial { model, .. } | Estimator::SpatialRandom { model, .. } = estimator
            && of_error(*model)
        {
            let of = "models with a spatial lag, whose effects they draw";
            idle.retain(|(key, _)| !["draws", "seed"].contains(key));
            idle.extend([("draws", of), ("seed", of)]);
        }
        // A value that says nothing is left alone.
        let says = |key: &str| match key {
            "effects" => self.section.peek_text(key) != Some("none"),
            "covariance" => self.section.peek_text(key) != Some("classical"),
            _ => true,
        };
        let stated = idle.into_iter().filter(|(key, _)| self.section.peek(key) && says(key));
        let mut none = true;
        for (key, of) in stated {
            none = false;
            let word = self.of("estimator").peek_text("estimator").unwrap_or("");
            let text = format!("{key} says nothing to estimator = {word:?}");
            let fault = Fault::new(self.section.at_key(key), text);
            self.document.push(fault.help(format!("it belongs to {of}; delete the line")));
        }
        none.then_some(())
    }

    /// Says no to what is not known of observations that were made several times.
    pub(super) fn counts_fit(
        &self,
        estimator: &Estimator,
        covariance: &CovarianceKind,
        tests: &[TestKind],
        has_weights: bool,
    ) -> Option<()> {
        let known_covariance = matches!(
            covariance,
            CovarianceKind::Classical
                | CovarianceKind::White(Leverage::Hc0 | Leverage::Hc1)
                | CovarianceKind::Cluster(_)
        );
        let text = if !has_weights {
            "there are no weights to be counts: weights = \"n\" names their column"
        } else if !matches!(estimator, Estimator::Pooled { .. } | Estimator::Within { .. }) {
            "weights that are counts go with estimator = \"pooled\" and \"within\""
        } else if !known_covariance {
            "weights that are counts go with covariance = \"classical\", \"HC0\", \"HC1\" and \"cluster\""
        } else if !tests.is_empty() || self.of("singletons").peek_text("singletons") == Some("drop")
        {
            "weights that are counts go without tests and without singletons = \"drop\""
        } else {
            return Some(());
        };
        self.wrong(
            "weights_kind",
            text,
            "repeat the rows of the panel instead, or take weights_kind = \"analytic\"",
        )
    }
}
