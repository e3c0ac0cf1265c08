package dev.gamut.bench.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes that were laid out once serve products with every type of results, as the same bytes do that were not. */
class PackedBytesTest {
    @Test
    void everyTypeOfResultsTakesThem() {
        try (Gamut gamut = Gamut.open(GamutConfig.defaults().threads(1))) {
            Tensor a = bytes(37, 300);
            Tensor b = bytes(300, 53);
            PackedMatrix packed = gamut.pack(b);
            assertEquals(List.of(DType.I8, DType.I8, DType.I32), types(packed).subList(0, 3));
            for (DType type : List.of(DType.I32, DType.I64)) {
                Tensor expected = Tensor.zeros(type, 37, 53);
                Tensor results = Tensor.zeros(type, 37, 53);
                gamut.gemm(a, b, expected);
                gamut.gemm(a, packed, results);
                assertEquals(-1, expected.segment().mismatch(results.segment()), packed + " with results of " + type);
                assertTrue(results.segment().mismatch(Tensor.zeros(type, 37, 53).segment()) >= 0);
            }
        }
    }

    private static List<DType> types(PackedMatrix packed) {
        return packed.desc().packed().orElseThrow().types();
    }

    private static Tensor bytes(int rows, int cols) {
        byte[] data = new byte[rows * cols];
        new Random(rows).nextBytes(data);
        return Tensor.of(data, DType.I8, Layout.rowMajor(rows, cols), 0);
    }
}
