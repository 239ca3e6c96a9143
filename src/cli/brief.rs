//! `irio brief`: results as a policy brief.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::plot::extension;
use super::{Common, Lang, Trouble};
use crate::brief::content::Brief;
use crate::brief::template::Template;
use crate::brief::{self, BriefError};
use crate::fault::{Fault, Faults, Location};
use crate::figure::ink::Ink;
use crate::input;
use crate::numerals::Language;
use crate::recorded::{Recorded, SUMMARY};
use crate::report::brief::pdf::Compiler;
use crate::report::brief::pictures::Picture;
use crate::report::brief::typst::{Print, TypstDocument};
use crate::report::brief::{html, markdown, pdf, typst, workbook};
use crate::report::folder;

#[derive(Debug, Args)]
pub(super) struct BriefArguments {
    /// A folder of results.
    results: PathBuf,
    /// A template: names, sentences, colours, logo (`irio init template` writes one).
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// File for the brief: .html, .pdf (with its source, .typ), .typ, .md or .xlsx; may be given several times.
    #[arg(short, long, value_name = "FILE", required = true)]
    out: Vec<PathBuf>,
    /// A folder with fonts for the PDF, beside those of the system.
    #[arg(long, value_name = "DIR")]
    font_path: Vec<PathBuf>,
}

impl BriefArguments {
    /// By what a PDF is made: the program that `IRIO_TYPST` names, else what there is.
    fn compiler(&self) -> Compiler {
        let program = std::env::var_os("IRIO_TYPST").filter(|name| !name.is_empty());
        Compiler { program: program.map(PathBuf::from), fonts: self.font_path.clone() }
    }
}

/// Results that are as irio wrote them.
pub(super) fn recorded(path: &Path) -> Result<Recorded, Faults> {
    input::recorded::read(path)
}

/// The template of a file, or the default one.
pub(super) fn template(path: Option<&Path>) -> Result<Template, Faults> {
    match path {
        Some(path) => input::template::read(path),
        None => Ok(Template::of(None, None)),
    }
}

/// What a brief says of results in a language.
pub(super) fn speak(
    recorded: &Recorded,
    template: &Template,
    language: Language,
    of: fn(&Recorded, &Template, Language) -> Result<Brief, BriefError>,
) -> Result<Brief, Trouble> {
    of(recorded, template, language).map_err(|error| match error {
        BriefError::Kind { .. } | BriefError::Missing { .. } => {
            let at = Location::whole(recorded.folder.join(SUMMARY));
            Fault::new(at, error.to_string()).into()
        }
        error => Trouble::Question(error.to_string()),
    })
}

/// What is written, by the ending of a file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// One page for screens and print.
    Html,
    /// A text with its figures as files.
    Markdown,
    /// The source of a print with its figures as files.
    Typst,
    /// That source, and a PDF of it.
    Pdf,
    /// A workbook.
    Workbook,
}

impl Form {
    fn of(path: &Path) -> Result<Self, Fault> {
        match extension(path) {
            "html" | "htm" => Ok(Form::Html),
            "md" => Ok(Form::Markdown),
            "typ" => Ok(Form::Typst),
            "pdf" => Ok(Form::Pdf),
            "xlsx" => Ok(Form::Workbook),
            _ => {
                let text = "has no ending that says what the brief should be";
                Err(Fault::new(Location::whole(path), text)
                    .help("name a file that ends in .html, .pdf, .typ, .md or .xlsx"))
            }
        }
    }
}

/// Runs `irio brief`.
pub(super) fn write(common: &Common, arguments: &BriefArguments) -> Result<String, Trouble> {
    let mut faults = Faults::default();
    let forms: Vec<Option<Form>> =
        arguments.out.iter().map(|out| faults.keep(Form::of(out))).collect();
    for out in &arguments.out {
        faults.keep(refuse_results(out, &arguments.results));
    }
    let found = faults.absorb(recorded(&arguments.results));
    let template = faults.absorb(template(arguments.template.as_deref()));
    faults.into_result(())?;
    let (Some(recorded), Some(template)) = (found, template) else { return Ok(String::new()) };
    let briefs: Vec<Brief> = common
        .languages()
        .into_iter()
        .map(|language| speak(&recorded, &template, language, brief::of))
        .collect::<Result<_, _>>()?;
    let mut written = Vec::new();
    for (out, form) in arguments.out.iter().zip(forms.into_iter().flatten()) {
        let made = Made { briefs: &briefs, recorded: &recorded, template: &template };
        made.write(form, out, &arguments.compiler(), &mut written)?;
    }
    if common.quiet {
        return Ok(String::new());
    }
    if common.json {
        let head =
            |brief: &Brief| (brief.language.word().to_owned(), json!(brief.headline.plain()));
        let headline: serde_json::Map<String, Value> = briefs.iter().map(head).collect();
        let files: Vec<&Path> = written.iter().map(|(_, path)| path.as_path()).collect();
        let text = json!({ "headline": headline, "files": files });
        return Ok(serde_json::to_string_pretty(&text).unwrap_or_default() + "\n");
    }
    let head: Vec<String> = briefs.iter().map(|brief| brief.headline.plain()).collect();
    Ok(format!("{}\n{}", head.join("\n"), told(&written)))
}

