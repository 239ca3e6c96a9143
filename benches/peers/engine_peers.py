#!/usr/bin/env python3
"""The Python peers' side of benches/compare.sh: one job a process, one JSON line.

    engine_peers.py JOB FOLDER [REPEATS]

pandas_csv, pyarrow_csv   read FOLDER/Z.csv
pymrio                    load FOLDER/pymrio (text) and calc_all (whole process)
numpy_footprint           pandas reads FOLDER/pymrio/Z.txt, numpy inverts, consumption by region and product
scipy_gmres               multipliers: (I - A') m = c on the CSR of A', relative tolerance 1e-12
numpy_inv                 numpy.linalg.inv of I - A
read_stream               sum of a large array in two threads: bytes a second
"""
import json
import os
import resource
import sys
import time

import numpy as np

job, folder = sys.argv[1], sys.argv[2]
repeats = int(sys.argv[3]) if len(sys.argv) > 3 else 5


def load(name):
    return np.load(os.path.join(folder, name + ".npy"))


def bench(run):
    wall, cpu = [], []
    for _ in range(repeats):
        start = time.perf_counter(), time.process_time()
        run()
        wall.append(time.perf_counter() - start[0])
        cpu.append(time.process_time() - start[1])
    return dict(wall=sorted(wall)[repeats // 2], cpu=sorted(cpu)[repeats // 2])


more = {}
if job == "pandas_csv":
    import pandas as pd
    found = bench(lambda: pd.read_csv(os.path.join(folder, "Z.csv"), index_col=0).to_numpy())
elif job == "pyarrow_csv":
    import pyarrow.csv as pc
    options = pc.ReadOptions(block_size=1 << 24)
    found = bench(lambda: pc.read_csv(os.path.join(folder, "Z.csv"), read_options=options))
elif job == "pymrio":
    import pymrio
    io = pymrio.load_all(os.path.join(folder, "pymrio"))
    io.calc_all()
    found = {}
elif job == "numpy_footprint":
    import pandas as pd
    Z = pd.read_csv(os.path.join(folder, "pymrio", "Z.txt"), sep="\t", header=[0, 1], index_col=[0, 1]).to_numpy()
    Y = pd.read_csv(os.path.join(folder, "pymrio", "Y.txt"), sep="\t", header=[0, 1], index_col=[0, 1]).to_numpy()
    x = Z.sum(1) + Y.sum(1)
    L = np.linalg.inv(np.eye(len(x)) - Z / x)
    m = (load("co2") / x) @ L
    D = m[:, None] * Y.reshape(len(x), -1, 3).sum(2)
    found = {}
elif job == "scipy_gmres":
    import scipy.sparse as sp
    import scipy.sparse.linalg as sla
    x, c = load("x"), load("co2") / load("x")
    A = sp.csr_matrix(np.ascontiguousarray((load("Z") / x).T))
    M = sp.identity(len(x), format="csr") - A
    products = [0]

    def count(_):
        products[0] += 1

    found = bench(lambda: sla.gmres(M, c, rtol=1e-12, restart=60, callback=count, callback_type="pr_norm"))
    more = dict(products=products[0] / repeats)
elif job == "numpy_inv":
    x = load("x")
    M = np.eye(len(x)) - load("Z") / x
    found = bench(lambda: np.linalg.inv(M))
else:
    sys.exit(__doc__)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps(dict(job=job, **found, **more, process_cpu=used.ru_utime + used.ru_stime, rss_mb=used.ru_maxrss / 1024)))
