package dev.gamut.hw;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Linux tells a process about its CPU: the hardware capability bits of getauxval(3). Unlike /proc/cpuinfo they are those
 * of the process, also where an emulator or a personality shows it another CPU than the machine's.
 *
 * @param hwcap AT_HWCAP
 * @param hwcap2 AT_HWCAP2
 */
record AuxiliaryVector(long hwcap, long hwcap2) {
    private static final AuxiliaryVector EMPTY = new AuxiliaryVector(0, 0);
    private static final long AT_HWCAP = 16;
    private static final long AT_HWCAP2 = 26;
    private static final int ENTRY = 2 * Long.BYTES;

    /** Of a process of 64 bits; empty where there is no such file. */
    static AuxiliaryVector read(Path file) {
        if (!Files.isReadable(file)) {
            return EMPTY;
        }
        try {
            return of(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder()));
        } catch (IOException e) {
            System.getLogger("dev.gamut").log(System.Logger.Level.WARNING, "cannot read " + file + ": " + e);
            return EMPTY;
        }
    }

    private static AuxiliaryVector of(ByteBuffer entries) {
        long hwcap = 0;
        long hwcap2 = 0;
        while (entries.remaining() >= ENTRY) {
            long key = entries.getLong();
            long value = entries.getLong();
            hwcap = key == AT_HWCAP ? value : hwcap;
            hwcap2 = key == AT_HWCAP2 ? value : hwcap2;
        }
        return new AuxiliaryVector(hwcap, hwcap2);
    }
}
