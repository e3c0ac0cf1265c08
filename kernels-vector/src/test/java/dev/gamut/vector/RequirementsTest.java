package dev.gamut.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.hw.CacheTopology;
import dev.gamut.hw.Capabilities;
import dev.gamut.hw.Feature;
import dev.gamut.spi.Kernel;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every kernel of the module asks the same of a machine and says so in the same words. */
class RequirementsTest {
    @Test
    void everyKernelDeclinesAlike() {
        VectorProvider provider = new VectorProvider();
        Capabilities good =
                new Capabilities("aarch64", "any", Set.of(Feature.NEON, Feature.FMA), 128, 1, CacheTopology.DEFAULT);
        Capabilities old = new Capabilities("x86_64", "old", Set.of(), 128, 1, CacheTopology.DEFAULT);
        for (Capabilities machine : List.of(good, good.withVectorBits(0), good.withVectorBits(64), old)) {
            for (Kernel<?, ?> kernel : provider.kernels()) {
                assertEquals(
                        provider.unavailable(machine),
                        kernel.unavailable(machine),
                        kernel.info().id().toString());
            }
            assertEquals(machine == good, provider.unavailable(machine).isEmpty());
        }
        assertTrue(provider.unavailable(good.withVectorBits(64)).orElseThrow().contains("64 bits"));
    }
}
