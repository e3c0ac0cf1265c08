package dev.gamut.parallel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.dtype.DType;
import dev.gamut.io.Checkpoint;
import dev.gamut.io.Shard;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run whose ranks are stopped at random moments, by an interrupt of their threads, comes to the numbers of one in which nothing failed;
 * twice, 20 times with {@code -Dgamut.test.full=true}.
 */
@Timeout(300)
class CheckpointedRunTest {
    private static final int RANKS = 4;
    private static final int N = 23;
    private static final int STEPS = 120;
    private static final int EVERY = 7;

    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(Long.getLong("gamut.test.seed", 1));

    @BeforeEach
    void fourThreads() {
        System.setProperty("gamut.ranks", Integer.toString(RANKS));
    }

    @AfterEach
    void one() {
        System.clearProperty("gamut.ranks");
    }

    /** Numbers, shared out, each of which takes in the sum of all at each step; whole numbers, so that any order gives the same. */
    private static class Mixing implements CheckpointedWork {
        private final Communicator ranks;
        private final dev.gamut.parallel.Shard own;
        private final long[] numbers;
        private final long[] count = new long[1];
        private final AtomicReference<long[]> result;

        Mixing(Communicator ranks, AtomicReference<long[]> result) {
            this.ranks = ranks;
            this.result = result;
            own = dev.gamut.parallel.Shard.of(N, ranks.size(), ranks.rank());
            numbers = new long[(int) own.count()];
            Arrays.setAll(numbers, i -> own.first() + i);
        }

        private static Tensor tensor(long... x) {
            return Tensor.of(x, DType.I64, Layout.rowMajor(x.length), 0);
        }

        @Override
        public Map<String, Shard> state() {
            return Map.of(
                    "numbers", Shard.along(tensor(numbers), 0, own.first(), N),
                    "count", Shard.whole(tensor(count)));
        }

        @Override
        public void step(long step) throws Exception {
            assertEquals(step, count[0], "steps done");
            long[] sum = {Arrays.stream(numbers).sum()};
            ranks.allReduce(tensor(sum), Combine.SUM);
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (numbers[i] * 31 + sum[0] + own.first() + i) % 1_000_003;
            }
            count[0]++;
            Thread.sleep(1);
        }

