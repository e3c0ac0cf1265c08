/*
 * Products of F64 by exact products of bytes, where GAMUT_ACCURACY is atleast-f64: their error is no larger than what DGEMM may have, their
 * bits are the same for any number of threads, and on matrix units they are faster from some size on. Products of F32 by three terms of BF16,
 * where it is atleast-f32: their error is no larger than what SGEMM may have.
 */
#include "../driver/residue.h"
#include "blas.h"
#include "threads.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/*
 * The harmonic mean of m, n and k from which AMX is faster: products gain as m n k, and what operands and C take costs as much for an element of
 * each, so that what counts is 1/m + 1/n + 1/k (./gamut explain shows the times). Other instructions never are, where nobody says otherwise.
 */
#define FROM 512

/* The same of F32 by terms, where there is no memory to be got ready and little else than products. Not measured. */
#define FROM_F32 256

/* Columns of a task at least. */
#define STRIP 128

typedef struct job {
    gamut_gemm gemm;
    const void *a, *b;
    void *c, *workspace;
    size_t room;
    atomic_long next;
    int64_t tasks;
} job;

static int begins(const char *text, const char *word) {
    return strncasecmp(text, word, strlen(word)) == 0;
}

static int is(const char *text, const char *word) {
    return strcasecmp(text, word) == 0;
}

/* 1 / m + 1 / n + 1 / k is what counts. */
static double harmonic_mean(int64_t m, int64_t n, int64_t k) {
    return 3 / (1 / (double)m + 1 / (double)n + 1 / (double)k);
}

/* The size that GAMUT_RESIDUE_FROM names. */
static double size_of(const char *text) {
    char *end;
    double size = strtod(text, &end);
    if (end == text || *end != '\0' || !(size >= 0 && size <= 0x1p53)) {
        fprintf(stderr, "gamut: GAMUT_RESIDUE_FROM is '%s'; a number from 0 to 2^53 is needed\n", text);
        return FROM;
    }
    return size;
}

/* Whether the environment asks for an accuracy; what else may stand there for programs in Java demands no more than native arithmetic gives. */
static int asks_for(const char *name, const char *other) {
    static atomic_flag said = ATOMIC_FLAG_INIT;
    const char *accuracy = getenv("GAMUT_ACCURACY");
    if (accuracy == NULL) {
        return 0;
    }
    if (!is(accuracy, "native") && !begins(accuracy, "atleast") && !begins(accuracy, "within") && !atomic_flag_test_and_set(&said)) {
        fprintf(stderr, "gamut: GAMUT_ACCURACY is '%s'; native, atleast-f64, atleast-f32 and within:EPS are allowed\n", accuracy);
    }
    return is(accuracy, name) || is(accuracy, other);
}

/* What is asked for, read once: the kernel, -1 for none, and the mean from which it is taken. */
static int32_t asked(double *from) {
    static _Atomic int32_t known; /* two more than the number */
    static _Atomic double known_from;
    int32_t found = atomic_load(&known) - 2;
    if (found < -1) {
        const char *size = getenv("GAMUT_RESIDUE_FROM");
        int emulates = asks_for("atleast-f64", "atleast:f64");
        double least = size == NULL ? FROM : size_of(size);
        found = -1;
        for (int32_t i = 0; emulates && i < gamut_kernel_count(); i++) {
            const gamut_residue_kernel *kernel = gamut_residue_kernels[i];
            uint64_t needs = gamut_kernel_at(i)->features;
            int fast = size != NULL || (needs & UINT64_C(1) << GAMUT_AMX_INT8) != 0;
            if (kernel != NULL && kernel->type == GAMUT_F64 && fast && (needs & ~gamut_cpu_features()) == 0) {
                found = i;
            }
        }
        atomic_store(&known_from, least);
        atomic_store(&known, found + 2);
    }
    *from = atomic_load(&known_from);
    return found;
}

static void run(void *data, int part, int parts) {
    (void)part, (void)parts;
    job *x = data;
    void *scratch = gamut_scratch(x->room);
    if (scratch == NULL) {
        gamut_no_memory((int64_t)x->room);
    }
    for (int64_t task = atomic_fetch_add(&x->next, 1); task < x->tasks; task = atomic_fetch_add(&x->next, 1)) {
        for (int64_t step = 0; gamut_residue_step(x->a, x->b, x->c, task, step, x->workspace, scratch) == GAMUT_MORE;) {
            step++;
        }
    }
}

