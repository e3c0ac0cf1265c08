package dev.gamut.ffm.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Communicators;
import dev.gamut.Gamut;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.collective.Request;
import dev.gamut.conformance.CollectiveRules;
import dev.gamut.conformance.Options;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceTensor;
import dev.gamut.device.Stream;
import dev.gamut.dtype.DType;
import dev.gamut.error.GamutException;
import dev.gamut.error.NativeCallException;
import dev.gamut.error.RankFailureException;
import dev.gamut.ffm.library.SystemLibrary;
import dev.gamut.spi.Transport;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Collectives of both vendors between simulated devices: the rules, ranks that are gone, and each function of the library failing once. */
@Timeout(300)
class GpuRanksTest {
    private static final int SYSTEM_ERROR = 2;

    /** What the simulator counts in place of a communicator's state. */
    private static final String STATE = "ncclState";

    /** Runs ranks as threads, each on a device of its own; what each threw. */
    private static List<Throwable> thrown(Vendor vendor, int ranks, Consumer<Communicator> body) {
        List<Transport> transports = Communicators.transports(ranks);
        Throwable[] thrown = new Throwable[ranks];
        List<Thread> threads = new ArrayList<>();
        for (int r = 0; r < ranks; r++) {
            int rank = r;
            threads.add(Thread.ofPlatform().name("rank-" + r).start(() -> {
                try (Communicator comm = Communicators.over(transports.get(rank), vendor.id() + ":" + rank)) {
                    body.accept(comm);
                } catch (Throwable e) { // looked at by the test
                    thrown[rank] = e;
                }
            }));
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return Arrays.asList(thrown);
    }

    private static void run(Vendor vendor, int ranks, Consumer<Communicator> body) {
        for (Throwable e : thrown(vendor, ranks, body)) {
            if (e != null) {
                throw new AssertionError(e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCollectiveKeepsTheRulesAndLeavesNothing(Vendor vendor) {
        Simulator simulator = Simulator.of(vendor);
        Options options = Options.ofProperties();
        long open = simulator.open();
        long memory = Workspace.nativeBytes();
        for (int ranks : new int[] {1, 2, 3, 4}) {
            run(vendor, ranks, comm -> {
                comm.deadline(Duration.ofSeconds(60)); // a rule is checked by one rank while the others wait
                if (ranks == 3 || options.full()) {
                    CollectiveRules.everything(comm, options.seed());
                }
                for (int s = 0; s < (options.full() ? 200 : 10); s++) {
                    CollectiveRules.sequence(comm, options.seed() + s);
                }
            });
        }
        assertEquals(open, simulator.open());
        assertEquals(memory, Workspace.nativeBytes());
        for (Call call : Call.values()) {
            if (call.role() == Call.Role.RANKS && call != Call.SHRINK && call != Call.ABORT) {
                assertTrue(simulator.calls(call) > 0, call + " was never called");
            }
        }
    }

    /** What a rank does with a device that is its own's second opening. */
    private interface There {
        void run(Communicator comm, Device device);
    }

    private static Consumer<Communicator> there(Vendor vendor, There body) {
        return comm -> {
            try (Gamut gamut = Gamut.open();
                    Device device = gamut.device(vendor.id() + ":" + comm.rank())) {
                body.run(comm, device);
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void onTensorsOfDevicesTheRulesAreTheSame(Vendor vendor) {
        Simulator simulator = Simulator.of(vendor);
        Options options = Options.ofProperties();
        long open = simulator.open();
        long memory = Workspace.nativeBytes();
        long leaks = Device.leaks();
        for (int ranks : new int[] {1, 2, 3}) {
            run(vendor, ranks, there(vendor, (comm, device) -> {
                comm.deadline(Duration.ofSeconds(60));
                Communicator resident = CollectiveRules.on(comm, device);
                if (options.full()) {
                    CollectiveRules.everything(resident, options.seed());
                }
                for (int s = 0; s < (options.full() ? 200 : 10); s++) {
                    CollectiveRules.sequence(resident, options.seed() + s);
                }
                assertEquals(0, device.open());
            }));
        }
        assertEquals(open, simulator.open());
        assertEquals(memory, Workspace.nativeBytes());
        assertEquals(leaks, Device.leaks());
    }

    @ParameterizedTest
    @EnumSource
    void tensorsOfDevicesDoNotGoByTheHost(Vendor vendor) {
        Simulator simulator = Simulator.of(vendor);
        int n = 12;
        run(vendor, 3, there(vendor, (comm, device) -> {
            try (DeviceTensor x = device.copyOf(filled(n, comm.rank() + 1));
                    DeviceTensor y = device.zeros(DType.F32, n);
                    DeviceTensor part = device.zeros(DType.F32, n / 3)) {
                assertTrue(comm.explain(CollectiveCall.allReduce(x, y, Combine.SUM))
                        .getFirst()
                        .endsWith("has this collective of its own, in the memory of "
                                + device.info().name()));
                device.synchronize();
                comm.barrier();
                long copies = simulator.calls(Call.COPY);
                comm.barrier();
                comm.allReduce(x, y, Combine.SUM);
                comm.allReduce(y, Combine.SUM); // 18, in place
                comm.reduceScatter(y, part, Combine.SUM); // 54
                Tensor mine = y.tensor().slice(0, 4L * comm.rank(), 4L * comm.rank() + 4);
                comm.reduceScatter(y.tensor(), mine, Combine.SUM); // in place, 54
                comm.allGather(mine, y); // in place
                comm.broadcast(part, 2);
                comm.reduce(y, x, Combine.SUM, 1); // 162 there
                comm.barrier();
                assertEquals(copies, simulator.calls(Call.COPY), "copies to or from the host");
                comm.barrier();
                assertEquals(54, y.toHost().get(n - 1));
                assertEquals(54, part.toHost().get(0));
                assertEquals(
                        comm.rank() == 1 ? 162 : comm.rank() + 1, x.toHost().get(5));
            }
        }));
    }

    private static Tensor filled(int n, float x) {
        float[] all = new float[n];
        Arrays.fill(all, x);
        return Tensor.of(all, n);
    }

    /** The product that is reduced is in the stream, not done, when the call is made; streams are late here. */
    @ParameterizedTest
    @EnumSource
    void aCallBeginsBehindWhatTheStreamWasGiven(Vendor vendor) {
        Simulator.of(vendor);
        run(vendor, 2, comm -> {
            try (Gamut gamut = Gamut.open();
                    Device device = gamut.device(vendor.id() + ":" + comm.rank());
                    Stream stream = device.newStream();
                    DeviceTensor a = device.copyOf(Tensor.of(new float[] {1, 1, 1, 1}, 2, 2));
                    DeviceTensor x = device.zeros(DType.F32, 2, 2)) {
                device.synchronize();
                Request[] request = new Request[1];
                stream.run(() -> {
                    gamut.gemm(a, a, x);
                    request[0] = comm.start(CollectiveCall.allReduce(x, x, Combine.SUM));
                });
                request[0].await();
                assertEquals(4, x.toHost().get(1, 1));
                stream.run(() -> {
                    gamut.gemm(a, a, x);
                    comm.allReduce(x, Combine.SUM);
                });
                assertEquals(4, x.toHost().get(0, 1));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void tensorsMustBeOnTheRanksDevice(Vendor vendor) {
        Simulator simulator = Simulator.of(vendor);
        long open = simulator.open();
        run(vendor, 2, comm -> {
            String other = vendor.id() + ":" + (1 - comm.rank());
            try (Gamut gamut = Gamut.open();
                    Device device = gamut.device(other);
                    DeviceTensor x = device.zeros(DType.F32, 4)) {
                Exception e = assertThrows(IllegalArgumentException.class, () -> comm.allReduce(x, Combine.SUM));
                assertEquals(
                        "from lies on " + other + "; rank " + comm.rank() + " is on " + vendor.id() + ":" + comm.rank()
                                + ", and takes tensors of it and of the host",
                        e.getMessage());
                comm.barrier();
            }
        });
        assertEquals(open, simulator.open());
    }

    /** Nothing is left open where a call fails, though the library may have used its tensors until the group ended. */
    @ParameterizedTest
    @EnumSource
    void callsOnTensorsOfDevicesMayFailOnce(Vendor vendor) {
        Simulator simulator = Simulator.of(vendor);
        long leaks = Device.leaks();
        Consumer<Communicator> body = there(vendor, (comm, device) -> everything(CollectiveRules.on(comm, device)));
        run(vendor, 2, body);
        long nothing = simulator.open();
        for (Call call : List.of(
                Call.ALL_REDUCE,
                Call.REDUCE_SCATTER,
                Call.ALL_GATHER,
                Call.REDUCE,
                Call.BROADCAST,
                Call.SEND,
                Call.GROUP_END)) {
            fails(vendor, vendor.function(call), vendor.function(call), nothing, body);
        }
        for (int nth : new int[] {9, 15, 22}) {
            simulator.fail(STATE, nth, SYSTEM_ERROR);
            thrownBySome(vendor, "nccl[A-Z][A-Za-z]*", STATE + " " + nth, body);
            assertEquals(nothing, simulator.open(), STATE + " " + nth);
            run(vendor, 2, body);
        }
        assertEquals(leaks, Device.leaks());
    }

    @ParameterizedTest
    @EnumSource
    void whoComputesIsSaid(Vendor vendor) {
        Simulator.of(vendor);
        run(vendor, 2, comm -> {
            String engine = vendor.title(Call.Role.RANKS) + " 2.27.7 and local";
            assertEquals(engine, comm.engine());
            Tensor x = Tensor.zeros(DType.F32, 10);
            Tensor y = Tensor.zeros(DType.F32, 10);
            assertEquals(
                    engine + ": has this collective of its own",
                    comm.explain(CollectiveCall.allReduce(x, y, Combine.SUM)).getFirst());
            Tensor half = Tensor.zeros(DType.F16, 10);
            assertTrue(comm.explain(CollectiveCall.allReduce(half, Tensor.zeros(DType.F16, 10), Combine.SUM)).stream()
                    .noneMatch(line -> line.startsWith(engine)));
        });
    }

    /** The numbers that ranks end up with, by each function of the library but those that follow failures. */
    private static void everything(Communicator comm) {
        int n = 12;
        float[] x = new float[n];
        Arrays.fill(x, comm.rank() + 1);
        float[] sum = new float[n];
        comm.allReduce(Tensor.of(x, n), Tensor.of(sum, n), Combine.SUM);
        float[] part = new float[n / 2];
        comm.run(CollectiveCall.reduceScatter(Tensor.of(sum, n), Tensor.of(part, n / 2), Combine.SUM));
        float[] all = new float[n];
        comm.allGather(Tensor.of(part, n / 2), Tensor.of(all, n));
        comm.run(CollectiveCall.reduce(Tensor.of(all, n), Tensor.of(sum, n), Combine.SUM, 0));
        comm.broadcast(Tensor.of(sum, n), 0);
        comm.run(CollectiveCall.allToAll(Tensor.of(sum, n), Tensor.of(all, n)));
        assertEquals(12, all[n - 1]);
    }

    @ParameterizedTest
    @EnumSource
    void eachCallMayFailOnce(Vendor vendor) {
        Simulator simulator = Simulator.of(vendor);
        run(vendor, 2, GpuRanksTest::everything);
        long nothing = simulator.open();
        for (Call call : Call.values()) {
            // The version is asked when the library is looked for; the other two follow failures.
            if (call.role() != Call.Role.RANKS
                    || call == Call.RANKS_VERSION
                    || call == Call.SHRINK
                    || call == Call.ABORT) {
                continue;
            }
            fails(vendor, vendor.function(call), vendor.function(call), nothing, GpuRanksTest::everything);
        }
        for (int nth : new int[] {1, 4, 9, 15, 22}) { // while joining, and under way
            simulator.fail(STATE, nth, SYSTEM_ERROR);
            thrownBySome(vendor, "nccl[A-Z][A-Za-z]*", STATE + " " + nth, GpuRanksTest::everything);
            assertEquals(nothing, simulator.open(), STATE + " " + nth);
            run(vendor, 2, GpuRanksTest::everything);
        }
    }

    private static void fails(Vendor vendor, String function, String said, long nothing, Consumer<Communicator> body) {
        Simulator simulator = Simulator.of(vendor);
        simulator.fail(function, 1, SYSTEM_ERROR);
        thrownBySome(vendor, said, function, body);
        assertEquals(nothing, simulator.open(), function);
        run(vendor, 2, body);
    }

    /** One rank meets the library's error, and says so by its name; the other one, if it misses that rank, names it. */
    private static void thrownBySome(Vendor vendor, String function, String what, Consumer<Communicator> body) {
        List<Throwable> thrown =
                thrown(vendor, 2, body).stream().filter(Objects::nonNull).toList();
        assertTrue(!thrown.isEmpty(), () -> "nothing was thrown by " + what);
        String expected = function + " returned ncclSystemError \\(2\\)";
        assertTrue(
                thrown.stream()
                        .anyMatch(e -> e instanceof NativeCallException
                                && e.getMessage().matches(expected)),
                () -> what + ": " + thrown);
        thrown.forEach(e -> assertInstanceOf(GamutException.class, e, what));
    }

    @ParameterizedTest
    @EnumSource
    void aRankThatDoesNotComeIsNamedAndTheOthersGoOnWithoutIt(Vendor vendor) {
        Simulator simulator = Simulator.of(vendor);
        long open = simulator.open();
        long shrinks = simulator.calls(Call.SHRINK);
        List<Throwable> thrown = thrown(vendor, 4, comm -> {
            if (comm.rank() == 2) {
                return; // it closes its communicator
            }
            Tensor x = Tensor.of(new float[] {comm.rank(), 1, 2}, 3);
            RankFailureException e = assertThrows(RankFailureException.class, () -> comm.allReduce(x, Combine.SUM));
            assertEquals(List.of(2), e.missing());
            try (Communicator left = comm.shrink()) {
                assertEquals(3, left.size());
                assertEquals(comm.rank() == 3 ? 2 : comm.rank(), left.rank());
                float[] numbers = {comm.rank(), 1, 2};
                left.allReduce(Tensor.of(numbers, 3), Combine.SUM);
                assertEquals(4, numbers[0]);
                assertEquals(6, numbers[2]);
            }
        });
        thrown.forEach(e -> assertNull(e, () -> String.valueOf(e)));
        assertEquals(open, simulator.open());
        assertEquals(vendor == Vendor.CUDA ? 3 : 0, simulator.calls(Call.SHRINK) - shrinks, "where it is exported");
    }

    /** What is called after a failure may fail too. */
    @ParameterizedTest
    @EnumSource
    void whatFollowsAFailureMayFailOnce(Vendor vendor) {
        Simulator simulator = Simulator.of(vendor);
        long open = simulator.open();
        for (Call call : List.of(Call.ABORT, Call.SHRINK)) {
            if (call == Call.SHRINK && vendor == Vendor.ROCM) {
                continue; // RCCL does not export it
            }
            simulator.fail(call, 1, SYSTEM_ERROR);
            List<Throwable> met = new CopyOnWriteArrayList<>();
            List<Throwable> thrown = thrown(vendor, 3, comm -> {
                if (comm.rank() != 1) {
                    Tensor x = Tensor.of(new float[] {1}, 1);
                    RankFailureException e =
                            assertThrows(RankFailureException.class, () -> comm.allReduce(x, Combine.SUM));
                    met.addAll(List.of(e.getSuppressed()));
                    comm.shrink().close();
                }
            });
            met.addAll(thrown);
            String expected = vendor.function(call) + " returned ncclSystemError (2)";
            assertTrue(
                    met.stream().anyMatch(e -> e != null && e.getMessage().equals(expected)), () -> call + ": " + met);
            assertEquals(open, simulator.open(), call.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void ranksMustHaveDevicesOfTheirOwn(Vendor vendor) {
        Simulator simulator = Simulator.of(vendor);
        long open = simulator.open();
        List<Transport> transports = Communicators.transports(2);
        Throwable[] thrown = new Throwable[2];
        Thread other = Thread.ofPlatform()
                .start(() -> thrown[1] = assertThrows(
                        GamutException.class, () -> Communicators.over(transports.get(1), vendor.id() + ":0")));
        thrown[0] = assertThrows(GamutException.class, () -> Communicators.over(transports.get(0), vendor.id() + ":0"));
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertTrue(
                Arrays.stream(thrown)
                        .anyMatch(e -> e.getMessage().equals("ncclCommInitRankConfig returned ncclInvalidUsage (5)")),
                () -> Arrays.toString(thrown));
        assertEquals(open, simulator.open());
    }

    @ParameterizedTest
    @EnumSource
    void aDeviceThatIsNotThereIsNamed(Vendor vendor) {
        Simulator.of(vendor);
        Transport beneath = Communicators.transports(1).getFirst();
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Communicators.over(beneath, vendor.id() + ":99"));
        assertTrue(e.getMessage().contains("'" + vendor.id() + ":99'"), e.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void whyThereAreNoCollectivesIsSaid(Vendor vendor) {
        Simulator simulator = Simulator.of(vendor);
        String title = vendor.title(Call.Role.RANKS);
        assertEquals(
                "no " + title + ": switched off",
                Ranks.of(vendor, new SystemLibrary(Optional.of("none"), List.of()))
                        .failure());
        assertEquals(
                "no " + title + ": looked for /absent/lib.so",
                Ranks.of(vendor, new SystemLibrary(Optional.empty(), List.of("/absent/lib.so")))
                        .failure());
        simulator.fail(vendor.function(Call.RANKS_VERSION), 1, SYSTEM_ERROR);
        SystemLibrary named = new SystemLibrary(Optional.of(simulator.file()), List.of());
        assertEquals(
                "no " + title + ": " + Path.of(simulator.file()) + ": ncclGetVersion returned ncclSystemError (2)",
                Ranks.of(vendor, named).failure());
        assertNull(Ranks.of(vendor, named).failure());
        assertEquals("2.8.3", Ranks.text(2_803));
        assertEquals("2.27.7", Ranks.text(22_707));
    }
}
