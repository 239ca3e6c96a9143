//! Briefs through the binary: every number is a line of a file of the results, no caveat is missing, and what is not
//! as irio wrote it makes no brief.

#[path = "common/program.rs"]
mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use irio::recorded::{RecordedNote, SCHEMA_VERSION};
use program::{Place, copy};

/// Results of the shipped scenarios, tables and models, made once for each test that asks: commands, the last of which
/// writes the results, those before it into `first`, `second`.
const RESULTS: [(&str, &[&[&str]]); 12] = [
    ("scenario", &[&["run", "{root}/scenarios/heavy-industry-destination.toml"]]),
    ("drawn", &[&["run", "{root}/scenarios/bth-metals.toml", "--draws", "200"]]),
    ("targets", &[&["run", "{root}/scenarios/targets-2015.toml"]]),
    ("still", &[&["run", "{root}/scenarios/nothing-moves.toml"]]),
    ("transfer", &[&["transfer", "{root}/tables/china-2002", "{root}/tables/china-2007"]]),
    ("estimate", &[&["estimate", "{root}/scenarios/models/densities.toml"]]),
    ("curves", &[&["estimate", "{root}/scenarios/models/pollutants.toml"]]),
    ("footprint", &[&["footprint", "{root}/tables/china-2007"]]),
    ("check", &[&["check", "{root}/tables/bth-2007"]]),
    ("agglomeration", &[&["agglomeration", "{root}/scenarios/agglomeration/china-2007.toml"]]),
    ("game", &[&["locate", "{root}/scenarios/games/steel-tangshan.toml"]]),
    (
        "compared",
        &[
            &["run", "{root}/scenarios/bth-metals.toml", "--draws", "50"],
            &["run", "{root}/scenarios/bth-petroleum.toml", "--draws", "50"],
            &["compare", "first", "second"],
        ],
    ),
];

/// A folder with the results of a name, which are made once and copied.
fn results(name: &str) -> Place {
    static MADE: Mutex<BTreeMap<String, Place>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let from = made.entry(name.to_owned()).or_insert_with(|| run(name)).path("results");
    let program = Place::new();
    copy(&from, &program.path("results"));
    program
}

/// Runs what makes the results of a name.
fn run(name: &str) -> Place {
    let program = Place::new();
    let root = env!("CARGO_MANIFEST_DIR");
    let (_, commands) = RESULTS.iter().find(|(known, _)| *known == name).unwrap();
    for (words, out) in
        commands.iter().zip(["first", "second", "results"].iter().skip(3 - commands.len()))
    {
        let mut arguments: Vec<String> =
            words.iter().map(|word| word.replace("{root}", root)).collect();
        arguments.extend(["--out", out, "--quiet"].map(str::to_owned));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let run = program.irio(&arguments);
        assert_eq!(run.code, 0, "{name}: {}", run.stderr);
    }
    program
}

/// Value and place of a number in a page, and what is printed.
#[derive(Debug)]
struct Printed {
    value: f64,
    file: String,
    line: usize,
    shown: String,
}

/// Every number of a page that says where it stands.
fn numbers(page: &str) -> Vec<Printed> {
    let mut found = Vec::new();
    for element in page.split('<').filter(|element| element.contains("data-src=\"")) {
        let attribute = |name: &str| {
            let start = element.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
            element[start..].split('"').next().unwrap().to_owned()
        };
        // In prose the value is the element's own attribute, in drawings a further one.
        let name = if element.starts_with("data ") { " value" } else { "data-value" };
        let value: f64 = attribute(name).parse().unwrap();
        let place = attribute("data-src");
        let (file, line) = place.rsplit_once(':').unwrap();
        let shown = element.split_once('>').unwrap().1.to_owned();
        found.push(Printed { value, file: file.to_owned(), line: line.parse().unwrap(), shown });
    }
    found
}

/// A printed number as a number: without signs of grouping.
fn read(shown: &str) -> Option<f64> {
    let plain: String = shown
        .chars()
        .filter(|c| !matches!(c, ',' | '\u{a0}' | '+' | ' '))
        .map(|c| if c == '\u{2212}' { '-' } else { c })
        .collect();
    let of_number = |c: char| c.is_ascii_digit() || c == '.' || c == '-';
    // Words may stand before it: 占全部 1.95%.
    let plain = &plain[plain.find(of_number)?..];
    let end = plain.find(|c: char| !of_number(c));
    plain[..end.unwrap_or(plain.len())].parse().ok()
}

