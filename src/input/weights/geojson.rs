//! Polygons from GeoJSON: a `FeatureCollection` of `Polygon`s and `MultiPolygon`s, labelled by one of their properties.
//!
//! Source: RFC 7946.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::ops::Range;

use geo::line_intersection::{LineIntersection, line_intersection};
use geo::{Coord, CoordsIter, Line, LineString, MultiPolygon, Polygon};
use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::pairs::MOST;
use crate::fault::{Fault, Faults, Location};
use crate::input::TextFile;
use crate::labels::suggestion;
use crate::weights::Weights;
use crate::weights::contiguity::{Contiguity, contiguity};

/// Units with their shapes, in the order of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygons {
    /// Labels, by the property asked for.
    pub units: Vec<String>,
    /// The shape of each.
    pub shapes: Vec<MultiPolygon<f64>>,
    at: Location,
}

#[derive(serde::Deserialize)]
struct Collection<'a> {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(borrow)]
    features: Option<Vec<&'a RawValue>>,
}

#[derive(serde::Deserialize)]
struct Feature<'a> {
    #[serde(borrow)]
    properties: Option<BTreeMap<String, &'a RawValue>>,
    #[serde(borrow)]
    geometry: Option<&'a RawValue>,
}

#[derive(serde::Deserialize)]
struct Geometry<'a> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow)]
    coordinates: Option<&'a RawValue>,
}

/// A position: two numbers, and a height that does not matter.
struct Position([f64; 2]);

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Numbers;
        impl<'de> Visitor<'de> for Numbers {
            type Value = Position;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a position of two numbers")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Position, A::Error> {
                let mut next = |place| {
                    let number = list.next_element::<f64>()?;
                    number.ok_or_else(|| serde::de::Error::invalid_length(place, &Numbers))
                };
                let at = [next(0)?, next(1)?];
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Position(at))
            }
        }
        deserializer.deserialize_seq(Numbers)
    }
}

/// A file while it is read.
struct Reader<'a> {
    file: &'a TextFile,
}

impl<'a> Reader<'a> {
    fn at(&self, span: Range<usize>) -> Location {
        Location::span(&self.file.path, &self.file.text, span)
    }

    fn span(&self, raw: &RawValue) -> Range<usize> {
        let start = raw.get().as_ptr() as usize - self.file.text.as_ptr() as usize;
        start..start + raw.get().len()
    }

    /// The first byte of a part of the file.
    fn start(&self, raw: &RawValue) -> Location {
        let start = self.span(raw).start;
        self.at(start..start + 1)
    }

