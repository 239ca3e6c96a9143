//! Periods of a transfer: what the change of sourcing did in each, how it differs, and whether signs last.
//!
//! ```text
//! per year = effect / (target year − base year)
//! difference of two periods: [min_A − max_B, max_A − min_B]     orders of two periods do not belong together
//! ```

use super::given::{Common, OF_ORDERS, codes, common_to, left_out, ranged_lines};
use super::lookup::Lookup;
use super::quadrant::{Quadrant, Standing};
use super::{
    Better, CompareError, Compared, Measured, NAMED, Number, OUTPUT, Ordered, Sign, VALUE_ADDED,
};
use crate::fault::{Note, NoteCode};
use crate::labels::places::clean;
use crate::labels::{Label, listed};
use crate::recorded::{NamedCode, Recorded, Summary};
use crate::tidy::Column;

/// The effect that a transfer is about.
const SOURCING: &str = "sourcing";

/// Effects that are told of each period: what happened in all, the transfer, and the origin of exports.
const FACTORS: [&str; 3] = ["change", SOURCING, "export_origin"];

/// Gross transfers, of output that moved between regions.
const GROSS: [&str; 3] = ["in", "out", "net"];

/// Switches with which effects are made otherwise.
const SWITCHES: [&str; 6] =
    ["average", "error_column", "include_export_origin", "inventories", "measure", "share_level"];

/// An effect in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// Position of the period.
    pub period: usize,
    /// Position of the quantity.
    pub quantity: usize,
    /// Position of the place.
    pub place: usize,
    /// `change`, `sourcing` or `export_origin`.
    pub factor: &'static str,
    /// In the whole period, with its smallest and largest over orders.
    pub whole: Ordered,
    /// The same a year; none for a period of no years.
    pub per_year: Option<Ordered>,
    /// Over the level of the base year.
    pub of_base: Option<f64>,
}

/// Output that came to a place, left it, or both less each other, by the change of sourcing.
#[derive(Debug, Clone, PartialEq)]
pub struct GrossEffect {
    /// Position of the period.
    pub period: usize,
    /// Position of the quantity.
    pub quantity: usize,
    /// Position of the place.
    pub place: usize,
    /// `in`, `out` or `net`.
    pub way: &'static str,
    /// In the whole period.
    pub value: f64,
}

/// A ratio of what a place exchanged in a period, as its transfer tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExchangeLine {
    /// Position of the period.
    pub period: usize,
    /// Position of the quantity.
    pub quantity: usize,
    /// Position of the place.
    pub place: usize,
    /// Unit.
    pub unit: String,
    /// `intensity`, `share_of_gross` or `mismatch`.
    pub part: String,
    /// The number.
    pub number: Ordered,
}

/// One place over another in the same period, order by order.
#[derive(Debug, Clone, PartialEq)]
pub struct ContrastLine {
    /// Position of the period.
    pub period: usize,
    /// Position of the quantity.
    pub quantity: usize,
    /// Position of the place above.
    pub from: usize,
    /// Position of the place below.
    pub to: usize,
    /// `effect` or `intensity`.
    pub part: String,
    /// The ratio.
    pub number: Ordered,
}

/// The transfer a year of one period less that of another.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodsApart {
    /// Position of the quantity.
    pub quantity: usize,
    /// Position of the place.
    pub place: usize,
    /// Position of the one period.
    pub from: usize,
    /// Position of the other.
    pub to: usize,
    /// The difference a year.
    pub per_year: Ordered,
}

/// Whether the sign of a transfer lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Above zero in every order of every period.
    AlwaysGains,
    /// Below zero in every order of every period.
    AlwaysLoses,
    /// Above zero in every order of one period, below in every order of another.
    Turns,
    /// Neither.
    Unclear,
    /// Nothing in any period.
    Unchanged,
}

impl Verdict {
    /// Every one.
    pub const ALL: [Verdict; 5] = [
        Verdict::AlwaysGains,
        Verdict::AlwaysLoses,
        Verdict::Turns,
        Verdict::Unclear,
        Verdict::Unchanged,
    ];

    fn of(signs: &[Sign]) -> Self {
        let all = |sign: Sign| signs.iter().all(|own| *own == sign);
        if all(Sign::Positive) {
            Verdict::AlwaysGains
        } else if all(Sign::Negative) {
            Verdict::AlwaysLoses
        } else if signs.contains(&Sign::Positive) && signs.contains(&Sign::Negative) {
            Verdict::Turns
        } else if all(Sign::Zero) {
            Verdict::Unchanged
        } else {
            Verdict::Unclear
        }
    }

