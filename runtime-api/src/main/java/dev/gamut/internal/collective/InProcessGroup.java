package dev.gamut.internal.collective;

import dev.gamut.error.RankFailureException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * Ranks that share memory: where each of them has got to, what it shows the others, and who is missing. A rank only ever writes memory
 * of its own, so that one that comes late, after the others have given it up, harms nobody.
 *
 * <p>Each rank counts its arrivals. What it shows when it arrives for the s-th time lies in slot s modulo 2: it reaches arrival s + 2
 * only after all have arrived s + 1 times, hence are done with what they read after s.
 */
final class InProcessGroup {
    /** Longs from one rank's counter to the next: two cache lines, as neighbouring lines are fetched in pairs. */
    private static final int STRIDE = 16;

    /** Spins before a waiting rank yields its processor, about 20 µs; ranks that share processors yield at once. */
    private static final int SPINS = 4_000;

    private static final int YIELDS = 200;
    private static final long PARK_NANOS = 20_000;
    private static final long TURN_MILLIS = 10;

    /** Waiting ranks look at failures and clocks once in so many turns: a power of two. */
    private static final int LOOK = 256;

    /** What a rank shows the others. */
    record Shown(Operation operation, Memory memory) {}

    /** A rank's buffers, as others read them. */
    record Memory(MemorySegment[] from, Parts fromParts, MemorySegment to, Parts toParts, MemorySegment spare) {
        /** Whether nobody has closed any of it. */
        boolean isAlive() {
            return Stream.concat(Arrays.stream(from), Stream.of(to, spare))
                    .allMatch(each -> each == null || each.scope().isAlive());
        }
    }

    private record Failure(Set<Integer> missing, String reason) {}

    private final List<Member> members;
    private final int spins;
    private final AtomicLongArray arrivals;
    private final AtomicReferenceArray<Shown> shown;
    private final AtomicReferenceArray<Mailbox> mailboxes;
    private volatile Failure failure;

    private final boolean[] shrinking;
    private InProcessGroup survivors;
    private List<Integer> survivorRanks;

    private final int[] colours;
    private final int[] keys;
    private InProcessGroup[] splits;

    InProcessGroup(List<Member> members) {
        this.members = List.copyOf(members);
        int size = members.size();
        this.spins = size <= Runtime.getRuntime().availableProcessors() ? SPINS : 0;
        this.arrivals = new AtomicLongArray((size + 2) * STRIDE);
        this.shown = new AtomicReferenceArray<>(2 * (size + 2) * STRIDE);
        this.mailboxes = new AtomicReferenceArray<>(size);
        for (int r = 0; r < size; r++) {
            mailboxes.set(r, new Mailbox());
        }
        this.shrinking = new boolean[size];
        this.colours = new int[size];
        this.keys = new int[size];
        this.splits = new InProcessGroup[size];
    }

    int size() {
        return members.size();
    }

    Member member(int rank) {
        return members.get(rank);
    }

    Mailbox mailbox(int rank) {
        return mailboxes.get(rank);
    }

    /** Shows something to all that wait for arrival number {@code count}, and arrives. */
    void arrive(int rank, long count, Shown what) {
        shown.setPlain(slot(rank, count), what);
        arrivals.setRelease((rank + 1) * STRIDE, count);
    }

    /** What a rank showed at its arrival number {@code count}, which it must have made. */
    Shown shown(int rank, long count) {
        return shown.getPlain(slot(rank, count));
    }

    private static int slot(int rank, long count) {
        return (2 * (rank + 1) + (int) (count & 1)) * STRIDE;
    }

    /** Waits until all ranks have arrived {@code count} times. */
    void await(int rank, long count, Watch watch) {
        for (int r = 0; r < size(); r++) {
            for (int turn = 0; !hasArrived(r, count); turn++) {
                pause(turn);
                if ((turn & LOOK - 1) == LOOK - 1 || turn > spins + YIELDS) {
                    look(rank, r, count, watch);
                }
            }
        }
    }

