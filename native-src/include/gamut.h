/*
 * The C interface of Gamut: kernels, and the loops around them, in phases that any number of threads run together.
 *
 * Every function may be called from any thread at any time. None allocates, locks, starts threads or keeps a pointer it was
 * given. Callers check sizes, strides and overlap; what is checked here is what would otherwise pick a wrong function.
 *
 * Each function's type has a name, that of the function and _fn: whoever looks functions up at run time, as a virtual machine or dlsym(3)
 * does, has what they take from here.
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
#define GAMUT_ABI_VERSION 6

/** The version this library was built with. */
typedef int32_t gamut_abi_version_fn(void);
GAMUT_API gamut_abi_version_fn gamut_abi_version;

/** What functions return that can fail. */
typedef enum gamut_status {
    GAMUT_OK = 0,
    /** The size of a struct is that of another version. */
    GAMUT_WRONG_SIZE = 1,
    /** There is no kernel of that number, or it is one of another architecture. */
    GAMUT_NO_KERNEL = 2,
    /** The kernel needs a feature that is not usable. */
    GAMUT_NO_FEATURE = 3,
    /** A size is negative, or a part is not below the number of parts. */
    GAMUT_OUT_OF_RANGE = 4,
    /** C cannot hold a result that must be exact; what C holds then is not defined. */
    GAMUT_REFUSED = 5,
    /** No error: there are steps left. */
    GAMUT_MORE = 6
} gamut_status;

/** GAMUT_OK and so on; never null. */
typedef const char *gamut_status_name_fn(int32_t status);
GAMUT_API gamut_status_name_fn gamut_status_name;

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
typedef uint64_t gamut_cpu_features_fn(void);
GAMUT_API gamut_cpu_features_fn gamut_cpu_features;

/** Why a feature may not be used; null where it may, or where there is no such feature. */
typedef const char *gamut_feature_refusal_fn(int32_t feature);
GAMUT_API gamut_feature_refusal_fn gamut_feature_refusal;

/**
 * Asks the system for large pages wherever whole ones, of 2 MiB, lie in some memory: private and anonymous, as that of malloc and of a virtual
 * machine is, and of no meaning yet, for what it holds is lost. What lies beside it stays. Where the system has no such pages, or none left,
 * memory is as good as before. Products by residues are faster in them, whose workspace and scratch are many planes met at once.
 *
 * @param memory at any address, best at a multiple of 2 MiB
 */
typedef void gamut_large_pages_fn(void *memory, int64_t bytes);
GAMUT_API gamut_large_pages_fn gamut_large_pages;

/** A kernel: a micro-kernel with its packing, or what takes a block of terms, driven by the loops of this library. */
typedef struct gamut_kernel {
    /** The id by which it is known everywhere, such as gemm_f64_f64_f64_f64_24x8_fma-kc256_avx512: types, tile and order. */
    const char *id;
    /** The features it needs: bits 1 << gamut_feature. */
    uint64_t features;
    /** 1 where this library has it; 0 where it is for another architecture: all are listed, so that they can be asked about. */
    int32_t compiled;
} gamut_kernel;

/** How many kernels there are, usable here or not. */
typedef int32_t gamut_kernel_count_fn(void);
GAMUT_API gamut_kernel_count_fn gamut_kernel_count;

/** One of them, from 0 on; null where there is none of that number. It lives as long as the library. */
typedef const gamut_kernel *gamut_kernel_at_fn(int32_t kernel);
GAMUT_API gamut_kernel_at_fn gamut_kernel_at;

/**
 * C = alpha A B + beta C, without the addresses: what stays the same from run to run. A is m by k, B k by n, C m by n; element
 * (i, j) of a matrix lies i * row + j * col elements from its address, strides of any sign. beta = 0: C is not read. alpha = 0: A
 * and B are not read. Where C is of integers, alpha and beta are integers, too, unless it is requantised: a C of 8 bits gets
 * (alpha A B + beta C) factor + zero point, rounded to nearest even and saturated, NaN 0; the sum is rounded to F32, then the product with
 * alpha and each multiply-add.
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
    /** 1 where b was laid out by gamut_gemm_pack for this kernel, n and k: its strides and its first element are of no meaning then. */
    int64_t b_packed;
    /** Of a C that is requantised: 1 where each column has a factor of its own, 0 where one is for all; the code that stands for 0. */
    int64_t column_factors, zero_point;
} gamut_gemm;

