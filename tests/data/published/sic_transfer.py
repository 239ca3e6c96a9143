"""Usage: python3 sic_transfer.py DATA_FOLDER worked_example.json OUT_FOLDER   (needs numpy)

Brute-force reference for the sourcing decomposition (METHODS B1/B2).

Straight from the definition: for every coalition of players at year 1 the whole model is solved again (no
additivity, no shared factors), then the Shapley mean is taken term by term. Slow and plain on purpose.
"""
import csv, gzip, itertools, json, sys
from math import factorial
import numpy as np


# ---------------------------------------------------------------- factorisation

def ratio(num0, den0, num1, den1):
    """num/den of both years; where undefined (den 0) the other year's ratio; undefined in both: 0 (METHODS A4)."""
    num0, den0, num1, den1 = (np.asarray(a, float) for a in (num0, den0, num1, den1))
    out = []
    for n, d, no, do in ((num0, den0, num1, den1), (num1, den1, num0, den0)):
        n, d, no, do = np.broadcast_arrays(n, d, no, do)
        r = np.zeros(n.shape)
        for idx in np.ndindex(n.shape):
            if d[idx] != 0:
                r[idx] = n[idx] / d[idx]
            elif do[idx] != 0:
                r[idx] = no[idx] / do[idx]
        out.append(r)
    return out


def by_product(M, R, S):
    """(R*S, k) -> (R, S, k)"""
    return M.reshape(R, S, -1)


class Model:
    """y(coalition) for one pair of tables. Players T, TE, U, Q, EX, N, O (imports one row)
    or T, TE, D, H, Y, EX, RX (imports by product)."""

    def __init__(self, R, S, year0, year1, imports):
        self.R, self.S, self.n = R, S, R * S
        years = (year0, year1)
        Z = [by_product(t["Z"], R, S) for t in years]          # R,S,n
        C = [by_product(t["C"], R, S) for t in years]          # R,S,k
        E = [by_product(t["E"][:, None], R, S) for t in years]  # R,S,1
        x = [t["x"] for t in years]
        Zs = [z.sum(0) for z in Z]
        Cs = [c.sum(0) for c in C]
        Es = [e.sum(0) for e in E]
        self.v = v = {}
        v["Tz"] = ratio(Z[0], Zs[0][None], Z[1], Zs[1][None])
        v["Tf"] = ratio(C[0], Cs[0][None], C[1], Cs[1][None])
        v["TE"] = ratio(E[0], Es[0][None], E[1], Es[1][None])
        v["EX"] = Es
        xrow = [np.broadcast_to(a[None, :], (S, self.n)) for a in x]
        if imports == "row":
            self.players = ["T", "TE", "U", "Q", "EX", "N", "O"]
            v["U"] = ratio(Zs[0], xrow[0], Zs[1], xrow[1])
            v["Q"] = Cs
            v["N"] = [t["N"] for t in years]
            v["O"] = [t["O"] for t in years]
        else:
            self.players = ["T", "TE", "D", "H", "Y", "EX", "RX"]
            Zt = [Zs[y] + years[y]["MI"] for y in (0, 1)]
            Ct = [Cs[y] + years[y]["MF"] for y in (0, 1)]
            v["D"] = ratio(Zs[0], Zt[0], Zs[1], Zt[1])
            v["DF"] = ratio(Cs[0], Ct[0], Cs[1], Ct[1])
            v["H"] = ratio(Zt[0], xrow[0], Zt[1], xrow[1])
            v["Y"] = Ct
            v["RX"] = [t["N"] + t["O"] for t in years]
        self.imports = imports
        self.intensity = {"value_added": ratio(year0["va"], x[0], year1["va"], x[1]),
                          "co2": ratio(year0["F"], x[0], year1["F"], x[1])}
        self.observed = {"output": x, "value_added": [t["va"] for t in years], "co2": [t["F"] for t in years]}

    # every state is a frozenset of players standing at year 1
    def pick(self, name, at1, player=None):
        return self.v[name][1 if (player or name) in at1 else 0]

    def use_coefficient(self, at1):
        """(S, n): domestic input of product i per unit of output j, all origins together"""
        if self.imports == "row":
            return self.pick("U", at1)
        return self.pick("D", at1) * self.pick("H", at1)

    def final_level(self, at1):
        """(S, k): domestic final demand of product i by column k, all origins together"""
        if self.imports == "row":
            return self.pick("Q", at1)
        return self.pick("DF", at1, "D") * self.pick("Y", at1)

    def rest(self, at1):
        if self.imports == "row":
            return self.pick("N", at1) + self.pick("O", at1)
        return self.pick("RX", at1)

    def A(self, at1):
        return (self.pick("Tz", at1, "T") * self.use_coefficient(at1)[None]).reshape(self.n, self.n)

    def f(self, at1):
        fin = (self.pick("Tf", at1, "T") * self.final_level(at1)[None]).reshape(self.n, -1).sum(1)
        exp = (self.pick("TE", at1) * self.pick("EX", at1)[None]).reshape(self.n)
        return fin + exp + self.rest(at1)

    def x(self, at1):
        return np.linalg.solve(np.eye(self.n) - self.A(at1), self.f(at1))

    def c(self, quantity, at1):
        return np.ones(self.n) if quantity == "output" else self.intensity[quantity][1 if "c" in at1 else 0]

    def players_of(self, quantity):
        return self.players + ([] if quantity == "output" else ["c"])

    def y(self, quantity, at1):
        return self.c(quantity, at1) * self.x(at1)


