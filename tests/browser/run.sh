#!/usr/bin/env bash
# Briefs in a browser, from a clean checkout: the sample page, and those of the main shipped scenario with its dials,
# of a transfer, an estimate and scenarios beside each other. With a Python that has the module typst, also their prints. ./run.sh [more arguments of check.mjs]
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
irio=${IRIO:-$root/target/release/irio}
pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT
npm ci --silent

IRIO_TEST_PAGES="$pages" cargo test --locked --quiet --lib report::brief::html::tests::the_sample_page
mkdir "$pages/own"
scenario=$root/scenarios/heavy-industry-destination.toml
"$irio" run "$scenario" --grid --out "$pages/own/scenario" --quiet
"$irio" transfer "$root/tables/china-2002" "$root/tables/china-2007" --out "$pages/own/transfer" --quiet
"$irio" estimate "$root/scenarios/models/densities.toml" --out "$pages/own/estimate" --quiet
for name in metals petroleum; do
  "$irio" run "$root/scenarios/bth-$name.toml" --draws 100 --out "$pages/own/$name" --quiet
done
"$irio" compare "$pages/own/metals" "$pages/own/petroleum" --out "$pages/own/compared" --quiet
for results in scenario transfer estimate compared; do
  "$irio" brief "$pages/own/$results" --out "$pages/own/$results.html" --quiet
done
python3 dials.py "$irio" "$scenario" "$pages/own/scenario" >"$pages/own/dials.json"
echo '{}' >"$pages/own/none.json"

node check.mjs \
  --results "$pages/results" --dials "$pages/dials.json" "$pages/sample.html" \
  --results "$pages/own/scenario" --dials "$pages/own/dials.json" "$pages/own/scenario.html" \
  --results "$pages/own/transfer" --dials "$pages/own/none.json" "$pages/own/transfer.html" \
  --results "$pages/own/estimate" --dials "$pages/own/none.json" "$pages/own/estimate.html" \
  --results "$pages/own/compared" --dials "$pages/own/none.json" "$pages/own/compared.html" "$@"

if python3 -c 'import typst' 2>/dev/null; then
  for results in scenario transfer estimate compared; do
    IRIO_TYPST=$root/tests/typst.py "$irio" brief "$pages/own/$results" --out "$pages/own/$results.pdf" --quiet
    test -s "$pages/own/$results.pdf"
    echo "print of $results: $(wc -c <"$pages/own/$results.pdf") bytes"
  done
fi
