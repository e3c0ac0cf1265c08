package dev.gamut.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong command lines end with exit code 2 and one line that says what was wrong and what is allowed. */
class BadUsageTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        frob                                                        | allowed are report, test, doctor
        test                                                        | tests are run by the launcher
        explain                                                     | allowed are gemm
        explain foo                                                 | unknown command 'foo'
        explain gemm --m 1 --n 1                                    | '--k=<k>'
        explain gemm --m -1 --n 1 --k 1                             | --m is -1; it must be at least 0
        explain gemm --m 1 --n 1 --k x                              | 'x' is not a long
        explain gemm --m 1 --n 1 --k 1 --a f99                      | must be one of f64, f32
        explain gemm --m 1 --n 1 --k 1 --a f64 --c i32              | c is I32
        explain gemm --m 1 --n 1 --k 1 --accuracy good              | allowed are native, atLeast:TYPE and within:EPS
        explain gemm --m 1 --n 1 --k 1 --accuracy within:x          | a number such as 1e-6 is needed
        explain gemm --m 1 --n 1 --k 1 --accuracy within:0          | must be above 0
        explain gemm --m 1 --n 1 --k 1 --accuracy native:f64        | none is allowed there
        explain gemm --m 1 --n 1 --k 1 --determinism some           | allowed are any, run_to_run, bitwise
        explain gemm --m 1 --n 1 --k 1 --determinism bitwise:NO     | evaluation order
        explain gemm --m 1 --n 1 --k 1 --threads 0                  | allowed are 1 to 4096
        explain gemm --m 1 --n 1 --k 1 --zip                        | unknown option '--zip'; allowed are --m
        explain gemm --m 1 --n 1 --k 1 extra                        | unexpected argument 'extra'
        doctor --json=/no/such/directory/x.json                     | its directory does not exist
        doctor --json=/                                             | a directory; a file is needed
        verify --kernel no_such_*                                   | matches no kernel
        verify --kernel a{b                                         | braces must
        report --workloads no-such-*                                | no workload matches
        report -o /dev/null                                         | a directory is needed
        bench no.such.benchmark                                     | -l lists them
        bench -zip                                                  | JMH's options
        gate --rows no.such.row                                     | matches no row; `gamut gate --list` names them
        gate --rows vector.gemm.f32.n16.t1 --quick                  | matches no row of a quick run
        gate --rows a{b                                             | braces must
        gate --share 2                                              | --share is 2.0; allowed are numbers above 0
        gate --rows vector.*.n4096.* --judged                       | matches no row with a bar
        gate --from x.json                                          | without --readme
        gate --from x.json --readme r.md --rows vector.*            | --from is x.json; it goes with --readme alone
        gate --from x.json --readme r.md --json=y.json              | --from is x.json; it goes with --readme alone
        gate --from x.json --readme r.md --share 0.5                | --from is x.json; it goes with --readme alone
        gate --rows vector.gemm.f64.n8.t1 --readme /no/such/x.md    | its directory does not exist
        gate --json=/no/such/directory/x.json                       | its directory does not exist
        solve --n 0                                                 | --n is 0; allowed are 1 to 46330
        solve --n 46330                                             | GAMUT_JAVA_OPTS=-Xmx
        solve --method hpl --factors bf16                           | --factors is BF16; it is for --method mxp alone
        solve --refine classical                                    | --refine is classical; it is for --method mxp alone
        solve --method mxp --factors i8                             | --factors is I8; allowed are bf16, f16, f32 and f64
        solve --method lu                                           | 'lu'
        solve --n 3 --matrix x.mtx                                  | the matrix has its own order
        solve --matrix /no/such.mtx                                 | which is no readable file
        collectives                                                 | 'OP'
        collectives frob                                            | collective is 'frob', must be one of [all_reduce
        collectives all_reduce -d f99                               | type is 'f99'; allowed are f64, f32
        collectives all_reduce -o argmin                            | op is 'argmin'; allowed are sum, product
        collectives all_reduce -b 4X                                | '4X' is no size; allowed are numbers such as 8, 4K
        collectives all_reduce -b 4K -e 1K                          | -e must be at least as large
        collectives all_reduce -e 8589934591G                       | '8589934591G' is too large; allowed are at most 8388608G
        collectives all_reduce -i 1                                 | -i makes 67108857 sizes; allowed are at most 10000
        collectives all_reduce -b 0                                 | -b is 0; a factor needs at least 1
        collectives all_reduce -f 1                                 | -f is 1; it must be at least 2
        collectives all_reduce -f 2 -i 8                            | -f and -i are given
        collectives all_reduce -t 0                                 | -t is 0; allowed are 1 to 1024
        collectives reduce -t 2 -r 2                                | -r is 2; allowed are 0 to 1
        collectives all_reduce -n 0                                 | -n is 0; it must be at least 1
        collectives all_reduce -c 2                                 | -c is 2; allowed are 0 and 1
        collectives all_reduce --memory gpu                         | HEAP, NATIVE
        collectives all_reduce --json=/no/such/directory/x.json     | its directory does not exist
        run --checkpoints x                                         | 'CLASS [ARG...]'
        run Class                                                   | '--checkpoints=DIR'
        run --checkpoints /dev/null Class                           | a directory is needed
        run --checkpoints x --ranks 0 Class                         | --ranks is 0; allowed are 1 to 1024
        run --checkpoints x --tries 0 Class                         | --tries is 0
        run --checkpoints x --patience 0 Class                      | --patience is 0
        run --checkpoints x --launcher slurm Class                  | THREADS, OPENMPI, MPICH
        run --checkpoints x --launcher threads --nodes a Class      | ranks on hosts need openmpi or mpich
        run --checkpoints x --nodes a --topology t Class            | one of them names the hosts
        run --checkpoints x --nodes a:0 Class                       | a host takes at least 1 rank
        run --checkpoints x --nodes a:b Class                       | 'b' is no number of ranks
        run --checkpoints x --nodes a,a Class                       | names a twice
        run --checkpoints x --nodes :2 Class                        | which names no host
        run --checkpoints x --topology /no/such Class               | which is no readable file
        tune --kernel no_such_* --dry-run                           | matches no kernel with constants to measure
        tune --kernel sum_* --dry-run                               | matches no kernel with constants to measure
        tune --kernel a{b                                           | braces must
        tune -o /no/such/directory/x.txt                            | its directory does not exist
        tune -o /                                                   | a directory; a file is needed
        tune --fast                                                 | unknown option '--fast'; allowed are --quick
        tune extra                                                  | unexpected argument 'extra'
        sve-model --kernel gemm_f8e4m3_*                            | matches no kernel with a register tile
        sve-model --kernel a{b                                      | braces must
        sve-model --vectors sve1024                                 | expected one of [NEON, SVE128
        sve-model --json=/no/such/directory/x.json                  | its directory does not exist
        """)
    void oneLineSaysWhatIsAllowed(String arguments, String expected) {
        String complaint = Invocation.of(arguments.split(" +")).complaint(2);
        assertTrue(complaint.contains(expected), complaint);
    }

    @Test
    void noCommandIsBadUsage() {
        assertTrue(Invocation.of().complaint(2).contains("allowed are report"));
    }

    @Test
    void debugShowsWhereItComesFrom() {
        Invocation run = Invocation.of("verify", "--kernel", "no_such_*", "--debug");
        assertEquals(2, run.code());
        assertTrue(run.err().contains("at dev.gamut.bench.cli.VerifyCommand"), run.err());
    }

    @Test
    void helpIsNoError() {
        Invocation run = Invocation.of("report", "--help");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("--quick"));
        assertFalse(run.out().contains("--workloads"));
    }
}
