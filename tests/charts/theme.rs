//! The colours, held to what is published about seeing: contrast by WCAG 2.1, colour blindness by Machado, Oliveira and
//! Fernandes (2009), difference by CIEDE2000.

use goldthread::render::chart::{Colours, Ink, Rgb, StatusPalette, Theme};
use goldthread::status::Status;

const EVERY: [Colours; 4] = [
    Colours { theme: Theme::Light, palette: StatusPalette::Safe },
    Colours { theme: Theme::Light, palette: StatusPalette::Rag },
    Colours { theme: Theme::Dark, palette: StatusPalette::Safe },
    Colours { theme: Theme::Dark, palette: StatusPalette::Rag },
];
const JUDGED: [Status; 3] = [Status::OnTarget, Status::AtRisk, Status::OffTarget];
/// WCAG 2.1, success criteria 1.4.11 and 1.4.3.
const MARKS: f64 = 3.0;
const LETTERS: f64 = 4.5;
/// Of luminances, between each two statuses: enough to tell neighbouring marks apart in a grey print.
const GREY: f64 = 1.25;
/// CIEDE2000 between each two statuses to who has no green cones; about 2 is seen side by side, 5 at a glance.
const DEUTERANOPIA: f64 = 8.0;

/// A colour by linear parts of red, green and blue, 0 to 1.
fn linear(colour: Rgb) -> [f64; 3] {
    [colour.0, colour.1, colour.2].map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    })
}

