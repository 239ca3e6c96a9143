//! Elasticities: a TOML file with source and cautions beside a CSV of coefficients.
//!
//! ```text
//! region,measure,variable,value,stars        or  ... ,value,se
//! national,OA,lnOA,-0.2580,2
//! ```
//!
//! Variables are `lnOA`, `lnOA_lag1`, `lnOA_lag2` (or LA, CA, TA), `lnEE`, `lnGDP`, `lnFDI`, `lnIS` and
//! `rho`; others (fit statistics) are passed over. `se` holds standard errors of an estimation, `stars`
//! only imply them. A further CSV `region,measure,variable,other,value` may give covariances.

use std::path::Path;

use super::TextFile;
use super::document::{Document, Section};
use super::kind::Kind;
use super::sheet::Sheet;
use super::table::Finder;
use crate::elasticities::{
    Caution, Control, Dependent, Elasticities, Estimate, Measure, Precision, Rule, Stars,
    star_implied,
};
use crate::fault::{Fault, Faults, Location};
use crate::labels::comparable;
use crate::linalg::Dense;
use crate::table::InputFile;
use crate::text::exact;

/// File of elasticities in the folder of an estimate.
pub const OF_A_FOLDER: &str = "elasticities.toml";

/// One line of the CSV.
#[derive(Debug, Clone)]
struct Line {
    group: String,
    measure: Measure,
    variable: Variable,
    value: f64,
    stars: Option<Stars>,
    error: Option<f64>,
    at: Location,
}

/// A variable that irio knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variable {
    Lag(usize),
    Control(Control),
    SpatialLag,
}

impl Variable {
    fn of(text: &str, measure: Measure) -> Option<Self> {
        let text = text.trim();
        let own = format!("ln{}", measure.word());
        let lag = |lag: usize| match lag {
            0 => own.clone(),
            lag => format!("{own}_lag{lag}"),
        };
        if text == "rho" {
            return Some(Variable::SpatialLag);
        }
        if let Some(found) = (0..=2).find(|at| text == lag(*at)) {
            return Some(Variable::Lag(found));
        }
        Control::ALL.into_iter().find(|control| control.word() == text).map(Variable::Control)
    }
}

/// Reads a set of elasticities, with the files it came from.
///
/// # Errors
/// Everything wrong with the files, each with its line.
pub fn read(path: &Path, data: Option<&Path>) -> Result<(Elasticities, Vec<InputFile>), Faults> {
    // Of a folder that `irio estimate` wrote, its elasticities.
    let within = path.join(OF_A_FOLDER);
    if path.is_dir() && !within.exists() {
        let fault = Fault::new(Location::whole(path), format!("is a folder without {OF_A_FOLDER}"));
        let help = "`irio estimate` writes one for models with [model.elasticities]: which coefficients are those of a density";
        return Err(fault.help(help).into());
    }
    let path = if path.is_dir() { within.as_path() } else { path };
    let file = TextFile::read(path)?;
    let document = Document::new(&file);
    let root = document.root()?;
    Kind::Elasticities.expect(&root)?;
    let source = root.required_text("source").map(|text| text.value).unwrap_or_default();
    let dependent = root
        .word(
            "dependent",
            &[("emissions", Dependent::Emissions), ("intensity", Dependent::Intensity)],
        )
        .map(|word| word.value)
        .unwrap_or_default();
    let covers = root.text("covers").map(|text| text.value);
    let finder = Finder::new(path, data);
    let mut inputs = vec![file.record()];
    let mut sheet = |key: &'static str, required: bool| {
        let text = if required { root.required_text(key) } else { root.text(key) }?;
        let path = document.keep(finder.find(&text))?;
        let file = document.keep(TextFile::read(&path))?;
        inputs.push(file.record());
        document.keep(Sheet::of(&file))
    };
    let (values, covariance) = (sheet("values", true), sheet("covariance", false));
    let cautions = root.sections("caution").iter().filter_map(caution).collect();
    root.finish();
    let lines = values.and_then(|sheet| document.absorb(lines(&sheet)));
    let covariances = match &covariance {
        Some(sheet) => document.absorb(covariances(sheet)).unwrap_or_default(),
        None => Vec::new(),
    };
    let estimates =
        lines.and_then(|lines| document.absorb(estimates(&lines, &covariances, dependent)));
    match (estimates, document.take_faults()) {
        (Some(estimates), faults) if faults.is_empty() => {
            Ok((Elasticities { source, covers, estimates, cautions }, inputs))
        }
        (_, faults) => Err(faults),
    }
}

