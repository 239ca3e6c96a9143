//! `[uncertainty]`: what is drawn.

use super::Context;
use crate::fault::Fault;
use crate::input::TextFile;
use crate::input::by_sector;
use crate::input::document::{Located, Section};
use crate::input::sheet::Sheet;
use crate::scenario::density::Density;
use crate::scenario::uncertainty::{Concentration, Together, Uncertainty};
use crate::table::InputFile;
use crate::text::exact;

/// Most draws of one run.
const MOST: i64 = 1_000_000;

/// Largest concentration; beyond it nothing varies that double precision can hold.
const CONCENTRATED: f64 = 1e9;

/// What every concentration is above; at it, a draw has all of a product come from one region.
const DIFFUSE: f64 = 1e-3;

/// Reads `[uncertainty]`; `grows` where the baseline has paths of demand, be they faulty.
pub(super) fn uncertainty(
    section: &Section<'_>,
    context: Option<&Context<'_>>,
    (density, has_density): (Option<&Density>, bool),
    grows: bool,
    inputs: &mut Vec<InputFile>,
) -> Option<Uncertainty> {
    let document = section.document();
    let whole = |key: &'static str, default: i64, range: std::ops::RangeInclusive<i64>| {
        let Some(number) = section.integer(key) else { return Some(default) };
        if range.contains(&number.value) {
            return Some(number.value);
        }
        let text = format!("{key} is {}", number.value);
        let help = format!("a whole number from {} to {}", range.start(), range.end());
        document.push(Fault::new(number.at, text).help(help));
        None
    };
    let draws = whole("draws", i64::from(Uncertainty::DRAWS), 1..=MOST);
    let seed = whole("seed", Uncertainty::SEED as i64, 0..=i64::MAX);
    let elasticities = section.flag("elasticities");
    if elasticities == Some(true) && !has_density {
        let fault =
            Fault::new(section.at_key("elasticities"), "elasticities, but there is no [density]");
        document.push(fault.help("add [density], or leave elasticities out"));
    }
    let correlation = section.number("lag_correlation");
    if let Some(number) = correlation.as_ref().filter(|n| !(-0.5..1.0).contains(&n.value)) {
        let fault =
            Fault::new(number.at.clone(), format!("lag_correlation is {}", exact(number.value)));
        document.push(
            fault.help("from -0.5 to below 1; three lags cannot be more negatively correlated"),
        );
    }
    let between = |key: &'static str, low: f64, high: f64, help: &str| {
        let number = section.number(key)?;
        if number.value > low && number.value <= high {
            return Some(number.value);
        }
        document
            .push(Fault::new(number.at, format!("{key} is {}", exact(number.value))).help(help));
        None
    };
    let spread = between(
        "emission_factors",
        0.0,
        2.0,
        "the relative standard deviation, such as 0.05 for 5 %",
    );
    let together = section.word(
        "emission_factors_by",
        &[Together::All, Together::Sector, Together::Industry].map(|word| (word.word(), word)),
    );
    let trade_shares = if section.is_text("trade_shares") {
        section
            .text("trade_shares")
            .and_then(|text| concentrations(&text, section, context, inputs))
    } else {
        let number = between(
            "trade_shares",
            DIFFUSE,
            CONCENTRATED,
            "the concentration of the Dirichlet distribution, above 0.001: the larger, the surer; 100 is ± 5 points at a share of one half",
        );
        number.map(Concentration::Uniform)
    };
    let technology = technology(section);
    let growth =
        between("growth", 0.0, 0.2, "the standard deviation of yearly growth, such as 0.005");
    if growth.is_some() && !grows {
        let fault = Fault::new(section.at_key("growth"), "growth, but no demand grows");
        document.push(fault.help("add [[baseline.demand]], or leave growth out"));
    }
    let found = Uncertainty {
        draws: u32::try_from(draws?).ok()?,
        seed: u64::try_from(seed?).ok()?,
        elasticities: elasticities.unwrap_or(density.is_some()),
        lag_correlation: correlation.map_or(0.0, |number| number.value),
        emission_factors: spread
            .map(|spread| (spread, together.map(|word| word.value).unwrap_or_default())),
        trade_shares,
        technology,
        growth,
    };
    let nothing = !found.elasticities
        && found.emission_factors.is_none()
        && found.trade_shares.is_none()
        && found.technology.is_none()
        && found.growth.is_none();
    if nothing {
        let fault = Fault::new(section.at(), "[uncertainty] draws nothing");
        document.push(fault.help(
            "say what is uncertain: elasticities = true (with [density]), emission_factors, trade_shares, technology, growth",
        ));
    }
    Some(found)
}

/// `trade_shares = "FILE"`: columns sector and concentration, a line for each product; a line without
/// sector is for all others.
fn concentrations(
    text: &Located<String>,
    section: &Section<'_>,
    context: Option<&Context<'_>>,
    inputs: &mut Vec<InputFile>,
) -> Option<Concentration> {
    let (document, context) = (section.document(), context?);
    let path = document.keep(context.finder.find(text))?;
    let file = document.keep(TextFile::read(&path))?;
    inputs.push(file.record());
    let sheet = document.keep(Sheet::of(&file))?;
    let sectors = &context.table.industries().sectors;
    let values = by_sector::read(&sheet, sectors, "concentration", |value| {
        if value > DIFFUSE && value <= CONCENTRATED {
            return Ok(());
        }
        Err(format!(
            "the concentration is {}, expected a number above {DIFFUSE}: the larger, the surer",
            exact(value)
        ))
    });
    document.absorb(values).map(Concentration::ByProduct)
}

/// `technology = [low, high]`: range of the destination's share.
fn technology(section: &Section<'_>) -> Option<[f64; 2]> {
    let numbers = section.numbers("technology")?;
    match numbers.value[..] {
        [low, high] if 0.0 <= low && low < high && high <= 1.0 => Some([low, high]),
        _ => {
            let fault = Fault::new(numbers.at, "technology is no range");
            section.document().push(fault.help(
                "the share of the destination's technology, from and to: technology = [0.0, 1.0]",
            ));
            None
        }
    }
}
