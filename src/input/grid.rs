//! The dials of `irio run --grid`: texts such as `share=0.1,0.2,0.3` on a scenario.
//!
//! A text names one dial and its stops; an empty text asks for the usual stops of every dial that no other text
//! names. The scenario's own value is always among the stops, since that is where readers begin.

use crate::agglomeration::Reading;
use crate::fault::{Fault, Faults, Location};
use crate::labels::{comparable, suggestion};
use crate::relocation::{Move, Suppliers, Technology};
use crate::run::grid::dials::{Dial, Stop, Stops, best_stressor, copies, own, size_dial, usual};
use crate::run::grid::{Grid, MOST_POINTS};
use crate::scenario::{PlannedMove, Scenario, SizePath};
use crate::table::Table;
use crate::text::exact;

/// The option that faults are about.
const OPTION: &str = "--grid";

/// Reads the texts of a grid.
///
/// # Errors
/// Everything wrong with them: dials that there are not or that the scenario cannot turn, and stops that mean
/// nothing or say what no run can do.
pub fn read(texts: &[String], table: &Table, scenario: &Scenario) -> Result<Grid, Faults> {
    let last = scenario.years(table.meta().year).last().copied().unwrap_or(table.meta().year);
    let context = Context { table, scenario, last };
    context.refuse_still()?;
    let mut faults = Faults::default();
    let mut asked: Vec<Stops> = Vec::new();
    for text in texts.iter().filter(|text| !text.trim().is_empty()) {
        let Some(found) = faults.absorb(context.dial(text)) else { continue };
        let clash = |other: &&Stops| {
            let sizes = [Dial::Share, Dial::Size];
            other.dial == found.dial || [other.dial, found.dial].iter().all(|d| sizes.contains(d))
        };
        match asked.iter().find(clash) {
            Some(other) if other.dial == found.dial => {
                let text = format!("the dial {} is given twice", found.dial.word());
                faults.push(fault(text, "give all its stops in one --grid"));
            }
            Some(_) => faults.push(fault(
                "both share and size are given",
                "each says how much moves: delete one of them",
            )),
            None => asked.push(found),
        }
    }
    let usual_ones = texts.iter().any(|text| text.trim().is_empty());
    let grid = Grid { dials: faults.into_result(context.all(asked, usual_ones))? };
    if grid.points() > MOST_POINTS {
        let text = format!("the grid has {} points, more than {MOST_POINTS}", grid.points());
        return Err(fault(text, "give fewer stops, or fewer dials").into());
    }
    Ok(grid)
}

fn fault(text: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault::new(Location::whole(OPTION), text).help(help)
}

struct Context<'a> {
    table: &'a Table,
    scenario: &'a Scenario,
    last: i32,
}

