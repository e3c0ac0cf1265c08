package dev.gamut.device;

import static dev.gamut.dtype.DType.F32;
import static dev.gamut.dtype.DType.F64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Explanation;
import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Determinism;
import dev.gamut.error.OutOfDeviceMemoryException;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.hw.Capabilities;
import dev.gamut.internal.dispatch.Candidate;
import dev.gamut.internal.dispatch.Dispatcher;
import dev.gamut.internal.dispatch.Overrides;
import dev.gamut.internal.dispatch.Selection;
import dev.gamut.internal.plan.Engine;
import dev.gamut.internal.reference.ReferenceProvider;
import dev.gamut.kernel.Glob;
import dev.gamut.kernel.KernelId;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.Cost;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.KernelProvider;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.Tuning;
import dev.gamut.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Operands of the host that are copied to a device where that is predicted to pay, on a device in Java. */
class OffloadTest {
    private static final String ON_DEVICE = "gemm_f32_f32_f32_f32_serial";
    private static final String ON_HOST = "gemm_f32_f32_f32_f32_steady";

    /** A kernel of the host whose time is known: 1 Gflop/s. */
    private static final class Steady implements KernelProvider {
        private final GemmKernel reference = (GemmKernel) new ReferenceProvider()
                .kernels().stream()
                        .filter(kernel -> kernel.info().id().toString().startsWith("gemm_f32_f32_f32_f32_"))
                        .findFirst()
                        .orElseThrow();

        @Override
        public String name() {
            return "steady";
        }

        @Override
        public Optional<String> unavailable(Capabilities machine) {
            return Optional.empty();
        }

        @Override
        public List<Kernel<?, ?>> kernels() {
            return List.of(new GemmKernel() {
                @Override
                public KernelInfo info() {
                    return new KernelInfo(
                            KernelId.of("gemm", Collections.nCopies(4, F32), "steady"), name(), true, "reference");
                }

                @Override
                public Optional<String> unavailable(Capabilities machine) {
                    return Optional.empty();
                }

                @Override
                public Offer<GemmExecutor> offer(GemmDesc desc, OfferContext context) {
                    return reference.offer(desc, context) instanceof Offer.Accept<GemmExecutor> accept
                            ? new Offer.Accept<>(
                                    new Cost(desc.flops() * 1e-9, 0, 0, 0, 0),
                                    accept.bound(),
                                    accept.determinism(),
                                    accept.preparer())
                            : new Offer.Decline<>("as the reference");
                }
            });
        }
    }

    private static Tuning.Line constant(String name, double value) {
        return new Tuning.Line(Glob.of("*"), "*", Glob.of("*_serial"), name, value, "test");
    }

    /** An engine that knows one kernel of the host, and a device of so many Gflop/s behind copies of so many GB/s and microseconds. */
    private static Engine engine(List<AutoCloseable> open, double gflops, double gbs, double us) {
        Tuning tuning =
                Tuning.of(List.of(constant("gflops", gflops), constant("copy_gbs", gbs), constant("copy_us", us)));
        Engine host = new Engine(
                new Dispatcher(List.of(new Steady())),
                new OfferContext(Capabilities.host(), tuning, 1),
                Overrides.NONE);
        SerialProvider provider = new SerialProvider();
        Device device = new Device(provider.open(provider.devices().getFirst()));
        Engine both = host.offloading(List.of(host.on(device, provider)));
        open.addAll(List.of(both, device, host));
        return both;
    }

    private interface Body {
        void run(Engine engine) throws Exception;
    }

    private static void with(double gflops, double gbs, double us, Body body) throws Exception {
        List<AutoCloseable> open = new ArrayList<>();
        Engine engine = engine(open, gflops, gbs, us);
        try {
            body.run(engine);
        } finally {
            for (AutoCloseable each : open) {
                each.close();
            }
        }
    }

    private static String chosen(Engine engine, GemmDesc desc) {
        return engine.plan(desc).kernel().toString();
    }

