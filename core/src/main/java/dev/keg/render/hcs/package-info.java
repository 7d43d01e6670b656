/**
 * Documents and requests for the Host Compute Service of Windows. Depends on {@code
 * render.document} and {@code machine}. The same parts always get the same names and addresses, so
 * that a request to remove them matches the one that added them.
 */
@NullMarked
package dev.keg.render.hcs;

import org.jspecify.annotations.NullMarked;
