//! Scenarios on one table: against their baseline and one another, and who gives against who receives.

mod ranking;

use std::collections::BTreeSet;

use super::draws::{apart, band, common, drawn_over};
use super::given::{Common, Given, OF_DRAWS, codes, common_to, left_out, ranged_lines};
use super::products::{self, Product};
use super::quadrant::{Quadrant, Standing};
use super::ratios::{self, Ratio};
use super::{BASELINE, CompareError, Compared, Drawn, Measured, NAMED, OUTPUT, VALUE_ADDED};
use crate::fault::{Note, NoteCode};
use crate::labels::{Label, listed, places};
use crate::recorded::{NamedCode, Recorded, Summary};
use crate::tidy::Column;

pub use ranking::Rank;

/// A scenario against its baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Position of the scenario.
    pub scenario: usize,
    /// Year.
    pub year: i32,
    /// Position of the quantity.
    pub quantity: usize,
    /// Position of the place.
    pub place: usize,
    /// Level without the moves.
    pub baseline: f64,
    /// Level with them.
    pub with_moves: f64,
    /// Scenario less baseline.
    pub difference: Drawn,
    /// The same over the baseline; none where that is zero.
    pub of_baseline: Option<f64>,
    /// Shares of draws above and below zero, in the run's last year.
    pub signs: Option<[f64; 2]>,
    /// Share of all ways to compute it that have the sign of the headline, in the run's last year.
    pub agreement: Option<f64>,
}

/// Shares of the draws that two scenarios have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares {
    /// In which the first is better.
    pub better: f64,
    /// In which it is worse.
    pub worse: f64,
    /// In which they are the same.
    pub equal: f64,
    /// How many draws there are.
    pub draws: usize,
}

/// One scenario less another.
#[derive(Debug, Clone, PartialEq)]
pub struct Against {
    /// Year.
    pub year: i32,
    /// Position of the quantity.
    pub quantity: usize,
    /// Position of the place.
    pub place: usize,
    /// Position of the one.
    pub from: usize,
    /// Position of the other; none is the baseline.
    pub to: Option<usize>,
    /// Difference of the one less that of the other, with its range over common draws.
    pub difference: Drawn,
    /// How often which is better; none where draws are not the same.
    pub shares: Option<Shares>,
}

/// A number of a side of a scenario, as its run tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct SideLine {
    /// Position of the scenario.
    pub scenario: usize,
    /// Code of the quantity.
    pub quantity: String,
    /// Unit.
    pub unit: String,
    /// Code of the place.
    pub place: String,
    /// What of it: `moved_output`, `change`, `per_moved_output`, `intensity_of_change`, `share_of_gross`, `mismatch`.
    pub measure: String,
    /// `giving`, `receiving`, `both`, `elsewhere`, `group` or `all`.
    pub side: String,
    /// The number.
    pub number: Drawn,
}

/// Scenarios beside each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenarios {
    /// What is compared.
    pub names: Vec<Compared>,
    /// Years that all have, rising.
    pub years: Vec<i32>,
    /// Quantities that all have.
    pub quantities: Vec<Measured>,
    /// Regions, groups that all have, then all together.
    pub places: Vec<NamedCode>,
    /// How many of the places are regions.
    pub regions: usize,
    /// Each scenario against its baseline, in every common year.
    pub differences: Vec<Difference>,
    /// Each against the baseline and against those behind it, in every common year.
    pub against: Vec<Against>,
    /// Ranks in the last common year; none for one scenario.
    pub ranks: Vec<Rank>,
    /// Who gives and who receives, of scenarios that end in the last common year.
    pub sides: Vec<SideLine>,
    /// Value added against stressors by place, in the last common year.
    pub standings: Vec<Standing<3>>,
    /// Ratios between sides and what would break even, of scenarios that end in the last common year.
    pub ratios: Vec<Ratio>,
    /// Intensity of what left and of what arrived, product by product.
    pub products: Vec<Product>,
    /// What a reader should know.
    pub notes: Vec<Note>,
}

