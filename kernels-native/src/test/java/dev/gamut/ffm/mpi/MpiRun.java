package dev.gamut.ffm.mpi;

import dev.gamut.accuracy.Determinism;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.collective.Request;
import dev.gamut.conformance.CollectiveMisuse;
import dev.gamut.conformance.CollectiveRules;
import dev.gamut.dtype.DType;
import dev.gamut.error.NativeCallException;
import dev.gamut.error.RankFailureException;
import dev.gamut.internal.collective.TransportCommunicator;
import dev.gamut.spi.Transport;
import dev.gamut.spi.Transport.Transfer;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import dev.gamut.topology.Topology;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** What each rank of an mpirun of mpi-test.sh and net-test.sh does: the first argument says what; where it is wrong, the process ends with status 1. */
public final class MpiRun {
    static final Duration SHORT = Duration.ofSeconds(2);

    /** For what takes milliseconds unless others want this machine's cores. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private MpiRun() {}

    /**
     * Runs one.
     *
     * @param arguments name of what is done, and what that needs
     */
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "find" -> find();
            case "rules" ->
                rules(
                        Integer.parseInt(arguments[1]),
                        Long.parseLong(arguments[2]),
                        Integer.parseInt(arguments[3]),
                        Integer.parseInt(arguments[4]));
            case "fault" -> fault(arguments[1], arguments[2].equals("library"), Path.of(arguments[3]));
            case "late" -> late();
            case "misuse" -> misuse(Integer.parseInt(arguments[1]));
            case "domains" -> domains(Integer.parseInt(arguments[1]));
            case "hosts" -> new HostsRun(arguments[1], TransportCommunicator.over(world())).levels();
            case "cable" ->
                new HostsRun(arguments[1], TransportCommunicator.over(world()))
                        .fault(arguments[2], arguments[3].equals("library"), Path.of(arguments[4]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static MpiTransport world() {
        return (MpiTransport) new MpiProvider().world();
    }

    /** So many groups of ranks share memory, and each is a host of the topology. */
    private static void domains(int expected) {
        Communicator comm = TransportCommunicator.over(world());
        Topology topology = Topology.of(comm);
        int hosts = topology.size(topology.level("host"));
        require(hosts == expected, hosts + " hosts: " + world().hosts());
        System.out.println("right on rank " + comm.rank() + ": " + topology);
        comm.barrier();
        comm.close();
    }

    /** Which library there is, or why none is. */
    private static void find() {
        MpiProvider provider = new MpiProvider();
        System.out.println(provider.unavailable().or(provider::library).orElseThrow());
    }

    /** What must hold on a group that is whole; every collective only on so few ranks. */
    private static void rules(int ranks, long seed, int sequences, int few) {
        MpiTransport world = world();
        require(world.size() == ranks, world.size() + " ranks, must be " + ranks);
        require(world.missing().isEmpty(), "missing: " + world.missing());
        truncated(world);
        wrong(world);
        inPieces(world);
        Communicator comm = TransportCommunicator.over(world);
        int calls = ranks <= few ? CollectiveRules.everything(comm, seed) : 0;
        for (int s = 0; s < sequences; s++) {
            calls += CollectiveRules.sequence(comm, seed + s);
        }
        for (int i = 0; ranks == 1 && i < 3_000; i++) { // more groups than a library has at once
            comm.split(0, 0).close();
        }
        comm.close();
        System.out.println("right on rank " + world.rank() + " in " + calls + " calls by " + world.engine());
    }

    /** A message longer than its place is an answer, not an error. */
    private static void truncated(MpiTransport world) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment bytes = arena.allocate(100);
            int to = (world.rank() + 1) % world.size();
            int from = Math.floorMod(world.rank() - 1, world.size());
            Transfer came = world.receive(arena.allocate(10), from, 5);
            finish(came, world.send(bytes, to, 5));
            boolean alone = world.size() == 1; // Open MPI's way from a rank to itself cuts messages off
            require(alone || came.bytes() == Transfer.TOO_LONG, "100 bytes fit into 10: " + came.bytes());
            Transfer never = world.receive(bytes, from, 6);
            require(never.cancel(), "a receive cannot be given up");
        }
    }

