package dev.gamut.bench.sve;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A shared library for 64-bit Arm as it lies in its file: names, code and data by the addresses that they are linked at. It is not
 * loaded, so that any machine can look into it. (System V Application Binary Interface, chapters 4 and 5; ELF for the Arm 64-bit
 * Architecture, section 5.7.)
 */
final class Elf {
    /** What a name stands for. */
    record Symbol(String name, long address, long size, boolean isFunction) {}

    private record Section(int type, long address, int offset, int size, int link) {}

    private static final int MAGIC = 0x464c457f;
    private static final int SYMBOLS = 2;
    private static final int RELOCATIONS = 4;
    private static final int NO_DATA = 8;
    private static final int SYMBOL_BYTES = 24;
    private static final int RELOCATION_BYTES = 24;
    private static final int FUNCTION = 2;
    /** A pointer into the library itself: R_AARCH64_RELATIVE. */
    private static final int RELATIVE = 1027;

    private final ByteBuffer file;
    private final List<Section> sections = new ArrayList<>();

    /**
     * Reads the table of sections.
     *
     * @param bytes of a file for a little-endian machine of 64 bits
     */
    Elf(byte[] bytes) {
        file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (file.getInt(0) != MAGIC) {
            throw new IllegalArgumentException("this is no ELF file");
        }
        int table = (int) file.getLong(0x28);
        int stride = file.getShort(0x3a);
        for (int i = 0; i < file.getShort(0x3c); i++) {
            int at = table + i * stride;
            sections.add(new Section(
                    file.getInt(at + 4),
                    file.getLong(at + 16),
                    (int) file.getLong(at + 24),
                    (int) file.getLong(at + 32),
                    file.getInt(at + 40)));
        }
    }

    /** All names, those of functions that are not exported too; none where the file was stripped of them. */
    List<Symbol> symbols() {
        List<Symbol> symbols = new ArrayList<>();
        for (Section section : sections) {
            for (int at = 0; section.type == SYMBOLS && at < section.size; at += SYMBOL_BYTES) {
                int symbol = section.offset + at;
                symbols.add(new Symbol(
                        text(sections.get(section.link).offset + file.getInt(symbol)),
                        file.getLong(symbol + 8),
                        file.getLong(symbol + 16),
                        (file.get(symbol + 4) & 0xf) == FUNCTION));
            }
        }
        return symbols;
    }

    /** Addresses of pointers into the library itself, and where they point. */
    Map<Long, Long> pointers() {
        Map<Long, Long> pointers = new HashMap<>();
        for (Section section : sections) {
            for (int at = 0; section.type == RELOCATIONS && at < section.size; at += RELOCATION_BYTES) {
                int relocation = section.offset + at;
                if (file.getInt(relocation + 8) == RELATIVE) {
                    pointers.put(file.getLong(relocation), file.getLong(relocation + 16));
                }
            }
        }
        return pointers;
    }

    /** What lies at an address. */
    byte[] bytes(long address, long size) {
        byte[] bytes = new byte[(int) size];
        file.get(offset(address), bytes);
        return bytes;
    }

    /** A number of 64 bits at an address. */
    long number(long address) {
        return file.getLong(offset(address));
    }

    /** Text at an address, up to the zero that ends it. */
    String textAt(long address) {
        return text(offset(address));
    }

    private int offset(long address) {
        return sections.stream()
                .filter(s -> s.type != NO_DATA && s.address != 0 && s.address <= address)
                .filter(s -> address < s.address + s.size)
                .mapToInt(s -> (int) (s.offset + address - s.address))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("nothing lies at " + Long.toHexString(address)));
    }

    private String text(int offset) {
        int end = offset;
        while (file.get(end) != 0) {
            end++;
        }
        return new String(file.array(), offset, end - offset, StandardCharsets.US_ASCII);
    }
}
