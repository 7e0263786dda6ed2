//! Pictures as files: what is in a PNG beside its pixels, that an SVG is sound, that the same input gives the same bytes.

use std::path::Path;
use std::process::Command;

use goldthread::render::chart::{Colours, Ink, Theme};
use sha2::{Digest, Sha256};

use super::theme::contrast;
use crate::session::{compare, folder, goldthread, root, run_in};

/// Two goals, one of each lens, a leaf of each; stages and departments, so that every kind has something to show.
pub(super) const TINY: &str = r#"
[scorecard]
title = "Tiny & <Co>"
[journey]
stages = ["use", "leave"]
[departments.service]
name = "Service"
[departments.finance]
name = "Finance"
[sources.s]
path = "s.csv"
period = "month"
department = "service"
[goals.churn]
name = "Churn"
source = "s"
value = "sum(churn)"
unit = "percent"
better = "lower"
target = 0.02
threshold = 0.03
lens = "customer"
stage = "leave"
[goals.value]
name = "Value"
value = "price / churn"
unit = "EUR"
better = "higher"
target = 1000
[metrics.price]
name = "Price"
source = "s"
value = "sum(price)"
unit = "EUR"
better = "higher"
target = 20
stage = "use"
department = "finance"
[metrics.calls]
name = "Calls \"solved\" & <closed>"
source = "s"
value = "sum(solved)"
unit = "percent"
better = "higher"
target = 0.8
threshold = 0.6
stage = "use"
drives = [{ to = "churn", because = "said" }]
"#;
pub(super) const TINY_DATA: &str = "month,churn,price,solved\n\
    2024-01,0.022,19,0.70\n2024-02,0.024,20,0.72\n2024-03,0.025,20,0.65\n2024-04,0.021,22,0.66\n";
const KINDS: [&str; 6] = ["tree", "trend", "bullet", "heatmap", "scorecard", "sweetspot"];

fn tiny() -> tempfile::TempDir {
    folder(&[("scorecard.toml", TINY), ("s.csv", TINY_DATA)])
}

/// What the program writes for a chart, by a file.
fn written(folder: &Path, file: &str, arguments: &[&str]) -> Vec<u8> {
    let session = run_in(folder, &[&["chart"], arguments, &["-o", file]].concat());
    assert_eq!((session.exit, session.stdout.as_str(), session.stderr.as_str()), (0, "", ""), "{arguments:?}");
    std::fs::read(folder.join(file)).expect("the picture")
}

