package dev.gamut.internal.collective;

import dev.gamut.error.NativeCallException;
import dev.gamut.error.RankFailureException;
import dev.gamut.internal.collective.RollCall.Word;
import dev.gamut.spi.Transport;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Waits with an eye on the other ranks. A test that finds nothing is repeated at once for a while, then after other threads had their
 * turn, then after a pause. What has taken long is looked into: a process that is seen to have ended or stopped, a word of another rank
 * that has given up, or a deadline that comes near, ends the wait in a roll call, after which every rank that waits knows who is missing.
 * The group is broken from then on. Thread-safe.
 *
 * <p>A roll call takes the last quarter of a deadline or half a second, so that it ends in time.
 */
final class Vigil {
    /** Instead of a peer: the whole group is waited for. */
    static final int ALL = -1;

    private static final int SPINS = 2_000;

    /** Where ranks share cores each turn of one keeps the others from theirs. */
    private static final int SPINS_CROWDED = 10;

    private static final long PAUSE_NANOS = 50_000;
    private static final long CALL_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** A process that is stopped with the whole job goes on with it. */
    private static final long CONFIRMED_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final Duration LONGEST_CALL = Duration.ofMillis(500);
    private static final long SHORTEST_CALL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Transport transport;
    private final RollCall rollCall;
    private final int spins;
    private final Map<Integer, Long> suspects = new HashMap<>();
    private long looked;
    private volatile RankFailureException failure;

    Vigil(Transport transport) {
        this.transport = transport;
        this.rollCall = new RollCall(transport);
        transport.atEnd(this::close);
        long neighbours = transport.hosts().stream()
                .filter(transport.hosts().get(transport.rank())::equals)
                .count();
        this.spins = neighbours <= Runtime.getRuntime().availableProcessors() ? SPINS : SPINS_CROWDED;
    }

    /** Refuses calls of a group that is broken. */
    void requireWhole(Watch watch) {
        RankFailureException before = failure;
        if (before != null) {
            throw new RankFailureException(
                    before.missing(), watch.operation(), watch.elapsed(), "since " + before.getMessage());
        }
    }

    boolean isBroken() {
        return failure != null;
    }

    /**
     * Called between two tests.
     *
     * @param turn number of tests so far
     * @param since when the first one was, by System.nanoTime
     * @param busy how long it may be worth the processor's time, in nanoseconds
     * @param watch of the call
     * @param peer the only rank that is waited for, or {@link #ALL}
     */
    void rest(int turn, long since, long busy, Watch watch, int peer) {
        if (turn < spins) {
            return;
        }
        requireWhole(watch);
        long now = System.nanoTime();
        if (now - since < busy) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        if (now - since > LONG_NANOS && now - looked > LOOK_NANOS) {
            look(watch, peer);
        }
        if (watch.left() < reserve(watch)) {
            fail(watch, peer, null);
        }
    }

    /** How much of a call's time is left for the roll call. */
    private static long reserve(Watch watch) {
        return Math.min(LONGEST_CALL.toNanos(), (watch.left() + watch.elapsed().toNanos()) / 4);
    }

    private synchronized void look(Watch watch, int peer) {
        looked = System.nanoTime();
        Map<Integer, String> missing = transport.missing();
        suspects.keySet().retainAll(missing.keySet());
        missing.keySet().forEach(rank -> suspects.putIfAbsent(rank, looked));
        boolean confirmed = suspects.entrySet().stream()
                .anyMatch(each -> isAwaited(each.getKey(), peer) && looked - each.getValue() >= CONFIRMED_NANOS);
        if (confirmed || rollCall.heard().keySet().stream().anyMatch(rank -> isAwaited(rank, peer))) {
            fail(watch, peer, null);
        }
    }

    private static boolean isAwaited(int rank, int peer) {
        return peer == ALL || peer == rank;
    }

