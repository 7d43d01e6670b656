/**
 * What an operator says once for all commands: {@link dev.keg.config.Config} is the one place where
 * a default is looked up, in a variable, in the user's file and in the root's file, in this order.
 * May use the grammars of backups and the names of drivers, to check values, and the registry, to
 * write its file.
 */
@NullMarked
package dev.keg.config;

import org.jspecify.annotations.NullMarked;
