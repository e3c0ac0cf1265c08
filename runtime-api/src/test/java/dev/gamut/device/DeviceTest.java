package dev.gamut.device;

import static dev.gamut.dtype.DType.F32;
import static dev.gamut.dtype.DType.F64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Gamut;
import dev.gamut.conformance.DeviceRules;
import dev.gamut.conformance.Options;
import dev.gamut.dtype.DType;
import dev.gamut.error.NativeCallException;
import dev.gamut.error.OutOfDeviceMemoryException;
import dev.gamut.error.UnsupportedProblemException;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.tensor.Quantise;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices, their memory, streams and events, on a device in Java that is strict about handles. */
class DeviceTest {
    private static final String KERNEL = "gemm_f32_f32_f32_f32_serial";

    private Gamut gamut;
    private Device device;
    private SerialDriver driver;

    @BeforeEach
    void open() {
        gamut = Gamut.open();
        device = gamut.device("serial:0");
        driver = (SerialDriver) device.driver();
    }

    @AfterEach
    void close() {
        device.close();
        assertTrue(driver.isClosed());
        gamut.close();
    }

    private static Tensor matrix(int rows, int cols, int first) {
        float[] data = new float[rows * cols];
        for (int i = 0; i < data.length; i++) {
            data[i] = (first + i * 7) % 5 - 2;
        }
        return Tensor.of(data, rows, cols);
    }

