package dev.gamut.bench.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DigitTrainingTest {
    private static final int NOT_HERE = 3;

    /** Where the digits are; the test is skipped where they cannot be had. */
    static Path digits() throws IOException, InterruptedException {
        Process fetch = new ProcessBuilder("../.ci/digits")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String answer = new String(fetch.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int status = fetch.waitFor();
        assumeTrue(status != NOT_HERE, answer);
        assertEquals(0, status, answer);
        return Path.of(answer);
    }

    @Test
    @Timeout(600)
    void anyNumberOfRanksLearnsTheSameBits() throws Exception {
        Digits all = Digits.read(digits());
        assertTrue(all.size() >= 10_000, all.size() + " digits");
        DigitTraining.Learnt alone = DigitTraining.train(all, 1, 3);
        assertTrue(alone.accuracy() > 0.85, "accuracy " + alone.accuracy());
        float[] expected = alone.parameters().getFirst();
        for (int ranks : List.of(2, 3)) {
            DigitTraining.Learnt together = DigitTraining.train(all, ranks, 3);
            assertEquals(alone.accuracy(), together.accuracy());
            for (float[] parameters : together.parameters()) {
                assertEquals(-1, Arrays.mismatch(expected, parameters), ranks + " ranks");
            }
        }
    }

    @Test
    void eachRankHasAMicroBatch() {
        Digits none = new Digits(new float[0][], new int[0]);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> DigitTraining.train(none, 9, 1));
        assertTrue(e.getMessage().contains("ranks is 9"), e.getMessage());
    }
}
