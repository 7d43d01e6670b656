/**
 * How the text of a template becomes nodes: the lexer, the parser and what Go allows as a literal.
 * Depends on {@code print} for the quoting in messages. Every message is Go's to the letter, with
 * its line.
 */
@NullMarked
package dev.keg.cli.template.parse;

import org.jspecify.annotations.NullMarked;
