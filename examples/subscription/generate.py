#!/usr/bin/env python3
"""Makes the data of Northbank Mobile, a telephone company that does not exist.

    python3 generate.py            writes data/*.csv and answers.csv beside this file
    python3 generate.py OUTDIR     writes them there instead

Python 3.8 or newer, standard library only. One fixed seed, no clock, only + - * / and square roots (powers and sines may
differ in the last digit from machine to machine, and `sum` of floats from one Python to the next): every run on every machine
writes the same bytes.

First half: `make` invents three years of data, 2023-11-01 to 2026-10-31, with four truths planted in them (README.md).
Second half: `answers` reads the files back and computes the true value of every metric of scorecards/subscription.toml
with exact fractions. It shares no code with goldthread, so the program's tests may lean on it.
"""
import csv
import math
import sys
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

SEED = 20231101
FIRST, LAST = date(2023, 11, 1), date(2026, 10, 31)
REGIONS = {"north": 0.30, "south": 0.25, "east": 0.20, "west": 0.25}
PLANS = {"flex": 0.35, "plus": 0.40, "family": 0.25}
MONTHS = ["%d-%02d" % (y, m) for y in range(2023, 2027) for m in range(1, 13)]
MONTHS = [m for m in MONTHS if "2023-11" <= m <= "2026-10"]
DAYS = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]
#            Jan   Feb   Mar   Apr   May   Jun   Jul   Aug   Sep   Oct   Nov   Dec
ORDER_SEASON = (0.93, 0.91, 0.97, 0.96, 0.98, 1.00, 0.97, 0.95, 1.07, 1.02, 1.12, 1.24)
CALL_SEASON = (1.12, 1.06, 1.02, 0.98, 0.95, 0.93, 0.92, 0.94, 0.99, 1.01, 1.03, 1.08)
#               Mon   Tue   Wed   Thu   Fri   Sat   Sun
SHOP_WEEK = (0.90, 0.92, 0.95, 1.00, 1.20, 1.55, 0.25)
WEB_WEEK = (1.05, 1.00, 0.98, 0.98, 0.95, 0.95, 1.10)
CALL_WEEK = (1.30, 1.15, 1.05, 1.00, 1.00, 0.70, 0.45)


def plain_sum(numbers):
    total = 0.0
    for x in numbers:
        total += x
    return total


def month_of(day):
    return "%d-%02d" % (day.year, day.month)


