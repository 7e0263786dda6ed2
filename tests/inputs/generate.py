"""Writes the data files of these cases that a text editor would not keep as they are.

    python3 -m venv venv && venv/bin/pip install openpyxl==3.1.5 pyarrow==26.0.1
    venv/bin/python tests/inputs/generate.py

Encodings, line ends, marks, blanks of odd widths, gzip, workbooks and parquet come from here; all other files are
written by hand. Two runs give the same bytes. The answers are not computed here: see each `answers.csv`.
"""

import datetime
import gzip
import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import openpyxl.chart
import openpyxl.styles
import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent


def write(path, data):
    path = HERE / path
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)


def text(path, content, encoding="utf-8", mark=b"", end="\n"):
    """Text whose line ends are written LF here and `end` there."""
    write(path, mark + content.replace("\n", end).encode(encoding))


def compressed(content):
    return gzip.compress(content.encode(), mtime=0)


def workbook(path, sheets, adjust=None, cached=None):
    """Sheets by name, each a list of rows; `cached` are the values of formulas, as Excel stores them."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if adjust:
        adjust(book)
    stored = io.BytesIO()
    book.save(stored)
    packed = io.BytesIO()
    with zipfile.ZipFile(stored) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2024-01-01T00:00:00Z", data)
            for cell, value in (cached or {}).items():
                formula = rb'(<c r="%s"[^>]*><f>[^<]*</f>)<v ?/?>(</v>)?' % cell.encode()
                data = re.sub(formula, rb"\g<1><v>%s</v>" % value.encode(), data)
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    write(path, packed.getvalue())


def parquet(path, columns, **options):
    stored = io.BytesIO()
    pq.write_table(pa.table(columns), stored, **options)
    write(path, stored.getvalue())


REGIONS = """month,region,amount
2024-01,Zürich,10
2024-01,Köln,20
2024-01,Düsseldorf,5
2024-02,Zürich,30
2024-02,Köln,40
2024-02,Düsseldorf,6
"""

PLAIN = """month,region,amount
2024-01,north,10
2024-01,south,20
2024-02,north,30
2024-02,south,40
"""


def encodings():
    text("encoding-utf8/data.csv", REGIONS)
    text("encoding-utf8-mark/data.csv", REGIONS, mark=b"\xef\xbb\xbf", end="\r\n")
    text("encoding-windows-1252-found/data.csv", REGIONS, "cp1252", end="\r\n")
    # 0x80 and 0x92 are controls in Latin-1: a reader that takes one for the other shows it here.
    text(
        "encoding-windows-1252-declared/data.csv",
        "month,region,amount\n2024-01,Côte d\u2019Or,10\n2024-01,Zone \u20ac,20\n2024-02,Côte d\u2019Or,30\n2024-02,Zone \u20ac,40\n",
        "cp1252",
    )
    text(
        "encoding-windows-1251-declared/data.csv",
        "month,region,amount\n2024-01,Москва,10\n2024-01,Казань,20\n2024-02,Москва,30\n2024-02,Казань,40\n",
        "cp1251",
    )
    # What Excel saves as "Unicode text": UTF-16 with tabs.
    tabs = REGIONS.replace(",", "\t")
    text("encoding-utf16le-mark/data.txt", tabs, "utf-16-le", b"\xff\xfe", "\r\n")
    text("encoding-utf16be-mark/data.txt", tabs, "utf-16-be", b"\xfe\xff", "\r\n")
    text("encoding-utf16le-declared/data.txt", tabs, "utf-16-le", end="\r\n")
    text("encoding-utf16le-titles-and-quotes/data.csv", "Bericht für März\n\n" + REGIONS.replace("Köln", '"Köln\nMitte"'), "utf-16-le", b"\xff\xfe", "\r\n")
    text("encoding-wrong-declared/data.csv", REGIONS, "cp1252")
    write("encoding-mixed/data.csv", REGIONS.encode().replace("Düsseldorf,5".encode(), "Düsseldorf,5".encode("cp1252")))
    text("encoding-mark-and-declared/data.csv", REGIONS, mark=b"\xef\xbb\xbf")
    text("encoding-utf16-bad-cell/data.txt", tabs.replace("40", "4o"), "utf-16-le", b"\xff\xfe", "\r\n")


def lines():
    text("line-end-lf/data.csv", PLAIN.rstrip("\n"))
    text("line-end-crlf/data.csv", PLAIN, end="\r\n")
    text("line-end-cr/data.csv", PLAIN, end="\r")
    text("line-end-cr-bad-cell/data.csv", PLAIN.replace("30", "3o"), end="\r")
    text("line-end-mixed/data.csv", PLAIN.replace("south,20\n", "south,20\r\n"))
    broken = 'month,region,amount,note\n2024-01,north,10,"first\nsecond, with a comma"\n2024-01,south,20,"say ""no"""\n2024-02,north,30,\n2024-02,south,40,"a\n\nb"\n'
    text("line-break-in-quotes/data.csv", broken)
    text("line-break-in-quotes-crlf/data.csv", broken, end="\r\n")
    text("line-break-in-quotes-cr/data.csv", re.sub(r"\n(?=2024)", "\r", broken).removesuffix("\n") + "\r")
    text("line-break-in-quotes-bad-cell/data.csv", broken.replace("30", "3o"), end="\r\n")
    text("header-padded-titles-crlf/data.csv", "Umsatz je Region;;;\nStand: 1. März 2024;;;\n;;;\nmonth;region;amount;\n2024-01;north;10;\n2024-01;south;20;\n;;;\n2024-02;north;30;\n2024-02;south;40;\n", end="\r\n")
    text("delimiter-tab/data.tsv", PLAIN.replace(",", "\t"))


