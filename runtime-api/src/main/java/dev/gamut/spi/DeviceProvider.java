package dev.gamut.spi;

import dev.gamut.device.DeviceDriver;
import dev.gamut.device.DeviceInfo;
import dev.gamut.error.GamutException;
import java.util.List;

/**
 * A library that reaches devices, with the kernels that compute on them, found with {@link java.util.ServiceLoader} under this name. Its
 * class must load and answer on any machine; the library is looked for only when {@link #unavailable}, {@link #library} or {@link
 * #devices} is asked, which nothing does before a device is wanted. Thread-safe.
 *
 * <p>Its kernels take operands that lie on one of its devices, told by {@link OfferContext#device}, and put their work into {@link
 * dev.gamut.device.Device#stream}; operands of the host are copied for them, and the runtime holds all memory while an executor runs. There
 * is no second pass for epilogues that they do not fuse: what they decline runs on the host, on copies.
 */
public interface DeviceProvider extends KernelProvider {
    /** The devices there are, named after {@link #name} and numbered; none where the library is absent. The same list each time. */
    List<DeviceInfo> devices();

    /**
     * Opens a device.
     *
     * @param device one of {@link #devices}
     * @return it, to be closed by the runtime
     */
    DeviceDriver open(DeviceInfo device);

    /**
     * Puts a rank on a device, for collectives that the provider has between its devices; all ranks do so, each on a device of its own, and wait
     * for each other.
     *
     * @param device one of {@link #devices}
     * @param beneath a transport between the same ranks, for all that the provider has no collectives for; closed with the one that is made,
     *     and where this fails
     * @return a transport with more collectives
     * @throws GamutException where there are none, which says why; or where they cannot be had
     */
    default Transport transport(DeviceInfo device, Transport beneath) {
        beneath.close();
        throw new GamutException(device.name() + " takes part in no collectives");
    }
}
