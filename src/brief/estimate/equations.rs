//! Equations of an estimate, as `estimate.json` tells of them.

use std::collections::BTreeMap;

use serde::Deserialize;

/// All of the file that a brief speaks of.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct About {
    /// The panel.
    pub panel: Panel,
    /// What the variables are, by name.
    pub variables: BTreeMap<String, Variable>,
    /// The equations.
    pub models: Vec<Equation>,
}

/// Where the observations are from.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Panel {
    /// Name of the column of units.
    pub id: String,
    /// Name of the column of periods.
    pub time: String,
    /// The first period.
    pub first: Option<String>,
    /// The last.
    pub last: Option<String>,
}

impl Panel {
    /// Whether periods are years.
    pub fn is_yearly(&self) -> bool {
        let year = |text: &Option<String>| {
            let year = text.as_deref().and_then(|text| text.trim().parse::<i32>().ok());
            year.is_some_and(|year| (1800..2200).contains(&year))
        };
        year(&self.first) && year(&self.last)
    }
}

/// What a variable is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Variable {
    /// The variable without its lag.
    pub of: String,
    /// What it is a logarithm of, or itself.
    pub level: String,
    /// Whether it is a logarithm.
    pub logarithm: bool,
    /// So many periods before.
    pub lag: i64,
    /// Its unit; of a logarithm that of its level.
    pub unit: Option<String>,
}

/// One equation and how it was estimated.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Equation {
    /// Its name.
    pub name: String,
    /// The response.
    pub dependent: String,
    /// The regressors, what it is about first.
    pub regressors: Vec<String>,
    /// How it is estimated.
    pub estimator: String,
    /// Which spatial equation, and how its likelihood is taken.
    pub equation: Vec<String>,
    /// Fixed effects.
    pub effects: Vec<String>,
    /// What carries a part of the effect of the first regressor.
    pub mediator: Option<String>,
    /// A regressor and its square.
    pub quadratic: Option<(String, String)>,
    /// Which rows.
    pub sample: Option<String>,
    /// Kind of its standard errors.
    pub covariance: String,
    /// Columns of clusters.
    pub clusters: Vec<String>,
}

/// How a coefficient is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Both are logarithms: % for 1 %.
    Elasticity,
    /// The response is a logarithm, the regressor a share: % for a percentage point.
    PerPoint,
    /// The response is a logarithm, the regressor is not.
    OfLogarithm,
    /// The regressor is a logarithm, the response is not.
    PerLogarithm,
    /// Neither is.
    Level,
}

impl Reading {
    /// The word that sentences ask for.
    pub fn word(self) -> &'static str {
        match self {
            Reading::Elasticity => "elasticity",
            Reading::PerPoint => "per_point",
            Reading::OfLogarithm => "of_logarithm",
            Reading::PerLogarithm => "per_logarithm",
            Reading::Level => "level",
        }
    }
}

impl About {
    /// The equations and variables of a text; nothing of a text that has none.
    pub fn of(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// What a variable is; one that is not told of is what it is called.
    pub fn variable(&self, name: &str) -> Variable {
        self.variables.get(name).cloned().unwrap_or_else(|| Variable {
            of: name.to_owned(),
            level: name.to_owned(),
            ..Variable::default()
        })
    }

    /// How the coefficient of a regressor is read.
    pub fn reading(&self, equation: &Equation, regressor: &str) -> Reading {
        let (y, x) = (self.variable(&equation.dependent), self.variable(regressor));
        match (y.logarithm, x.logarithm) {
            (true, true) => Reading::Elasticity,
            (true, false) if x.unit.as_deref() == Some("share") => Reading::PerPoint,
            (true, false) => Reading::OfLogarithm,
            (false, true) => Reading::PerLogarithm,
            (false, false) => Reading::Level,
        }
    }

    /// Unit of the coefficient of a regressor, so read.
    pub fn unit(&self, equation: &Equation, reading: Reading) -> String {
        match reading {
            Reading::Elasticity | Reading::PerPoint => "%".to_owned(),
            Reading::OfLogarithm => "1".to_owned(),
            Reading::PerLogarithm | Reading::Level => {
                self.variable(&equation.dependent).unit.unwrap_or_else(|| "1".to_owned())
            }
        }
    }
}

impl Equation {
    /// What it is about: its first regressor.
    pub fn first(&self) -> &str {
        self.regressors.first().map_or("", String::as_str)
    }

    /// Whether a product with the first regressor is among the others, so that its coefficient is that of a part.
    pub fn crosses(&self, about: &About) -> bool {
        let of = about.variable(self.first()).of;
        let holds = |other: &&String| {
            other.contains(':') && other.split([':', '(', ')', ' ', ',']).any(|part| part == of)
        };
        self.regressors.iter().skip(1).any(|other| holds(&other))
    }

    /// The first regressor at all its periods, the latest first.
    pub fn periods(&self, about: &About) -> Vec<(i64, &str)> {
        let of = about.variable(self.first()).of;
        let own = |name: &String| about.variable(name).of == of;
        let mut found: Vec<(i64, &str)> = (self.regressors.iter().filter(|name| own(name)))
            .map(|name| (about.variable(name).lag, name.as_str()))
            .collect();
        found.sort();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{
        "panel": {"id": "region", "time": "year", "first": "2000", "last": "2018"},
        "variables": {
            "lnCO2": {"of": "lnCO2", "level": "co2", "logarithm": true, "lag": 0, "unit": null},
            "lnOA": {"of": "lnOA", "level": "output / area", "logarithm": true, "lag": 0, "unit": null},
            "lag(lnOA, 1)": {"of": "lnOA", "level": "output / area", "logarithm": true, "lag": 1},
            "IS": {"of": "IS", "level": "IS", "logarithm": false, "lag": 0, "unit": "share"}
        },
        "models": [{
            "name": "OA", "dependent": "lnCO2", "regressors": ["lag(lnOA, 1)", "lnOA", "IS", "lnOA:(zone == 'east')"],
            "quadratic": null, "unknown": 1
        }]
    }"#;

    #[test]
    fn coefficients_are_read_by_what_variables_are() {
        let about = About::of(TEXT);
        let own = &about.models[0];
        assert_eq!(about.reading(own, "lnOA"), Reading::Elasticity);
        assert_eq!(about.reading(own, "IS"), Reading::PerPoint);
        assert_eq!(about.reading(own, "other"), Reading::OfLogarithm);
        assert_eq!(about.unit(own, Reading::PerPoint), "%");
        assert_eq!(own.periods(&about), [(0, "lnOA"), (1, "lag(lnOA, 1)")]);
        assert!(own.crosses(&about) && about.panel.is_yearly());
    }

    #[test]
    fn another_text_has_no_equations() {
        assert!(About::of("{\"models\": 3}").models.is_empty());
        assert!(!About::of("").panel.is_yearly());
    }
}
