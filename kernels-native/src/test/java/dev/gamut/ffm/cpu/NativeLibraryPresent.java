package dev.gamut.ffm.cpu;

import org.junit.jupiter.api.Assumptions;

/** What all tests of kernels in C need: a C compiler has built them. */
final class NativeLibraryPresent {
    private NativeLibraryPresent() {}

    static CpuLibrary assume() {
        HostLibrary host = HostLibrary.get();
        Assumptions.assumeTrue(host.library() != null, () -> "cannot run here: " + host.failure());
        return host.library();
    }
}
