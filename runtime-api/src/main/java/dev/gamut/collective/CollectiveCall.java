package dev.gamut.collective;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.Profile;
import dev.gamut.tensor.Quantise;
import dev.gamut.tensor.Tensor;
import dev.gamut.tensor.TensorView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One rank's side of a collective: its tensors and what is wanted besides. Made by one of the factories, changed by the setters, then
 * handed to {@link Communicator#run} or {@link Communicator#start}; not to be changed after that. Not thread-safe.
 *
 * <p>Tensors are contiguous and row-major (rows of 4-bit elements may be padded to whole bytes where nothing is combined), plain, in
 * heap or native memory, which no arena confines to a thread, or all of a rank's on one opening of a device; from and to are either the same
 * elements or share none. Where parts of several ranks lie in one tensor they lie one after the other, those of 4-bit elements each from a
 * whole byte on: a part is then a row, or several whose rows need no padding.
 */
public final class CollectiveCall {
    /** Each rank gives as many contributions as every other. */
    private static final int EVENLY = 0;

    private static volatile Determinism ofProcess;

    private final Collective op;
    private final List<Tensor> from;
    private final Tensor to;
    private Combine combine = Combine.SUM;
    private int total = EVENLY;
    private int root;
    private long[] fromCounts;
    private long[] toCounts;
    private Tensor indices;
    private Accuracy accuracy = Accuracy.NATIVE;
    private Determinism determinism = byDefault();
    private Quantise transport;
    private Tensor feedback;
    private Duration deadline;

    private CollectiveCall(Collective op, List<Tensor> from, Tensor to) {
        this.op = op;
        this.from = from;
        this.to = to;
    }

    /** That of the process's profile, read once; the order of ranks has no name, so none can be asked for by default. */
    private static Determinism byDefault() {
        if (ofProcess == null) {
            Determinism demand = Profile.configured().determinism();
            ofProcess = demand.order().isPresent() ? Determinism.BITWISE : demand;
        }
        return ofProcess;
    }

    private static <T> T require(String name, T value) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is null");
        }
        return value;
    }

    private static Tensor tensor(String name, TensorView view) {
        return require(name, view).tensor();
    }

    private static CollectiveCall of(Collective op, TensorView from, TensorView to) {
        return new CollectiveCall(op, List.of(tensor("from", from)), tensor("to", to));
    }

    /**
     * See {@link Collective#ALL_REDUCE}.
     *
     * @param from n elements
     * @param to n elements
     * @param how they are combined
     */
    public static CollectiveCall allReduce(TensorView from, TensorView to, Combine how) {
        return of(Collective.ALL_REDUCE, from, to).combine(how);
    }

    /**
     * An all-reduce to which ranks contribute several tensors, each as many as every other: to = their combination in the order of
     * ranks, and of each rank's in their order. The bits depend on the contributions, not on how they are spread over ranks.
     *
     * @param from at least one tensor of n elements
     * @param to n elements
     * @param how they are combined
     */
    public static CollectiveCall allReduce(List<? extends TensorView> from, TensorView to, Combine how) {
        return allReduce(from, EVENLY, to, how);
    }

    /**
     * An all-reduce of a number of contributions that need not be a multiple of the number of ranks: rank r of p gives those from
     * ⌊r·total/p⌋ to before ⌊(r + 1)·total/p⌋.
     *
     * @param from this rank's contributions, tensors of n elements
     * @param total contributions of all ranks, at least as many as there are ranks
     * @param to n elements
     * @param how they are combined
     */
    public static CollectiveCall allReduce(List<? extends TensorView> from, int total, TensorView to, Combine how) {
        if (from.isEmpty()) {
            throw new IllegalArgumentException("from is empty; a rank contributes at least one tensor");
        }
        List<Tensor> given = from.stream().map(each -> tensor("from", each)).toList();
        CollectiveCall call = new CollectiveCall(Collective.ALL_REDUCE, given, tensor("to", to));
        call.total = total;
        return call.combine(how);
    }

    /**
     * See {@link Collective#REDUCE}.
     *
     * @param from n elements
     * @param to n elements on the root; not written elsewhere, where it has the same type and may be from
     * @param how they are combined
     * @param root the rank that gets the result
     */
    public static CollectiveCall reduce(TensorView from, TensorView to, Combine how, int root) {
        return of(Collective.REDUCE, from, to).combine(how).root(root);
    }

    /**
     * See {@link Collective#BROADCAST}.
     *
     * @param x n elements, read on the root and written elsewhere
     * @param root the rank that has them
     */
    public static CollectiveCall broadcast(TensorView x, int root) {
        return of(Collective.BROADCAST, x, x).root(root);
    }

    /**
     * See {@link Collective#ALL_GATHER}.
     *
     * @param from n elements
     * @param to p·n elements
     */
    public static CollectiveCall allGather(TensorView from, TensorView to) {
        return of(Collective.ALL_GATHER, from, to);
    }

    /**
     * See {@link Collective#ALL_GATHER}, with parts of different sizes.
     *
     * @param from as many elements as {@code counts} says for this rank
     * @param to as many as all counts together
     * @param counts elements of each rank, the same on all ranks
     */
    public static CollectiveCall allGather(TensorView from, TensorView to, long[] counts) {
        return of(Collective.ALL_GATHER, from, to).counts(null, counts);
    }

    /**
     * See {@link Collective#REDUCE_SCATTER}.
     *
     * @param from p·n elements
     * @param to n elements
     * @param how they are combined
     */
    public static CollectiveCall reduceScatter(TensorView from, TensorView to, Combine how) {
        return of(Collective.REDUCE_SCATTER, from, to).combine(how);
    }

    /**
     * See {@link Collective#REDUCE_SCATTER}, with parts of different sizes.
     *
     * @param from as many elements as all counts together
     * @param to as many as {@code counts} says for this rank
     * @param counts elements of each rank, the same on all ranks
     * @param how they are combined
     */
    public static CollectiveCall reduceScatter(TensorView from, TensorView to, long[] counts, Combine how) {
        return of(Collective.REDUCE_SCATTER, from, to).combine(how).counts(counts, null);
    }

    /**
     * See {@link Collective#ALL_TO_ALL}.
     *
     * @param from p·n elements
     * @param to p·n elements
     */
    public static CollectiveCall allToAll(TensorView from, TensorView to) {
        return of(Collective.ALL_TO_ALL, from, to);
    }

    /**
     * See {@link Collective#ALL_TO_ALL}, with parts of different sizes.
     *
     * @param from as many elements as all of {@code fromCounts} together
     * @param fromCounts elements for each rank
     * @param to as many as all of {@code toCounts} together
     * @param toCounts elements from each rank
     */
    public static CollectiveCall allToAll(TensorView from, long[] fromCounts, TensorView to, long[] toCounts) {
        return of(Collective.ALL_TO_ALL, from, to)
                .counts(require("fromCounts", fromCounts), require("toCounts", toCounts));
    }

    /**
     * See {@link Collective#GATHER}.
     *
     * @param from n elements
     * @param to p·n elements on the root; not written elsewhere, where it may be from
     * @param root the rank that gets them
     */
    public static CollectiveCall gather(TensorView from, TensorView to, int root) {
        return of(Collective.GATHER, from, to).root(root);
    }

    /**
     * See {@link Collective#GATHER}, with parts of different sizes.
     *
     * @param from as many elements as {@code counts} says for this rank
     * @param to as many as all counts together on the root; not written elsewhere, where it may be from
     * @param counts elements of each rank, the same on all ranks
     * @param root the rank that gets them
     */
    public static CollectiveCall gather(TensorView from, TensorView to, long[] counts, int root) {
        return of(Collective.GATHER, from, to).root(root).counts(null, counts);
    }

    /**
     * See {@link Collective#SCATTER}.
     *
     * @param from p·n elements on the root; not read elsewhere, where it may be to
     * @param to n elements
     * @param root the rank that has them
     */
    public static CollectiveCall scatter(TensorView from, TensorView to, int root) {
        return of(Collective.SCATTER, from, to).root(root);
    }

    /**
     * See {@link Collective#SCATTER}, with parts of different sizes.
     *
     * @param from as many elements as all counts together on the root; not read elsewhere, where it may be to
     * @param to as many as {@code counts} says for this rank
     * @param counts elements of each rank, the same on all ranks
     * @param root the rank that has them
     */
    public static CollectiveCall scatter(TensorView from, TensorView to, long[] counts, int root) {
        return of(Collective.SCATTER, from, to).root(root).counts(counts, null);
    }

    /**
     * See {@link Collective#SCAN}.
     *
     * @param from n elements
     * @param to n elements
     * @param how they are combined
     */
    public static CollectiveCall scan(TensorView from, TensorView to, Combine how) {
        return of(Collective.SCAN, from, to).combine(how);
    }

    /** See {@link Collective#BARRIER}. */
    public static CollectiveCall barrier() {
        return new CollectiveCall(Collective.BARRIER, List.of(), null);
    }

    private CollectiveCall combine(Combine how) {
        combine = require("how", how);
        return this;
    }

    private CollectiveCall root(int rank) {
        root = rank;
        return this;
    }

    private CollectiveCall counts(long[] ofFrom, long[] ofTo) {
        fromCounts = ofFrom == null ? null : ofFrom.clone();
        toCounts = ofTo == null ? null : ofTo.clone();
        return this;
    }

    /**
     * The indices that come with the values of {@link Combine#ARGMIN} and {@link Combine#ARGMAX}: read, then replaced by those of the
     * results.
     *
     * @param numbers an I64 tensor of as many elements as from
     * @return this
     */
    public CollectiveCall indices(TensorView numbers) {
        indices = tensor("numbers", numbers);
        return this;
    }

    /**
     * How accurate combinations must be: a call whose bound, as {@link Combine} has it, does not meet the demand is refused. The bound is
     * n·u·S for sums, averages and products of n contributions, u being that of F64 or F32 and S as there; the rounding to the type of to
     * is besides, as for products and reductions. Everything else is exact. No demand makes numbers travel as codes, see {@link #transport};
     * with codes only {@link Accuracy#NATIVE} can be left in place. Who wants numbers in BF16 on their way gives tensors of BF16, and to
     * of F32: one rounding of each contribution.
     *
     * @param demand {@link Accuracy#NATIVE}, which every call meets, unless set
     * @return this
     */
    public CollectiveCall accuracy(Accuracy demand) {
        accuracy = require("demand", demand);
        return this;
    }

    /**
     * How reproducible combinations must be. {@link Determinism#RUN_TO_RUN} and {@link Determinism#BITWISE} both give the order of ranks:
     * the same bits on every engine and for every number of ranks that the same contributions are spread over. That order has no name:
     * a demand that names one is refused, except for results that are exact in any order.
     *
     * @param demand that of {@link Profile#configured} unless set
     * @return this
     */
    public CollectiveCall determinism(Determinism demand) {
        determinism = require("demand", demand);
        return this;
    }

    /**
     * Lets numbers travel as codes with scale factors, in all-reduces and reduce-scatters of {@link Combine#SUM} and
     * {@link Combine#AVERAGE}, all-gathers, broadcasts and all-to-alls of F64, F32, F16 and BF16; whatever else is refused. All ranks
     * get the same bits, a broadcast's root and a rank's own part included.
     *
     * <p>Blocks are of consecutive elements of each part, the last one of a part shorter; without blocks a part, or each 2^20 elements of
     * it, has one factor. Parts of an all-reduce are p shares of whole blocks. A sum is added in F32 in the order of ranks; that of an
     * all-reduce is then quantised itself.
     *
     * <p>Errors, A being the largest magnitude of the block on a rank and ΣA its sum over the p ranks (a mean for an average), each
     * with one rounding to the type of to besides: (ε + 2^-21)·A where nothing is combined, (ε + (p + 8)·2^-22)·ΣA of a reduce-scatter,
     * (ε·(2 + ε) + (p + 8)·2^-22)·ΣA of an all-reduce, where ΣA is above 2^-100 and no sum overflows F32. ε, half a code's unit over its
     * largest code, is with factors of F32 1/254 for I8, 1/14 for I4, 1/28 for F8E4M3, 1/14 for F8E5M2 and 1/6 for F4E2M1; with
     * F8E8M0, powers of two, 1/128, 1/8, 1/8, 1/8 and 1/4. These are shares of the largest element of a block and not of the element
     * itself, so no {@link Accuracy} implies them: codes are for the caller to choose. A block with an infinity, a NaN or
     * a number beyond the range of F32 arrives as NaN.
     *
     * @param codes I8, I4, F8E4M3, F8E5M2 or F4E2M1, symmetric, in blocks of at most 2^20 or one for all, to nearest, with factors of F32 or
     *     F8E8M0 that keep the largest magnitude
     * @return this
     */
    public CollectiveCall transport(Quantise codes) {
        transport = require("codes", codes);
        return this;
    }

    /**
     * What earlier calls lost by {@link #transport}, to be made up for by this one: added to from before it is quantised, then replaced by
     * what this call loses. What an all-reduce loses of the sum itself is kept by the rank that quantised it. So the sum of the results of
     * many calls differs from that of what was given by no more than what the ranks' tensors of losses hold in the end, and roundings of
     * F32 (Seide et al. 2014; Karimireddy et al. 2019). Nothing is kept of blocks that arrive as NaN. A broadcast's is used on the root.
     *
     * @param lost an F32 tensor of as many elements as from, zeros at first
     * @return this
     */
    public CollectiveCall feedback(TensorView lost) {
        feedback = tensor("lost", lost);
        return this;
    }

    /**
     * How long this rank waits for the others.
     *
     * @param longest above 0; 30 s unless set here or for the communicator
     * @return this
     */
    public CollectiveCall deadline(Duration longest) {
        if (longest.isNegative() || longest.isZero()) {
            throw new IllegalArgumentException("deadline is " + longest + "; it must be above 0");
        }
        deadline = longest;
        return this;
    }

    /**
     * The same call on other tensors.
     *
     * @param instead what stands for each tensor of this one, the same for the same
     * @return a copy
     */
    public CollectiveCall on(UnaryOperator<Tensor> instead) {
        CollectiveCall call =
                new CollectiveCall(op, from.stream().map(instead).toList(), to == null ? null : instead.apply(to));
        call.combine = combine;
        call.total = total;
        call.root = root;
        call.fromCounts = fromCounts;
        call.toCounts = toCounts;
        call.indices = indices == null ? null : instead.apply(indices);
        call.accuracy = accuracy;
        call.determinism = determinism;
        call.transport = transport;
        call.feedback = feedback == null ? null : instead.apply(feedback);
        call.deadline = deadline;
        return call;
    }

    /** What is done. */
    public Collective op() {
        return op;
    }

    /** What this rank gives: one tensor, or several contributions; none for a barrier. */
    public List<Tensor> from() {
        return from;
    }

    /**
     * Contributions of all ranks together.
     *
     * @param ranks how many there are
     */
    public int total(int ranks) {
        return total == EVENLY ? Math.max(1, from.size()) * ranks : total;
    }

    /** Where the result goes; null for a barrier. */
    public Tensor to() {
        return to;
    }

    /** How elements are combined. */
    public Combine combine() {
        return combine;
    }

    /** The root, 0 where there is none. */
    public int root() {
        return root;
    }

    /** Elements of the parts of from, a copy; empty where they are equal. */
    public Optional<long[]> fromCounts() {
        return Optional.ofNullable(fromCounts).map(long[]::clone);
    }

    /** Elements of the parts of to, a copy; empty where they are equal. */
    public Optional<long[]> toCounts() {
        return Optional.ofNullable(toCounts).map(long[]::clone);
    }

    /** The indices of values, where there are any. */
    public Optional<Tensor> indices() {
        return Optional.ofNullable(indices);
    }

    /** How accurate the result must be. */
    public Accuracy accuracy() {
        return accuracy;
    }

    /** How reproducible the result must be. */
    public Determinism determinism() {
        return determinism;
    }

    /** How numbers travel. */
    public Optional<Quantise> transport() {
        return Optional.ofNullable(transport);
    }

    /** What earlier calls lost. */
    public Optional<Tensor> feedback() {
        return Optional.ofNullable(feedback);
    }

    /** How long this rank waits for the others, where this call says so. */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(deadline);
    }
}
