package dev.gamut.vector.reduce;

import dev.gamut.dtype.DType;
import dev.gamut.hw.Capabilities;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.spi.Tuning;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Operand;
import java.io.ByteArrayInputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A descriptor with numbers for its operands, which can be run on a kernel in several ways. */
record Problem(VectorReduce kernel, ReduceDesc desc, double[] x, double[] y) {
    /** Cuts even small problems into tasks. */
    static final Tuning EAGER = eager(1);

    private static final Tuning TUNING = ReduceTable.tuning();

    private static Tuning eager(int streams) {
        String lines = "*; *; *; termsPerTask; 1000; test\n*; *; *; streamsInCache; " + streams + "; test";
        return Tuning.read(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), "eager");
    }

    /** How many threads, where the operands lie, how far from the start, and at how many places runs are read. */
    record Way(int threads, boolean concurrent, boolean segments, int offset, int streams) {
        static final Way PLAIN = new Way(1, false, false, 0, 1);

        static final List<Way> ALL = List.of(
                PLAIN,
                new Way(1, false, false, 3, 1),
                new Way(2, false, true, 5, 1),
                new Way(3, false, false, 1, 4),
                new Way(3, true, false, 2, 1),
                new Way(1, false, false, 2, 8));
    }

    /** Runs it: results as F64, indices too. */
    double[] run(Way way) {
        DType result = desc.result();
        int n = (int) desc.results();
        // Closing a shared arena stops every thread for a moment.
        try (Arena arena = way.concurrent ? Arena.ofShared() : Arena.ofConfined()) {
            ReduceArgs args = new ReduceArgs();
            set(args.x(), x, way, arena);
            if (desc.op().isBinary()) {
                set(args.y(), y, way, arena);
            }
            MemorySegment out = arena.allocate(result.bytes(n + 1L), 8);
            Object array = result == DType.I64 ? new long[n] : result == DType.F64 ? new double[n] : new float[n];
            if (way.segments) {
                args.out().set(out, result, 1);
            } else {
                args.out().set(array, 0);
            }
            InlineContext context = way.concurrent
                    ? new InlineContext.Threaded(way.threads, eager(way.streams))
                    : new InlineContext(way.threads, eager(way.streams));
            accept(kernel, desc, way.threads).preparer().prepare(context).execute(args);
            MemorySegment from = way.segments ? out.asSlice(result.bytes(1)) : Operand.wrap(array);
            double[] results = new double[n];
            for (int i = 0; i < n; i++) {
                results[i] = result.load(from, i);
            }
            return results;
        }
    }

    private void set(Operand operand, double[] numbers, Way way, Arena arena) {
        DType type = desc.type();
        int n = numbers.length + way.offset;
        double[] wide = new double[n];
        Arrays.fill(wide, 0, way.offset, Double.NaN);
        System.arraycopy(numbers, 0, wide, way.offset, numbers.length);
        Object array = type == DType.F64 ? wide : narrowed(wide);
        if (way.segments) {
            MemorySegment target = arena.allocate(type.bytes(n), 8).copyFrom(Operand.wrap(array));
            operand.set(target, type, way.offset);
        } else {
            operand.set(array, way.offset);
        }
    }

    private static float[] narrowed(double[] numbers) {
        float[] narrow = new float[numbers.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) numbers[i];
        }
        return narrow;
    }

    static Offer.Accept<ReduceExecutor> accept(VectorReduce kernel, ReduceDesc desc, int threads) {
        OfferContext context = new OfferContext(Capabilities.host(), TUNING, threads);
        return switch (kernel.offer(desc, context)) {
            case Offer.Accept<ReduceExecutor> accept -> accept;
            case Offer.Decline<ReduceExecutor> decline -> throw new AssertionError(desc + ": " + decline.reason());
        };
    }

    /** The terms of each result of one operand, in their order. */
    static List<double[]> terms(Layout layout, int axis, double[] numbers) {
        List<double[]> all = new ArrayList<>();
        Layout kept = axis == ReduceDesc.ALL ? Layout.rowMajor() : layout.without(axis);
        for (long r = 0; r < kept.size(); r++) {
            long base = position(kept, r);
            long n = axis == ReduceDesc.ALL ? layout.size() : layout.size(axis);
            double[] terms = new double[(int) n];
            for (int t = 0; t < n; t++) {
                long at = axis == ReduceDesc.ALL ? position(layout, t) : base + t * layout.stride(axis);
                terms[t] = numbers[(int) at];
            }
            all.add(terms);
        }
        return all;
    }

    private static long position(Layout layout, long number) {
        long at = 0;
        for (int a = layout.rank() - 1; a >= 0; a--) {
            at += number % layout.size(a) * layout.stride(a);
            number /= layout.size(a);
        }
        return at;
    }
}
