package dev.gamut.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A {@link Topology} in the making: first its levels, widest first, then what is special about some of its domains. Not thread-safe. */
public final class TopologyBuilder {
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9._-]+");

    final List<Level> levels = new ArrayList<>();
    int failureLevel = -1;
    final List<Resources> kinds = new ArrayList<>(List.of(Resources.DEFAULT));
    int[] kindOf;
    final BitSet down = new BitSet();
    long[][] failedPlanes;
    double[][] out;
    double[][] in;
    String[][] names;
    final TreeMap<String, int[]> labels = new TreeMap<>();
    final TreeMap<String, List<String>> labelValues = new TreeMap<>();
    private final Map<Resources, Integer> kindIndex = new HashMap<>();
    private final Map<String, Map<String, Integer>> labelIndex = new HashMap<>();
    private final List<int[]> counts = new ArrayList<>();
    private Tree tree;

    TopologyBuilder() {}

    /**
     * The next narrower level; the widest one is a single domain.
     *
     * @param level its name and costs
     * @param parts into how many domains each one of the level above is divided, or a number for each of them; nothing for the widest
     * @return this
     */
    public TopologyBuilder level(Level level, int... parts) {
        if (tree != null) {
            throw new IllegalStateException("level " + level.name() + " comes after what was said of domains");
        }
        if (levels.stream().anyMatch(other -> other.name().equals(level.name()))) {
            throw new IllegalArgumentException("there are two levels '" + level.name() + "'");
        }
        if (levels.isEmpty() != (parts.length == 0)) {
            throw new IllegalArgumentException("level " + level.name() + " has " + parts.length
                    + " counts; the widest level has none, every other one at least one");
        }
        for (int part : parts) {
            if (part < 1) {
                throw new IllegalArgumentException("count is " + part + ", must be at least 1");
            }
        }
        if (!levels.isEmpty()) {
            if (parts.length > 1) {
                int above = new Tree(counts).leaves();
                if (parts.length != above) {
                    throw new IllegalArgumentException("level " + level.name() + " has " + parts.length
                            + " counts; there are " + above + " domains above it");
                }
            }
            counts.add(parts.clone());
        }
        levels.add(level);
        return this;
    }

    /** The tree; no level can be added any more. */
    Tree tree() {
        if (tree == null) {
            if (levels.isEmpty()) {
                throw new IllegalArgumentException("there is no level, must be at least one");
            }
            tree = new Tree(counts);
            int n = levels.size();
            failedPlanes = new long[n][];
            out = new double[n][];
            in = new double[n][];
            names = new String[n][];
        }
        return tree;
    }

    /** Number of domains of the lowest level so far. */
    int places() {
        return tree().leaves();
    }

    int index(String level) {
        for (int i = 0; i < levels.size(); i++) {
            if (levels.get(i).name().equals(level)) {
                return i;
            }
        }
        throw new IllegalArgumentException("level is '" + level + "', must be one of "
                + String.join(", ", levels.stream().map(Level::name).toList()));
    }

    private void require(int level, int domain) {
        Objects.checkIndex(level, levels.size());
        if (domain < 0 || domain >= tree().size(level)) {
            throw new IllegalArgumentException(
                    levels.get(level).name() + " is " + domain + ", must be 0 to " + (tree().size(level) - 1));
        }
    }

    /**
     * What every place can carry unless something else is said of it.
     *
     * @param of capacity, memory, devices and precisions
     * @return this
     */
    public TopologyBuilder resources(Resources of) {
        tree();
        kinds.set(0, of);
        return this;
    }

    /**
     * What each place of a domain can carry.
     *
     * @param level 0 for the widest
     * @param domain its number
     * @param of capacity, memory, devices and precisions
     * @return this
     */
    public TopologyBuilder resources(int level, int domain, Resources of) {
        require(level, domain);
        if (kindOf == null) {
            kindOf = new int[places()];
        }
        int kind = kindIndex.computeIfAbsent(of, added -> {
            kinds.add(added);
            return kinds.size() - 1;
        });
        Arrays.fill(kindOf, tree.first(level, domain), tree.end(level, domain), kind);
        return this;
    }

    /** The places of a domain. */
    IntStream places(int level, int domain) {
        require(level, domain);
        return IntStream.range(tree.first(level, domain), tree.end(level, domain));
    }

    /** What a place can carry as far as it was said. */
    Resources resourcesOf(int place) {
        return kinds.get(kindOf == null ? 0 : kindOf[place]);
    }

    /**
     * A thing whose failure takes every place that hangs on it, such as a rack or a power supply.
     *
     * @param level 0 for the widest
     * @param domain its number; all its places hang on the thing
     * @param key the sort of thing
     * @param value which one
     * @return this
     */
    public TopologyBuilder label(int level, int domain, String key, String value) {
        require(level, domain);
        for (String word : List.of(key, value)) {
            if (!LABEL.matcher(word).matches()) {
                throw new IllegalArgumentException(
                        "label is '" + key + "=" + value + "'; both words are of letters, digits, '.', '_' and '-'");
            }
        }
        int[] values = labels.computeIfAbsent(key, added -> {
            int[] none = new int[places()];
            Arrays.fill(none, -1);
            return none;
        });
        List<String> all = labelValues.computeIfAbsent(key, added -> new ArrayList<>());
        int index = labelIndex.computeIfAbsent(key, added -> new HashMap<>()).computeIfAbsent(value, added -> {
            all.add(added);
            return all.size() - 1;
        });
        Arrays.fill(values, tree.first(level, domain), tree.end(level, domain), index);
        return this;
    }

    /**
     * A name instead of the level's and a number.
     *
     * @param level 0 for the widest
     * @param domain its number
     * @param name without blanks, commas and brackets; no other domain of the level is called so
     * @return this
     */
    public TopologyBuilder name(int level, int domain, String name) {
        require(level, domain);
        if (!LABEL.matcher(name).matches()) {
            throw new IllegalArgumentException("name is '" + name + "'; it is of letters, digits, '.', '_' and '-'");
        }
        if (names[level] == null) {
            names[level] = new String[tree.size(level)];
        }
        names[level][domain] = name;
        return this;
    }

    /**
     * A domain that is farther away than others.
     *
     * @param level 0 for the widest
     * @param domain its number
     * @param leaving seconds on top for each message that leaves it, at least 0
     * @param entering seconds on top for each message that enters it, at least 0
     * @return this
     */
    public TopologyBuilder extra(int level, int domain, double leaving, double entering) {
        require(level, domain);
        for (double seconds : new double[] {leaving, entering}) {
            if (!(seconds >= 0) || seconds == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("extra latency is " + seconds + " s, must be at least 0 and finite");
            }
        }
        if (out[level] == null) {
            out[level] = new double[tree.size(level)];
            in[level] = new double[tree.size(level)];
        }
        out[level][domain] = leaving;
        in[level][domain] = entering;
        return this;
    }

    /**
     * A domain whose places do not work.
     *
     * @param level 0 for the widest
     * @param domain its number
     * @return this
     */
    public TopologyBuilder down(int level, int domain) {
        require(level, domain);
        down.set(tree.first(level, domain), tree.end(level, domain));
        return this;
    }

    /**
     * A plane that does not work.
     *
     * @param level 0 for the widest
     * @param domain the domain that it connects the parts of
     * @param plane 0 to planes - 1
     * @return this
     */
    public TopologyBuilder down(int level, int domain, int plane) {
        require(level, domain);
        int planes = levels.get(level).planes();
        if (plane < 0 || plane >= planes) {
            throw new IllegalArgumentException("plane is " + plane + ", must be 0 to " + (planes - 1));
        }
        if (failedPlanes[level] == null) {
            failedPlanes[level] = new long[tree.size(level)];
        }
        failedPlanes[level][domain] |= 1L << plane;
        return this;
    }

    /**
     * Which level's domains fail as a whole: {@code node} unless something else is said, the lowest where there is no such level.
     *
     * @param name of the level
     * @return this
     */
    public TopologyBuilder failure(String name) {
        failureLevel = index(name);
        return this;
    }

    private String nameOf(int level, int domain) {
        String own = names[level][domain];
        return own == null ? levels.get(level).name() + domain : own;
    }

    /** Hosts are told apart by their names. */
    private void requireDistinctNames(int level) {
        Map<String, Integer> seen = new HashMap<>();
        for (int domain = 0; domain < names[level].length; domain++) {
            String name = nameOf(level, domain);
            Integer other = seen.putIfAbsent(name, domain);
            if (other != null) {
                throw new IllegalArgumentException(levels.get(level).name() + " " + other + " and " + domain
                        + " are both called '" + name + "'; names must differ");
            }
        }
    }

    /**
     * The machine; this builder is not to be used any more.
     *
     * @throws IllegalArgumentException if there is no level, or two domains of one have the same name
     */
    public Topology build() {
        tree();
        IntStream.range(0, names.length).filter(level -> names[level] != null).forEach(this::requireDistinctNames);
        if (failureLevel < 0) {
            failureLevel = levels.size() - 1;
            for (int i = 0; i < levels.size(); i++) {
                failureLevel = levels.get(i).name().equals("node") ? i : failureLevel;
            }
        }
        return new Topology(this);
    }
}
