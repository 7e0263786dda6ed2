//! Fonts: what is embedded, what `--font` adds; how wide a text is, how it wraps, what no font can write, and which font
//! the rasteriser takes for a letter. Of resvg, it knows the database of fonts and how they are chosen, and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use resvg::usvg::{FontResolver, fontdb};

use super::scene::Weight;
use crate::render::style::{harmless, is_hostile};

/// The embedded font: Source Sans 3, a part of it, under another name as its licence asks.
pub(super) const FAMILY: &str = "Goldthread Sans";
const REGULAR: &[u8] = include_bytes!("fonts/GoldthreadSans-Regular.ttf");
const STRONG: &[u8] = include_bytes!("fonts/GoldthreadSans-SemiBold.ttf");
/// What a viewer of SVG falls back to, before any font without serifs.
const FALLBACK: [&str; 6] = ["Source Sans 3", "Source Sans Pro", "Noto Sans", "Segoe UI", "Helvetica", "Arial"];
/// The lightest weight of CSS that is written in the heavier of our two.
const STRONG_FROM: u16 = 600;

/// The fonts of a picture.
pub struct Letters {
    /// Of the user, if any, before those embedded.
    regular: Vec<Face>,
    strong: Vec<Face>,
    /// The user's font's name, if any.
    named: Option<String>,
    database: Arc<fontdb::Database>,
    /// Of `regular` and of `strong`, in the database.
    ids: (Vec<fontdb::ID>, Vec<fontdb::ID>),
}

/// What it takes to measure with a font.
struct Face {
    /// Advances of characters, in ems.
    advances: BTreeMap<char, f64>,
    /// How far letters reach above and below the baseline, in ems.
    #[cfg(test)]
    reaches: BTreeMap<char, (f64, f64)>,
}

/// The last character that is looked for in a font: beyond lie tags and private letters.
const LAST: char = '\u{2ffff}';

impl Face {
    /// Asks for every character in turn: the ranges that a damaged font claims to have may be of any length.
    fn of(bytes: &[u8], index: u32) -> Option<Face> {
        let face = ttf_parser::Face::parse(bytes, index).ok()?;
        let em = f64::from(face.units_per_em());
        face.tables().cmap?;
        let advance = |c: char| Some((c, f64::from(face.glyph_hor_advance(face.glyph_index(c)?)?) / em));
        let advances: BTreeMap<char, f64> = ('\0'..=LAST).filter_map(advance).collect();
        #[cfg(test)]
        let reaches = advances
            .keys()
            .filter_map(|c| {
                let bounds = face.glyph_bounding_box(face.glyph_index(*c)?)?;
                Some((*c, (f64::from(bounds.y_max) / em, -f64::from(bounds.y_min) / em)))
            })
            .collect();
        Some(Face {
            advances,
            #[cfg(test)]
            reaches,
        })
    }
}

/// The advance of a character that no font has, in ems.
const UNKNOWN: f64 = 0.6;

impl Letters {
    /// The embedded font, behind the user's own where there is one.
    ///
    /// # Errors
    /// The file is no font.
    pub fn new(own: Option<Vec<u8>>) -> Result<Letters, String> {
        let mut database = fontdb::Database::new();
        let (mut regular, mut strong, mut named) = (Vec::new(), Vec::new(), None);
        let mut ids = (Vec::new(), Vec::new());
        if let Some(bytes) = own {
            let face = |index| Face::of(&bytes, index).ok_or("it is no TrueType or OpenType font");
            regular.push(face(0)?);
            strong.push(face(0)?);
            // Once for each weight, so that what the font lacks is known to be of that weight.
            let bytes: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::new(bytes);
            for ids in [&mut ids.0, &mut ids.1] {
                ids.extend(database.load_font_source(fontdb::Source::Binary(Arc::clone(&bytes))).first());
            }
            let family = database.faces().next().and_then(|face| Some(face.families.first()?.0.clone()));
            named = Some(family.ok_or("it names no family")?);
        }
        for (faces, ids, bytes) in [(&mut regular, &mut ids.0, REGULAR), (&mut strong, &mut ids.1, STRONG)] {
            faces.push(Face::of(bytes, 0).ok_or("the embedded font is damaged")?);
            ids.extend(database.load_font_source(fontdb::Source::Binary(Arc::new(bytes))).first());
        }
        Ok(Letters { regular, strong, named, database: Arc::new(database), ids })
    }

