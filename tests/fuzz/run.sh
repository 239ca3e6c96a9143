#!/bin/sh
# Runs every fuzz target, or those named, for so many seconds each, from the committed corpus and with a
# fixed seed: tests/fuzz/run.sh SECONDS [TARGET...]
#
# A target fails on a panic, on a second of thought too many, and where an input asks for more memory than
# ten times its size and a constant (src/lib.rs counts what is asked for). What it fails on is kept in
# tests/fuzz/artifacts/TARGET. Needs cargo-fuzz (`cargo install cargo-fuzz`); the stable compiler will do.
cd "$(dirname "$0")" || exit 1
seconds="${1:?usage: run.sh SECONDS [TARGET...]}"
shift
[ $# -gt 0 ] || set -- $(sed -n 's/^name = "\(.*\)"$/\1/p' Cargo.toml | grep -v '^irio-fuzz$')
export RUSTC_BOOTSTRAP=1 RAYON_NUM_THREADS=1
cargo fuzz build --fuzz-dir . --sanitizer none || exit 1
host=$(rustc -vV | sed -n 's/^host: //p')
built="${CARGO_TARGET_DIR:-target}/$host/release"
failed=0
printf '%-16s %12s %9s %9s  %s\n' target executions seconds 'MB (peak)' result
for target in "$@"; do
    mkdir -p "found/$target" "artifacts/$target"
    log="found/$target.log"
    began=$(date +%s)
    "$built/$target" "found/$target" "corpus/$target" -artifact_prefix="artifacts/$target/" \
        -max_total_time="$seconds" -seed=1 -timeout=20 -rss_limit_mb=2048 -max_len=65536 \
        -print_final_stats=1 >"$log" 2>&1
    result=$?
    stat() { sed -n "s/^stat::$1: *//p" "$log" | tail -1; }
    if [ $result -eq 0 ]; then said=sound; else said="FAILED: see $log" failed=1; fi
    printf '%-16s %12s %9s %9s  %s\n' "$target" "$(stat number_of_executed_units)" \
        "$(($(date +%s) - began))" "$(stat peak_rss_mb)" "$said"
done
exit $failed
