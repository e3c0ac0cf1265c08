package dev.gamut.dtype;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Four-bit integers and the packing of nibbles. */
class Int4Test {
    @Test
    void everyPairOfValuesPacksLowNibbleFirst() {
        for (int even = Int4.MIN; even <= Int4.MAX; even++) {
            for (int odd = Int4.MIN; odd <= Int4.MAX; odd++) {
                byte packed = Int4.pack(even, odd);
                assertEquals(Math.floorMod(even, 16) + 16 * Math.floorMod(odd, 16), packed & 0xFF);
                assertEquals(even, Int4.even(packed));
                assertEquals(odd, Int4.odd(packed));
            }
        }
    }

    @Test
    void codesExtendTheirSign() {
        for (int code = 0; code < 16; code++) {
            assertEquals(code < 8 ? code : code - 16, Int4.toByte(code));
            assertEquals(Int4.toByte(code), Int4.toByte(code | 0xA0));
        }
    }

    @Test
    void doublesRoundHalfToEvenAndSaturate() {
        double[] from = {-9, -8.5, -7.5, -0.5, -0.4, 0.5, 0.51, 1.5, 2.5, 6.5, 7.5, 1e300, Double.NaN};
        int[] to = {-8, -8, -8, 0, 0, 0, 1, 2, 2, 6, 7, 7, 0};
        for (int i = 0; i < from.length; i++) {
            assertEquals(to[i], Int4.fromDouble(from[i]), "of " + from[i]);
        }
        assertEquals(-8, Int4.fromDouble(Double.NEGATIVE_INFINITY));
        assertEquals(7, Int4.saturate(Long.MAX_VALUE));
        assertEquals(-8, Int4.saturate(Long.MIN_VALUE));
    }

    @Test
    void settingANibbleKeepsAllOthers() {
        int n = 33;
        int[] codes = new int[n];
        byte[] bytes = new byte[17];
        MemorySegment s = MemorySegment.ofArray(bytes);
        Random random = new Random(4);
        for (int step = 0; step < 2_000; step++) {
            int index = random.nextInt(n);
            codes[index] = random.nextInt(16);
            Int4.setNibble(s, index, codes[index] | random.nextInt(16) << 4);
            int[] read = new int[n];
            for (int i = 0; i < n; i++) {
                read[i] = Int4.getNibble(s, i);
            }
            assertArrayEquals(codes, read);
        }
        assertEquals(0, bytes[16] >> 4, "the unused nibble at the end");
    }

    @Test
    void nibblesOutsideTheSegmentAreRefused() {
        MemorySegment s = MemorySegment.ofArray(new byte[2]);
        assertThrows(IndexOutOfBoundsException.class, () -> Int4.getNibble(s, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> Int4.setNibble(s, -1, 0));
    }
}
