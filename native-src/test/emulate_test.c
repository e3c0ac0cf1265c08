/*
 * Where the environment asks for atleast-f64, dgemm_ gives the bits of a kernel that multiplies by residues, and native ones where that cannot serve or is slower.
 * Where it asks for atleast-f32, sgemm_ gives those of a kernel that multiplies by terms.
 */
#include "../driver/residue.h"
#include "symbols.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define M 600
#define N 70
#define K 130
#define FEW 4

void FORTRAN_NAME(dgemm)(const char *, const char *, const INT *, const INT *, const INT *, const double *, const double *, const INT *,
                         const double *, const INT *, const double *, double *, const INT *);

void FORTRAN_NAME(sgemm)(const char *, const char *, const INT *, const INT *, const INT *, const float *, const float *, const INT *,
                         const float *, const INT *, const float *, float *, const INT *);

/* Rows, columns and steps of a product in F32 that is large enough, and columns of one that is not. */
#define SIDE 300
#define SMALL 90

static double a[M * K], b[K * N], c[M * N], expected[M * N];

static void fill(double *x, int n) {
    static uint64_t state = 20261127;
    for (int i = 0; i < n; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        x[i] = (double)(state >> 11) * 0x1p-52 - 1;
    }
}

static void *room(int64_t bytes) {
    return aligned_alloc(64, (size_t)(bytes + 63) / 64 * 64);
}

/* The number of native blocks. */
static int64_t directly(int32_t kernel, int k) {
    gamut_gemm g = {.size = sizeof g, .kernel = kernel, .m = M, .n = N, .k = k, .a_row = 1, .a_col = M, .b_row = 1, .b_col = K,
                    .c_row = 1, .c_col = M, .alpha = 1.25, .beta = 0.5};
    void *workspace = room(gamut_residue_workspace(&g)), *scratch = room(gamut_residue_scratch(&g));
    gamut_residue_begin(&g, 0, 0, 0, NULL, workspace);
    for (int64_t tasks = gamut_residue_phase(workspace); tasks > 0; tasks = gamut_residue_phase(workspace)) {
        for (int64_t t = 0; t < tasks; t++) {
            for (int64_t step = 0; gamut_residue_step(a, b, expected, t, step, workspace, scratch) == GAMUT_MORE; step++) {
            }
        }
    }
    int64_t natives = ((const gamut_residues *)workspace)->natives;
    free(workspace), free(scratch);
    return natives;
}

static void multiply(int steps) {
    const INT m = M, n = N, k = steps, ldb = K;
    const double alpha = 1.25, beta = 0.5;
    FORTRAN_NAME(dgemm)("N", "N", &m, &n, &k, &alpha, a, &m, b, &ldb, &beta, c, &m);
}

/* How many results of sgemm_ are not those of a kernel; returns whether that failed. */
static int by_terms(int32_t kernel, int cols, int *others) {
    static float x[SIDE * SIDE], y[SIDE * SIDE], is[SIDE * SIDE], want[SIDE * SIDE];
    fill(a, SIDE * SIDE / 2), fill(b, K * N);
    for (int i = 0; i < SIDE * SIDE; i++) {
        x[i] = (float)a[i % (SIDE * SIDE / 2)], y[i] = (float)b[i % (K * N)], is[i] = want[i] = (float)i;
    }
    gamut_gemm g = {.size = sizeof g, .kernel = kernel, .m = SIDE, .n = cols, .k = SIDE, .a_row = 1, .a_col = SIDE, .b_row = 1, .b_col = SIDE,
                    .c_row = 1, .c_col = SIDE, .alpha = 1.25, .beta = 0.5};
    void *workspace = room(gamut_gemm_workspace(&g, 1));
    int failed = gamut_gemm_begin(&g, 0, 0, 0, 0, 1, workspace) != GAMUT_OK || gamut_gemm_compute(x, y, want, workspace) != GAMUT_OK;
    free(workspace);
    const INT m = SIDE, n = cols, k = SIDE;
    const float alpha = 1.25f, beta = 0.5f;
    FORTRAN_NAME(sgemm)("N", "N", &m, &n, &k, &alpha, x, &m, y, &k, &beta, is, &m);
    *others = 0;
    for (int i = 0; i < SIDE * cols; i++) {
        *others += memcmp(is + i, want + i, sizeof *is) != 0;
    }
    return failed;
}

int main(void) {
    int32_t kernel = -1, terms = -1;
    for (int32_t i = 0; i < gamut_kernel_count(); i++) {
        const char *id = gamut_kernel_at(i)->id;
        if (strncmp(id, "gemm_f64_f64_f64_f64_residue_", 29) == 0 && gamut_kernel_at(i)->compiled &&
            (gamut_kernel_at(i)->features & ~gamut_cpu_features()) == 0) {
            kernel = i;
        }
        if (strcmp(id, "gemm_f32_f32_f32_f32_32x32_amxbf16x3") == 0 && gamut_kernel_at(i)->compiled &&
            (gamut_kernel_at(i)->features & ~gamut_cpu_features()) == 0) {
            terms = i;
        }
    }
    int passed = 0, failures = 0;
    if (terms >= 0) {
        setenv("GAMUT_ACCURACY", "atleast-f32", 1);
        int others, few;
        failures += by_terms(terms, SIDE, &others) != 0 || others != 0;
        failures += by_terms(terms, SMALL, &few) != 0 || few == 0;
        passed = 2;
    }
    if (kernel < 0) {
        printf("%d passed, %d failed\n", passed - failures, failures);
        return failures != 0;
    }
    setenv("GAMUT_ACCURACY", "atleast-f64", 1);
    setenv("GAMUT_RESIDUE_FROM", "50", 1);
    fill(a, M * K), fill(b, K * N), fill(c, M * N);
    memcpy(expected, c, sizeof c);
    failures += directly(kernel, K) != 0;
    multiply(K);
    failures += memcmp(c, expected, sizeof c) != 0;

    /* A product with few steps has as many multiply-adds as one of 50 by 50 by 50, but takes what its C takes. */
    fill(c, M * N);
    memcpy(expected, c, sizeof c);
    failures += directly(kernel, FEW) != 0;
    multiply(FEW);
    failures += memcmp(c, expected, sizeof c) == 0;

    /* A number that is none, in the second block of rows. */
    a[520] = NAN;
    fill(c, M * N);
    memcpy(expected, c, sizeof c);
    failures += directly(kernel, K) != 1;
    multiply(K);
    for (int j = 0; j < N; j++) {
        failures += memcmp(c + j * M, expected + j * M, GAMUT_RESIDUE_BLOCK * sizeof *c) != 0;
        failures += !isnan(c[j * M + 520]) || isnan(c[j * M + 521]) || c[j * M + 521] == expected[j * M + 521];
    }
    printf("%s%d passed, %d failed\n", failures == 0 ? "" : "FAILED\n", passed + 5 + 2 * N - failures, failures);
    return failures != 0;
}
