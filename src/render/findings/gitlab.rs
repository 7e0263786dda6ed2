//! A Code Quality report of a GitLab job: a subset of Code Climate's, as a JSON array. Paths begin at the root of the
//! repository.
//!
//! GitLab compares the reports of two branches by fingerprint alone. So a fingerprint holds no line number, and what
//! is found twice in the same words is told apart by its turn.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::json::written;
use super::super::style::harmless;
use super::Findings;
use crate::diagnostic::{Diagnostic, Severity};

/// The findings, the worst first.
pub fn gitlab(findings: Findings<'_>) -> String {
    let mut turns: BTreeMap<u128, usize> = BTreeMap::new();
    let all = findings.verdict.findings.iter().map(|finding| {
        let spot = findings.spot(finding);
        let path = findings.home.in_repository(spot.path);
        let about = finding.about.as_deref().unwrap_or_default();
        let same = fingerprint(&[finding.code.as_str(), &path, about, &finding.message]);
        let turn = turns.entry(same).and_modify(|turn| *turn += 1).or_insert(0);
        let own = fingerprint(&[&format!("{same:032x}"), &turn.to_string()]);
        json!({
            "description": description(finding),
            "check_name": finding.code.as_str(),
            "fingerprint": format!("{own:032x}"),
            "severity": severity(finding),
            // GitLab links to a line of every finding.
            "location": { "path": harmless(&path), "lines": { "begin": spot.stretch.map_or(1, |stretch| stretch.line) } },
        })
    });
    written(&Value::Array(all.collect()))
}

fn description(finding: &Diagnostic) -> String {
    let help = finding.help.as_ref().map_or(String::new(), |help| format!(" ({})", harmless(help)));
    format!("{}{help}", harmless(&finding.message))
}

/// What stopped the check blocks; an error is critical, whatever may follow from it.
fn severity(finding: &Diagnostic) -> &'static str {
    match finding.severity {
        Severity::Error if finding.is_stop() => "blocker",
        Severity::Error => "critical",
        Severity::Warning => "minor",
        Severity::Note => "info",
    }
}

/// FNV-1a of 128 bits, each part ended by a byte that UTF-8 never has. Names a finding; guards against nobody.
fn fingerprint(parts: &[&str]) -> u128 {
    parts.iter().fold(FNV_BASIS, |hash, part| fnv(fnv(hash, part.as_bytes()), &[0xff]))
}

const FNV_BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const FNV_PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

fn fnv(hash: u128, bytes: &[u8]) -> u128 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(FNV_PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of Go's `hash/fnv`, `golden128a`.
    #[test]
    fn the_hash_is_the_published_one() {
        for (text, hash) in [
            ("", 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128),
            ("a", 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964),
            ("ab", 0x0880_9544_bbab_1be9_5aa0_7330_55b6_9a62),
            ("abc", 0xa68d_622c_ec8b_5822_836d_bc79_77af_7f3b),
        ] {
            assert_eq!(fnv(FNV_BASIS, text.as_bytes()), hash, "{text}");
        }
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
        assert_ne!(fingerprint(&["a", ""]), fingerprint(&["a"]));
    }
}
