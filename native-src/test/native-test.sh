#!/bin/sh
# The C library's own tests: built as it is shipped and with sanitizers, run at each level of GAMUT_ISA that this CPU has. Ends with
# "N passed, N failed, N skipped".
set -eu

root=$(CDPATH='' cd "$(dirname "$0")/../.." && pwd -P)
. "$root/.mvn/tools.sh"
find_c || {
  echo "SKIPPED native: cannot run here: $c_fault"
  echo '0 passed, 0 failed, 1 skipped'
  exit 0
}

case $(uname -m) in
  x86_64) levels='generic avx2 avx512 vnni amx' ;;
  *) levels='generic neon sve sve2' ;;
esac
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
passed=0 failed=0

# run BUILD ISA TEST [ARGUMENT...]: counts what a test program says on its last line. One that says nothing has crashed.
run() {
  build=$1 isa=$2 test=$3
  shift 3
  if GAMUT_ISA=$isa "$scratch/$build/$test" "$@" >"$scratch/log" 2>&1 || [ $? -eq 1 ]; then
    last=$(tail -n 1 "$scratch/log")
  else
    last=''
  fi
  case $last in
    *' passed, '*' failed')
      passed=$((passed + ${last%% *})) now=${last#* passed, } now=${now%% *}
      failed=$((failed + now))
      grep '^FAILED' "$scratch/log" | head -n 20 | sed "s/^FAILED /FAILED $build, $isa, $test: /" || :
      ;;
    *)
      failed=$((failed + 1))
      echo "FAILED $build, $isa, $test: it ended early"
      tail -n 20 "$scratch/log" >&2
      ;;
  esac
}

for build in shipped sanitized; do
  sanitize=OFF
  [ "$build" = shipped ] || sanitize=ON
  {
    cmake -S "$root/native-src" -B "$scratch/$build" -DGAMUT_SANITIZE=$sanitize &&
      cmake --build "$scratch/$build" --parallel 2
  } >"$scratch/log" 2>&1 || {
    cat "$scratch/log" >&2
    die 1 'the native build failed'
  }
  before=''
  for isa in $levels; do
    # A level that brings nothing new to this CPU is the one before it.
    features=$(GAMUT_ISA=$isa "$scratch/$build/features")
    [ "$features" != "$before" ] || continue
    before=$features
    run "$build" "$isa" gemm_test
    run "$build" "$isa" weights_test
    run "$build" "$isa" reduce_test
    run "$build" "$isa" convert_test
    run "$build" "$isa" blas_test
    run "$build" "$isa" blas_ilp64_test
  done
  # Which kernels there are does not matter to what is left to a BLAS of the system.
  run "$build" '' system_test "$scratch/$build/standin.so" "$scratch/$build/libgamut_blas.so"
  # Kernels for matrix units, on stand-ins for their instructions.
  if [ "$(uname -m)" = x86_64 ]; then
    run "$build" amx gemm_sim_test _amx
    run "$build" amx weights_sim_test _amx
  fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
