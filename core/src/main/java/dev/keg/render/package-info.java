/**
 * A resolved volume set as other programs read it. Finds the {@link dev.keg.render.document.Part}s
 * that a document describes and hands them to the writer of that document, in {@code
 * render.document} or {@code render.hcs}. Depends on {@code volumeset}, {@code mountspec}, {@code
 * machine}, {@code attachment}, {@code driver} and {@code registry}. Printing a document creates
 * and changes nothing.
 */
@NullMarked
package dev.keg.render;

import org.jspecify.annotations.NullMarked;
