package dev.gamut.ffm.library;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.ffm.JavaProcess;
import dev.gamut.hw.Capabilities;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may go wrong between a jar and an open library, each of it brought about. */
class LibraryFinderTest {
    private static final String FILE = System.mapLibraryName("gamut");

    @TempDir
    Path folder;

    private Path shared;
    private Path temporary;
    private byte[] content;

    @BeforeEach
    void takeTheLibrary() throws Exception {
        content = LibraryFinder.ofProcess("gamut", "gamut.test.nothing", "GAMUT_TEST_NOTHING")
                .packaged();
        Assumptions.assumeTrue(content != null, "cannot run here: no C compiler has built a library for this platform");
        shared = folder.resolve("shared");
        temporary = Files.createDirectory(folder.resolve("temporary"));
    }

    private LibraryFiles files() {
        return new LibraryFiles(shared.toString(), temporary.toString());
    }

    private LibraryFinder finder(byte[] packaged) {
        return finder(packaged, files());
    }

    private static LibraryFinder finder(byte[] packaged, LibraryFiles files) {
        return new LibraryFinder("gamut", Optional.empty(), packaged, "this-platform", files);
    }

    private LibraryFinder ordered(String wish) {
        return new LibraryFinder("gamut", Optional.of(wish), content, "this-platform", files());
    }

    private Path cached() throws IOException {
        try (Stream<Path> files = Files.walk(shared)) {
            List<Path> found = files.filter(Files::isRegularFile).toList();
            assertEquals(1, found.size(), found::toString);
            return found.getFirst();
        }
    }

    private static String failure(LibraryFinder finder) {
        return assertThrows(LoadFailure.class, finder::open).getMessage();
    }

    @Test
    void aLibraryIsKeptUnderItsHash() throws Exception {
        SharedLibrary library = finder(content).open();
        assertEquals(cached().toString(), library.origin());
        assertEquals(64, cached().getParent().getFileName().toString().length());
        assertTrue(library.find("gamut_gemm_step").address() != 0);
        assertThrows(LoadFailure.class, () -> library.find("gamut_nothing"));
        long written = Files.getLastModifiedTime(cached()).toMillis();
        Files.setLastModifiedTime(cached(), java.nio.file.attribute.FileTime.fromMillis(written - 10_000));
        finder(content).open();
        assertEquals(written - 10_000, Files.getLastModifiedTime(cached()).toMillis(), "it was written again");
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aDamagedFileIsReplaced() throws Exception {
        finder(content).open();
        for (byte[] damage :
                List.of(new byte[0], "no library".getBytes(StandardCharsets.UTF_8), changed(content, 70))) {
            Files.delete(cached());
            Files.write(shared.resolve(hashFolder()).resolve(FILE), damage);
            finder(content).open();
            assertArrayEquals(content, Files.readAllBytes(cached()));
        }
    }

    private Path hashFolder() throws IOException {
        try (Stream<Path> folders = Files.list(shared)) {
            return folders.findFirst().orElseThrow().getFileName();
        }
    }

    private static byte[] changed(byte[] content, int at) {
        byte[] other = content.clone();
        other[at] ^= 1;
        return other;
    }

    @Test
    void whereTheSharedFolderCannotBeWrittenOneOfItsOwnServes() throws Exception {
        Files.writeString(folder.resolve("file"), "not a folder");
        shared = folder.resolve("file").resolve("shared");
        SharedLibrary library = finder(content).open();
        assertTrue(library.origin().startsWith(temporary.toString()), library::origin);
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(0, left.count(), "the folder is gone once the library is open");
        }
    }

    /** As on NFS, which keeps what is open: a library that puts a file beside itself. */
    @Test
    void aFolderThatCannotBeRemovedDoesNotCloseTheLibrary() throws Exception {
        Path source = Files.writeString(folder.resolve("stays.c"), """
                #define _GNU_SOURCE
                #include <dlfcn.h>
                #include <stdio.h>
                __attribute__((constructor)) static void stay(void) {
                    Dl_info own;
                    char path[4096];
                    dladdr((void *)stay, &own);
                    snprintf(path, sizeof path, "%s.stays", own.dli_fname);
                    fclose(fopen(path, "w"));
                }
                """);
        Path built = folder.resolve("stays.so");
        List<String> command =
                List.of("sh", "-c", "cc -shared -fPIC -o \"$1\" \"$0\" -ldl", source.toString(), built.toString());
        String said = JavaProcess.said(JavaProcess.start(command, Map.of()));
        Assumptions.assumeTrue(Files.exists(built), () -> "cannot run here: no C compiler, " + said);
        LibraryFiles own = new LibraryFiles("none", temporary.toString());
        SharedLibrary library = finder(Files.readAllBytes(built), own).open();
        assertTrue(library.origin().startsWith(temporary.toString()), library::origin);
        assertTrue(Files.exists(Path.of(library.origin() + ".stays")));
    }

