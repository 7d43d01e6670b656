/**
 * What {@code keg df} takes and shows. Depends on the options, outputs and session of the others.
 */
@NullMarked
package dev.keg.cli.usage;

import org.jspecify.annotations.NullMarked;
