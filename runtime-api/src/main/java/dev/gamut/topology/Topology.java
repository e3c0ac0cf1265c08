package dev.gamut.topology;

import dev.gamut.collective.Communicator;
import dev.gamut.error.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A machine as a tree of levels, widest first: cluster, supernode, node, and so on down to the places that tasks run on. Domains of a
 * level are numbered from 0 across the whole machine, so those of the lowest level, the <em>places</em>, are 0 to {@link #places} - 1.
 *
 * <p>Two places talk over the narrowest level that has both in one domain, at its latency and at the bandwidth of those of its planes
 * that are healthy; what is said of a domain's way {@code out} and {@code in} comes on top of the latency of each message that leaves or
 * enters it, so that latency may differ by direction. A level that is regular takes no memory, others some bytes for each place.
 *
 * <p>Immutable and thread-safe. Text that {@link #toText} prints is read by {@link #parse}; the README describes it.
 */
public final class Topology {
    private final List<Level> levels;
    private final Tree tree;
    private final FailureDomains failures;
    private final List<Resources> kinds;
    /** Index into {@link #kinds} for each place; null where there is one kind. */
    private final int[] kindOf;

    private final BitSet down;
    /** For each level null, or for each domain the planes that have failed. */
    private final long[][] failedPlanes;
    /** For each level null, or for each domain seconds on top. */
    private final double[][] out;

    private final double[][] in;
    private final String[][] names;

    Topology(TopologyBuilder from) {
        levels = List.copyOf(from.levels);
        tree = from.tree();
        kinds = List.copyOf(from.kinds);
        kindOf = from.kindOf;
        down = from.down;
        failedPlanes = from.failedPlanes;
        out = from.out;
        in = from.in;
        names = from.names;
        failures = new FailureDomains(tree, from.failureLevel, from.labels, from.labelValues);
    }

    private Topology(Topology other, List<Level> levels, BitSet down, long[][] failedPlanes) {
        this.levels = levels;
        this.down = down;
        this.failedPlanes = failedPlanes;
        tree = other.tree;
        kinds = other.kinds;
        kindOf = other.kindOf;
        out = other.out;
        in = other.in;
        names = other.names;
        failures = other.failures;
    }

    /** A machine to be described, from its widest level on. */
    public static TopologyBuilder builder() {
        return new TopologyBuilder();
    }

    /**
     * Reads a file.
     *
     * @param file text as {@link #toText} prints it
     * @return the machine
     * @throws FormatException if it is not such a text, with the line that is wrong
     * @throws IOException if it cannot be read
     */
    public static Topology read(Path file) throws IOException {
        return new TopologyText(file, Files.readString(file, StandardCharsets.UTF_8)).parse();
    }

    /**
     * Reads a text.
     *
     * @param text as {@link #toText} prints it
     * @return the machine
     * @throws FormatException if it is not such a text, with the line that is wrong
     */
    public static Topology parse(String text) {
        return new TopologyText(Path.of("topology"), text).parse();
    }

    /**
     * This machine as hwloc describes it where that is installed and the module {@code dev.gamut.ffm} is there, with levels such as {@code node},
     * {@code package}, {@code numa}, {@code l3} and {@code core}, as far as they differ; else as {@link #host(Path)} has it from {@code /sys}. A library is looked for
     * when this is first called.
     *
     * @return a machine of one core where nothing can be found
     */
    public static Topology host() {
        return Host.topology();
    }

    /** For people: the libraries that {@link #host()} asks, and why it does not. Looks for them. */
    public static List<String> hostSources() {
        return Host.sources();
    }

    /**
     * A machine as hwloc 2 describes it.
     *
     * @param xml as {@code lstopo --of xml} prints it
     * @return levels as {@link #host()} has them; without accelerators
     * @throws IllegalArgumentException if it is no such text
     */
    public static Topology hwloc(String xml) {
        return Hwloc.topology(xml, numa -> 0);
    }

    /**
     * A machine as a tree of files like Linux's {@code /sys} describes it: levels {@code node}, {@code numa} and {@code core}. Memory is shared out among the cores of a
     * NUMA domain, accelerators (PCI classes 0302, 0380 and 1200) among its first cores. Latency and bandwidth are estimates from the
     * table of distances.
     *
     * @param sysfs with {@code devices/system/cpu}, {@code devices/system/node} and {@code bus/pci/devices}
     * @return a machine of one core where nothing can be found
     */
    public static Topology host(Path sysfs) {
        return new Sysfs(sysfs).topology();
    }

    /**
     * The nodes of a Slurm job: levels {@code cluster} and {@code node}, with the nodes' names, processors, memory and accelerators.
     * Latency and bandwidth are estimates, those of a network of 100 Gbit/s.
     *
     * @param environment variables such as {@code SLURM_JOB_NODELIST}
     * @return empty outside a job
     * @throws IllegalArgumentException if a variable does not hold what Slurm writes
     */
    public static Optional<Topology> slurm(Map<String, String> environment) {
        return Slurm.topology(environment);
    }

    /**
     * The ranks of a communicator: its levels, such as {@code all} and {@code host}, and below them {@code rank}. Ranks of a group are places
     * next to each other, so that place p need not be rank p; where it is not, it has the rank's name. What fails as a whole is the
     * narrowest group. Latency and bandwidth are estimates.
     *
     * @param ranks any
     */
    public static Topology of(Communicator ranks) {
        return Ranks.topology(ranks.levels(), ranks.size());
    }

    /**
     * The same with latency and bandwidth as messages of 8 bytes and 4 MiB between up to three pairs of ranks of each level show them, back and forth, while
     * no other rank sends; a level on which nobody meets keeps its estimates. All ranks call. It takes about a second for a level.
     *
     * @param ranks any
     */
    public static Topology measured(Communicator ranks) {
        return Ranks.measured(ranks);
    }

    /** The levels, widest first. */
    public List<Level> levels() {
        return levels;
    }

    /**
     * A level's number.
     *
     * @param name its name
     * @return 0 for the widest
     * @throws IllegalArgumentException if there is none of that name
     */
    public int level(String name) {
        for (int level = 0; level < levels.size(); level++) {
            if (levels.get(level).name().equals(name)) {
                return level;
            }
        }
        throw new IllegalArgumentException("level is '" + name + "', must be one of "
                + String.join(", ", levels.stream().map(Level::name).toList()));
    }

    /** Number of places, the domains of the lowest level. */
    public int places() {
        return tree.leaves();
    }

    /**
     * Number of domains on a level.
     *
     * @param level 0 for the widest
     */
    public int size(int level) {
        return tree.size(level);
    }

    /**
     * The domain that a place belongs to.
     *
     * @param level 0 for the widest
     * @param place 0 to places - 1
     */
    public int domain(int level, int place) {
        return tree.domain(level, place);
    }

    /**
     * The first place of a domain.
     *
     * @param level 0 for the widest
     * @param domain its number
     */
    public int first(int level, int domain) {
        return tree.first(level, domain);
    }

    /**
     * One past the last place of a domain.
     *
     * @param level 0 for the widest
     * @param domain its number
     */
    public int end(int level, int domain) {
        return tree.end(level, domain);
    }

    /**
     * The narrowest level that has two places in one domain.
     *
     * @param a a place
     * @param b a place; the same one gives the lowest level
     * @return its number
     */
    public int meet(int a, int b) {
        if (a == b) {
            return levels.size() - 1;
        }
        int level = levels.size() - 2;
        while (tree.domain(level, a) != tree.domain(level, b)) {
            level--;
        }
        return level;
    }

    /**
     * Seconds that a message of no bytes takes.
     *
     * @param from a place
     * @param to a place
     */
    public double latency(int from, int to) {
        int meet = meet(from, to);
        double latency = levels.get(meet).latency();
        for (int level = meet + 1; level < levels.size(); level++) {
            latency += out[level] == null ? 0 : out[level][tree.domain(level, from)];
            latency += in[level] == null ? 0 : in[level][tree.domain(level, to)];
        }
        return latency;
    }

    /**
     * Bytes a second between two parts of a domain, over its healthy planes.
     *
     * @param level 0 for the widest
     * @param domain its number
     * @return 0 where no plane is healthy
     */
    public double bandwidth(int level, int domain) {
        Level of = levels.get(level);
        if (failedPlanes[level] == null) {
            return of.bandwidth();
        }
        return of.bandwidth() * (of.planes() - Long.bitCount(failedPlanes[level][domain])) / of.planes();
    }

    /**
     * Seconds that messages take one after the other.
     *
     * @param from a place
     * @param to a place
     * @param bytes of all messages together
     * @param messages how many
     * @return infinite where no plane is left between them
     */
    public double seconds(int from, int to, double bytes, double messages) {
        int meet = meet(from, to);
        double bandwidth = bandwidth(meet, tree.domain(meet, from));
        return bandwidth == 0 ? Double.POSITIVE_INFINITY : latency(from, to) * messages + bytes / bandwidth;
    }

    /** Whether some domain has lost all its planes, so that places may not reach each other. */
    public boolean isPartitioned() {
        for (int level = 0; level < levels.size(); level++) {
            for (int domain = 0; failedPlanes[level] != null && domain < size(level); domain++) {
                if (failedPlanes[level][domain] == levels.get(level).allPlanes()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether messages may come to depend on their direction, or on more than the level where two places meet. */
    public boolean hasExtraLatency() {
        return Arrays.stream(out).anyMatch(Objects::nonNull);
    }

    /**
     * Whether a place was declared to be working.
     *
     * @param place 0 to places - 1
     */
    public boolean isHealthy(int place) {
        return !down.get(place);
    }

    /**
     * Whether a plane works.
     *
     * @param level 0 for the widest
     * @param domain the domain that it connects the parts of
     * @param plane 0 to planes - 1
     */
    public boolean isHealthy(int level, int domain, int plane) {
        return failedPlanes[level] == null || (failedPlanes[level][domain] >>> plane & 1) == 0;
    }

    /**
     * What a place can carry.
     *
     * @param place 0 to places - 1
     */
    public Resources resources(int place) {
        return kinds.get(kind(place));
    }

    /** The kinds of places there are: some may be of none. */
    public List<Resources> kinds() {
        return kinds;
    }

    /**
     * Which of the kinds a place is of.
     *
     * @param place 0 to places - 1
     */
    public int kind(int place) {
        return kindOf == null ? 0 : kindOf[place];
    }

    /** The level whose domains fail as a whole. */
    public int failureLevel() {
        return failures.level();
    }

    /**
     * Whether one failure can take two places: they are of one domain of {@link #failureLevel}, or have the same value of a label.
     *
     * @param a a place
     * @param b a place
     */
    public boolean failTogether(int a, int b) {
        return failures.together(a, b);
    }

    /**
     * The next place that may outlive another one, for searches that must not look at each place between.
     *
     * @param primary a place
     * @param from first place looked at
     * @return the first place from {@code from} on that does not fail together with it; {@link #places} where there is none
     */
    public int nextApart(int primary, int from) {
        return failures.nextApart(primary, from);
    }

    /**
     * The value of a failure domain's label.
     *
     * @param key for example {@code rack}
     * @param place 0 to places - 1
     * @return empty where it has none
     */
    public Optional<String> label(String key, int place) {
        return failures.label(key, place);
    }

    /** The keys of labels, in alphabetical order. */
    public List<String> labelKeys() {
        return failures.keys();
    }

    /**
     * What a domain is called.
     *
     * @param level 0 for the widest
     * @param domain its number
     * @return its own name, or the level's and its number: {@code node17}
     */
    public String name(int level, int domain) {
        String[] own = names[level];
        return own == null || own[domain] == null ? levels.get(level).name() + domain : own[domain];
    }

    /** Whether a domain was given a name. */
    boolean isNamed(int level, int domain) {
        return names[level] != null && names[level][domain] != null;
    }

    int[] counts(int level) {
        return tree.counts(level);
    }

    double[][] out() {
        return out;
    }

    double[][] in() {
        return in;
    }

    /**
     * The same machine with a level's costs as they were measured.
     *
     * @param level 0 for the widest
     * @param latency seconds
     * @param bandwidth bytes a second over all planes
     */
    public Topology measured(int level, double latency, double bandwidth) {
        Level old = levels.get(level);
        Level[] all = levels.toArray(Level[]::new);
        all[level] = new Level(old.name(), latency, bandwidth, old.planes());
        return new Topology(this, List.of(all), down, failedPlanes);
    }

    /**
     * The same machine with a domain that works, or does not.
     *
     * @param level 0 for the widest
     * @param domain its number
     * @param healthy whether all its places work
     * @throws IndexOutOfBoundsException if there is no such domain
     */
    public Topology with(int level, int domain, boolean healthy) {
        Objects.checkIndex(domain, size(level));
        BitSet changed = (BitSet) down.clone();
        changed.set(first(level, domain), end(level, domain), !healthy);
        return new Topology(this, levels, changed, failedPlanes);
    }

    /**
     * The same machine with a plane that works, or does not.
     *
     * @param level 0 for the widest
     * @param domain the domain that it connects the parts of
     * @param plane 0 to planes - 1
     * @param healthy whether it works
     * @throws IndexOutOfBoundsException if there is no such plane
     */
    public Topology with(int level, int domain, int plane, boolean healthy) {
        Objects.checkIndex(domain, size(level));
        Objects.checkIndex(plane, levels.get(level).planes());
        long[][] changed = failedPlanes.clone();
        changed[level] = changed[level] == null ? new long[size(level)] : changed[level].clone();
        changed[level][domain] = changed[level][domain] & ~(1L << plane) | (healthy ? 0 : 1L << plane);
        return new Topology(this, levels, down, changed);
    }

    /** The whole description, a line for each thing said; {@link #parse} reads it. */
    public String toText() {
        return TopologyText.print(this);
    }

    /** Levels and their sizes: {@code 1 cluster, 24 supernodes, 384 nodes}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int level = 0; level < levels.size(); level++) {
            text.append(level == 0 ? "" : ", ").append(levels.get(level).count(size(level)));
        }
        return text.toString();
    }
}
