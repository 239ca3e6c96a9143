#!/usr/bin/env bash
# irio beside its peers on the same jobs, in one run: first the engine at world scale beside pymrio, numpy,
# SciPy, pandas and pyarrow on synthetic tables and on real ones (benches/peers/engine_compare.py says what),
# then industrial transfer beside a vectorised numpy script: the 8 × 17
# tables of 2002 and 2007 with CO2 (output, value added, CO2; Shapley effects, direct and upstream,
# regional pairs; four factorisations).
#
#   benches/compare.sh DATA [PYTHON [TABLES]]
#
# DATA holds china_sic_irio_2002_2007 and china_ceads_provincial_co2_1997_2015. PYTHON is an
# interpreter with numpy, scipy, pandas, pyarrow and pymrio; without it a virtual environment is made and
# they are installed. TABLES is a folder for the synthetic tables, which are made where they are not there
# (6 GB; memory of 12 GB); without it they are made anew. JOBS=engine, JOBS=transfer or JOBS=panels runs one part;
# panels: fixed effects and spatial lags beside pyfixest, linearmodels and spreg (benches/peers/panel_compare.py).
set -euo pipefail
cd "$(dirname "$0")/.."
data=$(realpath "${1:?usage: benches/compare.sh DATA [PYTHON]}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${2:-}
if [ -z "$python" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet numpy scipy pandas pyarrow pymrio==0.7.0 pyfixest linearmodels spreg
  python="$work/venv/bin/python"
fi
cargo build --release --quiet
jobs=${JOBS:-engine transfer panels}
if [[ $jobs == *engine* ]]; then
  cargo bench --quiet --bench engine --no-run
  "$python" benches/peers/engine_compare.py "$data" "${3:-$work/tables}"
fi
if [[ $jobs == *panels* ]]; then
  cargo bench --quiet --bench duranton_overman --no-run
  "$python" benches/peers/panel_compare.py "${3:-$work/tables}/panels"
fi
[[ $jobs == *transfer* ]] || exit 0
sic=$data/china_sic_irio_2002_2007
ceads=$data/china_ceads_provincial_co2_1997_2015
peer=("$python" benches/peers/transfer_numpy.py "$sic/sic_irio_2002_17sectors.csv" "$sic/sic_irio_2007_17sectors.csv"
  "$ceads/ceads_co2_by_province_sector_total_1997_2015.csv.gz" "$ceads/concordance_province_to_sic8.csv"
  "$ceads/concordance_ceads_sector_to_sic17.csv")
irio=(target/release/irio transfer tables/sources/sic-2002.toml tables/sources/sic-2007.toml --data "$data" --quiet)

export IRIO_BENCH_BASE=tables/sources/sic-2002.toml IRIO_BENCH_TARGET=tables/sources/sic-2007.toml IRIO_BENCH_DATA=$data
cargo bench --quiet --bench transfer --no-run
for round in 1 2 3; do
  echo "== in process, round $round"
  cargo bench --quiet --bench transfer -- effects_and_pairs --sample-count 300 | grep effects_and_pairs
  echo "numpy: $("${peer[@]}" --repeat 300)"
  echo "scipy: $("${peer[@]}" --repeat 300 --scipy)"
done

# Median wall time of 15 whole processes, files read and results written.
whole() {
  local times=()
  for _ in $(seq 15); do
    local start end
    start=$(date +%s%N)
    "$@" >"$work/log" 2>&1
    end=$(date +%s%N)
    times+=($(((end - start) / 1000)))
  done
  printf '%s\n' "${times[@]}" | sort -n | sed -n 8p
}
echo "== whole process, median of 15, microseconds"
echo "irio:  $(whole "${irio[@]}" --sourcing-only --out "$work/irio")"
echo "irio, with the other measures of transfer: $(whole "${irio[@]}" --out "$work/irio-all")"
echo "numpy: $(whole "${peer[@]}" --out "$work/numpy")"
echo "scipy: $(whole "${peer[@]}" --out "$work/scipy" --scipy)"
