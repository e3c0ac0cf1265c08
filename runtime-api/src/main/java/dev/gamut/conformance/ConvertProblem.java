package dev.gamut.conformance;

import dev.gamut.convert.ConvertArgs;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.dtype.Convert;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Rounding;
import dev.gamut.dtype.Stochastic;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** A conversion with its numbers, in poisoned memory, and what each bit of the result must be. */
final class ConvertProblem {
    private static final long SEED = 77;

    private final ConvertDesc desc;
    private final Memory x;
    private final Memory y;
    private final ConvertArgs args = new ConvertArgs().seed(SEED);
    private final MemorySegment one = MemorySegment.ofArray(new long[1]);
    private final MemorySegment wanted = MemorySegment.ofArray(new long[1]);

    ConvertProblem(ConvertSpec spec, ConvertDesc desc, long seed) {
        this.desc = desc;
        SplittableRandom random = new SplittableRandom(seed);
        x = Memory.of(desc.x().type(), extent(desc.x()), spec.x().place());
        y = Memory.of(desc.y().type(), extent(desc.y()), spec.y().place());
        long number = random.nextLong();
        for (long e = 0; e < desc.batch(); e++) {
            for (long i = 0; i < desc.x().rows(); i++) {
                for (long j = 0; j < desc.x().cols(); j++) {
                    x.put(at(desc.x(), e, i, j), value(number++, random));
                }
            }
        }
        x.remember();
        point(args.x(), x, desc.x(), random);
        point(args.y(), y, desc.y(), random);
    }

    private long extent(MatrixDesc m) {
        return Math.max(m.extent(1), m.extent(desc.batch()));
    }

    private static long at(MatrixDesc m, long e, long i, long j) {
        return e * m.batchStride() + i * m.rowStride() + j * m.colStride();
    }

    /** Codes of a narrow source in turn, from any on; else codes of the target, what lies between two, special values, any bits. */
    private double value(long number, SplittableRandom random) {
        DType from = desc.x().type();
        DType to = desc.y().type();
        if (from.bits() <= 16) {
            one.set(java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED, 0, number);
            return from.load(one, 0);
        }
        switch (random.nextInt(4)) {
            case 0 -> {
                return Data.SPECIAL.next(from, random);
            }
            case 1 -> {
                one.set(java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED, 0, random.nextLong());
                return from.load(one, 0);
            }
            default -> {
                long code = random.nextLong();
                one.set(java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED, 0, code);
                double below = to.load(one, 0);
                one.set(java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED, 0, code + 1);
                double above = to.load(one, 0);
                double between = below / 2 + above / 2;
                double[] near = {
                    below, between, from.round(Math.nextUp((float) between)), Math.nextDown((float) between)
                };
                return near[random.nextInt(near.length)];
            }
        }
    }

    private void point(Operand operand, Memory memory, MatrixDesc matrix, SplittableRandom random) {
        if (!matrix.scaling().hasScales()) {
            memory.point(operand);
            return;
        }
        operand.set(Factors.scaled(
                memory,
                matrix,
                desc.batch(),
                () -> random.nextInt(9) == 0 ? 0 : Math.scalb(random.nextDouble(0.5, 1), random.nextInt(4) - 6),
                type -> zero(type, random)));
    }

    /** Small; of wide types, also ones with fractions, and ones that only numbers far from 0 make up for. */
    private static double zero(DType type, SplittableRandom random) {
        boolean far = type.bits() > 16 && random.nextInt(3) == 0;
        double zero = random.nextDouble(-8, 8) * (far ? 1 << 22 : 1);
        return type.isInteger() ? Math.rint(zero) : zero;
    }

    ConvertArgs args() {
        return args;
    }

    /** Every element of the result, all NaNs alike. */
    long[] bits() {
        int size = Math.toIntExact(desc.batch() * desc.y().rows() * desc.y().cols());
        long[] bits = new long[size];
        for (int n = 0; n < size; n++) {
            long row = n / desc.y().cols();
            bits[n] = y.bits(at(
                    desc.y(),
                    row / desc.y().rows(),
                    row % desc.y().rows(),
                    n % desc.y().cols()));
        }
        return bits;
    }

