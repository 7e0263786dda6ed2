//! The process boundary: arguments in, text and exit code out. The only place that prints or ends.

use std::fs::Metadata;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use clap::Parser;
use goldthread::cli::{Cli, ColorWhen};
use goldthread::diagnostic::{Code, Diagnostic};
use goldthread::prose::{io_error, path_remedy};
use goldthread::render::{self, Palette};
use goldthread::run::{Closing, Content, Output, Surroundings, run};
use tempfile::NamedTempFile;

fn main() -> ExitCode {
    // Where a shell asks for proposals, that is all there is to do.
    goldthread::cli::engine().complete();
    quiet_about_damaged_files();
    let cli = Cli::parse();
    let choice = match cli.color {
        ColorWhen::Auto => AutoStream::choice(&std::io::stdout()),
        ColorWhen::Always => ColorChoice::Always,
        ColorWhen::Never => ColorChoice::Never,
    };
    let to_file = cli.command.output().is_some();
    let palette = if choice == ColorChoice::Never || to_file { Palette::Plain } else { Palette::Colour };
    let width = cli.width.map(usize::from).or_else(terminal_width);
    let output = run(&cli, Surroundings { width: if to_file { cli.width.map(usize::from) } else { width }, palette });
    let mut output = kept_from_terminal(output);
    let content = match prepared(&mut output) {
        Ok(content) => content,
        Err((target, error)) => return unwritten(&target, &error),
    };
    report(&output, cli.color);
    match content.written() {
        Ok(()) => {
            if let Some(line) = &output.last_line {
                let _ = writeln!(std::io::stderr(), "{line}");
            }
            ExitCode::from(output.exit)
        }
        // Whoever read us has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => unwritten(&target_of(&output), &error),
    }
}

/// Bytes that are no text would garble a terminal, and help nobody there.
fn kept_from_terminal(output: Output) -> Output {
    if output.file.is_some() || !std::io::stdout().is_terminal() {
        return output;
    }
    let is_text = match &output.content {
        Content::Bytes(bytes) => std::str::from_utf8(bytes).is_ok(),
        Content::Spooled(spool) => begins_as_text(spool),
    };
    if is_text {
        return output;
    }
    let problem = Diagnostic::error(Code::Usage, "a picture is not written to a terminal");
    let problem = problem.help("name a file, `-o chart.png`, or send it on: `-O png > chart.png`");
    Output { diagnostics: vec![problem], exit: 2, ..Output::default() }
}

/// Whether what is spooled is CSV or JSON: Parquet has bytes of zero from the first page on.
fn begins_as_text(spool: &NamedTempFile) -> bool {
    let mut head = Vec::new();
    let read = spool.reopen().and_then(|file| file.take(4096).read_to_end(&mut head));
    read.is_ok() && !head.contains(&0)
}

fn target_of(output: &Output) -> String {
    output.file.as_deref().map_or_else(|| "standard output".to_owned(), |path| format!("`{}`", path.display()))
}

fn unwritten(target: &str, error: &std::io::Error) -> ExitCode {
    let remedy = path_remedy(error).map_or(String::new(), |remedy| format!("  = help: {remedy}\n"));
    let _ = write!(std::io::stderr(), "error: cannot write {target}: {}\n{remedy}", io_error(error));
    ExitCode::from(2)
}

fn terminal_width() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size().filter(|_| std::io::stdout().is_terminal())?;
    Some(usize::from(width.0))
}

