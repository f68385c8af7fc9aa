#!/usr/bin/env bash
# Crowd motion on large grids, horizon 50, single precision, mirror descent: cost per iteration over four
# sizes, memory of the largest, and what a second thread gains, beside what it gains in plain C.
#   swift build -c release --product meanfield-timing && Benchmarks/meanfield/scale.sh [sizes|largest|threads]…
set -euo pipefail
cd "$(dirname "$0")/../.."
timing="${TIMING:-.build/release/meanfield-timing}"
parts=("$@")
if [ ${#parts[@]} -eq 0 ]; then parts=(sizes largest threads); fi
for part in "${parts[@]}"; do
  case "$part" in
  sizes) for side in 125 250 500 1000; do "$timing" scale "$side" 50 3 1; done ;;
  largest) /usr/bin/time -f "%M kB at most, %e s, %U s user, %S s system" "$timing" scale 1000 50 20 2 ;;
  threads)
    c="$(mktemp)"
    cc -O2 -pthread Benchmarks/meanfield/two_threads.c -o "$c"
    "$c"
    rm "$c"
    for threads in 1 2 1 2 1 2 1 2; do
      /usr/bin/time -f "%e s, %U s user, %S s system" "$timing" scale 500 20 6 "$threads"
    done
    ;;
  *) echo "sizes, largest or threads" >&2; exit 2 ;;
  esac
done
