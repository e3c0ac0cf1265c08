/** The machine as hwloc, where it is installed, describes it. */
package dev.gamut.ffm.hwloc;
