package dev.gamut.collective;

import dev.gamut.tensor.Tensor;
import dev.gamut.tensor.TensorView;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * One rank's handle on a group of ranks. All ranks of the group make the same calls in the same order; one thread at a time makes
 * them for a rank. Blocking calls may follow non-blocking ones, which they wait for.
 *
 * <p>Tensors of a device are taken by collectives as those of the host are, a rank's all on one opening of it: in the device's memory where the
 * engine is on devices and its library has the collective, else by copies on the host. A call begins behind what
 * its thread's stream of the device has been given, and its result is there when it has ended. Messages are of tensors of the host.
 *
 * <p>Bad arguments are an {@link IllegalArgumentException} before anything is exchanged. Where ranks do not agree on a call they all
 * get an {@link IllegalArgumentException} that names the rank and both calls, in engines that compare them (see
 * {@link Communicators}). A rank that is missing at a call's deadline, has ended or has thrown is named by a
 * {@link dev.gamut.error.RankFailureException} on every other rank that waits for it; results are then undefined, and the communicator
 * is broken: every further call throws the same, until the survivors {@link #shrink}. After {@link #close} every call throws
 * {@link IllegalStateException}, a second {@code close} too.
 */
public interface Communicator extends AutoCloseable {
    /** This rank, from 0. */
    int rank();

    /** Number of ranks. */
    int size();

    /** What moves the data, for people: {@code inprocess}, or the library and its version. */
    String engine();

    /**
     * Starts a call. It may make progress only while its request, or a later call of this communicator, is waited for.
     *
     * @param call this rank's side
     * @return what to wait for
     */
    Request start(CollectiveCall call);

    /**
     * Carries out a call.
     *
     * @param call this rank's side
     */
    void run(CollectiveCall call);

    /**
     * Starts to send a tensor. Messages between two ranks with one tag arrive in the order they were sent in.
     *
     * @param x contiguous
     * @param peer the rank that receives it
     * @param tag at least 0
     * @return done when x may be changed; the peer may not have asked for it yet
     */
    Request startSend(Tensor x, int peer, int tag);

    /**
     * Starts to receive a tensor.
     *
     * @param x contiguous, of the type and number of elements that are sent
     * @param peer the rank that sends it
     * @param tag at least 0
     * @return done when x is there
     */
    Request startReceive(Tensor x, int peer, int tag);

    /**
     * Groups of ranks of the same colour; every rank must call.
     *
     * @param colour at least 0, or -1 for a rank that is to be in none
     * @param key ranks of a group are numbered by it, those with equal keys by their rank here
     * @return this rank's new group, or null for colour -1
     */
    Communicator split(int colour, int key);

    /** The same group again, whose calls do not get mixed up with those of this one; every rank must call. */
    default Communicator dup() {
        return split(0, rank());
    }

    /**
     * The groups that ranks form by where they run, widest first; at least the whole.
     *
     * @return levels such as {@code all}, {@code host}
     */
    List<Level> levels();

    /**
     * A level of the machine.
     *
     * @param name for people
     * @param group for each rank the number of its group on this level
     */
    record Level(String name, List<Integer> group) {
        /** Copies the numbers. */
        public Level {
            group = List.copyOf(group);
        }
    }

    /**
     * After a {@link dev.gamut.error.RankFailureException}: the ranks that are left, numbered in their old order. Each of them must
     * call; those that have not by the deadline are left out too.
     *
     * @return a communicator that works
     * @throws UnsupportedOperationException where the engine cannot (MPI without ULFM)
     */
    Communicator shrink();

    /**
     * How long calls wait for other ranks unless they say otherwise.
     *
     * @param longest above 0; 30 s unless set
     */
    void deadline(Duration longest);

    /**
     * Which algorithm a call would use and why.
     *
     * @param call this rank's side
     * @return a line for each algorithm: its predicted time, or why it does not apply; the one used comes first
     */
    List<String> explain(CollectiveCall call);

    /** Frees what this rank holds; calls under way are cancelled. */
    @Override
    void close();

    /**
     * All-reduce in place.
     *
     * @param x n elements
     * @param how they are combined
     */
    default void allReduce(TensorView x, Combine how) {
        run(CollectiveCall.allReduce(x, x, how));
    }

    /**
     * All-reduce in place.
     *
     * @param x n elements
     * @param how they are combined
     * @param asking what is wanted besides, for example {@code c -> c.deadline(Duration.ofSeconds(5))}
     */
    default void allReduce(TensorView x, Combine how, Consumer<CollectiveCall> asking) {
        CollectiveCall call = CollectiveCall.allReduce(x, x, how);
        asking.accept(call);
        run(call);
    }

    /**
     * All-reduce.
     *
     * @param from n elements
     * @param to n elements
     * @param how they are combined
     */
    default void allReduce(TensorView from, TensorView to, Combine how) {
        run(CollectiveCall.allReduce(from, to, how));
    }

    /**
     * Reduces to one rank.
     *
     * @param from n elements
     * @param to n elements on the root; not written elsewhere, where it may be from
     * @param how they are combined
     * @param root the rank that gets the result
     */
    default void reduce(TensorView from, TensorView to, Combine how, int root) {
        run(CollectiveCall.reduce(from, to, how, root));
    }

    /**
     * Copies one rank's tensor to all.
     *
     * @param x n elements, read on the root and written elsewhere
     * @param root the rank that has them
     */
    default void broadcast(TensorView x, int root) {
        run(CollectiveCall.broadcast(x, root));
    }

    /**
     * Puts all ranks' tensors together, on every rank.
     *
     * @param from n elements
     * @param to p·n elements
     */
    default void allGather(TensorView from, TensorView to) {
        run(CollectiveCall.allGather(from, to));
    }

    /**
     * Combines, and leaves each rank its part.
     *
     * @param from p·n elements
     * @param to n elements
     * @param how they are combined
     */
    default void reduceScatter(TensorView from, TensorView to, Combine how) {
        run(CollectiveCall.reduceScatter(from, to, how));
    }

    /**
     * Each rank sends each other its part.
     *
     * @param from p·n elements
     * @param to p·n elements
     */
    default void allToAll(TensorView from, TensorView to) {
        run(CollectiveCall.allToAll(from, to));
    }

    /**
     * Puts all ranks' tensors together, on one rank.
     *
     * @param from n elements
     * @param to p·n elements on the root; not written elsewhere, where it may be from
     * @param root the rank that gets them
     */
    default void gather(TensorView from, TensorView to, int root) {
        run(CollectiveCall.gather(from, to, root));
    }

    /**
     * Gives each rank its part of one rank's tensor.
     *
     * @param from p·n elements on the root; not read elsewhere, where it may be to
     * @param to n elements
     * @param root the rank that has them
     */
    default void scatter(TensorView from, TensorView to, int root) {
        run(CollectiveCall.scatter(from, to, root));
    }

    /**
     * Combines the tensors of this rank and those before.
     *
     * @param from n elements
     * @param to n elements
     * @param how they are combined
     */
    default void scan(TensorView from, TensorView to, Combine how) {
        run(CollectiveCall.scan(from, to, how));
    }

    /** Waits until all ranks have called. */
    default void barrier() {
        run(CollectiveCall.barrier());
    }

    /**
     * Sends a tensor.
     *
     * @param x contiguous
     * @param peer the rank that receives it
     * @param tag at least 0
     */
    default void send(Tensor x, int peer, int tag) {
        startSend(x, peer, tag).await();
    }

    /**
     * Receives a tensor.
     *
     * @param x contiguous, of the type and number of elements that are sent
     * @param peer the rank that sends it
     * @param tag at least 0
     */
    default void receive(Tensor x, int peer, int tag) {
        startReceive(x, peer, tag).await();
    }
}
