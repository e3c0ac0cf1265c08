package dev.gamut.io;

import dev.gamut.dtype.DType;
import dev.gamut.error.FormatException;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A checkpoint that {@link CheckpointWriter} has completed: tensors, each in parts in the files of the ranks that wrote it. Any part of a
 * tensor can be loaded, by any number of ranks, in any type. What is loaded was compared with its checksum; a byte that has changed is a
 * {@link FormatException} that names file and tensor. Thread-safe; its files must not be changed meanwhile.
 */
public final class Checkpoint {
    private static final Pattern FOLDER = Pattern.compile("step-(\\d{12})-run-(\\d{1,19})");

    /** Checksums are counted over pieces of this size. */
    private static final long PIECE = 1 << 24;

    private final Path folder;
    private final Manifest manifest;
    private final Map<String, List<SavedPart>> tensors = new TreeMap<>();
    private final Set<SavedPart> verified = new HashSet<>();

    private Checkpoint(Path folder, Manifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    static Path folder(Path root, long step, long run) {
        return root.resolve(String.format(Locale.ROOT, "step-%012d-run-%d", step, run));
    }

    /**
     * Where a step's checkpoint would be, by its folder's name: the step, or -1 where it is none.
     *
     * @param folder any
     */
    static long stepOf(Path folder) {
        Matcher m = FOLDER.matcher(folder.getFileName().toString());
        return m.matches() ? Long.parseLong(m.group(1)) : -1;
    }

    /** Folders of checkpoints, complete or not, in rising order of step and run. */
    static List<Path> folders(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(root)) {
            return all.filter(folder -> stepOf(folder) >= 0)
                    .sorted(Comparator.comparingLong(Checkpoint::stepOf).thenComparing(Checkpoint::runOf))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static long runOf(Path folder) {
        Matcher m = FOLDER.matcher(folder.getFileName().toString());
        return m.matches() ? Long.parseLong(m.group(2)) : -1;
    }

    /**
     * Step and run of a folder that {@link #list} names.
     *
     * @param folder of a checkpoint
     * @return both, in this order; -1 where it is none
     */
    public static long[] stepAndRun(Path folder) {
        return new long[] {stepOf(folder), runOf(folder)};
    }

    /**
     * The largest number of a run that has begun to write a checkpoint, complete or not.
     *
     * @param root the folder that they are written into
     * @return -1 where there is none
     * @throws IOException if it cannot be read
     */
    public static long lastRun(Path root) throws IOException {
        return folders(root).stream().mapToLong(Checkpoint::runOf).max().orElse(-1);
    }

    static boolean isComplete(Path folder) {
        return Files.exists(folder.resolve(Manifest.NAME));
    }

    /**
     * The checkpoints that were completed, oldest first; whether their bytes are still what they were is seen when they are opened
     * and loaded.
     *
     * @param root the folder that they are written into
     * @return a folder for each
     * @throws IOException if it cannot be read
     */
    public static List<Path> list(Path root) throws IOException {
        return folders(root).stream().filter(Checkpoint::isComplete).toList();
    }

    /**
     * The last checkpoint that was completed.
     *
     * @param root the folder that they are written into
     * @return empty where there is none
     * @throws FormatException if it is not any more what it was
     * @throws IOException if it cannot be read
     */
    public static Optional<Checkpoint> latest(Path root) throws IOException {
        List<Path> all = list(root);
        return all.isEmpty() ? Optional.empty() : Optional.of(open(all.getLast()));
    }

    /**
     * Opens a checkpoint: its manifest and the heads of its files are compared with their checksums.
     *
     * @param folder one of {@link #list}
     * @return the checkpoint
     * @throws FormatException if a byte of these has changed, or a file is missing or has another length
     * @throws IOException if it cannot be read
     */
    public static Checkpoint open(Path folder) throws IOException {
        Checkpoint checkpoint = new Checkpoint(folder, Manifest.read(folder));
        for (Manifest.Part part : checkpoint.manifest.files()) {
            checkpoint.add(folder.resolve(part.name()), part);
        }
        return checkpoint;
    }

    /**
     * Opens the checkpoint of a step.
     *
     * @param root the folder that checkpoints are written into
     * @param step of the computation
     * @param run that wrote it
     * @return the checkpoint
     * @throws FormatException as {@link #open(Path)}, or if it is not there
     * @throws IOException if it cannot be read
     */
    public static Checkpoint open(Path root, long step, long run) throws IOException {
        return open(folder(root, step, run));
    }

    private void add(Path file, Manifest.Part part) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != part.bytes()) {
                throw new FormatException(
                        file,
                        channel.size(),
                        "the file has " + channel.size() + " bytes; it was written with " + part.bytes());
            }
            byte[] head = Safetensors.head(file, channel);
            String sum = Manifest.checksum(head);
            if (!sum.equals(part.head())) {
                throw new FormatException(
                        file, 0, "the checksum of the head is " + sum + "; it was written with " + part.head());
            }
            SafetensorsHeader header = Safetensors.header(file, head, channel.size());
            SavedPart.all(file, header, head.length)
                    .forEach((name, saved) -> tensors.computeIfAbsent(name, added -> new ArrayList<>())
                            .add(saved));
        } catch (NoSuchFileException e) {
            throw new FormatException(file, 0, "the file is missing");
        }
    }

    /** The step that it is of. */
    public long step() {
        return manifest.step();
    }

    /** The run that wrote it. */
    public long run() {
        return manifest.run();
    }

    /** How many ranks wrote it. */
    public int ranks() {
        return manifest.files().size();
    }

    /** The folder that it lies in. */
    public Path folder() {
        return folder;
    }

    /** The tensors' names, in alphabetical order. */
    public List<String> names() {
        return List.copyOf(tensors.keySet());
    }

    /**
     * The type that a tensor was saved in.
     *
     * @param name of the tensor
     */
    public DType dtype(String name) {
        return parts(name).getFirst().type();
    }

    /**
     * Sizes of the whole tensor.
     *
     * @param name of the tensor
     */
    public long[] shape(String name) {
        return parts(name).getFirst().whole().stream()
                .mapToLong(Long::longValue)
                .toArray();
    }

    private List<SavedPart> parts(String name) {
        List<SavedPart> parts = tensors.get(name);
        if (parts == null) {
            throw new IllegalArgumentException(
                    "tensor is '" + name + "', must be one of " + String.join(", ", names()));
        }
        return parts;
    }

    /**
     * Loads a whole tensor, as it was saved.
     *
     * @param name of the tensor
     * @return a row-major tensor over a new array
     * @throws FormatException if a byte of it has changed, or the ranks did not save all of it
     * @throws IOException if it cannot be read
     */
    public Tensor load(String name) throws IOException {
        Tensor all = Tensor.zeros(dtype(name), shape(name));
        load(name, all, new long[all.rank()]);
        return all;
    }

    /**
     * Loads a part of a tensor, cut as the reader needs it, in the reader's type: each element is rounded once from what was saved.
     *
     * @param name of the tensor
     * @param into plain, of the part's shape and any layout and type; undefined after an exception
     * @param from where the part begins on each axis
     * @throws FormatException if a byte of what is needed has changed, or the ranks did not save all of it
     * @throws IOException if it cannot be read
     */
    public void load(String name, Tensor into, long... from) throws IOException {
        Safetensors.requirePlain("into", into);
        long[] whole = shape(name);
        new Shard(into, whole, from);
        Box wanted = Box.of(from, into.layout().shape());
        long found = 0;
        Set<Box> seen = new HashSet<>();
        for (SavedPart part : parts(name)) {
            // Ranks that all have a tensor may all have saved it.
            if (wanted.with(part.box()).elements() > 0 && seen.add(part.box())) {
                try (Arena arena = Arena.ofConfined();
                        FileChannel channel = FileChannel.open(part.file(), StandardOpenOption.READ)) {
                    found += part.copy(mapped(part, channel, arena), into, wanted);
                }
            }
        }
        if (found != wanted.elements()) {
            throw new FormatException(
                    folder.resolve(Manifest.NAME),
                    0,
                    "tensor '" + name + "' needs " + wanted.elements() + " elements from " + Arrays.toString(from)
                            + " on; the ranks saved " + found + " of them");
        }
    }

    /** A part's bytes, compared with their checksum when they are used first. */
    private MemorySegment mapped(SavedPart part, FileChannel channel, Arena arena) throws IOException {
        MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, part.begin(), part.bytes(), arena);
        synchronized (verified) {
            if (verified.contains(part)) {
                return bytes;
            }
        }
        CRC32C crc = new CRC32C();
        for (long done = 0; done < part.bytes(); done += PIECE) {
            crc.update(bytes.asSlice(done, Math.min(PIECE, part.bytes() - done)).asByteBuffer());
        }
        String sum = Manifest.digits(crc);
        if (!sum.equals(part.sum())) {
            throw new FormatException(
                    part.file(),
                    part.begin(),
                    "the checksum of tensor '" + part.name() + "' is " + sum + "; it was written with " + part.sum());
        }
        synchronized (verified) {
            verified.add(part);
        }
        return bytes;
    }

    /**
     * Compares every byte with its checksum.
     *
     * @throws FormatException if one has changed, with file and tensor
     * @throws IOException if they cannot be read
     */
    public void verify() throws IOException {
        for (List<SavedPart> parts : tensors.values()) {
            for (SavedPart part : parts) {
                try (Arena arena = Arena.ofConfined();
                        FileChannel channel = FileChannel.open(part.file(), StandardOpenOption.READ)) {
                    mapped(part, channel, arena);
                }
            }
        }
    }
}
