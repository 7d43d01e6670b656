/**
 * The volumes on disk: layout, locks between processes, atomic writes, strict JSON. Depends only on
 * the basic packages. A command killed at any instant leaves the old or the new state, and at most
 * leftovers in staging and trash that a later command removes.
 */
@NullMarked
package dev.keg.registry;

import org.jspecify.annotations.NullMarked;
