package dev.gamut.parallel;

import dev.gamut.collective.Communicator;
import dev.gamut.collective.Request;
import dev.gamut.dtype.DType;
import dev.gamut.io.PackedShards;
import dev.gamut.io.Shard;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a rank remembers of a step: its own parts of the state, and those of another rank, on another host where all can have one there. As long as
 * of each rank it or the one that has its parts survives, the survivors have the whole state. One step is remembered; the one before is
 * forgotten when all ranks have the new one.
 */
final class BuddyCopies {
    /** The last one that there is, as programs number theirs from 0. */
    private static final int TAG = 16_383;

    /** Numbers that ranks tell each other of a generation. */
    private static final int NUMBERS = 5;

    /**
     * A step.
     *
     * @param run of the attempt
     * @param step steps that were done
     * @param ranks that there were
     * @param rank whose parts are own
     * @param other whose parts are kept for it
     */
    private record Generation(
            long run, long step, int ranks, int rank, int other, PackedShards own, PackedShards others) {
        static final Generation NONE = new Generation(-1, -1, 0, -1, -1, null, null);

        long[] numbers() {
            return new long[] {run, step, ranks, rank, other};
        }

        PackedShards of(int which) {
            return which == rank ? own : others;
        }
    }

    /** What is found among survivors: of each old rank, who has its parts. */
    private record Found(long run, long step, int[] holders) {}

    private Generation last = Generation.NONE;
    private Generation before = Generation.NONE;

    /** How far the rank that keeps a rank's parts is from it: 1, or more where only then all are on other hosts. */
    private static int distance(Communicator ranks) {
        List<Integer> hosts = ranks.levels().getLast().group();
        int n = hosts.size();
        return IntStream.range(1, n)
                .filter(d -> IntStream.range(0, n).noneMatch(r -> hosts.get(r).equals(hosts.get((r + d) % n))))
                .findFirst()
                .orElse(1);
    }

    /** Remembers a step; all ranks call. */
    void take(Communicator ranks, long run, long step, Map<String, Shard> parts) {
        if (ranks.size() == 1) {
            return;
        }
        int distance = distance(ranks);
        int to = (ranks.rank() + distance) % ranks.size();
        int from = Math.floorMod(ranks.rank() - distance, ranks.size());
        PackedShards own = PackedShards.of(parts);
        MemorySegment bytes = own.bytes();
        long[] size = {bytes.byteSize()};
        long[] theirs = new long[1];
        exchange(ranks, numbers(size), to, numbers(theirs), from);
        MemorySegment others = Arena.ofAuto().allocate(theirs[0], 8);
        exchange(ranks, bytes(bytes), to, bytes(others), from);
        before = last;
        last = new Generation(
                run, step, ranks.size(), ranks.rank(), from, own, PackedShards.of(others, "copy of rank " + from));
        ranks.barrier(); // whoever leaves it knows that all have theirs
        before = Generation.NONE;
    }

    private static void exchange(Communicator ranks, Tensor out, int to, Tensor in, int from) {
        Request came = ranks.startReceive(in, from, TAG);
        ranks.startSend(out, to, TAG).await();
        came.await();
    }

    private static Tensor numbers(long[] x) {
        return Tensor.of(x, DType.I64, Layout.rowMajor(x.length), 0);
    }

    private static Tensor bytes(MemorySegment x) {
        return Tensor.of(x, DType.U8, Layout.rowMajor(x.byteSize()));
    }

    /**
     * Loads what the survivors remember; all of them call.
     *
     * @param ranks the survivors
     * @param work whose state is loaded
     * @param beyond steps that must be done there, for it to be of use
     * @return steps that were done, -1 where the copies do not make up a state beyond those
     */
    long restore(Communicator ranks, CheckpointedWork work, long beyond) {
        Found found = find(ranks);
        if (found == null || found.step <= beyond) {
            return -1;
        }
        Generation own = last.step == found.step && last.run == found.run ? last : before;
        Map<String, Shard> state = work.state();
        long missing = state.values().stream()
                .mapToLong(shard -> shard.part().layout().size())
                .sum();
        Set<String> seen = new HashSet<>();
        for (int of = 0; of < found.holders.length; of++) {
            boolean has = found.holders[of] == ranks.rank();
            long[] size = {has ? own.of(of).bytes().byteSize() : 0};
            ranks.broadcast(numbers(size), found.holders[of]);
            // The collector's to free: after a failure a message may still be on its way into it.
            MemorySegment came = Arena.ofAuto().allocate(size[0], 8);
            if (has) {
                came.copyFrom(own.of(of).bytes());
            }
            ranks.broadcast(bytes(came), found.holders[of]);
            PackedShards parts = PackedShards.of(came, "copy of rank " + of);
            for (Map.Entry<String, Shard> each : state.entrySet()) {
                // Ranks that all have a part may all have remembered it.
                if (seen.add(each.getKey() + parts.box(each.getKey()))) {
                    missing -= parts.load(
                            each.getKey(),
                            each.getValue().part(),
                            each.getValue().from());
                }
            }
        }
        if (missing != 0) {
            throw new IllegalStateException("the ranks' parts of the state leave out " + missing
                    + " elements of those of rank " + ranks.rank());
        }
        return found.step;
    }

    /** The latest step of which the survivors have all parts; null where there is none. */
    private Found find(Communicator ranks) {
        long[] own = new long[2 * NUMBERS];
        System.arraycopy(last.numbers(), 0, own, 0, NUMBERS);
        System.arraycopy(before.numbers(), 0, own, NUMBERS, NUMBERS);
        long[] all = new long[own.length * ranks.size()];
        ranks.allGather(numbers(own), numbers(all));
        Found best = null;
        for (int g = 0; g < all.length; g += NUMBERS) {
            long run = all[g];
            long step = all[g + 1];
            if (step >= 0 && (best == null || run > best.run || run == best.run && step > best.step)) {
                int[] holders = new int[(int) all[g + 2]];
                Arrays.fill(holders, -1);
                for (int h = 0; h < all.length; h += NUMBERS) {
                    if (all[h] == run && all[h + 1] == step) {
                        holders[(int) all[h + 3]] = h / own.length;
                        holders[(int) all[h + 4]] = h / own.length;
                    }
                }
                best = Arrays.stream(holders).allMatch(holder -> holder >= 0) ? new Found(run, step, holders) : best;
            }
        }
        return best;
    }
}
