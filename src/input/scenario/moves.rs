//! `[[relocate]]`: which industries move, how much of them, and what the new plants are like.

use super::gate::{self, Gate};
use super::{Classes, Context, refuse_outside};
use crate::fault::{Fault, Location};
use crate::input::document::Section;
use crate::labels::{comparable, suggestion};
use crate::relocation::{Move, Suppliers, Technology};
use crate::scenario::{Horizon, PlannedMove, SizePath, Trajectory};
use crate::text::exact;

/// Moves with their places, and the game they wait for.
type Moves = (Vec<(PlannedMove, Location)>, Option<Gate>);

/// One `[[relocate]]`: a move for each of its sectors and origins, and the game it waits for.
pub(super) fn relocate(
    section: &Section<'_>,
    context: Option<&Context<'_>>,
    classes: &Classes,
    (has_horizon, horizon): (bool, Option<Horizon>),
) -> Option<Moves> {
    let document = section.document();
    let size = size(section, has_horizon);
    let (technology_words, suppliers_words) = how(section, context);
    let exports = section.flag("exports").unwrap_or(true);
    section.require("from");
    section.require("to");
    let (from, to) = (section.texts("from"), section.text("to"));
    let (sector, class) = (section.texts("sector"), section.text("class"));
    let game = section.text("game");
    let context = context?;
    let industries = context.table.industries();
    let sectors = match (sector, class) {
        (Some(texts), None) => context.positions(&industries.sectors, Some(texts), section)?,
        (None, Some(class)) => match classes.get(&comparable(&class.value)) {
            Some((_, sectors)) => sectors.clone(),
            None => {
                let names: Vec<&str> = classes.values().map(|(name, _)| name.as_str()).collect();
                let help = match suggestion(&class.value, names.iter().copied()) {
                    Some(near) => format!("did you mean {near:?}?"),
                    None if names.is_empty() => {
                        "no class is defined: add [classes] or classes_file".to_owned()
                    }
                    None => format!("classes are {}", names.join(", ")),
                };
                document.push(
                    Fault::new(class.at, format!("unknown class {:?}", class.value)).help(help),
                );
                return None;
            }
        },
        _ => {
            let fault = Fault::new(section.at(), "needs either \"sector\" or \"class\"");
            document.push(
                fault.help("sector = \"...\" moves one sector, class = \"...\" all of a class"),
            );
            return None;
        }
    };
    let origins = context.positions(&industries.regions, from.clone(), section)?;
    let to_at = to?;
    let destination = context.position(&industries.regions, &to_at, section)?;
    for (origin, text) in origins.iter().zip(from.unwrap_or_default()) {
        if *origin == destination {
            let text_of = format!(
                "a move from {0} to {0} moves nothing",
                industries.regions.code(destination)
            );
            document.push(Fault::new(text.at, text_of).help("name two different regions"));
        }
    }
    let gate = match &game {
        Some(text) => Some(gate::gate(section, text, context, &origins, destination)?),
        None if section.has("game") => return None,
        None => None,
    };
    let size = size?;
    let (path, key) = match &size {
        SizePath::Share(path) => (path, "share"),
        SizePath::Amount(path) => (path, "amount"),
    };
    refuse_outside(path, section, key, (context, horizon));
    if sectors.len() * origins.len() > 1 && matches!(size, SizePath::Amount(_)) {
        let fault = Fault::new(
            section.at(),
            format!("an amount for {} sectors and origins", sectors.len() * origins.len()),
        );
        document.push(fault.help(
            "an amount needs one sector and one origin; use share, or one [[relocate]] each",
        ));
        return None;
    }
    let (technology, suppliers) = (technology_words?, suppliers_words?);
    let size = gate.as_ref().map_or(size.clone(), |gate| gate.applied(size));
    let mut moves = Vec::new();
    for &from in &origins {
        for &sector in &sectors {
            let mv = Move { sector, from, to: destination, technology, suppliers, exports };
            moves.push((PlannedMove { mv, size: size.clone() }, section.at()));
        }
    }
    Some((moves, gate))
}

#[derive(Clone, Copy, PartialEq)]
enum Word {
    Destination,
    Origin,
    Mix,
    Best,
}

