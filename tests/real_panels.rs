//! The shipped models on real panels, held against pyfixest 0.60 on the same data. Real data are looked for in
//! `IRIO_TEST_DATA`, else in `../shared/data`; absent, these tests are reported as ignored.

mod common;

use std::path::Path;

use common::{Outcome, on_real_data};
use irio::estimation::{Estimation, estimate};
use irio::input::model::read;
use libtest_mimic::{Arguments, Failed};

fn main() {
    let trials = on_real_data(&[
        ("least_squares_of_provinces_are_those_of_pyfixest", provinces),
        ("density_is_population_at_given_product_and_structure", identity),
        ("what_the_provinces_tell_of_densities", densities),
        ("least_squares_of_cities_are_those_of_pyfixest", cities),
        ("what_the_cities_tell_of_a_channel", channel),
        ("wild_bootstraps_are_those_of_wildboottest", wild),
    ]);
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn estimated(name: &str, data: &Path) -> Result<Vec<Estimation>, Failed> {
    let path = format!("scenarios/models/sources/{name}.toml");
    let panels = data.join("panel");
    let read = read(Path::new(&path), Some(&panels)).map_err(|faults| faults.to_string())?;
    let one = |(at, model)| {
        estimate(&read.panel, &read.weights, model)
            .map_err(|errors| read.locate(at, &errors).to_string().into())
    };
    read.models.iter().enumerate().map(one).collect()
}

fn model<'a>(all: &'a [Estimation], name: &str) -> Result<&'a Estimation, Failed> {
    all.iter().find(|own| own.model.name == name).ok_or_else(|| format!("no model {name}").into())
}

/// Coefficients and errors of models, to 1e-8.
fn compare(all: &[Estimation], known: &[(&str, &str, f64, f64)]) -> Outcome {
    for (name, term, value, error) in known {
        let own = model(all, name)?.coefficient(term).ok_or_else(|| format!("no {name} {term}"))?;
        let gap = (own.value / value - 1.0).abs().max((own.error / error - 1.0).abs());
        if gap > 1e-8 {
            return Err(format!("{name} {term}: {own:?}, known {value} ({error})").into());
        }
    }
    Ok(())
}

fn provinces(data: &Path) -> Outcome {
    compare(
        &estimated("china-provinces", data)?,
        &[
            ("density", "lnOA", 0.3731147936805543, 0.2860115028851386),
            ("density", "lnGDP", -0.1720493459226461, 0.2542210433573414),
            ("density", "lnIS", -0.03208754472583914, 0.3541545071275216),
            ("population", "lnPop", 0.3731147936805527, 0.28601150288513943),
            ("population", "lnGDP", 0.20106544775790808, 0.08058772663067534),
            ("population", "lnIS", 0.34102724895471476, 0.12864686125279481),
            ("water", "lnOA", 0.3247929195472632, 0.4847485984813503),
            ("water", "lnAGG2", -0.02001803893973705, 0.017629157329424425),
            ("so2", "lnOA", -1.4681253165192871, 0.8815496334738192),
            ("so2", "lnAGG2", -0.07604382159269377, 0.01473207822860247),
            ("solid", "lnOA", -0.1762039052435971, 0.8130239188119047),
            ("solid", "lnAGG2", -0.04558380868095991, 0.02070542913151867),
            ("location", "lnGDP", 0.8308688315358995, 0.0729712443648053),
            ("location", "lnGDP2", 0.06076948170520688, 0.013734560266847783),
        ],
    )
}

/// METHODS D2: with product per head and the share of industry among the regressors, the density of output has the
/// coefficient and the error of that of people, digit by digit.
fn identity(data: &Path) -> Outcome {
    let all = estimated("china-provinces", data)?;
    let output = model(&all, "density")?.coefficient("lnOA").ok_or("no lnOA")?;
    let people = model(&all, "population")?.coefficient("lnPop").ok_or("no lnPop")?;
    for (a, b) in [(output.value, people.value), (output.error, people.error)] {
        if (a / b - 1.0).abs() > 1e-10 {
            return Err(format!("{a} and {b}").into());
        }
    }
    Ok(())
}

