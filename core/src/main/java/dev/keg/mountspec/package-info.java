/**
 * What a container wants mounted, read from text: {@code -v}, {@code --mount}, {@code --tmpfs},
 * {@code volumes-from}, for Linux and Windows containers, on any operating system. Depends on
 * {@code error} and {@code volume}. Nothing is mounted, created or looked up here: the few facts
 * about the host that a rule needs come in through {@link dev.keg.mountspec.HostFacts}. The words
 * of every refusal are docker's.
 */
@NullMarked
package dev.keg.mountspec;

import org.jspecify.annotations.NullMarked;
