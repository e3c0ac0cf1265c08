/*
 * Routines that are left to a BLAS of the system: system_test STANDIN STANDIN64 LIBRARY, with the files of the stand-ins for integers of
 * 32 and 64 bits and that of the library itself.
 */
#define _GNU_SOURCE

#include "standin.h"
#include "verdict.h"

#include <complex.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void zher2k_(const char *, const char *, const int *, const int *, const double *, const double *, const int *, const double *,
             const int *, const double *, double *, const int *);
void cblas_zher2k(int, int, int, int, int, const double *, const double *, int, const double *, int, double, double *, int);
void zher2k_64_(const char *, const char *, const int64_t *, const int64_t *, const double *, const double *, const int64_t *,
                const double *, const int64_t *, const double *, double *, const int64_t *);
void cblas_csrot64_(int64_t, float *, int64_t, float *, int64_t, float, float);
void cblas_csrot(int, float *, int, float *, int, float, float);
float cblas_scasum(int, const float *, int);
double complex zdotc_(const int *, const double *, const int *, const double *, const int *);
float complex cdotu_(const int *, const float *, const int *, const float *, const int *);
void zaxpy_(const int *, const double *, const double *, const int *, double *, const int *);
void zaxpy_64_(const int64_t *, const double *, const double *, const int64_t *, double *, const int64_t *);
void cblas_zaxpy64_(int64_t, const double *, const double *, int64_t, double *, int64_t);
void chpr_(const char *, const int *, const float *, const float *, const int *, float *);


static const int one = 1, two = 2, three = 3, five = 5, seven = 7;
static const double x0 = 11, y0 = 13, alpha = 17, beta = 19;

static void rank_2k(void) {
    double c = 0;
    zher2k_("U", "N", &two, &three, &alpha, &x0, &five, &y0, &seven, &beta, &c, &one);
    verdict(c == DIGEST('U', 'N', 2, 3, 17, 11, 5, 13, 7, 19, 1), "zher2k_");
}

static void missing(void) {
    chpr_("U", &one, (float[]){1}, (float[]){1}, &one, (float[]){1});
}

/* Whether a call with this setting of GAMUT_BLAS ends the process with a message that has both texts in it. */
static int complains(const char *setting, void (*call)(void), const char *text, const char *other) {
    int pipes[2], status;
    if (pipe(pipes) != 0) {
        return 0;
    }
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        dup2(pipes[1], STDERR_FILENO);
        setenv("GAMUT_BLAS", setting, 1);
        alarm(60); /* in case a call comes back to itself */
        call();
        _exit(0);
    }
    close(pipes[1]);
    FILE *from = fdopen(pipes[0], "r");
    char message[4096];
    size_t length = fread(message, 1, sizeof message - 1, from);
    message[length] = '\0';
    fclose(from);
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE &&
           strstr(message, text) != NULL && strstr(message, other) != NULL;
}

static void sum(void) {
    double y = 0;
    zaxpy_(&two, &alpha, &x0, &three, &y, &five);
    verdict(y == DIGEST(2, 17, 11, 3, 5), "zaxpy_");
}

static void sum64(void) {
    double y = 0;
    const int64_t n = INT64_C(1) << 40, incx = 3, incy = 5;
    zaxpy_64_(&n, &alpha, &x0, &incx, &y, &incy);
    verdict(y == DIGEST(0x1p40, 17, 11, 3, 5), "zaxpy_64_");
}

/* Where the address sanitizer is, no library is opened so that it comes to its own routines. */
__attribute__((weak)) void __asan_init(void);

static const char *wide_library;

static void cblas_sum64(void) {
    double y = 0;
    cblas_zaxpy64_(INT64_C(1) << 40, &alpha, &x0, 3, &y, 5);
    verdict(y == DIGEST(0x1p40, 17, 11, 3, 5), "cblas_zaxpy64_");
}

/* What is loaded already comes to Gamut's zaxpy_, whose integers have 32 bits. */
static void cblas_sum64_of_loaded(void) {
    if (dlopen(wide_library, RTLD_NOW | RTLD_LOCAL) != NULL) {
        cblas_sum64();
    }
}

/* Whether a call, in a process of its own, finds its routine in the library that GAMUT_BLAS names; or in one that is loaded, the first of two. */
static int finds(const char *setting, void (*call)(void), const char *first, const char *second) {
    int status;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        failures = 0;
        setenv("GAMUT_BLAS", setting, 1);
        if (first != NULL) {
            failures = dlopen(first, RTLD_NOW | RTLD_LOCAL) == NULL || dlopen(second, RTLD_NOW | RTLD_LOCAL) == NULL;
        }
        alarm(60);
        call();
        _exit(failures);
    }
    return waitpid(child, &status, 0) == child && status == 0;
}

