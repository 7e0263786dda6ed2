//! The README's pictures: `show` drawn from the program's own coloured output, and the gallery of charts, so that they
//! cannot drift.

use crate::session::{goldthread, root};

const CELL: (f64, f64) = (8.4, 19.0);
const MARGIN: f64 = 16.0;

#[test]
fn the_readme_shows_what_the_program_prints() {
    let arguments = ["-s", "scorecards/subscription.toml", "show", "+churn", "--color", "always", "--width", "120"];
    let picture = draw(&goldthread(&arguments).done());
    let path = root().join("examples/subscription/expected/show.svg");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &picture).expect("the picture is written");
    }
    assert!(picture.contains("First-contact resolution"));
    assert_eq!(std::fs::read_to_string(&path).expect("the picture"), picture, "UPDATE=1 rewrites it");
}

#[test]
fn the_gallery_is_what_the_program_draws() {
    let gallery = root().join("examples/subscription/charts");
    let drawn = tempfile::tempdir().expect("a folder");
    let folder = if std::env::var_os("UPDATE").is_some() { gallery.as_path() } else { drawn.path() };
    let path = folder.to_str().expect("UTF-8");
    let session = goldthread(&["-s", "scorecards/subscription.toml", "chart", "--all", "-o", path]);
    assert_eq!((session.exit, session.stdout.as_str(), session.stderr.as_str()), (0, "", ""));
    let files = |folder: &std::path::Path| -> Vec<(String, Vec<u8>)> {
        let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        let name = |path: &std::path::PathBuf| path.file_name().expect("a name").to_string_lossy().into_owned();
        let mut files: Vec<_> = entries.map(|path| (name(&path), std::fs::read(&path).expect("a file"))).collect();
        files.sort();
        files
    };
    let (published, today) = (files(&gallery), files(folder));
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&published), names(&today));
    let changed: Vec<_> = published.iter().zip(&today).filter(|(a, b)| a.1 != b.1).map(|(a, _)| &a.0).collect();
    assert!(changed.is_empty(), "no longer drawn so: {changed:?}; `UPDATE=1` draws them anew");
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    let shown = readme.split("](examples/subscription/charts/").skip(1).filter_map(|rest| rest.split(')').next());
    let shown: Vec<&str> = shown.collect();
    assert!(shown.len() >= 6 && shown.iter().all(|name| published.iter().any(|(own, _)| own == name)), "{shown:?}");
}

/// Text with SGR escapes as an SVG.
fn draw(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let width = lines.iter().map(|line| plain(line).chars().count()).max().unwrap_or(0) as f64 * CELL.0 + 2.0 * MARGIN;
    let height = lines.len() as f64 * CELL.1 + 2.0 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\">\n<title>goldthread show</title>\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1b1f27\"/>\n<g font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\" fill=\"#d8dde6\" xml:space=\"preserve\">\n"
    );
    for (row, line) in lines.iter().enumerate() {
        let y = MARGIN + (row as f64 + 0.75) * CELL.1;
        let mut column = 0;
        for (style, run) in runs(line) {
            let blank = run.chars().take_while(|c| *c == ' ').count();
            let shown = run.trim();
            if !shown.is_empty() {
                let x = MARGIN + (column + blank) as f64 * CELL.0;
                let length = shown.chars().count() as f64 * CELL.0;
                let escaped = shown.replace('&', "&amp;").replace('<', "&lt;");
                svg.push_str(&format!(
                    "<text x=\"{x:.1}\" y=\"{y:.1}\" textLength=\"{length:.1}\"{style}>{escaped}</text>\n"
                ));
            }
            column += run.chars().count();
        }
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// Runs of one style, as SVG attributes.
fn runs(line: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let (mut bold, mut faint, mut colour) = (false, false, None);
    for part in line.split("\u{1b}[") {
        let (codes, text) = if found.is_empty() && !line.starts_with('\u{1b}') {
            ("", part)
        } else {
            part.split_once('m').unwrap_or(("", part))
        };
        for code in sgr(codes) {
            match code.as_str() {
                "0" => (bold, faint, colour) = (false, false, None),
                "1" => bold = true,
                "2" => faint = true,
                "22" => (bold, faint) = (false, false),
                "39" => colour = None,
                "33" | "38;5;3" => colour = Some("#e0af4e"),
                "34" | "38;5;12" => colour = Some("#6fb1ff"),
                "31" | "38;5;9" => colour = Some("#ff7b72"),
                _ => {}
            }
        }
        let fill = if faint { Some("#8b93a1") } else { colour };
        let style = format!(
            "{}{}",
            if bold { " font-weight=\"bold\"" } else { "" },
            fill.map_or(String::new(), |fill| format!(" fill=\"{fill}\""))
        );
        found.push((style, text.to_owned()));
    }
    found
}

/// Codes of one escape; an indexed colour is one code.
fn sgr(codes: &str) -> Vec<String> {
    if codes.starts_with("38;5;") { vec![codes.to_owned()] } else { codes.split(';').map(str::to_owned).collect() }
}

fn plain(line: &str) -> String {
    runs(line).into_iter().map(|(_, text)| text).collect()
}
