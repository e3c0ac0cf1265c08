#!/bin/sh
# The BLAS library as its users meet it: installed into a folder, then found by pkg-config and by CMake, called from C and from Fortran, and
# preloaded under NumPy. Ends with "N passed, N failed, N skipped".
set -eu

root=$(CDPATH='' cd "$(dirname "$0")/../.." && pwd -P)
. "$root/.ci/verdicts.sh"
find_c || cannot blas "$c_fault"

# has KIND COMMAND: whether the command is there, installed where it may be.
has() { command -v "$2" >/dev/null || { install_one "$1" >/dev/null 2>&1 && command -v "$2" >/dev/null; }; }

prefix=$scratch/prefix
{
  cmake -S "$root/native-src" -B "$scratch/build" -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib &&
    cmake --build "$scratch/build" --target gamut gamut_blas --parallel 2 &&
    cmake --install "$scratch/build"
} >"$scratch/log" 2>&1 || {
  cat "$scratch/log" >&2
  die 1 'the BLAS library cannot be built or installed'
}
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib

cat >"$scratch/program.c" <<'EOF'
#include <stdio.h>

void dgemm_(const char *, const char *, const int *, const int *, const int *, const double *, const double *, const int *,
            const double *, const int *, const double *, double *, const int *);
void cblas_dgemm(int, int, int, int, int, int, double, const double *, int, const double *, int, double, double *, int);

int main(void) {
    const double a[] = {1, 2, 3, 4, 5, 6}, b[] = {1, 0, 2, 0, 1, 3}, one = 1, zero = 0;
    const int two = 2, three = 3;
    double by_columns[4], by_rows[4];
    dgemm_("N", "N", &two, &two, &three, &one, a, &two, b, &three, &zero, by_columns, &two);
    cblas_dgemm(101, 111, 111, 2, 2, 3, 1, a, 3, b, 2, 0, by_rows, 2);
    const double columns[] = {11, 14, 18, 22}, rows[] = {8, 9, 20, 18};
    for (int i = 0; i < 4; i++) {
        if (by_columns[i] != columns[i] || by_rows[i] != rows[i]) {
            printf("element %d: %g, %g\n", i, by_columns[i], by_rows[i]);
            return 1;
        }
    }
    return 0;
}
EOF
with_pkg_config() {
  # shellcheck disable=SC2046
  "${CC:-cc}" "$scratch/program.c" $(pkg-config --cflags --libs gamut) -o "$scratch/program" && "$scratch/program"
}
if has pkg-config pkg-config; then
  verdict 'C, found by pkg-config' with_pkg_config
else
  skip 'C, found by pkg-config' 'no pkg-config'
fi

# Threads are this library's own: as many as either variable says, the first one before the other.
cat >"$scratch/threads.c" <<'EOF'
#include <dirent.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

void cblas_dgemm(int, int, int, int, int, int, double, const double *, int, const double *, int, double, double *, int);