/**
 * The size of a struct or the offset of one of its fields as this library was built, by name: "gamut_gemm", "gamut_gemm.alpha"; -1 where
 * there is none of that name. For those who lay structs out by other means than this file.
 */
typedef int64_t gamut_layout_fn(const char *name);
GAMUT_API gamut_layout_fn gamut_layout;

/** Bytes of workspace that a part needs, to be aligned to 64; negative: -status. */
typedef int64_t gamut_gemm_workspace_fn(const gamut_gemm *gemm, int32_t parts);
GAMUT_API gamut_gemm_workspace_fn gamut_gemm_workspace;

/**
 * Gets one part of C ready in its workspace. All parts, in any order or at once, compute the whole, with the same bits for any number of
 * them.
 *
 * @param a_first how many elements behind the addresses of the following calls the first element of a matrix lies
 * @param workspace of this part alone, its content of no meaning
 * @return a gamut_status; unless it is GAMUT_OK the part must not be computed
 */
typedef int32_t gamut_gemm_begin_fn(const gamut_gemm *gemm, int64_t a_first, int64_t b_first, int64_t c_first, int32_t part,
                                    int32_t parts, void *workspace);
GAMUT_API gamut_gemm_begin_fn gamut_gemm_begin;

/**
 * Gives a part whose C is requantised its factors, after gamut_gemm_begin: F32 at any address, those of the whole C, of which it takes its
 * own. Returns a gamut_status, GAMUT_NO_KERNEL where C is not requantised.
 *
 * @param first how many elements behind the address they begin
 */
typedef int32_t gamut_gemm_factors_fn(const void *factors, int64_t first, void *workspace);
GAMUT_API gamut_gemm_factors_fn gamut_gemm_factors;

/**
 * Computes a part that was got ready, or what is left of it.
 *
 * @return GAMUT_OK, or GAMUT_REFUSED: then the workspace begins with the row and the column of that element, each an int64_t
 */
typedef int32_t gamut_gemm_compute_fn(const void *a, const void *b, void *c, void *workspace);
GAMUT_API gamut_gemm_compute_fn gamut_gemm_compute;

/**
 * The same in steps of less than a millisecond, between which operands may move in memory, as arrays of a virtual machine do: GAMUT_MORE
 * until there are none left.
 */
typedef int32_t gamut_gemm_step_fn(const void *a, const void *b, void *c, void *workspace);
GAMUT_API gamut_gemm_step_fn gamut_gemm_step;

/** Bytes of B as the kernel lays it out, to be aligned to 64; negative: -status. */
typedef int64_t gamut_gemm_packed_bytes_fn(const gamut_gemm *gemm);
GAMUT_API gamut_gemm_packed_bytes_fn gamut_gemm_packed_bytes;

/** In how many pieces, each well below a millisecond of work, that is done; negative: -status. */
typedef int64_t gamut_gemm_packed_pieces_fn(const gamut_gemm *gemm);
GAMUT_API gamut_gemm_packed_pieces_fn gamut_gemm_packed_pieces;

/** Lays out one piece of B, which begins so many elements behind its address. Of gemm only the kernel, n, k and the strides of b count. */
typedef int32_t gamut_gemm_pack_fn(const gamut_gemm *gemm, const void *b, int64_t b_first, int64_t piece, void *packed);
GAMUT_API gamut_gemm_pack_fn gamut_gemm_pack;

/**
 * What a product by residues, whose id names that order, says of itself: with this its workspace begins. Blocks of C have 512 rows and
 * columns.
 */
typedef struct gamut_residues {
    /** How many moduli there were, 0 where all blocks are native; bits by which norms exceed |A| |B|, as far as that is known. */
    int64_t moduli, span;
    /** Blocks along m and n. */
    int64_t row_blocks, col_blocks;
    /** Blocks that residues cannot serve, of which nothing is computed: how many, and a byte for each block, row by row, 1 for them. */
    int64_t natives, natives_at;
    /** 1 in phases whose first steps look at none of the operands, and may take long. */
    int64_t apart;
    /** Where a right operand that was laid out lies as it is, in bytes from the beginning: column by column, without room between elements. */
    int64_t copy_at;
} gamut_residues;

/** Bytes of workspace of the whole product, to be aligned to 64; m, n and k are at least 1, and alpha is not 0. Negative: -status. */
typedef int64_t gamut_residue_workspace_fn(const gamut_gemm *gemm);
GAMUT_API gamut_residue_workspace_fn gamut_residue_workspace;

