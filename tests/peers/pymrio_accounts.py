#!/usr/bin/env python3
"""The matrices and accounts of irio beside those that pymrio 0.7 computes itself (`calc_all`).

    python tests/peers/pymrio_accounts.py IRIO DATA [--tolerance 1e-9]

IRIO is the program, DATA the folder with pymrio_test_mrio, china_sic_irio_2002_2007 and wiod_2013_release. Tables:
1. pymrio's own test system, as pymrio saves it; also the results that its own tests print, to 1e-5;
2. SIC 2007 (8 regions x 17 sectors) with its CO2, written by `irio convert --to pymrio`;
3. WIOD 2011 (41 x 35) with one drawn stressor, some of it direct emissions, written the same way.

pymrio's A, L, S, M, D_cba, D_pba, D_imp, D_exp stand beside those of `irio matrices` and `irio footprint --detail
imports`. A gap is

    |irio - pymrio| / max(|pymrio|, 1e-4 of the largest of its row)

where the row is a line of S, M or D, and all of A or L: relative to the value itself unless that is negligible, for
what is lost in the rounding of the largest tells nothing. Beside it stands the largest gap relative to the largest.

pymrio knows regions only, irio also users that are none: exports, national inventories, errors, and what the rows of a
table leave open. Where a table has such users, the result of `calc_all` is compared only as far as it means the same,
and pymrio's own `calc_accounts` is asked again for final demand by irio's users; docs/pymrio.md tells what differs. The
exit code is 1 if any gap that is compared is above the tolerance.
"""
import argparse, shutil, subprocess, sys, tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pymrio
from pymrio.tools.iomath import calc_accounts

HERE = Path(__file__).resolve().parents[2]
NEGLIGIBLE = 1e-4
# Accounts that irio adds for what pymrio has no place for.
BESIDE = {"imports", "discrepancy"}


