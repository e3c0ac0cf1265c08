package dev.gamut;

import dev.gamut.collective.Communicator;
import dev.gamut.error.GamutException;
import dev.gamut.error.RankFailureException;
import dev.gamut.internal.collective.InProcessCommunicator;
import dev.gamut.internal.collective.LocalTransport;
import dev.gamut.internal.collective.Member;
import dev.gamut.internal.collective.RankCommunicator;
import dev.gamut.internal.collective.TransportCommunicator;
import dev.gamut.spi.Transport;
import dev.gamut.spi.TransportProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Runs ranks: threads of this process or, where {@code mpirun} or the like started it, this process as one of theirs; the same body
 * serves both. Threads compare their calls each time, processes where {@code GAMUT_COLLECTIVE_DEBUG} is {@code true}: where they differ
 * every rank is told.
 */
public final class Communicators {
    /** How long ranks that no other rank waits for any longer may take to end; tests have less. */
    static volatile Duration patience = Duration.ofSeconds(30);

    private Communicators() {}

    /** What a rank does. */
    @FunctionalInterface
    public interface Body {
        /**
         * Runs on each rank.
         *
         * @param communicator of all ranks; it ends with the body
         * @throws Exception to end all of them
         */
        void run(Communicator communicator) throws Exception;
    }

    /** What started this process as one of several ranks, where something did: the environment says so, and nothing is loaded. */
    private static final class Launcher {
        static final Optional<TransportProvider> FOUND = ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(TransportProvider::isLaunched)
                .findFirst();
    }

    /** The group of all ranks that were started, opened when a body first runs on them; every run has a copy, which ends with it. */
    private static final class World {
        static final Communicator ALL = over(Launcher.FOUND.orElseThrow().world());
    }

    /**
     * What moves data between processes, where this one was started as one of several.
     *
     * @return for example {@code mpi}, without looking for its library
     */
    public static Optional<String> launcher() {
        return Launcher.FOUND.map(TransportProvider::name);
    }

    /**
     * The ranks of a transport of one's own.
     *
     * @param transport closed with the communicator
     * @return this rank's communicator
     */
    public static Communicator over(Transport transport) {
        return TransportCommunicator.over(transport);
    }

    /**
     * Ranks on devices: those of CUDA and ROCm have NCCL's and RCCL's collectives where these keep Gamut's rules ({@link Transport#isConventional}):
     * sums and products of F64, F32 and I64, minima and maxima of integers, and all that only moves numbers. The rest, such as scans, barriers,
     * messages and reproducible sums, goes by the transport beneath, which also tells who is missing. Tensors of the rank's device stay in its memory
     * where the library has the collective; those of the host are copied to the device and back.
     *
     * <pre>{@code
     * List<Transport> threads = Communicators.transports(2);
     * // on thread r of two; or, in each of several processes, over the transport of MPI:
     * try (Communicator ranks = Communicators.over(threads.get(r), "cuda:" + r)) {
     *     ranks.allReduce(gradients, Combine.SUM);
     * }
     * }</pre>
     *
     * <p>No call blocks in the library: errors that it meets are asked for as long as a call is under way, and after a failure that is aborted.
     *
     * @param beneath between the same ranks; closed with the communicator, and where this fails
     * @param device as {@link Gamut#device} takes it, another one for each rank
     * @return this rank's communicator, once all ranks have called
     * @throws GamutException where the device has no collectives, which says why, or its library reports an error; a {@link
     *     RankFailureException} where another rank has gone or has not come within 30 s
     */
    public static Communicator over(Transport beneath, String device) {
        Devices.Found found;
        try {
            found = Devices.find("device", device);
        } catch (IllegalArgumentException e) {
            beneath.close();
            throw e;
        }
        return over(found.provider().transport(found.info(), beneath));
    }

    /**
     * Transports between ranks of this process, to build engines upon that bring collectives of their own; ranks that are threads and need no
     * more have {@link #threads}.
     *
     * @param ranks at least 1
     * @return one for each, all of which must be closed
     */
    public static List<Transport> transports(int ranks) {
        return LocalTransport.group(checked(ranks));
    }

    /**
     * Runs a body on as many ranks as were started; where the process was not started as one of several, on as many threads as the system
     * property {@code gamut.ranks} or the environment variable {@code GAMUT_RANKS} says, one unless set.
     *
     * @param body what each does
     */
    public static void run(Body body) {
        if (launcher().isPresent()) {
            launched(body);
        } else {
            threads(rankThreads(), body);
        }
    }

