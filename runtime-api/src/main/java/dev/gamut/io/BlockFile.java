package dev.gamut.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A file that is written in whole blocks, past the system's page cache where its file system has direct I/O: what is written once, and read
 * again after a failure alone, would be copied there, take the place of what is needed, and be written no faster.
 */
final class BlockFile implements Closeable {
    /** Buffers, what they hold and where it goes are aligned to that: no disk's blocks are larger. */
    static final int BLOCK = 4096;

    private static final Set<OpenOption> OPTIONS =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);

    /** Of which the compiler warns, as it need not be there. */
    private static final Optional<OpenOption> DIRECT = direct();

    private final FileChannel channel;

    private static Optional<OpenOption> direct() {
        try {
            Object[] all = Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants();
            return Stream.of(all)
                    .map(OpenOption.class::cast)
                    .filter(option -> option.toString().equals("DIRECT"))
                    .findFirst();
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    }

    private BlockFile(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Opens a file, empty.
     *
     * @param file made where it is missing
     * @throws IOException if it cannot be written
     */
    static BlockFile create(Path file) throws IOException {
        FileChannel direct = direct(file);
        return new BlockFile(direct == null ? FileChannel.open(file, OPTIONS) : direct);
    }

    /** Null where the file system has none, or does not tell of its blocks; what else is wrong is said of the plain file. */
    private static FileChannel direct(Path file) {
        Set<OpenOption> options = new HashSet<>(OPTIONS);
        DIRECT.ifPresent(options::add);
        try {
            return DIRECT.isPresent()
                            && BLOCK % Files.getFileStore(file.getParent()).getBlockSize() == 0
                    ? FileChannel.open(file, options)
                    : null;
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }

    /** The least multiple of a block that holds so many bytes. */
    static long blocks(long bytes) {
        return Math.ceilDiv(bytes, BLOCK) * BLOCK;
    }

    /**
     * Writes a buffer up to its limit, and what is behind that as far as the block goes.
     *
     * @param buffer native, aligned, of whole blocks
     * @param position in the file, a multiple of a block
     */
    void write(ByteBuffer buffer, long position) throws IOException {
        buffer.limit((int) blocks(buffer.limit()));
        Safetensors.put(channel, buffer, position);
    }

    /** Cuts off what was written behind the end, and brings all of it to the disk. */
    void finish(long length) throws IOException {
        channel.truncate(length);
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