/// Files that were written, with what each is.
type Written = Vec<(&'static str, PathBuf)>;

fn told(written: &Written) -> String {
    written.iter().map(|(what, path)| format!("{what}: {}\n", path.display())).collect()
}

/// What a brief is written from.
struct Made<'a> {
    briefs: &'a [Brief],
    recorded: &'a Recorded,
    template: &'a Template,
}

impl Made<'_> {
    /// Writes one form of the brief; what was written before an error stays and is told with it.
    fn write(
        &self,
        form: Form,
        out: &Path,
        compiler: &Compiler,
        written: &mut Written,
    ) -> Result<(), Trouble> {
        let briefs = self.briefs;
        match form {
            Form::Html => {
                let page = page(briefs, self.recorded, self.template);
                folder::write_file(out, page.as_bytes())?;
            }
            Form::Markdown => {
                let document = markdown::text(briefs, &pictures_beside(out));
                write_pictures(out, &document.folder, &document.pictures)?;
                folder::write_file(out, document.main.as_bytes())?;
            }
            Form::Typst => drop(write_source(briefs, self.template, out)?),
            Form::Pdf => {
                let source = out.with_extension("typ");
                let document = write_source(briefs, self.template, &source)?;
                written.push(("Source", source));
                let bytes = pdf::bytes(&document, compiler).map_err(|error| {
                    let help = error.help();
                    Trouble::Question(format!("{}{error}\n  help: {help}", told(written)))
                })?;
                folder::write_file(out, &bytes)?;
            }
            Form::Workbook => {
                let bytes = workbook::bytes(briefs)
                    .map_err(|error| Fault::new(Location::whole(out), error.to_string()))?;
                folder::write_file(out, &bytes)?;
            }
        }
        written.push(("Brief", out.to_owned()));
        Ok(())
    }
}

/// Name of the folder of pictures beside a file: `brief-figures` beside `brief.typ`.
fn pictures_beside(out: &Path) -> String {
    let stem = out.file_stem().map_or("brief".into(), |stem| stem.to_string_lossy());
    format!("{stem}-figures")
}

/// Writes pictures into a folder beside a file, before the file that names them.
fn write_pictures(out: &Path, folder: &str, pictures: &[Picture]) -> Result<(), Fault> {
    pictures.iter().try_for_each(|picture| {
        folder::write_file(&out.with_file_name(folder).join(&picture.name), &picture.bytes)
    })
}

/// Writes the source of a print with its pictures.
fn write_source(briefs: &[Brief], template: &Template, out: &Path) -> Result<TypstDocument, Fault> {
    let folder = pictures_beside(out);
    let print =
        Print { theme: &template.light, brand: template.light.colour(Ink::Brand), folder: &folder };
    let document = typst::source(briefs, &print);
    write_pictures(out, &document.folder, &document.pictures)?;
    folder::write_file(out, document.main.as_bytes())?;
    Ok(document)
}

fn page(briefs: &[Brief], recorded: &Recorded, template: &Template) -> String {
    let named: BTreeSet<&str> = briefs.iter().flat_map(Brief::files).collect();
    let files: BTreeMap<String, String> = (recorded.files.iter())
        .filter(|file| named.contains(file.name.as_str()))
        .map(|file| (file.name.clone(), file.text.clone()))
        .collect();
    html::page(briefs, &template.light, &template.dark, &files)
}

/// A brief among the results would be a file that irio does not know there, so that they could not be replaced.
pub(super) fn refuse_results(out: &Path, results: &Path) -> Result<(), Fault> {
    // Folders that are still to be made stand in the first that is there.
    let named = |parent: &&Path| !parent.as_os_str().is_empty();
    let parent = out.ancestors().skip(1).filter(named).find(|parent| parent.exists());
    let parent = parent.unwrap_or(Path::new("."));
    let inside = match (std::fs::canonicalize(parent), std::fs::canonicalize(results)) {
        (Ok(parent), Ok(results)) => parent.starts_with(results),
        _ => false,
    };
    if inside {
        let text = "would stand among the results, which could then not be replaced by a new run";
        return Err(Fault::new(Location::whole(out), text).help("name a file beside their folder"));
    }
    folder::refuse_other(out, "a file")
}

impl Common {
    /// Languages of a brief: both, unless one was asked for.
    pub(super) fn languages(&self) -> Vec<Language> {
        match self.lang {
            None | Some(Lang::Both) => Language::BOTH.to_vec(),
            Some(Lang::Zh) => vec![Language::Chinese],
            Some(Lang::En) => vec![Language::English],
        }
    }

    /// The one language of a picture.
    pub(super) fn numerals(&self) -> Result<Language, Trouble> {
        match self.lang {
            None | Some(Lang::En) => Ok(Language::English),
            Some(Lang::Zh) => Ok(Language::Chinese),
            Some(Lang::Both) => Err(Trouble::Question(
                "a picture is in one language: --lang zh or --lang en".to_owned(),
            )),
        }
    }
}
