#!/usr/bin/env python3
"""Speed peer: the sourcing decomposition of two inter-regional tables with one import row, in vectorised numpy.

usage: transfer_numpy.py base.csv target.csv co2.csv.gz province_map.csv sector_map.csv
           [--years Y0 Y1] [--repeat N] [--out DIR] [--scipy]
"""
# What it measures. For output, value added and CO2: the Shapley effects of all factors (origin shares T, export
# origins, domestic input coefficients U, domestic demand, exports, inventories, error, intensity), the direct and
# upstream part of T, and the moves from loser to winner by product: the direct ones by initiator, the full ones by
# region of impact. --repeat N times this computation alone, from the tables as arrays to the result arrays (data
# loaded, the constant Shapley weights made, one run before the first that counts); print: median and minimum in
# seconds. Time the whole command with --out DIR for reading, computing and writing effects.csv and pairs.csv.
#
# How it is fast. Only T and U enter the Leontief system, so there are four systems; by linearity each needs ten
# right-hand sides (final demand at two levels, exports at four, inventories and error at two each) and, for the
# moves, 48 adjoint ones (E' diag(c) L). The mean over settings is taken on the demand vectors, before the products.
# Two solves (A and its transpose, as numpy keeps no factors) with 10 and 48 columns beat one full inverse. --scipy
# factors once and solves both ways: faster still, at the price of a longer import.
# 8 x 17, 2-core AMD EPYC virtual machine, numpy 2.4.6, SciPy 1.17.1; median (best) of the computation in ms, the
# three ways taking turns in one process, the best of three processes:
#     one BLAS thread   inverse 5.0 (3.2)   two solves 4.3 (2.7)   SciPy 3.4 (2.0)
#     two BLAS threads  inverse 7.9 (2.7)   two solves 7.5 (2.5)   SciPy 6.0 (1.9)
# Two threads are a gamble at n = 136. Each way in a process of its own: one thread 4.0 to 4.4 and 3.1 to 3.7 (SciPy);
# two threads 3.6 to 5.3 and 2.7 to 3.3 on an idle machine, 12 to 15 and 8 to 64 beside other jobs. So the default
# is one; set OPENBLAS_NUM_THREADS to try the other.
#
# How it was checked. Against a separate brute-force program (every coalition solved in full, 2^7 and 2^8), itself
# checked on a worked example in exact arithmetic: on the 8 x 17 table of 2002 and 2007 all 28,696 numbers agree to
# 1e-13 of the largest of their kind.
import argparse
import csv
import gzip
import json
import os
import re
import sys
import time
from itertools import product
from math import factorial
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np  # noqa: E402

FACTORS = ("sourcing", "export_origin", "domestic_inputs", "domestic_demand",
           "exports", "inventories", "error", "intensity")
QUANTITIES = ("output", "value_added", "co2")


# ---- loading -------------------------------------------------------------------------------------------------

