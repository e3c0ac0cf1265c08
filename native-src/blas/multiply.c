#include "blas.h"
#include "../driver/result.h"
#include "threads.h"

#include <stdatomic.h>

/* Multiply-adds that are worth a further thread. */
#define PRODUCTS_PER_THREAD (96.0 * 96 * 96)

typedef struct job {
    gamut_gemm gemm;
    const void *a, *b;
    void *c;
    size_t room;
} job;

int32_t gamut_find_kernel(gamut_dtype a, gamut_dtype b, int32_t terms) {
    int32_t found = -1;
    for (int32_t i = 0; i < gamut_kernel_count(); i++) {
        const gamut_tile *tile = gamut_tiles[i];
        if (tile != NULL && gamut_results[i] == NULL && tile->terms == terms && tile->a == (int32_t)a && tile->b == (int32_t)b &&
            (gamut_kernel_at(i)->features & ~gamut_cpu_features()) == 0) {
            found = i;
        }
    }
    return found;
}

int32_t gamut_kernel_for(gamut_dtype a, gamut_dtype b) {
    /* Two more than the number, once known; threads that ask first find the same. */
    static _Atomic int32_t known[GAMUT_I4 + 1][GAMUT_I4 + 1];
    int32_t found = atomic_load_explicit(&known[a][b], memory_order_relaxed) - 2;
    if (found >= -1) {
        return found;
    }
    found = gamut_find_kernel(a, b, 0);
    atomic_store_explicit(&known[a][b], found + 2, memory_order_relaxed);
    return found;
}

static void run(void *data, int part, int parts) {
    job *x = data;
    void *workspace = gamut_scratch(x->room);
    if (workspace == NULL) {
        gamut_no_memory((int64_t)x->room);
    }
    gamut_gemm_begin(&x->gemm, 0, 0, 0, part, parts, workspace);
    gamut_gemm_compute(x->a, x->b, x->c, workspace);
}

void gamut_multiply(int32_t kernel, int64_t m, int64_t n, int64_t k, double alpha, const void *a, int64_t a_row,
                    int64_t a_col, const void *b, int64_t b_row, int64_t b_col, double beta, void *c, int64_t c_row,
                    int64_t c_col) {
    if (m == 0 || n == 0 || ((alpha == 0 || k == 0) && beta == 1)) {
        return;
    }
    job x = {.a = a, .b = b, .c = c,
             .gemm = {.size = sizeof x.gemm, .kernel = kernel, .m = m, .n = n, .k = k, .a_row = a_row, .a_col = a_col,
                      .b_row = b_row, .b_col = b_col, .c_row = c_row, .c_col = c_col, .alpha = alpha, .beta = beta}};
    double worth = (double)m * (double)n * (double)k / PRODUCTS_PER_THREAD;
    int threads = gamut_threads();
    int parts = worth < 2 ? 1 : worth < threads ? (int)worth : threads;
    x.room = (size_t)gamut_gemm_workspace(&x.gemm, parts);
    gamut_parallel(parts, run, &x);
}
