#!/bin/sh
# Tests of gamut, mvnw and the scripts in .ci, in copies of the checkout with a JDK and a Maven that are small scripts.
# Each test_* function is one test; launcher-test.sh NAME... runs only those. Last line: N passed, N failed, N skipped.
set -u

checkout=$(cd "$(dirname "$0")/../../../.." && pwd -P)
temp=$(mktemp -d)
temp=$(cd "$temp" && pwd -P)
trap 'chmod -R u+w "$temp"; rm -rf "$temp"' EXIT
chmod 755 "$temp" # one test runs as another user
unset GAMUT_JAVA_HOME GAMUT_JAVA_OPTS JAVA_HOME MAVEN_HOME M2_HOME CDPATH CI
HOME=$temp/home
export HOME

# Nothing but these is on PATH, so that no JDK, Maven or package manager of this machine is found.
mkdir "$temp/tools" "$temp/flock"
for tool in sh awk cat chmod cp date dirname env find grep head id ln ls mkdir mktemp mv ps readlink rm sed sleep tail touch tr uname wc; do
  ln -s "$(command -v "$tool")" "$temp/tools/$tool"
done
if command -v flock >/dev/null; then ln -s "$(command -v flock)" "$temp/flock/flock"; fi

# What the tests are made of

script() { cat >"$1" && chmod 755 "$1"; }

# jdk DIR VERSION: a JDK whose java says how it was called; with HOLD set to a file it runs until that is gone.
jdk() {
  mkdir -p "$1/bin"
  echo "JAVA_VERSION=\"$2\"" >"$1/release"
  script "$1/bin/java" <<'END'
#!/bin/sh
[ "$*" != -version ] || { echo 'openjdk version "25.0.1" 2025-10-21' >&2; exit; }
echo "java: $0"
echo "folder: $PWD"
for argument; do echo "argument: $argument"; done
while [ -n "${HOLD-}" ] && [ -e "$HOLD" ]; do sleep 0.1; done
exit "${JAVA_STATUS-0}"
END
  script "$1/bin/javac" </dev/null
}

# maven DIR VERSION: a Maven that writes each call to $calls, then takes as long as there is $MAVEN_HOLD, and fails if MAVEN_STATUS says so.
maven() {
  mkdir -p "$1"
  script "$1/mvn" <<END
#!/bin/sh
[ "\$*" != --version ] || { echo 'Apache Maven $2 (fake)'; exit; }
END
  cat >>"$1/mvn" <<'END'
echo "$PWD: $*" >>"$calls"
case " $* " in
  *' verify '*) mkdir -p runtime-api/target/surefire-reports
    [ ! -f report.xml ] || cp report.xml runtime-api/target/surefire-reports/TEST-fake.xml ;;
esac
echo "$$" >"$calls.pid"
# In short sleeps, for a killed script leaves its sleep behind, holding the lock.
while [ -n "${MAVEN_HOLD-}" ] && [ -e "$MAVEN_HOLD" ]; do sleep 0.1; done
[ "${MAVEN_STATUS-0}" -eq 0 ] || { echo '[ERROR] Bad.java: it is bad'; exit "$MAVEN_STATUS"; }
mkdir -p bench/target/lib
touch bench/target/gamut-bench.jar bench/target/lib/other.jar
for platform in ${KERNELS_IN_C-}; do
  mkdir -p kernels-native/target && touch "kernels-native/target/kernels-linux-$platform.jar"
done
for peer in ${PEERS_BUILT-}; do
  mkdir -p "bench/peers/$peer/target/lib"
  touch "bench/peers/$peer/target/$peer.jar" "bench/peers/$peer/target/lib/$peer-library.jar"
done
END
}

