package dev.gamut.conformance;

import dev.gamut.Communicators;
import dev.gamut.Gamut;
import dev.gamut.collective.Communicator;
import dev.gamut.conformance.Outcome.Status;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.device.DeviceInfo;
import dev.gamut.device.DeviceTensor;
import dev.gamut.dtype.DType;
import dev.gamut.error.GamutException;
import dev.gamut.error.NativeCallException;
import dev.gamut.error.OutOfDeviceMemoryException;
import dev.gamut.spi.Transport;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** What devices must keep beside what their kernels must: free of any test framework. */
public final class DeviceRules {
    private static final int SEQUENCES = 500;
    private static final int ALL_SEQUENCES = 10_000;
    private static final int COLLECTIVES = 10;

    /** Buffers that fill a device. */
    private static final int PARTS = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * One rule.
     *
     * @param name in a few words
     * @param test what finds out
     */
    public record Rule(String name, Supplier<Outcome> test) {
        /** Finds out; what a device throws is a failure of the rule. */
        public Outcome run() {
            try {
                return test.get();
            } catch (RuntimeException | AssertionError e) {
                return failed(e.toString());
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private DeviceRules() {}

    /**
     * The rules for a device: random sequences of operations, what happens where there is no room, and, where its library has collectives, those
     * of a group of this one rank.
     *
     * @param device its name
     * @param options how thoroughly
     */
    public static List<Rule> of(String device, Options options) {
        int count = options.full() ? ALL_SEQUENCES : SEQUENCES;
        return List.of(
                new Rule(
                        "sequences of operations",
                        () -> sequences(device, device, count, options.seed())
                                .map(DeviceRules::failed)
                                .orElse(passed(count))),
                new Rule("out of memory", () -> room(device)),
                new Rule("memory of the host that is not to be used", () -> unusable(device)),
                new Rule("collectives", () -> collectives(device, options)));
    }

    private static Outcome passed(int problems) {
        return new Outcome(Status.PASSED, problems, 0, 0, "");
    }

    private static Outcome failed(String message) {
        return new Outcome(Status.FAILED, 0, 0, 0, message);
    }

    private static Outcome notApplicable(String message) {
        return new Outcome(Status.NOT_APPLICABLE, 0, 0, 0, message);
    }

    /**
     * Runs random sequences of allocations, copies, products, reductions, events and closings on two devices at once.
     *
     * @param first name of a device
     * @param second name of another one, or of the same
     * @param count sequences
     * @param seed where random numbers start; sequence i of a seed is sequence 0 of seed + i
     * @return what is wrong with the first sequence that went wrong, its seed named; empty where all is well
     */
    public static Optional<String> sequences(String first, String second, int count, long seed) {
        long leaks = Device.leaks();
        try (Gamut gamut = Gamut.open();
                Device x = gamut.device(first);
                Device y = gamut.device(second)) {
            for (int i = 0; i < count; i++) {
                try (DeviceSequence sequence =
                        new DeviceSequence(gamut, new Device[] {x, y}, new SplittableRandom(seed + i))) {
                    sequence.run();
                } catch (RuntimeException | AssertionError e) {
                    return Optional.of("seed " + (seed + i) + ": " + e);
                }
                if (x.open() + y.open() > 0) {
                    return Optional.of(
                            "seed " + (seed + i) + ": " + x.open() + " and " + y.open() + " resources are open");
                }
            }
        }
        return leaks == Device.leaks() ? Optional.empty() : Optional.of(Device.leaks() - leaks + " resources leaked");
    }

    /** Fills a GPU's memory, as the host's own would be filled on other devices: there one buffer that is too large has to do. */
    private static Outcome room(String name) {
        try (Gamut gamut = Gamut.open();
                Device device = gamut.device(name)) {
            DeviceInfo info = device.info();
            boolean fills = info.kind() == DeviceInfo.Kind.GPU;
            for (int round = 0; round < 2; round++) {
                List<DeviceBuffer> buffers = new ArrayList<>();
                try (DeviceTensor a = device.copyOf(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
                        DeviceTensor c = device.zeros(DType.F32, 2, 2)) {
                    Optional<String> wrong =
                            exhausted(device, fills ? info.memory() / PARTS : info.largest() + 1, buffers);
                    buffers.forEach(DeviceBuffer::close);
                    gamut.gemm(a, a, c);
                    double found = c.toHost().get(1, 1);
                    if (wrong.isPresent() || found != 22) {
                        return failed(wrong.orElse("after it a product's element is " + found + ", not 22"));
                    }
                } finally {
                    buffers.forEach(DeviceBuffer::close);
                }
            }
        }
        return passed(2);
    }

    /** Allocates until that throws; what is wrong with how it does. */
    private static Optional<String> exhausted(Device device, long bytes, List<DeviceBuffer> buffers) {
        try {
            for (int i = 0; i <= PARTS; i++) {
                buffers.add(device.allocate(bytes));
            }
            return Optional.of(buffers.size() + " buffers of " + bytes + " bytes are given out, more than there are");
        } catch (OutOfDeviceMemoryException e) {
            return Optional.empty();
        }
    }

    /** Copies from memory that was closed, to it, and to memory that is read-only: refused before a library crashes on it. */
    private static Outcome unusable(String name) {
        Arena arena = Arena.ofShared();
        MemorySegment closed = arena.allocate(Long.BYTES);
        arena.close();
        try (Arena own = Arena.ofConfined();
                Gamut gamut = Gamut.open();
                Device device = gamut.device(name);
                DeviceBuffer buffer = device.allocate(Long.BYTES)) {
            MemorySegment readOnly = own.allocate(Long.BYTES).asReadOnly();
            List<Runnable> copies = List.of(
                    () -> buffer.copyFrom(closed, 0), () -> buffer.copyTo(closed, 0), () -> buffer.copyTo(readOnly, 0));
            long made = copies.stream().filter(DeviceRules::isMade).count();
            return made == 0
                    ? passed(copies.size())
                    : failed(made + " of " + copies.size() + " copies of memory that is not to be used are made");
        }
    }

    private static boolean isMade(Runnable copy) {
        try {
            copy.run();
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Outcome collectives(String device, Options options) {
        Transport beneath = Communicators.transports(1).getFirst();
        Communicator opened;
        try {
            opened = Communicators.over(beneath, device);
        } catch (NativeCallException e) {
            throw e; // the library is there and fails
        } catch (GamutException e) {
            return notApplicable(e.getMessage());
        }
        try (Communicator rank = opened;
                Gamut gamut = Gamut.open();
                Device place = gamut.device(device)) {
            rank.deadline(PATIENCE);
            Communicator there = CollectiveRules.on(rank, place);
            int calls = CollectiveRules.everything(rank, options.seed());
            for (int i = 0; i < COLLECTIVES; i++) {
                calls += CollectiveRules.sequence(rank, options.seed() + i);
                calls += CollectiveRules.sequence(there, options.seed() + i);
            }
            return passed(calls);
        }
    }
}
