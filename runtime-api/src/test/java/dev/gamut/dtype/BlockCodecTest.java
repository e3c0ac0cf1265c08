package dev.gamut.dtype;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks in the codec's own order: every BF16 code comes back, floats are rounded as one by one, and nothing beside them is touched. */
class BlockCodecTest {
    private static final int MOST = 256;
    private static final byte GUARD = 0x5a;

    private final BlockCodec codec = BlockCodec.of(DType.BF16, DType.BF16, MOST);
    private final float[] block = new float[MOST];

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 255, 256})
    void everyCodeComesBack(int n) {
        for (int first = 0; first < 1 << 16; first += n) {
            short[] codes = new short[n];
            for (int i = 0; i < n; i++) {
                short code = (short) (first + i);
                codes[i] = Bf16.fromFloat(Bf16.toFloat(code)); // NaNs have one code
            }
            codec.load(MemorySegment.ofArray(codes), 0, MemorySegment.ofArray(block), n);
            short[] back = new short[n];
            codec.store(MemorySegment.ofArray(block), MemorySegment.ofArray(back), 0, n);
            assertArrayEquals(codes, back);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 255, 256})
    void floatsAreRoundedAsOneByOne(int n) {
        short[] numbers = new short[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = Bf16.fromFloat(i + 1);
        }
        SplittableRandom random = new SplittableRandom(n);
        for (int round = 0; round < 200; round++) {
            codec.load(MemorySegment.ofArray(numbers), 0, MemorySegment.ofArray(block), n);
            short[] expected = new short[n];
            for (int position = 0; position < (n + 1) / 2 * 2; position++) {
                int element = (int) block[position] - 1; // -1: none, after an odd number of them
                if (element >= 0) {
                    block[position] = Float.intBitsToFloat(random.nextInt());
                    expected[element] = Bf16.fromFloat(block[position]);
                }
            }
            byte[] back = new byte[2 * n + 4];
            Arrays.fill(back, GUARD);
            codec.store(MemorySegment.ofArray(block), MemorySegment.ofArray(back), 2, n);
            for (int i = 0; i < n; i++) {
                assertEquals(expected[i], (short) (back[2 + 2 * i] & 0xff | back[3 + 2 * i] << 8));
            }
            assertEquals(GUARD, back[1]);
            assertEquals(GUARD, back[2 * n + 2]);
        }
    }
}
