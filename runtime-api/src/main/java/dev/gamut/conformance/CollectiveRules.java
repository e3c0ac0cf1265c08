package dev.gamut.conformance;

import dev.gamut.collective.Collective;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.collective.Request;
import dev.gamut.device.Device;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Quantise;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * What collectives of every engine must keep, free of any test framework: each rank calls the same method with the same seed. What
 * breaks a rule is an {@link AssertionError} that names the call.
 */
public final class CollectiveRules {
    private static final List<DType> TYPES =
            Arrays.stream(DType.values()).filter(t -> t != DType.F8E8M0).toList();

    /** Around what is sent by value, what fills whole lines, and what a pipeline cuts. */
    private static final long[] SIZES = {0, 1, 2, 7, 64, 255, 1_000, 2_049, 20_001};

    private CollectiveRules() {}

    /**
     * A rank that makes the same calls on tensors of a device, to be held to the same rules.
     *
     * @param comm a rank's communicator
     * @param device open, one of those that the rank's engine is on, or any where that is the host
     * @return it; closing it closes the communicator
     */
    public static Communicator on(Communicator comm, Device device) {
        return new ResidentRanks(comm, device);
    }

    /**
     * Every collective, with every type and combination it has, on two sizes.
     *
     * @param comm this rank's communicator
     * @param seed the same on all ranks
     * @return calls made
     */
    public static int everything(Communicator comm, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int calls = 0;
        for (Collective op : Collective.values()) {
            for (DType type : TYPES) {
                for (Combine combine : Combine.values()) {
                    if (!op.combines() && combine != Combine.SUM || combine.isIndexed()) {
                        continue;
                    }
                    for (long size : new long[] {37, 5_000}) {
                        for (boolean exact : new boolean[] {true, false}) {
                            check(comm, trial(op, combine, type, size, exact, comm.size(), random));
                            calls++;
                        }
                    }
                }
            }
        }
        for (DType type : TYPES) {
            if (type.isSubByte()) {
                calls += paddedRows(comm, type, 2, 3) + paddedRows(comm, type, 5, 7);
            }
        }
        return calls;
    }

    /** Matrices whose rows are padded to whole bytes arrive whole; parts of several such rows are refused. */
    private static int paddedRows(Communicator comm, DType type, int rows, int columns) {
        int ranks = comm.size();
        int last = ranks - 1;
        Tensor x = matrix(type, rows, columns, comm.rank() == last ? 1 : 0);
        comm.broadcast(x, last);
        requireEqual(matrix(type, rows, columns, 1), x, "broadcast");
        Tensor sent = matrix(type, rows, columns, comm.rank());
        Request sending = comm.startSend(sent, (comm.rank() + 1) % ranks, 0);
        comm.receive(x, (comm.rank() + last) % ranks, 0);
        sending.await();
        requireEqual(matrix(type, rows, columns, (comm.rank() + last) % ranks), x, "message");
        try {
            comm.allGather(sent, Tensor.zeros(type, (long) ranks * rows, columns));
        } catch (IllegalArgumentException e) {
            return 3;
        }
        throw new AssertionError("parts of " + sent + " with padding in them were not refused");
    }

