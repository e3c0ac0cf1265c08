# shellcheck shell=sh
# Finds, or where it may installs, the JDK and the Maven that Gamut needs, and keeps two processes from building at
# once. Sourced by gamut, mvnw and the scripts in .ci; needs nothing but POSIX sh.

oldest_jdk=25
oldest_maven=3.8
oldest_llvm=19

# With CDPATH set, cd may go elsewhere and prints where to.
unset CDPATH

say() { printf 'gamut: %s\n' "$*" >&2; }

# die STATUS MESSAGE
die() {
  status=$1
  shift
  say "$@"
  exit "$status"
}

# at_least VERSION OLDEST: compares major and minor, "25.0.3" or "25-ea" with "25", "3.8.7" with "3.8".
at_least() {
  major=${1%%[!0-9]*} minor=0
  case $1 in "$major".[0-9]*) minor=${1#*.} minor=${minor%%[!0-9]*} ;; esac
  case $2 in *.*) oldest_minor=${2#*.} ;; *) oldest_minor=0 ;; esac
  [ "${major:-0}" -gt "${2%%.*}" ] || { [ "${major:-0}" -eq "${2%%.*}" ] && [ "$minor" -ge "$oldest_minor" ]; }
}

# jdk_at DIR: whether DIR holds a JDK that will do. Sets jdk_version, or jdk_fault. The version is read from the
# file "release", since starting a JVM just to ask costs more than the rest of the launcher.
jdk_at() {
  jdk_version='' jdk_fault='has no bin/javac: it is not a JDK'
  [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
  if [ -r "$1/release" ]; then
    while IFS='="' read -r key _ value _; do
      [ "$key" = JAVA_VERSION ] && jdk_version=$value
    done <"$1/release"
  fi
  [ -n "$jdk_version" ] || jdk_version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
  jdk_fault="is version ${jdk_version:-unknown}"
  at_least "$jdk_version" "$oldest_jdk"
}

# search_jdk: sets JAVA_HOME to the first JDK that will do.
search_jdk() {
  on_path=$(command -v javac) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/javac}
  for home in "${JAVA_HOME-}" "$on_path" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "${HOME-}"/.sdkman/candidates/java/*; do
    jdk_at "$home" && JAVA_HOME=$(cd "$home" && pwd) && return
  done
  return 1
}

# find_jdk: sets and exports JAVA_HOME, sets jdk_version; installs a JDK where there is none; ends the script if that
# fails. GAMUT_JAVA_HOME is an order, not a hint: when it will not do, that is an error and nothing else is tried.
find_jdk() {
  if [ -n "${GAMUT_JAVA_HOME-}" ]; then
    jdk_at "$GAMUT_JAVA_HOME" ||
      die 2 "GAMUT_JAVA_HOME=$GAMUT_JAVA_HOME $jdk_fault; a JDK $oldest_jdk or newer is needed"
    JAVA_HOME=$(cd "$GAMUT_JAVA_HOME" && pwd)
  else
    search_jdk || { install_one jdk && search_jdk; } ||
      die 1 "no JDK $oldest_jdk or newer found: install one ($(package_hint jdk)) or set GAMUT_JAVA_HOME to one"
  fi
  export JAVA_HOME
}

# search_maven: sets maven to the first mvn that will do. Asked for its version from /, where no jvm.config is found.
search_maven() {
  for maven in ${MAVEN_HOME:+"$MAVEN_HOME/bin/mvn"} ${M2_HOME:+"$M2_HOME/bin/mvn"} "$(command -v mvn)"; do
    [ -x "$maven" ] && at_least "$(cd / && "$maven" --version 2>/dev/null |
      sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p')" "$oldest_maven" && return
  done
  return 1
}

# find_maven: sets maven; needs JAVA_HOME.
find_maven() {
  search_maven || { install_one maven && search_maven; } ||
    die 1 "no Maven $oldest_maven or newer found: install it ($(package_hint maven)) or set MAVEN_HOME to it"
}

# search_llvm: sets llvm to the folder of the newest llvm-mca and llvm-mc that will do.
search_llvm() {
  on_path=$(command -v llvm-mca) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/llvm-mca}
  newest=0
  for folder in /usr/lib/llvm-*/bin /usr/lib/llvm*/bin /usr/lib64/llvm*/bin /opt/homebrew/opt/llvm/bin "$on_path"; do
    [ -x "$folder/llvm-mca" ] && [ -x "$folder/llvm-mc" ] || continue
    version=$("$folder/llvm-mca" --version | sed -n 's/.*LLVM version \([0-9.]*\).*/\1/p')
    at_least "$version" "$oldest_llvm" && [ "${version%%.*}" -gt "$newest" ] || continue
    newest=${version%%.*} llvm=$folder
  done
  [ "$newest" -gt 0 ]
}