    private static float[] numbers(int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = i * 7 % 5 - 2;
        }
        return x;
    }

    @Test
    void aSmallProductStaysAndALargeOneGoes() throws Exception {
        with(
                1000,
                1,
                100,
                engine -> { // n = 64: 0.52 ms here; 49 kB and three copies there, 0.35 ms
                    assertEquals(ON_HOST, chosen(engine, GemmDesc.of(F32, 32, 32, 32)));
                    assertEquals(ON_DEVICE, chosen(engine, GemmDesc.of(F32, 64, 64, 64)));
                    assertEquals(ON_DEVICE, chosen(engine, GemmDesc.of(F32, 128, 128, 128)));
                });
        with(
                1000,
                0.05,
                100,
                engine -> // 1.3 ms
                assertEquals(ON_HOST, chosen(engine, GemmDesc.of(F32, 64, 64, 64))));
        with(0.9, 1000, 0, engine -> assertEquals(ON_HOST, chosen(engine, GemmDesc.of(F32, 128, 128, 128))));
    }

    @Test
    void bothWaysGiveTheSameResult() throws Exception {
        int n = 64;
        List<float[]> results = new ArrayList<>();
        for (double gflops : new double[] {1000, 0.1}) {
            with(gflops, 100, 1, engine -> {
                GemmPlan plan = engine.plan(GemmDesc.of(F32, n, n, n));
                assertEquals(gflops > 1 ? ON_DEVICE : ON_HOST, plan.kernel().toString());
                float[] c = new float[n * n];
                plan.run(numbers(n * n), numbers(n * n), c);
                results.add(c);
            });
        }
        assertArrayEquals(results.get(1), results.get(0));
    }

    @Test
    void costAndPlaceAreTold() throws Exception {
        with(1000, 1, 100, engine -> {
            Selection<GemmExecutor> selection = engine.select(GemmDesc.of(F32, 64, 64, 64));
            Candidate<GemmExecutor> there = selection.chosen();
            assertEquals(Optional.of("serial:0"), there.place());
            Cost cost = selection.accepted().cost();
            assertEquals(3 * 64 * 64 * 4 * 1e-9 + 3 * 100e-6, cost.transfer(), 1e-12);
            assertEquals(cost.transfer() + 2 * 64 * 64 * 64 * 1e-12, cost.seconds(), 1e-12);
            assertEquals(Optional.empty(), selection.candidates().get(1).place());
        });
    }

    @Test
    void whatTheDeviceMayNotOrCannotDoStays() throws Exception {
        with(1e6, 1e6, 0, engine -> {
            GemmDesc desc = GemmDesc.of(F32, 64, 64, 64);
            assertEquals(ON_DEVICE, chosen(engine, desc));
            assertEquals(ON_HOST, chosen(engine, desc.determinism(Determinism.BITWISE)));
            assertEquals(ON_HOST, chosen(engine, GemmDesc.of(F32, 400, 400, 400)));
            String reason = engine.select(GemmDesc.of(F32, 400, 400, 400)).candidates().stream()
                    .filter(c -> c.info().id().toString().equals(ON_DEVICE))
                    .findFirst()
                    .flatMap(Candidate::rejection)
                    .orElseThrow();
            assertEquals("operands take 1920000 bytes; serial:0 has " + SerialDriver.CAPACITY, reason);
        });
    }

    private static Gamut offloading(String... devices) {
        return Gamut.open(GamutConfig.defaults().offload(devices));
    }

    private static float[] product(Gamut gamut) {
        Tensor all = Tensor.of(numbers(48), 6, 8);
        Tensor a = Tensor.of(numbers(12), 3, 4);
        Tensor b = Tensor.of(numbers(20), 5, 4);
        Tensor c = all.slice(1, 2, 7).slice(0, 1, 4); // 3×5 among others
        gamut.gemm(
                a,
                b,
                c,
                g -> g.transposeB()
                        .alpha(2)
                        .beta(-1)
                        .epilogue(e -> e.bias(Tensor.of(numbers(5), 5)).relu()));
        return (float[]) all.array();
    }

    @Test
    void aGamutOpenedWithADeviceComputesThereWhatItCan() {
        SerialDriver driver;
        long leaks = Device.leaks();
        try (Gamut gamut = offloading("serial:1");
                Gamut plain = Gamut.open()) {
            Device device = gamut.offloadDevices().getFirst();
            driver = (SerialDriver) device.driver();
            assertEquals(List.of(), plain.offloadDevices());
            GemmDesc desc = GemmDesc.of(F32, 3, 4, 5);
            assertEquals(ON_DEVICE, gamut.plan(desc).kernel().toString());
            assertFalse(plain.plan(desc).kernel().toString().endsWith("serial"));
            assertArrayEquals(product(plain), product(gamut)); // its epilogue is a second pass here
            Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 4);
            assertEquals(10, gamut.sum(x));
            assertEquals(4, gamut.reduce(ReduceOp.MAX, x));
            double[] c = new double[1];
            gamut.plan(GemmDesc.of(F64, 1, 1, 2)).run(new double[] {1, 2}, new double[] {3, 4}, c);
            assertEquals(11, c[0]);
            try (DeviceTensor here = device.copyOf(Tensor.of(numbers(4), 2, 2))) { // mixed, on the same opening
                Tensor z = Tensor.zeros(F32, 2, 2);
                gamut.gemm(here, Tensor.of(numbers(4), 2, 2), z);
                Tensor expected = Tensor.zeros(F32, 2, 2);
                plain.gemm(Tensor.of(numbers(4), 2, 2), Tensor.of(numbers(4), 2, 2), expected);
                assertEquals(expected.get(1, 1), z.get(1, 1));
            }
            assertEquals(0, device.open());
            assertTrue(gamut.describe().contains("offloads to serial:1: Tortoise"), gamut.describe());
            Explanation told = gamut.explain(desc);
            assertEquals(Optional.of("serial:1"), told.chosen().flatMap(Explanation.Row::place));
            assertTrue(told.toString().contains("on serial:1, copies 6.0e-05 s"), told.toString());
            assertTrue(plain.explain(desc).rows().stream()
                    .allMatch(row -> row.place().isEmpty()));
            assertTrue(
                    gamut.explain(desc, device).rows().stream()
                            .anyMatch(row -> row.copies().startsWith("on the host, copies ")),
                    "kernels of the host, for operands of a device");
        }
        assertTrue(driver.isClosed());
        assertEquals(leaks, Device.leaks());
    }

    @Test
    void noRoomOnTheDeviceIsAnExceptionAndTheNextProductGoesThere() {
        try (Gamut gamut = offloading("serial")) {
            SerialDriver driver =
                    (SerialDriver) gamut.offloadDevices().getFirst().driver();
            GemmPlan plan = gamut.plan(GemmDesc.of(F32, 4, 4, 4));
            float[] expected = new float[16];
            plan.run(numbers(16), numbers(16), expected);
            for (int n = 1; n <= 3; n++) { // whichever operand finds no room
                float[] c = new float[16];
                driver.failAllocation(n);
                OutOfDeviceMemoryException e =
                        assertThrows(OutOfDeviceMemoryException.class, () -> plan.run(numbers(16), numbers(16), c));
                assertEquals("serial:0", e.device());
                assertArrayEquals(new float[16], c);
                plan.run(numbers(16), numbers(16), c);
                assertArrayEquals(expected, c);
            }
            assertEquals(0, gamut.offloadDevices().getFirst().open());
        }
    }

    @Test
    void aDeviceThatIsNotThereIsBadUsageAndLeavesNothingOpen() {
        long leaks = Device.leaks();
        Exception e = assertThrows(IllegalArgumentException.class, () -> offloading("serial:0", "serial:9"));
        assertTrue(e.getMessage().startsWith("offload is 'serial:9'; there are serial:0: Snail"), e.getMessage());
        System.setProperty("gamut.offload", "serial:0 , serial:1");
        try (Gamut gamut = Gamut.open()) {
            assertEquals(
                    List.of("serial:0", "serial:1"),
                    gamut.offloadDevices().stream().map(d -> d.info().name()).toList());
        } finally {
            System.clearProperty("gamut.offload");
        }
        assertEquals(leaks, Device.leaks());
    }

    @Test
    void closedOnesSaySo() {
        Gamut gamut = offloading("serial:0");
        GemmPlan plan = gamut.plan(GemmDesc.of(F32, 4, 4, 4));
        gamut.close();
        assertThrows(IllegalStateException.class, () -> plan.run(numbers(16), numbers(16), new float[16]));
        assertThrows(IllegalStateException.class, () -> gamut.plan(GemmDesc.of(F32, 4, 4, 4)));
    }

    @Test
    void severalThreadsMayRunOnePlan() throws InterruptedException {
        try (Gamut gamut = offloading("serial:0")) {
            GemmPlan plan = gamut.plan(GemmDesc.of(F32, 8, 8, 8));
            float[] expected = new float[64];
            plan.run(numbers(64), numbers(64), expected);
            List<Throwable> wrong = Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        for (int i = 0; i < 100; i++) {
                            float[] c = new float[64];
                            plan.run(numbers(64), numbers(64), c);
                            assertArrayEquals(expected, c);
                        }
                    } catch (Throwable e) { // told below
                        wrong.add(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(List.of(), wrong);
        }
    }
}
