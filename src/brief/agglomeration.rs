//! The brief of measures of agglomeration: which sectors lie together, where, and whether their plants are closer than
//! chance has it.
//!
//! A study may have any of three parts: sectors by region, densities, plants. The brief speaks of those that it has.

mod figures;
mod table;
#[cfg(test)]
mod tests;

use super::BriefError;
use super::book::Book;
use super::common::Parts;
use super::content::Card;
use super::prose::Prose;
use super::shapes::{briefs, headline, level_card, list};
use super::speech::{Facts, in_sentence};
use crate::figure::names::Named;
use crate::numerals::{Cited, Measure};
use crate::tidy::Column;

/// Measures of sectors.
const SECTORS: &str = "sectors.csv";
/// Measures of regions.
const REGIONS: &str = "regions.csv";
/// Location quotients.
const QUOTIENTS: &str = "quotients.csv";
/// Quantities per area.
const DENSITIES: &str = "densities.csv";
/// Indices of plants.
const PLANTS: &str = "localisation.csv";

/// Key numbers of a brief.
const MOST_CARDS: usize = 4;

/// A sector with how unevenly it is spread over regions.
#[derive(Debug, Clone)]
struct Sector {
    code: String,
    name: Named,
    /// Its locational Gini coefficient.
    gini: Cited,
    /// The measure of Ellison and Glaeser, where the sizes of its plants are known.
    gamma: Option<Cited>,
    /// The region with its largest location quotient.
    home: Option<(Named, Cited)>,
}

/// Sectors by region in a year.
#[derive(Debug, Clone)]
struct Activity {
    quantity: String,
    /// The most concentrated one first.
    sectors: Vec<Sector>,
    regions: Vec<(String, Named)>,
}

/// An industry whose plants were tested.
#[derive(Debug, Clone)]
struct Industry {
    code: String,
    name: Named,
    /// How much of its distances lies above the band of random sites, and below.
    localised: Cited,
    dispersed: Cited,
}

/// Less of all pairs of plants than this is a slight dispersion.
const SLIGHT: f64 = 0.05;

/// A density by region in a year.
#[derive(Debug, Clone)]
struct Density {
    code: String,
    part: String,
    year: String,
    unit: String,
    /// The densest region first.
    regions: Vec<(String, Named, Cited)>,
}

/// What a brief of agglomeration is about.
struct Subject<'b> {
    book: &'b Book<'b>,
    year: String,
    activity: Option<Activity>,
    industries: Vec<Industry>,
    densities: Vec<Density>,
}

/// The parts of the brief of measures of agglomeration.
pub(super) fn compose(book: &Book<'_>) -> Result<Parts, BriefError> {
    let subject = Subject::of(book);
    if subject.activity.is_none() && subject.industries.is_empty() && subject.densities.is_empty() {
        let what = "a measure of sectors, of plants or of density".to_owned();
        return Err(BriefError::Missing { what });
    }
    let facts = subject.facts();
    Ok(Parts {
        subject: subject.say("agglomeration_subject", &facts),
        headline: headline(book, "agglomeration_headline", &facts),
        deck: subject.say("agglomeration_deck", &facts),
        cards: subject.cards(&facts),
        blocks: figures::blocks(&subject, &facts),
        dials: None,
        table: subject.table(&facts),
        method: ["agglomeration_method_1", "agglomeration_method_2"]
            .map(|key| subject.say(key, &facts))
            .to_vec(),
    })
}

impl<'b> Subject<'b> {
    fn of(book: &'b Book<'b>) -> Self {
        let years = book.texts(SECTORS, Column::Year);
        let year = years.last().map_or(String::new(), |year| (*year).to_owned());
        let mut subject =
            Subject { book, year, activity: None, industries: Vec::new(), densities: Vec::new() };
        subject.activity = subject.activity();
        subject.industries = subject.industries();
        subject.densities = subject.densities();
        subject
    }

    fn say(&self, key: &str, facts: &Facts) -> Prose {
        self.book.speaker.say(key, facts)
    }

