/**
 * Runs a parsed template over data: {@link Template} is the entry point. Depends on {@code parse}
 * and {@code print}, which do not depend on it. A failure has the position and the reason in Go's
 * words.
 */
@NullMarked
package dev.keg.cli.template.run;

import org.jspecify.annotations.NullMarked;