def coalitions(players):
    for k in range(len(players) + 1):
        for B in itertools.combinations(players, k):
            yield frozenset(B)


# ---------------------------------------------------------------- effects

def shapley(m, quantity):
    P = m.players_of(quantity)
    n = len(P)
    y = {B: m.y(quantity, B) for B in coalitions(P)}
    effect, lo, hi = {}, {}, {}
    for k in P:
        others = [p for p in P if p != k]
        total, marg = np.zeros(m.n), []
        for B in coalitions(others):
            w = factorial(len(B)) * factorial(n - len(B) - 1) / factorial(n)
            d = y[B | {k}] - y[B]
            marg.append(d)
            total += w * d
        effect[k] = total
        lo[k], hi[k] = np.min(marg, 0), np.max(marg, 0)
    gap = np.abs(sum(effect.values()) - (y[frozenset(P)] - y[frozenset()])).max()
    obs = m.observed[quantity]
    gap_obs = np.abs(sum(effect.values()) - (obs[1] - obs[0])).max()
    return effect, lo, hi, gap, gap_obs


def polar(m, quantity):
    P = m.players_of(quantity)
    eff = {k: np.zeros(m.n) for k in P}
    for order in (P, P[::-1]):
        at1 = frozenset()
        for k in order:
            eff[k] += 0.5 * (m.y(quantity, at1 | {k}) - m.y(quantity, at1))
            at1 |= {k}
    return eff


