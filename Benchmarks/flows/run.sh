#!/usr/bin/env bash
# Times the optimum of public networks: Benchmarks/flows/run.sh [FOLDER WITH sndlib/ AND topology-zoo/]
# Prints one line a case: network, method, seconds (whole process, file reading included), λ*, gap.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=${1:-../shared/data}
program=.build/release/wayfield
[ -x "$program" ] || swift build -c release --product wayfield
measure() {  # network file, method
  local start end json
  start=$(date +%s.%N)
  json=$("$program" capacity "$1" --method "$2" --json)
  end=$(date +%s.%N)
  printf '%-32s %-9s %7.2f s  %s\n' "$(basename "$1")" "$2" \
    "$(echo "$end - $start" | bc)" \
    "$(echo "$json" | grep -oE '"(capacity|optimalMaxLinkUtilisation|gap)":[^,}]*' | tr '\n' ' ')"
}
measure "$data/sndlib/native/germany50.txt" exact
measure "$data/topology-zoo/graphml/Cogentco.graphml" exact
measure "$data/topology-zoo/graphml/Cogentco.graphml" certified
measure "$data/topology-zoo/graphml/Kdl.graphml" certified
