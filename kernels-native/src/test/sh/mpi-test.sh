#!/bin/sh
# Collectives over real MPI libraries, Open MPI and MPICH, and over a stand-in with the standard ABI: every collective against a serial
# model on 1 to 4 ranks, wrong calls, and ranks that are killed, stopped or end, which the others must name within their deadline. Installs the
# libraries where that may be done. Ends with "N passed, N failed, N skipped". With GAMUT_TEST_FULL=true 1,000 random sequences of
# calls instead of 50 on each number of ranks, and each fault 20 times instead of twice.
set -eu

root=$(CDPATH='' cd "$(dirname "$0")/../../../.." && pwd -P)
. "$root/kernels-native/src/test/sh/mpi.sh"
resources=$root/kernels-native/src/test/resources/dev/gamut/ffm/mpi

# java_with OPTIONS ARGUMENT...: a rank without a launcher.
java_with() {
  options=$1
  shift
  # shellcheck disable=SC2086
  "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m $options \
    -cp "$scratch/classes" dev.gamut.ffm.mpi.MpiRun "$@"
}

launch() {
  kind=$1 number=$2
  shift 2
  case $kind in
    openmpi) timeout -k 5 "$patience" mpirun.openmpi --enable-recovery --bind-to none --oversubscribe -n "$number" "$@" ;;
    mpich) timeout -k 5 "$patience" mpirun.mpich -disable-auto-cleanup -n "$number" "$@" ;;
    standard) together "$number" "$@" ;;
  esac
}

# together N COMMAND...: as many ranks of the stand-in, which needs no launcher.
together() {
  number=$1 pids='' status=0
  shift
  rm -f "$scratch/memory"
  for rank in $(seq 0 $((number - 1))); do
    (
      export GAMUT_STANDIN="$scratch/memory:$rank:$number" GAMUT_MPI="$scratch/libmpi_abi.so.1"
      exec timeout -k 5 "$patience" "$@" </dev/null
    ) &
    pids="$pids $!"
  done
  for pid in $pids; do wait "$pid" || status=$?; done
  return $status
}

# named FAMILY N HOW BY: whether all ranks but the last name it, and all end.
named() {
  status=0
  rm -rf "$scratch/said"
  mkdir "$scratch/said"
  ranks "$1" "$2" '' fault "$3" "$4" "$scratch/said" >"$scratch/out" 2>&1 || status=$?
  cat "$scratch/out" "$scratch"/said/*
  [ "$status" -ne 124 ] && [ "$(cat "$scratch"/said/* | grep -c '^named')" -eq $(($2 - 1)) ] &&
    [ "$(cat "$scratch"/said/* | grep -c '^its message is missed')" -eq $(($2 - 1)) ] &&
    [ "$(cat "$scratch"/said/* | grep -c '^nothing is left')" -eq $(($2 - 1)) ] || return 1
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

# domains FAMILY: whether two ranks are on two hosts where they are told that they share no memory, on one where they are not. MPICH
# takes a variable for it, and so does the stand-in.
domains() {
  all_right "$1" 2 '' domains 1 || return 1
  case $1 in
    mpich) (export MPIR_CVAR_NUM_CLIQUES=2 && all_right "$1" 2 '' domains 2) ;;
    standard) (export GAMUT_STANDIN_DOMAIN=1 && all_right "$1" 2 '' domains 2) ;;
  esac
}

# refused FAMILY LIBRARY: whether a library of the other family is.
refused() { ranks "$1" 1 "-Dgamut.mpi=$2" find | grep "does not fit: it is"; }

library() { ldconfig -p | sed -n "s/.*$1 .*=> //p" | head -n 1; }

family() {
  kind=$1
  has "$kind" || return 0
  holds "$kind"
}

# holds FAMILY: all that must hold for any library.
holds() {
  for number in 1 2 3 4; do
    verdict "$1: collectives on $number ranks" right "$1" "$number" "$sequences" ''
  done
  verdict "$1: collectives by schedules" right "$1" 3 "$schedules" \
    '-Dgamut.collective.algorithm=all_reduce=mesh,all_gather=ring,broadcast=binomial,all_to_all=pairwise -Dgamut.collective.debug=true'
  verdict "$1: ranks that share memory" domains "$1"
  verdict "$1: an orderly end" orderly "$1"
  verdict "$1: wrong calls $faults times" all_right "$1" 3 -Dgamut.collective.debug=true misuse "$faults"
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

compile
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

summary