impl Scenarios {
    /// The last common year.
    pub fn last(&self) -> i32 {
        self.years.last().copied().unwrap_or_default()
    }

    /// Position of a quantity.
    pub fn quantity(&self, code: &str) -> Option<usize> {
        self.quantities.iter().position(|quantity| quantity.code() == code)
    }

    /// Code of a scenario, or the word for the baseline.
    pub fn code(&self, scenario: Option<usize>) -> &str {
        scenario.map_or(BASELINE, |at| &self.names[at].code)
    }
}

/// Compares folders of `irio run`.
pub(super) fn scenarios(results: &[Recorded]) -> Result<Scenarios, Vec<CompareError>> {
    let given = given(results)?;
    let mut notes = Vec::new();
    let summaries: Vec<&Summary> = given.iter().map(Given::summary).collect();
    let Common { places, regions, quantities, left } = common_to(&summaries)?;
    notes.extend(left_out(&left));
    let quantities = measured(&given, quantities, &places[0].code);
    same_table(&given, &quantities, &places[..regions])?;
    let years = common_years(&given, &mut notes)?;
    let mut found = Scenarios {
        names: given.iter().map(|one| one.compared.clone()).collect(),
        years,
        quantities,
        places,
        regions,
        differences: Vec::new(),
        against: Vec::new(),
        ranks: Vec::new(),
        sides: Vec::new(),
        standings: Vec::new(),
        ratios: Vec::new(),
        products: Vec::new(),
        notes: Vec::new(),
    };
    found.differences = differences(&given, &found);
    let shared = Shared::of(&given, found.last());
    found.against = against(&given, &found, &shared);
    found.ranks = ranking::ranks(&given, &found, &shared);
    found.standings = standings(&given, &found);
    found.sides = sides(&given, &found);
    found.ratios = ratios::ratios(&given, &found, &mut notes);
    found.products = products::products(&given, &found);
    notes.extend(other_baselines(&given, &found));
    notes.extend(other_readings(&given));
    notes.extend(shared.note(&given));
    notes.extend(shared.alike(&given));
    found.notes = notes;
    Ok(found)
}

fn given(results: &[Recorded]) -> Result<Vec<Given<'_>>, Vec<CompareError>> {
    let text = |summary: &Summary, key: &str| {
        summary.switches.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    };
    let codes = codes(results, |summary| text(summary, "scenario"));
    let (mut given, mut errors) = (Vec::new(), Vec::new());
    for (index, (recorded, code)) in results.iter().zip(codes).enumerate() {
        let named = recorded.summary.labels.get("scenarios").and_then(|all| all.first());
        let [en, zh] = named.map(|own| [own.en.clone(), own.zh.clone()]).unwrap_or_default();
        let compared = Compared {
            label: Label::new(code.clone(), en, zh),
            code,
            folder: recorded.folder.clone(),
            title: recorded.summary.title.clone(),
            description: text(&recorded.summary, "description"),
        };
        match Given::of(index, recorded, compared) {
            Ok(one) => given.push(one),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(given) } else { Err(errors) }
}