class Maker:
    def __init__(self, out):
        self.out = Path(out)
        self.dice = Random(SEED)

    # --- chance ---------------------------------------------------------------------------------------------------

    def noise(self, spread=1.0):
        """About normal, mean 0: the sum of twelve uniform numbers less six."""
        return (plain_sum(self.dice.random() for _ in range(12)) - 6.0) * spread

    def count(self, mean):
        """A whole number near the mean, never negative."""
        return max(0, round(mean + self.noise(math.sqrt(mean))))

    def part(self, of, share):
        """How many of `of`, when each has the chance `share`."""
        share = min(max(share, 0.0), 1.0)
        return min(of, max(0, round(of * share + self.noise(math.sqrt(of * share * (1 - share))))))

    # --- writing --------------------------------------------------------------------------------------------------

    def write(self, name, header, rows):
        path = self.out / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as f:
            w = csv.writer(f, lineterminator="\n")
            w.writerow(header)
            w.writerows(rows)

    @staticmethod
    def euros(cents):
        return "%d.%02d" % (cents // 100, cents % 100)

    def make(self):
        self.paths()
        self.network()
        self.repairs()
        self.sales()
        self.billing()
        self.renewals()
        self.onboarding()
        self.calls()
        self.complaints()
        self.marketing()

    # --- the hidden course of things, month by month ----------------------------------------------------------------

    def paths(self):
        n = len(MONTHS)
        # Dropped calls: without season, so that the planted link (d) can be seen. Two months of warm-up before the first.
        drop, x = [], 0.0
        for _ in range(n + 2):
            x = 0.35 * x + self.noise(0.0019)
            drop.append(min(max(0.0112 + x, 0.0070), 0.0160))
        drop[-6:] = [0.0108, 0.0131, 0.0122, 0.0164, 0.0138, 0.0121]  # May to October 2026
        self.drop = drop[2:]
        # (b) first-contact resolution wears away, a little at first, then steadily from the autumn of 2025.
        self.fcr = [0.795 - 0.0008 * i - 0.0085 * max(0, i - 23) + self.noise(0.004) for i in range(n)]
        # (d) what drops this month leaves two months later. A little more leaves when problems stay unsolved.
        self.churn = [
            0.0133 + 0.65 * (drop[i] - 0.0112) + 0.006 * (0.795 - self.fcr[max(0, i - 1)]) + self.noise(0.00045)
            for i in range(n)
        ]

    # --- network ----------------------------------------------------------------------------------------------------

    def network(self):
        rows = []
        sites = {r: round(900 * w) for r, w in REGIONS.items()}
        tilt = {"north": 1.10, "south": 0.92, "east": 1.04, "west": 0.93}
        for day in DAYS:
            i = MONTHS.index(month_of(day))
            for region, weight in REGIONS.items():
                if day.day == 1 and day.month % 3 == 0:
                    sites[region] += 1
                attempts = self.count(310000 * weight * (1 + 0.002 * i) * (1.0 if day.weekday() < 5 else 0.82))
                dropped = round(attempts * self.drop[i] * tilt[region] * (1 + self.noise(0.03)))
                down = self.count(sites[region] * 1440 * 0.00085)
                speed = 71 + 0.62 * i + 12 * (weight - 0.25) * 4 + self.noise(3.0)
                blank = self.dice.random() < 0.012
                rows.append([day, region, sites[region] * 1440, down, attempts, dropped, "" if blank else "%.1f" % speed])
        self.write("network.csv", ["day", "region", "site_minutes", "down_minutes", "attempts", "dropped", "speed_mbps"], rows)

    def repairs(self):
        rows, number = [], 0
        for day in DAYS:
            i = MONTHS.index(month_of(day))
            for _ in range(self.count(2.2)):
                number += 1
                u = self.dice.random()
                severity = 1 if u < 0.15 else 2 if u < 0.60 else 3
                u = self.dice.random()
                hours = (1.0 + (2.6, 4.2, 11.0)[severity - 1] * (0.25 + 2.6 * u * u)) * (1 + 0.006 * i)
                region = self.pick(REGIONS)
                rows.append([day, "R%05d" % number, region, severity, "%.1f" % hours])
        self.write("repairs.csv", ["day", "repair", "region", "severity", "hours"], rows)

    def pick(self, weights):
        u, total = self.dice.random(), 0.0
        for key, weight in weights.items():
            total += weight
            if u < total:
                return key
        return key

    # --- sales ------------------------------------------------------------------------------------------------------

    def sales(self):
        self.joined = {}
        by_year = {}
        for day in DAYS:
            i = MONTHS.index(month_of(day))
            season = ORDER_SEASON[day.month - 1]
            for region, rw in REGIONS.items():
                for plan, pw in PLANS.items():
                    for channel in ("shop", "web"):
                        if channel == "shop":
                            if day.weekday() == 6 and region == "east":
                                continue  # shops in the east are closed on Sundays
                            visits = self.count(300 * rw * pw * SHOP_WEEK[day.weekday()] * season * (1 - 0.001 * i))
                            chance = 0.186 - 0.0004 * i
                        else:
                            visits = self.count(3500 * rw * pw * WEB_WEEK[day.weekday()] * season * (1 + 0.004 * i))
                            chance = 0.0222 + 0.00008 * i
                        orders = self.part(visits, chance)
                        returned = self.part(orders, 0.055 - 0.0003 * i if channel == "web" else 0.031)
                        key = month_of(day), region, plan
                        self.joined[key] = self.joined.get(key, 0) + orders - returned
                        by_year.setdefault(day.year, []).append([day, region, plan, channel, visits, orders, returned])
        for year, rows in by_year.items():
            self.write("sales-%d.csv" % year, ["day", "region", "plan", "channel", "visits", "orders", "returned"], rows)

    # --- billing ----------------------------------------------------------------------------------------------------

    def billing(self):
        start = 272000
        opening = {(r, p): round(start * REGIONS[r] * PLANS[p]) for r in REGIONS for p in PLANS}
        planned = dict(opening)
        price = {"flex": 1490, "plus": 2690, "family": 3890}  # cents a month
        leaves = {"flex": 1.45, "plus": 0.90, "family": 0.53}
        tilt = {"north": 1.05, "south": 0.97, "east": 1.02, "west": 0.96}
        growth = {"flex": 0.9958, "plus": 1.0020, "family": 1.0052}  # the plan of autumn 2023, month by month
        self.opening = {}
        files = {}
        for i, month in enumerate(MONTHS):
            year, m = int(month[:4]), int(month[5:])
            if m == 4:  # price round every April
                price = {p: round(c * 1.018) for p, c in price.items()}
            base = sum(opening.values())
            scale = base / plain_sum(n * leaves[p] * tilt[r] for (r, p), n in opening.items())
            fiscal = year + (m >= 4)
            for (region, plan), n in opening.items():
                self.opening[month, region, plan] = n
                lost = self.part(n, self.churn[i] * leaves[plan] * tilt[region] * scale)
                joined = self.joined[month, region, plan]
                closing = n + joined - lost
                revenue = round(n * price[plan] * (1 + self.noise(0.004)))
                cost = round(revenue * (0.642 + 0.0007 * i + self.noise(0.003)))
                disputed = self.part(n, 0.0098 - 0.00004 * i)
                planned[region, plan] = round(planned[region, plan] * growth[plan])
                files.setdefault(fiscal, []).append(
                    [month, region, plan, n, joined, lost, closing, planned[region, plan],
                     self.euros(revenue), self.euros(cost), n, disputed])
                opening[region, plan] = closing
        header = ["month", "region", "plan", "opening", "joined", "lost", "closing", "plan_closing", "revenue", "cost",
                  "bills", "disputed"]
        for fiscal, rows in files.items():
            self.write("billing-fy%d.csv" % fiscal, header, rows)

    def renewals(self):
        rows = []
        for i, month in enumerate(MONTHS):
            target = 0.70 if month < "2024-04" else 0.72 if month < "2025-04" else 0.74
            for region in REGIONS:
                for plan in ("plus", "family"):  # flex has no contract to renew
                    due = self.count(self.opening[month, region, plan] * 0.041)
                    early = self.part(due, 0.86 + 0.0021 * i)
                    renewed = self.part(due, 0.735 - 0.0006 * i)
                    discount = round(renewed * (410 + 7.6 * i) * (1 + self.noise(0.02)))
                    rows.append([month, region, plan, due, early, renewed, round(due * target), self.euros(discount)])
        self.write("renewals.csv", ["month", "region", "plan", "contracts due", "offered_early", "renewed",
                                    "target_renewed", "discount"], rows)

    # --- onboarding ---------------------------------------------------------------------------------------------------

    def onboarding(self):
        rows, calls = [], []
        for i, month in enumerate(MONTHS):
            # (c) the welcome calls are no longer reported from June 2026 on; (a) since then fewer newcomers settle in.
            stopped = max(0, i - MONTHS.index("2026-05"))
            for region in REGIONS:
                newcomers = 0
                for plan in PLANS:
                    n = self.joined[month, region, plan]
                    newcomers += n
                    settled = self.part(n, 0.921 - 0.0002 * i - 0.0165 * min(stopped, 5))
                    same_day = self.part(n, 0.905 + 0.0012 * i)
                    packs = self.part(n, 0.938 + 0.0009 * i)
                    ported = self.part(n, 0.62)
                    on_time = self.part(ported, 0.925 + 0.0010 * i)
                    days = max(ported, round(ported * (1.95 - 0.016 * i) * (1 + self.noise(0.03))))
                    rows.append([month, region, plan, n, same_day, packs, ported, on_time, days, settled])
                if not stopped:
                    calls.append([month, region, newcomers, self.part(newcomers, 0.74 - 0.001 * i)])
        self.write("onboarding.csv", ["month", "region", "plan", "activations", "same_day", "packs_on_time", "ported",
                                      "ported_on_time", "port_days", "settled"], rows)
        self.write("welcome-calls.csv", ["month", "region", "newcomers", "reached"], calls)

    # --- contact centre -----------------------------------------------------------------------------------------------

    def calls(self):
        by_year = {}
        for day in DAYS:
            i = MONTHS.index(month_of(day))
            load = CALL_WEEK[day.weekday()] * CALL_SEASON[day.month - 1] * (1 + 0.003 * i)
            for region, weight in REGIONS.items():
                for channel, size in (("phone", 900), ("chat", 420), ("ivr", 1100)):
                    offered = self.count(size * weight * load)
                    if channel == "ivr":  # the menu counts nearly every call as solved: left out of first-contact resolution
                        handled, resolved, quick = offered, self.part(offered, 0.93), offered
                    else:
                        handled = self.part(offered, 0.965)
                        resolved = self.part(handled, self.fcr[i] + (0.012 if channel == "phone" else -0.026))
                        quick = self.part(offered, 0.80 + 0.001 * i if channel == "phone" else 0.815 - 0.0022 * i)
                        quick = min(quick, handled)
                    by_year.setdefault(day.year, []).append([day, region, channel, offered, handled, quick, resolved])
        header = ["day", "region", "channel", "offered", "handled", "answered_20s", "resolved"]
        for year, rows in by_year.items():
            self.write("calls-%d.csv" % year, header, rows)

    def complaints(self):
        rows, number = [], 0
        topics = {"service": 0.36, "bill": 0.27, "network": 0.29, "praise": 0.08}
        for day in DAYS:
            i = MONTHS.index(month_of(day))
            mean = 6.0 + 40 * (0.795 - self.fcr[i])  # what stays unsolved comes back in writing
            for _ in range(self.count(mean * (1.15 if day.weekday() < 5 else 0.62))):
                number += 1
                customer = "C%04d" % int(3200 * self.dice.random())
                topic = self.pick(topics)
                u = self.dice.random()
                took = round(0.6 + (4.6 + 0.030 * i) * (0.35 + 1.9 * u * u))
                still_open = day + timedelta(took) > LAST
                rows.append([day, "K%05d" % number, self.pick(REGIONS), self.pick(PLANS), customer, topic,
                             "" if still_open else took])
        self.write("complaints.csv", ["day", "complaint", "region", "plan", "customer", "topic", "days_to_close"], rows)

    # --- marketing ----------------------------------------------------------------------------------------------------

    def marketing(self):
        rows = []
        share = {"tv": 0.45, "online": 0.40, "outdoor": 0.15}
        for i, month in enumerate(MONTHS):
            season = ORDER_SEASON[int(month[5:]) - 1]
            for region, rw in REGIONS.items():
                for medium, mw in share.items():
                    cents = round(21600000 * rw * mw * (0.5 + 0.5 * season) * (1 + 0.0058 * i) * (1 + self.noise(0.03)))
                    rows.append([month, region, medium, self.euros(cents)])
        self.write("campaigns.csv", ["month", "region", "medium", "spend"], rows)
        rows = []
        for i, month in enumerate(MONTHS):
            late = "2025-04" <= month
            brand = 21.2 + 0.085 * i + self.noise(0.35)
            advise = 37.5 - 0.16 * i + self.noise(1.1)
            aware = 61.0 + 0.05 * i + self.noise(0.8)
            rows.append([month, "brand_preference", "%.1f" % brand, "23.0" if late else "22.0"])
            rows.append([month, "recommend", "%.1f" % advise, "36.0" if late else "34.0"])
            rows.append([month, "awareness", "%.1f" % aware, ""])  # measured, promised to no one, not on the scorecard
        self.write("brand-tracker.csv", ["month", "indicator", "value", "target"], rows)


# === the answers ======================================================================================================

WINDOWS = [
    ("month", "2026-10", "2026-10", "2026-10"),
    ("prior", "2026-09", "2026-09", "2026-09"),
    ("prior_year", "2025-10", "2025-10", "2025-10"),
    ("ytd", "FY2027 to 2026-10", "2026-04", "2026-10"),
    ("quarter", "2026-Q3", "2026-07", "2026-09"),
]


class Oracle:
    """Plain Python over the rows as written. A value is (numerator, denominator), both exact; or None."""

    def __init__(self, out):
        self.data = Path(out) / "data"
        self.cache = {}

    def rows(self, pattern):
        if pattern not in self.cache:
            rows = []
            for path in sorted(self.data.glob(pattern)):
                with open(path, encoding="utf-8", newline="") as f:
                    for row in csv.DictReader(f):
                        row["@"] = (row.get("day") or row["month"])
                        rows.append(row)
            self.cache[pattern] = rows
        return self.cache[pattern]

    def take(self, pattern, lo, hi, keep=None):
        return [r for r in self.rows(pattern) if lo <= r["@"][:7] <= hi and (keep is None or keep(r))]

    @staticmethod
    def add(rows, column):
        cells = [r[column] for r in rows if r[column] != ""]
        return sum((Fraction(Decimal(c)) for c in cells), Fraction(0)) if cells else None

    def edge(self, rows, column, which):
        if not rows:
            return None
        moment = which(r["@"] for r in rows)
        return self.add([r for r in rows if r["@"] == moment], column)

    @staticmethod
    def middle(rows, column, p):
        """PERCENTILE_CONT: the value at rank p (n - 1), linear between neighbours."""
        cells = sorted(Fraction(Decimal(r[column])) for r in rows if r[column] != "")
        if not cells:
            return None
        rank = p * (len(cells) - 1)
        low = int(rank)
        high = min(low + 1, len(cells) - 1)
        return cells[low] + (rank - low) * (cells[high] - cells[low]), Fraction(1)

    def ratio(self, pattern, top, bottom, lo, hi, keep=None):
        rows = self.take(pattern, lo, hi, keep)
        a, b = self.add(rows, top), self.add(rows, bottom)
        return (a, b) if a is not None and b else None

    def total(self, pattern, column, lo, hi, keep=None):
        a = self.add(self.take(pattern, lo, hi, keep), column)
        return None if a is None else (a, Fraction(1))

    def single(self, indicator, lo, hi, divide):
        if lo != hi:
            return None  # `only` is never rolled up
        (row,) = self.take("brand-tracker.csv", lo, hi, lambda r: r["indicator"] == indicator)
        return Fraction(Decimal(row["value"])), Fraction(divide)

    # one method a metric, in the order of the scorecard; each repeats its formula in words

    def churn(self, lo, hi):  # sum(lost) / first(opening)
        rows = self.take("billing-*.csv", lo, hi)
        return self.add(rows, "lost"), self.edge(rows, "opening", min)

    def arpu(self, lo, hi):  # sum(revenue) / first(opening)
        rows = self.take("billing-*.csv", lo, hi)
        return self.add(rows, "revenue"), self.edge(rows, "opening", min)

    def margin(self, lo, hi):  # (sum(revenue) - sum(cost)) / sum(revenue)
        rows = self.take("billing-*.csv", lo, hi)
        return self.add(rows, "revenue") - self.add(rows, "cost"), self.add(rows, "revenue")

    def customers(self, lo, hi):  # last(closing)
        return self.edge(self.take("billing-*.csv", lo, hi), "closing", max), Fraction(1)

    def clv(self, lo, hi):  # arpu * margin / churn
        q = lambda v: v[0] / v[1]
        v = q(self.arpu(lo, hi)) * q(self.margin(lo, hi)) / q(self.churn(lo, hi))
        return Fraction(v.numerator), Fraction(v.denominator)

    def equity(self, lo, hi):  # customers * clv
        a, b = self.clv(lo, hi)
        v = self.customers(lo, hi)[0] * a / b
        return Fraction(v.numerator), Fraction(v.denominator)

    def onboarding_success(self, lo, hi):
        return self.ratio("onboarding.csv", "settled", "activations", lo, hi)

    def bill_disputes(self, lo, hi):
        return self.ratio("billing-*.csv", "disputed", "bills", lo, hi)

    def renewal_rate(self, lo, hi):
        return self.ratio("renewals.csv", "renewed", "contracts due", lo, hi)

    def early_offers(self, lo, hi):
        return self.ratio("renewals.csv", "offered_early", "contracts due", lo, hi)

    def renewal_discount(self, lo, hi):
        return self.ratio("renewals.csv", "discount", "renewed", lo, hi)

    def brand_preference(self, lo, hi):
        return self.single("brand_preference", lo, hi, 100)

    def recommend(self, lo, hi):
        return self.single("recommend", lo, hi, 1)

    def marketing_spend(self, lo, hi):
        return self.total("campaigns.csv", "spend", lo, hi)

    def cost_per_order(self, lo, hi):  # marketing_spend / orders
        return self.marketing_spend(lo, hi)[0], self.orders(lo, hi)[0]

    def orders(self, lo, hi):
        return self.total("sales-*.csv", "orders", lo, hi)

    def orders_12m(self, lo, hi):  # trailing(orders, 12): the twelve months up to the window's last
        return self.orders(MONTHS[MONTHS.index(hi) - 11], hi)

    def shop_conversion(self, lo, hi):
        return self.ratio("sales-*.csv", "orders", "visits", lo, hi, lambda r: r["channel"] == "shop")

    def web_conversion(self, lo, hi):
        return self.ratio("sales-*.csv", "orders", "visits", lo, hi, lambda r: r["channel"] == "web")

    def returns(self, lo, hi):
        return self.ratio("sales-*.csv", "returned", "orders", lo, hi)

    def activation(self, lo, hi):
        return self.ratio("onboarding.csv", "same_day", "activations", lo, hi)

    def port_on_time(self, lo, hi):
        return self.ratio("onboarding.csv", "ported_on_time", "ported", lo, hi)

    def port_days(self, lo, hi):
        return self.ratio("onboarding.csv", "port_days", "ported", lo, hi)

    def welcome_pack(self, lo, hi):
        return self.ratio("onboarding.csv", "packs_on_time", "activations", lo, hi)

    def welcome_call(self, lo, hi):
        reported = {r["@"] for r in self.take("welcome-calls.csv", lo, hi)}
        if any(lo <= m <= hi and m not in reported for m in MONTHS):
            return None  # some of the months are missing: a rate of the others is not one of the whole
        return self.ratio("welcome-calls.csv", "reached", "newcomers", lo, hi)

    def dropped_calls(self, lo, hi):
        return self.ratio("network.csv", "dropped", "attempts", lo, hi)

    def availability(self, lo, hi):  # 1 - sum(down_minutes) / sum(site_minutes)
        rows = self.take("network.csv", lo, hi)
        return self.add(rows, "site_minutes") - self.add(rows, "down_minutes"), self.add(rows, "site_minutes")

    def speed(self, lo, hi):  # median(speed_mbps)
        return self.middle(self.take("network.csv", lo, hi), "speed_mbps", Fraction(1, 2))

    def site_repair(self, lo, hi):  # quantile(hours, 0.9) where severity <= 2
        return self.middle(self.take("repairs.csv", lo, hi, lambda r: int(r["severity"]) <= 2), "hours", Fraction(9, 10))

    def fcr(self, lo, hi):
        return self.ratio("calls-*.csv", "resolved", "handled", lo, hi, lambda r: r["channel"] != "ivr")

    def service_phone(self, lo, hi):
        return self.ratio("calls-*.csv", "answered_20s", "offered", lo, hi, lambda r: r["channel"] == "phone")

    def service_chat(self, lo, hi):
        return self.ratio("calls-*.csv", "answered_20s", "offered", lo, hi, lambda r: r["channel"] == "chat")

    def service_level(self, lo, hi):  # min(service_phone, service_chat)
        return min(self.service_phone(lo, hi), self.service_chat(lo, hi), key=lambda v: v[0] / v[1])

    def complaint_days(self, lo, hi):  # avg(days_to_close) where topic in ('service', 'bill', 'network')
        rows = self.take("complaints.csv", lo, hi, lambda r: r["topic"] != "praise" and r["days_to_close"] != "")
        return self.add(rows, "days_to_close"), Fraction(len(rows))

    def complainers(self, lo, hi):  # count_distinct(customer) where topic <> 'praise'
        return Fraction(len({r["customer"] for r in self.take("complaints.csv", lo, hi, lambda r: r["topic"] != "praise")})), Fraction(1)


METRICS = """clv churn onboarding_success equity arpu margin customers bill_disputes renewal_rate early_offers
renewal_discount brand_preference recommend marketing_spend cost_per_order orders orders_12m shop_conversion web_conversion
returns activation port_on_time port_days welcome_pack welcome_call dropped_calls availability speed site_repair fcr
service_phone service_chat service_level complaint_days complainers""".split()


def plain(x):
    """A fraction as decimal text: exactly where it ends, else to 18 significant digits."""
    x = Fraction(x)
    d = x.denominator
    while d % 2 == 0:
        d //= 2
    while d % 5 == 0:
        d //= 5
    context = Context(prec=60 if d == 1 else 18, rounding=ROUND_HALF_EVEN)
    text = format(context.divide(Decimal(x.numerator), Decimal(x.denominator)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def answers(out):
    oracle = Oracle(out)
    with open(Path(out) / "answers.csv", "w", encoding="utf-8", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(["metric", "period_kind", "period", "numerator", "denominator", "value"])
        for metric in METRICS:
            for kind, label, lo, hi in WINDOWS:
                v = getattr(oracle, metric)(lo, hi)
                if v is None:
                    w.writerow([metric, kind, label, "", "", ""])
                else:
                    w.writerow([metric, kind, label, plain(v[0]), plain(v[1]), plain(v[0] / v[1])])


if __name__ == "__main__":
    where = sys.argv[1] if len(sys.argv) > 1 else str(Path(__file__).resolve().parent)
    Maker(where).make()
    answers(where)
