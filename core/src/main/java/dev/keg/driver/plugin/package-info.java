/**
 * Docker volume plugins as a client: their addresses, and the requests to them. Depends on {@code
 * driver} and the basic packages. A plugin's answers are untrusted input: they are limited in time
 * and size, texts are sanitized before they reach a terminal, and paths are trusted only if nobody
 * but the superuser and the current user can replace their targets.
 */
@NullMarked
package dev.keg.driver.plugin;

import org.jspecify.annotations.NullMarked;
