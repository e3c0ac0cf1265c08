package dev.gamut.placement;

import dev.gamut.topology.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Slots while they are filled: what each holds, and what it costs. What an exchange of two would change is known from sums that are kept for
 * each expert and rank, without a look at other slots.
 */
final class ExpertSlots {
    private static final int EMPTY = ExpertPlan.EMPTY;

    /** Experts that a slot is tried for besides: those with most tokens a replica. */
    private static final int HOTTEST = 4;

    private final ExpertPlacer placer;
    private final Activations counts;
    private final Topology topology;
    private final int experts;
    private final int ranks;
    private final int slots;
    private final int[] held;
    private final int[] replicas;
    /** Seconds of a token between ranks. */
    private final double[][] way;
    /** For each expert and rank the mean way from there to its replicas. */
    private final double[][] reach;
    /** For each expert and rank what all its tokens would cost there: Σ together · reach over the other experts. */
    private final double[][] pull;

    private final double[] load;

    /** Two slots that exchange what they hold, or one that gets another expert; and seconds that are saved for each slot. */
    private record Change(int slot, int other, int expert, int moves, double saved) {}

    ExpertSlots(ExpertPlacer placer, Activations counts) {
        this.placer = placer;
        this.counts = counts;
        topology = placer.topology();
        experts = counts.experts();
        ranks = topology.places();
        slots = placer.slots();
        long working = IntStream.range(0, ranks).filter(topology::isHealthy).count();
        if (working * slots < experts) {
            throw new IllegalArgumentException(
                    "experts is " + experts + "; " + working + " places that work have " + slots + " slots each");
        }
        held = new int[Math.multiplyExact(ranks, slots)];
        Arrays.fill(held, EMPTY);
        replicas = new int[experts];
        reach = new double[experts][ranks];
        pull = new double[experts][ranks];
        load = new double[ranks];
        way = new double[ranks][ranks];
        Costs costs = new Costs(topology);
        for (int a = 0; a < ranks; a++) {
            for (int b = 0; b < ranks; b++) {
                way[a][b] = costs.seconds(a, b, placer.tokenBytes(), 0, 0);
            }
        }
    }

    ExpertPlan plan() {
        return new ExpertPlan(experts, slots, held);
    }

    private int rank(int slot) {
        return slot / slots;
    }

    private boolean holds(int rank, int expert) {
        for (int slot = rank * slots; slot < (rank + 1) * slots; slot++) {
            if (held[slot] == expert) {
                return true;
            }
        }
        return false;
    }

    private int free(int rank) {
        for (int slot = rank * slots; slot < (rank + 1) * slots && topology.isHealthy(rank); slot++) {
            if (held[slot] == EMPTY) {
                return slot;
            }
        }
        return EMPTY;
    }

    private void set(int slot, int expert) {
        int before = held[slot];
        if (before == expert) {
            return;
        }
        held[slot] = EMPTY;
        if (before != EMPTY) {
            count(before, -1);
        }
        held[slot] = expert;
        if (expert != EMPTY) {
            count(expert, 1);
        }
    }

    /** An expert's replicas have changed: so have its tokens' shares, and the ways of all that talk to it. */
    private void count(int expert, int more) {
        replicas[expert] += more;
        double[] now = new double[ranks];
        for (int slot = 0; slot < held.length; slot++) {
            if (held[slot] == expert) {
                for (int rank = 0; rank < ranks; rank++) {
                    now[rank] += way[rank][rank(slot)] / replicas[expert];
                }
            }
        }
        for (int other = 0; other < experts; other++) {
            double weight = other == expert ? 0 : counts.together(other, expert);
            for (int rank = 0; weight > 0 && rank < ranks; rank++) {
                pull[other][rank] += weight * (now[rank] - reach[expert][rank]);
            }
        }
        reach[expert] = now;
        loads();
    }

