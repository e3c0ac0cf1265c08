package dev.gamut.error;

/** A native library that was called answered with an error. */
public final class NativeCallException extends GamutException {
    private static final long serialVersionUID = 1L;

    private final String api;
    private final int code;
    private final String name;

    /**
     * With what the library answered.
     *
     * @param api the function that was called
     * @param code what it returned
     * @param name the library's own name of that code
     */
    public NativeCallException(String api, int code, String name) {
        super(api + " returned " + name + " (" + code + ")");
        this.api = api;
        this.code = code;
        this.name = name;
    }

    /** The function that was called. */
    public String api() {
        return api;
    }

    /** What it returned. */
    public int code() {
        return code;
    }

    /** The library's own name of that code. */
    public String name() {
        return name;
    }
}
