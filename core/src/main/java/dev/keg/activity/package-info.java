/**
 * Measures the devices below volumes: {@link dev.keg.activity.Activities} compares their counters
 * between two samples. The operating system tells which device stores a file, and provides the
 * counters.
 */
@NullMarked
package dev.keg.activity;

import org.jspecify.annotations.NullMarked;
