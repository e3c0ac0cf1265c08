package dev.gamut.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gamut.error.FormatException;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever random changes do to a valid file, reading it gives a valid tensor or a {@link FormatException}. */
class NpyMutationTest {
    private static final byte[] VALID = NpyBytes.file(1, NpyBytes.dictionary("<i4", "False", "(3, 4)"), new byte[48]);

    private static Path file;

    @BeforeContainer
    static void makeFile() throws IOException {
        file = Files.createTempFile("mutation", ".npy");
    }

    @AfterContainer
    static void removeFile() throws IOException {
        Files.deleteIfExists(file);
    }

    /** Reads every element, so that a tensor that reaches beyond its memory shows. */
    private static Optional<Tensor> read(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        try (Arena arena = Arena.ofConfined()) {
            Tensor tensor = Npy.read(file);
            Tensor mapped = Npy.map(file, arena);
            long extent = tensor.layout().extent();
            for (long i = 0; i < extent; i++) {
                assertEquals(
                        tensor.dtype().load(tensor.segment(), i), tensor.dtype().load(mapped.segment(), i));
            }
            return Optional.of(tensor);
        } catch (FormatException _) {
            return Optional.empty();
        }
    }

    @Property(tries = 2_000, seed = "1")
    void changedBytes(@ForAll @Size(min = 1, max = 4) int[] places, @ForAll @Size(4) byte[] values) throws IOException {
        byte[] bytes = VALID.clone();
        for (int i = 0; i < places.length; i++) {
            bytes[Math.floorMod(places[i], 80)] = values[i];
        }
        read(bytes);
    }

    @Property(tries = 2_000, seed = "1")
    void changedCharacters(@ForAll @IntRange(min = 10, max = 70) int place, @ForAll @IntRange(max = 20) int pick)
            throws IOException {
        byte[] bytes = VALID.clone();
        bytes[place] = (byte) "0123456789(),'{}:<>|=".charAt(pick);
        read(bytes);
    }

    @Property(tries = 500, seed = "1")
    void cutOrGrown(@ForAll @IntRange(max = 300) int length) throws IOException {
        assertEquals(length == VALID.length, read(Arrays.copyOf(VALID, length)).isPresent());
    }

    @Property(tries = 1_000, seed = "1")
    void removedOrRepeatedBytes(
            @ForAll @IntRange(max = 100) int from, @ForAll @IntRange(max = 20) int count, @ForAll boolean repeat)
            throws IOException {
        byte[] rest = Arrays.copyOfRange(VALID, from + (repeat ? 0 : count), VALID.length);
        byte[] bytes = Arrays.copyOf(VALID, from + (repeat ? count : 0) + rest.length);
        System.arraycopy(rest, 0, bytes, bytes.length - rest.length, rest.length);
        read(bytes);
    }

    @Property(tries = 500, seed = "1")
    void noise(@ForAll byte[] bytes) throws IOException {
        read(bytes);
    }
}
