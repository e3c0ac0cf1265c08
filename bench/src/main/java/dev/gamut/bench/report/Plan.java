package dev.gamut.bench.report;

import dev.gamut.Explanation;
import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.bench.problem.Precision;
import dev.gamut.bench.problem.Problem;
import dev.gamut.bench.problem.Workload;
import dev.gamut.bench.problem.Workloads;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a report will measure: for each workload and precision the kernel that Gamut picks, on one thread and on all,
 * then the other kernels that would take it; or, for some products, each route that some accuracy admits.
 *
 * @param entries problems with their kernels, in the order of the table of workloads
 */
record Plan(List<Entry> entries) {
    /** The scalar reference runs below this many operations only: a tenth of a second. */
    static final double REFERENCE_LIMIT = 1e7;

    private static final String NATIVE = "native";

    /** What a user may demand of a product in F64 or F32, the strictest first where a thousand terms are summed. */
    static final List<String> DEMANDS =
            List.of(NATIVE, "atLeast:F64", "within:1e-5", "atLeast:F32", "within:1e-4", "within:1e-3", "within:1e-2");

    private static final Set<String> PRECISIONS_OF_ROUTES = Set.of("f64", "f32");

    /** Routes that are predicted to take longer are left out, unless they are chosen. */
    private static final double SLOWEST_ROUTE = 0.25;

    /** Below this a second thread costs more than it brings. */
    private static final double THREADS_FROM = 1e7;

    private static final double THREADS_FROM_BYTES = 4 << 20;

    /**
     * One problem.
     *
     * @param problem the workload in a precision
     * @param standsFor ids of larger shapes in whose place it stands
     * @param cases kernels to run it with
     */
    record Entry(Problem problem, String standsFor, List<Case> cases) {}

    /**
     * One kernel.
     *
     * @param kernel its id
     * @param provider who registers it
     * @param threads threads to use
     * @param accuracy what is demanded of it, as the command line writes it
     * @param chosenFor demands for which Gamut picks it; kernels with none are run if there is time
     * @param predicted seconds that its cost model predicts
     */
    record Case(
            String kernel, String provider, int threads, String accuracy, List<String> chosenFor, double predicted) {
        static Case of(Explanation.Row row, int threads, String accuracy, List<String> chosenFor) {
            return new Case(
                    row.kernel(),
                    row.provider(),
                    threads,
                    accuracy,
                    chosenFor,
                    row.seconds().orElse(0.0));
        }

        boolean chosen() {
            return !chosenFor.isEmpty();
        }

        boolean isReference() {
            return provider.equals("reference");
        }
    }

    /** Number of measurements. */
    int size() {
        return entries.stream().mapToInt(e -> e.cases.size()).sum();
    }

    /**
     * Asks which kernels take what.
     *
     * @param selected workloads to run
     * @param all the whole table, for shapes that stand in
     * @param threads threads of the runs that use several
     */
    static Plan of(List<Workload> selected, Workloads all, int threads) {
        GamutConfig config = GamutConfig.defaults();
        try (Gamut one = Gamut.open(config.threads(1));
                Gamut many = Gamut.open(config.threads(threads))) {
            Map<String, Entry> entries = new LinkedHashMap<>();
            for (Workload workload : selected) {
                for (Precision precision : workload.precisions()) {
                    Problem problem = Problem.of(workload, precision);
                    if (referenceOnly(problem, one) && problem.operations() >= REFERENCE_LIMIT) {
                        all.find(workload.smaller())
                                .ifPresent(smaller ->
                                        add(entries, Problem.of(smaller, precision), workload.id(), one, many));
                    } else {
                        add(entries, problem, "", one, many);
                    }
                }
            }
            return new Plan(List.copyOf(entries.values()));
        }
    }

    private static boolean referenceOnly(Problem problem, Gamut one) {
        return problem.explain(one)
                .chosen()
                .map(c -> c.provider().equals("reference"))
                .orElse(false);
    }

