package dev.gamut.bench.run;

import dev.gamut.Gamut;
import dev.gamut.dtype.DType;
import dev.gamut.io.CheckpointWriter;
import dev.gamut.io.Shard;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * What writing checkpoints costs: their rate against that of a loop that writes one file of the same bytes from the same memory and forces it to
 * the disk, in turn; and how much longer a step takes in which one is saved, by a product of F32 repeated for as long as a step lasts. The
 * loop goes through the system's page cache or past it, whichever is faster on that disk.
 *
 * @param size bytes of the state
 * @param checkpoint seconds to write it, for each round, until it is complete on the disk
 * @param file seconds of the loop, for each round
 * @param step seconds of a step alone
 * @param save seconds that saving kept a step waiting, for each round
 * @param slower seconds that a step in which a checkpoint was saved and written took longer than one alone, for each round
 */
public record CheckpointRates(
        long size, double[] checkpoint, double[] file, double step, double[] save, double[] slower) {
    private static final int PIECE = 8 << 20;

    /** Sizes are multiples of it, as what goes past the page cache is. */
    public static final int BLOCK = 4096;

    /** A tensor is no larger, as in programs. */
    private static final long TENSOR = 256L << 20;

    private static final int ORDER = 512;

    private static final long PAUSE_NANOS = 10_000_000;

    /** The checkpoints' rate as a share of the file's: the median of rounds. */
    public double share() {
        double[] shares = new double[file.length];
        Arrays.setAll(shares, i -> file[i] / checkpoint[i]);
        return median(shares);
    }

    /** The share of a step that saving keeps it waiting: the median of rounds. */
    public double stall() {
        return median(save) / step;
    }

    /** The middle one. */
    public static double median(double[] all) {
        double[] sorted = DoubleStream.of(all).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** Where it is measured, and by what. */
    private record Meter(Gamut gamut, Path folder, Map<String, Shard> state, MemorySegment bytes) {
        double file(Set<OpenOption> cache) throws IOException {
            Path file = folder.resolve("file");
            Set<OpenOption> options = new HashSet<>(cache);
            options.addAll(List.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            long begun = System.nanoTime();
            try (FileChannel channel = FileChannel.open(file, options)) {
                for (long at = 0; at < bytes.byteSize(); at += PIECE) {
                    ByteBuffer piece = bytes.asSlice(at, Math.min(PIECE, bytes.byteSize() - at))
                            .asByteBuffer();
                    while (piece.hasRemaining()) {
                        channel.write(piece);
                    }
                }
                channel.force(true);
                return (System.nanoTime() - begun) / 1e9;
            } finally {
                Files.deleteIfExists(file);
            }
        }

        /** The way of writing a file that is faster here. */
        Set<OpenOption> faster() throws IOException {
            double through = file(Set.of());
            try {
                // The compiler warns of its name.
                Object[] options =
                        Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants();
                Set<OpenOption> past = Stream.of(options)
                        .map(OpenOption.class::cast)
                        .filter(option -> option.toString().equals("DIRECT"))
                        .collect(Collectors.toSet());
                return file(past) < through ? past : Set.of();
            } catch (ClassNotFoundException | IOException | UnsupportedOperationException e) {
                return Set.of(); // a JDK or a file system that has no direct I/O
            }
        }

        double checkpoint(CheckpointWriter writer, long step) throws IOException {
            long begun = System.nanoTime();
            writer.save(step, state);
            writer.await();
            double seconds = (System.nanoTime() - begun) / 1e9;
            settle();
            return seconds;
        }

        /** Until the checkpoint before is deleted, which is not counted, as with the file. */
        void settle() throws IOException {
            while (true) {
                try (var all = Files.list(folder)) {
                    if (all.count() == 1) {
                        return;
                    }
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        double compute(int products) {
            Tensor a = Tensor.zeros(DType.F32, ORDER, ORDER);
            Tensor c = Tensor.zeros(DType.F32, ORDER, ORDER);
            long begun = System.nanoTime();
            for (int i = 0; i < products; i++) {
                gamut.gemm(a, a, c);
            }
            return (System.nanoTime() - begun) / 1e9;
        }
    }

    /**
     * Measures.
     *
     * @param folder where to write, an empty one; checkpoints stay there
     * @param size of the state in bytes, a multiple of {@link #BLOCK}
     * @param memory of the writer in bytes
     * @param rounds how often
     * @param seconds of a step
     * @throws IOException if it cannot be written
     */
    public static CheckpointRates measure(Path folder, long size, long memory, int rounds, double seconds)
            throws IOException {
        double[] checkpoint = new double[rounds];
        double[] file = new double[rounds];
        double[] save = new double[rounds];
        double[] slower = new double[rounds];
        try (Arena arena = Arena.ofShared();
                Gamut gamut = Gamut.open()) {
            MemorySegment bytes = arena.allocate(size, BLOCK);
            SplittableRandom random = new SplittableRandom(1); // no disk stores it as less
            for (long at = 0; at + 8 <= size; at += 8) {
                bytes.set(ValueLayout.JAVA_LONG, at, random.nextLong());
            }
            Meter meter = new Meter(gamut, folder, state(bytes), bytes);
            long step = 0;
            try (CheckpointWriter writer = new CheckpointWriter(folder, 0, 1, 1, 1, memory)) {
                // The first one takes memory from the system, as the first file does blocks from the file system.
                meter.checkpoint(writer, step++);
                Set<OpenOption> cache = meter.faster();
                for (int round = 0; round < rounds; round++) {
                    file[round] = meter.file(cache);
                    checkpoint[round] = meter.checkpoint(writer, step++);
                }
                int products = 1;
                while (meter.compute(products) < seconds / 4) { // and the compiler has seen it
                    products *= 2;
                }
                products = (int) Math.ceil(products * seconds / meter.compute(products));
                double alone = Math.min(meter.compute(products), meter.compute(products));
                for (int round = 0; round < rounds; round++) {
                    long begun = System.nanoTime();
                    writer.save(step++, meter.state);
                    save[round] = (System.nanoTime() - begun) / 1e9;
                    slower[round] = save[round] + meter.compute(products) - alone;
                    writer.await();
                    meter.settle();
                }
                return new CheckpointRates(size, checkpoint, file, alone, save, slower);
            }
        }
    }

    private static Map<String, Shard> state(MemorySegment bytes) {
        Map<String, Shard> state = new LinkedHashMap<>();
        for (long at = 0; at < bytes.byteSize(); at += TENSOR) {
            MemorySegment part = bytes.asSlice(at, Math.min(TENSOR, bytes.byteSize() - at));
            state.put("t" + state.size(), Shard.whole(Tensor.of(part, DType.U8, Layout.rowMajor(part.byteSize()))));
        }
        return state;
    }
}