# set_up: a new checkout, in a path with blanks, and a JDK 25 that is not on PATH.
set_up() {
  here="$temp/$1/a b"
  tree="$here/check out"
  root=$temp/$1/root
  calls=$temp/$1/calls
  mkdir -p "$tree/bench/src/main/java" "$tree/runtime-api/src/main" "$root/bin" "$here/user"
  : >"$calls"
  export calls
  cp -Rp "$checkout/gamut" "$checkout/mvnw" "$checkout/.mvn" "$checkout/.ci" "$tree"
  # The system's JVM folders are looked for below $root.
  sed -E "s#(^| )/(usr|opt|Library)/#\1$root/\2/#g" "$checkout/.mvn/tools.sh" >"$tree/.mvn/tools.sh"
  touch "$tree/pom.xml" "$tree/bench/pom.xml" "$tree/bench/src/main/java/Main.java" "$tree/runtime-api/pom.xml"
  jdk "$root/jdk" 25.0.3
  GAMUT_JAVA_HOME=$root/jdk
  export GAMUT_JAVA_HOME
  maven "$root/bin" 3.9.9
  PATH=$root/bin:$temp/tools:$temp/flock
  cd "$here/user" || exit 1
}

# call COMMAND...: runs it, and sets status, output and errors.
call() {
  "$@" >"$calls.out" 2>"$calls.err"
  status=$?
  output=$(cat "$calls.out") errors=$(cat "$calls.err")
}

fail() {
  echo "  $*"
  echo "  status ${status-}, stdout: ${output-}"
  echo "  stderr: ${errors-}"
  exit 1
}

same() { [ "$2" = "$3" ] || fail "$1: expected '$2', was '$3'"; }
has() { case $3 in *"$2"*) ;; *) fail "$1: no '$2' in '$3'" ;; esac; }
builds() { same 'number of builds' "$1" "$(wc -l <"$calls" | tr -d ' ')"; }
one_line() { same 'lines on stderr' 1 "$(wc -l <"$calls.err" | tr -d ' ')"; }
wait_for() {
  tries=100
  until "$@"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || fail "waited in vain for: $*"
    sleep 0.1
  done
}
maven_runs() { [ -s "$calls" ] && [ -s "$calls.pid" ]; }
# hold: what MAVEN_HOLD names is there, until it is removed.
hold() { touch "$calls.hold"; }
cannot_run() { echo "cannot run here: $*"; exit 77; }
need_flock() { command -v flock >/dev/null || cannot_run 'no flock'; }

# The tests

test_builds_once_then_runs_without_a_word() {
  call "$tree/gamut" doctor 'two words' ''
  same status 0 "$status"
  same stderr 'gamut: building (first run takes a minute or two) ...
gamut: no C compiler with CMake was found: kernels in C are left out; install both to have them' "$errors"
  call "$tree/gamut" doctor 'two words' ''
  same status 0 "$status"
  same stderr '' "$errors"
  builds 1
  has 'arguments are kept' "argument: doctor
argument: two words
argument: " "$output"
  has "the caller's folder is kept" "folder: $here/user" "$output"
  has 'class path' "argument: $tree/.gamut/build-" "$output"
}

test_passes_status_input_and_options_on() {
  call env JAVA_STATUS=2 GAMUT_JAVA_OPTS='-Xmx1g -Dx=y' "$tree/gamut"
  same status 2 "$status"
  has options 'argument: -Xmx1g
argument: -Dx=y' "$output"
  script "$root/jdk/bin/java" <<'END'
#!/bin/sh
cat
END
  touch "$tree/pom.xml"
  same 'input is left to the CLI, though a build comes first' hello "$(echo hello | "$tree/gamut" 2>/dev/null)"
  builds 2
}

test_builds_again_when_sources_or_jdk_change() {
  call "$tree/gamut"
  for change in "touch '$tree/bench/src/main/java/New.java'" "rm '$tree/bench/src/main/java/New.java'" \
    "echo >>'$tree/runtime-api/pom.xml'" "touch '$tree/.mvn/jvm.config'" "jdk '$root/jdk' 25.0.4"; do
    : >"$calls"
    sleep 0.05
    eval "$change"
    call "$tree/gamut"
    call "$tree/gamut"
    builds 1
  done
}

