//! The ledger is never damaged: `close` killed at any moment, several at once, without room, through links, where nothing
//! may be written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::time::Duration;

use super::ledger::office;
use super::whole::{read, silent, strange};
#[cfg(unix)]
use super::whole::{shell, silent_of};
use crate::session::run_in;

const LEDGER: &str = "scorecard.ledger/2026-10.txt";
const CLOSE: [&str; 3] = ["close", "-p", "2026-10"];

fn reopen(reason: &str) -> [&str; 5] {
    ["close", "-p", "2026-10", "--reopen", reason]
}

/// What the ledger of October holds after a run that must succeed.
fn made(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let session = run_in(folder, arguments);
    assert_eq!((session.exit, session.stderr.as_str()), (0, ""));
    read(folder, LEDGER)
}

/// Every file below a folder but the ledger of October and what a killed run leaves, with what it holds.
fn others(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = |below: &'static str| {
        let names = strange(&folder.join(below), &BTreeSet::new());
        names.into_iter().map(move |name| format!("{below}/{name}")).filter(|path| folder.join(path).is_file())
    };
    let kept = files(".").chain(files("scorecard.ledger").filter(|path| path != LEDGER && !path.contains("/.tmp")));
    kept.map(|path| (path.clone(), read(folder, &path))).collect()
}

/// What killed runs have left in the ledger.
fn left(folder: &Path) -> usize {
    let names = std::fs::read_dir(folder.join("scorecard.ledger")).into_iter().flatten();
    names
        .filter(|entry| entry.as_ref().is_ok_and(|name| name.file_name().to_string_lossy().starts_with(".tmp")))
        .count()
}

/// A moment to kill a run at.
enum Moment {
    /// So long after its start.
    After(Duration),
    /// So long after its temporary file appeared, among those that were left before.
    Writing(Duration),
}

/// Waits for a moment, or for the end of the run.
#[expect(clippy::disallowed_types, reason = "a kill comes at a moment")]
fn wait_for(moment: &Moment, child: &mut Child, folder: &Path, known: usize) {
    let delay = match *moment {
        Moment::After(delay) => return std::thread::sleep(delay),
        Moment::Writing(delay) => delay,
    };
    while left(folder) == known && child.try_wait().expect("a state").is_none() {}
    // Too short to sleep.
    let begun = std::time::Instant::now();
    while begun.elapsed() < delay {}
}

/// How often the old file was found and how often the new one, and how many kills left half a run behind.
#[derive(Debug, Default)]
struct Found {
    olds: usize,
    news: usize,
    writing: usize,
}

/// Kills a run 100 times; the ledger must be the old one or the new one each time, nothing else may change, and the next
/// run, beside what the killed ones have left, must do what it would have done.
fn killed(folder: &Path, arguments: &[&str], old: Option<&[u8]>, new: &[u8], usual: Duration) -> Found {
    let (mut found, mut usual, known) = (Found::default(), usual, others(folder));
    for round in 0..100u32 {
        let path = folder.join(LEDGER);
        match old {
            Some(old) => std::fs::write(&path, old).expect("the old ledger"),
            None => drop(std::fs::remove_file(&path)),
        }
        // Every second one over the time a run takes and a fifth more, in no order of time; the others over the time it
        // writes.
        let share = f64::from(round * 37 % 100) / 100.0 * 1.2;
        let moment = match round % 2 {
            0 => Moment::After(usual.mul_f64(share)),
            _ => Moment::Writing(Duration::from_micros(u64::from(round * 37 % 100) * 8)),
        };
        let leftovers = left(folder);
        let mut child = silent(folder, arguments).spawn().expect("the program starts");
        wait_for(&moment, &mut child, folder, leftovers);
        let _ = child.kill();
        child.wait().expect("an end");
        found.writing += left(folder) - leftovers;
        let ledger = std::fs::read(&path).ok();
        assert!(
            ledger.as_deref() == old || ledger.as_deref() == Some(new),
            "{ledger:?} is neither the old nor the new"
        );
        assert_eq!(others(folder), known, "no other file has changed");
        if ledger.as_deref() == old {
            found.olds += 1;
            // The machine is busier than it was: a run takes longer.
            let is_late = matches!(moment, Moment::After(_)) && share > 1.0;
            usual = if is_late { usual.mul_f64(1.5) } else { usual };
            assert_eq!(made(folder, arguments), new, "the next run does it");
        } else {
            found.news += 1;
            let again = made(folder, &reopen("once more"));
            assert!(again.starts_with(new) && again.len() > new.len(), "the next run goes on from there");
        }
    }
    found
}