# find_llvm: sets llvm, installing it where there is none; ends the script if that fails.
find_llvm() {
  search_llvm || { install_one llvm && search_llvm; } ||
    die 1 "no LLVM $oldest_llvm or newer with llvm-mca found: install it ($(package_hint llvm))"
}

# links COMPILER: whether it makes a program, for which there must be a C library.
links() { echo 'int main(void) { return 0; }' | "$1" -x c - -o /dev/null 2>/dev/null; }

# search_c: whether there is CMake; sets c_compiler to a C compiler that has a C library to link.
search_c() {
  command -v cmake >/dev/null &&
    c_compiler=$(command -v "${CC:-cc}" || command -v gcc || command -v clang) && links "$c_compiler"
}

# find_c: makes sure of both, installing them where they lack and that may be done; sets c_fault where it fails.
find_c() {
  c_fault='no C compiler with CMake'
  search_c || { install_one cmake && install_one compiler && search_c; }
}

# search_cross ARCHITECTURE: sets cross to a C compiler for it that has a C library to link.
search_cross() {
  cross=$(command -v "$1-linux-gnu-gcc") && links "$cross"
}

# find_cross: sets cross to a C compiler for arm64, installing it where that may be done; sets c_fault where it fails.
find_cross() {
  c_fault='there is no compiler for arm64, aarch64-linux-gnu-gcc'
  search_cross aarch64 || { install_one cross-library && install_one cross && search_cross aarch64; } >/dev/null 2>&1
}

# maven_errors LOG: the lines of Maven's log that say what is wrong, without its advice on how to run Maven; the whole
# log where it has none.
maven_errors() {
  grep -E '^(gamut:|\[(ERROR|WARNING)\])' "$1" |
    grep -vE '^.ERROR. *(-> |To see|Re-run|For more|After correcting|See dump| mvn <args>|.Help 1|$)' || cat "$1"
}

package_manager() {
  for manager in apt-get dnf yum zypper apk pacman brew; do
    command -v "$manager" >/dev/null && return
  done
  return 1
}

# packages KIND: what the system's package manager may call a JDK, Maven or the emulator of arm64, best first.
packages() {
  case $1:$manager in
    maven:*) echo maven ;;
    llvm:apt-get) echo llvm-19 llvm ;;
    llvm:*) echo llvm ;;
    cmake:*) echo cmake ;;
    compiler:apt-get) echo build-essential gcc ;;
    compiler:apk) echo build-base ;;
    compiler:pacman) echo base-devel ;;
    compiler:*) echo gcc ;;
    cross:apt-get) echo gcc-aarch64-linux-gnu ;;
    cross-library:apt-get) echo libc6-dev-arm64-cross ;;
    iproute:apt-get | iproute:zypper | iproute:apk | iproute:pacman) echo iproute2 ;;
    iproute:*) echo iproute iproute-tc ;;
    fortran:apt-get) echo gfortran ;;
    fortran:*) echo gcc-gfortran gcc-fortran gfortran ;;
    mpich:*) echo mpich ;;
    mpich-headers:apt-get) echo libmpich-dev ;;
    numpy:apt-get) echo python3-numpy ;;
    openmpi:apt-get) echo openmpi-bin ;;
    openmpi:*) echo openmpi ;;
    openmpi-headers:apt-get) echo libopenmpi-dev ;;
    pkg-config:apt-get) echo pkg-config pkgconf ;;
    pkg-config:*) echo pkgconf pkg-config ;;
    emulator:apt-get) echo qemu-user-static qemu-user ;;
    jdk:apt-get) echo openjdk-25-jdk-headless temurin-25-jdk ;;
    jdk:dnf | jdk:yum | jdk:zypper) echo java-25-openjdk-devel ;;
    jdk:apk) echo openjdk25 ;;
    jdk:pacman) echo jdk25-openjdk jdk-openjdk ;;
    jdk:brew) echo openjdk@25 ;;
  esac
}

