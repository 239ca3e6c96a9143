#!/usr/bin/env python3
"""Estimates from panels beside pyfixest, linearmodels and spreg: see benches/compare.sh.

    panel_compare.py FOLDER

Every figure is the median of five rounds (of three where a peer takes more than ten seconds, one of three crossed effects); in a round the two sides
follow each other. "whole" is a process from start to end with reading the CSV, irio's with its results written; "call" is
the peer's own function alone, compiled and with the data in memory, held against irio's *whole process*.
"""
import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np
import pandas as pd

FOLDER = os.path.abspath(sys.argv[1])
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
IRIO = os.path.join(ROOT, "target", "release", "irio")
ROUNDS = int(os.environ.get("ROUNDS", "5"))


def whole(command):
    """Wall and processor seconds and peak MB of a process, and what it printed."""
    code = ("import resource,subprocess,sys,time;s=time.perf_counter();"
            "r=subprocess.run(sys.argv[1:],capture_output=True);"
            "w=time.perf_counter()-s;u=resource.getrusage(resource.RUSAGE_CHILDREN);"
            "sys.stderr.buffer.write(r.stderr);print(w,u.ru_utime+u.ru_stime,u.ru_maxrss/1024);"
            "sys.stdout.flush();sys.stdout.buffer.write(r.stdout);sys.exit(r.returncode)")
    done = subprocess.run([sys.executable, "-c", code] + command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command}: {done.stderr}")
    head, _, rest = done.stdout.partition("\n")
    wall, cpu, rss = map(float, head.split())
    return dict(wall=wall, cpu=cpu, rss=rss, out=rest)


def peer(job, folder):
    found = whole([sys.executable, os.path.join(HERE, "panel_peers.py"), job, folder])
    return found | json.loads(found["out"].strip().splitlines()[-1])


def irio(folder, term):
    found = whole([IRIO, "estimate", f"{folder}/model.toml", "--out", f"{folder}/out", "--quiet"])
    lines = pd.read_csv(f"{folder}/out/coefficients.csv")
    own = lines[(lines.factor == term) & (lines.statistic == "estimate")]
    return found | {term: float(own.value.iloc[0])}


def made(name, make):
    folder = os.path.join(FOLDER, name)
    if not os.path.exists(f"{folder}/model.toml"):
        os.makedirs(folder, exist_ok=True)
        make(folder)
    return folder


MODEL = """irio_model = 1
name = "bench"
[panel]
file = "panel.csv"
id = "{id}"
time = "{time}"
{weights}[[model]]
name = "m"
dependent = "y"
regressors = [{x}]
{lines}
"""


def write(folder, data, **keys):
    data.to_csv(f"{folder}/panel.csv", index=False)
    keys.setdefault("weights", "")
    with open(f"{folder}/model.toml", "w") as file:
        file.write(MODEL.format(**keys))


FIVE = ", ".join(f'"x{k}"' for k in range(1, 6))


def two_way(folder):
    """10,000 units over 100 periods."""
    rng = np.random.default_rng(1)
    n, t = 10_000, 100
    unit, period = np.repeat(np.arange(n), t), np.tile(np.arange(t), n)
    x = rng.normal(size=(n * t, 5))
    y = x @ [1, -0.5, 0.3, 0, 0.2] + rng.normal(size=n)[unit] + rng.normal(size=t)[period] + rng.normal(size=n * t)
    data = pd.DataFrame(dict(id=unit, t=period, y=y) | {f"x{k + 1}": x[:, k] for k in range(5)})
    write(folder, data, id="id", time="t", x=FIVE,
          lines='estimator = "within"\neffects = ["id", "t"]\ncovariance = "cluster"\ncluster = "id"\npredict = false')


def three(folder):
    """Workers over years in firms: few move, and then to a firm nearby, so that workers and firms are badly connected."""
    rng = np.random.default_rng(2)
    workers, firms, years = 100_000, 10_000, 12
    rows = []
    firm = rng.integers(0, firms, workers)
    for year in range(years):
        there = rng.random(workers) < 0.85
        moves = rng.random(workers) < 0.05
        firm = np.where(moves, (firm + rng.integers(-300, 301, workers)) % firms, firm)
        rows.append(pd.DataFrame(dict(worker=np.flatnonzero(there), firm=firm[there], year=year)))
    data = pd.concat(rows, ignore_index=True)
    x = rng.normal(size=(len(data), 5))
    effects = rng.normal(size=workers)[data.worker] + rng.normal(size=firms)[data.firm] + rng.normal(size=years)[data.year]
    x[:, 0] += 0.5 * effects
    data.insert(3, "y", x @ [1, -0.5, 0.3, 0, 0.2] + effects + rng.normal(size=len(data)))
    for k in range(5):
        data[f"x{k + 1}"] = x[:, k]
    write(folder, data, id="worker", time="year", x=FIVE,
          lines='estimator = "within"\neffects = ["worker", "firm", "year"]\ncovariance = "cluster"\ncluster = "worker"\npredict = false')


