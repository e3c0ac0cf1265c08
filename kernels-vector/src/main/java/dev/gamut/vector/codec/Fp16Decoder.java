package dev.gamut.vector.codec;

/** F16. C2 makes vector instructions of this loop where the CPU has them for this type; the Vector API has none. */
final class Fp16Decoder extends Decoder<short[]> {
    static final Fp16Decoder INSTANCE = new Fp16Decoder();

    private Fp16Decoder() {}

    @Override
    public void decode(short[] src, int s, float[] dst, int d, int n) {
        for (int i = 0; i < n; i++) {
            dst[d + i] = Float.float16ToFloat(src[s + i]);
        }
    }
}
