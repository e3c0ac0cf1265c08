package dev.gamut.ffm.program;

import static dev.gamut.dtype.DType.BF16;
import static dev.gamut.dtype.DType.F16;
import static dev.gamut.dtype.DType.F32;
import static dev.gamut.dtype.DType.F64;
import static dev.gamut.dtype.DType.F8E4M3;
import static dev.gamut.dtype.DType.F8E5M2;
import static dev.gamut.dtype.DType.I4;
import static dev.gamut.dtype.DType.I8;
import static dev.gamut.dtype.DType.U8;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.convert.ConvertArgs;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceInfo;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Rounding;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.ConvertExecutor;
import dev.gamut.spi.ConvertKernel;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Conversions from one type to a wide one, codes with scale factors included, by Gamut's own programs: one rounding, exact bits. */
public final class OwnConvert extends DeviceKernel<ConvertDesc, ConvertExecutor> implements ConvertKernel {
    private static final List<DType> FROM = List.of(F64, F32, F16, BF16, F8E4M3, F8E5M2, I8, U8, I4);
    private static final List<DType> TO = List.of(F64, F32, F16, BF16);

    private static final int ACROSS = 64;

    private final Language language;
    private final DType from;
    private final DType to;

    private OwnConvert(Language language, DType from, DType to) {
        super(new KernelInfo(
                KernelId.of("convert", List.of(from, to), language.provider()),
                language.provider(),
                true,
                language.title() + ", one rounding"));
        this.language = language;
        this.from = from;
        this.to = to;
    }

    /** All of them. */
    public static List<OwnConvert> kernels(Language language) {
        List<OwnConvert> all = new ArrayList<>();
        for (DType from : FROM) {
            TO.forEach(to -> all.add(new OwnConvert(language, from, to)));
        }
        return all;
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return language.missing();
    }

    @Override
    protected Offer.Accept<ConvertExecutor> acceptance(ConvertDesc desc, OfferContext context) {
        return new Offer.Accept<>(
                ProgramCost.ofElements(context, info().id(), desc.elements()),
                ErrorBound.EXACT,
                Determinism.bitwise(EvaluationOrder.EXACT),
                plan -> executor(desc, plan.device()));
    }

    private ConvertExecutor executor(ConvertDesc desc, Device device) {
        Language.Ready program =
                language.ready(device, program(desc.x().scaling().hasScales()));
        return args -> execute(desc, args, program);
    }

    /**
     * A conversion for another kernel of the same device.
     *
     * @param language which the device has no objection to
     * @param desc one of those that kernels here take
     * @param device opened by the language's provider
     */
    public static ConvertExecutor executor(Language language, ConvertDesc desc, Device device) {
        return new OwnConvert(language, desc.x().type(), desc.y().type()).executor(desc, device);
    }

    @Override
    protected Optional<String> objection(ConvertDesc desc, DeviceInfo device) {
        Optional<String> none = language.objection(device);
        if (none.isPresent()) {
            return none;
        }
        if (desc.x().type() != from || desc.y().type() != to) {
            return Optional.of("types are " + desc.x().type() + " to "
                    + desc.y().type() + "; this kernel converts " + from + " to " + to);
        }
        if (!Program.computes(device, F32) || (from == F64 || to == F64) && !Program.computes(device, F64)) {
            return Optional.of(device.title() + " has no arithmetic in one of " + from + " and " + to);
        }
        if (desc.rounding() != Rounding.NEAREST_EVEN || desc.counted()) {
            return Optional.of("rounding is " + desc.rounding() + (desc.counted() ? ", counted" : "")
                    + "; this kernel rounds to nearest even and counts nothing");
        }
        return desc.y().scaling().hasScales()
                ? Optional.of("y has scaling " + desc.y().scaling() + "; results are plain")
                : ScalingArguments.objection("x", desc.x());
    }

    /** All that compute it: without scale factors, and with them. */
    public List<Program> programs() {
        return from == F64 ? List.of(program(false)) : List.of(program(false), program(true));
    }

    private Program program(boolean scaled) {
        boolean wide = from == F64;
        String narrowed = wide && to.bits() <= 16 ? "rounded_to_odd(value)" : "value";
        return new Program(info().id() + (scaled ? "_scaled" : ""), "convert.cl")
                .with("X", from.id())
                .with("Y", to.id())
                .with("REAL", "float")
                .with("FROM", wide ? "double" : "float")
                .with("X_SCALED", scaled ? "1" : "0")
                .with("NARROWED(value)", narrowed);
    }

    private static void execute(ConvertDesc desc, ConvertArgs args, Language.Ready program) {
        try (Launch launch = program.launch("convert")) {
            MatrixDesc x = desc.x();
            MatrixDesc y = desc.y();
            launch.longs(
                            desc.batch(),
                            x.rows(),
                            x.cols(),
                            args.x().offset(),
                            x.batchStride(),
                            x.rowStride(),
                            x.colStride(),
                            args.y().offset(),
                            y.batchStride(),
                            y.rowStride(),
                            y.colStride())
                    .memory(args.x().remote());
            ScalingArguments.pass(launch, args.x().tensor());
            launch.memory(args.y().remote()).run(x.cols(), x.rows(), desc.batch(), ACROSS, 1);
        }
    }
}
