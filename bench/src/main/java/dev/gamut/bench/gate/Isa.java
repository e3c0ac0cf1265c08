package dev.gamut.bench.gate;

import dev.gamut.hw.Feature;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An instruction set that both sides of a row are held to on machines that have a wider one. */
enum Isa {
    /** Vectors of 256 bits on x86: what C2 is told, and the kernels that OpenBLAS would take on such a machine. */
    AVX2(Feature.AVX2, List.of("-XX:UseAVX=2", "-Dgamut.peers.openblas.coretype=Haswell"));

    private final Feature feature;
    private final List<String> options;

    Isa(Feature feature, List<String> options) {
        this.feature = feature;
        this.options = options;
    }

    /** By its name in ids. */
    static Optional<Isa> of(String text) {
        for (Isa isa : values()) {
            if (isa.name().toLowerCase(Locale.ROOT).equals(text)) {
                return Optional.of(isa);
            }
        }
        return Optional.empty();
    }

    /** Without it the machine has none of this. */
    Feature feature() {
        return feature;
    }

    /** For the JVM that measures. */
    List<String> options() {
        return options;
    }
}
