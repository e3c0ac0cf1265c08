package dev.gamut.io;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Files as NumPy writes them, and files as nobody should write them, byte by byte. */
final class NpyBytes {
    private NpyBytes() {}

    /** A file of a version with a dictionary of one's own making. */
    static byte[] file(int version, String dictionary, byte[] data) {
        int prefix = version == 1 ? 10 : 12;
        int length = (prefix + dictionary.length() + 1 + 63) / 64 * 64 - prefix;
        return file(version, length, dictionary + " ".repeat(length - dictionary.length() - 1) + "\n", data);
    }

    /** A file whose header says that it has some length. */
    static byte[] file(int version, long length, String header, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        for (int i = 0; i < (version == 1 ? 2 : 4); i++) {
            out.write((int) (length >>> 8 * i));
        }
        out.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(data);
        return out.toByteArray();
    }

    static String dictionary(String descr, String order, String shape) {
        return "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
    }
}
