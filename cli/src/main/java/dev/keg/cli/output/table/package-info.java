/**
 * Rows of one kind as tables, JSON or templates, as docker's formatter shows them. Knows no kind of
 * row. A plain table and a JSON listing touch nothing of {@code template}'s engine.
 */
@NullMarked
package dev.keg.cli.output.table;

import org.jspecify.annotations.NullMarked;
