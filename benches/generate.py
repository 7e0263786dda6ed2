#!/usr/bin/env python3
"""Makes a ledger of orders, one row an order, to measure reading speed with.

    python3 generate.py                       10,000,000 rows to data/ledger.csv beside this file, about 410 MB
    python3 generate.py --rows N -o FILE      another size, another place ("-": standard output)

Python 3.8 or newer, standard library only. One seed, no clock, no arithmetic but on integers: the same seed and number of
rows make the same bytes everywhere.

    date,region,plan,account,channel,units,amount,minutes
    2023-01-01,north,plus,27182,web,2,39.80,14

Rows are in date order, 2023-01-01 to 2025-12-31, with weekly and yearly ups and downs. An account keeps its region and its
plan. About one row in fifty is a refund, with a negative amount.

Speed: the parts of a row are drawn from tables of 65,536 ready-made texts, with 16 random bits a part taken from one big
random number a day, and joined a day at a time; no row is ever formatted.
"""
import argparse
import sys
from array import array
from datetime import date, timedelta
from itertools import chain, repeat
from pathlib import Path
from random import Random

SEED = 20230101
ROWS = 10_000_000
FIRST, LAST = date(2023, 1, 1), date(2025, 12, 31)
HEADER = b"date,region,plan,account,channel,units,amount,minutes\n"
# Shares in 256ths.
REGIONS = {"north": 72, "south": 56, "east": 48, "west": 48, "mid": 32}
PLANS = {"flex": 96, "plus": 80, "max": 48, "duo": 32}
CHANNELS = {"web": 118, "app": 90, "shop": 48}
# The price of one unit, in cents.
PRICES = (490, 750, 990, 1290, 1575, 1990, 2495, 3450, 4999)
#          Mon  Tue  Wed  Thu  Fri  Sat  Sun
WEEK = (100, 96, 97, 101, 118, 130, 82)
#          Jan  Feb  Mar  Apr  May  Jun  Jul  Aug  Sep  Oct  Nov  Dec
YEAR = (95, 92, 97, 98, 99, 100, 97, 94, 103, 104, 112, 121)
TABLE = 1 << 16


class Dice(Random):
    def below(self, limit):
        """A whole number below `limit`, the same with every version of Python."""
        return self.getrandbits(32) * limit >> 32

    def pick(self, shares):
        at = self.below(sum(shares.values()))
        for name, share in shares.items():
            at -= share
            if at < 0:
                return name

    def indices(self, count):
        """`count` numbers below 65,536."""
        numbers = array("H", self.getrandbits(16 * count).to_bytes(2 * count, "little"))
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers


def account(dice, number):
    return "%s,%s,%05d," % (dice.pick(REGIONS), dice.pick(PLANS), number)


def sale(dice):
    units = 1 + min(dice.below(6), dice.below(6), dice.below(9))
    cents = units * PRICES[dice.below(len(PRICES))] - dice.below(300)
    sign = "-" if dice.below(50) == 0 else ""
    return "%s,%d,%s%d.%02d," % (dice.pick(CHANNELS), units, sign, cents // 100, cents % 100)


def minutes(dice):
    return "%d\n" % (1 + min(dice.below(45), dice.below(45), dice.below(60)))


def days():
    return [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]


def generate(rows, out, seed=SEED):
    dice = Dice(seed)
    accounts = [account(dice, number).encode() for number in range(TABLE)]
    sales = [sale(dice).encode() for _ in range(TABLE)]
    lengths = [minutes(dice).encode() for _ in range(TABLE)]
    weights = [WEEK[day.weekday()] * YEAR[day.month - 1] * (900 + 31 * (day.year - FIRST.year)) for day in days()]
    total, before, written = sum(weights), 0, 0
    out.write(HEADER)
    for day, weight in zip(days(), weights):
        before += weight
        count = rows * before // total - written
        written += count
        parts = zip(
            repeat(b"%s," % day.isoformat().encode(), count),
            map(accounts.__getitem__, dice.indices(count)),
            map(sales.__getitem__, dice.indices(count)),
            map(lengths.__getitem__, dice.indices(count)),
        )
        out.write(b"".join(chain.from_iterable(parts)))


def main():
    data = Path(__file__).resolve().parent / "data"
    parser = argparse.ArgumentParser(description="Makes a ledger of orders to measure reading speed with.")
    parser.add_argument("--rows", type=int, default=ROWS, metavar="N", help="rows to write; %d" % ROWS)
    parser.add_argument("--seed", type=int, default=SEED, help="for other figures of the same kind")
    parser.add_argument(
        "-o", "--output", default=str(data / "ledger.csv"), metavar="FILE", help="where to; - for standard output"
    )
    options = parser.parse_args()
    if options.rows < len(days()):
        parser.error("--rows: at least one a day, %d" % len(days()))
    if options.output == "-":
        return generate(options.rows, sys.stdout.buffer, options.seed)
    output = Path(options.output)
    output.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all: a half-written ledger would be measured as if it were one.
    partial = output.with_name(output.name + ".part")
    with open(partial, "wb") as out:
        generate(options.rows, out, options.seed)
    partial.replace(output)


if __name__ == "__main__":
    main()
