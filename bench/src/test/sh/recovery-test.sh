#!/bin/sh
# Programs that lose a rank: 4 ranks of Open MPI on two hosts, which are namespaces of this machine (two-hosts.sh), train a network and solve a
# system under `gamut run`; one of them is killed at a random moment, and the job must come to the very bits of a run in which nothing failed,
# by itself, and say how long that took. Once each, 20 times with GAMUT_TEST_FULL=true. And a step on ranks that were placed on the two hosts.
# Ends with "N passed, N failed, N skipped".
set -eu

root=$(CDPATH='' cd "$(dirname "$0")/../../../.." && pwd -P)
hosts=$root/bench/src/main/resources/dev/gamut/bench/two-hosts.sh
self=$root/bench/src/test/sh/recovery-test.sh

# ranks WORK: the processes of ranks, on both hosts: host1 sees those of host2.
ranks() {
  for process in /proc/[0-9]*; do
    grep -qx java "$process/comm" 2>/dev/null && tr '\0' ' ' <"$process/cmdline" 2>/dev/null | grep -q "checkpoints=$1.* dev.gamut.bench.run.Job" &&
      echo "${process#/proc/}"
  done
}

# step WORK: how many steps are done.
step() { { sed -n '1s/step *\([0-9]*\) at.*/\1/p' "$1/journal" 2>/dev/null || :; } | grep . || echo 0; }

# run ARGUMENT...: gamut run with Open MPI between the hosts.
run() {
  export OMPI_MCA_plm_rsh_agent="$hosts" OMPI_MCA_pml=ob1 OMPI_MCA_btl=tcp,vader,self OMPI_MCA_btl_tcp_if_include=cable \
    OMPI_MCA_btl_vader_single_copy_mechanism=none
  exec "$root/gamut" run --launcher openmpi --patience 60 "$@"
}

# recovery-test.sh placed FILE CLASS ARGUMENT...: on host1, a program on the hosts of a topology.
if [ "${1-}" = placed ]; then
  file=$2
  shift 2
  run --topology "$file" --checkpoints "$file.checkpoints" -- "$@"
fi

# recovery-test.sh inside WORK STEP PAUSE WHICH CLASS ARGUMENT...: on host1, the program; after that step and pause a rank is killed.
if [ "${1-}" = inside ]; then
  work=$2 moment=$3 pause=$4 which=$5
  shift 5
  (run --nodes host1:2,host2:2 --checkpoints "$work" --json="$work.json" -- "$@") &
  job=$!
  while kill -0 $job 2>/dev/null && [ "$(step "$work")" -lt "$moment" ]; do sleep 0.02; done
  sleep "$pause"
  victim=$(ranks "$work" | sed -n "${which}p")
  [ -n "$victim" ] || {
    echo "there is no rank to be killed at step $(step "$work")"
    wait $job
    exit 75
  }
  kill -9 "$victim"
  echo "killed process $victim at step $(step "$work")"
  wait $job
  exit
fi

. "$root/.ci/verdicts.sh"
number=0
times=1
[ "${GAMUT_TEST_FULL:-false}" = true ] && times=20
# A JVM that starts fast matters most: there are more of them than cores.
export GAMUT_JAVA_OPTS='-XX:-UseParallelGC -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m' GAMUT_TUNING=none

# random MOST: a whole number from 0 to below it.
random() {
  number=$((number + 1))
  drawn=$(awk -v seed=$((${GAMUT_TEST_SEED:-1} % 1000000 + 1000 * number)) -v most="$1" 'BEGIN { srand(seed); rand(); print int(rand() * most) }')
}

# recovers WORK MOMENT PAUSE WHICH CLASS ARGUMENT...: whether the job does, to the same bits.
recovers() {
  work=$1 moment=$2
  shift 2
  status=75
  # Where the job was over before a rank was found, an earlier moment is tried.
  while [ $status -eq 75 ] && [ "$moment" -gt 0 ]; do
    rm -rf "$work"
    status=0
    timeout -k 5 300 "$hosts" run "$self" inside "$work" "$moment" "$@" "$work.npy" || status=$?
    moment=$((moment / 2))
  done
  [ $status -eq 0 ] || return 1
  cmp "$scratch/expected.npy" "$work.npy" || return 1
  [ "$(grep -c '"status" :' "$work.json")" -eq 2 ] && [ "$(grep -c '"recovery_seconds" :' "$work.json")" -eq 1 ] || {
    cat "$work.json"
    return 1
  }
}

# program NAME STEPS CLASS ARGUMENT...: it must recover each time.
program() {
  program=$1 steps=$2
  shift 2
  rm -rf "$scratch"/expected* "$scratch"/run*
  verdict "$program in one process" "$root/gamut" run --ranks 4 --checkpoints "$scratch/expected" -- "$@" "$scratch/expected.npy"
  for time in $(seq "$times"); do
    random $((steps / 2))
    moment=$((drawn + 1))
    random 50
    pause=0.0$((drawn / 10))$((drawn % 10))
    random 4
    which=$((drawn + 1))
    verdict "$program: rank $which killed after step $moment, $time of $times" \
      recovers "$scratch/run$time" $moment $pause $which "$@"
    sed -n 's/^gamut run: launch 1 ended with status [0-9]*: /  /p' "$scratch/log"
  done
}

# placed: whether ranks that were placed, parts of a layer on one host, compute what one alone does.
placed() {
  cat >"$scratch/hosts.txt" <<'END'
level cluster         latency=5us   bandwidth=1GB/s
level node    count=2 latency=1us   bandwidth=10GB/s
level core    count=2 latency=100ns bandwidth=100GB/s
name node 0-1 host[1-2]
failure node
END
  timeout -k 5 300 "$hosts" run "$self" placed "$scratch/hosts.txt" dev.gamut.bench.example.PlacedStep "$scratch/hosts.txt" 2 1 2 \
    >"$scratch/out" 2>&1 && grep -q 'right on {host1=2, host2=2}' "$scratch/out" || {
    cat "$scratch/out"
    return 1
  }
}

# gone: whether no process of these tests is left anywhere.
gone() { ! grep -l "[/]${scratch#/}" /proc/[0-9]*/cmdline 2>/dev/null; }

command -v mpirun.openmpi >/dev/null || install_one openmpi >/dev/null 2>&1 || :
command -v ip >/dev/null && command -v tc >/dev/null || install_one iproute >/dev/null 2>&1 || :
command -v mpirun.openmpi >/dev/null || cannot recovery 'there is no mpirun.openmpi'
lack=$("$hosts" lacks) || cannot recovery "$lack"
program solver 60 dev.gamut.bench.example.PoissonSolver 150 60
if digits=$("$root/.ci/digits"); then
  program training 40 dev.gamut.bench.example.DigitTraining "$digits" 40
else
  skip training "${digits#cannot run here: }"
fi
verdict 'ranks that were placed' placed
verdict 'nothing is left' gone
summary
