//! Scenarios beside each other, for the terminal.

use std::fmt::Write;

use super::{RESULTS_SHOWN, STRESSORS_SHOWN, change, corners, head, level, place_names};
use crate::compare::scenarios::{Against, Scenarios, SideLine};
use crate::compare::{Compared, Measured};
use crate::labels::places::ALL;
use crate::report::terminal::{Language, grid};
use crate::text::human;

/// Code of output.
const OUTPUT: &str = "output";

/// Code of value added.
const VALUE_ADDED: &str = "value_added";

/// What leaves and arrives of a stressor, arrived over left.
const TRANSFER_RATIO: &str = "emission_transfer_ratio";

/// Intensity at which nothing would change.
const BREAK_EVEN: &str = "break_even_intensity";

/// Products that have a line.
const PRODUCTS_SHOWN: usize = 12;

/// Scenarios beside each other.
pub(super) fn scenarios(found: &Scenarios, language: Language) -> String {
    let count = found.names.len();
    let mut out = format!(
        "{} in {}:\n",
        if count == 1 { "One scenario".to_owned() } else { format!("{count} scenarios") },
        found.last()
    );
    for Compared { code, description, .. } in &found.names {
        let _ = writeln!(out, "  {code}: {description}");
    }
    let shown = Shown::of(found);
    let _ = writeln!(out, "\n{}", shown.overview());
    if count > 1 {
        for quantity in shown.quantities() {
            let _ = writeln!(out, "\n{}", shown.by_place(quantity, language));
        }
    } else {
        let _ = writeln!(out, "\n{}", shown.one_by_place(language));
    }
    out.push_str(&shown.sides());
    out.push_str(&shown.products());
    if count > 1 {
        for quantity in shown.quantities() {
            out.push_str(&shown.better(quantity));
        }
    }
    let lines = corners(&found.standings, &found.names, &found.quantities, &found.places);
    if !lines.is_empty() {
        let _ = write!(out, "\nwho gains and who pays, {}:\n{lines}", found.last());
    }
    out
}

struct Shown<'a> {
    found: &'a Scenarios,
    /// Value added and the first stressors, by position.
    quantities: Vec<usize>,
}

impl<'a> Shown<'a> {
    fn of(found: &'a Scenarios) -> Self {
        let all = found.quantities.iter().enumerate();
        let money = all.clone().filter(|(_, one)| one.code() == VALUE_ADDED).map(|(at, _)| at);
        let stressors = all.filter(|(_, one)| one.is_stressor()).map(|(at, _)| at);
        let quantities = money.chain(stressors.take(STRESSORS_SHOWN)).collect();
        Shown { found, quantities }
    }

