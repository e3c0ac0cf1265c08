package dev.gamut.vector.reduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.gamut.dtype.DType;
import dev.gamut.hw.CacheTopology;
import dev.gamut.hw.Capabilities;
import dev.gamut.hw.Feature;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.tensor.Layout;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What kernels say about machines and descriptors, and that running them allocates nothing. */
class OfferTest {
    private static final Capabilities ARM = new Capabilities(
            "aarch64", "any", Set.of(Feature.NEON, Feature.FMA, Feature.SVE), 256, 8, CacheTopology.DEFAULT);

    private static VectorReduce kernel(String id) {
        return VectorReduceTest.kernels()
                .filter(k -> k.info().id().toString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Offer<ReduceExecutor> offer(String id, ReduceDesc desc, Capabilities machine) {
        return kernel(id).offer(desc, new OfferContext(machine, ReduceTable.tuning(), 2));
    }

    private static void assertDeclines(String reason, String id, ReduceDesc desc) {
        Offer.Decline<?> decline = assertInstanceOf(Offer.Decline.class, offer(id, desc, ARM));
        assertTrue(decline.reason().contains(reason), decline.reason());
    }

    @Test
    void idsAreUnique() {
        long kernels = ReduceTable.kernels().size();
        assertEquals(
                kernels,
                ReduceTable.kernels().stream()
                        .map(k -> k.info().id().toString())
                        .collect(Collectors.toSet())
                        .size());
    }

    @Test
    void needsVectorsAndFusedMultiplyAdd() {
        VectorReduce sum = kernel("sum_f64_f64_tree64_vec");
        assertEquals(Optional.empty(), sum.unavailable(ARM));
        assertTrue(sum.unavailable(ARM.withVectorBits(0)).orElseThrow().contains("jdk.incubator.vector"));
        Capabilities old = new Capabilities("x86_64", "old", Set.of(), 128, 1, CacheTopology.DEFAULT);
        assertTrue(sum.unavailable(old).orElseThrow().contains("fused multiply-add"));
        ReduceDesc desc = ReduceDesc.of(ReduceOp.SUM, DType.F64, Layout.rowMajor(9), ReduceDesc.ALL);
        assertInstanceOf(Offer.Decline.class, offer("sum_f64_f64_tree64_vec", desc, old));
    }

    @Test
    void answersForEveryVectorLength() {
        ReduceDesc desc = ReduceDesc.of(ReduceOp.SUM, DType.F64, Layout.rowMajor(1 << 20), ReduceDesc.ALL);
        for (int bits = 128; bits <= 2048; bits *= 2) {
            assertInstanceOf(Offer.Accept.class, offer("sum_f64_f64_tree64_vec", desc, ARM.withVectorBits(bits)));
        }
    }

    @Test
    void declinesWithReasons() {
        String sum = "sum_f64_f64_tree64_vec";
        Layout strided = Layout.of(new long[] {4, 5}, new long[] {20, 2});
        assertDeclines("row-major", sum, ReduceDesc.of(ReduceOp.SUM, DType.F64, strided, ReduceDesc.ALL));
        assertDeclines("stride 1", sum, ReduceDesc.of(ReduceOp.SUM, DType.F64, strided, 0));
        Layout rows = Layout.rowMajor(4, 5);
        assertDeclines(
                "stride 1 in both",
                "dot_f64_f64_tree64_vec",
                ReduceDesc.of(ReduceOp.DOT, DType.F64, rows, 1).y(Layout.colMajor(4, 5)));
        assertDeclines("MAX", sum, ReduceDesc.of(ReduceOp.MAX, DType.F64, rows, 1));
        assertDeclines("F32", sum, ReduceDesc.of(ReduceOp.SUM, DType.F32, rows, 1));
        assertDeclines(
                "accumulates in F32",
                "sum_f32_f32_tree64_vec",
                ReduceDesc.of(ReduceOp.SUM, DType.F32, rows, 1).result(DType.F64));
    }

    @Test
    void narrowerResultsAreRoundedOnce() {
        ReduceDesc desc = ReduceDesc.of(ReduceOp.SUM, DType.F64, Layout.rowMajor(2), ReduceDesc.ALL)
                .result(DType.F32);
        double[] x = {1, 0x1.000001p-24};
        assertEquals(1 + 0x1p-23, new Problem(kernel("sum_f64_f64_tree64_vec"), desc, x, x).run(Problem.Way.PLAIN)[0]);
    }

    static Stream<VectorReduce> kernels() {
        return VectorReduceTest.kernels();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void runsAllocateNothing(VectorReduce kernel) {
        ReduceOp op = ReduceOp.valueOf(kernel.info().id().op().toUpperCase(Locale.ROOT));
        DType type = kernel.info().id().types().get(0);
        DType result = kernel.info().id().types().get(1);
        ReduceDesc desc =
                ReduceDesc.of(op, type, Layout.rowMajor(3, 130, 70), 1).result(result);
        int n = (int) desc.results();
        ReduceArgs args = new ReduceArgs();
        Object x = type == DType.F64 ? new double[3 * 130 * 70] : new float[3 * 130 * 70];
        args.x().set(x, 0);
        args.y().set(x, 0);
        args.out().set(result == DType.I64 ? new long[n] : result == DType.F64 ? new double[n] : new float[n], 0);
        InlineContext context = new InlineContext(3, Problem.EAGER);
        ReduceExecutor executor = Problem.accept(kernel, desc, 3).preparer().prepare(context);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        // the interpreter boxes vectors; the compiled code must not
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (least > 0 && System.nanoTime() < deadline) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int run = 0; run < 20; run++) {
                executor.execute(args);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes in 20 runs");
    }
}
