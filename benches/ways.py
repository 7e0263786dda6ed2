#!/usr/bin/env python3
"""Times goldthread's two ways into the same clean file, and its lists of errors in a file with bad cells.

    python3 ways.py                 data/ledger.csv, made first if it is missing: one warm-up and 5 rounds
    python3 ways.py --rows 1000000  a ledger of that size, in a temporary folder

Python 3.8 or newer on Linux or macOS; nothing to install. Build first: `cargo build --release`.

1. The fast way and the careful way (--careful) in turn, over the same ledger: same bytes, and the ratio pair by pair.
2. A ledger of a million rows of which 10,000 have a bad cell: all are found and counted, the first 20 shown; against the
   careful reading of the same ledger without them.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
LEDGER = HERE / "data" / "ledger.csv"
MILLION = 1_000_000
BAD = 10_000


class Run:
    """What one process took and said."""

    def __init__(self, command, exit_code=0):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=out, stderr=err)
            _, status, usage = os.wait4(process.pid, 0)
            self.wall = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            self.out, self.err = out.read(), err.read().decode()
        if process.returncode != exit_code:
            sys.exit("ended with %d: %s\n%s" % (process.returncode, " ".join(map(str, command)), self.err[:2000]))
        self.cpu = usage.ru_utime + usage.ru_stime
        # Linux reports kibibytes, macOS bytes.
        self.peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def show(program, folder, *options):
    return [program, "-s", folder / "ledger.toml", "show", "-p", "2023-01..2025-12", "--by", "region,plan", "-O", "csv", *options]


def ledger_in(folder, rows):
    shutil.copy(HERE / "ledger.toml", folder)
    # In a process of its own: a child's peak memory counts from its parent's.
    command = [sys.executable, HERE / "generate.py", "--rows", str(rows), "-o", folder / "data" / "ledger.csv"]
    subprocess.run(command, check=True)


def spoil(folder):
    """Writes a word into the amount of every hundredth row, streaming."""
    source, target = folder / "data" / "ledger.csv", folder / "data" / "spoilt.csv"
    bad = 0
    with open(source) as lines, open(target, "w") as out:
        header = next(lines)
        amount = header.rstrip("\n").split(",").index("amount")
        out.write(header)
        for number, line in enumerate(lines):
            if number % (MILLION // BAD) == 50:
                cells = line.split(",")
                cells[amount] = "pending"
                line = ",".join(cells)
                bad += 1
            out.write(line)
    os.replace(target, source)
    return bad


def table(rows):
    form = "%-28s %24s %24s %22s"
    print(form % ("", "wall s: min median max", "user+sys s", "peak MB"))
    for name, runs in rows.items():
        def spread(values, digits):
            return " ".join("%.*f" % (digits, f(values)) for f in (min, statistics.median, max))

        walls, cpus, peaks = ([getattr(run, what) for run in runs] for what in ("wall", "cpu", "peak"))
        print(form % (name, spread(walls, 2), spread(cpus, 2), spread(peaks, 0)))


def ratios(ours, others):
    values = [a.wall / b.wall for a, b in zip(ours, others)]
    return "%s; median %.2f" % (" ".join("%.2f" % value for value in values), statistics.median(values))


def ways(program, folder, count):
    size = (folder / "data" / "ledger.csv").stat().st_size / 1e6
    print("1. two ways into %.0f MB" % size)
    runs = {"the fast way": [], "the careful way": []}
    for number in range(count + 1):
        fast, careful = Run(show(program, folder)), Run(show(program, folder, "--careful"))
        if fast.out != careful.out:
            sys.exit("DIFFERENT: the two ways disagree")
        # The first round warms up.
        if number > 0:
            runs["the fast way"].append(fast)
            runs["the careful way"].append(careful)
    table(runs)
    print("careful / fast, pair by pair: %s" % ratios(runs["the careful way"], runs["the fast way"]))
    print("same: %d bytes from both ways\n" % len(fast.out))


def errors(program, count):
    print("2. %s bad cells in %s rows" % ("{:,}".format(BAD), "{:,}".format(MILLION)))
    with tempfile.TemporaryDirectory(dir=LEDGER.parent) as clean, tempfile.TemporaryDirectory(dir=LEDGER.parent) as spoilt:
        clean, spoilt = Path(clean), Path(spoilt)
        ledger_in(clean, MILLION)
        ledger_in(spoilt, MILLION)
        bad = spoil(spoilt)
        runs = {"errors listed": [], "the careful way, clean": []}
        for number in range(count + 1):
            listed, careful = Run(show(program, spoilt), exit_code=2), Run(show(program, clean, "--careful"))
            shown = listed.err.count("error[bad-cell]")
            more = re.search(r"and ([\d,]+) more problems like these", listed.err)
            found = shown + int(more.group(1).replace(",", ""))
            if (shown, found) != (20, bad):
                sys.exit("DIFFERENT: %d shown and %d found, of %d" % (shown, found, bad))
            if number > 0:
                runs["errors listed"].append(listed)
                runs["the careful way, clean"].append(careful)
        table(runs)
        print("errors / clean, pair by pair: %s" % ratios(runs["errors listed"], runs["the careful way, clean"]))
        print("same: all %s bad cells found, 20 shown" % "{:,}".format(bad))


def main():
    parser = argparse.ArgumentParser(description="Times goldthread's two ways into a file, and its lists of errors.")
    parser.add_argument("--rows", type=int, metavar="N", help="a ledger of this size; else data/ledger.csv")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="runs that count; 5")
    parser.add_argument("--program", default=HERE.parent / "target" / "release" / "goldthread", metavar="FILE")
    options = parser.parse_args()
    if not Path(options.program).is_file():
        sys.exit("no %s: cargo build --release" % options.program)
    print("%d processors, load before: %.2f" % (os.cpu_count(), os.getloadavg()[0]))
    LEDGER.parent.mkdir(exist_ok=True)
    if options.rows is None:
        if not LEDGER.exists():
            subprocess.run([sys.executable, HERE / "generate.py"], check=True)
        ways(options.program, HERE, options.rounds)
    else:
        with tempfile.TemporaryDirectory(dir=LEDGER.parent) as name:
            ledger_in(Path(name), options.rows)
            ways(options.program, Path(name), options.rounds)
    errors(options.program, options.rounds)


if __name__ == "__main__":
    main()
