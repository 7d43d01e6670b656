/**
 * What {@code keg info} gathers for a report about a bug. Knows no secret by heart and shows none.
 */
@NullMarked
package dev.keg.cli.info;

import org.jspecify.annotations.NullMarked;
