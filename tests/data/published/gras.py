"""Balanced matrices by another method than irio's: Newton steps on the cells themselves, 60 digits.

    python gras.py > gras.json          (needs mpmath)

    minimise  sum |z0| t ln(t / e),  t = z / z0,   so that  A z = c

is solved as the primal-dual system [diag(1/|z|) A'; A 0] of all cells other than zero, from z0 on, each
step shortened so that no cell changes its sign. irio scales rows and columns (or controls) in turn and
never writes this system, so the two share nothing but the problem.

The prior and the totals of `junius_oosterhaven` are those of the example with which Junius and
Oosterhaven (2003) introduced GRAS, as public implementations carry them. Its solution here is that of the
corrected objective of Lenzen, Wood and Gallego (2007), computed, not copied.
"""
import json

import mpmath as mp

mp.mp.dps = 60


def solve(prior, controls):
    """Cells of the nearest matrix; a control is (list of (row, column, coefficient), value)."""
    cells = [(i, j) for i, row in enumerate(prior) for j, v in enumerate(row) if v != 0]
    at = {cell: k for k, cell in enumerate(cells)}
    z0 = [mp.mpf(str(prior[i][j])) for i, j in cells]
    rows, values = [], []
    for terms, value in controls:
        row = [mp.mpf(0)] * len(cells)
        for i, j, g in terms:
            if (i, j) in at:
                row[at[i, j]] += mp.mpf(str(g))
        rows.append(row)
        values.append(mp.mpf(str(value)))
    rows, values = independent(rows, values)
    m, n = len(rows), len(cells)
    z, y = list(z0), [mp.mpf(0)] * m
    for _ in range(200):
        grad = [mp.sign(z0[k]) * mp.log(z[k] / z0[k]) for k in range(n)]
        dual = [grad[k] + sum(rows[c][k] * y[c] for c in range(m)) for k in range(n)]
        primal = [sum(rows[c][k] * z[k] for k in range(n)) - values[c] for c in range(m)]
        if max(abs(v) for v in dual + primal) < mp.mpf(10) ** -40:
            break
        # Schur complement: (A |z| A') dy = primal - A |z| dual
        w = [abs(v) for v in z]
        S = mp.matrix(m, m)
        b = mp.matrix(m, 1)
        for c in range(m):
            for d in range(m):
                S[c, d] = sum(rows[c][k] * w[k] * rows[d][k] for k in range(n))
            b[c] = primal[c] - sum(rows[c][k] * w[k] * dual[k] for k in range(n))
        dy = mp.lu_solve(S, b)
        dz = [-w[k] * (dual[k] + sum(rows[c][k] * dy[c] for c in range(m))) for k in range(n)]
        step = mp.mpf(1)
        for k in range(n):
            if dz[k] * mp.sign(z[k]) < 0:
                step = min(step, mp.mpf("0.9") * abs(z[k] / dz[k]))
        z = [z[k] + step * dz[k] for k in range(n)]
        y = [y[c] + step * dy[c] for c in range(m)]
    else:
        raise SystemExit("no convergence")
    out = [[0.0] * len(row) for row in prior]
    for (i, j), v in zip(cells, z):
        out[i][j] = float(v)
    return out


def independent(rows, values):
    """Controls that do not follow from those before them."""
    kept, basis = [], []
    for c, row in enumerate(rows):
        rest = list(row)
        for pivot, other in basis:
            f = rest[pivot]
            rest = [a - f * b for a, b in zip(rest, other)]
        pivot = max(range(len(rest)), key=lambda k: abs(rest[k]))
        if abs(rest[pivot]) > mp.mpf(10) ** -40:
            basis.append((pivot, [a / rest[pivot] for a in rest]))
            kept.append(c)
    return [rows[c] for c in kept], [values[c] for c in kept]


def margins(prior, u, v):
    n, m = len(prior), len(prior[0])
    rows = [([(i, j, 1) for j in range(m)], u[i]) for i in range(n)]
    return rows + [([(i, j, 1) for i in range(n)], v[j]) for j in range(m)]


def gras(name, prior, u, v):
    return {"name": name, "prior": prior, "rows": u, "columns": v, "matrix": solve(prior, margins(prior, u, v))}


def kras(name, prior, controls):
    shown = [{"terms": [list(t) for t in terms], "value": value} for terms, value in controls]
    return {"name": name, "prior": prior, "controls": shown, "matrix": solve(prior, controls)}


OVERLAP = [[10, 4, 0, 3], [2, 8, 5, -1], [6, 1, 7, 2]]
CASES = {
    "gras": [
        gras("junius_oosterhaven", [[7, 3, 5, -3], [2, 9, 8, 1], [-2, 0, 2, 1]], [15, 26, -1], [9, 16, 17, -2]),
        gras("no_positive_cell_in_a_row_and_a_column",
             [[5, 3, -1, 4], [-2, -1, -0.5, 0], [4, 6, -2, 1]], [14, -4, 10], [9, 10, -4, 5]),
        gras("no_negative_cell", [[1, 2, 0], [4, 0, 1], [3, 1, 2], [0, 5, 6]], [5, 4, 8, 13], [9, 11, 10]),
        gras("far_from_its_totals", [[100, 1, 1], [1, 0.01, -3], [2, -0.5, 50]], [3, 40, 7], [1, 44, 5]),
    ],
    "kras": [
        kras("overlapping_sums_with_coefficients", OVERLAP, [
            ([(0, j, 1) for j in range(4)], 20),
            ([(i, 0, 1) for i in range(3)], 21),
            ([(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1)], 27),
            ([(1, 3, 2), (2, 2, 1), (0, 1, -0.5)], 4.5),
        ]),
        kras("row_equals_column", [[5, 3, 8], [2, 6, 1], [4, 9, 3]], [
            ([(0, 1, 1), (0, 2, 1), (1, 0, -1), (2, 0, -1)], 0),
            ([(1, 0, 1), (1, 2, 1), (0, 1, -1), (2, 1, -1)], 0),
            ([(i, j, 1) for i in range(3) for j in range(3)], 50),
        ]),
    ],
}

if __name__ == "__main__":
    print(json.dumps(CASES, indent=1))
