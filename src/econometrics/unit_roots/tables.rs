//! Means and variances by which tests of unit roots are made standard normal, as their authors print them.

/// Periods of table 2 of Levin, Lin & Chu (2002).
const LEVIN_LIN_PERIODS: [usize; 13] = [25, 30, 35, 40, 45, 50, 60, 70, 80, 90, 100, 250, 500];

/// Mean and standard deviation adjustments of table 2 of Levin, Lin & Chu (2002): no terms, intercept, trend.
#[rustfmt::skip]
const LEVIN_LIN: [[[f64; 13]; 2]; 3] = [
    [[0.004, 0.003, 0.002, 0.002, 0.001, 0.001, 0.001, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000],
     [1.049, 1.035, 1.027, 1.021, 1.017, 1.014, 1.011, 1.008, 1.007, 1.006, 1.005, 1.001, 1.000]],
    [[-0.554, -0.546, -0.541, -0.537, -0.533, -0.531, -0.527, -0.524, -0.521, -0.520, -0.518, -0.509, -0.500],
     [0.919, 0.889, 0.867, 0.850, 0.837, 0.826, 0.810, 0.798, 0.789, 0.782, 0.776, 0.742, 0.707]],
    [[-0.703, -0.674, -0.653, -0.637, -0.624, -0.614, -0.598, -0.587, -0.578, -0.571, -0.566, -0.533, -0.500],
     [1.003, 0.949, 0.906, 0.871, 0.842, 0.818, 0.780, 0.751, 0.728, 0.710, 0.695, 0.603, 0.500]],
];

/// Periods of table 3 of Im, Pesaran & Shin (2003).
const IPS_PERIODS: [usize; 10] = [10, 15, 20, 25, 30, 40, 50, 60, 70, 100];

/// Means and variances of τ in table 3 of Im, Pesaran & Shin (2003), by lags 0 to 8: intercept, trend.
#[rustfmt::skip]
const IPS: [[[[f64; 10]; 9]; 2]; 2] = [
    [[
        [-1.504, -1.514, -1.522, -1.520, -1.526, -1.523, -1.527, -1.519, -1.524, -1.532],
        [-1.488, -1.503, -1.516, -1.514, -1.519, -1.520, -1.524, -1.519, -1.522, -1.530],
        [-1.319, -1.387, -1.428, -1.443, -1.460, -1.476, -1.493, -1.490, -1.498, -1.514],
        [-1.306, -1.366, -1.413, -1.433, -1.453, -1.471, -1.489, -1.486, -1.495, -1.512],
        [-1.171, -1.260, -1.329, -1.363, -1.394, -1.428, -1.454, -1.458, -1.470, -1.495],
        [f64::NAN, f64::NAN, -1.313, -1.351, -1.384, -1.421, -1.451, -1.454, -1.467, -1.494],
        [f64::NAN, f64::NAN, f64::NAN, -1.289, -1.331, -1.380, -1.418, -1.427, -1.444, -1.476],
        [f64::NAN, f64::NAN, f64::NAN, -1.273, -1.319, -1.371, -1.411, -1.423, -1.441, -1.474],
        [f64::NAN, f64::NAN, f64::NAN, -1.212, -1.266, -1.329, -1.377, -1.393, -1.415, -1.456],
    ],
    [
        [1.069, 0.923, 0.851, 0.809, 0.789, 0.770, 0.760, 0.749, 0.736, 0.735],
        [1.255, 1.011, 0.915, 0.861, 0.831, 0.803, 0.781, 0.770, 0.753, 0.745],
        [1.421, 1.078, 0.969, 0.905, 0.865, 0.830, 0.798, 0.789, 0.766, 0.754],
        [1.759, 1.181, 1.037, 0.952, 0.907, 0.858, 0.819, 0.802, 0.782, 0.761],
        [2.080, 1.279, 1.097, 1.005, 0.946, 0.886, 0.842, 0.819, 0.801, 0.771],
        [f64::NAN, f64::NAN, 1.171, 1.055, 0.980, 0.912, 0.863, 0.839, 0.814, 0.781],
        [f64::NAN, f64::NAN, f64::NAN, 1.114, 1.023, 0.942, 0.886, 0.858, 0.834, 0.795],
        [f64::NAN, f64::NAN, f64::NAN, 1.164, 1.062, 0.968, 0.910, 0.875, 0.851, 0.806],
        [f64::NAN, f64::NAN, f64::NAN, 1.217, 1.105, 0.996, 0.929, 0.896, 0.871, 0.818],
    ]],
    [[
        [-2.166, -2.167, -2.168, -2.167, -2.172, -2.173, -2.176, -2.174, -2.174, -2.177],
        [-2.173, -2.169, -2.172, -2.172, -2.173, -2.177, -2.180, -2.178, -2.176, -2.179],
        [-1.914, -1.999, -2.047, -2.074, -2.095, -2.120, -2.137, -2.143, -2.146, -2.158],
        [-1.922, -1.977, -2.032, -2.065, -2.091, -2.117, -2.137, -2.142, -2.146, -2.158],
        [-1.750, -1.823, -1.911, -1.968, -2.009, -2.057, -2.091, -2.103, -2.114, -2.135],
        [f64::NAN, f64::NAN, -1.888, -1.955, -1.998, -2.051, -2.087, -2.101, -2.111, -2.135],
        [f64::NAN, f64::NAN, f64::NAN, -1.868, -1.923, -1.995, -2.042, -2.065, -2.081, -2.113],
        [f64::NAN, f64::NAN, f64::NAN, -1.851, -1.912, -1.986, -2.036, -2.063, -2.079, -2.112],
        [f64::NAN, f64::NAN, f64::NAN, -1.761, -1.835, -1.925, -1.987, -2.024, -2.046, -2.088],
    ],
    [
        [1.132, 0.869, 0.763, 0.713, 0.690, 0.655, 0.633, 0.621, 0.610, 0.597],
        [1.453, 0.975, 0.845, 0.769, 0.734, 0.687, 0.654, 0.641, 0.627, 0.605],
        [1.627, 1.036, 0.882, 0.796, 0.756, 0.702, 0.661, 0.653, 0.634, 0.613],
        [2.482, 1.214, 0.983, 0.861, 0.808, 0.735, 0.688, 0.674, 0.650, 0.625],
        [3.947, 1.332, 1.052, 0.913, 0.845, 0.759, 0.705, 0.685, 0.662, 0.629],
        [f64::NAN, f64::NAN, 1.165, 0.991, 0.899, 0.792, 0.730, 0.705, 0.673, 0.638],
        [f64::NAN, f64::NAN, f64::NAN, 1.055, 0.945, 0.828, 0.753, 0.725, 0.689, 0.650],
        [f64::NAN, f64::NAN, f64::NAN, 1.145, 1.009, 0.872, 0.786, 0.747, 0.713, 0.661],
        [f64::NAN, f64::NAN, f64::NAN, 1.208, 1.063, 0.902, 0.808, 0.766, 0.728, 0.670],
    ]],
];

