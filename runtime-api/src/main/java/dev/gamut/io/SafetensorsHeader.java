package dev.gamut.io;

import dev.gamut.dtype.DType;
import dev.gamut.error.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the head of a safetensors file says: where each tensor lies after it, and texts about the whole.
 *
 * @param entries in the order of their bytes
 * @param metadata texts by key
 */
record SafetensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {
    /** Longest head read, as the reference implementation has it. */
    static final long LONGEST = 100_000_000;

    /** Bytes before the head, which tell its length. */
    static final int PREFIX = 8;

    private static final String METADATA = "__metadata__";

    /** Begins the keys under which the types and shapes of 4-bit tensors stand, which the format knows as bytes. */
    private static final String PACKED = "gamut.packed.";

    private static final Map<String, DType> TYPES = Map.ofEntries(
            Map.entry("F64", DType.F64),
            Map.entry("F32", DType.F32),
            Map.entry("F16", DType.F16),
            Map.entry("BF16", DType.BF16),
            Map.entry("F8_E4M3", DType.F8E4M3),
            Map.entry("F8_E5M2", DType.F8E5M2),
            Map.entry("F8_E8M0", DType.F8E8M0),
            Map.entry("I64", DType.I64),
            Map.entry("I32", DType.I32),
            Map.entry("I8", DType.I8),
            Map.entry("U8", DType.U8));

    /**
     * A tensor.
     *
     * @param type of its elements; those of 4 bits lie in rows that begin at whole bytes
     * @param shape sizes
     * @param begin first byte, counted from the end of the head
     */
    record Entry(DType type, long[] shape, long begin) {
        /** Sizes as they are stored: of bytes where elements have 4 bits. */
        long[] storedShape() {
            long[] stored = shape.clone();
            if (type.isSubByte() && stored.length > 0) {
                stored[stored.length - 1] = type.bytes(stored[stored.length - 1]);
            }
            return stored;
        }

        /** What it takes; refuses what could not be counted in elements, axes of size 0 taken for 1, as strides do. */
        long bytes() {
            long elementsOrBytes = type.isSubByte() ? 2 : type.bits() / Byte.SIZE;
            boolean empty = false;
            for (long size : storedShape()) {
                elementsOrBytes = Math.multiplyExact(elementsOrBytes, Math.max(size, 1));
                empty |= size == 0;
            }
            return empty ? 0 : type.isSubByte() ? elementsOrBytes / 2 : elementsOrBytes;
        }
    }

    long dataBytes() {
        return entries.values().stream().mapToLong(Entry::bytes).sum();
    }

