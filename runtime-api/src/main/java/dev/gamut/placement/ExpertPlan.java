package dev.gamut.placement;

import dev.gamut.topology.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Which experts each rank holds: a row of slots on each, and in each slot one expert or none; an expert may be in slots of several ranks.
 * {@link dev.gamut.parallel.Experts} sends tokens to slots as if they were experts, slot k of rank r being number r·slots + k, and
 * {@link #route} says which slot a token goes to. Since it keeps the order of a token's experts, what comes back has the same bits
 * whatever the plan. Immutable and thread-safe.
 */
public final class ExpertPlan {
    static final int EMPTY = -1;

    private final int experts;
    private final int slots;
    private final int[] held;
    /** For each expert its slots, in rising order. */
    private final int[][] replicas;

    /**
     * A slot that gets another expert.
     *
     * @param expert that it gets
     * @param from a slot that held the expert before, -1 where none is left that did and it comes from a checkpoint
     * @param to the slot
     */
    public record Move(int expert, int from, int to) {}

    /**
     * From what each slot holds.
     *
     * @param experts their number, at least 1
     * @param slots on each rank
     * @param held for each slot its expert, or -1; each expert at least once, and none twice on a rank
     */
    public ExpertPlan(int experts, int slots, int[] held) {
        this.experts = experts;
        this.slots = slots;
        this.held = held.clone();
        if (slots < 1 || held.length % slots != 0) {
            throw new IllegalArgumentException(
                    "slots is " + slots + " for " + held.length + " slots in all; each rank has as many, at least one");
        }
        if (experts < 1) {
            throw new IllegalArgumentException("experts is " + experts + ", must be at least 1");
        }
        replicas = new int[experts][];
        for (int expert = 0; expert < experts; expert++) {
            replicas[expert] = slotsOf(expert);
        }
    }

    private int[] slotsOf(int expert) {
        int[] found = new int[held.length];
        int n = 0;
        for (int slot = 0; slot < held.length; slot++) {
            if (held[slot] < EMPTY || held[slot] >= experts) {
                throw new IllegalArgumentException(
                        "slot " + slot + " holds expert " + held[slot] + "; there are 0 to " + (experts - 1));
            }
            if (held[slot] == expert) {
                if (n > 0 && found[n - 1] / slots == slot / slots) {
                    throw new IllegalArgumentException("rank " + slot / slots + " holds expert " + expert + " twice");
                }
                found[n++] = slot;
            }
        }
        if (n == 0) {
            throw new IllegalArgumentException("no rank holds expert " + expert);
        }
        return Arrays.copyOf(found, n);
    }

    /**
     * Experts in order, as many on each rank: how they lie without a plan.
     *
     * @param experts a multiple of the number of ranks
     * @param ranks at least 1
     */
    public static ExpertPlan inOrder(int experts, int ranks) {
        if (ranks < 1 || experts < 1 || experts % ranks != 0) {
            throw new IllegalArgumentException(
                    "experts is " + experts + "; it must be a multiple of the " + ranks + " ranks, at least one each");
        }
        int[] held = new int[experts];
        Arrays.setAll(held, slot -> slot);
        return new ExpertPlan(experts, experts / ranks, held);
    }

    /** Number of experts. */
    public int experts() {
        return experts;
    }

    /** Slots on each rank. */
    public int slots() {
        return slots;
    }

    /** Number of ranks. */
    public int ranks() {
        return held.length / slots;
    }

    /**
     * What a slot holds.
     *
     * @param slot 0 to ranks·slots - 1
     * @return an expert, or -1
     */
    public int expert(int slot) {
        return held[slot];
    }

    /**
     * Where an expert is.
     *
     * @param expert from 0
     * @return its slots in rising order, at least one, on different ranks
     */
    public int[] replicas(int expert) {
        return replicas[expert].clone();
    }

    int[] held() {
        return held.clone();
    }

    /**
     * The slots that tokens go to: of an expert's replicas the one on their own rank, else one on a rank that the token goes to anyway,
     * else each in turn, so that all get as much.
     *
     * @param routing for each token its experts
     * @param rank the tokens' own
     * @return for each token a slot for each of its experts, in their order
     */
    public int[][] route(int[][] routing, int rank) {
        if (rank < 0 || rank >= ranks()) {
            throw new IllegalArgumentException("rank is " + rank + ", must be 0 to " + (ranks() - 1));
        }
        int[][] chosen = new int[routing.length][];
        int turn = rank;
        for (int token = 0; token < routing.length; token++) {
            chosen[token] = new int[routing[token].length];
            for (int choice = 0; choice < chosen[token].length; choice++) {
                int expert = routing[token][choice];
                if (expert < 0 || expert >= experts) {
                    throw new IllegalArgumentException(
                            "routing names expert " + expert + "; there are 0 to " + (experts - 1));
                }
                int slot = near(expert, rank, chosen[token], choice);
                chosen[token][choice] = slot >= 0 ? slot : replicas[expert][turn++ % replicas[expert].length];
            }
        }
        return chosen;
    }

    private int near(int expert, int rank, int[] chosen, int choices) {
        int near = EMPTY;
        for (int slot : replicas[expert]) {
            if (slot / slots == rank) {
                return slot;
            }
            for (int i = 0; i < choices && near < 0; i++) {
                near = chosen[i] / slots == slot / slots ? slot : EMPTY;
            }
        }
        return near;
    }

    /**
     * What must be copied to come from an earlier plan to this one, where all places of that one still work.
     *
     * @param earlier of as many experts, ranks and slots
     * @return a move for each slot that gets an expert it did not hold
     */
    public List<Move> since(ExpertPlan earlier) {
        return since(earlier, rank -> true);
    }

    /**
     * What must be copied to come from an earlier plan to this one.
     *
     * @param earlier of as many experts, ranks and slots
     * @param topology whose place r is rank r's; nothing can be copied from one that is down
     * @return a move for each slot that gets an expert it did not hold
     */
    public List<Move> since(ExpertPlan earlier, Topology topology) {
        return since(earlier, topology::isHealthy);
    }

    private List<Move> since(ExpertPlan earlier, IntPredicate works) {
        if (earlier.experts != experts || earlier.slots != slots || earlier.held.length != held.length) {
            throw new IllegalArgumentException("the earlier plan is " + earlier + "; this one is " + this);
        }
        List<Move> moves = new ArrayList<>();
        for (int slot = 0; slot < held.length; slot++) {
            int expert = held[slot];
            if (expert >= 0 && earlier.held[slot] != expert) {
                int[] from = Arrays.stream(earlier.replicas[expert])
                        .filter(replica -> works.test(replica / slots))
                        .toArray();
                moves.add(new Move(expert, from.length == 0 ? EMPTY : from[slot % from.length], slot));
            }
        }
        return moves;
    }

    /** Sizes, and which expert has most replicas. */
    @Override
    public String toString() {
        int most = 0;
        for (int expert = 1; expert < experts; expert++) {
            most = replicas[expert].length > replicas[most].length ? expert : most;
        }
        return experts + " experts on " + ranks() + " ranks of " + slots + " slots, expert " + most + " "
                + replicas[most].length + " times";
    }
}
