#!/usr/bin/env python3
"""Exports a rollup and has others read it back: are their numbers, bit for bit, those that were exported?

A random ledger is rolled up as CSV, Parquet and XLSX. Every number of every column is then read by goldthread itself (a
scorecard over the exported file), DuckDB, pandas and LibreOffice, and compared as a double with the decimal text of the
CSV; texts are compared too. LibreOffice also opens the workbook, recalculates it and saves it again, in silence. What is
not installed is skipped, and said so. Ends with 1 where anything differs.

    pip install duckdb pandas xlrd && benches/readback.py
"""

import argparse
import csv
import importlib.util
import io
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRIGGERS = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"
# More than a year, so that there is a year before.
MONTHS = [f"{2025 + month // 12}-{month % 12 + 1:02}" for month in range(14)]
RANGE = f"{MONTHS[0]}..{MONTHS[-1]}"
COLUMNS = [line.split() for line in (ROOT / "tests/rollup/columns.txt").read_text().splitlines()]
NUMBERS = [name for name, kind in COLUMNS if kind == "number"]

SCORECARD = """\
[scorecard]
title = "Ledger"
[departments.d]
name = "@Sales"
[sources.ledger]
path = "ledger.csv"
department = "d"
period = "month"
dimensions = ["region", "account"]
duplicates = "sum"
[goals.net]
name = "=Net"
source = "ledger"
value = "sum(amount)"
unit = "EUR"
better = "higher"
target = 1000.10
threshold = 900.05
sponsor = "-CFO"
[metrics.lines]
name = "Lines"
source = "ledger"
value = "count(*)"
unit = "count"
better = "higher"
target = 400.25
drives = ["net"]
[metrics.mean]
name = "Mean"
source = "ledger"
value = "sum(amount) / sum(units)"
unit = "EUR"
better = "between"
target = { low = 0.1, high = 0.7 }
threshold = { low = 0.01, high = 0.77 }
drives = ["net"]
[metrics.third]
name = "Third"
source = "ledger"
value = "sum(amount) / 3"
unit = "EUR"
better = "higher"
target = 1000000000000.01
threshold = 100.01
drives = ["net"]
[metrics.tiny]
name = "Tiny"
source = "ledger"
value = "sum(amount) / 1000000000"
unit = "EUR"
drives = ["net"]
"""

AGAIN = """\
[scorecard]
title = "Again"
[sources.rollup]
path = "rollup.csv"
period = "period"
dimensions = ["level", "id", "region", "account"]
totals = []
[goals.dummy]
name = "Dummy"
source = "rollup"
value = "count(*)"
unit = "count"
sponsor = "Nobody"
"""


def bits(number):
    """A double's bytes; what equals zero is not yet the same zero."""
    return None if number is None else struct.pack(">d", number)


def generate(folder, lines, seed):
    chance = random.Random(seed)
    with open(folder / "ledger.csv", "w") as out:
        out.write("month,region,account,amount,units\n")
        for _ in range(lines):
            cents = chance.randrange(chance.choice([100, 10**6, 10**10, 10**13])) * chance.choice([1, 1, -1])
            region = chance.choice(["north", "=south", "-west", "007", "ö;x"])
            sign, size = ("-" if cents < 0 else ""), abs(cents)
            amount = f"{sign}{size // 100}.{size % 100:02}"
            out.write(f"{chance.choice(MONTHS)},{region},a{chance.randrange(6)},{amount},{chance.randrange(1, 9)}\n")
    (folder / "scorecard.toml").write_text(SCORECARD)


def goldthread(program, folder, *arguments):
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"goldthread {' '.join(arguments)} ends with {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode()


def key(row):
    return tuple(row[name] or "" for name in ("period", "level", "region", "account", "id"))


