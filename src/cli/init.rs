//! `irio init`: annotated files to fill in, which load and run as they are.

use std::fs;
use std::path::{Component, Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::{Common, Trouble};
use crate::brief::template::{TemplateFile, written};
use crate::econometrics::synthetic;
use crate::fault::{Fault, Faults, Location};
use crate::input;
use crate::labels::{Axis, Industries, Label};
use crate::linalg::{Dense, Matrix};
use crate::report::controls::Extent;
use crate::report::{self, folder};
use crate::table::{
    Category, DemandColumn, Extension, FinalDemand, Imports, Meta, Quantity, RawTable, Role, Table,
    ValueAdded,
};

#[derive(Debug, Subcommand)]
pub(super) enum Init {
    /// An annotated empty table: irio's own folder, or a file that describes a SIC table.
    Table(InitTable),
    /// An annotated scenario, written for a table so that it runs as it is.
    Scenario {
        /// Where to write it.
        #[arg(default_value = "my-scenario.toml")]
        path: PathBuf,
        /// The table it is for.
        #[arg(long, default_value = "tables/china-2007")]
        table: PathBuf,
    },
    /// A file of controls for `irio update`, with the table's own totals to replace by newer ones.
    Controls {
        /// Where to write it.
        #[arg(default_value = "my-controls.csv")]
        path: PathBuf,
        /// The table it is for.
        #[arg(long, default_value = "tables/china-2007")]
        table: PathBuf,
        /// Every margin: also sales to and purchases from industries, imports, inventories and errors.
        #[arg(long)]
        every: bool,
    },
    /// An annotated build of an inter-regional table from single-region ones.
    Build {
        /// Where to write it.
        #[arg(default_value = "my-build.toml")]
        path: PathBuf,
    },
    /// An annotated file of measures of agglomeration, for a table so that it runs as it is.
    Agglomeration {
        /// Where to write it.
        #[arg(default_value = "my-agglomeration.toml")]
        path: PathBuf,
        /// The table it is for.
        #[arg(long, default_value = "tables/china-2007")]
        table: PathBuf,
    },
    /// An annotated model file: equations to be estimated from a panel.
    Model {
        /// Where to write it.
        #[arg(default_value = "my-model.toml")]
        path: PathBuf,
    },
    /// A synthetic panel with a known truth, to try models on: no numbers of any country.
    Panel {
        /// Where to write it.
        #[arg(default_value = "my-panel.csv")]
        path: PathBuf,
        /// What it is of.
        #[arg(long, value_enum, default_value_t = PanelWord::Regions)]
        of: PanelWord,
        /// Seed of its draws.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// A template of briefs with every name, sentence and colour, to change what you need.
    Template {
        /// Where to write it.
        #[arg(default_value = "my-template.toml")]
        path: PathBuf,
    },
    /// An annotated location game that runs as it is.
    Game {
        /// Where to write it.
        #[arg(default_value = "my-game.toml")]
        path: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PanelWord {
    /// Regions over years: emissions, densities of industry, waste.
    Regions,
    /// Firms over years: carbon intensity, clusters, digitalisation.
    Firms,
    /// Sectors of regions over years: emissions and output.
    Sectors,
    /// Who is whose neighbour among the regions.
    Neighbours,
}

#[derive(Debug, Args)]
pub(super) struct InitTable {
    /// Where to write it [default: my-table, or my-table.toml for --layout sic].
    path: Option<PathBuf>,
    /// Layout of the numbers.
    #[arg(long, value_enum, default_value_t = LayoutWord::Irio)]
    layout: LayoutWord,
    /// Codes of its regions.
    #[arg(long, value_delimiter = ',', default_value = "BJ,TJ,HE")]
    regions: Vec<String>,
    /// Codes of its sectors.
    #[arg(long, value_delimiter = ',', default_value = "agriculture,industry,services")]
    sectors: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LayoutWord {
    /// irio's own folder: table.toml and CSV files.
    Irio,
    /// A file of the State Information Center's layout.
    Sic,
}

/// Runs `irio init ...`.
pub fn run(common: &Common, what: &Init) -> Result<String, Trouble> {
    let text = match what {
        Init::Table(arguments) if arguments.layout == LayoutWord::Sic => {
            let path = arguments.path.clone().unwrap_or_else(|| PathBuf::from("my-table.toml"));
            write_new(&path, SIC)?;
            format!("Wrote {0}. Fill it in, then: irio check {0}\n", path.display())
        }
        Init::Table(arguments) => table(arguments)?,
        Init::Scenario { path, table } => {
            let read = input::table::read(table, common.data.as_deref())?;
            if read.output().iter().all(|x| *x == 0.0) {
                let fault = Fault::new(
                    Location::whole(table),
                    "has no output yet, so nothing in it can move",
                );
                return Err(fault.help("fill the table in first").into());
            }
            write_new(path, &scenario(&read, &relative(table, path)))?;
            format!("Wrote {0}. It runs as it is: irio run {0}\n", path.display())
        }
        Init::Controls { path, table, every } => {
            let read = input::table::read(table, common.data.as_deref())?;
            let extent = if *every { Extent::Every } else { Extent::Usual };
            write_new(path, &report::controls::csv(&read, extent))?;
            let (table, path) = (table.display(), path.display());
            format!(
                "Wrote {path}. Replace its values, delete what is not known, then:\n  irio update {table} --controls \
                 {path} --year YEAR --out DIR\n"
            )
        }
        Init::Build { path } => {
            write_new(path, BUILD)?;
            format!("Wrote {0}. Fill it in, then: irio build {0} --out DIR\n", path.display())
        }
        Init::Agglomeration { path, table } => {
            let read = input::table::read(table, common.data.as_deref())?;
            let codes: Vec<String> = read
                .industries()
                .sectors
                .labels()
                .iter()
                .map(|one| format!("{:?}", one.code))
                .collect();
            let text = AGGLOMERATION
                .replace("{table}", &relative(table, path))
                .replace("{sectors}", &codes.join(", "));
            write_new(path, &text)?;
            format!("Wrote {0}. It runs as it is: irio agglomeration {0}\n", path.display())
        }
        Init::Model { path } => {
            if path.extension().is_none_or(|extension| extension != "toml") {
                let fault = Fault::new(Location::whole(path), "is no name of a model file");
                return Err(Faults::from(fault.help("those end in .toml: my-model.toml")).into());
            }
            write_new(path, MODEL)?;
            format!("Wrote {0}. Fill it in, then: irio estimate {0}\n", path.display())
        }
        Init::Panel { path, of, seed } => {
            let text = match of {
                PanelWord::Regions => synthetic::provinces(*seed),
                PanelWord::Firms => synthetic::firms(*seed),
                PanelWord::Sectors => synthetic::sectors(*seed),
                PanelWord::Neighbours => synthetic::neighbours(),
            };
            write_new(path, &text)?;
            format!(
                "Wrote {}: synthetic, made by irio with seed {seed}; no numbers of any country.\n",
                path.display()
            )
        }
        Init::Template { path } => {
            write_new(path, &written(&TemplateFile::default_file()))?;
            format!(
                "Wrote {0}. Change what you need, delete the rest, then:\n  irio brief RESULTS --template {0} --out \
                 brief.html\n",
                path.display()
            )
        }
        Init::Game { path } => {
            write_new(path, GAME)?;
            format!("Wrote {0}. It runs as it is: irio locate {0}\n", path.display())
        }
    };
    Ok(if common.quiet { String::new() } else { text })
}

/// Writes a file that is not there yet.
fn write_new(path: &Path, text: &str) -> Result<(), Fault> {
    refuse_existing(path)?;
    folder::write_file(path, text.as_bytes())
}

fn refuse_existing(path: &Path) -> Result<(), Fault> {
    if path.exists() {
        let fault = Fault::new(Location::whole(path), "is there already and is left as it is");
        return Err(fault.help("name another path"));
    }
    Ok(())
}

/// How a file refers to a table: relative to the file's own folder.
fn relative(table: &Path, file: &Path) -> String {
    let parent = file.parent().unwrap_or(Path::new(""));
    let up = parent.components().filter(|part| matches!(part, Component::Normal(_))).count();
    let plain =
        !parent.is_absolute() && !parent.components().any(|part| part == Component::ParentDir);
    let path = if table.is_absolute() {
        table.to_path_buf()
    } else if plain {
        std::iter::repeat_n("..", up).collect::<PathBuf>().join(table)
    } else {
        fs::canonicalize(table).unwrap_or_else(|_| table.to_path_buf())
    };
    path.display().to_string()
}

fn table(arguments: &InitTable) -> Result<String, Trouble> {
    let path = arguments.path.clone().unwrap_or_else(|| PathBuf::from("my-table"));
    refuse_existing(&path)?;
    let axis = |kind, codes: &[String]| {
        Axis::new(kind, codes.iter().map(|code| Label::code(code.trim()))).map_err(|error| {
            Fault::new(Location::whole("--regions or --sectors"), error.to_string())
        })
    };
    let industries = Industries {
        regions: axis("region", &arguments.regions)?,
        sectors: axis("sector", &arguments.sectors)?,
    };
    let raw = empty(industries).map_err(Trouble::Question)?;
    let mut files = report::table::files(&raw, TABLE_TOML);
    files.add("README.md", TABLE_README);
    folder::write(&path, folder::Kind::Table, &files)?;
    Ok(format!("Wrote the folder {0}. Fill it in, then: irio check {0}\n", path.display()))
}

/// A table of zeros.
fn empty(industries: Industries) -> Result<RawTable, String> {
    let (n, r, s) = (industries.len(), industries.regions.len(), industries.sectors.len());
    let unit = |text: &str| text.parse().map_err(|error| format!("{error}"));
    let category =
        |code: &str, en: &str, zh: &str, role| Category { label: Label::new(code, en, zh), role };
    let categories = vec![
        category("households", "Household consumption", "居民消费", Role::Consumption),
        category("government", "Government consumption", "政府消费", Role::Consumption),
        category("investment", "Gross fixed capital formation", "固定资本形成", Role::Investment),
        category("inventories", "Inventory change", "存货变动", Role::Inventory),
        category("exports", "Exports", "出口", Role::Export),
        category("error", "Statistical error", "误差", Role::Error),
    ];
    let mut columns: Vec<DemandColumn> = (0..r)
        .flat_map(|region| {
            (0..3).map(move |category| DemandColumn { region: Some(region), category })
        })
        .collect();
    columns.extend((3..6).map(|category| DemandColumn { region: None, category }));
    let m = columns.len();
    let rows = [
        ("labour", "Compensation of employees", "劳动者报酬"),
        ("taxes", "Net taxes on production", "生产税净额"),
        ("depreciation", "Depreciation", "固定资产折旧"),
        ("surplus", "Operating surplus", "营业盈余"),
    ];
    Ok(RawTable {
        meta: Meta::new("my-table", 2017, unit("10^8 yuan")?),
        flows: Matrix::Dense(Dense::zeros(n, n)),
        final_demand: FinalDemand {
            categories,
            columns,
            values: Matrix::Dense(Dense::zeros(n, m)),
        },
        imports: Imports::ByProduct {
            intermediate: Dense::zeros(s, n),
            final_demand: Dense::zeros(s, m),
        },
        value_added: ValueAdded {
            rows: rows.iter().map(|(code, en, zh)| Label::new(*code, *en, *zh)).collect(),
            values: Dense::zeros(rows.len(), n),
        },
        output: vec![0.0; n],
        population: None,
        extensions: vec![Extension {
            label: Label::new("co2", "CO2 emissions", "二氧化碳排放"),
            unit: unit("Mt")?,
            values: vec![0.0; n],
            households: vec![0.0; r],
            inventory: None,
            by_demand: None,
            origin: None,
        }],
        industries,
    })
}

/// An annotated scenario for a table: its most emitting (or largest) industry of one region moves
/// to another region that has the same industry.
fn scenario(table: &Table, path: &str) -> String {
    let industries = table.industries();
    let measure =
        table.quantities().into_iter().find(|quantity| matches!(quantity, Quantity::Stressor(_)));
    let sizes = table.totals(measure.unwrap_or(Quantity::Output));
    let has = |r: usize, s: usize| table.output()[industries.index(r, s)] > 0.0;
    let mut best = (0, 0, industries.regions.len().saturating_sub(1), f64::NEG_INFINITY);
    for (at, size) in sizes.iter().enumerate() {
        let (from, sector) = industries.split(at);
        let to = (0..industries.regions.len()).find(|&to| to != from && has(to, sector));
        if let Some(to) = to.filter(|_| *size > best.3) {
            best = (sector, from, to, *size);
        }
    }
    let (sector, from, to, _) = best;
    let list = |axis: &Axis| {
        let lines = axis
            .labels()
            .iter()
            .map(|label| format!("#   {} {} {}", label.code, label.en, label.zh));
        lines.map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
    };
    let stressor =
        table.extensions().first().map_or("co2", |extension| extension.label.code.as_str());
    SCENARIO
        .replace("{table}", path)
        .replace("{year}", &table.meta().year.to_string())
        .replace("{unit}", table.meta().unit.text())
        .replace("{regions}", &list(&industries.regions))
        .replace("{sectors}", &list(&industries.sectors))
        .replace("{sector}", industries.sectors.code(sector))
        .replace("{from}", industries.regions.code(from))
        .replace("{to}", industries.regions.code(to))
        .replace("{stressor}", stressor)
}

const SCENARIO: &str = include_str!("init/scenario.toml");
const BUILD: &str = include_str!("init/build.toml");
const AGGLOMERATION: &str = include_str!("init/agglomeration.toml");
const GAME: &str = include_str!("init/game.toml");
const MODEL: &str = include_str!("init/model.toml");
const SIC: &str = include_str!("init/sic.toml");
const TABLE_TOML: &str = include_str!("init/table.toml");
const TABLE_README: &str = include_str!("init/table.md");