/** Bytes of scratch memory for each thread; negative: -status. */
typedef int64_t gamut_residue_scratch_fn(const gamut_gemm *gemm);
GAMUT_API gamut_residue_scratch_fn gamut_residue_scratch;

/**
 * Gets a product ready; operands begin so many elements behind the addresses of the following calls. Of gemm mc are rows and columns that are
 * converted together, and nc columns of a task; 0: as memory allows, and whole blocks. They change no bit of C. Returns a gamut_status.
 *
 * @param packed where gemm says that b is packed: what gamut_residue_pack made of it, for this kernel, n and k, which is not written to
 */
typedef int32_t gamut_residue_begin_fn(const gamut_gemm *gemm, int64_t a_first, int64_t b_first, int64_t c_first, const void *packed,
                                       void *workspace);
GAMUT_API gamut_residue_begin_fn gamut_residue_begin;

/** Goes on to the next phase, when all tasks of the one before have ended: how many tasks it has; 0 after the last phase. */
typedef int64_t gamut_residue_phase_fn(void *workspace);
GAMUT_API gamut_residue_phase_fn gamut_residue_phase;

/**
 * A step of a task, from 0 on: GAMUT_MORE until there are none left. Tasks of a phase may take their steps at once, in any order, each with a
 * scratch memory of its own from step to step. Where it is not apart, a step takes less than a millisecond, and operands may move between two.
 */
typedef int32_t gamut_residue_step_fn(const void *a, const void *b, void *c, int64_t task, int64_t step, void *workspace, void *scratch);
GAMUT_API gamut_residue_step_fn gamut_residue_step;

/** Bytes of b with what is kept of it for products that use it again, to be aligned to 64; k is at most 32,768. Negative: -status. */
typedef int64_t gamut_residue_packed_bytes_fn(const gamut_gemm *gemm);
GAMUT_API gamut_residue_packed_bytes_fn gamut_residue_packed_bytes;

/**
 * Begins to lay b out, whose first element lies so many behind its address: then gamut_residue_phase and gamut_residue_step, with `packed` as
 * their workspace, until there are no phases left. Of gemm only the kernel, n, k and the strides of b count. Returns a gamut_status.
 */
typedef int32_t gamut_residue_pack_fn(const gamut_gemm *gemm, int64_t b_first, void *packed);
GAMUT_API gamut_residue_pack_fn gamut_residue_pack;

/** In place of a type of zero points. */
#define GAMUT_NO_ZEROS (-1)

/** In place of a type of scale factors. */
#define GAMUT_NO_SCALES (-1)

/**
 * y = alpha x W + beta y for few rows of x and weights of 4 or 8 bits with a scale factor, and perhaps a zero point, for each group of
 * them along k, without the addresses: a weight stands for scale (code - zero). x, m by k, is F32, BF16 or I8, which may have scale
 * factors, and y, m by n, F32 or BF16, as the kernel's id says; sums are F32, and a y of BF16 is rounded once. Places are counted in
 * elements, those of weights in bytes. beta = 0: y is not read. alpha = 0: x and the weights are not read.
 */
typedef struct gamut_weights {
    /** sizeof(gamut_weights) of the caller. */
    int64_t size;
    /** Number of the kernel. */
    int64_t kernel;
    int64_t m, n, k;
    /** Rows of x; along k it is contiguous. */
    int64_t x_first, x_row;
    /**
     * Of an x of I8: GAMUT_F32, GAMUT_F16, GAMUT_BF16 or GAMUT_NO_SCALES; steps of k that share a scale factor, a multiple of 32, or at
     * least k where each row has one; places of scale factors by row and group. Of others there are none.
     */
    int64_t x_scale_type, x_group, x_scale_first, x_scale_row, x_scale_group;
    /** Columns of weights; along k they are contiguous, of two in a byte the lower half first. */
    int64_t w_first, w_col;
    /** Steps of k that share a scale factor: a multiple of 32. */
    int64_t group;
    /** GAMUT_F32, GAMUT_F16 or GAMUT_BF16; places of scale factors by group and column. */
    int64_t scale_type, scale_first, scale_group, scale_col;
    /** GAMUT_I8, GAMUT_U8, GAMUT_I4 or GAMUT_NO_ZEROS. */
    int64_t zero_type, zero_first, zero_group, zero_col;
    int64_t y_first, y_row, y_col;
    double alpha, beta;
} gamut_weights;

/** Columns that are computed together, at most. */
#define GAMUT_WEIGHTS_COLUMNS 48

/** How many rows are computed together; negative: -status. */
typedef int64_t gamut_weights_rows_fn(const gamut_weights *weights);
GAMUT_API gamut_weights_rows_fn gamut_weights_rows;

