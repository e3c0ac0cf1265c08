package dev.gamut.conformance;

import dev.gamut.Gamut;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceTensor;
import dev.gamut.device.Event;
import dev.gamut.device.HostBuffer;
import dev.gamut.device.Stream;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import dev.gamut.tensor.TensorView;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One random sequence of operations on devices beside a serial model: for each tensor the numbers it must hold, small integers, so that
 * every result is exact. Each tensor is used in one stream at a time; where it changes streams, an event orders them.
 */
final class DeviceSequence implements AutoCloseable {
    private static final int STEPS = 30;
    private static final int LARGEST_SIDE = 9;

    /** Magnitude up to which numbers may be multiplied: sums of products of such stay exact in every type. */
    private static final int SMALL = 2;

    private static final DType[] TYPES = {DType.F32, DType.F64, DType.I8, DType.BF16};

    /** A tensor with what it must hold, and the stream that used it last. */
    private static final class Item {
        private final int place;
        private final DeviceTensor tensor;
        private final double[] model;
        private Stream stream;

        Item(int place, DeviceTensor tensor, double[] model, Stream stream) {
            this.place = place;
            this.tensor = tensor;
            this.model = model;
            this.stream = stream;
        }

        Tensor shape() {
            return tensor.tensor();
        }

        boolean isSmall() {
            for (double x : model) {
                if (Math.abs(x) > SMALL) {
                    return false;
                }
            }
            return true;
        }
    }

    private final Gamut gamut;
    private final Device[] devices;
    private final Stream[][] streams;
    private final SplittableRandom random;
    private final List<Item> items = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();

    DeviceSequence(Gamut gamut, Device[] devices, SplittableRandom random) {
        this.gamut = gamut;
        this.devices = devices;
        this.random = random;
        this.streams = new Stream[devices.length][];
        for (int d = 0; d < devices.length; d++) {
            streams[d] = new Stream[] {devices[d].stream(), devices[d].newStream()};
        }
    }

