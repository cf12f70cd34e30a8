//! Text that other people wrote.

/// Text that somebody else wrote, in a form that can neither move the terminal's cursor, nor colour it, nor be taken for
/// lines of the command. Control characters, characters without width and those that turn the direction of writing stand
/// as their escapes.
pub(crate) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || is_unseen(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a character shows nothing of itself, or changes how others show.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A long id by its beginning. Louver's strings all begin alike in one pool: they are shown by their end.
pub(crate) fn short(id: &str) -> String {
    if let Some((kind, _)) = id.split_once('1').filter(|(kind, _)| kind.starts_with("lvr"))
        && let Some(end) = id.len().checked_sub(10).and_then(|start| id.get(start..))
    {
        return format!("{kind}1..{end}");
    }
    match id.char_indices().nth(14) {
        Some((end, _)) => format!("{}..", &id[..end]),
        None => id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_stays_in_its_place() {
        assert_eq!(printable("Miete für März"), "Miete für März");
        let forged = "rent\n  4  GUARANTEED  received\x1b[2J\u{9b}31m\u{202e}\u{61c}\u{2028}\u{200b}\u{feff}";
        let shown = printable(forged);
        assert!(!shown.chars().any(|c| c.is_control() || is_unseen(c)), "{shown}");
        assert!(shown.starts_with("rent\\u{a}  4"), "{shown}");
    }
}
