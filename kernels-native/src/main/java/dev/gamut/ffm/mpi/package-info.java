/** MPI: how a library is found and told apart, its three binary interfaces as tables, and groups of ranks over it. */
package dev.gamut.ffm.mpi;
