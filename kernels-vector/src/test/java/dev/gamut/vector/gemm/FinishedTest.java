package dev.gamut.vector.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.OperatingSystemMXBean;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Tensor;
import dev.gamut.vector.matrix.F32Elements;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class FinishedTest {
    /** A row of C that is longer than an int counts, without a product. */
    @Test
    void rowsBeyondTheRangeOfIntEnd() {
        long room =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getFreeMemorySize() >> 20;
        assumeTrue(room >= 6_000, () -> "cannot run here: 2 GiB of results beside others, " + room + " MiB are free");
        long n = (1L << 31) + 5000;
        GemmDesc desc = GemmDesc.of(
                MatrixDesc.rowMajor(DType.I8, 1, 0),
                MatrixDesc.rowMajor(DType.I8, 0, n),
                MatrixDesc.rowMajor(DType.I8, 1, n),
                List.of(new Epilogue.Requantise(false, 7)));
        F32Elements elements = new F32Elements();
        Product<float[]> product =
                new Product<>(desc, false, elements, Method.EXACT, new Chain(desc, false, elements), null);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment c = arena.allocate(n + 1);
            GemmArgs args = new GemmArgs().epilogue(Epilogue.NONE.requantise(Tensor.of(new float[] {1}, 1), 7));
            args.c().set(c, DType.I8, 0);
            product.bind(args);
            new Exact(product, Blocking.KC).scale(0, 0, 1, 0, n, new Workspace());
            for (long at = n - 6000; at < n; at++) {
                assertEquals(7, c.get(ValueLayout.JAVA_BYTE, at));
            }
            assertEquals(0, c.get(ValueLayout.JAVA_BYTE, n));
        }
    }
}