/// What reopening after a first close writes, and the shortest time it takes.
#[expect(clippy::disallowed_types, reason = "a kill comes at a part of how long a run takes")]
fn timed(folder: &Path, first: &[u8]) -> (Vec<u8>, Duration) {
    let runs = (0..3).map(|_| {
        std::fs::write(folder.join(LEDGER), first).expect("the first ledger");
        let begun = std::time::Instant::now();
        (made(folder, &reopen("late orders")), begun.elapsed())
    });
    runs.min_by_key(|(_, time)| *time).expect("three runs")
}

#[test]
fn killed_at_any_moment_the_old_ledger_or_the_new_one_is_there_whole() {
    let office = office();
    let folder = office.path();
    made(folder, &["close", "-p", "2026-09"]);
    let first = made(folder, &CLOSE);
    let (second, usual) = timed(folder, &first);
    let before = [None, Some(&first[..])];
    let after = [(&CLOSE[..], &first), (&reopen("late orders"), &second)];
    for (old, (arguments, new)) in before.into_iter().zip(after) {
        let found = killed(folder, arguments, old, new, usual);
        assert!(
            found.olds > 0 && found.news > 0 && found.writing > 0,
            "{found:?}: the moments are spread over the run"
        );
    }
}

/// Starts a run whose messages are kept.
fn started(folder: &Path, arguments: &[&str]) -> Child {
    silent(folder, arguments).stderr(Stdio::piped()).spawn().expect("the program starts")
}

/// The exit code of each run and what it said, when all have ended.
fn ended(runs: Vec<Child>) -> Vec<(i32, String)> {
    let told =
        |output: Output| (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned());
    runs.into_iter().map(|run| told(run.wait_with_output().expect("an end"))).collect()
}

const OVERTAKEN: &str = "error: cannot write `scorecard.ledger/2026-10.txt`: it was written meanwhile, by another run or \
                         by hand; see what it holds, then run this again\n";

#[test]
fn of_many_first_closes_at_once_one_counts_and_the_others_are_refused() {
    let office = office();
    let folder = office.path();
    let alone = made(folder, &CLOSE);
    let known = others(folder);
    for at_once in [2, 2, 2, 8, 8, 8] {
        std::fs::remove_dir_all(folder.join("scorecard.ledger")).expect("the ledger is gone");
        let runs = ended((0..at_once).map(|_| started(folder, &CLOSE)).collect());
        let (done, refused): (Vec<_>, Vec<_>) = runs.iter().partition(|(exit, _)| *exit == 0);
        assert_eq!(done.len(), 1, "{runs:?}");
        for (exit, told) in refused {
            assert_eq!(*exit, 2);
            let late = told.starts_with("error[usage]: 2026-10 is closed, and a closed period is not rewritten\n");
            assert!(late || told == OVERTAKEN, "{told}");
        }
        assert_eq!(read(folder, LEDGER), alone);
        assert_eq!((others(folder), left(folder)), (known.clone(), 0), "nothing is left beside");
    }
}

/// The reasons in a ledger, oldest first.
fn reasons(folder: &Path) -> Vec<String> {
    let text = String::from_utf8(read(folder, LEDGER)).expect("UTF-8");
    let versions = text.lines().filter_map(|line| line.strip_prefix("version\t"));
    versions.filter_map(|line| line.split_once('\t')).map(|(_, reason)| reason.to_owned()).collect()
}

