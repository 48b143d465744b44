//! What an asker says of itself, made safe to show.

use std::fmt;

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

/// The longest text that is shown, in characters (Unicode scalar values), the mark of the cut included.
const SHOWN: usize = 200;

/// The most scalar values one visible sign may pile up; enough for every living script, too few to climb out of
/// its line.
const PILE: usize = 8;

/// Stands where something invisible was, so that a reader sees that something was there.
const NEUTRAL: char = '\u{FFFD}';

/// Words of an asker, neutralised for display: never a fact, always to be quoted as its own words.
///
/// One line; white space (line breaks too) is one blank; each run of control characters, direction marks,
/// zero-width and other invisible characters is one U+FFFD; signs are not piled higher than eight marks; at most
/// 200 characters, cut between signs and ended with `…`. The text as it was sent is not kept.
///
/// HTML is not escaped: that belongs to whoever writes HTML.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ClaimedText(String);

impl ClaimedText {
    /// Neutralises `raw`; nothing when nothing is left to show.
    #[must_use]
    pub fn new(raw: &str) -> Option<Self> {
        let text = cut(&one_line(raw));
        (!text.is_empty()).then_some(Self(text))
    }

    /// The neutralised text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the text may pass for another one: a word mixes Latin with Cyrillic, Greek, Armenian or Cherokee
    /// letters, or uses letters that only imitate Latin ones.
    #[must_use]
    pub fn looks_alike(&self) -> bool {
        self.0.split(|c: char| !c.is_alphanumeric()).any(is_masked)
    }
}

impl fmt::Display for ClaimedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn one_line(raw: &str) -> String {
    let mut line = String::new();
    for c in raw.chars() {
        let shown = match c {
            '\u{FE00}'..='\u{FE0F}' => continue,
            c if c.is_whitespace() => ' ',
            c if is_hidden(c) => NEUTRAL,
            c => c,
        };
        let repeats = matches!(shown, ' ' | NEUTRAL) && line.ends_with(shown);
        if !repeats {
            line.push(shown);
        }
    }
    line.trim().to_owned()
}

fn cut(line: &str) -> String {
    let mut text = String::new();
    let mut length = 0;
    let mut before_last = 0;
    for sign in line.graphemes(true) {
        let sign: String = sign.chars().take(PILE).collect();
        length += sign.chars().count();
        if length > SHOWN {
            return ended(&text, before_last, length - sign.chars().count());
        }
        before_last = text.len();
        text.push_str(&sign);
    }
    text
}

/// Marks the cut, giving up the last sign when the mark would be one character too many.
fn ended(text: &str, before_last: usize, length: usize) -> String {
    let kept = if length < SHOWN { text } else { text.get(..before_last).unwrap_or_default() };
    format!("{}…", kept.trim_end())
}

/// Whether a character shows nothing by itself: controls, the general category Cf, and the blanks and fillers that
/// are neither (Unicode 16, `Default_Ignorable_Code_Point`).
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{06DD}' | '\u{070F}' | '\u{08E2}' | '\u{FEFF}'
            | '\u{0600}'..='\u{0605}' | '\u{0890}'..='\u{0891}' | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FFF0}'..='\u{FFFB}' | '\u{110BD}' | '\u{110CD}'
            | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}')
}