    void run() {
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(10)) {
                case 0, 1 -> allocate();
                case 2, 3, 4 -> multiply();
                case 5 -> reduce();
                case 6 -> copyAsynchronously();
                case 7 -> copyWithin();
                case 8 -> look();
                default -> end();
            }
        }
        items.forEach(this::check);
    }

    private int side() {
        return 1 + random.nextInt(LARGEST_SIDE);
    }

    private double[] numbers(int count) {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextInt(2 * SMALL + 1) - SMALL;
        }
        return numbers;
    }

    private static Tensor tensor(DType type, double[] numbers, long rows, long cols) {
        Tensor t = Tensor.zeros(type, rows, cols);
        for (int i = 0; i < numbers.length; i++) {
            t.set(numbers[i], i / cols, i % cols);
        }
        return t;
    }

    private static String differences(Tensor found, double[] model) {
        for (int i = 0; i < model.length; i++) {
            double value = found.get(i / found.size(1), i % found.size(1));
            if (value != model[i]) {
                return "element " + i + " of " + found + " is " + value + ", not " + model[i];
            }
        }
        return "";
    }

    private void allocate() {
        int place = random.nextInt(devices.length);
        DType type = TYPES[random.nextInt(TYPES.length)];
        int rows = side();
        int cols = side();
        Stream stream = streams[place][random.nextInt(2)];
        boolean zeros = random.nextInt(3) == 0;
        double[] model = zeros ? new double[rows * cols] : numbers(rows * cols);
        stream.run(() -> items.add(new Item(
                place,
                zeros ? devices[place].zeros(type, rows, cols) : devices[place].copyOf(tensor(type, model, rows, cols)),
                model,
                stream)));
    }

    /** An item, or null where there is none. */
    private Item any() {
        return items.isEmpty() ? null : items.get(random.nextInt(items.size()));
    }

    /** Brings an item into a stream, after what it did elsewhere. */
    private void into(Stream stream, Item item) {
        if (item.stream != stream) {
            try (Event before = item.stream.record()) {
                stream.waitFor(before);
            }
            item.stream = stream;
        }
    }

    /** A product with operands here and there; the result is a new item or a tensor of the host. */
    private void multiply() {
        Item a = any();
        if (a == null || !a.isSmall() || !List.of(TYPES).contains(a.shape().dtype())) {
            return;
        }
        Stream stream = streams[a.place][random.nextInt(2)];
        into(stream, a);
        DType type = a.shape().dtype();
        int m = (int) a.shape().size(0);
        int k = (int) a.shape().size(1);
        int n = side();
        double[] right = numbers(k * n);
        Tensor host = tensor(type, right, k, n);
        double[] model = new double[m * n];
        for (int i = 0; i < m * n; i++) {
            for (int l = 0; l < k; l++) {
                model[i] += a.model[i / n * k + l] * right[l * n + i % n];
            }
        }
        boolean rightHere = random.nextBoolean();
        DType result = type.gemmAccumulator();
        stream.run(() -> {
            DeviceTensor b = rightHere ? devices[a.place].copyOf(host) : null;
            try {
                TensorView second = rightHere ? b : host;
                if (random.nextInt(3) == 0) {
                    Tensor c = Tensor.zeros(result, m, n);
                    gamut.gemm(a.tensor, second, c);
                    require(differences(c, model));
                } else {
                    Item made = new Item(a.place, devices[a.place].zeros(result, m, n), model, stream);
                    items.add(made);
                    gamut.gemm(a.tensor, second, made.tensor);
                }
            } finally {
                if (rightHere) {
                    b.close();
                }
            }
        });
    }

    private void reduce() {
        Item x = any();
        if (x != null) {
            double sum = 0;
            for (double value : x.model) {
                sum += value;
            }
            double[] found = new double[1];
            x.stream.run(() -> found[0] = gamut.sum(x.tensor));
            require(found[0] == sum ? "" : "the sum of " + x.tensor + " is " + found[0] + ", not " + sum);
        }
    }

    /** New numbers by way of host memory that is closed while the copy may still be under way. */
    private void copyAsynchronously() {
        Item x = any();
        if (x == null) {
            return;
        }
        Stream stream = streams[x.place][random.nextInt(2)];
        into(stream, x);
        double[] fresh = numbers(x.model.length);
        Tensor source =
                tensor(x.shape().dtype(), fresh, x.shape().size(0), x.shape().size(1));
        long bytes = source.segment().byteSize();
        try (HostBuffer in = devices[x.place].allocateHost(bytes)) {
            in.segment().copyFrom(source.segment());
            events.add(x.tensor.buffer().copyFrom(in, 0, stream));
        }
        System.arraycopy(fresh, 0, x.model, 0, fresh.length);
    }

    private void copyWithin() {
        Item x = any();
        Item y = any();
        if (x == null
                || x == y
                || x.place != y.place
                || x.shape().dtype() != y.shape().dtype()) {
            return;
        }
        Stream stream = streams[x.place][random.nextInt(2)];
        into(stream, x);
        into(stream, y);
        int count = Math.min(x.model.length, y.model.length);
        long bytes = x.shape().dtype().bytes(count);
        events.add(y.tensor.buffer().copyFrom(x.tensor.buffer(), 0, 0, bytes, stream));
        System.arraycopy(x.model, 0, y.model, 0, count);
    }

    private void look() {
        if (!events.isEmpty()) {
            Event event = events.remove(random.nextInt(events.size()));
            event.await();
            require(event.isDone() ? "" : "an event is not done after it was waited for");
            event.close();
        }
        Item x = any();
        if (x != null) {
            check(x);
        }
    }

    private void end() {
        if (!items.isEmpty()) {
            items.remove(random.nextInt(items.size())).tensor.close();
        }
    }

    private void check(Item item) {
        item.stream.run(() -> require(differences(item.tensor.toHost(), item.model)));
    }

    private static void require(String difference) {
        if (!difference.isEmpty()) {
            throw new IllegalStateException(difference);
        }
    }

    @Override
    public void close() {
        events.forEach(Event::close);
        items.forEach(item -> item.tensor.close());
        for (Stream[] ofDevice : streams) {
            ofDevice[0].synchronize(); // transfers keep their ends until then
            ofDevice[1].close();
        }
    }
}
