/**
 * Where work can run: a tree of levels from the cluster down to cores, what it costs to talk on each of them, and what fails together;
 * declared in a file or discovered. It knows nothing of tasks.
 */
package dev.gamut.topology;
