//! Tests of unit roots that a model file asks for.

use super::ModelError;
use crate::econometrics::unit_roots::{self, Kind, Lags, Options, Series, UnitRoots};
use crate::panel::{Panel, evaluate};

/// A test of unit roots, as it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitRoot {
    /// Short name, unique in its file.
    pub name: String,
    /// Formula of the variable.
    pub variable: String,
    /// Which rows, as a test.
    pub sample: Option<String>,
    /// Tests, each of the same series.
    pub tests: Vec<Kind>,
    /// Terms, lags, variances.
    pub options: Options,
}

/// A variable, tested.
#[derive(Debug, Clone, PartialEq)]
pub struct TestedVariable {
    /// What was asked for.
    pub asked: UnitRoot,
    /// Number of periods of the unit with the fewest and of the one with the most.
    pub periods: (usize, usize),
    /// Tests in their order.
    pub tests: Vec<UnitRoots>,
    /// What should be known beside the numbers.
    pub remarks: Vec<String>,
}

impl UnitRoot {
    /// Lags in words.
    pub fn lags(&self) -> String {
        match self.options.lags {
            Lags::Fixed(1) => "1 lag".to_owned(),
            Lags::Fixed(lags) => format!("{lags} lags"),
            Lags::Chosen { by, .. } => format!("lags by {}", by.word()),
        }
    }
}

/// Tests a variable.
///
/// # Errors
/// Formulas that cannot be evaluated, years that a unit lacks within its own, series that cannot be tested.
pub fn unit_roots(panel: &Panel, asked: &UnitRoot) -> Result<TestedVariable, Vec<ModelError>> {
    let (series, mut remarks) = series(panel, asked)?;
    let sizes = series.iter().map(|own| own.values.len());
    let periods = (sizes.clone().min().unwrap_or(0), sizes.max().unwrap_or(0));
    let mut errors = Vec::new();
    let mut tests = Vec::new();
    for kind in &asked.tests {
        match unit_roots::test(&series, *kind, &asked.options) {
            Ok(own) => tests.push(own),
            Err(error) => errors.push(ModelError::whole("test", error)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    for remark in tests.iter_mut().flat_map(|own| std::mem::take(&mut own.remarks)) {
        if !remarks.contains(&remark) {
            remarks.push(remark);
        }
    }
    Ok(TestedVariable { asked: asked.clone(), periods, tests, remarks })
}

/// The values of each unit, which must follow each other in time.
fn series(panel: &Panel, asked: &UnitRoot) -> Result<(Vec<Series>, Vec<String>), Vec<ModelError>> {
    let mut errors = Vec::new();
    let mut one = |key: &'static str, error| errors.push(ModelError::of_formula((key, 0), error));
    let variable = evaluate::variable(panel, &asked.variable).map_err(|e| one("variable", e));
    let keep = asked.sample.as_ref().map(|text| evaluate::test(panel, text));
    let keep = keep.transpose().map_err(|e| one("sample", e));
    let (Ok(variable), Ok(keep)) = (variable, keep) else { return Err(errors) };
    let step = panel.times().windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or(1);
    let (units, periods) = (panel.units(), panel.periods());
    let mut series: Vec<Series> = Vec::new();
    let mut last: Option<(u32, u32)> = None;
    let mut absent = 0;
    for (row, value) in variable.values.iter().enumerate() {
        if keep.as_ref().is_some_and(|keep| !keep[row]) {
            continue;
        }
        if !value.is_finite() {
            absent += 1;
            continue;
        }
        let (unit, period) = (units.codes[row], periods.codes[row]);
        let of_unit = last.filter(|own| own.0 == unit).map(|own| own.1);
        if of_unit.is_none() {
            let name = units.labels[unit as usize].clone();
            series.push(Series { unit: name, values: Vec::new() });
        }
        if let Some(before) = of_unit
            && panel.times()[period as usize] - panel.times()[before as usize] != step
        {
            let text = format!(
                "{} has nothing between {} and {}: tests of unit roots need periods that follow each other",
                units.labels[unit as usize],
                periods.labels[before as usize],
                periods.labels[period as usize]
            );
            errors.push(ModelError::whole("variable", text));
        }
        last = Some((unit, period));
        if let Some(own) = series.last_mut() {
            own.values.push(*value);
        }
    }
    match series.is_empty() {
        true => errors.push(ModelError::whole("variable", "no row of the sample has a value")),
        false if errors.is_empty() => {
            let told =
                format!("{absent} rows of the sample lack {} and are left out", asked.variable);
            return Ok((series, (absent > 0).then_some(told).into_iter().collect()));
        }
        false => {}
    }
    Err(errors)
}