def load_table(path):
    """One inter-regional table with a single import row; codes in the third header row and label column."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    columns = {code: k for k, code in enumerate(rows[2][3:])}
    row = {r[2]: k for k, r in enumerate(rows[3:])}
    cells = np.array([[float(v or 0) for v in r[3:]] for r in rows[3:]])
    industries = [c for c in columns if re.fullmatch(r"[A-Z]\d{3}", c)]
    final = [c for c in columns if re.fullmatch(r"F[A-Z]\d{3}", c)]
    up = [row[c] for c in industries]
    across = [columns[c] for c in industries]
    body = cells[up]
    t = dict(Z=body[:, across], C=body[:, [columns[c] for c in final]], N=body[:, columns["STK"]],
             E=body[:, columns["EX"]], O=body[:, columns["ERR"]], x=body[:, columns["XX"]],
             va=cells[[k for c, k in row.items() if re.fullmatch(r"VA\d{3}", c)]][:, across].sum(0))
    t["O"] = t["O"] + (t["x"] - t["Z"].sum(1) - t["C"].sum(1) - t["N"] - t["E"] - t["O"])
    return industries, t


def load_co2(path, province_map, sector_map, years, industries):
    """Emissions by industry; households are not production."""
    def pairs(name):
        with open(name, newline="", encoding="utf-8") as file:
            return dict(list(csv.reader(file))[1:])
    region, sector = pairs(province_map), pairs(sector_map)
    place = {code: k for k, code in enumerate(industries)}
    out = np.zeros((len(years), len(industries)))
    wanted = {str(year): k for k, year in enumerate(years)}
    with gzip.open(path, "rt", newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        next(reader)
        for year, province, name, value in reader:
            if year in wanted and sector[name].isdigit():
                out[wanted[year], place[f"{region[province]}{int(sector[name]):03d}"]] += float(value)
    return out


def load(args):
    industries, base = load_table(args.base)
    same, target = load_table(args.target)
    assert industries == same
    years = args.years or [int(re.findall(r"(?:19|20)\d\d", Path(p).name)[-1]) for p in (args.base, args.target)]
    data = {key: np.stack((base[key], target[key])) for key in base}
    data["co2"] = load_co2(args.co2, args.province_map, args.sector_map, years, industries)
    regions = list(dict.fromkeys(c[0] for c in industries))
    sectors = list(dict.fromkeys(c[1:] for c in industries))
    return regions, sectors, data


# ---- weights that depend on no data --------------------------------------------------------------------------

def shapley_weights():
    """W[k, T, U, m, c]: weight of c(c) * L(T, U) f_m in the effect of factor k, without and with the intensity.

    Output is a sum of ten terms m: final demand (Q 0, 1), exports (TE, EX = 00, 01, 10, 11), N 0, 1, O 0, 1.
    Each is a game of its few players only, and the Shapley value adds over games.
    """
    T, TE, U, Q, EX, N, O, c = range(8)
    terms = [({Q: q}) for q in (0, 1)] + [{TE: te, EX: ex} for te, ex in product((0, 1), repeat=2)]
    terms += [{N: s} for s in (0, 1)] + [{O: s} for s in (0, 1)]
    plain, full = np.zeros((8, 2, 2, 10)), np.zeros((8, 2, 2, 10, 2))
    for (m, term), t, u in product(enumerate(terms), (0, 1), (0, 1)):
        for with_c, cc in ((False, 0), (True, 0), (True, 1)):
            state = {T: t, U: u, **term, **({c: cc} if with_c else {})}
            n, s = len(state), sum(state.values())
            for k, on in state.items():
                w = factorial(s - 1) * factorial(n - s) if on else -factorial(s) * factorial(n - s - 1)
                if with_c:
                    full[k, t, u, m, cc] = w / factorial(n)
                else:
                    plain[k, t, u, m] = w / factorial(n)
    return plain[:7], full


PLAIN, FULL = shapley_weights()
FULL_BY_C = np.ascontiguousarray(FULL.reshape(8, 40, 2).transpose(2, 0, 1)).reshape(16, 40)
# weight of one setting of the other factors in the effect of sourcing: U, c, term; and for final demand Q, (U, c)
SETTING = np.ascontiguousarray(FULL[0, 1].transpose(0, 2, 1))
SETTING_FINAL = np.ascontiguousarray(FULL[0, 1, :, :2].transpose(1, 0, 2)).reshape(2, 4)
SUM_BY_C = np.tile(np.eye(2), (4, 1))                                              # (T, U, c) to c


# ---- the computation -----------------------------------------------------------------------------------------

def divide(num, den):
    """num / den for two years, den with the last axes of num; where den is zero the other year's ratio."""
    empty = den == 0
    safe = den + empty
    ratio = num / safe.reshape(2, *(1,) * (num.ndim - den.ndim), *den.shape[1:])
    for year in (0, 1):
        cells = np.nonzero(empty[year])
        if cells[0].size:
            ratio[year][(..., *cells)] = ratio[1 - year][(..., *cells)]
    return ratio


def solve_numpy(I_A, rhs, weights):
    """x (TU, term, n) and adjoints (TU, n, weight): two solves per system, as numpy.linalg keeps no factors."""
    n = I_A.shape[-1]
    x = np.linalg.solve(I_A, rhs)
    return x.reshape(4, n, -1).swapaxes(1, 2), np.linalg.solve(I_A.reshape(4, n, n).swapaxes(1, 2), weights)


