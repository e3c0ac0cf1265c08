package dev.gamut.accuracy;

import java.util.Locale;
import java.util.Optional;

/**
 * How reproducible a result must be (as a demand) or is (as a kernel's promise).
 *
 * @param level how far equal bits reach
 * @param order the evaluation order, for {@link Level#BITWISE}: in a demand, empty means "any, as long as it has a
 *     name"; in a promise it is always present
 */
public record Determinism(Level level, Optional<EvaluationOrder> order) {
    /** How far equal bits reach, weakest first. */
    public enum Level {
        /** Bits may differ from run to run. */
        ANY,
        /** The same machine, configuration and operands give the same bits. */
        RUN_TO_RUN,
        /** Equal evaluation orders give equal bits on every machine, thread count and vector length. */
        BITWISE
    }

    /** No demand. */
    public static final Determinism ANY = new Determinism(Level.ANY, Optional.empty());

    /** The same bits again on this machine. */
    public static final Determinism RUN_TO_RUN = new Determinism(Level.RUN_TO_RUN, Optional.empty());

    /** The same bits everywhere, in whichever named order is fastest here. */
    public static final Determinism BITWISE = new Determinism(Level.BITWISE, Optional.empty());

    /** Checks that only a bitwise promise or demand names an order. */
    public Determinism {
        if (order.isPresent() && level != Level.BITWISE) {
            throw new IllegalArgumentException("order is " + order.get() + "; only BITWISE has an evaluation order");
        }
    }

    /**
     * Equal bits in one order.
     *
     * @param order the order demanded or promised
     * @return bitwise determinism in that order
     */
    public static Determinism bitwise(EvaluationOrder order) {
        return new Determinism(Level.BITWISE, Optional.of(order));
    }

    /**
     * Reads {@code any}, {@code run_to_run}, {@code bitwise} or {@code bitwise:ORDER}.
     *
     * @param text as people write it
     * @throws IllegalArgumentException if it is none of these
     */
    public static Determinism parse(String text) {
        String[] parts = text.split(":", 2);
        String level = parts[0].toLowerCase(Locale.ROOT);
        if (parts.length == 2 && level.equals("bitwise")) {
            return bitwise(new EvaluationOrder(parts[1]));
        }
        for (Determinism known :
                parts.length == 1 ? new Determinism[] {ANY, RUN_TO_RUN, BITWISE} : new Determinism[0]) {
            if (known.level.name().toLowerCase(Locale.ROOT).equals(level)) {
                return known;
            }
        }
        throw new IllegalArgumentException(
                "determinism is '" + text + "'; allowed are any, run_to_run, bitwise and bitwise:ORDER");
    }

    /**
     * Whether a kernel that promises this may serve a caller who demands {@code demand}.
     *
     * @param demand what the caller asked for
     * @return true where this promise is at least as strong
     */
    public boolean meets(Determinism demand) {
        if (level.compareTo(demand.level) < 0) {
            return false;
        }
        return demand.order.isEmpty() || demand.order.equals(order) || order.equals(Optional.of(EvaluationOrder.EXACT));
    }

    @Override
    public String toString() {
        return order.map(o -> level + "(" + o + ")").orElse(level.toString());
    }
}
