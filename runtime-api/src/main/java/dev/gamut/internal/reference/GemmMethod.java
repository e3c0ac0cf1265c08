package dev.gamut.internal.reference;

import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.PlanContext;
import java.util.List;
import java.util.Optional;

/** How the reference sums products. */
enum GemmMethod {
    /** Operands rounded to the accumulator, fused multiply-adds in the order {@code fma-kc256}. */
    FMA(EvaluationOrder.FMA_KC256, "fused multiply-adds in blocks of 256 along k") {
        @Override
        KernelId id(List<DType> types) {
            return super.id(types).order(EvaluationOrder.FMA_KC256);
        }

        @Override
        GemmExecutor executor(GemmDesc desc, PlanContext context) {
            return desc.acc().precision() > Float.PRECISION
                    ? new FmaF64Gemm(desc, context)
                    : new FmaF32Gemm(desc, context);
        }
    },
    /** Plain integers, exact sums. */
    EXACT(EvaluationOrder.EXACT, "exact integer sums") {
        @Override
        Optional<String> objection(GemmDesc desc) {
            return unscaled("a", desc.a()).or(() -> unscaled("b", desc.b()));
        }

        private static Optional<String> unscaled(String name, MatrixDesc x) {
            return x.scaling().hasScales()
                    ? Optional.of(name + " has scaling " + x.scaling() + "; an integer accumulator sums plain codes")
                    : Optional.empty();
        }

        @Override
        GemmExecutor executor(GemmDesc desc, PlanContext context) {
            return new ExactGemm(desc, context);
        }
    },
    /** Scaled integers, exact sums between changes of scale, see {@link RunsGemm}. */
    RUNS(RunsGemm.RUNS, "exact integer sums over runs of constant scale, F32 between them") {
        @Override
        KernelId id(List<DType> types) {
            return super.id(types).order(RunsGemm.RUNS);
        }

        @Override
        Optional<String> objection(GemmDesc desc) {
            return RunsGemm.objection("a", desc.a()).or(() -> RunsGemm.objection("b", desc.b()));
        }

        @Override
        GemmExecutor executor(GemmDesc desc, PlanContext context) {
            return new RunsGemm(desc, context);
        }
    };

    private final EvaluationOrder order;
    private final String summary;

    GemmMethod(EvaluationOrder order, String summary) {
        this.order = order;
        this.summary = summary;
    }

    /** The order that is promised. */
    EvaluationOrder order() {
        return order;
    }

    /** One line for people. */
    String summary() {
        return summary;
    }

    /** The kernel's name; an exact sum has no order to name. */
    KernelId id(List<DType> types) {
        return KernelId.of("gemm", types, "ref");
    }

    /** Why a descriptor of the right types is not computed this way; empty where it is. */
    Optional<String> objection(GemmDesc desc) {
        return Optional.empty();
    }

    abstract GemmExecutor executor(GemmDesc desc, PlanContext context);
}
