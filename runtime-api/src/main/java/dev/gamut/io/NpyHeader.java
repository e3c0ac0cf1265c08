package dev.gamut.io;

import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the head of an .npy file says: element type, storage order and shape.
 *
 * @param type element type
 * @param fortranOrder whether the first axis is contiguous rather than the last
 * @param shape sizes
 */
record NpyHeader(DType type, boolean fortranOrder, long[] shape) {
    /** The bytes that every file begins with. */
    static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** Data starts at a multiple of this, as NumPy lays it out since 1.14. */
    private static final int ALIGNMENT = 64;

    /** NumPy's type codes without the byte order. */
    private static final Map<String, DType> TYPES = Map.of(
            "f8", DType.F64, "f4", DType.F32, "f2", DType.F16, "i8", DType.I64, "i4", DType.I32, "i1", DType.I8, "u1",
            DType.U8);

    /** The codes as messages list them. */
    static String supported() {
        return TYPES.keySet().stream().sorted().collect(Collectors.joining(", "));
    }

    /** The type that a code such as {@code f8} means, or null. */
    static DType type(String code) {
        return TYPES.get(code);
    }

    /** The byte order of this machine as NumPy writes it. */
    static char nativeOrder() {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? '<' : '>';
    }

    /** Number of elements. */
    long elements() {
        return layout().size();
    }

    Layout layout() {
        return fortranOrder ? Layout.colMajor(shape) : Layout.rowMajor(shape);
    }

    /** The head of a file, up to the first byte of data. */
    byte[] encode() {
        String dictionary = "{'descr': '" + descr() + "', 'fortran_order': " + (fortranOrder ? "True" : "False")
                + ", 'shape': (" + tuple() + "), }";
        boolean wide = MAGIC.length + 4 + dictionary.length() + ALIGNMENT > 0xffff;
        int prefix = MAGIC.length + (wide ? 6 : 4);
        int padded = (prefix + dictionary.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        int length = padded - prefix;
        byte[] head = new byte[padded];
        Arrays.fill(head, (byte) ' ');
        System.arraycopy(MAGIC, 0, head, 0, MAGIC.length);
        head[MAGIC.length] = (byte) (wide ? 2 : 1);
        head[MAGIC.length + 1] = 0;
        for (int i = 0; i < (wide ? 4 : 2); i++) {
            head[MAGIC.length + 2 + i] = (byte) (length >>> 8 * i);
        }
        byte[] text = dictionary.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, head, prefix, text.length);
        head[padded - 1] = '\n';
        return head;
    }

    private String descr() {
        String code = TYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == type)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "tensor holds " + type + ", for which .npy has no code; it has " + supported()));
        return (type.bits() == 8 ? '|' : nativeOrder()) + code;
    }

    /** A tuple of one number needs a comma to be one. */
    private String tuple() {
        String numbers = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
        return shape.length == 1 ? numbers + "," : numbers;
    }
}