test_builds_again_once_there_is_a_c_compiler() {
  call "$tree/gamut"
  for tool in cmake cc; do script "$root/bin/$tool" </dev/null; done
  script "$root/bin/uname" <<'END'
#!/bin/sh
case $1 in -s) echo Linux ;; *) echo x86_64 ;; esac
END
  : >"$calls"
  KERNELS_IN_C=x86_64
  export KERNELS_IN_C
  call "$tree/gamut"
  same stderr 'gamut: building (first run takes a minute or two) ...' "$errors"
  call "$tree/gamut"
  builds 1
  ls "$tree"/.gamut/build-*/kernels-linux-x86_64.jar >/dev/null || fail 'no jar of kernels in the build'
}

test_goes_on_without_kernels_that_a_compiler_cannot_build() {
  for tool in cmake cc; do script "$root/bin/$tool" </dev/null; done
  script "$root/bin/uname" <<'END'
#!/bin/sh
case $1 in -s) echo Linux ;; *) echo x86_64 ;; esac
END
  call "$tree/gamut" # Maven makes no kernels in C
  same status 0 "$status"
  has 'says so' "gamut: kernels in C for x86_64 are left out: $root/bin/cc could not build them, see $tree/.gamut/build.log" "$errors"
  call "$tree/gamut"
  same stderr '' "$errors"
  builds 1
  echo "echo 'cc 2'" | script "$root/bin/cc"
  KERNELS_IN_C=x86_64 call "$tree/gamut"
  same 'another version is tried' 'gamut: building (first run takes a minute or two) ...' "$errors"
  call "$tree/gamut"
  builds 2
}

# gate_java: a java that needs the peers aaa and bbb when the launcher asks, and else says how it was called; it logs to where answers go.
gate_java() {
  script "$root/jdk/bin/java" <<'END'
#!/bin/sh
case " $* " in
  *' --help '*) echo 'how to use it' ;;
  *' --rows bad '*) echo 'bad rows' >&2; exit 2 ;;
  *' --modules '*) echo '[info] a line of the log'; for last; do :; done; printf 'aaa\nbbb\n' >"$last" ;;
  *) for argument; do echo "argument: $argument"; done ;;
esac
END
  mkdir -p "$tree/bench/peers/aaa" "$tree/bench/peers/bbb"
}

test_gate_builds_the_peers_its_rows_need() {
  gate_java
  PEERS_BUILT='aaa' call "$tree/gamut" gate --rows x
  same status 0 "$status"
  builds 2
  has 'asks for both' '-Ppeers -pl bench/peers/aaa,bench/peers/bbb -am' "$(cat "$calls")"
  has 'what failed is named' 'gamut: no bbb to compare with' "$errors"
  has 'only what was built is passed on' "argument: -Dgamut.peers=aaa=$tree/.gamut/peer-aaa-" "$output"
  case $output in *bbb=*) fail 'a peer that was not built is passed on' ;; esac
  PEERS_BUILT='bbb' call "$tree/gamut" --debug gate --rows x
  builds 3
  has 'built peers are kept, others tried again' '-pl bench/peers/bbb -am' "$(tail -n 1 "$calls")"
  has both ":bbb=$tree/.gamut/peer-bbb-" "$output"
  call "$tree/gamut" gate --rows x
  same stderr '' "$errors"
  builds 3
  sleep 0.05
  touch "$tree/bench/peers/aaa/pom.xml"
  PEERS_BUILT='aaa' call "$tree/gamut" gate --rows x
  has 'a changed peer is built again' '-pl bench/peers/aaa -am' "$(tail -n 1 "$calls")"
}