    fn word(&self, key: &str) -> String {
        self.book.speaker.template().word(key, self.book.language())
    }

    fn activity(&self) -> Option<Activity> {
        let quantity = (*self.book.texts(SECTORS, Column::Quantity).first()?).to_owned();
        let regions = self.book.texts(QUOTIENTS, Column::Region).into_iter();
        let regions: Vec<(String, Named)> =
            regions.map(|code| (code.to_owned(), self.book.place(code))).collect();
        let one = |code: &str| {
            let of = |statistic: &str| {
                let question = [
                    (Column::Year, self.year.as_str()),
                    (Column::Quantity, quantity.as_str()),
                    (Column::Sector, code),
                    (Column::Statistic, statistic),
                ];
                Some(self.book.find(SECTORS, &question)?.cited)
            };
            let quotients = regions
                .iter()
                .filter_map(|(at, name)| Some((name, self.quotient(&quantity, at, code)?)));
            let home = quotients.max_by(|a, b| a.1.value.total_cmp(&b.1.value));
            Some(Sector {
                code: code.to_owned(),
                name: self.book.sector(code),
                gini: of("gini")?,
                gamma: of("gamma"),
                home: home.map(|(name, quotient)| (name.clone(), quotient)),
            })
        };
        let mut sectors: Vec<Sector> =
            self.book.texts(SECTORS, Column::Sector).into_iter().filter_map(one).collect();
        sectors.sort_by(|a, b| b.gini.value.total_cmp(&a.gini.value));
        // One sector has no others to be more or less concentrated than.
        (sectors.len() > 1).then_some(Activity { quantity, sectors, regions })
    }

    fn quotient(&self, quantity: &str, region: &str, sector: &str) -> Option<Cited> {
        let question = [
            (Column::Year, self.year.as_str()),
            (Column::Quantity, quantity),
            (Column::Region, region),
            (Column::Sector, sector),
        ];
        Some(self.book.find(QUOTIENTS, &question)?.cited)
    }

    /// Industries that have enough plants to be tested, by the band that the study takes.
    fn industries(&self) -> Vec<Industry> {
        let switch = self.book.recorded.summary.switches.get("plants.band");
        let band = switch.and_then(|band| band.as_str()).unwrap_or("levels");
        let one = |code: &&str| {
            let of = |statistic: &str| {
                let question =
                    [(Column::Sector, *code), (Column::Part, band), (Column::Statistic, statistic)];
                Some(self.book.find(PLANTS, &question)?.cited)
            };
            Some(Industry {
                code: (*code).to_owned(),
                name: self.book.word_of(&["industries"], code),
                localised: of("gamma_area")?,
                dispersed: of("psi_area")?,
            })
        };
        let mut found: Vec<Industry> =
            self.book.texts(PLANTS, Column::Sector).iter().filter_map(one).collect();
        let net = |one: &Industry| one.localised.value - one.dispersed.value;
        found.sort_by(|a, b| net(b).total_cmp(&net(a)));
        found
    }

    /// Densities of the last year of each quantity, over all chosen sectors.
    fn densities(&self) -> Vec<Density> {
        let Some(tidy) = self.book.tidy(DENSITIES) else { return Vec::new() };
        let mut found: Vec<Density> = Vec::new();
        for row in 0..tidy.len() {
            let text = |column| tidy.text(row, column);
            if text(Column::Statistic) != "density" || text(Column::Part) == "weighted" {
                continue;
            }
            let Some(number) = self.book.row(DENSITIES, row) else { continue };
            let (code, year) = (text(Column::Quantity), text(Column::Year));
            let at = match found.iter().position(|own| own.code == code) {
                Some(at) => at,
                None => {
                    found.push(Density {
                        code: code.to_owned(),
                        part: text(Column::Part).to_owned(),
                        year: String::new(),
                        unit: number.unit.clone(),
                        regions: Vec::new(),
                    });
                    found.len() - 1
                }
            };
            let own = &mut found[at];
            if own.year.as_str() < year {
                own.year = year.to_owned();
                own.regions.clear();
            }
            if own.year == year {
                let region = text(Column::Region);
                own.regions.push((region.to_owned(), self.book.place(region), number.cited));
            }
        }
        for own in &mut found {
            own.regions.sort_by(|a, b| b.2.value.total_cmp(&a.2.value));
        }
        found
    }

