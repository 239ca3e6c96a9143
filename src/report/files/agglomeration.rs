//! Files of measures of agglomeration.

use serde_json::{Map, Value, json};

use crate::concentration::duranton_overman::{GlobalRule, Localisation};
use crate::concentration::study::{
    ActivityStudy, DensityStudy, Distances, Findings, Group, Measures, PlantStudy, Productivity,
    ProductivityStudy, Study,
};
use crate::labels::Axis;
use crate::recorded::NamedCode;
use crate::report::results::Results;
use crate::tidy::{Column, Tidy};

/// Adds every file of the measures that there are.
pub fn agglomeration(results: &mut Results, study: &Study, findings: &Findings) {
    names(results, study);
    let mut headline = Map::new();
    if let Some(activity) = &study.activity {
        regional(results, activity, &findings.measures);
        headline.insert("sectors".to_owned(), most_agglomerated(activity, &findings.measures));
    }
    if let Some(density) = &study.density {
        results.file(
            "densities.csv",
            "quantities by region, per area, and the logarithm of that (statistic: quantity, density, log_density); part says over \
             which sectors: chosen, weighted, or region where sectors are not told apart",
            densities(density),
        );
    }
    if let (Some(panel), Some(found)) = (&study.productivity, &findings.productivity) {
        results.file(
            "productivity.csv",
            "ln TFP of each region and year by Solow residual; without region and year the share of capital, and where it \
             was estimated its standard error and observations",
            productivity(panel, found),
        );
        headline.insert(
            "capital_share".to_owned(),
            json!({ "alpha": found.alpha, "standard_error": found.estimate.map(|one| one.error) }),
        );
    }
    if let (Some(plants), Some(plan)) = (&study.plants, &findings.distances) {
        results.file(
            "localisation.csv",
            "each industry's plants, bandwidth, and indices: gamma (localisation) and psi (dispersion, only where gamma is 0), \
             summed over the points, and as areas; by global band (part)",
            localisation(plants, plan, &findings.localisation),
        );
        results.file(
            "curves.csv",
            "each industry's density of distances between plants, point by point (counted from 1): the \
             distance, the density, and the bands of the draws by rule (part), lower and upper (statistic)",
            curves(plants, plan, &findings.localisation),
        );
        headline.insert("industries".to_owned(), verdicts(plants, plan, &findings.localisation));
    }
    results.headline = Value::Object(headline);
}

/// What the codes of a study stand for.
fn names(results: &mut Results, study: &Study) {
    let of = |axis: &Axis| axis.labels().iter().map(NamedCode::of).collect::<Vec<_>>();
    if let Some(activity) = &study.activity {
        results.names("regions", of(&activity.regions)).names("sectors", of(&activity.sectors));
        let quantity = NamedCode::code(&activity.quantity).in_unit(&activity.unit);
        results.names("quantities", [quantity]);
        let members = |group: &Group| {
            let codes: Vec<&str> =
                group.sectors.iter().map(|sector| activity.sectors.code(*sector)).collect();
            NamedCode::code(&group.name).made_of(codes)
        };
        results.names("classes", activity.groups.iter().map(members));
    }
    if let Some(density) = &study.density {
        results.names("regions", of(&density.regions));
        let series = density.series.iter();
        results
            .names("quantities", series.map(|one| NamedCode::code(&one.code).in_unit(&one.unit)));
    }
    if let Some(productivity) = &study.productivity {
        results.names("regions", of(&productivity.units));
    }
    if let Some(plants) = &study.plants {
        results.names("industries", plants.industries.iter().map(|one| NamedCode::code(&one.name)));
    }
}

fn year_text(year: Option<i32>) -> String {
    year.map_or(String::new(), |year| year.to_string())
}