/// Whether a printed number is its value in some unit of a power of ten, rounded to the digits that are printed.
fn is_rounded(shown: &str, value: f64) -> bool {
    let Some(printed) = read(shown) else { return false };
    let digits = shown
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.chars().take_while(char::is_ascii_digit).count());
    let half = 0.5 * 10f64.powi(-(digits as i32)) * (1.0 + 1e-6);
    (-12..=12).any(|power| {
        let scaled = value * 10f64.powi(power);
        // A size is printed without its sign.
        (printed - scaled).abs() <= half + 1e-9 * scaled.abs()
            || (printed - scaled.abs()).abs() <= half + 1e-9 * scaled.abs()
    })
}

#[test]
fn every_number_is_a_line_of_a_file_of_the_results() {
    for (name, _) in RESULTS {
        let program = results(name);
        let run = program.irio(&["brief", "results", "--out", "brief.html"]);
        assert_eq!(run.code, 0, "{name}: {}", run.stderr);
        let page = program.read("brief.html");
        let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let all = numbers(&page);
        assert!(all.len() > 50, "{name}: only {} numbers", all.len());
        for one in &all {
            let lines = files.entry(one.file.clone()).or_insert_with(|| {
                let text = program.read(&format!("results/{}", one.file));
                text.lines().map(str::to_owned).collect()
            });
            let line = &lines[one.line - 1];
            let value: f64 = line.rsplit(',').next().unwrap().parse().unwrap();
            assert_eq!(value.to_bits(), one.value.to_bits(), "{name}: {one:?} is not {line}");
            assert!(is_rounded(&one.shown, value), "{name}: {one:?} is not {line}");
        }
    }
}

/// What a reader sees of a page: text outside of drawings, scripts, styles and embedded files.
fn visible(page: &str) -> String {
    let mut out = String::new();
    let mut rest = page;
    let tags = ["script", "style", "svg", "template"];
    loop {
        let next = tags.iter().filter_map(|tag| Some((rest.find(&format!("<{tag}"))?, tag))).min();
        let Some((start, tag)) = next else { break };
        out.push_str(&rest[..start]);
        let end = format!("</{tag}>");
        rest = &rest[rest[start..].find(&end).unwrap() + start + end.len()..];
    }
    out + rest
}

#[test]
fn no_number_of_the_text_is_without_a_place() {
    for (name, _) in RESULTS {
        let program = results(name);
        program.irio(&["brief", "results", "--lang", "en", "--out", "brief.html"]);
        let text = visible(&program.read("brief.html"));
        // The text up to the sources: headline, deck, cards, figures' texts.
        let main = text.split("<main").nth(1).unwrap();
        // Headings may count regions and sectors; estimates have no table.
        let tables = irio::input::recorded::read(&program.path("results")).unwrap().summary.tables;
        let mut counts: Vec<String> = tables
            .iter()
            .flat_map(|table| [table.regions.len(), table.sectors.len()])
            .map(|count| count.to_string())
            .collect();
        // So are combinations of technologies, suppliers and readings.
        if program.path("results/grades.csv").exists() {
            let grades = program.read("results/grades.csv");
            let way = |line: &str| {
                let mut cells = line.split(',').skip(2).map(str::to_owned);
                Some((cells.next()?, cells.next().filter(|part| part != "all")?))
            };
            let ways: BTreeSet<_> = grades.lines().skip(1).filter_map(way).collect();
            counts.push(ways.len().to_string());
        }
        for paragraph in main.split("<p").skip(1) {
            let inner = paragraph.split("</p>").next().unwrap();
            if inner.contains("own-words") {
                continue;
            }
            let bare = without_data(inner);
            for word in bare.split(|c: char| !c.is_ascii_digit()).filter(|word| word.len() > 1) {
                let year = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
                // p < 0.001 is a bound, as 5, 90 and 95 % are.
                let known = ["10", "90", "95", "12", "001"].contains(&word)
                    || counts.iter().any(|own| own == word);
                assert!(year || known, "{name}: {word} in {bare}");
            }
        }
    }
}

