package dev.gamut.conformance;

import java.util.Locale;

/**
 * What a rule found about a kernel.
 *
 * @param status the verdict
 * @param problems how many problems the kernel computed
 * @param declined how many it declined
 * @param worst largest error over what was allowed, below or equal to 1 where the rule is kept
 * @param message empty where the rule is kept; a failure's one-line reproduction; why the rule does not apply
 */
public record Outcome(Status status, int problems, int declined, double worst, String message) {
    /** The verdict. */
    public enum Status {
        /** The rule is kept. */
        PASSED,
        /** It is broken. */
        FAILED,
        /** The kernel offers nothing that the rule is about. */
        NOT_APPLICABLE
    }

    /** Whether the rule is broken. */
    public boolean failed() {
        return status == Status.FAILED;
    }

    @Override
    public String toString() {
        return status.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + String.format(Locale.ROOT, ", %d problems, error up to %.2g of the bound", problems, worst)
                + (message.isEmpty() ? "" : ": " + message);
    }
}
