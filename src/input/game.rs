//! Game files: TOML text becomes a checked location game, or one for each year.

mod filling;

use std::path::Path;

use super::TextFile;
use super::document::{Document, Located, Section};
use super::kind::Kind;
use super::table::Finder;
use crate::fault::{Fault, Faults, Location};
use crate::location::equilibrium::{history, settle};
use crate::location::filling::Filled;
use crate::location::map::Range;
use crate::location::{Game, Parameter, Place, Upstream};
use crate::scenario::Trajectory;
use crate::table::{InputFile, Table};
use crate::text::exact;

/// Most firms that free entry may be let to bring, unless the file says otherwise.
const CAP: usize = 50;
/// Most markets that a map may take.
const MOST_MARKETS: f64 = 2e7;

/// A game file.
#[derive(Debug, Clone)]
pub struct ReadGame {
    /// Short name for results.
    pub name: String,
    /// One or two sentences for readers.
    pub description: String,
    /// What the places are called; a region of a table, or nothing but A and B.
    pub places: [Option<String>; 2],
    /// Words for money, a unit of product, a unit of raw material.
    pub units: [String; 3],
    /// The game, in the year to be looked at.
    pub game: Game,
    /// That year, where parameters are by year.
    pub year: Option<i32>,
    /// The game of every year, none where no parameter is by year.
    pub path: Vec<(i32, Game)>,
    /// Every parameter as it was given or filled.
    pub values: Vec<(Parameter, Trajectory)>,
    /// Where the firms were before the first year.
    pub start: Place,
    /// Most firms in free entry.
    pub cap: usize,
    /// The parameters of the map, across and upwards.
    pub map: Option<(Range, Range)>,
    /// What was taken from the table and used.
    pub filled: Vec<Filled>,
    /// The table.
    pub table: Option<Table>,
    /// The game file itself.
    pub input: InputFile,
}

impl ReadGame {
    /// Firms at A in each year as history selects them; none where no parameter is by year.
    pub fn history(&self) -> Vec<(i32, usize)> {
        history(&self.path, self.start)
    }

    /// Firms at A in the game to be looked at, as history selects them.
    pub fn selected(&self) -> usize {
        let found = self.history().into_iter().find(|(year, _)| Some(*year) == self.year);
        found.map_or_else(
            || settle(&self.game, if self.start == Place::A { self.game.firms() } else { 0 }),
            |(_, k)| k,
        )
    }

    /// Name of a place: that of the file, else its letter.
    pub fn place(&self, place: Place) -> &str {
        self.places[place as usize].as_deref().unwrap_or(place.letter())
    }
}

/// Reads a game file and the table it names.
///
/// # Errors
/// Everything wrong with both, each with its line.
pub fn read(path: &Path, data: Option<&Path>) -> Result<ReadGame, Faults> {
    let file = TextFile::read(path)?;
    let whole = || Location::whole(path);
    if path.extension().is_none_or(|extension| extension != "toml") {
        let fault = Fault::new(whole(), "is not a game: a game is a .toml file");
        return Err(fault.help("`irio init game` writes one").into());
    }
    let document = Document::new(&file);
    let root = document.root()?;
    Kind::Game.expect(&root)?;
    let read = game(&root, &Finder::new(path, data), data, file.record());
    root.finish();
    let faults = document.take_faults();
    match read {
        Some(read) if faults.is_empty() => Ok(read),
        _ if faults.is_empty() => Err(Fault::new(whole(), "the game could not be read").into()),
        _ => Err(faults),
    }
}

fn game(
    root: &Section<'_>,
    finder: &Finder,
    data: Option<&Path>,
    input: InputFile,
) -> Option<ReadGame> {
    let document = root.document();
    let name = root.required_text("name");
    if let Some(name) = name.as_ref().filter(|name| name.value.trim().is_empty()) {
        let fault = Fault::new(name.at.clone(), "the name is empty");
        document.push(fault.help("it names the folder of the results"));
    }
    let text = |key, default: &str| root.text(key).map_or(default.to_owned(), |text| text.value);
    let description = text("description", "");
    let units = [
        text("money", "money"),
        text("product", "unit of product"),
        text("raw", "unit of raw material"),
    ];
    let start = root.word("start", &[("A", Place::A), ("B", Place::B)]);
    let year = root.year("year");
    let cap = cap(root);
    root.require("game");
    let section = root.section("game");
    let names = section.as_ref().map(|section| [section.text("A"), section.text("B")]);
    let filling = filling::read(root, finder, data, names.as_ref());
    let map = root.section("map");
    let section = section?;
    let upstream = upstream(&section);
    let values = values(&section, upstream.unwrap_or(Upstream::PostsBefore), &filling);
    section.finish();
    let ranges = map.as_ref().and_then(ranges);
    let (values, upstream) = (values?, upstream?);
    let years = years(&values, &section)?;
    let year = looked_at(year, &years, root)?;
    let at = |year: Option<i32>| {
        let value = |parameter| value_at(&values, parameter, year);
        document.absorb(Game::new(value, upstream).map_err(|errors| {
            let mut faults = Faults::default();
            for error in errors {
                faults
                    .push(Fault::new(section.at_key(error.parameter.letter()), error.to_string()));
            }
            faults
        }))
    };
    let game = at(year)?;
    let path = years.into_iter().filter_map(|year| Some((year, at(Some(year))?))).collect();
    if let (Some(map), Some(ranges)) = (&map, &ranges) {
        affordable(&game, ranges, map);
    }
    let given = |filled: &Filled| !section.has(filled.parameter.letter());
    Some(ReadGame {
        name: name?.value,
        description,
        places: names?.map(|name| name.map(|name| name.value)),
        units,
        game,
        year,
        path,
        values,
        start: start.map_or(Place::A, |start| start.value),
        cap: cap.unwrap_or(CAP),
        map: ranges,
        filled: filling.filled.into_iter().filter(given).collect(),
        table: filling.table,
        input,
    })
}

