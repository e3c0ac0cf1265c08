package dev.gamut.tensor;

/** Memory that a device alone can read and write: what a tensor lies in that does not lie on the host. */
public interface RemoteMemory {
    /** Where it is, for people: the device's name. */
    String place();

    /** Whose it is; memory of different owners does not meet in one operation. */
    Object owner();

    /** Its size. */
    long byteSize();

    /** Throws {@link IllegalStateException} where it has been closed. */
    void requireOpen();
}
