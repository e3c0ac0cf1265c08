package dev.gamut.ffm.gpu;

import dev.gamut.ffm.StandIn;
import java.util.Locale;

/** The stand-in of {@code native-src/sim/gpu} for one vendor's libraries, as {@code gpu-sim-test.sh} builds it and names it to the provider. */
record Simulator(Vendor vendor, StandIn library) {
    /** The one of this process; without it a test is skipped. */
    static Simulator of(Vendor vendor) {
        return new Simulator(vendor, StandIn.of("GAMUT_" + vendor.id().toUpperCase(Locale.ROOT), "gpu-sim-test.sh"));
    }

    String file() {
        return library.file();
    }

    /** Makes the n-th call of a function from now on fail. */
    void fail(Call function, int nth, int code) {
        fail(vendor.function(function), nth, code);
    }

    /** The same by a function's name. */
    void fail(String function, int nth, int code) {
        library.fail(function, nth, code);
    }

    /** How often a function was called. */
    long calls(Call function) {
        return library.calls(vendor.function(function));
    }

    /** Memory, registrations, streams, events, handles and descriptors that are there. */
    long open() {
        return library.open();
    }
}
