#!/bin/sh
# Collectives over real MPI libraries, Open MPI and MPICH, and over a stand-in with the standard ABI: every collective against a serial
# model on 1 to 4 ranks, and ranks that are killed, stopped or end, which the others must name within their deadline. Installs the
# libraries where that may be done. Ends with "N passed, N failed, N skipped". With GAMUT_TEST_FULL=true 1,000 random sequences of
# calls instead of 50 on each number of ranks, and each fault 20 times instead of twice.
set -eu

root=$(CDPATH='' cd "$(dirname "$0")/../../../.." && pwd -P)
. "$root/.mvn/tools.sh"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
passed=0 failed=0 skipped=0
seed=${GAMUT_TEST_SEED:-1}
if [ "${GAMUT_TEST_FULL:-false}" = true ]; then
  all=4 sequences=1000 schedules=300 faults=20 patience=1800
else
  all=2 sequences=50 schedules=10 faults=2 patience=120
fi
resources=$root/kernels-native/src/test/resources/dev/gamut/ffm/mpi

# Root may run them, in a container they do not read each other's memory.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_btl_vader_single_copy_mechanism=none
unset GAMUT_MPI GAMUT_COLLECTIVE_ALGORITHM GAMUT_COLLECTIVE_DEBUG

find_jdk
main=src/main/java
(cd "$root" && find runtime-api/$main kernels-native/$main -name '*.java' ! -name module-info.java) >"$scratch/sources"
echo kernels-native/src/test/java/dev/gamut/ffm/mpi/MpiRun.java >>"$scratch/sources"
(cd "$root" && "$JAVA_HOME/bin/javac" -nowarn -d "$scratch/classes" "@$scratch/sources") >"$scratch/log" 2>&1 || {
  cat "$scratch/log" >&2
  die 1 'the tests cannot be compiled'
}

# java_with OPTIONS ARGUMENT...: a rank; where there are more of them than cores, a JVM that starts fast matters most.
java_with() {
  options=$1
  shift
  # shellcheck disable=SC2086
  "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m $options \
    -cp "$scratch/classes" dev.gamut.ffm.mpi.MpiRun "$@"
}

# together N OPTIONS ARGUMENT...: as many ranks of the stand-in, which needs no launcher.
together() {
  number=$1 options=$2 pids='' status=0
  shift 2
  rm -f "$scratch/memory"
  for rank in $(seq 0 $((number - 1))); do
    (
      export GAMUT_STANDIN="$scratch/memory:$rank:$number"
      # shellcheck disable=SC2086
      exec timeout -k 5 "$patience" "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
        -Xmx512m "-Dgamut.mpi=$scratch/libmpi_abi.so.1" $options -cp "$scratch/classes" dev.gamut.ffm.mpi.MpiRun "$@" </dev/null
    ) &
    pids="$pids $!"
  done
  for pid in $pids; do wait "$pid" || status=$?; done
  return $status
}

# ranks FAMILY N OPTIONS ARGUMENT...: as many ranks, faults not ending the others.
ranks() {
  family=$1 number=$2 options=$3
  if [ "$family" = standard ]; then
    shift
    together "$@"
    return
  fi
  shift 3
  case $family in
    openmpi) launch='mpirun.openmpi --enable-recovery --bind-to none --oversubscribe' ;;
    mpich) launch='mpirun.mpich -disable-auto-cleanup' ;;
  esac
  # Hydra (4.0.2) kills the other ranks now and then after one ended by a signal; it is shown a shell that ends with a status.
  # shellcheck disable=SC2086
  timeout -k 5 "$patience" $launch -n "$number" sh -c 'trap "" USR1; "$0" "$@"; exit $?' "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m \
    $options -cp "$scratch/classes" dev.gamut.ffm.mpi.MpiRun "$@" </dev/null
}

verdict() {
  name=$1 started=$(date +%s)
  shift
  if "$@" >"$scratch/log" 2>&1; then
    echo "passed in $(($(date +%s) - started)) s: $name"
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED $name"
    tail -n 30 "$scratch/log" >&2
  fi
}