    @Test
    void whereNoFolderCanBeWrittenBothReasonsAreGiven() throws IOException {
        Files.writeString(folder.resolve("file"), "not a folder");
        shared = folder.resolve("file").resolve("shared");
        temporary = folder.resolve("file").resolve("temporary");
        String failure = failure(finder(content));
        assertTrue(failure.startsWith("no " + FILE + " can be loaded: "), failure);
        assertTrue(failure.contains("it cannot be put into " + shared), failure);
        assertTrue(failure.contains("it cannot be put into " + temporary), failure);
    }

    @Test
    void aLibraryOfAnotherPlatformIsRefused() {
        String here = Capabilities.host().arch();
        byte[] other = content.clone();
        other[18] = (byte) (here.equals("x86_64") ? 0xB7 : 0x3E); // e_machine of the ELF header
        String failure = failure(finder(other));
        assertTrue(failure.contains(FILE + ": it is for "), failure);
        assertTrue(failure.contains(", this machine is " + here), failure);
    }

    @Test
    void whatIsNoLibraryIsRefused() {
        String failure = failure(finder("no library".getBytes(StandardCharsets.UTF_8)));
        assertTrue(failure.contains("file too short") || failure.contains("ELF"), failure);
    }

    @Test
    void theSystemIsAskedLast() {
        String failure = failure(finder(null));
        assertTrue(failure.contains("no jar on the class path has it for this-platform; " + FILE), failure);
    }

    @Test
    void aFileThatTheUserNamesIsTheOnlyOneTried() throws Exception {
        Path own = Files.write(folder.resolve("own.so"), content);
        assertEquals(own.toString(), ordered(own.toString()).open().origin());
        assertEquals("switched off", failure(ordered("none")));
        String missing = folder.resolve("missing.so").toString();
        assertEquals(
                "the library asked for is " + missing + ", which is no file; a path or none is needed",
                failure(ordered(missing)));
        Path bad = Files.writeString(folder.resolve("bad.so"), "no library, but a long enough one: ".repeat(10));
        String failure = failure(ordered(bad.toString()));
        assertTrue(failure.startsWith("the library asked for cannot be loaded: " + bad), failure);
    }

    @Test
    void theSharedFolderIsWhereTheUserKeepsCaches() {
        assertEquals("/c/gamut", LibraryFiles.shared(Map.of("XDG_CACHE_HOME", "/c"), "/home/u"));
        assertEquals("/home/u/.cache/gamut", LibraryFiles.shared(Map.of(), "/home/u"));
        assertEquals("/home/u/.cache/gamut", LibraryFiles.shared(Map.of("XDG_CACHE_HOME", "relative"), "/home/u"));
    }

    /** "?" is the home of a user whom the system does not know; a zero byte stands for letters that the locale lacks. */
    @Test
    void aUserWithoutAHomeHasNoFolderAndAPathThatCannotBeSpeltIsAReason() throws Exception {
        String home = LibraryFiles.shared(Map.of(), "?");
        SharedLibrary library =
                finder(content, new LibraryFiles(home, temporary.toString())).open();
        assertTrue(library.origin().startsWith(temporary.toString()), library::origin);
        assertTrue(Files.notExists(Path.of("?")), "a folder of that name where the process was started");
        String failure = failure(finder(content, new LibraryFiles(home, "/a\0b")));
        assertTrue(failure.contains("it cannot be put into ?/.cache/gamut: "), failure);
        assertTrue(failure.contains("it cannot be put into /a\0b: "), failure);
        assertEquals(
                "the library asked for is /a\0b, which is no file; a path or none is needed",
                failure(ordered("/a\0b")));
    }

    @Test
    void manyProcessesOpenItAtOnce() throws Exception {
        Path source = source(); // once: nobody may read it while it is written
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            processes.add(start(List.of(), source, shared, temporary));
        }
        String opened = null;
        for (Process process : processes) {
            String said = JavaProcess.said(process);
            assertTrue(said.startsWith("opened " + shared), said);
            assertEquals(opened == null ? said : opened, said);
            opened = said;
        }
        assertArrayEquals(content, Files.readAllBytes(cached()));
    }

    @Test
    void whereNoFolderMayHoldProgrammesTheSystemSaysSo() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("noexec"));
        List<String> inside = List.of(
                "unshare", "-rm", "sh", "-c", "mount -t tmpfs -o noexec tmpfs \"$0\" && exec \"$@\"", mount.toString());
        Process probe = JavaProcess.start(
                Stream.concat(inside.stream(), Stream.of("true")).toList(), Map.of());
        String refusal = JavaProcess.said(probe);
        Assumptions.assumeTrue(
                probe.exitValue() == 0, () -> "cannot run here: no mount without programmes: " + refusal);
        String said = JavaProcess.said(start(inside, source(), mount.resolve("shared"), mount));
        assertTrue(said.startsWith("failed " + mount.resolve("shared")), said);
        assertTrue(said.contains("failed to map segment"), said);
        assertEquals(2, said.split("failed to map segment", -1).length - 1, said);
    }

    private Path source() throws IOException {
        return Files.write(folder.resolve("library"), content);
    }

    private static Process start(List<String> prefix, Path source, Path shared, Path temporary) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(JavaProcess.command(
                List.of("-XX:TieredStopAtLevel=1"),
                LoadRun.class,
                source.toString(),
                shared.toString(),
                temporary.toString()));
        return JavaProcess.start(command, Map.of());
    }
}
