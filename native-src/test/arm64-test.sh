#!/bin/sh
# The C library's kernels on arm64, which QEMU emulates elsewhere: without SVE and with it at 128, 256 and 512 bits; and how the BLAS leaves
# routines to others there. Ends with "N passed, N failed, N skipped".
set -eu

root=$(CDPATH='' cd "$(dirname "$0")/../.." && pwd -P)
. "$root/.mvn/tools.sh"

skip() {
  echo "SKIPPED arm64c: cannot run here: $*"
  echo '0 passed, 0 failed, 1 skipped'
  exit 0
}

find_c || skip "$c_fault"
cross='' emulator='' sysroot=''
if [ "$(uname -m)" != aarch64 ]; then
  find_cross || skip "$c_fault"
  emulator=$(command -v qemu-aarch64-static || command -v qemu-aarch64) ||
    { install_one emulator >/dev/null 2>&1 && emulator=$(command -v qemu-aarch64-static || command -v qemu-aarch64); } ||
    skip 'there is no qemu-aarch64-static'
  # Where the compiler's shared libraries are.
  sysroot=$(readlink -f "$("$cross" -print-file-name=ld-linux-aarch64.so.1)")
  sysroot=${sysroot%/lib/*}
fi
scratch=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || :; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP

{
  cmake -S "$root/native-src" -B "$scratch/build" -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 \
    ${cross:+"-DCMAKE_C_COMPILER=$cross"} &&
    cmake --build "$scratch/build" --target gemm_test residue_test weights_test reduce_test convert_test system_test standin standin64 --parallel 2
} >"$scratch/log" 2>&1 || {
  cat "$scratch/log" >&2
  die 1 'the library cannot be built for arm64'
}

# run NAME FEATURES PROGRAM ARGUMENT...: one configuration.
run() {
  name=$1 cpu=max,pauth=off,$2 program=$3
  shift 3
  ${emulator:+"$emulator" -L "$sysroot" -cpu "$cpu"} "$scratch/build/$program" "$@" >"$scratch/$name" 2>&1 || [ $? -eq 1 ] ||
    echo 'it ended early' >>"$scratch/$name"
}
# Two at a time. The vector length matters to SVE alone. Kernels are those whose ids contain a text.
{
  run system sve=on system_test "$scratch/build/standin.so" "$scratch/build/standin64.so" "$scratch/build/libgamut_blas.so"
  run neon sve=off gemm_test _neon
  run reduce sve=off reduce_test _neon
  run residue sve=off residue_test _neon
  run convert sve=off convert_test _neon
  run sve128 sve128=on,sve-default-vector-length=16 gemm_test _sve
} &
{
  run weights sve=off weights_test
  run sve256 sve256=on,sve-default-vector-length=32 gemm_test _sve
  run svebytes sve256=on,sve-default-vector-length=32 residue_test _sve
  run sve512 sve512=on,sve-default-vector-length=64 gemm_test _sve
} &
wait

passed=0 failed=0
for name in system neon residue svebytes weights reduce convert sve128 sve256 sve512; do
  last=$(tail -n 1 "$scratch/$name")
  case $last in
    *' passed, '*' failed')
      passed=$((passed + ${last%% *})) now=${last#* passed, } now=${now%% *}
      failed=$((failed + now))
      grep '^FAILED' "$scratch/$name" | head -n 20 | sed "s/^FAILED /FAILED $name: /" || :
      # Four refusals are all that a run without kernels counts.
      [ "${last%% *}" -gt 100 ] || [ "$name" = system ] || {
        failed=$((failed + 1))
        echo "FAILED $name: none of its kernels could run"
      }
      # An emulated CPU has everything.
      [ -z "$emulator" ] || ! grep 'lacks a feature' "$scratch/$name" | sed "s/^/FAILED $name: /" | grep . ||
        failed=$((failed + 1))
      ;;
    *)
      failed=$((failed + 1))
      echo "FAILED $name: $last"
      ;;
  esac
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