fn caution(section: &Section<'_>) -> Option<Caution> {
    let document = section.document();
    let group = section.text("region").map(|text| comparable(&text.value));
    let words = Measure::ALL.map(|measure| (measure.word(), measure));
    let measure = section.word("measure", &words).map(|word| word.value);
    section.require("rule");
    let rule = section.word("rule", &[("refuse", 0), ("flag", 1), ("spatial_lag_of", 2)]);
    let other = section.text("other");
    let reason = section.required_text("reason");
    section.finish();
    let rule = match (rule?.value, other) {
        (0, _) => Rule::Refuse,
        (1, _) => Rule::Flag,
        (_, Some(other)) => Rule::SpatialLagOf(comparable(&other.value)),
        _ => {
            let fault = Fault::new(section.at(), "spatial_lag_of needs \"other\"");
            document.push(fault.help("other = \"national\" names the group that lends its ρ"));
            return None;
        }
    };
    Some(Caution { group, measure, rule, reason: reason?.value })
}

/// Group and measure of a line.
fn equation(sheet: &Sheet, row: usize, columns: [usize; 2]) -> Result<(String, Measure), Fault> {
    let group = comparable(sheet.cell(row, columns[0]));
    if group.is_empty() {
        return Err(Fault::new(sheet.at(row, columns[0]), "a line without a region"));
    }
    let text = sheet.cell(row, columns[1]);
    let measure =
        Measure::ALL.into_iter().find(|measure| measure.word().eq_ignore_ascii_case(text));
    let measure = measure.ok_or_else(|| {
        Fault::new(sheet.at(row, columns[1]), format!("unknown measure {text:?}"))
            .help("measures are OA (output), LA (labour), CA (capital), TA (research)")
    })?;
    Ok((group, measure))
}

/// Largest coefficient that is believed: 1 % more density, and twice the emissions.
const LARGEST: f64 = 100.0;

/// A coefficient that is no elasticity.
fn too_large(value: f64, at: Location) -> Option<Fault> {
    let fault = Fault::new(at, format!("a coefficient of {}", exact(value)));
    (value.abs() > LARGEST).then(|| {
        fault.help(format!("an elasticity is a few units at most, never beyond {LARGEST}"))
    })
}

fn lines(sheet: &Sheet) -> Result<Vec<Line>, Faults> {
    let mut faults = Faults::default();
    let Some([group, measure, variable, value]) = sheet.columns(
        ["region", "measure", "variable", "value"],
        "the header has region,measure,variable,value",
        &mut faults,
    ) else {
        return Err(faults);
    };
    let (stars, error) = (sheet.column(0, &["stars"]), sheet.column(0, &["se"]));
    let mut lines: Vec<Line> = Vec::new();
    for row in 1..sheet.rows() {
        let Some((group, measure)) = faults.keep(equation(sheet, row, [group, measure])) else {
            continue;
        };
        let number = faults.keep(sheet.number(row, value));
        let Some(known) = Variable::of(sheet.cell(row, variable), measure) else { continue };
        let stars = stars.and_then(|column| {
            let found = faults.keep(sheet.number(row, column))?;
            if ![0.0, 1.0, 2.0, 3.0].contains(&found) {
                let fault = Fault::new(sheet.at(row, column), format!("{found} stars"));
                faults.push(fault.help("0 none, 1 p < 0.1, 2 p < 0.05, 3 p < 0.01"));
            }
            Some(Stars(found.clamp(0.0, 3.0) as u8))
        });
        let error = error.and_then(|column| {
            let found = faults.keep(sheet.number(row, column))?;
            if found < 0.0 {
                let fault = Fault::new(sheet.at(row, column), "a negative standard error");
                faults.push(fault);
            }
            Some(found)
        });
        let at = sheet.at(row, variable);
        if lines.iter().any(|l| l.group == group && l.measure == measure && l.variable == known) {
            let text =
                format!("{} of {} {group} stands twice", sheet.cell(row, variable), measure.word());
            faults.push(Fault::new(at.clone(), text));
        }
        let told = number.and_then(|number| too_large(number, sheet.at(row, value)));
        faults.keep(told.map_or(Ok(()), Err));
        if let Some(value) = number {
            lines.push(Line { group, measure, variable: known, value, stars, error, at });
        }
    }
    faults.into_result(lines)
}

/// A covariance of two variables of one equation.
type Covariance = (String, Measure, Variable, Variable, f64);

