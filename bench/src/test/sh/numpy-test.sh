#!/bin/sh
# `gamut gemm` on files that NumPy wrote gives what NumPy gives, within the bound: F64 and F32, C and Fortran order,
# 1×1 to 3000×2000. Installs NumPy where it may. Ends with "N passed, N failed, N skipped".
set -eu

root=$(CDPATH='' cd "$(dirname "$0")/../../../.." && pwd -P)
python=
for candidate in python3 /usr/bin/python3; do
  if "$candidate" -c 'import numpy' 2>/dev/null; then python=$candidate; fi
done
if [ -z "$python" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-numpy; } \
    >/dev/null 2>&1 || :
  if /usr/bin/python3 -c 'import numpy' 2>/dev/null; then python=/usr/bin/python3; fi
fi
if [ -z "$python" ]; then
  echo 'SKIPPED numpy: cannot run here: no python3 with numpy, and it cannot be installed'
  echo '0 passed, 0 failed, 1 skipped'
  exit 0
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
"$python" - "$root/gamut" <<'EOF'
import itertools
import subprocess
import sys

import numpy as np

gamut = sys.argv[1]
random = np.random.default_rng(20)
shapes = [(1, 1, 1), (1, 7, 1), (5, 1, 3), (17, 33, 65), (128, 300, 64), (3000, 2000, 40), (3000, 50, 2000)]
passed = failed = 0


def case(name, m, k, n, dtype, order_a, order_b):
    global passed, failed
    a = np.array(random.uniform(-1, 1, (m, k)), dtype=dtype, order=order_a)
    b = np.array(random.uniform(-1, 1, (k, n)), dtype=dtype, order=order_b)
    np.save("A.npy", a)
    np.save("B.npy", b)
    run = subprocess.run([gamut, "gemm", "A.npy", "B.npy", "-o", "C.npy", "--force"], capture_output=True, text=True)
    message = run.stderr
    if run.returncode == 0:
        c = np.load("C.npy")
        # Both sides keep (k + 2)·u·|A||B|; the difference keeps twice that.
        u = np.finfo(dtype).eps / 2
        allowed = 2 * (k + 2) * u * (np.abs(a).astype(np.float64) @ np.abs(b).astype(np.float64))
        good = c.dtype == a.dtype and c.shape == (m, n)
        good = good and bool((np.abs(c.astype(np.float64) - (a @ b).astype(np.float64)) <= allowed).all())
        message = "" if good else f"largest difference {np.abs(c - a @ b).max()}"
    if message and run.returncode != 0 or message.startswith("largest"):
        failed += 1
        print(f"FAILED {name}")
        print(f"  {message}")
    else:
        passed += 1


for (m, k, n), dtype in itertools.product(shapes, ["f8", "f4"]):
    every = dtype == "f8" and m * k < 10_000
    for order_a, order_b in itertools.product("CF", "CF") if every else [("C", "F"), ("F", "C")]:
        case(f"{m}x{k}x{n}_{dtype}_{order_a}{order_b}", m, k, n, dtype, order_a, order_b)
print(f"{passed} passed, {failed} failed, 0 skipped")
sys.exit(failed != 0)
EOF
