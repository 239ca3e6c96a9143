#!/usr/bin/env python3
"""One job of a peer in a process of its own, as a JSON line: panel_peers.py JOB FOLDER."""
import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")
JOB, FOLDER = sys.argv[1:3]


def fixed_effects(effects):
    import pandas as pd
    import pyfixest as pf

    data = pd.read_csv(f"{FOLDER}/panel.csv")
    formula = f"y ~ x1 + x2 + x3 + x4 + x5 | {' + '.join(effects)}"
    times = []
    for _ in range(3):
        start = time.perf_counter()
        model = pf.feols(formula, data, vcov={"CRV1": effects[0]})
        times.append(time.perf_counter() - start)
    # The first call compiles; the others are warm.
    return dict(cold=times[0], warm=min(times[1:]), x1=float(model.coef()["x1"]))


def once(effects):
    """What a user's script does: read, estimate, print."""
    import pandas as pd
    import pyfixest as pf

    data = pd.read_csv(f"{FOLDER}/panel.csv")
    model = pf.feols(f"y ~ x1 + x2 + x3 + x4 + x5 | {' + '.join(effects)}", data, vcov={"CRV1": effects[0]})
    return dict(x1=float(model.coef()["x1"]), se=float(model.se()["x1"]))


def linearmodels():
    import pandas as pd
    from linearmodels.panel import PanelOLS

    data = pd.read_csv(f"{FOLDER}/panel.csv").set_index(["id", "t"])
    start = time.perf_counter()
    model = PanelOLS(data["y"], data[[f"x{k}" for k in range(1, 6)]], entity_effects=True, time_effects=True)
    found = model.fit(cov_type="clustered", cluster_entity=True)
    return dict(call=time.perf_counter() - start, x1=float(found.params["x1"]))


def spatial_lag():
    import libpysal
    import numpy as np
    import pandas as pd
    import spreg

    data = pd.read_csv(f"{FOLDER}/panel.csv").sort_values(["t", "id"], kind="stable")
    pairs = pd.read_csv(f"{FOLDER}/weights.csv")
    near = {}
    for own, other in zip(pairs.id, pairs.neighbour):
        near.setdefault(own, []).append(other)
    weights = libpysal.weights.W(near, silence_warnings=True)
    weights.transform = "r"
    order = weights.id_order
    data["id"] = pd.Categorical(data.id, order)
    data = data.sort_values(["t", "id"], kind="stable")
    start = time.perf_counter()
    model = spreg.Panel_FE_Lag(data[["y"]].values, data[["x1", "x2"]].values, weights)
    return dict(call=time.perf_counter() - start, rho=float(np.ravel(model.rho)[0]))


JOBS = {
    "two_way": lambda: fixed_effects(["id", "t"]),
    "two_way_once": lambda: once(["id", "t"]),
    "three": lambda: fixed_effects(["worker", "firm", "year"]),
    "linearmodels": linearmodels,
    "spatial": spatial_lag,
}
print(json.dumps(JOBS[JOB]()))
