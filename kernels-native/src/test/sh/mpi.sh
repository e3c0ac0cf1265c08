# shellcheck shell=sh
# What tests over MPI libraries share: ranks that are processes running MpiRun. Sourced with the checkout in
# $root; the script that does defines launch FAMILY N COMMAND..., which runs as many ranks, faults of one not ending the others.

. "$root/.ci/verdicts.sh"
seed=${GAMUT_TEST_SEED:-1}
if [ "${GAMUT_TEST_FULL:-false}" = true ]; then
  all=4 sequences=1000 schedules=300 faults=20 patience=1800
else
  all=2 sequences=50 schedules=10 faults=2 patience=120
fi

# Root may run them, in a container they do not read each other's memory.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_btl_vader_single_copy_mechanism=none
unset GAMUT_MPI GAMUT_COLLECTIVE_ALGORITHM GAMUT_COLLECTIVE_DEBUG

# compile: the product and MpiRun into $scratch/classes.
compile() {
  find_jdk
  main=src/main/java
  (cd "$root" && find runtime-api/$main kernels-native/$main -name '*.java' ! -name module-info.java) >"$scratch/sources"
  printf 'kernels-native/src/test/java/dev/gamut/ffm/mpi/%s.java\n' MpiRun HostsRun >>"$scratch/sources"
  (cd "$root" && "$JAVA_HOME/bin/javac" -nowarn -d "$scratch/classes" "@$scratch/sources") >"$scratch/log" 2>&1 || {
    cat "$scratch/log" >&2
    die 1 'the tests cannot be compiled'
  }
}

# ranks FAMILY N OPTIONS ARGUMENT...: as many ranks; where there are more of them than cores, a JVM that starts fast matters most.
# Hydra (4.0.2) kills the other ranks now and then after one ended by a signal; it is shown a shell that ends with a status.
ranks() {
  family=$1 number=$2 options=$3
  shift 3
  # shellcheck disable=SC2086
  launch "$family" "$number" sh -c 'trap "" USR1; "$0" "$@"; exit $?' "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED \
    -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m $options -cp "$scratch/classes" dev.gamut.ffm.mpi.MpiRun "$@" </dev/null
}

# has FAMILY: whether there is its mpirun, installed where it may be; skips the family otherwise. Its headers are for the tests of `bench`,
# which come after these.
has() {
  command -v "mpirun.$1" >/dev/null || { install_one "$1" && install_one "$1-headers"; } >/dev/null 2>&1 || :
  command -v "mpirun.$1" >/dev/null || {
    skip "$1" "there is no mpirun.$1"
    false
  }
}

# all_right FAMILY N ARGUMENT...: whether each of the ranks ends by saying so, and the launcher is content; of $discontent it need not be.
discontent=''
all_right() {
  kind=$1 number=$2 status=0
  ranks "$@" >"$scratch/out" 2>&1 || status=$?
  cat "$scratch/out"
  [ "$(grep -o 'right on rank [0-9]*' "$scratch/out" | sort -u | wc -l)" -eq "$number" ] && { [ "$status" -eq 0 ] || [ "$kind" = "$discontent" ]; }
}

# right FAMILY N SEQUENCES OPTIONS: every collective, on more ranks than $all only sequences of them.
right() { all_right "$1" "$2" "$4" rules "$2" "$seed" "$3" "$all"; }