    /** Compares every element, the counts, and everything around the elements. */
    Report verify() {
        MatrixValues source = new MatrixValues(desc.x(), args.x(), DType.F32);
        Convert.Loss loss = Convert.Loss.NONE;
        long number = 0;
        for (long e = 0; e < desc.batch(); e++) {
            for (long i = 0; i < desc.x().rows(); i++) {
                for (long j = 0; j < desc.x().cols(); j++) {
                    loss = loss.plus(element(source, e, i, j, number++));
                    long got = y.bits(at(desc.y(), e, i, j));
                    long want = Memory.bits(desc.y().type(), wanted, 0);
                    if (got != want) {
                        return wrong("element " + i + ", " + j + (e == 0 ? "" : " of matrix " + e) + ", from "
                                + source.at(e, i, j) + ": got bits " + Long.toHexString(got) + ", prescribed are "
                                + Long.toHexString(want));
                    }
                }
            }
        }
        if (desc.counted() && !loss.equals(args.loss())) {
            return wrong("counted " + args.loss() + "; there were " + loss);
        }
        String stray = stray();
        return stray.isEmpty() ? new Report(true, 0, 0, 0, number, "") : wrong(stray);
    }

    private static Report wrong(String message) {
        return new Report(false, Double.POSITIVE_INFINITY, 0, 0, 0, message);
    }

    /** Puts what the element must be into {@link #wanted} and tells what it loses. */
    private Convert.Loss element(MatrixValues source, long e, long i, long j, long number) {
        boolean plainX = !desc.x().scaling().hasScales();
        boolean plainY = !desc.y().scaling().hasScales();
        if (plainX && plainY) {
            long at = at(desc.x(), e, i, j);
            return plain(x.segment(), desc.x().type(), x.offset() + at, number);
        }
        float v = (float) source.at(e, i, j);
        if (!plainY) {
            return quantised(v, e, i, j, number);
        }
        MemorySegment f = MemorySegment.ofArray(new float[] {v});
        return plain(f, DType.F32, 0, number);
    }

    private Convert.Loss plain(MemorySegment from, DType type, long at, long number) {
        DType to = desc.y().type();
        if (desc.rounding() != Rounding.STOCHASTIC) {
            return Convert.convertCounting(from, type, at, wanted, to, 0, 1, desc.rounding());
        }
        to.store(wanted, 0, Stochastic.round(to, type.load(from, at), SEED, number));
        return Convert.countLoss(from, type, at, wanted, to, 0, 1);
    }

    /** round(F32(v / scale by way of its reciprocal)) + zero point; what is finite stays so. */
    private Convert.Loss quantised(float v, long e, long i, long j, long number) {
        Tensor tensor = args.y().tensor();
        float scale = (float) Factors.at(tensor.scales(), desc.y(), e, i, j);
        float t = v * (scale == 0 ? 0 : 1 / scale);
        double zero = tensor.zeroPoints() == null ? 0 : Factors.at(tensor.zeroPoints(), desc.y(), e, i, j);
        DType to = desc.y().type();
        double code = to.isInteger() ? whole(t, number) + zero : t;
        if (!to.isInteger() && desc.rounding() == Rounding.TOWARD_ZERO) {
            code = to.truncate(t);
        } else if (!to.isInteger() && desc.rounding() == Rounding.STOCHASTIC) {
            code = Stochastic.round(to, t, SEED, number);
        }
        to.store(wanted, 0, code);
        double kept = to.load(wanted, 0);
        if (Float.isNaN(t)) {
            return new Convert.Loss(0, 0, Double.isNaN(kept) ? 0 : 1);
        }
        if (Double.isInfinite(kept) && Float.isFinite(v)) {
            kept = Math.copySign(to.maxFinite(), kept);
            to.store(wanted, 0, kept);
        }
        boolean saturated = !Double.isInfinite(kept) && (code > to.maxFinite() || code < to.lowest());
        return new Convert.Loss(saturated ? 1 : 0, 0, 0);
    }

    private double whole(float t, long number) {
        double down = t < 0 ? Math.ceil(t) : Math.floor(t);
        return switch (desc.rounding()) {
            case NEAREST_EVEN -> Math.rint(t);
            case TOWARD_ZERO -> down;
            case STOCHASTIC -> Math.abs(t - down) > Stochastic.draw(SEED, number) ? down + Math.copySign(1, t) : down;
        };
    }

    private String stray() {
        if (!x.isUntouched()) {
            return "wrote to x";
        }
        MatrixDesc m = desc.y();
        long at = y.strayWrite(Layout.of(
                new long[] {desc.batch(), m.rows(), m.cols()},
                new long[] {m.batchStride(), m.rowStride(), m.colStride()}));
        return at < 0 ? "" : "wrote outside y's elements, byte " + at + " of its memory";
    }
}