static int threads(void) {
    DIR *tasks = opendir("/proc/self/task");
    int count = 0;
    for (struct dirent *entry; (entry = readdir(tasks)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    closedir(tasks);
    return count;
}

static int product(void) {
    enum { N = 512 };
    double *a = malloc(N * N * sizeof *a), *c = malloc(N * N * sizeof *c);
    for (int i = 0; i < N * N; i++) {
        a[i] = 1;
    }
    cblas_dgemm(101, 111, 111, N, N, N, 1, a, N, a, N, 0, c, N);
    int right = c[0] == N && c[N * N - 1] == N;
    free(a);
    free(c);
    return right;
}

/* threads N: whether a product has started that many threads, and a child after it has its own. */
int main(int argc, char **argv) {
    int expected = argc > 1 ? atoi(argv[1]) : 1, status;
    int right = product() && threads() == expected;
    pid_t child = fork();
    if (child == 0) {
        _exit(product() && threads() == expected ? 0 : 1);
    }
    return right && waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
}
EOF
threads() {
  "${CC:-cc}" "$scratch/threads.c" -L"$prefix/lib" -lgamut_blas -o "$scratch/threads" &&
    GAMUT_NUM_THREADS=3 OMP_NUM_THREADS=2 "$scratch/threads" 3 && OMP_NUM_THREADS=2 "$scratch/threads" 2 &&
    GAMUT_NUM_THREADS=1 "$scratch/threads" 1
}
verdict 'threads, and after a fork' threads

# OpenMP binds the thread that a program starts with to a processor of its own: this library's do not crowd there, and stay within what the
# process was given.
cat >"$scratch/bound.c" <<'EOF'
#define _GNU_SOURCE
#include <dirent.h>
#include <omp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void cblas_dgemm(int, int, int, int, int, int, double, const double *, int, const double *, int, double, double *, int);

/* bound THREADS PROCESSORS: whether there are so many threads after a product, and others than the first may run on so many processors. */
int main(int argc, char **argv) {
    enum { N = 1024 }; /* worth a thousand threads, and machines have many processors */
    static double a[N * N], c[N * N];
    int expected = argc == 3 ? atoi(argv[1]) : 0, processors = argc == 3 ? atoi(argv[2]) : 0, threads = 0, right = omp_get_max_threads() > 0;
    cpu_set_t set;
    right &= sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) == 1;
    cblas_dgemm(101, 111, 111, N, N, N, 1, a, N, a, N, 0, c, N);
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *entry; (entry = readdir(tasks)) != NULL;) {
        int id = atoi(entry->d_name);
        threads += id != 0;
        if (id != 0 && id != getpid()) {
            right &= sched_getaffinity(id, sizeof set, &set) == 0 && CPU_COUNT(&set) == processors;
            printf("thread %d: %d processors\n", id, CPU_COUNT(&set));
        }
    }
    closedir(tasks);
    printf("%d threads\n", threads);
    return right && threads == expected ? 0 : 1;
}
EOF
unset OMP_NUM_THREADS OMP_PLACES # which nproc looks at, too
bound() {
  processors=$(nproc) one=$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')
  OMP_PROC_BIND=true GAMUT_NUM_THREADS=3 "$scratch/bound" 3 "$processors" && OMP_PROC_BIND=true "$scratch/bound" "$processors" "$processors" &&
    OMP_PROC_BIND=true GAMUT_NUM_THREADS=3 taskset -c "$one" "$scratch/bound" 3 1
}
if ! "${CC:-cc}" -fopenmp "$scratch/bound.c" -L"$prefix/lib" -lgamut_blas -o "$scratch/bound" 2>/dev/null; then
  skip 'threads of a bound OpenMP' "${CC:-cc} has no OpenMP"
elif ! command -v taskset >/dev/null; then
  skip 'threads of a bound OpenMP' 'no taskset'
elif [ "$(nproc)" -lt 2 ]; then
  skip 'threads of a bound OpenMP' 'one processor'
else
  verdict 'threads of a bound OpenMP' bound
fi

# A bad argument is reported by the number that the reference gives it, to the program's own xerbla_ or cblas_xerbla where it has one;
# nothing is computed. With integers of either size.
cat >"$scratch/bad.c" <<'EOF'
#include "symbols.h"

#include <stdio.h>
#include <string.h>

void FORTRAN_NAME(dgemm)(const char *, const char *, const INT *, const INT *, const INT *, const double *, const double *, const INT *,
                         const double *, const INT *, const double *, double *, const INT *);
void FORTRAN_NAME(strsm)(const char *, const char *, const char *, const char *, const INT *, const INT *, const float *, const float *,
                         const INT *, float *, const INT *);
void FORTRAN_NAME(dgemv)(const char *, const INT *, const INT *, const double *, const double *, const INT *, const double *, const INT *,
                         const double *, double *, const INT *);
void FORTRAN_NAME(ssyrk)(const char *, const char *, const INT *, const INT *, const float *, const float *, const INT *, const float *,
                         float *, const INT *);
void CBLAS_NAME(dgemm)(int, int, int, INT, INT, INT, double, const double *, INT, const double *, INT, double, double *, INT);
INT FORTRAN_NAME(lsame)(const char *, const char *);

static char said[32];
static INT number;
static int from_cblas;

#ifdef OWN
void FORTRAN_NAME(xerbla)(const char *routine, const INT *parameter, size_t length) {
    snprintf(said, sizeof said, "%.*s", (int)length, routine);
    number = *parameter;
}
#endif

#ifdef OWN_CBLAS
void CBLAS_NAME(xerbla)(INT parameter, const char *routine, const char *form, ...) {
    snprintf(said, sizeof said, "%s%s", routine, form);
    number = parameter;
    from_cblas++;
}
#endif