#[test]
fn of_many_reopenings_at_once_no_reason_is_lost_in_silence() {
    let office = office();
    let folder = office.path();
    made(folder, &CLOSE);
    let known = others(folder);
    for (round, at_once) in [2, 2, 2, 2, 8, 8, 8, 8].into_iter().enumerate() {
        let (before, had) = (read(folder, LEDGER), reasons(folder));
        let given: Vec<String> = (0..at_once).map(|run| format!("round {round} run {run}")).collect();
        let runs = ended(given.iter().map(|reason| started(folder, &reopen(reason))).collect());
        for (exit, told) in &runs {
            assert!((*exit, told.as_str()) == (0, "") || (*exit, told.as_str()) == (2, OVERTAKEN), "{exit}: {told}");
        }
        let mut kept = reasons(folder).split_off(had.len());
        kept.sort();
        let done = given.iter().zip(&runs).filter(|(_, (exit, _))| *exit == 0);
        let done: Vec<&String> = done.map(|(reason, _)| reason).collect();
        assert!(!done.is_empty(), "{runs:?}");
        assert_eq!(
            kept.iter().collect::<Vec<_>>(),
            done,
            "who was told that it is done is in the ledger, and no other"
        );
        assert!(read(folder, LEDGER).starts_with(&before), "what stood there stays, byte for byte");
        assert_eq!((others(folder), left(folder)), (known.clone(), 0), "nothing is left beside");
    }
    // Its seals hold.
    assert_eq!(run_in(folder, &["diff", "--exit-code", "-p", "2026-10"]).exit, 0);
}

/// Two that have read the same ledger and have each written a new one beside it: the lock is what decides.
#[test]
#[cfg(unix)]
fn who_read_a_ledger_that_another_has_replaced_since_does_not_replace_it() {
    let office = office();
    let folder = office.path();
    let first = made(folder, &CLOSE);
    let lock = std::fs::File::open(folder.join("scorecard.ledger")).expect("the folder");
    lock.lock().expect("a lock");
    let mut runs = vec![started(folder, &reopen("one")), started(folder, &reopen("two"))];
    while left(folder) < 2 {
        assert!(runs.iter_mut().all(|run| run.try_wait().expect("a state").is_none()), "each waits for its turn");
        std::thread::sleep(Duration::from_millis(1));
    }
    // A month that is closed for the first time waits for nobody, nor does who only reads.
    assert_eq!(run_in(folder, &["close", "-p", "2026-09"]).exit, 0);
    assert_eq!(run_in(folder, &["show"]).exit, 0);
    assert_eq!(read(folder, LEDGER), first);
    lock.unlock().expect("it is free");
    let mut runs = ended(runs);
    let second = reasons(folder);
    let won = usize::from(runs[0].0 != 0);
    assert_eq!(second, ["-", ["one", "two"][won]]);
    assert_eq!((runs.remove(won), runs.remove(0)), ((0, String::new()), (2, OVERTAKEN.to_owned())));
    assert_eq!(left(folder), 0, "nothing is left beside");
}

#[test]
#[cfg(unix)]
fn what_killed_runs_left_long_ago_is_swept_away() {
    let office = office();
    let folder = office.path();
    made(folder, &CLOSE);
    for name in [".tmpOld", ".tmpNew"] {
        std::fs::write(folder.join("scorecard.ledger").join(name), "half a led").expect("it is written");
    }
    let old = folder.join("scorecard.ledger/.tmpOld");
    let touched = std::process::Command::new("touch").args(["-t", "202001010000"]).arg(&old).status();
    assert!(touched.is_ok_and(|status| status.success()), "the file is old");
    made(folder, &reopen("late"));
    // The other may be of a run that is at work.
    assert_eq!((old.exists(), left(folder)), (false, 1));
}

#[test]
#[cfg(unix)]
fn who_waits_for_its_turn_in_vain_says_so() {
    let office = office();
    let folder = office.path();
    let first = made(folder, &CLOSE);
    let lock = std::fs::File::open(folder.join("scorecard.ledger")).expect("the folder");
    lock.lock().expect("a lock");
    let session = run_in(folder, &reopen("one"));
    let told = "error: cannot write `scorecard.ledger/2026-10.txt`: another run has been writing there for ten seconds; \
                run this again when it is done\n";
    assert_eq!((session.exit, session.stderr.as_str()), (2, told));
    assert_eq!((read(folder, LEDGER), left(folder)), (first, 0));
}

