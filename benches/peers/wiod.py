#!/usr/bin/env python3
"""A table of the World Input-Output Database (2013 release, clean CSV) as irio's own folder.

    wiod.py WIOT.csv.gz OUT
"""
import csv
import gzip
import os
import sys

ROLES = {"c37": "consumption", "c38": "consumption", "c39": "consumption", "c41": "investment", "c42": "inventory"}


def main():
    source, out = sys.argv[1:3]
    with gzip.open(source, "rt", newline="") as file:
        rows = list(csv.reader(file))
    regions, codes, names = rows[:3]
    industries = [at for at in range(3, len(codes)) if codes[at].startswith("c") and codes[at] not in ROLES]
    demand = [at for at in range(3, len(codes)) if codes[at] in ROLES]
    output = codes.index("GO") if "GO" in codes else regions.index("GO")
    body = [row for row in rows[3:] if row[1].startswith("c") and row[1] not in ROLES]
    added = next(row for row in rows[3:] if "va_residual" in row[:3])
    os.makedirs(out, exist_ok=True)

    def write(name, lines):
        with open(os.path.join(out, name), "w", newline="") as file:
            csv.writer(file).writerows(lines)

    with open(os.path.join(out, "table.toml"), "w") as file:
        file.write('irio_table = 1\nname = "wiod"\nyear = 2011\nunit = "10^6 USD"\nimports = "none"\n')
    write("regions.csv", [["code", "en", "zh"]] + [[r, "", ""] for r in dict.fromkeys(regions[at] for at in industries)])
    sectors = dict((codes[at], names[at]) for at in industries)
    write("sectors.csv", [["code", "en", "zh"]] + [[code, name, ""] for code, name in sectors.items()])
    write("categories.csv", [["code", "en", "zh", "role"]] + [[code, "", "", role] for code, role in ROLES.items()])
    for name, columns in (("flows.csv", industries), ("final_demand.csv", demand)):
        head = [["", ""] + [regions[at] for at in columns], ["region", "sector"] + [codes[at] for at in columns]]
        write(name, head + [row[:2] + [row[at] for at in columns] for row in body])
    write("output.csv", [["region", "sector", "output"]] + [row[:2] + [row[output]] for row in body])
    head = [["", "", ""] + [regions[at] for at in industries], ["code", "en", "zh"] + [codes[at] for at in industries]]
    write("value_added.csv", head + [["value_added", "", ""] + [added[at] for at in industries]])


if __name__ == "__main__":
    main()