    /// The word of results.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::AlwaysGains => "always_gains",
            Verdict::AlwaysLoses => "always_loses",
            Verdict::Turns => "turns",
            Verdict::Unclear => "unclear",
            Verdict::Unchanged => "unchanged",
        }
    }

    /// In words, in English and Chinese.
    pub fn names(self) -> [&'static str; 2] {
        match self {
            Verdict::AlwaysGains => ["gains in every period", "各期均为转入"],
            Verdict::AlwaysLoses => ["loses in every period", "各期均为转出"],
            Verdict::Turns => ["gains in one period, loses in another", "各期方向不同"],
            Verdict::Unclear => ["unclear", "方向不明"],
            Verdict::Unchanged => ["unchanged", "不变"],
        }
    }
}

/// Signs of a place's transfer over the periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Persistence {
    /// Position of the quantity.
    pub quantity: usize,
    /// Position of the place.
    pub place: usize,
    /// What they come to.
    pub verdict: Verdict,
    /// Periods in which the transfer is above zero in every order.
    pub gaining: usize,
    /// Periods in which it is below.
    pub losing: usize,
    /// Periods in which its sign depends on the order.
    pub unclear: usize,
}

/// Periods beside each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Periods {
    /// What is compared.
    pub names: Vec<Compared>,
    /// First and last year of each.
    pub spans: Vec<[i32; 2]>,
    /// Quantities that all have.
    pub quantities: Vec<Measured>,
    /// Regions, groups that all have, then all together.
    pub places: Vec<NamedCode>,
    /// How many of the places are regions.
    pub regions: usize,
    /// Effects of every period.
    pub effects: Vec<Effect>,
    /// Output that moved.
    pub gross: Vec<GrossEffect>,
    /// What places exchanged.
    pub exchanges: Vec<ExchangeLine>,
    /// Places over each other within a period.
    pub contrasts: Vec<ContrastLine>,
    /// Transfers a year of each period less those of the periods behind it.
    pub apart: Vec<PeriodsApart>,
    /// Value added against stressors by place.
    pub standings: Vec<Standing<2>>,
    /// Whether signs last.
    pub persistence: Vec<Persistence>,
    /// What a reader should know.
    pub notes: Vec<Note>,
}

/// Compares folders of `irio transfer`.
pub(super) fn periods(results: &[Recorded]) -> Result<Periods, Vec<CompareError>> {
    let summaries: Vec<&Summary> = results.iter().map(|one| &one.summary).collect();
    let given = given(results)?;
    let Common { places, regions, quantities, left } = common_to(&summaries)?;
    let better = |code: &str| match [OUTPUT, VALUE_ADDED].contains(&code) {
        true => Better::More,
        false => Better::Less,
    };
    let quantities = quantities
        .into_iter()
        .map(|named| Measured { better: better(&named.code), named })
        .collect();
    let mut found = Periods {
        names: given.iter().map(|one| one.compared.clone()).collect(),
        spans: given.iter().map(|one| one.span).collect(),
        quantities,
        places,
        regions,
        effects: Vec::new(),
        gross: Vec::new(),
        exchanges: Vec::new(),
        contrasts: Vec::new(),
        apart: Vec::new(),
        standings: Vec::new(),
        persistence: Vec::new(),
        notes: Vec::new(),
    };
    for (period, own) in given.iter().enumerate() {
        own.take(period, &mut found);
    }
    found.apart = apart(&found);
    found.standings = standings(&found);
    found.persistence = persistence(&found);
    found.notes.extend(left_out(&left));
    found.notes.extend(other_switches(&given));
    let text = "ranges of two periods are over the orders of each: a difference of periods goes from the smallest less the largest to the \
                largest less the smallest, which is wider than if orders belonged together";
    found.notes.push(Note::new(NoteCode::UnpairedRanges, text));
    Ok(found)
}

/// A transfer as its folder has it.
struct Given<'a> {
    recorded: &'a Recorded,
    compared: Compared,
    span: [i32; 2],
    /// By quantity, region, factor and statistic.
    sums: Lookup<'a>,
}

