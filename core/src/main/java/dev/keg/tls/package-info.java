/**
 * Encrypted connections configured by PEM files: roots to trust, and a client certificate with its
 * key. Depends on {@code file}.
 */
@NullMarked
package dev.keg.tls;

import org.jspecify.annotations.NullMarked;
