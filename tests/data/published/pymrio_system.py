#!/usr/bin/env python3
"""A small system of invented numbers as pymrio 0.7 saves it, and what pymrio computes from it.

    python pymrio_system.py

writes pymrio_system.zip (made with save_all and archive; all digits kept) and pymrio_system.json.
3 regions x 4 sectors, 4 categories of final demand, two accounts (one labelled by two columns, with
direct emissions), population.
"""
import json, shutil, tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pymrio

here = Path(__file__).parent
regions, sectors = ["AT", "中国", "RoW"], ["farms", "mines", "plants, all", "trade"]
categories = ["Final consumption expenditure by households", "Government", "Gross fixed capital formation", "Changes in inventories"]
rng = np.random.default_rng(20240607)
n = len(regions) * len(sectors)
ix = pd.MultiIndex.from_product([regions, sectors], names=["region", "sector"])
cx = pd.MultiIndex.from_product([regions, categories], names=["region", "category"])
Z = pd.DataFrame(rng.lognormal(1, 2, (n, n)) * (rng.random((n, n)) < 0.7), ix, ix)
Y = pd.DataFrame(rng.lognormal(4, 1, (n, len(cx))), ix, cx)
Y.iloc[:, 3::4] -= 60
system = pymrio.IOSystem(Z=Z, Y=Y, name="invented", description="invented system of 2014",
                         unit=pd.DataFrame("M.EUR", ix, ["unit"]))
system.population = pd.DataFrame([[8.5e6, 1.37e9, 5.9e9]], ["Population"], pd.Index(regions, name="region"))
lines = pd.MultiIndex.from_tuples([("CO2", "air"), ("CO2", "soil"), ("N", "water")], names=["stressor", "compartment"])
system.emissions = pymrio.Extension(
    name="emissions",
    F=pd.DataFrame(rng.lognormal(3, 2, (3, n)), lines, ix),
    F_Y=pd.DataFrame(rng.lognormal(2, 1, (3, len(cx))) * (np.arange(len(cx)) % 4 == 0), lines, cx),
    unit=pd.DataFrame("kg", lines, ["unit"]))
x = Z.sum(axis=1) + Y.sum(axis=1)
wages = pd.Index(["wages", "surplus"], name="inputtype")
rest = (x - Z.sum(axis=0)).to_numpy()
system.factor_inputs = pymrio.Extension(
    name="factor_inputs", F=pd.DataFrame(np.stack([0.6 * rest, rest - 0.6 * rest]), wages, ix),
    unit=pd.DataFrame("M.EUR", wages, ["unit"]))

with tempfile.TemporaryDirectory() as place:
    system.save_all(Path(place) / "system", float_format="%.17g")
    (here / "pymrio_system.zip").unlink(missing_ok=True)
    pymrio.archive(Path(place) / "system", here / "pymrio_system.zip", path_in_arc="inner/")
system.calc_all()
json.dump(
    dict(
        A=system.A.to_numpy().tolist(),
        L=system.L.to_numpy().tolist(),
        accounts={
            " | ".join(at): {name: getattr(system.emissions, name).loc[at].tolist() for name in ("D_cba", "D_pba", "D_imp", "D_exp")}
            for at in system.emissions.F.index
        },
        coefficients={
            " | ".join([at] if isinstance(at, str) else at): {name: getattr(account, name).loc[at].tolist() for name in ("S", "M")}
            for account in (system.emissions, system.factor_inputs) for at in account.F.index
        },
        x=system.x.to_numpy().ravel().tolist(),
        production={name: system.emissions.D_pba_reg.loc[at].tolist() for name, at in [("CO2 | air", ("CO2", "air")), ("N | water", ("N", "water"))]},
        consumption={name: system.emissions.D_cba_reg.loc[at].tolist() for name, at in [("CO2 | air", ("CO2", "air")), ("N | water", ("N", "water"))]},
    ),
    open(here / "pymrio_system.json", "w"), indent=1)
