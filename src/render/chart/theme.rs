//! What inks mean, and which colour each has in a theme and a palette.
//!
//! Charts ask for meanings; this file alone knows colours. A test holds every ink to its contrast, and the statuses to being
//! told apart without colour: they differ in lightness, red and green too.

use crate::status::Status;

/// What something drawn means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ink {
    /// The page.
    Page,
    /// A card on the page.
    Card,
    /// Borders of cards, axes, rules of tables: seen, not read.
    Rule,
    /// Lines behind data.
    Grid,
    /// Text, and lines as strong as text.
    Text,
    /// Text that is less than the rest.
    Muted,
    /// What was read.
    Actual,
    /// What was read a year before.
    Prior,
    /// What was promised.
    Plan,
    /// The limits of a process, and what they say.
    Process,
    /// The surface between the limits of a process, behind data.
    Band,
    /// The path on which most is lost: lines and surfaces, not letters.
    Gold,
    /// A surface along that path, and below what it costs, that text stands on.
    GoldTint,
    /// Arithmetic.
    Definition,
    /// Belief.
    Link,
    /// A status: marks and words.
    Status(Status),
    /// A surface of a status that text stands on.
    Tint(Status),
    /// Better, of differences.
    Good,
    /// Worse, of differences.
    Bad,
    /// The qualitative ranges of a bullet, worst (darkest) first: 0, 1, 2.
    Range(u8),
}

impl Ink {
    /// Every ink there is.
    pub fn all() -> Vec<Ink> {
        use Ink::{
            Actual, Bad, Band, Card, Definition, Gold, GoldTint, Good, Grid, Link, Muted, Page, Plan, Prior, Process,
            Range, Rule, Text, Tint,
        };
        let mut all = vec![
            Page,
            Card,
            Rule,
            Grid,
            Text,
            Muted,
            Actual,
            Prior,
            Plan,
            Process,
            Band,
            Gold,
            GoldTint,
            Definition,
            Link,
            Good,
            Bad,
            Range(0),
            Range(1),
            Range(2),
        ];
        all.extend(Status::ALL.map(Ink::Status));
        all.extend(Status::ALL.map(Tint));
        all
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on white, for paper and slides.
    #[default]
    Light,
    /// Light on near black.
    Dark,
}

/// The colours of statuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatusPalette {
    /// Blue for good, vermillion for bad: safe for colour-blind readers.
    #[default]
    Safe,
    /// Red, amber, green.
    Rag,
}

/// Red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// Which colours a picture is drawn in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Colours {
    /// Light or dark.
    pub theme: Theme,
    /// The colours of statuses.
    pub palette: StatusPalette,
}

const fn rgb(hex: u32) -> Rgb {
    Rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Colours {
    /// The colour of an ink.
    pub fn of(self, ink: Ink) -> Rgb {
        match self.theme {
            Theme::Light => light(ink, self.palette),
            Theme::Dark => dark(ink, self.palette),
        }
    }
}

fn light(ink: Ink, palette: StatusPalette) -> Rgb {
    let rag = palette == StatusPalette::Rag;
    rgb(match ink {
        Ink::Page => 0xff_ff_ff,
        Ink::Card => 0xf7_f8_fa,
        Ink::Rule => 0xc4_ca_d2,
        Ink::Grid => 0xe4_e7_ec,
        Ink::Text => 0x1b_1f_24,
        Ink::Muted => 0x57_60_6a,
        Ink::Actual => 0x24_2f_3d,
        Ink::Prior => 0x78_83_8f,
        Ink::Plan => 0x57_60_6a,
        Ink::Process => 0x6a_51_a3,
        Ink::Band => 0xf3_f0_fa,
        Ink::Gold => 0xb0_80_00,
        Ink::GoldTint => 0xfd_f1_cf,
        Ink::Definition => 0x3b_45_52,
        Ink::Link => 0x66_71_7e,
        Ink::Status(Status::OnTarget) | Ink::Good => {
            if rag {
                0x0a_52_28
            } else {
                0x0b_5c_ad
            }
        }
        Ink::Status(Status::AtRisk) => 0x92_67_00,
        Ink::Status(Status::OffTarget) | Ink::Bad => {
            if rag {
                0xac_11_2e
            } else {
                0x93_24_00
            }
        }
        Ink::Status(Status::NoTarget | Status::NoData) => 0x5f_68_73,
        Ink::Tint(Status::OnTarget) => {
            if rag {
                0xdd_f1_e2
            } else {
                0xdb_e9_f8
            }
        }
        Ink::Tint(Status::AtRisk) => 0xfd_f5_dd,
        Ink::Tint(Status::OffTarget) => {
            if rag {
                0xfa_e3_e5
            } else {
                0xfd_e4_da
            }
        }
        Ink::Tint(Status::NoTarget | Status::NoData) => 0xee_f0_f2,
        Ink::Range(0) => 0xb9_c1_cb,
        Ink::Range(1) => 0xd3_d9_e0,
        Ink::Range(_) => 0xe9_ec_f0,
    })
}

fn dark(ink: Ink, palette: StatusPalette) -> Rgb {
    let rag = palette == StatusPalette::Rag;
    rgb(match ink {
        Ink::Page => 0x14_18_1d,
        Ink::Card => 0x1d_23_2a,
        Ink::Rule => 0x4a_53_5f,
        Ink::Grid => 0x2a_31_3a,
        Ink::Text => 0xee_f1_f5,
        Ink::Muted => 0xa9_b3_bf,
        Ink::Actual => 0xe2_e8_f0,
        Ink::Prior => 0x7f_8b_99,
        Ink::Plan => 0xa9_b3_bf,
        Ink::Process => 0xb8_a5_e8,
        Ink::Band => 0x21_1f_30,
        Ink::Gold => 0xf0_c0_3c,
        Ink::GoldTint => 0x42_36_12,
        Ink::Definition => 0xc3_cb_d5,
        Ink::Link => 0x8d_98_a6,
        Ink::Status(Status::OnTarget) | Ink::Good => {
            if rag {
                0x5f_d3_81
            } else {
                0x6c_b4_ff
            }
        }
        Ink::Status(Status::AtRisk) => {
            if rag {
                0xf9_dd_8c
            } else {
                0xf5_cf_6b
            }
        }
        Ink::Status(Status::OffTarget) | Ink::Bad => {
            if rag {
                0xff_5c_54
            } else {
                0xff_6f_43
            }
        }
        Ink::Status(Status::NoTarget | Status::NoData) => 0x9a_a4_b0,
        Ink::Tint(Status::OnTarget) => {
            if rag {
                0x15_35_20
            } else {
                0x12_2d_4a
            }
        }
        Ink::Tint(Status::AtRisk) => 0x3a_2e_10,
        Ink::Tint(Status::OffTarget) => {
            if rag {
                0x3f_19_1c
            } else {
                0x40_1f_12
            }
        }
        Ink::Tint(Status::NoTarget | Status::NoData) => 0x26_2d_35,
        Ink::Range(0) => 0x4d_57_63,
        Ink::Range(1) => 0x3a_43_4e,
        Ink::Range(_) => 0x2b_32_3b,
    })
}
