package dev.gamut.ffm.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.internal.dispatch.Candidate;
import dev.gamut.internal.dispatch.Dispatcher;
import dev.gamut.internal.dispatch.Overrides;
import dev.gamut.internal.plan.Engine;
import dev.gamut.kernel.Glob;
import dev.gamut.spi.OfferContext;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What products a BLAS is offered for, and how it is called, on stand-ins. */
class BlasGemmTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private static Dispatcher dispatcher(HostBlas host) {
        return new Dispatcher(List.of(new BlasProvider(() -> host)));
    }

    private static Engine engine(HostBlas host, int threads) {
        Dispatcher dispatcher = dispatcher(host);
        OfferContext context = new OfferContext(Capabilities.host(), dispatcher.tuning(), threads);
        return new Engine(dispatcher, context, new Overrides(Optional.of(Glob.of("*_{openblas,mkl}")), true));
    }

    /** Why the kernel of a vendor is not taken; empty where it is. */
    private static String reason(HostBlas host, Capabilities machine, int threads, String vendor, GemmDesc desc) {
        Dispatcher dispatcher = dispatcher(host);
        OfferContext context = new OfferContext(machine, dispatcher.tuning(), threads);
        String id = "gemm_" + desc.a().type().id() + "_*_" + vendor;
        Candidate<?> candidate = dispatcher.select(desc, context, Overrides.NONE).candidates().stream()
                .filter(c -> Glob.of(id).matches(c.info().id()))
                .findFirst()
                .orElseThrow();
        return candidate.rejection().orElse("");
    }

    private static MatrixDesc strided(long rows, long cols, long rowStride, long colStride) {
        MatrixDesc plain = MatrixDesc.rowMajor(DType.F64, rows, cols);
        return new MatrixDesc(DType.F64, rows, cols, rowStride, colStride, 0, plain.scaling(), Optional.empty());
    }

    @Test
    void whatTheBlasCannotExpressIsDeclinedWithItsNumbers() {
        HostBlas host = StandIn.compiled(folder, "OPENBLAS").host();
        GemmDesc desc = GemmDesc.of(DType.F64, 3, 4, 5);
        String strides =
                " with strides %d and %d; the BLAS takes one stride of 1 and another that is not shorter than a line";
        assertDeclined("", host, desc);
        assertDeclined("a is 3×5" + String.format(strides, 20, 2), host, desc.a(strided(3, 5, 20, 2)));
        assertDeclined("b is 5×4" + String.format(strides, 3, 1), host, desc.b(strided(5, 4, 3, 1)));
        assertDeclined("c is 3×4" + String.format(strides, 20, 2), host, desc.c(strided(3, 4, 20, 2)));
        String counts = " is 2147483648; the BLAS counts up to 2147483647";
        assertDeclined("the leading dimension of b" + counts, host, desc.b(strided(5, 4, 1L << 31, 1)));
        assertDeclined("m" + counts, host, GemmDesc.of(DType.F32, 1L << 31, 0, 0));
        assertDeclined("k" + counts, host, GemmDesc.of(DType.F64, 0, 0, 1L << 31));
        assertDeclined(
                "copies of its arrays would take 2400000000 bytes; at most 1073741824 are taken",
                host,
                GemmDesc.of(DType.F64, 10_000, 10_000, 10_000));
        assertDeclined("", host, desc.a(strided(3, 5, 1, 7)).b(strided(5, 4, 9, 1)));
        assertDeclined("", host, GemmDesc.of(strided(1, 5, 2, 1), strided(5, 1, 9, 3), strided(1, 1, 4, 2)));
    }

    private static void assertDeclined(String reason, HostBlas host, GemmDesc desc) {
        assertEquals(reason, reason(host, Capabilities.host(), 1, "openblas", desc), desc::toString);
    }

    @Test
    void onlyTheLibraryThatWasFoundOfThisMachineIsOffered() {
        HostBlas host = StandIn.compiled(folder, "OPENBLAS").host();
        GemmDesc desc = GemmDesc.of(DType.F64, 3, 4, 5);
        assertEquals("the BLAS library of this process is OpenBLAS", reason(host, Capabilities.host(), 1, "mkl", desc));
        assertEquals(
                "which BLAS library another machine has is not known",
                reason(host, Capabilities.host().withJdk(99), 1, "openblas", desc));
    }

    @Test
    void aLibraryThatTakesAnyNumberOfThreadsIsOfferedForAllOfThem() {
        int all = Capabilities.host().cores();
        Assumptions.assumeTrue(all > 1, "cannot run here: there is one processor");
        HostBlas host = StandIn.compiled(folder, "CBLAS").host();
        GemmDesc desc = GemmDesc.of(DType.F64, 3, 4, 5);
        assertEquals("", reason(host, Capabilities.host(), all, "cblas", desc));
        assertEquals(
                "the library cannot be told how many threads to use: it may take all " + all
                        + ", and those asked for are 1",
                reason(host, Capabilities.host(), 1, "cblas", desc));
    }

    /** The stand-in counts products during which somebody changed the number of threads. */
    @Test
    void productsOnDifferentNumbersOfThreadsDoNotDisturbEachOther() throws Exception {
        StandIn library = StandIn.compiled(folder, "OPENBLAS");
        HostBlas host = library.host();
        inParallel(List.of(engine(host, 1), engine(host, 1), engine(host, 1), engine(host, 1)));
        assertTrue(library.ask("most") > 1, "products that want the same number run at once");
        inParallel(List.of(engine(host, 1), engine(host, 3), engine(host, 1), engine(host, 2)));
        assertEquals(0, library.ask("disturbed"));
        inParallel(List.of(engine(host, 3)));
        assertEquals(3, library.ask("threads"));
    }

    @Test
    void aNumberThatIsSetForTheThreadIsPutBack() throws Exception {
        StandIn library = StandIn.compiled(folder, "MKL");
        HostBlas host = library.host();
        try (Engine engine = engine(host, 3)) {
            products(engine, 1);
        }
        assertEquals(3, library.ask("threads"));
        assertTrue(host.library().describe().endsWith(", 1 thread"), host.library()::describe);
    }

    @Test
    void aBatchIsSpreadOverThreadsOfOneEach() throws Exception {
        StandIn library = StandIn.compiled(folder, "OPENBLAS");
        int n = 64;
        int batch = 50;
        double[] ones = new double[n * n * batch];
        Arrays.fill(ones, 1);
        double[] c = new double[n * n * batch];
        try (Engine engine = engine(library.host(), 3)) {
            GemmDesc desc = GemmDesc.of(DType.F64, n, n, n).batch(batch, n * n, n * n, n * n);
            engine.plan(desc).run(ones, ones, c);
        }
        assertTrue(Arrays.stream(c).allMatch(x -> x == n));
        assertEquals(1, library.ask("threads"));
    }

    private static void inParallel(List<Engine> engines) throws InterruptedException {
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        CountDownLatch begin = new CountDownLatch(engines.size());
        List<Thread> threads = new ArrayList<>();
        for (Engine engine : engines) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    begin.countDown();
                    begin.await();
                    products(engine, 30);
                } catch (Throwable e) { // told by the test
                    failures.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        engines.forEach(Engine::close);
        assertEquals(List.of(), List.copyOf(failures));
    }

    /** Large enough to be worth three threads. */
    private static void products(Engine engine, int times) {
        int n = 160;
        double[] ones = new double[n * n];
        Arrays.fill(ones, 1);
        double[] c = new double[n * n];
        GemmPlan plan = engine.plan(GemmDesc.of(DType.F64, n, n, n));
        for (int i = 0; i < times; i++) {
            plan.run(ones, ones, c);
            for (double x : c) {
                if (x != n) {
                    throw new AssertionError("an element is " + x + ", not " + n);
                }
            }
        }
    }

    @Test
    void runsAllocateNothing() {
        StandIn library = StandIn.compiled(folder, "OPENBLAS");
        int n = 24;
        try (Engine engine = engine(library.host(), 2);
                Arena arena = Arena.ofShared()) {
            GemmPlan plan = engine.plan(GemmDesc.of(DType.F64, n, n, n));
            double[] a = new double[n * n];
            double[] b = new double[n * n];
            double[] c = new double[n * n];
            assertAllocatesNothing(() -> plan.run(a, b, c));
            GemmArgs args = new GemmArgs();
            args.a().set(memory(arena, n), DType.F64, 1);
            args.b().set(memory(arena, n), DType.F64, 1);
            args.c().set(memory(arena, n), DType.F64, 1);
            assertAllocatesNothing(() -> plan.run(args));
            args.scalars(-1, 1);
            assertAllocatesNothing(() -> plan.run(args));
        }
    }

    private static MemorySegment memory(Arena arena, int n) {
        return arena.allocate(DType.F64.bytes((long) n * n + 1), 64);
    }

    /** Other threads and the JIT may allocate in this one's name for a while. */
    private static void assertAllocatesNothing(Runnable call) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long allocated;
        do {
            for (int i = 0; i < 500; i++) {
                call.run();
            }
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 50; i++) {
                call.run();
            }
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        } while (allocated != 0 && System.nanoTime() < deadline);
        assertEquals(0, allocated, "bytes in 50 runs");
    }
}
