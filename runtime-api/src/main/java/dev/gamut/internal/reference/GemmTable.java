package dev.gamut.internal.reference;

import static dev.gamut.dtype.DType.BF16;
import static dev.gamut.dtype.DType.F16;
import static dev.gamut.dtype.DType.F32;
import static dev.gamut.dtype.DType.F4E2M1;
import static dev.gamut.dtype.DType.F64;
import static dev.gamut.dtype.DType.F8E4M3;
import static dev.gamut.dtype.DType.F8E5M2;
import static dev.gamut.dtype.DType.I32;
import static dev.gamut.dtype.DType.I4;
import static dev.gamut.dtype.DType.I64;
import static dev.gamut.dtype.DType.I8;
import static dev.gamut.dtype.DType.U8;

import dev.gamut.dtype.DType;
import java.util.ArrayList;
import java.util.List;

/** The type combinations that the reference multiplies, as data: one kernel for each. */
final class GemmTable {
    private static final List<DType> F8 = List.of(F8E4M3, F8E5M2);
    private static final List<DType> SMALL = List.of(F8E4M3, F8E5M2, F4E2M1);
    private static final List<DType> BELOW_F32 = List.of(F16, BF16, F8E4M3, F8E5M2, F4E2M1);
    private static final List<DType> BELOW_F64 = List.of(F32, F16, BF16, F8E4M3, F8E5M2, F4E2M1);
    private static final List<DType> INTEGERS = List.of(I8, U8, I4);
    private static final List<DType> HALVES = List.of(F32, F16, BF16);

    /** Every a with every b, and with every result. */
    private record Family(GemmMethod method, List<DType> a, List<DType> b, DType acc, List<DType> c) {
        Family mirrored() {
            return new Family(method, b, a, acc, c);
        }

        List<ReferenceGemm> kernels() {
            List<ReferenceGemm> kernels = new ArrayList<>();
            for (DType left : a) {
                for (DType right : b) {
                    c.forEach(to -> kernels.add(new ReferenceGemm(method, List.of(left, right, acc, to))));
                }
            }
            return kernels;
        }
    }

    /** Families whose operands are interchangeable. */
    private static final List<Family> FAMILIES = List.of(
            fma(List.of(F64), List.of(F64), F64, List.of(F64)),
            fma(List.of(F32), List.of(F32), F32, List.of(F32)),
            fma(List.of(F16), List.of(F16), F32, HALVES),
            fma(List.of(BF16), List.of(BF16), F32, HALVES),
            fma(F8, F8, F32, HALVES),
            fma(List.of(F4E2M1), List.of(F4E2M1), F32, HALVES),
            new Family(GemmMethod.EXACT, INTEGERS, INTEGERS, I32, List.of(I32, I64, F32, I8, U8)),
            new Family(GemmMethod.RUNS, INTEGERS, INTEGERS, F32, HALVES),
            fma(INTEGERS, INTEGERS, F32, HALVES));

    /** Families of two different kinds of operands, either of which may stand left: activations with weights. */
    private static final List<Family> MIXED = List.of(
            fma(List.of(F64), BELOW_F64, F64, List.of(F64)),
            fma(List.of(F32), BELOW_F32, F32, List.of(F32)),
            fma(List.of(F16), List.of(BF16), F32, HALVES),
            fma(List.of(F16), SMALL, F32, List.of(F32, F16)),
            fma(List.of(BF16), SMALL, F32, List.of(F32, BF16)),
            fma(F8, List.of(F4E2M1), F32, HALVES),
            fma(List.of(F64), INTEGERS, F64, List.of(F64)),
            fma(List.of(F32), INTEGERS, F32, List.of(F32)),
            fma(List.of(F16), INTEGERS, F32, List.of(F32, F16)),
            fma(List.of(BF16), INTEGERS, F32, List.of(F32, BF16)));

    private GemmTable() {}

    private static Family fma(List<DType> a, List<DType> b, DType acc, List<DType> c) {
        return new Family(GemmMethod.FMA, a, b, acc, c);
    }

    static List<ReferenceGemm> kernels() {
        List<ReferenceGemm> all = new ArrayList<>();
        FAMILIES.forEach(family -> all.addAll(family.kernels()));
        for (Family family : MIXED) {
            all.addAll(family.kernels());
            all.addAll(family.mirrored().kernels());
        }
        return List.copyOf(all);
    }
}