def sourcing_parts(m, quantity):
    """direct and upstream part, and pairs, Shapley-weighted over the settings B of the other players.
    Returns direct (n), upstream (n), G_int (R,R,S), G_fin (R,R,S), X (R,R,S,n) without/with intensity."""
    R, S, n = m.R, m.S, m.n
    P = m.players_of(quantity)
    nP = len(P)
    others = [p for p in P if p != "T"]

    def flow(delta):
        """delta (R, S, cells) -> tau (R, R, S, cells)"""
        tau = np.zeros((R, R) + delta.shape[1:])
        for i in range(delta.shape[1]):
            for j in range(delta.shape[2]):
                loss = [max(-d, 0.0) for d in delta[:, i, j]]
                gain = [max(d, 0.0) for d in delta[:, i, j]]
                s = sum(loss)
                if s > 0:
                    for r in range(R):
                        for q in range(R):
                            tau[r, q, i, j] = loss[r] * gain[q] / s
        return tau

    dT = m.v["Tz"][1] - m.v["Tz"][0]
    dTF = m.v["Tf"][1] - m.v["Tf"][0]
    tau, tauF = flow(dT), flow(dTF)

    direct, upstream = np.zeros(n), np.zeros(n)
    Gi, Gf = np.zeros((R, R, S)), np.zeros((R, R, S))
    X = np.zeros((R, R, S, n))
    worst = 0.0
    for B in coalitions(others):
        w = factorial(len(B)) * factorial(nP - len(B) - 1) / factorial(nP)
        B0, B1 = B, B | {"T"}
        x0, x1 = m.x(B0), m.x(B1)
        L0 = np.linalg.inv(np.eye(n) - m.A(B0))
        L1 = np.linalg.inv(np.eye(n) - m.A(B1))
        h, fl = m.use_coefficient(B), m.final_level(B)
        cc = m.c(quantity, B)

        def d(x):
            return (dT * h[None] * x[None, None, :]).sum(2).reshape(n) + (dTF * fl[None]).sum(2).reshape(n)

        dd = 0.5 * (d(x0) + d(x1))
        worst = max(worst, np.abs(x1 - x0 - 0.5 * (L1 @ d(x0) + L0 @ d(x1))).max())
        direct += w * cc * dd
        upstream += w * cc * ((x1 - x0) - dd)

        g_fin = (tauF * fl).sum(3)
        g_int0 = (tau * (h * x0[None, :])).sum(3)
        g_int1 = (tau * (h * x1[None, :])).sum(3)
        Gi += w * 0.5 * (g_int0 + g_int1)
        Gf += w * g_fin
        for r in range(R):
            for q in range(R):
                if r == q:
                    continue
                for i in range(S):
                    u1 = L1[:, q * S + i] - L1[:, r * S + i]
                    u0 = L0[:, q * S + i] - L0[:, r * S + i]
                    X[r, q, i] += w * cc * 0.5 * (u1 * (g_int0[r, q, i] + g_fin[r, q, i])
                                                 + u0 * (g_int1[r, q, i] + g_fin[r, q, i]))
    return direct, upstream, Gi, Gf, X, worst


# ---------------------------------------------------------------- worked example

def check_example():
    ref = json.load(open(sys.argv[2]))
    worst_all = 0.0
    for case in ("two_region", "closure", "three_region"):
        t = ref[case]
        a = lambda k: np.array(t[k], float)
        year = lambda y: {"Z": a(f"Z{y}"), "C": a(f"C{y}"), "E": a(f"E{y}"), "N": a(f"N{y}"), "O": a(f"O{y}"),
                          "MI": a(f"MI{y}"), "MF": a(f"MF{y}"), "x": a(f"x{y}"), "va": a(f"va{y}"), "F": a(f"F{y}")}
        labels = list(t["labels"])
        regs = list(dict.fromkeys(l.split(".")[0] for l in labels))
        prods = list(dict.fromkeys(l.split(".")[1] for l in labels))
        R, S = len(regs), len(prods)
        m = Model(R, S, year(0), year(1), "product")
        worst = 0.0

        def cmp(got, want):
            nonlocal worst
            g = np.abs(np.asarray(got) - np.array(want, float)).max()
            worst = max(worst, g)

        for q, tag in (("output", "x"), ("value_added", "va"), ("co2", "co2")):
            eff, lo, hi, gap, gap_obs = shapley(m, q)
            worst = max(worst, gap, gap_obs)
            pol = polar(m, q)
            for k in eff:
                cmp(eff[k], t["shapley_" + tag][k])
                cmp(pol[k], t["polar_" + tag][k])
            if q == "output" and "T_effect_min_over_all_orders" in t:
                cmp(lo["T"], t["T_effect_min_over_all_orders"])
                cmp(hi["T"], t["T_effect_max_over_all_orders"])
            d, u, Gi, Gf, X, ident = sourcing_parts(m, q)
            cmp(d, t["T_direct_" + tag]); cmp(u, t["T_upstream_" + tag]); worst = max(worst, ident)
            cmp(X.sum((0, 1, 2)), eff["T"])
            seen = 0
            for key, want in t["transfer_pairs_" + tag].items():
                rq, i = key.split(":"); r, s = rq.split("->")
                idx = regs.index(r), regs.index(s), prods.index(i)
                cmp(X[idx], want)
                seen += 1
                if q == "output":
                    cmp([Gi[idx], Gf[idx], Gi[idx] + Gf[idx]], t["transfer_pairs_direct"][key])
            worst = max(worst, abs((Gi + Gf > 1e-13).sum() - seen))
        print(f"worked example {case}: largest gap {worst:.2e}")
        worst_all = max(worst_all, worst)
    assert worst_all < 1e-10
    return worst_all


