#!/usr/bin/env python3
"""Seeded multi-regional tables like the large databases, for benches/compare.sh.

    synthetic.py OUT REGIONSxSECTORS... [--density 0.4]

For each size OUT/RxS/ gets Z.npy, Y.npy, x.npy, co2.npy (float64, C order), Z.csv up to 1,400 industries,
`pymrio/` as pymrio saves it (text) up to 8,000 industries, `pymrio.toml` for irio, and `npy/`, an irio
folder of .npy files, above that.

A technology shared by all regions and perturbed in each, a domestic share by product and region, imports by
gravity with small suppliers cut off, final demand in the same pattern; x = (I - A)^-1 y, so rows add up.
Large tables are written region by region, so that memory holds few copies.
"""
import argparse
import json
import os

import numpy as np


def make(regions, sectors, density, path):
    rng = np.random.default_rng([7, regions, sectors])
    n = regions * sectors
    filled = min(1.0, density / 0.66)
    technology = rng.lognormal(0, 1.8, (sectors, sectors)) * (rng.random((sectors, sectors)) < filled)
    technology[np.arange(sectors), np.arange(sectors)] += rng.lognormal(1, 0.5, sectors)
    size = rng.lognormal(0, 1.4, regions)
    size /= size.sum()
    inputs = 0.25 + 0.67 * rng.beta(2, 2.2, (regions, sectors))
    domestic = rng.uniform(0.6, 0.97, (sectors, regions))
    place = rng.random((regions, 2))
    distance = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1)) + 0.1
    trade = np.empty((sectors, regions, regions))
    for product in range(sectors):
        weight = size[:, None] * rng.lognormal(0, 0.8, (regions, regions)) / distance
        np.fill_diagonal(weight, 0)
        weight /= weight.sum(0)
        weight[weight < 0.15 / regions] = 0
        weight *= (1 - domestic[product]) / weight.sum(0)
        np.fill_diagonal(weight, domestic[product])
        trade[product] = weight
    Z = np.lib.format.open_memmap(os.path.join(path, "Z.npy"), "w+", np.float64, (n, n)) if n > 8000 else np.empty((n, n))
    for r in range(regions):
        own = technology * rng.lognormal(0, 0.3, technology.shape)
        own *= inputs[r] / own.sum(0)
        columns = slice(r * sectors, (r + 1) * sectors)
        for q in range(regions):
            Z[q * sectors:(q + 1) * sectors, columns] = trade[:, q, r][:, None] * own
    demand = rng.lognormal(0, 1, (sectors, regions, 3)) * size[None, :, None] * 1e6
    demand *= rng.random(demand.shape) < 0.8
    Y = np.einsum("iqr,irc->qirc", trade, demand).reshape(n, regions * 3)
    y = Y.sum(1)
    x, term = y.copy(), y.copy()
    for _ in range(400):
        term = Z @ term
        x += term
        if term.max() < 1e-14 * x.max():
            break
    for row in range(0, n, 1024):
        Z[row:row + 1024] *= x
    return Z, Y, x, x * rng.lognormal(-1.5, 1.3, n)


def save_pymrio(path, Z, Y, x, co2, names):
    import pandas as pd
    import pymrio

    regions, sectors, categories = names
    index = pd.MultiIndex.from_product([regions, sectors], names=["region", "sector"])
    columns = pd.MultiIndex.from_product([regions, categories], names=["region", "category"])
    io = pymrio.IOSystem(Z=pd.DataFrame(Z, index, index), Y=pd.DataFrame(Y, index, columns), name="synthetic")
    F = pd.DataFrame(np.stack([co2, x - Z.sum(0)]), pd.Index(["CO2", "VA"], name="stressor"), index)
    io.emissions = pymrio.Extension(name="emissions", F=F, unit=pd.DataFrame({"unit": ["t", "M.EUR"]}, F.index))
    io.unit = pd.DataFrame({"unit": ["M.EUR"] * len(index)}, index)
    io.save_all(os.path.join(path, "pymrio"), table_format="txt")
    with open(os.path.join(path, "pymrio.toml"), "w") as file:
        file.write('layout = "pymrio"\nfile = "pymrio"\nname = "synthetic"\nyear = 2011\nunit = "M.EUR"\n')


def save_folder(path, Y, x, co2, names):
    regions, sectors, categories = names
    folder = os.path.join(path, "npy")
    os.makedirs(folder, exist_ok=True)

    def text(name, lines):
        with open(os.path.join(folder, name), "w") as file:
            file.write("\n".join(lines) + "\n")

    text("table.toml", ["irio_table = 1", 'name = "synthetic"', "year = 2011", 'unit = "10^6 USD"', 'imports = "none"'])
    text("regions.csv", ["code,en,zh"] + [f"{r},{r}," for r in regions])
    text("sectors.csv", ["code,en,zh"] + [f"{s},{s}," for s in sectors])
    text("categories.csv", ["code,en,zh,role"] + [f"{c},{c},,{'investment' if c == 'investment' else 'consumption'}" for c in categories])
    text("value_added_rows.csv", ["code,en,zh", "value_added,,"])
    text("extensions_rows.csv", ["code,en,zh,unit", "co2,,,t"])
    os.replace(os.path.join(path, "Z.npy"), os.path.join(folder, "flows.npy"))
    np.save(os.path.join(folder, "final_demand.npy"), Y)
    Z = np.load(os.path.join(folder, "flows.npy"), mmap_mode="r")
    used = sum(Z[row:row + 1024].sum(0) for row in range(0, len(x), 1024))
    np.save(os.path.join(folder, "value_added.npy"), (x - used)[None])
    np.save(os.path.join(folder, "output.npy"), x)
    np.save(os.path.join(folder, "extensions.npy"), co2[None])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("sizes", nargs="+")
    parser.add_argument("--density", type=float, default=0.4)
    arguments = parser.parse_args()
    for size in arguments.sizes:
        R, S = map(int, size.split("x"))
        path = os.path.join(arguments.out, size)
        os.makedirs(path, exist_ok=True)
        Z, Y, x, co2 = make(R, S, arguments.density, path)
        names = ([f"R{r:03}" for r in range(R)], [f"s{s:03}" for s in range(S)], ["households", "government", "investment"])
        print(json.dumps(dict(size=size, n=len(x), density=round(float(np.count_nonzero(Z) / Z.size), 3))), flush=True)
        if len(x) > 8000:
            del Z
            save_folder(path, Y, x, co2, names)
            continue
        for name, values in dict(Z=Z, Y=Y, x=x, co2=co2).items():
            np.save(os.path.join(path, name + ".npy"), values)
        save_pymrio(path, Z, Y, x, co2, names)
        if len(x) < 1400:
            labels = [f"{r}|{s}" for r in names[0] for s in names[1]]
            with open(os.path.join(path, "Z.csv"), "w") as file:
                file.write("label," + ",".join(labels) + "\n")
                for label, row in zip(labels, Z.tolist()):
                    file.write(label + "," + ",".join(repr(v) if v else "0" for v in row) + "\n")


if __name__ == "__main__":
    main()
