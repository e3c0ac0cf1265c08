package dev.gamut.bench.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.parallel.RunJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The programs that a rank is taken from, whose thread is stopped at a random moment: the other ranks write the same file as four of whom none
 * was; twice, 20 times with {@code -Dgamut.test.full=true}. What {@code recovery-test.sh} does to processes.
 */
@Timeout(600)
class SurvivingTest {
    private static final int RANKS = 4;

    /** Steps before the end. */
    private static final int MARGIN = 10;

    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(Long.getLong("gamut.test.seed", 1));

    @BeforeEach
    void fourThreads() {
        System.setProperty("gamut.ranks", Integer.toString(RANKS));
    }

    @AfterEach
    void asBefore() {
        System.clearProperty("gamut.ranks");
        System.clearProperty("gamut.checkpoints");
    }

    private static void survives(Path folder, SplittableRandom random, int steps, Consumer<String> program)
            throws Exception {
        byte[] expected = result(folder.resolve("whole"), program);
        int times = Boolean.getBoolean("gamut.test.full") ? 20 : 2;
        int late = 0;
        for (int time = 0; time < times + late; time++) {
            Path root = folder.resolve("run" + time);
            int victim = random.nextInt(RANKS);
            long moment = random.nextInt(steps / 2);
            Thread killer = Thread.startVirtualThread(() -> stop(root, victim, moment, steps));
            byte[] result = result(root, program);
            killer.join();
            assertArrayEquals(expected, result, "rank " + victim + " stopped at step " + moment);
            List<RunJournal.Recovery> recoveries =
                    RunJournal.read(root).orElseThrow().recoveries();
            System.out.println(recoveries);
            // On a busy machine the run may be over before its rank is stopped: another one then.
            if (recoveries.isEmpty() && ++late < 10) {
                continue;
            }
            assertEquals(1, recoveries.size());
            assertEquals(RANKS - 1, recoveries.getFirst().ranks());
            assertTrue(recoveries.getFirst().cause().startsWith("rank " + victim + " missing in "), "" + recoveries);
        }
    }

    private static byte[] result(Path root, Consumer<String> program) throws Exception {
        System.setProperty("gamut.checkpoints", root.toString());
        program.accept(root + ".npy");
        return Files.readAllBytes(Path.of(root + ".npy"));
    }

    /** Too late is not at all: who is stopped while it writes the result is nobody's to go on from. */
    private static void stop(Path root, int rank, long moment, int steps) {
        try {
            while (step(root) < moment) {
                Thread.sleep(1);
            }
            List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("gamut-rank-" + rank))
                    .toList();
            if (step(root) < steps - MARGIN) {
                threads.forEach(Thread::interrupt);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static long step(Path root) throws IOException {
        return RunJournal.read(root).map(RunJournal::step).orElse(-1L);
    }

    @Test
    void aSolver() throws Exception {
        survives(folder, random, 150, file -> PoissonSolver.main(new String[] {"150", "150", file}));
    }

    @Test
    void aTraining() throws Exception {
        String digits = DigitTrainingTest.digits().toString();
        survives(folder, random, 62, file -> DigitTraining.main(new String[] {digits, "62", file}));
    }
}
