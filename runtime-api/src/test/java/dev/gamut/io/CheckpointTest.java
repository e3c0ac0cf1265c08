package dev.gamut.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.dtype.DType;
import dev.gamut.error.FormatException;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints are whole or not there, come back cut and rounded otherwise, and say which byte of them has changed. */
class CheckpointTest {
    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(Long.getLong("gamut.test.seed", 1));

    private CheckpointWriter writer(int rank, int ranks, int keep) {
        return new CheckpointWriter(folder, rank, ranks, 1, keep, 0);
    }

    private Tensor numbers(DType type, long... shape) {
        Tensor tensor = Tensor.zeros(type, shape);
        long[] index = new long[shape.length];
        for (long i = 0; i < tensor.layout().size(); i++) {
            tensor.set(random.nextInt(-8, 8), index);
            Safetensors.advance(index, shape, shape.length - 1);
        }
        return tensor;
    }

    private static void requireEqual(Tensor want, Tensor got) {
        assertArrayEquals(want.layout().shape(), got.layout().shape());
        long[] index = new long[want.rank()];
        for (long i = 0; i < want.layout().size(); i++) {
            assertEquals(want.get(index), got.get(index));
            Safetensors.advance(index, want.layout().shape(), want.rank() - 1);
        }
    }

    @Test
    void everyTypeAndLayoutComesBack() throws IOException {
        Map<String, Shard> saved = new LinkedHashMap<>();
        for (DType type : DType.values()) {
            if (type != DType.F8E8M0 && type != DType.U8) {
                saved.put(type.id(), Shard.whole(numbers(type, 3, 5)));
                saved.put(type.id() + " turned", Shard.whole(numbers(type, 4, 6).transpose()));
            }
        }
        saved.put("number", Shard.whole(numbers(DType.F64)));
        saved.put("nothing", Shard.whole(numbers(DType.F32, 0, 3)));
        saved.put("a \"name\"\n", Shard.whole(numbers(DType.I4, 7)));
        try (CheckpointWriter writer = writer(0, 1, 1)) {
            writer.save(7, saved);
        }
        Checkpoint found = Checkpoint.latest(folder).orElseThrow();
        assertEquals(7, found.step());
        assertEquals(List.copyOf(new java.util.TreeSet<>(saved.keySet())), found.names());
        for (Map.Entry<String, Shard> entry : saved.entrySet()) {
            assertEquals(entry.getValue().part().dtype(), found.dtype(entry.getKey()));
            requireEqual(entry.getValue().part(), found.load(entry.getKey()));
        }
        // The file itself is one that other programs read.
        Map<String, Tensor> plain = Safetensors.read(found.folder().resolve(CheckpointWriter.name(0)));
        requireEqual(saved.get("f32").part(), plain.get("f32"));
    }

