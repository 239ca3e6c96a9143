//! Outlines of regions from a GeoJSON file.

use std::path::Path;

use serde_json::Value;

use super::TextFile;
use crate::brief::geometry::{Geometry, Outline, Ring};
use crate::fault::{Fault, Faults, Location};

/// Reads a GeoJSON file: features with polygons in degrees, each found by any text or whole number of its properties.
///
/// # Errors
/// If it is not JSON, has no features, a feature has no polygon or nothing to be found by, or a point is no place on
/// earth (a projected file); each with the number of its feature.
pub fn read(path: &Path) -> Result<Geometry, Faults> {
    let text = TextFile::read(path)?.text;
    let value: Value = serde_json::from_str(&text).map_err(|error| {
        let at = Location::field(path, error.line() as u64, 0);
        Fault::new(at, format!("is not JSON: {error}")).help("save the map as GeoJSON")
    })?;
    let Some(features) = value["features"].as_array().filter(|features| !features.is_empty())
    else {
        let fault = Fault::new(Location::whole(path), "has no features");
        return Err(fault.help("save the map as a GeoJSON FeatureCollection").into());
    };
    let mut faults = Faults::default();
    let mut outlines = Vec::new();
    for (at, feature) in features.iter().enumerate() {
        let told = |(text, help): (String, &str)| {
            let text = format!("feature {}: {text}", at + 1);
            Fault::new(Location::whole(path), text).help(help)
        };
        outlines.extend(faults.keep(outline(feature).map_err(told)));
    }
    faults.into_result(Geometry::new(outlines))
}

/// What is wrong, and what to do.
type Wrong = (String, &'static str);

fn outline(feature: &Value) -> Result<Outline, Wrong> {
    let names: Vec<String> = (feature["properties"].as_object().into_iter())
        .flat_map(|properties| properties.values())
        .chain([&feature["id"]])
        .filter_map(|value| match value {
            Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
            Value::Number(number) => number.as_u64().map(|number| number.to_string()),
            _ => None,
        })
        .collect();
    if names.is_empty() {
        let help = "give it a property with the code or name of its region";
        return Err(("has no name".to_owned(), help));
    }
    let mut rings = Vec::new();
    polygons(&feature["geometry"], &mut rings)?;
    if rings.is_empty() {
        return Err((format!("{} has no polygon", names[0]), "maps are made of polygons"));
    }
    Ok(Outline { names, rings })
}

/// Rings of a geometry, also of those inside a collection of one level.
fn polygons(geometry: &Value, rings: &mut Vec<Ring>) -> Result<(), Wrong> {
    let list = |value: &'_ Value| value.as_array().cloned().unwrap_or_default();
    match geometry["type"].as_str() {
        Some("Polygon") => {
            for line in list(&geometry["coordinates"]) {
                rings.push(ring(&line)?);
            }
        }
        Some("MultiPolygon") => {
            for line in list(&geometry["coordinates"]).iter().flat_map(list) {
                rings.push(ring(&line)?);
            }
        }
        Some("GeometryCollection") => {
            for inside in list(&geometry["geometries"]) {
                if inside["type"] != "GeometryCollection" {
                    polygons(&inside, rings)?;
                }
            }
        }
        _ => {}
    }
    Ok(())
}

fn ring(line: &Value) -> Result<Ring, Wrong> {
    let points = line.as_array().map(Vec::as_slice).unwrap_or_default();
    points.iter().map(point).collect()
}

fn point(point: &Value) -> Result<(f64, f64), Wrong> {
    let (longitude, latitude) = (point[0].as_f64(), point[1].as_f64());
    match (longitude, latitude) {
        (Some(x), Some(y)) if x.abs() <= 360.0 && y.abs() <= 90.0 => Ok((x, y)),
        _ => {
            let text = format!("a point is {point}, expected [longitude, latitude] in degrees");
            Err((text, "save the map in degrees (WGS 84 or CGCS2000), not projected"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Result<Geometry, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.geojson");
        std::fs::write(&path, text).unwrap();
        let place = path.display().to_string();
        read(&path).map_err(|faults| faults.to_string().replace(&place, "map.geojson"))
    }

    #[test]
    fn polygons_of_all_kinds_are_found_by_names_and_numbers() {
        let square = "[[[0, 0], [1, 0], [1, 1], [0, 0]]]";
        let text = format!(
            r#"{{"type": "FeatureCollection", "features": [
            {{"properties": {{"name": "北京市", "adcode": 110000, "area": 1.5}},
              "geometry": {{"type": "Polygon", "coordinates": {square}}}}},
            {{"id": "TJ", "properties": null,
              "geometry": {{"type": "MultiPolygon", "coordinates": [{square}, {square}]}}}}]}}"#
        );
        let geometry = told(&text).unwrap();
        let ring = vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)];
        let rings = |name| geometry.rings(&[name]);
        assert_eq!(rings("110000"), vec![ring.clone()]);
        assert_eq!(rings("北京市"), vec![ring.clone()]);
        assert_eq!(rings("tj"), vec![ring; 2]);
    }

    #[test]
    fn what_is_no_map_is_refused_with_all_faults() {
        let all = told(
            r#"{"features": [
            {"properties": {"name": "a"}, "geometry": {"type": "Point", "coordinates": [0, 0]}},
            {"properties": {}, "geometry": null},
            {"properties": {"name": "b"}, "geometry": {"type": "Polygon", "coordinates": [[[500000, 4000000]]]}}]}"#,
        );
        insta::assert_snapshot!(all.unwrap_err(), @r"
        map.geojson: feature 1: a has no polygon
          help: maps are made of polygons
        map.geojson: feature 2: has no name
          help: give it a property with the code or name of its region
        map.geojson: feature 3: a point is [500000,4000000], expected [longitude, latitude] in degrees
          help: save the map in degrees (WGS 84 or CGCS2000), not projected
        3 faults; nothing was computed or written
        ");
        insta::assert_snapshot!(told("{").unwrap_err(), @r"
        map.geojson:1: is not JSON: EOF while parsing an object at line 1 column 1
          help: save the map as GeoJSON
        1 fault; nothing was computed or written
        ");
        insta::assert_snapshot!(told("{}").unwrap_err(), @r"
        map.geojson: has no features
          help: save the map as a GeoJSON FeatureCollection
        1 fault; nothing was computed or written
        ");
    }
}
