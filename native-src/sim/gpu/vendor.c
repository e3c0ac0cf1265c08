/*
 * Holds names.h against the vendor's own headers; compiled, never run, where those are installed (gpu-sim-test.sh). GAMUT_HAS_BLAS says
 * that the headers of cuBLASLt are there too, GAMUT_HAS_NCCL those of NCCL; for HIP, whose headers for hipBLASLt are C++, this file is compiled as C++.
 */
#include "names.h"

#ifdef __cplusplus
#define SAME(ours, theirs) static_assert((long)(ours) == (long)(theirs), #ours)
#else
#define SAME(ours, theirs) _Static_assert((long)(ours) == (long)(theirs), #ours)
#endif

#ifdef GAMUT_SIM_HIP
#include <hip/hip_runtime_api.h>
#include <hip/library_types.h>
#define ERROR(hip, cuda) hipError##hip
#define TYPE(name) HIP_##name
typedef hipDeviceProp_t vendor_properties;
#else
#include <cuda_runtime_api.h>
#include <library_types.h>
#define ERROR(hip, cuda) cudaError##cuda
#define TYPE(name) CUDA_##name
typedef struct cudaDeviceProp vendor_properties;
#endif

SAME(RT_SUCCESS, RT(Success));
SAME(RT_INVALID_VALUE, ERROR(InvalidValue, InvalidValue));
SAME(RT_NO_MEMORY, ERROR(OutOfMemory, MemoryAllocation));
SAME(RT_INVALID_CONFIGURATION, ERROR(InvalidConfiguration, InvalidConfiguration));
SAME(RT_NO_IMAGE, ERROR(NoBinaryForGpu, NoKernelImageForDevice));
SAME(RT_NO_SYMBOL, ERROR(NotFound, SymbolNotFound));
SAME(RT_INVALID_DIRECTION, ERROR(InvalidMemcpyDirection, InvalidMemcpyDirection));
SAME(RT_INSUFFICIENT_DRIVER, ERROR(InsufficientDriver, InsufficientDriver));
SAME(RT_NO_DEVICE, ERROR(NoDevice, NoDevice));
SAME(RT_INVALID_DEVICE, ERROR(InvalidDevice, InvalidDevice));
SAME(RT_INVALID_HANDLE, ERROR(InvalidHandle, InvalidResourceHandle));
SAME(RT_NOT_READY, ERROR(NotReady, NotReady));
SAME(RT_ILLEGAL_ADDRESS, ERROR(IllegalAddress, IllegalAddress));
SAME(RT_ALREADY_REGISTERED, ERROR(HostMemoryAlreadyRegistered, HostMemoryAlreadyRegistered));
SAME(RT_NOT_REGISTERED, ERROR(HostMemoryNotRegistered, HostMemoryNotRegistered));
SAME(RT_UNKNOWN, ERROR(Unknown, Unknown));
SAME(COPY_TO_DEVICE, RT(MemcpyHostToDevice));
SAME(COPY_TO_HOST, RT(MemcpyDeviceToHost));
SAME(COPY_WITHIN, RT(MemcpyDeviceToDevice));
SAME(STREAM_NON_BLOCKING, RT(StreamNonBlocking));
SAME(EVENT_DISABLE_TIMING, RT(EventDisableTiming));
SAME(TYPE_F32, TYPE(R_32F));
SAME(TYPE_F64, TYPE(R_64F));
SAME(TYPE_F16, TYPE(R_16F));
SAME(TYPE_BF16, TYPE(R_16BF));
SAME(TYPE_I8, TYPE(R_8I));
SAME(TYPE_I32, TYPE(R_32I));
SAME(offsetof(properties, name), offsetof(vendor_properties, name));
SAME(offsetof(properties, memory), offsetof(vendor_properties, totalGlobalMem));
#ifdef GAMUT_SIM_HIP
SAME(ATTRIBUTE_UNITS, hipDeviceAttributeMultiprocessorCount);
SAME(ATTRIBUTE_MAJOR, hipDeviceAttributeComputeCapabilityMajor);
SAME(ATTRIBUTE_MINOR, hipDeviceAttributeComputeCapabilityMinor);
#else
SAME(ATTRIBUTE_UNITS, cudaDevAttrMultiProcessorCount);
SAME(ATTRIBUTE_MAJOR, cudaDevAttrComputeCapabilityMajor);
SAME(ATTRIBUTE_MINOR, cudaDevAttrComputeCapabilityMinor);
#endif

