package dev.gamut.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The memory of a workspace: where it begins, and that each piece of it is made ready once. */
class WorkspaceTest {
    private static final long LARGE_PAGE = 2 << 20;

    private final List<MemorySegment> prepared = new ArrayList<>();

    @Test
    void beginsAtCacheLinesAndLargePages() {
        for (long size : new long[] {1, 64, 100, LARGE_PAGE - 1, LARGE_PAGE, LARGE_PAGE + 1, 5 * LARGE_PAGE}) {
            long alignment = size < LARGE_PAGE ? 64 : LARGE_PAGE;
            assertEquals(alignment, Workspace.alignment(size), () -> size + " bytes");
            try (Workspace w = new Workspace()) {
                MemorySegment memory = w.memory(size);
                assertTrue(memory.byteSize() >= size, () -> size + " bytes");
                assertEquals(0, memory.address() % alignment, () -> size + " bytes");
            }
        }
    }

    @Test
    void piecesArePreparedOnce() {
        try (Workspace w = new Workspace()) {
            MemorySegment first = w.memory(1_000);
            assertEquals(List.of(), prepared);
            // Who asked for it first did not prepare it.
            assertSame(first, w.memory(10, prepared::add));
            assertEquals(List.of(first), prepared);
            w.memory(1_000, prepared::add);
            w.memory(500);
            w.memory(1_000, prepared::add);
            assertEquals(1, prepared.size(), "the same piece again");

            MemorySegment second = w.memory(2_000, prepared::add);
            assertEquals(List.of(first, second), prepared, "a larger piece");
            MemorySegment third = w.memory(3_000);
            assertEquals(2, prepared.size());
            w.memory(1, prepared::add);
            assertSame(third, prepared.get(2), "a larger piece that another asked for");
        }
    }

    @Test
    void piecesAfterClosingArePreparedAgain() {
        Workspace w = new Workspace();
        w.memory(1_000, prepared::add);
        w.close();
        MemorySegment second = w.memory(1_000, prepared::add);
        assertEquals(2, prepared.size());
        assertSame(second, prepared.get(1));
        w.close();
    }

    @Test
    void whatFailsIsNotDone() {
        Consumer<MemorySegment> fails = memory -> {
            throw new IllegalStateException("no");
        };
        try (Workspace w = new Workspace()) {
            assertThrows(IllegalStateException.class, () -> w.memory(100, fails));
            w.memory(100, prepared::add);
            assertEquals(1, prepared.size());
        }
    }
}