def run(*arguments):
    result = subprocess.run([str(a) for a in arguments], capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{arguments}: {result.stderr}")


class Report:
    """Lines of gaps, and whether all were small enough."""

    def __init__(self, tolerance):
        self.tolerance, self.ok = tolerance, True
        print(f"{'table':34} {'matrix':40} {'cells':>9} {'gap':>9} {'to largest':>10}")

    def line(self, table, what, found, known, whole=False, tolerance=None, counts=True):
        found, known = np.atleast_2d(np.asarray(found, float)), np.atleast_2d(np.asarray(known, float))
        assert found.shape == known.shape, (table, what, found.shape, known.shape)
        size = np.abs(known)
        largest = np.full((len(size), 1), size.max()) if whole else size.max(axis=1, keepdims=True)
        largest = np.maximum(largest, np.finfo(float).tiny)
        gap = np.abs(found - known)
        relative = (gap / np.maximum(size, NEGLIGIBLE * largest)).max()
        good = relative <= (tolerance or self.tolerance)
        word = "" if good else "MISS" if counts else "differs by convention"
        print(f"{table:34} {what:40} {known.size:9} {relative:9.1e} {(gap / largest).max():10.1e} {word}", flush=True)
        self.ok &= bool(good) or not counts


def quantities(system):
    """Lines of every account under the codes that irio gives them; value added is the sum of its rows."""
    found = {}
    for name in system.get_extensions():
        account = getattr(system, name)
        if name in BESIDE:
            continue
        for at in account.F.index:
            found[" | ".join([at] if isinstance(at, str) else at)] = (name, [at])
        if name == "factor_inputs":
            found["value_added"] = (name, list(account.F.index))
    return found


def lines(system, lines_of, matrix, codes, columns=lambda frame: frame):
    """The lines of irio's quantities of a matrix of pymrio's accounts."""
    frames = ((getattr(getattr(system, name), matrix), index) for name, index in map(lines_of.get, codes))
    return np.stack([columns(frame).loc[index].sum().to_numpy(float) for frame, index in frames])


def users(system, labels, x):
    """Final demand by irio's users: regions, exports, what belongs to no region, and what the rows leave open."""
    kinds = labels[labels.kind == "category"].set_index("text").role
    regions = list(system.get_regions())

    def user(region, category):
        role = kinds[category]
        if role in ("export", "error"):
            return "rest_of_world" if role == "export" else "error"
        if region in regions:
            return region
        return "national" if role in ("consumption", "investment") else "inventories"

    by = [user(*column) for column in system.Y.columns]
    # Whether pymrio counts with a region what is no demand of it for irio.
    mixed = any(name not in regions and region in regions for name, (region, _) in zip(by, system.Y.columns))
    Y = system.Y.T.groupby([np.array(by, object)], sort=False).sum().T
    Y = Y.reindex(columns=regions + [name for name in Y.columns if name not in regions], fill_value=0.0)
    Y["discrepancy"] = x - system.Z.sum(axis=1) - system.Y.sum(axis=1)
    # A gap in the last digit of output is no user, whichever order its row was added up in.
    size = {"discrepancy": 1e-12 * x.abs().max()}
    Y = Y.loc[:, [name for name in Y if name in regions or Y[name].abs().max() > size.get(name, 0)]]
    Y.columns.name = "region"
    return Y, regions, mixed


def irio_results(irio, path, place, extra):
    """Matrices, and accounts by quantity and part, region and sector."""
    run(irio, "matrices", path, "--format", "npy", "--out", place / "matrices", *extra)
    run(irio, "footprint", path, "--detail", "imports", "--out", place / "footprint", *extra)
    found = {letter: np.load(place / "matrices" / f"{letter}.npy") for letter in "ALSM"}
    found["quantities"] = list(pd.read_csv(place / "matrices/quantities.csv", dtype=str).code)
    accounts = pd.read_csv(place / "footprint/accounts.csv", dtype={"region": str, "sector": str}, keep_default_na=False)
    accounts = accounts[accounts.part != "households"]
    found["accounts"] = {
        key: frame.set_index(["region", "sector"]).value
        for key, frame in accounts.groupby(["quantity", "part"], sort=False)
    }
    shutil.rmtree(place / "matrices"), shutil.rmtree(place / "footprint")
    return found


def compare(report, table, irio, path, system, labels, place, extra=()):
    """Every matrix and account of one table, which pymrio and irio have each read."""
    found = irio_results(irio, path, place, extra)
    system.calc_all()
    lines_of = quantities(system)
    codes = [code for code in found["quantities"] if code in lines_of]
    assert set(found["quantities"]) - set(codes) <= {"output"}, (found["quantities"], list(lines_of))
    rows = [found["quantities"].index(code) for code in codes]
    of = lambda matrix: lines(system, lines_of, matrix, codes)
    report.line(table, "A", found["A"], system.A, whole=True)
    report.line(table, "L", found["L"], system.L, whole=True)
    report.line(table, "S", found["S"][rows], of("S"))
    report.line(table, "M", found["M"][rows], of("M"))
    output = found["quantities"].index("output")
    report.line(table, "M of output: column sums of L", found["M"][output], system.L.sum(axis=0))

    x = system.x.iloc[:, 0]
    Y, regions, mixed = users(system, labels, x)
    region_names = dict(labels[labels.kind == "region"][["text", "code"]].to_numpy())
    part = lambda part, names: np.stack(
        [np.concatenate([found["accounts"][code, part][region_names.get(name, name)] for name in names]) for code in codes]
    )
    others = [name for name in Y if name not in regions]
    inside = lambda frame: frame.loc[:, frame.columns.get_level_values(0).isin(regions)]
    mine = {"D_cba": "consumption", "D_pba": "production", "D_imp": "imports", "D_exp": "exports"}
    # pymrio makes output of L and Y, so what rows leave open is in none of its D; any other user is abroad for it.
    same = {"D_cba": not mixed, "D_imp": not mixed, "D_pba": "discrepancy" not in others}
    same["D_exp"] = not mixed and not set(others) - {"discrepancy", "rest_of_world"}
    for name in mine:
        known = lines(system, lines_of, name, codes, inside)
        report.line(table, f"{name} of calc_all", part(mine[name], regions), known, counts=same[name])
    if others:
        S = pd.DataFrame(of("S"), codes, system.L.index)
        cba, pba, imp, _ = calc_accounts(S, system.L, Y)
        _, _, _, exp = calc_accounts(S, system.L, Y[[name for name in Y if name in regions or name == "rest_of_world"]])
        said = ", ".join(others)
        report.line(table, "D_cba by irio's users", part("consumption", list(Y)), cba)
        report.line(table, "D_pba by irio's users", part("production", regions), pba)
        report.line(table, "D_imp by irio's users", part("imports", regions), inside(imp))
        report.line(table, "D_exp by irio's users", part("exports", regions), exp)
        print(f"{'':34} users that are no region: {said}")
    return found, codes


def loaded(irio, path, place, extra=()):
    """What pymrio loads of a table that irio wrote for it, with irio's labels."""
    run(irio, "convert", path, "--to", "pymrio", "--out", place, *extra)
    return pymrio.load_all(place), pd.read_csv(place / "labels.csv", dtype=str, keep_default_na=False)


def test_system(report, irio, place, data):
    ours, theirs = data / "pymrio_test_mrio", Path(pymrio.__file__).parent / "mrio_models/test_mrio"
    for name in ("trade_flows_Z.txt", "finald_demand_Y.txt", "factor_input.txt", "emissions.txt", "FDemissions.txt"):
        if (theirs / name).exists():
            assert (ours / name).read_bytes() == (theirs / name).read_bytes(), f"another {name} in this pymrio"
    system = pymrio.load_test()
    system.meta.change_meta("description", "test system of 2011")
    system.save_all(place / "from_2011", float_format="%.17g")
    _, labels = loaded(irio, place / "from_2011", place / "as_written")
    system = pymrio.load_all(place / "from_2011")
    found, codes = compare(report, "test system", irio, place / "from_2011", system, labels, place)
    # The results that pymrio's own tests print, for the one line of its factor inputs.
    expected = lambda name: np.loadtxt(ours / "expected" / f"factor_inputs__{name}_values.csv", delimiter=",")
    code = next(code for code in codes if quantities(system)[code][0] == "factor_inputs")
    M = found["M"][found["quantities"].index(code)]
    imports = found["accounts"][code, "imports"].groupby(level="region", sort=False).sum()
    report.line("test system, as printed", "M", M, expected("M"), tolerance=1e-5)
    report.line("test system, as printed", "D_imp by region", imports, expected("D_imp"), tolerance=1e-5)


def sic(report, irio, place, data):
    path, extra = HERE / "tables/sources/sic-2007.toml", ("--data", data)
    system, labels = loaded(irio, path, place / "sic", extra)
    compare(report, "SIC 2007", irio, path, system, labels, place, extra)


def wiod(report, irio, place, data):
    path = place / "wiod-2011"
    run(sys.executable, HERE / "benches/peers/wiod.py", data / "wiod_2013_release/wiot_2011.csv.gz", path)
    regions = list(pd.read_csv(path / "regions.csv").code)
    sectors = list(pd.read_csv(path / "sectors.csv").code)
    output = pd.read_csv(path / "output.csv").output.to_numpy(float)
    rng = np.random.default_rng(2011)
    # Emissions of very different sizes, none where there is no output.
    values = np.where(output == 0, 0.0, rng.lognormal(0, 3, len(output)) * output)
    heads = [(r, s) for r in regions for s in sectors]
    row = lambda *cells: ",".join(str(cell) for cell in cells) + "\n"
    (path / "extensions.csv").write_text(
        row('""', "", "", "", *(r for r, _ in heads)) + row("code", "en", "zh", "unit", *(s for _, s in heads))
        + row("drawn", "", "", "t", *map(repr, map(float, values)))
    )
    (path / "households.csv").write_text(
        row("code", *regions) + row("drawn", *map(repr, map(float, rng.lognormal(10, 1, len(regions)))))
    )
    system, labels = loaded(irio, path, place / "wiod")
    compare(report, "WIOD 2011", irio, path, system, labels, place)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("irio", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--tolerance", type=float, default=1e-9)
    arguments = parser.parse_args()
    irio, data = arguments.irio.resolve(), arguments.data.resolve()
    print("pymrio", pymrio.__version__, "pandas", pd.__version__, "numpy", np.__version__)
    report = Report(arguments.tolerance)
    for test in (test_system, sic, wiod):
        with tempfile.TemporaryDirectory() as place:
            test(report, irio, Path(place), data)
    print("all within the tolerance" if report.ok else "some gaps are above the tolerance")
    sys.exit(0 if report.ok else 1)


if __name__ == "__main__":
    main()