#[test]
fn two_months_closed_at_once_do_not_meet() {
    let office = office();
    let folder = office.path();
    let september = "scorecard.ledger/2026-09.txt";
    let both = [["close", "-p", "2026-09"], CLOSE];
    let again = both.map(|close| [&close[..], &["--reopen", "late"]].concat());
    both.iter().for_each(|close| drop(made(folder, close)));
    let first = [september, LEDGER].map(|file| read(folder, file));
    again.iter().for_each(|close| drop(made(folder, close)));
    let second = [september, LEDGER].map(|file| read(folder, file));
    for _ in 0..5 {
        std::fs::remove_dir_all(folder.join("scorecard.ledger")).expect("the ledger is gone");
        let runs = ended(both.iter().map(|close| started(folder, close)).collect());
        assert!(runs.iter().all(|(exit, told)| (*exit, told.as_str()) == (0, "")), "{runs:?}");
        assert_eq!([september, LEDGER].map(|file| read(folder, file)), first);
        let runs = ended(again.iter().map(|close| started(folder, close)).collect());
        assert!(runs.iter().all(|(exit, told)| (*exit, told.as_str()) == (0, "")), "{runs:?}");
        assert_eq!([september, LEDGER].map(|file| read(folder, file)), second);
        assert_eq!(left(folder), 0, "nothing is left beside");
    }
}

#[test]
#[cfg(unix)]
fn without_room_the_old_ledger_stays_and_that_is_told() {
    let office = office();
    let folder = office.path();
    // Files may have one block of 512 or 1024 bytes, and a ledger is longer.
    let run = "trap '' XFSZ; ulimit -f 1; exec \"$0\" close -p 2026-10";
    let full = "error: cannot write `scorecard.ledger/2026-10.txt`: file too large\n";
    assert_eq!(shell(folder, run), (Some(2), full.to_owned()));
    assert_eq!((std::fs::exists(folder.join(LEDGER)).ok(), left(folder)), (Some(false), 0));
    let (first, known) = (made(folder, &CLOSE), others(folder));
    assert_eq!(shell(folder, &format!("{run} --reopen late")), (Some(2), full.to_owned()));
    assert_eq!((read(folder, LEDGER), left(folder)), (first.clone(), 0));
    // Where the signal is not ignored it ends the run, which is a kill like any other.
    let (code, _) = shell(folder, &format!("{run} --reopen late").replace("trap '' XFSZ; ", ""));
    assert_ne!(code, Some(0));
    assert_eq!((read(folder, LEDGER), others(folder)), (first.clone(), known));
    assert!(made(folder, &reopen("late")).starts_with(&first));
}

/// The month is closed before that is told; who was not told finds it closed.
#[test]
#[cfg(target_os = "linux")]
fn a_month_is_closed_whole_where_that_cannot_be_told() {
    let office = office();
    let folder = office.path();
    let alone = made(folder, &CLOSE);
    std::fs::remove_file(folder.join(LEDGER)).expect("the ledger is gone");
    let told = shell(folder, "exec \"$0\" close -p 2026-10 > /dev/full");
    assert_eq!(told, (Some(2), "error: cannot write standard output: no space left on device\n".to_owned()));
    assert_eq!(read(folder, LEDGER), alone);
}

#[test]
#[cfg(unix)]
fn a_linked_ledger_is_written_where_the_link_leads() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let office = office();
    let folder = office.path();
    let first = made(folder, &CLOSE);
    // The file alone.
    std::fs::create_dir(folder.join("kept")).expect("a folder");
    let (file, kept) = (folder.join(LEDGER), folder.join("kept/october"));
    std::fs::rename(&file, &kept).expect("it is moved");
    std::fs::set_permissions(&kept, std::fs::Permissions::from_mode(0o440)).expect("its mode");
    symlink("../kept/october", &file).expect("a link");
    assert!(made(folder, &reopen("late")).starts_with(&first));
    assert_eq!(std::fs::read_link(&file).expect("still a link"), Path::new("../kept/october"));
    assert_eq!(reasons(folder), ["-", "late"]);
    assert_eq!(std::fs::metadata(&kept).expect("a file").permissions().mode() & 0o777, 0o440, "it keeps its mode");
    assert_eq!(strange(&folder.join("kept"), &BTreeSet::new()), BTreeSet::from(["october".to_owned()]));
    // One that leads nowhere is no month that was never closed.
    std::fs::remove_file(&kept).expect("it is gone");
    for arguments in [&CLOSE[..], &reopen("late"), &["show"]] {
        let session = run_in(folder, arguments);
        assert_eq!(session.exit, 2, "{arguments:?}: {}", session.stdout);
        assert!(
            session.stderr.contains("cannot read `scorecard.ledger/2026-10.txt`: no such file"),
            "{}",
            session.stderr
        );
    }
    assert!(!kept.exists() && file.is_symlink());
    // And one to what never ends is not read.
    std::fs::remove_file(&file).expect("it is gone");
    symlink("/dev/zero", &file).expect("a link");
    let session = run_in(folder, &reopen("late"));
    assert_eq!(session.exit, 2);
    assert!(session.stderr.contains("cannot read `scorecard.ledger/2026-10.txt`: it is no file"), "{}", session.stderr);
    // The whole folder.
    std::fs::remove_dir_all(folder.join("scorecard.ledger")).expect("it is gone");
    symlink("kept", folder.join("scorecard.ledger")).expect("a link");
    assert_eq!(made(folder, &CLOSE), first);
    assert_eq!(read(folder, "kept/2026-10.txt"), first);
    assert_eq!(strange(&folder.join("kept"), &BTreeSet::new()), BTreeSet::from(["2026-10.txt".to_owned()]));
}

