#!/usr/bin/env python3
"""Times goldthread against DuckDB on the same question over the same file, and checks that they agree.

    python3 compare.py                 data/ledger.csv, made first if it is missing: one warm-up and 5 rounds
    python3 compare.py --rows 1000000  a ledger of that size, in a temporary folder
    python3 compare.py --growth        1, 10 and 50 million rows; takes 2.5 GB of disk for a while

Python 3.8 or newer on Linux or macOS; `pip install duckdb`. Build first: `cargo build --release`.

Each tool runs as a whole process, from start to exit, in turn: goldthread, DuckDB, goldthread, DuckDB ... Time, processor
time and peak memory are what the operating system reports when the process ends. Ends with 1 where a figure differs.
"""
import argparse
import csv
import importlib.util
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent
LEDGER = HERE / "data" / "ledger.csv"
SCORECARD = HERE / "ledger.toml"
MILLION = 1_000_000
GROWTH = (1 * MILLION, 10 * MILLION, 50 * MILLION)
MEASURES = ("revenue", "orders", "units", "ticket")

# Every column has its type and nothing is guessed, which is DuckDB's fast way; columns that the query does not name it does
# not convert. Amounts are decimals, so that sums are exact: DuckDB's default for them, DOUBLE, would be off by fractions of
# a cent. The rest is as the package comes.
QUERY = """
copy (
    select strftime(date_trunc('month', date), '%Y-%m') as month, region, plan,
           sum(amount) as revenue, count(*) as orders, sum(units) as units, sum(amount) / count(*) as ticket
    from read_csv(?, header = true, auto_detect = false, delim = ',', columns = {
        'date': 'DATE', 'region': 'VARCHAR', 'plan': 'VARCHAR', 'account': 'VARCHAR', 'channel': 'VARCHAR',
        'units': 'BIGINT', 'amount': 'DECIMAL(18,2)', 'minutes': 'BIGINT'})
    group by all order by all
) to '%s' (header)
"""

# What a user of the package runs. It leaves beside its result how long the query itself took.
DUCKDB_CHILD = """
import sys, time
import duckdb
ledger, result, query = sys.argv[1:]
connection = duckdb.connect()
connection.execute("set enable_progress_bar = false")
start = time.perf_counter()
connection.execute(query, [ledger])
spent = time.perf_counter() - start
with open(result + ".seconds", "w") as out:
    out.write(repr(spent))
"""


class Run:
    """What one process took."""

    def __init__(self, wall, usage):
        self.wall = wall
        self.cpu = usage.ru_utime + usage.ru_stime
        # Linux reports kibibytes, macOS bytes.
        self.peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
        self.query = None


def measure(command):
    start = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = 0
    if status != 0:
        sys.exit("failed: %s" % " ".join(map(str, command[:4])))
    return Run(wall, usage)


class Goldthread:
    name = "goldthread"

    def __init__(self, program, folder):
        self.result = folder / "data" / "goldthread.csv"
        self.command = [
            program, "-s", folder / SCORECARD.name, "show", "-p", "2023-01..2025-12", "--by", "region,plan",
            "-O", "csv", "-o", self.result,
        ]

    def run(self):
        return measure(self.command)

    def figures(self):
        """Each figure by measure, month, region and plan."""
        with open(self.result, newline="") as lines:
            return {
                (row["id"], row["period"], row["region"], row["plan"]): Decimal(row["actual"])
                for row in csv.DictReader(lines)
                if row["level"] == "region/plan"
            }


class DuckDB:
    name = "DuckDB"

    def __init__(self, folder):
        self.result = folder / "data" / "duckdb.csv"
        query = QUERY.replace("'%s'", "'%s'" % str(self.result).replace("'", "''"))
        self.command = [sys.executable, "-c", DUCKDB_CHILD, folder / "data" / LEDGER.name, self.result, query]

    def run(self):
        run = measure(self.command)
        seconds = Path(str(self.result) + ".seconds")
        run.query = float(seconds.read_text())
        seconds.unlink()
        return run

    def figures(self):
        with open(self.result, newline="") as lines:
            return {
                (measure, row["month"], row["region"], row["plan"]): Decimal(row[measure])
                for row in csv.DictReader(lines)
                for measure in MEASURES
            }


