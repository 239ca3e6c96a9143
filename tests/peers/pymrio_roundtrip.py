#!/usr/bin/env python3
"""pymrio loads what irio wrote, and every frame is compared exactly.

    python tests/peers/pymrio_roundtrip.py IRIO [--data DIR] [--table TABLE ...]

IRIO is the program. Compared are
1. pymrio's own test system: saved by pymrio, converted by irio, loaded by pymrio; then once more through
   a zip archive, and back to irio;
2. every TABLE (any that irio reads, such as tables/sources/sic-2007.toml with --data): converted by irio,
   loaded by pymrio, saved by pymrio in parquet and in text, and its numbers held against irio's own folder.

Text is saved by pymrio with all digits (float_format="%.17g"): its default of 12 loses some.
"""
import argparse, json, subprocess, sys, tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pymrio


def run(*arguments):
    result = subprocess.run([str(a) for a in arguments], capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{arguments}: {result.stderr}")
    return result.stdout


def frames(system, prefix=""):
    """Every frame of a system and of its accounts."""
    found = {prefix + name: getattr(system, name) for name in system.get_DataFrame()}
    if hasattr(system, "get_extensions"):
        for name in system.get_extensions():
            found.update(frames(getattr(system, name), name + "/"))
    return found


def compare(what, a, b, ignore=()):
    a, b = frames(a), frames(b)
    names = {name for name in set(a) | set(b) if name.split("/")[0] not in ignore}
    wrong = []
    for name in sorted(names):
        if name not in a or name not in b:
            wrong.append(f"{name} is only in one")
            continue
        one, two = a[name], b[name]
        same = one.shape == two.shape and list(one.index) == list(two.index)
        same = same and list(one.columns) == list(two.columns)
        same = same and list(one.index.names) == list(two.index.names)
        if same and one.map(lambda v: isinstance(v, str)).to_numpy().any():
            same = (one.to_numpy() == two.to_numpy()).all()
        elif same:
            same = (one.to_numpy(float) == two.to_numpy(float)).all()
        if not same:
            wrong.append(f"{name} differs")
    print(f"{what}: {len(names)} frames", "equal to the bit" if not wrong else wrong)
    return not wrong


def test_system(irio, place):
    system = pymrio.load_test()
    system.meta.change_meta("description", "test system of 2011")
    system.save_all(place / "from_2011", float_format="%.17g")
    start = pymrio.load_all(place / "from_2011")
    run(irio, "convert", place / "from_2011", "--to", "pymrio", "--out", place / "folder")
    run(irio, "convert", place / "folder", "--out", place / "again.zip")
    ok = True
    for name in ["folder", "again.zip"]:
        back = pymrio.load_all(place / name)
        # irio always writes output and what the columns leave open.
        x = back.x
        back.x = None
        ok &= compare(f"test system, {name}", start, back, ignore=["discrepancy"])
        ok &= bool(np.allclose(x.to_numpy().ravel(), (start.Z.sum(axis=1) + start.Y.sum(axis=1)), rtol=1e-15))
        back.calc_all()
    return ok


def own_folder(path):
    """Flows, final demand and output of irio's own folder."""
    matrix = lambda name: pd.read_csv(path / name, header=[0, 1], index_col=[0, 1], dtype=None)
    output = pd.read_csv(path / "output.csv")["output"]
    return matrix("flows.csv").to_numpy(float), matrix("final_demand.csv").to_numpy(float), output.to_numpy(float)


def table(irio, place, path, data):
    extra = ["--data", data] if data else []
    name = Path(path).stem
    run(irio, "convert", path, "--to", "pymrio", "--out", place / name, *extra)
    run(irio, "convert", path, "--to", "irio", "--out", place / f"{name}-irio", *extra)
    system = pymrio.load_all(place / name)
    Z, Y, x = own_folder(place / f"{name}-irio")
    ok = all(
        a.shape == b.shape and (a == b).all()
        for a, b in [(system.Z.to_numpy(float), Z), (system.Y.to_numpy(float), Y), (system.x.to_numpy(float).ravel(), x)]
    )
    print(f"{name}: Z, Y, x of pymrio and of irio's folder", "equal to the bit" if ok else "DIFFER")
    system.save_all(place / f"{name}-text", float_format="%.17g")
    ok &= compare(f"{name}, saved by pymrio", system, pymrio.load_all(place / f"{name}-text"))
    run(irio, "convert", place / f"{name}-text", "--to", "pymrio", "--out", place / f"{name}-back")
    ok &= compare(f"{name}, through pymrio and irio", system, pymrio.load_all(place / f"{name}-back"))
    try:
        system.calc_all()
        print(f"{name}: calc_all runs, accounts {[e for e in system.get_extensions()]}")
    except Exception as error:
        print(f"{name}: calc_all fails: {error!r}")
        ok = False
    return ok


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("irio")
    parser.add_argument("--data")
    parser.add_argument("--table", action="append", default=[])
    arguments = parser.parse_args()
    print("pymrio", pymrio.__version__, "pandas", pd.__version__)
    with tempfile.TemporaryDirectory() as place:
        place = Path(place)
        ok = test_system(arguments.irio, place)
        for path in arguments.table:
            ok &= table(arguments.irio, place, path, arguments.data)
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
