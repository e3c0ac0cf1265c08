#!/bin/sh
# Programs that lose a rank or a host: 4 ranks of an MPI on two hosts, which are namespaces of this machine (two-hosts.sh), train a network and
# solve a system under `gamut run`; one of them is killed at a random moment, and the job must come to the very bits of a run in which nothing
# failed, by itself, and say how long that took. Once each by Open MPI and the solver by MPICH, with GAMUT_TEST_FULL=true 20 times and 5. Then
# a host is gone with its ranks, and the job goes on with those that have room on the other one; in full also where it is silent, as the
# cable is cut. Survivors go on by themselves over a stand-in for an MPI with ULFM, from copies in their memory. And a step on ranks that were
# placed on the two hosts.
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

# run FAMILY ARGUMENT...: gamut run with an MPI between the hosts.
run() {
  export OMPI_MCA_plm_rsh_agent="$hosts" OMPI_MCA_pml=ob1 OMPI_MCA_btl=tcp,vader,self OMPI_MCA_btl_tcp_if_include=cable \
    OMPI_MCA_btl_vader_single_copy_mechanism=none \
    HYDRA_LAUNCHER=ssh HYDRA_LAUNCHER_EXEC="$hosts" HYDRA_IFACE=cable UCX_TLS=tcp,self UCX_NET_DEVICES=cable
  exec "$root/gamut" run --launcher "$@"
}

# recovery-test.sh placed FILE CLASS ARGUMENT...: on host1, a program on the hosts of a topology.
if [ "${1-}" = placed ]; then
  file=$2
  shift 2
  run openmpi --topology "$file" --checkpoints "$file.checkpoints" -- "$@"
fi

# recovery-test.sh inside FAMILY WORK STEP PAUSE LOSS CLASS ARGUMENT...: on host1, the program; after that step and pause something is lost: a
# rank, by its number, host2, or the cable.
if [ "${1-}" = inside ]; then
  family=$2 work=$3 moment=$4 pause=$5 loss=$6
  shift 6
  (run "$family" --nodes host1:2,host2:2 --patience 60 --checkpoints "$work" --json="$work.json" -- "$@") &
  job=$!
  while kill -0 $job 2>/dev/null && [ "$(step "$work")" -lt "$moment" ]; do sleep 0.02; done
  sleep "$pause"
  running=$(ranks "$work") || :
  [ -n "$running" ] || {
    echo "there are no ranks any more at step $(step "$work")"
    wait $job
    exit 75
  }
  case $loss in
    host2) "$hosts" crash ;;
    cable) "$hosts" cable cut ;;
    *) kill -9 "$(echo "$running" | sed -n "${loss}p")" ;;
  esac
  echo "$loss was lost at step $(step "$work")"
  wait $job
  exit
fi

. "$root/.ci/verdicts.sh"
number=0
if [ "${GAMUT_TEST_FULL:-false}" = true ]; then
  times=20 losses='host2 cable'
else
  times=1 losses=host2
fi
# A JVM that starts fast matters most: there are more of them than cores.
export GAMUT_JAVA_OPTS='-XX:-UseParallelGC -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m' GAMUT_TUNING=none

# random MOST: a whole number from 0 to below it.
random() {
  number=$((number + 1))
  drawn=$(awk -v seed=$((${GAMUT_TEST_SEED:-1} % 1000000 + 1000 * number)) -v most="$1" 'BEGIN { srand(seed); rand(); print int(rand() * most) }')
}

# recovers FAMILY WORK MOMENT PAUSE LOSS CLASS ARGUMENT...: whether the job does, to the same bits; without host2 on the other one alone.
recovers() {
  mpi=$1 work=$2 moment=$3 pause=$4 loss=$5
  shift 5
  status=75
  # Where the job was over before a rank was found, an earlier moment is tried.
  while [ $status -eq 75 ] && [ "$moment" -gt 0 ]; do
    rm -rf "$work"
    status=0
    timeout -k 5 300 "$hosts" run "$self" inside "$mpi" "$work" "$moment" "$pause" "$loss" "$@" "$work.npy" || status=$?
    moment=$((moment / 2))
  done
  [ $status -eq 0 ] || return 1
  cmp "$scratch/expected.npy" "$work.npy" || return 1
  case $loss in host2 | cable) with_host2=1 ;; *) with_host2=2 ;; esac
  [ "$(grep -c '"status" :' "$work.json")" -eq 2 ] && [ "$(grep -c '"recovery_seconds" :' "$work.json")" -eq 1 ] &&
    [ "$(grep -o '"host2" :' "$work.json" | wc -l)" -eq $with_host2 ] || {
    cat "$work.json"
    return 1
  }
}

# draw STEPS: a random moment among the first half of so many steps, a pause of up to 50 ms, and a rank, into moment, pause and rank.
draw() {
  random $(($1 / 2))
  moment=$((drawn + 1))
  random 50
  pause=0.0$((drawn / 10))$((drawn % 10))
  random 4
  rank=$((drawn + 1))
}