class Compared:
    """Numbers as they were exported, and how others read them."""

    def __init__(self, printed):
        rows = list(csv.DictReader(io.StringIO(printed)))
        self.rows = {key(row): row for row in rows}
        self.failed = False
        assert len(self.rows) == len(rows)
        # A column without a number would be compared with nothing.
        empty = [name for name in NUMBERS if not any(row[name] for row in rows)]
        assert not empty, empty

    def against(self, who, rows):
        """Rows of texts and of doubles or None, by the names of columns."""
        seen = numbers = texts = 0
        wrong = []
        for row in rows:
            own = self.rows.get(key(row))
            if own is None:
                wrong.append(f"no row {key(row)}")
                continue
            seen += 1
            for name, text in own.items():
                if name in NUMBERS:
                    if name not in row:
                        continue
                    expected = float(text) if text else None
                    numbers += expected is not None
                    if bits(row[name]) != bits(expected):
                        wrong.append(f"{name} of {key(row)}: {row[name]!r}, and is {text}")
                elif name in row:
                    texts += 1
                    if (row[name] or "") != text:
                        wrong.append(f"{name} of {key(row)}: {row[name]!r}, and is {text!r}")
        if seen != len(self.rows):
            wrong.append(f"{seen} rows, and there are {len(self.rows)}")
        self.failed |= bool(wrong)
        print(f"{who}: {seen:,} rows, {numbers:,} numbers, {texts:,} texts: {len(wrong)} differ")
        for problem in wrong[:5]:
            print(f"  {problem}")


def guarded(row):
    """A row as the CSV tells it: its texts with the apostrophe they need there."""
    is_text = lambda cell: isinstance(cell, str) and cell[:1] in TRIGGERS and cell != ""
    return {name: "'" + cell if is_text(cell) else cell for name, cell in row.items()}


def by_goldthread(program, folder, compared):
    """Each column of numbers as a metric of its own, each row as a part."""
    again = folder / "again"
    again.mkdir()
    shutil.copy(folder / "rollup.csv", again)
    scorecard = AGAIN
    for name in NUMBERS:
        scorecard += f'[metrics.{name}]\nname = "{name}"\nsource = "rollup"\nvalue = "sum({name})"\nunit = "points"\n'
        scorecard += 'drives = ["dummy"]\n'
    (again / "scorecard.toml").write_text(scorecard)
    arguments = ["rollup", "-p", RANGE, "--by", "level,id,region,account", "-O", "csv"]
    rows = {}
    for row in csv.DictReader(io.StringIO(goldthread(program, again, *arguments))):
        # The columns `level` and `id` of this rollup are the file's only under another name.
        part = {"period": row["period"], "level": row["dim_level"], "id": row["dim_id"]}
        part.update({"region": row["region"], "account": row["account"]})
        entry = rows.setdefault(key(part), {**part, **dict.fromkeys(NUMBERS)})
        if row["id"] in NUMBERS:
            entry[row["id"]] = float(row["actual"]) if row["actual"] else None
    # A text of the CSV has its apostrophe still, and a rollup of it no reason to add one.
    compared.against("goldthread, csv", rows.values())


def by_duckdb(folder, compared):
    import duckdb

    for extension in ["csv", "parquet"]:
        path = folder / f"rollup.{extension}"
        types = "{" + ", ".join(f"'{name}': 'DOUBLE'" for name in NUMBERS) + "}"
        reader = f"read_parquet('{path}')" if extension == "parquet" else f"read_csv('{path}', all_varchar = false, types = {types})"
        found = duckdb.sql(f"select * replace (cast(period as varchar) as period) from {reader}")
        names = found.columns
        rows = [dict(zip(names, (cell if isinstance(cell, (float, str, type(None))) else str(cell) for cell in row))) for row in found.fetchall()]
        compared.against(f"DuckDB {duckdb.__version__}, {extension}", map(guarded, rows) if extension == "parquet" else rows)
        # A ratio is the quotient of the two numbers beside it, to a unit or two in the last place: it was divided before it was rounded.
        off = "abs(actual - numerator / denominator) > 4.5e-16 * abs(actual)"
        sql = f"select count(*), count(*) filter ({off}) from {reader} where denominator is not null"
        ratios, others = duckdb.sql(sql).fetchall()[0]
        compared.failed |= others > 0 or ratios == 0
        print(f"  {ratios:,} ratios, {others} of which are not numerator / denominator")


def by_pandas(folder, compared):
    import pandas

    # Until its third version pandas read the nearest double only where it was told to.
    exact = {"float_precision": "round_trip"} if int(pandas.__version__.split(".")[0]) < 3 else {}
    types = {name: str for name in next(iter(compared.rows.values())) if name not in NUMBERS}
    types.update(dict.fromkeys(NUMBERS, float))
    frame = pandas.read_csv(folder / "rollup.csv", dtype=types, keep_default_na=False, na_values=[""], **exact)
    frames = {"csv": frame}
    if importlib.util.find_spec("pyarrow"):
        frames["parquet"] = pandas.read_parquet(folder / "rollup.parquet")
    for extension, frame in frames.items():
        rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
        compared.against(f"pandas {pandas.__version__}, {extension}", rows if extension == "csv" else map(guarded, rows))


