package dev.gamut.ffm.gpu;

import static dev.gamut.dtype.DType.BF16;
import static dev.gamut.dtype.DType.F16;
import static dev.gamut.dtype.DType.F32;
import static dev.gamut.dtype.DType.F64;
import static dev.gamut.dtype.DType.I8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.device.DeviceInfo;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What kernels take and refuse; needs no device. */
class GpuOfferTest {
    private static final CudaProvider CUDA = new CudaProvider(() -> {
        throw new AssertionError("an offer looks for no library");
    });

    private static String reason(GemmDesc desc, int capability) {
        DeviceInfo device = new DeviceInfo(
                "cuda:0",
                "Toy",
                DeviceInfo.Kind.GPU,
                1 << 20,
                1 << 20,
                1,
                Set.copyOf(Vendor.CUDA.arithmetic(capability)),
                "1");
        OfferContext context = new OfferContext(Capabilities.host(), CUDA.tuning(), 1, Optional.of(device));
        GemmKernel kernel = CUDA.kernels().stream()
                .filter(GemmKernel.class::isInstance)
                .map(GemmKernel.class::cast)
                .filter(k -> k.info().id().types().equals(desc.types()))
                .findFirst()
                .orElseThrow();
        return kernel.offer(desc, context) instanceof Offer.Decline<?>(String reason) ? reason : "";
    }

    private static MatrixDesc strided(DType type, long rows, long cols, long rowStride, long colStride) {
        return new MatrixDesc(type, rows, cols, rowStride, colStride, 0, Scaling.NONE, Optional.empty());
    }

    @Test
    void olderDevicesLackTypes() {
        assertEquals("", reason(GemmDesc.of(F32, 5, 6, 7), 50));
        assertEquals("", reason(GemmDesc.of(F64, 5, 6, 7), 50));
        assertEquals("", reason(GemmDesc.of(F16, 5, 6, 7), 75));
        assertEquals("Toy has no arithmetic in BF16 that keeps the bound", reason(GemmDesc.of(BF16, 5, 6, 7), 75));
        assertEquals("", reason(GemmDesc.of(BF16, 5, 6, 7), 80));
        assertEquals(
                List.of(),
                Vendor.ROCM.arithmetic(90).stream().filter(t -> t.bits() == 16).toList());
    }

    @Test
    void stridesMustBeThoseOfBlas() {
        GemmDesc desc = GemmDesc.of(F32, 5, 6, 7);
        assertEquals("", reason(desc.a(strided(F32, 5, 7, 1, 9)), 90));
        assertTrue(reason(desc.a(strided(F32, 5, 7, 30, 2)), 90).contains("strides are 30 and 2 for a"));
        assertTrue(reason(desc.c(strided(F32, 5, 6, 30, 2)), 90).contains("30 and 2 for c"));
    }

    @Test
    void integersMustBeContiguousAlongTheirTerms() {
        GemmDesc rows = GemmDesc.of(I8, 5, 6, 7);
        assertTrue(reason(rows, 90).contains("rows of a and columns of b are contiguous"));
        assertEquals("", reason(rows.b(strided(I8, 7, 6, 1, 7)), 90));
        GemmDesc columns = rows.b(strided(I8, 7, 6, 1, 7)).c(strided(DType.I32, 5, 6, 1, 5));
        assertEquals("", reason(columns, 90));
    }

    @Test
    void oneBiasOfTheTypeOfCIsFused() {
        GemmDesc desc = GemmDesc.of(F32, 5, 6, 7);
        assertEquals("", reason(desc.epilogue(List.of(new Epilogue.Bias(true, F32))), 90));
        assertTrue(
                reason(desc.epilogue(List.of(new Epilogue.Bias(true, F16))), 90).contains("must be of F32"));
        assertTrue(reason(desc.epilogue(List.of(new Epilogue.Bias(false, F32))), 90)
                .contains("along the stride of 1"));
        assertTrue(reason(desc.epilogue(List.of(new Epilogue.Relu())), 90).contains("one bias"));
        MatrixDesc narrow = MatrixDesc.rowMajor(BF16, 5, 6);
        GemmDesc rounded = GemmDesc.of(BF16, 5, 6, 7).c(narrow).epilogue(List.of(new Epilogue.Bias(true, BF16)));
        assertTrue(reason(rounded, 90).contains("rounded to BF16 before it is added"), reason(rounded, 90));
        GemmDesc wide = GemmDesc.of(F64, 5, 6, 7).epilogue(List.of(new Epilogue.Bias(true, F64)));
        assertTrue(reason(wide, 90).contains("on sums in F64"));
    }
}
