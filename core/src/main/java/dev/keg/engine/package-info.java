/**
 * Volumes for engines that request them: Docker's protocol for volume plugins, which podman also
 * speaks, with one process per connection, and Nomad's, with one per operation. Lasting state is in
 * the registry.
 */
@NullMarked
package dev.keg.engine;

import org.jspecify.annotations.NullMarked;
