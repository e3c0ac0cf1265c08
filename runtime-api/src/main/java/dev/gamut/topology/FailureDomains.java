package dev.gamut.topology;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which places one failure can take: those of one domain of a level, and those that share a label's value. */
final class FailureDomains {
    private final Tree tree;
    private final int level;
    /** For each key the value's number of each place, -1 where there is none. */
    private final TreeMap<String, int[]> labels;

    private final TreeMap<String, List<String>> values;
    /** For each key and place where the run of places with its value ends. */
    private final TreeMap<String, int[]> runs = new TreeMap<>();

    /**
     * Of a tree.
     *
     * @param level whose domains fail as a whole
     * @param labels for each key the value's number of each place, -1 where there is none
     * @param values for each key by number
     */
    FailureDomains(Tree tree, int level, TreeMap<String, int[]> labels, TreeMap<String, List<String>> values) {
        this.tree = tree;
        this.level = level;
        this.labels = labels;
        this.values = values;
        labels.forEach((key, of) -> runs.put(key, runs(of)));
    }

    private static int[] runs(int[] values) {
        int[] ends = new int[values.length];
        for (int place = values.length - 1; place >= 0; place--) {
            boolean last = place == values.length - 1 || values[place] != values[place + 1];
            ends[place] = last ? place + 1 : ends[place + 1];
        }
        return ends;
    }

    int level() {
        return level;
    }

    /** As {@link Topology#failTogether}. */
    boolean together(int a, int b) {
        if (tree.domain(level, a) == tree.domain(level, b)) {
            return true;
        }
        for (int[] of : labels.values()) {
            if (of[a] >= 0 && of[a] == of[b]) {
                return true;
            }
        }
        return false;
    }

    /** As {@link Topology#nextApart}. */
    int nextApart(int primary, int from) {
        int place = from;
        while (place < tree.leaves()) {
            int domain = tree.domain(level, place);
            int next = domain == tree.domain(level, primary) ? tree.end(level, domain) : place;
            for (Map.Entry<String, int[]> label : labels.entrySet()) {
                int[] of = label.getValue();
                if (of[place] >= 0 && of[place] == of[primary]) {
                    next = Math.max(next, runs.get(label.getKey())[place]);
                }
            }
            if (next == place) {
                return place;
            }
            place = next;
        }
        return tree.leaves();
    }

    Optional<String> label(String key, int place) {
        int[] of = labels.get(key);
        return of == null || of[place] < 0
                ? Optional.empty()
                : Optional.of(values.get(key).get(of[place]));
    }

    List<String> keys() {
        return List.copyOf(labels.keySet());
    }
}