skip() {
  echo "SKIPPED $1: cannot run here: $2"
  skipped=$((skipped + 1))
}

# right FAMILY N SEQUENCES OPTIONS: every collective, on more ranks than $all only sequences of them.
right() { ranks "$1" "$2" "$4" rules "$2" "$seed" "$3" "$all" >"$scratch/out" 2>&1 && grep '^right' "$scratch/out" || { cat "$scratch/out"; false; }; }

# named FAMILY N HOW BY: whether all ranks but the last name it, and all end.
named() {
  status=0
  rm -rf "$scratch/said"
  mkdir "$scratch/said"
  ranks "$1" "$2" '' fault "$3" "$4" "$scratch/said" >"$scratch/out" 2>&1 || status=$?
  cat "$scratch/out" "$scratch"/said/*
  [ "$status" -ne 124 ] && [ "$(cat "$scratch"/said/* | grep -c '^named')" -eq $(($2 - 1)) ] || return 1
  # The stand-in has ULFM.
  [ "$1" != standard ] || [ "$(cat "$scratch"/said/* | grep -c "^shrunk to $(($2 - 1))")" -eq $(($2 - 1)) ]
}

# each_time FAMILY HOW: whether they name it by the library's collectives and by schedules, in turn.
each_time() {
  by=schedule
  for round in $(seq "$faults"); do
    case $by in schedule) by=library ;; library) by=schedule ;; esac
    named "$1" 3 "$2" "$by" || {
      echo "round $round of $faults, by $by"
      return 1
    }
  done
}

# orderly FAMILY: whether nothing is left to complain of where a rank came late.
orderly() { ranks "$1" 3 '' late >"$scratch/out" 2>&1 && cat "$scratch/out" && ! grep -i warn "$scratch/out"; }

# refused FAMILY LIBRARY: whether a library of the other family is.
refused() { ranks "$1" 1 "-Dgamut.mpi=$2" find | grep "does not fit: it is"; }

library() { ldconfig -p | sed -n "s/.*$1 .*=> //p" | head -n 1; }

family() {
  kind=$1
  command -v "mpirun.$kind" >/dev/null || install_one "$kind" >/dev/null 2>&1 || :
  command -v "mpirun.$kind" >/dev/null || {
    skip "$kind" "there is no mpirun.$kind"
    return
  }
  holds "$kind"
}

# holds FAMILY: all that must hold for any library.
holds() {
  for number in 1 2 3 4; do
    verdict "$1: collectives on $number ranks" right "$1" "$number" "$sequences" ''
  done
  verdict "$1: collectives by schedules" right "$1" 3 "$schedules" \
    '-Dgamut.collective.algorithm=all_reduce=mesh,all_gather=ring,broadcast=binomial,all_to_all=pairwise -Dgamut.collective.debug=true'
  verdict "$1: an orderly end" orderly "$1"
  for fault in kill stop exit throw; do
    verdict "$1: a fault $faults times, $fault" each_time "$1" "$fault"
  done
}

standard() {
  compiler=$(command -v cc || command -v gcc || command -v clang) || {
    skip standard 'there is no C compiler'
    return
  }
  "$compiler" -O1 -shared -fPIC -pthread -Wl,-soname,libmpi_abi.so.1 -o "$scratch/libmpi_abi.so.1" "$resources/standin.c"
  holds standard
  verdict 'standard: it is found first' found "$scratch"
}
found() { (export LD_LIBRARY_PATH="$1" && java_with '' find | grep 'libmpi_abi.so.1, the standard ABI'); }
off() { java_with '-Dgamut.mpi=none' find | grep 'no MPI library: switched off'; }

family openmpi
family mpich
standard
verdict 'it can be switched off' off
other=$(library 'libmpich\.so\.12')
if command -v mpirun.openmpi >/dev/null && [ -n "$other" ]; then
  verdict "openmpi: a library of the other family" refused openmpi "$other"
fi
other=$(library 'libmpi\.so\.40')
if command -v mpirun.mpich >/dev/null && [ -n "$other" ]; then
  verdict "mpich: a library of the other family" refused mpich "$other"
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
