package dev.gamut.conformance;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.convert.ConvertArgs;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Rounding;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.ConvertExecutor;
import dev.gamut.spi.ConvertKernel;
import dev.gamut.spi.Cost;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.tensor.Operand;
import java.util.List;
import java.util.Optional;

/** A simple conversion of F32 to BF16 that is wrong in one chosen way. */
record FlawedConvert(Flaw flaw) implements ConvertKernel {
    enum Flaw {
        NONE,
        TRUNCATES,
        NAN_BECOMES_INFINITE,
        FLUSHES_SUBNORMALS,
        LOSES_SIGN_OF_ZERO,
        IGNORES_STRIDE,
        IGNORES_OFFSET,
        IGNORES_BATCH,
        IGNORES_FACTORS,
        SKIPS_LAST_OF_ODD,
        WRITES_BEYOND
    }

    @Override
    public KernelInfo info() {
        return new KernelInfo(KernelId.of("convert", List.of(DType.F32, DType.BF16), "fake"), "fake", true, "flawed");
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return Optional.empty();
    }

    @Override
    public Offer<ConvertExecutor> offer(ConvertDesc desc, OfferContext context) {
        boolean mine = desc.x().type() == DType.F32 && desc.y().type() == DType.BF16;
        boolean factors = desc.y().scaling().hasScales() && flaw != Flaw.IGNORES_FACTORS;
        boolean plain = desc.rounding() == Rounding.NEAREST_EVEN && !desc.counted() && !factors;
        return mine && plain
                ? new Offer.Accept<>(
                        new Cost(0, 0, 0, 0, 0),
                        ErrorBound.EXACT,
                        Determinism.bitwise(EvaluationOrder.EXACT),
                        plan -> args -> convert(desc, args))
                : new Offer.Decline<>("no");
    }

    private void convert(ConvertDesc desc, ConvertArgs args) {
        MatrixDesc x = desc.x();
        MatrixDesc y = desc.y();
        long last = flaw == Flaw.SKIPS_LAST_OF_ODD && x.cols() % 2 == 1 ? x.cols() - 1 : x.cols();
        for (long e = 0; e < (flaw == Flaw.IGNORES_BATCH ? Math.min(1, desc.batch()) : desc.batch()); e++) {
            for (long i = 0; i < x.rows(); i++) {
                for (long j = 0; j < last; j++) {
                    double v = DType.F32.load(args.x().segment(), at(x, args.x(), e, i, j));
                    DType.BF16.store(args.y().segment(), at(y, args.y(), e, i, j), flawed(v));
                }
            }
        }
        if (flaw == Flaw.WRITES_BEYOND) {
            DType.BF16.store(args.y().segment(), args.y().offset() + y.extent(desc.batch()), 1);
        }
    }

    private long at(MatrixDesc m, Operand operand, long e, long i, long j) {
        long stride = flaw == Flaw.IGNORES_STRIDE ? 1 : m.colStride();
        long offset = flaw == Flaw.IGNORES_OFFSET ? 0 : operand.offset();
        return offset + e * m.batchStride() + i * m.rowStride() + j * stride;
    }

    private double flawed(double v) {
        return switch (flaw) {
            case TRUNCATES -> DType.BF16.truncate(v);
            case NAN_BECOMES_INFINITE -> Double.isNaN(v) ? Double.POSITIVE_INFINITY : v;
            case FLUSHES_SUBNORMALS -> Math.abs(v) < DType.BF16.minNormal() ? Math.copySign(0, v) : v;
            case LOSES_SIGN_OF_ZERO -> v == 0 ? 0 : v;
            default -> v;
        };
    }
}
