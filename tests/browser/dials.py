#!/usr/bin/env python3
"""What the command line prints at every stop of the dials of a page.

usage: dials.py IRIO SCENARIO.toml RESULTS > dials.json

RESULTS were made by `irio run SCENARIO.toml --grid`. For every combination of stops the scenario is written with
these values, run by itself, and its printed table "scenario less baseline" is read: the numbers of the ends of the
moves, of groups and of all, as they stand there. Only the standard library is used.
"""

import itertools
import json
import pathlib
import re
import subprocess
import sys
import tempfile

QUANTITIES = ("value_added", "co2")


def written(text, stops):
    """The scenario with its dials at some stops."""
    for dial, stop in stops:
        if dial == "share":
            text = re.sub(r"(?m)^share = \S+", f"share = {stop}", text)
        elif stop.startswith("best:"):
            best = f'{dial} = "best"\nbest_for = "{stop[5:]}"'
            text = re.sub(rf'(?m)^{dial} = "[^"]*"', best, text)
        else:
            text = re.sub(rf'(?m)^{dial} = "[^"]*"', f'{dial} = "{stop}"', text)
    return text


def printed(text):
    """Texts of the first table that is printed, by place and quantity."""
    lines = text.splitlines()
    start = next(at for at, line in enumerate(lines) if line.lstrip().startswith("scenario less"))
    heads = re.split(r"\s{2,}", lines[start].strip())[1:]
    found = {}
    for line in lines[start + 3 :]:
        if line.startswith("─"):
            break
        name, *cells = re.split(r"\s{2,}", line.strip())
        found[name.split(" ")[0]] = dict(zip(heads, cells))
    return found


def main():
    irio, scenario, results = sys.argv[1:4]
    summary = json.loads(pathlib.Path(results, "summary.json").read_text(encoding="utf-8"))
    grid = summary["grid"]
    turned = [dial for dial in grid["dials"] if len(dial["stops"]) > 1]
    ends = [move[end] for end in ("from", "to") for move in summary["switches"]["relocate"]]
    groups = list(summary["switches"]["groups"])
    regions = [label["code"] for label in summary["tables"][0]["regions"]]
    places = [code for code in regions if code in ends] + groups + ["all"]
    source = pathlib.Path(scenario)
    text = source.read_text(encoding="utf-8")
    combinations = []
    for stops in itertools.product(*([stop["code"] for stop in dial["stops"]] for dial in turned)):
        words = [dial["dial"]["code"] for dial in turned]
        own = written(text, list(zip(words, stops)))
        with tempfile.TemporaryDirectory() as folder:
            # Beside the original, so that its paths hold.
            path = source.with_name(f".dial-{pathlib.Path(folder).name}.toml")
            path.write_text(own, encoding="utf-8")
            try:
                run = subprocess.run(
                    [irio, "run", str(path), "--out", str(pathlib.Path(folder, "r"))],
                    capture_output=True, text=True, check=True,
                )
            finally:
                path.unlink()
        cells = printed(run.stdout)
        texts = [cells[place][quantity] for place in places for quantity in QUANTITIES]
        combinations.append([text.replace("-", "\u2212") for text in texts])
    json.dump({language: combinations for language in ("zh", "en")}, sys.stdout, ensure_ascii=False)


main()