/// Findings and messages, to standard error; a closed one is nobody's loss.
fn report(output: &Output, color: ColorWhen) {
    let choice = match color {
        ColorWhen::Auto => AutoStream::choice(&std::io::stderr()),
        ColorWhen::Always => ColorChoice::Always,
        ColorWhen::Never => ColorChoice::Never,
    };
    let palette = if choice == ColorChoice::Never { Palette::Plain } else { Palette::Colour };
    let mut text = render::diagnostics(&output.diagnostics, &output.files, palette);
    for message in &output.messages {
        text.push_str(message);
        text.push('\n');
    }
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Does everything that can fail for want of room before any file is replaced: folders, temporary files, then the files
/// beside. Answers what is left to write, or what could not be and why.
fn prepared(output: &mut Output) -> Result<Ready, (String, std::io::Error)> {
    let failed = |path: &Path| {
        let target = format!("`{}`", path.display());
        move |error| (target, error)
    };
    for folder in &output.folders {
        std::fs::create_dir_all(folder).map_err(failed(folder))?;
    }
    let mut beside = Vec::new();
    for (path, bytes) in std::mem::take(&mut output.beside) {
        beside.push((Ready::of(Content::Bytes(bytes), Some(&path)).map_err(failed(&path))?, path));
    }
    let content = std::mem::take(&mut output.content);
    let content = Ready::of(content, output.file.as_deref()).map_err(|error| (target_of(output), error))?;
    // A month is closed before what is said of it.
    if let Some(closing) = &output.closing {
        close(closing).map_err(failed(&closing.path))?;
    }
    for (ready, path) in beside {
        ready.written().map_err(failed(&path))?;
    }
    if let Some((path, text)) = &output.appended {
        append(path, text).map_err(failed(path))?;
    }
    Ok(content)
}

/// What is to be written, as far on its way as it gets without replacing anything.
enum Ready {
    /// On the disk, whole, beside the file that it is to be: a rename is all that is left.
    File { file: NamedTempFile, path: PathBuf },
    /// To be written through to what is no file; to standard output where there is no path.
    Stream { content: Content, path: Option<PathBuf> },
}

impl Ready {
    fn of(content: Content, path: Option<&Path>) -> std::io::Result<Ready> {
        let (path, known) = match path.map(Target::of) {
            None => return Ok(Ready::Stream { content, path: None }),
            Some(Target::Device(path)) => return Ok(Ready::Stream { content, path: Some(path) }),
            Some(Target::File { path, known }) => (path, known),
        };
        if known.as_ref().is_some_and(Metadata::is_dir) {
            return Err(std::io::ErrorKind::IsADirectory.into());
        }
        let file = match content {
            Content::Spooled(file) => file,
            Content::Bytes(bytes) => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
                let mut file = shared_temporary(folder)?;
                file.write_all(&bytes)?;
                file
            }
        };
        // An existing file keeps its mode.
        if let Some(metadata) = known {
            file.as_file().set_permissions(metadata.permissions())?;
        }
        file.as_file().sync_all()?;
        Ok(Ready::File { file, path })
    }

    fn written(self) -> std::io::Result<()> {
        match self {
            Ready::File { file, path } => Ok(file.persist(path).map(drop)?),
            Ready::Stream { content, path: Some(path) } => {
                pour(&content, &mut std::fs::OpenOptions::new().write(true).open(path)?)
            }
            Ready::Stream { content, path: None } => pour(&content, &mut std::io::stdout().lock()),
        }
    }
}

/// Writes all of a content to what is no file.
fn pour(content: &Content, to: &mut dyn Write) -> std::io::Result<()> {
    match content {
        Content::Bytes(bytes) => to.write_all(bytes)?,
        Content::Spooled(spool) => drop(std::io::copy(&mut spool.reopen()?, to)?),
    }
    to.flush()
}

/// Where a path leads.
enum Target {
    /// A file, there or not; a link is followed.
    File { path: PathBuf, known: Option<Metadata> },
    /// What is no file, such as a pipe.
    Device(PathBuf),
}

impl Target {
    fn of(path: &Path) -> Target {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        match std::fs::metadata(&path).ok() {
            Some(metadata) if !metadata.is_file() && !metadata.is_dir() => Target::Device(path),
            known => Target::File { path, known },
        }
    }
}

