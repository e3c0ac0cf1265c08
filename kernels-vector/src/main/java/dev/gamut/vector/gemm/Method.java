package dev.gamut.vector.gemm;

import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import java.util.Optional;

/** How products are summed; the orders, and so the bits, are those of the reference. */
enum Method {
    /** Operands rounded to the accumulator, fused multiply-adds in the order {@code fma-kc256}. */
    FMA(EvaluationOrder.FMA_KC256, true),

    /** Plain integers, summed exactly: in F32 as long as that is exact, in F64 beyond. */
    EXACT(EvaluationOrder.EXACT, false) {
        @Override
        Optional<String> objection(GemmDesc desc) {
            return scaled("a", desc.a()).or(() -> scaled("b", desc.b()));
        }

        private static Optional<String> scaled(String name, MatrixDesc x) {
            return x.scaling().hasScales()
                    ? Optional.of(name + " has scaling " + x.scaling() + "; an integer accumulator sums plain codes")
                    : Optional.empty();
        }
    },

    /** Scaled integers: exact over each run of k whose scale factors are constant, F32 between the runs. */
    RUNS(new EvaluationOrder("runs"), true) {
        @Override
        Optional<String> objection(GemmDesc desc) {
            return wide("a", desc.a()).or(() -> wide("b", desc.b()));
        }

        /** Differences of codes and zero points must be integers of few bits. */
        private static Optional<String> wide(String name, MatrixDesc x) {
            return x.scaling()
                    .zeroPointType()
                    .filter(type -> !type.isInteger() || type.bits() > 8)
                    .map(type -> name + " has " + type + " zero points; exact sums need integers of up to 8 bits");
        }
    };

    /** From here on not every integer is a float. */
    private static final double EXACT_F32 = 0x1p24;

    private final EvaluationOrder order;
    private final boolean named;

    Method(EvaluationOrder order, boolean named) {
        this.order = order;
        this.named = named;
    }

    /** The order that is promised. */
    EvaluationOrder order() {
        return order;
    }

    /** Whether ids name the order; an exact sum has none. */
    boolean isNamed() {
        return named;
    }

    /** Why a descriptor of the right types is not computed this way; empty where it is. */
    Optional<String> objection(GemmDesc desc) {
        return Optional.empty();
    }

    /** Steps of k that are summed exactly in F32. */
    static int exactDepth(MatrixDesc a, MatrixDesc b) {
        return (int) (EXACT_F32 / (magnitude(a) * magnitude(b)));
    }

    private static double magnitude(MatrixDesc x) {
        return magnitude(x.type())
                + x.scaling().zeroPointType().map(Method::magnitude).orElse(0.0);
    }

    private static double magnitude(DType type) {
        return Math.max(Math.abs(type.lowest()), type.maxFinite());
    }

    /** Steps of k that share a scale factor. */
    static long constant(Scaling scaling, int axisOfK) {
        return switch (scaling.granularity()) {
            case NONE, PER_TENSOR -> Long.MAX_VALUE;
            case PER_AXIS -> scaling.axis() == axisOfK ? 1 : Long.MAX_VALUE;
            case PER_BLOCK -> scaling.axis() == axisOfK ? scaling.block() : 1;
        };
    }
}
