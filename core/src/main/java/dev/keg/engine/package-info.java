/**
 * Volumes for engines that ask for them: Docker's protocol for volume plugins, which podman speaks,
 * too, with one process for each connection, and Nomad's, with one for each operation. What lasts
 * longer is in the registry.
 */
@NullMarked
package dev.keg.engine;

import org.jspecify.annotations.NullMarked;
