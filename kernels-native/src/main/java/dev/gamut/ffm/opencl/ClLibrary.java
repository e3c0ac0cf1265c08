package dev.gamut.ffm.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.error.GamutException;
import dev.gamut.error.NativeCallException;
import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SharedLibrary;
import dev.gamut.ffm.opencl.abi.*;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The functions of OpenCL 1.2 that Gamut calls, as Java methods; handles are numbers. What is answered with a status becomes a {@link
 * dev.gamut.error.NativeCallException}. Thread-safe, as OpenCL is, but for the arguments of one kernel object.
 */
final class ClLibrary {
    private static final int TRUE = 1;
    private static final int FALSE = 0;

    /** With these kernels compute as IEEE 754 says, which is the default: no other options are set. */
    private static final String BUILD_OPTIONS = "-cl-std=CL1.2";

    /** CL_PLATFORM_NOT_FOUND_KHR of the extension cl_khr_icd. */
    private static final int PLATFORM_NOT_FOUND = -1001;

    private final SharedLibrary library;
    private final MemorySegment getPlatformIds;
    private final MemorySegment getPlatformInfo;
    private final MemorySegment getDeviceIds;
    private final MemorySegment getDeviceInfo;
    private final MemorySegment createContext;
    private final MemorySegment createCommandQueue;
    private final MemorySegment releaseCommandQueue;
    private final MemorySegment createBuffer;
    private final MemorySegment releaseMemObject;
    private final MemorySegment enqueueReadBuffer;
    private final MemorySegment enqueueWriteBuffer;
    private final MemorySegment enqueueCopyBuffer;
    private final MemorySegment enqueueFillBuffer;
    private final MemorySegment enqueueMarker;
    private final MemorySegment enqueueBarrier;
    private final MemorySegment getEventInfo;
    private final MemorySegment waitForEvents;
    private final MemorySegment releaseEvent;
    private final MemorySegment finish;
    private final MemorySegment flush;
    private final MemorySegment createProgram;
    private final MemorySegment buildProgram;
    private final MemorySegment getProgramBuildInfo;
    private final MemorySegment releaseProgram;
    private final MemorySegment createKernel;
    private final MemorySegment setKernelArg;
    private final MemorySegment releaseKernel;
    private final MemorySegment enqueueKernel;

    /**
     * Binds a library.
     *
     * @throws LoadFailure where it lacks a function
     */
    ClLibrary(SharedLibrary library) throws LoadFailure {
        this.library = library;
        getPlatformIds = library.find("clGetPlatformIDs");
        getPlatformInfo = library.find("clGetPlatformInfo");
        getDeviceIds = library.find("clGetDeviceIDs");
        getDeviceInfo = library.find("clGetDeviceInfo");
        createContext = library.find("clCreateContext");
        createCommandQueue = library.find("clCreateCommandQueue");
        releaseCommandQueue = library.find("clReleaseCommandQueue");
        createBuffer = library.find("clCreateBuffer");
        releaseMemObject = library.find("clReleaseMemObject");
        enqueueReadBuffer = library.find("clEnqueueReadBuffer");
        enqueueWriteBuffer = library.find("clEnqueueWriteBuffer");
        enqueueCopyBuffer = library.find("clEnqueueCopyBuffer");
        enqueueFillBuffer = library.find("clEnqueueFillBuffer");
        enqueueMarker = library.find("clEnqueueMarkerWithWaitList");
        enqueueBarrier = library.find("clEnqueueBarrierWithWaitList");
        getEventInfo = library.find("clGetEventInfo");
        waitForEvents = library.find("clWaitForEvents");
        releaseEvent = library.find("clReleaseEvent");
        finish = library.find("clFinish");
        flush = library.find("clFlush");
        createProgram = library.find("clCreateProgramWithSource");
        buildProgram = library.find("clBuildProgram");
        getProgramBuildInfo = library.find("clGetProgramBuildInfo");
        releaseProgram = library.find("clReleaseProgram");
        createKernel = library.find("clCreateKernel");
        setKernelArg = library.find("clSetKernelArg");
        releaseKernel = library.find("clReleaseKernel");
        enqueueKernel = library.find("clEnqueueNDRangeKernel");
    }

