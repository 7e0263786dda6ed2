//! The manual, from the same words as `--help`. Dated nowhere: the same program prints the same pages.

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::Cli;

/// A page a command: the name of its file, and its text.
pub fn pages() -> Vec<(String, String)> {
    let root = built();
    let commands = std::iter::once(&root).chain(root.get_subcommands());
    commands.map(|command| (page(command).get_filename(), rendered(|into| page(command).render(into)))).collect()
}

/// All of it in one page: goldthread(1), and each command as a section.
pub fn manual() -> String {
    let root = built();
    let whole = page(&root);
    let mut text = rendered(|into| {
        whole.render_title(into)?;
        whole.render_name_section(into)?;
        whole.render_synopsis_section(into)?;
        whole.render_description_section(into)?;
        whole.render_options_section(into)
    });
    for command in root.get_subcommands() {
        // What every command takes is said once.
        let own = command.clone().mut_args(|arg| if arg.is_global_set() { arg.hide(true) } else { arg });
        let part = page(&own);
        let body = rendered(|into| {
            part.render_synopsis_section(into)?;
            part.render_description_section(into)?;
            part.render_options_section(into)?;
            if command.get_after_help().is_some() { part.render_extra_section(into) } else { Ok(()) }
        });
        text.push_str(&format!(".SH \"GOLDTHREAD {}\"\n", command.get_name().to_uppercase()));
        // Each part opens with what makes quotes plain; the page has it already.
        let sections = body.lines().filter(|line| !line.starts_with(".ie") && !line.starts_with(".el"));
        for line in sections {
            text.push_str(&line.replacen(".SH ", ".SS ", 1));
            text.push('\n');
        }
    }
    text.push_str(&rendered(|into| whole.render_extra_section(into)));
    text.push_str(&rendered(|into| whole.render_version_section(into)));
    text
}

fn built() -> Command {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    root
}

fn page(command: &Command) -> Man {
    let version = env!("CARGO_PKG_VERSION");
    Man::new(command.clone()).source(format!("goldthread {version}")).manual("goldthread manual")
}

fn rendered(render: impl Fn(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut text = Vec::new();
    // Writing to memory does not fail.
    let written = render(&mut text);
    debug_assert!(written.is_ok());
    laid_out(&String::from_utf8_lossy(&text))
}

/// Lines that begin with blanks are examples, which stay as they are; what follows the options are notes.
fn laid_out(text: &str) -> String {
    let (mut out, mut is_example) = (String::new(), false);
    for line in text.lines() {
        if line.starts_with("  ") != is_example {
            is_example = !is_example;
            out.push_str(if is_example { ".nf\n" } else { ".fi\n" });
        }
        out.push_str(if line == ".SH EXTRA" { ".SH NOTES" } else { line });
        out.push('\n');
    }
    out.push_str(if is_example { ".fi\n" } else { "" });
    out
}