/** Bytes of workspace, to be aligned to 64; negative: -status. */
typedef int64_t gamut_weights_workspace_fn(const gamut_weights *weights);
GAMUT_API gamut_weights_workspace_fn gamut_weights_workspace;

/**
 * Gets the rows that are computed together ready in a workspace, from `row` on. Returns a gamut_status.
 *
 * @param x_scales not looked at where x has no scale factors
 */
typedef int32_t gamut_weights_begin_fn(const gamut_weights *weights, const void *x, const void *x_scales, int64_t row, void *workspace);
GAMUT_API gamut_weights_begin_fn gamut_weights_begin;

/** Computes columns from `from` to before `to`, best a multiple of GAMUT_WEIGHTS_COLUMNS, of the rows that were got ready. Returns a gamut_status. */
typedef int32_t gamut_weights_columns_fn(const gamut_weights *weights, const void *x, const void *x_scales, const void *w,
                                         const void *scales, const void *zeros, void *y, int64_t row, int64_t from, int64_t to,
                                         void *workspace);
GAMUT_API gamut_weights_columns_fn gamut_weights_columns;

/**
 * A sum, a dot product, a norm or an extreme of neighbouring numbers, without the addresses. Kernels whose ids name the order tree64 give
 * the same bits on every machine and for any number of parts; so do minima and maxima, NaN where there is one and -0 below +0.
 */
typedef struct gamut_reduce {
    /** sizeof(gamut_reduce) of the caller. */
    int64_t size;
    /** Number of the kernel. */
    int64_t kernel;
    /** Terms; of a minimum or a maximum at least one. */
    int64_t n;
} gamut_reduce;

/** Bytes of workspace for all parts together, to be aligned to 64; negative: -status. */
typedef int64_t gamut_reduce_workspace_fn(const gamut_reduce *reduce, int32_t parts);
GAMUT_API gamut_reduce_workspace_fn gamut_reduce_workspace;

/**
 * Gets all parts ready for their first pass.
 *
 * @param x_first how many elements behind the addresses of the following calls the first term lies
 * @return a gamut_status
 */
typedef int32_t gamut_reduce_begin_fn(const gamut_reduce *reduce, int64_t x_first, int64_t y_first, int32_t parts, void *workspace);
GAMUT_API gamut_reduce_begin_fn gamut_reduce_begin;

/**
 * A step of one part, of less than a millisecond: GAMUT_MORE until there are none left. Parts may take their steps at once, in any order.
 *
 * @param y not looked at where there is one operand
 */
typedef int32_t gamut_reduce_step_fn(const void *x, const void *y, int32_t part, void *workspace);
GAMUT_API gamut_reduce_step_fn gamut_reduce_step;

/** Joins all parts: GAMUT_OK, then the workspace begins with the result, a double; or GAMUT_MORE: all of them have another pass to make. */
typedef int32_t gamut_reduce_finish_fn(void *workspace);
GAMUT_API gamut_reduce_finish_fn gamut_reduce_finish;

/**
 * A matrix of another type, without the addresses, rounded to nearest even; rows are contiguous. A code of the narrower side stands for
 * scale (code - zero) where there are scale factors: one for each group of columns of each row. Places are counted in elements.
 */
typedef struct gamut_convert {
    /** sizeof(gamut_convert) of the caller. */
    int64_t size;
    /** Number of the kernel. */
    int64_t kernel;
    int64_t x_first, x_row;
    int64_t y_first, y_row;
    /** Columns that share a scale factor; 0 where there are none. */
    int64_t group;
    /** GAMUT_F32, GAMUT_F16 or GAMUT_BF16; places of scale factors by row and group. */
    int64_t scale_type, scale_first, scale_row, scale_group;
    /** GAMUT_I8, GAMUT_U8 or GAMUT_NO_ZEROS. */
    int64_t zero_type, zero_first, zero_row, zero_group;
} gamut_convert;

/**
 * Converts columns from `from` to before `to` of some rows: less than a millisecond for 2^17 elements, between which operands may move. Of
 * 4 bits `from` is even. Returns a gamut_status.
 */
typedef int32_t gamut_convert_rows_fn(const gamut_convert *convert, const void *x, void *y, const void *scales, const void *zeros,
                                      int64_t row, int64_t rows, int64_t from, int64_t to);
GAMUT_API gamut_convert_rows_fn gamut_convert_rows;

#ifdef __cplusplus
}
#endif

#endif