    private void loads() {
        Arrays.fill(load, 0);
        for (int slot = 0; slot < held.length; slot++) {
            load[rank(slot)] += held[slot] == EMPTY ? 0 : share(held[slot]);
        }
        for (int rank = 0; rank < ranks; rank++) {
            load[rank] /= capacity(rank);
        }
    }

    private double share(int expert) {
        return counts.tokens(expert) / replicas[expert];
    }

    private double capacity(int rank) {
        return topology.resources(rank).capacity();
    }

    double cost() {
        double twice = 0;
        for (int slot = 0; slot < held.length; slot++) {
            twice += held[slot] == EMPTY ? 0 : pull[held[slot]][rank(slot)] / replicas[held[slot]];
        }
        return twice / 2 + placer.tokenSeconds() * Arrays.stream(load).max().orElse(0);
    }

    /** One replica of each expert, those with most tokens first; then more of those with most a replica, as long as there is room. */
    void fill() {
        Integer[] order = IntStream.range(0, experts).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble((Integer e) -> -counts.tokens(e)));
        for (int expert : order) {
            set(cheapest(expert), expert);
        }
        boolean[] everywhere = new boolean[experts];
        for (int hottest = hottest(everywhere); hottest >= 0; hottest = hottest(everywhere)) {
            int slot = cheapest(hottest);
            if (slot == EMPTY) {
                everywhere[hottest] = true;
            } else {
                set(slot, hottest);
            }
        }
    }

    /** The expert with most tokens a replica that is not left out; -1 where none gets any. */
    private int hottest(boolean[] without) {
        int found = -1;
        for (int expert = 0; expert < experts; expert++) {
            boolean more = found < 0 || share(expert) > share(found);
            found = !without[expert] && counts.tokens(expert) > 0 && more ? expert : found;
        }
        return found;
    }

    /** A free slot of the rank where an expert costs least, of those that lack it. */
    private int cheapest(int expert) {
        int best = EMPTY;
        double least = Double.POSITIVE_INFINITY;
        double share = counts.tokens(expert) / (replicas[expert] + 1);
        double most = Arrays.stream(load).max().orElse(0);
        for (int rank = 0; rank < ranks; rank++) {
            int slot = free(rank);
            if (slot == EMPTY || holds(rank, expert)) {
                continue;
            }
            double now = load[rank] + share / capacity(rank);
            double seconds = pull[expert][rank] / (replicas[expert] + 1) + placer.tokenSeconds() * Math.max(most, now);
            // The first one even where that is infinite.
            if (best == EMPTY || seconds < least || seconds == least && load[rank] < load[rank(best)]) {
                least = seconds;
                best = slot;
            }
        }
        return best;
    }

    /**
     * Takes over a plan, as far as its places work.
     *
     * @return experts that none of them holds
     */
    List<Integer> keep(ExpertPlan earlier) {
        if (earlier.experts() != experts || earlier.slots() != slots || earlier.ranks() != ranks) {
            throw new IllegalArgumentException("the plan is " + earlier + "; there are counts of " + experts
                    + " experts, and " + ranks + " places of " + slots + " slots");
        }
        for (int slot = 0; slot < held.length; slot++) {
            if (topology.isHealthy(rank(slot))) {
                set(slot, earlier.expert(slot));
            }
        }
        return IntStream.range(0, experts)
                .filter(expert -> replicas[expert] == 0)
                .boxed()
                .toList();
    }

    /** Places experts that were lost: in free slots, and where there is none in place of one that is held elsewhere too. */
    void recover(List<Integer> lost) {
        List<Integer> order = new ArrayList<>(lost);
        order.sort(Comparator.comparingDouble((Integer e) -> -counts.tokens(e)).thenComparing(e -> e));
        for (int expert : order) {
            int best = cheapest(expert);
            double least = Double.POSITIVE_INFINITY;
            for (int slot = 0; best == EMPTY && slot < held.length; slot++) {
                least = isSpare(slot) ? Math.min(least, costWith(slot, expert)) : least;
            }
            for (int slot = 0; best == EMPTY && slot < held.length; slot++) {
                best = isSpare(slot) && costWith(slot, expert) <= least * (1 + 1e-9) ? slot : EMPTY;
            }
            set(best, expert);
        }
    }

    private boolean isSpare(int slot) {
        return topology.isHealthy(rank(slot)) && (held[slot] == EMPTY || replicas[held[slot]] > 1);
    }

    private double costWith(int slot, int expert) {
        int before = held[slot];
        set(slot, expert);
        double cost = cost();
        set(slot, before);
        return cost;
    }

    /**
     * Makes the change that saves most for each slot that it concerns, again and again.
     *
     * @param most slots that may change
     * @param worthwhile share of the cost that one must save
     */
    void exchange(int most, double worthwhile) {
        int left = most;
        while (left > 0) {
            double cost = cost();
            Change best = bestExchange(left, new Change(-1, -1, EMPTY, 1, worthwhile * cost));
            best = bestReplica(cost, best);
            if (best.slot < 0) {
                return;
            }
            if (best.other >= 0) {
                int expert = held[best.slot];
                set(best.slot, EMPTY);
                int swapped = held[best.other];
                set(best.other, expert);
                set(best.slot, swapped);
            } else {
                set(best.slot, best.expert);
            }
            left -= best.moves;
        }
    }

    private Change bestExchange(int left, Change start) {
        Integer[] heaviest = IntStream.range(0, ranks).boxed().toArray(Integer[]::new);
        Arrays.sort(heaviest, Comparator.comparingDouble((Integer rank) -> -load[rank]));
        Change best = start;
        for (int slot = 0; slot < held.length; slot++) {
            for (int other = 0; held[slot] != EMPTY && other < held.length; other++) {
                int moves = held[other] == EMPTY ? 1 : 2;
                boolean twice = moves == 2 && other < slot;
                if (twice || moves > left || !mayExchange(slot, other)) {
                    continue;
                }
                double saved = saved(slot, other, heaviest) / moves;
                best = saved > best.saved ? new Change(slot, other, EMPTY, moves, saved) : best;
            }
        }
        return best;
    }

    private boolean mayExchange(int slot, int other) {
        int a = rank(slot);
        int b = rank(other);
        return a != b
                && topology.isHealthy(b)
                && held[slot] != held[other]
                && !holds(b, held[slot])
                && (held[other] == EMPTY || !holds(a, held[other]));
    }

    private double saved(int slot, int other, Integer[] heaviest) {
        int a = rank(slot);
        int b = rank(other);
        int e = held[slot];
        int f = held[other];
        double saved = (pull[e][a] - pull[e][b]) / replicas[e];
        double less = share(e);
        if (f != EMPTY) {
            saved += (pull[f][b] - pull[f][a]) / replicas[f];
            // Their own way is as long as before, and was counted as if only one of them had moved.
            saved += counts.together(e, f) / replicas[e] / replicas[f] * (way[a][a] + way[b][b] - 2 * way[a][b]);
            less -= share(f);
        }
        double now = Math.max(load[a] - less / capacity(a), load[b] + less / capacity(b));
        for (int i = 0; i < Math.min(3, ranks); i++) {
            int rank = heaviest[i];
            if (rank != a && rank != b) {
                now = Math.max(now, load[rank]);
                break;
            }
        }
        return saved + placer.tokenSeconds() * (load[heaviest[0]] - now);
    }

    /** One of the hottest experts in a slot that is empty, or whose expert is held elsewhere too. */
    private Change bestReplica(double cost, Change start) {
        Change best = start;
        boolean[] seen = new boolean[experts];
        for (int i = 0; i < HOTTEST; i++) {
            int expert = hottest(seen);
            if (expert < 0) {
                break;
            }
            seen[expert] = true;
            for (int slot = 0; slot < held.length; slot++) {
                if (isSpare(slot) && !holds(rank(slot), expert)) {
                    double saved = cost - costWith(slot, expert);
                    best = saved > best.saved ? new Change(slot, -1, expert, 1, saved) : best;
                }
            }
        }
        return best;
    }
}