def blanks():
    text("names-nbsp/data.csv", "\u00a0month\u00a0,region,Net\u00a0amount\n2024-01,north,10\n2024-01,south,20\n2024-02,north,30\n2024-02,south,40\n")
    text("names-nbsp-windows-1252/data.csv", "month;region;Net\u00a0amount\n2024-01;Zürich;10\n2024-01;Köln;20\n2024-02;Zürich;30\n2024-02;Köln;40\n", "cp1252", end="\r\n")
    # The first accent is one character, the second a letter and a combining mark.
    text("names-accents/data.csv", "P\u00e9riode,Re\u0301gion,Co\u00fbt\n2024-01,north,10\n2024-01,south,20\n2024-02,north,30\n2024-02,south,40\n")
    text("numbers-blank-groups/data.csv", "month;amount\n2024-01;1 234,5\n2024-02;1\u00a0234,25\n2024-03;1\u202f234\u202f567,5\n2024-04;12 345\n")
    text("numbers-blank-groups-windows-1252/data.csv", "month;amount\n2024-01;1\u00a0234,5\n2024-02;12\u00a0345,25\n", "cp1252")
    text("numbers-apostrophe-groups/data.csv", "month,amount\n2024-01,1'234.5\n2024-02,1\u2019234\u2019567.25\n2024-03,12'345\n")
    text("signs-minus-of-typesetters/data.csv", "month,amount\n2024-01,\u22125\n2024-02,\u22121.50\n2024-03,7\n")
    text("cells-blanks-around/data.csv", "month , region , amount\n 2024-01 ,  north , 10 \n\u00a02024-01\u00a0,south,\u00a020\u00a0\n2024-02,north,30\n2024-02,south, 40\n")
    text("wide-months-french/data.csv", "R\u00e9gion;janv. 2024;f\u00e9vr. 2024\nNord;1\u00a0234,5;2,5\nSud;10;20\n", "cp1252", end="\r\n")


def gzips():
    write("gzip-csv/data.csv.gz", compressed(PLAIN))
    write("gzip-bad-cell/data.csv.gz", compressed(PLAIN.replace("30", "3o")))
    write("gzip-cut-off/data.csv.gz", compressed(PLAIN * 1)[:-20])
    write("gzip-two-members/data.csv.gz", compressed(PLAIN[: PLAIN.index("2024-02")]) + compressed(PLAIN[PLAIN.index("2024-02") :]))
    write("gzip-utf16/data.csv.gz", gzip.compress(b"\xff\xfe" + REGIONS.replace(",", ";").replace("\n", "\r\n").encode("utf-16-le"), mtime=0))