    /** Entries of tensors one after the other. */
    static Map<String, Entry> layOut(Map<String, DType> types, Map<String, long[]> shapes) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        long begin = 0;
        for (Map.Entry<String, DType> type : types.entrySet()) {
            Entry entry = new Entry(type.getValue(), shapes.get(type.getKey()), begin);
            entries.put(type.getKey(), entry);
            begin += entry.bytes();
        }
        return entries;
    }

    /**
     * The head of a file with its length before it, up to the first byte of data.
     *
     * @param multiple of which the data's position shall be one: at least 8, a power of two
     */
    byte[] encode(int multiple) {
        Map<String, String> texts = new LinkedHashMap<>(metadata);
        texts.keySet().stream().filter(SafetensorsHeader::isOwn).findFirst().ifPresent(key -> {
            throw new IllegalArgumentException(
                    "a text's key is '" + key + "', which says how a tensor of 4 bits is stored");
        });
        List<String> members = new ArrayList<>();
        entries.forEach((name, entry) -> {
            if (name.equals(METADATA)) {
                throw new IllegalArgumentException(
                        "a tensor's name is '" + name + "', which the format keeps for itself");
            }
            if (entry.type.isSubByte()) {
                texts.put(PACKED + name, entry.type.id() + Arrays.toString(entry.shape));
            }
            members.add(Json.quote(name) + ":{\"dtype\":\"" + code(entry.type) + "\",\"shape\":"
                    + Arrays.toString(entry.storedShape()).replace(" ", "") + ",\"data_offsets\":[" + entry.begin + ","
                    + (entry.begin + entry.bytes()) + "]}");
        });
        String about = texts.entrySet().stream()
                .map(text -> Json.quote(text.getKey()) + ":" + Json.quote(text.getValue()))
                .collect(Collectors.joining(",", "\"" + METADATA + "\":{", "}"));
        members.addFirst(about);
        byte[] json = ("{" + String.join(",", members) + "}").getBytes(StandardCharsets.UTF_8);
        int length = Math.ceilDiv(PREFIX + json.length, multiple) * multiple;
        ByteBuffer head = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(length - PREFIX).put(json);
        while (head.hasRemaining()) {
            head.put((byte) ' ');
        }
        return head.array();
    }

    private static boolean isOwn(String key) {
        return key.startsWith(PACKED);
    }

    private static String code(DType type) {
        DType stored = type.isSubByte() ? DType.U8 : type;
        return TYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == stored)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /**
     * Reads a head.
     *
     * @param file where it stands
     * @param json its bytes, without the length before them
     * @param data number of bytes after it
     */
    static SafetensorsHeader parse(Path file, byte[] json, long data) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FormatException(file, PREFIX, "the head is no text in UTF-8");
        }
        Map<String, Object> object = Json.object(file, PREFIX, text);
        Map<String, String> metadata = new LinkedHashMap<>();
        if (object.remove(METADATA) instanceof Map<?, ?> texts) {
            texts.forEach((key, value) -> metadata.put((String) key, String.valueOf(value)));
        }
        List<Map.Entry<String, Entry>> found = new ArrayList<>();
        for (Map.Entry<String, Object> member : object.entrySet()) {
            found.add(Map.entry(member.getKey(), entry(file, member.getKey(), member.getValue(), metadata)));
        }
        metadata.keySet().removeIf(SafetensorsHeader::isOwn);
        // What is empty begins where its neighbour does, and may stand behind it in the head.
        found.sort(Comparator.comparingLong((Map.Entry<String, Entry> entry) -> entry.getValue().begin)
                .thenComparingLong(entry -> entry.getValue().bytes()));
        Map<String, Entry> entries = new LinkedHashMap<>();
        long next = 0;
        for (Map.Entry<String, Entry> entry : found) {
            if (entry.getValue().begin != next) {
                throw new FormatException(
                        file,
                        PREFIX,
                        "tensor '" + entry.getKey() + "' begins at byte " + entry.getValue().begin
                                + " of the data; the one before ends at " + next);
            }
            next += entry.getValue().bytes();
            entries.put(entry.getKey(), entry.getValue());
        }
        if (next != data) {
            throw new FormatException(
                    file, PREFIX + json.length, "tensors need " + next + " bytes of data; the file has " + data);
        }
        return new SafetensorsHeader(entries, metadata);
    }

    private static Entry entry(Path file, String name, Object value, Map<String, String> metadata) {
        if (!(value instanceof Map<?, ?> said) || !(said.get("dtype") instanceof String code)) {
            throw wrong(file, name, "has no dtype, or is no object");
        }
        DType type = TYPES.get(code);
        if (type == null) {
            throw wrong(
                    file,
                    name,
                    "is of type " + code + "; "
                            + TYPES.keySet().stream().sorted().collect(Collectors.joining(", ")) + " are read");
        }
        long[] shape = numbers(file, name, "shape", said.get("shape"));
        long[] offsets = numbers(file, name, "data_offsets", said.get("data_offsets"));
        Entry entry = new Entry(type, shape, offsets.length > 0 ? offsets[0] : 0);
        String packed = metadata.get(PACKED + name);
        if (packed != null) {
            entry = packed(file, name, packed, entry);
        }
        long bytes;
        try {
            bytes = entry.bytes();
        } catch (ArithmeticException e) {
            throw wrong(file, name, "has shape " + Arrays.toString(shape) + ", which is too large");
        }
        if (offsets.length != 2 || offsets[1] - offsets[0] != bytes) {
            throw wrong(file, name, "has offsets " + Arrays.toString(offsets) + "; it needs " + bytes + " bytes");
        }
        return entry;
    }

    private static Entry packed(Path file, String name, String packed, Entry bytes) {
        try {
            int bracket = packed.indexOf('[');
            String sizes = packed.substring(bracket + 1, packed.length() - 1).replace(" ", "");
            long[] shape = sizes.isEmpty()
                    ? new long[0]
                    : Arrays.stream(sizes.split(",")).mapToLong(Long::parseLong).toArray();
            Entry entry = new Entry(DType.parse(packed.substring(0, bracket)), shape, bytes.begin);
            boolean narrow = entry.type.isSubByte() && bytes.type == DType.U8;
            if (narrow && Arrays.equals(entry.storedShape(), bytes.shape)) {
                return entry;
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw wrong(file, name, "is said to be '" + packed + "', which is no type and shape");
        }
        throw wrong(
                file,
                name,
                "is said to be " + packed + ", which " + bytes.type + Arrays.toString(bytes.shape) + " is not");
    }

    private static long[] numbers(Path file, String name, String key, Object value) {
        if (!(value instanceof List<?> list) || !list.stream().allMatch(size -> size instanceof Long l && l >= 0)) {
            throw wrong(file, name, "has a " + key + " that is no list of whole numbers of at least 0");
        }
        return list.stream().mapToLong(size -> (Long) size).toArray();
    }

    private static FormatException wrong(Path file, String name, String what) {
        return new FormatException(file, PREFIX, "tensor '" + name + "' " + what);
    }
}
