package dev.gamut.conformance;

import dev.gamut.error.UnsupportedProblemException;
import dev.gamut.kernel.KernelId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Collects a rule's problems, tries them or a sample of them, counts and keeps the first failure. */
final class Tally {
    private final KernelId kernel;
    private final String prefix;
    private final List<BooleanSupplier> tries = new ArrayList<>();
    private int problems;
    private int declined;
    private double worst;
    private String failure = "";
    private String reason = "";

    /**
     * Starts at nothing.
     *
     * @param kernel the kernel under test
     * @param rule the rule and its seed, for failures
     */
    Tally(KernelId kernel, String rule) {
        this.kernel = kernel;
        this.prefix = kernel + " | " + rule;
    }

    /**
     * Adds a problem, or several alternatives.
     *
     * @param once tries it by {@link #attempt} and says whether the kernel took it
     */
    void add(BooleanSupplier once) {
        tries.add(once);
    }

    /** Tries the problems up to the first failure: all, or a sample spread evenly from a place that the kernel's id gives. */
    void run(Options options) {
        int size = tries.size();
        int wanted = Math.ceilDiv(size, options.oneIn());
        int start = wanted == size ? 0 : Math.floorMod(prefix.hashCode(), size);
        for (int w = 0; w < wanted && failure.isEmpty(); w++) {
            int from = Math.toIntExact((long) w * size / wanted);
            int to = Math.toIntExact((w + 1L) * size / wanted);
            boolean taken = false;
            for (int t = from; t < to && !taken; t++) { // what is declined is made up for by its neighbour
                taken = tries.get((start + t) % size).getAsBoolean();
            }
        }
        for (int t = 0; t < size && problems == 0 && failure.isEmpty() && wanted < size; t++) {
            tries.get(t).getAsBoolean();
        }
    }

    /**
     * Tries one problem: a decline is counted, an exception or a bad report is a failure.
     *
     * @param what the problem, to reproduce it
     * @param test computes and compares
     * @return whether the kernel took the problem
     */
    boolean attempt(Object what, Supplier<Report> test) {
        try {
            Report report = test.get();
            problems++;
            worst = Math.max(worst, report.maxErrorOverBound());
            if (!report.ok()) {
                fail(what, report.message());
            }
        } catch (UnsupportedProblemException e) {
            declined++;
            reason = ownReason(e);
            return false;
        } catch (RuntimeException | LinkageError | AssertionError e) {
            fail(what, "threw " + e + origin(e));
        }
        return true;
    }

    /** What the kernel under test said, out of all answers, on one line. */
    private String ownReason(UnsupportedProblemException e) {
        return e.declines().stream()
                .filter(answer -> answer.startsWith(kernel + ":"))
                .findFirst()
                .orElseGet(() -> e.getMessage().lines().findFirst().orElse(""));
    }

    private static String origin(Throwable e) {
        StackTraceElement[] trace = e.getStackTrace();
        return trace.length == 0 ? "" : " at " + List.of(trace).subList(0, Math.min(3, trace.length));
    }

    /** Notes a failure; only the first one is kept. */
    void fail(Object what, String message) {
        if (failure.isEmpty()) {
            failure = prefix + " | " + what + " | " + message;
        }
    }

    /**
     * The verdict.
     *
     * @param required whether declining everything breaks the rule
     */
    Outcome outcome(boolean required) {
        if (!failure.isEmpty()) {
            return new Outcome(Outcome.Status.FAILED, problems, declined, worst, failure);
        }
        if (problems > 0) {
            return new Outcome(Outcome.Status.PASSED, problems, declined, worst, "");
        }
        String text = declined == 0 ? "" : "declined all " + declined + " problems: " + reason;
        return required
                ? new Outcome(Outcome.Status.FAILED, 0, declined, worst, prefix + " | " + text)
                : new Outcome(Outcome.Status.NOT_APPLICABLE, 0, declined, worst, text);
    }
}
