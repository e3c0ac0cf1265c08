#!/bin/sh
# Products by a real OpenBLAS: the system's, or else Debian's, unpacked below .gamut and not installed, for that would change which BLAS
# the machine's other programmes use. Ends with "N passed, N failed, N skipped".
set -eu

root=$(CDPATH='' cd "$(dirname "$0")/../../../.." && pwd -P)
. "$root/.ci/verdicts.sh"
packages='libopenblas0-pthread libgfortran5 libquadmath0'
unpacked=$root/.gamut/openblas

# fetch: unpacks the packages into a folder that gets its name once it is whole.
fetch() {
  for program in apt-get dpkg; do
    command -v $program >/dev/null || cannot openblas "no OpenBLAS, and no $program to fetch one with"
  done
  mkdir "$scratch/packages" "$scratch/unpacked"
  if [ "$(id -u)" = 0 ]; then apt-get update -qq >/dev/null 2>&1 || :; fi
  for package in $packages; do # a distribution may have put the last one into the second
    (cd "$scratch/packages" && apt-get download -qq "$package" >/dev/null 2>&1) || :
  done
  for package in "$scratch"/packages/*.deb; do
    [ -f "$package" ] && dpkg -x "$package" "$scratch/unpacked" || cannot openblas 'no OpenBLAS, and it cannot be fetched with apt-get'
  done
  mkdir -p "$root/.gamut"
  rm -rf "$unpacked"
  mv "$scratch/unpacked" "$unpacked"
}

unset GAMUT_BLAS
if ! in_doctor 'library: OpenBLAS '; then
  [ -d "$unpacked" ] || fetch
  GAMUT_BLAS=$(find "$unpacked" -name libopenblas.so.0 | head -n 1)
  [ -n "$GAMUT_BLAS" ] || cannot openblas "$packages hold no libopenblas.so.0"
  LD_LIBRARY_PATH=$(dirname "$(find "$unpacked" -name libgfortran.so.5 | head -n 1)")
  export GAMUT_BLAS LD_LIBRARY_PATH
fi

chosen() {
  GAMUT_KERNEL='gemm_*_openblas' "$root/gamut" explain gemm --m 500 --n 500 --k 500 >"$scratch/explained" &&
    grep -q '1. gemm_f64_f64_f64_f64_openblas ' "$scratch/explained"
}
refused() { (export GAMUT_BLAS=none && in_doctor 'no BLAS library: switched off'); }
verdict 'doctor names it and its threads' in_doctor 'library: OpenBLAS .* threads\{0,1\} '
verdict 'it keeps the rules' "$root/gamut" verify --kernel 'gemm_*_openblas'
verdict 'it can be preferred' chosen
verdict 'it can be switched off' refused
summary
