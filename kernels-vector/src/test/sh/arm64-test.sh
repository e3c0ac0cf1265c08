#!/bin/sh
# The Vector API kernels on arm64, which QEMU emulates elsewhere: the conformance rules without SVE and with it at 128, 256
# and 512 bits, and equal bits there and on this machine wherever a kernel promises them. Ends with
# "N passed, N failed, N skipped"; a test is a kernel in a configuration.
#
#   arm64-test.sh [CONFIGURATION [GLOB]]    one configuration, the kernels whose ids match: to see one failure again
#
# An emulated problem takes a hundred times as long, so that each kernel gets a sample of each rule's problems, another one for
# each kernel and seed; GAMUT_TEST_FULL=true runs them all, for hours. GAMUT_TEST_SEED is where random numbers start.
set -eu

root=$(CDPATH='' cd "$(dirname "$0")/../../../.." && pwd -P)
. "$root/.mvn/tools.sh"
only=${1-} glob=${2-*} seed=${GAMUT_TEST_SEED-1} full=${GAMUT_TEST_FULL-false}
# One problem of so many: what fits into ten minutes on two cores.
one_in=60
[ "$full" != true ] || one_in=1

# A line each: its name, the emulator's CPU, the vector length that the JVM must find, features it must find or, with a
# minus, must not. Without pointer authentication, whose cipher would take two thirds of the emulator's time.
configurations='
neon    max,pauth=off,sve=off                                 128  NEON FMA -SVE
sve128  max,pauth=off,sve128=on,sve-default-vector-length=16  128  NEON FMA SVE SVE2
sve256  max,pauth=off,sve256=on,sve-default-vector-length=32  256  NEON FMA SVE SVE2
sve512  max,pauth=off,sve512=on,sve-default-vector-length=64  512  NEON FMA SVE SVE2
'

answer=$("$root/.ci/arm64-sysroot") || {
  [ $? -eq 3 ] || exit 1
  echo "SKIPPED arm64: $answer"
  echo '0 passed, 0 failed, 1 skipped'
  exit 0
}
arm_java=$(echo "$answer" | sed -n 1p) emulator=$(echo "$answer" | sed -n 2p) sysroot=$(echo "$answer" | sed -n 3p)
[ -n "$emulator" ] || configurations='arm64 -'
[ -z "$only" ] || configurations=$(echo "$configurations" | awk -v name="$only" '$1 == name')
[ -n "$configurations" ] || die 2 "there is no configuration '$only'; there are neon, sve128, sve256, sve512"

find_jdk
scratch=$(mktemp -d)
loops=''
# Interrupted, it leaves neither files nor emulators behind: those are in the background, which a terminal does not interrupt.
trap 'kill $loops 2>/dev/null || :; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
"$root/mvnw" --batch-mode test-compile -pl kernels-vector -am -Dspotless.check.skip=true >"$scratch/build" 2>&1 || {
  maven_errors "$scratch/build"
  die 1 'the build failed'
}
# Copied, since another build may start meanwhile.
for folder in runtime-api/target/classes kernels-vector/target/classes kernels-vector/target/test-classes; do
  mkdir -p "$scratch/$folder"
  cp -R "$root/$folder/." "$scratch/$folder"
done

# conformance MODE EXPECTED COMMAND...: becomes a run of ConformanceRun, with the command of a JVM.
conformance() {
  mode=$1 expected=$2
  shift 2
  cd "$scratch"
  set -f
  # shellcheck disable=SC2086
  exec "$@" --add-modules jdk.incubator.vector -Xmx1g -Dgamut.test.seed="$seed" -Dgamut.test.one-in=$one_in \
    -cp runtime-api/target/classes:kernels-vector/target/classes:kernels-vector/target/test-classes \
    dev.gamut.vector.ConformanceRun "$mode" "$glob" $expected </dev/null
}