fn luminance(colour: Rgb) -> f64 {
    let [red, green, blue] = linear(colour);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The contrast of two colours by WCAG 2.1, 1 to 21.
pub(super) fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn assert_contrast(colours: Colours, ink: Ink, ground: Ink, least: f64) {
    let found = contrast(colours.of(ink), colours.of(ground));
    assert!(found >= least, "{ink:?} on {ground:?} in {colours:?}: {found:.2}, and {least} is asked for");
}

#[test]
fn contrast_is_that_of_the_recommendation() {
    let (white, black) = (Rgb(255, 255, 255), Rgb(0, 0, 0));
    assert!((contrast(white, black) - 21.0).abs() < 1e-9);
    // The lightest grey that passes on white.
    assert!((contrast(Rgb(0x76, 0x76, 0x76), white) - 4.54).abs() < 0.005);
}

#[test]
fn marks_stand_out_from_what_they_are_drawn_on() {
    for colours in EVERY {
        let lines = [
            Ink::Text,
            Ink::Actual,
            Ink::Prior,
            Ink::Plan,
            Ink::Process,
            Ink::Gold,
            Ink::Definition,
            Ink::Link,
            Ink::Good,
            Ink::Bad,
        ];
        for ink in lines.into_iter().chain(Status::ALL.map(Ink::Status)) {
            for ground in [Ink::Page, Ink::Card] {
                assert_contrast(colours, ink, ground, MARKS);
            }
        }
        // The bar and the target's tick of a bullet.
        for range in 0..3 {
            assert_contrast(colours, Ink::Actual, Ink::Range(range), MARKS);
            assert_contrast(colours, Ink::Plan, Ink::Range(range), MARKS);
        }
        for status in Status::ALL {
            assert_contrast(colours, Ink::Status(status), Ink::Tint(status), MARKS);
        }
        // What a trend draws over the limits of a process, and over a target that is a range.
        for ground in [Ink::Band, Ink::Tint(Status::OnTarget)] {
            let lines = [Ink::Actual, Ink::Prior, Ink::Plan, Ink::Process];
            for ink in lines.into_iter().chain(Status::ALL.map(Ink::Status)) {
                assert_contrast(colours, ink, ground, MARKS);
            }
        }
        // What was, and what is not reached, on the ranges of a bullet.
        for range in 0..3 {
            assert_contrast(colours, Ink::Muted, Ink::Range(range), MARKS);
        }
        // The path on which most is lost, on its glow, and the lines that it crosses.
        for ink in [Ink::Gold, Ink::Link, Ink::Definition] {
            assert_contrast(colours, ink, Ink::GoldTint, MARKS);
        }
        // What was read is stronger than what was read a year before.
        let page = Ink::Page;
        let stands_out = |ink: Ink| contrast(colours.of(ink), colours.of(page));
        assert!(stands_out(Ink::Actual) > 2.0 * stands_out(Ink::Prior), "{colours:?}");
    }
}

#[test]
fn letters_can_be_read_on_what_they_stand_on() {
    for colours in EVERY {
        for ink in [Ink::Text, Ink::Muted, Ink::Process, Ink::Plan, Ink::Good, Ink::Bad]
            .into_iter()
            .chain(Status::ALL.map(Ink::Status))
        {
            for ground in [Ink::Page, Ink::Card] {
                assert_contrast(colours, ink, ground, LETTERS);
            }
        }
        for status in Status::ALL {
            for ink in [Ink::Text, Ink::Muted, Ink::Status(status)] {
                assert_contrast(colours, ink, Ink::Tint(status), LETTERS);
            }
        }
        assert_contrast(colours, Ink::Good, Ink::Tint(Status::OnTarget), LETTERS);
        assert_contrast(colours, Ink::Bad, Ink::Tint(Status::OffTarget), LETTERS);
        for range in 0..3 {
            assert_contrast(colours, Ink::Text, Ink::Range(range), LETTERS);
        }
        for ground in [Ink::Band, Ink::GoldTint] {
            assert_contrast(colours, Ink::Text, ground, LETTERS);
            assert_contrast(colours, Ink::Muted, ground, LETTERS);
        }
    }
}

#[test]
fn every_ink_of_a_line_or_a_surface_is_seen_at_all() {
    for colours in EVERY {
        for ink in Ink::all().into_iter().filter(|ink| *ink != Ink::Page) {
            assert_ne!(colours.of(ink), colours.of(Ink::Page), "{ink:?} in {colours:?}");
        }
    }
}

#[test]
fn statuses_are_told_apart_without_seeing_green() {
    for colours in EVERY {
        for (index, a) in JUDGED.iter().enumerate() {
            for b in &JUDGED[index + 1..] {
                let seen = |status: &Status| lab(without_green_cones(linear(colours.of(Ink::Status(*status)))));
                let found = ciede2000(seen(a), seen(b));
                assert!(found >= DEUTERANOPIA, "{a:?} and {b:?} in {colours:?}: {found:.1}");
            }
        }
    }
}

#[test]
fn statuses_are_told_apart_in_grey() {
    for colours in EVERY {
        for (index, a) in JUDGED.iter().enumerate() {
            for b in &JUDGED[index + 1..] {
                let found = contrast(colours.of(Ink::Status(*a)), colours.of(Ink::Status(*b)));
                assert!(found >= GREY, "{a:?} and {b:?} in {colours:?}: {found:.3}");
            }
        }
    }
}

#[test]
fn simulated_deuteranopia_keeps_greys_and_takes_red_from_green() {
    let grey = without_green_cones([0.5, 0.5, 0.5]);
    assert!(grey.iter().all(|part| (part - 0.5).abs() < 1e-4), "{grey:?}");
    let (red, green) = (lab(linear(Rgb(0xd0, 0x40, 0x30))), lab(linear(Rgb(0x80, 0x80, 0x10))));
    let blind = |colour: Rgb| lab(without_green_cones(linear(colour)));
    let (blind_red, blind_green) = (blind(Rgb(0xd0, 0x40, 0x30)), blind(Rgb(0x80, 0x80, 0x10)));
    assert!(ciede2000(blind_red, blind_green) < ciede2000(red, green) / 3.0);
}

/// Pairs 1, 7, 13, 17 and 25 of Sharma, Wu and Dalal (2005), "The CIEDE2000 color-difference formula".
#[test]
fn the_difference_of_colours_is_that_of_its_publication() {
    let published = [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.3669),
        ([50.0, -0.001, 2.49], [50.0, 0.0009, -2.49], 4.8045),
        ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
        ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
    ];
    for (a, b, wanted) in published {
        let found = ciede2000(a, b);
        assert!((found - wanted).abs() < 5e-5, "{a:?} and {b:?}: {found} and not {wanted}");
    }
}

