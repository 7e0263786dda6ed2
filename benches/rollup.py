#!/usr/bin/env python3
"""Times a rollup of 2,000 metrics x 60 months x 20 regions: 2.4 million rows, and its peak memory.

Ends with 1 where the median is over 10 s or the peak over 1 GB.

    cargo build --release && python3 benches/rollup.py
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_SECONDS, MOST_BYTES = 10.0, 1_000_000_000


def generate(folder, metrics, months, regions):
    """A table with a column a metric, and the scorecard that sums each of them up to one goal."""
    chance = random.Random(1)
    columns = [f"c{at}" for at in range(metrics)]
    with open(folder / "data.csv", "w") as out:
        out.write("month,region," + ",".join(columns) + "\n")
        for month in range(months):
            for region in range(regions):
                cells = ",".join(f"{chance.randint(-100_000, 10_000_000) / 100:.2f}" for _ in columns)
                out.write(f"{2021 + month // 12}-{month % 12 + 1:02},r{region:02},{cells}\n")
    with open(folder / "scorecard.toml", "w") as out:
        out.write('[scorecard]\ntitle = "Large"\n[sources.data]\npath = "data.csv"\nperiod = "month"\n')
        out.write('dimensions = ["region"]\n[goals.m0]\nname = "Goal"\nunit = "EUR"\nsource = "data"\n')
        out.write('value = "sum(c0)"\nbetter = "higher"\ntarget = 1000\nsponsor = "Someone"\n')
        for at in range(1, metrics):
            out.write(f'[metrics.m{at}]\nname = "Metric {at}"\nsource = "data"\nvalue = "sum(c{at})"\nunit = "EUR"\n')
            out.write('better = "higher"\ntarget = { month = 50000 }\nowner = "Someone"\ndrives = ["m0"]\n')


def run(program, folder, output, more):
    """Seconds, processor seconds and peak bytes of one run."""
    begun = time.monotonic()
    command = [program, "rollup", "-p", "2021-01..2025-12", "--by", "region", "-o", output, *more]
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        os.execv(program, command)
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        sys.exit(f"ends with {status}")
    return time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "target/release/goldthread"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--metrics", type=int, default=2000)
    parser.add_argument("--months", type=int, default=60)
    parser.add_argument("--regions", type=int, default=20)
    parser.add_argument("--output", default="rollup.csv", help="its extension is the format")
    parser.add_argument("--reconcile", action="store_true")
    arguments = parser.parse_args()
    program = str(Path(arguments.program).resolve())
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        generate(folder, arguments.metrics, arguments.months, arguments.regions)
        more = ["--reconcile"] if arguments.reconcile else []
        rounds = [run(program, folder, arguments.output, more) for _ in range(arguments.rounds)]
        size = (folder / arguments.output).stat().st_size
    wall = [one[0] for one in rounds]
    peak = max(one[2] for one in rounds)
    rows = arguments.metrics * arguments.months * arguments.regions
    print(f"{rows:,} rows, {size / 1e6:,.0f} MB")
    print(f"wall, s: {min(wall):.2f} / {statistics.median(wall):.2f} / {max(wall):.2f} (limit {MOST_SECONDS:.0f})")
    print(f"user + sys, s: {statistics.median(one[1] for one in rounds):.2f}")
    print(f"peak memory, MB: {peak / 1e6:,.0f} (limit {MOST_BYTES / 1e6:,.0f})")
    return 1 if statistics.median(wall) > MOST_SECONDS or peak > MOST_BYTES else 0


if __name__ == "__main__":
    sys.exit(main())
