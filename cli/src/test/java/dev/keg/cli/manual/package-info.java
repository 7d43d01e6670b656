/**
 * Manual pages, made of the model of the commands and of the pages in {@code cli/docs}: one place
 * for each sentence. Knows Markdown as far as those pages use it.
 */
@NullMarked
package dev.keg.cli.manual;

import org.jspecify.annotations.NullMarked;
