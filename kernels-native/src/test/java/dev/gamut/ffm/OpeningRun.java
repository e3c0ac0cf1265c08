package dev.gamut.ffm;

import dev.gamut.Gamut;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

/**
 * What a process loads that computes on the host, then what it does that asks about devices: a line {@code opened} or {@code asked} for each
 * library that the JVM tried, found or not, and a line {@code absent} for each provider of devices that has none.
 */
final class OpeningRun {
    private static final String LOAD = "jdk.NativeLibraryLoad";

    private OpeningRun() {}

    static void main() throws IOException {
        Gamut[] gamut = new Gamut[1];
        print("opened", () -> {
            gamut[0] = Gamut.open();
            Tensor x = Tensor.zeros(DType.F32, 64, 64);
            gamut[0].gemm(x, x, Tensor.zeros(DType.F32, 64, 64));
            gamut[0].kernels();
        });
        print("asked", () -> gamut[0].devices());
        gamut[0].unavailableDevices().forEach((provider, why) -> IO.println("absent " + provider + ": " + why));
        gamut[0].close();
    }

    private static void print(String phase, Runnable work) throws IOException {
        Path file = Files.createTempFile("gamut-loads", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable(LOAD).withoutThreshold().withoutStackTrace();
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
            RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals(LOAD))
                    .map(load -> load.getString("name"))
                    .filter(name -> !name.startsWith(System.getProperty("java.home")))
                    .forEach(name -> IO.println(phase + " " + name));
        } finally {
            Files.delete(file);
        }
    }
}