/// Technology and suppliers of the plants.
fn how(
    section: &Section<'_>,
    context: Option<&Context<'_>>,
) -> (Option<Technology>, Option<Suppliers>) {
    let document = section.document();
    let words = [("destination", Word::Destination), ("origin", Word::Origin), ("mix", Word::Mix)];
    let with_best = [words.as_slice(), &[("best", Word::Best)]].concat();
    let default = |has: bool| (!has).then_some(Word::Destination);
    let technology = section
        .word("technology", &with_best)
        .map(|w| w.value)
        .or(default(section.has("technology")));
    let suppliers =
        section.word("sourcing", &words).map(|w| w.value).or(default(section.has("sourcing")));
    let share = |key: &'static str, wanted: bool| {
        if wanted {
            section.require(key);
        }
        let share = section.number(key)?;
        if !wanted {
            let word = if key == "technology_mix" { "technology" } else { "sourcing" };
            let fault = Fault::new(
                share.at.clone(),
                format!("{key} without {word} = \"mix\" has no effect"),
            );
            document.push(fault.help(format!("write {word} = \"mix\", or delete the line")));
        }
        if !(0.0..=1.0).contains(&share.value) {
            let fault = Fault::new(share.at, format!("{key} is {}", exact(share.value)));
            document.push(fault.help("the share of the destination's, from 0 to 1"));
            return None;
        }
        Some(share.value)
    };
    let technology_mix = share("technology_mix", technology == Some(Word::Mix));
    let sourcing_mix = share("sourcing_mix", suppliers == Some(Word::Mix));
    if technology == Some(Word::Best) {
        section.require("best_for");
    }
    let best_for = section.text("best_for");
    if let Some(text) =
        best_for.as_ref().filter(|_| technology.is_some() && technology != Some(Word::Best))
    {
        let fault =
            Fault::new(text.at.clone(), "best_for without technology = \"best\" has no effect");
        document.push(fault.help("write technology = \"best\", or delete the line"));
    }
    let best = context
        .zip(best_for)
        .and_then(|(context, text)| context.position(&context.stressors(), &text, section));
    let technology = technology.and_then(|word| match word {
        Word::Destination => Some(Technology::Destination),
        Word::Origin => Some(Technology::Origin),
        Word::Mix => technology_mix.map(Technology::Mix),
        Word::Best => best.map(Technology::Best),
    });
    let suppliers = suppliers.and_then(|word| match word {
        Word::Origin => Some(Suppliers::Origin),
        Word::Mix => sourcing_mix.map(Suppliers::Mix),
        _ => Some(Suppliers::Destination),
    });
    (technology, suppliers)
}

/// `share` or `amount`; an amount in physical units needs a price in the table's money.
fn size(section: &Section<'_>, has_horizon: bool) -> Option<SizePath> {
    let document = section.document();
    let (share, amount, price) =
        (section.path("share"), section.path("amount"), section.number("price"));
    for by_year in [&share, &amount].into_iter().flatten().filter(|_| !has_horizon) {
        if matches!(by_year.value, Trajectory::ByYear(_)) {
            let fault =
                Fault::new(by_year.at.clone(), "numbers by year, but there is no [horizon]");
            document.push(fault.help("add [horizon] with end = YEAR, or give one number"));
        }
    }
    if let Some(price) = &price {
        if price.value <= 0.0 {
            document.push(Fault::new(
                price.at.clone(),
                format!("price is {}; it must be positive", exact(price.value)),
            ));
        }
        if amount.is_none() {
            let fault = Fault::new(price.at.clone(), "price without amount has no effect");
            document.push(fault.help("price turns a physical amount into the table's money"));
        }
    }
    match (share, amount) {
        (Some(share), None) => {
            if let Some(wrong) =
                share.value.numbers().into_iter().find(|value| !(0.0..=1.0).contains(value))
            {
                let fault = Fault::new(share.at, format!("share is {}", exact(wrong)));
                let percent = if (1.0..=100.0).contains(&wrong) {
                    format!(" ({} for {wrong} %)", wrong / 100.0)
                } else {
                    String::new()
                };
                document.push(
                    fault.help(format!("a share of the industry's sales, from 0 to 1{percent}")),
                );
                return None;
            }
            Some(SizePath::Share(share.value))
        }
        (None, Some(amount)) => {
            if let Some(wrong) = amount.value.numbers().into_iter().find(|value| *value < 0.0) {
                let fault = Fault::new(
                    amount.at,
                    format!("amount is {}; it may not be negative", exact(wrong)),
                );
                document.push(fault.help("exchange from and to for a move the other way"));
                return None;
            }
            let price = price.map_or(1.0, |price| price.value);
            Some(SizePath::Amount(match amount.value {
                Trajectory::Constant(value) => Trajectory::Constant(value * price),
                Trajectory::ByYear(points) => Trajectory::ByYear(
                    points.into_iter().map(|(year, value)| (year, value * price)).collect(),
                ),
            }))
        }
        (Some(_), Some(amount)) => {
            let fault = Fault::new(amount.at, "both \"share\" and \"amount\" are given");
            document.push(fault.help("one of them says how much moves; delete the other"));
            None
        }
        _ if section.has("share") || section.has("amount") => None,
        _ => {
            let fault = Fault::new(section.at(), "needs either \"share\" or \"amount\"");
            document.push(fault.help("share = 0.3 moves 30 % of the industry's sales; amount is output in the table's unit"));
            None
        }
    }
}
