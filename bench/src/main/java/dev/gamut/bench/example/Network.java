package dev.gamut.bench.example;

import dev.gamut.Gamut;
import dev.gamut.GemmOptions;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Two layers with a ReLU between them. Weights are kept in F32; products take operands in BF16 and sum in F32, in one named order, so that
 * a gradient has the same bits wherever it is computed.
 */
final class Network {
    private static final int HIDDEN = 64;

    /** Where the first layer's weights, its bias and the same of the second begin among the parameters. */
    private static final int WEIGHTS_1 = 0;

    private static final int BIAS_1 = WEIGHTS_1 + Digits.PIXELS * HIDDEN;
    private static final int WEIGHTS_2 = BIAS_1 + HIDDEN;
    private static final int BIAS_2 = WEIGHTS_2 + HIDDEN * Digits.CLASSES;

    /** Number of parameters. */
    static final int PARAMETERS = BIAS_2 + Digits.CLASSES;

    private static final Determinism ORDER = Determinism.bitwise(EvaluationOrder.FMA_KC256);

    private final Gamut gamut;
    private final float[] parameters = new float[PARAMETERS];
    private final Tensor weights1 = Tensor.zeros(DType.BF16, Digits.PIXELS, HIDDEN);
    private final Tensor weights2 = Tensor.zeros(DType.BF16, HIDDEN, Digits.CLASSES);

    /** Weights that are always the same, of a variance that keeps that of activations (He et al. 2015). */
    Network(Gamut gamut) {
        this.gamut = gamut;
        Random random = new Random(2);
        for (int i = 0; i < BIAS_1; i++) {
            parameters[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / Digits.PIXELS));
        }
        for (int i = WEIGHTS_2; i < BIAS_2; i++) {
            parameters[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / HIDDEN));
        }
        round();
    }

    /** All parameters, one after the other; a copy. */
    float[] parameters() {
        return parameters.clone();
    }

    /** All parameters themselves; after they were changed from outside, {@link #round}. */
    Tensor live() {
        return Tensor.of(parameters, PARAMETERS);
    }

    /** Rounds the weights for the products. */
    void round() {
        gamut.convert(matrix(parameters, WEIGHTS_1, Digits.PIXELS, HIDDEN), weights1);
        gamut.convert(matrix(parameters, WEIGHTS_2, HIDDEN, Digits.CLASSES), weights2);
    }

    /** A part of an array of parameters or gradients. */
    private static Tensor matrix(float[] all, int first, int rows, int columns) {
        return Tensor.of(all, DType.F32, Layout.rowMajor(rows, columns), first);
    }

    private static Tensor vector(float[] all, int first, int size) {
        return Tensor.of(all, DType.F32, Layout.rowMajor(size), first);
    }

    private Tensor bf16(Tensor x) {
        Tensor rounded = Tensor.zeros(DType.BF16, x.size(0), x.size(1));
        gamut.convert(x, rounded);
        return rounded;
    }

    private Tensor product(Tensor a, Tensor b, long m, long n, Consumer<GemmOptions> asking) {
        Tensor c = Tensor.zeros(DType.F32, m, n);
        product(a, b, c, asking);
        return c;
    }

    private void product(Tensor a, Tensor b, Tensor c, Consumer<GemmOptions> asking) {
        gamut.gemm(a, b, c, options -> {
            asking.accept(options);
            options.determinism(ORDER);
        });
    }

    private static Tensor pixels(Digits digits) {
        float[] all = new float[digits.size() * Digits.PIXELS];
        for (int i = 0; i < digits.size(); i++) {
            System.arraycopy(digits.pixels()[i], 0, all, i * Digits.PIXELS, Digits.PIXELS);
        }
        return Tensor.of(all, digits.size(), Digits.PIXELS);
    }

    private Tensor hidden(Tensor x) {
        return product(
                x,
                weights1,
                x.size(0),
                HIDDEN,
                options -> options.epilogue(
                        e -> e.bias(vector(parameters, BIAS_1, HIDDEN)).relu()));
    }

    private Tensor scores(Tensor hidden) {
        return product(
                hidden,
                weights2,
                hidden.size(0),
                Digits.CLASSES,
                options -> options.epilogue(e -> e.bias(vector(parameters, BIAS_2, Digits.CLASSES))));
    }

    /** The share of images whose digit has the highest score. */
    double accuracy(Digits digits) {
        float[] scores = (float[]) scores(bf16(hidden(bf16(pixels(digits))))).array();
        int right = 0;
        for (int i = 0; i < digits.size(); i++) {
            int best = 0;
            for (int c = 1; c < Digits.CLASSES; c++) {
                best = scores[i * Digits.CLASSES + c] > scores[i * Digits.CLASSES + best] ? c : best;
            }
            right += best == digits.labels()[i] ? 1 : 0;
        }
        return (double) right / digits.size();
    }

    /** The gradient of the mean cross-entropy of softmax over some images, as {@link #parameters} are ordered. */
    float[] gradient(Digits digits) {
        float[] gradient = new float[PARAMETERS];
        Tensor x = bf16(pixels(digits));
        Tensor activations = hidden(x);
        Tensor h = bf16(activations);
        Tensor error2 = softmaxError(scores(h), digits.labels());
        sumRows(error2, gradient, BIAS_2);
        Tensor e2 = bf16(error2);
        product(h, e2, matrix(gradient, WEIGHTS_2, HIDDEN, Digits.CLASSES), GemmOptions::transposeA);
        Tensor error1 = product(e2, weights2, digits.size(), HIDDEN, GemmOptions::transposeB);
        maskInactive((float[]) error1.array(), (float[]) activations.array());
        sumRows(error1, gradient, BIAS_1);
        product(x, bf16(error1), matrix(gradient, WEIGHTS_1, Digits.PIXELS, HIDDEN), GemmOptions::transposeA);
        return gradient;
    }

    /** (softmax - 1 at the label) / number of images. Math.exp may differ in bits between machines, StrictMath may not. */
    private static Tensor softmaxError(Tensor scores, int[] labels) {
        float[] s = (float[]) scores.array();
        for (int i = 0; i < labels.length; i++) {
            int row = i * Digits.CLASSES;
            float most = s[row];
            for (int c = 1; c < Digits.CLASSES; c++) {
                most = Math.max(most, s[row + c]);
            }
            double sum = 0;
            for (int c = 0; c < Digits.CLASSES; c++) {
                s[row + c] = (float) StrictMath.exp(s[row + c] - most);
                sum += s[row + c];
            }
            for (int c = 0; c < Digits.CLASSES; c++) {
                s[row + c] = (float) ((s[row + c] / sum - (c == labels[i] ? 1 : 0)) / labels.length);
            }
        }
        return scores;
    }

    private static void sumRows(Tensor x, float[] to, int first) {
        float[] all = (float[]) x.array();
        int columns = (int) x.size(1);
        for (int i = 0; i < all.length; i++) {
            to[first + i % columns] += all[i];
        }
    }

    private static void maskInactive(float[] error, float[] activations) {
        for (int i = 0; i < error.length; i++) {
            error[i] = activations[i] > 0 ? error[i] : 0;
        }
    }

    /** A step of gradient descent. */
    void descend(float[] gradient, float rate) {
        for (int i = 0; i < PARAMETERS; i++) {
            parameters[i] -= rate * gradient[i];
        }
        round();
    }
}
