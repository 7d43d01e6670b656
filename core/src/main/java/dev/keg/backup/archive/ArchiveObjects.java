package dev.keg.backup.archive;

/** Where an archive and those that it refers to are kept, by name. */
@FunctionalInterface
public interface ArchiveObjects {
  RangeSource open(String object);
}
