package dev.keg.backup.repository;

import dev.keg.backup.store.ObjectName;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a verification found to be bad of a data object.
 *
 * @param frames where the bad frames begin; where it is empty, the whole object is of no use
 */
public record DamagedObject(ObjectName object, SortedSet<Long> frames) {
  public DamagedObject {
    frames = Collections.unmodifiableSortedSet(new TreeSet<>(frames));
  }
}