impl Context<'_> {
    /// A scenario in which nothing moves has no dials.
    fn refuse_still(&self) -> Result<(), Fault> {
        let moves = &self.scenario.moves;
        if moves.is_empty() {
            let text = format!("nothing moves in {:?}, so there is no dial", self.scenario.name);
            return Err(fault(text, "add [[relocate]] to it, or leave --grid out"));
        }
        let still = |planned: &PlannedMove| match &planned.size {
            SizePath::Share(path) | SizePath::Amount(path) => path.at(self.last, 0.0) == 0.0,
        };
        if moves.iter().all(still) {
            let text = format!(
                "nothing has moved in {}, the last year of {:?}, so there is nothing to turn",
                self.last, self.scenario.name
            );
            return Err(fault(text, "give a later end of [horizon], or a share above 0"));
        }
        Ok(())
    }

    /// Every dial of the scenario, in order: those asked for, others with their usual stops or only their own.
    fn all(&self, mut asked: Vec<Stops>, usual_ones: bool) -> Vec<Stops> {
        let size = (asked.iter().map(|stops| stops.dial))
            .find(|dial| [Dial::Share, Dial::Size].contains(dial))
            .unwrap_or_else(|| size_dial(self.scenario, self.last));
        let has = |dial: Dial| match dial {
            Dial::Share | Dial::Size => dial == size,
            Dial::Technology | Dial::Sourcing => true,
            Dial::Reading => self.scenario.density.is_some(),
        };
        let one = |dial: Dial| match asked.iter().position(|stops| stops.dial == dial) {
            Some(at) => asked.swap_remove(at),
            None if usual_ones => usual(dial, self.table, self.scenario, self.last),
            None => Stops::fixed(dial, own(dial, self.scenario, self.last)),
        };
        Dial::ALL.into_iter().filter(|dial| has(*dial)).map(one).collect()
    }

    /// One dial with its stops.
    fn dial(&self, text: &str) -> Result<Stops, Faults> {
        let help = "a dial is NAME=STOP,STOP,... such as share=0.1,0.2,0.3 or technology=destination,origin";
        let Some((name, stops)) = text.split_once('=') else {
            return Err(fault(format!("{text:?} is no dial"), help).into());
        };
        let words = || Dial::ALL.into_iter().map(Dial::word);
        let Some(dial) = Dial::ALL.into_iter().find(|dial| dial.word() == comparable(name)) else {
            let help = match suggestion(name, words()) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("dials are {}", words().collect::<Vec<&str>>().join(", ")),
            };
            return Err(fault(format!("there is no dial {:?}", name.trim()), help).into());
        };
        self.refuse_dial(dial)?;
        let mut faults = Faults::default();
        let mut found: Vec<Stop> = Vec::new();
        for text in stops.split(',').map(str::trim) {
            match faults.keep(self.stop(dial, text)) {
                Some(stop) if found.contains(&stop) => {
                    let text = format!("{text:?} stands twice among the stops of {}", dial.word());
                    faults.push(fault(text, "name it once"));
                }
                stop => found.extend(stop),
            }
        }
        let own = own(dial, self.scenario, self.last);
        faults.into_result(Stops::with_own(dial, own, &found))
    }

    /// Why the scenario cannot turn a dial, if so.
    fn refuse_dial(&self, dial: Dial) -> Result<(), Fault> {
        let of_amount = |planned: &PlannedMove| matches!(planned.size, SizePath::Amount(_));
        match dial {
            Dial::Share if self.scenario.moves.iter().any(of_amount) => Err(fault(
                "a move goes by amount, so there is no share to turn",
                "turn its multiple instead, for example size=0.5,1,1.5",
            )),
            Dial::Reading if self.scenario.density.is_none() => Err(fault(
                format!("{:?} has no [density], so there are no readings", self.scenario.name),
                "add [density] to it, or leave the dial out",
            )),
            _ => Ok(()),
        }
    }

    fn stop(&self, dial: Dial, text: &str) -> Result<Stop, Fault> {
        match dial {
            Dial::Share => {
                let help = "a share of the industry's sales, from 0 to 1";
                let share = number(dial, text, help)?;
                let stop = Stop::Share(share);
                if !(0.0..=1.0).contains(&share) {
                    let percent = if (1.0..=100.0).contains(&share) {
                        format!(" ({} for {text} %)", share / 100.0)
                    } else {
                        String::new()
                    };
                    let text = format!("the share {text} is not between 0 and 1");
                    return Err(fault(text, format!("{help}{percent}")));
                }
                self.fits(stop, text)
            }
            Dial::Size => {
                let help = "a multiple of what the scenario moves, 0 or more";
                let factor = number(dial, text, help)?;
                if factor < 0.0 {
                    return Err(fault(format!("the size {text} is below 0"), help));
                }
                self.fits(Stop::Size(factor), text)
            }
            Dial::Technology => self.technology(text),
            Dial::Sourcing => match text.split_once(':').unwrap_or((text, "")) {
                ("destination", "") => Ok(Stop::Sourcing(Suppliers::Destination)),
                ("origin", "") => Ok(Stop::Sourcing(Suppliers::Origin)),
                ("mix", share) => Ok(Stop::Sourcing(Suppliers::Mix(mix(dial, share)?))),
                _ => Err(no_stop(dial, text, &["destination", "origin", "mix:SHARE"])),
            },
            Dial::Reading => self.reading(text),
        }
    }

    /// Whether no move would take more than all of its row in some year.
    fn fits(&self, stop: Stop, text: &str) -> Result<Stop, Fault> {
        let largest = stop.largest_share(self.scenario, self.last);
        if largest.is_nan() || largest > 1.0 {
            let text = format!("with {text} a share would be {}", exact(largest));
            return Err(fault(text, "at most 1 can move"));
        }
        Ok(stop)
    }

    fn technology(&self, text: &str) -> Result<Stop, Fault> {
        let words = ["destination", "origin", "best:STRESSOR", "mix:SHARE"];
        let technology = match text.split_once(':').unwrap_or((text, "")) {
            ("destination", "") => Technology::Destination,
            ("origin", "") => Technology::Origin,
            ("best", stressor) => Technology::Best(self.stressor(stressor)?),
            ("mix", share) => Technology::Mix(mix(Dial::Technology, share)?),
            _ => return Err(no_stop(Dial::Technology, text, &words)),
        };
        let copied = match technology {
            Technology::Destination => true,
            Technology::Mix(share) => share > 0.0,
            Technology::Origin | Technology::Best(_) => false,
        };
        let moves = self.scenario.moves.iter().map(|planned| &planned.mv);
        let without: Option<&Move> = moves.filter(|_| copied).find(|mv| !copies(self.table, mv));
        if let Some(mv) = without {
            let industries = self.table.industries();
            let name = industries.name(industries.index(mv.to, mv.sector));
            let text = format!("{name} has no output, so there is no technology {text} to copy");
            return Err(fault(text, "leave the stop out"));
        }
        Ok(Stop::Technology(technology))
    }

    fn stressor(&self, text: &str) -> Result<usize, Fault> {
        let extensions = self.table.extensions();
        let found = match text {
            "" => best_stressor(self.table, self.scenario),
            text => {
                let of = |code: &str| comparable(code) == comparable(text);
                extensions.iter().position(|extension| of(&extension.label.code))
            }
        };
        found.ok_or_else(|| {
            let codes: Vec<&str> =
                extensions.iter().map(|extension| extension.label.code.as_str()).collect();
            let text = match text {
                "" => "best does not say of which stressor".to_owned(),
                text => format!("the table has no stressor {text:?}"),
            };
            let help = format!("best:STRESSOR, of {}", codes.join(", "));
            fault(text, if codes.is_empty() { "the table has none".to_owned() } else { help })
        })
    }

    fn reading(&self, text: &str) -> Result<Stop, Fault> {
        let words: Vec<&str> = Reading::ALL.into_iter().map(Reading::word).collect();
        let found = Reading::ALL.into_iter().find(|reading| reading.word() == text);
        let reading = found.ok_or_else(|| no_stop(Dial::Reading, text, &words))?;
        let computed = |reading: &Reading| {
            self.scenario.density.as_ref().is_some_and(|density| density.has(*reading))
        };
        if !computed(&reading) {
            let can = Reading::ALL.into_iter().filter(computed).map(Reading::word);
            let help = format!("it can compute {}", can.collect::<Vec<&str>>().join(", "));
            let text = format!("{:?} cannot compute the reading {text}", self.scenario.name);
            return Err(fault(text, help));
        }
        Ok(Stop::Reading(reading))
    }
}