/// What docs/real_panels.md says of the spatial models and of inverted U's.
fn densities(data: &Path) -> Outcome {
    let all = estimated("china-provinces", data)?;
    let of = |name: &str, term: &str| -> Result<(f64, f64), Failed> {
        let own = model(&all, name)?.coefficient(term).ok_or_else(|| format!("no {term}"))?;
        Ok((own.value, own.error))
    };
    for (name, term, value, error) in [
        ("OA", "lnOA", 0.325, 0.114),
        ("OA", "lag(lnOA, 1)", 0.020, 0.136),
        ("OA", "lag(lnOA, 2)", 0.075, 0.089),
        ("OA", "rho", 0.255, 0.058),
        ("OA-east", "lnOA", -0.043, 0.140),
        ("OA-west", "lnOA", 2.160, 0.201),
        ("TA", "lnTA", 0.041, 0.022),
    ] {
        let own = of(name, term)?;
        if (own.0 - value).abs() > 6e-4 || (own.1 - error).abs() > 6e-4 {
            return Err(format!("{name} {term}: {own:?}, told {value} ({error})").into());
        }
    }
    for name in ["water", "so2", "solid", "location"] {
        let turning = model(&all, name)?.turning.as_ref().ok_or("no turning point")?;
        if turning.p_value() < 0.05 {
            return Err(format!("{name} turns: {turning:?}").into());
        }
    }
    Ok(())
}

fn cities(data: &Path) -> Outcome {
    compare(
        &estimated("china-cities", data)?,
        &[
            ("total", "er", 0.41264852513090305, 0.43050140534344755),
            ("total", "lngdp", -0.8038100732180613, 0.18041740270145004),
            ("total", "lnfdi", 0.012722946948745926, 0.011501027278557624),
            ("kuznets", "lngdp", -2.7374119343841157, 0.5135468479339921),
            ("kuznets", "lngdp2", 0.09384719511026515, 0.025171096305356123),
        ],
    )
}

/// The channel is the product of two regressions, and the total effect what goes through and past it.
fn channel(data: &Path) -> Outcome {
    let all = estimated("china-cities", data)?;
    let own = model(&all, "channel")?;
    let number = |name: &str| own.statistic(name).ok_or_else(|| Failed::from(format!("no {name}")));
    let (total, direct, indirect) = (number("total")?, number("direct")?, number("indirect")?);
    let known = model(&all, "total")?.coefficient("er").ok_or("no er")?.value;
    if (total - direct - indirect).abs() > 1e-9 || (total / known - 1.0).abs() > 1e-9 {
        return Err(format!("{total} is not {direct} + {indirect}, or not {known}").into());
    }
    let sobel = own.test("sobel").ok_or("no Sobel test")?.p;
    if !(0.05..0.10).contains(&sobel) {
        return Err(format!("p of Sobel's test is {sobel}").into());
    }
    Ok(())
}

const WILD: &str = "irio_model = 1
name = 'w'
[panel]
file = 'produc/Produc.csv'
id = 'state'
time = 'year'
[defaults]
dependent = 'log(gsp)'
regressors = ['log(pcap)', 'log(pc)', 'log(emp)', 'unemp']
covariance = 'cluster'
tests = ['wild_bootstrap']
draws = 9999
[[model]]
name = 'pooled, 9 clusters'
estimator = 'pooled'
cluster = 'region'
[[model]]
name = 'states, 48 clusters'
estimator = 'within'
effects = 'individual'
cluster = 'state'
[[model]]
name = 'two-way, 9 clusters'
estimator = 'within'
effects = 'two_way'
cluster = 'region'
";

/// p of wildboottest 0.3 with 9,999 draws (WCR, Webb's points at nine clusters): both err by half a point at most.
fn wild(data: &Path) -> Outcome {
    let file = irio::input::TextFile {
        path: "w.toml".into(),
        text: WILD.to_owned(),
        sha256: String::new(),
    };
    let read = irio::input::model::read_text(&file, Some(&data.join("panel")))
        .map_err(|faults| faults.to_string())?;
    let known = [
        [0.1902, 0.0071, 0.0068, 0.2106],
        [0.6726, 0.0, 0.0, 0.0388],
        [0.6685, 0.0169, 0.0009, 0.4168],
    ];
    for (at, model) in read.models.iter().enumerate() {
        let own = estimate(&read.panel, &read.weights, model)
            .map_err(|errors| read.locate(at, &errors).to_string())?;
        for (name, known) in model.regressors.iter().zip(known[at]) {
            let test = own.test(&format!("wild_bootstrap {name}")).ok_or("no such test")?;
            if (test.p - known).abs() > 0.015 {
                return Err(format!("{} {name}: p {}, known {known}", model.name, test.p).into());
            }
        }
    }
    Ok(())
}
