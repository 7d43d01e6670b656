/**
 * What the devices below volumes do: {@link dev.keg.activity.Activities} compares their counters
 * between two looks. An operating system says which device a file lies on and what it has counted.
 */
@NullMarked
package dev.keg.activity;

import org.jspecify.annotations.NullMarked;
