/**
 * What {@code keg check} takes and shows. Depends on the options, outputs and session of the
 * others.
 */
@NullMarked
package dev.keg.cli.check;

import org.jspecify.annotations.NullMarked;
