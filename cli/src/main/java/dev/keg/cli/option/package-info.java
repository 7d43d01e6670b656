/**
 * Options and arguments that several commands share or that belong together: mixins, and the
 * converters that read their values.
 */
@NullMarked
package dev.keg.cli.option;

import org.jspecify.annotations.NullMarked;
