package dev.gamut.placement;

import dev.gamut.topology.Topology;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A placement as launchers take it: the tasks that run, as ranks numbered place by place, so that a list of hosts with the number of ranks on
 * each puts every rank where its task is to be. Hosts are what fails as a whole ({@link Topology#failureLevel}). Immutable.
 */
public final class RankMap {
    private final Placement placement;
    private final List<Integer> tasks;

    private RankMap(Placement placement) {
        this.placement = placement;
        tasks = IntStream.range(0, placement.workload().tasks().size())
                .filter(task -> placement.place(task) >= 0)
                .boxed()
                .sorted(Comparator.comparingInt(placement::place).thenComparing(task -> task))
                .toList();
    }

    /**
     * The ranks of a placement.
     *
     * @param placement whose queued tasks get none
     */
    public static RankMap of(Placement placement) {
        return new RankMap(placement);
    }

    /** How many ranks there are. */
    public int ranks() {
        return tasks.size();
    }

    /**
     * What a rank does.
     *
     * @param rank 0 to ranks - 1
     * @return number of a task
     */
    public int task(int rank) {
        return tasks.get(rank);
    }

    /**
     * Who does a task.
     *
     * @param task its number
     * @return a rank, or -1 while it is queued
     */
    public int rank(int task) {
        return tasks.indexOf(task);
    }

    /**
     * Where a rank is.
     *
     * @param rank 0 to ranks - 1
     * @return the host's name
     */
    public String host(int rank) {
        Topology topology = placement.topology();
        int level = topology.failureLevel();
        return topology.name(level, topology.domain(level, placement.place(task(rank))));
    }

    /** Hosts in the order of their ranks, and how many are on each. */
    public Map<String, Integer> hosts() {
        Map<String, Integer> hosts = new LinkedHashMap<>();
        for (int rank = 0; rank < ranks(); rank++) {
            hosts.merge(host(rank), 1, Integer::sum);
        }
        return hosts;
    }

    /** A file for {@code mpirun --hostfile} of Open MPI: lines {@code host slots=2}. */
    public String openMpi() {
        return lines("%s slots=%d\n");
    }

    /** A file for {@code mpirun -f} of MPICH: lines {@code host:2}. */
    public String mpich() {
        return lines("%s:%d\n");
    }

    /** A file for {@code SLURM_HOSTFILE} and {@code srun --distribution=arbitrary}: the host of each rank on a line. */
    public String slurm() {
        StringBuilder text = new StringBuilder();
        IntStream.range(0, ranks()).forEach(rank -> text.append(host(rank)).append('\n'));
        return text.toString();
    }

    private String lines(String format) {
        StringBuilder text = new StringBuilder();
        hosts().forEach((host, ranks) -> text.append(String.format(Locale.ROOT, format, host, ranks)));
        return text.toString();
    }
}
