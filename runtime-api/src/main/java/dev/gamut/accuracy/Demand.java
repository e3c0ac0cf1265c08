package dev.gamut.accuracy;

import dev.gamut.dtype.DType;
import java.util.List;

/** What an operation's descriptor demands of whoever computes it; how the dispatcher judges offers of any operation. */
public interface Demand {
    /** The operation as kernel ids name it: {@code gemm}, {@code sum}, ... */
    String operation();

    /** Types of the operands, which the types of a kernel that may be for it begin with: no other one is asked. */
    List<DType> operands();

    /** How accurate the result must be. */
    Accuracy accuracy();

    /** How reproducible it must be. */
    Determinism determinism();

    /** Terms summed into one result element: n of {@link ErrorBound}. */
    long terms();
}
