use approx::assert_relative_eq;
use proptest::prelude::*;

use super::*;
use crate::progress::Silent;

/// METHODS C1, case `duranton_overman`: five points.
fn five() -> Sites {
    Sites::new(Metric::Plane, &[[0.0, 0.0], [3.0, 4.0], [6.0, 8.0], [0.0, 10.0], [20.0, 0.0]])
}

const SIZES: [f64; 5] = [10.0, 20.0, 5.0, 40.0, 25.0];

fn all_of(sites: &Sites, sizes: Option<&[f64]>) -> Industry {
    Industry { plants: (0..sites.len()).collect(), sizes: sizes.map(<[f64]>::to_vec) }
}

/// Places by counter: clusters of a few, and some anywhere.
fn places(n: usize, seed: u64) -> Vec<[f64; 2]> {
    (0..n as u32)
        .map(|at| {
            let stream = Stream::new(seed, at, 1);
            let middle = Stream::new(seed, at % 7, 2);
            let spread = if at.is_multiple_of(3) { 100.0 } else { 8.0 };
            [0, 1].map(|k| 100.0 * middle.uniform(k) + spread * (stream.uniform(k) - 0.5))
        })
        .collect()
}

#[test]
fn five_points_are_those_of_the_worked_example() {
    let sites = five();
    let points = Points { step: 2.5, count: 6 };
    let known = [
        [
            0.0277173868594274,
            0.0359072325231529,
            0.0508465860831263,
            0.0561520155668485,
            0.0485220364474298,
            0.0385728099085268,
        ],
        [
            0.0199232190397303,
            0.0274334384304252,
            0.0417433122124732,
            0.0472994355595798,
            0.0398019690260354,
            0.0304853292738079,
        ],
    ];
    for (sizes, known) in [(None, known[0]), (Some(&SIZES[..]), known[1])] {
        let found = curve(&sites, &all_of(&sites, sizes), &points).unwrap();
        assert_relative_eq!(found.bandwidth, 3.71081869847184, max_relative = 1e-12);
        for (found, known) in found.values.iter().zip(known) {
            assert_relative_eq!(*found, known, max_relative = 1e-9);
        }
    }
    assert_eq!(sites.quantile(0.5), Some(10.0));
}

#[test]
fn bins_are_right_to_a_millionth_of_the_largest() {
    for (n, seed, weighted) in [(400, 1, false), (300, 2, true), (600, 3, false)] {
        for metric in [Metric::Plane, Metric::GreatCircle] {
            let sites = Sites::new(metric, &places(n, seed));
            let sizes: Vec<f64> = (1..=n).map(|k| 1.0 + (k * k % 97) as f64).collect();
            let sizes = weighted.then_some(&sizes[..]);
            let points = Points::up_to(sites.quantile(0.5).unwrap(), 150);
            let found = kernel::curve(&sites, sizes, &points, None).unwrap();
            let known = kernel::exact(&sites, sizes, &points, found.bandwidth);
            let largest = known.iter().copied().fold(0.0, f64::max);
            for (found, known) in found.values.iter().zip(&known) {
                assert!((found - known).abs() <= 5e-7 * largest, "{found} {known} of {largest}");
            }
            assert!(found.values != known, "bins were used");
        }
    }
}

/// Plants far from all others make the reach long beside the bandwidth: bins are cut again, or left alone.
#[test]
fn outliers_do_not_spoil_the_bins() {
    for (far, binned) in [(1e4, true), (1e6, false)] {
        let mut places = places(600, 12);
        places.iter_mut().take(3).for_each(|place| place[1] += far);
        let sites = Sites::new(Metric::Plane, &places);
        let points = Points::up_to(sites.quantile(0.5).unwrap(), 100);
        let found = kernel::curve(&sites, None, &points, None).unwrap();
        assert_relative_eq!(found.bandwidth, silverman(&sites), max_relative = 1e-9);
        let known = kernel::exact(&sites, None, &points, found.bandwidth);
        let largest = known.iter().copied().fold(0.0, f64::max);
        for (found, known) in found.values.iter().zip(&known) {
            assert!((found - known).abs() <= 5e-7 * largest, "{found} {known}");
        }
        assert_eq!(found.values != known, binned);
    }
}

