/*
 * Loops in C that a machine and Gamut's Java code are held against. Compiled where they run, once for each process, and
 * called through the functions named gamut_yard_*. Nothing here may need more than the compiler's default target: what
 * does carries a target attribute and runs only after a check of the CPU.
 *
 * Needs GCC 11 or Clang 14, or later ones; C11 with GNU extensions. Built by GCC 12 and Clang 14 and run on an x86-64
 * processor with AVX-512, VNNI and BF16, and on 64-bit Arm with SVE under QEMU; AVX-512 FP16 and AMX were built only.
 */
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

/* Who compiled this. */
EXPORT const char *gamut_yard_compiler(void) {
#ifdef __clang__
    return __VERSION__;
#else
    return "GCC " __VERSION__;
#endif
}

/* An empty function, for what a call costs. */
EXPORT void gamut_yard_empty(void) {}

/* ---- Peaks: arithmetic in registers. ---- */

/* One peak. Its loop keeps enough independent chains going to hide the latency of the instruction. */
struct peak {
    const char *name;
    const char *needs;            /* the CPU feature, for people */
    int (*here)(void);            /* 1: it runs here; 0: the CPU lacks it; -1: the system does not offer it */
    double (*run)(int64_t steps); /* returns its operations, multiplications and additions counted apart */
};

#if defined(__x86_64__)
#include "peaks_x86.h"
#elif defined(__aarch64__)
#include "peaks_arm.h"
#else
static const struct peak PEAKS[] = {{NULL, NULL, NULL, NULL}};
#endif

/* The name of a peak; NULL after the last. */
EXPORT const char *gamut_yard_peak_name(int peak) {
    return peak < (int)(sizeof PEAKS / sizeof *PEAKS) ? PEAKS[peak].name : NULL;
}

/* The CPU feature a peak needs. */
EXPORT const char *gamut_yard_peak_needs(int peak) { return PEAKS[peak].needs; }

/* Whether a peak can be measured here: see struct peak. */
EXPORT int gamut_yard_peak_here(int peak) { return PEAKS[peak].here(); }

/* Runs some steps of a peak that can be measured here and returns its operations. */
EXPORT double gamut_yard_peak_run(int peak, int64_t steps) { return PEAKS[peak].run(steps); }

/* ---- Reductions. ---- */

enum op { SUM, DOT, MIN, MAX };

#define PASTE2(a, b) a##_##b
#define PASTE(a, b) PASTE2(a, b)
#define NAME(stem) PASTE(PASTE(stem, TYPE), ISA)
#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 8")

/* VECTOR(min), VECTOR(max): the compiler's names of the instructions, as C has no operator for them. */
#if defined(__x86_64__)
#define VECTOR(op) PASTE(PASTE(X86_ISA, op), X86_TYPE)
#define ISA avx512
#define X86_ISA _mm512
#define TARGET __attribute__((target("avx512f")))
#define BYTES 64
#include "reduce_types.h"
#define ISA avx2
#define X86_ISA _mm256
#define TARGET __attribute__((target("avx2,fma")))
#define BYTES 32
#include "reduce_types.h"
#define X86_ISA _mm
#elif defined(__aarch64__)
#define VECTOR(op) PASTE(v##op##nmq, TYPE)
#else
#define VECTOR(op) vector_##op
#define SELECT(m, a, b) ((__typeof__(a))(((m) & (__typeof__(m))(a)) | (~(m) & (__typeof__(m))(b))))
#define vector_min(a, b) SELECT((a) < (b), a, b)
#define vector_max(a, b) SELECT((a) > (b), a, b)
#endif
#define ISA baseline
#define TARGET
#define BYTES 16
#include "reduce_types.h"

/* The instance for this CPU, picked when the library is loaded: to ask the CPU at each call may take microseconds. */
#define INSTANCE(T, type) static T (*reduce_##type)(int, const T *, const T *, int64_t, int) = reduce_##type##_baseline;
INSTANCE(double, f64)
INSTANCE(float, f32)

#if defined(__x86_64__)
__attribute__((constructor)) static void pick(void) {
    if (has_avx512f()) {
        reduce_f64 = reduce_f64_avx512;
        reduce_f32 = reduce_f32_avx512;
    } else if (has_avx2()) {
        reduce_f64 = reduce_f64_avx2;
        reduce_f32 = reduce_f32_avx2;
    }
}
#endif

/* Reductions of n elements, read in 1, 2, 4 or 8 streams at once. */
#define REDUCTIONS(T, type)                                                                   \
    EXPORT T gamut_yard_sum_##type(const T *x, int64_t n, int streams) {                      \
        return reduce_##type(SUM, x, x, n, streams);                                          \
    }                                                                                         \
    EXPORT T gamut_yard_dot_##type(const T *x, const T *y, int64_t n, int streams) {          \
        return reduce_##type(DOT, x, y, n, streams);                                          \
    }                                                                                         \
    EXPORT T gamut_yard_min_##type(const T *x, int64_t n, int streams) {                      \
        return reduce_##type(MIN, x, x, n, streams);                                          \
    }                                                                                         \
    EXPORT T gamut_yard_max_##type(const T *x, int64_t n, int streams) {                      \
        return reduce_##type(MAX, x, x, n, streams);                                          \
    }
REDUCTIONS(double, f64)
REDUCTIONS(float, f32)
