//! The command line: read, compute, render, write. No arithmetic here.

mod agglomeration;
mod balance;
mod brief;
mod build;
mod check;
mod commands;
mod compare;
mod convert;
mod deflate;
mod estimate;
mod footprint;
mod init;
mod invocation;
mod locate;
mod matrices;
mod memory;
mod plot;
mod quantities;
mod regional;
mod run;
mod transfer;
mod update;
mod watch;

use self::init::Init;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::decomposition::Average;
use crate::fault::{Fault, Faults};
use crate::footprint::Detail;
use crate::memory::Bytes;
use crate::report::matrices::Format;
use crate::report::terminal::Language;

/// Inter-regional input-output simulator: industrial transfer, carbon, relocation scenarios.
#[derive(Debug, Parser)]
#[command(name = "irio", version, propagate_version = true, max_term_width = 100)]
pub struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command understands.
#[derive(Debug, Clone, Args)]
struct Common {
    /// Print the summary as JSON instead of tables.
    #[arg(long, global = true)]
    json: bool,
    /// Print nothing but errors.
    #[arg(long, global = true, conflicts_with = "json")]
    quiet: bool,
    /// Refuse tables whose rows or columns miss their output by more than the table's tolerance.
    #[arg(long, global = true)]
    strict: bool,
    /// A further folder to look in for files that a table's file names.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Language of names in terminal tables [default: en], and of briefs [default: both].
    #[arg(long, global = true, value_enum)]
    lang: Option<Lang>,
    /// Number of threads; results are the same bits whatever it is.
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Neither use nor write the cache beside a large table (also: the variable IRIO_NO_CACHE).
    #[arg(long, global = true)]
    no_cache: bool,
    /// Refuse work whose estimate would bring this process above so much memory, such as 2GB [default: what is
    /// free]; tables are read in any case.
    #[arg(long, global = true, value_name = "SIZE")]
    memory: Option<Bytes>,
    /// The command as results record it.
    #[arg(skip)]
    command_line: String,
}

/// Language of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Lang {
    /// English.
    En,
    /// Chinese.
    Zh,
    /// Both, for briefs; tables are in English then.
    Both,
}

