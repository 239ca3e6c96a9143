use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::*;
use crate::report::brief::pictures::Picture;

fn document() -> TypstDocument {
    TypstDocument {
        main: "= A".to_owned(),
        pictures: vec![Picture { name: "fig1.svg".to_owned(), bytes: b"<svg/>".to_vec() }],
        folder: "brief-figures".to_owned(),
    }
}

/// One test at a time: a program that another thread is still writing when a process starts is "busy".
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A program that says what typst would: `fonts` lists a family, `compile` runs a script with `$source` and `$target`.
fn compiler(folder: &Path, family: &str, compile: &str) -> Compiler {
    let program = folder.join("typst");
    let script = format!(
        "#!/bin/sh\nif [ \"$1\" = fonts ]; then echo 'DejaVu Sans'; echo '{family}'; exit; fi\n\
         while [ $# -gt 2 ]; do shift; done\nsource=$1 target=$2\n{compile}\n"
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    Compiler { program: Some(program), fonts: vec![folder.join("fonts")] }
}

#[test]
fn a_program_gets_source_and_pictures_beside_each_other() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let compile = "cat \"$source\" \"$(dirname \"$source\")/brief-figures/fig1.svg\" > \"$target\"";
    let compiler = compiler(folder.path(), "Noto Sans SC", compile);
    assert_eq!(bytes(&document(), &compiler).unwrap(), b"= A<svg/>");
}

#[test]
fn a_missing_font_is_named_before_anything_is_compiled() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let compiler = compiler(folder.path(), "Noto Sans", "exit 9");
    let error = bytes(&document(), &compiler).unwrap_err();
    assert!(matches!(error, PdfError::NoFont { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("Noto Sans CJK SC, Noto Sans SC") && text.contains("/fonts"), "{text}");
    assert!(error.help().contains("fonts-noto-cjk"));
}

#[test]
fn what_typst_says_is_the_error() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let told =
        compiler(folder.path(), "noto sans cjk sc", "echo 'error: no such thing' >&2; exit 1");
    let error = bytes(&document(), &told).unwrap_err();
    assert_eq!(error.to_string(), "no PDF: typst says: error: no such thing");
    // A program that says nothing and writes nothing.
    let silent = compiler(folder.path(), "Noto Sans SC", "exit 3");
    assert!(bytes(&document(), &silent).unwrap_err().to_string().contains('3'));
    let idle = compiler(folder.path(), "Noto Sans SC", "exit 0");
    assert!(matches!(bytes(&document(), &idle).unwrap_err(), PdfError::Failed { .. }));
}

#[test]
fn a_program_that_is_not_there_is_told() {
    let compiler = Compiler { program: Some("/nowhere/typst".into()), fonts: Vec::new() };
    let error = bytes(&document(), &compiler).unwrap_err();
    assert_eq!(error.to_string(), "no PDF: there is no program /nowhere/typst");
    assert!(error.help().contains("IRIO_TYPST"));
}

#[test]
fn pictures_stay_beside_the_source() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let compiler = compiler(folder.path(), "Noto Sans SC", "exit 0");
    for outside in ["../brief-figures", "/brief-figures"] {
        let document = TypstDocument { folder: outside.to_owned(), ..document() };
        assert!(matches!(bytes(&document, &compiler), Err(PdfError::Failed { .. })), "{outside}");
    }
}
