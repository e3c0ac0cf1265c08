package dev.gamut.ffm.blas;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How a library is told on how many threads to compute. Thread-safe.
 *
 * <p>Where it keeps one number for the process, other code that calls the same library finds the number that was set last.
 */
interface ThreadSetting {
    /**
     * Called before a product.
     *
     * @param threads that it may use at most
     * @return what to give {@link #leave}
     */
    int enter(int threads);

    /**
     * Called after it, by the same thread.
     *
     * @param before what {@link #enter} answered
     */
    void leave(int before);

    /** Of a library that cannot be told: it uses as many threads as it likes. */
    ThreadSetting NONE = new ThreadSetting() {
        @Override
        public int enter(int threads) {
            return 0;
        }

        @Override
        public void leave(int before) {}
    };

    /** A function of a library that takes a number of threads. */
    record Setter(MemorySegment function) {
        /** BLIS takes 64 bits, of which the others read the lower half; only oneMKL answers, what others leave is not looked at. */
        private static final MethodHandle CALL =
                Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

        int set(int threads) {
            try {
                return (int) CALL.invokeExact(function, (long) threads);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError("a call of C throws no checked exception", e);
            }
        }
    }

    /** A number for each calling thread, put back afterwards: oneMKL. */
    record OfThread(Setter setter) implements ThreadSetting {
        @Override
        public int enter(int threads) {
            return setter.set(threads);
        }

        @Override
        public void leave(int before) {
            setter.set(before);
        }
    }

    /**
     * One number for the process: OpenBLAS and BLIS. Products that want the same number run at once; one that wants another waits until
     * they have ended, and whoever comes after it waits behind it. Each sets it, since some builds keep it for each thread.
     */
    final class OfProcess implements ThreadSetting {
        private final Setter setter;
        private final ReentrantLock turn = new ReentrantLock(true);
        private final ReentrantLock state = new ReentrantLock();
        private final Condition left = state.newCondition();
        private int current;
        private int running;

        OfProcess(Setter setter) {
            this.setter = setter;
        }

        @Override
        public int enter(int threads) {
            turn.lock();
            try {
                state.lock();
                try {
                    while (running > 0 && current != threads) {
                        left.awaitUninterruptibly();
                    }
                    setter.set(threads);
                    current = threads;
                    running++;
                } finally {
                    state.unlock();
                }
            } finally {
                turn.unlock();
            }
            return 0;
        }

        @Override
        public void leave(int before) {
            state.lock();
            try {
                running--;
                left.signalAll();
            } finally {
                state.unlock();
            }
        }
    }
}
