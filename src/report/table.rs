//! A table as irio's own folder, in the layout that `input::folder` reads.

use super::Files;
use crate::labels::{Axis, Label};
use crate::linalg::{Dense, Matrix};
use crate::table::{DemandColumn, Extension, Imports, Lineage, NATIONAL, RawTable};
use crate::tidy::push_number;

/// Writes cells separated by commas, quoting where needed.
#[derive(Default)]
pub(super) struct Lines(String);

impl Lines {
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.gap();
        if text.contains([',', '"', '\n', '\r']) {
            self.0.push('"');
            self.0.push_str(&text.replace('"', "\"\""));
            self.0.push('"');
        } else {
            self.0.push_str(text);
        }
        self
    }

    pub(super) fn number(&mut self, value: f64) -> &mut Self {
        self.gap();
        push_number(&mut self.0, value);
        self
    }

    fn gap(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with('\n') {
            self.0.push(',');
        }
    }

    pub(super) fn end(&mut self) {
        self.0.push('\n');
    }

    /// Lines that begin with a header.
    pub(super) fn of(header: &str) -> Self {
        Lines(header.to_owned())
    }

    /// What was written.
    pub(super) fn into_text(self) -> String {
        self.0
    }

    /// Begins a line whose first cell may be empty.
    pub(super) fn first(&mut self, text: &str) -> &mut Self {
        if text.is_empty() {
            self.0.push_str("\"\"");
            self
        } else {
            self.text(text)
        }
    }
}

/// The folder of a table; `toml` is the text of its `table.toml`.
pub fn files(table: &RawTable, toml: &str) -> Files {
    let mut files = Files::default();
    files.add("table.toml", toml);
    files.add("regions.csv", list(&table.industries.regions));
    files.add("sectors.csv", list(&table.industries.sectors));
    files.add("categories.csv", categories(table));
    let n = table.industries.len();
    let mut flows = Lines(String::new());
    industry_header(&mut flows, table, &["region", "sector"]);
    industry_rows(&mut flows, table, &table.flows);
    files.add("flows.csv", flows.0);
    let mut demand = Lines(String::new());
    demand_header(&mut demand, table, &["region", "sector"]);
    industry_rows(&mut demand, table, &table.final_demand.values);
    files.add("final_demand.csv", demand.0);
    let mut value_added = Lines(String::new());
    industry_header(&mut value_added, table, &["code", "en", "zh"]);
    for (row, label) in table.value_added.rows.iter().enumerate() {
        names(&mut value_added, label);
        table.value_added.values.row(row).iter().for_each(|value| {
            value_added.number(*value);
        });
        value_added.end();
    }
    files.add("value_added.csv", value_added.0);
    let mut output = Lines("region,sector,output\n".to_owned());
    for at in 0..n {
        industry(&mut output, table, at);
        output.number(table.output[at]);
        output.end();
    }
    files.add("output.csv", output.0);
    imports(&mut files, table);
    if !table.extensions.is_empty() {
        files.add("extensions.csv", extensions(table));
    }
    add_extras(&mut files, table);
    files
}

/// Files that say more of a table than its accounts need, where there is more to say.
pub(super) fn add_extras(files: &mut Files, table: &RawTable) {
    let extensions = &table.extensions;
    if !extensions.is_empty() {
        files.add("households.csv", by_region(table, |extension| Some(&extension.households)));
    }
    if extensions.iter().any(|extension| extension.inventory.is_some()) {
        files.add("inventories.csv", by_region(table, |extension| extension.inventory.as_ref()));
    }
    if extensions.iter().any(|extension| extension.by_demand.is_some()) {
        files.add("extensions_final_demand.csv", by_demand(table));
    }
    if extensions.iter().any(|extension| extension.origin.is_some()) {
        files.add("extensions_accounts.csv", accounts(table));
    }
    if let Some(population) = table.population.as_ref().filter(|all| is_whole(all)) {
        let mut lines = Lines::of("region,population\n");
        for (label, people) in table.industries.regions.labels().iter().zip(population) {
            lines.text(&label.code).number(*people).end();
        }
        files.add("population.csv", lines.0);
    }
}

/// Whether a population may stand in a folder: every region has one.
pub fn is_whole(population: &[f64]) -> bool {
    population.iter().all(|people| *people > 0.0)
}

