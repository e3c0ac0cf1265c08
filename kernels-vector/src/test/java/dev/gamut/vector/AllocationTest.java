package dev.gamut.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A plan that is run again and again allocates nothing on the calling thread, once the JIT has compiled the way there. */
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Gamut GAMUT = Gamut.open(GamutConfig.defaults().threads(2));

    @AfterAll
    static void close() {
        GAMUT.close();
    }

    @TestFactory
    Stream<DynamicTest> products() {
        return Stream.of(DType.F64, DType.F32)
                .flatMap(type -> Stream.of(new long[][] {{8, 8, 8}, {64, 64, 64}, {200, 130, 300}, {300, 1, 300}})
                        .map(s -> DynamicTest.dynamicTest(type + " " + s[0] + "×" + s[1] + "×" + s[2], () -> {
                            GemmPlan plan = GAMUT.plan(GemmDesc.of(type, s[0], s[1], s[2]));
                            GemmArgs args = new GemmArgs();
                            args.a().set(Tensor.zeros(type, s[0], s[2]));
                            args.b().set(Tensor.zeros(type, s[2], s[1]));
                            args.c().set(Tensor.zeros(type, s[0], s[1]));
                            assertAllocatesNothing(() -> plan.run(args));
                            Object a = args.a().array();
                            Object b = args.b().array();
                            Object c = args.c().array();
                            assertAllocatesNothing(() -> plan.run(a, b, c));
                        })));
    }

    @TestFactory
    Stream<DynamicTest> sums() {
        return Stream.of(DType.F64, DType.F32)
                .flatMap(type -> List.of(ReduceOp.SUM, ReduceOp.NRM2, ReduceOp.ARGMAX).stream()
                        .map(op -> DynamicTest.dynamicTest(type + " " + op, () -> {
                            ReducePlan plan =
                                    GAMUT.plan(ReduceDesc.of(op, type, Layout.rowMajor(5_000), ReduceDesc.ALL));
                            ReduceArgs args = new ReduceArgs();
                            args.x().set(Tensor.zeros(type, 5_000));
                            args.out().set(Tensor.zeros(plan.desc().result(), 1));
                            assertAllocatesNothing(() -> plan.run(args));
                        })));
    }

    /** Until then the interpreter makes objects that compiled code does without; how long that takes is the JIT's affair. */
    private static void assertAllocatesNothing(Runnable run) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long least = Long.MAX_VALUE;
        while (least != 0 && System.nanoTime() < deadline) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 200; i++) {
                run.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes allocated by 200 runs");
    }
}
