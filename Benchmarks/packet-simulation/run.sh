#!/usr/bin/env bash
# Sets the packet simulator beside a plain C loop on the same network and load, in turns, on one
# core. usage: Benchmarks/packet-simulation/run.sh [TOPOLOGY] [TICKS]
set -euo pipefail
cd "$(dirname "$0")/../.."
topology=${1:-b4}
ticks=${2:-2000000}
swift build -c release --product wayfield >&2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cc -O3 -march=native -o "$folder/plain_loop" Benchmarks/packet-simulation/plain_loop.c -lm
for turn in 1 2 3; do
  ours=$(.build/release/wayfield bench --topology "$topology" --ticks $((ticks / 16)) --replicas 16 \
    --repeats 3 --plain-network "$folder/network" --json)
  load=$(printf '%s' "$ours" | sed -E 's/.*"load":([0-9.e-]+).*/\1/')
  echo "turn $turn, wayfield: $ours"
  echo "turn $turn, plain C:  $("$folder/plain_loop" "$ticks" "$load" < "$folder/network")"
done