/// Writes a closed period whole or not at all, and never over what another run has written since it was read.
fn close(closing: &Closing) -> std::io::Result<()> {
    let overtaken = || {
        std::io::Error::other(
            "it was written meanwhile, by another run or by hand; see what it holds, then run this again",
        )
    };
    sweep(closing.path.parent().unwrap_or(Path::new(".")));
    let Some(before) = &closing.before else {
        let file = closed_on_disk(&closing.path, &closing.text)?;
        return file.persist_noclobber(&closing.path).map(drop).map_err(|failed| match failed.error.kind() {
            std::io::ErrorKind::AlreadyExists => overtaken(),
            _ => failed.error,
        });
    };
    // A link is followed, or it would be replaced and what it leads to left behind.
    let path = closing.path.canonicalize()?;
    let file = closed_on_disk(&path, &closing.text)?;
    file.as_file().set_permissions(std::fs::metadata(&path)?.permissions())?;
    // Without it two runs could both find the file as it was read, and the later one take the reason of the other away.
    let _turn = turn(&path)?;
    if std::fs::read(&path)? != before.as_bytes() {
        return Err(overtaken());
    }
    Ok(file.persist(&path).map(drop)?)
}

/// The text of a closed period in a temporary file beside the one that it is to be.
fn closed_on_disk(path: &Path, text: &str) -> std::io::Result<NamedTempFile> {
    let mut file = shared_temporary(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Waits until no other run replaces a closed period beside this one, for some seconds. Over when the file is dropped, or its
/// process has ended in whatever way; nothing stays behind. The folder itself is locked, as the file in it will be another one.
#[cfg(unix)]
fn turn(path: &Path) -> std::io::Result<std::fs::File> {
    use std::fs::TryLockError;
    let folder = std::fs::File::open(path.parent().unwrap_or(Path::new(".")))?;
    for _ in 0..TRIES {
        match folder.try_lock() {
            Ok(()) => return Ok(folder),
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(std::io::Error::other("another run has been writing there for ten seconds; run this again when it is done"))
}

/// How often a turn is asked for, and how long in between: ten seconds in all.
#[cfg(unix)]
const TRIES: u32 = 200;
#[cfg(unix)]
const PAUSE: std::time::Duration = std::time::Duration::from_millis(50);

/// Removes temporary files that runs which were killed have left among closed periods, where git would find them. They are
/// known by their age: no run writes, and waits for its turn, for so long.
fn sweep(folder: &Path) {
    const LONG: std::time::Duration = std::time::Duration::from_secs(60);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let age = entry.metadata().and_then(|metadata| metadata.modified()).ok().and_then(|at| at.elapsed().ok());
        if entry.file_name().to_string_lossy().starts_with(TEMPORARY) && age.is_some_and(|age| age > LONG) {
            // What cannot be removed harms nothing.
            _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Holds a file beside a closed period that no other run can open, or tells that another one does. It is gone when it is
/// dropped, or its process has ended in whatever way.
#[cfg(windows)]
fn turn(path: &Path) -> std::io::Result<std::fs::File> {
    use std::os::windows::fs::OpenOptionsExt;
    /// `FILE_FLAG_DELETE_ON_CLOSE`.
    const GONE_WHEN_CLOSED: u32 = 0x0400_0000;
    let mut options = std::fs::OpenOptions::new();
    options.create(true).write(true).truncate(false).share_mode(0).custom_flags(GONE_WHEN_CLOSED);
    options.open(path.with_extension("lock"))
}

/// Adds to the end of a file in one write, so that what it holds stays as it is whatever happens; a blank line keeps
/// the two apart.
fn append(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path)?;
    let begin = if file.metadata()?.len() > 0 { "\n\n" } else { "" };
    file.write_all(format!("{begin}{text}").as_bytes())
}

/// How the names of temporary files begin.
const TEMPORARY: &str = ".tmp";

/// A temporary file that others may read as far as the process's mask lets them.
fn shared_temporary(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    let builder = builder.prefix(TEMPORARY);
    #[cfg(unix)]
    let builder = builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// A library that panics on a damaged file is told as an error of the file.
fn quiet_about_damaged_files() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !goldthread::observe::is_guarded() {
            usual(panic);
        }
    }));
}
