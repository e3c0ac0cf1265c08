package dev.gamut.bench.sve;

import dev.gamut.bench.sve.Elf.Symbol;
import dev.gamut.hw.Feature;
import dev.gamut.kernel.Glob;
import dev.gamut.kernel.KernelId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A register tile of the library in C for Arm, as its compiler made it.
 *
 * @param kernel its id
 * @param needs features without which it does not run
 * @param methods machine code of the functions that multiply, by their names
 */
public record NativeTile(KernelId kernel, Set<Feature> needs, Map<String, byte[]> methods) {
    /** Why there may be none. */
    public static final String MISSING = "this build has no kernels in C for Arm: there was no compiler for it,"
            + " such as Debian's gcc-aarch64-linux-gnu";

    private static final String LIBRARY = "dev/gamut/ffm/natives/linux-aarch64/libgamut.so";

    /** The library's arrays: pointers to its tiles, and its table of kernels, whose entries begin with id and features. */
    private static final String TILES = "gamut_tiles";

    private static final String KERNELS = "kernels";
    private static final int POINTER_BYTES = 8;

    /** Of a function that only jumps: what compilers make of one that is equal to another. */
    private static final int JUMP_BYTES = 4;

    /**
     * The tiles of the library that this build has for Arm, on any machine.
     *
     * @param pattern over their ids
     * @return none where there was no compiler for Arm
     */
    public static List<NativeTile> found(Glob pattern) {
        try (InputStream in = NativeTile.class.getClassLoader().getResourceAsStream(LIBRARY)) {
            return in == null
                    ? List.of()
                    : of(new Elf(in.readAllBytes())).stream()
                            .filter(tile -> pattern.matches(tile.kernel))
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + LIBRARY, e);
        }
    }

    /** The tiles that need instructions of Arm's, in the order of the library's table: each once, whatever types of results it serves. */
    static List<NativeTile> of(Elf library) {
        List<Symbol> symbols = library.symbols();
        Map<Long, Long> pointers = library.pointers();
        Symbol tiles = only(symbols, s -> s.name().equals(TILES));
        int count = (int) tiles.size() / POINTER_BYTES;
        Symbol kernels = only(symbols, s -> s.name().equals(KERNELS) && s.size() % count == 0);
        List<NativeTile> found = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < count; i++) {
            long entry = kernels.address() + kernels.size() / count * i;
            Set<Feature> needs = features(library.number(entry + POINTER_BYTES));
            Optional<Long> tile = Optional.ofNullable(pointers.get(tiles.address() + (long) POINTER_BYTES * i));
            boolean arm = needs.contains(Feature.NEON) || needs.contains(Feature.SVE);
            if (arm && tile.filter(seen::add).isPresent()) {
                KernelId id = KernelId.parse(library.textAt(pointers.get(entry)));
                found.add(new NativeTile(id, needs, methods(library, symbols, pointers, tile.get())));
            }
        }
        return List.copyOf(found);
    }

    private static Symbol only(List<Symbol> symbols, Predicate<Symbol> wanted) {
        return symbols.stream()
                .filter(wanted)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "libgamut.so has no names of its arrays of kernels any more; it must not be stripped"));
    }

    private static Set<Feature> features(long bits) {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        for (Feature feature : Feature.values()) {
            if ((bits >> feature.ordinal() & 1) != 0) {
                features.add(feature);
            }
        }
        return Collections.unmodifiableSet(features);
    }

    /**
     * The functions that a gamut_tile points to and that multiply whole tiles: they are called store or add, of the caller's a or b where
     * that makes a difference.
     */
    private static Map<String, byte[]> methods(
            Elf library, List<Symbol> symbols, Map<Long, Long> pointers, long address) {
        Symbol tile = only(symbols, s -> s.address() == address && s.size() > 0);
        Map<String, byte[]> methods = new LinkedHashMap<>();
        for (long at = address; at < address + tile.size(); at += POINTER_BYTES) {
            Long to = pointers.get(at);
            symbols.stream()
                    .filter(s -> to != null && s.isFunction() && s.address() == to)
                    .filter(s -> s.name().matches("(store|add)(_[ab])?") && s.size() > JUMP_BYTES)
                    .forEach(s -> methods.put(s.name(), library.bytes(s.address(), s.size())));
        }
        return methods;
    }
}