def spatial(n, t):
    def make(folder):
        rng = np.random.default_rng(3)
        # Six nearest neighbours of places in a square.
        places = rng.random((n, 2))
        from scipy.sparse import csr_matrix, identity
        from scipy.sparse.linalg import splu
        from scipy.spatial import cKDTree
        near = cKDTree(places).query(places, 7)[1][:, 1:]
        w = csr_matrix((np.full(6 * n, 1 / 6), (np.repeat(np.arange(n), 6), near.ravel())), (n, n))
        solve = splu((identity(n) - 0.4 * w).tocsc()).solve
        x, effects = rng.normal(size=(t, n, 2)), rng.normal(size=n)
        y = np.array([solve(x[k] @ [1, -0.5] + effects + rng.normal(size=n)) for k in range(t)])
        data = pd.DataFrame(dict(id=np.tile(np.arange(n), t), t=np.repeat(np.arange(t), n), y=y.ravel(),
                                 x1=x[:, :, 0].ravel(), x2=x[:, :, 1].ravel()))
        pd.DataFrame(dict(id=np.repeat(np.arange(n), 6), neighbour=near.ravel())).to_csv(f"{folder}/weights.csv", index=False)
        write(folder, data, id="id", time="t", x='"x1", "x2"',
              weights='[[weights]]\nname = "W"\nkind = "list"\nfile = "weights.csv"\nstandardize = "row"\n',
              lines='estimator = "spatial_lag"\neffects = "individual"\nweights_matrix = "W"')
    return make


def median(rounds, key):
    return statistics.median(one[key] for one in rounds)


def line(job, ratio, found, limit, figures):
    met = "yes" if found >= limit else "NO"
    print(f"| {job} | {ratio} | {found:.2f} | >= {limit:g} | {met} | {figures} |", flush=True)


def fixed_effects(job, name, make, jobs):
    folder = made(name, make)
    rounds = [(irio(folder, "x1"), peer(jobs[0], folder), peer(jobs[1], folder) if jobs[1] else None)
              for _ in range(ROUNDS if jobs[1] else 1)]
    own, warm, once = ([one[k] for one in rounds] for k in range(3))
    wall = median(own, "wall")
    line(job, "pyfixest's warm call / irio, whole process", median(warm, "warm") / wall, 1,
         f"{median(warm, 'warm'):.2f} / {wall:.2f} s, gap of x1 {abs(own[0]['x1'] - warm[0]['x1']):.0e}")
    if not jobs[1]:
        return folder
    for key, what, unit in [("wall", "time", "s"), ("cpu", "processor time", "s"), ("rss", "memory", "MB")]:
        a, b = median(once, key), median(own, key)
        line(job, f"pyfixest / irio, whole process, {what}", a / b, 5, f"{a:.2f} / {b:.2f} {unit}")
    return folder


def lag(n, t, limit):
    folder = made(f"spatial{n}x{t}", spatial(n, t))
    rounds = [(irio(folder, "rho"), peer("spatial", folder)) for _ in range(min(ROUNDS, 3))]
    own, other = [one[0] for one in rounds], [one[1] for one in rounds]
    call, wall = median(other, "call"), median(own, "wall")
    gap = f"gap of rho {abs(own[0]['rho'] - other[0]['rho']):.0e}"
    job, whole_peer = f"spatial lag with fixed effects, {n} x {t}", median(other, "wall")
    line(job, "spreg / irio, whole process", whole_peer / wall, limit, f"{whole_peer:.2f} / {wall:.3f} s, {gap}")
    line(job, "Panel_FE_Lag's call / irio, whole process", call / wall, 1, f"{call:.2f} / {wall:.3f} s")


print("| job | ratio | measured | limit | met | figures |\n|---|---|---|---|---|---|")
big = fixed_effects("two-way effects, clustered, 1,000,000 x 5", "two_way", two_way, ("two_way", "two_way_once"))
times = [(irio(big, "x1"), peer("linearmodels", big)) for _ in range(min(ROUNDS, 3))]
call, wall = statistics.median(two["call"] for _, two in times), statistics.median(one["wall"] for one, _ in times)
line("the same", "linearmodels' call / irio, whole process", call / wall, 1, f"{call:.2f} / {wall:.2f} s")
fixed_effects("three crossed, unbalanced, badly connected effects, 1,020,000 x 5", "three", three, ("three", None))
lag(300, 20, 10)
lag(3000, 20, 20)
start = time.perf_counter()
done = subprocess.run(["cargo", "bench", "--quiet", "--bench", "duranton_overman"], cwd=ROOT, capture_output=True, text=True)
found = json.loads(done.stdout.strip().splitlines()[-1])
line("Duranton-Overman, 5,000 plants, 1,000 draws", "180 s / irio", 180 / found["test_seconds"], 1,
     f"{found['test_seconds']:.1f} s, {found['rss_mb']:.0f} MB")
