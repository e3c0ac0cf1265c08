#!/bin/sh
# The C library's own tests: built as it is shipped, with sanitizers and, with GAMUT_TEST_FULL=true, by clang; run at each level of
# GAMUT_ISA that this CPU has. Ends with "N passed, N failed, N skipped".
set -eu

# native-test.sh run FOLDER BUILD ISA TEST [ARGUMENT...]: one program, what it prints going to a file of its own.
if [ "${1-}" = run ]; then
  folder=$2 build=$3 isa=$4 test=$5
  shift 5
  log=$folder/said/$build,$isa,$test
  cd "$folder/$build"
  GAMUT_ISA=$isa "./$test" "$@" >"$log" 2>&1 || [ $? -eq 1 ] || echo 'it ended early' >>"$log"
  exit 0
fi

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
mkdir "$scratch/said"

# The other compiler where all tests are asked for.
builds='shipped sanitized'
clang=$(command -v clang-15 || :)
if [ "${GAMUT_TEST_FULL-}" = true ] && [ -n "$clang" ]; then builds="$builds clang"; fi

for build in $builds; do
  case $build in
    shipped) option=-DGAMUT_SANITIZE=OFF ;;
    sanitized) option=-DGAMUT_SANITIZE=ON ;;
    clang) option=-DCMAKE_C_COMPILER=$clang ;;
  esac
  {
    cmake -S "$root/native-src" -B "$scratch/$build" "$option" &&
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
    for test in gemm_test residue_test weights_test reduce_test convert_test blas_test blas_ilp64_test emulate_test; do
      echo "$build $isa $test"
    done
  done >>"$scratch/all"
  # Which kernels there are does not matter to threads, to large pages, and to what is left to a BLAS of the system.
  echo "$build ${levels##* } threads_test" >>"$scratch/all"
  echo "$build ${levels##* } pages_test" >>"$scratch/all"
  echo "$build ${levels##* } system_test ./standin.so ./standin64.so ./libgamut_blas.so" >>"$scratch/all"
  # Kernels for matrix units, on stand-ins for their instructions.
  if [ "$(uname -m)" = x86_64 ]; then
    echo "$build amx gemm_sim_test _amx" >>"$scratch/all"
    echo "$build amx residue_sim_test _amx" >>"$scratch/all"
    echo "$build amx weights_sim_test _amx" >>"$scratch/all"
  fi
done

# Two at a time, those with sanitizers first, which take longest.
sort -s -k1,1 "$scratch/all" | xargs -P 2 -L 1 "$0" run "$scratch"
passed=0 failed=0 skipped=0
while read -r build isa test _; do
  log=$scratch/said/$build,$isa,$test
  last=$(tail -n 1 "$log")
  case $last in
    *' passed, '*' failed')
      passed=$((passed + ${last%% *})) now=${last#* passed, } now=${now%% *}
      failed=$((failed + now))
      ! grep '^SKIPPED' "$log" || skipped=$((skipped + 1))
      grep '^FAILED' "$log" | head -n 20 | sed "s/^FAILED /FAILED $build, $isa, $test: /" || :
      ;;
    *)
      failed=$((failed + 1))
      echo "FAILED $build, $isa, $test: it ended early"
      tail -n 20 "$log" >&2
      ;;
  esac
done <"$scratch/all"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
