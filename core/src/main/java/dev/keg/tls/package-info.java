/**
 * Encrypted connections by what an operator keeps in PEM files: roots to trust, and a certificate
 * of the own with its key. Depends on {@code file}.
 */
@NullMarked
package dev.keg.tls;

import org.jspecify.annotations.NullMarked;
