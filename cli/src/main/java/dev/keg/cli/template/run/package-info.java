/**
 * Runs a parsed template over data: {@link Template} is the way in. Depends on {@code parse} and
 * {@code print}, which do not know it. A failure names the place and the reason in Go's words.
 */
@NullMarked
package dev.keg.cli.template.run;

import org.jspecify.annotations.NullMarked;
