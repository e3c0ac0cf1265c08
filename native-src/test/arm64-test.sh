#!/bin/sh
# The C library's kernels on arm64, which QEMU emulates elsewhere: without SVE and with it at 128, 256 and 512 bits. Ends with
# "N passed, N failed, N skipped".
set -eu

root=$(CDPATH='' cd "$(dirname "$0")/../.." && pwd -P)
. "$root/.mvn/tools.sh"

skip() {
  echo "SKIPPED arm64c: cannot run here: $*"
  echo '0 passed, 0 failed, 1 skipped'
  exit 0
}

find_c || skip "$c_fault"
compiler='' emulator=''
if [ "$(uname -m)" != aarch64 ]; then
  compiler=$(command -v aarch64-linux-gnu-gcc) ||
    { install_one cross-library >/dev/null 2>&1 && install_one cross >/dev/null 2>&1 &&
      compiler=$(command -v aarch64-linux-gnu-gcc); } ||
    skip 'there is no compiler for arm64, aarch64-linux-gnu-gcc'
  emulator=$(command -v qemu-aarch64-static || command -v qemu-aarch64) ||
    { install_one emulator >/dev/null 2>&1 && emulator=$(command -v qemu-aarch64-static || command -v qemu-aarch64); } ||
    skip 'there is no qemu-aarch64-static'
fi
scratch=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || :; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP

# Without shared libraries, so that the emulator needs none of arm64.
{
  cmake -S "$root/native-src" -B "$scratch/build" -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 \
    ${compiler:+"-DCMAKE_C_COMPILER=$compiler"} -DCMAKE_EXE_LINKER_FLAGS=-static &&
    cmake --build "$scratch/build" --target gemm_test --parallel 2
} >"$scratch/log" 2>&1 || {
  cat "$scratch/log" >&2
  die 1 'the library cannot be built for arm64'
}

# test NAME KERNELS CPU: one configuration, the kernels whose ids contain a text.
test() {
  ${emulator:+"$emulator" -cpu "$3"} "$scratch/build/gemm_test" "$2" >"$scratch/$1" 2>&1 || [ $? -eq 1 ] ||
    echo 'it ended early' >>"$scratch/$1"
}
# Two at a time. The vector length matters to SVE alone.
{
  test neon _neon max,pauth=off,sve=off
  test sve128 _sve max,pauth=off,sve128=on,sve-default-vector-length=16
} &
{
  test sve256 _sve max,pauth=off,sve256=on,sve-default-vector-length=32
  test sve512 _sve max,pauth=off,sve512=on,sve-default-vector-length=64
} &
wait

passed=0 failed=0
for name in neon sve128 sve256 sve512; do
  last=$(tail -n 1 "$scratch/$name")
  case $last in
    *' passed, '*' failed')
      passed=$((passed + ${last%% *})) now=${last#* passed, } now=${now%% *}
      failed=$((failed + now))
      grep '^FAILED' "$scratch/$name" | head -n 20 | sed "s/^FAILED /FAILED $name: /" || :
      # Four refusals are all that a run without kernels counts.
      [ "${last%% *}" -gt 100 ] || {
        failed=$((failed + 1))
        echo "FAILED $name: none of its kernels could run"
      }
      ;;
    *)
      failed=$((failed + 1))
      echo "FAILED $name: $last"
      ;;
  esac
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
