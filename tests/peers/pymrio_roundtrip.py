#!/usr/bin/env python3
"""pymrio loads what irio wrote, and every frame is compared exactly.

    python tests/peers/pymrio_roundtrip.py IRIO [--data DIR] [--parquet] [--table TABLE ...]

IRIO is the program. Compared are
1. pymrio's own test system: saved by pymrio, converted by irio, loaded by pymrio; then once more through
   a zip archive, and back to irio; names of accounts, units and what metadata.json says must be the same;
2. accounts of which pymrio kept the intensities only: what irio makes of them against pymrio's calc_all;
3. every TABLE (any that irio reads, such as tables/sources/sic-2007.toml with --data): converted by irio,
   loaded by pymrio, saved by pymrio, and its numbers held against irio's own folder.

With --parquet, for an irio built with that feature, all of it once more in parquet: written by pymrio and read
by irio, and the other way round.

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


def same_words(what, start, back):
    """Names of accounts, and what the metadata say."""
    wrong = [
        f"{name}: {getattr(start, name).name!r} became {getattr(back, name).name!r}"
        for name in start.get_extensions(instance_names=True)
        if getattr(start, name).name != getattr(back, name).name
    ]
    for key in ["name", "description", "system", "version"]:
        one, two = getattr(start.meta, key), getattr(back.meta, key)
        if one != two:
            wrong.append(f"{key}: {one!r} became {two!r}")
    # Each program adds lines of its own in front.
    saved = [line for line in start.meta.history if "Loaded" not in line and "Added" not in line]
    if back.meta.history[-len(saved):] != saved:
        wrong.append("the history is another")
    print(f"{what}: names, metadata and {len(saved)} lines of history", "kept" if not wrong else wrong)
    return not wrong


def test_system(irio, place, kind):
    system = pymrio.load_test()
    system.meta.change_meta("description", "test system of 2011")
    system.emissions.name = "Emissions, as pymrio calls them"
    place = place / kind
    place.mkdir()
    options = {"float_format": "%.17g"} if kind == "txt" else {}
    system.save_all(place / "from_2011", table_format=kind, **options)
    start = pymrio.load_all(place / "from_2011")
    packing = ["--parquet"] if kind == "parquet" else []
    run(irio, "convert", place / "from_2011", "--to", "pymrio", "--out", place / "folder", *packing)
    run(irio, "convert", place / "folder", "--out", place / "again.zip", *packing)
    run(irio, "convert", place / "again.zip", "--to", "irio", "--out", place / "own")
    run(irio, "convert", place / "own", "--to", "pymrio", "--out", place / "back", *packing)
    ok = True
    for name in ["folder", "again.zip", "back"]:
        back = pymrio.load_all(place / name)
        # irio always writes output and what the columns leave open.
        x = back.x
        back.x = None
        ok &= compare(f"test system, {kind}, {name}", start, back, ignore=["discrepancy"])
        ok &= same_words(f"test system, {kind}, {name}", start, back)
        ok &= bool(np.allclose(x.to_numpy().ravel(), (start.Z.sum(axis=1) + start.Y.sum(axis=1)), rtol=1e-15))
        if kind == "parquet":
            for frame, other in [("Z", start.Z), ("Y", start.Y), ("unit", start.unit)]:
                # Whole numbers come back as floats.
                pd.testing.assert_frame_equal(getattr(back, frame), other, check_dtype=frame == "unit")
        back.calc_all()
    return ok


def intensities(irio, place):
    """Accounts without flows: S and S_Y times output and final demand, as calc_all has it."""
    system = pymrio.load_test().calc_all()
    system.meta.change_meta("description", "test system of 2011")
    flows = {name: (getattr(system, name).F, getattr(system, name).F_Y) for name in ["emissions"]}
    for name in flows:
        account = getattr(system, name)
        for frame in account.get_DataFrame():
            if frame not in ["S", "S_Y", "unit"]:
                setattr(account, frame, None)
    system.save_all(place / "per_unit_2011", float_format="%.17g")
    run(irio, "convert", place / "per_unit_2011", "--to", "pymrio", "--out", place / "per_unit")
    back = pymrio.load_all(place / "per_unit")
    ok = True
    for name, (F, F_Y) in flows.items():
        for one, two in [(F, getattr(back, name).F), (F_Y, getattr(back, name).F_Y)]:
            ok &= bool(np.allclose(one.to_numpy(float), two.reindex_like(one).to_numpy(float), rtol=1e-12))
    print("accounts of intensities:", "flows are those of calc_all" if ok else "DIFFER")
    return ok


def own_folder(path):
    """Flows, final demand and output of irio's own folder."""
    matrix = lambda name: pd.read_csv(path / name, header=[0, 1], index_col=[0, 1], dtype=None)
    output = pd.read_csv(path / "output.csv")["output"]
    return matrix("flows.csv").to_numpy(float), matrix("final_demand.csv").to_numpy(float), output.to_numpy(float)


def table(irio, place, path, data, kinds):
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
    if "parquet" in kinds:
        run(irio, "convert", path, "--to", "pymrio", "--parquet", "--out", place / f"{name}-packed", *extra)
        packed = pymrio.load_all(place / f"{name}-packed")
        ok &= compare(f"{name}, text and parquet", system, packed)
        packed.save_all(place / f"{name}-repacked", table_format="parquet")
        run(irio, "convert", place / f"{name}-repacked", "--to", "pymrio", "--out", place / f"{name}-unpacked")
        ok &= compare(f"{name}, parquet of pymrio", system, pymrio.load_all(place / f"{name}-unpacked"))
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
    parser.add_argument("--parquet", action="store_true")
    parser.add_argument("--table", action="append", default=[])
    arguments = parser.parse_args()
    print("pymrio", pymrio.__version__, "pandas", pd.__version__)
    with tempfile.TemporaryDirectory() as place:
        place = Path(place)
        kinds = ["txt", "parquet"] if arguments.parquet else ["txt"]
        ok = all([test_system(arguments.irio, place, kind) for kind in kinds])
        ok &= intensities(arguments.irio, place)
        for path in arguments.table:
            ok &= table(arguments.irio, place, path, arguments.data, kinds)
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
