//! Distances over the earth.

use std::ops::RangeInclusive;

/// Mean radius of the earth in km (IUGG: `(2a + b)/3` of the reference ellipsoid of 1980).
pub const RADIUS: f64 = 6371.0088;

/// Longitudes and latitudes in degrees that a place may have: longitudes are counted from −180 or from 0 on.
pub const DEGREES: [RangeInclusive<f64>; 2] = [-180.0..=360.0, -90.0..=90.0];

/// Distance over the earth between two places, longitude and latitude in degrees, in km, by the haversine formula:
/// the same bits in both directions.
///
/// ```text
/// d = 2 R asin √( sin²(Δφ/2) + cos φ_a cos φ_b sin²(Δλ/2) )
/// ```
///
/// # Examples
/// ```
/// // Beijing to Shanghai.
/// let km = irio::earth::great_circle([116.41, 39.90], [121.47, 31.23]);
/// assert!((km - 1068.0).abs() < 3.0);
/// ```
pub fn great_circle([lon_a, lat_a]: [f64; 2], [lon_b, lat_b]: [f64; 2]) -> f64 {
    let half = |a: f64, b: f64| ((b - a).to_radians() / 2.0).sin().powi(2);
    let cosines = lat_a.to_radians().cos() * lat_b.to_radians().cos();
    let h = half(lat_a, lat_b) + cosines * half(lon_a, lon_b);
    2.0 * RADIUS * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_of_a_meridian_is_111_km_and_both_ways_are_as_long() {
        let degree = std::f64::consts::TAU * RADIUS / 360.0;
        assert!((great_circle([7.0, 10.0], [7.0, 11.0]) / degree - 1.0).abs() < 1e-12);
        assert!((great_circle([350.0, 0.0], [-9.0, 0.0]) / degree - 1.0).abs() < 1e-12);
        assert!((great_circle([0.0, -90.0], [55.0, 90.0]) / (180.0 * degree) - 1.0).abs() < 1e-12);
        for (a, b) in [([116.4, 39.9], [121.5, 31.2]), ([-70.0, -33.0], [87.6, 43.8])] {
            assert_eq!(great_circle(a, b).to_bits(), great_circle(b, a).to_bits());
        }
    }
}
