/**
 * Rows of one kind as tables, JSON or templates, like docker's formatter. Depends on no kind of
 * row. A plain table and a JSON listing do not load {@code template}'s engine.
 */
@NullMarked
package dev.keg.cli.output.table;

import org.jspecify.annotations.NullMarked;