test_gate_looks_for_what_predictions_take() {
  gate_java
  sed 's/aaa/llvm/; s/bbb/aaa/' "$root/jdk/bin/java" >"$root/java" && mv "$root/java" "$root/jdk/bin/java"
  chmod 755 "$root/jdk/bin/java"
  PEERS_BUILT='aaa' call "$tree/gamut" gate
  same status 0 "$status"
  has 'no LLVM' "argument: -Dgamut.llvm=
" "$output"
  has 'LLVM is no peer' '-pl bench/peers/aaa -am' "$(tail -n 1 "$calls")"
  mkdir -p "$root/usr/lib/llvm-19/bin"
  script "$root/usr/lib/llvm-19/bin/llvm-mc" </dev/null
  echo "echo 'LLVM version 19.1.7'" | script "$root/usr/lib/llvm-19/bin/llvm-mca"
  call "$tree/gamut" gate
  has LLVM "argument: -Dgamut.llvm=$root/usr/lib/llvm-19/bin" "$output"
  builds 2
}

test_gate_builds_again_once_there_is_a_compiler_for_arm() {
  gate_java
  for tool in cmake cc; do script "$root/bin/$tool" </dev/null; done
  script "$root/bin/uname" <<'END'
#!/bin/sh
case $1 in -s) echo Linux ;; *) echo x86_64 ;; esac
END
  KERNELS_IN_C=x86_64 call "$tree/gamut" doctor
  KERNELS_IN_C=x86_64 call "$tree/gamut" doctor
  builds 1
  script "$root/bin/aarch64-linux-gnu-gcc" </dev/null
  KERNELS_IN_C='x86_64 aarch64' call "$tree/gamut" doctor
  call "$tree/gamut" doctor
  builds 2
}

# sve_tools: a java that knows good usage from bad, an arm64 JDK that is there at once, and two versions of LLVM.
sve_tools() {
  script "$root/jdk/bin/java" <<'END'
#!/bin/sh
case " $* " in
  *' --help '*) echo 'how to use it' ;;
  *' --kernel bad '*) echo 'bad kernel' >&2; exit 2 ;;
  *' --check-usage '*) echo '[info] a line of the log'; echo 'usage is good' ;;
  *) for argument; do echo "argument: $argument"; done ;;
esac
END
  script "$tree/.ci/arm64-sysroot" <<'END'
#!/bin/sh
echo arm64-sysroot >>"$calls"
printf '%s\n' "${ARM_JAVA-/arm/java}" "${ARM_EMULATOR-/arm/emulator}" "${ARM_EMULATOR+}${ARM_EMULATOR-/arm/sysroot}"
exit "${ARM_STATUS-0}"
END
  for version in 14 19 21; do
    mkdir -p "$root/usr/lib/llvm-$version/bin"
    script "$root/usr/lib/llvm-$version/bin/llvm-mc" </dev/null
    echo "echo 'Debian LLVM version $version.1.7'" | script "$root/usr/lib/llvm-$version/bin/llvm-mca"
  done
}

test_sve_model_passes_on_what_it_prepares() {
  sve_tools
  call "$tree/gamut" sve-model --kernel x
  same status 0 "$status"
  has 'an arm64 JVM' 'argument: -Dgamut.arm64=/arm/java:/arm/emulator:/arm/sysroot' "$output"
  has 'the newest LLVM' "argument: -Dgamut.llvm=$root/usr/lib/llvm-21/bin" "$output"
  ARM_EMULATOR='' call "$tree/gamut" --debug sve-model
  has 'no emulator on Arm' 'argument: -Dgamut.arm64=/arm/java::
' "$output"
}

test_sve_model_says_why_it_cannot_run() {
  sve_tools
  call "$tree/gamut" sve-model # builds
  ARM_JAVA='cannot run here: no apt' ARM_EMULATOR='' ARM_STATUS=3 call "$tree/gamut" sve-model
  same status 1 "$status"
  same stderr 'gamut: cannot run here: no apt' "$errors"
  rm -r "$root"/usr/lib/llvm-19 "$root"/usr/lib/llvm-21
  call "$tree/gamut" sve-model
  same status 1 "$status"
  has 'LLVM 14 is too old' 'gamut: no LLVM 19 or newer with llvm-mca found' "$errors"
  one_line
}

