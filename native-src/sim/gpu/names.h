/*
 * What the two GPU libraries call the same things: CUDA's runtime and cuBLASLt, or HIP and hipBLASLt where GAMUT_SIM_HIP is defined.
 * Only what Gamut binds. Values are those of CUDA 13.0 and cuBLASLt 13.1.1 (the same in 12.6), and of HIP and
 * hipBLASLt of ROCm 6.3; vendor.c holds them against the vendor's headers where those are installed.
 */
#ifndef GAMUT_SIM_GPU_NAMES_H
#define GAMUT_SIM_GPU_NAMES_H

#include <stddef.h>
#include <stdint.h>

#ifdef GAMUT_SIM_HIP
#define RT(name) hip##name
#define LT(name) hipblasLt##name
#define RT_TEXT "hip"
#define LT_TEXT "hipblasLt"
#define GET_PROPERTIES hipGetDevicePropertiesR0600
#else
#define RT(name) cuda##name
#define LT(name) cublasLt##name
#define RT_TEXT "cuda"
#define LT_TEXT "cublasLt"
#define GET_PROPERTIES cudaGetDeviceProperties
#endif

/* The same in both. */
enum {
    RT_SUCCESS = 0,
    RT_INVALID_VALUE = 1,
    RT_NO_MEMORY = 2,
    RT_INVALID_CONFIGURATION = 9,
    RT_INVALID_DIRECTION = 21,
    RT_INSUFFICIENT_DRIVER = 35,
    RT_NO_DEVICE = 100,
    RT_INVALID_DEVICE = 101,
    RT_NO_IMAGE = 209,
    RT_INVALID_HANDLE = 400,
    RT_NO_SYMBOL = 500,
    RT_NOT_READY = 600,
    RT_ILLEGAL_ADDRESS = 700,
    RT_ALREADY_REGISTERED = 712,
    RT_NOT_REGISTERED = 713,
    RT_UNKNOWN = 999,
    COPY_TO_DEVICE = 1,
    COPY_TO_HOST = 2,
    COPY_WITHIN = 3,
    STREAM_NON_BLOCKING = 1,
    EVENT_DISABLE_TIMING = 2,
    TYPE_F32 = 0,
    TYPE_F64 = 1,
    TYPE_F16 = 2,
    TYPE_I8 = 3,
    TYPE_I32 = 10,
    TYPE_BF16 = 14,
    EPILOGUE_NONE = 1,
    EPILOGUE_BIAS = 4,
    PREF_WORKSPACE = 1
};

/* NCCL and RCCL have the same names and numbers. */
enum {
    NCCL_SUCCESS = 0,
    NCCL_SYSTEM_ERROR = 2,
    NCCL_INVALID_ARGUMENT = 4,
    NCCL_INVALID_USAGE = 5,
    NCCL_REMOTE_ERROR = 6,
    NCCL_IN_PROGRESS = 7,
    NCCL_SUM = 0,
    NCCL_PROD = 1,
    NCCL_MAX = 2,
    NCCL_MIN = 3,
    NCCL_INT8 = 0,
    NCCL_UINT8 = 1,
    NCCL_INT32 = 2,
    NCCL_INT64 = 4,
    NCCL_F32 = 7,
    NCCL_F64 = 8,
    NCCL_SHRINK_ABORT = 1
};

#ifdef GAMUT_SIM_HIP
enum {
    ATTRIBUTE_UNITS = 63,
    ATTRIBUTE_MAJOR = 23,
    ATTRIBUTE_MINOR = 61,
    LT_SUCCESS = 0,
    LT_NOT_INITIALIZED = 1,
    LT_INVALID_VALUE = 3,
    LT_EXECUTION_FAILED = 5,
    LT_NOT_SUPPORTED = 7,
    OP_N = 111,
    OP_T = 112,
    COMPUTE_F32 = 2,
    COMPUTE_F64 = 7,
    COMPUTE_I32 = 9,
    DESC_TRANS_A = 0,
    DESC_TRANS_B = 1,
    DESC_EPILOGUE = 2,
    DESC_BIAS = 3,
    LAYOUT_BATCHES = 0,
    LAYOUT_STRIDE = 1
};
/* Attributes that hipBLASLt has not. */
enum { PREF_REDUCTION = -2, PREF_ALIGNMENT_A = -10 };
#else
enum {
    ATTRIBUTE_UNITS = 16,
    ATTRIBUTE_MAJOR = 75,
    ATTRIBUTE_MINOR = 76,
    LT_SUCCESS = 0,
    LT_NOT_INITIALIZED = 1,
    LT_INVALID_VALUE = 7,
    LT_EXECUTION_FAILED = 13,
    LT_NOT_SUPPORTED = 15,
    OP_N = 0,
    OP_T = 1,
    COMPUTE_F32 = 68,
    COMPUTE_F64 = 70,
    COMPUTE_I32 = 72,
    DESC_TRANS_A = 3,
    DESC_TRANS_B = 4,
    DESC_EPILOGUE = 7,
    DESC_BIAS = 8,
    LAYOUT_BATCHES = 5,
    LAYOUT_STRIDE = 6,
    PREF_REDUCTION = 3,
    PREF_ALIGNMENT_A = 5 /* then B, C, D */
};
#endif

/* What cublasLtMatmulAlgoGetHeuristic and its twin answer. */
typedef struct algo {
#ifdef GAMUT_SIM_HIP
    uint8_t data[16];
    size_t most_workspace;
#else
    uint64_t data[8];
#endif
} algo;

typedef struct heuristic {
    algo chosen;
    size_t workspace;
    int state;
    float waves;
    int reserved[4];
} heuristic;

/* The head of cudaDeviceProp and hipDeviceProp_t, all that is read of them. */
typedef struct properties {
    char name[256];
    char uuid[16];
    char luid[8];
    unsigned mask;
    size_t memory;
} properties;

#endif
