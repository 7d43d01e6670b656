/**
 * What commands print: rows as tables, JSON or templates, and inspected objects, as docker's
 * formatter does. May use {@code template}, {@code json} and core's types. A plain table and a JSON
 * listing touch nothing of {@code template}'s engine.
 */
@NullMarked
package dev.keg.cli.output;

import org.jspecify.annotations.NullMarked;
