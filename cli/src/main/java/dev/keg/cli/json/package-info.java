/**
 * JSON in Go's format, because docker's users parse that. Depends on nothing. The text is byte for
 * byte that of Go's {@code encoding/json}.
 */
@NullMarked
package dev.keg.cli.json;

import org.jspecify.annotations.NullMarked;
