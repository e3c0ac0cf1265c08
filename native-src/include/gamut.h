/*
 * The C interface of Gamut: kernels, and the loops around them, in phases that any number of threads run together.
 *
 * Every function may be called from any thread at any time. None allocates, locks, starts threads or keeps a pointer it was
 * given. Callers check sizes, strides and overlap; what is checked here is what would otherwise pick a wrong function.
 */
#ifndef GAMUT_H
#define GAMUT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GAMUT_API __attribute__((visibility("default")))

/** Rises when a struct or the meaning of a function changes. */
#define GAMUT_ABI_VERSION 1

/** The version this library was built with. */
GAMUT_API int32_t gamut_abi_version(void);

/** What functions return that can fail. */
typedef enum gamut_status {
    GAMUT_OK = 0,
    /** The size of a struct is that of another version. */
    GAMUT_WRONG_SIZE = 1,
    /** There is no kernel of that number. */
    GAMUT_NO_KERNEL = 2,
    /** The kernel needs a feature that is not usable. */
    GAMUT_NO_FEATURE = 3,
    /** A size is negative, or a part is not below the number of parts. */
    GAMUT_OUT_OF_RANGE = 4
} gamut_status;

/** GAMUT_OK and so on; never null. */
GAMUT_API const char *gamut_status_name(int32_t status);

/** Element types, in the order of dev.gamut.dtype.DType. */
typedef enum gamut_dtype {
    GAMUT_F64,
    GAMUT_F32,
    GAMUT_F16,
    GAMUT_BF16,
    GAMUT_F8E4M3,
    GAMUT_F8E5M2,
    GAMUT_F8E8M0,
    GAMUT_F4E2M1,
    GAMUT_I64,
    GAMUT_I32,
    GAMUT_I8,
    GAMUT_U8,
    GAMUT_I4
} gamut_dtype;

/** What decides whether a kernel can run: a bit each, in the order of dev.gamut.hw.Feature. */
typedef enum gamut_feature {
    GAMUT_AVX2,
    GAMUT_FMA,
    GAMUT_F16C,
    GAMUT_AVX512,
    GAMUT_AVX512_VNNI,
    GAMUT_AVX512_BF16,
    GAMUT_AVX512_FP16,
    GAMUT_AVX_VNNI,
    GAMUT_AMX_INT8,
    GAMUT_AMX_BF16,
    GAMUT_NEON,
    GAMUT_DOTPROD,
    GAMUT_I8MM,
    GAMUT_ARM_BF16,
    GAMUT_SVE,
    GAMUT_SVE2,
    GAMUT_FEATURES
} gamut_feature;

/** The features that may be used: the CPU has them, the operating system saves their registers, GAMUT_ISA admits them. */
GAMUT_API uint64_t gamut_cpu_features(void);

/** Why a feature may not be used; null where it may, or where there is no such feature. */
GAMUT_API const char *gamut_feature_refusal(int32_t feature);

/** A kernel: a micro-kernel with its packing, driven by the loops of this library. */
typedef struct gamut_kernel {
    /** The id by which it is known everywhere, such as gemm_f64_f64_f64_f64_24x8_fma-kc256_avx512. */
    const char *id;
    /** The features it needs: bits 1 << gamut_feature. */
    uint64_t features;
    /** gamut_dtype of a, b, the accumulator and c. */
    int32_t a, b, acc, c;
    /** Rows and columns of its register tile. */
    int32_t mr, nr;
} gamut_kernel;

/** How many kernels were compiled in, usable here or not. */
GAMUT_API int32_t gamut_kernel_count(void);

/** One of them, from 0 on; null where there is none of that number. It lives as long as the library. */
GAMUT_API const gamut_kernel *gamut_kernel_at(int32_t kernel);

/**
 * C = alpha A B + beta C, without the addresses: what stays the same from run to run. A is m by k, B k by n, C m by n; element
 * (i, j) of a matrix lies i * row + j * col elements from its address, strides of any sign. beta = 0: C is not read. alpha = 0: A
 * and B are not read.
 */
typedef struct gamut_gemm {
    /** sizeof(gamut_gemm) of the caller. */
    int64_t size;
    /** Number of the kernel. */
    int64_t kernel;
    int64_t m, n, k;
    int64_t a_row, a_col;
    int64_t b_row, b_col;
    int64_t c_row, c_col;
    double alpha, beta;
    /** Rows of a block of A and columns of a block of B, in the order of the loops; 0: as compiled in. They change no bit of C. */
    int64_t mc, nc;
} gamut_gemm;

/** Bytes of workspace that a part needs, to be aligned to 64; negative: -status. */
GAMUT_API int64_t gamut_gemm_workspace(const gamut_gemm *gemm, int32_t parts);

/**
 * Computes one part of C; all parts, in any order or at once, compute the whole, with the same bits for any number of them.
 *
 * @param workspace of this part alone, its content of no meaning
 * @return a gamut_status; unless it is GAMUT_OK nothing was done
 */
GAMUT_API int32_t gamut_gemm_compute(const gamut_gemm *gemm, const void *a, const void *b, void *c, int32_t part,
                                     int32_t parts, void *workspace);

/**
 * The same in steps of less than a millisecond, between which operands may move in memory, as arrays of a virtual machine do. Gets a part
 * ready in its workspace.
 */
GAMUT_API int32_t gamut_gemm_begin(const gamut_gemm *gemm, int32_t part, int32_t parts, void *workspace);

/** The next step of a part. Returns 1 if there are more, 0 if that was the last one. */
GAMUT_API int32_t gamut_gemm_step(const void *a, const void *b, void *c, void *workspace);

#ifdef __cplusplus
}
#endif

#endif
