//! Bash, which needs a script of its own: it ends words at `:` and `=`, so that `dept:support` comes as three, and it
//! inserts what is proposed as it stands, blanks and all.

use std::ffi::OsString;
use std::io::{Error, Write};
use std::path::Path;

use clap_complete::env::{self, EnvCompleter};

/// Puts words together that bash took apart, and quotes what is inserted.
pub(super) struct Bash;

const SCRIPT: &str = r#"_NAME() {
    local word kept=-1 i prefix quote= rest=$COMP_LINE
    local -a words=()
    COMPREPLY=()
    # Bash ends words at `:` and `=` too: what no blank parts is one word.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i > 0)) && [[ -n $word && $rest == "$word"* ]]; then
            prefix=${words[kept]}
        else
            prefix=
            kept=$((kept + 1))
        fi
        rest=${rest#*"$word"}
        if ((i == COMP_CWORD)) && [[ $word != [:=] ]]; then
            [[ $word == [\"\']* ]] && quote=${word:0:1}
            # Only what stands before the cursor.
            word=$2
        fi
        words[kept]=$prefix$word
    done
    prefix=${words[kept]%"$2"}
    while IFS= read -r word; do
        # Bash replaces what it takes for the word.
        word=${word#"$prefix"}
        [[ -n $word ]] || continue
        if [[ -z $quote ]]; then
            case $word in
                "~/"*) printf -v word '~/%q' "${word:2}" ;;
                *) printf -v word %q "$word" ;;
            esac
        fi
        COMPREPLY+=("$word")
    done < <(_CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$kept VARIABLE=bash COMPLETER -- "${words[@]}" 2>/dev/null; echo)
    if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *[=:/] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o bashdefault -o nosort -F _NAME BIN 2>/dev/null || complete -o bashdefault -F _NAME BIN"#;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        env::Bash.name()
    }

    fn is(&self, name: &str) -> bool {
        env::Bash.is(name)
    }

    fn write_registration(
        &self,
        variable: &str,
        name: &str,
        bin: &str,
        completer: &str,
        into: &mut dyn Write,
    ) -> Result<(), Error> {
        let quoted = format!("'{}'", completer.replace('\'', r"'\''"));
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        let completer = if completer.chars().all(plain) { completer } else { &quoted };
        let script = SCRIPT.replace("NAME", name).replace("BIN", bin).replace("VARIABLE", variable);
        writeln!(into, "{}", script.replace("COMPLETER", completer))
    }

    fn write_complete(
        &self,
        command: &mut clap::Command,
        words: Vec<OsString>,
        folder: Option<&Path>,
        into: &mut dyn Write,
    ) -> Result<(), Error> {
        env::Bash.write_complete(command, words, folder, into)
    }
}
