package dev.gamut.vector.matrix;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.Workspace;
import dev.gamut.vector.Species;
import dev.gamut.vector.codec.Decoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** F32 elements in {@code float[]} and in segments. */
public final class F32Elements extends Elements<float[]> {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = Species.F32_LANES;
    private static final ValueLayout.OfFloat LAYOUT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final int BYTES = Float.BYTES;

    @Override
    public DType type() {
        return DType.F32;
    }

    @Override
    public Image<float[]> image(MatrixDesc desc, boolean transposed, boolean differences) {
        return Decoder.decodes(desc.type()) ? new Codes<>(desc, transposed, differences, this) : new Loads(desc);
    }

    @Override
    public Scales scales(MatrixDesc desc, boolean transposed) {
        return desc.scaling().hasScales() ? new Scales(desc, transposed, false, this) : null;
    }

    @Override
    public int lineStart() {
        return (64 - 16) / BYTES;
    }

    @Override
    public float[] cast(Object array) {
        return array instanceof float[] d ? d : null;
    }

    @Override
    public float[] allocate(int size) {
        return new float[size];
    }

    @Override
    public float[] scratch(Workspace workspace, int slot, int size) {
        return workspace.floats(slot, size);
    }

    @Override
    public void gather(
            float[] src, int s0, int outerStride, int innerStride, int outer, int inner, float[] dst, int d0, int ld) {
        if (innerStride == 1) {
            for (int o = 0, s = s0, d = d0; o < outer; o++, s += outerStride, d += ld) {
                System.arraycopy(src, s, dst, d, inner);
            }
            return;
        }
        // Reading along the shorter stride touches each cache line of the source once.
        if (outerStride < innerStride) {
            for (int i = 0; i < inner; i++) {
                for (int o = 0, s = s0 + i * innerStride, d = d0 + i; o < outer; o++, s += outerStride, d += ld) {
                    dst[d] = src[s];
                }
            }
            return;
        }
        for (int o = 0; o < outer; o++) {
            for (int i = 0, s = s0 + o * outerStride, d = d0 + o * ld; i < inner; i++, s += innerStride) {
                dst[d + i] = src[s];
            }
        }
    }

    @Override
    public void scatter(
            float[] src, int s0, int ld, float[] dst, int d0, int outerStride, int innerStride, int outer, int inner) {
        if (innerStride == 1) {
            for (int o = 0, s = s0, d = d0; o < outer; o++, s += ld, d += outerStride) {
                System.arraycopy(src, s, dst, d, inner);
            }
            return;
        }
        if (outerStride < innerStride) {
            for (int i = 0; i < inner; i++) {
                for (int o = 0, s = s0 + i, d = d0 + i * innerStride; o < outer; o++, s += ld, d += outerStride) {
                    dst[d] = src[s];
                }
            }
            return;
        }
        for (int o = 0; o < outer; o++) {
            for (int i = 0, s = s0 + o * ld, d = d0 + o * outerStride; i < inner; i++, d += innerStride) {
                dst[d] = src[s + i];
            }
        }
    }

    @Override
    public void fetch(
            MemorySegment src,
            long s0,
            long outerStride,
            long innerStride,
            int outer,
            int inner,
            float[] dst,
            int d0,
            int ld) {
        for (int o = 0; o < outer; o++) {
            long s = s0 + o * outerStride;
            int d = d0 + o * ld;
            if (innerStride == 1) {
                MemorySegment.copy(src, LAYOUT, s * BYTES, dst, d, inner);
            } else {
                for (int i = 0; i < inner; i++) {
                    dst[d + i] = src.getAtIndex(LAYOUT, s + i * innerStride);
                }
            }
        }
    }