fn is_masked(word: &str) -> bool {
    let latin = word.chars().any(is_latin);
    let twin = word.chars().any(has_latin_twins);
    (latin && twin) || word.chars().any(imitates_latin)
}

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && matches!(c, 'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

/// Letters of the scripts whose letters are taken for Latin ones: Greek, Cyrillic, Armenian, Cherokee.
fn has_latin_twins(c: char) -> bool {
    matches!(c,
        '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' | '\u{400}'..='\u{52F}' | '\u{1C80}'..='\u{1C8F}'
        | '\u{2DE0}'..='\u{2DFF}' | '\u{A640}'..='\u{A69F}' | '\u{531}'..='\u{587}'
        | '\u{13A0}'..='\u{13FD}' | '\u{AB70}'..='\u{ABBF}')
}

/// Letters that exist to look like Latin ones: mathematical alphabets, full width, small capitals, circled.
fn imitates_latin(c: char) -> bool {
    matches!(c,
        '\u{1D400}'..='\u{1D7FF}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}'
        | '\u{1D00}'..='\u{1D2B}' | '\u{24B6}'..='\u{24E9}' | '\u{2100}'..='\u{214F}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(raw: &str) -> String {
        ClaimedText::new(raw).map(|text| text.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_is_invisible_becomes_one_visible_mark() {
        for (raw, safe) in [
            ("Shop\u{202E}gpj.exe", "Shop\u{FFFD}gpj.exe"),
            ("Woo\u{200B}\u{200D}\u{FEFF}Commerce", "Woo\u{FFFD}Commerce"),
            ("\u{2066}a\u{2069}", "\u{FFFD}a\u{FFFD}"),
            ("bell\u{7}", "bell\u{FFFD}"),
            ("soft\u{AD}hyphen", "soft\u{FFFD}hyphen"),
            ("tag\u{E0041}\u{E007F}s", "tag\u{FFFD}s"),
            ("heart\u{2764}\u{FE0F}", "heart\u{2764}"),
        ] {
            assert_eq!(shown(raw), safe);
        }
    }

    #[test]
    fn white_space_is_one_blank_and_lines_are_one_line() {
        assert_eq!(shown("  My\r\n\r\n  shop\u{2028}of\u{A0}\u{3000}books \t"), "My shop of books");
    }

    #[test]
    fn nothing_to_show_is_no_text() {
        for raw in ["", " ", "\t\n", "\u{2003}", "\u{FE0F}"] {
            assert_eq!(ClaimedText::new(raw), None, "{raw:?}");
        }
    }

    #[test]
    fn ten_thousand_characters_are_cut_at_two_hundred_and_say_so() {
        assert_eq!(shown(&"x".repeat(200)), "x".repeat(200));
        assert_eq!(shown(&"x".repeat(10_000)), format!("{}…", "x".repeat(199)));
        let accents = shown(&"e\u{301}".repeat(10_000));
        assert_eq!(accents, format!("{}…", "e\u{301}".repeat(99)), "no sign is cut in two");
    }

    #[test]
    fn a_tower_of_marks_stays_in_its_line() {
        assert_eq!(shown(&format!("Z{}", "\u{30D}".repeat(500))).chars().count(), PILE);
    }

    #[test]
    fn a_word_of_mixed_scripts_is_told_apart_from_plain_foreign_words() {
        for odd in
            ["PayP\u{430}l", "W\u{3BF}\u{3BF}Commerce", "my \u{420}restaShop", "\u{FF37}oo", "\u{1D4B2}oo"]
        {
            assert!(ClaimedText::new(odd).is_some_and(|t| t.looks_alike()), "{odd}");
        }
        for plain in
            ["WooCommerce", "Книги 24", "Βιβλία", "Café Zürich", "Shop Магазин", "Bücher-Книги", "POS 東京"]
        {
            assert!(ClaimedText::new(plain).is_some_and(|t| !t.looks_alike()), "{plain}");
        }
    }

    proptest! {
        #[test]
        fn any_text_ends_up_as_one_short_visible_line(raw in any::<String>()) {
            let text = shown(&raw);
            prop_assert!(text.chars().count() <= SHOWN);
            prop_assert!(!text.chars().any(is_hidden));
            prop_assert_eq!(text.trim(), &text);
        }

        #[test]
        fn neutralising_twice_changes_nothing(raw in "(\\PC|[\u{200b}-\u{202e}\n]|e\u{301}){0,260}") {
            let once = shown(&raw);
            prop_assert_eq!(shown(&once), once);
        }
    }
}