        @Override
        public void finish() {
            long[] all = new long[N];
            ranks.run(dev.gamut.collective.CollectiveCall.allGather(
                    tensor(numbers), tensor(all), dev.gamut.parallel.Shard.counts(N, ranks.size())));
            result.set(all);
        }
    }

    private static CheckpointedRun run(Path root) {
        return CheckpointedRun.in(root).every(EVERY).deadline(Duration.ofSeconds(30));
    }

    private long[] expected() throws IOException {
        AtomicReference<long[]> result = new AtomicReference<>();
        Path root = folder.resolve("whole");
        run(root).run(STEPS, ranks -> new Mixing(ranks, result));
        RunJournal journal = RunJournal.read(root).orElseThrow();
        assertEquals(STEPS, journal.step());
        assertEquals(List.of(), journal.recoveries());
        assertTrue(journal.isFinished());
        assertEquals(STEPS, Checkpoint.latest(root).orElseThrow().step());
        return result.get();
    }

    /** Waits for a step that rank 0 has noted. */
    private static void await(Path root, long step) throws Exception {
        while (RunJournal.read(root).map(RunJournal::step).orElse(-1L) < step) {
            Thread.sleep(1);
        }
    }

    /** Waits until a checkpoint is complete, which the ranks' writers do by themselves. */
    private static void awaitCheckpoint(Path root, long step) throws Exception {
        while (Checkpoint.list(root).stream().noneMatch(of -> Checkpoint.stepAndRun(of)[0] == step)) {
            Thread.sleep(1);
        }
    }

    private static void stop(int rank) {
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("gamut-rank-" + rank))
                .forEach(Thread::interrupt);
    }

    @Test
    void survivorsComeToTheSameNumbers() throws Exception {
        long[] expected = expected();
        int times = Boolean.getBoolean("gamut.test.full") ? 20 : 2;
        for (int time = 0; time < times; time++) {
            Path root = folder.resolve("run" + time);
            AtomicReference<long[]> result = new AtomicReference<>();
            int victim = random.nextInt(RANKS);
            long moment = random.nextInt(STEPS / 2);
            Thread killer = Thread.startVirtualThread(() -> {
                try {
                    await(root, moment);
                    stop(victim);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            run(root).run(STEPS, ranks -> new Mixing(ranks, result) {
                @Override
                public void step(long step) throws Exception {
                    if (step == STEPS - 1) {
                        killer.join(); // on a busy machine the run would be over before its rank is stopped
                    }
                    super.step(step);
                }
            });
            assertArrayEquals(expected, result.get(), "rank " + victim + " stopped at step " + moment);
            List<RunJournal.Recovery> recoveries =
                    RunJournal.read(root).orElseThrow().recoveries();
            System.out.println(recoveries);
            assertEquals(1, recoveries.size());
            RunJournal.Recovery recovery = recoveries.getFirst();
            assertEquals(RANKS - 1, recovery.ranks());
            assertTrue(recovery.cause().startsWith("rank " + victim + " missing in "), recovery.cause());
            assertTrue(recovery.reached() >= moment && recovery.resumed() <= recovery.reached(), recovery.toString());
            assertEquals(0, recovery.resumed() % EVERY);
        }
    }

    /**
     * Copies in memory lose less than checkpoints: two ranks end one after the other; in another run two that had each other's parts end at
     * once, for whom there is the checkpoint alone.
     */
    @Test
    void copiesOfOtherRanksAreGoneOnFrom() throws Exception {
        long[] expected = expected();
        assertArrayEquals(expected, ending(Map.of(2, 33, 0, 64), 3), "one after the other");
        List<RunJournal.Recovery> recoveries = journal.recoveries();
        assertEquals(
                List.of(33L, 63L),
                recoveries.stream().map(RunJournal.Recovery::resumed).toList());
        assertEquals(
                List.of(3, 2),
                recoveries.stream().map(RunJournal.Recovery::ranks).toList());

        assertArrayEquals(expected, ending(Map.of(1, 34, 2, 34), 3), "neighbours at once");
        assertEquals(28, journal.recoveries().getLast().resumed());

        assertArrayEquals(expected, ending(Map.of(1, 34, 3, 34), 3), "others at once");
        assertEquals(33, journal.recoveries().getLast().resumed());

        assertArrayEquals(expected, ending(Map.of(1, 50, 2, 34), 200), "no copies yet");
        assertEquals(28, journal.recoveries().getFirst().resumed());
    }

    private RunJournal journal;

    /** A run that ranks leave before steps. */
    private long[] ending(Map<Integer, Integer> ends, int copies) throws IOException {
        AtomicReference<long[]> result = new AtomicReference<>();
        Path root = Files.createTempDirectory(folder, "ending");
        ThreadLocal<Integer> first = new ThreadLocal<>();
        CheckpointedRun.in(root).every(EVERY).copies(copies).run(STEPS, ranks -> {
            if (first.get() == null) {
                first.set(ranks.rank());
            }
            return new Mixing(ranks, result) {
                @Override
                public void step(long step) throws Exception {
                    if (step == ends.getOrDefault(first.get(), -1)) {
                        awaitCheckpoint(root, step / EVERY * EVERY);
                        throw new ArithmeticException("rank " + first.get() + " ends");
                    }
                    super.step(step);
                }
            };
        });
        journal = RunJournal.read(root).orElseThrow();
        return result.get();
    }

    /** What a process that ended left is what the next one begins with, on fewer ranks too. */
    @Test
    void anotherProcessGoesOn() throws Exception {
        long[] expected = expected();
        Path root = folder.resolve("ended");
        AtomicReference<long[]> result = new AtomicReference<>();
        RuntimeException e = assertThrows(
                RuntimeException.class,
                () -> run(root).run(STEPS, ranks -> new Mixing(ranks, result) {
                    @Override
                    public void step(long step) throws Exception {
                        if (step == 50) {
                            throw new ArithmeticException("all ranks end");
                        }
                        super.step(step);
                    }
                }));
        assertTrue(e instanceof ArithmeticException, e.toString());
        System.setProperty("gamut.ranks", "3");
        System.setProperty("gamut.run.failure", System.currentTimeMillis() + " the process ended");
        try {
            run(root).run(STEPS, ranks -> new Mixing(ranks, result));
        } finally {
            System.clearProperty("gamut.run.failure");
        }
        assertArrayEquals(expected, result.get());
        RunJournal.Recovery last =
                RunJournal.read(root).orElseThrow().recoveries().getLast();
        assertEquals("the process ended", last.cause());
        assertEquals(50, last.reached());
        assertEquals(49, last.resumed());
        assertEquals(1, last.lostSteps());
    }

    /** A checkpoint whose bytes have changed is passed over for the one before. */
    @Test
    void aDamagedCheckpointIsPassedOver() throws Exception {
        long[] expected = expected();
        Path root = folder.resolve("whole");
        Path last = Checkpoint.list(root).getLast();
        damage(last.resolve("rank-000002.safetensors"));
        AtomicReference<long[]> result = new AtomicReference<>();
        run(root).run(STEPS, ranks -> new Mixing(ranks, result));
        assertArrayEquals(expected, result.get());
        assertEquals(
                119, RunJournal.read(root).orElseThrow().recoveries().getLast().resumed());
        for (Path each : Checkpoint.list(root)) {
            damage(each.resolve("rank-000001.safetensors"));
        }
        assertThrows(
                dev.gamut.error.FormatException.class, () -> run(root).run(STEPS, ranks -> new Mixing(ranks, result)));
    }

    /** A journal that was cut short says nothing, and the checkpoints all that is needed. */
    @Test
    void aDamagedJournalIsBegunAnew() throws Exception {
        long[] expected = expected();
        Path root = folder.resolve("whole");
        Files.writeString(root.resolve("journal"), "step 000\0\0\0\nrun=1 ran\n");
        AtomicReference<long[]> result = new AtomicReference<>();
        run(root).run(STEPS, ranks -> new Mixing(ranks, result));
        assertArrayEquals(expected, result.get());
        assertTrue(Files.exists(root.resolve("journal.damaged")));
        assertEquals(STEPS, RunJournal.read(root).orElseThrow().step());
    }

    /** A journal has the same digits for every user. */
    @Test
    void digitsAreThoseOfNoLanguage() throws IOException {
        Locale usual = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        try {
            run(folder).run(5, ranks -> new Mixing(ranks, new AtomicReference<>()));
            assertEquals(5, RunJournal.read(folder).orElseThrow().step());
            assertEquals(1, RunJournal.read(folder).orElseThrow().run());
        } finally {
            Locale.setDefault(usual);
        }
    }

    /** Where the end of a run fails, others' being through does not make it complete. */
    @Test
    void anEndThatFailsIsNoEnd() {
        ArithmeticException e = assertThrows(
                ArithmeticException.class,
                () -> run(folder).run(5, ranks -> new Mixing(ranks, new AtomicReference<>()) {
                    @Override
                    public void finish() {
                        super.finish();
                        if (ranks.rank() == 0) {
                            throw new ArithmeticException("no room for the result");
                        }
                    }
                }));
        assertEquals("no room for the result", e.getMessage());
    }

    /** What one rank has whole, and what two have the same part of, is there after a failure, from copies and from checkpoints. */
    @Test
    void partsOfAnyKindComeBack() {
        for (int copies : new int[] {0, 2}) {
            AtomicReference<long[]> found = new AtomicReference<>();
            CheckpointedRun.in(folder.resolve("parts" + copies))
                    .every(4)
                    .copies(copies)
                    .run(20, ranks -> {
                        long[] single = new long[ranks.rank() == ranks.size() - 1 ? 1 : 0];
                        long[] half = new long[3];
                        return new CheckpointedWork() {
                            @Override
                            public Map<String, Shard> state() {
                                return Map.of(
                                        "single", Shard.along(Mixing.tensor(single), 0, 0, 1),
                                        "halves", Shard.along(Mixing.tensor(half), 0, ranks.rank() % 2 * 3, 6));
                            }

                            @Override
                            public void step(long step) {
                                if (step == 11 && ranks.size() == RANKS && ranks.rank() == 1) {
                                    throw new ArithmeticException("rank 1 ends");
                                }
                                ranks.barrier();
                                Arrays.setAll(single, i -> single[i] + 1);
                                Arrays.setAll(half, i -> half[i] + ranks.rank() % 2 * 3 + i);
                            }

                            @Override
                            public void finish() {
                                if (ranks.rank() == ranks.size() - 1) {
                                    long[] all = {single[0], half[0], half[1], half[2]};
                                    found.set(all);
                                }
                            }
                        };
                    });
            assertArrayEquals(new long[] {20, 0, 20, 40}, found.get(), copies + " copies");
        }
    }

    private static void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void wrongSettingsAreNamed() {
        assertThrows(IllegalArgumentException.class, () -> run(folder).every(0));
        assertThrows(IllegalArgumentException.class, () -> run(folder).keep(0));
        assertThrows(IllegalArgumentException.class, () -> run(folder).copies(-1));
        assertThrows(IllegalStateException.class, CheckpointedRun::supervised);
        System.setProperty("gamut.ranks", "many");
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> run(folder).run(1, ranks -> new Mixing(ranks, null)));
        assertTrue(e.getMessage().contains("gamut.ranks is 'many'"), e.getMessage());
    }
}