    @Override
    public void flush(
            float[] src,
            int s0,
            int ld,
            MemorySegment dst,
            long d0,
            long outerStride,
            long innerStride,
            int outer,
            int inner) {
        for (int o = 0; o < outer; o++) {
            int s = s0 + o * ld;
            long d = d0 + o * outerStride;
            if (innerStride == 1) {
                MemorySegment.copy(src, s, dst, LAYOUT, d * BYTES, inner);
            } else {
                for (int i = 0; i < inner; i++) {
                    dst.setAtIndex(LAYOUT, d + i * innerStride, src[s + i]);
                }
            }
        }
    }

    @Override
    public int lanes() {
        return L;
    }

    @Override
    public void pack(
            float[] src,
            int s0,
            int widthStride,
            int depthStride,
            int width,
            int panel,
            int depth,
            float[] dst,
            int d0) {
        if (width < panel || widthStride != 1 && depthStride != 1) {
            packStrided(src, s0, widthStride, depthStride, width, panel, depth, dst, d0);
        } else if (widthStride == 1) {
            packRuns(src, s0, depthStride, panel, depth, dst, d0);
        } else {
            packTransposed(src, s0, widthStride, panel, depth, dst, d0);
        }
    }

    /** Any strides, and the last panel with its padding. */
    private static void packStrided(
            float[] src,
            int s0,
            int widthStride,
            int depthStride,
            int width,
            int panel,
            int depth,
            float[] dst,
            int d0) {
        Arrays.fill(dst, d0, d0 + depth * panel, 0);
        for (int w = 0; w < width; w++) {
            for (int p = 0, s = s0 + w * widthStride, d = d0 + w; p < depth; p++, s += depthStride, d += panel) {
                dst[d] = src[s];
            }
        }
    }

    /** Copies a run of {@code panel} elements for each step of depth; a partial vector is completed by the next run. */
    private static void packRuns(float[] src, int s0, int depthStride, int panel, int depth, float[] dst, int d0) {
        int whole = panel - panel % L;
        for (int p = 0, s = s0, d = d0; p < depth; p++, s += depthStride, d += panel) {
            for (int w = 0; w < whole; w += L) {
                Species.F32_CLASS.cast(FloatVector.fromArray(S, src, s + w)).intoArray(dst, d + w);
            }
            if (whole < panel) {
                if (s + whole <= src.length - L) {
                    Species.F32_CLASS
                            .cast(FloatVector.fromArray(S, src, s + whole))
                            .intoArray(dst, d + whole);
                } else {
                    for (int w = whole; w < panel; w++) {
                        dst[d + w] = src[s + w];
                    }
                }
            }
        }
    }

    /** Lines that are contiguous along k, four at a time, so that four stores fall into one cache line of the panel. */
    private static void packTransposed(
            float[] src, int s0, int widthStride, int panel, int depth, float[] dst, int d0) {
        int w = 0;
        for (; w + 4 <= panel; w += 4) {
            int s = s0 + w * widthStride;
            int s1 = s + widthStride;
            int s2 = s1 + widthStride;
            int s3 = s2 + widthStride;
            for (int p = 0, d = d0 + w; p < depth; p++, d += panel) {
                dst[d] = src[s + p];
                dst[d + 1] = src[s1 + p];
                dst[d + 2] = src[s2 + p];
                dst[d + 3] = src[s3 + p];
            }
        }
        for (; w < panel; w++) {
            int s = s0 + w * widthStride;
            for (int p = 0, d = d0 + w; p < depth; p++, d += panel) {
                dst[d] = src[s + p];
            }
        }
    }

    @Override
    public double round(double factor) {
        return (float) factor;
    }

    @Override
    public void scale(float[] x, int from, int count, double beta) {
        if (beta == 0) {
            Arrays.fill(x, from, from + count, 0);
            return;
        }
        for (int i = from; i < from + count; i++) {
            x[i] = (float) beta * x[i];
        }
    }

    @Override
    public void join(int count, float[] sum, int s0, float[] c, int c0, double alpha, double beta) {
        if (beta == 0) {
            FloatRows.scale(count, (float) alpha, sum, s0, c, c0);
        } else {
            FloatRows.join(count, (float) alpha, sum, s0, (float) beta, c, c0);
        }
    }
}