#ifdef GAMUT_HAS_BLAS
#ifdef GAMUT_SIM_HIP
#include <hipblaslt/hipblaslt.h>
#define BLAS(name) HIPBLAS_##name
#define BLAS_LT(name) HIPBLASLT_##name
typedef hipblasLtMatmulAlgo_t vendor_algo;
typedef hipblasLtMatmulHeuristicResult_t vendor_heuristic;
#else
#include <cublasLt.h>
#define BLAS(name) CUBLAS_##name
#define BLAS_LT(name) CUBLASLT_##name
typedef cublasLtMatmulAlgo_t vendor_algo;
typedef cublasLtMatmulHeuristicResult_t vendor_heuristic;
SAME(PREF_REDUCTION, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK);
SAME(PREF_ALIGNMENT_A, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES);
SAME(PREF_ALIGNMENT_A + 1, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES);
SAME(PREF_ALIGNMENT_A + 2, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES);
SAME(PREF_ALIGNMENT_A + 3, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES);
#endif
SAME(LT_SUCCESS, BLAS(STATUS_SUCCESS));
SAME(LT_NOT_INITIALIZED, BLAS(STATUS_NOT_INITIALIZED));
SAME(LT_INVALID_VALUE, BLAS(STATUS_INVALID_VALUE));
SAME(LT_EXECUTION_FAILED, BLAS(STATUS_EXECUTION_FAILED));
SAME(LT_NOT_SUPPORTED, BLAS(STATUS_NOT_SUPPORTED));
SAME(OP_N, BLAS(OP_N));
SAME(OP_T, BLAS(OP_T));
SAME(COMPUTE_F32, BLAS(COMPUTE_32F));
SAME(COMPUTE_F64, BLAS(COMPUTE_64F));
SAME(COMPUTE_I32, BLAS(COMPUTE_32I));
SAME(DESC_TRANS_A, BLAS_LT(MATMUL_DESC_TRANSA));
SAME(DESC_TRANS_B, BLAS_LT(MATMUL_DESC_TRANSB));
SAME(DESC_EPILOGUE, BLAS_LT(MATMUL_DESC_EPILOGUE));
SAME(DESC_BIAS, BLAS_LT(MATMUL_DESC_BIAS_POINTER));
SAME(LAYOUT_BATCHES, BLAS_LT(MATRIX_LAYOUT_BATCH_COUNT));
SAME(LAYOUT_STRIDE, BLAS_LT(MATRIX_LAYOUT_STRIDED_BATCH_OFFSET));
SAME(PREF_WORKSPACE, BLAS_LT(MATMUL_PREF_MAX_WORKSPACE_BYTES));
SAME(EPILOGUE_NONE, BLAS_LT(EPILOGUE_DEFAULT));
SAME(EPILOGUE_BIAS, BLAS_LT(EPILOGUE_BIAS));
SAME(sizeof(algo), sizeof(vendor_algo));
SAME(sizeof(heuristic), sizeof(vendor_heuristic));
SAME(offsetof(heuristic, workspace), offsetof(vendor_heuristic, workspaceSize));
SAME(offsetof(heuristic, state), offsetof(vendor_heuristic, state));
#endif

#ifdef GAMUT_HAS_NCCL
enum { OUR_SHRINK_ABORT = NCCL_SHRINK_ABORT }; /* a macro in newer headers */
#ifdef GAMUT_SIM_HIP
#include <rccl/rccl.h>
#else
#include <nccl.h>
#endif
SAME(NCCL_SUCCESS, ncclSuccess);
SAME(NCCL_SYSTEM_ERROR, ncclSystemError);
SAME(NCCL_INVALID_ARGUMENT, ncclInvalidArgument);
SAME(NCCL_INVALID_USAGE, ncclInvalidUsage);
SAME(NCCL_REMOTE_ERROR, ncclRemoteError);
SAME(NCCL_IN_PROGRESS, ncclInProgress);
SAME(NCCL_SUM, ncclSum);
SAME(NCCL_PROD, ncclProd);
SAME(NCCL_MAX, ncclMax);
SAME(NCCL_MIN, ncclMin);
SAME(NCCL_INT8, ncclInt8);
SAME(NCCL_UINT8, ncclUint8);
SAME(NCCL_INT32, ncclInt32);
SAME(NCCL_INT64, ncclInt64);
SAME(NCCL_F32, ncclFloat32);
SAME(NCCL_F64, ncclFloat64);
SAME(128, sizeof(ncclUniqueId));
SAME(offsetof(ncclConfig_t, magic), 8);
SAME(offsetof(ncclConfig_t, version), 12);
SAME(offsetof(ncclConfig_t, blocking), 16);
SAME(OUR_SHRINK_ABORT, NCCL_SHRINK_ABORT);
#endif