    fn quantities(&self) -> impl Iterator<Item = usize> + '_ {
        self.quantities.iter().copied()
    }

    fn measured(&self, quantity: usize) -> &'a Measured {
        &self.found.quantities[quantity]
    }

    /// Scenario less baseline in the last year, by place; empty where there is none.
    fn differences(&self, scenario: usize, quantity: usize) -> Vec<String> {
        let own = self.found.differences.iter().filter(|one| {
            (one.scenario, one.year, one.quantity) == (scenario, self.found.last(), quantity)
        });
        let mut cells = vec![String::new(); self.found.places.len()];
        own.for_each(|one| cells[one.place] = change(&one.difference));
        cells
    }

    /// Each scenario in a line: what all regions come to, then its ratios.
    fn overview(&self) -> String {
        let (found, all) = (self.found, self.found.places.len() - 1);
        let mut header = vec![format!("all, {}:\nscenario less baseline", found.last())];
        header.extend(self.quantities().map(|quantity| head(self.measured(quantity))));
        let mut lines = grid(&header);
        for (scenario, compared) in found.names.iter().enumerate() {
            let mut cells = vec![compared.code.clone()];
            let change = |quantity| self.differences(scenario, quantity)[all].clone();
            cells.extend(self.quantities().map(change));
            lines.add_row(cells);
        }
        let more = found.quantities.len().saturating_sub(self.quantities.len() + 1);
        let rest = if more > 0 {
            format!("\n({more} more quantities in differences.csv)")
        } else {
            String::new()
        };
        format!("{lines}{rest}{}", self.ratios())
    }

    /// Ratios of each scenario, two columns for each stressor.
    fn ratios(&self) -> String {
        let found = self.found;
        let stressors: Vec<usize> =
            self.quantities().filter(|at| self.measured(*at).is_stressor()).collect();
        if stressors.is_empty() {
            return String::new();
        }
        let own = |scenario: Option<usize>, quantity: usize, name: &str| {
            found.ratios.iter().find(|one| {
                (one.quantity, one.name) == (quantity, name)
                    && scenario.is_none_or(|scenario| one.scenario == scenario)
            })
        };
        let mut header = vec![format!("ratios, {}", found.last())];
        for stressor in &stressors {
            let code = self.measured(*stressor).code();
            let unit = own(None, *stressor, BREAK_EVEN).map_or("", |one| &one.unit);
            header.push(format!("{code}\ntransfer ratio"));
            header.push(format!("{code} break-even\n{unit}"));
        }
        let mut lines = grid(&header);
        for (scenario, compared) in found.names.iter().enumerate() {
            let ratio = |quantity, name| {
                let own = own(Some(scenario), quantity, name);
                own.map_or_else(|| "-".to_owned(), |own| super::ratio(&own.number))
            };
            let mut cells = vec![compared.code.clone()];
            for stressor in &stressors {
                cells.extend([ratio(*stressor, TRANSFER_RATIO), ratio(*stressor, BREAK_EVEN)]);
            }
            lines.add_row(cells);
        }
        format!("\n\n{lines}")
    }

    /// One quantity: places in lines, scenarios in columns.
    fn by_place(&self, quantity: usize, language: Language) -> String {
        let measured = self.measured(quantity);
        let mut header =
            vec![format!("{}, {},\n{}", measured.code(), self.found.last(), measured.unit())];
        let scenarios = self.found.names.len().min(RESULTS_SHOWN);
        header.extend(self.found.names[..scenarios].iter().map(|one| one.code.clone()));
        let columns: Vec<Vec<String>> =
            (0..scenarios).map(|scenario| self.differences(scenario, quantity)).collect();
        let mut lines = grid(&header);
        for (place, name) in place_names(&self.found.places, language).into_iter().enumerate() {
            let cells = columns.iter().map(|column| column[place].clone());
            lines.add_row(std::iter::once(name).chain(cells).collect::<Vec<String>>());
        }
        let more = self.found.names.len() - scenarios;
        let rest = if more > 0 {
            format!("\n({more} more scenarios in differences.csv)")
        } else {
            String::new()
        };
        format!("{lines}{rest}")
    }

    /// One scenario: places in lines, quantities in columns.
    fn one_by_place(&self, language: Language) -> String {
        let mut header = vec![format!("scenario less\nbaseline, {}", self.found.last())];
        header.extend(self.quantities().map(|quantity| head(self.measured(quantity))));
        let columns: Vec<Vec<String>> =
            self.quantities().map(|quantity| self.differences(0, quantity)).collect();
        let mut lines = grid(&header);
        for (place, name) in place_names(&self.found.places, language).into_iter().enumerate() {
            let cells = columns.iter().map(|column| column[place].clone());
            lines.add_row(std::iter::once(name).chain(cells).collect::<Vec<String>>());
        }
        lines.to_string()
    }

    /// Giving against receiving: value added, then the first stressor if there is one.
    fn sides(&self) -> String {
        let of = |line: &&SideLine| {
            (line.quantity.as_str(), line.measure.as_str()) == (VALUE_ADDED, "change")
                && line.place == ALL
        };
        let lines: Vec<&SideLine> = self.found.sides.iter().filter(of).collect();
        if lines.is_empty() {
            return String::new();
        }
        let stressor = self.quantities().find(|at| self.measured(*at).is_stressor());
        let mut out = self.sides_in("who gives, who receives", &lines, &Column::of_value_added());
        if let Some(stressor) = stressor.map(|at| self.measured(at)) {
            out += &self.sides_in("emissions of both sides", &lines, &Column::of(stressor));
        }
        out + "(single regions, groups and other stressors: sides.csv)\n"
    }

    /// All regions of each side of every scenario, in some columns.
    fn sides_in(&self, title: &str, lines: &[&SideLine], columns: &[Column<'_>]) -> String {
        let mut header = vec![format!("{title},\n{}", self.found.last())];
        header.extend(columns.iter().map(|column| {
            let own = self.found.sides.iter().find(|own| column.is_of(own));
            format!("{}\n{}", column.words, own.map_or("", |own| &own.unit))
        }));
        let mut table = grid(&header);
        for line in lines {
            let mut cells =
                vec![format!("{}: {}", self.found.names[line.scenario].code, line.side)];
            for column in columns {
                let own = self.found.sides.iter().find(|own| {
                    (own.scenario, &own.place, &own.side)
                        == (line.scenario, &line.place, &line.side)
                        && column.is_of(own)
                });
                let text = |own: &SideLine| match own.measure.as_str() {
                    "change" | "mismatch" => change(&own.number),
                    _ => level(&own.number),
                };
                cells.push(own.map_or_else(String::new, text));
            }
            table.add_row(cells);
        }
        format!("\n{table}\n")
    }

    /// What left and what arrived of each product, each pair of regions once for all scenarios that say the same.
    fn products(&self) -> String {
        let mut rows: Vec<(Vec<String>, Vec<&str>)> = Vec::new();
        for own in &self.found.products {
            let cells = vec![
                format!("{} {} → {}", own.sector, own.from, own.to),
                self.measured(own.stressor).code().to_owned(),
                human(own.left),
                human(own.arrived),
                own.ratio().map_or_else(|| "-".to_owned(), human),
                own.unit.clone(),
            ];
            let code = self.found.names[own.scenario].code.as_str();
            match rows.iter_mut().find(|(known, _)| *known == cells) {
                Some((_, codes)) => codes.push(code),
                None => rows.push((cells, vec![code])),
            }
        }
        if rows.is_empty() {
            return String::new();
        }
        let header = [
            "the same product",
            "stressor",
            "left",
            "arrived",
            "arrived\nover left",
            "unit",
            "scenario",
        ];
        let mut table = grid(&header.map(str::to_owned));
        let more = rows.len().saturating_sub(PRODUCTS_SHOWN);
        for (mut cells, codes) in rows.into_iter().take(PRODUCTS_SHOWN) {
            cells.push(codes.join("\n"));
            table.add_row(cells);
        }
        let rest =
            if more > 0 { format!("({more} more in products.csv)\n") } else { String::new() };
        format!("\n{table}\n{rest}")
    }

    /// How often one is better than another, of all regions together; nothing where no draws are shared.
    fn better(&self, quantity: usize) -> String {
        let all = self.found.places.len() - 1;
        let own: Vec<&Against> = self
            .found
            .against
            .iter()
            .filter(|one| (one.year, one.quantity, one.place) == (self.found.last(), quantity, all))
            .collect();
        if own.iter().all(|one| one.shares.is_none()) {
            return String::new();
        }
        let measured = self.measured(quantity);
        let word = measured.better.word();
        let mut header = vec![format!(
            "{} of all, {}:\nbetter ({word}) than",
            measured.code(),
            self.found.last()
        )];
        header.push("baseline".to_owned());
        let shown = self.found.names.len().min(RESULTS_SHOWN);
        header.extend(self.found.names[1..shown].iter().map(|one| one.code.clone()));
        let mut table = grid(&header);
        for from in 0..self.found.names.len() {
            let mut cells = vec![self.found.names[from].code.clone()];
            for to in std::iter::once(None).chain((1..shown).map(Some)) {
                let one = own.iter().find(|one| (one.from, one.to) == (from, to));
                cells.push(one.map_or_else(String::new, |one| percent(one)));
            }
            table.add_row(cells);
        }
        format!("\n{table}\n")
    }
}