def cells(path):
    """Rows of the first sheet of an .xlsx: texts, and doubles."""
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as packed:
        strings = []
        for item in xml.parse(packed.open("xl/sharedStrings.xml")).getroot():
            strings.append("".join(part.text or "" for part in item.iter(f"{main}t")))
        rows = []
        for row in xml.parse(packed.open("xl/worksheets/sheet1.xml")).getroot().iter(f"{main}row"):
            found = {}
            for cell in row.iter(f"{main}c"):
                if cell.find(f"{main}f") is not None:
                    sys.exit(f"{path}: {cell.get('r')} is a formula")
                value = cell.find(f"{main}v")
                if value is None or value.text is None:
                    continue
                column = re.match("[A-Z]+", cell.get("r")).group()
                found[column] = strings[int(value.text)] if cell.get("t") == "s" else float(value.text)
            rows.append(found)
    return [{name: row.get(column) for column, name in rows[0].items()} for row in rows[1:]]


def office(program, folder, source, form, extension):
    """What LibreOffice makes of a file, which is opened, recalculated and saved."""
    out = folder / f"office-{source.suffix[1:]}-{extension}"
    command = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", form]
    done = subprocess.run([*command, "--outdir", str(out), str(source)], capture_output=True, text=True, timeout=300)
    made = out / f"{source.stem}.{extension}"
    said = [line for line in (done.stdout + done.stderr).splitlines() if "javaldx" not in line]
    problems = [line for line in said if re.search("warn|error|repair|corrupt", line, re.I)]
    if done.returncode != 0 or problems or not made.exists():
        sys.exit(f"LibreOffice, {source.name}: {problems or done}")
    return made


def by_libreoffice(program, folder, compared):
    """LibreOffice writes 15 digits into every format of text; the old binary workbook holds the doubles it has in memory."""
    import xlrd

    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.split()[1]
    for extension in ["xlsx", "csv"]:
        sheet = xlrd.open_workbook(office(program, folder, folder / f"rollup.{extension}", "xls:MS Excel 97", "xls")).sheet_by_index(0)
        names = sheet.row_values(0)
        rows = [{name: None if cell == "" else cell for name, cell in zip(names, sheet.row_values(at))} for at in range(1, sheet.nrows)]
        if extension == "csv":
            # Texts that look like dates and numbers become such there, as in every spreadsheet: numbers are compared.
            own = [{name: row[name] for name in ("period", "level", "region", "account", "id")} for row in compared.rows.values()]
            rows = [{**texts, **{name: row[name] for name in NUMBERS}} for texts, row in zip(own, rows)]
        else:
            rows = list(map(guarded, rows))
        compared.against(f"LibreOffice {version}, {extension} opened, recalculated and saved", rows)
    # Its own newer format it saves in silence, too.
    office(program, folder, folder / "rollup.xlsx", "xlsx:Calc MS Excel 2007 XML", "xlsx")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "target/release/goldthread"))
    parser.add_argument("--lines", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    program = str(Path(arguments.program).resolve())
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        generate(folder, arguments.lines, arguments.seed)
        # Two months are closed, so that the column of what was closed has numbers to read.
        for month in MONTHS[:2]:
            goldthread(program, folder, "close", "-p", month, "--by", "region,account")
        export = ["rollup", "-p", RANGE, "--by", "region,account", "--totals"]
        printed = goldthread(program, folder, *export)
        for extension in ["csv", "parquet", "xlsx"]:
            goldthread(program, folder, *export, "-o", f"rollup.{extension}")
        compared = Compared(printed)
        compared.against("XML of the workbook", map(guarded, cells(folder / "rollup.xlsx")))
        # Doubles of Parquet and of workbooks it reads to 15 digits, as it says; decimal texts to the last.
        by_goldthread(program, folder, compared)
        for package, read in [("duckdb", by_duckdb), ("pandas", by_pandas)]:
            if importlib.util.find_spec(package):
                read(folder, compared)
            else:
                print(f"{package}: not installed, skipped")
        soffice = shutil.which("soffice") or shutil.which("libreoffice")
        if soffice and importlib.util.find_spec("xlrd"):
            by_libreoffice(soffice, folder, compared)
        else:
            print("LibreOffice, or xlrd to read what it saves: not installed, skipped")
    return 1 if compared.failed else 0


if __name__ == "__main__":
    sys.exit(main())
