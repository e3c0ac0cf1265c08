package dev.gamut.internal.collective;

import dev.gamut.collective.Collective;
import dev.gamut.collective.CollectiveDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A user's wish about algorithms: rules separated by commas, {@code all_reduce=ring}, or {@code all_reduce<65536=doubling} for calls of
 * fewer bytes than that; the first that fits counts. From the property {@code gamut.collective.algorithm}, else the environment
 * variable {@code GAMUT_COLLECTIVE_ALGORITHM}; the same on all ranks.
 */
final class Algorithms {
    private record Rule(Collective op, long below, String name) {}

    private final List<Rule> rules;

    private Algorithms(List<Rule> rules) {
        this.rules = rules;
    }

    static Algorithms configured() {
        return Optional.ofNullable(System.getProperty("gamut.collective.algorithm"))
                .or(() -> Optional.ofNullable(System.getenv("GAMUT_COLLECTIVE_ALGORITHM")))
                .map(Algorithms::parse)
                .orElseGet(() -> new Algorithms(List.of()));
    }

    /**
     * Reads rules.
     *
     * @throws IllegalArgumentException naming the rule and what is allowed
     */
    static Algorithms parse(String text) {
        List<Rule> rules = new ArrayList<>();
        for (String rule : text.split(",")) {
            String[] sides = rule.strip().split("=");
            String[] subject = sides[0].split("<");
            if (sides.length != 2 || subject.length > 2) {
                throw new IllegalArgumentException(
                        "algorithm rule is '" + rule + "'; it must read like all_reduce=ring or all_reduce<65536=ring");
            }
            Collective op = Collective.parse(subject[0].strip());
            String name = sides[1].strip();
            List<String> known = Algorithm.of(op).stream().map(Algorithm::name).toList();
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "algorithm is '" + name + "'; " + op.id() + " has " + String.join(", ", known));
            }
            rules.add(new Rule(op, subject.length == 2 ? bytes(subject[1].strip()) : Long.MAX_VALUE, name));
        }
        return new Algorithms(List.copyOf(rules));
    }

    private static long bytes(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("limit is '" + text + "'; it must be a number of bytes");
        }
    }

    /** The algorithm wanted for a call, empty for none. */
    String name(CollectiveDesc desc) {
        if (rules.isEmpty()) {
            return "";
        }
        long bytes = desc.count() == CollectiveDesc.VARIES ? 0 : desc.type().bytes(desc.count());
        return rules.stream()
                .filter(r -> r.op == desc.op() && bytes < r.below)
                .map(Rule::name)
                .findFirst()
                .orElse("");
    }
}
