package dev.gamut.ffm.gpu;

import java.util.function.Supplier;

/**
 * GPUs of NVIDIA by CUDA, from version 11 on; products are cuBLASLt's. <b>Run on a simulator of both libraries only</b>: no such GPU has
 * been seen by this code.
 *
 * <p>The runtime is the file that the system property {@code gamut.cuda} or the environment variable {@code GAMUT_CUDA} names ({@code
 * none} for none), or the first of the usual names that the system's loader knows or that lies in {@code CUDA_HOME} or {@code
 * /usr/local/cuda}; {@code gamut.cublaslt} and {@code GAMUT_CUBLASLT} do the same for cuBLASLt, {@code gamut.nccl} and {@code GAMUT_NCCL} for
 * NCCL, from 2.14 on. NCCL is looked for when a rank is first put on a device, the others when a device is first asked about. Thread-safe.
 */
public final class CudaProvider extends GpuProvider {
    /** For {@link java.util.ServiceLoader}. */
    public CudaProvider() {
        this(() -> GpuHost.get(Vendor.CUDA));
    }

    CudaProvider(Supplier<GpuHost> host) {
        super(Vendor.CUDA, host);
    }
}