static int told(const char *routine, INT parameter) {
    int right = strncmp(said, routine, strlen(routine)) == 0 && number == parameter;
    if (!right) {
        printf("%s %d instead of %s %d\n", said, (int)number, routine, (int)parameter);
    }
    return right;
}

int main(void) {
    const INT two = 2, one = 1, none = 0, negative = -1;
    const double a[4] = {1, 2, 3, 4}, x = 1, zero = 0;
    const float s[4] = {1, 2, 3, 4}, y = 1;
    double c[4] = {5, 6, 7, 8};
    float t[4] = {5, 6, 7, 8};
    int right = FORTRAN_NAME(lsame)("n", "N") && !FORTRAN_NAME(lsame)("N", "T");
    FORTRAN_NAME(dgemm)("N", "N", &two, &two, &two, &x, a, &one, a, &two, &zero, c, &two);
    right &= told("DGEMM", 8);
    FORTRAN_NAME(dgemm)("N", "X", &two, &two, &two, &x, a, &two, a, &two, &zero, c, &two);
    right &= told("DGEMM", 2);
    FORTRAN_NAME(dgemm)("N", "N", &two, &negative, &two, &x, a, &two, a, &two, &zero, c, &two);
    right &= told("DGEMM", 4);
    FORTRAN_NAME(dgemm)("N", "N", &two, &two, &two, &x, a, &two, a, &two, &zero, c, &one);
    right &= told("DGEMM", 13);
    FORTRAN_NAME(strsm)("L", "U", "N", "Q", &two, &two, &y, s, &two, t, &two);
    right &= told("STRSM", 4);
    FORTRAN_NAME(dgemv)("T", &two, &two, &x, a, &two, a, &none, &zero, c, &one);
    right &= told("DGEMV", 8);
    FORTRAN_NAME(ssyrk)("U", "N", &two, &negative, &y, s, &two, &y, t, &two);
    right &= told("SSYRK", 4) && from_cblas == 0;
    CBLAS_NAME(dgemm)(101, 111, 111, 2, 2, 2, 1, a, 1, a, 2, 0, c, 2);
    right &= told("cblas_dgemm", 9);
#ifdef OWN_CBLAS
    right &= from_cblas == 1;
#endif
    return right && c[0] == 5 && c[3] == 8 && t[0] == 5 && t[3] == 8 ? 0 : 1;
}
EOF
# bad_argument OPTION...: for integers of a size.
bad_argument() {
  set -- "$@" -I"$root/native-src/test" "$scratch/bad.c" -L"$prefix/lib" -lgamut_blas
  "${CC:-cc}" -DOWN "$@" -o "$scratch/own" && "$scratch/own" || return 1
  "${CC:-cc}" -DOWN -DOWN_CBLAS "$@" -o "$scratch/own" && "$scratch/own" || return 1
  "${CC:-cc}" "$@" -o "$scratch/bad" || return 1
  status=0
  "$scratch/bad" >"$scratch/said" || status=$?
  cat "$scratch/said"
  [ "$status" -eq 1 ] && [ "$(cat "$scratch/said")" = ' ** On entry to DGEMM parameter number  8 had an illegal value' ]
}
verdict 'bad arguments, and a xerbla_ of the program' bad_argument
verdict 'bad arguments with integers of 64 bits' bad_argument -DGAMUT_ILP64

mkdir "$scratch/project"
cp "$scratch/program.c" "$scratch/project"
cat >"$scratch/project/CMakeLists.txt" <<'EOF'
cmake_minimum_required(VERSION 3.18)
project(user LANGUAGES C)
find_package(gamut REQUIRED)
add_executable(program program.c)
target_link_libraries(program PRIVATE gamut::gamut_blas)
EOF
with_cmake() {
  cmake -S "$scratch/project" -B "$scratch/project/build" -DCMAKE_PREFIX_PATH="$prefix" &&
    cmake --build "$scratch/project/build" && "$scratch/project/build/program"
}
verdict 'C, found by CMake' with_cmake

cat >"$scratch/program.f90" <<'EOF'
program main
  implicit none
  double precision :: a(2, 3), b(3, 2), c(2, 2)
  external :: dgemm
  a = reshape((/ 1d0, 2d0, 3d0, 4d0, 5d0, 6d0 /), (/ 2, 3 /))
  b = reshape((/ 1d0, 0d0, 2d0, 0d0, 1d0, 3d0 /), (/ 3, 2 /))
  call dgemm('N', 'N', 2, 2, 3, 1d0, a, 2, b, 3, 0d0, c, 2)
  if (any(c /= matmul(a, b))) error stop 'dgemm and matmul differ'