    private static int rankThreads() {
        String given = Optional.ofNullable(System.getProperty("gamut.ranks"))
                .or(() -> Optional.ofNullable(System.getenv("GAMUT_RANKS")))
                .orElse("1");
        try {
            return checked(Integer.parseInt(given));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("gamut.ranks is '" + given + "'; a whole number is needed", e);
        }
    }

    /**
     * Runs a body on each of several ranks, and waits for all of this process. A rank that throws is missing to the others.
     *
     * @param ranks at least 1; where the process was started as one of several, as many as they are
     * @param body what each does
     * @throws RuntimeException what the first rank threw that did not only miss others; those of the others are suppressed in it
     */
    public static void run(int ranks, Body body) {
        if (launcher().isPresent()) {
            int started = World.ALL.size();
            if (started != ranks) {
                throw new IllegalArgumentException(
                        "ranks is " + ranks + "; " + launcher().get() + " has started " + started);
            }
            launched(body);
        } else {
            threads(ranks, body);
        }
    }

    private static void launched(Body body) {
        RankCommunicator copy = (RankCommunicator) World.ALL.dup();
        try {
            body.run(copy);
        } catch (Exception e) {
            rethrow(e);
        } finally {
            copy.end(); // the body may have closed it
        }
    }

    /**
     * Runs a body on ranks that are threads of this process, whatever started it.
     *
     * @param ranks at least 1
     * @param body what each does
     * @throws RuntimeException as {@link #run(int, Body)}
     */
    public static void threads(int ranks, Body body) {
        List<Rank> all = new ArrayList<>();
        List<Member> members =
                Stream.generate(Member::new).limit(checked(ranks)).toList();
        List<RankCommunicator> communicators = InProcessCommunicator.group(members);
        for (int r = 0; r < ranks; r++) {
            all.add(new Rank(r, members.get(r), communicators.get(r), body));
        }
        all.forEach(Thread::start);
        join(all);
        Throwable cause = null;
        for (Rank rank : all) {
            Throwable e = rank.thrown;
            if (e != null) {
                boolean better =
                        cause == null || cause instanceof RankFailureException && !(e instanceof RankFailureException);
                Throwable other = better ? cause : e;
                cause = better ? e : cause;
                if (other != null && other != cause) {
                    cause.addSuppressed(other);
                }
            }
        }
        rethrow(cause);
    }

    private static int checked(int ranks) {
        if (ranks < 1 || ranks > 1_024) {
            throw new IllegalArgumentException("ranks is " + ranks + "; allowed are 1 to 1024");
        }
        return ranks;
    }

    /**
     * Waits for all; once one has thrown, not for ever for those of the rest that do not go on without it, though as long as others do: these leave
     * them out.
     */
    private static void join(List<Rank> all) {
        long since = 0;
        while (all.stream().anyMatch(Thread::isAlive)) {
            for (Rank rank : all) {
                try {
                    rank.join(Duration.ofMillis(10));
                } catch (InterruptedException e) {
                    all.forEach(Thread::interrupt);
                    Thread.currentThread().interrupt();
                    return;
                }
            }
            boolean failed = all.stream().anyMatch(r -> r.thrown != null);
            boolean goesOn = all.stream().anyMatch(r -> r.isAlive() && r.member.goesOn());
            boolean waits = failed && !goesOn;
            since = !waits ? 0 : since == 0 ? System.nanoTime() : since;
            if (waits && System.nanoTime() - since > patience.toNanos()) {
                Set<Integer> stuck = new TreeSet<>();
                all.stream().filter(Thread::isAlive).forEach(r -> stuck.add(r.number));
                if (!stuck.isEmpty()) {
                    throw new RankFailureException(
                            stuck, "run", patience, "they did not end after another rank had failed");
                }
            }
        }
    }

    private static void rethrow(Throwable cause) {
        switch (cause) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("a rank threw " + cause, cause);
        }
    }

    private static final class Rank extends Thread {
        private final int number;
        private final Member member;
        private final RankCommunicator communicator;
        private final Body body;
        private volatile Throwable thrown;

        Rank(int number, Member member, RankCommunicator communicator, Body body) {
            super("gamut-rank-" + number);
            setDaemon(true);
            this.number = number;
            this.member = member;
            this.communicator = communicator;
            this.body = body;
        }

        @Override
        public void run() {
            member.runsOn(this);
            try {
                body.run(communicator);
                member.end("has ended");
            } catch (Throwable e) { // handed to the caller of run, whatever it is
                thrown = e;
                member.end("threw " + e);
            } finally {
                communicator.end();
            }
        }
    }
}