/// Number of firms at which free entry is capped.
fn cap(root: &Section<'_>) -> Option<usize> {
    let section = root.section("free_entry")?;
    let cap = section.integer("cap");
    section.finish();
    let cap = cap?;
    match usize::try_from(cap.value) {
        Ok(number @ 2..=1000) => Some(number),
        _ => {
            let fault = Fault::new(cap.at, format!("free_entry.cap is {}", cap.value));
            root.document().push(fault.help("a whole number from 2 to 1000"));
            None
        }
    }
}

fn upstream(section: &Section<'_>) -> Option<Upstream> {
    let words = [("before", Upstream::PostsBefore), ("after", Upstream::PostsAfter)];
    let found = section.word("monopoly", &words);
    if !section.has("monopoly") {
        if section.has("c_u") {
            let fault = Fault::new(section.at_key("c_u"), "c_u without monopoly has no effect");
            let help = "write monopoly = \"before\" or \"after\", or delete the line";
            section.document().push(fault.help(help));
        }
        return Some(Upstream::Competitive);
    }
    if section.has("w") {
        let fault = Fault::new(
            section.at_key("w"),
            "w with monopoly has no effect: the monopolist sets it",
        );
        section
            .document()
            .push(fault.help("delete the line, and give the monopolist's unit cost c_u"));
    }
    Some(found?.value)
}

/// Every parameter as a number or by year.
fn values(
    section: &Section<'_>,
    upstream: Upstream,
    filling: &filling::Filling,
) -> Option<Vec<(Parameter, Trajectory)>> {
    let mut values = Vec::new();
    let mut whole = true;
    for parameter in Parameter::ALL {
        let key = parameter.letter();
        let given = match parameter {
            Parameter::Firms => section
                .number(key)
                .map(|number| Located { value: Trajectory::Constant(number.value), at: number.at }),
            _ => section.path(key),
        };
        let value = match given {
            Some(given) => checked(parameter, given, section),
            None if section.has(key) => None,
            None => absent(parameter, section, upstream, filling),
        };
        whole &= value.is_some();
        values.extend(value.map(|value| (parameter, value)));
    }
    whole.then_some(values)
}

fn checked(
    parameter: Parameter,
    given: Located<Trajectory>,
    section: &Section<'_>,
) -> Option<Trajectory> {
    let numbers = given.value.numbers();
    match numbers.into_iter().find_map(|number| parameter.check(number).err()) {
        None => Some(given.value),
        Some(error) => {
            section.document().push(Fault::new(given.at, error.to_string()));
            None
        }
    }
}

/// A parameter that the file leaves out: from the table, nothing where that is meant, or missing.
fn absent(
    parameter: Parameter,
    section: &Section<'_>,
    upstream: Upstream,
    filling: &filling::Filling,
) -> Option<Trajectory> {
    if let Some(filled) = filling.filled.iter().find(|filled| filled.parameter == parameter) {
        return Some(Trajectory::Constant(filled.value));
    }
    let monopoly = upstream != Upstream::Competitive;
    let nothing = match parameter {
        Parameter::RegionalEffect(_) | Parameter::FixedCost => true,
        Parameter::RawPrice => monopoly,
        Parameter::UpstreamCost => !monopoly,
        _ => false,
    };
    if nothing {
        return Some(Trajectory::Constant(0.0));
    }
    let from_table = match parameter {
        Parameter::RawPerUnit => Some("raw_sector"),
        Parameter::RawTransport => Some("transport, distance_raw and mean_haul"),
        Parameter::ProductTransport(Place::A) => {
            Some("transport, distance_product_A and mean_haul")
        }
        Parameter::ProductTransport(Place::B) => {
            Some("transport, distance_product_B and mean_haul")
        }
        _ => None,
    };
    // A table that could not be read has been told already, and would have filled it.
    if !(filling.failed && from_table.is_some()) {
        let letter = parameter.letter();
        let fault =
            Fault::new(section.at(), format!("[game] lacks {letter:?}: {}", parameter.words()));
        let write = format!("write {letter} = NUMBER");
        section.document().push(fault.help(match from_table {
            Some(keys) => format!("{write}, or take it from a table: [table] with {keys}"),
            None => write,
        }));
    }
    None
}