/// All distances sorted, as the definition says.
fn silverman(sites: &Sites) -> f64 {
    let mut all = Vec::new();
    (0..sites.len()).for_each(|site| sites.row(site, |_, block| all.extend(block)));
    all.sort_by(f64::total_cmp);
    let m = all.len() as f64;
    let mean = all.iter().sum::<f64>() / m;
    let sd = (all.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (m - 1.0)).sqrt();
    let iqr = crate::draws::quantile(&all, 0.75) - crate::draws::quantile(&all, 0.25);
    0.9 * sd.min(iqr / 1.34) * m.powf(-0.2)
}

#[test]
fn bandwidths_are_silvermans_whichever_spread_is_smaller() {
    let mut smaller = [0; 2];
    for seed in 0..12 {
        let mut places = places(150, seed);
        if seed.is_multiple_of(2) {
            // A few far away: the quartiles are nearer than the deviation.
            places.iter_mut().step_by(20).for_each(|place| place[0] += 2000.0);
        }
        let sites = Sites::new(Metric::Plane, &places);
        let h = kernel::bandwidth(&sites).unwrap();
        assert_relative_eq!(h, silverman(&sites), max_relative = 1e-10);
        smaller[usize::from(seed.is_multiple_of(2))] += 1;
    }
    assert!(smaller.iter().all(|count| *count > 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The second kernel is what the first loses below zero.
    #[test]
    fn the_density_integrates_to_one(n in 3usize..60, seed in 0u64..1000, weighted: bool) {
        let sites = Sites::new(Metric::Plane, &places(n, seed));
        let sizes: Vec<f64> = (0..n).map(|k| 1.0 + (k * 7 % 5) as f64).collect();
        let industry = all_of(&sites, weighted.then_some(&sizes[..]));
        let h = kernel::bandwidth(&sites).unwrap();
        let points = Points::up_to(sites.reach() + 9.0 * h, 4000);
        let found = curve(&sites, &industry, &points).unwrap();
        let inner: f64 = found.values[1..4000].iter().sum();
        let ends = (found.values[0] + found.values[4000]) / 2.0;
        let integral = (inner + ends) * points.step;
        prop_assert!((integral - 1.0).abs() < 1e-5, "{integral}");
    }
}

fn options(draws: u32) -> Options {
    Options { draws, seed: 5, bandwidth: Bandwidth::Recomputed, level: 0.05 }
}

#[test]
fn plants_in_another_order_give_the_same_bits() {
    let places = places(120, 9);
    let industry = Industry {
        plants: (0..30).map(|k| k * 4).collect(),
        sizes: Some((0..30).map(|k| f64::from(k % 7) + 1.0).collect()),
    };
    let sites = Sites::new(Metric::Plane, &places);
    let points = Points::up_to(sites.quantile(0.5).unwrap(), 40);
    let found = test(&sites, &industry, &points, &options(60), &Silent).unwrap();
    // Site k becomes 119 − k, plants are named from behind.
    let turned: Vec<[f64; 2]> = places.iter().rev().copied().collect();
    let other = Industry {
        plants: industry.plants.iter().rev().map(|at| 119 - at).collect(),
        sizes: industry.sizes.as_ref().map(|sizes| sizes.iter().rev().copied().collect()),
    };
    let turned = Sites::new(Metric::Plane, &turned);
    assert_eq!(test(&turned, &other, &points, &options(60), &Silent).unwrap(), found);
}

#[test]
fn threads_do_not_show() {
    let sites = Sites::new(Metric::GreatCircle, &places(150, 4));
    let industry = Industry { plants: (0..40).collect(), sizes: None };
    let points = Points::up_to(sites.quantile(0.5).unwrap(), 30);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| test(&sites, &industry, &points, &options(50), &Silent).unwrap())
    };
    let first = on(1);
    assert_eq!(on(2), first);
    assert_eq!(on(8), first);
}