def solve_scipy(I_A, rhs, weights):
    """The same from one LU factorisation per system, which serves A and its transpose."""
    from scipy.linalg.lapack import dgetrf, dgetrs
    n = I_A.shape[-1]
    x, adjoint = np.empty((4, rhs.shape[-1], n)), np.empty((4, n, weights.shape[-1]))
    for k, M in enumerate(I_A.reshape(4, n, n)):
        lu, pivots, _ = dgetrf(M.T, overwrite_a=True)    # M.T is Fortran-ordered: factored in place
        x[k] = dgetrs(lu, pivots, rhs[k // 2, 0], trans=1)[0].T
        adjoint[k] = dgetrs(lu, pivots, weights)[0]
    return x, adjoint


def compute(d, R, S, solve=solve_numpy):
    n = R * S
    K = d["C"].shape[2]
    x = d["x"]

    # factors: origin shares of every use cell, use coefficients, demand levels, export shares, intensities
    use = np.concatenate((d["Z"], d["C"]), axis=2).reshape(2, R, S, n + K)
    total = use.sum(1)
    share = divide(use, total)
    U = divide(total[:, :, :n], x)
    Q = total[:, :, n:]
    E = d["E"].reshape(2, R, S)
    EX = E.sum(1)
    TE = divide(E, EX)
    intensity = divide(np.stack((d["va"], d["co2"]), 1), x)                        # year, quantity, n

    # I - A and ten right-hand sides for each (T, U)
    I_A = np.empty((2, 2, R, S, n))
    np.multiply(share[:, None, :, :, :n], -U[:, None], out=I_A)
    I_A.reshape(4, n * n)[:, ::n + 1] += 1.0
    rhs = np.empty((2, 1, n, 10))
    rhs[:, 0, :, :2] = np.matmul(share[:, :, :, None, n:], Q.transpose(1, 2, 0)).reshape(2, n, 2)
    rhs[:, 0, :, 2:6] = (TE[:, None] * EX[None, :, None]).reshape(4, n).T
    rhs[:, 0, :, 6:8] = d["N"].T
    rhs[:, 0, :, 8:] = d["O"].T
    # columns (c, quantity, impact region) of diag(c) E: their adjoints are the rows of E' diag(c) L
    weights = np.zeros((R, S, 2, 3, R))
    own = np.arange(R)
    weights[own, :, :, 0, own] = 1.0
    weights[own, :, :, 1:, own] = intensity.reshape(2, 2, R, S).transpose(2, 3, 0, 1)
    X, adjoint = solve(I_A.reshape(2, 2, n, n), rhs, weights.reshape(n, 6 * R))

    # effects of all factors
    X40 = X.reshape(40, n)
    effect = np.zeros((3, 8, n))
    effect[0, :7] = PLAIN.reshape(7, 40) @ X40
    by_c = (FULL_BY_C @ X40).reshape(2, 1, 8, n)
    effect[1:] = intensity[0, :, None] * by_c[0] + intensity[1, :, None] * by_c[1]

    # mean levels of the use cells at each (T, U, c), and the flows from losers to winners
    mean_x = np.matmul(SETTING, X.reshape(2, 2, 10, n))                            # T, U, c, n
    level = U.transpose(1, 2, 0)[:, :, None, :, None] * mean_x.transpose(3, 0, 1, 2)
    level = level.reshape(S, n, 8)                                                 # i, j, TUc
    level_final = (Q.transpose(1, 2, 0) @ SETTING_FINAL)                           # i, k, Uc
    delta = np.empty((S, R, n + K))                                                # i, r, use cell
    np.subtract(share[1], share[0], out=delta.swapaxes(0, 1))
    gain = np.maximum(delta, 0.0)
    loss = gain - delta
    lost = loss.sum(1)
    loss /= (lost + (lost == 0))[:, None]
    G_int, G_fin = np.empty((S, R * R, 8)), np.empty((S, R * R, 4))                # i, rq, TUc / Uc
    tau = np.empty((R, R, n + K))
    tau_int, tau_fin = tau.reshape(R * R, n + K)[:, :n], tau.reshape(R * R, n + K)[:, n:]
    for i in range(S):           # a product at a time: its flows stay in the cache, faster than one batched product
        np.multiply(loss[i, :, None], gain[i], out=tau)
        np.matmul(tau_int, level[i], out=G_int[i])
        np.matmul(tau_fin, level_final[i], out=G_fin[i])
    G = G_int.reshape(S, R, R, 2, 4) + G_fin.reshape(S, R, R, 1, 4)                # i, r, q, T, Uc
    G *= 0.5

    by_c = (G.reshape(S * R * R, 8) @ SUM_BY_C).reshape(S, R, R, 2)
    by_c = (by_c.sum(1) - by_c.sum(2)).transpose(2, 1, 0).reshape(2, n)
    direct = np.empty((3, n))
    direct[0] = by_c[0] + by_c[1]
    direct[1:] = intensity[0] * by_c[0] + intensity[1] * by_c[1]

    # effect of each move by region of impact: with the inverse of the opposite sourcing, winner's less loser's
    adjoint = adjoint.reshape(2, 2, n, 2, 3 * R)[::-1].transpose(2, 0, 1, 3, 4).reshape(R, S, 8, 3 * R)
    G = G.reshape(S, R, R, 8)
    won = np.matmul(G.transpose(2, 0, 1, 3), adjoint).reshape(R, S, R, 3, R)       # q, i, r, quantity, p
    gone = np.matmul(G.transpose(1, 0, 2, 3), adjoint).reshape(R, S, R, 3, R)      # r, i, q, quantity, p
    pairs = won.transpose(3, 2, 0, 1, 4) - gone.transpose(3, 0, 2, 1, 4)           # quantity, r, q, i, p
    g_int = 0.5 * G_int.sum(2).reshape(S, R, R).transpose(1, 2, 0)                 # r, q, i
    g_fin = G_fin.sum(2).reshape(S, R, R).transpose(1, 2, 0)
    return effect, direct, pairs, g_int, g_fin


# ---- writing -------------------------------------------------------------------------------------------------

def write(out, regions, sectors, result):
    effect, direct, pairs, g_int, g_fin = result
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    R, S = len(regions), len(sectors)
    place = [f"{r},{int(s)}," for r in regions for s in sectors]
    text = ["quantity,factor,part,region,sector,value\n"]
    for q, quantity in enumerate(QUANTITIES):
        blocks = [(f, "total", effect[q, k]) for k, f in enumerate(FACTORS[:7 if q == 0 else 8])]
        blocks[1:1] = [("sourcing", "direct", direct[q]), ("sourcing", "upstream", effect[q, 0] - direct[q])]
        for factor, part, values in blocks:
            head = f"{quantity},{factor},{part},"
            text.extend(f"{head}{p}{v!r}\n" for p, v in zip(place, values.tolist()))
    (out / "effects.csv").write_text("".join(text), encoding="utf-8")

    moves = [(r, q) for r in range(R) for q in range(R) if r != q]
    keep = np.array([r * R + q for r, q in moves])
    names = [f"{regions[r]},{regions[q]},{int(s)}," for r, q in moves for s in sectors]
    text = ["quantity,part,from,to,product,region,value\n"]
    for part, g in (("direct_intermediate", g_int), ("direct_final", g_fin)):
        values = g.reshape(R * R, S)[keep].ravel().tolist()
        text.extend(f"output,{part},{p},{v!r}\n" for p, v in zip(names, values))
    for q, quantity in enumerate(QUANTITIES):
        values = pairs[q].reshape(R * R, S, R)[keep].reshape(-1, R).T.tolist()
        for region, column in zip(regions, values):
            text.extend(f"{quantity},total,{p}{region},{v!r}\n" for p, v in zip(names, column))
    (out / "pairs.csv").write_text("".join(text), encoding="utf-8")


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("base")
    p.add_argument("target")
    p.add_argument("co2", help="year,province,sector,co2 as csv.gz")
    p.add_argument("province_map")
    p.add_argument("sector_map")
    p.add_argument("--years", nargs=2, type=int, help="years of the two tables; default: from the file names")
    p.add_argument("--repeat", type=int, default=0)
    p.add_argument("--out")
    p.add_argument("--scipy", action="store_true", help="share one LU factorisation through SciPy's LAPACK")
    args = p.parse_args()
    solve = solve_scipy if args.scipy else solve_numpy
    regions, sectors, data = load(args)
    R, S = len(regions), len(sectors)
    result = compute(data, R, S, solve)
    if args.repeat:
        times = []
        for _ in range(args.repeat):
            start = time.perf_counter()
            result = compute(data, R, S, solve)
            times.append(time.perf_counter() - start)
        print(json.dumps({"in_process_s": float(np.median(times)), "min_s": min(times), "n": args.repeat}))
    if args.out:
        write(args.out, regions, sectors, result)


if __name__ == "__main__":
    sys.exit(main())