    /** Where it was found. */
    String origin() {
        return library.origin();
    }

    private static MemorySegment handle(long number) {
        return MemorySegment.ofAddress(number);
    }

    /** Platforms, none where the loader knows none, which it may call an error. */
    List<Long> platforms() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_INT);
            int status = cl_api_clGetPlatformIDs.invoke(getPlatformIds, 0, MemorySegment.NULL, count);
            if (status == PLATFORM_NOT_FOUND) {
                return List.of();
            }
            ClStatus.check("clGetPlatformIDs", status);
            int n = count.get(JAVA_INT, 0);
            if (n == 0) {
                return List.of();
            }
            MemorySegment ids = arena.allocate(ADDRESS, n);
            ClStatus.check("clGetPlatformIDs", cl_api_clGetPlatformIDs.invoke(getPlatformIds, n, ids, count));
            return handles(ids, n);
        }
    }

    private static List<Long> handles(MemorySegment ids, int n) {
        List<Long> handles = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            handles.add(ids.getAtIndex(ADDRESS, i).address());
        }
        return handles;
    }

    List<Long> devices(long platform) {
        try (Arena arena = Arena.ofConfined()) {
            long all = Integer.toUnsignedLong(opencl_h.CL_DEVICE_TYPE_ALL());
            MemorySegment count = arena.allocate(JAVA_INT);
            int status =
                    cl_api_clGetDeviceIDs.invoke(getDeviceIds, handle(platform), all, 0, MemorySegment.NULL, count);
            if (status == opencl_h.CL_DEVICE_NOT_FOUND()) {
                return List.of();
            }
            ClStatus.check("clGetDeviceIDs", status);
            int n = count.get(JAVA_INT, 0);
            MemorySegment ids = arena.allocate(ADDRESS, n);
            ClStatus.check(
                    "clGetDeviceIDs", cl_api_clGetDeviceIDs.invoke(getDeviceIds, handle(platform), all, n, ids, count));
            return handles(ids, n);
        }
    }

    String platformText(long platform, int what) {
        return text((size, to, needed) -> ClStatus.check(
                "clGetPlatformInfo",
                cl_api_clGetPlatformInfo.invoke(getPlatformInfo, handle(platform), what, size, to, needed)));
    }

    String deviceText(long device, int what) {
        return text((size, to, needed) -> deviceInfo(device, what, size, to, needed));
    }

    private void deviceInfo(long device, int what, long size, MemorySegment to, MemorySegment needed) {
        ClStatus.check(
                "clGetDeviceInfo",
                cl_api_clGetDeviceInfo.invoke(getDeviceInfo, handle(device), what, size, to, needed));
    }

    /** A number of 32 or 64 bits. */
    long deviceNumber(long device, int what) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(JAVA_LONG); // zeros: narrower numbers leave the rest
            deviceInfo(device, what, JAVA_LONG.byteSize(), number, MemorySegment.NULL);
            return number.get(JAVA_LONG, 0);
        }
    }

    @FunctionalInterface
    private interface Query {
        void ask(long size, MemorySegment to, MemorySegment needed);
    }

    private static String text(Query query) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment needed = arena.allocate(JAVA_LONG);
            query.ask(0, MemorySegment.NULL, needed);
            long size = needed.get(JAVA_LONG, 0);
            MemorySegment text = arena.allocate(size + 1);
            query.ask(size, text, MemorySegment.NULL);
            return text.getString(0).strip();
        }
    }

    long createContext(long device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            MemorySegment context = cl_api_clCreateContext.invoke(
                    createContext,
                    MemorySegment.NULL,
                    1,
                    arena.allocateFrom(ADDRESS, handle(device)),
                    MemorySegment.NULL,
                    MemorySegment.NULL,
                    status);
            ClStatus.check("clCreateContext", status.get(JAVA_INT, 0));
            return context.address();
        }
    }

    long createQueue(long context, long device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            MemorySegment queue =
                    cl_api_clCreateCommandQueue.invoke(createCommandQueue, handle(context), handle(device), 0, status);
            ClStatus.check("clCreateCommandQueue", status.get(JAVA_INT, 0));
            return queue.address();
        }
    }

    void releaseQueue(long queue) {
        ClStatus.check(
                "clReleaseCommandQueue", cl_api_clReleaseCommandQueue.invoke(releaseCommandQueue, handle(queue)));
    }

    /** A buffer, or a status below 0. */
    long createBuffer(long context, long bytes, MemorySegment status) {
        return cl_api_clCreateBuffer
                .invoke(createBuffer, handle(context), opencl_h.CL_MEM_READ_WRITE(), bytes, MemorySegment.NULL, status)
                .address();
    }

    void releaseBuffer(long buffer) {
        ClStatus.check("clReleaseMemObject", cl_api_clReleaseMemObject.invoke(releaseMemObject, handle(buffer)));
    }

    void read(long queue, long buffer, long offset, MemorySegment to, boolean waits) {
        ClStatus.check(
                "clEnqueueReadBuffer",
                cl_api_clEnqueueReadBuffer.invoke(
                        enqueueReadBuffer,
                        handle(queue),
                        handle(buffer),
                        waits ? TRUE : FALSE,
                        offset,
                        to.byteSize(),
                        to,
                        0,
                        MemorySegment.NULL,
                        MemorySegment.NULL));
    }

    void write(long queue, MemorySegment from, long buffer, long offset, boolean waits) {
        ClStatus.check(
                "clEnqueueWriteBuffer",
                cl_api_clEnqueueWriteBuffer.invoke(
                        enqueueWriteBuffer,
                        handle(queue),
                        handle(buffer),
                        waits ? TRUE : FALSE,
                        offset,
                        from.byteSize(),
                        from,
                        0,
                        MemorySegment.NULL,
                        MemorySegment.NULL));
    }

    void copy(long queue, long from, long fromOffset, long to, long toOffset, long bytes) {
        ClStatus.check(
                "clEnqueueCopyBuffer",
                cl_api_clEnqueueCopyBuffer.invoke(
                        enqueueCopyBuffer,
                        handle(queue),
                        handle(from),
                        handle(to),
                        fromOffset,
                        toOffset,
                        bytes,
                        0,
                        MemorySegment.NULL,
                        MemorySegment.NULL));
    }

    void clear(long queue, long buffer, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            ClStatus.check(
                    "clEnqueueFillBuffer",
                    cl_api_clEnqueueFillBuffer.invoke(
                            enqueueFillBuffer,
                            handle(queue),
                            handle(buffer),
                            arena.allocate(JAVA_BYTE),
                            1,
                            0,
                            bytes,
                            0,
                            MemorySegment.NULL,
                            MemorySegment.NULL));
        }
    }

    /** An event behind what is in a queue. */
    long mark(long queue) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(ADDRESS);
            ClStatus.check(
                    "clEnqueueMarkerWithWaitList",
                    cl_api_clEnqueueMarkerWithWaitList.invoke(
                            enqueueMarker, handle(queue), 0, MemorySegment.NULL, event));
            return event.get(ADDRESS, 0).address();
        }
    }

    /** Sets going what is in a queue. */
    void flush(long queue) {
        ClStatus.check("clFlush", cl_api_clFlush.invoke(flush, handle(queue)));
    }

    void barrier(long queue, long event) {
        try (Arena arena = Arena.ofConfined()) {
            ClStatus.check(
                    "clEnqueueBarrierWithWaitList",
                    cl_api_clEnqueueBarrierWithWaitList.invoke(
                            enqueueBarrier,
                            handle(queue),
                            1,
                            arena.allocateFrom(ADDRESS, handle(event)),
                            MemorySegment.NULL));
        }
    }

    boolean isDone(long event) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(JAVA_INT);
            ClStatus.check(
                    "clGetEventInfo",
                    cl_api_clGetEventInfo.invoke(
                            getEventInfo,
                            handle(event),
                            opencl_h.CL_EVENT_COMMAND_EXECUTION_STATUS(),
                            JAVA_INT.byteSize(),
                            state,
                            MemorySegment.NULL));
            int reached = state.get(JAVA_INT, 0);
            if (reached < 0) {
                ClStatus.check("a command of OpenCL", reached);
            }
            return reached == opencl_h.CL_COMPLETE();
        }
    }

    void await(long event) {
        try (Arena arena = Arena.ofConfined()) {
            ClStatus.check(
                    "clWaitForEvents",
                    cl_api_clWaitForEvents.invoke(waitForEvents, 1, arena.allocateFrom(ADDRESS, handle(event))));
        }
    }

    void releaseEvent(long event) {
        ClStatus.check("clReleaseEvent", cl_api_clReleaseEvent.invoke(releaseEvent, handle(event)));
    }

    void finish(long queue) {
        ClStatus.check("clFinish", cl_api_clFinish.invoke(finish, handle(queue)));
    }

    /**
     * Compiles a program for a device.
     *
     * @return its handle
     * @throws GamutException with the compiler's log where it does not compile
     */
    long build(long context, long device, String source) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            MemorySegment program = cl_api_clCreateProgramWithSource.invoke(
                    createProgram,
                    handle(context),
                    1,
                    arena.allocateFrom(ADDRESS, arena.allocateFrom(source)),
                    MemorySegment.NULL,
                    status);
            ClStatus.check("clCreateProgramWithSource", status.get(JAVA_INT, 0));
            int built = cl_api_clBuildProgram.invoke(
                    buildProgram,
                    program,
                    1,
                    arena.allocateFrom(ADDRESS, handle(device)),
                    arena.allocateFrom(BUILD_OPTIONS),
                    MemorySegment.NULL,
                    MemorySegment.NULL);
            if (built != opencl_h.CL_SUCCESS()) {
                NativeCallException failure = new NativeCallException("clBuildProgram", built, ClStatus.name(built));
                try {
                    throw new GamutException(failure.getMessage() + ": " + log(program, device), failure);
                } finally {
                    cl_api_clReleaseProgram.invoke(releaseProgram, program);
                }
            }
            return program.address();
        }
    }

    /** What the compiler said, or why that cannot be had. */
    private String log(MemorySegment program, long device) {
        try {
            return text((size, to, needed) -> ClStatus.check(
                    "clGetProgramBuildInfo",
                    cl_api_clGetProgramBuildInfo.invoke(
                            getProgramBuildInfo,
                            program,
                            handle(device),
                            opencl_h.CL_PROGRAM_BUILD_LOG(),
                            size,
                            to,
                            needed)));
        } catch (NativeCallException e) {
            return e.getMessage();
        }
    }

    long createKernel(long program, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            MemorySegment kernel =
                    cl_api_clCreateKernel.invoke(createKernel, handle(program), arena.allocateFrom(name), status);
            ClStatus.check("clCreateKernel", status.get(JAVA_INT, 0));
            return kernel.address();
        }
    }

    void setArgument(long kernel, int index, long size, MemorySegment value) {
        ClStatus.check(
                "clSetKernelArg", cl_api_clSetKernelArg.invoke(setKernelArg, handle(kernel), index, size, value));
    }

    void releaseKernel(long kernel) {
        ClStatus.check("clReleaseKernel", cl_api_clReleaseKernel.invoke(releaseKernel, handle(kernel)));
    }

    /** Puts a kernel over a three-dimensional range into a queue. */
    void launch(long queue, long kernel, MemorySegment global, MemorySegment local) {
        ClStatus.check(
                "clEnqueueNDRangeKernel",
                cl_api_clEnqueueNDRangeKernel.invoke(
                        enqueueKernel,
                        handle(queue),
                        handle(kernel),
                        3,
                        MemorySegment.NULL,
                        global,
                        local,
                        0,
                        MemorySegment.NULL,
                        MemorySegment.NULL));
    }
}
