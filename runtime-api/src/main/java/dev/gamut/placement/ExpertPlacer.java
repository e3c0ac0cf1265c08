package dev.gamut.placement;

import dev.gamut.topology.Topology;

/**
 * Places experts by what tokens are routed to: experts that get the same tokens near each other, those that get many on several ranks, and no
 * rank with much more to do than its share. It minimises
 *
 * <p>cost = {@link #tokenBytes} · Σ together(e, f) / bandwidth(e, f) + {@link #tokenSeconds} · the largest load of a rank,
 *
 * <p>over pairs of replicas, each of which gets an even share of its expert's tokens, where a rank's load is its tokens for its place's
 * capacity. Rank r is on place r of the topology; a place that is down holds nothing. Equal counts give equal plans. Plans take some
 * replicas² · ranks operations. Immutable and thread-safe.
 *
 * <p>That hot experts are replicated, each time the one with most tokens a replica, is the method of EPLB (DeepSeek-AI, "DeepSeek-V3 Technical
 * Report", 2024, section 3.4).
 */
public final class ExpertPlacer {
    private final Topology topology;
    private final int slots;
    private final double tokenBytes;
    private final double tokenSeconds;

    private ExpertPlacer(Topology topology, int slots, double tokenBytes, double tokenSeconds) {
        this.topology = topology;
        this.slots = slots;
        this.tokenBytes = tokenBytes;
        this.tokenSeconds = tokenSeconds;
    }

    /**
     * With tokens of 8 KiB that an expert takes 10 µs for.
     *
     * @param topology of as many places as there are ranks
     * @param slots experts that a rank can hold, at least 1
     */
    public static ExpertPlacer of(Topology topology, int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException("slots is " + slots + ", must be at least 1");
        }
        return new ExpertPlacer(topology, slots, 8_192, 1e-5);
    }

    /**
     * What a token's way costs.
     *
     * @param bytes of a token, at least 0
     * @return the same with that
     */
    public ExpertPlacer tokenBytes(double bytes) {
        return new ExpertPlacer(topology, slots, finite("tokenBytes", bytes), tokenSeconds);
    }

    /**
     * What balance is worth.
     *
     * @param seconds that an expert takes for a token on a place of capacity 1, at least 0
     * @return the same with that
     */
    public ExpertPlacer tokenSeconds(double seconds) {
        return new ExpertPlacer(topology, slots, tokenBytes, finite("tokenSeconds", seconds));
    }

    private static double finite(String name, double value) {
        if (!(value >= 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least 0 and finite");
        }
        return value;
    }

    /**
     * Places experts anew.
     *
     * @param counts what tokens were routed to
     * @throws IllegalArgumentException if there are fewer slots on places that work than experts
     */
    public ExpertPlan plan(Activations counts) {
        ExpertSlots state = new ExpertSlots(this, counts);
        state.fill();
        state.exchange(Integer.MAX_VALUE, 1e-4);
        return state.plan();
    }

    /**
     * Changes a plan for counts that have drifted, or for places that went down. First experts that no place holds any more are placed;
     * then slots change as long as each one lowers the cost by more than a thousandth.
     *
     * @param earlier the plan in effect
     * @param counts what tokens are routed to now
     * @param most slots that may get another expert, those of experts that were lost not counted; at least 0
     * @return a plan that costs no more than the earlier one
     */
    public ExpertPlan replan(ExpertPlan earlier, Activations counts, int most) {
        if (most < 0) {
            throw new IllegalArgumentException("most is " + most + ", must be at least 0");
        }
        ExpertSlots state = new ExpertSlots(this, counts);
        state.recover(state.keep(earlier));
        state.exchange(most, 1e-3);
        return state.plan();
    }

    /**
     * What a plan costs.
     *
     * @param plan of as many ranks as there are places
     * @param counts what tokens are routed to
     * @return seconds
     * @throws IllegalArgumentException if no place that works holds some expert
     */
    public double cost(ExpertPlan plan, Activations counts) {
        ExpertSlots state = new ExpertSlots(this, counts);
        if (!state.keep(plan).isEmpty()) {
            throw new IllegalArgumentException("the plan has experts on places that are down alone; replan it first");
        }
        return state.cost();
    }

    Topology topology() {
        return topology;
    }

    int slots() {
        return slots;
    }

    double tokenBytes() {
        return tokenBytes;
    }

    double tokenSeconds() {
        return tokenSeconds;
    }
}
