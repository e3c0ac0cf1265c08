package dev.gamut.io;

import dev.gamut.error.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What makes files a checkpoint: the file that says how long each of them is and which checksum its head has, and whose last line is its
 * own. It is renamed to its name when all others are on the disk, so that it is there if and only if they are.
 *
 * @param step of the computation
 * @param run tells apart attempts to write one step
 * @param files one for each rank
 */
record Manifest(long step, long run, List<Part> files) {
    static final String NAME = "manifest.json";

    /** CRC-32C in hexadecimal digits. */
    static final int DIGITS = 8;

    private static final long VERSION = 1;

    /** A rank's file. */
    record Part(String name, long bytes, String head) {}

    static String checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return digits(crc);
    }

    static String digits(CRC32C crc) {
        return String.format("%08x", crc.getValue());
    }

    private String text() {
        StringBuilder text =
                new StringBuilder("{\"gamut\":" + VERSION + ",\"step\":" + step + ",\"run\":" + run + ",\"files\":[");
        for (Part part : files) {
            text.append(part == files.getFirst() ? "\n" : ",\n")
                    .append("{\"name\":")
                    .append(Json.quote(part.name));
            text.append(",\"bytes\":")
                    .append(part.bytes)
                    .append(",\"head\":\"")
                    .append(part.head)
                    .append("\"}");
        }
        text.append("\n]}\n");
        return text + checksum(text.toString().getBytes(StandardCharsets.UTF_8)) + "\n";
    }

    /** Writes it to the disk, and then lets it be seen. */
    void write(Path folder) throws IOException {
        Path temporary = folder.resolve(NAME + "." + UUID.randomUUID() + ".new");
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                Safetensors.put(channel, ByteBuffer.wrap(text().getBytes(StandardCharsets.UTF_8)), 0);
                channel.force(true);
            }
            Files.move(temporary, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        sync(folder);
    }

    /** Makes names in a folder last. Windows opens no folders, and keeps names itself. */
    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (AccessDeniedException e) {
            if (!Files.isReadable(folder)) {
                throw e;
            }
        }
    }

    static Manifest read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new FormatException(file, 0, "there is no such file: the checkpoint was never completed");
        }
        int body = bytes.length - DIGITS - 1;
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (body < 0) {
            throw new FormatException(file, bytes.length, "the file ends before its checksum");
        }
        String sum = checksum(java.util.Arrays.copyOf(bytes, body));
        if (!text.endsWith("\n" + sum + "\n")) {
            throw new FormatException(file, body, "the checksum is not that of the lines before it, which is " + sum);
        }
        Map<String, Object> said = Json.object(file, 0, text.substring(0, text.length() - DIGITS - 1));
        List<Part> files = new ArrayList<>();
        if (!(said.get("step") instanceof Long step)
                || !(said.get("run") instanceof Long run)
                || !(said.get("files") instanceof List<?> list)
                || !Long.valueOf(VERSION).equals(said.get("gamut"))) {
            throw new FormatException(file, 0, "no manifest of version " + VERSION);
        }
        for (Object part : list) {
            if (!(part instanceof Map<?, ?> of)
                    || !(of.get("name") instanceof String name)
                    || !(of.get("bytes") instanceof Long length)
                    || !(of.get("head") instanceof String head)) {
                throw new FormatException(file, 0, "a file without name, bytes or head");
            }
            files.add(new Part(name, length, head));
        }
        return new Manifest(step, run, List.copyOf(files));
    }
}