    private static void add(Map<String, Entry> entries, Problem problem, String standsFor, Gamut one, Gamut many) {
        String key = problem.workload().id() + " " + problem.precision();
        Entry earlier = entries.get(key);
        if (earlier == null) {
            entries.put(key, new Entry(problem, standsFor, cases(problem, one, many)));
        } else if (!standsFor.isEmpty()) {
            String both = earlier.standsFor.isEmpty() ? standsFor : earlier.standsFor + ", " + standsFor;
            entries.put(key, new Entry(earlier.problem, both, earlier.cases));
        }
    }

    private static List<Case> cases(Problem problem, Gamut one, Gamut many) {
        List<Case> cases = new ArrayList<>();
        boolean first = true;
        for (Explanation.Row row : problem.explain(one).rows()) {
            boolean reference = row.provider().equals("reference");
            boolean affordable = !reference || problem.operations() < REFERENCE_LIMIT;
            if (row.reason().isEmpty() && (first || affordable)) {
                cases.add(Case.of(row, 1, NATIVE, first ? List.of(NATIVE) : List.of()));
            }
            first &= row.reason().isPresent();
        }
        boolean large = problem.operations() >= THREADS_FROM || problem.bytes() >= THREADS_FROM_BYTES;
        int threads = many.config().threads();
        if (large && threads > 1) {
            problem.explain(many)
                    .chosen()
                    .filter(row -> !row.provider().equals("reference"))
                    .ifPresent(row ->
                            cases.add(Math.min(1, cases.size()), Case.of(row, threads, NATIVE, List.of(NATIVE))));
        }
        return List.copyOf(cases);
    }

    /**
     * Accuracy against speed: each way to compute the products among some workloads that are meant for it, on one thread.
     *
     * @param selected workloads of a report
     */
    static Plan routes(List<Workload> selected) {
        try (Gamut one = Gamut.open(GamutConfig.defaults().threads(1))) {
            List<Entry> entries = new ArrayList<>();
            for (Workload workload : selected) {
                for (Precision precision : workload.routes() ? workload.precisions() : List.<Precision>of()) {
                    if (PRECISIONS_OF_ROUTES.contains(precision.toString())) {
                        Problem problem = Problem.of(workload, precision);
                        entries.add(new Entry(problem, "", routes(problem, one)));
                    }
                }
            }
            return new Plan(List.copyOf(entries));
        }
    }

    /** A way to compute: the same kernel has several where its bound follows the demand. */
    private record Way(String kernel, double bound) {}

    /** The kernel of native arithmetic that is picked, and all that compute otherwise, under the first demand that admits them. */
    private static List<Case> routes(Problem problem, Gamut one) {
        Map<Way, Case> cases = new LinkedHashMap<>();
        Set<String> nativeOnes = problem.explain(one).rows().stream()
                .filter(row -> row.reason().isEmpty())
                .map(Explanation.Row::kernel)
                .collect(Collectors.toSet());
        for (String demand : DEMANDS) {
            List<Explanation.Row> rows = problem.explain(one, Accuracy.parse(demand)).rows().stream()
                    .filter(row -> row.reason().isEmpty())
                    .toList();
            for (Explanation.Row row : rows) {
                boolean chosen = row == rows.getFirst();
                Way way = new Way(row.kernel(), row.relativeBound().orElse(0.0));
                boolean fast = row.seconds().orElse(0.0) <= SLOWEST_ROUTE;
                if (chosen || fast && !nativeOnes.contains(row.kernel())) {
                    cases.putIfAbsent(way, Case.of(row, 1, demand, List.of()));
                }
                if (chosen) {
                    cases.compute(way, (w, c) -> Case.of(row, 1, c.accuracy, with(c.chosenFor, demand)));
                }
            }
        }
        return List.copyOf(cases.values());
    }

    private static List<String> with(List<String> demands, String another) {
        return Stream.concat(demands.stream(), Stream.of(another)).toList();
    }
}
