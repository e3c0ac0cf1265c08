package dev.gamut.vector.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.Tuning;
import dev.gamut.tensor.Operand;
import dev.gamut.vector.VectorProvider;
import dev.gamut.vector.gemm.GemmCase.Form;
import dev.gamut.vector.gemm.GemmCase.Place;
import java.io.ByteArrayInputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every GEMM kernel of the provider, over the shapes at which its tile begins and ends. */
class VectorGemmTest {
    private static final VectorProvider PROVIDER = new VectorProvider();

    /** Small blocks, so that small problems have several rows and columns of them; and threads from the first element on. */
    private static final Tuning SMALL_BLOCKS = tuning("mc 24", "nc 48", "cycles_per_thread 1");

    /** Depths that make two blocks and three. */
    private static final int TWO = Blocking.KC + 1;

    private static final int THREE = 2 * Blocking.KC + 30;

    private static Tuning tuning(String... constants) {
        StringBuilder text = new StringBuilder();
        for (String constant : constants) {
            text.append("*;*;*;").append(constant.replace(' ', ';')).append(";test\n");
        }
        return Tuning.read(new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)), "test")
                .over(PROVIDER.tuning());
    }

    /** Types of the kernels here; narrow types are decoded and then the same, which the conformance rules look at. */
    private static final List<DType> WIDE = List.of(DType.F64, DType.F32);

    static Stream<GemmKernel> kernels() {
        return PROVIDER.kernels().stream()
                .filter(GemmKernel.class::isInstance)
                .map(GemmKernel.class::cast)
                .filter(kernel -> kernel.info().ieee()) // what emulates plans other products
                .filter(kernel -> WIDE.containsAll(kernel.info().id().types()))
                .filter(kernel -> kernel.unavailable(Capabilities.host()).isEmpty());
    }

    private static int lanes(DType type) {
        return Capabilities.host().lanes(type.bits());
    }

    /** 1, t - 1, t, t + 1, 2t + 1 for the tile's size, and a prime. */
    private static List<Integer> around(int tile) {
        Set<Integer> sizes = new LinkedHashSet<>(List.of(1, Math.max(1, tile - 1), tile, tile + 1, 2 * tile + 1, 53));
        return List.copyOf(sizes);
    }

    private static GemmDesc desc(DType type, int m, int n, int k, Form a, Form b, Form c) {
        return GemmDesc.of(a.desc(type, m, k), b.desc(type, k, n), c.desc(type, m, n));
    }

    private static List<Integer> rows(GemmKernel kernel) {
        return around(
                kernel.info().id().tile().map(t -> t.rows(type(kernel).bits())).orElse(8));
    }

    private static List<Integer> cols(GemmKernel kernel) {
        int lanes = lanes(type(kernel));
        return around(kernel.info().id().tile().map(t -> t.cols(lanes)).orElse(lanes));
    }

    private static DType type(GemmKernel kernel) {
        return kernel.info().id().types().getFirst();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shapesAroundTheTile(GemmKernel kernel) {
        TestContext context = new TestContext(SMALL_BLOCKS, 1, false);
        int checked = 0;
        try (Arena arena = Arena.ofConfined()) {
            for (int m : rows(kernel)) {
                for (int n : cols(kernel)) {
                    for (int k : new int[] {1, 8, TWO}) {
                        GemmDesc desc = desc(type(kernel), m, n, k, Form.ROWS, Form.ROWS, Form.PADDED_ROWS);
                        for (double beta : new double[] {0, -2}) {
                            GemmCase x = new GemmCase(desc, Place.ARRAY, 0, true, 1, beta, arena);
                            checked += x.check(kernel, context) ? 1 : 0;
                        }
                    }
                }
            }
        }
        assertTrue(checked > 0, "no shape was accepted");
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void everyFormPlaceAndFactor(GemmKernel kernel) {
        double[][] factors = {{1, 0}, {1, 1}, {-0.7, 0.3}, {2, 0}, {0, 0}, {0, 2}};
        TestContext[] contexts = {
            new TestContext(SMALL_BLOCKS, 1, false),
            new TestContext(SMALL_BLOCKS, 3, false),
            new TestContext(SMALL_BLOCKS, 1, true),
            new TestContext(SMALL_BLOCKS, 2, true)
        };
        int[][] shapes = {{29, 37, 19}, {1, 37, 19}, {29, 1, THREE}, {4, 4, 4}, {29, 37, TWO}};
        int turn = 0;
        int checked = 0;
        try (Arena arena = Arena.ofShared()) {
            for (Form a : Form.values()) {
                for (Form b : Form.values()) {
                    for (Form c : List.of(Form.ROWS, Form.PADDED_ROWS, Form.COLS, Form.PADDED_COLS, Form.STRIDED)) {
                        for (Place place : Place.values()) {
                            // Factors, threads and shapes take turns: coprime counts meet in every pair.
                            double[] f = factors[turn % factors.length];
                            int[] s = shapes[turn / 7 % shapes.length];
                            TestContext context = contexts[turn / 5 % contexts.length];
                            GemmDesc desc = desc(type(kernel), s[0], s[1], s[2], a, b, c);
                            boolean exact = turn % 2 == 0 && f[0] != -0.7;
                            GemmCase x = new GemmCase(desc, place, turn % 3, exact, f[0], f[1], arena);
                            checked += x.check(kernel, context) ? 1 : 0;
                            turn++;
                        }
                    }
                }
            }
        }
        assertTrue(checked > 0, "no problem was accepted");
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void batches(GemmKernel kernel) {
        try (Arena arena = Arena.ofShared()) {
            for (int threads = 1; threads <= 3; threads++) {
                for (int[] s : new int[][] {{5, 3, 4}, {13, 17, TWO}, {1, 9, 6}, {9, 1, 6}}) {
                    GemmDesc one = desc(type(kernel), s[0], s[1], s[2], Form.ROWS, Form.COLS, Form.PADDED_ROWS);
                    GemmDesc own = one.batch(
                            7, one.a().extent(1) + 1, one.b().extent(1), one.c().extent(1) + 2);
                    GemmDesc shared = one.batch(2, one.a().extent(1), 0, one.c().extent(1));
                    for (GemmDesc desc : List.of(own, shared, one.batch(0, 0, 0, 0))) {
                        for (Place place : Place.values()) {
                            new GemmCase(desc, place, 1, true, 1, 1, arena)
                                    .check(kernel, new TestContext(SMALL_BLOCKS, threads, true));
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void emptySizes(GemmKernel kernel) {
        try (Arena arena = Arena.ofShared()) {
            for (int[] s : new int[][] {{0, 5, 5}, {5, 0, 5}, {5, 5, 0}, {0, 0, 0}, {1, 5, 0}, {5, 1, 0}}) {
                for (double beta : new double[] {0, 1, -0.5}) {
                    GemmDesc desc = desc(type(kernel), s[0], s[1], s[2], Form.ROWS, Form.ROWS, Form.PADDED_COLS);
                    for (boolean packed : new boolean[] {false, true}) {
                        new GemmCase(desc, Place.ARRAY, 2, true, 3, beta, arena)
                                .check(kernel, new TestContext(SMALL_BLOCKS, 2, packed));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void panelsPackedWithOtherBlocks(GemmKernel kernel) {
        TestContext here = new TestContext(SMALL_BLOCKS, 2, true);
        try (Arena arena = Arena.ofShared()) {
            for (Tuning other : List.of(tuning("nc 96"), tuning("nc 16"), PROVIDER.tuning())) {
                for (double beta : new double[] {0, 1}) {
                    GemmDesc desc = desc(type(kernel), 53, 131, THREE, Form.ROWS, Form.ROWS, Form.ROWS);
                    new GemmCase(desc, Place.ARRAY, 0, true, 1, beta, arena)
                            .check(kernel, here, new TestContext(other, 1, true));
                }
            }
        }
    }

    /** Without a product C is beta·C rounded, or +0: alpha takes no part and signs of zeros stay. */
    @ParameterizedTest
    @MethodSource("kernels")
    void noProduct(GemmKernel kernel) {
        DType type = type(kernel);
        double[] old = {-0.0, 0.0, 1.1, Double.NaN, -3, Double.NEGATIVE_INFINITY, type.minSubnormal()};
        TestContext context = new TestContext(SMALL_BLOCKS, 2, false);
        for (int[] s : new int[][] {{old.length, 1, 0}, {1, old.length, 0}, {old.length, 1, 3}, {1, old.length, 3}}) {
            GemmDesc desc = desc(type, s[0], s[1], s[2], Form.ROWS, Form.ROWS, Form.ROWS);
            for (double alpha : s[2] > 0 ? new double[] {0, -0.0} : new double[] {1, -1, 1.0 / 0, Double.NaN}) {
                for (double beta : new double[] {0, 1, -0.3, 0x1p-200, 1e-320}) {
                    Object c = type.bits() == 64 ? new double[old.length] : new float[old.length];
                    MemorySegment memory = Operand.wrap(c);
                    for (int i = 0; i < old.length; i++) {
                        type.store(memory, i, old[i]);
                    }
                    GemmArgs args = new GemmArgs().scalars(alpha, beta);
                    args.a().set(poison(type), 0);
                    args.b().set(poison(type), 0);
                    args.c().set(c, 0);
                    accept(kernel, desc, context.offerContext())
                            .preparer()
                            .prepare(context)
                            .execute(args);
                    double factor = type.round(beta);
                    for (int i = 0; i < old.length; i++) {
                        double expected = factor == 0 ? 0 : type.round(factor * type.round(old[i]));
                        assertEquals(expected, type.load(memory, i), desc + " alpha " + alpha + " beta " + beta);
                    }
                }
            }
        }
    }

    private static Object poison(DType type) {
        double[] numbers = new double[21];
        Arrays.fill(numbers, Double.NaN);
        float[] narrow = new float[21];
        Arrays.fill(narrow, Float.NaN);
        return type.bits() == 64 ? numbers : narrow;
    }

    private static Offer.Accept<GemmExecutor> accept(GemmKernel kernel, GemmDesc desc, OfferContext context) {
        return switch (kernel.offer(desc, context)) {
            case Offer.Accept<GemmExecutor> accept -> accept;
            case Offer.Decline<GemmExecutor> decline -> throw new AssertionError(desc + ": " + decline.reason());
        };
    }

    /** Only what a tiny product needs may stay with its plan. */
    @ParameterizedTest
    @MethodSource("kernels")
    void scratchMemoryIsLeased(GemmKernel kernel) {
        try (Arena arena = Arena.ofShared()) {
            for (int[] s : new int[][] {{200, 150, 100}, {200, 1, 150}, {1, 150, 200}}) {
                GemmDesc desc = desc(type(kernel), s[0], s[1], s[2], Form.COLS, Form.STRIDED, Form.PADDED_ROWS);
                TestContext context = new TestContext(PROVIDER.tuning(), 1, false);
                List<Integer> asked = context.watch();
                boolean ran = new GemmCase(desc, Place.ARRAY, 0, true, 1, 1, arena).check(kernel, context);
                assertEquals(ran ? List.of(1) : List.of(), asked, desc.toString());
            }
        }
    }

    /** The predicted time counts on the threads that the prepared product will use. */
    @ParameterizedTest
    @MethodSource("kernels")
    void costsCountTheThreadsUsed(GemmKernel kernel) {
        Tuning tuning = PROVIDER.tuning();
        try (Arena arena = Arena.ofShared()) {
            for (int[] s : new int[][] {{32, 1, 40_000}, {300, 1, 700}, {1, 2000, 400}, {2000, 1, 2000}}) {
                GemmDesc desc = desc(type(kernel), s[0], s[1], s[2], Form.STRIDED, Form.STRIDED, Form.ROWS);
                TestContext context = new TestContext(tuning, 3, false);
                List<Integer> asked = context.watch();
                boolean ran = new GemmCase(desc, Place.ARRAY, 0, true, 1, 0, arena).check(kernel, context);
                boolean alone = asked.isEmpty() || asked.equals(List.of(1));
                if (ran && alone) {
                    assertEquals(cost(kernel, desc, tuning, 1), cost(kernel, desc, tuning, 3), desc.toString());
                }
            }
        }
    }

    private static double cost(GemmKernel kernel, GemmDesc desc, Tuning tuning, int threads) {
        return accept(kernel, desc, new OfferContext(Capabilities.host(), tuning, threads))
                .cost()
                .seconds();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void missingConstantsAreNamed(GemmKernel kernel) {
        OfferContext context = new OfferContext(Capabilities.host(), Tuning.EMPTY, 2);
        GemmDesc desc = desc(type(kernel), 1, 50, 50, Form.ROWS, Form.ROWS, Form.ROWS);
        String message = assertThrows(IllegalStateException.class, () -> kernel.offer(desc, context))
                .getMessage();
        assertTrue(message.contains(kernel.info().id().toString()), message);
        assertTrue(message.matches(".*'[a-z0-9_]+'.*"), message);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void realBlockSizes(GemmKernel kernel) {
        TestContext context = new TestContext(PROVIDER.tuning(), 2, false);
        try (Arena arena = Arena.ofShared()) {
            for (int[] s : new int[][] {{131, 97, 613}, {64, 64, 64}, {1, 300, 700}, {700, 1, 300}}) {
                GemmDesc desc = desc(type(kernel), s[0], s[1], s[2], Form.ROWS, Form.PADDED_ROWS, Form.ROWS);
                for (double beta : new double[] {0, 0.6}) {
                    new GemmCase(desc, Place.ARRAY, 0, false, 1.25, beta, arena).check(kernel, context);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void runsDoNotAllocate(GemmKernel kernel) {
        TestContext context = new TestContext(PROVIDER.tuning(), 1, false);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Arena arena = Arena.ofShared()) {
            for (int[] s : new int[][] {{29, 37, 19}, {1, 53, 47}, {53, 1, 47}}) {
                GemmDesc desc = desc(type(kernel), s[0], s[1], s[2], Form.ROWS, Form.ROWS, Form.ROWS);
                if (kernel.offer(desc, context.offerContext()) instanceof Offer.Accept<GemmExecutor> accept) {
                    GemmCase x = new GemmCase(desc, Place.ARRAY, 0, true, 1, 1, arena);
                    GemmExecutor executor = accept.preparer().prepare(context);
                    long least = Long.MAX_VALUE;
                    // Vectors are heap objects until C2 has compiled the kernel, which takes some thousand runs.
                    for (int round = 0; round < 1000 && least > 0; round++) {
                        long before = threads.getCurrentThreadAllocatedBytes();
                        for (int i = 0; i < 100; i++) {
                            executor.execute(x.args());
                        }
                        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
                    }
                    assertEquals(0, least, desc.toString());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void idsParseToThemselves(GemmKernel kernel) {
        KernelId id = kernel.info().id();
        assertEquals(id, KernelId.parse(id.toString()));
        assertEquals(
                1,
                PROVIDER.kernels().stream()
                        .map(Kernel::info)
                        .filter(i -> i.id().equals(id))
                        .count());
    }
}