fn number(dial: Dial, text: &str, help: &str) -> Result<f64, Fault> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ if text.is_empty() => Err(fault(format!("{} has an empty stop", dial.word()), help)),
        _ => Err(fault(format!("{text:?} is no number for {}", dial.word()), help)),
    }
}

/// Share of the destination's in a mixture.
fn mix(dial: Dial, text: &str) -> Result<f64, Fault> {
    let help = "mix:SHARE, the share of the destination's from 0 to 1";
    let share = number(dial, text, help)?;
    if !(0.0..=1.0).contains(&share) {
        return Err(fault(format!("the share {text} is not between 0 and 1"), help));
    }
    Ok(share)
}

fn no_stop(dial: Dial, text: &str, words: &[&str]) -> Fault {
    let help = match suggestion(text, words.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("stops are {}", words.join(", ")),
    };
    fault(format!("{} has no stop {text:?}", dial.word()), help)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A scenario that ships.
    fn told(file: &str, texts: &[&str]) -> Result<Grid, String> {
        let path = format!("scenarios/{file}.toml");
        let read = crate::input::scenario::read(path.as_ref(), None).unwrap();
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        super::read(&texts, &read.table, &read.scenario).map_err(|faults| faults.to_string())
    }

    #[test]
    fn the_usual_dials_suit_the_scenario() {
        let grid = told("heavy-industry-density", &[""]).unwrap();
        let words: Vec<&str> = grid.dials.iter().map(|stops| stops.dial.word()).collect();
        assert_eq!(words, ["share", "technology", "sourcing", "reading"]);
        assert_eq!(grid.dials[0].stops[grid.dials[0].own], Stop::Share(0.3));
        assert_eq!(grid.dials[0].stops.len(), 5);
        let at = grid.at(grid.own());
        assert_eq!(at, grid.dials.iter().map(|stops| stops.own).collect::<Vec<_>>());
        // Shares that differ are turned by a multiple.
        let grid = told("bth-package", &[""]).unwrap();
        assert_eq!(grid.dials[0].dial, Dial::Size);
        let grid = told("heavy-industry-by-steps", &[""]).unwrap();
        assert_eq!(grid.dials[0].stops[2], Stop::Share(0.3));
        assert_eq!(grid.dials[1].stops[0], Stop::Technology(Technology::Mix(0.5)));
    }

    #[test]
    fn a_dial_that_is_not_turned_stands_where_the_scenario_does() {
        let grid = told("heavy-industry-density", &["share=0.2,0.1"]).unwrap();
        assert_eq!(grid.dials[0].stops, [0.1, 0.2, 0.3].map(Stop::Share));
        assert!(grid.dials[1..].iter().all(|stops| stops.stops.len() == 1));
        assert_eq!(grid.points(), 3);
        let grid = told("heavy-industry-density", &["share=0.2", ""]).unwrap();
        assert!(grid.dials[1..].iter().all(|stops| stops.stops.len() > 1));
    }

    #[test]
    fn what_means_nothing_is_refused_with_a_way_out() {
        let all = [
            ("heavy-industry-density", "shares=0.1"),
            ("heavy-industry-density", "colour=red"),
            ("heavy-industry-density", "0.1,0.2"),
            ("heavy-industry-density", "share=30"),
            ("heavy-industry-density", "share=0.1,,x"),
            ("heavy-industry-density", "share=0.1,0.1"),
            ("heavy-industry-density", "technology=orign"),
            ("heavy-industry-density", "technology=best:so2,mix:2,mix"),
            ("heavy-industry-density", "sourcing=best"),
            ("heavy-industry-density", "reading=half"),
            ("heavy-industry-origin", "reading=total"),
            ("heavy-industry-origin", "size=4"),
            ("heavy-industry-origin", "size=-1"),
            ("heavy-industry-by-steps", "share=nan"),
            ("nothing-moves", ""),
        ];
        let said: Vec<String> = all
            .iter()
            .map(|(file, text)| format!("{file} {text}\n{}", told(file, &[text]).unwrap_err()))
            .collect();
        insta::assert_snapshot!(said.join("\n"));
        let twice = told("heavy-industry-origin", &["share=0.1", "share=0.2", "size=2"]);
        insta::assert_snapshot!(twice.unwrap_err());
        let many: Vec<String> = (0..=MOST_POINTS).map(|k| format!("{}", k as f64 / 1e4)).collect();
        let many = told("heavy-industry-origin", &[&format!("share={}", many.join(","))]);
        insta::assert_snapshot!(many.unwrap_err());
    }
}