#[test]
fn a_cluster_is_localised_and_a_lattice_dispersed() {
    // Sites on a lattice of 30 × 30; an industry in one corner, and one on every fifth place.
    let places: Vec<[f64; 2]> =
        (0..900).map(|at| [f64::from(at % 30), f64::from(at / 30)]).collect();
    let sites = Sites::new(Metric::Plane, &places);
    let points = Points::up_to(sites.quantile(0.5).unwrap(), 60);
    let tested = |chosen: &dyn Fn(usize) -> bool| {
        let plants: Vec<usize> = (0..900).filter(|at| chosen(*at)).collect();
        let industry = Industry { plants, sizes: None };
        test(&sites, &industry, &points, &options(200), &Silent).unwrap()
    };
    for rule in GlobalRule::ALL {
        let corner = tested(&|at| at % 30 < 6 && at / 30 < 6);
        let [gamma, psi] = corner.global(rule);
        assert!(gamma > 0.1 && psi == 0.0, "{gamma} {psi}");
        assert!(corner.local()[2][0] > 0.0);
        let grid = tested(&|at| at % 30 % 5 == 2 && at / 30 % 5 == 2);
        let [gamma, psi] = grid.global(rule);
        assert!(gamma == 0.0 && psi > 0.0, "{gamma} {psi}");
    }
    // Everywhere is nowhere in particular: the draws are the industry itself.
    let all = tested(&|_| true);
    assert_eq!(all.global(GlobalRule::Levels), [0.0, 0.0]);
}

/// Under the null the global test errs as often as it says, on each side.
#[test]
fn random_industries_are_rarely_called_localised() {
    let sites = Sites::new(Metric::Plane, &places(200, 6));
    let points = Points::up_to(sites.quantile(0.5).unwrap(), 25);
    let called = (0..60u32)
        .filter(|at| {
            let mut plants: Vec<usize> = (0..200).collect();
            let stream = Stream::new(99, *at, 3);
            plants.sort_by(|a, b| stream.uniform(*a as u32).total_cmp(&stream.uniform(*b as u32)));
            let industry = Industry { plants: plants[..25].to_vec(), sizes: None };
            let found = test(&sites, &industry, &points, &options(200), &Silent).unwrap();
            found.global(GlobalRule::Levels)[0] > 0.0
        })
        .count();
    // 3 of 60 are expected; 9 or more come once in a thousand times.
    assert!(called < 9, "{called}");
}

#[test]
fn kept_bandwidths_and_single_places() {
    let mut places = places(60, 8);
    places.iter_mut().take(40).for_each(|place| *place = [1.0, 1.0]);
    let sites = Sites::new(Metric::Plane, &places);
    let points = Points { step: 1.0, count: 30 };
    let here = Industry { plants: (0..10).collect(), sizes: None };
    let error = test(&sites, &here, &points, &options(10), &Silent).unwrap_err();
    assert_eq!(error, TestError::Kernel(KernelError::NoSpread(0.0)));
    let few = Industry { plants: vec![0, 50], sizes: None };
    assert_eq!(test(&sites, &few, &points, &options(10), &Silent), Err(TestError::TooFew(2)));
    // Three plants: a draw may fall on one place alone, and takes the industry's bandwidth.
    let three = Industry { plants: vec![41, 50, 55], sizes: None };
    let found = test(&sites, &three, &points, &options(200), &Silent).unwrap();
    assert!(found.without_bandwidth > 20 && found.without_bandwidth < 200);
    let kept = Options { bandwidth: Bandwidth::Kept, ..options(200) };
    let kept = test(&sites, &three, &points, &kept, &Silent).unwrap();
    assert_eq!(kept.without_bandwidth, 0);
    assert!(kept.bands != found.bands);
}
