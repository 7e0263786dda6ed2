//! `chart --all`: a folder of pictures and the page that shows them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::pictures::{TINY, TINY_DATA};
use crate::session::{Session, folder, root, run_in};

/// Every file of a folder, by its name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let file = |entry: std::fs::DirEntry| {
        (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).expect("a file"))
    };
    entries.map(file).collect()
}

fn page(files: &BTreeMap<String, Vec<u8>>) -> String {
    String::from_utf8(files["index.md"].clone()).expect("UTF-8")
}

/// The files that a page shows.
fn shown(page: &str) -> Vec<String> {
    let links = page.lines().filter(|line| line.starts_with("!["));
    links.map(|line| line[line.rfind("](").expect("a link") + 2..line.len() - 1].to_owned()).collect()
}

fn packed(folder: &Path, arguments: &[&str]) -> Session {
    let session = run_in(folder, &[&["chart", "--all"], arguments].concat());
    assert_eq!((session.exit, session.stdout.as_str()), (0, ""), "{}", session.stderr);
    session
}

fn tiny() -> tempfile::TempDir {
    folder(&[("scorecard.toml", TINY), ("s.csv", TINY_DATA)])
}

#[test]
fn the_page_shows_every_picture_and_says_what_is_not_drawn() {
    let tiny = tiny();
    let session = packed(tiny.path(), &["-o", "new/pack"]);
    let files = files(&tiny.path().join("new/pack"));
    let page = page(&files);
    let mut known: Vec<String> = shown(&page);
    assert!(page.contains("\n# Tiny &amp; &lt;Co&gt;\n\ngoldthread "), "{page}");
    assert!(known.len() >= 2 && known.contains(&"sweetspot.png".to_owned()), "{known:?}");
    known.sort();
    let there: Vec<&String> = files.keys().filter(|name| *name != "index.md").collect();
    assert_eq!(there, known.iter().collect::<Vec<_>>());
    for name in ["tree", "scorecard", "bullet", "heatmap", "sweetspot", "trend-churn", "trend-value", "trend-calls"] {
        let is_drawn = known.contains(&format!("{name}.png"));
        assert_eq!(!is_drawn, page.contains(&format!("\n- {name}: ")), "{name}: {page}");
        assert_eq!(!is_drawn, session.stderr.contains(&format!("`{name}`")), "{name}: {}", session.stderr);
    }
    for name in &known {
        assert!(files[name].starts_with(b"\x89PNG\r\n\x1a\n"), "{name}");
    }
}

#[test]
fn a_pack_may_be_of_svg() {
    let tiny = tiny();
    packed(tiny.path(), &["-o", "pack", "-O", "svg", "--theme", "dark"]);
    let files = files(&tiny.path().join("pack"));
    for name in shown(&page(&files)) {
        assert!(name.ends_with(".svg"), "{name}");
        let text = String::from_utf8(files[&name].clone()).expect("UTF-8");
        assert!(roxmltree::Document::parse(&text).is_ok() && text.contains("#14181D"), "{name}");
    }
}

/// From wherever it is run, however the scorecard is named, with as many threads as there are.
#[test]
fn the_same_input_gives_the_same_bytes() {
    let out = tempfile::tempdir().expect("a folder");
    let absolute = root().join("scorecards/subscription.toml");
    let absolute = absolute.to_str().expect("UTF-8");
    let runs = [
        ("1", root(), "scorecards/subscription.toml"),
        ("2", root(), "./scorecards/../scorecards/subscription.toml"),
        ("2", root().join("scorecards"), "subscription.toml"),
        ("1", out.path().to_owned(), absolute),
    ];
    let mut seen: Vec<BTreeMap<String, Vec<u8>>> = Vec::new();
    for (index, (threads, from, scorecard)) in runs.into_iter().enumerate() {
        let to = out.path().join(index.to_string());
        let output = Command::new(env!("CARGO_BIN_EXE_goldthread"))
            .args(["-s", scorecard, "chart", "--all", "--scale", "0.5", "-o"])
            .arg(&to)
            .env("POLARS_MAX_THREADS", threads)
            .env_remove("GOLDTHREAD_SCORECARD")
            .current_dir(from)
            .output()
            .expect("the program starts");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        seen.push(files(&to));
    }
    for (index, other) in seen.iter().enumerate().skip(1) {
        let differs: Vec<&String> = seen[0].keys().filter(|name| seen[0].get(*name) != other.get(*name)).collect();
        assert!(differs.is_empty() && seen[0].len() == other.len(), "run {index} differs in {differs:?}");
    }
    let path = root().to_string_lossy().into_owned();
    assert!(!page(&seen[0]).contains(&path), "a page does not tell where it was made");
}

#[test]
fn pictures_of_an_earlier_run_are_left_and_told_of() {
    let tiny = tiny();
    packed(tiny.path(), &["-o", "pack", "-O", "svg"]);
    let before = files(&tiny.path().join("pack"));
    let session = packed(tiny.path(), &["-o", "pack"]);
    let after = files(&tiny.path().join("pack"));
    let place = Path::new("pack").join("sweetspot.svg");
    assert!(session.stderr.contains("of an earlier run, and left as it was: "), "{}", session.stderr);
    assert!(session.stderr.contains(&format!("`{}`", place.display())), "{}", session.stderr);
    assert_eq!(before["sweetspot.svg"], after["sweetspot.svg"]);
    assert!(shown(&page(&after)).iter().all(|name| name.ends_with(".png")));
    let again = packed(tiny.path(), &["-o", "pack"]);
    assert!(!again.stderr.contains("of an earlier run"), "what no page lists is nobody's: {}", again.stderr);
}

