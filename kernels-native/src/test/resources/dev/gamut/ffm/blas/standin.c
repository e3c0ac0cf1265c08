/*
 * A BLAS library for tests: three loops, and whatever makes it look like one library or another. Built with -DNAME for each of the names
 * below; without any it is a BLAS that tells nothing about itself.
 */
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

static atomic_int running;
static atomic_int most;
static atomic_int disturbed;
static atomic_int number;

/* What the tests ask: products at once at most, products during which the number of threads changed, that number, all since the last call. */
int standin_most(void) { return atomic_exchange(&most, 0); }
int standin_disturbed(void) { return atomic_exchange(&disturbed, 0); }
int standin_threads(void) { return atomic_load(&number); }

static int begin(void) {
    int now = atomic_fetch_add(&running, 1) + 1, before = atomic_load(&most);
    while (now > before && !atomic_compare_exchange_weak(&most, &before, now)) {
    }
    return atomic_load(&number);
}

static void end(int threads) {
#ifndef MKL
    if (atomic_load(&number) != threads) {
        atomic_fetch_add(&disturbed, 1);
    }
#else
    (void)threads;
#endif
    atomic_fetch_sub(&running, 1);
}

#define GEMM(name, real)                                                                                                               \
    void name(int order, int ta, int tb, int m, int n, int k, real alpha, const real *a, int lda, const real *b, int ldb, real beta,  \
              real *c, int ldc) {                                                                                                      \
        int threads = begin();                                                                                                         \
        int a_rows = (ta == 111) == (order == 101), b_rows = (tb == 111) == (order == 101), c_rows = order == 101;                     \
        for (ptrdiff_t i = 0; i < m; i++) {                                                                                            \
            for (ptrdiff_t j = 0; j < n; j++) {                                                                                        \
                real sum = 0, *at = c + (c_rows ? i * ldc + j : j * ldc + i);                                                          \
                for (ptrdiff_t p = 0; p < k; p++) {                                                                                    \
                    sum += a[a_rows ? i * lda + p : p * lda + i] * b[b_rows ? p * ldb + j : j * ldb + p];                              \
                }                                                                                                                      \
                *at = beta == 0 ? alpha * sum : alpha * sum + beta * *at;                                                              \
            }                                                                                                                          \
        }                                                                                                                              \
        end(threads);                                                                                                                  \
    }

#ifndef EMPTY
GEMM(cblas_dgemm, double)
GEMM(cblas_sgemm, float)
#endif

#ifdef OWN
int gamut_abi_version(void) { return 1; }
#endif

#ifdef OPENBLAS
const char *openblas_get_config(void) { return "OpenBLAS 9.9.9 of the tests "; }
void openblas_set_num_threads(int threads) { atomic_store(&number, threads); }
int openblas_get_num_threads(void) { return 7; }
#endif

#ifdef BLIS
const char *bli_info_get_version_str(void) { return "9.9"; }
void bli_thread_set_num_threads(long threads) { atomic_store(&number, (int)threads); }
long bli_thread_get_num_threads(void) { return -1; }
#endif

#ifdef MKL
static _Thread_local int own;
void MKL_Get_Version_String(char *text, int size) { strncpy(text, "oneMKL 9.9 of the tests   ", (size_t)size); }
int MKL_Set_Num_Threads_Local(int threads) {
    int before = own;
    own = threads;
    if (threads != 0) {
        atomic_store(&number, threads);
    }
    return before;
}
int MKL_Get_Max_Threads(void) { return own == 0 ? 1 : own; }
#endif
