#!/usr/bin/env python3
"""Times `goldthread chart` on the shipped scorecards, all pictures, and on a tree of 80 metrics.

    python3 charts.py               one warm-up and 5 rounds

Python 3.8 or newer; nothing to install. Build first: `cargo build --release`. Ends with 1 where a median is over its limit.
"""
import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODES = 80
MONTHS = 36


def tree(folder):
    """A scorecard of so many metrics, goals at the top: each below the first drives one or two of the level above."""
    rng = random.Random(2026)
    levels = [2, 6, 18, NODES - 26]
    names = [["n%d_%d" % (level, number) for number in range(count)] for level, count in enumerate(levels)]
    every = [name for level in names for name in level]
    out = ["[scorecard]", 'title = "A tree of %d metrics"' % NODES, "[departments.d]", "[sources.s]", 'path = "s.csv"',
           'department = "d"', 'period = "month"']
    for level, ids in enumerate(names):
        for number, name in enumerate(ids):
            out += ["[%s.%s]" % ("goals" if level == 0 else "metrics", name), 'name = "Metric %d of level %d"' % (number + 1, level + 1),
                    'source = "s"', 'value = "sum(%s) / sum(base)"' % name, 'unit = "percent"', 'better = "higher"', "target = 0.76",
                    "threshold = 0.7"]
            if level > 0:
                above = rng.sample(names[level - 1], rng.randint(1, min(2, len(names[level - 1]))))
                out.append("drives = [%s]" % ", ".join('{ to = "%s", because = "claimed" }' % to for to in above))
    rows = ["month,base," + ",".join(every)]
    for month in range(MONTHS):
        cells = [str(rng.randint(600, 900)) for _ in every]
        rows.append("%d-%02d,1000,%s" % (2023 + month // 12, month % 12 + 1, ",".join(cells)))
    (folder / "s.csv").write_text("\n".join(rows) + "\n")
    (folder / "scorecard.toml").write_text("\n".join(out) + "\n")
    return folder / "scorecard.toml"


def timed(program, scorecard, arguments, rounds):
    walls = []
    for number in range(rounds + 1):
        start = time.perf_counter()
        run = subprocess.run([program, "-s", str(scorecard), "chart"] + arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        wall = time.perf_counter() - start
        if run.returncode != 0:
            sys.exit("could not draw %s: %s" % (scorecard, run.stderr.decode()[:2000]))
        if number > 0:
            walls.append(wall)
    return walls


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "target" / "release" / "goldthread"))
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    slow = False
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        cases = [
            ("subscription, all pictures", ROOT / "scorecards" / "subscription.toml", ["--all", "-o", str(folder / "subscription")], 5.0),
            ("transit, all pictures", ROOT / "scorecards" / "transit.toml", ["--all", "-o", str(folder / "transit")], 5.0),
            ("a tree of %d metrics" % NODES, tree(folder), ["tree", "-o", str(folder / "tree.png")], 1.0),
        ]
        for name, scorecard, asked, limit in cases:
            walls = timed(arguments.program, scorecard, asked, arguments.rounds)
            median = statistics.median(walls)
            slow = slow or median > limit
            print("%-28s %.3f / %.3f / %.3f s (limit %.1f)" % (name, min(walls), median, max(walls), limit))
    sys.exit(1 if slow else 0)


if __name__ == "__main__":
    main()
