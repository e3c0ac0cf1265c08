package dev.gamut.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** A file that is written beside the one whose name it gets, which it replaces in a single step. Stateless and thread-safe. */
final class Replacement {
    private Replacement() {}

    /** Writes what the file shall hold. */
    @FunctionalInterface
    interface Contents {
        void write(FileChannel channel) throws IOException;
    }

    /**
     * Replaces a file, or makes it; whatever goes wrong, the old one stays whole.
     *
     * @param file where to; where that is a symbolic link, the file that it names
     * @param contents its bytes
     */
    static void write(Path file, Contents contents) throws IOException {
        Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".new");
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                contents.write(channel);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
