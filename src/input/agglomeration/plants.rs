//! `[plants]`: places, industries and sizes of plants, and how they are tested.

use std::collections::HashMap;

use super::Files;
use super::long;
use crate::concentration::duranton_overman::{
    Bandwidth, FEWEST_PLANTS, GlobalRule, Industry, Metric, Options, Sites,
};
use crate::concentration::study::{PlantIndustry, PlantStudy};
use crate::earth::DEGREES;
use crate::fault::{Fault, Faults, Note, NoteCode};
use crate::input::document::{Section, parsed};
use crate::input::sheet::Sheet;
use crate::labels::{comparable, suggestion};
use crate::text::exact;
use crate::units::Unit;

/// Draws below which bands are rough (METHODS C1).
const ENOUGH_DRAWS: i64 = 1000;
/// Most numbers that the drawn curves of an industry may take.
const MOST_NUMBERS: i64 = 50_000_000;

/// Lines of a file of plants.
struct Lines {
    metric: Metric,
    places: Vec<[f64; 2]>,
    /// Names of industries in the order of the file, each with the numbers of its plants.
    industries: Vec<(String, Vec<usize>)>,
    sizes: Option<Vec<f64>>,
}

pub(super) fn read(section: &Section<'_>, files: &mut Files<'_>) -> Option<PlantStudy> {
    let document = section.document();
    let file = section.required_text("file");
    let chosen = section.texts("industries");
    let weighted = section.flag("weighted").unwrap_or(false);
    let unit = section.text("unit");
    let in_unit = match &unit {
        None => Some("km".to_owned()),
        Some(text) => document.keep(parsed::<Unit>(text)).map(|unit| unit.text().to_owned()),
    };
    let whole = |key: &'static str, default: i64, least: i64, most: i64| match section.integer(key)
    {
        None => (!section.has(key)).then_some(default),
        Some(number) if (least..=most).contains(&number.value) => Some(number.value),
        Some(number) => {
            let fault = Fault::new(number.at, format!("plants.{key} is {}", number.value));
            document.push(fault.help(format!("a whole number from {least} to {most}")));
            None
        }
    };
    let draws = whole("draws", ENOUGH_DRAWS, 1, 1_000_000);
    let seed = whole("seed", 1, 0, i64::MAX);
    let steps = whole("steps", 100, 1, 10_000);
    let fewest = whole("fewest", 10, FEWEST_PLANTS as i64, 1_000_000);
    let level = match section.number("level") {
        None => (!section.has("level")).then_some(0.05),
        Some(level) if level.value > 0.0 && level.value < 0.5 => Some(level.value),
        Some(level) => {
            let fault = Fault::new(level.at, format!("plants.level is {}", level.value));
            document.push(fault.help("a share above 0 and below 0.5, such as 0.05"));
            None
        }
    };
    let words = [("recomputed", Bandwidth::Recomputed), ("kept", Bandwidth::Kept)];
    let bandwidth = section.word("bandwidth", &words);
    let rule = section.word("band", &GlobalRule::ALL.map(|rule| (rule.word(), rule)));
    section.finish();
    if let (Some(draws), Some(level)) = (draws, level)
        && (draws as f64) * level < 1.0
    {
        let text = format!("{draws} draws cannot tell which {level} of them are extreme");
        let fault = Fault::new(section.at_key("draws"), text);
        document.push(fault.help(format!("take at least {:.0}", (1.0 / level).ceil())));
    } else if let Some(draws) = draws.filter(|draws| *draws < ENOUGH_DRAWS) {
        let text = format!("bands of {draws} draws are rough: at least {ENOUGH_DRAWS} are usual");
        files.notes.push(Note::new(NoteCode::FewDraws, text));
    }
    if let (Some(draws), Some(steps)) = (draws, steps)
        && draws * (steps + 1) > MOST_NUMBERS
    {
        let text = format!("{draws} draws at {} points are too many numbers", steps + 1);
        let fault = Fault::new(section.at_key("draws"), text);
        document.push(fault.help(format!("together at most {MOST_NUMBERS}")));
    }
    let sheet = files.sheet(&file?)?;
    let lines = document.absorb(lines(&sheet, weighted))?;
    if let Some(unit) = unit.as_ref().filter(|_| lines.metric == Metric::GreatCircle) {
        let fault = Fault::new(unit.at.clone(), "distances over the earth are in km");
        document.push(fault.help("delete the line; unit is that of x and y in a plane"));
    }
    let fewest = fewest? as usize;
    let industries = match chosen {
        None => {
            let few: Vec<&str> = lines
                .industries
                .iter()
                .filter(|(_, plants)| plants.len() < fewest)
                .map(|(name, _)| name.as_str())
                .collect();
            if !few.is_empty() {
                let text = format!("not tested, fewer than {fewest} plants: {}", few.join(", "));
                files.notes.push(Note::new(NoteCode::FewPlants, text));
            }
            let enough = |(_, plants): &&(String, Vec<usize>)| plants.len() >= fewest;
            let found: Vec<_> = lines.industries.iter().filter(enough).cloned().collect();
            if found.is_empty() {
                let text = format!("no industry has {fewest} plants");
                let fault = Fault::new(sheet.whole(), text);
                document.push(fault.help("add plants, or lower plants.fewest"));
                return None;
            }
            found
        }
        Some(names) => {
            let mut found: Vec<(String, Vec<usize>)> = Vec::new();
            for name in names {
                let key = comparable(&name.value);
                let is = |(other, _): &&(String, Vec<usize>)| comparable(other) == key;
                match lines.industries.iter().find(is) {
                    Some((code, _)) if found.iter().any(|(other, _)| other == code) => {
                        document.push(Fault::new(name.at, format!("{code} stands twice")));
                    }
                    Some((code, plants)) if plants.len() < FEWEST_PLANTS => {
                        let text = format!("{code} has {} plant(s)", plants.len());
                        let fault = Fault::new(name.at, text);
                        document.push(fault.help("distances need at least 3"));
                    }
                    Some(industry) => found.push(industry.clone()),
                    None => {
                        let fault = Fault::new(
                            name.at,
                            format!("no plant is of industry {:?}", name.value),
                        );
                        let all = lines.industries.iter().map(|(name, _)| name.as_str());
                        document.push(match suggestion(&name.value, all) {
                            Some(near) => fault.help(format!("did you mean {near:?}?")),
                            None => fault.help("names are those of the column industry"),
                        });
                    }
                }
            }
            found
        }
    };
    if most_at_one_place(&lines.places) {
        let text =
            "more than half of all pairs of plants are at one place: distances have no range";
        document.push(Fault::new(sheet.whole(), text).help("give the places more exactly"));
        return None;
    }
    let sites = Sites::new(lines.metric, &lines.places);
    let sizes = |plants: &[usize]| {
        let all = lines.sizes.as_ref()?;
        Some(plants.iter().map(|plant| all[*plant]).collect())
    };
    let industries = industries
        .into_iter()
        .map(|(name, plants)| PlantIndustry {
            name,
            industry: Industry { sizes: sizes(&plants), plants },
        })
        .collect();
    let (steps, draws) = (steps? as usize, u32::try_from(draws?).ok()?);
    Some(PlantStudy {
        unit: match lines.metric {
            Metric::GreatCircle => "km".to_owned(),
            Metric::Plane => in_unit?,
        },
        sites,
        industries,
        weighted,
        steps,
        options: Options {
            draws,
            seed: seed?.unsigned_abs(),
            bandwidth: bandwidth.map_or(Bandwidth::default(), |found| found.value),
            level: level?,
        },
        rule: rule.map_or(GlobalRule::default(), |found| found.value),
        fewest,
    })
}

