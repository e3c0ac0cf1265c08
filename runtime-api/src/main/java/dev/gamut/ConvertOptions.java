package dev.gamut;

import dev.gamut.convert.ConvertDesc;
import dev.gamut.dtype.Rounding;
import java.util.Objects;

/** What may be asked of a conversion besides its operands. Not thread-safe. */
public final class ConvertOptions {
    private Rounding rounding = Rounding.NEAREST_EVEN;
    private boolean counted;
    private long seed;

    ConvertOptions() {}

    /**
     * Another rounding than to nearest even.
     *
     * @param how it
     * @return this
     */
    public ConvertOptions rounding(Rounding how) {
        rounding = Objects.requireNonNull(how, "how");
        return this;
    }

    /**
     * Stochastic rounding.
     *
     * @param from equal seeds give equal results
     * @return this
     */
    public ConvertOptions stochastic(long from) {
        seed = from;
        return rounding(Rounding.STOCHASTIC);
    }

    /** Counts what could not be kept; slower. */
    public ConvertOptions count() {
        counted = true;
        return this;
    }

    ConvertDesc applied(ConvertDesc desc) {
        ConvertDesc rounded = desc.rounding(rounding);
        return counted ? rounded.counting() : rounded;
    }

    long seed() {
        return seed;
    }
}
