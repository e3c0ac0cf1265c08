package dev.gamut.ffm.cpu;

import dev.gamut.dtype.DType;
import dev.gamut.error.GamutException;
import dev.gamut.ffm.cpu.abi.gamut_gemm;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Products ready to run in C: each task computes a part of one product, or some whole ones of a batch; two downcalls where operands are
 * outside the heap, a downcall for each step where one is an array.
 */
final class PackedExecutor implements GemmExecutor, PlanContext.Task {
    /** Of products of a batch: some, so that threads which are held up leave work to others. */
    private static final int GROUPS_PER_THREAD = 4;

    private final CpuLibrary library;
    private final GemmDesc desc;
    private final PlanContext context;
    private final int parts;
    private final int groups;
    private final long workspace;
    private final MemorySegment gemm = Arena.ofAuto().allocate(gamut_gemm.layout());
    private final boolean requantises;
    private GemmArgs args;

    PackedExecutor(CpuLibrary library, int kernel, GemmDesc desc, PlanContext context, int threads) {
        this.library = library;
        this.desc = desc;
        this.context = context;
        this.parts = desc.batch() >= threads ? 1 : threads;
        this.groups = (int) Math.min(desc.batch(), (long) GROUPS_PER_THREAD * threads);
        CpuLibrary.describe(desc, kernel, gemm);
        gamut_gemm.b_packed(gemm, desc.b().packed().isPresent() ? 1 : 0);
        this.requantises = !desc.epilogue().isEmpty();
        if (requantises) {
            Epilogue.Requantise by = (Epilogue.Requantise) desc.epilogue().getFirst();
            gamut_gemm.column_factors(gemm, by.perColumn() ? 1 : 0);
            gamut_gemm.zero_point(gemm, by.zeroPoint());
        }
        this.workspace = Math.max(workspace(1, 0), workspace(-1, 1));
    }

    /** Sums that factors are to be applied to are kept apart, in blocks of other sizes. */
    private long workspace(double alpha, double beta) {
        factors(alpha, beta);
        return library.workspace(gemm, parts);
    }

    private void factors(double alpha, double beta) {
        gamut_gemm.alpha(gemm, alpha);
        gamut_gemm.beta(gemm, beta);
    }

    @Override
    public void execute(GemmArgs given) {
        factors(given.alpha(), given.beta());
        args = given;
        try {
            context.parallelFor(groups * parts, this);
        } finally {
            args = null;
        }
    }

    @Override
    public void run(int index, Workspace lent) {
        long group = index / parts;
        long end = desc.batch() * (group + 1) / groups;
        MemorySegment memory = lent.memory(workspace);
        for (long e = desc.batch() * group / groups; e < end; e++) {
            library.begin(
                    gemm,
                    first(args.a(), desc.a(), e),
                    first(args.b(), desc.b(), e),
                    first(args.c(), desc.c(), e),
                    index % parts,
                    parts,
                    memory);
            if (requantises) {
                Tensor factors = args.epilogue().data(0);
                library.factors(factors.segment(), factors.offset(), memory);
            }
            if (!compute(memory)) {
                throw refusal(memory, e);
            }
        }
    }

    private boolean compute(MemorySegment memory) {
        MemorySegment a = args.a().segment();
        MemorySegment b = args.packedB() == null
                ? args.b().segment()
                : (MemorySegment) args.packedB().panels();
        MemorySegment c = args.c().segment();
        return a.isNative() && b.isNative() && c.isNative()
                ? library.compute(a, b, c, memory)
                : library.computeInSteps(a, b, c, memory);
    }

    private GamutException refusal(MemorySegment memory, long batch) {
        long row = memory.getAtIndex(ValueLayout.JAVA_LONG, 0);
        long col = memory.getAtIndex(ValueLayout.JAVA_LONG, 1);
        DType type = desc.c().type();
        return new GamutException("alpha·A·B + beta·C at row " + row + ", column " + col
                + (batch == 0 ? "" : ", matrix " + batch) + " does not fit " + type + "; the exact result type is "
                + type
                + ", a floating-point result has a wider range");
    }

    private static long first(Operand operand, MatrixDesc desc, long batch) {
        return operand.offset() + batch * desc.batchStride();
    }
}