/// A column of the table of sides.
struct Column<'a> {
    words: String,
    quantity: &'a str,
    measure: &'static str,
}

impl<'a> Column<'a> {
    fn new(words: &str, quantity: &'a str, measure: &'static str) -> Self {
        Column { words: words.to_owned(), quantity, measure }
    }

    /// Of output that moved, and value added.
    fn of_value_added() -> [Self; 3] {
        [
            Column::new("output moved", OUTPUT, "moved_output"),
            Column::new("value added", VALUE_ADDED, "change"),
            Column::new("per output moved", VALUE_ADDED, "per_moved_output"),
        ]
    }

    /// Of a stressor.
    fn of(stressor: &'a Measured) -> [Self; 4] {
        let code = stressor.code();
        [
            Column::new(code, code, "change"),
            Column::new("per output moved", code, "per_moved_output"),
            Column::new("per value added", code, "intensity_of_change"),
            Column::new("share less that\nof value added", code, "mismatch"),
        ]
    }

    fn is_of(&self, line: &SideLine) -> bool {
        (line.quantity.as_str(), line.measure.as_str()) == (self.quantity, self.measure)
    }
}

/// Share of draws in which one is better than another, with the difference.
fn percent(one: &Against) -> String {
    let share = match one.shares {
        Some(shares) => format!("{:.0} % of draws", 100.0 * shares.better),
        None => "not told".to_owned(),
    };
    format!("{share}\n{}", change(&one.difference))
}
