#!/usr/bin/env python3
"""Runs the engine's jobs and the peers' one after the other and prints ratios: see benches/compare.sh.

    engine_compare.py DATA TABLES

Every figure is the median of five rounds; in a round the two sides follow each other. Whole processes count
from start to end, reading and writing included; processor seconds are of all threads together.
"""
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time

DATA, TABLES = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
IRIO = os.path.join(ROOT, "target", "release", "irio")
ROUNDS = int(os.environ.get("ROUNDS", "5"))
SIZES = ["31x42", "44x56", "91x54", "49x163"]
LARGEST = "164x120"
os.chdir(ROOT)


def tables():
    for size, density in [(size, "0.4") for size in SIZES] + [(LARGEST, "0.2")]:
        made = os.path.join(TABLES, size, "npy" if size == LARGEST else "pymrio.toml")
        if not os.path.exists(made):
            subprocess.run([sys.executable, os.path.join(HERE, "synthetic.py"), TABLES, size, "--density", density], check=True)


def child(command):
    """Wall and processor seconds, peak MB and output of a process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, error = process.communicate()
    wall = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"{command}: {error.decode()}")
    return wall, out.decode()


def whole(command):
    """A process with its own processor time and peak, through a small shell of Python."""
    code = ("import os,resource,subprocess,sys,time;s=time.perf_counter();"
            "r=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.PIPE);"
            "w=time.perf_counter()-s;u=resource.getrusage(resource.RUSAGE_CHILDREN);"
            "sys.stderr.buffer.write(r.stderr);"
            "print(w,u.ru_utime+u.ru_stime,u.ru_maxrss/1024);sys.exit(r.returncode)")
    _, out = child([sys.executable, "-c", code] + command)
    wall, cpu, rss = map(float, out.split())
    return dict(wall=wall, cpu=cpu, rss=rss)


def peer(job, size, repeats=1):
    return json.loads(child([sys.executable, os.path.join(HERE, "engine_peers.py"), job, os.path.join(TABLES, size), str(repeats)])[1])


def engine(job, path, repeats=1):
    out = child(["cargo", "bench", "--quiet", "--bench", "engine", "--", job, path, str(repeats)])[1]
    return json.loads([line for line in out.splitlines() if line.startswith("{")][-1])


def median(rows, *keys):
    def one(row):
        for key in keys:
            row = row[key]
        return row
    values = sorted(one(row) for row in rows)
    return values[len(values) // 2]


def rounds(*sides, count=ROUNDS):
    found = [[] for _ in sides]
    for _ in range(count):
        for side, into in zip(sides, found):
            into.append(side())
    return found


def line(job, what, value, at_least=None, at_most=None, detail=""):
    wanted = f">= {at_least}" if at_least is not None else f"<= {at_most}"
    met = value >= at_least if at_least is not None else value <= at_most
    print(f"| {job} | {what} | {value:.2f} | {wanted} | {'yes' if met else 'NO'} | {detail} |", flush=True)


def pymrio_toml(size):
    return os.path.join(TABLES, size, "pymrio.toml")


def text_matrix():
    job = "read a text matrix, n = 1,302"
    path = os.path.join(TABLES, "31x42", "Z.csv")
    pandas, arrow, own = rounds(lambda: peer("pandas_csv", "31x42", 5), lambda: peer("pyarrow_csv", "31x42", 5), lambda: engine("read_csv", path, 5))
    cpu = median(own, "cpu")
    line(job, "pandas / irio, CPU", median(pandas, "cpu") / cpu, at_least=4, detail=f"{median(pandas, 'cpu'):.3f} / {cpu:.3f} s")
    line(job, "pyarrow / irio, CPU", median(arrow, "cpu") / cpu, at_least=2, detail=f"{median(arrow, 'cpu'):.3f} / {cpu:.3f} s")


def footprints(size, n, job_of_peer, peer_name, key):
    scratch = tempfile.mkdtemp()
    out = os.path.join(scratch, "results")
    run = [IRIO, "footprint", pymrio_toml(size), "--quiet", "--out", out]

    def cold(*more):
        return lambda: whole(run + ["--no-cache", *more])

    def cached(*more):
        return lambda: whole(run + [*more])

    cached()()
    peers = lambda: whole([sys.executable, os.path.join(HERE, "engine_peers.py"), job_of_peer, os.path.join(TABLES, size)])
    # Levels of detail: consumption is what the numpy script computes, imports all that calc_all does.
    sides = rounds(peers, *[side(f"--detail={d}") for d in ("consumption", "flows", "imports") for side in (cold, cached)])
    theirs, rest = sides[0], sides[1:]
    cost = median(theirs, key)
    for at, detail in enumerate(("consumption", "flows", "imports")):
        for name, own, limit in (("cold", rest[2 * at], 10), ("cached", rest[2 * at + 1], 40)):
            value = median(own, key)
            line(f"text to footprints, n = {n}, {detail}", f"{peer_name} / irio, {key}, {name}", cost / value, at_least=limit, detail=f"{cost:.2f} / {value:.3f} s")
        line(f"text to footprints, n = {n}, {detail}", f"irio / {peer_name}, memory, cold", median(rest[2 * at], "rss") / median(theirs, "rss"), at_most=0.33 if n < 3000 else 0.5, detail=f"{median(rest[2 * at], 'rss'):.0f} / {median(theirs, 'rss'):.0f} MB")
    shutil.rmtree(scratch)


def multipliers():
    job, size = "multipliers, n = 7,987, in process", "49x163"
    path = pymrio_toml(size)
    scipy, own, band = rounds(lambda: peer("scipy_gmres", size), lambda: engine("multipliers", path, 5), lambda: engine("bandwidth", path, 5))
    line(job, "SciPy GMRES / irio, wall", median(scipy, "wall") / median(own, "wall"), at_least=3, detail=f"{median(scipy, 'wall'):.3f} / {median(own, 'wall'):.3f} s")
    line(job, "SciPy GMRES / irio, CPU", median(scipy, "cpu") / median(own, "cpu"), at_least=1.8, detail=f"{median(scipy, 'cpu'):.3f} / {median(own, 'cpu'):.3f} s; set-up {median(own, 'set_up', 'wall'):.3f} s once a table")
    least = own[0]["bytes"] * own[0]["products"] / median(band, "gigabytes_a_second") / 1e9
    line(job, "irio / bytes x products over bandwidth", median(own, "wall") / least, at_most=1.3, detail=f"{own[0]['products']} products of {own[0]['bytes'] / 1e6:.0f} MB at {median(band, 'gigabytes_a_second'):.1f} GB/s")


def inverses():
    for size, n, limit in (("44x56", 2464, 1.3), ("49x163", 7987, 1.15)):
        numpy, own = rounds(lambda: peer("numpy_inv", size), lambda: engine("inverse", pymrio_toml(size)), count=ROUNDS)
        line(f"full inverse, n = {n}", "numpy / irio, wall", median(numpy, "wall") / median(own, "wall"), at_least=limit, detail=f"{median(numpy, 'wall'):.2f} / {median(own, 'wall'):.2f} s, gap {median(own, 'gap'):.0e}")
        line(f"full inverse, n = {n}", "irio / numpy, memory", median(own, "rss_mb") / median(numpy, "rss_mb"), at_most=0.6, detail=f"{median(own, 'rss_mb'):.0f} / {median(numpy, 'rss_mb'):.0f} MB")


def largest():
    path = os.path.join(TABLES, LARGEST, "npy")
    os.environ["IRIO_NO_CACHE"] = "1"
    own = [engine("multipliers", path) for _ in range(3)]
    del os.environ["IRIO_NO_CACHE"]
    line("n = 19,680, multipliers from .npy", "peak memory / stored bytes", median(own, "rss_mb") * 2**20 / own[0]["bytes"], at_most=1.6, detail=f"{median(own, 'rss_mb'):.0f} MB for {own[0]['bytes'] / 2**20:.0f} MB stored, {median(own, 'wall'):.2f} s, gap {median(own, 'gap'):.0e}")


def shapley():
    own = [engine("shapley", pymrio_toml("31x42")) for _ in range(ROUNDS)]
    line("Shapley with regional pairs, n = 1,302", "whole / its 8 factorisations", median(own, "wall") / median(own, "eight_factorisations", "wall"), at_most=3, detail=f"{median(own, 'wall'):.2f} / {median(own, 'eight_factorisations', 'wall'):.2f} s")


def growth():
    own = {size: [engine("multipliers", pymrio_toml(size), 5) for _ in range(3)] for size in SIZES}
    for what, keys in (("four right-hand sides", ("few", "wall")), ("one right-hand side", ("wall",))):
        points = [(runs[0]["bytes"], median(runs, *keys), runs[0]["n"]) for runs in own.values()]
        a, b = [math.log(size) for size, *_ in points], [math.log(wall) for _, wall, _ in points]
        mean = sum(a) / len(a)
        slope = sum((a - mean) * b for a, b in zip(a, b)) / sum((a - mean) ** 2 for a in a)
        line(f"growth 1,302 to 7,987, {what}", "exponent of stored cells", slope, at_most=1.1, detail=", ".join(f"{n}: {wall * 1e3:.1f} ms" for _, wall, n in points))


def real():
    print("\n| real table | n | density | products, m | m, ms | x, ms | gap of x |\n|---|---|---|---|---|---|---|")
    scratch = tempfile.mkdtemp()
    built = os.path.join(scratch, "china-30")
    subprocess.run([IRIO, "build", "tables/sources/bth/china-30-2007.toml", "--data", DATA, "--out", built, "--report", os.path.join(scratch, "report"), "--quiet"], check=True)
    wiod = os.path.join(HERE, "wiod.py")
    folder = os.path.join(scratch, "wiod-2011")
    subprocess.run([sys.executable, wiod, os.path.join(DATA, "wiod_2013_release", "wiot_2011.csv.gz"), folder], check=True)
    sic = os.path.join(scratch, "sic")
    subprocess.run([IRIO, "convert", "tables/sources/sic-2007.toml", "--data", DATA, "--to", "irio", "--out", sic, "--quiet"], check=True)
    for name, path in (("SIC 2007, 8 x 17", sic), ("built 30 x 42, 2007", built), ("WIOD 2011, 41 x 35", folder)):
        own = engine("multipliers", path, 5)
        print(f"| {name} | {own['n']} | {own['density']:.2f} | {own['products']} | {own['wall'] * 1e3:.2f} | {own['forward']['wall'] * 1e3:.2f} | {own['forward']['gap']:.0e} |", flush=True)
    shutil.rmtree(scratch)


tables()
print("| job | ratio | measured | limit | met | figures |\n|---|---|---|---|---|---|")
jobs = dict(text=text_matrix, small=lambda: footprints("44x56", 2464, "pymrio", "pymrio", "cpu"), large=lambda: footprints("49x163", 7987, "numpy_footprint", "pandas + numpy", "wall"),
            multipliers=multipliers, inverses=inverses, largest=largest, shapley=shapley, growth=growth, real=real)
for name, run in jobs.items():
    if not os.environ.get("ONLY") or name in os.environ["ONLY"].split(","):
        run()