    /// The region whose structure differs most from that of all, by Krugman's index.
    fn special(&self) -> Option<(Named, Cited)> {
        let quantity = &self.activity.as_ref()?.quantity;
        let one = |region: &&str| {
            let question = [
                (Column::Year, self.year.as_str()),
                (Column::Quantity, quantity.as_str()),
                (Column::Region, region),
                (Column::Statistic, "krugman"),
            ];
            Some((self.book.place(region), self.book.find(REGIONS, &question)?.cited))
        };
        let all = self.book.texts(REGIONS, Column::Region);
        all.iter().filter_map(one).max_by(|a, b| a.1.value.total_cmp(&b.1.value))
    }

    fn facts(&self) -> Facts {
        let mut facts = Facts::new();
        let index = index(self.book);
        facts
            .word("year", self.year.clone())
            .flag("dated", !self.year.is_empty())
            .flag("with_activity", self.activity.is_some())
            .flag("with_plants", !self.industries.is_empty())
            .flag("with_density", !self.densities.is_empty());
        if let Some(activity) = &self.activity {
            facts
                .word(
                    "quantity",
                    in_sentence(
                        &self.book.quantity(&activity.quantity).full(),
                        self.book.language(),
                    ),
                )
                .count("n_sectors", activity.sectors.len() as i64)
                .count("n_regions", activity.regions.len() as i64);
            for (key, sector) in
                [("top", activity.sectors.first()), ("bottom", activity.sectors.last())]
            {
                let Some(sector) = sector else { continue };
                let (name, language) = (sector.name.full(), self.book.language());
                facts
                    .word(&format!("{key}_in"), in_sentence(&name, language))
                    .word(&format!("{key}_brief"), sector.name.brief())
                    .word(key, name);
                facts.level(&format!("{key}_gini"), &sector.gini, &index);
            }
            let homes = activity.sectors.iter().filter_map(|own| Some((own, own.home.as_ref()?)));
            let leading = homes.max_by(|a, b| a.1.1.value.total_cmp(&b.1.1.value));
            facts.flag("with_quotient", leading.is_some());
            if let Some((sector, (region, quotient))) = leading {
                let name = sector.name.full();
                facts
                    .word("lq_sector_in", in_sentence(&name, self.book.language()))
                    .word("lq_sector", name)
                    .word("lq_region", region.full());
                facts.level("lq", quotient, &index);
            }
        }
        let special = self.special();
        facts.flag("with_special", special.is_some());
        if let Some((region, value)) = special {
            facts.word("special", region.full());
            facts.level("krugman", &value, &index);
        }
        self.add_plants(&mut facts);
        if let Some(density) = self.densities.first() {
            self.add_density(&mut facts, density);
        }
        facts
    }

    /// Which industries are closer together than chance has it, which farther apart, which neither.
    fn add_plants(&self, facts: &mut Facts) {
        let closer = |one: &&Industry| one.localised.value > 0.0;
        let apart = |one: &&Industry| one.localised.value <= 0.0 && one.dispersed.value > 0.0;
        let neither = |one: &&Industry| !closer(one) && !apart(one);
        let sets: [(&str, Vec<&Industry>); 3] = [
            ("closer", self.industries.iter().filter(closer).collect()),
            ("apart", self.industries.iter().filter(apart).collect()),
            ("neither", self.industries.iter().filter(neither).collect()),
        ];
        facts.count("n_industries", self.industries.len() as i64);
        for (key, own) in sets {
            let names = briefs(own.iter().map(|one| &one.name)).into_iter();
            let names: Vec<String> =
                names.map(|name| in_sentence(&name, self.book.language())).collect();
            facts.count(&format!("n_{key}"), names.len() as i64);
            facts.prose(key, list(self.book, &names, "agglomeration_list"));
        }
        let apart: Vec<&Industry> = self.industries.iter().filter(apart).collect();
        let slight = |one: &&Industry| one.dispersed.value < SLIGHT;
        facts.flag("apart_slight", !apart.is_empty() && apart.iter().all(slight));
        if let Some(first) = self.industries.first() {
            facts.word("first_industry", first.name.full());
            facts.level("localised", &first.localised, &index(self.book));
        }
    }