#[test]
fn nothing_that_is_read_or_written_by_others_is_replaced() {
    let data = TINY_DATA;
    let scorecard = TINY.replace("path = \"s.csv\"", "path = \"pack/bullet.png\"\ndelimiter = \"comma\"");
    let own = folder(&[("scorecard.toml", &scorecard), ("pack/bullet.png", data)]);
    let session = run_in(own.path(), &["chart", "--all", "-o", "pack"]);
    assert_eq!((session.exit, session.stdout.as_str()), (2, ""));
    assert!(session.stderr.contains("is there, and no `index.md` of `chart --all` shows"), "{}", session.stderr);
    assert_eq!(files(&own.path().join("pack")).len(), 1);
    // A page of ours that claims a file of data does not make it ours.
    let page = "<!-- made by `goldthread chart --all`, and made anew by the next run -->\n![x](bullet.png)\n";
    std::fs::write(own.path().join("pack/index.md"), page).expect("a page");
    let session = run_in(own.path(), &["chart", "--all", "-o", "pack"]);
    assert_eq!((session.exit, session.stdout.as_str()), (2, ""));
    assert!(session.stderr.contains("is one of the files that are read, and would be replaced"), "{}", session.stderr);
    assert_eq!(page, std::fs::read_to_string(own.path().join("pack/index.md")).expect("the page"));
    let noted = folder(&[("scorecard.toml", TINY), ("s.csv", data), ("pack/index.md", "# My own notes\n")]);
    let session = run_in(noted.path(), &["chart", "--all", "-o", "pack"]);
    assert_eq!(session.exit, 2);
    assert!(session.stderr.contains("was not made by `chart --all`, and is not replaced"), "{}", session.stderr);
    assert_eq!(files(&noted.path().join("pack")).len(), 1);
    let session = run_in(noted.path(), &["chart", "--all", "-o", "s.csv"]);
    assert_eq!(session.exit, 2);
    assert!(session.stderr.contains("`s.csv` is a file, and pictures need a folder"), "{}", session.stderr);
}

#[test]
fn a_picture_that_no_page_of_ours_shows_is_not_replaced() {
    let strange = folder(&[("scorecard.toml", TINY), ("s.csv", TINY_DATA), ("pack/sweetspot.png", "mine")]);
    let session = run_in(strange.path(), &["chart", "--all", "-o", "pack"]);
    let place = Path::new("pack").join("sweetspot.png");
    assert_eq!((session.exit, session.stdout.as_str()), (2, ""));
    assert!(
        session.stderr.contains(&format!("`{}` is there, and no `index.md`", place.display())),
        "{}",
        session.stderr
    );
    assert!(session.stderr.contains("name another folder"), "{}", session.stderr);
    let pack = strange.path().join("pack");
    assert_eq!(files(&pack), BTreeMap::from([("sweetspot.png".to_owned(), b"mine".to_vec())]));
    std::fs::remove_file(pack.join("sweetspot.png")).expect("it is moved away");
    packed(strange.path(), &["-o", "pack"]);
    packed(strange.path(), &["-o", "pack", "--theme", "dark"]);
}

#[test]
fn where_one_picture_cannot_be_written_none_is() {
    let tiny = tiny();
    packed(tiny.path(), &["-o", "pack"]);
    let pack = tiny.path().join("pack");
    std::fs::remove_file(pack.join("sweetspot.png")).expect("a picture");
    let before = files(&pack);
    std::fs::create_dir(pack.join("sweetspot.png")).expect("a folder in its place");
    let session = run_in(tiny.path(), &["chart", "--all", "-o", "pack", "--theme", "dark"]);
    assert_eq!((session.exit, session.stdout.as_str()), (2, ""));
    let place = Path::new("pack").join("sweetspot.png");
    assert!(
        session.stderr.contains(&format!("cannot write `{}`: is a directory", place.display())),
        "{}",
        session.stderr
    );
    std::fs::remove_dir(pack.join("sweetspot.png")).expect("the folder");
    assert_eq!(before, files(&pack), "nothing is written, and nothing is left");
}

/// Far above what it takes, in a build that is not made to be fast, on a machine with other work.
#[test]
fn a_small_pack_does_not_take_long() {
    let tiny = tiny();
    #[expect(clippy::disallowed_types, reason = "how long it takes is what is tested")]
    let start = std::time::Instant::now();
    packed(tiny.path(), &["-o", "pack"]);
    let took = start.elapsed();
    assert!(took.as_secs() < 20, "{took:?}");
}

#[test]
fn where_nothing_can_be_drawn_that_is_an_error() {
    let empty = TINY.split("[goals.churn]").next().expect("a beginning").to_owned()
        + "[metrics.calls]\nsource = \"s\"\nvalue = \"sum(solved)\"\nunit = \"percent\"\n";
    let folder = folder(&[("scorecard.toml", &empty), ("s.csv", TINY_DATA)]);
    let session = run_in(folder.path(), &["chart", "--all", "-o", "pack", "--size", "200x200"]);
    assert_eq!((session.exit, session.stdout.as_str()), (2, ""), "{}", session.stderr);
    assert!(session.stderr.contains("error[no-picture]: sweetspot: "), "{}", session.stderr);
    assert!(!folder.path().join("pack").exists());
}

#[test]
fn a_pack_asks_for_a_folder_and_takes_no_kind() {
    let tiny = tiny();
    for arguments in [
        &["chart", "--all"][..],
        &["chart", "tree", "--all", "-o", "pack"],
        &["chart", "--all", "--title", "x", "-o", "p"],
    ] {
        let session = run_in(tiny.path(), arguments);
        assert_eq!((session.exit, session.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(session.stderr.starts_with("error: "), "{}", session.stderr);
    }
}