def workbooks():
    head = ["month", "region", "amount"]
    rows = [["2024-01", "north", 10], ["2024-01", "south", 20.5], ["2024-02", "north", 0.1], ["2024-02", "south", 0.2]]
    workbook("xlsx-plain/data.xlsx", {"Sheet1": [head, *rows]})
    notes = [["month", "region", "amount"], ["2024-01", "north", 999]]
    workbook("xlsx-sheet/data.xlsx", {"Notes": notes, "Data": [head, *rows]})
    workbook("xlsx-sheet-unknown/data.xlsx", {"Notes": notes, "Data": [head, *rows]})
    workbook("xlsx-titles/data.xlsx", {"Sheet1": [["Sales by region"], ["as of", "2024-03-01"], [], head, *rows, [], []]})
    workbook("xlsx-titles-bad-cell/data.xlsx", {"Sheet1": [["Sales by region"], [], head, *rows[:3], ["2024-02", "south", "tbd"]]})
    day = datetime.date
    dates = [["day", "region", "amount"], [day(2024, 1, 31), "north", 10], [day(2024, 1, 31), "south", 20], [datetime.datetime(2024, 2, 1), "north", 30]]
    workbook("xlsx-dates/data.xlsx", {"Sheet1": dates})

    def percent(book):
        for row in book.active.iter_rows(min_row=2, min_col=2, max_col=2):
            row[0].number_format = "0.0%"

    workbook("xlsx-percent-format/data.xlsx", {"Sheet1": [["month", "rate"], ["2024-01", 0.125], ["2024-02", 0.975]]}, percent)
    texts = [["month", "region", "amount"], ["2024-01", "north", "1.234,5"], ["2024-01", "south", "1.005"], ["2024-02", "north", "7,25"], ["2024-02", "south", 2]]
    workbook("xlsx-numbers-as-text/data.xlsx", {"Sheet1": texts})
    workbook("xlsx-wide-texts/data.xlsx", {"Sheet1": [["region", "Jan-24", "Feb-24", "Mar-24"], ["north", 10, 20, 30], ["south", 1, None, 3]]})
    workbook("xlsx-error-cells/data.xlsx", {"Sheet1": [["month", "region", "amount"], ["2024-01", "north", 10], ["2024-01", "south", "#N/A"], ["2024-02", "north", 30]]})
    workbook("xlsx-error-cell-division/data.xlsx", {"Sheet1": [["month", "region", "amount"], ["2024-01", "north", 10], ["2024-01", "south", "#DIV/0!"], ["2024-02", "north", 30]]})
    workbook("xlsx-formulas/data.xlsx", {"Sheet1": [["month", "amount"], ["2024-01", "=4*2.5"], ["2024-02", "=B2*3"]]}, cached={"B2": "10", "B3": "30"})
    workbook("xlsx-formulas-not-computed/data.xlsx", {"Sheet1": [["month", "amount"], ["2024-01", 10], ["2024-02", "=B2*3"]]})
    workbook("xlsx-empty/data.xlsx", {"Sheet1": []})

    def shown(formats):
        def adjust(book):
            for cell, code in formats.items():
                book.active[cell].number_format = code

        return adjust

    rates = [["month", "rate"], ["2024-01", 0.9], ["2024-02", 97.5], ["2024-03", 1.125]]
    workbook("xlsx-percent-literal/data.xlsx", {"Sheet1": rates}, shown({"B2": '0.0 "%"', "B3": "0.0\\%", "B4": '0.000\\ "%"'}))
    money = [["month", "amount"], ["2024-01", 12.5], ["2024-02", 1.125], ["2024-03", 7]]
    euros = {"B2": "[$€-407] #,##0.00", "B3": '#,##0.000 "EUR"', "B4": '#,##0.00\\ "€"'}
    workbook("xlsx-currency/data.xlsx", {"Sheet1": money}, shown(euros))
    workbook("xlsx-currency-other/data.xlsx", {"Sheet1": money}, shown({**euros, "B3": "[$$-409]#,##0.00"}))
    workbook("xlsx-currency-other-code/data.xlsx", {"Sheet1": money}, shown({**euros, "B3": '"USD" #,##0'}))
    workbook("xlsx-currency-two-undeclared/data.xlsx", {"Sheet1": money}, shown({**euros, "B3": "$#,##0.00"}))

    def coloured(book):
        fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")
        for row in range(1, 9):
            book.active.cell(row, 16384).fill = fill
        book.active["D3"].fill = fill
        book.active["B7"].fill = fill

    formulas = [["month", "amount", "note"], ["2024-01", "=4*2.5"], ["2024-02", 20, "x"], ["2024-03", "=B2*3"]]
    workbook("xlsx-coloured-cells/data.xlsx", {"Sheet1": formulas}, coloured, cached={"B2": "10", "B4": "30"})

    def charted(book):
        chart = openpyxl.chart.BarChart()
        chart.add_data(openpyxl.chart.Reference(book["Data"], min_col=3, min_row=1, max_row=5), titles_from_data=True)
        book.create_chartsheet("Chart", 0).add_chart(chart)

    workbook("xlsx-chart-sheet/data.xlsx", {"Data": [head, *rows]}, charted)
    residue = [["2024-01", "north", 0.1 + 0.2], ["2024-01", "south", 0.1 + 0.2 - 0.3], ["2024-02", "north", 1 - 0.9], ["2024-02", "south", 4.35 * 100], ["Total", None, 435.4000000000001]]
    workbook("xlsx-doubles/data.xlsx", {"Sheet1": [head, *residue]})
    workbook("xlsx-totals/data.xlsx", {"Sheet1": [head, *rows, ["Total", None, 30.8]]})
    workbook("xlsx-totals-wrong/data.xlsx", {"Sheet1": [head, *rows, ["Total", None, 31.8]]})


