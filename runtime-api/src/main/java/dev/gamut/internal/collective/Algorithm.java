package dev.gamut.internal.collective;

import dev.gamut.collective.Collective;
import dev.gamut.internal.collective.Schedule.Buffer;
import dev.gamut.internal.collective.Schedule.Place;
import dev.gamut.internal.collective.Schedule.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A way to carry out a collective: pure arithmetic of ranks. Names are those of the literature (R. Thakur, R. Rabenseifner, W. Gropp,
 * "Optimization of Collective Communication Operations in MPICH", 2005): flat, where every rank reads what it needs where it is; mesh,
 * a reduce-scatter by direct exchange and an all-gather; ring; recursive doubling; binomial trees; pairwise exchange.
 *
 * @param name in lower case, unique within a collective
 * @param inRankOrder whether each result is made in one step by all contributions in the order of ranks: one rounding at the end, and
 *     bits that depend on nothing else
 * @param planner makes the schedule
 */
public record Algorithm(String name, boolean inRankOrder, Planner planner) {
    /** Makes schedules. */
    @FunctionalInterface
    public interface Planner {
        /**
         * The schedule of a group.
         *
         * @param ranks number of ranks
         * @param root the root, 0 where there is none
         * @param chunks into how many pieces a pipeline cuts the whole, at least 1
         */
        Schedule plan(int ranks, int root, int chunks);
    }

    private static final Map<Collective, List<Algorithm>> TABLE = new EnumMap<>(Map.of(
            Collective.ALL_REDUCE,
            List.of(
                    ordered("flat", (p, root, chunks) -> everywhere(false, p, r -> List.of(all(p, Buffer.TO, 0, 0)))),
                    ordered("mesh", (p, root, chunks) -> mesh(p, chunks)),
                    new Algorithm("ring", false, (p, root, chunks) -> ring(p)),
                    new Algorithm("doubling", false, (p, root, chunks) -> doubling(p))),
            Collective.REDUCE,
            List.of(ordered(
                    "flat",
                    (p, root, chunks) ->
                            everywhere(true, p, r -> r == root ? List.of(all(p, Buffer.TO, 0, 0)) : List.of()))),
            Collective.BROADCAST,
            List.of(
                    ordered(
                            "flat",
                            (p, root, chunks) -> everywhere(
                                    true,
                                    p,
                                    r -> r == root ? List.of() : List.of(copy(Buffer.TO, 0, root, Buffer.FROM, 0)))),
                    ordered("binomial", (p, root, chunks) -> binomial(p, root))),
            Collective.ALL_GATHER,
            List.of(
                    ordered(
                            "flat",
                            (p, root, chunks) ->
                                    everywhere(true, p, r -> parts(p, s -> copy(Buffer.TO, s, s, Buffer.FROM, 0)))),
                    ordered("ring", (p, root, chunks) -> gatherRing(p))),
            Collective.REDUCE_SCATTER,
            List.of(ordered("flat", (p, root, chunks) -> everywhere(true, p, r -> List.of(all(p, Buffer.TO, 0, r))))),
            Collective.ALL_TO_ALL,
            List.of(
                    ordered(
                            "flat",
                            (p, root, chunks) ->
                                    everywhere(false, p, r -> parts(p, s -> copy(Buffer.TO, s, s, Buffer.FROM, r)))),
                    ordered("pairwise", (p, root, chunks) -> pairwise(p))),
            Collective.GATHER,
            List.of(ordered(
                    "flat",
                    (p, root, chunks) -> everywhere(
                            true,
                            p,
                            r -> r == root ? parts(p, s -> copy(Buffer.TO, s, s, Buffer.FROM, 0)) : List.of()))),
            Collective.SCATTER,
            List.of(ordered(
                    "flat",
                    (p, root, chunks) -> everywhere(true, p, r -> List.of(copy(Buffer.TO, 0, root, Buffer.FROM, r))))),
            Collective.SCAN,
            List.of(ordered(
                    "flat", (p, root, chunks) -> everywhere(false, p, r -> List.of(all(r + 1, Buffer.TO, 0, 0))))),
            Collective.BARRIER,
            List.of(ordered("flat", (p, root, chunks) -> everywhere(true, p, r -> List.of())))));

