/** Machines of hundreds to hundred thousands of devices, simulated: collectives, failures and planes that fail, by the code that plans. */
package dev.gamut.bench.supernode;