/// Text of `table.toml` for a table; `comment` stands above it.
pub fn toml(table: &RawTable, comment: &str) -> String {
    let meta = &table.meta;
    let prices = match &meta.prices {
        crate::units::PriceBase::Current => quoted("current"),
        crate::units::PriceBase::Constant(year) => year.to_string(),
    };
    let mut out = String::new();
    for line in comment.lines() {
        out.push_str(&format!("# {line}\n").replace("# \n", "#\n"));
    }
    // Notes carry the table's old name in front; the reader puts the new one there.
    let notes: Vec<String> = meta
        .notes
        .iter()
        .filter(|note| note.gap.is_none())
        .map(|note| {
            quoted(note.message.split_once(": ").map_or(note.message.as_str(), |(_, text)| text))
        })
        .collect();
    out.push_str(&format!(
        "irio_table = 1\nname = {}\nyear = {}\nunit = {}\nprices = {prices}\nimports = {}\ntolerance = {:e}\n\
         estimated_trade = {}\nsource = {}\nnotes = [{}]\n",
        quoted(&meta.name),
        meta.year,
        quoted(meta.unit.text()),
        quoted(table.imports.word()),
        meta.tolerance,
        meta.estimated_trade,
        quoted(&meta.source),
        notes.join(", "),
    ));
    out.push_str(&lineage(&meta.lineage));
    for gap in meta.notes.iter().filter_map(|note| note.gap.as_ref()) {
        let regions: Vec<String> = gap.regions.iter().map(|region| quoted(region)).collect();
        out.push_str(&format!(
            "\n[[gaps]]\nquantity = {}\nfile = {}\nregions = [{}]\n",
            quoted(&gap.quantity),
            quoted(&gap.file),
            regions.join(", "),
        ));
    }
    out
}

/// What another program noted of a table.
fn lineage(lineage: &Lineage) -> String {
    if lineage.is_empty() {
        return String::new();
    }
    let mut out = "\n[lineage]\n".to_owned();
    for (key, text) in [("system", &lineage.system), ("version", &lineage.version)] {
        if let Some(text) = text {
            out.push_str(&format!("{key} = {}\n", quoted(text)));
        }
    }
    if !lineage.history.is_empty() {
        let lines: Vec<String> = lineage.history.iter().map(|line| quoted(line)).collect();
        out.push_str(&format!("history = [\n  {},\n]\n", lines.join(",\n  ")));
    }
    out
}

/// A text as TOML quotes it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

pub(super) fn list(axis: &Axis) -> String {
    let mut lines = Lines("code,en,zh\n".to_owned());
    for label in axis.labels() {
        names(&mut lines, label);
        lines.end();
    }
    lines.0
}

pub(super) fn names(lines: &mut Lines, label: &Label) {
    lines.text(&label.code).text(&label.en).text(&label.zh);
}

pub(super) fn categories(table: &RawTable) -> String {
    let mut lines = Lines("code,en,zh,role\n".to_owned());
    for category in &table.final_demand.categories {
        names(&mut lines, &category.label);
        lines.text(category.role.word()).end();
    }
    lines.0
}

pub(super) fn industry(lines: &mut Lines, table: &RawTable, at: usize) {
    let (region, sector) = table.industries.split(at);
    lines.text(table.industries.regions.code(region)).text(table.industries.sectors.code(sector));
}

/// Two header lines: regions above sectors; `labels` head the columns of row labels.
pub(super) fn industry_header(lines: &mut Lines, table: &RawTable, labels: &[&str]) {
    let industries = &table.industries;
    let heads = (0..industries.len()).map(|at| {
        let (region, sector) = industries.split(at);
        (industries.regions.code(region), industries.sectors.code(sector))
    });
    header(lines, labels, heads);
}

fn demand_header(lines: &mut Lines, table: &RawTable, labels: &[&str]) {
    let head = |column: &DemandColumn| {
        let region = column.region.map_or(NATIONAL, |region| table.industries.regions.code(region));
        (region, table.final_demand.categories[column.category].label.code.as_str())
    };
    header(lines, labels, table.final_demand.columns.iter().map(head));
}

