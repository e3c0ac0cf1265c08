package dev.gamut.bench.example;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Images of handwritten digits.
 *
 * @param pixels {@link #PIXELS} of each, row by row, from 0 to 1
 * @param labels which digit each shows
 */
record Digits(float[][] pixels, int[] labels) {
    /** Pixels of an image. */
    static final int PIXELS = 28 * 28;

    /** Different digits. */
    static final int CLASSES = 10;

    /** A file: the pixels of all images of one digit. */
    private record Pixels(float[] data) {}

    /** An image of a digit. */
    private record Image(float[] pixels, int label) {}

    /** How many. */
    int size() {
        return labels.length;
    }

    /**
     * Reads all, in an order that is always the same and does not follow the digits.
     *
     * @param folder with 0.json to 9.json
     * @throws UncheckedIOException if one cannot be read
     */
    static Digits read(Path folder) {
        ObjectMapper mapper = new ObjectMapper();
        List<Image> images = new ArrayList<>();
        for (int digit = 0; digit < CLASSES; digit++) {
            try {
                float[] all = mapper.readValue(folder.resolve(digit + ".json").toFile(), Pixels.class)
                        .data();
                for (int first = 0; first + PIXELS <= all.length; first += PIXELS) {
                    images.add(new Image(java.util.Arrays.copyOfRange(all, first, first + PIXELS), digit));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Collections.shuffle(images, new Random(1));
        return new Digits(
                images.stream().map(Image::pixels).toArray(float[][]::new),
                images.stream().mapToInt(Image::label).toArray());
    }

    /** Those from one number up to another, which is left out. */
    Digits part(int from, int to) {
        return new Digits(
                java.util.Arrays.copyOfRange(pixels, from, to), java.util.Arrays.copyOfRange(labels, from, to));
    }
}
