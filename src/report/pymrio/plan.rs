//! Which account, line and text each part of a table is written as.

use super::joined;
use crate::labels::{Axis, Label};
use crate::table::beside::{Beside, safe_texts};
use crate::table::{Extension, Imports, NATIONAL, Role, Table};
use crate::units::PriceBase;

/// Gap of a row or column, as a share of output, below which it is rounding.
const ROUNDING: f64 = 1e-9;

/// A line of an account.
pub(super) struct Row<'t> {
    pub(super) index: Vec<String>,
    pub(super) unit: String,
    pub(super) values: std::borrow::Cow<'t, [f64]>,
    pub(super) demand: Option<Vec<f64>>,
}

/// An account, which becomes a folder.
pub(super) struct Account<'t> {
    pub(super) name: String,
    /// What pymrio calls it.
    pub(super) title: String,
    /// Names of the columns of labels.
    pub(super) names: Vec<String>,
    pub(super) rows: Vec<Row<'t>>,
    /// Whether its lines need columns of final demand that Y does not have.
    extra: bool,
}

impl Account<'_> {
    /// One without lines, called as its folder is.
    fn new(name: &str, names: Vec<String>) -> Self {
        let (name, title) = (name.to_owned(), name.to_owned());
        Account { name, title, names, rows: Vec::new(), extra: false }
    }

    pub(super) fn has_demand(&self) -> bool {
        self.rows.iter().any(|row| row.demand.is_some())
    }
}

/// How a table is written.
pub(super) struct Plan<'t> {
    pub(super) regions: Vec<String>,
    pub(super) sectors: Vec<String>,
    pub(super) categories: Vec<String>,
    /// `account/text` of each extension.
    pub(super) extensions: Vec<String>,
    /// Text of each row of value added, where they are lines of an account of their own.
    pub(super) value_added: Vec<String>,
    pub(super) accounts: Vec<Account<'t>>,
    pub(super) beside: Beside,
    pub(super) notes: Vec<String>,
    /// Column of final demand that takes direct emissions of each region.
    homes: Vec<Option<usize>>,
    demand: Vec<(Option<usize>, usize)>,
}

/// Category of direct emissions of a region that has no final demand.
const HOUSEHOLDS: &str = "households";

impl<'t> Plan<'t> {
    pub(super) fn of(table: &'t Table) -> Self {
        let final_demand = table.final_demand();
        let demand: Vec<(Option<usize>, usize)> =
            final_demand.columns.iter().map(|column| (column.region, column.category)).collect();
        let home = |region: usize| {
            let own = || (0..demand.len()).filter(|&at| demand[at].0 == Some(region));
            own().find(|&at| final_demand.role(at) == Role::Consumption).or_else(|| own().next())
        };
        let categories: Vec<&str> =
            final_demand.categories.iter().map(|category| category.label.code.as_str()).collect();
        let mut plan = Plan {
            regions: texts(&table.industries().regions, "r"),
            sectors: texts(&table.industries().sectors, "s"),
            categories: safe_texts(&categories, "c"),
            extensions: Vec::new(),
            value_added: Vec::new(),
            accounts: Vec::new(),
            beside: beside(table),
            notes: Vec::new(),
            homes: (0..table.industries().regions.len()).map(home).collect(),
            demand,
        };
        plan.add_extensions(table);
        plan.add_value_added(table);
        plan.add_imports(table);
        plan.add_discrepancy(table);
        plan.note_texts(table);
        plan
    }

    pub(super) fn industries(&self) -> usize {
        self.regions.len() * self.sectors.len()
    }

    /// Region and sector of an industry.
    pub(super) fn industry(&self, at: usize) -> (&str, &str) {
        let s = self.sectors.len();
        (&self.regions[at / s], &self.sectors[at % s])
    }

    /// What stands above the columns of Y.
    pub(super) fn demand_heads(&self, table: &Table) -> Vec<(&str, &str)> {
        debug_assert_eq!(table.final_demand().columns.len(), self.demand.len());
        let region =
            |region: Option<usize>| region.map_or(NATIONAL, |at| self.regions[at].as_str());
        self.demand
            .iter()
            .map(|(at, category)| (region(*at), self.categories[*category].as_str()))
            .collect()
    }

    /// What stands above the columns of an account's direct emissions.
    pub(super) fn account_heads(&self, account: &Account<'_>) -> Vec<(&str, &str)> {
        let region =
            |region: Option<usize>| region.map_or(NATIONAL, |at| self.regions[at].as_str());
        let mut heads: Vec<(&str, &str)> = self
            .demand
            .iter()
            .map(|(at, category)| (region(*at), self.categories[*category].as_str()))
            .collect();
        if account.extra {
            heads.extend(self.homeless().map(|at| (self.regions[at].as_str(), HOUSEHOLDS)));
        }
        heads
    }

