package dev.gamut.ffm.opencl;

import static dev.gamut.dtype.DType.BF16;
import static dev.gamut.dtype.DType.F16;
import static dev.gamut.dtype.DType.F32;
import static dev.gamut.dtype.DType.F64;
import static dev.gamut.dtype.DType.I8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.convert.ConvertDesc;
import dev.gamut.device.DeviceInfo;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Rounding;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.ConvertKernel;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.ReduceKernel;
import dev.gamut.tensor.Layout;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What kernels take of devices that lack something; needs no device. */
class ClOfferTest {
    private static final OpenClProvider PROVIDER = new OpenClProvider(() -> {
        throw new AssertionError("an offer looks for no library");
    });

    private static OfferContext on(DType... arithmetic) {
        DeviceInfo device =
                new DeviceInfo("opencl:0", "Toy", DeviceInfo.Kind.GPU, 1 << 20, 1 << 20, 1, Set.of(arithmetic), "1");
        return new OfferContext(Capabilities.host(), PROVIDER.tuning(), 1, Optional.of(device));
    }

    private static Kernel<?, ?> kernel(String id) {
        return PROVIDER.kernels().stream()
                .filter(kernel -> kernel.info().id().toString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static String reason(Offer<?> offer) {
        return offer instanceof Offer.Decline<?>(String reason) ? reason : "";
    }

    private static String reason(String id, GemmDesc desc, OfferContext context) {
        return reason(((GemmKernel) kernel(id)).offer(desc, context));
    }

    @Test
    void withoutDoublesTheirKernelsDecline() {
        GemmDesc wide = GemmDesc.of(F64, 5, 6, 7);
        for (String id : List.of("gemm_f64_f64_f64_f64_opencl", "gemm_f64_f64_f64_f64_clblast")) {
            assertEquals("", reason(id, wide, on(F64, F32)));
            assertEquals("Toy has no arithmetic in F64", reason(id, wide, on(F32)));
        }
        ReduceKernel sum = (ReduceKernel) kernel("sum_f64_f64_opencl");
        ReduceDesc all = ReduceDesc.of(ReduceOp.SUM, F64, Layout.rowMajor(9), ReduceDesc.ALL);
        assertEquals("", reason(sum.offer(all, on(F64, F32))));
        assertTrue(reason(sum.offer(all, on(F32))).contains("F64"));
        ConvertKernel narrow = (ConvertKernel) kernel("convert_f64_bf16_opencl");
        ConvertDesc convert = ConvertDesc.of(MatrixDesc.rowMajor(F64, 2, 3), MatrixDesc.rowMajor(BF16, 2, 3));
        assertEquals("", reason(narrow.offer(convert, on(F64, F32))));
        assertTrue(reason(narrow.offer(convert, on(F32))).contains("F64"));
        assertTrue(reason(narrow.offer(convert.rounding(Rounding.TOWARD_ZERO), on(F64, F32)))
                .contains("TOWARD_ZERO"));
    }

    @Test
    void activationsNeedDoublesAndHalvesNeedNothing() {
        GemmDesc halves = GemmDesc.of(F16, 5, 6, 7);
        assertEquals("", reason("gemm_f16_f16_f32_f32_8x16_opencl", halves, on(F32)));
        GemmDesc gelu = halves.epilogue(List.of(new Epilogue.Gelu(false)));
        assertEquals("", reason("gemm_f16_f16_f32_f32_8x16_opencl", gelu, on(F32, F64)));
        assertTrue(reason("gemm_f16_f16_f32_f32_8x16_opencl", gelu, on(F32)).contains("evaluated in F64"));
    }

    @Test
    void withoutWholeSinglesNothingIsPromised() {
        for (DType type : List.of(F32, BF16, I8)) {
            GemmDesc desc = GemmDesc.of(type, 5, 6, 7);
            String id = PROVIDER.kernels().stream()
                    .map(kernel -> kernel.info().id())
                    .filter(k -> k.types().equals(desc.types())
                            && k.op().equals("gemm")
                            && k.impl().equals("opencl"))
                    .findFirst()
                    .orElseThrow()
                    .toString();
            assertTrue(reason(id, desc, on(F64)).contains("does not compute in F32 as IEEE 754 says"));
        }
    }

    @Test
    void whatIsNotTakenIsSaid() {
        GemmDesc desc = GemmDesc.of(F32, 5, 6, 7);
        MatrixDesc strided = new MatrixDesc(F32, 5, 7, 30, 2, 0, dev.gamut.dtype.Scaling.NONE, Optional.empty());
        assertTrue(
                reason("gemm_f32_f32_f32_f32_clblast", desc.a(strided), on(F32)).contains("strides 30 and 2"));
        assertEquals("", reason("gemm_f32_f32_f32_f32_8x16_opencl", desc.a(strided), on(F32)));
        assertTrue(reason("gemm_f64_f64_f64_f64_opencl", desc, on(F32)).startsWith("types are"));
        List<Epilogue.Op> long5 = List.of(
                new Epilogue.Relu(),
                new Epilogue.Relu(),
                new Epilogue.Relu(),
                new Epilogue.Relu(),
                new Epilogue.Relu());
        assertTrue(reason("gemm_f32_f32_f32_f32_8x16_opencl", desc.epilogue(long5), on(F32))
                .contains("5 operations"));
        GemmDesc wideBias = desc.epilogue(List.of(new Epilogue.Bias(true, F64)));
        assertTrue(reason("gemm_f32_f32_f32_f32_8x16_opencl", wideBias, on(F32, F64))
                .contains("is not read here"));
    }

    @Test
    void whatClBlastDoesNotTakeIsSaid() {
        String gemv = "gemm_f32_f32_f32_f32_clblastgemv";
        GemmDesc column = GemmDesc.of(F32, 5, 1, 7);
        MatrixDesc apart = new MatrixDesc(F32, 7, 1, 3, 1, 0, dev.gamut.dtype.Scaling.NONE, Optional.empty());
        assertEquals("", reason(gemv, column.b(apart), on(F32)));
        assertEquals("", reason(gemv, GemmDesc.of(F32, 1, 6, 7), on(F32)));
        assertTrue(reason(gemv, column.batch(2, 35, 7, 5), on(F32)).startsWith("batch is 2"));
        assertEquals("result is 5×6; one of its sizes must be 1", reason(gemv, GemmDesc.of(F32, 5, 6, 7), on(F32)));
        MatrixDesc same = new MatrixDesc(F32, 7, 1, 0, 1, 0, dev.gamut.dtype.Scaling.NONE, Optional.empty());
        assertTrue(reason(gemv, column.b(same), on(F32)).endsWith("elements of a vector must be at least 1 apart"));
        GemmDesc large = GemmDesc.of(F32, 50_000, 50_000, 4);
        assertTrue(reason("gemm_f32_f32_f32_f32_clblast", large, on(F32)).endsWith("padded, in 32 bits"));
        assertEquals("", reason(gemv, GemmDesc.of(F32, 1L << 30, 1, 1), on(F32)));
        ReduceKernel sum = (ReduceKernel) kernel("sum_f32_f32_clblast");
        ReduceDesc all = ReduceDesc.of(ReduceOp.SUM, F32, Layout.rowMajor(9, 4), ReduceDesc.ALL);
        assertEquals("", reason(sum.offer(all, on(F32))));
        ReduceDesc rows = ReduceDesc.of(ReduceOp.SUM, F32, Layout.rowMajor(9, 4), 1);
        assertTrue(reason(sum.offer(rows, on(F32))).startsWith("there are 9 results"));
        ReduceDesc gaps =
                ReduceDesc.of(ReduceOp.SUM, F32, Layout.of(new long[] {9, 4}, new long[] {5, 1}), ReduceDesc.ALL);
        assertTrue(reason(sum.offer(gaps, on(F32))).contains("equally far apart"));
        assertTrue(reason(sum.offer(all, on(F64))).contains("no arithmetic in F32"));
        ReduceDesc empty = ReduceDesc.of(ReduceOp.SUM, F32, Layout.rowMajor(0), ReduceDesc.ALL);
        assertTrue(reason(sum.offer(empty, on(F32))).contains("at least one term"));
    }
}