impl Common {
    fn language(&self) -> Language {
        match self.lang {
            None | Some(Lang::En | Lang::Both) => Language::English,
            Some(Lang::Zh) => Language::Chinese,
        }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Test every accounting identity of a table and say where it is open.
    Check(check::CheckArguments),
    /// Aggregate a table by maps of regions and sectors; write it as irio's own folder.
    Aggregate(AggregateArguments),
    /// Write a table in another format: irio's own folder as CSV or .npy, or that of pymrio as a folder or
    /// zip archive.
    Convert(ConvertArguments),
    /// Bring a table to prices of another year by double deflation; write it as irio's own folder.
    Deflate(DeflateArguments),
    /// Bring a table to newer totals: output, value added, final demand, CO2, whatever is known; write it
    /// as irio's own folder.
    Update(UpdateArguments),
    /// Bring a labelled matrix to known totals of its rows and columns, or to sums that contradict each
    /// other and are known better or worse.
    Balance(BalanceArguments),
    /// Production- and consumption-based accounts and embodied flows between regions.
    Footprint(FootprintArguments),
    /// The matrices behind the answers, under their labels: input coefficients A, Leontief inverse L,
    /// coefficients S and multipliers M of output, value added and every stressor.
    Matrices(MatricesArguments),
    /// What a change of final demand does, directly and through suppliers.
    Impact {
        /// The table.
        table: PathBuf,
        /// CSV with columns region, sector, value: the change of final demand for each product.
        #[arg(long, value_name = "FILE")]
        demand: PathBuf,
        /// Folder for the results [default: results/impact-NAME].
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Make an inter-regional table of single-region tables: gravity on their sales and purchases.
    Build(BuildArguments),
    /// Industrial transfer between two tables: what the change of regional sourcing did.
    Transfer(TransferArguments),
    /// Run a relocation scenario.
    Run(RunArguments),
    /// Lay results beside each other: scenarios against the baseline and one another, who gives against who
    /// receives; or several periods of a transfer.
    Compare {
        /// Folders of results of `irio run` on one table (one alone compares its sides), or of `irio transfer`.
        #[arg(required = true, value_name = "RESULT")]
        results: Vec<PathBuf>,
        /// Folder for the comparison [default: results/compare].
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Estimate equations from a panel: fixed and random effects, instruments, spatial models.
    Estimate {
        /// The model file, TOML.
        model: PathBuf,
        /// Folder for the results [default: results/NAME].
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Would the firms go there by themselves? Equilibria of a location game.
    Locate {
        /// The game's TOML file.
        game: PathBuf,
        /// Folder for the results [default: results/locate-NAME].
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// How concentrated are industries, and where? Indices on regions, densities, productivity, and distances
    /// between plants.
    Agglomeration {
        /// The TOML file of what to measure (`irio init agglomeration` writes an annotated one).
        file: PathBuf,
        /// Folder for the results [default: results/agglomeration-NAME].
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// A policy brief of results: one page for screens and print, a PDF, a text or a workbook.
    Brief(brief::BriefArguments),
    /// One figure of results as a picture.
    Plot(plot::PlotArguments),
    /// Write an annotated empty table, scenario, location game or file of controls to fill in.
    #[command(subcommand)]
    Init(Init),
}

#[derive(Debug, Args)]
struct FootprintArguments {
    /// The table.
    table: PathBuf,
    /// How much is computed: each word also has what the ones before it have.
    #[arg(long, value_enum, default_value_t = DetailWord::Flows)]
    detail: DetailWord,
    /// Only these quantities: value_added and codes of stressors.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    quantities: Vec<String>,
    /// CSV with columns stressor, impact, factor, impact_unit: impacts that stressors are weighed into, such as
    /// greenhouse gases into CO2e.
    #[arg(long, value_name = "FILE")]
    characterise: Option<PathBuf>,
    /// CSV with columns region, population: accounts per person as well.
    #[arg(long, value_name = "FILE")]
    population: Option<PathBuf>,
    /// Folder for the results [default: results/footprint-NAME].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DetailWord {
    /// Production, and consumption by product.
    Consumption,
    /// Who produces for whom, and exports by sector.
    Flows,
    /// Imports by product.
    Imports,
}

impl DetailWord {
    fn detail(self) -> Detail {
        match self {
            DetailWord::Consumption => Detail::Consumption,
            DetailWord::Flows => Detail::Flows,
            DetailWord::Imports => Detail::Imports,
        }
    }
}

#[derive(Debug, Args)]
struct MatricesArguments {
    /// The table.
    table: PathBuf,
    /// Only these; L has as many cells as industries squared.
    #[arg(long, value_enum, ignore_case = true, value_name = "LETTER", value_delimiter = ',', default_values = ["A", "L", "S", "M"])]
    only: Vec<MatrixWord>,
    /// How they are written.
    #[arg(long, value_enum, default_value_t = GridWord::Csv)]
    format: GridWord,
    /// Only these quantities in S and M: value_added, output and codes of stressors.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    quantities: Vec<String>,
    /// CSV with columns stressor, impact, factor, impact_unit: impacts that stressors are weighed into, such as
    /// greenhouse gases into CO2e.
    #[arg(long, value_name = "FILE")]
    characterise: Option<PathBuf>,
    /// Folder for the results [default: results/matrices-NAME].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum MatrixWord {
    /// Input coefficients.
    #[value(name = "A")]
    Inputs,
    /// The Leontief inverse.
    #[value(name = "L")]
    Inverse,
    /// Value added and stressors per unit of output.
    #[value(name = "S")]
    Coefficients,
    /// Multipliers: S L, and the column sums of L.
    #[value(name = "M", alias = "multipliers")]
    Multipliers,
}

impl MatrixWord {
    fn letter(self) -> &'static str {
        match self {
            MatrixWord::Inputs => "A",
            MatrixWord::Inverse => "L",
            MatrixWord::Coefficients => "S",
            MatrixWord::Multipliers => "M",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum GridWord {
    /// CSV under labels.
    Csv,
    /// numpy's arrays, with their labels in lists beside them.
    Npy,
}

impl GridWord {
    fn format(self) -> Format {
        match self {
            GridWord::Csv => Format::Csv,
            GridWord::Npy => Format::Npy,
        }
    }
}

#[derive(Debug, Args)]
struct AggregateArguments {
    /// The table.
    table: PathBuf,
    /// CSV with columns from, to and optionally weight, en, zh; without it regions stay.
    #[arg(long, value_name = "MAP.csv")]
    regions: Option<PathBuf>,
    /// CSV with columns from, to and optionally weight, en, zh; without it sectors stay.
    #[arg(long, value_name = "MAP.csv")]
    sectors: Option<PathBuf>,
    /// Unit of money of the result, such as "10^8 yuan" [default: that of the table].
    #[arg(long)]
    unit: Option<String>,
    /// Name of the result [default: name of the folder].
    #[arg(long)]
    name: Option<String>,
    /// Folder for the aggregated table.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Debug, Args)]
struct ConvertArguments {
    /// The table.
    table: PathBuf,
    /// Format of the result [default: that of pymrio if --out ends in .zip].
    #[arg(long, value_enum)]
    to: Option<FormatWord>,
    /// Write pymrio's frames in parquet instead of text (needs an irio built with the feature `parquet`).
    #[arg(long)]
    parquet: bool,
    /// Name of the result [default: that of the table].
    #[arg(long)]
    name: Option<String>,
    /// Folder for the table, or a file that ends in .zip.
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatWord {
    /// irio's own folder: table.toml and CSV files.
    Irio,
    /// The same folder with its matrices in numpy's .npy files.
    Npy,
    /// That of pymrio 0.7 and EXIOBASE 3.
    Pymrio,
}

#[derive(Debug, Args)]
struct BuildArguments {
    /// The build's TOML file (`irio init build` writes an annotated one).
    build: PathBuf,
    /// Folder for the inter-regional table.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Folder for the report on it [default: results/build-NAME].
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct DeflateArguments {
    /// The table, in current prices.
    table: PathBuf,
    /// CSV with columns region, sector, price: 1 is the price of the base year; a line without region
    /// is national, one without sector the region's deflator, region "imports" is for imports.
    #[arg(long, value_name = "FILE")]
    prices: PathBuf,
    /// The year whose prices are 1.
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1..=9999))]
    base_year: i32,
    /// Name of the result [default: name of the folder].
    #[arg(long)]
    name: Option<String>,
    /// Folder for the deflated table.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Debug, Args)]
struct UpdateArguments {
    /// The table.
    table: PathBuf,
    /// CSV with columns quantity, region, sector, category, value, sigma (`irio init controls` writes one):
    /// an empty region, sector or category is the sum over it; a line with a sigma may give way.
    #[arg(long, value_name = "FILE")]
    controls: PathBuf,
    /// The year of the controls [default: that of the table].
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1..=9999))]
    year: Option<i32>,
    /// Name of the result [default: name of the folder].
    #[arg(long)]
    name: Option<String>,
    /// Folder for the updated table.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("known").required(true).multiple(true).args(["rows", "columns", "controls"])))]
struct BalanceArguments {
    /// CSV with labels in its first line and first column.
    matrix: PathBuf,
    /// CSV with one total for each row: its name, and value.
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,
    /// CSV with one total for each column: its name, and value.
    #[arg(long, value_name = "FILE")]
    columns: Option<PathBuf>,
    /// CSV with columns row, column, value, sigma: an empty row or column is the sum over it; a line with a
    /// sigma may give way.
    #[arg(long, value_name = "FILE")]
    controls: Option<PathBuf>,
    /// Header lines of the matrix.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    header_lines: u8,
    /// Label columns of the matrix.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    label_columns: u8,
    /// File for the balanced matrix.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Debug, Args)]
struct RunArguments {
    /// The scenario's TOML file.
    scenario: PathBuf,
    /// Number of random draws instead of the one in [uncertainty].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    draws: Option<u32>,
    /// Go on from the draws that an earlier run of the same command had finished when it was stopped; the
    /// results are the same bits. They are kept in OUT.irio-part until the results are written.
    #[arg(long)]
    resume: bool,
    /// Also run scenarios around this one, for readers who turn its dials: alone (after the scenario), the usual stops
    /// of every dial; DIAL=STOP,STOP,... those stops of one dial (may be given several times). Dials are share (of the
    /// last year), size (a multiple of the share or amount), technology (destination, origin, best:STRESSOR,
    /// mix:SHARE), sourcing (destination, origin, mix:SHARE) and reading (of [density]). The scenario's own value is
    /// always among the stops; nothing is drawn.
    #[arg(long, value_name = "DIAL=STOPS", num_args = 0..=1, default_missing_value = "", value_parser = dial)]
    grid: Vec<String>,
    /// Folder for the results [default: results/NAME].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// A text of `--grid`, told from a scenario that stands behind the bare option.
fn dial(text: &str) -> Result<String, String> {
    if text.is_empty() || text.contains('=') {
        return Ok(text.to_owned());
    }
    Err("it is no DIAL=STOP,STOP,...; --grid alone, for the usual dials, stands after the scenario"
        .to_owned())
}

#[derive(Debug, Args)]
struct TransferArguments {
    /// Table of the earlier year.
    base: PathBuf,
    /// Table of the later year.
    target: PathBuf,
    /// Over which orders of the factors an effect is averaged.
    #[arg(long, value_enum, default_value_t = AverageWord::Shapley)]
    average: AverageWord,
    /// Also report the smallest and largest effect over all orders.
    #[arg(long)]
    range: bool,
    /// Count the change of regional origin of exports as transfer in the printed headline.
    #[arg(long)]
    include_export_origin: bool,
    /// Leave out the other measures of transfer that stand beside this one.
    #[arg(long)]
    sourcing_only: bool,
    /// CSV with columns region, group: sets of regions to look at as one.
    #[arg(long, value_name = "FILE")]
    groups: Option<PathBuf>,
    /// CSV with columns sector, class: classes of sectors.
    #[arg(long, value_name = "FILE")]
    classes: Option<PathBuf>,
    /// CSV with columns region, sector, price: prices of TARGET relative to the year of BASE (as for
    /// `irio deflate`); without it changes in money are nominal.
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,
    /// What the error column is.
    #[arg(long, value_enum, default_value_t = ErrorWord::Keep)]
    error_column: ErrorWord,
    /// What inventories are.
    #[arg(long, value_enum, default_value_t = InventoryWord::Exogenous)]
    inventories: InventoryWord,
    /// Folder for the results [default: results/transfer-BASE-TARGET].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AverageWord {
    /// All orders (the Shapley value); sums to the change.
    Shapley,
    /// First to last and last to first; sums to the change.
    Polar,
    /// Everything else as in the base year; leaves an interaction.
    Base,
    /// Everything else as in the target year; leaves an interaction.
    End,
}

impl AverageWord {
    fn average(self) -> Average {
        match self {
            AverageWord::Shapley => Average::Shapley,
            AverageWord::Polar => Average::Polar,
            AverageWord::Base => Average::Base,
            AverageWord::End => Average::End,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum ErrorWord {
    /// Exogenous, a factor of its own.
    Keep,
    /// Spread over consumption and investment.
    ToFinal,
    /// Counted with inventories.
    ToInventory,
    /// Taken off output; for comparison only.
    Drop,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum InventoryWord {
    /// Never part of a transfer.
    Exogenous,
    /// Final demand with sourcing shares.
    AsFinal,
}

/// Why a command ended without a result.
#[derive(Debug)]
enum Trouble {
    /// The user's files: exit code 2.
    Files(Faults),
    /// A question without an answer: exit code 1.
    Question(String),
}

impl From<Faults> for Trouble {
    fn from(faults: Faults) -> Self {
        Trouble::Files(faults)
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Trouble::Files(fault.into())
    }
}

/// Runs the program: prints results to standard output, trouble to standard error.
pub fn main() -> ExitCode {
    let mut arguments = Arguments::parse();
    arguments.common.command_line = invocation::recorded(std::env::args_os());
    if let Some(threads) = arguments.common.threads {
        // Fails only if a pool exists already, which is then used.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
    }
    if let Some(Bytes(most)) = arguments.common.memory {
        crate::memory::allow(most);
    }
    let refused = std::env::var_os("IRIO_NO_CACHE").is_some_and(|value| !value.is_empty());
    if !arguments.common.no_cache && !refused {
        crate::input::cache::allow();
    }
    match commands::dispatch(arguments) {
        Ok(text) => print(&text),
        Err(Trouble::Files(faults)) => {
            complain(&faults.to_string());
            ExitCode::from(2)
        }
        Err(Trouble::Question(text)) => {
            complain(&text);
            ExitCode::from(1)
        }
    }
}

/// Prints to standard error; if nobody can read that either, the exit code still tells.
fn complain(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Prints to standard output; a reader that closes the pipe early (`irio ... | head`) is no error.
fn print(text: &str) -> ExitCode {
    use std::io::Write;
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("standard output: {error}"));
            ExitCode::from(1)
        }
    }
}
