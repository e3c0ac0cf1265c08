# shellcheck shell=sh
# How a test script says what came of each of its tests. Sourced with the checkout in $root; gives it $scratch, a folder that goes with it,
# and .mvn/tools.sh. Its last command is `summary`.

. "$root/.mvn/tools.sh"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
passed=0 failed=0 skipped=0

# verdict NAME COMMAND...: one test, which the command's status decides; what it says is in $scratch/log, and shown where it fails.
verdict() {
  name=$1 started=$(date +%s)
  shift
  if "$@" >"$scratch/log" 2>&1; then
    echo "passed in $(($(date +%s) - started)) s: $name"
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED $name"
    tail -n 40 "$scratch/log" >&2
  fi
}

# skip NAME REASON: a test that this machine cannot run.
skip() {
  echo "SKIPPED $1: cannot run here: $2"
  skipped=$((skipped + 1))
}

# cannot NAME REASON: none of the tests can be run here; ends the script.
cannot() {
  skip "$@"
  summary
  exit
}

# summary: the last line, and the status of the script.
summary() {
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ]
}

# in_doctor WORDS: whether the command's account of the machine has these words, wherever its lines end.
in_doctor() { "$root/gamut" doctor >"$scratch/log" 2>&1 && tr -s '\n ' ' ' <"$scratch/log" | grep -q "$1"; }