    /// Reads a part of the file, which begins at byte `start`.
    fn parse<T: Deserialize<'a>>(&self, text: &'a str, start: usize) -> Result<T, Fault> {
        serde_json::from_str(text).map_err(|error| {
            let lines = text.split_inclusive('\n');
            let before: usize = lines.take(error.line().saturating_sub(1)).map(str::len).sum();
            let byte = start + before + error.column().saturating_sub(1);
            let message = error.to_string();
            // The place is told in front, in the whole file.
            let message = message.split(" at line ").next().unwrap_or_default().to_owned();
            Fault::new(self.at(byte..byte + 1), format!("no GeoJSON: {message}"))
        })
    }

    fn part<T: Deserialize<'a>>(&self, raw: &'a RawValue) -> Result<T, Fault> {
        self.parse(raw.get(), self.span(raw).start)
    }

    fn label(&self, feature: &Feature<'a>, raw: &RawValue, id: &str) -> Result<String, Fault> {
        let none = BTreeMap::new();
        let properties = feature.properties.as_ref().unwrap_or(&none);
        let Some(value) = properties.get(id) else {
            let fault = Fault::new(self.start(raw), format!("a feature without a property {id:?}"));
            let names = || properties.keys().map(String::as_str);
            return Err(match suggestion(id, names()) {
                Some(near) => fault.help(format!("did you mean {near:?}?")),
                None if properties.is_empty() => fault.help("it has no properties"),
                None => {
                    let names: Vec<&str> = names().take(12).collect();
                    fault.help(format!("its properties are {}", names.join(", ")))
                }
            });
        };
        let text = value.get();
        let label = match text.as_bytes().first() {
            Some(b'"') => self.part::<String>(value)?.trim().to_owned(),
            Some(b'-' | b'0'..=b'9') => text.to_owned(),
            _ => String::new(),
        };
        if label.is_empty() {
            let text = format!("the property {id:?} is no name and no number");
            return Err(Fault::new(self.at(self.span(value)), text));
        }
        Ok(label)
    }

    fn shape(&self, feature: &Feature<'a>, raw: &RawValue) -> Result<MultiPolygon<f64>, Fault> {
        let help = "only Polygon and MultiPolygon have borders";
        let Some(geometry) = feature.geometry else {
            return Err(Fault::new(self.start(raw), "a feature without a geometry").help(help));
        };
        let read: Geometry<'a> = self.part(geometry)?;
        let kind = match read.kind.as_str() {
            "Polygon" => false,
            "MultiPolygon" => true,
            other => {
                let fault =
                    Fault::new(self.start(geometry), format!("the geometry is a {other:?}"));
                return Err(fault.help(help));
            }
        };
        let Some(coordinates) = read.coordinates else {
            return Err(Fault::new(self.start(geometry), "a geometry without coordinates"));
        };
        let polygons: Vec<Vec<Vec<Position>>> = match kind {
            true => self.part(coordinates)?,
            false => vec![self.part(coordinates)?],
        };
        if polygons.is_empty() {
            return Err(Fault::new(self.start(coordinates), "a shape without a polygon"));
        }
        let mut shape = Vec::with_capacity(polygons.len());
        for (place, rings) in polygons.into_iter().enumerate() {
            let mut whole = Vec::with_capacity(rings.len());
            for (ring, points) in rings.into_iter().enumerate() {
                let closed = points.len() >= 4
                    && points.first().map(|point| point.0) == points.last().map(|point| point.0);
                if !closed {
                    let text = format!(
                        "ring {} of polygon {} is not closed: {} positions, first and last the same, expected at least 4",
                        ring + 1,
                        place + 1,
                        points.len()
                    );
                    return Err(Fault::new(self.start(coordinates), text));
                }
                let coords = points.into_iter().map(|point| Coord::from(point.0));
                whole.push(LineString::new(coords.collect()));
            }
            if whole.is_empty() {
                let text = format!("polygon {} has no ring", place + 1);
                return Err(Fault::new(self.start(coordinates), text));
            }
            let outer = whole.remove(0);
            shape.push(Polygon::new(outer, whole));
        }
        Ok(MultiPolygon::new(shape))
    }
}

