/**
 * Manual pages, made from the model of the commands and the pages in {@code cli/docs}, so that each
 * sentence is written once. Reads the Markdown that those pages use.
 */
@NullMarked
package dev.keg.cli.manual;

import org.jspecify.annotations.NullMarked;
