/**
 * JSON as Go writes it, because docker's users parse that. Depends on nothing. The text is the same
 * byte for byte as that of Go's {@code encoding/json}.
 */
@NullMarked
package dev.keg.cli.json;

import org.jspecify.annotations.NullMarked;