/* Blocks that residues do not serve. */
static void complete(const job *x) {
    const gamut_gemm *g = &x->gemm;
    const gamut_residues *said = x->workspace;
    const uint8_t *natives = (const uint8_t *)x->workspace + said->natives_at;
    for (int64_t block = 0; said->natives > 0 && block < said->row_blocks * said->col_blocks; block++) {
        if (natives[block]) {
            int64_t i = block / said->col_blocks * GAMUT_RESIDUE_BLOCK, j = block % said->col_blocks * GAMUT_RESIDUE_BLOCK;
            int64_t rows = g->m - i < GAMUT_RESIDUE_BLOCK ? g->m - i : GAMUT_RESIDUE_BLOCK;
            int64_t cols = g->n - j < GAMUT_RESIDUE_BLOCK ? g->n - j : GAMUT_RESIDUE_BLOCK;
            gamut_multiply(gamut_kernel_for(GAMUT_F64, GAMUT_F64), rows, cols, g->k, g->alpha, (const double *)x->a + i * g->a_row, g->a_row,
                           g->a_col, (const double *)x->b + j * g->b_col, g->b_row, g->b_col, g->beta,
                           (double *)x->c + i * g->c_row + j * g->c_col, g->c_row, g->c_col);
        }
    }
}

int gamut_emulate_f64(int64_t m, int64_t n, int64_t k, double alpha, const double *a, int64_t a_row, int64_t a_col, const double *b,
                  int64_t b_row, int64_t b_col, double beta, double *c, int64_t c_row, int64_t c_col) {
    double from;
    int32_t kernel = asked(&from);
    if (kernel < 0 || m == 0 || n == 0 || k == 0 || alpha == 0 || harmonic_mean(m, n, k) < from) {
        return 0;
    }
    int threads = gamut_threads();
    int64_t blocks = (m + GAMUT_RESIDUE_BLOCK - 1) / GAMUT_RESIDUE_BLOCK * ((n + GAMUT_RESIDUE_BLOCK - 1) / GAMUT_RESIDUE_BLOCK);
    int64_t strip = GAMUT_RESIDUE_BLOCK;
    while (threads > 1 && strip > STRIP && blocks * (GAMUT_RESIDUE_BLOCK / strip) < 2 * threads) {
        strip /= 2;
    }
    job x = {.a = a, .b = b, .c = c,
             .gemm = {.size = sizeof x.gemm, .kernel = kernel, .m = m, .n = n, .k = k, .a_row = a_row, .a_col = a_col, .b_row = b_row,
                      .b_col = b_col, .c_row = c_row, .c_col = c_col, .alpha = alpha, .beta = beta, .nc = strip}};
    x.room = (size_t)gamut_residue_scratch(&x.gemm);
    x.workspace = gamut_shared_scratch((size_t)gamut_residue_workspace(&x.gemm));
    if (x.workspace == NULL) {
        return 0;
    }
    gamut_residue_begin(&x.gemm, 0, 0, 0, NULL, x.workspace);
    while ((x.tasks = gamut_residue_phase(x.workspace)) > 0) {
        atomic_store(&x.next, 0);
        gamut_parallel(x.tasks < threads ? (int)x.tasks : threads, run, &x);
    }
    complete(&x);
    return 1;
}

/* What takes three terms, where the environment asks for no more than F32 gives, read once; -1 for none. */
static int32_t by_terms(void) {
    static _Atomic int32_t known; /* two more than the number */
    int32_t found = atomic_load(&known) - 2;
    if (found < -1) {
        found = asks_for("atleast-f32", "atleast:f32") ? gamut_find_kernel(GAMUT_F32, GAMUT_F32, 3) : -1;
        atomic_store(&known, found + 2);
    }
    return found;
}

int gamut_emulate_f32(int64_t m, int64_t n, int64_t k, float alpha, const float *a, int64_t a_row, int64_t a_col, const float *b,
                      int64_t b_row, int64_t b_col, float beta, float *c, int64_t c_row, int64_t c_col) {
    int32_t kernel = by_terms();
    if (kernel < 0 || m == 0 || n == 0 || k == 0 || alpha == 0 || harmonic_mean(m, n, k) < FROM_F32) {
        return 0;
    }
    gamut_multiply(kernel, m, n, k, alpha, a, a_row, a_col, b, b_row, b_col, beta, c, c_row, c_col);
    return 1;
}