    /// For the rasteriser.
    pub(super) fn database(&self) -> &Arc<fontdb::Database> {
        &self.database
    }

    /// How the rasteriser chooses: by weight, the user's font before the embedded one, whatever they are called. So it
    /// draws with what was measured with.
    pub(super) fn resolver(&self) -> FontResolver<'_> {
        let (regular, strong) = (&self.ids.0, &self.ids.1);
        FontResolver {
            select_font: Box::new(move |font, _| {
                let ids = if font.weight() >= STRONG_FROM { strong } else { regular };
                ids.first().copied()
            }),
            select_fallback: Box::new(move |c, used, _| {
                let is_strong = used.first().is_some_and(|first| strong.contains(first));
                let (ids, faces) = if is_strong { (strong, &self.strong) } else { (regular, &self.regular) };
                let mut both = ids.iter().zip(faces);
                both.find(|(id, face)| !used.contains(id) && face.advances.contains_key(&c)).map(|(id, _)| *id)
            }),
        }
    }

    /// The families in order of preference, as CSS writes them: each in quotes, since a name without must be of
    /// identifiers, and an identifier does not begin with a digit.
    pub(super) fn family(&self) -> String {
        let names = self.named.as_deref().into_iter().chain([FAMILY]).chain(FALLBACK);
        let quoted: Vec<String> = names.map(quoted).collect();
        format!("{}, sans-serif", quoted.join(", "))
    }

    fn faces(&self, weight: Weight) -> &[Face] {
        if weight == Weight::Strong { &self.strong } else { &self.regular }
    }

    /// The width of a text on one line, in the unit of `size`.
    pub(super) fn width(&self, text: &str, size: f64, weight: Weight) -> f64 {
        text.chars().map(|c| self.advance(c, weight)).sum::<f64>() * size
    }

    fn advance(&self, c: char, weight: Weight) -> f64 {
        // What acts on a page is drawn as what is put in its place.
        let c = if is_hostile(c) { char::REPLACEMENT_CHARACTER } else { c };
        let known = self.faces(weight).iter().find_map(|face| face.advances.get(&c).copied());
        // A joiner that no font has takes no room.
        let is_joined = unicode_width::UnicodeWidthChar::width(c) == Some(0);
        known.unwrap_or(if is_joined { 0.0 } else { UNKNOWN })
    }

    /// How far a text reaches above and below its baseline, in the unit of `size`: what is drawn of its letters, accents and
    /// descenders with them.
    #[cfg(test)]
    pub(super) fn reach(&self, text: &str, size: f64, weight: Weight) -> (f64, f64) {
        let one = |c: char| self.faces(weight).iter().find_map(|face| face.reaches.get(&c).copied());
        let most = |a: (f64, f64), b: (f64, f64)| (a.0.max(b.0), a.1.max(b.1));
        let (up, down) = text.chars().filter_map(one).fold((0.0, 0.0), most);
        (up * size, down * size)
    }

    /// Whether any font has a character, or none is needed for it: what acts on a page is drawn as a box.
    pub(super) fn writes(&self, c: char) -> bool {
        // What stands for what is never drawn is drawn as a box, in any font.
        let is_box = is_hostile(c) || c == char::REPLACEMENT_CHARACTER;
        c.is_whitespace() || is_box || self.regular.iter().any(|face| face.advances.contains_key(&c))
    }

    /// As much of a text as fits a width, with an ellipsis where that is not all.
    pub(super) fn fitted(&self, text: &str, size: f64, weight: Weight, width: f64) -> String {
        if self.width(text, size, weight) <= width {
            return text.to_owned();
        }
        let room = width - self.width("…", size, weight);
        let kept = self.head(text, size, weight, room);
        format!("{}…", kept.trim_end())
    }

    /// The longest beginning of a text that fits; never half of a letter with its accents.
    fn head<'t>(&self, text: &'t str, size: f64, weight: Weight, width: f64) -> &'t str {
        let (mut used, mut end) = (0.0, 0);
        for (at, c) in text.char_indices() {
            let is_joined = unicode_width::UnicodeWidthChar::width(c) == Some(0);
            if !is_joined {
                end = at;
            }
            used += self.advance(c, weight) * size;
            if used > width {
                return &text[..end];
            }
        }
        text
    }

    /// A text on lines of at most a width, broken between words, and inside those that are too long; an ellipsis ends
    /// the last of at most `most` lines where more would follow.
    pub(super) fn wrapped(&self, text: &str, size: f64, weight: Weight, width: f64, most: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            if lines.len() + 1 == most {
                lines.push(self.fitted(rest, size, weight, width));
                return lines;
            }
            let line = self.line(rest, size, weight, width);
            lines.push(line.trim_end().to_owned());
            rest = rest[line.len()..].trim_start();
        }
        lines
    }

    /// The first line of a text: to the last space that fits, else as many letters as fit, at least one.
    fn line<'t>(&self, text: &'t str, size: f64, weight: Weight, width: f64) -> &'t str {
        if self.width(text, size, weight) <= width {
            return text;
        }
        let head = self.head(text, size, weight, width);
        let next_is_space = text[head.len()..].starts_with(char::is_whitespace);
        match head.rfind(char::is_whitespace) {
            _ if next_is_space => head,
            Some(space) if space > 0 => &text[..space],
            _ if head.is_empty() => &text[..text.chars().next().map_or(0, char::len_utf8)],
            _ => head,
        }
    }
}

