/* The same sums as MpiRun time, by the same calls of MPI: what the binding costs is the difference. mpicc -O2 mpi-time.c */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(void) {
  static const long sizes[] = {8, 4 << 10, 64 << 10, 256 << 10, 2 << 20, 16 << 20};
  int provided, rank;
  MPI_Init_thread(NULL, NULL, MPI_THREAD_MULTIPLE, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  float *from = aligned_alloc(64, 16 << 20), *to = aligned_alloc(64, 16 << 20);
  for (long i = 0; i < 4 << 20; i++) from[i] = 0;
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
    long bytes = sizes[s];
    int runs = bytes < 64 << 10 ? 20000 : bytes < 1 << 20 ? 2000 : 60;
    double *micros = malloc(runs * sizeof(double));
    for (int i = -runs; i < runs; i++) {
      MPI_Request request;
      int done = 0;
      if (i % 50 == 0) MPI_Barrier(MPI_COMM_WORLD);
      double begun = MPI_Wtime();
      MPI_Iallreduce(from, to, (int)(bytes / 4), MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD, &request);
      while (!done) MPI_Test(&request, &done, MPI_STATUS_IGNORE);
      micros[(i + runs) % runs] = (MPI_Wtime() - begun) * 1e6;
    }
    qsort(micros, runs, sizeof(double), by_size);
    if (rank == 0) printf("c    %9ld bytes %10.2f us\n", bytes, micros[runs / 2]);
    free(micros);
  }
  MPI_Finalize();
  return 0;
}
