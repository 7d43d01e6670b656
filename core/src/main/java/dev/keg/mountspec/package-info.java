/**
 * The requested mounts of a container, parsed from {@code -v}, {@code --mount}, {@code --tmpfs} and
 * {@code volumes-from}, for Linux and Windows containers, on any operating system. Nothing is
 * mounted, created or looked up here: {@link dev.keg.mountspec.HostFacts} supplies the few facts
 * about the host that a rule needs. The error messages are docker's.
 */
@NullMarked
package dev.keg.mountspec;

import org.jspecify.annotations.NullMarked;
