/**
 * JSON, read and written as a stream: strict in what it reads, sorted in what it writes. Depends on
 * {@code error}.
 */
@NullMarked
package dev.keg.json;

import org.jspecify.annotations.NullMarked;
