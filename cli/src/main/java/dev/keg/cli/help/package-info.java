/**
 * The texts of {@code --help} and {@code keg help}: made of the model of the commands, of the guide
 * with their examples, and of topics. Depends on picocli alone.
 */
@NullMarked
package dev.keg.cli.help;

import org.jspecify.annotations.NullMarked;