/// A parameter in a year; as in the first year given before it.
fn value_at(values: &[(Parameter, Trajectory)], parameter: Parameter, year: Option<i32>) -> f64 {
    let Some((_, path)) = values.iter().find(|(other, _)| *other == parameter) else { return 0.0 };
    let first = path.numbers().first().copied().unwrap_or_default();
    year.map_or(first, |year| path.at(year, first))
}

/// Every year from the first to the last that a parameter is given for.
fn years(values: &[(Parameter, Trajectory)], section: &Section<'_>) -> Option<Vec<i32>> {
    let given: Vec<i32> = values
        .iter()
        .flat_map(|(_, path)| match path {
            Trajectory::Constant(_) => Vec::new(),
            Trajectory::ByYear(points) => points.iter().map(|(year, _)| *year).collect(),
        })
        .collect();
    let (Some(first), Some(last)) = (given.iter().min(), given.iter().max()) else {
        return Some(Vec::new());
    };
    if last - first > 200 {
        let text = format!("parameters by year run from {first} to {last}: more than 200 years");
        section.document().push(Fault::new(section.at(), text));
        return None;
    }
    Some((*first..=*last).collect())
}

/// The year to look at: the first, unless the file names one.
fn looked_at(year: Option<Located<i32>>, years: &[i32], root: &Section<'_>) -> Option<Option<i32>> {
    let Some(year) = year else { return Some(years.first().copied()) };
    if years.contains(&year.value) {
        return Some(Some(year.value));
    }
    let text = match (years.first(), years.last()) {
        (Some(first), Some(last)) => {
            format!("year is {}, but the parameters are by year from {first} to {last}", year.value)
        }
        _ => format!("year is {}, but no parameter is by year", year.value),
    };
    root.document()
        .push(Fault::new(year.at, text).help("delete the line, or name a year of the parameters"));
    None
}

/// The parameters of `[map]` with what they run through.
fn ranges(map: &Section<'_>) -> Option<(Range, Range)> {
    let words: Vec<(&str, Parameter)> =
        Parameter::ALL.into_iter().map(|parameter| (parameter.letter(), parameter)).collect();
    let one = |key, from_key, to_key, steps_key, default: usize| {
        map.require(key);
        map.require(from_key);
        map.require(to_key);
        let parameter = map.word(key, &words);
        let ends = [map.number(from_key), map.number(to_key)];
        let steps = match map.integer(steps_key) {
            None => default,
            Some(steps) => match usize::try_from(steps.value) {
                Ok(number @ 2..=201) => number,
                _ => {
                    let fault = Fault::new(steps.at, format!("map.{steps_key} is {}", steps.value));
                    map.document().push(fault.help("a whole number from 2 to 201"));
                    default
                }
            },
        };
        let parameter = parameter?.value;
        for end in ends.iter().flatten() {
            if let Err(error) = parameter.check(end.value) {
                map.document().push(Fault::new(end.at.clone(), error.to_string()));
            }
        }
        let [Some(from), Some(to)] = ends else { return None };
        if from.value == to.value {
            let text = format!("map.{from_key} and map.{to_key} are both {}", exact(to.value));
            map.document()
                .push(Fault::new(to.at, text).help("a map runs through different numbers"));
            return None;
        }
        Some(Range { parameter, from: from.value, to: to.value, steps })
    };
    let x = one("x", "x_from", "x_to", "x_steps", 41);
    let y = one("y", "y_from", "y_to", "y_steps", 21);
    map.finish();
    let (x, y) = (x?, y?);
    if x.parameter == y.parameter {
        let text = format!("map.x and map.y are both {}", x.parameter.letter());
        map.document()
            .push(Fault::new(map.at_key("y"), text).help("name two different parameters"));
        return None;
    }
    Some((x, y))
}

/// A map whose corners are no games, or that would take hours, is refused here rather than later.
fn affordable(game: &Game, (x, y): &(Range, Range), map: &Section<'_>) {
    let document = map.document();
    let mut firms = game.value(Parameter::Firms);
    for range in [x, y] {
        for end in [range.from, range.to] {
            if range.parameter == Parameter::Firms {
                firms = firms.max(end);
            }
            for error in game.with(range.parameter, end).err().into_iter().flatten() {
                // What is out of bounds in itself stands at its own place already.
                if error.parameter.check(error.value).is_ok() {
                    document.push(Fault::new(map.at(), error.to_string()));
                }
            }
        }
    }
    let markets = x.steps as f64 * y.steps as f64 * firms;
    if markets > MOST_MARKETS {
        let text =
            format!("a map of {} × {} points with up to {} firms", x.steps, y.steps, exact(firms));
        document.push(Fault::new(map.at(), text).help("take fewer steps or fewer firms"));
    }
}