    /**
     * The ways to carry out a collective.
     *
     * @param op what is done
     * @return at least one; the first applies to every call
     */
    public static List<Algorithm> of(Collective op) {
        return TABLE.get(op);
    }

    /**
     * The schedule of a group.
     *
     * @param ranks number of ranks
     * @param root the root, 0 where there is none
     * @param chunks into how many pieces a pipeline cuts the whole, at least 1
     */
    public Schedule schedule(int ranks, int root, int chunks) {
        return planner.plan(ranks, root, chunks);
    }

    private static Algorithm ordered(String name, Planner planner) {
        return new Algorithm(name, true, planner);
    }

    /** One phase. */
    private static Schedule everywhere(boolean inPlace, int p, IntFunction<List<Step>> steps) {
        return new Schedule(1, inPlace, List.of(ranks(p, steps)));
    }

    private static List<List<Step>> ranks(int p, IntFunction<List<Step>> steps) {
        return IntStream.range(0, p).mapToObj(steps).toList();
    }

    private static List<Step> parts(int p, IntFunction<Step> step) {
        return IntStream.range(0, p).mapToObj(step).toList();
    }

    private static Step copy(Buffer to, int part, int rank, Buffer from, int of) {
        return new Step(to, part, List.of(new Place(rank, from, of)));
    }

    /** The combination of one part of what ranks 0 to p - 1 gave. */
    private static Step all(int p, Buffer to, int part, int of) {
        return new Step(
                to,
                part,
                IntStream.range(0, p)
                        .mapToObj(s -> new Place(s, Buffer.FROM, of))
                        .toList());
    }

    /** Rank r combines part r of each chunk; in the next phase the others copy it, while it is in caches, and combine the next chunk. */
    private static Schedule mesh(int p, int chunks) {
        List<List<List<Step>>> phases = new ArrayList<>();
        for (int phase = 0; phase <= chunks; phase++) {
            int now = phase;
            phases.add(ranks(p, r -> {
                List<Step> steps = new ArrayList<>();
                for (int s = 1; now > 0 && s < p; s++) {
                    int peer = (r + s) % p;
                    int part = (now - 1) * p + peer;
                    steps.add(copy(Buffer.TO, part, peer, Buffer.TO, part));
                }
                if (now < chunks) {
                    steps.add(all(p, Buffer.TO, now * p + r, now * p + r));
                }
                return List.copyOf(steps);
            }));
        }
        return new Schedule(p * chunks, true, List.copyOf(phases));
    }

    /**
     * Reduce-scatter and all-gather around a ring: in phase t rank r adds what it gave of part r - t - 1 to what its left neighbour has
     * of it, and after p - 1 phases holds the whole of part r + 1, which then goes round. Partial sums are made in TO.
     */
    private static Schedule ring(int p) {
        List<List<List<Step>>> phases = new ArrayList<>();
        for (int phase = 0; phase < 2 * (p - 1); phase++) {
            int t = phase;
            phases.add(ranks(p, r -> {
                int left = (r + p - 1) % p;
                int part = Math.floorMod(r - t - 1, p);
                if (t >= p - 1) {
                    return List.of(copy(Buffer.TO, part, left, Buffer.TO, part));
                }
                Buffer partial = t == 0 ? Buffer.FROM : Buffer.TO;
                return List.of(new Step(
                        Buffer.TO, part, List.of(new Place(left, partial, part), new Place(r, Buffer.FROM, part))));
            }));
        }
        return p == 1 ? alone() : new Schedule(p, true, List.copyOf(phases));
    }