/// The program as somebody whom modes stop, unlike the superuser.
#[cfg(unix)]
fn as_anybody(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    let metadata = std::fs::metadata(folder).expect("a folder");
    let mut command = silent(folder, arguments);
    let reachable = tempfile::tempdir().expect("a temporary folder");
    if metadata.uid() == 0 {
        // The folder, and the program wherever it was built, must be there for others.
        let program = reachable.path().join("goldthread");
        let built = command.get_program().to_owned();
        std::fs::hard_link(&built, &program).or_else(|_| std::fs::copy(&built, &program).map(drop)).expect("a program");
        for path in [folder, reachable.path()] {
            let mode = std::fs::metadata(path).expect("a folder").permissions().mode() | 0o055;
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("others may read it");
        }
        command = silent_of(&program, folder, arguments);
        command.uid(65_534).gid(65_534);
    }
    let output = command.stderr(Stdio::piped()).output().expect("the program starts");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn what_is_no_closed_period_is_not_written_among_them() {
    let office = office();
    let folder = office.path();
    let ledger = made(folder, &CLOSE);
    let inside = "scorecard.ledger/2026-11.txt";
    for arguments in [
        &["show", "-O", "csv", "-o", inside][..],
        &["rollup", "-O", "csv", "-o", inside],
        &["diff", "-o", "./scorecard.ledger/../scorecard.ledger/2026-11.txt"],
        &["check", "-o", inside],
        &["chart", "tree", "-o", "scorecard.ledger/below/tree.svg"],
    ] {
        let session = run_in(folder, arguments);
        assert_eq!((session.exit, session.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(session.stderr.contains("would lie among closed periods"), "{}", session.stderr);
    }
    assert_eq!((read(folder, LEDGER), left(folder)), (ledger, 0));
    assert_eq!(run_in(folder, &["diff", "--exit-code", "-p", "2026-10"]).exit, 0);
}

#[test]
#[cfg(unix)]
fn where_nothing_may_be_written_nothing_is_and_that_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let office = office();
    let folder = office.path();
    let mode =
        |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
    let denied = |what: &str| (Some(2), format!("error: cannot write `{what}`: permission denied\n"));
    // The folder of the ledger is not there and cannot be made.
    mode(folder, 0o555);
    assert_eq!(as_anybody(folder, &CLOSE), denied("scorecard.ledger"));
    mode(folder, 0o755);
    let first = made(folder, &CLOSE);
    let (known, ledger) = (others(folder), folder.join("scorecard.ledger"));
    mode(&ledger, 0o555);
    assert_eq!(as_anybody(folder, &reopen("late")), denied(LEDGER));
    assert_eq!(as_anybody(folder, &["close", "-p", "2026-09"]), denied("scorecard.ledger/2026-09.txt"));
    // Reading needs no more than reading.
    assert_eq!(as_anybody(folder, &["diff", "--exit-code", "-p", "2026-10"]), (Some(0), String::new()));
    mode(&ledger, 0o755);
    assert_eq!((read(folder, LEDGER), others(folder), left(folder)), (first, known, 0));
}