test_sve_model_prepares_nothing_for_bad_usage_or_help() {
  sve_tools
  call "$tree/gamut" sve-model --kernel bad
  same status 2 "$status"
  call "$tree/gamut" sve-model --help
  same status 0 "$status"
  same help 'how to use it' "$output"
  builds 1
}

test_gate_builds_no_peer_for_bad_usage_or_help() {
  gate_java
  call "$tree/gamut" gate --rows bad
  same status 2 "$status"
  has message 'bad rows' "$errors"
  call "$tree/gamut" gate --help
  same status 0 "$status"
  same output 'how to use it' "$output"
  builds 1
}

test_needs_neither_maven_nor_network_once_built() {
  call "$tree/gamut"
  rm "$root/bin/mvn"
  call "$tree/gamut" doctor
  same status 0 "$status"
  same stderr '' "$errors"
}

test_finds_itself_through_links_and_cdpath() {
  mkdir -p links/deep
  ln -s ../../../'check out/gamut' links/deep/first
  ln -s deep/first links/second
  ln -s links/second third
  for command in ./third links/second "$here/user/links/deep/first" "../check out/gamut"; do
    CDPATH=$here:$temp call "$command" doctor
    same status 0 "$status"
    has "$command" "$tree/.gamut/build-" "$output"
  done
  PATH=links:$PATH call second doctor
  same status 0 "$status"
  (cd "$root" && CDPATH=$root GAMUT_JAVA_HOME=jdk call "$tree/gamut" && has 'a relative JDK' "java: $root/jdk/" "$output") ||
    exit 1
  (cd "$here" && CDPATH=$here/user call sh 'check out/gamut' && same status 0 "$status") || exit 1
  builds 1
}

test_searches_for_a_jdk() {
  unset GAMUT_JAVA_HOME
  jdk "$root/old" 17.0.15
  jdk "$root/older" 1.8.0_392
  jdk "$root/usr/lib/jvm/a 21" 21.0.2
  jdk "$root/usr/lib/jvm/c-25-ea" 25-ea
  mkdir -p "$root/usr/lib/jvm/b-25-jre/bin"
  cp "$root/jdk/release" "$root/usr/lib/jvm/b-25-jre"
  cp "$root/jdk/bin/java" "$root/usr/lib/jvm/b-25-jre/bin"
  ln -s ../older/bin/javac "$root/bin/javac"
  JAVA_HOME=$root/old call "$tree/gamut"
  has "the system's" "java: $root/usr/lib/jvm/c-25-ea/bin/java" "$output"
  jdk "$root/new" 26.0.1
  rm "$root/bin/javac"
  ln -s ../new/bin/javac "$root/bin/javac"
  call "$tree/gamut"
  has "PATH's before the system's" "java: $root/new/bin/java" "$output"
  rm "$root/jdk/release"
  JAVA_HOME=$root/jdk call "$tree/gamut"
  has "JAVA_HOME's before PATH's, its version asked of java" "java: $root/jdk/bin/java" "$output"
}

test_refuses_a_bad_gamut_java_home() {
  jdk "$root/old" 17.0.15
  jdk "$root/jre" 25.0.3
  rm "$root/jre/bin/javac"
  for bad in "$root/old" "$root/jre" "$root/nowhere"; do
    GAMUT_JAVA_HOME=$bad call "$tree/gamut"
    same status 2 "$status"
    one_line
    has 'names it' "GAMUT_JAVA_HOME=$bad " "$errors"
    has 'says what is needed' 'JDK 25 or newer' "$errors"
  done
  builds 0
}