    private static Tensor matrix(DType type, int rows, int columns, int first) {
        Tensor x = Tensor.zeros(type, rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                x.set((first + i + j) % 4, i, j);
            }
        }
        return x;
    }

    private static void requireEqual(Tensor want, Tensor got, String what) {
        for (int i = 0; i < want.size(0); i++) {
            for (int j = 0; j < want.size(1); j++) {
                if (got.get(i, j) != want.get(i, j)) {
                    throw new AssertionError(what + " of " + want + ": element " + i + ", " + j + " is " + got.get(i, j)
                            + ", must be " + want.get(i, j));
                }
            }
        }
    }

    /**
     * A random sequence of collectives: sizes, roots, types, some under way at once, some in groups of ranks, and messages.
     *
     * @param comm this rank's communicator
     * @param seed the same on all ranks
     * @return calls made
     */
    public static int sequence(Communicator comm, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int steps = 4 + random.nextInt(5);
        int calls = 0;
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(7)) {
                case 0 -> calls += overlapping(comm, random);
                case 1 -> calls += inGroups(comm, random);
                case 2 -> {
                    messages(comm, random);
                    calls++;
                }
                case 3 -> {
                    codes(comm, random);
                    calls++;
                }
                default -> {
                    check(comm, randomTrial(comm.size(), random));
                    calls++;
                }
            }
        }
        return calls;
    }

    private static void check(Communicator comm, CollectiveTrial trial) {
        try (Arena arena = Arena.ofShared()) {
            CollectiveTrial.Ready ready = trial.ready(comm, arena);
            try {
                comm.run(ready.call());
            } catch (IllegalArgumentException | NullPointerException | IndexOutOfBoundsException e) {
                throw new AssertionError(trial + " on rank " + comm.rank() + ": " + e, e);
            }
            ready.check().run();
        }
    }

    private static int overlapping(Communicator comm, SplittableRandom random) {
        int count = 2 + random.nextInt(4);
        List<CollectiveTrial.Ready> all = new ArrayList<>();
        List<Request> requests = new ArrayList<>();
        try (Arena arena = Arena.ofShared()) {
            for (int i = 0; i < count; i++) {
                CollectiveTrial.Ready ready = randomTrial(comm.size(), random).ready(comm, arena);
                all.add(ready);
                requests.add(comm.start(ready.call()));
            }
            if (random.nextBoolean()) {
                comm.barrier(); // a blocking call waits for those before it
            }
            List<Request> shuffled = new ArrayList<>(requests);
            Collections.shuffle(shuffled, new Random(random.nextLong()));
            shuffled.forEach(Request::await);
            all.forEach(ready -> ready.check().run());
        }
        return count;
    }

    private static int inGroups(Communicator comm, SplittableRandom random) {
        int colours = 1 + random.nextInt(3);
        boolean reversed = random.nextBoolean();
        long seed = random.nextLong();
        int colour = comm.rank() % colours;
        int calls = 0;
        Communicator group = comm.split(colour, reversed ? -comm.rank() : comm.rank());
        int place = comm.rank() / colours;
        int expected = reversed ? group.size() - 1 - place : place;
        if (group.rank() != expected) {
            throw new AssertionError(
                    "rank " + comm.rank() + " is " + group.rank() + " of its group, must be " + expected);
        }
        SplittableRandom own = new SplittableRandom(seed + colour);
        for (int i = 0; i < 3; i++) {
            check(group, randomTrial(group.size(), own));
            calls++;
        }
        group.close();
        return calls;
    }

    /** Around a ring and to itself, several under way, tags in another order than they were sent in. */
    private static void messages(Communicator comm, SplittableRandom random) {
        DType type = TYPES.get(random.nextInt(TYPES.size()));
        int n = 1 + random.nextInt(3_000);
        int distance = random.nextInt(comm.size());
        int to = (comm.rank() + distance) % comm.size();
        int from = Math.floorMod(comm.rank() - distance, comm.size());
        List<Tensor> got = new ArrayList<>();
        List<Request> requests = new ArrayList<>();
        for (int tag = 0; tag < 3; tag++) {
            requests.add(comm.startSend(message(type, n, comm.rank(), tag), to, tag));
        }
        for (int tag = 2; tag >= 0; tag--) {
            Tensor x = Tensor.zeros(type, n);
            got.add(x);
            requests.add(comm.startReceive(x, from, tag));
        }
        requests.forEach(Request::await);
        for (int tag = 0; tag < 3; tag++) {
            Tensor sent = message(type, n, from, tag);
            for (int i = 0; i < n; i++) {
                if (got.get(2 - tag).get(i) != sent.get(i)) {
                    throw new AssertionError("message " + tag + " of " + n + " " + type + " from rank " + from
                            + ": element " + i + " is " + got.get(2 - tag).get(i) + ", was sent as " + sent.get(i));
                }
            }
        }
    }

    /** A sum of numbers that travel as codes: near the exact one, and the same bits everywhere. */
    private static void codes(Communicator comm, SplittableRandom random) {
        int n = 1 + random.nextInt(3_000);
        int ranks = comm.size();
        long seed = random.nextLong();
        double[] exact = new double[n];
        Tensor own = Tensor.zeros(DType.F32, n);
        for (int r = 0; r < ranks; r++) {
            SplittableRandom numbers = new SplittableRandom(seed + r);
            for (int i = 0; i < n; i++) {
                double x = DType.F32.round(numbers.nextDouble(-1, 1));
                exact[i] += x;
                if (r == comm.rank()) {
                    own.set(x, i);
                }
            }
        }
        Tensor sum = Tensor.zeros(DType.F32, n);
        comm.run(CollectiveCall.allReduce(own, sum, Combine.SUM)
                .transport(Quantise.int8().blocks(64)));
        Tensor least = Tensor.zeros(DType.F32, n);
        Tensor most = Tensor.zeros(DType.F32, n);
        comm.allReduce(sum, least, Combine.MIN);
        comm.allReduce(sum, most, Combine.MAX);
        // Half a unit of I8 of each rank's numbers, and of a sum of at most that many and what they were off.
        double bound = 1.01 * ranks / 254 * (2 + 1.0 / 254);
        for (int i = 0; i < n; i++) {
            boolean near = Math.abs(sum.get(i) - exact[i]) <= bound;
            if (!near || least.get(i) != most.get(i)) {
                throw new AssertionError("sum by codes of " + n + " on rank " + comm.rank() + ": element " + i + " is "
                        + sum.get(i) + ", from " + least.get(i) + " to " + most.get(i) + " on all ranks, exactly "
                        + exact[i] + " ± " + bound);
            }
        }
    }

    private static Tensor message(DType type, int n, int rank, int tag) {
        Tensor x = Tensor.zeros(type, n);
        for (int i = 0; i < n; i++) {
            x.set((i + rank + tag) % 4, i);
        }
        return x;
    }

    private static CollectiveTrial randomTrial(int ranks, SplittableRandom random) {
        Collective[] ops = Collective.values();
        Combine[] combines = {Combine.SUM, Combine.PRODUCT, Combine.MIN, Combine.MAX, Combine.AVERAGE};
        return trial(
                ops[random.nextInt(ops.length)],
                combines[random.nextInt(combines.length)],
                TYPES.get(random.nextInt(TYPES.size())),
                SIZES[random.nextInt(SIZES.length)],
                random.nextBoolean(),
                ranks,
                random);
    }

    private static CollectiveTrial trial(
            Collective op, Combine combine, DType type, long size, boolean exact, int ranks, SplittableRandom random) {
        boolean explicit = op.hasParts() && random.nextBoolean();
        long[] counts = new long[ranks];
        for (int r = 0; r < ranks; r++) {
            counts[r] = op.hasParts() ? explicit ? random.nextLong(size + 1) : size / ranks : r == 0 ? size : 0;
        }
        // Parts of 4-bit elements that are combined lie one after the other without padding.
        for (int r = 0; type.isSubByte() && op == Collective.REDUCE_SCATTER && r < ranks; r++) {
            counts[r] = counts[r] / 2 * 2;
        }
        int contributions =
                op == Collective.ALL_REDUCE && random.nextInt(4) == 0 ? ranks + random.nextInt(2 * ranks) : ranks;
        boolean wide = op.combines() && !combine.isSelection() && random.nextInt(3) == 0;
        DType result = wide ? type.sumAccumulator() : type;
        boolean same = result == type && contributions == ranks;
        boolean mayAlias = switch (op) {
            case ALL_REDUCE, REDUCE, SCAN -> true;
            case ALL_TO_ALL -> !explicit;
            default -> false;
        };
        return new CollectiveTrial(
                op,
                combine,
                type,
                result,
                counts,
                explicit,
                contributions,
                op.isRooted() ? random.nextInt(ranks) : 0,
                mayAlias && same && random.nextBoolean(),
                random.nextBoolean(),
                exact,
                random.nextBoolean(),
                random.nextLong());
    }
}