    /** Waits a little, longer the more turns there were. */
    void pause(int turn) {
        if (turn < spins) {
            Thread.onSpinWait();
        } else if (turn < spins + YIELDS) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(PARK_NANOS);
        }
    }

    /**
     * Throws where waiting for rank {@code other} is in vain. Whether a rank has ended is read before how often it arrived: what it did
     * before it ended counts.
     */
    private void look(int rank, int other, long count, Watch watch) {
        requireWhole(watch);
        boolean ended = hasEnded(other);
        if (hasArrived(other, count)) {
            return;
        }
        if (ended) {
            fail(missing(count, this::hasEnded), "ended", watch);
        }
        if (watch.isCancelled()) {
            fail(Set.of(rank), "gave it up", watch);
            throw watch.cancellation();
        }
        if (watch.isOver()) {
            Set<Integer> late = missing(count, r -> true);
            if (!late.isEmpty()) {
                fail(late, "did not come in time", watch);
            }
        }
        requireWhole(watch);
    }

    private boolean hasArrived(int rank, long count) {
        return arrivals.getAcquire((rank + 1) * STRIDE) >= count;
    }

    private Set<Integer> missing(long count, IntPredicate among) {
        Set<Integer> missing = new TreeSet<>();
        for (int r = 0; r < size(); r++) {
            if (among.test(r) && !hasArrived(r, count)) {
                missing.add(r);
            }
        }
        return missing;
    }

    /** Whether a rank makes no more calls; all it did before is seen by who is told so. */
    boolean hasEnded(int rank) {
        return members.get(rank).ended() != null;
    }

    /** Breaks the group, unless it is broken. */
    synchronized void fail(Set<Integer> missing, String reason, Watch watch) {
        if (failure == null) {
            StringBuilder report = new StringBuilder();
            for (int r : missing) {
                report.append(report.isEmpty() ? "" : "; ")
                        .append("rank ")
                        .append(r)
                        .append(' ');
                report.append(reason).append(", ").append(members.get(r).whereabouts());
                report.append(", arrived ")
                        .append(arrivals.get((r + 1) * STRIDE))
                        .append(" times, last shown ");
                Shown last = shown(r, arrivals.get((r + 1) * STRIDE));
                report.append(last == null ? "nothing" : last.operation().desc());
            }
            failure = new Failure(missing, report.toString());
        }
    }

    /** Whether no rank is known to be missing. */
    boolean isWhole() {
        return failure == null;
    }

    /** Throws where ranks of the group are missing. */
    void requireWhole(Watch watch) {
        if (failure != null) {
            throw failure(watch);
        }
    }

    /** What a call of the group throws, which is broken. */
    RankFailureException failure(Watch watch) {
        return new RankFailureException(failure.missing, watch.operation(), watch.elapsed(), failure.reason);
    }

    /** A group of those that call, which all must that are not known to be missing. */
    synchronized InProcessGroup shrink(int rank, Watch watch) {
        if (failure == null) {
            throw new IllegalStateException("no rank is missing; there is nothing to shrink for");
        }
        if (failure.missing.contains(rank)) {
            requireWhole(watch);
        }
        shrinking[rank] = true;
        notifyAll();
        while (survivors == null && !allCame() && !watch.isOver()) {
            try {
                wait(TURN_MILLIS); // nobody tells of a rank that ends
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw watch.cancellation();
            }
        }
        if (survivors == null) {
            survivorRanks = new ArrayList<>();
            for (int r = 0; r < size(); r++) {
                if (shrinking[r]) {
                    survivorRanks.add(r);
                }
            }
            survivors =
                    new InProcessGroup(survivorRanks.stream().map(members::get).toList());
            notifyAll();
        }
        if (!survivorRanks.contains(rank)) {
            throw new RankFailureException(
                    Set.of(rank), "shrink", watch.elapsed(), "rank " + rank + " came too late and was left out");
        }
        return survivors;
    }

    private boolean allCame() {
        for (int r = 0; r < size(); r++) {
            if (!shrinking[r] && !failure.missing.contains(r) && !hasEnded(r)) {
                return false;
            }
        }
        return true;
    }

    /** The number of a rank's old number among the survivors. */
    synchronized int survivor(int rank) {
        return survivorRanks.indexOf(rank);
    }

    /** Notes what a rank wants of a split; all do so before the first of them asks for its group. */
    synchronized void want(int rank, int colour, int key) {
        colours[rank] = colour;
        keys[rank] = key;
        splits[rank] = null;
    }

    /** Old ranks of a rank's group, in their new order. */
    synchronized List<Integer> together(int rank) {
        List<Integer> ranks = new ArrayList<>();
        for (int r = 0; r < size(); r++) {
            if (colours[r] == colours[rank]) {
                ranks.add(r);
            }
        }
        ranks.sort(java.util.Comparator.comparingInt((Integer r) -> keys[r]).thenComparingInt(r -> r));
        return ranks;
    }

    /** The new group of a rank. */
    synchronized InProcessGroup group(int rank) {
        if (splits[rank] == null) {
            List<Integer> ranks = together(rank);
            InProcessGroup made =
                    new InProcessGroup(ranks.stream().map(members::get).toList());
            ranks.forEach(r -> splits[r] = made);
        }
        return splits[rank];
    }
}