# ---------------------------------------------------------------- SIC data

REGIONS = "ABCDEFGH"
S17 = 17
IO = sys.argv[1] + "/china_sic_irio_2002_2007/"
CE = sys.argv[1] + "/china_ceads_provincial_co2_1997_2015/"
NAMES = {"T": "sourcing", "TE": "export_origin", "U": "domestic_inputs", "Q": "domestic_demand", "EX": "exports",
         "N": "inventories", "O": "error", "c": "intensity"}


def load_co2(year):
    province = {r["province"]: r["sic_region"] for r in csv.DictReader(open(CE + "concordance_province_to_sic8.csv"))}
    sector = {r["ceads_sector"]: r["sic17"] for r in csv.DictReader(open(CE + "concordance_ceads_sector_to_sic17.csv"))}
    F = np.zeros(len(REGIONS) * S17)
    used, households = 0, 0.0
    for r in csv.DictReader(gzip.open(CE + "ceads_co2_by_province_sector_total_1997_2015.csv.gz", "rt")):
        if int(r["year"]) != year:
            continue
        target = sector[r["sector"]]
        used += 1
        if target.startswith("HH_"):
            households += float(r["co2_mt"])
            continue
        F[REGIONS.index(province[r["province"]]) * S17 + int(target) - 1] += float(r["co2_mt"])
    print(f"{year}: {used} CO2 rows = {used / 47:g} provinces x 47")
    print(f"{year}: CO2 of production {F.sum():.4f} Mt, households {households:.4f} Mt")
    return F


def load_year(year):
    rows = list(csv.reader(open(IO + f"sic_irio_{year}_17sectors.csv", encoding="utf-8")))
    col = {code: k for k, code in enumerate(rows[2])}
    row = {r[2]: r for r in rows[3:]}
    ind = [f"{r}{i:03d}" for r in REGIONS for i in range(1, S17 + 1)]
    fin = [f"F{r}{k:03d}" for r in REGIONS for k in range(1, 5)]
    get = lambda rc, cc: float(row[rc][col[cc]])
    Z = np.array([[get(a, b) for b in ind] for a in ind])
    C = np.array([[get(a, b) for b in fin] for a in ind])
    N = np.array([get(a, "STK") for a in ind])
    E = np.array([get(a, "EX") for a in ind])
    O = np.array([get(a, "ERR") for a in ind])
    x = np.array([get(a, "XX") for a in ind])
    va = np.array([sum(get(f"VA00{k}", b) for k in (1, 2, 3, 4)) for b in ind])
    im = np.array([get("IM", b) for b in ind])
    resid = x - (Z.sum(1) + C.sum(1) + N + E + O)
    colres = x - (Z.sum(0) + im + va)
    vat = np.array([get("VA", b) for b in ind])
    print(f"{year}: row residual {np.abs(resid).max():.3g}, column residual {np.abs(colres).max():.3g}, "
          f"VA - sum(VA00k) {np.abs(va - vat).max():.3g}, XX row - XX col {np.abs(x - np.array([get('XX', b) for b in ind])).max():.3g}")
    print(f"   zero x {np.sum(x == 0)}, neg Z {np.sum(Z < 0)}, neg C {np.sum(C < 0)}, neg E {np.sum(E < 0)}, neg va {np.sum(va < 0)}, "
          f"use cells with no domestic supply: Z {np.sum(Z.reshape(8, 17, -1).sum(0) == 0)}, C {np.sum(C.reshape(8, 17, -1).sum(0) == 0)}, "
          f"E {np.sum(E.reshape(8, 17).sum(0) == 0)}; va total {va.sum():.0f}; column sums of A max {(Z.sum(0) / x).max():.4f}; "
          f"spectral radius {np.abs(np.linalg.eigvals(Z / x)).max():.6f}")
    O = O + resid
    return {"Z": Z, "C": C, "N": N, "E": E, "O": O, "x": x, "va": va, "F": load_co2(year)}


