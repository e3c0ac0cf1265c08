/** What parallel programs build of products and collectives: sharded products, gradients in buckets, experts, pipelines. */
package dev.gamut.parallel;
