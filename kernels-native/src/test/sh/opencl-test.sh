#!/bin/sh
# Devices by OpenCL: conformance, sequences of operations and the command, on PoCL's device, which computes on the CPU, and CLBlast.
# Both are Debian's, installed where they are missing and this is root; other drivers take no part, some of which end processes. Ends with
# "N passed, N failed, N skipped".
set -eu

root=$(CDPATH='' cd "$(dirname "$0")/../../../.." && pwd -P)
. "$root/.ci/verdicts.sh"
packages='ocl-icd-libopencl1 pocl-opencl-icd libclblast1'

installed() { dpkg-query -W -f '${Status}\n' $packages 2>/dev/null | grep -c ' installed$' | grep -qx 3; }
if ! installed; then
  command -v apt-get >/dev/null || cannot opencl 'no PoCL and CLBlast, and no apt-get to install them with'
  [ "$(id -u)" = 0 ] || cannot opencl 'no PoCL and CLBlast, and only root can install them'
  apt-get update -qq >/dev/null 2>&1 || :
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null 2>&1 ||
    cannot opencl "apt-get cannot install $packages"
fi

# Two devices of PoCL, programs kept from run to run.
export OCL_ICD_VENDORS=/etc/OpenCL/vendors/pocl.icd
export POCL_DEVICES='pthread pthread' POCL_CACHE_DIR="$root/.gamut/pocl"
mkdir -p "$POCL_CACHE_DIR"

# A stand-in for the system's OpenCL, which passes calls on but for those that are to fail; without a C compiler that is not tried.
standin=$root/.gamut/gamut-sim/libopencl.so
stand_in() {
  mkdir -p "${standin%/*}" &&
    "${CC:-cc}" -std=gnu11 -O1 -Wall -Wextra -Werror -shared -fPIC -fvisibility=hidden "$root/native-src/sim/opencl/opencl.c" -o "$standin"
}

tests() (
  if [ -f "$standin" ]; then export GAMUT_OPENCL="$standin"; fi
  "$root/mvnw" --batch-mode verify -pl kernels-native -am -Dtest='dev.gamut.ffm.opencl.*Test' \
    -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip=true \
    -Dgamut.test.full="${GAMUT_TEST_FULL:-false}" -Dgamut.test.seed="${GAMUT_TEST_SEED:-0}" \
    -Dskip.runtime-api=true -Dskip.kernels-vector=true
)
explained() {
  GAMUT_KERNEL='gemm_*_clblast' "$root/gamut" explain gemm --device opencl:0 --m 500 --n 500 --k 500 --a f32 >"$scratch/explained" &&
    grep -q '1. gemm_f32_f32_f32_f32_clblast ' "$scratch/explained" &&
    grep -q '2. gemm_f32_f32_f32_f32_8x16_opencl ' "$scratch/explained"
}
unknown() {
  "$root/gamut" explain gemm "$1" opencl:99 --m 5 --n 5 --k 5 >"$scratch/log" 2>&1 && return 1
  grep -q "${1#--}.* is 'opencl:99'; there are opencl:0: " "$scratch/log"
}
# What is measured is shown, written where it is not too noisy, and read again: the host's own processor stays no device to offload to.
tuned() {
  "$root/gamut" tune --device opencl:1 --kernel '{gemm_f32_f32_*_8x16,sum_f32_*}_opencl' -o "$scratch/tuning.txt" >"$scratch/log" &&
    grep -q '^copy_gbs  *\*_{clblast,clblastgemv,opencl} ' "$scratch/log" &&
    grep -q '^gflops_cpu  *gemm_f32_f32_f32_f32_8x16_opencl ' "$scratch/log" &&
    grep -q '^gelements  *\*_opencl ' "$scratch/log" &&
    GAMUT_TUNING="$scratch/tuning.txt" "$root/gamut" explain gemm --offload opencl:1 --m 500 --n 500 --k 500 --a f32 >"$scratch/explained" &&
    grep -q "opencl:1, copies " "$scratch/explained" && ! grep ' 1. ' "$scratch/explained" | grep -q 'opencl:1'
}
refused() { (export GAMUT_OPENCL=none && in_doctor 'opencl: not usable: no OpenCL: switched off'); }
broken() {
  echo 'no library' >"$scratch/libOpenCL.so"
  (export GAMUT_OPENCL="$scratch/libOpenCL.so" && in_doctor "opencl: not usable: no OpenCL: the library asked for cannot be loaded: $scratch/libOpenCL.so")
}
clblast_refused() { (export GAMUT_CLBLAST=none && in_doctor 'no CLBlast: switched off'); }
verdict 'doctor marks a device as what it is' in_doctor 'opencl:0: [^:]*, CPU device, '
if command -v "${CC:-cc}" >/dev/null; then
  verdict 'the stand-in' stand_in
fi
verdict 'rules, sequences and failures' tests
verdict 'explain ranks the kernels of a device' explained
verdict 'an unknown device is bad usage' unknown --device
verdict 'an unknown device to offload to is bad usage' unknown --offload
verdict 'one kernel is verified' "$root/gamut" verify --device opencl:1 --kernel 'gemm_i8_i8_i32_i32_8x16_opencl'
verdict 'a device is measured' tuned
verdict 'OpenCL can be switched off' refused
verdict 'CLBlast can be switched off' clblast_refused
verdict 'a broken OpenCL is a reason' broken
summary
