package dev.gamut.ffm.library;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A process of its own that opens a library: prints {@code opened} and where from, or {@code failed} and why. */
final class LoadRun {
    private LoadRun() {}

    /**
     * Opens.
     *
     * @param arguments the file whose content is the library, the shared folder, the temporary folder
     */
    static void main(String... arguments) throws Exception {
        byte[] content = Files.readAllBytes(Path.of(arguments[0]));
        LibraryFiles files = new LibraryFiles(arguments[1], arguments[2]);
        List<String> tried = new ArrayList<>();
        Optional<SharedLibrary> library = files.open(System.mapLibraryName("gamut"), content, tried);
        IO.println(library.map(l -> "opened " + l.origin()).orElse("failed " + String.join("; ", tried)));
        if (library.isPresent()
                && library.get().symbols().find("gamut_abi_version").isEmpty()) {
            IO.println("failed: it has no gamut_abi_version");
        }
    }
}
