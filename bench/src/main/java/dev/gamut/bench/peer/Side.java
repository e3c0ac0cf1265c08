package dev.gamut.bench.peer;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.tensor.Tensor;
import java.util.Optional;

/** A problem laid out as a peer likes it, ready to be run again and again by one caller at a time. */
public interface Side {
    /**
     * Computes once, and nothing else: no copying of operands, no check.
     *
     * @param set which set of operands to use, less than the problem's {@code sets()}
     */
    void run(int set);

    /**
     * Copies the result of the last run of set 0.
     *
     * @param into the problem's {@code out()}, row-major
     */
    void result(Tensor into);

    /** What its result may be off by, where that is more than the conventional bound: it computes in a narrower type. */
    default Optional<ErrorBound> bound() {
        return Optional.empty();
    }
}
