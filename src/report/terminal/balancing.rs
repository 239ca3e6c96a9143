//! What balancing did: rounds, gap, the cells that moved most, the controls that were not met.

use std::fmt::Write;

use super::{Language, grid, texts};
use crate::balance::kras::Reached;
use crate::balance::{Moved, Step};
use crate::table::{Imports, NATIONAL, Table};
use crate::text::{column, count, gap, human, signed};
use crate::updating::{MovedCell, Place, Updated};

/// What balancing has to say of itself, with names for what it is about.
#[derive(Debug, Clone)]
pub struct Balance {
    /// Rounds it took.
    pub rounds: usize,
    /// What cells are before: themselves, or what rules made of them.
    pub before: &'static str,
    /// Largest gap left, as a share of its line.
    pub gap: f64,
    /// How the gap fell.
    pub trace: Vec<Step>,
    /// Cells that moved most by amount, with their names.
    pub by_amount: Vec<(String, Moved)>,
    /// Cells that moved most by ratio, with their names.
    pub by_ratio: Vec<(String, Moved)>,
    /// Controls with their names.
    pub controls: Vec<(String, Reached)>,
    /// Names of the cells that had to become zero.
    pub emptied: Vec<String>,
}

/// How many controls that are not met, or cells that were emptied, are listed.
const LISTED: usize = 20;

/// Steps of the trace that are shown.
const STEPS: usize = 6;

impl Balance {
    /// The report, without caveats.
    pub fn text(&self) -> String {
        let mut out = format!(
            "{}, largest gap left {} of its line\n",
            count(self.rounds, "round"),
            gap(self.gap)
        );
        let shown = self.trace.len().div_ceil(STEPS).max(1);
        let steps: Vec<String> = (self.trace.iter().step_by(shown))
            .map(|step| format!("{} after round {}", gap(step.gap), step.round))
            .collect();
        if self.trace.len() > 1 {
            let _ = writeln!(out, "gap: {}", steps.join(", "));
        }
        for (title, cells) in
            [("Moved most by amount", &self.by_amount), ("Moved most by ratio", &self.by_ratio)]
        {
            if !cells.is_empty() {
                let _ = writeln!(out, "\n{}", moved(title, self.before, cells));
            }
        }
        if self.by_amount.is_empty() {
            out.push_str("\nBalancing moved nothing.\n");
        }
        self.emptied(&mut out);
        self.unmet(&mut out);
        out
    }

    fn emptied(&self, out: &mut String) {
        if self.emptied.is_empty() {
            return;
        }
        let cells = count(self.emptied.len(), "cell");
        let _ = writeln!(out, "\n{cells} can only be zero with these totals:");
        self.emptied.iter().take(LISTED).for_each(|name| {
            let _ = writeln!(out, "  {name}");
        });
        more(out, self.emptied.len());
    }

    fn unmet(&self, out: &mut String) {
        if self.controls.is_empty() {
            return;
        }
        let mut unmet: Vec<&(String, Reached)> =
            self.controls.iter().filter(|(_, control)| !control.met).collect();
        if unmet.is_empty() {
            let all = match self.controls.len() {
                1 => "The control is".to_owned(),
                many => format!("All {many} controls are"),
            };
            let _ = writeln!(out, "\n{all} met.");
            return;
        }
        let far = |reached: &Reached| reached.in_sigma().unwrap_or(f64::INFINITY).abs();
        unmet.sort_by(|a, b| far(&b.1).total_cmp(&far(&a.1)));
        let count = self.controls.len();
        let _ = writeln!(out, "\n{} of {count} controls gave way:\n", unmet.len());
        let mut rows = grid(&texts(&["control", "wanted", "reached", "gap", "gap/σ"]));
        for (name, control) in unmet.iter().take(LISTED) {
            let sigma = control.in_sigma().map_or_else(String::new, |share| format!("{share:+.2}"));
            rows.add_row(vec![
                name.clone(),
                human(control.wanted),
                human(control.reached),
                signed(control.gap()),
                sigma,
            ]);
        }
        let _ = writeln!(out, "{rows}");
        more(out, unmet.len());
    }
}

fn more(out: &mut String, count: usize) {
    if count > LISTED {
        let _ = writeln!(out, "  ... and {} more", count - LISTED);
    }
}

fn moved(title: &str, before: &str, cells: &[(String, Moved)]) -> String {
    let of =
        |value: fn(&Moved) -> f64| cells.iter().map(|(_, cell)| value(cell)).collect::<Vec<_>>();
    let columns = [
        column(&of(|cell| cell.before), false),
        column(&of(|cell| cell.after), false),
        column(&of(|cell| cell.after - cell.before), true),
    ];
    let mut rows = grid(&texts(&[title, before, "after", "change", "ratio"]));
    for (at, (name, cell)) in cells.iter().enumerate() {
        let mut row = vec![name.clone()];
        row.extend(columns.iter().map(|column| column[at].clone()));
        row.push(human(cell.ratio()));
        rows.add_row(row);
    }
    rows.to_string()
}

/// What an update did, with the table's names.
pub fn update(table: &Table, updated: &Updated, names: &[String], language: Language) -> Balance {
    let named = |cells: &[MovedCell]| -> Vec<(String, Moved)> {
        cells.iter().map(|cell| (place(table, cell.place, language), cell.cell)).collect()
    };
    Balance {
        rounds: updated.rounds,
        before: "scaled by rules",
        gap: updated.gap,
        trace: updated.trace.clone(),
        by_amount: named(&updated.by_amount),
        by_ratio: named(&updated.by_ratio),
        controls: names.iter().cloned().zip(updated.controls.iter().copied()).collect(),
        emptied: Vec::new(),
    }
}

fn place(table: &Table, place: Place, language: Language) -> String {
    let industry = |at: usize| table.industries().name(at);
    match place {
        Place::Flow(i, j) => format!("{} → {}", industry(i), industry(j)),
        Place::FinalDemand(i, k) => {
            let demand = table.final_demand();
            let of = demand.columns[k];
            let region =
                of.region.map_or(NATIONAL, |region| table.industries().regions.code(region));
            let category = language.name(&demand.categories[of.category].label);
            format!("{} → {region} {category}", industry(i))
        }
        Place::Imports(row, j) => match table.imports() {
            Imports::ByProduct { .. } => {
                format!("imported {} → {}", table.industries().sectors.code(row), industry(j))
            }
            _ => format!("imports → {}", industry(j)),
        },
        Place::ValueAdded(row, j) => {
            let label = &table.value_added_rows().rows[row];
            format!("{} of {}", language.name(label), industry(j))
        }
    }
}
