package dev.gamut.internal.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.collective.Collective;
import dev.gamut.internal.collective.Schedule.Buffer;
import dev.gamut.internal.collective.Schedule.Place;
import dev.gamut.internal.collective.Schedule.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Carries out schedules on names of parts instead of numbers. */
class ScheduleTest {
    static Stream<Arguments> algorithms() {
        return Arrays.stream(Collective.values())
                .flatMap(op -> Algorithm.of(op).stream().map(a -> Arguments.of(op, a.name(), a)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("algorithms")
    void everyRankGetsWhatItMust(Collective op, String name, Algorithm algorithm) {
        for (int p = 1; p <= 17; p++) {
            for (int root = 0; root < (op.isRooted() ? p : 1); root++) {
                for (int chunks : new int[] {1, 3}) {
                    Schedule schedule = algorithm.schedule(p, root, chunks);
                    run(op, algorithm, schedule, p, root, false);
                    if (schedule.inPlace()) {
                        run(op, algorithm, schedule, p, root, true);
                    }
                }
            }
        }
    }

    /** Contents of a part: what it is made of, in order. */
    private record Part(List<String> terms) {}

    private void run(Collective op, Algorithm algorithm, Schedule schedule, int p, int root, boolean inPlace) {
        String where = op + " " + algorithm.name() + " p=" + p + " root=" + root + (inPlace ? " in place" : "");
        // Whole buffers that are given or taken as ranks' parts are in place only in parts of their own: no memory is
        // shared then.
        boolean alias = inPlace
                && EnumSet.of(Collective.ALL_REDUCE, Collective.REDUCE, Collective.BROADCAST)
                        .contains(op);
        Map<Place, Part> memory = new HashMap<>();
        int given = op.hasParts() ? p : schedule.parts();
        for (int r = 0; r < p; r++) {
            for (int part = 0; part < given; part++) {
                memory.put(place(r, Buffer.FROM, part, alias), new Part(List.of(r + ":" + part)));
            }
        }
        for (List<List<Step>> phase : schedule.phases()) {
            assertEquals(p, phase.size(), where);
            Map<Place, Integer> read = new HashMap<>();
            Set<Place> written = new HashSet<>();
            Map<Place, Part> results = new HashMap<>();
            for (int r = 0; r < p; r++) {
                for (Step step : phase.get(r)) {
                    List<String> terms = new ArrayList<>();
                    for (Place source : step.sources()) {
                        Place at = place(source.rank(), source.buffer(), source.part(), alias);
                        assertNotNull(memory.get(at), where + ": " + at + " is read before it is written");
                        terms.addAll(memory.get(at).terms);
                        if (source.rank() != r) {
                            read.put(at, r);
                        }
                    }
                    assertTrue(step.to() != Buffer.FROM, where);
                    Place to = place(r, step.to(), step.part(), alias);
                    assertTrue(written.add(to), where + ": " + to + " is written twice in a phase");
                    results.put(to, new Part(terms));
                }
            }
            for (Place to : written) {
                assertTrue(
                        !read.containsKey(to),
                        where + ": " + to + " is written while rank " + read.get(to) + " reads it");
            }
            memory.putAll(results);
        }
        for (int r = 0; r < p; r++) {
            check(op, algorithm, schedule, p, root, r, alias, memory, where + " rank " + r);
        }
    }

    private static Place place(int rank, Buffer buffer, int part, boolean alias) {
        return new Place(rank, alias && buffer == Buffer.FROM ? Buffer.TO : buffer, part);
    }

    private static void check(
            Collective op,
            Algorithm algorithm,
            Schedule schedule,
            int p,
            int root,
            int rank,
            boolean alias,
            Map<Place, Part> memory,
            String where) {
        switch (op) {
            case ALL_REDUCE -> combined(algorithm, schedule, p, rank, alias, memory, where);
            case REDUCE -> {
                if (rank == root) {
                    combined(algorithm, schedule, p, rank, alias, memory, where);
                }
            }
            case SCAN -> combined(algorithm, schedule, rank + 1, rank, alias, memory, where);
            case BROADCAST -> {
                if (rank != root) {
                    assertEquals(List.of(root + ":0"), terms(memory, rank, 0, alias), where);
                }
            }
            case ALL_GATHER -> gathered(p, rank, memory, where);
            case GATHER -> {
                if (rank == root) {
                    gathered(p, rank, memory, where);
                }
            }
            case SCATTER -> assertEquals(List.of(root + ":" + rank), terms(memory, rank, 0, alias), where);
            case REDUCE_SCATTER -> {
                List<String> all = new ArrayList<>();
                for (int s = 0; s < p; s++) {
                    all.add(s + ":" + rank);
                }
                assertEquals(all, terms(memory, rank, 0, alias), where);
            }
            case ALL_TO_ALL -> {
                for (int s = 0; s < p; s++) {
                    assertEquals(List.of(s + ":" + rank), terms(memory, rank, s, alias), where);
                }
            }
            case BARRIER -> assertTrue(memory.size() > 0, where);
        }
    }

    private static List<String> terms(Map<Place, Part> memory, int rank, int part, boolean alias) {
        return memory.get(place(rank, Buffer.TO, part, alias)).terms;
    }

    private static void gathered(int p, int rank, Map<Place, Part> memory, String where) {
        for (int s = 0; s < p; s++) {
            assertEquals(List.of(s + ":0"), terms(memory, rank, s, false), where);
        }
    }

    /** Every rank's term once; in the order of ranks where the algorithm says so. */
    private static void combined(
            Algorithm algorithm,
            Schedule schedule,
            int ranks,
            int rank,
            boolean alias,
            Map<Place, Part> memory,
            String where) {
        for (int part = 0; part < schedule.parts(); part++) {
            List<String> got = terms(memory, rank, part, alias);
            List<String> expected = new ArrayList<>();
            for (int s = 0; s < ranks; s++) {
                expected.add(s + ":" + part);
            }
            if (algorithm.inRankOrder()) {
                assertEquals(expected, got, where);
            } else {
                assertEquals(
                        expected.stream().sorted().toList(),
                        got.stream().sorted().toList(),
                        where);
            }
        }
    }
}
