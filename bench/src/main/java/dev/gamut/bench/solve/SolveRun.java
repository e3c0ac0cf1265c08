package dev.gamut.bench.solve;

import dev.gamut.Gamut;
import dev.gamut.bench.solve.SolveMethod.Answer;
import dev.gamut.linalg.Refinement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * A system solved and checked.
 *
 * @param method how
 * @param n order
 * @param threads of the products
 * @param accuracy of the products
 * @param seconds for factors, solution and refinement
 * @param residual HPL's, below 16 if the solution is right
 * @param factored precision of the factors
 * @param refinement its sort
 * @param steps of it
 * @param fallbacks why lower precisions were given up
 */
public record SolveRun(
        SolveMethod method,
        int n,
        int threads,
        String accuracy,
        double seconds,
        double residual,
        String factored,
        String refinement,
        int steps,
        List<String> fallbacks) {
    /** HPL's and HPL-MxP's. */
    public static final double THRESHOLD = 16;

    /**
     * Solves.
     *
     * @param gamut computes the products
     * @param method how
     * @param system what
     * @param how factors are made and solutions refined
     * @param done told how many columns are factored
     */
    public static SolveRun of(Gamut gamut, SolveMethod method, LinearSystem system, Refinement how, IntConsumer done) {
        method.warmUp(gamut, system.n(), how);
        Answer answer = method.solve(gamut, system, how, done);
        return new SolveRun(
                method,
                system.n(),
                gamut.config().threads(),
                how.accuracy().toString(),
                answer.nanos() / 1e9,
                system.residual(answer.x()),
                answer.factored(),
                how.steps().id(),
                answer.steps(),
                answer.fallbacks());
    }

    /** Whether the solution is right. */
    public boolean passed() {
        return residual < THRESHOLD;
    }

    /** Operations as HPL counts them, whatever was done, over time. */
    public double gflops() {
        return operations(n) / seconds / 1e9;
    }

    /**
     * Operations as HPL counts them.
     *
     * @param order of the system
     */
    public static double operations(double order) {
        return (2.0 / 3 * order + 3.0 / 2) * order * order;
    }

    /** What HPL prints. */
    public List<String> lines() {
        String line = "-".repeat(80);
        String name = method == SolveMethod.HPL ? "HPL" : "HPL-MxP";
        String how = steps == 0 && fallbacks.isEmpty()
                ? "factored in " + factored
                : "factored in " + factored + ", " + steps + " steps of refinement (" + refinement + ")";
        return java.util.stream.Stream.of(
                        List.of(
                                "=".repeat(80),
                                String.format("%-16s %10s %8s %18s %18s", "T/V", "N", "threads", "Time", "Gflops"),
                                line,
                                String.format(
                                        Locale.ROOT,
                                        "%-16s %10d %8d %18.2f %18.4e",
                                        name,
                                        n,
                                        threads,
                                        seconds,
                                        gflops()),
                                how),
                        fallbacks.stream().map(why -> "gave up " + why).toList(),
                        List.of(
                                line,
                                String.format(
                                        Locale.ROOT,
                                        "||Ax-b||_oo/(eps*(||A||_oo*||x||_oo+||b||_oo)*N)= %18.7f ...... %s",
                                        residual,
                                        passed() ? "PASSED" : "FAILED"),
                                "=".repeat(80)))
                .flatMap(List::stream)
                .toList();
    }

    /** For JSON. */
    public Map<String, Object> asJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("method", method.id());
        json.put("n", n);
        json.put("threads", threads);
        json.put("gflops", gflops());
        json.put("seconds", seconds);
        json.put("residual", residual);
        json.put("passed", passed());
        json.put("accuracy", accuracy);
        json.put("factored", factored);
        json.put("refinement", refinement);
        json.put("steps", steps);
        json.put("fallbacks", fallbacks);
        return json;
    }
}
