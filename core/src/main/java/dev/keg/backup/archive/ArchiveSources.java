package dev.keg.backup.archive;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An archive and the earlier objects it refers to, each opened when it is first needed. */
public final class ArchiveSources implements AutoCloseable {
  private final Archive archive;
  private final ArchiveObjects objects;
  private final Map<String, RangeSource> others = new ConcurrentHashMap<>();

  /** The archive stays its owner's to close. */
  public ArchiveSources(Archive archive, ArchiveObjects objects) {
    this.archive = archive;
    this.objects = objects;
  }

  RangeSource source(String object) {
    return object.equals(archive.name())
        ? archive.source()
        : others.computeIfAbsent(object, objects::open);
  }

  @Override
  public void close() {
    others.values().forEach(RangeSource::close);
  }
}
