package dev.gamut.ffm.library;

import dev.gamut.hw.Capabilities;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The machine that a library is for, by the head of its file (System V ABI, "ELF header"): the dynamic linker says of a library for
 * another one only that there is no such file.
 */
final class ElfHeader {
    private static final int MAGIC = 0x464C457F; // 0x7F, "ELF", read as a number
    private static final int MACHINE = 18;
    private static final int LENGTH = 20;
    private static final Map<Integer, String> NAMES = Map.of(0x3E, "x86_64", 0xB7, "aarch64");

    private ElfHeader() {}

    /** What stands against opening a file here; empty where nothing is seen that does. */
    static Optional<String> objection(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(LENGTH);
        }
        ByteBuffer header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        if (head.length < LENGTH || header.getInt(0) != MAGIC) {
            return Optional.empty();
        }
        int machine = header.getShort(MACHINE) & 0xFFFF;
        String name = NAMES.getOrDefault(machine, "ELF machine " + machine);
        return name.equals(Capabilities.host().arch())
                ? Optional.empty()
                : Optional.of("it is for " + name + ", this machine is "
                        + Capabilities.host().arch());
    }
}
