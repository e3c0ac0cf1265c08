package dev.gamut.device;

import static dev.gamut.dtype.DType.F32;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import dev.gamut.dtype.DType;
import dev.gamut.spi.Transport;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Collectives on tensors of devices in Java, by engines that are on the host: by copies. */
@Timeout(300)
class DeviceCollectivesTest {
    private interface Body {
        void run(Communicator comm, Gamut gamut, Device device) throws Exception;
    }

    /** Ranks as threads, each with tensors on a device of its own opening. */
    private static void run(int ranks, Body body) {
        long memory = Workspace.nativeBytes();
        onDevices(ranks, body);
        assertEquals(memory, Workspace.nativeBytes());
    }

    private static void onDevices(int ranks, Body body) {
        long leaks = Device.leaks();
        Communicators.threads(ranks, comm -> {
            try (Gamut gamut = Gamut.open();
                    Device device = gamut.device("serial:" + comm.rank() % 2)) {
                body.run(comm, gamut, device);
                assertEquals(0, device.open());
            }
        });
        assertEquals(leaks, Device.leaks());
    }

    private static Tensor numbers(double... x) {
        Tensor t = Tensor.zeros(F32, x.length);
        for (int i = 0; i < x.length; i++) {
            t.set(x[i], i);
        }
        return t;
    }

    @Test
    void everyCollectiveKeepsTheRules() {
        long seed = Options.ofProperties().seed();
        run(3, (comm, gamut, device) -> CollectiveRules.everything(CollectiveRules.on(comm, device), seed));
    }

    @Test
    void theyAreCalledAsWithTensorsOfTheHost() {
        run(2, (comm, gamut, device) -> {
            int r = comm.rank();
            try (DeviceTensor x = device.copyOf(numbers(r, 1, 2, 3));
                    DeviceTensor all = device.zeros(F32, 8);
                    DeviceTensor part = device.zeros(F32, 2)) {
                comm.allReduce(x, Combine.SUM);
                assertEquals(6, x.toHost().get(3));
                comm.allGather(x, all);
                assertEquals(1, all.toHost().get(4));
                comm.reduceScatter(x, part, Combine.MAX);
                assertEquals(r == 0 ? 1 : 4, part.toHost().get(0));
                comm.broadcast(part, 1);
                assertEquals(6, part.toHost().get(1));
                comm.allGather(all.tensor().slice(0, 4L * r, 4L * r + 4), all); // in place
                assertEquals(6, all.toHost().get(7));
                try (DeviceTensor indices = device.copyOf(index(r))) {
                    comm.run(CollectiveCall.allReduce(x, x, Combine.ARGMAX).indices(indices));
                    assertEquals(0, indices.toHost().get(3));
                }
                comm.barrier();
            }
        });
    }

    private static Tensor index(int rank) {
        Tensor t = Tensor.zeros(DType.I64, 4);
        for (int i = 0; i < 4; i++) {
            t.set(rank, i);
        }
        return t;
    }

    /** Devices in Java do what is in a stream as late as they may. */
    @Test
    void aCallBeginsBehindWhatTheStreamWasGivenBeforeItAndWaitsForNothingElse() {
        run(2, (comm, gamut, device) -> {
            Tensor two = Tensor.of(new float[] {1, 1, 1, 1}, 2, 2);
            try (Stream stream = device.newStream();
                    DeviceTensor a = device.copyOf(two);
                    DeviceTensor x = device.zeros(F32, 2, 2);
                    DeviceTensor y = device.zeros(F32, 2, 2)) {
                Request[] request = new Request[1];
                Event[] later = new Event[1];
                device.synchronize();
                stream.run(() -> {
                    gamut.gemm(a, a, x);
                    request[0] = comm.start(CollectiveCall.allReduce(x, x, Combine.SUM));
                    gamut.gemm(a, a, y);
                    later[0] = stream.record();
                });
                request[0].await();
                assertFalse(later[0].isDone(), "what came after the call was waited for");
                assertEquals(4, x.toHost().get(1, 1));
                later[0].close();
            }
        });
    }

    @Test
    void whatIsWrongIsToldBeforeAnythingIsExchanged() {
        run(2, (comm, gamut, device) -> {
            Tensor here = numbers(1, 2);
            DeviceTensor x = device.copyOf(here);
            try (Device again = gamut.device(device.info().name());
                    DeviceTensor other = again.copyOf(here)) {
                String place = device.info().name();
                assertRefused(
                        "to lies on the host, from on " + place
                                + "; tensors of one call lie all on the host or all on one",
                        () -> comm.allReduce(x, here, Combine.SUM));
                assertRefused("to lies on " + place + ", from on the host", () -> comm.allReduce(here, x, Combine.SUM));
                assertRefused("on one opening of a device", () -> comm.allReduce(x, other, Combine.SUM));
                assertRefused(
                        "x lies on " + place + "; messages are of tensors of the host",
                        () -> comm.send(x.tensor(), 0, 0));
                assertRefused("to has 2 elements", () -> comm.run(CollectiveCall.allGather(x, x)));
                CollectiveCall call = CollectiveCall.allReduce(x, x, Combine.SUM);
                comm.run(call);
                x.close();
                IllegalStateException e = assertThrows(IllegalStateException.class, () -> comm.run(call));
                assertTrue(e.getMessage().contains("is closed"), e.getMessage());
                comm.barrier();
            }
        });
    }

    private static void assertRefused(String part, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(part), message);
    }

    /** A transport that has no device: messages, and no collective of its own. */
    @Test
    void ranksOverATransportTakeThemToo() throws InterruptedException {
        List<Transport> transports = Communicators.transports(2);
        Throwable[] thrown = new Throwable[2];
        Thread[] threads = new Thread[2];
        for (int r = 0; r < 2; r++) {
            int rank = r;
            threads[r] = Thread.ofPlatform().start(() -> {
                try (Communicator comm = Communicators.over(transports.get(rank));
                        Gamut gamut = Gamut.open();
                        Device device = gamut.device("serial:" + rank);
                        DeviceTensor x = device.copyOf(numbers(rank, 2))) {
                    comm.allReduce(x, Combine.SUM);
                    assertEquals(1, x.toHost().get(0));
                    comm.start(CollectiveCall.broadcast(x, 0)).await();
                    assertEquals(4, x.toHost().get(1));
                } catch (Throwable e) { // looked at below
                    thrown[rank] = e;
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(
                List.of(),
                java.util.stream.Stream.of(thrown).filter(e -> e != null).toList());
    }

    /** But memory of the host, which an engine may still use after a call that was given up. */
    @Test
    void aCommunicatorThatIsClosedEarlyLeavesNothing() {
        onDevices(1, (comm, gamut, device) -> {
            Communicator copy = comm.dup();
            try (DeviceTensor x = device.copyOf(numbers(1))) {
                for (int i = 0; i < 5; i++) {
                    copy.start(CollectiveCall.allReduce(x, x, Combine.SUM));
                }
                copy.close();
                comm.barrier();
                for (int i = 0; i < 1_000 && device.open() > 1; i++) { // the last one may be ending
                    Thread.sleep(10);
                }
            }
        });
    }
}
