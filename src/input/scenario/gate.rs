//! `game = "FILE.toml"` of a `[[relocate]]`: the move waits until the firms would go by themselves.

use super::Context;
use crate::fault::{Fault, Note, NoteCode};
use crate::input::document::{Located, Section};
use crate::input::game::{self, ReadGame};
use crate::location::Place;
use crate::scenario::{SizePath, Trajectory};
use crate::table::InputFile;

/// When a move begins that waits for a location game.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// The firms are at the destination from the start.
    Always,
    /// In the first year in which they are.
    From(i32),
    /// In no year of the game.
    Never,
}

/// A move that waits for a location game.
#[derive(Debug, Clone)]
pub struct Gate {
    /// Name of the game.
    pub game: String,
    /// Codes of the regions, from and to.
    pub regions: [String; 2],
    /// When the move begins.
    pub opening: Opening,
    /// The first later year in which the firms are no longer at the destination.
    pub back: Option<i32>,
    /// First and last year of the game, if its parameters are by year.
    pub years: Option<[i32; 2]>,
    /// Files that it was read from.
    pub inputs: Vec<InputFile>,
}

impl Gate {
    /// What a reader of the scenario's result should know.
    pub fn note(&self) -> Note {
        let [from, to] = &self.regions;
        let game =
            format!("the move from {from} to {to} waits for the location game {:?}", self.game);
        let when = match (self.opening, self.years) {
            (Opening::Always, _) => {
                format!("its firms are in {to} from the start, so all of it applies")
            }
            (Opening::From(year), _) => {
                format!("its firms go to {to} in {year}, nothing moves before")
            }
            (Opening::Never, Some([first, last])) => {
                format!("its firms go to {to} in no year from {first} to {last}, so nothing moves")
            }
            (Opening::Never, None) => format!("its firms do not go to {to}, so nothing moves"),
        };
        let back = self.back.map_or(String::new(), |year| {
            format!("; in {year} they leave again, which the scenario does not undo")
        });
        let text = format!(
            "{game}: {when}{back}; that they go at once and as in the game is an assumption"
        );
        Note::new(NoteCode::AwaitsGame, text)
    }

    /// The size of the move, nothing before it begins.
    pub(super) fn applied(&self, size: SizePath) -> SizePath {
        match size {
            SizePath::Share(path) => SizePath::Share(begun(path, self.opening)),
            SizePath::Amount(path) => SizePath::Amount(begun(path, self.opening)),
        }
    }
}

/// A path of which nothing is left before its opening: a path by year is nothing before its first year.
fn begun(path: Trajectory, opening: Opening) -> Trajectory {
    let year = match opening {
        Opening::Always => return path,
        Opening::Never => return Trajectory::Constant(0.0),
        Opening::From(year) => year,
    };
    match &path {
        Trajectory::Constant(value) => Trajectory::ByYear(vec![(year, *value)]),
        Trajectory::ByYear(points) if points.first().is_none_or(|(first, _)| *first >= year) => {
            path
        }
        Trajectory::ByYear(points) => {
            let later = points.iter().filter(|(known, _)| *known > year).copied();
            Trajectory::ByYear([(year, path.at(year, 0.0))].into_iter().chain(later).collect())
        }
    }
}

/// The gate of a `[[relocate]]` whose key `game` is `text`; every fault is set aside.
pub(super) fn gate(
    section: &Section<'_>,
    text: &Located<String>,
    context: &Context<'_>,
    origins: &[usize],
    destination: usize,
) -> Option<Gate> {
    let document = section.document();
    let found = context.finder.find(text).map_err(|_| {
        let fault = Fault::new(text.at.clone(), format!("there is no game {:?}", text.value));
        fault.help("paths are relative to the scenario file; `irio init game` writes a game")
    });
    let path = document.keep(found)?;
    let read = document.absorb(game::read(&path, context.data))?;
    let regions = &context.table.industries().regions;
    let mut places = [None; 2];
    for place in Place::ALL {
        let letter = place.letter();
        let Some(name) = &read.places[place as usize] else {
            let fault = Fault::new(
                text.at.clone(),
                format!("the game does not say which region its {letter} is"),
            );
            document.push(
                fault.help(format!("write {letter} = \"REGION\" in [game] of {}", path.display())),
            );
            continue;
        };
        let found = regions.position(name).map_err(|error| {
            Fault::new(text.at.clone(), format!("{letter} of the game: {error}")).help(error.help())
        });
        places[place as usize] = document.keep(found);
    }
    let [Some(a), Some(b)] = places else { return None };
    let to = match [a, b] {
        [at, _] if at == destination => Place::A,
        [_, at] if at == destination => Place::B,
        _ => {
            return outside(
                section,
                text,
                regions.code(destination),
                [regions.code(a), regions.code(b)],
            );
        }
    };
    let origin = if to == Place::A { b } else { a };
    if let Some(other) = origins.iter().find(|from| **from != origin) {
        return outside(section, text, regions.code(*other), [regions.code(a), regions.code(b)]);
    }
    let (opening, back) = opening(&read, to);
    let mut inputs = vec![read.input.clone()];
    inputs.extend(read.table.iter().flat_map(|table| table.meta().inputs.clone()));
    let years = read.path.first().zip(read.path.last()).map(|(first, last)| [first.0, last.0]);
    let regions = [origin, destination].map(|at| regions.code(at).to_owned());
    Some(Gate { game: read.name, regions, opening, back, years, inputs })
}

fn outside<T>(
    section: &Section<'_>,
    text: &Located<String>,
    region: &str,
    [a, b]: [&str; 2],
) -> Option<T> {
    let found = format!("the game is between {a} and {b}, the move is from or to {region}");
    let fault = Fault::new(text.at.clone(), found);
    section.document().push(fault.help("from and to must be the two places of the game"));
    None
}

/// When all firms of a game are at a place, and when they first leave it again.
fn opening(read: &ReadGame, to: Place) -> (Opening, Option<i32>) {
    let there = |k: usize| k == if to == Place::A { read.game.firms() } else { 0 };
    let years = read.history();
    if years.is_empty() {
        return (if there(read.selected()) { Opening::Always } else { Opening::Never }, None);
    }
    let Some(first) = years.iter().position(|(_, k)| there(*k)) else {
        return (Opening::Never, None);
    };
    let back = years[first..].iter().find(|(_, k)| !there(*k)).map(|(year, _)| *year);
    let opening = if first == 0 && read.start == to {
        Opening::Always
    } else {
        Opening::From(years[first].0)
    };
    (opening, back)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_before_the_opening() {
        let steps = Trajectory::ByYear(vec![(2010, 0.1), (2014, 0.3)]);
        let of = |opening| {
            let path = begun(steps.clone(), opening);
            [2009, 2010, 2012, 2014, 2020].map(|year| path.at(year, 0.0))
        };
        assert_eq!(of(Opening::Always), [0.0, 0.1, 0.2, 0.3, 0.3]);
        assert_eq!(of(Opening::From(2005)), [0.0, 0.1, 0.2, 0.3, 0.3]);
        assert_eq!(of(Opening::From(2012)), [0.0, 0.0, 0.2, 0.3, 0.3]);
        assert_eq!(of(Opening::From(2020)), [0.0, 0.0, 0.0, 0.0, 0.3]);
        assert_eq!(of(Opening::Never), [0.0; 5]);
        let constant = begun(Trajectory::Constant(0.2), Opening::From(2012));
        assert_eq!([2011, 2012, 2020].map(|year| constant.at(year, 0.0)), [0.0, 0.2, 0.2]);
    }
}
