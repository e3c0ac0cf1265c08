package dev.gamut.ffm.gpu;

import dev.gamut.device.Device;
import dev.gamut.device.DeviceInfo;
import dev.gamut.ffm.program.Language;
import dev.gamut.ffm.program.Program;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Programs that CUDA's compiler made PTX of, which the driver makes code of when one of a file is first used on a device. */
final class CudaLanguage implements Language {
    private static final int TEN = 10;

    private final Supplier<GpuHost> host;

    CudaLanguage(Supplier<GpuHost> host) {
        this.host = host;
    }

    @Override
    public String provider() {
        return Vendor.CUDA.id();
    }

    @Override
    public String title() {
        return "own CUDA C++";
    }

    @Override
    public Optional<String> missing() {
        return Ptx.missing();
    }

    @Override
    public Optional<String> objection(DeviceInfo device) {
        return host.get().places().stream()
                .filter(place -> place.info().equals(device))
                .findFirst()
                .flatMap(CudaLanguage::objection);
    }

    private static Optional<String> objection(GpuPlace place) {
        Functions runtime = place.runtime();
        for (Call call : List.of(Call.PROGRAM_LOAD, Call.PROGRAM_FUNCTION, Call.LAUNCH)) {
            if (!runtime.has(call)) {
                return Optional.of("CUDA " + runtime.version() + " has no function " + Vendor.CUDA.function(call));
            }
        }
        Ptx ptx = Ptx.SHIPPED;
        if (place.driver() < ptx.release()) {
            return Optional.of("its programs are PTX of CUDA " + Vendor.CUDA.text(ptx.release()) + "; the driver is of "
                    + Vendor.CUDA.text(place.driver()));
        }
        return place.capability() < ptx.capability()
                ? Optional.of("its programs are for capability " + text(ptx.capability()) + " and newer; "
                        + place.info().title() + " has " + text(place.capability()))
                : Optional.empty();
    }

    private static String text(int capability) {
        return capability / TEN + "." + capability % TEN;
    }

    @Override
    public Ready ready(Device device, Program program) {
        GpuDriver driver = (GpuDriver) device.driver();
        return name ->
                new CudaLaunch(device, driver.function(CudaSource.module(program), CudaSource.function(program, name)));
    }
}