# fake_apt: a Debian whose apt-get install makes a JDK. For any user: "id" says root.
fake_apt() {
  script "$root/bin/id" <<'END'
#!/bin/sh
echo 0
END
  script "$root/bin/apt-cache" <<'END'
#!/bin/sh
[ "$*" = "show $DEBIAN_HAS" ]
END
  script "$root/bin/apt-get" <<'END'
#!/bin/sh
echo "apt-get: $*"
case $* in *install*) cp -R "$TO_INSTALL" "$INSTALL_AS" ;; esac
END
  mkdir -p "$root/usr/lib/jvm"
  TO_INSTALL=$root/jdk INSTALL_AS=$root/usr/lib/jvm/new
  export TO_INSTALL INSTALL_AS
}

test_installs_a_jdk() {
  fake_apt
  unset GAMUT_JAVA_HOME
  DEBIAN_HAS=temurin-25-jdk call "$tree/gamut"
  same status 0 "$status"
  has 'says so' 'gamut: installing temurin-25-jdk with apt-get ...' "$errors"
  has 'runs it' "java: $root/usr/lib/jvm/new/bin/java" "$output"
  case $output in *apt-get:*) fail "apt-get's words on stdout" ;; esac
}

test_says_what_to_install_where_it_may_not() {
  fake_apt
  unset GAMUT_JAVA_HOME
  DEBIAN_HAS=nothing call "$tree/gamut"
  same status 1 "$status"
  has message 'install one (apt-get: openjdk-25-jdk-headless)' "$errors"
  script "$root/bin/id" <<'END'
#!/bin/sh
echo 1000
END
  DEBIAN_HAS=temurin-25-jdk call "$tree/gamut"
  same status 1 "$status"
  one_line
  rm "$root/bin/apt-get"
  call "$tree/gamut"
  same status 1 "$status"
  one_line
}

test_mvnw_finds_maven() {
  maven "$root/home/bin" 3.8.7
  call "$tree/mvnw" verify
  same 'from PATH, in the checkout' "$tree: verify" "$(cat "$calls")"
  maven "$root/bin" 3.6.3
  MAVEN_HOME=$root/home call "$tree/mvnw" verify
  same status 0 "$status"
  call "$tree/mvnw" verify
  same status 1 "$status"
  one_line
  has message 'Maven 3.8 or newer' "$errors"
  maven "$root/new" 3.9.9
  fake_apt
  TO_INSTALL=$root/new/mvn INSTALL_AS=$root/bin/mvn DEBIAN_HAS=maven call "$tree/mvnw" verify
  same 'status with an installed one' 0 "$status"
}

two_at_once() {
  hold
  MAVEN_HOLD=$calls.hold "$tree/gamut" first >"$calls.first" 2>&1 &
  wait_for maven_runs
  "$tree/gamut" second >"$calls.second" 2>&1 &
  wait_for grep -q 'gamut: another gamut is building, waiting for it ...' "$calls.second"
  rm "$calls.hold"
  wait $!
  same 'status of the second' 0 $?
  wait
  has first 'argument: first' "$(cat "$calls.first")"
  builds 1
}

test_two_at_once_build_once() { need_flock && two_at_once; }
test_two_at_once_build_once_without_flock() { PATH=$root/bin:$temp/tools && two_at_once; }

# Interrupted as by Ctrl-C or a time limit: Maven is ended too, and the next call builds anew.
test_interrupted_build_is_made_again() {
  hold
  MAVEN_HOLD=$calls.hold "$tree/gamut" >"$calls.first" 2>&1 &
  wait_for maven_runs
  kill -TERM $!
  wait $!
  same 'status of the interrupted one' 130 $?
  kill -0 "$(cat "$calls.pid")" 2>/dev/null && fail 'its Maven still runs'
  [ ! -e "$tree/.gamut/current" ] || fail 'half a build was kept'
  call "$tree/gamut"
  same status 0 "$status"
  builds 2
}

killed_builder() {
  hold
  MAVEN_HOLD=$calls.hold "$tree/gamut" >"$calls.first" 2>&1 &
  wait_for maven_runs
  kill -KILL $! "$(cat "$calls.pid")"
  wait
  call "$tree/gamut"
  same status 0 "$status"
  builds 2
}