/// The vertices of a shape in an order of their own, so that it does not matter where a ring begins.
fn outline(shape: &MultiPolygon<f64>) -> Vec<[u64; 2]> {
    let bits = |at: Coord<f64>| [(at.x + 0.0).to_bits(), (at.y + 0.0).to_bits()];
    let mut found: Vec<_> = shape.coords_iter().map(bits).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// A point in which a ring crosses itself; rings that only touch themselves are fine.
fn crossing(shape: &MultiPolygon<f64>) -> Option<Coord<f64>> {
    let rings = shape.iter().flat_map(|one| std::iter::once(one.exterior()).chain(one.interiors()));
    rings.into_iter().find_map(ring_crossing)
}

/// How often an edge of a ring is held against another, on average, before the search is given up: many times what
/// coasts need, and still no more work than reading the ring.
const COMPARED: usize = 200;

/// Edges are held against those that begin within their own stretch of the axis along which they are short.
fn ring_crossing(ring: &LineString<f64>) -> Option<Coord<f64>> {
    let long = |extent: fn(&Line<f64>) -> f64| ring.lines().map(|line| extent(&line).abs()).sum();
    let (wide, high): (f64, f64) = (long(Line::dx), long(Line::dy));
    let ends = |line: &Line<f64>, along: bool| {
        let on = |at: Coord<f64>| if along == (wide <= high) { at.x } else { at.y };
        let [a, b] = [on(line.start), on(line.end)];
        [a.min(b), a.max(b)]
    };
    let mut lines: Vec<Line<f64>> = ring.lines().collect();
    lines.sort_unstable_by(|a, b| ends(a, true)[0].total_cmp(&ends(b, true)[0]));
    let mut left = COMPARED * lines.len();
    for (place, line) in lines.iter().enumerate() {
        let ([_, last], [low, high]) = (ends(line, true), ends(line, false));
        for other in lines[place + 1..].iter().take_while(|other| ends(other, true)[0] <= last) {
            left = left.checked_sub(1)?;
            let [from, to] = ends(other, false);
            if from <= high
                && to >= low
                && let Some(LineIntersection::SinglePoint { intersection, is_proper: true }) =
                    line_intersection(*line, *other)
            {
                return Some(intersection);
            }
        }
    }
    None
}

/// Reads polygons, labelled by the property `id`.
///
/// # Errors
/// What is no JSON or no GeoJSON, features without the property or with a label that another has, geometries that are no
/// polygons, rings that are not closed or cross themselves, units with one shape: each at its place.
pub fn read(file: &TextFile, id: &str) -> Result<Polygons, Faults> {
    let reader = Reader { file };
    let collection: Collection<'_> = reader.parse(&file.text, 0)?;
    if collection.kind.as_deref() == Some("Topology") {
        let fault = Fault::new(Location::whole(&file.path), "is TopoJSON, not GeoJSON");
        let help = "convert it, for example: npx mapshaper MAP.json -o format=geojson out.geojson";
        return Err(fault.help(help).into());
    }
    let known = collection.kind.as_deref().is_none_or(|kind| kind == "FeatureCollection");
    let features = collection.features.filter(|features| known && !features.is_empty());
    let Some(features) = features else {
        let found = collection.kind.unwrap_or_else(|| "nothing named".to_owned());
        let fault = Fault::new(
            Location::whole(&file.path),
            format!("no features: a FeatureCollection with polygons expected, found {found}"),
        );
        return Err(fault.into());
    };
    let mut faults = Faults::default();
    let (mut units, mut shapes) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    let mut drawn = HashMap::new();
    for raw in features {
        if faults.iter().count() >= MOST {
            return Err(faults);
        }
        let Some(feature) = faults.keep(reader.part::<Feature<'_>>(raw)) else { continue };
        let label = faults.keep(reader.label(&feature, raw, id));
        let shape = faults.keep(reader.shape(&feature, raw));
        let (Some(label), Some(shape)) = (label, shape) else { continue };
        if !seen.insert(label.clone()) {
            let text = format!("{label} stands twice");
            let fault = Fault::new(reader.start(raw), text);
            faults.push(fault.help("one feature a unit: join its parts to a MultiPolygon"));
        }
        if let Some(ring) = crossing(&shape) {
            let text = format!("a ring of {label} crosses itself near {}, {}", ring.x, ring.y);
            let fault = Fault::new(reader.start(raw), text);
            faults.push(fault.help("repair it in a program for maps (\"fix geometries\")"));
        }
        if let Some(other) =
            drawn.insert(outline(&shape), label.clone()).filter(|other| *other != label)
        {
            let text = format!("{label} and {other} have the same polygon");
            let fault = Fault::new(reader.start(raw), text);
            faults.push(fault.help("one of them has the shape of the other: mend it"));
        }
        units.push(label);
        shapes.push(shape);
    }
    faults.into_result(Polygons { units, shapes, at: Location::whole(&file.path) })
}

impl Polygons {
    /// Neighbours by queen or rook, with weight 1.
    ///
    /// # Errors
    /// Shapes that lie on one another.
    pub fn contiguity(&self, rule: Contiguity, tolerance: f64) -> Result<Weights, Faults> {
        contiguity(self.units.clone(), &self.shapes, rule, tolerance).map_err(|errors| {
            let mut faults = Faults::default();
            for error in errors {
                faults.push(Fault::new(self.at.clone(), error.to_string()));
            }
            faults
        })
    }
}
