package dev.gamut.vector;

import dev.gamut.hw.Capabilities;
import dev.gamut.hw.Feature;
import java.util.Optional;

/** What every kernel of this module needs of a machine. */
public final class Requirements {
    private Requirements() {}

    /**
     * What is missing.
     *
     * @param machine any machine, not only the host
     * @return the reason why no kernel can run, empty where nothing is missing
     */
    public static Optional<String> missing(Capabilities machine) {
        if (machine.vectorBits() == 0) {
            return Optional.of(
                    "the module jdk.incubator.vector is not resolved: add --add-modules jdk.incubator.vector");
        }
        if (machine.vectorBits() < 128) {
            return Optional.of("vectors have " + machine.vectorBits() + " bits; at least 128 are needed");
        }
        return machine.has(Feature.FMA)
                ? Optional.empty()
                : Optional.of("the CPU has no fused multiply-add, which Java would emulate thousands of times slower");
    }
}