# survives NAME FAMILY LOSS STEPS CLASS ARGUMENT...: one loss; LOSS may be `rank`, any of them.
survives() {
  name=$1 mpi=$2 loss=$3
  draw "$4"
  shift 4
  what="$loss is lost"
  [ "$loss" != rank ] || what="rank $rank is killed" loss=$rank
  verdict "$name: $what after step $moment" recovers "$mpi" "$scratch/run" "$moment" "$pause" "$loss" "$@"
  sed -n 's/^gamut run: launch 1 [a-z]* .*: noticed/  noticed/p' "$scratch/log"
}

# alone NAME CLASS ARGUMENT...: a program as it is where nothing fails, to be compared with.
alone() {
  name=$1
  shift
  rm -rf "$scratch"/expected*
  verdict "$name in one process" "$root/gamut" run --ranks 4 --checkpoints "$scratch/expected" -- "$@" "$scratch/expected.npy"
}

# compiled: the stand-in of the tests of kernels-native, with the standard ABI and ULFM.
compiled() {
  compiler=$(command -v cc || command -v gcc || command -v clang) &&
    "$compiler" -O1 -shared -fPIC -pthread -Wl,-soname,libmpi_abi.so.1 -o "$scratch/libmpi_abi.so.1" \
      "$root/kernels-native/src/test/resources/dev/gamut/ffm/mpi/standin.c"
}

# survivors MOMENT RANK CLASS ARGUMENT...: whether the ranks that are left come to the same bits, from a copy that is at most two steps old.
survivors() {
  moment=$1 victim=$2 from='' least=0
  shift 2
  # Where the job was over before the rank was lost, an earlier moment is tried.
  while [ -z "$from" ] && [ "$moment" -gt 0 ]; do
    bereaved "$@" || return 1
    from=$(sed -n 's/.* ranks=3 from=\([0-9]*\) .*/\1/p' "$work/journal")
    least=$((moment - 2)) moment=$((moment / 2))
  done
  [ -n "$from" ] && [ "$from" -ge "$least" ] && cmp "$scratch/expected.npy" "$work.npy"
}

# bereaved CLASS ARGUMENT...: runs it on four ranks, of which $victim is killed at the step $moment; whether the others end well.
bereaved() {
  work=$scratch/run pids='' index=0
  rm -rf "$scratch"/run* "$scratch/memory"
  classes=$root/.gamut/$(cut -d ' ' -f 1 "$root/.gamut/current")
  find_jdk
  for index in 0 1 2 3; do
    (
      export GAMUT_STANDIN="$scratch/memory:$index:4" GAMUT_MPI="$scratch/libmpi_abi.so.1" PMI_SIZE=4 # what a launcher sets
      # shellcheck disable=SC2086
      exec timeout -k 5 300 "$JAVA_HOME/bin/java" $GAMUT_JAVA_OPTS --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
        -Dgamut.threads=1 -Dgamut.checkpoints="$work" -cp "$classes/*" dev.gamut.bench.run.Job "$@" "$work.npy" </dev/null
    ) &
    pids="$pids $!"
  done
  # shellcheck disable=SC2086
  set -- $pids
  while kill -0 "$1" 2>/dev/null && [ "$(step "$work")" -lt "$moment" ]; do sleep 0.02; done
  eval "lost=\$$victim"
  if kill -9 "$(cat "/proc/$lost/task/$lost/children")"; then # timeout's
    echo "rank $victim was lost at step $(step "$work")"
  fi
  status=0
  for pid in $pids; do
    wait "$pid" || [ "$pid" = "$lost" ] || status=$?
  done
  cat "$work/journal"
  return "$status"
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

# found FAMILY: whether there is its mpirun, installed where it may be.
found() {
  command -v "mpirun.$1" >/dev/null || install_one "$1" >/dev/null 2>&1 || :
  command -v "mpirun.$1" >/dev/null
}

command -v ip >/dev/null && command -v tc >/dev/null || install_one iproute >/dev/null 2>&1 || :
found openmpi || cannot recovery 'there is no mpirun.openmpi'
lack=$("$hosts" lacks) || cannot recovery "$lack"

solver='dev.gamut.bench.example.PoissonSolver 150 60'
# shellcheck disable=SC2086
alone solver $solver
for time in $(seq "$times"); do
  # shellcheck disable=SC2086
  survives "solver $time of $times" openmpi rank 60 $solver
done
for loss in $losses; do
  # shellcheck disable=SC2086
  survives solver openmpi "$loss" 60 $solver
done
if compiled; then
  draw 60
  # A moment at which the last checkpoint is older than the last copy.
  moment=$((moment / 10 * 10 + 6))
  # shellcheck disable=SC2086
  verdict "solver: survivors of rank $rank after step $moment" survivors "$moment" "$rank" $solver
else
  skip 'solver: survivors' 'there is no C compiler'
fi
if found mpich; then
  for time in $(seq $(((times + 3) / 4))); do
    # shellcheck disable=SC2086
    survives "solver by MPICH $time of $(((times + 3) / 4))" mpich rank 60 $solver
  done
else
  skip 'solver by MPICH' 'there is no mpirun.mpich'
fi
if digits=$("$root/.ci/digits"); then
  alone training dev.gamut.bench.example.DigitTraining "$digits" 40
  for time in $(seq "$times"); do
    survives "training $time of $times" openmpi rank 40 dev.gamut.bench.example.DigitTraining "$digits" 40
  done
else
  skip training "${digits#cannot run here: }"
fi
verdict 'ranks that were placed' placed
verdict 'nothing is left' gone
summary
