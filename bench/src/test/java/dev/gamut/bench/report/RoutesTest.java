package dev.gamut.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.problem.Workload;
import dev.gamut.bench.problem.Workloads;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Accuracy against speed: a product by each route that some accuracy admits. */
class RoutesTest {
    private static final List<String> KEYS = List.of(
            "workload",
            "a",
            "m",
            "n",
            "k",
            "threads",
            "kernel",
            "provider",
            "accuracy",
            "chosen_for",
            "seconds",
            "gops",
            "error",
            "bound",
            "ok");

    private static Plan plan;
    private static List<Row> rows;

    @BeforeAll
    static void run() {
        Workload square = Workloads.shipped().find("square-256").orElseThrow();
        plan = Plan.routes(List.of(square));
        rows = new Sweep(plan, MachineCaches.host(), ResultsTest.PEAKS, ResultsTest.PEAKS, 0.5 * plan.size(), 0.2)
                .run(done -> {});
    }

    private static List<Row> of(String type) {
        return rows.stream()
                .filter(row -> row.precision().toString().equals(type))
                .toList();
    }

    @Test
    void eachDemandHasItsRoute() {
        for (String type : List.of("f64", "f32")) {
            Set<String> demands = new HashSet<>(Plan.DEMANDS);
            if (type.equals("f32")) {
                demands.remove("atLeast:F64"); // F32 results are rounded
            }
            List<String> chosen =
                    of(type).stream().flatMap(row -> row.chosenFor().stream()).toList();
            assertEquals(demands, Set.copyOf(chosen), type);
            assertEquals(demands.size(), chosen.size(), "one route for each: " + chosen);
        }
    }

    @Test
    void everyRouteKeepsItsBoundAndTheDemandItWasRunFor() {
        for (Row row : rows) {
            assertTrue(row.ok(), row.kernel() + ": " + row.message());
            assertTrue(row.error() <= row.bound() && row.error() > 0, row.kernel() + " is off by " + row.error());
            assertTrue(row.gops() > 0, row.kernel());
            if (Accuracy.parse(row.accuracy()) instanceof Accuracy.Within(double eps)) {
                assertTrue(row.bound() <= eps, row.kernel() + " declares " + row.bound());
            }
        }
    }

    /** Native arithmetic, residues, F32 and one to three terms of BF16, and a bound of its own for each demand. */
    @Test
    void everySortOfRouteIsThere() {
        for (String kernel : List.of("vecf32", "vecbf16", "residue_vec")) {
            assertTrue(of("f64").stream().anyMatch(row -> row.kernel().endsWith("_" + kernel)), kernel);
        }
        for (String kernel : List.of("vecbf16", "vecbf16x2", "vecbf16x3", "residue_vec")) {
            assertTrue(of("f32").stream().anyMatch(row -> row.kernel().endsWith("_" + kernel)), kernel);
        }
        long distinct = Stream.concat(of("f64").stream(), of("f32").stream())
                .map(row -> row.kernel() + row.bound())
                .distinct()
                .count();
        assertEquals(rows.size(), distinct);
    }

    @Test
    void fewerDigitsAreNotMoreAccurate() {
        double f64 = error("f64", "native");
        double f32 = of("f64").stream()
                .filter(row -> row.kernel().endsWith("_vecf32"))
                .mapToDouble(Row::error)
                .min()
                .orElseThrow();
        assertTrue(f32 > 1e3 * f64, f32 + " and " + f64);
    }

    private static double error(String type, String demand) {
        return of(type).stream()
                .filter(row -> row.chosenFor().contains(demand))
                .findFirst()
                .orElseThrow()
                .error();
    }

    @Test
    void theJsonIsAsDocumented() {
        assertEquals(KEYS, List.copyOf(rows.getFirst().asRoute().keySet()));
    }

    @Test
    void workloadsThatAreNotMarkedHaveNone() {
        assertEquals(
                0,
                Plan.routes(List.of(Workloads.shipped().find("bert-ffn").orElseThrow()))
                        .size());
    }
}