end program main
EOF
fortran() { gfortran "$scratch/program.f90" -L"$prefix/lib" -lgamut_blas -o "$scratch/fortran" && "$scratch/fortran"; }
if has fortran gfortran; then verdict Fortran fortran; else skip Fortran 'no gfortran'; fi

# NumPy from the distribution calls whichever BLAS the loader finds; others bring their own under other names.
python=/usr/bin/python3
"$python" -c 'import numpy' 2>/dev/null || install_one numpy >/dev/null 2>&1 || :
cat >"$scratch/product.py" <<'EOF'
import numpy as np
random = np.random.default_rng(1)
for dtype in (np.float64, np.float32):
    a = random.integers(-8, 8, (120, 70)).astype(dtype)
    b = random.integers(-8, 8, (70, 90)).astype(dtype)
    exact = a.astype(np.int64) @ b.astype(np.int64)
    assert (a @ b == exact).all(), dtype
for dtype in (np.complex128, np.complex64):
    ar, ai = random.integers(-8, 8, (2, 120, 70))
    br, bi = random.integers(-8, 8, (2, 70, 90))
    product = (ar + 1j * ai).astype(dtype) @ (br + 1j * bi).astype(dtype)
    assert (product == (ar @ br - ai @ bi) + 1j * (ar @ bi + ai @ br)).all(), dtype
EOF
# That it is this library's symbol which NumPy came to, the loader tells.
numpy() {
  LD_DEBUG=bindings LD_PRELOAD="$prefix/lib/libgamut_blas.so" "$python" "$scratch/product.py" >"$scratch/bindings" 2>&1 || {
    tail -n 5 "$scratch/bindings"
    return 1
  }
  for routine in cblas_dgemm cblas_zgemm; do
    grep -q "multiarray.*libgamut_blas.so.*$routine" "$scratch/bindings" || {
      echo "NumPy did not come to $routine of libgamut_blas"
      return 1
    }
  done
}
if "$python" -c 'import numpy' 2>/dev/null; then verdict 'NumPy, preloaded' numpy; else skip 'NumPy, preloaded' 'no NumPy of the system'; fi

# What this library does not compute itself the system's BLAS does, where there is one (Debian's NumPy brings one).
cat >"$scratch/left.c" <<'EOF'
#include <complex.h>
#include <stdio.h>

double complex zdotc_(const int *, const double complex *, const int *, const double complex *, const int *);
void zher2k_(const char *, const char *, const int *, const int *, const double complex *, const double complex *, const int *,
             const double complex *, const int *, const double *, double complex *, const int *);

int main(void) {
    const double complex a[] = {1 + 2 * I, 3 - I}, b[] = {2 - I, 1 + I}, alpha = 1 + I;
    const double beta = 0;
    const int one = 1, two = 2;
    double complex dot = zdotc_(&two, a, &one, b, &one), c[4] = {0};
    zher2k_("L", "N", &two, &one, &alpha, a, &two, b, &two, &beta, c, &two);
    printf("%g %g, %g %g %g %g\n", creal(dot), cimag(dot), creal(c[0]), creal(c[1]), cimag(c[1]), creal(c[3]));
    return !(dot == 2 - I && c[0] == -10 && c[1] == 8 + 4 * I && c[3] == 12);
}
EOF
left() { "${CC:-cc}" "$scratch/left.c" -L"$prefix/lib" -lgamut_blas -o "$scratch/left" && "$scratch/left"; }
without() {
  "${CC:-cc}" "$scratch/left.c" -L"$prefix/lib" -lgamut_blas -o "$scratch/left" || return 1
  said=$(GAMUT_BLAS=none "$scratch/left" 2>&1) && return 1
  echo "$said"
  [ "$said" = 'gamut: zdotc_ is left to a BLAS of the system, and none was found that has it with integers of 32 bits; GAMUT_BLAS=none' ]
}
if { ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep -qE 'lib(blas\.so\.3|openblas\.so\.0) '; then
  verdict "the system's BLAS" left
else
  skip "the system's BLAS" 'no BLAS of the system'
fi
verdict 'no BLAS of the system' without
summary