fn header<'a>(lines: &mut Lines, labels: &[&str], heads: impl Iterator<Item = (&'a str, &'a str)>) {
    let heads: Vec<(&str, &str)> = heads.collect();
    lines.first("");
    labels.iter().skip(1).for_each(|_| {
        lines.text("");
    });
    heads.iter().for_each(|(region, _)| {
        lines.text(region);
    });
    lines.end();
    labels.iter().for_each(|label| {
        lines.text(label);
    });
    heads.iter().for_each(|(_, name)| {
        lines.text(name);
    });
    lines.end();
}

fn industry_rows(lines: &mut Lines, table: &RawTable, matrix: &Matrix) {
    let mut cells = vec![0.0; matrix.shape().1];
    for at in 0..table.industries.len() {
        industry(lines, table, at);
        cells.fill(0.0);
        matrix.each_in_row(at, |column, value| cells[column] = value);
        cells.iter().for_each(|value| {
            lines.number(*value);
        });
        lines.end();
    }
}

fn imports(files: &mut Files, table: &RawTable) {
    let rows =
        |dense: &Dense| (0..dense.shape().0).map(|row| dense.row(row).to_vec()).collect::<Vec<_>>();
    match &table.imports {
        Imports::None => {}
        Imports::OneRow { intermediate, final_demand } => {
            write_imports(
                files,
                table,
                &["imports"],
                std::slice::from_ref(intermediate),
                std::slice::from_ref(final_demand),
            );
        }
        Imports::ByProduct { intermediate, final_demand } => {
            let codes: Vec<&str> =
                table.industries.sectors.labels().iter().map(|l| l.code.as_str()).collect();
            write_imports(files, table, &codes, &rows(intermediate), &rows(final_demand));
        }
    }
}

fn write_imports(
    files: &mut Files,
    table: &RawTable,
    rows: &[&str],
    inputs: &[Vec<f64>],
    finals: &[Vec<f64>],
) {
    let mut lines = Lines(String::new());
    industry_header(&mut lines, table, &["sector"]);
    let mut last = Lines(String::new());
    demand_header(&mut last, table, &["sector"]);
    for ((code, inputs), finals) in rows.iter().zip(inputs).zip(finals) {
        for (lines, values) in [(&mut lines, inputs), (&mut last, finals)] {
            lines.text(code);
            values.iter().for_each(|value| {
                lines.number(*value);
            });
            lines.end();
        }
    }
    files.add("imports.csv", lines.0);
    files.add("imports_final_demand.csv", last.0);
}

fn extensions(table: &RawTable) -> String {
    let mut lines = Lines(String::new());
    industry_header(&mut lines, table, &["code", "en", "zh", "unit"]);
    for extension in &table.extensions {
        names(&mut lines, &extension.label);
        lines.text(extension.unit.text());
        extension.values.iter().for_each(|value| {
            lines.number(*value);
        });
        lines.end();
    }
    lines.0
}

/// Numbers by region of the extensions that have them.
fn by_region(table: &RawTable, values: impl Fn(&Extension) -> Option<&Vec<f64>>) -> String {
    let mut lines = Lines("code".to_owned());
    table.industries.regions.labels().iter().for_each(|label| {
        lines.text(&label.code);
    });
    lines.end();
    for extension in &table.extensions {
        let Some(values) = values(extension) else { continue };
        lines.text(&extension.label.code);
        values.iter().for_each(|value| {
            lines.number(*value);
        });
        lines.end();
    }
    lines.0
}

/// Direct emissions by column of final demand of the extensions that have them so.
fn by_demand(table: &RawTable) -> String {
    let mut lines = Lines::default();
    demand_header(&mut lines, table, &["code"]);
    for extension in &table.extensions {
        let Some(values) = &extension.by_demand else { continue };
        lines.text(&extension.label.code);
        values.iter().for_each(|value| {
            lines.number(*value);
        });
        lines.end();
    }
    lines.0
}

/// Accounts that extensions are lines of, a line for each of their labels.
fn accounts(table: &RawTable) -> String {
    let mut lines = Lines::of("code,account,name,level,text\n");
    for extension in &table.extensions {
        let Some(origin) = &extension.origin else { continue };
        let none = [(String::new(), String::new())];
        let levels = if origin.levels.is_empty() { &none } else { origin.levels.as_slice() };
        for (level, text) in levels {
            lines.text(&extension.label.code).text(&origin.account).text(&origin.name);
            lines.text(level).text(text).end();
        }
    }
    lines.0
}
