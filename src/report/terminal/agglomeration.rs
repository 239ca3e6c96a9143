//! `irio agglomeration` for the terminal.

use std::fmt::Write;

use super::{Language, grid};
use crate::concentration::duranton_overman::Localisation;
use crate::concentration::study::{
    ActivityStudy, DensityStudy, Distances, Findings, Measures, PlantStudy, Productivity, Study,
};
use crate::report::files::verdict;
use crate::text::{count, human};

/// What the measures say.
pub fn agglomeration(name: &str, study: &Study, findings: &Findings, language: Language) -> String {
    let mut out = format!("{name}\n");
    if let (Some(activity), Some((year, found))) = (&study.activity, findings.measures.last()) {
        out.push_str(&regional(activity, *year, found, language));
    }
    if let Some(density) = &study.density {
        out.push_str(&densities(density, language));
    }
    if let Some(found) = &findings.productivity {
        out.push_str(&productivity(found));
    }
    if let (Some(plants), Some(plan)) = (&study.plants, &findings.distances) {
        out.push_str(&tested(plants, plan, &findings.localisation));
    }
    out
}

fn cell(value: Option<f64>) -> String {
    value.map_or(String::new(), |value| format!("{value:.4}"))
}

fn header(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn regional(
    study: &ActivityStudy,
    year: Option<i32>,
    found: &Measures,
    language: Language,
) -> String {
    let with_gamma = found.sectors.iter().any(|one| one.gamma.is_some());
    let mut words = vec!["sector", "Gini", "Herfindahl", "Theil"];
    if with_gamma {
        words.push("gamma");
    }
    let mut sectors = grid(&header(&words));
    for (one, label) in found.sectors.iter().zip(study.sectors.labels()) {
        let mut cells =
            vec![language.name(label), cell(one.gini), cell(one.herfindahl), cell(one.theil)];
        if with_gamma {
            cells.push(cell(one.gamma));
        }
        sectors.add_row(cells);
    }
    let mut regions =
        grid(&header(&["region", "Krugman", "against others", "largest location quotient"]));
    let width = study.sectors.len();
    for (r, (one, label)) in found.regions.iter().zip(study.regions.labels()).enumerate() {
        let row = &found.quotients[r * width..(r + 1) * width];
        let best = row
            .iter()
            .enumerate()
            .filter_map(|(i, quotient)| Some((i, (*quotient)?)))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        let best = best.map_or(String::new(), |(i, value)| {
            format!("{} {value:.2}", language.name(&study.sectors.labels()[i]))
        });
        regions.add_row([
            language.name(label),
            cell(one.krugman),
            cell(one.krugman_against_others),
            best,
        ]);
    }
    let when = year.map_or(String::new(), |year| format!(" in {year}"));
    let mut out = format!(
        "{}{when}: {} × {}, {}\n\n{sectors}\n\n{regions}\n",
        study.quantity,
        count(study.regions.len(), "region"),
        count(study.sectors.len(), "sector"),
        study.unit
    );
    if !study.groups.is_empty() {
        let _ = writeln!(
            out,
            "\nCo-agglomeration of groups, against {} shares:",
            study.reference.word()
        );
    }
    for (group, value) in study.groups.iter().zip(&found.groups) {
        let value = value.map_or("no value".to_owned(), |value| format!("{value:.4}"));
        let _ = writeln!(out, "  {}: {value}", group.name);
    }
    out
}

fn densities(study: &DensityStudy, language: Language) -> String {
    let mut words = vec![format!("region\nper {}", study.area_unit)];
    let mut columns = Vec::new();
    for series in &study.series {
        let Some(last) = series.years.last() else { continue };
        let when = last.year.map_or(String::new(), |year| format!(" {year}"));
        let part = if series.part == "weighted" { ", weighted" } else { "" };
        words.push(format!("{}{part}{when}\n{}", series.code, series.unit));
        columns.push(&last.densities);
    }
    let mut lines = grid(&words);
    for (r, label) in study.regions.labels().iter().enumerate() {
        let cells = columns.iter().map(|column| human(column[r]));
        lines.add_row(std::iter::once(language.name(label)).chain(cells).collect::<Vec<_>>());
    }
    format!("\n{lines}\n")
}

fn productivity(found: &Productivity) -> String {
    match found.estimate {
        Some(one) => format!(
            "\nShare of capital {:.4} (standard error {:.4}), from {} of {}\n",
            one.share,
            one.error,
            count(one.observations, "observation"),
            count(one.units, "region")
        ),
        None => format!("\nShare of capital {}, as given\n", found.alpha),
    }
}

fn tested(study: &PlantStudy, plan: &Distances, found: &[Option<Localisation>]) -> String {
    let unit = &study.unit;
    let mut lines = grid(&[
        "industry".to_owned(),
        "plants".to_owned(),
        format!("bandwidth\n{unit}"),
        "Γ".to_owned(),
        "Ψ".to_owned(),
        "plants are".to_owned(),
        format!("where\n{unit}"),
    ]);
    for (one, found) in study.industries.iter().zip(found) {
        let plants = one.industry.plants.len().to_string();
        let Some(found) = found else {
            lines.add_row([one.name.clone(), plants]);
            continue;
        };
        let [gamma, psi] = found.global(study.rule);
        let band = found.bands.global(study.rule);
        let outside = |at: &usize| match (gamma > 0.0, psi > 0.0) {
            (true, _) => found.curve.values[*at] > band.upper[*at],
            (false, true) => found.curve.values[*at] < band.lower[*at],
            _ => false,
        };
        let at: Vec<usize> = (0..plan.points.count).filter(outside).collect();
        let range = match (at.first(), at.last()) {
            (Some(first), Some(last)) => {
                let gaps = if last - first + 1 > at.len() { ", with gaps" } else { "" };
                let end = |at: usize| human(plan.points.at(at));
                format!("{} to {}{gaps}", end(*first), end(*last))
            }
            _ => String::new(),
        };
        lines.add_row([
            one.name.clone(),
            plants,
            human(found.curve.bandwidth),
            human(gamma),
            human(psi),
            verdict(gamma, psi).to_owned(),
            range,
        ]);
    }
    let options = &study.options;
    format!(
        "\nDistances between plants from 0 to {} {unit}, the median of all {}; {} of seed {}, global band of {} % by {}\n{lines}\n",
        human(plan.median),
        count(study.sites.len(), "plant"),
        count(options.draws as usize, "draw"),
        options.seed,
        human(100.0 * options.level),
        study.rule.word(),
    )
}
