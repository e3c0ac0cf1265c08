package dev.gamut.ffm.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which memory is kept, and for whom; needs no device. */
class SpareTest {
    private static final long MEMORY = 1L << 30;

    private final Spare spare = new Spare(MEMORY);

    private long made(long address, long bytes) {
        long size = spare.rounded(bytes);
        spare.made(address, size);
        return size;
    }

    @Test
    void sizesWasteAnEighthAtMost() {
        for (long bytes = 4_096; bytes < 1L << 23; bytes += 977) {
            long size = spare.rounded(bytes);
            assertTrue(size >= bytes && size * 8 <= bytes * 9, bytes + " become " + size);
            assertEquals(size, spare.rounded(size));
        }
        assertEquals(512, spare.rounded(1));
        assertEquals((MEMORY >> 3) + 1, spare.rounded((MEMORY >> 3) + 1), "what is not kept is not rounded");
    }

    @Test
    void aPieceIsGivenToWhoAsksForAsMuch() {
        long size = made(7, 1_000);
        assertEquals(0, spare.take(size));
        assertTrue(spare.keep(7));
        assertEquals(0, spare.take(2 * size));
        assertEquals(7, spare.take(size));
        assertEquals(0, spare.take(size));
    }

    @Test
    void noMoreThanAShareIsKept() {
        long large = MEMORY / 2;
        made(1, large);
        assertFalse(spare.keep(1), "a piece as large as that");
        long size = MEMORY / 32 / 4;
        for (long address = 10; address < 14; address++) {
            made(address, size);
            assertTrue(spare.keep(address));
        }
        made(14, size);
        assertFalse(spare.keep(14));
        assertEquals(
                List.of(10L, 11L, 12L, 13L), spare.drain().stream().sorted().toList());
        assertEquals(List.of(), spare.drain());
        assertFalse(spare.keep(10), "it was freed");
    }
}
