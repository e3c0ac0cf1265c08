package dev.gamut.device;

import dev.gamut.dtype.DType;
import java.util.Set;

/**
 * What is known of a device before it is opened. Immutable.
 *
 * @param name the provider and the device's number among its devices, such as {@code opencl:0}
 * @param title what its library calls it
 * @param kind what sort of processor it is
 * @param memory bytes that it has
 * @param largest bytes that one buffer may have
 * @param units processors that it computes on at once
 * @param arithmetic types that it computes in itself, as the bounds of its kernels demand: F64, F32, F16, and BF16 and I8 where its provider
 *     has products of them by the device's own
 * @param version of the library and the driver, for people
 */
public record DeviceInfo(
        String name,
        String title,
        Kind kind,
        long memory,
        long largest,
        int units,
        Set<DType> arithmetic,
        String version) {
    /** Sorts of processors. */
    public enum Kind {
        /** A graphics processor. */
        GPU("GPU"),
        /** The host's own processor, which a library offers as a device: for tests and portability, not for speed. */
        CPU("CPU device"),
        /** Another sort. */
        ACCELERATOR("accelerator");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /** For people. */
        public String title() {
            return title;
        }
    }

    /** Keeps what it was given. */
    public DeviceInfo {
        arithmetic = Set.copyOf(arithmetic);
    }

    @Override
    public String toString() {
        return name + ": " + title + ", " + kind.title() + ", " + (memory >> 20) + " MiB, " + units
                + (units == 1 ? " unit" : " units") + ", " + version;
    }
}
