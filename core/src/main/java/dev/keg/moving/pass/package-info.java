/**
 * One pass over a volume that moves: changes are announced, requested and sent, through any two
 * streams. Depends on {@code backup.archive} and {@code registry}, and knows nothing of what comes
 * before and after a pass, nor of who has the volume. What is read from the other side is not
 * trusted.
 */
@NullMarked
package dev.keg.moving.pass;

import org.jspecify.annotations.NullMarked;
