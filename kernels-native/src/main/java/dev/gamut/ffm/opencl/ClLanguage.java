package dev.gamut.ffm.opencl;

import dev.gamut.device.Device;
import dev.gamut.device.DeviceInfo;
import dev.gamut.ffm.program.Language;
import dev.gamut.ffm.program.Program;
import java.util.Optional;

/** Programs that OpenCL compiles for a device when they are first used. */
enum ClLanguage implements Language {
    OPENCL;

    @Override
    public String provider() {
        return ClHost.NAME;
    }

    @Override
    public String title() {
        return "own OpenCL C";
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public Optional<String> objection(DeviceInfo device) {
        return Optional.empty();
    }

    @Override
    public Ready ready(Device device, Program program) {
        String source = ClSource.of(device.info(), program);
        return function -> new ClLaunch(device, source, function);
    }
}