static void *sum_there(void *unused) {
    sum();
    return unused;
}

/* Forks while another thread loads the library. */
static void fork_meanwhile(void) {
    int pipes[2], status;
    char number[16], said;
    verdict(pipe(pipes) == 0, "a pipe");
    snprintf(number, sizeof number, "%d", pipes[1]);
    setenv("STANDIN_PIPE", number, 1);
    pthread_t thread;
    pthread_create(&thread, NULL, sum_there, NULL);
    verdict(read(pipes[0], &said, 1) == 1, "a library that is loaded");
    pid_t child = fork();
    if (child == 0) {
        failures = 0;
        alarm(30);
        rank_2k();
        _exit(failures);
    }
    pthread_join(thread, NULL);
    verdict(waitpid(child, &status, 0) == child && status == 0, "a child of a fork during a first call");
}

static pthread_barrier_t barrier;

static void *first_call(void *result) {
    pthread_barrier_wait(&barrier);
    zaxpy_(&two, &alpha, &x0, &three, result, &five);
    return NULL;
}

static void first_calls(void) {
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
    double results[THREADS] = {0};
    pthread_barrier_init(&barrier, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, first_call, &results[i]);
    }
    int right = 1;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        right &= results[i] == DIGEST(2, 17, 11, 3, 5);
    }
    verdict(right, "first calls of several threads at once");
}

int main(int argc, char **argv) {
    if (argc != 4) {
        return 2;
    }
    verdict(complains("none", rank_2k, "zher2k_", "GAMUT_BLAS=none"), "no BLAS admitted");
    verdict(complains("/nowhere/libblas.so", rank_2k, "zher2k_", "cannot open"), "no such file");
    verdict(complains(argv[3], rank_2k, "zher2k_", "Gamut itself"), "never itself");
    verdict(complains(argv[1], missing, "chpr_", argv[1]), "a routine that it lacks");
    verdict(complains(argv[2], sum, "zaxpy_", argv[2]), "no integers of 32 bits");
    verdict(finds(argv[2], sum64, NULL, NULL), "no other integers");
    wide_library = argv[2];
    verdict(complains(argv[2], cblas_sum64_of_loaded, "cblas_zaxpy64_", argv[2]), "no CBLAS that comes back");
    if (__asan_init == NULL) {
        verdict(finds(argv[2], cblas_sum64, NULL, NULL), "CBLAS by way of Fortran's routines");
    }
    verdict(complains(argv[1], sum64, "zaxpy_64_", argv[1]), "no integers of 64 bits");
    verdict(finds("", rank_2k, argv[1], argv[2]), "one that is loaded");
    verdict(finds("", sum, argv[2], argv[1]), "one that is loaded, after one with other integers");
    verdict(finds("", sum64, argv[1], argv[2]), "one with such integers that is loaded");
    verdict(finds(argv[1], fork_meanwhile, NULL, NULL), "a fork during a first call");
    setenv("GAMUT_BLAS", argv[1], 1);
    first_calls();
    /* Twice: the first call finds the routine, the second one knows where it is. */
    for (int turn = 0; turn < 2; turn++) {
        rank_2k();
        double c = 0;
        cblas_zher2k(102, 121, 111, 2, 3, &alpha, &x0, 5, &y0, 7, 23, &c, 29);
        verdict(c == DIGEST(102, 121, 111, 2, 3, 17, 11, 5, 13, 7, 23, 29), "cblas_zher2k");
        int64_t n = INT64_C(1) << 40, k = 3, lda = 5, ldb = 7, ldc = 1;
        zher2k_64_("U", "N", &n, &k, &alpha, &x0, &lda, &y0, &ldb, &beta, &c, &ldc);
        verdict(c == -DIGEST('U', 'N', 0x1p40, 3, 17, 11, 5, 13, 7, 19, 1), "zher2k_64_");
        float x = 2, y = 3;
        cblas_csrot(5, &x, 7, &y, 11, 13, 17);
        verdict(x == (float)DIGEST(5, 2, 7, 3, 11, 13, 17), "cblas_csrot");
        x = 2;
        y = 3;
        cblas_csrot64_(5, &x, 7, &y, 11, 13, 17);
        verdict(x == (float)-DIGEST(5, 2, 7, 3, 11, 13, 17), "cblas_csrot64_");
        verdict(cblas_scasum(5, (float[]){3}, 7) == (float)DIGEST(5, 3, 7), "cblas_scasum");
        verdict(zdotc_(&two, &x0, &three, &y0, &five) == DIGEST(2, 11, 3) + I * DIGEST(13, 5), "zdotc_");
        verdict(cdotu_(&two, (float[]){11}, &three, (float[]){13}, &five) == (float)DIGEST(2, 11, 3) + I * (float)DIGEST(13, 5), "cdotu_");
    }
    return summary();
}