test_killed_builder_blocks_nobody() { need_flock && killed_builder; }
test_killed_builder_blocks_nobody_without_flock() { PATH=$root/bin:$temp/tools && killed_builder; }

test_failed_build_says_why_and_is_tried_again() {
  MAVEN_STATUS=1 call "$tree/gamut"
  same status 1 "$status"
  has why '[ERROR] Bad.java: it is bad' "$errors"
  has log "$tree/.gamut/build.log" "$errors"
  call "$tree/gamut"
  same status 0 "$status"
}

test_running_gamut_keeps_its_jars() {
  need_flock
  touch "$calls.hold"
  HOLD=$calls.hold "$tree/gamut" >"$calls.first" 2>&1 &
  wait_for grep -q argument: "$calls.first"
  used=$(sed -n 's#^argument: \(.*/\.gamut/build-.*\)/\*$#\1#p' "$calls.first")
  for _ in 1 2 3 4 5; do
    sleep 0.05
    touch "$tree/pom.xml"
    call "$tree/gamut"
  done
  [ -f "$used/gamut-bench.jar" ] || fail "$used was removed while in use"
  set -- "$tree"/.gamut/build-*/
  [ $# -le 4 ] || fail "$# builds are kept"
  rm "$calls.hold"
  wait
  touch "$tree/pom.xml"
  call "$tree/gamut"
  [ ! -e "$used" ] || fail "$used is still there"
}

test_runs_from_a_read_only_checkout() {
  as_user=''
  if [ "$(id -u)" = 0 ]; then
    command -v /usr/bin/setpriv >/dev/null || cannot_run 'root without setpriv'
    as_user='/usr/bin/setpriv --reuid=65534 --regid=65534 --clear-groups'
  fi
  # Anybody may write the records of this test, nobody the checkout.
  chmod 777 "$temp/$1"
  cp -R "$tree" "$here/unbuilt"
  call "$tree/gamut"
  chmod -R a-w "$here"
  # shellcheck disable=SC2086
  call $as_user "$tree/gamut" doctor
  same status 0 "$status"
  same stderr '' "$errors"
  chmod u+w "$tree/pom.xml"
  touch "$tree/pom.xml"
  # shellcheck disable=SC2086
  call $as_user "$tree/gamut" doctor
  same 'status with newer sources' 0 "$status"
  one_line
  # shellcheck disable=SC2086
  call $as_user "$here/unbuilt/gamut" doctor
  same 'status unbuilt' 1 "$status"
  one_line
  builds 1
}

test_bad_usage_of_test_is_one_line() {
  for bad in '--only nothing' --only '--seed x' --quick; do
    # shellcheck disable=SC2086
    call "$tree/gamut" test $bad
    same "status of $bad" 2 "$status"
    one_line
    has 'names the allowed' 'core, vector' "$errors"
  done
  builds 0
}

report() {
  cat >"$tree/report.xml" <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="t.T" tests="4" errors="1" skipped="2" failures="0">
  <testcase name="good" classname="t.T" time="0.1">
    <system-out><![CDATA[<testcase name="printed"><failure> ]]></system-out>
  </testcase>
  <testcase name="disabled" classname="t.T" time="0"><skipped message="cannot run here: no &lt;GPU&gt;"/></testcase>
  <testcase name="assumed" classname="t.T" time="0">
    <skipped type="org.opentest4j.TestAbortedException"><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: TEXT
	at t.T.assumed(T.java:1)]]></skipped>
  </testcase>
  <testcase name="bad{int}[2]" classname="t.T" time="0.1"><error message="a &gt; b" type="E"><![CDATA[E: a > b]]></error></testcase>
</testsuite>
END
}

