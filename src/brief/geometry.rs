//! Outlines of regions that the user gives, for maps. None is shipped: which lines a map of China may show is for
//! those who publish it to decide, from geometry they may use.

use crate::labels::comparable;

/// A ring of (longitude, latitude) in degrees.
pub type Ring = Vec<(f64, f64)>;

/// One outline of a file, with every text by which it may be found.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// Names and codes that the file gives it.
    pub names: Vec<String>,
    /// Its rings; a ring inside another is a hole.
    pub rings: Vec<Ring>,
}

/// Outlines of a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Geometry(Vec<Outline>);

impl Geometry {
    /// Outlines whose names are compared as labels of tables are.
    pub fn new(outlines: Vec<Outline>) -> Self {
        let known = |outline: Outline| Outline {
            names: outline.names.iter().map(|name| comparable(name)).collect(),
            ..outline
        };
        Geometry(outlines.into_iter().map(known).collect())
    }

    /// Every ring of the outlines that one of the texts names; none if no outline has such a name.
    pub fn rings(&self, texts: &[&str]) -> Vec<Ring> {
        let wanted: Vec<String> =
            texts.iter().filter(|text| !text.is_empty()).map(|text| comparable(text)).collect();
        (self.0.iter())
            .filter(|outline| outline.names.iter().any(|name| wanted.contains(name)))
            .flat_map(|outline| outline.rings.iter().cloned())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_are_found_by_any_of_their_names() {
        let ring = |at: f64| vec![(at, 0.0), (at + 1.0, 0.0), (at, 1.0)];
        let outline = |names: &[&str], at: f64| Outline {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            rings: vec![ring(at)],
        };
        let geometry = Geometry::new(vec![
            outline(&["Beijing", "110000"], 116.0),
            outline(&["天津 市"], 117.0),
            outline(&["beijing "], 118.0),
        ]);
        assert_eq!(geometry.rings(&["BJ", "Beijing"]), [ring(116.0), ring(118.0)]);
        assert_eq!(geometry.rings(&["110000"]), [ring(116.0)]);
        assert_eq!(geometry.rings(&["天津市"]), [ring(117.0)]);
        assert!(geometry.rings(&["", "Hebei"]).is_empty());
    }
}
