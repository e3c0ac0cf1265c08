package dev.gamut.bench.supernode;

import dev.gamut.topology.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A step of exchanges, event by event. A rank carries out its exchanges one after the other, in the order of the list; it sends what a phase says when it comes to
 * it, and goes on when all that it is to get has come. Each device has a port for each level of the machine, which carries one message at a time each way, at
 * the level's bandwidth over the planes that work; a message arrives a latency after its last byte has left. Computing takes no time.
 *
 * <p>Not thread-safe. Equal steps take equal times.
 */
final class Simulation {
    private static final int NOWHERE = -1;

    private final Topology topology;
    private final List<Exchange> exchanges;
    private final int tasks;
    /** For each task its exchanges, its rank in each, and the number of each one's first phase among all of its phases. */
    private final int[][] joins;

    private final int[][] ranks;
    private final int[][] first;
    private final int[] phases;

    /**
     * How a step went.
     *
     * @param seconds until the last rank was done, or until nothing happened any more
     * @param waiting ranks that never got what they waited for; 0 where the step is done
     * @param messages that were sent
     */
    record Outcome(double seconds, int waiting, long messages) {}

    Simulation(Topology topology, int tasks, List<Exchange> exchanges) {
        this.topology = topology;
        this.exchanges = exchanges;
        this.tasks = tasks;
        List<List<int[]>> byTask = new ArrayList<>();
        for (int task = 0; task < tasks; task++) {
            byTask.add(new ArrayList<>());
        }
        for (int e = 0; e < exchanges.size(); e++) {
            int[] members = exchanges.get(e).members();
            for (int rank = 0; rank < members.length; rank++) {
                byTask.get(members[rank]).add(new int[] {e, rank});
            }
        }
        joins = new int[tasks][];
        ranks = new int[tasks][];
        first = new int[tasks][];
        phases = new int[tasks];
        for (int task = 0; task < tasks; task++) {
            joins[task] = byTask.get(task).stream().mapToInt(pair -> pair[0]).toArray();
            ranks[task] = byTask.get(task).stream().mapToInt(pair -> pair[1]).toArray();
            first[task] = new int[joins[task].length];
            for (int i = 0; i < joins[task].length; i++) {
                first[task][i] = phases[task];
                phases[task] += exchanges.get(joins[task][i]).pattern().phases();
            }
        }
    }

    /** The step on places. */
    Outcome run(IntUnaryOperator place) {
        return run(place, NOWHERE, Double.POSITIVE_INFINITY);
    }

    /**
     * The step on places, the tasks of one of which stop at a moment.
     *
     * @param place where each task is
     * @param failing the domain of the level that fails as a whole, or -1
     * @param moment seconds from the step's beginning
     */
    Outcome run(IntUnaryOperator place, int failing, double moment) {
        return new Course(place, failing, moment).run();
    }

    /** One course of it. */
    private final class Course {
        private final int[] at;
        private final boolean[] fails;
        private final double moment;
        private final double[][] out;
        private final double[][] in;
        private final double[][] perByte;
        /** For each task the exchange and phase that it is in. */
        private final int[] join = new int[tasks];

        private final int[] phase = new int[tasks];
        private final short[][] arrived = new short[tasks][];
        private final Arrivals arrivals = new Arrivals();
        private long messages;
        private double last;

        Course(IntUnaryOperator place, int failing, double moment) {
            this.moment = moment;
            int levels = topology.levels().size();
            out = new double[levels][topology.places()];
            in = new double[levels][topology.places()];
            perByte = new double[levels][];
            for (int level = 0; level < levels; level++) {
                perByte[level] = new double[topology.size(level)];
                for (int domain = 0; domain < perByte[level].length; domain++) {
                    perByte[level][domain] = 1 / topology.bandwidth(level, domain);
                }
            }
            at = new int[tasks];
            fails = new boolean[tasks];
            for (int task = 0; task < tasks; task++) {
                at[task] = place.applyAsInt(task);
                fails[task] = failing >= 0 && topology.domain(topology.failureLevel(), at[task]) == failing;
                arrived[task] = new short[phases[task]];
            }
        }

        Outcome run() {
            for (int task = 0; task < tasks; task++) {
                if (phases[task] > 0) {
                    enter(task, 0);
                }
            }
            for (int task = 0; task < tasks; task++) {
                advance(task, 0);
            }
            while (arrivals.next()) {
                arrived[arrivals.task()][arrivals.phase()]++;
                advance(arrivals.task(), arrivals.seconds());
            }
            int waiting = 0;
            for (int task = 0; task < tasks; task++) {
                waiting += join[task] < joins[task].length ? 1 : 0;
            }
            return new Outcome(last, waiting, messages);
        }

        /** Goes on through phases for which all has come. */
        private void advance(int task, double now) {
            while (join[task] < joins[task].length && isComplete(task) && !(fails[task] && now >= moment)) {
                last = Math.max(last, now);
                if (++phase[task] == pattern(task).phases()) {
                    phase[task] = 0;
                    join[task]++;
                }
                if (join[task] < joins[task].length) {
                    enter(task, now);
                }
            }
        }

        private Exchange.Pattern pattern(int task) {
            return exchanges.get(joins[task][join[task]]).pattern();
        }

        private boolean isComplete(int task) {
            int rank = ranks[task][join[task]];
            return arrived[task][first[task][join[task]] + phase[task]]
                    == pattern(task).incoming()[phase[task]][rank];
        }

        private void enter(int task, double now) {
            if (fails[task] && now >= moment) {
                return;
            }
            Exchange exchange = exchanges.get(joins[task][join[task]]);
            int rank = ranks[task][join[task]];
            int[] to = exchange.pattern().to()[phase[task]][rank];
            for (int k = 0; k < to.length; k++) {
                int peer = exchange.members()[to[k]];
                send(task, peer, exchange.pattern().bytes()[phase[task]][rank][k], now);
            }
        }

        private void send(int task, int peer, double bytes, double now) {
            int from = at[task];
            int to = at[peer];
            int level = topology.meet(from, to);
            double begin = Math.max(now, Math.max(out[level][from], in[level][to]));
            double end = begin + bytes * perByte[level][topology.domain(level, from)];
            out[level][from] = end;
            in[level][to] = end;
            messages++;
            if (end < Double.POSITIVE_INFINITY) {
                int e = joins[task][join[task]];
                int index = Arrays.binarySearch(joins[peer], e);
                arrivals.add(end + topology.latency(from, to), peer, first[peer][index] + phase[task]);
            }
        }
    }
}
