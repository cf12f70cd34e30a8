//! Numbers as people write them.

/// A number that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// One reading: digits before the point and after it. Not both are empty.
    Decimal { whole: String, fraction: String },
    /// Two readings, each as it can be written.
    TwoReadings(String, String),
}

/// Whether a character can be part of a number: a digit, a point, a comma, or a space between groups of digits.
pub(super) fn has_place(c: char) -> bool {
    c.is_ascii_digit() || is_mark(c) || is_space(c)
}

fn is_mark(c: char) -> bool {
    matches!(c, '.' | ',')
}

/// Spaces, no-break and thin ones too. Line breaks and tabs part numbers from each other.
fn is_space(c: char) -> bool {
    c.is_whitespace() && !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}')
}

impl Number {
    /// Reads a number. `None` if it cannot be read at all.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (whole, rest) = text.split_at(text.find(is_mark).unwrap_or(text.len()));
        let whole = without_spaces(whole)?;
        let marks: Vec<char> = rest.chars().filter(|c| is_mark(*c)).collect();
        // After the first mark, digits and marks only.
        if rest.contains(is_space) {
            return None;
        }
        let parts: Vec<&str> = rest.split(is_mark).skip(1).collect();
        match (marks.as_slice(), parts.as_slice()) {
            ([], _) => Self::decimal(whole, ""),
            ([','], [fraction]) if is_group_start(&whole) && fraction.len() == 3 => {
                Some(Self::TwoReadings(format!("{whole}{fraction}"), format!("{whole}.{fraction}")))
            }
            ([_], [fraction]) => Self::decimal(whole, fraction),
            _ => Self::several_marks(&whole, &marks, &parts),
        }
    }

    fn decimal(whole: String, fraction: &str) -> Option<Self> {
        let is_number = !whole.is_empty() || !fraction.is_empty();
        is_number.then(|| Self::Decimal { whole, fraction: fraction.to_owned() })
    }

    /// Several marks: either they part thousands, up to a decimal mark of the other kind, or the first one is decimal.
    fn several_marks(whole: &str, marks: &[char], parts: &[&str]) -> Option<Self> {
        let (first, last) = (marks.first()?, marks.last()?);
        let (last_part, groups) = parts.split_last()?;
        let groups_are_whole =
            |groups: &[&str]| is_group_start(whole) && groups.iter().all(|group| group.len() == 3);
        let is_parted = marks[..marks.len() - 1].iter().all(|mark| mark == first) && groups_are_whole(groups);
        let grouped = match is_parted {
            true if last != first && !last_part.is_empty() => {
                format!("{whole}{}.{last_part}", groups.concat())
            }
            true if last == first && last_part.len() == 3 => format!("{whole}{}", parts.concat()),
            _ => return None,
        };
        Some(Self::TwoReadings(grouped, format!("{whole}.{}", parts.concat())))
    }
}

/// Whether digits can come before groups of three.
fn is_group_start(digits: &str) -> bool {
    matches!(digits.len(), 1..=3) && !digits.starts_with('0')
}

/// Digits without the spaces between their groups. `None` if there are others than between groups of three, or spaces of
/// two kinds.
fn without_spaces(text: &str) -> Option<String> {
    let text = text.trim();
    let mut spaces = text.chars().filter(|c| is_space(*c));
    let Some(space) = spaces.next() else { return Some(text.to_owned()) };
    let mut groups = text.split(space);
    let first = groups.next().filter(|first| is_group_start(first))?;
    let mut digits = first.to_owned();
    for group in groups {
        let is_group = group.len() == 3 && group.bytes().all(|c| c.is_ascii_digit());
        digits.push_str(Some(group).filter(|_| is_group)?);
    }
    Some(digits)
}
