package dev.gamut.bench.gate;

import dev.gamut.bench.machine.ProductInC;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Unavailable;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/**
 * Where peers come from: yardsticks are built in; libraries are modules of their own, whose jars the launcher builds for
 * the rows that are asked for and names in the system property {@value #PROPERTY}.
 */
final class Peers {
    /** {@code module=folder} pairs, separated by colons. */
    static final String PROPERTY = "gamut.peers";

    private static final List<Supplier<Peer>> BUILT_IN = List.of(
            ReadBandwidth::new,
            CopyBandwidth::new,
            CLoopPeer::new,
            OwnF32::new,
            OwnFree::new,
            OwnHpl::new,
            OwnRounded::new,
            OwnVector::new);

    private Peers() {}

    /**
     * The module of bench/peers that holds a peer.
     *
     * @param peer its name, for example {@code jlama-native}
     * @return the name up to the first hyphen; empty where the peer is built in
     */
    static Optional<String> module(String peer) {
        boolean builtIn = builtIn(peer).isPresent()
                || peer.equals(CollectiveSides.TRIAD)
                || ProductInC.Library.of(peer).isPresent()
                || MpiJob.isPeer(peer);
        return builtIn ? Optional.empty() : Optional.of(peer.split("-", 2)[0]);
    }

    private static Optional<Peer> builtIn(String name) {
        return BUILT_IN.stream()
                .map(Supplier::get)
                .filter(peer -> peer.name().equals(name))
                .findFirst();
    }

    /**
     * Finds a peer and opens it. Its class loader becomes the thread's: libraries look for their parts there.
     *
     * @param name as in the gate's table
     * @param threads to be used
     * @throws Unavailable if it was not built or cannot run
     */
    static Peer open(String name, int threads) throws Unavailable {
        Optional<Peer> builtIn = builtIn(name);
        Peer peer = builtIn.isPresent() ? builtIn.get() : load(name);
        Thread.currentThread().setContextClassLoader(peer.getClass().getClassLoader());
        try {
            peer.open(threads);
        } catch (LinkageError e) {
            throw new Unavailable("cannot be loaded here: " + e, e);
        }
        return peer;
    }

    private static Peer load(String name) throws Unavailable {
        String module = name.split("-", 2)[0];
        Path folder = folder(module)
                .orElseThrow(() -> new Unavailable("could not be built or fetched; see .gamut/peers.log"));
        ClassLoader loader = new URLClassLoader(jars(folder), Peers.class.getClassLoader());
        return ServiceLoader.load(Peer.class, loader).stream()
                .map(ServiceLoader.Provider::get)
                .filter(peer -> peer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("bench/peers/" + module + " has no peer " + name));
    }

    private static Optional<Path> folder(String module) {
        for (String pair : System.getProperty(PROPERTY, "").split(":")) {
            if (pair.startsWith(module + "=")) {
                return Optional.of(Path.of(pair.substring(module.length() + 1)));
            }
        }
        return Optional.empty();
    }

    private static URL[] jars(Path folder) throws Unavailable {
        List<URL> urls = new ArrayList<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : jars) {
                urls.add(URI.create(jar.toUri().toString()).toURL());
            }
        } catch (MalformedURLException e) {
            throw new IllegalStateException(folder + " is no folder of jars", e);
        } catch (IOException e) {
            throw new Unavailable("its jars in " + folder + " cannot be read", e);
        }
        return urls.toArray(URL[]::new);
    }
}
