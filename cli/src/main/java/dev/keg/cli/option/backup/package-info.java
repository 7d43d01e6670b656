/**
 * Options of the commands that save, find, verify and restore backups. Uses the converters of
 * {@code option}.
 */
@NullMarked
package dev.keg.cli.option.backup;

import org.jspecify.annotations.NullMarked;
