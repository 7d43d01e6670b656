/**
 * The configuration: {@link dev.keg.config.Config} alone looks up a default in a variable, in the
 * user's file and in the root's file, in this order. May use the parsers of backups and the names
 * of drivers to check values, and the registry to write its file.
 */
@NullMarked
package dev.keg.config;

import org.jspecify.annotations.NullMarked;
