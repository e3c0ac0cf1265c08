package dev.gamut.error;

/** A device has no room for what was asked for. It is usable as before: close something there and try again. */
public final class OutOfDeviceMemoryException extends GamutException {
    private static final long serialVersionUID = 1L;

    private final String device;
    private final long bytes;

    /**
     * With what was asked for.
     *
     * @param device name of the device
     * @param bytes asked for
     * @param reason what the library or the runtime says
     */
    public OutOfDeviceMemoryException(String device, long bytes, String reason) {
        super(device + " has no room for " + bytes + " bytes: " + reason);
        this.device = device;
        this.bytes = bytes;
    }

    /** Name of the device. */
    public String device() {
        return device;
    }

    /** Bytes asked for. */
    public long bytes() {
        return bytes;
    }
}