fn regional(results: &mut Results, study: &ActivityStudy, measures: &[(Option<i32>, Measures)]) {
    use Column::{From, Quantity, Region, Sector, Statistic, To, Year};
    let (regions, sectors, code) = (&study.regions, &study.sectors, study.quantity.as_str());
    let mut by_sector = Tidy::new(&[Year, Quantity, Sector, Statistic]);
    let mut by_region = Tidy::new(&[Year, Quantity, Region, Statistic]);
    let mut quotients = Tidy::new(&[Year, Quantity, Region, Sector]);
    let mut pairs = Tidy::new(&[Year, Quantity, From, To]);
    let mut groups = Tidy::new(&[Year, Quantity, Sector]);
    for (year, found) in measures {
        let year = year_text(*year);
        for (i, one) in found.sectors.iter().enumerate() {
            for (statistic, value) in [
                ("herfindahl", one.herfindahl),
                ("gini", one.gini),
                ("theil", one.theil),
                ("raw_concentration", one.raw),
                ("plant_herfindahl", study.herfindahls[i]),
                ("gamma", one.gamma),
            ] {
                if let Some(value) = value {
                    by_sector.push(&[&year, code, sectors.code(i), statistic], value);
                }
            }
        }
        for (r, one) in found.regions.iter().enumerate() {
            for (statistic, value) in
                [("krugman", one.krugman), ("krugman_against_others", one.krugman_against_others)]
            {
                if let Some(value) = value {
                    by_region.push(&[&year, code, regions.code(r), statistic], value);
                }
            }
        }
        for (at, value) in found.quotients.iter().enumerate() {
            let (r, i) = (at / sectors.len(), at % sectors.len());
            if let Some(value) = value {
                quotients.push(&[&year, code, regions.code(r), sectors.code(i)], *value);
            }
        }
        for (a, b, value) in &found.pairs {
            pairs.push(&[&year, code, sectors.code(*a), sectors.code(*b)], *value);
        }
        for (group, value) in study.groups.iter().zip(&found.groups) {
            if let Some(value) = value {
                groups.push(&[&year, code, &group.name], *value);
            }
        }
    }
    let reference = study.reference.word();
    results
        .file(
            "sectors.csv",
            "how concentrated each sector is over regions: Herfindahl, locational Gini, Theil, raw concentration of Ellison \
             and Glaeser, and their gamma where the plants' Herfindahl index is known",
            by_sector,
        )
        .file(
            "regions.csv",
            "how specialised each region is: Krugman's index against the nation and against all other regions",
            by_region,
        )
        .file("quotients.csv", "location quotients", quotients);
    if !pairs.is_empty() {
        results.file(
            "pairs.csv",
            format!("co-agglomeration of each pair of sectors (from, to), against {reference} shares of regions"),
            pairs,
        );
    }
    if !study.groups.is_empty() {
        results.file(
            "groups.csv",
            format!(
                "co-agglomeration of each group of sectors, against {reference} shares of regions"
            ),
            groups,
        );
    }
}

fn densities(study: &DensityStudy) -> Tidy {
    use Column::{Part, Quantity, Region, Statistic, Unit, Year};
    let mut tidy = Tidy::new(&[Year, Quantity, Unit, Region, Part, Statistic]);
    for series in &study.series {
        let per = format!("{}/{}", series.unit, study.area_unit);
        for one in &series.years {
            let year = year_text(one.year);
            for r in 0..study.regions.len() {
                let mut push = |unit: &str, statistic, value| {
                    let region = study.regions.code(r);
                    tidy.push(&[&year, &series.code, unit, region, series.part, statistic], value);
                };
                push(&series.unit, "quantity", one.quantities[r]);
                push(&per, "density", one.densities[r]);
                if one.densities[r] > 0.0 {
                    push(&format!("ln({per})"), "log_density", one.densities[r].ln());
                }
            }
        }
    }
    tidy
}

fn productivity(study: &ProductivityStudy, found: &Productivity) -> Tidy {
    use Column::{Region, Statistic, Year};
    let mut tidy = Tidy::new(&[Year, Region, Statistic]);
    tidy.push(&["", "", "alpha"], found.alpha);
    if let Some(estimate) = &found.estimate {
        tidy.push(&["", "", "alpha_standard_error"], estimate.error);
        tidy.push(&["", "", "observations"], estimate.observations as f64);
    }
    for ((one, year), value) in study.panel.iter().zip(&study.years).zip(&found.log_tfp) {
        tidy.push(&[&year.to_string(), study.units.code(one.unit), "log_tfp"], *value);
    }
    tidy
}

