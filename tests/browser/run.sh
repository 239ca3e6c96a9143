#!/usr/bin/env bash
# The sample brief in a browser, from a clean checkout: ./run.sh [more arguments of check.mjs]
set -euo pipefail
cd "$(dirname "$0")"
pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT
npm ci --silent
IRIO_TEST_PAGES="$pages" cargo test --locked --quiet --lib report::brief::html::tests::the_sample_page
node check.mjs --results "$pages/results" --dials "$pages/dials.json" "$pages/sample.html" \
  "$pages/many-views.html" "$@"
