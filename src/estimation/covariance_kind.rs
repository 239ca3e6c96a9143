//! The covariance that a model asks for, with its groups and places.

use super::{CovarianceKind, Model, ModelError, grouping};
use crate::earth::DEGREES;
use crate::econometrics::covariance::Kind;
use crate::econometrics::design::{Design, Grouping};
use crate::econometrics::linear::Fit;
use crate::panel::Panel;
use crate::panel::evaluate;

/// The covariance of a fit.
pub(super) fn of(
    panel: &Panel,
    design: &Design,
    fit: &Fit,
    model: &Model,
) -> Result<Kind, Vec<ModelError>> {
    let columns = &fit.columns;
    let by = |name: &String| -> Result<Grouping, Vec<ModelError>> {
        let own = grouping(panel, design, "cluster", name)?;
        if own.codes.len() == columns.len() {
            return Ok(own);
        }
        // Means and differences have the groups of what they are made of.
        match name.as_str() {
            name if name == design.units.name || name == "individual" => Ok(columns.units.clone()),
            name if name == design.periods.name || name == "time" => Ok(columns.periods.clone()),
            _ => Err(vec![ModelError::whole(
                "covariance",
                "means and differences cluster by unit or period",
            )]),
        }
    };
    let periods = columns.periods.count();
    let lags =
        |lags: &Option<usize>| lags.unwrap_or_else(|| (periods as f64).powf(0.25).floor() as usize);
    Ok(match &model.covariance {
        CovarianceKind::Classical => Kind::Classical,
        CovarianceKind::White(leverage) => Kind::White(*leverage),
        CovarianceKind::Cluster(names) => {
            Kind::Cluster(names.iter().map(by).collect::<Result<_, _>>()?)
        }
        CovarianceKind::Jackknife(name) => Kind::Jackknife(by(name)?),
        CovarianceKind::NeweyWest(own) => Kind::NeweyWest(lags(own)),
        CovarianceKind::DriscollKraay(own) => Kind::DriscollKraay(lags(own)),
        CovarianceKind::BeckKatz { of_periods } => Kind::BeckKatz { of_periods: *of_periods },
        CovarianceKind::Conley { places, cutoff, kernel } => {
            let of = |text: &String| -> Result<Vec<f64>, Vec<ModelError>> {
                let own = evaluate::variable(panel, text)
                    .map_err(|error| vec![ModelError::of_formula(("covariance", 0), error)])?;
                Ok(design.rows.iter().map(|row| own.values[*row as usize]).collect())
            };
            let (lon, lat) = (of(&places[0])?, of(&places[1])?);
            let places: Vec<[f64; 2]> = lon.into_iter().zip(lat).map(<[f64; 2]>::from).collect();
            let on_earth =
                |place: &[f64; 2]| place.iter().zip(&DEGREES).all(|(x, own)| own.contains(x));
            if places.len() != columns.len() || !places.iter().all(on_earth) {
                let text = "Conley's covariance needs a longitude (-180 to 360 degrees) and a latitude (-90 to 90) of every \
                            observation, and observations as they are";
                return Err(vec![ModelError::whole("covariance", text)]);
            }
            Kind::Conley { places, cutoff: *cutoff, kernel: *kernel }
        }
    })
}