fn refused(folder: &Path, arguments: &[&str]) -> String {
    let session = run_in(folder, &[&["chart"], arguments].concat());
    assert_eq!((session.exit, session.stdout.as_str()), (2, ""), "{arguments:?}");
    session.stderr
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A PNG as it was decoded.
struct Decoded {
    size: (u32, u32),
    texts: Vec<(String, String)>,
    density: Option<(u32, u32)>,
    pixels: Vec<u8>,
}

impl Decoded {
    fn of(bytes: &[u8]) -> Decoded {
        let decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        let mut reader = decoder.read_info().expect("a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        reader.next_frame(&mut pixels).expect("a frame");
        let info = reader.info();
        assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
        let texts = &info.utf8_text;
        let texts = texts.iter().map(|text| (text.keyword.clone(), text.get_text().expect("UTF-8"))).collect();
        let density = info.pixel_dims.map(|dims| (dims.xppu, dims.yppu));
        Decoded { size: (info.width, info.height), texts, density, pixels }
    }

    fn text(&self, key: &str) -> &str {
        let found: Vec<&str> = self.texts.iter().filter(|(own, _)| own == key).map(|(_, text)| text.as_str()).collect();
        assert_eq!(found.len(), 1, "one {key} of {:?}", self.texts);
        found[0]
    }

    fn colours(&self) -> usize {
        self.pixels.chunks(3).collect::<std::collections::BTreeSet<_>>().len()
    }
}

/// The SVG of a kind, where this scorecard has something to show of it.
fn svg(folder: &Path, kind: &str, arguments: &[&str]) -> Option<String> {
    let session = run_in(folder, &[&["chart", kind, "-O", "svg"], arguments].concat());
    if session.exit == 2 {
        assert!(session.stderr.starts_with("error[no-picture]: "), "{kind}: {}", session.stderr);
        return None;
    }
    assert_eq!((session.exit, session.stderr.as_str()), (0, ""), "{kind}");
    Some(session.stdout)
}

#[test]
fn a_png_is_as_large_as_asked_and_says_where_it_came_from() {
    let tiny = tiny();
    let picture = Decoded::of(&written(tiny.path(), "a.png", &["sweetspot", "--size", "1000x800"]));
    assert_eq!(picture.size, (1000, 800));
    assert!(picture.colours() > 20, "{} colours", picture.colours());
    assert_eq!(picture.text("Software"), format!("goldthread {}", env!("CARGO_PKG_VERSION")));
    assert_eq!(picture.text("As-of"), "2024-04");
    assert!(picture.text("Title").contains("\"solved\" & <closed> touches customers"), "{}", picture.text("Title"));
    assert!(picture.text("Description").contains("Calls \"solved\" & <closed>"));
    let inputs =
        format!("sha256:{} scorecard.toml\nsha256:{} s.csv", sha256(TINY.as_bytes()), sha256(TINY_DATA.as_bytes()));
    assert_eq!(picture.text("Inputs"), inputs);
    // 96 pixels an inch of 25.4 mm.
    assert_eq!(picture.density, Some((3780, 3780)));
}

/// The lines of the metadata of an SVG under a key.
fn metadata(svg: &str, key: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).expect("XML");
    let node = document.descendants().find(|node| node.tag_name().name() == "metadata").expect("metadata");
    let lines = node.text().expect("a text").lines();
    lines.filter_map(|line| line.strip_prefix(&format!("{key}: "))).map(str::to_owned).collect()
}

#[test]
fn an_svg_says_where_it_came_from_line_by_line() {
    let tiny = tiny();
    let text = svg(tiny.path(), "sweetspot", &[]).expect("a picture");
    assert_eq!(metadata(&text, "Software"), [format!("goldthread {}", env!("CARGO_PKG_VERSION"))]);
    assert_eq!(metadata(&text, "As-of"), ["2024-04"]);
    let inputs = [(TINY, "scorecard.toml"), (TINY_DATA, "s.csv")];
    let inputs = inputs.map(|(content, name)| format!("sha256:{} {name}", sha256(content.as_bytes())));
    assert_eq!(metadata(&text, "Inputs"), inputs);
}

/// Where a name may hold a newline at all.
#[cfg(unix)]
#[test]
fn the_name_of_a_file_cannot_pass_for_another_input() {
    let forged = "s\nsha256:00 forged.csv";
    let scorecard = TINY.replace("s.csv", "s\\nsha256:00 forged.csv");
    let folder = folder(&[("scorecard.toml", &scorecard), (forged, TINY_DATA)]);
    let shown = format!("sha256:{} s\u{fffd}sha256:00 forged.csv", sha256(TINY_DATA.as_bytes()));
    let inputs = [format!("sha256:{} scorecard.toml", sha256(scorecard.as_bytes())), shown];
    let text = svg(folder.path(), "sweetspot", &[]).expect("a picture");
    assert_eq!(metadata(&text, "Inputs"), inputs);
    let picture = Decoded::of(&written(folder.path(), "a.png", &["sweetspot"]));
    assert_eq!(picture.text("Inputs"), inputs.join("\n"));
}

/// 17 thousand million pixels would be 68 gigabytes.
#[test]
fn a_png_of_too_many_pixels_is_refused_with_the_scale_that_fits() {
    let tiny = tiny();
    let stderr = refused(tiny.path(), &["sweetspot", "-o", "a.png", "--size", "16384x16384", "--scale", "8"]);
    assert!(stderr.starts_with("error[no-picture]: 131072 x 131072 is 17180 million pixels"), "{stderr}");
    assert!(stderr.contains("ask for `--scale 0.61` or less"), "{stderr}");
    let drawn = written(tiny.path(), "a.svg", &["sweetspot", "--size", "16384x16384", "--scale", "8"]);
    assert!(drawn.starts_with(b"<svg "));
}

#[test]
fn scale_multiplies_pixels_and_keeps_the_size_in_inches() {
    let tiny = tiny();
    let size = |scale: &str| {
        let bytes = written(tiny.path(), "a.png", &["sweetspot", "--size", "900x701", "--scale", scale]);
        let picture = Decoded::of(&bytes);
        (picture.size, picture.density)
    };
    assert_eq!(size("2"), ((1800, 1402), Some((7559, 7559))));
    assert_eq!(size("0.5"), ((450, 351), Some((1890, 1890))));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let tiny = tiny();
    for kind in KINDS {
        let Some(once) = svg(tiny.path(), kind, &[]) else { continue };
        assert_eq!(Some(once), svg(tiny.path(), kind, &[]), "{kind}");
    }
    let mut seen = Vec::new();
    for threads in ["1", "2", "2"] {
        let output = Command::new(env!("CARGO_BIN_EXE_goldthread"))
            .args(["-s", "scorecards/subscription.toml", "chart", "sweetspot", "-O", "png"])
            .env("POLARS_MAX_THREADS", threads)
            .env_remove("GOLDTHREAD_SCORECARD")
            .current_dir(root())
            .output()
            .expect("the program starts");
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
        seen.push(sha256(&output.stdout));
    }
    assert_eq!((&seen[0], &seen[1]), (&seen[1], &seen[2]));
}

/// The bytes of today: a change of a picture is seen, and is meant.
#[test]
fn pictures_are_as_published() {
    let tiny = tiny();
    let mut lines = String::new();
    for kind in KINDS {
        if let Some(text) = svg(tiny.path(), kind, &[]) {
            lines.push_str(&format!("{} {kind}.svg\n", sha256(text.as_bytes())));
        }
    }
    let png = written(tiny.path(), "a.png", &["sweetspot", "--theme", "dark", "--palette", "rag"]);
    lines.push_str(&format!("{} sweetspot.png, dark, rag\n", sha256(&png)));
    for kind in ["tree", "trend", "heatmap"] {
        let to = tiny.path().join("shipped.png");
        let to = to.to_str().expect("UTF-8");
        let arguments = ["-s", "scorecards/transit.toml", "chart", kind, "--scale", "0.5", "-o", to];
        let session = goldthread(&arguments);
        assert_eq!((session.exit, session.stderr.as_str()), (0, ""), "{kind}");
        let png = std::fs::read(to).expect("the picture");
        lines.push_str(&format!("{} {kind}.png of transit, at half its size\n", sha256(&png)));
    }
    compare(&root().join("tests/golden/charts/sha256.txt"), &lines);
}

/// Every kind: XML that is well-formed, with a title and a description, and numbers that are numbers.
#[test]
fn every_svg_is_sound() {
    let hostile = TINY.replace("name = \"Price\"", "name = \"P\\u202er\\u0007i\\nc]]>e <b>&amp;\"");
    let hostile = folder(&[("scorecard.toml", &hostile), ("s.csv", TINY_DATA)]);
    let mut seen = 0;
    for kind in KINDS {
        let Some(text) = svg(hostile.path(), kind, &[]) else { continue };
        seen += 1;
        let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{kind}: {error}"));
        let page = document.root_element();
        for (name, id) in [("title", "title"), ("desc", "desc")] {
            let found = page.children().find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", name)));
            let found = found.unwrap_or_else(|| panic!("{kind} has no {name}"));
            assert_eq!(found.attribute("id"), Some(id));
            assert!(name == "desc" || found.text().is_some_and(|text| !text.is_empty()), "{kind} says nothing");
        }
        for node in document.descendants() {
            for attribute in node.attributes() {
                let words = attribute.value().split(|c: char| !c.is_ascii_alphanumeric());
                let bad = ["NaN", "inf", "Infinity"];
                assert!(!words.into_iter().any(|word| bad.contains(&word)), "{kind}: {attribute:?}");
            }
            let acts = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
            assert!(!node.text().unwrap_or_default().contains(acts), "{kind}: {:?}", node.text());
        }
    }
    assert!(seen >= 2, "{seen} kinds drawn");
}

/// Every text of every kind can be read on what it stands on: the surface drawn last before it, below its first letter.
#[test]
fn every_text_stands_out_from_what_is_below_it() {
    let mut seen = 0;
    for scorecard in ["scorecards/transit.toml", "scorecards/subscription.toml"] {
        for (kind, theme) in KINDS.iter().flat_map(|kind| [(kind, "light"), (kind, "dark")]) {
            let session = goldthread(&["-s", scorecard, "chart", kind, "-O", "svg", "--theme", theme]);
            if session.exit == 2 {
                continue;
            }
            seen += 1;
            let document = roxmltree::Document::parse(&session.stdout).expect("XML");
            let mut surfaces: Vec<(Vec<(f64, f64)>, &str)> = Vec::new();
            for node in document.descendants().filter(roxmltree::Node::is_element) {
                let fill = node.attribute("fill").filter(|fill| fill.starts_with('#'));
                match (node.tag_name().name(), fill) {
                    ("polygon", Some(fill)) => surfaces.push((places(node.attribute("points")), fill)),
                    ("text", Some(fill)) => {
                        let number = |name: &str| node.attribute(name).and_then(|text| text.parse::<f64>().ok());
                        let (x, y) = (number("x").expect("x"), number("y").expect("y"));
                        let length = number("textLength").expect("a length");
                        let left = match node.attribute("text-anchor") {
                            Some("middle") => x - length / 2.0,
                            Some("end") => x - length,
                            _ => x,
                        };
                        let place = (left + 8.0, y + 40.0);
                        let ground = surfaces.iter().rev().find(|(outline, _)| is_inside(place, outline));
                        let (_, ground) = ground.expect("the page is below everything");
                        let found = contrast(rgb(fill), rgb(ground));
                        assert!(found >= 4.5, "{kind}, {theme}: {:?}, {fill} on {ground}: {found:.2}", node.text());
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(seen >= 4, "{seen} pictures");
}

/// Every line of every kind can be seen on what it crosses: 3 to 1 by WCAG 2.1, 1.4.11. Rules and grids are held to less,
/// being there to be overlooked, and so are surfaces drawn as wide lines.
#[test]
fn every_line_stands_out_from_what_it_crosses() {
    let mut seen = 0;
    for scorecard in ["scorecards/transit.toml", "scorecards/subscription.toml"] {
        for (kind, theme) in KINDS.iter().flat_map(|kind| [(kind, Theme::Light), (kind, Theme::Dark)]) {
            let colours = Colours { theme, ..Colours::default() };
            let word = if theme == Theme::Light { "light" } else { "dark" };
            let session = goldthread(&["-s", scorecard, "chart", kind, "-O", "svg", "--theme", word]);
            if session.exit == 2 {
                continue;
            }
            let quiet = [Ink::Page, Ink::Rule, Ink::Grid, Ink::GoldTint].map(|ink| colours.of(ink));
            let document = roxmltree::Document::parse(&session.stdout).expect("XML");
            let mut surfaces: Vec<(Vec<(f64, f64)>, &str)> = Vec::new();
            for node in document.descendants().filter(roxmltree::Node::is_element) {
                let points = node.attribute("points");
                match (node.tag_name().name(), node.attribute("fill"), node.attribute("stroke")) {
                    ("polygon", Some(fill), _) => surfaces.push((places(points), fill)),
                    ("polyline", _, Some(stroke)) if !quiet.contains(&rgb(stroke)) => {
                        let points = places(points);
                        // What is closed goes around something, and stands between it and the rest.
                        let is_closed = points.len() > 2 && points.first() == points.last();
                        for ends in points.windows(2).filter(|_| !is_closed) {
                            // On the edge of a surface, it is enough to be seen from one side.
                            let contrasts = beside(ends[0], ends[1]).map(|place| {
                                let ground = surfaces.iter().rev().find(|(outline, _)| is_inside(place, outline));
                                ground.map_or(0.0, |(_, ground)| contrast(rgb(stroke), rgb(ground)))
                            });
                            let found = contrasts[0].max(contrasts[1]);
                            assert!(found >= 3.0, "{scorecard}, {kind}, {word}: {stroke} at {ends:?}: {found:.2}");
                            seen += 1;
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(seen >= 400, "{seen} lines");
}

/// The places a little to the left and to the right of the middle of a line.
fn beside(from: (f64, f64), to: (f64, f64)) -> [(f64, f64); 2] {
    const ASIDE: f64 = 4.0;
    let (along, down) = (to.0 - from.0, to.1 - from.1);
    let length = along.hypot(down).max(1e-9);
    let (x, y) = (-down / length * ASIDE, along / length * ASIDE);
    let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
    [(middle.0 + x, middle.1 + y), (middle.0 - x, middle.1 - y)]
}

fn places(points: Option<&str>) -> Vec<(f64, f64)> {
    let pairs = points.unwrap_or_default().split_whitespace().filter_map(|pair| pair.split_once(','));
    pairs.map(|(x, y)| (x.parse().expect("x"), y.parse().expect("y"))).collect()
}

fn rgb(hex: &str) -> goldthread::render::chart::Rgb {
    let part = |from: usize| u8::from_str_radix(&hex[from..from + 2], 16).expect("a colour");
    goldthread::render::chart::Rgb(part(1), part(3), part(5))
}

/// By the number of sides that a ray to the right crosses.
fn is_inside((x, y): (f64, f64), outline: &[(f64, f64)]) -> bool {
    let sides = outline.iter().zip(outline.iter().cycle().skip(1));
    sides.filter(|((ax, ay), (bx, by))| (ay > &y) != (by > &y) && x < ax + (y - ay) / (by - ay) * (bx - ax)).count() % 2
        == 1
}

#[test]
fn a_title_of_ones_own_is_drawn_and_written_into_the_file() {
    let tiny = tiny();
    let title = "Was zählt <für beide> & mehr";
    let text = svg(tiny.path(), "sweetspot", &["--title", title]).expect("a picture");
    let document = roxmltree::Document::parse(&text).expect("XML");
    let is_title = |node: &roxmltree::Node<'_, '_>| node.text().is_some_and(|text| text.trim() == title);
    let names: Vec<&str> = document
        .descendants()
        .filter(is_title)
        .filter(roxmltree::Node::is_element)
        .map(|node| node.tag_name().name())
        .collect();
    assert_eq!(names, ["title", "text"]);
    let picture = Decoded::of(&written(tiny.path(), "a.png", &["sweetspot", "--title", title]));
    assert_eq!(picture.text("Title"), title);
}

/// A font that has digits and capitals alone: the embedded one writes the rest, in the same bytes.
#[test]
fn a_font_of_ones_own_goes_before_the_embedded_one() {
    let tiny = tiny();
    std::fs::copy(root().join("tests/charts/capitals.ttf"), tiny.path().join("capitals.ttf")).expect("the font");
    let own = written(tiny.path(), "own.png", &["sweetspot", "--font", "capitals.ttf"]);
    assert_eq!(own, written(tiny.path(), "again.png", &["sweetspot", "--font", "capitals.ttf"]));
    assert_ne!(own, written(tiny.path(), "usual.png", &["sweetspot"]));
    let text = svg(tiny.path(), "sweetspot", &["--font", "capitals.ttf"]).expect("a picture");
    let document = roxmltree::Document::parse(&text).expect("XML");
    let lists: Vec<&str> = document.descendants().filter_map(|node| node.attribute("font-family")).collect();
    assert!(!lists.is_empty());
    for list in lists {
        let families: Vec<&str> = list.split(", ").collect();
        let (generic, named) = families.split_last().expect("families");
        assert_eq!((*generic, &named[..2]), ("sans-serif", &["'Goldthread Capitals'", "'Goldthread Sans'"][..]));
        // Without quotes a family must be of identifiers, or the whole list is void.
        let is_quoted = |name: &&str| name.len() > 2 && name.starts_with('\'') && name.ends_with('\'');
        assert!(named.iter().all(is_quoted), "{list}");
    }
}

#[test]
fn a_file_that_is_no_font_is_an_error_of_the_file() {
    let tiny = tiny();
    let bad = refused(tiny.path(), &["sweetspot", "-o", "a.png", "--font", "s.csv"]);
    assert!(bad.starts_with("error[bad-file]: cannot write with `s.csv`: it is no TrueType or OpenType font"), "{bad}");
    let none = refused(tiny.path(), &["sweetspot", "-o", "a.png", "--font", "no.ttf"]);
    assert!(none.starts_with("error[bad-file]: cannot write with `no.ttf`: no such file"), "{none}");
    assert!(!tiny.path().join("a.png").exists());
}

#[test]
fn a_missing_character_is_named_once_with_the_text_it_stands_in() {
    let scorecard = TINY.replace("name = \"Price\"", "name = \"Price 字 字 語\"");
    let folder = folder(&[("scorecard.toml", &scorecard), ("s.csv", TINY_DATA)]);
    for arguments in [&["chart", "sweetspot", "-o", "a.png"][..], &["chart", "--all", "-o", "pack"]] {
        let session = run_in(folder.path(), arguments);
        assert_eq!((session.exit, session.stdout.as_str()), (0, ""));
        let named = |c: &str| session.stderr.matches(&format!("no font has the character `{c}`")).count();
        assert_eq!((named("字"), named("語")), (1, 1), "{}", session.stderr);
        assert!(session.stderr.contains("`字` (U+5B57), first in `Price 字 字 語`"), "{}", session.stderr);
    }
}

#[test]
fn what_is_no_character_is_a_box_and_missing_in_no_font() {
    let scorecard = TINY.replace("name = \"Price\"", "name = \"Price \\ufdd0\\ufdef\\U0001fffe\"");
    let folder = folder(&[("scorecard.toml", &scorecard), ("s.csv", TINY_DATA)]);
    let text = svg(folder.path(), "sweetspot", &[]).expect("a picture");
    assert!(text.contains("Price \u{fffd}\u{fffd}\u{fffd}") && !text.contains('\u{fdd0}'));
}

#[test]
fn what_is_asked_wrongly_is_told_with_a_remedy() {
    let tiny = tiny();
    let cases: [(&[&str], &str, &str); 9] = [
        (&["tree"], "a picture needs a place to go", "`-o tree.png` or `-o tree.svg`"),
        (&["tree", "-O", "svg", "-o", "-"], "`-` names no file", "leave `-o` out for standard output"),
        (&["tree", "-O", "svg", "-p", "2026-01..2026-02"], "draws one period, and 2 are asked for", "`chart trend`"),
        (&["tree", "-o", "tree.gif"], "the extension of `tree.gif` names no form of picture", "end it in .png or .svg"),
        (&["tree", "-o", "tree"], "the extension of `tree` names no form of picture", "say `-O png`"),
        (
            &["sweetspot", "-o", "a.png", "--size", "1600"],
            "write width and height such as 1600x900",
            "each from 200 to 16384",
        ),
        (&["sweetspot", "-o", "a.png", "--size", "1600x16385"], "invalid value '1600x16385'", "each from 200 to 16384"),
        (&["sweetspot", "-o", "a.png", "--scale", "9"], "invalid value '9'", "a number from 0.25 to 8"),
        (&["sweetspot", "-o", "a.png", "--size", "200x200"], "do not fit 200 x 200", "ask for `--size "),
    ];
    for (arguments, problem, remedy) in cases {
        let stderr = refused(tiny.path(), arguments);
        assert!(stderr.contains(problem) && stderr.contains(remedy), "{arguments:?}: {stderr}");
    }
    let split = ["tree", "-O", "svg", "--by", "region", "-s", "scorecards/subscription.toml"];
    assert!(refused(&root(), &split).contains("a tree is of the whole, and takes no `--by`"));
    assert!(refused(tiny.path(), &[]).contains("<KIND|--all>") || refused(tiny.path(), &[]).contains("<KIND>"));
}

#[test]
fn a_picture_replaces_nothing_that_is_read() {
    let tiny = tiny();
    let stderr = refused(tiny.path(), &["sweetspot", "-O", "svg", "-o", "s.csv"]);
    assert!(stderr.contains("`s.csv` is one of the files that are read"), "{stderr}");
    assert_eq!(std::fs::read_to_string(tiny.path().join("s.csv")).expect("data"), TINY_DATA);
    std::fs::copy(root().join("tests/charts/capitals.ttf"), tiny.path().join("own.ttf")).expect("a font");
    let stderr = refused(tiny.path(), &["sweetspot", "-O", "png", "--font", "own.ttf", "-o", "own.ttf"]);
    assert!(stderr.contains("`own.ttf` is one of the files that are read"), "{stderr}");
}

/// What no font has is drawn as wide as a viewer draws it, and squeezes nothing beside it.
#[test]
fn letters_beside_what_no_font_has_keep_their_width() {
    let tiny = tiny();
    let svg = run_in(tiny.path(), &["chart", "sweetspot", "-O", "svg", "--title", "Happy 👨\u{200d}👩\u{200d}👧 now"]);
    assert_eq!(svg.exit, 0, "{}", svg.stderr);
    let title = svg.stdout.lines().position(|line| line.starts_with("Happy")).expect("the title");
    let lines: Vec<&str> = svg.stdout.lines().collect();
    assert!(!lines[title - 1].contains("textLength"), "{}", lines[title - 1]);
    assert!(lines.iter().filter(|line| line.contains("textLength")).count() > 5);
}

/// Where there is `script`, which runs a command on a terminal.
#[test]
fn no_picture_is_written_to_a_terminal() {
    let tiny = tiny();
    let program = env!("CARGO_BIN_EXE_goldthread");
    let on_terminal = |form: &str| {
        let line = format!("'{program}' chart sweetspot -O {form}");
        let output =
            Command::new("script").args(["-q", "-e", "-c", &line, "/dev/null"]).current_dir(tiny.path()).output();
        output.ok().map(|output| (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned()))
    };
    let (Some((code, text)), Some((_, plain))) = (on_terminal("png"), on_terminal("svg")) else { return };
    assert!(text.contains("a picture is not written to a terminal") && text.contains("-o chart.png"), "{text}");
    assert_eq!((code, text.contains("PNG\r\n")), (Some(2), false));
    assert!(plain.contains("<svg "), "an SVG is text: {plain}");
}