def main():
    check_example()
    t0, t1 = load_year(2002), load_year(2007)
    m = Model(8, S17, t0, t1, "row")
    a = np.linalg.norm
    for y, at1 in ((0, frozenset()), (1, frozenset(m.players))):
        print(f"x of year {y} rebuilt from the factors: largest relative gap",
              f"{np.abs(m.x(at1) / m.observed['output'][y] - 1).max():.2e}")
    eff_rows, pol_rows, rng_rows, pair_rows = [], [], [], []

    def emit(rows, lead, vec):
        for k in range(m.n):
            rows.append(lead + [REGIONS[k // S17], k % S17 + 1, repr(float(vec[k]))])

    for q in ("output", "value_added", "co2"):
        eff, lo, hi, gap, gap_obs = shapley(m, q)
        pol = polar(m, q)
        d, u, Gi, Gf, X, ident = sourcing_parts(m, q)
        big = np.abs(m.observed[q][1] - m.observed[q][0]).max()
        gp = np.abs(sum(pol.values()) - (m.observed[q][1] - m.observed[q][0])).max()
        print(f"{q}: largest |change| {big:.6g}; sum of effects - model change {gap / big:.1e}, - observed change {gap_obs / big:.1e} "
              f"(relative to it); polar {gp / big:.1e}; direct+upstream - T {np.abs(d + u - eff['T']).max() / big:.1e}; "
              f"sum of pairs - T {np.abs(X.sum((0, 1, 2)) - eff['T']).max() / big:.1e}; L1 d(x0) identity {ident:.1e}")
        if q == "output":
            G = Gi + Gf
            net = G.sum(0) - G.sum(1)
            print(f"   net IN-OUT - direct {np.abs(net.reshape(-1) - d).max() / big:.1e}; sum of net over regions {np.abs(net.sum(0)).max() / big:.1e}")
        print("   totals: " + ", ".join(f"{k} {eff[k].sum():.6g}" for k in eff))
        print("   T by region: " + ", ".join(f"{REGIONS[r]} {eff['T'].reshape(8, 17)[r].sum():.6g}" for r in range(8)))
        for k in m.players_of(q):
            emit(eff_rows, [q, NAMES[k], "total"], eff[k])
            emit(pol_rows, [q, NAMES[k], "total"], pol[k])
            if k == "T":
                emit(eff_rows, [q, NAMES[k], "direct"], d)
                emit(eff_rows, [q, NAMES[k], "upstream"], u)
        emit(rng_rows, [q, "min"], lo["T"])
        emit(rng_rows, [q, "max"], hi["T"])
        XR = X.reshape(8, 8, S17, 8, S17).sum(4)
        for r in range(8):
            for s in range(8):
                if r == s:
                    continue
                for i in range(S17):
                    if q == "output":
                        pair_rows.append([q, "direct_intermediate", REGIONS[r], REGIONS[s], i + 1, "", repr(float(Gi[r, s, i]))])
                        pair_rows.append([q, "direct_final", REGIONS[r], REGIONS[s], i + 1, "", repr(float(Gf[r, s, i]))])
                    for p in range(8):
                        pair_rows.append([q, "total", REGIONS[r], REGIONS[s], i + 1, REGIONS[p], repr(float(XR[r, s, i, p]))])
    for name, head, rows in (("sic_effects.csv", "quantity,factor,part,region,sector,value", eff_rows),
                             ("sic_effects_polar.csv", "quantity,factor,part,region,sector,value", pol_rows),
                             ("sic_range.csv", "quantity,statistic,region,sector,value", rng_rows),
                             ("sic_pairs.csv", "quantity,part,from,to,product,region,value", pair_rows)):
        with open(sys.argv[3] + "/" + name, "w", newline="") as fh:
            w = csv.writer(fh, lineterminator="\n")
            w.writerow(head.split(","))
            w.writerows(rows)
        print(name, len(rows), "rows")


if __name__ == "__main__":
    main()
