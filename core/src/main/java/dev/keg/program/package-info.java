/**
 * Programs of this machine that commands start: the operator's own lines, engines, {@code ssh} and
 * other helpers. The application passes in the way to start one; here are the ways to wait for one
 * that may hang, and to report what it says.
 */
@NullMarked
package dev.keg.program;

import org.jspecify.annotations.NullMarked;
