//! The process boundary: arguments in, text and exit code out. The only place that prints or ends.

use std::fs::Metadata;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use clap::Parser;
use goldthread::cli::{Cli, ColorWhen};
use goldthread::diagnostic::{Code, Diagnostic};
use goldthread::prose::io_error;
use goldthread::render::{self, Palette};
use goldthread::run::{Content, Output, Surroundings, run};
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
    let output = kept_from_terminal(output);
    if let Err((path, error)) = write_beside(&output) {
        let _ = writeln!(std::io::stderr(), "error: cannot write `{}`: {}", path.display(), io_error(&error));
        return ExitCode::from(2);
    }
    report(&output, cli.color);
    match write(output.content, output.file.as_deref()) {
        Ok(()) => {
            if let Some(line) = &output.closing {
                let _ = writeln!(std::io::stderr(), "{line}");
            }
            ExitCode::from(output.exit)
        }
        // Whoever read us has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let target = output
                .file
                .as_deref()
                .map_or_else(|| "standard output".to_owned(), |path| format!("`{}`", path.display()));
            let _ = writeln!(std::io::stderr(), "error: cannot write {target}: {}", io_error(&error));
            ExitCode::from(2)
        }
    }
}

/// Bytes that are no text would garble a terminal, and help nobody there.
fn kept_from_terminal(output: Output) -> Output {
    // What is spooled is CSV or JSON.
    let is_text = match &output.content {
        Content::Bytes(bytes) => std::str::from_utf8(bytes).is_ok(),
        Content::Spooled(_) => true,
    };
    if is_text || output.file.is_some() || !std::io::stdout().is_terminal() {
        return output;
    }
    let problem = Diagnostic::error(Code::Usage, "a picture is not written to a terminal");
    let problem = problem.help("name a file, `-o chart.png`, or send it on: `-O png > chart.png`");
    Output { diagnostics: vec![problem], exit: 2, ..Output::default() }
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

fn write(content: Content, file: Option<&Path>) -> std::io::Result<()> {
    match (content, file) {
        (Content::Bytes(bytes), Some(path)) => write_whole(path, &bytes),
        (Content::Spooled(spool), Some(path)) => match Target::of(path) {
            Target::File { path, known } => persist(spool, &path, known.as_ref()),
            Target::Device(path) => pour(&spool, &mut std::fs::OpenOptions::new().write(true).open(path)?),
        },
        (Content::Bytes(bytes), None) => {
            let mut stdout = std::io::stdout().lock();
            stdout.write_all(&bytes)?;
            stdout.flush()
        }
        (Content::Spooled(spool), None) => pour(&spool, &mut std::io::stdout().lock()),
    }
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

/// Writes what is to be written beside the text: all of it is made under other names first, so that where one cannot be
/// written, as far as can be told before, none is.
fn write_beside(output: &Output) -> Result<(), (&Path, std::io::Error)> {
    for folder in &output.folders {
        std::fs::create_dir_all(folder).map_err(|error| (folder.as_path(), error))?;
    }
    let mut staged = Vec::new();
    for (path, bytes) in &output.beside {
        staged.push((path, Staged::of(path, bytes).map_err(|error| (path.as_path(), error))?));
    }
    // The text is written last.
    if let Some(path) = output.file.as_deref().filter(|_| !staged.is_empty()) {
        Staged::of(path, &[]).map_err(|error| (path, error))?;
    }
    for (path, staged) in staged {
        staged.place().map_err(|error| (path.as_path(), error))?;
    }
    match &output.appended {
        Some((path, text)) => append(path, text).map_err(|error| (path.as_path(), error)),
        None => Ok(()),
    }
}

/// What is to be written, but for taking its place.
enum Staged<'s> {
    /// Whole, in a temporary file beside its place.
    File { file: NamedTempFile, path: PathBuf, known: Option<Metadata> },
    /// To be written through.
    Device { path: PathBuf, bytes: &'s [u8] },
}

impl Staged<'_> {
    fn of<'s>(path: &Path, bytes: &'s [u8]) -> std::io::Result<Staged<'s>> {
        match Target::of(path) {
            Target::Device(path) => Ok(Staged::Device { path, bytes }),
            Target::File { known: Some(known), .. } if known.is_dir() => Err(std::io::ErrorKind::IsADirectory.into()),
            Target::File { path, known } => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
                let mut file = shared_temporary(folder)?;
                file.write_all(bytes)?;
                Ok(Staged::File { file, path, known })
            }
        }
    }

    fn place(self) -> std::io::Result<()> {
        match self {
            Staged::Device { path, bytes } => std::fs::OpenOptions::new().write(true).open(path)?.write_all(bytes),
            Staged::File { file, path, known } => persist(file, &path, known.as_ref()),
        }
    }
}

/// Writes a file whole or not at all: a temporary file beside it, then a rename. What is no file is written through.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    Staged::of(path, bytes)?.place()
}

/// Makes a temporary file the file of a path; an existing one keeps its mode.
fn persist(file: NamedTempFile, path: &Path, known: Option<&Metadata>) -> std::io::Result<()> {
    if let Some(metadata) = known {
        file.as_file().set_permissions(metadata.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Writes all of a temporary file to somewhere else.
fn pour(spool: &NamedTempFile, to: &mut dyn Write) -> std::io::Result<()> {
    std::io::copy(&mut spool.reopen()?, to)?;
    to.flush()
}

/// Adds to the end of a file in one write, so that what it holds stays as it is whatever happens; a blank line keeps
/// the two apart.
fn append(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path)?;
    let begin = if file.metadata()?.len() > 0 { "\n\n" } else { "" };
    file.write_all(format!("{begin}{text}").as_bytes())
}

/// A temporary file that others may read as far as the process's mask lets them.
fn shared_temporary(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
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
