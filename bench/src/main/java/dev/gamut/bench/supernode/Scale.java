package dev.gamut.bench.supernode;

import dev.gamut.placement.Failover;
import dev.gamut.placement.Placement;
import dev.gamut.placement.Placer;
import dev.gamut.placement.Workload;
import dev.gamut.topology.Topology;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What placing and running a training job takes on a machine: planning and failover are timed, steps simulated.
 *
 * @param machine for people
 * @param places devices
 * @param tasks ranks of the job
 * @param planSeconds processor time of the placement
 * @param failoverSeconds processor time of the failover of one node
 * @param step simulated seconds of a step as placed
 * @param roundRobin the same with task t on place t
 * @param failedPlane the same as placed, with one plane of the cluster, or of its only supernode, failed
 * @param afterFailover the same after the failover of one node
 * @param messages of a step
 * @param campaign a long run with failures
 */
record Scale(
        String machine,
        int places,
        int tasks,
        double planSeconds,
        double failoverSeconds,
        double step,
        double roundRobin,
        double failedPlane,
        double afterFailover,
        long messages,
        Campaign campaign) {
    /**
     * Of one machine.
     *
     * @param machine which
     */
    static Scale of(Machine machine) {
        Topology topology = machine.topology();
        List<Exchange> exchanges = Exchange.training(machine);
        Workload workload = machine.workload(exchanges);
        Timed<Placement> planned = Timed.of(() -> Placer.of(topology).place(workload));
        Placement placement = planned.result;
        int tasks = machine.tasks();
        if (!placement.queued().isEmpty()) {
            throw new IllegalStateException(placement.queued().size() + " of " + tasks + " tasks wait on " + machine);
        }
        Simulation simulation = new Simulation(topology, tasks, exchanges);
        Simulation.Outcome step = simulation.run(placement::place);

        // The plane that carries what is slowest: between supernodes, or where there is one, within it.
        int wounded = machine.supernodes() == 1 ? 1 : 0;
        Topology halved = topology.with(wounded, 0, 0, false);

        Failover failover = new Failover(placement);
        int node = topology.domain(topology.failureLevel(), placement.place(0));
        Timed<Integer> failed = Timed.of(
                () -> failover.failDomain(topology.failureLevel(), node).size());
        Placement after = failover.placement();
        double afterFailover = simulation.run(after::place).seconds();
        return new Scale(
                machine.toString(),
                machine.places(),
                tasks,
                planned.seconds,
                failed.seconds,
                step.seconds(),
                simulation.run(task -> task).seconds(),
                new Simulation(halved, tasks, exchanges).run(placement::place).seconds(),
                afterFailover,
                step.messages(),
                Campaign.of(simulation, placement, 11));
    }

    /** A result, and the processor time of the thread that made it: other programs do not count. */
    private record Timed<T>(T result, double seconds) {
        static <T> Timed<T> of(Supplier<T> work) {
            long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            T result = work.get();
            return new Timed<>(result, (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin) / 1e9);
        }
    }

    Map<String, Object> asJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("machine", machine);
        json.put("places", places);
        json.put("tasks", tasks);
        json.put("plan_seconds", planSeconds);
        json.put("failover_seconds", failoverSeconds);
        json.put("step_seconds", step);
        json.put("round_robin_step_seconds", roundRobin);
        json.put("failed_plane_step_seconds", failedPlane);
        json.put("after_failover_step_seconds", afterFailover);
        json.put("messages", messages);
        json.put("campaign", campaign.asJson());
        return json;
    }
}
