//! A PDF by a typst program.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::{FONTS, PdfError, TypstDocument};

/// The PDF by `program`, in a folder of its own that is gone afterwards.
pub(super) fn bytes(
    document: &TypstDocument,
    program: &Path,
    fonts: &[PathBuf],
) -> Result<Vec<u8>, PdfError> {
    let listing = run(program, with_fonts(Command::new(program).arg("fonts"), fonts))?;
    if !has_font(&String::from_utf8_lossy(&listing.stdout)) {
        return Err(PdfError::NoFont { folders: fonts.to_vec() });
    }
    let failed = |what: &str| {
        let what = what.to_owned();
        move |why| PdfError::Failed { what, why }
    };
    let folder = tempfile::tempdir().map_err(failed("a temporary folder"))?;
    let (source, target) = (folder.path().join("brief.typ"), folder.path().join("brief.pdf"));
    write(document, folder.path(), &source).map_err(failed("writing for typst"))?;
    let mut command = Command::new(program);
    command.args(["compile", "--pdf-standard", "ua-1", "--root"]).arg(folder.path());
    run(program, with_fonts(&mut command, fonts).arg(&source).arg(&target))?;
    fs::read(&target).map_err(failed("reading what typst wrote"))
}

/// Whether a list of families, one a line, has one of the fonts.
fn has_font(listing: &str) -> bool {
    listing.lines().any(|line| FONTS.iter().any(|font| line.trim().eq_ignore_ascii_case(font)))
}

fn with_fonts<'c>(command: &'c mut Command, fonts: &[PathBuf]) -> &'c mut Command {
    for folder in fonts {
        command.arg("--font-path").arg(folder);
    }
    command
}

/// Source and pictures as they will stand beside each other.
fn write(document: &TypstDocument, folder: &Path, source: &Path) -> io::Result<()> {
    let pictures = Path::new(&document.folder);
    if !pictures.components().all(|part| matches!(part, Component::Normal(_))) {
        return Err(io::Error::other("the folder of pictures is not beside the source"));
    }
    fs::write(source, &document.main)?;
    fs::create_dir_all(folder.join(pictures))?;
    for picture in &document.pictures {
        fs::write(folder.join(pictures).join(&picture.name), &picture.bytes)?;
    }
    Ok(())
}

/// Runs typst; what it complains of is the error.
fn run(program: &Path, command: &mut Command) -> Result<Output, PdfError> {
    let output = command.stdin(Stdio::null()).output().map_err(|why| match why.kind() {
        io::ErrorKind::NotFound => PdfError::NoProgram { program: program.to_owned() },
        _ => PdfError::Failed { what: format!("running {}", program.display()), why },
    })?;
    match output.status.success() {
        true => Ok(output),
        false => {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            let message = if said.is_empty() { output.status.to_string() } else { said };
            Err(PdfError::Refused { message })
        }
    }
}
