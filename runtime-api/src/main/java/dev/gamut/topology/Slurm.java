package dev.gamut.topology;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The nodes of a job, from the variables that Slurm sets for it (sbatch(1), "OUTPUT ENVIRONMENT VARIABLES"). */
final class Slurm {
    /** 100 Gbit/s and the latency of MPI over it: estimates until they are measured. */
    private static final Level CLUSTER = new Level("cluster", 2e-6, 12.5e9);

    /** Between processes of a node, over its memory: an estimate too. */
    private static final Level NODE = new Level("node", 5e-7, 20e9);

    private static final Pattern RUN = Pattern.compile("(\\d{1,9})(?:\\(x(\\d{1,9})\\))?");

    private Slurm() {}

    static Optional<Topology> topology(Map<String, String> environment) {
        String list = environment.getOrDefault("SLURM_JOB_NODELIST", environment.get("SLURM_NODELIST"));
        if (list == null) {
            return Optional.empty();
        }
        List<String> names = NameList.names(list);
        int[] cpus = perNode(environment.getOrDefault("SLURM_JOB_CPUS_PER_NODE", "1"), names.size());
        long memory = number(environment, "SLURM_MEM_PER_NODE");
        long perCpu = number(environment, "SLURM_MEM_PER_CPU");
        long devices = number(environment, "SLURM_GPUS_ON_NODE");
        TopologyBuilder builder = Topology.builder().level(CLUSTER).level(NODE, names.size());
        for (int node = 0; node < names.size(); node++) {
            long megabytes = memory > 0 ? memory : perCpu * cpus[node];
            builder.name(1, node, names.get(node));
            builder.resources(
                    1,
                    node,
                    new Resources(
                            cpus[node],
                            megabytes > 0 ? megabytes << 20 : Resources.NO_LIMIT,
                            (int) devices,
                            Resources.DEFAULT.precisions()));
        }
        return Optional.of(builder.build());
    }

    /** Of {@code 72(x2),36}: 72, 72, 36. */
    private static int[] perNode(String runs, int nodes) {
        int[] all = new int[nodes];
        int filled = 0;
        for (String run : runs.split(",")) {
            Matcher m = RUN.matcher(run);
            int times = !m.matches() ? 0 : m.group(2) == null ? 1 : Integer.parseInt(m.group(2));
            if (times == 0 || times > nodes - filled) {
                throw new IllegalArgumentException("SLURM_JOB_CPUS_PER_NODE is '" + runs + "', must be processors of "
                        + nodes + " nodes, such as 72(x2),36");
            }
            for (int i = 0; i < times; i++) {
                all[filled++] = Integer.parseInt(m.group(1));
            }
        }
        if (filled != nodes) {
            throw new IllegalArgumentException(
                    "SLURM_JOB_CPUS_PER_NODE is '" + runs + "', which is for " + filled + " nodes of " + nodes);
        }
        return all;
    }

    private static long number(Map<String, String> environment, String variable) {
        String value = environment.getOrDefault(variable, "0");
        if (!value.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(variable + " is '" + value + "', must be a whole number");
        }
        return Long.parseLong(value);
    }
}
