#!/usr/bin/env bash
# Matrix products of our kernels beside OpenBLAS and libxsmm, where pkg-config or the compiler finds
# them. Usage: Benchmarks/learning/products.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags=()
libraries=(-lm)
if echo '#include <cblas.h>' | clang -E - >/dev/null 2>&1 \
  && echo 'int main(void){return 0;}' | clang -x c - -lopenblas -o "$work/probe" 2>/dev/null; then
  flags+=(-DHAVE_OPENBLAS)
  libraries+=(-lopenblas)
fi
if echo '#include <libxsmm.h>' | clang -E - >/dev/null 2>&1; then
  flags+=(-DHAVE_LIBXSMM)
  libraries+=(-lxsmm -lxsmmnoblas -ldl -lpthread)
fi
clang -O2 ${flags[@]+"${flags[@]}"} -I"$root/Sources/CKernels/include" \
  "$root/Sources/CKernels/NetworkKernels.c" "$root/Benchmarks/learning/products.c" \
  "${libraries[@]}" -o "$work/products"
OPENBLAS_NUM_THREADS=1 "$work/products"
