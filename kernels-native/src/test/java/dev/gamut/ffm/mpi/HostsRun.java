package dev.gamut.ffm.mpi;

import dev.gamut.accuracy.Determinism;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.dtype.DType;
import dev.gamut.error.RankFailureException;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What each rank does on one of the two hosts of net-test.sh, half of the ranks being on each; where it is wrong, it throws. */
final class HostsRun {
    /** Elements of F32: half a second at the slow rate, a third of one at the rate at which the cable is cut. */
    private static final long FEW = 1 << 17;

    private static final long MANY = 1 << 20;

    private static final int CALLS = 5;

    /** Until the cable fails: on a busy machine that is not at once. */
    private static final int MOST_CALLS = 100;

    private final String script;
    private final Communicator comm;
    private final List<Integer> hostOf;

    /**
     * A rank.
     *
     * @param script two-hosts.sh
     * @param comm all of them
     */
    HostsRun(String script, Communicator comm) {
        this.script = script;
        this.comm = comm;
        this.hostOf = comm.levels().getLast().group();
    }

    /** The hosts are seen, and sums over each, then over one rank of each, are those over all. */
    void levels() {
        int half = comm.size() / 2;
        List<Integer> expected =
                IntStream.range(0, comm.size()).mapToObj(r -> r / half).toList();
        require(comm.levels().getLast().name().equals("host") && hostOf.equals(expected), "hosts are " + hostOf);
        Tensor sum = number(comm.rank() + 1);
        Communicator neighbours = comm.split(host(), comm.rank());
        Communicator across = comm.split(comm.rank() % half, comm.rank());
        require(neighbours.size() == half && across.size() == 2, neighbours.size() + " on a host");
        neighbours.allReduce(sum, Combine.SUM);
        across.allReduce(sum, Combine.SUM);
        require(sum.get(0) == comm.size() * (comm.size() + 1) / 2.0, "sum is " + sum.get(0));
        neighbours.close();
        across.close();
        algorithms();
        comm.barrier(); // which a rank that has thrown does not come to
        System.out.println("right on rank " + comm.rank() + " of " + comm.size());
    }

    /** A phase costs nine times what it does on one host, a byte four times: fewer phases are worth more bytes. */
    private void algorithms() {
        if (comm.size() == 4) {
            require(algorithm(1 << 10).startsWith("flat"), "of 4 KiB " + algorithm(1 << 10));
            require(algorithm(1 << 20).startsWith("mesh"), "of 4 MiB " + algorithm(1 << 20));
        }
    }

    private String algorithm(long n) {
        Tensor x = Tensor.zeros(DType.F32, n);
        return comm.explain(CollectiveCall.allReduce(x, x, Combine.SUM).determinism(Determinism.RUN_TO_RUN))
                .getFirst();
    }

    private int host() {
        return hostOf.get(comm.rank());
    }

    private static Tensor number(double x) {
        return Tensor.of(new double[] {x}, 1);
    }

    /**
     * Sums while the cable fails them.
     *
     * @param how {@code cut} in the midst of a call; {@code slow}, which is no failure; {@code slower} than the deadline admits
     * @param byLibrary whether sums are the library's
     * @param folder what is said goes into a file there: mpirun's way to say it may be cut
     */
    void fault(String how, boolean byLibrary, Path folder) throws Exception {
        Determinism determinism = byLibrary ? Determinism.ANY : Determinism.RUN_TO_RUN;
        Tensor x = Tensor.zeros(DType.F32, how.equals("cut") ? MANY : FEW);
        comm.allReduce(x, Combine.SUM, c -> c.determinism(determinism)); // connections and classes are there then
        comm.deadline(MpiRun.SHORT);
        if (comm.rank() == 0) {
            happen(how);
        }
        String said = "right";
        long begun = System.nanoTime();
        try {
            for (int i = 0; i < (how.equals("slow") ? CALLS : MOST_CALLS); i++) {
                begun = System.nanoTime();
                comm.barrier();
                begun = System.nanoTime();
                comm.allReduce(x, Combine.SUM, c -> c.determinism(determinism));
            }
        } catch (RankFailureException e) {
            said = verdict(e, (System.nanoTime() - begun) / 1_000_000) + "\n" + MpiRun.left(comm, x);
        }
        MpiRun.say(said + "\n", folder, comm.rank(), comm.size());
    }

    private String verdict(RankFailureException e, long millis) {
        List<Integer> others = IntStream.range(0, comm.size())
                .filter(r -> hostOf.get(r) != host())
                .boxed()
                .toList();
        boolean right = e.missing().equals(others) && MpiRun.inTime(millis);
        return (right ? "named" : "wrong") + " by rank " + comm.rank() + " after " + millis + " ms: " + e.getMessage();
    }

    private void happen(String how) throws IOException, InterruptedException {
        switch (how) {
            case "cut" -> {
                limit("100mbit");
                Thread.ofPlatform().daemon().start(() -> {
                    try {
                        Thread.sleep(200);
                        cable("cut");
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
            case "slow" -> limit("20mbit");
            case "slower" -> limit("1kbit");
            default -> throw new IllegalArgumentException(how);
        }
    }

    /** In both directions, hardly a packet being ahead of the rate. */
    private void limit(String rate) throws IOException, InterruptedException {
        cable("tbf", "rate", rate, "burst", "2k", "latency", "4s");
    }

    private void cable(String... words) throws IOException, InterruptedException {
        List<String> command =
                Stream.concat(Stream.of(script, "cable"), Stream.of(words)).toList();
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        require(status == 0, command + " ended with status " + status);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