/// Quantities that all have, and whether more of them is better; one with two units is a fault.
fn measured(given: &[Given<'_>], found: Vec<NamedCode>, region: &str) -> Vec<Measured> {
    // What has a name but no sums, such as jobs of [realism], is told elsewhere.
    let has = |code: &str| {
        given.iter().all(|one| one.sum(one.years[0], code, region, "difference").is_some())
    };
    found
        .into_iter()
        .filter(|named| has(&named.code))
        .map(|named| Measured { better: given[0].better(&named.code), named })
        .collect()
}

/// Whether the base year is the same, number by number: that of one table with one treatment of its columns.
fn same_table(
    given: &[Given<'_>],
    quantities: &[Measured],
    regions: &[NamedCode],
) -> Result<(), Vec<CompareError>> {
    let base = |one: &Given<'_>, quantity: &Measured, region: &NamedCode| {
        one.sum(one.years[0], quantity.code(), &region.code, "base")
    };
    let told = |one: &Given<'_>, quantity: &Measured, region: &NamedCode| {
        let table = one.summary().tables.first();
        let value = base(one, quantity, region).unwrap_or_default();
        format!(
            "{} ({}; {} of {} {value} {})",
            table.map_or("no table", |table| &table.name),
            table.map_or(0, |table| table.year),
            quantity.code(),
            region.code,
            quantity.unit()
        )
    };
    let cells =
        || quantities.iter().flat_map(|quantity| regions.iter().map(move |r| (quantity, r)));
    let mut errors = Vec::new();
    for (index, one) in given.iter().enumerate().skip(1) {
        let other = cells().find(|(quantity, region)| {
            base(one, quantity, region) != base(&given[0], quantity, region)
        });
        if let Some((quantity, region)) = other {
            errors.push(CompareError::Table {
                index,
                found: told(one, quantity, region),
                first: told(&given[0], quantity, region),
            });
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn common_years(given: &[Given<'_>], notes: &mut Vec<Note>) -> Result<Vec<i32>, Vec<CompareError>> {
    let mut years: BTreeSet<i32> = given[0].years.iter().copied().collect();
    let span = |years: &mut dyn Iterator<Item = i32>| {
        let all: Vec<i32> = years.collect();
        match all[..] {
            [] => String::new(),
            [only] => only.to_string(),
            [first, .., last] => format!("{first} to {last}"),
        }
    };
    for (index, one) in given.iter().enumerate() {
        let own: BTreeSet<i32> = one.years.iter().copied().collect();
        let both: BTreeSet<i32> = years.intersection(&own).copied().collect();
        if both.is_empty() {
            return Err(vec![CompareError::Years {
                index,
                found: span(&mut own.into_iter()),
                first: span(&mut years.into_iter()),
            }]);
        }
        years = both;
    }
    let last = years.last().copied().unwrap_or_default();
    let longer: Vec<&str> = given
        .iter()
        .filter(|one| one.last() != last)
        .map(|one| one.compared.code.as_str())
        .collect();
    if !longer.is_empty() {
        let text = format!(
            "{last} is the last year that all have, and not the last of {}: sides, ratios and draws, which are of a run's last year, \
             are left out for them",
            listed(&longer, NAMED)
        );
        notes.push(Note::new(NoteCode::PartlyCompared, text));
    }
    Ok(years.into_iter().collect())
}

/// Every scenario, year, quantity and place.
fn cells(found: &Scenarios) -> impl Iterator<Item = (i32, usize, usize)> + '_ {
    let of_year = move |year: i32| {
        (0..found.quantities.len()).flat_map(move |quantity| {
            (0..found.places.len()).map(move |place| (year, quantity, place))
        })
    };
    found.years.iter().flat_map(move |year| of_year(*year))
}

fn differences(given: &[Given<'_>], found: &Scenarios) -> Vec<Difference> {
    let one = |scenario: usize, (year, quantity, place): (i32, usize, usize)| {
        let own = &given[scenario];
        let (code, region) = (found.quantities[quantity].code(), &found.places[place].code);
        let level = |factor: &str| own.sum(year, code, region, factor);
        let (signs, agreement) =
            if year == own.last() { own.signs(code, region) } else { (None, None) };
        Some(Difference {
            scenario,
            year,
            quantity,
            place,
            baseline: level("baseline")?,
            with_moves: level("scenario")?,
            difference: own.difference(year, code, region)?,
            of_baseline: level("difference_of_baseline"),
            signs,
            agreement,
        })
    };
    (0..given.len())
        .flat_map(|scenario| cells(found).filter_map(move |cell| one(scenario, cell)))
        .collect()
}

/// Which scenarios have the same draws of the last common year.
struct Shared {
    /// Why two do not, by the one and the one behind it; none where they do.
    why: Vec<Vec<Option<String>>>,
}

impl Shared {
    fn of(given: &[Given<'_>], last: i32) -> Self {
        let why = |a: &Given<'_>, b: &Given<'_>| {
            let one = |own: &Given<'_>| {
                (own.last() != last).then(|| {
                    format!("draws of {} are of {}, not of {last}", own.compared.code, own.last())
                })
            };
            let named = |own: &Given<'_>| own.compared.code.clone();
            let (x, y) = (named(a), named(b));
            apart((&x, a.recorded), (&y, b.recorded)).or_else(|| one(a)).or_else(|| one(b))
        };
        let later = |a: usize, b: usize| if a < b { why(&given[a], &given[b]) } else { None };
        let row = |a: usize| (0..given.len()).map(|b| later(a, b)).collect();
        Shared { why: (0..given.len()).map(row).collect() }
    }

    /// Whether two scenarios have the same draws.
    fn both(&self, a: usize, b: usize) -> bool {
        self.why[a.min(b)][a.max(b)].is_none()
    }

    /// Whether all of several have the same draws.
    fn all(&self) -> bool {
        self.why.iter().flatten().all(Option::is_none)
    }

    /// Which scenarios differ in the technology of plants that is drawn in both alike.
    fn alike(&self, given: &[Given<'_>]) -> Option<Note> {
        let pairs = (0..given.len()).flat_map(|a| (a + 1..given.len()).map(move |b| (a, b)));
        let same: Vec<String> = pairs
            .filter(|(a, b)| {
                self.both(*a, *b) && drawn_over(given[*a].summary(), given[*b].summary())
            })
            .map(|(a, b)| format!("{} and {}", given[a].compared.code, given[b].compared.code))
            .collect();
        (!same.is_empty()).then(|| {
            let text = format!(
                "the technology of the plants is drawn in every scenario alike, so draws do not tell apart what these say of it: {}",
                listed(&same, NAMED)
            );
            Note::new(NoteCode::DrawnAlike, text)
        })
    }

    /// Why no share of draws is given for some.
    fn note(&self, given: &[Given<'_>]) -> Option<Note> {
        let why: Vec<&str> = self.why.iter().flatten().flatten().map(String::as_str).collect();
        let first = why.first()?;
        let pairs = given.len() * (given.len() - 1) / 2;
        let which = if why.len() == pairs {
            "no two of these scenarios share their draws".to_owned()
        } else {
            format!("{} of {pairs} pairs of scenarios do not share their draws", why.len())
        };
        let more = if why.len() > 1 { " (the first reason)" } else { "" };
        let text = format!(
            "{which}, so it is not said how often one is better: {first}{more}; draws are the same where seed, number of draws and all \
             that is drawn are"
        );
        Some(Note::new(NoteCode::NoSharedDraws, text))
    }
}

fn against(given: &[Given<'_>], found: &Scenarios, shared: &Shared) -> Vec<Against> {
    let own = |scenario: usize, year: i32, quantity: usize, place: usize| {
        let (code, region) = (found.quantities[quantity].code(), &found.places[place].code);
        given[scenario].difference(year, code, region)
    };
    let mut all = Vec::new();
    for (year, quantity, place) in cells(found) {
        let better = found.quantities[quantity].better;
        let (code, region) = (found.quantities[quantity].code(), &found.places[place].code);
        let drawn = |scenario: usize| match given[scenario].last() == year {
            true => given[scenario].draws.numbered(code, region),
            false => &[],
        };
        for from in 0..given.len() {
            let Some(a) = own(from, year, quantity, place) else { continue };
            let alone: Vec<f64> = drawn(from).iter().map(|(_, value)| *value).collect();
            let (to, difference) = (None, a);
            let shares = shares(better, &alone);
            all.push(Against { year, quantity, place, from, to, difference, shares });
            for to in from + 1..given.len() {
                let Some(b) = own(to, year, quantity, place) else { continue };
                let both = if shared.both(from, to) {
                    common(&[drawn(from), drawn(to)])
                } else {
                    Vec::new()
                };
                let apart: Vec<f64> = both.iter().map(|draw| less(draw[0], draw[1])).collect();
                let shares = self::shares(better, &apart);
                let difference = Drawn { value: less(a.value, b.value), range: band(apart) };
                let to = Some(to);
                all.push(Against { year, quantity, place, from, to, difference, shares });
            }
        }
    }
    all
}

/// One change less another; what is lost in rounding is nothing.
fn less(a: f64, b: f64) -> f64 {
    places::clean(a - b, a.abs() + b.abs())
}

fn shares(better: super::Better, apart: &[f64]) -> Option<Shares> {
    let draws = apart.len();
    let share = |count: usize| count as f64 / draws as f64;
    let equal = apart.iter().filter(|value| **value == 0.0).count();
    let ahead = apart.iter().filter(|value| better.is(**value)).count();
    (draws > 0).then(|| Shares {
        better: share(ahead),
        worse: share(draws - ahead - equal),
        equal: share(equal),
        draws,
    })
}

fn standings(given: &[Given<'_>], found: &Scenarios) -> Vec<Standing<3>> {
    let last = found.last();
    let mut all = Vec::new();
    for (result, own) in given.iter().enumerate() {
        let stressors = found.quantities.iter().enumerate().filter(|(_, one)| one.is_stressor());
        for (stressor, measured) in stressors {
            for (place, named) in found.places.iter().enumerate() {
                let of = |quantity: &str| own.difference(last, quantity, &named.code);
                if let Some((value_added, change)) = of(VALUE_ADDED).zip(of(measured.code())) {
                    let quadrant = Quadrant::of(&value_added, &change);
                    all.push(Standing { result, stressor, place, quadrant, value_added, change });
                }
            }
        }
    }
    all
}

fn sides(given: &[Given<'_>], found: &Scenarios) -> Vec<SideLine> {
    use Column::{Factor, Part, Quantity, Region, Unit};
    let mut all = Vec::new();
    for (scenario, own) in given.iter().enumerate().filter(|(_, own)| own.last() == found.last()) {
        let Some(tidy) = own.recorded.tidy("sides.csv") else { continue };
        for (texts, number) in ranged_lines(tidy, [Quantity, Unit, Region, Factor, Part], OF_DRAWS)
        {
            if found.quantity(texts[0]).is_none() {
                continue;
            }
            let [quantity, unit, place, measure, side] = texts.map(str::to_owned);
            all.push(SideLine { scenario, quantity, unit, place, measure, side, number });
        }
    }
    all
}

/// Which baselines differ, in the first year and quantity where they do.
fn other_baselines(given: &[Given<'_>], found: &Scenarios) -> Option<Note> {
    let level = |one: &Given<'_>, (year, quantity, place): (i32, usize, usize)| {
        one.sum(year, found.quantities[quantity].code(), &found.places[place].code, "baseline")
    };
    let differs =
        |own: &Given<'_>| cells(found).any(|cell| level(own, cell) != level(&given[0], cell));
    let others: Vec<&str> = given
        .iter()
        .skip(1)
        .filter(|own| differs(own))
        .map(|own| own.compared.code.as_str())
        .collect();
    (!others.is_empty()).then(|| {
        let text = format!(
            "another baseline than {} have {}: each scenario is held against its own, so differences between scenarios are also those of \
             growth and efficiency",
            given[0].compared.code,
            listed(&others, NAMED)
        );
        Note::new(NoteCode::OtherBaseline, text)
    })
}

/// Which scenarios read the elasticities of density in another way.
fn other_readings(given: &[Given<'_>]) -> Option<Note> {
    let mode = |own: &Given<'_>| own.reading().to_owned();
    let first = mode(&given[0]);
    let others: Vec<String> = given
        .iter()
        .filter(|own| mode(own) != first)
        .map(|own| format!("{} {}", own.compared.code, mode(own)))
        .collect();
    (!others.is_empty()).then(|| {
        let text = format!(
            "readings of agglomeration differ: {} {first}, {}",
            given[0].compared.code,
            listed(&others, NAMED)
        );
        Note::new(NoteCode::PartlyCompared, text)
    })
}

/// Quantities that ranks and shares are about: all but output.
fn ranked(found: &Scenarios) -> impl Iterator<Item = usize> + '_ {
    (0..found.quantities.len()).filter(|at| found.quantities[*at].code() != OUTPUT)
}
