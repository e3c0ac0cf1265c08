package dev.gamut.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReleasesTest {
    private final Releases releases = new Releases();
    private final List<Integer> tried = new ArrayList<>();

    private void refuse(int thing) {
        tried.add(thing);
        throw new IllegalStateException("refused " + thing);
    }

    @Test
    void whatIsRefusedTwiceHidesNothingElse() {
        for (int thing = 0; thing < 3; thing++) {
            int refused = thing;
            assertThrows(IllegalStateException.class, () -> releases.free(() -> refuse(refused)));
        }
        IllegalStateException e = assertThrows(IllegalStateException.class, releases::again);
        assertEquals("refused 0", e.getMessage());
        assertEquals(2, e.getSuppressed().length);
        assertEquals(List.of(0, 1, 2, 0, 1, 2), tried);
        releases.again(); // of which nothing is left
    }
}