fn covariances(sheet: &Sheet) -> Result<Vec<Covariance>, Faults> {
    let mut faults = Faults::default();
    let Some([group, measure, variable, other, value]) = sheet.columns(
        ["region", "measure", "variable", "other", "value"],
        "the header has region,measure,variable,other,value",
        &mut faults,
    ) else {
        return Err(faults);
    };
    let mut found = Vec::new();
    for row in 1..sheet.rows() {
        let equation = faults.keep(equation(sheet, row, [group, measure]));
        let number = faults.keep(sheet.number(row, value));
        let (Some((group, measure)), Some(number)) = (equation, number) else { continue };
        let of = |column| Variable::of(sheet.cell(row, column), measure);
        if let (Some(a), Some(b)) = (of(variable), of(other)) {
            found.push((group, measure, a, b, number));
        }
    }
    faults.into_result(found)
}

fn estimates(
    lines: &[Line],
    covariances: &[Covariance],
    dependent: Dependent,
) -> Result<Vec<Estimate>, Faults> {
    let mut faults = Faults::default();
    let mut equations: Vec<(&str, Measure)> = Vec::new();
    for line in lines {
        if !equations.contains(&(line.group.as_str(), line.measure)) {
            equations.push((&line.group, line.measure));
        }
    }
    let mut estimates = Vec::new();
    for (group, measure) in equations {
        let own: Vec<&Line> =
            lines.iter().filter(|line| line.group == group && line.measure == measure).collect();
        let of = |variable| own.iter().find(|line| line.variable == variable).copied();
        let lags: Vec<&Line> = (0..=2).map_while(|lag| of(Variable::Lag(lag))).collect();
        let later = (lags.len()..=2).find_map(|lag| of(Variable::Lag(lag)));
        if let (Some(later), false) = (later, lags.is_empty()) {
            let text = format!(
                "the equation of {} for {group} has no lag {}, but a longer one",
                measure.word(),
                lags.len()
            );
            let fault = Fault::new(later.at.clone(), text);
            faults.push(fault.help("give every lag up to the longest; 0 where one was left out"));
        }
        if lags.is_empty() {
            let text = format!("the equation of {} for {group} has no ln{0}", measure.word());
            faults.push(Fault::new(own[0].at.clone(), text));
            continue;
        }
        let rho = of(Variable::SpatialLag);
        let controls = Control::ALL
            .into_iter()
            .filter_map(|control| Some((control, of(Variable::Control(control))?.value)))
            .collect();
        let (mut covariance, mut precision) = spread(&lags, rho);
        for (_, _, a, b, value) in
            covariances.iter().filter(|(g, m, ..)| g.as_str() == group && *m == measure)
        {
            let place = |variable: &Variable| match variable {
                Variable::Lag(lag) => (*lag < lags.len()).then_some(*lag),
                Variable::SpatialLag => Some(lags.len()),
                Variable::Control(_) => None,
            };
            if let (Some(a), Some(b)) = (place(a), place(b)) {
                (covariance[(a, b)], covariance[(b, a)]) = (*value, *value);
                precision = Precision::Estimated;
            }
        }
        estimates.push(Estimate {
            group: group.to_owned(),
            measure,
            dependent,
            lags: lags.iter().map(|line| line.value).collect(),
            controls,
            spatial_lag: rho.map_or(0.0, |line| line.value),
            covariance,
            precision,
        });
    }
    faults.into_result(estimates)
}

/// Variances of the lags and ρ: of standard errors where there are some, else of the stars.
fn spread(lags: &[&Line], rho: Option<&Line>) -> (Dense, Precision) {
    let count = lags.len();
    let mut covariance = Dense::zeros(count + 1, count + 1);
    let errors: Option<Vec<f64>> = lags.iter().map(|line| line.error).collect();
    let stars: Option<Vec<(f64, Stars)>> =
        lags.iter().map(|line| Some((line.value, line.stars?))).collect();
    let (errors, precision) = match (errors, stars) {
        (Some(errors), _) => (errors, Precision::Estimated),
        (None, Some(stars)) => (star_implied(&stars), Precision::StarImplied),
        (None, None) => (vec![0.0; count], Precision::Unknown),
    };
    errors.iter().enumerate().for_each(|(at, se)| covariance[(at, at)] = se * se);
    let of_rho = rho.map_or(0.0, |line| match (line.error, line.stars) {
        (Some(error), _) => error,
        (None, Some(stars)) => stars.standard_error(line.value),
        (None, None) => 0.0,
    });
    covariance[(count, count)] = of_rho * of_rho;
    (covariance, precision)
}