package_hint() {
  package_manager || { echo "version $oldest_jdk for the JDK, $oldest_maven for Maven, $oldest_llvm for LLVM"; return; }
  names=$(packages "$1")
  echo "$manager: ${names%% *}"
}

# install_one KIND: installs the first of its packages that exists, if this user may. All of it goes to stderr, since
# stdout belongs to the command that was asked for.
install_one() {
  package_manager || return 1
  as_root=''
  if [ "$manager" != brew ] && [ "$(id -u)" != 0 ]; then
    as_root='sudo -n'
    sudo -n true 2>/dev/null || return 1
  fi
  # A new machine or container has no package lists yet.
  case $manager in apt-get) $as_root apt-get update -qq >/dev/null 2>&1 || : ;; esac
  for package in $(packages "$1"); do
    package_exists "$package" || continue
    say "installing $package with $manager ..."
    case $manager in
      # A second launcher, or the system's own updates, may hold the package lock.
      apt-get) $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=300 "$package" ;;
      zypper) $as_root zypper --non-interactive install "$package" ;;
      apk) $as_root apk add --update-cache "$package" ;;
      pacman) $as_root pacman -S --noconfirm "$package" ;;
      brew) brew install "$package" ;;
      *) $as_root "$manager" install -y "$package" ;;
    esac >&2 </dev/null && return
  done
  return 1
}

package_exists() {
  case $manager in
    apt-get) apt-cache show "$1" ;;
    zypper) zypper --non-interactive search --match-exact "$1" ;;
    apk) apk search --update-cache --exact "$1" | grep . ;;
    pacman) pacman -Si "$1" ;;
    *) "$manager" info "$1" ;;
  esac >/dev/null 2>&1
}

# free_descriptor: a file descriptor that is not in use. MPICH's mpirun leaves all that a shell can name open, of which a rank
# needs the one in PMI_FD.
free_descriptor() {
  for descriptor in 9 8 7 6 5 4 3; do
    if [ ! -e "/dev/fd/$descriptor" ]; then
      echo "$descriptor"
      return
    fi
  done
  if [ "${PMI_FD-}" = 9 ]; then echo 8; else echo 9; fi
}

# lock FILE MESSAGE: waits until this process alone holds FILE, saying MESSAGE if that takes a while; unlock frees it.
# With flock the kernel frees it too, when the holder and the Maven that it started are gone. Without flock (macOS) the
# lock is a symbolic link, made in one step with its holder's name in it, and the lock of a dead holder is removed.
lock() {
  if command -v flock >/dev/null; then
    lock_descriptor=$(free_descriptor)
    eval "exec $lock_descriptor>\"\$1\""
    flock -n "$lock_descriptor" && return
    say "$2"
    flock "$lock_descriptor"
  else
    lock_link=$1.link waiting=''
    until ln -s "$(process "$$")" "$lock_link" 2>/dev/null; do
      holder=$(readlink "$lock_link") || {
        [ -w "${1%/*}" ] || die 1 "${1%/*} cannot be written"
        continue
      }
      if [ "$holder" != "$(process "${holder%%@*}")" ]; then
        # Moved aside first, so that of several waiters one removes it, and put back if it was a new one after all;
        # with ln, which leaves alone a lock that yet another one has made meanwhile.
        mv "$lock_link" "$lock_link.$$" 2>/dev/null || continue
        moved=$(readlink "$lock_link.$$")
        [ "$moved" = "$holder" ] || ln -s "$moved" "$lock_link" 2>/dev/null || :
        rm -f "$lock_link.$$"
      else
        [ -n "$waiting" ] || say "$2"
        waiting=yes
        sleep 1
      fi
    done
  fi
}

unlock() {
  if command -v flock >/dev/null; then eval "exec $lock_descriptor>&-"; else rm -f "$lock_link"; fi
}

# process PID: a name for the process that a later one with the same number does not share.
process() { echo "$1@$(LC_ALL=C TZ=UTC ps -o lstart= -p "$1" | tr -s ' ' _)"; }
