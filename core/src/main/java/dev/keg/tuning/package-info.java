/**
 * Settings of what volumes lie on: {@link dev.keg.tuning.Tunings} changes them and keeps them
 * beside the volume, and {@link dev.keg.tuning.KeptTuning} sets them again at each mount. An
 * operating system says, by its {@link dev.keg.tuning.Tuner}, what can be set. What was before the
 * first change is kept first, so that a killed command can be completed or undone.
 */
@NullMarked
package dev.keg.tuning;

import org.jspecify.annotations.NullMarked;