test_adds_up_the_tests() {
  report
  MAVEN_STATUS=1 call "$tree/gamut" test --only core --seed 5 --full
  same status 1 "$status"
  same 'last line' '1 passed, 1 failed, 2 skipped' "$(echo "$output" | tail -n 1)"
  has 'how to run it again' "./mvnw verify -pl runtime-api -am -Dtest='t.T#bad' " "$output"
  has 'the seed reaches the tests' '-Dgamut.test.seed=5' "$(cat "$calls")"
  has 'and --full' '-Dgamut.test.full=true' "$(cat "$calls")"
  sed '/bad{int}/d' "$tree/report.xml" >"$calls.xml" && cp "$calls.xml" "$tree/report.xml"
  call "$tree/gamut" test --only core
  same status 0 "$status"
  same 'last line' '1 passed, 0 failed, 2 skipped' "$(echo "$output" | tail -n 1)"
  rm "$tree/report.xml"
  call "$tree/gamut" test --only core
  same 'status when no test ran' 1 "$status"
  MAVEN_STATUS=1 call "$tree/gamut" test --only core
  same 'a build that fails is a failure' '0 passed, 1 failed, 0 skipped' "$(echo "$output" | tail -n 1)"
}

test_ci_refuses_idle_skips() {
  report
  CI=true call "$tree/gamut" test --only core
  same 'last line' '1 passed, 2 failed, 1 skipped' "$(echo "$output" | tail -n 1)"
  has reason 't.T#assumed (skipped in CI: "Assumption failed: TEXT"' "$output"
  sed '/bad{int}/d; s/TEXT/cannot run here: no AMX/' "$tree/report.xml" >"$calls.xml" && cp "$calls.xml" "$tree/report.xml"
  CI=true call "$tree/gamut" test --only core
  same status 0 "$status"
}

# machine NAME: what uname -m says.
machine() { printf '#!/bin/sh\necho %s\n' "$1" | script "$root/bin/uname"; }

test_an_arm_machine_needs_no_emulator() {
  machine aarch64
  call "$tree/.ci/arm64-sysroot"
  same status 0 "$status"
  same 'java alone' "$root/jdk/bin/java" "$output"
}

test_an_arm_sysroot_needs_apt() {
  machine x86_64
  call "$tree/.ci/arm64-sysroot"
  same status 3 "$status"
  has reason 'cannot run here: there is no apt-get' "$output"
}

# A mirror that breaks off: nothing is left that the next call would take for a sysroot.
test_an_arm_sysroot_is_whole_or_absent() {
  machine x86_64
  printf '#!/bin/sh\n' | script "$root/bin/qemu-aarch64-static"
  printf '#!/bin/sh\nmkdir -p "$2"\n' | script "$root/bin/dpkg"
  printf '#!/bin/sh\necho "$*" >>"$calls"\ncase $* in *" install "*) exit 100 ;; esac\n' | script "$root/bin/apt-get"
  ls /usr/share/keyrings/debian-archive-keyring.* >/dev/null 2>&1 && cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | grep -q :// ||
    cannot_run 'not a Debian system'
  call "$tree/.ci/arm64-sysroot"
  same status 3 "$status"
  has reason 'could not be downloaded' "$output"
  [ ! -e "$tree/.gamut/arm64/sysroot" ] || fail 'there is a sysroot'
}

# Running them

passed=0 failed=0 skipped=0
# shellcheck disable=SC2046
[ $# -gt 0 ] || set -- $(sed -n 's/^\(test_[a-z_]*\)() .*/\1/p' "$checkout/bench/src/test/sh/launcher-test.sh")
for test; do
  (
    mkdir "$temp/$test"
    set_up "$test"
    "$test" "$test"
  ) >"$temp/said" 2>&1
  case $? in
    0) passed=$((passed + 1)) ;;
    77)
      skipped=$((skipped + 1))
      echo "SKIPPED $test: $(tail -n 1 "$temp/said")"
      ;;
    *)
      failed=$((failed + 1))
      echo "FAILED $test"
      cat "$temp/said"
      ;;
  esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