    private static float[] floats(Tensor t) {
        float[] numbers = new float[Math.toIntExact(t.layout().size())];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) t.get(i / t.size(1), i % t.size(1));
        }
        return numbers;
    }

    private float[] onHost(Tensor a, Tensor b) {
        Tensor c = Tensor.zeros(F32, a.size(0), b.size(1));
        gamut.gemm(a, b, c);
        return floats(c);
    }

    @Test
    void devicesAreFoundByNumberAndTitle() {
        assertEquals(
                List.of("serial:0", "serial:1"),
                gamut.devices().stream().map(DeviceInfo::name).toList());
        for (String name : List.of("serial", "serial:0", "serial:snail")) {
            try (Device found = gamut.device(name)) {
                assertEquals("serial:0", found.info().name());
            }
        }
        try (Device found = gamut.device("serial:Tort")) {
            assertEquals("serial:1", found.info().name());
        }
        for (String name : List.of("serial:2", "serial:", "snail", "", "serial:Hare")) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> gamut.device(name));
            assertTrue(e.getMessage().contains("serial:0: Snail, accelerator"), e.getMessage());
        }
    }

    @Test
    void productsFollowTheirOperands() {
        Tensor a = matrix(3, 4, 1);
        Tensor b = matrix(4, 5, 2);
        try (DeviceTensor x = device.copyOf(a);
                DeviceTensor y = device.copyOf(b);
                DeviceTensor z = device.zeros(F32, 3, 5)) {
            gamut.gemm(x, y, z);
            assertArrayEquals(onHost(a, b), floats(z.toHost()));
            gamut.gemm(x, y, z, g -> g.alpha(2).beta(-1));
            assertArrayEquals(onHost(a, b), floats(z.toHost()));
            gamut.gemm(
                    y.tensor().transpose(), x.tensor().transpose(), z.tensor().transpose());
            assertArrayEquals(onHost(a, b), floats(z.toHost()));
        }
        GemmDesc desc = GemmDesc.of(F32, 3, 5, 4);
        assertEquals(KERNEL, gamut.plan(desc, device).kernel().toString());
        assertEquals(
                KERNEL,
                gamut.explain(desc, device).chosen().orElseThrow().kernel().toString());
        assertEquals("serial", gamut.kernels(device).getFirst().provider());
        assertFalse(gamut.plan(desc).kernel().toString().endsWith("serial"));
    }

    @Test
    void hostAndDeviceOperandsMix() {
        Tensor a = matrix(3, 4, 1);
        Tensor b = matrix(4, 5, 2);
        float[] expected = onHost(a, b);
        for (int mix = 1; mix < 8; mix++) {
            try (DeviceTensor x = device.copyOf(a);
                    DeviceTensor y = device.copyOf(b);
                    DeviceTensor z = device.zeros(F32, 3, 5)) {
                Tensor c = Tensor.zeros(F32, 3, 5);
                boolean resident = (mix & 4) != 0;
                gamut.gemm((mix & 1) != 0 ? x : a, (mix & 2) != 0 ? y : b, resident ? z : c);
                assertArrayEquals(expected, floats(resident ? z.toHost() : c), "mix " + mix);
            }
        }
        assertEquals(0, device.open());
    }

    @Test
    void aResultOnTheHostKeepsWhatLiesBetweenItsElements() {
        Tensor all = matrix(4, 6, 3);
        float[] before = floats(all);
        Tensor c = all.slice(1, 1, 4).slice(0, 1, 3);
        try (DeviceTensor x = device.copyOf(matrix(2, 2, 0))) {
            gamut.gemm(x, matrix(2, 3, 1), c);
        }
        float[] product = onHost(matrix(2, 2, 0), matrix(2, 3, 1));
        float[] after = floats(all);
        for (int i = 0; i < after.length; i++) {
            int row = i / 6 - 1;
            int col = i % 6 - 1;
            boolean inside = row >= 0 && row < 2 && col >= 0 && col < 3;
            assertEquals(inside ? product[row * 3 + col] : before[i], after[i], "element " + i);
        }
    }

    @Test
    void whatTheDeviceDeclinesRunsOnTheHost() {
        Tensor a = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2);
        try (DeviceTensor x = device.copyOf(a);
                DeviceTensor z = device.zeros(F64, 2, 2)) {
            gamut.gemm(x, x, z);
            assertEquals(7, z.toHost().get(0, 0));
            assertEquals(10, gamut.sum(x));
            assertEquals(4, gamut.reduce(ReduceOp.MAX, x));
            assertEquals(6, gamut.reduce(ReduceOp.SUM, x, 0).get(1));
            Tensor bias = Tensor.of(new double[] {1, -100}, 2);
            try (DeviceTensor v = device.copyOf(bias)) {
                gamut.gemm(x, a, z, g -> g.epilogue(e -> e.bias(v.tensor()).relu()));
            }
            assertEquals(8, z.toHost().get(0, 0));
            assertEquals(0, z.toHost().get(0, 1));
            try (DeviceTensor narrow = device.zeros(DType.BF16, 2, 2)) {
                gamut.convert(x, narrow);
                assertEquals(3, narrow.toHost().get(1, 0));
            }
        }
        assertFalse(gamut.plan(GemmDesc.of(F64, 2, 2, 2), device)
                .kernel()
                .toString()
                .endsWith("serial"));
    }

    @Test
    void quantisedTensorsTakeTheirScaleFactorsAlong() {
        Tensor weights = gamut.quantise(matrix(64, 8, 1), Quantise.int4().blocks(32));
        try (DeviceTensor w = device.copyOf(weights);
                DeviceTensor x = device.copyOf(matrix(2, 64, 2));
                DeviceTensor z = device.zeros(F32, 2, 8)) {
            gamut.gemm(x, w, z);
            assertArrayEquals(onHost(matrix(2, 64, 2), weights), floats(z.toHost()));
            assertEquals(weights.get(5, 3), w.toHost().get(5, 3));
            assertEquals(weights.scales().get(1, 0), w.toHost().scales().get(1, 0));
        }
        assertEquals(0, device.open());
    }

    @Test
    void streamsAreOrderedAndEventsTellWhere() {
        try (Stream first = device.newStream();
                Stream second = device.newStream();
                HostBuffer in = device.allocateHost(8);
                HostBuffer out = device.allocateHost(8);
                DeviceBuffer x = device.allocate(8);
                DeviceBuffer y = device.allocate(16)) {
            in.segment().set(ValueLayout.JAVA_LONG, 0, 42);
            Event written = x.copyFrom(in, 0, first);
            assertFalse(written.isDone());
            second.waitFor(written);
            Event copied = y.copyFrom(x, 0, 8, 8, second);
            Event read = y.copyTo(out, 8, second);
            assertFalse(copied.isDone() || read.isDone());
            read.await();
            assertTrue(written.isDone() && copied.isDone() && read.isDone());
            assertEquals(42, out.segment().get(ValueLayout.JAVA_LONG, 0));
            try (Event mark = first.record()) {
                first.synchronize();
                assertTrue(mark.isDone());
            }
            List.of(written, copied, read).forEach(Event::close);
        }
        assertEquals(0, device.open());
    }

    @Test
    void workGoesToTheStreamThatIsBound() {
        try (Stream stream = device.newStream();
                Device other = gamut.device("serial:1");
                Stream elsewhere = other.newStream()) {
            stream.run(() -> elsewhere.run(() -> {
                assertEquals(stream, device.stream());
                assertEquals(elsewhere, other.stream());
            }));
            assertFalse(stream.equals(device.stream()));
            device.stream().close(); // is the device's own
            device.synchronize();
        }
    }

    @Test
    void anAsynchronousCopyOutlivesItsEnds() {
        HostBuffer in = device.allocateHost(8);
        in.segment().set(ValueLayout.JAVA_LONG, 0, 7);
        DeviceBuffer x = device.allocate(8);
        DeviceBuffer y = device.allocate(8);
        x.copyFrom(in, 0, device.stream()).close();
        y.copyFrom(x, 0, 0, 8, device.stream()).close();
        in.close();
        x.close();
        assertThrows(IllegalStateException.class, in::segment);
        long[] out = new long[1];
        y.copyTo(MemorySegment.ofArray(out), 0);
        y.close();
        assertEquals(7, out[0]);
        device.synchronize();
        assertEquals(0, device.open());
    }

    @Test
    void useAfterCloseIsRefused() {
        DeviceBuffer buffer = device.allocate(8);
        Stream stream = device.newStream();
        Event event = stream.record();
        HostBuffer host = device.allocateHost(8);
        DeviceTensor tensor = device.copyOf(matrix(2, 2, 0));
        GemmPlan plan = gamut.plan(GemmDesc.of(F32, 2, 2, 2), device);
        for (AutoCloseable closed : List.of(buffer, stream, event, host, tensor)) {
            close(closed);
            close(closed);
        }
        MemorySegment room = MemorySegment.ofArray(new byte[8]);
        assertThrows(IllegalStateException.class, () -> buffer.copyFrom(room, 0));
        assertThrows(IllegalStateException.class, () -> buffer.copyTo(room, 0));
        assertThrows(IllegalStateException.class, stream::synchronize);
        assertThrows(IllegalStateException.class, stream::record);
        assertThrows(IllegalStateException.class, () -> stream.run(() -> {}));
        assertThrows(IllegalStateException.class, event::isDone);
        assertThrows(IllegalStateException.class, event::await);
        assertThrows(IllegalStateException.class, host::segment);
        assertThrows(IllegalStateException.class, tensor::toHost);
        Tensor plain = Tensor.zeros(F32, 2, 2);
        assertThrows(IllegalStateException.class, () -> gamut.gemm(tensor, plain, plain));
        assertThrows(IllegalStateException.class, () -> gamut.sum(tensor));
        device.close();
        device.close();
        assertThrows(IllegalStateException.class, () -> device.allocate(8));
        assertThrows(IllegalStateException.class, () -> device.zeros(F32, 2));
        assertThrows(IllegalStateException.class, device::newStream);
        assertThrows(IllegalStateException.class, device::synchronize);
        assertThrows(IllegalStateException.class, () -> plan.run(plain, plain, Tensor.zeros(F32, 2, 2)));
        assertThrows(IllegalStateException.class, () -> gamut.plan(GemmDesc.of(F32, 2, 2, 2), device));
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void sizesAndPlacesAreCheckedBeforeAnythingIsCalled() {
        assertThrows(IllegalArgumentException.class, () -> device.allocate(0));
        assertThrows(IllegalArgumentException.class, () -> device.allocateHost(-1));
        MemorySegment room = MemorySegment.ofArray(new byte[8]);
        try (DeviceBuffer buffer = device.allocate(8);
                DeviceBuffer small = device.allocate(4);
                Device other = gamut.device("serial:1");
                DeviceBuffer there = other.allocate(8);
                DeviceTensor far = other.copyOf(matrix(2, 2, 0));
                DeviceTensor near = device.copyOf(matrix(2, 2, 0))) {
            for (long offset : new long[] {-1, 1, 8, Long.MAX_VALUE}) {
                assertThrows(IllegalArgumentException.class, () -> buffer.copyFrom(room, offset));
                assertThrows(IllegalArgumentException.class, () -> buffer.copyTo(room, offset));
            }
            Stream own = device.stream();
            assertThrows(IllegalArgumentException.class, () -> buffer.copyFrom(small, 0, 0, 5, own));
            assertThrows(IllegalArgumentException.class, () -> buffer.copyFrom(small, 0, 5, 4, own));
            assertThrows(IllegalArgumentException.class, () -> buffer.copyFrom(buffer, 0, 0, 4, own));
            assertThrows(IllegalArgumentException.class, () -> buffer.copyFrom(there, 0, 0, 4, own));
            assertThrows(IllegalArgumentException.class, () -> buffer.copyFrom(small, 0, 0, 4, other.stream()));
            Tensor c = Tensor.zeros(F32, 2, 2);
            Exception e = assertThrows(IllegalArgumentException.class, () -> gamut.gemm(near, far, c));
            assertTrue(e.getMessage().contains("b lies on serial:1"), e.getMessage());
            GemmPlan host = gamut.plan(GemmDesc.of(F32, 2, 2, 2));
            assertThrows(IllegalArgumentException.class, () -> host.run(near.tensor(), c, Tensor.zeros(F32, 2, 2)));
            assertThrows(IllegalArgumentException.class, () -> gamut.gemm(near, near, near));
            assertThrows(IllegalStateException.class, () -> near.tensor().get(0, 0));
            assertThrows(IllegalStateException.class, () -> near.tensor().segment());
            assertThrows(IllegalArgumentException.class, () -> near.copyTo(Tensor.zeros(F32, 2, 3)));
            assertThrows(UnsupportedProblemException.class, () -> gamut.pack(near));
            try (Gamut stranger = Gamut.open()) {
                assertThrows(IllegalArgumentException.class, () -> stranger.gemm(near, near, c));
            }
        }
    }

    @Test
    void aFullDeviceIsAsUsableAsBefore() {
        List<DeviceBuffer> taken = new ArrayList<>();
        OutOfDeviceMemoryException full = assertThrows(OutOfDeviceMemoryException.class, () -> {
            while (true) {
                taken.add(device.allocate(SerialDriver.CAPACITY / 8));
            }
        });
        assertEquals(SerialDriver.CAPACITY / 8, full.bytes());
        assertEquals("serial:0", full.device());
        taken.forEach(DeviceBuffer::close);
        assertThrows(OutOfDeviceMemoryException.class, () -> device.allocate(SerialDriver.CAPACITY));
        Tensor a = matrix(2, 2, 0);
        for (int n = 1; n <= 3; n++) { // whichever copy of an operand finds no room
            try (DeviceTensor x = device.copyOf(a)) {
                driver.failAllocation(n);
                Tensor c = Tensor.zeros(F32, 2, 2);
                if (n < 3) {
                    assertThrows(OutOfDeviceMemoryException.class, () -> gamut.gemm(x, a, c));
                }
                driver.failAllocation(0);
                gamut.gemm(x, a, c);
                assertArrayEquals(onHost(a, a), floats(c));
            }
        }
        driver.failAllocation(2);
        Tensor weights = gamut.quantise(matrix(64, 8, 1), Quantise.int4().blocks(32));
        assertThrows(OutOfDeviceMemoryException.class, () -> device.copyOf(weights));
        assertEquals(0, device.open());
    }

    @Test
    void stepsOfOperationsUseMemoryThatStaysWithTheirStream() {
        DeviceBuffer first;
        try (Scratch.Use outer = device.scratch()) {
            first = outer.take(100);
            try (Scratch.Use inner = device.scratch()) {
                assertNotSame(first, inner.take(50));
            }
            assertEquals(50, outer.take(10).byteSize(), "what the inner one left");
        }
        try (Scratch.Use next = device.scratch()) {
            assertSame(first, next.take(60));
            assertEquals(70, next.take(70).byteSize());
        }
        assertEquals(170, driver.used());
        try (Stream other = device.newStream()) {
            other.run(() -> {
                try (Scratch.Use scratch = device.scratch()) {
                    assertNotSame(first, scratch.take(100));
                }
            });
            assertEquals(270, driver.used());
        }
        assertEquals(170, driver.used());
        assertEquals(0, device.open());
        long before = Device.leaks();
        device.close();
        assertEquals(0, driver.used());
        assertEquals(before, Device.leaks());
    }

    @Test
    void memoryOfStepsGoesWhereThereIsNoRoom() {
        long large = SerialDriver.CAPACITY / 2;
        try (Scratch.Use scratch = device.scratch()) {
            scratch.take(large);
            scratch.take(8);
            assertThrows(OutOfDeviceMemoryException.class, () -> device.allocate(large), "it is in use");
        }
        assertEquals(large + 8, driver.used());
        device.allocate(large).close();
        assertEquals(0, driver.used());
        try (Scratch.Use scratch = device.scratch()) {
            driver.failAllocation(1);
            assertThrows(OutOfDeviceMemoryException.class, () -> scratch.take(8));
            assertEquals(8, scratch.take(8).byteSize());
            driver.failAllocation(1);
            assertThrows(OutOfDeviceMemoryException.class, () -> scratch.take(8));
        }
        try (Scratch.Use scratch = device.scratch()) {
            driver.failAllocation(1);
            assertThrows(OutOfDeviceMemoryException.class, () -> scratch.take(9));
            assertEquals(9, scratch.take(9).byteSize());
        }
    }

    @Test
    void threadsWaitForEachOthersSteps() throws InterruptedException {
        List<String> order = java.util.Collections.synchronizedList(new ArrayList<>());
        Thread other;
        try (Scratch.Use scratch = device.scratch()) {
            scratch.take(8);
            other = new Thread(() -> {
                try (Scratch.Use next = device.scratch()) {
                    next.take(16);
                    order.add("other");
                }
            });
            other.start();
            Thread.sleep(20);
            order.add("first");
        }
        other.join(60_000);
        assertEquals(List.of("first", "other"), order);
    }

    @Test
    void whatKernelsKeepIsNoLeak() throws InterruptedException {
        long before = Device.leaks();
        DeviceBuffer kept = device.keep(8);
        device.keep(16);
        assertEquals(0, device.open());
        assertTrue(within(() -> {
            System.gc();
            return driver.used() == 8;
        }));
        assertEquals(8, kept.byteSize());
        device.close();
        assertEquals(0, driver.used());
        assertEquals(before, Device.leaks());
        assertThrows(IllegalStateException.class, kept::requireOpen);
    }

    @Test
    void whatIsLeftOpenIsALeak() {
        long before = Device.leaks();
        device.allocate(8);
        device.copyOf(matrix(2, 2, 0));
        device.newStream().record();
        assertEquals(4, device.open());
        device.close();
        assertEquals(4, Device.leaks() - before);
        assertEquals(0, device.open());
    }

    @Test
    void whatIsHeldOutlivesItsCloseButNobodyElseTakesIt() {
        long before = driver.used();
        DeviceBuffer buffer = device.allocate(64);
        buffer.hold();
        buffer.close();
        assertEquals(64, driver.used() - before);
        assertThrows(IllegalStateException.class, buffer::hold);
        assertThrows(IllegalStateException.class, buffer::requireOpen);
        buffer.release();
        assertEquals(before, driver.used());
        assertThrows(IllegalStateException.class, buffer::hold);
    }

    /** A library that refuses to free one thing does not keep the others, nor the device itself. */
    @Test
    void closingGoesOnWhateverIsRefused() {
        device.allocate(8);
        device.allocate(8);
        device.newStream();
        driver.refuseToFree(2);
        NativeCallException e = assertThrows(NativeCallException.class, device::close);
        assertEquals("free", e.api());
        assertEquals(1, e.getSuppressed().length);
        assertEquals(0, device.open());
        assertTrue(driver.isClosed());
    }

    @Test
    void whatTheCollectorFindsIsALeak() throws InterruptedException {
        long before = Device.leaks();
        device.allocate(8);
        assertTrue(within(() -> {
            System.gc();
            return Device.leaks() > before;
        }));
        assertTrue(within(() -> device.open() == 0));
    }

    private static boolean within(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 200 && !condition.getAsBoolean(); i++) {
            Thread.sleep(50);
        }
        return condition.getAsBoolean();
    }

    @Test
    void closingWhileOthersComputeDisturbsNobody() throws InterruptedException {
        Tensor a = matrix(16, 16, 1);
        List<Throwable> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int round = 0; round < 20; round++) {
            DeviceTensor x = device.copyOf(a);
            Thread user = new Thread(() -> {
                Tensor c = Tensor.zeros(F32, 16, 16);
                try {
                    while (true) {
                        gamut.gemm(x, a, c);
                    }
                } catch (IllegalStateException closed) { // as it should be
                } catch (Throwable e) {
                    wrong.add(e);
                }
            });
            user.start();
            Thread.sleep(2);
            x.close();
            user.join(60_000);
        }
        assertEquals(List.of(), wrong);
        assertEquals(0, device.open());
    }

    @Test
    void randomSequencesAgreeWithASerialModel() {
        Options options = Options.ofProperties();
        assertEquals(
                Optional.empty(),
                DeviceRules.sequences("serial:0", "serial:1", options.full() ? 10_000 : 500, options.seed()));
    }

    @Test
    void flightRecorderSeesTransfers(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("gamut.jfr");
        try (Recording recording = new Recording();
                HostBuffer host = device.allocateHost(8);
                DeviceBuffer x = device.allocate(16);
                DeviceBuffer y = device.allocate(16)) {
            recording.enable("dev.gamut.Transfer").withoutThreshold();
            recording.start();
            x.copyFrom(MemorySegment.ofArray(new byte[12]), 2);
            y.copyFrom(x, 0, 0, 16, device.stream()).close();
            y.copyTo(host, 4, device.stream()).close();
            device.stream().synchronize();
            y.copyTo(MemorySegment.ofArray(new byte[3]), 0);
            y.copyTo(MemorySegment.ofArray(new byte[0]), 0); // is none
            recording.stop();
            recording.dump(file);
        }
        List<String> seen = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("dev.gamut.Transfer"))
                .map(event -> event.getString("direction") + " " + event.getLong("bytes") + " "
                        + event.getBoolean("waited") + " " + event.getString("device"))
                .toList();
        assertEquals(
                List.of(
                        "TO_DEVICE 12 true serial:0",
                        "WITHIN_DEVICE 16 false serial:0",
                        "TO_HOST 8 false serial:0",
                        "TO_HOST 3 true serial:0"),
                seen);
    }
}
