#!/bin/sh
# Devices by CUDA and by ROCm on stand-ins for both vendors' libraries (native-src/sim/gpu), which compute on the CPU: conformance, sequences
# of operations, collectives between devices, failures of each call, and what the command says. It shows that calls are right, nothing about
# speed. Real libraries are looked at where they are, headers too. Ends with "N passed, N failed, N skipped".
set -eu

root=$(CDPATH='' cd "$(dirname "$0")/../../../.." && pwd -P)
. "$root/.ci/verdicts.sh"
sources=$root/native-src/sim/gpu
simulators=$root/.gamut/gamut-sim

# simulator FILE [OPTION...]
simulator() {
  file=$1
  shift
  "${CC:-cc}" -std=gnu11 -O1 -Wall -Wextra -Werror -shared -fPIC -fvisibility=hidden "$@" "$sources/gpu.c" -o "$file"
}

# like_vendor NAME HEADER OPTION...: the simulator's numbers are the vendor's, where its headers are installed.
like_vendor() {
  name=$1 header=$2
  shift 2
  if echo "#include <$header>" | "${CC:-cc}" -fsyntax-only "$@" - >"$scratch/log" 2>&1; then
    verdict "numbers of $name" "${CC:-cc}" -fsyntax-only "$@" "$sources/vendor.c"
  else
    skip "numbers of $name" "no $header"
  fi
}

command -v "${CC:-cc}" >/dev/null || cannot gpu 'no C compiler for the simulators'
mkdir -p "$simulators"
verdict 'the simulator of CUDA' simulator "$simulators/libcuda.so" -DGAMUT_SIM_DEVICES=4
verdict 'the simulator of ROCm' simulator "$simulators/libhip.so" -DGAMUT_SIM_HIP -DGAMUT_SIM_DEVICES=4
cuda="-x c -I${CUDA_HOME:-/usr/local/cuda}/include"
rocm="-x c++ -std=c++17 -D__HIP_PLATFORM_AMD__ -DGAMUT_SIM_HIP -I${ROCM_PATH:-/opt/rocm}/include"
# shellcheck disable=SC2086
{
  like_vendor CUDA cuda_runtime_api.h $cuda
  like_vendor cuBLASLt cublasLt.h $cuda -DGAMUT_HAS_BLAS
  like_vendor NCCL nccl.h $cuda -DGAMUT_HAS_NCCL
  like_vendor HIP hip/hip_runtime_api.h $rocm
  like_vendor hipBLASLt hipblaslt/hipblaslt.h $rocm -DGAMUT_HAS_BLAS
  like_vendor RCCL rccl/rccl.h $rocm -DGAMUT_HAS_NCCL
}

export GAMUT_CUDA="$simulators/libcuda.so" GAMUT_CUBLASLT="$simulators/libcuda.so" GAMUT_NCCL="$simulators/libcuda.so"
export GAMUT_ROCM="$simulators/libhip.so" GAMUT_HIPBLASLT="$simulators/libhip.so" GAMUT_RCCL="$simulators/libhip.so"

# Gamut's own programs, compiled for the host: what CUDA's compiler is given is the same source.
programs() {
  "$root/mvnw" --batch-mode process-classes -pl kernels-native -am -Dspotless.check.skip=true &&
    "${CXX:-c++}" -x c++ -std=c++17 -O1 -ffp-contract=off -Wall -Wno-unknown-pragmas -Wno-unused-function -Wno-unused-variable \
      -shared -fPIC -fvisibility=hidden "$root"/kernels-native/target/cuda/*.cu -o "$GAMUT_SIM_PROGRAMS"
}
# compiles: whether CUDA's compiler is here and goes with this system's.
compiles() {
  echo '__global__ void nothing() {}' >"$scratch/nothing.cu" &&
    "${NVCC:-nvcc}" -ptx -arch=compute_75 "$scratch/nothing.cu" -o "$scratch/nothing.ptx" >"$scratch/log" 2>&1
}
tests() {
  "$root/mvnw" --batch-mode verify -pl kernels-native -am -Dtest='dev.gamut.ffm.gpu.*Test' \
    -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip=true \
    -Dgamut.test.full="${GAMUT_TEST_FULL:-false}" -Dgamut.test.seed="${GAMUT_TEST_SEED:-0}" \
    -Dskip.runtime-api=true -Dskip.kernels-vector=true
}
export GAMUT_SIM_PROGRAMS="$simulators/programs.so"
explained() {
  "$root/gamut" explain gemm --device "$1" --m 500 --n 500 --k 500 --a f32 >"$scratch/explained" &&
    grep -q "1. gemm_f32_f32_f32_f32_$2 " "$scratch/explained"
}
# offloaded DEVICE KERNEL: by the constants that ship a large product goes to the device, a small one does not.
offloaded() {
  "$root/gamut" explain gemm --offload "$1" --m 4000 --n 4000 --k 4000 --a f32 >"$scratch/explained" &&
    grep "1. gemm_f32_f32_f32_f32_$2 " "$scratch/explained" | grep -q " on $1, copies " &&
    "$root/gamut" explain gemm --offload "$1" --m 40 --n 40 --k 40 --a f32 >"$scratch/explained" &&
    ! grep ' 1. ' "$scratch/explained" | grep -q " on $1"
}
switched_off() { (export GAMUT_CUDA=none GAMUT_HIPBLASLT=none GAMUT_RCCL=none &&
  in_doctor 'cuda: not usable: no CUDA: switched off' &&
  in_doctor 'no hipBLASLt: switched off; no RCCL: switched off'); }
verdict 'programs for CUDA, compiled for the host' programs
if compiles; then
  verdict 'programs for CUDA as PTX' test -s "$root/kernels-native/target/classes/dev/gamut/ffm/gpu/reduce.ptx"
else
  skip 'programs for CUDA as PTX' 'no nvcc that makes PTX'
fi
verdict 'rules, sequences and failures' tests
verdict 'doctor shows devices of CUDA' in_doctor 'cuda:1: Simulated GPU 1, GPU, 256 MiB'
verdict 'doctor shows devices of ROCm' in_doctor 'rocm:1: Simulated GPU 1, GPU, 256 MiB'
verdict 'doctor shows the library for collectives' in_doctor 'NCCL 2.27.7, from '
verdict 'explain ranks kernels of CUDA' explained cuda:0 cublaslt
verdict 'explain ranks kernels of ROCm' explained rocm:1 hipblaslt
verdict 'host operands go to devices where that pays' offloaded cuda:0 cublaslt
verdict 'both can be switched off' switched_off
summary
