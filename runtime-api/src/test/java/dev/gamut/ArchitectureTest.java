package dev.gamut;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.gamut.dtype.DType;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The arrows between packages point one way, and the facade's dependencies are the JDK alone. */
class ArchitectureTest {
    /** The classes that lie beside the facade's: the product without its tests. */
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(Gamut.class.getProtectionDomain().getCodeSource().getLocation());

    /** Lowest first; a package may depend on those before it and on its own line. */
    private static final List<String[]> LAYERS = List.of(
            new String[] {"dev.gamut.error", "dev.gamut.dtype", "dev.gamut.hw", "dev.gamut.internal.memory"},
            new String[] {"dev.gamut.accuracy"},
            new String[] {"dev.gamut.kernel"},
            new String[] {"dev.gamut.tensor"},
            new String[] {"dev.gamut.device"},
            new String[] {
                "dev.gamut.gemm", "dev.gamut.reduce", "dev.gamut.convert", "dev.gamut.collective", "dev.gamut.io"
            },
            new String[] {"dev.gamut.spi"},
            new String[] {
                "dev.gamut.internal.event",
                "dev.gamut.internal.reference",
                "dev.gamut.internal.collective",
                "dev.gamut.internal.device"
            },
            new String[] {"dev.gamut.internal.dispatch"},
            new String[] {"dev.gamut.internal.plan"},
            new String[] {"dev.gamut"},
            new String[] {"dev.gamut.parallel", "dev.gamut.linalg", "dev.gamut.topology"},
            new String[] {"dev.gamut.placement"},
            new String[] {"dev.gamut.conformance"});

    @TestFactory
    Stream<DynamicTest> lowerLayersDoNotKnowHigherOnes() {
        return IntStream.range(0, LAYERS.size() - 1).mapToObj(i -> {
            String[] above = LAYERS.subList(i + 1, LAYERS.size()).stream()
                    .flatMap(Stream::of)
                    .toArray(String[]::new);
            return DynamicTest.dynamicTest(
                    String.join(", ", LAYERS.get(i)),
                    () -> noClasses()
                            .that()
                            .resideInAnyPackage(LAYERS.get(i))
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(above)
                            .check(CLASSES));
        });
    }

    @Test
    void everyPackageHasItsLayer() {
        String[] known = LAYERS.stream().flatMap(Stream::of).toArray(String[]::new);
        classes().should().resideInAnyPackage(known).check(CLASSES);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("dev.gamut.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheJdkIsUsed() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.gamut..", "java..", "javax.xml.stream..", "jdk.jfr..")
                .check(CLASSES);
    }

    /** A type is switched on in its own package alone; elsewhere its traits are read. */
    @Test
    void noSwitchOverTypesOutsideTheirPackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gamut.dtype")
                .should()
                .callMethod(DType.class, "ordinal")
                .check(CLASSES);
    }
}
