#!/usr/bin/env bash
# One policy-gradient step and bare matrix products, ours beside PyTorch (from PyPI, CPU build) and,
# where they are installed, OpenBLAS and libxsmm; one thread, processor time, all in one run.
# Usage: Benchmarks/learning/compare.sh [folder for the virtual environment]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
environment=${1:-$(mktemp -d)/torch}
program=$root/.build/release/wayfield
[ -x "$program" ] || (cd "$root" && swift build -c release --product wayfield)
if ! [ -x "$environment/bin/python" ] || ! "$environment/bin/python" -c 'import torch' 2>/dev/null; then
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet torch numpy
fi
export OMP_NUM_THREADS=1 MKL_NUM_THREADS=1
ours=$("$program" bench --name policy-gradient --json)
theirs=$("$environment/bin/python" "$root/Benchmarks/learning/policy_step.py")
"$environment/bin/python" - "$ours" "$theirs" <<'PYTHON'
import json, sys
ours, theirs = json.loads(sys.argv[1]), json.loads(sys.argv[2])
a, b = ours["processorSecondsPerStep"], theirs["processorSecondsPerStep"]
print(f"policy-gradient step, 7500 decisions, 5 x 128: ours {a * 1e3:.2f} ms, "
      f"PyTorch {theirs['torch']} {b * 1e3:.2f} ms: ratio {b / a:.2f}")
print(f"PyTorch's product 480 x 128 by 128 x 128: {theirs['productGigaflops']:.1f} GFLOP/s")
PYTHON
"$root/Benchmarks/learning/products.sh"