    private static void wrong(MpiTransport world) {
        try {
            world.send(MemorySegment.NULL, world.size(), 1);
            throw new AssertionError("there is no rank " + world.size());
        } catch (NativeCallException e) {
            require(e.name().startsWith("MPI_ERR_RANK"), e.getMessage());
        }
    }

    /** As where a library counts to 2^31 and a message is longer. */
    private static void inPieces(MpiTransport world) {
        MpiTransport small = world.withMostBytes(1_000);
        int n = 10_001;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment out = arena.allocate(n);
            MemorySegment in = arena.allocate(n);
            for (int i = 0; i < n; i++) {
                out.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31 + world.rank()));
            }
            int to = (world.rank() + 1) % world.size();
            int from = Math.floorMod(world.rank() - 1, world.size());
            Transfer came = small.receive(in, from, 7);
            finish(came, small.send(out, to, 7));
            require(came.bytes() == n, came.bytes() + " bytes came");
            for (int i = 0; i < n; i++) {
                require(in.get(ValueLayout.JAVA_BYTE, i) == (byte) (i * 31 + from), "byte " + i);
            }
        }
    }

    private static void finish(Transfer... transfers) {
        while (!Arrays.stream(transfers).map(Transfer::test).reduce(true, Boolean::logicalAnd)) {
            Thread.onSpinWait();
        }
    }

    /** The last rank fails in the midst of calls; the others must name it in time. What they say goes into files: Hydra loses it. */
    private static void fault(String how, boolean byLibrary, Path folder) throws Exception {
        Transport world = world();
        Communicator comm = TransportCommunicator.over(world);
        int victim = world.size() - 1;
        long[] pids = new long[world.size()];
        long[] own = {ProcessHandle.current().pid()};
        comm.allGather(tensor(MemorySegment.ofArray(own), 1), tensor(MemorySegment.ofArray(pids), pids.length));
        comm.deadline(SHORT);
        Tensor x = Tensor.zeros(DType.F32, 1 << 18);
        Request never = comm.startReceive(Tensor.zeros(DType.F32, 10), victim, 9);
        long begun = 0;
        try {
            for (int i = 0; i < 1_000; i++) {
                if (i == 20 && world.rank() == victim) {
                    happen(how, own[0]);
                }
                begun = System.nanoTime();
                comm.allReduce(
                        x, Combine.SUM, c -> c.determinism(byLibrary ? Determinism.ANY : Determinism.RUN_TO_RUN));
            }
            throw new AssertionError("nothing failed");
        } catch (RankFailureException e) {
            long millis = (System.nanoTime() - begun) / 1_000_000;
            boolean right = e.missing().equals(List.of(victim)) && inTime(millis);
            say(
                    (right ? "named" : "wrong") + " by rank " + world.rank() + " after " + millis + " ms: "
                            + e.getMessage() + "\n" + missed(never, victim) + shrunk(comm) + left(comm, x),
                    folder,
                    world.rank(),
                    world.size() - 1);
        }
        if (world.rank() == 0 && how.equals("stop")) { // on another host the number is another process's
            ProcessHandle.of(pids[victim]).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** By the deadline: who listens to it only when it is over, or waits for it twice, takes as long again. */
    static boolean inTime(long millis) {
        return millis <= SHORT.toMillis() * 7 / 4;
    }

    /** A message from a rank that is missing says so, too, whatever the library says when both of its parts are given up. */
    private static String missed(Request message, int victim) {
        try {
            message.await();
            return "wrong: a message came from nowhere\n";
        } catch (RankFailureException e) {
            return e.missing().equals(List.of(victim)) ? "its message is missed\n" : "wrong: " + e + "\n";
        } catch (RuntimeException e) {
            return "wrong: " + e + "\n";
        }
    }

    /** Leaves words in a file, and waits until so many ranks have: a launcher may end the others when the first one ends. */
    static void say(String words, Path folder, int rank, int ranks) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("rank" + rank), words);
        long until = System.nanoTime() + PATIENCE.toNanos();
        String[] said = folder.toFile().list();
        while (said != null && said.length < ranks && System.nanoTime() < until) {
            Thread.sleep(20);
            said = folder.toFile().list();
        }
    }

    /** Without ULFM there is no group of the survivors, and that is said; with it they go on. */
    private static String shrunk(Communicator comm) {
        try (Communicator left = comm.shrink()) {
            left.barrier();
            return "shrunk to " + left.size() + "\n";
        } catch (UnsupportedOperationException e) {
            return e.getMessage() + "\n";
        }
    }

    /**
     * Of a group that is broken nothing is left but the memory of the call that was under way, which the library may still use, however often
     * it is called.
     */
    static String left(Communicator comm, Tensor x) {
        long memory = Workspace.nativeBytes();
        try {
            for (int i = 0; i < 100; i++) {
                try {
                    comm.allReduce(x, Combine.SUM);
                    return "a broken group was used";
                } catch (RankFailureException e) {
                    require(
                            Workspace.nativeBytes() == memory,
                            "call " + i + " left " + Workspace.nativeBytes() + " bytes");
                }
            }
            comm.close();
            long most = 4 * x.dtype().bytes(x.layout().size());
            require(Workspace.nativeBytes() <= most, Workspace.nativeBytes() + " bytes are left");
            requireNoThreads();
            return "nothing is left\n";
        } catch (AssertionError e) {
            return e.getMessage() + "\n";
        }
    }

    private static void happen(String how, long pid) throws IOException, InterruptedException {
        switch (how) {
            case "kill", "stop" -> {
                new ProcessBuilder("kill", "-" + how.toUpperCase(java.util.Locale.ROOT), Long.toString(pid)).start();
                Thread.sleep(60_000);
            }
            case "exit" -> Runtime.getRuntime().halt(3);
            case "throw" -> throw new IllegalStateException("this rank gives up");
            default -> throw new IllegalArgumentException(how);
        }
    }

    /** Wrong calls, which are all told, and leave neither memory nor threads. */
    private static void misuse(int times) {
        Communicator comm = TransportCommunicator.over(world());
        comm.deadline(SHORT.multipliedBy(10)); // MPICH's ranks make a group in seconds where others want their cores
        int told = 0;
        long memory = 0;
        for (int i = 0; i < times; i++) {
            told += CollectiveMisuse.everything(comm);
            memory = i == 0 ? Workspace.nativeBytes() : memory;
        }
        require(Workspace.nativeBytes() == memory, Workspace.nativeBytes() + " bytes, after the first time " + memory);
        comm.close();
        require(Workspace.nativeBytes() == 0, Workspace.nativeBytes() + " bytes are left");
        requireNoThreads();
        System.out.println("right on rank " + comm.rank() + ": " + told + " wrong calls were told");
    }

    private static void requireNoThreads() {
        long until = System.nanoTime() + PATIENCE.toNanos();
        List<String> left;
        do {
            left = Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> name.equals("gamut-group") || name.endsWith("-progress"))
                    .toList();
        } while (!left.isEmpty() && System.nanoTime() < until);
        require(left.isEmpty(), "threads are left: " + left);
    }

    /** One rank comes so late that the others listen for words about it; nothing of that is left when the library ends. */
    private static void late() throws InterruptedException {
        Transport world = world();
        Communicator comm = TransportCommunicator.over(world);
        if (world.rank() == 0) {
            Thread.sleep(400);
        }
        comm.barrier();
    }

    private static Tensor tensor(MemorySegment longs, long n) {
        return Tensor.of(longs, DType.I64, Layout.rowMajor(n));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
