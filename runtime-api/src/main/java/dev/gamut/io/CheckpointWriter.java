package dev.gamut.io;

import dev.gamut.dtype.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * One rank's side of writing checkpoints while it computes: {@link #save} copies what it is given and returns, and a thread writes it, a
 * safetensors file for each rank with a checksum for each tensor. When a rank's file is on the disk and sees those of all others
 * there, it writes the manifest, which makes the checkpoint; until then the one before is the {@linkplain Checkpoint#latest latest}. Whatever
 * ends at any moment, what is found is the old one or the new one, never a mixture. Ranks need nothing but a file system that they share
 * and that shows a renamed file to all at once.
 *
 * <p>Memory is bounded: copies wait in native buffers of a given size altogether, and where that is less than what is saved,
 * {@code save} waits for the disk. Older checkpoints are deleted after a new one is complete. One thread at a time saves; the writer ends
 * when it is closed.
 */
public final class CheckpointWriter implements AutoCloseable {
    private static final int LEAST_CHUNK = 1 << 20;

    /** A disk writes larger ones no faster. */
    private static final int MOST_CHUNK = 8 << 20;

    private final Path root;
    private final int rank;
    private final int ranks;
    private final long run;
    private final int keep;
    private final int chunkBytes;
    private final int mostChunks;
    private final Arena arena = Arena.ofShared();
    private final BlockingQueue<ByteBuffer> free = new LinkedBlockingQueue<>();
    private final BlockingQueue<Work> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final AtomicInteger chunks = new AtomicInteger();
    private int pending;
    private IOException failure;
    private boolean closed;

    /** What the thread does next. */
    private sealed interface Work {}

    private record Begin(long step, SafetensorsHeader header, long headBytes) implements Work {}

    private record Data(ByteBuffer bytes) implements Work {}

    private record End() implements Work {}

    private record Close() implements Work {}

    /**
     * A writer for a rank.
     *
     * @param root folder for checkpoints, made where it is missing
     * @param rank of this process or thread, from 0
     * @param ranks how many save each step together
     * @param run at least 0: the same for all ranks, and used by no earlier run on this folder
     * @param keep how many complete checkpoints stay, at least 1
     * @param memory bytes for copies, at least 2 MiB are taken
     */
    public CheckpointWriter(Path root, int rank, int ranks, long run, int keep, long memory) {
        if (ranks < 1 || rank < 0 || rank >= ranks) {
            throw new IllegalArgumentException("rank is " + rank + " of " + ranks + ", must be 0 to ranks - 1");
        }
        if (run < 0 || keep < 1) {
            throw new IllegalArgumentException(
                    "run and keep are " + run + " and " + keep + "; run must be at least 0, keep at least 1");
        }
        this.root = root;
        this.rank = rank;
        this.ranks = ranks;
        this.run = run;
        this.keep = keep;
        chunkBytes = Math.clamp(memory / 8 / LEAST_CHUNK * LEAST_CHUNK, LEAST_CHUNK, MOST_CHUNK);
        mostChunks = Math.clamp(memory / chunkBytes, 2, Integer.MAX_VALUE);
        thread = Thread.ofPlatform().daemon().name("gamut-checkpoint-" + rank).start(this::work);
    }

    /**
     * Saves a step. The tensors may be changed when this returns; the checkpoint is complete when all ranks have saved the step and their
     * writers are done with it.
     *
     * @param step at least 0 and larger than that before
     * @param shards this rank's parts of tensors, by name
     * @throws IOException if an earlier step could not be written; this one is not begun then
     * @throws IllegalArgumentException if a shard cannot be saved under its name; the step is not begun then
     */
    public void save(long step, Map<String, Shard> shards) throws IOException {
        if (step < 0 || step > 999_999_999_999L) {
            throw new IllegalArgumentException("step is " + step + ", must be 0 to 10^12 - 1");
        }
        Map<String, DType> types = new LinkedHashMap<>();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        Map<String, String> texts = new LinkedHashMap<>();
        shards.forEach((name, shard) -> {
            Safetensors.requirePlain(name, shard.part());
            types.put(name, shard.part().dtype());
            shapes.put(name, shard.part().layout().shape());
            texts.put(SavedPart.BOX + name, shard.box());
            texts.put(SavedPart.SUM + name, "0".repeat(Manifest.DIGITS));
        });
        SafetensorsHeader header = new SafetensorsHeader(SafetensorsHeader.layOut(types, shapes), texts);
        Begin begin =
                new Begin(step, header, header.encode(BlockFile.BLOCK).length); // refuses what is no tensor's name
        begin();
        queue.add(begin);
        Copies copies = new Copies();
        try {
            for (Shard shard : shards.values()) {
                Safetensors.forEachPiece(shard.part(), copies);
            }
        } finally {
            copies.end(); // what it has matters no more after an exception, but that the memory comes back does
            queue.add(new End());
        }
    }

    private synchronized void begin() throws IOException {
        if (closed) {
            throw new IllegalStateException("the writer is closed");
        }
        throwFailure();
        pending++;
    }

    private void throwFailure() throws IOException {
        if (failure != null) {
            IOException told = failure;
            failure = null;
            throw told;
        }
    }

    /** The bytes of all tensors one after the other, cut into chunks. */
    private final class Copies implements Safetensors.Piece {
        private ByteBuffer filling;

        @Override
        public void put(MemorySegment segment, long from, long bytes) {
            for (long done = 0; done < bytes; ) {
                if (filling == null) {
                    filling = chunk();
                }
                int piece = (int) Math.min(filling.remaining(), bytes - done);
                MemorySegment.copy(segment, from + done, MemorySegment.ofBuffer(filling), 0, piece);
                filling.position(filling.position() + piece);
                done += piece;
                if (!filling.hasRemaining()) {
                    end();
                }
            }
        }

        void end() {
            if (filling != null) {
                queue.add(new Data(filling.flip()));
                filling = null;
            }
        }
    }

    /** Bytes of the buffers that there are. */
    long bufferBytes() {
        return (long) chunks.get() * chunkBytes;
    }

    private ByteBuffer chunk() {
        ByteBuffer chunk = free.poll();
        if (chunk == null && mayGrow()) {
            return made();
        }
        try {
            return (chunk == null ? free.take() : chunk).clear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while the disk was waited for; the step will not be complete", e);
        }
    }

    private boolean mayGrow() {
        return chunks.getAndUpdate(there -> Math.min(there + 1, mostChunks)) < mostChunks;
    }

    private ByteBuffer made() {
        boolean made = false;
        try {
            ByteBuffer chunk = arena.allocate(chunkBytes, BlockFile.BLOCK).asByteBuffer();
            made = true;
            return chunk;
        } finally {
            if (!made) {
                chunks.decrementAndGet();
            }
        }
    }

    /** Takes memory from the system for all of a step like the last one, which costs more than copying it, while nobody waits. */
    private void prepare(long bytes) {
        try {
            while (bufferBytes() < bytes && queue.isEmpty() && mayGrow()) {
                free.add(made());
            }
        } catch (OutOfMemoryError e) { // a saver that needs it will say so, or wait for what there is
            System.getLogger("dev.gamut").log(System.Logger.Level.DEBUG, "no memory for copies to come", e);
        }
    }

    /**
     * Waits until all that this rank saved is on the disk. The last step is then complete if all other ranks have come as far.
     *
     * @throws IOException if something could not be written
     */
    public synchronized void await() throws IOException {
        boolean interrupted = false;
        while (pending > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        throwFailure();
    }

    /**
     * Waits for the disk, and ends the thread.
     *
     * @throws IOException if something could not be written
     */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            await();
        } finally {
            queue.add(new Close());
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            arena.close();
        }
        synchronized (this) {
            throwFailure();
        }
    }

    private void work() {
        Output output = null;
        while (true) {
            Work next;
            try {
                next = queue.take();
            } catch (InterruptedException e) {
                continue; // Nobody interrupts this thread to end it.
            }
            switch (next) {
                case Begin begin -> output = new Output(begin);
                case Data data -> {
                    output.write(data.bytes);
                    free.add(data.bytes); // written or not, as savers wait for it
                }
                case End end -> {
                    output.finish();
                    done(output.failure);
                    if (output.completes) {
                        tidy(output.step);
                    }
                    prepare(output.length);
                }
                case Close close -> {
                    return;
                }
            }
        }
    }

    private synchronized void done(IOException problem) {
        pending--;
        note(problem);
        notifyAll();
    }

    private synchronized void note(IOException problem) {
        failure = failure == null ? problem : failure;
    }

    /** Deleting takes long, and is no part of a checkpoint. */
    private void tidy(long step) {
        try {
            prune(step);
        } catch (Throwable e) { // handed to whoever saves next: the thread goes on
            note(told(step, e));
        }
    }

    private static IOException told(long step, Throwable problem) {
        return problem instanceof IOException known
                ? known
                : new IOException("step " + step + " could not be written: " + problem, problem);
    }

    /**
     * A rank's file while it is written. After a failure, whatever it is, it takes what comes and drops it, so that savers need not wait for
     * ever.
     */
    private final class Output {
        private final long step;
        private final SafetensorsHeader header;
        private final Path folder;
        private final Path file;
        private final Path temporary;
        private final long begin;
        private Sums sums;
        private BlockFile blocks;
        private long length;
        private boolean completes;
        private IOException failure;

        Output(Begin begins) {
            step = begins.step;
            header = begins.header;
            folder = Checkpoint.folder(root, step, run);
            file = folder.resolve(name(rank));
            temporary = folder.resolve(name(rank) + ".new");
            begin = begins.headBytes;
            attempt(() -> {
                sums = new Sums(header);
                Files.createDirectories(folder);
                blocks = BlockFile.create(temporary);
            });
        }

        private interface Action {
            void run() throws IOException;
        }

        private void attempt(Action action) {
            if (failure == null) {
                carryOut(action);
            }
        }

        private void carryOut(Action action) {
            try {
                action.run();
            } catch (Throwable e) { // handed to whoever waits, whatever it is: the thread goes on
                failure = failure == null ? told(step, e) : failure;
            }
        }

        /** All but the last one are of whole blocks. */
        void write(ByteBuffer bytes) {
            attempt(() -> {
                int count = bytes.remaining();
                sums.add(bytes.duplicate());
                blocks.write(bytes, begin + length);
                length += count;
            });
        }

        /** Checksums are known now, and the head that has them is as long as the one without. */
        void finish() {
            attempt(() -> {
                if (length != header.dataBytes()) {
                    throw new IOException("step " + step + " was not saved to its end");
                }
                sums.all().forEach((name, sum) -> header.metadata().put(SavedPart.SUM + name, Manifest.digits(sum)));
                try (Arena heads = Arena.ofConfined()) {
                    MemorySegment head = heads.allocate(begin, BlockFile.BLOCK);
                    blocks.write(
                            head.copyFrom(MemorySegment.ofArray(header.encode(BlockFile.BLOCK)))
                                    .asByteBuffer(),
                            0);
                }
                blocks.finish(begin + length);
            });
            if (blocks != null) {
                carryOut(blocks::close);
            }
            attempt(() -> {
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
                Manifest.sync(folder);
                Manifest.sync(root);
                completes = complete(folder, step);
            });
        }
    }

    /** Checksums of tensors whose bytes come one after the other. */
    private static final class Sums {
        private final Map<String, CRC32C> sums = new LinkedHashMap<>();
        private final Iterator<Map.Entry<String, SafetensorsHeader.Entry>> coming;
        private CRC32C sum;
        private long left;

        Sums(SafetensorsHeader header) {
            header.entries().keySet().forEach(name -> sums.put(name, new CRC32C()));
            coming = header.entries().entrySet().iterator();
        }

        void add(ByteBuffer bytes) {
            while (bytes.hasRemaining()) {
                while (left == 0) {
                    Map.Entry<String, SafetensorsHeader.Entry> next = coming.next();
                    sum = sums.get(next.getKey());
                    left = next.getValue().bytes();
                }
                int part = (int) Math.min(left, bytes.remaining());
                sum.update(bytes.slice(bytes.position(), part));
                bytes.position(bytes.position() + part);
                left -= part;
            }
        }

        Map<String, CRC32C> all() {
            return sums;
        }
    }

    static String name(int rank) {
        return String.format(Locale.ROOT, "rank-%06d.safetensors", rank);
    }

    /**
     * Writes the manifest if all files are there. The last rank to rename its own sees all others; two that come at once write the same.
     */
    private boolean complete(Path folder, long step) throws IOException {
        List<Manifest.Part> parts = new ArrayList<>();
        for (int of = 0; of < ranks; of++) {
            Path file = folder.resolve(name(of));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                String head = Manifest.checksum(Safetensors.head(file, channel));
                parts.add(new Manifest.Part(name(of), channel.size(), head));
            } catch (NoSuchFileException e) {
                return false;
            }
        }
        new Manifest(step, run, parts).write(folder);
        return true;
    }

    /** Deletes complete checkpoints beyond those to be kept, and whatever older was never completed. */
    private void prune(long newest) throws IOException {
        List<Path> folders = new ArrayList<>(Checkpoint.folders(root));
        folders.removeIf(folder -> Checkpoint.stepOf(folder) >= newest);
        int kept = 1;
        for (Path folder : folders.reversed()) {
            if (Checkpoint.isComplete(folder) && kept < keep) {
                kept++;
            } else {
                delete(folder);
            }
        }
    }

    /** The manifest goes first: what is left after a crash is no checkpoint. */
    private static void delete(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(Manifest.NAME));
        try {
            Manifest.sync(folder);
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(folder);
        } catch (NoSuchFileException | java.nio.file.DirectoryNotEmptyException e) {
            System.getLogger("dev.gamut").log(System.Logger.Level.DEBUG, "another rank deletes " + folder, e);
        }
    }
}