    /**
     * Ends a call that does not end by itself.
     *
     * @param watch of the call
     * @param peer the only rank that is waited for, or {@link #ALL}
     * @param error what the library said, null where it said nothing
     * @throws RankFailureException unless nobody is missing and the library gave an error, which is thrown then
     */
    synchronized void fail(Watch watch, int peer, NativeCallException error) {
        requireWhole(watch);
        Map<Integer, String> blamed = new TreeMap<>();
        isAccountedFor(blamed, ALL);
        rollCall.tell(new Word(false, watch.operation(), blamed));
        long begun = System.nanoTime();
        long longest = Math.max(SHORTEST_CALL_NANOS, Math.min(LONGEST_CALL.toNanos(), watch.left()));
        while (!isAccountedFor(blamed, peer) && System.nanoTime() - begun < longest) {
            LockSupport.parkNanos(CALL_PAUSE_NANOS);
        }
        if (blamed.isEmpty()) {
            boolean silence = error == null || !rollCall.unreachable().isEmpty();
            blamed.putAll(silence ? absent(watch, peer) : Map.of());
        }
        if (blamed.isEmpty()) {
            giveUp(watch, error.getMessage());
            throw error;
        }
        RankFailureException thrown =
                new RankFailureException(blamed.keySet(), watch.operation(), watch.elapsed(), report(blamed));
        if (error != null) {
            thrown.addSuppressed(error);
        }
        breaks(thrown);
        throw thrown;
    }

    /**
     * Finds who is known to be missing; whether nothing more is to be learnt. Who has said that it waits itself is not to blame, and may
     * end after that.
     */
    private boolean isAccountedFor(Map<Integer, String> blamed, int peer) {
        Map<Integer, Word> heard = rollCall.heard();
        blamed.clear();
        heard.forEach((rank, word) -> {
            if (word.gaveUp()) {
                blamed.put(rank, "has given up: " + word.says());
            }
            word.blamed().forEach(blamed::putIfAbsent);
        });
        transport.missing().forEach(blamed::putIfAbsent);
        blamed.keySet()
                .removeIf(rank -> rank == transport.rank()
                        || !isAwaited(rank, peer)
                        || heard.containsKey(rank) && !heard.get(rank).gaveUp());
        for (int r = 0; r < transport.size(); r++) {
            boolean known = heard.containsKey(r)
                    || blamed.containsKey(r)
                    || rollCall.unreachable().containsKey(r);
            if (r != transport.rank() && isAwaited(r, peer) && !known) {
                return false;
            }
        }
        return true;
    }

    /**
     * Of ranks none of which is known to have failed: those that did not answer; else those in another call; else those on other hosts,
     * to which the way may be slow; else all.
     */
    private Map<Integer, String> absent(Watch watch, int peer) {
        Map<Integer, String> silent = new TreeMap<>();
        Map<Integer, String> elsewhere = new TreeMap<>();
        Map<Integer, String> away = new TreeMap<>();
        Map<Integer, String> all = new TreeMap<>();
        for (int r = 0; r < transport.size(); r++) {
            Word word = rollCall.heard().get(r);
            if (r == transport.rank() || !isAwaited(r, peer)) {
                continue;
            }
            String name = transport.hosts().get(r);
            String host = " on " + name;
            if (word == null) {
                silent.put(
                        r,
                        rollCall.unreachable().getOrDefault(r, "is not in this call and does not answer") + "," + host);
            } else {
                all.put(r, "waits for others itself, or has given up waiting for this rank," + host);
                if (!name.equals(transport.hosts().get(transport.rank()))) {
                    away.put(r, "answers, but what it sends has not come in time," + host);
                }
                if (!word.says().equals(watch.operation())) {
                    elsewhere.put(r, "waits in " + word.says() + host);
                }
            }
        }
        return Stream.of(silent, elsewhere, away, all)
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(all);
    }

    private static String report(Map<Integer, String> blamed) {
        StringBuilder text = new StringBuilder();
        blamed.forEach((rank, why) -> text.append(text.isEmpty() ? "" : "; ")
                .append("rank ")
                .append(rank)
                .append(' ')
                .append(why));
        return text.toString();
    }

    /**
     * Tells the others that this rank does not go on.
     *
     * @param watch of the call
     * @param why for people
     */
    synchronized void giveUp(Watch watch, String why) {
        if (failure == null) {
            rollCall.tell(new Word(true, why, Map.of()));
            breaks(new RankFailureException(
                    java.util.List.of(transport.rank()), watch.operation(), watch.elapsed(), "gave up: " + why));
        }
    }

    private void breaks(RankFailureException thrown) {
        failure = thrown;
        try {
            transport.abandon();
        } catch (NativeCallException e) {
            thrown.addSuppressed(e);
        }
    }

    synchronized void close() {
        rollCall.close();
    }
}
