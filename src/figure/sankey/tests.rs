use super::*;
use crate::figure::testing;
use crate::numerals::Language;

/// Transfers between `count` regions: the twelve largest, and a rest.
pub(crate) fn of_regions(count: usize, colours: Colours, language: Language) -> Sankey {
    let value = |k: usize| Cited::new(4000.0 / (1.0 + k as f64), "pairs.csv", k as u64 + 2);
    let flow = |k: usize| Flow {
        from: (k * 5) % count,
        to: (k * 5 + 1 + k % (count - 1)) % count,
        value: Estimate::bare(value(k)),
    };
    Sankey {
        panel: Panel {
            head: language.pick("总产出转移", "Transfer of output").to_owned(),
            measure: Measure::of_figure("10^8 yuan", 4000.0, language),
        },
        regions: testing::names(count, language),
        flows: (0..12.min(count * (count - 1))).map(flow).collect(),
        rest: (count > 4).then(|| Rest {
            count: count * (count - 1) - 12,
            value: Cited::new(3500.0, "rest.csv", 2),
            share: Cited::new(0.22, "rest.csv", 3),
        }),
        colours,
    }
}

fn classes(count: usize, language: Language) -> Colours {
    let names = testing::names(5, language).iter().map(Named::full).collect();
    Colours::Classes { of: (0..count).map(|k| k % 5).collect(), names }
}

#[test]
fn texts_are_inside_and_apart_for_2_to_40_regions() {
    for count in 2..=40 {
        for language in Language::BOTH {
            let colours = [Colours::None, Colours::Highlight(0), classes(count, language)];
            for colours in colours {
                testing::assert_readable(&of_regions(count, colours, language), language);
            }
        }
    }
}

#[test]
fn more_flows_than_twelve_are_told() {
    let mut figure = of_regions(8, Colours::None, Language::English);
    let more = figure.flows[..3].to_vec();
    figure.flows.extend(more);
    let drawing = figure.draw(&Style::of(Language::English), Width::Wide);
    assert_eq!(drawing.dropped.len(), 3);
}

#[test]
fn numbers_of_any_size_stay_readable() {
    for size in [0.0, 1e-9, 1e15, f64::NAN, -3.0] {
        let mut figure = of_regions(5, Colours::None, Language::English);
        figure.flows[1].value = Estimate::bare(Cited::new(size, "pairs.csv", 2));
        figure.flows[2].from = 77;
        if size == 0.0 {
            figure.flows.clear();
            figure.rest = None;
        }
        testing::assert_readable(&figure, Language::English);
        let style = Style::of(Language::English);
        for width in Width::BOTH {
            let svg = figure.draw(&style, width).svg("f", "Arial", &figure.alt(&style));
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
}

#[test]
fn long_heads_have_room() {
    let mut figure = of_regions(8, Colours::None, Language::English);
    figure.panel.head = "Direct transfer of output at constant prices of 2007".to_owned();
    testing::assert_readable(&figure, Language::English);
}

#[test]
fn the_highlighted_region_gives_in_one_colour_and_receives_in_the_other() {
    let figure = of_regions(3, Colours::Highlight(0), Language::English);
    for flow in figure.drawn() {
        let expected = match (flow.from, flow.to) {
            (0, _) => Ink::Out,
            (_, 0) => Ink::In,
            _ => Ink::Baseline,
        };
        assert_eq!(figure.ink(flow), expected);
    }
}

#[test]
fn the_drawing_is_as_it_was() {
    let figure = of_regions(5, Colours::Highlight(1), Language::Chinese);
    let style = Style::of(Language::Chinese);
    let svg = |width| figure.draw(&style, width).svg("f", "sans-serif", &figure.alt(&style));
    insta::assert_snapshot!("wide", svg(Width::Wide));
    insta::assert_snapshot!("narrow", svg(Width::Narrow));
}

#[test]
fn the_largest_flow_alone_has_a_colour() {
    let figure = of_regions(5, Colours::Largest, Language::Chinese);
    let sorted = figure.sorted();
    let inks: Vec<Ink> = sorted.iter().map(|flow| figure.ink(flow)).collect();
    assert_eq!(inks[0], Ink::Category(0));
    assert!(inks.len() > 1 && inks[1..].iter().all(|ink| *ink == Ink::Baseline));
}
