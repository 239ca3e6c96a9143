//! Model files of the references' data sets.

use std::path::Path;

use irio::estimation::{Estimation, TestedVariable, estimate, unit_roots};
use irio::input::TextFile;
use irio::input::model::read_text;
use serde_json::Value;

/// `[panel]`, `[variables]` and `[[weights]]` of a case.
pub fn head(case: &Value) -> Option<String> {
    let spec = &case["spec"];
    let data = case["data"].as_str().or_else(|| spec["data"].as_str())?;
    let panel = match data.split('/').next()? {
        "produc" => "id = 'state'\ntime = 'year'\n",
        "grunfeld" => "id = 'firm'\ntime = 'year'\n",
        "gasoline" => "id = 'country'\ntime = 'year'\n",
        "crime" => "id = 'county'\ntime = 'year'\n",
        "cigarettes_sw" => "id = 'state'\ntime = 'year'\nwhere = 'year == 1995'\n",
        "hansen1999" => "id = 'id'\ntime = 'year'\n",
        "columbus" => "id = 'NEIGNO'\n",
        "china_provinces" => {
            "id = 'province'\ntime = 'year'\nwhere = 'province != \"Tibet\" and year <= 2022'\n\n\
             [[panel.join]]\nfile = 'china_provinces/provinces.csv'\non = 'province'\nkey = 'name'\n\
             columns = ['area_km2_polygon', 'region3']\n"
        }
        _ => return None,
    };
    let variables = match data.split('/').next()? {
        "produc" => "lgsp = 'log(gsp)'\nlpcap = 'log(pcap)'\nlpc = 'log(pc)'\nlemp = 'log(emp)'\n",
        "china_provinces" => {
            "lnco2 = 'log(co2_emissions)'\nlnagg = 'log(sec_val / area_km2_polygon * 1e4)'\nlnagg2 = 'lnagg^2'\n\
             lnpgdp = 'log(gdp / population * 1e4)'\nlndens = 'log(population * 1e4 / area_km2_polygon)'\n\
             mkt = 'market_index'\nind = 'sec_val / gdp'\n"
        }
        _ => "",
    };
    let weights = match spec["W"].as_str() {
        Some(file) => format!(
            "[[weights]]\nname = 'W'\nfile = '{file}'\nkind = 'matrix'\nstandardize = 'row'\n"
        ),
        None => String::new(),
    };
    Some(format!(
        "irio_model = 1\nname = 'case'\n\n[panel]\nfile = '{data}'\n{panel}\n[variables]\n{variables}\n{weights}\n"
    ))
}

/// Estimates every model of a text.
pub fn estimate_all(text: &str, data: &Path) -> Result<Vec<Estimation>, String> {
    let file = TextFile { path: "case.toml".into(), text: text.to_owned(), sha256: String::new() };
    let read = read_text(&file, Some(data)).map_err(|faults| format!("{faults}\n{text}"))?;
    let one = |(at, model)| {
        estimate(&read.panel, &read.weights, model)
            .map_err(|errors| format!("{}\n{text}", read.locate(at, &errors)))
    };
    read.models.iter().enumerate().map(one).collect()
}

/// Tests every variable of a text for unit roots.
pub fn test_all(text: &str, data: &Path) -> Result<Vec<TestedVariable>, String> {
    let file = TextFile { path: "case.toml".into(), text: text.to_owned(), sha256: String::new() };
    let read = read_text(&file, Some(data)).map_err(|faults| format!("{faults}\n{text}"))?;
    let one = |(at, asked)| {
        unit_roots(&read.panel, asked)
            .map_err(|errors| format!("{}\n{text}", read.locate_unit_root(at, &errors)))
    };
    read.unit_roots.iter().enumerate().map(one).collect()
}

/// A list of TOML.
pub fn list(texts: &[String]) -> String {
    format!(
        "[{}]",
        texts.iter().map(|text| format!("'{}'", text.trim())).collect::<Vec<_>>().join(", ")
    )
}

/// Parts of a text at a sign that stands outside brackets.
pub fn split(text: &str, sign: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for c in text.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if c == sign && depth == 0 {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).collect()
}

/// Response and regressors of a formula, or of `y` and `x`.
pub fn equation(spec: &Value) -> Option<(String, Vec<String>)> {
    if let Some(formula) = spec["formula"].as_str() {
        let formula = formula.split(';').next()?.split('|').next()?;
        // The exact cases name the response of China by its column.
        let (y, x) = formula.split_once('~')?;
        return Some((y.trim().to_owned(), split(x.split(", cross").next()?, '+')));
    }
    let x = spec["x"].as_array()?.iter().filter_map(|x| Some(x.as_str()?.to_owned())).collect();
    Some((spec["y"].as_str()?.to_owned(), x))
}
