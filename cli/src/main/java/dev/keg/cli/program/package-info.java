/**
 * Programs of this machine that core wants to talk to: ssh, and what a profile of AWS names.
 * Depends on core's {@code backup.store}. Drivers have their own way, in {@code linux.kernel}.
 */
@NullMarked
package dev.keg.cli.program;

import org.jspecify.annotations.NullMarked;