def parquets():
    months = ["2024-01", "2024-01", "2024-02", "2024-02"]
    regions = ["north", "south", "north", "south"]
    parquet("parquet-plain/data.parquet", {"month": months, "region": regions, "amount": pa.array([10, 20, 30, 40], pa.int64())})
    parquet("parquet-double/data.parquet", {"month": months, "region": regions, "amount": [0.1, 0.2, 1234.56, -0.06]}, compression="zstd")
    parquet("parquet-doubles/data.parquet", {"month": months, "region": regions, "amount": [0.1 + 0.2, 0.1 + 0.2 - 0.3, 1 - 0.9, 4.35 * 100]})
    parquet("parquet-floats/data.parquet", {"month": months, "region": regions, "amount": pa.array([0.1, 0.2, 1234.56, -0.06], pa.float32())})
    nested = {"month": months[:3], "region": ["north", "north", "north"], "amount": [10, 10, 30], "tags": [["a"], ["b"], ["c"]]}
    parquet("parquet-nested/data.parquet", nested)
    parquet("parquet-nested-sum/data.parquet", nested)
    money = pa.array([Decimal("10.05"), Decimal("20.10"), None, Decimal("-0.01")], pa.decimal128(12, 2))
    parquet("parquet-decimal/data.parquet", {"month": months, "region": regions, "amount": money})
    day = datetime.date
    dates = pa.array([day(2024, 1, 31), day(2024, 1, 31), day(2024, 2, 1)], pa.date32())
    parquet("parquet-dates/data.parquet", {"day": dates, "region": ["north", "south", "north"], "amount": [10, 20, 30]})
    instants = [datetime.datetime(2024, 1, 31), datetime.datetime(2024, 1, 31), datetime.datetime(2024, 2, 1)]
    columns = {"day": pa.array(instants, pa.timestamp("ms")), "region": ["north", "south", "north"], "amount": [10, 20, 30]}
    parquet("parquet-timestamps/data.parquet", columns)
    utc = pa.timestamp("us", "UTC")
    parquet("parquet-instants-midnight/data.parquet", {**columns, "day": pa.array(instants, utc)})
    elsewhere = [instants[0], instants[1], datetime.datetime(2024, 1, 31, 22)]
    parquet("parquet-instants/data.parquet", {**columns, "day": pa.array(elsewhere, utc)})
    parquet("parquet-instants-int96/data.parquet", {**columns, "day": pa.array(elsewhere, utc)}, use_deprecated_int96_timestamps=True)
    parquet("parquet-timestamps-int96/data.parquet", columns, use_deprecated_int96_timestamps=True, compression="none")
    dictionary = pa.array(regions).dictionary_encode()
    parquet("parquet-row-groups/data.parquet", {"month": months, "region": dictionary, "amount": pa.array([10, None, 30, 40], pa.int32())}, row_group_size=1, compression="gzip")
    parquet("parquet-texts/data.parquet", {"Month": months, "Region": regions, "Net amount": ["1.234,5", "1.005", "n/a", "7,25"]}, compression="brotli")
    parquet("parquet-bad-cell/data.parquet", {"month": months, "region": regions, "amount": ["10", "20", "tbd", "40"]})
    parquet("parquet-infinite/data.parquet", {"month": months, "region": regions, "amount": [10.0, 20.0, float("inf"), 40.0]})
    parquet("parquet-no-column/data.parquet", {"month": months, "region": regions, "amnt": [10, 20, 30, 40]})
    parquet("parquet-no-rows/data.parquet", {"month": pa.array([], pa.string()), "region": pa.array([], pa.string()), "amount": pa.array([], pa.int64())})
    # Single bytes that make the footer, and a page, say what cannot be.
    damaged = bytearray((HERE / "parquet-plain/data.parquet").read_bytes())
    damaged[392] = 167
    damaged[666] = 94
    write("parquet-damaged-footer/data.parquet", bytes(damaged))
    damaged = bytearray((HERE / "parquet-plain/data.parquet").read_bytes())
    damaged[12] = 114
    damaged[104] = 219
    write("parquet-damaged-page/data.parquet", bytes(damaged))
    stored = io.BytesIO()
    pq.write_table(pa.table({"month": months, "region": regions, "amount": [10, 20, 30, 40]}), stored)
    write("parquet-cut-off/data.parquet", stored.getvalue()[:-30])


if __name__ == "__main__":
    for part in (encodings, lines, blanks, gzips, workbooks, parquets):
        part()
