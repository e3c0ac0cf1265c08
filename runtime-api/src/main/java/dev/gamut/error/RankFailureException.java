package dev.gamut.error;

import java.time.Duration;
import java.util.List;
import java.util.TreeSet;

/** A collective that cannot end because ranks of its group are gone, stopped, or never came to it. */
public final class RankFailureException extends GamutException {
    private static final long serialVersionUID = 1L;

    private final int[] missing;
    private final String operation;
    private final Duration elapsed;

    /**
     * With what is known of the ranks.
     *
     * @param missing ranks of the communicator that are not there, at least one
     * @param operation what this rank was in
     * @param elapsed since it began
     * @param report who is where, one line or several
     */
    public RankFailureException(Iterable<Integer> missing, String operation, Duration elapsed, String report) {
        this(ranks(missing), operation, elapsed, report);
    }

    private RankFailureException(int[] missing, String operation, Duration elapsed, String report) {
        super((missing.length == 1 ? "rank " : "ranks ") + text(missing) + " missing in " + operation + " after "
                + elapsed.toMillis() + " ms: " + report);
        this.missing = missing;
        this.operation = operation;
        this.elapsed = elapsed;
    }

    private static int[] ranks(Iterable<Integer> missing) {
        TreeSet<Integer> sorted = new TreeSet<>();
        missing.forEach(sorted::add);
        return sorted.stream().mapToInt(Integer::intValue).toArray();
    }

    private static String text(int[] ranks) {
        String list = java.util.Arrays.toString(ranks);
        return list.substring(1, list.length() - 1);
    }

    /** The ranks that are missing, in rising order. */
    public List<Integer> missing() {
        return java.util.Arrays.stream(missing).boxed().toList();
    }

    /** What this rank was in when it gave up. */
    public String operation() {
        return operation;
    }

    /** How long this rank had been in it. */
    public Duration elapsed() {
        return elapsed;
    }
}
