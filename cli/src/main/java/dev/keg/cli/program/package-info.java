/**
 * Programs of this machine that core starts: ssh, and those that an AWS profile names. Depends on
 * core's {@code backup.store}. Drivers start programs through {@code linux.program}.
 */
@NullMarked
package dev.keg.cli.program;

import org.jspecify.annotations.NullMarked;
