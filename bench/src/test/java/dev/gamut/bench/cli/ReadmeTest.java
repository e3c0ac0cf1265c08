package dev.gamut.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gamut.Gamut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The guide's generated table is that of the kernels there are. */
class ReadmeTest {
    @Test
    void theTableOfKernelsIsCurrent() throws IOException {
        String guide = Files.readString(Path.of("..", "README.md"));
        try (Gamut gamut = Gamut.open()) {
            boolean complete =
                    gamut.kernels().stream().anyMatch(k -> k.provider().equals("native"));
            Assumptions.assumeTrue(complete, "cannot run here: no library has the kernels in C");
            assertEquals(
                    MarkedText.replace(guide, "kernels", KernelMarkdown.table(gamut.kernels())),
                    guide,
                    "renew it: ./gamut doctor --readme README.md");
        }
    }
}