    /// The densest and the least dense region of a quantity.
    fn add_density(&self, facts: &mut Facts, density: &Density) {
        facts.word("density", self.density_name(density).full());
        facts.word("density_year", density.year.clone());
        facts.flag("density_dated", !density.year.is_empty());
        facts.count("n_density_regions", density.regions.len() as i64);
        for (key, at) in
            [("densest", density.regions.first()), ("sparsest", density.regions.last())]
        {
            let Some((_, name, value)) = at else { continue };
            facts.word(key, name.full());
            facts.level(
                &format!("{key}_value"),
                value,
                &self.book.prose_measure(&density.unit, value.value),
            );
        }
    }

    fn density_name(&self, density: &Density) -> Named {
        self.book.word_of(&["densities", "quantities"], &density.code)
    }

    /// Key numbers of what the study has, sectors first.
    fn cards(&self, facts: &Facts) -> Vec<Card> {
        let mut cards = self.sector_cards(facts);
        cards.extend(self.industries.first().map(|first| self.plant_card(facts, first)));
        let room = MOST_CARDS.saturating_sub(cards.len());
        cards.extend(self.densities.iter().take(room).filter_map(|one| self.density_card(one)));
        cards
    }

    fn sector_cards(&self, facts: &Facts) -> Vec<Card> {
        let Some(activity) = &self.activity else { return Vec::new() };
        let index = index(self.book);
        let say = |key: &str| self.say(key, facts);
        let ends = [("top", activity.sectors.first()), ("bottom", activity.sectors.last())];
        let card = |(key, sector): (&str, Option<&Sector>)| {
            let label = say(&format!("agglomeration_card_{key}"));
            Some(level_card(label, &sector?.gini, &index, say("agglomeration_card_gini")))
        };
        let homes = activity.sectors.iter().filter_map(|own| own.home.as_ref());
        let highest = homes.max_by(|a, b| a.1.value.total_cmp(&b.1.value));
        let quotient = highest.map(|(_, quotient)| {
            let below = say("agglomeration_card_lq_below");
            level_card(say("agglomeration_card_lq"), quotient, &index, below)
        });
        ends.into_iter().filter_map(card).chain(quotient).collect()
    }

    fn plant_card(&self, facts: &Facts, first: &Industry) -> Card {
        let index = index(self.book);
        let label = self.say("agglomeration_card_plants", facts);
        if first.localised.value > 0.0 {
            let below = self.say("agglomeration_card_plants_below", facts);
            return level_card(label, &first.localised, &index, below);
        }
        let below = self.say("agglomeration_card_chance", facts);
        Card {
            value: self.book.speaker.phrase("agglomeration_no_cluster"),
            ..level_card(label, &first.localised, &index, below)
        }
    }

    fn density_card(&self, density: &Density) -> Option<Card> {
        let (_, _, value) = density.regions.first()?;
        let mut facts = Facts::new();
        self.add_density(&mut facts, density);
        let measure = self.book.prose_measure(&density.unit, value.value);
        let label = self.say("agglomeration_card_density", &facts);
        let below = self.say("agglomeration_card_density_below", &facts);
        Some(level_card(label, value, &measure, below))
    }
}

/// Indices with two decimals.
fn index(book: &Book<'_>) -> Measure {
    Measure::of_figure("1", 1.0, book.language()).with_decimals(2)
}
