#!/bin/sh
# build.sh FOLDER: builds the library that Java loads, for this platform and, where there is a cross compiler, for the other one, each
# into FOLDER/<platform>, the root of a jar. Where there is no C compiler, says so in one line and builds nothing, which is no error.
# CC names another compiler. With GAMUT_NATIVES=optional, as users build, one that cannot build them is no error either, nor are
# warnings that it alone knows.
set -eu

source=$(CDPATH='' cd "$(dirname "$0")" && pwd -P)
. "$source/../.mvn/tools.sh"
mkdir -p "$1"
to=$(CDPATH='' cd "$1" && pwd -P)

# build PLATFORM [CMAKE_OPTION...]
build() {
  platform=$1
  shift
  scratch=$to/$platform.build lint=ON
  [ "${GAMUT_NATIVES-}" != optional ] || lint=OFF
  {
    cmake -S "$source" -B "$scratch" -DGAMUT_LINT=$lint "$@" && cmake --build "$scratch" --target gamut --parallel 2
  } >"$to/$platform.log" 2>&1 || {
    cat "$to/$platform.log" >&2
    [ "${GAMUT_NATIVES-}" = optional ] || die 1 "the native library for $platform cannot be built, see above"
    say "kernels in C for $platform are left out: they cannot be built, see above"
    return 0
  }
  mkdir -p "$to/$platform/dev/gamut/ffm/natives/$platform"
  cp "$scratch/libgamut.so" "$to/$platform/dev/gamut/ffm/natives/$platform/"
}

if [ "$(uname -s)" != Linux ]; then
  say "kernels in C are left out: they are for Linux, this is $(uname -s)"
elif ! search_c; then
  say "kernels in C are left out: no C compiler with CMake was found; install both to have them"
else
  case $(uname -m) in
    x86_64) other=aarch64 ;;
    aarch64) other=x86_64 ;;
    *) other='' ;;
  esac
  if [ -z "$other" ]; then
    say "kernels in C are left out: there are none for $(uname -m)"
    exit 0
  fi
  build "linux-$(uname -m)"
  if search_cross "$other"; then
    build "linux-$other" -DCMAKE_SYSTEM_NAME=Linux "-DCMAKE_SYSTEM_PROCESSOR=$other" \
      "-DCMAKE_C_COMPILER=$cross"
  elif [ -n "$cross" ]; then
    say "kernels in C for $other are left out: $cross has no C library to link"
  fi
fi
