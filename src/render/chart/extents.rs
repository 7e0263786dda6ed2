//! Where texts stand on a scene, for the laws of every kind of chart: as far as their letters are drawn, accents stacked on
//! capitals and descenders with them.

use super::letters::Letters;
use super::scene::{Anchor, Area, Scene, Shape, Text};

/// A name with what is highest and lowest of what is embedded: two accents on capitals, descenders, dots below.
pub(super) const STACKED: &str = "ẲN QUỐC GIA Ỗ Ặ qỵ gp|j Ǻ ỆỘ của tỷ lệ đăng ký ẨM THỰC";

/// All texts, in the order of drawing.
pub(super) fn texts(shapes: &[Shape]) -> Vec<&Text> {
    let mut found = Vec::new();
    for shape in shapes {
        match shape {
            Shape::Text(text) => found.push(text),
            Shape::Group { shapes, .. } => found.extend(texts(shapes)),
            _ => {}
        }
    }
    found
}

/// The place of a text: from its highest to its lowest letter.
pub(super) fn extent(text: &Text, letters: &Letters) -> Area {
    let width = letters.width(&text.text, text.size, text.weight);
    let left = match text.anchor {
        Anchor::Start => text.at.x,
        Anchor::Middle => text.at.x - width / 2.0,
        Anchor::End => text.at.x - width,
    };
    let (up, down) = letters.reach(&text.text, text.size, text.weight);
    Area::new(left, text.at.y - up, width, up + down)
}

/// What is wrong with the texts of a scene, if anything: one leaves the page, or stands on another, by more than what
/// rounding adds.
pub(super) fn faults(scene: &Scene, letters: &Letters) -> Vec<String> {
    const SLACK: f64 = 0.5;
    let found: Vec<(&Text, Area)> =
        texts(&scene.shapes).into_iter().map(|text| (text, extent(text, letters))).collect();
    let mut faults = Vec::new();
    for (index, (text, area)) in found.iter().enumerate() {
        let is_inside = area.left >= -SLACK
            && area.top >= -SLACK
            && area.right() <= scene.size.0 + SLACK
            && area.bottom() <= scene.size.1 + SLACK;
        if !is_inside {
            faults.push(format!("`{}` leaves the page of {:?}: {area:?}", text.text, scene.size));
        }
        let inner = area.inset(SLACK);
        let under = found[index + 1..].iter().filter(|(_, other)| inner.meets(other));
        faults.extend(under.map(|(other, _)| format!("`{}` stands on `{}`", text.text, other.text)));
    }
    faults
}

#[test]
fn letters_reach_as_far_as_they_are_drawn() {
    let letters = Letters::new(None).expect("the embedded font");
    let reach = |text: &str| letters.reach(text, 100.0, super::scene::Weight::Regular);
    // By the tables of the font: a capital, a descender, two accents on a capital, a dot below.
    assert!((reach("A").0 - 65.6).abs() < 0.1 && reach("A").1 == 0.0, "{:?}", reach("A"));
    assert!((reach("g").1 - 22.4).abs() < 0.1 && (reach("Ẳ").0 - 95.8).abs() < 0.1, "{:?}", reach("gẲ"));
    assert!((reach("ặ").1 - 20.6).abs() < 0.1);
}
