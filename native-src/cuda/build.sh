#!/bin/sh
# build.sh JAVA CLASS_PATH SOURCES FOLDER: writes Gamut's own programs for devices of CUDA into SOURCES, one source a file of programs, and makes
# PTX of them in FOLDER. Where there is no CUDA compiler (NVCC names one), or one that does not go with this system's C++ compiler, as newer ones
# often do not, says so and makes none, which is no error.
# PTX is for the oldest devices that the compiler knows to have products of bytes; drivers make code for newer ones of it.
set -eu

root=$(CDPATH='' cd "$(dirname "$0")/../.." && pwd -P)
. "$root/.mvn/tools.sh"
java=$1 class_path=$2 sources=$3 folder=$4
mkdir -p "$sources" "$folder"
"$java" -cp "$class_path" dev.gamut.ffm.gpu.CudaSource "$sources"

nvcc=${NVCC:-$(command -v nvcc || ls "${CUDA_HOME:-/usr/local/cuda}/bin/nvcc" 2>/dev/null || :)}
if [ -z "$nvcc" ]; then
  rm -f "$folder"/*.ptx
  say "Gamut's own programs for CUDA are left out: no nvcc was found"
  exit 0
fi
for source in "$sources"/*.cu; do
  name=$(basename "$source" .cu)
  # Each of these is true of some program: helpers that it does not use, pragmas of OpenCL, and values that a macro drops.
  "$nvcc" -ptx -O3 -std=c++17 -arch=compute_75 -fmad=false -diag-suppress 161,177,550 "$source" -o "$folder/$name.ptx" \
    >"$sources/$name.log" 2>&1 || {
    head -n 3 "$sources/$name.log" >&2
    say "Gamut's own programs for CUDA are left out: $nvcc made no PTX, see $sources/$name.log"
    rm -f "$folder"/*.ptx
    exit 0
  }
done