/// Machado, Oliveira and Fernandes (2009), deuteranomaly of severity 1.
fn without_green_cones(colour: [f64; 3]) -> [f64; 3] {
    const MATRIX: [[f64; 3]; 3] =
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]];
    MATRIX.map(|row| row.iter().zip(colour).map(|(weight, part)| weight * part).sum::<f64>().clamp(0.0, 1.0))
}

/// CIE L*a*b* of linear sRGB under D65.
fn lab(colour: [f64; 3]) -> [f64; 3] {
    const MATRIX: [[f64; 3]; 3] =
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]];
    let root = |t: f64| {
        if t > (6.0_f64 / 29.0).powi(3) { t.cbrt() } else { t / (3.0 * (6.0_f64 / 29.0).powi(2)) + 4.0 / 29.0 }
    };
    let [x, y, z] = MATRIX.map(|row| row.iter().zip(colour).map(|(weight, part)| weight * part).sum::<f64>());
    let (x, y, z) = (root(x / 0.95047), root(y), root(z / 1.08883));
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn ciede2000(first: [f64; 3], second: [f64; 3]) -> f64 {
    let chroma = |lab: [f64; 3]| lab[1].hypot(lab[2]);
    let lift = |chroma: f64| (chroma.powi(7) / (chroma.powi(7) + 25.0_f64.powi(7))).sqrt();
    let grow = 1.0 + 0.5 * (1.0 - lift((chroma(first) + chroma(second)) / 2.0));
    let polar = |lab: [f64; 3]| {
        let (a, b) = (lab[1] * grow, lab[2]);
        let hue = if a == 0.0 && b == 0.0 { 0.0 } else { b.atan2(a).to_degrees().rem_euclid(360.0) };
        (lab[0], a.hypot(b), hue)
    };
    let ((l1, c1, h1), (l2, c2, h2)) = (polar(first), polar(second));
    let is_grey = c1 * c2 == 0.0;
    let turn = if is_grey { 0.0 } else { (h2 - h1 + 180.0).rem_euclid(360.0) - 180.0 };
    let (dl, dc, dh) = (l2 - l1, c2 - c1, 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin());
    let (l, c) = ((l1 + l2) / 2.0, (c1 + c2) / 2.0);
    let h = match (h1 - h2).abs() {
        _ if is_grey => h1 + h2,
        apart if apart <= 180.0 => (h1 + h2) / 2.0,
        _ if h1 + h2 < 360.0 => (h1 + h2 + 360.0) / 2.0,
        _ => (h1 + h2 - 360.0) / 2.0,
    };
    let wave = |turns: f64, from: f64| (turns * h + from).to_radians().cos();
    let t = 1.0 - 0.17 * wave(1.0, -30.0) + 0.24 * wave(2.0, 0.0) + 0.32 * wave(3.0, 6.0) - 0.20 * wave(4.0, -63.0);
    let (sl, sc, sh) =
        (1.0 + 0.015 * (l - 50.0).powi(2) / (20.0 + (l - 50.0).powi(2)).sqrt(), 1.0 + 0.045 * c, 1.0 + 0.015 * c * t);
    let rotation = 30.0 * (-((h - 275.0) / 25.0).powi(2)).exp();
    let rt = -(2.0 * rotation).to_radians().sin() * 2.0 * lift(c);
    ((dl / sl).powi(2) + (dc / sc).powi(2) + (dh / sh).powi(2) + rt * (dc / sc) * (dh / sh)).sqrt()
}
