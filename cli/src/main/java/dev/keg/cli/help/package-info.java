/**
 * The texts of {@code --help} and {@code keg help}, made from the model of the commands, the guide
 * with their examples, and the topics. Depends only on picocli.
 */
@NullMarked
package dev.keg.cli.help;

import org.jspecify.annotations.NullMarked;
