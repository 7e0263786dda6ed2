//! The grammar of messages: counts, lists, did-you-mean.
//!
//! Knows English and nothing else.

/// `1 row`, `2 rows`, `1,200 rows`.
pub fn count(n: usize, noun: &str) -> String {
    let plural = match noun {
        _ if n == 1 => noun.to_owned(),
        _ if noun.ends_with('y') && !noun.ends_with("ay") && !noun.ends_with("ey") => {
            format!("{}ies", &noun[..noun.len() - 1])
        }
        _ if noun.ends_with('s') || noun.ends_with('x') || noun.ends_with("ch") => format!("{noun}es"),
        _ => format!("{noun}s"),
    };
    format!("{} {plural}", grouped(&n.to_string()))
}

/// `both rows`, `all 3 rows`; of one, the row.
pub fn all(n: usize, noun: &str) -> String {
    match n {
        1 => format!("the {noun}"),
        2 => format!("both {}", count(2, noun).trim_start_matches("2 ")),
        _ => format!("all {}", count(n, noun)),
    }
}

/// A sentence with a capital at its beginning.
pub fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Groups the integer digits of a plain number by threes with commas.
pub fn grouped(number: &str) -> String {
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (integer, fraction) = rest.split_once('.').map_or((rest, None), |(i, f)| (i, Some(f)));
    let mut out = String::from(sign);
    for (index, digit) in integer.chars().enumerate() {
        if index > 0 && (integer.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// `a`, `a and b`, `a, b and c`, each in backticks.
pub fn list<I: IntoIterator<Item = S>, S: AsRef<str>>(names: I) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect();
    join(&names, "and")
}

/// Joins with commas and a last word: `a, b or c`.
pub fn join(items: &[String], last_word: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} {last_word} {last}", init.join(", ")),
    }
}

/// The candidate a reader most likely meant, if any is near.
pub fn nearest<'a, I: IntoIterator<Item = &'a str>>(word: &str, candidates: I) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count().max(lower.chars().count()) / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `did you mean `x`?`, or a list of what there is.
pub fn did_you_mean<'a, I>(word: &str, candidates: I) -> Option<String>
where
    I: IntoIterator<Item = &'a str>,
{
    let candidates: Vec<&str> = candidates.into_iter().collect();
    match nearest(word, candidates.iter().copied()) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None if candidates.is_empty() => None,
        None if candidates.len() <= 12 => Some(format!("there is {}", list(&candidates))),
        None => Some(format!("there is {} and {} more", list(&candidates[..10]), candidates.len() - 10)),
    }
}

/// Shortens to at most `width` characters, with an ellipsis in the last.
pub fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(width.saturating_sub(1)).collect();
    out.push('…');
    out
}

/// An I/O error in plain words, without the number.
pub fn io_error(error: &std::io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    words.chars().next().map_or(String::new(), |c| c.to_lowercase().chain(words[c.len_utf8()..].chars()).collect())
}

/// What to do where a path leads nowhere, or not to a file.
pub fn path_remedy(error: &std::io::Error) -> Option<&'static str> {
    match error.kind() {
        std::io::ErrorKind::NotFound => Some("make the folder first"),
        std::io::ErrorKind::NotADirectory => Some("name another path: a part of this one is a file"),
        std::io::ErrorKind::IsADirectory => Some("name a file in it"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_take_their_plural() {
        assert_eq!(count(1, "row"), "1 row");
        assert_eq!(count(0, "row"), "0 rows");
        assert_eq!(count(12_345, "entry"), "12,345 entries");
        assert_eq!(count(2, "day"), "2 days");
    }

    #[test]
    fn digits_are_grouped_by_threes() {
        assert_eq!(grouped("-1234567.891"), "-1,234,567.891");
        assert_eq!(grouped("123"), "123");
        assert_eq!(grouped("1000"), "1,000");
    }

    #[test]
    fn lists_read_as_english() {
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` and `c`");
    }

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        assert_eq!(did_you_mean("treshold", ["target", "threshold"]).as_deref(), Some("did you mean `threshold`?"));
        assert_eq!(did_you_mean("zzz", ["target"]).as_deref(), Some("there is `target`"));
        assert_eq!(did_you_mean("x", []), None);
    }
}
