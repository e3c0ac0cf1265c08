/** What programs of several ranks are made of: computations of Gamut and collectives put together. */
package dev.gamut.parallel;