# arm64 NAME CPU EXPECTED...: one configuration; its results are in NAME, the JIT's compilations in NAME.jit.
arm64() {
  name=$1 cpu=$2
  shift 2
  expected=$*
  set -- "$arm_java" -XX:+UseSerialGC "-Xlog:jit+compilation=debug:file=$name.jit::filecount=0"
  # Compiling takes half of the time. C2 is kept for the kernels' loops, which it gets soon: elsewhere a vector is an object.
  for flag in InvocationThreshold=20000 MinInvocationThreshold=2400 CompileThreshold=60000 BackEdgeThreshold=160000; do
    set -- "$@" "-XX:Tier4$flag"
  done
  for classes in gemm.F32Tile gemm.F64Tile gemm.F32Gemv gemm.F64Gemv reduce.F codec.; do
    set -- "$@" "-XX:CompileCommand=CompileThresholdScaling,dev.gamut.vector.$classes*::*,0.005"
  done
  # Loops that a sample enters only a few times.
  for classes in gemm.F32Small gemm.F64Small gemm.F32Whole gemm.F64Whole gemm.I8 gemm.I4; do
    set -- "$@" "-XX:CompileCommand=CompileThresholdScaling,dev.gamut.vector.$classes*::*,0.0005"
  done
  set -- "$@" -XX:CompileCommand=quiet
  [ -z "$emulator" ] || set -- "$emulator" -L "$sysroot" -cpu "$cpu" "$@"
  started=$(date +%s)
  conformance rules "$expected" "$@" >"$scratch/$name" 2>&1 &
  trap 'kill $!; exit 130' TERM
  wait $! || echo "died with status $?" >>"$scratch/$name"
  say "$name took $(($(date +%s) - started)) s"
}

(conformance fingerprints '' "$JAVA_HOME/bin/java") >"$scratch/this-machine" 2>&1 || {
  cat "$scratch/this-machine"
  die 1 'the kernels cannot be run on this machine'
}
# Two at a time, one a core.
for turn in 0 1; do
  echo "$configurations" | awk -v turn=$turn 'NF && n++ % 2 == turn' | while read -r name cpu expected; do
    # shellcheck disable=SC2086
    arm64 "$name" "$cpu" $expected
  done &
  loops="$loops $!"
done
wait
loops=''

# judge NAME: a line a test, "passed NAME/KERNEL" or "FAILED NAME/KERNEL" with what is wrong and how to see it again.
judge() {
  awk -v name="$1" -v again="GAMUT_TEST_SEED=$seed GAMUT_TEST_FULL=$full $0 $1" '
    FNR == NR && $1 == "kernel" { expected[$2] = 1 }
    FNR == NR && $1 == "bits" { bits[$2] = $3; who[$2] = $4; next }
    FNR == NR { next }
    $1 == "passed" || $1 == "failed" {
      kernel = $2; order[++tests] = kernel; bad[kernel] = $1 == "failed"; delete expected[kernel]
      next
    }
    $1 == "bits" {
      if ($2 in bits && bits[$2] != $3) {
        bad[$4] = 1
        text[$4] = text[$4] "\n  bits: " $2 " gives " $3 ", and " bits[$2] " with " who[$2] " on this machine"
      }
      next
    }
    /^  / { text[kernel] = text[kernel] "\n" $0; next }
    /^died with status/ { died = $0 }
    { last = last "\n  " $0 }
    END {
      for (kernel in expected) {
        order[++tests] = kernel; bad[kernel] = 1; text[kernel] = "\n  its rules were not run to their end: " died last
      }
      for (t = 1; t <= tests; t++) {
        kernel = order[t]
        if (bad[kernel]) printf "FAILED %s/%s%s\n  again: %s '\''%s'\''\n", name, kernel, text[kernel], again, kernel
        else print "passed " name "/" kernel
      }
    }' "$scratch/this-machine" "$scratch/$1"
}

# compiled NAME: a line as judge's: whether C2 compiled inner loops of each kind, or only the interpreter was tested. Kinds, not
# classes: which tile a sample runs often enough for C2 is a matter of chance.
compiled() {
  missing=''
  for class in 'gemm.F32Tile[0-9x]*' 'gemm.F64Tile[0-9x]*' 'gemm.F..SmallTiles' 'gemm.F..Gemv' 'reduce.F..Leaves' \
    'reduce.F..Streams'; do
    grep -v 'made not entrant' "$scratch/$1.jit" | grep -Eq " 4 +dev\.gamut\.vector\.$class::[a-z]" || missing="$missing $class"
  done
  if [ -z "$missing" ]; then
    echo "passed $1/compiled"
  else
    printf 'FAILED %s\n  C2 compiled nothing of:%s\n' "$1/compiled" "$missing"
  fi
}

for name in $(echo "$configurations" | awk '{ print $1 }'); do
  judge "$name"
  [ "$glob" != '*' ] || compiled "$name"
done >"$scratch/results"
grep -v '^passed' "$scratch/results" || :
passed=$(grep -c '^passed' "$scratch/results") || :
failed=$(grep -c '^FAILED' "$scratch/results") || :
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
