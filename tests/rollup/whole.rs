//! A file is written whole or not at all: killed at any moment, two at once, or with no room left.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::desk;

/// The program with these arguments, in silence.
pub(super) fn silent(folder: &Path, arguments: &[&str]) -> Command {
    silent_of(Path::new(env!("CARGO_BIN_EXE_goldthread")), folder, arguments)
}

/// The same of a program that lies elsewhere.
pub(super) fn silent_of(program: &Path, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn program(folder: &Path, options: &[&str]) -> Command {
    silent(folder, &[&["rollup", "-p", "2026-09..2026-10"], options].concat())
}

/// What a file holds; nothing where it is not there.
pub(super) fn read(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).unwrap_or_default()
}

fn made(folder: &Path, options: &[&str]) -> Vec<u8> {
    assert!(program(folder, options).status().expect("the program starts").success());
    read(folder, options[options.len() - 1])
}

/// Names in the folder that were not there before and are no output.
pub(super) fn strange(folder: &Path, known: &BTreeSet<String>) -> BTreeSet<String> {
    let names = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    names.map(|name| name.to_string_lossy().into_owned()).filter(|name| !known.contains(name)).collect()
}

#[test]
fn killed_at_any_moment_the_old_file_or_the_new_one_is_there_whole() {
    let folder = desk();
    let folder = folder.path();
    for name in ["out.csv", "out.xlsx"] {
        let old = made(folder, &["revenue", "-o", name]);
        #[expect(clippy::disallowed_types, reason = "a kill comes at a part of how long a run takes")]
        let begun = std::time::Instant::now();
        let new = made(folder, &["--by", "region,channel", "--totals", "-o", name]);
        let mut usual = begun.elapsed();
        assert_ne!(old, new);
        let manifest = format!("{name}.manifest.json");
        let manifests = [read(folder, &manifest), {
            made(folder, &["revenue", "-o", name]);
            read(folder, &manifest)
        }];
        let known = strange(folder, &BTreeSet::new());
        let (mut olds, mut news, mut left) = (0, 0, BTreeSet::new());
        for round in 0..100u32 {
            std::fs::write(folder.join(name), &old).expect("the old file");
            let mut child = program(folder, &["--by", "region,channel", "--totals", "-o", name])
                .spawn()
                .expect("the program starts");
            // Spread over the time a run takes and a fifth more; rounds are not in order of time.
            let share = f64::from(round * 37 % 100) / 100.0 * 1.2;
            std::thread::sleep(usual.mul_f64(share));
            let _ = child.kill();
            child.wait().expect("an end");
            match read(folder, name) {
                found if found == old => {
                    olds += 1;
                    // The machine is busier than it was: a run takes longer.
                    usual = if share > 1.0 { usual.mul_f64(1.5) } else { usual };
                }
                found if found == new => news += 1,
                found => {
                    panic!("{} bytes that are neither the old {} nor the new {}", found.len(), old.len(), new.len())
                }
            }
            assert!(manifests.contains(&read(folder, &manifest)), "the manifest is that of one of the two");
            left.extend(strange(folder, &known));
        }
        assert!(olds > 0 && news > 0, "{olds} old, {news} new: the moments are spread over the run");
        assert!(left.iter().all(|name| name.starts_with(".tmp")), "{left:?}");
        left.iter().for_each(|name| drop(std::fs::remove_file(folder.join(name))));
    }
}

#[test]
fn two_runs_at_once_do_not_mix() {
    let folder = desk();
    let folder = folder.path();
    let variants: [&[&str]; 3] =
        [&["revenue", "-o", "out.csv"], &["--by", "region", "-o", "out.csv"], &["--layout", "wide", "-o", "out.csv"]];
    let wholes: Vec<Vec<u8>> = variants.iter().map(|options| made(folder, options)).collect();
    let known = strange(folder, &BTreeSet::new());
    for _ in 0..10 {
        let mut running: Vec<_> =
            variants.iter().map(|options| program(folder, options).spawn().expect("the program starts")).collect();
        // Readers meanwhile, too, see one of them.
        for _ in 0..20 {
            assert!(wholes.contains(&read(folder, "out.csv")));
            std::thread::sleep(Duration::from_millis(2));
        }
        assert!(running.iter_mut().all(|child| child.wait().expect("an end").success()));
        assert!(wholes.contains(&read(folder, "out.csv")));
    }
    assert_eq!(strange(folder, &known), BTreeSet::new(), "nothing is left beside");
}

/// Runs a shell script with the program as `$0`; the shell's own limits hold for it.
#[cfg(unix)]
pub(super) fn shell(folder: &Path, script: &str) -> (Option<i32>, String) {
    let output = Command::new("sh").args(["-c", script, env!("CARGO_BIN_EXE_goldthread")]).current_dir(folder).output();
    let output = output.expect("a shell");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
#[cfg(unix)]
fn without_room_the_old_file_stays_and_that_is_told() {
    let folder = desk();
    let folder = folder.path();
    for name in ["out.csv", "out.json", "out.xlsx", "out.parquet"] {
        let old = made(folder, &["revenue", "-o", name]);
        let manifest = read(folder, &format!("{name}.manifest.json"));
        let known = strange(folder, &BTreeSet::new());
        // Files may have one block of 512 or 1024 bytes; what goes beyond is an error of writing.
        let run =
            format!("trap '' XFSZ; ulimit -f 1; exec \"$0\" rollup -p 2026-09..2026-10 --by region,channel -o {name}");
        let (code, told) = shell(folder, &run);
        assert_eq!(code, Some(2), "{name}: {told}");
        assert!(told.contains("cannot write `out.") && told.contains("too large"), "{name}: {told}");
        assert_eq!(read(folder, name), old);
        assert_eq!(
            read(folder, &format!("{name}.manifest.json")),
            manifest,
            "{name}: its manifest is the old one, too"
        );
        assert_eq!(strange(folder, &known), BTreeSet::new(), "nothing is left beside");
        // Where the signal is not ignored it ends the run, which is a kill like any other.
        let (code, _) = shell(folder, &run.replace("trap '' XFSZ; ", ""));
        assert_ne!(code, Some(0));
        assert_eq!((read(folder, name), read(folder, &format!("{name}.manifest.json"))), (old, manifest));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_device_is_an_error() {
    let folder = desk();
    for options in ["-O csv -o /dev/full", "-O xlsx -o /dev/full", "-O csv > /dev/full"] {
        let (code, told) = shell(folder.path(), &format!("exec \"$0\" rollup -p 2026-10 {options}"));
        assert_eq!(code, Some(2), "{options}: {told}");
        assert!(told.contains("no space left on device"), "{options}: {told}");
    }
    assert!(!Path::new("/dev/full.manifest.json").exists(), "what is no file has no manifest beside it");
}
