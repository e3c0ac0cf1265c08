package dev.gamut.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gamut collectives}: nccl-tests' lines, and JSON. */
class CollectivesCommandTest {
    private static Invocation run(String arguments) {
        return Invocation.of(("collectives " + arguments + " -n 2 -w 1").split(" +"));
    }

    /** Lines as they are but for what is measured: times, bandwidths, process numbers. */
    private static List<String> stable(String out) {
        return out.lines()
                .map(line -> line.replaceAll("process \\d+", "process P")
                        .replaceAll(" +\\d+(\\.\\d+)? +\\d+\\.\\d\\d +\\d+\\.\\d\\d( +\\d+)(?= |$)", " T A B$2")
                        .replaceAll("bandwidth    : \\d+\\.\\d{4}", "bandwidth    : B"))
                .toList();
    }

    @Test
    void linesAreThoseOfNcclTests() {
        Invocation run = run("all_gather,broadcast -b 1K -e 4K -f 4 -d bfloat16 -t 3 -r 1");
        assertEquals(0, run.code(), run.err());
        assertEquals("""
                # engine inprocess ranks 3 memory heap blocking 1 warmup iters: 1 iters: 2 validation: 1 seed: 1
                #
                #  Rank   0 process P thread gamut-rank-0
                #  Rank   1 process P thread gamut-rank-1
                #  Rank   2 process P thread gamut-rank-2
                #
                #                                                              out-of-place                       in-place
                #       size         count      type   redop    root     time   algbw   busbw #wrong     time   algbw   busbw #wrong
                #        (B)    (elements)                               (us)  (GB/s)  (GB/s)            (us)  (GB/s)  (GB/s)
                # all_gather
                        1020           170      bf16    none      -1 T A B      0 T A B      0
                        4092           682      bf16    none      -1 T A B      0 T A B      0
                # broadcast
                        1024           512      bf16    none       1      N/A     N/A     N/A    N/A T A B      0
                        4096          2048      bf16    none       1      N/A     N/A     N/A    N/A T A B      0
                # Out of bounds values : 0 OK
                # Avg bus bandwidth    : B
                """.lines().toList(), stable(run.out()));
    }

    @Test
    void everyOperationTypeAndCombinationIsRight() {
        Invocation run = run("all -d all -o all -b 100 -e 100 -t 3 -c 1 --memory native");
        assertEquals(0, run.code(), run.out() + run.err());
        assertTrue(run.out().contains("# Out of bounds values : 0 OK"), run.out());
        assertTrue(run.out().lines().count() > 200, run.out());
    }

    @Test
    void nonBlockingCallsAndUncheckedOnes() {
        Invocation run = run("reducescatter -b 8K -e 16K -i 8K -z 0 -c 0");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("blocking 0 "), run.out());
        assertTrue(run.out().contains("# Out of bounds values : not checked"), run.out());
        assertEquals(2, run.out().lines().filter(line -> line.contains(" sum ")).count(), run.out());
    }

    @Test
    void jsonIsStable(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("c.json");
        Invocation run = run("broadcast -b 4K -e 4K --seed 9 --json=" + file);
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().startsWith("# engine"), run.out());
        JsonNode json = new ObjectMapper().readTree(Files.readString(file));
        assertEquals("inprocess", json.path("engine").asText());
        assertEquals(2, json.path("ranks").asInt());
        assertEquals(9, json.path("seed").asInt());
        assertTrue(json.path("machine").path("cores").asInt() > 0);
        JsonNode row = json.path("rows").path(0);
        assertEquals("broadcast", row.path("op").asText());
        assertEquals("none", row.path("redop").asText());
        assertEquals(4096, row.path("size").asInt());
        assertEquals(1024, row.path("count").asInt());
        assertTrue(row.path("out_of_place").isNull());
        assertTrue(row.path("in_place").path("seconds").asDouble() > 0);
        assertEquals(0, row.path("in_place").path("wrong").asInt(-1));
        assertEquals(0, json.path("wrong").asInt(-1));
        assertTrue(run("barrier --json").out().startsWith("{"));
    }

    @Test
    void explainRanksAlgorithmsAndMeasuresNothing() {
        Invocation run = run("all_reduce -b 64K -e 64K -o avg --explain");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().startsWith("all_reduce avg f32 of 65536 bytes on 2 ranks"), run.out());
        assertTrue(run.out().contains("\n  mesh: "), run.out());
        assertFalse(run.out().contains("algbw"), run.out());
    }
}
