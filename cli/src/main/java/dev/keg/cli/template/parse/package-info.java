/**
 * Turns the text of a template into nodes: the lexer, the parser and what Go allows as a literal.
 * Depends on {@code print} for the quoting in messages. Every message is exactly Go's, with its
 * line.
 */
@NullMarked
package dev.keg.cli.template.parse;

import org.jspecify.annotations.NullMarked;