    /// Regions without a column of final demand.
    fn homeless(&self) -> impl Iterator<Item = usize> {
        (0..self.homes.len()).filter(|&region| self.homes[region].is_none())
    }

    /// A name for an account that none has yet.
    fn free(&self, names: &[&str]) -> String {
        let taken = |name: &str| self.accounts.iter().any(|account| account.name == name);
        let free = names.iter().find(|name| !taken(name)).map(|name| (*name).to_owned());
        free.unwrap_or_else(|| {
            let numbered = (2..).map(|at| format!("{}_{at}", names[0]));
            numbered.into_iter().find(|name| !taken(name)).unwrap_or_default()
        })
    }

    fn add_extensions(&mut self, table: &'t Table) {
        let all = table.extensions();
        let own: Vec<&Extension> = all.iter().filter(|e| e.origin.is_none()).collect();
        let codes: Vec<&str> = own.iter().map(|e| e.label.code.as_str()).collect();
        let mut own_texts = safe_texts(&codes, "e").into_iter();
        // Accounts of the source first, so that irio's own gets a name that none of them has.
        for extension in all.iter().filter(|extension| extension.origin.is_some()) {
            let Some(origin) = &extension.origin else { continue };
            let mut names: Vec<String> =
                origin.levels.iter().map(|(name, _)| name.clone()).collect();
            if names.is_empty() {
                names.push("stressor".to_owned());
            }
            if !self.accounts.iter().any(|account| account.name == origin.account) {
                let title = origin.name.clone();
                let account = Account { title, ..Account::new(&origin.account, names) };
                self.accounts.push(account);
            }
        }
        let own_name = self.free(&["satellite", "satellite_irio"]);
        if !own.is_empty() {
            self.beside.own_account = Some(own_name.clone());
            self.accounts.push(Account::new(&own_name, vec!["stressor".to_owned()]));
        }
        for extension in all {
            let (account, mut index) = match &extension.origin {
                Some(origin) => (
                    origin.account.as_str(),
                    origin.levels.iter().map(|(_, text)| text.clone()).collect(),
                ),
                None => (own_name.as_str(), own_texts.next().into_iter().collect::<Vec<_>>()),
            };
            let demand = self.direct(extension);
            let Some(into) = self.accounts.iter_mut().find(|known| known.name == account) else {
                continue;
            };
            if index.is_empty() {
                index.push(extension.label.code.clone());
            }
            index.resize(into.names.len(), String::new());
            into.extra |= demand.as_ref().is_some_and(|row| row.len() > self.demand.len());
            self.extensions.push(format!("{account}/{}", joined(&index)));
            let values = extension.values.as_slice().into();
            into.rows.push(Row { index, unit: extension.unit.text().to_owned(), values, demand });
        }
        for (text, extension) in self.extensions.iter().zip(all) {
            if extension.by_demand.is_none() {
                self.beside.by_region.push(text.clone());
            }
        }
        if all.iter().any(|extension| extension.inventory.is_some()) {
            let text =
                "totals of the inventories that emissions come from have no place in the format";
            self.notes.push(text.to_owned());
        }
        if all.iter().any(|e| e.by_demand.is_none() && e.households.iter().any(|v| *v != 0.0)) {
            let text = "direct emissions that are known by region only stand in F_Y in the region's first column of consumption";
            self.notes.push(text.to_owned());
        }
    }

    /// Direct emissions of a stressor by column of final demand; none if it has none.
    fn direct(&self, extension: &Extension) -> Option<Vec<f64>> {
        if let Some(by_demand) = &extension.by_demand {
            return Some(by_demand.clone());
        }
        if extension.households.iter().all(|value| *value == 0.0) {
            return None;
        }
        let mut row = vec![0.0; self.demand.len()];
        let mut extra = Vec::new();
        for (value, home) in extension.households.iter().zip(&self.homes) {
            match home {
                Some(column) => row[*column] = *value,
                None => extra.push(*value),
            }
        }
        row.extend(extra);
        Some(row)
    }

    fn add_value_added(&mut self, table: &'t Table) {
        let rows = table.value_added_rows();
        let same = |label: &Label, values: &[f64]| {
            table.extensions().iter().position(|extension| {
                extension.origin.is_some()
                    && extension.label == *label
                    && extension.label.en == label.en
                    && extension.label.zh == label.zh
                    && extension.unit.factor_to(&table.meta().unit) == Some(1.0)
                    && extension.values == values
            })
        };
        let matches: Option<Vec<usize>> = (rows.rows.iter().enumerate())
            .map(|(at, label)| same(label, rows.values.row(at)))
            .collect();
        if let Some(matches) = matches {
            let names = matches.into_iter().map(|at| self.extensions[at].clone());
            self.beside.value_added = Some(names.collect());
            return;
        }
        let codes: Vec<&str> = rows.rows.iter().map(|label| label.code.as_str()).collect();
        self.value_added = safe_texts(&codes, "v");
        let unit = table.meta().unit.text();
        let row = |(at, text): (usize, &String)| Row {
            index: vec![text.clone()],
            unit: unit.to_owned(),
            values: rows.values.row(at).into(),
            demand: None,
        };
        let lines = self.value_added.iter().enumerate().map(row).collect();
        let name = self.free(&["factor_inputs", "value_added", "primary_inputs"]);
        self.beside.value_added_account = Some(name.clone());
        let names = vec!["inputtype".to_owned()];
        self.accounts.push(Account { rows: lines, ..Account::new(&name, names) });
    }

