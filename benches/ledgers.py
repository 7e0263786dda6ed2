#!/usr/bin/env python3
"""Rolls up random ledgers and compares every figure with exact arithmetic.

Each ledger has lines in random order, in one to four files, of amounts from cents to hundreds of billions, refunds among them.
goldthread rolls it up by region and account with all totals, with one thread and with two, and once more from the same lines in
another order and other files. Each run must give the same bytes; each sum must be that of Python's fractions, each ratio
the double nearest to the exact quotient; the printed parts must add up to the printed
wholes; and goldthread's own reconciliation must end with 0. Ends with 1 and names the seed where anything differs.

    python3 benches/ledgers.py 1000 --lines 100000
"""

import argparse
import csv
import io
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

SCORECARD = """\
[scorecard]
title = "Ledger"
[sources.ledger]
path = "ledger*.csv"
period = "date"
dimensions = ["region", "account"]
duplicates = "sum"
[goals.net]
name = "Net"
source = "ledger"
value = "sum(amount)"
unit = "EUR"
sponsor = "CFO"
[metrics.lines]
name = "Lines"
source = "ledger"
value = "count(*)"
unit = "count"
drives = ["net"]
[metrics.mean]
name = "Mean"
source = "ledger"
value = "sum(amount) / sum(units)"
unit = "EUR"
drives = ["net"]
"""

MONTHS = ["2026-01", "2026-02", "2026-03"]


def ledger(chance, lines):
    """Lines: month, the rest of a date, region, account, cents, units."""
    sizes = [10**2, 10**6, 10**9, 10**14]
    rows = []
    for _ in range(lines):
        cents = chance.randrange(chance.choice(sizes))
        if chance.random() < 0.3:
            cents = -cents
        row = (chance.choice(MONTHS), chance.randrange(1, 29), f"r{chance.randrange(8)}", f"a{chance.randrange(12)}")
        rows.append((*row, cents, chance.randrange(1, 9)))
    return rows


def text(row):
    month, day, region, account, cents, units = row
    sign, size = ("-" if cents < 0 else ""), abs(cents)
    return f"{month}-{day:02},{region},{account},{sign}{size // 100}.{size % 100:02},{units}\n"


def write(folder, rows, files):
    for old in folder.glob("ledger*.csv"):
        old.unlink()
    for at in range(files):
        with open(folder / f"ledger{at}.csv", "w") as out:
            out.write("date,region,account,amount,units\n")
            out.writelines(map(text, rows[at::files]))


def rolled(program, folder, threads):
    command = [program, "rollup", "-p", "2026-01..2026-03", "--as-of", "2026-03", "--by", "region,account"]
    command += ["--totals", "--reconcile"]
    environment = {**os.environ, "POLARS_MAX_THREADS": str(threads)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"ends with {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def oracle(rows):
    sums = defaultdict(lambda: [0, 0, 0])
    for month, _, region, account, cents, units in rows:
        for key in [(month, region, account), (month, region, ""), (month, "", "")]:
            entry = sums[key]
            entry[0] += cents
            entry[1] += 1
            entry[2] += units
    return sums


def differences(printed, rows):
    """What of a rollup is not what exact arithmetic says, and how many figures were compared."""
    expected, seen, wrong = oracle(rows), set(), []
    parts = defaultdict(Fraction)
    for row in csv.DictReader(io.StringIO(printed.decode())):
        key = (row["period"], row["region"], row["account"])
        cents, lines, units = expected[key]
        exact = {"net": Fraction(cents, 100), "lines": Fraction(lines), "mean": Fraction(cents, 100 * units)}[row["id"]]
        found = Fraction(row["actual"])
        # A quotient is the double that is nearest to it; nothing else may be off at all.
        if float(found) != float(exact) if row["id"] == "mean" else found != exact:
            wrong.append(f"{row['id']} of {key}: {row['actual']}, and is {exact}")
        if row["id"] != "mean":
            parts[row["period"], row["id"], row["level"]] += found
        seen.add((key, row["id"]))
    if len(seen) != 3 * len(expected):
        wrong.append(f"{len(seen)} figures, and there are {3 * len(expected)}")
    for (month, metric, level), total in parts.items():
        if total != parts[month, metric, "total"]:
            wrong.append(f"{metric} in {month}: rows of `{level}` add up to {total}")
    return wrong, len(seen)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ledgers", type=int, nargs="?", default=10, help="how many ledgers (10)")
    parser.add_argument("--lines", type=int, default=100_000, help="lines of each (100000)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (0)")
    parser.add_argument("--program", default=str(ROOT / "target/release/goldthread"))
    arguments = parser.parse_args()
    program = str(Path(arguments.program).resolve())
    begun, figures, failed = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "scorecard.toml").write_text(SCORECARD)
        for seed in range(arguments.first, arguments.first + arguments.ledgers):
            chance = random.Random(seed)
            rows = ledger(chance, arguments.lines)
            write(folder, rows, chance.randrange(1, 5))
            printed = rolled(program, folder, 1)
            wrong, compared = differences(printed, rows)
            figures += compared
            if rolled(program, folder, 2) != printed:
                wrong.append("two threads give other bytes than one")
            chance.shuffle(rows)
            write(folder, rows, chance.randrange(1, 5))
            if rolled(program, folder, 2) != printed:
                wrong.append("another order and other files give other bytes")
            failed += bool(wrong)
            for problem in wrong[:5]:
                print(f"seed {seed}: {problem}")
    took = time.monotonic() - begun
    print(f"{arguments.ledgers} ledgers of {arguments.lines:,} lines, {figures:,} figures, {took:.0f} s: {failed} differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
