//! `irio plot`: one figure of results as a picture.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::brief::{recorded, refuse_results, speak, template};
use super::{Common, Trouble};
use crate::brief::content::{Block, Brief, View};
use crate::fault::{Fault, Location};
use crate::figure::Width;
use crate::labels::suggestion;
use crate::report::folder;

#[derive(Debug, Args)]
pub(super) struct PlotArguments {
    /// A folder of results.
    results: PathBuf,
    /// Which figure; without it, the figures that there are.
    #[arg(long, value_name = "NAME")]
    figure: Option<String>,
    /// Which state of the figure, such as a region or quantity, by its name [default: the first].
    #[arg(long, value_name = "NAME", requires = "figure")]
    view: Option<String>,
    /// Drawn for a phone, 350 px wide, instead of 744.
    #[arg(long, requires = "figure")]
    narrow: bool,
    /// A template (`irio init template` writes one).
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// File for the picture, which ends in .svg or .png.
    #[arg(short, long, value_name = "FILE", requires = "figure")]
    out: Option<PathBuf>,
}

/// Families of fonts of a picture by itself.
const FAMILY: &str = "'Segoe UI',Roboto,'Helvetica Neue',Arial,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',\
                      'Noto Sans SC',sans-serif";

/// Runs `irio plot`.
pub(super) fn plot(common: &Common, arguments: &PlotArguments) -> Result<String, Trouble> {
    let recorded = recorded(&arguments.results)?;
    let template = template(arguments.template.as_deref())?;
    let brief = speak(&recorded, &template, common.numerals()?, crate::brief::gallery)?;
    let Some(name) = &arguments.figure else {
        return Ok(if common.json { figures(&brief) } else { listed(&brief) });
    };
    let block = figure_named(&brief, name)?;
    let view = view_named(block, arguments.view.as_deref())?;
    let out = arguments.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.svg", block.id)));
    let width = if arguments.narrow { Width::Narrow } else { Width::Wide };
    let drawing = view.figure.draw(&brief.style, width);
    let svg = drawing.svg(&block.id, FAMILY, &view.figure.alt(&brief.style));
    let bytes = match extension(&out) {
        "svg" => format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{svg}\n").into_bytes(),
        "png" => png(&svg, &out)?,
        _ => {
            let fault = Fault::new(Location::whole(&out), "is neither an .svg nor a .png");
            return Err(fault.help("name a file that ends in .svg or .png").into());
        }
    };
    refuse_results(&out, &arguments.results)?;
    folder::write_file(&out, &bytes)?;
    if common.quiet {
        return Ok(String::new());
    }
    if common.json {
        let text = json!({
            "figure": block.id,
            "view": view.choice,
            "description": view.description.plain(),
            "file": out,
            "without_room_for_names": drawing.dropped,
        });
        return Ok(serde_json::to_string_pretty(&text).unwrap_or_default() + "\n");
    }
    let mut text = format!("{}\nPicture: {}\n", view.description.plain(), out.display());
    if !drawing.dropped.is_empty() {
        let _ = writeln!(text, "Without room for their names: {}", drawing.dropped.join(", "));
    }
    Ok(text)
}

/// Lower-case extension of a path.
pub(super) fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

/// Every figure with what it finds, and its states.
fn listed(brief: &Brief) -> String {
    let mut out = String::new();
    for block in &brief.blocks {
        let _ = writeln!(out, "{:<18} {}", block.id, block.title.plain());
        let views: Vec<&str> = block.views.iter().map(|view| view.choice.as_str()).collect();
        if views.len() > 1 {
            let _ = writeln!(out, "{:<18} --view {}", "", views.join(" | "));
        }
    }
    out
}

/// The same for programs.
fn figures(brief: &Brief) -> String {
    let of = |block: &Block| {
        let views = block.views.iter().map(|view| view.choice.as_str());
        let views: Vec<&str> = views.filter(|choice| !choice.is_empty()).collect();
        json!({ "figure": block.id, "title": block.title.plain(), "views": views })
    };
    let all: Vec<Value> = brief.blocks.iter().map(of).collect();
    serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
}

fn figure_named<'b>(brief: &'b Brief, name: &str) -> Result<&'b Block, Trouble> {
    brief.blocks.iter().find(|block| block.id == name).ok_or_else(|| {
        let ids: Vec<&str> = brief.blocks.iter().map(|block| block.id.as_str()).collect();
        unknown("figure", name, &ids)
    })
}

fn view_named<'b>(block: &'b Block, name: Option<&str>) -> Result<&'b View, Trouble> {
    let named = match name {
        None => block.views.first(),
        Some(name) => block.views.iter().find(|view| view.choice == name),
    };
    named.ok_or_else(|| {
        let choices: Vec<&str> = block.views.iter().map(|view| view.choice.as_str()).collect();
        unknown("view", name.unwrap_or_default(), &choices)
    })
}

fn unknown(what: &str, name: &str, known: &[&str]) -> Trouble {
    let near = suggestion(name, known.iter().copied());
    let near = near.map_or(String::new(), |near| format!("\n  help: did you mean {near:?}?"));
    Trouble::Question(format!("there is no {what} {name:?}; there are: {}{near}", known.join(", ")))
}

/// The picture in pixels, two for each px.
#[cfg(feature = "png")]
fn png(svg: &str, out: &Path) -> Result<Vec<u8>, Trouble> {
    crate::report::brief::png::rendered(svg)
        .map_err(|error| Fault::new(Location::whole(out), error.to_string()).into())
}

#[cfg(not(feature = "png"))]
fn png(_svg: &str, out: &Path) -> Result<Vec<u8>, Trouble> {
    let fault = Fault::new(Location::whole(out), "this irio was built without the feature `png`");
    Err(fault
        .help("write an .svg, which every browser opens, or build irio with `--features png`")
        .into())
}