    fn add_imports(&mut self, table: &'t Table) {
        let unit = table.meta().unit.text();
        let row = |text: String, inputs: &'t [f64], finals: &[f64]| Row {
            index: vec![text],
            unit: unit.to_owned(),
            values: inputs.into(),
            demand: Some(finals.to_vec()),
        };
        let rows: Vec<Row<'t>> = match table.imports() {
            Imports::None => return,
            Imports::OneRow { intermediate, final_demand } => {
                vec![row("imports".to_owned(), intermediate, final_demand)]
            }
            Imports::ByProduct { intermediate, final_demand } => {
                let sectors = self.sectors.iter().enumerate();
                let one = |(at, text): (usize, &String)| {
                    row(text.clone(), intermediate.row(at), final_demand.row(at))
                };
                self.beside.imports_by_product = true;
                sectors.map(one).collect()
            }
        };
        let name = self.free(&["imports", "imports_irio"]);
        self.notes
            .push(format!("imports from abroad are the account {name:?}: pymrio has no imports"));
        self.beside.imports_account = Some(name.clone());
        let names = vec!["product".to_owned()];
        self.accounts.push(Account { rows, ..Account::new(&name, names) });
    }

    fn add_discrepancy(&mut self, table: &'t Table) {
        let gaps = table.discrepancy();
        let open = |gaps: &[f64]| {
            gaps.iter().zip(table.output()).any(|(gap, x)| gap.abs() > ROUNDING * x.abs().max(1.0))
        };
        if !open(&gaps.rows) && !open(&gaps.columns) {
            return;
        }
        let row = |text: &str, values: &'t [f64]| Row {
            index: vec![text.to_owned()],
            unit: table.meta().unit.text().to_owned(),
            values: values.into(),
            demand: None,
        };
        let rows = vec![row("rows", &gaps.rows), row("columns", &gaps.columns)];
        let name = self.free(&["discrepancy", "discrepancy_irio"]);
        self.notes.push(format!(
            "what rows and columns leave open is the account {name:?}; calc_all keeps the output of x.txt"
        ));
        self.beside.discrepancy_account = Some(name.clone());
        let names = vec!["gap".to_owned()];
        self.accounts.push(Account { rows, ..Account::new(&name, names) });
    }

    fn note_texts(&mut self, table: &Table) {
        let changed = |texts: &[String], axis: &Axis| {
            texts.iter().zip(axis.labels()).any(|(text, label)| *text != label.code)
        };
        let industries = table.industries();
        for (kind, texts, axis) in [
            ("regions", &self.regions, &industries.regions),
            ("sectors", &self.sectors, &industries.sectors),
        ] {
            if changed(texts, axis) {
                let text = format!(
                    "pandas would read codes of {kind} as numbers or as nothing: a letter stands before them, and labels.csv leads back"
                );
                self.notes.push(text);
            }
        }
        if self.demand.iter().any(|(region, _)| region.is_none()) {
            self.notes.push(format!(
                "final demand of no region stands under the region {NATIONAL:?}, which has no industries"
            ));
        }
    }
}

fn texts(axis: &Axis, prefix: &str) -> Vec<String> {
    let codes: Vec<&str> = axis.labels().iter().map(|label| label.code.as_str()).collect();
    safe_texts(&codes, prefix)
}

fn beside(table: &Table) -> Beside {
    let meta = table.meta();
    // Notes carry the table's name in front; the reader puts it there again.
    let own = format!("{}: ", meta.name);
    let note = |message: &str| message.strip_prefix(&own).unwrap_or(message).to_owned();
    Beside {
        irio: env!("CARGO_PKG_VERSION").to_owned(),
        name: meta.name.clone(),
        year: meta.year,
        prices: match meta.prices {
            PriceBase::Current => None,
            PriceBase::Constant(year) => Some(year),
        },
        tolerance: format!("{:e}", meta.tolerance),
        estimated_trade: meta.estimated_trade,
        source: meta.source.clone(),
        notes: meta.notes.iter().map(|found| note(&found.message)).collect(),
        ..Beside::default()
    }
}