fn localisation(study: &PlantStudy, plan: &Distances, found: &[Option<Localisation>]) -> Tidy {
    use Column::{Part, Sector, Statistic, Unit};
    let mut tidy = Tidy::new(&[Unit, Sector, Part, Statistic]);
    let (distance, density) = (&study.unit, format!("1/{}", study.unit));
    for (one, found) in study.industries.iter().zip(found) {
        let name = &one.name;
        tidy.push(&["plants", name, "", "plants"], one.industry.plants.len() as f64);
        let Some(found) = found else { continue };
        tidy.push(&[distance, name, "", "bandwidth"], found.curve.bandwidth);
        let local = found.local();
        for (side, statistic) in ["points_localised", "points_dispersed"].into_iter().enumerate() {
            let count = local.iter().filter(|pair| pair[side] > 0.0).count();
            tidy.push(&["points", name, "local", statistic], count as f64);
        }
        for rule in GlobalRule::ALL {
            let indices = found.global(rule);
            for (index, statistic) in indices.into_iter().zip(["gamma", "psi"]) {
                tidy.push(&[&density, name, rule.word(), statistic], index);
                let area = format!("{statistic}_area");
                tidy.push(&["1", name, rule.word(), &area], index * plan.points.step);
            }
        }
    }
    tidy
}

fn curves(study: &PlantStudy, plan: &Distances, found: &[Option<Localisation>]) -> Tidy {
    use Column::{Part, Point, Quantity, Sector, Statistic, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, Sector, Point, Part, Statistic]);
    let (distance, density) = (&study.unit, format!("1/{}", study.unit));
    for (one, found) in study.industries.iter().zip(found) {
        let Some(found) = found else { continue };
        for (at, value) in found.curve.values.iter().enumerate() {
            let (point, name) = ((at + 1).to_string(), &one.name);
            tidy.push(&["distance", distance, name, &point, "", ""], plan.points.at(at));
            tidy.push(&["density", &density, name, &point, "", ""], *value);
            let bands = [
                ("local", &found.bands.local),
                (GlobalRule::Levels.word(), found.bands.global(GlobalRule::Levels)),
                (GlobalRule::Drops.word(), found.bands.global(GlobalRule::Drops)),
            ];
            for (part, band) in bands {
                for (statistic, side) in [("lower", &band.lower), ("upper", &band.upper)] {
                    tidy.push(&["band", &density, name, &point, part, statistic], side[at]);
                }
            }
        }
    }
    tidy
}

/// Gini and γ of the last year, by sector.
fn most_agglomerated(study: &ActivityStudy, measures: &[(Option<i32>, Measures)]) -> Value {
    let Some((year, found)) = measures.last() else { return Value::Null };
    let sectors = found.sectors.iter().enumerate().map(|(i, one)| {
        let value = json!({ "gini": one.gini, "gamma": one.gamma });
        (study.sectors.code(i).to_owned(), value)
    });
    json!({ "year": year, "by_sector": sectors.collect::<Map<_, _>>() })
}

fn verdicts(study: &PlantStudy, plan: &Distances, found: &[Option<Localisation>]) -> Value {
    let one =
        |(one, found): (&crate::concentration::study::PlantIndustry, &Option<Localisation>)| {
            let found = found.as_ref()?;
            let [gamma, psi] = found.global(study.rule);
            let value = json!({
                "plants": one.industry.plants.len(),
                "gamma": gamma,
                "psi": psi,
                "verdict": verdict(gamma, psi),
            });
            Some((one.name.clone(), value))
        };
    let all: Map<String, Value> = study.industries.iter().zip(found).filter_map(one).collect();
    json!({ "median_distance": plan.median, "unit": study.unit, "by_industry": all })
}

/// What two global indices say.
pub(in crate::report) fn verdict(gamma: f64, psi: f64) -> &'static str {
    match (gamma > 0.0, psi > 0.0) {
        (true, _) => "localised",
        (false, true) => "dispersed",
        _ => "as all plants",
    }
}
