package dev.gamut.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Valid files: what NumPy writes is read, what Gamut writes is what NumPy would have written. */
class NpyTest {
    @TempDir
    private Path folder;

    private Tensor roundTrip(Tensor tensor) throws IOException {
        Path file = folder.resolve("x.npy");
        Npy.write(file, tensor);
        return Npy.read(file);
    }

    private static void assertSame(Tensor expected, Tensor actual) {
        assertEquals(expected.dtype(), actual.dtype());
        assertArrayEquals(expected.layout().shape(), actual.layout().shape());
        long[] index = new long[expected.rank()];
        for (long i = 0; i < expected.layout().size(); i++) {
            assertEquals(expected.get(index), actual.get(index));
            for (int axis = index.length - 1; axis >= 0 && ++index[axis] == expected.size(axis); axis--) {
                index[axis] = 0;
            }
        }
    }

    private static Tensor counting(DType type, long... shape) {
        Tensor tensor = Tensor.zeros(type, shape);
        for (long i = 0; i < tensor.layout().size(); i++) {
            type.store(tensor.segment(), i, i % 100 + 1);
        }
        return tensor;
    }

    @ParameterizedTest
    @EnumSource(names = {"F64", "F32", "F16", "I64", "I32", "I8", "U8"})
    void everyTypeAndRankSurvives(DType type) throws IOException {
        for (long[] shape : new long[][] {{}, {1}, {7}, {0}, {3, 5}, {0, 5}, {2, 3, 4}, {2, 1, 2, 3}}) {
            Tensor tensor = counting(type, shape);
            assertSame(tensor, roundTrip(tensor));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "F8E4M3", "F8E5M2", "F8E8M0", "F4E2M1", "I4"})
    void typesThatNumPyLacksAreRefused(DType type) {
        Path file = folder.resolve("x.npy");
        String message = assertThrows(IllegalArgumentException.class, () -> Npy.write(file, Tensor.zeros(type, 2)))
                .getMessage();
        assertTrue(message.contains("f2, f4, f8"), message);
        assertFalse(Files.exists(file));
    }

    @Test
    void scaledTensorsAreRefused() {
        Tensor scaled =
                Tensor.zeros(DType.I8, 2).scaled(Scaling.perTensor(DType.F32), Tensor.zeros(DType.F32, 1), null);
        assertThrows(IllegalArgumentException.class, () -> Npy.write(folder.resolve("x.npy"), scaled));
    }

    @Test
    void columnMajorStaysColumnMajor() throws IOException {
        Tensor tensor = counting(DType.F64, 4, 3).transpose();
        Tensor back = roundTrip(tensor);
        assertSame(tensor, back);
        assertEquals(1, back.layout().stride(0));
        assertEquals(3, back.layout().stride(1));
    }

    @Test
    void batchesInEveryOrderKeepTheirElements() throws IOException {
        Tensor batch = counting(DType.F64, 2, 3, 4);
        assertSame(batch.transpose(), roundTrip(batch.transpose()));
        Layout columns = Layout.colMajor(2, 3, 4);
        Tensor fortran = Tensor.of(batch.array(), DType.F64, columns, 0);
        assertSame(fortran, roundTrip(fortran));
        assertEquals(columns, roundTrip(fortran).layout());
    }

    @Test
    void stridedViewsAreGathered() throws IOException {
        Tensor base = counting(DType.F32, 6, 7);
        assertSame(base.slice(1, 2, 5), roundTrip(base.slice(1, 2, 5)));
        assertSame(base.slice(0, 1, 4), roundTrip(base.slice(0, 1, 4)));
        Tensor repeated = Tensor.of(new float[] {1, 2}, DType.F32, Layout.of(new long[] {3, 2}, new long[] {0, 1}), 0);
        assertSame(repeated, roundTrip(repeated));
        Tensor everyOther =
                Tensor.of(new long[] {1L << 60, 0, 3}, DType.I64, Layout.of(new long[] {2}, new long[] {2}), 0);
        assertEquals(
                1L << 60,
                roundTrip(everyOther).dtype().loadLong(roundTrip(everyOther).segment(), 0));
    }

    @Test
    void headersAreThoseOfNumPy() throws IOException {
        Path file = folder.resolve("x.npy");
        Npy.write(file, Tensor.of(new double[] {1, 2}, 2));
        byte[] data = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(1)
                .putDouble(2)
                .array();
        assertArrayEquals(
                NpyBytes.file(1, NpyBytes.dictionary("<f8", "False", "(2,)"), data), Files.readAllBytes(file));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void everyVersionIsRead(int version) throws IOException {
        byte[] bytes = NpyBytes.file(
                version, NpyBytes.dictionary("<i4", "True", "(2, 1)"), new byte[] {5, 0, 0, 0, 6, 0, 0, 0});
        Tensor tensor = Npy.read(Files.write(folder.resolve("x.npy"), bytes));
        assertEquals(6, tensor.get(1, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'descr': '|i1', 'fortran_order': False, 'shape': (2,), }",
                "{'descr': '<i1', 'fortran_order': False, 'shape': (2,)}",
                "{'shape': (2,), 'descr': 'i1', 'fortran_order': True}",
                "{\"descr\":\"=i1\",\"fortran_order\":False,\"shape\":(2,)}",
                "  {  'descr' :\n'|i1' , 'fortran_order' : False , 'shape' : ( 2 , ) }  ",
                "{'descr': '|i1', 'fortran_order': False, 'shape': (2, 1, 1, 1)}",
            })
    void spellingsOfTheSameHeader(String dictionary) throws IOException {
        Tensor tensor =
                Npy.read(Files.write(folder.resolve("x.npy"), NpyBytes.file(1, dictionary, new byte[] {1, -2})));
        assertEquals(-2, DType.I8.load(tensor.segment(), 1));
    }

    @Test
    void mappingReadsTheSame() throws IOException {
        Path file = folder.resolve("x.npy");
        Tensor tensor = counting(DType.F32, 300, 500);
        Npy.write(file, tensor);
        try (Arena arena = Arena.ofShared()) {
            Tensor mapped = Npy.map(file, arena);
            assertTrue(mapped.segment().isMapped() && mapped.segment().isReadOnly());
            assertSame(tensor, mapped);
        }
    }

    @Test
    void writingReplacesInOneStepAndLeavesNothingBehind() throws IOException {
        Path file = folder.resolve("x.npy");
        Files.writeString(file, "old");
        assertThrows(IllegalArgumentException.class, () -> Npy.write(file, Tensor.zeros(DType.BF16, 2)));
        assertEquals("old", Files.readString(file));
        Npy.write(file, counting(DType.F64, 3));
        assertSame(counting(DType.F64, 3), Npy.read(file));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }
}