def verify(goldthread, duckdb):
    """Ends the program unless both found the same: sums and counts to the last digit."""
    ours, theirs = goldthread.figures(), duckdb.figures()
    missing = sorted(ours.keys() ^ theirs.keys())
    if missing or not ours:
        sys.exit("DIFFERENT: only one of the two has %s" % (missing[:5] or "anything"))

    def same(key):
        # A quotient has no last digit; DuckDB's is a double.
        slack = Decimal("1e-9") if key[0] == "ticket" else 0
        return abs(ours[key] - theirs[key]) <= slack

    different = [key for key in sorted(ours) if not same(key)]
    for key in different[:5]:
        print("%s: goldthread %s, DuckDB %s" % (" ".join(key), ours[key], theirs[key]), file=sys.stderr)
    if different:
        sys.exit("DIFFERENT: %d of %d figures" % (len(different), len(ours)))
    total = {name: sum(value for key, value in ours.items() if key[0] == name) for name in MEASURES[:3]}
    print("same: all %d figures of %d months and segments; " % (len(ours), len(ours) // len(MEASURES)), end="")
    print("revenue {revenue:,}, orders {orders:,}, units {units:,}".format(**total))


def rounds(tools, count):
    """One warm-up of each tool, then the tools in turn; a list of runs a tool."""
    for tool in tools:
        tool.run()
    runs = {tool.name: [] for tool in tools}
    for _ in range(count):
        for tool in tools:
            runs[tool.name].append(tool.run())
    return runs


def print_comparison(runs):
    def spread(values, form="%8.2f"):
        return " ".join(form % f(values) for f in (min, statistics.median, max))

    row = "%-22s %26s   %26s   %26s"
    print(row % ("", "wall s", "user+sys s", "peak MB"))
    print(row % (("",) + ("%8s %8s %8s" % ("min", "median", "max"),) * 3))
    for name, of_tool in runs.items():
        wall, cpu, peak = ([getattr(run, what) for run in of_tool] for what in ("wall", "cpu", "peak"))
        print(row % (name, spread(wall), spread(cpu), spread(peak, "%8.0f")))
    queries = [run.query for run in runs["DuckDB"]]
    print(row % ("DuckDB, query alone", spread(queries), "", ""))

    def ratios(values):
        return "%s   median %.2f" % (" ".join("%.2f" % value for value in values), statistics.median(values))

    pairs = list(zip(runs["goldthread"], runs["DuckDB"]))
    print("goldthread / DuckDB, pair by pair")
    print("  wall, whole processes       %s" % ratios([ours.wall / theirs.wall for ours, theirs in pairs]))
    print("  wall, to DuckDB's query     %s" % ratios([ours.wall / theirs.query for ours, theirs in pairs]))
    print("  user+sys                    %s" % ratios([ours.cpu / theirs.cpu for ours, theirs in pairs]))
    print("  peak memory                 %s" % ratios([ours.peak / theirs.peak for ours, theirs in pairs]))


def ledger_in(folder, rows):
    """A folder with the scorecard and a ledger of so many rows."""
    shutil.copy(SCORECARD, folder)
    # In a process of its own: a child's peak memory counts from its parent's.
    subprocess.run(
        [sys.executable, HERE / "generate.py", "--rows", str(rows), "-o", folder / "data" / LEDGER.name], check=True
    )


def compare(program, folder, count):
    size = (folder / "data" / LEDGER.name).stat().st_size
    print("%s: %.0f MB; %d rounds after one warm-up" % (LEDGER.name, size / 1e6, count))
    tools = Goldthread(program, folder), DuckDB(folder)
    runs = rounds(tools, count)
    print_comparison(runs)
    verify(*tools)


def grow(program, count):
    print("%12s %8s   %-12s %8s %12s %8s" % ("rows", "MB", "", "wall s", "user+sys s", "peak MB"))
    for rows in GROWTH:
        with tempfile.TemporaryDirectory(dir=LEDGER.parent) as name:
            folder = Path(name)
            ledger_in(folder, rows)
            size = (folder / "data" / LEDGER.name).stat().st_size / 1e6
            tools = Goldthread(program, folder), DuckDB(folder)
            for tool, runs in rounds(tools, count).items():
                wall, cpu, peak = (
                    statistics.median(getattr(run, what) for run in runs) for what in ("wall", "cpu", "peak")
                )
                print("%12s %8.0f   %-12s %8.2f %12.2f %8.0f" % ("{:,}".format(rows), size, tool, wall, cpu, peak))
            verify(*tools)


def version(program):
    if importlib.util.find_spec("duckdb") is None:
        sys.exit("the DuckDB package is missing: pip install duckdb")
    # In a process of its own, as above.
    duckdb = subprocess.run(
        [sys.executable, "-c", "import duckdb; print(duckdb.__version__)"], check=True, capture_output=True, text=True
    ).stdout.strip()
    ours = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    return "%s; DuckDB %s; Python %s; %s, %d processors" % (
        ours, duckdb, platform.python_version(), platform.machine(), os.cpu_count(),
    )


def main():
    parser = argparse.ArgumentParser(description="Times goldthread against DuckDB and checks that they agree.")
    parser.add_argument("--rows", type=int, metavar="N", help="a ledger of this size; else data/ledger.csv")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="runs of each tool that count; 5")
    parser.add_argument("--growth", action="store_true", help="medians at 1, 10 and 50 million rows")
    parser.add_argument("--program", default=HERE.parent / "target" / "release" / "goldthread", metavar="FILE")
    options = parser.parse_args()
    if not Path(options.program).is_file():
        sys.exit("no %s: cargo build --release" % options.program)
    print(version(options.program))
    print("load before: %.2f" % os.getloadavg()[0])
    LEDGER.parent.mkdir(exist_ok=True)
    if options.growth:
        return grow(options.program, options.rounds)
    if options.rows is None:
        if not LEDGER.exists():
            subprocess.run([sys.executable, HERE / "generate.py"], check=True)
        return compare(options.program, HERE, options.rounds)
    with tempfile.TemporaryDirectory(dir=LEDGER.parent) as name:
        ledger_in(Path(name), options.rows)
        compare(options.program, Path(name), options.rounds)


if __name__ == "__main__":
    main()
