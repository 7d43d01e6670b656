/**
 * A pass over a moving volume: changes are announced, requested and sent, through any two streams.
 * Depends on {@code backup.archive} and {@code registry}, and knows nothing of the move around it,
 * nor of who has the volume. Data from the other side is not trusted.
 */
@NullMarked
package dev.keg.moving.pass;

import org.jspecify.annotations.NullMarked;
