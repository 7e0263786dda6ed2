#!/usr/bin/env python3
"""Times `goldthread check` on the shipped scorecards and on one of 2,000 metrics.

    python3 check.py               one warm-up and 7 rounds
    python3 check.py --metrics N   another size

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
SOURCES = 20
MONTHS = 60


def company(folder, metrics):
    """A scorecard of so many metrics: 20 departments, each with a wide row a month, metrics in tens below areas, areas below a goal."""
    rng = random.Random(2026)
    each = metrics // SOURCES
    out = ["[scorecard]", 'title = "A company of %d metrics"' % metrics, "[check]", "most_metrics = %d" % (each + 20), "most_drivers = 100"]
    out += ["[goals.value]", 'name = "Value"', 'sponsor = "Chief Executive"']
    for source in range(SOURCES):
        columns = ["v%d" % number for number in range(each)]
        rows = ["month,base," + ",".join(columns)]
        for month in range(MONTHS):
            cells = [str(rng.randint(600, 900)) for _ in columns]
            rows.append("%d-%02d,%d,%s" % (2021 + month // 12, month % 12 + 1, 1000 + rng.randint(0, 9), ",".join(cells)))
        (folder / ("s%d.csv" % source)).write_text("\n".join(rows) + "\n")
        out += ["[departments.d%d]" % source, "[sources.s%d]" % source, 'path = "s%d.csv"' % source, 'department = "d%d"' % source, 'period = "month"']
        for number in range(each):
            if number % 10 == 0:
                out += ["[metrics.a%d_%d]" % (source, number // 10), 'department = "d%d"' % source, 'owner = "Head %d"' % source,
                        'drives = [{ to = "value", because = "claimed", lag = 1 }]']
            out += ["[metrics.m%d_%d]" % (source, number), 'source = "s%d"' % source, 'value = "sum(v%d) / sum(base)"' % number,
                    'unit = "percent"', 'better = "higher"', "target = 0.76", 'owner = "Head %d"' % source,
                    'drives = [{ to = "a%d_%d", because = "claimed" }]' % (source, number // 10)]
    (folder / "scorecard.toml").write_text("\n".join(out) + "\n")
    return folder / "scorecard.toml"


def timed(program, scorecard, rounds):
    walls = []
    for number in range(rounds + 1):
        start = time.perf_counter()
        run = subprocess.run([program, "-s", str(scorecard), "check", "-O", "short"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        wall = time.perf_counter() - start
        if run.returncode == 2:
            sys.exit("could not check %s: %s" % (scorecard, run.stderr.decode()[:2000]))
        if number > 0:
            walls.append(wall)
    return walls


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "target" / "release" / "goldthread"))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--metrics", type=int, default=2000)
    arguments = parser.parse_args()
    slow = False
    with tempfile.TemporaryDirectory() as folder:
        cases = [
            ("subscription, all its data", ROOT / "scorecards" / "subscription.toml", 0.3),
            ("transit, all its data", ROOT / "scorecards" / "transit.toml", 0.3),
            ("%d metrics, %d months" % (arguments.metrics, MONTHS), company(Path(folder), arguments.metrics), 1.0),
        ]
        for name, scorecard, limit in cases:
            walls = timed(arguments.program, scorecard, arguments.rounds)
            median = statistics.median(walls)
            slow = slow or median > limit
            print("%-28s %.3f / %.3f / %.3f s (limit %.1f)" % (name, min(walls), median, max(walls), limit))
    sys.exit(1 if slow else 0)


if __name__ == "__main__":
    main()
