package dev.gamut.ffm.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.spi.Workspace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Eight threads share plans whose owner is closed and opened anew under them, on arrays that the collector moves and on memory outside
 * the heap that is freed after each product: every result is exact, a closed owner says so, and no memory is held at the end. Half a
 * minute, ten with {@code -Dgamut.test.full=true}.
 */
class StressTest {
    private static final int THREADS = 8;
    private static final int LARGEST = 160;
    private static final int SIZES = 12;

    private static final Duration TIME =
            Boolean.getBoolean("gamut.test.full") ? Duration.ofMinutes(10) : Duration.ofSeconds(30);

    private final AtomicReference<Gamut> owner = new AtomicReference<>();
    private final AtomicLong products = new AtomicLong();
    private final AtomicLong closed = new AtomicLong();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private static Gamut open() {
        return Gamut.open(GamutConfig.defaults()
                .threads(3)
                .kernel("gemm_*_{c,avx2,avx512}")
                .strict(true));
    }

    @Test
    void plansAreSharedAndClosedUnderLoad() throws InterruptedException {
        NativeLibraryPresent.assume();
        long held = Workspace.nativeBytes();
        owner.set(open());
        long end = System.nanoTime() + TIME.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            SplittableRandom random = new SplittableRandom(20_261_126 + t);
            threads.add(Thread.ofPlatform().start(() -> work(random, end)));
        }
        while (System.nanoTime() < end && failures.isEmpty()) {
            Thread.sleep(50);
            owner.getAndSet(open()).close();
            System.gc();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        owner.get().close();
        assertEquals(List.of(), List.copyOf(failures));
        assertTrue(products.get() > 1_000, () -> products + " products, " + closed + " met a closed owner");
        NativeAllocationTest.requireGivenBack(held);
    }

    private void work(SplittableRandom random, long end) {
        Object litter = null;
        while (System.nanoTime() < end && failures.isEmpty()) {
            try {
                litter = new byte[random.nextInt(1 << 16)];
                int n = 1 + random.nextInt(SIZES) * (LARGEST / SIZES);
                product(n, random.nextInt(1, 9), random.nextInt(1, 9), random.nextBoolean());
                products.incrementAndGet();
            } catch (IllegalStateException e) {
                closed.incrementAndGet(); // its owner was closed meanwhile
            } catch (Throwable e) { // told by the test
                failures.add(e);
            }
        }
        assertTrue(litter == null || litter.getClass().isArray());
    }

    /** A matrix of x times one of y: every element is n·x·y. */
    private void product(int n, double x, double y, boolean heap) {
        GemmArgs args = new GemmArgs();
        MemorySegment c;
        if (heap) {
            double[] result = new double[n * n];
            args.a().set(filled(n, x), 0);
            args.b().set(filled(n, y), 0);
            args.c().set(result, 0);
            c = MemorySegment.ofArray(result);
            run(n, args);
            check(n, c, n * x * y);
        } else {
            try (Arena arena = Arena.ofShared()) {
                args.a().set(copy(arena, filled(n, x)), DType.F64, 0);
                args.b().set(copy(arena, filled(n, y)), DType.F64, 0);
                c = copy(arena, filled(n, Double.NaN));
                args.c().set(c, DType.F64, 0);
                run(n, args);
                check(n, c, n * x * y);
            }
        }
    }

    private void run(int n, GemmArgs args) {
        owner.get().plan(GemmDesc.of(DType.F64, n, n, n)).run(args);
    }

    private static double[] filled(int n, double value) {
        double[] matrix = new double[n * n];
        java.util.Arrays.fill(matrix, value);
        return matrix;
    }

    private static MemorySegment copy(Arena arena, double[] matrix) {
        MemorySegment segment = arena.allocate(8L * matrix.length, 64);
        return segment.copyFrom(MemorySegment.ofArray(matrix));
    }

    private static void check(int n, MemorySegment c, double expected) {
        for (long i = 0; i < (long) n * n; i++) {
            double is = DType.F64.load(c, i);
            if (is != expected) {
                throw new AssertionError("n = " + n + ", element " + i + " is " + is + ", not " + expected);
            }
        }
    }
}