/// A string of CSS.
fn quoted(name: &str) -> String {
    format!("'{}'", harmless(name).replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_is_quoted_whatever_it_is_called() {
        assert_eq!(quoted("Source Sans 3"), "'Source Sans 3'");
        assert_eq!(quoted(r"L'été \ 3, serif"), r"'L\'été \\ 3, serif'");
        let letters = Letters::new(None).unwrap();
        let families = letters.family();
        let (quoted, generic) = families.rsplit_once(", ").unwrap();
        assert_eq!(generic, "sans-serif");
        assert!(quoted.starts_with("'Goldthread Sans', 'Source Sans 3', "), "{quoted}");
        assert!(quoted.split(", ").all(|name| name.len() > 2 && name.starts_with('\'') && name.ends_with('\'')));
    }

    #[test]
    fn what_is_no_character_needs_no_font() {
        let letters = Letters::new(None).unwrap();
        assert!("\u{fdd0}\u{fdef}\u{fffe}\u{1fffe}\u{10ffff}".chars().all(|c| letters.writes(c)));
        assert!(!letters.writes('\u{fdcf}') && !letters.writes('\u{fdf0}'), "Arabic is not embedded");
    }

    #[test]
    fn texts_wrap_between_words_and_end_in_an_ellipsis() {
        let letters = Letters::new(None).unwrap();
        let wide = |text: &str| letters.width(text, 10.0, Weight::Regular);
        let width = wide("Complaints settled");
        assert_eq!(
            letters.wrapped("Complaints settled within five days", 10.0, Weight::Regular, width, 3),
            ["Complaints settled", "within five days"]
        );
        let fitted = letters.fitted("Complaints settled within", 10.0, Weight::Regular, width);
        assert!(fitted.ends_with('…') && wide(&fitted) <= width, "{fitted}");
        let broken = letters.wrapped("Donaudampfschifffahrtsgesellschaft", 10.0, Weight::Regular, width, 9);
        assert!(broken.len() == 2 && broken.iter().all(|line| wide(line) <= width), "{broken:?}");
        assert_eq!(broken.concat(), "Donaudampfschifffahrtsgesellschaft");
    }

    #[test]
    fn greek_cyrillic_and_vietnamese_are_embedded_and_chinese_is_not() {
        let letters = Letters::new(None).unwrap();
        assert!("Ικανοποίηση πελατών Отток клиентов Tỷ lệ khách hàng € ≥ ≤ − … –".chars().all(|c| letters.writes(c)));
        assert!(!letters.writes('字'));
    }
}