/// Where a number of periods is in a table: places on both sides, the weight of the second, and what is odd about it.
fn place(periods: &[usize], t: usize) -> (usize, usize, f64, Option<&'static str>) {
    let last = periods.len() - 1;
    match periods.iter().position(|own| *own >= t) {
        None => (last, last, 0.0, Some("more than the last line of the table")),
        Some(0) if t < periods[0] => (0, 0, 0.0, Some("fewer than the first line of the table")),
        Some(at) if periods[at] == t => (at, at, 0.0, None),
        Some(at) => {
            let (low, high) = (periods[at - 1] as f64, periods[at] as f64);
            (at - 1, at, (t as f64 - low) / (high - low), None)
        }
    }
}

fn between(values: &[f64], (low, high, weight): (usize, usize, f64)) -> f64 {
    values[low] + weight * (values[high] - values[low])
}

/// Mean and standard deviation of Levin, Lin & Chu by periods and number of terms, and what is odd about the periods.
pub fn levin_lin(periods: usize, terms: usize) -> (f64, f64, Option<&'static str>) {
    let (low, high, weight, outside) = place(&LEVIN_LIN_PERIODS, periods);
    let at = (low, high, weight);
    (between(&LEVIN_LIN[terms][0], at), between(&LEVIN_LIN[terms][1], at), outside)
}

/// Mean and variance of τ.
pub struct Moments {
    /// Mean.
    pub mean: f64,
    /// Variance.
    pub variance: f64,
    /// What is odd about the periods.
    pub outside: Option<&'static str>,
}

/// Mean and variance of τ by the periods and lags of its regression; nothing where the table has nothing.
pub fn ips(periods: usize, lags: usize, trend: bool) -> Option<Moments> {
    let (low, high, weight, outside) = place(&IPS_PERIODS, periods);
    let of = |part: usize| -> Option<f64> {
        let own = between(IPS[usize::from(trend)][part].get(lags)?, (low, high, weight));
        own.is_finite().then_some(own)
    };
    Some(Moments { mean: of(0)?, variance: of(1)?, outside })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_lines_values_are_between() {
        assert_eq!(levin_lin(25, 1), (-0.554, 0.919, None));
        let (mean, deviation, outside) = levin_lin(28, 1);
        assert!((mean + 0.5492).abs() < 1e-12 && (deviation - 0.901).abs() < 1e-12);
        assert!(outside.is_none());
        assert_eq!(levin_lin(20, 2).0, -0.703);
        assert!(levin_lin(20, 2).2.unwrap().contains("fewer") && levin_lin(501, 0).2.is_some());
        // Eighteen periods: three fifths of the way from 15 to 20.
        let found = ips(18, 1, false).unwrap();
        assert!((found.mean + 1.5108).abs() < 1e-12 && (found.variance - 0.9534).abs() < 1e-12);
        assert!(ips(18, 6, false).is_none() && ips(25, 9, true).is_none());
        assert_eq!(ips(25, 8, true).unwrap().mean, -1.761);
    }
}