/// A paragraph without its numbers that have a place, and without tags.
fn without_data(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for part in html.split('<') {
        let (tag, text) = part.split_once('>').unwrap_or(("", part));
        match tag {
            // Numbers that have a place, and the marks of caveats.
            tag if tag.starts_with("data ") || tag.contains("class=\"pill") => inside = true,
            "/data" | "/a" => inside = false,
            _ => {}
        }
        if !inside {
            out.push_str(text);
        }
    }
    out
}

#[test]
fn no_caveat_of_the_run_is_missing() {
    for (name, _) in RESULTS {
        let program = results(name);
        let run = program.irio(&[
            "brief",
            "results",
            "--out",
            "brief.html",
            "--out",
            "brief.md",
            "--out",
            "brief.typ",
        ]);
        assert_eq!(run.code, 0, "{name}: {}", run.stderr);
        let summary: serde_json::Value =
            serde_json::from_str(&program.read("results/summary.json")).unwrap();
        let (page, text) = (program.read("brief.html"), program.read("brief.md"));
        let template = irio::brief::template::Template::of(None, None);
        for note in summary["notes"].as_array().unwrap() {
            let code = note["code"].as_str().unwrap();
            assert!(page.contains(code), "{name}: {code} is not in the page");
            let entry = &template.file.caveats[code];
            for (language, both) in
                [(&entry.name.zh, &entry.text.zh), (&entry.name.en, &entry.text.en)]
            {
                assert!(page.contains(&escaped(language)), "{name}: {language}");
                assert!(page.contains(&escaped(both)), "{name}: {both}");
            }
            assert!(text.contains(entry.name.en.as_str()), "{name}: {code} is not in the text");
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A note whose code no template knows is told in the run's own words.
#[test]
fn an_unknown_caveat_is_told_in_its_own_words() {
    let program = results("transfer");
    let folder = program.path("results");
    let mut recorded = irio::input::recorded::read(&folder).unwrap();
    recorded.summary.notes.push(RecordedNote {
        code: "from_the_future".to_owned(),
        message: "what nobody knew".to_owned(),
        gap: None,
    });
    let template = irio::brief::template::Template::of(None, None);
    let brief = irio::brief::of(&recorded, &template, irio::numerals::Language::Chinese).unwrap();
    let caveat = brief.caveats.iter().find(|one| one.code == "from_the_future").unwrap();
    assert_eq!(caveat.text.plain(), "what nobody knew");
}

/// Makes results differ from what irio wrote.
type Spoil = fn(&Place);

/// What `summary.json` says of its layout.
fn schema(version: u32) -> String {
    format!("\"schema_version\": {version}")
}

/// What is wrong with the results stops the brief, and the earlier one stays.
#[test]
fn results_that_are_not_as_written_make_no_brief() {
    let cases: [(&str, Spoil, &str); 6] = [
        (
            "another schema",
            |p| {
                p.patch("results/summary.json", &schema(SCHEMA_VERSION), &schema(1));
            },
            "schema",
        ),
        (
            "a newer schema",
            |p| {
                p.patch("results/summary.json", &schema(SCHEMA_VERSION), &schema(99));
            },
            "newer",
        ),
        (
            "a missing file",
            |p| std::fs::remove_file(p.path("results/sums.csv")).unwrap(),
            "sums.csv",
        ),
        (
            "half-written",
            |p| {
                let text = p.read("results/sums.csv");
                p.write("results/sums.csv", &text[..text.len() / 2]);
            },
            "sums.csv",
        ),
        (
            "edited by hand",
            |p| {
                let text = p.read("results/sums.csv");
                let digit = text.rfind('1').unwrap();
                let mut bytes = text.into_bytes();
                bytes[digit] = b'2';
                p.write("results/sums.csv", bytes);
            },
            "edited by hand",
        ),
        (
            "half a summary",
            |p| {
                let text = p.read("results/summary.json");
                p.write("results/summary.json", &text[..text.len() / 2]);
            },
            "half-written",
        ),
    ];
    for (name, spoil, told) in cases {
        let program = results("transfer");
        program.write("brief.html", "the earlier brief");
        spoil(&program);
        let message = program.refusal(&["brief", "results", "--out", "brief.html"]);
        assert!(message.contains(told), "{name}: {message}");
        assert_eq!(program.read("brief.html"), "the earlier brief", "{name}");
    }
}

#[test]
fn wrong_questions_are_answered() {
    let program = results("transfer");
    let told = |arguments: &[&str]| program.refusal(arguments);
    insta::assert_snapshot!("brief_of_no_form", told(&["brief", "results", "--out", "brief.docx"]));
    insta::assert_snapshot!(
        "brief_among_the_results",
        told(&["brief", "results", "--out", "results/brief.html"])
    );
    insta::assert_snapshot!("brief_of_nothing", told(&["brief", "nowhere", "--out", "brief.html"]));
    insta::assert_snapshot!(
        "plot_of_no_figure",
        told(&["plot", "results", "--figure", "net-transfr"])
    );
    insta::assert_snapshot!(
        "plot_of_no_form",
        told(&["plot", "results", "--figure", "net-transfer", "-o", "a.gif"])
    );
    program.write(
        "t.toml",
        "[say.transfer_hedline]\nzh = \"{{ x\"\n\n[colours.light]\nin = \"#FFFF00\"\n",
    );
    insta::assert_snapshot!(
        "brief_by_a_wrong_template",
        told(&["brief", "results", "--template", "t.toml", "--out", "brief.html"])
    );
    program.write("t.toml", "[say]\ntransfer_headline = { zh = \"{{ nobody }}\", en = \"x\" }\n");
    let run = program.irio(&["brief", "results", "--template", "t.toml", "--out", "brief.html"]);
    assert_eq!(run.code, 1);
    let told = "say.transfer_headline.zh, line 1 of the sentence: it asks for nobody; it may speak of all, ";
    assert!(run.stderr.starts_with(told), "{}", run.stderr);
    assert!(!program.path("brief.html").exists());
}

/// The template that is written is the default: the same page comes of it.
#[test]
fn the_written_template_is_the_default_one() {
    let program = results("transfer");
    program.irio(&["brief", "results", "--out", "a.html"]);
    program.irio(&["init", "template", "t.toml"]);
    program.irio(&["brief", "results", "--template", "t.toml", "--out", "b.html"]);
    assert_eq!(program.read("a.html"), program.read("b.html"));
    program.write("own.toml", "[masthead]\nseries = { zh = \"内参\", en = \"Notes\" }\n");
    program.irio(&["brief", "results", "--template", "own.toml", "--out", "c.html"]);
    assert!(program.read("c.html").contains("内参"));
}

/// Same results, same bytes, whatever the number of threads.
#[test]
fn the_bytes_of_a_brief_do_not_depend_on_threads() {
    let program = results("drawn");
    for threads in ["1", "2"] {
        let page = format!("{threads}.html");
        let book = format!("{threads}.xlsx");
        program.irio(&["brief", "results", "--threads", threads, "--out", &page, "--out", &book]);
    }
    for form in ["html", "xlsx"] {
        let read = |n: &str| std::fs::read(program.path(&format!("{n}.{form}"))).unwrap();
        assert_eq!(read("1"), read("2"));
    }
}

#[test]
fn pages_are_small_and_ask_for_nothing() {
    for (name, _) in RESULTS {
        let program = results(name);
        program.irio(&["brief", "results", "--out", "brief.html"]);
        let page = program.read("brief.html");
        assert!(page.len() < 2_000_000, "{name}: {} bytes", page.len());
        for word in ["src=\"http", "href=\"http", "url(http", "@import", "fetch(", "localStorage"] {
            assert!(!page.contains(word), "{name}: {word}");
        }
    }
}

/// What programs read: headlines and files of a brief, figures and the picture of a plot.
#[test]
fn briefs_and_plots_tell_programs_what_they_wrote() {
    let program = results("still");
    let told = |arguments: &[&str]| {
        let run = program.irio(arguments);
        assert_eq!(run.code, 0, "{}", run.stderr);
        serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap()
    };
    let brief = told(&["brief", "results", "--json", "--out", "a.html", "--out", "a.md"]);
    assert_eq!(brief["files"], serde_json::json!(["a.html", "a.md"]));
    let text = program.read("a.md");
    for language in ["zh", "en"] {
        assert!(text.contains(brief["headline"][language].as_str().unwrap()), "{brief}");
    }
    let figures = told(&["plot", "results", "--json"]);
    let name = figures[0]["figure"].as_str().unwrap();
    let plot = told(&["plot", "results", "--json", "--figure", name, "-o", "figure.svg"]);
    assert_eq!((&plot["figure"], &plot["file"]), (&name.into(), &"figure.svg".into()));
    assert!(program.read("figure.svg").contains("<svg"));
}

/// Every figure that can be drawn is drawn, at both widths, in both languages.
#[test]
fn every_figure_is_plotted() {
    let program = results("transfer");
    let list = program.irio(&["plot", "results"]).stdout;
    let names: Vec<&str> = (list.lines())
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.len() >= 8, "{list}");
    for name in names {
        for (width, language) in [("", "zh"), ("--narrow", "en")] {
            let mut arguments = vec!["plot", "results", "--figure", name, "--lang", language];
            arguments.extend((!width.is_empty()).then_some(width));
            arguments.extend(["-o", "figure.svg"]);
            let run = program.irio(&arguments);
            assert_eq!(run.code, 0, "{name}: {}", run.stderr);
            assert!(program.read("figure.svg").contains("<svg"));
        }
    }
    assert!(Path::new(&program.path("figure.svg")).exists());
}

/// Outlines of provinces that a template names take the place of tiles, also for regions made of provinces.
#[test]
fn maps_are_drawn_by_outlines_of_the_template() {
    let program = results("transfer");
    let square = |(at, name): (usize, &&str)| {
        let (x, y) = (100.0 + 3.0 * (at % 3) as f64, 30.0 + 3.0 * (at / 3) as f64);
        format!(
            r#"{{"properties": {{"name": "{name}"}}, "geometry": {{"type": "Polygon", "coordinates":
            [[[{x}, {y}], [{0}, {y}], [{0}, {1}], [{x}, {1}], [{x}, {y}]]]}}}}"#,
            x + 2.5,
            y + 2.5
        )
    };
    let names = ["北京市", "天津", "Hebei", "山东", "Liaoning", "河南", "广东", "四川"];
    let collection = |names: &[&str]| {
        let features: Vec<String> = names.iter().enumerate().map(square).collect();
        format!(r#"{{"type": "FeatureCollection", "features": [{}]}}"#, features.join(","))
    };
    program.write("provinces.geojson", collection(&names));
    program.write("t.toml", "[map]\ngeometry = \"provinces.geojson\"\n");
    let draw = |more: &[&str]| {
        let asked = ["plot", "results", "--figure", "map", "--lang", "en", "-o", "map.svg"];
        let run = program.irio(&[&asked[..], more].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        program.read("map.svg")
    };
    let (outlines, tiles) = (draw(&["--template", "t.toml"]), draw(&[]));
    assert!(outlines.contains("Choropleth map") && !tiles.contains("Choropleth map"));
    // The same numbers by region, each region's provinces in one path.
    let numbers = |svg: &str| numbers(svg).into_iter().map(|one| (one.file, one.line)).collect();
    let (a, b): (BTreeSet<_>, BTreeSet<_>) = (numbers(&outlines), numbers(&tiles));
    assert!(a.len() >= 6 && a.is_subset(&b), "{a:?} {b:?}");
    // What the outlines lack is said: whole regions, some provinces of a region, too much for a map.
    let note = |names: &[&str]| {
        program.write("provinces.geojson", collection(names));
        program.irio(&[
            "brief",
            "results",
            "--template",
            "t.toml",
            "--lang",
            "en",
            "--out",
            "a.md",
        ]);
        program.read("a.md")
    };
    let text = note(&names);
    assert!(text.contains("Drawn in part, for want of outlines: "), "{text}");
    let text = note(&["北京", "河北", "四川", "辽宁"]);
    assert!(text.contains("Without an outline and not drawn: "), "{text}");
    let text = note(&["北京"]);
    assert!(
        text.contains("name 1 of these regions, too few for a map, so tiles are drawn."),
        "{text}"
    );
    program.write("t.toml", "[map]\ngeometry = \"none.geojson\"\n");
    let told = program.refusal(&["plot", "results", "--figure", "map", "--template", "t.toml"]);
    assert!(told.contains("t.toml:2:13: there is no such file"), "{told}");
}
