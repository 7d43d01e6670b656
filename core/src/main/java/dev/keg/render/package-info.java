/**
 * Documents that describe volumes for other programs. Finds the {@link
 * dev.keg.render.document.Part}s of a document and passes them to its writer in {@code
 * render.document} or {@code render.hcs}. Printing a document changes nothing.
 */
@NullMarked
package dev.keg.render;

import org.jspecify.annotations.NullMarked;
