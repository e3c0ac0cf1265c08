package dev.gamut.bench.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.UUID;

/** Files that are written whole or not at all: into a temporary neighbour first, which then takes their place. */
public final class OutputFile {
    private OutputFile() {}

    /** What fills a file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes everything.
         *
         * @param file an empty file
         */
        void writeTo(Path file) throws IOException;
    }

    /**
     * Refuses a path that cannot become a file.
     *
     * @param file where output shall go
     * @param option the option that named it
     */
    public static void require(Path file, String option) {
        if (Files.isDirectory(file)) {
            throw Failure.usage(option + " is " + file + ", a directory; a file is needed");
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file)) {
            throw Failure.usage(option + " is " + file + ", which is not a regular file");
        }
        Path folder = folder(file);
        if (!Files.isDirectory(folder)) {
            throw Failure.usage(option + " is " + file + "; its directory does not exist");
        }
        if (!Files.isWritable(folder)) {
            throw Failure.usage(option + " is " + file + "; its directory is not writable");
        }
    }

    /**
     * Makes a directory for output, or refuses a path that cannot become one or cannot hold the files, before any work is
     * done.
     *
     * @param directory where output shall go
     * @param option the option that named it
     * @param files names of the files that will be written there
     */
    public static void prepareDirectory(Path directory, String option, String... files) {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw Failure.usage(option + " is " + directory + ", a file; a directory is needed");
        }
        try {
            Files.createDirectories(directory);
            for (String file : files) {
                require(directory.resolve(file), option);
                Files.delete(Files.createFile(neighbour(target(directory.resolve(file)))));
            }
        } catch (IOException e) {
            throw Failure.usage(option + " is " + directory + ", which is not writable: " + Complaints.message(e));
        }
    }

    private static Path folder(Path file) {
        Path parent = file.toAbsolutePath().normalize().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    /**
     * Writes a text file.
     *
     * @param file the file to make or replace
     * @param text its content
     */
    public static void write(Path file, String text) {
        write(file, temporary -> Files.writeString(temporary, text, StandardCharsets.UTF_8));
    }

    /**
     * Writes a file. If anything goes wrong, what was there before stays as it was.
     *
     * @param file the file to make or replace; of a symbolic link, what it points at
     * @param content writes it
     */
    public static void write(Path file, Content content) {
        Path temporary = null;
        try {
            Path target = target(file);
            temporary = Files.createFile(neighbour(target));
            content.writeTo(temporary);
            keepPermissions(target, temporary);
            move(temporary, target);
        } catch (IOException e) {
            throw Failure.data("cannot write " + file + ": " + Complaints.message(e), e);
        } finally {
            discard(temporary);
        }
    }

    private static Path target(Path file) throws IOException {
        return Files.isSymbolicLink(file) ? file.toRealPath() : file;
    }

    /** A name of this process alone; made in the ordinary way, so that the file has the permissions new files have. */
    private static Path neighbour(Path target) {
        String name = "." + target.getFileName() + "." + UUID.randomUUID() + ".new";
        return folder(target).resolve(name);
    }

    private static void keepPermissions(Path target, Path temporary) throws IOException {
        if (Files.exists(target) && Files.getFileAttributeView(target, PosixFileAttributeView.class) != null) {
            Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(target));
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException _) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void discard(Path temporary) {
        try {
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            System.getLogger("dev.gamut").log(System.Logger.Level.WARNING, "cannot remove " + temporary + ": " + e);
        }
    }
}
