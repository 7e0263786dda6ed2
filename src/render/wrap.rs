//! Lines of so many columns.

use unicode_width::UnicodeWidthStr;

/// Breaks a line at blanks; continuation lines are indented.
pub(super) fn wrapped(line: &str, width: Option<usize>, indent: usize) -> String {
    let width = width.unwrap_or(usize::MAX).max(20);
    let (mut out, mut column) = (String::new(), 0);
    for word in line.split(' ') {
        if column > 0 && column + 1 + word.width() > width {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            column = indent;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += word.width();
    }
    out.push('\n');
    out
}