    /**
     * Recursive doubling: partners exchange all they have, between buffers in turn, as each reads what the other had. With p not a
     * power of two the ranks beyond it are folded into the first ones before and copy the result after.
     */
    private static Schedule doubling(int p) {
        if (p == 1) {
            return alone();
        }
        int power = Integer.highestOneBit(p);
        int rest = p - power;
        int last = Integer.numberOfTrailingZeros(power) - (rest > 0 ? 0 : 1);
        List<List<List<Step>>> phases = new ArrayList<>();
        Buffer has = Buffer.FROM;
        if (rest > 0) {
            has = turn(0, last);
            Buffer fold = has;
            phases.add(ranks(
                    p,
                    r -> r >= power
                            ? List.of()
                            : r < rest
                                    ? List.of(new Step(fold, 0, List.of(given(r), given(r + power))))
                                    : List.of(copy(fold, 0, r, Buffer.FROM, 0))));
        }
        for (int bit = 1; bit < power; bit *= 2) {
            int mask = bit;
            Buffer read = has;
            Buffer write = turn(phases.size(), last);
            phases.add(ranks(
                    p,
                    r -> r >= power
                            ? List.of()
                            : List.of(new Step(
                                    write, 0, List.of(new Place(r & ~mask, read, 0), new Place(r | mask, read, 0))))));
            has = write;
        }
        if (rest > 0) {
            phases.add(ranks(p, r -> r < power ? List.of() : List.of(copy(Buffer.TO, 0, r - power, Buffer.TO, 0))));
        }
        return new Schedule(1, false, List.copyOf(phases));
    }

    private static Place given(int rank) {
        return new Place(rank, Buffer.FROM, 0);
    }

    /** The buffer that a phase writes, of two in turn so that the last one writes TO. */
    private static Buffer turn(int phase, int last) {
        return (last - phase) % 2 == 0 ? Buffer.TO : Buffer.SPARE;
    }

    private static Schedule alone() {
        return new Schedule(1, true, List.of(List.of(List.of(copy(Buffer.TO, 0, 0, Buffer.FROM, 0)))));
    }

    /** In phase t the ranks up to 2^t from the root hand on to those 2^t further. */
    private static Schedule binomial(int p, int root) {
        List<List<List<Step>>> phases = new ArrayList<>();
        for (int reach = 1; reach < p; reach *= 2) {
            int have = reach;
            phases.add(ranks(p, r -> {
                int distance = Math.floorMod(r - root, p);
                if (distance < have || distance >= 2 * have) {
                    return List.of();
                }
                int giver = (distance - have + root) % p;
                return List.of(copy(Buffer.TO, 0, giver, giver == root ? Buffer.FROM : Buffer.TO, 0));
            }));
        }
        return new Schedule(
                1, true, phases.isEmpty() ? List.of(Collections.nCopies(p, List.of())) : List.copyOf(phases));
    }

    /** In phase t rank r gets from its left neighbour what came from t + 1 ranks to the left. */
    private static Schedule gatherRing(int p) {
        List<List<List<Step>>> phases = new ArrayList<>();
        phases.add(ranks(p, r -> List.of(copy(Buffer.TO, r, r, Buffer.FROM, 0))));
        for (int phase = 0; phase < p - 1; phase++) {
            int t = phase;
            phases.add(ranks(p, r -> {
                int part = Math.floorMod(r - t - 1, p);
                return List.of(copy(Buffer.TO, part, (r + p - 1) % p, Buffer.TO, part));
            }));
        }
        return new Schedule(1, true, List.copyOf(phases));
    }

    /** In phase t rank r gets its part from the rank t to the left. */
    private static Schedule pairwise(int p) {
        List<List<List<Step>>> phases = new ArrayList<>();
        for (int phase = 0; phase < p; phase++) {
            int t = phase;
            phases.add(ranks(p, r -> {
                int peer = Math.floorMod(r - t, p);
                return List.of(copy(Buffer.TO, peer, peer, Buffer.FROM, r));
            }));
        }
        return new Schedule(1, false, List.copyOf(phases));
    }
}
