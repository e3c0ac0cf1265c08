package dev.gamut.vector.codec;

import dev.gamut.dtype.Fp16;

/**
 * F16. C2 makes vector instructions of the first loop where the CPU has them for this type; they keep an NaN's payload,
 * which is not ours to keep.
 */
final class Fp16Encoder extends Encoder<short[]> {
    static final Fp16Encoder INSTANCE = new Fp16Encoder();

    private Fp16Encoder() {}

    @Override
    public void encode(float[] src, int s, short[] dst, int d, int n) {
        for (int i = 0; i < n; i += CHUNK) {
            int count = Math.min(CHUNK, n - i);
            round(src, s + i, dst, d + i, count);
            if (hasNan(src, s + i, count)) {
                for (int j = i; j < i + count; j++) {
                    dst[d + j] = Fp16.fromFloat(src[s + j]);
                }
            }
        }
    }

    private static void round(float[] src, int s, short[] dst, int d, int n) {
        for (int i = 0; i < n; i++) {
            dst[d + i] = Float.floatToFloat16(src[s + i]);
        }
    }
}
