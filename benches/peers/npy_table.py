#!/usr/bin/env python3
"""Writes a table of plain arrays as irio's own folder with its matrices in .npy files.

    python npy_table.py IN OUT            IN: Z.npy, Y.npy, x.npy, va.npy, co2.npy, names.json
    python npy_table.py --drawn N DENSITY OUT      a drawn table of N industries (20 regions), row by row

names.json has "regions", "sectors" and "categories". Drawn tables are as large as one likes: no more than a block of
rows is in memory. Load times of either are measured with `irio check OUT` or a program of three lines.
"""
import json
import os
import shutil
import sys

import numpy as np

TOML = """irio_table = 1
name = "{name}"
year = 2020
unit = "million EUR"
prices = "current"
imports = "none"
source = "drawn for timing"
"""


def text(folder, name, lines):
    with open(os.path.join(folder, name), "w") as out:
        out.write("\n".join(lines) + "\n")


def labels(folder, name, regions, sectors, categories):
    os.makedirs(folder, exist_ok=True)
    text(folder, "table.toml", [TOML.format(name=name).rstrip()])
    text(folder, "regions.csv", ["code,en,zh"] + [f"{code},," for code in regions])
    text(folder, "sectors.csv", ["code,en,zh"] + [f"{code},," for code in sectors])
    text(folder, "categories.csv", ["code,en,zh,role"] + [f"{code},,,consumption" for code in categories])
    text(folder, "value_added_rows.csv", ["code,en,zh", "value_added,,"])
    text(folder, "extensions_rows.csv", ["code,en,zh,unit", "co2,,,t"])


def convert(source, folder):
    with open(os.path.join(source, "names.json")) as file:
        names = json.load(file)
    labels(folder, os.path.basename(os.path.normpath(source)), names["regions"], names["sectors"], names["categories"])
    for old, new in [("Z", "flows"), ("Y", "final_demand"), ("x", "output"), ("va", "value_added"), ("co2", "extensions")]:
        shutil.copyfile(os.path.join(source, old + ".npy"), os.path.join(folder, new + ".npy"))


def draw(n, density, folder):
    regions = 20
    sectors = n // regions
    n = regions * sectors
    labels(folder, "drawn", [f"r{at}" for at in range(regions)], [f"s{at}" for at in range(sectors)], ["final"])
    rng = np.random.default_rng(7)
    flows = np.lib.format.open_memmap(os.path.join(folder, "flows.npy"), "w+", "<f8", (n, n))
    bought = np.zeros(n)
    sold = np.zeros(n)
    for at in range(0, n, 500):
        block = rng.random((min(500, n - at), n))
        block = np.where(rng.random(block.shape) < density, block, 0.0)
        flows[at:at + 500] = block
        bought += block.sum(0)
        sold[at:at + 500] = block.sum(1)
    flows.flush()
    demand = rng.random((n, regions)) * n * density / regions
    output = sold + demand.sum(1)
    np.save(os.path.join(folder, "final_demand.npy"), demand)
    np.save(os.path.join(folder, "output.npy"), output)
    np.save(os.path.join(folder, "value_added.npy"), (output - bought)[None, :])
    np.save(os.path.join(folder, "extensions.npy"), (output * rng.random(n))[None, :])


if __name__ == "__main__":
    if sys.argv[1] == "--drawn":
        draw(int(sys.argv[2]), float(sys.argv[3]), sys.argv[4])
    else:
        convert(sys.argv[1], sys.argv[2])
