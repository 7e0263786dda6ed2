//! Arguments of `close`.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::complete;

/// Arguments of `close`.
#[derive(Debug, Args)]
pub struct CloseArgs {
    /// The period to close, of the scorecard's grain: one that every required source completes
    #[arg(short, long, value_name = "PERIOD")]
    pub period: String,
    /// Freeze the parts by this dimension too; several by comma or by repeating. A period that is closed again keeps those
    /// it had where none is said; `--by ''` freezes the wholes alone
    #[arg(long, value_name = "DIM", value_delimiter = ',', add = ArgValueCompleter::new(complete::dimensions))]
    pub by: Vec<String>,
    /// Close a period again that is closed, for this reason, which stays in the ledger
    #[arg(long, value_name = "REASON")]
    pub reopen: Option<String>,
    /// Close figures too that are partial, provisional or late, each marked as such in the ledger
    #[arg(long)]
    pub provisional: bool,
}
