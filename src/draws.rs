//! Random numbers by counter: draw *i* of a parameter is a pure function of seed, draw and parameter.
//!
//! It does not depend on who computes it, in which order, or how many other parameters there are, so a
//! sweep can be split in any way and scenarios that share a seed share their draws.
//! Source: Salmon, Moraes, Dror & Shaw (2011), *Parallel random numbers: as easy as 1, 2, 3* (Philox4x32-10).

/// One block of Philox4x32-10.
fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    const M: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
    const W: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
    for round in 0..10 {
        if round > 0 {
            key = [key[0].wrapping_add(W[0]), key[1].wrapping_add(W[1])];
        }
        let [a, b] =
            [u64::from(M[0]) * u64::from(counter[0]), u64::from(M[1]) * u64::from(counter[2])];
        counter = [
            (b >> 32) as u32 ^ counter[1] ^ key[0],
            b as u32,
            (a >> 32) as u32 ^ counter[3] ^ key[1],
            a as u32,
        ];
    }
    counter
}

/// The number of a parameter's name, the same in every run and version (FNV-1a).
pub fn parameter(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The random numbers of one parameter in one draw.
///
/// # Examples
/// ```
/// use irio::draws::{Stream, parameter};
/// let of = |draw| Stream::new(7, draw, parameter("technology")).uniform(0);
/// assert_eq!(of(3), of(3));
/// assert_ne!(of(3), of(4));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Stream {
    seed: u64,
    draw: u32,
    parameter: u64,
}

impl Stream {
    /// The stream of a draw and parameter under a seed.
    pub fn new(seed: u64, draw: u32, parameter: u64) -> Self {
        Stream { seed, draw, parameter }
    }

    /// The `index`-th number between 0 and 1, neither included.
    pub fn uniform(&self, index: u32) -> f64 {
        let counter = [self.draw, index, self.parameter as u32, (self.parameter >> 32) as u32];
        let [a, b, ..] = philox(counter, [self.seed as u32, (self.seed >> 32) as u32]);
        let bits = (u64::from(a) << 32 | u64::from(b)) >> 11;
        // 53 bits, half a step away from both ends.
        (bits as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// The `index`-th standard normal number.
    pub fn normal(&self, index: u32) -> f64 {
        normal_quantile(self.uniform(index))
    }

    /// A gamma number of a shape and scale 1; 0 for shape 0. Takes numbers from `index` on, at most
    /// 64 of them. Source: Marsaglia & Tsang (2000).
    pub fn gamma(&self, shape: f64, index: u32) -> f64 {
        if shape <= 0.0 {
            return 0.0;
        }
        if shape < 1.0 {
            // G(a) = G(a + 1) U^(1/a)
            return self.gamma(shape + 1.0, index + 1) * self.uniform(index).powf(1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        for attempt in 0..31 {
            let (z, u) = (self.normal(index + 2 * attempt), self.uniform(index + 2 * attempt + 1));
            let v = (1.0 + c * z).powi(3);
            if v > 0.0 && u.ln() < 0.5 * z * z + d - d * v + d * v.ln() {
                return d * v;
            }
        }
        // Less than once in 10^40: the mode stands in.
        d
    }

    /// Shares that sum to 1 around the given ones: `Dirichlet(κ t)`. A share of 0 stays 0; variance
    /// `t (1 − t) / (κ + 1)`.
    pub fn dirichlet(&self, shares: &[f64], concentration: f64) -> Vec<f64> {
        let mut parts: Vec<f64> = shares
            .iter()
            .enumerate()
            .map(|(at, share)| self.gamma(concentration * share, 64 * at as u32))
            .collect();
        let sum: f64 = parts.iter().sum();
        if sum > 0.0 {
            parts.iter_mut().for_each(|part| *part /= sum);
            parts
        } else {
            shares.to_vec()
        }
    }
}

/// The value that a standard normal number stays below with probability `p`, to 16 digits.
/// Source: Wichura (1988), algorithm AS 241.
pub fn normal_quantile(p: f64) -> f64 {
    let horner = |x: f64, terms: &[f64]| terms.iter().rev().fold(0.0, |sum, term| sum * x + term);
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * horner(r, &CENTRE[0]) / horner(r, &CENTRE[1]);
    }
    let r = (-(if q < 0.0 { p } else { 1.0 - p }).ln()).sqrt();
    let size = if r <= 5.0 {
        horner(r - 1.6, &MIDDLE[0]) / horner(r - 1.6, &MIDDLE[1])
    } else {
        horner(r - 5.0, &TAIL[0]) / horner(r - 5.0, &TAIL[1])
    };
    if q < 0.0 { -size } else { size }
}

const CENTRE: [[f64; 8]; 2] = [
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
];
const MIDDLE: [[f64; 8]; 2] = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];
const TAIL: [[f64; 8]; 2] = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];

/// The value below which a share of sorted numbers lies, linear between neighbours (type 7).
///
/// # Panics
/// If there are no numbers.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let low = at.floor() as usize;
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + (at - low as f64) * (sorted[high] - sorted[low])
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    /// Known answers of the Random123 distribution.
    #[test]
    fn philox_meets_its_known_answers() {
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(
            philox([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox(
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0]
            ),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn quantiles_of_the_normal_are_those_of_tables() {
        for (p, z) in [
            (0.95, 1.644_853_626_951_472_7),
            (0.975, 1.959_963_984_540_054),
            (0.005, -2.575_829_303_548_900_4),
            (0.5, 0.0),
            (1e-10, -6.361_340_902_404_056),
            (1e-12, -7.034_483_825_301_131),
        ] {
            assert_relative_eq!(normal_quantile(p), z, epsilon = 1e-12, max_relative = 1e-13);
        }
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let count = 20_000;
        let of = |draw| Stream::new(1, draw, parameter("test"));
        let mean = |make: &dyn Fn(Stream) -> f64| -> [f64; 2] {
            let values: Vec<f64> = (0..count).map(|draw| make(of(draw))).collect();
            let mean = values.iter().sum::<f64>() / f64::from(count);
            let square = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / f64::from(count);
            [mean, square]
        };
        let [m, v] = mean(&|stream| stream.normal(3));
        assert!(m.abs() < 0.03 && (v - 1.0).abs() < 0.04, "{m} {v}");
        for shape in [0.3, 1.0, 7.5] {
            let [m, v] = mean(&|stream| stream.gamma(shape, 0));
            assert!((m / shape - 1.0).abs() < 0.05 && (v / shape - 1.0).abs() < 0.12, "{m} {v}");
        }
        let [m, v] = mean(&|stream| stream.dirichlet(&[0.2, 0.0, 0.8], 49.0)[0]);
        assert!((m - 0.2).abs() < 0.003 && (v - 0.16 / 50.0).abs() < 2e-4, "{m} {v}");
        assert_eq!(of(0).dirichlet(&[0.2, 0.0, 0.8], 49.0)[1], 0.0);
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), 3.0);
        assert_eq!(quantile(&[5.0], 0.05), 5.0);
    }
}
