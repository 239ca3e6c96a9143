#!/bin/sh
# Kills irio so many times (1,000 if nothing is said) at random moments of runs and of writes, and checks
# after each that nothing is lost: tests/kill.sh [N]
cd "$(dirname "$0")/.." || exit 1
IRIO_KILLS="${1:-1000}" exec cargo test --release --test kill -- --nocapture --test-threads 1