    @Test
    void filesOfOneProcess() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("b", numbers(DType.BF16, 300, 70));
        tensors.put("a", numbers(DType.I4, 3, 3));
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, tensors, Map.of("format", "pt"));
        Map<String, Tensor> read = Safetensors.read(file);
        assertEquals(List.of("b", "a"), List.copyOf(read.keySet()));
        tensors.forEach((name, tensor) -> requireEqual(tensor, read.get(name)));
        assertEquals("pt", Safetensors.metadata(file).get("format"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), file.getFileName());
        Safetensors.write(link, Map.of("c", numbers(DType.F32, 3)), Map.of());
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(Set.of("c"), Safetensors.read(file).keySet());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(2, files.count(), "nothing else is left");
        }
    }

    /** What says that bytes are two elements each belongs to the tensors of one file, and not to its texts. */
    @Test
    void textsOfOneFileDoNotTellHowTensorsOfAnotherAreStored() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, Map.of("a", numbers(DType.I4, 2, 6)), Map.of("format", "pt"));
        assertEquals(Map.of("format", "pt"), Safetensors.metadata(file));
        Tensor bytes = numbers(DType.U8, 2, 3); // as many as those were stored in
        Safetensors.write(file, Map.of("a", bytes), Safetensors.metadata(file));
        requireEqual(bytes, Safetensors.read(file).get("a"));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> Safetensors.write(file, Map.of("a", bytes), Map.of("gamut.packed.a", "i4[2, 6]")));
        assertTrue(e.getMessage().contains("'gamut.packed.a'"), e.getMessage());
        requireEqual(bytes, Safetensors.read(file).get("a"));
    }

    /** Three ranks write rows, two read columns, in another type. */
    @Test
    void ranksAndPrecisionMayBeOthers() throws IOException {
        long step = 0;
        for (DType type : new DType[] {DType.F32, DType.I4, DType.F64}) {
            step++;
            Tensor whole = numbers(type, 10, 7);
            long[] cuts = {0, 3, 4, 10};
            for (int rank = 0; rank < 3; rank++) {
                try (CheckpointWriter writer = writer(rank, 3, 1)) {
                    Map<String, Shard> shards = new LinkedHashMap<>();
                    shards.put("w", Shard.along(whole.slice(0, cuts[rank], cuts[rank + 1]), 0, cuts[rank], 10));
                    shards.put("same", Shard.whole(whole));
                    writer.save(step, shards);
                }
                assertEquals(
                        rank == 2,
                        Checkpoint.latest(folder).map(Checkpoint::step).equals(Optional.of(step)));
            }
            Checkpoint found = Checkpoint.latest(folder).orElseThrow();
            for (DType reading : new DType[] {DType.BF16, DType.F64, DType.I8}) {
                Tensor right = Tensor.zeros(reading, 10, 3);
                found.load("w", right, 0, 4);
                Tensor below = Tensor.of(new double[30], DType.F64, Layout.colMajor(5, 6), 0);
                found.load("same", below, 5, 1);
                for (int i = 0; i < 10; i++) {
                    for (int j = 0; j < 3; j++) {
                        assertEquals(whole.get(i, j + 4), right.get(i, j));
                    }
                }
                for (int i = 0; i < 5; i++) {
                    for (int j = 0; j < 6; j++) {
                        assertEquals(whole.get(i + 5, j + 1), below.get(i, j));
                    }
                }
            }
        }
    }

    @Test
    void roundedOnceWhereTheTypeIsNarrower() throws IOException {
        try (CheckpointWriter writer = writer(0, 1, 1)) {
            writer.save(0, Map.of("x", Shard.whole(Tensor.of(new double[] {1 + 0x1p-9, 1e300, -3}, 3))));
        }
        Tensor x = Tensor.zeros(DType.BF16, 3);
        Checkpoint.latest(folder).orElseThrow().load("x", x, 0);
        assertEquals(1, x.get(0));
        assertEquals(Double.POSITIVE_INFINITY, x.get(1));
        assertEquals(-3, x.get(2));
    }

    @Test
    void whatRanksDidNotSaveIsMissed() throws IOException {
        try (CheckpointWriter writer = writer(0, 1, 1)) {
            writer.save(0, Map.of("x", Shard.along(numbers(DType.F32, 4), 0, 2, 8)));
        }
        Checkpoint found = Checkpoint.latest(folder).orElseThrow();
        found.load("x", Tensor.zeros(DType.F32, 4), 2);
        FormatException e = assertThrows(FormatException.class, () -> found.load("x"));
        assertTrue(e.getMessage().contains("tensor 'x' needs 8 elements"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> found.load("x", Tensor.zeros(DType.F32, 4), 5));
        assertThrows(IllegalArgumentException.class, () -> found.load("y"));
    }

    @Test
    void tensorsMayChangeAtOnceAndMemoryIsBounded() throws IOException {
        float[] data = new float[5 << 20];
        try (CheckpointWriter writer = new CheckpointWriter(folder, 0, 1, 1, 3, 2 << 20)) {
            for (int step = 0; step < 3; step++) {
                java.util.Arrays.fill(data, step);
                writer.save(step, Map.of("x", Shard.whole(Tensor.of(data, data.length))));
            }
            java.util.Arrays.fill(data, -1);
            assertTrue(writer.bufferBytes() <= 2 << 20, "bytes: " + writer.bufferBytes());
        }
        for (Path of : Checkpoint.list(folder)) {
            Checkpoint found = Checkpoint.open(of);
            float[] x = (float[]) found.load("x").array();
            for (float value : x) {
                if (value != found.step()) {
                    assertEquals(found.step(), value);
                }
            }
        }
        assertEquals(3, Checkpoint.list(folder).size());
    }

    @Test
    void olderOnesAreDeletedAndSoIsWhatWasNeverComplete() throws Exception {
        try (CheckpointWriter first = writer(0, 2, 2);
                CheckpointWriter second = writer(1, 2, 2)) {
            first.save(0, Map.of());
            first.await();
            for (int step = 1; step < 6; step++) {
                first.save(step, Map.of("x", Shard.whole(numbers(DType.I8, 3))));
                second.save(step, Map.of());
                first.await();
                second.await();
                assertEquals(step, Checkpoint.latest(folder).orElseThrow().step());
                requireLeft(Math.min(step, 2));
            }
        }
        try (Stream<Path> folders = Files.list(folder)) {
            assertEquals(2, folders.count());
        }
    }

    /** Names of files have the same digits for every user. */
    @Test
    void digitsAreThoseOfNoLanguage() throws IOException {
        Locale usual = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        try {
            assumeTrue("١".equals(String.format("%d", 1)), "cannot run here: this JDK knows no digits but its own");
            try (CheckpointWriter writer = writer(0, 1, 1)) {
                writer.save(7, Map.of("x", Shard.whole(numbers(DType.F32, 3))));
            }
            Checkpoint.latest(folder).orElseThrow().verify();
        } finally {
            Locale.setDefault(usual);
        }
    }

    /** They are deleted after the new one is complete. */
    private void requireLeft(int checkpoints) throws Exception {
        long begun = System.nanoTime();
        while (Checkpoint.folders(folder).size() > checkpoints) {
            assertTrue(System.nanoTime() - begun < TimeUnit.MINUTES.toNanos(1), Checkpoint.folders(folder)::toString);
            Thread.sleep(1);
        }
        assertEquals(checkpoints, Checkpoint.list(folder).size());
    }

    @Test
    void whatCannotBeWrittenIsTold() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        CheckpointWriter writer = new CheckpointWriter(file, 0, 1, 1, 1, 0);
        Tensor large = Tensor.zeros(DType.F32, 3 << 20);
        writer.save(1, Map.of("x", Shard.whole(large)));
        assertThrows(IOException.class, writer::await);
        writer.save(2, Map.of("x", Shard.whole(large)));
        assertThrows(IOException.class, writer::close);
        writer.close();
        assertThrows(IllegalStateException.class, () -> writer.save(3, Map.of()));
        assertEquals(Optional.empty(), Checkpoint.latest(file));
    }

    /** Whatever it is that ends a step, the thread takes the next one. */
    @Test
    void whatNobodyForesawIsToldAndTheNextStepWritten() throws IOException {
        Map<String, Shard> shards = Map.of("x", Shard.whole(numbers(DType.F32, 3)));
        CheckpointWriter writer = writer(0, 2, 1);
        Path other = Checkpoint.folder(folder, 1, 1).resolve(CheckpointWriter.name(1));
        Files.createDirectories(other.getParent());
        Files.write(other, new byte[3]); // no safetensors, which this rank sees when it comes to the manifest
        writer.save(1, shards);
        IOException e = assertTimeoutPreemptively(
                Duration.ofMinutes(1), () -> assertThrows(IOException.class, writer::await), "await hangs");
        assertTrue(e.getMessage().contains("step 1 could not be written"), e.getMessage());
        assertTrue(e.getCause() instanceof FormatException, e::toString);
        writer.save(2, shards);
        writer.close();
        try (CheckpointWriter second = writer(1, 2, 1)) {
            second.save(2, shards);
        }
        assertEquals(2, Checkpoint.latest(folder).orElseThrow().step());
    }

    @Test
    void namesThatTheFormatKeepsAreRefusedAtOnce() throws IOException {
        Shard x = Shard.whole(numbers(DType.F32, 3));
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            try (CheckpointWriter writer = writer(0, 1, 1)) {
                IllegalArgumentException e =
                        assertThrows(IllegalArgumentException.class, () -> writer.save(1, Map.of("__metadata__", x)));
                assertTrue(e.getMessage().contains("'__metadata__'"), e.getMessage());
                writer.save(2, Map.of("x", x));
            }
        });
        assertEquals(1, Checkpoint.folders(folder).size());
    }

    @Test
    void anyByteThatChangesIsFoundAndNamed() throws IOException {
        for (int rank = 0; rank < 2; rank++) {
            try (CheckpointWriter writer = writer(rank, 2, 1)) {
                writer.save(
                        3,
                        Map.of(
                                "embedding", Shard.along(numbers(DType.F32, 5, 3), 0, rank * 5L, 10),
                                "bias", Shard.along(numbers(DType.I4, 6), 0, rank * 6L, 12)));
            }
        }
        Path of = Checkpoint.list(folder).getLast();
        Checkpoint.open(of).verify();
        int flipped = 0;
        for (String name : new String[] {"manifest.json", CheckpointWriter.name(0), CheckpointWriter.name(1)}) {
            Path file = of.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            int head = name.endsWith("json") ? whole.length : 8 + (whole[0] & 0xff) + (whole[1] << 8);
            for (int at = 0; at < whole.length; at++) {
                byte[] broken = whole.clone();
                broken[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, broken);
                FormatException e = assertThrows(
                        FormatException.class, () -> Checkpoint.open(of).verify(), name + " " + at);
                assertTrue(e.getMessage().contains(name), e.getMessage());
                assertTrue(at < head || e.getMessage().matches(".*tensor '(embedding|bias)'.*"), e.getMessage());
                flipped++;
            }
            Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));
            assertThrows(FormatException.class, () -> Checkpoint.open(of), "shorter");
            Files.delete(file);
            FormatException e = assertThrows(FormatException.class, () -> Checkpoint.open(of), "missing");
            assertTrue(e.getMessage().contains(name), e.getMessage());
            Files.write(file, whole);
        }
        Checkpoint.open(of).verify();
        assertTrue(flipped > 500, "bytes flipped: " + flipped);
    }

    /** A process that is killed at any moment leaves the old checkpoint or the new one: 10 times, 200 with {@code -Dgamut.test.full=true}. */
    @Test
    void survivesBeingKilled() throws Exception {
        int times = Boolean.getBoolean("gamut.test.full") ? 200 : 10;
        long last = -1;
        int between = 0;
        for (int run = 0; run < times; run++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            CheckpointVictim.class.getName(),
                            folder.toString(),
                            Integer.toString(run))
                    .redirectErrorStream(true)
                    .start();
            long said = last;
            try (BufferedReader reader = process.inputReader()) {
                String first = reader.readLine();
                assertEquals("complete " + (last + 1), first, "run " + run);
                said = last + 1;
                process.waitFor(random.nextInt(60_000), TimeUnit.MICROSECONDS);
                // By its handle, as the process itself would close what there is still to read.
                process.toHandle().destroyForcibly();
                process.waitFor();
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    // The last line may have been cut.
                    if (line.matches("complete \\d+")) {
                        said = Math.max(said, Long.parseLong(line.substring(9)));
                    }
                    assertFalse(line.startsWith("wrong"), line);
                }
            } finally {
                process.destroyForcibly();
            }
            for (Path of : Checkpoint.list(folder)) {
                last = Math.max(last, requireWhole(Checkpoint.open(of)));
            }
            assertTrue(last >= said, "step " + said + " was complete, the last one is " + last);
            between +=
                    Checkpoint.folders(folder).size() > Checkpoint.list(folder).size() ? 1 : 0;
        }
        System.out.printf("%d processes killed, %d of them while they wrote, at step %d%n", times, between, last);
    }

    private static long requireWhole(Checkpoint found) throws IOException {
        found.verify();
        Tensor weights = found.load("weights");
        assertEquals(
                CheckpointVictim.ROWS * CheckpointVictim.COLUMNS,
                weights.layout().size());
        for (float value : (float[]) weights.array()) {
            if (value != found.step()) {
                assertEquals(found.step(), value);
            }
        }
        assertEquals(found.step(), found.load("step").get());
        return found.step();
    }

    /** The format orders tensors by their offsets, whatever the order in the head. */
    @Test
    void tensorsWithoutElementsStandAnywhereInTheHead() throws IOException {
        Map<String, Tensor> read = read(
                "{\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"a\":{\"dtype\":\"F64\",\"shape\":[3,0],\"data_offsets\":[0,0]}}",
                8);
        assertEquals(List.of("a", "b"), List.copyOf(read.keySet()));
        assertEquals(0, read.get("a").layout().size());
    }

    @Test
    void filesThatAreNoSafetensors() throws IOException {
        String good = "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
        read(good, 8);
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put(good.replace("F32", "F31"), "is of type F31");
        wrong.put(good.replace("[2]", "[3]"), "it needs 12 bytes");
        wrong.put(good.replace("[2]", "[-2]"), "a shape that is no list of whole numbers");
        wrong.put(good.replace("[2]", "[4611686018427387904,4]"), "too large");
        wrong.put(
                good.replace("[2]", "[0,1099511627776,1099511627776]").replace("[0,8]", "[0,0]"),
                "[0, 1099511627776, 1099511627776], which is too large");
        String packed = "\"__metadata__\":{\"gamut.packed.x\":\"i4[4]\"},";
        wrong.put(good.replace("{\"x\"", "{" + packed + "\"x\""), "which F32[2] is not");
        wrong.put(good.replace("[0,8]", "[1,9]"), "begins at byte 1");
        wrong.put(good.replace("[0,8]", "[0]"), "has offsets [0]");
        wrong.put(good.replace("[0,8]", "{}"), "a data_offsets that is no list");
        wrong.put(good.replace("\"dtype\"", "\"type\""), "has no dtype");
        wrong.put(good.replace("}}", "},\"x\":{}}"), "key 'x' is there twice");
        wrong.put(good.replace("}}", "}"), "it ends too early");
        wrong.put(good + "x", "there is more after the object");
        wrong.put("[]", "an object was expected");
        wrong.put("{\"x\":" + "[".repeat(40), "nested deeper");
        wrong.put("{}", "tensors need 0 bytes of data; the file has 8");
        wrong.forEach((json, part) -> {
            FormatException e = assertThrows(FormatException.class, () -> read(json, 8), json);
            assertTrue(e.getMessage().contains(part), e.getMessage());
        });
        assertThrows(FormatException.class, () -> Safetensors.read(Files.write(folder.resolve("short"), new byte[3])));
        assertThrows(
                FormatException.class,
                () -> Safetensors.read(
                        Files.write(folder.resolve("long"), new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, 0})));
    }

    private Map<String, Tensor> read(String json, int data) throws IOException {
        byte[] text = json.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        java.nio.ByteBuffer file =
                java.nio.ByteBuffer.allocate(8 + text.length + data).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text);
        return Safetensors.read(Files.write(folder.resolve("x.safetensors"), file.array()));
    }
}
