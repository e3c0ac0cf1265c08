#!/bin/sh
# The C library's kernels on arm64, which QEMU emulates elsewhere: without SVE and with it at 128, 256 and 512 bits; and how the BLAS leaves
# routines to others there. Ends with "N passed, N failed, N skipped".
set -eu

# arm64-test.sh run FOLDER EMULATOR SYSROOT NAME FEATURES PROGRAM [ARGUMENT...]: one program, what it prints going to a file of its own.
if [ "${1-}" = run ]; then
  folder=$2 emulator=$3 sysroot=$4 log=$2/$5 cpu=max,pauth=off,$6 program=$7
  shift 7
  cd "$folder/build"
  ${emulator:+"$emulator" -L "$sysroot" -cpu "$cpu"} "./$program" "$@" >"$log" 2>&1 || [ $? -eq 1 ] || echo 'it ended early' >>"$log"
  exit 0
fi

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
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP

{
  cmake -S "$root/native-src" -B "$scratch/build" -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 \
    ${cross:+"-DCMAKE_C_COMPILER=$cross"} &&
    cmake --build "$scratch/build" --target gemm_test residue_test weights_test reduce_test convert_test system_test standin standin64 --parallel 2
} >"$scratch/log" 2>&1 || {
  cat "$scratch/log" >&2
  die 1 'the library cannot be built for arm64'
}

# One configuration a line: its name, the CPU's features, a program and its arguments. The vector length matters to SVE alone. Kernels are
# those whose ids contain a text. Two at a time, the longest first.
configurations="
sve512    sve512=on,sve-default-vector-length=64  gemm_test     _sve
sve256    sve256=on,sve-default-vector-length=32  gemm_test     _sve
sve128    sve128=on,sve-default-vector-length=16  gemm_test     _sve
neon      sve=off                                 gemm_test     _neon
residue   sve=off                                 residue_test  _neon
weights   sve=off                                 weights_test
reduce    sve=off                                 reduce_test   _neon
svebytes  sve256=on,sve-default-vector-length=32  residue_test  _sve
convert   sve=off                                 convert_test  _neon
system    sve=on                                  system_test   ./standin.so ./standin64.so ./libgamut_blas.so
"
echo "$configurations" | sed '/^$/d' | xargs -P 2 -L 1 "$0" run "$scratch" "$emulator" "$sysroot"

passed=0 failed=0
for name in $(echo "$configurations" | awk '{ print $1 }'); do
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
