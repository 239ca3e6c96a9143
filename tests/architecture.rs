//! The floors of ARCHITECTURE.md, kept true: a module imports only from floors below its own, or
//! from a neighbour that its line names.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Floor of each module, and the neighbours on its own floor that it may import from.
const FLOORS: &[(&str, u8, &[&str])] = &[
    ("cli", 6, &[]),
    ("input", 5, &[]),
    ("report", 5, &[]),
    ("brief", 4, &[]),
    ("estimation", 4, &[]),
    ("run", 4, &["scenario"]),
    ("scenario", 4, &[]),
    ("agglomeration", 3, &[]),
    ("backcast", 3, &["decomposition", "leontief"]),
    ("build", 3, &["sourcing"]),
    ("compare", 3, &[]),
    ("concentration", 3, &[]),
    ("decomposition", 3, &["leontief"]),
    ("econometrics", 3, &[]),
    ("footprint", 3, &["leontief"]),
    ("realism", 3, &["leontief", "relocation"]),
    ("location", 3, &[]),
    ("relocation", 3, &["leontief"]),
    ("sourcing", 3, &["leontief"]),
    ("rivals", 3, &["decomposition", "footprint", "leontief"]),
    ("leontief", 3, &[]),
    ("multipliers", 3, &["leontief"]),
    ("updating", 3, &[]),
    ("balance", 2, &[]),
    ("elasticities", 2, &[]),
    ("figure", 2, &[]),
    ("panel", 2, &[]),
    ("recorded", 2, &[]),
    ("table", 2, &[]),
    ("weights", 2, &[]),
    ("linalg", 1, &[]),
    ("numerals", 1, &[]),
    ("tidy", 1, &[]),
    ("china", 0, &["labels"]),
    ("draws", 0, &[]),
    ("earth", 0, &[]),
    ("fault", 0, &[]),
    ("fresh", 0, &[]),
    ("labels", 0, &[]),
    ("memory", 0, &[]),
    ("progress", 0, &[]),
    ("text", 0, &[]),
    ("units", 0, &[]),
];

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let module = path.strip_prefix("src").unwrap().components().next().unwrap();
            let module = module.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned();
            found.push((module, fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn modules_import_only_from_below() {
    let mut found = Vec::new();
    sources(Path::new("src"), &mut found);
    let floors: BTreeMap<&str, (u8, &[&str])> =
        FLOORS.iter().map(|(name, floor, may)| (*name, (*floor, *may))).collect();
    let mut wrong = Vec::new();
    for (module, text) in
        found.iter().filter(|(module, _)| !["lib", "main"].contains(&module.as_str()))
    {
        let Some((floor, neighbours)) = floors.get(module.as_str()) else {
            wrong.push(format!("{module} has no floor: add it to FLOORS and to ARCHITECTURE.md"));
            continue;
        };
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for part in line.split("crate::").skip(1) {
                let name: String =
                    part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let names = if name.is_empty() {
                    part.trim_start_matches('{').split(", ").map(str::to_owned).collect()
                } else {
                    vec![name]
                };
                for name in names {
                    let Some((other, _)) = floors.get(name.as_str()) else { continue };
                    if name != *module && other >= floor && !neighbours.contains(&name.as_str()) {
                        wrong.push(format!(
                            "{module} (floor {floor}) imports {name} (floor {other})"
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Only `linalg` names the linear algebra library.
#[test]
fn one_module_names_the_linear_algebra_library() {
    let mut found = Vec::new();
    sources(Path::new("src"), &mut found);
    assert!(found.iter().any(|(module, text)| module == "linalg" && text.contains("use faer")));
    let other: Vec<&str> = found
        .iter()
        .filter(|(module, text)| {
            module != "linalg" && (text.contains("faer::") || text.contains("pulp::"))
        })
        .map(|(m, _)| m.as_str())
        .collect();
    assert!(other.is_empty(), "{other:?}");
}
