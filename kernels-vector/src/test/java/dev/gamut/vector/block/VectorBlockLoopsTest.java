package dev.gamut.vector.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Communicators;
import dev.gamut.collective.Combine;
import dev.gamut.conformance.CollectiveRules;
import dev.gamut.dtype.Bf16;
import dev.gamut.dtype.Convert;
import dev.gamut.dtype.DType;
import dev.gamut.hw.Capabilities;
import dev.gamut.spi.BlockCodec;
import dev.gamut.spi.BlockOperation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Codecs of blocks against {@link Convert}, wherever the elements lie: the same bits, those of NaNs apart when they are loaded, and nothing beside them is touched. */
class VectorBlockLoopsTest {
    private static final int MOST = 256;
    private static final byte GUARD = 0x5a;

    private final float[] block = new float[MOST];
    private final float[] expected = new float[MOST];
    private final SplittableRandom random = new SplittableRandom(20261126);

    private static BlockCodec codec(DType type) {
        return new VectorBlockLoops()
                .codec(Capabilities.host(), type, type, MOST)
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"BF16", "F16", "F8E4M3", "F8E5M2"})
    void bitsAreThoseOfTheConversion(DType type) {
        BlockCodec codec = codec(type);
        try (Arena arena = Arena.ofConfined()) {
            int room = 2 * MOST + 16;
            List<MemorySegment> places = List.of(
                    MemorySegment.ofArray(new byte[room]),
                    MemorySegment.ofArray(new short[room / 2]),
                    MemorySegment.ofArray(new int[room / 4]),
                    arena.allocate(room));
            for (MemorySegment place : places) {
                boolean shorts = place.heapBase().orElse(null) instanceof short[];
                for (int first : shorts ? new int[] {0, 2, 6} : new int[] {0, 1, 2, 7}) {
                    for (int n : new int[] {1, 2, 3, 15, 16, 17, 64, 255, 256}) {
                        load(codec, type, place, first, n);
                        store(codec, type, place, first, n);
                    }
                }
            }
        }
    }

    private void load(BlockCodec codec, DType type, MemorySegment place, int first, int n) {
        for (long i = 0; i < place.byteSize(); i++) {
            place.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        codec.load(place, first, MemorySegment.ofArray(block), n);
        MemorySegment from = place.asSlice(first, type.bytes(n));
        Convert.convert(from, type, 0, MemorySegment.ofArray(expected), DType.F32, 0, n);
        assertArrayEquals(bits(expected, n), bits(block, n), type + " of " + n + " at " + first + " of " + place);
    }

    private void store(BlockCodec codec, DType type, MemorySegment place, int first, int n) {
        for (int i = 0; i < n; i++) {
            block[i] = i % 3 == 0
                    ? Float.intBitsToFloat(random.nextInt())
                    : (float) ((random.nextDouble() - 0.5) * Math.scalb(1.0, random.nextInt(-12, 12)));
        }
        place.fill(GUARD);
        codec.store(MemorySegment.ofArray(block), place, first, n);
        byte[] want = new byte[(int) place.byteSize()];
        Arrays.fill(want, GUARD);
        MemorySegment to = MemorySegment.ofArray(want).asSlice(first, type.bytes(n));
        Convert.convert(MemorySegment.ofArray(block), DType.F32, 0, to, type, 0, n);
        assertArrayEquals(
                want, place.toArray(ValueLayout.JAVA_BYTE), type + " of " + n + " at " + first + " of " + place);
    }

    private static int[] bits(float[] numbers, int n) {
        int[] bits = new int[n];
        for (int i = 0; i < n; i++) {
            bits[i] = Float.floatToIntBits(numbers[i]);
        }
        return bits;
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32", "I64", "I8", "I4", "F4E2M1"})
    void othersAreLeftToOthers(DType type) {
        assertTrue(new VectorBlockLoops()
                .codec(Capabilities.host(), type, type, MOST)
                .isEmpty());
    }

    /** In place and apart, at any index: each sum rounded once, and nothing beside them is touched. */
    @Test
    @SuppressWarnings("unchecked")
    void sumsAreThoseOfJava() {
        VectorBlockLoops loops = new VectorBlockLoops();
        Capabilities host = Capabilities.host();
        BlockOperation<double[]> doubles = (BlockOperation<double[]>)
                loops.operation(host, DType.F64, Combine.SUM).orElseThrow();
        BlockOperation<float[]> floats = (BlockOperation<float[]>)
                loops.operation(host, DType.F32, Combine.AVERAGE).orElseThrow();
        BlockOperation<long[]> longs = (BlockOperation<long[]>)
                loops.operation(host, DType.I64, Combine.SUM).orElseThrow();
        for (int n = 0; n < 70; n++) {
            double[] x = random.doubles(100, -1, 1).toArray();
            double[] y = random.doubles(100, -1e9, 1e9).toArray();
            float[] fx = new float[100];
            float[] fy = new float[100];
            long[] lx = random.longs(100).toArray();
            long[] ly = random.longs(100).toArray();
            double[] sums = x.clone();
            float[] ofFloats = fx.clone();
            long[] ofLongs = ly.clone();
            for (int i = 0; i < 100; i++) {
                fx[i] = (float) x[i];
                fy[i] = (float) y[i];
            }
            for (int i = 0; i < n; i++) {
                sums[5 + i] = x[5 + i] + y[9 + i];
                ofFloats[2 + i] = fx[7 + i] + fy[1 + i];
                ofLongs[3 + i] = lx[4 + i] + ly[3 + i];
            }
            doubles.apply(x, 5, x, 5, y, 9, n);
            assertArrayEquals(sums, x);
            float[] apart = new float[100];
            floats.apply(apart, 2, fx, 7, fy, 1, n);
            assertArrayEquals(ofFloats, apart);
            longs.apply(ly, 3, lx, 4, ly, 3, n);
            assertArrayEquals(ofLongs, ly);
        }
        assertTrue(loops.operation(host, DType.F32, Combine.MAX).isEmpty());
    }

    /** Each code once on the left, with codes of all kinds on the right. */
    @Test
    @SuppressWarnings("unchecked")
    void sumsOfBf16AreRoundedOnce() {
        BlockOperation<short[]> add = (BlockOperation<short[]>) new VectorBlockLoops()
                .operation(Capabilities.host(), DType.BF16, Combine.SUM)
                .orElseThrow();
        int n = 1 << 16;
        short[] special = {
            0, (short) 0x8000, 1, 0x7F7F, (short) 0xFF7F, 0x7F80, (short) 0xFF80, 0x7F81, 0x7FFF, (short) 0xFFC1
        };
        short[] x = new short[n + 3];
        short[] y = new short[n + 3];
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < n; i++) {
                x[i] = (short) i;
                y[i + 1] = round < special.length ? special[round] : (short) random.nextInt();
            }
            short[] sums = new short[n + 3];
            add.apply(sums, 2, x, 0, y, 1, n);
            short[] inPlace = x.clone();
            add.apply(inPlace, 0, inPlace, 0, y, 1, n);
            for (int i = 0; i < n; i++) {
                float want = Bf16.toFloat(Bf16.fromFloat(Bf16.toFloat(x[i]) + Bf16.toFloat(y[i + 1])));
                assertEquals(want, Bf16.toFloat(sums[i + 2]), i + " + " + y[i + 1]);
                assertEquals(want, Bf16.toFloat(inPlace[i]));
            }
            assertEquals(0, sums[1] | sums[n + 2]);
        }
    }

    @Test
    void collectivesAreRightWithThem() {
        for (int ranks = 1; ranks <= 4; ranks++) {
            Communicators.threads(ranks, comm -> {
                for (int s = 0; s < 20; s++) {
                    CollectiveRules.sequence(comm, 7 + s);
                }
            });
        }
    }
}
