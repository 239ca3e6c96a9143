//! Reading a template of briefs: TOML with what differs from the default.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::{FileBytes, TextFile};
use crate::brief::template::{Template, TemplateError, TemplateFile};
use crate::fault::{Fault, Faults, Location};

/// Largest picture that is put into a page.
const LARGEST_LOGO: usize = 300_000;

/// Reads a template.
///
/// # Errors
/// If it is not TOML, has keys that nothing reads, colours that do not stand apart, sentences that are no templates,
/// or a logo that is no picture. Of what TOML itself refuses the first is told, of the rest everything.
pub fn read(path: &Path) -> Result<Template, Faults> {
    let text = TextFile::read(path)?;
    let file: TemplateFile = toml::from_str(&text.text).map_err(|error| {
        let at = match error.span() {
            Some(span) => Location::span(path, &text.text, span),
            None => Location::whole(path),
        };
        Fault::new(at, error.message().lines().collect::<Vec<_>>().join(", "))
            .help("`irio init template` writes every key of a template")
    })?;
    let mut faults = Faults::default();
    for error in file.faults() {
        let fault = Fault::new(place(&error, path, &text.text), error.to_string());
        faults.push(match help(&error) {
            Some(help) => fault.help(help),
            None => fault,
        });
    }
    let logo = file.masthead.logo.as_deref().filter(|logo| !logo.is_empty());
    let logo = logo.and_then(|logo| {
        let at = located(path, &text.text, logo);
        faults.keep(picture(&path.with_file_name(""), logo, at))
    });
    let map = file.map.geometry.as_deref().filter(|name| !name.is_empty());
    let geometry = map.and_then(|name| {
        let file = path.with_file_name(name);
        if file.exists() {
            return faults.absorb(super::geometry::read(&file));
        }
        let fault = Fault::new(located(path, &text.text, name), "there is no such file");
        faults.push(fault.help(format!("looked for {}", file.display())));
        None
    });
    faults.into_result(Template { geometry, ..Template::of(Some(file), logo) })
}

/// Where a text first stands in the file.
fn located(path: &Path, text: &str, what: &str) -> Location {
    match text.find(what) {
        Some(at) if !what.is_empty() => Location::span(path, text, at..at + what.len()),
        _ => Location::whole(path),
    }
}

fn place(error: &TemplateError, path: &Path, text: &str) -> Location {
    let what = match error {
        TemplateError::Role { role, .. } => role,
        TemplateError::Colour { text, .. } | TemplateError::Unit { text, .. } => text,
        TemplateError::Sentence { key, .. } | TemplateError::Unknown { key, .. } => key,
        TemplateError::Contrast { one_colour, other_colour, .. } => {
            if text.contains(one_colour.as_str()) { one_colour } else { other_colour }
        }
    };
    located(path, text, what)
}

fn help(error: &TemplateError) -> Option<String> {
    match error {
        TemplateError::Contrast { .. } => Some("make one of the two lighter or darker".to_owned()),
        TemplateError::Sentence { .. } => Some(
            "sentences are written in the language of Jinja: {{ name }}, {% if … %} … {% endif %}"
                .to_owned(),
        ),
        TemplateError::Unit { example, .. } => Some(format!("write it like {example:?}")),
        TemplateError::Unknown { .. } => {
            Some("`irio init template` writes every key of a template".to_owned())
        }
        TemplateError::Role { .. } | TemplateError::Colour { .. } => None,
    }
}

/// A picture as a `data:` address.
fn picture(folder: &Path, name: &str, at: Location) -> Result<String, Fault> {
    let path: PathBuf = folder.join(name);
    let bytes = FileBytes::read(&path)?.bytes;
    if bytes.len() > LARGEST_LOGO {
        let text =
            format!("the logo has {} bytes, at most {LARGEST_LOGO} go into a page", bytes.len());
        return Err(Fault::new(at, text).help("save it smaller"));
    }
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_lowercase();
    let kind = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        "png"
    } else if start.contains("<svg") {
        "svg+xml"
    } else {
        let text = format!("{} is neither an SVG nor a PNG picture", path.display());
        return Err(Fault::new(at, text).help("save the logo as SVG or PNG"));
    };
    Ok(format!("data:image/{kind};base64,{}", BASE64_STANDARD.encode(&bytes)))
}
