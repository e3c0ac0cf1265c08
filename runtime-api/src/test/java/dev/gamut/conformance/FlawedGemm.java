package dev.gamut.conformance;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Cost;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.tensor.Operand;
import java.util.List;
import java.util.Optional;

/** A simple F64 product in the order fma-kc256 that is wrong in one chosen way. */
record FlawedGemm(Flaw flaw) implements GemmKernel {
    enum Flaw {
        NONE,
        SKIPS_LAST_COLUMN_OF_EDGE,
        SKIPS_LAST_STEP_OF_ODD_K,
        IGNORES_BETA,
        IGNORES_ALPHA,
        READS_C_AT_BETA_0,
        READS_A_AT_ALPHA_0,
        WRITES_PADDING,
        WRITES_A,
        IGNORES_OFFSET_OF_B,
        TAKES_B_FOR_ROW_MAJOR,
        FIRST_A_FOR_WHOLE_BATCH,
        DROPS_NAN,
        FLUSHES_SUBNORMALS,
        SLIGHTLY_BEYOND_BOUND,
        ROUNDS_TO_F32,
        ROUNDS_C_FOR_EACH_BLOCK,
        LOSES_A_PART_ON_3_THREADS,
        BITS_DEPEND_ON_THREADS,
        BITS_DEPEND_ON_RUN,
        ANOTHER_ORDER_THAN_NAMED,
        ORDER_NOT_IN_ID,
        THROWS,
        DECLINES_EVERYTHING
    }

    private static int runs;

    @Override
    public KernelInfo info() {
        KernelId id = KernelId.of("gemm", List.of(DType.F64, DType.F64, DType.F64, DType.F64), "fake")
                .tile("4x4");
        return new KernelInfo(
                flaw == Flaw.ORDER_NOT_IN_ID ? id : id.order(EvaluationOrder.FMA_KC256), "fake", true, "flawed");
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return Optional.empty();
    }

    @Override
    public Offer<GemmExecutor> offer(GemmDesc desc, OfferContext context) {
        if (flaw == Flaw.DECLINES_EVERYTHING || !desc.types().equals(info().id().types())) {
            return new Offer.Decline<>("not today");
        }
        return new Offer.Accept<>(
                new Cost(0, 0, 0, 0, 0),
                ErrorBound.ofAccumulation(DType.F64),
                Determinism.bitwise(EvaluationOrder.FMA_KC256),
                plan -> args -> execute(desc, args, plan.threads()));
    }

    private void execute(GemmDesc desc, GemmArgs args, int threads) {
        runs++;
        if (flaw == Flaw.THROWS) {
            throw new ArrayIndexOutOfBoundsException("index 7 of 7");
        }
        for (long batch = 0; batch < desc.batch(); batch++) {
            for (long i = 0; i < desc.m(); i++) {
                for (long j = 0; j < desc.n(); j++) {
                    boolean edge = flaw == Flaw.SKIPS_LAST_COLUMN_OF_EDGE && desc.n() % 4 == 1 && j == desc.n() - 1;
                    boolean lost = flaw == Flaw.LOSES_A_PART_ON_3_THREADS && threads == 3 && i == desc.m() - 1;
                    if (!edge && !lost) {
                        element(desc, args, threads, batch, i, j);
                    }
                }
            }
        }
        stray(desc, args);
    }

    private void stray(GemmDesc desc, GemmArgs args) {
        if (flaw == Flaw.WRITES_PADDING && desc.m() > 1 && desc.c().rowStride() > desc.n() && desc.batch() > 0) {
            store(args.c(), args.c().offset() + desc.n() * desc.c().colStride(), 0);
        }
        if (flaw == Flaw.WRITES_A && desc.m() * desc.k() * desc.batch() > 0 && args.alpha() != 0) {
            store(args.a(), args.a().offset(), 99);
        }
    }

    private static void store(Operand x, long index, double value) {
        DType.F64.store(x.segment(), index, value);
    }

    private static double load(Operand x, MatrixDesc m, long batch, long row, long col) {
        long at = x.offset() + batch * m.batchStride() + row * m.rowStride() + col * m.colStride();
        return DType.F64.load(x.segment(), at);
    }

    private double left(GemmDesc desc, GemmArgs args, long batch, long i, long p) {
        return load(args.a(), desc.a(), flaw == Flaw.FIRST_A_FOR_WHOLE_BATCH ? 0 : batch, i, p);
    }

    private double right(GemmDesc desc, GemmArgs args, long batch, long p, long j) {
        MatrixDesc b = flaw == Flaw.TAKES_B_FOR_ROW_MAJOR
                ? MatrixDesc.rowMajor(DType.F64, desc.k(), desc.n())
                        .batchStride(desc.b().batchStride())
                : desc.b();
        if (flaw == Flaw.IGNORES_OFFSET_OF_B && b.extent(desc.batch()) > 0) {
            return DType.F64.load(args.b().segment(), batch * b.batchStride() + p * b.rowStride() + j * b.colStride());
        }
        return load(args.b(), b, batch, p, j);
    }

    private void element(GemmDesc desc, GemmArgs args, int threads, long batch, long i, long j) {
        double alpha = flaw == Flaw.IGNORES_ALPHA && args.alpha() != 0 ? 1 : args.alpha();
        double beta = flaw == Flaw.IGNORES_BETA ? 0 : args.beta();
        boolean product = desc.k() > 0 && (alpha != 0 || flaw == Flaw.READS_A_AT_ALPHA_0);
        double old = beta != 0 || flaw == Flaw.READS_C_AT_BETA_0 ? beta * load(args.c(), desc.c(), batch, i, j) : 0;
        double sum = product ? sum(desc, args, threads, batch, i, j, alpha, old) : old;
        long at = args.c().offset()
                + batch * desc.c().batchStride()
                + i * desc.c().rowStride()
                + j * desc.c().colStride();
        store(args.c(), at, finish(sum));
    }

    private double sum(
            GemmDesc desc, GemmArgs args, int threads, long batch, long i, long j, double alpha, double old) {
        double total = 0;
        double magnitude = 0;
        double inC = old;
        int block = flaw == Flaw.ANOTHER_ORDER_THAN_NAMED ? 128 : 256;
        block = flaw == Flaw.BITS_DEPEND_ON_THREADS ? block / threads : block;
        block = flaw == Flaw.BITS_DEPEND_ON_RUN ? block / (1 + runs % 2) : block;
        long last = flaw == Flaw.SKIPS_LAST_STEP_OF_ODD_K ? desc.k() / 2 * 2 : desc.k();
        for (long from = 0; from < last; from += block) {
            double chain = 0;
            for (long p = from; p < Math.min(last, from + block); p++) {
                double x = left(desc, args, batch, i, p);
                double y = right(desc, args, batch, p, j);
                chain = Math.fma(x, y, chain);
                magnitude += Math.abs(x * y);
            }
            total += chain;
            inC = Math.fma(alpha, chain, inC);
        }
        if (flaw == Flaw.SLIGHTLY_BEYOND_BOUND) {
            total += 1.1 * magnitude * ErrorBound.ofAccumulation(DType.F64).relative(desc.k());
        }
        return flaw == Flaw.ROUNDS_C_FOR_EACH_BLOCK ? inC : alpha * total + old;
    }

    private double finish(double value) {
        return switch (flaw) {
            case DROPS_NAN -> Double.isNaN(value) ? 0 : value;
            case FLUSHES_SUBNORMALS -> Math.abs(value) < Double.MIN_NORMAL ? 0 : value;
            case ROUNDS_TO_F32 -> (float) value;
            default -> value;
        };
    }
}
