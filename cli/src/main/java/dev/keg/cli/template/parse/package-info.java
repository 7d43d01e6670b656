/**
 * Turns the text of a template into nodes: the lexer, the parser and Go's literals. Depends on
 * {@code print} for the quoting in messages. Every message is exactly Go's, including its line.
 */
@NullMarked
package dev.keg.cli.template.parse;

import org.jspecify.annotations.NullMarked;
