/* Where the environment asks for atleast-f64, dgemm_ gives the bits of a kernel that multiplies by residues, and native ones where that cannot serve or is slower. */
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

int main(void) {
    int32_t kernel = -1;
    for (int32_t i = 0; i < gamut_kernel_count(); i++) {
        const char *id = gamut_kernel_at(i)->id;
        if (strncmp(id, "gemm_f64_f64_f64_f64_residue_", 29) == 0 && gamut_kernel_at(i)->compiled &&
            (gamut_kernel_at(i)->features & ~gamut_cpu_features()) == 0) {
            kernel = i;
        }
    }
    if (kernel < 0) {
        printf("0 passed, 0 failed\n");
        return 0;
    }
    setenv("GAMUT_ACCURACY", "atleast-f64", 1);
    setenv("GAMUT_RESIDUE_FROM", "50", 1);
    fill(a, M * K), fill(b, K * N), fill(c, M * N);
    memcpy(expected, c, sizeof c);
    int failures = directly(kernel, K) != 0;
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
    printf("%s%d passed, %d failed\n", failures == 0 ? "" : "FAILED dgemm_\n", 5 + 2 * N - failures, failures);
    return failures != 0;
}