fn given(results: &[Recorded]) -> Result<Vec<Given<'_>>, Vec<CompareError>> {
    use Column::{Factor, Quantity, Region, Statistic};
    let span = |summary: &Summary| {
        let year = |at: usize| summary.tables.get(at).map_or(0, |table| table.year);
        [year(0), year(1)]
    };
    let codes = codes(results, |summary| span(summary).map(|year| year.to_string()).join("-"));
    let (mut given, mut errors) = (Vec::new(), Vec::new());
    for (index, (recorded, code)) in results.iter().zip(codes).enumerate() {
        let Some(sums) = recorded.tidy("sums.csv") else {
            errors.push(CompareError::Missing { index, file: "sums.csv" });
            continue;
        };
        let compared = Compared {
            label: Label::code(code.clone()),
            code,
            folder: recorded.folder.clone(),
            title: recorded.summary.title.clone(),
            description: String::new(),
        };
        let sums = Lookup::of(sums, &[Quantity, Region, Factor, Statistic], |_| true);
        given.push(Given { recorded, compared, span: span(&recorded.summary), sums });
    }
    if errors.is_empty() { Ok(given) } else { Err(errors) }
}

impl Given<'_> {
    /// Puts what the folder says beside what the others say.
    fn take(&self, period: usize, found: &mut Periods) {
        let years = f64::from(self.span[1]) - f64::from(self.span[0]);
        for (quantity, measured) in found.quantities.iter().enumerate() {
            for (place, named) in found.places.iter().enumerate() {
                let at = |factor: &str, statistic: &str| {
                    self.sums.get(&[measured.code(), &named.code, factor, statistic])
                };
                for factor in FACTORS {
                    let Some(value) = at(factor, "value") else { continue };
                    let range = at(factor, "min").zip(at(factor, "max")).map(<[f64; 2]>::from);
                    let whole = Number { value, range };
                    let per_year = (years != 0.0).then(|| per_year(whole, years));
                    let of_base = at(factor, "of_base");
                    let (period, quantity) = (period, quantity);
                    found.effects.push(Effect {
                        period,
                        quantity,
                        place,
                        factor,
                        whole,
                        per_year,
                        of_base,
                    });
                }
                for way in GROSS {
                    let value = at(SOURCING, way).filter(|_| measured.code() == OUTPUT);
                    found.gross.extend(value.map(|value| GrossEffect {
                        period,
                        quantity,
                        place,
                        way,
                        value,
                    }));
                }
            }
        }
        self.take_ratios(period, found);
    }

    fn take_ratios(&self, period: usize, found: &mut Periods) {
        use Column::{Factor, From, Part, Quantity, Region, To, Unit};
        let place = |code: &str| found.places.iter().position(|place| place.code == code);
        let quantity = |code: &str| found.quantities.iter().position(|one| one.code() == code);
        let lines = self
            .recorded
            .tidy("exchange.csv")
            .map(|tidy| ranged_lines(tidy, [Quantity, Unit, Region, Part, Factor], OF_ORDERS));
        let exchanges: Vec<ExchangeLine> = lines
            .into_iter()
            .flatten()
            .filter(|(texts, _)| texts[4] == SOURCING)
            .filter_map(|([of, unit, region, part, _], number)| {
                let (quantity, place) = (quantity(of)?, place(region)?);
                let (unit, part) = (unit.to_owned(), part.to_owned());
                Some(ExchangeLine { period, quantity, place, unit, part, number })
            })
            .collect();
        let lines = self
            .recorded
            .tidy("contrasts.csv")
            .map(|tidy| ranged_lines(tidy, [Quantity, From, To, Part], OF_ORDERS));
        let contrasts: Vec<ContrastLine> = lines
            .into_iter()
            .flatten()
            .filter_map(|([of, from, to, part], number)| {
                let (quantity, from, to) = (quantity(of)?, place(from)?, place(to)?);
                Some(ContrastLine { period, quantity, from, to, part: part.to_owned(), number })
            })
            .collect();
        found.exchanges.extend(exchanges);
        found.contrasts.extend(contrasts);
    }
}

/// A number of a whole period a year; of a period that goes backwards the ends of its range change places.
fn per_year(whole: Ordered, years: f64) -> Ordered {
    let ends = whole.range.map(|range| range.map(|end| end / years));
    let range = ends.map(|[a, b]| if a <= b { [a, b] } else { [b, a] });
    Number { value: whole.value / years, range }
}

/// The transfer of a quantity and place in every period, whole or a year; none where a period has none.
fn transfers(found: &Periods, quantity: usize, place: usize) -> Option<Vec<&Effect>> {
    let own = found.effects.iter().filter(|effect| {
        (effect.quantity, effect.place, effect.factor) == (quantity, place, SOURCING)
    });
    let all: Vec<&Effect> = own.collect();
    (all.len() == found.names.len()).then_some(all)
}