/// Whether more than half of all pairs are of plants at the same place.
fn most_at_one_place(places: &[[f64; 2]]) -> bool {
    let mut counts: HashMap<[u64; 2], u64> = HashMap::new();
    for place in places {
        // Nothing below zero is another zero.
        *counts.entry(place.map(|x| (x + 0.0).to_bits())).or_default() += 1;
    }
    let pairs = |n: u64| n * n.saturating_sub(1) / 2;
    2 * counts.values().map(|n| pairs(*n)).sum::<u64>() > pairs(places.len() as u64)
}

fn lines(sheet: &Sheet, weighted: bool) -> Result<Lines, Faults> {
    let mut faults = Faults::default();
    let help = "the header is: id,industry,lon,lat or id,industry,x,y, and employment for weights";
    let Some([id, industry]) = sheet.columns(["id", "industry"], help, &mut faults) else {
        return Err(faults);
    };
    let pair = |a: &str, b: &str| sheet.column(0, &[a]).zip(sheet.column(0, &[b]));
    let (metric, [first, second]) = match (pair("lon", "lat"), pair("x", "y")) {
        (Some((lon, lat)), None) => (Metric::GreatCircle, [lon, lat]),
        (None, Some((x, y))) => (Metric::Plane, [x, y]),
        (found, _) => {
            let text = match found {
                Some(_) => "there are both lon, lat and x, y",
                None => "there is neither lon, lat nor x, y in the header",
            };
            return Err(Fault::new(sheet.line(0), text).help(help).into());
        }
    };
    let employment = match sheet.column(0, &["employment", "size"]) {
        Some(column) => Some(column).filter(|_| weighted),
        None if weighted => {
            let fault = Fault::new(sheet.line(0), "no column \"employment\" in the header");
            return Err(fault.help("add it, or leave weighted out").into());
        }
        None => None,
    };
    let mut ids: HashMap<&str, usize> = HashMap::new();
    let mut by_name: HashMap<String, usize> = HashMap::new();
    let mut found = Lines {
        metric,
        places: Vec::new(),
        industries: Vec::new(),
        sizes: employment.map(|_| Vec::new()),
    };
    let bounds = match metric {
        Metric::GreatCircle => DEGREES,
        Metric::Plane => [-1e9..=1e9, -1e9..=1e9],
    };
    for row in 1..sheet.rows() {
        let name = sheet.cell(row, id);
        if name.is_empty() {
            faults.push(Fault::new(sheet.at(row, id), "a plant without an id"));
        } else if let Some(first) = &ids.insert(name, row) {
            let text = format!("plant {name} stands twice, first at {}", sheet.line(*first));
            faults.push(Fault::new(sheet.at(row, id), text));
        }
        let text = sheet.cell(row, industry);
        if text.is_empty() {
            faults.push(Fault::new(sheet.at(row, industry), "a plant without an industry"));
        }
        let mut place = [0.0; 2];
        for (k, column) in [first, second].into_iter().enumerate() {
            let Some(number) = faults.keep(sheet.number(row, column)) else { continue };
            if !bounds[k].contains(&number) {
                let text = format!("a coordinate of {}", exact(number));
                let fault = Fault::new(sheet.at(row, column), text);
                faults.push(match metric {
                    Metric::GreatCircle => fault.help(format!(
                        "degrees from {} to {}; coordinates in a plane are called x and y",
                        bounds[k].start(),
                        bounds[k].end()
                    )),
                    Metric::Plane => fault.help("write it in kilometres"),
                });
            }
            place[k] = number;
        }
        if let (Some(column), Some(sizes)) = (employment, &mut found.sizes) {
            let size = faults.keep(size(sheet, row, column));
            sizes.push(size.unwrap_or(1.0));
        }
        let at = *by_name.entry(comparable(text)).or_insert_with(|| {
            found.industries.push((text.to_owned(), Vec::new()));
            found.industries.len() - 1
        });
        found.industries[at].1.push(found.places.len());
        found.places.push(place);
    }
    if found.places.len() < FEWEST_PLANTS && faults.is_empty() {
        let text = format!("{} plant(s) in the file", found.places.len());
        faults.push(Fault::new(sheet.whole(), text).help("distances need at least 3"));
    }
    faults.into_result(found)
}

/// A size whose product with another is still a number.
fn size(sheet: &Sheet, row: usize, column: usize) -> Result<f64, Fault> {
    let size = long::above_zero(sheet, row, column, "employment")?;
    if (1e-9..=1e12).contains(&size) {
        return Ok(size);
    }
    let fault = Fault::new(sheet.at(row, column), format!("employment of {}", exact(size)));
    Err(fault.help("from 1e-9 to 1e12"))
}
