package dev.gamut.conformance;

import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * What engines that compare calls must tell ranks that make wrong ones: all are told what is wrong, none waits for its deadline, and the group
 * is in step afterwards. Free of any test framework, as {@link CollectiveRules} is.
 */
public final class CollectiveMisuse {
    /**
     * Calls that do not fit.
     *
     * @param first what rank 0 calls
     * @param others what the others call
     * @param told what every rank must read
     */
    private record Mismatch(Consumer<Communicator> first, Consumer<Communicator> others, List<String> told) {}

    private static final List<Mismatch> MISMATCHES = List.of(
            new Mismatch(
                    c -> c.allReduce(floats(10), Combine.SUM),
                    c -> c.allReduce(floats(11), Combine.SUM),
                    List.of("f32 of 10", "f32 of 11")),
            new Mismatch(
                    c -> c.allReduce(floats(100_000), Combine.SUM),
                    c -> c.allReduce(floats(100_001), Combine.SUM),
                    List.of("f32 of 100000", "f32 of 100001")),
            new Mismatch(
                    c -> c.allReduce(floats(10), Combine.SUM),
                    c -> c.allReduce(Tensor.zeros(DType.F64, 10), Combine.SUM),
                    List.of("f32 of 10", "f64 of 10")),
            new Mismatch(c -> c.broadcast(floats(10), 0), c -> c.broadcast(floats(10), 1), List.of("root 0", "root 1")),
            new Mismatch(
                    c -> c.allReduce(floats(10), Combine.SUM),
                    c -> c.allReduce(floats(10), Combine.MAX),
                    List.of("all_reduce sum", "all_reduce max")),
            new Mismatch(
                    c -> c.allReduce(floats(10), Combine.SUM),
                    Communicator::barrier,
                    List.of("all_reduce sum f32 of 10", "barrier")),
            new Mismatch(
                    c -> c.broadcast(floats(10), 0),
                    c -> c.allReduce(floats(10), Combine.SUM),
                    List.of("broadcast f32 of 10 root 0", "all_reduce sum f32 of 10")),
            new Mismatch(
                    c -> exchange(c, 5),
                    c -> exchange(c, 2),
                    List.of("rank 1 sends 2 elements to rank 0, which takes 5")));

    private CollectiveMisuse() {}

    /**
     * All of it.
     *
     * @param comm this rank's communicator, of at least 2 ranks
     * @return wrong calls that were told
     */
    public static int everything(Communicator comm) {
        for (Mismatch mismatch : MISMATCHES) {
            Consumer<Communicator> call = comm.rank() == 0 ? mismatch.first : mismatch.others;
            String message = refused(IllegalArgumentException.class, () -> call.accept(comm));
            for (String part : mismatch.told) {
                require(message.contains(part), "'" + part + "' is not in: " + message);
            }
            comm.barrier();
        }
        closedTwice(comm);
        usedByTwoThreads(comm);
        return MISMATCHES.size() + 3;
    }

    private static void closedTwice(Communicator comm) {
        Communicator copy = comm.dup();
        copy.barrier();
        copy.close();
        for (Runnable late : List.<Runnable>of(copy::close, copy::barrier)) {
            String message = refused(IllegalStateException.class, late);
            require(message.contains("is closed"), message);
        }
    }

    /** While rank 0 waits in one thread for the others, a call of another is refused. */
    private static void usedByTwoThreads(Communicator comm) {
        try (Communicator copy = comm.dup()) {
            if (comm.rank() > 0) {
                comm.barrier();
                copy.barrier();
                return;
            }
            Thread other = Thread.ofPlatform().name("the-other").start(() -> admitted(copy::barrier));
            String message = inUse(copy);
            require(message.contains("in use by thread the-other"), message);
            comm.barrier();
            other.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Calls again where the thread that asks was first. */
    private static void admitted(Runnable call) {
        while (true) {
            try {
                call.run();
                return;
            } catch (IllegalStateException e) {
                Thread.onSpinWait();
            }
        }
    }

    /** Asks by a call that is wrong anyway, so that it cannot wait, until it is refused for the thread's sake. */
    private static String inUse(Communicator copy) {
        while (true) {
            try {
                copy.startSend(floats(1), copy.size(), 0);
            } catch (IllegalStateException e) {
                return e.getMessage();
            } catch (IllegalArgumentException e) {
                Thread.onSpinWait();
            }
        }
    }

    /** Between ranks 0 and 1. */
    private static void exchange(Communicator comm, long n) {
        long[] counts = new long[comm.size()];
        Arrays.fill(counts, 0, 2, comm.rank() < 2 ? n : 0);
        comm.run(CollectiveCall.allToAll(floats(2 * counts[0]), counts, floats(2 * counts[0]), counts));
    }

    private static <E extends RuntimeException> String refused(Class<E> expected, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            if (expected.isInstance(e)) {
                return e.getMessage();
            }
            throw e;
        }
        throw new AssertionError("a wrong call was not refused by a " + expected.getSimpleName());
    }

    private static Tensor floats(long n) {
        return Tensor.zeros(DType.F32, n);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
