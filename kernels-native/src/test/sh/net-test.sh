#!/bin/sh
# Collectives over MPI between two hosts, which are namespaces of this machine joined by a cable (two-hosts.sh): every collective against a
# serial model on 2 and 4 ranks over TCP; a cable that is cut in the midst of a call, or slower than the deadline admits, for which each
# side must name the ranks of the other within it; a slow one, for which nobody may; and a rank that is killed, which the other host does
# not see. Installs what it needs where that may be done. Ends with "N passed, N failed, N skipped". With GAMUT_TEST_FULL=true 1,000 random
# sequences instead of 50, and each fault 20 times instead of twice.
set -eu

# net-test.sh inside SAID N COMMAND...: on host1, ranks that each leave a file in SAID; all must end, the cable being as it is then.
if [ "${1-}" = inside ]; then
  said=$2 number=$3
  shift 3
  "$@" &
  while kill -0 $! 2>/dev/null && [ "$(find "$said" -type f | wc -l)" -lt "$number" ]; do sleep 0.1; done
  for _ in $(seq 150); do # MPICH's last words may take five seconds
    ranks=$(grep -lx java /proc/[0-9]*/comm 2>/dev/null) || exit 0
    sleep 0.1
  done
  echo "ranks are left: $ranks"
  exit 1
fi

root=$(CDPATH='' cd "$(dirname "$0")/../../../.." && pwd -P)
. "$root/kernels-native/src/test/sh/mpi.sh"
hosts=$root/bench/src/main/resources/dev/gamut/bench/two-hosts.sh
self=$root/kernels-native/src/test/sh/net-test.sh
inside=''

# shellcheck disable=SC2086
launch() { timeout -k 5 "$patience" "$hosts" run $inside "$hosts" mpirun "$@"; }

# Between hosts one of MPICH's ranks may wait in MPI_Finalize in vain, and leave in the end (see World), which its launcher does not like.
discontent=mpich

# seen FAMILY N: whether the ranks see two hosts.
seen() { all_right "$1" "$2" '' hosts "$hosts"; }

# told FAMILY N SAY WORD ARGUMENT...: whether as many say the word, and all end.
told() {
  kind=$1 number=$2 say=$3 word=$4
  shift 4
  rm -rf "$scratch/said"
  mkdir "$scratch/said"
  inside="$self inside $scratch/said $say"
  status=0
  ranks "$kind" "$number" '' "$@" "$scratch/said" >"$scratch/out" 2>&1 || status=$?
  inside=''
  cat "$scratch/out" "$scratch"/said/*
  [ "$status" -eq 0 ] && [ "$(cat "$scratch"/said/* | grep -c "^$word")" -eq "$say" ] || return 1
  [ "$word" != named ] || [ "$(cat "$scratch"/said/* | grep -c '^nothing is left')" -eq "$say" ]
}

# each_time FAMILY HOW WORD: by the library's collectives and by schedules, with 4 and 2 ranks.
each_time() {
  family=$1 how=$2 expected=$3
  for round in $(seq "$faults"); do
    case $((round % 4)) in
      1) many=4 by=library ;;
      2) many=2 by=schedule ;;
      3) many=4 by=schedule ;;
      0) many=2 by=library ;;
    esac
    case $how in
      kill) told "$family" "$many" $((many - 1)) "$expected" fault kill "$by" ;;
      *) told "$family" "$many" "$many" "$expected" cable "$hosts" "$how" "$by" ;;
    esac || {
      echo "round $round of $faults, $many ranks, by $by"
      return 1
    }
  done
}

# gone: whether no process of these tests is left anywhere.
gone() { ! grep -l "[/]${scratch#/}" /proc/[0-9]*/cmdline 2>/dev/null; }

family() {
  kind=$1
  has "$kind" || return 0
  verdict "$kind: two hosts are seen by 2 ranks" seen "$kind" 2
  verdict "$kind: two hosts are seen by 4 ranks" seen "$kind" 4
  for number in 2 4; do
    verdict "$kind: collectives on $number ranks of two hosts" right "$kind" "$number" "$sequences" ''
  done
  verdict "$kind: collectives by schedules between hosts" right "$kind" 4 "$schedules" \
    '-Dgamut.collective.algorithm=all_reduce=mesh,all_gather=ring,broadcast=binomial,all_to_all=pairwise -Dgamut.collective.debug=true'
  verdict "$kind: a network that is cut, $faults times" each_time "$kind" cut named
  verdict "$kind: a network slower than the deadline, $faults times" each_time "$kind" slower named
  verdict "$kind: a rank that is killed on the other host, $faults times" each_time "$kind" kill named
  verdict "$kind: a slow network, $faults times" each_time "$kind" slow right
}

command -v ip >/dev/null && command -v tc >/dev/null || install_one iproute >/dev/null 2>&1 || :
lack=$("$hosts" lacks) || cannot net "$lack"
compile
family openmpi
family mpich
verdict 'nothing is left' gone
summary
