/**
 * Settings of volumes' storage: {@link dev.keg.tuning.Tunings} changes them and stores them beside
 * the volume, and {@link dev.keg.tuning.KeptTuning} applies them again at each mount. The operating
 * system's {@link dev.keg.tuning.Tuner} defines the possible settings. The values before the first
 * change are stored first, so that a killed command can be completed or undone.
 */
@NullMarked
package dev.keg.tuning;

import org.jspecify.annotations.NullMarked;
