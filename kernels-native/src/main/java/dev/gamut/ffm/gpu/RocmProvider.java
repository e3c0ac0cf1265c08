package dev.gamut.ffm.gpu;

import java.util.function.Supplier;

/**
 * GPUs of AMD by ROCm, from version 6 on; products are hipBLASLt's. <b>Run on a simulator of both libraries only</b>: no such GPU has
 * been seen by this code.
 *
 * <p>The runtime is the file that the system property {@code gamut.rocm} or the environment variable {@code GAMUT_ROCM} names ({@code
 * none} for none), or the first of the usual names that the system's loader knows or that lies in {@code ROCM_PATH} or {@code
 * /opt/rocm}; {@code gamut.hipblaslt} and {@code GAMUT_HIPBLASLT} do the same for hipBLASLt, {@code gamut.rccl} and {@code GAMUT_RCCL} for
 * RCCL. RCCL is looked for when a rank is first put on a device, the others when a device is first asked about. Thread-safe.
 */
public final class RocmProvider extends GpuProvider {
    /** For {@link java.util.ServiceLoader}. */
    public RocmProvider() {
        this(() -> GpuHost.get(Vendor.ROCM));
    }

    RocmProvider(Supplier<GpuHost> host) {
        super(Vendor.ROCM, host);
    }
}
