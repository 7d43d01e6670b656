/**
 * JSON: the only package that knows Jackson. Keg's own documents are read strictly; those of other
 * programs are read as plain maps, lists and texts. Depends on {@code error} and {@code file}.
 */
@NullMarked
package dev.keg.json;

import org.jspecify.annotations.NullMarked;