/// Every quantity and place.
fn cells(found: &Periods) -> impl Iterator<Item = (usize, usize)> + '_ {
    let places = found.places.len();
    (0..found.quantities.len())
        .flat_map(move |quantity| (0..places).map(move |place| (quantity, place)))
}

fn apart(found: &Periods) -> Vec<PeriodsApart> {
    let mut all = Vec::new();
    for (quantity, place) in cells(found) {
        let Some(transfers) = transfers(found, quantity, place) else { continue };
        for from in 0..transfers.len() {
            for to in from + 1..transfers.len() {
                let both = transfers[from].per_year.zip(transfers[to].per_year);
                let Some((a, b)) = both else { continue };
                let less = |a: f64, b: f64| clean(a - b, a.abs() + b.abs());
                let range = a.range.zip(b.range).map(|(a, b)| [less(a[0], b[1]), less(a[1], b[0])]);
                let per_year = Number { value: less(a.value, b.value), range };
                all.push(PeriodsApart { quantity, place, from, to, per_year });
            }
        }
    }
    all
}

fn standings(found: &Periods) -> Vec<Standing<2>> {
    let money = found.quantities.iter().position(|quantity| quantity.code() == VALUE_ADDED);
    let Some(money) = money else { return Vec::new() };
    let mut all = Vec::new();
    for (stressor, place) in cells(found).filter(|(at, _)| found.quantities[*at].is_stressor()) {
        let both = transfers(found, money, place).zip(transfers(found, stressor, place));
        let Some((added, changes)) = both else { continue };
        for (result, (added, change)) in added.into_iter().zip(changes).enumerate() {
            let (value_added, change) = (added.whole, change.whole);
            let quadrant = Quadrant::of(&value_added, &change);
            all.push(Standing { result, stressor, place, quadrant, value_added, change });
        }
    }
    all
}

fn persistence(found: &Periods) -> Vec<Persistence> {
    let one = |(quantity, place): (usize, usize)| {
        let transfers = transfers(found, quantity, place)?;
        let signs: Vec<Sign> = transfers.iter().map(|effect| effect.whole.sign()).collect();
        let count = |sign: Sign| signs.iter().filter(|own| **own == sign).count();
        Some(Persistence {
            quantity,
            place,
            verdict: Verdict::of(&signs),
            gaining: count(Sign::Positive),
            losing: count(Sign::Negative),
            unclear: count(Sign::Unclear),
        })
    };
    cells(found).filter_map(one).collect()
}

/// Which switches periods were made with otherwise.
fn other_switches(given: &[Given<'_>]) -> Option<Note> {
    let of = |own: &Given<'_>, key: &str| own.recorded.summary.switches.get(key).cloned();
    let differ = |key: &&&str| given.iter().any(|own| of(own, key) != of(&given[0], key));
    let names: Vec<String> =
        SWITCHES.iter().filter(differ).map(|key| key.replace('_', " ")).collect();
    (!names.is_empty()).then(|| {
        let text = format!(
            "periods were made with other switches, so their effects are not of one kind: {}",
            listed(&names, NAMED)
        );
        Note::new(NoteCode::PartlyCompared, text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_lasts_only_where_it_is_told_in_every_period() {
        use Sign::{Negative, Positive, Unclear, Zero};
        assert_eq!(Verdict::of(&[Positive, Positive]), Verdict::AlwaysGains);
        assert_eq!(Verdict::of(&[Negative, Negative]), Verdict::AlwaysLoses);
        assert_eq!(Verdict::of(&[Positive, Unclear, Negative]), Verdict::Turns);
        assert_eq!(Verdict::of(&[Positive, Unclear]), Verdict::Unclear);
        assert_eq!(Verdict::of(&[Positive, Zero]), Verdict::Unclear);
        assert_eq!(Verdict::of(&[Zero, Zero]), Verdict::Unchanged);
    }

    #[test]
    fn a_year_backwards_keeps_its_range_rising() {
        let whole = Number { value: 10.0, range: Some([5.0, 20.0]) };
        assert_eq!(per_year(whole, 5.0), Number { value: 2.0, range: Some([1.0, 4.0]) });
        assert_eq!(per_year(whole, -5.0), Number { value: -2.0, range: Some([-4.0, -1.0]) });
    }
}
