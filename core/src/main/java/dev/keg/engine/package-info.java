/**
 * Volumes for container engines that mount them by themselves: Docker's protocol for volume
 * plugins, which podman speaks, too. One process serves one connection; what lasts longer is in the
 * registry.
 */
@NullMarked
package dev.keg.engine;

import org.jspecify.annotations.NullMarked;
