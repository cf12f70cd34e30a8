//! `[foreign-text]`: text that somebody else wrote, or that was copied from elsewhere: what of it can be seen, and what cannot.

use std::borrow::Cow;

/// Whether a character takes no room of its own on the screen: it has no width, or it fills a place with nothing.
pub fn is_zero_width(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character turns the direction of writing, so that a text reads differently from what it holds.
pub fn is_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character is not seen as itself: a control, a line break, or one that has no width or turns the direction
/// of writing.
pub fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || is_direction(c) || is_zero_width(c)
}

/// A text of somebody else's as it may be shown. Hidden characters stand as their escapes (`\u{202e}`, `\n`), so that the
/// text can neither move a terminal's cursor, nor colour it, nor pass for lines of ours, and two texts that differ look
/// different. Joiners and variation selectors stay where they belong, after a pictograph.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        let is_joined = matches!(c, '\u{200d}' | '\u{fe0f}') && is_pictograph(before);
        if is_hidden(c) && !is_joined {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
        before = if c == '\u{fe0f}' && is_joined { before } else { c };
    }
    out
}

/// A string as typed or copied, without what copying leaves in it: white space, line breaks and characters without
/// width. For strings that contain none of these themselves, such as addresses and keys.
pub fn without_space(text: &str) -> Cow<'_, str> {
    let is_space = |c: char| c.is_whitespace() || c.is_control() || is_direction(c) || is_zero_width(c);
    match text.contains(is_space) {
        false => Cow::Borrowed(text),
        true => Cow::Owned(text.chars().filter(|c| !is_space(*c)).collect()),
    }
}

/// Whether a character is a symbol or an emoji, after which joiners and variation selectors belong.
pub fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_stays_in_its_place() {
        assert_eq!(
            visible("Miete für März, \u{2764}\u{fe0f} und cafe\u{301}"),
            "Miete für März, ❤\u{fe0f} und cafe\u{301}"
        );
        let forged = "rent\n  4  GUARANTEED  received\x1b[2J\u{9b}31m\u{202e}\u{61c}\u{2028}";
        let shown = visible(forged);
        assert!(!shown.chars().any(is_hidden), "{shown}");
        assert!(shown.starts_with("rent\\n  4"));
    }

    /// Attacker: somebody who calls himself as another is called, with a character that nobody sees.
    #[test]
    fn texts_that_differ_look_different() {
        for hidden in [
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{2060}',
            '\u{feff}',
            '\u{ad}',
            '\u{3164}',
            '\u{e0041}',
            '\u{200e}',
        ] {
            let shown = visible(&format!("Tax{hidden} Office"));
            assert_eq!(shown, format!("Tax{} Office", hidden.escape_default()));
        }
        assert_eq!(visible("\u{fe0f}a\u{200d}"), "\\u{fe0f}a\\u{200d}");
        let family = "\u{1f468}\u{200d}\u{1f469}\u{fe0f}\u{200d}\u{1f467}";
        assert_eq!(visible(family), family);
    }

    #[test]
    fn copied_strings_lose_what_copying_left() {
        assert_eq!(without_space(" lvr1\u{a0}q\u{200b}q\r\n\tq\u{feff} "), "lvr1qqq");
        assert!(matches!(without_space("lvr1q"), Cow::Borrowed("lvr1q")));
    }
}
