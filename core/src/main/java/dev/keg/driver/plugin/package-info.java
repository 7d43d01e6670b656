/**
 * Docker volume plugins as a client: where they listen, and what they are asked. Depends on {@code
 * driver} and the ground. What a plugin answers is input from outside: it is bounded in time and
 * size, its texts reach no terminal unchecked, and its paths are trusted only if nobody but the
 * superuser and the current user can replace what they name.
 */
@NullMarked
package dev.keg.driver.plugin;

import org.jspecify.annotations.NullMarked;
